//! Values that are sent as text, in paths, queries, headers, cookies, and forms: read by their documented type.

use crate::model::json::{Json, JsonKind, read_strict};
use crate::model::shape::{Mismatch, MismatchKind, Shape, ShapeKind, Step, is_placeholder};

/// The values sent under a name; `name[]` and `name[0]` are the same name.
pub(super) fn values<'s>(sent: &'s [(String, String)], name: &str) -> Vec<&'s str> {
    if sent.is_empty() {
        return Vec::new();
    }
    let bare = name.trim_end_matches("[]");
    let is_same = |sent: &str| {
        let index = sent.strip_prefix(bare).and_then(|rest| {
            let rest = rest.strip_prefix('[')?;
            rest.strip_suffix(']')
        });
        sent == name
            || sent == bare
            || index.is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit()))
    };
    sent.iter()
        .filter(|(name, _)| is_same(name))
        .map(|(_, value)| value.as_str())
        .collect()
}

/// True if a name is sent in any form, also as `name[key]` or `name.key`.
pub(super) fn is_present(sent: &[(String, String)], name: &str) -> bool {
    let bare = name.trim_end_matches("[]");
    sent.iter().any(|(sent, _)| {
        let rest = sent.strip_prefix(bare);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
    })
}

/// The way in which texts are not what a shape promises.
///
/// A text that stands for a value, such as `{id}` in a path copied from a page, is not judged; `{}` names none.
pub(super) fn mismatch(shape: &Shape, texts: &[&str]) -> Option<Mismatch> {
    let stands_for_one = |text: &str| is_placeholder(text) && text.contains(char::is_alphanumeric);
    let told = texts.iter().copied().filter(|text| !stands_for_one(text));
    let told: Vec<&str> = told.collect();
    if told.is_empty() && !texts.is_empty() {
        return None;
    }
    let texts = told.as_slice();
    let mut found = None;
    for value in readings(shape, texts) {
        let mismatch = shape.mismatches(&value).into_iter().next();
        // One reading that fits is enough.
        found = found.or(Some(mismatch?));
    }
    let mut found = found?;
    if let [text] = texts {
        found.found = format!("`{text}`");
    }
    // The item of a list that is at fault is named, and the whole is what is documented.
    if let (ShapeKind::Array(_), Some(Step::Item(index))) = (&shape.kind, found.path.0.first()) {
        let items: Vec<&str> = match texts {
            [text] => text.split(',').collect(),
            several => several.to_vec(),
        };
        let item = items.get(*index).filter(|_| items.len() > 1);
        if let Some(item) = item {
            let whole = items.join(",");
            found.found = format!("`{}` as item {} of `{whole}`", item.trim(), index + 1);
        }
        found.expected = match found.kind {
            MismatchKind::NotAllowed => format!("a list of {}", found.expected),
            _ => shape.describe(),
        };
    }
    Some(found)
}

/// How deep the parts of objects are looked at.
const DEEPEST: usize = 4;

/// The ways in which the parts of an object that are sent as `name[key]` or `name.key` are not what it promises, each with
/// the keys that lead to it.
pub(super) fn part_mismatches(
    shape: &Shape,
    name: &str,
    sent: &[(String, String)],
) -> Vec<(Vec<String>, Mismatch)> {
    let mut found = Vec::new();
    if is_present(sent, name) {
        add_parts(shape, name, sent, &[], &mut found);
    }
    found
}

fn add_parts(
    shape: &Shape,
    name: &str,
    sent: &[(String, String)],
    above: &[String],
    found: &mut Vec<(Vec<String>, Mismatch)>,
) {
    if above.len() >= DEEPEST {
        return;
    }
    for member in shape.members() {
        let keys: Vec<String> = above.iter().cloned().chain([member.name.clone()]).collect();
        let spellings = [
            format!("{name}[{}]", member.name),
            format!("{name}.{}", member.name),
        ];
        for name in &spellings {
            let values = values(sent, name);
            if !values.is_empty()
                && let Some(mismatch) = mismatch(&member.shape, &values)
            {
                found.push((keys.clone(), mismatch));
            }
            add_parts(&member.shape, name, sent, &keys, found);
        }
    }
}

