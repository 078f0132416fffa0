//! The same request once more, where the page says that the second one is refused: "is lent already", "exists already".

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::judge::refusal::UNEXPECTED_REFUSAL;
use crate::conform::judge::state::{self, Found};
use crate::conform::judge::words_about;
use crate::conform::message::describe_status;
use crate::conform::pattern::pattern;
use crate::conform::plan::input;
use crate::conform::plan::{Item, Variant};
use crate::conform::said::{outcomes, promises};
use crate::model::Status;

use super::plainly::refuses_repeats;
use crate::conform::session::{Exchange, Session};

/// What a request is called that was sent before.
pub(in crate::conform::session) const WORDS: &str = "the same request again";

/// The status of what cannot be done any more.
const CONFLICT: u16 = 409;

impl Session<'_, '_> {
    /// A create that makes what exists already.
    pub(in crate::conform::session) fn create_again(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let index = exchange.item.operation;
        let is_example = matches!(exchange.item.variant, Variant::Example);
        let is_keyed = exchange
            .item
            .request
            .headers
            .iter()
            .any(|(name, _)| letters(name).contains("idempotency"));
        let Some(text) = self.conflict(index).filter(|_| is_example) else {
            return;
        };
        if self.promises_once(at) {
            self.once_more(at);
            return;
        }
        // What is to be there once only is what the text names, if it names an input.
        let sent = exchange.item.draft.content().unwrap_or_default();
        let inputs = self.operation(index).map(input::inputs).unwrap_or_default();
        // The keys of an example are no words: `{"title": "this slug is taken"}` names the slug.
        let lines = self.operation(index);
        let lines = lines.map(|it| promises::lines_about(it, CONFLICT));
        let lines = lines.filter(|it| !it.is_empty());
        let mut lines = lines.unwrap_or_else(|| vec![text.clone()]);
        // That a key was used before says nothing of a request with another one.
        lines.retain(|line| !is_keyed || !line.contains("idempot") && !line.contains("key"));
        let lines = lines.join("\n");
        let text = if is_keyed { lines.clone() } else { text };
        let is_word = |name: &str| {
            let mut words = lines.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.any(|word| word == name.to_lowercase())
        };
        let mut named = inputs.iter().filter(|it| is_word(&it.name)).peekable();
        let is_sent = named.peek().is_none() || named.any(|it| sent.contains_key(&it.name));
        if is_sent && says_unique(&text) {
            self.once_more(at);
            self.in_other_case(at);
        }
    }

    /// The same again with a text in the other case, where the page says that case does not matter.
    fn in_other_case(&mut self, at: usize) {
        let Some(mut item) = self.exchanges.get(at).map(|it| it.item.clone()) else {
            return;
        };
        let Some(operation) = self.operation(item.operation) else {
            return;
        };
        let texts: Vec<String> = promises::sentences(operation)
            .filter(|text| outcomes::is_blind_to_case(text))
            .map(|text| text.to_lowercase())
            .collect();
        let inputs = input::inputs(operation).into_iter();
        let mut sent: Vec<(input::Input, String)> = inputs
            .filter(|it| it.place == input::Place::Body && it.shape.constraints.allowed.is_none())
            .filter_map(|it| {
                let text = item.draft.value(&it)?.as_str()?.to_owned();
                text.chars().any(char::is_lowercase).then_some((it, text))
            })
            .collect();
        let is_named = |(input, text): &(input::Input, String)| {
            let is_own = outcomes::is_blind_to_case(&input.description);
            is_own
                || texts.iter().any(|it| {
                    it.contains(&input.name.to_lowercase())
                        || text.contains('@') && (it.contains("mail") || it.contains("address"))
                })
        };
        sent.retain(is_named);
        let [(input, text)] = sent.as_slice() else {
            return;
        };
        if !item
            .draft
            .set(input, Some(&Value::from(text.to_uppercase())))
        {
            return;
        }
        item.variant = Variant::Step("the same in capital letters");
        let item = Item::new(item.operation, item.variant, item.draft);
        let index = item.operation;
        let Some(again) = self.exchange(item).filter(|at| self.has_succeeded(*at)) else {
            return;
        };
        self.keep(again);
        let status = self.exchanges.get(again).and_then(Exchange::status);
        let noun = self
            .role(index)
            .map(|role| role.noun.clone())
            .unwrap_or_default();
        let message = format!(
            "{} with `{}` in capital letters is accepted a second time, and the page says that case does not matter",
            operation.name(),
            input.name
        );
        let found = Found::about(&state::ACCEPTED_AGAIN, input.subject(), message)
            .promised_at(Some(input.span))
            .seen(
                describe_status(CONFLICT),
                describe_status(status.unwrap_or_default()),
            );
        self.found(again, &noun, &format!("{index} in other case"), found);
    }

