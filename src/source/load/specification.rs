//! Which files of a site are OpenAPI files, and which files those refer to.
//!
//! A file says so itself: a JSON file has a key `openapi` or `swagger`, a YAML file a line that starts with one of them.
//! Files named by a `$ref` of such a file belong to it, if they lie in the site.

use std::collections::BTreeSet;
use std::path::Path;

use memchr::memmem;

/// True for names that an OpenAPI file may have.
pub(super) fn may_be(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("json" | "yaml" | "yml"))
}

/// True if the text calls itself an OpenAPI file.
pub(super) fn is_stated(bytes: &[u8]) -> bool {
    let has_key = |key: &str| {
        memmem::find_iter(bytes, key.as_bytes()).any(|at| {
            let before = bytes.get(..at).unwrap_or_default();
            let after = bytes.get(at + key.len()..).unwrap_or_default();
            let quoted = matches!(
                (before.last(), after.first()),
                (Some(b'"'), Some(b'"')) | (Some(b'\''), Some(b'\''))
            );
            let starts_line = matches!(before.last(), None | Some(b'\n' | b'\r' | 0xBF));
            quoted || starts_line && after.first() == Some(&b':')
        })
    };
    has_key("openapi") || has_key("swagger")
}

/// The files that a file refers to, as paths from the root; `path` is its own.
pub(super) fn referred(path: &str, bytes: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = BTreeSet::new();
    for (at, key) in text.match_indices("$ref") {
        let rest = text.get(at + key.len()..).unwrap_or_default();
        let rest = rest.trim_start_matches(['"', '\'']).trim_start();
        let Some(value) = rest.strip_prefix(':') else {
            continue;
        };
        let value = value.trim_start_matches([' ', '\t', '\r', '\n', '"', '\'']);
        let end = value.find(['"', '\'', '\n', '\r', '#', '}', ',']);
        let target = value.get(..end.unwrap_or(value.len())).unwrap_or_default();
        found.extend(resolved(path, target.trim()));
    }
    found
}

/// A relative reference as a path from the root; `None` if it is an address, or leads out of the root.
pub fn resolved(from: &str, reference: &str) -> Option<String> {
    if reference.is_empty() || reference.contains("://") || reference.contains('\\') {
        return None;
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_from_root = reference.starts_with('/');
    let around = folder.split('/').filter(|part| !part.is_empty());
    let mut parts: Vec<&str> = around.filter(|_| !is_from_root).collect();
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_that_it_is_an_openapi_file() {
        assert!(is_stated(b"{\"info\": {}, \"openapi\": \"3.1.0\"}"));
        assert!(is_stated(b"# API\nopenapi: 3.0.3\n"));
        assert!(is_stated(b"\xEF\xBB\xBFswagger: '2.0'"));
        assert!(!is_stated(b"uses:\n  - name: openapi: x\n"));
        assert!(!is_stated(b"{\"name\": \"openapi tools\"}"));
    }

    #[test]
    fn references_stay_inside_the_root() {
        let of = |text: &str| {
            referred("api/v1/a.yaml", text.as_bytes())
                .into_iter()
                .collect::<Vec<_>>()
        };
        assert_eq!(of("$ref: '../b.yaml#/x'\n"), ["api/b.yaml"]);
        assert_eq!(of("{\"$ref\": \"./c.json\"}"), ["api/v1/c.json"]);
        assert_eq!(of("$ref: '../../../d.yaml'\n"), Vec::<String>::new());
        assert_eq!(
            of("$ref: https://example.com/e.yaml\n"),
            Vec::<String>::new()
        );
        assert_eq!(of("$ref: '#/components/schemas/F'\n"), Vec::<String>::new());
    }
}
