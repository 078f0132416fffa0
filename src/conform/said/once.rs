//! What a server may want to have only once, and how to make another one of it. Pure.
//!
//! A create that is refused as a conflict is sent again with another name. Which members are names is said by the refusal,
//! by the page, or by their own names, in this order; references to other things are never touched, since another text
//! there names nothing.

use serde_json::{Map, Value};

use crate::conform::bindings::letters;
use crate::conform::chain::{Role, SlotPlace};
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::{Draft, Variant, value};
use crate::model::Operation;
use crate::model::shape::ShapeKind;

use super::{filled, promises};
use crate::conform::judge::moment::Moment;
use crate::conform::judge::words_about;

/// The status of what exists already.
const CONFLICT: u16 = 409;

/// Names of members that are often had once only.
const NAMES: &[&str] = &[
    "slug",
    "key",
    "code",
    "sku",
    "handle",
    "username",
    "login",
    "email",
    "mail",
    "name",
    "title",
    "domain",
    "subdomain",
    "number",
    "reference",
    "ref",
    "alias",
    "label",
    "tag",
    "id",
    "url",
];

/// The members that are to be changed: those that are certain first, and at the second try all that may be meant.
pub(crate) fn members(
    operation: &Operation,
    role: Option<&Role>,
    draft: &Draft,
    named: Option<&Input>,
    is_second_try: bool,
) -> Vec<Input> {
    let mut inputs = input::inputs(operation);
    inputs.retain(|input| {
        is_text(input, role) && matches!(draft.value(input), Some(Value::String(_)))
    });
    if is_second_try {
        return inputs;
    }
    let mut text = words_about(operation, CONFLICT);
    for sentence in promises::sentences(operation).filter(|it| promises::is_about_one_each(it)) {
        text.push('\n');
        text.push_str(&sentence.to_lowercase());
    }
    let is_word = |name: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        let name = name.to_lowercase();
        words.any(|word| word == name)
    };
    let is_named = |input: &Input| named.is_some_and(|named| named.subject() == input.subject());
    let is_said = |input: &Input| says_once(&input.description) || is_word(&input.name);
    let looks_so = |input: &Input| {
        let name = letters(&input.name);
        NAMES.iter().any(|word| name.ends_with(word))
    };
    let tests: [&dyn Fn(&Input) -> bool; 3] = [&is_named, &is_said, &looks_so];
    let found = tests.iter().find_map(|is_it| {
        let found: Vec<_> = inputs
            .iter()
            .filter(|input| is_it(input))
            .cloned()
            .collect();
        (!found.is_empty()).then_some(found)
    });
    found.unwrap_or(inputs)
}

/// True for a text of the body that is nobody else's name.
fn is_text(input: &Input, role: Option<&Role>) -> bool {
    let constraints = &input.shape.constraints;
    let mut slots = role.iter().flat_map(|role| &role.slots);
    input.place == Place::Body
        && matches!(input.shape.kind, ShapeKind::String)
        && constraints.allowed.is_none()
        && constraints.constant.is_none()
        && !input.is_reference()
        && !slots.any(|slot| slot.place == SlotPlace::Body && slot.is_for(input))
}

/// True if a description says that there is only one of each.
///
/// "Does not have to be unique" says the reverse, and "must not be taken already" does not. "Without it the time of the request
/// is taken" says what stands in its place.
pub(crate) fn says_once(description: &str) -> bool {
    const WORDS: &[&str] = &["only once", "used once", "already", "taken"];
    const SINGLE: &[&str] = &["unique", "distinct"];
    const NOT: &[&str] = &["not ", "n't ", "n’t ", "never ", "no need"];
    let text = description.to_lowercase();
    let is_single = |sentence: &str| {
        let places = SINGLE.iter().filter_map(|word| sentence.find(word));
        places.min().is_some_and(|at| {
            let before = sentence.get(..at).unwrap_or_default();
            !NOT.iter().any(|word| before.contains(word))
        })
    };
    let is_known = |sentence: &str| {
        WORDS.iter().any(|word| sentence.contains(word)) && !filled::says_so(sentence)
    };
    let mut sentences = text.split(['.', ';']);
    sentences.any(|it| is_known(it) || is_single(it))
}

