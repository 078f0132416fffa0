//! Puts tags, fences, and Markdown together to a tree, and recovers where tags do not match.
//!
//! The strict parser gives up at the first tag that does not match; here each mismatch becomes a diagnostic and
//! reading goes on. Which tags belong together is decided by name, by the *scope* they stand in (the root, a list item,
//! a block quote, or one paragraph), and by whether a closing tag of that name comes later at all.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use crate::diagnostic::{Diagnostic, Rule};
use crate::source::{Excerpt, Span};

use super::node::{Element, Node, Prose, Rejection};
use super::rules;

/// Deeper elements are read as empty siblings, so that nothing that walks a page can run out of stack.
const MAX_DEPTH: usize = 100;
/// More faults than this on one page are counted, not listed.
const MAX_FAULTS: usize = 100;
/// How far below the top of the stack the end of a scope looks for tags of that scope.
const MAX_LOOK_BACK: usize = 64;

/// The block that a tag stands in.
pub(super) type Scope = u32;

/// What decides where tags do not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Names alone, as for the strict parser.
    Names,
    /// How far closing tags are indented, and tags that end a fence: right only on a page that is broken anyway.
    Layout,
}

/// Which element a closing tag closes.
enum Matching {
    /// The open one at that place of the stack.
    Open(usize),
    /// The innermost one, though its name is another.
    Mistaken,
    Nothing,
}

/// A tree under construction.
pub(super) struct Tree<'s> {
    source: &'s Excerpt,
    trust: Trust,
    roots: Vec<Node>,
    stack: Vec<Open>,
    open_names: HashMap<String, Vec<usize>, RandomState>,
    last_closing: Option<HashMap<String, usize>>,
    run: Vec<Run>,
    diagnostics: Vec<Diagnostic>,
    more_faults: usize,
    rejected: Option<Rejection>,
    too_deep: bool,
}

/// An element whose closing tag has not come yet.
struct Open {
    element: Element,
    scope: Scope,
    containers: usize,
    indentation: Option<usize>,
    faulted: bool,
}

/// A piece of Markdown: bytes of the text that is read.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
    line_start: bool,
}

/// What became of a page.
pub(super) struct Grown {
    pub(super) nodes: Vec<Node>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) rejected: Option<Rejection>,
    /// The number of faults, those that are not listed included.
    pub(super) faults: usize,
}

impl Grown {
    /// True if tags or fences do not match.
    pub(super) fn is_mismatched(&self) -> bool {
        let rules = [
            &rules::UNCLOSED_TAG,
            &rules::MISMATCHED_TAG,
            &rules::STRAY_CLOSING_TAG,
        ];
        let is_one = |diagnostic: &Diagnostic| rules.contains(&diagnostic.rule);
        self.diagnostics.iter().any(is_one)
    }
}

impl<'s> Tree<'s> {
    pub(super) fn new(source: &'s Excerpt, trust: Trust) -> Self {
        Self {
            source,
            trust,
            roots: Vec::new(),
            stack: Vec::new(),
            open_names: HashMap::default(),
            last_closing: None,
            run: Vec::new(),
            diagnostics: Vec::new(),
            more_faults: 0,
            rejected: None,
            too_deep: false,
        }
    }

    /// The number of containers around the innermost open element: their markers are no part of its Markdown.
    pub(super) fn containers(&self) -> usize {
        self.stack.last().map_or(0, |open| open.containers)
    }

    /// Adds Markdown; `line_start` says that it begins a line.
    pub(super) fn prose(&mut self, start: usize, end: usize, line_start: bool) {
        if start < end {
            self.run.push(Run {
                start,
                end,
                line_start,
            });
        }
    }

    /// Adds a node.
    pub(super) fn node(&mut self, node: Node) {
        self.finish_run(matches!(&node, Node::Element(element) if element.inline));
        self.push(node);
    }

    /// Opens an element whose tag stands at the offset `at`.
    pub(super) fn open(&mut self, element: Element, at: usize, scope: Scope, containers: usize) {
        self.finish_run(element.inline);
        let depth = self.stack.len();
        if let Some(open) = self.open_names.get_mut(&element.name) {
            open.push(depth);
        } else {
            self.open_names.insert(element.name.clone(), vec![depth]);
        }
        if self.stack.len() >= MAX_DEPTH {
            if !self.too_deep {
                self.too_deep = true;
                self.note(too_deep(element.open));
            }
            self.push(Node::Element(element.clone()));
        }
        self.stack.push(Open {
            element,
            scope,
            containers,
            indentation: self.indentation(at),
            faulted: false,
        });
    }

