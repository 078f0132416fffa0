//! Sentences that leave the rest to another page: "Everything else is as for [Create a book](/books/create)."
//!
//! Such a page lists some members or parameters and borrows the others. Whether it borrows what is sent or what comes
//! back is said by the words of the sentence, by the heading above it, or by the fields beside it.

use std::ops::Range;
use std::sync::LazyLock;

use crate::mdx::{Element, Node, Prose};
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Evidence, Origin, ReadingRule};

use super::field;
use super::sections::Section;

static MEMBERS_ELSEWHERE: ReadingRule = ReadingRule {
    name: "members-elsewhere",
    origin: Origin::Prose,
    summary: "text such as `returns the same fields as` another page, or `takes the parameters of [that page](/page), and:`, leaves what is returned, or sent, open",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&MEMBERS_ELSEWHERE];

/// What goes to a server or comes from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Response,
}

impl Side {
    /// The side that a field is of.
    pub(super) fn of_field(element: &Element) -> Self {
        if element.name == "ResponseField" {
            Self::Response
        } else {
            Self::Request
        }
    }
}

/// Where a page says that another one lists more of what it documents.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Elsewhere {
    /// More of what is sent.
    pub(super) request: Option<Evidence>,
    /// More of what comes back.
    pub(super) response: Option<Evidence>,
}

impl Elsewhere {
    /// Takes in what a text says; `last` is the side of the field before it, and `next` are the nodes behind it.
    pub(super) fn read(
        &mut self,
        prose: &Prose,
        section: Option<Section>,
        last: Option<Side>,
        next: &[Node],
    ) {
        for borrowed in borrowed(prose) {
            let beside = if borrowed.announces {
                next_side(next).or(last)
            } else {
                last.or_else(|| next_side(next))
            };
            let side = borrowed.side.or(of_section(section)).or(borrowed.likely);
            let side = side.or(beside);
            if side != Some(Side::Response) {
                self.request = self.request.or(Some(borrowed.evidence));
            }
            if side != Some(Side::Request) {
                self.response = self.response.or(Some(borrowed.evidence));
            }
        }
    }
}

fn of_section(section: Option<Section>) -> Option<Side> {
    match section? {
        Section::Request => Some(Side::Request),
        Section::Response => Some(Side::Response),
        Section::Other => None,
    }
}

/// The side of the first field among the nodes.
fn next_side(nodes: &[Node]) -> Option<Side> {
    let mut elements = nodes.iter().filter_map(Node::as_element);
    elements.find_map(|element| {
        if field::is_field(&element.name) {
            Some(Side::of_field(element))
        } else {
            next_side(&element.children)
        }
    })
}

/// A sentence that borrows from another page.
struct Borrowed {
    evidence: Evidence,
    /// The side that its words name.
    side: Option<Side>,
    /// The side that a word hints at.
    likely: Option<Side>,
    /// True if it ends in a colon, and so speaks of what follows.
    announces: bool,
}

fn borrowed(prose: &Prose) -> Vec<Borrowed> {
    let text = prose.text.text();
    // The patterns are slow, and the words are rare.
    if !may_borrow(text) {
        return Vec::new();
    }
    let mut is_linked = false;
    let found = sentences(text).filter_map(|range| {
        let sentence = text.get(range.clone())?;
        let words = words(sentence);
        let goes_on = is_linked && adds(&words);
        is_linked = words.contains(LINK);
        let whole = || goes_on.then(|| trimmed(sentence));
        let place = place(sentence, &words).or_else(whole)?;
        let range = range.start + place.start..range.start + place.end;
        Some(Borrowed {
            evidence: Evidence::new(prose.text.span(range), &MEMBERS_ELSEWHERE),
            side: named_side(&words).or(returned_side(sentence)),
            likely: likely_side(&words),
            announces: sentence.trim_end().ends_with(':'),
        })
    });
    found.collect()
}

fn may_borrow(text: &str) -> bool {
    const RARE: [&str; 28] = [
        "usual ",
        "creat",
        "Creat",
        "whatever",
        "Whatever",
        "writable",
        "emaining ",
        "most used",
        "other ",
        "ll other",
        "omitted",
        "repeat",
        "on top",
        "adds:",
        "same ",
        "Same ",
        "additional ",
        "extra ",
        "more ",
        "further ",
        "plus ",
        "mong ",
        "important ",
        "ome of the ",
        "elected ",
        "Key ",
        "key ",
        "xcerpt ",
    ];
    text.contains("](") || RARE.iter().any(|word| text.contains(word))
}

