//! Actions that make something of another kind than what they are done to: accepting an application makes an employee, and
//! checking out a cart makes an order.
//!
//! The answer tells: it looks like what another operation reads, or has a member that is named like it. That it is new is said
//! by the status 201 or by words; an answer about what was there before is none of the run's own.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::json::JsonKind;
use crate::model::{Api, Operation};

use super::words::singular;
use super::{Kind, Role, identity};

/// What an action makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Yield {
    /// What it is one of: `order`.
    pub noun: String,
    /// True if the answer is about it, and not about what the action was done to.
    pub is_answer: bool,
}

impl Yield {
    /// What an answer says about what was made.
    pub fn object(&self, body: &Value, key: &str) -> Option<Value> {
        if self.is_answer {
            return identity::object(body, key, &self.noun).map(identity::flat);
        }
        let id = format!("{}id", self.noun);
        let members = body.as_object()?.iter();
        let inner = members
            .clone()
            .filter_map(|(_, value)| value.as_object())
            .flatten();
        let mut all = members.chain(inner);
        all.find_map(|(name, value)| match value {
            Value::Object(_) if letters(name) == self.noun => Some(identity::flat(value)),
            Value::String(_) | Value::Number(_) if letters(name) == id => {
                Some(json!({ key: value }))
            }
            _ => None,
        })
    }
}

impl Role {
    /// True if the operation makes things of a noun, by itself or of something else.
    pub fn gives(&self, noun: &str) -> bool {
        self.makes(noun) || self.yields.as_ref().is_some_and(|it| it.noun == noun)
    }

    /// True if the answers are about something that was made, and not about what the request names.
    pub fn answers_with_another(&self) -> bool {
        self.yields.as_ref().is_some_and(|it| it.is_answer)
    }
}

/// Finds out what actions make.
pub(super) fn find(roles: &mut [Role], api: &Api) {
    let nouns: HashSet<&String> = roles
        .iter()
        .filter(|it| it.own_path().is_some() && it.kind != Kind::Other)
        .map(|it| &it.noun)
        .collect();
    let mut nouns: Vec<String> = nouns.into_iter().cloned().collect();
    nouns.sort_unstable();
    let found: Vec<_> = roles
        .iter()
        .zip(&api.operations)
        .map(|(role, operation)| of(role, operation, &nouns, roles, api))
        .collect();
    for (role, found) in roles.iter_mut().zip(found) {
        role.yields = found;
    }
}

fn of(
    role: &Role,
    operation: &Operation,
    nouns: &[String],
    roles: &[Role],
    api: &Api,
) -> Option<Yield> {
    if role.kind != Kind::Action || operation.endpoint.value.method != "POST" {
        return None;
    }
    role.own_path()?;
    let answer = Answered::of(operation);
    let shown = |noun: &str| {
        let all = roles.iter().zip(&api.operations);
        let mut reads = all.filter(|(it, _)| it.noun == noun && it.kind == Kind::Read);
        reads.next().map(|(_, it)| Answered::of(it))
    };
    let own = shown(&role.noun);
    let likeness = |other: Option<&Answered>| other.map_or(0, |it| answer.likeness(it));
    let own_likeness = likeness(own.as_ref());
    let mut responses = operation.responses.iter();
    let is_made = responses.any(|it| it.status.code() == Some(201));
    let others = nouns.iter().filter(|noun| **noun != role.noun);
    let mut found: Vec<_> = others
        .filter_map(|noun| {
            let is_said = says(operation, noun);
            let likeness = likeness(shown(noun).as_ref());
            let is_alike = likeness >= ALIKE && likeness > own_likeness;
            if is_alike && (is_made || is_said) {
                return Some((2, noun));
            }
            let is_told = answer.names(noun);
            // Who shows the whole of it where the read has its id alone tells of a new one.
            let is_known = own.as_ref().is_some_and(|it| {
                let is_whole = answer.references.contains(noun);
                it.references.contains(noun) || !is_whole && it.names(noun)
            });
            let is_new = is_made && (is_said || !is_known) || is_said && !is_known;
            (is_told && is_new).then_some((1, noun))
        })
        .collect();
    found.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    let (rank, noun) = found.first()?;
    let mut alike = found.iter().filter(|it| it.0 == *rank);
    alike.next();
    // What may be either is neither.
    alike.next().is_none().then(|| Yield {
        noun: (*noun).clone(),
        is_answer: *rank == 2,
    })
}