    /// Closes the open element that a closing tag belongs to; `tag` is the closing tag, `at` its offset.
    pub(super) fn close(&mut self, name: &str, tag: Span, at: usize, scope: Scope, inline: bool) {
        self.finish_run(inline);
        match self.matching(name, at) {
            Matching::Open(index) => {
                while self.stack.len() > index + 1 {
                    self.close_unclosed(Some(tag));
                }
                self.close_top(tag, scope);
            }
            Matching::Mistaken => self.close_mistaken(name, tag, scope),
            Matching::Nothing => self.closes_nothing(name, tag),
        }
    }

    /// Which open element a closing tag closes.
    fn matching(&mut self, name: &str, at: usize) -> Matching {
        let Some(top) = self.stack.last() else {
            return Matching::Nothing;
        };
        let (top, top_indentation) = (top.element.name.clone(), top.indentation);
        let alike = top != name && are_alike(&top, name);
        let open = self.open_names.get(name).and_then(|open| open.last());
        match (open.copied(), self.indentation(at)) {
            (Some(nearest), None) => Matching::Open(nearest),
            (Some(_), Some(indentation)) if alike && top_indentation == Some(indentation) => {
                Matching::Mistaken
            }
            (Some(nearest), Some(indentation)) => self.fitting(name, nearest, at, indentation),
            (None, _) if alike || self.last_closing_of(&top) <= Some(at) => Matching::Mistaken,
            (None, _) => Matching::Nothing,
        }
    }

    /// The open element of that name whose tag is indented as far as its closing tag.
    fn fitting(&mut self, name: &str, nearest: usize, at: usize, indentation: usize) -> Matching {
        let of = |index: usize| self.stack.get(index).and_then(|open| open.indentation);
        let open = self.open_names.get(name).into_iter().flatten().rev();
        let fitting = open
            .take(MAX_LOOK_BACK)
            .find(|index| of(**index) == Some(indentation));
        if let Some(&fitting) = fitting {
            return Matching::Open(fitting);
        }
        let outer = of(nearest).is_some_and(|outer| outer < indentation);
        if outer && self.last_closing_of(name) > Some(at) {
            return Matching::Nothing;
        }
        Matching::Open(nearest)
    }

    /// Closes the innermost element by a closing tag that has another name.
    fn close_mistaken(&mut self, name: &str, tag: Span, scope: Scope) {
        let Some(top) = self.stack.last_mut() else {
            return;
        };
        top.faulted = true;
        let (opened, open) = (top.element.name.clone(), top.element.open);
        self.fault(
            Diagnostic::new(
                &rules::MISMATCHED_TAG,
                tag,
                format!("`</{name}>` closes `<{opened}>`"),
            )
            .label(format!("expected `</{opened}>`"))
            .related(open, format!("`<{opened}>` is opened here"))
            .help(format!("write `</{opened}>`")),
        );
        self.close_top(tag, scope);
    }

    fn closes_nothing(&mut self, name: &str, tag: Span) {
        let mut diagnostic = Diagnostic::new(
            &rules::STRAY_CLOSING_TAG,
            tag,
            format!("`</{name}>` closes nothing"),
        )
        .label(format!("no `<{name}>` is open here"))
        .help("remove it, or add the opening tag before it");
        if let Some(top) = self.stack.last() {
            let label = format!("the innermost open tag is `<{}>`", top.element.name);
            diagnostic = diagnostic.related(top.element.open, label);
        }
        self.fault(diagnostic);
    }

    /// True if an element of that name is open.
    pub(super) fn is_open(&self, name: &str) -> bool {
        self.open_names
            .get(name)
            .is_some_and(|open| !open.is_empty())
    }

    /// The white space before a tag that starts its line; it counts only where tags do not match.
    fn indentation(&self, at: usize) -> Option<usize> {
        if self.trust == Trust::Names {
            return None;
        }
        let before = self.source.text().get(..at)?;
        let indentation = before.len() - before.trim_end_matches([' ', '\t']).len();
        let starts_line =
            before.len() == indentation || before.trim_end_matches([' ', '\t']).ends_with('\n');
        starts_line.then_some(indentation)
    }

