//! Who and what the made-up values are about: people, places, and things, each the same in all its values.

use crate::mock::words;

const FIRST: [&str; 12] = [
    "Mara", "Jon", "Ines", "Tomas", "Leila", "Noah", "Aiko", "Samuel", "Freya", "Diego", "Hana",
    "Pieter",
];
const LAST: [&str; 11] = [
    "Feld", "Okoro", "Lind", "Novak", "Haddad", "Berg", "Tanaka", "Moreau", "Santos", "Kim",
    "Visser",
];
const ORGANIZATIONS: [&str; 6] = [
    "Harbor Labs",
    "Northwind Studio",
    "Juniper Works",
    "Atlas Foods",
    "Cedar Health",
    "Lantern Press",
];
const THINGS: [&str; 8] = [
    "Harbor", "Willow", "Summit", "Atlas", "Juniper", "Meridian", "Lantern", "Cedar",
];
const TITLES: [&str; 6] = [
    "The Salt Road",
    "Low Tide",
    "A Quiet Hour",
    "Notes from the North",
    "The Long Way Home",
    "Summer Plans",
];

/// A person.
pub(super) struct Person {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
}

impl Person {
    pub(super) fn of(kin: u64) -> Self {
        Self {
            first: pick(&FIRST, kin),
            last: pick(&LAST, kin / 12),
        }
    }

    pub(super) fn name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    /// `mara.feld`
    pub(super) fn handle(&self, between: char) -> String {
        format!("{}{between}{}", self.first, self.last).to_lowercase()
    }

    pub(super) fn email(&self) -> String {
        format!("{}@example.com", self.handle('.'))
    }
}

/// A place, with all that depends on it.
pub(super) struct Place {
    pub(super) code: &'static str,
    pub(super) long_code: &'static str,
    pub(super) country: &'static str,
    pub(super) city: &'static str,
    pub(super) postal: &'static str,
    pub(super) region: &'static str,
    pub(super) timezone: &'static str,
    pub(super) language: &'static str,
    pub(super) currency: &'static str,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
}

impl Place {
    pub(super) fn of(kin: u64) -> &'static Self {
        PLACES
            .get((kin % PLACES.len() as u64) as usize)
            .unwrap_or(&BREMEN)
    }

    /// The place of a country.
    pub(super) fn in_country(code: &str) -> Option<&'static Self> {
        PLACES.iter().find(|place| place.code == code)
    }

    /// `de-DE`
    pub(super) fn locale(&self) -> String {
        format!("{}-{}", self.language, self.code)
    }
}

const BREMEN: Place = Place {
    code: "DE",
    long_code: "DEU",
    country: "Germany",
    city: "Bremen",
    postal: "28195",
    region: "Bremen",
    timezone: "Europe/Berlin",
    language: "de",
    currency: "EUR",
    latitude: 53.079,
    longitude: 8.802,
};
const PLACES: [Place; 4] = [
    BREMEN,
    Place {
        code: "FR",
        long_code: "FRA",
        country: "France",
        city: "Lyon",
        postal: "69002",
        region: "Rhône",
        timezone: "Europe/Paris",
        language: "fr",
        currency: "EUR",
        latitude: 45.757,
        longitude: 4.832,
    },
    Place {
        code: "GB",
        long_code: "GBR",
        country: "United Kingdom",
        city: "Leeds",
        postal: "LS1 4AP",
        region: "West Yorkshire",
        timezone: "Europe/London",
        language: "en",
        currency: "GBP",
        latitude: 53.801,
        longitude: -1.549,
    },
    Place {
        code: "US",
        long_code: "USA",
        country: "United States",
        city: "Portland",
        postal: "97205",
        region: "OR",
        timezone: "America/Los_Angeles",
        language: "en",
        currency: "USD",
        latitude: 45.522,
        longitude: -122.682,
    },
];

/// What kind of thing a noun stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Person,
    Organization,
    File,
    Thing,
}

impl Kind {
    pub(super) fn of(noun: &str) -> Self {
        match noun {
            "user" | "person" | "people" | "customer" | "member" | "employee" | "author"
            | "contact" | "owner" | "patient" | "student" | "teacher" | "driver" | "recipient"
            | "sender" | "admin" | "agent" | "lead" | "candidate" | "applicant" | "client"
            | "guest" | "host" | "reviewer" | "assignee" | "creator" | "participant"
            | "attendee" | "subscriber" | "buyer" | "seller" | "me" | "profile" | "rider"
            | "passenger" | "manager" | "operator" | "cardholder" | "payer" | "payee"
            | "beneficiary" | "signer" | "holder" | "by" | "mitglied" | "kunde" | "utilisateur"
            | "usuario" | "cliente" => Self::Person,
            "company" | "organization" | "organisation" | "org" | "team" | "workspace"
            | "vendor" | "supplier" | "merchant" | "business" | "tenant" | "brand"
            | "publisher" | "employer" | "firma" | "shop" | "store" | "bank" => Self::Organization,
            "file" | "document" | "attachment" | "upload" | "image" | "photo" | "filename" => {
                Self::File
            }
            _ => Self::Thing,
        }
    }
}

/// The name of an organization.
pub(super) fn organization(kin: u64) -> &'static str {
    pick(&ORGANIZATIONS, kin)
}

/// The name of a thing of that kind: `Harbor project`.
pub(super) fn thing(noun: &str, kin: u64) -> String {
    let name = pick(&THINGS, kin);
    match noun {
        "" => name.to_owned(),
        _ => format!("{name} {noun}"),
    }
}

pub(super) fn title(kin: u64) -> &'static str {
    pick(&TITLES, kin)
}

/// `report-07.pdf`
pub(super) fn file(kin: u64) -> String {
    let (stem, ending) = pick(
        &[
            ("report", "pdf"),
            ("photo", "png"),
            ("invoice", "pdf"),
            ("notes", "txt"),
        ],
        kin,
    );
    format!("{stem}-{:02}.{ending}", 1 + kin / 4 % 12)
}

/// `the-salt-road`
pub(super) fn slug(text: &str) -> String {
    let words = text.split(|it: char| !it.is_alphanumeric());
    let words: Vec<&str> = words.filter(|it| !it.is_empty()).collect();
    words.join("-").to_lowercase()
}

/// One of several, always the same for one number.
pub(super) fn pick<T: Copy + Default>(all: &[T], number: u64) -> T {
    let index = number as usize % all.len().max(1);
    all.get(index).copied().unwrap_or_default()
}

/// The number of a person or thing that plays a part of its own: the author of a book is not its editor.
pub(super) fn in_role(kin: u64, role: &str) -> u64 {
    if role.is_empty() {
        kin
    } else {
        words::hash(kin, role)
    }
}
