//! Calls in other languages than the shell: the method and the URL, where they can be read with certainty.
//!
//! This is no reader of programs. It looks for the one URL that is written out, or the end of one behind a variable, and
//! for the one method that the code names. Whatever else is put together from parts, or stands there twice with a
//! difference, gives nothing.

mod tail;

use std::sync::LazyLock;

use regex::Regex;

use super::curl::Spanned;
use super::endpoint::METHODS;

/// A request that code makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The method, in upper case.
    pub method: Spanned<String>,
    /// The URL as written, with variables as the language has them; its path alone if `base` is what stands before it.
    pub url: Spanned<String>,
    /// The URL in the one variable that the path is put behind: `f"{BASE}/users"`.
    pub base: Option<Spanned<String>>,
    /// True if the URL is the end of a path, behind a variable that the code does not show.
    pub is_tail: bool,
}

/// Reads the one call in the text of a fence.
///
/// ```
/// let code = "import requests\nrequests.post(\"https://api.example.com/users\", json=user)";
/// let call = fieldproof::model::call::read(code).unwrap();
/// assert_eq!((call.method.value.as_str(), call.url.value.as_str()), ("POST", "https://api.example.com/users"));
/// ```
pub fn read(text: &str) -> Option<Call> {
    let method = method(text)?;
    if let Some(url) = url(text) {
        return Some(Call {
            method,
            url,
            base: None,
            is_tail: false,
        });
    }
    if let Some((base, url)) = behind_base(text) {
        return Some(Call {
            method,
            url,
            base: Some(base),
            is_tail: false,
        });
    }
    Some(Call {
        method,
        url: tail::behind_variable(text)?,
        base: None,
        is_tail: true,
    })
}

/// Reads the request line of an HTTP message: `POST /v1/users HTTP/1.1`.
pub fn read_message(text: &str) -> Option<Call> {
    let line = text.lines().next()?;
    let method = line
        .split(' ')
        .next()
        .filter(|word| METHODS.contains(word))?;
    let rest = line.get(method.len()..)?;
    let target = rest.split_whitespace().next()?;
    let start = method.len() + rest.find(target)?;
    let url = without_query(target);
    let version = rest.split_whitespace().nth(1);
    let is_request = version.is_none_or(|version| version.starts_with("HTTP/"));
    (is_request && (url.starts_with('/') || url.starts_with("http"))).then(|| Call {
        method: Spanned::new(method.to_owned(), 0..method.len()),
        url: Spanned::new(url.to_owned(), start..start + url.len()),
        base: None,
        is_tail: false,
    })
}

/// The URL, if all literals that can be one are the same.
fn url(text: &str) -> Option<Spanned<String>> {
    static LITERAL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?:"(https?://[^"\s]*)"|'(https?://[^'\s]*)'|`(https?://[^`\s]*)`)"#)
    });
    let mut found: Option<Spanned<String>> = None;
    let places = LITERAL.find_iter(text).map(|found| found.start());
    let has_argument = places.filter(|at| is_argument(text, *at)).count() == 1;
    for captures in LITERAL.captures_iter(text) {
        let literal = (1..=3).find_map(|group| captures.get(group))?;
        let whole = captures.get(0)?;
        // What a call is given first is where it goes; the others are sent.
        if has_argument && !is_argument(text, whole.start()) || is_other_header(text, whole.start())
        {
            continue;
        }
        let value = without_query(literal.as_str());
        // A server by itself is what the path is put behind, wherever that is done.
        let is_part = is_server(value) && !is_argument(text, whole.start());
        if is_part || is_put_together(text, whole.start(), whole.end()) {
            return None;
        }
        match &found {
            Some(known) if known.value != value => return None,
            Some(_) => {}
            None => {
                let range = literal.start()..literal.start() + value.len();
                found = Some(Spanned::new(value.to_owned(), range));
            }
        }
    }
    found
}

/// True for a URL without a path.
fn is_server(url: &str) -> bool {
    let behind = url.split_once("://").map_or(url, |(_, rest)| rest);
    !behind.trim_end_matches('/').contains('/')
}

