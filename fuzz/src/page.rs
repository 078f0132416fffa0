//! One page as MDX: reading ends, and all places lie in the text and inside each other.

use fieldproof::mdx::{self, AttributeValue, Element, Node, Variables};
use fieldproof::source::{Excerpt, SourceFile, Sources, Span};

/// Reads a text, and looks at all places of the page and of the findings.
pub(crate) fn hold(text: &str) {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("page.mdx", text));
    let (page, findings) = mdx::parse(file, text, &Variables::new());
    let checked = Checked { text };
    let whole = Span::new(page.file, 0..text.len());
    checked.nodes(&page.nodes, whole);
    for export in &page.exports {
        checked.nodes(&export.nodes, whole);
        checked.span(export.span);
    }
    for import in &page.imports {
        checked.inside(import.path_span, import.span);
    }
    checked.span(page.frontmatter.span);
    for entry in &page.frontmatter.entries {
        checked.inside(entry.key_span, page.frontmatter.span);
        checked.inside(entry.value_span, page.frontmatter.span);
    }
    for finding in &findings {
        checked.span(finding.span);
        for related in &finding.related {
            checked.span(related.span);
        }
    }
    if let Some(rejection) = &page.rejected {
        checked.span(rejection.span);
        assert!(
            !findings.is_empty(),
            "{text:?} is rejected without a finding"
        );
    }
}

struct Checked<'t> {
    text: &'t str,
}

impl Checked<'_> {
    fn nodes(&self, nodes: &[Node], parent: Span) {
        let mut behind = parent.start;
        for node in nodes {
            let span = node.span();
            self.inside(span, parent);
            assert!(
                behind <= span.start,
                "{:?} overlaps what is before it in {:?}",
                self.at(span),
                self.text
            );
            behind = span.end;
            match node {
                Node::Element(element) => self.element(element),
                Node::Fence(fence) => {
                    self.inside(fence.info_span, fence.span);
                    self.excerpt(&fence.code, fence.span);
                }
                Node::Prose(prose) => {
                    self.excerpt(&prose.text, span);
                    let _ = prose.blocks();
                }
                Node::Expression(_) => {}
            }
        }
    }

    fn element(&self, element: &Element) {
        self.inside(element.open, element.span);
        self.inside(element.name_span, element.open);
        assert_eq!(self.at(element.name_span), element.name);
        let mut behind = element.name_span.end;
        for attribute in &element.attributes {
            self.inside(attribute.span, element.open);
            self.inside(attribute.value_span, attribute.span);
            assert!(
                behind <= attribute.span.start,
                "attributes overlap in {:?}",
                self.text
            );
            behind = attribute.span.end;
            if attribute.value == AttributeValue::Bare {
                assert_eq!(self.at(attribute.span), attribute.name);
            }
        }
        self.nodes(&element.children, element.span);
    }

    /// All characters lead back to the place of the node, in the order in which they stand.
    fn excerpt(&self, excerpt: &Excerpt, node: Span) {
        let mut behind = 0;
        for (at, c) in excerpt.text().char_indices() {
            let span = excerpt.span(at..at + c.len_utf8());
            self.inside(span, node);
            assert!(
                behind <= span.end,
                "an excerpt goes back in {:?}",
                self.text
            );
            behind = span.end;
        }
    }

    fn inside(&self, span: Span, parent: Span) {
        self.span(span);
        assert!(
            parent.contains(span),
            "{span:?} is not inside {parent:?} in {:?}",
            self.text
        );
    }

    fn span(&self, span: Span) {
        assert!(
            self.text.get(span.range()).is_some(),
            "{span:?} is no place in {:?}",
            self.text
        );
    }

    fn at(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }
}
