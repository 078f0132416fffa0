//! A cellar whose bottles are laid down before they can be taken out.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::conform::message::{Answer, Body, Request, Unanswered};
use crate::conform::tests::{answer, run_with};

fn page(endpoint: &str, text: &str, fields: &[(&str, &str)], curl: &str, shown: &str) -> String {
    let fields = fields.iter().map(|(name, text)| {
        format!("<ParamField body=\"{name}\" type=\"string\" required>{text}</ParamField>\n\n")
    });
    let fields: String = fields.collect();
    format!(
        "---\napi: {endpoint}\n---\n\n{text}\n\n{fields}<RequestExample>\n```bash\ncurl -X {curl}\n```\n</RequestExample>\n\n<ResponseExample>\n```json 201\n{shown}\n```\n\n```json 409\n{{\"error\": \"none_left\"}}\n```\n</ResponseExample>\n"
    )
}

fn pages(kinds: &str) -> [String; 3] {
    [
        page(
            "POST https://api.example.com/bottles",
            "Makes a bottle.",
            &[("label", "What is written on it.")],
            "POST https://api.example.com/bottles -d '{\"label\": \"Rosso\"}'",
            "{\"id\": \"btl_7f3a\", \"label\": \"Rosso\"}",
        ),
        page(
            "POST https://api.example.com/moves",
            "Moves a bottle. If there is none to take out, the answer is `409`.",
            &[("bottle_id", "The id of the bottle."), ("kind", kinds)],
            "POST https://api.example.com/moves -d '{\"bottle_id\": \"btl_7f3a\", \"kind\": \"out\"}'",
            "{\"id\": \"mov_1\", \"bottle_id\": \"btl_7f3a\", \"kind\": \"out\"}",
        ),
        page(
            "POST https://api.example.com/tastings",
            "Tastes a bottle. If there is none left of it, the answer is `409`.",
            &[("bottle_id", "The id of the bottle.")],
            "POST https://api.example.com/tastings -d '{\"bottle_id\": \"btl_7f3a\"}'",
            "{\"id\": \"tst_1\", \"bottle_id\": \"btl_7f3a\"}",
        ),
    ]
}

/// How many bottles there are of each.
struct Cellar(BTreeMap<String, i64>);

impl Cellar {
    fn answer(&mut self, request: &Request) -> Answer {
        let body = match &request.body {
            Some(Body::Text(text)) => serde_json::from_str(text).unwrap_or(Value::Null),
            _ => Value::Null,
        };
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let refused = |code: &str, status| answer(status, &json!({"error": code}).to_string());
        let number = self.0.len() + 10;
        if request.url.ends_with("/bottles") {
            let Some(label) = text("label") else {
                return refused("invalid", 422);
            };
            let id = format!("btl_{number}");
            self.0.insert(id.clone(), 0);
            return answer(201, &json!({"id": id, "label": label}).to_string());
        }
        let Some(count) = text("bottle_id").and_then(|id| self.0.get_mut(id)) else {
            return refused("unknown", 422);
        };
        let change = match (request.url.ends_with("/moves"), text("kind")) {
            (true, Some("in")) => 20,
            (true, Some("out")) => -1,
            (true, _) => return refused("invalid", 422),
            (false, _) => 0,
        };
        if *count + change < 0 || change == 0 && *count == 0 {
            return refused("none_left", 409);
        }
        *count += change;
        let mut shown = body.clone();
        shown["id"] = json!(format!("new_{number}"));
        answer(201, &shown.to_string())
    }
}

/// What was sent to the creates below a bottle and accepted, and what was found wrong with the documented requests.
fn tested(kinds: &str, stock: &[&str]) -> (Vec<String>, Vec<String>) {
    let mut cellar = Cellar(stock.iter().map(|id| ((*id).to_owned(), 9)).collect());
    let mut accepted = Vec::new();
    let mut send = |request: &Request| -> Result<Answer, Unanswered> {
        let answer = cellar.answer(request);
        if let (Some(Body::Text(text)), 201) = (&request.body, answer.status) {
            accepted.push(format!("{} {text}", request.url));
        }
        Ok(answer)
    };
    let pages = pages(kinds);
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let (_, run) = run_with(&pages, &mut send);
    let found = run.diagnostics.iter();
    let found = found.filter(|it| it.rule.name == "refused-request");
    (accepted, found.map(|it| it.message.clone()).collect())
}

#[test]
fn another_value_of_a_create_comes_before_its_example() {
    let (accepted, refused) = tested("One of `out`, `in`.", &[]);
    assert_eq!(refused, [""; 0]);
    let first = |word: &str| accepted.iter().position(|it| it.contains(word)).unwrap();
    assert!(first("\"in\"") < first("\"out\""), "{accepted:#?}");
    // What moves have found ready is ready for a tasting.
    assert!(accepted.iter().any(|it| it.contains("/tastings")));
}

#[test]
fn what_a_page_shows_is_named_if_nothing_that_was_made_will_do() {
    let (accepted, refused) = tested("What is done.", &["btl_7f3a"]);
    assert_eq!(refused, [""; 0]);
    for name in ["/moves", "/tastings"] {
        let mut sent = accepted.iter().filter(|it| it.contains(name));
        assert!(sent.any(|it| it.contains("btl_7f3a")), "{accepted:#?}");
    }
}

#[test]
fn a_documented_request_that_nothing_helps_is_refused() {
    let (_, refused) = tested("What is done.", &[]);
    assert!(!refused.is_empty());
}
