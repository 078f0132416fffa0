//! What a request wants of the things of a list, by all of its documented parameters.

use serde_json::{Map, Value};

use super::collections::Collection;
use super::filter;
use super::list::{Asked, Parameter, SEARCH};
use super::wish::{self, Wish};
use crate::mock::credentials;

type Thing = Map<String, Value>;

/// Something that is wanted of each thing.
pub(super) enum Want<'a> {
    /// These words, in lower case.
    Words(String),
    /// A member that is so.
    Member(Wish, Vec<&'a str>),
    /// A time in the span that a parameter begins or ends.
    Within(String, &'a str, Vec<&'a str>),
    /// Members with these values.
    Expressed(Vec<(Wish, String)>),
}

impl Want<'_> {
    pub(super) fn takes(&self, thing: &Thing) -> bool {
        match self {
            Self::Words(words) => thing.values().any(|it| filter::mentions(it, words, 0)),
            Self::Member(wish, sent) => wish.takes(thing, sent),
            // What has no time is at none.
            Self::Within(time, parameter, sent) => {
                let value = thing.get(time);
                value.is_none_or(|value| filter::is_within(value.as_str(), parameter, sent))
            }
            Self::Expressed(wishes) => wishes
                .iter()
                .all(|(wish, value)| wish.takes(thing, &[value])),
        }
    }
}

/// What is wanted, and what was sent that selects nothing.
pub(super) struct Wants<'a> {
    pub(super) wants: Vec<Want<'a>>,
    pub(super) ignored: Vec<String>,
}

impl<'a> Asked<'a> {
    pub(super) fn wants<'s>(&'s self, collection: &Collection) -> Wants<'s> {
        let shown = [&collection.set, &collection.sample];
        let shown: Vec<&Thing> = shown.into_iter().chain(&collection.seeds).collect();
        let words = self.value(&SEARCH).map(|it| it.to_lowercase());
        let mut wants: Vec<Want<'s>> = words.map(Want::Words).into_iter().collect();
        let mut ignored = Vec::new();
        for parameter in &self.parameters {
            let sent = self.all_sent(parameter);
            // What comes after a time is no page.
            let is_moment =
                parameter.folded == "after" && sent.iter().any(|it| filter::is_time(it));
            if parameter.is_special() && !is_moment {
                continue;
            }
            if let Some(want) = want(parameter, sent.clone(), &shown) {
                wants.push(want);
            } else if !sent.is_empty()
                && !is_default(parameter, &sent)
                && !credentials::is_named(parameter.name)
            {
                ignored.push(parameter.name.to_owned());
            }
        }
        Wants { wants, ignored }
    }

    /// All that was sent for a parameter.
    fn all_sent<'s>(&'s self, parameter: &Parameter<'a>) -> Vec<&'s str> {
        let bare = parameter.name.trim_end_matches("[]");
        let sent = self.sent.iter();
        let sent = sent.filter(|(known, _)| known.trim_end_matches("[]") == bare);
        sent.map(|(_, value)| value.as_str()).collect()
    }
}

/// What a parameter wants of each thing, if it wants anything.
fn want<'s>(
    parameter: &'s Parameter<'_>,
    sent: Vec<&'s str>,
    shown: &[&Thing],
) -> Option<Want<'s>> {
    let is_truth = parameter.is_truth() || matches!(sent.as_slice(), ["true" | "false"]);
    let said = &parameter.field.description;
    let wish = || Wish::of(&parameter.folded, said, is_truth, shown);
    // What is the default changes nothing when it is sent: `in_stock=false` is every book.
    if sent.is_empty() || is_default(parameter, &sent) {
        let is_false = parameter.default().is_some_and(|it| it == "false");
        let wish = is_false
            .then(wish)
            .flatten()
            .filter(Wish::is_held_by_default)?;
        return Some(Want::Member(wish, vec!["false"]));
    }
    if let Some(wish) = wish() {
        return Some(Want::Member(wish, sent));
    }
    if let ("filter" | "filters" | "where", [text]) = (parameter.folded.as_str(), sent.as_slice()) {
        return wish::expressed(text, shown).map(Want::Expressed);
    }
    let time = filter::is_of_span(parameter.name, &sent).then(|| filter::time(shown));
    Some(Want::Within(time??.to_owned(), parameter.name, sent))
}

fn is_default(parameter: &Parameter<'_>, sent: &[&str]) -> bool {
    let default = parameter.default();
    default.is_some_and(|it| sent == [it.as_str()] && it != "true")
}
