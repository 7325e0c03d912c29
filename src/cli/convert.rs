//! `hanpress convert`: manuscripts in, editions out, each file whole or absent.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow, bail};
use hanpress::{
    counter::Numerals,
    document::{Document, Image, ImageFormat},
    edit::Confidence,
    edition::Edition,
    font::store::{Family, Style},
    kit::Kit,
    layout::{blocks, lines::Breaker},
    localize::{
        self,
        config::Config,
        convert::{Converter, Extras},
        decided::Decided,
        rules::VERTICAL_NUMERALS,
    },
    pipeline::{FORMATS, Format, WriteOptions, localized, source_edition},
    present::{is_correction, is_doubtful},
    read::ReadOptions,
    report::{Diagnostic, Report, Severity, find},
    source::{Source, SourceId, Span},
    write::{docx::Embed, pdf::Standard},
};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::cli::{
    Outcome,
    args::{self, Convert, EmbedFonts, Emit, IndexKind, LineBreaker, NotePlace, PdfStandard, Words},
    briefing::{Desk, Told},
    dump, job, message,
    output::{Target, replaces, write},
    work::{Opened, Want, Work},
};

/// An edition as the user asked for it; `source` is known only when the document is.
#[derive(Clone)]
enum Asked {
    Source,
    Named(Edition),
}

/// What one input became: the files to write and what to say of it.
struct Pressed {
    files: Vec<(Target, Vec<u8>)>,
    messages: String,
    report: Value,
    text_report: String,
    printed: String,
    findings: bool,
}

pub(crate) fn run(args: &Convert) -> Result<Outcome> {
    if let Some(config) = &args.opencc_compat {
        return compat(args, config);
    }
    let formats = formats(&args.to)?;
    let editions = editions(&args.edition)?;
    let mut options = job::read_options(&args.reading)?;
    if let Some(place) = args.notes {
        let name = match place {
            NotePlace::Foot => "foot",
            NotePlace::Chapter => "chapter",
            NotePlace::End => "end",
        };
        options.meta.push(("notes".to_owned(), name.to_owned()));
    }
    for kind in &args.index {
        let name = match kind {
            IndexKind::Names => "names",
            IndexKind::Titles => "titles",
            IndexKind::Terms => "terms",
            IndexKind::None => "none",
        };
        options.meta.push(("index".to_owned(), name.to_owned()));
    }
    let works = Work::all(&args.reading, false)?;
    let presses = Press::all(args, &works, &options)?;
    if let Some(path) = &args.report
        && !matches!(path.extension().and_then(|e| e.to_str()), Some("json" | "txt"))
    {
        bail!("cannot tell the report's format from `{}`; name it *.json or *.txt", path.display());
    }
    let mut files: Vec<PathBuf> = works.iter().flat_map(|work| work.files.iter().cloned()).collect();
    // What a house's document lends its looks to does not take its place.
    files.extend(args.reference_doc.clone());
    if let Some(path) = args.report.iter().chain(&args.output).find(|path| replaces(path, &files)) {
        bail!("`{}` is a manuscript; it would be replaced", path.display());
    }
    let single = works.len() == 1 && formats.len() == 1 && editions.len() == 1;
    if args.output.is_some() && !single {
        bail!("`-o` is for one input, one edition and one format; use `-O DIR`");
    }
    if args.reading.book
        && args.output.is_none()
        && args.out_dir.is_none()
        && args.emit.is_none()
        && !matches!(&args.reading.inputs[..], [folder] if folder.is_dir())
    {
        bail!("say where the book of these files goes: `-o FILE` or `-O DIR`");
    }
    if let Some(dir) = &args.out_dir
        && args.emit.is_none()
    {
        std::fs::create_dir_all(dir)
            .with_context(|| format!("cannot make the folder `{}`", dir.display()))?;
    }
    // Two inputs must not write the same file.
    let mut owners: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    for work in &works {
        if let Some(other) = owners.insert(work.stem(args.out_dir.as_deref()), &work.input) {
            bail!(
                "`{}` and `{}` would write the same files; part them with `-O`",
                other.display(),
                work.input.display()
            );
        }
    }
    let desk = Desk::new(&args.briefing, args.fix, None)?;
    let told: Vec<Vec<Told>> = works.iter().map(|work| work.tell(&desk)).collect::<Result<_>>()?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs.unwrap_or(0)).build()?;
    let pressed: Vec<Result<Pressed>> = pool.install(|| {
        let works = works.par_iter().zip(&told);
        works
            .map(|(work, told)| {
                let press = Press::of(&presses, args, work);
                job::guarded(&work.input, || press.press(args, &formats, &editions, work, told))
            })
            .collect()
    });
    finish(args, pressed, &files)
}

