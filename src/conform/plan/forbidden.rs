//! What pages forbid of all requests: `null` where no type has it, members that nobody documents, and credentials that only
//! look like the right ones.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::said::{fixed, promises, tolerant, unlisted};
use crate::model::shape::{Shape, ShapeKind};
use crate::model::{AuthScheme, Fact, Location};

use super::draft::Draft;
use super::input::{Input, Place, Step};
use super::value::{Fault, is_documented};
use super::vary::Vary;
use super::{Item, Variant};

/// What is sent in place of credentials.
const WRONG: &str = "fieldproof-wrong-credential";

/// What keys begin with is no secret, if it is not longer.
const LONGEST_START: usize = 10;

/// The scheme of the right credentials where only another one counts.
const OTHER_SCHEME: &str = "Token";

/// The name of a member that nobody documents.
const UNKNOWN: &str = "fieldproof_unknown";

/// Of the members that a sentence says are never `null`, no more are sent so.
const MOST_NULLS: usize = 2;

impl Vary<'_> {
    /// Values against what is said of all requests.
    pub(super) fn against_all(&self) -> Vec<Item> {
        let is_object = self.base().json().is_some_and(Value::is_object);
        if !is_object {
            return Vec::new();
        }
        let mut items = self.nulls();
        items.extend(self.unknown_member());
        items.extend(self.fixed_members());
        items
    }

    /// Another value for what an update cannot change, where the page says how that is refused.
    fn fixed_members(&self) -> Vec<Item> {
        if self.role.kind != Kind::Update {
            return Vec::new();
        }
        let told = |input: &&Input| {
            input.is_root_member()
                && !input.is_reference()
                && promises::is_fixed(&input.description)
                && fixed::names_a_refusal(&input.description)
        };
        let own = self.inputs.iter().filter(told).cloned();
        let names = promises::sentences(self.operation).filter_map(|it| fixed::fixed_in(&it));
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| !self.inputs.iter().any(|it| it.name == *name));
        let others = names.into_iter().filter_map(|name| self.undocumented(name));
        let all = own.chain(others);
        let items = all.filter_map(|input| {
            let shown = self
                .base()
                .value(&input)
                .or_else(|| self.shown.value(&input));
            let value = altered(&shown.unwrap_or_else(|| Value::from("other")))?;
            self.against(&input, value)
        });
        items.collect()
    }

    /// `null` for a text, a value with a default, and an object: one of each; and for members that a sentence names.
    fn nulls(&self) -> Vec<Item> {
        let sentences = promises::sentences(self.operation);
        let about: Vec<String> = sentences.filter(|it| it.contains("null")).collect();
        let refusing = || about.iter().filter(|it| tolerant::refuses_null(it));
        let named: Vec<&str> = refusing().flat_map(|it| tolerant::never_null(it)).collect();
        let is_it = |it: &&Input| {
            let way = it.steps.iter().map(Step::name).collect::<Option<Vec<_>>>();
            let way = way.unwrap_or_default().join(".");
            it.place == Place::Body && it.shape.nullable.is_none() && named.contains(&way.as_str())
        };
        let own = self.inputs.iter().filter(is_it).take(MOST_NULLS);
        let mut items: Vec<Item> = own
            .filter_map(|input| self.against(input, Value::Null))
            .collect();
        if refusing().any(|it| tolerant::never_null(it).is_empty()) {
            items.extend(self.nulls_of_all(&about));
        }
        items
    }

    /// `null` for members of which a sentence that is about all of them says that they never are.
    fn nulls_of_all(&self, about: &[String]) -> Vec<Item> {
        // "It clears `note` and `color`; for other members `null` is not permitted."
        let is_named = |it: &Input| {
            let name = format!("`{}`", it.name);
            about.iter().any(|sentence| sentence.contains(&name))
        };
        let is_fit = |it: &&Input| {
            let is_member = it.is_root_member() && !it.deprecated;
            is_member
                && !is_named(it)
                && it.shape.nullable.is_none()
                && !it.description.to_lowercase().contains("null")
                && !it.is_reference()
                && it.default.as_ref() != Some(&Value::Null)
                && !is_documented(&it.shape, &Value::Null)
        };
        let fit = || self.inputs.iter().filter(is_fit);
        let is_object = |it: &Input| matches!(it.shape.kind, ShapeKind::Object { .. });
        let text = fit().find(|it| it.is_free_text());
        let chosen = fit().find(|it| it.default.is_some() && it.required.is_none());
        let chosen = chosen.or_else(|| fit().find(|it| it.shape.constraints.allowed.is_some()));
        let object = fit().find(|it| is_object(it));
        let mut inputs: Vec<&Input> = Vec::new();
        for input in [text, chosen, object].into_iter().flatten() {
            if !inputs.iter().any(|it| it.name == input.name) {
                inputs.push(input);
            }
        }
        let items = inputs.into_iter();
        items
            .filter_map(|input| self.against(input, Value::Null))
            .collect()
    }

    /// A member that the page does not have.
    fn unknown_member(&self) -> Option<Item> {
        let any = |is_said: fn(&str) -> bool| {
            promises::sentences(self.operation).any(|sentence| is_said(&sentence))
        };
        let body = self.operation.body.as_ref()?;
        // Where nothing is sent in a query, parameters are members of the body.
        let takes_query = self.operation.parameters_in(Location::Query).next();
        let is_refused = any(unlisted::refuses_unknown_members)
            || takes_query.is_none() && any(unlisted::refuses_unknown_parameters);
        if !is_refused || any(unlisted::ignores_unknown_members) || body.fields.is_empty() {
            return None;
        }
        let input = self.undocumented(UNKNOWN.to_owned())?;
        self.against(&input, Value::from("x"))
    }

    /// A member that the page does not have, and a value, where the docs say that such members are ignored.
    pub(super) fn ignored_member(&self) -> Option<(Input, Value)> {
        let mut remarks = self.operation.remarks.iter();
        let said = remarks.find(|it| unlisted::ignores_unknown_members(&it.value))?;
        let is_object = self.base().json().is_some_and(Value::is_object);
        let mut input = self
            .undocumented(UNKNOWN.to_owned())
            .filter(|_| is_object)?;
        let value = Value::from("x");
        input.shape.evidence = Some(said.evidence);
        input.shape.constraints.constant = Some(Fact {
            value: value.clone(),
            evidence: said.evidence,
        });
        Some((input, value))
    }

    /// A member beside those of the body that the page does not have.
    fn undocumented(&self, name: String) -> Option<Input> {
        let mut members = self.inputs.iter();
        let other = members.find(|it| it.is_root_member())?;
        Some(Input {
            steps: vec![Step::Member(name.clone())],
            name,
            shape: Shape::unknown(),
            required: None,
            default: None,
            description: String::new(),
            deprecated: false,
            ..other.clone()
        })
    }

    fn against(&self, input: &Input, value: Value) -> Option<Item> {
        let mut draft = self.base();
        let is_set = draft.set(input, Some(&value)) && draft.value(input).as_ref() == Some(&value);
        is_set.then(|| {
            let variant = Variant::Invalid(input.clone(), value, Fault::Beside, None);
            self.item(variant, draft)
        })
    }

    /// No credentials, and wrong ones.
    pub(super) fn wrong_credentials(&self) -> Vec<Item> {
        let schemes = &self.operation.auth.schemes;
        let Some(first) = schemes.first() else {
            return Vec::new();
        };
        let base = self.base();
        let mut none = base.clone();
        none.without_credentials(self.operation);
        let mut wrong = none.clone();
        if let Some((name, key)) = self.key_in_query() {
            none.set_query(&name, Some(&key));
        }
        match &first.value {
            AuthScheme::Bearer => {
                let sent = base.request().header("Authorization").map(str::to_owned);
                let value = self.almost(sent.as_deref(), "Bearer");
                wrong.set_header("Authorization", &value);
            }
            AuthScheme::Basic => {
                let sent = base.request().header("Authorization").map(str::to_owned);
                let pair = STANDARD.encode(self.almost_pair(sent.as_deref()));
                wrong.set_header("Authorization", &format!("Basic {pair}"));
            }
            AuthScheme::Header(name) => {
                let sent = self.example.request.header(name).unwrap_or_default();
                let value = match sent.split_once(' ') {
                    Some((scheme, _)) => self.almost(Some(sent), scheme),
                    None if self.is_searched() || sent.is_empty() => WRONG.to_owned(),
                    None => format!("{sent}0"),
                };
                wrong.set_header(name, &value);
            }
            AuthScheme::Query(name) => wrong.set_query(name, Some(WRONG)),
        }
        let mut items = vec![self.item(Variant::NoCredentials, none)];
        items.extend(self.other_scheme(&wrong));
        items.push(self.item(Variant::WrongCredentials, wrong));
        items
    }

    /// The right key in another scheme, where the pages say that only one counts, and `wrong` is not about that.
    fn other_scheme(&self, wrong: &Draft) -> Option<Item> {
        let request = self.base().request();
        let sent = request.header("Authorization")?;
        let (scheme, key) = sent.split_once(' ')?;
        let mut sentences = promises::sentences(self.operation);
        if !scheme.eq_ignore_ascii_case("bearer")
            || !sentences.any(|it| tolerant::names_one_scheme(&it))
        {
            return None;
        }
        let mut draft = wrong.clone();
        draft.set_header("Authorization", &format!("{OTHER_SCHEME} {key}"));
        let item = self.item(Variant::WrongCredentials, draft);
        (item.request.header("Authorization") != wrong.request().header("Authorization"))
            .then_some(item)
    }

    /// Made-up credentials for lists. For all else the right ones with one more character, since who looks at their start
    /// alone takes those; and in another scheme for actions and updates, where the pages say that only one counts.
    fn almost(&self, sent: Option<&str>, scheme: &str) -> String {
        let key = sent.and_then(|sent| Some(sent.split_once(' ')?.1.trim()));
        let key = key.filter(|it| !it.is_empty() && !it.contains(' '));
        let Some(key) = key.filter(|_| !self.is_searched()) else {
            return format!("{scheme} {WRONG}");
        };
        let mut sentences = promises::sentences(self.operation);
        let is_changing = matches!(self.role.kind, Kind::Update | Kind::Action);
        let is_other = is_changing && !scheme.eq_ignore_ascii_case(OTHER_SCHEME);
        if is_other && sentences.any(|it| tolerant::names_one_scheme(&it)) {
            return format!("{OTHER_SCHEME} {key}");
        }
        format!("{scheme} {key}0")
    }

    /// A made-up key with the beginning that the right one shares with all others, up to its last mark; where there are a name
    /// and a password, the right name with another password, for all but lists.
    fn almost_pair(&self, sent: Option<&str>) -> String {
        let pair = sent.and_then(|sent| sent.strip_prefix("Basic "));
        let pair = pair.and_then(|pair| STANDARD.decode(pair.trim()).ok());
        let pair = pair.and_then(|pair| String::from_utf8(pair).ok());
        let both = pair.as_deref().and_then(|pair| pair.split_once(':'));
        let both = both.filter(|(name, word)| !name.is_empty() && !word.is_empty());
        if let Some((name, _)) = both.filter(|_| !self.is_searched()) {
            return format!("{name}:{WRONG}");
        }
        let key = pair.as_deref().and_then(|pair| pair.strip_suffix(':'));
        let start = key.and_then(|key| key.rsplit_once('_'));
        match start.filter(|(start, _)| start.len() <= LONGEST_START) {
            Some((start, _)) => format!("{start}_{WRONG}:"),
            None => format!("{WRONG}:{WRONG}"),
        }
    }

    /// The right key in the query of a read, where the pages say that it is not looked for there.
    fn key_in_query(&self) -> Option<(String, String)> {
        if !matches!(self.role.kind, Kind::List | Kind::Read) {
            return None;
        }
        let mut sentences = promises::sentences(self.operation);
        let name = sentences.find_map(|it| tolerant::ignored_in_query(&it))?;
        let scheme = self.operation.auth.schemes.first()?;
        let header = match &scheme.value {
            AuthScheme::Bearer => "Authorization",
            AuthScheme::Header(header) => header.as_str(),
            _ => return None,
        };
        let request = self.base().request();
        let sent = request.header(header)?;
        let key = sent.rsplit(' ').next()?;
        Some((name, key.to_owned())).filter(|_| !key.is_empty())
    }

    fn is_searched(&self) -> bool {
        self.role.kind == Kind::List
    }
}

