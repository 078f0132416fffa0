//! What answers of lists had to leave out, in whatever request a filter was sent.
//!
//! A filter that was sent for another reason, such as that the page promises to accept each of its values, is as good as one
//! that was sent to see what it does: nothing more is asked for.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::judge::effect::{self, Effect, Relation};
use crate::conform::judge::list;
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{Input, Place};
use crate::conform::plan::{Phase, sample};
use crate::model::shape::ShapeKind;

use super::pages::{List, Walk};
use crate::conform::session::Session;

impl Session<'_, '_> {
    /// The items of every accepted list pass the filters that it was asked for with.
    pub(in crate::conform::session) fn check_heeded(&mut self) {
        if !self.is_stateful() || self.is_mock {
            return;
        }
        for at in 0..self.exchanges.len() {
            let Some(exchange) = self.exchanges.get(at) else {
                return;
            };
            let index = exchange.item.operation;
            let is_list = self.role(index).is_some_and(|it| it.kind == Kind::List);
            let phase = exchange.item.variant.phase();
            let is_promised = matches!(phase, Phase::Examples | Phase::Positive);
            if !is_list || !exchange.is_success || !is_promised {
                continue;
            }
            if let Some(list) = self.list(index) {
                self.check_heeded_in(&list, at);
            }
        }
    }

    fn check_heeded_in(&mut self, list: &List<'_>, at: usize) {
        let Some(exchange) = self.exchanges.get(at).cloned() else {
            return;
        };
        let items = list::items(list.operation, exchange.body.as_ref());
        let items: Vec<Value> = items.into_iter().cloned().collect();
        for input in list.inputs.iter().filter(|it| it.place == Place::Query) {
            let Some(sent) = exchange.item.draft.value(input) else {
                continue;
            };
            let Effect::Filter(member, relation) = effect::effect(input, &items) else {
                continue;
            };
            if !self.is_telling(list, input, &member, relation, &sent) {
                continue;
            }
            let passes = |item: &&Value| effect::passes(item, &member, relation, &sent);
            let wrong = items.iter().filter(|item| !passes(item)).count();
            if wrong == 0 {
                continue;
            }
            let text = sample::plain(&sent);
            let observed = format!("{wrong} of {} items with another `{member}`", items.len());
            let expected = format!("only items whose `{member}` fits `{text}`");
            let found = unheeded(list, input, &text, (expected, observed));
            self.found(at, &list.noun, &input.subject(), found);
        }
    }

    /// True if a value asks for something that an item may have; `all`, `0`, and `false` may ask for nothing.
    fn is_telling(
        &self,
        list: &List<'_>,
        input: &Input,
        member: &str,
        relation: Relation,
        sent: &Value,
    ) -> bool {
        let text = sample::plain(sent);
        match sent {
            _ if text.is_empty() || text == "0" || text.contains([',', '*', '|']) => false,
            _ if matches!(input.shape.kind, ShapeKind::Array(_)) => false,
            _ if text == "false" => asks_with_false(&input.description),
            _ if text == "true" => true,
            Value::String(_) if matches!(relation, Relation::Is | Relation::IsNot) => {
                self.may_be_had(&list.noun, member, &text)
            }
            Value::String(_) | Value::Number(_) => true,
            _ => false,
        }
    }

    /// True if things of a noun are known to have such a value, or the pages say that they may.
    fn may_be_had(&self, noun: &str, member: &str, text: &str) -> bool {
        let own = self.store.own(noun);
        let mut had = own
            .iter()
            .filter_map(|it| effect::at(&it.object, member))
            .map(sample::plain);
        let documented = self.stages(noun, member);
        let mut documented = documented.iter().flatten();
        had.any(|it| it == text) || documented.any(|it| it == text)
    }

    /// "`false` inactive ones only": the other value of a switch leaves out what the first one leaves.
    pub(super) fn check_off(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
        (member, relation): (&str, Relation),
    ) {
        let is_switch = matches!(input.shape.kind, ShapeKind::Boolean);
        if is_switch && relation == Relation::Is && asks_with_false(&input.description) {
            let telling = effect::Telling {
                value: Value::Bool(false),
                is_promised: true,
            };
            self.check_filter_by(list, all, input, (member, relation), telling);
        }
    }

