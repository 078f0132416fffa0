//! Calls in guides: a page without an endpoint that calls a documented operation shows one more request of it.
//!
//! Guides show parts of requests, other versions, and what goes wrong. So only what is sent is held against the page of the
//! operation, and only where host, path, and method are the documented ones.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Cause, Diagnostic, Severity};
use crate::model::build::{GuideCall, calls_of_guide, guides};
use crate::model::{Documentation, Operation, RequestExample, is_credential};
use crate::source::FileId;

use super::linked::Links;
use super::mentioned;
use super::request::fit::{self, Directory, Target};
use super::request::habit::Habit;
use super::request::hosts::Hosts;
use super::request::{self, wrong_request_method};
use super::spoken::Spoken;
use super::{
    compared, example_type, misspelled_member, soften, undocumented_member, value_not_allowed,
    value_out_of_range,
};

/// Pages with more calls are no guides.
const MOST: usize = 200;

/// What is looked up while calls are compared.
pub(super) struct Context<'c> {
    pub(super) documentation: &'c Documentation,
    pub(super) directory: &'c Directory<'c>,
    pub(super) habit: &'c Habit<'c>,
    pub(super) hosts: &'c Hosts<'c>,
    pub(super) links: &'c Links<'c>,
    pub(super) spoken: &'c Spoken<'c>,
    /// The operations by their hosts and the numbers of their segments.
    pub(super) places: OnceCell<HashMap<(String, usize), Vec<usize>>>,
}

impl Context<'_> {
    /// The operations at the host and the path that a call goes to, whatever its method is.
    fn leading(&self, target: &Target) -> Vec<(usize, &Operation)> {
        let all = &self.documentation.api.operations;
        let places = self.places.get_or_init(|| {
            let mut places: HashMap<_, Vec<usize>> = HashMap::new();
            for (index, operation) in all.iter().enumerate() {
                for place in fit::places(operation) {
                    places.entry(place).or_default().push(index);
                }
            }
            places
        });
        let near = fit::place_of(target).and_then(|place| places.get(&place));
        let near = near.into_iter().flatten();
        let near = near.filter_map(|index| Some((*index, all.get(*index)?)));
        near.filter(|(_, operation)| fit::leads_to(operation, target))
            .collect()
    }
}

/// Holds the calls of all guides against the operations.
pub(super) fn check(context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for page in guides(context.documentation) {
        let mut seen = HashSet::new();
        for call in calls_of_guide(page).into_iter().take(MOST) {
            if is_apart(&call) {
                continue;
            }
            let found = of_call(context, page.file, &call);
            diagnostics.extend(found.into_iter().filter(|it| {
                // The tabs of other languages repeat what the first one has.
                let of_method = it.rule.name == wrong_request_method::RULE.name;
                let message = of_method.then(|| it.message.clone());
                seen.insert((
                    it.rule.name,
                    it.operation.clone(),
                    it.subject.clone(),
                    message,
                ))
            }));
        }
    }
}

fn of_call(context: &Context<'_>, guide: FileId, call: &GuideCall) -> Vec<Diagnostic> {
    let Some((method, target)) = request::target_of(&call.example) else {
        return Vec::new();
    };
    let leading = context.leading(&target);
    let same = leading.iter().filter(|(_, operation)| {
        let documented = &operation.endpoint.value.method;
        documented.eq_ignore_ascii_case(method)
    });
    // Of two paths the one with fewer parameters is meant.
    let best = same.min_by_key(|(_, operation)| operation.endpoint.value.path.matches('{').count());
    let Some((index, operation)) = best else {
        let text = context.documentation.sources.file(guide).text();
        let found = method_of(&leading, method, &target, (text, &call.example));
        return found.into_iter().collect();
    };
    let pages = context.documentation.apart.get(index);
    let pages = pages.map_or_else(|| std::slice::from_ref(*operation), Vec::as_slice);
    let first = pages.first().unwrap_or(operation);
    let mut found = sent(context, guide, call, (first, operation));
    // What one of its pages documents is documented.
    for page in pages.iter().skip(1) {
        let others = sent(context, guide, call, (page, operation));
        found.retain(|it| {
            let mut others = others.iter();
            others.any(|other| other.rule.name == it.rule.name && other.span == it.span)
        });
    }
    found
}

