//! Snippets that would grow without bound, or deeper than a stack.

use fieldproof::mdx::{self, Node, Variables};
use fieldproof::source::load::Site;

/// The size and depth of the page `page.mdx` of a site, and the rules that its snippets break.
fn read(files: &[(&str, String)]) -> (usize, usize, Vec<&'static str>) {
    let site = Site::from_files(files.iter().map(|(path, text)| (*path, text.as_str())));
    let reading = mdx::read(&site.sources, &site.pages, &Variables::new());
    let (nodes, depth) = measure(&reading.pages[0].nodes);
    let rules = reading.diagnostics.iter().map(|finding| finding.rule.name);
    (nodes, depth, rules.collect())
}

fn measure(nodes: &[Node]) -> (usize, usize) {
    let inner = nodes
        .iter()
        .filter_map(Node::as_element)
        .map(|element| measure(&element.children));
    inner.fold((nodes.len(), 0), |(sum, deepest), (nodes, depth)| {
        (sum + nodes, deepest.max(depth + 1))
    })
}

#[test]
fn snippets_inside_each_other_stay_shallow() {
    let snippet = |next: &str| format!("{next}{}<N/>\n{}", "<A>\n".repeat(90), "</A>\n".repeat(90));
    let files = [
        (
            "page.mdx",
            "import N from \"/snippets/a.mdx\"\n\n<N/>\n".to_owned(),
        ),
        (
            "snippets/a.mdx",
            snippet("import N from \"/snippets/b.mdx\"\n\n"),
        ),
        (
            "snippets/b.mdx",
            snippet("import N from \"/snippets/c.mdx\"\n\n"),
        ),
        ("snippets/c.mdx", snippet("")),
    ];
    let (_, depth, rules) = read(&files);
    assert!(depth <= 101, "{depth}");
    assert!(rules.contains(&"snippet-too-large"), "{rules:?}");
}

#[test]
fn children_that_a_snippet_repeats_stay_few() {
    let uses = format!("{}x\n{}", "<W>\n\n".repeat(40), "\n</W>\n".repeat(40));
    let files = [
        (
            "page.mdx",
            format!("import W from \"/snippets/w.mdx\"\n\n{uses}"),
        ),
        (
            "snippets/w.mdx",
            "{children}\n\n{children}\n\n{children}\n".to_owned(),
        ),
    ];
    let (nodes, _, rules) = read(&files);
    assert!(nodes <= 400_000, "{nodes}");
    assert!(rules.contains(&"snippet-too-large"), "{rules:?}");
}

#[test]
fn properties_that_snippets_double_stay_short() {
    let chain = (0..24).map(|level| {
        let double = "${p}".repeat(10);
        let next = level + 1;
        format!("export const S{level} = ({{ p }}) => <S{next} p={{`{double}`}} />\n\n")
    });
    let page = format!(
        "{}export const S24 = ({{ p }}) => <b>{{p}}</b>\n\n<S0 p=\"text\" />\n",
        chain.collect::<String>()
    );
    let (nodes, _, _) = read(&[("page.mdx", page)]);
    assert!(nodes < 100, "{nodes}");
}

#[test]
fn a_snippet_that_uses_itself_is_read_once() {
    let files = [
        (
            "page.mdx",
            "import A from \"/snippets/a.mdx\"\n\n<A/>\n".to_owned(),
        ),
        (
            "snippets/a.mdx",
            "import A from \"/snippets/a.mdx\"\n\n<A/>\n\n<A/>\n".to_owned(),
        ),
    ];
    let (nodes, _, rules) = read(&files);
    assert!(nodes < 10, "{nodes}");
    assert!(rules.contains(&"import-cycle"), "{rules:?}");
}
