//! The map of the code, enforced: who may name whom, and who may touch the world.
//!
//! The table is the one of `docs/architecture.md`. A finding names the file, the line, and the rule.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Each layer of the library, and the layers that it may name beside itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("diagnostic", &["source"]),
    ("network", &[]),
    ("mdx", &["source", "diagnostic"]),
    ("model", &["source", "diagnostic", "mdx"]),
    ("check", &["source", "diagnostic", "model"]),
    ("mock", &["source", "diagnostic", "model", "network"]),
    ("conform", &["source", "diagnostic", "model", "network"]),
    ("export", &["source", "diagnostic", "model"]),
    ("diff", &["source", "diagnostic", "model"]),
    (
        "report",
        &[
            "source",
            "diagnostic",
            "mdx",
            "model",
            "check",
            "mock",
            "conform",
            "export",
            "diff",
        ],
    ),
];

/// Where files, sockets, the clock, and the environment may be touched. A name without `.rs` is a folder.
const EDGE: &[&str] = &[
    "source/load.rs",
    "mock/server.rs",
    "conform/client.rs",
    "network.rs",
    "main.rs",
    "cli",
];

/// Where asynchronous code and HTTP libraries may be named.
const ASYNC: &[&str] = &[
    "mock/server.rs",
    "conform/client.rs",
    "network.rs",
    "main.rs",
    "cli",
];

const WORLD: &[&str] = &[
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "std::env",
    "std::process",
    "SystemTime",
    "Instant",
];
const ASYNC_CRATES: &[&str] = &[
    "hyper",
    "hyper_rustls",
    "hyper_util",
    "http_body_util",
    "redis",
    "tokio",
];
const VAGUE: &[&str] = &[
    "utils", "util", "helpers", "helper", "common", "manager", "misc",
];
const LONGEST: usize = 600;

#[test]
fn the_code_follows_the_map() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut report = String::new();
    for path in rust_files(&root) {
        let text = fs::read_to_string(root.join(&path)).unwrap();
        for (line, problem) in problems(&path, &text) {
            let _ = writeln!(report, "src/{path}:{line}: {problem}");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

fn rust_files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let path = path.strip_prefix(root).unwrap();
                found.push(path.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// What is wrong with a file, with lines from 1. `path` is the path below `src`.
fn problems(path: &str, text: &str) -> Vec<(usize, String)> {
    let mut found = form(path, text);
    let code = code(path, text);
    found.extend(layering(path, &code));
    found.extend(edge(path, &code));
    found.sort();
    found
}

/// First line, length, and name of a file.
fn form(path: &str, text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    if !text.starts_with("//!") {
        found.push((
            1,
            "the first line says with `//!` what the file is for".to_owned(),
        ));
    }
    let lines = text.lines().count();
    if lines > LONGEST {
        found.push((lines, format!("a file has at most {LONGEST} lines")));
    }
    let parts = path.trim_end_matches(".rs").split('/');
    if let Some(part) = parts.into_iter().find(|part| VAGUE.contains(part)) {
        found.push((1, format!("`{part}` does not say what the module is for")));
    }
    found
}

/// Layers that are named without leave, and paths that hide which layer they name.
fn layering(path: &str, code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let layer = path
        .split('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(".rs");
    let is_binary = matches!(layer, "main" | "cli");
    let is_root = layer == "lib";
    let allowed = LAYERS
        .iter()
        .find(|(name, _)| *name == layer)
        .map(|(_, allowed)| *allowed);
    if allowed.is_none() && !is_binary && !is_root {
        found.push((
            1,
            format!("`{layer}` is not a layer of the table in tests/it/layers.rs"),
        ));
    }
    for (at, name) in named(code) {
        let may = match allowed {
            Some(allowed) => name == layer || allowed.contains(&name),
            None => is_root || matches!(name, "cli"),
        };
        if !may {
            found.push((
                line(code, at),
                format!("`{layer}` must not name `crate::{name}`"),
            ));
        } else if name == "mdx" && layer == "model" && !path.starts_with("model/build") {
            found.push((
                line(code, at),
                "in `model` only `build` names `mdx`".to_owned(),
            ));
        }
    }
    for at in occurrences(code, "super::super") {
        found.push((
            line(code, at),
            "write `crate::…` instead of `super::super`".to_owned(),
        ));
    }
    if path.ends_with("/mod.rs") && path.matches('/').count() == 1 {
        for at in occurrences(code, "super::") {
            found.push((
                line(code, at),
                "write `crate::…`: `super` is the whole library here".to_owned(),
            ));
        }
    }
    if !is_binary {
        for at in occurrences(code, "mod cli;") {
            found.push((
                line(code, at),
                "the library does not know the command line".to_owned(),
            ));
        }
    }
    found
}

/// Touching the world, and asynchronous code, outside their places.
fn edge(path: &str, code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    if !is_in(path, EDGE) {
        for (word, at) in words(code, WORLD) {
            found.push((
                line(code, at),
                format!("only {} may use `{word}`", EDGE.join(", ")),
            ));
        }
    }
    if !is_in(path, ASYNC) {
        for (word, at) in words(code, ASYNC_CRATES) {
            found.push((
                line(code, at),
                format!("only {} may use `{word}`", ASYNC.join(", ")),
            ));
        }
    }
    found
}

fn is_in(path: &str, places: &[&str]) -> bool {
    places.iter().any(|place| {
        let folder = place.trim_end_matches(".rs");
        path == *place
            || path
                .strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
    })
}

/// The code without comments, and without tests, which may do as they like; lines stay where they are.
fn code(path: &str, text: &str) -> String {
    if path.ends_with("tests.rs") || path.contains("/tests/") {
        return String::new();
    }
    let lines = text
        .lines()
        .take_while(|line| line.trim() != "#[cfg(test)]");
    lines
        .map(|line| uncommented(line).to_owned() + "\n")
        .collect()
}

fn uncommented(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        return "";
    }
    line.split_once(" // ").map_or(line, |(code, _)| code)
}

/// The names that follow `crate::`, also inside braces.
fn named(code: &str) -> Vec<(usize, &str)> {
    let mut names = Vec::new();
    for at in occurrences(code, "crate::") {
        let after = at + "crate::".len();
        let Some(inside) = code[after..].strip_prefix('{') else {
            names.push((at, word_at(&code[after..])));
            continue;
        };
        let mut depth = 0;
        let mut starts = true;
        for (offset, character) in inside.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => starts = true,
                name if starts && !name.is_whitespace() => {
                    names.push((after + 1 + offset, word_at(&inside[offset..])));
                    starts = false;
                }
                _ => {}
            }
        }
    }
    names
}

fn word_at(text: &str) -> &str {
    let end = text.find(|it: char| !it.is_alphanumeric() && it != '_');
    &text[..end.unwrap_or(text.len())]
}

fn words<'a>(code: &'a str, wanted: &'a [&str]) -> impl Iterator<Item = (&'a str, usize)> {
    wanted.iter().flat_map(move |word| {
        let whole = move |at: &usize| {
            let rest = &code[at + word.len()..];
            !rest.starts_with(|it: char| it.is_alphanumeric() || it == '_')
        };
        // A crate is named with a path behind it; an item of `std` may stand alone.
        let is_path = move |at: &usize| {
            !ASYNC_CRATES.contains(word) || code[at + word.len()..].starts_with("::")
        };
        occurrences(code, word)
            .filter(whole)
            .filter(is_path)
            .map(move |at| (*word, at))
    })
}

