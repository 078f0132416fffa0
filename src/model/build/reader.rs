//! A site that is read again whenever its files are saved: only the pages that a saved file is a part of, and those that
//! document the same operations.
//!
//! A site is read in portions: the MDX of a page is dropped as soon as its operations are known. What stays of a page is
//! what it is made of and which operations it states; what stays of an operation is which pages it comes from. This is
//! enough to tell which operations are the same after a file was saved, and to make the others.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Rule};
use crate::mdx::portion::{Piece, Portions};
use crate::mdx::rules::INVALID_FRONTMATTER;
use crate::model::openapi::{self, Specifications};
use crate::model::operation::Operation;
use crate::model::shared::Errors;
use crate::model::site::SiteConfig;
use crate::source::{FileId, load};

use super::specified::{self, Specified};
use super::{Built, identity, join, operations, paths, shared};

/// At least so many pages are read at once.
const PORTION: usize = 64;

/// In no more than so many portions, as each looks at all files.
const PORTIONS: usize = 8;

/// What is remembered of a site between one reading and the next.
#[derive(Clone, Debug)]
pub struct Reader {
    config: Arc<SiteConfig>,
    specifications: Arc<Specifications>,
    leaves: Vec<Leaf>,
    groups: Vec<Group>,
}

/// What was read.
#[derive(Debug)]
pub struct Reread {
    /// All operations of the site, in the order of their pages.
    pub operations: Vec<Slot>,
    /// The pages that document no operation, and why.
    pub others: Vec<(FileId, Other)>,
    /// What is wrong with the files that were read.
    pub diagnostics: Vec<Diagnostic>,
    /// The pages that were read.
    pub read: BTreeSet<FileId>,
    /// The errors of all operations, if a page describes them.
    pub errors: Option<Errors>,
}

/// An operation after a site was read again.
#[derive(Debug)]
pub enum Slot {
    /// It is what it was, under this number.
    Kept(usize),
    /// It was made, or made again.
    Made(Box<Operation>),
}

/// Why a page documents no operation.
#[derive(Clone, Debug)]
pub enum Other {
    /// Its `api:` line states none.
    Malformed(Box<Diagnostic>),
    /// Its `openapi:` line names one that no file of the site states.
    Unspecified,
    /// It says nothing of one.
    Silent,
    /// It is an OpenAPI file that the site uses, and cannot be read.
    Unread(Box<Diagnostic>),
}

/// True for the rule about a frontmatter that cannot be read.
pub fn is_of_frontmatter(rule: &'static Rule) -> bool {
    std::ptr::eq(rule, &raw const INVALID_FRONTMATTER)
}

/// A page.
#[derive(Clone, Debug)]
struct Leaf {
    file: FileId,
    uses: BTreeSet<FileId>,
    imports: BTreeSet<FileId>,
    /// What it states, by identity.
    states: Vec<Identity>,
    other: Option<Other>,
    /// The errors that it describes for all operations.
    errors: Option<Arc<Errors>>,
}

type Identity = (String, String);

/// An operation, by what it comes from.
#[derive(Clone, Debug)]
struct Group {
    identity: Identity,
    members: Vec<Member>,
    /// See [`paths`].
    paths: [Identity; 2],
}

/// A part of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    /// An operation that a page states: the number of the page, and its number on the page.
    Page(usize, usize),
    /// An operation of an OpenAPI file that is shown without a page.
    Shown(usize),
}

/// The operations of the pages that were read this time, by the numbers of the pages.
type Fresh = BTreeMap<usize, Vec<Option<Operation>>>;

/// One reading of a site.
struct Pass<'s> {
    config: &'s SiteConfig,
    specified: Specified<'s>,
    portions: Portions<'s>,
    diagnostics: Vec<Diagnostic>,
    fresh: Fresh,
}

