//! Hits of a search, which the page says are in the order of their score: "best matches first". Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::pattern::pattern;
use crate::conform::said::promises;
use crate::diagnostic::Diagnostic;
use crate::model::Response;

use super::state::INPUT_WITHOUT_EFFECT;
use super::{Case, Seen};

/// Names of members that say how well a hit fits.
const SCORES: &[&str] = &[
    "score",
    "relevance",
    "similarity",
    "relevance_score",
    "relevanceScore",
];

/// Adds a finding for a hit that fits better than the one before it.
pub(super) fn check(
    case: &Case<'_>,
    response: &Response,
    body: &Value,
    into: &mut Vec<Diagnostic>,
) {
    let Some((name, member, before, after)) = rising(body) else {
        return;
    };
    let mut texts = promises::sentences(case.operation);
    let mut fields = response.fields.iter();
    let is_said = texts.any(|it| is_best_first(&it, &member))
        || fields.any(|it| is_best_first(&it.description, &member));
    if !is_said || is_ordered_otherwise(case) {
        return;
    }
    let message = format!(
        "{} lists a hit with `{member}` {after} behind one with {before}, and the page says that the best come first",
        case.operation.name()
    );
    let seen = Seen {
        expected: format!("at most {before}"),
        observed: after.to_string(),
        ..Seen::default()
    };
    let finding = case.finding(&INPUT_WITHOUT_EFFECT, case.endpoint(), &message, seen);
    into.push(finding.subject(format!("response{name}[].{member}")));
}

/// True if the request asks for an order.
fn is_ordered_otherwise(case: &Case<'_>) -> bool {
    let url = case.item.request.url.to_lowercase();
    let sent = case.item.draft.json().map(ToString::to_string);
    let sent = sent.unwrap_or_default().to_lowercase();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    ["sort", "order"]
        .iter()
        .any(|word| query.contains(word) || sent.contains(&format!("\"{word}")))
}

fn is_best_first(text: &str, member: &str) -> bool {
    static FIRST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:best|most\s+(?:relevant|similar)|closest|strongest|highest(?:[-\s]\w+)?)\s+(?:(?:one|ones|hit|hits|match|matches|results?|documents?|score|scores|items?)\s+)?(?:(?:comes?|is|are|stands?)\s+)?(?:at\s+the\s+top|first)\b
            | \b(?:sorted|ordered|ranked|listed)\s+(?:in\s+order\s+of|by)\s+(?:descending\s+)?(?:relevance|similarity)\b
            | \b(?:in\s+)?(?:descending\s+)order\s+of\s+(?:relevance|similarity|(?:their\s+)?`?score`?)\b",
        )
    });
    let descending = format!("`{member}`");
    let text = text.to_lowercase();
    let is_by_member = text.contains(&descending)
        && (text.contains("descending") || text.contains("highest first"));
    FIRST.is_match(&text) || is_by_member && (text.contains("sort") || text.contains("order"))
}

/// Where the items of a list have a score, and one has a greater one than that before it.
fn rising(body: &Value) -> Option<(String, String, f64, f64)> {
    let members = body.as_object().into_iter().flatten();
    let inner = members.filter_map(|(name, value)| Some((format!(".{name}"), value.as_array()?)));
    let own = body.as_array().map(|items| (String::new(), items));
    own.into_iter().chain(inner).find_map(|(name, items)| {
        SCORES.iter().find_map(|member| {
            let scores: Option<Vec<f64>> =
                items.iter().map(|it| it.get(member)?.as_f64()).collect();
            let scores = scores?;
            let pairs = scores.iter().zip(scores.iter().skip(1));
            let mut rising = pairs.filter(|(before, after)| **after > **before + 1e-9);
            let (before, after) = rising.next()?;
            Some((name.clone(), (*member).to_owned(), *before, *after))
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pages_say_that_the_best_come_first() {
        for text in [
            "A list of hits with the best one first.",
            "Results are sorted by relevance.",
            "The most relevant documents come first.",
            "Hits in descending order of their `score`.",
            "Sorted by `score`, highest first.",
            "Best matches first.",
        ] {
            assert!(is_best_first(text, "score"), "{text}");
        }
        for text in [
            "Newest first.",
            "The `score` of the player.",
            "Sorted by `name`.",
            "The best score so far.",
        ] {
            assert!(!is_best_first(text, "score"), "{text}");
        }
    }

    #[test]
    fn scores_fall_or_stay() {
        assert!(
            rising(&json!({"data": [{"score": 0.9}, {"score": 0.9}, {"score": 0.1}]})).is_none()
        );
        assert!(rising(&json!({"data": [{"score": 0.1}, {"name": "x"}]})).is_none());
        let found = rising(&json!({"hits": [{"score": 0.2}, {"score": 0.9}]}));
        assert_eq!(found.unwrap().0, ".hits");
    }
}
