//! Updates that take a thing from one stage to another, as far as the page says which steps it allows.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::conform::chain::{Kind, identity};
use crate::conform::judge::blame;
use crate::conform::judge::state::{self, Found};
use crate::conform::message::describe_status;
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Input};
use crate::conform::plan::{Item, Phase, Variant, sample};
use crate::conform::said::steps::{self, Steps};

use crate::conform::session::{Exchange, Session};

/// More requests are not sent for the steps of one operation.
const TRIED: usize = 14;

/// The stage that an update sets, and the steps that its page allows.
struct Course {
    input: Input,
    stages: Vec<String>,
    steps: Steps,
}

impl Session<'_, '_> {
    /// Walks along the documented steps, and off them.
    pub(in crate::conform::session) fn check_steps(&mut self) {
        if !self.is_stateful() {
            return;
        }
        for (item, role) in self.accepted_of(Kind::Update) {
            if let Some(course) = self.course(item.operation) {
                let noun = role.noun.clone();
                self.walk_steps(item, &noun, &course);
            }
        }
    }

    fn course(&self, index: usize) -> Option<Course> {
        let operation = self.operation(index)?;
        let inputs = input::inputs(operation).into_iter();
        let mut inputs = inputs.filter(Input::is_root_member);
        inputs.find_map(|input| {
            let allowed = input.shape.constraints.allowed.as_ref()?;
            let stages: Vec<String> = allowed.value.iter().map(sample::plain).collect();
            let steps = steps::read(operation, &stages)?;
            Some(Course {
                input,
                stages,
                steps,
            })
        })
    }

    /// The steps of a member of things of a noun, as the page of the update states them.
    pub(in crate::conform::session) fn steps_of(&self, noun: &str, member: &str) -> Option<Steps> {
        let update = self.example_of(noun, Kind::Update)?;
        let course = self.course(update.operation)?;
        (course.input.name == member).then_some(course.steps)
    }

    /// The thing to walk with: a new one, else one of our own.
    fn walker(&mut self, item: &Item, noun: &str) -> Option<usize> {
        self.another_of(noun).or_else(|| self.spare(item))
    }

    fn walk_steps(&mut self, item: &Item, noun: &str, course: &Course) {
        let Some(thing) = self.walker(item, noun) else {
            return;
        };
        let known = self.store.things.get(thing);
        let now = known.and_then(|it| {
            it.object
                .get(&course.input.name)?
                .as_str()
                .map(str::to_owned)
        });
        let Some(mut now) = now.filter(|now| course.stages.contains(now)) else {
            return;
        };
        self.use_up(Some(thing));
        let mut made: Vec<(String, String)> = Vec::new();
        let mut refused: Vec<(String, String)> = Vec::new();
        let mut has_stayed = !course.steps.may_stay;
        for _ in 0..TRIED {
            let is_open = |other: &&String| {
                let step = (now.clone(), (*other).clone());
                **other != now && !course.steps.allows(&now, other) && !refused.contains(&step)
            };
            let is_off = course.steps.is_closed && self.plan.has(Phase::Negative);
            if let Some(other) = course.stages.iter().find(is_open).filter(|_| is_off) {
                refused.push((now.clone(), other.clone()));
                if !self.step_off(item, thing, course, (&now, other)) {
                    return;
                }
                continue;
            }
            if !has_stayed && !made.is_empty() {
                has_stayed = true;
                let stay = now.clone();
                self.step(item, thing, course, (&now, &stay));
                continue;
            }
            // What was not gone yet comes first, then what leads on to more.
            let is_next = |(from, to): &&(String, String)| {
                *from == now && !made.contains(&(from.clone(), to.clone()))
            };
            let Some((_, next)) = course.steps.allowed.iter().find(is_next) else {
                break;
            };
            made.push((now.clone(), next.clone()));
            if !self.step(item, thing, course, (&now, next)) {
                break;
            }
            now.clone_from(next);
        }
        self.look_at_stage(item, thing, course, &now);
        self.leave_late(item, thing, course, now);
        self.leave_half_way(item, thing, course);
    }

