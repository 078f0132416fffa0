//! Slips with one right answer, mended: nearly all pages come out as they were, and none comes out worse.
//!
//! A slip has one right answer if what stands beside it leaves no choice: a comma between two members, the method of the
//! `api:` line for the command, the platform's word for a type.

use std::fmt::Write as _;

use fieldproof::check;
use fieldproof::diagnostic::{Diagnostic, Safety, Severity};
use fieldproof::model;
use fieldproof::source::load::Site;

use super::page::Page;
use super::{Alone, is_page, sites, spread};

/// Texts with a slip, and the name of the slip.
type Operator = fn(&Page) -> Vec<String>;

const OPERATORS: &[(&str, Operator)] = &[
    ("a trailing comma", |page| {
        keys(
            page,
            |line| line.ends_with(',').then(|| line.to_owned()),
            last_comma,
        )
    }),
    ("a missing comma", |page| {
        keys(page, |line| line.strip_suffix(',').map(str::to_owned), same)
    }),
    ("typographic quotes", |page| keys(page, typographic, same)),
    ("single quotes", |page| {
        keys(page, |line| Some(line.replace('"', "'")), same)
    }),
    ("a colon too many", |page| {
        keys(
            page,
            |line| {
                line.contains("\": ")
                    .then(|| line.replacen("\": ", "\":: ", 1))
            },
            same,
        )
    }),
    ("a bracket that is never closed", never_closed),
    ("required as text", |page| {
        lines(page, |line| {
            is_field(line).then(|| line.replacen(" required", " required=\"true\"", 1))
        })
    }),
    ("another word for a type", |page| {
        lines(page, |line| {
            let others = [("string[]", "array of string"), ("string", "varchar")];
            let own = others
                .iter()
                .find(|(word, _)| line.contains(&format!("type=\"{word}\"")));
            own.filter(|_| is_field(line)).map(|(word, other)| {
                line.replacen(&format!("type=\"{word}\""), &format!("type=\"{other}\""), 1)
            })
        })
    }),
    ("a parameter with a colon", |page| {
        lines(page, |line| {
            let (before, rest) = line.strip_prefix("api: ")?.split_once('{')?;
            let (name, after) = rest.split_once('}')?;
            Some(format!("api: {before}:{name}{after}"))
        })
    }),
    ("another method in the command", |page| {
        lines(page, |line| {
            let method = line.strip_prefix("curl -X ")?.split(' ').next()?;
            let other = if method == "PUT" { "PATCH" } else { "PUT" };
            Some(line.replacen(method, other, 1))
        })
    }),
    ("another host in the command", |page| {
        lines(page, |line| {
            line.starts_with("curl ")
                .then(|| line.replacen(".example.com", ".example.org", 1))
        })
    }),
    ("another path in the command", |page| {
        lines(page, |line| {
            line.starts_with("curl ").then(|| {
                let (before, after) = line.split_once("/v1/").unwrap_or((line, ""));
                let end = after.find(['/', '?', '"', ' ']).unwrap_or(after.len());
                let (segment, rest) = after.split_at(end);
                if segment.is_empty() {
                    line.to_owned()
                } else {
                    format!("{before}/v1/{segment}x{rest}")
                }
            })
        })
    }),
    ("a line of a command that does not go on", |page| {
        lines(page, |line| {
            let is_command = line.starts_with("curl ") || line.trim_start().starts_with("-H ");
            line.strip_suffix(" \\")
                .filter(|_| is_command)
                .map(str::to_owned)
        })
    }),
];

fn same(lines: &mut [String], at: usize) -> bool {
    at < lines.len()
}

/// A comma behind the last member of the object around a line.
fn last_comma(lines: &mut [String], at: usize) -> bool {
    let end = lines
        .iter()
        .skip(at)
        .position(|line| line.trim_start().starts_with('}'));
    let Some(last) = end.map(|end| at + end - 1) else {
        return false;
    };
    let is_open = lines[last].ends_with([',', '{', '[']);
    if !is_open {
        lines[last].push(',');
    }
    !is_open
}

fn typographic(line: &str) -> Option<String> {
    line.contains('"').then(|| {
        let mut is_open = false;
        let turned = line.chars().map(|character| {
            is_open ^= character == '"';
            match character {
                '"' if is_open => '“',
                '"' => '”',
                other => other,
            }
        });
        turned.collect()
    })
}

/// Changes each line of an example that holds a key alone.
fn keys(
    page: &Page,
    change: impl Fn(&str) -> Option<String>,
    after: impl Fn(&mut [String], usize) -> bool,
) -> Vec<String> {
    let keys = page
        .keys
        .iter()
        .filter(|key| !key.value.is_empty() && !key.is_request);
    let texts = keys.filter_map(|key| {
        let mut lines = page.lines.clone();
        lines[key.line] = change(&lines[key.line])?;
        after(&mut lines, key.line).then(|| lines.join("\n") + "\n")
    });
    texts.collect()
}

