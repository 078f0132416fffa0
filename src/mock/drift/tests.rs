//! What is a drift, and how drifts are counted.

use super::*;

fn drift(subject: &str) -> Drift {
    Drift {
        side: Side::Answer,
        rule: "response-type",
        severity: Severity::Error,
        operation: Some("GET /books".into()),
        subject: subject.to_owned(),
        message: "`pages` is documented as integer and answered as string".to_owned(),
        expected: "integer".to_owned(),
        observed: "string".to_owned(),
        source: Some(Place {
            page: "books.mdx".to_owned(),
            line: 7,
        }),
    }
}

#[test]
fn a_drift_is_new_once_and_counted_in_each_exchange() {
    let mut drifts = Drifts::default();
    let is_new = |found: Vec<(Arc<Drift>, bool)>| -> Vec<bool> {
        found.into_iter().map(|(_, is_new)| is_new).collect()
    };
    let twice = vec![drift("response.pages"), drift("response.pages")];
    assert_eq!(is_new(drifts.count("GET /books", twice)), [true]);
    assert_eq!(is_new(drifts.count("GET /books", Vec::new())), [false; 0]);
    let other = vec![drift("response.pages"), drift("response.title")];
    assert_eq!(is_new(drifts.count("GET /v1/books", other)), [false, true]);
    let counts: Vec<_> = drifts
        .iter()
        .map(|it| (it.count, it.first.as_str()))
        .collect();
    assert_eq!(counts, [(2, "GET /books"), (1, "GET /v1/books")]);
    assert_eq!((drifts.exchanges(), drifts.drifting()), (3, 2));
}

#[test]
fn more_drifts_than_there_is_room_for_are_counted_together() {
    let mut drifts = Drifts::default();
    let many = (0..=MOST).map(|number| drift(&number.to_string()));
    assert_eq!(drifts.count("GET /books", many.collect()).len(), MOST);
    assert_eq!(drifts.more(), 1);
}

#[test]
fn the_value_of_a_credential_is_not_told() {
    let told = |subject: &str, rule| {
        let mut drift = Drift {
            rule,
            message: "it is answered as s3cret".to_owned(),
            observed: "s3cret".to_owned(),
            ..drift(subject)
        };
        judge::discreet(&mut drift);
        drift.to_json().to_string().contains("s3cret")
    };
    assert!(!told("response.items[].api_key", "response-type"));
    assert!(!told("response.header.Set-Token", "response-header-value"));
    assert!(told("response.items[].pages", "response-type"));
    assert!(told("response.api_key", "missing-response-member"));
}
