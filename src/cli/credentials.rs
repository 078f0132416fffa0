//! The flags of `test` that say who asks: headers, credentials, variables, and secrets.
//!
//! Flags win over the environment, and the environment over the files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use fieldproof::conform::bindings::{Bindings, Caller};
use fieldproof::conform::target::Target;
use fieldproof::report::visible::escape;

use super::Failure;
use super::config::TestConfig;

/// Who asks, and with what values.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Credentials and variables")]
pub(crate) struct CredentialArgs {
    /// Header to send with every request, instead of a documented one of that name
    #[arg(long, short = 'H', value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<(String, String)>,
    /// Credentials: `bearer:TOKEN`, `basic:USER:PASSWORD`, or `key:HEADER=VALUE`; `$NAME` is taken from the environment
    #[arg(long, value_name = "CREDENTIALS", value_parser = credentials)]
    auth: Option<Credentials>,
    /// Other credentials, by what the pages call those who have them, such as `read-only=bearer:$READ_TOKEN`; what they may
    /// not do is asked for with them
    #[arg(long, value_name = "NAME=CREDENTIALS", value_parser = named_credentials)]
    auth_as: Vec<(String, Credentials)>,
    /// Take name and password for the host from `~/.netrc`, or from the file that `NETRC` names
    #[arg(long)]
    netrc: bool,
    /// Value for a placeholder, a path parameter, or a required value without an example
    #[arg(long, visible_alias = "variable", value_name = "NAME=VALUE", value_parser = variable)]
    var: Vec<(String, String)>,
    /// File of such values, one `NAME=VALUE` a line
    #[arg(long, value_name = "FILE")]
    variables_file: Option<PathBuf>,
    /// The same as --var for a value that no output may show; `FIELDPROOF_SECRET_NAME` in the environment does the same
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    secret: Vec<(String, String)>,
    /// File of such secrets, one `NAME=VALUE` a line
    #[arg(long, value_name = "FILE")]
    secrets_file: Option<PathBuf>,
}

/// What opens the door.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Credentials {
    Bearer(String),
    Basic(String, String),
    Key(String, String),
}

/// The start of the names of secrets in the environment.
const SECRET: &str = "FIELDPROOF_SECRET_";

impl CredentialArgs {
    /// True if flags say what opens the door.
    pub(crate) fn are_given(&self) -> bool {
        self.auth.is_some() || self.netrc
    }

    /// All that is bound.
    pub(crate) fn bindings(
        &self,
        config: &TestConfig,
        target: &Target,
    ) -> Result<Bindings, Failure> {
        let mut bindings = Bindings {
            headers: self.headers(config)?,
            ..Bindings::default()
        };
        bindings.variables.clone_from(&self.var);
        add_new(
            &mut bindings.variables,
            lines(self.variables_file.as_deref())?,
        );
        add_new(&mut bindings.variables, config.variables.clone());
        bindings.secrets.clone_from(&self.secret);
        add_new(&mut bindings.secrets, environment());
        add_new(&mut bindings.secrets, lines(self.secrets_file.as_deref())?);
        for (name, _) in &bindings.secrets {
            if bindings.variables.iter().any(|(known, _)| known == name) {
                let name = escape(name);
                return Err(Failure::Usage(format!(
                    "`{name}` is both a variable and a secret; give it only once"
                )));
            }
        }
        let found = match &self.auth {
            Some(credentials) => Some(credentials.resolved("--auth")?),
            None if self.netrc => Some(from_netrc(target)?),
            None => None,
        };
        if let Some(credentials) = found {
            credentials.add_to(&mut bindings);
        }
        for (name, credentials) in self.others(config)? {
            credentials
                .resolved("--auth-as")?
                .add_as(name, &mut bindings);
        }
        Ok(bindings)
    }

    /// The credentials of other callers; flags win over those of the configuration.
    fn others(&self, config: &TestConfig) -> Result<Vec<(String, Credentials)>, Failure> {
        let mut others = self.auth_as.clone();
        for (name, text) in &config.auth_as {
            if !others.iter().any(|(known, _)| known == name) {
                let credentials = credentials(text).map_err(|reason| {
                    let name = escape(name);
                    Failure::Usage(format!(
                        "the credentials `{name}` of the configuration are not valid: {reason}"
                    ))
                })?;
                others.push((name.clone(), credentials));
            }
        }
        Ok(others)
    }