fn lines(page: &Page, change: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let lines = page.lines.iter().enumerate();
    let texts = lines.filter_map(|(at, line)| {
        let new = change(line).filter(|new| new != line)?;
        Some(page.with_line(at, new))
    });
    texts.collect()
}

fn is_field(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("<ResponseField ") || line.starts_with("<ParamField ")
}

/// The last bracket of an example is missing.
fn never_closed(page: &Page) -> Vec<String> {
    let ends = page.lines.windows(2).enumerate();
    let texts = ends
        .filter(|(_, pair)| pair[0] == "}" && pair[1] == "```")
        .map(|(at, _)| page.with(at..at + 1, &[]));
    texts.collect()
}

fn findings(site: &Site) -> Vec<Diagnostic> {
    let mut found = check::check(&model::read(site));
    found.sort_by_key(|it| (it.span, it.rule.name));
    found
}

fn grave(site: &Site) -> usize {
    let found = findings(site).into_iter();
    found.filter(|it| it.severity > Severity::Info).count()
}

/// What became of a page with a slip.
enum Outcome {
    /// It says again what it said.
    Repaired,
    /// The slip is still there, or what stands in its place means something else.
    Left(String),
}

fn with(alone: &Alone, text: &str) -> Site {
    let mut files = super::Files::clone(&alone.files);
    files.insert(alone.path.clone(), text.to_owned());
    Site::from_files(
        files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str())),
    )
}

fn text_of(site: &Site, alone: &Alone) -> String {
    let id = site.sources.find(&alone.path).unwrap();
    site.sources.file(id).text().to_owned()
}

/// Mends a page with a slip, and compares it with the page without one, which is mended as well.
fn mended(alone: &Alone, original: &str, text: &str) -> Outcome {
    let site = with(alone, text);
    let mended = check::mend(&site, Safety::Unsafe, &findings);
    let now = text_of(&mended.site, alone);
    assert!(
        grave(&mended.site) <= grave(&site),
        "worse than before:\n{now}"
    );
    let again = check::mend(&mended.site, Safety::Unsafe, &findings);
    assert!(
        again.changed.is_empty(),
        "mending again changes something:\n{now}"
    );
    if plain(&now) == plain(original) {
        return Outcome::Repaired;
    }
    if now != text {
        outside_is_the_same(text, &now, original);
    }
    let lines = now.lines().zip(original.lines());
    let first = lines
        .filter(|(now, before)| now != before)
        .map(|(now, before)| format!("{now} for {before}"));
    Outcome::Left(first.take(1).collect())
}

/// White space means nothing in what the slips touch.
fn plain(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Lines far from the slip are what they were.
fn outside_is_the_same(slipped: &str, now: &str, original: &str) {
    let same = |one: &str, other: &str| {
        let (one, other): (Vec<_>, Vec<_>) = (one.lines().collect(), other.lines().collect());
        let start = one
            .iter()
            .zip(&other)
            .take_while(|(one, other)| one == other)
            .count();
        let rest = one.len().min(other.len()) - start;
        let end = one
            .iter()
            .rev()
            .zip(other.iter().rev())
            .take(rest)
            .take_while(|(one, other)| one == other)
            .count();
        (start, end)
    };
    let (slip_start, slip_end) = same(slipped, original);
    let (start, end) = same(slipped, now);
    assert!(
        start + 4 >= slip_start && end + 4 >= slip_end,
        "something else was changed: {}",
        similar::TextDiff::from_lines(slipped, now).unified_diff()
    );
}

#[test]
#[expect(clippy::print_stdout, reason = "the table is for a person")]
fn slips_with_one_right_answer_are_mended() {
    let (mut repaired, mut of, mut report) = (0, 0, String::new());
    for (operator, slips) in OPERATORS {
        let (mut good, mut all) = (0, 0);
        for (name, files) in sites() {
            for (path, original) in files.iter().filter(|(path, _)| is_page(path)) {
                let alone = Alone::new(&files, path);
                let original = check::mend(&with(&alone, original), Safety::Unsafe, &findings);
                let original = text_of(&original.site, &alone);
                for text in spread(slips(&Page::new(&original))).into_iter().take(2) {
                    all += 1;
                    match mended(&alone, &original, &text) {
                        Outcome::Repaired => good += 1,
                        Outcome::Left(what) => {
                            let _ = writeln!(report, "{operator}: {name}/{path}: {what}");
                        }
                    }
                }
            }
        }
        println!("{operator:<42} {good:>4} of {all:>4}");
        assert!(all > 0, "the sites offer nothing to {operator}");
        repaired += good;
        of += all;
    }
    println!("{:<42} {repaired:>4} of {of:>4}\n\n{report}", "all");
    assert!(
        repaired * 100 >= of * 70,
        "{repaired} of {of} are repaired\n{report}"
    );
}
