//! Walks a page and collects its fields and examples with what stands around them: the status and variant that a
//! tab, an accordion, or a heading gives them.

use std::collections::{BTreeMap, BTreeSet};

use crate::mdx::{Element, Fence, Node, Prose};
use crate::model::endpoint::Endpoint;
use crate::model::evidence::{Evidence, Fact, Origin, ReadingRule};
use crate::model::json::{self, Json};
use crate::model::operation::{
    Example, Field, Listed, Outcome, Reason, RequestExample, ResponseHeader, Status,
};
use crate::source::Span;

use super::elsewhere::{Elsewhere, Side};
use super::examples;
use super::field::{self, Role, Titles};
use super::leads::Leads;
use super::sections::{self, Headings, Section};
use super::states;
use super::status;
use super::tabled;
use super::{answered, auth, bodies, headers, keyed, named, sent, told};
use super::{listed, outcomes, reasons, remarks};

pub(super) static VARIANT_TITLE: ReadingRule = ReadingRule {
    name: "variant-title",
    origin: Origin::Attribute,
    summary: "the title of a tab, an accordion, or a step that states no status tells variants of a response apart",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&VARIANT_TITLE];

/// The fields and examples of a page, in document order.
#[derive(Default)]
pub(super) struct Collected<'p> {
    pub(super) request_fields: Vec<(Role, Field)>,
    pub(super) response_fields: Vec<(Context, Field)>,
    pub(super) request_fences: Vec<&'p Fence>,
    pub(super) response_fences: Vec<(Context, &'p Fence)>,
    /// Fences outside of the components for examples that show a request.
    pub(super) bare_requests: Vec<&'p Fence>,
    /// Fences outside of the components for examples that show a response.
    pub(super) bare_responses: Vec<(Context, &'p Fence)>,
    /// Fences with JSON outside of the components, of which nothing says what they show, and the side of the field before.
    pub(super) unnamed: Vec<(Context, &'p Fence, Option<Side>)>,
    /// Fences outside of the components that show the body of a request.
    pub(super) bare_bodies: Vec<&'p Fence>,
    /// Where the page says that more of what it documents is listed elsewhere.
    pub(super) elsewhere: Elsewhere,
    /// The methods that the text names.
    pub(super) methods: Vec<Fact<String>>,
    /// The sentences that offer a choice of ways to authenticate.
    pub(super) credentials: Vec<Fact<String>>,
    /// Where the page says what the body of requests is.
    pub(super) body_in_text: Option<Evidence>,
    /// Where the page says that the answer has keys of the server's choice.
    pub(super) keyed: Option<Evidence>,
    /// The media type of the answer that running text states.
    pub(super) answered: Option<Fact<String>>,
    /// The statuses that tables list.
    pub(super) table_statuses: Vec<Fact<u16>>,
    /// The bodies of errors beside them.
    pub(super) table_bodies: Vec<(u16, Example)>,
    pub(super) response_headers: Vec<ResponseHeader>,
    pub(super) outcomes: Vec<Fact<Outcome>>,
    pub(super) remarks: Vec<Fact<String>>,
    /// The codes of tables.
    pub(super) reasons: Vec<Fact<Reason>>,
    pub(super) listed: Vec<Listed>,
    /// The running text outside of requests and responses.
    pub(super) texts: Vec<&'p Prose>,
    /// The rows of tables that document parameters and members.
    pub(super) tabled: Vec<tabled::Row>,
    /// The heading above each of the request fields.
    headings: Vec<Option<Fact<String>>>,
    /// True in a group of fences that has a curl command, and right behind one: the others are the same request in other
    /// languages.
    is_among_calls: bool,
    /// Where the field that was read last went, if members may be added to it.
    last: Option<Side>,
    /// The side of the field that was read last.
    last_side: Option<Side>,
}

/// What is said around a field or an example.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    pub(super) status: Option<Status>,
    pub(super) variant: Option<Fact<String>>,
    /// The title of the nearest component that states neither a status nor a variant.
    pub(super) part: Option<Fact<String>>,
    /// The nearest heading.
    pub(super) heading: Option<Fact<String>>,
    pub(super) section: Option<Section>,
    /// True below a heading about headers.
    pub(super) is_about_headers: bool,
}

/// What stands in stretches of a page.
pub(super) fn collect<'p>(stretches: &[&'p [Node]]) -> Collected<'p> {
    let mut collected = Collected::default();
    for nodes in stretches {
        collected.nodes(nodes, &Context::default(), None);
    }
    collected.tell_forms_apart();
    collected
}

