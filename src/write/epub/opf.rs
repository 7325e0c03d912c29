//! The package document of an EPUB and the container that points to it.

use crate::{
    document::{Block, Document, each},
    text::{MarkKind, Text},
    write::{
        epub::{Book, Part},
        words,
        xml::Xml,
    },
};

/// `META-INF/container.xml`.
pub(super) fn container() -> Vec<u8> {
    let mut xml = Xml::new();
    xml.line().open(
        "container",
        &[("version", "1.0"), ("xmlns", "urn:oasis:names:tc:opendocument:xmlns:container")],
    );
    xml.open("rootfiles", &[]);
    xml.empty(
        "rootfile",
        &[("full-path", "EPUB/package.opf"), ("media-type", "application/oebps-package+xml")],
    );
    xml.finish()
}

/// `package.opf`; the first `spine` parts are read in this order; `paged`: whether it marks the pages of the PDF.
pub(super) fn package(book: &Book, parts: &[Part], spine: usize, paged: bool) -> Vec<u8> {
    let tag = book.edition.tag();
    let mut xml = Xml::new();
    xml.line().open(
        "package",
        &[
            ("xmlns", "http://www.idpf.org/2007/opf"),
            ("version", "3.0"),
            ("unique-identifier", "identifier"),
            ("xml:lang", tag),
        ],
    );
    xml.line().open("metadata", &[("xmlns:dc", "http://purl.org/dc/elements/1.1/")]).line();
    metadata(&mut xml, book, paged);
    xml.close().line().open("manifest", &[]).line();
    for part in parts {
        let mut attributes =
            vec![("id", part.id.as_str()), ("href", part.path.as_str()), ("media-type", part.media_type)];
        if !part.properties.is_empty() {
            attributes.push(("properties", part.properties));
        }
        xml.empty("item", &attributes).line();
    }
    let mut turned = vec![("toc", "ncx")];
    if book.is_vertical() {
        turned.push(("page-progression-direction", "rtl"));
    }
    xml.close().line().open("spine", &turned).line();
    for part in &parts[..spine] {
        xml.empty("itemref", &[("idref", &part.id)]).line();
    }
    xml.close().line();
    xml.finish()
}

fn metadata(xml: &mut Xml, book: &Book, paged: bool) {
    let meta = &book.document.meta;
    let identifier = match meta.identifier.as_deref().map(str::trim).filter(|i| !i.is_empty()) {
        Some(given) => given.to_owned(),
        None => ["urn:uuid:", &words::uuid(book.document, book.edition)].concat(),
    };
    xml.leaf("dc:identifier", &[("id", "identifier")], &identifier).line();
    xml.leaf("dc:title", &[("id", "title")], &book.title).line();
    refine(xml, "#title", "title-type", None, "main");
    if let Some(subtitle) = line(meta.subtitle.as_ref()) {
        xml.leaf("dc:title", &[("id", "subtitle")], &subtitle).line();
        refine(xml, "#subtitle", "title-type", None, "subtitle");
    }
    xml.leaf("dc:language", &[], book.edition.tag()).line();
    for (i, author) in meta.authors.iter().enumerate() {
        let Some(author) = line(Some(author)) else { continue };
        let id = format!("author-{}", i + 1);
        let about = ["#", &id].concat();
        xml.leaf("dc:creator", &[("id", &id)], &author).line();
        refine(xml, &about, "role", Some("marc:relators"), "aut");
        // A Chinese name is filed as it is written: family name first.
        refine(xml, &about, "file-as", None, &author);
    }
    if let Some(date) = words::date(meta) {
        xml.leaf("dc:date", &[], date).line();
    }
    for (name, text) in [
        ("dc:publisher", &meta.publisher),
        ("dc:description", &meta.description),
        ("dc:source", &meta.source),
        ("dc:rights", &meta.rights),
    ] {
        if let Some(value) = line(text.as_ref()) {
            xml.leaf(name, &[], &value).line();
        }
    }
    property(xml, "dcterms:modified", &words::moment(meta));
    series(xml, book);
    accessibility(xml, book, paged);
    if book.is_vertical() {
        // Kindle asks for it here, besides the style sheet.
        xml.empty("meta", &[("name", "primary-writing-mode"), ("content", "vertical-rl")]).line();
    }
    // Older readers look for the cover picture here.
    let own = book.document.cover().map(|i| format!("image-{}", i + 1));
    let cover = own.as_deref().unwrap_or("cover-image");
    xml.empty("meta", &[("name", "cover"), ("content", cover)]).line();
}

