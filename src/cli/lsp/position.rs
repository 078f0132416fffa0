//! Places of files as editors count them, and paths as URIs.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use fieldproof::source::{SourceFile, line_ends};
use lsp_types::{Position, PositionEncodingKind, Uri};

/// In which units an editor counts columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16, which every editor knows.
    Utf16,
}

impl Encoding {
    /// The best one of those that an editor offers.
    pub(super) fn of(offered: Option<&Vec<PositionEncodingKind>>) -> Self {
        let knows_bytes = offered.is_some_and(|it| it.contains(&PositionEncodingKind::UTF8));
        if knows_bytes { Self::Utf8 } else { Self::Utf16 }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
        }
    }

    /// The position of byte `offset`.
    pub(super) fn position(self, file: &SourceFile, offset: usize) -> Position {
        let line = file.position(offset).line - 1;
        let before = file.text().get(..offset).unwrap_or(file.text());
        let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let before = before.get(start..).unwrap_or_default();
        let column: usize = before.chars().map(|it| self.width(it)).sum();
        Position::new(line, u32::try_from(column).unwrap_or(u32::MAX))
    }

    pub(super) fn range(self, file: &SourceFile, bytes: Range<usize>) -> lsp_types::Range {
        lsp_types::Range::new(
            self.position(file, bytes.start),
            self.position(file, bytes.end),
        )
    }

    /// The byte at a position; one behind the end of its line, or of the file, counts as that end.
    pub(super) fn offset(self, text: &str, position: Position) -> usize {
        let start = match position.line.checked_sub(1) {
            None => 0,
            Some(before) => line_ends(text).nth(before as usize).unwrap_or(text.len()),
        };
        let mut left = position.character as usize;
        let mut offset = start;
        for character in text.get(start..).unwrap_or_default().chars() {
            if left < self.width(character) || matches!(character, '\n' | '\r') {
                break;
            }
            left -= self.width(character);
            offset += character.len_utf8();
        }
        offset
    }
}

/// The file that a URI names, if it is one of this machine.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let path = uri.as_str().strip_prefix("file://")?;
    // `file://localhost/a`, and `file:///a`.
    let path = path.get(path.find('/')?..)?;
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(more.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = more.get(2..)?;
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    Some(PathBuf::from(String::from_utf8(bytes).ok()?))
}

/// The URI of a file.
pub(super) fn uri(path: &Path) -> Option<Uri> {
    let mut uri = String::from("file://");
    for byte in path.to_str()?.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_the_units_of_the_editor() {
        let file = SourceFile::new("a.mdx", "x\r\né😀z\rq");
        for (encoding, column) in [(Encoding::Utf8, 6), (Encoding::Utf16, 3)] {
            let position = encoding.position(&file, 9);
            assert_eq!((position.line, position.character), (1, column));
            assert_eq!(encoding.offset(file.text(), position), 9);
        }
        assert_eq!(Encoding::Utf16.position(&file, 11), Position::new(2, 0));
    }

    #[test]
    fn a_position_outside_is_the_nearest_one_inside() {
        let text = "ab\ncd";
        let offset = |line, column| Encoding::Utf16.offset(text, Position::new(line, column));
        assert_eq!([offset(0, 9), offset(1, 9), offset(9, 9)], [2, 5, 5]);
    }

    #[test]
    fn a_path_comes_back_from_its_uri() {
        for name in ["/docs/a b.mdx", "/docs/ü%20#?.mdx", "/"] {
            assert_eq!(
                path(&uri(Path::new(name)).unwrap()),
                Some(PathBuf::from(name))
            );
        }
        let other: Uri = "untitled:Untitled-1".parse().unwrap();
        assert_eq!(path(&other), None);
    }
}
