//! Notes on what the platform's own playground drops or misreads.
//!
//! The rules are those of its extractor: a field counts if it stands at the top of the page, or inside a field of its
//! kind; it has one location, a literal name, and a literal type; of one name the last one counts.

use std::collections::HashSet;

use crate::mdx::{AttributeValue, Element, Node, Page};
use crate::model::platform::{PlatformNote, Trap};
use crate::model::types::{self, Platform, Type};
use crate::source::Span;

use super::field;

/// What the playground reads otherwise; nothing on pages without `api:`, which have none.
pub(super) fn notes(page: &Page) -> Vec<PlatformNote> {
    if page.frontmatter.text("api").is_none() {
        return Vec::new();
    }
    let mut reader = Reader {
        has_panel: has_panel(&page.nodes),
        examples: HashSet::new(),
        notes: Vec::new(),
    };
    reader.frontmatter(page);
    reader.nodes(&page.nodes, Place::Top, &mut HashSet::new());
    reader.notes
}

/// Names of fields that one object has so far, each with where it is sent.
type Names = HashSet<(String, String)>;

#[derive(Clone, Copy)]
enum Place<'p> {
    /// Directly on the page, or in a snippet there.
    Top,
    /// Inside another component.
    Wrapped,
    /// Inside a panel, or below something that is dropped: fields are not looked at.
    Lost,
    /// Inside a field, perhaps wrapped.
    Field(&'p Element),
}

struct Reader {
    has_panel: bool,
    examples: HashSet<String>,
    notes: Vec<PlatformNote>,
}

impl Reader {
    fn note(&mut self, trap: Trap, span: Span) {
        self.notes.push(PlatformNote { trap, span });
    }

    fn frontmatter(&mut self, page: &Page) {
        let known = ["bearer", "basic", "key", "cobo", "none"];
        if let Some(entry) = page.frontmatter.get("authMethod")
            && !entry.value.as_str().is_some_and(|it| known.contains(&it))
        {
            self.note(Trap::UnknownAuthMethod, entry.value_span);
        }
        if let Some(entry) = page.frontmatter.get("api")
            && let Some(target) = entry.value.as_str()
            && target.contains("://")
            && target.contains('?')
        {
            self.note(Trap::DroppedQuery, entry.value_span);
        }
    }

    fn nodes(&mut self, nodes: &[Node], place: Place<'_>, names: &mut Names) {
        for element in nodes.iter().filter_map(Node::as_element) {
            match element.name.as_str() {
                name if field::is_field(name) => self.field(element, place, names),
                "RequestExample" | "ResponseExample" => self.example(element, place),
                "Panel" => self.nodes(&element.children, Place::Lost, names),
                // What a snippet holds stands in its place.
                name if matches!(place, Place::Top) && is_snippet(name, element) => {
                    self.nodes(&element.children, place, names);
                }
                _ => {
                    let place = match place {
                        Place::Top => Place::Wrapped,
                        place => place,
                    };
                    self.nodes(&element.children, place, names);
                }
            }
        }
    }

    fn field(&mut self, element: &Element, place: Place<'_>, names: &mut Names) {
        if let Some((trap, span)) = drops(element, place) {
            self.note(trap, span);
            return;
        }
        if matches!(place, Place::Lost) {
            return;
        }
        self.details(element);
        let location = match place {
            Place::Field(_) => String::new(),
            _ => location(element).unwrap_or(&element.name).to_owned(),
        };
        let (name, span) = name_of(element);
        if !name.is_empty() && !names.insert((location, name.to_owned())) {
            self.note(Trap::RepeatedName, span);
        }
        self.nodes(&element.children, Place::Field(element), &mut Names::new());
    }

    fn details(&mut self, element: &Element) {
        if let Some(attribute) = element.attribute("required")
            && attribute.value.as_str().is_some()
        {
            self.note(Trap::StringRequired, attribute.span);
        }
        let Some(attribute) = element.attribute("type") else {
            return;
        };
        let text = attribute.value.as_str().unwrap_or_default();
        let platform = types::platform(text);
        if platform == Platform::Unrecognized && !is_object(&types::parse(text)) {
            self.note(Trap::TypeAsObject, attribute.value_span);
        }
        if !holds_members(&platform) && has_fields(&element.children) {
            self.note(Trap::MembersOfScalar, attribute.value_span);
        }
    }