    /// Flags win over the headers of the configuration.
    fn headers(&self, config: &TestConfig) -> Result<Vec<(String, String)>, Failure> {
        let mut headers = Vec::new();
        for (name, value) in &config.headers {
            let is_given = |(given, _): &(String, String)| given.eq_ignore_ascii_case(name);
            if !self.header.iter().any(is_given) {
                let both = header(&format!("{name}: {value}")).map_err(|reason| {
                    Failure::Usage(format!(
                        "the header `{}` of the configuration is not valid: {reason}",
                        escape(name)
                    ))
                })?;
                headers.push(both);
            }
        }
        headers.extend(self.header.iter().cloned());
        Ok(headers)
    }
}

impl Credentials {
    /// The same with what the environment holds in the place of `$NAME`.
    fn resolved(&self, flag: &str) -> Result<Self, Failure> {
        let expanded = |text: &str| expanded(text, flag);
        Ok(match self {
            Self::Bearer(token) => Self::Bearer(expanded(token)?),
            Self::Basic(user, password) => Self::Basic(expanded(user)?, expanded(password)?),
            Self::Key(name, value) => Self::Key(name.clone(), expanded(value)?),
        })
    }

    fn add_to(self, bindings: &mut Bindings) {
        let (name, value) = self.header("", bindings);
        let is_same = |known: &(String, String)| known.0.eq_ignore_ascii_case(&name);
        bindings.headers.retain(|known| !is_same(known));
        bindings.headers.push((name, value));
    }

    fn add_as(self, name: String, bindings: &mut Bindings) {
        let header = self.header(&format!("{name}_"), bindings);
        bindings.callers.push(Caller { name, header });
    }

    /// The header that shows them; what is secret of it is hidden, by names that begin with `prefix`.
    fn header(self, prefix: &str, bindings: &mut Bindings) -> (String, String) {
        let mut hide = |name: &str, value: &str| {
            let name = format!("{prefix}{name}");
            bindings.hidden.push((name, value.to_owned()));
        };
        match self {
            Self::Bearer(token) => {
                hide("TOKEN", &token);
                ("Authorization".to_owned(), format!("Bearer {token}"))
            }
            Self::Basic(user, password) => {
                let encoded = STANDARD.encode(format!("{user}:{password}"));
                hide("PASSWORD", &password);
                hide("BASIC_CREDENTIALS", &encoded);
                ("Authorization".to_owned(), format!("Basic {encoded}"))
            }
            Self::Key(name, value) => {
                hide(&name, &value);
                (name, value)
            }
        }
    }
}

/// `$NAME` and `${NAME}` as the environment has them; any other text as it is.
fn expanded(text: &str, flag: &str) -> Result<String, Failure> {
    let Some(name) = text.strip_prefix('$') else {
        return Ok(text.to_owned());
    };
    let braced = name
        .strip_prefix('{')
        .and_then(|name| name.strip_suffix('}'));
    let name = braced.unwrap_or(name);
    std::env::var(name).map_err(|_| {
        let name = escape(name);
        Failure::Usage(format!(
            "{flag} names the environment variable `{name}`, which is not set"
        ))
    })
}

/// The secrets of the environment, by the names behind the start.
fn environment() -> Vec<(String, String)> {
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.to_str()?.strip_prefix(SECRET)?.to_owned();
        Some((name, value.to_str()?.to_owned()))
    });
    // Sorted, as the environment has no order.
    let sorted: BTreeMap<_, _> = variables.filter(|(name, _)| !name.is_empty()).collect();
    sorted.into_iter().collect()
}

fn add_new(all: &mut Vec<(String, String)>, further: impl IntoIterator<Item = (String, String)>) {
    for (name, value) in further {
        if !all.iter().any(|(known, _)| *known == name) {
            all.push((name, value));
        }
    }
}

/// The pairs of a file; empty lines and those that begin with `#` are left out.
fn lines(path: Option<&Path>) -> Result<Vec<(String, String)>, Failure> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let text = read(path)?;
    let mut pairs = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let pair = variable(line).map_err(|reason| {
            Failure::Usage(format!("{}:{}: {reason}", path.display(), index + 1))
        })?;
        pairs.push((pair.0.trim().to_owned(), pair.1.trim().to_owned()));
    }
    Ok(pairs)
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("`{}` cannot be read: {error}", path.display())))
}

