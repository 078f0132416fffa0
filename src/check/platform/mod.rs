//! What the platform silently drops or misreads.
//!
//! These rules look at pages as they are written, since what the platform's extractor makes of a field depends on that.
//! Each message names what the platform does. It reads fields only on pages with an `api:` line.

mod colon_parameter;
mod field_in_component;
mod field_without_location;
mod field_without_name;
mod field_without_type;
mod lost_body;
pub(super) mod members_of_scalar;
mod misplaced_field;
pub(super) mod misspelled_component;
mod query_in_endpoint;
mod repeated_field;
mod required_as_text;
mod second_frontmatter;
mod several_endpoints;
mod several_example_blocks;
mod several_locations;
mod unknown_auth_method;
mod wrapped_example;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::{SiteConfig, Written, WrittenField, types};

/// Every rule of the group that looks at pages as they are written.
pub(super) const RULES: &[&Rule] = &[
    &members_of_scalar::RULE,
    &colon_parameter::RULE,
    &field_in_component::RULE,
    &field_without_location::RULE,
    &field_without_name::RULE,
    &field_without_type::RULE,
    &lost_body::RULE,
    &misplaced_field::RULE,
    &misspelled_component::RULE,
    &query_in_endpoint::RULE,
    &repeated_field::RULE,
    &required_as_text::RULE,
    &second_frontmatter::RULE,
    &several_endpoints::RULE,
    &several_example_blocks::RULE,
    &several_locations::RULE,
    &unknown_auth_method::RULE,
    &wrapped_example::RULE,
];

/// A field, and the field that it stands in.
struct Place<'a> {
    field: &'a WrittenField<'a>,
    parent: Option<&'a WrittenField<'a>>,
    subject: String,
    /// Whether its page has a playground.
    in_playground: bool,
}

impl Place<'_> {
    /// What to do with a field without a name whose text can only be that of the field around it, as that has no members.
    fn as_text_of_parent(&self) -> Option<String> {
        let parent = self.parent?;
        let text = parent.attribute("type")?.value.as_str()?;
        let is_scalar = !types::platform(text).takes_members();
        let is_text = !self.field.is_named() && self.field.attribute("type").is_none();
        (is_scalar && is_text).then(|| {
            let name = parent.shown_name();
            format!("write its text into `{name}`: {text} has no members")
        })
    }
}

/// True if the platform shows a playground on the page: on pages with an endpoint, unless page or site say otherwise.
pub(super) fn has_playground(page: &Written<'_>, config: &SiteConfig) -> bool {
    let stated = page
        .entry("playground")
        .and_then(|entry| entry.value.as_str());
    let display = stated.or(config.playground.as_deref());
    page.is_endpoint() && !matches!(display, Some("none" | "simple" | "hide"))
}

pub(super) fn check(pages: &[Written<'_>], config: &SiteConfig) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    unknown_auth_method::check_site(config, &mut diagnostics);
    for page in pages {
        misspelled_component::check(page, &mut diagnostics);
        second_frontmatter::check(page, &mut diagnostics);
        several_example_blocks::check(page, &mut diagnostics);
        wrapped_example::check(page, &mut diagnostics);
        let in_playground = has_playground(page, config);
        let around = Around {
            parent: None,
            in_playground,
        };
        every_field(&page.fields, around, &mut |place| {
            required_as_text::check(place, &mut diagnostics);
        });
        if !page.is_endpoint() {
            continue;
        }
        if in_playground {
            several_endpoints::check(page, &mut diagnostics);
            unknown_auth_method::check(page, &mut diagnostics);
            colon_parameter::check(page, &mut diagnostics);
            field_in_component::check(page, &mut diagnostics);
            lost_body::check(page, &mut diagnostics);
        }
        query_in_endpoint::check(page, &mut diagnostics);
        repeated_field::check(&page.fields, None, &mut diagnostics);
        every_field(&page.fields, around, &mut |place| {
            field_without_location::check(place, &mut diagnostics);
            field_without_name::check(place, &mut diagnostics);
            several_locations::check(place, &mut diagnostics);
            if place.in_playground {
                field_without_type::check(place, &mut diagnostics);
                misplaced_field::check(place, &mut diagnostics);
            }
            members_of_scalar::check(place, &mut diagnostics);
        });
    }
    diagnostics
}

/// What stands around fields.
#[derive(Clone, Copy)]
struct Around<'a> {
    /// The field that they stand in, and its subject.
    parent: Option<(&'a WrittenField<'a>, &'a str)>,
    in_playground: bool,
}

fn every_field(
    fields: &[WrittenField<'_>],
    around: Around<'_>,
    visit: &mut impl FnMut(&Place<'_>),
) {
    for field in fields {
        let place = Place {
            field,
            parent: around.parent.map(|(parent, _)| parent),
            subject: field.subject(around.parent.map(|(_, subject)| subject)),
            in_playground: around.in_playground,
        };
        visit(&place);
        let around = Around {
            parent: Some((field, &place.subject)),
            ..around
        };
        every_field(&field.children, around, visit);
    }
}
