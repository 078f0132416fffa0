//! Numbers beside a range that mean something of their own: "1 to 50. `0` means that there is no limit."

use std::sync::LazyLock;

use crate::model::build::pattern::{Found as Match, Pattern, pattern};
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
        r"(?i)^\s*(?:(?:não|no)\s+(?:é|es|está|se)\b|(?:is|are|ist|wird|est|n['’]est|è)?\s*(?:not\b|nicht\b|pas\b|never\s+(?:valid|allowed|accepted|used|sent|possible|permitted|taken|returned|shown)\b|invalid|illegal|refused|rejected|forbidden|disallowed|an?\s+error|too\s+(?:small|large|many|few|low|high|much)))",
    )
});

/// Zero, or a number below it, at the head of a clause of its own, or behind a word for such a case: "1 to 5, 0 s'il n'y a pas
/// encore d'avis", "unrated: 0". Beside bounds that it lies outside of, it can only be a case apart.
static BESIDE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)(?:[,;(.:，；（]\s*|\s-\s+|\s[–—]\s*)(?:(?:or|ou|oder|o|oppure|of|either|bzw\.)\s+)?\**(?P<number>0|-\d+)\**(?P<rest>\s+[^\d\s.;,][^.;]*|\s*(?:[.;)]|$))",
    )
});
/// What a default is called.
static DEFAULT: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:default\w*|défaut|standard(?:wert|mäßig)?|vorgabe|voreinstellung|padrão|defecto|predeterminad\w+|predefinit\w+|initial\w*|starts?|min\w*|max\w*|least|most|from|between|von|de|entre|example|e\.g|beispiel|exempl\w+|ejemplo)\b|默认|最|例",
    )
});

/// The words of the clause before a place.
fn last_words(lead: &str) -> &str {
    lead.rsplit(['.', ';', ',', '(']).next().unwrap_or_default()
}

/// True for a number that begins a range, has a unit, or is one that something starts with.
fn is_of_range(rest: Option<Match<'_>>) -> bool {
    static RANGE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?xi)^\s*(?:-|–|—|\.|…|to|through|up|bis|à|a|até|hasta|and|und|et|e|y|by\s+default|(?:is\s+)?the\s+default|par\s+défaut|als\s+standard|por\s+(?:padrão|defecto))\s*(?:[-\d(]|$|[,;.)])|^\s*(?:%|°|(?:by\s+default|par\s+défaut|por\s+(?:padrão|defecto)|default)\b)",
        )
    });
    rest.is_some_and(|rest| RANGE.is_match(rest.as_str()))
}

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
    let flat = &numbers.flat;
    let beside = BESIDE.captures_iter(flat).filter(|found| {
        let start = found.get(0).map_or(0, |it| it.start());
        let lead = flat.get(..start).unwrap_or_default();
        let is_labelled = found
            .get(0)
            .is_some_and(|it| it.as_str().starts_with([':', '：']));
        let is_default = is_labelled && DEFAULT.is_match(last_words(lead));
        !is_default && !is_of_range(found.name("rest"))
    });
    let found = SPECIAL.captures_iter(flat).chain(beside);
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
