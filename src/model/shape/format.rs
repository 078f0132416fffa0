//! Does a text have the notation that a format asks for?
//!
//! Each check is exact where a standard is, and lenient where real APIs differ from it without anybody being misled:
//! a date with a time needs no offset from UTC, and seconds may be left out. A space in place of the `T` is a mismatch.
//! Formats that cannot be told from the text (hash, password, Markdown, CSV …) accept everything.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::Number;

use crate::model::types::{Format, digits};

/// True if `text` has that format.
pub fn accepts(format: &Format, text: &str) -> bool {
    match format {
        Format::Uuid => is_uuid(text),
        Format::Date => is_date(text),
        Format::DateTime => is_date_time(text),
        Format::Iso8601 => is_iso8601(text),
        Format::Time => is_time(text),
        Format::Duration => is_duration(text),
        Format::Email => is_email(text),
        Format::Uri => is_uri(text),
        Format::Hostname => is_hostname(text),
        Format::Ip => text.parse::<IpAddr>().is_ok(),
        Format::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
        Format::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
        Format::Phone => is_phone(text),
        Format::UnixTime
        | Format::UnixSeconds
        | Format::UnixMilliseconds
        | Format::Int32
        | Format::Int64
        | Format::Uint32 => text
            .parse::<i64>()
            .is_ok_and(|number| accepts_integer(format, number)),
        Format::Uint64 => text.parse::<u64>().is_ok(),
        Format::Float | Format::Double | Format::Decimal => is_decimal(text),
        Format::Base64 => is_base64(text),
        Format::Hex => is_hex(text),
        Format::Characters(characters) => characters.accepts(text),
        Format::Mask(mask) => mask.accepts(text),
        Format::Xml => text.trim_start().starts_with('<'),
        Format::Json
        | Format::Hash
        | Format::Bytes
        | Format::Html
        | Format::Markdown
        | Format::Csv
        | Format::Password
        | Format::Other(_) => true,
    }
}

/// True if an integer has that format.
///
/// Seconds and milliseconds since 1970 are told apart by their size: 10^11 seconds are in the year 5138.
pub fn accepts_integer(format: &Format, number: i64) -> bool {
    const LAST_SECOND: u64 = 100_000_000_000;
    match format {
        Format::Int32 => i32::try_from(number).is_ok(),
        Format::Uint32 => u32::try_from(number).is_ok(),
        Format::Uint64 => number >= 0,
        Format::UnixSeconds => number.unsigned_abs() < LAST_SECOND,
        Format::UnixMilliseconds => number == 0 || number.unsigned_abs() >= LAST_SECOND,
        _ => true,
    }
}

/// True if a number of JSON has that format; one with a fraction is no integer, which no format judges.
pub fn accepts_number(format: &Format, number: &Number) -> bool {
    if let Some(number) = number.as_i64() {
        return accepts_integer(format, number);
    }
    let is_beyond_signed = number.as_f64().is_some_and(|it| it.abs() >= 2_f64.powi(63));
    match format {
        Format::Int32 | Format::Int64 | Format::Uint32 => !is_beyond_signed,
        Format::Uint64 => number.is_u64() || !is_beyond_signed,
        _ => true,
    }
}

