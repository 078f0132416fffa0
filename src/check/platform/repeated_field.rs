//! A field is documented twice in one place.
//!
//! Alternatives are no repetition: fields below different headings or lines that end in a colon, or in different tabs.

use std::collections::HashMap;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::WrittenField;

pub(super) static RULE: Rule = Rule {
    name: "repeated-field",
    severity: Severity::Warning,
    summary: "a field is documented twice in one place",
};

pub(super) fn check(
    fields: &[WrittenField<'_>],
    around: Option<&str>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut first: HashMap<(String, u32), &WrittenField<'_>> = HashMap::new();
    for field in fields {
        let subject = field.subject(around);
        check(&field.children, Some(&subject), diagnostics);
        let Some((name, span)) = field.name().filter(|(name, _)| !name.is_empty()) else {
            continue;
        };
        let key = (subject.clone(), field.part);
        let Some(known) = first.get(&key) else {
            first.insert(key, field);
            continue;
        };
        // A snippet that is used twice is where it is used, not what it says.
        if known.open == field.open {
            continue;
        }
        let known_span = known.name().map_or(known.open, |(_, span)| span);
        let message =
            format!("`{name}` is documented twice, and the platform keeps the second one only");
        diagnostics.push(
            Diagnostic::new(&RULE, span, message)
                .label("documented again")
                .related(known_span, "documented here first")
                .help("remove one of them, or correct its name")
                .subject(subject)
                .cause(Cause::on_page(around.unwrap_or_default()).of(
                    format!("`{name}`"),
                    "{} are documented twice, and the platform keeps the second of each only",
                    "remove one of each, or correct their names",
                )),
        );
    }
}
