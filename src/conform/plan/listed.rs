//! Values of inputs that a table of the page lists: "One of the reasons in the table". Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Fact, Listed};

/// Gives the shape of an input the values of the table that has its name, if its text speaks of a list.
pub(super) fn give(name: &str, description: &str, shape: &mut Shape, listed: &[Listed]) {
    let own = letters(name);
    let is_it = |it: &&Listed| {
        let title = letters(&it.name);
        title == own || own.strip_suffix('s') == Some(title.as_str())
    };
    let mut tables = listed.iter().filter(is_it);
    let (Some(table), None) = (tables.next(), tables.next()) else {
        return;
    };
    let shape = match &mut shape.kind {
        ShapeKind::Array(items) => items.as_mut(),
        _ => shape,
    };
    let is_open = shape.kind == ShapeKind::String
        && shape.constraints.allowed.is_none()
        && shape.constraints.format.is_none()
        && shape.constraints.pattern.is_none();
    let Some(first) = table
        .values
        .first()
        .filter(|_| is_open && speaks_of_list(description))
    else {
        return;
    };
    let values = table.values.iter().map(|it| Value::from(it.value.as_str()));
    shape.constraints.allowed = Some(Fact {
        value: values.collect(),
        evidence: first.evidence,
    });
}

fn speaks_of_list(text: &str) -> bool {
    static LIST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:one|some|any)\s+(?:or\s+more\s+)?of\s+(?:the|these|those)\s[^.;]*\b(?:tables?|lists?|listed|below|above|following|here|supported|allowed|possible|available)\b
            | \b(?:values?|options?|one|those)\s+(?:\w+\s+)?(?:in|from|of)\s+the\s+(?:\w+\s+)?(?:table|list)\b
            | \b(?:as|is|are)\s+(?:listed|given|shown)\s+in\s+the\s+(?:table|list)\b
            | \b(?:see|take\s+one\s+from)\s+the\s+(?:table|list)\s+(?:below|above)\b",
        )
    });
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:for\s+example|such\s+as|e\.g|or\s+any\s+other|or\s+your\s+own|custom|others?\s+are|free\s+text)\b",
        )
    });
    LIST.is_match(text) && !OPEN.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_speak_of_a_list_of_values() {
        for text in [
            "One of the five reasons in the table.",
            "At least one of the events above.",
            "Media type of the file, one of the [supported types](#supported-types).",
            "One or more of the kinds listed below.",
            "A value from the table.",
            "As given in the table.",
            "See the table below.",
        ] {
            assert!(speaks_of_list(text), "{text}");
        }
        for text in [
            "The reason.",
            "One of the reasons of the customer.",
            "One of the kinds listed below, or your own.",
            "A name, such as those in the table.",
        ] {
            assert!(!speaks_of_list(text), "{text}");
        }
    }

    #[test]
    fn a_table_with_the_name_of_the_field_lists_its_values() {
        let page = |text: &str, head: &str, last: &str| {
            format!(
                "---\napi: POST /books\n---\n\n<ParamField body=\"reason\" type=\"string\" required>\n{text}\n</ParamField>\n\n| {head} | When |\n| --- | --- |\n| `lost` | Gone. |\n| `torn`, `wet` | Spoilt. |\n{last}"
            )
        };
        let values = |page: &str| {
            let (_, documentation) = crate::conform::tests::documentation("", &[page]);
            let inputs = crate::conform::plan::input::inputs(&documentation.api.operations[0]);
            let allowed = inputs[0].shape.constraints.allowed.as_ref();
            allowed.map(|it| it.value.len())
        };
        let text = "One of the reasons in the table.";
        assert_eq!(values(&page(text, "`reason`", "")), Some(3));
        assert_eq!(values(&page(text, "Reason", "")), Some(3));
        assert_eq!(values(&page(text, "Code", "")), None);
        assert_eq!(values(&page("Why.", "`reason`", "")), None);
        assert_eq!(values(&page(text, "`reason`", "| others | … |\n")), None);
    }
}
