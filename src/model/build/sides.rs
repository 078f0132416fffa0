//! On which side an example is of which nothing states a status: what `Default` stands for, and what bodies tell.
//!
//! ```text
//! 200, default      any other error, as in OpenAPI      Default, Streaming      the usual answer, as in a playground
//! Wrong password    { "error": "wrong_password" }       an error, whatever its title is
//! ```

use std::sync::LazyLock;

use crate::model::build::pattern::{Pattern, pattern};
use crate::model::json::{Json, JsonKind};
use crate::model::names::letters;
use crate::model::operation::{Example, Status};

use super::status;

/// Members with which errors tell what is wrong, and which say nothing of a thing.
const OF_ERRORS: &[&str] = &[
    "code",
    "correlationid",
    "description",
    "detail",
    "details",
    "docs",
    "docurl",
    "documentationurl",
    "error",
    "errorcode",
    "errordescription",
    "errormessage",
    "errors",
    "errortype",
    "field",
    "help",
    "hint",
    "httpstatus",
    "instance",
    "message",
    "msg",
    "ok",
    "param",
    "path",
    "reason",
    "requestid",
    "retryafter",
    "status",
    "statuscode",
    "success",
    "timestamp",
    "title",
    "traceid",
    "type",
];

/// Those of them that say by their names that something is wrong.
const TELLING: &[&str] = &["error", "errorcode", "errormessage", "errors", "errortype"];

/// True for `Default` beside statuses where it stands for any error that they do not name.
///
/// It does so beside a success, as in OpenAPI. Where a request has that title too, or where the body shows what that of a
/// success does, it is the usual answer, and so it is beside errors alone.
pub(super) fn is_other_error(example: &Example, all: &[Example], requests: &[String]) -> bool {
    let is_default = |title: &str| title.trim().eq_ignore_ascii_case("default");
    if !is_default(title(example)) || requests.iter().any(|title| is_default(title)) {
        return false;
    }
    let stated = all.iter().filter(|it| status::is_stated(title(it)));
    let mut successes = stated
        .filter(|it| status_of(it).is_some_and(|it| it.is_success()))
        .peekable();
    let shown = things(example);
    successes.peek().is_some()
        && !successes.any(|it| things(it).iter().any(|name| shown.contains(name)))
}

/// True if the body of an example tells that the request failed, and shows nothing else; `all` are those of the page.
pub(super) fn tells_error(example: &Example, all: &[Example]) -> bool {
    let Some(value) = example.value() else {
        return false;
    };
    let mut members = value.members().iter();
    let is_bare = !value.members().is_empty()
        && members.all(|it| is_empty(&it.value) || OF_ERRORS.contains(&&*letters(&it.key)));
    if !is_bare || says_success(example) || is_state(example, value, all) {
        return false;
    }
    let words = title(example);
    is_set(value)
        || REFUSAL.is_match(words) && text_of(value, &["message", "msg", "detail"]).is_some()
        || has_code(value) && !others(example, all).any(|other| member(other, "code").is_some())
}

/// True for `"ok": true` and the like, and for `"error": null` beside what is there: whatever the words around it say, that
/// is no error.
pub(super) fn says_success(example: &Example) -> bool {
    let Some(value) = example.value() else {
        return false;
    };
    let is = |name: &str, truth: bool| {
        let found = member(value, name);
        found.is_some_and(|it| it.kind == JsonKind::Bool(truth))
    };
    if is("ok", true) || is("success", true) {
        return true;
    }
    let is_unset = |name: &str| member(value, name).is_some_and(is_empty);
    let mut named = TELLING.iter().filter(|name| member(value, name).is_some());
    let has_none = named.clone().next().is_some() && named.all(|name| is_unset(name));
    has_none && !is("ok", false) && !is("success", false) && !things(example).is_empty()
}

