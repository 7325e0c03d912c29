//! Documents of Word as they are read: what each element becomes, and what is said of it.

use std::{
    fs,
    io::{Cursor, Write as _},
};

use hanpress::{
    document::{Block, Definition, Document},
    read::{Headings, ReadOptions, docx::Tracked, open, reader},
    report::Report,
    source::{Source, SourceId},
    text::{MarkKind, Text},
};

use crate::cli::Desk;

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
                 xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
                 xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
                 xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
                 xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
                 xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\" \
                 xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
                 xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"";

const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://x/image" Target="media/image1.png"/>
<Relationship Id="r2" Type="http://x/hyperlink" Target="https://example.org/a" TargetMode="External"/>
<Relationship Id="r3" Type="http://x/image" Target="../../../etc/passwd"/>
<Relationship Id="r4" Type="http://x/image" Target="https://example.org/a.png" TargetMode="External"/>
</Relationships>"#;

const STYLES: &str = r#"<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="24"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="2"><w:name w:val="標題 2"/></w:style>
<w:style w:type="paragraph" w:styleId="h"><w:name w:val="本社篇題"/><w:basedOn w:val="1"/></w:style>
<w:style w:type="paragraph" w:styleId="o"><w:name w:val="篇題"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="loop"><w:name w:val="甲"/><w:basedOn w:val="loop2"/></w:style>
<w:style w:type="paragraph" w:styleId="loop2"><w:name w:val="乙"/><w:basedOn w:val="loop"/></w:style>
<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="q"><w:name w:val="Quote"/></w:style>
<w:style w:type="paragraph" w:styleId="c"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="toc1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="l"><w:name w:val="List Paragraph"/><w:pPr><w:ind w:left="480"/></w:pPr></w:style>
<w:style w:type="character" w:styleId="s"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="e"><w:name w:val="Emphasis"/><w:rPr><w:i/></w:rPr></w:style>"#;

const NUMBERING: &str = r#"<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="taiwaneseCounting"/><w:lvlText w:val="第%1條"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>"#;

const NOTES: &str = r#"<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>
<w:footnote w:id="1"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> 註一。</w:t></w:r></w:p></w:footnote>
"#;

const COMMENTS: &str =
    r#"<w:comment w:id="0" w:author="編輯"><w:p><w:r><w:t>請查證。</w:t></w:r></w:p></w:comment>"#;

/// A package of parts.
pub(crate) fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part");
        zip.write_all(bytes).expect("bytes");
    }
    zip.finish().expect("a package").into_inner()
}

/// A document with a body and everything that it may refer to.
pub(crate) fn document(body: &str) -> Vec<u8> {
    let part = |name: &str, inner: &str| format!("<?xml version=\"1.0\"?><w:{name} {W}>{inner}</w:{name}>");
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", part("document", &format!("<w:body>{body}</w:body>")).as_bytes()),
        ("word/_rels/document.xml.rels", RELATIONS.as_bytes()),
        ("word/styles.xml", part("styles", STYLES).as_bytes()),
        ("word/numbering.xml", part("numbering", NUMBERING).as_bytes()),
        (
            "word/footnotes.xml",
            part(
                "footnotes",
                if body.contains("otes") || body.contains("footnoteReference") { NOTES } else { "" },
            )
            .as_bytes(),
        ),
        ("word/comments.xml", part("comments", COMMENTS).as_bytes()),
        ("word/media/image1.png", include_bytes!("../read/square.png")),
    ])
}

/// Reads the bytes of a document.
fn read_bytes(bytes: Vec<u8>, options: &ReadOptions) -> (Document, Report, Source) {
    let mut report = Report::default();
    let mut bytes = bytes;
    let source = open(SourceId(0), "a.docx", &mut bytes, None, &mut report).expect("a package");
    let document = (reader(&source).read)(&source, options, &mut report);
    for (_, text) in document.texts() {
        let mut end = 0;
        for (range, piece) in text.piece_ranges() {
            assert_eq!(range.start, end, "pieces tile the text");
            end = range.end;
            let slice = source.text.get(piece.span.range()).expect("spans lie in the source");
            assert!(!piece.verbatim || slice == &text.as_str()[range], "verbatim is verbatim");
        }
        assert_eq!(end, text.as_str().len());
    }
    for d in &report.diagnostics {
        assert!(source.text.get(d.span.range()).is_some(), "{d:?}");
    }
    (document, report, source)
}

fn read(body: &str) -> (Document, Report) {
    let (document, report, _) = read_bytes(document(body), &ReadOptions::default());
    (document, report)
}

