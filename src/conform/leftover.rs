//! What a run could not remove, and the file that keeps it until somebody does.
//!
//! ```json
//! {"version": 1, "leftovers": [{"noun": "order", "id": "order_9", "made_by": "POST /orders", "method": "DELETE",
//!   "url": "http://127.0.0.1:8080/orders/order_9", "headers": [["Authorization", "Bearer $TOKEN"]], "secrets": ["TOKEN"]}]}
//! ```
//!
//! Secrets are not kept: `secrets` names what has to be filled in for `$NAME`. What no documented operation removes is not
//! in the file, as nothing could be done about it. A file may hold what was left on several servers.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::bindings::{Piece, Secrets};
use super::message::{Body, Request};
use super::repeat;

/// Something that is left on the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leftover {
    /// What it is one of.
    pub noun: String,
    /// Its id, if it is known.
    pub id: Option<String>,
    /// The operation that made it, or may have made it without an answer.
    pub made_by: String,
    /// True if there is no doubt that it was made.
    pub is_certain: bool,
    /// What may remove it, if an operation that does is documented.
    pub request: Option<Request>,
    /// How the server refuses what removes it, if that is of no use.
    pub refusal: Option<String>,
}

impl Leftover {
    /// `order order_9`, or what is known in its place.
    pub fn name(&self) -> String {
        match (&self.id, self.is_certain) {
            (Some(id), _) => format!("{} {id}", self.noun),
            (None, true) => format!("{} without a known id", self.noun),
            (None, false) => format!("perhaps {}", self.noun),
        }
    }

    /// The command that may remove it, or why there is none.
    pub fn advice(&self, secrets: &Secrets) -> String {
        match (&self.request, &self.id, self.is_certain) {
            (Some(request), ..) => repeat::command(request, secrets),
            (None, Some(_), _) if self.refusal.is_some() => {
                let refusal = self.refusal.as_deref().unwrap_or_default();
                format!("{refusal}, as the pages say that it does for some states")
            }
            (None, Some(_), _) => "no documented operation removes it".to_owned(),
            (None, None, true) => format!("{} did not tell the id of what it made", self.made_by),
            (None, None, false) => format!("{} was sent and not answered", self.made_by),
        }
    }
}

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    leftovers: Vec<Entry>,
}

/// A leftover as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What it is one of.
    pub noun: String,
    /// Its id, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The operation that made it.
    pub made_by: String,
    /// The method of the request that may remove it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    url: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// What `$NAME` stands for a secret.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    secrets: Vec<String>,
}

/// Why a file holds no leftovers.
#[derive(Debug, thiserror::Error)]
pub enum LeftoverError {
    /// It is another file.
    #[error("it is not a file of what `fieldproof test` left: {0}")]
    Form(#[from] serde_json::Error),
    /// It is of another version.
    #[error("its version is {0}, and only version 1 can be read")]
    Version(u32),
}

/// The text of a file with the leftovers that a request may remove, in their order, and what was left earlier behind them.
pub fn write(
    leftovers: &[Leftover],
    earlier: Vec<Entry>,
    secrets: &Secrets,
) -> Result<String, LeftoverError> {
    let removable = leftovers.iter().filter(|it| it.request.is_some());
    let mut entries: Vec<_> = removable.map(|it| Entry::of(it, secrets)).collect();
    // A file may have grown over thousands of runs.
    let mut known: HashSet<Entry> = entries.iter().cloned().collect();
    entries.extend(earlier.into_iter().filter(|it| known.insert(it.clone())));
    write_entries(entries)
}

/// The same for what a file had already.
pub fn write_entries(leftovers: Vec<Entry>) -> Result<String, LeftoverError> {
    let version = 1;
    let mut text = serde_json::to_string_pretty(&File { version, leftovers })?;
    text.push('\n');
    Ok(text)
}

/// The leftovers that a file holds.
pub fn read(text: &str) -> Result<Vec<Entry>, LeftoverError> {
    let file: File = serde_json::from_str(text)?;
    if file.version != 1 {
        return Err(LeftoverError::Version(file.version));
    }
    Ok(file.leftovers)
}

impl Entry {
    fn of(leftover: &Leftover, secrets: &Secrets) -> Self {
        let mut names = Vec::new();
        let mut hidden = |text: &str| hide(text, secrets, &mut names);
        let request = leftover.request.as_ref();
        let headers = request.map(|it| it.headers.as_slice()).unwrap_or_default();
        Self {
            noun: leftover.noun.clone(),
            id: leftover.id.as_deref().map(&mut hidden),
            made_by: leftover.made_by.clone(),
            method: request.map(|it| it.method.clone()),
            url: request.map(|it| hidden(&it.url)).unwrap_or_default(),
            headers: headers
                .iter()
                .map(|(name, value)| (name.clone(), hidden(value)))
                .collect(),
            body: request
                .filter(|it| it.body.is_some())
                .map(|it| hidden(&it.body_text())),
            secrets: names,
        }
    }