/// The bytes of each sentence; headings, tables, and quotations of code are none.
fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    let mut ends = text.char_indices().peekable();
    std::iter::from_fn(move || {
        while start < text.len() {
            let mut end = text.len();
            while let Some((at, c)) = ends.next() {
                let next = ends.peek().map(|(_, c)| *c);
                let is_stop =
                    matches!(c, '.' | '!' | '?' | ':') && next.is_none_or(char::is_whitespace);
                let is_line = |start: usize| {
                    let line = text.get(start..at).unwrap_or_default();
                    line.trim_start().starts_with(['#', '|'])
                };
                let begins = |c: char| matches!(c, '\n' | '#' | '-' | '*' | '|');
                if is_stop || c == '\n' && (next.is_none_or(begins) || is_line(start)) {
                    end = at + c.len_utf8();
                    break;
                }
            }
            let found = start..end;
            start = end;
            let is_sentence = text.get(found.clone()).is_some_and(|it| {
                !it.trim().is_empty() && !it.trim_start().starts_with(['#', '|'])
            });
            if is_sentence {
                return Some(found);
            }
        }
        None
    })
}

/// Stands for a link.
const LINK: &str = "\u{E002}";

/// The sentence with one character in the place of each link.
fn words(sentence: &str) -> String {
    let mut words = String::new();
    let mut rest = sentence;
    while let Some((before, behind)) = rest.split_once('[') {
        let link = behind
            .split_once("](")
            .filter(|(text, _)| !text.contains('['))
            .and_then(|(_, target)| target.split_once(')'));
        words.push_str(before);
        if let Some((_, after)) = link {
            words.push_str(LINK);
            rest = after;
        } else {
            words.push('[');
            rest = behind;
        }
    }
    words.push_str(rest);
    words
}

/// Where the sentence borrows, if it does.
fn place(sentence: &str, words: &str) -> Option<Range<usize>> {
    static SAME_AS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:response|answer|items?|results?)\b[^.]*|(?:returns?|returned|responds)\b[^.]*|^\s*)\b(same\s+(?:fields|structure|shape|schema|properties|response|format|object))\s+(?:structure\s+)?as\b",
        )
    });
    // See [Create a book](/books/create) for its members. The members are those of [a book](/books/create).
    static LISTED_AT: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)\b(see\s+\[[^\]]*\]\([^)]*\)\s+for\s+(?:(?:its|the|their|all|a\slist\sof(?:\sthe)?)\s+)*(?:members|fields|properties|attributes))\b",
            r"|\b((?:members|fields|properties|attributes)\s+(?:are\s+)?(?:described|documented|listed|explained|those\s+of|the\s+same\s+as|as)\s+(?:in\s+|at\s+|under\s+|on\s+|for\s+|of\s+|with\s+)?\[)",
        ))
    });
    let known = SAME_AS
        .captures(sentence)
        .or_else(|| LISTED_AT.captures(sentence));
    let known = known.and_then(|it| it.get(1).or_else(|| it.get(2)));
    if let Some(known) = known {
        return Some(known.range());
    }
    (borrows(words) || returned_side(sentence).is_some()).then(|| trimmed(sentence))
}

/// What comes back, for a sentence that calls it an object that a link leads to: "`200` with the [book](/guide#the-book-object)."
fn returned_side(sentence: &str) -> Option<Side> {
    static OBJECT: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)(?:\b(?:returns?|returned|responds?|response|answers?|answered)\b|`?\b20[0-9]\b`?)[^.\[]{0,40}",
            r"\[(?:[^\]]*\b(?:object|resource|model|schema)\]\([^)]*\)|[^\]]*\]\([^)]*#[^)]*\b(?:object|resource|model|schema)\))",
        ))
    });
    OBJECT.is_match(sentence).then_some(Side::Response)
}

fn trimmed(sentence: &str) -> Range<usize> {
    let start = sentence.len() - sentence.trim_start().len();
    start..sentence.trim_end().len()
}