/// What the call sends that the operation does not document, or documents otherwise.
fn sent(
    context: &Context<'_>,
    guide: FileId,
    call: &GuideCall,
    (documented, whole): (&Operation, &Operation),
) -> Vec<Diagnostic> {
    let mut operation = documented.clone();
    operation.responses.clear();
    operation.request_examples = vec![call.example.clone()];
    let mut found = Vec::new();
    {
        let requests = request::of(&operation, context.directory);
        for comparison in request::sent::comparisons(&requests) {
            if !comparison.is_unrelated {
                compared(&comparison, &context.documentation.sources, &mut found);
            }
        }
        request::check(
            &requests,
            context.directory,
            context.habit,
            context.hosts,
            &mut found,
        );
    }
    let text = context.documentation.sources.file(guide).text();
    found.retain(|it| {
        let is_of_credentials = it.rule.name == request::wrong_request_credentials::RULE.name;
        is_about_sent(it, &call.example)
            && !(is_of_credentials && names_credentials(text, &call.example))
    });
    soften(found.iter_mut());
    context.links.soften(found.iter_mut(), documented);
    let mut pages = whole.pages.clone();
    pages.push(guide);
    context
        .spoken
        .soften(&mut found, 0, (&pages, Some(documented)));
    found.retain(|it| it.severity > Severity::Info);
    let endpoint = documented.endpoint.evidence.span;
    let found = found.into_iter().map(|mut diagnostic| {
        diagnostic.operation = Some(documented.name());
        diagnostic.fix = None;
        diagnostic.related(endpoint, "the operation is documented here")
    });
    found.collect()
}

/// True if the text of a guide, outside of code blocks, names the way in which an example authenticates: it documents that way.
fn names_credentials(text: &str, example: &RequestExample) -> bool {
    let Some(curl) = &example.curl else {
        return false;
    };
    let mut is_code = false;
    let prose = text.lines().filter(|line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    });
    let prose = prose.collect::<Vec<_>>().join("\n").to_lowercase();
    let mut sent = curl
        .headers
        .iter()
        .filter(|it| is_credential(&it.name.value));
    sent.any(|header| {
        let name = header.name.value.to_lowercase();
        let value = header.value.value.to_lowercase();
        match value.split_once(' ') {
            Some((scheme, _)) if name == "authorization" => prose.contains(scheme),
            _ => prose.contains(&format!("`{name}`")),
        }
    })
}

/// False for what a guide may leave out, and for what is written otherwise there.
fn is_about_sent(diagnostic: &Diagnostic, example: &RequestExample) -> bool {
    let rules = [
        example_type::RULE.name,
        misspelled_member::RULE.name,
        undocumented_member::RULE.name,
        value_not_allowed::RULE.name,
        value_out_of_range::RULE.name,
        request::undocumented_request_parameter::RULE.name,
    ];
    let name = diagnostic.rule.name;
    let has_credentials = || {
        let curl = example.curl.as_ref();
        curl.is_some_and(|curl| {
            let mut headers = curl.headers.iter();
            curl.user.is_some() || headers.any(|header| is_credential(&header.name.value))
        })
    };
    rules.contains(&name)
        || name == request::wrong_request_credentials::RULE.name && has_credentials()
}

