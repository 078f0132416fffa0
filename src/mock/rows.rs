//! Refusals that a row of a table, or a sentence, tells and no example shows: "409 | `duplicate_name` | A shelf with this
//! name already exists".

use super::words;
use crate::model::Operation;

/// Words of an error about what is there already, in one spelling.
pub(super) const TAKEN: [&str; 7] = [
    "taken",
    "exists",
    "exist",
    "already",
    "duplicate",
    "unique",
    "conflict",
];

/// Words for what is not there, as folded texts have them.
pub(super) const MISSING: [&str; 6] = [
    "nosuch",
    "notfound",
    "unknown",
    "doesnotexist",
    "notexist",
    "nonexistent",
];

/// The statuses of refusals that depend on what there is.
const STATUSES: [u16; 4] = [400, 404, 409, 422];

/// What a page says of a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) status: u16,
    /// When it comes, as a sentence.
    pub(super) text: String,
}

impl Row {
    /// True if the refusal speaks of a member: "a shelf with this name", "at the supplied `storage_path`".
    pub(super) fn names(&self, member: &str) -> bool {
        let said = words::parts(&self.text);
        let wanted = words::parts(member);
        !wanted.is_empty() && said.windows(wanted.len()).any(|it| *it == *wanted)
    }
}

/// The refusals that the rows and sentences of a page tell, each with one status.
pub(super) fn told(operation: &Operation) -> Vec<Row> {
    let remarks = operation.remarks.iter().map(|it| it.value.as_str());
    let rows = remarks.filter_map(|remark| {
        let mut statuses = words::parts_of_text(remark).into_iter().filter_map(|it| {
            let status = it.parse::<u16>().ok().filter(|_| it.len() == 3)?;
            (200..600).contains(&status).then_some(status)
        });
        let status = statuses.next().filter(|it| STATUSES.contains(it))?;
        statuses.all(|it| it == status).then(|| Row {
            status,
            text: sentence(remark),
        })
    });
    let rows = rows.filter(|row| is_conflict(row) || speaks(&row.text, ""));
    rows.collect()
}

/// The statuses of errors that the lines of the page of an operation begin with.
pub(super) fn statuses(operation: &Operation) -> Vec<u16> {
    let own = operation.endpoint.evidence.span.file;
    let remarks = operation.remarks.iter();
    let remarks = remarks.filter(|it| it.evidence.span.file == own);
    let statuses = remarks.filter_map(|remark| {
        let first = words::parts_of_text(&remark.value).into_iter().next()?;
        let status = first.parse::<u16>().ok().filter(|_| first.len() == 3)?;
        (400..500).contains(&status).then_some(status)
    });
    statuses.collect()
}

/// The refusal of what is there already.
pub(super) fn of_conflict(rows: &[Row]) -> Option<&Row> {
    rows.iter().find(|row| is_conflict(row))
}

/// The refusal of a request that names a thing that is not there.
pub(super) fn of_missing<'r>(rows: &'r [Row], noun: &str) -> Option<&'r Row> {
    rows.iter()
        .find(|row| row.status != 409 && speaks(&row.text, noun))
}

fn is_conflict(row: &Row) -> bool {
    let said = words::parts(&row.text);
    row.status == 409 && said.iter().any(|it| TAKEN.contains(&it.as_str()))
}

/// True for a text about a thing that is not there.
fn speaks(text: &str, noun: &str) -> bool {
    let text = words::folded(text);
    text.contains(noun) && MISSING.iter().any(|it| text.contains(it))
}

/// What a line says behind its status and its codes: "There is no such boat." of `` `404` `no_boat` There is no such boat. ``
pub(super) fn sentence(line: &str) -> String {
    let mut rest = line.trim();
    loop {
        let digits = rest.trim_start_matches(|it: char| it.is_ascii_digit());
        let is_status = rest.len() - digits.len() == 3 && digits.starts_with(' ');
        let code = || {
            rest.strip_prefix('`')?
                .split_once('`')
                .map(|(_, rest)| rest)
        };
        match code() {
            Some(after) => rest = after.trim_start(),
            None if is_status => rest = digits.trim_start(),
            None => break,
        }
    }
    rest.replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::tests::mock_of;

    fn of(text: &str) -> Vec<Row> {
        let page = format!("---\napi: POST /shelves\n---\n\n{text}\n");
        let mock = mock_of(&[("create.mdx", &page)], crate::mock::Options::default());
        mock.operations[0].rows.clone()
    }

    #[test]
    fn rows_tell_what_is_refused() {
        let table = "## Errors\n\n| Status | Code | Description |\n| --- | --- | --- |\n| 409 | `duplicate_name` | A shelf with this name already exists |\n| 404 | `not_found` | Room not found |";
        let rows = of(table);
        let row = of_conflict(&rows).unwrap();
        assert_eq!(row.text, "A shelf with this name already exists");
        assert!(row.names("name"));
        assert!(!row.names("height"));
        assert_eq!(of_missing(&rows, "room").unwrap().status, 404);
        assert_eq!(of_missing(&rows, "lamp"), None);
    }

    #[test]
    fn sentences_tell_it_as_well() {
        let rows = of("A second shelf with the same name is a duplicate, and refused with `409`.");
        assert!(of_conflict(&rows).unwrap().names("name"));
        assert!(of("Refused with `409` while the shelf is moved.").is_empty());
    }

    #[test]
    fn a_line_ends_in_a_sentence() {
        let line = "`404` `no_boat` There is no boat with this `id`.";
        assert_eq!(sentence(line), "There is no boat with this id.");
        assert_eq!(sentence("429 Too many requests"), "Too many requests");
    }
}