/// A text in brackets with the first letters of its marks.
fn words(text: &Text) -> String {
    let marks: Vec<String> = text
        .marks()
        .iter()
        .map(|mark| {
            let over = &text.as_str()[mark.range.clone()];
            match &mark.kind {
                MarkKind::Ruby(reading) => format!("{over}|{reading}"),
                MarkKind::Link { url, .. } => format!("{over}→{url}"),
                MarkKind::Image { path, alt } => format!("{path} {alt}"),
                kind => format!("{kind:?} {over}"),
            }
        })
        .collect();
    let marks = if marks.is_empty() { String::new() } else { format!(" <{}>", marks.join(", ")) };
    text.as_str().replace('\n', "/").replace('\u{FFFC}', "@") + &marks
}

fn shape(blocks: &[Block]) -> String {
    let all: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Block::Heading { level, text } => format!("h{level} {}", words(text)),
            Block::Paragraph { text, .. } => words(text),
            Block::Quote(inner) => format!("quote({})", shape(inner)),
            Block::List { start, counter, items, .. } => {
                let items: Vec<String> = items
                    .iter()
                    .map(|item| {
                        let task = item.task.map_or("", |done| if done { "[x] " } else { "[ ] " });
                        format!("{task}{}", shape(&item.blocks))
                    })
                    .collect();
                let start = start.map_or("•".to_owned(), |n| format!("{n} {counter:?}"));
                format!("list {start}({})", items.join(" ; "))
            }
            Block::Definitions(all) => {
                let one = |one: &Definition| {
                    let meanings: Vec<String> = one.meanings.iter().map(|m| shape(m)).collect();
                    format!("{}: {}", words(&one.term), meanings.join(" ; "))
                };
                format!("definitions({})", all.iter().map(one).collect::<Vec<_>>().join(" / "))
            }
            Block::Code { text, .. } => format!("code {}", words(text)),
            Block::Table { head, rows, caption, merged, .. } => {
                let row = |cells: &[Text]| cells.iter().map(words).collect::<Vec<_>>().join(" | ");
                let rows: Vec<String> = rows.iter().map(|cells| row(cells)).collect();
                let caption = caption.as_ref().map(words).unwrap_or_default();
                let merged = merged
                    .iter()
                    .map(|m| format!("; merged {}:{} {}×{}", m.row, m.column, m.rows, m.columns));
                let merged: String = merged.collect();
                format!("table {caption}[{}]({}{merged})", row(head), rows.join(" ; "))
            }
            Block::Verse(stanzas) => {
                format!("verse {}", stanzas.iter().map(words).collect::<Vec<_>>().join(" ; "))
            }
            Block::Figure { path, alt, caption, .. } => {
                format!("figure {path} {alt} {}", caption.as_ref().map(words).unwrap_or_default())
            }
            Block::Break => "break".to_owned(),
        })
        .collect();
    all.join(" / ")
}

/// A paragraph of plain words.
fn p(words: &str) -> String {
    format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")
}

/// A paragraph with properties.
fn pp(properties: &str, words: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>")
}

/// A run with properties.
fn run(properties: &str, words: &str) -> String {
    format!("<w:r><w:rPr>{properties}</w:rPr><w:t xml:space=\"preserve\">{words}</w:t></w:r>")
}

/// A field without a result.
fn entry(instruction: &str) -> String {
    format!(
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>{}</w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType='end'/></w:r>",
        instruction.replace('"', "&quot;")
    )
}

fn par(inner: &str) -> String {
    format!("<w:p>{inner}</w:p>")
}

/// What each body becomes; and what is said of it, if anything.
fn check(cases: &[(&str, String, &str, &str)]) {
    for (name, body, expected, says) in cases {
        let (document, report) = read(body);
        assert_eq!(shape(&document.blocks), *expected, "{name}");
        let told: Vec<&str> = report.diagnostics.iter().map(|d| d.message.as_str()).collect();
        match says.is_empty() {
            true => assert!(told.is_empty(), "{name}: {told:?}"),
            false => assert!(told.iter().any(|m| m.contains(says)), "{name}: no `{says}` in {told:?}"),
        }
    }
}