impl Reader {
    /// Reads a site for the first time.
    pub fn open(site: &load::Site) -> (Self, Reread) {
        let (config, mut diagnostics) = SiteConfig::read(&site.sources, site.config);
        let specifications = openapi::read(&site.sources, &site.specifications);
        diagnostics.extend(specifications.unread.iter().map(specified::unread));
        let leaf = |file: &FileId| Leaf {
            file: *file,
            uses: BTreeSet::new(),
            imports: BTreeSet::new(),
            states: Vec::new(),
            other: None,
            errors: None,
        };
        let mut reader = Self {
            config: Arc::new(config),
            specifications: Arc::new(specifications),
            leaves: site.pages.iter().map(leaf).collect(),
            groups: Vec::new(),
        };
        let all = (0..reader.leaves.len()).collect();
        let mut reread = reader.pass(site, &all);
        reread.diagnostics.append(&mut diagnostics);
        (reader, reread)
    }

    /// Reads a site again of which only these files have changed, none having come or gone; `None` if they may change
    /// what all pages mean.
    pub fn again(&self, site: &load::Site, changed: &[FileId]) -> Option<(Self, Reread)> {
        let is_common =
            |file: &FileId| site.config == Some(*file) || site.specifications.contains(file);
        if changed.iter().any(is_common) {
            return None;
        }
        let is_affected = |leaf: &Leaf| {
            let mut changed = changed.iter();
            changed.any(|file| leaf.file == *file || leaf.uses.contains(file))
        };
        let leaves = self.leaves.iter().enumerate();
        let affected = leaves.filter(|(_, leaf)| is_affected(leaf));
        let affected = affected.map(|(index, _)| index).collect();
        let mut reader = self.clone();
        let reread = reader.pass(site, &affected);
        Some((reader, reread))
    }

    /// Reads the affected pages, and all others whose operations they have a part in.
    fn pass(&mut self, site: &load::Site, affected: &BTreeSet<usize>) -> Reread {
        let (config, specifications) = (self.config.clone(), self.specifications.clone());
        let configured = &config.specifications;
        let specified = Specified::new(&site.sources, &specifications, &config);
        let shown = if site.subfolder.is_empty() {
            specified.shown(configured)
        } else {
            Vec::new()
        };
        let mut pass = Pass {
            config: &config,
            specified,
            portions: Portions::new(&site.sources, &config.variables),
            diagnostics: Vec::new(),
            fresh: Fresh::new(),
        };
        pass.read(&mut self.leaves, affected);
        let before = std::mem::take(&mut self.groups);
        let mut groups = self.groups();
        self.sort(&mut groups, site);
        let same = same(&groups, &before, affected);
        let missing = groups.iter().zip(&same).filter(|(_, same)| same.is_none());
        let missing = missing.flat_map(|(group, _)| group.pages());
        let missing = missing.filter(|page| !affected.contains(page)).collect();
        pass.read(&mut self.leaves, &missing);
        let mut slots = pass.slots(&mut groups, &before, same);
        show(&mut groups, &mut slots, &before, &shown);
        self.groups = groups;
        let read = affected.iter().chain(&missing);
        let read = read.filter_map(|index| Some(self.leaves.get(*index)?.file));
        let mut diagnostics = pass.diagnostics;
        diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        diagnostics.dedup();
        Reread {
            operations: slots,
            others: self.others(site),
            diagnostics,
            read: read.collect(),
            errors: self.errors(),
        }
    }

    /// What the pages describe of errors.
    fn errors(&self) -> Option<Errors> {
        let pages = self.pages().into_iter();
        let errors = pages.filter_map(|index| self.leaves.get(index)?.errors.as_deref());
        shared::agreed(errors.cloned().collect())
    }

    /// The numbers of the leaves that are pages: what other pages import is none.
    fn pages(&self) -> Vec<usize> {
        let mut imported: HashSet<FileId> = HashSet::new();
        if self.leaves.len() > 1 {
            imported.extend(self.leaves.iter().flat_map(|leaf| &leaf.imports));
        }
        let leaves = self.leaves.iter().enumerate();
        let pages = leaves.filter(|(_, leaf)| !imported.contains(&leaf.file));
        pages.map(|(index, _)| index).collect()
    }

