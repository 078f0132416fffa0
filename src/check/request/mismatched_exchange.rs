//! The example of an answer shows other values than the request that stands beside it on the page.
//!
//! Two things are compared: the identifier in the path with that of the object which is answered, and what is sent with
//! the members of the same names. A server may change what it is sent, so that only an object counts that shows other
//! values of the request as they were sent.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::curl::Spanned;
use crate::model::json::{Json, JsonKind, Member};
use crate::model::route::Template;
use crate::model::shape::is_placeholder;
use crate::model::types::Type;
use crate::model::{Example, Field, Location, Operation, Origin};
use crate::source::Span;

use super::{Requests, fit, parameters, sent};

pub(super) static RULE: Rule = Rule {
    name: "mismatched-exchange",
    severity: Severity::Warning,
    summary: "the example of an answer shows other values than the request beside it",
};

/// Objects are looked for so many levels deep.
const DEPTH: usize = 2;
/// The names of what a server changes, or of what means one thing when it is sent and another in an answer.
const CHANGING: [&str; 24] = [
    "status", "state", "version", "revision", "updated", "token", "secret", "password", "message",
    "result", "action", "event", "count", "total", "size", "url", "uri", "link", "type", "object",
    "code", "cursor", "after", "before",
];

/// What is sent, for members to be found by their names.
struct Index<'s> {
    in_path: Vec<&'s Sent>,
    by_name: HashMap<&'s str, Vec<&'s Sent>>,
}

impl<'s> Index<'s> {
    fn of(sent: &'s [Sent]) -> Self {
        let (in_path, others): (Vec<_>, Vec<_>) = sent.iter().partition(|it| it.is_in_path);
        let mut by_name: HashMap<&str, Vec<&Sent>> = HashMap::new();
        for sent in others {
            by_name.entry(sent.name.as_str()).or_default().push(sent);
        }
        Self { in_path, by_name }
    }
}

/// A value that a call sends.
struct Sent {
    name: String,
    text: String,
    span: Span,
    /// True for the last parameter of the path: the identifier of what the operation is about.
    is_subject: bool,
    is_in_path: bool,
}

pub(super) fn check(requests: &Requests<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let operation = requests.operation;
    let sent = all_sent(requests);
    if sent.is_empty() || operation.is_inferred() {
        return;
    }
    let successes = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    let examples: Vec<(&Example, &Json)> = successes
        .flat_map(|response| &response.examples)
        .filter(|example| example.origin != Origin::Inferred)
        // What a snippet shows belongs to no request of its own.
        .filter(|example| sent.iter().any(|sent| sent.span.file == example.span.file))
        .filter_map(|example| Some((example, example.value()?)))
        .collect();
    let index = Index::of(&sent);
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    let mut equal = HashSet::new();
    for (example, value) in &examples {
        for (path, object) in objects(value) {
            let is_echo = |subject: &str| is_said_to_be_sent(operation, subject);
            for differing in differing(&index, (&path, object), &is_echo, &mut equal) {
                let subject = differing.subject.clone();
                if seen.insert(subject) {
                    found.push((*example, differing));
                }
            }
        }
    }
    // One example that goes with the request is enough.
    found.retain(|(_, it)| !equal.contains(&it.subject) && !is_said_to_differ(operation, it));
    // The answer may be that to a request without it.
    let calls = requests.own().count();
    let is_in_each = |name: &str| sent.iter().filter(|it| it.name == name).count() >= calls;
    found.retain(|(_, it)| it.sent.is_in_path || is_in_each(&it.sent.name));
    diagnostics.extend(found.iter().map(|(example, it)| diagnostic(example, it)));
}