/// The series that the book belongs to, also as Calibre and readers that follow it look for it.
fn series(xml: &mut Xml, book: &Book) {
    let meta = &book.document.meta;
    let Some(name) = line(meta.series.as_ref()) else { return };
    xml.leaf("meta", &[("property", "belongs-to-collection"), ("id", "series")], &name).line();
    refine(xml, "#series", "collection-type", None, "series");
    let number = meta.series_index.as_deref().map(str::trim).filter(|index| {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        index.split('.').all(digits)
    });
    xml.empty("meta", &[("name", "calibre:series"), ("content", &name)]).line();
    if let Some(number) = number {
        refine(xml, "#series", "group-position", None, number);
        xml.empty("meta", &[("name", "calibre:series_index"), ("content", number)]).line();
    }
}

/// What is true of every book that is made here, and of this one's pictures, readings and pages. That it meets a level
/// of WCAG is not said: nobody has looked.
fn accessibility(xml: &mut Xml, book: &Book, paged: bool) {
    let pictures = pictures(book.document);
    let described = pictures.iter().all(|alt| !alt.trim().is_empty());
    property(xml, "schema:accessMode", "textual");
    if !pictures.is_empty() {
        property(xml, "schema:accessMode", "visual");
    }
    property(xml, "schema:accessModeSufficient", if described { "textual" } else { "textual,visual" });
    let mut features =
        vec!["tableOfContents", "readingOrder", "structuralNavigation", "displayTransformability"];
    if !pictures.is_empty() && described {
        features.push("alternativeText");
    }
    let readings = |text: &Text| text.marks().iter().any(|m| matches!(m.kind, MarkKind::Ruby(_)));
    if book.document.texts().iter().any(|(_, text)| readings(text)) {
        features.push("rubyAnnotations");
    }
    features.push(if book.is_vertical() { "verticalWriting" } else { "horizontalWriting" });
    if paged {
        features.extend(["pageBreakMarkers", "pageNavigation"]);
    }
    for feature in features {
        property(xml, "schema:accessibilityFeature", feature);
    }
    property(xml, "schema:accessibilityHazard", "none");
    let words = &book.words;
    let mut summary = vec![words.access];
    if !pictures.is_empty() {
        summary.push(if described { words.described } else { words.undescribed });
    }
    if paged {
        summary.push(words.paged);
        property(xml, "pageBreakSource", &format!("{}（PDF）", book.title));
    }
    property(xml, "schema:accessibilitySummary", &summary.concat());
}

/// The alternative texts of the pictures in the text; the cover has one always.
fn pictures(document: &Document) -> Vec<&str> {
    let mut out = Vec::new();
    for blocks in std::iter::once(&document.blocks).chain(&document.notes) {
        each(blocks, &mut |block| {
            if let Block::Figure { alt, .. } = block {
                out.push(alt.as_str());
            }
        });
    }
    for (_, text) in document.texts() {
        out.extend(text.marks().iter().filter_map(|mark| match &mark.kind {
            MarkKind::Image { alt, .. } => Some(alt.as_str()),
            _ => None,
        }));
    }
    out
}

fn property(xml: &mut Xml, name: &str, value: &str) {
    xml.leaf("meta", &[("property", name)], value).line();
}

fn refine(xml: &mut Xml, about: &str, name: &str, scheme: Option<&str>, value: &str) {
    let mut attributes = vec![("refines", about), ("property", name)];
    attributes.extend(scheme.map(|s| ("scheme", s)));
    xml.leaf("meta", &attributes, value).line();
}

fn line(text: Option<&Text>) -> Option<String> {
    text.map(words::line).filter(|t| !t.is_empty())
}
