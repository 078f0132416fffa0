//! What is known of hosts that examples call: other environments, hosts that pages speak of, and made-up ones.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::model::Written;

/// The hosts that the pages of a site speak of.
pub(in crate::check) struct Hosts<'p> {
    pages: &'p [Written<'p>],
    /// What was asked before.
    known: RefCell<HashMap<String, bool>>,
}

impl<'p> Hosts<'p> {
    pub(in crate::check) fn new(pages: &'p [Written<'p>]) -> Self {
        Self {
            pages,
            known: RefCell::default(),
        }
    }

    /// True if the running text of some page names the host: a table of environments, "customers in the EU call …".
    pub(super) fn speak_of(&self, host: &str) -> bool {
        let name = name(host);
        if let Some(known) = self.known.borrow().get(name) {
            return *known;
        }
        let mut pages = self.pages.iter();
        let is_named = pages.any(|page| {
            let texts = page.texts();
            texts.iter().any(|text| names(text.text(), name))
        });
        self.known.borrow_mut().insert(name.to_owned(), is_named);
        is_named
    }
}

/// True if a text has the host as a whole, and not as the end or the beginning of another one.
fn names(text: &str, host: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(host).any(|(at, _)| {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        let after = text.get(at + host.len()..).unwrap_or_default();
        let mut after = after.chars();
        let ends = match after.next() {
            // The dot behind a sentence.
            Some('.') => !after.next().is_some_and(is_part),
            next => !next.is_some_and(is_part),
        };
        !before.is_some_and(|c| is_part(c) || c == '.') && ends
    })
}

/// The host without its scheme.
fn name(host: &str) -> &str {
    host.split_once("://").map_or(host, |(_, name)| name)
}

/// True for a host that stands for the reader's own, or for any: `example.com` (RFC 2606, section 3), that of a container, or
/// that of a tunnel.
pub(super) fn is_made_up(host: &str, documented: &[String]) -> bool {
    let stands_for_any = |host: &str| {
        let name = without_port(name(host));
        ["example.com", "example.org", "example.net"]
            .iter()
            .any(|it| is_below(name, it))
    };
    let name = without_port(name(host));
    let labels = || name.split('.');
    let is_own = labels().any(|it| {
        matches!(
            it,
            "mycompany" | "yourcompany" | "mydomain" | "yourdomain" | "myapp" | "yourapp"
        )
    });
    let is_local = [
        "docker.internal",
        "ngrok.app",
        "ngrok.io",
        "ngrok-free.app",
        "local",
        "internal",
        "test",
        "invalid",
    ]
    .iter()
    .any(|it| is_below(name, it));
    is_own || is_local || stands_for_any(host) && !documented.iter().any(|it| stands_for_any(it))
}

fn is_below(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn without_port(name: &str) -> &str {
    name.split_once(':').map_or(name, |(name, _)| name)
}

/// True if a host differs from a documented one by words for environments and regions alone: `sandbox.acme.com` beside
/// `api.acme.com`.
pub(super) fn is_other_environment(host: &str, documented: &[String]) -> bool {
    let words = |host: &str| {
        let name = without_port(name(host)).to_owned();
        let words = name.split(['.', '-']).map(str::to_owned);
        words.collect::<Vec<_>>()
    };
    let domain = |host: &str| {
        let mut labels = without_port(name(host)).rsplit('.');
        Some((labels.next()?.to_owned(), labels.next()?.to_owned()))
    };
    let called = words(host);
    documented.iter().any(|known| {
        let wanted = words(known);
        let added = called.iter().filter(|it| !wanted.contains(it));
        let gone = wanted.iter().filter(|it| !called.contains(it));
        let mut differing = added.chain(gone).map(String::as_str).peekable();
        let is_alike = domain(host) == domain(known) && differing.peek().is_some();
        let differing: Vec<&str> = differing.collect();
        is_alike
            && differing.iter().any(|it| is_environment(it))
            && differing
                .iter()
                .all(|it| is_environment(it) || matches!(*it, "api" | "www" | "app"))
    })
}

/// True for a word that tells environments or regions apart.
fn is_environment(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "sandbox",
        "test",
        "testing",
        "tests",
        "staging",
        "stage",
        "stg",
        "demo",
        "mock",
        "dev",
        "develop",
        "development",
        "uat",
        "qa",
        "preprod",
        "preview",
        "beta",
        "live",
        "prod",
        "production",
        "integration",
        "eu",
        "us",
        "uk",
        "ca",
        "au",
        "ap",
        "sa",
        "me",
        "af",
        "asia",
        "apac",
        "emea",
        "europe",
        "global",
        "east",
        "west",
        "north",
        "south",
        "central",
        "northeast",
        "northwest",
        "southeast",
        "southwest",
        "de",
        "fr",
        "es",
        "it",
        "nl",
        "ch",
        "in",
        "jp",
        "kr",
        "sg",
        "br",
        "mx",
    ];
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
    word.is_empty() || WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(host: &str) -> Vec<String> {
        vec![format!("https://{host}")]
    }

    #[test]
    fn environments_differ_in_words_for_them() {
        let differs = |called: &str, known: &str| {
            is_other_environment(&format!("https://{called}"), &of(known))
        };
        assert!(differs("sandbox.acme.com", "api.acme.com"));
        assert!(differs("sandbox-api.acme.com", "api.acme.com"));
        assert!(differs("api.eu.acme.com", "api.acme.com"));
        assert!(differs("us-east-1.api.acme.com", "api.acme.com"));
        assert!(differs("api.acme.com", "sandbox.acme.com"));
        assert!(!differs("api.acme.io", "api.acme.com"));
        assert!(!differs("billing.acme.com", "api.acme.com"));
        assert!(!differs("www.acme.com", "api.acme.com"));
    }

    #[test]
    fn made_up_hosts_are_nobody_s() {
        let is_any =
            |called: &str, known: &str| is_made_up(&format!("https://{called}"), &of(known));
        assert!(is_any("api.example.com", "api.acme.io"));
        assert!(is_any("acme.mycompany.com", "api.acme.io"));
        assert!(is_any("host.docker.internal:8080", "api.acme.io"));
        assert!(!is_any("old.example.com", "api.example.com"));
        assert!(!is_any("api.acme.com", "api.acme.io"));
    }

    #[test]
    fn a_text_names_a_host_as_a_whole() {
        assert!(names("Use `https://eu.acme.com` there.", "eu.acme.com"));
        assert!(names("| Sandbox | sandbox.acme.com |", "sandbox.acme.com"));
        assert!(names("It is at eu.acme.com.", "eu.acme.com"));
        assert!(!names("See docs.acme.com.", "acme.com"));
        assert!(!names("At acme.com.br", "acme.com"));
    }
}
