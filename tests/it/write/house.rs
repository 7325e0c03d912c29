//! A DOCX in the looks of a house: `--reference-doc`.

use std::collections::BTreeMap;

use hanpress::{edition::Edition, package::Package, report::Report, template::Template, write::docx};

use super::{parts, sample};
use crate::docx::package;

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
                 xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A document as a Chinese Word writes it: ids of styles are numbers, headings count, the head has a picture.
fn house(styles_namespace: &str) -> Vec<u8> {
    let relations = |list: &[(&str, &str, &str)]| {
        let list: String = (list.iter())
            .map(|(id, kind, goal)| {
                format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{goal}\"/>")
            })
            .collect();
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{list}</Relationships>"
        )
    };
    let styles = "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/>\
         <w:rPr><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"1\"><w:name w:val=\"heading 1\"/><w:basedOn w:val=\"a\"/>\
         <w:pPr><w:numPr><w:numId w:val=\"7\"/></w:numPr></w:pPr><w:rPr><w:color w:val=\"C00000\"/></w:rPr></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"Quote\"><w:name w:val=\"Our Own Quote\"/></w:style>";
    package(&[
        (
            "[Content_Types].xml",
            b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"png\" ContentType=\"image/png\"/><Override PartName=\"/word/header3.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml\"/></Types>",
        ),
        ("_rels/.rels", relations(&[("rId1", "officeDocument", "word/document.xml")]).as_bytes()),
        (
            "word/document.xml",
            format!(
                "<w:document {W}><w:body><w:p/><w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId9\"/>\
                 <w:pgSz w:w=\"8391\" w:h=\"11906\"/><w:pgMar w:top=\"1000\" w:right=\"1000\" w:bottom=\"1000\" \
                 w:left=\"1391\" w:header=\"500\" w:footer=\"500\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
            )
            .as_bytes(),
        ),
        (
            "word/_rels/document.xml.rels",
            relations(&[
                ("rId1", "styles", "styles.xml"),
                ("rId2", "numbering", "numbering.xml"),
                ("rId3", "theme", "theme/theme1.xml"),
                ("rId9", "header", "header3.xml"),
            ])
            .as_bytes(),
        ),
        ("word/styles.xml", format!("<w:styles {styles_namespace}>{styles}</w:styles>").as_bytes()),
        (
            "word/numbering.xml",
            format!(
                "<w:numbering {W}><w:abstractNum w:abstractNumId=\"4\"/><w:num w:numId=\"7\"><w:abstractNumId w:val=\"4\"/></w:num></w:numbering>"
            )
            .as_bytes(),
        ),
        ("word/theme/theme1.xml", b"<theme>house</theme>"),
        ("word/header3.xml", format!("<w:hdr {W}><w:p/></w:hdr>").as_bytes()),
        ("word/_rels/header3.xml.rels", relations(&[("rId1", "image", "media/image1.png")]).as_bytes()),
        ("word/media/image1.png", include_bytes!("../../read/square.png")),
        ("word/unused.xml", b"<a/>"),
    ])
}

fn written(house: Vec<u8>) -> Result<BTreeMap<String, String>, String> {
    let house = Package::open(house).expect("a package");
    docx::reference::check(&house)?;
    let mut kit = sample::kit();
    kit.template = Template::bundled("book").expect("a template");
    kit.template.reference = Some(house);
    let edition = Edition::parse("tw").expect("an edition");
    let bytes = docx::write(&kit, &edition, &sample::everything(), &mut Report::default())
        .map_err(|e| e.to_string())?;
    let again = docx::write(&kit, &edition, &sample::everything(), &mut Report::default()).expect("a DOCX");
    assert!(bytes == again, "the same bytes twice");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok(parts(&bytes).into_iter().map(|(path, bytes)| (path, text(bytes))).collect())
}

