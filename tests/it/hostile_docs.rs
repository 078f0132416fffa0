//! Docs that are made to make a reader stumble: each command ends, says what it left out, and reads nothing outside.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use tempfile::TempDir;

/// Nothing takes as long; a test that would wait for ever fails instead.
const DEADLINE: Duration = Duration::from_mins(2);

const PAGE: &str = "---\ntitle: Get a book\napi: GET https://api.example.com/books\n---\n\n\
    <ResponseField name=\"title\" type=\"string\" required>The title.</ResponseField>\n\n\
    <ResponseExample>\n```json\n{\"title\": \"Low Tide\"}\n```\n</ResponseExample>\n";

/// A site with one page that is as it should be.
fn site() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("docs.json"), "{\"name\": \"Books\"}").unwrap();
    fs::write(folder.path().join("get.mdx"), PAGE).unwrap();
    folder
}

/// Runs a command in a folder; gives its exit code and all of its output.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let child = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    let output = receiver.recv_timeout(DEADLINE).unwrap().unwrap();
    let text = [output.stdout, output.stderr].concat();
    // A signal, such as that of an overflowed stack, has no code.
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

/// Runs every command that reads docs; gives the output of `check`.
fn all(folder: &Path) -> String {
    let commands: [&[&str]; 4] = [
        &["inspect"],
        &["inspect", "--facts"],
        &["export", "openapi"],
        &["test", "--url", "http://127.0.0.1:1", "--plan"],
    ];
    for arguments in commands {
        let (code, output) = run(folder, arguments);
        assert!(
            [0, 1, 2, 4].contains(&code),
            "{arguments:?}: {code}: {output}"
        );
    }
    check(folder)
}

/// Runs `check`; gives its output.
fn check(folder: &Path) -> String {
    let (code, output) = run(folder, &["check", "--format", "concise"]);
    assert!(code <= 1, "{code}: {output}");
    output
}

#[test]
fn links_lead_nowhere() {
    let site = site();
    let outside = tempfile::tempdir().unwrap();
    fs::write(
        outside.path().join("secret.mdx"),
        PAGE.replace("books", "secret"),
    )
    .unwrap();
    let link =
        |from: &Path, to: &str| std::os::unix::fs::symlink(from, site.path().join(to)).unwrap();
    link(&outside.path().join("secret.mdx"), "secret.mdx");
    link(outside.path(), "elsewhere");
    link(Path::new("."), "itself");
    link(Path::new("/"), "everything");
    let import = format!(
        "import A from \"/../{0}/secret.mdx\";\nimport B from \"../../../../{0}/secret.mdx\";\n\
         import C from \"/secret.mdx\";\n\n<A/>\n<B/>\n<C/>\n",
        outside.path().display()
    );
    fs::write(site.path().join("import.mdx"), import).unwrap();
    let output = all(site.path());
    assert_eq!(
        output.matches("[import-outside-root]").count(),
        2,
        "{output}"
    );
    assert!(
        output.contains("`secret.mdx` is a symbolic link"),
        "{output}"
    );
    let (_, inspected) = run(site.path(), &["inspect"]);
    assert!(!inspected.contains("GET /secret"), "{inspected}");
    assert_eq!(
        inspected.matches("(a symbolic link").count(),
        4,
        "{inspected}"
    );
}

#[test]
fn a_page_that_is_too_large_is_left_out_and_named() {
    let site = site();
    fs::write(site.path().join("large.mdx"), "x ".repeat(50_000_000)).unwrap();
    let output = all(site.path());
    assert!(
        output.contains("`large.mdx` is not read: it is larger than 16 MiB"),
        "{output}"
    );
    let (_, inspected) = run(site.path(), &["inspect"]);
    assert!(inspected.contains("large.mdx"), "{inspected}");
}

#[test]
fn a_folder_is_as_large_as_it_likes() {
    let site = site();
    for folder in 0..40 {
        let folder = site.path().join(folder.to_string());
        fs::create_dir(&folder).unwrap();
        for file in 0..250 {
            fs::write(folder.join(format!("{file}.txt")), "").unwrap();
        }
    }
    let mut deep = site.path().to_owned();
    for _ in 0..500 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).unwrap();
    all(site.path());
}

