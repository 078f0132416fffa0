//! The part of a file that a reader has to see, made fit for a terminal.
//!
//! A window holds whole lines, from the first marked one to the last. Control characters become pictures, CRLF becomes LF,
//! lines end soon behind their last mark, and a mark that is very wide, or runs over many lines, shrinks to its start.
//! So whatever an author wrote, the renderer gets harmless text and ranges that fit it.
//!
//! Nothing is taken away before a mark, as the renderer counts columns in the text that it is given; it cuts lines on the
//! left by itself, but only if all marks of a window lie within one width of a screen. See [`fit_side_by_side`].

use std::ops::Range;

use super::visible::picture;
use crate::source::SourceFile;

/// A mark over more lines than this is shrunk to its first line.
const TALLEST: usize = 4;

/// How many columns there are for lines of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room(pub(super) usize);

impl Room {
    /// A mark with more characters on one line than this is shrunk. Twice as many fit a screen, as some characters are wide.
    fn widest(self) -> usize {
        self.0 * 3 / 7
    }

    /// So many characters are kept behind the last mark of a line.
    fn behind(self) -> usize {
        self.0 * 5 / 7
    }
}

/// Lines of a file that can be shown, and the marks in them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The lines.
    pub(super) text: String,
    /// The number of the first of them.
    pub(super) first_line: usize,
    /// The marks, in the order given, as ranges of `text`.
    pub(super) marks: Vec<Range<usize>>,
}

impl Window {
    /// The window on `file` that shows `marks`, each of them [`fitted`].
    pub(super) fn new(file: &SourceFile, marks: &[Range<usize>], room: Room) -> Self {
        let text = file.text();
        let start = marks.iter().map(|mark| mark.start).min().unwrap_or(0);
        let end = marks.iter().map(|mark| mark.end).max().unwrap_or(0);
        let start = line_start(text, start);
        let end = line_end(text, end);

        let mut window = Self {
            text: String::new(),
            first_line: file.position(start).line as usize,
            marks: vec![0..0; marks.len()],
        };
        let mut at = start;
        for line in text
            .get(start..end)
            .unwrap_or_default()
            .split_inclusive('\n')
        {
            window.push_line(line, at, marks, room);
            at += line.len();
        }
        window
    }

    /// Appends `line`, which starts at byte `at` of the file, and places the ends of marks that lie in it.
    fn push_line(&mut self, line: &str, at: usize, marks: &[Range<usize>], room: Room) {
        let content = line.trim_end_matches('\n').trim_end_matches('\r');
        // A mark on the line end itself is shown behind the last character.
        let here = at..at + line.len().max(content.len() + 1);
        let within = |offset: usize| here.contains(&offset);
        let base = self.text.len();
        let place = |offset: usize| {
            base + content
                .get(..(offset - at).min(content.len()))
                .map_or(0, |before| pictured(before).len())
        };
        for (mark, shown) in marks.iter().zip(&mut self.marks) {
            if within(mark.start) {
                *shown = place(mark.start)..place(mark.start);
            }
            if within(mark.end) {
                shown.end = place(mark.end);
            }
        }
        let ends = marks.iter().flat_map(|mark| [mark.start, mark.end]);
        let last = ends
            .filter(|end| within(*end))
            .max()
            .map_or(0, |end| (end - at).min(content.len()));
        let kept = last + nth_or_end(content.get(last..).unwrap_or_default(), room.behind());
        self.text
            .push_str(&pictured(content.get(..kept).unwrap_or_default()));
        if kept < content.len() {
            self.text.push('…');
        }
        self.text.push('\n');
    }
}

fn pictured(text: &str) -> String {
    text.chars().map(picture).collect()
}

/// The byte at which character `count` starts, or the end of the text.
fn nth_or_end(text: &str, count: usize) -> usize {
    text.char_indices()
        .nth(count)
        .map_or(text.len(), |(at, _)| at)
}

