//! The package document of an EPUB and the container that points to it.

use crate::{
    text::Text,
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

/// `package.opf`; the first `spine` parts are read in this order.
pub(super) fn package(book: &Book, parts: &[Part], spine: usize) -> Vec<u8> {
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
    metadata(&mut xml, book);
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

fn metadata(xml: &mut Xml, book: &Book) {
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
    accessibility(xml, book);
    if book.is_vertical() {
        // Kindle asks for it here, besides the style sheet.
        xml.empty("meta", &[("name", "primary-writing-mode"), ("content", "vertical-rl")]).line();
    }
    // Older readers look for the cover picture here.
    xml.empty("meta", &[("name", "cover"), ("content", "cover-image")]).line();
}

/// What is true of every book that is made here, and of this one's pictures.
fn accessibility(xml: &mut Xml, book: &Book) {
    let pictures = !book.document.images.is_empty();
    property(xml, "schema:accessMode", "textual");
    if pictures {
        property(xml, "schema:accessMode", "visual");
        property(xml, "schema:accessModeSufficient", "textual,visual");
    } else {
        property(xml, "schema:accessModeSufficient", "textual");
    }
    for feature in ["tableOfContents", "readingOrder", "structuralNavigation", "displayTransformability"] {
        property(xml, "schema:accessibilityFeature", feature);
    }
    property(xml, "schema:accessibilityHazard", "none");
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
