//! `hanpress decide`: what a person thinks of findings, kept in a file beside the manuscripts.

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use hanpress::{
    decisions::{self, Decision, Verdicts},
    edit::{Change, Verdict},
    pipeline,
    present::{Proof, is_choice},
    report::{confidence_word, describe},
};

use crate::cli::{
    Outcome,
    args::Decide,
    briefing::{Desk, Told, parsed},
    check::{self, Asked},
    complain, job, message,
    output::{Target, write},
    work::Work,
};

/// What a flag does to a finding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Decide(Verdict),
    Undo,
}

/// Which findings a flag names.
enum Place {
    All,
    /// A line from 1, and a column from 1.
    At(usize, Option<usize>),
    /// The words of the finding.
    Words(String),
}

pub(crate) fn run(args: &Decide) -> Result<Outcome> {
    if let Some(name) = &args.rule
        && pipeline::rule(name).is_none()
    {
        bail!("unknown rule `{name}`{}", job::suggest(name, pipeline::settable().into_iter()));
    }
    let acts: Vec<(Act, Place, &str)> = [
        (Act::Decide(Verdict::Accept), &args.accept),
        (Act::Decide(Verdict::Reject), &args.reject),
        (Act::Undo, &args.undo),
    ]
    .into_iter()
    .flat_map(|(act, places)| places.iter().map(move |p| (act, place(p), p.as_str())))
    .collect();
    let asked = Asked::of(&args.edition, false)?;
    let works = Work::all(&args.reading, true)?;
    let files: Vec<&PathBuf> = works.iter().flat_map(|work| &work.files).collect();
    if files.len() > 1 && acts.iter().any(|(_, place, _)| matches!(place, Place::At(..))) {
        bail!("a line is a place in one manuscript; name one, or give the words");
    }
    if args.ask && files.iter().any(|file| *file == Path::new("-")) {
        bail!("standard input has the manuscript, and cannot have the answers; name a file");
    }
    let desk = Desk::new(&args.briefing, None, args.level)?;
    let told: Vec<Vec<Told>> = works.iter().map(|work| work.tell(&desk)).collect::<Result<_>>()?;
    let options = job::read_options(&args.reading)?;
    let kit = job::plain_kit()?;
    let mut outcome = Outcome::Done;
    // The files of decisions: before and after.
    let mut ledgers: BTreeMap<PathBuf, (Vec<Decision>, Vec<Decision>)> = BTreeMap::new();
    // Whether the person who was asked has left.
    let mut left = false;
    let mut unused: Vec<&str> = acts.iter().map(|(.., typed)| *typed).collect();
    'works: for (work, told) in works.iter().zip(&told) {
        for told in told {
            let known = || (told.ledger.decisions.clone(), told.ledger.decisions.clone());
            let (_, decisions) = ledgers.entry(told.ledger.path.clone()).or_insert_with(known);
            for path in &args.import {
                parsed(path)?.into_iter().for_each(|decision| decisions::decide(decisions, decision));
            }
        }
        let prove = || check::proofs(&kit, &options, &args.reading, &asked, work, told);
        let proofs = match job::guarded(&work.input, prove) {
            Ok((proofs, _)) => proofs,
            Err(error) => {
                complain(&error);
                outcome = Outcome::Trouble;
                continue;
            }
        };
        for (proof, told) in proofs.into_iter().zip(told) {
            let Some((_, decisions)) = ledgers.get_mut(&told.ledger.path) else { continue };
            for change in findings(&proof, args.rule.as_deref()) {
                for (act, place, typed) in &acts {
                    if !place.fits(&proof, change) {
                        continue;
                    }
                    unused.retain(|other| other != typed);
                    let session =
                        Session { proof: &proof, told, comment: args.comment.as_deref().unwrap_or_default() };
                    match act {
                        Act::Decide(verdict) => session.decide(decisions, change, &change.after, *verdict),
                        Act::Undo => session.open(decisions, change),
                    }
                }
            }
            if args.ask {
                let session =
                    Session { proof: &proof, told, comment: args.comment.as_deref().unwrap_or_default() };
                left = session.ask(decisions, args.rule.as_deref())?;
            }
            if args.tidy {
                let live = Verdicts::find(decisions, &proof.source, &told.file);
                let gone: Vec<Decision> = live.settled().chain(live.stale()).cloned().collect();
                decisions.retain(|decision| !gone.contains(decision));
            }
            if !args.ask {
                list(&proof, told, decisions, args.rule.as_deref());
            }
            if left {
                break 'works;
            }
        }
    }
    if let Some(typed) = unused.first() {
        bail!("no finding is at `{typed}`; nothing is written");
    }
    for (path, (before, after)) in ledgers {
        let text = decisions::write(&after);
        if decisions::write(&before) != text {
            write(&Target::File(path.clone()), text.as_bytes())?;
            let n = after.len();
            anstream::eprintln!("{}: {n} decision{}", path.display(), if n == 1 { "" } else { "s" });
        }
    }
    Ok(outcome)
}

/// One manuscript, and what is decided about it.
struct Session<'a> {
    proof: &'a Proof,
    told: &'a Told,
    comment: &'a str,
}