/// A template, and what follows from it.
struct Press {
    template: String,
    kit: Kit,
    options: ReadOptions,
}

/// The name of the template of a manuscript.
fn template(args: &Convert, work: &Work) -> String {
    let usual = if work.is_book() { "book" } else { "handout" };
    args.template.clone().or_else(|| work.template()).unwrap_or_else(|| usual.to_owned())
}

/// What OpenCC makes of the inputs, byte for byte.
fn compat(args: &Convert, name: &str) -> Result<Outcome> {
    let known = || Config::ALL.iter().map(|config| config.name());
    let config = (Config::ALL.into_iter().find(|config| config.name() == name))
        .ok_or_else(|| anyhow!("unknown configuration `{name}`{}", job::suggest(name, known())))?;
    if args.output.is_some() && args.reading.inputs.len() > 1 {
        bail!("`-o` is for one input; use `-O DIR`");
    }
    let converter = Converter::new(config, Extras::NONE);
    if args.reading.book {
        bail!("`--opencc-compat` converts files as they are, and binds no book");
    }
    for input in &args.reading.inputs {
        let source = job::source(input, &args.reading, &mut Report::default())?;
        let target = match &args.output {
            Some(path) if path == Path::new("-") => Target::Stdout,
            Some(path) => Target::File(path.clone()),
            None => {
                let stem = Work::single(input.clone()).stem(args.out_dir.as_deref());
                Target::File(stem.with_added_extension(format!("{name}.txt")))
            }
        };
        if let Target::File(path) = &target {
            if replaces(path, &args.reading.inputs) {
                bail!("`{}` is a manuscript; it would be replaced", path.display());
            }
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
            }
        }
        write(&target, converter.convert(&source.text).as_bytes())?;
    }
    Ok(Outcome::Done)
}

/// Writes the files, prints the messages, in the order of the inputs.
fn finish(args: &Convert, pressed: Vec<Result<Pressed>>, files: &[PathBuf]) -> Result<Outcome> {
    let mut outcome = Outcome::Done;
    let mut reports = Vec::new();
    let mut text_report = String::new();
    for result in pressed {
        let pressed = match result {
            Ok(pressed) => pressed,
            Err(error) => {
                super::complain(&error);
                outcome = Outcome::Trouble;
                continue;
            }
        };
        if !args.quiet {
            anstream::eprint!("{}", pressed.messages);
        }
        anstream::print!("{}", pressed.printed);
        reports.push(pressed.report);
        text_report.push_str(&pressed.text_report);
        if args.strict && pressed.findings {
            outcome = outcome.max(Outcome::Findings);
            continue;
        }
        for (target, bytes) in pressed.files {
            if let Target::File(path) = &target
                && replaces(path, files)
            {
                super::complain(&anyhow!(
                    "`{}` is a manuscript and stays as it is; name another file with `-o` or a folder with `-O`",
                    path.display()
                ));
                outcome = Outcome::Trouble;
                continue;
            }
            if let Target::File(path) = &target
                && let Some(folder) = path.parent()
                && folder.extension().is_some_and(|extension| extension == PICTURES)
                && let Err(error) = std::fs::create_dir_all(folder)
            {
                super::complain(&anyhow!("cannot make the folder `{}`: {error}", folder.display()));
                outcome = Outcome::Trouble;
                continue;
            }
            match write(&target, &bytes) {
                Ok(()) => {
                    if let (Target::File(path), false) = (&target, args.quiet) {
                        anstream::eprintln!("{} ({} KB)", path.display(), bytes.len().div_ceil(1000));
                    }
                }
                Err(error) => {
                    super::complain(&error);
                    outcome = Outcome::Trouble;
                }
            }
        }
    }
    if let Some(path) = &args.report {
        let bytes = if is_json(path) {
            serde_json::to_vec_pretty(&json!({ "documents": reports }))?
        } else {
            text_report.into_bytes()
        };
        write(&Target::File(path.clone()), &bytes)?;
    }
    Ok(outcome)
}

