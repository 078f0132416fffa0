//! Findings and readings as text; decides nothing.

pub mod raw;
