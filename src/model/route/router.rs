//! Finding the templates that a path matches, in time that does not grow with the number of templates.
//!
//! The templates are a tree of segments. Below a node there is at most one child for a given literal, one child for a
//! whole-segment parameter, and a short list for mixed segments such as `{model}:generate`.

use std::collections::HashMap;

use super::segment::{Segment, decode};
use super::{Template, path_of};

/// Templates, each with one or several values of the caller's, such as methods.
#[derive(Clone, Debug)]
pub struct Router<T> {
    nodes: Vec<Node>,
    entries: Vec<Entry<T>>,
}

/// A template that a path matches.
#[derive(Debug)]
pub struct Match<'r, T> {
    /// The template.
    pub template: &'r Template,
    /// What was inserted with it.
    pub value: &'r T,
    /// The names of its parameters and their percent-decoded values, in the order of the template.
    pub parameters: Vec<(&'r str, String)>,
}

#[derive(Clone, Debug)]
struct Entry<T> {
    template: Template,
    value: T,
}

#[derive(Clone, Debug, Default)]
struct Node {
    literals: HashMap<String, usize>,
    /// Heaviest first.
    mixed: Vec<(Segment, usize)>,
    parameter: Option<usize>,
    entries: Vec<usize>,
}

impl<T> Default for Router<T> {
    fn default() -> Self {
        Self {
            nodes: vec![Node::default()],
            entries: Vec::new(),
        }
    }
}

impl<T> Router<T> {
    /// A router without templates.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a template with its value; templates of one identity share a place and keep the order they came in.
    pub fn insert(&mut self, template: Template, value: T) {
        let mut at = 0;
        for segment in template.segments() {
            at = self.child(at, segment);
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.entries.push(self.entries.len());
        }
        self.entries.push(Entry { template, value });
    }

    /// Everything that was inserted, in that order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Template, &T)> {
        self.entries
            .iter()
            .map(|entry| (&entry.template, &entry.value))
    }

    /// All templates that `path` matches, the closest first: from the left, a literal segment before a mixed one, and a
    /// mixed one before a parameter.
    pub fn find(&self, path: &str) -> Vec<Match<'_, T>> {
        let segments: Vec<&str> = path_of(path)
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let mut search = Search {
            nodes: &self.nodes,
            segments: &segments,
            found: Vec::new(),
        };
        search.run();
        let mut matches = Vec::new();
        for (node, values) in search.found {
            let entries = self.nodes.get(node).map_or(&[][..], |node| &node.entries);
            for entry in entries.iter().filter_map(|index| self.entries.get(*index)) {
                let names = entry.template.parameters().iter().map(String::as_str);
                matches.push(Match {
                    template: &entry.template,
                    value: &entry.value,
                    parameters: names.zip(values.iter().cloned()).collect(),
                });
            }
        }
        matches
    }

    /// The child of node `at` for `segment`, made if need be.
    fn child(&mut self, at: usize, segment: &Segment) -> usize {
        let new = self.nodes.len();
        let Some(node) = self.nodes.get_mut(at) else {
            return at;
        };
        let child = if let Some(text) = segment.literal() {
            *node.literals.entry(text.to_owned()).or_insert(new)
        } else if segment.is_parameter() {
            *node.parameter.get_or_insert(new)
        } else if let Some((_, child)) = node.mixed.iter().find(|(other, _)| other == segment) {
            *child
        } else {
            let before = node
                .mixed
                .partition_point(|(other, _)| other.weight() >= segment.weight());
            node.mixed.insert(before, (segment.clone(), new));
            new
        };
        if child == new {
            self.nodes.push(Node::default());
        }
        child
    }
}

/// A walk over all nodes that match; with its own stack, since a path may have any number of segments.
struct Search<'r> {
    nodes: &'r [Node],
    segments: &'r [&'r str],
    /// The nodes that the whole path leads to, and the values of the parameters on the way.
    found: Vec<(usize, Vec<String>)>,
}

impl Search<'_> {
    /// Visits the nodes depth first; the number of visits is returned.
    fn run(&mut self) -> usize {
        let mut visits = 0;
        let mut pending = vec![(0, 0, Vec::new())];
        while let Some((at, depth, values)) = pending.pop() {
            visits += 1;
            let Some(node) = self.nodes.get(at) else {
                continue;
            };
            let Some(raw) = self.segments.get(depth) else {
                if !node.entries.is_empty() {
                    self.found.push((at, values));
                }
                continue;
            };
            // The last pushed is visited first, so the closest comes last.
            if let Some(child) = node.parameter {
                pending.push((child, depth + 1, with(&values, [decode(raw)])));
            }
            for (segment, child) in node.mixed.iter().rev() {
                if let Some(captures) = segment.captures(raw) {
                    pending.push((*child, depth + 1, with(&values, captures)));
                }
            }
            if let Some(child) = node.literals.get(&decode(raw)) {
                pending.push((*child, depth + 1, values));
            }
        }
        visits
    }
}