/// True if the text of the answered member says that it is another value, as in "the new identifier", or what the server
/// makes of what it is sent, as in "rounded"; the text of what is sent may say so as well.
fn is_said_to_differ(operation: &Operation, differing: &Differing<'_>) -> bool {
    const OTHER: [&str; 16] = [
        "new", "chang", "differ", "another", "replac", "neu", "nuev", "nov", "now", "first",
        "after", "trial", "own", "detect", "exact", "answered",
    ];
    const MADE: [&str; 54] = [
        "added",
        "adds",
        "alias",
        "branch",
        "channel",
        "counts",
        "delta",
        "increment",
        "most",
        "range",
        "resolv",
        "stored",
        "adjust",
        "actual",
        "calculat",
        "capped",
        "clamp",
        "clean",
        "comput",
        "convert",
        "correct",
        "cut",
        "deriv",
        "digits",
        "effect",
        "encod",
        "ended",
        "final",
        "format",
        "generat",
        "grant",
        "gross",
        "hash",
        "hidden",
        "larger",
        "lower",
        "mask",
        "net",
        "normali",
        "obscur",
        "round",
        "shorten",
        "slug",
        "strip",
        "trim",
        "truncat",
        "until",
        "upper",
        "without",
        "wanted",
        "requested",
        "limited",
        "reduced",
        "redacted",
    ];
    let says = |text: &str, words: &[&str]| {
        let text = text.to_lowercase();
        let mut said = text.split(|c: char| !c.is_alphanumeric());
        said.any(|word| words.iter().any(|it| word.starts_with(it)))
    };
    let name = differing.sent.name.as_str();
    let body = operation.body.iter().flat_map(|body| &body.fields);
    let parameters = operation.parameters.iter().map(|it| &it.field);
    let sent = body.chain(parameters);
    let sent: Vec<&Field> = sent
        .filter(|field| field.name.value.trim() == name)
        .collect();
    // A number with its sign is added to what there was.
    let is_change = differing.sent.text.starts_with('+');
    let shown = text(&differing.member.value).unwrap_or_default();
    let is_made = |field: &Field| {
        says(&field.description, &MADE) || names_outcome(&field.description, &shown)
    };
    if is_change || sent.iter().any(|field| is_made(field)) {
        return true;
    }
    let path: Vec<&str> = differing.subject.split('.').skip(1).collect();
    let successes = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    let mut fields = successes.filter_map(|it| field_at(&it.fields, &path));
    fields.any(|field| {
        says(&field.description, &OTHER)
            || is_made(field)
            || !differing.sent.is_in_path
                && sent
                    .iter()
                    .any(|sent| is_of_another(sent, field) || is_another_type(sent, field))
    })
}

/// True if a sentence tells of this one value in code, and neither explains nor lists it: "Raised to `high` for members."
fn names_outcome(text: &str, value: &str) -> bool {
    const DEFAULTS: [&str; 6] = ["default", "standard", "padrão", "defecto", "défaut", "默认"];
    if value.is_empty() {
        return false;
    }
    let code = format!("`{value}`");
    let mut sentences = text
        .split(['\n', ';', '。'])
        .flat_map(|line| line.split(". "));
    sentences.any(|sentence| {
        let lower = sentence.to_lowercase();
        let words = sentence.split_whitespace().count();
        let said = sentence.trim_start_matches(['-', '*', ' ']);
        // "`high`: at once" explains what the value means.
        let is_explained = said.strip_prefix(&code).is_some_and(|rest| {
            rest.trim_start()
                .starts_with([':', '-', '–', '—', '=', '(', '：', '（'])
        });
        sentence.contains(&code)
            && sentence.matches('`').count() == 2
            && words > 3
            && !is_explained
            && !DEFAULTS.iter().any(|it| lower.contains(it))
    })
}

/// True if the two fields are documented as other types: a code is sent, and what it stands for comes back.
fn is_another_type(sent: &Field, answered: &Field) -> bool {
    let family = |kind: &Type| match kind {
        Type::Integer(_) | Type::Number(_) => Some(0),
        Type::String(_) | Type::Enum(_) => Some(1),
        Type::Boolean => Some(2),
        _ => None,
    };
    let pair = family(&sent.kind).zip(family(&answered.kind));
    pair.is_some_and(|(sent, answered)| sent != answered)
}

