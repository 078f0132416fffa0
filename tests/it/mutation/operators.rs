//! The slips, one function for each kind.

use super::page::{Field, Key, Page};

/// A page with a slip.
pub(super) struct Slip {
    /// What was done, for the report.
    pub(super) what: String,
    pub(super) text: String,
    /// The lines, from 1, where a finding is on the right line: where the slip is, or what it contradicts.
    pub(super) lines: Vec<usize>,
}

type Operator = fn(&Page) -> Vec<Slip>;

/// Every kind of slip.
pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("field: drop", drop_field),
    ("field: rename", rename_field),
    ("field: retype", retype_field),
    ("field: re-nest", renest_field),
    ("field: repeat", repeat_field),
    ("field: allowed values", documented_values),
    ("field: default", default),
    ("example: rename a key", rename_key),
    ("example: retype a value", retype_value),
    ("example: drop a key", drop_key),
    ("example: add a key", add_key),
    ("example: repeat a key", repeat_key),
    ("example: envelope", envelope),
    ("example: break JSON", break_json),
    ("example: allowed value", allowed_value),
    ("example: range", range),
    ("example: format", format),
    ("example: status title", status_title),
    ("curl: method", curl_method),
    ("curl: path", curl_path),
    ("curl: host", curl_host),
    ("curl: query", curl_query),
    ("curl: body", curl_body),
    ("curl: required member", required_member),
    ("curl: credentials", curl_credentials),
    ("page: unclosed tag", unclosed_tag),
    ("page: frontmatter", bad_frontmatter),
    ("page: api line", malformed_api),
    ("page: path parameter", path_parameter),
];

fn slip(what: impl Into<String>, text: String, lines: Vec<usize>) -> Slip {
    Slip {
        what: what.into(),
        text,
        lines,
    }
}

/// The fields that an example shows.
fn shown(page: &Page) -> impl Iterator<Item = (&Field, Vec<&Key>)> {
    page.fields
        .iter()
        .map(|field| (field, page.keys_of(field)))
        .filter(|(_, keys)| !keys.is_empty())
}

fn drop_field(page: &Page) -> Vec<Slip> {
    shown(page)
        .filter(|(field, _)| !field.has_children && is_alone(page, field))
        .map(|(field, _)| {
            let text = page.with(field.lines.clone(), &[]);
            let lines = Page::lines_with(&text, &[&format!("\"{}\":", field.name)]);
            slip(format!("without {}", field.name), text, lines)
        })
        .collect()
}

/// True if the object around the field documents others too: without any, it is left open.
fn is_alone(page: &Page, field: &Field) -> bool {
    let beside = |other: &&Field| {
        other.indent == field.indent && other.place == field.place && other.lines != field.lines
    };
    let near = |other: &&Field| {
        let (first, last) = if other.lines.start < field.lines.start {
            (other.lines.end, field.lines.start)
        } else {
            (field.lines.end, other.lines.start)
        };
        let between = page.lines.get(first..last).unwrap_or_default();
        between.iter().all(|line| {
            line.trim().is_empty() || line.len() - line.trim_start().len() >= field.indent
        })
    };
    page.fields.iter().filter(beside).any(|other| near(&other))
}

fn rename_field(page: &Page) -> Vec<Slip> {
    shown(page)
        .map(|(field, _)| {
            let line = &page.lines[field.lines.start];
            let new = line.replacen(&format!("=\"{}\"", field.name), "=\"zone\"", 1);
            let text = page.with_line(field.lines.start, new);
            let mut lines = Page::lines_with(&text, &[&format!("\"{}\":", field.name)]);
            lines.push(field.lines.start + 1);
            slip(format!("{} as zone", field.name), text, lines)
        })
        .collect()
}

fn retype_field(page: &Page) -> Vec<Slip> {
    shown(page)
        .filter(|(field, keys)| !field.has_children && keys.iter().any(|key| key.value != "null"))
        .map(|(field, _)| {
            let line = &page.lines[field.lines.start];
            let other = match field.kind.as_str() {
                "boolean" => "integer",
                "integer" | "number" => "string",
                _ => "boolean",
            };
            let new = line.replacen(
                &format!("type=\"{}\"", field.kind),
                &format!("type=\"{other}\""),
                1,
            );
            let text = page.with_line(field.lines.start, new);
            let mut lines = Page::lines_with(&text, &[&format!("\"{}\":", field.name)]);
            lines.push(field.lines.start + 1);
            slip(format!("{} as {other}", field.name), text, lines)
        })
        .collect()
}

