//! An example shows `null` where neither type nor text of the field allows it.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::shape::{Mismatch, MismatchKind, Step};
use crate::model::{Evidence, Origin};

use super::comparison::{Comparison, Shown};
use super::{failing, renaming};

pub(super) static RULE: Rule = Rule {
    name: "example-null",
    severity: Severity::Warning,
    summary: "an example shows `null` for a member that is not documented as nullable",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // Where something failed there is nothing to show.
    let is_shown = |example: &Shown<'_>| !failing::is_failure(comparison, example);
    for (example, mismatch) in comparison.mismatches_of(MismatchKind::Null, is_shown) {
        // What no field documents by itself says nothing of `null`.
        let is_implied = |evidence: Evidence| evidence.origin == Origin::Inferred;
        if !mismatch.evidence.is_some_and(is_implied) {
            diagnostics.push(of_one(comparison, example, mismatch));
        }
    }
}

fn of_one(comparison: &Comparison<'_>, example: &Shown<'_>, null: &Mismatch) -> Diagnostic {
    let path = null.path.subject();
    let message = format!(
        "{} is documented as {} and shown as null",
        comparison.name(&path),
        null.expected
    );
    // A key of the server's choice may stand for nothing, beside others that do not.
    let is_entry = matches!(null.path.0.last(), Some(Step::Entry(_)));
    let severity = if is_entry || is_conditional(comparison, &path) {
        Severity::Info
    } else {
        RULE.severity
    };
    let diagnostic = Diagnostic::new(&RULE, example.span(&null.range), message)
        .severity(severity)
        .label("null here")
        .help(format!(
            "write the type as `{} | null` if it can be null",
            null.expected
        ))
        .subject(comparison.subject(&path))
        .cause(
            Cause::on_page(comparison.side())
                .of(
                    comparison.name(&path),
                    "{} are shown as null, and not documented as nullable",
                    "write the types as `… | null` for those that can be null",
                )
                .across(comparison.side()),
        );
    match null.evidence {
        Some(evidence) => diagnostic.related(evidence.span, format!("{} here", null.expected)),
        None => diagnostic,
    }
}

/// True if the field is called optional, or if its text states a condition, or that there may be nothing: then `null` may
/// stand for its absence.
fn is_conditional(comparison: &Comparison<'_>, path: &str) -> bool {
    let Some(field) = comparison.field(path) else {
        return false;
    };
    let stated = field.required.as_ref().or(field.prose.required.as_ref());
    let text = field.description.trim_start();
    stated.is_some_and(|required| !required.value)
        || is_for_some(text)
        || says_none(text)
        || says_when(text)
        || is_often_absent(field.name.value.trim())
        || is_likewise(text) && is_below_nullable(comparison, path)
}

/// True for a text that says of a field what another one says of itself: "Likewise", "Ditto".
fn is_likewise(text: &str) -> bool {
    const WORDS: [&str; 18] = [
        "likewise",
        "same",
        "the same",
        "ditto",
        "as above",
        "see above",
        "like",
        "see",
        "as",
        "ebenso",
        "wie",
        "dito",
        "ídem",
        "idem",
        "igual",
        "de même",
        "同上",
        "同様",
    ];
    const LONGEST: usize = 40;
    let lower = text.trim().to_lowercase();
    let starts = |word: &str| {
        let rest = lower.strip_prefix(word);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphabetic) || word.len() > 5)
    };
    lower.chars().count() < LONGEST && WORDS.iter().any(|word| starts(word))
}

/// True if the text of the field right above says that it may be `null`.
fn is_below_nullable(comparison: &Comparison<'_>, path: &str) -> bool {
    let above = comparison.fields.above(path);
    above.is_some_and(|it| it.description.to_lowercase().contains("null"))
}

