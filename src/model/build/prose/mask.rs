//! Notations that are shown place by place: "`MM/YY`", "in the format dd.mm.yyyy", "`key_` followed by 24 characters".

use std::sync::LazyLock;

use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::Fact;
use crate::model::numerals::numeral;
use crate::model::types::{CharacterClass, Format, Mask};

use super::format::{self, NOTATION_IN_TEXT};
use super::passage::{Text, Written};

const UNIT: &str = r"(?:y{4}|y{2}|a{4}|j{4}|j{2}|m{2}|d{2}|t{2}|h{2}|s{2})";

static DATE: LazyLock<Pattern> =
    LazyLock::new(|| pattern(&format!(r"(?i)\b{UNIT}(?:(?:[-/.:_\s]|,\s)?T?{UNIT})+\b")));
static GROUPS: LazyLock<Pattern> = LazyLock::new(|| pattern(r"\bXX+(?:[-./\s]XX+)+\b"));
/// What may stand before groups of `X`.
static LEAD: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|[.;:(]\s*)(?:(?:in|with|has|of|as)\s+)?(?:the\s+)?(?:(?:form|format|notation|pattern)\s*:?\s*)?$|\b(?:form|format|notation|pattern)\s*:?\s*$",
    )
});
/// What may follow a notation: nothing that makes it longer, or one of several.
static END: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)^(?:$|[\s]*[);\]\n!?] | [.,:](?:\s|$) | \s+(?:$|\(|[-–—]\s|(?:format(?:ted)?|notation|form|string|date|only|e\.\s?g|for\s+example|such\s+as|like|of|in\s+(?:utc|local)|utc|required|optional)\b))",
    )
});

/// "`#RRGGBB`", with the letters of red, green, and blue.
static COLOR: LazyLock<Pattern> = LazyLock::new(|| pattern(r"(?i)#RRGGBB\b"));

/// The notations that a text shows; `written` is the text with short code in it.
pub(super) fn read(text: &Text, written: &Written) -> Vec<Fact<Format>> {
    let mut found = shown(text, written, &DATE, Mask::of_date, |_| true);
    let groups = shown(text, written, &GROUPS, Mask::of_groups, |before| {
        LEAD.is_match(before)
    });
    found.extend(groups);
    found.extend(behind_beginning(text));
    let color = |_: &str| Some(Mask::of_beginning("#", CharacterClass::Hex, 6));
    found.extend(shown(text, written, &COLOR, color, |_| true));
    found.extend(hexadecimal(text));
    found
}

fn shown(
    text: &Text,
    written: &Written,
    notation: &Pattern,
    mask: impl Fn(&str) -> Option<Mask>,
    is_led: impl Fn(&str) -> bool,
) -> Vec<Fact<Format>> {
    let flat = &written.flat;
    let facts = notation.find_iter(flat).map(|found| {
        let before = flat.get(..found.start())?;
        let after = flat.get(found.end()..)?;
        // The full stop of "`DD.MM.`" is a part of it.
        let is_short = found.as_str().contains('.') && found.as_str().ends_with(['M', 'm']);
        let is_longer = before.ends_with(['-', '/', '.', ':', '_', '+', '#'])
            || is_short && after.starts_with('.');
        if is_longer || !is_led(before) || !END.is_match(after) || !format::is_only(before, after) {
            return None;
        }
        let format = Format::Mask(Box::new(mask(found.as_str())?));
        let span = text.span(&written.range(&found.range()))?;
        Some(Fact::new(format, span, &NOTATION_IN_TEXT))
    });
    // One of several notations that the text shows is none.
    facts.collect::<Option<_>>().unwrap_or_default()
}

/// "`key_` followed by 24 characters", "`P` and 6 digits".
fn behind_beginning(text: &Text) -> Option<Fact<Format>> {
    const LONGEST: usize = 16;
    static BEHIND: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?xi)(?:^|[.;:]\s+)\s*(?:(?:always|it)\s+)*(?:(?:starts?|starting|begins?|beginning)\s+with\s+)?(?P<token>[\x{E000}\x{E001}])
            \s*,?\s*(?:followed\s+by|then|and|plus|\+|with)\s+(?:exactly\s+)?(?P<count>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|twelve|sixteen|twenty)\s+
            (?:(?:random|more|lower-?case|upper-?case|capital)\s+)*(?P<class>letters\s+(?:or|and)\s+(?:digits|numbers|figures)|(?:digits|numbers|figures)\s+(?:or|and)\s+letters|alphanumeric\s+characters|hex(?:adecimal)?\s+(?:digits|characters)|digits|figures|numbers|letters|characters|chars)\s*(?:$|[.,;)])",
        )
    });
    let found = BEHIND.captures(&text.flat)?;
    let token = text.tokens_in(&found.name("token")?.range()).first()?;
    let is_literal = token.text.len() <= LONGEST
        && token.text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b':' | b'.' | b'#')
        });
    let (_, after) = text.around(&found.get(0)?.range());
    if !is_literal || !format::is_only("", after) {
        return None;
    }
    let count = found.name("count")?.as_str().to_ascii_lowercase();
    let count = numeral(&count).or_else(|| count.parse().ok())?;
    if count == 0 {
        return None;
    }
    let class = found.name("class")?.as_str().to_ascii_lowercase();
    let class = match class.as_str() {
        "digits" | "figures" | "numbers" => CharacterClass::Digits,
        "letters" => CharacterClass::Letters,
        "characters" | "chars" => CharacterClass::Any,
        class if class.starts_with("hex") => CharacterClass::Hex,
        _ => CharacterClass::Alphanumeric,
    };
    let mask = Mask::of_beginning(&token.text, class, count as usize);
    let format = Format::Mask(Box::new(mask));
    Some(Fact::new(format, token.span, &NOTATION_IN_TEXT))
}