/// True if the text of what is sent says whose it is, or what for, and the other one says something else: "Code of a
/// friend." and "Code to share with friends."
fn is_of_another(sent: &Field, answered: &Field) -> bool {
    const PURPOSES: [&str; 11] = [
        "of", "to", "that", "which", "who", "where", "you", "for", "from", "we", "was",
    ];
    const COMMON: [&str; 14] = [
        "have", "their", "them", "these", "they", "this", "those", "what", "when", "which", "will",
        "with", "your", "into",
    ];
    let name = folded(&sent.name.value);
    let words = |field: &Field| -> (bool, HashSet<String>) {
        let text = field.description.to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let says_whose = words.iter().any(|word| PURPOSES.contains(word));
        let telling = words.iter().filter(|word| {
            word.len() > 3
                && !COMMON.contains(word)
                && !PURPOSES.contains(word)
                && !name.contains(word.trim_end_matches('s'))
        });
        let stems = telling.map(|word| word.chars().take(5).collect());
        (says_whose, stems.collect())
    };
    let is_echo = says_sent(&answered.description);
    let (sent_for, sent) = words(sent);
    let (answered_for, answered) = words(answered);
    !is_echo
        && sent_for
        && answered_for
        && !sent.is_empty()
        && !answered.is_empty()
        && sent.is_disjoint(&answered)
}

/// The field at the end of a path of names; those around it may be documented elsewhere.
fn field_at<'f>(fields: &'f [Field], path: &[&str]) -> Option<&'f Field> {
    let (first, rest) = path.split_first()?;
    let named = fields.iter().find(|it| it.name.value.trim() == *first);
    match named {
        Some(field) if rest.is_empty() => Some(field),
        Some(field) => field_at(&field.children, rest),
        None => field_at(fields, rest),
    }
}

fn diagnostic(example: &Example, differing: &Differing<'_>) -> Diagnostic {
    let Differing { member, sent, .. } = differing;
    let shown = text(&member.value).unwrap_or_default();
    let place = if sent.is_in_path {
        "called with"
    } else {
        "sent as"
    };
    let message = format!(
        "`{}` is {place} `{}`, and the answer shows `{shown}`",
        sent.name, sent.text
    );
    Diagnostic::new(
        &RULE,
        example.text.span(member.value.range.clone()),
        message,
    )
    .label("another value than the request has")
    .related(sent.span, "the request beside it")
    .help("show a request and an answer that belong together")
    .subject(differing.subject.clone())
    .cause(Cause::on_page(example.span.start.to_string()).of(
        format!("`{}`", sent.name),
        "{} have other values in the request than in the answer beside it",
        "show a request and an answer that belong together",
    ))
}

struct Differing<'a> {
    member: &'a Member,
    sent: &'a Sent,
    subject: String,
}

/// The members of an object that have other values than what was sent under their names; those that have the same are
/// added to `equal`.
fn differing<'a>(
    sent: &Index<'a>,
    (path, object): (&str, &'a Json),
    is_echo: &dyn Fn(&str) -> bool,
    equal: &mut HashSet<String>,
) -> Vec<Differing<'a>> {
    let mut same = 0;
    let mut echoes = Vec::new();
    let mut others = Vec::new();
    let mut identifiers = Vec::new();
    for member in object.members() {
        let in_path = sent.in_path.iter().copied();
        let mut named: Vec<&Sent> = in_path
            .filter(|sent| is_identifier_of(sent, &member.key, path))
            .collect();
        named.extend(sent.by_name.get(member.key.as_str()).into_iter().flatten());
        let (Some(first), Some(shown)) = (named.first(), text(&member.value)) else {
            continue;
        };
        let subject = format!("response{path}.{}", member.key);
        if named.iter().any(|sent| is_same(&sent.text, &shown)) {
            let tells = !matches!(member.value.kind, JsonKind::Bool(_));
            same += usize::from(tells);
            equal.insert(subject);
            continue;
        }
        let differing = Differing {
            member,
            sent: first,
            subject,
        };
        if !first.is_in_path && is_echo(&differing.subject) && is_other(&first.text, &shown) {
            echoes.push(differing);
        } else if !first.is_in_path {
            if !is_changing(&member.key) && is_comparable(&first.text, &shown) {
                others.push(differing);
            }
        } else if named.iter().all(|sent| is_alike(&sent.text, &shown)) {
            identifiers.push(differing);
        }
    }
    // An object that shows nothing else as it was sent is another one.
    if same == 0 || others.len() > same {
        others.clear();
    }
    identifiers.extend(others);
    identifiers.extend(echoes);
    identifiers
}

