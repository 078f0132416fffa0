//! A `ParamField` or `ResponseField` element to a [`Field`].

use std::sync::LazyLock;

use crate::mdx::{Attribute, AttributeValue, Element, Node};
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Evidence, Fact, Origin, ReadingRule};
use crate::model::operation::{Field, Location};
use crate::model::types::{self, Type};
use crate::source::Span;

use super::{prose as facts, sections};

static FIELD_NAME: ReadingRule = ReadingRule {
    name: "field-name",
    origin: Origin::Attribute,
    summary: "a field is named by `name` (`field_name`, `body`) of a ResponseField, and by the value of `body`, `query`, `path`, `header`, `cookie`, or `auth` of a ParamField",
};
static NAMELESS_FIELD: ReadingRule = ReadingRule {
    name: "nameless-field",
    origin: Origin::Inferred,
    summary: "a field without a name documents a value, but no member",
};
static WHOLE_BODY: ReadingRule = ReadingRule {
    name: "whole-body",
    origin: Origin::Attribute,
    summary: "`body` without a value documents the request body as a whole",
};
static TYPE_ATTRIBUTE: ReadingRule = ReadingRule {
    name: "type-attribute",
    origin: Origin::Attribute,
    summary: "`type` (`param-type`, `field-type`) holds the type of a field",
};
static DEFAULT_ATTRIBUTE: ReadingRule = ReadingRule {
    name: "default-attribute",
    origin: Origin::Attribute,
    summary: "`default` holds the value that stands for none",
};
static REQUIRED_ATTRIBUTE: ReadingRule = ReadingRule {
    name: "required-attribute",
    origin: Origin::Attribute,
    summary: "`required`, `{true}`, and the string `true` ask for a value; `{false}` and the string `false` do not",
};
static OPTIONAL_ATTRIBUTE: ReadingRule = ReadingRule {
    name: "optional-attribute",
    origin: Origin::Attribute,
    summary: "`optional` says the opposite of `required`",
};
static NULLABLE_ATTRIBUTE: ReadingRule = ReadingRule {
    name: "nullable-attribute",
    origin: Origin::Attribute,
    summary: "`nullable`, or the label `nullable` or `null` in `pre` or `post`, allows `null`",
};
static TITLED_PART: ReadingRule = ReadingRule {
    name: "titled-part",
    origin: Origin::Attribute,
    summary: "several titled tabs, accordions, or expandable parts beside each other hold alternatives, named by their titles",
};
static EXPANDABLE_AFTER_FIELD: ReadingRule = ReadingRule {
    name: "expandable-after-field",
    origin: Origin::Inferred,
    summary: "an Expandable right after a field that has room for members and none of its own holds its members",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[
    &FIELD_NAME,
    &NAMELESS_FIELD,
    &WHOLE_BODY,
    &TYPE_ATTRIBUTE,
    &DEFAULT_ATTRIBUTE,
    &REQUIRED_ATTRIBUTE,
    &OPTIONAL_ATTRIBUTE,
    &NULLABLE_ATTRIBUTE,
    &TITLED_PART,
    &EXPANDABLE_AFTER_FIELD,
];

/// What a field belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Parameter(Location),
    /// A member of the request body.
    Body,
    /// The request body as a whole: `body` without a name.
    WholeBody,
    /// A header that authenticates.
    Auth,
    /// A member of a response.
    Response,
    /// A `ParamField` that does not say where it is sent.
    Unplaced,
}

/// True for the elements that document a value.
pub(super) fn is_field(name: &str) -> bool {
    matches!(name, "ParamField" | "ResponseField" | "Param")
}

/// True for the attributes that say where a value is sent.
pub(super) fn is_location(name: &str) -> bool {
    LOCATIONS.iter().any(|(location, _)| *location == name)
}

const LOCATIONS: [(&str, Role); 6] = [
    ("body", Role::Body),
    ("query", Role::Parameter(Location::Query)),
    ("path", Role::Parameter(Location::Path)),
    ("header", Role::Parameter(Location::Header)),
    ("cookie", Role::Parameter(Location::Cookie)),
    ("auth", Role::Auth),
];

