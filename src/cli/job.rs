//! What was typed, turned into what it means: sources, options, editions, outputs.

use std::{
    io::Read as _,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow, bail};
use hanpress::{
    document::{Block, Document, Image, IndexKind, NotePlace, each},
    edit::Confidence,
    font::store::FontStore,
    kit::Kit,
    package::Package,
    read::{self, Headings, READERS, ReadOptions, Reader, docx::Tracked, front},
    report::{Diagnostic, Report, Severity},
    source::{Source, SourceId},
    tables::Tables,
    template::{Direction, Template},
    text::MarkKind,
    write::docx,
};

use crate::{
    cli::args::{self, FaceArgs, FixLevel, From, HeadingMode, Level, Reading},
    faces,
};

/// The least confidence of the corrections to make.
pub(crate) fn least(level: FixLevel) -> Option<Confidence> {
    match level {
        FixLevel::Sure => Some(Confidence::Sure),
        FixLevel::Likely => Some(Confidence::Likely),
        FixLevel::None | FixLevel::Off => None,
    }
}

/// The confidence that a flag names.
pub(crate) fn confidence(level: Level) -> Confidence {
    match level {
        Level::Sure => Confidence::Sure,
        Level::Likely => Confidence::Likely,
        Level::Doubtful => Confidence::Doubtful,
    }
}

/// A kit for reading and proofreading only.
pub(crate) fn plain_kit() -> Result<Kit> {
    kit(&FaceArgs { font: Vec::new(), system_fonts: false, no_cache: true }, "handout", None)
}

/// The inputs, with the manuscripts of a folder in its place: those whose name ends like one, in the order of their
/// names, without what `.gitignore` leaves out or is hidden.
///
/// # Errors
/// When a folder cannot be read, or has no manuscript.
pub(crate) fn inputs(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for path in named {
        if !path.is_dir() {
            out.push(path.clone());
            continue;
        }
        let before = out.len();
        let by_name = |a: &std::ffi::OsStr, b: &std::ffi::OsStr| a.cmp(b);
        for entry in ignore::WalkBuilder::new(path).require_git(false).sort_by_file_name(by_name).build() {
            let entry = entry.with_context(|| format!("cannot read the folder `{}`", path.display()))?;
            let extension =
                entry.path().extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
            let known = READERS.iter().any(|r| r.extensions.contains(&extension.as_str()));
            if known && entry.file_type().is_some_and(|kind| !kind.is_dir()) {
                out.push(entry.into_path());
            }
        }
        if out.len() == before {
            bail!("there is no manuscript in `{}`; {}", path.display(), kinds());
        }
    }
    Ok(out)
}

/// How the names of manuscripts end.
pub(crate) fn kinds() -> String {
    let known: Vec<&str> = READERS.iter().flat_map(|r| r.extensions).copied().collect();
    format!("their names end in .{}", known.join(", ."))
}

/// Runs what is to be done with one input. A fault of ours in one manuscript must not take the rest with it.
pub(crate) fn guarded<T>(input: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(anyhow!("{}: hanpress made a mistake of its own (above); please report it", input.display()))
    })
}

/// Builds the kit: bundled faces, the user's, tables, a template.
pub(crate) fn kit(fonts: &FaceArgs, template: &str, direction: Option<args::Direction>) -> Result<Kit> {
    let cache = if fonts.no_cache { None } else { cache_dir() };
    let mut store = FontStore::bundled(Box::new(faces::packed), cache)?;
    for font in fonts.font.iter().rev() {
        let path = Path::new(font);
        if path.is_file() {
            store.add_file(path)?;
        } else {
            store.prefer(font).or_else(|_| store.add_installed(font)).map_err(|e| {
                anyhow!("{e}; give a font file, the name of an installed family, or one of `hanpress fonts`")
            })?;
        }
    }
    if fonts.system_fonts {
        store.add_system();
    }
    let mut template = load_template(template)?;
    if let Some(direction) = direction {
        template.page = template.page.turned(match direction {
            args::Direction::Horizontal => Direction::Horizontal,
            args::Direction::Vertical => Direction::Vertical,
        });
    }
    Ok(Kit { fonts: store, tables: Tables::bundled(), template })
}

/// A bundled template, or one from a TOML file.
fn load_template(name: &str) -> Result<Template> {
    if let Some(template) = Template::bundled(name) {
        return Ok(template);
    }
    let path = Path::new(name);
    if path.extension().is_none_or(|e| e != "toml") {
        return Err(anyhow!(
            "unknown template `{name}`{}; give a name from `hanpress templates` or a .toml file",
            suggest(name, Template::names())
        ));
    }
    let page = std::fs::read_to_string(path).with_context(|| format!("cannot read template `{name}`"))?;
    let name = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    Template::new(&name, &page).map_err(|error| {
        let place = if error.line > 0 { format!(":{}", error.line) } else { String::new() };
        let message = match &error.unknown {
            Some((key, known)) => {
                format!("unknown key `{key}`{}", suggest(key, known.iter().map(String::as_str)))
            }
            None => error.message,
        };
        anyhow!("{}{place}: {message}", path.display())
    })
}

