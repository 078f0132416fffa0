//! The `fieldproof` command.

mod cli;

use std::process::ExitCode;

/// Reading pages makes many small pieces of text, which the allocator of the system is slow at.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    cli::main().into()
}