/// Reads a field and all that is nested in it.
pub(super) fn read(element: &Element) -> (Role, Field) {
    let (role, name) = role_and_name(element);
    let type_text = ["type", "param-type", "field-type"]
        .iter()
        .find_map(|name| element.attribute(name))
        .and_then(|attribute| text(attribute, &TYPE_ATTRIBUTE));
    let kind = types::parse(type_text.as_ref().map_or("", |text| text.value.as_str()));
    let default = element.attribute("default").and_then(|attribute| {
        let value = attribute.value.to_value()?;
        // Who writes `default="null"` for `string | null` means no text.
        let is_null = value == "null" && kind.allows_null();
        let value = if is_null {
            serde_json::Value::Null
        } else {
            value
        };
        Some(Fact::new(value, attribute.value_span, &DEFAULT_ATTRIBUTE))
    });
    let mut children = Vec::new();
    nested_fields(&element.children, None, &mut children);
    let mut description = String::new();
    prose(&element.children, &mut description);
    let mut facts = facts::read(&name.value, &kind, &element.children);
    facts.nullable = nullable(element).or(facts.nullable);
    let field = Field {
        name,
        type_text,
        default: default.or_else(|| facts::default(&facts, &kind)),
        kind,
        required: required(element),
        description: description.trim().to_owned(),
        deprecated: element
            .attribute("deprecated")
            .is_some_and(|attribute| flag(attribute) == Some(true)),
        prose: facts.shared(),
        variant: None,
        children,
        span: element.span,
        open: element.open,
    };
    (role, field)
}

fn role_and_name(element: &Element) -> (Role, Fact<String>) {
    let named = |attribute: &str| {
        let attribute = element.attribute(attribute)?;
        text(attribute, &FIELD_NAME)
    };
    let unnamed = || Fact::new(String::new(), element.name_span, &NAMELESS_FIELD);
    if element.name == "ResponseField" {
        let name = ["name", "field_name", "body", "header"]
            .iter()
            .find_map(|name| named(name));
        return (Role::Response, name.unwrap_or_else(unnamed));
    }
    for attribute in &element.attributes {
        let Some((_, role)) = LOCATIONS.iter().find(|(name, _)| *name == attribute.name) else {
            continue;
        };
        if *role == Role::Body && attribute.value == AttributeValue::Bare {
            return (
                Role::WholeBody,
                Fact::new(String::new(), attribute.span, &WHOLE_BODY),
            );
        }
        return (*role, text(attribute, &FIELD_NAME).unwrap_or_else(unnamed));
    }
    (Role::Unplaced, named("name").unwrap_or_else(unnamed))
}

fn text(attribute: &Attribute, rule: &'static ReadingRule) -> Option<Fact<String>> {
    let text = attribute.value.as_str()?;
    Some(Fact::new(text.to_owned(), attribute.value_span, rule))
}

fn required(element: &Element) -> Option<Fact<bool>> {
    if let Some(attribute) = element.attribute("required") {
        let value = flag(attribute)?;
        return Some(Fact::new(value, attribute.span, &REQUIRED_ATTRIBUTE));
    }
    let attribute = ["optional", "Optional"]
        .iter()
        .find_map(|name| element.attribute(name))?;
    let value = !flag(attribute)?;
    Some(Fact::new(value, attribute.span, &OPTIONAL_ATTRIBUTE))
}

/// Where an attribute says that the value may be `null`: `nullable`, or a label such as `post={["nullable"]}`.
fn nullable(element: &Element) -> Option<Evidence> {
    let flagged = element.attribute("nullable");
    let flagged = flagged.filter(|attribute| flag(attribute) == Some(true));
    let is_label = |attribute: &&Attribute| {
        let value = attribute.value.to_value().unwrap_or_default();
        let mut labels = value.as_array().into_iter().flatten().chain([&value]);
        labels.any(|label| matches!(label.as_str(), Some("nullable" | "null")))
    };
    let labelled = ["pre", "post"]
        .iter()
        .find_map(|name| element.attribute(name).filter(is_label));
    let attribute = flagged.or(labelled)?;
    Some(Evidence::new(attribute.span, &NULLABLE_ATTRIBUTE))
}

/// What a flag means to its author: `"false"` is false, whatever the platform shows.
fn flag(attribute: &Attribute) -> Option<bool> {
    match &attribute.value {
        AttributeValue::Bare => Some(true),
        AttributeValue::Literal(value) if value.is_boolean() => value.as_bool(),
        value => match value.as_str()? {
            "" | "true" | "True" | "TRUE" | "required" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        },
    }
}