/// A house's document, whose looks a DOCX takes.
///
/// # Errors
/// When it cannot be read, or is no document of Word that can lend them.
pub(crate) fn reference(path: &Path) -> Result<Package> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{name}`"))?;
    if !Package::is_one(&bytes) {
        bail!("`{name}` is no document of Word; save it as .docx");
    }
    let package = Package::open(bytes).with_context(|| format!("cannot use `{name}`"))?;
    docx::reference::check(&package).map_err(|why| anyhow!("cannot use `{name}`: {why}"))?;
    Ok(package)
}

/// The folder for unpacked faces: the system's place for caches, or `HANPRESS_CACHE`.
fn cache_dir() -> Option<PathBuf> {
    if let Some(dir) = std::env::var_os("HANPRESS_CACHE") {
        return (!dir.is_empty()).then(|| PathBuf::from(dir));
    }
    let home = || std::env::var_os("HOME").map(PathBuf::from);
    let base = if cfg!(target_os = "macos") {
        home().map(|h| h.join("Library/Caches"))
    } else if cfg!(windows) {
        std::env::var_os("LOCALAPPDATA").map(PathBuf::from)
    } else {
        std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| home().map(|h| h.join(".cache")))
    };
    base.filter(|b| b.is_absolute()).map(|b| b.join("hanpress").join("faces"))
}

/// What the flags say of reading.
pub(crate) fn read_options(reading: &Reading) -> Result<ReadOptions> {
    let mut meta = Vec::new();
    for pair in &reading.meta {
        let (name, value) =
            pair.split_once('=').ok_or_else(|| anyhow!("`--meta {pair}`: write it as KEY=VALUE"))?;
        let key = front::key(name)
            .ok_or_else(|| anyhow!("unknown metadata `{name}`{}", suggest(name, front::keys())))?;
        if key == "date"
            && front::iso_date(value).is_none()
            && !value.chars().all(|c| c.is_ascii_digit() || c == '-')
        {
            bail!("`{value}` is no date; write it as 2025-09-01");
        }
        if key == "notes" && NotePlace::parse(value).is_none() {
            bail!("`{value}` is no place of notes; known are foot, chapter, end");
        }
        if key == "index"
            && let Some(word) = front::index_words(value).find(|word| IndexKind::parse(word).is_none())
        {
            bail!("`{word}` is no index; known are names, titles, terms");
        }
        meta.push((key.to_owned(), value.to_owned()));
    }
    let headings = match reading.headings {
        HeadingMode::Guess => Headings::Guess,
        HeadingMode::None => Headings::None,
    };
    let tracked = match reading.tracked {
        args::Tracked::Accepted => Tracked::Accepted,
        args::Tracked::Refused => Tracked::Refused,
    };
    let (markup, whole) = (reading.markup, reading.whole);
    Ok(ReadOptions { headings, meta, markup, letter: false, whole, tracked, chapter: false })
}

/// `; did you mean …?` for a word that is not known.
pub(crate) fn suggest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let near = known.iter().min_by_key(|k| distance(word, k)).filter(|k| distance(word, k) <= 2);
    match near {
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!("; known are {}", known.join(", ")),
    }
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, d) in b.iter().enumerate() {
            let next = (corner + usize::from(c != *d)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}

/// Reads and decodes one input.
pub(crate) fn source(path: &Path, reading: &Reading, report: &mut Report) -> Result<Source> {
    Ok(manuscript(path, SourceId(0), reading, report)?.0)
}

/// The same with the bytes of the file; the bytes of a package are the source's own.
pub(crate) fn manuscript(
    path: &Path,
    id: SourceId,
    reading: &Reading,
    report: &mut Report,
) -> Result<(Source, Vec<u8>)> {
    let limit = reading.max_size.saturating_mul(1 << 20);
    let name = if path == Path::new("-") { "<stdin>".to_owned() } else { path.display().to_string() };
    let too_large =
        || anyhow!("`{name}` is larger than {} MiB; raise the limit with `--max-size`", reading.max_size);
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
    } else {
        let meta = std::fs::metadata(path).with_context(|| format!("cannot read `{name}`"))?;
        if meta.is_dir() {
            bail!(
                "`{name}` is a directory; name the files in it, for example `{}`, or make one book of them with `--book`",
                path.join("*.txt").display()
            );
        }
        if meta.is_file() && meta.len() > limit {
            return Err(too_large());
        }
        bytes.reserve_exact(usize::try_from(meta.len()).unwrap_or_default().saturating_add(1));
        let file = std::fs::File::open(path).with_context(|| format!("cannot read `{name}`"))?;
        file.take(limit + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read `{name}`"))?;
    }
    if bytes.len() as u64 > limit {
        return Err(too_large());
    }
    match read::open(id, &name, &mut bytes, reading.encoding.as_deref(), report) {
        Ok(source) => Ok((source, bytes)),
        Err(error) => Err(match error.hint() {
            Some(hint) => anyhow!("{name}: {error}\n  = hint: {hint}"),
            None => anyhow!("{name}: {error}"),
        }),
    }
}

/// The reader for a source: as asked, or by what it is.
///
/// # Errors
/// When a package is to be read as something else, or the other way round.
pub(crate) fn reader_of(source: &Source, from: Option<From>) -> Result<&'static Reader> {
    let name = match from {
        Some(From::Plain) => "plain",
        Some(From::Markdown) => "markdown",
        Some(From::Html) => "html",
        Some(From::Docx) => "docx",
        Some(From::Epub) => "epub",
        None => return Ok(read::reader(source)),
    };
    let reader = READERS.iter().find(|r| r.name == name).expect("each value of the flag is a reader");
    if reader.package != source.kind() {
        let kind = read::reader(source).name;
        bail!("{}: `--from {name}`, but the file is {kind} by what is in it", source.name);
    }
    Ok(reader)
}

/// Loads the pictures that a document names: the parts of a package, or files relative to its own.
///
/// # Errors
/// When a file is missing, or is neither PNG nor JPEG; the message has its place. Pictures of a package or of a page
/// that cannot be used are reported: its writer may not even know what kinds they are.
pub(crate) fn load_images(
    document: &mut Document,
    source: &Source,
    path: &Path,
    reader: &Reader,
    report: &mut Report,
) -> Result<()> {
    let mut named = Vec::new();
    let whole = hanpress::source::Span::new(source.id, 0..0);
    named.extend(document.meta.cover.iter().map(|path| (path.clone(), whole)));
    for (_, text) in document.texts() {
        for mark in text.marks() {
            if let MarkKind::Image { path, .. } = &mark.kind {
                named.push((path.clone(), text.span(mark.range.clone())));
            }
        }
    }
    figures(&document.blocks, &mut named);
    document.notes.iter().for_each(|n| figures(n, &mut named));
    let dir = path.parent().unwrap_or(Path::new(""));
    for (name, span) in named {
        if document.images.iter().any(|i| i.path == name) {
            continue;
        }
        if source.package().is_some() || reader.name == "html" {
            let bytes = match source.package() {
                Some(_) => source.media(&name).map_err(|error| anyhow!("it {error}")),
                None => beside(dir, &name),
            };
            match bytes.and_then(|bytes| Ok(Image::read(name.clone(), bytes)?)) {
                Ok(image) => document.images.push(image),
                Err(error) => {
                    let message = format!("cannot use the picture `{name}`: {error:#}");
                    let finding = Diagnostic::new("unread-picture", Severity::Error, span, message);
                    report.push(finding.hint("save it as PNG or JPEG with the document"));
                }
            }
            continue;
        }
        let place = source.place(span.start as usize);
        let at = format!("{}:{}:{}", source.file_at(span.start as usize), place.line, place.column);
        if name.contains("://") {
            bail!("{at}: picture `{name}` is on the network; save it beside the manuscript");
        }
        let bytes =
            std::fs::read(dir.join(&name)).with_context(|| format!("{at}: cannot read picture `{name}`"))?;
        let image = Image::read(name.clone(), bytes);
        document.images.push(image.with_context(|| format!("{at}: cannot use picture `{name}`"))?);
    }
    Ok(())
}

/// Loads the cover that the list of a book names, relative to the list.
///
/// # Errors
/// When the file is missing, or is neither PNG nor JPEG.
pub(crate) fn load_cover(
    document: &mut Document,
    source: &Source,
    path: &Path,
    report: &mut Report,
) -> Result<()> {
    let mut alone = Document::default();
    alone.meta.cover.clone_from(&document.meta.cover);
    load_images(&mut alone, source, path, &READERS[0], report)?;
    document.images.append(&mut alone.images);
    Ok(())
}

/// The bytes of a picture of a page: a file in its folder or below, whatever the page asks for.
fn beside(dir: &Path, name: &str) -> Result<Vec<u8>> {
    if name.contains("://") || name.starts_with("//") {
        bail!("it is on the network, where nothing is fetched from");
    }
    let path = Path::new(name);
    let inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    if name.contains('\\') || !path.components().all(inside) {
        bail!("it is outside of the folder of the page");
    }
    std::fs::read(dir.join(path)).context("it cannot be read")
}

fn figures(blocks: &[Block], named: &mut Vec<(String, hanpress::source::Span)>) {
    each(blocks, &mut |block| {
        if let Block::Figure { path, span, .. } = block {
            named.push((path.clone(), *span));
        }
    });
}
