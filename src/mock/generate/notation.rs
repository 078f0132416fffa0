//! Values in the notation of a format, and those of which only the notation matters.

use std::fmt::Write as _;

use crate::mock::words::{self, hash, singular};
use crate::model::types::Format;

use super::cast::{self, Kind, Place};
use super::name::Topic;
use super::{moment, number};

pub(super) fn in_format(format: &Format, topic: &Topic<'_>) -> Option<String> {
    let seed = topic.seed;
    let parts = topic.parts();
    let seconds = || moment::seconds(&parts, topic.kin);
    Some(match format {
        Format::Uuid => uuid(seed),
        Format::Date => moment::date(seconds()),
        Format::DateTime | Format::Iso8601 => moment::date_time(seconds()),
        Format::Time => moment::time(&parts, topic.kin),
        Format::Duration => "PT1H30M".to_owned(),
        Format::Email => topic.person(&parts).email(),
        Format::Uri => url(topic, &parts),
        Format::Hostname => "www.example.com".to_owned(),
        Format::Ip | Format::Ipv4 => ip(seed),
        Format::Ipv6 => format!("2001:db8::{:x}", 1 + seed % 0xffff),
        Format::Phone => phone(topic.kin),
        Format::UnixTime | Format::UnixSeconds | Format::UnixMilliseconds => {
            number::integer(topic, Some(format)).to_string()
        }
        Format::Base64 | Format::Bytes => "ZXhhbXBsZQ==".to_owned(),
        Format::Hex => format!("{seed:016x}"),
        Format::Hash => hash_of(topic),
        Format::Json => "{}".to_owned(),
        Format::Xml => "<example/>".to_owned(),
        Format::Html => "<p>Example</p>".to_owned(),
        Format::Markdown => "An *example*.".to_owned(),
        Format::Csv => "id,name".to_owned(),
        Format::Int32 | Format::Int64 | Format::Uint32 | Format::Uint64 => {
            (1 + seed % 9999).to_string()
        }
        Format::Float | Format::Double | Format::Decimal => decimal(seed),
        Format::Mask(mask) => mask.sample(seed),
        Format::Password | Format::Characters(_) | Format::Other(_) => return None,
    })
}

/// The key of a map that is told by its name or text: prices by currency, texts by language, counts by day.
pub(super) fn key(topic: &Topic<'_>) -> String {
    let text = &topic.text;
    let place = Place::of(topic.kin);
    let name = singular(topic.name);
    if text.says(&["by day", "by date", "per day", "each day", "daily"])
        || name == "day"
        || name == "date"
    {
        return moment::date(moment::seconds(&[], topic.kin));
    }
    if text.says(&["by month", "per month", "monthly"]) || name == "month" {
        let date = moment::date(moment::seconds(&[], topic.kin));
        return date.get(..7).unwrap_or_default().to_owned();
    }
    if text.says(&["by currency", "per currency", "currency code"]) || name == "currency" {
        return place.currency.to_owned();
    }
    if text.says(&["by language", "by locale", "language code", "per language"])
        || name == "translation"
        || name == "locale"
    {
        return place.language.to_owned();
    }
    if text.says(&["by country", "country code"]) || name == "country" {
        return place.code.to_owned();
    }
    match name.as_str() {
        "header" => "X-Request-Id".to_owned(),
        "metadata" | "data" | "" | "attribute" | "custom" => "key".to_owned(),
        name => format!("{name}_1"),
    }
}

pub(super) fn hash_of(topic: &Topic<'_>) -> String {
    let text = &topic.text;
    let name = words::folded(topic.name);
    let length = if text.says(&["md5"]) || name.contains("md5") {
        32
    } else if text.says(&["sha-1", "sha1", "commit", "git"])
        || name.contains("sha1")
        || name.contains("commit")
    {
        40
    } else if text.says(&["sha-512", "sha512"]) {
        128
    } else {
        64
    };
    let start = if text.says(&["0x"]) || name == "txhash" || name == "transactionhash" {
        "0x"
    } else {
        ""
    };
    let mut hex = String::new();
    let mut seed = topic.seed;
    while hex.len() < length {
        let _ = write!(hex, "{seed:016x}");
        seed = hash(seed, "more");
    }
    hex.truncate(length);
    format!("{start}{hex}")
}

pub(super) fn mime(topic: &Topic<'_>) -> &'static str {
    let file = cast::file(topic.kin);
    match file.rsplit('.').next() {
        Some("png") => "image/png",
        Some("txt") => "text/plain",
        _ => "application/pdf",
    }
}

/// An address of what the name says: a picture, the page of a person, or a place of the thing.
pub(super) fn url(topic: &Topic<'_>, parts: &[String]) -> String {
    let has = |words: &[&str]| parts.iter().any(|part| words.contains(&part.as_str()));
    let number = 1 + topic.seed % 999;
    let is_picture = has(&[
        "image",
        "avatar",
        "logo",
        "photo",
        "picture",
        "thumbnail",
        "icon",
        "cover",
        "banner",
    ]) || topic.text.says(&["image", "picture", "photo", "thumbnail"]);
    if is_picture {
        return match Kind::of(topic.around) {
            Kind::Person => format!(
                "https://example.com/images/{}.png",
                topic.person(parts).handle('-')
            ),
            _ => format!("https://example.com/images/{number}.png"),
        };
    }
    if has(&["webhook", "callback", "hook"]) {
        return "https://example.com/webhook".to_owned();
    }
    if has(&["website", "homepage", "home"]) {
        return "https://www.example.com".to_owned();
    }
    match (Kind::of(topic.around), topic.around) {
        (Kind::Person, _) => format!("https://example.com/{}", topic.person(parts).handle('-')),
        (Kind::File, _) => format!("https://example.com/files/{}", cast::file(topic.kin)),
        (_, "") => format!("https://example.com/{number}"),
        (_, noun) => format!("https://example.com/{}/{number}", cast::slug(noun)),
    }
}

pub(super) fn decimal(seed: u64) -> String {
    format!("{}.{:02}", 5 + seed % 95, seed / 95 % 100)
}

pub(super) fn ip(seed: u64) -> String {
    format!("192.0.2.{}", 1 + seed % 254)
}

pub(super) fn phone(kin: u64) -> String {
    format!("+1202555{:04}", 100 + kin % 100)
}

pub(super) fn uuid(seed: u64) -> String {
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
