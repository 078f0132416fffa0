//! Pages to operations: the only part of the model that knows MDX.
//!
//! `stated` finds the endpoints of pages without `api:`, and `beside` further ones on pages with it. `collect` walks a page,
//! `field` reads its fields, `prose` their text, `status` titles, `sides` what bodies tell where these do not, `sections` headings and tables, `tabled` the rows that
//! are fields, `headers` the headers of answers, `outcomes` what becomes of members, `reasons` codes in tables, and `remarks` statuses and orders in
//! text; `shared` reads what pages without an endpoint say of all; `examples` and `auth` read what they are named for,
//! `shape` turns fields into shapes, `nested` nests dotted ones for who wants them so, `presence` finds the members that are promised, and `join` puts pages together.

mod alike;
mod answered;
mod auth;
mod beside;
mod bodies;
mod called;
mod collect;
mod documentation;
mod dotted;
mod elsewhere;
mod envelope;
mod enveloping;
mod every;
mod examples;
mod field;
mod headers;
mod join;
mod keyed;
mod leads;
mod listed;
mod named;
mod nested;
mod outcomes;
mod parts;
mod pattern;
mod payload;
mod placed;
mod platform;
mod presence;
mod prose;
pub mod reader;
mod reasons;
mod remarks;
mod responses;
mod sections;
mod sent;
mod shape;
mod shared;
mod sides;
mod specified;
mod stated;
mod states;
mod status;
mod tabled;
#[cfg(test)]
mod tests;
mod told;
mod unnamed;
mod variants;
pub mod written;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::mdx::{Node, Page};
use crate::source::FileId;

use super::endpoint::{self, Endpoint};
use super::evidence::{Fact, Origin, ReadingRule};
use super::operation::{
    Api, Body, Field, Operation, Parameter, RequestExample, Response, SentInText, Status,
};
use super::route::Template;
use super::shape::{Shape, ShapeKind};
use super::site::SiteConfig;

pub use auth::is_credential;
pub use called::{GuideCall, calls_of_guide};
pub use documentation::{Documentation, read, read_pages, reading_rules, rules};
pub use enveloping::{RootNames, members_of_all, roots_of_fences};
pub use every::{GuideNames, guides, names_of_guide, says_null_of_all};
pub use nested::nest;
pub use payload::Payload;
pub use prose::said_of;
pub use shape::TYPE_STRING;
pub use specified::{Twice, UNREAD_SPECIFICATION};

use beside::Owner;
use collect::Collected;
use field::Role;
use specified::Specified;

/// The `api:` line states no endpoint.
pub static MALFORMED_ENDPOINT: Rule = Rule {
    name: "malformed-endpoint",
    severity: Severity::Error,
    summary: "the `api:` line is not a method and a URL or path",
};

/// Every rule that building the model can raise.
pub static RULES: &[&Rule] = &[&MALFORMED_ENDPOINT, &UNREAD_SPECIFICATION];

static API_LINE: ReadingRule = ReadingRule {
    name: "api-line",
    origin: Origin::Attribute,
    summary: "`api: METHOD target` in the frontmatter states the endpoint, and an absolute target its base URL",
};
static CONTENT_TYPE_KEY: ReadingRule = ReadingRule {
    name: "content-type-key",
    origin: Origin::Attribute,
    summary: "`contentType` in the frontmatter states the media type of request bodies",
};
static FILE_FIELD: ReadingRule = ReadingRule {
    name: "file-field",
    origin: Origin::Inferred,
    summary: "a body with a file is sent as multipart/form-data",
};
static JSON_BODY: ReadingRule = ReadingRule {
    name: "json-body",
    origin: Origin::Inferred,
    summary: "a body of which nothing else is said is JSON",
};
/// How the code here reads pages.
static READING_RULES: &[&ReadingRule] = &[&API_LINE, &CONTENT_TYPE_KEY, &FILE_FIELD, &JSON_BODY];

