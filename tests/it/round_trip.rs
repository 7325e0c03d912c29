//! What is written as Markdown, HTML or EPUB and read again is the same document.

use std::path::Path;

use hanpress::{
    document::{Block, Document, Image, Place},
    edition::{Edition, Region, Script},
    links,
    read::{self, ReadOptions, markdown},
    report::Report,
    source::{Source, SourceId, Span},
    text::{MarkKind, Text},
    write,
};

pub(crate) fn read(text: &str) -> Document {
    let source = Source::new(SourceId(0), "a.md", text);
    let mut document = markdown::read(&source, &ReadOptions::default(), &mut Report::default());
    links::settle(&mut document, &mut Report::default());
    document
}

/// Markdown, and what writing it had to report.
pub(crate) fn written(document: &Document) -> (String, Report) {
    let mut report = Report::default();
    let bytes =
        write::markdown::write(&Edition::source(Script::Traditional, Region::Tw), document, &mut report);
    (String::from_utf8(bytes).expect("UTF-8"), report)
}

/// A text without its places.
pub(crate) fn words(text: &Text) -> String {
    let mut marks: Vec<String> = text.marks().iter().map(|m| format!("{:?} {:?}", m.range, m.kind)).collect();
    marks.sort();
    format!("{:?} {marks:?}", text.as_str())
}

/// Blocks without their places, one a line.
fn shape(blocks: &[Block], depth: usize, out: &mut Vec<String>) {
    let pad = "  ".repeat(depth);
    for block in blocks {
        match block {
            Block::Heading { level, text } => out.push(format!("{pad}heading {level} {}", words(text))),
            Block::Paragraph { text, role } => out.push(format!("{pad}{role:?} {}", words(text))),
            Block::Quote(blocks) => {
                out.push(format!("{pad}quote"));
                shape(blocks, depth + 1, out);
            }
            Block::List { start, counter, tight, items } => {
                out.push(format!("{pad}list {start:?} {counter:?} {tight}"));
                for item in items {
                    out.push(format!("{pad} item {:?}", item.task));
                    shape(&item.blocks, depth + 1, out);
                }
            }
            Block::Definitions(all) => {
                for one in all {
                    out.push(format!("{pad}term {}", words(&one.term)));
                    for meaning in &one.meanings {
                        out.push(format!("{pad} meaning"));
                        shape(meaning, depth + 1, out);
                    }
                }
            }
            Block::Code { language, text } => out.push(format!("{pad}code {language:?} {:?}", text.as_str())),
            Block::Table { align, head, rows, caption, .. } => {
                out.push(format!("{pad}table {align:?} {:?}", caption.as_ref().map(words)));
                for row in std::iter::once(head).chain(rows) {
                    out.push(format!("{pad} {:?}", row.iter().map(words).collect::<Vec<_>>()));
                }
            }
            Block::Verse(stanzas) => {
                out.push(format!("{pad}verse {:?}", stanzas.iter().map(words).collect::<Vec<_>>()));
            }
            Block::Figure { path, alt, caption, anchor, .. } => {
                let caption = caption.as_ref().map(|c| c.as_str().to_owned());
                out.push(format!("{pad}figure {path:?} {alt:?} {caption:?} {anchor:?}"));
            }
            Block::Break => out.push(format!("{pad}break")),
        }
    }
}

pub(crate) fn whole(document: &Document) -> Vec<String> {
    let meta = &document.meta;
    let mut out = vec![format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        meta.title.as_ref().map(words),
        meta.subtitle.as_ref().map(words),
        meta.authors.iter().map(words).collect::<Vec<_>>(),
        meta.date,
        meta.kind,
        (meta.notes, &document.endnotes, &meta.index)
    )];
    shape(&document.blocks, 0, &mut out);
    for note in &document.notes {
        out.push("note".to_owned());
        shape(note, 1, &mut out);
    }
    out
}

/// Writes and reads a document and compares; gives back where the first difference is.
pub(crate) fn difference(document: &Document) -> Option<String> {
    let (markdown, _) = written(document);
    let (before, after) = (whole(document), whole(&read(&markdown)));
    let at = before
        .iter()
        .zip(&after)
        .position(|(a, b)| a != b)
        .or_else(|| (before.len() != after.len()).then(|| before.len().min(after.len())))?;
    Some(format!("{:?}\n{:?}\nin\n{markdown}", before.get(at), after.get(at)))
}

