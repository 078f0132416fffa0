//! Requests about many things at once, and answers with one result for each of them. Pure.

use serde_json::{Map, Value};

use crate::conform::bindings::letters;
use crate::model::{Field, Operation};

/// A list in a request, and the list in the answer that has a result for each of its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Batch {
    /// The array in the request.
    pub(crate) items: String,
    /// The array in the answer.
    pub(crate) results: String,
    /// The member that both have.
    pub(crate) key: String,
}

/// The batch of an operation, if its examples show one: two results at least, each with the key of the item in its place.
pub(crate) fn batch(sent: &Map<String, Value>, answered: &Value) -> Option<Batch> {
    let lists = |members: &Map<String, Value>| -> Vec<(String, Vec<Map<String, Value>>)> {
        let arrays = members.iter().filter_map(|(name, value)| {
            let items = value.as_array()?.iter().map(|it| it.as_object().cloned());
            Some((name.clone(), items.collect::<Option<Vec<_>>>()?))
        });
        arrays.filter(|(_, items)| items.len() > 1).collect()
    };
    let results = lists(answered.as_object()?);
    lists(sent).into_iter().find_map(|(items, one)| {
        results.iter().find_map(|(results, other)| {
            let key = one.first()?.keys().find(|key| {
                let pairs = one.iter().zip(other);
                let mut same = pairs.map(|(item, result)| (item.get(*key), result.get(*key)));
                let firsts: Vec<_> = one.iter().map(|item| item.get(*key)).collect();
                let is_telling = firsts.windows(2).all(|pair| pair.first() != pair.last());
                one.len() == other.len()
                    && is_telling
                    && same.all(|(one, other)| one.is_some() && one == other)
            })?;
            Some(Batch {
                items: items.clone(),
                results: results.clone(),
                key: key.clone(),
            })
        })
    })
}

/// Whether a result says that its item worked.
pub(crate) fn worked(result: &Value) -> Option<bool> {
    const GOOD: &[&str] = &[
        "ok",
        "success",
        "succeeded",
        "successful",
        "applied",
        "accepted",
        "worked",
        "done",
    ];
    let members = result.as_object()?;
    let truth = members.iter().find_map(|(name, value)| {
        GOOD.contains(&letters(name).as_str())
            .then(|| value.as_bool())
            .flatten()
    });
    truth.or_else(|| trouble(result).map(|(_, is_trouble)| !is_trouble))
}

/// The member of a result that says what went wrong, and whether something did.
pub(crate) fn trouble(result: &Value) -> Option<(String, bool)> {
    const BAD: &[&str] = &["error", "problem", "reason", "failure", "errorcode"];
    let mut members = result.as_object()?.iter();
    members.find_map(|(name, value)| {
        let is_it = BAD.contains(&letters(name).as_str());
        is_it.then(|| (name.clone(), !value.is_null()))
    })
}

/// The members of an answer that count the items that worked, or those that did not.
pub(crate) fn counts(operation: &Operation) -> Vec<(Field, bool)> {
    const GOOD: &[&str] = &[
        "work", "succe", "appl", "done", "moved", "changed", "updated", "accepted", "stored",
        "created", "deleted",
    ];
    const BAD: &[&str] = &["not", "fail", "refus", "reject", "error", "skipped"];
    let responses = operation.responses.iter();
    let fields = responses
        .filter(|it| it.status.is_success())
        .flat_map(|it| &it.fields);
    let counting = fields.filter_map(|field| {
        let text = field.description.to_lowercase();
        let is_count = text.starts_with("how many")
            || text.starts_with("number of")
            || text.starts_with("the number of");
        let has = |words: &[&str]| {
            let mut parts = text.split(|c: char| !c.is_alphanumeric());
            parts.any(|part| words.iter().any(|word| part.starts_with(word)))
        };
        let is_good = match (has(GOOD), has(BAD)) {
            (_, true) => false,
            (true, false) => true,
            (false, false) => return None,
        };
        is_count.then(|| (field.clone(), is_good))
    });
    counting.collect()
}

/// True if the field of the results says that there is one for each item, or that they keep the order.
pub(crate) fn is_promised(operation: &Operation, batch: &Batch) -> bool {
    let responses = operation.responses.iter();
    let mut fields = responses
        .filter(|it| it.status.is_success())
        .flat_map(|it| &it.fields);
    let field = fields.find(|it| it.name.value == batch.results);
    let text = field
        .map(|it| it.description.to_lowercase())
        .unwrap_or_default();
    super::normal::keeps_order(&text)
        || text.contains("each")
        || text.contains("every")
        || text.contains(" per ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn examples_show_a_result_for_each_item() {
        let sent = json!({"items": [{"number": 1, "state": "a"}, {"number": 9, "state": "a"}]});
        let answer = json!({"applied": 1, "results": [{"number": 1, "ok": true}, {"number": 9, "ok": false}]});
        let found = batch(sent.as_object().unwrap(), &answer).unwrap();
        assert_eq!(
            (
                found.items.as_str(),
                found.results.as_str(),
                found.key.as_str()
            ),
            ("items", "results", "number")
        );
        let other = json!({"results": [{"number": 9}, {"number": 1}]});
        assert_eq!(batch(sent.as_object().unwrap(), &other), None);
    }

    #[test]
    fn results_say_whether_their_item_worked() {
        assert_eq!(worked(&json!({"id": 1, "ok": true})), Some(true));
        assert_eq!(worked(&json!({"id": 1, "error": "absent"})), Some(false));
        assert_eq!(worked(&json!({"id": 1})), None);
    }
}