/// The format with its article and a specimen, such as "a date (`2024-01-31`)".
pub fn noun(format: &Format) -> String {
    let (noun, specimen) = match format {
        Format::Uuid => ("a UUID", "550e8400-e29b-41d4-a716-446655440000"),
        Format::Date => ("a date", "2024-01-31"),
        Format::DateTime => ("a date and time", "2024-01-31T12:00:00Z"),
        Format::Iso8601 => ("an ISO 8601 date", "2024-01-31T12:00:00Z"),
        Format::Time => ("a time", "12:00:00"),
        Format::Duration => ("a duration", "PT1H30M"),
        Format::Email => ("an e-mail address", "a@example.com"),
        Format::Uri => ("an absolute URL", "https://example.com/a"),
        Format::Hostname => ("a host name", "example.com"),
        Format::Ip => ("an IP address", "192.0.2.1"),
        Format::Ipv4 => ("an IPv4 address", "192.0.2.1"),
        Format::Ipv6 => ("an IPv6 address", "2001:db8::1"),
        Format::Phone => ("a telephone number", "+12025550123"),
        Format::UnixTime | Format::UnixSeconds => ("seconds since 1970", "1706702400"),
        Format::UnixMilliseconds => ("milliseconds since 1970", "1706702400000"),
        Format::Base64 => ("Base64", "aGVsbG8="),
        Format::Hex => ("hexadecimal digits", "0a1b"),
        Format::Int32 => ("an integer of 32 bits", "42"),
        Format::Int64 => ("an integer of 64 bits", "42"),
        Format::Uint32 => ("an integer of 32 bits that is not negative", "42"),
        Format::Uint64 => ("an integer of 64 bits that is not negative", "42"),
        Format::Decimal => ("a decimal number", "12.50"),
        Format::Xml => ("XML", "<a/>"),
        Format::Characters(characters) => return format!("a text of {}", characters.name()),
        Format::Mask(mask) => return format!("{} (`{}`)", mask.described(), mask.sample(0)),
        other => return other.to_string(),
    };
    format!("{noun} (`{specimen}`)")
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(|group| is_hex(group))
}

fn is_hex(text: &str) -> bool {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_date(text: &str) -> bool {
    after_date(text) == Some("")
}

fn after_date(text: &str) -> Option<&str> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=last).contains(&day).then_some(rest)
}

fn is_date_time(text: &str) -> bool {
    let time = after_date(text).and_then(|rest| rest.strip_prefix(['T', 't']));
    time.is_some_and(is_time)
}

/// Any notation of ISO 8601: a date, a month, a week, a time, both, a duration, and two of these with a slash between.
fn is_iso8601(text: &str) -> bool {
    let is_one = |text: &str| {
        is_date(text)
            || is_date_time(text)
            || is_time(text)
            || is_duration(text)
            || is_part_of_year(text)
    };
    match text.split_once('/') {
        Some((start, end)) => is_one(start) && is_one(end),
        None => is_one(text),
    }
}

/// `2026-01`, `2026-W03`, `2026-W03-5`, and `2026-017`.
fn is_part_of_year(text: &str) -> bool {
    let Some(rest) = digits(text, 4).and_then(|(_, rest)| rest.strip_prefix('-')) else {
        return false;
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match rest.strip_prefix('W') {
        Some(week) => {
            let (week, day) = week.split_once('-').unwrap_or((week, "1"));
            week.len() == 2 && day.len() == 1 && all_digits(week) && all_digits(day)
        }
        None => matches!(rest.len(), 2 | 3) && all_digits(rest),
    }
}

/// `HH:MM[:SS[.fraction]]` and perhaps an offset.
fn is_time(text: &str) -> bool {
    after_clock(text).is_some_and(|rest| rest.is_empty() || is_offset(rest))
}

fn after_clock(text: &str) -> Option<&str> {
    let (hour, rest) = digits(text, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
    if hour > 23 || minute > 59 {
        return None;
    }
    let Some(rest) = rest.strip_prefix(':') else {
        return Some(rest);
    };
    let (second, rest) = digits(rest, 2)?;
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => Some(fraction.trim_start_matches(|c: char| c.is_ascii_digit()))
            .filter(|after| after.len() < fraction.len())?,
        None => rest,
    };
    (second <= 60).then_some(rest)
}

fn is_offset(text: &str) -> bool {
    if matches!(text, "Z" | "z") {
        return true;
    }
    let Some(offset) = text.strip_prefix(['+', '-']) else {
        return false;
    };
    let Some((hours, rest)) = digits(offset, 2) else {
        return false;
    };
    let minutes = rest.strip_prefix(':').unwrap_or(rest);
    let fits = rest.is_empty() || matches!(digits(minutes, 2), Some((0..=59, "")));
    hours <= 23 && fits
}

/// `P[nY][nM][nW][nD][T[nH][nM][nS]]` with at least one part.
fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else {
        return false;
    };
    let (days, time) = rest
        .split_once('T')
        .map_or((rest, None), |(days, time)| (days, Some(time)));
    if days.is_empty() && time.is_none() || time == Some("") {
        return false;
    }
    has_parts(days, "YMWD") && time.is_none_or(|time| has_parts(time, "HMS"))
}