/// Puts a field at the top into an object of its own.
fn renest_field(page: &Page) -> Vec<Slip> {
    shown(page)
        .filter(|(field, _)| field.indent == 0 && !field.has_children && field.place == "name")
        .map(|(field, _)| {
            let mut new = vec!["<ResponseField name=\"zone\" type=\"object\">".to_owned()];
            new.extend(
                page.lines[field.lines.clone()]
                    .iter()
                    .map(|line| format!("  {line}")),
            );
            new.push("</ResponseField>".to_owned());
            let text = page.with(field.lines.clone(), &new);
            let mut lines = Page::lines_with(&text, &[&format!("\"{}\":", field.name)]);
            lines.extend([field.lines.start + 1, field.lines.start + 2]);
            slip(format!("{} in zone", field.name), text, lines)
        })
        .collect()
}

/// The keys that a field documents.
fn documented(page: &Page) -> impl Iterator<Item = (&Key, &Field)> {
    page.keys.iter().filter_map(|key| {
        let place = if key.is_request { "body" } else { "name" };
        let mut fields = page.fields.iter();
        let field = fields.find(|field| field.name == key.name && field.place == place)?;
        Some((key, field))
    })
}

fn rename_key(page: &Page) -> Vec<Slip> {
    documented(page)
        .map(|(key, _)| {
            let new = page.lines[key.line].replacen(&format!("\"{}\"", key.name), "\"zone\"", 1);
            let text = page.with_line(key.line, new);
            slip(format!("{} as zone", key.name), text, vec![key.line + 1])
        })
        .collect()
}

fn retype_value(page: &Page) -> Vec<Slip> {
    documented(page)
        .filter(|(key, _)| !key.value.is_empty() && key.value != "null")
        .map(|(key, _)| {
            let other = if key.value.starts_with(['{', '[']) {
                "7"
            } else {
                "{}"
            };
            let new = page.lines[key.line].replacen(&key.value, other, 1);
            slip(
                format!("{} as {other}", key.name),
                page.with_line(key.line, new),
                vec![key.line + 1],
            )
        })
        .collect()
}

/// Drops a key from all examples; optional members of requests are normally left out.
fn drop_key(page: &Page) -> Vec<Slip> {
    shown(page)
        .filter(|(field, keys)| {
            field.place == "name"
                && keys
                    .iter()
                    .all(|key| !key.value.is_empty() && page.lines[key.line].ends_with(','))
        })
        .map(|(field, keys)| {
            let mut text = page.lines.clone();
            for key in keys.iter().rev() {
                text.remove(key.line);
            }
            let lines = (field.lines.start + 1..=field.lines.end).collect();
            slip(format!("no {}", field.name), text.join("\n") + "\n", lines)
        })
        .collect()
}

fn add_key(page: &Page) -> Vec<Slip> {
    documented(page)
        .map(|(key, _)| {
            let line = &page.lines[key.line];
            let indent = line.len() - line.trim_start().len();
            let new = [format!("{}\"zone\": 1,", " ".repeat(indent)), line.clone()];
            let text = page.with(key.line..key.line + 1, &new);
            slip(
                format!("zone before {}", key.name),
                text,
                vec![key.line + 1],
            )
        })
        .collect()
}

fn repeat_key(page: &Page) -> Vec<Slip> {
    documented(page)
        .filter(|(key, _)| !key.value.is_empty())
        .map(|(key, _)| {
            let line = page.lines[key.line].trim_end_matches(',');
            let new = [format!("{line},"), page.lines[key.line].clone()];
            let text = page.with(key.line..key.line + 1, &new);
            slip(
                format!("{} twice", key.name),
                text,
                vec![key.line + 1, key.line + 2],
            )
        })
        .collect()
}

/// Puts a success example into `wrap`.
fn envelope(page: &Page) -> Vec<Slip> {
    let mut found = Vec::new();
    for (index, line) in page.lines.iter().enumerate() {
        let is_success = line.starts_with("```json 2");
        if !is_success
            || page.lines.get(index + 1).is_none_or(|line| line != "{")
            || page.keys.is_empty()
        {
            continue;
        }
        let Some(length) = page.lines[index..].iter().position(|line| line == "}") else {
            continue;
        };
        let mut lines = page.lines.clone();
        "{\"wrap\": {".clone_into(&mut lines[index + 1]);
        "}}".clone_into(&mut lines[index + length]);
        found.push(slip("wrap", lines.join("\n") + "\n", vec![index + 2]));
    }
    found
}

