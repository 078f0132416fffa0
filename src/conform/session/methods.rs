//! Methods that no page documents, where the pages say how those are answered: with `405`, and with `Allow`.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::conform::chain::{Kind, split};
use crate::conform::class::Class;
use crate::conform::judge::refusal::{INVALID_VALUE_ACCEPTED, UNEXPECTED_REFUSAL};
use crate::conform::judge::state::Found;
use crate::conform::message::describe_status;
use crate::conform::pattern::pattern;
use crate::conform::plan::{Item, Variant};
use crate::model::answer::MISSING_RESPONSE_HEADER;
use crate::model::route::Template;
use crate::model::shared::Errors;
use crate::source::Span;

use super::Session;

/// The status of a path that is there, but not with that method.
const NOT_WITH: u16 = 405;

/// What the pages say of other methods.
struct Promise {
    span: Span,
    has_allow: bool,
    /// True if the text says that the path is there: 404 is no answer then.
    is_there: bool,
    /// True if no more is said than that there is such a status: what is refused in another way may be meant as well.
    is_bare: bool,
}

impl Session<'_, '_> {
    /// Asks each path once with a method that it does not have.
    pub(super) fn other_methods(&mut self) {
        let Some(promise) = self.promise_of_methods().filter(|_| !self.is_mock) else {
            return;
        };
        let mut paths: HashMap<String, Vec<usize>> = HashMap::new();
        let mut order: Vec<String> = Vec::new();
        for (index, operation) in self.api.operations.iter().enumerate() {
            let path = Template::parse(&operation.endpoint.value.path).identity();
            if !paths.contains_key(&path) {
                order.push(path.clone());
            }
            paths.entry(path).or_default().push(index);
        }
        for path in order {
            let indexes = paths.remove(&path).unwrap_or_default();
            for methods in self.methods_to_try(&indexes, promise.is_bare) {
                if let Some(item) = self.with_other_method(&indexes, methods)
                    && let Some(at) = self.exchange(item)
                {
                    self.judge_method(at, &promise);
                }
            }
        }
    }

    fn promise_of_methods(&self) -> Option<Promise> {
        let errors = self.api.shared.errors.as_ref()?;
        let kind = errors.kinds.iter().find(|it| it.status.value == NOT_WITH)?;
        let is_bare = !says_more(&kind.text.value);
        (!is_bare || !kind.codes.is_empty()).then_some(())?;
        let remarks = self.api.shared.remarks.iter().map(|it| &it.text.value);
        let mut texts = remarks.chain([&kind.text.value]);
        Some(Promise {
            span: kind.status.evidence.span,
            has_allow: texts.any(|text| text.contains("`Allow`")),
            is_there: says_there(&kind.text.value) && !is_of_methods(errors),
            is_bare,
        })
    }

    /// The methods of which the first that a path does not have is tried.
    ///
    /// Where nothing but the status is said, these are those that do or change something.
    fn methods_to_try(&self, indexes: &[usize], is_bare: bool) -> Vec<&'static [&'static str]> {
        let kinds: Vec<_> = indexes
            .iter()
            .filter_map(|it| self.role(*it))
            .map(|role| role.kind)
            .collect();
        // What acts on a thing may be done by a read as well, and what makes or changes one by another write.
        let acts = kinds.contains(&Kind::Action);
        // A search by POST is most likely answered to a GET.
        let reads = indexes.iter().all(|it| {
            let operation = self.operation(*it);
            let is_post = operation.is_some_and(|it| it.endpoint.value.method == "POST");
            is_post && self.plan.class(*it) <= Class::Read
        });
        if acts || reads {
            return vec![&["GET", "PUT", "PATCH"]];
        }
        // An update has two methods that others may take for it.
        if kinds.contains(&Kind::Update) {
            return vec![&["PUT", "PATCH"], &["POST"]];
        }
        if is_bare {
            return Vec::new();
        }
        vec![&["PUT", "PATCH", "GET"]]
    }

    /// The request of an operation of a path with a method that none of them has; what it names is made by the run.
    fn with_other_method(&self, indexes: &[usize], methods: &[&'static str]) -> Option<Item> {
        let has = |method: &str| {
            let mut methods = indexes.iter().filter_map(|it| self.operation(*it));
            methods.any(|it| it.endpoint.value.method == method)
        };
        let path = self
            .operation(*indexes.first()?)?
            .endpoint
            .value
            .path
            .as_str();
        // `/books/import` is one of `/books/{id}` as well.
        let is_elsewhere = |method: &str| {
            let mut others = self.api.operations.iter();
            others.any(|it| {
                it.endpoint.value.method == method && covers(&it.endpoint.value.path, path)
            })
        };
        let mut methods = methods.iter();
        let method = methods.find(|it| !has(it) && !is_elsewhere(it))?;
        // What is done to things, and deletes, come last in a run.
        let is_late = |it: &Item| {
            let kind = self.role(it.operation).map(|role| role.kind);
            matches!(kind, Some(Kind::Action | Kind::Delete))
        };
        let mut examples = self.plan.items.iter().filter(|it| {
            matches!(it.variant, Variant::Example)
                && indexes.contains(&it.operation)
                && (self.accepted.contains_key(&it.operation) || is_late(it))
        });
        let writes = |it: &&&Item| self.plan.class(it.operation) > Class::Read;
        // Without a body a write may be refused for that.
        let has_body = |it: &&Item| !it.draft.is_bodiless();
        let example = examples.clone().filter(|it| writes(&it)).find(has_body);
        let example = example.or_else(|| examples.clone().find(|it| writes(&it)));
        let example = example.or_else(|| examples.next())?;
        let role = self.role(example.operation)?;
        // What it names may be changed by it.
        let thing = match role.own_path() {
            Some(slot) => Some(self.store.spare(&slot.noun, |it| it.made_by.is_some())?),
            None => None,
        };
        let prepared = self.prepared(example, thing).ok()?;
        let draft = prepared.draft.with_method(method);
        let step = Variant::Step("a method that no page documents");
        Some(Item::new(example.operation, step, draft))
    }

    fn judge_method(&mut self, at: usize, promise: &Promise) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Ok(answer) = &exchange.answer else {
            return;
        };
        let method = exchange.item.request.method.clone();
        let status = answer.status;
        let line = describe_status(status);
        let expected = describe_status(NOT_WITH);
        let path = self.operation(exchange.item.operation);
        let path = path.map(|it| it.endpoint.value.path.clone());
        let path = path.unwrap_or_default();
        let is_other = status != NOT_WITH && !exchange.is_success;
        let (rule, subject, message, seen, key) = match status {
            200..300 if exchange.is_success => (
                &INVALID_VALUE_ACCEPTED,
                "request.method",
                format!("{method} {path}, which no page documents, is answered with {line}"),
                line.clone(),
                format!("method {path}"),
            ),
            // What only the operation can find wrong shows that it was asked.
            404 | 409 | 412 | 422 | 423 | 428 if !promise.is_bare => (
                &UNEXPECTED_REFUSAL,
                "request.method",
                format!("{method} {path} is answered with {line} in place of {expected}"),
                line.clone(),
                "method".to_owned(),
            ),
            NOT_WITH if promise.has_allow && answer.header("allow").is_none() => (
                &MISSING_RESPONSE_HEADER,
                "response.header.Allow",
                format!("{method} {path} is answered with {line} and without the header `Allow`"),
                "no such header".to_owned(),
                "allow".to_owned(),
            ),
            _ => return,
        };
        let wanted = if status == NOT_WITH {
            "the header `Allow`".to_owned()
        } else {
            expected
        };
        let found = Found::about(rule, subject, message)
            .promised_at(promise.span)
            .seen(wanted, seen)
            // Where nothing but the status is said, or something else may be wrong, it is no more than likely.
            .weak_if(promise.is_bare || is_other && !(promise.is_there && status == 404));
        self.found(at, "", &key, found);
    }
}