#[test]
fn paragraphs_and_headings() {
    check(&[
        ("plain", p("甲") + &p("乙"), "甲 / 乙", ""),
        ("heading by name", pp("<w:pStyle w:val='1'/>", "章") + &p("甲"), "h1 章 / 甲", ""),
        ("heading by localized name", pp("<w:pStyle w:val='2'/>", "節"), "h2 節", ""),
        ("heading by what it is based on", pp("<w:pStyle w:val='h'/>", "篇"), "h1 篇", ""),
        ("heading by outline level of its style", pp("<w:pStyle w:val='o'/>", "目"), "h3 目", ""),
        ("heading by its own outline level", pp("<w:outlineLvl w:val='3'/>", "目"), "h4 目", ""),
        ("body text by its outline level", pp("<w:outlineLvl w:val='9'/>", "甲"), "甲", ""),
        ("styles in a circle", pp("<w:pStyle w:val='loop'/>", "甲"), "甲", ""),
        ("unknown style", pp("<w:pStyle w:val='none'/>", "甲"), "甲", ""),
        (
            "quotation",
            pp("<w:pStyle w:val='q'/>", "甲") + &pp("<w:pStyle w:val='q'/>", "乙") + &p("丙"),
            "quote(甲 / 乙) / 丙",
            "",
        ),
        (
            "entries of an index, before and behind their words and under others",
            par(&(entry("XE \"活字\"") + &run("", "活字排印") + &entry("XE \"印刷:雕版\" \\b"))),
            "活字排印 <Index(\"\") 活字, Index(\"印刷：雕版\") 印>",
            "",
        ),
        (
            "sizes and indents beyond all bounds",
            par(&(run("", "甲")
                + "<w:r><w:rPr><w:u w:val='single'/></w:rPr><w:t>乙</w:t></w:r>"
                + &run("<w:sz w:val='4294967295'/>", " 丙")))
                + &pp("<w:pStyle w:val='l'/><w:ind w:left='2147483647'/>", "丁")
                + &pp("<w:ind w:left='-2147483648'/>", "戊"),
            "甲乙 丙 <Name 乙> / 丁 / 戊",
            "underlined words",
        ),
        ("empty paragraphs go", p("甲") + "<w:p/>" + &p("乙"), "甲 / 乙", ""),
        (
            "a line across the page",
            p("甲") + "<w:p><w:pPr><w:pBdr><w:bottom w:val='single'/></w:pBdr></w:pPr></w:p>" + &p("乙"),
            "甲 / break / 乙",
            "",
        ),
        ("signs that part sections", p("甲") + &p("＊　＊　＊") + &p("乙"), "甲 / break / 乙", ""),
        ("a heading's own weight is no mark", pp("<w:pStyle w:val='1'/>", "章"), "h1 章", ""),
        ("content control", format!("<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", p("甲")), "甲", ""),
        (
            "placeholder",
            format!(
                "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>{}",
                p("按此輸入"),
                p("甲")
            ),
            "甲",
            "`按此輸入` is not filled in",
        ),
        (
            "vertical",
            p("甲") + "<w:sectPr><w:textDirection w:val='tbRl'/></w:sectPr>",
            "甲",
            "--direction vertical",
        ),
    ]);
}

