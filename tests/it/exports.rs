//! What `export` writes is OpenAPI 3.1, by the public schema of it.
//!
//! The sites of the tests are always looked at, and those below the folder that `FIELDPROOF_SITES` names.

use std::path::{Path, PathBuf};

use fieldproof::export::{self, Options};
use fieldproof::model;
use fieldproof::source::load;
use serde_json::Value;

const SITES: [&str; 5] = [
    "docs/sample",
    "tests/it/services/bookshop",
    "tests/it/services/depots",
    "tests/it/services/messages",
    "tests/it/services/stages",
];

#[test]
fn every_site_is_exported_as_openapi() {
    let schema = include_str!("../schemas/openapi-3.1.json");
    let schema = serde_json::from_str(schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let mut roots: Vec<PathBuf> = SITES
        .iter()
        .map(|site| Path::new(env!("CARGO_MANIFEST_DIR")).join(site))
        .collect();
    if let Some(folder) = std::env::var_os("FIELDPROOF_SITES") {
        roots.extend(super::sites::sites(Path::new(&folder)));
    }
    for root in roots {
        let Ok(site) = load::load(&root) else {
            // A site without pages.
            continue;
        };
        let documentation = model::read(&site);
        for closed in [false, true] {
            let options = Options {
                closed,
                ..Options::default()
            };
            let export = export::openapi(&documentation.api, &site.sources, &options);
            let errors: Vec<_> = schema
                .iter_errors(&export.document)
                .take(3)
                .map(|error| format!("{error} at {}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", root.display());
            let mut schemas = Vec::new();
            find_schemas(&export.document, &mut schemas);
            assert!(!schemas.is_empty() || documentation.api.operations.is_empty());
            for schema in schemas {
                assert!(
                    jsonschema::draft202012::meta::is_valid(schema),
                    "{}: {schema:#}",
                    root.display()
                );
            }
        }
    }
}

/// The public schema leaves the schemas inside of a document to JSON Schema.
fn find_schemas<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if key == "schema" {
                    found.push(value);
                } else if key != "example" && key != "examples" {
                    find_schemas(value, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| find_schemas(item, found)),
        _ => {}
    }
}
