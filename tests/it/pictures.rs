//! The pictures in `docs/images` are what commands print, colours included; `UPDATE=1` draws them again.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The page of the README, in a folder of its own.
fn page() -> TempDir {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let (_, rest) = readme
        .split_once("````mdx title=\"docs/get-stock.mdx\"\n")
        .unwrap();
    let (page, _) = rest.split_once("````").unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("docs")).unwrap();
    fs::write(folder.path().join("docs/get-stock.mdx"), page).unwrap();
    folder
}

fn fieldproof(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fieldproof"));
    command.args(arguments).current_dir(folder);
    command
}

/// What a terminal shows of a command.
fn shown(folder: &Path, arguments: &[&str]) -> String {
    let mut command = fieldproof(folder, arguments);
    let output = command.args(["--color", "always"]).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    format!("$ fieldproof {}\n{output}", arguments.join(" "))
}

fn compare(name: &str, text: &str) {
    let picture = anstyle_svg::Term::new().render_svg(text);
    let path = Path::new(ROOT).join("docs/images").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &picture).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == picture,
        "{name} shows something else; draw it with: UPDATE=1 cargo test --test it pictures"
    );
}

/// A mock that ends with the test.
struct Mock {
    process: Child,
    url: String,
}

impl Mock {
    fn start(folder: &Path) -> Self {
        let arguments = ["mock", "docs/get-stock.mdx", "--port", "0", "--quiet"];
        let mut command = fieldproof(folder, &arguments);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let (_, url) = line.trim().rsplit_once(' ').unwrap();
        Self {
            process,
            url: url.to_owned(),
        }
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_picture_of_check_is_what_it_prints() {
    let folder = page();
    compare(
        "check.svg",
        &shown(folder.path(), &["check", "docs/get-stock.mdx"]),
    );
}

#[test]
fn the_picture_of_test_is_what_it_prints() {
    let folder = page();
    let mock = Mock::start(folder.path());
    let arguments = ["test", "docs/get-stock.mdx", "--url", &mock.url];
    let text = shown(folder.path(), &arguments);
    // The port is another one in each run.
    compare(
        "test.svg",
        &text.replace(&mock.url, "http://127.0.0.1:8080"),
    );
}