    /// Takes a thing on to the latest stage that it can get to: what is counted by stages has more to count then.
    fn leave_late(&mut self, item: &Item, thing: usize, course: &Course, mut now: String) {
        let place = |stage: &String| course.stages.iter().position(|it| it == stage);
        for _ in 0..course.stages.len() {
            let steps = course.steps.allowed.iter();
            let next = steps.filter(|(from, to)| *from == now && place(to) > place(&now));
            let Some((_, next)) = next.min_by_key(|(_, to)| place(to)) else {
                return;
            };
            let setting = self.setting(item, thing, &course.input, next);
            let Some(mut step) = setting else {
                return;
            };
            step.variant = Variant::Step("a step to a later stage");
            let Some(at) = self.exchange(step).filter(|at| self.has_succeeded(*at)) else {
                return;
            };
            self.remember(at, thing);
            now.clone_from(next);
        }
    }

    /// Takes another thing beside one that has gone all the way a single step: then there are some of each.
    fn leave_half_way(&mut self, item: &Item, thing: usize, course: &Course) {
        let name = &course.input.name;
        let Some(known) = self.store.things.get(thing) else {
            return;
        };
        let belongings = self.belongings(known);
        let noun = known.noun.clone();
        let things = self.store.things.iter().enumerate();
        let mut others = things.filter(|(at, it)| {
            let is_own = it.noun == noun && it.made_by.is_some() && !it.is_gone;
            *at != thing && is_own && self.belongings(it) == belongings
        });
        let next = others.find_map(|(at, it)| {
            let now = it.object.get(name)?.as_str()?;
            let mut steps = course.steps.allowed.iter();
            let (_, next) = steps.find(|(from, _)| from == now)?;
            Some((at, next.clone()))
        });
        let Some((other, next)) = next else {
            return;
        };
        let Some(mut step) = self.setting(item, other, &course.input, &next) else {
            return;
        };
        step.variant = Variant::Step("a step to a later stage");
        if let Some(at) = self.exchange(step).filter(|at| self.has_succeeded(*at)) {
            self.remember(at, other);
        }
    }

    /// The request that sets a stage.
    fn setting(&self, item: &Item, thing: usize, input: &Input, value: &str) -> Option<Item> {
        let mut setting = self.setting_beside(item, thing, input, value)?;
        let is_patch = self
            .operation(item.operation)
            .is_some_and(|it| it.endpoint.value.method == "PATCH");
        if is_patch {
            setting.draft.set_json(json!({}));
            setting.draft.set(input, Some(&Value::from(value)));
        }
        Some(Item::new(item.operation, setting.variant, setting.draft))
    }

    /// The same beside what the documented request sends: a stage may need some of it.
    fn setting_beside(
        &self,
        item: &Item,
        thing: usize,
        input: &Input,
        value: &str,
    ) -> Option<Item> {
        let mut draft = self.prepared(item, Some(thing)).ok()?.draft;
        let value = Value::from(value);
        draft.set(input, Some(&value)).then(|| {
            let variant = Variant::Values(vec![(input.clone(), value)]);
            Item::new(item.operation, variant, draft)
        })
    }

    /// Makes a step that the page allows; false if it was not made.
    fn step(
        &mut self,
        item: &Item,
        thing: usize,
        course: &Course,
        (from, to): (&str, &str),
    ) -> bool {
        let name = &course.input.name;
        let Some(mut at) = self
            .setting(item, thing, &course.input, to)
            .and_then(|item| self.exchange(item))
        else {
            return false;
        };
        if !self.has_succeeded(at) && self.is_refused_otherwise(at, &course.input) {
            let beside = self.setting_beside(item, thing, &course.input, to);
            let again = beside.and_then(|item| self.exchange(item));
            at = again.unwrap_or(at);
        }
        let Some((index, operation, role)) = self.about(at) else {
            return false;
        };
        let noun = role.noun.clone();
        if self.has_succeeded(at) {
            self.judge(at);
            self.check_echo(at);
            self.check_updated(at);
            return true;
        }
        let status = self.exchanges.get(at).and_then(Exchange::status);
        let status = status.filter(|_| !self.is_refused_otherwise(at, &course.input));
        if let Some(status) = status.filter(|it| [400, 409, 412, 422].contains(it)) {
            let message = format!(
                "{} of what has `{name}` as `{from}` refuses `{to}`, and the page says that it can be done",
                operation.name()
            );
            let subject = format!("request.body.{name}");
            let found = Found::about(&state::UPDATE_NOT_KEPT, subject, message)
                .promised_at(Some(course.input.span))
                .seen("a success", describe_status(status))
                .weak_if(true);
            self.found(at, &noun, &format!("{index} step {from} {to}"), found);
        }
        false
    }