/// Another value of the same kind.
fn altered(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => {
            let mut text = text.clone();
            let last = text.pop()?;
            text.push(match last {
                '9' | 'z' | 'Z' => 'A',
                '0'..='8' => '9',
                'a'..='y' => 'z',
                _ => 'Z',
            });
            Some(Value::from(text))
        }
        Value::Number(number) => Some(Value::from(number.as_i64()?.checked_add(1)?)),
        Value::Bool(truth) => Some(Value::from(!truth)),
        _ => None,
    }
}

/// True for the right credentials in a scheme that does not count: that may be as good as none.
pub(in crate::conform) fn is_in_other_scheme(item: &Item) -> bool {
    let sent = item.request.header("Authorization").unwrap_or_default();
    let scheme = sent.split_once(' ').map_or("", |(scheme, _)| scheme);
    matches!(item.variant, Variant::WrongCredentials) && scheme == OTHER_SCHEME
}

#[cfg(test)]
mod tests {
    use crate::conform::bindings::Bindings;
    use crate::conform::tests::{documentation, planned};

    use super::*;

    fn plan(guide: &str, method: &str, path: &str) -> Vec<Item> {
        let page = format!(
            "---\napi: {method} https://api.example.com{path}\n---\n\n<ParamField header=\"Authorization\" type=\"string\" required>Your key as a bearer token.</ParamField>\n\n<ParamField body=\"title\" type=\"string\" required>The title.</ParamField>\n\n<ParamField body=\"note\" type=\"string | null\">A note.</ParamField>\n\n<ParamField body=\"kind\" type=\"string\" default=\"plain\">`plain` or `bold`.</ParamField>\n\n<RequestExample>\n```bash\ncurl -X {method} https://api.example.com{path} -H 'Authorization: Bearer abc123' -H 'Content-Type: application/json' -d '{{\"title\": \"One\"}}'\n```\n</RequestExample>\n"
        );
        let guide = format!("---\ntitle: Basics\n---\n\n{guide}\n");
        let (_, mut documentation) = documentation("", &[&page, &guide]);
        crate::conform::shared::spread(&mut documentation.api);
        planned(&documentation, &Bindings::default()).items
    }

