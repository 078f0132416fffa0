//! `security` to the one way to authenticate that the model can state.

use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::{Auth, AuthScheme};

use super::tree::{Files, Node};

pub(super) static ALTERNATIVE_SECURITY: ReadingRule = ReadingRule {
    name: "alternative-security",
    origin: Origin::Inferred,
    summary: "of several ways to authenticate in an OpenAPI file the first is used, and none is asked for",
};

/// What the operation asks for, else what the file asks for.
///
/// The first of several alternatives is taken. As no request must use it, it counts as inferred, and so does one that
/// may be left out (`{}`).
pub(super) fn read<'t>(files: &Files<'t>, root: Node<'t>, operation: Node<'t>) -> Auth {
    let Some(security) = [operation, root]
        .into_iter()
        .find_map(|it| it.get("security"))
    else {
        return Auth::default();
    };
    let alternatives: Vec<_> = security.items().collect();
    let schemes = root
        .get("components")
        .and_then(|components| components.get("securitySchemes"));
    let first = alternatives
        .iter()
        .find(|alternative| !alternative.json.members().is_empty());
    let mut auth = Auth::default();
    for (name, ..) in first.into_iter().flat_map(|first| first.members()) {
        let scheme = schemes
            .and_then(|schemes| schemes.get(name))
            .and_then(|scheme| files.resolve(scheme));
        let Some((node, value)) = scheme.and_then(|node| Some((node, scheme_of(node)?))) else {
            continue;
        };
        let fact = match alternatives.len() {
            0 | 1 => node.fact(value),
            _ => Fact::new(value, node.place(), &ALTERNATIVE_SECURITY),
        };
        auth.schemes.push(fact);
    }
    auth
}

/// A scheme that can be sent; a cookie or a certificate is not stated.
fn scheme_of(scheme: Node<'_>) -> Option<AuthScheme> {
    let text = |key: &str| scheme.get(key).and_then(Node::text);
    match text("type")? {
        "http" => match text("scheme")?.to_ascii_lowercase().as_str() {
            "bearer" => Some(AuthScheme::Bearer),
            "basic" => Some(AuthScheme::Basic),
            _ => Some(AuthScheme::Header("Authorization".to_owned())),
        },
        "oauth2" | "openIdConnect" => Some(AuthScheme::Bearer),
        "apiKey" => {
            let name = text("name")?.to_owned();
            match text("in")? {
                "header" => Some(AuthScheme::Header(name)),
                "query" => Some(AuthScheme::Query(name)),
                _ => None,
            }
        }
        _ => None,
    }
}
