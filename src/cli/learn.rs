//! `hanpress learn`: the house's words for an edition, from its own finished documents, as a table that `--terms` and
//! `files` of `[edition.NAME]` take.

use std::fmt::Write as _;

use anyhow::{Result, anyhow, bail};
use hanpress::{
    document::Document,
    edition::Edition,
    localize::learn::{ENOUGH, Learner, Lesson},
    pipeline::source_edition,
    read,
    report::Report,
    source::Source,
};

use crate::cli::{
    Outcome,
    args::Learn,
    complain, job,
    output::{Target, replaces, write},
};

pub(crate) fn run(args: &Learn) -> Result<Outcome> {
    let inputs = job::inputs(&args.reading.inputs)?;
    if let Some(path) = args.output.as_ref().filter(|path| replaces(path, &inputs)) {
        bail!("`{}` is one of the documents; it would be replaced by the table", path.display());
    }
    let named = match &args.edition {
        Some(name) => Some(Edition::parse(name.trim()).ok_or_else(|| anyhow!("unknown edition `{name}`"))?),
        None => None,
    };
    let options = job::read_options(&args.reading)?;
    let mut outcome = Outcome::Done;
    let mut documents: Vec<(Source, Document)> = Vec::new();
    for input in &inputs {
        // Documents are finished: nothing is proofread, and what was guessed of their structure does not matter.
        let document = job::guarded(input, || {
            let mut report = Report::default();
            let source = job::source(input, &args.reading, &mut report)?;
            let reader = job::reader_of(&source, args.reading.from)?;
            let mut document = (reader.read)(&source, &options, &mut report);
            read::mark_foreign(&mut document, &mut report);
            Ok((source, document))
        });
        match document {
            Ok(document) => documents.push(document),
            Err(error) => {
                complain(&error);
                outcome = Outcome::Trouble;
            }
        }
    }
    let edition = match named {
        Some(edition) => edition,
        None => edition_of(&documents)?,
    };
    let mut learner = Learner::new(&edition);
    documents.iter().enumerate().for_each(|(number, (_, document))| learner.read(number, document));
    let lessons = learner.lessons();
    let text = table(&documents, &edition, learner.size(), &lessons);
    write(&args.output.as_deref().map_or(Target::Stdout, Target::of), text.as_bytes())?;
    let clear = lessons.iter().filter(|it| it.is_clear()).count();
    anstream::eprintln!(
        "{clear} words learned for {}; {} are not clear",
        edition.tag(),
        lessons.len() - clear
    );
    Ok(outcome)
}

/// The edition that all documents are of.
fn edition_of(documents: &[(Source, Document)]) -> Result<Edition> {
    let mut tags: Vec<&str> = documents.iter().map(|(_, document)| source_edition(document).tag()).collect();
    tags.sort_unstable();
    tags.dedup();
    match tags[..] {
        [] => bail!("there is no document to learn from"),
        [tag] => Edition::parse(tag)
            .ok_or_else(|| anyhow!("there is no edition `{tag}`; say which with `--edition`")),
        _ => bail!(
            "the documents look like those of several editions ({}); say which with `--edition`",
            tags.join(", ")
        ),
    }
}

/// The table: what is clear as lines, each under a comment with its evidence, and what is not as comments.
fn table(documents: &[(Source, Document)], edition: &Edition, size: usize, lessons: &[Lesson]) -> String {
    let tag = edition.tag();
    let mut out = String::new();
    let _ = writeln!(
        out,
        "# Words of the house for {tag}, learned from {} documents with {size} Han characters.",
        documents.len()
    );
    let _ = writeln!(
        out,
        "# A word as the edition would have it, a tab, what the house writes, a tab, the edition. Edit it freely."
    );
    let _ = writeln!(out, "# Used by `--terms FILE` and by `files` of `[edition.NAME]` in hanpress.toml.");
    let (clear, unclear): (Vec<&Lesson>, Vec<&Lesson>) = lessons.iter().partition(|it| it.is_clear());
    let (same, other): (Vec<&Lesson>, Vec<&Lesson>) = clear.into_iter().partition(|it| it.word == it.house);
    for (title, lessons) in [
        ("Otherwise than the edition would have it:", other),
        (
            "Words that stay: the edition would have to guess, or would exchange them for others of its region:",
            same,
        ),
    ] {
        if !lessons.is_empty() {
            let _ = write!(out, "\n# {title}\n");
        }
        for lesson in lessons {
            let _ = write!(
                out,
                "\n# {}\n{}\t{}\t{tag}\n",
                evidence(documents, lesson),
                lesson.word,
                lesson.house
            );
        }
    }
    if !unclear.is_empty() {
        let _ = write!(
            out,
            "\n# Not clear: fewer than {ENOUGH} places, or written in several ways. Decide yourself.\n"
        );
        for lesson in unclear {
            let _ = writeln!(
                out,
                "# {}\t{}\t{tag}\t({})",
                lesson.word,
                lesson.house,
                evidence(documents, lesson)
            );
        }
    }
    out
}

/// How often, what speaks against it, and where it can be seen.
fn evidence(documents: &[(Source, Document)], lesson: &Lesson) -> String {
    let mut out = match lesson.count {
        1 => "1 place".to_owned(),
        count => format!("{count} places"),
    };
    for (form, count) in &lesson.others {
        let _ = write!(out, ", {form} {count} times");
    }
    let (number, span) = lesson.place;
    if let Some((source, _)) = documents.get(number) {
        let place = source.place(span.start as usize);
        let file = source.file_at(span.start as usize);
        let _ = write!(out, "; {file}:{}:{} …{}…", place.line, place.column, lesson.example);
    }
    out
}
