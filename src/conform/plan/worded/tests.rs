//! Sentences, and the values that are sent against them.

use crate::conform::bindings::Bindings;
use crate::conform::plan::Variant;
use crate::conform::tests::{documentation, planned};

use super::*;

/// The values that are sent against the text of a field, beside an example.
fn against(kind: &str, text: &str, shown: &str) -> Vec<Value> {
    let page = format!(
        "---\napi: POST https://api.example.com/things\n---\n\n<ParamField body=\"it\" type=\"{kind}\">{text}</ParamField>\n\n<RequestExample>\n```bash\ncurl https://api.example.com/things -H 'Content-Type: application/json' -d '{{\"it\": {shown}}}'\n```\n</RequestExample>\n"
    );
    let (_, documentation) = documentation("", &[&page]);
    let plan = planned(&documentation, &Bindings::default());
    let items = plan.items.iter();
    let values = items.filter_map(|item| match &item.variant {
        Variant::Invalid(_, value, Fault::Beside, _) => Some(value.clone()),
        _ => None,
    });
    values.collect()
}

#[test]
fn days_are_sent_on_the_wrong_side_of_now() {
    let day = |text: &str| against("string", text, "\"2031-05-02\"");
    assert_eq!(
        day("Must not be in the past; today is fine."),
        ["2001-02-03"]
    );
    assert_eq!(day("Has to be in the future."), ["2001-02-03"]);
    assert_eq!(day("Cannot be in the future."), ["2999-02-03"]);
    assert!(day("May be in the past.").is_empty());
    let moment = against(
        "string",
        "Must be in the future.",
        "\"2031-05-02T08:00:00Z\"",
    );
    assert_eq!(moment, ["2001-02-03T08:00:00Z"]);
}

#[test]
fn numbers_are_sent_with_more_decimals_than_are_allowed() {
    let price = |text: &str| against("number", text, "8.5");
    assert_eq!(price("With no more than two decimals."), [json!(8.125)]);
    assert_eq!(price("At most 1 decimal place."), [json!(8.25)]);
    assert!(price("In euros, such as 8.50.").is_empty());
    let count = against("number", "A whole number.", "3");
    assert_eq!(count, [json!(3.5)]);
}

#[test]
fn items_are_sent_twice() {
    let tags = |text: &str| against("string[]", text, "[\"a\", \"b\"]");
    assert_eq!(
        tags("At least one, and none of them twice."),
        [json!(["a", "a"])]
    );
    assert_eq!(tags("Without duplicates."), [json!(["a", "a"])]);
    assert_eq!(tags("Each at most once."), [json!(["a", "a"])]);
    assert!(tags("No duplicates: those are removed.").is_empty());
    assert!(tags("Twice as many as before.").is_empty());
}

#[test]
fn moments_in_seconds_are_sent_on_the_wrong_side_of_now() {
    let moment = |text: &str| against("integer", text, "1900000000");
    assert_eq!(
        moment("When it goes on. In the future, 180 days ahead at most."),
        [json!(981_173_106)]
    );
    assert_eq!(moment("Must be in the future."), [json!(981_173_106)]);
    assert!(moment("What comes in the future is not known.").is_empty());
    assert!(against("integer", "Must be in the future.", "3").is_empty());
}

#[test]
fn texts_are_sent_with_what_they_may_not_have() {
    let name = |text: &str| against("string", text, "\"Plans\"");
    assert_eq!(name("It can't contain a slash."), ["P/lans"]);
    assert_eq!(name("Must not contain spaces."), ["P lans"]);
    assert_eq!(name("May not include `#`."), ["P#lans"]);
    assert_eq!(name("Cannot contain line breaks."), ["P\nlans"]);
    assert!(name("May contain a slash.").is_empty());
}

#[test]
fn texts_are_sent_with_another_beginning() {
    let code = |text: &str| against("string", text, "\"plan-a\"");
    assert_eq!(code("Must begin with a letter."), ["7lan-a"]);
    assert_eq!(code("A code, starting with a letter."), ["7lan-a"]);
    assert_eq!(code("The first one is not a dash."), ["-lan-a"]);
    assert_eq!(code("Must not start with a hyphen."), ["-lan-a"]);
    assert!(code("Usually begins with a letter.").is_empty());
}

#[test]
fn blanks_are_sent_where_they_count_for_nothing() {
    let name = |text: &str| against("string", text, "\"Plans\"");
    for text in [
        "3–150 characters. Leading and trailing whitespace is removed first.",
        "1 to 80 characters. White space at either end is removed before we count and store it.",
        "1 to 120 characters. We cut off spaces at both ends before we count.",
        "1 to 120 characters after cutting off spaces at both ends.",
    ] {
        assert_eq!(name(text), ["   "], "{text}");
    }
    assert!(name("1 to 80 characters. Spaces at the ends are removed.").is_empty());
    assert!(name("Spaces at the ends are removed before it is stored.").is_empty());
}