impl<'p> Collected<'p> {
    fn nodes(&mut self, nodes: &'p [Node], around: &Context, side: Option<Side>) {
        let mut headings = Headings::default();
        let mut leads = Leads::default();
        let groups = nodes.iter().filter_map(Node::as_element);
        let has_groups = groups.filter(|element| is_group(element)).count() > 1;
        let mut before: Option<&Element> = None;
        let titles = Titles::of(nodes);
        let has_alternatives = alternatives(nodes, titles) > 1;
        let among_calls = self.is_among_calls;
        for (at, node) in nodes.iter().enumerate() {
            if let (Some(before), Some(element)) = (before, node.as_element())
                && self.adopt(before, element)
            {
                continue;
            }
            before = match node {
                Node::Element(element) => Some(element).filter(|it| field::is_field(&it.name)),
                other => before.filter(|_| field::is_blank(other)),
            };
            if !matches!(node, Node::Fence(_)) && !field::is_blank(node) {
                self.is_among_calls = among_calls;
            }
            match node {
                Node::Prose(prose) => {
                    let around_each = |headings: &Headings| below(headings, around);
                    let found = headers::in_prose(prose, headings.clone(), &around_each);
                    self.response_headers.extend(found);
                    if side.is_none() {
                        self.texts.push(prose);
                        let found = tabled::in_prose(prose, headings.clone(), &around_each);
                        self.tabled.extend(found);
                    }
                    headings.read(prose);
                    leads.read(prose);
                    let section = headings.section().or(around.section);
                    let next = nodes.get(at + 1..).unwrap_or_default();
                    self.elsewhere.read(prose, section, self.last_side, next);
                    if side.is_none() {
                        self.body_in_text = self.body_in_text.or_else(|| told::body(prose));
                        self.keyed = self.keyed.or_else(|| keyed::said(prose));
                        self.answered = self.answered.take().or_else(|| answered::read(prose));
                        self.methods.extend(told::methods(prose));
                        self.credentials.extend(auth::choice(prose));
                    }
                    self.table_statuses.extend(sections::table_statuses(prose));
                    self.table_bodies.extend(bodies::in_tables(prose));
                    let here = below(&headings, around);
                    let mut titles = here.part.iter().chain(&here.heading);
                    if !titles.any(|it| outcomes::is_of_case(&it.value)) {
                        self.outcomes.extend(outcomes::read(prose));
                    }
                    self.remarks.extend(remarks::read(prose));
                    self.reasons.extend(reasons::read(prose));
                    self.listed.extend(listed::read(prose));
                }
                // Of several expandable parts beside each other, a request has one.
                Node::Element(element) if has_groups && is_group(element) => {
                    let first = self.request_fields.len();
                    self.element(element, &below(&headings, around), side);
                    let variant = title_fact(element);
                    for (_, field) in self.request_fields.iter_mut().skip(first) {
                        field.variant.clone_from(&variant);
                    }
                }
                Node::Element(element) if is_titled(element) => {
                    let around = below(&headings, around);
                    let is_alternative = has_alternatives && titles.tell_apart(element);
                    let context = titled(element, nodes, &around, is_alternative);
                    self.nodes(&element.children, &context, side);
                }
                Node::Element(element) if element.name == "CodeGroup" => {
                    self.element(element, &leads.over(below(&headings, around)), side);
                }
                Node::Element(element) => {
                    leads.pass();
                    self.element(element, &below(&headings, around), side);
                }
                Node::Fence(fence) => {
                    self.fence(fence, &leads.over(below(&headings, around)), side);
                    // What follows without a word between them shows the same.
                    self.is_among_calls |= side.is_none() && is_curl(node);
                }
                Node::Expression(_) => {}
            }
        }
        self.is_among_calls = among_calls;
    }

    fn element(&mut self, element: &'p Element, context: &Context, side: Option<Side>) {
        match element.name.as_str() {
            name if field::is_field(name) => self.field(element, context),
            "RequestExample" => self.nodes(&element.children, context, Some(Side::Request)),
            "ResponseExample" => {
                self.nodes(&element.children, &beside(context), Some(Side::Response));
            }
            "CodeGroup" if side.is_none() => {
                let among_calls = self.is_among_calls;
                self.is_among_calls = element.children.iter().any(is_curl);
                self.nodes(&element.children, context, side);
                self.is_among_calls = among_calls;
            }
            "Expandable" if title_fact(element).is_some() => {
                let context = Context {
                    part: title_fact(element),
                    ..context.clone()
                };
                self.nodes(&element.children, &context, side);
            }
            _ => self.nodes(&element.children, context, side),
        }
    }