/// Titles that say what is wrong with a request, and never what a thing is.
static REFUSAL: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:wrong|incorrect|unknown|missing|insufficient|not\s+(?:authenticated|allowed|permitted|supported|enough|valid|authorized)|unauthenticated|unsupported|too\s+(?:many|large|long|short)|no\s+such|malformed|exceeded|does\s+not\s+exist|doesn[’']t\s+exist|mismatch)\b",
    )
});

/// Titles that may be either.
static PERHAPS: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)\b(?:already|declined|denied|refused|rejected)\b"));

/// True if the word for what is the matter is one of a thing that has other such words in other examples: a job that
/// failed, and one that runs.
fn is_state(example: &Example, value: &Json, all: &[Example]) -> bool {
    const OUTCOMES: &[&str] = &[
        "error",
        "fail",
        "failed",
        "failure",
        "success",
        "ok",
        "succeeded",
    ];
    let Some(own) = text_of(value, &["status"]) else {
        return false;
    };
    if OUTCOMES.contains(&&*own.to_lowercase()) && letters(own) != letters(title(example)) {
        let mut successes = others(example, all).filter_map(|it| text_of(it, &["status"]));
        return successes.any(|it| !OUTCOMES.contains(&&*it.to_lowercase()));
    }
    let is_named = letters(title(example)) == letters(own);
    let is_refusal = [&REFUSAL, &PERHAPS]
        .iter()
        .any(|it| it.is_match(title(example)));
    let mut others = others(example, all).filter(|it| !is_set(it));
    (is_named || !is_refusal)
        && others.any(|it| text_of(it, &["status"]).is_some_and(|it| it != own))
}

/// True if a member that is there for errors says something.
fn is_set(value: &Json) -> bool {
    let mut named = TELLING.iter().filter_map(|name| member(value, name));
    named.any(|it| !is_empty(it))
}

/// True for a code of several words beside a message: `"code": "no_funds", "message": "Not enough."`.
fn has_code(value: &Json) -> bool {
    static CODE: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"^(?:[a-z]+(?:[_.-][a-z]+)+|[A-Z]+(?:[_.-][A-Z]+)+)$"));
    let code = text_of(value, &["code", "type"]);
    code.is_some_and(|it| CODE.is_match(it))
        && text_of(value, &["message", "msg", "detail", "title"]).is_some()
}

/// The members that say something of a thing.
fn things(example: &Example) -> Vec<String> {
    let members = example.value().map_or(&[][..], Json::members);
    let shown = members.iter().filter(|it| !is_empty(&it.value));
    let names = shown.map(|it| letters(&it.key));
    names.filter(|it| !OF_ERRORS.contains(&&**it)).collect()
}

fn others<'e>(example: &'e Example, all: &'e [Example]) -> impl Iterator<Item = &'e Json> {
    let others = all.iter().filter(|it| it.span != example.span);
    others.filter_map(Example::value)
}

/// The member of that name in any spelling.
fn member<'j>(value: &'j Json, name: &str) -> Option<&'j Json> {
    let mut members = value.members().iter();
    let found = members.find(|it| letters(&it.key) == name)?;
    Some(&found.value)
}

fn text_of<'j>(value: &'j Json, names: &[&str]) -> Option<&'j str> {
    let mut found = names
        .iter()
        .filter_map(|name| member(value, name)?.as_str());
    found.find(|it| !it.trim().is_empty())
}

/// True for a value that says nothing.
fn is_empty(value: &Json) -> bool {
    match &value.kind {
        JsonKind::Null | JsonKind::Bool(false) => true,
        JsonKind::String(text) => text.trim().is_empty(),
        JsonKind::Array(items) => items.is_empty(),
        JsonKind::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn title(example: &Example) -> &str {
    example.title.as_deref().unwrap_or_default()
}

fn status_of(example: &Example) -> Option<Status> {
    let span = example.title_span;
    status::of_title(title(example), span, &status::STATUS_IN_EXAMPLE_TITLE)
}
