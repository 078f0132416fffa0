//! What a documented parameter of a list asks of the things: of which member, and how.
//!
//! ```text
//! status, owner_id, tag, parent    the member, or the one of the object or the list that is named so
//! price_min, created_after, due_to a number or a time, whatever unit or `_at` ends the name of the member
//! exclude_status, status_not       all others
//! is_done, has_owner, archived     a truth, or whether there is one: `archived_at`
//! team, owner.team                 a member of an object in the thing, if only one can be meant
//! ```
//!
//! The text of a parameter decides where its name does not: "Same as `status`.", "Only those without an owner."

use serde_json::{Map, Value};

use super::filter::is_time;
use super::relation::{Relation, holds};
use crate::mock::words;

type Thing = Map<String, Value>;

/// What is asked of a member of the things.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wish {
    /// The name of the member, below that of the object that it stands in.
    way: Vec<String>,
    relation: Relation,
}

/// Beginnings and ends of names that say how a member is compared.
const WORDS: [(&str, Relation); 39] = [
    ("min", Relation::AtLeast),
    ("max", Relation::AtMost),
    ("after", Relation::Above),
    ("since", Relation::AtLeast),
    ("from", Relation::AtLeast),
    ("gte", Relation::AtLeast),
    ("before", Relation::Below),
    ("until", Relation::AtMost),
    ("to", Relation::AtMost),
    ("lte", Relation::AtMost),
    ("gt", Relation::Above),
    ("lt", Relation::Below),
    ("atleast", Relation::AtLeast),
    ("atmost", Relation::AtMost),
    ("between", Relation::Between),
    ("range", Relation::Between),
    ("icontains", Relation::Contains),
    ("contains", Relation::Contains),
    ("like", Relation::Contains),
    ("startswith", Relation::Starts),
    ("beginswith", Relation::Starts),
    ("prefix", Relation::Starts),
    ("endswith", Relation::Ends),
    ("not", Relation::IsNot),
    ("ne", Relation::IsNot),
    ("neq", Relation::IsNot),
    ("nin", Relation::IsNot),
    ("exclude", Relation::IsNot),
    ("excluding", Relation::IsNot),
    ("except", Relation::IsNot),
    ("eq", Relation::Is),
    // Spanish, Portuguese, French, and German.
    ("desde", Relation::AtLeast),
    ("hasta", Relation::AtMost),
    ("ate", Relation::AtMost),
    ("depuis", Relation::AtLeast),
    ("von", Relation::AtLeast),
    ("bis", Relation::AtMost),
    ("minimo", Relation::AtLeast),
    ("maximo", Relation::AtMost),
];

/// Names of a point, in one spelling: what is near it is asked for, and not what lies on it.
const POINTS: [&str; 9] = [
    "lat",
    "latitude",
    "lon",
    "lng",
    "long",
    "longitude",
    "location",
    "point",
    "coordinates",
];

/// What may stand at the end of the name of a member and not in that of a parameter: units, and what makes a time.
const ENDS: [&str; 21] = [
    "at", "on", "date", "day", "time", "kg", "g", "km", "m", "cm", "cents", "eur", "usd", "ms",
    "seconds", "minutes", "hours", "days", "percent", "mb", "gb",
];

/// What makes the name of a truth that of a time.
const TIMES: [&str; 3] = ["at", "on", "date"];

/// What is put away by these: a list leaves it out where the default of the parameter is `false`.
const AWAY: [&str; 5] = ["archived", "deleted", "trashed", "hidden", "removed"];

impl Wish {
    /// What the parameter of a folded name and that text asks for; a truth is `true` or `false`.
    pub(super) fn of(name: &str, said: &str, is_truth: bool, shown: &[&Thing]) -> Option<Self> {
        let bare = name.strip_prefix("filter").filter(|it| !it.is_empty());
        let asked = Asked {
            name: bare.unwrap_or(name),
            said,
            is_truth,
            shown,
        };
        asked.by_name().or_else(|| asked.by_text())
    }

    /// A member by itself, as `status:open` names it.
    pub(super) fn plain(name: &str, shown: &[&Thing]) -> Option<Self> {
        let way = place(shown, &words::folded(name))?;
        Some(Self {
            way,
            relation: Relation::Is,
        })
    }

    /// True if a thing is as it is asked for; one that does not show the member may be.
    pub(super) fn takes(&self, thing: &Thing, sent: &[&str]) -> bool {
        let value = self.value(thing);
        value.is_none_or(|value| holds(self.relation, value, sent))
    }