/// The one URL in a variable, and the one path that is put behind it in a text with a place for the variable.
fn behind_base(text: &str) -> Option<(Spanned<String>, Spanned<String>)> {
    static VARIABLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?m)^\s*(?:const\s|let\s|var\s)?\s*(\w+)\s*=\s*(?:"(https?://[^"\s]*)"|'(https?://[^'\s]*)'|`(https?://[^`\s$]*)`)\s*;?\s*$"#,
        )
    });
    static USE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?:f"\{(\w+)\}(/[^"\s]*)"|f'\{(\w+)\}(/[^'\s]*)'|`\$\{(\w+)\}(/[^`\s]*)`)"#)
    });
    let mut variables = VARIABLE.captures_iter(text);
    let variable = variables.next()?;
    // Another URL may be where the call goes.
    if variables.next().is_some() || text.matches("http").count() > 1 {
        return None;
    }
    let name = variable.get(1)?;
    let base = (2..=4).find_map(|group| variable.get(group))?;
    let mut found: Option<Spanned<String>> = None;
    for captures in USE.captures_iter(text) {
        let group = [1, 3, 5]
            .into_iter()
            .find(|group| captures.get(*group).is_some())?;
        let path = captures.get(group + 1)?;
        if captures.get(group)?.as_str() != name.as_str() {
            continue;
        }
        let value = without_query(path.as_str());
        match &found {
            Some(known) if known.value != value => return None,
            Some(_) => {}
            None => {
                let range = path.start()..path.start() + value.len();
                found = Some(Spanned::new(value.to_owned(), range));
            }
        }
    }
    let base = Spanned::new(base.as_str().to_owned(), base.range());
    Some((base, found?))
}

/// True for a URL that a call of a client is given first, or after its method: `fetch("…"`, `->request('PUT', '…'`.
fn is_argument(text: &str, start: usize) -> bool {
    static CALL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r#"(?i)(?:\b(?:fetch|curl_init)|(?:\.|::|->)\s*(?:{WORDS}|request)(?:async)?)\s*(?:<[^>]*>)?\(\s*(?:["'`](?:{WORDS})["'`]\s*,\s*)?[frb$@]?$"#
        ))
    });
    CALL.is_match(text.get(..start).unwrap_or_default())
}

/// True for a URL that is a value of something else than the request, such as `Referer` or a member of the body.
fn is_other_header(text: &str, start: usize) -> bool {
    static KEY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?i)["']?([\w-]+)["']?\s*(?:=>|:=|[:=,])\s*[frb$@]?$"#));
    let before = text.get(..start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    KEY.captures(line)
        .and_then(|captures| captures.get(1))
        .is_some_and(|key| {
            let key = key.as_str().to_ascii_lowercase();
            let is_request = [
                "url", "uri", "endpoint", "get", "post", "put", "patch", "delete",
            ]
            .iter()
            .any(|word| key.contains(word));
            !is_request && line.contains([':', '=']) && !line.trim_end().ends_with([',', '('])
        })
}

/// True if the literal is only a part of the URL.
fn is_put_together(text: &str, start: usize, end: usize) -> bool {
    static BASE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?i)(?:base|host|root|server|origin|domain|api|prefix)[\w-]*["']?\s*(?:=>|:=|[:=(])\s*["'frb$@]*$"#,
        )
    });
    static SECOND: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bURL\([^\n]+,\s*[frb$@]?$"));
    static USED_IN_PART: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:\w*url|uri|endpoint)\b\s*(?:\+|%|\.\s*(?:concat|join|format|replace)\b)|\$?\{\s*(?:\w*url|uri|endpoint)\s*\}|#\{\s*(?:\w*url|uri)\s*\}|urljoin|\.searchParams|\burl\s*\.=|\+=|Sprintf|String\.format|JoinPath|\bjoin\(\s*['\x22]/['\x22]\s*\)|['\x22]/['\x22]\.join\(",
        )
    });
    let after = text.get(end..).unwrap_or_default().trim_start();
    let before = text.get(..start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    // Python and C put literals together that stand side by side, and Lua with two dots.
    after.starts_with(['+', '%', '"', '\'', '`'])
        || after.starts_with('.') && !after.starts_with("...")
        || line.trim_end().ends_with('+')
        || line.trim_end().ends_with("..")
        || SECOND.is_match(line)
        || BASE.is_match(line)
        || USED_IN_PART.is_match(text)
}

