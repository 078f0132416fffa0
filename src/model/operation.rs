//! Operations and what the pages promise about them.

use std::sync::Arc;

use serde_json::Value;

use crate::source::{Excerpt, FileId, Span};

use super::call::Call;
use super::curl::Curl;
use super::endpoint::Endpoint;
use super::evidence::{Evidence, Fact, Origin};
use super::json::{self, Json};
use super::prose::ProseFacts;
use super::shape::Shape;
use super::shared::Shared;
use super::types::Type;

/// The API that a site documents.
#[derive(Clone, Debug, Default)]
pub struct Api {
    /// The operations, in the order of their first pages.
    pub operations: Vec<Operation>,
    /// How many pages were read.
    pub pages: usize,
    /// The pages that state no endpoint, although they have fields or examples.
    pub other_pages: Vec<FileId>,
    /// What pages without an endpoint say of all operations.
    pub shared: Shared,
}

/// One operation: a method and a URL, documented by one or several pages.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Method and path, and where they are stated.
    pub endpoint: Fact<Endpoint>,
    /// Base URLs, the default first: scheme and host, then the path that the endpoint's path is joined to.
    pub servers: Vec<Fact<String>>,
    /// The title of the first page.
    pub title: Option<String>,
    /// What the first page, or the specification, says about the operation as a whole.
    pub description: Option<String>,
    /// The name for programs, if a specification gives one.
    pub identifier: Option<Fact<String>>,
    /// The groups that a specification puts it in.
    pub tags: Vec<String>,
    /// The pages that document it.
    pub pages: Vec<FileId>,
    /// The queries that pages state with their endpoints, as in `GET /search?type=user`.
    pub queries: Vec<(FileId, String)>,
    /// Path, query, header, and cookie parameters.
    pub parameters: Vec<Parameter>,
    /// The body of requests, if one is documented.
    pub body: Option<Body>,
    /// The responses; alternatives of one status are several entries.
    pub responses: Vec<Response>,
    /// The request examples, in the order of the page.
    pub request_examples: Vec<RequestExample>,
    /// How requests are authenticated.
    pub auth: Auth,
    /// True if a page calls the operation deprecated.
    pub deprecated: bool,
    /// True if a page warns that requests do harm, with `{/* fieldproof-unsafe */}`.
    pub is_unsafe: bool,
    /// The headers of answers.
    pub response_headers: Vec<ResponseHeader>,
    /// What running text says that becomes of members: "its `edited` becomes `true`".
    pub outcomes: Vec<Fact<Outcome>>,
    /// The sentences of running text that name a status, an order, or a state, with code in backticks.
    pub remarks: Vec<Fact<String>>,
    /// The codes of tables of the page, and when they come.
    pub reasons: Vec<Fact<Reason>>,
    /// Values of fields that tables list, by the names of the fields.
    pub listed: Vec<Listed>,
    /// What running text says of requests.
    pub sent_in_text: SentInText,
}

/// What running text outside of fields says of requests.
#[derive(Clone, Debug, Default)]
pub struct SentInText {
    /// The methods that it names, in capitals.
    pub methods: Vec<Fact<String>>,
    /// The sentences that offer a choice of ways to authenticate, in lower case.
    pub credentials: Vec<Fact<String>>,
    /// Where it says that another page lists more of what is sent.
    pub elsewhere: Option<Evidence>,
    /// Where it says what the body is.
    pub body: Option<Evidence>,
    /// The media types that its commands for the operation send, beside those of the examples; in an OpenAPI file those
    /// that are documented beside the one that is read.
    pub media_types: Vec<String>,
}

/// A code for programs, and when it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The code, such as `bad_name`.
    pub code: String,
    /// When it comes, with code in backticks.
    pub text: String,
}

/// The values of a field that a table lists.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The title of the column, such as `reason`.
    pub name: String,
    /// The values, one after the other.
    pub values: Vec<Fact<String>>,
}

/// A header that answers are documented to have.
#[derive(Clone, Debug)]
pub struct ResponseHeader {
    /// The name as written.
    pub name: Fact<String>,
    /// The status of the answers that have it, if one is stated.
    pub status: Option<u16>,
    /// What values it has, if a type is stated.
    pub shape: Option<Shape>,
    /// The value that text shows behind the name, as in `X-Version: 2`; other answers may have other ones.
    pub shown: Option<String>,
    /// True if it may be left out, or comes with conditions.
    pub is_optional: bool,
    /// What the page says of it.
    pub description: String,
}

impl ResponseHeader {
    /// True if a page says that answers have it, and does not only show one: text is as good as a table.
    pub fn is_promised(&self) -> bool {
        self.name.evidence.origin >= Origin::Prose
    }
}

/// What becomes of a member.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What the text says that it is a member of, if it says so: `order` in "sets the `status` of the order to `paid`".
    pub of: Option<String>,
    /// The name of the member.
    pub member: String,
    /// Its value afterwards.
    pub value: Value,
}

