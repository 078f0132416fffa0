//! A field has no type.
//!
//! Other products with the same components write `param-type` and `field-type`; the platform reads only `type`.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};

use super::Place;

pub(super) static RULE: Rule = Rule {
    name: "field-without-type",
    severity: Severity::Warning,
    summary: "a field has no `type`",
};

pub(super) fn check(place: &Place<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let field = place.field;
    let has_type = field
        .attribute("type")
        .is_some_and(|it| !is_blank(it.value.as_str()));
    let spreads = field.attributes.iter().any(|it| it.name.is_empty());
    // Named by a status, it is a heading for the fields in it.
    let name = field.name().map_or("", |(name, _)| name);
    let is_status = field.is_response()
        && name
            .get(..3)
            .is_some_and(|start| start.bytes().all(|it| it.is_ascii_digit()));
    // `*` and `...` are no names: such a field is a remark, and nothing is lost with it.
    let is_remark = !name.is_empty() && !name.chars().any(char::is_alphanumeric);
    if has_type || spreads || is_status || is_remark || field.name().is_none() {
        return;
    }
    let place_of_name = field.name().map_or(field.open, |(_, span)| span);
    let dropped = match count(field) {
        0 => String::new(),
        1 => " and the field in it".to_owned(),
        more => format!(" and the {more} fields in it"),
    };
    let message = format!("`{name}` has no type, so the platform drops it{dropped}");
    diagnostics.push(
        Diagnostic::new(&RULE, place_of_name, message)
            // The page shows it all the same, and nobody fills it in.
            .severity(if field.is_response() {
                Severity::Info
            } else {
                RULE.severity
            })
            .label("no `type`")
            .help("add `type`, such as `type=\"string\"`")
            .subject(place.subject.clone())
            .cause(Cause::on_page("").of(
                format!("`{name}`"),
                "{} have no type, so the platform drops them and all fields in them",
                "add `type`, such as `type=\"string\"`",
            )),
    );
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.trim().is_empty())
}

fn count(field: &crate::model::WrittenField<'_>) -> usize {
    field.children.iter().map(|child| 1 + count(child)).sum()
}