fn without_query(url: &str) -> &str {
    // `?` inside of `${…}` belongs to an expression.
    let mut depth = 0_usize;
    for (at, byte) in url.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'?' | b'#' if depth == 0 => {
                let is_interpolation = url.get(at..).is_some_and(|rest| rest.starts_with("#{"));
                if !is_interpolation {
                    return url.get(..at).unwrap_or(url);
                }
            }
            _ => {}
        }
    }
    url
}

const WORDS: &str = "get|post|put|patch|delete|head|options";

/// The method, if the code names exactly one.
fn method(text: &str) -> Option<Spanned<String>> {
    static NAMED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        [
            // `requests.get(`, `axios.post(`, `client.PutAsync(`, `HTTParty.patch(`, `Http::post(`, `http.Get(`
            format!(r"(?i)\b(?:requests|httpx|axios|session|client|http|httparty|unirest|rest_?client|got|ky|superagent|request|faraday|conn)\s*(?:\.|::|->)\s*({WORDS})(?:async|asjsonasync)?\s*(?:<[^>]*>)?\("),
            // `method: "POST"`, `CURLOPT_CUSTOMREQUEST => 'POST'`, `.method("POST", body)`, `"method" => "POST"`
            format!(r#"(?i)(?:\bmethod["']?\s*(?:=>|[:=(])|CURLOPT_CUSTOMREQUEST\s*(?:=>|,)|(?:\.|->)request\(|NewRequest(?:WithContext)?\((?:\s*[\w.]+\(?\)?\s*,)?)\s*["'`]({WORDS})["'`]"#),
            // `Net::HTTP::Post.new`, `HttpMethod.Post`, `Method.POST`, `http.MethodPost`
            format!(r"(?i)(?:Net::HTTP::|HttpMethod\.|\bMethod\.|http\.Method|Method::)({WORDS})\b"),
            // `.POST(HttpRequest…`
            r"\.(GET|POST|PUT|DELETE)\(".to_owned(),
        ]
        .iter()
        .map(|text| pattern(text))
        .collect()
    });
    static FETCH: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(fetch)\("));
    let mut found: Option<Spanned<String>> = None;
    for regex in NAMED.iter() {
        for word in regex
            .captures_iter(text)
            .filter_map(|captures| captures.get(1))
        {
            let value = word.as_str().to_ascii_uppercase();
            match &found {
                Some(known) if known.value != value => return None,
                Some(_) => {}
                None => found = Some(Spanned::new(value, word.range())),
            }
        }
    }
    if found.is_some() {
        return found;
    }
    // Without a method, `fetch` sends a GET, unless what it is given says otherwise in a place that we do not see.
    if let Some(method) = of_curl_init(text) {
        return Some(method);
    }
    let is_plain = !text.contains("method") && !text.contains("body");
    let call = FETCH.captures(text)?.get(1)?;
    is_plain.then(|| Spanned::new("GET".to_owned(), call.range()))
}

/// What PHP sends with `curl_init`: a POST as soon as it has something to post.
fn of_curl_init(text: &str) -> Option<Spanned<String>> {
    static POST: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bCURLOPT_POST(?:FIELDS)?\b"));
    let call = text.find("curl_init(")?;
    let is_open = ["CURLOPT_CUSTOMREQUEST", "CURLOPT_PUT", "CURLOPT_NOBODY"];
    if is_open.iter().any(|option| text.contains(option)) || text.matches("curl_init(").count() > 1
    {
        return None;
    }
    let post = POST.find(text).map(|found| ("POST", found.range()));
    let (method, range) = post.unwrap_or(("GET", call..call + "curl_init".len()));
    Some(Spanned::new(method.to_owned(), range))
}

