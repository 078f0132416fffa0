//! `paths` to operations.

use std::sync::Arc;

use crate::model::endpoint::{self, Endpoint};
use crate::model::evidence::Fact;
use crate::model::operation::{Body, Location, Operation, Parameter, SentInText};
use crate::model::shape::{Shape, ShapeKind};

use super::schema::{self, Direction};
use super::tree::{Files, Node, evidence};
use super::{response, security};

/// The operations of a file, in its order; `left` is how many schemas may be read.
pub(super) fn all<'t>(files: &Files<'t>, root: Node<'t>, left: &mut usize) -> Vec<Arc<Operation>> {
    let mut operations = Vec::new();
    for (path, _, item) in root.get("paths").into_iter().flat_map(Node::members) {
        let Some(item) = files.resolve(item).filter(|_| path.starts_with('/')) else {
            continue;
        };
        for (method, place, node) in item.members() {
            let method = method.to_ascii_uppercase();
            if !endpoint::METHODS.contains(&method.as_str()) || !node.is_object() {
                continue;
            }
            let reading = Reading {
                files,
                root,
                item,
                node,
            };
            let endpoint = Endpoint {
                method,
                server: None,
                path: path.to_owned(),
                query: None,
            };
            let endpoint = Fact {
                value: endpoint,
                evidence: evidence(place),
            };
            operations.push(Arc::new(reading.operation(endpoint, left)));
        }
    }
    operations
}

/// An operation object, and what stands around it.
struct Reading<'r, 't> {
    files: &'r Files<'t>,
    root: Node<'t>,
    item: Node<'t>,
    node: Node<'t>,
}

