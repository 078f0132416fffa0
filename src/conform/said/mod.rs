//! What sentences of pages say about the behaviour of a server, for the plan, the session, and the judge. Pure.

pub(crate) mod bodies;
pub(crate) mod deltas;
pub(crate) mod existing;
pub(crate) mod fixed;
pub(crate) mod follows;
pub(crate) mod gone;
pub(crate) mod merges;
pub(crate) mod normal;
pub(crate) mod once;
pub(crate) mod outcomes;
pub(crate) mod progress;
pub(crate) mod promises;
pub(crate) mod ranks;
pub(crate) mod results;
pub(crate) mod routes;
pub(crate) mod shares;
pub(crate) mod stated;
pub(crate) mod steps;
pub(crate) mod stock;
pub(crate) mod tolerant;
pub(crate) mod totals;
pub(crate) mod touches;
mod until;