/// So many of a hundred names two answers share if they are about the same kind of thing.
const ALIKE: usize = 70;

/// The names of what an operation answers with.
struct Answered {
    names: HashSet<String>,
    /// The names of ids and of objects, at the root and one level below.
    references: HashSet<String>,
}

impl Answered {
    fn of(operation: &Operation) -> Self {
        let mut names = HashSet::new();
        let mut references = HashSet::new();
        let mut responses = operation.responses.iter();
        let Some(response) = responses.find(|it| it.status.is_success()) else {
            return Self { names, references };
        };
        // Each name, and those of what is in it.
        let by_shape = response
            .shape
            .iter()
            .flat_map(crate::model::shape::Shape::members);
        let by_shape = by_shape.map(|it| {
            let inner = it.shape.members().iter();
            (
                letters(&it.name),
                inner.map(|it| letters(&it.name)).collect::<Vec<_>>(),
            )
        });
        let mut members: Vec<_> = by_shape.collect();
        if members.is_empty() {
            let values = response.examples.iter().filter_map(|it| it.value());
            members = values
                .take(1)
                .flat_map(crate::model::json::Json::members)
                .map(|it| {
                    let is_object = matches!(it.value.kind, JsonKind::Object(_));
                    let inner = it.value.members().iter().filter(|_| is_object);
                    (letters(&it.key), inner.map(|it| letters(&it.key)).collect())
                })
                .collect();
        }
        for (name, inner) in &members {
            let is_id = |name: &&String| name.len() > 2 && name.ends_with("id");
            references.extend(
                Some(name)
                    .filter(|it| !inner.is_empty() || is_id(it))
                    .cloned(),
            );
            references.extend(inner.iter().filter(is_id).cloned());
        }
        match members.as_slice() {
            [(_, inner)] if !inner.is_empty() => names.extend(inner.iter().cloned()),
            _ => names.extend(members.into_iter().map(|(name, _)| name)),
        }
        Self { names, references }
    }

    /// How many of a hundred names two answers share, if each has an id and there are enough of them.
    fn likeness(&self, other: &Self) -> usize {
        const FEWEST: usize = 3;
        let shared = self.names.intersection(&other.names).count();
        let all = self.names.union(&other.names).count();
        let has_id = |it: &Self| it.names.iter().any(|name| name.ends_with("id"));
        if shared < FEWEST || !has_id(self) || !has_id(other) {
            return 0;
        }
        shared * 100 / all.max(1)
    }

    /// True if there is an object of that name, or an id.
    fn names(&self, noun: &str) -> bool {
        self.references.contains(noun) || self.references.contains(&format!("{noun}id"))
    }
}

