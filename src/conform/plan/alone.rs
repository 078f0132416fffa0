//! Updates of one member of several: all others are to stay.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, Role};
use crate::conform::pattern::pattern;

use super::draft::Draft;
use super::input::Input;

/// The members that are sent alone: the first and the last one of the example, so that each of its members is left out once.
///
/// The example of a single member is such an update itself; then it is another text.
///
/// What only goes along with a change is never sent alone; `texts` are what the page says.
pub(super) fn members<'i>(
    role: &Role,
    inputs: &'i [Input],
    base: &Draft,
    texts: &[String],
) -> Vec<&'i Input> {
    if role.kind != Kind::Update {
        return Vec::new();
    }
    let shown: Vec<&Input> = inputs.iter().filter(|it| is_sent(it, base)).collect();
    let is_change = |it: &&Input| !goes_along(it) && !texts.iter().any(|text| is_about(text, it));
    let sent: Vec<&Input> = shown.iter().copied().filter(is_change).collect();
    match sent.as_slice() {
        [] => Vec::new(),
        [only] if shown.len() > 1 => vec![only],
        [_] => {
            let mut others = inputs.iter();
            let other = others.find(|it| {
                it.is_root_member()
                    && is_change(it)
                    && base.value(it).is_none()
                    && it.is_free_text()
                    && !it.is_reference()
                    && !it.deprecated
            });
            other.into_iter().collect()
        }
        [first, .., last] => vec![first, last],
    }
}

/// The request with that member alone; none if something else has to be in it.
pub(super) fn draft(
    inputs: &[Input],
    base: &Draft,
    member: &Input,
    value: &Value,
) -> Option<Draft> {
    let mut draft = base.clone();
    for other in inputs.iter().filter(|it| is_sent(it, base)) {
        if other.steps != member.steps {
            draft.set(other, None);
        }
    }
    draft.set(member, Some(value));
    draft
        .content()
        .is_some_and(|sent| sent.len() == 1)
        .then_some(draft)
}

/// True for a member that changes nothing by itself: "Not enough by itself", `change_note`, `expected_version`.
fn goes_along(input: &Input) -> bool {
    const NAMES: &[&str] = &[
        "reason",
        "changenote",
        "changelog",
        "changemessage",
        "commitmessage",
        "editsummary",
        "updatenote",
        "dryrun",
        "force",
        "notify",
    ];
    let name = letters(&input.name);
    NAMES.iter().any(|it| name.ends_with(it))
        || name.starts_with("expected")
        || name.starts_with("notify")
        || needs_company(&input.description)
}

/// True for a sentence that says of a member that it may not come alone.
fn is_about(text: &str, input: &Input) -> bool {
    text.contains(&format!("`{}`", input.name)) && needs_company(text)
}

fn needs_company(text: &str) -> bool {
    static ALONE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)(?:\b(?:not|cannot|never|no|nothing|refused|rejected)\b|n['’]t\b|`4\d\d`)[^.;]*\b(?:by\s+itself|on\s+its\s+own|alone|without\s+(?:another|any\s+other|other)\b)
            | \b(?:by\s+itself|on\s+its\s+own|alone)\b[^.;]*\b(?:not|n['’]t|never|no|nothing|refused|rejected|`4\d\d`)(?:\W|$)
            | \bonly\s+(?:together|along|in\s+combination)\s+with\b | \bat\s+least\s+one\s+other\b
            | \b(?:must|has\s+to|have\s+to|needs?\s+to)\s+(?:come|be\s+(?:sent|given))\s+(?:together|along)\s+with\b
            | \b(?:does|do)(?:\s+not|n['’]t)\s+count\s+as\s+(?:a\s+|an\s+)?(?:change|update)\b",
        )
    });
    ALONE.is_match(text)
}

fn is_sent(input: &Input, base: &Draft) -> bool {
    input.is_root_member() && base.value(input).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_what_only_goes_along_with_a_change() {
        for text in [
            "Why the shelf was moved. Not enough for an update by itself.",
            "Cannot be sent alone.",
            "A message for the log; on its own it is refused.",
            "Only together with another member.",
            "It must be sent along with at least one of the others.",
            "Does not count as a change.",
        ] {
            assert!(needs_company(text), "{text}");
        }
        for text in [
            "The name of the shelf.",
            "May be changed alone, or with others.",
            "Not longer than 80 characters.",
        ] {
            assert!(!needs_company(text), "{text}");
        }
    }

    #[test]
    fn a_note_about_a_change_is_not_sent_alone() {
        let page = "---\napi: PATCH /shelves/{shelf_id}\n---\n\n<ParamField path=\"shelf_id\" type=\"string\" required />\n<ParamField body=\"label\" type=\"string\" />\n<ParamField body=\"room\" type=\"string\" />\n<ParamField body=\"remark\" type=\"string\">For the log. Not a change on its own.</ParamField>\n\n<RequestExample>\n```bash\ncurl -X PATCH https://api.example.com/shelves/s_1 -d '{\"label\": \"A\", \"room\": \"R1\", \"remark\": \"moved\"}'\n```\n</RequestExample>\n";
        let create = "---\napi: POST /shelves\n---\n\n<ResponseField name=\"id\" type=\"string\" required />\n";
        let (_, documentation) = crate::conform::tests::documentation("", &[page, create]);
        let bindings = crate::conform::bindings::Bindings::default();
        let plan = crate::conform::tests::planned(&documentation, &bindings);
        let operations = &documentation.api.operations;
        let at = operations
            .iter()
            .position(|it| it.endpoint.value.method == "PATCH");
        let at = at.unwrap();
        let inputs = crate::conform::plan::input::inputs(&operations[at]);
        let item = plan.items.iter().find(|it| it.operation == at).unwrap();
        let found = members(&plan.roles[at], &inputs, &item.draft, &[]);
        let names: Vec<_> = found.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["label", "room"]);
    }
}
