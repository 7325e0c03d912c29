//! `hanpress check`: findings only, no manuscript touched.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Error, Result, anyhow, bail};
use hanpress::{
    edit::Change,
    edition::Edition,
    kit::Kit,
    localize::{self, decided::Decided, round_trip::round_trip},
    pipeline::{localized, source_edition},
    present::{self, Finding, Proof, is_doubtful},
    read::ReadOptions,
    report::{Report, Severity},
    source::SourceId,
};
use rayon::prelude::*;

use crate::cli::{
    Outcome,
    args::{Check, Reading, ReportFormat},
    briefing::{Desk, Told},
    complain, job, message,
    output::{Target, replaces, write},
    work::{Opened, Want, Work},
};

pub(crate) fn run(args: &Check) -> Result<Outcome> {
    let works = Work::all(&args.reading, true)?;
    let files: Vec<PathBuf> = works.iter().flat_map(|work| work.files.iter().cloned()).collect();
    for path in args.output.iter().chain(&args.html) {
        if replaces(path, &files) {
            bail!("`{}` is a manuscript; it would be replaced by the report", path.display());
        }
    }
    let desk = Desk::new(&args.briefing, None, args.level)?;
    let told: Vec<Vec<Told>> = works.iter().map(|work| work.tell(&desk)).collect::<Result<_>>()?;
    let options = job::read_options(&args.reading)?;
    let kit = job::plain_kit()?;
    let asked = Asked::of(&args.edition, args.round_trip)?;
    let prove = |(work, told): (&Work, &Vec<Told>)| {
        job::guarded(&work.input, || proofs(&kit, &options, &args.reading, &asked, work, told))
    };
    let proved: Vec<Result<(Vec<Proof>, Option<Error>)>> = match &works[..] {
        // One manuscript needs no threads.
        [work] => vec![prove((work, &told[0]))],
        _ => works.par_iter().zip(&told).map(prove).collect(),
    };
    let mut outcome = Outcome::Done;
    let (mut proofs, mut troubles) = (Vec::new(), Vec::new());
    for result in proved {
        let (proof, trouble) = match result {
            Ok((proof, trouble)) => (proof, trouble),
            Err(error) => (Vec::new(), Some(error)),
        };
        if let Some(error) = trouble {
            complain(&error);
            troubles.push(format!("{error:#}"));
            outcome = Outcome::Trouble;
        }
        proofs.extend(proof);
    }
    let printed = printed(args, &proofs, &troubles)?;
    match args.output.as_deref().map(Target::of) {
        Some(target @ Target::File(_)) => {
            write(&target, anstream::adapter::strip_str(&printed).to_string().as_bytes())?;
        }
        Some(Target::Stdout) | None => anstream::print!("{printed}"),
    }
    if let Some(path) = &args.html {
        write(&Target::File(path.clone()), present::html::page(&proofs, args.all).as_bytes())?;
    }
    let findings: usize = proofs.iter().map(Proof::count).sum();
    if args.format == ReportFormat::Human {
        let figures = proofs.iter().flat_map(|proof| &proof.report.diagnostics);
        for figure in figures.filter(|d| d.rule == "round-trip" && d.severity == Severity::Note) {
            anstream::eprintln!("{}", figure.message);
        }
        anstream::eprintln!("{}", summary(args, &proofs, findings));
    }
    Ok(if findings > 0 { outcome.max(Outcome::Findings) } else { outcome })
}

/// The editions whose guesses are asked for.
#[derive(Default)]
pub(crate) struct Asked {
    editions: Vec<Edition>,
    /// Whether each is to be converted back.
    round_trip: bool,
}

impl Asked {
    /// Those of these names.
    ///
    /// # Errors
    /// When there is no such edition.
    pub(crate) fn of(names: &[String], round_trip: bool) -> Result<Self> {
        let edition =
            |name: &String| Edition::parse(name.trim()).ok_or_else(|| anyhow!("unknown edition `{name}`"));
        Ok(Self { editions: names.iter().map(edition).collect::<Result<_>>()?, round_trip })
    }
}