#[test]
fn snippets_run_in_circles_and_double() {
    let site = site();
    let snippets = site.path().join("snippets");
    fs::create_dir(&snippets).unwrap();
    let write = |name: &str, uses: &str| {
        let text = format!("import S from \"/snippets/{uses}.mdx\";\n\n<S/>\n<S/>\n");
        fs::write(snippets.join(format!("{name}.mdx")), text).unwrap();
    };
    write("a", "b");
    write("b", "a");
    for level in 0..40 {
        write(&format!("s{level}"), &format!("s{}", level + 1));
    }
    fs::write(snippets.join("s40.mdx"), "text\n").unwrap();
    for (page, snippet) in [("circle", "a"), ("doubling", "s0")] {
        let text = format!("{PAGE}\nimport S from \"/snippets/{snippet}.mdx\";\n\n<S/>\n");
        let text = text.replace("books", page);
        fs::write(site.path().join(format!("{page}.mdx")), text).unwrap();
    }
    let output = check(site.path());
    assert!(output.contains("[import-cycle]"), "{output}");
    assert!(output.contains("[snippet-too-large]"), "{output}");
}

#[test]
fn aliases_of_yaml_stand_for_each_other() {
    let site = site();
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let again = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{again}]").unwrap();
    }
    let page = format!("---\n{bomb}title: Bomb\napi: GET https://api.example.com/bomb\n---\n");
    fs::write(site.path().join("bomb.mdx"), page).unwrap();
    let specification =
        format!("openapi: 3.1.0\ninfo: {{title: Bomb, version: '1'}}\npaths: {{}}\n{bomb}");
    fs::write(site.path().join("openapi.yaml"), specification).unwrap();
    all(site.path());
}

#[test]
fn names_hold_escape_codes_and_lines() {
    let site = site();
    let page = PAGE.replace("\"title\":", "\"\\u001b[2J\\n::error::x\":");
    fs::write(site.path().join("\u{1b}[31mred\n::error::y.mdx"), page).unwrap();
    // A type that nobody knows, so that `export` names the page.
    let field = "<ResponseField name=\"\u{1b}[2J\" type=\"\u{1b}[3J\">It.</ResponseField>\n\n<ResponseExample>";
    fs::write(
        site.path().join("\u{1b}[32mgreen.mdx"),
        PAGE.replace("/books", "/shelves")
            .replace("<ResponseExample>", field),
    )
    .unwrap();
    let formats = ["human", "concise", "github", "markdown", "gitlab"];
    let checks = formats.map(|format| vec!["check", "--format", format]);
    let others = [
        vec!["inspect"],
        vec!["inspect", "--facts"],
        vec!["export", "openapi"],
        vec!["test", "--url", "http://127.0.0.1:1", "--plan"],
    ];
    for arguments in checks.iter().chain(&others) {
        let (_, output) = run(site.path(), arguments);
        assert!(!output.contains('\u{1b}'), "{arguments:?}: {output:?}");
        let is_command = |line: &str| line.starts_with("::error::");
        assert!(!output.lines().any(is_command), "{arguments:?}: {output:?}");
    }
    let (_, exported) = run(site.path(), &["export", "openapi"]);
    assert!(exported.contains("green.mdx:8:"), "{exported}");
}

#[test]
fn one_field_is_documented_again_and_again() {
    let site = site();
    for (name, field) in [
        (
            "response",
            "<ResponseField name=\"title\" type=\"string\">x</ResponseField>\n\n",
        ),
        (
            "body",
            "<ParamField body=\"title\" type=\"string\">x</ParamField>\n\n",
        ),
        (
            "query",
            "<ParamField query=\"title\" type=\"string\">x</ParamField>\n\n",
        ),
        (
            "dotted",
            "<ResponseField name=\"a.b\" type=\"string\">x</ResponseField>\n\n",
        ),
        (
            "type",
            "<ResponseField name=\"a\" type=\"string | integer\">x</ResponseField>\n\n",
        ),
    ] {
        let page = PAGE.replace("books", name) + &field.repeat(4_000);
        fs::write(site.path().join(format!("{name}.mdx")), page).unwrap();
    }
    check(site.path());
}

#[test]
fn what_should_be_a_file_is_none() {
    let site = site();
    fs::create_dir(site.path().join("folder.mdx")).unwrap();
    let pipe = Command::new("mkfifo")
        .arg(site.path().join("pipe.mdx"))
        .status();
    assert!(pipe.unwrap().success());
    all(site.path());
}

#[test]
fn configuration_is_nested_without_end() {
    let site = site();
    fs::write(site.path().join("docs.json"), "[".repeat(200_000)).unwrap();
    let output = all(site.path());
    assert!(output.contains("[invalid-site-configuration]"), "{output}");
    let settings = format!("ignore = {}", "[".repeat(100_000));
    fs::write(site.path().join("fieldproof.toml"), settings).unwrap();
    assert_eq!(run(site.path(), &["check"]).0, 2);
}
