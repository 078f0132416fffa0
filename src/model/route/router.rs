//! Many templates, looked up at once.

use std::collections::HashMap;

use super::template::{Segment, Template, split};

/// Templates and what they lead to; a look-up costs the same for one template and for thousands.
#[derive(Clone, Debug)]
pub struct Router<T> {
    root: Node<T>,
}

#[derive(Clone, Debug)]
struct Node<T> {
    literals: HashMap<String, Node<T>>,
    /// Segments with parameters, the most literal first.
    patterns: Vec<(Segment, Node<T>)>,
    entries: Vec<(Template, T)>,
}

/// What a path leads to, with the values of the parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<'r, T> {
    /// What was inserted with the template.
    pub target: &'r T,
    /// Name and decoded value of each parameter, in the order of the path.
    pub captured: Vec<(String, String)>,
}

impl<T> Default for Node<T> {
    fn default() -> Self {
        Self {
            literals: HashMap::new(),
            patterns: Vec::new(),
            entries: Vec::new(),
        }
    }
}

impl<T> Default for Router<T> {
    fn default() -> Self {
        Self {
            root: Node::default(),
        }
    }
}

impl<T> Router<T> {
    /// Adds a template; several entries may share one.
    pub fn insert(&mut self, template: &Template, target: T) {
        let mut node = &mut self.root;
        for segment in template.segments() {
            node = node.child(segment);
        }
        node.entries.push((template.clone(), target));
    }

    /// Everything that `path` leads to, the most specific template first.
    pub fn find(&self, path: &str) -> Vec<Found<'_, T>> {
        let segments = split(path);
        let mut found = Vec::new();
        self.root.find(&segments, &segments, &mut found);
        found
    }
}

impl<T> Node<T> {
    fn child(&mut self, segment: &Segment) -> &mut Self {
        if let Some(literal) = segment.literal() {
            return self.literals.entry(literal.to_owned()).or_default();
        }
        let known = self
            .patterns
            .iter()
            .position(|(pattern, _)| pattern.is_like(segment));
        let index = known.unwrap_or_else(|| {
            let at = self.patterns.partition_point(|(pattern, _)| {
                pattern.literal_length() >= segment.literal_length()
            });
            self.patterns.insert(at, (segment.clone(), Self::default()));
            at
        });
        &mut self.patterns[index].1
    }

    fn find<'r>(&'r self, rest: &[String], all: &[String], found: &mut Vec<Found<'r, T>>) {
        let Some((segment, rest)) = rest.split_first() else {
            found.extend(self.entries.iter().filter_map(|(template, target)| {
                let mut captured = Vec::new();
                let fits = template
                    .segments()
                    .iter()
                    .zip(all)
                    .all(|(part, text)| part.capture(text, &mut captured));
                fits.then_some(Found { target, captured })
            }));
            return;
        };
        if let Some(child) = self.literals.get(segment) {
            child.find(rest, all, found);
        }
        for (pattern, child) in &self.patterns {
            if pattern.capture(segment, &mut Vec::new()) {
                child.find(rest, all, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_come_before_parameters() {
        let mut router = Router::default();
        for (index, template) in ["/users/{id}", "/users/me", "/users/{id}.json", "/{any}/me"]
            .iter()
            .enumerate()
        {
            router.insert(&Template::parse(template), index);
        }
        let targets = |path: &str| {
            router
                .find(path)
                .iter()
                .map(|found| *found.target)
                .collect::<Vec<_>>()
        };
        assert_eq!(targets("/users/me"), [1, 0, 3]);
        assert_eq!(targets("/users/7.json"), [2, 0]);
        assert_eq!(targets("/users/7/x"), [0_usize; 0]);
    }

    #[test]
    fn names_belong_to_each_entry() {
        let mut router = Router::default();
        router.insert(&Template::parse("/a/{one}"), "GET");
        router.insert(&Template::parse("/a/:two"), "PUT");
        let names: Vec<_> = router
            .find("/a/1")
            .iter()
            .map(|found| found.captured[0].0.clone())
            .collect();
        assert_eq!(names, ["one", "two"]);
    }
}
