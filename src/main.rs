//! The command line.

use clap::Parser;

/// Holds hand-written Mintlify API pages to their word.
#[derive(Parser)]
#[command(version)]
struct Arguments {}

fn main() {
    Arguments::parse();
}
