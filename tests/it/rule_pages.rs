//! The pages of rules, `docs/rules/<name>.md`, hold.
//!
//! A page has the sections *What it does*, *Why it matters*, *Fails*, *Passes*, and *How to fix*. Each fence with
//! `title="page.mdx"` below *Fails* is a site that raises the rule, and below *Passes* one that does not; fences that follow
//! each other without text in between are the files of one site. No site raises another rule at warning or above; other
//! rules' infos are let pass, since a page short enough to be read lacks what they ask for.
//!
//! Rules of `fieldproof test`, and those of [`WITHOUT_SITES`], have no such sections.
//!
//! `UPDATE=1 cargo test` writes the index, `docs/rules/README.md`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use fieldproof::diagnostic::{Diagnostic, Rule, Settings, Severity};
use fieldproof::report::{catalog, pages};
use fieldproof::{check, model, source};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

/// Rules that no page short enough to be read can raise.
const WITHOUT_SITES: &[&str] = &["nested-too-deep", "not-utf8", "snippet-too-large"];

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    let rules: BTreeSet<&str> = catalog::rules().iter().map(|rule| rule.name).collect();
    let of_check: BTreeSet<&str> = catalog::of_check().iter().map(|rule| rule.name).collect();
    let compiled: BTreeSet<&str> = pages::names().collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    let written: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .map(|name| name.trim_end_matches(".md").to_owned())
        .collect();
    let missing: Vec<_> = of_check.difference(&compiled).collect();
    assert!(missing.is_empty(), "rules without a page: {missing:?}");
    let orphans: Vec<_> = compiled.difference(&rules).collect();
    assert!(orphans.is_empty(), "pages without a rule: {orphans:?}");
    assert!(
        written
            .iter()
            .map(String::as_str)
            .eq(compiled.iter().copied()),
        "src/report/pages.rs must list exactly the files of docs/rules: {:?}",
        written
            .iter()
            .map(String::as_str)
            .collect::<BTreeSet<_>>()
            .symmetric_difference(&compiled)
            .collect::<Vec<_>>()
    );
    for name in &compiled {
        assert!(
            pages::page(name).is_some(),
            "PAGES is not sorted at `{name}`"
        );
    }
}

#[test]
fn failing_blocks_raise_exactly_their_rule_and_passing_blocks_none() {
    let mut report = String::new();
    for name in pages::names() {
        let page = Page::parse(pages::page(name).unwrap());
        for problem in problems(catalog::find(name).unwrap(), &page) {
            let _ = writeln!(report, "docs/rules/{name}.md: {problem}");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn the_index_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules/README.md");
    let index = index();
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        fs::write(&path, &index).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == index,
        "docs/rules/README.md is out of date: run `UPDATE=1 cargo test`"
    );
}

fn problems(rule: &Rule, page: &Page) -> Vec<String> {
    let mut found = Vec::new();
    let is_of_check = catalog::of_check().contains(&rule);
    let has_sites = is_of_check && !WITHOUT_SITES.contains(&rule.name);
    let mut wanted = vec!["What it does", "Why it matters"];
    if has_sites {
        wanted.extend(["Fails", "Passes"]);
    }
    if !is_of_check {
        wanted.push("Example");
    }
    wanted.push("How to fix");
    let sections: Vec<&str> = page.sections.iter().map(|it| it.title.as_str()).collect();
    if page.title != rule.name || sections != wanted {
        found.push(format!(
            "the page is `# {}` with {wanted:?}, not `# {}` with {sections:?}",
            rule.name, page.title
        ));
    }
    for section in &page.sections {
        let fails = section.title == "Fails";
        if !fails && section.title != "Passes" {
            continue;
        }
        if section.sites.is_empty() {
            found.push(format!("*{}* holds no page", section.title));
        }
        for (site, number) in section.sites.iter().zip(1..) {
            let raised = raised(site);
            let others = raised
                .iter()
                .filter(|it| it.rule != rule && it.severity >= Severity::Warning);
            for other in others {
                found.push(format!(
                    "site {number} of *{}* raises `{}`: {}",
                    section.title, other.rule.name, other.message
                ));
            }
            let own = raised.iter().filter(|it| it.rule == rule).count();
            if (own > 0) != fails {
                found.push(format!(
                    "site {number} of *{}* raises the rule {own} times",
                    section.title
                ));
            }
        }
    }
    found
}

fn raised(site: &[File]) -> Vec<Diagnostic> {
    let folder = tempfile::tempdir().unwrap();
    for file in site {
        let path = folder.path().join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.text).unwrap();
    }
    let site = source::load::load(folder.path()).unwrap();
    let documentation = model::read(&site);
    let found = check::check(&documentation);
    Settings::default()
        .apply(
            &site.sources,
            found,
            &documentation.suppressions,
            &catalog::known(true),
        )
        .diagnostics
}

fn index() -> String {
    let mut text = "# Rules\n\nThis page is made by `UPDATE=1 cargo test`.\n\n## Of the pages\n\nThese are raised by `fieldproof check`.\n\n".to_owned();
    let of_check = catalog::of_check();
    table(&of_check, &mut text);
    text.push_str("\n## Of a live server\n\nThese are raised by `fieldproof test`.\n\n");
    let mut live = catalog::rules();
    live.retain(|rule| !of_check.contains(rule));
    table(&live, &mut text);
    text
}

fn table(rules: &[&Rule], into: &mut String) {
    into.push_str("| rule | severity | what is wrong |\n| --- | --- | --- |\n");
    for rule in rules {
        let name = match pages::page(rule.name) {
            Some(_) => format!("[`{0}`]({0}.md)", rule.name),
            None => format!("`{}`", rule.name),
        };
        let summary = rule.summary.replace('|', "\\|");
        let _ = writeln!(into, "| {name} | {} | {summary} |", rule.severity);
    }
}

/// A page of a rule.
#[derive(Default)]
struct Page {
    title: String,
    sections: Vec<Section>,
}

#[derive(Default)]
struct Section {
    title: String,
    sites: Vec<Vec<File>>,
}

struct File {
    path: String,
    text: String,
}

impl Page {
    fn parse(text: &str) -> Self {
        let mut page = Self::default();
        // True while fences follow each other.
        let mut goes_on = false;
        let mut heading: Option<String> = None;
        let mut file: Option<File> = None;
        for event in Parser::new(text) {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(level)) => {
                    let title = heading.take().unwrap_or_default();
                    goes_on = false;
                    match level {
                        HeadingLevel::H1 => page.title = title,
                        _ => page.sections.push(Section {
                            title,
                            sites: Vec::new(),
                        }),
                    }
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    file = title_of(&info).map(|path| File {
                        path,
                        text: String::new(),
                    });
                }
                Event::End(TagEnd::CodeBlock) => {
                    if let (Some(file), Some(section)) = (file.take(), page.sections.last_mut()) {
                        match section.sites.last_mut() {
                            Some(site) if goes_on => site.push(file),
                            _ => section.sites.push(vec![file]),
                        }
                        goes_on = true;
                    }
                }
                Event::Text(part) => match (&mut file, &mut heading) {
                    (Some(file), _) => file.text.push_str(&part),
                    (None, Some(heading)) => heading.push_str(&part),
                    _ => goes_on = false,
                },
                _ => {}
            }
        }
        page
    }
}

/// `page.mdx` of `mdx title="page.mdx"`.
fn title_of(info: &str) -> Option<String> {
    let (_, rest) = info.split_once("title=\"")?;
    Some(rest.split_once('"')?.0.to_owned())
}