/// True for two numbers, or two words of which neither is a part of the other.
fn is_other(sent: &str, shown: &str) -> bool {
    let is_number = |text: &str| text.parse::<f64>().is_ok();
    is_number(sent) && is_number(shown) || is_comparable(sent, shown)
}

/// True if the text of the answered member says that it is what was sent: "As sent.", "The limit used in the request."
fn is_said_to_be_sent(operation: &Operation, subject: &str) -> bool {
    let path: Vec<&str> = subject.split('.').skip(1).collect();
    let successes = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    let mut fields = successes.filter_map(|it| field_at(&it.fields, &path));
    fields.any(|field| says_sent(&field.description))
}

/// True for "As sent." and "The limit used in the request."
fn says_sent(text: &str) -> bool {
    const ECHOES: [&str; 22] = [
        "as sent",
        "as passed",
        "as given",
        "as in the request",
        "as in your request",
        "used in the request",
        "used in your request",
        "given in the request",
        "sent in the request",
        "sent with the request",
        "from the request",
        "from your request",
        "echo of",
        "echoed",
        "as asked",
        "you provided",
        "you passed",
        "you sent",
        "same value as the query",
        "` of the request",
        "that was sent",
        "you have sent",
    ];
    let text = text.to_lowercase();
    let first = text.split(['.', ';']).next().unwrap_or_default();
    ECHOES.iter().any(|echo| first.contains(echo))
}

/// True if that member is the identifier in the path: `id` of the object itself is the last parameter.
fn is_identifier_of(sent: &Sent, key: &str, path: &str) -> bool {
    let is_identifier = |name: &str| {
        let lower = name.to_ascii_lowercase();
        lower == "id" || lower.ends_with("_id") || name.ends_with("Id") || name.ends_with("ID")
    };
    let of_path = folded(&sent.name);
    let is_telling = is_identifier(key) || sent.is_subject;
    let is_own = folded(key) == of_path && is_telling && of_path != "id";
    let is_subject = key == "id" && sent.is_subject && is_identifier(&sent.name);
    // `customer.id` is no payment.
    let holds_it = path.is_empty()
        || [".data", ".result", ".response"].contains(&path)
        || of_path
            .strip_suffix("id")
            .is_some_and(|it| folded(path) == it);
    is_own || is_subject && holds_it
}

