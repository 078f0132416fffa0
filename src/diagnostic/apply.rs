//! Which fixes go together, and what texts become by them.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{FileId, Sources, Span};

use super::{Edit, Fix};

/// The indexes of the fixes that can be applied together: of two that touch each other the first one stays.
///
/// A fix whose edits do not fit their files, or touch each other, is left out; so is one that was given before, as
/// each page that shows a snippet reports what is wrong in it.
pub fn compatible(sources: &Sources, fixes: &[&Fix]) -> Vec<usize> {
    let mut taken = Taken::default();
    fixes
        .iter()
        .enumerate()
        .filter(|(_, fix)| {
            let fit = |edit: &Edit| {
                let text = sources.file(edit.span.file).text();
                text.get(edit.span.range()).is_some()
            };
            !fix.edits.is_empty() && fix.edits.iter().all(fit) && taken.take(&fix.edits)
        })
        .map(|(index, _)| index)
        .collect()
}

/// Places that are to be edited: file, start, and end.
#[derive(Default)]
struct Taken(BTreeSet<(FileId, u32, u32)>);

impl Taken {
    /// Takes the places of all edits, or of none.
    fn take(&mut self, edits: &[Edit]) -> bool {
        let places = edits
            .iter()
            .map(|edit| (edit.span.file, edit.span.start, edit.span.end));
        for (count, place) in places.clone().enumerate() {
            if !self.is_free(place) {
                for place in places.take(count) {
                    self.0.remove(&place);
                }
                return false;
            }
            self.0.insert(place);
        }
        true
    }

    fn is_free(&self, place: (FileId, u32, u32)) -> bool {
        let (file, start, end) = place;
        let before = self.0.range(..=place).next_back();
        let after = self.0.range(place..).next();
        before.is_none_or(|(other, _, before)| *other != file || *before < start)
            && after.is_none_or(|(other, after, _)| *other != file || end < *after)
    }
}

/// The texts of the files that fixes change; the fixes are [`compatible`] with each other.
pub fn apply(sources: &Sources, fixes: &[&Fix]) -> BTreeMap<FileId, String> {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in fixes.iter().flat_map(|fix| &fix.edits) {
        by_file.entry(edit.span.file).or_default().push(edit);
    }
    by_file
        .into_iter()
        .map(|(file, edits)| (file, edited(sources.file(file).text(), edits)))
        .collect()
}

fn edited(text: &str, mut edits: Vec<&Edit>) -> String {
    let place = |edit: &&Edit| -> Span { edit.span };
    edits.sort_by_key(place);
    let mut edited = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        edited.push_str(text.get(at..range.start).unwrap_or_default());
        edited.push_str(&edit.text);
        at = range.end;
    }
    edited.push_str(text.get(at..).unwrap_or_default());
    edited
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Safety;
    use crate::source::SourceFile;

    fn applied(text: &str, edits: &[(usize, usize, &str)]) -> (usize, String) {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a.mdx", text));
        let fix = |(start, end, new): &(usize, usize, &str)| {
            Fix::replace("x", Safety::Safe, Span::new(file, *start..*end), *new)
        };
        let fixes: Vec<_> = edits.iter().map(fix).collect();
        let fixes: Vec<_> = fixes.iter().collect();
        let chosen = compatible(&sources, &fixes);
        let chosen: Vec<_> = chosen.into_iter().map(|index| fixes[index]).collect();
        let texts = apply(&sources, &chosen);
        (chosen.len(), texts.get(&file).cloned().unwrap_or_default())
    }

    #[test]
    fn edits_are_made_at_their_places_in_any_order() {
        let edits = [(4, 5, ""), (0, 1, "xyz"), (2, 2, "-")];
        assert_eq!(applied("abcdef", &edits), (3, "xyzb-cdf".to_owned()));
    }

    #[test]
    fn of_two_that_touch_the_first_stays() {
        assert_eq!(applied("abcdef", &[(1, 3, "x"), (2, 4, "y")]).1, "axdef");
        assert_eq!(applied("abcdef", &[(1, 3, "x"), (3, 3, "y")]).1, "axdef");
        assert_eq!(applied("abcdef", &[(2, 2, "x"), (2, 2, "x")]).0, 1);
        assert_eq!(applied("abcdef", &[(0, 6, "x"), (2, 3, "y")]).1, "x");
        assert_eq!(applied("abcdef", &[(2, 3, "x"), (0, 6, "y")]).1, "abxdef");
    }

    #[test]
    fn a_fix_is_applied_as_a_whole_or_not_at_all() {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a.mdx", "abcdef"));
        let edit = |start, end| Edit {
            span: Span::new(file, start..end),
            text: "x".to_owned(),
        };
        let fix = |edits| Fix {
            edits,
            ..Fix::replace("x", Safety::Safe, Span::new(file, 0..0), "")
        };
        let fixes = [
            fix(vec![edit(1, 2)]),
            fix(vec![edit(4, 5), edit(0, 3)]),
            fix(vec![edit(4, 6)]),
        ];
        let fixes: Vec<_> = fixes.iter().collect();
        assert_eq!(compatible(&sources, &fixes), [0, 2]);
    }

    #[test]
    fn what_does_not_fit_the_file_is_left_out() {
        assert_eq!(applied("é", &[(0, 1, "x")]).0, 0);
        assert_eq!(applied("é", &[(0, 9, "x")]).0, 0);
    }
}
