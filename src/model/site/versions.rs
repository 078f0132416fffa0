//! Which versions of the docs a file belongs to.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

/// The versions of the docs that the navigation tells apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// By what the navigation names; `None` for what it shows outside of all versions.
    named: HashMap<String, Option<BTreeSet<String>>>,
    /// The same by the topmost folders of those.
    folders: HashMap<String, Option<BTreeSet<String>>>,
    /// The one that readers see first: that which says so, else the first.
    current: Option<String>,
    has_default: bool,
}

impl Versions {
    /// Reads the navigation: whatever stands in an object with a `version` belongs to that.
    pub(super) fn of(config: &Value) -> Self {
        let mut versions = Self::default();
        if let Some(navigation) = config.get("navigation") {
            versions.read(navigation, None);
        }
        versions
    }

    /// True if two files belong to versions, and to none together.
    pub fn tell_apart(&self, one: &str, other: &str) -> bool {
        match (self.of_file(one), self.of_file(other)) {
            (Some(one), Some(other)) => one.is_disjoint(other),
            _ => false,
        }
    }

    /// True if a file belongs to versions, and to none that readers see first.
    pub fn is_other(&self, path: &str) -> bool {
        let current = self.current.as_ref();
        current.is_some_and(|current| self.of_file(path).is_some_and(|it| !it.contains(current)))
    }

    /// The versions that a file belongs to, as far as the navigation says it.
    fn of_file(&self, path: &str) -> Option<&BTreeSet<String>> {
        let page = path.rsplit_once('.').map_or(path, |(page, _)| page);
        let named = self.named.get(path).or_else(|| self.named.get(page));
        named.or_else(|| self.folders.get(topmost(path)?))?.as_ref()
    }

    fn read(&mut self, value: &Value, version: Option<&str>) {
        match value {
            Value::Object(members) => {
                let own = members.get("version").and_then(Value::as_str);
                let is_default = members.get("default") == Some(&Value::Bool(true));
                if let Some(own) = own
                    && (self.current.is_none() || is_default && !self.has_default)
                {
                    self.current = Some(own.to_owned());
                    self.has_default |= is_default;
                }
                for (key, member) in members {
                    if key != "version" {
                        self.read(member, own.or(version));
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.read(item, version)),
            Value::String(name) => self.add(name.trim_start_matches('/'), version),
            _ => {}
        }
    }

    fn add(&mut self, name: &str, version: Option<&str>) {
        let note = |known: &mut HashMap<String, Option<BTreeSet<String>>>, name: &str| {
            let known = known.entry(name.to_owned());
            let known = known.or_insert_with(|| Some(BTreeSet::new()));
            match (known.as_mut(), version) {
                (Some(known), Some(version)) => {
                    known.insert(version.to_owned());
                }
                _ => *known = None,
            }
        };
        note(&mut self.named, name);
        if let Some(folder) = topmost(name) {
            note(&mut self.folders, folder);
        }
    }
}

/// The first folder of a path.
fn topmost(path: &str) -> Option<&str> {
    path.split_once('/').map(|(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_of_different_versions_are_told_apart() {
        let versions = Versions::of(&json!({"navigation": {
            "pages": ["start/a"],
            "versions": [
                {"version": "v1", "pages": ["v1/a", "shared/b", {"group": "More", "pages": ["c"]}]},
                {"version": "v2", "tabs": [{"tab": "API", "openapi": "/api.json", "pages": ["v2/a", "shared/b"]}]},
                {"version": "v3", "pages": ["v3/a", "start/b"]},
            ],
        }}));
        for (one, other) in [
            ("v1/a.mdx", "v2/openapi.yaml"),
            ("v1/unlisted/page.mdx", "api.json"),
            ("c.mdx", "v2/a.mdx"),
            ("shared/b.mdx", "v3/openapi.yaml"),
        ] {
            assert!(versions.tell_apart(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("shared/b.mdx", "api.json"),
            ("v1/a.mdx", "readme.mdx"),
            ("v1/a.mdx", "start/c.mdx"),
        ] {
            assert!(!versions.tell_apart(one, other), "{one} {other}");
        }
    }
}
