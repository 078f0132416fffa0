//! Stages that the pages say end with the value of another member: seen in all answers about one thing, once the run is over.

use std::collections::HashMap;

use serde_json::Value;

use crate::conform::chain::{Kind, identity};
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::sample;
use crate::conform::said::promises;
use crate::conform::said::ripens::{self, Ripens};

use crate::conform::session::Session;

impl Session<'_, '_> {
    /// What was in a stage before the member had the value is in another one when it has.
    pub(in crate::conform::session) fn check_ripe(&mut self) {
        if !self.is_stateful() || self.is_mock {
            return;
        }
        let shared = self.api.shared.remarks.iter();
        let of_all: Vec<Ripens> = shared.flat_map(|it| ripens::of(&it.text.value)).collect();
        // The stage that each thing had before the member got its value.
        let mut before: HashMap<(String, String, String), String> = HashMap::new();
        let mut found = None;
        for at in 0..self.exchanges.len() {
            let Some((operation, role)) = self
                .about(at)
                .filter(|_| self.has_succeeded(at))
                .map(|(_, operation, role)| (operation, role))
            else {
                continue;
            };
            if !matches!(
                role.kind,
                Kind::Create | Kind::Read | Kind::Action | Kind::Update
            ) {
                continue;
            }
            let Some(object) = self.object(at) else {
                continue;
            };
            let (noun, key) = (role.noun.clone(), self.key(&role.noun));
            let Some(id) = identity::id(&object, &key, &noun) else {
                continue;
            };
            let Some((member, stage, all)) = self.stage_now(&noun, &object) else {
                continue;
            };
            let own = promises::sentences(operation).flat_map(|it| ripens::of(&it));
            for said in own.chain(of_all.iter().cloned()) {
                let Some(value) = object.get(&said.member) else {
                    continue;
                };
                let is_known = [&said.from, &said.to]
                    .into_iter()
                    .flatten()
                    .all(|it| all.contains(it));
                if !is_known {
                    continue;
                }
                let thing = (noun.clone(), id.clone(), said.member.clone());
                if !echo::is_same(&said.value, value) {
                    before.insert(thing, stage.clone());
                    continue;
                }
                let ends = said.from.as_ref().is_some_and(|it| *it == stage)
                    || said.from.is_none() && said.to.as_ref().is_some_and(|it| *it != stage);
                if ends && before.get(&thing) == Some(&stage) && found.is_none() {
                    found = Some((at, noun.clone(), member.clone(), stage.clone(), said));
                }
            }
        }
        let Some((at, noun, member, stage, said)) = found else {
            return;
        };
        let value = sample::plain(&said.value);
        let message = format!(
            "{} shows `{member}` as `{stage}` with `{}` as `{value}`, and a page says that this stage is over then",
            self.name_at(at),
            said.member
        );
        let expected = said.to.unwrap_or_else(|| "another stage".to_owned());
        let found = Found::about(
            &state::ACTION_WITHOUT_EFFECT,
            self.subject_of(at, &member),
            message,
        )
        .said(said.sentence)
        .seen(expected, Value::from(stage).to_string());
        self.found(at, &noun, &format!("ripe {member}"), found);
    }
}
