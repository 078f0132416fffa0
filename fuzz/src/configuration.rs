//! Configuration, of the site and of ours: the same text as `docs.json`, as `mint.json`, and as `fieldproof.toml`.

use std::path::Path;

use fieldproof::check;
use fieldproof::model;
use fieldproof::report::catalog;
use fieldproof::source::load::Site;

use super::cli::{config, rules};
use super::site::places;

const PAGE: &str = "---\napi: GET /books\n---\n\n<ResponseField name=\"id\" type=\"strng\" />\n\n```json\n{\"id\": 1}\n```\n";

pub(crate) fn hold(text: &str) {
    for name in ["docs.json", "mint.json"] {
        let site = Site::from_files([(name, text), ("books.mdx", PAGE)]);
        let documentation = model::read(&site);
        places(&documentation.sources, &check::check(&documentation));
    }
    match config::parse(Path::new("fieldproof.toml"), text) {
        Ok(config) => {
            let settings = rules::settings(&rules::RuleArgs::default(), &config.check);
            let documentation = model::read(&Site::from_files([("books.mdx", PAGE)]));
            let found = check::check(&documentation);
            let count = found.len();
            let sources = &documentation.sources;
            let known = catalog::known(true);
            let applied = settings.apply(sources, found, &[], &known);
            assert!(applied.diagnostics.len() <= count);
        }
        Err(error) => assert!(error.to_string().starts_with("fieldproof.toml:"), "{error}"),
    }
}
