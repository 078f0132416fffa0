//! The words of the pages that findings hold against a server: found again in the files, and quoted.
//!
//! What reads sentences hands on their text alone. Here the text is looked for in the page that the finding points to, then
//! in all others, word by word, so that marks, links, and tags in between do not matter; the finding then points there.
//! A finding that points to a tag or a line quotes what stands there.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources, Span};

use super::bindings::Secrets;

/// Quotes are cut behind so many characters.
const LONGEST: usize = 160;

/// Texts of fewer words may stand anywhere.
const FEWEST: usize = 3;

/// Of a text that is not found as a whole, so many words are looked for.
const BEGINNING: usize = 6;

/// Points a finding at the sentence that it is about, and quotes what is documented there.
pub fn quote(diagnostic: &mut Diagnostic, sources: &Sources, secrets: &Secrets) {
    let span = diagnostic.span;
    let Some(observation) = &mut diagnostic.observation else {
        return;
    };
    let said = observation.documented.take();
    let found = said.and_then(|said| find(&said, span, sources));
    let text = match found {
        Some(place) => {
            diagnostic.span = place;
            Some(sources.text(place).to_owned())
        }
        None => around(sources.file(span.file).text(), span),
    };
    let text = text.map(|text| cut(&secrets.hide(&plain(&text))));
    observation.documented = text.filter(|text| !text.is_empty());
}

/// Where a text stands: in the file of a span, behind it if it is there several times, else in another file.
fn find(said: &str, near: Span, sources: &Sources) -> Option<Span> {
    let wanted: Vec<String> = words(said).into_iter().map(|(_, word)| word).collect();
    if wanted.len() < FEWEST {
        return None;
    }
    let beginning = wanted.get(..BEGINNING).unwrap_or(&wanted);
    let mut attempts = vec![wanted.as_slice()];
    if beginning.len() < wanted.len() {
        attempts.push(beginning);
    }
    let is_whole = |attempt: &[String]| attempt.len() == wanted.len();
    for attempt in attempts {
        let own = std::iter::once((near.file, sources.file(near.file)));
        let others = sources.iter().filter(|(file, _)| *file != near.file);
        for (file, source) in own.chain(others) {
            let from = if file == near.file {
                near.range().start
            } else {
                0
            };
            if let Some(place) = find_in(source.text(), attempt, from, file) {
                // Of what stands there otherwise, the sentence is meant.
                let text = source.text();
                let end = if is_whole(attempt) {
                    place.range().end
                } else {
                    end_of_sentence(text, place.range().end)
                };
                return Some(Span::new(file, place.range().start..end));
            }
        }
    }
    None
}

fn find_in(text: &str, wanted: &[String], from: usize, file: FileId) -> Option<Span> {
    let words = words(text);
    let is_it = |run: &[(Range<usize>, String)]| {
        let mut pairs = run.iter().zip(wanted);
        pairs.all(|((_, word), wanted)| word == wanted)
    };
    let runs = words.windows(wanted.len()).filter(|run| is_it(run));
    let places = runs.filter_map(|run| {
        let start = run.first()?.0.start;
        Some(start..run.last()?.0.end)
    });
    // Behind the place first; else the nearest one in front of it.
    let place = places.min_by_key(|place| (place.start < from, place.start.abs_diff(from)))?;
    Some(Span::new(file, with_marks(text, place)))
}

/// Where the sentence ends that goes on at a place.
fn end_of_sentence(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let ends = [". ", ".\n", "\n\n", "|", "\"\n", "</"];
    let ends = ends.iter().filter_map(|end| {
        let found = rest.find(end)?;
        Some(found + usize::from(end.starts_with('.')))
    });
    at + ends
        .min()
        .filter(|length| *length < LONGEST * 2)
        .unwrap_or_default()
}

/// The place with the marks directly around it: backticks, quotes, and the full stop.
fn with_marks(text: &str, place: Range<usize>) -> Range<usize> {
    let before = text.get(..place.start).unwrap_or_default();
    let behind = text.get(place.end..).unwrap_or_default();
    let start = before
        .trim_end_matches(['`', '*', '_', '"', '[', '('])
        .len();
    let rest = behind.trim_start_matches(['`', '*', '_', '"', ']', ')', '.', '!']);
    start..place.end + (behind.len() - rest.len())
}

/// The words of a text in lower case, with their places; tags and the destinations of links have none.
fn words(text: &str) -> Vec<(Range<usize>, String)> {
    let mut words: Vec<(Range<usize>, String)> = Vec::new();
    let mut rest = text.char_indices().peekable();
    let mut is_in_word = false;
    while let Some((at, character)) = rest.next() {
        if character.is_alphanumeric() {
            let end = at + character.len_utf8();
            match words.last_mut().filter(|_| is_in_word) {
                Some((place, word)) => {
                    place.end = end;
                    word.extend(character.to_lowercase());
                }
                None => words.push((at..end, character.to_lowercase().collect())),
            }
            is_in_word = true;
            continue;
        }
        is_in_word = false;
        let next = rest.peek().map(|(_, next)| *next);
        let close = match (character, next) {
            ('<', Some(next)) if next.is_ascii_alphabetic() || next == '/' => '>',
            (']', Some('(')) => ')',
            _ => continue,
        };
        // What is never closed is text.
        let skipped = text.get(at..).and_then(|it| it.find(close));
        if let Some(length) = skipped.filter(|length| *length < LONGEST * 2) {
            while rest.next_if(|(place, _)| *place <= at + length).is_some() {}
        }
    }
    words
}

