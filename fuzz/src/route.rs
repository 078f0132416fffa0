//! Templates and paths, one to a line: each line is a template, and each is a path that all of them are asked for.
//!
//! What a template is filled with is found again, and two templates of one identity match the same paths.

use fieldproof::model::endpoint::Endpoint;
use fieldproof::model::route::{Router, Template};

pub(crate) fn hold(text: &str) {
    let lines: Vec<_> = text.lines().take(16).collect();
    let mut router = Router::new();
    for line in &lines {
        let _ = Endpoint::parse(line);
        let template = Template::parse(line);
        for fault in template.faults() {
            assert!(line.get(fault.range.clone()).is_some(), "{fault:?}");
        }
        let identity = template.identity();
        assert_eq!(Template::parse(&identity).identity(), identity, "{line:?}");
        if template.faults().is_empty() {
            fills(&template);
        }
        router.insert(template, ());
    }
    for line in &lines {
        for found in router.find(line) {
            for (name, _) in &found.parameters {
                assert!(found.template.parameters().iter().any(|it| it == name));
            }
        }
    }
}

fn fills(template: &Template) {
    let values = ["a", "x-y", "ü /?", "7"];
    let names = template.parameters().iter().map(String::as_str);
    let pairs: Vec<_> = names.zip(values.into_iter().cycle()).collect();
    let path = template.fill(&pairs);
    let mut router = Router::new();
    router.insert(template.clone(), ());
    let found = router.find(&path);
    assert_eq!(found.len(), 1, "{} at {path:?}", template.as_str());
    let read = found[0].parameters.iter();
    let read: Vec<_> = read.map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(read, pairs, "{} at {path:?}", template.as_str());
}
