//! Amounts of money that add up: a line is its price times its quantity, a net amount is the sum of its lines, and what is
//! to be paid is the net amount without the discount and with the tax.

use serde_json::{Map, Value};

use crate::mock::words::{folded, parts};
use crate::model::shape::Member;

use super::agree::{is_number, is_page, is_whole, set};
use super::paging;
use super::text::Text;

/// What is left of an amount of money after a discount of a tenth, and what a tax of 19 per cent is.
const DISCOUNT: f64 = 0.1;
const TAX: f64 = 0.19;

/// The members that may say how many things there are: a total that is an amount of money does not.
pub(super) fn counted<'m, 't>(
    members: &'m [Member],
    text: &dyn Fn(&Member) -> &'t str,
) -> Vec<&'m Member> {
    let is_paged = members.iter().any(|member| is_of_page(&member.name));
    let has_money = !is_paged && members.iter().any(|member| is_money(&member.name));
    let is_amount = |member: &&Member| {
        let parts = parts(&member.name);
        let is_total = parts
            .iter()
            .any(|it| matches!(it.as_str(), "total" | "gesamt"));
        let is_bare = parts.len() == 1;
        is_total && (is_bare && has_money || is_said(text(member)))
    };
    let members = members.iter();
    members.filter(|member| !is_amount(member)).collect()
}

/// True for what tells which part of a list is shown.
fn is_of_page(name: &str) -> bool {
    let name = folded(name);
    is_page(&name)
        || paging::NUMBER.contains(&name.as_str())
        || paging::OFFSET.contains(&name.as_str())
        || paging::LIMIT.contains(&name.as_str())
        || name.starts_with("hasmore")
        || name.starts_with("next")
}

/// True for a member of what is to be paid.
fn is_money(name: &str) -> bool {
    let parts = parts(name);
    let is_last = |it: &String| {
        matches!(
            it.as_str(),
            "currency"
                | "subtotal"
                | "tax"
                | "vat"
                | "discount"
                | "shipping"
                | "price"
                | "net"
                | "gross"
        )
    };
    parts.last().is_some_and(is_last)
}

/// True if the text says that money is meant.
fn is_said(text: &str) -> bool {
    const MONEY: &[&str] = &[
        "amount", "price", "currency", "cost", "charged", "to pay", "money", "cents", "usd", "eur",
        "gbp", "subtotal",
    ];
    // "The total amount of items" is a number of them.
    let text = text.to_lowercase().replace("amount of", "number of");
    Text::new(&text).says(MONEY)
}

/// Makes the amounts of an object fit each other.
pub(super) fn add_up(values: &mut Map<String, Value>, members: &[Member]) {
    let known = Members(members);
    multiply(values, known);
    gather(values, known);
    use_up(values, known);
    pay(values, known);
    leave(values, known);
    cap(values, members);
}

#[derive(Clone, Copy)]
struct Members<'m>(&'m [Member]);

impl<'m> Members<'m> {
    /// The number of one of these names.
    fn find(self, names: &[&str]) -> Option<&'m Member> {
        let mut members = self.0.iter();
        members.find(|it| names.contains(&plain(&it.name).as_str()) && is_number(&it.shape))
    }
}

/// The name of an amount without its unit: `net` of `net_cents`.
fn plain(name: &str) -> String {
    let name = folded(name);
    let units = ["incents", "cents", "minorunits", "minor"];
    let mut bare = units.iter().filter_map(|unit| name.strip_suffix(unit));
    let bare = bare.find(|it| !it.is_empty()).map(str::to_owned);
    bare.unwrap_or(name)
}

fn number(values: &Map<String, Value>, member: &Member) -> Option<f64> {
    values.get(&member.name)?.as_f64()
}

const LINE: [&str; 6] = [
    "linetotal",
    "lineamount",
    "totalprice",
    "subtotal",
    "total",
    "amount",
];

const QUANTITY: [&str; 2] = ["quantity", "qty"];

const PRICE: [&str; 5] = [
    "unitprice",
    "unitamount",
    "unitcost",
    "priceperunit",
    "price",
];

/// The sum of a line.
fn multiply(values: &mut Map<String, Value>, members: Members<'_>) {
    let quantity = members.find(&QUANTITY);
    let price = members.find(&PRICE);
    let (Some(quantity), Some(price), Some(sum)) = (quantity, price, members.find(&LINE)) else {
        return;
    };
    if let (Some(quantity), Some(price)) = (number(values, quantity), number(values, price)) {
        put(values, sum, cents(quantity * price));
    }
}

/// The sum of all lines.
fn gather(values: &mut Map<String, Value>, members: Members<'_>) {
    let has_parts = || {
        members
            .find(&["tax", "vat", "discount", "shipping"])
            .is_some()
    };
    let net = members.find(&["subtotal", "net", "netamount"]);
    let Some(net) = net.or_else(|| members.find(&["total"]).filter(|_| !has_parts())) else {
        return;
    };
    let sums = values.values().filter_map(|value| lines(value.as_array()?));
    let sums: Vec<f64> = sums.collect();
    if let [sum] = sums.as_slice() {
        put(values, net, cents(*sum));
    }
}