#[test]
fn running_text() {
    let reading = "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>hàn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r></w:rubyBase></w:ruby></w:r>";
    let field = |instruction: &str, result: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>{result}<w:r><w:fldChar w:fldCharType='end'/></w:r>"
        )
    };
    check(&[
        (
            "strong",
            par(&(run("<w:b/>", "甲") + &run("<w:b/>", "乙") + &run("", "丙"))),
            "甲乙丙 <Strong 甲乙>",
            "",
        ),
        ("not strong", par(&run("<w:b w:val='0'/>", "甲")), "甲", ""),
        (
            "emphasis",
            par(&(run("<w:i/>", "甲")
                + &run("<w:rStyle w:val='e'/>", "乙")
                + &run("<w:rStyle w:val='s'/>", "丙"))),
            "甲乙丙 <Emphasis 甲乙, Strong 丙>",
            "",
        ),
        (
            "dots",
            par(&(run("<w:em w:val='dot'/>", "甲") + &run("<w:em w:val='none'/>", "乙"))),
            "甲乙 <Dots 甲>",
            "",
        ),
        ("struck out", par(&run("<w:dstrike/>", "甲")), "甲 <Strike 甲>", ""),
        (
            "raised",
            par(&(run("", "x") + &run("<w:vertAlign w:val='superscript'/>", "2"))),
            "x2 <Superscript 2>",
            "",
        ),
        ("wavy line", par(&run("<w:u w:val='wave'/>", "紅樓夢")), "紅樓夢 <Title 紅樓夢>", ""),
        (
            "straight line",
            par(&run("<w:u w:val='single'/>", "賈寶玉")),
            "賈寶玉 <Name 賈寶玉>",
            "proper names",
        ),
        ("hidden", par(&(run("", "甲") + &run("<w:vanish/>", "乙"))), "甲", "`乙` is hidden"),
        ("highlight", par(&run("<w:highlight w:val='yellow'/>", "甲")), "甲", "color behind"),
        ("reading", par(reading), "漢 <漢|hàn>", ""),
        ("old reading", par(&field(" EQ \\* jc2 \\o\\ad(\\s\\up 9(hàn),漢)", "")), "漢 <漢|hàn>", ""),
        (
            "tab, break and hyphen",
            par("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/></w:r>"),
            "甲\t乙/丙\u{2011}",
            "",
        ),
        ("page break", par("<w:r><w:t>甲</w:t><w:br w:type='page'/></w:r>"), "甲", "page or column break"),
        (
            "spaces count where it is said",
            par("<w:r><w:t> 甲 </w:t><w:t xml:space='preserve'> a </w:t></w:r>"),
            "甲 a ",
            "",
        ),
        ("line ends in the file are spaces", par("<w:r><w:t>a\nb</w:t></w:r>"), "a b", ""),
        ("references", p("a &amp; b &lt; &#x7532;"), "a & b < 甲", ""),
        (
            "link",
            par(&format!("<w:hyperlink r:id='r2'>{}</w:hyperlink>", run("<w:u w:val='single'/>", "連結"))),
            "連結 <連結→https://example.org/a>",
            "",
        ),
        (
            "link by field",
            par(&field(" HYPERLINK \"https://a.b\" ", &run("", "連結"))),
            "連結 <連結→https://a.b>",
            "",
        ),
        (
            "inner link",
            par(&format!("<w:hyperlink w:anchor='x'>{}</w:hyperlink>", run("", "見上"))),
            "見上 <見上→#x>",
            "",
        ),
        (
            "bookmarks that something refers to",
            par(&("<w:bookmarkStart w:id='0' w:name='a'/>".to_owned()
                + &run("", "甲")
                + "<w:bookmarkEnd w:id='0'/><w:bookmarkStart w:id='1' w:name='b'/>"
                + &run("", "乙")
                + "<w:bookmarkEnd w:id='1'/>"
                + &field(" REF a \\h ", &run("", "甲"))
                + &run("", "在第 ")
                + &field(" PAGEREF a \\h ", &run("", "3"))
                + &run("", " 頁"))),
            "甲乙甲在第 3 頁 <Anchor(\"a\") 甲, Reference { url: \"#a\", page: false } 甲, Reference { url: \"#a\", page: true } 第 3 頁>",
            "",
        ),
        (
            "pages that are said in another way",
            par(&("<w:bookmarkStart w:id='0' w:name='a'/>".to_owned()
                + &run("", "甲")
                + "<w:bookmarkEnd w:id='0'/>"
                + &run("", "見頁")
                + &field(" PAGEREF a ", &run("", "3")))),
            "甲見頁3 <Anchor(\"a\") 甲, 3→#a>",
            "",
        ),
        ("result of a field", par(&field(" DATE ", &run("", "九月一日"))), "九月一日", ""),
        (
            "symbols",
            par("<w:r><w:sym w:font='Wingdings' w:char='F0FC'/><w:sym w:font='Symbol' w:char='F061'/></w:r>"),
            "✓α",
            "",
        ),
        ("symbol of letters", par(&run("<w:rFonts w:ascii='Wingdings'/>", "\u{F0FC}")), "✓", ""),
        (
            "unknown symbol",
            par("<w:r><w:sym w:font='Webdings' w:char='F0FC'/></w:r>"),
            "\u{F0FC}",
            "not known",
        ),
        (
            "formula",
            par(
                "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>",
            ),
            "\\frac{1}{2} <Math { display: false } \\frac{1}{2}>",
            "",
        ),
        (
            "note",
            par("<w:r><w:t>甲</w:t></w:r><w:r><w:footnoteReference w:id='1'/></w:r>"),
            "甲@ <Note(0) \u{FFFC}>",
            "",
        ),
        (
            "a note that nothing refers to",
            p("Footnotes"),
            "Footnotes / 註一。",
            "nothing refers to this note",
        ),
        (
            "missing note",
            par("<w:r><w:t>甲</w:t><w:footnoteReference w:id='9'/></w:r>"),
            "甲 / 註一。",
            "is missing",
        ),
        (
            "remark",
            par(
                "<w:commentRangeStart w:id='0'/><w:r><w:t>甲</w:t></w:r><w:commentRangeEnd w:id='0'/><w:r><w:commentReference w:id='0'/></w:r>",
            ),
            "甲",
            "a remark of 編輯 is not carried: 請查證。",
        ),
        (
            "a large first letter",
            pp("<w:framePr w:dropCap='drop' w:lines='3'/>", "話") + &p("說天下"),
            "話說天下",
            "",
        ),
        ("smart tag", par(&format!("<w:smartTag>{}</w:smartTag>", run("", "甲"))), "甲", ""),
        (
            "unknown element",
            par(&format!("<w:shiny>{}</w:shiny>", run("", "甲"))),
            "甲",
            "`shiny` is not understood",
        ),
        (
            "alternatives",
            par(&format!(
                "<mc:AlternateContent><mc:Choice Requires='x'>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>",
                run("", "新"),
                run("", "舊")
            )),
            "新",
            "",
        ),
    ]);
}