/// What was built of the pages and the OpenAPI files of a site.
struct Site {
    api: Api,
    twice: Vec<Twice>,
    /// What each page says by itself, for operations of several pages.
    apart: BTreeMap<usize, Vec<Operation>>,
    /// What pages without an endpoint document.
    payloads: Vec<Payload>,
    diagnostics: Vec<Diagnostic>,
    /// The OpenAPI files that pages name.
    files: Vec<String>,
    /// True if a page names an operation that no file states, without naming a file.
    has_unknown: bool,
}

/// Builds the API that the pages document; `shown` are the operations of OpenAPI files that need no page.
fn build(
    pages: &[Page],
    config: &SiteConfig,
    specified: &Specified<'_>,
    shown: &[(FileId, &Operation)],
) -> Site {
    let built: Vec<_> = pages
        .par_iter()
        .map(|page| {
            let built = operations(page, config, specified);
            let is_other = matches!(built, Built::Other);
            let payload = is_other.then(|| payload::of_page(page)).flatten();
            let shared = is_other.then(|| shared::of_page(page));
            (built, payload, shared)
        })
        .collect();
    let mut site = Site {
        api: Api {
            pages: pages.len(),
            ..Api::default()
        },
        twice: Vec::new(),
        apart: BTreeMap::new(),
        payloads: Vec::new(),
        diagnostics: Vec::new(),
        files: Vec::new(),
        has_unknown: false,
    };
    let mut by_identity = HashMap::new();
    let mut of_all = Vec::new();
    for (page, (built, payload, shared)) in pages.iter().zip(built) {
        site.payloads.extend(payload);
        of_all.extend(shared);
        match built {
            Built::Operations(operations) => {
                for operation in operations {
                    add(&mut site, &mut by_identity, operation);
                }
            }
            Built::Twice(twice) => {
                let is_compared = twice.written.field_count() > 0;
                let compared = is_compared.then(|| Twice::clone(&twice));
                let operation = specified::on_top(&twice.specified, twice.written);
                add(&mut site, &mut by_identity, operation);
                site.twice.extend(compared);
            }
            Built::Malformed(diagnostic) => {
                site.diagnostics.push(*diagnostic);
                site.api.other_pages.push(page.file);
            }
            Built::Other => site.api.other_pages.push(page.file),
        }
        if let Some(named) = stated::named(page) {
            site.has_unknown |= named.file.is_none()
                && specified
                    .named(None, &named.endpoint.value, page.file)
                    .is_none();
            site.files.extend(named.file);
        }
    }
    site.api.shared = shared::together(of_all.into_iter());
    overlaps(&mut site, specified);
    let operations = site.api.operations.iter();
    let known: HashSet<(String, String)> = operations.flat_map(paths).collect();
    for (file, operation) in shown {
        if !paths(operation).iter().any(|path| known.contains(path)) {
            let operation = Operation {
                pages: vec![*file],
                ..(*operation).clone()
            };
            add(&mut site, &mut by_identity, operation);
        }
    }
    site
}

/// Adds an operation, or joins it to the one of the same identity.
fn add(site: &mut Site, by_identity: &mut HashMap<(String, String), usize>, operation: Operation) {
    let operations = &mut site.api.operations;
    match by_identity.entry(identity(&operation)) {
        Entry::Occupied(known) => {
            if let Some(first) = operations.get_mut(*known.get()) {
                let apart = site.apart.entry(*known.get());
                let apart = apart.or_insert_with(|| vec![first.clone()]);
                apart.push(operation.clone());
                join::join(first, operation);
            }
        }
        Entry::Vacant(free) => {
            free.insert(operations.len());
            operations.push(operation);
        }
    }
}

/// Finds the hand-written operations that an OpenAPI file states, too.
fn overlaps(site: &mut Site, specified: &Specified<'_>) {
    if specified.is_empty() {
        return;
    }
    for written in &site.api.operations {
        let is_written = written.endpoint.evidence.origin != Origin::Specification;
        let same = specified.same_as(written).filter(|_| is_written);
        if let Some(same) = same {
            site.twice.push(Twice {
                written: written.clone(),
                specified: Arc::clone(same),
            });
        }
    }
}

