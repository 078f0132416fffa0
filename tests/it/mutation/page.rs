//! The parts of a sample page that slips are made in, found line by line: the samples are written regularly enough.

/// A page by its lines.
pub(super) struct Page {
    pub(super) lines: Vec<String>,
    pub(super) fields: Vec<Field>,
    pub(super) keys: Vec<Key>,
}

/// A field that stands on lines of its own.
pub(super) struct Field {
    pub(super) name: String,
    /// `body`, `query`, `path`, `header`, or `name` for one of a response.
    pub(super) place: String,
    pub(super) kind: String,
    /// From the opening to the closing tag.
    pub(super) lines: std::ops::Range<usize>,
    pub(super) indent: usize,
    pub(super) has_children: bool,
    /// The allowed values that its text lists.
    pub(super) allowed: Vec<String>,
    /// The number after "Between … and".
    pub(super) greatest: Option<i64>,
    /// True if its text names a notation.
    pub(super) has_format: bool,
}

/// A key of a JSON example that stands alone on its line.
pub(super) struct Key {
    pub(super) name: String,
    pub(super) line: usize,
    /// The value, without the comma; empty if it goes on on the next lines.
    pub(super) value: String,
    /// True in a response example whose title is no error.
    pub(super) is_success: bool,
    pub(super) is_request: bool,
}

impl Page {
    pub(super) fn new(text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        Self {
            fields: fields(&lines),
            keys: keys(&lines),
            lines,
        }
    }

    /// The text with other lines in place of `range`.
    pub(super) fn with(&self, range: std::ops::Range<usize>, new: &[String]) -> String {
        let mut lines = self.lines.clone();
        lines.splice(range, new.iter().cloned());
        lines.join("\n") + "\n"
    }

    /// The text with one line changed.
    pub(super) fn with_line(&self, line: usize, new: impl Into<String>) -> String {
        self.with(line..line + 1, &[new.into()])
    }

    /// The success or request keys of that name.
    pub(super) fn keys_of<'p>(&'p self, field: &'p Field) -> Vec<&'p Key> {
        let is_of = |key: &&Key| {
            key.name == field.name
                && match field.place.as_str() {
                    "name" => key.is_success,
                    "body" => key.is_request,
                    _ => false,
                }
        };
        self.keys.iter().filter(is_of).collect()
    }

    /// The lines, from 1, that hold any of the texts.
    pub(super) fn lines_with(text: &str, parts: &[&str]) -> Vec<usize> {
        let holds = |line: &str| parts.iter().any(|part| line.contains(part));
        text.lines()
            .enumerate()
            .filter(|(_, line)| holds(line))
            .map(|(index, _)| index + 1)
            .collect()
    }
}

fn attribute(line: &str, name: &str) -> Option<String> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}

fn fields(lines: &[String]) -> Vec<Field> {
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        let Some(tag) = ["ParamField", "ResponseField"]
            .into_iter()
            .find(|tag| trimmed.starts_with(&format!("<{tag} ")))
        else {
            continue;
        };
        let close = format!("{}</{tag}>", " ".repeat(indent));
        let Some(length) = lines[index..].iter().position(|line| *line == close) else {
            continue;
        };
        let inside = &lines[index + 1..index + length];
        let place = ["name", "body", "query", "path", "header"]
            .into_iter()
            .find(|place| attribute(trimmed, place).is_some())
            .unwrap();
        found.push(Field {
            name: attribute(trimmed, place).unwrap(),
            place: place.to_owned(),
            kind: attribute(trimmed, "type").unwrap_or_default(),
            lines: index..index + length + 1,
            indent,
            has_children: inside.iter().any(|line| line.contains("Field ")),
            allowed: allowed(inside),
            greatest: greatest(inside),
            has_format: inside
                .iter()
                .any(|line| line.contains("ISO 8601") || line.contains("UUID")),
        });
    }
    found
}

fn allowed(lines: &[String]) -> Vec<String> {
    let Some((_, list)) = lines.iter().find_map(|line| line.split_once("One of ")) else {
        return Vec::new();
    };
    list.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn greatest(lines: &[String]) -> Option<i64> {
    let (_, range) = lines.iter().find_map(|line| line.split_once("etween "))?;
    let (_, rest) = range.split_once(" and ")?;
    rest.split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

fn keys(lines: &[String]) -> Vec<Key> {
    let mut found = Vec::new();
    let (mut is_request, mut is_response) = (false, false);
    let (mut is_success, mut is_read) = (false, false);
    for (index, line) in lines.iter().enumerate() {
        match line.trim() {
            "<RequestExample>" => is_request = true,
            "</RequestExample>" => is_request = false,
            "<ResponseExample>" => is_response = true,
            "</ResponseExample>" => is_response = false,
            text if text.starts_with("```") => {
                is_success = text.starts_with("```json 2");
                is_read = ["```bash", "```json"]
                    .iter()
                    .any(|start| text.starts_with(start));
            }
            text => {
                let Some((name, value)) = text
                    .strip_prefix('"')
                    .and_then(|rest| rest.split_once("\": "))
                else {
                    continue;
                };
                let is_plain =
                    !name.contains('"') && (is_request && is_read || is_response && is_success);
                if is_plain {
                    found.push(Key {
                        name: name.to_owned(),
                        line: index,
                        value: scalar(value),
                        is_success: is_response && is_success,
                        is_request,
                    });
                }
            }
        }
    }
    found
}

/// A value that ends on its line, without the comma.
fn scalar(value: &str) -> String {
    let value = value.trim_end_matches(',');
    let is_open = value.ends_with(['{', '[']);
    if is_open {
        String::new()
    } else {
        value.to_owned()
    }
}
