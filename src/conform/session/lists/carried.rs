//! Lists of what other things carry, such as tags: each item says how many of the others have it. "Number of articles with
//! this tag."

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::Kind;
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::said::{listed, totals};

use super::pages::{List, Walk};
use crate::conform::session::Session;

impl Session<'_, '_> {
    /// The numbers that items say of others which carry them are those of the list of the others.
    pub(super) fn check_carried(&mut self, list: &List<'_>, all: &Walk) {
        let fields = self.fields_of(list.index);
        let told = fields.into_iter().find_map(|field| {
            let (noun, is_of_all) = carriers(&field.description, &list.noun)?;
            Some((field, noun, is_of_all))
        });
        let (Some((field, word, is_of_all)), Some(at)) = (told, all.exchanges.first().copied())
        else {
            return;
        };
        let roles = self.plan.roles.iter().enumerate();
        let mut roles = roles.filter(|(index, role)| {
            role.kind == Kind::List
                && totals::is_same(&role.noun, &word)
                && self.accepted.contains_key(index)
        });
        let Some(others) = roles.next().and_then(|(index, _)| self.list(index)) else {
            return;
        };
        let is_narrowed = others.is_narrowed() || listed::leaves_some_out(others.operation);
        if is_narrowed || !others.parents().is_empty() || !list.parents().is_empty() {
            return;
        }
        let Some(items) = self.everything(others.index) else {
            return;
        };
        let held: Vec<Vec<String>> = items.iter().map(|it| carried(it, &list.noun)).collect();
        let count = |name: &str| {
            held.iter()
                .filter(|it| it.iter().any(|held| held == name))
                .count()
        };
        let member = &field.name.value;
        let keys = ["name", "slug", "id", "key", "code", "title", "label"];
        let key = keys.into_iter().find(|key| {
            let mut names = all.items.iter().filter_map(|it| it.get(*key)?.as_str());
            names.any(|name| count(name) > 0)
        });
        let Some(key) = key else {
            return;
        };
        let wrong = all.items.iter().find_map(|item| {
            let name = item.get(key)?.as_str()?;
            let said = item.get(member)?.as_u64()?;
            let right = count(name) as u64;
            (said != right).then(|| (name.to_owned(), said, right))
        });
        let Some((name, said, right)) = wrong else {
            return;
        };
        let message = format!(
            "{} says `{member}` {said} of `{name}`, and {right} of the {word} have it",
            list.operation.name()
        );
        let subject = format!("{}[].{member}", list.subject());
        let found = Found::about(&state::WRONG_COUNT, subject, message)
            .promised_at(Some(field.open))
            .seen(right.to_string(), said.to_string())
            .weak_if(!is_of_all);
        self.found(at, &list.noun, &format!("carried {member}"), found);
    }
}

/// What carries things of a noun, and whether all of them count, whatever they are.
fn carriers(text: &str, noun: &str) -> Option<(String, bool)> {
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:the\s+)?(?:total\s+)?(?:(?:number|count)\s+of|how\s+many)\s+(?:all\s+)?(?P<others>\w+s)\s+(?:with|that\s+(?:have|carry|use)|which\s+(?:have|carry|use)|have|carry|use|using|in|under)\s+(?:this|the|that)\s+(?P<noun>\w+)\s*(?P<rest>[^.;]*)",
        )
    });
    static ALL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^,?\s*(?:whatever|no\s+matter|regardless|irrespective|in\s+(?:any|every)|of\s+(?:any|every)|drafts?\s+(?:included|too)|including)\b",
        )
    });
    let found = COUNT.captures(text)?;
    if !totals::is_same(found.name("noun")?.as_str(), noun) {
        return None;
    }
    let rest = found.name("rest").map_or("", |it| it.as_str()).trim();
    let is_of_all = ALL.is_match(rest);
    let others = found.name("others")?.as_str().to_lowercase();
    (rest.is_empty() || is_of_all).then_some((others, is_of_all))
}

/// What an item carries of a noun: the texts below `tags`, `tag`, or `tag_id`.
fn carried(item: &Value, noun: &str) -> Vec<String> {
    let members = item.as_object().into_iter().flatten();
    let is_it = |name: &str| {
        let name = letters(name);
        let name = ["ids", "id", "names", "name", "slugs", "slug"]
            .iter()
            .find_map(|end| name.strip_suffix(end).map(str::to_owned))
            .unwrap_or(name);
        !name.is_empty() && totals::is_same(&name, noun)
    };
    let held = members.filter(|(name, _)| is_it(name));
    held.flat_map(|(_, value)| texts(value)).collect()
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => {
            let names = ["name", "slug", "id", "key"].iter();
            let held = names.filter_map(|name| members.get(*name)?.as_str());
            held.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_count_what_carries_an_item() {
        let of = |text: &str| carriers(text, "label");
        assert_eq!(
            of("Number of photos with this label, whatever their state."),
            Some(("photos".to_owned(), true))
        );
        assert_eq!(
            of("How many photos have this label."),
            Some(("photos".to_owned(), false))
        );
        assert_eq!(
            of("Number of photos with this label that are public."),
            None
        );
        assert_eq!(of("Number of photos in this album."), None);
    }

    #[test]
    fn items_carry_texts_and_objects() {
        assert_eq!(
            carried(&json!({"labels": ["sea", "sun"]}), "label"),
            ["sea", "sun"]
        );
        assert_eq!(
            carried(&json!({"label_id": "l_1", "id": "p_1"}), "label"),
            ["l_1"]
        );
        assert_eq!(
            carried(&json!({"labels": [{"name": "sea"}]}), "label"),
            ["sea"]
        );
    }
}
