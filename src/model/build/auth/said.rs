//! What the text of a page says of credentials: "No authentication required.", "Authenticate with HTTP Basic Auth".
//!
//! A page knows better than the configuration of its site; only sentences without a condition count.

use std::sync::LazyLock;

use crate::mdx::markdown::{Block, Inline};
use crate::mdx::{Page, Prose};
use crate::model::build::headers::sentences;
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};

pub(super) static AUTH_IN_TEXT: ReadingRule = ReadingRule {
    name: "auth-in-text",
    origin: Origin::Prose,
    summary: "\"No authentication required.\" and \"Authenticate with HTTP Basic Auth.\" outside of fields say that requests to the page are not authenticated as the site is",
};
/// Longer sentences say too much at once.
const LONGEST: usize = 300;

/// What a sentence says of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing has to be sent.
    Open,
    /// `Authorization: Basic …`
    Basic,
    /// `Authorization: Bearer …`
    Bearer,
    /// One scheme of `Authorization` or another.
    Either,
}

/// What the first sentence of a text that says something says.
pub(super) fn read(prose: &Prose) -> Option<Fact<Said>> {
    if !may_say(prose.text.text()) {
        return None;
    }
    of_blocks(&prose.blocks())
}

/// What the description in the frontmatter says.
pub(super) fn of_description(page: &Page) -> Option<Fact<Said>> {
    let text = page.frontmatter.text("description")?;
    let span = page.frontmatter.get("description")?.value_span;
    let mut sentences = text.split_inclusive(". ").filter_map(sentence);
    Some(Fact::new(sentences.next()?, span, &AUTH_IN_TEXT))
}

fn may_say(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "auth",
        "credential",
        "key",
        "token",
        "public",
        "autentica",
        "авториз",
        "аутентиф",
        "认证",
    ];
    let lower = text.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
        || ["鉴权", "授权"].iter().any(|it| text.contains(it))
}

fn of_blocks(blocks: &[Block]) -> Option<Fact<Said>> {
    blocks.iter().find_map(|block| match block {
        Block::Paragraph(inline) => of_inline(inline),
        Block::List(items) => items.iter().find_map(|item| of_blocks(item)),
        Block::Quote(blocks) => of_blocks(blocks),
        Block::Table(_) | Block::Heading(..) => None,
    })
}

fn of_inline(inline: &Inline) -> Option<Fact<Said>> {
    sentences(inline).iter().find_map(|pieces| {
        let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        let span = pieces.first()?.span.to(pieces.last()?.span);
        Some(Fact::new(sentence(&text)?, span, &AUTH_IN_TEXT))
    })
}

