//! Members that no field documents, and for which the text of the site speaks: that is worth knowing, and no contradiction.

mod guides;
mod named;
mod open;
mod sent;
mod short;
mod words;

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Documentation, Location, Operation, Written};
use crate::source::FileId;

use super::request::undocumented_request_parameter::is_of_query;
use super::{example_null, member_not_shown, nesting, undocumented_member};
use guides::{Guides, Pages, Told};

pub(super) use open::{is_of_errors, is_open_object, tells_failure, tells_other};

/// What the pages of a site say outside of fields.
pub(super) struct Spoken<'d> {
    pages: Pages<'d>,
    guides: Guides<'d>,
}

impl<'d> Spoken<'d> {
    pub(super) fn new(pages: &'d [Written<'d>], documentation: &'d Documentation) -> Self {
        let pages: HashMap<_, _> = pages.iter().map(|page| (page.file, page)).collect();
        Self {
            pages,
            guides: Guides::new(documentation),
        }
    }

    /// Makes infos of what was found from `first` on of members and parameters that the text speaks for.
    pub(super) fn soften(
        &self,
        diagnostics: &mut [Diagnostic],
        first: usize,
        (files, operation): (&[FileId], Option<&Operation>),
    ) {
        let found = diagnostics
            .iter_mut()
            .skip(first)
            .filter(|it| is_undocumented(it));
        let found: Vec<&mut Diagnostic> = found.collect();
        if found.is_empty() {
            return;
        }
        let subjects = found.iter().filter_map(|it| it.subject.clone());
        let subjects: Vec<String> = subjects.collect();
        let page = OfPage::new(self.pages_of(files), operation, &subjects);
        for diagnostic in found {
            let subject = diagnostic.subject.clone().unwrap_or_default();
            let member = Member::of(&subject);
            let Some(reason) = self.reason(&page, &member) else {
                continue;
            };
            let verb = if member.is_query { "sent" } else { "shown" };
            diagnostic.severity = Severity::Info;
            diagnostic.message = format!("`{}` is {verb}, and {reason}", member.name);
            diagnostic.cause = None;
        }
    }

    /// What speaks for a member that no field documents.
    fn reason<'p>(&'p self, page: &OfPage<'p>, member: &Member<'_>) -> Option<&'static str> {
        let is_sent = member.is_sent;
        let told = || {
            page.told
                .get_or_init(|| self.guides.told(&page.pages, &page.missing))
        };
        if page.has_any_name(member) {
            Some("a field stands for all of such a name")
        } else if page.texts.name(member) {
            Some("only running text names it")
        } else if self.guides.is_of_all(member) || self.guides.is_of_lists(member) {
            Some("documented only on a page about what many endpoints have in common")
        } else if told().has(member) {
            Some("documented on another page only")
        } else if !is_sent && page.comes_back(member) {
            Some("the page says that what is sent comes back")
        } else if !is_sent && page.is_selection() {
            Some("the page says that it does not list all members")
        } else if is_sent && page.is_passed() {
            Some("the page says that others are taken")
        } else if open::is_titled_open(&page.pages, member) {
            Some("the part that documents its object is titled as one of several")
        } else {
            None
        }
    }

    /// Makes infos of what was found from `first` on of members that are `null`, if all may be so, and of those that an
    /// example lacks which is not shown in full.
    pub(super) fn soften_values(
        &self,
        diagnostics: &mut [Diagnostic],
        first: usize,
        operation: &Operation,
    ) {
        let found = diagnostics.iter_mut().skip(first);
        for diagnostic in found.filter(|it| it.severity > Severity::Info) {
            let is_fine = if diagnostic.rule.name == example_null::RULE.name {
                self.guides.are_nullable() || self.may_clear(diagnostic, operation)
            } else if diagnostic.rule.name == member_not_shown::RULE.name {
                let subject = diagnostic.subject.as_deref().unwrap_or_default();
                let member = Member::of(subject);
                !member.is_sent
                    && (self.guides.shorten_examples()
                        || short::lacks(&self.pages_of(&operation.pages), operation, member.name))
            } else {
                false
            };
            if is_fine {
                diagnostic.severity = Severity::Info;
            }
        }
    }

    /// True for `null` in the body of an update, which clears what it stands for: always with `PATCH`, and elsewhere if the
    /// page speaks of `null` outside of its fields.
    fn may_clear(&self, diagnostic: &Diagnostic, operation: &Operation) -> bool {
        let subject = diagnostic.subject.as_deref().unwrap_or_default();
        let says = || {
            let pages = self.pages_of(&operation.pages).into_iter();
            let mut texts = pages.flat_map(Written::texts_outside);
            texts.any(|text| speaks_of_null(text.text()))
        };
        subject.starts_with("request.body")
            && (operation.endpoint.value.method == "PATCH" || says())
    }

    fn pages_of(&self, files: &[FileId]) -> Vec<&'d Written<'d>> {
        let files = files.iter();
        files.filter_map(|it| self.pages.get(it).copied()).collect()
    }
}