    fn field(&mut self, element: &'p Element, context: &Context) {
        self.last_side = Some(Side::of_field(element));
        let (role, mut field) = field::read(element);
        if role == Role::Response && headers::is_header(element, &field, context) {
            self.response_headers
                .push(headers::of_field(field, context));
            return;
        }
        // Variants of a response are responses of their own, and ask for what they ask for.
        if role != Role::Response {
            field.variant.clone_from(&context.variant);
        }
        self.last = match role {
            Role::Response => Some(Side::Response),
            Role::Body | Role::WholeBody => Some(Side::Request),
            _ => None,
        };
        if role == Role::Response {
            self.response_fields.push((context.clone(), field));
        } else {
            self.request_fields.push((role, field));
            self.headings.push(context.heading.clone());
        }
    }

    /// Parts of a body below headings of their own, with a member of one name in each, are forms of it: a request has
    /// one of them.
    fn tell_forms_apart(&mut self) {
        let fields = self.request_fields.iter().zip(&self.headings);
        let mut places: BTreeMap<&str, Vec<&Fact<String>>> = BTreeMap::new();
        for ((role, field), heading) in fields {
            if let (Role::Body, Some(heading)) = (role, heading) {
                let below = places.entry(field.name.value.trim()).or_default();
                if !below
                    .iter()
                    .any(|it| it.evidence.span == heading.evidence.span)
                {
                    below.push(heading);
                }
            }
        }
        let several = places.into_values().filter(|below| below.len() > 1);
        let forms: BTreeSet<Span> = several.flatten().map(|it| it.evidence.span).collect();
        for ((role, field), heading) in self.request_fields.iter_mut().zip(&self.headings) {
            let is_body = *role == Role::Body && field.variant.is_none();
            let form = heading
                .as_ref()
                .filter(|it| is_body && forms.contains(&it.evidence.span));
            if let Some(form) = form {
                field.variant = Some(form.clone());
            }
        }
    }

    /// Takes words for notations that name objects of the page for such names.
    pub(super) fn tell_types_apart(&mut self, examples: &[RequestExample]) {
        let request = self.request_fields.iter().map(|(_, field)| field);
        let response = self.response_fields.iter().map(|(_, field)| field);
        if !request.chain(response).any(named::may_be_object) {
            return;
        }
        let fences = self.response_fences.iter().chain(&self.bare_responses);
        let returned = fences.map(|(_, fence)| json::read(fence.code.text()));
        let returned: Vec<_> = returned.flat_map(|reading| reading.documents).collect();
        let sent = sent::objects(examples);
        let request = self.request_fields.iter().map(|(_, field)| field);
        let mut names = named::objects(request, &sent.iter().collect::<Vec<_>>());
        let response = self.response_fields.iter().map(|(_, field)| field);
        names.extend(named::objects(
            response,
            &returned.iter().collect::<Vec<_>>(),
        ));
        if names.is_empty() {
            return;
        }
        let request = self.request_fields.iter_mut().map(|(_, field)| field);
        let response = self.response_fields.iter_mut().map(|(_, field)| field);
        for field in request.chain(response) {
            named::apply(field, &names);
        }
    }

    /// Takes fields beside the one read last for its members.
    fn adopt(&mut self, before: &Element, element: &Element) -> bool {
        let last = match self.last {
            Some(Side::Request) => self.request_fields.last_mut().map(|(_, field)| field),
            Some(Side::Response) => self.response_fields.last_mut().map(|(_, field)| field),
            None => None,
        };
        last.is_some_and(|field| field::adopt(field, before, element))
    }

    fn fence(&mut self, fence: &'p Fence, context: &Context, side: Option<Side>) {
        match side {
            Some(side) => self.example(fence, context, side),
            None => self.bare_fence(fence, context.clone()),
        }
    }

    fn bare_fence(&mut self, fence: &'p Fence, context: Context) {
        if fence.code.text().contains("curl") || self.is_among_calls && is_program(fence) {
            self.bare_requests.push(fence);
            if examples::output(&fence.code).is_some() {
                self.bare_responses.push((context, fence));
            }
        } else if sections::shows_response(fence, context.section, context.status.as_ref()) {
            self.bare_responses.push((context, fence));
        } else if sections::holds_json(fence) {
            self.unnamed.push((context, fence, self.last_side));
        }
    }

    /// Takes the only JSON of a page that shows no answer for one, if it is not what is sent.
    pub(super) fn take_only_json(&mut self, endpoint: &Endpoint) {
        let says_nothing = self.response_fences.is_empty()
            && self.bare_responses.is_empty()
            && self.response_fields.is_empty();
        let unsaid = self.unnamed.iter();
        let mut unsaid = unsaid.filter(|(context, ..)| context.section.is_none());
        let (Some((context, fence, _)), None) = (unsaid.next(), unsaid.next()) else {
            return;
        };
        let fields = self.request_fields.iter();
        let sent = fields.filter(|(role, _)| matches!(role, Role::Body | Role::WholeBody));
        let has_more = || {
            let shown = json::read(fence.code.text());
            let shown = shown.documents.first().map_or(&[][..], Json::members);
            let is_sent = |name: &str| sent.clone().any(|(_, it)| it.name.value.trim() == name);
            sent.clone().next().is_some() && shown.iter().any(|it| !is_sent(&it.key))
        };
        if says_nothing && (endpoint.method == "GET" || has_more()) {
            self.bare_responses.push((context.clone(), fence));
        }
    }