    /// An action on what is at the end of it already.
    pub(in crate::conform::session) fn act_again(
        &mut self,
        at: usize,
        before: &Value,
        after: &Value,
    ) {
        const WORDS: &[&str] = &["already", "again", "twice", "only once", "second time"];
        const LIMITS: &[&str] = &["not ", "only ", "unless "];
        let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
            return;
        };
        let Some(text) = self.conflict(index) else {
            return;
        };
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if self.is_of_other_stage(index, &text, before, after) {
            return;
        }
        let members = before.as_object().into_iter().flatten();
        // "The event is not a draft": what it was is the only stage that the action is for.
        let mut stages = members.filter(|(name, value)| after.get(*name) != Some(*value));
        let is_left = stages.any(|(_, value)| {
            let stage = value.as_str().unwrap_or_default().to_lowercase();
            stage.len() > 3 && text.contains(&stage) && has(LIMITS)
        });
        if has(WORDS) || is_left {
            self.once_more(at);
        }
    }

    /// True if what the page says of a conflict is about another stage than those that the action leads from and to:
    /// "`already_done`" says nothing of what is cancelled.
    fn is_of_other_stage(&self, index: usize, text: &str, before: &Value, after: &Value) -> bool {
        let Some(noun) = self.role(index).map(|role| role.noun.clone()) else {
            return false;
        };
        let members = after.as_object().into_iter().flatten();
        let mut changed = members.filter(|(name, value)| before.get(*name) != Some(*value));
        changed.any(|(name, now)| {
            let (Some(stages), Some(now)) = (self.stages(&noun, name), now.as_str()) else {
                return false;
            };
            let old = before.get(name).and_then(Value::as_str);
            let named: Vec<_> = stages
                .iter()
                .filter(|it| promises::names_stage(&text.replace('_', " "), it))
                .collect();
            let is_known = |it: &&String| it.as_str() == now || Some(it.as_str()) == old;
            !named.is_empty() && !named.iter().any(is_known)
        })
    }

    /// What the page says about a conflict.
    fn conflict(&self, index: usize) -> Option<String> {
        let operation = self.operation(index)?;
        let mut codes = operation.responses.iter().map(|it| it.status.code());
        let is_documented = codes.any(|code| code == Some(CONFLICT));
        let text = words_about(operation, CONFLICT);
        (is_documented || !text.is_empty()).then_some(text)
    }

    /// What was accepted and is refused the second time, with the status of wrong values where the page has one of its own for
    /// what was done already.
    fn check_other_refusal(&mut self, again: usize) {
        let Some((index, operation, role)) = self.about(again) else {
            return;
        };
        let status = self.exchanges.get(again).and_then(Exchange::status);
        let own = operation.endpoint.evidence.span.file;
        let mut responses = operation.responses.iter();
        let is_stated = responses.any(|it| match &it.status {
            Status::Code(code) => code.value == CONFLICT && code.evidence.span.file == own,
            _ => false,
        });
        let mut remarks = operation.remarks.iter();
        let code = CONFLICT.to_string();
        let is_own =
            is_stated || remarks.any(|it| it.evidence.span.file == own && it.value.contains(&code));
        let Some(status) = status.filter(|it| matches!(it, 400 | 422)) else {
            return;
        };
        if !is_own || says_repeated(&words_about(operation, status)) {
            return;
        }
        let message = format!(
            "{} sent a second time is answered with {} in place of {}",
            operation.name(),
            describe_status(status),
            describe_status(CONFLICT)
        );
        let noun = role.noun.clone();
        let found = Found::about(&UNEXPECTED_REFUSAL, "endpoint", message)
            .seen(describe_status(CONFLICT), describe_status(status));
        self.found(again, &noun, &format!("{index} again"), found);
    }

    fn once_more(&mut self, at: usize) {
        let Some(mut item) = self.exchanges.get(at).map(|it| it.item.clone()) else {
            return;
        };
        // With the same key the first answer would come back.
        if item.draft.idempotency_key().is_some() {
            item.draft.renew_idempotency_key(self.exchanges.len());
        }
        let item = Item::new(item.operation, Variant::Step(WORDS), item.draft);
        let index = item.operation;
        let Some(again) = self.exchange(item) else {
            return;
        };
        if !self.exchanges.get(again).is_some_and(|it| it.is_success) {
            self.check_other_refusal(again);
            return;
        }
        self.keep(again);
        let status = self.exchanges.get(again).and_then(Exchange::status);
        let name = self.name_of(index);
        let noun = self
            .role(index)
            .map(|role| role.noun.clone())
            .unwrap_or_default();
        let message = format!(
            "{name} sent a second time is accepted, and the page says that it is refused then"
        );
        let found = Found::about(&state::ACCEPTED_AGAIN, "endpoint", message).seen(
            describe_status(CONFLICT),
            describe_status(status.unwrap_or_default()),
        );
        let is_plain = self.operation(index).is_some_and(refuses_repeats);
        let found = found.plain_if(is_plain);
        self.found(again, &noun, &format!("{index} again"), found);
    }
}