/// The fields inside a field. Several titled parts beside each other, such as tabs, hold alternatives.
fn nested_fields(nodes: &[Node], variant: Option<&Fact<String>>, fields: &mut Vec<Field>) {
    let titles = Titles::of(nodes);
    let elements = nodes.iter().filter_map(Node::as_element);
    let titled_parts = elements.filter(|element| is_part(element, titles)).count();
    let mut before: Option<&Element> = None;
    for node in nodes {
        let Some(element) = node.as_element() else {
            before = before.filter(|_| is_blank(node));
            continue;
        };
        if is_field(&element.name) {
            let mut field = read(element).1;
            field.variant = variant.cloned();
            fields.push(field);
            before = Some(element);
            continue;
        }
        if let (Some(before), Some(field)) = (before.take(), fields.last_mut())
            && adopt(field, before, element)
        {
            continue;
        }
        let own = (titled_parts > 1 && is_part(element, titles))
            .then(|| title(element))
            .flatten();
        let own = own.map(|(title, span)| Fact::new(title.to_owned(), span, &TITLED_PART));
        nested_fields(&element.children, own.as_ref().or(variant), fields);
    }
}

/// Takes the fields of an `Expandable` that follows a field for members of it, if they are of the same kind, it has room
/// for members and none of its own, and the title does not announce something else.
pub(super) fn adopt(field: &mut Field, before: &Element, element: &Element) -> bool {
    static MEMBERS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:propert(?:y|ies)|attributes?|items?|objects?|child(?:ren)?|members?|elements?|entries|array|structure|schema|details?|eigenschaften|propriedades|propiedades|propriétés|atributos|campos)\b|属性|字段",
        )
    });
    if element.name != "Expandable" || !field.children.is_empty() || !has_room(&field.kind) {
        return false;
    }
    let name = field.name.value.to_lowercase();
    let announces = title(element).is_none_or(|(title, _)| {
        MEMBERS.is_match(title) || !name.is_empty() && title.to_lowercase().contains(&name)
    });
    let is_same = first_field(&element.children).is_some_and(|inner| inner.name == before.name);
    if !announces || !is_same {
        return false;
    }
    nested_fields(&element.children, None, &mut field.children);
    for child in &mut field.children {
        let name = &mut child.name.evidence;
        *name = Evidence::new(name.span, &EXPANDABLE_AFTER_FIELD);
    }
    true
}

fn first_field(nodes: &[Node]) -> Option<&Element> {
    nodes
        .iter()
        .filter_map(Node::as_element)
        .find_map(|element| {
            if is_field(&element.name) {
                Some(element)
            } else {
                first_field(&element.children)
            }
        })
}

/// True if fields may be nested in a value of that type.
pub(super) fn has_room(kind: &Type) -> bool {
    match kind {
        Type::Object | Type::Map(..) | Type::Named(_) | Type::Any | Type::Unknown(_) => true,
        Type::Array(items) => items.as_ref().is_none_or(|items| has_room(items)),
        Type::Union(types) => types.iter().any(has_room),
        _ => false,
    }
}

/// True for white space between elements.
pub(super) fn is_blank(node: &Node) -> bool {
    matches!(node, Node::Prose(prose) if prose.text.text().trim().is_empty())
}

fn is_part(element: &Element, titles: Titles) -> bool {
    matches!(element.name.as_str(), "Tab" | "Accordion" | "Expandable")
        && titles.tell_apart(element)
}

/// What the titles of elements beside each other say of all of them.
#[derive(Clone, Copy)]
pub(super) struct Titles {
    /// True if the title of a tab is no mere label.
    has_told_tab: bool,
}

impl Titles {
    pub(super) fn of(nodes: &[Node]) -> Self {
        let mut tabs = nodes
            .iter()
            .filter_map(Node::as_element)
            .filter(|element| element.name == "Tab");
        Self {
            has_told_tab: tabs.any(is_told),
        }
    }

    /// True if a title tells an element from those beside it: it is no mere label, or it is that of a tab beside a tab
    /// with such a title, as tabs are shown one at a time.
    pub(super) fn tell_apart(self, element: &Element) -> bool {
        let is_titled_tab = element.name == "Tab" && title(element).is_some();
        is_told(element) || self.has_told_tab && is_titled_tab
    }
}

/// True if the title is no mere label.
fn is_told(element: &Element) -> bool {
    title(element).is_some_and(|(title, _)| !sections::is_label(title))
}

/// The running text of a field, without nested fields, expandable parts, and code blocks.
fn prose(nodes: &[Node], into: &mut String) {
    for node in nodes {
        match node {
            Node::Prose(prose) => {
                if !prose.inline && !into.is_empty() {
                    into.push_str("\n\n");
                }
                into.push_str(prose.text.text());
            }
            Node::Element(element) if !is_field(&element.name) && element.name != "Expandable" => {
                prose(&element.children, into);
            }
            _ => {}
        }
    }
}

/// The value of the title of a tab, accordion, or similar.
pub(super) fn title(element: &Element) -> Option<(&str, Span)> {
    let attribute = element.attribute("title")?;
    Some((attribute.value.as_str()?, attribute.value_span))
}
