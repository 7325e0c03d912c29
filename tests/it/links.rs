//! Links within a document, in the files that readers of books open.

use std::io::Read as _;

use hanpress::{
    document::Document,
    edition::{Edition, Region, Script},
    layout::{blocks, page::Element},
    read::{ReadOptions, override_meta},
    report::Report,
    write,
};

use crate::{round_trip::dressed, support};

fn edition() -> Edition {
    Edition::source(Script::Traditional, Region::Tw)
}

/// A book of two chapters, each longer than a page, that name each other, a figure and a page.
fn book() -> Document {
    let filler = "天地玄黃，宇宙洪荒；日月盈昃，辰宿列張。".repeat(600);
    dressed(&format!(
        "# 起 {{#a}}\n\n見[承](#b)，圖在[](#f)，[](#b){{.page}}。\n\n{filler}\n\n# 承 {{#b}}\n\n見[](#a)。[^1]\n\n\
         ![替](圖.png \"圖 1　全景\"){{#f}}\n\n{filler}\n\n[^1]: 註見[起](#a)，[註]{{#note-1}}。\n"
    ))
}

/// Reads the parts of a package by their names.
fn parts_of(bytes: Vec<u8>) -> impl FnMut(&str) -> String {
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
    move |name| {
        let mut text = String::new();
        package.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
        text
    }
}

#[test]
fn a_page_is_that_of_its_place() {
    let mut report = Report::default();
    let document = book();
    let pages =
        blocks::lay_out(&support::kit(), &edition(), &document, blocks::Options::default(), &mut report)
            .expect("pages");
    let spot = &pages.places["b"];
    assert!(spot.page > 2, "{spot:?}");
    let said = pages.paragraphs.iter().find(|p| p.text.starts_with("見承")).expect("the paragraph");
    assert_eq!(said.text, format!("見承，圖在圖 1，第{}頁。", spot.page + 1));
    assert_eq!((spot.words.as_str(), pages.places["a"].page), ("承", 0));
    assert!(pages.places["f"].page >= spot.page && pages.places.contains_key("note-1"));
}

#[test]
fn links_of_a_pdf_lead_to_their_places() {
    let mut report = Report::default();
    let bytes = write::pdf::write(&support::kit(), &edition(), &book(), Default::default(), &mut report)
        .expect("PDF");
    let pdf = String::from_utf8_lossy(&bytes);
    // Links within the document have a destination and no address.
    assert!(pdf.matches("/Subtype /Link").count() + pdf.matches("/Subtype/Link").count() >= 4);
    assert!(!pdf.contains("/URI"), "an inner link is no address");
}

#[test]
fn links_of_an_epub_lead_across_its_files() {
    let mut report = Report::default();
    let bytes = write::epub::write(&support::kit(), &edition(), &book(), &mut report).expect("an EPUB");
    let mut part = parts_of(bytes);
    let (first, second) = (part("EPUB/chapter-1.xhtml"), part("EPUB/chapter-2.xhtml"));
    for (text, expected) in [
        (&first, "<h1 class=\"level-1\" id=\"a\">"),
        (&first, "<a href=\"chapter-2.xhtml#b\">承</a>"),
        (&first, "<a class=\"ref\" href=\"chapter-2.xhtml#f\">圖 1</a>"),
        (&first, "<a class=\"ref page\" href=\"chapter-2.xhtml#b\">承</a>"),
        (&second, "<figure id=\"f\">"),
        (&second, "<a class=\"ref\" href=\"chapter-1.xhtml#a\">起</a>"),
        (&second, "<span id=\"place-note-1\">註</span>"),
    ] {
        assert!(text.contains(expected), "{expected} in\n{}", &text[..text.floor_char_boundary(1500)]);
    }
    assert!(report.diagnostics.iter().all(|d| d.rule != "local-link"), "{:?}", report.diagnostics);
}

