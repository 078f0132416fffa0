//! Numbers and truths that names and texts suggest.

use serde_json::Value;

use crate::mock::words::parts;
use crate::model::types::Format;

use super::moment;
use super::name::Topic;

/// True, except for names of what is seldom so.
pub(super) fn boolean(name: &str, seed: u64) -> bool {
    let parts = parts(name);
    match parts.last().map(String::as_str) {
        Some("success" | "ok" | "active" | "enabled" | "valid" | "verified" | "available") => true,
        Some(
            "deleted" | "error" | "archived" | "expired" | "blocked" | "more" | "revoked"
            | "suspended" | "banned" | "locked" | "cancelled" | "canceled" | "failed" | "disabled"
            | "test" | "deprecated" | "refunded",
        ) => false,
        _ => seed.is_multiple_of(2),
    }
}

/// True for what most things do not have: an error, the time at which it was removed.
pub(super) fn is_seldom(name: &str) -> bool {
    let parts = parts(name);
    let is_gone = |part: &String| {
        matches!(
            part.as_str(),
            "deleted"
                | "canceled"
                | "cancelled"
                | "archived"
                | "revoked"
                | "suspended"
                | "failed"
                | "failure"
                | "refunded"
                | "banned"
                | "disabled"
                | "terminated"
        )
    };
    is_error(name) || parts.first().is_some_and(is_gone) && parts.len() > 1
}

/// True for what tells of an error.
pub(super) fn is_error(name: &str) -> bool {
    let parts = parts(name);
    matches!(
        parts.first().map(String::as_str),
        Some("error" | "failure" | "fehler")
    ) && !matches!(
        parts.last().map(String::as_str),
        Some("count" | "rate" | "total")
    )
}

/// True if nothing tells what a number means, so that any will do.
pub(super) fn is_vague(topic: &Topic<'_>) -> bool {
    let one = Topic {
        seed: 5,
        text: topic.text.clone(),
        ..*topic
    };
    let other = Topic {
        seed: 9_997,
        text: topic.text.clone(),
        ..*topic
    };
    integer(&one, None) == 6 && integer(&other, None) == 9_998
}

/// A whole number.
pub(super) fn integer(topic: &Topic<'_>, format: Option<&Format>) -> i64 {
    let seed = topic.seed;
    let below = |limit: u64| (seed % limit).cast_signed();
    let parts = topic.parts();
    let seconds = moment::seconds(&parts, topic.kin);
    match format {
        Some(Format::UnixTime | Format::UnixSeconds) => return seconds,
        Some(Format::UnixMilliseconds) => return seconds * 1000,
        _ => {}
    }
    let last = parts.last().map_or("", String::as_str);
    let text = &topic.text;
    match last {
        "created" | "updated" | "modified" if is_done(&parts) || text.is_count() => 2 + below(40),
        "at" | "timestamp" | "date" | "on" | "created" | "updated" | "modified" | "expires"
        | "expiry" | "exp" | "iat" => {
            if text.says(&["milliseconds", "millis", "ms"])
                || parts.last().is_some_and(|it| it == "ms")
            {
                seconds * 1000
            } else {
                seconds
            }
        }
        "time" if !parts.iter().any(|it| moment::is_stage(it)) => 1 + below(900),
        "time" => seconds,
        "year" if parts.iter().any(|it| it.starts_with("exp")) => 2030 + below(6),
        "year" => 2020 + below(6),
        "month" => 1 + below(12),
        "day" => 1 + below(28),
        "weekday" => below(7),
        "hour" => below(24),
        "minute" | "second" => below(60),
        "status" | "code" if text.says(&["http", "status code"]) || last == "status" => 200,
        "pages" => 80 + below(400),
        "page" | "version" | "success" | "revision" | "attempt" | "attempts" | "seite"
        | "pagina" | "página" => 1,
        "limit" | "size" if parts.len() < 2 || is_paging(&parts) => 20,
        "limit" | "quota" | "capacity" => 1000,
        "size" | "bytes" | "filesize" => 1024 * (1 + below(900)),
        "offset" | "errors" | "failed" | "skip" | "retries" | "failures" | "code" => 0,
        "count" | "total" | "number" | "anzahl" => 2 + below(40),
        "quantity" | "qty" | "menge" | "index" | "position" | "rank" | "order" | "priority"
        | "level" | "sort" => 1 + below(5),
        "rating" | "stars" | "bewertung" => 3 + below(3),
        "age" => 18 + below(60),
        "percent" | "percentage" | "progress" | "score" => below(101),
        "port" => 443,
        "temp" | "like" | "celsius" => 5 + below(20),
        "humidity" => 30 + below(60),
        "pressure" => 1000 + below(30),
        "speed" | "kmh" | "mph" => 5 + below(60),
        "fps" => 30,
        "width" => 1920,
        "height" => 1080,
        "duration" | "seconds" | "sec" => 30 + below(570),
        "ms" | "millis" | "milliseconds" | "latency" | "tokens" => 20 + below(400),
        "available" | "remaining" | "left" | "free" | "used" => below(20),
        "minutes" | "min" => 5 * (1 + below(24)),
        "days" => 1 + below(30),
        "in" if parts.iter().any(|it| it == "expires") => 3600,
        "ttl" => 3600,
        _ if parts.iter().any(|it| is_money(it)) => 100 * (5 + below(95)),
        _ if text.is_count() => 2 + below(40),
        _ if text.says(&["unix", "epoch"]) => seconds,
        _ if text.says(&["percent", "per cent", "prozent"]) => below(101),
        _ if text.says(&["minutes", "in minutes"]) => 5 * (1 + below(24)),
        _ if text.says(&["seconds", "in seconds"]) => 30 + below(570),
        _ if text.says(&[
            "cents",
            "minor unit",
            "smallest unit",
            "smallest currency unit",
        ]) =>
        {
            100 * (5 + below(95))
        }
        _ => 1 + below(9999),
    }
}

