//! Where a new thing is, as headers and members of an answer say it.
//!
//! The page shows where the thing of the example is: `Location: /v1/books/book_7Hq2`. The end of that path is the path of
//! the collection and the id, so that both the id and those of the parents become others.

use http::HeaderMap;
use http::header::{CONTENT_LOCATION, LOCATION};
use serde_json::{Map, Value};

use super::candidate::noun;
use super::world::Spot;
use crate::mock::message::header_value;

/// Lets the headers that say where a new thing is lead to it.
pub(super) fn lead(headers: &mut HeaderMap, spot: &Spot<'_>, shown: &str, id: &str) {
    for name in [LOCATION, CONTENT_LOCATION] {
        let Some(before) = headers.get(&name).and_then(|value| value.to_str().ok()) else {
            continue;
        };
        let led = led(before, spot, id);
        if let Some(led) = led.or_else(|| renamed(before, noun(&spot.reach.path), shown, id)) {
            headers.insert(name, header_value(&led));
        }
    }
}

/// Lets the members of a new thing that hold its own address lead to it: `/v1/books/book_7Hq2/cover`.
pub(super) fn rename(members: &mut Map<String, Value>, noun: &str, shown: &str, id: &str) {
    for value in members.values_mut() {
        match value {
            Value::String(text) => {
                let renamed = renamed(text, noun, shown, id);
                if let Some(renamed) = renamed.or_else(|| reworded(text, shown, id)) {
                    *text = renamed;
                }
            }
            Value::Object(inner) => {
                let texts = inner.values_mut().filter_map(|value| match value {
                    Value::String(text) => Some(text),
                    _ => None,
                });
                for text in texts {
                    let renamed = renamed(text, noun, shown, id);
                    if let Some(renamed) = renamed.or_else(|| reworded(text, shown, id)) {
                        *text = renamed;
                    }
                }
            }
            _ => {}
        }
    }
}

/// A URL with another id behind the word that the things are called by.
fn renamed(url: &str, noun: &str, shown: &str, id: &str) -> Option<String> {
    let mut segments: Vec<&str> = url.split('/').collect();
    let places = segments.windows(2);
    let at = places.into_iter().position(|pair| pair == [noun, shown])?;
    *segments.get_mut(at + 1)? = id;
    Some(segments.join("/"))
}

/// A URL in which the id of the example stands as a word: `https://example.com/q/tkt_5f2a.png`.
fn reworded(url: &str, shown: &str, id: &str) -> Option<String> {
    // A short id, or a number, stands for something else as well.
    let is_own = shown.len() > 4 && shown.contains(['_', '-']);
    if !is_own || !url.contains("://") {
        return None;
    }
    let (before, after) = url.split_once(shown)?;
    let is_word = |next: Option<char>| next.is_none_or(|it| !it.is_alphanumeric() && it != '_');
    let is_alone = is_word(before.chars().next_back()) && is_word(after.chars().next());
    is_alone.then(|| format!("{before}{id}{after}"))
}

/// A URL whose end is the path of one of the collection's things, with the ids of a new one.
fn led(url: &str, spot: &Spot<'_>, id: &str) -> Option<String> {
    let (url, rest) = url
        .find(['?', '#'])
        .map_or((url, ""), |at| url.split_at(at));
    let start = url.find("://").map_or(0, |at| at + 3);
    let path = url.get(start..)?.find('/').map_or(start, |at| start + at);
    let (host, path) = (url.get(..path)?, url.get(path..)?);
    let reaches = [spot.reach].into_iter().chain(&spot.collection.reaches);
    reaches.into_iter().find_map(|reach| {
        let ids = if reach.path == spot.reach.path {
            spot.ids.as_slice()
        } else {
            spot.place()
        };
        let path = filled(path, &reach.path, ids, id)?;
        Some(format!("{host}{path}{rest}"))
    })
}

/// A path that ends as a template and one more parameter do, with ids in the places of the parameters.
fn filled(path: &str, template: &str, parents: &[String], id: &str) -> Option<String> {
    let is_rooted = path.starts_with('/');
    let mut segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let template = template.trim_start_matches('/').split('/');
    let template: Vec<&str> = template.chain(["{}"]).collect();
    if segments.len() < 2 || template.iter().filter(|it| **it == "{}").count() != parents.len() + 1
    {
        return None;
    }
    let mut ids = [id]
        .into_iter()
        .chain(parents.iter().rev().map(String::as_str));
    for (segment, wanted) in segments.iter_mut().rev().zip(template.iter().rev()) {
        if *wanted == "{}" {
            *segment = ids.next()?;
        } else if segment != wanted {
            return None;
        }
    }
    let root = if is_rooted { "/" } else { "" };
    Some(format!("{root}{}", segments.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_gets_the_ids_of_the_new_thing_and_of_what_it_is_below() {
        let filled = |path: &str| filled(path, "/v1/shops/{}/books", &["s2".to_owned()], "b7");
        let new = Some("/v1/shops/s2/books/b7".to_owned());
        assert_eq!(filled("/v1/shops/s1/books/b1"), new);
        assert_eq!(
            filled("/shops/s1/books/b1"),
            Some("/shops/s2/books/b7".to_owned())
        );
        assert_eq!(filled("/v1/shops/s1/orders/b1"), None);
        assert_eq!(filled("/b1"), None);
    }

    #[test]
    fn an_address_is_another_one_only_behind_the_word_that_the_things_are_called_by() {
        let renamed = |url: &str| renamed(url, "books", "b1", "b7");
        assert_eq!(
            renamed("https://example.com/books/b1/cover").as_deref(),
            Some("https://example.com/books/b7/cover")
        );
        assert_eq!(renamed("https://example.com/b1"), None);
    }
}
