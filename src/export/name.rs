//! Names for programs: `operationId`.

use std::collections::{HashMap, HashSet};

use super::path::Placed;

/// A name for each operation, each once: its own, else its title, else its title and its tag, else its method and path.
///
/// A title that several operations have names none of them, or what one is called would depend on their order.
pub(super) fn operations(placed: &[Placed<'_>], tags: &[Vec<String>]) -> Vec<String> {
    let mut taken = HashSet::new();
    let own: Vec<_> = placed
        .iter()
        .map(|placed| {
            let identifier = placed.operation.identifier.as_ref()?;
            let name = identifier.value.clone();
            (!name.is_empty() && taken.insert(name.clone())).then_some(name)
        })
        .collect();
    let titles = by_titles(placed, tags);
    let mut count: HashMap<&str, usize> = HashMap::new();
    for (titles, _) in titles.iter().zip(&own).filter(|(_, own)| own.is_none()) {
        for title in titles {
            *count.entry(title).or_default() += 1;
        }
    }
    let mut names = Vec::new();
    for ((placed, own), titles) in placed.iter().zip(own).zip(&titles) {
        let name = own.unwrap_or_else(|| {
            let is_alone =
                |title: &&String| count.get(title.as_str()) == Some(&1) && !taken.contains(*title);
            let endpoint = &placed.operation.endpoint.value;
            let by_path = || by_path(&endpoint.method, &placed.path);
            let title = titles.iter().find(is_alone).cloned();
            title.unwrap_or_else(|| unique(&by_path(), &taken))
        });
        taken.insert(name.clone());
        names.push(name);
    }
    names
}

/// Method and path as a name: `GET /books/{id}` as `getBooksById`, and `GET /books/{id}/pages` as `getBooksPagesById`.
fn by_path(method: &str, path: &str) -> String {
    let parts = path.split('/');
    let (parameters, words): (Vec<_>, Vec<_>) = parts.partition(|part| part.starts_with('{'));
    let by = if parameters.is_empty() { "" } else { "by" };
    let parameters = parameters.join(" and ");
    camel_case(&format!("{method} {} {by} {parameters}", words.join(" ")))
}

/// The names that the title of each operation makes, the shortest first.
fn by_titles(placed: &[Placed<'_>], tags: &[Vec<String>]) -> Vec<Vec<String>> {
    let names = placed.iter().zip(tags).map(|(placed, tags)| {
        let Some(title) = placed.operation.title.as_deref() else {
            return Vec::new();
        };
        let own = title_case(title);
        let mut names = Vec::new();
        names.extend(Some(own).filter(|name| !VERBS.contains(&name.as_str())));
        names.extend(
            tags.first()
                .map(|tag| title_case(&format!("{title} {tag}"))),
        );
        names.dedup();
        names.retain(|name| name.starts_with(|first: char| first.is_ascii_alphabetic()));
        names
    });
    names.collect()
}

/// A title as a name, without its articles: `Create a user` as `createUser`. Empty if it is written in other letters.
fn title_case(title: &str) -> String {
    if title.chars().any(|it| it.is_alphabetic() && !it.is_ascii()) {
        return String::new();
    }
    let text = title.replace(['\'', '\u{2019}'], "");
    let is_article = |word: &&str| {
        let articles = ["a", "an", "the"];
        articles
            .iter()
            .any(|article| word.eq_ignore_ascii_case(article))
    };
    let meant: Vec<_> = words(&text)
        .into_iter()
        .filter(|it| !is_article(it))
        .collect();
    camel_case(&meant.join(" "))
}

/// The name, with a number behind it where it is taken.
pub(super) fn unique(name: &str, taken: &HashSet<String>) -> String {
    if !taken.contains(name) {
        return name.to_owned();
    }
    let mut number = 2_usize;
    loop {
        let candidate = format!("{name}{number}");
        if !taken.contains(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// Titles that say what is done and not with what, most of them words that programs keep for themselves.
const VERBS: [&str; 16] = [
    "add", "cancel", "create", "delete", "export", "find", "get", "import", "list", "new",
    "remove", "retrieve", "search", "send", "update", "upload",
];

/// The words of a text, `Create a user` or `X-API-Key`, as `createAUser` and `xApiKey`.
pub(super) fn camel_case(text: &str) -> String {
    let mut name = String::new();
    for word in words(text) {
        let lower = word.to_ascii_lowercase();
        if name.is_empty() {
            name.push_str(&lower);
            continue;
        }
        let mut letters = lower.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

/// Runs of letters and digits; a capital behind a small letter starts a word, too.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for run in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut start = 0;
        let bytes = run.as_bytes();
        for (at, pair) in bytes.windows(2).enumerate() {
            if let [before, after] = pair
                && before.is_ascii_lowercase()
                && after.is_ascii_uppercase()
            {
                words.push(run.get(start..=at).unwrap_or_default());
                start = at + 1;
            }
        }
        words.push(run.get(start..).unwrap_or_default());
    }
    words.retain(|word| !word.is_empty());
    words
}