fn break_json(page: &Page) -> Vec<Slip> {
    let mut found = Vec::new();
    for key in page.keys.iter().filter(|key| !key.value.is_empty()) {
        let line = &page.lines[key.line];
        let new = match line.strip_suffix(',') {
            Some(without) => without.to_owned(),
            None => format!("{line},"),
        };
        let lines = vec![key.line + 1, key.line + 2];
        found.push(slip("comma", page.with_line(key.line, new), lines.clone()));
        let new = line.replacen('"', "", 1);
        found.push(slip("quote", page.with_line(key.line, new), lines));
    }
    found
}

fn repeat_field(page: &Page) -> Vec<Slip> {
    page.fields
        .iter()
        .filter(|field| !field.has_children)
        .map(|field| {
            let mut new = page.lines[field.lines.clone()].to_vec();
            new.push(String::new());
            new.extend_from_slice(&page.lines[field.lines.clone()]);
            let text = page.with(field.lines.clone(), &new);
            let second = field.lines.end + 2;
            slip(
                format!("{} twice", field.name),
                text,
                vec![field.lines.start + 1, second],
            )
        })
        .collect()
}

/// Takes a value that an example shows out of the documented ones.
fn documented_values(page: &Page) -> Vec<Slip> {
    let mut found = Vec::new();
    for (field, keys) in shown(page) {
        for value in &field.allowed {
            let quoted = format!("\"{value}\"");
            let shown: Vec<usize> = keys
                .iter()
                .filter(|key| key.value == quoted)
                .map(|key| key.line + 1)
                .collect();
            let listed = format!("`{value}`");
            let mut inside = field.lines.clone();
            let Some(line) = inside.find(|line| page.lines[*line].contains(&listed)) else {
                continue;
            };
            if shown.is_empty() {
                continue;
            }
            let new = page.lines[line].replacen(&listed, "`zone`", 1);
            let mut lines = shown;
            lines.push(line + 1);
            found.push(slip(
                format!("{}: zone for {value}", field.name),
                page.with_line(line, new),
                lines,
            ));
        }
    }
    found
}

/// Gives a field a default that it does not take.
fn default(page: &Page) -> Vec<Slip> {
    let mut found = Vec::new();
    for field in &page.fields {
        let line = &page.lines[field.lines.start];
        let is_number = matches!(field.kind.as_str(), "integer" | "number" | "boolean");
        if field.place == "name" || !is_number && field.allowed.is_empty() {
            continue;
        }
        let Some(end) = line.rfind('>') else { continue };
        let before = match line.split_once(" default=") {
            Some((before, _)) => before,
            None => line[..end].trim_end_matches('/').trim_end(),
        };
        found.push(slip(
            format!("{} defaults to zone", field.name),
            page.with_line(field.lines.start, format!("{before} default=\"zone\">")),
            vec![field.lines.start + 1],
        ));
    }
    found
}

fn range(page: &Page) -> Vec<Slip> {
    documented(page)
        .filter(|(key, field)| field.greatest.is_some() && key.value.parse::<f64>().is_ok())
        .map(|(key, field)| {
            let other = (field.greatest.unwrap_or_default() + 1).to_string();
            let new = page.lines[key.line].replacen(&key.value, &other, 1);
            slip(
                format!("{} as {other}", key.name),
                page.with_line(key.line, new),
                vec![key.line + 1],
            )
        })
        .collect()
}

fn format(page: &Page) -> Vec<Slip> {
    documented(page)
        .filter(|(key, field)| field.has_format && key.value.starts_with('"'))
        .map(|(key, _)| {
            let new = page.lines[key.line].replacen(&key.value, "\"yesterday\"", 1);
            slip(
                format!("{} as yesterday", key.name),
                page.with_line(key.line, new),
                vec![key.line + 1],
            )
        })
        .collect()
}

