//! Numbers with what they mean that are the ends of a scale, and not all values: "0 = mute, 100 = full volume".

use serde_json::Value;

use crate::model::types::Type;

/// True if explained numbers leave room between them for others that a value of that type may be.
pub(super) fn are_ends(kind: &Type, values: &[Value]) -> bool {
    let numbers: Option<Vec<f64>> = values.iter().map(Value::as_f64).collect();
    let Some(mut numbers) = numbers.filter(|it| it.len() > 1) else {
        return false;
    };
    numbers.sort_by(f64::total_cmp);
    let steps: Vec<f64> = numbers.windows(2).map(|it| it[1] - it[0]).collect();
    let is_one = |step: &f64| (step - 1.0).abs() < f64::EPSILON;
    let are_neighbours = steps.iter().all(is_one);
    let is_pair = numbers.len() == 2;
    let begins_below = numbers.first().is_some_and(|first| *first < 0.0);
    let kinds = kind.alternatives();
    if kinds.iter().any(|it| matches!(it, Type::String(_))) {
        return false;
    }
    if kinds.iter().any(|it| matches!(it, Type::Number(_))) {
        return is_pair || begins_below || !are_neighbours;
    }
    // Codes have gaps as well; the marks of a scale are as far from each other.
    let begins_so = begins_below || numbers.first().is_some_and(|first| *first == 0.0);
    let is_even = steps
        .windows(2)
        .all(|it| (it[1] - it[0]).abs() < f64::EPSILON);
    !are_neighbours && (is_pair || begins_so && is_even)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::types::parse;

    #[test]
    fn a_scale_has_values_between_its_ends() {
        for (kind, values, is_scale) in [
            ("number", vec![0, 1], true),
            ("number", vec![-1, 0, 1], true),
            ("number", vec![1, 2, 3], false),
            ("integer", vec![0, 1], false),
            ("integer", vec![1, 5], true),
            ("integer", vec![100, 0], true),
            ("integer", vec![0, 50, 100], true),
            ("integer", vec![-1, 0, 1], false),
            ("integer", vec![1, 2, 9], false),
            ("integer", vec![10, 20, 30], false),
            ("string", vec![1, 5], false),
        ] {
            let values: Vec<Value> = values.into_iter().map(Value::from).collect();
            assert_eq!(
                are_ends(&parse(kind), &values),
                is_scale,
                "{kind} {values:?}"
            );
        }
    }
}