    /// What is listed with a switch on is not listed with it off, where the page says what each of the two leaves.
    pub(in crate::conform::session) fn check_split(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
    ) {
        let with = |value: &str| vec![(input.name.clone(), value.to_owned())];
        let Some(on) = self.walk(list, list.largest(), &with("true")) else {
            return;
        };
        let Some(off) = self.walk(list, list.largest(), &with("false")) else {
            return;
        };
        let (Some(at), known) = (off.exchanges.first().copied(), on.ids(list)) else {
            return;
        };
        let both = off.ids(list).into_iter().filter(|id| known.contains(id));
        let both: Vec<String> = both.collect();
        let Some(first) = both.first() else {
            return;
        };
        let message = format!(
            "{} lists `{first}` with `{}` as `true` and as `false`",
            list.operation.name(),
            input.name
        );
        let found = Found::about(&state::INPUT_WITHOUT_EFFECT, input.subject(), message)
            .promised_at(input.span)
            .seen(
                "each item with one of the two",
                format!("{} of {} items with both", both.len(), all.items.len()),
            )
            .weak_if(true);
        self.found(at, &list.noun, &input.subject(), found);
    }
}

/// The finding for a list that is not what a filter asks for.
pub(super) fn unheeded(
    list: &List<'_>,
    input: &Input,
    text: &str,
    (expected, observed): (String, String),
) -> Found {
    let message = format!(
        "{} with `{}` as `{text}` answers with {observed}",
        list.operation.name(),
        input.name
    );
    Found::about(&state::INPUT_WITHOUT_EFFECT, input.subject(), message)
        .promised_at(input.span)
        .seen(expected, observed)
}

/// The text without what it says of a default: "Default `false`."
fn without_default(text: &str) -> String {
    static DEFAULT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bdefaults?(?:\s+(?:is|to|value|of))*\s*:?\s*`?(?:true|false)`?|`?(?:true|false)`?\s+(?:by\s+default|is\s+the\s+default|\(default\))",
        )
    });
    DEFAULT.replace_all(text, "").into_owned()
}

/// True if the text says what `false` asks for: "`false` returns inactive ones only."
fn asks_with_false(text: &str) -> bool {
    static FALSE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bfalse\b"));
    FALSE.is_match(&without_default(text)) && !widens(text)
}

/// True if the text says what each of the two values of a switch leaves: no item is left by both.
pub(super) fn splits(input: &Input) -> bool {
    static TRUE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\btrue\b"));
    let is_switch = matches!(input.shape.kind, ShapeKind::Boolean);
    let text = &input.description;
    is_switch && asks_with_false(text) && TRUE.is_match(&without_default(text))
}

/// True if one of the values only adds to what is listed anyway.
fn widens(text: &str) -> bool {
    static WIDENS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:includ\w+|also|as\s+well|all|every\w*|any|regardless|whether\s+or\s+not|no\s+(?:filter|effect)|ignored?|same\s+as|expand\w*|embed\w*|details?|sort\w*|order\w*|count\w*|totals?|paginat\w*)\b",
        )
    });
    // "By default all are listed" is about neither.
    static NEITHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)[^.;]*\b(?:by\s+default|default\s*:|if\s+(?:it\s+is\s+)?(?:omitted|left\s+out|absent|missing|not\s+(?:sent|given|set))|when\s+(?:it\s+is\s+)?(?:omitted|left\s+out|absent|missing)|without\s+it|leave\s+it\s+out|omit)\b[^.;]*",
        )
    });
    WIDENS.is_match(&NEITHER.replace_all(text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn false_asks_for_something_where_the_text_says_so() {
        for text in [
            "`true` returns active slots only, `false` inactive slots only. Both are returned by default.",
            "With `true`, returns only wines with a stock. With `false`, returns only wines with a stock of zero.",
            "`true` for open ones, `false` for closed ones. All are listed if it is omitted.",
            "true: paid only; false: unpaid only",
            "Only those that are (`true`) or are not (`false`) archived.",
        ] {
            assert!(asks_with_false(text), "{text}");
        }
        for text in [
            "Only active ones. Default: `false`.",
            "`true` includes archived ones, `false` leaves them out.",
            "Set to `true` to list archived ones. `false` by default.",
            "`true` for archived ones, `false` for all.",
            "Whether archived ones are listed as well. `false` means they are not.",
            "`false` has no effect.",
        ] {
            assert!(!asks_with_false(text), "{text}");
        }
    }
}
