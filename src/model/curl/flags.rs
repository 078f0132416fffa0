//! The flags of curl, and which of them take an argument.
//!
//! <https://curl.se/docs/manpage.html>

/// What a flag means for the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flag {
    /// `-X`
    Method,
    /// `-H`
    Header,
    /// `-d`, `--data-binary`: data, `@` names a file
    Data,
    /// `--data-raw`: data, `@` is a character
    DataRaw,
    /// `--data-urlencode`
    DataUrlencode,
    /// `--json`
    Json,
    /// `-G`
    Get,
    /// `-F`
    Form,
    /// `--form-string`
    FormString,
    /// `-u`
    User,
    /// `--url`
    Url,
    /// `--url-query`
    UrlQuery,
    /// `-b`
    Cookie,
    /// `-A`
    UserAgent,
    /// `-e`
    Referer,
    /// `--oauth2-bearer`
    Bearer,
    /// `-r`
    Range,
    /// `-z`
    TimeCondition,
    /// `--etag-compare`
    EtagCompare,
    /// `-I`
    Head,
    /// `-T`
    Upload,
    /// `-o`
    Output,
    /// Has an argument, which does not change the request.
    Other,
    /// Has no argument and does not change the request.
    Switch,
}

impl Flag {
    /// True if the next word belongs to the flag.
    pub(super) fn has_argument(self) -> bool {
        !matches!(self, Self::Get | Self::Head | Self::Switch)
    }
}

/// The flag with that long name, which comes without its dashes.
pub(super) fn long(name: &str) -> Option<Flag> {
    Some(match name {
        "request" => Flag::Method,
        "header" => Flag::Header,
        "data" | "data-ascii" | "data-binary" => Flag::Data,
        "data-raw" => Flag::DataRaw,
        "data-urlencode" => Flag::DataUrlencode,
        "json" => Flag::Json,
        "get" => Flag::Get,
        "form" => Flag::Form,
        "form-string" => Flag::FormString,
        "user" => Flag::User,
        "url" => Flag::Url,
        "url-query" => Flag::UrlQuery,
        "cookie" => Flag::Cookie,
        "user-agent" => Flag::UserAgent,
        "referer" => Flag::Referer,
        "oauth2-bearer" => Flag::Bearer,
        "range" => Flag::Range,
        "time-cond" => Flag::TimeCondition,
        "etag-compare" => Flag::EtagCompare,
        "head" => Flag::Head,
        "upload-file" => Flag::Upload,
        "output" => Flag::Output,
        _ if OTHERS.contains(&name) => Flag::Other,
        _ if SWITCHES.contains(&name) => Flag::Switch,
        _ => {
            return name
                .strip_prefix("no-")
                .filter(|name| SWITCHES.contains(name))
                .map(|_| Flag::Switch);
        }
    })
}

/// The flag with that letter.
pub(super) fn short(letter: char) -> Option<Flag> {
    Some(match letter {
        'X' => Flag::Method,
        'H' => Flag::Header,
        'd' => Flag::Data,
        'G' => Flag::Get,
        'F' => Flag::Form,
        'u' => Flag::User,
        'b' => Flag::Cookie,
        'A' => Flag::UserAgent,
        'e' => Flag::Referer,
        'I' => Flag::Head,
        'T' => Flag::Upload,
        'o' => Flag::Output,
        'r' => Flag::Range,
        'z' => Flag::TimeCondition,
        _ if "cCDEhKmPQtUwxyY".contains(letter) => Flag::Other,
        _ if "#:0123469aBfgijJklLMnNOpqRsSvVZ".contains(letter) => Flag::Switch,
        _ => return None,
    })
}

