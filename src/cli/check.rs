//! `hanpress check`: findings only, no manuscript touched.

use std::path::Path;

use anyhow::{Error, Result, anyhow, bail};
use hanpress::{
    edit::Change,
    edition::Edition,
    kit::Kit,
    localize,
    pipeline::{localized, prepare, source_edition},
    present::{self, Finding, Proof, is_doubtful},
    read::ReadOptions,
    report::{Report, Severity},
};
use rayon::prelude::*;

use crate::cli::{
    Outcome,
    args::{Check, Reading, ReportFormat},
    briefing::{Desk, Told},
    complain, job, message,
    output::{Target, replaces, write},
};

pub(crate) fn run(args: &Check) -> Result<Outcome> {
    let inputs = job::inputs(&args.reading.inputs)?;
    for path in args.output.iter().chain(&args.html) {
        if replaces(path, &inputs) {
            bail!("`{}` is a manuscript; it would be replaced by the report", path.display());
        }
    }
    let desk = Desk::new(&args.briefing, None, args.level)?;
    let told: Vec<Told> = inputs.iter().map(|input| desk.tell(input)).collect::<Result<_>>()?;
    let options = job::read_options(&args.reading)?;
    let kit = job::plain_kit()?;
    let editions: Vec<Edition> = (args.edition.iter())
        .map(|name| Edition::parse(name.trim()).ok_or_else(|| anyhow!("unknown edition `{name}`")))
        .collect::<Result<_>>()?;
    let proof = |(input, told): (&std::path::PathBuf, &Told)| {
        job::guarded(input, || proof(&kit, &options, &args.reading, &editions, input, told))
    };
    let proved: Vec<Result<(Proof, Option<Error>)>> = match &inputs[..] {
        // One manuscript needs no threads.
        [input] => vec![proof((input, &told[0]))],
        _ => inputs.par_iter().zip(&told).map(proof).collect(),
    };
    let mut outcome = Outcome::Done;
    let (mut proofs, mut troubles) = (Vec::new(), Vec::new());
    for result in proved {
        let (proof, trouble) = match result {
            Ok((proof, trouble)) => (Some(proof), trouble),
            Err(error) => (None, Some(error)),
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
        anstream::eprintln!("{}", summary(args, &proofs, findings));
    }
    Ok(if findings > 0 { outcome.max(Outcome::Findings) } else { outcome })
}

/// Reads one manuscript and looks for what is wrong; a picture that is missing is told beside the findings.
pub(crate) fn proof(
    kit: &Kit,
    options: &ReadOptions,
    reading: &Reading,
    editions: &[Edition],
    input: &Path,
    told: &Told,
) -> Result<(Proof, Option<Error>)> {
    let mut report = Report::default();
    let source = job::source(input, reading, &mut report)?;
    let mut brief = told.brief(&source, &mut report);
    brief.make = None;
    let reader = job::reader_of(&source, reading.from)?;
    let mut document = prepare(kit, &source, reader, options, &brief, &mut report);
    let trouble = job::load_images(&mut document, &source, input, reader, &mut report).err();
    for edition in editions {
        let house = told.house(edition)?;
        let options = localize::Options { house: house.as_ref(), ..localize::Options::default() };
        let (_, found) = localized(&document, edition, options);
        let guesses = found.changes.into_iter().filter(is_doubtful);
        report.changes.extend(guesses.map(|guess| {
            let message = format!("in {}: {}", edition.tag(), guess.message);
            Change { message, ..guess }
        }));
        report.diagnostics.extend(found.diagnostics);
    }
    let language = source_edition(&document).tag().to_owned();
    let proof = Proof {
        source,
        language,
        report,
        file: told.file.clone(),
        least: told.level,
        verdicts: brief.verdicts,
        decisions: told.ledger.decisions.clone(),
    };
    Ok((proof, trouble))
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
