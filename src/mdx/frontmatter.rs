//! The YAML between the `---` lines at the top of a page.
//!
//! A byte order mark and blank lines before it are accepted. Where the YAML is broken, the fault is reported and
//! each line `key: value` is read on its own, so that one unquoted colon does not cost the endpoint.

use std::collections::HashSet;
use std::ops::Range;

use saphyr_parser::Event;
use serde_json::{Map, Value};

use crate::diagnostic::Diagnostic;
use crate::source::{Excerpt, FileId, Span, yaml};

use super::rules;

/// The metadata of a page.
#[derive(Clone, Debug)]
pub struct Frontmatter {
    /// From the first `---` to the last; empty, at the start of the page, if there is none.
    pub span: Span,
    /// The entries in the order written.
    pub entries: Vec<Entry>,
}

/// One key of the frontmatter.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The place of the key.
    pub key_span: Span,
    /// The value.
    pub value: Value,
    /// The place of the value, with its quotes.
    pub value_span: Span,
}

impl Frontmatter {
    /// The entry of that key; the last one if the key is repeated.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.key == key)
    }

    /// The value of that key, if it is a string.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.value.as_str()
    }

    fn none(file: FileId) -> Self {
        Self {
            span: Span::new(file, 0..0),
            entries: Vec::new(),
        }
    }
}