    /// A title outranks the position: a "Response" inside the request examples is a response.
    fn example(&mut self, fence: &'p Fence, context: &Context, side: Side) {
        let title = fence.title().unwrap_or_default().to_ascii_lowercase();
        let title = title.replace('_', " ");
        let is_json = fence
            .language
            .as_deref()
            .is_some_and(|language| language.eq_ignore_ascii_case("json"));
        let status = status::of_title(&title, fence.info_span, &status::STATUS_IN_EXAMPLE_TITLE);
        let names_response = title.contains("response") && !title.contains("request");
        let names_status = matches!(status, Some(Status::Code(_)));
        let side = match side {
            Side::Request if is_json && (names_response || names_status) => Side::Response,
            Side::Response
                if title.contains("request") && !title.contains("response") && status.is_none() =>
            {
                Side::Request
            }
            side => side,
        };
        match side {
            Side::Request => self.request_fences.push(fence),
            Side::Response => self.response_fences.push((context.clone(), fence)),
        }
    }
}

/// True for a fence with a curl command.
fn is_curl(node: &Node) -> bool {
    matches!(node, Node::Fence(fence) if fence.code.text().trim_start().starts_with("curl"))
}

/// True for a fence in a language that programs are written in, and not in one of data.
fn is_program(fence: &Fence) -> bool {
    let language = fence
        .language
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    !matches!(
        language.as_str(),
        "" | "json" | "jsonc" | "json5" | "text" | "txt" | "xml" | "yaml" | "html" | "http"
    )
}

/// True for an expandable part with a title of its own.
fn is_group(element: &Element) -> bool {
    element.name == "Expandable" && field::title(element).is_some()
}

fn title_fact(element: &Element) -> Option<Fact<String>> {
    let (title, span) = field::title(element)?;
    Some(Fact::new(title.to_owned(), span, &VARIANT_TITLE))
}

/// True for the components whose title says something about their fields and examples.
fn is_titled(element: &Element) -> bool {
    matches!(element.name.as_str(), "Tab" | "Accordion" | "Step")
}

/// How many tabs or accordions beside each other hold fields or examples. Steps follow each other.
fn alternatives(nodes: &[Node], titles: Titles) -> usize {
    let elements = nodes.iter().filter_map(Node::as_element);
    elements
        .filter(|element| matches!(element.name.as_str(), "Tab" | "Accordion"))
        .filter(|element| titles.tell_apart(element))
        .filter(|element| holds_something(&element.children))
        .count()
}

fn holds_something(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Fence(_) => true,
        Node::Element(element) => {
            field::is_field(&element.name) || holds_something(&element.children)
        }
        _ => false,
    })
}

/// The title of a tab states a status, or tells variants apart.
fn titled(element: &Element, beside: &[Node], context: &Context, is_alternative: bool) -> Context {
    let Some((title, span)) = field::title(element) else {
        return context.clone();
    };
    let section = Section::of_title(title).or(context.section);
    let status = status::of_title(title, span, &status::STATUS_IN_TAB_TITLE);
    let is_state = |status: &Status| {
        *status == Status::Error && is_alternative && states::of_tab(element, beside)
    };
    match status.filter(|status| !is_state(status)) {
        Some(status) => Context {
            status: Some(status),
            section,
            ..context.clone()
        },
        None if !is_alternative => Context {
            part: Some(Fact::new(title.to_owned(), span, &VARIANT_TITLE)),
            section,
            ..context.clone()
        },
        None => Context {
            variant: Some(Fact::new(title.to_owned(), span, &VARIANT_TITLE)),
            part: None,
            section,
            ..context.clone()
        },
    }
}

/// What is said around a panel of examples: it stands beside the page, whatever its last heading says of errors in general.
fn beside(context: &Context) -> Context {
    let mut beside = context.clone();
    beside.status = beside.status.filter(|status| status.code().is_some());
    beside
}

/// What headings add to what is said around them.
fn below(headings: &Headings, around: &Context) -> Context {
    Context {
        status: headings.status().or_else(|| around.status.clone()),
        variant: around.variant.clone(),
        part: around.part.clone(),
        heading: headings.title().or_else(|| around.heading.clone()),
        section: headings.section().or(around.section),
        is_about_headers: headings.is_about_headers() || around.is_about_headers,
    }
}
