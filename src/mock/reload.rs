//! A site that is edited while it is served: what was saved well replaces what was there, and what was not does not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::Severity;
use crate::model::build::reader::{Other, Reader, Reread, Slot};
use crate::model::json::{Reading, Repair, RepairKind};
use crate::source::load::Site;
use crate::source::{FileId, Sources};

use super::{Mock, Options};

/// A site as it is served.
#[derive(Clone, Debug)]
pub struct Edition {
    /// All files with their last good texts.
    site: Site,
    /// The paths of the files that never were good: what stands in these is served all the same.
    unfit: BTreeSet<String>,
    reader: Reader,
    mock: Arc<Mock>,
}

/// A site that was read again.
#[derive(Clone, Debug)]
pub struct Reloaded {
    /// The mock of it.
    pub mock: Arc<Mock>,
    /// The files that are not what they were, by their paths.
    pub changed: Vec<String>,
    /// The files that were saved broken: path, and what is wrong. Their last good text is served.
    pub kept: Vec<(String, String)>,
    /// How many pages were read for it.
    pub pages: usize,
}

/// The files that nobody would have saved so on purpose, with what is wrong.
type Faults = BTreeMap<FileId, String>;

impl Edition {
    /// Makes a mock of a site, and remembers what is needed to change it.
    pub fn open(site: Site, options: Options) -> Self {
        let (reader, reread) = Reader::open(&site);
        let faults = faults(&site.sources, &reread);
        let path = |file: &FileId| site.sources.file(*file).path().to_owned();
        let unfit = faults.keys().map(path).collect();
        let (slots, others) = (reread.operations, reread.others);
        let of_all = (others.as_slice(), reread.errors.as_ref());
        let mock = Mock::of(slots, of_all, &site.sources, options, None);
        Self {
            site,
            unfit,
            reader,
            mock: Arc::new(mock),
        }
    }

    /// The mock of the site as it stands.
    pub fn mock(&self) -> &Arc<Mock> {
        &self.mock
    }

    /// The files of the site, with the texts that are served.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Changes the mock to one of the same pages with other options; gives those that it had.
    pub fn configure(&mut self, options: Options) -> Options {
        let (reader, reread) = Reader::open(&self.site);
        let (slots, others) = (reread.operations, reread.others);
        let of_all = (others.as_slice(), reread.errors.as_ref());
        let mock = Mock::of(slots, of_all, &self.site.sources, options, None);
        let before = std::mem::replace(&mut self.mock, Arc::new(mock));
        self.reader = reader;
        before.options.clone()
    }

    /// Changes the mock after something happened to files at these paths; `None` if the whole site must be loaded first.
    pub fn saved(&mut self, paths: &[PathBuf]) -> Option<Reloaded> {
        let site = self.site.reread(paths)?;
        Some(self.reload(site))
    }

    /// Changes the mock to that of a site that was loaded again, with the last good texts of files that are broken now.
    pub fn reload(&mut self, mut site: Site) -> Reloaded {
        let changed = self.changed(&site.sources);
        let (mut reader, mut reread, mut is_again) = self.read(&site);
        let mut pages = reread.read.len();
        let mut kept = Faults::new();
        for (file, fault) in faults(&site.sources, &reread) {
            let path = site.sources.file(file).path();
            if !changed.contains(path) {
                continue;
            }
            let good = self.site.sources.find(path);
            match good.filter(|_| !self.unfit.contains(path)) {
                Some(_) => _ = kept.insert(file, fault),
                None => _ = self.unfit.insert(path.to_owned()),
            }
        }
        let path = |file: &FileId| site.sources.file(*file).path().to_owned();
        let broken: BTreeMap<String, String> = kept
            .iter()
            .map(|(file, fault)| (path(file), fault.clone()))
            .collect();
        if !kept.is_empty() {
            for file in kept.keys() {
                let path = site.sources.file(*file).path();
                if let Some(good) = self.site.sources.find(path) {
                    let good = self.site.sources.file(good).clone();
                    site.sources.restore(*file, good);
                }
            }
            (reader, reread, is_again) = self.read(&site);
            pages += reread.read.len();
        }
        let before = is_again.then_some(&*self.mock);
        let (slots, others) = (reread.operations, reread.others);
        let options = self.mock.options.clone();
        let of_all = (others.as_slice(), reread.errors.as_ref());
        self.mock = Arc::new(Mock::of(slots, of_all, &site.sources, options, before));
        self.reader = reader;
        self.site = site;
        let changed = changed.into_iter();
        Reloaded {
            mock: Arc::clone(&self.mock),
            changed: changed.filter(|path| !broken.contains_key(path)).collect(),
            kept: broken.into_iter().collect(),
            pages,
        }
    }

