//! Which OpenAPI files the configuration of a site names, and which of their operations it shows.
//!
//! | where | shows |
//! | --- | --- |
//! | `api.openapi`, or `openapi` at the top | every operation |
//! | `openapi` in the navigation, with `METHOD /path` among the pages below it | those |
//! | `openapi` in the navigation, without pages | every operation |
//!
//! Each is a path, a list of paths, or an object with the path as `source`. Addresses are not fetched.

use serde_json::Value;

/// A file that the configuration names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configured {
    /// Its path as written.
    pub file: String,
    /// The operations that are shown, as `METHOD /path`; `None` for all.
    pub only: Option<Vec<String>>,
}

/// The files that `docs.json` or `mint.json` names.
pub(in crate::model) fn configured(config: &Value) -> Vec<Configured> {
    let mut found = Vec::new();
    for stated in ["/api/openapi", "/openapi"] {
        let files = config.pointer(stated).map(files).unwrap_or_default();
        found.extend(
            files
                .into_iter()
                .map(|file| Configured { file, only: None }),
        );
    }
    if let Some(navigation) = config.get("navigation") {
        navigate(navigation, &[], &mut found);
    }
    found
}

/// The paths under an `openapi` key.
fn files(stated: &Value) -> Vec<String> {
    match stated {
        Value::String(file) => vec![file.clone()],
        Value::Array(several) => several.iter().flat_map(files).collect(),
        Value::Object(object) => object.get("source").map(files).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Walks the navigation; `around` are the files that the parts around name.
fn navigate(part: &Value, around: &[String], found: &mut Vec<Configured>) {
    match part {
        Value::Array(parts) => {
            let listed: Vec<_> = parts.iter().filter_map(operation).collect();
            if !listed.is_empty() {
                found.extend(around.iter().map(|file| Configured {
                    file: file.clone(),
                    only: Some(listed.clone()),
                }));
            }
            for part in parts {
                navigate(part, around, found);
            }
        }
        Value::Object(object) => {
            let own = object.get("openapi").map(files);
            let around = own.as_deref().unwrap_or(around);
            let has_parts = object.values().any(Value::is_array);
            if let (Some(own), false) = (&own, has_parts) {
                found.extend(own.iter().map(|file| Configured {
                    file: file.clone(),
                    only: None,
                }));
            }
            for (key, part) in object {
                if key != "openapi" {
                    navigate(part, around, found);
                }
            }
        }
        _ => {}
    }
}

/// `GET /books` in place of the path of a page.
fn operation(page: &Value) -> Option<String> {
    let (method, path) = page.as_str()?.trim().split_once(' ')?;
    let is_method = crate::model::endpoint::METHODS.contains(&method.to_ascii_uppercase().as_str());
    let path = path.trim();
    (is_method && path.starts_with('/')).then(|| format!("{} {path}", method.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn files_are_named_at_the_top_and_in_the_navigation() {
        let config = json!({
            "api": {"openapi": ["a.json", "b.yaml"]},
            "navigation": {"tabs": [
                {"tab": "A", "openapi": {"source": "c.yaml", "directory": "c"}},
                {"tab": "B", "openapi": "d.yaml", "groups": [{"group": "x", "pages": ["intro", "GET /x"]}]},
            ]},
        });
        let of = |file: &str, only: Option<&[&str]>| Configured {
            file: file.to_owned(),
            only: only.map(|only| only.iter().map(|it| (*it).to_owned()).collect()),
        };
        let expected = [
            of("a.json", None),
            of("b.yaml", None),
            of("c.yaml", None),
            of("d.yaml", Some(&["GET /x"])),
        ];
        assert_eq!(configured(&config), expected);
    }
}