/// True for a sentence that adds to the one before it: "Additional fields:".
fn adds(words: &str) -> bool {
    static ADDS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:(?:the\s+)?(?:additional|extra|further|more)\s+(?:fields|members|properties|attributes|parameters)|in\s+addition|plus)\b[^.]*:\s*$",
        )
    });
    ADDS.is_match(words)
}

/// True for a sentence that takes over what a link leads to, or what the thing that it names has anyway.
fn borrows(words: &str) -> bool {
    // Returns the book with these additional fields:
    static MORE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)\b(?:returns?|returned|responds?|response|answers?|takes?|accepts?|same|object|everything)\b[^.]*\b(?:with|plus|and|has|have)\s",
            r"[^.]{0,40}\b(?:additional|extra|further|more)\s+(?:following\s+)?(?:fields|members|properties|attributes|parameters|keys)\b",
            // All book fields plus the owner.
            r"|\ball\s+(?:[a-z-]+\s){1,3}(?:fields|members|properties|attributes|parameters),?\s+plus\b",
            // Contains, among others: The most important fields: Excerpt of the members:
            r"|\bamong\s+others?\b[^.]*:\s*$|\bamong\s+the\s+(?:members|fields|properties|attributes)\b",
            r"|^\s*(?:the\s+)?(?:most\s+important|some(?:\s+of\s+the)?|selected|key|main|excerpt\s+of(?:\s+the)?|a\s+selection\s+of(?:\s+the)?)\s+(?:[a-z]+\s){0,2}(?:fields|members|properties|attributes)\b[^.]{0,40}:\s*$",
        ))
    });
    static LINKED: LazyLock<Pattern> = LazyLock::new(|| {
        let what = r"(?:fields?|members?|properties|attributes|parameters?|params|options|filters?|keys|columns|objects?|structure|shape|schema|response|answer|body|payload)";
        pattern(
            &[
                // Everything else is as for ~. Everything that ~ returns.
                r"(?i)\b(?:everything|all)(?:\s+(?:else|other|the\s+rest))?\s+(?:is|are|works?|as|like|from|of|in|that|which|except|but)\b[^.~]{0,40}~",
                r"|\beverything\s+~",
                // The other members are those of ~. All fields of the ~. The same parameters as ~.
                r"|\b(?:all|every|full)\s(?:[a-z-]+\s){0,3}#\s+(?:of|from|that|which|in|on|for|as|described|documented|listed)\b[^.~]{0,50}~",
                r"|\b(?:full|complete|whole)\s(?:[a-z-]+\s){0,2}#\s+(?:is|are)\b[^.~]{0,40}~",
                r"|\b#\s+(?:that\s+are\s+)?not\s+(?:listed|shown|described|mentioned)\b[^.~]{0,40}~",
                r"|\bonly\s+(?:the\s+)?(?:#|what|those)\b[^.~]{0,40}\b(?:differs?|different|new|changed?|added|additional)\b[^.~]{0,40}~",
                r"|\b(?:other|others|remaining|rest|same|identical)\s(?:[a-z-]+\s){0,3}#\b[^.~]{0,50}~",
                // The rest is as in ~.
                r"|\bthe\s+(?:rest|others?)\s+(?:is|are)\b[^.~]{0,40}~",
                r"|^\s*(?:[-*]\s+)?(?:(?:it|this|the\s+(?:body|request|response|answer))\s+(?:is|are)\s+)?(?:(?:the\s+)?same\s+as|identical\s+to)\s+(?:for\s+|in\s+|of\s+|with\s+)?(?:the\s+|an?\s+)?~",
                // See ~ for the remaining parameters.
                r"|~\s+for\s+(?:all\s+|the\s+|its\s+|their\s+|a\s+list\s+of\s+)*(?:remaining|other|full|complete|further|common|shared)\s+(?:[a-z-]+\s){0,2}#\b",
                // In addition to the members of ~. Besides the fields of ~.
                r"|\b(?:in\s+addition\s+to|additionally\s+to|on\s+top\s+of|besides?|beyond|as\s+well\s+as)\s+(?:[a-z-]+\s+){0,4}~",
                // Extends ~ with: Returns what ~ returns, and also: The answer is that of ~, with:
                r"|^\s*(?:extends|adds\s+to|builds\s+on)\s+(?:the\s+|an?\s+)?~",
                r"|\b(?:returns?|takes?|accepts?|with|like|as)\s+what\s+(?:the\s+)?~\s+(?:returns?|takes?|accepts?|does)\b",
                r"|\b(?:response|answer|body|object|request)\s+is\s+(?:that|the\s+one)\s+(?:of|from|in)\s+(?:the\s+|an?\s+)?~",
                // One of the objects that ~ returns, plus:
                r"|~[^.~]{0,40}\b(?:plus|extended\s+(?:with|by)|together\s+with|but\s+with|(?:along\s+)?with\s+(?:the\s+)?(?:following|these|some)\b[^.]{0,20}#)\b",
                r"|^\s*(?:returns?|takes?|accepts?|like|as)\b[^.~]{0,60}~[^.~]{0,30}\b(?:and|with|including)(?:\s+the\s+following)?\s*:?\s*$",
                // A ~ with the following extra fields.
                r"|~[^.~]{0,40}\b(?:additional|extra|further|more)\s+(?:following\s+)?#\b",
            ]
            .concat()
            .replace('#', what)
            .replace('~', LINK),
        )
    });
    MORE.is_match(words) || leaves_rest(words) || words.contains(LINK) && LINKED.is_match(words)
}