#[test]
fn lists() {
    let item = |list: u8, level: u8, words: &str| {
        pp(&format!("<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{list}'/></w:numPr>"), words)
    };
    check(&[
        ("numbers", item(1, 0, "甲") + &item(1, 0, "乙"), "list 1 Chinese(甲 ; 乙)", ""),
        ("bullets", item(2, 0, "甲") + &p("丙") + &item(2, 0, "乙"), "list •(甲) / 丙 / list •(乙)", ""),
        (
            "a list that goes on",
            item(1, 0, "甲") + &p("丙") + &item(1, 0, "乙"),
            "list 1 Chinese(甲) / 丙 / list 2 Chinese(乙)",
            "",
        ),
        ("a list that starts elsewhere", item(4, 0, "甲"), "list 5 Chinese(甲)", ""),
        (
            "levels",
            item(1, 0, "甲") + &item(1, 1, "a") + &item(1, 0, "乙"),
            "list 1 Chinese(甲 / list 1 Decimal(a) ; 乙)",
            "labels of a list",
        ),
        (
            "labels that are words",
            item(3, 0, "甲") + &item(3, 0, "乙"),
            "第一條 甲 / 第二條 乙",
            "stand as text",
        ),
        (
            "an item of two paragraphs",
            item(2, 0, "甲") + &pp("<w:pStyle w:val='l'/>", "續") + &item(2, 0, "乙"),
            "list •(甲 / 續 ; 乙)",
            "",
        ),
        ("tasks", item(2, 0, "☒ 甲") + &item(2, 0, "☐ 乙"), "list •([x] 甲 ; [ ] 乙)", ""),
        ("no list", pp("<w:numPr><w:numId w:val='0'/></w:numPr>", "甲"), "甲", ""),
        ("an unknown list", item(9, 0, "甲"), "甲", ""),
        (
            "empty items are not counted",
            item(1, 0, "甲") + &item(1, 0, "") + &item(1, 0, "乙"),
            "list 1 Chinese(甲 ; 乙)",
            "",
        ),
    ]);
}

#[test]
fn tables() {
    let cell = |words: &str| format!("<w:tc>{}</w:tc>", p(words));
    let row = |properties: &str, cells: &[&str]| {
        format!(
            "<w:tr><w:trPr>{properties}</w:trPr>{}</w:tr>",
            cells.iter().map(|c| cell(c)).collect::<String>()
        )
    };
    let table = |rows: &str| format!("<w:tbl>{rows}</w:tbl>");
    check(&[
        (
            "head",
            table(&(row("<w:tblHeader/>", &["甲", "乙"]) + &row("", &["一", "二"]))),
            "table [甲 | 乙](一 | 二)",
            "",
        ),
        (
            "no head",
            table(&(row("", &["甲", "乙"]) + &row("", &["一", "二"]))),
            "table [](甲 | 乙 ; 一 | 二)",
            "",
        ),
        (
            "caption above",
            pp("<w:pStyle w:val='c'/>", "表一") + &table(&row("", &["甲", "乙"])),
            "table 表一[](甲 | 乙)",
            "",
        ),
        (
            "spans",
            table(&format!(
                "<w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{}</w:tc></w:tr>{}",
                p("甲"),
                row("", &["一", "二"])
            )),
            "table [](甲 |  ; 一 | 二; merged 0:0 1×2)",
            "",
        ),
        (
            "cells that go on below",
            table(
                &["restart", "continue", "continue"]
                    .iter()
                    .zip(["甲", "", "丙"])
                    .map(|(merge, words)| {
                        let merge = format!("<w:tcPr><w:vMerge w:val='{merge}'/></w:tcPr>");
                        format!("<w:tr>{}<w:tc>{merge}{}</w:tc></w:tr>", cell("一"), p(words))
                    })
                    .collect::<String>(),
            ),
            "table [](一 | 甲 ; 一 |  ; 一 | 丙; merged 0:1 2×1)",
            "",
        ),
        (
            "a cell of two paragraphs",
            table(&format!("<w:tr><w:tc>{}{}</w:tc>{}</w:tr>", p("甲"), p("乙"), cell("丙"))),
            "table [](甲/乙 | 丙)",
            "",
        ),
        ("a frame", table(&row("", &["甲"])), "甲", "table of one cell"),
        (
            "a table in a cell",
            table(&format!("<w:tr><w:tc>{}</w:tc>{}</w:tr>", table(&row("", &["甲", "乙"])), cell("丙"))),
            "table [](甲\u{3000}乙 | 丙)",
            "in a cell",
        ),
        (
            "rows of two lengths",
            table(&(row("", &["甲"]) + &row("", &["一", "二"]))),
            "table [](甲 |  ; 一 | 二)",
            "",
        ),
        (
            "a row that was deleted",
            table(&(row("", &["甲", "乙"]) + &row("<w:del w:author='甲'/>", &["一", "二"]))),
            "table [](甲 | 乙)",
            "was deleted by 甲; accepted",
        ),
    ]);
}

