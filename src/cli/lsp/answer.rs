//! What an editor is told: findings, fixes, what is known about a field, and the fields of a page.

use std::collections::HashMap;
use std::fmt::Write as _;

use fieldproof::diagnostic::{Diagnostic, Fix, Safety, Severity};
use fieldproof::mdx::{Element, Node};
use fieldproof::model::Documentation;
use fieldproof::model::topic::{self, Topic};
use fieldproof::source::load::Site;
use fieldproof::source::{FileId, Span};
use lsp_types::{
    CodeAction, CodeActionKind, DiagnosticRelatedInformation, DiagnosticSeverity, DocumentSymbol,
    Hover, HoverContents, Location, MarkupContent, MarkupKind, NumberOrString, SymbolKind,
    TextEdit, Uri, WorkspaceEdit,
};

use super::position::{self, Encoding};

/// Words of pages and servers, for a site and an editor.
pub(super) struct Words<'s> {
    pub(super) site: &'s Site,
    pub(super) encoding: Encoding,
}

impl Words<'_> {
    pub(super) fn uri(&self, file: FileId) -> Option<Uri> {
        position::uri(&self.site.root.join(self.site.sources.file(file).path()))
    }

    fn range(&self, span: Span) -> lsp_types::Range {
        self.encoding
            .range(self.site.sources.file(span.file), span.range())
    }

    pub(super) fn diagnostic(&self, diagnostic: &Diagnostic) -> lsp_types::Diagnostic {
        let mut message = diagnostic.message.clone();
        if let Some(help) = &diagnostic.help {
            let _ = write!(message, "\nhelp: {help}");
        }
        let related = diagnostic.related.iter().filter_map(|related| {
            Some(DiagnosticRelatedInformation {
                location: Location::new(self.uri(related.span.file)?, self.range(related.span)),
                message: related.label.clone(),
            })
        });
        lsp_types::Diagnostic {
            range: self.range(diagnostic.span),
            severity: Some(match diagnostic.severity {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Info => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(diagnostic.rule.name.to_owned())),
            source: Some("fieldproof".to_owned()),
            message,
            related_information: Some(related.collect()),
            ..lsp_types::Diagnostic::default()
        }
    }

    /// The fix of a finding, as an action that the editor can offer.
    pub(super) fn action(&self, diagnostic: &Diagnostic) -> Option<CodeAction> {
        let fix = diagnostic.fix.as_deref()?;
        Some(CodeAction {
            title: fix.title.clone(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![self.diagnostic(diagnostic)]),
            edit: Some(self.edit(fix)),
            is_preferred: Some(fix.safety == Safety::Safe),
            ..CodeAction::default()
        })
    }

    #[expect(
        clippy::mutable_key_type,
        reason = "the protocol has a map by URI, and a URI caches what it is made of"
    )]
    fn edit(&self, fix: &Fix) -> WorkspaceEdit {
        let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
        for edit in &fix.edits {
            if let Some(uri) = self.uri(edit.span.file) {
                let edit = TextEdit::new(self.range(edit.span), edit.text.clone());
                changes.entry(uri).or_default().push(edit);
            }
        }
        WorkspaceEdit::new(changes)
    }

    /// What is known about the field at a place of a page, or about the member that an example shows there.
    pub(super) fn hover(
        &self,
        documentation: &Documentation,
        file: FileId,
        offset: usize,
    ) -> Option<Hover> {
        let page = documentation.pages.iter().find(|page| page.file == file)?;
        let at = Span::new(file, offset..offset);
        let field = field_at(&page.nodes, at);
        let mut texts = Vec::new();
        for operation in &documentation.api.operations {
            let topics = topic::topics(operation);
            let about: Vec<&Topic> = match field {
                Some(field) => topics
                    .iter()
                    .filter(|it| is_told_in(it, field.open))
                    .collect(),
                None => shown_at(&topics, at).into_iter().collect(),
            };
            texts.extend(about.into_iter().map(|topic| self.told(topic)));
        }
        texts.dedup();
        (!texts.is_empty()).then(|| Hover {
            contents: HoverContents::Markup(MarkupContent {
                kind: MarkupKind::Markdown,
                value: texts.join("\n\n---\n\n"),
            }),
            range: field.map(|field| self.range(field.open)),
        })
    }

    /// The facts of a topic, and what was looked at, with their places.
    fn told(&self, topic: &Topic) -> String {
        let mut text = format!("**{}**\n", code(&topic.subject));
        for told in &topic.facts {
            let origin = told.evidence.origin.as_str();
            let place = self.site.sources.place(told.evidence.span);
            let _ = write!(text, "\n- {} ({origin}, {place})", code(&told.says));
        }
        for remark in &topic.considered {
            let place = self.site.sources.place(remark.span);
            let _ = write!(text, "\n- {} ({place})", code(&remark.says));
        }
        text
    }

    /// The fields of a page, as they are nested.
    pub(super) fn symbols(
        &self,
        documentation: &Documentation,
        file: FileId,
    ) -> Vec<DocumentSymbol> {
        let page = documentation.pages.iter().find(|page| page.file == file);
        page.map_or_else(Vec::new, |page| self.fields(&page.nodes, file))
    }

    fn fields(&self, nodes: &[Node], file: FileId) -> Vec<DocumentSymbol> {
        let mut symbols = Vec::new();
        for element in nodes.iter().filter_map(Node::as_element) {
            let children = self.fields(&element.children, file);
            // What a snippet shows stands in another file.
            match field_name(element).filter(|_| element.span.file == file) {
                Some((name, span)) => symbols.push(self.symbol(element, name, span, children)),
                None => symbols.extend(children),
            }
        }
        symbols
    }

    fn symbol(
        &self,
        element: &Element,
        name: &str,
        span: Span,
        children: Vec<DocumentSymbol>,
    ) -> DocumentSymbol {
        let detail = element.attribute("type").and_then(|it| it.value.as_str());
        let is_parameter = element.name == "ParamField";
        #[expect(
            deprecated,
            reason = "the structure has a member that must be given, and is not to be"
        )]
        DocumentSymbol {
            name: if name.is_empty() {
                "body".to_owned()
            } else {
                name.to_owned()
            },
            detail: detail.map(str::to_owned),
            kind: if is_parameter {
                SymbolKind::VARIABLE
            } else {
                SymbolKind::FIELD
            },
            tags: None,
            deprecated: None,
            range: self.range(element.span),
            selection_range: self.range(span),
            children: (!children.is_empty()).then_some(children),
        }
    }
}