/// Whether a report is for machines, by the name of its file.
fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "json")
}

fn formats(names: &[String]) -> Result<Vec<&'static Format>> {
    let mut out: Vec<&Format> = Vec::new();
    for name in names {
        let known = FORMATS.iter().map(|f| f.name);
        let format = FORMATS
            .iter()
            .find(|f| f.name == name.trim())
            .ok_or_else(|| anyhow!("unknown format `{name}`{}", job::suggest(name, known)))?;
        if !out.iter().any(|f| f.name == format.name) {
            out.push(format);
        }
    }
    Ok(out)
}

fn editions(names: &[String]) -> Result<Vec<Asked>> {
    let mut out = Vec::new();
    let mut seen = Vec::new();
    for name in names {
        let asked = match name.trim() {
            "source" => Asked::Source,
            name => Asked::Named(Edition::parse(name).ok_or_else(|| {
                let known =
                    ["source", "hk", "tw", "cn", "zh-Hant-HK", "zh-Hant-TW", "zh-Hans-CN", "zh-Hant-CN"];
                anyhow!("unknown edition `{name}`{}", job::suggest(name, known.into_iter()))
            })?),
        };
        let key = match &asked {
            Asked::Source => "source",
            Asked::Named(edition) => edition.tag(),
        };
        if !seen.contains(&key) {
            seen.push(key);
            out.push(asked);
        }
    }
    Ok(out)
}

fn target(args: &Convert, work: &Work, edition: &Edition, several: bool, format: &Format) -> Target {
    match &args.output {
        Some(path) if path == Path::new("-") => Target::Stdout,
        Some(path) => Target::File(path.clone()),
        None => {
            let mut name = work.stem(args.out_dir.as_deref()).into_os_string();
            if several && edition.localized {
                name.push(".");
                name.push(edition.tag());
            }
            name.push(".");
            name.push(format.extension);
            Target::File(name.into())
        }
    }
}

impl Press {
    /// One for each template of the manuscripts.
    fn all(args: &Convert, works: &[Work], options: &ReadOptions) -> Result<Vec<Self>> {
        let names: BTreeSet<String> = works.iter().map(|work| template(args, work)).collect();
        let press = |template: String| -> Result<Self> {
            let mut kit = job::kit(&args.fonts, &template, args.direction)?;
            if let Some(numerals) = args.numerals {
                kit.template.page.numerals = match numerals {
                    args::Numerals::Keep => Numerals::Keep,
                    args::Numerals::Han => Numerals::Han,
                };
            }
            if let Some(path) = &args.reference_doc {
                kit.template.reference = Some(job::reference(path)?);
            }
            let options = ReadOptions { letter: kit.template.name == "letter", ..options.clone() };
            Ok(Self { template, kit, options })
        };
        names.into_iter().map(press).collect()
    }

