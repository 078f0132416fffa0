//! What a broken tag was meant to be.
//!
//! The strict parser gives up at a tag that breaks the grammar; its attributes still say what the author meant.
//! They are read again here, leniently: a quote that nothing closes on its line ends before the next attribute, or at
//! the next space, and what is no attribute is skipped. Only components are recovered: a broken `<` before anything
//! else is most likely no tag at all.

use std::ops::Range;

use super::expression;
use super::tag::{
    ADD_BRACE, Fault, RawAttribute, RawValue, Tag, TagKind, is_name_part, is_name_start,
};

/// A broken tag is looked for in this many bytes.
const REACH: usize = 2048;

/// The tag that starts with the `<` at `at`, where strict reading met `fault`.
pub(super) fn tag(text: &str, at: usize, fault: &Fault) -> Option<Tag> {
    let after = text.get(at + 1..)?;
    let closing = after.starts_with('/');
    let name_start = at + 1 + usize::from(closing);
    let name = name_start..name_start + name_length(text.get(name_start..)?);
    let is_component = text
        .get(name.clone())?
        .starts_with(|c: char| c.is_ascii_uppercase());
    if !is_component || fault.range.start > at && fault.range.start < name.end {
        return None;
    }
    let mut lenient = Lenient {
        text: text.get(..region_end(text, name.end))?,
        at: name.end,
        attributes: Vec::new(),
        fault: None,
    };
    let (kind, end) = lenient.attributes(name.end);
    let unfinished = || {
        let message = "the tag is never finished with `>`";
        Fault::new(at..name.end, message, "add `>` behind its last attribute")
    };
    let fault = match (lenient.fault, kind) {
        (Some(found), _) => found,
        (None, None) => unfinished(),
        (None, Some(_)) => Fault {
            help: "write attributes as `name=\"value\"` or `name={value}`",
            ..fault.clone()
        },
    };
    Some(Tag {
        kind: if closing {
            TagKind::Close
        } else {
            kind.unwrap_or(TagKind::Open)
        },
        name,
        attributes: lenient.attributes,
        range: at..end,
        seen: fault.range.end,
        faults: vec![fault],
    })
}

fn name_length(text: &str) -> usize {
    text.find(|c| !is_name_part(c) && c != '.')
        .unwrap_or(text.len())
}

/// A broken tag ends at the latest before a blank line, or before a line that starts with a tag.
fn region_end(text: &str, start: usize) -> usize {
    let limit = start.saturating_add(REACH);
    let region = (limit..limit.saturating_add(4))
        .find_map(|end| text.get(start..end))
        .or_else(|| text.get(start..));
    let mut end = start;
    for (index, line) in region.unwrap_or_default().split_inclusive('\n').enumerate() {
        let content = line.trim_start();
        if index > 0 && (content.is_empty() || content.starts_with('<')) {
            break;
        }
        end += line.len();
    }
    end
}

struct Lenient<'t> {
    text: &'t str,
    at: usize,
    attributes: Vec<RawAttribute>,
    /// The first fault that is plain.
    fault: Option<Fault>,
}

impl<'t> Lenient<'t> {
    /// Reads attributes up to the end of the tag: what ends it, if anything does, and where.
    fn attributes(&mut self, start: usize) -> (Option<TagKind>, usize) {
        loop {
            self.skip_space();
            let rest = self.rest();
            if rest.starts_with("/>") {
                return (Some(TagKind::SelfClosing), self.at + 2);
            }
            if rest.starts_with('>') {
                return (Some(TagKind::Open), self.at + 1);
            }
            match rest.chars().next() {
                None => return (None, self.end_of_first_line(start)),
                Some(c) if is_name_start(c) => self.attribute(),
                Some('{') => {
                    let end = expression::end(self.text, self.at);
                    self.at = end.unwrap_or(self.at + 1);
                }
                Some(c) => self.at += c.len_utf8(),
            }
        }
    }

    /// Without a `>`, the lines below the first are most likely the content.
    fn end_of_first_line(&mut self, start: usize) -> usize {
        let region = self.text.get(start..).unwrap_or_default();
        let line = region.split('\n').next().unwrap_or_default();
        let end = start + line.trim_end().len();
        self.attributes
            .retain(|attribute| attribute.range.end <= end);
        end
    }

    fn attribute(&mut self) {
        let name = self.at..self.at + name_length(self.rest());
        self.at = name.end;
        let bare = RawAttribute {
            range: name.clone(),
            name: name.clone(),
            value: RawValue::None,
        };
        self.skip_space();
        if !self.rest().starts_with('=') {
            self.attributes.push(bare);
            return;
        }
        self.at += 1;
        self.skip_space();
        let value = match self.rest().chars().next() {
            Some(quote @ ('"' | '\'')) => RawValue::Text(self.quoted(quote)),
            Some('{') => self.braces(),
            _ => RawValue::Text(self.word()),
        };
        self.attributes.push(RawAttribute {
            range: name.start..self.at,
            name,
            value,
        });
    }