    /// The operations of the pages, by what they come from.
    fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut places: HashMap<&Identity, usize> = HashMap::new();
        for page in self.pages() {
            let states = self.leaves.get(page).map_or(&[][..], |leaf| &leaf.states);
            for (number, identity) in states.iter().enumerate() {
                let member = Member::Page(page, number);
                let place = *places.entry(identity).or_insert(groups.len());
                match groups.get_mut(place) {
                    Some(group) => group.members.push(member),
                    None => groups.push(Group::new(identity.clone(), member)),
                }
            }
        }
        groups
    }

    /// Puts what pages of the version say that readers see first before what others say.
    fn sort(&self, groups: &mut [Group], site: &load::Site) {
        let is_other = |member: &Member| match member {
            Member::Page(page, _) => self.leaves.get(*page).is_some_and(|leaf| {
                let path = site.sources.file(leaf.file).path();
                self.config.versions.is_other(path)
            }),
            Member::Shown(_) => false,
        };
        for group in groups.iter_mut().filter(|it| it.members.len() > 1) {
            group.members.sort_by_key(is_other);
        }
    }

    fn others(&self, site: &load::Site) -> Vec<(FileId, Other)> {
        let pages = self.pages().into_iter();
        let leaves = pages.filter_map(|index| self.leaves.get(index));
        let others = leaves.filter_map(|leaf| Some((leaf.file, leaf.other.clone()?)));
        let mut others: Vec<_> = others.collect();
        let has_unknown = (others.iter()).any(|(_, it)| matches!(it, Other::Unspecified));
        let unread = self.specifications.unread.iter().filter(|unread| {
            let path = site.sources.file(unread.span.file).path();
            let mut configured = self.config.specifications.iter();
            has_unknown || configured.any(|it| specified::is_name_of(&it.file, path))
        });
        let unread = unread.map(|it| {
            let diagnostic = Box::new(specified::unread(it));
            (it.span.file, Other::Unread(diagnostic))
        });
        others.extend(unread);
        others
    }
}

/// For each group the number that it had, if nothing of it has changed.
fn same(groups: &[Group], before: &[Group], affected: &BTreeSet<usize>) -> Vec<Option<usize>> {
    let known = before.iter().enumerate();
    let known: HashMap<_, _> = known.map(|it| (&it.1.identity, it)).collect();
    let same = groups.iter().map(|group| {
        let (index, known) = known.get(&group.identity)?;
        let is_same = known.members == group.members;
        (is_same && !group.pages().any(|page| affected.contains(&page))).then_some(*index)
    });
    same.collect()
}

/// Adds the operations of OpenAPI files that are shown although no page documents their paths.
fn show(
    groups: &mut Vec<Group>,
    made: &mut Vec<Slot>,
    before: &[Group],
    shown: &[(FileId, &Operation)],
) {
    let known: HashSet<Identity> = groups.iter().flat_map(|it| it.paths.clone()).collect();
    let first = groups.len();
    for (number, (_, operation)) in shown.iter().enumerate() {
        let paths = paths(operation);
        if paths.iter().any(|path| known.contains(path)) {
            continue;
        }
        let identity = identity(operation);
        let member = Member::Shown(number);
        let mut own = groups.iter_mut().skip(first);
        match own.find(|group| group.identity == identity) {
            Some(group) => group.members.push(member),
            None => groups.push(Group {
                paths,
                ..Group::new(identity, member)
            }),
        }
    }
    let added = groups.get(first..).unwrap_or_default();
    let same = same(added, before, &BTreeSet::new());
    for (group, same) in added.iter().zip(same) {
        let parts = group.members.iter().filter_map(|member| match member {
            Member::Shown(number) => shown.get(*number),
            Member::Page(..) => None,
        });
        let parts = parts.map(|(file, operation)| Operation {
            pages: vec![*file],
            ..(*operation).clone()
        });
        match same {
            Some(index) => made.push(Slot::Kept(index)),
            None => made.extend(joined(parts).map(|it| Slot::Made(Box::new(it)))),
        }
    }
}

/// The parts of one operation, put together.
fn joined(mut parts: impl Iterator<Item = Operation>) -> Option<Operation> {
    let mut operation = parts.next()?;
    for part in parts {
        join::join(&mut operation, part);
    }
    Some(operation)
}

