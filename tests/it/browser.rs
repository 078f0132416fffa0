//! The HTML report in a browser: search and filters, at the widths of a desk and of a telephone.
//!
//! A script at the end of the page does what a person would do and leaves what it sees in an element, which the browser
//! prints.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::installed;

const OPERATIONS: usize = 500;

/// Types, chooses, and ticks; then looks at what is left, and how long it took.
const DRIVER: &str = r#"
const seen = {};
const shown = () => groups.filter((it) => !it.element.hidden).map((it) => it.name);
const act = (element, change) => { change(element); element.dispatchEvent(new Event("input")); };
const type = (words) => act(search, (it) => { it.value = words; });
const choose = (value) => act(status, (it) => { it.value = value; });
const tick = (severity, on) => act(severities.find((it) => it.value === severity), (it) => { it.checked = on; });
seen.all = shown().length;
const start = performance.now();
type("GET /shelf-77");
seen.milliseconds = performance.now() - start;
seen.named = shown();
type("example-type shelf-30");
seen.rule = shown();
type("");
choose("found");
seen.found = shown().length;
choose("clean");
seen.clean = shown().length;
choose("");
tick("error", false);
seen.withoutErrors = shown().length;
tick("error", true);
seen.again = shown().length;
seen.count = count.textContent;
type("no such words");
seen.none = shown().length;
seen.wider = document.documentElement.scrollWidth > window.innerWidth;
seen.width = window.innerWidth;
const result = document.createElement("output");
result.id = "seen";
result.textContent = JSON.stringify(seen);
document.body.append(result);
"#;

/// A site with many operations; every tenth shows an example of another type, of a member of its own.
fn site(folder: &Path) {
    for number in 0..OPERATIONS {
        let value = if number % 10 == 0 { "\"one\"" } else { "1" };
        let mut page = String::new();
        let _ = write!(
            page,
            "---\napi: GET https://api.example.com/shelf-{number}\n---\n\n<ResponseField name=\"copies_{number}\" type=\"integer\" required />\n\n\
             <ResponseExample>\n```json\n{{\"copies_{number}\": {value}}}\n```\n</ResponseExample>\n"
        );
        std::fs::write(folder.join(format!("{number:03}.mdx")), page).unwrap();
    }
}

#[test]
fn search_and_filters_work_in_a_browser() {
    let Some(browser) = installed::program("CHROMIUM", "chromium") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    site(folder.path());
    Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(["check", "--format", "html", "--output", "report.html"])
        .current_dir(folder.path())
        .status()
        .unwrap();
    let report = folder.path().join("report.html");
    let page = std::fs::read_to_string(&report).unwrap();
    let page = page.replace("</script>\n</body>", &format!("{DRIVER}</script>\n</body>"));
    std::fs::write(&report, page).unwrap();
    for width in ["1280,900", "500,900"] {
        let seen = driven(&browser, &report, folder.path(), width);
        assert_eq!(seen["all"], OPERATIONS, "{seen}");
        assert_eq!(
            seen["named"],
            serde_json::json!(["get /shelf-77"]),
            "{seen}"
        );
        assert_eq!(
            seen["rule"],
            serde_json::json!(["get /shelf-30", "get /shelf-300"]),
            "{seen}"
        );
        assert_eq!(
            (&seen["found"], &seen["clean"]),
            (&50.into(), &450.into()),
            "{seen}"
        );
        assert_eq!(seen["withoutErrors"], 0, "{seen}");
        assert_eq!(seen["again"], OPERATIONS, "{seen}");
        assert_eq!(seen["count"], "500 of 500 shown", "{seen}");
        assert_eq!(seen["none"], 0, "{seen}");
        assert_eq!(seen["wider"], false, "{seen}");
        assert!(seen["milliseconds"].as_f64() < Some(1000.0), "{seen}");
    }
}

/// What the driver saw in a window of that size.
fn driven(browser: &Path, report: &Path, folder: &Path, size: &str) -> Value {
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--timeout=60000",
            "--dump-dom",
        ])
        .arg(format!("--window-size={size}"))
        .arg(format!(
            "--user-data-dir={}",
            folder.join("profile").display()
        ))
        .arg(format!("file://{}", report.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let page = String::from_utf8_lossy(&output.stdout).into_owned();
    let seen = page
        .split_once("<output id=\"seen\">")
        .and_then(|(_, rest)| rest.split_once("</output>"));
    let (seen, _) = seen.unwrap_or_else(|| panic!("{page}"));
    serde_json::from_str(seen).unwrap()
}
