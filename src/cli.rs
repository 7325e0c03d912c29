//! The command line: one file a command; this one sends each to its own.

pub(crate) mod args;
mod briefing;
mod check;
mod convert;
mod decide;
mod dump;
mod job;
mod learn;
mod lists;
mod mend;
mod message;
mod output;
mod work;

use std::process::ExitCode;

use anyhow::Error;
use args::{Args, Color, Command};

/// How a run ended; the worst of several counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// All done: exit status 0.
    Done,
    /// There are findings: exit status 1.
    Findings,
    /// Something could not be done: exit status 2.
    Trouble,
}

/// Runs what was typed.
pub(crate) fn run(args: Args) -> ExitCode {
    match args.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    let outcome = match &args.command {
        Command::Convert(convert) => convert::run(convert),
        Command::Check(check) => check::run(check),
        Command::Fix(fix) => mend::run(fix),
        Command::Decide(decide) => decide::run(decide),
        Command::Learn(learn) => learn::run(learn),
        Command::Explain { rule } => lists::explain(rule.as_deref()),
        Command::Fonts { fonts } => lists::fonts(fonts),
        Command::Editions => lists::editions(),
        Command::Templates => lists::templates(),
        Command::Completions { shell } => lists::completions(*shell),
    };
    match outcome.unwrap_or_else(|error| {
        complain(&error);
        Outcome::Trouble
    }) {
        Outcome::Done => ExitCode::SUCCESS,
        Outcome::Findings => ExitCode::from(1),
        Outcome::Trouble => ExitCode::from(2),
    }
}

/// Prints what went wrong, the outer fact first.
pub(crate) fn complain(error: &Error) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    anstream::eprintln!("{style}error{style:#}: {error:#}");
}
