//! Finds the curl commands in a shell fence.

use super::{Curl, read, shell};

/// What may stand before a command on its line, beside prompts, operators, and assignments.
const KEYWORDS: [&str; 10] = [
    "do", "then", "else", "if", "while", "!", "sudo", "time", "env", "exec",
];

/// How far the arguments are looked at to tell a command from prose.
const LONGEST_LOOK: usize = 300;

/// Every curl command in the text of a fence, in the order written.
///
/// Comments, other commands, output, and the word in running text are passed over.
///
/// ```
/// let text = "$ curl https://api.example.com/users/:id \\\n  -d 'name=Ada' | jq";
/// let commands = fieldproof::model::curl::commands(text);
/// assert_eq!(commands[0].method.value, "POST");
/// assert_eq!(commands[0].url.as_ref().unwrap().path.value, "/users/:id");
/// assert_eq!(commands[0].variables[0].name, "id");
/// ```
pub fn commands(text: &str) -> Vec<Curl> {
    let mut found = Vec::new();
    let mut line_start = 0;
    let mut at = 0;
    while let Some(offset) = text.get(at..).and_then(|rest| rest.find("curl")) {
        let start = at + offset;
        let before = text.get(at..start).unwrap_or_default();
        line_start = before
            .rfind('\n')
            .map_or(line_start, |newline| at + newline + 1);
        at = start + "curl".len();
        let name_end = if text.get(at..).is_some_and(|rest| rest.starts_with(".exe")) {
            at + 4
        } else {
            at
        };
        let line = text.get(line_start..start).unwrap_or_default();
        let Some(context) = command_context(line).filter(|_| has_arguments(text, name_end)) else {
            continue;
        };
        let command = shell::command(text, name_end, context.ends_at);
        at = command.end.max(at);
        line_start = text
            .get(start..at)
            .and_then(|command| command.rfind('\n'))
            .map_or(line_start, |newline| start + newline + 1);
        found.push(read::request(start..name_end, command));
    }
    found
}

/// Where a command stands.
struct Context {
    ends_at: Option<char>,
}

/// Tells whether a command can begin after that part of its line.
fn command_context(line: &str) -> Option<Context> {
    let line = line.trim_start();
    if line.starts_with('#') || line.starts_with("//") {
        return None;
    }
    // `/usr/bin/curl`
    let line = match line.rsplit_once(char::is_whitespace) {
        _ if line.starts_with('/')
            && line.ends_with('/')
            && !line.contains(char::is_whitespace) =>
        {
            ""
        }
        Some((before, path)) if path.starts_with('/') && path.ends_with("bin/") => before,
        _ => line,
    };
    let opened = line.trim_end();
    let ends_at = if opened.ends_with("$(") {
        Some(')')
    } else if opened.ends_with('`') {
        Some('`')
    } else {
        None
    };
    let ends_with_operator = opened.is_empty() || opened.ends_with(['|', ';', '&', '(', '`', '{']);
    let is_separate = line.len() > opened.len();
    let last = opened
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    let is_prompt =
        matches!(last, "$" | "%" | ">" | "❯" | "➜") || last.ends_with('>') || opened.ends_with('$');
    let is_assignment = last.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    let follows_word = is_separate && (is_prompt || is_assignment || KEYWORDS.contains(&last));
    (ends_with_operator || follows_word).then_some(Context { ends_at })
}

/// True if what follows the word reads like arguments, and not like prose or another word.
fn has_arguments(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    let length: usize = rest.chars().take(LONGEST_LOOK).map(char::len_utf8).sum();
    let rest = rest.get(..length).unwrap_or_default();
    if !rest.starts_with([' ', '\t', '\r', '\n']) {
        return false;
    }
    let line = rest.split('\n').next().unwrap_or_default().trim();
    if line.is_empty() {
        // `curl` alone on its line, its flags on the next ones.
        return rest.trim_start().starts_with(['-', '\'', '"'])
            || rest.trim_start().starts_with("http");
    }
    let first = line.split_whitespace().next().unwrap_or_default();
    first.starts_with([
        '-', '\'', '"', '“', '‘', '$', '<', '{', '\\', '^', '`', ':', '/',
    ]) || first.contains("://")
        || first.contains(['/', '.'])
        || first.starts_with("localhost")
        || line.contains(" -")
}
