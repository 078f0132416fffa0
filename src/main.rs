//! The command line.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

fn main() {
    let args: Vec<_> = std::env::args().collect();
    let site = fieldproof::source::load::load(std::path::Path::new(args.last().unwrap())).unwrap();
    let reading = fieldproof::mdx::read(&site.sources, &site.pages, &Default::default());
    for page in &reading.pages {
        if let Some(line) = fieldproof::report::raw::line(&site, page) {
            println!("{line}");
        }
    }
    if args.iter().any(|a| a == "--faults") {
        for d in &reading.diagnostics { println!("{} {} {}", site.sources.place(d.span), d.rule.name, d.message); }
    }
}