    /// The one for a manuscript.
    fn of<'a>(all: &'a [Self], args: &Convert, work: &Work) -> &'a Self {
        let name = template(args, work);
        all.iter().find(|press| press.template == name).expect("each template has its press")
    }

    /// Takes one manuscript through the whole machine.
    fn press(
        &self,
        args: &Convert,
        formats: &[&Format],
        editions: &[Asked],
        work: &Work,
        told: &[Told],
    ) -> Result<Pressed> {
        let Self { kit, options, .. } = self;
        let mut report = Report::default();
        let want = Want { pictures: true, fixed: true, bytes: false };
        let opened = work.open(told, kit, &args.reading, options, want, &mut report)?;
        let Opened { mut sources, mut document, trouble, brief, .. } = opened;
        if let Some(error) = trouble {
            return Err(error);
        }
        let packed = sources.iter().any(|source| source.package().is_some());
        sources.iter_mut().for_each(Source::let_go);
        let sources = &sources[..];
        let told = &told[0];
        let pictures = pictures_beside(args, formats, work, packed, &mut document);
        if document.meta.title.is_none() {
            name_after_file(&mut document, work, sources[0].id, &mut report);
        }
        let own = source_edition(&document);
        let decided = Decided { sources, verdicts: &brief.verdicts };
        let made: Vec<Made> = editions
            .par_iter()
            .map(|asked| {
                let asked = match asked {
                    Asked::Source => own.clone(),
                    Asked::Named(edition) => edition.clone(),
                };
                edition(args, kit, formats, &document, asked, told, decided)
            })
            .collect::<Result<_>>()
            .with_context(|| sources[0].name.clone())?;
        let several = editions.len() > 1;
        let mut pressed = Pressed {
            files: Vec::new(),
            messages: String::new(),
            report: Value::Null,
            text_report: String::new(),
            printed: String::new(),
            findings: false,
        };
        if let Some(emit) = args.emit {
            pressed.printed = emitted(emit, breaker(args), kit, sources, &document, &report, &made)?;
            return Ok(pressed);
        }
        if !args.quiet {
            pressed.messages = say(sources, &report, &made);
        }
        match args.report.as_deref().map(is_json) {
            Some(true) => {
                pressed.report = json!({
                    "file": sources[0].name,
                    "encoding": sources[0].encoding.name(),
                    "manuscript": report.to_json(sources),
                    "editions": made.iter().map(|m| json!({
                        "edition": m.edition.name, "language": m.edition.tag(), "report": m.report.to_json(sources),
                    })).collect::<Vec<_>>(),
                });
            }
            Some(false) => pressed.text_report = full(sources, &report, &made),
            None => {}
        }
        pressed.findings = std::iter::once(&report)
            .chain(made.iter().map(|m| &m.report))
            .any(|r| r.diagnostics.iter().any(|d| d.severity >= Severity::Warning));
        for m in made {
            for (format, bytes) in formats.iter().zip(m.outputs) {
                pressed.files.push((target(args, work, &m.edition, several, format), bytes));
            }
        }
        pressed.files.extend(pictures);
        Ok(pressed)
    }
}

/// What the name of a folder of pictures ends with.
const PICTURES: &str = "pictures";

/// The pictures that Markdown only names, as files of a folder beside it, and the document naming them there: those of a
/// package, and all where the Markdown goes to another folder than its manuscript.
fn pictures_beside(
    args: &Convert,
    formats: &[&Format],
    work: &Work,
    packed: bool,
    document: &mut Document,
) -> Vec<(Target, Vec<u8>)> {
    let stem = match &args.output {
        Some(path) if path == Path::new("-") => return Vec::new(),
        Some(path) => path.with_extension(""),
        None => work.stem(args.out_dir.as_deref()),
    };
    let folder = stem.with_added_extension(PICTURES);
    let real = |path: Option<&Path>| {
        let path = path.filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
        path.canonicalize().ok()
    };
    let beside = !packed && real(folder.parent()) == real(Some(work.folder()));
    if beside || args.emit.is_some() || !formats.iter().any(|format| format.name == "md") {
        return Vec::new();
    }
    let Some(name) = folder.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    document.rename_images(|i, image| {
        let extension = match image.format {
            ImageFormat::Png => "png",
            ImageFormat::Jpeg => "jpg",
        };
        format!("{name}/{}.{extension}", i + 1)
    });
    let parent = folder.parent().unwrap_or(Path::new(""));
    let file = |image: &Image| (Target::File(parent.join(&image.path)), image.bytes.clone());
    document.images.iter().map(file).collect()
}

/// An edition that was made.
struct Made<'a> {
    edition: Edition,
    document: Cow<'a, Document>,
    report: Report,
    /// How many changes ask for a person's eye.
    doubtful: usize,
    /// How many numbers were written in Chinese numerals.
    numerals: usize,
    outputs: Vec<Vec<u8>>,
}

