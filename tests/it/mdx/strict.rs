//! A second opinion on what the platform rejects: `markdown-rs`, a strict MDX parser by the authors of micromark.
//!
//! Left out, because `markdown-rs` itself does not judge it or differs from micromark there:
//!
//! - JavaScript: it is handed no JavaScript parser, so it takes any braces that balance, and does not know `import`.
//! - a tag that its paragraph or the page breaks off: `markdown-rs` takes it for text, micromark rejects it.
//! - code spans over several lines, and white space in a closing tag: it rejects what micromark accepts.
//! - white space around `=` in a flow tag: it then takes the line for a paragraph.
//! - footnotes, and tags over several lines in lists and quotes: it has its own view of lazy lines.

use markdown::{Constructs, ParseOptions, to_mdast};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::parse;

/// Lines and pieces of lines of which both parsers say the same.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "\n\n",
    "  ",
    "- ",
    "> ",
    "1. ",
    "# ",
    "text",
    " ",
    "é",
    "*a*",
    "`<A`",
    "`b`",
    "<A>",
    "</A>",
    "<A/>",
    "<B b=\"c\">",
    "</B>",
    "<A.B/>",
    "<>",
    "</>",
    "<A b>",
    "a < b",
    " > ",
    "<100",
    "<!-- a -->",
    "<br/>",
    "<br>",
    "<https://example.com>",
    "\\<",
    "&lt;",
    "{a}",
    "{/* b */}",
    "\\{",
    "<A b=c>",
    "<A {...b}>",
    "</A b>",
    "<A/ >",
    "<a:b/>",
    "<A b='c'/>",
    "[a](<b>)",
    "| a | b |\n|---|---|\n",
    "\n\n```\n<A {\n```\n",
    "\n\n~~~ x\n</A>\n~~~\n",
    "```\n",
    "`",
    "``",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn a_page_is_rejected_where_the_strict_parser_rejects_it(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 1..12)
    ) {
        let text = pieces.concat() + "\n\nend\n";
        let strict = strict(&text);
        let (page, _) = parse(&text);
        prop_assert_eq!(
            page.rejected.is_some(),
            strict.is_err(),
            "{:?}: we say {:?}, the strict parser says {:?}",
            text, page.rejected, strict
        );
    }
}

/// Pages that were read differently once, with what micromark says of them.
#[test]
fn verdicts_are_those_of_micromark() {
    let accepted = [
        "a < b\n",
        "a <\t",
        "<A>\r```\r</A>\r```\r</A>\r",
        "import A from 'a'\n  import 'b'\n",
        "<A>\n</ A>\n",
        "`a\n</A b>`\n",
        "see https://example.com/books/{book id} or www.example.com/{a\n",
        "[a](b{c)\n",
        "[]({)\n",
        "[a]: b{c \"d{e\"\n",
        "<a b\n:c=\"\"/>\n",
        "export const a = ``\n``\n",
        "> <A b=\"c\" />\n",
        "- a\n\n  <A\n    b=\"c\"\n  />\n",
    ];
    let rejected = [
        "# a <\n",
        "| < |\n| - |\n",
        "a <\n\nb",
        "<A\n{...b}>c</A>\n",
        "* <A b=\"\"\n></A>\n",
        "- a\n<A\n  b=\"c\">\n</A>\n",
        "* a\n<A\nb=\"c\"></A>\n",
        "import Afrom\"a\"\n",
        "export const a = )\n",
        "export const a = `\n",
        "{a=>}\n",
        "{a&<}\n",
        "`a\n<1`\n",
        "`a\n<!-- b -->`\n",
        "`a\n<A b=c>`\n",
        "`a\n{a b}`\n",
        "`a\n{a`\n",
        "](b{c)\n",
        "[https://example.com/{a b}](c)\n",
    ];
    for text in accepted {
        assert_eq!(parse(text).0.rejected, None, "{text:?}");
    }
    for text in rejected {
        assert!(parse(text).0.rejected.is_some(), "{text:?}");
    }
}

fn strict(text: &str) -> Result<(), String> {
    let options = ParseOptions {
        constructs: Constructs {
            gfm_strikethrough: true,
            gfm_table: true,
            ..Constructs::mdx()
        },
        ..ParseOptions::mdx()
    };
    to_mdast(text, &options)
        .map(|_| ())
        .map_err(|message| message.to_string())
}
