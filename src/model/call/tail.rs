//! Paths behind a variable that the code does not show: `f"{BASE}/users/{id}"`, `BASE + "/users"`.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::curl::Spanned;

use super::{is_argument, pattern, without_query};

/// The one path that stands behind a variable where a call or a `url` begins.
///
/// A URL that is written out elsewhere may be where the call goes, and then nothing is known.
pub(super) fn behind_variable(text: &str) -> Option<Spanned<String>> {
    static START: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:f"\{[\w.]+\}(/[^"\s]*)"|f'\{[\w.]+\}(/[^'\s]*)'|`\$\{[\w.$]+\}(/[^`\s]*)`|\b[A-Za-z_$][\w.$]*\s*\+\s*(?:"(/[^"\s]*)"|'(/[^'\s]*)'))"#,
        )
    });
    if text.contains("://") {
        return None;
    }
    let mut found: Option<Spanned<String>> = None;
    for captures in START.captures_iter(text) {
        let (whole, path) = captures
            .get(0)
            .zip((1..=5).find_map(|it| captures.get(it)))?;
        if !is_argument(text, whole.start()) && !is_url(text, whole.start()) {
            continue;
        }
        let mut read = Spanned::new(path.as_str().to_owned(), path.range());
        go_on(text, whole.end(), &mut read);
        let value = without_query(&read.value).to_owned();
        if value.len() < read.value.len() && read.value.len() == read.range.len() {
            read.range.end = read.range.start + value.len();
        }
        read.value = value;
        match &found {
            Some(known) if known.value != read.value => return None,
            Some(_) => {}
            None => found = Some(read),
        }
    }
    found.filter(|path| path.value.len() > 1)
}

/// True for what `url`, `uri`, or `endpoint` is set to.
fn is_url(text: &str, start: usize) -> bool {
    static KEY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?i)\b(?:url|uri|endpoint)["']?\s*[:=]\s*$"#));
    KEY.is_match(text.get(..start).unwrap_or_default())
}

/// Takes in `+ id + "/pages"` behind a text; a variable has a place of its own.
fn go_on(text: &str, end: usize, read: &mut Spanned<String>) {
    static NEXT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"^\s*\+\s*(?:"([^"\s]*)"|'([^'\s]*)'|((?:encodeURIComponent|quote|str|String)\([\w.$]+\)|[A-Za-z_$][\w.$]*))"#,
        )
    });
    let mut at = end;
    while let Some(captures) = text.get(at..).and_then(|rest| NEXT.captures(rest)) {
        let Some(whole) = captures.get(0) else {
            return;
        };
        match captures.get(1).or_else(|| captures.get(2)) {
            Some(literal) => read.value.push_str(literal.as_str()),
            None => read.value.push_str("{}"),
        }
        at += whole.end();
        read.range.end = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_path_is_read() {
        for (code, path) in [
            (
                "requests.post(f\"{BASE}/users/{user_id}/renew?a=b\", json={})",
                "/users/{user_id}/renew",
            ),
            (
                "await fetch(`${config.base}/users/${id}`, { method: 'PUT' })",
                "/users/${id}",
            ),
            ("axios({ method: 'post', url: `${BASE}/users` })", "/users"),
            ("requests.post(BASE + \"/users\", json={})", "/users"),
            (
                "requests.get(BASE + '/users/' + str(id) + '/pages')",
                "/users/{}/pages",
            ),
        ] {
            let read = behind_variable(code).map(|it| it.value);
            assert_eq!(read.as_deref(), Some(path), "{code}");
        }
        for code in [
            "requests.get(f\"{BASE}/users\")\nrequests.get(f\"{BASE}/teams\")",
            "other = 'https://example.com'\nrequests.get(f\"{BASE}/users\")",
            "print(f\"{done}/{all}\")",
            "fetch(`${BASE}/`)",
            "open(folder + \"/users.csv\")",
        ] {
            assert_eq!(behind_variable(code), None, "{code}");
        }
    }
}
