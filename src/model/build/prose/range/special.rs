//! Numbers beside a range that mean something of their own: "1 to 50. `0` means that there is no limit."

use std::sync::LazyLock;

use crate::model::build::pattern::{Pattern, pattern};
use crate::model::build::prose::passage::{Passage, Text};
use crate::model::evidence::Fact;

use super::BOUNDS_IN_TEXT;

static SPECIAL: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)(?:^|[\s(;,:.])\**(?P<number>-?\d+|zero)\**\s*
        (?:=|→|(?:means?|is|for|für|pour|para|per|disables?|turns?|switch(?:es)?|removes?|stands?|indicates?|represents?|lifts?
          | to\s+(?:disable|turn|switch|remove|mean|use|lift|have|get|keep|leave))\b)
        (?P<rest>[^.;]*)",
    )
});
/// What makes the number one that is refused.
static REFUSED: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:not\b|never\b|invalid|illegal|refused|rejected|forbidden|disallowed|an?\s+error|too\s+(?:small|large|many|few|low|high|much))",
    )
});

/// The numbers that the passages say mean something, whatever the bounds beside them are.
pub(in crate::model::build::prose) fn numbers(passages: &[Passage]) -> Vec<Fact<f64>> {
    let texts = passages.iter().filter_map(|passage| match passage {
        Passage::Text(text) => Some(text),
        _ => None,
    });
    texts.flat_map(in_text).collect()
}

fn in_text(text: &Text) -> Vec<Fact<f64>> {
    let numbers = text.written_out(|token| token.text.parse::<i64>().is_ok());
    let found = SPECIAL.captures_iter(&numbers.flat);
    let found = found.filter_map(|found| {
        let number = found.name("number")?;
        if REFUSED.is_match(found.name("rest")?.as_str()) {
            return None;
        }
        let value = match number.as_str() {
            word if word.eq_ignore_ascii_case("zero") => 0.0,
            digits => digits.parse().ok()?,
        };
        let span = text.span(&numbers.range(&number.range()))?;
        Some(Fact::new(value, span, &BOUNDS_IN_TEXT))
    });
    found.collect()
}
