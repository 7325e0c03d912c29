//! Readings, side lines, verse, letters, counters and vertical lines in the parts of EPUB and DOCX.

use std::collections::{BTreeMap, BTreeSet};

use hanpress::{
    document::Document,
    edition::Edition,
    read::{ReadOptions, markdown},
    report::Report,
    source::{Source, SourceId},
    template::{Direction, EmphasisStyle},
    text::{MarkKind, Text},
    write,
};
use skrifa::MetadataProvider;

use super::{parts, reveal, sample, squeezed, words};

/// The manuscript with everything that can be marked.
fn manuscript() -> Document {
    let path = crate::support::root().join("tests/read/marks.md");
    let source = Source::new(SourceId(0), "marks.md", std::fs::read_to_string(path).unwrap());
    markdown::read(&source, &ReadOptions::default(), &mut Report::default())
}

fn parts_of(kind: &str, tag: &str, direction: Direction) -> BTreeMap<String, Vec<u8>> {
    let mut kit = sample::kit();
    kit.template.page = kit.template.page.turned(direction);
    let edition = Edition::parse(tag).unwrap();
    let mut report = Report::default();
    let document = manuscript();
    let bytes = match kind {
        "epub" => write::epub::write(&kit, &edition, &document, &mut report).unwrap(),
        _ => write::docx::write(&kit, &edition, &document, &mut report).unwrap(),
    };
    assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
    parts(&bytes).into_iter().collect()
}

fn has(parts: &BTreeMap<String, Vec<u8>>, path: &str, wanted: &[&str], unwanted: &[&str]) {
    let part = String::from_utf8(parts[path].clone()).unwrap();
    for words in wanted {
        assert!(part.contains(words), "{path} has no `{words}`");
    }
    for words in unwanted {
        assert!(!part.contains(words), "{path} has `{words}`");
    }
}

#[test]
fn an_epub_has_real_ruby_lines_and_dots() {
    let parts = parts_of("epub", "tw", Direction::Horizontal);
    has(
        &parts,
        "EPUB/text.xhtml",
        &[
            "<ruby class=\"zhuyin\">相<rt>ㄒㄧㄤ</rt></ruby><ruby class=\"zhuyin\">思<rt>ㄙ</rt></ruby>",
            "<ruby>仰德大道<rt>Yǎngdé Dàdào</rt></ruby>",
            "<ruby class=\"second\"><ruby class=\"zhuyin\">國<rt>ㄍㄨㄛˊ</rt></ruby><rt>guó</rt></ruby>",
            "<u class=\"name\">王明哲</u><u class=\"name beside\">李怡君</u>同上<u class=\"name\">",
            "<cite class=\"title\">無所不談</cite><cite class=\"title beside\">平心論高鶚</cite>",
            "<em class=\"dots\">不過如此</em>",
            "<em class=\"dots\"><strong>並不見於</strong></em>",
            "<span class=\"combine\">18</span>",
            "12分鐘",
            "<div class=\"stanza\">\n<p class=\"line\">床前明月光，</p>\n<p class=\"line\">疑是地上霜。</p>",
            "<p class=\"salutation\">怡君、明哲：</p>",
            "<p class=\"closing\">敬禮</p>",
            "<p class=\"signature\">育慈<br/>五月十八日夜</p>",
            "<table>\n<caption>表1",
            "<ol class=\"tight chinese\">",
            "<ol class=\"tight chinese-paren hang-3\">",
            "<ol class=\"tight circled\">",
            "<body class=\"two-readings\"",
        ],
        &["<rp", "vertical.css"],
    );
    assert!(!parts.contains_key("EPUB/style/vertical.css"));
    has(&parts, "EPUB/package.opf", &["<spine toc=\"ncx\">"], &["vertical"]);
    let simplified = parts_of("epub", "cn", Direction::Horizontal);
    has(&simplified, "EPUB/text.xhtml", &["chinese-simplified", "chinese-paren-simplified"], &[]);
}

#[test]
fn a_vertical_epub_turns() {
    let parts = parts_of("epub", "tw", Direction::Vertical);
    has(
        &parts,
        "EPUB/package.opf",
        &["page-progression-direction=\"rtl\"", "style/vertical.css", "primary-writing-mode"],
        &[],
    );
    has(
        &parts,
        "EPUB/text.xhtml",
        &[
            "style/vertical.css",
            "<span class=\"combine auto\">12</span>分鐘。1976年<span class=\"combine auto\">3</span>月",
            "<span class=\"combine auto\">!?</span>",
            "二〇二五年五月十八日",
            "1,200坪，離市區3.5公里",
        ],
        &[],
    );
    has(&parts, "EPUB/style/vertical.css", &["writing-mode: vertical-rl"], &[]);
    has(&parts, "EPUB/nav.xhtml", &["style/vertical.css"], &[]);
    has(&parts, "EPUB/cover.xhtml", &[], &["vertical.css"]);
}

