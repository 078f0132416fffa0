//! `check --fix` on real files: what it writes, and what it leaves alone.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use fieldproof::check;
use fieldproof::diagnostic::{Diagnostic, Fix, Rule, Safety, Severity};
use fieldproof::source::Span;
use fieldproof::source::load::Site;

const PAGE: &str = "---\napi: GET https://api.example.com/books\n---\n\n<ResponseExample>\n```json\n{\"id\": 1,}\n```\n</ResponseExample>\n";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn bytes_outside_the_edit_stay_whatever_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("a.mdx");
    let text = format!("\u{feff}{}\u{1b} trailing  ", PAGE.replace('\n', "\r\n"));
    fs::write(&page, &text).unwrap();
    assert!(run(folder.path(), &["check", "--fix"]).status.success());
    assert_eq!(
        fs::read_to_string(&page).unwrap(),
        text.replace("1,}", "1}")
    );
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(names.len(), 1, "no temporary file stays");
}

#[test]
fn a_file_that_is_read_only_stops_everything_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.mdx", "b.mdx"] {
        fs::write(folder.path().join(name), PAGE).unwrap();
    }
    let locked = folder.path().join("b.mdx");
    let mut permissions = fs::metadata(&locked).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&locked, permissions).unwrap();
    let output = run(folder.path(), &["check", "--fix"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("it is read-only"));
    for name in ["a.mdx", "b.mdx"] {
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), PAGE);
    }
}

#[test]
fn a_page_that_is_not_utf8_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = PAGE.as_bytes().to_vec();
    bytes.extend([0xff, b'\n']);
    fs::write(folder.path().join("a.mdx"), &bytes).unwrap();
    run(folder.path(), &["check", "--fix"]);
    assert_eq!(fs::read(folder.path().join("a.mdx")).unwrap(), bytes);
}

#[test]
fn a_snippet_is_edited_once_however_many_pages_use_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("snippets")).unwrap();
    fs::write(
        folder.path().join("snippets/example.mdx"),
        "<ResponseExample>\n```json\n{\"id\": 1,}\n```\n</ResponseExample>\n",
    )
    .unwrap();
    for name in ["a", "b"] {
        let page = format!(
            "---\napi: GET https://api.example.com/{name}\n---\n\nimport Example from \"/snippets/example.mdx\";\n\n<Example />\n"
        );
        fs::write(folder.path().join(format!("{name}.mdx")), page).unwrap();
    }
    assert!(run(folder.path(), &["check", "--fix"]).status.success());
    let snippet = fs::read_to_string(folder.path().join("snippets/example.mdx")).unwrap();
    assert_eq!(snippet.matches("{\"id\": 1}").count(), 1);
}

static WORD: Rule = Rule {
    name: "word",
    severity: Severity::Error,
    summary: "a word is there",
};

/// Finds the word `bad`, and offers a text in its place.
fn finds(text: &'static str) -> impl Fn(&Site) -> Vec<Diagnostic> {
    move |site| {
        let mut found = Vec::new();
        for (file, source) in site.sources.iter() {
            for (at, word) in source.text().match_indices("bad") {
                let span = Span::new(file, at..at + word.len());
                let fix = Fix::replace("x", Safety::Safe, span, text);
                found.push(Diagnostic::new(&WORD, span, "bad").fix(fix));
            }
            for (at, _) in source.text().match_indices("worse") {
                let span = Span::new(file, at..at + 1);
                found.push(Diagnostic::new(&WORD, span, "worse").subject("other"));
            }
        }
        found
    }
}

#[test]
fn a_fix_that_raises_another_finding_or_ends_none_is_left_out() {
    let site = Site::from_files([("a.mdx", "bad bad"), ("b.mdx", "fine")]);
    for (text, applied) in [("good", 2), ("worse", 0), ("bad", 0), ("so bad", 0)] {
        let mended = check::mend(&site, Safety::Safe, &finds(text));
        assert_eq!(mended.applied, applied, "{text}");
        assert_eq!(mended.changed.len(), usize::from(applied > 0));
        assert_eq!(mended.refused, 2 - applied);
    }
}

#[test]
fn of_many_fixes_only_the_harmful_ones_are_left_out() {
    // The word is found in every file; where it stands alone, the text in its place is found too.
    let texts: Vec<_> = (0..40)
        .map(|number| {
            let text = if number % 7 == 3 { "bad!" } else { "bad" };
            (format!("{number:02}.mdx"), text)
        })
        .collect();
    let site = Site::from_files(texts.iter().map(|(name, text)| (name.as_str(), *text)));
    let diagnose = |site: &Site| {
        let mut found = finds("good")(site);
        for (file, source) in site.sources.iter() {
            if source.text() == "good!" {
                found.push(Diagnostic::new(&WORD, Span::new(file, 0..1), "!").subject("!"));
            }
        }
        found
    };
    let mended = check::mend(&site, Safety::Safe, &diagnose);
    assert_eq!((mended.applied, mended.refused), (34, 6));
    let again = check::mend(&mended.site, Safety::Safe, &diagnose);
    assert_eq!((again.applied, again.changed.len()), (0, 0));
}
