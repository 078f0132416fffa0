//! What an error says of a thing that is not there: the id that was asked for, not that of the example.

use serde_json::Value;

/// The error with the id that was asked for in the place of the one that its texts name; none if they name none.
///
/// `known` is an id of a thing that is there: what begins like it is an id.
pub(super) fn told(body: &Value, id: &str, known: &str) -> Option<Value> {
    let mut told = body.clone();
    let is_named = |text: &str| words(text).any(|word| word == id);
    let mut others = Vec::new();
    each(&mut told, &mut |text: &mut String| {
        // A word alone is a code, and a number that of the status.
        let is_sentence = words(text).nth(1).is_some();
        let named = words(text).filter(|word| {
            is_sentence && *word != id && *word != "404" && is_alike(word, id, known)
        });
        others.extend(named.map(str::to_owned));
        if is_named(text) {
            others.push(id.to_owned());
        }
    });
    others.dedup();
    let [other] = others.as_slice() else {
        return None;
    };
    if other == id {
        return None;
    }
    each(&mut told, &mut |text: &mut String| {
        if words(text).nth(1).is_some() {
            *text = text.replace(other.as_str(), id);
        }
    });
    Some(told)
}

/// True for an id of the same kind: one with the same beginning, or a number where ids are numbers.
fn is_alike(word: &str, id: &str, known: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(known) {
        return is_number(word) && is_number(id);
    }
    let prefix = known.rfind(['_', '-']).map(|at| known.get(..=at));
    let prefix = prefix.flatten().filter(|prefix| prefix.len() > 2);
    let rest = prefix.and_then(|prefix| word.strip_prefix(prefix));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with("not"))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_' || it == '-'));
    words.filter(|word| !word.is_empty())
}

fn each(value: &mut Value, change: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, change)),
        Value::Object(members) => members.values_mut().for_each(|value| each(value, change)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::told;

    #[test]
    fn the_id_of_the_example_is_that_of_the_request() {
        let body = json!({"detail": "Project proj-none not found", "code": "not_found"});
        let expected = json!({"detail": "Project proj-7 not found", "code": "not_found"});
        assert_eq!(told(&body, "proj-7", "proj-abc"), Some(expected));
        let body = json!({"message": "There is no book 99."});
        let expected = json!({"message": "There is no book 7."});
        assert_eq!(told(&body, "7", "12"), Some(expected));
    }

    #[test]
    fn what_is_no_id_stays() {
        let body = json!({"message": "Not found", "status": "404"});
        assert_eq!(told(&body, "book_7", "book_1"), None);
        let body = json!({"message": "404 Not found", "status": "404"});
        assert_eq!(told(&body, "7", "12"), None);
        let body = json!({"code": "book_missing", "message": "book_not_found: no book"});
        assert_eq!(told(&body, "book_7", "book_1"), None);
        let body = json!({"message": "Neither 3 nor 4 is there"});
        assert_eq!(told(&body, "7", "12"), None);
    }
}