fn with(values: &[String], more: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut all = values.to_vec();
    all.extend(more);
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn router(templates: &[&str]) -> Router<usize> {
        let mut router = Router::new();
        for (index, template) in templates.iter().enumerate() {
            router.insert(Template::parse(template), index);
        }
        router
    }

    fn found(router: &Router<usize>, path: &str) -> Vec<String> {
        let matches = router.find(path);
        let texts = matches.iter().map(|found| found.template.to_string());
        texts.collect()
    }

    fn values(template: &str, path: &str) -> Vec<(String, String)> {
        let router = router(&[template]);
        let matches = router.find(path);
        let found = matches.first().expect("the path matches");
        let pairs = found.parameters.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect()
    }

    #[test]
    fn literals_come_before_mixed_segments_and_these_before_parameters() {
        let router = router(&["/a/{id}", "/{x}/me", "/a/m{id}", "/a/me", "/a/{id}e"]);
        assert_eq!(
            found(&router, "/a/me"),
            ["/a/me", "/a/m{id}", "/a/{id}e", "/a/{id}", "/{x}/me"]
        );
        assert_eq!(found(&router, "/a"), [""; 0]);
    }

    #[test]
    fn slashes_and_queries_make_no_difference() {
        let router = router(&["/a/{id}/"]);
        for path in ["a/1", "//a//1//", "/a/1?b=/c", "/a/1#x"] {
            assert_eq!(found(&router, path).len(), 1, "{path}");
        }
    }

    #[test]
    fn an_escaped_slash_stays_in_its_segment() {
        assert_eq!(values("/a/{id}", "/a/x%2Fy"), [("id".into(), "x/y".into())]);
        assert_eq!(
            values("/ü/{id}", "/%C3%BC/%zz%"),
            [("id".into(), "%zz%".into())]
        );
    }

    #[test]
    fn a_segment_may_hold_several_parameters() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            values("/{a}-{b}.{c}", "/1-2-3.x.y"),
            [pair("a", "1"), pair("b", "2-3"), pair("c", "x.y")]
        );
        assert_eq!(
            values("/{model}:generate", "/m%3Ax:generate"),
            [pair("model", "m:x")]
        );
        assert_eq!(
            values("/{model}:generate", "/m%3Agenerate"),
            [pair("model", "m")]
        );
        assert_eq!(values("/{a}{b}", "/xyz"), [pair("a", "x"), pair("b", "yz")]);
        assert_eq!(found(&router(&["/v{version}"]), "/v"), [""; 0]);
    }

    #[test]
    fn values_of_one_identity_share_their_place() {
        let router = router(&["/a/{id}", "/a/:name"]);
        assert_eq!(found(&router, "/a/1"), ["/a/{id}", "/a/:name"]);
        assert_eq!(router.nodes.len(), 3);
    }

    #[test]
    fn thousands_of_routes_cost_as_much_as_one() {
        let templates: Vec<String> = (0..5000).map(|n| format!("/v1/r{n}/{{id}}/x")).collect();
        let templates: Vec<&str> = templates.iter().map(String::as_str).collect();
        let visits = |router: &Router<usize>, path: &str| {
            let segments: Vec<&str> = path
                .split('/')
                .filter(|segment| !segment.is_empty())
                .collect();
            let mut search = Search {
                nodes: &router.nodes,
                segments: &segments,
                found: Vec::new(),
            };
            search.run()
        };
        let (one, all) = (router(&templates[..1]), router(&templates));
        assert_eq!(visits(&one, "/v1/r0/7/x"), visits(&all, "/v1/r0/7/x"));
        assert!(visits(&all, &"/a".repeat(100_000)) <= 2);
    }

    /// A template with names, and a value for each of its parameters.
    fn filled() -> impl Strategy<Value = (String, Vec<String>)> {
        let segment = prop::sample::select(vec![
            "a",
            "{}",
            "v{}",
            "{}:do",
            "{}-{}",
            "{}.{}.json",
            "x{}~{}",
            "a%20b",
        ]);
        prop::collection::vec(segment, 0..5).prop_flat_map(|segments| {
            let mut count = 0;
            let named = segments
                .join("/")
                .split("{}")
                .map(str::to_owned)
                .reduce(|text, next| {
                    count += 1;
                    format!("{text}{{p{count}}}{next}")
                });
            let values = prop::collection::vec("[^\u{0}]{1,8}", count);
            (Just(format!("/{}", named.unwrap_or_default())), values)
        })
    }

    proptest! {
        #[test]
        fn what_is_filled_in_is_found_again((template, values) in filled()) {
            let template = Template::parse(&template);
            let names = template.parameters().to_vec();
            let pairs: Vec<_> = names.iter().map(String::as_str).zip(values.iter().map(String::as_str)).collect();
            let path = template.fill(&pairs);
            let mut router = Router::new();
            router.insert(template, ());
            let matches = router.find(&path);
            prop_assert_eq!(matches.len(), 1, "{}", path);
            let found: Vec<_> = matches[0].parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
            prop_assert_eq!(found, pairs);
        }

        #[test]
        fn no_path_panics(template in any::<String>(), path in any::<String>()) {
            router(&[&template]).find(&path);
        }
    }
}
