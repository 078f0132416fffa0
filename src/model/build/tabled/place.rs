//! Where the rows of tables and the items of lists belong: into the path, the query, the headers, the body, or the
//! response.

use std::cell::LazyCell;
use std::sync::LazyLock;

use crate::mdx::markdown::Inline;
use crate::model::build::collect::{Collected, Context};
use crate::model::build::field::Role;
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::build::sections::{self, Section};
use crate::model::build::{request_examples, responses, sent, unnamed};
use crate::model::endpoint::Endpoint;
use crate::model::operation::{Field, Location, RequestExample};
use crate::model::route::Template;
use crate::source::Span;

use super::Row;

/// Where what a table or a list documents stands.
pub(super) struct Place {
    pub(super) role: Option<Role>,
    pub(super) is_sent: bool,
    pub(super) is_of_thing: bool,
    pub(super) is_answer: bool,
}

impl Place {
    /// `own` and `is_sent` are what the head of a table says; nothing if this is about something else.
    pub(super) fn of(context: &Context, own: Option<Role>, is_sent: bool) -> Option<Self> {
        static SENT: LazyLock<Pattern> =
            LazyLock::new(|| pattern(r"(?i)\b(?:arguments?|inputs?|parameters?)\b"));
        let heading = context.heading.as_ref();
        let is_schema = heading.is_some_and(|it| is_schema_of_answer(&it.value));
        if context.section == Some(Section::Other) && !is_schema {
            return None;
        }
        let is_sent = is_sent
            || context.section == Some(Section::Request)
            || heading.is_some_and(|it| SENT.is_match(&it.value));
        let mut is_of_thing = false;
        let role = match heading.map(|heading| of_heading(&heading.value)) {
            Some(Heading::Place(role)) => Some(role),
            Some(Heading::NoPlace) => own,
            Some(Heading::SomethingElse) if is_sent => return None,
            Some(Heading::SomethingElse) => {
                is_of_thing = true;
                own
            }
            None => {
                is_of_thing = own.is_none() && !is_sent;
                own
            }
        };
        if is_of_thing && role.is_some_and(|role| role != Role::Response) {
            return None;
        }
        // Below a heading about the response stands what comes back, whatever the table calls it.
        let is_answer = context.section == Some(Section::Response) || is_schema;
        let role = if is_answer && !matches!(role, Some(Role::Parameter(_))) {
            Some(Role::Response)
        } else {
            role
        };
        // The headers of answers are read elsewhere.
        if is_answer && role == Some(Role::Parameter(Location::Header)) {
            return None;
        }
        Some(Self {
            role,
            is_sent,
            is_of_thing,
            is_answer,
        })
    }
}

/// Where a cell says that its row stands in the request.
pub(super) fn place_of(cell: &Inline) -> Option<Role> {
    static PLACE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?ix)^[\s\W]*(?:in\s+)?(?:the\s+)?(?:http\s+|request\s+|url\s+|json\s+)?
            (?P<place>path|route|query|header|cookie|body|payload|json|form)s?(?:[\s_-]*(?:string|param(?:eter)?s?|variables?|data|segments?|body|fields?))?[\s\W]*$",
        )
    });
    let text = cell.text();
    let found = PLACE.captures(&text)?;
    let place = found.name("place")?.as_str().to_ascii_lowercase();
    Some(match place.as_str() {
        "path" | "route" => Role::Parameter(Location::Path),
        "query" => Role::Parameter(Location::Query),
        "header" => Role::Parameter(Location::Header),
        "cookie" => Role::Parameter(Location::Cookie),
        _ => Role::Body,
    })
}

/// True for "Response schema" and the like: below other words for types, fences hold programs.
fn is_schema_of_answer(title: &str) -> bool {
    static SCHEMA: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:the\s+)?(?:(?:success(?:ful)?|json)\s+)?responses?\s+(?:body\s+)?(?:schema|objects?|types?)\W*$",
        )
    });
    SCHEMA.is_match(title)
}

/// What a heading says of the table below it.
enum Heading {
    /// Where its fields stand.
    Place(Role),
    /// That it lists fields.
    NoPlace,
    /// That it is about something else, such as an object that is a part of the body.
    SomethingElse,
}

/// True for a title that says that fields are listed below it, such as "Parameters".
pub(super) fn names_fields(title: &str) -> bool {
    !matches!(of_heading(title), Heading::SomethingElse)
}

fn of_heading(title: &str) -> Heading {
    static PLACE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?P<query>query)|(?P<path>path|url)|(?P<header>headers?)|(?P<body>body|payload|json))\b",
        )
    });
    static NEUTRAL: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^[\s\W]*(?:arguments?|inputs?|request\s+schema|returns?|result|answer|what\s+(?:you\s+)?(?:send|get\s+back))[\s\W]*$",
        )
    });
    let is_about = sections::is_label(title) || NEUTRAL.is_match(title);
    let found = PLACE.captures(title);
    let named = |name: &str| found.as_ref().is_some_and(|it| it.name(name).is_some());
    let role = match () {
        () if named("query") => Some(Role::Parameter(Location::Query)),
        () if named("path") => Some(Role::Parameter(Location::Path)),
        () if named("header") => Some(Role::Parameter(Location::Header)),
        () if named("body") => Some(Role::Body),
        () => None,
    };
    match role {
        _ if !is_about => Heading::SomethingElse,
        Some(role) => Heading::Place(role),
        None => Heading::NoPlace,
    }
}