    fn example(&mut self, element: &Element, place: Place<'_>) {
        let in_panel = matches!(place, Place::Lost);
        if self.has_panel && !in_panel {
            self.note(Trap::OutsidePanel, element.name_span);
        } else if !self.examples.insert(element.name.clone()) {
            self.note(Trap::SecondExample, element.name_span);
        }
        let wrapped = element.children.iter().filter_map(Node::as_element);
        if let Some(wrapper) = wrapped
            .filter(|it| !is_snippet(&it.name, it))
            .find(|it| has_fence(&it.children))
        {
            self.note(Trap::WrappedExample, wrapper.name_span);
        }
    }
}

/// Why the field is dropped with all that is in it, and what shows it.
fn drops(element: &Element, place: Place<'_>) -> Option<(Trap, Span)> {
    let name = name_of(element).1;
    match place {
        Place::Wrapped => return Some((Trap::Wrapped, name)),
        Place::Field(around) if around.name != element.name => return Some((Trap::Mixed, name)),
        _ => {}
    }
    let unevaluated = element.attributes.iter().find(|attribute| {
        let matters = attribute.name == "type" || is_name(element, &attribute.name);
        matters && matches!(attribute.value, AttributeValue::Unevaluated(_))
    });
    if let Some(attribute) = unevaluated {
        return Some((Trap::UnevaluatedName, attribute.span));
    }
    if element.name == "ResponseField" {
        if element.attribute("name").is_none() {
            return Some((Trap::NoLocation, name));
        }
    } else {
        let mut locations = element.attributes.iter();
        let count = locations
            .by_ref()
            .filter(|it| field::is_location(&it.name))
            .count();
        match count {
            0 => return Some((Trap::NoLocation, name)),
            1 => {}
            _ => return Some((Trap::SeveralLocations, name)),
        }
    }
    element
        .attribute("type")
        .is_none()
        .then_some((Trap::NoType, name))
}

fn is_name(element: &Element, attribute: &str) -> bool {
    if element.name == "ResponseField" {
        attribute == "name"
    } else {
        field::is_location(attribute)
    }
}

fn location(element: &Element) -> Option<&str> {
    let mut names = element
        .attributes
        .iter()
        .map(|attribute| attribute.name.as_str());
    names.find(|name| element.name != "ResponseField" && field::is_location(name))
}

/// The name, and its place; that of the component, if it has none.
fn name_of(element: &Element) -> (&str, Span) {
    let attribute = element
        .attributes
        .iter()
        .find(|it| is_name(element, &it.name));
    attribute.map_or(("", element.name_span), |attribute| {
        (
            attribute.value.as_str().unwrap_or_default(),
            attribute.value_span,
        )
    })
}

/// True for an element that has a file's content for its own: no component of the platform has its opening tag in
/// another place than its children.
fn is_snippet(name: &str, element: &Element) -> bool {
    let elsewhere = |node: &Node| node.span().file != element.open.file;
    name == "Snippet" || element.children.iter().any(elsewhere)
}

/// True where an object without properties is what the author means, more or less, or nobody knows.
fn is_object(kind: &Type) -> bool {
    matches!(
        kind,
        Type::Object
            | Type::Record(_)
            | Type::Map(..)
            | Type::Named(_)
            | Type::Unknown(_)
            | Type::ReasonPhrase(_)
    )
}

fn holds_members(platform: &Platform) -> bool {
    match platform {
        Platform::Object | Platform::Unrecognized => true,
        Platform::Array(items) => holds_members(items),
        _ => false,
    }
}

fn has_fields(nodes: &[Node]) -> bool {
    let mut elements = nodes.iter().filter_map(Node::as_element);
    elements.any(|element| field::is_field(&element.name) || has_fields(&element.children))
}

fn has_fence(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Fence(_) => true,
        Node::Element(element) => has_fence(&element.children),
        _ => false,
    })
}

fn has_panel(nodes: &[Node]) -> bool {
    let mut elements = nodes.iter().filter_map(Node::as_element);
    elements.any(|element| {
        element.name == "Panel" && !element.children.is_empty() || has_panel(&element.children)
    })
}
