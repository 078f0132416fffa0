//! Members of a thing that are computed from others: the number of items, sums, products, and shares.
//!
//! ```text
//! amount           quantity × unit_amount of an item
//! subtotal         the sum of a member of all items, or of a product of two
//! count            the number of the items
//! discount_amount  discount_percent of the subtotal; tax_amount of what is left of it
//! total            subtotal − discounts + taxes and other charges
//! amount_due       total − amount_paid
//! ```
//!
//! Nothing is believed by its name alone: each example must have the number that is computed.

use serde_json::{Map, Number, Value};

use super::collections::Collection;
use crate::mock::words;

type Thing = Map<String, Value>;

/// A member, and how it is computed.
struct Total {
    member: String,
    way: Way,
}

enum Way {
    /// How many items there are.
    Count,
    /// The sum of a member of the items, or of a product of two.
    Sum(String, Option<String>),
    /// The sum of some members, each with its sign.
    Parts(Vec<(f64, String)>),
    /// So much percent of such a sum.
    Share(String, Vec<(f64, String)>),
    /// A part of such a sum that is the same for all.
    Rate(f64, Vec<(f64, String)>),
    /// The product of two members.
    Product(String, String),
}

/// Sets those members of a thing anew that are computed from others, once some of these are others.
///
/// What was sent is not computed.
///
/// `computed` is what follows from what was sent already.
pub(super) fn renew(
    collection: &Collection,
    thing: &mut Thing,
    sent: &[&str],
    computed: Option<String>,
) {
    let examples = || [&collection.sample].into_iter().chain(&collection.seeds);
    let mut changed: Vec<String> = sent.iter().map(|name| (*name).to_owned()).collect();
    changed.extend(computed);
    for array in sent {
        if !thing.get(*array).is_some_and(Value::is_array) {
            continue;
        }
        let examples: Vec<&Thing> = examples()
            .filter(|thing| items(thing, array).is_some_and(|items| !items.is_empty()))
            .collect();
        let products = products(&examples, array);
        if let Some(Value::Array(items)) = thing.get_mut(*array) {
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                multiply(&products, item);
            }
        }
        for total in of(&examples, array, &products) {
            let made = items(thing, array).and_then(|items| counted(&total.way, items));
            put(thing, &total.member, made, sent, &mut changed);
        }
    }
    let examples: Vec<&Thing> = examples().collect();
    for total in derived(&examples) {
        let inputs = total.way.members();
        if inputs
            .iter()
            .any(|name| changed.iter().any(|it| it == name))
        {
            let made = worth(&total.way, thing).map(|made| rounded(made, &total.member, &examples));
            put(thing, &total.member, made, sent, &mut changed);
        }
    }
}

/// Sets a number, unless it was sent.
fn put(
    thing: &mut Thing,
    member: &str,
    made: Option<f64>,
    sent: &[&str],
    changed: &mut Vec<String>,
) {
    if let (Some(made), Some(value)) = (made, thing.get_mut(member))
        && !sent.contains(&member)
    {
        *value = number(made);
        changed.push(member.to_owned());
    }
}

fn items<'t>(thing: &'t Thing, array: &str) -> Option<&'t Vec<Value>> {
    thing.get(array)?.as_array()
}

fn has(name: &str, wanted: &[&str]) -> bool {
    let parts = words::parts(name);
    parts.iter().any(|part| wanted.contains(&part.as_str()))
}

fn numbers(thing: &Thing) -> impl Iterator<Item = &String> {
    let numbers = thing.iter().filter(|(_, value)| value.is_number());
    numbers.map(|(name, _)| name)
}

/// The member that says how many of an item there are.
fn quantity(item: &Thing) -> Option<&String> {
    numbers(item)
        .find(|name| ["quantity", "qty", "count", "units"].contains(&words::folded(name).as_str()))
}

