//! Requirements that the text of a field binds to a condition: "Required unless `email` is given."

use crate::model::Field;

/// True if the text says that the value is asked for in some cases only, whatever the attributes say.
pub(in crate::check) fn is_bound(field: &Field) -> bool {
    const PHRASES: [&str; 16] = [
        "unless",
        "not for",
        "only for",
        "only if",
        "only when",
        "either this",
        "this or",
        "this one or",
        "alternative to",
        "instead of",
        "in place of",
        "leave out",
        "left out",
        "leave it out",
        "omit",
        "then required",
    ];
    const NEEDS: [&str; 7] = [
        "required",
        "needed",
        "mandatory",
        "necessary",
        "must be sent",
        "must be given",
        "must be set",
    ];
    const BOUNDS: [&str; 5] = ["if", "when", "for", "only", "in case"];
    let text = field.description.to_lowercase();
    let is_needed = |need: &&str| {
        let mut places = text.match_indices(*need);
        places.any(|(at, _)| {
            let behind = text.get(at + need.len()..).unwrap_or_default();
            let behind = behind.trim_start_matches(|c: char| !c.is_alphanumeric());
            let mut words = behind.split(|c: char| !c.is_alphanumeric());
            let first = words.next().unwrap_or_default();
            BOUNDS.contains(&first) || behind.starts_with("in case")
        })
    };
    let is_optional = field.prose.required.as_ref().is_some_and(|it| !it.value);
    is_optional || PHRASES.iter().any(|it| text.contains(it)) || NEEDS.iter().any(is_needed)
}
