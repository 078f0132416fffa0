//! Members of answers, and members inside of members: those that page and file both have, as types that exclude each other.
//!
//! What only one of them has is no contradiction: answers may hold more than is documented.

use crate::diagnostic::Diagnostic;
use crate::model::{Field, Response, Twice};

use super::{RULE, cause_of_types, excludes, own_place, types};

pub(super) fn check(twice: &Twice, diagnostics: &mut Vec<Diagnostic>) {
    if let (Some(page), Some(file)) = (&twice.written.body, &twice.specified.body) {
        for (page, file) in shared(&page.fields, &file.fields) {
            let subject = format!("request.body.{}", page.name.value.trim());
            inside(&page.children, &file.children, &subject, diagnostics);
        }
    }
    for page in &twice.written.responses {
        let mut same = twice
            .specified
            .responses
            .iter()
            .filter(|file| is_same(page, file));
        // Where the file has several, nobody says which of them the page is about.
        if let (Some(file), None) = (same.next(), same.next()) {
            let subject = page.status.subject();
            inside(&page.fields, &file.fields, &subject, diagnostics);
        }
    }
}

fn is_same(page: &Response, file: &Response) -> bool {
    match (page.status.code(), file.status.code()) {
        (Some(one), Some(other)) => one == other,
        _ => page.status.is_success() && file.status.is_success(),
    }
}

/// The fields that both have under one name, where that name stands for one field only.
fn shared<'f>(
    page: &'f [Field],
    file: &'f [Field],
) -> impl Iterator<Item = (&'f Field, &'f Field)> {
    let named = |fields: &'f [Field], name: &str| {
        let mut same = fields.iter().filter(|it| it.name.value.trim() == name);
        same.next().filter(|_| same.next().is_none())
    };
    page.iter().filter_map(move |field| {
        let name = field.name.value.trim();
        named(page, name)?;
        Some((field, named(file, name)?))
    })
}

fn inside(page: &[Field], file: &[Field], subject: &str, diagnostics: &mut Vec<Diagnostic>) {
    for (page, file) in shared(page, file) {
        let name = page.name.value.trim();
        let around = subject;
        let subject = format!("{around}.{name}");
        if excludes(&page.kind, &file.kind) {
            diagnostics.push(
                Diagnostic::new(&RULE, own_place(page), types(name, page, file))
                    .cause(cause_of_types(name, around, file))
                    .label("on the page")
                    .related(own_place(file), "in the OpenAPI file")
                    .help("make page and file agree")
                    .subject(subject),
            );
        } else {
            inside(&page.children, &file.children, &subject, diagnostics);
        }
    }
}
