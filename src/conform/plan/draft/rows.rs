//! What the rows of a body name: `lines[].product_id`.

use serde_json::Value;

use super::{Draft, Payload, at, at_mut, typed};
use crate::conform::chain::{Slot, SlotPlace};
use crate::conform::plan::sample;

impl Draft {
    /// The ids that the rows name, row by row; none for a slot that is not in the rows of one list.
    pub fn slot_rows(&self, slot: &Slot) -> Vec<String> {
        let (Some((list, name)), Some(body)) = (way(slot), self.json()) else {
            return Vec::new();
        };
        let rows = at(body, list).and_then(Value::as_array);
        let named = rows.into_iter().flatten().filter_map(|row| at(row, name));
        named.map(sample::plain).collect()
    }

    /// Puts ids in the places of others, and leaves out the rows of those for which there is none.
    pub fn set_slot_rows(&mut self, slot: &Slot, ids: &[(String, String)]) {
        let (Some((list, name)), Some(Payload::Json(body, text))) = (way(slot), &mut self.body)
        else {
            return;
        };
        let Some(rows) = at_mut(body, list).and_then(Value::as_array_mut) else {
            return;
        };
        rows.retain_mut(|row| {
            let Some(place) = at_mut(row, name) else {
                return true;
            };
            let shown = sample::plain(place);
            let Some((_, id)) = ids.iter().find(|(known, _)| *known == shown) else {
                return false;
            };
            *place = typed(place, id);
            true
        });
        *text = None;
    }
}

/// The way to the list, and that from a row to the id.
fn way(slot: &Slot) -> Option<(&str, &str)> {
    let (list, name) = slot.name.split_once("[].")?;
    let is_plain = !list.contains("[]") && !name.contains("[]");
    (slot.place == SlotPlace::Body && is_plain).then_some((list, name))
}
