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
    "colon-parameter",
    "contradicting-title",
    "contradicting-type",
    "contradicting-values",
    "copied-description",
    "default-not-allowed",
    "differing-translation",
    "example-null",
    "example-type",
    "field-in-component",
    "field-without-location",
    "field-without-name",
    "field-without-type",
    "html-comment",
    "import-cycle",
    "import-outside-root",
    "impossible-bounds",
    "invalid-example",
    "invalid-expression",
    "invalid-frontmatter",
    "invalid-import",
    "invalid-site-configuration",
    "invalid-tag",
    "lost-body",
    "malformed-endpoint",
    "malformed-path",
    "member-not-shown",
    "members-of-scalar",
    "mismatched-tag",
    "misplaced-field",
    "missing-snippet",
    "misspelled-component",
    "misspelled-member",
    "naming-outlier",
    "nested-too-deep",
    "not-utf8",
    "platform-type",
    "query-in-endpoint",
    "repeated-endpoint",
    "repeated-field",
    "required-as-text",
    "several-example-blocks",
    "several-locations",
    "snippet-too-large",
    "stray-closing-tag",
    "unclosed-fence",
    "unclosed-tag",
    "undocumented-member",
    "undocumented-path-parameter",
    "unknown-auth-method",
    "unknown-component",
    "unknown-export",
    "unknown-path-parameter",
    "unknown-rule",
    "unlisted-page",
    "unread-specification",
    "unused-suppression",
    "value-format",
    "value-not-allowed",
    "value-out-of-range",
    "wrapped-example",
];