/// What stands at a place, as somebody reads it: the text of a field behind its tag, else the line.
fn around(text: &str, span: Span) -> Option<String> {
    let start = text
        .get(..span.range().start)?
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let end = span.range().end.max(start);
    let end = text
        .get(end..)?
        .find('\n')
        .map_or(text.len(), |at| end + at);
    let line = text.get(start..end)?.trim();
    // The line that states the operation promises nothing by itself.
    if line.starts_with("api:") || line.starts_with("openapi:") {
        return None;
    }
    // The title of a fence is what it says of itself.
    if let Some(info) = line.strip_prefix("```") {
        let (_, title) = info.trim().split_once(' ')?;
        return Some(title.trim().to_owned());
    }
    let place = text.get(span.range())?;
    let is_tag = place.starts_with('<') && place.ends_with('>') && !place.ends_with("/>");
    if is_tag {
        let behind = text.get(span.range().end..)?;
        let said = behind.get(..behind.find('<').unwrap_or(behind.len()))?;
        let said = said.trim();
        let said = said.split("\n\n").next().unwrap_or_default();
        if !said.is_empty() {
            return Some(said.to_owned());
        }
    }
    let is_prose = !line.starts_with(['<', '|', '`', '{', '"']) && line.len() > LONGEST;
    if is_prose {
        return Some(sentence_around(text, start..end, span.range()).to_owned());
    }
    Some(line.trim_matches('|').trim().to_owned())
}

/// The sentence of a line that holds a place.
fn sentence_around(text: &str, line: Range<usize>, place: Range<usize>) -> &str {
    let before = text.get(line.start..place.start).unwrap_or_default();
    let start = before
        .rfind(". ")
        .map_or(line.start, |at| line.start + at + 2);
    let behind = text.get(place.end..line.end).unwrap_or_default();
    let end = behind.find(". ").map_or(line.end, |at| place.end + at + 1);
    text.get(start..end).unwrap_or_default()
}

/// Text on one line.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The start of a text, up to the end of a word.
fn cut(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(LONGEST) else {
        return text.to_owned();
    };
    let start = text.get(..end).unwrap_or_default();
    let end = start.rfind(' ').unwrap_or(end);
    format!("{}…", start.get(..end).unwrap_or(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    const PAGE: &str = "---\napi: \"GET /books\"\n---\n\nBooks are **sorted** by [their `title`](/guides/order), <b>oldest</b> first. Others follow.\n\n<ResponseField name=\"total\" type=\"integer\" required>\n  How many books\n  there are on all pages.\n</ResponseField>\n\n```json 200 A list\n[]\n```\n";

    fn sources() -> (Sources, FileId) {
        let mut sources = Sources::default();
        sources.add(SourceFile::new("a.mdx", "Other text.\n"));
        let file = sources.add(SourceFile::new("b.mdx", PAGE));
        (sources, file)
    }

    #[test]
    fn sentences_are_found_whatever_marks_they_have() {
        let (sources, file) = sources();
        let near = Span::new(file, 9..21);
        let place = find(
            "books are sorted by their title, oldest first",
            near,
            &sources,
        );
        assert_eq!(
            sources.text(place.unwrap()),
            "Books are **sorted** by [their `title`](/guides/order), <b>oldest</b> first."
        );
        assert_eq!(find("books are sorted by name", near, &sources), None);
        let elsewhere = Span::new(sources.find("a.mdx").unwrap(), 0..5);
        assert!(find("Others follow. Many", elsewhere, &sources).is_none());
        assert!(find("there are on all pages", elsewhere, &sources).is_some());
    }

    #[test]
    fn tags_quote_the_text_behind_them_and_lines_themselves() {
        let (sources, file) = sources();
        let text = sources.file(file).text();
        let quoted = |part: &str| {
            let start = text.find(part).unwrap();
            around(text, Span::new(file, start..start + part.len())).map(|it| plain(&it))
        };
        let tag = "<ResponseField name=\"total\" type=\"integer\" required>";
        assert_eq!(
            quoted(tag).unwrap(),
            "How many books there are on all pages."
        );
        assert_eq!(quoted("required").unwrap(), tag);
        assert_eq!(quoted("GET /books"), None);
        assert_eq!(quoted("json 200 A list").unwrap(), "200 A list");
    }

    #[test]
    fn long_quotes_are_cut_at_a_word() {
        let long = "word ".repeat(60);
        let short = cut(long.trim());
        assert!(
            short.ends_with("word…") && short.chars().count() <= LONGEST + 1,
            "{short}"
        );
    }
}