fn edition<'a>(
    args: &Convert,
    kit: &Kit,
    formats: &[&Format],
    document: &'a Document,
    edition: Edition,
    told: &Told,
    decided: Decided<'_>,
) -> Result<Made<'a>> {
    let words = match args.words {
        Words::Auto => None,
        Words::On => Some(true),
        Words::Off => Some(false),
    };
    let house = if edition.localized { told.house(&edition)? } else { None };
    let house = house.as_ref();
    let numerals = kit.template.page.numerals;
    let options = localize::Options { words, script: None, numerals, house, decided: Some(decided) };
    let (document, mut report) = localized(document, &edition, options);
    let numerals = report.changes.iter().filter(|c| c.rule == VERTICAL_NUMERALS).count();
    let doubtful = report.changes.iter().filter(|c| is_doubtful(c)).count();
    // Of a book these are hundreds of thousands: they do not stay in memory for nobody.
    if args.report.is_none() && args.emit != Some(Emit::Changes) {
        report.changes = Vec::new();
    }
    if args.emit.is_none() {
        warm(kit, &document, &edition, formats);
    }
    let options = WriteOptions {
        pdf: match args.pdf_standard {
            PdfStandard::A2aUa1 => Standard::A2aUa1,
            PdfStandard::A1b => Standard::A1b,
        },
        breaker: breaker(args),
        paged: formats.iter().any(|f| f.name == "pdf"),
        fonts: match args.embed_fonts {
            EmbedFonts::Subset => Embed::Subset,
            EmbedFonts::Full => Embed::Full,
            EmbedFonts::None => Embed::None,
        },
    };
    let write = |format: &&&Format| -> Result<(Vec<u8>, Report)> {
        let mut report = Report::default();
        let bytes = (format.write)(kit, &edition, &document, options, &mut report)?;
        Ok((bytes, report))
    };
    let wanted: &[&Format] = if matches!(args.emit, None | Some(Emit::Package)) { formats } else { &[] };
    let made: Vec<(Vec<u8>, Report)> = wanted.par_iter().map(|f| write(&f)).collect::<Result<_>>()?;
    let mut outputs = Vec::new();
    let mut reported: BTreeSet<_> = report.diagnostics.iter().map(|d| (d.rule, d.span)).collect();
    for (bytes, found) in made {
        outputs.push(bytes);
        for diagnostic in found.diagnostics {
            // Every format meets the same missing glyph: it is reported once.
            if reported.insert((diagnostic.rule, diagnostic.span)) {
                report.push(diagnostic);
            }
        }
    }
    Ok(Made { edition, document, report, doubtful, numerals, outputs })
}

/// Unpacks, side by side, the faces that an edition is sure to need.
fn warm(kit: &Kit, document: &Document, edition: &Edition, formats: &[&Format]) {
    let bold = |family| Style { bold: true, ..Style::new(family) };
    let mut styles = vec![Style::new(Family::Serif), bold(Family::Sans)];
    if formats.iter().any(|f| f.name == "pdf") && !document.meta.authors.is_empty() {
        styles.insert(0, Style::new(Family::Kai));
    }
    if formats.iter().any(|f| f.name != "docx") {
        styles.push(bold(Family::Serif));
    }
    let faces: Vec<_> = styles.iter().map(|&style| kit.fonts.chinese(edition.region, style)[0]).collect();
    kit.fonts.warm(&faces);
}

fn breaker(args: &Convert) -> Breaker {
    match args.line_breaker {
        LineBreaker::Total => Breaker::Total,
        LineBreaker::Greedy => Breaker::Greedy,
    }
}

/// A document without a title is called after its file.
fn name_after_file(document: &mut Document, work: &Work, id: SourceId, report: &mut Report) {
    let name = if work.is_folder { work.input.file_name() } else { work.input.file_stem() };
    let name = name.map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    let name = if name.is_empty() || name == "-" { "無題".to_owned() } else { name };
    let span = Span::new(id, 0..0);
    let message = format!("there is no title: none is printed, and the editions are called `{name}`");
    let finding = Diagnostic::new("guessed-title", Severity::Note, span, message);
    report.push(finding.hint("give one with `--meta title=…`"));
    document.meta.name = Some(name);
}

