//! The default size of pages, where what there is fits on one: a few things more are made to see it.

use crate::conform::chain::Kind;
use crate::conform::judge::effect;
use crate::conform::judge::effect::Effect;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Item, Variant, sample};
use crate::model::Origin;

use super::pages::List;
use crate::conform::session::{Exchange, Session};

/// More things are not made for it.
const MOST: usize = 8;
/// So many where nothing deletes them.
const MOST_KEPT: usize = 4;
/// Usual sizes that a server may have in place of the documented one: more than so many items tell them apart.
const USUAL: usize = 10;

impl Session<'_, '_> {
    /// Looks at the first pages of lists of which all fitted on one.
    pub(in crate::conform::session) fn check_sizes(&mut self) {
        let mut left = MOST;
        for item in self.items(|item| matches!(item.variant, Variant::Example)) {
            let known = self.counts.get(&item.operation).copied();
            if let (Some(list), Some(known)) = (self.list(item.operation), known) {
                left = left.saturating_sub(self.check_size(&list, known, left));
            }
        }
    }

    /// Makes what is missing, and asks without a size; how many things were made.
    fn check_size(&mut self, list: &List<'_>, known: usize, left: usize) -> usize {
        let mut inputs = list.inputs.iter();
        let limit = inputs.find(|it| effect::effect(it, &[]) == Effect::Limit);
        let Some(limit) = limit.filter(|_| list.parents().is_empty() && list.turn().is_some())
        else {
            return 0;
        };
        let size = limit.default.as_ref().map(sample::plain);
        let Some(size) = size
            .and_then(|it| it.parse::<usize>().ok())
            .filter(|it| *it > 0)
        else {
            return 0;
        };
        let wanted = size.min(USUAL) + 1;
        let missing = wanted.saturating_sub(known);
        let is_deleted = self.example_of(&list.noun, Kind::Delete).is_some();
        let most = if is_deleted {
            left
        } else {
            left.min(MOST_KEPT)
        };
        if missing == 0 || missing > most {
            return 0;
        }
        let Some(create) = self.example_of(&list.noun, Kind::Create) else {
            return 0;
        };
        if !self.accepted.contains_key(&create.operation) {
            return 0;
        }
        for made in 0..missing {
            let Ok(prepared) = self.prepared(create, None) else {
                return made;
            };
            let step = Variant::Step("one more, to fill a page");
            let item = self.as_another(Item::new(create.operation, step, prepared.draft));
            let Some(at) = self.exchange(item) else {
                return made;
            };
            self.keep(at);
            if !self.exchanges.get(at).is_some_and(Exchange::is_done) {
                return made;
            }
            let mut things = self.store.things.iter();
            let thing = things.position(|it| it.made_by == Some(at));
            // The rest of the run is about what was made before.
            self.use_up(thing);
        }
        let Some((at, count)) = self.first_page(list, &[]) else {
            return missing;
        };
        if count == size.min(known + missing) {
            return missing;
        }
        // Something else may have been made since the list was read.
        let Some(total) = self.everything(list.index).map(|items| items.len()) else {
            return missing;
        };
        let expected = size.min(total);
        if count == expected {
            return missing;
        }
        let evidence = list.default_evidence(&limit.name);
        let message = format!(
            "{} without `{}` answers with {count} of {} items, and {size} are the documented default",
            list.operation.name(),
            limit.name,
            total
        );
        let found = Found::about(&state::DEFAULT_NOT_APPLIED, limit.subject(), message)
            .promised_at(evidence.map_or(limit.span, |it| it.span))
            .seen(format!("{expected} items"), format!("{count} items"))
            .weak_if(evidence.is_some_and(|it| it.origin <= Origin::Prose));
        self.found(at, &list.noun, &format!("default {}", limit.name), found);
        missing
    }
}