/// Leaves a required member out of a request.
fn required_member(page: &Page) -> Vec<Slip> {
    shown(page)
        .filter(|(field, keys)| {
            let line = &page.lines[field.lines.start];
            let is_last = |key: &Key| !page.lines[key.line].ends_with(',') || key.value.is_empty();
            field.place == "body"
                && line.contains(" required")
                && keys.len() == 1
                && !is_last(keys[0])
        })
        .map(|(field, keys)| {
            let line = keys[0].line;
            let mut lines = vec![field.lines.start + 1];
            lines.extend(
                curl_starts(page)
                    .into_iter()
                    .filter(|start| *start < line)
                    .map(|start| start + 1),
            );
            // The place of what is missing is the object around it.
            lines.extend(line.saturating_sub(6)..=line + 1);
            slip(
                format!("without {}", field.name),
                page.with(line..line + 1, &[]),
                lines,
            )
        })
        .collect()
}

/// A path parameter that only the endpoint, or only a field, names.
fn path_parameter(page: &Page) -> Vec<Slip> {
    let mut found = Vec::new();
    let Some(api) = page.lines.iter().position(|line| line.starts_with("api: ")) else {
        return found;
    };
    for field in page.fields.iter().filter(|field| field.place == "path") {
        let line = &page.lines[field.lines.start];
        let new = line.replacen(&field.name, "zone", 1);
        let lines = vec![api + 1, field.lines.start + 1];
        found.push(slip(
            format!("{} as zone", field.name),
            page.with_line(field.lines.start, new),
            lines,
        ));
        let text = page.with(field.lines.clone(), &[]);
        found.push(slip(format!("without {}", field.name), text, vec![api + 1]));
        let in_path = format!("{{{}}}", field.name);
        let new = page.lines[api].replacen(&in_path, "zone", 1);
        let mut lines = vec![api + 1, field.lines.start + 1];
        lines.extend(curl_starts(page).into_iter().map(|start| start + 1));
        found.push(slip(
            format!("zone in place of {in_path}"),
            page.with_line(api, new),
            lines,
        ));
    }
    found
}

fn allowed_value(page: &Page) -> Vec<Slip> {
    documented(page)
        .filter(|(_, field)| !field.allowed.is_empty())
        .map(|(key, _)| {
            let new = page.lines[key.line].replacen(&key.value, "\"zone\"", 1);
            slip(
                key.name.clone(),
                page.with_line(key.line, new),
                vec![key.line + 1],
            )
        })
        .collect()
}

fn status_title(page: &Page) -> Vec<Slip> {
    let mut found = Vec::new();
    for (index, line) in page.lines.iter().enumerate() {
        let Some(title) = line.strip_prefix("```json ") else {
            continue;
        };
        let Some((code, words)) = title.split_once(' ').or(Some((title, ""))) else {
            continue;
        };
        let others = if words.is_empty() {
            vec!["999".to_owned(), "404 Created".to_owned()]
        } else {
            vec![
                format!("999 {words}"),
                format!("{code} Gone"),
                format!("418 {words}"),
            ]
        };
        for other in others {
            let text = page.with_line(index, format!("```json {other}"));
            found.push(slip(format!("{title} as {other}"), text, vec![index + 1]));
        }
    }
    found
}

/// The lines of curl commands, with the line where each begins.
fn curl_lines(page: &Page) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (index, line) in page.lines.iter().enumerate() {
        if line.starts_with("curl ") {
            start = Some(index);
        }
        if line.starts_with("```") {
            start = None;
        }
        if let Some(start) = start {
            found.push((start, index));
        }
    }
    found
}

fn curl_starts(page: &Page) -> Vec<usize> {
    let lines = curl_lines(page).into_iter();
    lines
        .filter(|(start, line)| start == line)
        .map(|(start, _)| start)
        .collect()
}

fn curl_method(page: &Page) -> Vec<Slip> {
    curl_starts(page)
        .into_iter()
        .map(|index| {
            let line = &page.lines[index];
            let new = match line.split_once("-X ") {
                Some((before, rest)) => {
                    let (method, rest) = rest.split_once(' ').unwrap();
                    let other = if method == "PUT" { "PATCH" } else { "PUT" };
                    format!("{before}-X {other} {rest}")
                }
                None if line.contains("--request ") => {
                    let (before, rest) = line.split_once("--request ").unwrap();
                    let (method, rest) = rest.split_once(' ').unwrap();
                    let other = if method == "PUT" { "PATCH" } else { "PUT" };
                    format!("{before}--request {other} {rest}")
                }
                None => line.replacen("curl ", "curl -X DELETE ", 1),
            };
            slip("method", page.with_line(index, new), vec![index + 1])
        })
        .collect()
}

fn curl_path(page: &Page) -> Vec<Slip> {
    replaced(page, "/v1/", "/v1/zone/")
}

