//! Plausible values for names and formats.
//!
//! Every choice is made by a number that depends on the operation, the path, and the place of the value.

use serde_json::Value;

use crate::model::types::Format;

/// Where hashing starts (FNV-1a).
pub(super) const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of a text, going on from another hash; the same on every machine and in every version.
pub(super) fn hash(seed: u64, text: &str) -> u64 {
    let mixed = text.bytes().chain([0xff]).fold(seed, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    mixed ^ (mixed >> 29)
}

/// The hash of bytes, going on from another hash.
pub(super) fn hash_bytes(seed: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(seed, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A seed changed by a number; zero changes nothing.
pub(super) fn mix(seed: u64, number: u64) -> u64 {
    seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A name without what sets spellings apart: `user_id`, `userId`, and `User-ID` are one.
pub(super) fn folded(name: &str) -> String {
    let letters = name.chars().filter(|it| it.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The last word of a name in the singular, as English has it: `users`, `user-list`, and `getUser` are about users.
pub(super) fn singular(name: &str) -> String {
    let mut parts = parts(name);
    if parts.len() > 1
        && let Some("list" | "all" | "data" | "items" | "details" | "info") =
            parts.last().map(String::as_str)
    {
        parts.pop();
    }
    let word = parts.pop().unwrap_or_default();
    let ends = ["ches", "shes", "sses", "xes"];
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        format!("{stem}y")
    } else if ends.iter().any(|end| word.ends_with(end)) {
        word.strip_suffix("es").unwrap_or(&word).to_owned()
    } else if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") {
        word.strip_suffix('s').unwrap_or(&word).to_owned()
    } else {
        word
    }
}

/// True for members that only wrap what the answer is about.
pub(super) fn is_wrapper(name: &str, noun: &str) -> bool {
    matches!(
        folded(name).as_str(),
        "data" | "result" | "results" | "response" | "items" | "item" | "records" | "payload"
    ) || singular(name) == noun
}

/// True, except for names of what is seldom so.
pub(super) fn boolean(name: &str, seed: u64) -> bool {
    match parts(name).last().map(String::as_str) {
        Some("success" | "ok" | "active" | "enabled" | "valid") => true,
        Some("deleted" | "error" | "archived" | "expired" | "blocked" | "more") => false,
        _ => seed.is_multiple_of(2),
    }
}

/// A whole number.
pub(super) fn integer(name: &str, format: Option<&Format>, seed: u64) -> i64 {
    let below = |limit: u64| (seed % limit).cast_signed();
    let seconds = 1_735_689_600 + below(31_536_000);
    match format {
        Some(Format::UnixTime | Format::UnixSeconds) => return seconds,
        Some(Format::UnixMilliseconds) => return seconds * 1000,
        _ => {}
    }
    let parts = parts(name);
    let last = parts.last().map_or("", String::as_str);
    match last {
        "at" | "timestamp" | "date" | "time" | "on" => seconds,
        "year" => 2020 + below(6),
        "month" => 1 + below(12),
        "day" => 1 + below(28),
        "status" | "code" => 200,
        "page" | "version" | "success" => 1,
        "limit" | "size" => 20,
        "offset" | "errors" | "failed" => 0,
        "count" | "total" | "quantity" => 2 + below(40),
        "age" => 18 + below(60),
        "percent" | "percentage" | "progress" => below(101),
        "port" => 443,
        "price" | "amount" | "balance" | "cost" => 100 * (1 + below(99)),
        _ => 1 + below(9999),
    }
}

/// A number, with a fraction where the name asks for one.
pub(super) fn number(name: &str, format: Option<&Format>, seed: u64) -> Value {
    let hundredths = f64::from((seed % 10_000) as u32) / 100.0;
    let parts = parts(name);
    match parts.last().map_or("", String::as_str) {
        "lat" | "latitude" => Value::from(hundredths * 0.9 - 45.0),
        "lng" | "lon" | "longitude" => Value::from(hundredths * 1.8 - 90.0),
        "score" | "probability" | "confidence" | "ratio" | "rate" => {
            Value::from(f64::from((seed % 100) as u32) / 100.0)
        }
        "price" | "amount" | "balance" | "cost" | "total" | "tax" => Value::from(hundredths),
        _ if matches!(
            format,
            Some(Format::Float | Format::Double | Format::Decimal)
        ) =>
        {
            Value::from(hundredths)
        }
        _ => Value::from(integer(name, format, seed)),
    }
}

/// A text in that notation, else one that the name suggests.
pub(super) fn string(name: &str, format: Option<&Format>, seed: u64) -> String {
    format
        .and_then(|format| in_format(format, seed))
        .unwrap_or_else(|| by_name(name, seed))
}

fn in_format(format: &Format, seed: u64) -> Option<String> {
    Some(match format {
        Format::Uuid => uuid(seed),
        Format::Date => date(seed),
        Format::DateTime | Format::Iso8601 => date_time(seed),
        Format::Time => time(seed),
        Format::Duration => "PT1H30M".to_owned(),
        Format::Email => email(seed),
        Format::Uri => url(seed),
        Format::Hostname => "www.example.com".to_owned(),
        Format::Ip | Format::Ipv4 => format!("192.0.2.{}", 1 + seed % 254),
        Format::Ipv6 => format!("2001:db8::{:x}", 1 + seed % 0xffff),
        Format::Phone => phone(seed),
        Format::UnixTime | Format::UnixSeconds | Format::UnixMilliseconds => {
            integer("", Some(format), seed).to_string()
        }
        Format::Base64 | Format::Bytes => "ZXhhbXBsZQ==".to_owned(),
        Format::Hex => format!("{seed:016x}"),
        Format::Hash => format!("{seed:016x}").repeat(4),
        Format::Json => "{}".to_owned(),
        Format::Xml => "<example/>".to_owned(),
        Format::Html => "<p>Example</p>".to_owned(),
        Format::Markdown => "An *example*.".to_owned(),
        Format::Csv => "id,name".to_owned(),
        Format::Int32 | Format::Int64 => (1 + seed % 9999).to_string(),
        Format::Float | Format::Double | Format::Decimal => {
            format!("{}.{:02}", 1 + seed % 99, seed / 99 % 100)
        }
        Format::Password | Format::Other(_) => return None,
    })
}

/// What names stand for, by their last words; the first line that fits counts.
fn by_name(name: &str, seed: u64) -> String {
    let parts = parts(name);
    let last = parts.last().map_or("", String::as_str);
    let pick = |words: &[&str]| {
        let index = seed as usize % words.len().max(1);
        words.get(index).copied().unwrap_or_default().to_owned()
    };
    match last {
        "uuid" | "guid" => uuid(seed),
        "id" | "ids" => {
            let kind = parts.iter().rev().nth(1).map_or("id", String::as_str);
            format!("{kind}_{:08x}", seed >> 32)
        }
        "email" | "mail" | "emails" => email(seed),
        "at" | "timestamp" | "time" | "datetime" => date_time(seed),
        "date" | "on" | "day" | "birthday" => date(seed),
        "url" | "uri" | "link" | "href" | "website" | "image" | "avatar" | "logo" | "urls" => {
            url(seed)
        }
        "phone" | "mobile" | "telephone" => phone(seed),
        "token" | "key" | "secret" | "hash" | "signature" | "cursor" => {
            format!("{last}_{seed:016x}")
        }
        "currency" => pick(&["EUR", "USD", "GBP"]),
        "country" => pick(&["DE", "FR", "US", "NO"]),
        "language" | "locale" | "lang" => pick(&["en", "de", "fr"]),
        "city" => pick(&["Bremen", "Lyon", "Oslo", "Porto"]),
        "ip" => format!("192.0.2.{}", 1 + seed % 254),
        "color" | "colour" => format!("#{:06x}", seed % 0x0100_0000),
        "timezone" => "Europe/Berlin".to_owned(),
        "status" | "state" => "active".to_owned(),
        "version" => "1.0.0".to_owned(),
        "username" | "slug" | "handle" => pick(&["mara-feld", "jon-okoro", "ines-lind"]),
        "name" if parts.iter().any(|part| part == "first") => pick(&["Mara", "Jon", "Ines"]),
        "name" if parts.iter().any(|part| part == "last") => pick(&["Feld", "Okoro", "Lind"]),
        "name" => pick(&["Mara Feld", "Jon Okoro", "Ines Lind"]),
        "title" | "subject" => pick(&["The Salt Road", "Low Tide", "A Quiet Hour"]),
        "price" | "amount" | "balance" | "cost" => {
            format!("{}.{:02}", 1 + seed % 99, seed / 99 % 100)
        }
        "" => "text".to_owned(),
        _ => format!("example {}", parts.join(" ")),
    }
}

fn uuid(seed: u64) -> String {
    let more = hash(seed, "uuid");
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        seed >> 32,
        seed >> 16 & 0xffff,
        seed & 0xfff,
        more >> 52,
        more & 0xffff_ffff_ffff
    )
}

fn date(seed: u64) -> String {
    format!("2025-{:02}-{:02}", 1 + seed % 12, 1 + seed / 12 % 28)
}

fn time(seed: u64) -> String {
    format!("{:02}:{:02}:00", seed / 400 % 24, seed / 9600 % 60)
}

fn date_time(seed: u64) -> String {
    format!("{}T{}Z", date(seed), time(seed))
}

fn email(seed: u64) -> String {
    format!("user{}@example.com", 1 + seed % 999)
}

fn url(seed: u64) -> String {
    format!("https://example.com/{}", 1 + seed % 999)
}

fn phone(seed: u64) -> String {
    format!("+1202555{:04}", seed % 10_000)
}

/// The words of `created_at`, `createdAt`, and `created-at`, in lower case.
fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut was_lower = false;
    let mut starts = true;
    for character in name.chars() {
        if !character.is_alphanumeric() {
            starts = true;
            continue;
        }
        if starts || was_lower && character.is_uppercase() {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.extend(character.to_lowercase());
        }
        was_lower = character.is_lowercase();
        starts = false;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        assert_eq!(parts("createdAt"), ["created", "at"]);
        assert_eq!(parts("user_ID"), ["user", "id"]);
        assert_eq!(by_name("bookId", 0), "book_00000000");
        assert!(by_name("user_email", 7).ends_with("@example.com"));
    }

    #[test]
    fn plurals_are_of_one_kind_with_their_singular() {
        for (name, noun) in [
            ("users", "user"),
            ("categories", "category"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("status", "status"),
            ("userList", "user"),
        ] {
            assert_eq!(singular(name), noun, "{name}");
        }
    }

    #[test]
    fn hashes_never_change() {
        assert_eq!(hash(SEED, "GET /books"), 11_286_731_788_789_002_307);
        assert_ne!(hash(SEED, "ab"), hash(hash(SEED, "a"), "b"));
    }
}
