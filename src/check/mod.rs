//! Is the documentation right? One rule a file.
//!
//! `comparison` puts each documented shape beside the examples of it, once for all rules.

mod comparison;
mod conditional;
mod endpoint;
mod enveloped;
mod example;
mod example_null;
mod example_type;
mod failing;
mod field;
mod field_index;
mod guided;
mod hidden;
mod linked;
mod member_not_shown;
mod mend;
mod mentioned;
mod misspelled_member;
mod nesting;
mod platform;
mod platform_type;
mod renaming;
mod request;
mod shared;
mod site;
mod spoken;
mod stub;
mod undocumented_member;
mod unrelated_example;
mod value_format;
mod value_not_allowed;
mod value_out_of_range;
mod widened;
mod wrong_nesting;

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{self, Documentation, Operation, Written};

use crate::source::Sources;

use comparison::Comparison;
use enveloped::Enveloped;
use linked::Links;
use request::fit::Directory;
use request::habit::Habit;
use request::hosts::Hosts;
use spoken::Spoken;
use wrong_nesting::Headings;

pub use mend::{Mended, mend};

/// Everything that is wrong with the pages, syntax included: each place by itself, see [`gather`](crate::diagnostic::gather).
pub fn check(documentation: &Documentation) -> Vec<Diagnostic> {
    let pages: Vec<_> = documentation
        .pages
        .iter()
        .map(model::build::written::written)
        .collect();
    let in_playground: HashSet<_> = pages
        .iter()
        .filter(|page| platform::has_playground(page, &documentation.config))
        .map(|page| page.file)
        .collect();
    let written = as_written(&pages, documentation);
    let mut diagnostics = documentation.diagnostics.clone();
    let directory = Directory::new(&documentation.api);
    let headings = Headings::new(&pages);
    let links = Links::new(&pages, documentation);
    let enveloped = Enveloped::new(documentation);
    let spoken = Spoken::new(&pages, documentation);
    let habit = Habit::new(documentation, &pages);
    let hosts = Hosts::new(&pages);
    platform::misspelled_component::replace_unknown(&written, &mut diagnostics);
    diagnostics.extend(written);
    for payload in &documentation.payloads {
        let first = diagnostics.len();
        if let Some(comparison) = comparison::of_payload(payload) {
            compared(&comparison, &documentation.sources, &mut diagnostics);
            if comparison.is_inferred() {
                soften(diagnostics.iter_mut().skip(first));
            }
        }
        example::check_payload(payload, &mut diagnostics);
        spoken.soften(&mut diagnostics, first, (&[payload.page], None));
    }
    for (operation, twins) in by_pages(documentation) {
        let first = diagnostics.len();
        let requests = request::of(operation, &directory);
        let mut comparisons = comparison::of_responses(operation);
        comparisons.extend(request::sent::comparisons(&requests));
        for comparison in &comparisons {
            let before = diagnostics.len();
            compared(comparison, &documentation.sources, &mut diagnostics);
            let found = diagnostics.iter_mut().skip(before);
            wrong_nesting::leave_to_text(comparison, &headings, found);
            if comparison.is_inferred() {
                soften(diagnostics.iter_mut().skip(before));
                drop_repeated(&mut diagnostics, first, before);
            }
        }
        for response in &operation.responses {
            wrong_nesting::check_envelope(response, &headings, &enveloped, &mut diagnostics);
        }
        request::check(&requests, &directory, &habit, &hosts, &mut diagnostics);
        example::check(operation, &mut diagnostics);
        field::check(operation, &mut diagnostics);
        if operation
            .pages
            .iter()
            .any(|page| in_playground.contains(page))
        {
            platform_type::check(operation, &mut diagnostics);
        }
        let found = diagnostics.iter_mut().skip(first);
        undocumented_member::leave_to_twins(found, operation, twins, documentation);
        links.soften(diagnostics.iter_mut().skip(first), operation);
        enveloped.leave_to_guides(&mut diagnostics, first, operation);
        links.leave_to_resource(&mut diagnostics, first, operation);
        spoken.soften(&mut diagnostics, first, (&operation.pages, Some(operation)));
        spoken.soften_values(&mut diagnostics, first, operation);
        undocumented_member::leave_to_requests(diagnostics.iter_mut().skip(first), &requests);
        let name = operation.name();
        for diagnostic in diagnostics.iter_mut().skip(first) {
            diagnostic.operation = Some(name.clone());
        }
    }
    let context = guided::Context {
        documentation,
        directory: &directory,
        habit: &habit,
        hosts: &hosts,
        links: &links,
        spoken: &spoken,
        places: std::cell::OnceCell::new(),
    };
    guided::check(&context, &mut diagnostics);
    request::mixed_placeholders::check(&documentation.api, &mut diagnostics);
    platform::members_of_scalar::replace_types(&mut diagnostics);
    field::contradicting_description::leave_to_examples(&mut diagnostics);
    // A snippet used by many pages is wrong once.
    let mut seen = HashSet::new();
    diagnostics.retain(|diagnostic| {
        seen.insert((
            diagnostic.rule.name,
            diagnostic.span,
            diagnostic.message.clone(),
        ))
    });
    shared::name_pages(&mut diagnostics, documentation);
    diagnostics
}