/// True for the number of what was done, such as `blocks_created`.
fn is_done(parts: &[String]) -> bool {
    let first = parts.first().map(String::as_str);
    parts.len() > 1 && !matches!(first, Some("last" | "date" | "time" | "first" | "is"))
}

fn is_paging(parts: &[String]) -> bool {
    parts.iter().any(|it| it == "page" || it == "batch")
}

pub(super) fn is_money(last: &str) -> bool {
    matches!(
        last,
        "price"
            | "amount"
            | "balance"
            | "cost"
            | "tax"
            | "fee"
            | "fees"
            | "subtotal"
            | "discount"
            | "revenue"
            | "salary"
            | "paid"
            | "refunded"
            | "net"
            | "gross"
            | "preis"
            | "betrag"
            | "precio"
            | "preço"
            | "prix"
            | "valor"
            | "montant"
            | "spend"
            | "budget"
    )
}

/// A number, with a fraction where the name or the text asks for one.
pub(super) fn number(topic: &Topic<'_>, format: Option<&Format>) -> Value {
    let seed = topic.seed;
    let hundredths = f64::from((seed % 10_000) as u32) / 100.0;
    let money = f64::from((500 + seed % 9_500) as u32) / 100.0;
    let parts = topic.parts();
    let text = &topic.text;
    let is_fraction = || {
        text.says(&[
            "between 0 and 1",
            "0 to 1",
            "0.0 to 1.0",
            "from 0 to 1",
            "fraction",
            "probability",
        ])
    };
    let has_digits = matches!(
        format,
        Some(Format::Float | Format::Double | Format::Decimal)
    );
    let last = parts.last().map_or("", String::as_str);
    match last {
        // The last word counts: the time of a balance is no balance.
        "at" | "timestamp" | "date" => Value::from(integer(topic, format)),
        "coordinate" if topic.index == Some(0) => Value::from(topic.place_around().longitude),
        "coordinate" if topic.index == Some(1) => Value::from(topic.place_around().latitude),
        "vector" | "embedding" if topic.index.is_some() => {
            Value::from((f64::from((seed % 2000) as u32) - 1000.0) / 1000.0)
        }
        "rate" if text.says(&["percent", "per cent", "%"]) => Value::from(5 + seed % 20),
        "lat" | "latitude" => Value::from(topic.place().latitude),
        "lng" | "lon" | "long" | "longitude" => Value::from(topic.place().longitude),
        "probability" | "confidence" | "ratio" | "rate" | "similarity" | "relevance" => {
            Value::from(f64::from((seed % 100) as u32) / 100.0)
        }
        "score" if !text.says(&["100", "percent"]) => {
            Value::from(f64::from((seed % 100) as u32) / 100.0)
        }
        "rating" => Value::from(f64::from((30 + seed % 21) as u32) / 10.0),
        "percent" | "percentage" | "progress" if !is_fraction() => Value::from(seed % 101),
        "temperature" => Value::from(f64::from((5 + seed % 25) as u32) / 2.0),
        _ if is_fraction() => Value::from(f64::from((seed % 100) as u32) / 100.0),
        _ if text.says(&["cents", "minor unit", "smallest unit"]) || text.is_count() => {
            Value::from(integer(topic, format))
        }
        "total" if !has_digits && !is_price(topic) => Value::from(integer(topic, format)),
        "total" => Value::from(money),
        _ if parts.iter().any(|it| is_money(it)) => Value::from(money),
        _ if has_digits => Value::from(hundredths),
        _ => Value::from(integer(topic, format)),
    }
}

/// True if money is meant: by the text, or by the thing that has a total.
pub(super) fn is_price(topic: &Topic<'_>) -> bool {
    const MONEY: &[&str] = &[
        "amount", "price", "currency", "cost", "charged", "paid", "tax", "money", "usd", "eur",
        "subtotal", "discount",
    ];
    topic.text.says(MONEY)
        || matches!(
            topic.around,
            "order" | "invoice" | "cart" | "payment" | "receipt" | "quote" | "checkout" | "bill"
        )
}