/// Every element of the model, in Markdown.
const CASES: &[&str] = &[
    "正文*強調*與**重點**，***兩者***。",
    "`代碼`、``a`b``、<https://a.b/c_d*e>、[書](https://a.b \"題\")。",
    "{漢|hàn}{字|zì}、{北京|Běijīng}、{{國|ㄍㄨㄛˊ}|guó}。",
    "[賈寶玉]{.name}讀[紅樓夢]{.title}，[要緊]{.dots}，[12]{.combine}。",
    "H~2~O 與 x^2^，~~刪去~~。",
    "~~刪去~~在先，\\\n~2~也是。",
    "第一行\\\n第二行",
    "1\\. 不是列表\n\n\\# 不是標題\n\n\\- 不是\n\n2025\\. 年",
    "\\*不是\\*，a_b_c，\\[不是\\]，\\{漢|hàn\\}，\\`不是\\`，&lt;b&gt;，3 \\* 4，\\\\。",
    "# 章\n\n## 節\n\n# 二\n\n正文",
    "- 甲\n- 乙\n  1. 丙\n  2. 丁\n\n     第二段\n- [x] 成\n- [ ] 未",
    "3. 三\n4. 四\n\n<!-- -->\n\n1. 一",
    ":::: list-chinese\n1. 上午十時集合。\n2. 參觀：\n   ::: list-chinese-paren\n   1. 書房；\n   2. 客廳。\n   :::\n::::",
    "> 引文\n>\n> > 引中引\n\n> 另一引",
    "詞甲\n: 義一\n\n詞乙\\\n別名\n: 義二\n\n: 義三\n\n    第二段\n\n    > 引文\n\n正文",
    "甲\n\n:   - 列\n    - 表\n\n    丙\n    : 內層\n\n- 項\n\n  丁\n  : 戊",
    "設 $x^2_1$ 與 $\\text{速度}$，$`a$b`$，價 $5 與 \\$6，獨 $。",
    "$$\n\\frac{a}{b}\n= c\n$$\n\n行內 $$y$$。",
    "| 甲 |\n| - |\n| $a\\|b$ |",
    "> 詞\n> : 義\n\n: 題名\n\n| 甲 |\n| - |\n| 乙 |",
    "正文\n\n: 題名\n\n| 甲 |\n| - |\n| 乙 |",
    "```rust\nfn main() {}\n```\n\n````\n```\n````",
    ": 表的**題名**\n\n| 甲 | 乙 |\n| :- | -: |\n| a\\|b | `c\\|d` |\n| 一<br>二 | {漢\\|hàn} |",
    "| 床前明月光，\n| 疑是地上霜。\n|\n| 舉頭望明月，\n| 低頭思故鄉。",
    "::: salutation\n怡君：\n:::\n\n此致\n\n::: closing\n敬禮\n:::\n\n::: signature\n育慈\\\n五月十八日夜\n:::",
    "正文[^a]，再[^b]，又[^a]。\n\n[^a]: 註一。\n\n    第二段\n\n    - 列\n\n[^b]: 註二*斜*。",
    "前\n\n![替代文字](圖.png \"圖一\")\n\n行內![小圖](小 圖.png)圖\n\n* * *\n\n後",
    "---\ntitle: \"題：{漢|hàn}\"\nsubtitle: 副題\nauthor: [甲, 乙]\ndate: 2025-09-01\n---\n\n正文",
    "**「引文」**後，**Rust** 語言，*a*b。",
    "[東京都庁]{lang=ja}、[**大韓**民國]{lang=ko}與[简体*引文*]{.keep}，[mot]{lang=fr}。",
];

#[test]
fn every_element_survives() {
    for case in CASES {
        let document = read(case);
        assert!(document.blocks.len() + document.meta.authors.len() > 0, "{case}");
        if let Some(difference) = difference(&document) {
            panic!("{case}\n{difference}");
        }
    }
}

/// A document as DOCX has it: what the format has no place for is gone, as `docs/elements.md` says.
pub(crate) fn as_docx(lines: Vec<String>) -> Vec<String> {
    let gone = |line: String| {
        // The language of code; whether a list is tight; names of pictures; what only vertical lines have.
        let line = match line.find("code \"") {
            Some(at) if line.trim_start().starts_with("code") => {
                let rest = line[at + 6..].split_once("\" ").map_or("", |(_, rest)| rest);
                format!("{}code \"\" {rest}", &line[..at])
            }
            _ => line,
        };
        let line = line.trim_end_matches(" true").trim_end_matches(" false").to_owned();
        let line = match (line.find("figure \""), line.find("path: \\\"")) {
            (Some(at), _) => {
                format!("{}figure {}", &line[..at], line[at + 8..].split_once("\" ").map_or("", |p| p.1))
            }
            (_, Some(at)) => {
                let rest = line[at + 8..].split_once("\\\"").map_or("", |(_, rest)| rest);
                format!("{}path{rest}", &line[..at])
            }
            _ => line,
        };
        // What the template decides is decided.
        line.replace(") Auto", ") Decimal")
    };
    lines.into_iter().map(gone).collect()
}