/// Puts the rows where they belong: into the path, the query, the headers, the body, or the response.
pub(in crate::model::build) fn place(collected: &mut Collected<'_>, endpoint: &Endpoint) {
    if collected.tabled.is_empty() {
        return;
    }
    let examples = &request_examples(collected);
    let path = Template::parse(&endpoint.path);
    // Most pages have no such tables.
    let bodies = LazyCell::new(|| sent::objects(examples));
    let is_sent = |name: &str| {
        let root = name.split(['.', '[']).next().unwrap_or(name);
        bodies.iter().any(|body| body.get(root).is_some())
    };
    let has_body = !matches!(endpoint.method.as_str(), "GET" | "HEAD" | "DELETE");
    let mut shown = shown_things(collected);
    // What no heading calls an answer is one only if nothing of it is sent, and nothing else is an answer.
    let is_shown = |name: &str| {
        path.parameters().iter().any(|it| it == name) || is_sent(name) || is_queried(examples, name)
    };
    let mut bare = collected.tabled.iter().filter(|it| it.heading().is_none());
    if !collected.response_fields.is_empty() || bare.any(|row| is_shown(&row.field.name.value)) {
        shown.retain(Option::is_some);
    }
    let (listed, tabled): (Vec<Row>, Vec<Row>) = std::mem::take(&mut collected.tabled)
        .into_iter()
        .partition(|row| row.is_listed);
    let mut documented: Option<Vec<Role>> = None;
    for mut row in tabled.into_iter().chain(listed) {
        if row.is_listed && documented.is_none() {
            documented = Some(documented_roles(collected));
        }
        if row.is_of_thing {
            if shown.contains(&row.heading()) {
                row.role = Some(Role::Response);
            } else if row.heading().is_some() {
                continue;
            }
        }
        let name = row.field.name.value.clone();
        let is_in_path = path.parameters().contains(&name);
        if row.role.is_none() && !row.is_sent && !is_shown(&name) {
            continue;
        }
        let role = row.role.unwrap_or_else(|| match () {
            () if is_in_path => Role::Parameter(Location::Path),
            () if has_body && is_queried(examples, &name) && !is_sent(&name) => {
                Role::Parameter(Location::Query)
            }
            () if has_body || is_sent(&name) => Role::Body,
            () => Role::Parameter(Location::Query),
        });
        let role = match role {
            Role::Body if is_in_path => Role::Parameter(Location::Path),
            Role::Parameter(Location::Path) if !is_in_path => continue,
            role => role,
        };
        if row.is_listed && documented.as_ref().is_some_and(|it| it.contains(&role)) {
            continue;
        }
        let is_known = |field: &Field| field.name.value.trim() == name;
        if role == Role::Response {
            let mut known = collected.response_fields.iter();
            if !known.any(|(_, field)| is_known(field)) {
                collected.response_fields.push((row.context, row.field));
            }
        } else {
            let mut known = collected.request_fields.iter();
            if !known.any(|(_, field)| is_known(field)) {
                collected.request_fields.push((role, row.field));
            }
        }
    }
    // What is documented tells what other fences show.
    unnamed::place(collected);
}

impl Row {
    /// The place of the heading above.
    fn heading(&self) -> Option<Span> {
        self.context.heading.as_ref().map(|it| it.evidence.span)
    }
}

/// The places of which components and tables document something.
fn documented_roles(collected: &Collected<'_>) -> Vec<Role> {
    let sent = collected.request_fields.iter().map(|(role, _)| match role {
        Role::WholeBody => Role::Body,
        role => *role,
    });
    let returned = collected.response_fields.iter().map(|_| Role::Response);
    sent.chain(returned).collect()
}

/// The headings whose tables list the members of what comes back: the example of a success shows all of them, and little
/// else.
fn shown_things(collected: &Collected<'_>) -> Vec<Option<Span>> {
    const LEAST: usize = 3;
    let mut headings: Vec<Option<Span>> = Vec::new();
    let rows = collected.tabled.iter().filter(|row| row.is_of_thing);
    for row in rows.clone() {
        if !headings.contains(&row.heading()) {
            headings.push(row.heading());
        }
    }
    if headings.is_empty() {
        return headings;
    }
    let responses = responses::of(collected);
    let successes = responses.iter().filter(|it| it.status.is_success());
    let examples = successes.flat_map(|it| &it.examples);
    let shown: Vec<Vec<String>> = examples
        .filter_map(|example| example.value())
        .map(|value| value.members().iter().map(|it| it.key.clone()).collect())
        .collect();
    headings.retain(|heading| {
        let of_it = rows.clone().filter(|row| row.heading() == *heading);
        let names = of_it.map(|row| row.field.name.value.split(['.', '[']).next());
        let names: Vec<&str> = names.flatten().collect();
        names.len() >= LEAST
            && shown.iter().any(|shown| {
                let is_shown = |name: &&str| shown.iter().any(|it| it == name);
                names.iter().all(is_shown) && names.len() * 2 > shown.len()
            })
    });
    headings
}

/// True if a documented request sends a value of that name in the query.
fn is_queried(examples: &[RequestExample], name: &str) -> bool {
    let curls = examples.iter().filter_map(|example| example.curl.as_ref());
    let mut pairs = curls
        .filter_map(|curl| curl.url.as_ref())
        .flat_map(|url| &url.query);
    pairs.any(|pair| pair.name.value == name)
}
