//! `fieldproof update`: docs that have drifted from a service, brought back.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::seed::Seed;
use super::wire::Running;
use super::{SUBJECTS, Subject};

fn fieldproof(folder: &Path, subject: &Subject, url: &str, command: &[&str]) -> Output {
    let mut fieldproof = Command::new(env!("CARGO_BIN_EXE_fieldproof"));
    fieldproof
        .args(command)
        .current_dir(folder)
        .env("NO_COLOR", "1");
    if command[0] != "check" {
        fieldproof.args(["--url", url]).args(subject.arguments);
    }
    fieldproof.stdin(Stdio::null()).output().unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A page of a service, texts of it and what stands in their places, and the lines that the update takes out and puts in.
struct Drift {
    name: &'static str,
    service: &'static str,
    page: &'static str,
    edits: &'static [(&'static str, &'static str)],
    diff: &'static str,
}

const DRIFTS: &[Drift] = &[
    Drift {
        name: "a member that nobody wrote down",
        service: "bookshop",
        page: "get-book.mdx",
        edits: &[
            (
                "<ResponseField name=\"author\" type=\"string\" required>\n  Who wrote it.\n</ResponseField>\n\n",
                "",
            ),
            ("  \"author\": \"Ada Winter\",\n", ""),
        ],
        diff: "\
+<ResponseField name=\"author\" type=\"string\">
+  TODO: describe `author`.
+</ResponseField>
+
+  \"author\": \"Ada Winter\",",
    },
    Drift {
        name: "a member that nobody wrote down, among fields without blank lines between them",
        service: "bookshop",
        page: "get-book.mdx",
        edits: &[
            (
                "</ResponseField>\n\n<ResponseField name=\"author\" type=\"string\" required>\n  Who wrote it.\n</ResponseField>\n\n",
                "</ResponseField>\n",
            ),
            ("  \"author\": \"Ada Winter\",\n", ""),
        ],
        diff: "\
+<ResponseField name=\"author\" type=\"string\">
+  TODO: describe `author`.
+</ResponseField>
+  \"author\": \"Ada Winter\",",
    },
    Drift {
        name: "a member of another type",
        service: "bookshop",
        page: "get-book.mdx",
        edits: &[
            (
                "name=\"price\" type=\"integer\"",
                "name=\"price\" type=\"string\"",
            ),
            ("\"price\": 1450", "\"price\": \"14.50\""),
        ],
        diff: "\
-<ResponseField name=\"price\" type=\"string\" required>
+<ResponseField name=\"price\" type=\"integer\" required>
-  \"price\": \"14.50\",
+  \"price\": 1450,",
    },
    Drift {
        name: "a value that is not listed",
        service: "bookshop",
        page: "get-book.mdx",
        edits: &[
            (
                "One of `fiction`, `poetry`, `science`, or `travel`.",
                "One of `fiction`, `poetry`, or `science`.",
            ),
            ("\"genre\": \"travel\"", "\"genre\": \"fiction\""),
        ],
        diff: "\
-  One of `fiction`, `poetry`, or `science`.
+  One of `fiction`, `poetry`, `science`, or `travel`.",
    },
    Drift {
        name: "a member in another spelling",
        service: "bookshop",
        page: "get-book.mdx",
        edits: &[
            ("name=\"created_at\"", "name=\"createdAt\""),
            ("\"created_at\"", "\"createdAt\""),
        ],
        diff: "\
-<ResponseField name=\"createdAt\" type=\"string\" required>
+<ResponseField name=\"created_at\" type=\"string\" required>
-  \"createdAt\": \"2026-03-01T10:00:01Z\"
+  \"created_at\": \"2026-03-01T10:00:01Z\"",
    },
    Drift {
        name: "a member that is not answered",
        service: "depots",
        page: "parcels/read.mdx",
        edits: &[
            (
                "<ResponseField name=\"state\"",
                "<ResponseField name=\"colour\" type=\"string\" required>\n  The colour of the box.\n</ResponseField>\n\n<ResponseField name=\"state\"",
            ),
            (
                "  \"state\": \"waiting\"",
                "  \"colour\": \"brown\",\n  \"state\": \"waiting\"",
            ),
        ],
        diff: "\
-<ResponseField name=\"colour\" type=\"string\" required>
+<ResponseField name=\"colour\" type=\"string\">
-  \"colour\": \"brown\",",
    },
];

/// The lines of a diff that were taken out or put in.
fn changes(diff: &str) -> String {
    let lines = diff.lines().filter(|line| {
        line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn drifted_docs_are_written_as_a_careful_author_would() {
    for drift in DRIFTS {
        let subject = SUBJECTS.iter().find(|it| it.name == drift.service).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let root = format!(
            "{}/tests/it/services/{}",
            env!("CARGO_MANIFEST_DIR"),
            drift.service
        );
        copy(Path::new(&root), folder.path());
        let page = folder.path().join(drift.page);
        let original = fs::read_to_string(&page).unwrap();
        let mut drifted = original.clone();
        for (old, new) in drift.edits {
            assert!(drifted.contains(old), "{}: {old}", drift.name);
            drifted = drifted.replacen(old, new, 1);
        }
        fs::write(&page, &drifted).unwrap();
        let with = |command: &[&str]| {
            let running = Running::start((subject.start)(), Seed::none());
            let output = fieldproof(folder.path(), subject, &running.url(), command);
            let shown = [output.stdout, output.stderr].concat();
            (
                output.status.code(),
                String::from_utf8_lossy(&shown).into_owned(),
            )
        };
        let (code, said) = with(&["test", "--fail-on", "warning"]);
        assert_eq!(code, Some(1), "{}: the drift is found: {said}", drift.name);
        let (code, diff) = with(&["update"]);
        assert_eq!(code, Some(1), "{}: {diff}", drift.name);
        assert_eq!(
            fs::read_to_string(&page).unwrap(),
            drifted,
            "a diff changes nothing"
        );
        assert_eq!(changes(&diff), drift.diff, "{}", drift.name);
        let (code, said) = with(&["update", "--write"]);
        assert_eq!(code, Some(0), "{}: {said}", drift.name);
        for command in ["test", "check"] {
            let (code, said) = with(&[command, "--fail-on", "warning"]);
            assert_eq!(code, Some(0), "{}: {command} is clean: {said}", drift.name);
        }
        let (code, said) = with(&["update"]);
        assert_eq!(code, Some(0), "{}: once is enough: {said}", drift.name);
    }
}

#[test]
fn docs_that_are_right_stay_as_they_are() {
    for subject in SUBJECTS {
        let running = Running::start((subject.start)(), Seed::none());
        let root = format!(
            "{}/tests/it/services/{}",
            env!("CARGO_MANIFEST_DIR"),
            subject.name
        );
        let output = fieldproof(Path::new(&root), subject, &running.url(), &["update"]);
        let diff = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(diff, "", "{}", subject.name);
        assert_eq!(output.status.code(), Some(0));
    }
}
