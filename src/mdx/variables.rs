//! Site variables: `{{name}}` is replaced by its value before a page is read.
//!
//! Names are made of word characters, `.`, and `-`. A name without a value stays as it is: curl examples use the
//! same form for their own placeholders.

use std::collections::BTreeMap;

use crate::source::{Excerpt, Span};

/// The variables of a site, by name.
pub type Variables = BTreeMap<String, String>;

/// The text of a file with its variables replaced.
pub(super) fn substitute(text: &str, whole: Span, variables: &Variables) -> Excerpt {
    if variables.is_empty() || !text.contains("{{") {
        return Excerpt::verbatim(text, whole);
    }
    let mut excerpt = Excerpt::empty(whole.file);
    let mut copied = 0;
    let copy = |excerpt: &mut Excerpt, range: std::ops::Range<usize>| {
        let piece = text.get(range.clone()).unwrap_or_default();
        excerpt.push(piece, Span::new(whole.file, range));
    };
    for (at, _) in text.match_indices("{{") {
        if at < copied {
            continue;
        }
        let inner = text.get(at + 2..).unwrap_or_default();
        let Some(length) = inner.find("}}") else {
            break;
        };
        let name = inner.get(..length).unwrap_or_default().trim();
        if let Some(value) = variables.get(name) {
            copy(&mut excerpt, copied..at);
            copied = at + 2 + length + 2;
            excerpt.push_replaced(value, Span::new(whole.file, at..copied));
        }
    }
    copy(&mut excerpt, copied..text.len());
    excerpt
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Sources};

    #[test]
    fn known_names_are_replaced_and_others_stay() {
        let text = "a {{host}}/{{ id }} {{id";
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("page.mdx", text));
        let variables = Variables::from([("host".to_owned(), "api.example.com".to_owned())]);
        let excerpt = substitute(text, Span::new(file, 0..text.len()), &variables);
        assert_eq!(excerpt.text(), "a api.example.com/{{ id }} {{id");
        assert_eq!(excerpt.span(4..5), Span::new(file, 2..10));
        assert_eq!(excerpt.span(17..18), Span::new(file, 10..11));
    }
}