impl Session<'_> {
    /// Puts a decision in the place of earlier ones about the same words; `new` is the proposal or a rival.
    fn decide(&self, decisions: &mut Vec<Decision>, change: &Change, new: &str, verdict: Verdict) {
        // What changes nothing can only be refused, unless an edition had to choose.
        if verdict == Verdict::Accept && new == change.before && !is_choice(change) {
            return;
        }
        self.open(decisions, change);
        let change = Change { after: new.to_owned(), ..change.clone() };
        let mut decision = Decision::new(&self.proof.source, &self.told.file, &change, verdict);
        decision.comment = self.comment.to_owned();
        decisions::decide(decisions, decision);
    }

    /// Takes out what was decided about a change, about its rivals, and about another range of the same words.
    fn open(&self, decisions: &mut Vec<Decision>, change: &Change) {
        let source = &self.proof.source;
        for new in std::iter::once(&change.after).chain(&change.rivals) {
            if let Some(old) = self.proof.verdicts.decision(source, change.span, new) {
                decisions.retain(|decision| decision != old);
            }
            let change = Change { after: new.clone(), ..change.clone() };
            decisions::forget(decisions, &Decision::new(source, &self.told.file, &change, Verdict::Reject));
        }
    }

    /// Shows one open finding after another and asks about each; gives back whether the person has had enough.
    fn ask(&self, decisions: &mut Vec<Decision>, rule: Option<&str>) -> Result<bool> {
        let verdicts = Verdicts::find(decisions, &self.proof.source, &self.told.file);
        let about = |c: &&Change| verdicts.about(&self.proof.source, c.span, &c.after).is_none();
        let open: Vec<&Change> = findings(self.proof, rule).filter(about).collect();
        let mut lines = std::io::stdin().lines();
        let mut at = 0;
        while let Some(change) = open.get(at) {
            anstream::print!("{}", message::change(&self.proof.source, change));
            let rivals = if change.rivals.is_empty() { "" } else { ", 1 … 9 another reading" };
            anstream::print!(
                "[{}/{}] a accept, r reject{rivals}, s skip, u back, q quit: ",
                at + 1,
                open.len()
            );
            std::io::stdout().flush()?;
            let Some(answer) = lines.next().transpose()? else { return Ok(true) };
            anstream::println!();
            match answer.trim() {
                "a" => self.decide(decisions, change, &change.after, Verdict::Accept),
                "r" => self.decide(decisions, change, &change.after, Verdict::Reject),
                "s" | "" => {}
                "q" => return Ok(true),
                "u" => {
                    at = at.saturating_sub(1);
                    self.open(decisions, open[at]);
                    continue;
                }
                other => {
                    let rival = other.parse().ok().and_then(|n: usize| change.rivals.get(n.checked_sub(1)?));
                    let Some(rival) = rival else { continue };
                    self.decide(decisions, change, rival, Verdict::Accept);
                }
            }
            at += 1;
        }
        Ok(false)
    }
}

/// The corrections to decide about.
fn findings<'a>(proof: &'a Proof, rule: Option<&'a str>) -> impl Iterator<Item = &'a Change> {
    let shown = |c: &Change| proof.shows(c) || is_choice(c) && c.verdict.is_some();
    let wanted = move |c: &&Change| shown(c) && rule.is_none_or(|rule| c.rule == rule);
    let mut out: Vec<&Change> = proof.report.changes.iter().filter(wanted).collect();
    out.sort_by_key(|c| (c.span.start, c.span.end));
    out.into_iter()
}

/// A line a finding: place, verdict, words, rule.
fn list(proof: &Proof, told: &Told, decisions: &[Decision], rule: Option<&str>) {
    let verdicts = Verdicts::find(decisions, &proof.source, &told.file);
    for change in findings(proof, rule) {
        let at = proof.source.place(change.span.start as usize);
        let verdict = match verdicts.about(&proof.source, change.span, &change.after) {
            Some(Verdict::Accept) => "accept",
            Some(Verdict::Reject) => "reject",
            None => "open",
        };
        anstream::println!(
            "{verdict:6} {}:{}:{}: {} ({}, {})",
            proof.source.file_at(change.span.start as usize),
            at.line,
            at.column,
            describe(change),
            change.rule,
            confidence_word(change.confidence)
        );
    }
}

fn place(typed: &str) -> Place {
    let number = |s: &str| s.parse::<usize>().ok();
    match typed.split_once(':') {
        _ if typed == "all" => Place::All,
        Some((line, column)) => match (number(line), number(column)) {
            (Some(line), Some(column)) => Place::At(line, Some(column)),
            _ => Place::Words(typed.to_owned()),
        },
        None => number(typed).map_or_else(|| Place::Words(typed.to_owned()), |line| Place::At(line, None)),
    }
}

impl Place {
    fn fits(&self, proof: &Proof, change: &Change) -> bool {
        let at = proof.source.place(change.span.start as usize);
        match self {
            Self::All => true,
            Self::At(line, column) => at.line == *line && column.is_none_or(|column| at.column == column),
            Self::Words(words) => change.before == *words || proof.source.words_under(change.span) == words,
        }
    }
}
