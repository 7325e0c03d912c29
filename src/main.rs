//! Parse, run, exit code.

mod cli;
mod faces;

use std::process::ExitCode;

use clap::Parser;

/// A book makes and drops millions of short lists, some of which grow large: this allocator uses their memory again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = cli::args::Args::parse();
    cli::run(args)
}
