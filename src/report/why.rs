//! Facts with what made them: all of a site in short, or those about one subject at length.

use std::io::{self, Write};

use super::visible::escape;
use crate::diagnostic::likeness;
use crate::model::topic::{self, Topic};
use crate::model::{Documentation, Operation};
use crate::source::{Sources, Span};

/// Whatever is asked for, but documented nowhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// No operation has that name.
    #[error("there is no operation `{name}`{}", did_you_mean(.hint.as_ref()))]
    Operation {
        /// The name.
        name: String,
        /// The name that is most alike.
        hint: Option<String>,
    },
    /// No operation has a fact about that subject.
    #[error("nothing is said about `{name}`{}", did_you_mean(.hint.as_ref()))]
    Subject {
        /// The subject.
        name: String,
        /// The subject that is most alike.
        hint: Option<String>,
    },
}

fn did_you_mean(hint: Option<&String>) -> String {
    hint.map_or_else(String::new, |hint| format!("; did you mean `{hint}`?"))
}

/// Where facts are looked for, and how paths are shown.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// What they mean.
    pub documentation: &'a Documentation,
    /// The path of the docs root as the user typed it.
    pub prefix: &'a str,
}

/// Leaves only the operations of that name.
pub fn only(documentation: &mut Documentation, name: &str) -> Result<(), Unknown> {
    let operations = &mut documentation.api.operations;
    let is_named = |it: &Operation| it.name().eq_ignore_ascii_case(name.trim());
    if !operations.iter().any(is_named) {
        return Err(Unknown::Operation {
            name: name.to_owned(),
            hint: nearest(operations.iter().map(Operation::name), name),
        });
    }
    operations.retain(is_named);
    Ok(())
}

impl Facts<'_> {
    /// Writes a line for each fact: subject, fact, origin, place, rule.
    pub fn write_all(&self, out: &mut dyn Write) -> io::Result<()> {
        for operation in &self.documentation.api.operations {
            writeln!(out, "{}", escape(&operation.name()))?;
            for topic in topic::topics(operation) {
                for told in &topic.facts {
                    writeln!(
                        out,
                        "  {} {}  ({})  {}  {}",
                        escape(&topic.subject),
                        escape(&told.says),
                        told.evidence.origin.as_str(),
                        escape(&self.place(told.evidence.span)),
                        told.evidence.rule.name
                    )?;
                }
            }
        }
        Ok(())
    }

    /// Writes all that is known about `subject`, and why.
    pub fn write_about(
        &self,
        subject: &str,
        out: &mut dyn Write,
    ) -> io::Result<Result<(), Unknown>> {
        let mut others = Vec::new();
        let mut found = 0;
        for operation in &self.documentation.api.operations {
            for topic in topic::topics(operation) {
                if topic.subject != subject {
                    others.push(topic.subject);
                    continue;
                }
                if found > 0 {
                    writeln!(out)?;
                }
                found += 1;
                self.topic(operation, &topic, out)?;
            }
        }
        if found > 0 {
            return Ok(Ok(()));
        }
        others.sort();
        others.dedup();
        Ok(Err(Unknown::Subject {
            name: subject.to_owned(),
            hint: nearest(others, subject),
        }))
    }

    fn topic(&self, operation: &Operation, topic: &Topic, out: &mut dyn Write) -> io::Result<()> {
        let name = escape(&topic.subject);
        writeln!(out, "{name} of {}", escape(&operation.name()))?;
        for told in &topic.facts {
            writeln!(out, "\n{}", escape(&told.says))?;
            self.source(told.evidence.span, out)?;
            let rule = told.evidence.rule;
            let origin = told.evidence.origin.as_str();
            writeln!(out, "  {} ({origin}): {}", rule.name, rule.summary)?;
        }
        if !topic.considered.is_empty() {
            writeln!(out, "\nconsidered")?;
        }
        for remark in &topic.considered {
            let place = self.place(remark.span);
            writeln!(out, "  {}  {}", escape(&place), escape(&remark.says))?;
        }
        Ok(())
    }

    /// The place, and the line of the file.
    fn source(&self, span: Span, out: &mut dyn Write) -> io::Result<()> {
        const LONGEST: usize = 120;
        let line = self.sources.file(span.file).text();
        let start = line.get(..span.start as usize).unwrap_or_default();
        let start = start.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let line = line.get(start..).unwrap_or_default();
        let line = line.lines().next().unwrap_or_default().trim();
        let short: String = line.chars().take(LONGEST).collect();
        let more = if short.len() < line.len() { "…" } else { "" };
        let place = self.place(span);
        writeln!(out, "  {}  {}{more}", escape(&place), escape(&short))
    }

    fn place(&self, span: Span) -> String {
        let position = self.sources.positions(span).start;
        let path = super::path(self.sources, self.prefix, span.file);
        format!("{path}:{}:{}", position.line, position.column)
    }
}

fn nearest(names: impl IntoIterator<Item = String>, wanted: &str) -> Option<String> {
    let likely = names
        .into_iter()
        .map(|name| (likeness(&name, wanted), name));
    let best = likely.max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)));
    best.map(|(_, name)| name)
}