/// Members of the items that are the product of another one and the quantity: their names, and those of the others.
fn products(examples: &[&Thing], array: &str) -> Vec<(String, String, String)> {
    let all = examples.iter().filter_map(|thing| items(thing, array));
    let all: Vec<&Thing> = all.flatten().filter_map(Value::as_object).collect();
    let Some((first, quantity)) = all.first().and_then(|it| Some((*it, quantity(it)?))) else {
        return Vec::new();
    };
    let of = |item: &Thing, name: &str| item.get(name)?.as_f64();
    let targets = numbers(first).filter(|name| has(name, &["amount", "total", "subtotal", "sum"]));
    let found = targets.filter_map(|target| {
        let others = numbers(first).filter(|it| *it != target && *it != quantity);
        let mut certain =
            others.filter(|other| {
                all.iter().all(|item| {
                let made = of(item, other).zip(of(item, quantity)).map(|(one, two)| one * two);
                let shown = of(item, target);
                matches!((shown, made), (Some(shown), Some(made)) if (shown - made).abs() < 0.005)
            })
            });
        let other = certain.next()?;
        let found = (target.clone(), other.clone(), quantity.clone());
        certain.next().is_none().then_some(found)
    });
    let found: Vec<_> = found.collect();
    // Where each quantity is one, two members are the product of each other.
    let is_target = |name: &String| found.iter().any(|(target, ..)| target == name);
    let products = found.iter().filter(|(_, other, _)| !is_target(other));
    products.cloned().collect()
}

fn multiply(products: &[(String, String, String)], item: &mut Thing) {
    for (target, one, two) in products {
        let of = |name: &String| item.get(name)?.as_f64();
        let made = of(one).zip(of(two)).map(|(one, two)| one * two);
        if let (Some(made), Some(value)) = (made, item.get_mut(target)) {
            *value = number(made);
        }
    }
}

/// The totals of an array that all examples agree on.
fn of(examples: &[&Thing], array: &str, products: &[(String, String, String)]) -> Vec<Total> {
    let Some(first) = examples.first() else {
        return Vec::new();
    };
    let totals = numbers(first).filter_map(|name| {
        let ways = ways(name, items(first, array)?).into_iter();
        // What is a product itself says the same as the product.
        let mut ways = ways.filter(|way| match way {
            Way::Sum(one, Some(two)) => !products.iter().any(|it| (&it.1, &it.2) == (one, two)),
            _ => true,
        });
        let is_certain = |way: &Way| {
            examples.iter().all(|thing| {
                let shown = thing.get(name).and_then(Value::as_f64);
                let made = items(thing, array).and_then(|items| counted(way, items));
                matches!((shown, made), (Some(shown), Some(made)) if (shown - made).abs() < 0.005)
            })
        };
        let way = ways.find(|way| is_certain(way))?;
        // Of two ways to the same number neither is certain.
        (!ways.any(|way| is_certain(&way))).then(|| Total {
            member: name.clone(),
            way,
        })
    });
    totals.collect()
}

/// The ways in which a number of that name may come about.
fn ways(name: &str, items: &[Value]) -> Vec<Way> {
    if has(name, &["count", "size", "length"]) {
        return vec![Way::Count];
    }
    if !has(name, &["total", "subtotal", "sum", "amount"]) {
        return Vec::new();
    }
    let Some(Value::Object(first)) = items.first() else {
        return Vec::new();
    };
    let quantity = quantity(first);
    let others = numbers(first).filter(|name| Some(*name) != quantity);
    let ways = others.flat_map(|name| {
        let product = quantity.map(|quantity| Way::Sum(name.clone(), Some(quantity.clone())));
        [Some(Way::Sum(name.clone(), None)), product]
            .into_iter()
            .flatten()
    });
    ways.collect()
}

/// What all items come to.
fn counted(way: &Way, items: &[Value]) -> Option<f64> {
    let (member, factor) = match way {
        Way::Count => return u32::try_from(items.len()).ok().map(f64::from),
        Way::Sum(member, factor) => (member, factor),
        Way::Parts(_) | Way::Share(..) | Way::Rate(..) | Way::Product(..) => return None,
    };
    let of = |item: &Value, name: &str| item.get(name)?.as_f64();
    let values = items.iter().map(|item| {
        let factor = factor.as_ref().map_or(Some(1.0), |name| of(item, name));
        Some(of(item, member)? * factor?)
    });
    values.sum()
}