/// Everything that texts can mean; a list is sent in several texts, or in one with commas.
fn readings(shape: &Shape, texts: &[&str]) -> Vec<Json> {
    let first = texts.first().copied().unwrap_or_default();
    match &shape.kind {
        ShapeKind::Union(shapes) => shapes.iter().flat_map(|it| readings(it, texts)).collect(),
        ShapeKind::Array(items) => {
            let parts: Vec<_> = match texts {
                [text] => text.split(',').map(str::trim).collect(),
                several => several.to_vec(),
            };
            let items = |parts: &[&str]| {
                let read = parts.iter().map(|part| item(items, part));
                plain(JsonKind::Array(read.collect()))
            };
            let mut read = vec![items(&parts), items(texts)];
            // OpenAPI knows lists with bars and with spaces as well.
            if let ([text], true) = (texts, first.contains(['|', ' '])) {
                let apart = |mark: char| text.split(mark).map(str::trim).collect::<Vec<_>>();
                read.extend(['|', ' '].map(|mark| items(&apart(mark))));
            }
            read.extend(
                read_strict(first.as_bytes())
                    .ok()
                    .filter(|it| it.kind != JsonKind::Null),
            );
            read
        }
        // How objects are written as text is nobody's standard, so only one that is JSON is judged.
        ShapeKind::Object { .. } | ShapeKind::Map(_) => {
            vec![read_strict(first.as_bytes()).unwrap_or(plain(JsonKind::Elision))]
        }
        kind => {
            let mut read: Vec<_> = scalar(kind, first).into_iter().collect();
            if shape.nullable.is_some() && matches!(first, "" | "null") {
                read.push(plain(JsonKind::Null));
            }
            read.push(plain(JsonKind::String(first.to_owned())));
            read
        }
    }
}

/// What the text of an item means: the first reading that fits, else the text itself.
fn item(shape: &Shape, text: &str) -> Json {
    let mut readings = readings(shape, &[text]).into_iter();
    readings
        .find(|reading| shape.matches(reading))
        .unwrap_or_else(|| plain(JsonKind::String(text.to_owned())))
}

fn scalar(kind: &ShapeKind, text: &str) -> Option<Json> {
    let read = read_strict(unpadded(text.trim()).as_bytes()).ok()?;
    let fits = match kind {
        ShapeKind::Boolean => matches!(read.kind, JsonKind::Bool(_)),
        ShapeKind::Integer | ShapeKind::Number => matches!(read.kind, JsonKind::Number(_)),
        ShapeKind::Null => read.kind == JsonKind::Null,
        _ => false,
    };
    fits.then_some(read)
}

/// A number without the zeros before it: the months of calendars have two digits, and every server reads them.
fn unpadded(text: &str) -> &str {
    let is_number = text.len() < 20 && text.bytes().all(|it| it.is_ascii_digit());
    let bare = text.trim_start_matches('0');
    match bare {
        _ if !is_number => text,
        "" => text.get(text.len().saturating_sub(1)..).unwrap_or(text),
        bare => bare,
    }
}

fn plain(kind: JsonKind) -> Json {
    Json { range: 0..0, kind }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Evidence, TYPE_STRING, types};
    use crate::source::{SourceFile, Sources, Span};

    fn fits(kind: &str, texts: &[&str]) -> bool {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("page.mdx", ""));
        let evidence = Evidence::new(Span::new(file, 0..0), &TYPE_STRING);
        mismatch(&Shape::from_type(&types::parse(kind), evidence), texts).is_none()
    }

    #[test]
    fn a_text_is_read_by_the_documented_type() {
        assert!(fits("integer", &["12"]) && fits("number", &["1e3"]));
        assert!(!fits("integer", &["ten"]) && !fits("integer", &["1.5"]));
        assert!(fits("boolean", &["true"]) && !fits("boolean", &["yes"]));
        assert!(fits("string", &["12"]) && fits("string", &["null"]));
        assert!(fits("integer | null", &["null"]) && !fits("integer", &["null"]));
        assert!(fits("'a' | 'b'", &["a"]) && !fits("'a' | 'b'", &["c"]));
        assert!(fits("integer", &["{id}"]) && fits("integer", &["<id>"]));
        assert!(!fits("integer", &["ten", "{id}"]));
        assert!(fits("integer | string", &["x"]) && fits("Whatever This Is", &["x"]));
    }

    #[test]
    fn a_list_is_sent_in_several_texts_or_with_commas() {
        assert!(fits("integer[]", &["1", "2"]) && fits("integer[]", &["1, 2"]));
        assert!(fits("integer[]", &["1|2"]) && fits("integer[]", &["1 2"]));
        assert!(!fits("integer[]", &["1|b"]));
        assert!(fits("integer", &["03"]) && fits("integer", &["00"]));
        assert!(fits("integer[]", &["[1,2]"]) && fits("string[]", &["a,b"]));
        assert!(!fits("integer[]", &["1,b"]));
    }

    #[test]
    fn names_may_carry_an_index() {
        let sent = [
            ("ids[]", "1"),
            ("ids[1]", "2"),
            ("ids[a]", "3"),
            ("id", "4"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(values(&sent, "ids"), ["1", "2"]);
        assert_eq!(values(&sent, "ids[]"), ["1", "2"]);
        assert!(is_present(&sent[2..3], "ids") && !is_present(&sent[3..], "ids"));
    }
}
