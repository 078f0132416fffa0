//! Every rule of every layer, and their groups.

use crate::diagnostic::{self, Known, Rule, UnknownRule};
use crate::{check, conform, diff, mdx, model};

/// Rules that have one name together.
#[derive(Clone, Debug)]
pub struct Group {
    /// The name, which can stand wherever that of a rule can.
    pub name: &'static str,
    /// What its rules have in common.
    pub summary: &'static str,
    /// The rules.
    pub rules: Vec<&'static Rule>,
}

/// All rules, by name.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules = of_check();
    rules.extend(conform::rules());
    rules.extend(diff::rules());
    rules.sort_by_key(|rule| rule.name);
    rules
}

/// The rules that reading and checking the pages can raise, by name.
pub fn of_check() -> Vec<&'static Rule> {
    let mut rules: Vec<_> = model::rules();
    rules.extend(check::rules());
    rules.extend(diagnostic::RULES);
    rules.sort_by_key(|rule| rule.name);
    rules
}

/// The groups, by name.
pub fn groups() -> Vec<Group> {
    vec![
        Group {
            name: "platform",
            summary: "what the platform silently drops or misreads",
            rules: check::platform_rules(),
        },
        Group {
            name: "syntax",
            summary: "what the platform's parser rejects",
            rules: mdx::rules::RULES.to_vec(),
        },
    ]
}

/// The rule of that name.
pub fn find(name: &str) -> Result<&'static Rule, UnknownRule> {
    diagnostic::find(&rules(), name)
}

/// The rules that a name stands for: that of a rule, or of a group.
pub fn resolve(name: &str) -> Result<Vec<&'static Rule>, UnknownRule> {
    let groups = groups();
    if let Some(group) = groups.iter().find(|group| group.name == name) {
        return Ok(group.rules.clone());
    }
    let rules = rules();
    diagnostic::find(&rules, name)
        .map(|rule| vec![rule])
        .map_err(|_| {
            let names = rules.iter().map(|rule| rule.name);
            UnknownRule::new(name, names.chain(groups.iter().map(|group| group.name)))
        })
}

/// What settings need to know of the rules, for a run of `fieldproof check`.
///
/// On a part of a site, rules that compare pages are not held against the suppressions that name them.
pub fn known(is_whole_site: bool) -> Known {
    let mut judged = of_check();
    if !is_whole_site {
        let across = check::rules_across_pages();
        judged.retain(|rule| !across.contains(rule));
    }
    Known {
        all: rules(),
        judged,
        lenient: check::lenient_rules(),
    }
}