    /// `order order_9`
    pub fn name(&self) -> String {
        match &self.id {
            Some(id) => format!("{} {id}", self.noun),
            None => format!("{} that {} made", self.noun, self.made_by),
        }
    }

    /// The scheme, host, and port of the server that it is left on.
    pub fn origin(&self) -> Option<&str> {
        let (scheme, rest) = self.url.split_once("://")?;
        let host = rest.find(['/', '?']).unwrap_or(rest.len());
        self.url.get(..scheme.len() + 3 + host)
    }

    /// The request that may remove it, with its secrets filled in, and with other headers in the place of those of the
    /// same name; the name of the secret that is missing if one is, and nothing if no operation removes it.
    pub fn request(
        &self,
        headers: &[(String, String)],
        secret: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Request>, String> {
        let Some(method) = &self.method else {
            return Ok(None);
        };
        let mut sent = Vec::new();
        for (name, value) in &self.headers {
            let own = headers
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name));
            let value = match own {
                Some((_, value)) => value.clone(),
                None => self.filled(value, secret)?,
            };
            sent.push((name.clone(), value));
        }
        for (name, value) in headers {
            if !sent
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name))
            {
                sent.push((name.clone(), value.clone()));
            }
        }
        let body = self.body.as_ref().map(|text| self.filled(text, secret));
        Ok(Some(Request {
            method: method.clone(),
            url: self.filled(&self.url, secret)?,
            headers: sent,
            body: body.transpose()?.map(Body::Text),
        }))
    }

    fn filled(
        &self,
        text: &str,
        secret: &dyn Fn(&str) -> Option<String>,
    ) -> Result<String, String> {
        let mut filled = text.to_owned();
        let mut names: Vec<_> = self.secrets.iter().collect();
        // `$TOKEN_2` before `$TOKEN`.
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        for name in names {
            let mark = format!("${name}");
            if filled.contains(&mark) {
                let value = secret(name).ok_or_else(|| name.clone())?;
                filled = filled.replace(&mark, &value);
            }
        }
        Ok(filled)
    }
}

/// The text with `$NAME` for each secret, whose names are noted.
fn hide(text: &str, secrets: &Secrets, names: &mut Vec<String>) -> String {
    let mut hidden = String::new();
    for piece in secrets.split(text) {
        match piece {
            Piece::Text(text) => hidden.push_str(text),
            Piece::Secret(name) => {
                hidden.push('$');
                hidden.push_str(name);
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
        }
    }
    hidden
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::bindings::Bindings;

    fn leftover() -> Leftover {
        Leftover {
            noun: "order".to_owned(),
            id: Some("order_9".to_owned()),
            made_by: "POST /orders".to_owned(),
            is_certain: true,
            request: Some(Request {
                method: "DELETE".to_owned(),
                url: "http://127.0.0.1:1/orders/order_9?key=s3cr3t".to_owned(),
                headers: vec![("Authorization".to_owned(), "Bearer s3cr3t".to_owned())],
                body: None,
            }),
            refusal: None,
        }
    }

    #[test]
    fn secrets_are_not_kept_and_filled_in_again() {
        let bindings = Bindings {
            secrets: vec![("token".to_owned(), "s3cr3t".to_owned())],
            ..Bindings::default()
        };
        let text = write(&[leftover()], Vec::new(), &bindings.secrets()).unwrap();
        assert!(!text.contains("s3cr3t"), "{text}");
        let entries = read(&text).unwrap();
        let [entry] = entries.as_slice() else {
            panic!("{text}");
        };
        assert_eq!(entry.origin(), Some("http://127.0.0.1:1"));
        let known = |name: &str| (name == "TOKEN").then(|| "s3cr3t".to_owned());
        assert_eq!(entry.request(&[], &known), Ok(leftover().request));
        assert_eq!(entry.request(&[], &|_| None), Err("TOKEN".to_owned()));
    }

    #[test]
    fn other_files_are_refused() {
        for text in [
            "",
            "[]",
            r#"{"version": 2, "leftovers": []}"#,
            r#"{"version": 1}"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
