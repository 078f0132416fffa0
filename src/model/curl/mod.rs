//! curl commands in shell fences, read as curl and a POSIX shell would, with the place of every part.
//!
//! `find.rs` finds the commands among whatever else a fence holds, `shell.rs` and `word.rs` split a command into words,
//! `flags.rs` knows what each flag takes, `read.rs` makes a request of the words, `url.rs` and `body.rs` take it apart,
//! `variable.rs` finds what the reader of the page is meant to fill in, and `print.rs` goes the other way.

mod body;
mod decoded;
mod find;
mod flags;
mod print;
mod read;
mod shell;
mod url;
mod variable;
mod word;

use std::ops::Range;

pub use body::{Body, Part, PartValue};
pub use decoded::Decoded;
pub use find::commands;
pub use print::{quote, to_command};
pub use url::{Pair, Url};
pub use variable::{Variable, VariableForm};

/// A value and the bytes of the fence it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The bytes it was read from.
    pub range: Range<usize>,
}

impl<T> Spanned<T> {
    /// `value`, read from `range`.
    pub fn new(value: T, range: Range<usize>) -> Self {
        Self { value, range }
    }
}

/// A curl command as the request it sends.
#[derive(Clone, Debug, PartialEq)]
pub struct Curl {
    /// The bytes of the command, from `curl` to its last word.
    pub range: Range<usize>,
    /// The method; the range of one that is implied is that of the flag that implies it, or of `curl`.
    pub method: Spanned<String>,
    /// True if the method is given with `-X`.
    pub method_is_explicit: bool,
    /// The URL; the first one if there are several.
    pub url: Option<Url>,
    /// The headers, in the order written.
    pub headers: Vec<Header>,
    /// What is sent as the body.
    pub body: Option<Body>,
    /// `name:password` of `-u`.
    pub user: Option<Spanned<String>>,
    /// The file that the answer is written to, of `-o`.
    pub output: Option<Spanned<String>>,
    /// True if it takes headers from a file, with `-K`, `-n`, or `-H @file`: more may be sent than can be seen. A certificate of
    /// `--cert` stands for credentials, too.
    pub reads_headers: bool,
    /// What the reader of the page is meant to fill in, in the order written.
    pub variables: Vec<Variable>,
    /// What neither a shell nor curl would take as it was meant.
    pub faults: Vec<Fault>,
}

/// A header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The name, in the case written.
    pub name: Spanned<String>,
    /// The value, without white space around it.
    pub value: Spanned<String>,
    /// The bytes of the whole header; of the flag, if the flag implies it.
    pub range: Range<usize>,
    /// True if another flag than `-H` sets it: `-A`, `-b`, `-e`, `--json`, `--oauth2-bearer`.
    pub implied: bool,
}

impl Curl {
    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&Header> {
        self.headers
            .iter()
            .find(|header| header.name.value.eq_ignore_ascii_case(name))
    }

    /// The media type that is sent, without parameters; curl has a default for every body but a file.
    pub fn content_type(&self) -> Option<&str> {
        if let Some(header) = self.header("content-type") {
            return header.value.value.split(';').next().map(str::trim);
        }
        match self.body.as_ref()? {
            Body::Multipart(_) => Some("multipart/form-data"),
            Body::Upload(_) => None,
            Body::Raw(_) | Body::Form(..) | Body::File(_) => {
                Some("application/x-www-form-urlencoded")
            }
        }
    }
}

/// Something in a command that is not as it was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In which way.
    pub kind: FaultKind,
    /// The bytes it is about; empty where something is missing.
    pub range: Range<usize>,
    /// What is wrong, in lower case and without a final period.
    pub message: String,
}

impl Fault {
    fn new(kind: FaultKind, range: Range<usize>) -> Self {
        Self {
            kind,
            range,
            message: kind.describe().to_owned(),
        }
    }
}

/// In which way a command is not as it was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// A quote that is never closed.
    UnclosedQuote,
    /// `'it's'`: a quote that ends the string in a shell, but was meant to be a part of it.
    UnescapedQuote,
    /// `“text”`
    SmartQuotes,
    /// A backslash with nothing to continue after it.
    DanglingBackslash,
    /// A backslash with a space before the end of its line.
    BrokenContinuation,
    /// A line that goes on without a backslash.
    MissingContinuation,
    /// An unquoted `&` or `;` in a URL.
    UnquotedOperator,
    /// An unquoted `<name>`, which a shell takes for a redirection.
    UnquotedPlaceholder,
    /// A flag that curl does not know.
    UnknownFlag,
    /// `--request=POST`, which curl does not know either.
    GluedArgument,
    /// A flag without its argument.
    MissingArgument,
    /// A header without a colon.
    InvalidHeader,
    /// A word after the URL that belongs to nothing.
    ExtraArgument,
    /// No URL at all.
    MissingUrl,
}

impl FaultKind {
    /// What is wrong, as a lower-case phrase.
    pub fn describe(self) -> &'static str {
        match self {
            Self::UnclosedQuote => "quote that is never closed",
            Self::UnescapedQuote => "unescaped quote ends the string",
            Self::SmartQuotes => "typographic quotes do not quote anything in a shell",
            Self::DanglingBackslash => "backslash with nothing after it to continue the command",
            Self::BrokenContinuation => "space after the backslash ends the command",
            Self::MissingContinuation => "line break without a backslash ends the command",
            Self::UnquotedOperator => "unquoted operator ends the command",
            Self::UnquotedPlaceholder => "unquoted placeholder reads as a redirection",
            Self::UnknownFlag => "unknown flag",
            Self::GluedArgument => {
                "long flags of curl take their argument as the next word, not after `=`"
            }
            Self::MissingArgument => "flag without its argument",
            Self::InvalidHeader => "header without a colon",
            Self::ExtraArgument => "argument that belongs to no flag",
            Self::MissingUrl => "command without a URL",
        }
    }
}

#[cfg(test)]
mod tests;
