//! The steps that a page allows from one stage of a thing to another: "goes from `todo` to `doing`", "`draft` → `sent`", "a
//! `sent` order can become `paid`". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::promises::{lines_about, sentences};

/// The statuses that refuse a step.
const REFUSALS: [u16; 4] = [400, 409, 412, 422];

/// What a page says about the steps of a thing from one stage to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Steps {
    /// The steps that are allowed: from, and to.
    pub(crate) allowed: Vec<(String, String)>,
    /// True if all others are refused.
    pub(crate) is_closed: bool,
    /// True if the stage that a thing has already may be sent.
    pub(crate) may_stay: bool,
}

impl Steps {
    /// True for a step that the page allows.
    pub(crate) fn allows(&self, from: &str, to: &str) -> bool {
        let mut allowed = self.allowed.iter();
        allowed.any(|(one, other)| one == from && other == to)
    }
}

/// The steps between the stages that a page allows, if it speaks of any.
pub(crate) fn read(operation: &Operation, stages: &[String]) -> Option<Steps> {
    let refusals = REFUSALS
        .iter()
        .flat_map(|status| lines_about(operation, *status));
    let texts: Vec<String> = sentences(operation).chain(refusals).collect();
    of_texts(&texts, stages)
}

fn of_texts(texts: &[String], stages: &[String]) -> Option<Steps> {
    static CLOSED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:all|any|every|each)\s+other\b|\b(?:other|another)\s+(?:steps?|transitions?|changes?|moves?|ways?)\b|\bno\s+other\b|\bnothing\s+else\b|\bonly\s+(?:these|those|the\s+following|in\s+this\s+order|forwards?)\b|\b(?:invalid|illegal|forbidden|impossible)\s+(?:\w+\s+)?(?:transitions?|steps?|changes?|moves?)\b|\b(?:step|transition|change|move)\s+(?:that\s+)?is\s+not\s+(?:allowed|possible|listed)\b|\bnot\s+be\s+skipped\b|\bcannot\s+skip\b",
        )
    });
    static STAYS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:already\s+has|has\s+already|same\s+(?:state|status|stage|value)|is\s+in\s+already|already\s+in|current\s+(?:state|status|stage))\b[^.;]*\b(?:fine|no\s+step|always\s+(?:allowed|ok)|allowed|ignored|accepted|changes\s+nothing|no-op|no\s+effect|does\s+nothing)\b",
        )
    });
    if stages.len() < 2 {
        return None;
    }
    let mut allowed: Vec<(String, String)> = Vec::new();
    let mut is_understood = true;
    for clause in texts.iter().flat_map(|text| text.split([';', ':'])) {
        let steps = steps_in(clause, stages);
        is_understood &= !steps.is_empty() || !may_name_a_step(clause, stages);
        for step in steps {
            if step.0 != step.1 && !allowed.contains(&step) {
                allowed.push(step);
            }
        }
    }
    (!allowed.is_empty()).then(|| Steps {
        is_closed: is_understood && texts.iter().any(|text| CLOSED.is_match(text)),
        may_stay: texts.iter().any(|text| STAYS.is_match(text)),
        allowed,
    })
}

/// Words of what cannot be done, or only sometimes.
static NOT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:cannot|can['’]t|not|never|no|refused|rejected|forbidden|invalid|if|when)\b")
});

/// True if a clause names two stages, and speaks of a way between them.
fn may_name_a_step(clause: &str, stages: &[String]) -> bool {
    static WAY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:goes|go|going|moves?|moved|changes?|changed|turns?|switch(?:es|ed)?|becomes?|back|forth|between|transitions?|follow(?:s|ed)?|then|afterwards|ends?)\b|↔|<->|→|->",
        )
    });
    let named = stages
        .iter()
        .filter(|stage| clause.contains(&format!("`{stage}`")));
    WAY.is_match(clause) && !NOT.is_match(clause) && named.count() > 1
}

