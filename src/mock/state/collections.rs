//! The collections that an API has, recognised from its paths.
//!
//! ```text
//! GET    /shops/{shop_id}/books             the list
//! POST   /shops/{shop_id}/books             makes one
//! GET    /shops/{shop_id}/books/{book_id}   one
//! PUT, PATCH, DELETE                        changes or removes it
//! ```
//!
//! The paths of one thing may leave out the parents, as `/books/{book_id}` does (`join`).
//! An operation belongs to a collection only if its example, or a body made of its fields, shows where the things of
//! the collection are; anything else is answered as it is without state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::beneath::{self, Beneath};
use super::candidate::{Candidate, candidate, erased, named_parents, nouns_of, spoken};
use super::embed::{Counted, Embedded};
use super::link::{self, Link};
use super::part::{self, Part};
use super::quoted::{self, Quoted};
use super::renamed::{self, Renamed};
use super::strangers::Strangers;
use super::view::{View, body, key, text, view};
use super::{action, around, basket, by, join, overlay, receipt, seed, single, spoken};
use crate::mock::{Mock, Served, words};
use crate::model::Field;

/// What an operation does with a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    List,
    Create,
    Read,
    Update,
    Delete,
    /// Something else is done with a thing: `POST /orders/{id}/pay`.
    Act,
}

/// How an operation uses a collection.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) collection: usize,
    /// Which of the ways to the collection its path takes.
    pub(super) reach: usize,
    pub(super) role: Role,
    /// What it answers, if its answers have things in them.
    pub(super) view: Option<View>,
    /// The answer to the making of a thing that tells its id only.
    pub(super) receipt: Option<View>,
    /// True if the newest are listed first.
    pub(super) is_newest_first: bool,
    /// True if what is not sent does not stay as it was.
    pub(super) replaces: bool,
    /// Members of the thing that the example shows as its request sent them.
    pub(super) echoed: BTreeSet<String>,
    /// Members of the request that the thing has under other names.
    pub(super) renamed: Vec<Renamed>,
    /// Members of the request that other texts of a new thing have in them.
    pub(super) quoted: Vec<Quoted>,
    /// The member of the request that names the thing, where the path does not.
    pub(super) own: Option<String>,
    /// The member that the path names the thing by, where that is not its id: `/books/isbn/{isbn}`.
    pub(super) by: Option<String>,
    /// The array of the thing that it is about: `POST /orders/{id}/lines`.
    pub(super) part: Option<Part>,
}

/// A path that leads to a collection.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    /// The path, the parameters as `{}`.
    pub(super) path: String,
    /// The names of the parameters in it, without what sets spellings apart.
    pub(super) parents: Vec<String>,
    /// What members of things call these parents, empty where the path does not say what they are.
    pub(super) nouns: Vec<String>,
    /// So many of them say where the things are kept; the others select some of those.
    pub(super) depth: usize,
    /// The collection that the last of these parameters is of.
    pub(super) around: Option<Around>,
    /// True if things are made there.
    pub(super) makes: bool,
}

/// The collection that a parameter in a path is of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    pub(super) collection: usize,
    /// False if the path leaves out where the thing is: `/columns/{}/cards` of the things at `/boards/{}/columns`.
    pub(super) is_exact: bool,
}

/// Things of one kind.
#[derive(Clone, Debug)]
pub(super) struct Collection {
    /// Its path, the parameters as `{}`: what it is known by when the pages are read again.
    pub(super) path: String,
    /// The member that names a thing.
    pub(super) key: String,
    /// The name of the parameter that does.
    pub(super) parameter: Option<String>,
    /// The member that the parameter may hold as well: `name` of `id_or_name`.
    pub(super) alias: Option<String>,
    /// The paths that lead to it, its own first.
    pub(super) reaches: Vec<Reach>,
    /// False if an operation beside it, such as `POST /books/import`, may make things that it does not know.
    pub(super) is_complete: bool,
    /// True if there is one such thing, without an id.
    pub(super) is_single: bool,
    /// The operation whose page says what is answered where nothing has an id.
    pub(super) missing: Option<usize>,
    /// What it holds at the start.
    pub(super) seeds: Vec<Map<String, Value>>,
    /// The ids of the parents that each of these names, the last ones; none if it stands below any.
    pub(super) homes: Vec<Vec<String>>,
    /// A thing with all members that are shown anywhere.
    pub(super) sample: Map<String, Value>,
    /// Members that are `null` in some examples, as others show them.
    pub(super) set: Map<String, Value>,
    /// Members that a page says may be `null`, or shows so.
    pub(super) nullable: BTreeSet<String>,
    /// The arrays of a thing that show what is below it.
    pub(super) embedded: Vec<Embedded>,
    /// The numbers that say how many that are.
    pub(super) counted: Vec<Counted>,
}

