//! Plausible values for names, texts, and formats.
//!
//! Every choice is made by two numbers: one of the value's own, and that of its kin, the object that it is a member of, so
//! that the name and the address of a person, or the currencies of an order, agree.

use crate::mock::words::{parts, singular};
use crate::model::types::Format;

use super::cast::{self, Kind, Person, Place, pick};
use super::moment;
use super::notation::{decimal, hash_of, in_format, ip, mime, phone, url, uuid};
use super::number::{is_money, is_price};
use super::text::Text;

/// What a value is called, and where it belongs.
pub(super) struct Topic<'a> {
    /// The key of the member; that of the list for an item of one.
    pub(super) name: &'a str,
    /// What kind of thing it is a member of.
    pub(super) around: &'a str,
    /// The number of the value.
    pub(super) seed: u64,
    /// The number of the thing that it is a member of.
    pub(super) kin: u64,
    pub(super) text: Text,
    /// Its place in a list of plain values.
    pub(super) index: Option<u64>,
}

impl Topic<'_> {
    pub(super) fn parts(&self) -> Vec<String> {
        let mut parts = parts(self.name);
        if self.index.is_some()
            && let Some(last) = parts.last_mut()
        {
            *last = singular(last);
        }
        parts
    }

    /// The number of whoever plays the part that the name says: `author_name` and `author_email` have one.
    pub(super) fn person(&self, parts: &[String]) -> Person {
        let is_role = |part: &&String| Kind::of(part) == Kind::Person && *part != self.around;
        let role = parts.iter().find(is_role).map_or("", String::as_str);
        let seed = self.index.map_or(self.kin, |_| self.seed);
        Person::of(cast::in_role(seed, role))
    }

    /// The place that a list of plain values is about: its coordinates are those of one.
    pub(super) fn place_around(&self) -> &'static Place {
        Place::of(self.kin)
    }

    /// The same for places: billing and shipping may differ.
    pub(super) fn place(&self) -> &'static Place {
        Place::of(self.index.map_or(self.kin, |_| self.seed))
    }
}

/// A text in that notation, else one that the name suggests.
pub(super) fn string(topic: &Topic<'_>, format: Option<&Format>) -> String {
    format
        .and_then(|format| in_format(format, topic))
        .or_else(|| by_name(topic))
        .or_else(|| by_text(topic))
        .unwrap_or_else(|| by_default(topic))
}

/// True if something tells what the text is: a notation, the description, or a name that means one thing.
pub(super) fn is_understood(topic: &Topic<'_>, format: Option<&Format>) -> bool {
    let by_format = || format.and_then(|format| in_format(format, topic));
    let strong = by_format().or_else(|| by_strong_name(topic));
    strong.or_else(|| by_text(topic)).is_some()
}

/// What names stand for, by their last words; the first line that fits counts.
fn by_name(topic: &Topic<'_>) -> Option<String> {
    let parts = topic.parts();
    let last = parts.last().map_or("", String::as_str);
    by_strong_name(topic)
        .or_else(|| trade(topic, last))
        .or_else(|| sentence(topic, last))
}

/// The same for names that mean one thing, whatever the site is about.
fn by_strong_name(topic: &Topic<'_>) -> Option<String> {
    let parts = topic.parts();
    let last = parts.last().map_or("", String::as_str);
    let before = parts.iter().rev().nth(1).map_or("", String::as_str);
    identifier(topic, &parts)
        .or_else(|| time(topic, &parts))
        .or_else(|| person(topic, &parts))
        .or_else(|| place(topic, last, before))
        .or_else(|| technical(topic, last, before))
}

fn identifier(topic: &Topic<'_>, parts: &[String]) -> Option<String> {
    let seed = topic.seed;
    let last = parts.last()?.as_str();
    Some(match last {
        "uuid" | "guid" => uuid(seed),
        "id" | "ids" => {
            if let Some(prefix) = topic.text.prefix() {
                return Some(format!("{prefix}{:08x}", seed >> 32));
            }
            if topic.text.says(&["uuid", "guid"]) {
                return Some(uuid(seed));
            }
            let kind = parts
                .iter()
                .rev()
                .nth(1)
                .map_or(topic.around, String::as_str);
            let kind = if kind.is_empty() { "id" } else { kind };
            format!("{kind}_{:08x}", seed >> 32)
        }
        _ => {
            let prefix = topic.text.prefix()?;
            format!("{prefix}{:08x}", seed >> 32)
        }
    })
}

