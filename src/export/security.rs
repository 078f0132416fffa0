//! `security`: how requests are authenticated.
//!
//! What only an example shows, what is inferred, and credentials of the site that the commands of the page leave out are
//! not insisted on: the empty alternative `{}` stands beside them.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::model::{AuthScheme, Operation};

use super::name::{camel_case, unique};
use super::path::Placed;
use super::server::most_common;

/// The schemes that the operations use, each under a name of its own.
pub(super) struct Schemes {
    known: Vec<Known>,
}

struct Known {
    /// What tells it from the others: headers are the same in any case.
    key: AuthScheme,
    name: String,
    object: Value,
}

impl Schemes {
    pub(super) fn of(placed: &[Placed<'_>]) -> Self {
        let mut known: Vec<Known> = Vec::new();
        let mut taken = HashSet::new();
        for operation in placed.iter().map(|placed| placed.operation) {
            for scheme in operation.auth.schemes.iter().map(|scheme| &scheme.value) {
                let key = key(scheme);
                if known.iter().any(|it| it.key == key) {
                    continue;
                }
                let name = unique(&name(scheme), &taken);
                taken.insert(name.clone());
                let object = object(scheme, placed);
                known.push(Known { key, name, object });
            }
        }
        known.sort_by(|one, other| one.name.cmp(&other.name));
        Self { known }
    }

    /// The entries of `components`.
    pub(super) fn objects(&self) -> Map<String, Value> {
        let known = self.known.iter();
        known
            .map(|it| (it.name.clone(), it.object.clone()))
            .collect()
    }

    /// The security of most operations, if any has some.
    pub(super) fn shared(&self, placed: &[Placed<'_>]) -> Option<Value> {
        let texts = placed
            .iter()
            .map(|placed| self.required(placed.operation).to_string());
        let value: Value = serde_json::from_str(&most_common(texts)?).ok()?;
        (value != json!([])).then_some(value)
    }

    /// Writes the security of an operation that has another than the shared one.
    pub(super) fn write(
        &self,
        placed: &Placed<'_>,
        shared: Option<&Value>,
        operation: &mut Map<String, Value>,
    ) {
        let own = self.required(placed.operation);
        let is_shared = match shared {
            Some(shared) => *shared == own,
            None => own == json!([]),
        };
        if !is_shared {
            operation.insert("security".to_owned(), own);
        }
    }

    /// What an operation asks for.
    fn required(&self, operation: &Operation) -> Value {
        let schemes = operation.auth.schemes.iter();
        let names: Map<String, Value> = schemes
            .filter_map(|scheme| {
                let key = key(&scheme.value);
                self.known.iter().find(|known| known.key == key)
            })
            .map(|known| (known.name.clone(), json!([])))
            .collect();
        if names.is_empty() {
            json!([])
        } else if operation.required_credentials().is_empty() {
            json!([names, {}])
        } else {
            json!([names])
        }
    }
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

fn key(scheme: &AuthScheme) -> AuthScheme {
    match scheme {
        AuthScheme::Header(name) => AuthScheme::Header(header(name).to_ascii_lowercase()),
        other => other.clone(),
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

/// The header that a page means: it may name the field by what that holds, such as `Bearer Token`, and no header has
/// such a name.
fn header(name: &str) -> &str {
    if name.trim().contains(char::is_whitespace) {
        "Authorization"
    } else {
        name
    }
}

fn object(scheme: &AuthScheme, placed: &[Placed<'_>]) -> Value {
    match scheme {
        AuthScheme::Header(name) => {
            let name = header(name);
            let mut object = json!({"type": "apiKey", "in": "header", "name": name});
            if let Some(word) = word_before(name, placed) {
                object["description"] = json!(format!("The word `{word}`, a space, and the key."));
            }
            object
        }
        AuthScheme::Bearer => json!({"type": "http", "scheme": "bearer"}),
        AuthScheme::Basic => json!({"type": "http", "scheme": "basic"}),
        AuthScheme::Query(name) => json!({"type": "apiKey", "in": "query", "name": name}),
    }
}

/// The word that commands write before the key, such as `Token` in `Authorization: Token KEY`.
fn word_before<'o>(header: &str, placed: &[Placed<'o>]) -> Option<&'o str> {
    let examples = placed
        .iter()
        .flat_map(|placed| &placed.operation.request_examples);
    let mut curls = examples.filter_map(|example| example.curl.as_ref());
    curls.find_map(|curl| {
        let value = &curl.header(header)?.value.value;
        let (word, key) = value.trim().split_once(' ')?;
        let is_word = !word.is_empty() && word.chars().all(|it| it.is_ascii_alphabetic());
        let is_key = !key.trim().contains(char::is_whitespace) || key.trim().starts_with('<');
        (is_word && is_key).then_some(word)
    })
}