/// Numbers, each with one of the units, which come in their order.
fn has_parts(text: &str, units: &str) -> bool {
    let (mut rest, mut units) = (text, units);
    while !rest.is_empty() {
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let Some(unit) = number.chars().next().filter(|_| number.len() < rest.len()) else {
            return false;
        };
        let Some((_, later)) = units.split_once(unit) else {
            return false;
        };
        (rest, units) = (number.get(unit.len_utf8()..).unwrap_or_default(), later);
    }
    true
}

fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        let plain = local
            .chars()
            .all(|c| !c.is_whitespace() && !c.is_control() && c != '@');
        let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
        !local.is_empty() && (plain || quoted) && is_hostname(domain)
    })
}

/// Labels of letters, digits, and inner hyphens; letters of any script, since addresses are often written as shown.
fn is_hostname(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    text.len() <= 253
        && text.split('.').all(|label| {
            let inner = !label.starts_with('-') && !label.ends_with('-');
            let plain = label
                .chars()
                .all(|c| c.is_alphanumeric() || c == '-' || c == '_');
            !label.is_empty() && label.len() <= 63 && inner && plain
        })
}

fn is_uri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        let letters = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        let plain = !rest.contains(|c: char| c.is_whitespace() || c.is_control());
        let host = rest.strip_prefix("//").is_none_or(|rest| !rest.is_empty());
        letters && plain && !rest.is_empty() && host
    })
}

/// `+` and 7 to 15 digits; spaces, hyphens, dots, and brackets may group them, and the `+` may be left out.
fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    (7..=15).contains(&digits)
        && rest
            .chars()
            .all(|c| c.is_ascii_digit() || " -.()".contains(c))
}

