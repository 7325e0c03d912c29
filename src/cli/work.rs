//! What a run works on: manuscripts of one file each, and books of several files, opened as one document.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Error, Result, anyhow, bail};
use globset::{GlobBuilder, GlobMatcher};
use hanpress::{
    brief::Brief,
    document::Document,
    kit::Kit,
    pipeline,
    read::{
        ReadOptions,
        bind::{Chapter, Leaf, bind},
        book::{self, Book, Entry},
        order::natural,
    },
    report::Report,
    source::{Source, SourceId, Span},
};

use crate::cli::{
    args::Reading,
    briefing::{Desk, Told},
    job,
};

/// The list of a book that is looked for in its folder.
const LIST: &str = "book.toml";

/// A manuscript: a file, or the files of a book.
pub(crate) struct Work {
    /// What was typed: names it in messages, and names its outputs, whose extension it may have.
    pub(crate) input: PathBuf,
    /// Whether the input is a folder, whose whole name outputs have.
    pub(crate) is_folder: bool,
    /// Its files, in order; of a book with a list, the list first.
    pub(crate) files: Vec<PathBuf>,
    /// What the book is made of, if it is one.
    volume: Option<Volume>,
}

/// A book, before its chapters are read.
struct Volume {
    /// The list and its source, if it has one.
    list: Option<(Source, Book)>,
    /// Headings of parts and chapters, in order.
    leaves: Vec<Slot>,
    /// The folder that paths are relative to.
    folder: PathBuf,
}

/// A place in a book.
enum Slot {
    Part(hanpress::text::Text),
    /// The number of a file, and how much lower its headings are.
    File(usize, u8),
}

/// What is to be kept of the files besides their text.
#[derive(Clone, Copy, Default)]
pub(crate) struct Want {
    /// Pictures: what is wrong with them is told.
    pub(crate) pictures: bool,
    /// The bytes of the files.
    pub(crate) bytes: bool,
    /// Whether corrections are made, or only proposed.
    pub(crate) fixed: bool,
}

/// A manuscript that was read and proofread.
pub(crate) struct Opened {
    /// Its files; spans name them by their ids.
    pub(crate) sources: Vec<Source>,
    /// Their bytes, if they were wanted.
    pub(crate) bytes: Vec<Vec<u8>>,
    pub(crate) document: Document,
    pub(crate) brief: Brief,
    /// What is wrong with its pictures.
    pub(crate) trouble: Option<Error>,
}

impl Work {
    /// The manuscripts of the inputs. `folders`: those in a folder stand in its place, unless it is to be a book; else
    /// a folder with a list is the book of that list.
    ///
    /// # Errors
    /// When a folder or a book's list cannot be read, or a chapter is missing.
    pub(crate) fn all(reading: &Reading, folders: bool) -> Result<Vec<Self>> {
        if reading.book {
            let work = match &reading.inputs[..] {
                [folder] if folder.join(LIST).is_file() => Self::listed(&folder.join(LIST), reading)?,
                inputs => Self::bound(inputs)?,
            };
            return Ok(vec![work]);
        }
        let mut out = Vec::new();
        for input in &reading.inputs {
            let is_list = input.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
            if is_list && reading.from.is_none() {
                out.push(Self::listed(input, reading)?);
            } else if !folders && input.join(LIST).is_file() {
                out.push(Self::listed(&input.join(LIST), reading)?);
            } else if folders {
                out.extend(job::inputs(std::slice::from_ref(input))?.into_iter().map(Self::single));
            } else {
                out.push(Self::single(input.clone()));
            }
        }
        Ok(out)
    }

    /// A manuscript of one file.
    pub(crate) fn single(input: PathBuf) -> Self {
        Self { files: vec![input.clone()], input, is_folder: false, volume: None }
    }

