//! How fast pages are read, and how the time grows with their size.
//!
//! ```text
//! cargo bench --bench read
//! ```
//!
//! `cargo bench --bench read -- quotes` measures only the slow inputs of that name.
//!
//! The first table gives the throughput on pages that this program writes, in the style of real ones.
//! The second gives, for each input made to be slow, the time for a page and for one ten times as long.
//! Nothing is asserted here: figures depend on the machine. `docs/benchmarks.md` says what they were on one.

#![expect(clippy::print_stdout, reason = "the tables are what it is for")]

use std::time::{Duration, Instant};

use fieldproof::mdx::{self, Variables};
use fieldproof::source::{FileId, SourceFile, Sources};

#[path = "../tests/it/mdx/adversarial.rs"]
mod adversarial;

const PAGES: usize = 400;
const SMALL: usize = 100_000;
const RUNS: usize = 3;

fn main() {
    throughput();
    growth();
}

fn throughput() {
    let mut sources = Sources::default();
    let pages: Vec<FileId> = (0..PAGES)
        .map(|number| sources.add(SourceFile::new(format!("api/{number}.mdx"), page(number))))
        .collect();
    let bytes: usize = sources.iter().map(|(_, file)| file.text().len()).sum();
    let mut faults = 0;
    let time = best(|| {
        for (file, source) in sources.iter() {
            faults += mdx::parse(file, source.text(), &Variables::new()).1.len();
        }
    });
    println!("{PAGES} pages, {bytes} bytes, {faults} faults");
    println!("parse, one thread    {}", rate(bytes, time));
    let time = best(|| {
        let _ = mdx::read(&sources, &pages, &Variables::new());
    });
    println!("read, all threads    {}", rate(bytes, time));
}

fn growth() {
    println!(
        "\n{:<40} {:>10} {:>10} {:>7}",
        "input", "100 kB", "1 MB", "growth"
    );
    let wanted = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    let is_wanted = |name: &str| wanted.as_deref().is_none_or(|wanted| name.contains(wanted));
    for (name, make) in adversarial::INPUTS {
        if !is_wanted(name) {
            continue;
        }
        let small = time_of(&make(SMALL));
        let large = time_of(&make(10 * SMALL));
        let growth = large.as_secs_f64() / small.as_secs_f64();
        println!(
            "{name:<40} {:>10} {:>10} {growth:>7.1}",
            milliseconds(small),
            milliseconds(large)
        );
    }
}

fn time_of(text: &str) -> Duration {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("page.mdx", ""));
    best(|| {
        let _ = mdx::parse(file, text, &Variables::new());
    })
}

fn best(mut work: impl FnMut()) -> Duration {
    let run = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..RUNS).map(run).min().unwrap_or_default()
}

fn rate(bytes: usize, time: Duration) -> String {
    format!("{:.1} MB/s", megabytes(bytes) / time.as_secs_f64())
}

fn megabytes(bytes: usize) -> f64 {
    u32::try_from(bytes).map_or(f64::NAN, f64::from) / 1e6
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// A page in the style of a hand-written API reference: prose, fields within fields, and examples.
fn page(number: usize) -> String {
    let fields: Vec<_> = (0..12)
        .map(|index| {
            format!(
                "<ParamField body=\"field_{index}\" type=\"string\" required default=\"x\">\n  \
                 What field {index} of resource {number} means; see [the guide](/guide) and `code`.\n</ParamField>\n\n"
            )
        })
        .collect();
    let fields = fields.concat();
    format!(
        "---\ntitle: \"Create resource {number}\"\napi: \"POST https://api.example.com/v1/resources/{{id}}\"\n---\n\n\
         Creates a *resource*, at most **{number}** of them.\n\n- one\n- two `three`\n\n### Body\n\n{fields}\
         ### Response\n\n<ResponseField name=\"data\" type=\"object\">\n  The resource.\n\n  \
         <Expandable title=\"properties\">\n    <ResponseField name=\"id\" type=\"string\">\n      The id.\n    \
         </ResponseField>\n  </Expandable>\n</ResponseField>\n\n<RequestExample>\n\n```bash cURL\ncurl -X POST \
         https://api.example.com/v1/resources/{number} \\\n  -d '{{\"a\": 1}}'\n```\n\n</RequestExample>\n\n\
         <ResponseExample>\n\n```json 200\n{{\n  \"data\": {{\"id\": \"{number}\"}}\n}}\n```\n\n</ResponseExample>\n"
    )
}
