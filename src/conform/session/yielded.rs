//! Things that only an action on another thing makes: a member by accepting an invitation, an order by checking out a cart.
//!
//! Before anything reads or changes them, the action is done to something that is made for it.

use serde_json::Value;

use crate::conform::chain::{Kind, identity};
use crate::conform::judge;
use crate::conform::plan::{Item, Variant};

use super::stages::ready::WORDS;
use super::{Session, Thing};

impl<'a> Session<'a, '_> {
    /// Makes one of each kind of thing that only actions make, and that other operations take.
    pub(super) fn make_by_actions(&mut self) {
        let roles = self.plan.roles.iter();
        let mut nouns: Vec<&String> = roles
            .filter_map(|it| Some(&it.yields.as_ref()?.noun))
            .collect();
        nouns.sort_unstable();
        nouns.dedup();
        for noun in nouns {
            let is_wanted = self.plan.items.iter().any(|it| {
                let role = self.role(it.operation);
                role.is_some_and(|role| {
                    let mut slots = role.slots.iter();
                    let is_late = matches!(role.kind, Kind::Action | Kind::Delete);
                    !is_late && slots.any(|slot| slot.noun == *noun)
                })
            });
            let is_created = self.example_of(noun, Kind::Create).is_some();
            if is_wanted && !is_created && self.stopped().is_none() {
                self.made_by_action(noun);
            }
        }
    }

    /// A new thing of a noun, made by an action on what is made for it.
    pub(super) fn made_by_action(&mut self, noun: &str) -> Option<usize> {
        let action = self.action_that_makes(noun)?;
        let from = &self.role(action.operation)?.noun;
        let create = self.example_of(from, Kind::Create)?;
        let source = self.made_by(create)?;
        let prepared = self.prepared(action, Some(source)).ok()?;
        let mut prepared = self.as_another(prepared);
        prepared.variant = Variant::Step(WORDS);
        self.use_up(Some(source));
        let at = self.exchange(prepared)?;
        self.keep(at);
        let mut things = self.store.things.iter();
        things.position(|it| it.made_by == Some(at))
    }

    /// True if an answer about things of a noun had that id before an exchange.
    fn was_shown(&self, at: usize, noun: &str, key: &str, id: Option<&str>) -> bool {
        let mut before = self.exchanges.iter().take(at);
        before.any(|it| {
            let index = it.item.operation;
            let (Some(role), Some(operation)) = (self.role(index), self.operation(index)) else {
                return false;
            };
            let Some(body) = it.body.as_ref().filter(|_| role.noun == noun) else {
                return false;
            };
            let items = judge::list::items(operation, Some(body)).into_iter();
            let mut objects = items.chain(identity::object(body, key, noun));
            objects.any(|object| identity::id(object, key, noun).as_deref() == id)
        })
    }

    /// Keeps what an accepted action says of the thing that it was done to, where no read tells it.
    pub(super) fn note_action(&mut self, at: usize) {
        let Some((_, _, role)) = self
            .about(at)
            .filter(|(.., role)| role.kind == Kind::Action)
        else {
            return;
        };
        let (Some(exchange), Some(slot)) = (self.exchanges.get(at), role.own_path()) else {
            return;
        };
        let sent = exchange
            .item
            .draft
            .slot(slot)
            .filter(|_| exchange.is_done());
        let told = self.object(at).filter(|_| !role.answers_with_another());
        let (Some(sent), Some(Value::Object(told))) = (sent, told) else {
            return;
        };
        let said = identity::id(&Value::Object(told.clone()), &slot.name, &slot.noun);
        let mut things = self.store.things.iter_mut();
        let thing =
            things.find(|it| it.noun == role.noun && it.id(&slot.name) == Some(sent.clone()));
        let thing = thing.filter(|it| it.is_told_by(&Value::Object(told.clone())));
        let Some(known) = thing.and_then(|it| it.object.as_object_mut()) else {
            return;
        };
        if said == Some(sent) {
            for (name, value) in told {
                if let Some(old) = known.get_mut(&name) {
                    *old = value;
                }
            }
        }
    }

    fn action_that_makes(&self, noun: &str) -> Option<&'a Item> {
        self.plan.items.iter().find(|it| {
            let role = self.plan.roles.get(it.operation);
            let yields = role.and_then(|it| it.yields.as_ref());
            matches!(it.variant, Variant::Example) && yields.is_some_and(|it| it.noun == noun)
        })
    }

    /// Keeps what an accepted action made of another kind.
    pub(super) fn keep_yield(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let role = self.role(exchange.item.operation);
        let Some(yields) = role.and_then(|it| it.yields.as_ref()) else {
            return;
        };
        let key = self.key(&yields.noun);
        let object = exchange.body.as_ref();
        let object = object.and_then(|body| yields.object(body, &key));
        let Some(object) = object.filter(|_| exchange.is_success) else {
            return;
        };
        // What an answer before has shown was there before, whatever the page says: it is not the run's own.
        let id = identity::id(&object, &key, &yields.noun);
        if self.was_shown(at, &yields.noun, &key, id.as_deref()) {
            return;
        }
        let is_lost = self.unreadable.contains(&yields.noun);
        self.store.add(Thing {
            is_lost,
            made_by: Some(at),
            as_of: self.exchanges.len(),
            ..Thing::own(&yields.noun, object, &key)
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::conform::message::{Answer, Request, Unanswered};
    use crate::conform::tests::{answer, run_with};

    const OFFER: &str = "{\"id\": \"off_1\", \"guest\": \"Ann\", \"status\": \"open\"}";
    const STAY: &str =
        "{\"id\": \"stay_1\", \"name\": \"Ann\", \"room\": 4, \"phase\": \"booked\"}";

    fn pages() -> Vec<String> {
        let page = |api: &str, curl: &str, shown: &str| {
            format!(
                "---\napi: {api}\n---\n\n```bash\ncurl {curl}\n```\n\n```json {shown}\n```\n\n```json 404\n{{\"error\": \"unknown\"}}\n```\n"
            )
        };
        vec![
            page(
                "POST /offers",
                "-X POST https://api.example.com/offers -d '{\"guest\": \"Ann\"}'",
                &format!("201\n{OFFER}"),
            ),
            page(
                "GET /offers/{offer_id}",
                "https://api.example.com/offers/off_1",
                &format!("200\n{OFFER}"),
            ),
            page(
                "POST /offers/{offer_id}/accept",
                "-X POST https://api.example.com/offers/off_1/accept",
                &format!("201\n{STAY}"),
            ),
            page(
                "GET /stays/{stay_id}",
                "https://api.example.com/stays/stay_1",
                &format!("200\n{STAY}"),
            ),
            page(
                "PATCH /stays/{stay_id}",
                "-X PATCH https://api.example.com/stays/stay_1 -d '{\"room\": 5}'",
                &format!("200\n{}", STAY.replace('4', "5")),
            ),
            page(
                "DELETE /stays/{stay_id}",
                "-X DELETE https://api.example.com/stays/stay_1",
                &format!("200\n{STAY}"),
            ),
        ]
    }

    /// The rules that are broken, the methods and paths that were sent, and what is left in the end.
    fn run(keeps_rooms: bool) -> (Vec<&'static str>, Vec<String>, usize) {
        let pages = pages();
        let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
        let mut things: Vec<Value> = Vec::new();
        let mut sent = Vec::new();
        let mut reply = |request: &Request| -> Result<Answer, Unanswered> {
            let path = request.url.split("127.0.0.1:1").nth(1).unwrap_or_default();
            let names: Vec<&str> = path.split('/').skip(1).collect();
            sent.push(format!("{} {path}", request.method));
            let body: Value = serde_json::from_str(&request.body_text()).unwrap_or_default();
            let count = things.len();
            let at = things
                .iter()
                .position(|it| Some(&it["id"]) == names.get(1).map(|id| json!(id)).as_ref());
            let unknown = Ok(answer(404, "{\"error\": \"unknown\"}"));
            match (request.method.as_str(), names.as_slice(), at) {
                ("POST", ["offers"], _) => {
                    let offer = json!({"id": format!("off_{count}9"), "guest": body["guest"], "status": "open"});
                    things.push(offer.clone());
                    Ok(answer(201, &offer.to_string()))
                }
                ("POST", ["offers", _, "accept"], Some(at)) => {
                    things[at]["status"] = json!("accepted");
                    let stay = json!({"id": format!("stay_{count}9"), "name": things[at]["guest"], "room": 4, "phase": "booked"});
                    things.push(stay.clone());
                    Ok(answer(201, &stay.to_string()))
                }
                ("GET", [_, _], Some(at)) => Ok(answer(200, &things[at].to_string())),
                ("PATCH", ["stays", _], Some(at)) => {
                    let mut stay = things[at].clone();
                    stay["room"] = body["room"].clone();
                    if keeps_rooms {
                        things[at] = stay.clone();
                    }
                    Ok(answer(200, &stay.to_string()))
                }
                ("DELETE", ["stays", _], Some(at)) => {
                    Ok(answer(200, &things.remove(at).to_string()))
                }
                _ => unknown,
            }
        };
        let (rules, _) = run_with(&pages, &mut reply);
        let left = things
            .iter()
            .filter(|it| it["room"] == json!(4) || it["room"] == json!(5));
        (rules, sent, left.count())
    }

    #[test]
    fn what_an_action_makes_is_read_changed_and_removed() {
        let (rules, sent, left) = run(true);
        assert!(!rules.contains(&"wrong-identity"), "{rules:?}");
        let has = |start: &str| sent.iter().any(|it| it.starts_with(start));
        assert!(
            has("PATCH /stays/stay_") && has("DELETE /stays/stay_"),
            "{sent:?}"
        );
        assert_eq!(left, 0, "{sent:?}");
        assert!(!rules.contains(&"update-not-kept"), "{rules:?}");
        let (rules, ..) = run(false);
        let is_found = |rule: &&str| ["update-not-kept", "read-differs"].contains(rule);
        assert!(rules.iter().any(is_found), "{rules:?}");
    }
}