/// True for what is found of members and parameters of a query that no field documents.
fn is_undocumented(diagnostic: &Diagnostic) -> bool {
    // One that is documented under another name is a slip, whatever text says.
    diagnostic.severity > Severity::Info
        && diagnostic.related.is_empty()
        && (diagnostic.rule.name == undocumented_member::RULE.name || is_of_query(diagnostic))
}

/// True for a text with the word `null`, or one about patches of RFC 7396.
fn speaks_of_null(text: &str) -> bool {
    let lower = text.to_lowercase();
    words::has(&lower, &["null"])
        || ["merge patch", "merge-patch", "7396"]
            .iter()
            .any(|it| lower.contains(it))
}

/// What the pages of one operation say; each thing is only looked at once, and where it matters.
struct OfPage<'p> {
    pages: Vec<&'p Written<'p>>,
    operation: Option<&'p Operation>,
    subjects: &'p [String],
    /// The names of what no field documents in the answers.
    missing: HashSet<&'p str>,
    texts: named::Texts<'p>,
    told: OnceCell<Told<'p>>,
    comes_back: OnceCell<bool>,
    is_selection: OnceCell<bool>,
    is_passed: OnceCell<bool>,
}

impl<'p> OfPage<'p> {
    fn new(
        pages: Vec<&'p Written<'p>>,
        operation: Option<&'p Operation>,
        subjects: &'p [String],
    ) -> Self {
        let members = subjects.iter().map(|it| Member::of(it));
        let missing = members.filter(|it| !it.is_sent).map(|it| it.name);
        Self {
            missing: missing.collect(),
            texts: named::Texts::new(&pages, operation),
            pages,
            operation,
            subjects,
            told: OnceCell::new(),
            comes_back: OnceCell::new(),
            is_selection: OnceCell::new(),
            is_passed: OnceCell::new(),
        }
    }

    /// True if a parameter stands for any: `{column}`, `*`, `fields[TYPE]`.
    fn has_any_name(&self, member: &Member<'_>) -> bool {
        let parameters = self.operation.iter().flat_map(|it| &it.parameters);
        let queries = parameters.filter(|it| it.location == Location::Query);
        let mut names = queries.map(|it| it.field.name.value.trim());
        member.is_query && names.any(|name| stands_for(name, member.name))
    }

    fn comes_back(&self, member: &Member<'_>) -> bool {
        let Some(operation) = self.operation else {
            return false;
        };
        let says = || {
            let mut answered = self.subjects.iter().filter(|it| it.starts_with("response"));
            let is_all_sent = answered.all(|it| sent::is_of_body(operation, it));
            sent::comes_back(&self.pages, is_all_sent)
        };
        sent::is_of_body(operation, member.subject) && *self.comes_back.get_or_init(says)
    }

    fn is_selection(&self) -> bool {
        *self
            .is_selection
            .get_or_init(|| open::is_selection(&self.pages))
    }

    fn is_passed(&self) -> bool {
        *self.is_passed.get_or_init(|| open::is_passed(&self.pages))
    }
}

/// True for a name that stands for any, and for `fields[TYPE]` if the other one is `fields[books]`.
fn stands_for(name: &str, other: &str) -> bool {
    let is_any = |name: &str| {
        name == "*"
            || name.starts_with(['{', '<']) && name.ends_with(['}', '>'])
            || name.len() > 2 && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
    };
    let inside = |name: &str| -> Option<(String, String)> {
        let (before, inner) = name.strip_suffix(']')?.split_once('[')?;
        Some((before.to_owned(), inner.to_owned()))
    };
    match (inside(name), inside(other)) {
        (Some((one, inner)), Some((own, _))) => one == own && is_any(&inner),
        _ => name.starts_with(['{', '<', '*']) && is_any(name),
    }
}

/// A member as the subject of a finding names it.
struct Member<'s> {
    subject: &'s str,
    name: &'s str,
    /// The name of the object around it, if that has one.
    around: &'s str,
    is_sent: bool,
    is_query: bool,
}

impl<'s> Member<'s> {
    fn of(subject: &'s str) -> Self {
        let (around, name) = nesting::split(subject);
        // Names of what is about the answer may hold dots: `@desk.count`.
        let mut dots = subject.match_indices('.');
        let signed = dots.find_map(|(at, _)| {
            let rest = subject.get(at + 1..)?;
            rest.starts_with(['@', '$']).then_some(rest)
        });
        let name = signed.unwrap_or(name);
        Self {
            subject,
            name: name.trim_end_matches("[]"),
            around: match nesting::split(around) {
                ("", "response") => "response",
                (_, around) => around.trim_end_matches("[]"),
            },
            is_sent: subject.starts_with("request"),
            is_query: subject.starts_with("request.query."),
        }
    }

    /// True if it stands at the root of an answer: `response.meta`, `response.404.meta`.
    fn is_at_root(&self) -> bool {
        let around = self.around;
        !self.is_sent && (around == "response" || around.bytes().all(|it| it.is_ascii_digit()))
    }

    /// The names that it may have: those of members may hold dots, as in `@odata.count`.
    fn names(&self) -> impl Iterator<Item = &'s str> {
        let dots = self.subject.rmatch_indices('.').take(3);
        let names = dots.filter_map(|(at, _)| self.subject.get(at + 1..));
        names.map(|name| name.trim_end_matches("[]"))
    }
}
