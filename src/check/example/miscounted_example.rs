//! A number in an example contradicts what it counts: a total of 1 above two items, 3 pages of 20 for 200 items, or a sum
//! that is not that of the members that its text adds up.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Field;
use crate::model::counts::TOTALS;
use crate::model::json::{JsonKind, Member};

use super::Read;
use super::computed;
use super::contradiction::{Contradiction, Words, field_named, says, visit};

pub(super) static RULE: Rule = Rule {
    name: "miscounted-example",
    severity: Severity::Warning,
    summary: "a number in an example contradicts what it counts, or what its text computes",
};

/// May be the number of all there is, or of what is shown.
const COUNT: &str = "count";
/// Names of lists for what is listed.
const ITEMS: [&str; 9] = [
    "data",
    "items",
    "results",
    "records",
    "resources",
    "entries",
    "entry",
    "rows",
    "list",
];
/// Names of lists beside what is counted.
const NEVER_COUNTED: [&str; 10] = [
    "links",
    "link",
    "facets",
    "included",
    "filters",
    "columns",
    "buckets",
    "breadcrumbs",
    "errors",
    "warnings",
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
const PAGES: [&str; 8] = [
    "totalpages",
    "totalpaginas",
    "totaldepaginas",
    "pages",
    "pagecount",
    "lastpage",
    "numpages",
    "pagestotal",
];

/// Names of the number of a page.
const NUMBERS: [&str; 6] = [
    "page",
    "currentpage",
    "pagenumber",
    "pagina",
    "paginaactual",
    "paginaatual",
];

const WORDS: Words = Words {
    label: "this number",
    other: "contradicted here",
    help: "show numbers that go together",
};

pub(super) fn check(read: &Read<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for document in &read.reading.documents {
        let computed = computed::of(document, read.fields).into_iter();
        diagnostics.extend(computed.map(|found| found.diagnostic(&RULE, &WORDS, read)));
        visit(document, &mut |members| {
            let found = counted(members, read.fields).into_iter();
            let found = found
                .chain(paged(members))
                .chain(beyond(members, read.fields))
                .chain(summed(members));
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
    let lists = members
        .iter()
        .filter(|member| matches!(member.value.kind, JsonKind::Array(_)));
    let lists = lists.filter(|list| !NEVER_COUNTED.contains(&folded(&list.key).as_str()));
    let lists: Vec<&Member> = lists.collect();
    // Beside links and the like it is the one with a name for what is listed.
    let named = |list: &&&Member| ITEMS.contains(&folded(&list.key).as_str());
    let list = match lists.as_slice() {
        [only] => *only,
        several => *several.iter().find(named)?,
    };
    let items = list.value.items();
    let is_whole = !list.value.is_open() && items.iter().all(|item| !item.members().is_empty());
    if !is_whole || items.is_empty() {
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
        let name = folded(&member.key);
        let is_total = name == COUNT || TOTALS.contains(&name.as_str());
        let is_of_these = counts_shown(fields, &member.key);
        let is_of_others = says(fields, &member.key, &OTHERS);
        let is_total = is_total && !is_of_others;
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
    let Some(field) = field_named(fields, name) else {
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
    // "How many match, not only those on this page."
    let is_of_all = [
        "not only",
        "not just",
        "rather than",
        "regardless",
        "beyond",
    ];
    has(&counts) && has(&here) && !has(&is_bound) && !has(&is_of_all)
}

/// What a text calls that is not one of the items beside it.
const OTHERS: [&str; 14] = [
    "unread",
    "different",
    "distinct",
    "unique",
    "to pay",
    "amount",
    "price",
    "cost",
    "sum of",
    "in all ",
    "all groups",
    "new ",
    "pending",
    "open ",
];

/// A number of pages that is not what total and size make it.
fn paged(members: &[Member]) -> Option<Contradiction> {
    let (total, count) = number(members, &TOTALS).or_else(|| number(members, &[COUNT]))?;
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

/// A page behind the last one.
fn beyond(members: &[Member], fields: &[Field]) -> Option<Contradiction> {
    let (page, number_of_page) = number(members, &NUMBERS)?;
    if says(fields, &page.key, &["beyond", "after the last"]) {
        return None;
    }
    let (pages, count) = number(members, &PAGES)?;
    // No items may be one empty page, and pages may be counted from 0.
    (number_of_page > count.max(1)).then(|| Contradiction {
        message: format!(
            "`{}` is {number_of_page}, and `{}` is {count}",
            page.key, pages.key
        ),
        place: page.value.range.clone(),
        other: pages.value.range.clone(),
        name: page.key.clone(),
    })
}

/// A total that is not the sum of the two numbers beside it that have its name: `total_tokens` of `prompt_tokens` and
/// `completion_tokens`.
fn summed(members: &[Member]) -> Option<Contradiction> {
    let whole = |member: &Member| {
        number(
            std::slice::from_ref(member),
            &[folded(&member.key).as_str()],
        )
        .map(|(_, number)| number)
    };
    members.iter().find_map(|total| {
        let of = folded(&total.key).strip_prefix("total")?.to_owned();
        let shown = whole(total)?;
        let is_part = |it: &&Member| it.key != total.key && folded(&it.key).ends_with(&of);
        let parts: Vec<_> = members.iter().filter(is_part).collect();
        let [one, other] = parts.as_slice() else {
            return None;
        };
        let sum = whole(one)?.checked_add(whole(other)?)?;
        let is_sum = of.len() > 3 && members.len() == parts.len() + 1 && shown != sum;
        is_sum.then(|| Contradiction {
            message: format!(
                "`{}` is {shown}, and `{}` and `{}` make {sum}",
                total.key, one.key, other.key
            ),
            place: total.value.range.clone(),
            other: one.value.range.clone(),
            name: total.key.clone(),
        })
    })
}
