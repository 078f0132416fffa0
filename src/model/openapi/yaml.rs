//! YAML read into [`Json`], so that OpenAPI files of both notations are one kind of tree with places.
//!
//! Aliases are expanded, and merge keys (`<<`) are filled in, as long as the whole stays within [`MAX_NODES`].

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::Event;
use serde_json::Value;

use crate::model::json::{Json, JsonKind, Member};
use crate::source::yaml::{self, Fault};

/// The same depth as for JSON.
const MAX_DEPTH: usize = 127;

/// Values and keys, counted with each expansion of an alias.
const MAX_NODES: usize = 2_000_000;

/// Reads the first document of a text.
pub(super) fn read(text: &str) -> Result<Json, Fault> {
    let mut builder = Builder::default();
    for event in yaml::events(text) {
        let (event, range) = event?;
        let at = range.start;
        let fault = |message: &str| Fault {
            at,
            message: message.to_owned(),
        };
        builder.event(&event, range).map_err(fault)?;
        if builder.root.is_some() {
            break;
        }
    }
    builder.root.ok_or(Fault {
        at: 0,
        message: "the file is empty".to_owned(),
    })
}

#[derive(Default)]
struct Builder {
    stack: Vec<Open>,
    anchors: HashMap<usize, (Json, usize)>,
    nodes: usize,
    root: Option<Json>,
}

/// A mapping or a sequence whose end has not been seen.
struct Open {
    start: usize,
    anchor: usize,
    /// How many nodes there were before it.
    before: usize,
    content: Content,
}

enum Content {
    Mapping {
        members: Vec<Member>,
        key: Option<(String, Range<usize>)>,
    },
    Sequence(Vec<Json>),
}

impl Builder {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) -> Result<(), &'static str> {
        match event {
            Event::MappingStart(anchor, _) => {
                let content = Content::Mapping {
                    members: Vec::new(),
                    key: None,
                };
                self.open(range.start, *anchor, content)?;
            }
            Event::SequenceStart(anchor, _) => {
                self.open(range.start, *anchor, Content::Sequence(Vec::new()))?;
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(range.end)?,
            Event::Scalar(text, style, anchor, _) => {
                let kind = match yaml::scalar(text, *style) {
                    // The text of a key is what is written: `200:` is the key "200".
                    _ if self.awaits_key() => JsonKind::String(text.clone().into_owned()),
                    Value::Null => JsonKind::Null,
                    Value::Bool(truth) => JsonKind::Bool(truth),
                    Value::Number(number) => JsonKind::Number(number),
                    _ => JsonKind::String(text.clone().into_owned()),
                };
                let before = self.nodes;
                self.value(Json { range, kind }, *anchor, before)?;
            }
            Event::Alias(anchor) => {
                let (value, count) = match self.anchors.get(anchor) {
                    Some((_, count)) if self.nodes + count > MAX_NODES => return Err(TOO_LARGE),
                    Some(known) => known.clone(),
                    None => return Err("an alias stands inside what it stands for"),
                };
                self.nodes += count;
                let before = self.nodes;
                self.value(value, 0, before)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, start: usize, anchor: usize, content: Content) -> Result<(), &'static str> {
        if self.stack.len() >= MAX_DEPTH {
            return Err("it is nested too deeply");
        }
        self.stack.push(Open {
            start,
            anchor,
            before: self.nodes,
            content,
        });
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), &'static str> {
        let Some(open) = self.stack.pop() else {
            return Ok(());
        };
        let kind = match open.content {
            Content::Mapping { members, .. } => JsonKind::Object(merged(members)),
            Content::Sequence(items) => JsonKind::Array(items),
        };
        let range = open.start..end.max(open.start);
        self.value(Json { range, kind }, open.anchor, open.before)
    }

    fn awaits_key(&self) -> bool {
        let top = self.stack.last().map(|open| &open.content);
        matches!(top, Some(Content::Mapping { key: None, .. }))
    }

    /// Puts a complete value where it belongs; `before` is the number of nodes before it.
    fn value(&mut self, value: Json, anchor: usize, before: usize) -> Result<(), &'static str> {
        self.nodes += 1;
        if anchor > 0 {
            let count = self.nodes - before;
            self.nodes += count;
            self.anchors.insert(anchor, (value.clone(), count));
        }
        if self.nodes > MAX_NODES {
            return Err(TOO_LARGE);
        }
        match self.stack.last_mut().map(|open| &mut open.content) {
            Some(Content::Mapping { members, key }) => match key.take() {
                None => *key = Some((key_text(&value), value.range)),
                Some((key, key_range)) => members.push(Member {
                    key,
                    key_range,
                    value,
                }),
            },
            Some(Content::Sequence(items)) => items.push(value),
            None => self.root = Some(value),
        }
        Ok(())
    }
}

const TOO_LARGE: &str = "its aliases stand for too much";

fn key_text(key: &Json) -> String {
    key.as_str().map(str::to_owned).unwrap_or_default()
}

/// The members with those of `<<` filled in; a member of its own wins.
fn merged(members: Vec<Member>) -> Vec<Member> {
    if members.iter().all(|member| member.key != "<<") {
        return members;
    }
    let (merges, mut own): (Vec<_>, Vec<_>) =
        members.into_iter().partition(|member| member.key == "<<");
    let mut known: std::collections::HashSet<String> =
        own.iter().map(|member| member.key.clone()).collect();
    for merge in merges {
        let sources = match merge.value.kind {
            JsonKind::Array(items) => items,
            _ => vec![merge.value],
        };
        for source in sources {
            let JsonKind::Object(members) = source.kind else {
                continue;
            };
            own.extend(
                members
                    .into_iter()
                    .filter(|member| known.insert(member.key.clone())),
            );
        }
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn value(text: &str) -> Value {
        read(text).unwrap().to_value()
    }

    #[test]
    fn scalars_have_the_kinds_of_the_core_schema_and_keys_are_text() {
        let text = "200: 'x'\nno: false\nn: 1.5\nd: 2024-01-31\ne:\n";
        let expected = json!({"200": "x", "no": false, "n": 1.5, "d": "2024-01-31", "e": null});
        assert_eq!(value(text), expected);
    }

    #[test]
    fn aliases_and_merge_keys_are_filled_in() {
        let text = "base: &b {a: 1, b: 2}\nx:\n  <<: *b\n  b: 3\ny: [*b]\n";
        let expected = json!({
            "base": {"a": 1, "b": 2},
            "x": {"b": 3, "a": 1},
            "y": [{"a": 1, "b": 2}],
        });
        assert_eq!(value(text), expected);
    }

    #[test]
    fn an_alias_bomb_is_a_fault() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let inner = format!("*a{}, ", level - 1).repeat(10);
            text.extend([format!("a{level}: &a{level} [{inner}]\n")]);
        }
        assert_eq!(read(&text).unwrap_err().message, TOO_LARGE);
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "é: 1\nb:\n  c: \"d\"   # e\n";
        let tree = read(text).unwrap();
        let inner = tree.get("b").unwrap().get("c").unwrap();
        assert_eq!(&text[inner.range.clone()], "\"d\"");
        assert_eq!(&text[tree.members()[0].key_range.clone()], "é");
    }
}
