//! The values in a text: what stands before, between, and after them.

use std::cmp::Reverse;

use super::{Bracket, Reader};
use crate::model::json::{Failure, Json, JsonKind, Reading, RepairKind};

impl Reader<'_> {
    /// Reads all values of the text.
    pub(super) fn documents(mut self) -> Reading {
        let mut documents = Vec::new();
        let failure = self.fill(&mut documents).err();
        let failure = failure.or_else(|| self.nothing_found(&documents));
        self.repairs
            .sort_by_key(|repair| (repair.range.start, Reverse(repair.range.end)));
        Reading {
            documents,
            repairs: self.repairs,
            duplicates: Vec::new(),
            failure,
        }
    }

    fn fill(&mut self, documents: &mut Vec<Json>) -> Result<(), Failure> {
        loop {
            self.blank_between_documents();
            let start = self.cursor.at;
            let Some(byte) = self.cursor.peek() else {
                return Ok(());
            };
            match byte {
                b',' | b';' => {
                    let range = self.take(1);
                    self.repair(RepairKind::ExtraComma, range);
                }
                b'}' | b']' => {
                    let range = self.take(1);
                    self.repair(RepairKind::WrongClosing, range);
                }
                _ if self.begins_fragment() => documents.push(self.fragment()?),
                _ if self.begins_document(documents.is_empty()) => documents.push(self.value()?),
                _ if self.skip_preamble() => {}
                _ if documents.is_empty() => {
                    let found = self.cursor.found();
                    return Err(Failure::new(
                        start,
                        format!("expected a JSON value, found {found}"),
                    ));
                }
                _ => self.stray_line(),
            }
            if documents.len() > 1
                && documents
                    .last()
                    .is_some_and(|last| last.range.start == start)
            {
                self.repair(RepairKind::SeveralDocuments, start..self.token_end);
            }
            if self.cursor.at == start {
                self.stray_line();
            }
        }
    }

    fn nothing_found(&self, documents: &[Json]) -> Option<Failure> {
        documents
            .is_empty()
            .then(|| Failure::new(self.cursor.at, "expected a JSON value, found the end"))
    }

    /// Outside of brackets no comment stands for an item, but a comment with a request line introduces the value.
    fn blank_between_documents(&mut self) {
        let known = self.repairs.len();
        self.blank();
        for repair in self.repairs.iter_mut().skip(known) {
            let comment = self
                .cursor
                .text
                .get(repair.range.clone())
                .unwrap_or_default();
            if repair.kind == RepairKind::LineComment
                && is_request_line(comment.trim_start_matches(['/', '#', ' ']))
            {
                repair.kind = RepairKind::Preamble;
            }
        }
    }

    /// True if members come next that no brace opens: a key and a colon.
    fn begins_fragment(&mut self) -> bool {
        let (start, token_end, repairs) = (self.cursor.at, self.token_end, self.repairs.len());
        let is_quoted = self.string().is_some();
        if is_quoted {
            self.cursor.eat_while(|byte| byte == b' ' || byte == b'\t');
        } else {
            self.cursor
                .eat_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        }
        let has_colon = self.cursor.at > start && self.cursor.eat(":");
        self.cursor.eat_while(|byte| byte == b' ' || byte == b'\t');
        let is_data = self.cursor.slice(start..self.cursor.at).trim_end() == "data:";
        let has_value = is_quoted
            || (!is_data && matches!(self.cursor.peek(), Some(b'{' | b'[' | b'"' | b'\'')));
        (self.cursor.at, self.token_end) = (start, token_end);
        self.repairs.truncate(repairs);
        has_colon && has_value
    }

    fn fragment(&mut self) -> Result<Json, Failure> {
        let start = self.cursor.at;
        let members = self.items(Bracket::Fragment, start)?;
        Ok(Json {
            range: start..self.token_end.max(start),
            kind: JsonKind::Object(members),
        })
    }

    /// True if a value comes next; words count only as the literals of JSON, and only if nothing else was found.
    fn begins_document(&self, is_first: bool) -> bool {
        match self.cursor.peek_char() {
            Some('{' | '[' | '"' | '\'' | '“' | '”' | '„') => true,
            Some('…' | '.') => is_first && is_dots(self.cursor.rest().trim_end()),
            Some(_) if is_first => {
                let line = self
                    .cursor
                    .rest()
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .trim_end();
                let is_placeholder =
                    line.rfind('<') == Some(0) && line.find('>') == Some(line.len() - 1);
                let is_all = self.cursor.rest().trim_end().len() == line.trim_end().len();
                let word = line.trim_end();
                is_all && (is_placeholder || super::value::is_literal(word))
            }
            _ => false,
        }
    }

    /// Takes a line that belongs to HTTP or to an event stream, up to the value if one stands on it.
    fn skip_preamble(&mut self) -> bool {
        let line = self.cursor.rest().lines().next().unwrap_or_default();
        let length = if let Some(data) = line.strip_prefix("data:") {
            line.len() - data.trim_start().len()
        } else if line.starts_with("HTTP/")
            || is_request_line(line)
            || is_header(line)
            || line.trim_end() == "---"
        {
            line.len()
        } else {
            return false;
        };
        let range = self.take(length);
        self.repair(RepairKind::Preamble, range);
        true
    }

    fn stray_line(&mut self) {
        let start = self.cursor.at;
        self.cursor.bump();
        self.cursor.eat_while(|byte| byte != b'\n');
        let length = self.cursor.slice(start..self.cursor.at).trim_end().len();
        self.repair(RepairKind::StrayText, start..start + length);
    }
}

fn is_dots(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|char| matches!(char, '.' | '…'))
}

/// `GET /path` or `POST https://host/path`.
fn is_request_line(line: &str) -> bool {
    const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    let mut words = line.split_whitespace();
    words.next().is_some_and(|word| METHODS.contains(&word))
        && words
            .next()
            .is_some_and(|target| target.contains('/') || target.starts_with('{'))
}

/// `Name: value` or a label such as `Response:`.
fn is_header(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    })
}
