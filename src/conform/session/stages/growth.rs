//! Requests that leave one more behind in a list of what they are about, and those that bring an earlier state back.

use serde_json::Value;

use crate::conform::chain::{Kind, split};
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::input;
use crate::conform::plan::{Item, Variant, sample};
use crate::conform::said::{outcomes, promises};

use crate::conform::session::Session;

/// A list before a request that adds to it.
pub(in crate::conform::session) struct Growing {
    list: usize,
    parent: (String, String),
    count: usize,
    ids: Vec<String>,
}

impl Session<'_, '_> {
    /// The list that a request adds one to, as it is before; nothing if the page says nothing of it.
    pub(in crate::conform::session) fn before_growth(
        &mut self,
        item: &Item,
        thing: Option<usize>,
    ) -> Option<Growing> {
        let known = self.store.things.get(thing?)?.clone();
        let operation = self.operation(item.operation)?;
        if !self.is_stateful() {
            return None;
        }
        let roles = self.plan.roles.iter().enumerate();
        let lists: Vec<(usize, String)> = roles
            .filter(|(_, role)| role.kind == Kind::List)
            .filter(|(_, role)| outcomes::adds_one(operation, &role.noun))
            .flat_map(|(index, role)| {
                let slots = role.slots.iter().filter(|slot| !slot.is_own);
                slots.map(move |slot| (index, slot.noun.clone()))
            })
            .collect();
        let own = (known.noun.clone(), known.key()?);
        let mut belongings = self.belongings(&known);
        belongings.push(own);
        let (list, parent) = lists.into_iter().find_map(|(index, noun)| {
            let parent = belongings.iter().find(|(of, _)| *of == noun)?;
            Some((index, parent.clone()))
        })?;
        let (count, ids) = self.count_of(list, &parent)?;
        Some(Growing {
            list,
            parent,
            count,
            ids,
        })
    }

    fn count_of(
        &mut self,
        index: usize,
        parent: &(String, String),
    ) -> Option<(usize, Vec<String>)> {
        let list = self.list_of(index, std::slice::from_ref(parent))?;
        let walk = self.walk(&list, list.largest(), &[])?;
        let ids = walk.ids(&list);
        walk.is_complete.then_some((walk.items.len(), ids))
    }

    /// There is one more afterwards, and all that was there before.
    pub(in crate::conform::session) fn check_growth(
        &mut self,
        at: usize,
        growing: Option<Growing>,
    ) {
        let Some(growing) = growing.filter(|_| self.has_succeeded(at)) else {
            return;
        };
        let Some((count, ids)) = self.count_of(growing.list, &growing.parent) else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let of = self
            .role(growing.list)
            .map(|role| role.noun.clone())
            .unwrap_or_default();
        let is_kept = growing
            .ids
            .iter()
            .all(|id| ids.contains(id) || id.starts_with('{'));
        if count == growing.count + 1 && is_kept {
            return;
        }
        let message = format!(
            "{} leaves {count} things in {}, where {} were, and the page says that it adds one {of}",
            operation.name(),
            self.name_of(growing.list),
            growing.count
        );
        let found = Found::about(&state::ACTION_WITHOUT_EFFECT, "endpoint", message)
            .seen(
                format!("{} items", growing.count + 1),
                format!("{count} items"),
            )
            .weak_if(true);
        self.found(at, &noun, &format!("{index} grows"), found);
    }

    /// Updates whose page says that they leave one more behind, such as a version.
    pub(in crate::conform::session) fn check_growing_updates(&mut self) {
        if !self.is_stateful() {
            return;
        }
        for (item, role) in self.accepted_of(Kind::Update) {
            let thing = self.store.first(&role.noun, true);
            let Some(growing) = self.before_growth(item, thing) else {
                continue;
            };
            let Ok(mut prepared) = self.prepared(item, thing) else {
                continue;
            };
            prepared.variant = Variant::Step("one more change");
            let Some(prepared) = self.as_change(prepared, thing) else {
                continue;
            };
            let Some(at) = self.exchange(prepared) else {
                return;
            };
            self.check_growth(at, Some(growing));
        }
    }

    /// The update with another text, if it sends what is there already; none if it has no such text.
    fn as_change(&self, item: Item, thing: Option<usize>) -> Option<Item> {
        let known = &self.store.things.get(thing?)?.object;
        let mut draft = item.draft.clone();
        if echo::is_change(known, &draft.content()?) {
            return Some(item);
        }
        let inputs = input::inputs(self.operation(item.operation)?);
        let mut texts = inputs
            .iter()
            .filter(|it| it.is_root_member() && it.is_free_text());
        let (input, text) = texts.find_map(|it| {
            let text = draft.value(it)?.as_str()?.to_owned();
            known.get(&it.name).map(|_| (it, text))
        })?;
        let is_set = draft.set(input, Some(&Value::from(format!("{text} again"))));
        is_set.then(|| Item::new(item.operation, item.variant, draft))
    }

    /// What brings an earlier state back brings back what was sent then.
    pub(in crate::conform::session) fn check_brought_back(&mut self, at: usize) {
        const WORDS: &[&str] = &["restore", "revert", "rollback"];
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let path = operation.endpoint.value.path.trim_end_matches('/');
        let verb = path.rsplit('/').next().unwrap_or_default().to_lowercase();
        let mut words = split(&verb).into_iter();
        let is_back = words.any(|word| WORDS.contains(&word.as_str()));
        let noun = role.noun.clone();
        let draft = self.exchanges.get(at).map(|it| it.item.draft.clone());
        let (Some(draft), Some(slot), true) = (draft, role.own_path(), is_back) else {
            return;
        };
        // The first of what came up below a thing is that thing as it was made.
        let is_first = draft.slot(slot).as_deref() == Some("1");
        let mut slots = role.slots.iter().filter(|slot| !slot.is_own);
        let parent = slots.find_map(|slot| {
            let id = draft.slot(slot)?;
            let mut things = self.store.things.iter();
            things.position(|it| {
                it.noun == slot.noun && it.made_by.is_some() && it.key().as_ref() == Some(&id)
            })
        });
        let Some(parent) = parent.filter(|_| is_first) else {
            return;
        };
        let made_by = self.store.things.get(parent).and_then(|it| it.made_by);
        let sent = made_by.and_then(|at| self.exchanges.get(at)?.item.draft.content());
        let first = made_by.and_then(|at| self.object(at)).unwrap_or_default();
        let Some(read) = self.read(parent, "a read of what was brought back") else {
            return;
        };
        let Some(shown) = self.shown(read) else {
            return;
        };
        for (name, _) in sent.into_iter().flatten() {
            let (Some(old), Some(now)) = (first.get(&name), shown.get(&name)) else {
                continue;
            };
            if echo::is_same(old, now) || promises::keeps(operation, &name) {
                continue;
            }
            let message = format!(
                "after {} a read shows another `{name}` than the one that was brought back",
                operation.name()
            );
            let subject = self.subject_of(read, &name);
            let found = Found::about(&state::ACTION_WITHOUT_EFFECT, subject, message)
                .seen(sample::plain(old), sample::plain(now))
                .weak_if(true);
            self.found(at, &noun, &format!("{index} back {name}"), found);
            break;
        }
        self.refresh(parent, shown);
    }
}
