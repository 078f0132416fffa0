//! Writes that are answered in one way when something is new, and in another one when it was there before: "`201` for a first
//! vote, `200` if it replaced one". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::{Evidence, Operation, Status};

/// What a page says of the statuses of a write that may be sent again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Renewal {
    /// The status of the first.
    pub(crate) first: u16,
    /// The status of the same once more.
    pub(crate) again: u16,
    /// Where the latter is said.
    pub(crate) evidence: Evidence,
    /// True if words and documented answers say the same, or one sentence names both.
    pub(crate) is_sure: bool,
}

/// What the page of an operation says, if it tells both.
pub(crate) fn of(operation: &Operation) -> Option<Renewal> {
    if !matches!(operation.endpoint.value.method.as_str(), "PUT" | "POST") {
        return None;
    }
    let own = operation.endpoint.evidence.span.file;
    let documented = |code: u16| {
        operation.responses.iter().find_map(|it| match &it.status {
            Status::Code(fact) if fact.value == code && fact.evidence.span.file == own => {
                Some(fact.evidence)
            }
            _ => None,
        })
    };
    let documented = documented(201).and(documented(200));
    let mut remarks = operation.remarks.iter();
    let instead = remarks.find(|it| it.evidence.span.file == own && tells_instead(&it.value));
    if let Some(said) = instead {
        return Some(Renewal {
            first: 201,
            again: 200,
            evidence: said.evidence,
            is_sure: true,
        });
    }
    let mut remarks = operation.remarks.iter();
    // Keys of requests are another matter.
    let is_of_keys = remarks.any(|it| it.value.contains("dempoten"));
    let mut remarks = operation.remarks.iter();
    let mut is_new = false;
    let mut are_both_told = false;
    let mut again = None;
    while let Some(remark) = remarks.next().filter(|_| !is_of_keys) {
        if remark.evidence.span.file != own {
            continue;
        }
        let told = clauses(&remark.value);
        let tells = told
            .iter()
            .any(|(code, words)| *code == 200 && tells_again(words));
        if tells {
            again = again.or(Some(remark.evidence));
        }
        // What is not there before is new, however that is said: "`201` if the guest joins with this call".
        is_new |= told
            .iter()
            .any(|(code, words)| *code == 201 && (tells || tells_new(words)));
        are_both_told |= tells && told.iter().any(|(code, _)| *code == 201);
    }
    let told = again.filter(|_| is_new);
    // Of a `PUT` with both nothing else is the reason: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.4
    let is_put = operation.endpoint.value.method == "PUT" && !is_of_keys;
    let evidence = told.or(documented.filter(|_| is_put))?;
    Some(Renewal {
        first: 201,
        again: 200,
        evidence,
        is_sure: told.is_some() && (documented.is_some() || are_both_told),
    })
}

/// "A record with this `code` is there already: you get it once more, with `200` instead of `201`."
fn tells_instead(text: &str) -> bool {
    static INSTEAD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)`?\b200\b`?,?\s+(?:instead\s+of|in\s+place\s+of|rather\s+than|(?:and\s+)?not)\s+(?:an?\s+|with\s+)?`?201\b",
        )
    });
    // Keys in headers are another matter.
    let is_of_header = text.to_lowercase().contains("-key`");
    INSTEAD.is_match(text) && tells_again(text) && !is_of_header
}

