//! How often what was answered, and how fast, in the text format of Prometheus.
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::RandomState;

use super::message::Reply;

/// The media type of the format.
pub(super) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The upper bounds of the buckets, in microseconds.
const BUCKETS: [u64; 15] = [
    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 5_000_000,
];

/// Counts since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    /// By operation and status; what no page documents has no operation.
    counts: HashMap<Arc<str>, BTreeMap<u16, u64>, RandomState>,
    unmatched: BTreeMap<u16, u64>,
    buckets: [u64; BUCKETS.len()],
    requests: u64,
    microseconds: u64,
    violating: u64,
    drifting: u64,
}

impl Metrics {
    /// Counts an answer.
    pub fn count(&mut self, reply: &Reply, took: Duration) {
        let status = reply.status.as_u16();
        let counts = match &reply.operation {
            None => &mut self.unmatched,
            Some(operation) => self.counts.entry(Arc::clone(operation)).or_default(),
        };
        *counts.entry(status).or_default() += 1;
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BUCKETS.partition_point(|bound| *bound < took);
        if let Some(count) = self.buckets.get_mut(bucket) {
            *count += 1;
        }
        self.requests += 1;
        self.microseconds = self.microseconds.saturating_add(took);
        let passed = reply.passed.as_ref();
        self.drifting += u64::from(passed.is_some_and(|it| !it.drifts.is_empty()));
        self.violating += u64::from(reply.headers.contains_key(super::header::VIOLATIONS));
    }

    /// All counts, and how many operations are served.
    pub(super) fn to_text(&self, operations: usize) -> String {
        let mut text = String::new();
        let mut family = |name: &str, kind: &str, help: &str, lines: String| {
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{lines}");
        };
        let operations = format!("fieldproof_operations {operations}\n");
        family(
            "fieldproof_operations",
            "gauge",
            "Operations that are served.",
            operations,
        );
        family(
            "fieldproof_requests_total",
            "counter",
            "Answers by operation and status; the operation is empty where no page documents it.",
            self.request_lines(),
        );
        let violating = format!("fieldproof_violating_requests_total {}\n", self.violating);
        family(
            "fieldproof_violating_requests_total",
            "counter",
            "Requests that are not as documented and were answered as documented.",
            violating,
        );
        let drifting = format!("fieldproof_drifting_requests_total {}\n", self.drifting);
        family(
            "fieldproof_drifting_requests_total",
            "counter",
            "Requests that were passed on, with something in them or in their answers that is not as documented.",
            drifting,
        );
        family(
            "fieldproof_request_duration_seconds",
            "histogram",
            "From the whole request to its answer, with delays.",
            self.histogram_lines(),
        );
        text
    }

    fn request_lines(&self) -> String {
        let mut counts: Vec<_> = self.counts.iter().map(|(name, it)| (&**name, it)).collect();
        counts.push(("", &self.unmatched));
        counts.sort_unstable_by_key(|(name, _)| *name);
        let mut lines = String::new();
        for (operation, statuses) in counts {
            for (status, count) in statuses {
                let operation = escaped(operation);
                let _ = writeln!(
                    lines,
                    "fieldproof_requests_total{{operation=\"{operation}\",status=\"{status}\"}} {count}"
                );
            }
        }
        lines
    }

    fn histogram_lines(&self) -> String {
        const NAME: &str = "fieldproof_request_duration_seconds";
        let mut lines = String::new();
        let mut below = 0;
        for (bound, count) in BUCKETS.iter().zip(self.buckets) {
            below += count;
            let bound = seconds(*bound);
            let _ = writeln!(lines, "{NAME}_bucket{{le=\"{bound}\"}} {below}");
        }
        let (requests, sum) = (self.requests, seconds(self.microseconds));
        let _ = writeln!(lines, "{NAME}_bucket{{le=\"+Inf\"}} {requests}");
        let _ = writeln!(lines, "{NAME}_sum {sum}\n{NAME}_count {requests}");
        lines
    }
}

fn seconds(microseconds: u64) -> f64 {
    Duration::from_micros(microseconds).as_secs_f64()
}

/// The value of a label.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;

    fn reply(operation: Option<&str>, status: StatusCode) -> Reply {
        let mut reply = Reply::empty(status);
        reply.operation = operation.map(Into::into);
        reply
    }

    #[test]
    fn answers_are_counted_by_operation_and_status() {
        let mut metrics = Metrics::default();
        let micro = Duration::from_micros;
        metrics.count(&reply(Some("GET /a\"b"), StatusCode::OK), micro(50));
        metrics.count(&reply(Some("GET /a\"b"), StatusCode::OK), micro(51));
        metrics.count(&reply(None, StatusCode::NOT_FOUND), micro(9_000_000));
        let text = metrics.to_text(3);
        for line in [
            "fieldproof_operations 3",
            "fieldproof_requests_total{operation=\"GET /a\\\"b\",status=\"200\"} 2",
            "fieldproof_requests_total{operation=\"\",status=\"404\"} 1",
            "fieldproof_request_duration_seconds_bucket{le=\"0.00005\"} 1",
            "fieldproof_request_duration_seconds_bucket{le=\"0.0001\"} 2",
            "fieldproof_request_duration_seconds_bucket{le=\"5\"} 2",
            "fieldproof_request_duration_seconds_bucket{le=\"+Inf\"} 3",
            "fieldproof_request_duration_seconds_sum 9.000101",
            "fieldproof_request_duration_seconds_count 3",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}\n{text}");
        }
    }
}
