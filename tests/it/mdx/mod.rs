//! Reading MDX: recovery from each kind of slip, properties of any text, and a second opinion.

mod adversarial;
mod properties;
mod recovery;
mod snippets;
mod strict;

use fieldproof::diagnostic::Diagnostic;
use fieldproof::mdx::{self, Node, Page, Variables};
use fieldproof::source::{SourceFile, Sources};

fn parse(text: &str) -> (Page, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("page.mdx", text));
    mdx::parse(file, text, &Variables::new())
}

/// The fields with the fields inside them, and the fences of examples: `a(b c) Response[json]`.
fn outline(nodes: &[Node]) -> String {
    let parts = nodes.iter().filter_map(|node| match node {
        Node::Fence(fence) => Some(fence.language.clone().unwrap_or_default()),
        Node::Element(element) => {
            let inner = outline(&element.children);
            let name = ["path", "query", "body", "header", "name"]
                .iter()
                .find_map(|name| element.attribute(name)?.value.as_str());
            match (element.name.as_str(), name) {
                ("ParamField" | "ResponseField", Some(name)) if inner.is_empty() => {
                    Some(name.to_owned())
                }
                ("ParamField" | "ResponseField", name) => {
                    Some(format!("{}({inner})", name.unwrap_or("?")))
                }
                ("RequestExample" | "ResponseExample", _) => {
                    let kind = element.name.trim_end_matches("Example");
                    Some(format!("{kind}[{inner}]"))
                }
                _ => Some(inner),
            }
        }
        _ => None,
    });
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}