    /// Reports the tags that were opened in `scope` and are still open when it ends.
    pub(super) fn end_scope(&mut self, scope: Scope, what: &str) {
        let mut open = Vec::new();
        for entry in self.stack.iter_mut().rev().take(MAX_LOOK_BACK) {
            if entry.scope == scope && !entry.faulted {
                entry.faulted = true;
                open.push((entry.element.name.clone(), entry.element.open));
            } else if !entry.faulted {
                break;
            }
        }
        for (name, span) in open {
            self.fault(
                Diagnostic::new(
                    &rules::UNCLOSED_TAG,
                    span,
                    format!("`<{name}>` is not closed in the {what} that it is opened in"),
                )
                .label("opened here")
                .help(format!(
                    "put `<{name} …>` and `</{name}>` on lines of their own, or close the tag in the same {what}"
                )),
            );
        }
    }

    /// Keeps a fault that the strict parser would stop at.
    pub(super) fn fault(&mut self, diagnostic: Diagnostic) {
        if self.rejected.is_none() {
            self.rejected = Some(Rejection {
                span: diagnostic.span,
                message: diagnostic.message.clone(),
            });
        }
        self.note(diagnostic);
    }

    /// Keeps a diagnostic that does not stop the strict parser.
    pub(super) fn note(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_FAULTS {
            self.diagnostics.push(diagnostic);
        } else {
            self.more_faults += 1;
        }
    }

    /// A fault at bytes of the text that is read.
    pub(super) fn fault_at(
        &mut self,
        rule: &'static Rule,
        range: Range<usize>,
        message: &str,
        help: &str,
    ) {
        let span = self.source.span(range);
        self.fault(Diagnostic::new(rule, span, message).help(help));
    }

    /// Closes what is still open and hands out the tree.
    pub(super) fn finish(mut self) -> Grown {
        self.finish_run(false);
        while !self.stack.is_empty() {
            self.close_unclosed(None);
        }
        if let (Some(last), 1..) = (self.diagnostics.last_mut(), self.more_faults) {
            last.help = Some(format!(
                "{} more faults on this page are not listed",
                self.more_faults
            ));
        }
        Grown {
            faults: self.diagnostics.len() + self.more_faults,
            nodes: self.roots,
            diagnostics: self.diagnostics,
            rejected: self.rejected,
        }
    }

    fn push(&mut self, node: Node) {
        let index = self.stack.len().min(MAX_DEPTH);
        match index
            .checked_sub(1)
            .and_then(|index| self.stack.get_mut(index))
        {
            Some(open) => {
                let children = &mut open.element.children;
                if children.is_empty() {
                    // Most elements hold one piece of prose; a vector would make room for four.
                    children.reserve_exact(1);
                }
                children.push(node);
            }
            None => self.roots.push(node),
        }
    }

    /// An element that is nested too deep was added when it was opened.
    fn push_closed(&mut self, element: Element) {
        if self.stack.len() < MAX_DEPTH {
            self.push(Node::Element(element));
        }
    }

    fn close_top(&mut self, tag: Span, scope: Scope) {
        let Some(mut open) = self.pop() else { return };
        if open.scope != scope && !open.faulted {
            let name = &open.element.name;
            self.fault(
                Diagnostic::new(
                    &rules::UNCLOSED_TAG,
                    tag,
                    format!("`</{name}>` stands in another block than its opening tag"),
                )
                .label("closed here")
                .related(open.element.open, format!("`<{name}>` is opened here"))
                .help("put both tags on lines of their own, or both in the same paragraph or list item"),
            );
        }
        open.element.span = open.element.span.to(tag);
        self.push_closed(open.element);
    }

    /// Closes the innermost element without its closing tag: it ends before the first thing that cannot be inside.
    fn close_unclosed(&mut self, before: Option<Span>) {
        let Some(mut open) = self.pop() else { return };
        let name = open.element.name.clone();
        let outside = |child: &Node| cannot_contain(&name, child);
        let keep = open.element.children.iter().position(outside);
        let first_outside = keep
            .and_then(|keep| open.element.children.get(keep)?.as_element())
            .map(|element| element.open);
        if !open.faulted {
            let mut diagnostic = Diagnostic::new(
                &rules::UNCLOSED_TAG,
                open.element.open,
                format!("`<{name}>` is never closed"),
            )
            .label("opened here")
            .help(format!(
                "add `</{name}>`, or close the tag itself with `/>`"
            ));
            if let Some(place) = first_outside.or(before) {
                diagnostic = diagnostic.related(place, format!("expected `</{name}>` before this"));
            }
            self.fault(diagnostic);
        }
        let keep = keep.unwrap_or(open.element.children.len());
        let rest = open.element.children.split_off(keep);
        if let Some(last) = open.element.children.last() {
            open.element.span = open.element.span.to(last.span());
        }
        self.push_closed(open.element);
        for node in rest {
            self.push(node);
        }
    }

