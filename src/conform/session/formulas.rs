//! What pages without an endpoint say that members are computed from: "`total` is `net` plus `vat`". All answers are held
//! against it, once the run is over.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use crate::conform::judge::computed::WRONG_COMPUTATION;
use crate::conform::judge::state::Found;
use crate::conform::pattern::pattern;
use crate::model::ProseFacts;
use crate::model::formula::{self, Formula};
use crate::model::{Fact, Field, types};

use super::Session;

impl Session<'_, '_> {
    /// Looks at all things in answers.
    pub(super) fn check_formulas(&mut self) {
        let remarks = self.api.shared.remarks.iter();
        let said: Vec<(Field, Formula)> = remarks.filter_map(|it| said(&it.text)).collect();
        for (field, formula) in said {
            let wrong = self.first_shown(|_| true, |object| differs(object, &field, &formula));
            let Some((at, noun, (expected, observed))) = wrong else {
                continue;
            };
            let member = &field.name.value;
            let message = format!(
                "{} shows a `{member}` that is not what a page computes: {}",
                self.name_at(at),
                field.description
            );
            let found = Found::about(&WRONG_COMPUTATION, self.subject_of(at, member), message)
                .promised_at(Some(field.open))
                .seen(expected, observed);
            self.found(at, &noun, &format!("formula {member}"), found);
        }
    }
}

/// The member that a sentence is about, and how it is computed.
fn said(text: &Fact<String>) -> Option<(Field, Formula)> {
    static IS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:the\s+|its\s+)?`(?P<name>\w+)`\s+(?:is|equals|=)\s+(?:always\s+)?(?P<how>(?:the\s+)?`.*)$",
        )
    });
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:if|unless|when|except|until|once|before|after|at\s+least|at\s+most|or|never|but|while|only|rounded|true|false|frozen)\b",
        )
    });
    let found = IS.captures(text.value.trim())?;
    let name = found.name("name")?.as_str();
    let how = found.name("how")?.as_str();
    if OPEN.is_match(how) {
        return None;
    }
    let span = text.evidence.span;
    let field = |name: &str, description: &str| Field {
        name: Fact {
            value: name.to_owned(),
            evidence: text.evidence,
        },
        type_text: None,
        kind: types::parse(""),
        required: None,
        default: None,
        description: description.to_owned(),
        prose: ProseFacts::default().shared(),
        deprecated: false,
        variant: None,
        children: Vec::new(),
        span,
        open: span,
    };
    let names = how.split('`').skip(1).step_by(2);
    let beside: Vec<Field> = names.map(|name| field(name, "")).collect();
    let member = field(name, how);
    let formula = formula::of_members(&member, &beside)?;
    let is_sum = matches!(formula, Formula::Expression(_));
    (is_sum && beside.len() > 1).then_some((member, formula))
}

/// What a member of an object was to be and what it is, if the object has all of the formula.
fn differs(object: &Value, field: &Field, formula: &Formula) -> Option<(String, String)> {
    let members = object.as_object()?;
    let member = members.get(&field.name.value)?;
    formula::differs(formula, field, &flat(members), member)
}

/// An object with the numbers of the objects in it, where their names are used once.
fn flat(members: &Map<String, Value>) -> Value {
    let mut all = members.clone();
    let inner = members.values().filter_map(Value::as_object);
    let mut twice = Vec::new();
    for (name, value) in inner.flatten().filter(|(_, it)| it.is_number()) {
        if all.insert(name.clone(), value.clone()).is_some() {
            twice.push(name.clone());
        }
    }
    for name in twice {
        match members.get(&name) {
            Some(own) => all.insert(name, own.clone()),
            None => all.remove(&name),
        };
    }
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conform::session::shown::inside;
    use crate::conform::tests::documentation;

    fn wrong(sentence: &str, body: &Value) -> Option<(String, String)> {
        let guide = format!("---\ntitle: Numbers\n---\n\n{sentence}\n");
        let (_, documentation) = documentation("", &["---\napi: GET /jars/{id}\n---\n", &guide]);
        let mut remarks = documentation.api.shared.remarks.iter();
        let (field, formula) = remarks.find_map(|it| said(&it.text))?;
        inside(body, 0, &|object: &Value| differs(object, &field, &formula))
    }

    #[test]
    fn guides_say_what_members_are_computed_from() {
        let jar = json!({"worth": 30, "price": 5, "stock": {"full": 6, "empty": 2}});
        for text in [
            "`worth` is `full` times `price`, in cents.",
            "The `worth` is `price` × `full`.",
            "`worth` equals `full` multiplied by `price`.",
        ] {
            assert_eq!(wrong(text, &jar), None, "{text}");
            let other =
                json!({"items": [{"worth": 40, "price": 5, "stock": {"full": 6, "empty": 2}}]});
            assert!(wrong(text, &other).is_some(), "{text}");
        }
        for text in [
            "`worth` is `full` times `price` unless the jar is `broken`.",
            "`worth` is `full` or `price`.",
            "`worth` is at least `full` times `price`.",
        ] {
            let other = json!({"worth": 40, "price": 5, "full": 6});
            assert_eq!(wrong(text, &other), None, "{text}");
        }
    }
}