/// What one sentence says, code without its marks.
fn sentence(text: &str) -> Option<Said> {
    static OPEN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)^\s*(?:note:\s*)?(?:public\s*[,;—–-]\s*)?(?:",
            // No API key or session token is required.
            r"no\s(?:user\s)?@(?:,?\s(?:or|and|nor)\s@|,\s@)*\s(?:is\s|are\s)?(?:required|needed|necessary)\b",
            // Needs no key. You don't need a token.
            r"|(?:needs|requires)\sno\s(?:user\s)?@|(?:you\s)?(?:do\snot|don['’]t|doesn['’]t|does\snot)\s(?:need|require)\s(?:any\s|an?\s)?(?:user\s)?@",
            // An API key is not needed here.
            r"|(?:an?\s)?(?:user\s)?@\s(?:is|are)\s(?:not|n['’]t)\s(?:required|needed|necessary)\b|(?:an?\s)?@\sisn['’]t\s(?:required|needed|necessary)\b",
            // This endpoint is public.
            r"|this\s(?:endpoint|route|operation|call|method|resource)\sis\spublic\s*\.?\s*$|public\s(?:endpoint|route|call|method)\s*\.?\s*$",
            // Works without a key.
            r"|(?:(?:this|it)\s(?:\w+\s)?)?(?:works|(?:can|may)\sbe\s(?:called|used|read))\swithout\s(?:an?\s|any\s)?@\s*\.?\s*$",
            // This endpoint has no authentication.
            r"|(?:this|the)\s(?:api\s)?(?:endpoint|route|operation|call|method|request|resource|api)\s[^,;:]*?",
            r"(?:(?:requires|needs|has)\sno\s(?:user\s)?@|(?:does\snot|doesn['’]t)\s(?:require|need)\s(?:any\s|an?\s)?(?:user\s)?@",
            r"|is\s(?:a\s)?public,?\s(?:and\s)?(?:no-auth\b|unauthenticated\b|needs\sno\s@|requires\sno\s@)|(?:is|are)\sunauthenticated\b)",
            // This is a public, no-auth endpoint.
            r"|this\sis\san?\s(?:public,?\s(?:and\s)?)?(?:no-auth|unauthenticated)\s(?:endpoint|route|operation|call|method)\b",
            // Cet appel ne nécessite pas d'authentification. Pas d'authentification requise.
            r"|[^.;,:]*\b(?:ne\s)?(?:nécessite|requiert|demande)\s(?:pas\sd['’]|aucune\s)authentification\b|(?:pas\sd['’]|aucune\s)authentification\b",
            // Keine Anmeldung nötig. Der Aufruf benötigt keine Authentifizierung.
            r"|[^.;,:]*\bkeine\s(?:authentifizierung|authentisierung|anmeldung)\b",
            // No requiere autenticación. Não requer autenticação. Sin autenticación.
            r"|[^.;,:]*\b(?:no|não|nao)\s(?:se\s|é\s|es\s)?(?:requiere|requer|necesita|precisa|exige|necess[aá]ri[ao]|necesaria)\s(?:de\s)?(?:autenticaci[oó]n|autentica[cç][aã]o)\b|(?:sin|sem)\s(?:autenticaci[oó]n|autentica[cç][aã]o)\b",
            // Не требует авторизации. Без авторизации. 无需认证。
            r"|.*(?:[нН]е\sтребует(?:ся)?|[бБ]ез)\s(?:авторизаци|аутентификаци)|.*(?:无需|不需要)(?:任何)?(?:认证|鉴权|授权)",
            // Creates a request without authentication.
            r"|[^,;:]*\swithout\s(?:requiring\s)?(?:any\s)?(?:user\s)?authentication\s*\.?\s*$",
            r")",
        )
        .replace('@', r"(?:authentication|authorization|auth|(?:api[\s-])?keys?|(?:access\s|session\s|bearer\s)?tokens?|credentials)").as_str())
    });
    static CONDITION: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:if|when|while|unless|except|only|once|fails?|rejected|refused|return(?:s|ed)?|optional(?:ly)?|otherwise|(?:for|to|on|by)\s(?:public|read|get|those|some|local|development|testing|free))\b",
        )
    });
    static BASIC: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\bAuthorization:\s*Basic\b|\b(?:authenticated?|authentication|authorize|use|uses|using)\s(?:is\s|are\s)?(?:with\s|via\s|by\s|through\s|using\s)?(?:the\s)?(?:HTTP\s)?Basic[\s-](?:auth|authentication|authorization|access)\b",
        )
    });
    static BEARER: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\bAuthorization:\s*Bearer\b|\b(?:authenticated?|authentication|authorize)\s(?:is\s|are\s)?(?:with|via|by|through|using)\s(?:an?\s|the\s|your\s)?bearer\b",
        )
    });
    if text.len() > LONGEST || !may_say(text) || CONDITION.is_match(text) {
        return None;
    }
    if names_both(text) {
        return Some(Said::Either);
    }
    let ways: [(&Pattern, Said); 3] = [
        (&OPEN, Said::Open),
        (&BASIC, Said::Basic),
        (&BEARER, Said::Bearer),
    ];
    let mut said = ways.into_iter().filter(|(way, _)| way.is_match(text));
    said.next().map(|(_, said)| said).or_else(|| {
        // Check the service (public, no auth required).
        let (_, aside) = text.split_once('(')?;
        let (aside, _) = aside.split_once(')')?;
        OPEN.is_match(aside).then_some(Said::Open)
    })
}

fn names_both(text: &str) -> bool {
    static BOTH: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\b(?:basic\b.*\bbearer|bearer\b.*\bbasic)\b"));
    BOTH.is_match(text)
}