/// True if two things have the same of all that the words speak of: "Two folders with the same parent cannot have one name".
///
/// `parent_id` and `parent` are meant by "parent"; a member that is not there is `null`.
pub(crate) fn shares_named(words: &str, one: &Value, other: &Value) -> bool {
    let words = words.to_lowercase();
    let is_named = |name: &str| {
        let stem = name.strip_suffix("_id").or_else(|| name.strip_suffix("Id"));
        let stem = stem.unwrap_or(name).to_lowercase();
        let mut words = words.split(|c: char| !c.is_alphanumeric() && c != '_');
        stem.len() > 3 && words.any(|word| word == stem)
    };
    let of = |object: &Value, name: &str| object.get(name).cloned().unwrap_or_default();
    let all = [one, other].into_iter().filter_map(Value::as_object);
    let mut names = all.flat_map(Map::keys);
    names.all(|name| !is_named(name) || of(one, name) == of(other, name))
}

/// Changes the texts so that they are others; one that the variant is about keeps its length.
pub(crate) fn tell_apart(members: &[Input], variant: &Variant, draft: &mut Draft, number: usize) {
    let is_tested = |input: &Input| match variant {
        Variant::Values(changes) => {
            let mut changes = changes.iter();
            changes.any(|(changed, _)| changed.subject() == input.subject())
        }
        _ => false,
    };
    // What is wrong on purpose stays as it is: the next one like it may be right.
    let is_wrong = |input: &Input| matches!(variant, Variant::Invalid(changed, ..) if changed.subject() == input.subject());
    for input in members.iter().filter(|input| !is_wrong(input)) {
        let Some(Value::String(text)) = draft.value(input) else {
            continue;
        };
        // A day with other digits may be none.
        if Moment::read(&text).is_some() {
            continue;
        }
        let longer = match text.split_once('@') {
            Some((name, host)) => format!("{name}-{number}@{host}"),
            None => format!("{text}-{number}"),
        };
        // An address in capitals is no shorter or longer one.
        let is_address = text.contains('@') && !is_at_limit(input, &text);
        let longer = Some(longer).filter(|_| !is_tested(input) || is_address);
        let others = if is_code(&text) && text.chars().count() <= SHORTEST && members.len() > 1 {
            // `DE` with a number behind it is no country any more, and something else tells them apart.
            [alike(&text, number), None, None]
        } else if is_code(&text) {
            [alike(&text, number), longer, ended(&text, number)]
        } else {
            [longer, alike(&text, number), ended(&text, number)]
        };
        let mut others = others.into_iter().flatten().map(Value::from);
        let is_taken = |other: &Value| value::is_documented(&input.shape, other);
        if let Some(other) = others.find(is_taken) {
            draft.set(input, Some(&other));
        }
    }
}

/// Codes of countries, languages, and currencies are no longer.
const SHORTEST: usize = 3;

/// True for a text that is as short or as long as one may be.
fn is_at_limit(input: &Input, text: &str) -> bool {
    let constraints = &input.shape.constraints;
    let limits = [&constraints.min_length, &constraints.max_length];
    let length = text.chars().count() as u64;
    limits.into_iter().flatten().any(|it| it.value == length)
}

/// True for a text that may have a notation of its own, such as `0400710000991` and `NL-EAR`: what is put behind it may
/// break that.
fn is_code(text: &str) -> bool {
    let is_bare = !text.contains(char::is_whitespace) && !text.contains('@');
    let has_digit = text.chars().any(|c| c.is_ascii_digit());
    is_bare && (has_digit || !text.chars().any(char::is_lowercase))
}

/// Another code of the same notation: `LOAW` for `LOAV`; nothing for a name, an address, or a moment.
pub(crate) fn another(text: &str) -> Option<String> {
    let is_moment = Moment::read(text).is_some();
    (is_code(text) && !is_moment).then(|| alike(text, 1))?
}

/// A text in which digits are digits, and letters are letters of the same case: the last ones count.
fn alike(text: &str, number: usize) -> Option<String> {
    let mut rest = number;
    let mut characters: Vec<char> = text.chars().collect();
    for character in characters.iter_mut().rev() {
        let (first, count) = match *character {
            '0'..='9' => (b'0', 10),
            'a'..='z' => (b'a', 26),
            'A'..='Z' => (b'A', 26),
            _ => continue,
        };
        let place = (usize::from(*character as u8 - first) + rest % count) % count;
        *character = char::from(first + u8::try_from(place).ok()?);
        rest /= count;
        if rest == 0 {
            break;
        }
    }
    let other: String = characters.into_iter().collect();
    (rest == 0 && other != text && !text.contains('@')).then_some(other)
}

