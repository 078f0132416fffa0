//! `import` and `export` on a page.
//!
//! ```text
//! module = line that starts with "import " or "export " in the first column, up to a blank line where all brackets
//!          are closed
//! ```
//!
//! Imports are read whole; of exports, what a page can use: components that return JSX, and literals.

use std::sync::LazyLock;

use regex::{Captures, Regex, RegexBuilder};

use crate::diagnostic::Diagnostic;
use crate::source::Excerpt;

use super::inline::{self, Piece, Place, Text};
use super::lookahead::Lookahead;
use super::node::{Export, Import, Imported, Node, Property};
use super::tree::{Tree, Trust};
use super::{expression, rules};

/// The imports and exports of a page.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) imports: Vec<Import>,
    pub(super) exports: Vec<Export>,
}

/// What was read at a line that starts with a keyword.
#[derive(Default)]
pub(super) struct Read {
    pub(super) module: Module,
    /// The offset behind the statements; `None` if the line is text after all.
    pub(super) end: Option<usize>,
    pub(super) faults: Vec<Diagnostic>,
    /// True if brackets were opened that nothing closes up to the end of the page.
    pub(super) unbalanced: bool,
}

/// `import` or `export`, if the line starts with it and a space.
pub(super) fn keyword(line: &str) -> Option<&str> {
    ["import", "export"].into_iter().find(|word| {
        line.strip_prefix(word)
            .is_some_and(|rest| rest.starts_with([' ', '\t', '{', '"', '\'']))
    })
}

static IMPORT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"^import\s*
        (?: (?: (?P<default>NAME) | \*\s*as\s+(?P<all>NAME) | (?P<named>NAMES) )
            (?: \s*,\s* (?: \*\s*as\s+(?P<all2>NAME) | (?P<named2>NAMES) ) )?
            \s*\bfrom\s* )?
        (?: "(?P<double>(?u:[^"\n]*))" | '(?P<single>(?u:[^'\n]*))' )
        [\ \t]*;?"#,
    )
});
static EXPORT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^export\s+
        (?: (?P<default>default\b)
          | (?:const|let|var)\s+(?P<name>NAME)\s*=
          | (?:(?:async\s+)?function\*?|class)\s+(?P<function>NAME)
          | (?:const|let|var)\s*[\[{]
          | (?P<list>NAMES)
          | (?P<all>\*)
          | \{
          | type\b
          | interface\b )",
    )
});

/// Classes are those of ASCII: the tables of Unicode would take longer to prepare than a small site to read.
fn pattern(text: &str) -> Regex {
    let names = r"(?u:\{[A-Za-z0-9_$,\ \t\r\n\u{80}-\u{10FFFF}]*\})";
    let name = r"(?u:[A-Za-z0-9_$\u{80}-\u{10FFFF}]+)";
    let text = text.replace("NAMES", names).replace("NAME", name);
    #[expect(
        clippy::unwrap_used,
        reason = "the patterns are constants, and a test compiles each"
    )]
    RegexBuilder::new(&text)
        .unicode(false)
        .ignore_whitespace(true)
        .build()
        .unwrap()
}

/// Reads the statements that start at `start`; without `hopeless`, brackets may stay open over blank lines.
pub(super) fn read(source: &Excerpt, start: usize, hopeless: bool) -> Read {
    let text = source.text();
    let mut read = Read::default();
    let mut at = start;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with("import") {
            let Some(found) = IMPORT.captures(rest) else {
                return read.stopped(source, at, start);
            };
            let length = found.get(0).map_or(0, |whole| whole.len());
            read.module.imports.extend(imports(&found, at, source));
            at += length;
        } else if rest.starts_with("export") {
            let Some(found) = EXPORT.captures(rest) else {
                return read.stopped(source, at, start);
            };
            let (end, balanced) = statement_end(text, at, hopeless);
            read.unbalanced |= !balanced;
            if !balanced {
                read.faults.push(Diagnostic::new(
                    &rules::INVALID_IMPORT,
                    source.span(at..at + 6),
                    "the brackets of this `export` are never closed",
                ));
            }
            let body = at + found.get(0).map_or(0, |whole| whole.len());
            let needs_value = found.name("name").is_some() || found.name("default").is_some();
            let is_value = |body: &str| {
                !body.trim().is_empty() && !body.trim().starts_with([')', ']', '}', ','])
            };
            if needs_value && !text.get(body..end).is_some_and(is_value) {
                let message = "this `export` has no value";
                read.faults.push(Diagnostic::new(
                    &rules::INVALID_IMPORT,
                    source.span(at..at + 6),
                    message,
                ));
            }
            read.module.exports.extend(export(&found, at, end, source));
            read.module.exports.extend(listed(&found, at, source));
            at = end;
        } else {
            return read.stopped(source, at, start);
        }
        at = skip_line_end(text, at);
        read.end = Some(at);
        let rest = text.get(at..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        if line.trim().is_empty() {
            return read;
        }
        at += line.len() - line.trim_start().len();
        if line.trim_start().starts_with("//") || line.trim_start().starts_with("/*") {
            at = expression::skip_space(text, at);
            read.end = Some(at);
        }
    }
}

