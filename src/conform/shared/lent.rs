//! Inputs that are those of another operation: "Like in [new poll](/polls/new)", or nothing at all on the page of an update. What
//! the create says of a value holds for them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::conform::chain::{self, Kind};
use crate::conform::pattern::pattern;
use crate::model::shape::{Constraints, Shape, ShapeKind};
use crate::model::{Api, Field, Operation};

/// What a field says, and what its shape says.
type Told = (Field, Shape);

/// Gives the inputs of updates what the create of the same things says of them.
pub(super) fn give(api: &mut Api) {
    let roles = chain::roles(api);
    let mut creates: BTreeMap<String, Option<Vec<Told>>> = BTreeMap::new();
    for (operation, role) in api.operations.iter().zip(&roles) {
        if role.kind == Kind::Create {
            let known = creates.contains_key(&role.noun);
            // Of two creates nobody knows which is meant.
            let told = (!known).then(|| inputs(operation));
            creates.insert(role.noun.clone(), told);
        }
    }
    for (operation, role) in api.operations.iter_mut().zip(&roles) {
        let told = creates.get(&role.noun).and_then(Option::as_ref);
        let (Some(told), Kind::Update, Some(body)) = (told, role.kind, &mut operation.body) else {
            continue;
        };
        let ShapeKind::Object { members, .. } = &mut body.shape.kind else {
            continue;
        };
        for field in &mut body.fields {
            let name = &field.name.value;
            let member = members.iter_mut().find(|it| it.name == *name);
            let known = told.iter().find(|(it, _)| it.name.value == *name);
            if let (Some(member), Some((other, shape)), true) = (member, known, is_silent(field)) {
                lend(field, &mut member.shape, other, shape);
            }
        }
    }
}

/// The members of the body of a create, each with its shape.
fn inputs(operation: &Operation) -> Vec<Told> {
    let Some(body) = &operation.body else {
        return Vec::new();
    };
    let members = body.shape.members();
    let fields = body.fields.iter().filter_map(|field| {
        let member = members.iter().find(|it| it.name == field.name.value)?;
        Some((field.clone(), member.shape.clone()))
    });
    fields.collect()
}

/// True for a field that says nothing, or nothing but where more is said: "As in [create a book](/create)."
fn is_silent(field: &Field) -> bool {
    static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:just\s+)?(?:as|like|see|same\s+as|the\s+same\s+as|cf\.?)\s+(?:for\s+|in\s+|on\s+|with\s+|when\s+|under\s+|at\s+|the\s+one\s+of\s+)?[^.;:]{2,48}(?:[.;]|$)",
        )
    });
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:as|like)\s+(?:you|long|soon|far|needed|usual|many|few|is|it|this|that|`)",
        )
    });
    let text = field.description.trim();
    text.is_empty() || ELSEWHERE.is_match(text) && !OTHER.is_match(text)
}

/// Gives an input what another one of the same kind says.
fn lend(field: &mut Field, shape: &mut Shape, other: &Field, lent: &Shape) {
    static DEFAULT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)[^.;]*\b(?:defaults?|left\s+out|omitted)\b[^.;]*[.;]?"));
    let is_alike = std::mem::discriminant(&shape.kind) == std::mem::discriminant(&lent.kind);
    let is_bound = *shape.constraints != Constraints::default();
    if !is_alike || is_bound {
        return;
    }
    shape.constraints = lent.constraints.clone();
    if let (ShapeKind::Array(own), ShapeKind::Array(items)) = (&mut shape.kind, &lent.kind) {
        let is_same = std::mem::discriminant(&own.kind) == std::mem::discriminant(&items.kind);
        if is_same && *own.constraints == Constraints::default() {
            own.constraints = items.constraints.clone();
        }
    }
    // Defaults are those of creates.
    let words = DEFAULT.replace_all(&other.description, "");
    let own = field.description.trim();
    field.description = format!("{own} {}", words.trim()).trim().into();
}

#[cfg(test)]
mod tests {
    use crate::conform::tests::documentation;

    fn lent(create: &str, update: &str) -> (Option<u64>, String) {
        let create = format!("---\napi: POST /books\n---\n\n{create}\n");
        let update = format!("---\napi: PATCH /books/{{book_id}}\n---\n\n{update}\n");
        let (_, mut documentation) = documentation("", &[&create, &update]);
        crate::conform::shared::spread(&mut documentation.api);
        let body = documentation.api.operations[1].body.as_ref().unwrap();
        let member = &body.shape.members()[0];
        let most = member.shape.constraints.max_length.as_ref();
        (most.map(|it| it.value), body.fields[0].description.clone())
    }

    #[test]
    fn updates_that_say_nothing_of_a_value_take_those_of_the_create() {
        let create = "<ParamField body=\"title\" type=\"string\">Up to 80 characters. Empty by default.</ParamField>";
        for text in [
            "",
            "Like in [new book](/new)",
            "As in [Create a book](/create).",
            "See [new book](/new).",
            "Same as for [a new book](/new); `null` removes it",
        ] {
            let update = format!("<ParamField body=\"title\" type=\"string\">{text}</ParamField>");
            let (most, words) = lent(create, &update);
            assert_eq!(most, Some(80), "{text}");
            assert!(!words.contains("default"), "{words}");
        }
        for text in [
            "The title.",
            "At most 20 characters, like others.",
            "As you like it.",
            "As long as needed.",
        ] {
            let update = format!("<ParamField body=\"title\" type=\"string\">{text}</ParamField>");
            assert_ne!(lent(create, &update).0, Some(80), "{text}");
        }
        let number = "<ParamField body=\"title\" type=\"integer\" />";
        assert_eq!(lent(create, number).0, None);
    }
}