    /// The paths of all files that have come, gone, or changed.
    fn changed(&self, sources: &Sources) -> BTreeSet<String> {
        let known = self.site.sources.iter();
        let known: BTreeMap<_, _> = known.map(|(_, file)| (file.path(), file)).collect();
        let mut changed: BTreeSet<String> = BTreeSet::new();
        let mut gone: BTreeSet<&str> = known.keys().copied().collect();
        for (_, file) in sources.iter() {
            gone.remove(file.path());
            if known.get(file.path()).is_none_or(|it| !it.is_same(file)) {
                changed.insert(file.path().to_owned());
            }
        }
        changed.extend(gone.into_iter().map(str::to_owned));
        changed
    }

    /// Reads what has changed, or everything; true if operations are kept.
    fn read(&self, site: &Site) -> (Reader, Reread, bool) {
        let changed = site.sources.changed_since(&self.site.sources);
        let again = changed.and_then(|changed| self.reader.again(site, &changed));
        if let Some((reader, reread)) = again {
            return (reader, reread, true);
        }
        let (reader, reread) = Reader::open(site);
        (reader, reread, false)
    }
}

fn faults(sources: &Sources, reread: &Reread) -> Faults {
    let mut faults = Faults::new();
    for (id, file) in sources.iter() {
        let text = file.text();
        if text.trim().is_empty() {
            faults.insert(id, "the file is empty".to_owned());
        } else if text.contains('\0') {
            faults.insert(id, "the file is no text".to_owned());
        } else if is_open(text) {
            faults.insert(id, "the frontmatter is not closed".to_owned());
        }
    }
    let errors = reread.diagnostics.iter();
    for error in errors.filter(|it| it.rule.severity == Severity::Error) {
        let place = sources.place(error.span);
        let fault = faults.entry(error.span.file);
        fault.or_insert_with(|| format!("{} ({place})", error.message));
    }
    for (file, other) in &reread.others {
        if let Other::Unread(diagnostic) = other {
            let place = sources.place(diagnostic.span);
            let fault = faults.entry(*file);
            fault.or_insert_with(|| format!("{} ({place})", diagnostic.message));
        }
    }
    let made = reread.operations.iter().filter_map(|slot| match slot {
        Slot::Made(operation) => Some(operation),
        Slot::Kept(_) => None,
    });
    let responses = made.flat_map(|operation| &operation.responses);
    for example in responses.flat_map(|response| &response.examples) {
        let Some(slip) = example.json.as_ref().and_then(slip) else {
            continue;
        };
        let place = sources.place(example.span);
        let fault = faults.entry(example.span.file);
        fault.or_insert_with(|| format!("an example is not JSON: {slip} ({place})"));
    }
    faults
}

