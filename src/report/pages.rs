//! The pages of rules, `docs/rules/<name>.md`, compiled in.
//!
//! Each page is a test: its *Fails* blocks raise the rule, its *Passes* blocks do not. See `tests/it/rule_pages.rs`.

/// The Markdown page of the rule of that name.
pub fn page(name: &str) -> Option<&'static str> {
    let index = PAGES.binary_search_by_key(&name, |(name, _)| name).ok()?;
    PAGES.get(index).map(|(_, text)| *text)
}

/// The names of the rules that have a page, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|(name, _)| *name)
}

/// A function cannot include a file by its name.
macro_rules! pages {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!("../../docs/rules/", $name, ".md"))),)*]
    };
}

/// Sorted by name; one rule a line.
static PAGES: &[(&str, &str)] = pages![
    "example-null",
    "example-type",
    "html-comment",
    "import-cycle",
    "import-outside-root",
    "invalid-example",
    "invalid-expression",
    "invalid-frontmatter",
    "invalid-import",
    "invalid-site-configuration",
    "invalid-tag",
    "malformed-endpoint",
    "member-not-shown",
    "mismatched-tag",
    "missing-snippet",
    "misspelled-member",
    "nested-too-deep",
    "not-utf8",
    "platform-type",
    "snippet-too-large",
    "stray-closing-tag",
    "unclosed-fence",
    "unclosed-tag",
    "undocumented-member",
    "unknown-component",
    "unknown-export",
    "unknown-rule",
    "unread-specification",
    "unused-suppression",
    "value-format",
    "value-not-allowed",
    "value-out-of-range",
];
