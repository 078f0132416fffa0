//! A page with one slip is read as if it had none, and the slip is reported once, at its place.

use super::{outline, parse};

const PAGE: &str = r#"---
api: POST /books
---

Adds a book.

<ParamField body="title" type="string" required>
  The title.
</ParamField>

<ParamField body="author" type="object">
  Who wrote it.

  <Expandable title="properties">
    <ParamField body="name" type="string">
      The name.
    </ParamField>

    <ParamField body="born" type="integer">
      The year.
    </ParamField>
  </Expandable>
</ParamField>

<ParamField query="dry" type="boolean" default={false}>
  Only checks.
</ParamField>

<ResponseField name="id" type="string">
  The new id.
</ResponseField>

<RequestExample>

```bash cURL
curl -X POST https://api.example.com/books
```

</RequestExample>

<ResponseExample>

```json 201
{"id": "b1"}
```

</ResponseExample>
"#;
const OUTLINE: &str = "title author(name born) dry id Request[bash] Response[json]";

/// What a slip looks like: text of the page, and what stands there instead.
struct Slip {
    name: &'static str,
    from: &'static str,
    to: &'static str,
    /// The rule, and the line and text that it marks.
    rule: &'static str,
    at: (u32, &'static str),
    /// The text of the related place, if there must be one.
    related: Option<&'static str>,
}

const SLIPS: &[Slip] = &[
    Slip {
        name: "the closing tag of a field is missing",
        from: "  The title.\n</ParamField>\n",
        to: "  The title.\n",
        rule: "unclosed-tag",
        at: (7, "<ParamField body=\"title\" type=\"string\" required>"),
        related: Some("<ParamField body=\"author\" type=\"object\">"),
    },
    Slip {
        name: "the closing tag of a nested field is missing",
        from: "      The name.\n    </ParamField>\n",
        to: "      The name.\n",
        rule: "unclosed-tag",
        at: (15, "<ParamField body=\"name\" type=\"string\">"),
        related: Some("<ParamField body=\"born\" type=\"integer\">"),
    },
    Slip {
        name: "the closing tag of the last nested field is missing",
        from: "      The year.\n    </ParamField>\n",
        to: "      The year.\n",
        rule: "unclosed-tag",
        at: (19, "<ParamField body=\"born\" type=\"integer\">"),
        related: Some("</Expandable>"),
    },
    Slip {
        name: "the closing tag of a wrapper is missing",
        from: "  </Expandable>\n",
        to: "",
        rule: "unclosed-tag",
        at: (14, "<Expandable title=\"properties\">"),
        related: Some("</ParamField>"),
    },
    Slip {
        name: "the closing tag of an example is missing",
        from: "</RequestExample>\n",
        to: "",
        rule: "unclosed-tag",
        at: (33, "<RequestExample>"),
        related: Some("<ResponseExample>"),
    },
    Slip {
        name: "the closing tag of the last example is missing",
        from: "</ResponseExample>\n",
        to: "",
        rule: "unclosed-tag",
        at: (41, "<ResponseExample>"),
        related: None,
    },
    Slip {
        name: "the opening tag of a wrapper is missing",
        from: "  <Expandable title=\"properties\">\n",
        to: "",
        rule: "stray-closing-tag",
        at: (21, "</Expandable>"),
        related: Some("<ParamField body=\"author\" type=\"object\">"),
    },
    Slip {
        name: "a closing tag is misspelt",
        from: "  The title.\n</ParamField>",
        to: "  The title.\n</ParamFeild>",
        rule: "mismatched-tag",
        at: (9, "</ParamFeild>"),
        related: Some("<ParamField body=\"title\" type=\"string\" required>"),
    },
    Slip {
        name: "a closing tag is written in small letters",
        from: "      The name.\n    </ParamField>",
        to: "      The name.\n    </paramfield>",
        rule: "mismatched-tag",
        at: (17, "</paramfield>"),
        related: Some("<ParamField body=\"name\" type=\"string\">"),
    },
    Slip {
        name: "a field is closed as the other kind of field",
        from: "  The new id.\n</ResponseField>",
        to: "  The new id.\n</ParamField>",
        rule: "mismatched-tag",
        at: (31, "</ParamField>"),
        related: Some("<ResponseField name=\"id\" type=\"string\">"),
    },
    Slip {
        name: "an example is closed as the other kind of example",
        from: "</RequestExample>",
        to: "</ResponseExample>",
        rule: "mismatched-tag",
        at: (39, "</ResponseExample>"),
        related: Some("<RequestExample>"),
    },
    Slip {
        name: "a closing tag stands alone at the top",
        from: "Adds a book.\n",
        to: "Adds a book.\n\n</Note>\n",
        rule: "stray-closing-tag",
        at: (7, "</Note>"),
        related: None,
    },
    Slip {
        name: "a closing tag stands alone inside a field",
        from: "  Who wrote it.\n",
        to: "  Who wrote it.\n\n  </Note>\n",
        rule: "stray-closing-tag",
        at: (14, "</Note>"),
        related: Some("<ParamField body=\"author\" type=\"object\">"),
    },
    Slip {
        name: "a closing tag of a field stands alone inside a field",
        from: "      The name.\n    </ParamField>\n",
        to: "      The name.\n    </ParamField>\n    </ParamField>\n",
        rule: "stray-closing-tag",
        at: (18, "</ParamField>"),
        related: Some("<Expandable title=\"properties\">"),
    },
    Slip {
        name: "a bare less-than sign stands before a number",
        from: "The title.",
        to: "The title, <100 letters.",
        rule: "invalid-tag",
        at: (8, "<1"),
        related: None,
    },
    Slip {
        name: "an address stands in angle brackets",
        from: "The title.",
        to: "See <https://example.com>.",
        rule: "invalid-tag",
        at: (8, "<https:/"),
        related: None,
    },
    Slip {
        name: "JSON stands in prose",
        from: "The title.",
        to: "Such as { \"a\": 1 } or so.",
        rule: "invalid-expression",
        at: (8, ":"),
        related: None,
    },
    Slip {
        name: "a brace in prose is not closed",
        from: "The title.",
        to: "Starts with { or so.",
        rule: "invalid-expression",
        at: (8, "{"),
        related: None,
    },
    Slip {
        name: "an HTML comment stands between fields",
        from: "Adds a book.",
        to: "<!-- to do:\n\n<ParamField> -->",
        rule: "html-comment",
        at: (5, "<!-- to do:\n\n<ParamField> -->"),
        related: None,
    },
    Slip {
        name: "an HTML comment stands in a line",
        from: "The title.",
        to: "The <!-- short --> title.",
        rule: "html-comment",
        at: (8, "<!-- short -->"),
        related: None,
    },
    Slip {
        name: "an HTML comment is never closed",
        from: "The title.",
        to: "The <!-- short title.",
        rule: "html-comment",
        at: (8, "<!--"),
        related: None,
    },
    Slip {
        name: "an attribute has no quotes",
        from: "body=\"name\" type=\"string\"",
        to: "body=name type=\"string\"",
        rule: "invalid-tag",
        at: (15, "name"),
        related: None,
    },
    Slip {
        name: "the closing quote of an attribute is missing",
        from: "body=\"title\" type",
        to: "body=\"title type",
        rule: "invalid-tag",
        at: (7, "\""),
        related: None,
    },
    Slip {
        name: "the closing quote of the last attribute is missing",
        from: "type=\"object\">",
        to: "type=\"object>",
        rule: "invalid-tag",
        at: (11, "\""),
        related: None,
    },
    Slip {
        name: "the closing quote of the very last attribute is missing",
        from: "name=\"id\" type=\"string\">",
        to: "name=\"id\" type=\"string>",
        rule: "invalid-tag",
        at: (29, "\""),
        related: None,
    },
    Slip {
        name: "a quote is escaped with a backslash",
        from: "type=\"object\">",
        to: "type=\"object\" placeholder=\"such as \\\"x\\\"\">",
        rule: "invalid-tag",
        at: (11, "\\\""),
        related: None,
    },
    Slip {
        name: "the brace of an attribute is not closed",
        from: "default={false}",
        to: "default={false",
        rule: "invalid-tag",
        at: (25, "{"),
        related: None,
    },
    Slip {
        name: "a tag has no end",
        from: "type=\"object\">\n",
        to: "type=\"object\"\n",
        rule: "invalid-tag",
        at: (11, "<ParamField"),
        related: None,
    },
    Slip {
        name: "a last tag has no end",
        from: "name=\"id\" type=\"string\">\n",
        to: "name=\"id\" type=\"string\"\n",
        rule: "invalid-tag",
        at: (29, "<ResponseField"),
        related: None,
    },
    Slip {
        name: "text follows the opening tag and the closing tag has its own line",
        from: "required>\n  The title.\n",
        to: "required>The title.\n",
        rule: "unclosed-tag",
        at: (7, "<ParamField body=\"title\" type=\"string\" required>"),
        related: None,
    },
    Slip {
        name: "the closing tag follows the text and the opening tag has its own line",
        from: "  The title.\n</ParamField>",
        to: "  The title.</ParamField>",
        rule: "unclosed-tag",
        at: (8, "</ParamField>"),
        related: Some("<ParamField body=\"title\" type=\"string\" required>"),
    },
    Slip {
        name: "a fence is not closed inside an example",
        from: "/books\n```\n",
        to: "/books\n",
        rule: "unclosed-fence",
        at: (35, "```"),
        related: Some("</RequestExample>"),
    },
    Slip {
        name: "the last fence is not closed",
        from: "\"b1\"}\n```\n",
        to: "\"b1\"}\n",
        rule: "unclosed-fence",
        at: (43, "```"),
        related: Some("</ResponseExample>"),
    },
    Slip {
        name: "a field starts in a list item and is closed outside of it",
        from: "Adds a book.\n",
        to: "- one\n\n  <Note>\n  two\n\n</Note>\n",
        rule: "unclosed-tag",
        at: (7, "<Note>"),
        related: None,
    },
];

#[test]
fn one_slip_costs_no_field_and_makes_one_finding() {
    let (page, findings) = parse(PAGE);
    assert_eq!(
        (outline(&page.nodes).as_str(), findings.len()),
        (OUTLINE, 0)
    );
    let mut wrong = Vec::new();
    for slip in SLIPS {
        assert_eq!(
            PAGE.matches(slip.from).count(),
            1,
            "{}: {}",
            slip.name,
            slip.from
        );
        let text = PAGE.replace(slip.from, slip.to);
        let found = describe(&text);
        let expected = format!(
            "{OUTLINE}\n{} {:?}{}\n",
            slip.rule,
            slip.at,
            slip.related
                .map(|text| format!(" beside {text:?}"))
                .unwrap_or_default()
        );
        if found != expected {
            wrong.push(format!("\n{}\n{found}--- not\n{expected}", slip.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

/// The outline of a page, and a line for each finding; a page without a rejection says so.
fn describe(text: &str) -> String {
    let (page, findings) = parse(text);
    let mut description = vec![outline(&page.nodes) + "\n"];
    for finding in &findings {
        let line = 1 + text[..finding.span.range().start].matches('\n').count();
        let related = finding
            .related
            .first()
            .map(|related| &text[related.span.range()]);
        let related = related
            .map(|text| format!(" beside {text:?}"))
            .unwrap_or_default();
        let at = (line, &text[finding.span.range()]);
        description.push(format!("{} {at:?}{related}\n", finding.rule.name));
    }
    if page.rejected.is_none() {
        description.push("accepted\n".to_owned());
    }
    description.concat()
}
