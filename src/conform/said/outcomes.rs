//! What sentences say that a request leads to: stages, one more of something, numbers that follow, and lists that are behind. Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::{Location, Operation};

use super::promises::sentences;
use super::touches::is_noun;

/// The stage that the page says a thing gets into by a request: "The article becomes a `draft` again", "Makes it `active`."
pub(crate) fn becomes<'s>(operation: &Operation, stages: &'s [String]) -> Option<&'s String> {
    static BECOMES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?P<before>[^`.;:]*)\b(?:becomes?|turns?(?:\s+(?:in)?to)?|goes\s+(?:back\s+)?to|is\s+(?:then|now|afterwards)|makes\s+(?:an?|the|it)(?:\s+\w+){0,2})\s+(?:an?\s+)?`(?P<value>\w+)`",
        )
    });
    static AFTERWARDS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?P<before>[^`.;:]*)\bis\s+`(?P<value>\w+)`\s+(?:afterwards|then|again|from\s+then\s+on)\b",
        )
    });
    static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:if|when|whenever|while|until|unless|whose|with|only|must|once|provided|not|cannot|otherwise|may|can)\b",
        )
    });
    let mut found = None;
    for text in sentences(operation) {
        // A condition behind it leaves the outcome open as well.
        let it = BECOMES
            .captures(&text)
            .or_else(|| AFTERWARDS.captures(&text));
        let Some(it) = it.filter(|_| !CONDITION.is_match(&text)) else {
            continue;
        };
        let value = it.name("value")?.as_str();
        let stage = stages
            .iter()
            .find(|stage| stage.eq_ignore_ascii_case(value))?;
        if found.is_some_and(|known| known != stage) {
            return None;
        }
        found = Some(stage);
    }
    found
}

/// True if a text says that things of a noun may be added by what is about something else: "Whether keys that don't exist are
/// added", or an input that is called `create_keys`.
pub(crate) fn may_add(text: &str, noun: &str) -> bool {
    static ADDS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)^(?:add|creat|import|insert|generat|duplicat|cop(?:y|ies)|missing|new)")
    });
    let mut sentences = text.split(['.', ';']);
    sentences.any(|sentence| {
        let words = sentence.split(|c: char| !c.is_alphanumeric());
        let words: Vec<&str> = words.filter(|it| !it.is_empty()).collect();
        words.iter().any(|it| is_noun(it, noun)) && words.iter().any(|it| ADDS.is_match(it))
    })
}

/// True if the page says that a request leaves one more of a noun behind: "Saves a new version", "Books an entry".
pub(crate) fn adds_one(operation: &Operation, noun: &str) -> bool {
    static ADDS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?P<verb>books|adds|saves|creates|makes|records|writes|appends|logs|stores|gives|as)\s+(?:an?|one|exactly\s+one)\s+(?:new\s+|more\s+|further\s+)?(?P<noun>\w+)\b(?P<rest>[^.;]*)",
        )
    });
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:if|when|unless|only|not|may|can|cannot|each\s+of|for\s+each|per)\b")
    });
    static NEW: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:as|of|into|becomes?|makes|saves|creates|adds)\s+a\s+new\s+(?P<noun>\w+)\b",
        )
    });
    let names = |text: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        words.any(|word| letters(word) == noun)
    };
    sentences(operation).any(|text| {
        let is_new = NEW.captures_iter(&text).any(|it| {
            let word = it.name("noun").map_or("", |it| it.as_str());
            letters(word) == noun || word == "one" && names(&text)
        });
        if is_new && !OPEN.is_match(&text) {
            return true;
        }
        let mut found = ADDS.captures_iter(&text);
        !OPEN.is_match(&text)
            && found.any(|it| {
                let word = it.name("noun").map_or("", |it| it.as_str());
                let rest = it.name("rest").map_or("", |it| it.as_str());
                let is_it = |word: &str| letters(word) == noun;
                let is_making = it
                    .name("verb")
                    .is_some_and(|it| it.as_str().eq_ignore_ascii_case("makes"));
                is_it(word) && !(is_making && is_of_kind(rest))
                    || rest.trim_start().split(' ').next().is_some_and(is_it)
                        && !word.is_empty()
                        && is_adjective(word)
            })
    })
}

