//! Values in code that are none of the field's own: in the conditions of its values, and of the things that it is about.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::model::build::pattern::{Pattern, pattern};
use crate::model::build::prose::passage::Text;
use crate::model::types::Type;

use super::TOKEN;

/// A text without the conditions of single values in brackets, which may name values, too: "`packed` (from `open` only) or
/// `void` (if it is `open` or `held`)".
pub(super) fn without_conditions(text: &Text) -> Cow<'_, Text> {
    static CONDITION: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i){TOKEN}\**\s*(?P<all>\((?:from|only|if|when(?:ever)?|once|while|after|before|until|unless|for|with|in|on|needs?|requires?|wenn|nur|falls|von|aus|desde|si|se|cuando|quando|solo|apenas)\b[^()]*\))"
        ))
    });
    let conditions = CONDITION.captures_iter(&text.flat);
    let conditions: Vec<_> = conditions
        .filter_map(|found| Some(found.name("all")?.range()))
        .filter(|range| !text.tokens_in(range).is_empty())
        .collect();
    if conditions.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.blanked(&conditions))
}

/// True for a list behind words that say which other things the value is about: "the number of orders that are `open` or `held`",
/// "the ids of orders that are `open`".
pub(super) fn is_of_others(kind: &Type, before: &str) -> bool {
    static RELATIVE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)(?P<of>\b(?:of|for|with|by)\s+(?:[\w-]+\s+){1,4})?\b(?:that|which|who)\s+are(?:\s+either)?\s*$",
        )
    });
    let is_plain = matches!(kind, Type::Boolean | Type::Integer(_) | Type::Number(_));
    let found = RELATIVE.captures(before);
    found.is_some_and(|found| is_plain || found.name("of").is_some())
}