/// Name and password for the host, as curl and ftp keep them.
fn from_netrc(target: &Target) -> Result<Credentials, Failure> {
    let named = std::env::var_os("NETRC").map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".netrc"));
    let path = named.or_else(home).ok_or_else(|| {
        Failure::Usage(
            "there is no home folder to look for `.netrc` in; name the file with NETRC".to_owned(),
        )
    })?;
    let text = read(&path)?;
    let host = target.host();
    netrc(&text, host).ok_or_else(|| {
        let path = path.display();
        Failure::Usage(format!("`{path}` has no name and password for `{host}`"))
    })
}

/// `machine HOST login USER password PASSWORD`, in any order and over any lines; `default` fits every host.
fn netrc(text: &str, host: &str) -> Option<Credentials> {
    let mut words = text.split_whitespace();
    let mut is_here = false;
    let (mut user, mut password) = (None, None);
    while let Some(word) = words.next() {
        match word {
            "machine" | "default" if is_here && password.is_some() => break,
            "machine" => {
                is_here = words.next() == Some(host);
                (user, password) = (None, None);
            }
            "default" => is_here = true,
            "login" if is_here => user = words.next(),
            "password" if is_here => password = words.next(),
            _ => {}
        }
    }
    let password = password.filter(|_| is_here)?;
    Some(Credentials::Basic(
        user.unwrap_or_default().to_owned(),
        password.to_owned(),
    ))
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("write it as 'Name: value'")?;
    check_name(name)?;
    if value.chars().any(char::is_control) {
        return Err("the value has a line break or another control character".to_owned());
    }
    Ok((name.to_owned(), value.trim().to_owned()))
}

fn check_name(name: &str) -> Result<(), String> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_name) {
        return Err("the name of a header has only letters, digits, and hyphens".to_owned());
    }
    Ok(())
}

fn credentials(text: &str) -> Result<Credentials, String> {
    let words = "write it as `bearer:TOKEN`, `basic:USER:PASSWORD`, or `key:HEADER=VALUE`";
    if text.chars().any(char::is_control) {
        return Err("it has a line break or another control character".to_owned());
    }
    let (scheme, rest) = text.split_once(':').ok_or(words)?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" if !rest.is_empty() => Ok(Credentials::Bearer(rest.to_owned())),
        "basic" => {
            let (user, password) = rest.split_once(':').ok_or(words)?;
            Ok(Credentials::Basic(user.to_owned(), password.to_owned()))
        }
        "key" => {
            let (name, value) = rest.split_once('=').ok_or(words)?;
            check_name(name)?;
            Ok(Credentials::Key(name.to_owned(), value.to_owned()))
        }
        _ => Err(words.to_owned()),
    }
}

fn named_credentials(text: &str) -> Result<(String, Credentials), String> {
    match text.split_once('=') {
        Some((name, rest)) if name.chars().any(char::is_alphanumeric) && !name.contains(':') => {
            Ok((name.trim().to_owned(), credentials(rest)?))
        }
        _ => Err("write it as NAME=CREDENTIALS, such as `read-only=bearer:TOKEN`".to_owned()),
    }
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if name.chars().any(char::is_alphanumeric) => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("write it as name=value".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_have_three_forms() {
        let basic = Credentials::Basic("me".to_owned(), "a:b".to_owned());
        assert_eq!(credentials("basic:me:a:b"), Ok(basic));
        let key = Credentials::Key("X-Key".to_owned(), "a=b".to_owned());
        assert_eq!(credentials("key:X-Key=a=b"), Ok(key));
        for text in [
            "",
            "bearer",
            "bearer:",
            "basic:me",
            "key:x",
            "key:a b=c",
            "digest:a:b",
            "bearer:a\nb",
        ] {
            assert!(credentials(text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_credentials_have_a_name() {
        let key = Credentials::Key("X-Key".to_owned(), "a=b".to_owned());
        let named = named_credentials("read-only=key:X-Key=a=b");
        assert_eq!(named, Ok(("read-only".to_owned(), key)));
        for text in ["bearer:a=b", "=bearer:a", "read-only=a", "read-only"] {
            assert!(named_credentials(text).is_err(), "{text}");
        }
    }

    #[test]
    fn netrc_names_hosts() {
        let text = "machine a.example.com\n  login me password one\nmachine b.example.com password two login you\ndefault login any password three";
        let found = |host| netrc(text, host);
        let basic = |user: &str, password: &str| {
            Some(Credentials::Basic(user.to_owned(), password.to_owned()))
        };
        assert_eq!(found("a.example.com"), basic("me", "one"));
        assert_eq!(found("b.example.com"), basic("you", "two"));
        assert_eq!(found("c.example.com"), basic("any", "three"));
        assert_eq!(netrc("machine a login me", "a"), None);
    }
}
