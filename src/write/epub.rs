//! A document in, an EPUB 3.3 out: cover, contents, text in one or several files, notes that
//! pop up, embedded subsets of the edition's faces.

pub(super) mod breaks;
mod cover;
pub(super) mod fonts;
pub(super) mod inline;
mod navigation;
mod opf;
pub(super) mod page;
pub(super) mod places;

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    counter,
    document::{Block, Document, Image, ImageFormat, NoteNumber, NotePlace, Place},
    edition::{Edition, Script},
    kit::Kit,
    layout::starts::Start,
    report::Report,
    template::{Direction, PageStyle},
    write::{
        WriteError,
        epub::breaks::Breaks,
        package::Package,
        runs::Voice,
        voices,
        words::{self, Words},
    },
};
use places::Place as Target;

/// Texts longer than this (in characters) are split at their chapters.
const SPLIT: usize = 20_000;

/// What the text is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Medium {
    /// The files of an EPUB.
    Epub,
    /// One page in HTML that carries all it needs.
    Page,
}

impl Medium {
    /// The name in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Epub => "EPUB",
            Self::Page => "HTML",
        }
    }
}

/// One file of the text.
pub(super) struct Chapter<'a> {
    pub(super) path: String,
    pub(super) title: String,
    pub(super) blocks: &'a [Block],
    /// Whether the title block stands before the blocks.
    pub(super) titled: bool,
}

/// A line of the table of contents.
pub(super) struct Entry {
    pub(super) level: u8,
    pub(super) label: String,
    pub(super) href: String,
}

/// What all parts of one EPUB share.
pub(super) struct Book<'a> {
    pub(super) medium: Medium,
    pub(super) edition: &'a Edition,
    pub(super) document: &'a Document,
    pub(super) page: &'a PageStyle,
    pub(super) words: Words,
    pub(super) title: String,
    pub(super) chapters: Vec<Chapter<'a>>,
    /// Where links lead, by the names of the places.
    pub(super) places: BTreeMap<String, Target>,
    /// Where pages of the PDF begin.
    pub(super) breaks: Breaks,
    /// Where the notes stand.
    pub(super) note_place: NotePlace,
    /// The file of the notes, where they have one of their own.
    pub(super) notes_path: Option<&'static str>,
    /// The number of each note.
    pub(super) numbers: Vec<NoteNumber>,
}

impl Book<'_> {
    /// Whether lines run from top to bottom.
    pub(super) fn is_vertical(&self) -> bool {
        self.page.direction == Direction::Vertical
    }

    /// Whether a note stands in the file of the notes.
    pub(super) fn is_apart(&self, index: usize) -> bool {
        self.notes_path.is_some() && is_last(self.note_place, &self.numbers, index)
    }

    /// The mark of a note: `[1]`, `[一]`.
    pub(super) fn note_mark(&self, index: usize) -> String {
        let traditional = self.edition.script == Script::Traditional;
        let usual = NoteNumber { number: index + 1, at_end: false };
        let number = self.numbers.get(index).copied().unwrap_or(usual);
        ["[", &counter::note(number, traditional), "]"].concat()
    }
}

/// The cover that was drawn.
const COVER: &str = "images/cover.png";

/// The file of the notes of a book that has them at its end.
const NOTES: &str = "notes.xhtml";

/// The style sheet that turns the lines.
const VERTICAL: &str = "style/vertical.css";

/// Whether a note stands at the end of the text.
fn is_last(place: NotePlace, numbers: &[NoteNumber], index: usize) -> bool {
    place == NotePlace::End || numbers.get(index).is_some_and(|note| note.at_end)
}

/// A part that the package document lists.
struct Part {
    id: String,
    path: String,
    media_type: &'static str,
    properties: &'static str,
    bytes: Vec<u8>,
}

/// Makes the EPUB.
///
/// # Errors
/// When a face cannot be unpacked or subset.
pub fn write(
    kit: &Kit,
    edition: &Edition,
    document: &Document,
    report: &mut Report,
) -> Result<Vec<u8>, WriteError> {
    write_with(kit, edition, document, &[], report)
}

