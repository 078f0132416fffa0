//! A site that is edited while it is served: what was saved well replaces what was there, and what was not does not.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::model::json::{Reading, Repair, RepairKind};
use crate::model::{self, Documentation};
use crate::source::FileId;
use crate::source::load::Site;

use super::{Mock, Options};

/// The last good texts of all files of a site.
#[derive(Clone, Debug, Default)]
pub struct Edition {
    texts: BTreeMap<String, String>,
}

/// A site that was read again.
#[derive(Clone, Debug)]
pub struct Reloaded {
    /// The mock of it.
    pub mock: Mock,
    /// The files that are not what they were, by their paths.
    pub changed: Vec<String>,
    /// The files that were saved broken: path, and what is wrong. Their last good text is served.
    pub kept: Vec<(String, String)>,
}

impl Edition {
    /// Remembers the files of a site that are good.
    pub fn of(site: &Site, documentation: &Documentation) -> Self {
        let mut edition = Self::default();
        edition.remember(site, &faults(site, documentation));
        edition
    }

    /// Makes a mock of a site that was saved again, with the last good texts of files that are broken now.
    pub fn reload(&mut self, mut site: Site, options: &Options) -> Reloaded {
        let mut documentation = model::read(&site);
        let mut faults = faults(&site, &documentation);
        // A file that never was good is served as it is.
        faults.retain(|file, _| {
            let file = site.sources.file(*file);
            let known = self.texts.get(file.path());
            known.is_some_and(|known| known != file.text())
        });
        let files = site.sources.iter();
        let changed = files.filter(|(id, file)| {
            let is_same = self
                .texts
                .get(file.path())
                .is_some_and(|it| it == file.text());
            !is_same && !faults.contains_key(id)
        });
        let mut changed: Vec<_> = changed.map(|(_, file)| file.path().to_owned()).collect();
        let gone = self
            .texts
            .keys()
            .filter(|path| site.sources.find(path).is_none());
        changed.extend(gone.cloned());
        let mut kept = Vec::new();
        for (file, fault) in &faults {
            let path = site.sources.file(*file).path().to_owned();
            if let Some(text) = self.texts.get(&path) {
                site.sources.replace(*file, text.clone());
            }
            kept.push((path, fault.clone()));
        }
        if !kept.is_empty() {
            documentation = model::read(&site);
        }
        self.remember(&site, &faults);
        Reloaded {
            mock: Mock::new(&documentation, &site.sources, options.clone()),
            changed,
            kept,
        }
    }

    fn remember(&mut self, site: &Site, faults: &BTreeMap<FileId, String>) {
        let mut texts = BTreeMap::new();
        for (id, file) in site.sources.iter() {
            let text = if faults.contains_key(&id) {
                self.texts.remove(file.path())
            } else {
                Some(file.text().to_owned())
            };
            texts.extend(text.map(|text| (file.path().to_owned(), text)));
        }
        self.texts = texts;
    }
}

/// The files that nobody would have saved so on purpose, with what is wrong.
fn faults(site: &Site, documentation: &Documentation) -> BTreeMap<FileId, String> {
    let mut faults = BTreeMap::new();
    for (id, file) in site.sources.iter() {
        if file.text().trim().is_empty() {
            faults.insert(id, "the file is empty".to_owned());
        }
    }
    let errors = documentation.diagnostics.iter();
    for error in errors.filter(|it| it.rule.severity == Severity::Error) {
        let place = site.sources.place(error.span);
        let fault = faults.entry(error.span.file);
        fault.or_insert_with(|| format!("{} ({place})", error.message));
    }
    let operations = documentation.api.operations.iter();
    let responses = operations.flat_map(|operation| &operation.responses);
    for example in responses.flat_map(|response| &response.examples) {
        let Some(slip) = example.json.as_ref().and_then(slip) else {
            continue;
        };
        let place = site.sources.place(example.span);
        let fault = faults.entry(example.span.file);
        fault.or_insert_with(|| format!("an example is not JSON: {slip} ({place})"));
    }
    faults
}

/// What shows that an example is not written to its end; what authors write on purpose shows nothing.
fn slip(reading: &Reading) -> Option<String> {
    if let Some(failure) = &reading.failure {
        return Some(failure.to_string());
    }
    let is_slip = |repair: &&Repair| {
        matches!(
            repair.kind,
            RepairKind::Unclosed
                | RepairKind::UnclosedString
                | RepairKind::MissingClosing
                | RepairKind::WrongClosing
                | RepairKind::MissingColon
                | RepairKind::MissingValue
        )
    };
    let slip = reading.repairs.iter().find(is_slip)?;
    Some(slip.kind.describe().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::{Request, reply};

    const PAGE: &str = "---\napi: GET /books\n---\n\n<ResponseExample>\n\n```json\n{\"id\": 1}\n```\n\n</ResponseExample>\n";

    fn site(pages: &[(&str, &str)]) -> Site {
        Site::from_files(pages.iter().copied())
    }

    fn body(mock: &Mock, path: &str) -> String {
        let request = Request {
            uri: path.parse().unwrap(),
            ..Request::default()
        };
        String::from_utf8(reply(mock, &request).body.to_vec()).unwrap()
    }

    fn edition() -> Edition {
        let site = site(&[("a.mdx", PAGE)]);
        Edition::of(&site, &model::read(&site))
    }

    #[test]
    fn a_saved_page_is_live() {
        let saved = PAGE.replace("1}", "2}");
        let reloaded = edition().reload(site(&[("a.mdx", &saved)]), &Options::default());
        assert_eq!(body(&reloaded.mock, "/books"), "{\"id\": 2}");
        assert_eq!(
            (reloaded.changed, reloaded.kept),
            (vec!["a.mdx".to_owned()], Vec::new())
        );
    }

    #[test]
    fn a_page_saved_broken_keeps_its_last_good_answer() {
        for broken in [
            PAGE.replace("{\"id\": 1}", "{\"id\": 1, \"x\": {"),
            PAGE.replace("GET", "FETCH"),
            String::new(),
        ] {
            let mut edition = edition();
            let pages = [("a.mdx", broken.as_str()), ("b.mdx", "Text.\n")];
            let reloaded = edition.reload(site(&pages), &Options::default());
            assert_eq!(body(&reloaded.mock, "/books"), "{\"id\": 1}", "{broken}");
            assert_eq!(reloaded.changed, ["b.mdx"]);
            assert_eq!(reloaded.kept.len(), 1);
            // It is still remembered when it is saved broken again.
            let again = edition.reload(site(&pages), &Options::default());
            assert_eq!(body(&again.mock, "/books"), "{\"id\": 1}", "{broken}");
        }
    }

    #[test]
    fn a_page_that_is_gone_is_not_served() {
        let reloaded = edition().reload(site(&[("b.mdx", "Text.\n")]), &Options::default());
        assert_eq!(reloaded.changed, ["b.mdx", "a.mdx"]);
        assert!(reloaded.mock.routes().is_empty());
    }
}
