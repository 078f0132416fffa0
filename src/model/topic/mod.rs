//! All facts of an operation in words, by what they are about: its endpoint, a parameter, a member of a body.
//!
//! A topic also tells what was looked at beside its facts: the type as written, what the text says and the type
//! overrules, what the examples show. `fieldproof inspect --why SUBJECT` prints one topic.

mod fields;
mod shapes;
mod shown;

use crate::source::Span;

use super::evidence::{Evidence, Fact};
use super::operation::{Operation, Status};

use fields::Fields;

/// What is known about one subject, and what was looked at.
#[derive(Clone, Debug)]
pub struct Topic {
    /// `endpoint`, `request.query.page`, `response.404.error`: as findings name it.
    pub subject: String,
    /// The facts, in the order of reading.
    pub facts: Vec<Told>,
    /// What else was looked at.
    pub considered: Vec<Remark>,
}

/// A fact in words.
#[derive(Clone, Debug)]
pub struct Told {
    /// What is said, such as `is required`.
    pub says: String,
    /// Where, how strongly, and by which rule.
    pub evidence: Evidence,
}

/// Something that was looked at.
#[derive(Clone, Debug)]
pub struct Remark {
    /// What it shows, such as `the example shows 12`.
    pub says: String,
    /// Where it stands.
    pub span: Span,
}

/// The topics of an operation: its endpoint, then the request, then the responses.
pub fn topics(operation: &Operation) -> Vec<Topic> {
    let fields = Fields::of(operation);
    let mut topics = vec![endpoint(operation)];
    for parameter in &operation.parameters {
        let location = parameter.location.as_str();
        let name = &parameter.field.name;
        let mut topic = Topic::new(join(&format!("request.{location}"), &name.value));
        topic.told(format!("is a {location} parameter"), name.evidence);
        topic.fact(parameter.field.required.as_ref(), |it| required(*it));
        fields.of_name(name.evidence.span, &mut topic);
        let place = topics.len();
        shapes::add(topic, &parameter.shape, &[], &fields, &mut topics);
        fields.overruled(
            name.evidence.span,
            topics.get_mut(place..).unwrap_or_default(),
        );
    }
    if let Some(body) = &operation.body {
        let mut topic = Topic::new("request.body");
        topic.fact(Some(&body.media_type), |media| {
            format!("is sent as {media}")
        });
        shapes::add(topic, &body.shape, &[], &fields, &mut topics);
    }
    for response in &operation.responses {
        let mut topic = Topic::new(response.status.subject());
        if let Status::Code(code) = &response.status {
            topic.told(format!("has the status {}", code.value), code.evidence);
        }
        topic.fact(response.variant.as_ref(), |it| {
            format!("is the variant `{it}`")
        });
        let shown = shown::bodies(response);
        for example in &response.examples {
            topic.remark(shown::status(example), example.span);
        }
        match &response.shape {
            Some(shape) => shapes::add(topic, shape, &shown, &fields, &mut topics),
            None => topics.push(topic),
        }
    }
    merged(topics)
}

fn endpoint(operation: &Operation) -> Topic {
    let mut topic = Topic::new("endpoint");
    topic.told(
        format!("is {}", operation.name()),
        operation.endpoint.evidence,
    );
    for server in &operation.servers {
        topic.fact(Some(server), |it| format!("is served from {it}"));
    }
    for scheme in &operation.auth.schemes {
        topic.fact(Some(scheme), |it| format!("is authenticated by {it}"));
    }
    for example in &operation.request_examples {
        if let Some(curl) = &example.curl {
            let url = curl.url.as_ref().map_or("", |url| url.text.text());
            let span = example.text.span(curl.range.clone());
            topic.remark(
                format!("a curl command calls {} {url}", curl.method.value),
                span,
            );
        }
    }
    topic
}

/// Variants of one response have topics of the same subject; they become one.
fn merged(topics: Vec<Topic>) -> Vec<Topic> {
    let mut places = std::collections::HashMap::new();
    let mut kept: Vec<Topic> = Vec::new();
    for topic in topics {
        let place = *places.entry(topic.subject.clone()).or_insert(kept.len());
        match kept.get_mut(place) {
            Some(known) => known.absorb(topic),
            None => kept.push(topic),
        }
    }
    kept
}

fn required(is_required: bool) -> String {
    if is_required {
        "is required"
    } else {
        "is not required"
    }
    .to_owned()
}

/// `request.body` and `user` is `request.body.user`; `response` and `[]` is `response[]`.
fn join(around: &str, name: &str) -> String {
    if name.starts_with("[]") {
        format!("{around}{name}")
    } else {
        format!("{around}.{name}")
    }
}

impl Topic {
    fn new(subject: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            facts: Vec::new(),
            considered: Vec::new(),
        }
    }

    fn told(&mut self, says: impl Into<String>, evidence: Evidence) {
        self.facts.push(Told {
            says: says.into(),
            evidence,
        });
    }

    fn fact<T>(&mut self, fact: Option<&Fact<T>>, says: impl Fn(&T) -> String) {
        if let Some(fact) = fact {
            self.told(says(&fact.value), fact.evidence);
        }
    }

    fn remark(&mut self, says: impl Into<String>, span: Span) {
        self.considered.push(Remark {
            says: says.into(),
            span,
        });
    }

    fn absorb(&mut self, other: Self) {
        for told in other.facts {
            let is_known =
                |known: &Told| known.says == told.says && known.evidence == told.evidence;
            if !self.facts.iter().any(is_known) {
                self.facts.push(told);
            }
        }
        for remark in other.considered {
            let is_known = |known: &Remark| known.says == remark.says && known.span == remark.span;
            if !self.considered.iter().any(is_known) {
                self.considered.push(remark);
            }
        }
    }
}
