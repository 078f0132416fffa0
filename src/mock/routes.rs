//! Which operation a request is for.
//!
//! An operation answers at its path, below the path of each documented server, and below `/{host}` of each as well.
//! Where several are documented for one path, the host that is addressed decides, else the first page.
//! What `ways` adds from the commands of pages comes last, and before it a parameter at the end that holds slashes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use http::Method;

use crate::model::route::{Router, Template};

use super::ways::Ways;

/// Every operation by its paths.
#[derive(Clone, Debug, Default)]
pub(super) struct Routes {
    router: Router<usize>,
    /// The operations whose paths have no parameters, by their paths: those of the router that come first for it.
    plain: HashMap<String, Vec<usize>>,
    /// The operations by the hosts of their servers, each host as a path of one segment.
    hosts: Router<usize>,
    entries: Vec<Entry>,
    /// The operations whose last parameter may hold slashes, by the number of their segments.
    deep: BTreeMap<usize, Router<usize>>,
    /// What commands of pages show beside the documented paths, with the method of each.
    shown: Router<(Method, usize)>,
}

/// Method and path of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) method: Method,
    pub(super) path: String,
}

/// The names and values of path parameters.
pub(super) type Captured = Vec<(String, String)>;

/// What a request leads to.
#[derive(Debug)]
pub(super) enum Lookup {
    /// An operation, and the values of its path parameters.
    Operation { index: usize, captured: Captured },
    /// Operations of the same path with other methods; the first one is the most specific.
    OtherMethods { index: usize },
    /// Nothing.
    Unknown,
}

/// An operation that a path may be for.
struct Candidate<'r> {
    index: usize,
    captured: Vec<(&'r str, String)>,
}

