//! A document in, a DOCX out: styles rather than formatting by hand, real notes and lists,
//! the line-break and spacing rules of the region, embedded subsets of the edition's faces.

mod body;
mod contents;
mod drawing;
mod fonts;
mod index;
mod inline;
mod parts;
pub mod reference;
mod rewrite;
mod settings;
mod styles;

use std::collections::BTreeMap;

use crate::{
    counter,
    document::{Document, ImageFormat, NoteNumber, NotePlace},
    edition::{Edition, Region, Script},
    font::{
        casting::{Casting, Set},
        subset,
    },
    index::Index,
    kit::Kit,
    links,
    report::Report,
    template::PageStyle,
    write::{
        WriteError,
        package::Package,
        runs::{Look, Voice},
        voices,
        words::{self, Words},
    },
};

/// What all parts of one DOCX share.
struct Book<'a> {
    kit: &'a Kit,
    edition: &'a Edition,
    document: &'a Document,
    page: &'a PageStyle,
    words: Words,
    title: String,
    /// What is known of the pages.
    paged: &'a Paged,
    /// Where notes stand.
    place: NotePlace,
    /// The number of each note.
    numbers: Vec<NoteNumber>,
    /// Whether that is the end of their chapter.
    chapters: bool,
}

/// What the elements, the parts and the styles of a kind of notes are called.
struct NoteKind {
    /// `footnote` and `footnotes`.
    one: &'static str,
    plural: &'static str,
    /// The elements of all, of one, of its mark in it, of a reference to it and of the settings.
    elements: [&'static str; 5],
    text_style: &'static str,
    mark_style: &'static str,
}

const FOOTNOTES: NoteKind = NoteKind {
    one: "footnote",
    plural: "footnotes",
    elements: ["w:footnotes", "w:footnote", "w:footnoteRef", "w:footnoteReference", "w:footnotePr"],
    text_style: "FootnoteText",
    mark_style: "FootnoteReference",
};

const ENDNOTES: NoteKind = NoteKind {
    one: "endnote",
    plural: "endnotes",
    elements: ["w:endnotes", "w:endnote", "w:endnoteRef", "w:endnoteReference", "w:endnotePr"],
    text_style: "EndnoteText",
    mark_style: "EndnoteReference",
};

impl Book<'_> {
    /// Whether a note stands at the end, of the text or of its chapter, and not at the foot of its page.
    fn is_endnote(&self, index: usize) -> bool {
        self.place != NotePlace::Foot || self.numbers.get(index).is_some_and(|note| note.at_end)
    }

    /// What a note is.
    fn kind(&self, index: usize) -> &'static NoteKind {
        if self.is_endnote(index) { &ENDNOTES } else { &FOOTNOTES }
    }

    /// The kinds of notes that there are; footnotes where there are none.
    fn note_kinds(&self) -> Vec<&'static NoteKind> {
        let all = 0..self.numbers.len();
        let foot =
            self.place == NotePlace::Foot && (all.is_empty() || all.clone().any(|i| !self.is_endnote(i)));
        let end = self.place != NotePlace::Foot || all.clone().any(|index| self.is_endnote(index));
        [(foot, &FOOTNOTES), (end, &ENDNOTES)]
            .into_iter()
            .filter(|(is, _)| *is)
            .map(|(_, kind)| kind)
            .collect()
    }

    /// How endnotes are counted: in Chinese where they stand beside footnotes.
    fn endnote_numbers(&self) -> &'static str {
        match (self.numbers.iter().any(|note| note.at_end), self.edition.script) {
            (false, _) => "decimal",
            (true, Script::Traditional) => "taiwaneseCountingThousand",
            (true, Script::Simplified) => "chineseCountingThousand",
        }
    }

    /// The number of a note without its brackets.
    fn note_number(&self, index: usize) -> String {
        let usual = NoteNumber { number: index + 1, at_end: false };
        let number = self.numbers.get(index).copied().unwrap_or(usual);
        counter::note(number, self.edition.script == Script::Traditional)
    }
}

/// What a layout knows of the pages of the same text; what it does not know the program that opens the file fills in.
#[derive(Clone, Debug, Default)]
pub struct Paged {
    /// The words of headings and the pages that they stand on, in order.
    pub headings: Vec<(String, String)>,
    /// The pages of the places that links lead to.
    pub places: BTreeMap<String, String>,
    /// The indexes, with the pages of their entries.
    pub indexes: Vec<Index>,
}

/// Which fonts go into the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Embed {
    /// The characters of the text.
    #[default]
    Subset,
    /// Every character of each face: what a colleague adds looks like the rest.
    Full,
    /// None: the reader's system has the fonts, or takes others.
    None,
}

/// Makes the DOCX with the characters of the text in it.
///
/// # Errors
/// When a face cannot be unpacked or subset.
pub fn write(
    kit: &Kit,
    edition: &Edition,
    document: &Document,
    report: &mut Report,
) -> Result<Vec<u8>, WriteError> {
    write_with(kit, edition, document, Embed::default(), report)
}

/// Makes the DOCX.
///
/// # Errors
/// When a face cannot be unpacked or subset.
pub fn write_with(
    kit: &Kit,
    edition: &Edition,
    document: &Document,
    embed: Embed,
    report: &mut Report,
) -> Result<Vec<u8>, WriteError> {
    write_paged(kit, edition, document, embed, &Paged::default(), report)
}