    fn against(guide: &str) -> Vec<(String, Value)> {
        let items = plan(guide, "POST", "/things");
        let invalid = items.into_iter().filter_map(|item| match item.variant {
            Variant::Invalid(input, value, Fault::Beside, _) => Some((input.name, value)),
            _ => None,
        });
        invalid.collect()
    }

    #[test]
    fn null_is_sent_where_the_pages_refuse_it() {
        let sent = against("`null` is only accepted where the type of the field says so.");
        let of = |name: &str| (name.to_owned(), Value::Null);
        assert_eq!(sent, [of("title"), of("kind")]);
        assert!(against("`null` is the same as leaving a field out.").is_empty());
    }

    #[test]
    fn a_sentence_about_some_members_is_not_about_others() {
        let sent = |text: &str| {
            let page = format!(
                "---\napi: POST https://api.example.com/things\n---\n\n{text}\n\n\
                <ParamField body=\"title\" type=\"string\">The title.</ParamField>\n\n\
                <ParamField body=\"text\" type=\"string\">The text.</ParamField>\n\n\
                <RequestExample>\n```bash\ncurl -X POST https://api.example.com/things -H 'Content-Type: application/json' -d '{{\"title\": \"One\", \"text\": \"Two\"}}'\n```\n\
                </RequestExample>\n"
            );
            let (_, documentation) = documentation("", &[&page]);
            let items = planned(&documentation, &Bindings::default())
                .items
                .into_iter();
            let nulls = items.filter_map(|item| match item.variant {
                Variant::Invalid(input, Value::Null, Fault::Beside, _) => Some(input.name),
                _ => None,
            });
            nulls.collect::<Vec<_>>()
        };
        for (text, named) in [
            (
                "`title` cannot be `null`, and trying it leads to `422`.",
                &["title"][..],
            ),
            (
                "A member that is `null` is cleared. `shape.size` cannot be `null`, so leave it.",
                &[],
            ),
            (
                "No member may be set to `null`: a value can not be `null` once it is there.",
                &["title"],
            ),
        ] {
            assert_eq!(sent(text), named, "{text}");
        }
    }

