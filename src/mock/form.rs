//! Names and values as text: queries, cookies, and the two kinds of forms.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::model::route;

/// The pairs of a query or of a URL-encoded form, decoded.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// The same pairs as a query.
pub(super) fn to_query(pairs: &[(String, String)]) -> String {
    let encoded = |text: &str| {
        let mut plain = String::new();
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~[]".contains(&byte) {
                plain.push(char::from(byte));
            } else {
                let _ = write!(plain, "%{byte:02X}");
            }
        }
        plain
    };
    let pairs = pairs.iter();
    let pairs = pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn decode(text: &str) -> String {
    route::decode(&text.replace('+', " "))
}

/// The pairs of a `Cookie` header.
pub(super) fn cookies(text: &str) -> Vec<(String, String)> {
    text.split(';')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

/// The names of the parts of a multipart form, and their texts; of a file the text is its name.
///
/// `None` if the boundary is missing or never occurs.
pub(super) fn parts(content_type: &str, body: &[u8]) -> Option<Vec<(String, String)>> {
    let boundary = parameter(content_type, "boundary")?;
    let text = String::from_utf8_lossy(body);
    let delimiter = format!("--{boundary}");
    let mut sections = text.split(delimiter.as_str());
    sections.next()?;
    let sections: Vec<_> = sections.collect();
    if sections.is_empty() {
        return None;
    }
    let parts = sections
        .into_iter()
        .take_while(|section| !section.starts_with("--"))
        .filter_map(part);
    Some(parts.collect())
}

/// The members of a form, of either kind; what is sent several times, or as `tags[]`, is a list, and names such as
/// `address[city]` and `items[0][price]` are those of what is inside.
pub(super) fn members(content_type: &str, body: &[u8]) -> Map<String, Value> {
    let all = match parts(content_type, body) {
        Some(parts) => parts,
        None if content_type.contains("urlencoded") => pairs(&String::from_utf8_lossy(body)),
        None => Vec::new(),
    };
    let mut members = Value::Object(Map::new());
    for (name, value) in all {
        insert(&mut members, &steps(&name), value.into());
    }
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Names are no deeper than this.
const DEEPEST: usize = 8;

/// The steps of `items[0][price]`; an empty one stands for the next item.
fn steps(name: &str) -> Vec<&str> {
    let is_nested = name.ends_with(']') && !name.starts_with('[');
    let Some((first, rest)) = name.split_once('[').filter(|_| is_nested) else {
        return vec![name];
    };
    let rest = rest.trim_end_matches(']').split("][");
    [first].into_iter().chain(rest).take(DEEPEST).collect()
}

fn insert(place: &mut Value, steps: &[&str], value: Value) {
    let Some((step, rest)) = steps.split_first() else {
        *place = match place.take() {
            Value::Null => value,
            Value::Array(mut known) => {
                known.push(value);
                Value::Array(known)
            }
            known => Value::Array(vec![known, value]),
        };
        return;
    };
    let index = step.parse::<usize>().ok();
    if place.is_null() && (step.is_empty() || index.is_some()) {
        *place = Value::Array(Vec::new());
    } else if place.is_null() {
        *place = Value::Object(Map::new());
    }
    match place {
        Value::Object(members) => {
            let inner = members.entry((*step).to_owned()).or_insert(Value::Null);
            insert(inner, rest, value);
        }
        Value::Array(items) => {
            let at = index.unwrap_or(items.len()).min(items.len());
            if at == items.len() {
                items.push(Value::Null);
            }
            if let Some(inner) = items.get_mut(at) {
                insert(inner, rest, value);
            }
        }
        _ => {}
    }
}

fn part(section: &str) -> Option<(String, String)> {
    let (head, value) = section
        .split_once("\r\n\r\n")
        .or_else(|| section.split_once("\n\n"))?;
    let disposition = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim()
            .eq_ignore_ascii_case("content-disposition")
            .then_some(value)
    })?;
    let name = parameter(disposition, "name")?;
    let value = parameter(disposition, "filename")
        .unwrap_or_else(|| value.trim_end_matches(['\r', '\n']).to_owned());
    Some((name, value))
}

/// A parameter of a header value, such as `boundary` of `multipart/form-data; boundary=x`.
pub(super) fn parameter(value: &str, wanted: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case(wanted)
            .then(|| value.trim().trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_query_is_decoded() {
        assert_eq!(
            pairs("a=1+2&b=%C3%A4%2B&&c"),
            [pair("a", "1 2"), pair("b", "ä+"), pair("c", "")]
        );
    }

    #[test]
    fn the_parts_of_a_form_have_names() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x\r\n\
            content-disposition: form-data; name=f; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\xff\r\n--x--\r\n";
        assert_eq!(
            parts("multipart/form-data; boundary=\"x\"", body),
            Some(vec![pair("a", "1"), pair("f", "a.png")])
        );
        assert_eq!(parts("multipart/form-data", body), None);
        assert_eq!(parts("multipart/form-data; boundary=y", body), None);
    }

    #[test]
    fn names_with_brackets_are_members_and_items() {
        let form = "application/x-www-form-urlencoded";
        let body = b"a=1&b[c]=2&d[]=3&d[]=4&e[0][f]=5&e[1][f]=6&g=7&g=8";
        let expected = serde_json::json!({
            "a": "1", "b": {"c": "2"}, "d": ["3", "4"], "e": [{"f": "5"}, {"f": "6"}], "g": ["7", "8"]
        });
        assert_eq!(Value::Object(members(form, body)), expected);
    }

    #[test]
    fn cookies_are_pairs() {
        assert_eq!(cookies("a=1; b=x=y"), [pair("a", "1"), pair("b", "x=y")]);
    }
}
