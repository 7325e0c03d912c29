//! The command line: one file a command; this one sends each to its own.

pub(crate) mod args;
mod check;
mod convert;
mod dump;
mod job;
mod lists;
mod mend;
mod message;

use std::process::ExitCode;

use anyhow::Error;
use hanpress::{
    edit::{Change, Confidence},
    pipeline,
    rule::Stage,
};

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

/// Whether a change is a correction of words, as opposed to a repair of marks and spaces or to an edition's own words.
pub(crate) fn is_correction(change: &Change) -> bool {
    pipeline::rule(change.rule).is_some_and(|rule| rule.stage == Stage::Fix)
}

/// Whether a change asks for a person's eye.
pub(crate) fn is_doubtful(change: &Change) -> bool {
    change.confidence == Confidence::Doubtful
}
