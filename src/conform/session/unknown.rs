//! Examples that name what the server does not know.

use crate::conform::plan::{Item, Reason, Variant};

use super::Session;

impl Session<'_, '_> {
    /// True if the server does not know what the example names, as the page says that it may be.
    pub(super) fn is_unknown(&self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let index = exchange.item.operation;
        let is_gone = matches!(exchange.status(), Some(404 | 410));
        let is_of_example = !exchange.item.examples.is_empty();
        let is_documented = self.operation(index).is_some_and(|operation| {
            let mut codes = operation.responses.iter().map(|it| it.status.code());
            codes.any(|code| code.is_some() && code == exchange.status())
        });
        is_gone && is_of_example && is_documented
    }

    /// True if what the example names is missing, and not the operation: of a path that nobody documents the server says
    /// something else.
    pub(super) fn is_missing_there(&mut self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let is_of_example = exchange.status() == Some(404) && !exchange.item.examples.is_empty();
        if !is_of_example || exchange.body.is_none() || !exchange.item.request.reads() {
            return false;
        }
        let Some(draft) = exchange.item.draft.elsewhere() else {
            return false;
        };
        let probe = Variant::Step("a path that nobody documents");
        let probe = Item::new(exchange.item.operation, probe, draft);
        let Some(nowhere) = self.exchange(probe) else {
            return false;
        };
        let said = |at: usize| {
            let exchange = self.exchanges.get(at)?;
            let answer = exchange.answer.as_ref().ok()?;
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            // An answer may repeat what was asked for.
            let mut asked = exchange.item.draft.path_words();
            asked.sort_by_key(|word| std::cmp::Reverse(word.len()));
            let text = asked.iter().fold(text, |text, word| text.replace(word, ""));
            // Times and numbers of requests differ between any two answers.
            let words = text.split(|letter: char| !letter.is_alphanumeric());
            let words = words.filter(|word| !word.contains(|letter: char| letter.is_ascii_digit()));
            Some((answer.status, words.map(str::to_owned).collect::<Vec<_>>()))
        };
        said(nowhere).is_some_and(|nowhere| Some(nowhere) != said(at))
    }

    /// Tries the examples again whose ids the server did not know, now that answers told other ones.
    pub(super) fn second_try(&mut self) {
        for index in std::mem::take(&mut self.unknown) {
            let item = self.example_item(index);
            let prepared = item.and_then(|item| self.prepared(item, None).ok());
            let known = prepared.filter(|prepared| prepared.examples.is_empty());
            if let Some(at) = known.and_then(|prepared| self.exchange(prepared)) {
                self.judge(at);
                if self.exchanges.get(at).is_some_and(|it| it.is_success) {
                    self.accepted.insert(index, at);
                    self.keep(at);
                    self.after_write(at);
                    self.late_variants(index);
                }
                continue;
            }
            let names = item
                .map(|item| item.examples.join(", "))
                .unwrap_or_default();
            self.omitted.insert(index, Reason::UnknownExample(names));
            self.exercised.retain(|it| *it != index);
        }
    }
}
