//! The rules that reading a page can raise.

use crate::diagnostic::{Rule, Severity};

/// A tag is opened and never closed, or not where it must be.
pub static UNCLOSED_TAG: Rule = Rule {
    name: "unclosed-tag",
    severity: Severity::Error,
    summary: "a tag is opened and never closed, or not where it must be",
};
/// A closing tag has another name than the tag it closes.
pub static MISMATCHED_TAG: Rule = Rule {
    name: "mismatched-tag",
    severity: Severity::Error,
    summary: "a closing tag has another name than the tag it closes",
};
/// A closing tag closes nothing.
pub static STRAY_CLOSING_TAG: Rule = Rule {
    name: "stray-closing-tag",
    severity: Severity::Error,
    summary: "a closing tag closes nothing",
};
/// A tag, or a bare `<`, is not valid MDX.
pub static INVALID_TAG: Rule = Rule {
    name: "invalid-tag",
    severity: Severity::Error,
    summary: "a tag, or a bare `<`, is not valid MDX",
};
/// An HTML comment stands where MDX allows only `{/* */}`.
pub static HTML_COMMENT: Rule = Rule {
    name: "html-comment",
    severity: Severity::Error,
    summary: "an HTML comment stands where MDX allows only `{/* */}`",
};
/// Braces are not closed, or hold what is not JavaScript.
pub static INVALID_EXPRESSION: Rule = Rule {
    name: "invalid-expression",
    severity: Severity::Error,
    summary: "braces are not closed, or hold what is not JavaScript",
};
/// A line starts with `import` or `export` and is not JavaScript.
pub static INVALID_IMPORT: Rule = Rule {
    name: "invalid-import",
    severity: Severity::Error,
    summary: "a line starts with `import` or `export` and is not JavaScript",
};
/// The frontmatter is not valid YAML.
pub static INVALID_FRONTMATTER: Rule = Rule {
    name: "invalid-frontmatter",
    severity: Severity::Error,
    summary: "the frontmatter is not valid YAML",
};
/// A code fence is not closed before its block ends.
pub static UNCLOSED_FENCE: Rule = Rule {
    name: "unclosed-fence",
    severity: Severity::Warning,
    summary: "a code fence is not closed before its block ends",
};
/// An imported file does not exist.
pub static MISSING_SNIPPET: Rule = Rule {
    name: "missing-snippet",
    severity: Severity::Error,
    summary: "an imported file does not exist",
};
/// An import names something that the file does not export.
pub static UNKNOWN_EXPORT: Rule = Rule {
    name: "unknown-export",
    severity: Severity::Error,
    summary: "an import names something that the file does not export",
};
/// Snippets import each other in a circle.
pub static IMPORT_CYCLE: Rule = Rule {
    name: "import-cycle",
    severity: Severity::Error,
    summary: "snippets import each other in a circle",
};
/// An import leads out of the docs folder.
pub static IMPORT_OUTSIDE_ROOT: Rule = Rule {
    name: "import-outside-root",
    severity: Severity::Error,
    summary: "an import leads out of the docs folder",
};
/// A component is used that is neither built in nor imported.
pub static UNKNOWN_COMPONENT: Rule = Rule {
    name: "unknown-component",
    severity: Severity::Info,
    summary: "a component is used that is neither built in nor imported",
};
/// Components are nested deeper than is read.
pub static NESTED_TOO_DEEP: Rule = Rule {
    name: "nested-too-deep",
    severity: Severity::Warning,
    summary: "components are nested deeper than is read",
};
/// Snippets expand to more content than is read.
pub static SNIPPET_TOO_LARGE: Rule = Rule {
    name: "snippet-too-large",
    severity: Severity::Warning,
    summary: "snippets expand to more content than is read",
};
/// A file is not valid UTF-8.
pub static NOT_UTF8: Rule = Rule {
    name: "not-utf8",
    severity: Severity::Error,
    summary: "a file is not valid UTF-8",
};

/// Every rule of this layer.
pub static RULES: &[&Rule] = &[
    &UNCLOSED_TAG,
    &MISMATCHED_TAG,
    &STRAY_CLOSING_TAG,
    &INVALID_TAG,
    &HTML_COMMENT,
    &INVALID_EXPRESSION,
    &INVALID_IMPORT,
    &INVALID_FRONTMATTER,
    &UNCLOSED_FENCE,
    &MISSING_SNIPPET,
    &UNKNOWN_EXPORT,
    &IMPORT_CYCLE,
    &IMPORT_OUTSIDE_ROOT,
    &UNKNOWN_COMPONENT,
    &NESTED_TOO_DEEP,
    &SNIPPET_TOO_LARGE,
    &NOT_UTF8,
];