fn time(topic: &Topic<'_>, parts: &[String]) -> Option<String> {
    let seconds = || moment::seconds(parts, topic.kin);
    let last = parts.last()?.as_str();
    let is_day = || topic.text.says(&["yyyy-mm-dd", "date only"]);
    Some(match last {
        "at" | "timestamp" | "datetime" | "since" | "until" | "created" | "updated"
        | "modified" | "expires" | "expiry" | "expiration" => {
            if is_day() {
                moment::date(seconds())
            } else {
                moment::date_time(seconds())
            }
        }
        "time" if topic.text.says(&["hh:mm", "time of day"]) => moment::time(parts, topic.kin),
        "time" => moment::date_time(seconds()),
        "date" | "on" | "day" | "birthday" | "birthdate" | "dob" | "datum" | "fecha" | "data"
            if last != "data" =>
        {
            moment::date(seconds())
        }
        "start" | "end" | "beginn" | "ende"
            if topic.text.says(&["when", "time", "date", "zeit"]) =>
        {
            moment::date_time(seconds())
        }
        // The month and the year of a card are of years to come.
        "month" if is_of_expiry(parts) => format!("{:02}", 1 + topic.seed % 12),
        "year" if is_of_expiry(parts) => (2030 + topic.seed % 6).to_string(),
        "in" if parts.iter().any(|it| it == "expires") => "3600".to_owned(),
        "month" => moment::date(seconds()).get(..7)?.to_owned(),
        "year" => moment::date(seconds()).get(..4)?.to_owned(),
        "duration" => "1h 30m".to_owned(),
        _ => return None,
    })
}

/// True for `exp_month` and `expiry_year`.
fn is_of_expiry(parts: &[String]) -> bool {
    parts.iter().any(|it| it.starts_with("exp"))
}

fn person(topic: &Topic<'_>, parts: &[String]) -> Option<String> {
    let last = parts.last()?.as_str();
    let has = |words: &[&str]| parts.iter().any(|part| words.contains(&part.as_str()));
    let person = || topic.person(parts);
    Some(match last {
        "email" | "mail" | "emails" | "correo" => person().email(),
        "phone" | "mobile" | "telephone" | "tel" | "fax" | "telefon" | "whatsapp" => {
            phone(topic.kin)
        }
        "username" | "handle" | "login" | "nickname" | "screenname" => person().handle('.'),
        "firstname" | "forename" | "vorname" | "prénom" | "prenom" => person().first.to_owned(),
        "lastname" | "surname" | "nachname" | "apellido" | "sobrenome" => person().last.to_owned(),
        "initials" => {
            let person = person();
            let first = |text: &str| text.chars().next().unwrap_or_default();
            format!("{}{}", first(person.first), first(person.last))
        }
        "name" | "nom" | "nome" | "nombre" => named(topic, parts, &has),
        "company" | "organization" | "organisation" | "employer" | "vendor" | "merchant"
        | "firma" => cast::organization(topic.kin).to_owned(),
        "fullname" | "displayname" | "author" | "owner" | "assignee" | "creator" | "sender"
        | "recipient" | "by" | "contact" | "customer" | "student" | "teacher" => person().name(),
        "from" | "to" | "cc" | "bcc"
            if topic
                .text
                .says(&["email", "e-mail", "address", "mail", "recipient", "sender"]) =>
        {
            person().email()
        }
        _ => return None,
    })
}

/// The name of whatever has one.
fn named(topic: &Topic<'_>, parts: &[String], has: &dyn Fn(&[&str]) -> bool) -> String {
    let person = topic.person(parts);
    if has(&["first", "given"]) {
        return person.first.to_owned();
    }
    if has(&["last", "family"]) {
        return person.last.to_owned();
    }
    if has(&["user", "screen", "login"]) {
        return person.handle('.');
    }
    if has(&["file"]) {
        return cast::file(topic.kin);
    }
    if has(&["domain", "host"]) {
        return "www.example.com".to_owned();
    }
    if topic.text.says(&["file"]) && topic.text.says(&["name of the file", "file name"]) {
        return cast::file(topic.kin);
    }
    let whose = parts
        .iter()
        .rev()
        .nth(1)
        .map_or(topic.around, String::as_str);
    // The name on an address is that of whoever lives there.
    if matches!(whose, "address" | "billing" | "shipping") && topic.text.is_of_nobody_else() {
        return person.name();
    }
    if has(&["full", "display"]) && Kind::of(topic.around) != Kind::Organization {
        return person.name();
    }
    match Kind::of(whose) {
        Kind::Person => person.name(),
        Kind::Organization => cast::organization(topic.kin).to_owned(),
        Kind::File => cast::file(topic.kin),
        Kind::Thing => cast::thing(whose, topic.kin),
    }
}