#[test]
fn notes_at_the_end_of_chapters_and_of_the_text() {
    let filler = "天地玄黃，宇宙洪荒；日月盈昃，辰宿列張。".repeat(40);
    for (place, expected) in [
        ("chapter", ["起", "註釋", "註甲", "承", "註釋", "註乙"]),
        ("end", ["起", "承", "註釋", "註甲", "註乙", ""]),
    ] {
        let document = dressed(&format!(
            "---\nnotes: {place}\n---\n\n# 起\n\n{filler}[^1]\n\n# 承\n\n{filler}[^2]\n\n[^1]: 註甲\n\n[^2]: 註乙\n"
        ));
        let kit = support::kit();
        let pages =
            blocks::lay_out(&kit, &edition(), &document, blocks::Options::default(), &mut Report::default())
                .expect("pages");
        let texts: Vec<&str> = pages.paragraphs.iter().map(|p| p.text.as_str()).collect();
        let order: Vec<&str> =
            texts.iter().copied().filter(|text| expected.contains(text) && !text.is_empty()).collect();
        assert_eq!(order, expected.into_iter().filter(|e| !e.is_empty()).collect::<Vec<_>>(), "{place}");
        // Each mark leads to its note and each label back.
        let mut report = Report::default();
        let bytes =
            write::pdf::write(&kit, &edition(), &document, Default::default(), &mut report).expect("PDF");
        let pdf = String::from_utf8_lossy(&bytes);
        assert_eq!(
            pdf.matches("/Subtype /Link").count() + pdf.matches("/Subtype/Link").count(),
            4,
            "{place}"
        );
    }
}

#[test]
fn notes_of_a_book_have_a_file_of_their_own_where_they_end_it() {
    let mut document = book();
    document.meta.notes = hanpress::document::NotePlace::parse("end");
    let bytes =
        write::epub::write(&support::kit(), &edition(), &document, &mut Report::default()).expect("an EPUB");
    let mut part = parts_of(bytes);
    for (name, expected) in [
        ("EPUB/chapter-2.xhtml", "href=\"notes.xhtml#note-1\""),
        ("EPUB/notes.xhtml", "href=\"chapter-2.xhtml#ref-1\""),
        ("EPUB/notes.xhtml", "<a href=\"chapter-1.xhtml#a\">起</a>"),
        ("EPUB/notes.xhtml", "epub:type=\"endnotes\""),
        ("EPUB/nav.xhtml", "<a href=\"notes.xhtml\">註釋</a>"),
        ("EPUB/package.opf", "href=\"notes.xhtml\""),
    ] {
        let text = part(name);
        assert!(text.contains(expected), "{expected} in {name}\n{}", &text[..text.floor_char_boundary(2500)]);
    }
}

