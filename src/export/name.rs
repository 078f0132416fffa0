//! Names for programs: `operationId`.

use std::collections::HashSet;

use super::path::Placed;

/// A name for each operation: its own, else its title, else its method and path; each name once.
pub(super) fn operations(placed: &[Placed<'_>]) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut names = Vec::new();
    for placed in placed {
        let operation = placed.operation;
        let endpoint = &operation.endpoint.value;
        let identifier = operation.identifier.as_ref().map(|it| it.value.clone());
        let title = operation.title.as_deref().filter(|title| title.is_ascii());
        let by_path = camel_case(&format!("{} {}", endpoint.method, placed.path));
        let wanted = identifier
            .into_iter()
            .chain(title.map(camel_case))
            .find(|name| !name.is_empty() && !taken.contains(name));
        let name = wanted.unwrap_or_else(|| unique(&by_path, &taken));
        taken.insert(name.clone());
        names.push(name);
    }
    names
}

/// The name, with a number behind it where it is taken.
pub(super) fn unique(name: &str, taken: &HashSet<String>) -> String {
    if !taken.contains(name) {
        return name.to_owned();
    }
    let mut number = 2_usize;
    loop {
        let candidate = format!("{name}{number}");
        if !taken.contains(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// The words of a text, `Create a user` or `X-API-Key`, as `createAUser` and `xApiKey`.
pub(super) fn camel_case(text: &str) -> String {
    let mut name = String::new();
    for word in words(text) {
        let lower = word.to_ascii_lowercase();
        if name.is_empty() {
            name.push_str(&lower);
            continue;
        }
        let mut letters = lower.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

/// Runs of letters and digits; a capital behind a small letter starts a word, too.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for run in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut start = 0;
        let bytes = run.as_bytes();
        for (at, pair) in bytes.windows(2).enumerate() {
            if let [before, after] = pair
                && before.is_ascii_lowercase()
                && after.is_ascii_uppercase()
            {
                words.push(run.get(start..=at).unwrap_or_default());
                start = at + 1;
            }
        }
        words.push(run.get(start..).unwrap_or_default());
    }
    words.retain(|word| !word.is_empty());
    words
}