/// True for a sentence that leaves the rest to what is known of the thing: "Everything that can be set on creation can be
/// changed.", "For brevity, the fields of the book are not repeated here."
fn leaves_rest(words: &str) -> bool {
    static MADE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)\b(?:everything|whatever|anything|(?:any|all|every|each)\s+(?:other\s+)?(?:fields?|members?|propert(?:y|ies)|attributes?|values?|settings?)|(?:the\s+)?(?:other|remaining)\s+(?:fields|members|properties|attributes|ones))\b",
            r"[^.]*\b(?:creat(?:e|es|ed|ion|ing)|writable|(?:was|were)\s+made|when\s+you\s+made|can\s+be\s+(?:set|changed|updated)\s+(?:here|too|as\s+well))\b",
            r"|\b(?:accepts?|takes?)\s+(?:what|everything|all)\b[^.]*\b(?:creat(?:e|es|ion|ing))\b",
            // Only the most used ones are listed here. The same goes for the rest of the book.
            r"|\bonly\s+(?:the\s+)?most\s+(?:used|common|important)\b[^.]*\b(?:listed|shown|described|documented|here)\b",
            r"|\b(?:goes|holds|works?|true|applies)\b[^.]{0,20}\bthe\s+rest\b",
            // The fields of the book are not repeated here. (Book fields omitted.) Below are only the additional fields.
            r"|\b(?:fields|members|properties|attributes)\b[^.]{0,30}\b(?:omitted|not\s+repeated|left\s+out\s+here)\b",
            r"|\b(?:do\s+not|don['’]t|not|without)\s+repeat(?:ing)?\b[^.]{0,30}\b(?:fields|members|properties|attributes)\b",
            r"|\bonly\s+(?:the\s+)?(?:additional|new|extra|further|differing)\s+(?:fields|members|properties|attributes|ones)\b",
            // The answer repeats the book and adds: The book, and on top:
            r"|\b(?:repeats|in\s+addition\s+to|on\s+top)\b[^.]*:\s*$",
            r"|^\s*the\s+(?:usual|same|normal|known)\s+(?:[a-z]+\s)?(?:fields|members|properties|attributes)\b[^.]*\b(?:and|plus|with)\b[^.]*:\s*$",
        ))
    });
    static KEPT: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:ignored|rejected|read-?only|cannot|stays?|kept|keep|unchanged|error|required|event|deleted)\b",
        )
    });
    MADE.is_match(words) && !KEPT.is_match(words)
}

/// The side that a verb or a noun names beyond doubt.
fn named_side(words: &str) -> Option<Side> {
    static SENT: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:takes?|accepts?|accepted|sends?|sent|pass(?:es|ed)?|request|query)\b")
    });
    static RETURNED: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:returns?|returned|responds?|responses?|answers?|results?|items?)\b")
    });
    match (SENT.is_match(words), RETURNED.is_match(words)) {
        (true, false) => Some(Side::Request),
        (false, true) => Some(Side::Response),
        _ => None,
    }
}

