//! What stands right before a fence in the place of a title: "**404 – Not found**", "- `404` Not found", "Response:".

use crate::mdx::Prose;
use crate::model::evidence::{Origin, ReadingRule};
use crate::model::operation::Status;
use crate::model::reason::error_of_phrase;
use crate::source::Span;

use super::collect::Context;
use super::sections::Section;
use super::status;

static STATUS_BEFORE_EXAMPLE: ReadingRule = ReadingRule {
    name: "status-before-example",
    origin: Origin::Prose,
    summary: "a bold line, an item of a list, or a line that ends in a colon states the status of the example right below it",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&STATUS_BEFORE_EXAMPLE];

/// Longer lines say too much at once.
const LONGEST: usize = 100;

/// Lines of more words are sentences.
const WORDS: usize = 5;

/// What the lines above a fence say of it.
#[derive(Clone, Default)]
pub(super) struct Leads {
    /// The last bold line, which stands for all below it.
    bold: Option<Lead>,
    /// The line right above.
    line: Option<Lead>,
}

#[derive(Clone)]
struct Lead {
    status: Option<Status>,
    section: Option<Section>,
}

impl Leads {
    /// Takes in the lines of the Markdown.
    pub(super) fn read(&mut self, prose: &Prose) {
        let text = prose.text.text();
        if text.trim().is_empty() {
            return;
        }
        let mut at = 0;
        let mut last = None;
        for line in text.split_inclusive('\n') {
            let start = at + (line.len() - line.trim_start().len());
            at += line.len();
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            last = None;
            if line.starts_with('#') {
                self.bold = None;
            } else if let Some(title) = title(line) {
                let span = prose.text.span(start..start + line.len());
                self.bold = Lead::of_title(title, span).or_else(|| Lead::of_output(title));
            } else {
                last = Some((line, start));
            }
        }
        self.line = last.and_then(|(line, start)| {
            let span = prose.text.span(start..start + line.len());
            Lead::of_line(line, span)
        });
    }

    /// Something else stands between the line and what follows.
    pub(super) fn pass(&mut self) {
        self.line = None;
    }

    /// What is said around a fence, with what the lines above it say.
    pub(super) fn over(&self, around: Context) -> Context {
        let Some(lead) = self.line.as_ref().or(self.bold.as_ref()) else {
            return around;
        };
        Context {
            status: lead.status.clone().or(around.status),
            section: lead.section.or(around.section),
            ..around
        }
    }
}

impl Lead {
    /// What a title says; none if that is neither a status nor a side.
    fn of_title(title: &str, span: Span) -> Option<Self> {
        let title = plain(title);
        let section = Section::of_title(&title);
        let status = status::of_title(&title, span, &STATUS_BEFORE_EXAMPLE);
        let status = status.filter(|status| match status {
            Status::Code(_) => begins_with_status(&title),
            // "**Failed payments**" are no failures.
            Status::Success | Status::Error => {
                section == Some(Section::Response) || words(&title).len() < 2
            }
        });
        let is_stated = matches!(status, Some(Status::Code(_)));
        let section = match section {
            None | Some(Section::Request) if is_stated => Some(Section::Response),
            section => section,
        };
        (status.is_some() || section.is_some()).then_some(Self { status, section })
    }

    /// What the line right above a fence says.
    fn of_line(line: &str, span: Span) -> Option<Self> {
        if line.len() > LONGEST || line.starts_with('|') {
            return None;
        }
        let line = line.strip_prefix("> ").unwrap_or(line);
        let item = item(line);
        let leads_in = line.trim_end_matches(['*', '_']).ends_with(':');
        let title = plain(item.unwrap_or(line));
        let words = words(&title);
        let short = words.len() <= WORDS;
        if item.is_some() || leads_in {
            if begins_with_status(&title) {
                return Self::of_title(&title, span);
            }
            if leads_in && let Some(code) = condition(line, &title, &words) {
                return Self::of_title(code, span);
            }
        }
        if leads_in && short {
            return Self::of_title(&title, span).or_else(|| Self::of_output(&title));
        }
        let is_plain = |word: &String| {
            matches!(
                word.as_str(),
                "response" | "sample" | "example" | "successful" | "success" | "the"
            )
        };
        if words.iter().all(is_plain) && words.iter().any(|it| it == "response") {
            return Some(Self::response());
        }
        let announces = matches!(
            words.first().map(String::as_str),
            Some("returns" | "responds" | "answers")
        );
        let says_other = matches!(
            Section::of_title(&title),
            Some(Section::Request | Section::Other)
        );
        (announces && !says_other).then(Self::response)
    }

    /// "Output", "You get back".
    fn of_output(title: &str) -> Option<Self> {
        is_output(&words(&plain(title))).then(Self::response)
    }

    fn response() -> Self {
        Self {
            status: None,
            section: Some(Section::Response),
        }
    }
}

