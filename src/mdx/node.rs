//! What a page is made of.
//!
//! A page is a tree of nodes. Components are elements with their attributes; fences keep their body as an
//! [`Excerpt`]; everything between them is Markdown, kept as text and parsed on demand by
//! [`Prose::blocks`](super::markdown).

use serde_json::Value;

use crate::source::{Excerpt, FileId, Span};

use super::frontmatter::Frontmatter;

/// One page: its frontmatter and its content, imported snippets included.
#[derive(Clone, Debug)]
pub struct Page {
    /// The file the page was written in.
    pub file: FileId,
    /// The metadata between the `---` lines.
    pub frontmatter: Frontmatter,
    /// The content in document order.
    pub nodes: Vec<Node>,
    /// The modules that the page imports.
    pub imports: Vec<Import>,
    /// The components and values that the page exports.
    pub exports: Vec<Export>,
    /// The first place where the platform's strict parser would reject the page; the site would not build.
    pub rejected: Option<Rejection>,
}

/// Why the platform's strict parser rejects a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The place.
    pub span: Span,
    /// What is wrong there.
    pub message: String,
}

/// A piece of a page.
#[derive(Clone, Debug)]
pub enum Node {
    /// A component or HTML element.
    Element(Element),
    /// A fenced code block.
    Fence(Fence),
    /// Markdown between components.
    Prose(Prose),
    /// A braced expression or comment in the content.
    Expression(Expression),
}

impl Node {
    /// The place of the whole node.
    pub fn span(&self) -> Span {
        match self {
            Self::Element(element) => element.span,
            Self::Fence(fence) => fence.span,
            Self::Prose(prose) => prose.text.span(0..prose.text.text().len()),
            Self::Expression(expression) => expression.span,
        }
    }

    /// The element, if the node is one.
    pub fn as_element(&self) -> Option<&Element> {
        match self {
            Self::Element(element) => Some(element),
            _ => None,
        }
    }
}

/// `<Name attribute="…">children</Name>`; a use of a snippet has the snippet's content as children.
#[derive(Clone, Debug)]
pub struct Element {
    /// Name as written; empty for a fragment `<>`.
    pub name: String,
    /// The place of the name.
    pub name_span: Span,
    /// The attributes in the order written.
    pub attributes: Vec<Attribute>,
    /// The content.
    pub children: Vec<Node>,
    /// From the opening tag's `<` to the closing tag's `>`.
    pub span: Span,
    /// The opening tag.
    pub open: Span,
    /// True if the element stands in a line of text, as opposed to on lines of its own.
    pub inline: bool,
}

impl Element {
    /// The first attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
    }
}

/// An attribute of an element.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Name as written; empty for a spread `{...x}`.
    pub name: String,
    /// The whole attribute.
    pub span: Span,
    /// The value without its quotes or braces; the name if there is none.
    pub value_span: Span,
    /// The value.
    pub value: AttributeValue,
}

/// What an attribute says.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeValue {
    /// `required`
    Bare,
    /// `name="id"`, entities decoded.
    Text(String),
    /// `default={10}`: an expression that is a literal.
    Literal(Value),
    /// `icon={<Icon/>}`: an expression that only a running page could evaluate, as source.
    Unevaluated(String),
}

impl AttributeValue {
    /// The text of a string, written with quotes or as a literal expression.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Literal(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The value as JSON: a bare attribute is `true`; `None` if it is not known without running the page.
    pub fn to_value(&self) -> Option<Value> {
        match self {
            Self::Bare => Some(Value::Bool(true)),
            Self::Text(text) => Some(Value::String(text.clone())),
            Self::Literal(value) => Some(value.clone()),
            Self::Unevaluated(_) => None,
        }
    }
}

/// A fenced code block.
#[derive(Clone, Debug)]
pub struct Fence {
    /// First word of the info string.
    pub language: Option<String>,
    /// The rest of the info string.
    pub meta: String,
    /// The body, without the indentation of the block that it stands in.
    pub code: Excerpt,
    /// From the opening to the closing marker.
    pub span: Span,
    /// The info string.
    pub info_span: Span,
}

/// Markdown between components.
#[derive(Clone, Debug)]
pub struct Prose {
    /// The text, without the indentation of the block that it stands in.
    pub text: Excerpt,
    /// True if it is a part of a line, beside an inline element.
    pub inline: bool,
}

/// `{…}` in the content.
#[derive(Clone, Debug)]
pub struct Expression {
    /// The source between the braces.
    pub source: String,
    /// The expression with its braces.
    pub span: Span,
}

impl Expression {
    /// The text of a comment, if the expression is nothing but one.
    pub fn comment(&self) -> Option<&str> {
        let inner = self.source.trim();
        let text = inner.strip_prefix("/*")?.strip_suffix("*/")?;
        (!text.contains("*/")).then(|| text.trim())
    }
}

/// `import Local from "path"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The name used on the page.
    pub local: String,
    /// What is imported under that name.
    pub imported: Imported,
    /// The path as written.
    pub path: String,
    /// The place of the path.
    pub path_span: Span,
    /// The whole statement.
    pub span: Span,
}

/// Which export of a module an import names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// The module itself, for a snippet its content.
    Default,
    /// One export by its name.
    Named(String),
    /// `* as X`
    All,
}

/// `export const Name = …`.
#[derive(Clone, Debug)]
pub struct Export {
    /// The exported name.
    pub name: String,
    /// The properties, for a component that takes `({ a, b = 1 })`.
    pub properties: Vec<Property>,
    /// The JSX that it returns; empty for a value.
    pub nodes: Vec<Node>,
    /// The literal, if the export is one.
    pub value: Option<Value>,
    /// The name's place.
    pub span: Span,
}

/// A property that an exported component takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// Its default, if that is a literal.
    pub default: Option<Value>,
}