#[test]
fn pictures_and_boxes() {
    let picture = |id: &str| {
        format!(
            "<w:r><w:drawing><wp:inline><wp:docPr id='1' descr='方塊'/><a:graphic><a:blip {id}/></a:graphic></wp:inline></w:drawing></w:r>"
        )
    };
    let text_box = format!(
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
        p("框中")
    );
    check(&[
        ("figure", par(&picture("r:embed='r1'")), "figure word/media/image1.png 方塊 ", ""),
        (
            "figure with a caption",
            par(&picture("r:embed='r1'")) + &pp("<w:pStyle w:val='c'/>", "圖一"),
            "figure word/media/image1.png 方塊 圖一",
            "",
        ),
        (
            "picture in a line",
            par(&(run("", "見") + &picture("r:embed='r1'") + &run("", "。"))),
            "見@。 <word/media/image1.png 方塊>",
            "",
        ),
        (
            "old picture",
            par("<w:r><w:pict><v:shape alt='舊'><v:imagedata r:id='r1'/></v:shape></w:pict></w:r>"),
            "figure word/media/image1.png 舊 ",
            "",
        ),
        (
            "a picture out of the package",
            par(&(run("", "甲") + &picture("r:embed='r3'"))),
            "甲方塊",
            "is not fetched",
        ),
        (
            "a picture on the network",
            par(&(run("", "甲") + &picture("r:link='r4'"))),
            "甲方塊",
            "is not fetched",
        ),
        (
            "a picture that is not there",
            par(&(run("", "甲") + &picture("r:embed='r9'"))),
            "甲方塊",
            "not in the package",
        ),
        ("text box", par(&(run("", "甲") + &text_box)) + &p("乙"), "甲 / quote(框中) / 乙", "text box"),
        ("horizontal rule", par("<w:r><w:pict><v:rect o:hr='t'/></w:pict></w:r>"), "break", ""),
        (
            "shape",
            p("甲") + &par("<w:r><w:drawing><wp:inline/></w:drawing></w:r>"),
            "甲",
            "shape without words",
        ),
    ]);
}

#[test]
fn contents_are_left_out() {
    let entry = pp("<w:pStyle w:val='toc1'/>", "章 1");
    let field = "<w:p><w:pPr><w:pStyle w:val='toc1'/></w:pPr><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> TOC \\o </w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>章 1</w:t></w:r></w:p><w:p><w:r><w:t>節 2</w:t></w:r></w:p><w:p><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>";
    check(&[
        ("by style", entry.clone() + &p("甲"), "甲", "table of contents"),
        ("by field", field.to_owned() + &p("甲"), "甲", "table of contents"),
        (
            "by gallery",
            format!(
                "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr><w:sdtContent>{}{entry}</w:sdtContent></w:sdt>{}",
                p("目錄"),
                p("甲")
            ),
            "甲",
            "table of contents",
        ),
    ]);
}

#[test]
fn tracked_changes() {
    let body = par(&(run("", "甲")
        + "<w:ins w:author='甲'><w:r><w:t>增</w:t></w:r></w:ins><w:del w:author='乙'><w:r><w:delText>刪</w:delText></w:r></w:del>"))
        + "<w:p><w:pPr><w:rPr><w:del w:author='乙'/></w:rPr></w:pPr><w:r><w:t>前</w:t></w:r></w:p>"
        + &p("後")
        + "<w:p><w:pPr><w:rPr><w:ins w:author='甲'/></w:rPr></w:pPr><w:r><w:t>上</w:t></w:r></w:p>"
        + &p("下");
    for (tracked, expected) in
        [(Tracked::Accepted, "甲增 / 前後 / 上 / 下"), (Tracked::Refused, "甲刪 / 前 / 後 / 上下")]
    {
        let options = ReadOptions { tracked, ..ReadOptions::default() };
        let (document, report, _) = read_bytes(document(&body), &options);
        assert_eq!(shape(&document.blocks), expected);
        let changes: Vec<_> = report.diagnostics.iter().filter(|d| d.rule == "tracked-change").collect();
        assert_eq!(changes.len(), 3, "each, and all: {changes:?}");
    }
}

