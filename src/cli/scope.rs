//! What of a site `fieldproof test` exercises: parts of the run, operations, and limits.

use std::collections::HashMap;
use std::time::Duration;

use clap::{Args, ValueEnum};
use fieldproof::conform::chain;
use fieldproof::conform::class::Class;
use fieldproof::conform::plan::Phase;
use fieldproof::diagnostic::likeness;
use fieldproof::model::Operation;
use fieldproof::report::catalog;

use super::Failure;
use super::config::TestConfig;
use super::docs::Docs;

/// Flags that choose what is exercised.
#[derive(Debug, Args)]
pub(crate) struct ScopeArgs {
    /// Parts of the run [default: examples,positive,negative,state]
    #[arg(long, value_enum, value_name = "PHASE", value_delimiter = ',')]
    phase: Vec<PhaseName>,
    /// What the fuzz phase draws with: the same number draws the same requests
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub(crate) seed: u64,
    #[command(flatten)]
    choice: ChoiceArgs,
    /// Report only findings of this rule
    #[arg(long, value_name = "RULE")]
    rule: Vec<String>,
    /// Exercise one part of the operations, as `2/4`; what belongs together stays in one part
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub(crate) shard: Option<(usize, usize)>,
    /// Send at most so many requests; what was made is still removed
    #[arg(long, value_name = "COUNT")]
    pub(crate) max_requests: Option<usize>,
    /// End the run after this time, a bare number means seconds; what was made is still removed
    #[arg(long, value_name = "TIME", value_parser = super::duration::seconds)]
    pub(crate) max_time: Option<Duration>,
    /// Fail with exit code 4 if less than this share of the documented answers and members was seen
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) min_coverage: Option<u8>,
}

/// Flags that choose operations.
#[derive(Debug, Args)]
pub(crate) struct ChoiceArgs {
    /// Exercise only operations of this method
    #[arg(long, value_name = "METHOD")]
    method: Vec<String>,
    /// Exercise only operations whose path is this, or begins with it; `*` stands for anything
    #[arg(long, value_name = "PATH")]
    path: Vec<String>,
    /// Exercise only operations of this page
    #[arg(long, value_name = "FILE")]
    page: Vec<String>,
}