/// A text of the same length that ends with the number.
fn ended(text: &str, number: usize) -> Option<String> {
    let number = number.to_string();
    let kept = text.chars().count().checked_sub(number.len())?;
    let start: String = text.chars().take(kept).collect();
    (!text.contains('@')).then(|| start + &number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_on_purpose_stays_wrong() {
        let page = "---\napi: POST /books\n---\n\n<ParamField body=\"code\" type=\"string\" required>1 to 40 letters, digits, `_`, and `-`.</ParamField>\n\n<RequestExample>\n```bash\ncurl -X POST https://api.example.com/books -d '{\"code\": \"cust_118!\"}'\n```\n</RequestExample>\n";
        let (_, documentation) = crate::conform::tests::documentation("", &[page]);
        let bindings = crate::conform::bindings::Bindings::default();
        let plan = crate::conform::tests::planned(&documentation, &bindings);
        let inputs = crate::conform::plan::input::inputs(&documentation.api.operations[0]);
        let sent = |variant: Variant| {
            let mut draft = plan.items[0].draft.clone();
            tell_apart(&inputs, &variant, &mut draft, 7);
            draft.value(&inputs[0])
        };
        let fault = crate::conform::plan::value::Fault::Format;
        let wrong = Value::from("cust_118!");
        let invalid = Variant::Invalid(inputs[0].clone(), wrong.clone(), fault, None);
        assert_eq!(sent(invalid), Some(wrong.clone()));
        assert_ne!(sent(Variant::Example), Some(wrong));
    }

    #[test]
    fn an_address_in_capitals_is_another_one_as_well() {
        let page = "---\napi: POST /guests\n---\n\n<ParamField body=\"mail\" type=\"string\" required>At most 20 characters.</ParamField>\n\n<RequestExample>\n```bash\ncurl -X POST https://api.example.com/guests -d '{\"mail\": \"ann@example.com\"}'\n```\n</RequestExample>\n";
        let (_, documentation) = crate::conform::tests::documentation("", &[page]);
        let bindings = crate::conform::bindings::Bindings::default();
        let plan = crate::conform::tests::planned(&documentation, &bindings);
        let inputs = crate::conform::plan::input::inputs(&documentation.api.operations[0]);
        let sent = |text: &str| {
            let variant = Variant::Values(vec![(inputs[0].clone(), Value::from(text))]);
            let mut draft = plan.items[0].draft.clone();
            draft.set(&inputs[0], Some(&Value::from(text)));
            tell_apart(&inputs, &variant, &mut draft, 7);
            draft.value(&inputs[0])
        };
        let other = Value::from("ANN-7@EXAMPLE.COM");
        assert_eq!(sent("ANN@EXAMPLE.COM"), Some(other));
        // What tests the limit keeps its length.
        let longest = "annaaaaa@example.com";
        assert_eq!(sent(longest), Some(Value::from(longest)));
    }

    #[test]
    fn short_codes_stay_codes_where_something_else_is_told_apart() {
        let page = "---\napi: POST /guests\n---\n\n<ParamField body=\"name\" type=\"string\" />\n\n<ParamField body=\"country\" type=\"string\" />\n\n<RequestExample>\n```bash\ncurl -X POST https://api.example.com/guests -d '{\"name\": \"Ann\", \"country\": \"DE\"}'\n```\n</RequestExample>\n";
        let (_, documentation) = crate::conform::tests::documentation("", &[page]);
        let bindings = crate::conform::bindings::Bindings::default();
        let plan = crate::conform::tests::planned(&documentation, &bindings);
        let inputs = crate::conform::plan::input::inputs(&documentation.api.operations[0]);
        let mut draft = plan.items[0].draft.clone();
        tell_apart(&inputs, &Variant::Example, &mut draft, 32_690);
        let sent: Vec<_> = inputs.iter().filter_map(|it| draft.value(it)).collect();
        assert_eq!(sent, [Value::from("Ann-32690"), Value::from("DE")]);
    }

    #[test]
    fn what_need_not_be_unique_is_not() {
        for text in [
            "Must be unique.",
            "Not empty; unique",
            "Must not be taken already.",
        ] {
            assert!(says_once(text), "{text}");
        }
        for text in [
            "Your reference. Does not have to be unique.",
            "Needn't be distinct",
            "When it was paid. Without it, the time of the request is taken.",
        ] {
            assert!(!says_once(text), "{text}");
        }
    }
}