/// True if one window can show both marks without a line that is too long.
pub(super) fn fit_side_by_side(
    file: &SourceFile,
    one: &Range<usize>,
    other: &Range<usize>,
    room: Room,
) -> bool {
    let column = |offset: usize| file.position(offset).column as usize;
    let columns = [one.start, one.end, other.start, other.end].map(column);
    let least = columns.iter().min().copied().unwrap_or_default();
    let most = columns.iter().max().copied().unwrap_or_default();
    most <= 2 * room.widest() || most - least <= room.widest()
}

/// The mark inside the text, at character boundaries, without white space at its end, not too tall, and not too wide.
pub(super) fn fitted(file: &SourceFile, mark: &Range<usize>, room: Room) -> Range<usize> {
    let widest = room.widest();
    let text = file.text();
    let start = boundary(text, mark.start);
    let marked = text
        .get(start..boundary(text, mark.end))
        .unwrap_or_default();
    let trimmed = marked.trim_end();
    if trimmed.is_empty() {
        // White space alone was meant: show what of it lies on the first line.
        let first = marked.split(['\r', '\n']).next().unwrap_or_default();
        return start..start + nth_or_end(first, widest);
    }
    let tall = trimmed.lines().nth(TALLEST).is_some();
    let wide = trimmed
        .lines()
        .any(|line| nth_or_end(line, widest) < line.len());
    let far = trimmed.contains('\n') && file.position(start).column as usize > widest;
    if !tall && !wide && !far {
        return start..start + trimmed.len();
    }
    let start = start + trimmed.len() - trimmed.trim_start().len();
    let first = trimmed
        .trim_start()
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end();
    start..start + nth_or_end(first, widest)
}

fn boundary(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

fn line_start(text: &str, offset: usize) -> usize {
    text.get(..offset)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1)
}

fn line_end(text: &str, offset: usize) -> usize {
    text.get(offset..)
        .and_then(|after| after.find('\n'))
        .map_or(text.len(), |at| offset + at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room(140);

    fn window(text: &str, mark: Range<usize>) -> Window {
        let file = SourceFile::new("a.mdx", text);
        Window::new(&file, &[fitted(&file, &mark, ROOM)], ROOM)
    }

    fn marked(text: &str, mark: Range<usize>) -> String {
        let window = window(text, mark);
        let shown = window
            .marks
            .first()
            .cloned()
            .and_then(|mark| window.text.get(mark));
        shown.expect("the mark fits the text").to_owned()
    }

    #[test]
    fn only_the_marked_lines_are_shown() {
        let text = "one\r\ntwo\r\nthree\r\n";
        let window = window(text, 5..8);
        assert_eq!(window.text, "two\n");
        assert_eq!(window.first_line, 2);
        assert_eq!(marked(text, 5..8), "two");
    }

    #[test]
    fn a_long_line_ends_soon_behind_its_mark() {
        let text = format!("{}needle{}", "é".repeat(500), "x".repeat(500));
        assert_eq!(marked(&text, 1000..1006), "needle");
        let window = window(&text, 1000..1006);
        assert_eq!(
            window.text.trim_end().chars().count(),
            500 + 6 + ROOM.behind() + 1
        );
    }

    #[test]
    fn a_wide_mark_shrinks_to_its_start() {
        assert_eq!(
            marked(&"x".repeat(500), 100..400),
            "x".repeat(ROOM.widest())
        );
    }

    #[test]
    fn a_tall_mark_shrinks_to_its_first_line() {
        assert_eq!(marked("\n  first \n2\n3\n4\n5\n6\n", 0..20), "first");
        assert_eq!(marked("1\n2\n3\n", 0..6), "1\n2\n3");
    }

    #[test]
    fn odd_offsets_do_no_harm() {
        assert_eq!(marked("", 0..0), "");
        assert_eq!(marked("ab", 1..99), "b");
        assert_eq!(marked("ab\n", 3..3), "");
        assert_eq!(marked("ab\r\ncd", 2..4), "");
        assert_eq!(marked("é", 1..1), "");
        assert_eq!(marked("\u{feff}ab", 0..4), "\u{fffd}a");
        assert_eq!(marked("a\u{1b}b", 0..3), "a␛b");
    }
}