    fn pop(&mut self) -> Option<Open> {
        let open = self.stack.pop()?;
        if let Some(positions) = self.open_names.get_mut(&open.element.name) {
            positions.pop();
        }
        Some(open)
    }

    fn last_closing_of(&mut self, name: &str) -> Option<usize> {
        let source = self.source;
        let last = self
            .last_closing
            .get_or_insert_with(|| last_closing(source.text()));
        last.get(name).copied()
    }

    fn finish_run(&mut self, before_inline: bool) {
        let mut run = std::mem::take(&mut self.run);
        if let Some(text) = unindented(self.source, &run) {
            let starts_in_line = run.first().is_some_and(|first| !first.line_start);
            self.push(Node::Prose(Prose {
                text,
                inline: starts_in_line || before_inline,
            }));
        }
        // Kept for the room that it has.
        run.clear();
        self.run = run;
    }
}

/// The text of some runs without their common indentation, unless it is blank.
fn unindented(source: &Excerpt, runs: &[Run]) -> Option<Excerpt> {
    let text = source.text();
    let line = |run: &Run| text.get(run.start..run.end).unwrap_or_default();
    let is_blank = |run: &Run| line(run).trim_ascii().trim().is_empty();
    let indentation = |run: &Run| {
        let line = line(run);
        line.len() - line.trim_start_matches([' ', '\t']).len()
    };
    let first = runs.iter().position(|run| !is_blank(run))?;
    let common = runs
        .iter()
        .skip(first)
        .filter(|run| run.line_start && !is_blank(run))
        .map(indentation)
        .min()
        .unwrap_or(0);
    let bytes = runs.iter().map(|run| run.end - run.start).sum();
    let mut excerpt = Excerpt::with_capacity(source.file(), bytes);
    let mut pending = 0..0;
    for run in runs {
        let cut = if run.line_start {
            common.min(indentation(run))
        } else {
            0
        };
        let start = run.start + cut;
        if pending.end != start {
            excerpt.push_excerpt(source, pending.clone());
            pending.start = start;
        }
        pending.end = run.end;
    }
    excerpt.push_excerpt(source, pending);
    Some(excerpt)
}

fn too_deep(open: Span) -> Diagnostic {
    let message = format!("tags are nested deeper than {MAX_DEPTH} here");
    Diagnostic::new(&rules::NESTED_TOO_DEEP, open, message)
        .help("deeper tags are read as if they stood side by side")
}

/// For each name, where its last closing tag stands.
fn last_closing(text: &str) -> HashMap<String, usize> {
    let mut last = HashMap::new();
    for (at, _) in text.match_indices("</") {
        let rest = text.get(at + 2..).unwrap_or_default();
        let length = rest
            .find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$' | '-' | '.'))
            .unwrap_or(rest.len());
        if let Some(name) = rest.get(..length) {
            last.insert(name.to_owned(), at);
        }
    }
    last
}

/// True if one name was probably written for the other.
fn are_alike(one: &str, other: &str) -> bool {
    let both = |group: &[&str]| group.contains(&one) && group.contains(&other);
    both(&["ParamField", "ResponseField", "Param"])
        || both(&["RequestExample", "ResponseExample"])
        || is_misspelt(one, other)
}

/// True if the names differ in the case of letters, or in the few letters between a common start and a common end.
fn is_misspelt(one: &str, other: &str) -> bool {
    if one.eq_ignore_ascii_case(other) {
        return true;
    }
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let start = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let shorter = one.len().min(other.len()) - start;
    let end = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take(shorter)
        .take_while(|(a, b)| a == b)
        .count();
    one.len().max(other.len()) - start - end <= 2 && start + end >= 3
}

/// True if `child` shows that an element of that name, whose closing tag is missing, has ended before it.
fn cannot_contain(name: &str, child: &Node) -> bool {
    let Node::Element(child) = child else {
        return false;
    };
    let is_field = |name: &str| matches!(name, "ParamField" | "ResponseField" | "Param");
    let is_example = |name: &str| matches!(name, "RequestExample" | "ResponseExample");
    if is_field(name) {
        is_field(&child.name) || is_example(&child.name)
    } else {
        is_example(name) && (is_example(&child.name) || is_field(&child.name))
    }
}