#[test]
fn a_docx_has_real_ruby_lines_and_counters() {
    let parts = parts_of("docx", "tw", Direction::Horizontal);
    has(
        &parts,
        "word/document.xml",
        &[
            "<w:ruby><w:rubyPr><w:rubyAlign w:val=\"rightVertical\"/><w:hps w:val=\"8\"/><w:hpsRaise w:val=\"22\"/>\
             <w:hpsBaseText w:val=\"24\"/><w:lid w:val=\"zh-TW\"/></w:rubyPr><w:rt>",
            "<w:rubyAlign w:val=\"center\"/>",
            "<w:rubyBase>",
            ">guó<",
            "<w:u w:val=\"single\"/>",
            "<w:u w:val=\"wave\"/>",
            "<w:em w:val=\"underDot\"/>",
            "<w:pStyle w:val=\"Verse\"/>",
            "<w:pStyle w:val=\"VerseEnd\"/>",
            "<w:pStyle w:val=\"Salutation\"/>",
            "<w:pStyle w:val=\"Closing\"/>",
            "<w:pStyle w:val=\"Signature\"/>",
            "<w:pStyle w:val=\"Caption\"/><w:keepNext/>",
            "<w:tblHeader/>",
            "<w:cantSplit/>",
            "w:lineRule=\"exact\"",
        ],
        &["<w:eastAsianLayout", "<w:textDirection", "<w:rPr></w:rPr>"],
    );
    has(
        &parts,
        "word/numbering.xml",
        &["taiwaneseCountingThousand", "ideographTraditional", "decimalEnclosedCircle", "（%2）", "%1、"],
        &[],
    );
    has(&parts, "word/styles.xml", &["<w:name w:val=\"Salutation\"/>", "<w:ind w:right=", "w:hanging"], &[]);
    let simplified = parts_of("docx", "cn", Direction::Horizontal);
    has(&simplified, "word/numbering.xml", &["chineseCountingThousand"], &["taiwanese"]);
}

#[test]
fn a_vertical_docx_turns() {
    let parts = parts_of("docx", "tw", Direction::Vertical);
    has(
        &parts,
        "word/document.xml",
        &[
            "<w:titlePg/><w:textDirection w:val=\"tbRl\"/><w:docGrid",
            "w:vert=\"1\" w:vertCompress=\"1\"/></w:rPr><w:t xml:space=\"preserve\">12</w:t>",
            "<w:em w:val=\"dot\"/>",
            "<w:trHeight",
        ],
        &[],
    );
}

#[test]
fn the_words_are_all_there() {
    let document = manuscript();
    for (kind, part, only, skip) in [
        ("epub", "EPUB/text.xhtml", None, &["head", "rt"][..]),
        ("docx", "word/document.xml", Some("w:t"), &["w:rt"]),
    ] {
        let parts = parts_of(kind, "tw", Direction::Vertical);
        let text = squeezed(&words(&parts[part], only, skip));
        // A second reading stands in brackets in DOCX.
        let text = text.replace("（guó）", "").replace("（yǔ）", "");
        for (_, wanted) in document.texts() {
            assert!(text.contains(&squeezed(wanted.as_str())), "{kind}: {:?}", wanted.as_str());
        }
    }
}

#[test]
fn embedded_faces_have_the_readings_and_the_labels() {
    let document = manuscript();
    let mut used: BTreeSet<char> = "一二三、（）甲乙①②".chars().collect();
    for (_, text) in document.texts() {
        for mark in text.marks() {
            if let MarkKind::Ruby(reading) = &mark.kind {
                used.extend(reading.chars());
            }
        }
    }
    for kind in ["epub", "docx"] {
        let parts = parts_of(kind, "tw", Direction::Horizontal);
        let mut have = BTreeSet::new();
        for (path, bytes) in &parts {
            let mut bytes = bytes.clone();
            if path.ends_with(".odttf") {
                reveal(&mut bytes, path, &parts);
            } else if !path.ends_with(".ttf") {
                continue;
            }
            let font = skrifa::FontRef::new(&bytes).unwrap();
            have.extend(font.charmap().mappings().filter_map(|(c, _)| char::from_u32(c)));
        }
        let missing: Vec<_> = used.difference(&have).collect();
        assert!(missing.is_empty(), "{kind}: {missing:?}");
    }
}

