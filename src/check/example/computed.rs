//! Members that are not what their text computes from those beside them: "`subtotal` plus `tax`".

use crate::model::Field;
use crate::model::formula::{self, Formula};
use crate::model::json::{Json, JsonKind, Member};
use crate::model::shape::is_placeholder;

use super::contradiction::Contradiction;

/// Fields nested deeper are not looked at.
const DEPTH: usize = 8;

/// The members of a value, and of what is nested in it, that their texts compute otherwise.
pub(super) fn of(value: &Json, fields: &[Field]) -> Vec<Contradiction> {
    let mut found = Vec::new();
    visit(fields, value, 0, &mut found);
    found
}

fn visit(fields: &[Field], value: &Json, depth: usize, into: &mut Vec<Contradiction>) {
    if depth > DEPTH {
        return;
    }
    for item in value.items() {
        visit(fields, item, depth + 1, into);
    }
    if value.members().is_empty() {
        return;
    }
    for field in fields {
        let name = field.name.value.trim();
        let named = |member: &&Member| member.key == name;
        let Some(member) = value.members().iter().find(named) else {
            continue;
        };
        let formula = formula::of_members(field, fields);
        into.extend(formula.and_then(|it| contradiction(&it, field, value, member)));
        if !field.children.is_empty() {
            visit(&field.children, &member.value, depth + 1, into);
        }
    }
}

fn contradiction(
    formula: &Formula,
    field: &Field,
    object: &Json,
    member: &Member,
) -> Option<Contradiction> {
    let first = formula.first()?;
    let is_first = |it: &&Member| it.key == first || first.starts_with(&format!("{}.", it.key));
    let operand = object.members().iter().find(is_first)?;
    // What is left out could be anything.
    let is_left_out = |value: &Json| match &value.kind {
        JsonKind::String(text) => is_placeholder(text),
        JsonKind::Elision | JsonKind::Placeholder(_) => true,
        _ => value.is_open(),
    };
    if is_left_out(&member.value) || is_left_out(&operand.value) {
        return None;
    }
    let (expected, shown) =
        formula::differs(formula, field, &object.to_value(), &member.value.to_value())?;
    if is_close(&expected, &shown) {
        return None;
    }
    Some(Contradiction {
        message: format!(
            "`{}` is {shown}, and by its text it is {expected}",
            member.key
        ),
        place: member.value.range.clone(),
        other: operand.value.range.clone(),
        name: member.key.clone(),
    })
}

/// True if a whole number stands for one with a fraction, or if one is the other in another unit: minutes are paid by the
/// hour, and bytes by the gigabyte.
fn is_close(expected: &str, shown: &str) -> bool {
    const UNITS: [f64; 8] = [7.0, 12.0, 24.0, 30.0, 60.0, 1024.0, 3600.0, 86_400.0];
    let (Ok(expected), Ok(shown)) = (expected.parse::<f64>(), shown.parse::<f64>()) else {
        return false;
    };
    if expected.fract() != 0.0 && shown.fract() == 0.0 && (expected - shown).abs() < 1.0 {
        return true;
    }
    // In percent, and rounded.
    if (expected * 100.0 - shown).abs() <= 1.0 {
        return true;
    }
    let factor = (expected / shown).abs();
    let factor = factor.max(factor.recip());
    let exponent = factor.log10().round();
    let is_power = exponent >= 1.0 && (factor / 10_f64.powf(exponent) - 1.0).abs() < 1e-3;
    is_power || UNITS.iter().any(|unit| (factor / unit - 1.0).abs() < 1e-3)
}
