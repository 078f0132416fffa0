//! A shop that remembers, walked through by a page in a browser, and by `fieldproof test`.

use super::browser::{BROWSERS, Browser};
use super::*;

fn docs() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mock/shop")
}

/// What a page of the shop does for somebody who orders, pays, and changes their mind.
const WALK: &str = r#"
(async () => {
  const ask = async (method, path, body) => {
    const headers = body ? { "Content-Type": "application/json" } : {};
    const answer = await fetch(BASE + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, body: text && JSON.parse(text) };
  };
  const orders = async (query = "") => (await ask("GET", `/orders${query}`)).body;
  const seen = {};
  seen.products = (await ask("GET", "/products?kind=cup")).body.products.map((it) => it.id);
  seen.before = (await orders()).total;
  const made = await ask("POST", "/orders", { product_id: seen.products[0], quantity: 1 });
  seen.made = [made.status, made.body.product_id, made.body.status, made.body.paid_at];
  const path = `/orders/${made.body.id}`;
  seen.listed = (await orders()).orders.map((it) => it.id === made.body.id);
  const changed = await ask("PATCH", path, { quantity: 4 });
  seen.changed = [changed.status, changed.body.quantity];
  seen.wrong = (await ask("PATCH", path, { quantity: "four" })).status;
  seen.open = (await orders("?status=paid")).total;
  const paid = await ask("POST", `${path}/pay`);
  seen.paid = [paid.status, paid.body.status, typeof paid.body.paid_at, paid.body.quantity];
  seen.still = (await ask("GET", path)).body.status;
  seen.closed = (await orders("?status=paid")).orders.map((it) => it.id === made.body.id);
  seen.deleted = [(await ask("DELETE", path)).status, (await orders()).total];
  const gone = await ask("GET", path);
  seen.gone = [gone.status, gone.body.error, (await ask("POST", `${path}/pay`)).status];
  return seen;
})()
"#;

#[test]
#[expect(clippy::print_stderr, reason = "whoever runs the tests should know")]
fn a_page_orders_changes_pays_and_deletes() {
    let Some(mut browser) = Browser::start() else {
        eprintln!("skipped: none of {} can be started", BROWSERS.join(", "));
        return;
    };
    let mock = Mock::start(&docs(), &["--stateful"]);
    // The page is of another origin, as that of a developer is.
    let page = Mock::start(&docs(), &[]);
    let session = browser.open(&format!(
        "http://127.0.0.1:{}/__fieldproof/health",
        page.port
    ));
    let base = format!("\"http://127.0.0.1:{}\"", mock.port);
    let seen = browser.run(&session, &WALK.replace("BASE", &base));
    let expected = json!({
        "products": ["cup_01"],
        "before": 1,
        "made": [201, "cup_01", "open", null],
        "listed": [false, true],
        "changed": [200, 4],
        "wrong": 422,
        "open": 0,
        "paid": [200, "paid", "string", 4],
        "still": "paid",
        "closed": [true],
        "deleted": [204, 1],
        "gone": [404, "order_not_found", 404],
    });
    assert_eq!(seen, expected, "{seen:#}");
}

#[test]
fn a_conformance_run_finds_nothing_in_the_shop() {
    let mock = Mock::start(&docs(), &["--stateful"]);
    let url = format!("http://127.0.0.1:{}", mock.port);
    let place = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .arg("test")
        .arg(docs())
        .args(["--url", &url, "--fail-on", "info"])
        .current_dir(place.path())
        .output()
        .unwrap();
    let report =
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{report}");
}