#[test]
fn the_house_lends_styles_page_heads_and_numbers() {
    let parts = written(house(W)).expect("a DOCX");
    let has =
        |path: &str, words: &str| assert!(parts[path].contains(words), "{path}: {words}\n{}", parts[path]);
    let lacks = |path: &str, words: &str| assert!(!parts[path].contains(words), "{path}: {words}");
    // A style is the same by its name; one that is missing is added, under another id where the house has that.
    has("word/document.xml", "<w:pStyle w:val=\"1\"/>");
    lacks("word/document.xml", "<w:pStyle w:val=\"Heading1\"/>");
    has("word/document.xml", "<w:pStyle w:val=\"QuoteHanpress\"/>");
    has("word/styles.xml", "<w:color w:val=\"C00000\"/>");
    has("word/styles.xml", "w:styleId=\"QuoteHanpress\"><w:name w:val=\"Quote\"/><w:basedOn w:val=\"a\"/>");
    assert_eq!(parts["word/styles.xml"].matches("<w:name w:val=\"heading 1\"/>").count(), 1);
    assert_eq!(parts["word/styles.xml"].matches("w:type=\"paragraph\" w:default=\"1\"").count(), 1);
    has("word/styles.xml", "w:eastAsia=\"zh-TW\"");
    lacks("word/styles.xml", "w:eastAsia=\"zh-CN\"");
    // No face is named by hand.
    lacks("word/document.xml", "w:ascii=");
    // Page and head.
    has("word/document.xml", "<w:pgSz w:w=\"8391\" w:h=\"11906\"/>");
    lacks("word/document.xml", "header1.xml");
    let head =
        parts.keys().find(|p| p.starts_with("word/reference/") && p.ends_with(".xml")).expect("a head");
    has("word/_rels/document.xml.rels", &format!("Target=\"/{head}\""));
    has(
        "[Content_Types].xml",
        &format!(
            "PartName=\"/{head}\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml\""
        ),
    );
    assert!(parts.keys().any(|p| p.starts_with("word/reference/") && p.ends_with(".png")));
    assert!(!parts.contains_key("word/header1.xml") && !parts.keys().any(|p| p.contains("unused")));
    assert_eq!(parts["word/theme/theme1.xml"], "<theme>house</theme>");
    // Lists count on behind those of the house.
    has("word/numbering.xml", "<w:num w:numId=\"7\"><w:abstractNumId w:val=\"4\"/></w:num>");
    has("word/numbering.xml", "w:abstractNumId=\"5\"");
    has("word/numbering.xml", "w:numId=\"8\"");
    has("word/document.xml", "<w:numId w:val=\"8\"/>");
    let (ways, lists) =
        (parts["word/numbering.xml"].rfind("<w:abstractNum "), parts["word/numbering.xml"].find("<w:num "));
    assert!(ways < lists, "the schema wants the ways to count first");
}

#[test]
fn tables_are_as_wide_as_the_house_s_page() {
    let parts = written(house(W)).expect("a DOCX");
    let widths: Vec<u32> = (parts["word/document.xml"].split("<w:tblGrid>").skip(1))
        .map(|table| {
            let columns = table.split("</w:tblGrid>").next().unwrap_or_default();
            columns.split("w:w=\"").skip(1).filter_map(|c| c.split('"').next()?.parse::<u32>().ok()).sum()
        })
        .collect();
    assert!(!widths.is_empty());
    // 8391 less 1000 and 1391, rounded down by column.
    assert!(widths.iter().all(|width| (5980..=6000).contains(width)), "{widths:?}");
}

#[test]
fn what_cannot_lend_its_looks_is_refused() {
    let strict = "xmlns:w=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"";
    assert!(written(house(strict)).expect_err("strict").contains("Strict Open XML"));
    let epub = package(&[("mimetype", b"application/epub+zip")]);
    let check = |bytes: Vec<u8>| docx::reference::check(&Package::open(bytes).expect("a package"));
    assert!(check(epub).expect_err("an EPUB").contains("no document of Word"));
    let bare = package(&[("word/document.xml", b"<w:document/>")]);
    assert!(check(bare).is_err());
}

#[test]
fn contents_have_the_pages_of_the_layout() {
    let source = hanpress::source::Source::new(
        hanpress::source::SourceId(0),
        "a.md",
        ["一", "二", "三"].map(|n| format!("# 第{n}章\n\n{}\n\n", "文。".repeat(2000))).concat(),
    );
    let document = hanpress::read::markdown::read(&source, &Default::default(), &mut Report::default());
    let edition = Edition::parse("tw").expect("an edition");
    let format = hanpress::pipeline::FORMATS.iter().find(|f| f.name == "docx").expect("a format");
    let mut kit = sample::kit();
    kit.template = Template::bundled("book").expect("a template");
    let bytes = (format.write)(&kit, &edition, &document, Default::default(), &mut Report::default())
        .expect("a DOCX");
    let text = String::from_utf8_lossy(
        &parts(&bytes).into_iter().find(|(p, _)| p == "word/document.xml").expect("it").1,
    )
    .into_owned();
    let pages: Vec<u32> = (text.split(" PAGEREF _Toc").skip(1))
        .filter_map(|field| {
            field.split("<w:t xml:space=\"preserve\">").nth(1)?.split('<').next()?.parse().ok()
        })
        .collect();
    assert_eq!(pages.len(), 3, "{pages:?}");
    assert!(pages[0] == 1 && pages[0] < pages[1] && pages[1] < pages[2], "{pages:?}");
}
