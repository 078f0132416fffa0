//! Fixes applied to pages, and the pages checked again.
//!
//! A fix is kept only if its finding goes away by it, and the pages raise none that they did not raise before.
//! Mending goes on until nothing is left that can be applied, so that mending once more changes nothing.

use std::collections::HashMap;

use crate::diagnostic::{self, Diagnostic, Fix, Safety, Severity};
use crate::source::load::Site;
use crate::source::{FileId, Sources};

/// Fixes can make room for others, though not without end.
const ROUNDS: usize = 16;
/// Finding out which of several fixes does harm takes no more readings of the site than this in a round.
const READINGS: usize = 200;

/// What came of mending.
pub struct Mended {
    /// The site with the fixes applied.
    pub site: Site,
    /// The files that changed, in the order of their numbers.
    pub changed: Vec<FileId>,
    /// How many fixes were applied.
    pub applied: usize,
    /// How many were not, because of what the pages would raise with them.
    pub refused: usize,
}

/// Applies the fixes that `diagnose` offers, the safe ones or all; it gives the findings of a site in their order.
pub fn mend(site: &Site, safety: Safety, diagnose: &dyn Fn(&Site) -> Vec<Diagnostic>) -> Mended {
    let mut mended = Mended {
        site: site.clone(),
        changed: Vec::new(),
        applied: 0,
        refused: 0,
    };
    for _ in 0..ROUNDS {
        let diagnostics = diagnose(&mended.site);
        let round = Round::new(&mended.site, &diagnostics, diagnose);
        let (accepted, refused) = round.run(safety);
        let next = with_fixes(&mended.site, &accepted);
        mended.applied += accepted.len();
        mended.refused = refused;
        let is_done = accepted.is_empty();
        mended.site = next;
        if is_done {
            break;
        }
    }
    let files = site.sources.iter();
    let changed = files.filter(|(id, file)| file.text() != mended.site.sources.file(*id).text());
    mended.changed = changed.map(|(id, _)| id).collect();
    mended
}

/// How often each finding is raised, with each severity.
type Raised = HashMap<Key, usize>;

/// What stays of a finding when a fix gives its operation another name: page, rule, and subject.
type Key = (String, &'static str, Option<String>, Severity);

/// The fixes of one reading of a site.
struct Round<'r> {
    site: &'r Site,
    diagnostics: &'r [Diagnostic],
    diagnose: &'r dyn Fn(&Site) -> Vec<Diagnostic>,
    raised: Raised,
}

/// A fix, and the finding that it mends.
type Offer<'r> = (&'r Diagnostic, &'r Fix);

impl<'r> Round<'r> {
    fn new(
        site: &'r Site,
        diagnostics: &'r [Diagnostic],
        diagnose: &'r dyn Fn(&Site) -> Vec<Diagnostic>,
    ) -> Self {
        Self {
            site,
            diagnostics,
            diagnose,
            raised: raised(&site.sources, diagnostics),
        }
    }

    /// The fixes that can be applied together and do no harm, and the number of those that would.
    fn run(&self, safety: Safety) -> (Vec<&'r Fix>, usize) {
        let is_whole = |file| !self.site.not_utf8.iter().any(|(other, _)| *other == file);
        let offers: Vec<Offer<'r>> = self
            .diagnostics
            .iter()
            .filter_map(|it| Some((it, it.fix.as_deref()?)))
            .filter(|(_, fix)| fix.safety <= safety)
            .filter(|(_, fix)| fix.edits.iter().all(|edit| is_whole(edit.span.file)))
            .collect();
        let fixes: Vec<_> = offers.iter().map(|(_, fix)| *fix).collect();
        let chosen = diagnostic::compatible(&self.site.sources, &fixes);
        let chosen: Vec<_> = chosen
            .into_iter()
            .filter_map(|index| offers.get(index).copied())
            .collect();
        let mut accepted = Vec::new();
        let mut readings = 0;
        self.accept(&chosen, &mut accepted, &mut readings);
        let refused = chosen.len() - accepted.len();
        (accepted.into_iter().map(|(_, fix)| fix).collect(), refused)
    }

    /// Adds all offers that do no harm beside those accepted already; of several, halves are tried.
    fn accept(&self, offers: &[Offer<'r>], accepted: &mut Vec<Offer<'r>>, readings: &mut usize) {
        if offers.is_empty() || *readings >= READINGS {
            return;
        }
        *readings += 1;
        let before = accepted.len();
        accepted.extend_from_slice(offers);
        if self.is_harmless(accepted) {
            return;
        }
        accepted.truncate(before);
        if offers.len() > 1 {
            let (first, second) = offers.split_at(offers.len() / 2);
            self.accept(first, accepted, readings);
            self.accept(second, accepted, readings);
        }
    }

    /// True if all findings of the offers go away, and no other comes.
    fn is_harmless(&self, offers: &[Offer<'_>]) -> bool {
        let fixes: Vec<_> = offers.iter().map(|(_, fix)| *fix).collect();
        let site = with_fixes(self.site, &fixes);
        let now = raised(&site.sources, &(self.diagnose)(&site));
        let mut allowed = self.raised.clone();
        for (diagnostic, _) in offers {
            if let Some(count) = allowed.get_mut(&key(&self.site.sources, diagnostic)) {
                *count = count.saturating_sub(1);
            }
        }
        now.iter()
            .all(|(key, count)| allowed.get(key).is_some_and(|most| count <= most))
    }
}

fn raised(sources: &Sources, diagnostics: &[Diagnostic]) -> Raised {
    let mut raised = Raised::new();
    for diagnostic in diagnostics {
        *raised.entry(key(sources, diagnostic)).or_default() += 1;
    }
    raised
}

fn key(sources: &Sources, diagnostic: &Diagnostic) -> Key {
    (
        sources.file(diagnostic.span.file).path().to_owned(),
        diagnostic.rule.name,
        diagnostic.subject.clone(),
        diagnostic.severity,
    )
}

fn with_fixes(site: &Site, fixes: &[&Fix]) -> Site {
    let mut site = site.clone();
    for (file, text) in diagnostic::apply(&site.sources, fixes) {
        site.sources.replace(file, text);
    }
    site
}
