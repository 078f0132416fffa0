//! An OpenAPI file as the whole of a site; further files may follow, for references.

use super::{parts, site};

const CONFIGURATION: &str = "%% docs.json\n{\"api\": {\"openapi\": \"openapi.yaml\"}}\n";

pub(crate) fn hold(text: &str) {
    let mut input = CONFIGURATION.to_owned();
    for (name, part) in parts(text, "openapi.yaml") {
        input.push_str("%% ");
        input.push_str(name);
        input.push('\n');
        input.push_str(part);
        if !part.ends_with('\n') {
            input.push('\n');
        }
    }
    site::hold(&input);
}