    /// A book of the files and folders that were typed, in that order; files of a folder in the order of their names.
    fn bound(inputs: &[PathBuf]) -> Result<Self> {
        if let [list] = inputs
            && list.extension().is_some_and(|e| e == "toml")
        {
            bail!("`{}` is the list of a book already; leave out `--book`", list.display());
        }
        if let Some(odd) =
            inputs.iter().find(|p| *p == Path::new("-") || p.extension().is_some_and(|e| e == "toml"))
        {
            bail!("`{}` is no chapter of a book; name files and folders", odd.display());
        }
        let is_folder = matches!(inputs, [folder] if folder.is_dir());
        let mut files = Vec::new();
        for input in inputs {
            if input.is_dir() {
                let mut found = job::inputs(std::slice::from_ref(input))?;
                found.sort_by(|a, b| natural(&name(a), &name(b)));
                files.append(&mut found);
            } else {
                files.push(input.clone());
            }
        }
        if let Some(twice) = (1..files.len()).find(|&i| files[..i].contains(&files[i])) {
            bail!("the chapter `{}` is there twice", files[twice].display());
        }
        // A list of files is called as its folder is.
        let folder = if is_folder { inputs[0].clone() } else { shared(&files) };
        let input = match folder.file_name() {
            Some(_) => folder.clone(),
            // The current folder has its name from above.
            None => {
                let real = Path::new(".").join(&folder).canonicalize().ok();
                real.and_then(|f| Some(PathBuf::from(f.file_name()?))).unwrap_or_default()
            }
        };
        let leaves = (0..files.len()).map(|i| Slot::File(i, 0)).collect();
        Ok(Self { input, is_folder: true, files, volume: Some(Volume { list: None, leaves, folder }) })
    }

    /// The book of a list.
    fn listed(input: &Path, reading: &Reading) -> Result<Self> {
        let source = job::source(input, reading, &mut Report::default())?;
        let at = |span: Span| {
            let place = source.place(span.start as usize);
            format!("{}:{}:{}", source.name, place.line, place.column)
        };
        let book = book::read(&source).map_err(|error| {
            let unknown = error.unknown.as_ref();
            let unknown =
                unknown.map(|(key, known)| format!(" `{key}`{}", job::suggest(key, known.iter().copied())));
            anyhow!("{}: {error}{}", at(error.span), unknown.unwrap_or_default())
        })?;
        let folder = input.parent().unwrap_or(Path::new("")).to_owned();
        let stem = input.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let mut below = None;
        let (mut files, mut leaves, mut missing) = (vec![input.to_owned()], Vec::new(), Vec::new());
        let named: Vec<PathBuf> = (book.entries.iter())
            .filter_map(|entry| match entry {
                Entry::Files { pattern, .. } => Some(folder.join(pattern)),
                Entry::Part(_) => None,
            })
            .collect();
        for entry in &book.entries {
            let (pattern, span, depth) = match entry {
                Entry::Part(title) => {
                    leaves.push(Slot::Part(title.clone()));
                    continue;
                }
                Entry::Files { pattern, span, depth } => (pattern, *span, *depth),
            };
            let path = folder.join(pattern);
            let found = if path.is_file() {
                if files.contains(&path) {
                    bail!("{}: the chapter `{pattern}` is there twice", at(span));
                }
                vec![path]
            } else {
                let glob = matcher(pattern).map_err(|error| anyhow!("{}: {error}", at(span)))?;
                if below.is_none() {
                    let home = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
                    below = Some(job::inputs(&[home.to_owned()]).unwrap_or_default());
                }
                let all = below.iter().flatten().map(|path| match folder.as_os_str().is_empty() {
                    true => path.strip_prefix(".").unwrap_or(path).to_owned(),
                    false => path.clone(),
                });
                let inside = |path: &PathBuf| path.strip_prefix(&folder).is_ok_and(|p| glob.is_match(p));
                // What the book became is no chapter of it, and what is named elsewhere stands there.
                let own = |path: &PathBuf| {
                    path.parent() == Some(&*folder)
                        && path.file_name().and_then(|n| n.to_str()).and_then(|n| n.split('.').next())
                            == Some(stem.as_str())
                };
                let fits = |path: &PathBuf| inside(path) && !own(path);
                let fitting: Vec<PathBuf> = all.filter(fits).collect();
                let mut found: Vec<PathBuf> =
                    fitting.iter().filter(|p| !files.contains(p) && !named.contains(p)).cloned().collect();
                if fitting.is_empty() {
                    missing.push(format!("{}: {}", at(span), absent(pattern, &path)));
                }
                found.sort_by(|a, b| natural(&name(a), &name(b)));
                found
            };
            for path in found {
                leaves.push(Slot::File(files.len(), depth));
                files.push(path);
            }
        }
        if !missing.is_empty() {
            bail!("{}", missing.join("\n"));
        }
        let list = Some((source, book));
        Ok(Self {
            input: input.to_owned(),
            is_folder: false,
            files,
            volume: Some(Volume { list, leaves, folder }),
        })
    }