impl Read {
    /// Stops at a line that is no statement: the strict parser takes it for one.
    fn stopped(mut self, source: &Excerpt, at: usize, start: usize) -> Self {
        let line = source
            .text()
            .get(at..)
            .unwrap_or_default()
            .split('\n')
            .next()
            .unwrap_or_default();
        let span = source.span(at..at + line.trim_end().len());
        let diagnostic = if at == start {
            Diagnostic::new(
                &rules::INVALID_IMPORT,
                span,
                "a paragraph that starts with `import` or `export` is taken for JavaScript",
            )
            .help("start the line with another word, or with a space")
        } else {
            Diagnostic::new(
                &rules::INVALID_IMPORT,
                span,
                "this line is taken for a part of the imports above it",
            )
            .help("leave a blank line after the imports and exports")
        };
        self.faults.push(diagnostic);
        self
    }
}

fn skip_line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let trimmed = rest.trim_start_matches([' ', '\t', '\r', ';']);
    let at = at + (rest.len() - trimmed.len());
    at + usize::from(trimmed.starts_with('\n'))
}

fn imports(found: &Captures<'_>, at: usize, source: &Excerpt) -> Vec<Import> {
    let Some(path) = found.name("double").or_else(|| found.name("single")) else {
        return Vec::new();
    };
    let span = source.span(at..at + found.get(0).map_or(0, |whole| whole.len()));
    let path_span = source.span(at + path.start()..at + path.end());
    let import = |local: &str, imported: Imported| Import {
        local: local.to_owned(),
        imported,
        path: path.as_str().to_owned(),
        path_span,
        span,
    };
    let mut all = Vec::new();
    if let Some(name) = found.name("default") {
        all.push(import(name.as_str(), Imported::Default));
    }
    if let Some(name) = found.name("all").or_else(|| found.name("all2")) {
        all.push(import(name.as_str(), Imported::All));
    }
    if let Some(names) = found.name("named").or_else(|| found.name("named2")) {
        for name in names.as_str().trim_matches(['{', '}']).split(',') {
            let mut words = name.split_whitespace();
            let Some(exported) = words.next() else {
                continue;
            };
            let local = words.nth(1).unwrap_or(exported);
            let imported = match exported {
                "default" => Imported::Default,
                other => Imported::Named(other.to_owned()),
            };
            all.push(import(local, imported));
        }
    }
    all
}

/// Where a statement ends: at the end of a line where all brackets are closed and the next line does not go on.
fn statement_end(text: &str, start: usize, hopeless: bool) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = start;
    let mut first_blank = None;
    let mut last = b' ';
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.saturating_sub(1),
            b'`' => {
                let Some(end) = expression::template_end(text, at) else {
                    return (first_blank.unwrap_or(text.len()), false);
                };
                at = end;
                last = b'`';
                continue;
            }
            b'"' | b'\'' => {
                let rest = text.get(at + 1..).unwrap_or_default();
                let line = rest.split('\n').next().unwrap_or_default();
                if let Some(length) = line.find(byte as char) {
                    at += length + 2;
                    last = byte;
                    continue;
                }
            }
            b'\n' => {
                let next = text.get(at + 1..).unwrap_or_default();
                let next_line = next.split('\n').next().unwrap_or_default();
                let blank = next_line.trim().is_empty();
                if blank && first_blank.is_none() {
                    first_blank = Some(at);
                }
                let goes_on = matches!(last, b'=' | b'>' | b',' | b'?' | b':' | b'+' | b'&' | b'|')
                    || next_line.trim_start().starts_with([
                        '.', '?', ':', '+', '&', '|', '=', '`', '(', '[', '*', '%', '-',
                    ]);
                if depth == 0
                    && (blank || !goes_on && !next_line.starts_with([' ', '\t', '}', ')', '<']))
                {
                    return (at, true);
                }
                if hopeless && blank {
                    return (at, false);
                }
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
        at += 1;
    }
    if depth == 0 {
        return (text.len(), true);
    }
    (first_blank.unwrap_or(text.len()), false)
}

/// An export: the literal or the JSX of its component.
fn export(found: &Captures<'_>, start: usize, end: usize, source: &Excerpt) -> Option<Export> {
    let name = ["name", "function", "default"]
        .iter()
        .find_map(|group| found.name(group))?;
    let text = source.text();
    let body_start = start + found.get(0)?.len();
    let body = text.get(body_start..end)?;
    let span = source.span(start + name.start()..start + name.end());
    let is_value = found.name("name").is_some();
    let value = is_value.then(|| body.trim().trim_end_matches(';'));
    let literal = value.and_then(|value| expression::literal(value, &|_| None));
    Some(Export {
        name: name.as_str().to_owned(),
        properties: properties(body),
        nodes: if literal.is_some() {
            Vec::new()
        } else {
            returned_jsx(source, body_start, end)
        },
        value: literal,
        span,
    })
}

