//! The last page of a list: it says that nothing follows, also if it is as full as the others.

use crate::conform::judge::effect::{self, Effect};
use crate::conform::judge::list;
use crate::conform::judge::state::{self, Found};

use super::pages::{List, Walk};
use crate::conform::said::outcomes;
use crate::conform::session::{Exchange, Session};

/// A page that no list of a run has, and so many items behind the last one.
const BEHIND: u64 = 9999;

/// Who is asked to come back later was told nothing of the list.
const TOO_MANY: u16 = 429;

/// So few items may have a page each.
const SMALL: u64 = 3;

impl Session<'_, '_> {
    /// A page that holds all items is the last one although it is full.
    pub(super) fn check_full(&mut self, list: &List<'_>, all: &Walk, pages: &Walk) {
        let count = all.items.len();
        let body = all.exchanges.first().and_then(|at| self.exchanges.get(*at));
        let says_more = body.and_then(|it| list.more(it.body.as_ref()?)).is_some();
        // Pages of one size have shown it already.
        let is_shown = pages.pages.first() == pages.pages.last();
        let is_allowed = list.largest().is_none_or(|most| count as u64 <= most);
        if !says_more || is_shown || !is_allowed {
            return;
        }
        if let Some(full) = self.walk(list, Some(count as u64), &[]) {
            self.check_more(list, &full);
        }
    }

    /// "A page after the last one is empty": it is no error.
    pub(super) fn check_behind_the_end(&mut self, list: &List<'_>, all: &Walk) {
        let Some(turn) = list.turn().cloned() else {
            return;
        };
        let place = match effect::effect(&turn, &[]) {
            Effect::Page => BEHIND,
            Effect::Offset => all.items.len() as u64 + BEHIND,
            _ => return,
        };
        let mut texts = list.order_texts();
        texts.push(format!("`page`: {}", turn.description));
        let mut texts = texts.into_iter();
        let said = texts.find(|it| outcomes::is_empty_behind_the_end(it));
        if said.is_none() || turn.shape.constraints.maximum.is_some() {
            return;
        }
        let known = self.exchanges.len();
        let pairs = [(turn.name.clone(), place.to_string())];
        let glance = self.glance(list, &pairs);
        if self.exchanges.len() == known {
            return;
        }
        let at = self.exchanges.len() - 1;
        let status = self.exchanges.get(at).and_then(Exchange::status);
        let observed = match (glance, status) {
            (Some(some), _) if some.items.is_empty() => return,
            (Some(some), _) => format!("{} items", some.items.len()),
            (None, Some(status)) if status >= 400 && status != TOO_MANY => {
                crate::conform::message::describe_status(status)
            }
            _ => return,
        };
        let message = format!(
            "{} with `{}` as `{place}`, behind the last item, is answered with {observed}",
            list.operation.name(),
            turn.name
        );
        let found = Found::about(&state::BROKEN_PAGING, turn.subject(), message)
            .promised_at(turn.span)
            .said(said)
            .seen("a list without items", observed);
        self.found(at, &list.noun, &format!("end {}", list.index), found);
    }

    /// What pages say about the next one.
    pub(super) fn check_more(&mut self, list: &List<'_>, pages: &Walk) {
        // Behind the last page there may be one that is empty, which nothing should have led to.
        let first = pages
            .exchanges
            .first()
            .and_then(|at| self.exchanges.get(*at));
        let is_told = first.and_then(|it| list::more(it.body.as_ref()?)).is_some();
        let has_empty = is_told && pages.pages.len() > 1 && pages.pages.last() == Some(&0);
        let count = pages.exchanges.len() - usize::from(has_empty);
        for (page, at) in pages.exchanges.iter().copied().take(count).enumerate() {
            let body = self.exchanges.get(at).and_then(|it| it.body.as_ref());
            let Some((name, said)) = body.and_then(|body| list.more(body)) else {
                continue;
            };
            let is_last = page + 1 == count;
            if said == is_last {
                self.found(
                    at,
                    &list.noun,
                    &format!("more {}", list.index),
                    Found::about(
                        &state::BROKEN_PAGING,
                        list.of_envelope(&name),
                        format!(
                            "{} says `{name}` {said} on page {} of {count}",
                            list.operation.name(),
                            page + 1
                        ),
                    )
                    .promised_at(list.field(&name))
                    .seen((!said).to_string(), said.to_string())
                    .weak_if(has_empty),
                );
                return;
            }
        }
    }
}

/// A number of items a page, from that one on, with which the last of a few pages is as full as the others.
pub(super) fn dividing(count: u64, few: u64) -> Option<u64> {
    let least = if count <= SMALL { 1 } else { few };
    (least.max(1)..count).find(|size| count.is_multiple_of(*size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_a_few_pages_is_full() {
        assert_eq!(dividing(12, 2), Some(2));
        assert_eq!(dividing(15, 2), Some(3));
        assert_eq!(dividing(3, 2), Some(1));
        assert_eq!(dividing(2, 2), Some(1));
        assert_eq!(dividing(49, 7), Some(7));
        assert_eq!(dividing(11, 2), None);
    }
}