const NET: [&str; 4] = ["subtotal", "subtotalamount", "netamount", "nettotal"];
const TOTAL: [&str; 4] = ["total", "totalamount", "grandtotal", "amounttotal"];
const PAID: [&str; 4] = ["amountpaid", "paid", "paidamount", "totalpaid"];
const DUE: [&str; 5] = [
    "amountdue",
    "due",
    "balancedue",
    "amountremaining",
    "balance",
];
const SHARES: [&str; 3] = ["percent", "rate", "percentage"];
const CHARGES: [&str; 7] = ["tax", "vat", "shipping", "delivery", "fee", "fees", "tip"];

/// The members that are computed from other members of a thing, those that others are computed from first.
fn derived(examples: &[&Thing]) -> Vec<Total> {
    let Some(first) = examples.first() else {
        return Vec::new();
    };
    let named = |names: &[&str]| {
        let mut numbers = numbers(first);
        numbers.find(|name| names.contains(&words::folded(name).as_str()))
    };
    let about = |words: &[&str]| -> Vec<&String> {
        let amounts = numbers(first).filter(|name| !has(name, &SHARES) && has(name, words));
        amounts.collect()
    };
    let (discounts, charges) = (about(&["discount"]), about(&CHARGES));
    let signed = |sign: f64, names: &[&String]| -> Vec<(f64, String)> {
        names.iter().map(|name| (sign, (*name).clone())).collect()
    };
    let mut totals: Vec<(String, Way)> = factors(examples).collect();
    if let Some(net) = named(&NET) {
        let gross = signed(1.0, &[net]);
        let left = [gross.clone(), signed(-1.0, &discounts)].concat();
        let shares = discounts.iter().map(|name| (name, vec![gross.clone()]));
        let shares = shares.chain(
            charges
                .iter()
                .map(|name| (name, vec![gross.clone(), left.clone()])),
        );
        totals.extend(shares.filter_map(|(name, bases)| {
            let bases_of = bases.clone();
            share(name, bases, examples).or_else(|| rate(name, bases_of, examples))
        }));
        let all = [left, signed(1.0, &charges)].concat();
        totals.extend(named(&TOTAL).map(|total| (total.clone(), Way::Parts(all))));
    }
    if let (Some(total), Some(paid), Some(due)) = (named(&TOTAL), named(&PAID), named(&DUE)) {
        let way = [signed(1.0, &[total]), signed(-1.0, &[paid])].concat();
        totals.push((due.clone(), Way::Parts(way)));
    }
    let totals = totals
        .into_iter()
        .filter(|(name, way)| agrees(name, way, examples));
    totals.map(|(member, way)| Total { member, way }).collect()
}

/// Members that are the product of two others in all examples: `amount` of `seats` and `price_per_seat`.
fn factors<'e>(examples: &'e [&Thing]) -> impl Iterator<Item = (String, Way)> + 'e {
    let first = examples.first().into_iter();
    let targets = first.flat_map(|first| {
        let targets =
            numbers(first).filter(|it| has(it, &["amount", "total", "subtotal", "sum", "cost"]));
        targets.map(move |target| (*first, target))
    });
    targets.filter_map(|(first, target)| {
        let others: Vec<&String> = numbers(first).filter(|it| *it != target).collect();
        let pairs = others.iter().enumerate().flat_map(|(at, one)| {
            let rest = others.iter().skip(at + 1);
            rest.map(move |other| Way::Product((*one).clone(), (*other).clone()))
        });
        // A factor that is always one says nothing.
        let is_told = |way: &Way| {
            let mut names = way.members().into_iter();
            names.all(|name| {
                let of = |thing: &&&Thing| thing.get(name).and_then(Value::as_f64);
                examples.iter().any(|thing| of(&thing) > Some(1.0))
            })
        };
        let mut ways = pairs.filter(|way| is_told(way) && agrees(target, way, examples));
        let way = ways.next()?;
        ways.next().is_none().then(|| (target.clone(), way))
    })
}

