//! What pages without an endpoint say that becomes of texts of one kind: "Email addresses are stored in lower case", "Tags are
//! trimmed". It is added to the words of the inputs that are such texts.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::chain::split;
use crate::conform::pattern::pattern;
use crate::conform::said::normal::Normal;
use crate::model::shared::Remark;
use crate::model::types::Format;
use crate::model::{Api, Field};

/// Members nested deeper are not looked at.
const DEPTH: usize = 4;

/// Adds the sentences to the inputs of all operations.
pub(super) fn give(api: &mut Api, remarks: &[Remark]) {
    let said: Vec<(String, &str)> = remarks
        .iter()
        .map(|it| (it, it.text.value.as_str()))
        .filter(|(_, text)| Normal::of(text).is_some())
        .filter_map(|(remark, text)| Some((kind(text).or_else(|| titled(remark))?, text)))
        .collect();
    if said.is_empty() {
        return;
    }
    for operation in &mut api.operations {
        let fields = operation.body.iter_mut().flat_map(|it| &mut it.fields);
        for field in fields {
            add(field, &said, 0);
        }
    }
}

fn add(field: &mut Field, said: &[(String, &str)], depth: usize) {
    let is_told = Normal::of(&field.description).is_some();
    for (kind, text) in said {
        if !is_told && is_of_kind(field, kind) {
            let mut words = field.description.trim_end().to_owned();
            words.push(' ');
            words.push_str(text);
            field.description = words;
            break;
        }
    }
    for child in field.children.iter_mut().filter(|_| depth < DEPTH) {
        add(child, said, depth + 1);
    }
}

/// What a sentence is about, in the singular: `email` for "Email addresses can be long and are stored in lower case."
fn kind(text: &str) -> Option<String> {
    static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:all\s+|the\s+|any\s+|each\s+|every\s+)*(?P<kind>e-?mails?(?:\s+address(?:es)?)?|[a-z]+(?:\s+(?:names?|codes?))?)\s+(?:are|is|can|may|have|get|must|always)\b",
        )
    });
    const OTHERS: &[&str] = &[
        "it",
        "they",
        "this",
        "that",
        "these",
        "value",
        "string",
        "text",
        "field",
        "letter",
        "key",
        "parameter",
        "response",
        "request",
        "header",
        "time",
        "date",
        "we",
        "you",
        "character",
        "name",
    ];
    let words = SUBJECT
        .captures(text)?
        .name("kind")?
        .as_str()
        .to_lowercase();
    let words = words.replace("e-mail", "email");
    let first = words.split_whitespace().next()?;
    let one = first.strip_suffix('s').unwrap_or(first);
    if one == "email" {
        return Some(one.to_owned());
    }
    let whole = words.replace(' ', "");
    let whole = whole.strip_suffix('s').unwrap_or(&whole).to_owned();
    (!OTHERS.contains(&whole.as_str())).then_some(whole)
}

/// What the title right above a sentence names: `tag` for "Tags", if the sentence goes on about it.
fn titled(remark: &Remark) -> Option<String> {
    static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:it|they|(?:upper|lower)[\s-]?case\s+letters|capital\s+letters|letters|values|(?:leading|surrounding)\b[^.;]*|white\s*space|spaces|duplicates)\s+(?:is|are)\b",
        )
    });
    let title = remark.about.rsplit(" / ").next()?.to_lowercase();
    let is_short = title.split_whitespace().count() <= 2;
    let title: String = title.chars().filter(|c| c.is_alphanumeric()).collect();
    let one = title.strip_suffix('s').unwrap_or(&title);
    (is_short && !one.is_empty() && GOES_ON.is_match(&remark.text.value)).then(|| one.to_owned())
}

fn is_of_kind(field: &Field, kind: &str) -> bool {
    let words = split(&field.name.value);
    let single = |word: &String| word.strip_suffix('s').unwrap_or(word).to_owned();
    let last = words.last().map(single);
    let all = words.concat();
    let all = all.strip_suffix('s').unwrap_or(&all);
    let is_email = kind == "email"
        && (words.iter().any(|it| single(it) == "email")
            || matches!(
                field.prose.format.as_ref().map(|it| &it.value),
                Some(Format::Email)
            ));
    is_email || all == kind || last.as_deref() == Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_about_texts_of_one_kind() {
        for (text, about) in [
            (
                "Email addresses can be long and are stored in lower case.",
                "email",
            ),
            ("E-mail addresses are normalized to lowercase.", "email"),
            ("All emails are lowercased.", "email"),
            ("Tags are stored in lower case.", "tag"),
            ("Country codes are converted to upper case.", "countrycode"),
        ] {
            assert_eq!(kind(text).as_deref(), Some(about), "{text}");
        }
        for text in [
            "It is stored in lower case.",
            "Strings are trimmed.",
            "Names of headers are turned to lower case.",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }
}
