//! Code fences to request and response examples.

use std::ops::Range;

use crate::mdx::Fence;
use crate::model::call;
use crate::model::curl;
use crate::model::endpoint::{self, Endpoint};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::json::{self, Json, JsonKind};
use crate::model::operation::{Example, RequestExample, Status};
use crate::model::route::{Router, Template};
use crate::source::Excerpt;

use super::status;

static SERVER_OF_CURL: ReadingRule = ReadingRule {
    name: "server-of-curl",
    origin: Origin::Example,
    summary: "what stands before the documented path in the URL of a curl command is the base URL, if nothing else states it",
};
static STATUS_OF_MESSAGE: ReadingRule = ReadingRule {
    name: "status-of-message",
    origin: Origin::Attribute,
    summary: "an example that is an HTTP message states its status in the first line, and its body below the first blank line",
};
static STATUS_IN_COMMENT: ReadingRule = ReadingRule {
    name: "status-in-comment",
    origin: Origin::Example,
    summary: "an example that holds a comment such as `// 204 No Content` and nothing else states that status",
};
static STATUS_IN_BODY: ReadingRule = ReadingRule {
    name: "status-in-body",
    origin: Origin::Example,
    summary: "an example of which nothing else states a status is one of an error if its body says so: a status from 400 to 599, also inside of `error`, errors beside `data: null`, or, beside other examples, `success: false` or nothing but what errors tell",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[
    &SERVER_OF_CURL,
    &STATUS_OF_MESSAGE,
    &STATUS_IN_COMMENT,
    &STATUS_IN_BODY,
];

/// A fence that shows a response, because of the component around it or of what `origin` says.
pub(super) fn response(fence: &Fence, origin: Origin) -> Example {
    let (head, body) = message(&fence.code).unzip();
    let code = body
        .or_else(|| bodiless(&fence.code))
        .or_else(|| output(&fence.code))
        .unwrap_or_else(|| fence.code.clone());
    let text = code.text();
    let language = fence
        .language
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let trimmed = text.trim_start();
    let may_be_json = match language.as_str() {
        "json" | "jsonc" | "json5" => true,
        "" | "js" | "javascript" | "text" | "http" | "bash" => trimmed.starts_with(['{', '[']),
        _ => false,
    };
    let is_empty = trimmed.is_empty();
    Example {
        title: fence.title(),
        title_span: fence.info_span,
        language: fence.language.clone(),
        json: (may_be_json && !is_empty).then(|| json::read(text)),
        media_type: media_type(&language, may_be_json),
        head,
        text: code.clone(),
        origin,
        span: fence.span,
    }
}

/// Nothing, in the place of a comment alone that states a status without a body: `// 204 No Content`.
fn bodiless(code: &Excerpt) -> Option<Excerpt> {
    let said = comment(code.text())?;
    let code_is_bodiless = |it: Status| matches!(it.code(), Some(204 | 205));
    let span = code.span(0..0);
    status::of_title(said, span, &STATUS_IN_COMMENT)
        .is_some_and(code_is_bodiless)
        .then(|| Excerpt::empty(code.file()))
}

/// What a command printed, below it in the same fence: `$ curl …` and the JSON that follows.
pub(super) fn output(code: &Excerpt) -> Option<Excerpt> {
    let text = code.text();
    let command = text.trim_start().strip_prefix("$ ")?;
    if !command.trim_start().starts_with("curl") {
        return None;
    }
    let mut at = 0;
    let mut goes_on = true;
    for line in text.split_inclusive('\n') {
        let is_json = line.starts_with(['{', '[']);
        if is_json && !goes_on {
            let mut part = Excerpt::empty(code.file());
            part.push_excerpt(code, at..text.len());
            return Some(part);
        }
        at += line.len();
        // The body of a command may stand on lines of its own.
        goes_on = line.trim_end().ends_with('\\') || text.get(..at)?.matches('\'').count() % 2 == 1;
    }
    None
}

/// The status that an example states in a comment which is all that it holds.
pub(super) fn comment_status(fence: &Fence) -> Option<Status> {
    let text = fence.code.text();
    let said = comment(text)?;
    let start = text.find(said)?;
    let span = fence.code.span(start..start + said.len());
    status::of_title(said, span, &STATUS_IN_COMMENT)
}

/// The text of the one comment, if there is nothing else.
fn comment(text: &str) -> Option<&str> {
    let text = text.trim();
    let inner = text.strip_prefix("/*").and_then(|it| it.strip_suffix("*/"));
    let line = || text.strip_prefix("//").or_else(|| text.strip_prefix('#'));
    let said = inner.or_else(line)?.trim();
    (!said.contains('\n') && said.len() < 80).then_some(said)
}

/// The status in the first line of an HTTP message: `HTTP/1.1 201 Created`.
pub(super) fn message_status(fence: &Fence) -> Option<Status> {
    let text = fence.code.text();
    let rest = text.strip_prefix("HTTP/")?;
    let code = rest.split_whitespace().nth(1)?;
    let status = code.parse().ok().filter(|code| (100..600).contains(code))?;
    let start = text.find(code)?;
    let span = fence.code.span(start..start + code.len());
    Some(Status::Code(Fact::new(status, span, &STATUS_OF_MESSAGE)))
}

/// The status of an error that the body of an example names, at its root or inside of `error` or the first of `errors`.
pub(super) fn code_in_body(example: &Example) -> Option<Status> {
    const KEYS: [&str; 6] = [
        "status",
        "statusCode",
        "status_code",
        "http_status",
        "httpStatus",
        "code",
    ];
    let value = example.value()?;
    let inside = ["error", "errors"].into_iter().filter_map(|key| {
        let inside = value.get(key)?;
        inside.items().first().or(Some(inside))
    });
    let mut places = std::iter::once(value).chain(inside);
    places.find_map(|value| {
        KEYS.into_iter()
            .find_map(|key| error_at(example, value, key))
    })
}

/// A number from 400 to 599 under that name.
fn error_at(example: &Example, value: &Json, key: &str) -> Option<Status> {
    let member = value.members().iter().find(|member| member.key == key)?;
    let code = match &member.value.kind {
        JsonKind::Number(number) => u16::try_from(number.as_u64()?).ok()?,
        // JSON:API has it as a string.
        JsonKind::String(text) if text.len() == 3 => text.parse().ok()?,
        _ => return None,
    };
    let span = example.text.span(member.value.range.clone());
    let status = Status::Code(Fact::new(code, span, &STATUS_IN_BODY));
    (400..600).contains(&code).then_some(status)
}

/// The error that the body of an example tells of; `is_one_of_several` examples of the page.
pub(super) fn status_in_body(example: &Example, is_one_of_several: bool) -> Option<Status> {
    let value = example.value()?;
    let stated = code_in_body(example);
    if stated.is_some() {
        return stated;
    }
    let says_no = |key: &str| value.get(key).map(|it| &it.kind) == Some(&JsonKind::Bool(false));
    let is_null = |key: &str| value.get(key).map(|it| &it.kind) == Some(&JsonKind::Null);
    let has_errors = ["error", "errors"].iter().any(|key| {
        value.get(key).is_some_and(|error| {
            !error.members().is_empty() || !error.items().is_empty() || error.as_str().is_some()
        })
    });
    // `{"error": {"code": …, "message": …}}` and nothing else.
    let is_only_error = || {
        let [only] = value.members() else {
            return false;
        };
        let tells = ["code", "message", "type"]
            .iter()
            .any(|key| only.value.get(key).is_some());
        only.key == "error" && tells
    };
    let is_error = has_errors && is_null("data")
        || is_one_of_several && (says_no("success") || is_only_error());
    is_error.then_some(Status::Error)
}

/// What stands below the head of an HTTP message; `None` if the text is no message.
fn message(code: &Excerpt) -> Option<(Excerpt, Excerpt)> {
    let text = code.text();
    if !text.starts_with("HTTP/") {
        return None;
    }
    let blank = |end: &str| text.find(end).map(|at| at + end.len());
    let start = blank("\n\n")
        .or_else(|| blank("\r\n\r\n"))
        .unwrap_or(text.len());
    let part = |range: Range<usize>| {
        let mut part = Excerpt::empty(code.file());
        part.push_excerpt(code, range);
        part
    };
    Some((part(0..start), part(start..text.len())))
}

fn media_type(language: &str, is_json: bool) -> &'static str {
    match language {
        _ if is_json => "application/json",
        "xml" => "application/xml",
        "html" => "text/html; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "yaml" | "yml" => "application/yaml",
        "jsonl" | "ndjson" | "jsonlines" | "json-lines" => "application/x-ndjson",
        "markdown" | "md" => "text/markdown; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    }
}

/// A fence among the request examples: one example for each curl command, else one for the fence.
pub(super) fn requests(fence: &Fence) -> Vec<RequestExample> {
    let language = fence
        .language
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_shell = matches!(
        language.as_str(),
        "" | "bash"
            | "sh"
            | "shell"
            | "curl"
            | "zsh"
            | "console"
            | "terminal"
            | "text"
            | "http"
            | "cmd"
            | "powershell"
    );
    let example = |curl: Option<curl::Curl>| RequestExample {
        title: fence.title(),
        language: fence.language.clone(),
        text: fence.code.clone(),
        call: match language.as_str() {
            _ if curl.is_some() => None,
            "http" => call::read_message(fence.code.text()),
            "json" => None,
            _ if is_shell => None,
            _ => call::read(fence.code.text()),
        },
        curl,
        origin: Origin::Example,
        span: fence.span,
    };
    let commands = if is_shell {
        curl::commands(fence.code.text())
    } else {
        Vec::new()
    };
    if commands.is_empty() {
        return vec![example(None)];
    }
    commands
        .into_iter()
        .map(|command| example(Some(command)))
        .collect()
}

/// The base URL of a curl whose path ends with the endpoint's.
pub(super) fn server(example: &RequestExample, endpoint: &Endpoint) -> Option<Fact<String>> {
    let url = example.curl.as_ref()?.url.as_ref()?;
    let (server, path) = endpoint::split_server(url.text.text());
    let server = server.filter(|server| !server.contains(['$', '<', '{']))?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let depth = endpoint
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .count();
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let (base, tail) = parts.split_at_checked(parts.len().checked_sub(depth)?)?;
    let tail = format!("/{}", tail.join("/"));
    if !matches(&endpoint.path, &tail) {
        return None;
    }
    let base = if base.is_empty() {
        String::new()
    } else {
        format!("/{}", base.join("/"))
    };
    let span = example.text.span(url.range.clone());
    Some(Fact::new(format!("{server}{base}"), span, &SERVER_OF_CURL))
}

/// True if a URL with that path calls the template.
pub(super) fn matches(template: &str, path: &str) -> bool {
    let mut router = Router::new();
    router.insert(Template::parse(template), ());
    !router.find(path).is_empty()
}