    /// What a thing has there; an object that is `null` has nothing in it.
    pub(super) fn value<'t>(&self, thing: &'t Thing) -> Option<&'t Value> {
        let (first, rest) = self.way.split_first()?;
        rest.iter().try_fold(thing.get(first)?, |value, name| {
            if value.is_null() {
                return Some(value);
            }
            value.get(name)
        })
    }

    /// True for what is put away, which a default of `false` leaves out.
    pub(super) fn is_about_what_is_put_away(&self) -> bool {
        let name = self.way.last().map(|it| words::folded(it));
        name.is_some_and(|name| {
            let mut away = AWAY.iter();
            away.any(|word| name.strip_prefix("is").unwrap_or(&name).starts_with(word))
        })
    }

    /// True if a default of `false` leaves things out.
    pub(super) fn is_held_by_default(&self) -> bool {
        self.relation == Relation::Unless
            || matches!(self.relation, Relation::Is | Relation::Has)
                && self.is_about_what_is_put_away()
    }
}

/// A parameter, and what the things show.
struct Asked<'a> {
    name: &'a str,
    said: &'a str,
    is_truth: bool,
    shown: &'a [&'a Thing],
}

impl Asked<'_> {
    fn by_name(&self) -> Option<Wish> {
        let wish = |way: Vec<String>, relation| Some(Wish { way, relation });
        if let Some(way) = self.member(self.name) {
            let relation = self.relation(&way).filter(|_| !self.is_point(&way))?;
            return wish(way, relation);
        }
        if self.is_truth
            && let Some((way, relation)) = self.truth()
        {
            return wish(way, relation);
        }
        // `owner_id` of an `owner`, `ids` of an `id`, `member` of `member_ids`, and `parent` of a `parent_id`.
        let refers = |way: &Vec<String>| {
            let value = self.value(way);
            value.is_none_or(|it| it.is_null() || it.get("id").is_some())
        };
        let owner = self.name.strip_suffix("id").and_then(|it| self.member(it));
        let found = owner
            .filter(refers)
            .or_else(|| self.member(self.name.strip_suffix('s')?))
            .or_else(|| self.member(&format!("{}ids", self.name)))
            .or_else(|| self.member(&format!("{}id", self.name)));
        if let Some(way) = found {
            return wish(way, Relation::Is);
        }
        let compared = WORDS.iter().find_map(|(word, relation)| {
            let rest = self.name.strip_prefix(word);
            let rest = rest.or_else(|| self.name.strip_suffix(word))?;
            let rest = rest.strip_suffix("at").unwrap_or(rest);
            let rest = (rest.len() > 2).then_some(rest)?;
            let ended = || {
                let mut ends = ENDS.iter();
                ends.find_map(|end| self.member(&format!("{rest}{end}")))
            };
            let one = || self.member(rest.strip_suffix('s')?);
            let way = self.member(rest).or_else(ended).or_else(one)?;
            Some((way, self.with_end(*relation)))
        });
        let inner = || {
            Some((
                place_within(self.shown, self.name, self.said)?,
                Relation::Is,
            ))
        };
        let (way, relation) = compared.or_else(inner)?;
        if self.is_point(&way) {
            return None;
        }
        wish(way, relation)
    }

    /// A line with what lies on it, where the text says so: "made on or after that day".
    fn with_end(&self, relation: Relation) -> Relation {
        const CLOSED: [&str; 6] = [
            "on or ",
            "at or ",
            "or later",
            "or earlier",
            "or equal",
            "inclusive",
        ];
        let said = self.said.to_lowercase();
        let is_closed = CLOSED.iter().any(|words| said.contains(words));
        match relation {
            Relation::Above if is_closed => Relation::AtLeast,
            Relation::Below if is_closed => Relation::AtMost,
            relation => relation,
        }
    }

    fn by_text(&self) -> Option<Wish> {
        let said = self.said.to_lowercase();
        let alias = ["same as `", "alias of `", "alias for `"];
        let alias = alias.iter().find_map(|words| said.split_once(words));
        if let Some((_, name)) = alias {
            let asked = Asked {
                name: &words::folded(name.split('`').next()?),
                said: "",
                ..*self
            };
            return asked.by_name();
        }
        let said = words::parts(&said);
        let at = said
            .iter()
            .position(|it| matches!(it.as_str(), "with" | "without" | "no"))?;
        let is_only = said.iter().any(|it| it == "only");
        let without = said.get(at).is_some_and(|it| it != "with");
        let relation = if without {
            Relation::OnlyWithout
        } else {
            Relation::OnlyWith
        };
        let rest = said.get(at + 1..)?.iter();
        let mut rest = rest.filter(|it| !matches!(it.as_str(), "a" | "an" | "any" | "the"));
        let (noun, after) = (rest.next()?, rest.next());
        let both = after.and_then(|after| self.has(&format!("{noun}{after}")));
        let way = both.or_else(|| self.has(noun))?;
        (self.is_truth && is_only).then_some(Wish { way, relation })
    }

    fn member(&self, name: &str) -> Option<Vec<String>> {
        place(self.shown, name)
    }

    /// A member, or the id that stands for it.
    fn has(&self, name: &str) -> Option<Vec<String>> {
        self.member(name)
            .or_else(|| self.member(&format!("{name}id")))
    }

    fn value(&self, way: &[String]) -> Option<&Value> {
        self.shown.iter().find_map(|thing| {
            let (first, rest) = way.split_first()?;
            let value = thing.get(first)?;
            rest.iter().try_fold(value, |value, name| value.get(name))
        })
    }

    fn is_point(&self, way: &[String]) -> bool {
        let is_text = || self.value(way).is_some_and(Value::is_string);
        POINTS.contains(&self.name) && !is_text()
    }

    /// How a member stands to the parameter of its name; a truth asks for no object and no list.
    fn relation(&self, way: &[String]) -> Option<Relation> {
        let value = self.value(way);
        let is_list = value.is_some_and(Value::is_array);
        let said = self.said.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if self.is_truth {
            return match value {
                Some(Value::Bool(_)) if self.adds() => Some(Relation::Unless),
                Some(Value::Bool(_) | Value::Number(_)) | None => Some(Relation::Is),
                Some(Value::String(text)) if is_time(text) => Some(self.had()),
                Some(_) => None,
            };
        }
        Some(
            if is_list && says(&["all of these", "all of the", "every one of", "all these"]) {
                Relation::All
            } else if says(&["contains", "containing", "partial", "substring"]) {
                Relation::Contains
            } else {
                Relation::Is
            },
        )
    }

    /// True for "Whether archived ones are listed as well."
    fn adds(&self) -> bool {
        let said = words::parts_of_text(self.said);
        let says = |wanted: &[&str]| said.iter().any(|it| wanted.contains(&it.as_str()));
        says(&["include", "includes", "including", "also", "well"]) && !says(&["only"])
    }

    /// How a thing that has something stands to the truth of its name.
    fn had(&self) -> Relation {
        if self.adds() {
            Relation::Unless
        } else {
            Relation::Has
        }
    }

    /// What a truth is about: `is_done`, `has_owner`, `unread`, `include_archived`, and `archived` of an `archived_at`.
    fn truth(&self) -> Option<(Vec<String>, Relation)> {
        let timed = |name: &str| {
            let mut ends = TIMES.iter();
            ends.find_map(|end| self.member(&format!("{name}{end}")))
        };
        let so = |name: &str| {
            let is_truth = |way: &Vec<String>| self.value(way).is_some_and(Value::is_boolean);
            let member = self.member(name).filter(is_truth);
            let member = member.or_else(|| self.member(&format!("is{name}")));
            member.or_else(|| timed(name)).filter(|_| name.len() > 2)
        };
        let said = |words: &[&str]| words.iter().find_map(|word| self.name.strip_prefix(word));
        let of = |rest: Option<&str>, relation| Some((so(rest?)?, relation));
        let had = |rest: Option<&str>, relation| Some((self.has(rest?)?, relation));
        of(Some(self.name), self.had())
            .or_else(|| of(said(&["include", "show", "with"]), Relation::Unless))
            .or_else(|| of(said(&["is", "only"]), Relation::Has))
            .or_else(|| had(said(&["has", "having"]), Relation::Has))
            .or_else(|| had(said(&["without", "no"]), Relation::Lacks))
            .or_else(|| of(said(&["un", "not"]), Relation::Lacks))
    }
}