/// Text that Markdown shows as it is.
fn code(text: &str) -> String {
    let longest = text.split(|it| it != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let text = text.replace(['\n', '\r'], " ");
    if longest == 0 {
        format!("`{text}`")
    } else {
        format!("{fence} {text} {fence}")
    }
}

/// The innermost field whose opening tag is at a place.
fn field_at(nodes: &[Node], at: Span) -> Option<&Element> {
    let elements = nodes.iter().filter_map(Node::as_element);
    let mut around =
        elements.filter(|element| element.span.contains(at) || element.span.file != at.file);
    around.find_map(|element| {
        field_at(&element.children, at).or_else(|| {
            (field_name(element).is_some() && element.open.contains(at)).then_some(element)
        })
    })
}

/// The name of a field, and its place.
fn field_name(element: &Element) -> Option<(&str, Span)> {
    let names: &[&str] = match element.name.as_str() {
        "ResponseField" => &["name"],
        "ParamField" => &["path", "query", "body", "header", "cookie", "auth"],
        _ => return None,
    };
    let attribute = names.iter().find_map(|name| element.attribute(name))?;
    let inside = element.open.contains(attribute.value_span);
    let span = if inside {
        attribute.value_span
    } else {
        element.open
    };
    Some((attribute.value.as_str().unwrap_or_default(), span))
}

fn is_told_in(topic: &Topic, tag: Span) -> bool {
    topic
        .facts
        .iter()
        .any(|told| tag.contains(told.evidence.span))
}

/// The topic of which an example shows something there, in the fewest words.
fn shown_at(topics: &[Topic], at: Span) -> Option<&Topic> {
    let remarks = topics
        .iter()
        .flat_map(|topic| topic.considered.iter().map(move |it| (topic, it.span)));
    remarks
        .filter(|(_, span)| span.contains(at))
        .min_by_key(|(_, span)| span.len())
        .map(|(topic, _)| topic)
}
