//! What may be done to a thing when: actions, steps from one stage to the next, and what is refused in a stage.

pub(super) mod actions;
mod again;
mod back;
mod beginnings;
mod capacity;
mod cases;
mod chosen;
mod early;
mod growth;
mod known;
mod late;
mod lines;
mod otherwise;
pub(super) mod places;
pub(super) mod plainly;
pub(super) mod ready;
mod ripe;
mod rivals;
mod spent;
mod steps;
mod stock;
mod upserts;