#[test]
fn numbers_are_sent_between_the_steps_of_a_range() {
    let width = |text: &str| against("integer", text, "640");
    assert_eq!(width("An even number."), [json!(641)]);
    assert_eq!(width("In steps of 20."), [json!(641)]);
    assert_eq!(width("Must be a multiple of `8`."), [json!(641)]);
    assert!(width("Rounded to the nearest multiple of 8.").is_empty());
    assert!(width("Even without it there is one.").is_empty());
}

#[test]
fn addresses_are_sent_without_tls() {
    let url = |text: &str| against("string", text, "\"https://a.example.com\"");
    for text in [
        "An `https://` URL of at most 2048 characters.",
        "Must be an HTTPS URL.",
        "HTTPS only.",
        "A public https address.",
        "Where we send it; has to use https.",
    ] {
        assert_eq!(url(text), ["http://a.example.com"], "{text}");
    }
    assert!(url("An http:// or https:// URL.").is_empty());
    assert!(url("The address, such as an https one.").is_empty());
}

#[test]
fn items_are_sent_longer_than_the_text_allows() {
    let tags = |text: &str| against("string[]", text, "[\"ab\"]");
    let long = |count: usize| vec![json!(["ab".repeat(count).get(..count).unwrap()])];
    assert_eq!(tags("A tag has 1 to 32 characters."), long(33));
    assert_eq!(tags("Each is at most 5 characters long."), long(6));
    assert!(tags("Together at most 100 characters.").is_empty());
}

#[test]
fn items_are_sent_in_other_letters() {
    let tags = |text: &str| against("string[]", text, "[\"vat\", \"new\"]");
    let sent = tags("Up to 10. Each has 1 to 30 lower-case letters, digits or hyphens.");
    assert!(sent.contains(&json!(["VAT"])), "{sent:?}");
    let sent = tags("At most 10 tags of 1 to 32 lowercase letters, digits and `-`.");
    assert!(sent.contains(&json!(["VAT"])), "{sent:?}");
    let sent = tags("A tag is 1 to 20 lowercase letters, digits or dashes.");
    assert!(sent.contains(&json!(["VAT"])), "{sent:?}");
    assert_eq!(
        tags("Each tag consists of lowercase letters (`a`-`z`) and digits."),
        [json!(["VAT"])]
    );
    assert!(tags("Each is stored in lower-case letters; others are converted.").is_empty());
    assert!(tags("Each needs at least two lower-case letters.").is_empty());
    assert!(tags("Up to 10 tags.").is_empty());
}

#[test]
fn amounts_in_texts_are_sent_beyond_their_ends() {
    let amount = |text: &str| against("string", text, "\"25.00\"");
    assert_eq!(amount("From `0.01` to `10000.00`."), ["0.00", "10000.01"]);
    assert_eq!(
        amount("An amount from `0.00` to `50.00`."),
        ["-0.01", "50.01"]
    );
    assert!(amount("About `10.00`.").is_empty());
}

#[test]
fn amounts_in_texts_are_sent_with_a_digit_less() {
    let amount = |text: &str| against("string", text, "\"25.50\"");
    assert_eq!(amount("With two digits after the point."), ["25.5"]);
    assert_eq!(amount("Exactly 2 decimals."), ["25.5"]);
    assert!(amount("At most two decimals.").is_empty());
    assert!(amount("With three decimals.").is_empty());
}

#[test]
fn nothing_is_sent_where_more_than_nothing_is_asked_for() {
    let hours = |text: &str| against("number", text, "2.5");
    assert_eq!(hours("Hours: more than 0 and at most 40."), [json!(0)]);
    assert_eq!(hours("Must be greater than zero."), [json!(0)]);
    assert!(hours("If more than 0, it is shown.").is_empty());
}

#[test]
fn texts_are_sent_with_another_start() {
    let url = |text: &str| against("string", text, "\"https://a.example.com\"");
    assert_eq!(
        url("Has to begin with `https://`."),
        ["http://a.example.com"]
    );
    assert!(url("Begins with `https://`.").is_empty());
}

#[test]
fn lists_name_parts_of_what_is_there() {
    for text in [
        "Ids of choices of the poll. At least one, none twice.",
        "The ids of choices in this poll.",
        "Keys of columns of the board.",
        "One or more of the poll's choices.",
        "Choices of the poll, by id.",
        "Which of the choices of the poll.",
    ] {
        let values = against("string[]", text, "[\"c2\"]");
        assert!(values.contains(&json!(["no-such-value"])), "{text}");
    }
    for text in [
        "Ids of users of your system.",
        "Names of colours.",
        "Labels of the poll, of your choice.",
        "Codes of countries in the world that you know",
    ] {
        let values = against("string[]", text, "[\"c2\"]");
        assert!(!values.contains(&json!(["no-such-value"])), "{text}");
    }
}

#[test]
fn a_text_begins_with_a_digit_where_only_a_letter_may_be_first() {
    let code = |text: &str| against("string", text, "\"ab12\"");
    assert_eq!(code("Has to begin with a letter."), [json!("7b12")]);
    assert_eq!(
        code("Letters and digits, starting with a lowercase letter, at most 8."),
        [json!("7b12")]
    );
    assert!(code("Must start with a letter or digit.").is_empty());
    assert!(code("Small letters and hyphens, beginning with a letter or a digit.").is_empty());
}
