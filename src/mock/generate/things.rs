//! Things that a page names and does not describe, as another page shows them: `User`, "List of `User` objects", and
//! objects without members.

use serde_json::{Map, Value};

use crate::mock::state::make;
use crate::mock::words;
use crate::model::shape::{Member, Shape};
use crate::model::types::Format;

use super::{At, Generator, fits, listed, plain_text, sent};

/// Words at the end of the names of types that say nothing of what kind a thing is.
const ENDINGS: [&str; 16] = [
    "object", "objects", "dto", "model", "schema", "response", "resource", "entity", "profile",
    "details", "detail", "info", "summary", "data", "type", "out",
];

/// Words at the end of the names of types that are texts or numbers.
const SCALARS: [&str; 36] = [
    "status",
    "state",
    "type",
    "kind",
    "role",
    "id",
    "uuid",
    "guid",
    "ulid",
    "date",
    "time",
    "datetime",
    "timestamp",
    "currency",
    "color",
    "colour",
    "code",
    "country",
    "language",
    "locale",
    "url",
    "uri",
    "email",
    "enum",
    "level",
    "mode",
    "priority",
    "scope",
    "decimal",
    "amount",
    "timezone",
    "frequency",
    "interval",
    "format",
    "text",
    "snowflake",
];

impl Generator<'_> {
    /// A value where any kind may stand.
    pub(super) fn untyped(&self, shape: &Shape, at: &At<'_>, format: Option<&Format>) -> Value {
        if let Some(thing) = self.thing(at) {
            return thing;
        }
        if self.names_object(at) {
            return Value::Object(Map::new());
        }
        let suggested = at.suggested().filter(|value| fits(shape, value));
        let suggested = suggested.filter(|it| !(it.is_number() && self.is_shown_as_text(at)));
        suggested.unwrap_or_else(|| self.text(shape, at, format))
    }

    /// True where the site shows texts under that name, or one is sent: no number stands there.
    fn is_shown_as_text(&self, at: &At<'_>) -> bool {
        let lexicon = self.circumstances.lexicon;
        let shown = lexicon.map_or(&[][..], |it| it.values(at.name));
        shown.first().is_some_and(Value::is_string)
    }

    /// A member of a thing that is read, as the examples of other pages show it of the same thing.
    pub(super) fn as_shown(
        &self,
        member: &Member,
        noun: &str,
        id: Option<&Value>,
    ) -> Option<Value> {
        // Whoever asks for other values gets them.
        let is_asked = self.circumstances.seed != 0;
        let is_read = !is_asked && self.circumstances.operation.starts_with("GET ");
        let lexicon = self.circumstances.lexicon.filter(|_| is_read)?;
        let value = lexicon.known(noun, &plain_text(id?))?.get(&member.name)?;
        fits(&member.shape, value).then(|| value.clone())
    }

    /// An object of which no members are documented.
    pub(super) fn bare(&self, at: &At<'_>) -> Value {
        let listed = listed::members(at.text);
        if !listed.is_empty() {
            return self.object(&listed, at);
        }
        let thing = self
            .thing(at)
            .or_else(|| self.of_kind(&[at.noun.to_owned()], at));
        thing.unwrap_or_else(|| self.object(&[], at))
    }

    /// A thing as another page shows it, where the type is its name or the text speaks of such objects: "List of
    /// [User](/user) objects."
    pub(super) fn thing(&self, at: &At<'_>) -> Option<Value> {
        self.of_kind(&[of_type(at.named), of_text(at.text)].concat(), at)
    }

    fn of_kind(&self, nouns: &[String], at: &At<'_>) -> Option<Value> {
        let lexicon = self.circumstances.lexicon?;
        let thing = nouns.iter().find_map(|noun| lexicon.thing(noun))?;
        let mut thing = thing.clone();
        if let Value::Object(members) = &mut thing {
            self.identify(members, at);
        }
        Some(thing)
    }

    /// Gives a thing of another page the id and the values that the request is about.
    fn identify(&self, members: &mut Map<String, Value>, at: &At<'_>) {
        let captured = self.circumstances.captured.last();
        let operation = self.circumstances.operation;
        let last = operation.rsplit('/').next().unwrap_or_default();
        let ends_there = last.starts_with(':') || last.ends_with('}');
        let named = captured.filter(|_| at.is_subject && ends_there);
        let is_new = at.is_subject && operation.starts_with("POST ") && named.is_none();
        for name in ["id", "_id", "uuid"] {
            let Some(id) = members.get_mut(name) else {
                continue;
            };
            if let Some((_, own)) = named {
                let number = own.parse::<i64>().ok().filter(|_| id.is_number());
                *id = number.map_or_else(|| own.as_str().into(), Value::from);
            } else if at.index.is_some() || is_new {
                *id = make::id(id, at.seed);
            }
        }
        for (name, value) in self.sent.iter().filter(|_| at.is_subject) {
            let mut own = members.iter_mut();
            let own = own.find(|(known, _)| words::folded(known) == words::folded(name));
            if let Some((_, shown)) = own
                && (shown.is_null() || sent::are_alike(shown, value))
            {
                shown.clone_from(value);
            }
        }
    }

    /// True if the name of the type is that of an object of which nothing is known: a text would be wrong.
    pub(super) fn names_object(&self, at: &At<'_>) -> bool {
        let parts = words::parts(at.named);
        let last = parts.last().map_or("", String::as_str);
        let is_name = at.named.starts_with(char::is_uppercase)
            && at.named.contains(char::is_lowercase)
            && !SCALARS.contains(&last);
        is_name && !self.is_shown_as_text(at) && plain_text(&at.named.into()) != "String"
    }
}

/// What kinds of things the name of a type may mean: `user` for `User` and `UserResponse`.
fn of_type(name: &str) -> Vec<String> {
    let mut parts = words::parts(name.rsplit('.').next().unwrap_or_default());
    let mut nouns = vec![parts.concat()];
    while parts.len() > 1
        && parts
            .last()
            .is_some_and(|it| ENDINGS.contains(&it.as_str()))
    {
        parts.pop();
        nouns.push(parts.concat());
    }
    nouns.extend(parts.last().map(|it| words::singular(it)));
    nouns.retain(|noun| !noun.is_empty());
    nouns
}

/// The kind of things that a text speaks of: "The updated deal object", "Array of `Deal` objects".
fn of_text(text: &str) -> Vec<String> {
    let words: Vec<String> = words::parts_of_text(&super::computed::unlinked(text));
    let mut words = words.windows(2);
    let found = words.find(|pair| matches!(pair, [_, it] if it == "object" || it == "objects"));
    let noun = found.and_then(|pair| pair.first());
    noun.map(|noun| words::singular(noun)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_types_are_kinds_of_things() {
        assert_eq!(of_type("User"), ["user", "user"]);
        assert_eq!(of_type("UserResponse"), ["userresponse", "user", "user"]);
        assert_eq!(of_type("BillingPlan"), ["billingplan", "plan"]);
        assert_eq!(of_type("v2.Order"), ["order", "order"]);
        assert!(of_type("").is_empty());
    }

    #[test]
    fn texts_name_kinds_of_objects() {
        assert_eq!(of_text("The updated deal object with all fields"), ["deal"]);
        assert_eq!(of_text("List of [User](/models/user) objects."), ["user"]);
        assert!(of_text("Object of any kind").is_empty());
    }
}
