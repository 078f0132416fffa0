//! `security`: how requests are authenticated.
//!
//! What only an example shows, what is inferred, and credentials of the site that the commands of the page leave out are
//! not insisted on: the empty alternative `{}` stands beside them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::{AuthScheme, Operation};

use super::name::camel_case;
use super::path::Placed;
use super::server::most_common;

/// The security of most operations, if any has some.
pub(super) fn shared(placed: &[Placed<'_>]) -> Option<Value> {
    let texts = placed
        .iter()
        .map(|placed| own(placed.operation).to_string());
    let value: Value = serde_json::from_str(&most_common(texts)?).ok()?;
    (value != json!([])).then_some(value)
}

/// Writes the security of an operation that has another than the shared one.
pub(super) fn write(
    placed: &Placed<'_>,
    shared: Option<&Value>,
    operation: &mut Map<String, Value>,
) {
    let own = own(placed.operation);
    let is_shared = match shared {
        Some(shared) => *shared == own,
        None => own == json!([]),
    };
    if !is_shared {
        operation.insert("security".to_owned(), own);
    }
}

/// The schemes that the operations use, by their names.
pub(super) fn schemes(placed: &[Placed<'_>]) -> Map<String, Value> {
    let used: BTreeSet<(String, String)> = placed
        .iter()
        .flat_map(|placed| &placed.operation.auth.schemes)
        .map(|scheme| (name(&scheme.value), scheme_of(&scheme.value).to_string()))
        .collect();
    used.into_iter()
        .filter_map(|(name, scheme)| Some((name, serde_json::from_str(&scheme).ok()?)))
        .collect()
}

/// True if credentials are documented that a header of that name carries.
pub(super) fn covers(operation: &Operation, header: &str) -> bool {
    operation
        .auth
        .schemes
        .iter()
        .any(|scheme| match &scheme.value {
            AuthScheme::Bearer | AuthScheme::Basic => header.eq_ignore_ascii_case("authorization"),
            AuthScheme::Header(name) => header.eq_ignore_ascii_case(name),
            AuthScheme::Query(_) => false,
        })
}

fn own(operation: &Operation) -> Value {
    let schemes = &operation.auth.schemes;
    if schemes.is_empty() {
        return json!([]);
    }
    let names: Map<String, Value> = schemes
        .iter()
        .map(|scheme| (name(&scheme.value), json!([])))
        .collect();
    if operation.required_credentials().is_empty() {
        json!([names, {}])
    } else {
        json!([names])
    }
}

fn name(scheme: &AuthScheme) -> String {
    match scheme {
        AuthScheme::Bearer => "bearerAuth".to_owned(),
        AuthScheme::Basic => "basicAuth".to_owned(),
        AuthScheme::Header(name) | AuthScheme::Query(name) => {
            let name = camel_case(name);
            if name.is_empty() {
                "apiKey".to_owned()
            } else {
                name
            }
        }
    }
}

fn scheme_of(scheme: &AuthScheme) -> Value {
    match scheme {
        // Pages name the field by what it holds, such as `Bearer Token`; no header has such a name.
        AuthScheme::Header(name) if name.trim().contains(char::is_whitespace) => {
            json!({"type": "apiKey", "in": "header", "name": "Authorization"})
        }
        AuthScheme::Bearer => json!({"type": "http", "scheme": "bearer"}),
        AuthScheme::Basic => json!({"type": "http", "scheme": "basic"}),
        AuthScheme::Header(name) => json!({"type": "apiKey", "in": "header", "name": name}),
        AuthScheme::Query(name) => json!({"type": "apiKey", "in": "query", "name": name}),
    }
}