fn place(topic: &Topic<'_>, last: &str, before: &str) -> Option<String> {
    let place = topic.place();
    let text = &topic.text;
    let is_address = || {
        matches!(
            topic.around,
            "address"
                | "location"
                | "shipping"
                | "billing"
                | "place"
                | "venue"
                | "store"
                | "adresse"
        ) || text.says(&["province", "address", "region of", "federal state"])
    };
    let code = || {
        if text.says(&["alpha-3", "three-letter", "3-letter"]) {
            place.long_code.to_owned()
        } else {
            place.code.to_owned()
        }
    };
    Some(match last {
        "currency" | "currencies" | "währung" | "moneda" | "moeda" | "devise" => currency(topic),
        "code" if before == "currency" => currency(topic),
        "country" | "nationality" | "land" | "pays" | "país" => {
            if text.says(&["name of the country", "country name", "full name"]) {
                place.country.to_owned()
            } else {
                code()
            }
        }
        "code" if before == "country" => code(),
        "name" if before == "country" => place.country.to_owned(),
        "code" if matches!(before, "postal" | "zip" | "post") => place.postal.to_owned(),
        "language" | "lang" | "sprache" | "idioma" | "langue" => place.language.to_owned(),
        "code" if before == "language" => place.language.to_owned(),
        "locale" => place.locale(),
        "city" | "town" | "stadt" | "ort" | "ville" | "ciudad" | "cidade" => place.city.to_owned(),
        "postcode" | "zip" | "zipcode" | "plz" | "postalcode" => place.postal.to_owned(),
        "province" | "county" => place.region.to_owned(),
        "state" | "region" if is_address() => place.region.to_owned(),
        "region" => "eu-west-1".to_owned(),
        "timezone" | "tz" => place.timezone.to_owned(),
        "zone" if before == "time" => place.timezone.to_owned(),
        "street" | "line1" | "strasse" | "straße" | "rue" | "calle" | "rua" => {
            format!("{} Harbor Street", 1 + topic.kin % 90)
        }
        "line" | "address"
            if before != "email"
                && before != "ip"
                && before != "mac"
                && !text.says(&["0x", "wallet", "email", "e-mail", "ip"]) =>
        {
            format!("{} Harbor Street, {}", 1 + topic.kin % 90, place.city)
        }
        "address" if before == "email" || text.says(&["email", "e-mail"]) => {
            Person::of(topic.kin).email()
        }
        "1" if matches!(before, "line" | "address") => {
            format!("{} Harbor Street", 1 + topic.kin % 90)
        }
        "2" if matches!(before, "line" | "address") => "Floor 2".to_owned(),
        "line2" => "Floor 2".to_owned(),
        _ => return None,
    })
}

fn currency(topic: &Topic<'_>) -> String {
    let code = topic.place().currency;
    if topic
        .text
        .says(&["lower case", "lowercase", "lower-case", "kleinbuchstaben"])
    {
        code.to_lowercase()
    } else {
        code.to_owned()
    }
}