/// Words of conditions, of times, and of what there may not be, in the languages that pages are written in.
const WORDS: [&str; 89] = [
    "if",
    "when",
    "unless",
    "only",
    "empty",
    "blank",
    "unset",
    "absent",
    "once",
    "later",
    "until",
    "undefined",
    "unknown",
    "unavailable",
    "cleared",
    "nil",
    "none",
    "nothing",
    "no",
    "soon",
    "after",
    "follows",
    "needs",
    "pending",
    "still",
    "without",
    "except",
    "yet",
    "comes",
    "wenn",
    "falls",
    "leer",
    "sobald",
    "erst",
    "nach",
    "später",
    "nicht",
    "nur",
    "ohne",
    "außer",
    "sofern",
    "se",
    "quando",
    "vazio",
    "vazia",
    "assim",
    "depois",
    "exceto",
    "apenas",
    "si",
    "cuando",
    "vacío",
    "vacía",
    "solo",
    "sólo",
    "salvo",
    "tras",
    "luego",
    "después",
    "vide",
    "sauf",
    "dès",
    "échéant",
    "uniquement",
    "seulement",
    "lorsque",
    "tard",
    "après",
    "hormis",
    "tom",
    "tomt",
    "leeg",
    "indien",
    "alleen",
    "zodra",
    "vuoto",
    "vuota",
    "soltanto",
    "dopo",
    "appena",
    "если",
    "только",
    "после",
    "når",
    "om",
    "kun",
    "bara",
    "endast",
    "якщо",
];

/// The same in languages that put no spaces between words.
const SIGNS: [&str; 16] = [
    "如有",
    "完成后",
    "后返回",
    "稍后",
    "仅",
    "无",
    "未",
    "失败时",
    "时返回",
    "場合",
    "のみ",
    "空",
    "경우",
    "없",
    "若",
    "如果",
];

/// True if the text has a word of a condition, of a time that may not have come, or of what there may not be.
fn says_when(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|word| WORDS.contains(&word) || word == "il" && lower.contains("s'il"))
        || SIGNS.iter().any(|it| lower.contains(it))
        || lower.contains(", where ")
        || lower.contains("from ") && lower.trim_end_matches('.').ends_with(" on")
}

/// True for the name of what is often not there: `next_cursor`, `deleted_at`, `errorMessage`, `parent_id`.
fn is_often_absent(name: &str) -> bool {
    const FIRST: [&str; 13] = [
        "next",
        "prev",
        "previous",
        "parent",
        "error",
        "failure",
        "last",
        "deleted",
        "cancelled",
        "canceled",
        "middle",
        "coupon",
        "revoked",
    ];
    const THERE: [&str; 12] = [
        "created", "updated", "modified", "changed", "inserted", "issued", "sent", "received",
        "name", "made", "added", "start",
    ];
    let words = renaming::words(name.rsplit('.').next().unwrap_or(name));
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return false;
    };
    let is_moment = words.len() > 1 && last == "at" && !THERE.contains(&first.as_str());
    let is_name = words.len() > 1 && first == "last" && last == "name";
    is_moment
        || matches!(last.as_str(), "cursor" | "error")
        || FIRST.contains(&first.as_str()) && !is_name
}

/// True for a sentence that begins with what is not there: "Not known for old books.", "No value means no limit."
fn says_none(text: &str) -> bool {
    let mut sentences = text.split(['.', ';', '\n', '(']).map(str::trim_start);
    sentences.any(|sentence| {
        let first = sentence.split(|c: char| !c.is_alphanumeric()).next();
        first.is_some_and(|first| {
            ["no", "not"]
                .iter()
                .any(|it| it.eq_ignore_ascii_case(first))
        })
    })
}

/// True for "For teams of the league, …" and "… (for teams of the league)": not every object has it.
fn is_for_some(text: &str) -> bool {
    let first = text.split(['.', '\n']).next().unwrap_or_default();
    let is_start = first
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("for "));
    let mut notes = text.split("(for ").skip(1);
    let is_short = first.split_whitespace().count() < 4;
    is_start && (first.contains(',') || is_short)
        || notes.any(|note| !note.starts_with("example") && !note.starts_with("instance"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_names_are_of_what_is_often_not_there() {
        for name in [
            "next_cursor",
            "prevPage",
            "deleted_at",
            "endedAt",
            "lastError",
            "parent_id",
        ] {
            assert!(is_often_absent(name), "{name}");
        }
        for name in [
            "created_at",
            "last_name",
            "lastName",
            "name",
            "format",
            "at",
        ] {
            assert!(!is_often_absent(name), "{name}");
        }
    }

    #[test]
    fn texts_say_when_there_is_nothing() {
        for text in [
            "As soon as there is one",
            "Sobald bekannt",
            "From the second day on",
            "结束日期（如有）",
        ] {
            assert!(says_when(text), "{text}");
        }
        for text in ["Name of the book", "Summe", "名称"] {
            assert!(!says_when(text), "{text}");
        }
    }
}
