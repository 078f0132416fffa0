//! What holds for any text: reading ends, and all places lie in the text and inside each other.

use fieldproof::mdx::{AttributeValue, Element, Node};
use fieldproof::source::{Excerpt, Span};
use proptest::prelude::*;

use super::adversarial::INPUTS;
use super::parse;

/// What pages are made of, whole and broken.
pub(super) const FRAGMENTS: &[&str] = &[
    "\n",
    "\n\n",
    "  ",
    "    ",
    "\t",
    "\r\n",
    "\r",
    "> ",
    "- ",
    "1. ",
    "* ",
    "+ ",
    "[^a]: ",
    "# ",
    "---\n",
    "===\n",
    "text ",
    "é",
    "🙂",
    "\u{a0}",
    "\u{feff}",
    "*a* ",
    "**",
    "_",
    "`",
    "``",
    "```\n",
    "```json 200\n",
    "~~~\n",
    "````\n",
    "<",
    "< ",
    ">",
    "/>",
    "</",
    "<>",
    "</>",
    "<A>",
    "</A>",
    "<A/>",
    "<A.B>",
    "</A.B>",
    "<a:b/>",
    "<br/>",
    "<b>",
    "</b>",
    "<ParamField body=\"a\" type=\"string\">",
    "<ParamField query='b'\n  type=\"int\" required>",
    "</ParamField>",
    "<ResponseField name=\"c\">",
    "</ResponseField>",
    "<RequestExample>",
    "</RequestExample>",
    "<ResponseExample>",
    "</ResponseExample>",
    "</paramfield>",
    "<ParamField body=\"a type=\"b\">",
    "<ParamField body=a>",
    "<ParamField ",
    "=\"",
    "\"",
    "'",
    "={",
    "{",
    "}",
    "{x}",
    "{/* c */}",
    "{`${a}`}",
    "{...x}",
    "{\"a\": 1}",
    "<!--",
    "-->",
    "<100",
    "<https://example.com>",
    "[a](<b>)",
    "[a]: <b>\n",
    "|a|b|\n",
    "|-|-|\n",
    "| <A> | {x} |\n",
    "\\",
    "\\<",
    "&lt;",
    "&amp",
    "import A from \"/a.mdx\"\n",
    "export const a = 1\n",
    "export const B = ({ c }) => <A>{c}</A>\n",
    "import the\n",
    "api: GET /a\n",
    "title: \"x\n",
    "{{x}}",
    "//",
    "/*",
    "*/",
    "$",
    "import {\n",
    "export default (\n",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_text_can_be_read(text in "\\PC*") {
        check(&text);
    }

    #[test]
    fn any_mixture_of_fragments_can_be_read(text in mixture(FRAGMENTS, 40)) {
        check(&text);
    }

    #[test]
    fn any_mixture_behind_frontmatter_can_be_read(text in mixture(FRAGMENTS, 20)) {
        check(&format!("---\napi: POST /a\n---\n\n{text}"));
    }

    #[test]
    fn a_page_cut_off_anywhere_can_be_read(text in mixture(FRAGMENTS, 30), share in 0_usize..100) {
        let end = text.len() * share / 100;
        let end = (end..).find_map(|end| text.get(..end)).unwrap_or_default();
        check(end);
    }
}

/// Some of the fragments, one behind the other.
pub(super) fn mixture(
    fragments: &'static [&'static str],
    most: usize,
) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(fragments), 0..most).prop_map(|parts| parts.concat())
}

#[test]
fn what_is_made_to_be_slow_or_deep_can_be_read_with_a_small_stack() {
    let read = || {
        for (_, make) in INPUTS {
            check(&make(30_000));
        }
    };
    let thread = std::thread::Builder::new().stack_size(512 * 1024);
    thread.spawn(read).unwrap().join().unwrap();
}

/// Reads a text, and looks at all places of the page and of the findings.
fn check(text: &str) {
    let (page, findings) = parse(text);
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