impl Collection {
    /// How many parents say where its things are kept.
    pub(super) fn depth(&self) -> usize {
        self.reaches.first().map_or(0, |reach| reach.depth)
    }

    pub(super) fn id(&self, thing: &Map<String, Value>) -> String {
        thing.get(&self.key).map(text).unwrap_or_default()
    }
}

impl Reach {
    /// Lets a thing name the parents that it is below, where it names any.
    pub(super) fn place(&self, thing: &mut Map<String, Value>, parents: &[String]) {
        for (name, value) in thing.iter_mut() {
            let folded = words::folded(name);
            let mut known = self.parents.iter().zip(&self.nouns).zip(parents);
            let named = known.find(|((parent, noun), _)| {
                (**parent == folded || **noun == folded) && folded != "id"
            });
            let above = parents.last().filter(|_| self.is_parent(&folded));
            let Some(id) = named.map(|(_, id)| id).or(above) else {
                continue;
            };
            *value = match value {
                Value::Number(_) => id
                    .parse::<i64>()
                    .map_or_else(|_| value.clone(), Value::from),
                Value::String(_) => id.as_str().into(),
                _ => continue,
            };
        }
    }

    /// What a thing says of its parent.
    pub(super) fn named<'t>(&self, thing: &'t Map<String, Value>) -> Option<&'t Value> {
        thing.get(self.naming(thing)?)
    }

    /// The member of a thing that says which its parent is.
    pub(super) fn naming<'t>(&self, thing: &'t Map<String, Value>) -> Option<&'t String> {
        let parent = self.parents.last().filter(|it| *it != "id")?;
        let mut names = thing.keys();
        let own = names.find(|name| words::folded(name) == *parent);
        let noun = self.nouns.last();
        own.or_else(|| {
            thing.keys().find(|name| {
                let folded = words::folded(name);
                self.is_parent(&folded) || noun == Some(&folded)
            })
        })
    }

    /// True for `parent_id` of what is a part of its own kind: `/tasks/{task_id}/subtasks`.
    fn is_parent(&self, folded: &str) -> bool {
        let last = self.path.rsplit('/').next().unwrap_or_default();
        let is_kin = ["sub", "child"].iter().any(|start| last.starts_with(start));
        is_kin && matches!(folded, "parentid" | "parent")
    }

    /// True if the last parameters select some of the things.
    pub(super) fn selects(&self) -> bool {
        self.parents.len() > self.depth
    }
}

/// Operations of one path that may belong to one collection.
pub(super) struct Group<'m> {
    pub(super) path: String,
    pub(super) candidates: Vec<Candidate<'m>>,
}

impl Group<'_> {
    pub(super) fn has(&self, role: Role) -> bool {
        self.candidates.iter().any(|it| it.role == role)
    }

    pub(super) fn has_items(&self) -> bool {
        self.has(Role::Read) || self.has(Role::Update) || self.has(Role::Delete)
    }
}

/// All collections, and the operations that use them, by their numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Collections {
    pub(super) all: Vec<Collection>,
    pub(super) uses: BTreeMap<usize, Arc<Use>>,
    /// What operations put below things, by their numbers.
    pub(super) links: BTreeMap<usize, Link>,
    /// The operations below things that are not kept.
    pub(super) beneath: BTreeMap<usize, Beneath>,
    /// Why other operations do not.
    pub(super) refused: BTreeMap<usize, String>,
    pub(super) strangers: Strangers,
}

/// Why an operation of a path of its own is not kept.
pub(super) const ALONE: &str = "no other operation reads or changes the same things";
const NAMELESS: &str = "no answer shows an id of what it is about";
const UNMADE: &str = "no operation lists or makes what it is about";