/// True if the words of a page say that there is a new thing of a noun: "creates an order", "turn a quote into an order",
/// "the resulting order".
fn says(operation: &Operation, noun: &str) -> bool {
    static MAKES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:creates?|makes?|opens?|starts?|issues?|generates?|registers?|places?|produces?|spawns?|(?:turns?|converts?|transforms?)\b[^.;]*?\binto|becomes?|new(?:ly)?|resulting|created)\s+(?P<what>(?:[\w-]+\s*){1,5})",
        )
    });
    let texts = [&operation.title, &operation.description];
    let texts = texts.into_iter().flatten().map(String::as_str);
    let remarks = operation.remarks.iter().map(|it| it.value.as_str());
    let headers = operation.response_headers.iter();
    let headers = headers.map(|it| it.description.as_str());
    texts.chain(remarks).chain(headers).any(|text| {
        let mut found = MAKES.captures_iter(text);
        found.any(|found| {
            let what = found.name("what").map_or("", |it| it.as_str());
            let words = what.split_whitespace();
            let mut words = words.take_while(|it| !matches!(*it, "of" | "for" | "from" | "with"));
            words.any(|word| singular(word) == noun)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::roles;
    use super::*;
    use crate::conform::tests::documentation;

    /// What accepting an offer makes, if its page goes on like that.
    fn made(page: &str) -> Option<(String, bool)> {
        const OFFER: &str = "---\napi: GET /offers/{offer_id}\n---\n```json 200\n{\"id\": \"of_1\", \"price\": 4, \"text\": \"Oak table\", \"booking_id\": null}\n```\n";
        const BOOKING: &str = "---\napi: GET /bookings/{booking_id}\n---\n```json 200\n{\"id\": \"bk_1\", \"guest\": \"Ann\", \"nights\": 2, \"room\": 7}\n```\n";
        let page =
            format!("---\ntitle: Accept an offer\napi: POST /offers/{{offer_id}}/accept\n{page}");
        let (_, documentation) = documentation("", &[OFFER, BOOKING, &page]);
        let role = roles(&documentation.api).pop();
        role?.yields.map(|it| (it.noun, it.is_answer))
    }

    #[test]
    fn an_answer_like_another_thing_is_about_one_that_was_made() {
        let booking = Some(("booking".to_owned(), true));
        let shown = "{\"id\": \"bk_1\", \"guest\": \"Ann\", \"nights\": 2, \"room\": 7}";
        for (text, status) in [
            ("", 201),
            ("description: Turns an offer into a booking", 200),
            ("description: Makes a confirmed booking out of it", 200),
            ("description: Answers with the resulting booking", 200),
        ] {
            let page = format!("{text}\n---\n```json {status}\n{shown}\n```\n");
            assert_eq!(made(&page), booking, "{text}");
        }
        let enveloped = format!("---\n```json 201\n{{\"data\": {shown}}}\n```\n");
        assert_eq!(made(&enveloped), booking);
        // What was there before is not the run's own.
        assert_eq!(made(&format!("---\n```json 200\n{shown}\n```\n")), None);
    }

    #[test]
    fn a_member_may_name_what_was_made() {
        let booking = Some(("booking".to_owned(), false));
        for (text, body) in [
            (
                "",
                "{\"offer\": {\"id\": \"of_1\"}, \"booking\": {\"id\": \"bk_1\"}}",
            ),
            (
                "description: Creates a booking",
                "{\"booking_id\": \"bk_1\"}",
            ),
            (
                "description: Opens a new booking",
                "{\"id\": \"of_1\", \"bookingId\": \"bk_1\"}",
            ),
        ] {
            let page = format!("{text}\n---\n```json 201\n{body}\n```\n");
            assert_eq!(made(&page), booking, "{body}");
        }
        // The read of the offer has a `booking_id` as well, and nobody says that there is a new one.
        let page = "---\n```json 201\n{\"id\": \"of_1\", \"booking_id\": \"bk_1\"}\n```\n";
        assert_eq!(made(page), None);
        let own = "---\n```json 200\n{\"id\": \"of_1\", \"price\": 4, \"text\": \"Oak\", \"booking_id\": null}\n```\n";
        assert_eq!(made(own), None);
    }

    #[test]
    fn what_was_made_is_found_in_the_answer() {
        let of = |is_answer| Yield {
            noun: "booking".to_owned(),
            is_answer,
        };
        let body = json!({"data": {"id": "bk_1"}});
        assert_eq!(
            of(true).object(&body, "booking_id"),
            Some(json!({"id": "bk_1"}))
        );
        let body = json!({"offer": {"id": "of_1"}, "booking": {"id": "bk_1"}});
        assert_eq!(
            of(false).object(&body, "booking_id"),
            Some(json!({"id": "bk_1"}))
        );
        let body = json!({"id": "of_1", "bookingId": 7});
        assert_eq!(of(false).object(&body, "id"), Some(json!({"id": 7})));
    }
}
