//! What holds for any text: reading ends, and all places lie in the text and inside each other.

use proptest::prelude::*;

use super::adversarial::INPUTS;
use crate::fuzz::targets::page::hold as check;

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
