//! "We add members to our objects from time to time": with such a sentence on a page without an endpoint, members that no
//! field documents are nothing that the docs forbid.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Api;
use crate::model::Evidence;
use crate::model::shape::{Openness, Shape, ShapeKind};
use crate::model::shared::Remark;

/// Opens the objects of all answers, if a page says that they grow.
pub(super) fn open(api: &mut Api, remarks: &[Remark]) {
    let Some(said) = remarks.iter().find(|it| grows(&it.text.value)) else {
        return;
    };
    let evidence = said.text.evidence;
    let responses = api.operations.iter_mut().flat_map(|it| &mut it.responses);
    for shape in responses.filter_map(|it| it.shape.as_mut()) {
        open_up(shape, evidence);
    }
}

fn open_up(shape: &mut Shape, evidence: Evidence) {
    match &mut shape.kind {
        ShapeKind::Object { members, open } => {
            if *open == Openness::Closed {
                *open = Openness::Open(evidence);
            }
            for member in members {
                open_up(&mut member.shape, evidence);
            }
        }
        ShapeKind::Array(items) | ShapeKind::Map(items) => open_up(items, evidence),
        ShapeKind::Union(variants) => {
            for variant in variants {
                open_up(variant, evidence);
            }
        }
        _ => {}
    }
}

/// True for a sentence to clients about members of answers that they do not know yet.
fn grows(sentence: &str) -> bool {
    static MEMBERS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:members|fields|properties|keys|attributes)\b"));
    // What becomes of members that are sent is another matter.
    static SENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:requests?|sent|send|sending|body|bodies|query|payload you|input)\b")
    });
    static ADDED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \b(?:add(?:s|ed|ing)?|appear|introduced?|new|additional|more)\b .*
            \b(?:from\s+time\s+to\s+time|(?:at\s+)?any\s+time|over\s+time|in\s+(?:the\s+)?future
            |without\s+(?:(?:prior|further)\s+)?notice|(?:non-|not\s+(?:an?\s+|considered\s+(?:an?\s+|as\s+)?)?)breaking
            |backwards?[\s-]compatible|without\s+(?:an?\s+)?new\s+version)\b",
        )
    });
    static IGNORED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \b(?:ignore|tolerate|skip|cope\s+with|be\s+(?:prepared|ready)\s+for)\b .*
            \b(?:(?:do|does)\s+not|don['’]t|unknown|unexpected|unrecogni[sz]ed|new|additional|other|extra)\b",
        )
    });
    let is_ours = |text: &str| text.to_lowercase().contains("we ignore");
    MEMBERS.is_match(sentence)
        && !SENT.is_match(sentence)
        && (ADDED.is_match(sentence) || IGNORED.is_match(sentence) && !is_ours(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_may_say_that_its_objects_grow() {
        for text in [
            "We add members to our objects from time to time.",
            "New fields may appear in responses at any time.",
            "Do not rely on the order of members, and ignore those that you do not know.",
            "Adding new properties is not considered a breaking change.",
            "Clients should tolerate unknown fields.",
            "Adding optional attributes is backwards-compatible.",
        ] {
            assert!(grows(text), "{text}");
        }
        for text in [
            "Unknown members of the request are ignored.",
            "We ignore fields that we do not know.",
            "All new fields are documented.",
            "Members can be added to a team at any size.",
            "Fields that you send in addition are ignored without notice.",
        ] {
            assert!(!grows(text), "{text}");
        }
    }
}
