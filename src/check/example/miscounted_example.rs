//! A number in an example contradicts what it counts: a total of 1 above two items, or 3 pages of 20 for 200 items.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Field;
use crate::model::json::{JsonKind, Member};

use super::Read;
use super::contradiction::{Contradiction, Words, visit};

pub(super) static RULE: Rule = Rule {
    name: "miscounted-example",
    severity: Severity::Warning,
    summary: "a number in an example contradicts what it counts",
};

/// The names of numbers of all there is, in lower case and without separators.
const TOTALS: [&str; 9] = [
    "total",
    "totalcount",
    "totalitems",
    "totalresults",
    "totalrecords",
    "totalelements",
    "totalhits",
    "count",
    "gesamt",
];
/// Names of what stands beside an amount of money: such a `total` is one, too.
const MONEY: [&str; 9] = [
    "currency", "amount", "subtotal", "tax", "price", "discount", "shipping", "balance", "fee",
];
/// The names of objects that tell of the list beside them.
const PAGING: [&str; 7] = [
    "pagination",
    "paging",
    "meta",
    "metadata",
    "page",
    "pageinfo",
    "pager",
];
const SIZES: [&str; 5] = ["perpage", "pagesize", "limit", "size", "itemsperpage"];
const PAGES: [&str; 6] = [
    "totalpages",
    "pages",
    "pagecount",
    "lastpage",
    "numpages",
    "pagestotal",
];

const WORDS: Words = Words {
    label: "this number",
    other: "contradicted here",
    help: "show numbers that go together",
};

pub(super) fn check(read: &Read<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for document in &read.reading.documents {
        visit(document, &mut |members| {
            let found = counted(members, read.fields).into_iter();
            let found = found.chain(paged(members));
            diagnostics.extend(found.map(|found| found.diagnostic(&RULE, &WORDS, read)));
        });
    }
}

fn folded(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// The member with one of the names that is a number without a fraction.
fn number<'j>(members: &'j [Member], names: &[&str]) -> Option<(&'j Member, u64)> {
    members.iter().find_map(|member| {
        let JsonKind::Number(number) = &member.value.kind else {
            return None;
        };
        names
            .contains(&folded(&member.key).as_str())
            .then_some((member, number.as_u64()?))
    })
}

/// Numbers of the one list of an object, in it or in the object about its pages.
fn counted(members: &[Member], fields: &[Field]) -> Option<Contradiction> {
    let mut lists = members
        .iter()
        .filter(|member| matches!(member.value.kind, JsonKind::Array(_)));
    let list = lists.next()?;
    let items = list.value.items();
    let is_whole = !list.value.is_open() && items.iter().all(|item| !item.members().is_empty());
    if lists.next().is_some() || !is_whole || items.is_empty() {
        return None;
    }
    let is_money = |member: &Member| MONEY.contains(&folded(&member.key).as_str());
    if members.iter().any(is_money) {
        return None;
    }
    let length = items.len() as u64;
    let beside = members
        .iter()
        .filter(|member| PAGING.contains(&folded(&member.key).as_str()))
        .flat_map(|member| member.value.members());
    members.iter().chain(beside).find_map(|member| {
        let (_, count) = number(
            std::slice::from_ref(member),
            &[folded(&member.key).as_str()],
        )?;
        let is_total = TOTALS.contains(&folded(&member.key).as_str());
        let is_of_these = counts_shown(fields, &member.key);
        let is_wrong = is_total && count < length || is_of_these && count != length;
        let noun = if length == 1 { "item" } else { "items" };
        is_wrong.then(|| Contradiction {
            message: format!(
                "`{}` is {count}, and `{}` has {length} {noun}",
                member.key, list.key
            ),
            place: member.value.range.clone(),
            other: list.key_range.clone(),
            name: member.key.clone(),
        })
    })
}

/// True if the text of the field of that name calls it the number of what is in the answer.
fn counts_shown(fields: &[Field], name: &str) -> bool {
    let Some(field) = find(fields, name) else {
        return false;
    };
    let text = field.description.to_lowercase();
    let counts = [
        "number of",
        "count of",
        "how many",
        "anzahl",
        "quantidade de",
        "cantidad de",
    ];
    let here = [
        "in this response",
        "in the response",
        "on this page",
        "in this page",
        "on the current page",
        "returned",
        "in dieser antwort",
        "auf dieser seite",
        "nesta página",
        "nesta resposta",
        "en esta página",
        "en esta respuesta",
    ];
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let is_bound = [
        "maximum",
        "at most",
        "up to",
        "limit",
        "per page",
        "to be returned",
    ];
    has(&counts) && has(&here) && !has(&is_bound)
}

fn find<'f>(fields: &'f [Field], name: &str) -> Option<&'f Field> {
    let own = fields.iter().find(|field| {
        let own = field.name.value.trim();
        own.rsplit('.').next() == Some(name)
    });
    own.or_else(|| fields.iter().find_map(|field| find(&field.children, name)))
}

/// A number of pages that is not what total and size make it.
fn paged(members: &[Member]) -> Option<Contradiction> {
    let (total, count) = number(members, &TOTALS)?;
    let (size, per_page) = number(members, &SIZES)?;
    let (pages, shown) = number(members, &PAGES)?;
    let wanted = count.checked_add(per_page.checked_sub(1)?)? / per_page.max(1);
    // No items may be one empty page.
    let is_right = shown == wanted || count == 0;
    (!is_right).then(|| Contradiction {
        message: format!(
            "`{}` is {shown}, and {count} items at {per_page} a page (`{}`) make {wanted}",
            pages.key, size.key
        ),
        place: pages.value.range.clone(),
        other: total.value.range.clone(),
        name: pages.key.clone(),
    })
}