/// The sum of items that all are lines.
fn lines(items: &[Value]) -> Option<f64> {
    let of = |item: &Map<String, Value>, names: &[&str]| {
        let found = names.iter().find_map(|wanted| {
            let mut members = item.iter();
            members.find(|(name, _)| plain(name) == *wanted)
        });
        found.and_then(|(_, value)| value.as_f64())
    };
    let line = |item: &Value| {
        let item = item.as_object()?;
        let sum = of(item, &QUANTITY)? * of(item, &PRICE)?;
        Some(of(item, &LINE).unwrap_or(sum))
    };
    let sums: Option<Vec<f64>> = items.iter().map(line).collect();
    sums.filter(|sums| !sums.is_empty())
        .map(|sums| sums.iter().sum())
}

/// What is used and what is left make the limit.
fn use_up(values: &mut Map<String, Value>, members: Members<'_>) {
    let used = members.find(&["used", "usage", "consumed", "spent", "verbraucht"]);
    let left = members.find(&["remaining", "left", "available", "verbleibend"]);
    let whole = members.find(&[
        "limit",
        "quota",
        "total",
        "max",
        "allowance",
        "granted",
        "capacity",
    ]);
    if let (Some(used), Some(left), Some(whole)) = (used, left, whole)
        && let Some(limit) = number(values, whole)
    {
        let part = (limit * 0.3).floor().max(0.0);
        put(values, used, part);
        put(values, left, limit - part);
    }
}

/// What is to be paid.
fn pay(values: &mut Map<String, Value>, members: Members<'_>) {
    let net = members.find(&["subtotal", "net", "netamount"]);
    let total = members.find(&["total", "gross", "totalamount", "grossamount", "grandtotal"]);
    let (Some(net), Some(total)) = (net, total) else {
        return;
    };
    let tax = members.find(&["tax", "vat", "taxamount"]);
    let discount = members.find(&["discount", "discountamount"]);
    let shipping = members.find(&["shipping", "shippingamount", "shippingcost"]);
    if tax.or(discount).or(shipping).is_none() {
        return;
    }
    let Some(amount) = number(values, net) else {
        return;
    };
    let mut amounts = [Some(net), tax, discount].into_iter().flatten();
    let is_whole = amounts.all(|it| is_whole_at(values, it));
    let share = |share: f64| {
        if is_whole {
            share.round()
        } else {
            cents(share)
        }
    };
    let mut sum = amount;
    if let Some(discount) = discount {
        put(values, discount, share(amount * DISCOUNT));
        sum -= number(values, discount).unwrap_or_default();
    }
    if let Some(tax) = tax {
        put(values, tax, share(sum * TAX));
        sum += number(values, tax).unwrap_or_default();
    }
    sum += shipping
        .and_then(|it| number(values, it))
        .unwrap_or_default();
    put(values, total, cents(sum));
}

/// What is left to be paid, which is nothing once a thing is paid.
fn leave(values: &mut Map<String, Value>, members: Members<'_>) {
    let total = members.find(&["total", "gross", "totalamount", "grossamount", "grandtotal"]);
    let due = members.find(&["amountdue", "balancedue", "due", "amountremaining"]);
    let (Some(due), Some(total)) = (due, total.and_then(|it| number(values, it))) else {
        return;
    };
    let is_paid = values.get("status").and_then(Value::as_str) == Some("paid");
    let paid = members.find(&["amountpaid", "paidamount", "totalpaid"]);
    if let Some(paid) = paid {
        put(values, paid, if is_paid { total } else { 0.0 });
    }
    put(values, due, if is_paid { 0.0 } else { total });
}

fn is_whole_at(values: &Map<String, Value>, member: &Member) -> bool {
    is_whole(values.get(&member.name))
}

fn cents(amount: f64) -> f64 {
    (amount * 100.0).round() / 100.0
}

/// No part of an amount is more than all of it: `amount_captured` beside `amount`.
fn cap(values: &mut Map<String, Value>, members: &[Member]) {
    for member in members.iter().filter(|it| is_number(&it.shape)) {
        let parts = parts(&member.name);
        let [whole, _part] = parts.as_slice() else {
            continue;
        };
        let Some(amount) = values.get(whole).filter(|it| it.is_number()).cloned() else {
            continue;
        };
        let own = values.get(&member.name).and_then(Value::as_f64);
        if own > amount.as_f64()
            && matches!(whole.as_str(), "amount" | "total" | "price" | "balance")
        {
            set(values, member, amount);
        }
    }
}

/// A whole number where one stands already, or must stand.
fn put(values: &mut Map<String, Value>, member: &Member, number: f64) {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        set(values, member, number as i64);
    } else {
        set(values, member, number);
    }
}