/// A number as JSON writes it, or with a sign or zeros before it.
fn is_decimal(text: &str) -> bool {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    plain && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Either alphabet, padded or not; a data URL is Base64 to most authors.
fn is_base64(text: &str) -> bool {
    let text = match text.split_once(";base64,") {
        Some((start, data)) if start.starts_with("data:") => data,
        _ => text,
    };
    let data = text.trim_end_matches('=');
    let padding = text.len() - data.len();
    let plain = data
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte));
    plain && padding <= 2 && data.len() % 4 != 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(format: &Format, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(accepts(format, text), "{format} should accept {text}");
        }
        for text in bad {
            assert!(!accepts(format, text), "{format} should refuse {text}");
        }
    }

    #[test]
    fn identifiers_have_their_exact_form() {
        check(
            &Format::Uuid,
            &["550e8400-e29b-41d4-a716-446655440000"],
            &["550e8400", "550e8400-e29b-41d4-a716-44665544000g"],
        );
        check(&Format::Hex, &["0xAf09", "00"], &["", "0x", "xyz"]);
        check(
            &Format::Base64,
            &["aGVsbG8=", "aGVsbG8", "a-_/", "data:image/png;base64,AAAA"],
            &["a", "a b=", "a==="],
        );
    }

    #[test]
    fn dates_follow_the_calendar() {
        check(
            &Format::Date,
            &["2024-02-29", "1999-12-31"],
            &[
                "2023-02-29",
                "2024-13-01",
                "2024-1-1",
                "2024-01-01T00:00:00Z",
                "01/02/2024",
            ],
        );
    }

    #[test]
    fn times_may_leave_out_the_offset_but_not_the_t() {
        check(
            &Format::DateTime,
            &[
                "2024-01-31T12:00:00Z",
                "2024-01-31T12:00",
                "2024-01-31t23:59:60.123+05:30",
                "2024-01-31T12:00:00+0000",
                "2024-01-31T12:00:00",
            ],
            &[
                "2024-01-31",
                "2024-01-31 12:00:00",
                "2024-01-31T25:00:00Z",
                "2024-01-31T12:00:00.Z",
                "2024-01-31T12:00:00+99",
            ],
        );
        check(
            &Format::Time,
            &["09:30", "09:30:15Z"],
            &["9:30", "24:00", "09:60"],
        );
        check(
            &Format::Duration,
            &["P1D", "PT1H30M", "P1Y2M3DT4.5S"],
            &["P", "PT", "1D", "PT1D", "P1DT", "PT1M1H"],
        );
    }

    #[test]
    fn numbers_since_1970_are_told_apart_by_their_size() {
        assert!(accepts_integer(&Format::Int32, i64::from(i32::MAX)));
        assert!(!accepts_integer(&Format::Int32, i64::from(u32::MAX)));
        assert!(accepts_integer(&Format::Uint32, i64::from(u32::MAX)));
        assert!(!accepts_integer(&Format::Uint64, -1));
        assert!(accepts_integer(&Format::UnixSeconds, 1_706_702_400));
        assert!(!accepts_integer(&Format::UnixSeconds, 1_706_702_400_000));
        assert!(accepts_integer(
            &Format::UnixMilliseconds,
            1_706_702_400_000
        ));
        assert!(accepts_integer(&Format::UnixTime, 1_706_702_400_000));
        assert!(!accepts_integer(&Format::UnixSeconds, i64::MIN));
    }

    #[test]
    fn numbers_beyond_63_bits_are_no_signed_integers() {
        let accepts = |format: Format, text: &str| accepts_number(&format, &text.parse().unwrap());
        let large = "18446744073709551615";
        assert!(accepts(Format::Uint64, large) && !accepts(Format::Int64, large));
        for beyond in [
            "18446744073709551616000",
            "-18446744073709551616000",
            "1e30",
        ] {
            for format in [Format::Int32, Format::Int64, Format::Uint32, Format::Uint64] {
                assert!(!accepts(format.clone(), beyond), "{format:?} {beyond}");
            }
            assert!(accepts(Format::Double, beyond));
        }
        assert!(accepts(Format::Int64, "1.5") && accepts(Format::Int64, "-7"));
    }

    #[test]
    fn addresses_have_their_parts() {
        check(
            &Format::Email,
            &["a@b.co", "a+b@localhost", "ü@ü.de"],
            &["a", "@b.co", "a b@c.de", "a@b@c", "a@-b.de"],
        );
        check(
            &Format::Uri,
            &["https://a.b/c?d#e", "mailto:a@b.c", "urn:x:y"],
            &["a.b/c", "/a", "https://", "https://a b", ":x"],
        );
        check(&Format::Ipv4, &["192.0.2.1"], &["192.0.2.256", "::1"]);
        check(&Format::Ip, &["::1", "192.0.2.1"], &["a"]);
        check(
            &Format::Phone,
            &["+12025550123", "(202) 555-0123"],
            &["123", "call me"],
        );
        check(
            &Format::Hostname,
            &["a.example.com", "localhost"],
            &["", "a..b", "-a.de"],
        );
    }

    #[test]
    fn decimals_are_digits() {
        check(
            &Format::Decimal,
            &["12.50", "-0.1", "1e3"],
            &["", "12,50", "inf", "NaN", "$5"],
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,24}", name in prop::sample::select(vec![
            "uuid", "date", "date-time", "time", "duration", "email", "uri", "hostname", "ip", "phone", "base64",
            "unix seconds", "decimal", "xml",
        ])) {
            accepts(&Format::parse(name), &text);
        }
    }
}