/// Flags whose argument does not change the request.
const OTHERS: [&str; 123] = [
    "abstract-unix-socket",
    "alt-svc",
    "aws-sigv4",
    "cacert",
    "capath",
    "cert",
    "cert-type",
    "ciphers",
    "config",
    "connect-timeout",
    "connect-to",
    "continue-at",
    "cookie-jar",
    "create-file-mode",
    "crlfile",
    "curves",
    "delegation",
    "dns-interface",
    "dns-ipv4-addr",
    "dns-ipv6-addr",
    "dns-servers",
    "doh-url",
    "dump-header",
    "ech",
    "egd-file",
    "engine",
    "etag-save",
    "expect100-timeout",
    "ftp-account",
    "ftp-alternative-to-user",
    "ftp-method",
    "ftp-port",
    "ftp-ssl-ccc-mode",
    "happy-eyeballs-timeout-ms",
    "haproxy-clientip",
    "help",
    "hostpubmd5",
    "hostpubsha256",
    "hsts",
    "interface",
    "ip-tos",
    "ipfs-gateway",
    "keepalive-cnt",
    "keepalive-time",
    "key",
    "key-type",
    "krb",
    "libcurl",
    "limit-rate",
    "local-port",
    "login-options",
    "mail-auth",
    "mail-from",
    "mail-rcpt",
    "max-filesize",
    "max-redirs",
    "max-time",
    "netrc-file",
    "noproxy",
    "output-dir",
    "parallel-max",
    "parallel-max-host",
    "pass",
    "pinnedpubkey",
    "preproxy",
    "proto",
    "proto-default",
    "proto-redir",
    "proxy",
    "proxy-cacert",
    "proxy-capath",
    "proxy-cert",
    "proxy-cert-type",
    "proxy-ciphers",
    "proxy-crlfile",
    "proxy-header",
    "proxy-key",
    "proxy-key-type",
    "proxy-pass",
    "proxy-pinnedpubkey",
    "proxy-service-name",
    "proxy-tls13-ciphers",
    "proxy-tlsauthtype",
    "proxy-tlspassword",
    "proxy-tlsuser",
    "proxy-user",
    "proxy1.0",
    "pubkey",
    "quote",
    "random-file",
    "rate",
    "request-target",
    "resolve",
    "retry",
    "retry-delay",
    "retry-max-time",
    "sasl-authzid",
    "service-name",
    "sigalgs",
    "socks4",
    "socks4a",
    "socks5",
    "socks5-gssapi-service",
    "socks5-hostname",
    "speed-limit",
    "speed-time",
    "ssl-sessions",
    "stderr",
    "telnet-option",
    "tftp-blksize",
    "tls-max",
    "tls13-ciphers",
    "tlsauthtype",
    "tlspassword",
    "tlsuser",
    "trace",
    "trace-ascii",
    "trace-config",
    "unix-socket",
    "upload-flags",
    "variable",
    "vlan-priority",
    "write-out",
];

/// Flags without an argument that do not change the request.
const SWITCHES: [&str; 124] = [
    "anyauth",
    "append",
    "basic",
    "ca-native",
    "cert-status",
    "compressed",
    "compressed-ssh",
    "create-dirs",
    "crlf",
    "digest",
    "disable",
    "disable-eprt",
    "disable-epsv",
    "disallow-username-in-url",
    "doh-cert-status",
    "doh-insecure",
    "fail",
    "fail-early",
    "fail-with-body",
    "false-start",
    "form-escape",
    "ftp-create-dirs",
    "ftp-pasv",
    "ftp-pret",
    "ftp-skip-pasv-ip",
    "ftp-ssl-ccc",
    "ftp-ssl-control",
    "globoff",
    "haproxy-protocol",
    "http0.9",
    "http1.0",
    "http1.1",
    "http2",
    "http2-prior-knowledge",
    "http3",
    "http3-only",
    "ignore-content-length",
    "include",
    "insecure",
    "ipv4",
    "ipv6",
    "junk-session-cookies",
    "keepalive",
    "list-only",
    "location",
    "location-trusted",
    "mail-rcpt-allowfails",
    "manual",
    "metalink",
    "mptcp",
    "negotiate",
    "netrc",
    "netrc-optional",
    "next",
    "alpn",
    "buffer",
    "clobber",
    "npn",
    "progress-meter",
    "sessionid",
    "ntlm",
    "ntlm-wb",
    "out-null",
    "parallel",
    "parallel-immediate",
    "path-as-is",
    "post301",
    "post302",
    "post303",
    "progress-bar",
    "proxy-anyauth",
    "proxy-basic",
    "proxy-ca-native",
    "proxy-digest",
    "proxy-http2",
    "proxy-insecure",
    "proxy-negotiate",
    "proxy-ntlm",
    "proxy-ssl-allow-beast",
    "proxy-ssl-auto-client-cert",
    "proxy-tlsv1",
    "proxytunnel",
    "raw",
    "remote-header-name",
    "remote-name",
    "remote-name-all",
    "remote-time",
    "remove-on-error",
    "retry-all-errors",
    "retry-connrefused",
    "sasl-ir",
    "show-error",
    "show-headers",
    "silent",
    "skip-existing",
    "socks5-basic",
    "socks5-gssapi",
    "socks5-gssapi-nec",
    "ssl",
    "ssl-allow-beast",
    "ssl-auto-client-cert",
    "ssl-no-revoke",
    "ssl-reqd",
    "ssl-revoke-best-effort",
    "sslv2",
    "sslv3",
    "styled-output",
    "suppress-connect-headers",
    "tcp-fastopen",
    "tcp-nodelay",
    "tftp-no-options",
    "tls-earlydata",
    "tlsv1",
    "tlsv1.0",
    "tlsv1.1",
    "tlsv1.2",
    "tlsv1.3",
    "tr-encoding",
    "trace-ids",
    "trace-time",
    "use-ascii",
    "verbose",
    "version",
    "xattr",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_known_by_both_names() {
        assert_eq!(long("request"), short('X'));
        assert_eq!(long("data-binary"), Some(Flag::Data));
        assert_eq!(long("max-time").map(Flag::has_argument), Some(true));
        assert_eq!(long("no-buffer"), Some(Flag::Switch));
        assert_eq!((long("requests"), short('W')), (None, None));
    }

    #[test]
    fn no_flag_is_listed_twice() {
        for name in OTHERS {
            assert!(!SWITCHES.contains(&name), "{name}");
        }
    }
}