impl Collections {
    pub(super) fn of(mock: &Mock) -> Self {
        let operations = || mock.operations.iter().enumerate();
        let candidates = operations().filter_map(|(index, served)| candidate(index, served));
        let mut groups = grouped(candidates);
        spoken::adopt(&mut groups);
        for group in &mut groups {
            // `POST /jobs/{target}` beside `/jobs/{job_id}` is about no job.
            let others = group.candidates.iter();
            let others = others.filter(|it| matches!(it.role, Role::Read | Role::Delete));
            let names: BTreeSet<_> = others.map(|it| it.parameter.clone()).collect();
            let is_id = |name: &Option<String>| name.as_ref().is_some_and(|it| it.ends_with("id"));
            group.candidates.retain(|it| {
                let is_of_thing = names.contains(&it.parameter) || is_id(&it.parameter);
                !it.is_posted() || !names.is_empty() && is_of_thing
            });
        }
        groups.retain(|group| !group.candidates.is_empty());
        let linked = link::paths(mock);
        let groups = part::set_apart(groups, &linked);
        let makers: Vec<_> = groups
            .iter()
            .filter(|group| group.has(Role::Create))
            .filter_map(|group| Some(group.path.rsplit_once('/')?.0.to_owned()))
            .collect();
        let mut actions = action::paths(mock);
        for (path, served) in &linked {
            actions.entry(path.clone()).or_default().push(served);
        }
        let mut collections = Self::default();
        for groups in join::joined(groups, &linked) {
            let is_complete = groups.iter().all(|group| !makers.contains(&group.path));
            let acting = groups.iter().find_map(|group| actions.get(&group.path));
            let acting = acting.map_or(&[][..], Vec::as_slice);
            collections.add(&groups, is_complete, acting);
        }
        let others = operations().filter(|(index, _)| !collections.uses.contains_key(index));
        let spoken = grouped(others.filter_map(|(index, served)| spoken(index, served)));
        for group in spoken.into_iter().filter(Group::has_items) {
            collections.add(&[group], true, &[]);
        }
        around::settle(&mut collections, mock);
        by::add(mock, &mut collections);
        action::add(mock, &mut collections);
        single::add(mock, &mut collections);
        basket::add(mock, &mut collections);
        link::add(mock, &mut collections);
        beneath::add(mock, &mut collections);
        collections.strangers = Strangers::of(mock, &collections);
        collections
    }

    /// Makes a collection of operations, if together they are one; the first group is at its own path.
    fn add(&mut self, groups: &[Group<'_>], is_complete: bool, actions: &[&Served]) {
        let has = |role| groups.iter().any(|group| group.has(role));
        let has_items = groups.iter().any(Group::has_items);
        let is_alone = groups.iter().map(|it| it.candidates.len()).sum::<usize>() == 1;
        let may_act = has(Role::List) && !actions.is_empty();
        if !(has_items && (has(Role::List) || has(Role::Create))
            || has(Role::List) && has(Role::Create)
            || may_act)
        {
            return self.refuse(groups, if is_alone { ALONE } else { UNMADE });
        }
        let Some((path, key)) = groups.first().and_then(|home| {
            let candidates = groups.iter().flat_map(|group| &group.candidates);
            let candidates = candidates.filter(|it| !it.is_posted());
            let key = key(&home.path, &candidates.collect::<Vec<_>>())?;
            Some((home.path.clone(), key))
        }) else {
            return self.refuse(groups, NAMELESS);
        };
        let is_acted = may_act
            && actions.iter().any(|served| {
                let body = body(served);
                let is_link = erased(&served.operation.joined_path()) == path;
                is_link || body.is_some_and(|body| view(served, Role::Act, &body, &key).is_some())
            });
        let mut draft = Draft::new(self.all.len(), key);
        draft.is_acted = is_acted;
        for group in groups {
            draft.add(group);
        }
        for (index, _) in &draft.unseen {
            let reason = format!(
                "its answer does not show the `{}` of what it is about",
                draft.key
            );
            self.refused.insert(*index, reason);
        }
        if !draft.is_one() {
            let unseen: Vec<_> = draft
                .unseen
                .iter()
                .map(|(_, name)| format!("`{name}`"))
                .collect();
            let (named, key) = (unseen.join(" and "), &draft.key);
            let reason =
                format!("{named} should show the `{key}` of what it is about, and does not");
            return self.refuse(groups, &reason);
        }
        let collection = draft.collection(path, is_complete);
        self.all.push(collection);
        for index in draft.members.iter().map(|(index, _)| index) {
            self.refused.remove(index);
        }
        self.uses.extend(draft.members);
    }

    fn refuse(&mut self, groups: &[Group<'_>], reason: &str) {
        for candidate in groups.iter().flat_map(|group| &group.candidates) {
            let refused = self.refused.entry(candidate.index);
            refused.or_insert_with(|| reason.to_owned());
        }
    }
}

fn grouped<'m>(candidates: impl Iterator<Item = (String, Candidate<'m>)>) -> Vec<Group<'m>> {
    let mut groups: BTreeMap<String, Vec<Candidate<'m>>> = BTreeMap::new();
    for (path, candidate) in candidates {
        groups.entry(path).or_default().push(candidate);
    }
    let groups = groups.into_iter();
    let groups = groups.map(|(path, candidates)| Group { path, candidates });
    groups.collect()
}

