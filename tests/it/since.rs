//! `check --since`: what is about changes, by git.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn git(folder: &Path, arguments: &[&str]) {
    let identity = [
        "-c",
        "user.name=Writer",
        "-c",
        "user.email=writer@example.com",
    ];
    let output = Command::new("git")
        .args(identity)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// The exit code, and the pages that findings are about, in their order.
fn check(folder: &Path, revision: &str) -> (Option<i32>, Vec<String>) {
    let output = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(["check", "docs", "--format", "json", "--since", revision])
        .current_dir(folder)
        .output()
        .unwrap();
    let Ok(found) = serde_json::from_slice::<Value>(&output.stdout) else {
        let text = String::from_utf8(output.stderr).unwrap();
        let first = text.split(':').next().unwrap_or_default();
        return (output.status.code(), vec![first.to_owned()]);
    };
    let findings = found["findings"].as_array().unwrap().iter();
    let places = findings.flat_map(|finding| {
        let related = finding["related"].as_array().unwrap();
        std::iter::once(finding).chain(related)
    });
    let files = places.map(|place| place["file"].as_str().unwrap().to_owned());
    let files: BTreeSet<String> = files.filter(|file| !file.contains("snippets")).collect();
    (output.status.code(), files.into_iter().collect())
}

fn page(name: &str, shown: &str) -> String {
    format!(
        "---\napi: GET https://api.example.com/{name}\n---\n\nimport Id from \"/snippets/id.mdx\";\n\n{shown}\n\n\
         <ResponseExample>\n```json\n{{\"id\": 1}}\n```\n</ResponseExample>\n"
    )
}

/// Three pages, two of which show a snippet, and all of which contradict themselves.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let docs = folder.path().join("docs");
    fs::create_dir_all(docs.join("snippets")).unwrap();
    let field = "<ResponseField name=\"id\" type=\"string\" required />\n";
    fs::write(docs.join("docs.json"), "{}").unwrap();
    fs::write(docs.join("snippets/id.mdx"), field).unwrap();
    fs::write(docs.join("a.mdx"), page("a", "<Id />")).unwrap();
    fs::write(docs.join("b.mdx"), page("b", "<Id />")).unwrap();
    fs::write(docs.join("c.mdx"), page("c", field)).unwrap();
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "Start"]);
    folder
}

#[test]
fn nothing_is_shown_where_nothing_changed() {
    let folder = repository();
    assert_eq!(check(folder.path(), "HEAD"), (Some(0), vec![]));
}

#[test]
fn a_changed_page_is_checked_and_so_is_a_new_one() {
    let folder = repository();
    let text = page(
        "c",
        "<ResponseField name=\"id\" type=\"boolean\" required />",
    );
    fs::write(folder.path().join("docs/c.mdx"), text.clone()).unwrap();
    fs::write(folder.path().join("docs/d.mdx"), text.replace("/c", "/d")).unwrap();
    let (code, places) = check(folder.path(), "HEAD");
    assert_eq!(code, Some(1));
    assert_eq!(places, ["docs/c.mdx", "docs/d.mdx"]);
}

#[test]
fn a_changed_snippet_concerns_the_pages_that_show_it() {
    let folder = repository();
    let text = "<ResponseField name=\"id\" type=\"boolean\" required />\n";
    fs::write(folder.path().join("docs/snippets/id.mdx"), text).unwrap();
    assert_eq!(check(folder.path(), "HEAD").1, ["docs/a.mdx", "docs/b.mdx"]);
    fs::remove_file(folder.path().join("docs/snippets/id.mdx")).unwrap();
    let (_, places) = check(folder.path(), "HEAD");
    // What is missing is named once, on the first page that asks for it.
    assert!(places.contains(&"docs/a.mdx".to_owned()), "{places:?}");
}

#[test]
fn a_changed_configuration_concerns_every_page() {
    let folder = repository();
    fs::write(folder.path().join("docs/docs.json"), "{ }").unwrap();
    assert_eq!(check(folder.path(), "HEAD").1.len(), 3);
}

#[test]
fn what_git_does_not_know_is_an_error() {
    let folder = repository();
    for revision in ["nowhere", "--output=x", ""] {
        assert_eq!(check(folder.path(), revision).0, Some(2), "{revision}");
    }
    assert!(!folder.path().join("x").exists());
    fs::rename(folder.path().join(".git"), folder.path().join("no.git")).unwrap();
    assert_eq!(check(folder.path(), "HEAD").0, Some(2));
}
