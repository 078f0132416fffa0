//! Files in memory, and the way from a byte to a line and a column.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::{FileId, Span};

/// A place as people count: line and column from 1, the column in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, counted in Unicode scalar values.
    pub column: u32,
}

/// One file: its path from the docs root, and its text, which copies share.
#[derive(Clone, Debug)]
pub struct SourceFile {
    path: String,
    text: Arc<String>,
    line_starts: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// A file named `path` (from the docs root, with `/`) that holds `text`.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: Arc::new(text.into()),
            line_starts: OnceLock::new(),
        }
    }

    /// The path from the docs root, with `/` between its parts.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text as it was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True if another file holds the same text.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.text, &other.text) || self.text == other.text
    }

    /// The position of byte `offset`; an offset past the end counts as the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start as usize <= offset);
        let start = starts.get(line.saturating_sub(1)).copied().unwrap_or(0) as usize;
        let column = self
            .text
            .get(start..offset)
            .map_or(offset - start, |before| before.chars().count());
        Position {
            line: line as u32,
            column: column as u32 + 1,
        }
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let ends = line_ends(&self.text);
            std::iter::once(0).chain(ends.map(|at| at as u32)).collect()
        })
    }
}

/// The places behind the line endings of a text: a line feed, a carriage return, or both together.
pub fn line_ends(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'\n', b'\r', bytes)
        .filter(|&at| bytes.get(at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n'))
        .map(|at| at + 1)
}

/// All files that were read, in the order of their paths.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    /// The paths of symbolic links, which are not followed.
    links: BTreeSet<String>,
}

impl Sources {
    /// Adds a file and returns its number.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(self.files.len() as u32 - 1)
    }

    /// Gives the file of that number another text.
    pub fn replace(&mut self, id: FileId, text: impl Into<String>) {
        if let Some(file) = self.files.get_mut(id.index()) {
            *file = SourceFile::new(std::mem::take(&mut file.path), text);
        }
    }

    /// Puts a file that was read before in the place of the file of that number.
    pub fn restore(&mut self, id: FileId, known: SourceFile) {
        if let Some(file) = self.files.get_mut(id.index()) {
            *file = known;
        }
    }

    /// The files whose texts are not those of an earlier reading; `None` if files have come or gone since.
    pub fn changed_since(&self, before: &Self) -> Option<Vec<FileId>> {
        let mut paths = self.files.iter().zip(&before.files);
        let is_same = self.files.len() == before.files.len()
            && paths.all(|(file, known)| file.path == known.path);
        let changed = || {
            let files = self.iter().zip(&before.files);
            let changed = files.filter(|((_, file), known)| !file.is_same(known));
            changed.map(|((id, _), _)| id).collect()
        };
        is_same.then(changed)
    }

    /// Notes that a symbolic link is there.
    pub fn add_link(&mut self, path: impl Into<String>) {
        self.links.insert(path.into());
    }

    /// True if a symbolic link is there, or a folder above is one: what it leads to was not read.
    pub fn is_link(&self, path: &str) -> bool {
        let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        let mut places = folders.chain([path]);
        places.any(|place| self.links.contains(place))
    }

    /// The file of that number.
    ///
    /// # Panics
    ///
    /// If `id` was made by another `Sources`.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.index()]
    }

    /// The number of the file with that path from the docs root.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.iter()
            .find(|(_, file)| file.path() == path)
            .map(|(id, _)| id)
    }

    /// All files with their numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> {
        self.files
            .iter()
            .enumerate()
            .map(|(index, file)| (FileId(index as u32), file))
    }

    /// Takes in the files of another site behind its own, under the names that `name` gives them.
    pub fn absorb(&mut self, others: Self, name: impl Fn(&str) -> String) -> Moved {
        let moved = Moved(self.files.len() as u32);
        for mut file in others.files {
            file.path = name(&file.path);
            self.files.push(file);
        }
        moved
    }

    /// Lets go of the texts of all files but these; the others are empty from then on.
    pub fn keep_texts(&mut self, files: &HashSet<FileId>) {
        for (index, file) in self.files.iter_mut().enumerate() {
            if !files.contains(&FileId(index as u32)) {
                *file = SourceFile::new(std::mem::take(&mut file.path), String::new());
            }
        }
    }

    /// Gives all files other names, such as their paths from elsewhere.
    pub fn rename(&mut self, name: impl Fn(&str) -> String) {
        for file in &mut self.files {
            file.path = name(&file.path);
        }
    }

    /// First and last position of a span.
    pub fn positions(&self, span: Span) -> Range<Position> {
        let file = self.file(span.file);
        file.position(span.start as usize)..file.position(span.end as usize)
    }

    /// The text under a span; empty if the span does not fit the file.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file)
            .text()
            .get(span.range())
            .unwrap_or_default()
    }

    /// `path:line`, as people write a place.
    pub fn place(&self, span: Span) -> String {
        let file = self.file(span.file);
        let line = file.position(span.start as usize).line;
        format!("{}:{line}", file.path())
    }
}

/// Where the files of other [`Sources`] are since they were taken in.
#[derive(Clone, Copy, Debug)]
pub struct Moved(u32);

impl Moved {
    /// A span that pointed into the others.
    pub fn span(self, span: Span) -> Span {
        Span {
            file: FileId(span.file.0 + self.0),
            ..span
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_start_at_one() {
        let file = SourceFile::new("a.mdx", "é\nxy\r\nz\rq");
        let at = |offset| file.position(offset);
        assert_eq!(at(0), Position { line: 1, column: 1 });
        assert_eq!(at(2), Position { line: 1, column: 2 });
        assert_eq!(at(4), Position { line: 2, column: 2 });
        assert_eq!(at(7), Position { line: 3, column: 1 });
        assert_eq!(at(99), Position { line: 4, column: 2 });
    }
}