/// True if a text says of a path that it has other methods, and not only what the status is called everywhere.
fn says_more(text: &str) -> bool {
    let words: Vec<String> = split(&text.to_lowercase());
    let names = [
        "405",
        "method",
        "methods",
        "not",
        "allowed",
        "supported",
        "is",
        "the",
        "http",
    ];
    let is_other = |word: &&String| !names.contains(&word.as_str());
    let is_about = words.iter().any(|word| word.starts_with("method"));
    is_about && (text.contains("`Allow`") || words.iter().filter(is_other).count() >= 4)
        || names_others(text)
}

/// True if a text says that a path is there: "The path exists, but not with this method."
fn says_there(text: &str) -> bool {
    static THERE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:path|url|route|resource|endpoint|address)\s+(?:exists|is\s+(?:there|known|right|correct))\b|\b(?:known|existing|right|correct)\s+(?:path|url|route|resource|endpoint|address)\b",
        )
    });
    THERE.is_match(text)
}

/// True if the text about another status speaks of methods as well: "404: No such path or method."
fn is_of_methods(errors: &Errors) -> bool {
    let others = errors.kinds.iter().filter(|it| it.status.value != NOT_WITH);
    let mut texts = others.map(|it| it.text.value.to_lowercase());
    texts.any(|text| text.contains("method"))
}

/// "Not POST", "only `GET` works": other methods than the one that is named.
fn names_others(text: &str) -> bool {
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?i:not|only|other\s+than|except(?:\s+for)?)\s+(?i:an?\s+|by\s+|through\s+|with\s+)?`?(?:GET|POST|PUT|PATCH|DELETE)\b",
        )
    });
    OTHERS.is_match(text)
}

/// True if a template leads to each path that another one leads to.
fn covers(template: &str, path: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        let parts = text.trim_end_matches('/').split('/');
        parts.map(str::to_owned).collect()
    };
    let (one, other) = (parts(template), parts(path));
    let is_open = |part: &str| part.starts_with(['{', ':']);
    one.len() == other.len()
        && one
            .iter()
            .zip(&other)
            .all(|(one, other)| one == other || is_open(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_that_is_only_named_promises_nothing() {
        assert!(says_more(
            "`405` `method_not_allowed` The path exists but not with this method; `Allow` lists those that do"
        ));
        assert!(says_more("405 Known URL, wrong method for this resource"));
        assert!(says_more("405 `method` method not allowed, see `Allow`"));
        assert!(says_more("405 Not POST"));
        assert!(says_more("`405` Only `GET` works on this address"));
        assert!(!says_more("405 Not allowed"));
        assert!(!says_more("`405` Method Not Allowed"));
        assert!(!says_more("405 The HTTP method is not supported."));
    }

    #[test]
    fn texts_say_that_a_path_is_there() {
        assert!(says_there("405 The path exists, but not with this method"));
        assert!(says_there("`405` Known URL, wrong method"));
        assert!(!says_there("405 This method is not possible here"));
    }

    #[test]
    fn paths_of_templates_are_theirs_as_well() {
        assert!(covers("/v1/books/{id}", "/v1/books/import"));
        assert!(covers("/v1/books/:id", "/v1/books/{book_id}"));
        assert!(!covers("/v1/books", "/v1/books/import"));
        assert!(!covers("/v1/books/{id}", "/v1/shelves/import"));
    }
}