/// The side that a noun is mostly said of.
fn likely_side(words: &str) -> Option<Side> {
    static SENT: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\b(?:parameters?|params|options|filters?|inputs?)\b"));
    SENT.is_match(words).then_some(Side::Request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_that_borrow_are_told_from_those_that_only_link() {
        for (text, side) in [
            (
                "Returns one of the books that [List](/x) returns, plus:",
                Some(Side::Response),
            ),
            (
                "Returns the book with these additional fields:",
                Some(Side::Response),
            ),
            ("Everything from [List](/x), and:", None),
            ("In addition to the members of a [book](/x):", None),
            (
                "The response is a [Book](/x) with the following extra fields.",
                Some(Side::Response),
            ),
            ("Same as [List](/x) but with:", None),
            (
                "All fields of the [book object](/x), plus the following.",
                None,
            ),
            (
                "Takes the same members as [Create](/x), and:",
                Some(Side::Request),
            ),
            ("Everything else is as for [Create](/x).", None),
            ("The other members are those of [Create](/x).", None),
            (
                "Accepts all parameters of [Create](/x).",
                Some(Side::Request),
            ),
            ("A [book](/x) with two more members:", None),
            (
                "The remaining fields are described under [Books](/x).",
                None,
            ),
            (
                "Returns the new [book](/x), including:",
                Some(Side::Response),
            ),
            (
                "The response has all book fields plus `owner`.",
                Some(Side::Response),
            ),
            ("Extends [List](/x) with:", None),
            ("Fields not listed here are as in [List](/x).", None),
            (
                "Only the fields that differ from [List](/x) are listed.",
                None,
            ),
            (
                "This endpoint returns what [List](/x) returns, and also:",
                Some(Side::Response),
            ),
            (
                "The answer is that of [List](/x), with:",
                Some(Side::Response),
            ),
            ("Identical to [List](/x), except for:", None),
        ] {
            let words = words(text);
            assert!(place(text, &words).is_some(), "{text}");
            assert_eq!(named_side(&words), side, "{text}");
        }
        for text in [
            "All requests are authenticated, see [Start](/x).",
            "The same limits as in [Limits](/x) apply.",
            "See [Errors](/x) for the codes.",
            "Deletes what [Create](/x) has made.",
            "Use the `id` that [Create](/x) returns, and the following header:",
            "For other languages, see [Clients](/x).",
            "Returns a [book](/x).",
            "Only new books can be sent to [Create](/x).",
        ] {
            assert!(place(text, &words(text)).is_none(), "{text}");
        }
    }

    #[test]
    fn sentences_leave_the_rest_to_what_is_known() {
        for text in [
            "Everything else that can be created can be updated, with the exception of `shelf`.",
            "Any field that you can set on creation can be changed.",
            "You can update whatever you can create.",
            "Accepts what Create a book accepts, except `color`.",
            "The remaining properties work as they do on creation.",
            "Only the most used ones are listed here.",
            "Every property of the book is writable apart from `id`.",
            "For brevity we do not repeat the fields of the book here.",
            "(Book fields omitted.)",
            "Below are only the additional fields.",
            "The answer repeats the book and adds:",
            "The usual book fields, and:",
        ] {
            assert!(leaves_rest(text), "{text}");
            assert!(may_borrow(text), "{text}");
        }
        for text in [
            "All fields that are not writable are ignored.",
            "Every book that was created can be lent.",
            "Creates a book with all its members.",
            "The request can be repeated.",
            "Everything is deleted.",
        ] {
            assert!(!leaves_rest(text), "{text}");
        }
    }

    #[test]
    fn objects_that_links_define_come_back() {
        for text in [
            "`200` with the [book](/guide#the-book-object).",
            "Returns the [book object](/guide).",
            "The response is the updated [Book resource](/guide).",
            "Answers with the new [book](../guide#book-model).",
        ] {
            assert_eq!(returned_side(text), Some(Side::Response), "{text}");
            assert!(place(text, &words(text)).is_some(), "{text}");
        }
        for text in [
            "Takes a [book object](/guide).",
            "Returns the [book](/books/get).",
            "Returns nothing. See the [book object](/guide).",
        ] {
            assert_eq!(returned_side(text), None, "{text}");
        }
    }

    #[test]
    fn each_sentence_stands_by_itself() {
        let text = "## Title\n\nOne. Two [x](/a.b) three:\n- four\n";
        let found: Vec<_> = sentences(text).map(|it| text[it].trim()).collect();
        assert_eq!(found, ["One.", "Two [x](/a.b) three:", "- four"]);
    }
}
