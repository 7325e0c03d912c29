//! What shelves and reading programs want of an EPUB: series, cover, page list, how it can be read.

use std::collections::BTreeMap;

use hanpress::{
    document::{Document, Image, ImageFormat},
    edition::Edition,
    layout::{blocks, starts::starts},
    pipeline::{FORMATS, WriteOptions},
    read::{self, ReadOptions, markdown},
    report::Report,
    source::{Source, SourceId},
    template::{Direction, Template},
};

use super::{parts, sample, squeezed};

fn manuscript(text: &str) -> Document {
    let source = Source::new(SourceId(0), "a.md", text);
    let mut document = markdown::read(&source, &ReadOptions::default(), &mut Report::default());
    for (name, bytes) in [("cover.png", SQUARE), ("a.png", SQUARE)] {
        if text.contains(name) {
            let image = Image::read(name.into(), bytes.to_vec()).expect("a picture");
            assert_eq!(image.format, ImageFormat::Png);
            document.images.push(image);
        }
    }
    document
}

const SQUARE: &[u8] = include_bytes!("../../read/square.png");

fn written(document: &Document, paged: bool) -> Vec<u8> {
    let kit = sample::kit();
    let edition = Edition::parse("tw").expect("an edition");
    let format = FORMATS.iter().find(|f| f.name == "epub").expect("a format");
    let options = WriteOptions { paged, ..WriteOptions::default() };
    (format.write)(&kit, &edition, document, options, &mut Report::default()).expect("an EPUB")
}

fn opf(bytes: &[u8]) -> String {
    let parts: BTreeMap<String, Vec<u8>> = parts(bytes).into_iter().collect();
    String::from_utf8(parts["EPUB/package.opf"].clone()).expect("text")
}

fn read_back(bytes: &[u8]) -> Document {
    let mut bytes = bytes.to_vec();
    let source = read::open(SourceId(0), "a.epub", &mut bytes, None, &mut Report::default()).expect("a book");
    (read::reader(&source).read)(&source, &ReadOptions::default(), &mut Report::default())
}

#[test]
fn a_series_is_a_collection_and_is_read_again() {
    let document = manuscript("---\ntitle: 書\nseries: 小書叢刊\nseries-index: 3\n---\n文。\n");
    let bytes = written(&document, false);
    let opf = opf(&bytes);
    for line in [
        "<meta property=\"belongs-to-collection\" id=\"series\">小書叢刊</meta>",
        "<meta refines=\"#series\" property=\"collection-type\">series</meta>",
        "<meta refines=\"#series\" property=\"group-position\">3</meta>",
    ] {
        assert!(opf.contains(line), "{line}\n{opf}");
    }
    let again = read_back(&bytes).meta;
    assert_eq!(again.series.expect("a series").as_str(), "小書叢刊");
    assert_eq!(again.series_index.as_deref(), Some("3"));
    assert!(!self::opf(&written(&manuscript("文。\n"), false)).contains("collection"));
}

#[test]
fn a_cover_of_the_house_is_kept_and_a_drawn_one_is_drawn_anew() {
    let own = written(&manuscript("---\ntitle: 書\ncover: cover.png\n---\n文。\n"), false);
    let packed: BTreeMap<String, Vec<u8>> = parts(&own).into_iter().collect();
    assert_eq!(packed["EPUB/images/1.png"], SQUARE);
    assert!(!packed.contains_key("EPUB/images/cover.png"));
    assert!(opf(&own).contains("href=\"images/1.png\" media-type=\"image/png\" properties=\"cover-image\""));
    assert_eq!(read_back(&own).meta.cover.as_deref(), Some("EPUB/images/1.png"));
    let drawn = written(&manuscript("---\ntitle: 書\n---\n文。\n"), false);
    assert_eq!(read_back(&drawn).meta.cover, None);
    // A cover that is not there is drawn.
    let missing = written(&manuscript("---\ntitle: 書\ncover: gone.png\n---\n文。\n"), false);
    assert!(parts(&missing).iter().any(|(name, _)| name == "EPUB/images/cover.png"));
}