/// The same with a list of the pages of another edition of the same text, such as its PDF.
///
/// # Errors
/// When a face cannot be unpacked or subset.
pub fn write_with(
    kit: &Kit,
    edition: &Edition,
    document: &Document,
    starts: &[Start],
    report: &mut Report,
) -> Result<Vec<u8>, WriteError> {
    let title = words::title(&document.meta, edition);
    let words = words::words(edition);
    let date = words::printed_date(&document.meta, kit.template.page.dates());
    // The contents have the words of headings in the face of running text.
    let listed: Vec<String> = (document.texts().iter())
        .filter(|(place, _)| matches!(place, Place::Title | Place::Heading))
        .map(|(_, text)| words::line(text))
        .collect();
    let mut labels = vec![
        (Voice::Heading, words.contents),
        (Voice::Heading, words.notes),
        (Voice::Heading, title.as_str()),
        (Voice::Body, date.as_deref().unwrap_or_default()),
        (Voice::Body, "[0123456789]　…"),
    ];
    let counted = voices::note_numbers(document);
    labels.push((Voice::Body, counted));
    labels.extend(listed.iter().map(|line| (Voice::Body, line.as_str())));
    let indexed = voices::indexed(document, edition);
    labels.extend(indexed.iter().map(|(voice, words)| (*voice, words.as_str())));
    let casting = voices::cast(&kit.fonts, edition, document, &kit.template.page, &labels)?;
    casting.tell(report);
    let chapters = chapters(document, &title);
    let page = &kit.template.page;
    let note_place = document.meta.notes.unwrap_or(page.notes.place);
    let numbers = document.note_numbers(note_place);
    let any_last = (0..numbers.len()).any(|index| is_last(note_place, &numbers, index));
    let notes_path = (chapters.len() > 1 && any_last).then_some(NOTES);
    let apart = |index| notes_path.is_some() && is_last(note_place, &numbers, index);
    let places = places::of(document, &chapters, notes_path, apart);
    let breaks = Breaks::new(document, starts);
    let book = Book {
        medium: Medium::Epub,
        edition,
        document,
        page,
        words,
        title: title.clone(),
        chapters,
        places,
        breaks,
        note_place,
        notes_path,
        numbers,
    };

    let mut entries = Vec::new();
    let mut texts = Vec::new();
    let mut notes = page::Notes::new(document.notes.len());
    let mut pages = Vec::new();
    for (i, chapter) in book.chapters.iter().enumerate() {
        let last = i + 1 == book.chapters.len();
        let bytes = page::write(&book, chapter, &mut notes, last, &mut entries, report);
        pages.extend(book.breaks.written(&chapter.path, &bytes));
        let id = format!("text-{}", i + 1);
        texts.push(Part::new(id, &chapter.path, "application/xhtml+xml", "", bytes));
    }
    if let Some(path) = book.notes_path {
        let bytes = page::end_notes(&book, path, &mut notes, &mut entries, report);
        texts.push(Part::new("notes", path, "application/xhtml+xml", "", bytes));
    }
    for index in notes.indexes(&book) {
        let path = format!("index-{}.xhtml", index.kind.name());
        let bytes = page::index(&book, &path, &index, &mut notes, &mut entries, report);
        texts.push(Part::new(
            ["index-of-", index.kind.name()].concat(),
            path,
            "application/xhtml+xml",
            "",
            bytes,
        ));
    }
    if entries.is_empty() {
        entries.push(Entry { level: 1, label: title, href: book.chapters[0].path.clone() });
    }

    // The picture and the subsets are most of the work, and know nothing of each other.
    let own_cover = document.cover();
    let drawn = || own_cover.is_none().then(|| cover::png(kit, &book)).transpose();
    let (picture, subsets) = rayon::join(drawn, || fonts::subsets(&kit.fonts, &casting));
    let (picture, subsets) = (picture?, subsets?);
    let mut parts = vec![
        Part::new("cover", "cover.xhtml", "application/xhtml+xml", "", page::cover(&book)),
        Part::new(
            "nav",
            "nav.xhtml",
            "application/xhtml+xml",
            "nav",
            navigation::nav(&book, &entries, &pages),
        ),
    ];
    let spine = 2 + texts.len();
    parts.extend(texts);
    parts.push(Part::new("ncx", "toc.ncx", "application/x-dtbncx+xml", "", navigation::ncx(&book, &entries)));
    parts.push(Part::new("style", "style/book.css", "text/css", "", kit.template.epub_css.as_bytes()));
    if book.is_vertical() {
        let css = kit.template.epub_vertical_css.as_bytes();
        parts.push(Part::new("vertical", VERTICAL, "text/css", "", css));
    }
    parts.push(Part::new(
        "faces",
        "style/faces.css",
        "text/css",
        "",
        fonts::css(&kit.fonts, &casting, |_, path| format!("../{path}")),
    ));
    if let Some(picture) = picture {
        parts.push(Part::new("cover-image", COVER, "image/png", "cover-image", picture));
    }
    for (i, image) in document.images.iter().enumerate() {
        let id = format!("image-{}", i + 1);
        let properties = if own_cover == Some(i) { "cover-image" } else { "" };
        let bytes = image.bytes.as_slice();
        parts.push(Part::new(id, image_path(i, image), image.media_type(), properties, bytes));
    }
    for (i, (name, bytes)) in subsets.into_iter().enumerate() {
        parts.push(Part::new(format!("font-{}", i + 1), name, "font/ttf", "", bytes));
    }

    let mut package = Package::default();
    package.store("mimetype", b"application/epub+zip".as_slice());
    package.add("META-INF/container.xml", opf::container());
    package.add("EPUB/package.opf", opf::package(&book, &parts, spine, !pages.is_empty()));
    for part in parts {
        let path = ["EPUB/", &part.path].concat();
        if part.media_type.starts_with("image/") {
            package.store(path, part.bytes);
        } else {
            package.add(path, part.bytes);
        }
    }
    package.finish().map_err(|reason| WriteError::Format { format: "EPUB", reason })
}

