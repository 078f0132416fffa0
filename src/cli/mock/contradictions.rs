//! What `check` finds in the pages that are served.
//!
//! An answer that contradicts its page is right for the mock and wrong for somebody, so whoever starts one hears of it. The
//! pages are read anew for it, so that the mock need not hold all that only findings need.

use std::io::{self, IsTerminal as _, Write as _};

use fieldproof::diagnostic::{self, Severity};
use fieldproof::report::visible::escape;
use fieldproof::report::{Findings, concise};

use crate::cli::config::Config;
use crate::cli::docs::{self, DocsArgs};
use crate::cli::rules::RuleArgs;
use crate::cli::{Failure, Streams, check, rules};

/// Shows the errors and warnings, one line each.
pub(super) fn show(args: &DocsArgs, config: &Config, streams: &mut Streams) -> Result<(), Failure> {
    let (docs, found) = find(args, config)?;
    let summary = docs.summary().counting(&found);
    let findings = Findings {
        sources: &docs.site.sources,
        diagnostics: &found,
        summary: &summary,
        prefix: &docs.prefix,
        operations: &[],
        fails_from: None,
        run: None,
    };
    concise::write(&findings, &mut streams.err)?;
    if let Some(line) = count(args, &found) {
        writeln!(streams.err, "{line}")?;
    }
    Ok(())
}

/// Counts them for a person, beside what the mock does.
pub(super) fn tell(args: &DocsArgs, config: &Config, is_quiet: bool) {
    if is_quiet || !io::stderr().is_terminal() {
        return;
    }
    let (args, config) = (args.clone(), config.clone());
    let counting = move || {
        let Ok((_, found)) = find(&args, &config) else {
            return;
        };
        if let Some(line) = count(&args, &found) {
            let _ = writeln!(io::stderr().lock(), "{line}");
        }
    };
    // Without a thread for it, nobody is told.
    let _ = std::thread::Builder::new()
        .name("check".to_owned())
        .spawn(counting);
}

fn find(
    args: &DocsArgs,
    config: &Config,
) -> Result<(docs::Docs, Vec<diagnostic::Diagnostic>), Failure> {
    let docs = docs::read(args)?;
    let settings = rules::settings(&RuleArgs::default(), &config.check);
    let found = check::judge(&settings, &docs.site, &docs.documentation).diagnostics;
    let mut found = diagnostic::gather(&docs.site.sources, found);
    found.retain(|it| it.severity >= Severity::Warning);
    Ok((docs, found))
}

fn count(args: &DocsArgs, found: &[diagnostic::Diagnostic]) -> Option<String> {
    let errors = found.iter().filter(|it| it.severity == Severity::Error);
    let errors = errors.count();
    let warnings = found.len() - errors;
    let of = |count: usize, name: &str| match count {
        1 => format!("1 {name}"),
        _ => format!("{count} {name}s"),
    };
    let docs = args.docs.display().to_string();
    (!found.is_empty()).then(|| {
        format!(
            "the pages contradict themselves: {} and {}, told by `fieldproof check {}`",
            of(errors, "error"),
            of(warnings, "warning"),
            escape(&docs)
        )
    })
}