    /// Whether this is a book of several files.
    pub(crate) fn is_book(&self) -> bool {
        self.volume.is_some()
    }

    /// The template that the book's list names: a file is relative to the list.
    pub(crate) fn template(&self) -> Option<String> {
        let (_, book) = self.volume.as_ref()?.list.as_ref()?;
        let (name, _) = book.template.as_ref()?;
        let file = name.ends_with(".toml").then(|| self.folder().join(name).display().to_string());
        Some(file.unwrap_or_else(|| name.clone()))
    }

    /// The folder that pictures are relative to.
    pub(crate) fn folder(&self) -> &Path {
        match &self.volume {
            Some(volume) => &volume.folder,
            None => self.input.parent().unwrap_or(Path::new("")),
        }
    }

    /// What the proofreader is told about each file.
    ///
    /// # Errors
    /// When settings or decisions cannot be read.
    pub(crate) fn tell(&self, desk: &Desk) -> Result<Vec<Told>> {
        self.files.iter().map(|file| desk.tell(file)).collect()
    }

    /// Reads and proofreads it; `told` about each file.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn open(
        &self,
        told: &[Told],
        kit: &Kit,
        reading: &Reading,
        options: &ReadOptions,
        want: Want,
        report: &mut Report,
    ) -> Result<Opened> {
        let mut opened = Opened {
            sources: Vec::new(),
            bytes: Vec::new(),
            document: Document::default(),
            brief: Brief::default(),
            trouble: None,
        };
        let Some(volume) = &self.volume else {
            let (source, bytes) = job::manuscript(&self.input, SourceId(0), reading, report)?;
            // Large files do not stay in memory for nobody.
            let bytes = want.bytes.then_some(bytes);
            let reader = job::reader_of(&source, reading.from)?;
            opened.brief = told[0].brief(&source, report);
            if !want.fixed {
                opened.brief.make = None;
            }
            opened.document = pipeline::prepare(kit, &source, reader, options, &opened.brief, report);
            if want.pictures {
                let document = &mut opened.document;
                opened.trouble = job::load_images(document, &source, &self.input, reader, report).err();
            }
            opened.bytes.extend(bytes);
            opened.sources.push(source);
            return Ok(opened);
        };
        let mut chapters = self.chapters(volume, reading, options, want, &mut opened, report)?;
        let leaves = volume.leaves.iter().filter_map(|slot| match slot {
            Slot::Part(title) => Some(Leaf::Part(title.clone())),
            Slot::File(file, depth) => {
                let mut chapter = chapters[*file].take()?;
                chapter.depth = *depth;
                Some(Leaf::Chapter(chapter))
            }
        });
        let meta = volume.list.as_ref().map(|(_, book)| book.meta.clone()).unwrap_or_default();
        let mut document = bind(meta, leaves.collect(), report);
        if want.pictures && document.meta.cover.is_some() && document.cover().is_none() {
            let (source, path) = (&opened.sources[0], &volume.folder.join("book"));
            let error = job::load_cover(&mut document, source, path, report).err();
            opened.trouble = opened.trouble.take().or(error);
        }
        let mut told = opened.sources.iter().zip(told);
        if let Some((source, first)) = told.next() {
            opened.brief = first.brief(source, report);
        }
        for (source, told) in told {
            opened.brief.verdicts.insert(source.id, told.verdicts(source, report));
        }
        if !want.fixed {
            opened.brief.make = None;
        }
        let (sources, brief) = (&opened.sources, &opened.brief);
        opened.document = pipeline::proofread(kit, sources, document, options, brief, report);
        Ok(opened)
    }

    /// Reads the files of a book; the list, which is no chapter, leaves its place empty.
    fn chapters(
        &self,
        volume: &Volume,
        reading: &Reading,
        options: &ReadOptions,
        want: Want,
        opened: &mut Opened,
        report: &mut Report,
    ) -> Result<Vec<Option<Box<Chapter>>>> {
        let options = ReadOptions { chapter: true, meta: Vec::new(), ..options.clone() };
        let mut chapters = Vec::new();
        for (number, path) in self.files.iter().enumerate() {
            let id = u16::try_from(number).map(SourceId).context("a book has at most 65,535 files")?;
            let (source, bytes) = job::manuscript(path, id, reading, report)?;
            let bytes = want.bytes.then_some(bytes);
            if number == 0 && volume.list.is_some() {
                chapters.push(None);
            } else {
                let reader = job::reader_of(&source, reading.from)?;
                let mut document = (reader.read)(&source, &options, report);
                if want.pictures
                    && let Err(error) = job::load_images(&mut document, &source, path, reader, report)
                {
                    opened.trouble.get_or_insert(error);
                }
                let within = path.strip_prefix(&volume.folder).unwrap_or(path);
                let home = if source.package().is_some() {
                    within
                } else {
                    within.parent().unwrap_or(Path::new(""))
                };
                let [path, folder] = [within, home].map(|path| path.to_string_lossy().replace('\\', "/"));
                let written = matches!(reader.name, "markdown" | "plain");
                let chapter = Chapter { source: id, document, path, written, folder, depth: 0 };
                chapters.push(Some(Box::new(chapter)));
            }
            opened.bytes.extend(bytes);
            opened.sources.push(source);
        }
        Ok(chapters)
    }

    /// The path of the outputs without edition and extension, below a folder or beside the input.
    pub(crate) fn stem(&self, folder: Option<&Path>) -> PathBuf {
        let input = if self.input == Path::new("-") { Path::new("stdin") } else { &self.input };
        let name = if self.is_folder { input.file_name() } else { input.file_stem() };
        match folder {
            Some(folder) => folder.join(name.unwrap_or(input.as_os_str())),
            None if self.is_folder => input.to_owned(),
            None => input.with_extension(""),
        }
    }
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The folder that all files lie in, or below.
fn shared(files: &[PathBuf]) -> PathBuf {
    let folder = |file: &PathBuf| file.parent().unwrap_or(Path::new("")).to_owned();
    let mut out = files.first().map(folder).unwrap_or_default();
    while !files.iter().all(|file| file.starts_with(&out)) && out.pop() {}
    out
}

/// What a pattern of a book's list means: a folder stands for the files in it.
fn matcher(pattern: &str) -> Result<GlobMatcher> {
    let pattern = pattern.trim_end_matches('/');
    let pattern =
        if pattern.contains(['*', '?', '[', '{']) { pattern.to_owned() } else { format!("{pattern}/*") };
    let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
    Ok(glob.with_context(|| format!("`{pattern}` is no pattern"))?.compile_matcher())
}

/// Why a chapter is not there.
fn absent(pattern: &str, path: &Path) -> String {
    if pattern.contains(['*', '?', '[', '{']) {
        format!("no file is called like `{pattern}`; {}", job::kinds())
    } else if path.is_dir() {
        format!("there is no chapter in the folder `{pattern}`; {}", job::kinds())
    } else {
        format!("there is no chapter `{}`", path.display())
    }
}