    /// True if a step is refused because of something else than the stage: for another input, or with a code that the docs have,
    /// and that speaks of no step. "What is `available` has to have a tariff, or the code is `tariff_required`."
    fn is_refused_otherwise(&self, at: usize, input: &Input) -> bool {
        static OF_STEPS: LazyLock<Regex> = LazyLock::new(|| {
            pattern(r"(?i)transition|stat(?:e|us)|stage|phase|step|move|workflow|conflict")
        });
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let (Some(case), Some(body)) = (self.case(&exchange.item), &exchange.body) else {
            return false;
        };
        let named = blame::named_input(&case, body);
        let is_of_other = named.is_some_and(|it| it.subject() != input.subject());
        let code = self.documented_code(at);
        is_of_other || code.is_some_and(|code| !OF_STEPS.is_match(&code))
    }

    /// Tries a step that the page refuses; false if it was made.
    fn step_off(
        &mut self,
        item: &Item,
        thing: usize,
        course: &Course,
        (from, to): (&str, &str),
    ) -> bool {
        let name = &course.input.name;
        let setting = self.setting(item, thing, &course.input, to);
        let Some(mut item) = setting else {
            return false;
        };
        item.variant = Variant::Step("a step that the page does not allow");
        let Some(at) = self.exchange(item) else {
            return false;
        };
        if !self.has_succeeded(at) {
            self.judge_conflict(at);
            return true;
        }
        let Some((index, operation, role)) = self.about(at) else {
            return false;
        };
        let noun = role.noun.clone();
        let message = format!(
            "{} of what has `{name}` as `{from}` accepts `{to}`, and the page says that such a step is refused",
            operation.name()
        );
        let status = self.exchanges.get(at).and_then(Exchange::status);
        let subject = format!("request.body.{name}");
        let found = Found::about(&state::ACCEPTED_IN_STATE, subject, message)
            .promised_at(Some(course.input.span))
            .seen("a refusal", describe_status(status.unwrap_or_default()))
            .plain_if(true);
        self.found(at, &noun, &format!("{index} step {from} {to}"), found);
        false
    }

    /// Where nothing reads a thing, its list shows the stage that it came to.
    fn look_at_stage(&mut self, item: &Item, thing: usize, course: &Course, now: &str) {
        let Some(known) = self.store.things.get(thing).cloned() else {
            return;
        };
        let noun = known.noun.clone();
        let list = self.example_of(&noun, Kind::List).map(|it| it.operation);
        let (Some(list), None, Some(id)) = (list, self.example_of(&noun, Kind::Read), known.key())
        else {
            return;
        };
        let Some((list, walk)) = self.everything_beside(list, thing) else {
            return;
        };
        let is_it = |it: &&Value| identity::id(it, &list.key, &noun).as_deref() == Some(&id);
        let name = &course.input.name;
        let shown = walk.items.iter().find(is_it).and_then(|it| it.get(name));
        let Some(shown) = shown.filter(|shown| shown.as_str() != Some(now)) else {
            return;
        };
        let message = format!(
            "{} accepts `{name}`, and {} shows another value",
            self.name_of(item.operation),
            list.operation.name()
        );
        let at = walk.exchanges.first().copied().unwrap_or_default();
        let found = Found::about(
            &state::UPDATE_NOT_KEPT,
            format!("request.body.{name}"),
            message,
        )
        .promised_at(Some(course.input.span))
        .seen(now, sample::plain(shown));
        self.found(at, &noun, &format!("{} {name}", item.operation), found);
    }
}