impl Group {
    fn new(identity: Identity, member: Member) -> Self {
        Self {
            identity,
            members: vec![member],
            paths: Default::default(),
        }
    }

    fn pages(&self) -> impl Iterator<Item = usize> {
        self.members.iter().filter_map(|member| match member {
            Member::Page(page, _) => Some(*page),
            Member::Shown(_) => None,
        })
    }
}

impl Pass<'_> {
    /// Reads some pages, and remembers what they state.
    fn read(&mut self, leaves: &mut [Leaf], pages: &BTreeSet<usize>) {
        let pages: Vec<_> = pages.iter().copied().collect();
        let portion = pages.len().div_ceil(PORTIONS).max(PORTION);
        for pages in pages.chunks(portion) {
            let files = pages.iter().filter_map(|page| leaves.get(*page));
            let files: Vec<_> = files.map(|leaf| leaf.file).collect();
            let (pieces, diagnostics) = self.portions.read(&files);
            self.diagnostics.extend(diagnostics);
            let read: Vec<_> = pieces
                .into_par_iter()
                .map(|piece| self.understand(piece))
                .collect();
            for (mut leaf, operations) in read {
                if let Some(Other::Malformed(diagnostic)) = &mut leaf.other {
                    self.diagnostics.push((**diagnostic).clone());
                    // What cannot be read states nothing, and that is what is to be told.
                    let mut unread = self.diagnostics.iter();
                    let unread =
                        unread.find(|it| it.span.file == leaf.file && is_of_frontmatter(it.rule));
                    if let Some(unread) = unread {
                        **diagnostic = unread.clone();
                    }
                }
                let mut places = pages.iter().copied();
                let place = places.find(|page| {
                    let known = leaves.get(*page);
                    known.is_some_and(|known| known.file == leaf.file)
                });
                let Some(place) = place else { continue };
                self.fresh.insert(place, operations);
                if let Some(known) = leaves.get_mut(place) {
                    *known = leaf;
                }
            }
        }
    }

    fn understand(&self, piece: Piece) -> (Leaf, Vec<Option<Operation>>) {
        let page = &piece.page;
        let mut other = None;
        let operations = match operations(page, self.config, &self.specified) {
            Built::Operations(operations) => operations,
            Built::Twice(twice) => vec![specified::on_top(&twice.specified, twice.written)],
            Built::Malformed(diagnostic) => {
                other = Some(Other::Malformed(diagnostic));
                Vec::new()
            }
            Built::Other => {
                let is_named = page.frontmatter.get("openapi").is_some();
                other = Some(if is_named {
                    Other::Unspecified
                } else {
                    Other::Silent
                });
                Vec::new()
            }
        };
        let errors = other.as_ref().and_then(|_| shared::errors_of_page(page));
        let leaf = Leaf {
            errors: errors.map(Arc::new),
            file: page.file,
            uses: piece.uses,
            imports: piece.imports,
            states: operations.iter().map(identity).collect(),
            other,
        };
        (leaf, operations.into_iter().map(Some).collect())
    }

    /// The operations of the groups: those that are the same are kept, and others are put together.
    fn slots(
        &mut self,
        groups: &mut [Group],
        before: &[Group],
        same: Vec<Option<usize>>,
    ) -> Vec<Slot> {
        let mut slots = Vec::with_capacity(groups.len());
        for (group, same) in groups.iter_mut().zip(same) {
            if let Some((index, known)) = same.and_then(|it| Some((it, before.get(it)?))) {
                group.paths.clone_from(&known.paths);
                slots.push(Slot::Kept(index));
            } else if let Some(operation) = self.make(group) {
                group.paths = paths(&operation);
                slots.push(Slot::Made(Box::new(operation)));
            }
        }
        slots
    }

    /// Puts the parts of an operation together.
    fn make(&mut self, group: &Group) -> Option<Operation> {
        let parts = group.members.iter().filter_map(|member| match member {
            Member::Page(page, number) => self.fresh.get_mut(page)?.get_mut(*number)?.take(),
            Member::Shown(_) => None,
        });
        let mut operation = joined(parts)?;
        operation.shrink();
        Some(operation)
    }
}