/// True for a page whose frontmatter begins and does not end.
fn is_open(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_end);
    lines.next() == Some("---") && lines.all(|line| line != "---")
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
        Edition::open(site(&[("a.mdx", PAGE)]), Options::default())
    }

    #[test]
    fn a_page_that_is_saved_in_the_middle_of_its_frontmatter_keeps_its_answer() {
        for broken in ["---\napi: GET /bo", "---\napi: GET /books\n\n<Resp", "\0\0"] {
            let reloaded = edition().reload(site(&[("a.mdx", broken)]));
            assert_eq!(body(&reloaded.mock, "/books"), "{\"id\": 1}", "{broken:?}");
            assert_eq!(reloaded.kept.len(), 1, "{broken:?}");
        }
    }

    #[test]
    fn a_saved_page_is_live() {
        let saved = PAGE.replace("1}", "2}");
        let reloaded = edition().reload(site(&[("a.mdx", &saved)]));
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
            let reloaded = edition.reload(site(&pages));
            assert_eq!(body(&reloaded.mock, "/books"), "{\"id\": 1}", "{broken}");
            assert_eq!(reloaded.changed, ["b.mdx"]);
            assert_eq!(reloaded.kept.len(), 1);
            // It is still remembered when it is saved broken again.
            let again = edition.reload(site(&pages));
            assert_eq!(body(&again.mock, "/books"), "{\"id\": 1}", "{broken}");
        }
    }

    #[test]
    fn an_openapi_file_saved_broken_keeps_its_last_good_answers() {
        let config = r#"{"navigation": {"tabs": [{"tab": "API", "openapi": "openapi.yaml"}]}}"#;
        let file = "openapi: 3.1.0\ninfo: {title: Boats, version: '1'}\npaths:\n  /boats:\n    get:\n      responses:\n        '200':\n          content:\n            application/json:\n              example: {id: 1}\n";
        let of = |text: &str| site(&[("docs.json", config), ("openapi.yaml", text)]);
        let mut edition = Edition::open(of(file), Options::default());
        let good = body(edition.mock(), "/boats");
        assert!(good.contains("\"id\": 1"), "{good}");
        let broken = file.replace("{id: 1}", "{id: \"1}");
        let reloaded = edition.reload(of(&broken));
        assert_eq!(body(&reloaded.mock, "/boats"), good);
        assert_eq!(reloaded.kept.len(), 1);
        assert!(reloaded.kept[0].1.contains("neither JSON nor YAML"));
        let mended = edition.reload(of(&file.replace("1}", "2}")));
        assert!(body(&mended.mock, "/boats").contains("\"id\": 2"));
        // At the start there is nothing to keep.
        let opened = Edition::open(of(&broken), Options::default());
        let unserved = opened.mock().unserved();
        assert!(unserved[0].reason.contains("neither JSON nor YAML"));
    }

    #[test]
    fn a_frontmatter_that_cannot_be_read_is_the_reason() {
        let page = PAGE.replace("GET /books", "\"GET /books");
        let edition = Edition::open(site(&[("a.mdx", &page)]), Options::default());
        let reason = &edition.mock().unserved()[0].reason;
        assert!(reason.contains("not valid YAML"), "{reason}");
    }

    #[test]
    fn a_page_that_is_gone_is_not_served() {
        let reloaded = edition().reload(site(&[("b.mdx", "Text.\n")]));
        assert_eq!(reloaded.changed, ["a.mdx", "b.mdx"]);
        assert!(reloaded.mock.routes().is_empty());
    }

    #[test]
    fn only_the_pages_of_a_saved_file_are_read() {
        let other = |number: usize| PAGE.replace("/books", &format!("/books/{number}"));
        let using = "import Id from \"/snippets/id.mdx\"\n\n<ResponseField name=\"id\" type=\"string\"><Id /></ResponseField>\n";
        let mut files = vec![
            ("snippets/id.mdx".to_owned(), "The id.\n".to_owned()),
            ("de/a.mdx".to_owned(), PAGE.replace('1', "7")),
        ];
        for number in 0..20 {
            files.push((format!("{number}.mdx"), other(number) + using));
        }
        files.push(("a.mdx".to_owned(), PAGE.to_owned()));
        let read = |files: &[(String, String)]| {
            Site::from_files(
                files
                    .iter()
                    .map(|(path, text)| (path.as_str(), text.as_str())),
            )
        };
        let mut edition = Edition::open(read(&files), Options::default());
        let mut save = |path: &str, text: String| {
            let mut files = files.iter_mut();
            files.find(|file| file.0 == path).unwrap().1 = text;
        };
        // Both pages of one operation are read for one of them.
        save("a.mdx", PAGE.replace("1}", "2}"));
        let reloaded = edition.reload(read(&files));
        assert_eq!(
            (reloaded.pages, reloaded.changed),
            (2, vec!["a.mdx".to_owned()])
        );
        assert_eq!(body(&reloaded.mock, "/books"), "{\"id\": 2}");
        assert_eq!(body(&reloaded.mock, "/books/3"), "{\"id\": 1}");
    }

    /// All that a mock would say of itself and to everybody.
    fn digest(mock: &Mock) -> String {
        let operations = mock.operations.iter().map(|served| {
            let answers = served.answers.iter().map(|answer| {
                let shape = answer.fields.as_ref().map(|fields| &fields.shape);
                format!(
                    "{} {:?} {} {shape:?}",
                    answer.code, answer.names, answer.source
                )
            });
            let answers: Vec<_> = answers.collect();
            let usual = body(mock, "/nowhere");
            format!("{:?}\n{answers:?}\n{usual}", served.operation)
        });
        let operations: Vec<_> = operations.collect();
        format!("{operations:#?}\n{:?}\n{:?}", mock.routes(), mock.unserved)
    }

    /// A text that a file may be saved with; what the numbers stand for is of no importance.
    fn text(path: &str, kind: u64) -> String {
        let endpoint = |kind: u64| match kind % 5 {
            0 => "api: GET /books".to_owned(),
            1 => format!("api: GET /{path}"),
            2 => "api: POST https://api.example.com/books/{id}".to_owned(),
            3 => "api: FETCH /books".to_owned(),
            _ => "title: Text".to_owned(),
        };
        let uses = match kind / 5 % 4 {
            0 => "import Id from \"/snippets/id.mdx\"\n\n<Id />\n",
            1 => "import Other from \"/b.mdx\"\n\n<Other />\n",
            2 => "<Snippet file=\"two.mdx\" />\n",
            _ => "",
        };
        let example = ["{\"id\": 1}", "{\"id\": \"x\"}", "{\"id\": ", ""];
        let example = example[usize::try_from(kind / 20 % 4).unwrap()];
        format!(
            "---\n{}\n---\n\n{uses}\n<ResponseExample>\n\n```json\n{example}\n```\n\n</ResponseExample>\n",
            endpoint(kind)
        )
    }

    #[test]
    fn a_site_that_is_read_in_parts_is_the_one_that_is_read_as_a_whole() {
        let pages = ["a.mdx", "b.mdx", "c.mdx", "d/a.mdx", "d/b.mdx"];
        let fields = |name: &str| format!("<ResponseField name=\"{name}\" type=\"string\" />\n");
        let mut files: BTreeMap<String, String> = pages
            .iter()
            .map(|path| ((*path).to_owned(), text(path, 1)))
            .collect();
        files.insert("snippets/id.mdx".to_owned(), fields("id"));
        files.insert(
            "snippets/two.mdx".to_owned(),
            "<Snippet file=\"id.mdx\" />\n".to_owned(),
        );
        let read = |files: &BTreeMap<String, String>| {
            let files = files.iter();
            Site::from_files(files.map(|(path, text)| (path.as_str(), text.as_str())))
        };
        let mut edition = Edition::open(read(&files), Options::default());
        let mut seed = 7_u64;
        let mut parts = 0;
        for step in 0..150 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let (which, kind) = (seed >> 33, seed >> 40);
            let path = pages[usize::try_from(which % 5).unwrap()];
            if which % 11 == 0 {
                files.insert("snippets/id.mdx".to_owned(), fields(&format!("id{kind}")));
            } else {
                files.insert(path.to_owned(), text(path, kind));
            }
            let reloaded = edition.reload(read(&files));
            parts += usize::from(reloaded.pages < pages.len());
            // What was saved broken is served as it was before.
            let mut good = files.clone();
            for (path, _) in &reloaded.kept {
                let file = edition.site.sources.find(path).unwrap();
                good.insert(
                    path.clone(),
                    edition.site.sources.file(file).text().to_owned(),
                );
            }
            let whole = Edition::open(read(&good), Options::default());
            assert_eq!(
                digest(&reloaded.mock),
                digest(&whole.mock),
                "step {step}: {path}"
            );
        }
        assert!(parts > 50, "{parts}");
    }
}