/// The frontmatter, the offset where the content starts, and what is wrong.
pub(super) struct Read {
    pub(super) frontmatter: Frontmatter,
    pub(super) content: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads the frontmatter at the top of a page.
pub(super) fn read(source: &Excerpt) -> Read {
    let text = source.text();
    let start = usize::from(text.starts_with('\u{feff}')) * '\u{feff}'.len_utf8();
    let Some(Fences {
        open,
        yaml,
        close,
        is_closed,
    }) = fences(text, start)
    else {
        return Read {
            frontmatter: Frontmatter::none(source.file()),
            content: start,
            diagnostics: Vec::new(),
        };
    };
    let inner = text.get(yaml.clone()).unwrap_or_default();
    let mut diagnostics = Vec::new();
    if !is_closed {
        diagnostics.push(
            Diagnostic::new(
                &rules::INVALID_FRONTMATTER,
                source.span(open..open + "---".len()),
                "the frontmatter is never closed, so that the platform takes it for text",
            )
            .label("opened here")
            .help("add a line `---` behind it"),
        );
    }
    let read = entries(inner).or_else(|fault| entries(&on_one_line(inner)).map_err(|_| fault));
    let entries = match read {
        Ok(entries) => entries,
        Err(fault) => {
            // No line of YAML may be indented with a tab, and readers notice that only later.
            let tab = inner.find("\n\t").map(|at| at + 1);
            let tab = tab.or_else(|| inner.starts_with('\t').then_some(0));
            let at = yaml.start + tab.unwrap_or(fault.at).min(fault.at).min(inner.len());
            diagnostics.push(
                Diagnostic::new(
                    &rules::INVALID_FRONTMATTER,
                    source.span(at..at),
                    format!("the frontmatter is not valid YAML: {}", fault.message),
                )
                .help("put values that hold `: `, `#`, or quotes into quotes, and indent lines that continue a value"),
            );
            line_by_line(inner)
        }
    };
    diagnostics.extend(repeated(&entries).map(|entry| {
        let start = yaml.start + entry.key_range.start;
        let span = source.span(start..yaml.start + entry.key_range.end);
        let message = format!(
            "the frontmatter is not valid YAML: `{}` stands in it twice",
            entry.key
        );
        Diagnostic::new(&rules::INVALID_FRONTMATTER, span, message)
            .label("again")
            .help("remove one of the two")
    }));
    let moved = |range: Range<usize>| source.span(yaml.start + range.start..yaml.start + range.end);
    let moved = entries.into_iter().map(|raw| Entry {
        key: raw.key,
        key_span: moved(raw.key_range),
        value: raw.value,
        value_span: moved(raw.value_range),
    });
    let mut entries: Vec<Entry> = moved.collect();
    entries.shrink_to_fit();
    Read {
        frontmatter: Frontmatter {
            span: source.span(open..close),
            entries,
        },
        content: close,
        diagnostics,
    }
}

/// The same bytes with quoted values on one line each.
///
/// The platform's reader takes lines of a quoted value that are not indented, which YAML does not allow.
fn on_one_line(yaml: &str) -> String {
    let mut joined = String::with_capacity(yaml.len());
    let mut quote = None;
    for line in yaml.split_inclusive('\n') {
        let mut rest = line;
        if quote.is_none() {
            let value = line
                .split_once(": ")
                .map_or("", |(_, value)| value.trim_start());
            quote = value.chars().next().filter(|it| matches!(it, '"' | '\''));
            rest = value.get(1..).unwrap_or_default();
        }
        let is_closed = quote.is_none_or(|quote| rest.trim_end().ends_with(quote));
        if is_closed {
            quote = None;
            joined.push_str(line);
        } else {
            let text = line.trim_end_matches(['\r', '\n']);
            joined.push_str(text);
            joined.extend(std::iter::repeat_n(' ', line.len() - text.len()));
        }
    }
    joined
}

/// The entries whose key has stood before.
fn repeated(entries: &[RawEntry]) -> impl Iterator<Item = &RawEntry> {
    let mut seen = HashSet::new();
    entries
        .iter()
        .filter(move |entry| !seen.insert(entry.key.as_str()))
}

struct Fences {
    open: usize,
    yaml: Range<usize>,
    close: usize,
    is_closed: bool,
}

/// What tells frontmatter that is not closed from a rule with text below it.
const KEYS: [&str; 6] = [
    "title:",
    "api:",
    "openapi:",
    "description:",
    "sidebarTitle:",
    "icon:",
];

/// True if the next line that is not blank is an entry, or the end.
fn leads_to_entry(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let mut lines = rest.lines().filter(|line| !line.trim().is_empty());
    lines
        .next()
        .is_none_or(|line| is_entry(line) || line.trim_end() == "---")
}

/// The lines of `---`: the first line that is not blank, and the next that holds nothing else. Without the second one,
/// the entries that follow the first are meant.
fn fences(text: &str, start: usize) -> Option<Fences> {
    let mut at = start;
    let mut open = None;
    let mut entries = None;
    for line in text.get(start..)?.split_inclusive('\n') {
        let end = at + line.len();
        let is_fence = line.trim_end() == "---";
        match open {
            None if line.trim().is_empty() => {}
            // A line `--- ` above text is drawn as a rule.
            None if is_fence
                && line.trim_end_matches(['\r', '\n']) != "---"
                && !leads_to_entry(text, end) =>
            {
                return None;
            }
            None if is_fence => open = Some((at, end)),
            None => return None,
            Some((open, yaml)) if is_fence => {
                return Some(Fences {
                    open,
                    yaml: yaml..at,
                    close: end,
                    is_closed: true,
                });
            }
            Some(_) if entries.is_none() && !is_entry(line) => entries = Some(at),
            Some(_) => {}
        }
        at = end;
    }
    let ((open, yaml), close) = open.zip(entries.or(Some(at)))?;
    let mut lines = text.get(yaml..close)?.lines();
    let is_meant = lines.any(|line| KEYS.iter().any(|key| line.starts_with(key)));
    is_meant.then_some(Fences {
        open,
        yaml: yaml..close,
        close,
        is_closed: false,
    })
}

/// True for a line such as `title: Books`, and for one that goes on with the line before.
fn is_entry(line: &str) -> bool {
    let key = line.split_once(':').map_or("", |(key, _)| key);
    let is_key = key
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'));
    let goes_on = line.starts_with([' ', '\t']) && !line.trim().is_empty();
    !key.is_empty() && is_key || goes_on
}

struct RawEntry {
    key: String,
    key_range: Range<usize>,
    value: Value,
    value_range: Range<usize>,
}

/// Nested deeper, frontmatter is refused.
const MAX_DEPTH: usize = 32;
/// More nodes than this are refused: no page needs them.
const MAX_NODES: usize = 20_000;

fn entries(text: &str) -> Result<Vec<RawEntry>, yaml::Fault> {
    let mut builder = Builder::default();
    for event in yaml::events(text) {
        let (event, range) = event?;
        let at = range.start;
        builder.event(event, range).map_err(|message| yaml::Fault {
            at,
            message: message.to_owned(),
        })?;
    }
    Ok(builder.entries)
}

/// Builds the entries of the outermost mapping from YAML events.
#[derive(Default)]
struct Builder {
    entries: Vec<RawEntry>,
    stack: Vec<Frame>,
    nodes: usize,
}

enum Frame {
    Root {
        key: Option<(String, Range<usize>)>,
    },
    Map {
        members: Map<String, Value>,
        key: Option<String>,
        start: usize,
    },
    List {
        items: Vec<Value>,
        start: usize,
    },
}

impl Builder {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), &'static str> {
        self.nodes += 1;
        if self.stack.len() > MAX_DEPTH || self.nodes > MAX_NODES {
            return Err("it is nested too deeply or too large");
        }
        match event {
            Event::MappingStart(..) if self.stack.is_empty() => {
                self.stack.push(Frame::Root { key: None });
            }
            Event::MappingStart(..) => self.stack.push(Frame::Map {
                members: Map::new(),
                key: None,
                start: range.start,
            }),
            Event::SequenceStart(..) => self.stack.push(Frame::List {
                items: Vec::new(),
                start: range.start,
            }),
            Event::Scalar(text, style, _, _) => {
                self.value(yaml::scalar(&text, style), range, Some(&text));
            }
            // Aliases are not followed: what they could expand to has no bound, and no page needs them.
            Event::Alias(_) => self.value(Value::Null, range, None),
            Event::MappingEnd | Event::SequenceEnd => match self.stack.pop() {
                Some(Frame::Map { members, start, .. }) => {
                    self.value(Value::Object(members), start..range.end, None);
                }
                Some(Frame::List { items, start }) => {
                    self.value(Value::Array(items), start..range.end, None);
                }
                Some(Frame::Root { .. }) | None => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn value(&mut self, value: Value, range: Range<usize>, text: Option<&str>) {
        match self.stack.last_mut() {
            Some(Frame::Root { key }) => match key.take() {
                None => *key = Some((text.unwrap_or_default().to_owned(), range)),
                Some((name, key_range)) => self.entries.push(RawEntry {
                    key: name,
                    key_range,
                    value,
                    value_range: range,
                }),
            },
            Some(Frame::Map { members, key, .. }) => match key.take() {
                None => *key = Some(text.unwrap_or_default().to_owned()),
                Some(name) => {
                    members.insert(name, value);
                }
            },
            Some(Frame::List { items, .. }) => items.push(value),
            None => {}
        }
    }
}

/// What can be read of broken YAML: the lines `key: value` without indentation.
fn line_by_line(yaml: &str) -> Vec<RawEntry> {
    let mut entries = Vec::new();
    let mut at = 0;
    for line in yaml.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let is_key = !key.is_empty()
            && key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b':'));
        if !is_key {
            continue;
        }
        let trimmed = value.trim();
        let value_start = start + key.len() + 1 + (value.len() - value.trim_start().len());
        let quoted = ['"', '\'']
            .iter()
            .find_map(|quote| trimmed.strip_prefix(*quote)?.strip_suffix(*quote));
        entries.push(RawEntry {
            key: key.to_owned(),
            key_range: start..start + key.len(),
            value: Value::String(quoted.unwrap_or(trimmed).to_owned()),
            value_range: value_start..value_start + trimmed.len(),
        });
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Sources};

    fn read_text(text: &str) -> (Frontmatter, String, usize) {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("page.mdx", text));
        let read = read(&Excerpt::verbatim(text, Span::new(file, 0..text.len())));
        let content = text[read.content..].to_owned();
        (read.frontmatter, content, read.diagnostics.len())
    }

    #[test]
    fn values_have_places() {
        let text = "---\ntitle: \"Zwölf: a\"\napi: 'GET /x' # why\n---\nbody";
        let (frontmatter, content, faults) = read_text(text);
        assert_eq!((content.as_str(), faults), ("body", 0));
        assert_eq!(frontmatter.text("title"), Some("Zwölf: a"));
        let api = frontmatter.get("api").unwrap();
        assert_eq!(&text[api.value_span.range()], "'GET /x'");
        assert_eq!(&text[api.key_span.range()], "api");
    }

    #[test]
    fn a_mark_blank_lines_and_carriage_returns_before_it_are_accepted() {
        let (frontmatter, content, faults) =
            read_text("\u{feff}\r\n---\r\napi: GET /x\r\n---\r\nbody");
        assert_eq!(
            (frontmatter.text("api"), content.as_str(), faults),
            (Some("GET /x"), "body", 0)
        );
    }

    #[test]
    fn broken_yaml_is_reported_and_read_line_by_line() {
        let (frontmatter, _, faults) =
            read_text("---\napi: \"GET /x\"\ndescription: \"never\nclosed\n---\n");
        assert_eq!((frontmatter.text("api"), faults), (Some("GET /x"), 1));
        assert_eq!(frontmatter.text("description"), Some("\"never"));
    }

    #[test]
    fn lines_of_a_quoted_value_need_no_indentation() {
        let text = "---\ndescription: \"Ends a call.\n\"\napi: GET /x\n---\n";
        let (frontmatter, _, faults) = read_text(text);
        assert_eq!((frontmatter.text("api"), faults), (Some("GET /x"), 0));
        let description = frontmatter.text("description").unwrap();
        assert_eq!(description.trim_end(), "Ends a call.");
    }

    #[test]
    fn aliases_cannot_grow() {
        let (frontmatter, _, _) = read_text("---\na: &a [x, x]\nb: [*a, *a]\n---\n");
        assert_eq!(
            frontmatter.get("b").unwrap().value,
            serde_json::json!([null, null])
        );
    }

    #[test]
    fn frontmatter_that_is_never_closed_ends_with_its_entries() {
        let (frontmatter, content, faults) =
            read_text("---\napi: GET /x\ntitle: X\n\n# X\n\nNote: y\n");
        assert_eq!(frontmatter.text("api"), Some("GET /x"));
        assert_eq!(content, "\n# X\n\nNote: y\n");
        assert_eq!(faults, 1);
        let (frontmatter, content, faults) = read_text("---\n\nNote: a rule\n");
        assert!(frontmatter.entries.is_empty());
        assert_eq!(content, "---\n\nNote: a rule\n");
        assert_eq!(faults, 0);
    }

    #[test]
    fn a_page_without_frontmatter_is_all_content() {
        let (frontmatter, content, _) = read_text("text\n---\n");
        assert!(frontmatter.entries.is_empty());
        assert_eq!(content, "text\n---\n");
    }
}