/// A parameter outside the body.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Where it is sent.
    pub location: Location,
    /// The field that documents it.
    pub field: Field,
    /// What values it takes.
    pub shape: Shape,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Location {
    /// In the path, for `{name}` or `:name`.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
    /// As a cookie.
    Cookie,
}

impl Location {
    /// The word used in attributes and subjects.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// The body of a request.
#[derive(Clone, Debug)]
pub struct Body {
    /// The media type, stated or assumed.
    pub media_type: Fact<String>,
    /// The members as fields; for a body that is one field as a whole, that field alone with [`Body::whole`].
    pub fields: Vec<Field>,
    /// True if the only field is the whole body: `<ParamField body type="string[]">`.
    pub whole: bool,
    /// What bodies are accepted.
    pub shape: Shape,
}

/// A `ParamField` or `ResponseField` with all that it says.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name as written.
    pub name: Fact<String>,
    /// The type as written.
    pub type_text: Option<Fact<String>>,
    /// The type as read.
    pub kind: Type,
    /// `required` or `optional`, in whichever form.
    pub required: Option<Fact<bool>>,
    /// The `default` attribute, else what the text calls the default.
    pub default: Option<Fact<Value>>,
    /// The running text, without nested fields and code.
    pub description: String,
    /// What that text states about the values.
    pub prose: Arc<ProseFacts>,
    /// True if the field is marked as deprecated.
    pub deprecated: bool,
    /// The title of the tab or expandable part that tells it from its alternatives: not every value has it.
    pub variant: Option<Fact<String>>,
    /// The nested fields.
    pub children: Vec<Field>,
    /// From the opening to the closing tag.
    pub span: Span,
    /// The opening tag.
    pub open: Span,
}

impl Field {
    /// True if the field is stated to be required.
    pub fn is_required(&self) -> bool {
        self.required
            .as_ref()
            .is_some_and(|required| required.value)
    }
}

/// A response of a status, or one of its variants.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status that the page states.
    pub status: Status,
    /// The title that tells it from other responses of the same status.
    pub variant: Option<Fact<String>>,
    /// The documented members.
    pub fields: Vec<Field>,
    /// What bodies conform; `None` if no field documents the body.
    pub shape: Option<Shape>,
    /// The media type of the body, where something beside the examples says it.
    pub media_type: Option<Fact<String>>,
    /// The examples of this status.
    pub examples: Vec<Example>,
}

/// What a page says about the status of a response.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// A number that the page states.
    Code(Fact<u16>),
    /// A success of unstated status.
    Success,
    /// An error of unstated status.
    Error,
}

impl Status {
    /// The stated number.
    pub fn code(&self) -> Option<u16> {
        match self {
            Self::Code(code) => Some(code.value),
            Self::Success | Self::Error => None,
        }
    }

    /// True for a success: a number from 200 to 299, or success in words.
    pub fn is_success(&self) -> bool {
        match self {
            Self::Code(code) => (200..300).contains(&code.value),
            Self::Success => true,
            Self::Error => false,
        }
    }

    /// What findings and topics call the body of such a response: `response`, `response.404`.
    pub fn subject(&self) -> String {
        match self.code() {
            Some(code) if !self.is_success() => format!("response.{code}"),
            _ => "response".to_owned(),
        }
    }

    /// True if a live answer of that status is what is described here.
    pub fn covers(&self, code: u16) -> bool {
        match self {
            Self::Code(stated) => stated.value == code,
            Self::Success => (200..300).contains(&code),
            Self::Error => code >= 400,
        }
    }
}

/// A response example.
#[derive(Clone, Debug)]
pub struct Example {
    /// The title of the fence.
    pub title: Option<String>,
    /// Where the title stands: all that follows the marks of the fence.
    pub title_span: Span,
    /// The language of the fence.
    pub language: Option<String>,
    /// The status line and the headers, if the example is an HTTP message.
    pub head: Option<Excerpt>,
    /// The text as the author wrote it, without such a head.
    pub text: Excerpt,
    /// The text read as JSON; `None` if it is empty or in another language.
    pub json: Option<json::Reading>,
    /// The media type that the language of the fence stands for.
    pub media_type: &'static str,
    /// [`Origin::Inferred`] if it stands in no component for examples: then it is only taken for a response.
    pub origin: Origin,
    /// The whole fence.
    pub span: Span,
}

impl Example {
    /// The JSON value, if the example holds exactly one that could be read.
    pub fn value(&self) -> Option<&json::Json> {
        match self.json.as_ref()?.documents.as_slice() {
            [value] => Some(value),
            _ => None,
        }
    }
}

/// A request example.
#[derive(Clone, Debug)]
pub struct RequestExample {
    /// The title of the fence.
    pub title: Option<String>,
    /// The language of the fence.
    pub language: Option<String>,
    /// The text as the author wrote it.
    pub text: Excerpt,
    /// The curl command, if the example is one.
    pub curl: Option<Curl>,
    /// The one call that it makes in another language, if that can be read.
    pub call: Option<Call>,
    /// [`Origin::Inferred`] if it stands in no component for examples.
    pub origin: Origin,
    /// The whole fence.
    pub span: Span,
}

