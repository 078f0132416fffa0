//! What the documented request of an operation and its documented answer show together: a value that comes back otherwise
//! there is changed by the server, whatever the words say, and words that do not lead from one to the other are not understood.

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::judge::echo;
use crate::conform::plan::Variant;
use crate::conform::said::normal::Normal;

use crate::conform::session::Session;

impl Session<'_, '_> {
    /// True if pages about things of a noun show that a member comes back otherwise than it is sent.
    pub(in crate::conform::session) fn comes_back_otherwise(&self, noun: &str, name: &str) -> bool {
        self.shown_pairs(noun, name)
            .iter()
            .any(|(sent, back)| !echo::is_same(sent, back))
    }

    /// True if what is read in the text of a member does not lead from what is shown as sent to what is shown as answered.
    pub(super) fn is_misread(&self, noun: &str, name: &str, normal: Normal) -> bool {
        self.shown_pairs(noun, name)
            .iter()
            .any(|(sent, back)| echo::is_alike(sent, back) && !normal.is_kept(sent, back, false))
    }

    /// The values of a member in the documented requests that make or change things of a noun, and in the answers to them.
    fn shown_pairs(&self, noun: &str, name: &str) -> Vec<(Value, Value)> {
        let items = self.plan.items.iter();
        let examples = items.filter(|it| matches!(it.variant, Variant::Example));
        let pairs = examples.filter_map(|item| {
            let role = self.role(item.operation)?;
            let is_write = matches!(role.kind, Kind::Create | Kind::Update);
            let operation = self
                .operation(item.operation)
                .filter(|_| is_write && role.noun == noun)?;
            let sent = item.draft.content()?.get(name)?.clone();
            let back = echo::shown(operation, noun, name)?;
            (!sent.is_null() && !back.is_null()).then_some((sent, back))
        });
        pairs.collect()
    }
}
