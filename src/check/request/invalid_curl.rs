//! A curl command that neither a shell nor curl takes as it is meant.

use crate::diagnostic::{Diagnostic, Fix, Rule, Safety, Severity};
use crate::model::curl::{Fault, FaultKind};

use super::{Call, Requests};

pub(in crate::check) static RULE: Rule = Rule {
    name: "invalid-curl",
    severity: Severity::Error,
    summary: "a curl command does not do what it says when it is pasted into a shell",
};

pub(super) fn check(requests: &Requests<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for call in &requests.calls {
        let faults = call.curl.map_or(&[][..], |curl| curl.faults.as_slice());
        // What goes wrong first makes the rest go wrong.
        let worst = faults
            .iter()
            .filter_map(|fault| Some((severity(fault.kind)?, fault)))
            .min_by_key(|(_, fault)| (fault.range.start, rank(fault.kind)));
        let Some((severity, fault)) = worst else {
            continue;
        };
        let most = call.severity(requests.operation);
        let message = format!(
            "the curl command does not work as written: {}",
            fault.message
        );
        let mut diagnostic = Diagnostic::new(&RULE, call.span(fault.range.clone()), message)
            .severity(severity.min(most))
            .label("here")
            .help(help(fault.kind))
            .subject("request");
        if let Some(fix) = fix(call, fault) {
            diagnostic = diagnostic.fix(fix);
        }
        diagnostics.push(diagnostic);
    }
}

/// How bad it is; nothing for what readers replace anyway.
fn severity(kind: FaultKind) -> Option<Severity> {
    match kind {
        FaultKind::UnclosedQuote
        | FaultKind::UnescapedQuote
        | FaultKind::SmartQuotes
        | FaultKind::BrokenContinuation
        | FaultKind::MissingContinuation
        | FaultKind::UnknownFlag
        | FaultKind::GluedArgument
        | FaultKind::MissingArgument
        | FaultKind::InvalidHeader
        | FaultKind::MissingUrl => Some(Severity::Error),
        FaultKind::UnquotedOperator | FaultKind::DanglingBackslash | FaultKind::ExtraArgument => {
            Some(Severity::Warning)
        }
        FaultKind::UnquotedPlaceholder => None,
    }
}

/// A stray word is what a broken quote leaves behind.
fn rank(kind: FaultKind) -> u8 {
    u8::from(matches!(kind, FaultKind::ExtraArgument))
}

fn help(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::UnclosedQuote => "close the quote",
        FaultKind::UnescapedQuote => r"write `'\''` for an apostrophe in single quotes",
        FaultKind::SmartQuotes => "use straight quotes",
        FaultKind::DanglingBackslash => "remove the backslash",
        FaultKind::BrokenContinuation => "remove the space after the backslash",
        FaultKind::MissingContinuation => "end the line with ` \\`",
        FaultKind::UnquotedOperator | FaultKind::UnquotedPlaceholder => "put it in quotes",
        FaultKind::UnknownFlag => "use a flag that curl has",
        FaultKind::GluedArgument => "write a space in place of `=`",
        FaultKind::MissingArgument => "give the flag its argument",
        FaultKind::InvalidHeader => "write a header as `Name: value`",
        FaultKind::ExtraArgument => "put a flag before it, or remove it",
        FaultKind::MissingUrl => "add the URL",
    }
}

fn fix(call: &Call<'_>, fault: &Fault) -> Option<Fix> {
    let span = call.span(fault.range.clone());
    match fault.kind {
        FaultKind::DanglingBackslash => {
            Some(Fix::replace("remove the backslash", Safety::Safe, span, ""))
        }
        FaultKind::MissingContinuation => Some(Fix::replace(
            "continue the line with a backslash",
            Safety::Safe,
            span,
            " \\",
        )),
        _ => None,
    }
}