/// Writes a document as DOCX and reads it again; gives back where the first difference is.
pub(crate) fn docx_difference(
    kit: &hanpress::kit::Kit,
    document: &Document,
    lens: fn(Vec<String>) -> Vec<String>,
) -> Option<String> {
    let edition = Edition::source(Script::Traditional, Region::Tw);
    let mut report = Report::default();
    let mut bytes = write::docx::write(kit, &edition, document, &mut report).expect("a DOCX");
    let source =
        hanpress::read::open(SourceId(0), "a.docx", &mut bytes, None, &mut report).expect("a package");
    let mut again = hanpress::read::docx::read(&source, &ReadOptions::default(), &mut Report::default());
    links::settle(&mut again, &mut Report::default());
    let (before, after) = (lens(whole(document)), lens(whole(&again)));
    let at = (0..before.len().max(after.len())).find(|&at| before.get(at) != after.get(at))?;
    Some(format!("{:?}\n{:?}\n{after:#?}", before.get(at), after.get(at)))
}

#[test]
fn every_element_survives_in_docx() {
    let kit = crate::support::kit();
    let cases = [
        "正文*強調*與**重點**，***兩者***。",
        "`代碼`、<https://a.b/c_d*e>、[書](https://a.b \"題\")。",
        "{漢|hàn}{字|zì}、{北京|Běijīng}、{國|ㄍㄨㄛˊ}。",
        "[賈寶玉]{.name}讀[紅樓夢]{.title}，[要緊]{.dots}，[甲]{.name}[乙]{.name}。",
        "H~2~O 與 x^2^，~~刪去~~。",
        "第一行\\\n第二行",
        "# 章\n\n## 節\n\n### 目\n\n# 二\n\n正文",
        "- 甲\n- 乙\n  1. 丙\n  2. 丁\n\n     第二段\n- [x] 成\n- [ ] 未",
        "3. 三\n4. 四\n\n<!-- -->\n\n1. 一",
        ":::: list-chinese\n1. 上午十時集合。\n2. 參觀：\n   ::: list-chinese-paren\n   1. 書房；\n   2. 客廳。\n   :::\n::::",
        "::: list-circled\n1. 甲\n2. 乙\n:::\n\n正文\n\n::: list-heavenly-stem\n1. 甲\n2. 乙\n:::",
        "> 引文\n>\n> > 引中引\n\n正文\n\n> 另一引",
        "設 $x^2_1$ 與 $\\text{速度}$，價 $5。\n\n$$\n\\frac{a}{b}\n= c\n$$",
        "詞甲\n: 義一\n\n詞乙\\\n別名\n: 義二\n\n: 義三\n\n    第二段\n\n    - 列\n    - 表\n\n      段\n\n正文",
        "甲\n\n:   ```\n    代碼\n    ```\n\n    丙\n    : 內層\n\n- 項\n\n  丁\n  : 戊",
        "```\nfn main() {\n\tx\n\n}\n```\n\n正文",
        ": 表的**題名**\n\n| 甲 | 乙 |\n| :- | -: |\n| a\\|b | `c\\|d` |\n| 一<br>二 | {漢\\|hàn} |",
        "| 床前明月光，\n| 疑是地上霜。\n|\n| 舉頭望明月，\n| 低頭思故鄉。",
        "::: salutation\n怡君：\n:::\n\n此致\n\n::: closing\n敬禮\n:::\n\n::: signature\n育慈\\\n五月十八日夜\n:::",
        "正文[^a]，再[^b]，又[^a]。\n\n[^a]: 註一。\n\n    第二段\n\n    - 列\n\n[^b]: 註二*斜*。",
        "前\n\n![替代文字](圖.png \"圖一\")\n\n行內![小圖](小.png)圖\n\n* * *\n\n後",
        "---\ntitle: \"題：{漢|hàn}\"\nsubtitle: 副題\nauthor: [甲, 乙]\ndate: 2025-09-01\n---\n\n正文",
    ];
    let mut wrong = Vec::new();
    for case in cases {
        let mut document = read(case);
        if document.meta.title.is_none() {
            document.meta.title = Some(Text::made("題", hanpress::source::Span::new(SourceId(0), 0..1)));
        }
        for path in ["圖.png", "小.png"] {
            let bytes = include_bytes!("../read/square.png").to_vec();
            let format = hanpress::document::ImageFormat::Png;
            let path = path.to_owned();
            document.images.push(hanpress::document::Image { path, bytes, format, width: 8, height: 8 });
        }
        if let Some(difference) = docx_difference(&kit, &document, as_docx) {
            wrong.push(format!("{case}\n{difference}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn real_documents_survive() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for folder in ["docs", "tests/read", "."] {
        let mut files: Vec<_> = std::fs::read_dir(root.join(folder))
            .expect("a folder")
            .map(|f| f.expect("a file").path())
            .collect();
        files.sort();
        for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "md")) {
            let text = std::fs::read_to_string(file).expect("a text");
            if let Some(difference) = difference(&read(&text)) {
                panic!("{}\n{}", file.display(), &difference[..difference.floor_char_boundary(3000)]);
            }
            count += 1;
        }
    }
    assert!(count > 5);
}

#[test]
fn what_cannot_be_written_is_told() {
    let mut document = read("![圖](a.png \"題\")");
    assert!(written(&document).1.diagnostics.is_empty());
    for (place, text) in document.texts_mut() {
        if place == Place::Caption {
            text.mark(0..3, MarkKind::Strong);
        }
    }
    let (markdown, report) = written(&document);
    assert!(markdown.contains("![圖](a.png \"題\")"), "{markdown}");
    assert_eq!(report.diagnostics.iter().map(|d| d.rule).collect::<Vec<_>>(), ["lost-marks"]);
}

/// A document with a title and its pictures, as the command line makes it.
pub(crate) fn dressed(markdown: &str) -> Document {
    let mut document = read(markdown);
    if document.meta.title.is_none() {
        document.meta.title = Some(Text::made("題", Span::new(SourceId(0), 0..0)));
    }
    let square = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/read/square.png"))
        .expect("a picture");
    let mut paths: Vec<String> = Vec::new();
    for (_, text) in document.texts() {
        paths.extend(text.marks().iter().filter_map(|m| match &m.kind {
            MarkKind::Image { path, .. } => Some(path.clone()),
            _ => None,
        }));
    }
    paths.extend(document.blocks.iter().filter_map(|block| match block {
        Block::Figure { path, .. } => Some(path.clone()),
        _ => None,
    }));
    for path in paths {
        let mut bytes = square.clone();
        // Two pictures are two files, whatever they show.
        bytes.extend(path.bytes());
        document.images.push(Image::read(path, bytes).expect("a picture"));
    }
    document
}

/// Writes and reads a document by another format and compares; gives back where the first difference is.
pub(crate) fn difference_by(format: &str, document: &Document) -> Option<String> {
    let kit = crate::support::kit();
    let edition = Edition::source(Script::Traditional, Region::Tw);
    let mut report = Report::default();
    let mut bytes = match format {
        "html" => write::html::write(&kit, &edition, document, &mut report),
        _ => write::epub::write(&kit, &edition, document, &mut report),
    }
    .expect("it is written");
    let name = format!("a.{format}");
    let source = read::open(SourceId(0), &name, &mut bytes, None, &mut report).expect("a source");
    let mut again = (read::reader(&source).read)(&source, &ReadOptions::default(), &mut report);
    links::settle(&mut again, &mut report);
    crate::read::check(&again, &report, &source);
    for image in &mut again.images {
        image.bytes.clear();
    }
    let mut after = whole(&again);
    // A package numbers its pictures.
    for (i, image) in document.images.iter().enumerate() {
        for line in &mut after {
            *line = line.replace(&format!("EPUB/images/{}.png", i + 1), &image.path);
        }
    }
    let before = whole(document);
    let at = before
        .iter()
        .zip(&after)
        .position(|(a, b)| a != b)
        .or_else(|| (before.len() != after.len()).then(|| before.len().min(after.len())))?;
    Some(format!("{:?}\n{:?}", before.get(at), after.get(at)))
}

#[test]
fn what_is_lost_is_seen() {
    let mut document = dressed("正文**重點**。\n\n第二段。");
    assert_eq!(difference_by("html", &document), None);
    // A page has no links to nothing.
    for (place, text) in document.texts_mut() {
        if place == Place::Paragraph {
            text.mark(0..3, MarkKind::Link { url: "#無".into(), title: String::new() });
        }
    }
    assert!(difference_by("html", &document).is_some());
    assert!(difference_by("epub", &document).is_some());
}

#[test]
fn every_element_survives_html_and_epub() {
    let mut wrong = Vec::new();
    for format in ["html", "epub"] {
        for case in CASES {
            let document = dressed(case);
            wrong.extend(difference_by(format, &document).map(|d| format!("{format}: {case}\n{d}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
