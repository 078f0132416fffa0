//! What happens to which request, without waiting for it.

use std::time::Duration;

use serde_json::Value;

use super::*;
use crate::mock::tests::{mock_of, request};
use crate::mock::{Exception, Mock, Options, Reply, reply};

const PAGE: &str = r#"---
api: GET /notes
---

<ResponseExample>

```json 200
{ "text": "a note that is long enough to be cut", "tags": ["one", "two"] }
```

```json 503
{ "code": "down" }
```

</ResponseExample>
"#;

fn delay(text: &str) -> Delay {
    text.parse().unwrap()
}

fn rates(pairs: &[&str]) -> Rates {
    let mut rates = Rates::default();
    for pair in pairs {
        rates.set_pair(pair).unwrap();
    }
    rates
}

fn mock(plan: Plan) -> Mock {
    let options = Options {
        plan,
        ..Options::default()
    };
    mock_of(&[("note.mdx", PAGE)], options)
}

fn answer(mock: &Mock, serial: u64, headers: &[(&str, &str)]) -> Reply {
    let mut request = request("GET", "/notes", headers, "");
    request.serial = serial;
    reply(mock, &request)
}

fn asked(prefer: &str) -> Reply {
    answer(&mock(Plan::default()), 0, &[("prefer", prefer)])
}

fn sample(delay: Delay, serial: u64) -> Duration {
    delay.sample(Plan::default().chance("GET /notes", serial))
}

#[test]
fn delays_are_fixed_even_or_lognormal() {
    let ms = Duration::from_millis;
    assert_eq!(delay("200ms"), Delay::Fixed(ms(200)));
    assert_eq!(delay("200"), Delay::Fixed(ms(200)));
    assert_eq!(delay("1.5s"), Delay::Fixed(ms(1500)));
    assert_eq!(delay("100..400ms"), Delay::Between(ms(100), ms(400)));
    assert_eq!(delay("100ms..2s"), Delay::Between(ms(100), ms(2000)));
    let lognormal = Delay::Lognormal {
        median: ms(200),
        spread: 0.5,
    };
    assert_eq!(delay("lognormal(200ms, 0.5)"), lognormal);
    for text in [
        "",
        "soon",
        "400..100ms",
        "-1s",
        "lognormal(200ms)",
        "lognormal(1s, -1)",
        "1h",
    ] {
        let error = text.parse::<Delay>().unwrap_err().to_string();
        assert!(error.contains(&format!("`{text}`")), "{error}");
    }
}

#[test]
fn samples_spread_as_they_are_said_to() {
    let samples = |text: &str| -> Vec<Duration> {
        let mut samples: Vec<_> = (0..2000)
            .map(|serial| sample(delay(text), serial))
            .collect();
        samples.sort();
        samples
    };
    let even = samples("100..400ms");
    assert!(even[0] >= Duration::from_millis(100) && even[1999] <= Duration::from_millis(400));
    let middle = even[1000].as_millis();
    assert!((235..265).contains(&middle), "{middle}");
    let skewed = samples("lognormal(200ms, 0.5)");
    let (middle, late) = (skewed[1000].as_millis(), skewed[1900].as_millis());
    assert!((185..215).contains(&middle), "{middle}");
    assert!((420..500).contains(&late), "{late}");
}

#[test]
fn faults_have_their_share_and_come_again_with_the_same_seed() {
    let plan = |seed| Plan {
        rates: rates(&["error=10%", "reset=0.2", "drip=5%"]),
        seed,
        ..Plan::default()
    };
    let run = |seed| -> Vec<Option<Fault>> {
        let mock = mock(plan(seed));
        (0..2000)
            .map(|serial| answer(&mock, serial, &[]).fault)
            .collect()
    };
    let first = run(7);
    assert_eq!(first, run(7));
    assert_ne!(first, run(8));
    let count = |fault| first.iter().filter(|it| **it == fault).count();
    assert!((160..240).contains(&count(Some(Fault::Error))));
    assert!((340..460).contains(&count(Some(Fault::Reset))));
    assert!((70..130).contains(&count(Some(Fault::Drip))));
    assert_eq!(count(Some(Fault::Truncate)), 0);
}

#[test]
fn shares_are_of_the_whole() {
    let wrong = |text: &str| Rates::default().set_pair(text).unwrap_err().to_string();
    assert!(wrong("reset=150%").contains("`150%`"));
    assert!(wrong("reset=often").contains("`often`"));
    assert!(wrong("crash=1%").contains("`crash`"));
    assert!(wrong("reset").contains("`reset=5%`"));
    let mut rates = rates(&["reset=60%"]);
    assert_eq!(rates.set_pair("error=50%"), Err(NoRate::Sum));
}

#[test]
fn an_operation_may_have_a_plan_of_its_own() {
    let exception = |operations: &str, delay: &str| Exception {
        operations: operations.to_owned(),
        delay: Some(delay.parse().unwrap()),
        ..Exception::default()
    };
    let options = Options {
        plan: Plan {
            delay: Some(delay("1s")),
            ..Plan::default()
        },
        exceptions: vec![exception("/other", "3s"), exception("GET /notes", "2s")],
        ..Options::default()
    };
    let mock = mock_of(&[("note.mdx", PAGE)], options);
    assert_eq!(answer(&mock, 0, &[]).delay, Some(Duration::from_secs(2)));
    let asked = answer(&mock, 0, &[("prefer", "delay=5")]);
    assert_eq!(asked.delay, Some(Duration::from_millis(5)));
}

#[test]
fn an_error_is_the_documented_one_and_too_many_says_when_to_come_again() {
    let error = asked("fault=error");
    assert_eq!(
        (error.status.as_u16(), &error.body[..]),
        (503, &b"{ \"code\": \"down\" }"[..])
    );
    assert_eq!(error.header("mock-fault"), Some("error"));
    assert_eq!(error.header("preference-applied"), Some("fault=error"));
    let many = asked("fault=throttle");
    let seconds = many.header("retry-after").unwrap().parse::<u64>().unwrap();
    assert!(many.status == 429 && (1..=5).contains(&seconds));
    let problem: Value = serde_json::from_slice(&many.body).unwrap();
    assert_eq!(problem["code"], "made-to-be-too-many");
}

#[test]
fn a_body_is_cut_in_half_or_comes_in_pieces() {
    let cut = asked("fault=truncate");
    let length = cut.body.len();
    let pieces = cut.pieces.unwrap();
    assert!(pieces.is_cut && *pieces.ends == [length / 2]);
    assert_eq!(cut.headers["content-length"], length.to_string());
    let slow = asked("fault=drip").pieces.unwrap();
    assert!(!slow.is_cut && slow.pause > Duration::ZERO);
    assert_eq!((slow.ends.len(), slow.ends.last()), (10, Some(&length)));
    assert_eq!(asked("fault=reset").fault, Some(Fault::Reset));
    assert_eq!(asked("fault=unheard-of").fault, None);
}

#[test]
fn what_no_page_documents_is_not_spoiled() {
    let mock = mock(Plan {
        rates: rates(&["reset=100%"]),
        ..Plan::default()
    });
    assert_eq!(reply(&mock, &request("GET", "/no", &[], "")).fault, None);
    assert_eq!(answer(&mock, 0, &[]).fault, Some(Fault::Reset));
}
