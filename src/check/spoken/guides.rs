//! Names that pages without an endpoint document: "Every list takes `limit`", a page about an object, one that a text links to.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use crate::check::linked::{links, resolved};
use crate::check::site::page_name;
use crate::model::build::{GuideNames, guides, names_of_guide, says_null_of_all};
use crate::model::{Documentation, Written};

use super::Member;
use super::short::shortens_examples;

/// So many members that one page documents are those that another one leaves out; of a page with a title about the same thing,
/// fewer are.
const FEWEST: usize = 4;
const FEWEST_OF_THING: usize = 2;

/// The pages without an endpoint; they are only read where it matters.
pub(super) struct Guides<'d> {
    documentation: &'d Documentation,
    read: OnceCell<Vec<Guide>>,
    of_all: OnceCell<(BTreeSet<String>, BTreeSet<String>)>,
    is_nullable: OnceCell<bool>,
    is_short: OnceCell<bool>,
}

/// A page without an endpoint.
struct Guide {
    path: String,
    /// The title in lower case, without its article.
    title: String,
    names: GuideNames,
}

impl<'d> Guides<'d> {
    pub(super) fn new(documentation: &'d Documentation) -> Self {
        Self {
            documentation,
            read: OnceCell::new(),
            of_all: OnceCell::new(),
            is_nullable: OnceCell::new(),
            is_short: OnceCell::new(),
        }
    }

    /// True if a page says of all objects, or of all lists and the like, that they have the member.
    pub(super) fn is_of_all(&self, member: &Member<'_>) -> bool {
        let (of_all, of_answers) = self.of_all.get_or_init(|| {
            let names = || self.read().iter().map(|it| &it.names);
            (
                names().flat_map(|it| it.of_all.clone()).collect(),
                names().flat_map(|it| it.of_answers.clone()).collect(),
            )
        });
        let is_known =
            |name: &str| of_all.contains(name) || member.is_at_root() && of_answers.contains(name);
        member.names().any(is_known)
    }

    /// True if a page names the parameter where it speaks of lists, or of parameters.
    pub(super) fn is_of_lists(&self, member: &Member<'_>) -> bool {
        let mut guides = self.read().iter();
        member.is_query && guides.any(|it| it.names.of_lists.contains(member.name))
    }

    /// True if a page says of members in general that they may be `null`.
    pub(super) fn are_nullable(&self) -> bool {
        *self
            .is_nullable
            .get_or_init(|| guides(self.documentation).any(says_null_of_all))
    }

    /// True if a page says that examples are not shown in full.
    pub(super) fn shorten_examples(&self) -> bool {
        *self.is_short.get_or_init(|| {
            let own = guides(self.documentation).map(crate::model::build::written::written);
            own.into_iter().any(|page| {
                let texts = page.texts_outside();
                texts.iter().any(|text| shortens_examples(text.text()))
            })
        })
    }

    /// The pages that these link to, or name by their titles, or that document all of several members: what they document is
    /// known to readers.
    pub(super) fn told(&self, pages: &[&Written<'_>], missing: &HashSet<&str>) -> Told<'_> {
        let mut linked = HashSet::new();
        let mut texts = String::new();
        for page in pages {
            let own = self.documentation.path(page.file);
            for text in page.texts() {
                linked.extend(links(text.text()).filter_map(|target| resolved(own, target)));
                texts.push_str(&text.text().to_lowercase());
                texts.push('\n');
            }
        }
        let titles = pages.iter().filter_map(|page| page.entry("title"));
        let titles = titles.filter_map(|it| it.value.as_str());
        let titles: Vec<String> = titles.map(str::to_lowercase).collect();
        let is_all = |guide: &&Guide| {
            let is_of_thing = titles.iter().any(|title| share_thing(title, &guide.title));
            let fewest = if is_of_thing { FEWEST_OF_THING } else { FEWEST };
            missing.len() >= fewest
                && missing
                    .iter()
                    .all(|name| guide.names.documented.contains(*name))
        };
        let guides = self.read().iter();
        let is_named = |guide: &&Guide| guide.title.contains(' ') && texts.contains(&guide.title);
        let documenting = guides.clone().filter(|it| is_all(it) || is_named(it));
        Told {
            linked: guides.filter(|it| linked.contains(&it.path)).collect(),
            documenting: documenting.collect(),
        }
    }

    fn read(&self) -> &[Guide] {
        self.read.get_or_init(|| {
            let pages = guides(self.documentation);
            let read = pages.map(|page| Guide {
                path: page_name(self.documentation.path(page.file)).to_owned(),
                title: without_article(page.frontmatter.text("title").unwrap_or_default()),
                names: names_of_guide(page),
            });
            read.collect()
        })
    }
}

fn without_article(title: &str) -> String {
    let lower = title.trim().to_lowercase();
    let short = ["the ", "an ", "a "]
        .iter()
        .find_map(|it| lower.strip_prefix(it));
    short.map_or_else(|| lower.clone(), str::to_owned)
}

/// True for titles about one thing: "create an order" and "order object".
fn share_thing(one: &str, other: &str) -> bool {
    const LENGTH: usize = 4;
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let long = words.filter(|it| it.len() >= LENGTH);
        long.map(|it| it.trim_end_matches('s').to_owned()).collect()
    };
    let own = words(one);
    words(other).iter().any(|word| own.contains(word))
}

/// The pages without an endpoint that matter to others.
pub(super) struct Told<'g> {
    linked: Vec<&'g Guide>,
    documenting: Vec<&'g Guide>,
}

impl Told<'_> {
    /// True if one of them documents the member, or has it in code if a link leads there.
    pub(super) fn has(&self, member: &Member<'_>) -> bool {
        let name = member.name;
        let documents = |guide: &&&Guide| guide.names.documented.contains(name);
        self.documenting.iter().any(|it| documents(&it))
            || self
                .linked
                .iter()
                .any(|it| documents(&it) || it.names.named.contains(name))
    }
}

/// The pages of a site by their files.
pub(super) type Pages<'d> = HashMap<crate::source::FileId, &'d Written<'d>>;
