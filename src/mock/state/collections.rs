//! The collections that an API has, recognised from its paths.
//!
//! ```text
//! GET    /shops/{shop_id}/books             the list
//! POST   /shops/{shop_id}/books             makes one
//! GET    /shops/{shop_id}/books/{book_id}   one
//! PUT, PATCH, DELETE                        changes or removes it
//! ```
//!
//! An operation belongs to a collection only if its example, or a body made of its fields, shows where the things of
//! the collection are; anything else is answered as it is without state.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::action;
use crate::mock::generate::Circumstances;
use crate::mock::{Mock, Served, generate, words};
use crate::model::route::Template;
use crate::model::shape::{Shape, ShapeKind};

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
    pub(super) role: Role,
    /// What it answers, if its answers have things in them.
    pub(super) view: Option<View>,
    /// True if the newest are listed first.
    pub(super) is_newest_first: bool,
}

/// The usual answer of an operation, and where in it the things are.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// The whole body.
    pub(super) template: Value,
    /// The members that lead to the thing, or to the array of things.
    pub(super) way: Vec<String>,
    /// A thing as it is shown there: the members that all have.
    pub(super) sample: Map<String, Value>,
    /// What a thing is documented to be there.
    pub(super) shape: Option<Shape>,
    /// What the whole body is documented to be.
    pub(super) whole: Option<Shape>,
    /// All members that any of the shown things has.
    pub(super) shown: Vec<String>,
}

/// Things of one kind.
#[derive(Clone, Debug)]
pub(super) struct Collection {
    /// Its path, the parameters as `{}`: what it is known by when the pages are read again.
    pub(super) path: String,
    /// The member that names a thing.
    pub(super) key: String,
    /// The names of the parameters before it in the path, without what sets spellings apart.
    pub(super) parents: Vec<String>,
    /// The collection that the last of these parameters is of.
    pub(super) around: Option<usize>,
    /// False if an operation beside it, such as `POST /books/import`, may make things that it does not know.
    pub(super) is_complete: bool,
    /// What it holds at the start.
    pub(super) seeds: Vec<Map<String, Value>>,
    /// A thing with all members that are shown anywhere.
    pub(super) sample: Map<String, Value>,
}

impl Collection {
    /// Lets a thing name the parents that it is below, where it names any.
    pub(super) fn place(&self, thing: &mut Map<String, Value>, parents: &[String]) {
        for (name, value) in thing.iter_mut() {
            let folded = words::folded(name);
            let mut names = self.parents.iter().zip(parents);
            let Some((_, id)) = names.find(|(parent, _)| **parent == folded && folded != "id")
            else {
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
}

/// All collections, and the operations that use them, by their numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Collections {
    pub(super) all: Vec<Arc<Collection>>,
    pub(super) uses: BTreeMap<usize, Arc<Use>>,
}

/// An operation that may belong to a collection.
struct Candidate<'m> {
    index: usize,
    served: &'m Served,
    role: Role,
    /// The name of the parameter that names the thing.
    parameter: Option<String>,
    /// The names of those before it.
    parameters: Vec<String>,
    body: Option<Value>,
}

impl Collections {
    pub(super) fn of(mock: &Mock) -> Self {
        let mut groups: BTreeMap<String, Vec<Candidate<'_>>> = BTreeMap::new();
        for (index, served) in mock.operations.iter().enumerate() {
            if let Some((path, candidate)) = candidate(index, served) {
                groups.entry(path).or_default().push(candidate);
            }
        }
        let mut collections = Self::default();
        let makers: Vec<_> = groups
            .iter()
            .filter(|(_, candidates)| candidates.iter().any(|it| it.role == Role::Create))
            .filter_map(|(path, _)| path.rsplit_once('/').map(|(around, _)| around.to_owned()))
            .collect();
        for (path, candidates) in groups {
            let is_complete = !makers.contains(&path);
            collections.add(path, candidates, is_complete);
        }
        let actions = action::uses(mock, &collections);
        collections.uses.extend(actions);
        collections
    }

