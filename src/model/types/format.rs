//! What a type says beyond the kind of value: the notation of a string, the unit of a number.

use std::fmt;

use super::{Characters, Mask};

/// The notation or the unit of a value, as in `string (uuid)` or `integer (minutes)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `550e8400-e29b-41d4-a716-446655440000`
    Uuid,
    /// `2024-01-31`
    Date,
    /// `2024-01-31T12:00:00Z`
    DateTime,
    /// A date or a date with a time: "ISO 8601" says no more.
    Iso8601,
    /// `12:00:00`
    Time,
    /// `PT1H30M`
    Duration,
    /// An e-mail address.
    Email,
    /// An absolute URI.
    Uri,
    /// The name of a host.
    Hostname,
    /// An IP address of either version.
    Ip,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// A telephone number as E.164 writes it.
    Phone,
    /// A point in time as a number since 1970, without saying in which unit.
    UnixTime,
    /// Seconds since 1970.
    UnixSeconds,
    /// Milliseconds since 1970.
    UnixMilliseconds,
    /// Base64, of either alphabet.
    Base64,
    /// Hexadecimal digits.
    Hex,
    /// A hash in any notation.
    Hash,
    /// Bytes in any notation.
    Bytes,
    /// JSON in a string.
    Json,
    /// XML in a string.
    Xml,
    /// HTML in a string.
    Html,
    /// Markdown in a string.
    Markdown,
    /// Comma-separated values in a string.
    Csv,
    /// A secret.
    Password,
    /// An integer of 32 bits.
    Int32,
    /// An integer of 64 bits.
    Int64,
    /// An integer of 32 bits that is not negative.
    Uint32,
    /// An integer of 64 bits that is not negative.
    Uint64,
    /// A floating-point number.
    Float,
    /// A floating-point number of 64 bits.
    Double,
    /// A decimal number, which many servers send as a string to keep its digits.
    Decimal,
    /// Characters that are listed: "lowercase letters, digits, and hyphens".
    Characters(Box<Characters>),
    /// What stands where: `MM/YY`.
    Mask(Box<Mask>),
    /// A note that names none of these, as it was written.
    Other(String),
}

impl Format {
    /// The format that `text` names; its own text if it names none.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        Self::from_words(&words(text))
            .or_else(|| Some(Self::Mask(Box::new(Mask::of_date(text)?))))
            .unwrap_or_else(|| Self::Other(text.to_owned()))
    }

    /// The format of that name in lower case, its words separated by single spaces.
    pub(super) fn from_words(words: &str) -> Option<Self> {
        Some(match words {
            "uuid" | "uuidv4" | "uuid v4" | "uuid4" | "uuidv7" | "uuid v7" | "guid" => Self::Uuid,
            "date" | "full date" | "fecha" | "yyyy mm dd" => Self::Date,
            "datetime"
            | "date time"
            | "rfc3339"
            | "rfc 3339"
            | "rfc3339 timestamp"
            | "rfc 3339 timestamp"
            | "iso 8601 datetime"
            | "iso 8601 date time"
            | "iso 8601 timestamp"
            | "iso8601 datetime"
            | "iso8601 date time"
            | "iso8601 timestamp"
            | "iso timestamp"
            | "iso datetime"
            | "timestamp with time zone"
            | "timestamp with timezone"
            | "timestamptz"
            | "string timestamp"
            | "timestamp string"
            | "utc timestamp"
            | "utc datetime" => Self::DateTime,
            "iso 8601" | "iso8601" | "iso 8601 date" | "iso8601 date" | "iso date" => Self::Iso8601,
            "time" => Self::Time,
            "duration" | "iso 8601 duration" | "iso8601 duration" => Self::Duration,
            "email" | "e mail" | "email address" | "emailstr" => Self::Email,
            "uri" | "url" | "httpurl" | "http url" | "https url" => Self::Uri,
            "hostname" | "domain" | "domain name" => Self::Hostname,
            "ip" | "ip address" | "ipaddress" => Self::Ip,
            "ipv4" | "ipv4 address" => Self::Ipv4,
            "ipv6" | "ipv6 address" => Self::Ipv6,
            "phone" | "phone number" | "e.164" | "e164" => Self::Phone,
            "unix time" | "unix timestamp" | "unixtime" | "unix epoch" | "epoch" | "epoch time"
            | "epoch timestamp" | "unix" | "integer timestamp" | "timestamp integer"
            | "int timestamp" => Self::UnixTime,
            "unix seconds"
            | "unix timestamp seconds"
            | "epoch seconds"
            | "unix timestamp in seconds" => Self::UnixSeconds,
            "unix milliseconds"
            | "unix ms"
            | "unix timestamp ms"
            | "unix timestamp milliseconds"
            | "epoch ms"
            | "epoch milliseconds"
            | "epoch millis"
            | "unix timestamp in milliseconds" => Self::UnixMilliseconds,
            "base64" | "base64url" | "base64 encoded" => Self::Base64,
            "hex" | "hexadecimal" => Self::Hex,
            "hash" | "sha256" | "sha1" | "sha512" | "md5" => Self::Hash,
            "bytes" | "byte" => Self::Bytes,
            "json" | "jsonb" | "stringified json" | "json encoded" => Self::Json,
            "xml" => Self::Xml,
            "html" => Self::Html,
            "markdown" => Self::Markdown,
            "csv" => Self::Csv,
            "password" | "secret" => Self::Password,
            "int32" | "i32" => Self::Int32,
            "uint32" | "u32" => Self::Uint32,
            "int64" | "i64" => Self::Int64,
            "uint64" | "u64" => Self::Uint64,
            "float" | "float32" => Self::Float,
            "double" | "float64" | "double precision" => Self::Double,
            "decimal" => Self::Decimal,
            _ => return None,
        })
    }

    /// The canonical name, which [`Format::parse`] reads back.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Uuid => "uuid",
            Self::Date => "date",
            Self::DateTime => "date-time",
            Self::Iso8601 => "ISO 8601",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::Email => "email",
            Self::Uri => "uri",
            Self::Hostname => "hostname",
            Self::Ip => "ip",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Phone => "phone",
            Self::UnixTime => "unix time",
            Self::UnixSeconds => "unix seconds",
            Self::UnixMilliseconds => "unix milliseconds",
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Hash => "hash",
            Self::Bytes => "bytes",
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
            Self::Password => "password",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
            Self::Float => "float",
            Self::Double => "double",
            Self::Decimal => "decimal",
            Self::Characters(characters) => characters.name(),
            Self::Mask(mask) => mask.name(),
            Self::Other(text) => text,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// `text` in lower case, hyphens and underscores as spaces, without the word "format", spaces single.
pub(super) fn words(text: &str) -> String {
    let lower = text.to_lowercase().replace(['-', '_', '(', ')'], " ");
    let words: Vec<&str> = lower
        .split_whitespace()
        .filter(|word| !matches!(*word, "format" | "formatted"))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_in_any_spelling() {
        assert_eq!(Format::parse("Date-Time"), Format::DateTime);
        assert_eq!(Format::parse("UUID format"), Format::Uuid);
        assert_eq!(Format::parse("ISO-8601"), Format::Iso8601);
        assert_eq!(Format::parse(" minutes "), Format::Other("minutes".into()));
        assert_eq!(Format::parse("yyyy-mm-dd"), Format::Date);
        assert_eq!(Format::parse("MM/YY").to_string(), "MM/YY");
    }
}
