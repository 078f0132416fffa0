//! The rules by which pages are read, as a list.

use std::io::{self, Write};

use crate::model;

/// Writes each rule with its origin and its sentence, sorted by name.
pub fn write(out: &mut dyn Write) -> io::Result<()> {
    let mut rules = model::reading_rules();
    rules.sort_by_key(|rule| rule.name);
    for rule in rules {
        writeln!(
            out,
            "{:<25} {:<9}  {}",
            rule.name,
            rule.origin.as_str(),
            rule.summary
        )?;
    }
    Ok(())
}