impl Part {
    fn new(
        id: impl Into<String>,
        path: impl Into<String>,
        media_type: &'static str,
        properties: &'static str,
        bytes: impl Into<Vec<u8>>,
    ) -> Self {
        Self { id: id.into(), path: path.into(), media_type, properties, bytes: bytes.into() }
    }
}

/// The files of the text: one for an article, one a chapter for a book.
fn chapters<'a>(document: &'a Document, title: &str) -> Vec<Chapter<'a>> {
    let blocks = document.blocks.as_slice();
    let level = |block: &Block| match block {
        Block::Heading { level, .. } => Some(*level),
        _ => None,
    };
    let top = blocks.iter().filter_map(level).min();
    let starts: Vec<usize> =
        (0..blocks.len()).filter(|&i| top.is_some() && level(&blocks[i]) == top).collect();
    let length: usize = document.texts().iter().map(|(_, t)| t.as_str().len() / 3).sum();
    if length <= SPLIT || starts.len() < 2 {
        return vec![Chapter { path: "text.xhtml".into(), title: title.to_owned(), blocks, titled: true }];
    }
    let mut chapters = vec![Chapter {
        path: "title.xhtml".into(),
        title: title.to_owned(),
        blocks: &blocks[..starts[0]],
        titled: true,
    }];
    for (i, &start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(blocks.len());
        let Block::Heading { text, .. } = &blocks[start] else { continue };
        let name = words::line(text);
        chapters.push(Chapter {
            path: format!("chapter-{}.xhtml", i + 1),
            title: if name.is_empty() { title.to_owned() } else { name },
            blocks: &blocks[start..end],
            titled: false,
        });
    }
    chapters
}

/// Bytes as an address that needs no file.
pub(super) fn data(media_type: &str, bytes: &[u8]) -> String {
    let mut out = format!("data:{media_type};base64,");
    STANDARD.encode_string(bytes, &mut out);
    out
}

/// Where a picture lies in the package.
fn image_path(index: usize, image: &Image) -> String {
    let extension = match image.format {
        ImageFormat::Png => "png",
        ImageFormat::Jpeg => "jpg",
    };
    format!("images/{}.{extension}", index + 1)
}
