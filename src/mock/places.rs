//! `page.mdx:12` for a span, without keeping the texts of the pages.

use serde_json::{Value, json};

use crate::source::{FileId, Sources, Span};

/// The paths of all files, and where their lines start.
#[derive(Clone, Debug)]
pub(super) struct Places {
    files: Vec<File>,
}

#[derive(Clone, Debug)]
struct File {
    path: String,
    starts: Vec<u32>,
}

/// A line of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) page: String,
    pub(super) line: usize,
}

impl Places {
    pub(super) fn new(sources: &Sources) -> Self {
        let files = sources.iter().map(|(_, file)| File {
            path: file.path().to_owned(),
            starts: starts(file.text()),
        });
        Self {
            files: files.collect(),
        }
    }

    /// Where a span starts.
    pub(super) fn of(&self, span: Span) -> Place {
        let Some(file) = self.files.get(span.file.index()) else {
            return Place {
                page: String::new(),
                line: 0,
            };
        };
        Place {
            page: file.path.clone(),
            line: file.starts.partition_point(|start| *start <= span.start),
        }
    }

    /// The path of a file from the root of the docs.
    pub(super) fn path(&self, file: FileId) -> &str {
        self.files
            .get(file.index())
            .map_or("", |file| file.path.as_str())
    }
}

fn starts(text: &str) -> Vec<u32> {
    let mut starts = Vec::with_capacity(text.len() / 32 + 1);
    starts.push(0);
    starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
    starts.shrink_to_fit();
    starts
}

impl Place {
    pub(super) fn to_json(&self) -> Value {
        json!({ "page": self.page, "line": self.line })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.page, self.line)
    }
}