fn curl_host(page: &Page) -> Vec<Slip> {
    replaced(page, "api.example.com", "api.example.org")
}

fn replaced(page: &Page, old: &str, new: &str) -> Vec<Slip> {
    curl_starts(page)
        .into_iter()
        .filter(|index| page.lines[*index].contains(old))
        .map(|index| {
            let line = page.lines[index].replacen(old, new, 1);
            slip(new, page.with_line(index, line), vec![index + 1])
        })
        .collect()
}

fn curl_query(page: &Page) -> Vec<Slip> {
    let mut found = replaced(page, "?", "?zone=1&");
    found.extend(replaced(page, "limit=", "limits="));
    found.extend(replaced(page, "limit=", "limit=few&zone="));
    found
}

fn curl_body(page: &Page) -> Vec<Slip> {
    let mut found = Vec::new();
    for (start, index) in curl_lines(page) {
        let line = &page.lines[index];
        if line.trim() == "}'" {
            // The quote is never closed.
            let text = page.with_line(index, line.replace("}'", "}"));
            found.push(slip("quote", text, (start + 1..=index + 1).collect()));
        }
        if line.contains("Content-Type") {
            let text = page.with_line(
                index,
                line.replace("application/json", "application/x-www-form-urlencoded"),
            );
            found.push(slip("media type", text, vec![index + 1]));
        }
        if line.ends_with('\\') && index > start {
            let text = page.with_line(index, line.trim_end_matches([' ', '\\']));
            found.push(slip("backslash", text, vec![index + 1]));
        }
    }
    found
}

fn curl_credentials(page: &Page) -> Vec<Slip> {
    let mut found = Vec::new();
    for (start, index) in curl_lines(page) {
        let line = &page.lines[index];
        if !line.contains("Authorization: Bearer") {
            continue;
        }
        let basic = page.with_line(index, line.replace("Bearer", "Basic"));
        found.push(slip("basic", basic, vec![index + 1]));
        let other = page.with_line(index, line.replace("Authorization: Bearer", "X-Api-Key:"));
        found.push(slip("key", other, vec![index + 1]));
        if line.ends_with('\\') {
            let without = page.with(index..index + 1, &[]);
            found.push(slip("none", without, vec![start + 1]));
        }
    }
    found
}

fn unclosed_tag(page: &Page) -> Vec<Slip> {
    let mut found = Vec::new();
    for (index, line) in page.lines.iter().enumerate() {
        let Some(name) = line
            .trim()
            .strip_prefix("</")
            .and_then(|rest| rest.strip_suffix('>'))
        else {
            continue;
        };
        let open = format!("<{name}");
        let opens: Vec<usize> = page.lines[..index]
            .iter()
            .enumerate()
            .filter(|(_, line)| line.contains(&open))
            .map(|(index, _)| index + 1)
            .collect();
        // It is said where the tag opens, or where it should have been closed.
        let mut lines: Vec<usize> = opens.last().copied().into_iter().collect();
        lines.extend([index, index + 1, index + 2, index + 3]);
        let indent = line.len() - line.trim_start().len();
        let own = page
            .fields
            .iter()
            .find(|field| field.lines.end == index + 1 && field.indent == indent);
        lines.extend(own.map(|field| field.lines.start + 1));
        found.push(slip(
            format!("line {}", index + 1),
            page.with(index..index + 1, &[]),
            lines,
        ));
    }
    found
}

fn bad_frontmatter(page: &Page) -> Vec<Slip> {
    let mut found = Vec::new();
    let end = page
        .lines
        .iter()
        .skip(1)
        .position(|line| line == "---")
        .map_or(0, |at| at + 1);
    for index in 1..end {
        let line = &page.lines[index];
        if line.ends_with('"') {
            let text = page.with_line(index, line.trim_end_matches('"'));
            found.push(slip("quote", text, (index + 1..=end + 1).collect()));
        }
    }
    found
}

fn malformed_api(page: &Page) -> Vec<Slip> {
    let Some(index) = page.lines.iter().position(|line| line.starts_with("api: ")) else {
        return Vec::new();
    };
    let line = &page.lines[index];
    let (method, _) = line.trim_start_matches("api: \"").split_once(' ').unwrap();
    ["", "FETCH", "POSTS"]
        .iter()
        .map(|other| {
            let new = line.replacen(method, other, 1);
            slip(*other, page.with_line(index, new), vec![index + 1])
        })
        .collect()
}