/// True for a `PUT` that its page says replaces things, or that has a `PATCH` for the rest beside it.
pub(super) fn replaces(served: &Served, is_patched: bool) -> bool {
    let operation = &served.operation;
    let texts = operation.title.iter().chain(&operation.description);
    let mut words = texts.flat_map(|text| words::parts(text));
    let mut fields = operation.body.iter().flat_map(|body| &body.fields);
    operation.endpoint.value.method == "PUT"
        && (words.any(|it| it == "replace" || it == "replaces")
            || is_patched && fields.any(Field::is_required))
}

/// A collection while its operations are looked at.
struct Draft {
    number: usize,
    key: String,
    reaches: Vec<Reach>,
    parameter: Option<String>,
    /// What the parameter may hold in the place of the id.
    alias: Option<String>,
    missing: Option<usize>,
    seeds: Vec<Map<String, Value>>,
    /// What stands in for them where no example shows any: lists, and single things.
    made: [Vec<Map<String, Value>>; 2],
    /// The things that further examples of the pages of single things show.
    others: Vec<Map<String, Value>>,
    /// The ids that commands of the pages name.
    shown: Vec<String>,
    members: Vec<(usize, Arc<Use>)>,
    /// The operations whose answers do not show the things, and their names.
    unseen: Vec<(usize, String)>,
    /// Members of bodies that may be `null`.
    nullable: BTreeSet<String>,
    /// True if a `PATCH` changes things at the path that is looked at.
    is_patched: bool,
    /// True if an operation does something with a thing, and shows it.
    is_acted: bool,
    /// The operations whose usual answer says that a thing was made.
    making: BTreeSet<usize>,
}

impl Draft {
    fn new(number: usize, key: String) -> Self {
        Self {
            number,
            key,
            reaches: Vec::new(),
            parameter: None,
            alias: None,
            missing: None,
            seeds: Vec::new(),
            made: Default::default(),
            others: Vec::new(),
            shown: Vec::new(),
            members: Vec::new(),
            unseen: Vec::new(),
            nullable: BTreeSet::new(),
            is_patched: false,
            is_acted: false,
            making: BTreeSet::new(),
        }
    }

    fn add(&mut self, group: &Group<'_>) {
        let parents = group.candidates.first().map(|it| it.parameters.clone());
        let nouns = nouns_of(&group.path);
        let parents = named_parents(&nouns, parents.unwrap_or_default());
        self.reaches.push(Reach {
            path: group.path.clone(),
            depth: self.reaches.first().map_or(parents.len(), |it| it.depth),
            parents,
            nouns,
            around: None,
            makes: group.has(Role::Create),
        });
        let mut methods = group.candidates.iter();
        self.is_patched = methods.any(|it| it.served.operation.endpoint.value.method == "PATCH");
        for candidate in &group.candidates {
            self.take(candidate);
        }
    }