impl Routes {
    /// Routes to operations that are reached in these ways, in their order.
    pub(super) fn new<'w>(ways: impl Iterator<Item = &'w Ways> + Clone) -> Self {
        let mut routes = Self::default();
        for (index, ways) in ways.clone().enumerate() {
            for path in &ways.paths {
                routes.insert(path, index);
                if ways.is_deep {
                    let deep = routes.deep.entry(segments(path).count()).or_default();
                    deep.insert(Template::parse(path), index);
                }
            }
            for host in &ways.hosts {
                routes.hosts.insert(Template::parse(host), index);
            }
            routes.entries.push(ways.entry.clone());
        }
        // Whoever documents the shorter path in full comes first.
        for (index, ways) in ways.enumerate() {
            for path in &ways.shorter {
                routes.insert(path, index);
            }
            for shown in &ways.shown {
                let template = Template::parse(&shown.path);
                routes.shown.insert(template, (shown.method.clone(), index));
            }
        }
        routes
    }

    fn insert(&mut self, path: &str, index: usize) {
        let template = Template::parse(path);
        if template.parameters().is_empty() {
            let path = template.fill(&[]);
            self.plain.entry(path).or_default().push(index);
        }
        self.router.insert(template, index);
    }

    /// The operation for a method and path; one documented for the host that is addressed comes before others.
    pub(super) fn find<'h>(
        &self,
        method: &Method,
        path: &str,
        host: impl Fn() -> Option<Cow<'h, str>>,
    ) -> Lookup {
        // In nearly every request the path of an operation without parameters is all there is to know.
        if let Some(index) = self.plain(method, path) {
            return Lookup::Operation {
                index,
                captured: Captured::new(),
            };
        }
        let mut candidates = self.candidates(path, host);
        let methods: &[Method] = match *method {
            Method::HEAD => &[Method::HEAD, Method::GET],
            _ => std::slice::from_ref(method),
        };
        for method in methods {
            let found = candidates.iter().position(|candidate| {
                let entry = self.entries.get(candidate.index);
                entry.is_some_and(|entry| entry.method == *method)
            });
            if let Some(found) = found {
                let candidate = candidates.swap_remove(found);
                let captured = candidate.captured.into_iter();
                return Lookup::Operation {
                    index: candidate.index,
                    captured: captured
                        .map(|(name, value)| (name.to_owned(), value))
                        .collect(),
                };
            }
        }
        if let Some(shown) = self.shown(method, path) {
            return shown;
        }
        match candidates.first() {
            Some(first) => Lookup::OtherMethods { index: first.index },
            None => Lookup::Unknown,
        }
    }

    /// The operation whose page shows a request with that method and path, although it documents others.
    fn shown(&self, method: &Method, path: &str) -> Option<Lookup> {
        let mut found = self.shown.find(path).into_iter();
        let found = found.find(|found| found.value.0 == *method)?;
        let captured = found.parameters.into_iter();
        Some(Lookup::Operation {
            index: found.value.1,
            captured: captured
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        })
    }

    /// The one operation with that method and exactly that path.
    fn plain(&self, method: &Method, path: &str) -> Option<usize> {
        let mut found = self.plain.get(path)?.iter().filter(|index| {
            let entry = self.entries.get(**index);
            entry.is_some_and(|entry| entry.method == *method)
        });
        let first = found.next()?;
        found.next().is_none().then_some(*first)
    }

    /// The operations of a path, those of the host that is addressed first.
    fn candidates<'h>(
        &self,
        path: &str,
        host: impl Fn() -> Option<Cow<'h, str>>,
    ) -> Vec<Candidate<'_>> {
        let found = self.candidates_by(path, host, Self::at);
        if found.is_empty() && !self.deep.is_empty() {
            return self.candidates_by(path, || None, Self::at_depth);
        }
        found
    }

    fn candidates_by<'h>(
        &self,
        path: &str,
        host: impl Fn() -> Option<Cow<'h, str>>,
        at: impl for<'r> Fn(&'r Self, &str) -> Vec<Candidate<'r>>,
    ) -> Vec<Candidate<'_>> {
        let mut found = at(self, path);
        if found.len() > 1
            && let Some(host) = host()
        {
            let here = self.of_host(&host);
            found.sort_by_key(|candidate| !here.contains(&candidate.index));
        }
        if found.is_empty()
            && let Some((host, path)) = path.trim_start_matches('/').split_once('/')
            && host.contains(['.', ':'])
        {
            let here = self.of_host(host);
            if !here.is_empty() {
                found = at(self, path);
                found.retain(|candidate| here.contains(&candidate.index));
            }
        }
        found
    }

    /// The operations whose last parameter holds all that follows; the longest template comes first.
    fn at_depth(&self, path: &str) -> Vec<Candidate<'_>> {
        let given: Vec<&str> = segments(path).collect();
        let fitting = self.deep.iter().rev().find_map(|(length, router)| {
            let (start, rest) = given.split_at_checked(length.checked_sub(1)?)?;
            let path = format!("/{}/{}", start.join("/"), rest.join("%2F"));
            let found = router.find(&path);
            (rest.len() > 1 && !found.is_empty()).then_some(found)
        });
        let found = fitting.unwrap_or_default().into_iter();
        found
            .map(|found| Candidate {
                index: *found.value,
                captured: found.parameters,
            })
            .collect()
    }

    fn at(&self, path: &str) -> Vec<Candidate<'_>> {
        let found = self.router.find(path).into_iter();
        found
            .map(|found| Candidate {
                index: *found.value,
                captured: found.parameters,
            })
            .collect()
    }

    /// The operations that are documented for a host.
    fn of_host(&self, host: &str) -> BTreeSet<usize> {
        let host = host.split(':').next().unwrap_or_default();
        let path = format!("/{}", host.to_ascii_lowercase());
        let found = self.hosts.find(&path).into_iter();
        found.map(|found| *found.value).collect()
    }

    /// The operations of a path, whatever its host.
    pub(super) fn indexes(&self, path: &str) -> Vec<usize> {
        let found = self.at(path).into_iter();
        found.map(|candidate| candidate.index).collect()
    }

    /// True if an operation is documented for that host.
    pub(super) fn has_host(&self, host: &str) -> bool {
        !self.of_host(host).is_empty()
    }

    /// The methods that are answered at a path, as `Allow` names them.
    pub(super) fn allow<'h>(&self, path: &str, host: impl Fn() -> Option<Cow<'h, str>>) -> String {
        let found = self.candidates(path, host);
        let mut methods: Vec<&str> = found
            .iter()
            .filter_map(|found| self.entries.get(found.index))
            .map(|entry| entry.method.as_str())
            .collect();
        let shown = self.shown.find(path).into_iter();
        methods.extend(shown.map(|found| found.value.0.as_str()));
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        methods.sort_by_key(|method| METHODS.iter().position(|known| known == method));
        methods.dedup();
        methods.join(", ")
    }

    /// The operations whose method and path look most like those of a request, the nearest first.
    pub(super) fn nearest(&self, method: &Method, path: &str) -> Vec<usize> {
        let path: String = path.chars().take(LONGEST_COMPARED).collect();
        let given: Vec<_> = segments(&path).collect();
        let wanted = given.join("/");
        let letters = Letters::of(&wanted);
        let entries = self.entries.iter().enumerate().take(MOST_COMPARED);
        let mut likely: Vec<_> = entries
            .map(|(index, entry)| {
                let filled = entry.filled(&given);
                let least = entry.distance(method, letters.likeness(&Letters::of(&filled)));
                (least, index, filled)
            })
            .collect();
        likely.sort_unstable_by_key(|(least, index, _)| (*least, *index));
        let mut ranked: Vec<(u32, usize)> = Vec::new();
        for (least, index, filled) in likely {
            // The rest is farther away by its letters alone, whatever their order.
            if ranked
                .get(MOST_NAMED - 1)
                .is_some_and(|(last, _)| least > *last)
            {
                break;
            }
            if let Some(entry) = self.entries.get(index) {
                let likeness = similar::TextDiff::from_chars(filled.as_str(), wanted.as_str());
                ranked.push((entry.distance(method, likeness.ratio()), index));
                ranked.sort_unstable();
                ranked.truncate(MOST_NAMED);
            }
        }
        ranked.into_iter().map(|(_, index)| index).collect()
    }
}