#[test]
fn endnotes_stand_at_the_end_and_footnotes_at_the_foot() {
    let filler = "天地玄黃，宇宙洪荒；日月盈昃，辰宿列張。".repeat(600);
    let document = dressed(&format!(
        "# 起\n\n腳[^1]尾[^end:2]。\n\n{filler}\n\n# 承\n\n再[^1]，又[^end:2]，三[^3]。\n\n{filler}\n\n\
         [^1]: 註甲\n\n[^end:2]: 註乙[^4]\n\n[^3]: 註丙\n\n[^4]: 註丁\n"
    ));
    let kit = support::kit();
    let silent = &mut Report::default();
    let pages = blocks::lay_out(&kit, &edition(), &document, blocks::Options::default(), silent);
    let pages = pages.expect("pages");
    assert_eq!(pages.notes, ["①", "註一", "②", "③"]);
    let page_of = |words: &str| {
        let paragraph = pages.paragraphs.iter().position(|p| p.text == words).expect("a note");
        let has = |element: &Element| matches!(element, Element::Text(line) if line.paragraph == paragraph);
        pages.pages.iter().position(|page| page.elements.iter().any(has)).expect("a page")
    };
    let last = pages.pages.len() - 1;
    assert_eq!((page_of("註甲"), page_of("註釋"), page_of("註丁")), (0, last, last));
    assert!((1..last).contains(&page_of("註丙")));

    let bytes = write::epub::write(&kit, &edition(), &document, silent).expect("an EPUB");
    let mut part = parts_of(bytes);
    for (name, expected) in [
        ("EPUB/chapter-1.xhtml", "href=\"#note-1\" epub:type=\"noteref\">[1]</a>"),
        ("EPUB/chapter-1.xhtml", "href=\"notes.xhtml#note-2\" epub:type=\"noteref\">[一]</a>"),
        ("EPUB/chapter-2.xhtml", "href=\"chapter-1.xhtml#note-1\" epub:type=\"noteref\">[1]</a>"),
        ("EPUB/chapter-2.xhtml", "id=\"note-3\""),
        ("EPUB/notes.xhtml", "class=\"note endnote\""),
        ("EPUB/notes.xhtml", "href=\"chapter-1.xhtml#ref-2\""),
        ("EPUB/notes.xhtml", "id=\"note-4\""),
    ] {
        let text = part(name);
        assert!(
            text.contains(expected),
            "{expected} in {name}\n{}",
            &text[text.floor_char_boundary(text.len().saturating_sub(1500))..]
        );
    }
    assert!(!part("EPUB/chapter-2.xhtml").contains("id=\"note-1\""));
    assert!(!part("EPUB/chapter-1.xhtml").contains("註乙"));

    let bytes = write::docx::write(&kit, &edition(), &document, silent).expect("a DOCX");
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
    for (name, expected, other) in
        [("word/footnotes.xml", "註丙", "註乙"), ("word/endnotes.xml", "註乙", "註丙")]
    {
        let mut text = String::new();
        package.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
        assert!(text.contains(expected) && !text.contains(other), "{name}");
    }
    // The command line puts all in one place.
    for place in ["foot", "end"] {
        let mut document = document.clone();
        let meta = vec![("notes".to_owned(), place.to_owned())];
        override_meta(&mut document, &ReadOptions { meta, ..ReadOptions::default() });
        let numbers = document.note_numbers(document.meta.notes.expect("a place"));
        assert_eq!(numbers.iter().map(|n| n.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert!(numbers.iter().all(|n| !n.at_end), "{place}");
    }
}

#[test]
fn docx_has_a_section_for_the_notes_of_each_chapter_and_the_pages_of_references() {
    let filler = "天地玄黃，宇宙洪荒；日月盈昃，辰宿列張。".repeat(80);
    let format = hanpress::pipeline::FORMATS.iter().find(|format| format.name == "docx").expect("a format");
    for (place, sections) in [("chapter", 3), ("end", 1), ("foot", 1)] {
        let document = dressed(&format!(
            "---\nnotes: {place}\n---\n\n# 起\n\n見[](#c){{.page}}。{filler}[^1]\n\n# 承\n\n{filler}[^2]\n\n\
             # 轉 {{#c}}\n\n{filler}\n\n[^1]: 註甲\n\n[^2]: 註乙\n"
        ));
        let kit = support::kit();
        let silent = &mut Report::default();
        let pages = blocks::lay_out(&kit, &edition(), &document, blocks::Options::default(), silent);
        let folio = &pages.expect("pages").places["c"].folio;
        assert_ne!(folio, "1");
        let bytes = (format.write)(&kit, &edition(), &document, Default::default(), silent).expect("a DOCX");
        let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
        let mut xml = String::new();
        package.by_name("word/document.xml").expect("the text").read_to_string(&mut xml).expect("text");
        assert_eq!(xml.matches("<w:sectPr>").count(), sections, "{place}");
        // Head and foot are those of the first section.
        assert_eq!(xml.matches("<w:titlePg/>").count(), 1, "{place}");
        assert_eq!(xml.matches("<w:headerReference").count(), 1, "{place}");
        let field = xml.split(" PAGEREF c \\h ").nth(1).expect("a field");
        let shown =
            field.split("<w:t xml:space=\"preserve\">").nth(1).and_then(|rest| rest.split('<').next());
        assert_eq!(shown, Some(folio.as_str()), "{place}");
        assert!(!xml.contains("w:dirty"), "{place}");
    }
}