/// Method and path, without and with the path of the server, wherever that is.
fn paths(operation: &Operation) -> [(String, String); 2] {
    let endpoint = &operation.endpoint.value;
    [endpoint.path.clone(), operation.joined_path()]
        .map(|path| (endpoint.method.clone(), Template::parse(&path).identity()))
}

/// Every rule by which pages are read.
fn reading_rules_of_pages() -> Vec<&'static ReadingRule> {
    [
        READING_RULES,
        stated::READING_RULES,
        beside::READING_RULES,
        states::READING_RULES,
        answered::READING_RULES,
        auth::READING_RULES,
        field::READING_RULES,
        prose::READING_RULES,
        status::READING_RULES,
        collect::READING_RULES,
        elsewhere::READING_RULES,
        headers::READING_RULES,
        keyed::READING_RULES,
        leads::READING_RULES,
        outcomes::READING_RULES,
        listed::READING_RULES,
        reasons::READING_RULES,
        remarks::READING_RULES,
        sections::READING_RULES,
        tabled::READING_RULES,
        told::READING_RULES,
        unnamed::READING_RULES,
        sent::READING_RULES,
        examples::READING_RULES,
        shape::READING_RULES,
        shared::READING_RULES,
        presence::READING_RULES,
        join::READING_RULES,
    ]
    .concat()
}

enum Built {
    Operations(Vec<Operation>),
    /// A page that names an operation of an OpenAPI file.
    Twice(Box<Twice>),
    Malformed(Box<Diagnostic>),
    Other,
}

/// Method and joined URL, the names of path parameters erased: what makes two pages describe one operation.
fn identity(operation: &Operation) -> (String, String) {
    let server = operation
        .servers
        .first()
        .map_or("", |server| server.value.as_str());
    let (host, _) = endpoint::split_server(server);
    let path = Template::parse(&operation.joined_path()).identity();
    (
        operation.endpoint.value.method.clone(),
        format!("{}{path}", host.unwrap_or_default()),
    )
}

fn operations(page: &Page, config: &SiteConfig, specified: &Specified<'_>) -> Built {
    let Some(api) = page.frontmatter.get("api") else {
        if let Some(named) = stated::named(page)
            && let Some(same) =
                specified.named(named.file.as_deref(), &named.endpoint.value, page.file)
        {
            let written = operation(page, &[&page.nodes], named.endpoint, config);
            return Built::Twice(Box::new(Twice {
                written,
                specified: Arc::clone(same),
            }));
        }
        let stated = stated::find(page);
        if stated.is_empty() {
            return Built::Other;
        }
        let described = stated.into_iter().map(|stated| {
            let nodes = page.nodes.get(stated.nodes).unwrap_or_default();
            operation(page, &[nodes], stated.endpoint, config)
        });
        return Built::Operations(described.collect());
    };
    let endpoint = match Endpoint::parse(api.value.as_str().unwrap_or_default()) {
        Ok(endpoint) => Fact::new(endpoint, api.value_span, &API_LINE),
        Err(fault) => {
            let message = format!("`api:` states no endpoint: {fault}");
            let diagnostic = Diagnostic::new(&MALFORMED_ENDPOINT, api.value_span, message)
                .help("write a method and a URL or path, such as `POST /users/{id}`")
                .subject("endpoint");
            return Built::Malformed(Box::new(diagnostic));
        }
    };
    let beside = beside::split(page, &endpoint.value);
    let described = |owner: Owner, endpoint: Fact<Endpoint>| {
        let ranges = beside.nodes(owner, page.nodes.len()).into_iter();
        let nodes: Vec<_> = ranges.filter_map(|range| page.nodes.get(range)).collect();
        operation(page, &nodes, endpoint, config)
    };
    let mut own = described(Owner::Own, endpoint);
    let others = beside.others.iter().enumerate();
    let mut others: Vec<_> = others
        .map(|(index, other)| described(Owner::Other(index), other.clone()))
        .collect();
    beside::share(&mut own, &mut others);
    others.insert(0, own);
    Built::Operations(others)
}