/// Reads one manuscript and looks for what is wrong, a proof for each of its files; a picture that is missing is told
/// beside the findings.
pub(crate) fn proofs(
    kit: &Kit,
    options: &ReadOptions,
    reading: &Reading,
    asked: &Asked,
    work: &Work,
    told: &[Told],
) -> Result<(Vec<Proof>, Option<Error>)> {
    let mut report = Report::default();
    let want = Want { pictures: true, ..Want::default() };
    let Opened { sources, document, mut brief, trouble, .. } =
        work.open(told, kit, reading, options, want, &mut report)?;
    for edition in &asked.editions {
        let house = told[0].house(edition)?;
        let decided = Some(Decided { sources: &sources, verdicts: &brief.verdicts });
        let options = localize::Options { house: house.as_ref(), decided, ..localize::Options::default() };
        let (made, found) = localized(&document, edition, options);
        let guesses = found.changes.into_iter().filter(|c| is_doubtful(c) || c.verdict.is_some());
        report.changes.extend(guesses.map(|guess| {
            let message = format!("in {}: {}", edition.tag(), guess.message);
            Change { message, ..guess }
        }));
        report.diagnostics.extend(found.diagnostics);
        if asked.round_trip {
            report.extend(round_trip(&document, &made, edition, &source_edition(&document)));
        }
    }
    let language = source_edition(&document).tag().to_owned();
    let mut reports: BTreeMap<SourceId, Report> = BTreeMap::new();
    for diagnostic in report.diagnostics {
        reports.entry(diagnostic.span.source).or_default().push(diagnostic);
    }
    for change in report.changes {
        reports.entry(change.span.source).or_default().changes.push(change);
    }
    let proofs = sources.into_iter().zip(told).map(|(source, told)| Proof {
        language: language.clone(),
        report: reports.remove(&source.id).unwrap_or_default(),
        file: told.file.clone(),
        least: told.level,
        verdicts: brief.verdicts.remove(&source.id).unwrap_or_default(),
        decisions: told.ledger.decisions.clone(),
        source,
    });
    Ok((proofs.collect(), trouble))
}

fn printed(args: &Check, proofs: &[Proof], troubles: &[String]) -> Result<String> {
    Ok(match args.format {
        ReportFormat::Human => {
            let mut out = String::new();
            for proof in proofs {
                for finding in proof.findings(args.all).into_iter().filter(|f| !f.is_rejected()) {
                    out.push_str(&match finding {
                        Finding::Change(change) => message::change(&proof.source, change),
                        Finding::Look(diagnostic) => message::diagnostic(&proof.source, diagnostic),
                    });
                }
            }
            out
        }
        ReportFormat::Json => serde_json::to_string_pretty(&present::json::report(proofs))? + "\n",
        ReportFormat::Sarif => {
            serde_json::to_string_pretty(&present::sarif::log(proofs, troubles, args.all))? + "\n"
        }
        ReportFormat::Github => present::github::annotations(proofs, args.all),
        ReportFormat::Html => present::html::page(proofs, args.all),
    })
}

/// One line: what was found, and what is not shown.
fn summary(args: &Check, proofs: &[Proof], findings: usize) -> String {
    let sum = |count: fn(&Proof) -> usize| proofs.iter().map(count).sum::<usize>();
    let plural = |n: usize, one: &str, more: &str| format!("{n} {}", if n == 1 { one } else { more });
    let mut out = plural(findings, "finding", "findings");
    let rejected = sum(Proof::rejected);
    if rejected > 0 {
        out.push_str(&format!("; {rejected} rejected earlier"));
    }
    let stale = proofs.iter().flat_map(|p| &p.report.diagnostics);
    let stale = stale.filter(|d| d.rule == "stale-decision" && d.severity == Severity::Note).count();
    let hidden = sum(Proof::hidden);
    if hidden > 0 {
        out.push_str(&format!("; {hidden} less sure (`--level doubtful` shows them)"));
    }
    if args.all {
        return out;
    }
    if stale > 0 {
        let decisions = plural(stale, "decision fits", "decisions fit");
        out.push_str(&format!("; {decisions} nothing any more (`--all` lists them)"));
    }
    let all = sum(|p| p.report.changes.len() + p.report.diagnostics.len());
    let rest = all - findings - rejected - hidden - stale;
    if rest > 0 {
        out.push_str(&format!("; {rest} guesses and safe repairs (`--all` shows them)"));
    }
    out
}