/// Objects that hold the members of a thing beside its id.
const INSIDES: [&str; 3] = ["attributes", "properties", "fields"];

/// Where things have the member of a folded name: at their root, or in what JSON:API has as `attributes`.
fn place(shown: &[&Thing], wanted: &str) -> Option<Vec<String>> {
    let of = |members: &Thing| {
        let mut members = members.keys();
        let found = members.find(|own| {
            let own = words::folded(own);
            own == wanted || own.strip_suffix('s') == Some(wanted)
        });
        found.cloned()
    };
    shown.iter().find_map(|thing| {
        let inside = || {
            INSIDES.iter().find_map(|name| {
                let own = of(thing.get(*name)?.as_object()?)?;
                Some(vec![(*name).to_owned(), own])
            })
        };
        of(thing).map(|own| vec![own]).or_else(inside)
    })
}

/// Where an object of the things has a member: `owner.team`, or `team` if no other object has one and the name or the
/// text says which object is meant.
fn place_within(shown: &[&Thing], name: &str, said: &str) -> Option<Vec<String>> {
    let mut ways: Vec<(Vec<String>, bool)> = Vec::new();
    let objects = shown.iter().flat_map(|thing| thing.iter());
    for (outer, object) in objects.filter_map(|(name, it)| Some((name, it.as_object()?))) {
        for own in object.keys() {
            let (folded, inner) = (words::folded(outer), words::folded(own));
            let is_whole = *name == format!("{folded}{inner}");
            let way = vec![outer.clone(), own.clone()];
            let is_known = ways.iter().any(|(known, _)| *known == way);
            if (is_whole || inner == name) && !is_known {
                ways.push((way, is_whole));
            }
        }
    }
    if let Some((way, _)) = ways.iter().find(|(_, is_whole)| *is_whole) {
        return Some(way.clone());
    }
    let said = words::parts(said);
    let speaks = |way: &[String]| {
        let outer = way.first().map(|it| words::singular(it));
        outer.is_some_and(|outer| said.contains(&outer))
    };
    // What many things have says nothing by itself.
    let is_plain = matches!(name, "id" | "name" | "type" | "status" | "title" | "url");
    match ways.as_slice() {
        [(way, _)] if !is_plain || speaks(way) => Some(way.clone()),
        _ => None,
    }
}

