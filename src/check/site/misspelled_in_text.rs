//! The text of a page speaks of a field, or of a value, under a name that is almost a documented one.
//!
//! Only what is called so in words counts: "the `user_idd` parameter", "`status` is `canceled`". A name that is like none
//! on the page may belong to another one.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::{Diagnostic, Rule, Severity, likeness};
use crate::model::json::Json;
use crate::model::{Documentation, Field, Operation, Written};
use crate::source::Excerpt;

pub(super) static RULE: Rule = Rule {
    name: "misspelled-in-text",
    severity: Severity::Warning,
    summary: "the text of a page names a field or a value almost as it is documented",
};

/// Names that are less alike are taken for different ones.
const ALIKE: f32 = 0.8;

static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"`([A-Za-z_][A-Za-z0-9_]{3,})`\s+(?:query\s+|body\s+|path\s+)?(?:field|parameter|param|property|attribute)\b",
    )
});
static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"`([A-Za-z_][A-Za-z0-9_]*)`\s+(?:is|to|of|equals|as|=)\s+(?:set\s+to\s+)?`"?([A-Za-z][A-Za-z0-9_-]{2,})"?`"#,
    )
});

/// Classes are those of ASCII: the tables of Unicode take longer to prepare than most sites to read.
fn pattern(text: &str) -> Regex {
    #[expect(
        clippy::unwrap_used,
        reason = "the patterns are constants, and the tests use each"
    )]
    regex::RegexBuilder::new(text)
        .unicode(false)
        .build()
        .unwrap()
}

pub(super) fn check(
    pages: &[Written<'_>],
    documentation: &Documentation,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut by_page: HashMap<_, Vec<&Operation>> = HashMap::new();
    for operation in &documentation.api.operations {
        for page in &operation.pages {
            by_page.entry(*page).or_default().push(operation);
        }
    }
    // Few pages speak so of anything, and the names of all pages are many.
    let everywhere = OnceCell::new();
    for page in pages.iter().filter(|page| page.is_endpoint()) {
        let mut texts = page.texts();
        texts.retain(|text| speaks(text.text()));
        if texts.is_empty() {
            continue;
        }
        let names = Names::of(by_page.get(&page.file).map_or(&[], Vec::as_slice));
        for text in texts {
            fields(text, &names, documentation, &everywhere, diagnostics);
            values(text, &names, diagnostics);
        }
    }
}

/// True if a code span is followed by a word that the patterns ask for; most texts need no pattern to be ruled out.
fn speaks(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("` ") {
        let word = after
            .split(|c: char| !c.is_ascii_alphabetic() && c != '=')
            .next();
        if matches!(
            word.unwrap_or_default(),
            "field"
                | "parameter"
                | "param"
                | "property"
                | "attribute"
                | "query"
                | "body"
                | "path"
                | "is"
                | "to"
                | "of"
                | "equals"
                | "as"
                | "="
        ) {
            return true;
        }
        rest = after;
    }
    false
}

/// The names on a page.
#[derive(Default)]
struct Names<'a> {
    documented: Vec<&'a Field>,
    /// Those of fields, and those that only examples show.
    shown: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(operations: &[&'a Operation]) -> Self {
        let mut names = Self::default();
        for operation in operations {
            for parameter in &operation.parameters {
                names.field(&parameter.field);
            }
            for field in operation.body.iter().flat_map(|body| &body.fields) {
                names.field(field);
            }
            for response in &operation.responses {
                for field in &response.fields {
                    names.field(field);
                }
                for value in response.examples.iter().filter_map(|it| it.value()) {
                    names.value(value);
                }
            }
        }
        names
    }

    fn field(&mut self, field: &'a Field) {
        let name = field.name.value.trim();
        self.documented.push(field);
        self.shown.insert(name);
        self.shown.extend(name.split(['.', '[', ']']));
        for child in &field.children {
            self.field(child);
        }
    }

    fn value(&mut self, value: &'a Json) {
        for member in value.members() {
            self.shown.insert(&member.key);
            self.value(&member.value);
        }
        for item in value.items() {
            self.value(item);
        }
    }
}

fn fields<'a>(
    text: &Excerpt,
    names: &Names<'_>,
    documentation: &'a Documentation,
    everywhere: &OnceCell<Names<'a>>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for found in NAMED.captures_iter(text.text()) {
        let Some(name) = found.get(1) else { continue };
        if names.shown.contains(name.as_str()) {
            continue;
        }
        let everywhere = everywhere.get_or_init(|| {
            let operations: Vec<_> = documentation.api.operations.iter().collect();
            Names::of(&operations)
        });
        if everywhere.shown.contains(name.as_str()) {
            continue;
        }
        let near = names
            .documented
            .iter()
            .map(|field| (likeness(&field.name.value, name.as_str()), field))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .max_by(|one, other| one.0.total_cmp(&other.0));
        let Some((_, field)) = near else { continue };
        let message = format!(
            "the text speaks of `{}`, and `{}` is documented",
            name.as_str(),
            field.name.value
        );
        diagnostics.push(
            Diagnostic::new(&RULE, text.span(name.range()), message)
                .label("no field has this name")
                .related(field.name.evidence.span, "documented here")
                .help("use one spelling in both places")
                .subject("page"),
        );
    }
}

fn values(text: &Excerpt, names: &Names<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for found in VALUE.captures_iter(text.text()) {
        let (Some(name), Some(value)) = (found.get(1), found.get(2)) else {
            continue;
        };
        let of_name: Vec<_> = names
            .documented
            .iter()
            .filter(|field| field.name.value == name.as_str())
            .collect();
        let [field] = of_name.as_slice() else {
            continue;
        };
        let Some(allowed) = &field.prose.allowed else {
            continue;
        };
        let known: Vec<&str> = allowed.value.iter().filter_map(|it| it.as_str()).collect();
        if known.contains(&value.as_str()) || names.shown.contains(value.as_str()) {
            continue;
        }
        let near = known
            .iter()
            .find(|it| likeness(it, value.as_str()) >= ALIKE);
        let Some(near) = near else { continue };
        let message = format!(
            "the text speaks of the value `{}`, and `{near}` is one of the values of `{}`",
            value.as_str(),
            field.name.value
        );
        diagnostics.push(
            Diagnostic::new(&RULE, text.span(value.range()), message)
                .label("not one of the documented values")
                .related(allowed.evidence.span, "the values")
                .help("use one spelling in both places")
                .subject("page"),
        );
    }
}
