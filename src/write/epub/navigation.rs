//! The table of contents, for EPUB 3 readers (`nav.xhtml`) and older ones (`toc.ncx`).

use crate::write::{
    epub::{Book, Entry, breaks::PageLink, page},
    words,
    xml::Xml,
};

/// Headings below this level are left to the text.
const DEPTH: u8 = 3;

/// `nav.xhtml`: contents, landmarks, and the pages of the PDF.
pub(super) fn nav(book: &Book, entries: &[Entry], pages: &[PageLink]) -> Vec<u8> {
    let words = &book.words;
    let mut xml = page::start(book, words.contents, &[("class", "contents"), ("epub:type", "frontmatter")]);
    xml.open("nav", &[("epub:type", "toc"), ("role", "doc-toc"), ("id", "toc")]).line();
    xml.leaf("h1", &[("class", "contents")], words.contents).line();
    let list = |xml: &mut Xml| {
        xml.open("ol", &[]).line();
        true
    };
    nested(&mut xml, &listed(entries), &list, &|xml, entry, _| {
        xml.open("li", &[]).leaf("a", &[("href", &entry.href)], &entry.label);
    });
    xml.close().line();
    xml.open("nav", &[("epub:type", "landmarks"), ("hidden", "hidden"), ("id", "landmarks")]).line();
    xml.open("ol", &[]).line();
    let body = book.chapters.iter().find(|c| !c.titled).unwrap_or(&book.chapters[0]);
    for (kind, href, label) in [
        ("cover", "cover.xhtml", words.cover),
        ("toc", "nav.xhtml#toc", words.contents),
        ("bodymatter", body.path.as_str(), words.body),
    ] {
        xml.open("li", &[]).leaf("a", &[("epub:type", kind), ("href", href)], label).close().line();
    }
    xml.close().close().line();
    if !pages.is_empty() {
        let kind = [("epub:type", "page-list"), ("role", "doc-pagelist")];
        xml.open("nav", &[&kind[..], &[("hidden", "hidden"), ("id", "pages")]].concat()).line();
        xml.leaf("h2", &[], words.pages).open("ol", &[]).line();
        for page in pages {
            xml.open("li", &[]).leaf("a", &[("href", &page.href)], &page.label).close().line();
        }
    }
    xml.finish()
}

/// `toc.ncx`: the same contents for readers of EPUB 2.
pub(super) fn ncx(book: &Book, entries: &[Entry]) -> Vec<u8> {
    let meta = &book.document.meta;
    let identifier = match meta.identifier.as_deref().map(str::trim).filter(|i| !i.is_empty()) {
        Some(given) => given.to_owned(),
        None => ["urn:uuid:", &words::uuid(book.document, book.edition)].concat(),
    };
    let mut xml = Xml::new();
    xml.line().open(
        "ncx",
        &[
            ("xmlns", "http://www.daisy.org/z3986/2005/ncx/"),
            ("version", "2005-1"),
            ("xml:lang", book.edition.tag()),
        ],
    );
    xml.line().open("head", &[]);
    xml.empty("meta", &[("name", "dtb:uid"), ("content", &identifier)]).close().line();
    xml.open("docTitle", &[]).leaf("text", &[], &book.title).close().line();
    xml.open("navMap", &[]).line();
    nested(&mut xml, &listed(entries), &|_| false, &|xml, entry, index| {
        let number = (index + 1).to_string();
        let id = ["point-", &number].concat();
        xml.open("navPoint", &[("id", &id), ("playOrder", &number)]);
        xml.open("navLabel", &[]).leaf("text", &[], &entry.label).close();
        xml.empty("content", &[("src", &entry.href)]);
    });
    xml.finish()
}

/// Walks the entries as a tree. `item` opens an element, which is closed here; `group` opens
/// the element around a group of items, and says whether there is one.
fn nested(
    xml: &mut Xml,
    entries: &[(usize, &Entry)],
    group: &impl Fn(&mut Xml) -> bool,
    item: &impl Fn(&mut Xml, &Entry, usize),
) {
    let mut rest = entries;
    let grouped = group(xml);
    while let [(index, entry), tail @ ..] = rest {
        let below = tail.iter().take_while(|(_, e)| e.level > entry.level).count();
        item(xml, entry, *index);
        if below > 0 {
            nested(xml, &tail[..below], group, item);
        }
        xml.close().line();
        rest = &tail[below..];
    }
    if grouped {
        xml.close();
    }
}

/// The entries that are listed, with their numbers.
fn listed(entries: &[Entry]) -> Vec<(usize, &Entry)> {
    let shallow = entries.iter().any(|e| e.level <= DEPTH);
    entries.iter().filter(|e| e.level <= DEPTH || !shallow).enumerate().collect()
}