    fn add(&mut self, path: String, candidates: Vec<Candidate<'_>>, is_complete: bool) {
        let has = |role| candidates.iter().any(|it| it.role == role);
        let has_items = has(Role::Read) || has(Role::Update) || has(Role::Delete);
        if !(has_items && (has(Role::List) || has(Role::Create))
            || has(Role::List) && has(Role::Create))
        {
            return;
        }
        let Some(key) = key(&path, &candidates) else {
            return;
        };
        let number = self.all.len();
        let mut seeds = Vec::new();
        let mut shown = Vec::new();
        let mut members = Vec::new();
        let parameters = candidates.first().map(|it| it.parameters.clone());
        for candidate in candidates {
            let view = candidate
                .body
                .as_ref()
                .and_then(|body| view(candidate.served, candidate.role, body, &key));
            let needs_view = matches!(candidate.role, Role::List | Role::Create | Role::Read);
            if view.is_none() && needs_view {
                continue;
            }
            if let Some(view) = &view {
                seed(&mut seeds, &key, candidate.role, view);
            }
            if candidate.parameter.is_some() {
                shown.extend(shown_ids(candidate.served));
            }
            let description = candidate.served.operation.description.as_deref();
            let description = description.unwrap_or_default().to_lowercase();
            let is_newest_first = ["newest first", "most recent first", "latest first"]
                .iter()
                .any(|words| description.contains(words));
            let used = Use {
                collection: number,
                role: candidate.role,
                view,
                is_newest_first,
            };
            members.push((candidate.index, Arc::new(used)));
        }
        // Where the things come from must be known, and something must show what became of them.
        let is_used = |role| {
            members
                .iter()
                .any(|(_, used): &(_, Arc<Use>)| used.role == role)
        };
        let is_item = [Role::Read, Role::Update, Role::Delete]
            .into_iter()
            .any(is_used);
        let (is_listed, is_made) = (is_used(Role::List), is_used(Role::Create));
        if !(is_item && (is_listed || is_made) || is_listed && is_made) {
            return;
        }
        let sample = sample(&members);
        seed_shown(&mut seeds, &key, &shown, &sample);
        self.uses.extend(members);
        // The things around come first in the order of the paths.
        let around = path.rsplit_once("/{}").map(|(start, _)| start);
        let around = self
            .all
            .iter()
            .position(|it| Some(it.path.as_str()) == around);
        self.all.push(Arc::new(Collection {
            parents: parameters.unwrap_or_default(),
            path,
            key,
            around,
            is_complete: is_complete || is_made,
            seeds,
            sample,
        }));
    }
}

/// A thing with all members that the answers show, those of one that was just made first.
fn sample(uses: &[(usize, Arc<Use>)]) -> Map<String, Value> {
    let mut views: Vec<_> = uses
        .iter()
        .filter_map(|(_, used)| Some((used.role, used.view.as_ref()?)))
        .collect();
    views.sort_by_key(|(role, _)| match role {
        Role::Create => 0,
        Role::Read => 1,
        Role::List => 2,
        Role::Update => 3,
        Role::Delete | Role::Act => 4,
    });
    let mut sample = Map::new();
    for (name, value) in views
        .iter()
        .filter(|(role, _)| *role != Role::Delete)
        .flat_map(|(_, view)| &view.sample)
    {
        sample.entry(name.clone()).or_insert_with(|| value.clone());
    }
    sample
}

/// The path of the collection that an operation may belong to, and what it would do with it.
fn candidate(index: usize, served: &Served) -> Option<(String, Candidate<'_>)> {
    let path = served.operation.joined_path();
    let path = path.trim_end_matches('/');
    let (before, last) = path.rsplit_once('/')?;
    let template = Template::parse(path);
    let mut parameters: Vec<_> = template
        .parameters()
        .iter()
        .map(|it| words::folded(it))
        .collect();
    let parameter = is_parameter(last).then(|| parameters.pop()).flatten();
    let method = served.operation.endpoint.value.method.as_str();
    let (path, role) = match (method, &parameter) {
        ("GET", None) => (path, Role::List),
        ("POST", None) => (path, Role::Create),
        ("GET", Some(_)) => (before, Role::Read),
        ("PUT" | "PATCH", Some(_)) => (before, Role::Update),
        ("DELETE", Some(_)) => (before, Role::Delete),
        _ => return None,
    };
    let body = body(served);
    let candidate = Candidate {
        index,
        served,
        role,
        parameter,
        parameters,
        body,
    };
    Some((erased(path), candidate))
}

/// A path with `{}` for each parameter.
pub(super) fn erased(path: &str) -> String {
    let segments = path
        .trim_end_matches('/')
        .split('/')
        .map(|segment| if is_parameter(segment) { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with(':') || segment.starts_with('{') && segment.ends_with('}')
}

/// The usual answer as JSON; one of fields alone is made up.
pub(super) fn body(served: &Served) -> Option<Value> {
    let answer = served.usual()?.answer;
    if let Some(value) = answer.json() {
        return Some(value);
    }
    let fields = answer.fields.as_ref().filter(|_| !answer.has_example())?;
    let circumstances = Circumstances {
        operation: &served.name,
        ..Circumstances::default()
    };
    Some(generate::generate(fields, circumstances))
}

/// The member that names things: one that an answer shows.
fn key(path: &str, candidates: &[Candidate<'_>]) -> Option<String> {
    let noun = words::singular(path.rsplit('/').next().unwrap_or_default());
    let parameter = candidates.iter().find_map(|it| it.parameter.clone());
    let parameter = parameter.unwrap_or_default();
    // `{bookId}` and `{id}` are `id` of a book, `{slug}` is `slug`.
    let wanted = [
        parameter.clone(),
        format!("{noun}id"),
        "id".to_owned(),
        "uuid".to_owned(),
        format!("{noun}uuid"),
        parameter
            .strip_prefix(noun.as_str())
            .unwrap_or_default()
            .to_owned(),
    ];
    let bodies: Vec<_> = candidates
        .iter()
        .filter_map(|it| it.body.as_ref())
        .collect();
    wanted
        .iter()
        .filter(|name| !name.is_empty())
        .find_map(|name| {
            let mut found = bodies.iter().filter_map(|body| named(body, name, 0));
            found.next()
        })
}

/// How deep in a body the things may stand.
const DEEPEST: usize = 3;

/// The name of a member in that spelling that holds a plain value, in the first object that has one.
fn named(value: &Value, folded: &str, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    match value {
        Value::Object(members) => {
            let mut own = members.iter().filter(|(_, value)| is_id(value));
            let own = own.find(|(name, _)| words::folded(name) == folded);
            own.map(|(name, _)| name.clone()).or_else(|| {
                let mut inner = members.values();
                inner.find_map(|value| named(value, folded, depth + 1))
            })
        }
        Value::Array(items) => named(items.first()?, folded, depth + 1),
        _ => None,
    }
}

pub(super) fn is_id(value: &Value) -> bool {
    value.is_string() || value.is_i64() || value.is_u64()
}

/// Where the things are in an answer.
pub(super) fn view(served: &Served, role: Role, body: &Value, key: &str) -> Option<View> {
    let is_list = role == Role::List;
    let mut ways = vec![(Vec::new(), body)];
    let mut way = None;
    // The outermost place counts, and the first one of a level.
    for _ in 0..DEEPEST {
        let is_it = |(_, value): &&(Vec<String>, &Value)| {
            let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
            if is_list {
                items.iter().any(|it| it.get(key).is_some_and(is_id))
            } else {
                value.get(key).is_some_and(is_id)
            }
        };
        if let Some((found, value)) = ways.iter().find(is_it) {
            way = Some((found.clone(), (*value).clone()));
            break;
        }
        let inner = ways.iter().flat_map(|(way, value)| {
            let members = value.as_object().into_iter().flatten();
            members.map(move |(name, value)| {
                let way = way.iter().chain([name]).cloned().collect();
                (way, value)
            })
        });
        ways = inner.collect();
    }
    let (way, found) = way?;
    let things: Vec<&Map<String, Value>> = match &found {
        Value::Array(items) => items.iter().filter_map(Value::as_object).collect(),
        Value::Object(thing) => vec![thing],
        _ => Vec::new(),
    };
    let first = *things.first()?;
    let mut sample = first.clone();
    sample.retain(|name, _| things.iter().all(|thing| thing.contains_key(name)));
    let mut shown: Vec<String> = Vec::new();
    for name in things.iter().flat_map(|thing| thing.keys()) {
        if !shown.contains(name) {
            shown.push(name.clone());
        }
    }
    let fields = served.usual().and_then(|it| it.answer.fields.clone());
    let whole = fields.map(|fields| fields.shape.clone());
    let shape = whole.as_ref().and_then(|whole| {
        let found = way.iter().try_fold(whole, member)?;
        match &found.kind {
            ShapeKind::Array(items) if is_list => Some((**items).clone()),
            _ if is_list => None,
            _ => Some(found.clone()),
        }
    });
    Some(View {
        template: body.clone(),
        way,
        sample,
        shape,
        whole,
        shown,
    })
}

/// The shape of a member.
pub(super) fn member<'s>(shape: &'s Shape, name: &String) -> Option<&'s Shape> {
    let ShapeKind::Object { members, .. } = &shape.kind else {
        return None;
    };
    let mut members = members.iter();
    members
        .find(|member| member.name == *name)
        .map(|member| &member.shape)
}

/// Takes the things that an answer shows into what the collection holds at the start.
fn seed(seeds: &mut Vec<Map<String, Value>>, key: &str, role: Role, view: &View) {
    // What a request makes, changes, or removes is not there before it.
    if !matches!(role, Role::List | Role::Read) {
        return;
    }
    let place = view
        .way
        .iter()
        .try_fold(&view.template, |value, name| value.get(name));
    let things: Vec<&Value> = match place {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(thing) => vec![thing],
        None => Vec::new(),
    };
    for thing in things.into_iter().filter_map(Value::as_object) {
        let Some(id) = thing.get(key).filter(|id| is_id(id)) else {
            continue;
        };
        match seeds.iter_mut().find(|known| known.get(key) == Some(id)) {
            Some(known) => {
                for (name, value) in thing {
                    known.entry(name.clone()).or_insert_with(|| value.clone());
                }
            }
            None => seeds.push(thing.clone()),
        }
    }
}

/// Adds the things that the commands of the pages name in their paths.
fn seed_shown(
    seeds: &mut Vec<Map<String, Value>>,
    key: &str,
    ids: &[String],
    sample: &Map<String, Value>,
) {
    for id in ids {
        let is_known =
            |thing: &Map<String, Value>| thing.get(key).is_some_and(|it| text(it) == *id);
        if seeds.iter().any(is_known) {
            continue;
        }
        let value = match sample.get(key) {
            Some(Value::Number(_)) => id.parse::<i64>().ok().map(Value::from),
            _ => Some(Value::from(id.as_str())),
        };
        if let Some(value) = value {
            let mut thing = sample.clone();
            thing.insert(key.to_owned(), value);
            seeds.push(thing);
        }
    }
}

/// What the commands of a page have in the place of the last path parameter.
fn shown_ids(served: &Served) -> Vec<String> {
    let examples = served.operation.request_examples.iter();
    let urls = examples.filter_map(|example| example.curl.as_ref()?.url.as_ref());
    let ids = urls.filter_map(|url| {
        let captured = crate::mock::shown::captured(&served.operation, url.text.text());
        let (_, id) = captured.into_iter().next_back()?;
        let is_value =
            !crate::model::shape::is_placeholder(&id) && !id.contains(['$', '{', '<', ':']);
        is_value.then_some(id)
    });
    ids.collect()
}

/// An id as it stands in a path.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