/// A method that no page documents where the call goes, if others are documented there.
fn method_of(
    leading: &[(usize, &Operation)],
    method: &str,
    target: &Target,
    (text, example): (&str, &RequestExample),
) -> Option<Diagnostic> {
    let is_named = |operation: &Operation| {
        let mut named = operation.sent_in_text.methods.iter();
        named.any(|it| it.value.eq_ignore_ascii_case(method))
    };
    let mut plain = leading.iter().map(|(_, operation)| *operation);
    let first = plain.find(|operation| fit::is_surely_at(operation, target))?;
    let is_other = matches!(method, "OPTIONS" | "HEAD")
        || leading.iter().any(|(_, operation)| is_named(operation));
    if is_other {
        return None;
    }
    let mut methods: Vec<&str> = leading
        .iter()
        .map(|(_, operation)| operation.endpoint.value.method.as_str())
        .collect();
    methods.sort_unstable();
    methods.dedup();
    if mentioned::is_told_apart(text, (method, &target.path), &methods) {
        return None;
    }
    let documented = methods.join("`, `");
    let range = match (&example.curl, &example.call) {
        (Some(curl), _) => curl.method.range.clone(),
        (None, Some(call)) => call.method.range.clone(),
        (None, None) => return None,
    };
    let message = format!(
        "the guide calls `{method} {}`, and `{documented}` is documented there",
        target.path
    );
    let mut diagnostic = Diagnostic::new(
        &wrong_request_method::RULE,
        example.text.span(range),
        message,
    )
    .severity(Severity::Warning)
    .label(format!("sends {method}"))
    .help("use a method that a page documents, or document this one")
    .related(first.endpoint.evidence.span, "documented here")
    .subject("endpoint")
    .cause(Cause::on_page(format!("{method} {}", target.path)));
    diagnostic.operation = Some(first.name());
    Some(diagnostic)
}

/// True for a call that is shown because it goes wrong, or because it went so once.
fn is_apart(call: &GuideCall) -> bool {
    const WORDS: [&str; 38] = [
        "error",
        "fail",
        "invalid",
        "wrong",
        "reject",
        "refus",
        "denied",
        "malformed",
        "typo",
        "mistake",
        "bad",
        "deprecat",
        "legacy",
        "old",
        "before",
        "previous",
        "former",
        "migrat",
        "upgrad",
        "instead",
        "don't",
        "avoid",
        "incorrect",
        "fehler",
        "ungültig",
        "falsch",
        "erro",
        "erreur",
        "échou",
        "inválid",
        "antes",
        "vorher",
        "avant",
        "错误",
        "失败",
        "旧",
        "之前",
        "エラー",
    ];
    let text = call.example.text.text();
    let comments = text
        .lines()
        .filter(|line| line.trim_start().starts_with(['#', '/']));
    let titles = call.example.title.iter().map(String::as_str);
    let mut said = comments.chain(titles).chain(call.lead.lines());
    let tells = |line: &str| {
        let lower = line.to_lowercase();
        // A paragraph may tell of statuses that come later: only what leads to the call is about it.
        let is_told =
            line.starts_with(['#', '/']) || line.ends_with([':', '：']) || line.len() < 40;
        let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '\'');
        words.any(|word| {
            let is_spaced = |it: &&&str| it.chars().all(|c| c < '\u{2E80}');
            let mut known = WORDS.iter().filter(is_spaced);
            known.any(|it| word == *it || it.len() > 3 && word.starts_with(it))
                || is_told && is_refusal(word)
        }) || WORDS
            .iter()
            .filter(|it| it.chars().any(|c| c >= '\u{2E80}'))
            .any(|it| lower.contains(it))
    };
    let is_answered_so = || {
        let answer = call.behind.trim_start();
        answer.starts_with("HTTP/") && answer.split_whitespace().nth(1).is_some_and(is_refusal)
            || answer.starts_with('{') && answer.contains("\"error")
    };
    said.any(tells) || is_answered_so()
}

/// True for the number of a status of errors.
fn is_refusal(word: &str) -> bool {
    word.len() == 3 && word.starts_with('4') && word.bytes().all(|byte| byte.is_ascii_digit())
}