/// What `export { A, B as C }` and `export * from "…"` give to others: names, of which `*` is any.
fn listed(found: &Captures<'_>, start: usize, source: &Excerpt) -> Vec<Export> {
    let group = found.name("list").or_else(|| found.name("all"));
    let Some(group) = group else {
        return Vec::new();
    };
    let names = group.as_str().trim_matches(['{', '}']).split(',');
    names
        .filter_map(|name| name.split_whitespace().next_back())
        .map(|name| Export {
            name: name.to_owned(),
            properties: Vec::new(),
            nodes: Vec::new(),
            value: None,
            span: source.span(start + group.start()..start + group.end()),
        })
        .collect()
}

/// The names in `({ a, b = 1 })`, with their defaults where they are literals.
fn properties(body: &str) -> Vec<Property> {
    let Some(open) = body.find("({") else {
        return Vec::new();
    };
    let names = body.get(open + 2..).unwrap_or_default();
    let names = names
        .get(..names.find('}').unwrap_or(0))
        .unwrap_or_default();
    let property = |text: &str| {
        let (name, default) = text.split_once('=').unwrap_or((text, ""));
        let name = name.split(':').next().unwrap_or_default().trim();
        (!name.is_empty()).then(|| Property {
            name: name.to_owned(),
            default: expression::literal(default, &|_| None),
        })
    };
    names.split(',').filter_map(property).collect()
}

/// The JSX that a component returns: the first element after `=>` or `return`.
fn returned_jsx(source: &Excerpt, start: usize, end: usize) -> Vec<Node> {
    let body = source.text().get(start..end).unwrap_or_default();
    let marker = body
        .rfind("return")
        .filter(|at| body.get(*at..).is_some_and(|rest| rest.contains('<')));
    let Some(from) = marker
        .map(|at| at + 6)
        .or_else(|| body.find("=>").map(|at| at + 2))
    else {
        return Vec::new();
    };
    let Some(first) = body.get(from..).and_then(|rest| rest.find('<')) else {
        return Vec::new();
    };
    let last = body
        .rfind('>')
        .map_or(body.len(), |at| at + 1)
        .max(from + first);
    let piece = Piece {
        prefix: start + from + first,
        start: start + from + first,
        end: start + last,
        line_start: true,
    };
    let text = Text::new(source.text(), &[piece]);
    let mut tree = Tree::new(source, Trust::Names);
    let place = Place {
        scope: 0,
        containers: 0,
        inline: false,
    };
    let mut lookahead = Lookahead::new(end - start);
    inline::read(&text, &mut tree, source, place, &[], &mut lookahead);
    tree.finish().nodes
}

/// All exports of a file that is JavaScript as a whole.
pub(super) fn exports_of_script(source: &Excerpt) -> Module {
    let text = source.text();
    let mut module = Module::default();
    let mut at = 0;
    let mut read_until = 0;
    for line in text.split_inclusive('\n') {
        if at >= read_until && keyword(line).is_some() {
            let read = read(source, at, true);
            module.imports.extend(read.module.imports);
            module.exports.extend(read.module.exports);
            read_until = read.end.unwrap_or(at);
        }
        at += line.len();
    }
    module
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Sources, Span};

    fn read_text(text: &str) -> Read {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("page.mdx", text));
        read(
            &Excerpt::verbatim(text, Span::new(file, 0..text.len())),
            0,
            false,
        )
    }

    #[test]
    fn imports_name_what_they_take() {
        let read = read_text(
            "import A, { B, C as D } from \"/snippets/a.mdx\";\nimport * as E from './e.jsx'\n\ntext",
        );
        let names: Vec<_> = read
            .module
            .imports
            .iter()
            .map(|i| (i.local.as_str(), &i.imported))
            .collect();
        assert_eq!(names.len(), 4);
        assert_eq!(names[2], ("D", &Imported::Named("C".to_owned())));
        assert!(read.faults.is_empty());
    }

    #[test]
    fn a_component_is_read_over_blank_lines() {
        let text = "export const A = ({ b }) => (\n  <div>\n\n    <C d={b} />\n  </div>\n)\n\ntext";
        let read = read_text(text);
        assert_eq!(read.end.map(|end| &text[end..]), Some("\ntext"));
        let export = &read.module.exports[0];
        assert_eq!(
            (export.name.as_str(), export.properties[0].name.as_str()),
            ("A", "b")
        );
        assert_eq!(export.nodes.len(), 1);
    }

    #[test]
    fn prose_is_reported_and_stays_text() {
        let read = read_text("import the data now\n");
        assert_eq!((read.end, read.faults.len()), (None, 1));
        let read = read_text("import A from 'a'\n<A/>\n");
        assert_eq!((read.end, read.faults.len()), (Some(18), 1));
    }
}