#[test]
fn a_reading_that_no_face_has_is_reported_at_its_base() {
    let mut text = Text::verbatim("好字", SourceId(0), 7);
    text.mark(3..6, MarkKind::Ruby("\u{12000}".into()));
    let document = Document {
        blocks: vec![hanpress::document::Block::Paragraph { text, role: Default::default() }],
        ..Document::default()
    };
    for kind in ["epub", "docx"] {
        let (_, report) = super::write_as(kind, "tw", &document);
        let found: Vec<_> = report.diagnostics.iter().map(|d| (d.rule, d.span.range())).collect();
        assert_eq!(found, [("missing-glyph", 10..13)], "{kind}");
    }
}

/// Readings and lines that cross each other, objects in a base: nothing is lost and the XML is whole.
#[test]
fn crossing_marks_keep_every_word() {
    let note = hanpress::text::OBJECT.to_string();
    let mut text = Text::verbatim("甲乙丙丁戊", SourceId(0), 0);
    text.mark(0..9, MarkKind::Ruby("一讀".into()));
    text.mark(3..12, MarkKind::Ruby("二讀".into()));
    text.mark(6..15, MarkKind::Name);
    text.mark(0..6, MarkKind::Link { url: "https://a.b/".into(), title: String::new() });
    let mut with_note = Text::verbatim("己", SourceId(0), 0);
    with_note.push_text(&sample::marked(&note, &[(note.as_str(), MarkKind::Note(0))]));
    with_note.push_text(&sample::text("庚"));
    with_note.mark(0..with_note.as_str().len(), MarkKind::Ruby("三讀".into()));
    let paragraph =
        |text: Text| hanpress::document::Block::Paragraph { text, role: hanpress::document::Role::Body };
    let document = Document {
        blocks: vec![paragraph(text), paragraph(with_note)],
        notes: vec![vec![paragraph(sample::text("註"))]],
        ..Document::default()
    };
    for (kind, part) in [("epub", "EPUB/text.xhtml"), ("docx", "word/document.xml")] {
        let (bytes, _) = super::write_as(kind, "tw", &document);
        let parts: BTreeMap<_, _> = parts(&bytes).into_iter().collect();
        let all = words(&parts[part], None, &["head"]);
        for wanted in ["甲", "乙", "丙", "丁", "戊", "己", "庚", "一讀", "二讀", "三讀"] {
            assert_eq!(all.matches(wanted).count(), 1, "{kind}: {wanted} in {all}");
        }
    }
}

#[test]
fn a_template_may_want_dots_for_emphasis() {
    let parts_with = |kind: &str, style: EmphasisStyle| {
        let mut kit = sample::kit();
        kit.template.page.emphasis = style;
        let text = "這是*要緊the point事*。\n";
        let source = Source::new(SourceId(0), "a.md", text.to_owned());
        let document = markdown::read(&source, &ReadOptions::default(), &mut Report::default());
        let (edition, mut report) = (Edition::parse("tw").unwrap(), Report::default());
        let write = if kind == "epub" { write::epub::write } else { write::docx::write };
        let bytes = write(&kit, &edition, &document, &mut report).unwrap();
        parts(&bytes).into_iter().collect::<BTreeMap<_, _>>()
    };
    let dotted = "<em class=\"dots\">要緊</em><em><i>the point</i></em><em class=\"dots\">事</em>";
    let kai = "<em>要緊<i>the point</i>事</em>";
    has(&parts_with("epub", EmphasisStyle::Dots), "EPUB/text.xhtml", &[dotted], &[kai]);
    has(&parts_with("epub", EmphasisStyle::Kai), "EPUB/text.xhtml", &[kai], &["class=\"dots\""]);
    let emphasis = "<w:rStyle w:val=\"Emphasis\"/>";
    let docx = parts_with("docx", EmphasisStyle::Dots);
    let body = String::from_utf8(docx["word/document.xml"].clone()).unwrap();
    let run =
        |words: &str| body.split("<w:r>").find(|r| r.contains(&format!(">{words}<"))).unwrap().to_owned();
    assert!(run("要緊").contains("<w:em w:val=\"underDot\"/>") && !run("要緊").contains(emphasis));
    assert!(run("the point").contains("<w:i/>") && !run("the point").contains("<w:em "));
    has(&parts_with("docx", EmphasisStyle::Kai), "word/document.xml", &[emphasis], &["<w:em "]);
}