/// True if a sentence offers one way to authenticate beside another: "as a bearer token, or with HTTP Basic", "clients
/// send their session in `Authorization: Session …` in place of the key".
pub(in crate::model::build) fn offers_choice(sentence: &str) -> bool {
    static CHOICE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:or|either|both|alternatively|as\s+well|too|also|in\s+place\s+of|(?:may|can)\b[^.]*\binstead)\b",
        )
    });
    static REFUSED: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not|never|no\s+longer|deprecated|rather|only|plans?|replaced)\b|n['’]t\b",
        )
    });
    static CREDENTIAL: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:authenticat\w+|authori[sz]\w+|auth|basic|bearer|(?:api[\s-]?)?keys?|tokens?|sessions?|credentials?|x-[a-z-]+)\b",
        )
    });
    if sentence.len() > LONGEST || !may_say(sentence) && !names_both(sentence) {
        return false;
    }
    CREDENTIAL.find_iter(sentence).count() > 1
        && CHOICE.is_match(sentence)
        && !REFUSED.is_match(sentence)
}

/// The sentences of a text that offer a choice.
pub(in crate::model::build) fn choice(prose: &Prose) -> Vec<Fact<String>> {
    if !may_say(prose.text.text()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for block in prose.blocks() {
        let Block::Paragraph(inline) = block else {
            continue;
        };
        for pieces in sentences(&inline) {
            let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            if let (true, Some(first)) = (offers_choice(&text), pieces.first()) {
                found.push(Fact::new(text.to_lowercase(), first.span, &AUTH_IN_TEXT));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_of_schemes_allows_each() {
        for (text, allows) in [
            (
                "Send the key as a bearer token, or as the user name of HTTP Basic.",
                true,
            ),
            ("Both Basic and Bearer authentication work.", true),
            (
                "Clients send their session in Authorization: Session … in place of the key.",
                true,
            ),
            ("Authentication: key or session.", true),
            ("You may authenticate with HTTP Basic, too.", true),
            ("Send the key in X-Api-Key.", false),
            ("Use a bearer token, and not Basic authentication.", false),
            ("Basic authentication was replaced by bearer tokens.", false),
        ] {
            assert_eq!(offers_choice(text), allows, "{text}");
        }
    }

    #[test]
    fn only_sentences_without_a_condition_say_something() {
        let open = [
            "No authentication required.",
            "Cet endpoint ne nécessite pas d’authentification.",
            "Dieser Aufruf braucht keine Authentifizierung.",
            "Este endpoint no requiere autenticación.",
            "Esta rota não requer autenticação.",
            "Этот метод не требует авторизации.",
            "此接口无需认证。",
            "Check that the service is up (public, no auth required)",
            "Reads the state of an order (public — no auth required).",
            "No API key or session token is required.",
            "No auth, API key, or token needed.",
            "This endpoint is public and does not require authentication, but does require `x-app-id` (tenant header).",
            "This route has no authentication — no API key or session token is required.",
            "This is a public, no-auth endpoint — share the URL.",
            "Create a generation request without authentication",
            "Creates a request without requiring user authentication.",
            "Needs no key.",
            "You don't need a token.",
            "No key is needed.",
            "An API key is not required.",
            "Works without a key.",
            "This endpoint is public.",
            "Public endpoint.",
        ];
        for text in open {
            assert_eq!(sentence(text), Some(Said::Open), "{text}");
        }
        for text in [
            "No authentication is required for public books.",
            "API requests without authentication fail.",
            "Updates settings without requiring re-authentication.",
            "Follow the URL, which needs no auth header.",
            "If no token is sent, the request is refused.",
            "This endpoint does not require authentication when called from localhost.",
        ] {
            assert_eq!(sentence(text), None, "{text}");
        }
    }

    #[test]
    fn a_scheme_is_named_by_its_name() {
        for (text, said) in [
            (
                "Authenticate with HTTP Basic Auth: Authorization: Basic base64(id:secret)",
                Some(Said::Basic),
            ),
            ("Uses Basic authentication.", Some(Said::Basic)),
            ("Authenticate using a bearer token.", Some(Said::Bearer)),
            (
                "Accepts both Basic Auth and Bearer Auth.",
                Some(Said::Either),
            ),
            ("Basic plans have fewer tokens.", None),
        ] {
            assert_eq!(sentence(text), said, "{text}");
        }
    }
}
