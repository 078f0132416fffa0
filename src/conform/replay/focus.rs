//! The part of a plan that shows a finding again: what makes what the request needs, the request, and what takes everything
//! away afterwards.

use std::collections::BTreeSet;

use crate::conform::chain::Kind;
use crate::conform::plan::{Item, Omitted, Phase, Plan, Reason, Variant};
use crate::diagnostic::Part;
use crate::model::Api;

use super::Id;

/// What is sent to see a finding again.
#[derive(Clone, Debug)]
pub struct Focus {
    /// The requests.
    pub plan: Plan,
    /// Why the request of the finding is not among them.
    pub obstacle: Option<Reason>,
}

/// The part of a plan that shows a finding again.
pub fn focus(plan: &Plan, api: &Api, id: Id) -> Focus {
    let wanted = Wanted { plan, api, id };
    let operations = wanted.operations();
    let is_kept = |item: &&Item| wanted.is_kept(item, &operations);
    let items: Vec<Item> = plan.items.iter().filter(is_kept).cloned().collect();
    let kept: BTreeSet<usize> = items.iter().map(|item| item.operation).collect();
    let mut omitted = plan.omitted.clone();
    let others = (0..api.operations.len()).filter(|operation| {
        !kept.contains(operation) && !omitted.iter().any(|it| it.operation == *operation)
    });
    let others: Vec<_> = others
        .map(|operation| Omitted {
            operation,
            reason: Reason::Unwanted,
        })
        .collect();
    omitted.extend(others);
    let is_target = |operation: usize| wanted.is_target(operation);
    let obstacle = omitted
        .iter()
        .find(|it| is_target(it.operation) && it.reason != Reason::Unwanted);
    Focus {
        obstacle: obstacle
            .filter(|_| !kept.iter().any(|operation| is_target(*operation)))
            .map(|it| it.reason.clone()),
        plan: Plan {
            items,
            omitted,
            phases: wanted.phases(),
            ..plan.clone()
        },
    }
}

struct Wanted<'a> {
    plan: &'a Plan,
    api: &'a Api,
    id: Id,
}

/// The operations that are asked, and those of them whose variants are.
struct Operations {
    all: BTreeSet<usize>,
    varied: BTreeSet<usize>,
}

impl Wanted<'_> {
    fn is_target(&self, operation: usize) -> bool {
        let operation = self.api.operations.get(operation);
        operation.is_some_and(|it| self.id.is_of(it))
    }

    /// What the server keeps is not looked at for the sake of one answer.
    fn phases(&self) -> Vec<Phase> {
        let is_answer = self.id.part == Part::Answer;
        let phases = self.plan.phases.iter().copied();
        phases
            .filter(|phase| !is_answer || *phase != Phase::State)
            .collect()
    }

    fn is_planned(&self, operation: usize) -> bool {
        self.plan.items.iter().any(|it| it.operation == operation)
    }

    /// The indexes of the planned operations of a kind on a noun.
    fn of(&self, noun: &str, kinds: &[Kind]) -> Vec<usize> {
        let mut of = self.plan.of(noun, kinds);
        of.retain(|operation| self.is_planned(*operation));
        of
    }

    fn operations(&self) -> Operations {
        let indexes = 0..self.api.operations.len();
        let targets: BTreeSet<usize> = indexes.filter(|it| self.is_target(*it)).collect();
        let varied = match self.id.part {
            Part::Whole => BTreeSet::new(),
            Part::Answer | Part::Fuzz => targets.clone(),
            Part::State => {
                let related = targets.iter().flat_map(|target| self.related(*target));
                related.chain(targets.iter().copied()).collect()
            }
        };
        let mut all: BTreeSet<usize> = match self.id.part {
            Part::Whole => (0..self.api.operations.len()).collect(),
            _ => varied.clone(),
        };
        loop {
            let needed: Vec<usize> = all
                .iter()
                .flat_map(|it| self.plan.needed(self.api, *it))
                .collect();
            let count = all.len();
            all.extend(needed);
            if all.len() == count {
                break;
            }
        }
        Operations { all, varied }
    }

    /// The operations that show what an operation does to the things that it is about.
    fn related(&self, target: usize) -> Vec<usize> {
        let Some(role) = self.plan.roles.get(target) else {
            return Vec::new();
        };
        let kinds: &[Kind] = match role.kind {
            Kind::Create => &[Kind::Create, Kind::Read, Kind::List],
            // What an action makes of a thing may be what these are refused for.
            Kind::Update | Kind::Action => &[Kind::Create, Kind::Read, Kind::Action],
            Kind::Delete => &[
                Kind::Create,
                Kind::Read,
                Kind::List,
                Kind::Action,
                Kind::Delete,
            ],
            Kind::List => &[Kind::Create, Kind::Read, Kind::List, Kind::Update],
            Kind::Read => &[
                Kind::Create,
                Kind::Read,
                Kind::List,
                Kind::Update,
                Kind::Action,
                Kind::Delete,
            ],
            Kind::Look | Kind::Other => &[],
        };
        let mut related = self.of(&role.noun, kinds);
        let roles = self.plan.roles.iter().enumerate();
        if role.kind == Kind::Read {
            // What a thing says of those that belong to it.
            let of_parts = roles.clone().filter(|(_, it)| {
                matches!(it.kind, Kind::Create | Kind::List)
                    && it.slots.iter().any(|slot| slot.noun == role.noun)
            });
            related.extend(of_parts.map(|(operation, _)| operation));
        }
        if role.kind == Kind::List {
            let parents = role.slots.iter();
            related.extend(parents.flat_map(|slot| self.of(&slot.noun, &[Kind::Read])));
        }
        if role.kind == Kind::Action {
            // The jobs that it may begin.
            let jobs = roles.filter(|(_, it)| {
                it.kind == Kind::Read && self.of(&it.noun, &[Kind::Create]).is_empty()
            });
            related.extend(jobs.map(|(operation, _)| operation));
        }
        related
    }

    fn is_kept(&self, item: &Item, operations: &Operations) -> bool {
        if matches!(item.variant, Variant::Example) {
            return operations.all.contains(&item.operation);
        }
        if !operations.varied.contains(&item.operation) || self.id.part == Part::Fuzz {
            return false;
        }
        if !self.is_target(item.operation) {
            // What is made in other ways is what lists, filters, and orders are looked at with.
            return !item.variant.is_refused();
        }
        match self.case(item.operation) {
            Some(case) if self.id.part == Part::State => {
                case.variant.is_refused() == item.variant.is_refused()
            }
            Some(_) => self.is_case(item),
            None => !item.variant.is_refused(),
        }
    }

    /// The planned request of the case; what only came of other answers is not planned.
    fn case(&self, operation: usize) -> Option<&Item> {
        let mut items = self.plan.items.iter();
        items.find(|item| item.operation == operation && self.is_case(item))
    }

    fn is_case(&self, item: &Item) -> bool {
        let words = self.plan.secrets.hide(&item.variant.describe());
        self.id.is_case(&words)
    }
}