/// "40 hexadecimal digits": how many they are is a length.
fn hexadecimal(text: &Text) -> Option<Fact<Format>> {
    static HEX: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?xi)(?:^|[.;:,(]\s*|\b(?:exactly|of|as|the)\s+)(?P<what>\d{1,3}\s+(?:(?:random|lower-?case|upper-?case)\s+)?hex(?:adecimal)?\s+(?:digits|characters|chars))\b(?P<after>[^.;]*)",
        )
    });
    let found = HEX.captures(&text.flat)?;
    let what = found.name("what")?.range();
    let after = found.name("after").map_or("", |after| after.as_str());
    let (before, _) = text.around(&what);
    // "`sha256:` and the digest as 64 hexadecimal digits": they are a part of the value.
    let is_led = before.contains(['\u{E000}', '\u{E001}']);
    (!is_led && format::is_only(before, after))
        .then(|| Some(Fact::new(Format::Hex, text.span(&what)?, &NOTATION_IN_TEXT)))?
}

#[cfg(test)]
mod tests {
    use crate::model::build::prose::tests::facts_of;
    use crate::model::types::Format;

    /// The notation that a text states for a field of that name.
    fn notation(name: &str, text: &str) -> Option<String> {
        let format = facts_of(name, "string", text).format?;
        Some(match format.value {
            Format::Mask(mask) => mask.name().to_owned(),
            other => format!("={other}"),
        })
    }

    #[test]
    fn letters_show_what_stands_where() {
        for (text, expected) in [
            ("`MM/YY`", "MM/YY"),
            (
                "Month as `YYYY-MM`. The current one is not ready yet.",
                "YYYY-MM",
            ),
            (
                "When it arrived (dd.mm.yyyy hh:mm:ss). Empty until then.",
                "dd.mm.yyyy hh:mm:ss",
            ),
            ("`yyyymmdd`, e.g. 20260201", "yyyymmdd"),
            ("Day of the visit, in format dd/mm/aaaa.", "dd/mm/aaaa"),
            ("Opening time in HH:mm format", "HH:mm"),
            ("Lieferdatum (TT.MM.JJJJ)", "TT.MM.JJJJ"),
            ("Code of the voucher. Format XXXX-XXXX", "XXXX-XXXX"),
            (
                "`key_` followed by 24 characters.",
                "`key_` and 24 characters",
            ),
            ("Starts with `P` and six digits", "`P` and 6 digits"),
            ("Name of the commit, 40 hexadecimal digits.", "=hex"),
            (
                "Colour of the bar: `#` and six hexadecimal digits.",
                "`#` and 6 hexadecimal digits",
            ),
            (
                "Colour as `#RRGGBB`, with six hexadecimal digits in either case.",
                "`#` and 6 hexadecimal digits",
            ),
            (
                "The ID of the shelf: `shf_` and 16 lowercase letters and digits.",
                "`shf_` and 16 letters or digits",
            ),
        ] {
            assert_eq!(notation("field", text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn notations_among_others_state_nothing() {
        for text in [
            "`MM/YY` or `MM/YYYY`",
            "Date in dd/mm/yyyy or yyyy-mm-dd.",
            "Either HH:mm or HH:mm:ss",
            "Time as HH:mm:ss.SSS",
            "Time as hh:mm a",
            "A range such as `YYYY-MM/YYYY-MM`",
            "Supports yyyymmdd, too",
            "The prefix of the file, such as `YYYY-MM`",
            "Call +1-XXX-XXX-XXXX.",
            "`#RRGGBB` or a name",
            "`key_` and 24 characters or more",
            "Ends in `x` and 2 digits",
            "At least 8 hex characters",
            "Add the mm and dd of the day",
            "`md5:` and the digest of the file as 32 hexadecimal digits",
        ] {
            assert_eq!(notation("field", text), None, "{text}");
        }
        assert_eq!(notation("date_format", "`MM/YY`"), None);
    }
}
