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
mod members_of_scalar;
mod misplaced_field;
pub(super) mod misspelled_component;
mod query_in_endpoint;
mod repeated_field;
mod required_as_text;
mod several_example_blocks;
mod several_locations;
mod unknown_auth_method;
mod wrapped_example;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::{SiteConfig, Written, WrittenField};

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
}

pub(super) fn check(pages: &[Written<'_>], config: &SiteConfig) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    unknown_auth_method::check_site(config, &mut diagnostics);
    for page in pages {
        misspelled_component::check(page, &mut diagnostics);
        several_example_blocks::check(page, &mut diagnostics);
        wrapped_example::check(page, &mut diagnostics);
        every_field(&page.fields, None, &mut |place| {
            required_as_text::check(place, &mut diagnostics);
        });
        if !page.is_endpoint() {
            continue;
        }
        unknown_auth_method::check(page, &mut diagnostics);
        query_in_endpoint::check(page, &mut diagnostics);
        colon_parameter::check(page, &mut diagnostics);
        field_in_component::check(page, &mut diagnostics);
        lost_body::check(page, &mut diagnostics);
        repeated_field::check(&page.fields, None, &mut diagnostics);
        every_field(&page.fields, None, &mut |place| {
            field_without_location::check(place, &mut diagnostics);
            field_without_name::check(place, &mut diagnostics);
            several_locations::check(place, &mut diagnostics);
            field_without_type::check(place, &mut diagnostics);
            misplaced_field::check(place, &mut diagnostics);
            members_of_scalar::check(place, &mut diagnostics);
        });
    }
    diagnostics
}

fn every_field<'a>(
    fields: &'a [WrittenField<'a>],
    parent: Option<(&'a WrittenField<'a>, &str)>,
    visit: &mut impl FnMut(&Place<'_>),
) {
    for field in fields {
        let subject = field.subject(parent.map(|(_, subject)| subject));
        let place = Place {
            field,
            parent: parent.map(|(parent, _)| parent),
            subject,
        };
        visit(&place);
        every_field(&field.children, Some((field, &place.subject)), visit);
    }
}