/// True if the words about a conflict, in lower case, say that something is to be there once.
///
/// What is taken from somewhere, and what is not taken, says nothing of that.
pub(super) fn says_unique(words: &str) -> bool {
    static TAKEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?x)(?P<denied>\b(?:no|nothing|none|not|never|without)\b[^.;\n]*?)?
            (?:[_-]taken\b | \balready\s+taken\b | \b(?:is|are|was|were|been|\w+)\s+taken\s*(?:$|[.,;:)"'\n]|(?:by|if|when|and|or)\b)
            | \bexists\b)"#,
        )
    });
    const WORDS: &[&str] = &["already", "duplicate", "unique", "in use"];
    WORDS.iter().any(|word| words.contains(word))
        || TAKEN
            .captures_iter(words)
            .any(|found| found.name("denied").is_none())
}

/// True if the words about a status say that it is for what was done, or is there, already.
fn says_repeated(words: &str) -> bool {
    const WORDS: &[&str] = &[
        "already",
        "again",
        "taken",
        "duplicate",
        "in use",
        "second time",
        "twice",
        "once",
        "unique",
        "wrong state",
        "not in a state",
        "status of the",
        "conflict",
    ];
    WORDS.iter().any(|word| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_once_is_told_from_what_is_taken_away() {
        for text in [
            "409 if the name is taken.",
            r#"{"error": {"code": "slug_taken", "message": "no."}}"#,
            "such a label exists.",
            r#"{"message": "this number is already taken"}"#,
        ] {
            assert!(says_unique(text), "{text}");
        }
        for text in [
            "if there is too little, nothing is taken, and the answer is 409.",
            "what is sold is taken from the stock; 409 if that is too little.",
            "409 if no such shelf exists.",
        ] {
            assert!(!says_unique(text), "{text}");
        }
    }

    #[test]
    fn statuses_of_what_is_there_already_are_told_by_their_words() {
        for text in [
            "400 the key is taken.",
            "422 `name` has to be unique.",
            "400 the order was paid already",
            "{\"code\": \"duplicate_name\"}",
            "400 the entry is in the wrong state",
        ] {
            assert!(says_repeated(text), "{text}");
        }
        for text in ["400 the body is not json.", "422 a value is missing.", ""] {
            assert!(!says_repeated(text), "{text}");
        }
    }
}
