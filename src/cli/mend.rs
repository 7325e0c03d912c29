//! `hanpress fix`: the corrections, in the manuscript itself.

use std::{io::Write as _, ops::Range, path::Path};

use anyhow::{Context as _, Result, bail};
use hanpress::{
    edit::Change,
    kit::Kit,
    present::is_correction,
    read::ReadOptions,
    report::{Diagnostic, Report, Severity, describe},
    source::Source,
};

use crate::cli::{
    Outcome,
    args::Fix,
    briefing::{Desk, Told},
    complain, job, message,
    work::{Want, Work},
};

pub(crate) fn run(args: &Fix) -> Result<Outcome> {
    let works = Work::all(&args.reading, true)?;
    let desk = Desk::new(&args.briefing, args.fix, None)?;
    let told: Vec<Vec<Told>> = works.iter().map(|work| work.tell(&desk)).collect::<Result<_>>()?;
    let options = job::read_options(&args.reading)?;
    let kit = job::plain_kit()?;
    let mut outcome = Outcome::Done;
    for (work, told) in works.iter().zip(&told) {
        outcome = outcome.max(
            job::guarded(&work.input, || mend(args, &kit, &options, work, told)).unwrap_or_else(|error| {
                complain(&error);
                Outcome::Trouble
            }),
        );
    }
    Ok(outcome)
}

/// Mends a manuscript, each of its files for itself: what stops one of them does not stop the others.
fn mend(args: &Fix, kit: &Kit, options: &ReadOptions, work: &Work, told: &[Told]) -> Result<Outcome> {
    let mut report = Report::default();
    let want = Want { bytes: args.write, fixed: true, pictures: false };
    let opened = work.open(told, kit, &args.reading, options, want, &mut report)?;
    let mut outcome = Outcome::Done;
    for (number, (source, path)) in opened.sources.iter().zip(&work.files).enumerate() {
        let said = |d: &&Diagnostic| {
            SAID.contains(&d.rule) && d.severity >= Severity::Warning && d.span.source == source.id
        };
        for diagnostic in report.diagnostics.iter().filter(said) {
            anstream::eprint!("{}", message::diagnostic(source, diagnostic));
        }
        let bytes = opened.bytes.get(number).map_or(&[][..], Vec::as_slice);
        let made = mend_file(args, path, source, bytes, &report, work.is_book());
        outcome = outcome.max(made.unwrap_or_else(|error| {
            complain(&error);
            Outcome::Trouble
        }));
    }
    Ok(outcome)
}

/// What is told besides the corrections: that the file may be read wrongly, or decisions be in vain.
const SAID: [&str; 3] = ["guessed-encoding", "damaged-package", "stale-decision"];

/// Shows or writes the corrections of a file. One of a book that needs none is passed over.
fn mend_file(
    args: &Fix,
    path: &Path,
    source: &Source,
    bytes: &[u8],
    report: &Report,
    of_book: bool,
) -> Result<Outcome> {
    let (mut made, mut left) = corrections(source, report);
    if of_book && made.is_empty() && left.is_empty() {
        return Ok(Outcome::Done);
    }
    if args.write && source.package().is_some() {
        bail!(
            "`{}` is a package and is not written into; `hanpress convert --to docx -O DIR` makes a corrected one",
            path.display()
        );
    }
    // What the encoding of the file cannot say stays as it is.
    made.retain(|change| {
        let sayable = encoded(source, &change.after).is_some();
        if !sayable {
            left.push((*change, format!("{} has no such character", source.encoding.name())));
        }
        sayable
    });
    if !args.write {
        anstream::print!("{}", diff(source, &mended(source, &made)));
    } else if !made.is_empty() {
        if path == Path::new("-") {
            bail!("standard input cannot be written; use `--diff`");
        }
        write(path, source, bytes, &made)?;
    }
    for (change, why) in &left {
        let at = source.place(change.span.start as usize);
        let style = anstyle::AnsiColor::Yellow.on_default().bold();
        anstream::eprintln!(
            "{style}left{style:#}: {}:{}:{}: {}: {why}",
            source.file_at(change.span.start as usize),
            at.line,
            at.column,
            describe(change)
        );
    }
    let n = made.len();
    let done = if args.write { "made" } else { "to make" };
    anstream::eprintln!("{}: {n} correction{} {done}", source.name, if n == 1 { "" } else { "s" });
    Ok(if args.write && !left.is_empty() { Outcome::Findings } else { Outcome::Done })
}

/// The corrections of words that were made, in order, and those that cannot be written because the source reads
/// otherwise than the rule saw it, with the reason.
fn corrections<'a>(source: &Source, report: &'a Report) -> (Vec<&'a Change>, Vec<(&'a Change, String)>) {
    let applied =
        report.changes.iter().filter(|c| c.applied && is_correction(c) && c.span.source == source.id);
    let (mut made, left): (Vec<&Change>, Vec<&Change>) =
        applied.partition(|c| source.words_under(c.span) == c.before);
    made.sort_by_key(|c| (c.span.start, c.span.end));
    made.dedup_by(|b, a| b.span.start < a.span.end);
    let why = "markup, a line end or another correction stands inside; look at it by hand";
    (made, left.into_iter().map(|change| (change, why.to_owned())).collect())
}