/// How requests of an operation are authenticated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Auth {
    /// What must be sent; empty if nothing is documented or the page says `none`.
    pub schemes: Vec<Fact<AuthScheme>>,
}

/// One way to authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthScheme {
    /// `Authorization: Bearer …`
    Bearer,
    /// `Authorization: Basic …`
    Basic,
    /// A header of that name.
    Header(String),
    /// A query parameter of that name.
    Query(String),
}

impl std::fmt::Display for AuthScheme {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bearer => formatter.write_str("bearer"),
            Self::Basic => formatter.write_str("basic"),
            Self::Header(name) => write!(formatter, "header {name}"),
            Self::Query(name) => write!(formatter, "query {name}"),
        }
    }
}

impl Operation {
    /// `POST /users`: how people, and all outputs, name it.
    pub fn name(&self) -> String {
        self.endpoint.value.name()
    }

    /// Gives back the room that lists of large items keep for more.
    pub fn shrink(&mut self) {
        self.servers.shrink_to_fit();
        self.parameters.shrink_to_fit();
        self.responses.shrink_to_fit();
        self.request_examples.shrink_to_fit();
    }

    /// True for methods whose requests are usually sent without a body, whatever one would have to hold.
    pub fn may_lack_body(&self) -> bool {
        matches!(
            self.endpoint.value.method.as_str(),
            "GET" | "HEAD" | "DELETE"
        )
    }

    /// The path of the default server and the endpoint, joined.
    pub fn joined_path(&self) -> String {
        let base = self
            .servers
            .first()
            .map_or("", |server| super::endpoint::split_server(&server.value).1);
        format!("{}{}", base.trim_end_matches('/'), self.endpoint.value.path)
    }

    /// True if the endpoint is deduced, not stated in the frontmatter.
    pub fn is_inferred(&self) -> bool {
        self.endpoint.evidence.origin == Origin::Inferred
    }

    /// The parameters of that location.
    pub fn parameters_in(&self, location: Location) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.location == location)
    }

    /// What the examples of the successes show, as far as it can be read.
    pub fn shown_successes(&self) -> impl Iterator<Item = &Json> {
        let successes = self.responses.iter().filter(|it| it.status.is_success());
        successes
            .flat_map(|it| &it.examples)
            .filter_map(Example::value)
    }

    /// The responses that describe an answer of that status: those that state it, else those in words.
    pub fn responses_for(&self, code: u16) -> Vec<&Response> {
        let stated: Vec<_> = self
            .responses
            .iter()
            .filter(|response| response.status.code() == Some(code))
            .collect();
        // A status that a table lists without a body has the one that is shown for errors as a whole.
        let is_bare = |it: &&Response| it.shape.is_none() && it.examples.is_empty();
        if stated.iter().all(is_bare) {
            return self
                .responses
                .iter()
                .filter(|response| response.status.covers(code))
                .collect();
        }
        stated
    }
}

impl Operation {
    /// The credentials that requests must carry.
    ///
    /// What only an example shows is not asked for. What the page states outranks the configuration of the site: where
    /// it has credentials of its own, or shows requests without those of the site, as on the page of a login, the
    /// site's are not asked for.
    pub fn required_credentials(&self) -> Vec<&Fact<AuthScheme>> {
        let schemes = &self.auth.schemes;
        let of_page: Vec<_> = schemes
            .iter()
            .filter(|scheme| scheme.evidence.origin >= Origin::Attribute)
            .collect();
        if !of_page.is_empty() {
            return of_page;
        }
        let of_site = schemes
            .iter()
            .filter(|scheme| scheme.evidence.origin == Origin::Config);
        of_site
            .filter(|scheme| self.shows_credentials(&scheme.value))
            .collect()
    }

    /// True unless the pages have curl commands, and none of them carries the credentials.
    fn shows_credentials(&self, scheme: &AuthScheme) -> bool {
        let curls = || {
            let examples = self.request_examples.iter();
            examples.filter_map(|example| example.curl.as_ref())
        };
        let carries = |curl: &Curl| match scheme {
            AuthScheme::Bearer | AuthScheme::Basic => {
                curl.user.is_some() || curl.header("authorization").is_some()
            }
            AuthScheme::Header(name) => curl.header(name).is_some(),
            AuthScheme::Query(_) => true,
        };
        curls().next().is_none() || curls().any(carries)
    }
}

impl Operation {
    /// The number of fields on its pages, nested ones included.
    pub fn field_count(&self) -> usize {
        let parameters = self
            .parameters
            .iter()
            .map(|parameter| count(std::slice::from_ref(&parameter.field)));
        let body = self.body.iter().map(|body| count(&body.fields));
        let responses = self
            .responses
            .iter()
            .map(|response| count(&response.fields));
        parameters.chain(body).chain(responses).sum()
    }

    /// The number of request and response examples.
    pub fn example_count(&self) -> usize {
        let responses: usize = self
            .responses
            .iter()
            .map(|response| response.examples.len())
            .sum();
        self.request_examples.len() + responses
    }
}

fn count(fields: &[Field]) -> usize {
    fields.iter().map(|field| 1 + count(&field.children)).sum()
}
