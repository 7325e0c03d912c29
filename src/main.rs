//! Parse, run, exit code.

mod cli;
mod faces;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = cli::args::Args::parse();
    cli::run(args)
}