/// The operations, each with all that its pages say; of one that several pages document, what each page says by itself: a
/// page is held to its own word.
fn by_pages(documentation: &Documentation) -> impl Iterator<Item = (&Operation, &[Operation])> {
    let operations = documentation.api.operations.iter().enumerate();
    operations.flat_map(|(index, joined)| {
        let pages = documentation
            .apart
            .get(&index)
            .map_or_else(|| std::slice::from_ref(joined), Vec::as_slice);
        pages.iter().map(move |page| (page, pages))
    })
}

/// What is wrong with the pages as they are written.
fn as_written(pages: &[Written<'_>], documentation: &Documentation) -> Vec<Diagnostic> {
    let mut diagnostics = platform::check(pages, &documentation.config);
    diagnostics.extend(endpoint::check(pages, documentation));
    diagnostics.extend(site::check(pages, documentation));
    diagnostics
}

/// Every rule of this layer.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = vec![
        &example_null::RULE,
        &example_type::RULE,
        &member_not_shown::RULE,
        &misspelled_member::RULE,
        &platform_type::RULE,
        &undocumented_member::RULE,
        &unrelated_example::RULE,
        &value_format::RULE,
        &value_not_allowed::RULE,
        &value_out_of_range::RULE,
        &wrong_nesting::RULE,
    ];
    rules.extend(request::RULES);
    for group in [
        endpoint::RULES,
        example::RULES,
        field::RULES,
        platform::RULES,
        site::RULES,
    ] {
        rules.extend(group);
    }
    rules
}

/// The rules about what the platform silently drops or misreads.
pub fn platform_rules() -> Vec<&'static Rule> {
    let mut rules = platform::RULES.to_vec();
    rules.push(&platform_type::RULE);
    rules
}

/// The rules that compare pages with each other, which says little about a part of a site.
pub fn rules_across_pages() -> Vec<&'static Rule> {
    [endpoint::ACROSS_PAGES, site::RULES].concat()
}

/// The rules that rest on a page listing all there is: their errors are warnings in the lenient profile.
pub fn lenient_rules() -> Vec<&'static Rule> {
    vec![
        &member_not_shown::RULE,
        &undocumented_member::RULE,
        &unrelated_example::RULE,
    ]
}

/// Nothing is an error that rests on taking a fence for an example.
fn soften<'d>(diagnostics: impl Iterator<Item = &'d mut Diagnostic>) {
    for diagnostic in diagnostics.filter(|diagnostic| diagnostic.severity == Severity::Error) {
        diagnostic.severity = Severity::Warning;
    }
}

/// What the surer examples of a place show is not said again of others.
fn drop_repeated(diagnostics: &mut Vec<Diagnostic>, first: usize, before: usize) {
    let known: HashSet<_> = diagnostics
        .get(first..before)
        .unwrap_or_default()
        .iter()
        .map(|it| (it.rule.name, it.subject.clone()))
        .collect();
    let mut at = 0;
    diagnostics.retain(|it| {
        at += 1;
        at <= before || !known.contains(&(it.rule.name, it.subject.clone()))
    });
}

fn compared(comparison: &Comparison<'_>, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    example_null::check(comparison, diagnostics);
    example_type::check(comparison, diagnostics);
    if comparison.is_unrelated {
        unrelated_example::check(comparison, diagnostics);
        return;
    }
    member_not_shown::check(comparison, diagnostics);
    misspelled_member::check(comparison, diagnostics);
    undocumented_member::check(comparison, sources, diagnostics);
    value_format::check(comparison, diagnostics);
    value_not_allowed::check(comparison, diagnostics);
    value_out_of_range::check(comparison, diagnostics);
    wrong_nesting::check(comparison, diagnostics);
}