    #[test]
    fn what_null_clears_is_no_part_of_what_refuses_it() {
        let page = "---\napi: POST https://api.example.com/things\n---\n\n\
            A member with the value `null` is cleared when it is `title`; for the other members `null` is not permitted.\n\n\
            <ParamField body=\"title\" type=\"string\">The title.</ParamField>\n\n\
            <ParamField body=\"text\" type=\"string\">The text.</ParamField>\n\n\
            <RequestExample>\n```bash\ncurl -X POST https://api.example.com/things -H 'Content-Type: application/json' -d '{\"title\": \"One\", \"text\": \"Two\"}'\n```\n\
            </RequestExample>\n";
        let (_, documentation) = documentation("", &[page]);
        let items = planned(&documentation, &Bindings::default()).items;
        let named = items.iter().filter_map(|item| match &item.variant {
            Variant::Invalid(input, Value::Null, Fault::Beside, _) => Some(input.name.as_str()),
            _ => None,
        });
        assert_eq!(named.collect::<Vec<_>>(), ["text"]);
    }

    #[test]
    fn members_that_nobody_documents_are_sent_where_the_pages_refuse_them() {
        let sent = against("Unknown members are refused with `422`.");
        assert_eq!(sent, [(UNKNOWN.to_owned(), Value::from("x"))]);
        assert!(against("Unknown members are ignored.").is_empty());
    }

    #[test]
    fn wrong_credentials_look_like_the_right_ones() {
        let items = plan("Hello.", "POST", "/things").into_iter();
        let mut items = items.filter(|it| matches!(it.variant, Variant::WrongCredentials));
        let item = items.next().unwrap();
        assert_eq!(item.request.header("Authorization"), Some("Bearer abc1230"));
        assert!(!is_in_other_scheme(&item));
    }
}