/// The share that an amount is: `tax_percent` of one of some sums, if only one of them can be meant.
fn share(name: &str, bases: Vec<Vec<(f64, String)>>, examples: &[&Thing]) -> Option<(String, Way)> {
    let kinds = words::parts(name);
    let kind = kinds
        .iter()
        .find(|it| **it == "discount" || CHARGES.contains(&it.as_str()))?;
    let first = examples.first()?;
    let mut shares = numbers(first).filter(|it| has(it, &SHARES) && has(it, &[kind]));
    let percent = shares.next()?;
    let is_told = examples
        .iter()
        .any(|it| it.get(percent).and_then(Value::as_f64) > Some(0.0));
    let ways = bases
        .into_iter()
        .map(|base| Way::Share(percent.clone(), base));
    let mut ways = ways.filter(|way| is_told && agrees(name, way, examples));
    let way = ways.next()?;
    ways.next().is_none().then(|| (name.to_owned(), way))
}

/// The same part of a sum in all examples: a `tax` that is 19 percent of what all costs.
fn rate(name: &str, bases: Vec<Vec<(f64, String)>>, examples: &[&Thing]) -> Option<(String, Way)> {
    let mut ways = bases.into_iter().filter_map(|base| {
        let shown = examples.iter().filter_map(|thing| {
            let amount = thing.get(name)?.as_f64()?;
            let sum = worth(&Way::Parts(base.clone()), thing)?;
            (sum > 0.0).then_some((sum, amount))
        });
        let shown: Vec<(f64, f64)> = shown.collect();
        let (largest, amount) = shown
            .iter()
            .copied()
            .max_by(|one, two| one.0.total_cmp(&two.0))?;
        let is_told = shown.iter().any(|(sum, _)| (sum - largest).abs() > 0.005);
        // Hundredths of a percent are finer than any rate that is charged.
        let rate = (amount / largest * 10_000.0).round() / 10_000.0;
        (is_told && rate > 0.0).then_some(Way::Rate(rate, base))
    });
    let way = ways.find(|way| agrees(name, way, examples))?;
    Some((name.to_owned(), way))
}

/// True if all examples that have the member have the number that is computed.
fn agrees(name: &str, way: &Way, examples: &[&Thing]) -> bool {
    examples.iter().all(|thing| {
        let Some(shown) = thing.get(name).and_then(Value::as_f64) else {
            return true;
        };
        let made = worth(way, thing).map(|made| rounded(made, name, examples));
        made.is_some_and(|made| (shown - made).abs() < 0.005)
    })
}

impl Way {
    /// The members of the thing that it is computed from.
    fn members(&self) -> Vec<&str> {
        if let Self::Product(one, other) = self {
            return vec![one, other];
        }
        let (share, parts) = match self {
            Self::Share(share, parts) => (Some(share), parts.as_slice()),
            Self::Parts(parts) | Self::Rate(_, parts) => (None, parts.as_slice()),
            _ => (None, [].as_slice()),
        };
        let parts = parts.iter().map(|(_, name)| name);
        parts.chain(share).map(String::as_str).collect()
    }
}

/// What other members of a thing come to.
fn worth(way: &Way, thing: &Thing) -> Option<f64> {
    let of = |name: &String| thing.get(name)?.as_f64();
    let sum = |parts: &[(f64, String)]| -> Option<f64> {
        parts
            .iter()
            .map(|(sign, name)| Some(sign * of(name)?))
            .sum()
    };
    match way {
        Way::Parts(parts) => sum(parts),
        Way::Share(share, parts) => Some(sum(parts)? * of(share)? / 100.0),
        Way::Rate(rate, parts) => Some(sum(parts)? * rate),
        Way::Product(one, other) => Some(of(one)? * of(other)?),
        Way::Count | Way::Sum(..) => None,
    }
}

/// A sum of money in the unit that the examples have: a whole number where all of them are.
fn rounded(value: f64, name: &str, examples: &[&Thing]) -> f64 {
    let mut shown = examples.iter().filter_map(|thing| thing.get(name));
    if shown.all(|it| it.is_i64() || it.is_u64()) {
        value.round()
    } else {
        (value * 100.0).round() / 100.0
    }
}

/// A whole number if it is one, else with two decimals at most, as sums of money have.
fn number(value: f64) -> Value {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded.fract() == 0.0 && rounded.abs() < 9e15 {
        return format!("{rounded:.0}")
            .parse::<i64>()
            .map_or(Value::Null, Value::from);
    }
    Number::from_f64(rounded).map_or(Value::Null, Value::Number)
}
