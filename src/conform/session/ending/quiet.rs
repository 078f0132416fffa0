//! What is left on the server, and goes on by itself: a schedule or a webhook is switched off, if the pages say how.

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::Kind;
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::{Item, Variant};
use crate::conform::session::Session;
use crate::model::shape::ShapeKind;

impl Session<'_, '_> {
    /// Switches off a thing that nothing removes: by its update, or by the `PUT` that made it.
    pub(super) fn switch_off(&mut self, thing: usize) {
        if self.is_lost || self.is_mock {
            return;
        }
        let Some(known) = self.store.things.get(thing).filter(|it| it.is_own) else {
            return;
        };
        let update = self.example_of(&known.noun, Kind::Update);
        let update = update.and_then(|item| self.prepared(item, Some(thing)).ok());
        let maker = known.made_by.and_then(|at| self.exchanges.get(at));
        let maker = maker.filter(|it| it.item.request.method == "PUT");
        let Some(item) = update.or_else(|| maker.map(|it| it.item.clone())) else {
            return;
        };
        let inputs = self.operation(item.operation).map(input::inputs);
        let inputs = inputs.unwrap_or_default();
        let Some(switch) = inputs.iter().find(|it| is_switch(it)) else {
            return;
        };
        let is_on = known.object.get(&switch.name) == Some(&Value::Bool(true));
        let mut draft = item.draft.clone();
        if is_on && draft.set(switch, Some(&Value::Bool(false))) {
            self.send(Item::new(
                item.operation,
                Variant::Step("tidying up"),
                draft,
            ));
        }
    }
}

/// True for a truth that says whether a thing does what it is there for.
fn is_switch(input: &Input) -> bool {
    let name = letters(&input.name);
    input.place == Place::Body
        && input.is_root_member()
        && matches!(input.shape.kind, ShapeKind::Boolean)
        && matches!(
            name.as_str(),
            "enabled" | "isenabled" | "active" | "isactive"
        )
}