/// The text of a line that is a title: a bold one, also with a status behind it, or a status in code.
fn title(line: &str) -> Option<&str> {
    let is_status = |text: &str| {
        let text = plain(text);
        words(&text).len() <= WORDS && begins_with_code(&text)
    };
    let with_status = || {
        let (name, rest) = line.strip_prefix("**")?.split_once("**")?;
        let is_other = Section::of_title(name) == Some(Section::Request);
        let rest = rest.trim_matches([' ', ':', '(', ')', '-', '–', '—']);
        let code = is_code(rest).filter(|code| is_status(code));
        code.filter(|_| !is_other)
    };
    let code = || is_code(line.trim_end_matches(':')).filter(|code| is_status(code));
    bold(line).or_else(with_status).or_else(code)
}

/// The text of what is code as a whole.
fn is_code(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('`')?.strip_suffix('`')?;
    (!inner.is_empty() && !inner.contains('`')).then_some(inner)
}

/// True for `201`, and `201 Created`.
fn begins_with_code(title: &str) -> bool {
    let first = title.split(' ').next().unwrap_or_default();
    let code = first.parse::<u16>().ok();
    first.len() == 3 && code.is_some_and(|code| (200..600).contains(&code))
}

/// The text of a line that is bold as a whole.
fn bold(line: &str) -> Option<&str> {
    let inner = line.strip_prefix("**")?;
    let inner = inner
        .strip_suffix("**")
        .or_else(|| inner.strip_suffix("**:"))?;
    (!inner.is_empty() && !inner.contains("**")).then_some(inner)
}

/// The text of an item of a list.
fn item(line: &str) -> Option<&str> {
    line.strip_prefix("- ").or_else(|| line.strip_prefix("* "))
}

/// A title without the marks of code, of bold text, and of what follows.
fn plain(title: &str) -> String {
    let title = title.replace(['`', '*'], "");
    title.trim().trim_end_matches(':').trim().to_owned()
}

fn words(title: &str) -> Vec<String> {
    let words = title.split(|it: char| !it.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// True for `404 Not found`, `HTTP 404`, `Error 404`, `Not found (404)`, and the reason phrase of an error.
fn begins_with_status(title: &str) -> bool {
    let words = words(title);
    let is_code = |word: &String| word.len() == 3 && word.bytes().all(|it| it.is_ascii_digit());
    let is_kind = |word: &String| {
        matches!(
            word.as_str(),
            "http" | "status" | "code" | "error" | "response" | "success"
        )
    };
    let first = words.iter().find(|word| !is_kind(word));
    let is_phrase = || error_of_phrase(&words.join(" ")).is_some();
    let is_bracketed = || title.ends_with([')', ']']) && words.len() <= WORDS;
    first.is_some_and(is_code) || is_phrase() || is_bracketed()
}

/// The status at the end of "If there is none, `404`:".
fn condition<'t>(line: &str, title: &'t str, words: &[String]) -> Option<&'t str> {
    let is_condition = matches!(
        words.first()?.as_str(),
        "if" | "when" | "otherwise" | "unless" | "without"
    );
    let line = line.trim_end_matches(':');
    let code = title.get(title.len().checked_sub(3)?..)?;
    let is_code = code.bytes().all(|it| it.is_ascii_digit()) && line.ends_with('`');
    (is_condition && is_code).then_some(code)
}

/// True for "Output", "You get back", and "The server responds with".
fn is_output(words: &[String]) -> bool {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.pop_if(|last| matches!(*last, "back" | "with"));
    matches!(
        words.last(),
        Some(&("output" | "result" | "get" | "receive" | "responds" | "answers" | "replies"))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Sources};

    fn said(line: &str) -> Option<(Option<u16>, Option<Section>)> {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("page.mdx", ""));
        let span = Span::new(file, 0..0);
        let lead = match title(line) {
            Some(title) => Lead::of_title(title, span).or_else(|| Lead::of_output(title)),
            None => Lead::of_line(line, span),
        }?;
        let code = lead.status.and_then(|status| status.code());
        Some((code, lead.section))
    }

    #[test]
    fn a_line_above_an_example_states_its_status() {
        let response = Some(Section::Response);
        for line in [
            "**404 – Not found**",
            "**`404` Not found**:",
            "**Not found (404)**",
            "**Error 404**",
            "- `404` Not found",
            "404 Not found:",
            "If there is none, `404`:",
            "**Response** `404 Not Found`",
            "**Response** (`404`)",
            "`404 Not found`",
        ] {
            assert_eq!(said(line), Some((Some(404), response)), "{line}");
        }
    }

    #[test]
    fn a_line_above_an_example_names_a_side() {
        let response = Some(Section::Response);
        for line in [
            "**Response**",
            "Response:",
            "> Response",
            "*Response:*",
            "Sample response",
            "You get:",
            "And you get back:",
            "The server responds with:",
            "**Output:**",
            "Returns the boat.",
        ] {
            assert_eq!(said(line), Some((None, response)), "{line}");
        }
        assert_eq!(said("Request:"), Some((None, Some(Section::Request))));
    }

    #[test]
    fn a_number_in_a_sentence_is_no_status() {
        for line in [
            "Set `limit` to `500`:",
            "**Response** of `500` boats",
            "`500` boats",
            "**Up to 500 boats**",
            "- Boats of 404 harbors",
            "**Failed payments**",
            "For example:",
        ] {
            assert_eq!(said(line), None, "{line}");
        }
    }
}