/// What a person at the desk wants to know at once: corrections, warnings, doubtful places.
fn say(sources: &[Source], report: &Report, made: &[Made]) -> String {
    let mut out = String::new();
    let mut unsure = 0;
    for change in report.changes.iter().filter(|c| is_correction(c) && !c.is_rejected()) {
        match change.applied || change.confidence > Confidence::Doubtful {
            true => out.push_str(&message::change(find(sources, change.span.source), change)),
            false => unsure += 1,
        }
    }
    let mut said = BTreeSet::new();
    for d in report.diagnostics.iter().chain(made.iter().flat_map(|m| &m.report.diagnostics)) {
        if d.severity >= Severity::Warning && said.insert((d.rule, d.severity, d.span, &d.message, &d.hint)) {
            out.push_str(&message::diagnostic(find(sources, d.span.source), d));
        }
    }
    if unsure > 0 {
        out.push_str(&format!(
            "{unsure} unsure suggestions (`hanpress check --level doubtful` shows them)\n"
        ));
    }
    for m in made {
        if m.doubtful > 0 {
            out.push_str(&format!(
                "{}: {} places to look at (`--report FILE` lists them)\n",
                m.edition.tag(),
                m.doubtful
            ));
        }
        if m.numerals > 0 {
            out.push_str(&format!(
                "{}: {} numbers in Chinese numerals (`--report FILE` lists them)\n",
                m.edition.tag(),
                m.numerals
            ));
        }
    }
    out
}

/// Everything, for the report file.
fn full(sources: &[Source], report: &Report, made: &[Made]) -> String {
    let plain = |s: String| anstream::adapter::strip_str(&s).to_string();
    let mut out = format!("# {}\n\n", sources[0].name);
    let mut part = |title: &str, report: &Report| {
        out.push_str(&format!("## {title}\n\n"));
        report
            .diagnostics
            .iter()
            .for_each(|d| out.push_str(&plain(message::diagnostic(find(sources, d.span.source), d))));
        // What asks for a person's eye comes first.
        let (look, rest): (Vec<_>, Vec<_>) = report.changes.iter().partition(|c| is_doubtful(c));
        look.iter()
            .chain(&rest)
            .for_each(|c| out.push_str(&plain(message::change(find(sources, c.span.source), c))));
        out.push('\n');
    };
    part("manuscript", report);
    for m in made {
        part(&format!("edition {} ({})", m.edition.name, m.edition.tag()), &m.report);
    }
    out
}

fn emitted(
    emit: Emit,
    breaker: Breaker,
    kit: &Kit,
    sources: &[Source],
    document: &Document,
    report: &Report,
    made: &[Made],
) -> Result<String> {
    let mut out = String::new();
    match emit {
        Emit::Tree => out.push_str(&dump::tree(document)),
        Emit::Changes => {
            out.push_str(&dump::changes(sources, report));
            for m in made {
                out.push_str(&format!("== {}\n{}", m.edition.tag(), dump::changes(sources, &m.report)));
            }
        }
        Emit::Lines | Emit::Text => {
            for m in made {
                let mut report = Report::default();
                let options = blocks::Options { breaker, ..blocks::Options::default() };
                let pages = blocks::lay_out(kit, &m.edition, &m.document, options, &mut report)?;
                if emit == Emit::Text {
                    out.push_str(&pages.text());
                } else {
                    out.push_str(&format!(
                        "== {}\n{}",
                        m.edition.tag(),
                        hanpress::layout::dump::lines(&pages)
                    ));
                }
            }
        }
        Emit::Package => {
            for m in made {
                for bytes in &m.outputs {
                    out.push_str(&format!("== {}\n{}", m.edition.tag(), dump::package(bytes)?));
                }
            }
        }
    }
    Ok(out)
}