/// The statuses that a sentence names, each with the words about it; none if it names other things in code.
fn clauses(text: &str) -> Vec<(u16, &str)> {
    static CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"`?\b(?P<code>20[01])\b`?"));
    let named: Vec<_> = CODE
        .captures_iter(text)
        .filter_map(|it| {
            let code = it.name("code")?.as_str().parse().ok()?;
            Some((code, it.get(0)?.range()))
        })
        .collect();
    // What is explained behind a colon is more than the status.
    let end = named.last().map_or(0, |(_, last)| last.end);
    let end = text
        .get(end..)
        .and_then(|it| Some(end + it.find([':', ';'])?));
    let told = text.get(..end.unwrap_or(text.len())).unwrap_or(text);
    let mut codes = told.split('`').skip(1).step_by(2);
    let is_other = codes.any(|it| it.parse::<u16>().is_err());
    match named.as_slice() {
        _ if is_other => Vec::new(),
        [(code, _)] => vec![(*code, told)],
        [(one, first), (other, second)] => {
            let between = text.get(first.end..second.start).unwrap_or_default();
            let at = [", ", "; ", " and ", " or "]
                .iter()
                .filter_map(|it| between.rfind(it))
                .max();
            let Some(at) = at.map(|at| first.end + at) else {
                return Vec::new();
            };
            let halves = told.get(..at).zip(told.get(at..));
            halves.map_or_else(Vec::new, |(before, after)| {
                vec![(*one, before), (*other, after)]
            })
        }
        _ => Vec::new(),
    }
}

fn tells_new(words: &str) -> bool {
    static NEW: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:new|first|creat(?:ed|es?|ing)|makes|adds|(?:was|is|were|had|has|have|with)\s+(?:no|none|not)\b[^.;]*\b(?:yet|before)|(?:did|does)\s*(?:not|n['’]t)\s+exist|(?:didn|doesn)['’]t\s+exist|nothing\s+(?:was|is)\s+there|not\s+there\s+(?:yet|before))\b",
        )
    });
    NEW.is_match(words)
}

fn tells_again(words: &str) -> bool {
    static AGAIN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:replac(?:ed|es?|ing)|updat(?:ed|es|ing)|overwr(?:itten|ites|ote)|exist(?:ed|s|ing)|already|again|earlier|(?:was|were)\s+(?:there|known|on\s+\w+\s+\w+|in\s+\w+\s+\w+)\b[^.;]*|second\s+time|chang(?:ed|es)|(?:one|it|there)\s+before)\b",
        )
    });
    static NOT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:unless|except|if\s+you\s+(?:set|pass|send|ask)|async\w*|background|dry)\b",
        )
    });
    AGAIN.is_match(words) && !NOT.is_match(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::documentation;

    fn says(method: &str, text: &str) -> bool {
        let page =
            format!("---\napi: {method} /doors/{{door_id}}/guests/{{guest}}\n---\n\n{text}\n");
        let (_, documentation) = documentation("", &[&page]);
        of(&documentation.api.operations[0]).is_some()
    }

    #[test]
    fn pages_tell_the_first_from_the_same_again() {
        for text in [
            "`201` for a first guest, `200` if it replaced one.",
            "If the door has no guest of that name yet, one is created and the status is 201. Otherwise it is replaced, and the status is 200.",
            "The first time you get a `201`. If the guest was on the list before, nothing changes: you get a `200` and the entry as it is.",
            "The response has the status `201` when the door had no rule before, and `200` when an existing rule was replaced.",
            "Answers with `201` when it was created and `200` when it was updated.",
            "Returns `200` if the guest already exists, and `201` if it is new.",
            "Makes the entry and answers with `201`. If there is one already, it is replaced and the answer is `200`: what you leave out has its default, and `added` stays.",
            "If the door has a guest with this `code` already, you get the first one again, with `200` instead of `201` and the header `X-Known: true`.",
        ] {
            assert!(says("PUT", text), "{text}");
        }
        for text in [
            "`201` with the new guest.",
            "Returns `200` with the updated guest.",
            "`201` for a new guest. With the same `Idempotency-Key` you get `200` again.",
            "`201`, or `200` with `dry_run`.",
            "The same `Idempotency-Key` again gives `200` instead of `201`.",
            "`201` for a new guest, `202` if it already exists.",
            "Returns `201` when created. The list returns `200` with all guests.",
        ] {
            assert!(!says("PUT", text), "{text}");
        }
        let both = "Puts a guest on the list.\n\n```json 201\n{}\n```\n\n```json 200\n{}\n```";
        assert!(says("PUT", both) && !says("POST", both));
        assert!(!says(
            "DELETE",
            "`201` for a first guest, `200` if it replaced one."
        ));
    }
}