fn technical(topic: &Topic<'_>, last: &str, before: &str) -> Option<String> {
    let seed = topic.seed;
    let parts = topic.parts();
    Some(match last {
        "url" | "uri" | "link" | "href" | "website" | "homepage" | "image" | "avatar" | "logo"
        | "urls" | "webpage" | "permalink" | "thumbnail" | "icon" | "photo" | "picture" => {
            url(topic, &parts)
        }
        "slug" => {
            let name = match Kind::of(topic.around) {
                Kind::Person => Person::of(topic.kin).name(),
                Kind::Organization => cast::organization(topic.kin).to_owned(),
                _ if topic.around == "post"
                    || topic.around == "article"
                    || topic.around == "book" =>
                {
                    cast::title(topic.kin).to_owned()
                }
                _ => cast::thing(topic.around, topic.kin),
            };
            cast::slug(&name)
        }
        "token" if topic.text.says(&["jwt"]) => JWT.to_owned(),
        "token" | "key" | "secret" | "cursor" | "nonce" => format!("{last}_{seed:016x}"),
        "jwt" => JWT.to_owned(),
        "password" => "correct-horse-battery".to_owned(),
        "hash" | "checksum" | "signature" | "digest" | "sha" | "sha256" | "sha1" | "md5"
        | "fingerprint" | "commit" | "etag" => hash_of(topic),
        "ip" => ip(seed),
        "address" if before == "ip" => ip(seed),
        "mac" => mac(seed),
        "address" if before == "mac" => mac(seed),
        "host" | "hostname" | "domain" | "fqdn" => "www.example.com".to_owned(),
        "origin" => "https://app.example.com".to_owned(),
        "color" | "colour" | "farbe" => format!("#{:06x}", seed % 0x0100_0000),
        "cvv" | "cvc" => "123".to_owned(),
        "number" if before == "card" => "4242424242424242".to_owned(),
        "version" | "release" | "firmware" => format!("1.{}.{}", seed % 9, seed / 9 % 5),
        "mime" | "mimetype" | "contenttype" | "mediatype" => mime(topic).to_owned(),
        "type" if matches!(before, "mime" | "content" | "media") => mime(topic).to_owned(),
        "filename" | "file" | "attachment" => cast::file(topic.kin),
        "extension" | "ext" => cast::file(topic.kin).rsplit('.').next()?.to_owned(),
        "path" => format!("/files/{}", cast::file(topic.kin)),
        "agent" if before == "user" => "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0".to_owned(),
        "os" | "platform" => pick(&["ios", "android", "web"], seed).to_owned(),
        "browser" => pick(&["Firefox", "Safari", "Chrome"], seed).to_owned(),
        "environment" | "env" => "production".to_owned(),
        "method" if topic.text.says(&["http"]) => "POST".to_owned(),
        "base64" => "ZXhhbXBsZQ==".to_owned(),
        "pattern" if before == "cron" => "0 9 * * 1".to_owned(),
        "cron" | "schedule" => "0 9 * * 1".to_owned(),
        "object" => topic.around.to_owned(),
        "event" => format!(
            "{}.created",
            if topic.around.is_empty() {
                "order"
            } else {
                topic.around
            }
        ),
        _ => return None,
    })
}

const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl";

/// An address that no maker has: it is local.
fn mac(seed: u64) -> String {
    let part = |at: u32| seed >> at & 0xff;
    format!("02:00:00:{:02x}:{:02x}:{:02x}", part(0), part(8), part(16))
}

fn trade(topic: &Topic<'_>, last: &str) -> Option<String> {
    let seed = topic.seed;
    Some(match last {
        _ if topic.parts().iter().any(|it| is_money(it)) => decimal(seed),
        "total" if is_price(topic) => decimal(seed),
        "status" | "state" => "active".to_owned(),
        "type" if topic.parts().iter().any(|it| it == "token") => "Bearer".to_owned(),
        "type" | "kind" | "mode" => "standard".to_owned(),
        "priority" | "severity" => "normal".to_owned(),
        "upc" => "036000291452".to_owned(),
        "resolution" => "1920x1080".to_owned(),
        "languages" => topic.place().language.to_owned(),
        "regions" => "eu-west-1".to_owned(),
        "user" | "actor" | "driver" => topic.person(&topic.parts()).name(),
        "twitter" | "github" | "linkedin" | "instagram" => topic.person(&topic.parts()).handle('_'),
        "increment" | "denomination" => (10 * (1 + topic.index.unwrap_or_default())).to_string(),
        "true" | "active" | "enabled" | "public" | "valid" => "true".to_owned(),
        "role" => pick(&["member", "admin"], seed).to_owned(),
        "plan" | "tier" => pick(&["pro", "basic"], seed).to_owned(),
        "category" | "categories" => pick(&["general", "outdoor", "books"], seed).to_owned(),
        "tag" | "label" => {
            pick(&["new", "featured", "sale"], topic.index.unwrap_or(seed)).to_owned()
        }
        "sku" => format!("SKU-{:04}", seed % 10_000),
        "isbn" => "9783161484100".to_owned(),
        "barcode" | "ean" | "gtin" => "4006381333931".to_owned(),
        "iban" => "DE89370400440532013000".to_owned(),
        "bic" | "swift" => "COBADEFFXXX".to_owned(),
        "last4" => "4242".to_owned(),
        "unit" => "piece".to_owned(),
        "department" => pick(&["Engineering", "Support", "Finance"], seed).to_owned(),
        "gender" => "unspecified".to_owned(),
        "interval" | "frequency" => "month".to_owned(),
        "channel" => "email".to_owned(),
        "source" => "web".to_owned(),
        "reference" | "number" => format!("{:06}", 100_000 + seed % 900_000),
        _ => return None,
    })
}

