//! Operations of which the pages say that anybody may call them: without credentials, and from any page in a browser.

use crate::model::{Api, Operation};

use super::draft::Draft;

/// What a browser says of the page that asks.
const ORIGIN: &str = "https://example.com";

/// Takes away the credentials of the site where the page says that none are needed, and asks as a browser does where the
/// page says what browsers are told.
pub(super) fn adapt(draft: &mut Draft, operation: &Operation, api: &Api) {
    if let Some(other) = asked_elsewhere(operation, api) {
        draft.without_credentials(other);
    }
    let mut headers = operation.response_headers.iter();
    let is_for_browsers = headers.any(|header| {
        let name = header.name.value.to_ascii_lowercase();
        name == "access-control-allow-origin" && header.shown.as_deref() == Some("*")
    });
    if is_for_browsers && draft.request().header("Origin").is_none() {
        draft.set_header("Origin", ORIGIN);
    }
}

/// An operation that takes the credentials of the site, which this one, as its page says, does not.
fn asked_elsewhere<'a>(operation: &Operation, api: &'a Api) -> Option<&'a Operation> {
    // The configuration of the site is for every page that does not say otherwise.
    let is_of_site = |it: &&Operation| {
        let mut schemes = it.auth.schemes.iter();
        schemes.any(|scheme| scheme.evidence.rule.name == "site-auth")
    };
    let is_open = operation.auth.schemes.is_empty();
    api.operations.iter().filter(|_| is_open).find(is_of_site)
}