#[test]
fn only_what_is_true_is_said_of_access() {
    let said = |text: &str, paged: bool| opf(&written(&manuscript(text), paged));
    for (text, paged, yes, no) in [
        (
            "文。\n",
            false,
            &["Sufficient\">textual<", "horizontalWriting"][..],
            &["visual", "alternativeText", "ruby", "pageNavigation", "conformsTo"][..],
        ),
        (
            "![圖](a.png)\n",
            false,
            &["Mode\">visual<", "Sufficient\">textual<", "alternativeText", "圖片都有替代文字"],
            &["部分圖片"],
        ),
        (
            "![](a.png)\n",
            false,
            &["Sufficient\">textual,visual<", "部分圖片沒有替代文字"],
            &["alternativeText", "都有"],
        ),
        ("{北京|Běijīng}\n", false, &["rubyAnnotations"], &[]),
        ("文。\n", true, &["pageNavigation", "pageBreakMarkers", "pageBreakSource"], &["conformsTo"]),
    ] {
        let opf = said(text, paged);
        yes.iter().for_each(|word| assert!(opf.contains(word), "{text}: {word}\n{opf}"));
        no.iter().for_each(|word| assert!(!opf.contains(word), "{text}: {word}\n{opf}"));
    }
}

/// The words of a page list's book from each page on, and the words of the pages as they were laid out.
#[test]
fn pages_begin_where_those_of_the_pdf_do() {
    let mut text = String::from("---\ntitle: 長書\n---\n");
    for chapter in ["一", "二", "三"] {
        text += &format!("# 第{chapter}章\n\n");
        for number in 0..40 {
            text += &format!(
                "第{chapter}章第{number}段：他在**船上看見遠處**的燈火，{{北京|Běijīng}}的朋友在等他。[^{chapter}{number}]\n\n"
            );
            text += "> 同一段話。\n\n同一段話。\n\n";
        }
        text += "| 甲 | 乙 |\n|---|---|\n";
        text += &"| 船上 | 岸邊 |\n".repeat(60);
        text += "\n```\n";
        text += &"一行代碼\n".repeat(50);
        text += "```\n\n";
        (0..40).for_each(|number| text += &format!("[^{chapter}{number}]: 註文。\n"));
        text += "\n";
    }
    let document = manuscript(&text);
    for direction in [Direction::Horizontal, Direction::Vertical] {
        let mut kit = sample::kit();
        kit.template = Template::bundled("book").expect("a template");
        kit.template.page = kit.template.page.turned(direction);
        let edition = Edition::parse("tw").expect("an edition");
        let pages =
            blocks::lay_out(&kit, &edition, &document, blocks::Options::default(), &mut Report::default())
                .expect("pages");
        let found = starts(&pages, &document);
        let body: Vec<_> = pages.pages.iter().filter(|page| !page.front).collect();
        assert!(found.len() > 20 && found.len() <= body.len(), "{} of {}", found.len(), body.len());
        assert!(found.windows(2).all(|w| (w[0].text, w[0].at) < (w[1].text, w[1].at)), "in order");
        let texts = document.texts();
        let all = pages.text();
        for start in &found {
            let words: String = texts[start.text].1.as_str()[start.at..].chars().take(6).collect();
            let number: usize = start.label.parse().expect("a number");
            let page = body[number - 1];
            let lines: String = (page.elements.iter())
                .filter_map(|element| match element {
                    hanpress::layout::page::Element::Text(line) if line.node.is_some() => {
                        let paragraph = &pages.paragraphs[line.paragraph];
                        let clusters = &paragraph.clusters[line.line.start..line.line.end];
                        let range = clusters.first()?.range.start..clusters.last()?.range.end;
                        Some(paragraph.text[range.start as usize..range.end as usize].to_owned())
                    }
                    _ => None,
                })
                .collect();
            assert!(squeezed(&lines).contains(&squeezed(&words)), "page {number}: `{words}` in {lines}");
        }
        assert!(all.contains("同一段話"));
        // Each of them is in the file, once, and in the list.
        let format = FORMATS.iter().find(|f| f.name == "epub").expect("a format");
        let options = WriteOptions { paged: true, ..WriteOptions::default() };
        let bytes =
            (format.write)(&kit, &edition, &document, options, &mut Report::default()).expect("an EPUB");
        let packed: BTreeMap<String, Vec<u8>> = parts(&bytes).into_iter().collect();
        let nav = String::from_utf8_lossy(&packed["EPUB/nav.xhtml"]).into_owned();
        for start in &found {
            let id = format!("id=\"page-{}\"", start.label);
            let marks: usize =
                packed.values().map(|part| String::from_utf8_lossy(part).matches(&id).count()).sum();
            assert_eq!(marks, 1, "{id}");
            assert!(nav.contains(&format!("#page-{0}\">{0}</a>", start.label)));
        }
    }
}
