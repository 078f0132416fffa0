//! The documented example with one thing changed at a time: what the docs promise to accept, and what to refuse.
//!
//! Values that do not depend on each other share a request, so that the number of requests is that of the values of the
//! input that has the most; only if such a request is refused are they sent one by one.

use serde_json::Value;

use crate::conform::bindings::Bindings;
use crate::conform::chain::{Kind, Role, Slot, SlotPlace};
use crate::conform::said::{bodies, bodiless, existing, promises, tolerant};
use crate::model::shape::ShapeKind;
use crate::model::{Field, Operation};

use super::alone;
use super::choice::{self, Choice};
use super::conditions::{self, Condition};
use super::draft::{Draft, Payload};
use super::input::{self, Input, Place};
use super::joined;
use super::shown::Shown;
use super::value::{self, Fault, made_up};
use super::{Item, Variant, relative, strange, together};

/// More values of one input are not sent.
const VALUES: usize = 16;

/// All variants of an example, those that are to be accepted first.
pub(super) fn variants(
    operation: &Operation,
    role: &Role,
    example: &Item,
    bindings: &Bindings,
    shown: &Shown,
) -> Vec<Item> {
    let inputs = input::inputs(operation);
    let vary = Vary {
        operation,
        role,
        example,
        inputs: &inputs,
        bindings,
        shown,
        conditions: conditions::of(&inputs),
        choices: choice::of(operation, &inputs),
    };
    let mut items = Vec::new();
    items.extend(vary.further());
    items.extend(vary.minimal());
    items.extend(vary.minimal_inside());
    items.extend(vary.everything());
    items.extend(vary.values());
    items.extend(vary.other_scripts());
    items.extend(vary.garbled());
    items.extend(vary.missing());
    items.extend(vary.invalid());
    items.extend(vary.relative());
    items.extend(vary.broken());
    items.extend(vary.broken_body());
    items.extend(vary.other_body());
    items.extend(vary.empty_body());
    items.extend(vary.wrong_credentials());
    items.extend(vary.unknown_id());
    items.extend(vary.unknown_references());
    items
}

pub(super) struct Vary<'a> {
    pub(super) operation: &'a Operation,
    pub(super) role: &'a Role,
    pub(super) example: &'a Item,
    pub(super) inputs: &'a [Input],
    pub(super) bindings: &'a Bindings,
    pub(super) shown: &'a Shown,
    conditions: Vec<Condition>,
    choices: Vec<Choice>,
}