/// The order in which methods are listed.
const METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "QUERY", "TRACE", "OPTIONS",
];

/// Longer paths are cut before they are compared: the comparison takes time with the square of the length.
const LONGEST_COMPARED: usize = 120;

/// Of very large sites only so many operations are compared with a path that none of them has.
const MOST_COMPARED: usize = 1000;

/// Of the operations that a path looks like, only so many are named.
const MOST_NAMED: usize = 3;

impl Entry {
    /// The path of the operation; parameters are filled with what stands in their place in a request.
    fn filled(&self, given: &[&str]) -> String {
        let mut filled = String::with_capacity(self.path.len() + 16);
        for (index, segment) in segments(&self.path).enumerate() {
            if index > 0 {
                filled.push('/');
            }
            let is_parameter = segment.contains('{') || segment.starts_with(':');
            let given = given.get(index).filter(|_| is_parameter);
            filled.push_str(given.unwrap_or(&segment));
        }
        filled
    }

    /// How far a request is from the operation, in thousandths, by the likeness of their paths.
    fn distance(&self, method: &Method, likeness: f32) -> u32 {
        let other_method = if self.method == *method { 0 } else { 50 };
        #[expect(clippy::cast_sign_loss, reason = "a likeness lies between 0 and 1")]
        let thousandths = (1000.0 * (1.0 - likeness)) as u32;
        thousandths + other_method
    }
}

/// How often which letter occurs in a path.
struct Letters {
    /// By the last byte of the letter's number: letters that share one look more alike than they are, never less.
    counts: [u8; 256],
    length: usize,
}

impl Letters {
    fn of(path: &str) -> Self {
        let mut letters = Self {
            counts: [0; 256],
            length: 0,
        };
        for letter in path.chars() {
            if let Some(count) = letters.counts.get_mut(letter as usize & 0xFF) {
                *count = count.saturating_add(1);
            }
            letters.length += 1;
        }
        letters
    }

    /// The likeness of two paths if their letters stood in the same order: at least their true one.
    #[expect(clippy::cast_precision_loss, reason = "paths are short")]
    fn likeness(&self, other: &Self) -> f32 {
        let pairs = self.counts.iter().zip(&other.counts);
        let common: usize = pairs.map(|(one, two)| usize::from(*one.min(two))).sum();
        match self.length + other.length {
            0 => 1.0,
            both => 2.0 * common as f32 / both as f32,
        }
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}
