//! How fast the mock answers, beside a server of the same library that does nothing else.
//!
//! ```text
//! cargo bench --bench mock                          throughput, start, memory, connections, reload
//! cargo bench --bench mock -- throughput            one of them
//! cargo bench --bench mock -- throughput 9100 9101  also servers that listen on these ports
//! cargo bench --bench mock -- faults                delays and faults, as a client meets them
//! cargo bench --bench mock -- soak                  ten million requests, right and wrong ones
//! cargo bench --bench mock -- rooms redis://HOST    with journal, server behind, and state; the last also in that Redis
//! ```
//!
//! Every server runs on one core, and what asks it on another, as far as `taskset` is there.
//! Servers that are compared take turns, so that a slow moment of the machine is shared; the figures are medians.
//! `docs/benchmarks.md` says what they were on one machine.

#![expect(clippy::print_stdout, reason = "the tables are what it is for")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on stops")]

mod faults;
mod life;
mod load;
mod server;
mod site;
mod throughput;

use faults::faults;
use life::{connections, memory, reload, soak, start};
use load::load_until_told;
use server::bare;
use throughput::{rooms, throughput};

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| it != "--bench")
        .collect();
    match arguments.first().map(String::as_str) {
        Some("bare") => bare(),
        Some("load") => load_until_told(&arguments[1..]),
        Some("throughput") => throughput(&arguments[1..]),
        Some("start") => start(),
        Some("rooms") => rooms(arguments.get(1)),
        Some("faults") => faults(),
        Some("memory") => memory(),
        Some("soak") => soak(),
        Some("connections") => connections(),
        Some("reload") => reload(),
        _ => {
            throughput(&[]);
            rooms(None);
            faults();
            start();
            memory();
            connections();
            reload();
        }
    }
}
