//! What an operation does to the world, by its method and by the words of its path and title.
//!
//! `GET` reads, unless its last word says otherwise (`GET /cache/purge`), and `POST` may read (`POST /books/search`).
//! Where words are in doubt, the class is the one that does more harm. A page that says `{/* fieldproof-unsafe */}` knows
//! better, and so does the configuration.

use serde::Deserialize;

use crate::model::Operation;
use crate::model::route::Template;

/// What an operation does, the least harmful first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// It changes nothing.
    Read,
    /// It makes something.
    Create,
    /// It changes something.
    Modify,
    /// It reaches beyond the API: somebody gets a message, or money moves.
    External,
    /// It removes something.
    Destroy,
    /// Its page warns of it.
    Unsafe,
}

impl Class {
    /// How people say it: `it may …`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read data",
            Self::Create => "create data",
            Self::Modify => "change data",
            Self::External => "reach people or money",
            Self::Destroy => "destroy data",
            Self::Unsafe => "do what its page warns of",
        }
    }
}

/// The first word of a segment says what is done.
const READ: &[&str] = &[
    "search",
    "query",
    "list",
    "get",
    "find",
    "lookup",
    "count",
    "validate",
    "check",
    "preview",
    "estimate",
    "calculate",
    "compare",
    "filter",
    "describe",
    "show",
    "read",
    "fetch",
    "history",
    "export",
    "simulate",
    "quote",
    "verify",
    "inspect",
    "aggregate",
];
const DESTROY: &[&str] = &[
    "delete",
    "remove",
    "destroy",
    "purge",
    "reset",
    "revoke",
    "clear",
    "erase",
    "drop",
    "wipe",
    "truncate",
    "flush",
    "terminate",
    "cancel",
    "expire",
    "deactivate",
    "unregister",
    "logout",
];
const EXTERNAL: &[&str] = &[
    "send",
    "charge",
    "pay",
    "invite",
    "notify",
    "publish",
    "transfer",
    "withdraw",
    "refund",
    "broadcast",
    "deploy",
    "call",
    "dial",
    "email",
    "sms",
    "remind",
    "purchase",
    "buy",
    "payout",
    "capture",
    "resend",
    "rotate",
];
const MODIFY: &[&str] = &[
    "update", "edit", "set", "change", "modify", "rename", "move", "archive", "restore", "enable",
    "disable", "activate", "pause", "resume", "start", "stop", "approve", "reject", "assign",
    "merge", "replace", "lock", "unlock", "pin", "mark",
];

/// The class of an operation.
pub fn class(operation: &Operation) -> Class {
    if operation.is_unsafe {
        return Class::Unsafe;
    }
    let endpoint = &operation.endpoint.value;
    let said = said(&endpoint.path);
    match endpoint.method.as_str() {
        "GET" | "HEAD" | "OPTIONS" | "QUERY" | "TRACE" => said
            .filter(|class| matches!(class, Class::Destroy | Class::External))
            .unwrap_or(Class::Read),
        "DELETE" => Class::Destroy,
        "PUT" | "PATCH" => said
            .filter(|class| *class > Class::Modify)
            .unwrap_or(Class::Modify),
        _ => {
            let makes = operation
                .responses
                .iter()
                .any(|response| response.status.code() == Some(201));
            let titled = operation
                .title
                .as_deref()
                .and_then(first_word)
                .and_then(|word| of(&word));
            match (said, titled) {
                (Some(Class::Read), _) if makes => Class::Create,
                (Some(Class::Read), None | Some(Class::Read)) => Class::Read,
                (said, titled) => said
                    .into_iter()
                    .chain(titled.filter(|class| *class != Class::Read))
                    .max()
                    .unwrap_or(Class::Create),
            }
        }
    }
}

/// What the last segment of a path says, if it says anything.
fn said(path: &str) -> Option<Class> {
    let last = path.split('/').rfind(|segment| !segment.is_empty())?;
    if !Template::parse(&format!("/{last}")).parameters().is_empty() {
        return None;
    }
    // `messages.send` and `messages:send` say it with their last part.
    let part = last.rsplit(['.', ':']).next().unwrap_or(last);
    of(&first_word(part)?)
}

fn of(word: &str) -> Option<Class> {
    let lists = [
        (DESTROY, Class::Destroy),
        (EXTERNAL, Class::External),
        (MODIFY, Class::Modify),
        (READ, Class::Read),
    ];
    let found = lists.into_iter().find(|(words, _)| words.contains(&word));
    found.map(|(_, class)| class)
}

/// `send` of `send-email`, `sendEmail`, and `Send an e-mail`, in lower case.
fn first_word(text: &str) -> Option<String> {
    let mut word = String::new();
    for character in text.trim().chars() {
        let ends = !character.is_alphanumeric() || character.is_uppercase() && !word.is_empty();
        if ends {
            break;
        }
        word.extend(character.to_lowercase());
    }
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::documentation;

    fn class_of(api: &str, title: &str) -> Class {
        let page = format!("---\ntitle: \"{title}\"\napi: \"{api}\"\n---\n");
        let (_, documentation) = documentation("", &[&page]);
        class(&documentation.api.operations[0])
    }

    #[test]
    fn methods_say_what_is_done_unless_words_say_more() {
        for (api, expected) in [
            ("GET /books", Class::Read),
            ("GET /books/{id}", Class::Read),
            ("GET /cache/purge", Class::Destroy),
            ("GET /reset/{id}", Class::Read),
            ("POST /books", Class::Create),
            ("POST /books/search", Class::Read),
            ("POST /books.list", Class::Read),
            ("POST /messages.send", Class::External),
            ("POST /keys/{id}/revoke", Class::Destroy),
            ("POST /orders/{id}/cancelOrder", Class::Destroy),
            ("POST /books/{id}/archive", Class::Modify),
            ("PATCH /books/{id}", Class::Modify),
            ("PUT /cards/{id}/charge", Class::External),
            ("DELETE /books/{id}", Class::Destroy),
        ] {
            assert_eq!(class_of(api, "Books"), expected, "{api}");
        }
    }

    #[test]
    fn titles_count_where_a_path_reads() {
        assert_eq!(class_of("POST /query", "Query books"), Class::Read);
        assert_eq!(class_of("POST /query", "Delete by query"), Class::Destroy);
        assert_eq!(
            class_of("POST /invitations", "Invite a member"),
            Class::External
        );
    }
}
