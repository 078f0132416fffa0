//! Nouns and verbs in paths and names.

use crate::conform::bindings::letters;

use super::Kind;

/// `books` and `Book` are both `book`; `categories` is `category`.
pub(super) fn singular(word: &str) -> String {
    const IRREGULAR: &[(&str, &str)] = &[
        ("shelves", "shelf"),
        ("halves", "half"),
        ("wolves", "wolf"),
        ("leaves", "leaf"),
        ("loaves", "loaf"),
        ("calves", "calf"),
        ("thieves", "thief"),
        ("knives", "knife"),
        ("lives", "life"),
        ("people", "person"),
        ("children", "child"),
    ];
    let word = letters(word);
    // `bookshelves`, and not `olives`.
    let is_it = |many: &str| word == many || many.len() > 6 && word.ends_with(many);
    let irregular = IRREGULAR.iter().find(|(many, _)| is_it(many));
    if let Some((many, one)) = irregular {
        let start = word.strip_suffix(many).unwrap_or_default();
        return format!("{start}{one}");
    }
    let is_short = word.len() <= 3;
    if let Some(stem) = word.strip_suffix("ies").filter(|_| !is_short) {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes", "zes"] {
        if word.ends_with(ending) {
            return word.trim_end_matches("es").to_owned();
        }
    }
    if is_short || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word;
    }
    word.strip_suffix('s').unwrap_or(&word).to_owned()
}

/// What a segment says is done, and with what: `create`, `get-user`, `listBooks`.
pub(super) fn verb(segment: &str) -> (Option<Kind>, Option<String>) {
    let mut words = split(segment).into_iter();
    let Some(first) = words.next() else {
        return (None, None);
    };
    let kind = match first.as_str() {
        "create" | "new" | "add" | "register" | "insert" => Kind::Create,
        "list" | "all" | "search" | "find" | "query" => Kind::List,
        "get" | "show" | "read" | "fetch" | "info" | "detail" | "details" | "retrieve" => {
            Kind::Read
        }
        "update" | "edit" | "modify" | "set" | "change" | "rename" | "replace" | "patch" => {
            Kind::Update
        }
        "delete" | "remove" | "destroy" => Kind::Delete,
        _ => return (None, None),
    };
    let rest: Vec<_> = words.filter(|word| word != "by" && word != "id").collect();
    let noun = (!rest.is_empty()).then(|| singular(&rest.concat()));
    (Some(kind), noun)
}

/// The words of a name in lower case: `created`, `at` of `createdAt`.
pub(in crate::conform) fn split(segment: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in segment.chars() {
        let starts = character.is_uppercase() || !character.is_alphanumeric();
        if starts && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// True for `book_id`, `bookId`, and `book-id`, and for `id` itself.
pub(in crate::conform) fn is_id(name: &str) -> bool {
    let words = split(name);
    let last = words.last().map(String::as_str);
    is_bare_id(name) || matches!(last, Some("id" | "sid" | "guid" | "uuid")) || name.ends_with("ID")
}

/// The name of one of several ids: `book_id` for `book_ids`.
pub(super) fn of_many_ids(name: &str) -> Option<&str> {
    let one = name.strip_suffix('s')?;
    (is_id(one) && !is_bare_id(one)).then_some(one)
}

/// True for `id` and what says no more than that.
pub(super) fn is_bare_id(name: &str) -> bool {
    matches!(
        letters(name).as_str(),
        "id" | "sid" | "guid" | "uuid" | "identifier"
    )
}

/// The singular of what an id is one of: `book` for `book_id`.
pub(super) fn without_id(name: &str) -> String {
    let letters = letters(name);
    let stem = letters
        .strip_suffix("uuid")
        .or_else(|| letters.strip_suffix("guid"))
        .or_else(|| letters.strip_suffix("sid").filter(|_| is_id(name)))
        .or_else(|| letters.strip_suffix("id"))
        .or_else(|| letters.strip_suffix("slug"))
        .filter(|stem| !stem.is_empty());
    singular(stem.unwrap_or(&letters))
}

/// A segment of a path without the format that it ends with: `messages` for `messages.json`.
pub(super) fn without_format(segment: &str) -> &str {
    let formats = [".json", ".xml", ".csv"];
    let stem = formats
        .iter()
        .find_map(|format| segment.strip_suffix(format));
    stem.filter(|stem| !stem.is_empty()).unwrap_or(segment)
}
