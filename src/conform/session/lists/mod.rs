//! Lists: do they hold what was made, and do filters, orders, limits, and defaults do what they are named for?

mod carried;
mod contents;
mod counts;
mod effects;
mod ends;
mod heeded;
mod histories;
mod links;
mod membership;
mod narrow;
mod orders;
mod own;
pub(super) mod pages;
mod queries;
mod repeated;
mod sizes;
mod strangers;
mod totals;
mod worded;

use serde_json::Value;

use crate::conform::chain::{Kind, identity};
use crate::conform::judge::echo::{self, Difference};
use crate::conform::judge::effect::{self, Effect};
use crate::conform::judge::list;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Phase, Variant, sample};
use crate::conform::said::progress;
use crate::model::{Evidence, Origin};

use super::kept::state::is_clockwork;
use super::{Exchange, Session, Thing};
use pages::{List, Walk, whole};

/// A walk in small steps has about so many.
const PAGES: u64 = 5;

impl<'a> Session<'a, '_> {
    /// Checks each list whose example was accepted.
    pub(super) fn lists(&mut self) {
        if !self.plan.has(Phase::State) || self.is_forgetful {
            return;
        }
        self.check_all_not_modified();
        self.look_below_new();
        self.make_elsewhere();
        self.make_beside();
        self.make_first();
        self.check_moves();
        self.finish_all();
        for item in self.items(|item| matches!(item.variant, Variant::Example)) {
            if self.forgets(item.operation) {
                continue;
            }
            if let Some(list) = self.list(item.operation) {
                self.check_list(&list);
            }
        }
        self.check_child_counts();
        self.check_totals_of_nothing();
        self.check_numbering();
    }

    fn check_list(&mut self, list: &List<'_>) {
        let Some(all) = self.walk(list, list.largest(), &[]) else {
            return;
        };
        if all.is_endless {
            self.check_end(list, &all);
            return;
        }
        if all.is_complete {
            self.counts.insert(list.index, all.items.len());
        }
        self.check_contents(list, &all);
        self.read_strangers(list, &all);
        self.check_nameless(list, &all);
        self.check_count(list, &all, all.items.len());
        self.check_parent(list, &all);
        self.check_totals_in(list, &all);
        self.check_numbers_of(list, &all);
        self.check_letters(list, &all);
        self.check_carried(list, &all);
        if all.items.len() < 2 || !all.is_complete {
            return;
        }
        self.check_pages(list, &all);
        self.check_behind_the_end(list, &all);
        self.check_stated_order(list, &all);
        self.check_foremost(list, &all);
        self.check_defaults(list, &all);
        for input in &list.inputs {
            match effect::effect(input, &all.items) {
                Effect::Filter(member, relation) if list.fixed(input).is_some() => {
                    self.check_fixed(list, &all, input, &member, relation);
                }
                Effect::Filter(member, relation) => {
                    self.check_filter(list, &all, input, &member, relation);
                }
                Effect::Search => self.check_search(list, &all, input),
                Effect::Unknown if super::lists::narrow::narrows(&input.description) => {
                    self.check_narrowed(list, &all, input);
                }
                Effect::Unknown if heeded::splits(input) => self.check_split(list, &all, input),
                Effect::Sort => self.check_sort(list, &all, input),
                _ => {}
            }
        }
    }

    /// What was made is in the list, and looks as it does elsewhere.
    pub(super) fn check_contents(&mut self, list: &List<'_>, all: &Walk) {
        let Some(at) = all.exchanges.first().copied() else {
            return;
        };
        let own: Vec<_> = self.store.own(&list.noun).into_iter().cloned().collect();
        for thing in own {
            let Some(id) = thing.key() else {
                continue;
            };
            if !list.is_for(&self.belongings(&thing)) || list.leaves_out(&thing.object) {
                continue;
            }
            let is_it = |item: &&Value| {
                identity::id(item, &list.key, &list.noun).as_deref() == Some(id.as_str())
            };
            let Some(item) = all.items.iter().find(is_it) else {
                if all.is_complete {
                    self.found(
                        at,
                        &list.noun,
                        "",
                        Found::about(
                            &state::CREATED_NOT_LISTED,
                            list.subject(),
                            format!(
                                "{} does not list the {} `{id}` that was created before",
                                list.operation.name(),
                                list.noun
                            ),
                        )
                        .seen(
                            format!("`{id}` among the items"),
                            format!("{} items without it", all.items.len()),
                        ),
                    );
                }
                continue;
            };
            self.listed.insert((list.noun.clone(), id));
            self.check_listed(list, at, &thing, item);
        }
    }

    /// An item of a list is as a read of the same thing shows it.
    fn check_listed(&mut self, list: &List<'_>, at: usize, thing: &Thing, item: &Value) {
        let is_plain = |it: &Difference| is_scalar(&it.left) && is_scalar(&it.right);
        let mut found = echo::differences(&thing.object, item);
        found.retain(is_plain);
        if found.is_empty() {
            return;
        }
        // What was known may be out of date: what a read shows now counts, and what it shows twice.
        let known = self
            .store
            .things
            .iter()
            .position(|it| it.noun == thing.noun && it.key() == thing.key());
        let Some(fresh) = known.and_then(|known| self.fresh(known, thing)) else {
            return;
        };
        let sent = thing.made_by.and_then(|at| self.exchanges.get(at));
        let sent = sent
            .and_then(|it| it.item.draft.content())
            .unwrap_or_default();
        let mut found = echo::differences(&fresh, item);
        // Where nothing reads a thing, counts of what was added to it since are not known.
        let is_counted = thing.additions > 0 && self.example_of(&thing.noun, Kind::Read).is_none();
        // What goes on by itself is another one with each look, but for what was sent.
        let is_moving = [&fresh, item].into_iter().any(progress::is_under_way)
            && self.moves_by_itself(&thing.noun);
        found.retain(|it| !is_moving || sent.contains_key(&it.path));
        found.retain(|it| {
            let is_stale = is_counted && it.left.is_number() && it.right.is_number();
            is_plain(it) && !is_stale && !is_clockwork(&it.path)
        });
        let id = thing.key().unwrap_or_default();
        for difference in found {
            let member = difference.path;
            let is_sent = sent.contains_key(&member);
            let message = format!(
                "{} shows another `{member}` of the {} `{id}` than a read of it",
                list.operation.name(),
                list.noun
            );
            let subject = format!("{}[].{member}", list.subject());
            let found = Found::about(&state::LIST_DIFFERS, subject, message)
                .seen(
                    sample::plain(&difference.left),
                    sample::plain(&difference.right),
                )
                .between(&fresh, item)
                .weak_if(!is_sent);
            self.found(at, &list.noun, &member, found);
        }
    }

    /// A thing as a read shows it now; without an operation that reads it, as the last write answered.
    fn fresh(&mut self, known: usize, thing: &Thing) -> Option<Value> {
        if self.example_of(&thing.noun, Kind::Read).is_none() {
            return Some(thing.object.clone());
        }
        let read = self.read(known, "a read beside the list")?;
        let shown = self.shown(read)?;
        self.refresh(known, shown.clone());
        Some(shown)
    }

    /// Pages that lead back to each other.
    fn check_end(&mut self, list: &List<'_>, all: &Walk) {
        let (Some(turn), Some(at)) = (list.turn(), all.exchanges.last().copied()) else {
            return;
        };
        self.found(
            at,
            &list.noun,
            &turn.subject(),
            Found::about(
                &state::BROKEN_PAGING,
                turn.subject(),
                format!("the pages of {} do not end", list.operation.name()),
            )
            .promised_at(turn.span)
            .seen(
                "a last page",
                format!(
                    "{} items on {} pages, and more to come",
                    all.items.len(),
                    all.pages.len()
                ),
            ),
        );
    }

    /// The counts that pages tell are those of all items, or of the page.
    pub(super) fn check_count(&mut self, list: &List<'_>, all: &Walk, count: usize) {
        if !all.is_complete {
            return;
        }
        for (at, of_page) in all.exchanges.iter().copied().zip(&all.pages) {
            if self.check_total_header(list, at, count) {
                return;
            }
            let Some(body) = self.exchanges.get(at).and_then(|it| it.body.as_ref()) else {
                return;
            };
            let counts = list::counts(list.operation, body);
            if let Some((name, pages)) = list::page_count(body) {
                let size = self
                    .exchanges
                    .get(at)
                    .and_then(|it| list.size(&it.item.draft));
                let right = size.map(|size| (count as u64).div_ceil(size.max(1)));
                // No items are on one page, or on none.
                let is_wrong = right.is_some_and(|right| pages != right && pages != right.max(1));
                if let (true, Some(right)) = (is_wrong, right) {
                    let message = format!(
                        "{} says `{name}` {pages}, and its {count} items make {right}",
                        list.operation.name()
                    );
                    let found = Found::about(&state::WRONG_COUNT, list.of_envelope(&name), message)
                        .promised_at(list.field(&name))
                        .seen(right.to_string(), pages.to_string());
                    self.found(at, &list.noun, &format!("count {}", list.index), found);
                    return;
                }
            }
            let is_wrong = |it: &list::Count| {
                let right = if it.is_of_all { count } else { *of_page };
                it.count != right as u64
            };
            let Some(wrong) = counts.into_iter().find(is_wrong) else {
                continue;
            };
            let (right, place) = if wrong.is_of_all {
                (count, "all pages")
            } else {
                (*of_page, "this page")
            };
            let list::Count { name, count, .. } = wrong;
            let again = self.asked_again(at);
            let body = again.and_then(|it| self.exchanges.get(it)?.body.as_ref());
            let now = body.map(|body| list::counts(list.operation, body));
            let now = now.and_then(|now| now.into_iter().find(|it| it.name == name));
            // What changes by itself was another number when the pages were read.
            if now.is_some_and(|now| now.count != count) {
                return;
            }
            let message = format!(
                "{} says `{name}` {count}, and has {right} items on {place}",
                list.operation.name()
            );
            let found = Found::about(&state::WRONG_COUNT, list.of_envelope(&name), message)
                .promised_at(list.field(&name))
                .seen(right.to_string(), count.to_string());
            self.found(at, &list.noun, &format!("count {}", list.index), found);
            return;
        }
    }

    /// What the items belong to says how many of them it has: `player_count`.
    fn check_parent(&mut self, list: &List<'_>, all: &Walk) {
        let Some((noun, id)) = list
            .parent()
            .filter(|_| all.is_complete && !list.is_narrowed())
        else {
            return;
        };
        let things = self.store.things.iter();
        let thing = things
            .clone()
            .position(|it| it.noun == noun && !it.is_gone && it.key().as_ref() == Some(&id));
        let counts = |object: &Value| list::count_of(object, &list.noun);
        let Some(thing) = thing.filter(|at| {
            let thing = self.store.things.get(*at);
            thing.is_some_and(|it| counts(&it.object).is_some())
        }) else {
            return;
        };
        let words = "a read of what the items belong to";
        let Some(read) = self.read(thing, words) else {
            return;
        };
        let Some((member, count)) = self.shown(read).as_ref().and_then(counts) else {
            return;
        };
        let right = all.items.len();
        if count == right as u64 {
            return;
        }
        let message = format!(
            "the {noun} `{id}` has `{member}` {count}, and {} has {right} items",
            list.operation.name()
        );
        let found = Found::about(&state::WRONG_COUNT, self.subject_of(read, &member), message)
            .seen(right.to_string(), count.to_string())
            .weak_if(true);
        self.found(read, &noun, &format!("count {member}"), found);
    }

    /// Small pages hold what one large page holds.
    fn check_pages(&mut self, list: &List<'_>, all: &Walk) {
        let Some(limit) = list.limit() else {
            return;
        };
        // Enough pages to see how they follow each other, and not all of thousands.
        let few = (all.items.len() as u64).div_ceil(PAGES).max(2);
        let most = ends::dividing(all.items.len() as u64, few)
            .unwrap_or_else(|| (all.items.len() as u64 - 1).min(few));
        let least = limit
            .shape
            .constraints
            .minimum
            .as_ref()
            .map_or(1, |it| whole(it.value).max(1));
        let count = all.items.len() as u64;
        // Pages that are no smaller than they are anyway say nothing of the limit.
        let usual = limit.default.as_ref().and_then(Value::as_u64);
        let smaller = usual.map(|usual| usual.saturating_sub(1).max(least));
        let size = match (most.max(least), smaller) {
            (size, Some(smaller)) if size > smaller && count.div_ceil(smaller) <= 2 * PAGES => {
                smaller
            }
            (size, _) => size,
        };
        let Some(pages) = self.walk(list, Some(size), &[]) else {
            return;
        };
        let Some(at) = pages.exchanges.first().copied() else {
            return;
        };
        if let Some(most) = pages.pages.iter().find(|count| **count as u64 > size) {
            self.found(
                at,
                &list.noun,
                &limit.subject(),
                Found::about(
                    &state::INPUT_WITHOUT_EFFECT,
                    limit.subject(),
                    format!(
                        "{} with `{}` {size} answers with {most} items",
                        list.operation.name(),
                        limit.name
                    ),
                )
                .promised_at(limit.span)
                .seen(format!("at most {size} items"), format!("{most} items")),
            );
            return;
        }
        let Some(turn) = list.turn() else {
            return;
        };
        let Some(problem) = pages.problem(all, list) else {
            self.check_count(list, &pages, all.items.len());
            self.check_more(list, &pages);
            self.check_next(list, &pages);
            self.check_full(list, all, &pages);
            return;
        };
        self.found(
            at,
            &list.noun,
            &turn.subject(),
            Found::about(
                &state::BROKEN_PAGING,
                turn.subject(),
                format!(
                    "the pages of {} with `{}` {size} {problem}",
                    list.operation.name(),
                    limit.name
                ),
            )
            .promised_at(turn.span)
            .seen(
                format!("the {} items of one large page, each once", all.items.len()),
                format!("{} items on {} pages", pages.items.len(), pages.pages.len()),
            ),
        );
    }

    /// What is left out is as if the default were sent.
    fn check_defaults(&mut self, list: &List<'_>, all: &Walk) {
        for input in list.inputs.clone() {
            let Some(default) = input.default.clone() else {
                continue;
            };
            let effect = effect::effect(&input, &all.items);
            let evidence = list.default_evidence(&input.name);
            let is_weak = evidence.is_some_and(|it: Evidence| it.origin <= Origin::Prose);
            match effect {
                Effect::Limit => {
                    let Some(size) = default
                        .as_u64()
                        .or_else(|| sample::plain(&default).parse().ok())
                    else {
                        continue;
                    };
                    let Some((at, count)) = self.first_page(list, &[]) else {
                        continue;
                    };
                    let expected = size.min(all.items.len() as u64);
                    if count as u64 != expected {
                        self.found(at, &list.noun, &format!("default {}", input.name), Found::about(&state::DEFAULT_NOT_APPLIED, input.subject(), format!("{} without `{}` answers with {count} of {} items, and {size} are the documented default", list.operation.name(), input.name, all.items.len())).promised_at(evidence.map_or(input.span, |it| it.span)).seen(format!("{expected} items"), format!("{count} items")).weak_if(is_weak));
                    }
                }
                Effect::Page | Effect::Offset | Effect::Cursor => {}
                _ => {
                    let value = sample::plain(&default);
                    let Some(with) =
                        self.walk(list, list.largest(), &[(input.name.clone(), value.clone())])
                    else {
                        continue;
                    };
                    let Some(at) = with.exchanges.first().copied() else {
                        continue;
                    };
                    if with.ids(list) != all.ids(list) {
                        self.found(at, &list.noun, &format!("default {}", input.name), Found::about(&state::DEFAULT_NOT_APPLIED, input.subject(), format!("{} answers otherwise with `{}` as `{value}` than without it, although that is the documented default", list.operation.name(), input.name)).promised_at(evidence.map_or(input.span, |it| it.span)).seen(format!("the same {} items in the same order", all.items.len()), format!("{} items, or another order", with.items.len())).weak_if(is_weak));
                    }
                }
            }
        }
    }

    /// All that a list holds; nothing if it cannot be told.
    pub(super) fn everything(&mut self, index: usize) -> Option<Vec<Value>> {
        if !self.plan.has(Phase::State) || self.is_forgetful {
            return None;
        }
        let list = self.list(index)?;
        let walk = self.walk(&list, list.largest(), &[])?;
        walk.is_complete.then_some(walk.items)
    }

    /// All that a list holds of what belongs to the same as a thing.
    pub(super) fn everything_beside(
        &mut self,
        index: usize,
        thing: usize,
    ) -> Option<(List<'a>, Walk)> {
        if !self.is_stateful() {
            return None;
        }
        let belongings = self.belongings(self.store.things.get(thing)?);
        let list = self.list_of(index, &belongings)?;
        let walk = self.walk(&list, list.largest(), &[])?;
        walk.is_complete.then_some((list, walk))
    }

    /// A create that was refused, and left something all the same.
    pub(super) fn nothing_came_of_it(
        &mut self,
        create: usize,
        noun: &str,
        before: &[Value],
        after: &[Value],
    ) {
        let key = self.key(noun);
        let id = |item: &Value| identity::id(item, &key, noun);
        let known: Vec<_> = before.iter().filter_map(id).collect();
        let own: Vec<_> = self
            .store
            .own(noun)
            .into_iter()
            .filter_map(super::store::Thing::key)
            .collect();
        let new: Vec<_> = after
            .iter()
            .filter_map(id)
            .filter(|id| !known.contains(id) && !own.contains(id))
            .collect();
        let Some(first) = new.first() else {
            return;
        };
        // What another request made that was to be refused, and was not, is told as that.
        let is_other = |it: &Exchange| {
            it.item.operation != create && it.item.variant.is_refused() && it.is_success
        };
        if self.exchanges.iter().any(is_other) {
            return;
        }
        let refused = self.exchanges.iter().position(|it| {
            it.item.operation == create && it.item.variant.is_refused() && !it.is_success
        });
        let Some(at) = refused else {
            return;
        };
        let is_create = self
            .role(create)
            .is_some_and(|role| role.kind == Kind::Create);
        let name = self
            .operation(create)
            .map(crate::model::Operation::name)
            .unwrap_or_default();
        if is_create {
            for id in &new {
                // Somebody else may have made it just now: it is listed, and not deleted.
                self.leftovers.push(super::Leftover {
                    noun: noun.to_owned(),
                    id: Some(id.clone()),
                    made_by: name.clone(),
                    is_certain: true,
                    ..super::Leftover::default()
                });
            }
            self.found(at, noun, "refused", Found::about(&state::REFUSED_YET_MADE, "endpoint", format!("{name} refuses requests, and leaves {} new items in the list, such as `{first}`", new.len())).seen("nothing new in the list", new.join(", ")));
        }
    }

    /// Adds a finding about an exchange.
    pub(super) fn found(&mut self, at: usize, noun: &str, member: &str, found: Found) {
        let key = format!("{} {member}", found.rule.name);
        let Some(exchange) = self.exchanges.get(at).cloned() else {
            return;
        };
        if self.is_unkept(at) || self.forgets_all(noun) {
            return;
        }
        if let Some(case) = self.case(&exchange.item) {
            let diagnostic = state::finding(&case, found);
            self.report(noun, &key, diagnostic);
        }
    }
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}