/// True if what follows "makes a lamp" says what the lamp becomes: "makes a lamp bright".
fn is_of_kind(rest: &str) -> bool {
    const PREPOSITIONS: &[&str] = &[
        "of", "for", "from", "in", "with", "that", "which", "who", "to", "and", "or", "at", "on",
        "out", "by", "under", "below", "within", "as",
    ];
    let mut words = rest.split(|c: char| !c.is_alphanumeric());
    let next = words.find(|it| !it.is_empty());
    rest.starts_with(' ')
        && next.is_some_and(|it| !PREPOSITIONS.contains(&it.to_lowercase().as_str()))
}

/// True for words that may stand before a noun in "a new one".
fn is_adjective(word: &str) -> bool {
    [
        "new", "fresh", "second", "further", "separate", "old", "first",
    ]
    .contains(&word)
}

/// The value that a page says a member has to have: "Only wallets with a `balance` of `0.00` can be closed."
pub(crate) fn only_with(operation: &Operation, members: &Value) -> Option<(String, String)> {
    static ONLY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bonly\s+\w+\s+(?:with|that\s+have|whose)\s+(?:an?\s+|the\s+|its\s+)?`?(?P<member>\w+)`?\s+(?:of|is|are)\s+`(?P<value>[^`]+)`\s+(?:can|may|are\s+allowed)\b",
        )
    });
    sentences(operation).find_map(|text| {
        let found = ONLY.captures(&text)?;
        let wanted = letters(found.name("member")?.as_str());
        let mut names = members.as_object()?.keys();
        let member = names.find(|name| letters(name) == wanted)?.clone();
        Some((member, found.name("value")?.as_str().to_owned()))
    })
}

/// The member that the text of an input says changes by as much: "`seats_left` follows".
pub(crate) fn follows(description: &str) -> Option<String> {
    static FOLLOWS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)`(?P<member>\w+)`\s+(?:follows|changes\s+(?:accordingly|by\s+(?:as\s+much|the\s+same)|with\s+it)|is\s+(?:adjusted|changed)\s+(?:accordingly|by\s+(?:as\s+much|the\s+same))|moves\s+(?:along|with\s+it)|goes\s+along)\b",
        )
    });
    let found = FOLLOWS.captures(description)?;
    Some(found.name("member")?.as_str().to_owned())
}

/// True for a sentence that says that what is asked for may be behind: "It can take up to a second until a change shows."
pub(crate) fn is_behind(text: &str) -> bool {
    static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \beventual(?:ly)?\s+consisten
            | \b(?:can|may|might|could|will|does|do|usually|normally)?\s*takes?\s+(?:up\s+to\s+|about\s+|around\s+|at\s+most\s+)?(?:an?|one|two|three|some|several|a\s+few|a\s+couple\s+of|a\s+little|\d+)\s*(?:(?:milli)?seconds?|ms|s|minutes?|min|moments?|while|time)\b
            | \b(?:can|may|might|could|will)\s+(?:be\s+(?:up\s+to\s+)?(?:slightly\s+|somewhat\s+)?(?:delayed|behind|stale|outdated|out\s+of\s+date)|lag)
            | \blags?\s+(?:behind|up\s+to|by)\b
            | \b(?:up\s+to|within|after\s+(?:up\s+to|about|at\s+most)|at\s+most)\s+(?:an?|one|two|three|a\s+few|several|\d+)\s*(?:(?:milli)?seconds?|ms|minutes?|moments?)\b[^.;]*\b(?:after|later|until|before|late|delay\w*|old|behind|show\w*|appear\w*|visible|listed|found|updated|refreshed|indexed)\b
            | \b(?:show\w*|appear\w*|visible|listed|found|updated|refreshed|indexed)\b[^.;]*\b(?:up\s+to|within|after)\s+(?:an?|one|two|three|a\s+few|several|\d+)\s*(?:(?:milli)?seconds?|ms|minutes?|moments?)\b
            | \b(?:served|answered|comes?|read)\s+from\s+an?\s+(?:search\s+)?(?:index|cache|replica)\b
            | \bcached\s+for\b",
        )
    });
    BEHIND.is_match(text)
}

/// True if the page of an operation says that what it shows may be behind, whichever of its parameters is used.
pub(crate) fn may_be_behind(operation: &Operation) -> bool {
    sentences(operation).any(|text| {
        let mut clauses = text.split_inclusive(['.', '\n']);
        clauses.any(|it| is_behind(it) && named_parameter(operation, it).is_none())
    })
}

/// True if the page says that what is found by a parameter may be behind: "the index behind `q` is updated within a second".
pub(crate) fn is_found_late(operation: &Operation, name: &str, description: &str) -> bool {
    let of_page = sentences(operation).any(|text| {
        let mut clauses = text.split_inclusive(['.', '\n']);
        clauses.any(|it| is_behind(it) && named_parameter(operation, it) == Some(name))
    });
    of_page || is_behind(description)
}

/// The first parameter of the query that a sentence names in code.
fn named_parameter<'o>(operation: &'o Operation, sentence: &str) -> Option<&'o str> {
    let parameters = operation.parameters_in(Location::Query);
    let mut names = parameters.map(|it| it.field.name.value.as_str());
    names.find(|name| sentence.contains(&format!("`{name}`")))
}

/// True if the page of a search says that it finds nothing without one of its inputs.
pub(crate) fn needs_a_search(operation: &Operation) -> bool {
    static NOTHING: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bwithout\s+(?:an?\s+|the\s+)?`\w+`,?\s+(?:nothing|no\s+\w+|none|the\s+(?:list|answer|result)\s+is\s+empty|an\s+empty)\b|\b(?:nothing|empty|no\s+\w+)\b[^.;]*\bwithout\s+(?:an?\s+|the\s+)?`\w+`",
        )
    });
    let parameters = operation.parameters.iter().map(|it| &it.field);
    let fields = parameters.map(|field| field.description.clone());
    sentences(operation)
        .chain(fields)
        .any(|text| NOTHING.is_match(&text))
}

/// True for a sentence that says that a page behind the last one is empty, and no error: "An offset past the end gives an
/// empty list."
pub(crate) fn is_empty_behind_the_end(text: &str) -> bool {
    static EMPTY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:page|pages|offset|offsets|anything|requests?)\b[^.;:]*\b(?:past|beyond|after|behind)\s+(?:the\s+)?(?:end|last)\b[^.;]*\b(?:empty|no\s+(?:items|results|entries|error)|not\s+an\s+error)\b
            | \b(?:page|offset)\b[^.;]*\b(?:greater|larger|higher)\s+than\s+(?:the\s+)?(?:last|number|total)\b[^.;]*\bempty\b
            | \bempty\b[^.;]*\b(?:page|offset)\b[^.;]*\b(?:past|beyond|after|behind)\s+the\s+(?:end|last)\b",
        )
    });
    EMPTY.is_match(text)
}

/// True for words that say that the case of letters does not matter.
pub(crate) fn is_blind_to_case(text: &str) -> bool {
    static BLIND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bcase[- ]insensitive|\bcase\b[^.]*\b(?:does\s+not|doesn['’]t|not)\s+matter|\b(?:ignor(?:ing|es?)|regardless\s+of|independent\s+of|irrespective\s+of)\s+(?:the\s+)?(?:letter\s+|(?:upper|capital)\s*(?:/|-?\s*(?:or|and)\s+)\s*lower\s*-?)?case\b|\bcase\s+is\s+(?:ignored|not\s+significant)\b|\b(?:not|isn['’]t|aren['’]t)\s+case[- ]sensitive|\b(?:upper|capital)\s+(?:and|or)\s+lower\s+case\s+(?:letters\s+)?(?:are\s+(?:the\s+same|not\s+(?:told\s+apart|distinguished)|treated\s+alike)|make\s+no\s+difference)|\b(?:case|capitali[sz]ation|capitals?)\s+(?:makes?\s+no\s+difference|(?:is|are)\s+(?:ignored|irrelevant)|(?:does|do)(?:\s+not|n['’]t)\s+matter)\b|\bignor(?:es?|ing)\s+capitali[sz]ation\b",
        )
    });
    BLIND.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_that_a_page_behind_the_last_is_empty() {
        for text in [
            "An `offset` at or past the end gives an empty `data` array, not an error.",
            "A page after the last one is not an error: it is a `200` with an empty list.",
            "Pages beyond the last one are empty.",
            "A `page` greater than the number of pages gives an empty list.",
            "The list is empty for a page past the end.",
        ] {
            assert!(is_empty_behind_the_end(text), "{text}");
        }
        for text in [
            "A page after the last one is answered with `404`.",
            "An empty list has one page.",
            "`next` is `null` after the last page.",
        ] {
            assert!(!is_empty_behind_the_end(text), "{text}");
        }
    }

    #[test]
    fn texts_say_that_others_add_as_well() {
        for text in [
            "create_missing_keys. Whether a key that doesn't exist is added.",
            "Adds the rows, and a key for each new name.",
            "import_keys.",
        ] {
            assert!(may_add(text, "key"), "{text}");
        }
        for text in ["The name of the key.", "Adds a comment. The key stays."] {
            assert!(!may_add(text, "key"), "{text}");
        }
    }

    #[test]
    fn what_makes_a_thing_is_told_from_what_it_makes_of_it() {
        let adds = |text: &str| {
            let page = format!("---\napi: POST /lamps/{{lamp_id}}/switch\n---\n\n{text}\n");
            let (_, documentation) = crate::conform::tests::documentation("", &[&page]);
            adds_one(&documentation.api.operations[0], "lamp")
        };
        for text in [
            "Makes a lamp.",
            "Makes a lamp for the room.",
            "Creates a lamp.",
        ] {
            assert!(adds(text), "{text}");
        }
        for text in [
            "Makes a lamp bright at once.",
            "Makes a lamp available again.",
        ] {
            assert!(!adds(text), "{text}");
        }
    }

    #[test]
    fn what_only_one_parameter_finds_late_is_not_of_the_list() {
        let page = "---\ntitle: Search\napi: GET /things\n---\n\nThe index behind `q` is updated within one second after a change.\n\n<ParamField query=\"q\" type=\"string\">A text.</ParamField>\n\n<ParamField query=\"tag\" type=\"string\">Only things with this tag.</ParamField>\n";
        let (_, documentation) = crate::conform::tests::documentation("", &[page]);
        let operation = &documentation.api.operations[0];
        assert!(!may_be_behind(operation));
        assert!(is_found_late(operation, "q", ""));
        assert!(!is_found_late(operation, "tag", ""));
    }

    #[test]
    fn sentences_say_that_a_list_may_be_behind() {
        assert!(is_behind(
            "It can take up to a second until a change shows there."
        ));
        assert!(is_behind(
            "Lists show a new event up to one second after it was made."
        ));
        assert!(is_behind("The list is eventually consistent."));
        assert!(is_behind("New items appear within 2 seconds."));
        assert!(is_behind("The list is served from an index."));
        assert!(!is_behind("The list takes a `limit` of up to 100."));
        assert!(!is_behind("Requests time out after 30 seconds."));
        assert!(!is_behind("Newest first, at most 100 of them."));
    }
}