/// The steps that a clause names as ones that can be made.
fn steps_in(text: &str, stages: &[String]) -> Vec<(String, String)> {
    static BACK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bvice\s+versa\b|\band\s+back(?:\s+again)?\s*(?:[.,]|$)|\b(?:in\s+)?both\s+(?:directions|ways)\b|\bin\s+either\s+direction\b|\bthe\s+other\s+way\s+(?:a)?round\b",
        )
    });
    let names: Vec<String> = stages.iter().map(|it| regex::escape(it)).collect();
    let one = format!("[`'\"“”]?(?:{})[`'\"“”]?", names.join("|"));
    let many = format!(r"{one}(?:(?:\s*,\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+|\s*/\s*){one})*");
    let arrow = r"\s*(?:→|⇒|➔|->|=>|–>|—>)\s*";
    let from_to = format!(
        r"(?i)\bfrom\s+(?P<from>{many})\s+(?:back\s+|on\s+|only\s+|directly\s+|again\s+|straight\s+)*(?:in)?to\s+(?P<to>{many})"
    );
    let becomes = format!(
        r"(?i)(?P<from>{many})\s+(?:\w+\s+)?(?:can|may|could)\s+(?:only\s+|then\s+|also\s+)*(?:become|be\s+(?:changed|moved|set|turned|switched)\s+(?:back\s+)?(?:in)?to|(?:go|move|change|turn|switch)\s+(?:back\s+|on\s+)?(?:in)?to)\s+(?P<to>{many})"
    );
    let chain = format!(r"(?i)(?P<all>{many}(?:{arrow}{many})+)");
    let between = format!(
        r"(?i)\bbetween\s+(?P<from>{one})\s+and\s+(?P<to>{one})|(?P<left>{one})\s*(?:↔|<->|<=>|⇄)\s*(?P<right>{one})"
    );
    let stages_in = |text: &str| -> Vec<String> {
        let one = Regex::new(&format!(
            "(?i)(?:^|[^\\w-])({})(?:[^\\w-]|$)",
            names.join("|")
        ));
        let Ok(one) = one else {
            return Vec::new();
        };
        // Names that share the character between them are found piece by piece.
        let pieces = text.split([',', '/', ' ']);
        let found = pieces.filter_map(|it| Some(one.captures(it)?.get(1)?.as_str().to_lowercase()));
        found
            .filter_map(|it| {
                stages
                    .iter()
                    .find(|stage| stage.to_lowercase() == it)
                    .cloned()
            })
            .collect()
    };
    let mut steps = Vec::new();
    let mut add = |from: &[String], to: &[String]| {
        for one in from {
            for other in to {
                steps.push((one.clone(), other.clone()));
            }
        }
    };
    for clause in text.split([';', ':']) {
        if !NOT.is_match(clause) {
            for source in [&from_to, &becomes] {
                let Ok(pairs) = Regex::new(source) else {
                    continue;
                };
                for found in pairs.captures_iter(clause) {
                    let of = |name: &str| stages_in(found.name(name).map_or("", |it| it.as_str()));
                    add(&of("from"), &of("to"));
                }
            }
        }
        if let Ok(between) = Regex::new(&between)
            && !NOT.is_match(clause)
        {
            for found in between.captures_iter(clause) {
                let of = |name: &str| stages_in(found.name(name).map_or("", |it| it.as_str()));
                for (one, other) in [("from", "to"), ("left", "right")] {
                    add(&of(one), &of(other));
                    add(&of(other), &of(one));
                }
            }
        }
        let Ok(chain) = Regex::new(&chain) else {
            continue;
        };
        for found in chain
            .captures_iter(clause)
            .filter(|_| !NOT.is_match(clause))
        {
            let all = found.name("all").map_or("", |it| it.as_str());
            let links = all.replace("->", "→").replace("=>", "→").replace("–>", "→");
            let links = links.replace("—>", "→").replace(['⇒', '➔'], "→");
            let links: Vec<Vec<String>> = links.split('→').map(stages_in).collect();
            for pair in links.windows(2) {
                if let [from, to] = pair {
                    add(from, to);
                }
            }
        }
    }
    if BACK.is_match(text) {
        let back: Vec<_> = steps
            .iter()
            .map(|(from, to)| (to.clone(), from.clone()))
            .collect();
        steps.extend(back);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Option<(Vec<String>, bool, bool)> {
        let stages = ["todo", "doing", "done", "in_review"].map(str::to_owned);
        let texts: Vec<String> = texts.iter().map(|it| (*it).to_owned()).collect();
        let steps = of_texts(&texts, &stages)?;
        let allowed = steps.allowed.iter();
        let allowed = allowed.map(|(from, to)| format!("{from}>{to}")).collect();
        Some((allowed, steps.is_closed, steps.may_stay))
    }

    #[test]
    fn sentences_say_which_steps_are_allowed() {
        let steps = |list: &[&str], closed, stay| {
            let list = list.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
            Some((list, closed, stay))
        };
        assert_eq!(
            of(&[
                "A task goes from `todo` to `doing`, from `doing` to `done`, and from `doing` or `done` back to `todo`.",
                "All other steps are refused with `409`;",
                "setting the state that it has already is no step and always fine.",
            ]),
            steps(
                &["todo>doing", "doing>done", "doing>todo", "done>todo"],
                true,
                true
            )
        );
        assert_eq!(
            of(&["Allowed: `todo` → `doing` → `in_review`/`done`."]),
            steps(
                &["todo>doing", "doing>in_review", "doing>done"],
                false,
                false
            )
        );
        assert_eq!(
            of(&["A `todo` task can become `doing` or `done`, no other."]),
            None
        );
        assert_eq!(
            of(&[
                "A `todo` task can only become `doing` or `done`.",
                "Other transitions get a 422."
            ]),
            steps(&["todo>doing", "todo>done"], true, false)
        );
    }

    #[test]
    fn some_steps_can_be_made_both_ways() {
        let both = Some((
            vec!["todo>doing".to_owned(), "doing>todo".to_owned()],
            true,
            false,
        ));
        for text in [
            "A task goes back and forth between `todo` and `doing`.",
            "It goes from `todo` to `doing` and back.",
            "A `todo` task can become `doing`, and vice versa.",
            "`todo` ↔ `doing`.",
            "Allowed in both directions: `todo` <-> `doing`.",
        ] {
            assert_eq!(of(&[text, "All other steps are refused."]), both, "{text}");
        }
        assert_eq!(
            of(&[
                "A task goes from `todo` to `doing`, and from then on back and forth between `doing` and `done`.",
                "Any other change is refused."
            ]),
            Some((
                ["todo>doing", "doing>done", "done>doing"]
                    .map(str::to_owned)
                    .to_vec(),
                true,
                false
            ))
        );
    }

    #[test]
    fn steps_that_are_not_understood_leave_all_others_open() {
        let texts = [
            "A task goes from `todo` to `doing`.",
            "After `doing` it is `done`, then `in_review` follows.",
            "All other steps are refused.",
        ];
        assert_eq!(
            of(&texts),
            Some((vec!["todo>doing".to_owned()], false, false))
        );
    }

    #[test]
    fn sentences_that_refuse_a_step_allow_none() {
        assert_eq!(of(&["It cannot go from `done` to `todo`."]), None);
        assert_eq!(of(&["Changes the state from `todo`."]), None);
    }
}
