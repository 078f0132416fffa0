//! The reading rules: every one that the code declares is listed, and their names can be told apart.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fieldproof::model::reading_rules;

#[test]
fn every_reading_rule_is_listed() {
    let listed: BTreeSet<_> = reading_rules().iter().map(|rule| rule.name).collect();
    let mut declared = BTreeSet::new();
    declarations(Path::new("src/model"), &mut declared);
    let declared: BTreeSet<_> = declared.iter().map(String::as_str).collect();
    assert_eq!(declared, listed);
}

#[test]
fn reading_rules_have_names_of_their_own_and_one_sentence_each() {
    let rules = reading_rules();
    let names: BTreeSet<_> = rules.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), rules.len());
    for rule in rules {
        let is_plain = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(rule.name.chars().all(is_plain), "{}", rule.name);
        assert!(rule.name.len() <= 25, "{}", rule.name);
        assert!(!rule.summary.ends_with('.'), "{}", rule.summary);
        assert!(!rule.summary.contains(['\n', '\t']), "{}", rule.summary);
    }
}

/// The names in `ReadingRule { name: "…", … }`.
fn declarations(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // What is made of an example to hold an answer against it reads no page.
        if path.ends_with("model/answer") {
            continue;
        }
        if path.is_dir() {
            declarations(&path, names);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for declaration in text.split(": ReadingRule = ReadingRule {").skip(1) {
            let name = declaration.split('"').nth(1).unwrap();
            names.insert(name.to_owned());
        }
    }
}