/// A pattern that the code states; words in code are of ASCII letters.
pub(super) fn pattern(text: &str) -> Regex {
    // For the edges of Unicode words, the automata of `regex` give way to a search that is ten times slower wherever a
    // text holds a dash or a quote that is not ASCII.
    let text = text
        .replace(r"\b", r"(?-u:\b)")
        .replace(r"\w", "[0-9A-Za-z_]");
    #[expect(
        clippy::unwrap_used,
        reason = "the patterns are constants, and a test compiles each"
    )]
    Regex::new(&text).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(text: &str) -> Option<(String, String)> {
        let call = read(text)?;
        assert_eq!(text[call.url.range.clone()], call.url.value);
        let base = call.base.map_or_else(String::new, |base| {
            assert_eq!(text[base.range.clone()], base.value);
            base.value
        });
        Some((call.method.value, base + &call.url.value))
    }

    #[test]
    fn a_path_behind_the_one_variable_that_holds_a_url_is_read() {
        for code in [
            "BASE = \"https://api.example.com/v1\"\nrequests.post(f\"{BASE}/users?a=b\", json={})",
            "const api = 'https://api.example.com/v1';\nawait fetch(`${api}/users`, { method: 'POST' })",
        ] {
            let expected = "https://api.example.com/v1/users".to_owned();
            assert_eq!(call(code), Some(("POST".to_owned(), expected)), "{code}");
        }
        for code in [
            "A = \"https://a.example.com\"\nB = \"https://b.example.com\"\nrequests.post(f\"{A}/users\")",
            "A = \"https://a.example.com\"\nrequests.get(f\"{A}/users\")\nrequests.get(f\"{A}/teams\")",
            "A = \"https://a.example.com\"\nrequests.get(f\"{B}/users\")",
        ] {
            assert_eq!(call(code), None, "{code}");
        }
    }

    #[test]
    fn the_common_clients_are_read() {
        let users = "https://api.example.com/users";
        for code in [
            "requests.post(\"https://api.example.com/users\", json=data)",
            "url = \"https://api.example.com/users\"\nresponse = requests.request(\"POST\", url, headers=headers)",
            "const r = await fetch('https://api.example.com/users', {\n  method: 'POST',\n  body: '{}' })",
            "axios.post('https://api.example.com/users', {})",
            "axios({ method: 'post', url: 'https://api.example.com/users' })",
            "req, _ := http.NewRequest(\"POST\", \"https://api.example.com/users\", nil)",
            "curl_setopt_array($c, [CURLOPT_URL => 'https://api.example.com/users', CURLOPT_CUSTOMREQUEST => 'POST']);",
            "$client->request('POST', 'https://api.example.com/users')",
            "$client->request('POST', 'https://api.example.com/users', ['json' => ['url' => 'https://example.com/health']])",
            "fetch(\"https://api.example.com/users\", { method: \"POST\", body: JSON.stringify({ url: \"https://example.com/health\" }) })",
            "uri = URI(\"https://api.example.com/users\")\nrequest = Net::HTTP::Post.new(uri)",
            "var request = new HttpRequestMessage(HttpMethod.Post, \"https://api.example.com/users\");",
            "HttpRequest.newBuilder().uri(URI.create(\"https://api.example.com/users\")).POST(BodyPublishers.noBody())",
        ] {
            let expected = ("POST".to_owned(), users.to_owned());
            assert_eq!(call(code), Some(expected), "{code}");
        }
        let fetched = call("fetch(`https://api.example.com/users/${id}?a=b`)").unwrap();
        assert_eq!(fetched.0, "GET");
        assert_eq!(fetched.1, "https://api.example.com/users/${id}");
    }

    #[test]
    fn what_is_uncertain_gives_nothing() {
        for code in [
            "requests.get(\"https://api.example.com/users/\" + id)",
            "requests.get(\"https://a.example.com\")\nrequests.get(\"https://b.example.com\")",
            "requests.get(\"https://a.example.com\")\nrequests.post(\"https://a.example.com\")",
            "fetch('https://api.example.com/users', options)\nconst options = { method }",
            "client.users.list()",
        ] {
            assert_eq!(call(code), None, "{code}");
        }
    }
}