#[test]
fn looks_are_guessed_and_told() {
    let long = "這是一段正文，長得很，足以看出正文的字有多大，再說一句也就夠了，何況還有這一句。";
    let heading = |size: u8, words: &str| par(&run(&format!("<w:b/><w:sz w:val='{size}'/>"), words));
    let title = "<w:p><w:pPr><w:jc w:val='center'/></w:pPr><w:r><w:rPr><w:sz w:val='44'/></w:rPr><w:t>書名</w:t></w:r></w:p>";
    let body = title.to_owned()
        + &heading(32, "第一章")
        + &p(long)
        + &heading(28, "第一節")
        + &p(long)
        + &p("短句沒有句號")
        + &p(long);
    let (document_, report) = read(&body);
    assert_eq!(document_.meta.title.as_ref().map(words).as_deref(), Some("書名"));
    let expected = format!("h1 第一章 / {long} / h2 第一節 / {long} / 短句沒有句號 / {long}");
    assert_eq!(shape(&document_.blocks), expected);
    assert_eq!(report.diagnostics.iter().filter(|d| d.rule == "guessed-heading").count(), 2);
    let options = ReadOptions { headings: Headings::None, ..ReadOptions::default() };
    let (plain, _, _) = read_bytes(document(&body), &options);
    assert!(plain.meta.title.is_none() && !shape(&plain.blocks).contains("h1"));
    // Styles that are there are trusted: nothing is guessed beside them.
    let (styled, _) = read(&(pp("<w:pStyle w:val='1'/>", "章") + &heading(32, "不是章") + &p(long)));
    assert!(shape(&styled.blocks).starts_with("h1 章 / 不是章 <Strong"), "{}", shape(&styled.blocks));
}

#[test]
fn title_authors_and_date() {
    let core = "<cp:coreProperties xmlns:cp='http://schemas.openxmlformats.org/package/2006/metadata/core-properties' xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>題</dc:title><dc:creator>甲; 乙; Administrator</dc:creator><dc:language>zh-TW</dc:language></cp:coreProperties>";
    let body = format!(
        "<w:document {W}><w:body>{}{}</w:body></w:document>",
        p("正文"),
        pp("<w:pStyle w:val='t'/>", "題")
    );
    let bytes = package(&[("word/document.xml", body.as_bytes()), ("docProps/core.xml", core.as_bytes())]);
    let (document, report, _) = read_bytes(bytes, &ReadOptions::default());
    let meta = &document.meta;
    assert_eq!(meta.title.as_ref().map(words).as_deref(), Some("題"));
    assert_eq!(meta.authors.iter().map(words).collect::<Vec<_>>(), ["甲", "乙"]);
    assert_eq!(meta.language.as_deref(), Some("zh-TW"));
    assert_eq!(report.diagnostics.iter().filter(|d| d.rule.starts_with("guessed-")).count(), 2);
    let (document, _) = read(&(pp("<w:pStyle w:val='t'/>", "書名") + &p("正文")));
    assert_eq!(document.meta.title.as_ref().map(words).as_deref(), Some("書名"));
}

/// A document in which a word is written wrong, across two runs.
fn with_slip() -> Vec<u8> {
    document(&(p("前言。") + &par(&(run("", "再接") + &run("<w:b/>", "再勵") + &run("", "，加緊學習。")))))
}

#[test]
fn every_command_works_on_a_package() {
    let desk = Desk::new();
    // The name does not matter: what is in the file does.
    desk.put("書.txt", with_slip()).put("書.docx", with_slip());
    for name in ["書.docx", "書.txt"] {
        let run = desk.run(&["check", name]).ends(1, "再接再勵 → 再接再厲");
        for part in [format!("{name}!word/document.xml:2:1").as_str(), "再接再勵，加緊學習。", "^^^^^^^^"]
        {
            assert!((run.out() + &run.err()).contains(part), "{part} in {}", run.out());
        }
    }
    let json = desk.run(&["check", "書.docx", "--format", "json"]).ends(1, "").out();
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let changes = report["documents"][0]["report"]["changes"].as_array().expect("changes");
    let place = &changes.iter().find(|c| c["before"] == "再接再勵").expect("the slip")["place"];
    assert_eq!(place["part"], "word/document.xml");
    let mut bytes = with_slip();
    let source = open(SourceId(0), "a", &mut bytes, None, &mut Report::default()).expect("a package");
    let part = String::from_utf8(source.media("word/document.xml").expect("the part")).expect("UTF-8");
    let (from, to) = (place["start"].as_u64().expect("a place"), place["end"].as_u64().expect("a place"));
    assert!(
        part[from as usize..to as usize].starts_with("再接</w:t>") && part[..to as usize].ends_with("再勵")
    );
    let sarif = desk.run(&["check", "書.docx", "--format", "sarif"]).ends(1, "\"byteOffset\"").out();
    assert!(sarif.contains("word/document.xml") && !sarif.contains("startLine"), "{sarif}");
    desk.run(&["check", "書.docx", "--format", "github"]).ends(1, "line=2");
    let page = desk.run(&["check", "書.docx", "--format", "html"]).ends(1, "<p data-n=\"2\">").out();
    assert!(!page.contains("&lt;w:"), "no tags on the page");
    desk.run(&["fix", "書.docx", "--fix", "likely"]).ends(0, "+再接再厲，加緊學習。");
    desk.run(&["fix", "書.docx", "--write", "--fix", "likely"]).ends(2, "convert --to docx");
    desk.run(&["decide", "書.docx", "--reject", "再接再勵"]).ends(0, "");
    assert!(
        fs::read_to_string(desk.path("hanpress.decisions")).expect("written").contains("再接再勵\t再接再厲")
    );
    desk.run(&["check", "書.docx"]).ends(0, "1 rejected earlier");
    desk.run(&["convert", "書.docx", "--to", "md,docx", "-O", "out"]).ends(0, "");
    desk.run(&["convert", "書.docx", "--from", "markdown"]).ends(2, "the file is docx by what is in it");
    desk.put("a.md", "# 題\n").run(&["check", "a.md", "--from", "docx"]).ends(2, "the file is markdown");
}