/// What an expression asks for: `status:open,kind:book`, `status eq 'open'`, or an object in JSON; none if a part of it
/// is about no member.
pub(super) fn expressed(text: &str, shown: &[&Thing]) -> Option<Vec<(Wish, String)>> {
    let plain = |name: &str, value: &str| {
        let value = value.trim().trim_matches(['\'', '"']);
        Some((Wish::plain(name.trim(), shown)?, value.to_owned()))
    };
    if let Ok(Value::Object(members)) = serde_json::from_str(text) {
        let members = members.iter();
        let wishes = members.map(|(name, value)| {
            let is_flat = !value.is_object() && !value.is_array();
            let value = super::view::text(value);
            is_flat.then(|| plain(name, &value)).flatten()
        });
        return wishes.collect();
    }
    let parts = text.split([',', ';']).flat_map(|it| it.split(" and "));
    let wishes = parts.map(|part| {
        let pair = part
            .split_once(" eq ")
            .or_else(|| part.split_once([':', '=']));
        pair.and_then(|(name, value)| plain(name, value))
    });
    wishes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_parameter_is_about_the_member_that_it_is_named_for() {
        let thing = json!({
            "status": "open", "authors": ["Ada", "Bo"], "price": 5, "created_at": "2026-02-11",
            "owner": {"id": 3, "team": "red"}, "due_on": null, "shelf_id": "s_1", "read_at": null,
        });
        let thing = thing.as_object().unwrap();
        let takes = |parameter: &str, sent: &str| {
            let is_truth = matches!(sent, "true" | "false");
            let wish = Wish::of(&words::folded(parameter), "", is_truth, &[thing]);
            wish.map(|wish| wish.takes(thing, &[sent]))
        };
        let cases = [
            ("status", "open", true),
            ("status", "closed, open", true),
            ("status", "closed", false),
            ("exclude_status", "open", false),
            ("author", "bo", true),
            ("author", "Cy", false),
            ("min_price", "5", true),
            ("price_min", "6", false),
            ("created_after", "2026-01-01", true),
            ("created_before", "2026-01-01", false),
            ("due_before", "2026-01-01", false),
            ("owner_team", "red", true),
            ("team", "blue", false),
            ("shelf", "s_1", true),
            ("has_owner", "true", true),
            ("unread", "true", true),
            ("read", "true", false),
        ];
        for (parameter, sent, is_taken) in cases {
            assert_eq!(takes(parameter, sent), Some(is_taken), "{parameter}={sent}");
        }
        assert_eq!(takes("unheard_of", "x"), None);
        let more = Wish::of("read", "Also those that are read.", true, &[thing]);
        assert_eq!(more.map(|wish| wish.relation), Some(Relation::Unless));
    }
}
