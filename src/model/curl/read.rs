//! Makes a request of the words of a command.

use std::ops::Range;

use super::body::{self, Data};
use super::flags::{self, Flag};
use super::shell::Command;
use super::url;
use super::variable::{self, Place};
use super::word::Word;
use super::{Body, Curl, Decoded, Fault, FaultKind, Header, Part, Spanned, Url};

/// Reads a command whose name stands at `name`.
pub(super) fn request(name: Range<usize>, command: Command) -> Curl {
    let end = command.words.last().map_or(name.end, |word| word.range.end);
    let mut request = Request {
        faults: command.faults,
        input: command.input,
        ..Request::default()
    };
    request.read(command.words);
    request.finish(name, end)
}

#[derive(Default)]
struct Request {
    method: Option<Spanned<String>>,
    implied_method: Option<Spanned<String>>,
    urls: Vec<Word>,
    headers: Vec<Header>,
    data: Vec<Data>,
    parts: Vec<Part>,
    upload: Option<Spanned<String>>,
    query: Vec<Decoded>,
    get: bool,
    user: Option<Spanned<String>>,
    output: Option<Spanned<String>>,
    input: Option<Decoded>,
    plain: Vec<Decoded>,
    faults: Vec<Fault>,
    reads_headers: bool,
}

impl Request {
    fn read(&mut self, words: Vec<Word>) {
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let text = word.text.text();
            if text == "--next" || text == "-:" {
                return;
            } else if text.starts_with("--") && text.len() > 2 {
                self.long_flag(&word, &mut words);
            } else if text.starts_with('-') && text.len() > 1 {
                self.short_flags(&word, &mut words);
            } else if text != "--" {
                self.urls.push(word);
            }
        }
    }

    fn long_flag(&mut self, word: &Word, words: &mut impl Iterator<Item = Word>) {
        let text = word.text.text();
        let name = text.trim_start_matches('-');
        if let Some(flag) = flags::long(name) {
            self.flag(flag, word, words);
            return;
        }
        let glued = name
            .split_once('=')
            .and_then(|(name, _)| Some((flags::long(name)?, name.len())));
        let Some((flag, length)) = glued.filter(|(flag, _)| flag.has_argument()) else {
            self.unknown(word, text);
            return;
        };
        self.faults
            .push(Fault::new(FaultKind::GluedArgument, word.range.clone()));
        let start = text.len() - name.len() + length + 1;
        self.apply(flag, word, rest_of(word, start));
    }

    fn short_flags(&mut self, word: &Word, words: &mut impl Iterator<Item = Word>) {
        let text = word.text.text();
        for (at, letter) in text.char_indices().skip(1) {
            let Some(flag) = flags::short(letter) else {
                let name = format!("-{letter}");
                self.unknown(word, &name);
                return;
            };
            let after = at + letter.len_utf8();
            if flag.has_argument() && after < text.len() {
                self.apply(flag, word, rest_of(word, after));
                return;
            }
            self.flag(flag, word, words);
        }
    }

    fn unknown(&mut self, word: &Word, name: &str) {
        self.faults.push(Fault {
            kind: FaultKind::UnknownFlag,
            range: word.range.clone(),
            message: format!("unknown flag `{name}`"),
        });
    }

    fn flag(&mut self, flag: Flag, word: &Word, words: &mut impl Iterator<Item = Word>) {
        self.reads_headers |= matches!(
            word.text.text(),
            "-K" | "--config"
                | "-n"
                | "--netrc"
                | "--netrc-optional"
                | "--netrc-file"
                | "-E"
                | "--cert"
        );
        if !flag.has_argument() {
            self.apply(flag, word, Word::default());
            return;
        }
        match words.next() {
            Some(argument) => self.apply(flag, word, argument),
            None => self
                .faults
                .push(Fault::new(FaultKind::MissingArgument, word.range.clone())),
        }
    }

    fn apply(&mut self, flag: Flag, word: &Word, argument: Word) {
        match flag {
            Flag::Method => self.method = Some(spanned(&argument)),
            Flag::Header => self.header(&argument),
            Flag::Data => self.data(word, argument, true),
            Flag::DataRaw => self.data(word, argument, false),
            Flag::DataUrlencode => {
                self.imply("POST", word);
                self.data.push(Data::Encoded(argument.text));
            }
            Flag::Json => {
                self.data(word, argument, true);
                for name in ["Content-Type", "Accept"] {
                    self.implied_header(
                        name,
                        Spanned::new("application/json".into(), word.range.clone()),
                        word,
                    );
                }
            }
            Flag::Get => self.get = true,
            Flag::Form | Flag::FormString => {
                self.imply("POST", word);
                self.parts
                    .push(Part::new(&argument.text, flag == Flag::FormString));
                self.plain.push(argument.text);
            }
            Flag::User => {
                self.user = Some(spanned(&argument));
                self.plain.push(argument.text);
            }
            Flag::Url => self.urls.push(argument),
            Flag::UrlQuery => self.query.push(argument.text),
            Flag::Cookie if argument.text.text().contains('=') => {
                self.argument_header("Cookie", word, &argument);
            }
            // The name of a jar: which cookies are in it cannot be seen.
            Flag::Cookie => self.reads_headers = true,
            Flag::Range => {
                let value = format!("bytes={}", argument.text.text());
                let value = Spanned::new(value, argument.range.clone());
                self.implied_header("Range", value, word);
            }
            Flag::TimeCondition => self.argument_header("If-Modified-Since", word, &argument),
            Flag::EtagCompare => self.argument_header("If-None-Match", word, &argument),
            Flag::UserAgent => self.argument_header("User-Agent", word, &argument),
            Flag::Referer => self.argument_header("Referer", word, &argument),
            Flag::Bearer => {
                let value = format!("Bearer {}", argument.text.text());
                self.implied_header(
                    "Authorization",
                    Spanned::new(value, argument.range.clone()),
                    word,
                );
                self.plain.push(argument.text);
            }
            Flag::Head => self.imply("HEAD", word),
            Flag::Upload => {
                self.imply("PUT", word);
                self.upload = Some(spanned(&argument));
            }
            Flag::Output => self.output = Some(spanned(&argument)),
            Flag::Other | Flag::Switch => {}
        }
    }

    fn imply(&mut self, method: &str, word: &Word) {
        self.implied_method
            .get_or_insert_with(|| Spanned::new(method.to_owned(), word.range.clone()));
    }

    fn data(&mut self, word: &Word, argument: Word, names_files: bool) {
        self.imply("POST", word);
        let file = argument
            .text
            .text()
            .strip_prefix('@')
            .filter(|_| names_files);
        let data = match (file, self.input.take()) {
            (Some("-"), Some(input)) => Data::Text(input),
            (Some(name), input) => {
                self.input = input;
                Data::File(Spanned::new(
                    name.to_owned(),
                    argument.text.range(1..argument.text.text().len()),
                ))
            }
            (None, input) => {
                self.input = input;
                Data::Text(argument.text)
            }
        };
        self.data.push(data);
    }

    fn header(&mut self, argument: &Word) {
        let text = argument.text.text();
        if text.starts_with('@') || is_variable(text) {
            self.reads_headers = true;
            return;
        }
        let Some(end) = text.find([':', ';']) else {
            self.faults
                .push(Fault::new(FaultKind::InvalidHeader, argument.range.clone()));
            return;
        };
        let value = text.get(end + 1..).unwrap_or_default();
        let start = text.len() - value.trim_start().len();
        let value = value.trim();
        let name = text.get(..end).unwrap_or_default().trim_end();
        self.headers.push(Header {
            name: Spanned::new(name.to_owned(), argument.text.range(0..name.len())),
            value: Spanned::new(
                value.to_owned(),
                argument.text.range(start..start + value.len()),
            ),
            range: argument.range.clone(),
            implied: false,
        });
        self.plain
            .push(argument.text.slice(start..start + value.len()));
    }

    fn argument_header(&mut self, name: &str, word: &Word, argument: &Word) {
        self.implied_header(name, spanned(argument), word);
        self.plain.push(argument.text.clone());
    }

    fn implied_header(&mut self, name: &str, value: Spanned<String>, word: &Word) {
        self.headers.push(Header {
            name: Spanned::new(name.to_owned(), word.range.clone()),
            value,
            range: word.range.clone(),
            implied: true,
        });
    }

    fn finish(mut self, name: Range<usize>, end: usize) -> Curl {
        self.drop_overruled_headers();
        let mut variables = Vec::new();
        for text in &self.plain {
            variable::find(text, Place::Plain, &mut variables);
        }
        let url = self.url(&name, &mut variables);
        let method = self.method(&name);
        let body = self.body();
        if let Some(text) = body.as_ref().and_then(Body::text) {
            let place = if matches!(body, Some(Body::Form(..))) {
                Place::Plain
            } else {
                Place::Body
            };
            variable::find(text, place, &mut variables);
        }
        variables.sort_by_key(|variable| variable.range.start);
        self.faults
            .sort_by_key(|fault| (fault.range.start, fault.kind));
        Curl {
            range: name.start..end,
            method_is_explicit: self.method.is_some(),
            method,
            url,
            headers: self.headers,
            body,
            user: self.user,
            output: self.output,
            reads_headers: self.reads_headers,
            variables,
            faults: self.faults,
        }
    }

    /// What `-H` says counts more than what another flag implies.
    fn drop_overruled_headers(&mut self) {
        let given: Vec<String> = self
            .headers
            .iter()
            .filter(|header| !header.implied)
            .map(|header| header.name.value.to_ascii_lowercase())
            .collect();
        self.headers.retain(|header| {
            !header.implied || !given.contains(&header.name.value.to_ascii_lowercase())
        });
    }

    fn method(&self, name: &Range<usize>) -> Spanned<String> {
        let is_data = self
            .implied_method
            .as_ref()
            .is_some_and(|method| method.value == "POST");
        let implied = self
            .implied_method
            .clone()
            .filter(|_| !(self.get && is_data));
        self.method
            .clone()
            .or(implied)
            .unwrap_or_else(|| Spanned::new("GET".to_owned(), name.clone()))
    }

    fn url(&mut self, name: &Range<usize>, variables: &mut Vec<variable::Variable>) -> Option<Url> {
        let words = std::mem::take(&mut self.urls);
        // A word that went astray, such as a piece of a broken body, may stand before the URL.
        let chosen = words
            .iter()
            .position(|word| looks_like_url(word.text.text()))
            .unwrap_or(0);
        for (_, word) in words
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != chosen)
        {
            self.faults
                .push(Fault::new(FaultKind::ExtraArgument, word.range.clone()));
        }
        let Some(word) = words.into_iter().nth(chosen) else {
            self.faults
                .push(Fault::new(FaultKind::MissingUrl, name.clone()));
            return None;
        };
        variable::find(&word.text, Place::Url, variables);
        let mut url = Url::new(word.text, word.range);
        self.user = self.user.take().or_else(|| url.user.clone());
        for text in &self.query {
            url.query.extend(url::pairs(text, 0..text.text().len()));
        }
        if self.get {
            for data in std::mem::take(&mut self.data) {
                if let Some(Body::Form(text, pairs)) = body::join(vec![data], None) {
                    variable::find(&text, Place::Plain, variables);
                    url.query.extend(pairs);
                }
            }
        }
        Some(url)
    }

    fn body(&mut self) -> Option<Body> {
        let content_type = self
            .headers
            .iter()
            .find(|header| header.name.value.eq_ignore_ascii_case("content-type"));
        let is_form =
            content_type.map(|header| header.value.value.contains("x-www-form-urlencoded"));
        if !self.parts.is_empty() {
            return Some(Body::Multipart(std::mem::take(&mut self.parts)));
        }
        if let Some(name) = self.upload.take() {
            return Some(Body::Upload(name));
        }
        body::join(std::mem::take(&mut self.data), is_form)
    }
}

fn spanned(word: &Word) -> Spanned<String> {
    let text = word.text.text();
    Spanned::new(text.to_owned(), word.text.range(0..text.len()))
}

/// What follows a flag in the same word.
fn rest_of(word: &Word, start: usize) -> Word {
    let text = word.text.slice(start..word.text.text().len());
    Word {
        range: word.text.range(start..word.text.text().len()),
        text,
    }
}

/// True for a text that is one variable of the shell: `$AUTH_HEADER`, `${AUTH_HEADER}`.
fn is_variable(text: &str) -> bool {
    let name = text.strip_prefix('$').map(|name| {
        let inside = name.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
        inside.unwrap_or(name)
    });
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.is_some_and(|name| !name.is_empty() && name.chars().all(is_part))
}

fn looks_like_url(text: &str) -> bool {
    text.contains("://")
        || text.starts_with(['$', '/', '{', '<'])
        || text
            .split('/')
            .next()
            .is_some_and(|host| host.contains('.'))
}
