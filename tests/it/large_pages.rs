//! Pages with thousands of members: every finding comes, and it comes although work must not grow with their product.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use serde_json::Value;

/// So many that work with their third power would take hours.
const MEMBERS: usize = 1_000;

#[test]
fn members_shown_and_members_documented_have_one_in_common() {
    let (mut fields, mut keys) = (String::new(), Vec::new());
    for number in 0..MEMBERS {
        let field = format!("<ResponseField name=\"field_{number}\" type=\"string\" />\n\n");
        fields.push_str(&field);
        keys.push(format!("  \"other{number}\": \"x\""));
    }
    // Without one in common, the example as a whole would be one finding.
    fields.push_str("<ResponseField name=\"common\" type=\"string\" />\n\n");
    keys.push("  \"common\": \"x\"".to_owned());
    check(&fields, &keys, MEMBERS, MEMBERS);
}

#[test]
fn every_second_member_shown_is_not_documented() {
    let (mut fields, mut keys) = (String::new(), Vec::new());
    for number in 0..MEMBERS {
        for name in ["known", "field"] {
            writeln!(
                fields,
                "<ResponseField name=\"{name}_{number}\" type=\"string\" />\n"
            )
            .unwrap();
        }
        keys.push(format!("  \"known_{number}\": \"x\""));
        if number % 2 == 0 {
            keys.push(format!("  \"other{number}\": \"x\""));
        }
    }
    check(&fields, &keys, MEMBERS / 2, MEMBERS);
}

/// Checks a page of such fields and keys, and counts the findings.
fn check(fields: &str, keys: &[String], undocumented: usize, hidden: usize) {
    let folder = tempfile::tempdir().unwrap();
    let page = format!(
        "---\ntitle: \"Large\"\napi: \"GET https://api.example.com/things\"\n---\n\n{fields}\n\
         <ResponseExample>\n```json 200\n{{\n{}\n}}\n```\n</ResponseExample>\n",
        keys.join(",\n")
    );
    fs::write(folder.path().join("large.mdx"), page).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(["check", "--format", "json"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let places = |rule: &str| -> u64 {
        let own = findings.iter().filter(|finding| finding["rule"] == rule);
        own.map(|finding| finding["places"].as_u64().unwrap()).sum()
    };
    // What is shown under another name is hidden under its own, and said once.
    let renamed = findings.iter().filter(|finding| {
        let message = finding["message"].as_str().unwrap();
        message.ends_with("is documented in its place")
    });
    let renamed = renamed.count() as u64;
    assert_eq!(places("undocumented-member"), undocumented as u64);
    assert_eq!(places("member-not-shown") + renamed, hidden as u64);
}
