//! The words of names, and the numbers by which values are chosen.
//!
//! Every choice is made by a number that depends on the operation, the path, and the place of the value.

use http::StatusCode;

/// Where hashing starts (FNV-1a).
pub(super) const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of a text, going on from another hash; the same on every machine and in every version.
pub(super) fn hash(seed: u64, text: &str) -> u64 {
    let mixed = text.bytes().chain([0xff]).fold(seed, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    mixed ^ (mixed >> 29)
}

/// The hash of bytes, going on from another hash.
pub(super) fn hash_bytes(seed: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(seed, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A seed changed by a number; zero changes nothing.
pub(super) fn mix(seed: u64, number: u64) -> u64 {
    seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A name without what sets spellings apart: `user_id`, `userId`, and `User-ID` are one.
pub(super) fn folded(name: &str) -> String {
    let letters = name.chars().filter(|it| it.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The reason of a status as a code for programs: `not_found` for 404.
pub(super) fn code_of_status(status: u16) -> Option<String> {
    let reason = StatusCode::from_u16(status).ok()?.canonical_reason()?;
    Some(reason.to_lowercase().replace([' ', '-'], "_"))
}

/// The words of a text in lower case, whatever stands between them.
pub(super) fn parts_of_text(text: &str) -> Vec<String> {
    let words = text.split(|it: char| !it.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The last word of a name in the singular, as English has it: `users`, `user-list`, and `getUser` are about users.
pub(super) fn singular(name: &str) -> String {
    let mut parts = parts(name);
    if parts.len() > 1
        && let Some("list" | "all" | "data" | "items" | "details" | "info") =
            parts.last().map(String::as_str)
    {
        parts.pop();
    }
    let word = parts.pop().unwrap_or_default();
    let ends = ["ches", "shes", "sses", "xes"];
    if matches!(word.as_str(), "series" | "species" | "news") {
        return word;
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        format!("{stem}y")
    } else if ends.iter().any(|end| word.ends_with(end)) {
        word.strip_suffix("es").unwrap_or(&word).to_owned()
    } else if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") {
        word.strip_suffix('s').unwrap_or(&word).to_owned()
    } else {
        word
    }
}

/// What an operation is about, in the singular: the last word of its path that is no parameter.
pub(super) fn noun(operation: &str) -> String {
    let path = operation.rsplit(' ').next().unwrap_or_default();
    let mut literals = path
        .rsplit('/')
        .filter(|segment| !segment.contains('{') && !segment.starts_with(':'));
    singular(literals.find(|it| !it.is_empty()).unwrap_or_default())
}

/// Segments of paths that say how things are looked for.
const SEARCHES: [&str; 6] = ["search", "query", "list", "find", "filter", "lookup"];

/// Segments that tell of a thing, or say what is done with it, and are no things of their own.
const ASIDES: [&str; 42] = [
    "status",
    "state",
    "result",
    "results",
    "progress",
    "cancel",
    "pause",
    "resume",
    "stop",
    "start",
    "restart",
    "retry",
    "archive",
    "unarchive",
    "restore",
    "activate",
    "deactivate",
    "enable",
    "disable",
    "approve",
    "reject",
    "accept",
    "decline",
    "close",
    "reopen",
    "open",
    "complete",
    "publish",
    "unpublish",
    "confirm",
    "verify",
    "lock",
    "unlock",
    "suspend",
    "block",
    "unblock",
    "finalize",
    "submit",
    "void",
    "abort",
    "revoke",
    "terminate",
];

/// What the answer to an operation is about: as [`noun`] says, and the thing itself where the path ends with what is done
/// with it, a report for `/reports/{id}/status`, or with a search; who asks is a user.
pub(super) fn subject(operation: &str) -> String {
    let path = operation.rsplit(' ').next().unwrap_or_default();
    let is_parameter = |it: &str| it.contains('{') || it.starts_with(':');
    let mut segments = path.rsplit('/').filter(|it| !it.is_empty());
    let last = segments.next().unwrap_or_default();
    let mut literals = segments.clone().filter(|it| !is_parameter(it));
    let before = literals.next().unwrap_or_default();
    let is_below = segments.next().is_some_and(is_parameter);
    let named = folded(last);
    match named.as_str() {
        "me" | "self" | "whoami" | "myself" | "userinfo" => "user".to_owned(),
        "register" | "signup" if matches!(before, "auth" | "account" | "accounts" | "users") => {
            "user".to_owned()
        }
        it if is_below && ASIDES.contains(&it) => singular(before),
        it if SEARCHES.contains(&it) && singular(before) != folded(before) => singular(before),
        _ => noun(operation),
    }
}

/// True for members that only wrap what the answer is about.
pub(super) fn is_wrapper(name: &str, noun: &str) -> bool {
    matches!(
        folded(name).as_str(),
        "data" | "result" | "results" | "response" | "items" | "item" | "records" | "payload"
    ) || singular(name) == noun
}

/// The words of `created_at`, `createdAt`, and `created-at`, in lower case.
pub(super) fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut was_lower = false;
    let mut starts = true;
    for character in name.chars() {
        if !character.is_alphanumeric() {
            starts = true;
            continue;
        }
        if starts || was_lower && character.is_uppercase() {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.extend(character.to_lowercase());
        }
        was_lower = character.is_lowercase();
        starts = false;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        assert_eq!(parts("createdAt"), ["created", "at"]);
        assert_eq!(parts("user_ID"), ["user", "id"]);
    }

    #[test]
    fn plurals_are_of_one_kind_with_their_singular() {
        for (name, noun) in [
            ("users", "user"),
            ("categories", "category"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("status", "status"),
            ("userList", "user"),
        ] {
            assert_eq!(singular(name), noun, "{name}");
        }
    }

    #[test]
    fn what_is_done_with_a_thing_is_about_the_thing() {
        for (operation, noun) in [
            ("GET /reports/{report_id}/status", "report"),
            ("POST /jobs/:id/cancel", "job"),
            ("POST /things/search", "thing"),
            ("GET /v1/search", "search"),
            ("GET /auth/me", "user"),
            ("POST /users/{id}/posts", "post"),
            ("GET /status", "status"),
        ] {
            assert_eq!(subject(operation), noun, "{operation}");
        }
    }

    #[test]
    fn hashes_never_change() {
        assert_eq!(hash(SEED, "GET /books"), 11_286_731_788_789_002_307);
        assert_ne!(hash(SEED, "ab"), hash(hash(SEED, "a"), "b"));
    }
}
