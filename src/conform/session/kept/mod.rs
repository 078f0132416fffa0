//! What writes leave: what was sent is kept and there to be read, and nothing else is changed.

mod answered;
mod becomes;
mod belonging;
mod bystanders;
mod confirmed;
mod deltas;
mod derived;
mod entries;
mod frozen;
mod identities;
mod keyed;
mod merged;
mod moves;
mod named;
mod narrowed;
mod normals;
mod pairs;
mod parts;
mod replaced;
mod rows;
mod snapshots;
pub(super) mod state;
mod touched;
mod updates;
mod whole;