/// Where `needle` starts a word in `code`.
fn occurrences<'a>(code: &'a str, needle: &'a str) -> impl Iterator<Item = usize> {
    code.match_indices(needle)
        .map(|(at, _)| at)
        .filter(|at| !code[..*at].ends_with(|it: char| it.is_alphanumeric() || it == '_'))
}

fn line(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

#[test]
fn a_layer_that_looks_up_or_sideways_is_found() {
    let lines = |path, text| {
        problems(path, text)
            .into_iter()
            .map(|(line, _)| line)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines("check/a.rs", "//! A.\nuse crate::mock::Mock;\n"), [2]);
    assert_eq!(
        lines(
            "mdx/a.rs",
            "//! A.\nuse crate::{\n    source::Span,\n    model::{Api, source},\n};\n"
        ),
        [4]
    );
    assert_eq!(lines("model/a.rs", "//! A.\nuse crate::mdx::Page;\n"), [2]);
    assert_eq!(
        lines("model/build.rs", "//! A.\nuse crate::mdx::Page;\n"),
        [0_usize; 0]
    );
    assert_eq!(
        lines("check/rules/a.rs", "//! A.\nuse super::super::mock;\n"),
        [2]
    );
    assert_eq!(lines("check/mod.rs", "//! A.\nuse super::mock;\n"), [2]);
    assert_eq!(lines("lib.rs", "//! A.\nmod cli;\n"), [2]);
    assert_eq!(
        lines(
            "main.rs",
            "//! A.\nmod cli;\nuse crate::cli::Exit;\nuse crate::model::Api;\n"
        ),
        [4]
    );
    assert_eq!(lines("other/a.rs", "//! A.\n"), [1]);
}

#[test]
fn the_world_is_touched_at_the_edge_only() {
    let count = |path, text| problems(path, text).len();
    let reads = "//! A.\nuse std::fs;\nlet now = Instant::now(); // Instant\n";
    assert_eq!(count("model/a.rs", reads), 2);
    assert_eq!(count("source/load.rs", reads), 0);
    assert_eq!(
        count("cli/check.rs", "//! A.\nuse tokio::net::TcpListener;\n"),
        0
    );
    assert_eq!(
        count(
            "mock/reply.rs",
            "//! A.\nasync fn a() { hyper::body::to_bytes() }\n"
        ),
        1
    );
    assert_eq!(
        count(
            "mock/reply.rs",
            "//! A.\n// Not std::fs.\n#[cfg(test)]\nuse std::fs;\n"
        ),
        0
    );
    assert_eq!(
        count("mock/reply.rs", "//! A.\nlet InstantView = hyperlink;\n"),
        0
    );
}

#[test]
fn a_file_says_what_it_is_for_and_stays_small() {
    let count = |path, text: &str| problems(path, text).len();
    assert_eq!(count("mdx/a.rs", "use std::ops::Range;\n"), 1);
    assert_eq!(count("mdx/utils.rs", "//! A.\n"), 1);
    assert_eq!(
        count("mdx/a.rs", &format!("//! A.\n{}", "\n".repeat(600))),
        1
    );
}