impl<'t> Reading<'_, 't> {
    fn operation(&self, endpoint: Fact<Endpoint>, left: &mut usize) -> Operation {
        let text = |key: &str| {
            let node = [self.node, self.item]
                .into_iter()
                .find_map(|it| it.get(key));
            node.and_then(Node::text).map(str::to_owned)
        };
        let identifier = self
            .node
            .get("operationId")
            .and_then(|node| node.text().map(|text| node.fact(text.to_owned())));
        Operation {
            endpoint,
            servers: self.servers(),
            title: text("summary"),
            description: text("description"),
            identifier,
            tags: self.tags(),
            pages: Vec::new(),
            queries: Vec::new(),
            parameters: self.parameters(left),
            body: self.body(left),
            responses: response::all(self.files, self.node, left),
            request_examples: Vec::new(),
            auth: security::read(self.files, self.root, self.node),
            deprecated: self.node.get("deprecated").is_some_and(Node::is_true),
            response_headers: response::headers(self.files, self.node, left),
            outcomes: Vec::new(),
            remarks: Vec::new(),
            reasons: Vec::new(),
            listed: Vec::new(),
            sent_in_text: SentInText {
                media_types: self.other_media_types(),
                ..SentInText::default()
            },
            is_unsafe: false,
        }
    }

    fn tags(&self) -> Vec<String> {
        let listed = self.node.get("tags").into_iter().flat_map(Node::items);
        listed.filter_map(Node::text).map(str::to_owned).collect()
    }

    /// The nearest servers, their variables replaced by the defaults.
    fn servers(&self) -> Vec<Fact<String>> {
        let around = [self.node, self.item, self.root];
        let listed = around.into_iter().find_map(|it| it.get("servers"));
        let servers = listed.into_iter().flat_map(Node::items);
        servers
            .filter_map(|server| {
                let url = server.get("url")?;
                let mut text = url.text()?.trim_end_matches('/').to_owned();
                for (name, _, variable) in
                    server.get("variables").into_iter().flat_map(Node::members)
                {
                    if let Some(default) = variable.get("default").and_then(Node::text) {
                        text = text.replace(&format!("{{{name}}}"), default);
                    }
                }
                (!text.is_empty()).then(|| url.fact(text))
            })
            .collect()
    }

    /// The parameters of the path that the operation does not replace, and its own.
    fn parameters(&self, left: &mut usize) -> Vec<Parameter> {
        let listed = |node: Node<'t>| {
            let items = node.get("parameters").into_iter().flat_map(Node::items);
            items.filter_map(|item| self.files.resolve(item))
        };
        let mut parameters: Vec<Parameter> = Vec::new();
        for node in listed(self.item).chain(listed(self.node)) {
            let Some(parameter) = self.parameter(node, left) else {
                continue;
            };
            let same = |known: &&mut Parameter| {
                known.location == parameter.location
                    && known.field.name.value == parameter.field.name.value
            };
            match parameters.iter_mut().find(same) {
                Some(known) => *known = parameter,
                None => parameters.push(parameter),
            }
        }
        parameters
    }

    fn parameter(&self, node: Node<'t>, left: &mut usize) -> Option<Parameter> {
        let name = node.get("name")?;
        let location = match node.get("in")?.text()? {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            "cookie" => Location::Cookie,
            _ => return None,
        };
        let text = name.text()?;
        // These are described by the media types and by `security`, and are to be ignored here:
        // https://spec.openapis.org/oas/v3.1.1.html#fixed-fields-for-use-with-schema
        let is_described = |header: &&str| header.eq_ignore_ascii_case(text);
        if location == Location::Header
            && ["Accept", "Content-Type", "Authorization"]
                .iter()
                .any(is_described)
        {
            return None;
        }
        let schema = node.get("schema");
        let mut shape = schema.map_or_else(Shape::unknown, |schema| {
            schema::read(self.files, schema, Direction::Request, left).shape
        });
        let nested = matches!(shape.kind, ShapeKind::Object { .. } | ShapeKind::Map(_));
        let described: Vec<_> = [Some(node), schema.and_then(|it| self.files.resolve(it))]
            .into_iter()
            .flatten()
            .collect();
        let mut field = schema::field(text, name.place(), &described, &shape);
        let flag = node.get("required");
        let is_required = location == Location::Path || flag.is_some_and(Node::is_true);
        // How an object is spread over several parameters depends on `style`; it is not judged.
        field.required = Some(flag.unwrap_or(name).fact(is_required && !nested));
        if nested {
            shape = Shape::unknown();
        }
        Some(Parameter {
            location,
            field,
            shape,
        })
    }

    /// The media types of bodies beside the one that is read.
    fn other_media_types(&self) -> Vec<String> {
        let body = self.node.get("requestBody");
        let body = body.and_then(|body| self.files.resolve(body));
        let Some(content) = body.and_then(|body| body.get("content")) else {
            return Vec::new();
        };
        let preferred = response::preferred(content).map(|(name, ..)| name);
        let names = content.members().map(|(name, ..)| name);
        let others = names.filter(|name| Some(*name) != preferred);
        others.map(str::to_owned).collect()
    }

    fn body(&self, left: &mut usize) -> Option<Body> {
        let body = self.files.resolve(self.node.get("requestBody")?)?;
        let (media_type, place, media) = response::preferred(body.get("content")?)?;
        let described = media
            .get("schema")
            .map(|schema| schema::read(self.files, schema, Direction::Request, left));
        let (shape, fields) = described.map_or_else(
            || (Shape::unknown(), Vec::new()),
            |described| (described.shape, described.fields),
        );
        let is_object = matches!(shape.kind, ShapeKind::Object { .. });
        let is_required = body.get("required").filter(|flag| flag.is_true());
        let mut whole = schema::field("body", place, &[body], &shape);
        whole.required = is_required.map(|flag| flag.fact(true));
        // An object that may be left out is one field, too: its members are asked for only where it is sent.
        let is_whole = !is_object || is_required.is_none();
        whole.children = fields;
        let fields = if is_whole {
            vec![whole]
        } else {
            whole.children
        };
        Some(Body {
            media_type: Fact {
                value: media_type.to_owned(),
                evidence: evidence(place),
            },
            fields,
            whole: is_whole,
            shape,
        })
    }
}