impl Vary<'_> {
    /// The documented request. One without a body that the operation takes has an empty one, so that members can be set.
    pub(super) fn base(&self) -> Draft {
        let mut draft = self.example.draft.clone();
        draft.take_json(self.operation);
        draft
    }

    pub(super) fn item(&self, variant: Variant, draft: Draft) -> Item {
        Item::new(self.example.operation, variant, draft)
    }

    /// Brings a draft in line with what the texts of inputs make depend on others; `kept` is what it is about.
    fn settle(&self, draft: &mut Draft, kept: &[&Input]) {
        let base = self.base();
        let made = |input: &Input| {
            let shown = base.value(input);
            shown.or_else(|| made_up(input, self.bindings, self.shown))
        };
        for condition in &self.conditions {
            condition.settle(self.inputs, draft, kept, made);
        }
        together::settle(self.inputs, draft, kept, made);
        self.choose(draft, kept);
        relative::tell_apart(self.inputs, draft, &base, kept);
    }

    /// Leaves one of what excludes each other.
    fn choose(&self, draft: &mut Draft, kept: &[&Input]) {
        for choice in &self.choices {
            choice.settle(self.inputs, draft, kept, &self.example.draft);
        }
    }

    /// True if it depends on what nobody knows whether an input has to be sent: "Required if you have no `template_id`".
    fn depends(&self, input: &Input) -> bool {
        let mut conditions = self.conditions.iter();
        conditions::is_needed_sometimes(&input.description)
            && !conditions.any(|it| it.is_about(self.inputs, input))
            && !self.is_of_choice(input)
    }

    fn is_of_choice(&self, input: &Input) -> bool {
        let mut choices = self.choices.iter();
        choices.any(|it| it.has(self.inputs, input))
    }

    /// What the value of another input requires left out, and what it forbids sent; two of what excludes each other, and none
    /// where one has to be sent.
    fn broken(&self) -> Vec<Item> {
        let base = self.base();
        let made = |input: &Input| made_up(input, self.bindings, self.shown);
        let conditions = self.conditions.iter();
        let conditions = conditions.flat_map(|it| it.broken(self.inputs, &base, made));
        let choices = self.choices.iter();
        let choices = choices.flat_map(|it| it.broken(self.inputs, &base, made));
        let together = together::broken(self.inputs, &base, made);
        let items = conditions
            .chain(choices)
            .chain(together)
            .filter_map(|broken| {
                let input = self.inputs.get(broken.input)?.clone();
                let variant = match broken.value {
                    Some(value) => Variant::Invalid(input, value, Fault::Beside, None),
                    None => Variant::Missing(input),
                };
                Some(self.item(variant, broken.draft))
            });
        items.collect()
    }

    fn minimal(&self) -> Vec<Item> {
        let mut draft = self.base();
        let mut is_other = false;
        for input in self.inputs.iter().rev() {
            let is_open = input.required.is_none() && input.place != Place::Path;
            if is_open && !self.depends(input) && draft.value(input).is_some() {
                is_other |= draft.set(input, None);
            }
        }
        self.settle(&mut draft, &[]);
        // An update of nothing is no update.
        let is_empty = draft
            .json()
            .is_some_and(|body| body.as_object().is_some_and(serde_json::Map::is_empty));
        // An action without anything is done as the defaults say.
        if is_empty && self.role.kind != Kind::Action && !self.replaces_with_defaults() {
            return self.alone();
        }
        let has_body = !self.example.draft.is_bodiless();
        if is_empty && has_body && bodiless::goes_without(self.operation) {
            is_other |= draft.leave_out_body();
        }
        let minimal = is_other.then(|| self.item(Variant::Minimal, draft));
        minimal.into_iter().collect()
    }

    /// True for a `PUT` of which all that is not sent has its default.
    fn replaces_with_defaults(&self) -> bool {
        let mut members = self
            .inputs
            .iter()
            .filter(|it| it.is_root_member())
            .peekable();
        self.operation.endpoint.value.method == "PUT"
            && members.peek().is_some()
            && members.all(|it| it.default.is_some())
    }

    /// Updates of one member of several.
    fn alone(&self) -> Vec<Item> {
        let base = self.base();
        let texts: Vec<String> = promises::sentences(self.operation).collect();
        let members = alone::members(self.role, self.inputs, &base, &texts).into_iter();
        let items = members.filter_map(|input| {
            let shown = base.value(input);
            let value = shown.or_else(|| made_up(input, self.bindings, self.shown))?;
            let draft = alone::draft(self.inputs, &base, input, &value)?;
            Some(self.item(Variant::Values(vec![(input.clone(), value)]), draft))
        });
        items.collect()
    }

    /// Optional objects with only what is required in them; without them nothing is known of it.
    fn minimal_inside(&self) -> Option<Item> {
        let mut draft = self.base();
        let is_root = |input: &&Input| input.is_root_member();
        let roots: Vec<_> = self.inputs.iter().filter(is_root).collect();
        let is_inside = |input: &&Input| {
            let mut roots = roots.iter();
            let root = roots.find(|it| it.steps.first() == input.steps.first());
            input.steps.len() > 1
                && input.required.is_none()
                && root.is_some_and(|it| it.required.is_none())
        };
        let mut is_other = false;
        for input in self.inputs.iter().rev().filter(is_inside) {
            if draft.value(input).is_some() {
                is_other |= draft.set(input, None);
            }
        }
        is_other.then(|| self.item(Variant::Minimal, draft))
    }

    fn everything(&self) -> Option<Item> {
        let mut draft = self.base();
        let mut is_other = false;
        for input in self.inputs {
            if draft.value(input).is_some() {
                continue;
            }
            if let Some(value) = made_up(input, self.bindings, self.shown) {
                is_other |= draft.set(input, Some(&value));
            }
        }
        self.settle(&mut draft, &[]);
        // Which things it may name is known when some are made.
        is_other |= matches!(self.role.kind, Kind::Create)
            && self.role.slots.iter().any(|slot| draft.lacks(slot));
        is_other.then(|| self.item(Variant::Everything, draft))
    }

    /// The values that the docs single out, as many of them in one request as there are inputs.
    fn values(&self) -> Vec<Item> {
        let base = self.base();
        let mut rows: Vec<Vec<(Input, Value)>> = Vec::new();
        for input in self
            .inputs
            .iter()
            .filter(|it| !it.deprecated && it.place != Place::Path)
        {
            // Each order of a list is asked for where it is looked at.
            if self.role.kind == Kind::List && input.is_order() {
                continue;
            }
            let shown = base.value(input);
            let shown = shown.as_ref();
            let mut values = value::accepted(input, shown);
            if input.place == Place::Body && base.json().is_some() && value::takes_null(input) {
                values.push(Value::Null);
            }
            let values = values.into_iter().filter(|value| !is_same(shown, value));
            for (at, value) in values.take(VALUES).enumerate() {
                if rows.len() <= at {
                    rows.push(Vec::new());
                }
                if let Some(row) = rows.get_mut(at) {
                    row.push((input.clone(), value));
                }
            }
        }
        // In the row that has the least in it, it is in nobody's way.
        if let Some(ignored) = self.ignored_member() {
            match rows.last_mut() {
                Some(row) => row.push(ignored),
                None => rows.push(vec![ignored]),
            }
        }
        // What one value makes impossible for another is sent in a request of its own.
        let mut items = Vec::new();
        for row in rows {
            let (item, lost) = self.of_values(&base, row);
            items.extend(item);
            items.extend(
                lost.into_iter()
                    .filter_map(|it| self.of_values(&base, vec![it]).0),
            );
        }
        items
    }

    /// A request with those values as far as they go together, and those that do not.
    fn of_values(
        &self,
        base: &Draft,
        row: Vec<(Input, Value)>,
    ) -> (Option<Item>, Vec<(Input, Value)>) {
        let mut draft = base.clone();
        let row: Vec<_> = row
            .into_iter()
            .filter(|(input, value)| draft.set(input, Some(value)))
            .collect();
        let kept: Vec<&Input> = row.iter().map(|(input, _)| input).collect();
        self.settle(&mut draft, &kept);
        for condition in &self.conditions {
            if let Some(other) = condition.unmet(self.inputs, &draft) {
                draft.set(other, base.value(other).as_ref());
            }
        }
        let is_sent = |(input, value): &(Input, Value)| {
            let sent = draft.value(input);
            sent.is_some_and(|it| is_same(Some(&it), value))
        };
        let (row, lost): (Vec<_>, Vec<_>) = row.into_iter().partition(is_sent);
        if row.is_empty() {
            return (None, Vec::new());
        }
        (Some(self.item(Variant::Values(row), draft)), lost)
    }

    /// Cursors that no server has made, and pages before the first one.
    fn garbled(&self) -> Vec<Item> {
        let is_page = |it: &&Input| {
            matches!(
                it.name.to_lowercase().as_str(),
                "page" | "page_number" | "pagenumber"
            ) && it.shape.kind == ShapeKind::Integer
                && it.shape.constraints.minimum.is_none()
                && !tolerant::brings_into_range(&it.description)
        };
        let query = self.inputs.iter().filter(|it| it.place == Place::Query);
        let cursor = query.clone().find(|it| it.is_cursor());
        let page = query.clone().find(is_page);
        let garbled = cursor.map(|it| (it, "no-such-cursor"));
        let items = garbled.into_iter().chain(page.map(|it| (it, "0")));
        let item = |(input, value): (&Input, &str)| {
            let mut draft = self.base();
            draft.set(input, Some(&Value::from(value)));
            self.item(Variant::Garbled(input.clone()), draft)
        };
        items.map(item).collect()
    }

    fn missing(&self) -> Vec<Item> {
        let required = self.inputs.iter().filter(|it| it.required.is_some());
        let items = required.filter(|it| it.place != Place::Path && it.default.is_none());
        let items = items.filter(|it| !self.is_of_choice(it));
        let items = items.filter_map(|input| {
            let mut draft = self.base();
            draft.value(input)?;
            draft
                .set(input, None)
                .then(|| self.item(Variant::Missing(input.clone()), draft))
        });
        items.collect()
    }

    fn invalid(&self) -> Vec<Item> {
        let mut items = Vec::new();
        let mut has_object_for_text = false;
        let own = self.role.own_path();
        let own = own.filter(|_| self.role.kind == Kind::Create);
        let is_own = |it: &Input| own.is_some_and(|slot| slot.is_for(it));
        for input in self
            .inputs
            .iter()
            .filter(|it| (it.place != Place::Path || is_own(it)) && !it.deprecated)
            .filter(|it| !tolerant::is_ignored_beside(&it.description))
        {
            let base = self.base();
            let is_list = matches!(input.shape.kind, ShapeKind::Array(_));
            // What a list holds is seen elsewhere, if not in this request.
            let elsewhere = || self.shown.value(input).filter(|_| is_list);
            let shown = base.value(input).or_else(elsewhere);
            let mut all = value::refused(input, shown.as_ref(), base.json().is_some());
            if !self.role.slots.iter().any(|slot| slot.is_for(input)) {
                all.extend(strange::refused(input, shown.as_ref()));
            }
            all.extend(strange::out_of_cron(input, shown.as_ref()));
            // A name that the request gives itself must not lead to another path.
            if input.place == Place::Path {
                all.retain(|it| is_segment(&it.value));
            }
            // Whether texts are told from objects one tells; of the others their lengths show that they are looked at.
            if has_object_for_text && all.iter().any(|it| it.fault == Fault::Limit) {
                all.retain(|it| !value::is_object_for_text(input, it));
            }
            // What may be shown in full is the same for reads and for writes.
            if self.operation.endpoint.value.method != "GET" && !joined::words(input).is_empty() {
                all.retain(|it| it.fault != Fault::Beside);
            }
            has_object_for_text |= all.iter().any(|it| value::is_object_for_text(input, it));
            for refused in all {
                let mut draft = base.clone();
                if draft.set(input, Some(&refused.value)) {
                    self.choose(&mut draft, &[input]);
                    let variant = Variant::Invalid(
                        input.clone(),
                        refused.value,
                        refused.fault,
                        refused.evidence,
                    );
                    items.push(self.item(variant, draft));
                }
            }
        }
        items.extend(self.number_for_text());
        items.extend(self.against_all());
        items.extend(self.stale_version());
        items
    }

    /// A version that the server does not have, where the page says how that is refused.
    fn stale_version(&self) -> Option<Item> {
        let input = self
            .inputs
            .iter()
            .find(|it| it.place == Place::Header && it.name.eq_ignore_ascii_case("if-match"))?;
        let mut codes = self.operation.responses.iter().map(|it| it.status.code());
        if !codes.any(|code| code == Some(412)) && !input.description.contains("412") {
            return None;
        }
        let value = Value::from("\"no-such-version\"");
        let mut draft = self.base();
        draft.set(input, Some(&value)).then(|| {
            let fault = super::value::Fault::Beside;
            self.item(Variant::Invalid(input.clone(), value, fault, None), draft)
        })
    }

    /// A number in the place of the first text that is required: one tells whether types are looked at beyond objects.
    fn number_for_text(&self) -> Option<Item> {
        let base = self.base();
        let is_text = |it: &&Input| {
            let is_member = it.is_root_member();
            let is_sent = base.value(it).is_some_and(|value| value.is_string());
            is_member && it.required.is_some() && it.is_free_text() && is_sent
        };
        let is_other = |it: &&Input| !it.is_reference() && !it.deprecated;
        base.json()?;
        let input = self.inputs.iter().filter(is_text).find(is_other)?;
        let value = Value::from(4711);
        let mut draft = base.clone();
        let is_set = !value::is_documented(&input.shape, &value) && draft.set(input, Some(&value));
        is_set.then(|| {
            let evidence = input.shape.evidence;
            let variant =
                Variant::Invalid(input.clone(), value, super::value::Fault::Type, evidence);
            self.item(variant, draft)
        })
    }

    /// Values that are on the wrong side of that of another input.
    fn relative(&self) -> Vec<Item> {
        let base = self.base();
        let inputs = self.inputs.iter();
        let inputs = inputs.filter(|it| it.place != Place::Path && !it.deprecated);
        let items = inputs.flat_map(|input| {
            let valued = |other: &Input| base.value(other);
            let refused = [
                relative::refused(input, self.inputs, valued),
                relative::too_far(input, self.inputs, valued),
            ];
            refused.into_iter().flatten().filter_map(|(value, fault)| {
                let mut draft = base.clone();
                draft.set(input, Some(&value)).then(|| {
                    let variant = Variant::Invalid(input.clone(), value, fault, None);
                    self.item(variant, draft)
                })
            })
        });
        items.collect()
    }

    fn broken_body(&self) -> Option<Item> {
        let mut draft = self.base();
        let is_promised = self.operation.body.is_some() && !self.example.draft.is_bodiless();
        (is_promised && matches!(draft.body, Some(Payload::Json(..)))).then(|| {
            draft.break_json();
            self.item(Variant::BrokenBody, draft)
        })
    }

    /// An array where an object is documented. What an action without required members makes of one, nobody says.
    fn other_body(&self) -> Option<Item> {
        let mut draft = self.base();
        let is_asked = self.role.kind == Kind::Update || bodies::wants_object(self.operation);
        let is_object = draft.json().is_some_and(Value::is_object);
        (is_asked && is_object).then(|| {
            draft.set_json(Value::Array(Vec::new()));
            self.item(Variant::OtherBody, draft)
        })
    }

    /// An update of nothing, where the page asks for one member at least.
    fn empty_body(&self) -> Option<Item> {
        let remarks = self.operation.remarks.iter().map(|it| it.value.as_str());
        let texts = self.operation.description.as_deref().into_iter();
        let mut texts = texts.chain(remarks);
        let is_asked = self.role.kind == Kind::Update && texts.any(bodiless::wants_some);
        let mut draft = self.base();
        let is_object = draft.json().is_some_and(Value::is_object);
        (is_asked && is_object).then(|| {
            draft.set_json(Value::Object(serde_json::Map::new()));
            self.item(Variant::EmptyBody, draft)
        })
    }

    /// Ids of other things in the body, where the page says that those have to exist.
    fn unknown_references(&self) -> Vec<Item> {
        let slots = self.role.slots.iter();
        let slots = slots.filter(|slot| slot.place == SlotPlace::Body && !slot.is_own);
        let items = slots.filter_map(|slot| {
            let field = self.field_of(slot)?;
            // A filter by what is not there finds nothing, unless its own words say otherwise.
            let has_to_exist = if self.role.kind == Kind::List {
                existing::says_so(&field.description)
            } else {
                existing::has_to_exist(self.operation, &field.description, &slot.noun)
            };
            has_to_exist.then(|| self.item(Variant::UnknownId(slot.clone()), self.base()))
        });
        items.collect()
    }

    /// The field that documents an id in the body.
    fn field_of(&self, slot: &Slot) -> Option<&Field> {
        let mut fields = self.operation.body.as_ref().map(|body| &body.fields)?;
        let mut found = None;
        for name in slot.name.split('.') {
            let name = name.trim_end_matches("[]");
            let field = fields.iter().find(|field| field.name.value == name)?;
            (found, fields) = (Some(field), &field.children);
        }
        found
    }

    /// The value is made up when the run knows what ids look like.
    fn unknown_id(&self) -> Option<Item> {
        let own = self.role.slots.iter().find(|slot| slot.is_own).cloned();
        if self.role.kind == Kind::Create && own.is_some() {
            // A name that is not known yet is what the request is for.
            return None;
        }
        let last = || {
            let name = self.base().path_names().pop()?;
            Some(Slot {
                noun: String::new(),
                place: SlotPlace::Path,
                is_own: true,
                name,
            })
        };
        let parent = || {
            self.role
                .slots
                .iter()
                .find(|slot| slot.place == SlotPlace::Path)
                .cloned()
        };
        let slot = own.or_else(parent).or_else(last)?;
        Some(self.item(Variant::UnknownId(slot), self.base()))
    }
}

fn is_same(shown: Option<&Value>, value: &Value) -> bool {
    shown.is_some_and(|shown| super::sample::plain(shown) == super::sample::plain(value))
}

/// True for a text that is one segment of a path as it stands.
fn is_segment(value: &Value) -> bool {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    let text = value.as_str();
    text.is_some_and(|it| !it.is_empty() && it.chars().all(is_plain))
}
