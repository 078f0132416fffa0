//! Empty lists, which code that takes the first of something does not stand: creates and updates are sent one request with
//! each list empty that the pages let be so. Whether it is taken is the server's own business; that it fails is not.

use serde_json::{Value, json};

use crate::conform::chain::Kind;
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::{Item, Variant};
use crate::model::shape::ShapeKind;

use super::Session;

impl Session<'_, '_> {
    /// Sends empty lists; `check_failing` looks at the answers.
    pub(super) fn check_empties(&mut self) {
        if self.is_mock || self.is_forgetful {
            return;
        }
        let mut items = self.accepted_of(Kind::Create);
        items.extend(self.accepted_of(Kind::Update));
        for (item, role) in items {
            let inputs = self.operation(item.operation).map(input::inputs);
            let inputs = inputs.unwrap_or_default();
            let Ok(prepared) = self.prepared(item, None) else {
                continue;
            };
            let mut draft = prepared.draft.clone();
            let mut lists = inputs.iter().filter(|it| may_be_empty(it)).peekable();
            if lists.peek().is_none() || self.stopped().is_some() {
                continue;
            }
            let is_set = |input: &Input| draft.set(input, Some(&json!([])));
            if lists.map(is_set).filter(|it| *it).count() == 0 {
                continue;
            }
            let step = Variant::Step("empty lists");
            let prepared = self.distinct(Item::new(item.operation, step, draft));
            let Some(at) = self.exchange(prepared) else {
                return;
            };
            self.keep(at);
            if role.kind == Kind::Update {
                self.look_before(item, None);
            }
        }
    }
}

/// True for a list of which no text and no attribute says that something has to be in it.
fn may_be_empty(input: &Input) -> bool {
    let constraints = &input.shape.constraints;
    let least = constraints.min_length.as_ref().map_or(0, |it| it.value);
    let text = input.description.to_lowercase();
    let asks = ["at least one", "one or more", "not be empty", "non-empty"];
    let is_open = !asks.iter().any(|it| text.contains(it));
    input.place == Place::Body
        && input.is_root_member()
        && matches!(input.shape.kind, ShapeKind::Array(_))
        && least == 0
        && is_open
        && input.default.as_ref().is_none_or(Value::is_array)
        && !input.deprecated
}
