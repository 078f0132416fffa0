//! Pages with thousands of members: every finding comes, and it comes although work must not grow with their product.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

/// So many that work with their third power would take hours.
const MEMBERS: usize = 2_000;

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
        .args(["check", "--format", "concise"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let count = |rule: &str| text.lines().filter(|line| line.contains(rule)).count();
    assert_eq!(count("[undocumented-member]"), undocumented);
    assert_eq!(count("[member-not-shown]"), hidden);
}