/// The same with pages for contents, references and indexes.
///
/// # Errors
/// When a face cannot be unpacked or subset, or a reference document is damaged.
pub fn write_paged(
    kit: &Kit,
    edition: &Edition,
    document: &Document,
    embed: Embed,
    paged: &Paged,
    report: &mut Report,
) -> Result<Vec<u8>, WriteError> {
    let title = words::title(&document.meta, edition);
    let words = words::words(edition);
    let date = words::printed_date(&document.meta, kit.template.page.dates());
    let mut labels = vec![
        (Voice::Heading, words.notes),
        (Voice::Heading, words.contents),
        (Voice::Body, title.as_str()),
        (Voice::Body, date.as_deref().unwrap_or_default()),
        (Voice::Body, "[0123456789].•☐☑ \u{3000}（）"),
    ];
    labels.extend(links::asks_for_pages(document).then_some((Voice::Body, "第頁页")));
    // Contents say the headings again, in the letters of the text.
    labels.extend(
        contents::listed(&document.blocks, kit.template.page.contents)
            .map(|(_, t)| (Voice::Body, t.as_str())),
    );
    labels.push((Voice::Body, voices::note_numbers(document)));
    let indexed = voices::indexed(document, edition);
    labels.extend(indexed.iter().map(|(voice, words)| (*voice, words.as_str())));
    let mut casting = voices::cast(&kit.fonts, edition, document, &kit.template.page, &labels)?;
    casting.tell(report);
    let page = &kit.template.page;
    let place = document.meta.notes.unwrap_or(page.notes.place);
    let numbers = document.note_numbers(place);
    let chapters = place == NotePlace::Chapter && !document.notes.is_empty();
    let title = title.clone();
    let book = Book { kit, edition, document, page, words, title, paged, place, numbers, chapters };

    let main = body::write(&book, &mut casting, report);
    let faces = fonts::write(&kit.fonts, edition, &casting, embed)?;
    let named = |path: &str| {
        main.document_relations.has(path) || main.notes.iter().any(|notes| notes.relations.has(path))
    };
    let images = document.images.iter().enumerate();
    // The picture of a cover may stand nowhere in the text.
    let pictured: Vec<usize> =
        images.filter(|(i, image)| named(&media(*i, image.format))).map(|(i, _)| i).collect();
    let mut parts: reference::Parts = Vec::new();
    let mut add = |path: &str, bytes: Vec<u8>| parts.push((path.to_owned(), bytes));
    let kinds: Vec<&str> = main.notes.iter().map(|notes| notes.kind.plural).collect();
    add("[Content_Types].xml", parts::content_types(&kinds));
    add("_rels/.rels", parts::package_relations());
    add("docProps/core.xml", parts::core(&book));
    add("docProps/app.xml", parts::app(&book));
    add("word/document.xml", main.document);
    add("word/_rels/document.xml.rels", main.document_relations.finish());
    add("word/styles.xml", styles::write(&book, &casting));
    add("word/settings.xml", settings::write(&book, embed));
    add("word/numbering.xml", parts::numbering(&book, &main.lists));
    for notes in main.notes {
        add(&format!("word/{}.xml", notes.kind.plural), notes.part);
        add(&format!("word/_rels/{}.xml.rels", notes.kind.plural), notes.relations.finish());
    }
    add("word/header1.xml", parts::header(&book));
    add("word/footer1.xml", parts::footer());
    add("word/footer2.xml", parts::footer());
    add("word/theme/theme1.xml", include_bytes!("../../templates/docx/theme.xml").to_vec());
    add("word/fontTable.xml", faces.table);
    add("word/_rels/fontTable.xml.rels", faces.relations.finish());
    for (path, bytes) in faces.files {
        add(&["word/", &path].concat(), bytes);
    }
    if let Some(house) = &kit.template.reference {
        let wrong = |reason| WriteError::Format {
            format: "DOCX",
            reason: format!("the reference document: {reason}"),
        };
        reference::dress(house, &mut parts, edition.short_tag()).map_err(wrong)?;
    }
    let mut package = Package::default();
    parts.into_iter().for_each(|(path, bytes)| package.add(path, bytes));
    for (i, image) in document.images.iter().enumerate().filter(|(i, _)| pictured.contains(i)) {
        package.store(["word/", &media(i, image.format)].concat(), image.bytes.as_slice());
    }
    package.finish().map_err(|reason| WriteError::Format { format: "DOCX", reason })
}

/// Where a picture lies below `word/`.
fn media(index: usize, format: ImageFormat) -> String {
    let extension = match format {
        ImageFormat::Png => "png",
        ImageFormat::Jpeg => "jpeg",
    };
    format!("media/image{}.{extension}", index + 1)
}

/// The family of Chinese and of Western text in a voice: what its paragraph style names.
fn families(book: &Book, casting: &Casting, voice: Voice) -> (String, String) {
    let region = match book.edition.region {
        Region::Tw => "TC",
        Region::Hk => "HK",
        Region::Cn => "SC",
    };
    let family = |set: Set| {
        let style = voice.style(Look::default(), set);
        casting.families(style, set).first().map(|f| (*f).to_owned())
    };
    let sans = matches!(voice, Voice::Heading | Voice::Code);
    let chinese = family(Set::Chinese)
        .unwrap_or_else(|| [if sans { "Noto Sans " } else { "Noto Serif " }, region].concat());
    let western = family(Set::Western).unwrap_or_else(|| {
        let name = match voice {
            Voice::Heading => "Noto Sans",
            Voice::Code => "Noto Sans Mono",
            Voice::Body | Voice::Head | Voice::Quote => "Noto Serif",
        };
        name.to_owned()
    });
    (chinese, western)
}

/// The family of the face that plays a character.
fn family_of(
    book: &Book,
    casting: &mut Casting,
    c: char,
    voice: Voice,
    look: Look,
    set: Set,
) -> Option<String> {
    let id = casting.face(c, voice.style(look, set), set)?;
    Some(subset::family(book.kit.fonts.info(id)).to_owned())
}
