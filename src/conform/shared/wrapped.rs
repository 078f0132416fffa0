//! Texts whose lines the author has wrapped: a line that goes on in the next one is one line, since sentences are what is
//! read.

use crate::model::{Api, Field};

/// Joins the lines of paragraphs in all texts; items of lists, rows of tables, and what is fenced stay as they are.
pub(super) fn join(api: &mut Api) {
    for operation in &mut api.operations {
        for parameter in &mut operation.parameters {
            of_fields(std::slice::from_mut(&mut parameter.field));
        }
        if let Some(body) = &mut operation.body {
            of_fields(&mut body.fields);
        }
        for response in &mut operation.responses {
            of_fields(&mut response.fields);
        }
        for header in &mut operation.response_headers {
            header.description = joined(&header.description);
        }
        for remark in &mut operation.remarks {
            remark.value = joined(&remark.value);
        }
    }
    for remark in &mut api.shared.remarks {
        remark.text.value = joined(&remark.text.value);
    }
}

fn of_fields(fields: &mut [Field]) {
    for field in fields {
        field.description = joined(&field.description);
        of_fields(&mut field.children);
    }
}

fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut is_fenced = false;
    let mut is_open = false;
    for line in text.lines() {
        let bare = line.trim();
        let is_fence = bare.starts_with("```") || bare.starts_with("~~~");
        let goes_on = is_open && !is_fenced && !is_fence && !begins_block(bare);
        if goes_on {
            joined.push(' ');
            joined.push_str(bare);
        } else {
            if !joined.is_empty() {
                joined.push('\n');
            }
            joined.push_str(line.trim_end());
        }
        is_fenced ^= is_fence;
        let is_row = bare.starts_with(['|', '#']);
        is_open = !is_fence && !bare.is_empty() && !is_row && !line.ends_with("  ");
    }
    joined
}

/// True for a line that is no continuation: a blank one, an item, a heading, a row, a quote, a tag.
fn begins_block(line: &str) -> bool {
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = number.len() < line.len() && number.starts_with(['.', ')']);
    let is_item = ["- ", "* ", "+ "].iter().any(|it| line.starts_with(it));
    line.is_empty() || is_item || is_numbered || line.starts_with(['#', '|', '>', '<'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_paragraph_are_one() {
        assert_eq!(
            joined("Required\n  when `a` is sent.\n\nNext."),
            "Required when `a` is sent.\n\nNext."
        );
        let list = "One of:\n- `a`, which\n  is first\n- `b`";
        assert_eq!(joined(list), "One of:\n- `a`, which is first\n- `b`");
        let fenced = "As in\n```\na\nb\n```\nor\nelse";
        assert_eq!(joined(fenced), "As in\n```\na\nb\n```\nor else");
        let table = "| a | b |\n| --- | --- |\n| c | d |";
        assert_eq!(joined(table), table);
    }
}
