//! Titles such as `Failed` that name a state of a thing, and no error of the request: `Processing`, `Done`, and `Failed`
//! are what a job can be, and the answer is a success in each case.
//!
//! Only what the thing itself says counts: a member has the title for its value, and beside it stands another title that
//! has nothing to do with statuses. `Success` and `Error` beside each other are what they seem.

use crate::mdx::{Element, Node};
use crate::model::evidence::{Origin, ReadingRule};
use crate::model::names::letters;
use crate::model::operation::Example;

use super::field::{self, Role};
use super::status::{self, STATUS_IN_EXAMPLE_TITLE};

static STATE_IN_TITLE: ReadingRule = ReadingRule {
    name: "state-in-title",
    origin: Origin::Inferred,
    summary: "a title such as `Failed` names a state and no error if a member of the answer has it for its value, beside other states",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&STATE_IN_TITLE];

/// True for a tab whose fields call its title the constant value of one of them, beside a tab of another state.
pub(super) fn of_tab(element: &Element, beside: &[Node]) -> bool {
    let Some((title, span)) = field::title(element) else {
        return false;
    };
    let is_other = |other: &&Element| {
        let title = field::title(other);
        other.name == element.name
            && title.is_some_and(|(title, _)| {
                status::of_title(title, span, &STATUS_IN_EXAMPLE_TITLE).is_none()
            })
    };
    let mut others = beside.iter().filter_map(Node::as_element);
    others.any(|other| is_other(&other)) && says(&element.children, &letters(title))
}

/// True if a field calls the value constant.
fn says(nodes: &[Node], value: &str) -> bool {
    nodes.iter().filter_map(Node::as_element).any(|element| {
        if !field::is_field(&element.name) {
            return says(&element.children, value);
        }
        let (role, field) = field::read(element);
        let constant = field.prose.constant.as_ref();
        role == Role::Response
            && constant.is_some_and(|it| it.value.as_str().is_some_and(|it| letters(it) == value))
    })
}

/// True for an example with a member whose value is its title, where another example has another value there and a title
/// that is of no status.
pub(super) fn of_example(example: &Example, all: &[Example]) -> bool {
    let title = letters(example.title.as_deref().unwrap_or_default());
    let Some(value) = example.value().filter(|_| !title.is_empty()) else {
        return false;
    };
    let is_plain = |other: &Example| {
        let title = other.title.as_deref().unwrap_or_default();
        let status = status::of_title(title, other.title_span, &STATUS_IN_EXAMPLE_TITLE);
        !title.is_empty() && status.is_none()
    };
    let mut members = value.members().iter();
    members.any(|member| {
        let is_title = |text: &str| letters(text) == title;
        let differs = |other: &Example| {
            let other = other.value().and_then(|it| it.get(&member.key)?.as_str());
            other.is_some_and(|it| !is_title(it))
        };
        member.value.as_str().is_some_and(is_title)
            && all.iter().any(|other| is_plain(other) && differs(other))
    })
}
