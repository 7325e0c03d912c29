//! Document and edition in, one page in HTML out that carries all it needs: style, subsets of faces as WOFF2, pictures.
//! The text is that of the EPUB, in the same elements.

use rayon::prelude::*;
use ttf2woff2::{BrotliQuality, encode};

use crate::{
    document::{Block, Document},
    edition::Edition,
    kit::Kit,
    report::Report,
    write::{
        WriteError,
        epub::{Book, Entry, Medium, breaks::Breaks, data, fonts, page, places},
        runs::Voice,
        voices,
        words::{self, line},
        xml::Xml,
    },
};

/// Chapters from which on a page has contents.
const CHAPTERS: usize = 3;
/// Headings below this level are left to the text.
const DEPTH: u8 = 2;
/// How hard faces are packed, of 11: the last step takes four times as long for two hundredths.
const QUALITY: u8 = 9;

/// Makes the page.
///
/// # Errors
/// When a face cannot be unpacked, subset or packed.
pub fn write(
    kit: &Kit,
    edition: &Edition,
    document: &Document,
    report: &mut Report,
) -> Result<Vec<u8>, WriteError> {
    let title = words::title(&document.meta, edition);
    let words = words::words(edition);
    let style = &kit.template.page;
    let date = words::printed_date(&document.meta, style.dates());
    let mut labels = vec![
        (Voice::Heading, words.contents),
        (Voice::Heading, words.notes),
        (Voice::Body, date.as_deref().unwrap_or_default()),
        (Voice::Body, "[0123456789]　…☑☐"),
    ];
    let counted = voices::note_numbers(document);
    labels.push((Voice::Body, counted));
    let indexed = voices::indexed(document, edition);
    labels.extend(indexed.iter().map(|(voice, words)| (*voice, words.as_str())));
    let casting = voices::cast(&kit.fonts, edition, document, style, &labels)?;
    casting.tell(report);
    let faces: Vec<String> = (fonts::subsets(&kit.fonts, &casting)?.into_par_iter())
        .map(|(name, bytes)| match encode(&bytes, BrotliQuality::from(QUALITY)) {
            Ok(packed) => Ok(data("font/woff2", &packed)),
            Err(error) => Err(WriteError::Format { format: "HTML", reason: format!("`{name}`: {error}") }),
        })
        .collect::<Result<_, _>>()?;
    let places = places::of(document, &[], None, |_| false);
    let note_place = document.meta.notes.unwrap_or(style.notes.place);
    let book = Book {
        medium: Medium::Page,
        edition,
        document,
        page: style,
        words,
        title,
        chapters: Vec::new(),
        places,
        breaks: Breaks::default(),
        note_place,
        notes_path: None,
        numbers: document.note_numbers(note_place),
    };
    let (front, body, entries) = page::whole(&book, report);

    let mut xml = Xml::page();
    xml.line().open("html", &[("lang", edition.tag())]).line().open("head", &[]).line();
    xml.empty("meta", &[("charset", "utf-8")]).line();
    xml.empty("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]).line();
    xml.leaf("title", &[], &book.title).line();
    metadata(&mut xml, document);
    let turned = if book.is_vertical() { kit.template.epub_vertical_css.as_str() } else { "" };
    let faces = fonts::css(&kit.fonts, &casting, |index, _| faces[index].clone());
    xml.open("style", &[]).line();
    for sheet in [kit.template.epub_css.as_str(), turned, &kit.template.html_css, &faces] {
        // Nothing in a style sheet may end the element that holds it.
        xml.raw(sheet.replace("</", "<\\/").as_bytes());
    }
    xml.close().line().close().line();
    let two = page::has_two_readings(document);
    xml.open("body", if two { &[("class", "two-readings")] } else { &[] }).line();
    xml.raw(&front);
    contents(&mut xml, &book, &entries);
    xml.open("main", &[]).line().raw(&body).close().line();
    Ok(xml.finish())
}

/// What programs want to know of the page, under the names that libraries use.
fn metadata(xml: &mut Xml, document: &Document) {
    let meta = &document.meta;
    let mut all: Vec<(&str, String)> = meta.authors.iter().map(|author| ("author", line(author))).collect();
    all.extend(words::date(meta).map(|date| ("dcterms.date", date.to_owned())));
    for (name, text) in [
        ("description", &meta.description),
        ("dcterms.publisher", &meta.publisher),
        ("dcterms.rights", &meta.rights),
        ("dcterms.source", &meta.source),
    ] {
        all.extend(text.as_ref().map(|text| (name, line(text))));
    }
    all.extend(meta.identifier.iter().map(|id| ("dcterms.identifier", id.clone())));
    all.extend(meta.series.iter().map(|text| ("dcterms.isPartOf", line(text))));
    all.extend(meta.series_index.iter().map(|index| ("series-index", index.clone())));
    all.extend(meta.kind.iter().map(|kind| ("dcterms.type", kind.clone())));
    for (name, content) in all {
        xml.empty("meta", &[("name", name), ("content", &content)]).line();
    }
}

/// The contents of a page with chapters.
fn contents(xml: &mut Xml, book: &Book, entries: &[Entry]) {
    let chapters =
        book.document.blocks.iter().filter(|b| matches!(b, Block::Heading { level: 1, .. })).count();
    if chapters < CHAPTERS {
        return;
    }
    xml.open("nav", &[("class", "contents"), ("aria-label", book.words.contents)]).line();
    xml.leaf("h2", &[], book.words.contents).line().open("ol", &[]).line();
    let mut open = false;
    let mut inner = false;
    for entry in entries.iter().filter(|e| e.level <= DEPTH && e.href != "#title") {
        if entry.level > 1 && open {
            if !inner {
                xml.line().open("ol", &[]).line();
            }
            inner = true;
            xml.open("li", &[]).leaf("a", &[("href", &entry.href)], &entry.label).close().line();
            continue;
        }
        if std::mem::take(&mut inner) {
            xml.close();
        }
        if std::mem::replace(&mut open, true) {
            xml.close().line();
        }
        xml.open("li", &[]).leaf("a", &[("href", &entry.href)], &entry.label);
    }
    if inner {
        xml.close();
    }
    if open {
        xml.close().line();
    }
    xml.close().line().close().line();
}