#[test]
fn bad_packages_are_told_and_stop_nothing() {
    let desk = Desk::new();
    let whole = document(&p("甲"));
    let main =
        |body: &str| package(&[("word/document.xml", format!("<w:document {W}><w:body>{body}").as_bytes())]);
    let zeros = vec![b' '; 20 << 20];
    let open_document =
        [("mimetype", &b"application/vnd.oasis.opendocument.text"[..]), ("content.xml", b"<a/>")];
    for (name, bytes, status, says) in [
        ("half.docx", whole[..whole.len() / 2].to_vec(), 2, "the package is damaged"),
        ("head.docx", b"PK\x03\x04".to_vec(), 2, "the package is damaged"),
        ("bomb.docx", package(&[("word/document.xml", &zeros)]), 2, "as large as it is packed"),
        ("odt.docx", package(&open_document), 2, "OpenDocument"),
        ("xlsx.docx", package(&[("xl/workbook.xml", b"<a/>")]), 2, "workbook"),
        ("zip.docx", package(&[("a.txt", b"a")]), 2, "zip archive"),
        ("old.docx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0".to_vec(), 2, "save it as .docx"),
        ("pdf.docx", b"%PDF-1.7\n".to_vec(), 2, "this is a PDF"),
        ("empty.docx", package(&[("[Content_Types].xml", b"wordprocessingml")]), 1, "is not in the package"),
        ("open.docx", main(&p("甲")), 1, "ends in the middle"),
        ("torn.docx", main(&(p("甲") + "<w:p><w:r></w:p>")), 1, "is damaged"),
        ("deep.docx", main(&("<w:p>".repeat(10_000) + "甲" + &"</w:p>".repeat(10_000))), 1, "too deep"),
        ("out.docx", package(&[("word/document.xml", format!("<w:document {W}><w:body>{}</w:body></w:document>", p("甲")).as_bytes()), ("../../evil", b"x")]), 1, "leads out of the package"),
        ("entity.docx", package(&[("word/document.xml", format!("<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><w:document {W}><w:body>{}</w:body></w:document>", p("&c;")).as_bytes())]), 1, "document type"),
    ] {
        desk.put(name, bytes);
        desk.run(&["check", name]).ends(status, says);
    }
    assert!(!desk.path("evil").exists());
}

#[test]
fn any_damage_is_no_panic() {
    let bytes = document(&(p("甲") + &par("<w:r><w:footnoteReference w:id='1'/></w:r>")));
    for at in (0..bytes.len()).step_by(7) {
        let mut odd = bytes.clone();
        odd[at] ^= 0x55;
        let mut report = Report::default();
        if let Ok(source) = open(SourceId(0), "a.docx", &mut odd, None, &mut report) {
            let document = (reader(&source).read)(&source, &ReadOptions::default(), &mut report);
            assert!(report.diagnostics.iter().all(|d| source.text.get(d.span.range()).is_some()));
            drop(document);
        }
    }
    // The text itself, damaged behind the package's back.
    let body = p("甲") + &par(&run("<w:b/>", "乙")) + "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>";
    let text = format!("<w:document {W}><w:body>{body}</w:body></w:document>");
    for at in text.find("<w:body>").expect("a body")..text.len() {
        let mut odd = text.clone().into_bytes();
        odd.remove(at);
        let mut bytes = package(&[("word/document.xml", &odd)]);
        let mut report = Report::default();
        let source = open(SourceId(0), "a.docx", &mut bytes, None, &mut report).expect("a package");
        let _ = (reader(&source).read)(&source, &ReadOptions::default(), &mut report);
        assert!(report.diagnostics.iter().all(|d| source.text.get(d.span.range()).is_some()));
    }
}