    fn take(&mut self, candidate: &Candidate<'_>) {
        let served = candidate.served;
        let body = candidate.body.as_ref();
        let view = body.and_then(|body| view(served, candidate.role, body, &self.key));
        let path = self.reaches.last().map_or("", |reach| &reach.path);
        let receipt = body
            .filter(|_| candidate.role == Role::Create && view.is_none())
            .and_then(|body| receipt::of(served, body, &self.key, path));
        let needs_view = matches!(candidate.role, Role::List | Role::Create | Role::Read)
            || candidate.is_posted();
        if view.is_none() && receipt.is_none() && needs_view {
            self.unseen.push((candidate.index, served.name.to_string()));
            return;
        }
        if let Some(view) = &view {
            let [lists, singles] = &mut self.made;
            let seeds = match (view.is_made, candidate.role) {
                (false, _) => &mut self.seeds,
                (true, Role::List) => lists,
                (true, _) => singles,
            };
            seed::seed(seeds, &self.key, candidate.role, view);
            if candidate.role == Role::Read && !view.is_made {
                self.others.extend(seed::others(served, &self.key, view));
            }
        }
        if candidate.parameter.is_some() {
            self.parameter.clone_from(&candidate.parameter);
            self.alias = self.alias.take().or_else(|| by::alias(served));
            self.shown.extend(seed::shown_ids(served));
        }
        if let Some(own) = &candidate.own {
            self.shown.extend(seed::shown_own(served, own));
        }
        let body = served.operation.body.iter();
        let members = body.flat_map(|body| body.shape.members());
        let nullable = members.filter(|member| overlay::may_be_null(&member.shape));
        self.nullable.extend(nullable.map(|it| it.name.clone()));
        let is_item = !matches!(candidate.role, Role::List | Role::Create);
        let mut answers = served.answers.iter();
        if is_item && self.missing.is_none() && answers.any(|it| it.is_of(404)) {
            self.missing = Some(candidate.index);
        }
        let echoed = match &view {
            Some(view) if candidate.role == Role::Create => seed::echoed(served, view),
            _ => BTreeSet::new(),
        };
        let renamed = view.as_ref().map(|view| renamed::of(served, view));
        let renamed = renamed.unwrap_or_default();
        let makes = view.as_ref().filter(|_| candidate.role == Role::Create);
        let quoted = makes.map(|view| quoted::of(served, view));
        let used = Use {
            collection: self.number,
            reach: self.reaches.len() - 1,
            role: candidate.role,
            view,
            receipt,
            is_newest_first: served.is_newest_first,
            replaces: replaces(served, self.is_patched),
            echoed,
            renamed,
            quoted: quoted.unwrap_or_default(),
            own: candidate.own.clone(),
            by: None,
            part: None,
        };
        if served.usual().is_some_and(|choice| choice.code == 201) {
            self.making.insert(candidate.index);
        }
        self.members.push((candidate.index, Arc::new(used)));
    }

    /// Where the things come from must be known, and something must show what became of them.
    fn is_one(&self) -> bool {
        let is_used = |role| self.members.iter().any(|(_, used)| used.role == role);
        let is_item = [Role::Read, Role::Update, Role::Delete]
            .into_iter()
            .any(is_used);
        let (is_listed, is_made) = (is_used(Role::List), is_used(Role::Create));
        is_item && (is_listed || is_made) || is_listed && (is_made || self.is_acted)
    }

    fn collection(&mut self, path: String, is_complete: bool) -> Collection {
        let is_made = self.members.iter().any(|(_, it)| it.role == Role::Create);
        let sample = seed::sample(&self.members);
        let [lists, singles] = std::mem::take(&mut self.made);
        let all = [std::mem::take(&mut self.seeds), lists, singles];
        let mut seeds = all
            .into_iter()
            .find(|it| !it.is_empty())
            .unwrap_or_default();
        for other in std::mem::take(&mut self.others) {
            if !seeds
                .iter()
                .any(|it| it.get(&self.key) == other.get(&self.key))
            {
                seeds.push(other);
            }
        }
        seed::sort(&mut seeds, &self.key, &self.members);
        seed::seed_changed(&mut seeds, &self.key, &self.members, &self.making);
        let views = self
            .members
            .iter()
            .filter_map(|(_, used)| used.view.as_ref());
        let shown = views.map(|view| &view.sample).chain(&seeds).flatten();
        let shown = shown.filter(|(_, value)| value.is_null());
        let nulls: BTreeSet<String> = shown.map(|(name, _)| name.clone()).collect();
        for (_, used) in &mut self.members {
            if let Some(view) = &mut Arc::make_mut(used).view {
                view.nulls.clone_from(&nulls);
            }
        }
        self.nullable.extend(nulls);
        let alias = self.alias.take();
        let alias = alias.and_then(|alias| by::spelled(&alias, &sample));
        let names = (self.key.as_str(), alias.as_deref());
        seed::seed_shown(&mut seeds, names, &self.shown, &sample);
        Collection {
            path,
            key: self.key.clone(),
            parameter: self.parameter.take(),
            alias: alias.clone(),
            reaches: std::mem::take(&mut self.reaches),
            is_complete: is_complete || is_made,
            is_single: false,
            missing: self.missing,
            homes: Vec::new(),
            set: seed::set(&self.members, &seeds),
            nullable: std::mem::take(&mut self.nullable),
            seeds,
            sample,
            embedded: Vec::new(),
            counted: Vec::new(),
        }
    }
}