impl ChoiceArgs {
    /// The indexes of the operations that were asked for; `None` stands for all.
    pub(crate) fn operations(&self, docs: &Docs) -> Result<Option<Vec<usize>>, Failure> {
        if self.method.is_empty() && self.path.is_empty() && self.page.is_empty() {
            return Ok(None);
        }
        let operations = &docs.documentation.api.operations;
        let methods = operations.iter().map(|it| it.endpoint.value.method.clone());
        check(
            "method",
            &self.method,
            &methods.collect::<Vec<_>>(),
            str::eq_ignore_ascii_case,
        )?;
        let paths = operations.iter().map(|it| it.endpoint.value.path.clone());
        check("path", &self.path, &paths.collect::<Vec<_>>(), fits)?;
        let pages: Vec<Vec<String>> = operations
            .iter()
            .map(|it| it.pages.iter().map(|page| docs.path(*page)).collect())
            .collect();
        check("page", &self.page, &pages.concat(), is_page)?;
        let chosen = operations
            .iter()
            .zip(&pages)
            .enumerate()
            .filter(|(_, (operation, pages))| {
                let endpoint = &operation.endpoint.value;
                let has_method = self.method.is_empty()
                    || self
                        .method
                        .iter()
                        .any(|it| it.eq_ignore_ascii_case(&endpoint.method));
                let has_path =
                    self.path.is_empty() || self.path.iter().any(|it| fits(it, &endpoint.path));
                let has_page = self.page.is_empty()
                    || self
                        .page
                        .iter()
                        .any(|wanted| pages.iter().any(|page| is_page(wanted, page)));
                has_method && has_path && has_page
            });
        Ok(Some(chosen.map(|(index, _)| index).collect()))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PhaseName {
    /// The documented requests as they are written
    Examples,
    /// Other requests that the docs promise to accept
    Positive,
    /// Requests that the docs promise to refuse
    Negative,
    /// What requests leave behind
    State,
    /// Inputs drawn from what is documented; only if it is asked for
    Fuzz,
}

impl ScopeArgs {
    /// The parts of the run.
    pub(crate) fn phases(&self) -> Vec<Phase> {
        if self.phase.is_empty() {
            return Phase::DEFAULT.to_vec();
        }
        let phases = self.phase.iter().map(|phase| match phase {
            PhaseName::Examples => Phase::Examples,
            PhaseName::Positive => Phase::Positive,
            PhaseName::Negative => Phase::Negative,
            PhaseName::State => Phase::State,
            PhaseName::Fuzz => Phase::Fuzz,
        });
        phases.collect()
    }

    /// The indexes of the operations of the shard that were asked for; `None` stands for all.
    pub(crate) fn chosen(&self, docs: &Docs) -> Result<Option<Vec<usize>>, Failure> {
        let chosen = self.choice.operations(docs)?;
        let Some((index, count)) = self.shard else {
            return Ok(chosen);
        };
        let mut shards = chain::shards(&docs.documentation.api, count).into_iter();
        let mut shard = shards.nth(index - 1).unwrap_or_default();
        if let Some(chosen) = chosen {
            shard.retain(|it| chosen.contains(it));
        }
        Ok(Some(shard))
    }

    /// True if findings of that rule are reported; an unknown rule is an error.
    pub(crate) fn rules(&self) -> Result<Option<Vec<&'static str>>, Failure> {
        if self.rule.is_empty() {
            return Ok(None);
        }
        let rules = self.rule.iter().map(|name| {
            let rule =
                catalog::find(name).map_err(|unknown| Failure::Usage(unknown.to_string()))?;
            Ok(rule.name)
        });
        rules.collect::<Result<Vec<_>, Failure>>().map(Some)
    }
}

/// What the configuration says that operations do to the world; an operation that no page documents is a slip.
pub(crate) fn classes(config: &TestConfig, docs: &Docs) -> Result<HashMap<usize, Class>, Failure> {
    let operations = &docs.documentation.api.operations;
    let mut classes = HashMap::new();
    for (name, settings) in &config.operations {
        let index = operations.iter().position(|it| it.name() == *name);
        let Some(index) = index else {
            let names = operations.iter().map(Operation::name);
            let names: Vec<_> = names.collect();
            let hint = hint(name, &names);
            return Err(Failure::Usage(format!(
                "`test.operations` names `{name}`, which no page documents{hint}"
            )));
        };
        if let Some(class) = settings.class {
            classes.insert(index, class);
        }
    }
    Ok(classes)
}

/// `2/4`
fn shard(text: &str) -> Result<(usize, usize), String> {
    let words = "write it as `2/4`: the number of the part, and how many there are";
    let (index, count) = text.split_once('/').ok_or(words)?;
    let index: usize = index.parse().map_err(|_| words)?;
    let count: usize = count.parse().map_err(|_| words)?;
    if index == 0 || index > count || count > 10_000 {
        return Err(words.to_owned());
    }
    Ok((index, count))
}

/// True if a path is the wanted one, is below it, or fits its `*`.
fn fits(wanted: &str, path: &str) -> bool {
    if !wanted.contains('*') {
        let rest = path.strip_prefix(wanted.trim_end_matches('/'));
        return rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    }
    let mut rest = path;
    let parts: Vec<_> = wanted.split('*').collect();
    for (at, part) in parts.iter().enumerate() {
        let is_first = at == 0;
        let is_last = at + 1 == parts.len();
        let found = match (is_first, is_last) {
            (true, _) => rest.strip_prefix(part),
            (_, true) => return part.is_empty() || rest.ends_with(part),
            _ => rest.find(part).and_then(|at| rest.get(at + part.len()..)),
        };
        match found {
            Some(found) => rest = found,
            None => return false,
        }
    }
    true
}

fn is_page(wanted: &str, page: &str) -> bool {
    let bare = |text: &str| {
        text.trim_end_matches(".mdx")
            .trim_end_matches(".md")
            .to_owned()
    };
    let (wanted, page) = (bare(wanted), bare(page));
    page == wanted || page.ends_with(&format!("/{}", wanted.trim_start_matches('/')))
}

/// Each word of a filter has to choose something: what chooses nothing is a slip.
fn check(
    flag: &str,
    wanted: &[String],
    known: &[String],
    is_one: impl Fn(&str, &str) -> bool,
) -> Result<(), Failure> {
    for word in wanted {
        if known.iter().any(|known| is_one(word, known)) {
            continue;
        }
        let hint = hint(word, known);
        return Err(Failure::Usage(format!(
            "--{flag} {word} matches no operation{hint}"
        )));
    }
    Ok(())
}

/// `; did you mean …?` with what is known and most alike, if anything is known.
fn hint(word: &str, known: &[String]) -> String {
    let nearest = known
        .iter()
        .max_by(|one, other| likeness(one, word).total_cmp(&likeness(other, word)));
    nearest.map_or_else(String::new, |known| format!("; did you mean `{known}`?"))
}
