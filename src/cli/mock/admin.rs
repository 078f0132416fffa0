//! What the mock tells about itself: the admin paths, and what is written down for them.

use std::path::Path;
use std::sync::{Arc, Mutex};

use clap::Args;
use fieldproof::export;
use fieldproof::mock::server::{Admin, Rooms};
use fieldproof::mock::{Bounds, Journal, Record};
use fieldproof::model;
use fieldproof::source::load;

use crate::cli::docs::DocsArgs;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "What the mock tells about itself")]
pub(super) struct AdminArgs {
    /// Requests that are kept for `/__fieldproof/requests`, 0 for none [default: 500, and 0 with -q]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(..=100_000))]
    journal: Option<u32>,
    /// Token that the paths below `/__fieldproof` ask for; without one, they answer this machine only
    #[arg(
        long,
        value_name = "TOKEN",
        env = "FIELDPROOF_ADMIN_TOKEN",
        hide_env_values = true
    )]
    admin_token: Option<String>,
    /// Do not answer below `/__fieldproof`
    #[arg(long, conflicts_with_all = ["journal", "admin_token"])]
    no_admin: bool,
}

impl AdminArgs {
    /// What stands around the answers.
    pub(super) fn rooms(&self, docs: &DocsArgs, is_quiet: bool) -> Option<Rooms> {
        if self.no_admin {
            return None;
        }
        let bounds = Bounds::default();
        let usual = if is_quiet { 0 } else { bounds.entries };
        let entries = self.journal.map_or(usual, |count| count as usize);
        let record = (entries > 0).then(|| {
            Mutex::new(Record {
                journal: Journal::new(Bounds { entries, ..bounds }),
                ..Record::default()
            })
        });
        let docs = docs.docs.clone();
        Some(Rooms {
            record,
            admin: Some(Admin {
                token: self.admin_token.clone(),
                describe: Some(Arc::new(move || describe(&docs))),
            }),
            ..Rooms::default()
        })
    }
}

/// What the pages document, as OpenAPI: they are read again, so that the mock need not hold them.
fn describe(docs: &Path) -> Result<String, String> {
    let site = load::load(docs).map_err(|error| error.to_string())?;
    let documentation = model::read(&site);
    let options = export::Options {
        title: documentation.config.name.clone(),
        ..export::Options::default()
    };
    let export = export::openapi(&documentation.api, &site.sources, &options);
    Ok(export::to_json(&export.document))
}
