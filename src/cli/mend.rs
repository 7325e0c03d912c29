//! `hanpress fix`: the corrections, in the manuscript itself.

use std::{io::Write as _, path::Path};

use anyhow::{Context as _, Result, bail};
use hanpress::{edit::Change, pipeline::prepare, report::Report, source::Source};

use crate::cli::{
    Outcome,
    args::{FaceArgs, Fix},
    complain, is_correction, job,
};

pub(crate) fn run(args: &Fix) -> Result<Outcome> {
    let options = job::read_options(&args.reading)?;
    let kit = job::kit(&FaceArgs { font: Vec::new(), system_fonts: false, no_cache: true }, "handout", None)?;
    let mut outcome = Outcome::Done;
    for input in &args.reading.inputs {
        let mend = || -> Result<()> {
            let mut report = Report::default();
            let source = job::source(input, &args.reading, &mut report)?;
            let reader = job::reader_of(input, args.reading.from);
            prepare(&kit, &source, reader, &options, job::least(args.fix), &mut report);
            let made = corrections(&source, &report);
            let mended = mended(&source, &made);
            if !args.write {
                anstream::print!("{}", diff(&source, &mended));
            } else if !made.is_empty() {
                if input == Path::new("-") {
                    bail!("standard input cannot be written; use `--diff`");
                }
                write(input, &source, &mended)?;
            }
            let n = made.len();
            let done = if args.write { "made" } else { "to make" };
            anstream::eprintln!("{}: {n} correction{} {done}", source.name, if n == 1 { "" } else { "s" });
            Ok(())
        };
        if let Err(error) = mend() {
            complain(&error);
            outcome = Outcome::Trouble;
        }
    }
    Ok(outcome)
}

/// The corrections of words that were made, where the source still reads as the rule saw it.
fn corrections<'a>(source: &Source, report: &'a Report) -> Vec<&'a Change> {
    let mut made: Vec<&Change> = report
        .changes
        .iter()
        .filter(|c| c.applied && is_correction(c) && source.slice(c.span) == c.before)
        .collect();
    made.sort_by_key(|c| (c.span.start, c.span.end));
    made.dedup_by(|b, a| b.span.start < a.span.end);
    made
}

fn mended(source: &Source, made: &[&Change]) -> String {
    let mut out = String::with_capacity(source.text.len());
    let mut at = 0;
    for change in made {
        let range = change.span.range();
        out.push_str(&source.text[at..range.start]);
        out.push_str(&change.after);
        at = range.end;
    }
    out.push_str(&source.text[at..]);
    out
}

/// A unified diff; corrections never add or take lines, so the lines pair up.
fn diff(source: &Source, mended: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (source.text.lines().collect(), mended.lines().collect());
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
                out.push_str(&format!(" {}\n", old[k]));
                k += 1;
                continue;
            }
            let end = (k..to).find(|&m| old[m] == new[m]).unwrap_or(to);
            old[k..end].iter().for_each(|l| out.push_str(&format!("-{l}\n")));
            new[k..end].iter().for_each(|l| out.push_str(&format!("+{l}\n")));
            k = end;
        }
        i = j + 1;
    }
    out
}

/// Writes the file in its own encoding, under a temporary name first.
fn write(path: &Path, source: &Source, mended: &str) -> Result<()> {
    let name = path.display();
    if !source.damage.is_empty() {
        bail!("`{name}` has bytes that are no {}; repair them first", source.encoding.name());
    }
    let original = std::fs::read(path).with_context(|| format!("cannot read `{name}`"))?;
    let bom = original.len() - encoded(source, &source.text)?.len().min(original.len());
    let mut bytes = original[..bom].to_vec();
    if bytes.len() + encoded(source, &source.text)?.len() != original.len()
        || !original.ends_with(&encoded(source, &source.text)?)
    {
        bail!(
            "`{name}` cannot be written back in {} without changing other characters; convert it to UTF-8 first",
            source.encoding.name()
        );
    }
    bytes.extend(encoded(source, mended)?);
    let dir = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let permissions = std::fs::metadata(path)?.permissions();
    let attempt = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(dir)?;
        file.write_all(&bytes)?;
        file.as_file().set_permissions(permissions.clone())?;
        file.persist(path)?;
        Ok(())
    };
    attempt().with_context(|| format!("cannot write `{name}`"))
}

fn encoded(source: &Source, text: &str) -> Result<Vec<u8>> {
    if source.encoding == encoding_rs::UTF_16LE {
        return Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if source.encoding == encoding_rs::UTF_16BE {
        return Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    let (bytes, _, lossy) = source.encoding.encode(text);
    if lossy {
        bail!(
            "a correction has a character that {} has not; convert the file to UTF-8 first",
            source.encoding.name()
        );
    }
    Ok(bytes.into_owned())
}
