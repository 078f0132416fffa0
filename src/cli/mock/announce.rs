//! What the mock says when it starts: the routes, what is not served, and where it listens.

use std::collections::HashMap;
use std::io::{self, Write};
use std::net::SocketAddr;

use fieldproof::mock::{Keeping, Mock, Route};
use fieldproof::report::column::{columns, padded};
use fieldproof::report::visible;
use serde_json::json;

/// How many pages that are not served are listed for people; sites with other kinds of pages have hundreds.
const LISTED: usize = 20;

/// The routes as a table, and the line that says where the mock listens.
pub(super) fn text(
    mock: &Mock,
    url: &str,
    upstream: Option<&str>,
    keeping: Option<&[Keeping]>,
    quiet: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    if !quiet {
        table(mock, out)?;
        if let Some(keeping) = keeping {
            kept(mock, keeping, out)?;
        }
        if let Some(upstream) = upstream {
            writeln!(out, "requests are passed on to {upstream}")?;
        }
    }
    writeln!(out, "fieldproof mock listening on {url}")
}

/// The same as one line of JSON.
pub(super) fn json(
    mock: &Mock,
    url: &str,
    upstream: Option<&str>,
    keeping: Option<&[Keeping]>,
    address: SocketAddr,
    out: &mut dyn Write,
) -> io::Result<()> {
    let routes = mock.routes();
    let listed = routes.iter().enumerate().map(|(number, route)| {
        let mut listed = json!({
            "method": route.method,
            "path": route.path,
            "host": route.host,
            "source": route.source,
            "more": route.more,
            "answer": route.answer,
        });
        if let Some(keeping) = keeping.and_then(|all| all.get(number)) {
            listed["kept"] = keeping.reason.is_none().into();
            if let Some(reason) = &keeping.reason {
                listed["reason"] = reason.as_str().into();
            }
        }
        listed
    });
    let unserved = mock.unserved().iter();
    let unserved = unserved.map(|it| json!({ "page": it.page, "reason": it.reason }));
    let line = json!({
        "event": "listening",
        "url": url,
        "host": address.ip().to_string(),
        "port": address.port(),
        "upstream": upstream,
        "operations": routes.len(),
        "routes": listed.collect::<Vec<_>>(),
        "unserved": unserved.collect::<Vec<_>>(),
    });
    writeln!(out, "{line}")
}

fn table(mock: &Mock, out: &mut dyn Write) -> io::Result<()> {
    let routes = mock.routes();
    let mut alike: HashMap<(&str, &str), usize> = HashMap::new();
    for route in &routes {
        *alike.entry((&route.method, &route.path)).or_default() += 1;
    }
    // Twins on several hosts are told apart by these.
    let path = |route: &Route| match &route.host {
        Some(host) if alike.get(&(&*route.method, &*route.path)) > Some(&1) => {
            visible::escape(&format!("{} ({host})", route.path)).into_owned()
        }
        _ => visible::escape(&route.path).into_owned(),
    };
    let paths = routes.iter().map(|route| columns(&path(route))).max();
    let answers = routes.iter().map(|route| columns(&route.answer)).max();
    let (paths, answers) = (paths.unwrap_or(0).min(60), answers.unwrap_or(0));
    for route in &routes {
        let (method, path) = (&route.method, padded(&path(route), paths));
        let answer = padded(&route.answer, answers);
        let source = visible::escape(&route.source);
        let more = match route.more {
            0 => String::new(),
            1 => " and 1 more page".to_owned(),
            more => format!(" and {more} more pages"),
        };
        writeln!(out, "{method:<7} {path}  {answer}  {source}{more}")?;
    }
    if routes.is_empty() {
        writeln!(out, "no page states an endpoint, so every path answers 404")?;
    }
    let unserved = mock.unserved();
    for unserved in unserved.iter().take(LISTED) {
        let (page, reason) = (
            visible::escape(&unserved.page),
            visible::escape(&unserved.reason),
        );
        writeln!(out, "not served: {page}: {reason}")?;
    }
    if unserved.len() > LISTED {
        let more = unserved.len() - LISTED;
        writeln!(out, "not served: {more} more pages, all listed with --json")?;
    }
    Ok(())
}

/// Which operations a mock that remembers keeps. People are told of those alone that change something and are not kept.
fn kept(mock: &Mock, keeping: &[Keeping], out: &mut dyn Write) -> io::Result<()> {
    let count = keeping.iter().filter(|it| it.reason.is_none()).count();
    let all = keeping.len();
    writeln!(out, "kept: what {count} of {all} operations do or show")?;
    let routes = mock.routes();
    let routes = routes.iter().zip(keeping);
    let others = routes.filter(|(_, keeping)| keeping.is_change);
    let others = others.filter_map(|(route, keeping)| Some((route, keeping.reason.as_ref()?)));
    let others: Vec<_> = others.collect();
    for (route, reason) in others.iter().take(LISTED) {
        let path = visible::escape(&route.path);
        writeln!(out, "not kept: {} {path}: {reason}", route.method)?;
    }
    if others.len() > LISTED {
        let more = others.len() - LISTED;
        writeln!(out, "not kept: {more} more, all listed with --json")?;
    }
    Ok(())
}
