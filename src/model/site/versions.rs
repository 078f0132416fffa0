//! Which version of the docs a file belongs to.

use std::collections::HashMap;

use serde_json::Value;

/// The versions of the docs that the navigation tells apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// By what the navigation names; `None` for what several versions show.
    named: HashMap<String, Option<String>>,
    /// The same by the topmost folders of those.
    folders: HashMap<String, Option<String>>,
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

    /// The version that a file belongs to; `None` if it belongs to none, or to several.
    pub fn of_file(&self, path: &str) -> Option<&str> {
        let page = path.rsplit_once('.').map_or(path, |(page, _)| page);
        let named = self.named.get(path).or_else(|| self.named.get(page));
        let version = named.or_else(|| self.folders.get(topmost(path)?))?;
        version.as_deref()
    }

    fn read(&mut self, value: &Value, version: Option<&str>) {
        match value {
            Value::Object(members) => {
                let own = members.get("version").and_then(Value::as_str);
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
        let note = |known: &mut HashMap<String, Option<String>>, name: &str| {
            let known = known.entry(name.to_owned());
            let known = known.or_insert_with(|| version.map(str::to_owned));
            if known.as_deref() != version {
                *known = None;
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
    fn a_file_belongs_to_the_version_that_alone_shows_it_or_its_folder() {
        let versions = Versions::of(&json!({"navigation": {
            "global": {"anchors": [{"anchor": "Blog", "href": "https://example.com/blog"}]},
            "versions": [
                {"version": "v1", "pages": ["v1/a", "shared/b", {"group": "More", "pages": ["c"]}]},
                {"version": "v2", "tabs": [{"tab": "API", "openapi": "/api.json", "pages": ["v2/a", "shared/b"]}]},
            ],
        }}));
        assert_eq!(versions.of_file("v1/a.mdx"), Some("v1"));
        assert_eq!(versions.of_file("v1/unlisted/page.mdx"), Some("v1"));
        assert_eq!(versions.of_file("c.mdx"), Some("v1"));
        assert_eq!(versions.of_file("v2/openapi.yaml"), Some("v2"));
        assert_eq!(versions.of_file("api.json"), Some("v2"));
        for unknown in ["shared/b.mdx", "shared/d.mdx", "readme.mdx"] {
            assert_eq!(versions.of_file(unknown), None, "{unknown}");
        }
    }
}