fn sentence(topic: &Topic<'_>, last: &str) -> Option<String> {
    let noun = if topic.around.is_empty() {
        "request"
    } else {
        topic.around
    };
    Some(match last {
        "title" if topic.parts().iter().any(|it| it == "job") => {
            pick(&["Engineer", "Designer", "Analyst"], topic.kin).to_owned()
        }
        "title" | "subject" | "headline" | "heading" | "titel" | "titre" | "título" => {
            cast::title(topic.kin).to_owned()
        }
        "description" | "summary" | "about" | "bio" | "excerpt" | "overview" | "beschreibung" => {
            format!("A short description of the {noun}.")
        }
        "message" | "msg" | "detail" | "details" | "explanation" | "context" => {
            format!("The {noun} was processed.")
        }
        "note" | "notes" | "comment" | "remark" | "memo" => "Please call before noon.".to_owned(),
        "content" | "text" | "body" | "snippet" | "transcript" => {
            "The harbor was quiet when the first boats came in.".to_owned()
        }
        "reason" => "requested by the customer".to_owned(),
        "error" => "Something went wrong.".to_owned(),
        "question" => "Where can I see my orders?".to_owned(),
        "answer" => "They are listed in your account.".to_owned(),
        "query" | "prompt" => "harbor walks".to_owned(),
        "" => "text".to_owned(),
        _ => return None,
    })
}

/// What only the text says.
fn by_text(topic: &Topic<'_>) -> Option<String> {
    let text = &topic.text;
    let parts = topic.parts();
    let kinds: [(&[&str], &dyn Fn() -> String); 15] = [
        (
            &["email address", "e-mail address", "email", "e-mail"],
            &|| topic.person(&parts).email(),
        ),
        (&["url", "urls", "link to", "uri", "webpage"], &|| {
            url(topic, &parts)
        }),
        (&["uuid", "guid"], &|| uuid(topic.seed)),
        (&["iso 4217", "currency code"], &|| currency(topic)),
        (&["iso 3166", "country code"], &|| {
            topic.place().code.to_owned()
        }),
        (&["iso 639", "language code"], &|| {
            topic.place().language.to_owned()
        }),
        (&["bcp 47", "locale"], &|| topic.place().locale()),
        (&["iana time zone", "time zone", "timezone"], &|| {
            topic.place().timezone.to_owned()
        }),
        (&["e.164", "phone number", "telephone"], &|| {
            phone(topic.kin)
        }),
        (&["mime type", "media type", "content type"], &|| {
            mime(topic).to_owned()
        }),
        (&["hexadecimal", "hex"], &|| {
            let start = if text.says(&["0x"])
                || parts
                    .last()
                    .is_some_and(|it| it == "address" || it == "result")
            {
                "0x"
            } else {
                ""
            };
            format!("{start}{:016x}", topic.seed)
        }),
        (
            &["sha-256", "sha256", "sha-1", "md5", "checksum", "hash"],
            &|| hash_of(topic),
        ),
        (
            &["iso 8601", "rfc 3339", "timestamp", "date and time"],
            &|| moment::date_time(moment::seconds(&parts, topic.kin)),
        ),
        (&["three-letter", "3-letter"], &|| letters(topic.seed, 3)),
        (&["two-letter", "2-letter"], &|| letters(topic.seed, 2)),
    ];
    let kind = kinds.iter().find(|(words, _)| text.says(words));
    kind.map(|(_, make)| make())
}

/// A code of so many letters.
fn letters(seed: u64, count: u32) -> String {
    let letters = (0..count).map(|at| char::from(b'A' + (seed >> (5 * at) & 0x1f).min(25) as u8));
    letters.collect()
}

fn by_default(topic: &Topic<'_>) -> String {
    let words = topic.parts().join(" ");
    match topic.index {
        Some(index) if !words.is_empty() => format!("{words} {}", index + 1),
        _ => format!("example {words}").trim_end().to_owned(),
    }
}