fn mended(source: &Source, made: &[&Change]) -> String {
    let edits =
        made.iter().map(|change| (source.in_words(change.span.range()), change.after.clone().into_bytes()));
    let bytes = spliced(source.words().as_bytes(), edits);
    String::from_utf8(bytes).expect("changes begin and end between characters")
}

/// Bytes with parts replaced; the ranges are in order and do not overlap.
fn spliced(whole: &[u8], edits: impl Iterator<Item = (Range<usize>, Vec<u8>)>) -> Vec<u8> {
    let mut out = Vec::with_capacity(whole.len());
    let mut at = 0;
    for (range, new) in edits {
        out.extend_from_slice(&whole[at..range.start]);
        out.extend(new);
        at = range.end;
    }
    out.extend_from_slice(&whole[at..]);
    out
}

/// A unified diff; corrections never add or take lines, so the lines pair up. Line ends are part of the lines.
fn diff(source: &Source, mended: &str) -> String {
    let lines = |text: &str| -> Vec<String> {
        let end = |line: &str| match line.strip_suffix('\n') {
            Some(_) => line.to_owned(),
            None => format!("{line}\n\\ No newline at end of file\n"),
        };
        text.split_inclusive('\n').map(end).collect()
    };
    let (old, new) = (lines(source.words()), lines(mended));
    let mut out = String::new();
    let changed: Vec<usize> = (0..old.len().min(new.len())).filter(|&i| old[i] != new[i]).collect();
    if changed.is_empty() {
        return out;
    }
    out.push_str(&format!("--- {0}\n+++ {0}\n", source.name));
    let mut i = 0;
    while i < changed.len() {
        let mut j = i;
        while j + 1 < changed.len() && changed[j + 1] - changed[j] <= 6 {
            j += 1;
        }
        let (from, to) = (changed[i].saturating_sub(3), (changed[j] + 4).min(old.len()));
        out.push_str(&format!("@@ -{0},{1} +{0},{1} @@\n", from + 1, to - from));
        let mut k = from;
        while k < to {
            if old[k] == new[k] {
                out.push_str(&format!(" {}", old[k]));
                k += 1;
                continue;
            }
            let end = (k..to).find(|&m| old[m] == new[m]).unwrap_or(to);
            old[k..end].iter().for_each(|l| out.push_str(&format!("-{l}")));
            new[k..end].iter().for_each(|l| out.push_str(&format!("+{l}")));
            k = end;
        }
        i = j + 1;
    }
    out
}

/// Writes the corrections into the bytes that were read, and nothing else: byte order mark, line ends and every other
/// character stay as they are. The file is written under a temporary name first.
///
/// # Errors
/// When the file changed meanwhile, cannot be written, or a place of the text cannot be found in its bytes.
fn write(path: &Path, source: &Source, bytes: &[u8], made: &[&Change]) -> Result<()> {
    let name = path.display();
    if !source.damage.is_empty() {
        bail!("`{name}` has bytes that are no {}; repair them first", source.encoding.name());
    }
    let mut edits = Vec::new();
    for change in made {
        let range = source.original(change.span);
        let there = bytes.get(range.clone()).map(|b| source.encoding.decode_without_bom_handling(b).0);
        if there.as_deref() != Some(source.slice(change.span)) {
            bail!(
                "`{name}` is written in a kind of {} that cannot be changed in place; convert it to UTF-8 first",
                source.encoding.name()
            );
        }
        edits.push((range, encoded(source, &change.after).unwrap_or_default()));
    }
    let mended = spliced(bytes, edits.into_iter());
    // A link stays a link.
    let target = path.canonicalize().with_context(|| format!("cannot read `{name}`"))?;
    let permissions = std::fs::metadata(&target)?.permissions();
    if permissions.readonly() {
        bail!("`{name}` may not be written");
    }
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".hanpress-").tempfile_in(folder)?;
    let mut attempt = || -> std::io::Result<()> {
        file.write_all(&mended)?;
        file.as_file().set_permissions(permissions.clone())
    };
    attempt().with_context(|| format!("cannot write `{name}`"))?;
    if std::fs::read(&target).with_context(|| format!("cannot read `{name}`"))? != bytes {
        bail!("`{name}` was changed by somebody else meanwhile; nothing is written, run `fix` again");
    }
    file.persist(&target).with_context(|| format!("cannot write `{name}`"))?;
    Ok(())
}

/// Text in the encoding of the source, or `None` where that has no such character.
fn encoded(source: &Source, text: &str) -> Option<Vec<u8>> {
    if source.encoding == encoding_rs::UTF_16LE {
        return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if source.encoding == encoding_rs::UTF_16BE {
        return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    let (bytes, _, lossy) = source.encoding.encode(text);
    (!lossy).then(|| bytes.into_owned())
}
