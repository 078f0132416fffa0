//! The schemas of everything that the commands write as JSON, and of `fieldproof.toml`.

/// A schema, and what it describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The name: what it describes, and its version.
    pub name: &'static str,
    /// What writes it.
    pub about: &'static str,
    /// The schema itself, as JSON Schema draft 7.
    pub text: &'static str,
}

macro_rules! schemas {
    ($($name:literal: $about:literal,)*) => {
        &[$(Schema {
            name: $name,
            about: $about,
            text: include_str!(concat!("../../docs/schemas/", $name, ".json")),
        },)*]
    };
}

/// All schemas, by name.
pub const SCHEMAS: &[Schema] = schemas![
    "baseline-1": "the file of --baseline",
    "configuration-1": "fieldproof.toml",
    "events-1": "each line of test --format ndjson",
    "findings-1": "check, test, and diff with --format json",
    "mock-1": "the line of mock --json, and each line of its log in JSON",
    "model-1": "inspect --format json",
    "raw-1": "each line of inspect --raw",
    "run-1": "test --report run=FILE",
];

/// The schema of that name; without its version, the latest one.
pub fn find(name: &str) -> Option<&'static Schema> {
    let bare = |schema: &Schema| {
        let (bare, _) = schema.name.rsplit_once('-').unwrap_or((schema.name, ""));
        bare == name
    };
    let mut schemas = SCHEMAS.iter().rev();
    schemas.find(|schema| schema.name == name || bare(schema))
}