    fn quoted(&mut self, quote: char) -> Range<usize> {
        let open = self.at;
        let start = open + 1;
        let line = self.line(start);
        let has_end = line.contains('>') || line.contains(quote);
        let reach = if has_end {
            line
        } else {
            self.text.get(start..).unwrap_or_default()
        };
        for (at, _) in reach.match_indices(quote) {
            let before = reach.get(..at).unwrap_or_default();
            if before.ends_with('\\') {
                self.found(
                    start + at - 1..start + at + 1,
                    "a backslash does not escape a quote in an attribute",
                    "write `&quot;`, or put the value into single quotes",
                );
                continue;
            }
            if let Some(stem) = before.strip_suffix('=') {
                let value = stem.trim_end_matches(is_name_part);
                if value.len() < stem.len()
                    && (value.is_empty() || value.ends_with(char::is_whitespace))
                {
                    self.never_closed(open);
                    self.at = start + value.len();
                    return start..start + value.trim_end().len();
                }
            }
            let after = reach.get(at + 1..).unwrap_or_default();
            if after.is_empty()
                || after.starts_with(|c: char| c.is_whitespace() || matches!(c, '/' | '>'))
            {
                self.at = start + at + 1;
                return start..start + at;
            }
        }
        self.never_closed(open);
        self.at = start;
        self.word()
    }

    fn braces(&mut self) -> RawValue {
        let open = self.at;
        if let Some(end) = expression::end(self.text, open) {
            self.at = end;
            return RawValue::Expression(open + 1..end - 1);
        }
        self.found(open..open + 1, "the brace is never closed", ADD_BRACE);
        self.at = open + 1;
        RawValue::Expression(self.word())
    }

    /// Up to the next white space or the end of the tag.
    fn word(&mut self) -> Range<usize> {
        let start = self.at;
        let rest = self.rest();
        let length = rest
            .find(|c: char| c.is_whitespace() || c == '>')
            .unwrap_or(rest.len());
        let slash = rest.get(..length).is_some_and(|word| word.ends_with('/'))
            && rest.get(length..).is_some_and(|rest| rest.starts_with('>'));
        self.at = start + length - usize::from(slash);
        start..self.at
    }

    fn never_closed(&mut self, open: usize) {
        self.found(
            open..open + 1,
            "the quote is never closed",
            "add the closing quote",
        );
    }

    fn found(&mut self, range: Range<usize>, message: &str, help: &'static str) {
        self.fault
            .get_or_insert_with(|| Fault::new(range, message, help));
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn line(&self, at: usize) -> &'t str {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.split('\n').next().unwrap_or_default()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The attributes that are read, the end of the tag, and the text that the fault marks.
    fn read(text: &str) -> (Vec<(&str, &str)>, usize, &str) {
        let strict = Fault::new(0..1, "", "");
        let tag = tag(text, 0, &strict).unwrap();
        let attributes = tag
            .attributes
            .iter()
            .map(|attribute| {
                let value = match &attribute.value {
                    RawValue::None => "",
                    RawValue::Text(range) | RawValue::Expression(range) => &text[range.clone()],
                };
                (&text[attribute.name.clone()], value)
            })
            .collect();
        (
            attributes,
            tag.range.end,
            &text[tag.faults[0].range.clone()],
        )
    }

    #[test]
    fn a_quote_that_is_not_closed_ends_before_the_next_attribute() {
        let text = "<A b=\"c d e=\"f\" g>";
        let expected = vec![("b", "c d"), ("e", "f"), ("g", "")];
        assert_eq!(read(text), (expected, text.len(), "\""));
    }

    #[test]
    fn a_last_quote_that_is_not_closed_ends_at_a_space_or_with_the_tag() {
        let text = "<A b=\"c\" e=\"f g>\n  some \"text\"\n</A>";
        assert_eq!(
            read(text),
            (vec![("b", "c"), ("e", "f"), ("g", "")], 16, "\"")
        );
        assert_eq!(read("<A e=\"f/>").0, [("e", "f")]);
    }

    #[test]
    fn escaped_quotes_belong_to_the_value() {
        let text = "<A b=\"say \\\"hi\\\" now\" c>";
        assert_eq!(
            read(text),
            (
                vec![("b", "say \\\"hi\\\" now"), ("c", "")],
                text.len(),
                "\\\""
            )
        );
    }

    #[test]
    fn a_brace_that_is_not_closed_ends_at_a_space() {
        assert_eq!(
            read("<A b={10 c=\"d\">"),
            (vec![("b", "10"), ("c", "d")], 15, "{")
        );
    }

    #[test]
    fn a_tag_without_its_end_is_its_first_line() {
        let text = "<A b=\"c\"\n  words about it\n</A>";
        assert_eq!(read(text), (vec![("b", "c")], 8, "<A"));
    }

    #[test]
    fn only_components_are_recovered() {
        let fault = Fault::new(0..1, "", "");
        assert_eq!(tag("<100 a=\"b>", 0, &fault), None);
        assert_eq!(tag("<", 0, &fault), None);
    }
}