fn folded(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

fn is_changing(key: &str) -> bool {
    let key = folded(key);
    CHANGING
        .iter()
        .any(|word| key == *word || word.len() > 4 && key.ends_with(word))
}

/// The text of a value that has one.
fn text(value: &Json) -> Option<String> {
    let text = match &value.kind {
        JsonKind::String(text) => text.trim().to_owned(),
        JsonKind::Number(number) => number.to_string(),
        JsonKind::Bool(truth) => truth.to_string(),
        _ => return None,
    };
    let is_filled_in =
        is_placeholder(&text) || text.contains(['*', '<', '{', '$', '…', '•', '●', '·']);
    (!text.is_empty() && !is_filled_in).then_some(text)
}

/// True if both are one value, whatever the server made of its notation.
fn is_same(sent: &str, shown: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    sent.eq_ignore_ascii_case(shown) || number(sent).is_some() && number(sent) == number(shown)
}

/// False if one may be the other in another notation: a part of it, or a moment.
fn is_comparable(sent: &str, shown: &str) -> bool {
    let (one, other) = (sent.to_lowercase(), shown.to_lowercase());
    let is_moment = |text: &str| text.len() >= 10 && text.get(4..5) == Some("-");
    // `red` and `#ff0000`
    let is_marked = |text: &str| text.starts_with(|c: char| !c.is_alphanumeric() && c != '-');
    let is_text = sent.split_whitespace().count() > 3 || shown.split_whitespace().count() > 3;
    !one.contains(&other)
        && !other.contains(&one)
        && !is_moment(sent)
        && !is_moment(shown)
        && is_marked(sent) == is_marked(shown)
        && !is_text
}

/// True if both identifiers are made alike: two numbers, or texts whose parts have the same lengths, after one prefix.
fn is_alike(sent: &str, shown: &str) -> bool {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(sent) && is_number(shown) {
        return true;
    }
    let parts = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .map(str::to_owned)
            .collect()
    };
    let (ours, theirs) = (parts(sent), parts(shown));
    let lengths = |parts: &[String]| parts.iter().map(String::len).collect::<Vec<_>>();
    let prefix = |parts: &[String]| {
        let first = parts.first().filter(|_| parts.len() > 1)?;
        first
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic())
            .then(|| first.clone())
    };
    let has_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    lengths(&ours) == lengths(&theirs)
        && prefix(&ours) == prefix(&theirs)
        && has_digit(sent)
        && has_digit(shown)
}

/// The objects of an answer that stand in no list, each with the path to it.
fn objects(value: &Json) -> Vec<(String, &Json)> {
    let mut found = Vec::new();
    let mut left = vec![(String::new(), value, DEPTH)];
    while let Some((path, value, depth)) = left.pop() {
        if value.members().is_empty() {
            continue;
        }
        if depth > 0 {
            for member in value.members() {
                left.push((format!("{path}.{}", member.key), &member.value, depth - 1));
            }
        }
        found.push((path, value));
    }
    found
}

/// What the calls of the operation send.
fn all_sent(requests: &Requests<'_>) -> Vec<Sent> {
    let operation = requests.operation;
    let path = &operation.endpoint.value.path;
    let last = fit::segments(path).last().unwrap_or_default();
    let last = Template::parse(last);
    let mut found = Vec::new();
    for (call, curl) in requests.own() {
        for parameter in operation.parameters_in(Location::Path) {
            let name = parameter.field.name.value.trim();
            let Some(value) = sent::path_value(operation, name, call) else {
                continue;
            };
            found.push(Sent {
                name: name.to_owned(),
                is_subject: last.parameters().iter().any(|it| it == name),
                ..Sent::of(&value, call.span(value.range.clone()), true)
            });
        }
        for pair in parameters::query(curl) {
            if let Some(value) = &pair.value {
                found.push(Sent {
                    name: pair.name.value.clone(),
                    ..Sent::of(value, call.span(value.range.clone()), false)
                });
            }
        }
        if let (Some(body), Some(crate::model::curl::Body::Raw(decoded))) =
            (parameters::json_body(curl), &curl.body)
        {
            for member in body.members() {
                let Some(text) = text(&member.value) else {
                    continue;
                };
                let range = decoded.range(member.value.range.clone());
                found.push(Sent {
                    name: member.key.clone(),
                    text,
                    span: call.span(range),
                    is_subject: false,
                    is_in_path: false,
                });
            }
        }
    }
    found.retain(|sent| !sent.text.is_empty() && !is_placeholder(&sent.text));
    found
}

impl Sent {
    fn of(value: &Spanned<String>, span: Span, is_in_path: bool) -> Self {
        let is_filled_in = value.value.contains(['$', '<', '{', '*', '[', '…']);
        Self {
            name: String::new(),
            text: if is_filled_in {
                String::new()
            } else {
                value.value.clone()
            },
            span,
            is_subject: false,
            is_in_path,
        }
    }
}