/// The operation that stretches of a page describe.
fn operation(
    page: &Page,
    nodes: &[&[Node]],
    endpoint: Fact<Endpoint>,
    config: &SiteConfig,
) -> Operation {
    let mut collected = collect::collect(nodes);
    unnamed::place(&mut collected);
    tabled::place(&mut collected, &endpoint.value);
    let request_examples = request_examples(&collected);
    collected.tell_types_apart(&request_examples);
    collected.take_only_json(&endpoint.value);
    let mut responses = responses::of(&collected);
    known_by_tables(&mut responses, &collected);
    answered::apply(&mut responses, collected.answered.as_ref());
    let media_types = told::media_types(&collected.bare_requests, &endpoint.value);
    let parameters = parameters(&collected);
    let response_headers = std::mem::take(&mut collected.response_headers);
    let response_headers = headers::without_sent(response_headers, &parameters, &request_examples);
    Operation {
        title: page.frontmatter.text("title").map(str::to_owned),
        description: page.frontmatter.text("description").map(str::to_owned),
        identifier: None,
        tags: Vec::new(),
        pages: vec![page.file],
        queries: (endpoint.value.query.iter())
            .map(|query| (page.file, query.clone()))
            .collect(),
        parameters,
        body: body(page, &collected, &request_examples),
        responses,
        servers: servers(&endpoint, config, &request_examples),
        auth: auth::read(page, config, &collected, &request_examples),
        request_examples,
        deprecated: is_deprecated(page),
        response_headers,
        outcomes: collected.outcomes,
        remarks: collected.remarks,
        reasons: collected.reasons,
        listed: collected.listed,
        is_unsafe: crate::mdx::is_unsafe(page),
        sent_in_text: SentInText {
            elsewhere: collected.elsewhere.request,
            body: collected.body_in_text,
            methods: collected.methods,
            credentials: collected.credentials,
            media_types,
        },
        endpoint,
    }
}

/// The examples in the component for them, and bare ones if none of those is a curl.
fn request_examples(collected: &Collected<'_>) -> Vec<RequestExample> {
    let mut found: Vec<_> = collected
        .request_fences
        .iter()
        .flat_map(|fence| examples::requests(fence))
        .collect();
    let bodies = collected.bare_bodies.iter();
    found.extend(
        bodies
            .flat_map(|fence| examples::requests(fence))
            .map(|example| RequestExample {
                origin: Origin::Inferred,
                ..example
            }),
    );
    if !found.iter().any(|example| example.curl.is_some()) {
        let bare = collected
            .bare_requests
            .iter()
            .flat_map(|fence| examples::requests(fence));
        found.extend(
            bare.filter(|example| example.curl.is_some() || example.call.is_some())
                .map(|example| RequestExample {
                    origin: Origin::Inferred,
                    ..example
                }),
        );
    }
    found
}

/// Adds the error statuses that only tables state, and gives the one success that they state to a response without a status.
fn known_by_tables(responses: &mut Vec<Response>, collected: &Collected<'_>) {
    let statuses = collected.table_statuses.iter();
    let (successes, errors): (Vec<_>, Vec<_>) = statuses.partition(|it| it.value < 400);
    let mut unstated = responses.iter_mut().filter(|it| it.status.is_success());
    if let ([only], Some(response), None) = (successes.as_slice(), unstated.next(), unstated.next())
        && matches!(response.status, Status::Success)
    {
        response.status = Status::Code((*only).clone());
    }
    for status in errors {
        let is_known = responses
            .iter()
            .any(|response| response.status.code() == Some(status.value));
        if !is_known {
            let bodies = collected.table_bodies.iter();
            let bodies = bodies.filter(|(code, _)| *code == status.value);
            responses.push(Response {
                status: Status::Code(status.clone()),
                variant: None,
                fields: Vec::new(),
                shape: None,
                media_type: None,
                examples: bodies.map(|(_, example)| example.clone()).collect(),
            });
        }
    }
}

