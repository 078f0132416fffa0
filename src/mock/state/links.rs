//! Addresses of other pages of a list: `next` and `previous` in the body.

use serde_json::{Map, Value};

use crate::mock::{form, words};

/// The parameter that pages are turned by, and what it is on the pages before and after.
pub(super) struct Turns {
    pub(super) parameter: String,
    /// What was sent, and to which path.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) next: Option<String>,
    pub(super) previous: Option<String>,
    /// The page that is shown, and the first one; these are the ones without the parameter, if that is not known.
    pub(super) own: Option<String>,
    pub(super) first: Option<String>,
    /// The last one, if there is a way to ask for it.
    pub(super) last: Option<String>,
}

/// Names of members that lead to another page.
const NEXT: [&str; 6] = [
    "next",
    "nexturl",
    "nextlink",
    "nexthref",
    "nextpageurl",
    "nextpage",
];
const PREVIOUS: [&str; 7] = [
    "previous",
    "prev",
    "previousurl",
    "prevurl",
    "prevpageurl",
    "previouspageurl",
    "prevlink",
];

const FIRST: [&str; 4] = ["first", "firsturl", "firstlink", "firstpageurl"];
const LAST: [&str; 4] = ["last", "lasturl", "lastlink", "lastpageurl"];
const OWN: [&str; 4] = ["self", "selfurl", "selflink", "current"];

impl Turns {
    /// Lets a member that leads to another page lead there; `null` if there is none.
    ///
    /// `shown` is an address of the same list, for members that the example has no address for.
    pub(super) fn lead(&self, name: &str, value: &mut Value, shown: Option<&str>) {
        let own = value.as_str().filter(|it| is_address(it));
        let Some(shown) = own.or(shown.filter(|_| value.is_null())) else {
            return;
        };
        let name = words::folded(name);
        let to = if NEXT.contains(&name.as_str()) {
            &self.next
        } else if PREVIOUS.contains(&name.as_str()) {
            &self.previous
        } else if OWN.contains(&name.as_str()) {
            *value = self.address(shown, self.own.as_deref()).into();
            return;
        } else if FIRST.contains(&name.as_str()) {
            *value = self.address(shown, self.first.as_deref()).into();
            return;
        } else if LAST.contains(&name.as_str()) && self.last.is_some() {
            &self.last
        } else {
            return;
        };
        *value = to
            .as_ref()
            .map_or(Value::Null, |to| self.address(shown, Some(to)).into());
    }

    /// An address for links that are `null` in the example: where both directions are, they are addresses.
    pub(super) fn unshown(&self, whole: &Value) -> Option<String> {
        let members = whole.as_object()?;
        let inner = members.values().filter_map(Value::as_object);
        let is_null = |members: &Map<String, Value>, name: &str| {
            members.get(name).is_some_and(Value::is_null)
        };
        let mut all = [members].into_iter().chain(inner);
        let are_both =
            all.any(|it| is_null(it, "next") && (is_null(it, "previous") || is_null(it, "prev")));
        are_both.then(|| self.path.clone())
    }

    fn address(&self, shown: &str, to: Option<&str>) -> String {
        let base = shown.split(['?', '#']).next().unwrap_or_default();
        let mut query = self.query.clone();
        let at = query.iter().position(|(name, _)| *name == self.parameter);
        match (at.and_then(|at| query.get_mut(at)), to) {
            (Some((_, value)), Some(to)) => to.clone_into(value),
            (None, Some(to)) => query.push((self.parameter.clone(), to.to_owned())),
            (_, None) => query.retain(|(name, _)| *name != self.parameter),
        }
        if query.is_empty() {
            return base.to_owned();
        }
        format!("{base}?{}", form::to_query(&query))
    }
}

/// An address of the list that the answer shows, at its root or in an object there.
pub(super) fn shown(whole: &Value) -> Option<String> {
    let members = whole.as_object()?;
    let inner = members.values().filter_map(Value::as_object).flatten();
    let mut all = members.iter().chain(inner);
    all.find_map(|(name, value)| {
        let name = words::folded(name);
        let name = name.as_str();
        let is_link = NEXT.contains(&name) || PREVIOUS.contains(&name) || OWN.contains(&name);
        let text = value.as_str().filter(|text| is_link && is_address(text))?;
        Some(text.to_owned())
    })
}

fn is_address(text: &str) -> bool {
    text.contains("://") || text.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_leads_nowhere() {
        let turns = Turns {
            parameter: "page".to_owned(),
            path: "/boats".to_owned(),
            query: vec![
                ("page".to_owned(), "2".to_owned()),
                ("q".to_owned(), "a".to_owned()),
            ],
            next: None,
            previous: Some("1".to_owned()),
            own: Some("2".to_owned()),
            first: None,
            last: Some("3".to_owned()),
        };
        let mut value = Value::from("https://example.com/boats?page=2");
        turns.lead("next", &mut value, None);
        assert_eq!(value, Value::Null);
        turns.lead("previous", &mut value, Some("/boats?page=2"));
        assert_eq!(value, "/boats?page=1&q=a");
        turns.lead("last", &mut value, None);
        assert_eq!(value, "/boats?page=3&q=a");
        turns.lead("first", &mut value, None);
        assert_eq!(value, "/boats?q=a");
    }
}