fn is_deprecated(page: &Page) -> bool {
    let flag = page
        .frontmatter
        .get("deprecated")
        .and_then(|entry| entry.value.as_bool());
    let tag = page
        .frontmatter
        .text("tag")
        .is_some_and(|tag| tag.eq_ignore_ascii_case("deprecated"));
    flag == Some(true) || tag
}

/// The base URLs: the endpoint's own, else the site's, else the host of a curl that calls this path.
fn servers(
    endpoint: &Fact<Endpoint>,
    config: &SiteConfig,
    examples: &[RequestExample],
) -> Vec<Fact<String>> {
    if let Some(server) = &endpoint.value.server {
        return vec![Fact {
            value: server.clone(),
            evidence: endpoint.evidence,
        }];
    }
    if !config.servers.is_empty() {
        return config.servers.clone();
    }
    examples
        .iter()
        .find_map(|example| examples::server(example, &endpoint.value))
        .into_iter()
        .collect()
}

/// The parameters by location and name; one that several fields document takes what any of them allows.
fn parameters(collected: &Collected<'_>) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut places: HashMap<join::Identity, usize> = HashMap::new();
    for (role, field) in &collected.request_fields {
        let Role::Parameter(location) = role else {
            continue;
        };
        if field.name.value.is_empty() {
            continue;
        }
        let parameter = Parameter {
            location: *location,
            field: field.clone(),
            shape: shape::of_field(field),
        };
        let place = *places
            .entry(join::identity(&parameter))
            .or_insert(parameters.len());
        match parameters.get_mut(place) {
            Some(known) => join::repeated(known, parameter),
            None => parameters.push(parameter),
        }
    }
    parameters
}

fn body(page: &Page, collected: &Collected<'_>, examples: &[RequestExample]) -> Option<Body> {
    let fields: Vec<_> = collected
        .request_fields
        .iter()
        .filter(|(role, _)| matches!(role, Role::Body | Role::WholeBody))
        .collect();
    let (first_role, first) = fields.first()?;
    let whole = *first_role == Role::WholeBody;
    let stated = page.frontmatter.get("contentType").and_then(|entry| {
        Some(Fact::new(
            entry.value.as_str()?.to_owned(),
            entry.value_span,
            &CONTENT_TYPE_KEY,
        ))
    });
    let members: Vec<_> = fields.iter().map(|(_, field)| field.clone()).collect();
    let has_file = members.iter().any(|field| shape::is_file(&field.kind));
    let (assumed, rule) = if has_file {
        ("multipart/form-data", &FILE_FIELD)
    } else {
        ("application/json", &JSON_BODY)
    };
    let media_type = stated.unwrap_or_else(|| Fact::new(assumed.to_owned(), first.open, rule));
    let mut shape = if whole {
        shape::of_field(first)
    } else {
        let sent = sent::deciding(&members, examples);
        let sent: Vec<_> = sent.iter().collect();
        let bodies = sent::objects(examples);
        let bodies: Vec<_> = bodies.iter().collect();
        let mut shape = shape::of_body(&members, &sent, &bodies);
        keyed::apply(&mut shape, &bodies);
        shape
    };
    if let Some(elsewhere) = collected.elsewhere.request {
        shape.open(elsewhere);
    }
    let is_object = !whole && matches!(shape.kind, ShapeKind::Object { .. });
    if is_object && sent::have_both_forms(examples) {
        shape = sent::one_or_several(shape);
    }
    Some(Body {
        media_type,
        fields: members,
        whole,
        shape,
    })
}

/// What a field by itself says of its value.
pub fn shape_of(field: &Field) -> Shape {
    shape::of_field(field)
}

/// True if the page belongs to the operation.
pub fn is_page_of(operation: &Operation, file: FileId) -> bool {
    operation.pages.contains(&file)
}
