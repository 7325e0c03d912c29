//! Documents to write: an article, a text with every kind of block, an empty one, a hostile one.

use std::{collections::BTreeSet, path::Path};

use hanpress::{
    document::{Align, Block, Counter, Document, Image, ImageFormat, Item, Merge, Metadata, Role},
    font::store::FontStore,
    kit::Kit,
    source::{SourceId, Span},
    tables::Tables,
    template::Template,
    text::{MarkKind, OBJECT, Text},
};

/// A kit with the faces of this repository; unpacked faces are kept under `target`.
pub fn kit() -> Kit {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = move |name: &str| std::fs::read(root.join("fonts").join(name)).ok().map(Into::into);
    Kit {
        fonts: FontStore::bundled(Box::new(files), Some(root.join("target/test-faces"))).unwrap(),
        tables: Tables::bundled(),
        template: Template::bundled("handout").unwrap(),
    }
}

/// A text without marks.
pub fn text(string: &str) -> Text {
    Text::verbatim(string, SourceId(0), 0)
}

/// A text in which `words` of each pair are marked.
pub fn marked(string: &str, marks: &[(&str, MarkKind)]) -> Text {
    let mut out = text(string);
    for (words, kind) in marks {
        let at = string.find(words).unwrap();
        out.mark(at..at + words.len(), kind.clone());
    }
    out
}

fn paragraph(string: &str) -> Block {
    Block::Paragraph { text: text(string), role: Role::Body }
}

/// The article in `seeds/texts`, read as roughly as its layout allows.
pub fn article() -> Document {
    let manuscript = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/texts/shanghai-spirit.txt"),
    )
    .unwrap();
    let mut paragraphs: Vec<&str> =
        manuscript.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).collect();
    let first = paragraphs.remove(0);
    let author = paragraphs.pop().unwrap();
    let (date, title) = first.trim_start_matches("date ").split_at(10);
    let mut document = Document {
        meta: Metadata {
            title: Some(text(title.trim())),
            authors: vec![text("閻小駿"), text("李拉")],
            date: Some(date.to_owned()),
            ..Metadata::default()
        },
        ..Document::default()
    };
    let mut couplet: Option<&str> = None;
    for part in paragraphs {
        let ends = part.ends_with(['。', '」', '？', '！']);
        match (couplet.take(), ends) {
            (None, true) => document.blocks.push(paragraph(part)),
            (None, false) if part.contains(' ') => document.blocks.push(heading(2, &part.replace(' ', "\n"))),
            (None, false) => couplet = Some(part),
            (Some(first), false) => document.blocks.push(heading(2, &format!("{first}\n{part}"))),
            (Some(first), true) => document.blocks.extend([heading(2, first), paragraph(part)]),
        }
    }
    document.blocks.push(Block::Paragraph { text: text(author), role: Role::AuthorNote });
    document
}

fn heading(level: u8, string: &str) -> Block {
    Block::Heading { level, text: text(string) }
}

/// A one-pixel PNG.
pub fn picture() -> Vec<u8> {
    let mut pixmap = tiny_skia::Pixmap::new(240, 120).unwrap();
    pixmap.fill(tiny_skia::Color::from_rgba8(0x6A, 0x8E, 0x9A, 255));
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header().unwrap().write_image_data(pixmap.data()).unwrap();
    out
}

/// A text with every kind of block and mark.
pub fn everything() -> Document {
    let note = OBJECT.to_string();
    let mut first = marked(
        "這是要緊的話與著重的字，夾着 *plain* words、“quoted words”、don’t、code x = 1、H2O、mc2、舊稿，詳見維基文庫。",
        &[
            ("要緊的話", MarkKind::Strong),
            ("著重的字", MarkKind::Emphasis),
            ("*plain* words", MarkKind::Emphasis),
            ("code x = 1", MarkKind::Code),
            ("2O", MarkKind::Subscript),
            ("2、", MarkKind::Superscript),
            ("舊稿", MarkKind::Strike),
            (
                "維基文庫",
                MarkKind::Link {
                    url: "https://zh.wikisource.org/wiki/首頁?a=1&b=<2>".into(),
                    title: "維基「文庫」".into(),
                },
            ),
        ],
    );
    first.push_text(&marked(&note, &[(note.as_str(), MarkKind::Note(0))]));
    let mut second = text("又一段，引同一條註");
    second.push_text(&marked(&note, &[(note.as_str(), MarkKind::Note(0))]));
    second.push_text(&text("，再引一條"));
    second.push_text(&marked(&note, &[(note.as_str(), MarkKind::Note(1))]));
    second.push_text(&text("——並有小圖"));
    second.push_text(&marked(
        &note,
        &[(note.as_str(), MarkKind::Image { path: "小圖.png".into(), alt: "一方藍色".into() })],
    ));
    second.push_text(&text("。第一行完\n第二行始……阿不都·熱西提生於1958—1960年間，看 https://a.b/c 吧。"));
    let at = second.as_str().find("https").unwrap();
    second.mark(at..at + 13, MarkKind::Url);
    Document {
        meta: Metadata {
            title: Some(text("天地玄黃\n宇宙洪荒")),
            subtitle: Some(text("——各式文例一覽")),
            authors: vec![text("周興嗣"), text("Jean-François O’Neill")],
            date: Some("2025-09".into()),
            source: Some(text("《文例月刊》第3期")),
            rights: Some(text("版權 & 轉載 <請洽>")),
            publisher: Some(text("文例社")),
            description: Some(text("一段提要。")),
            ..Metadata::default()
        },
        blocks: vec![
            heading(1, "第一章　行文"),
            Block::Paragraph { text: first, role: Role::Body },
            Block::Paragraph { text: second, role: Role::Body },
            heading(2, "引文"),
            Block::Quote(vec![
                paragraph("學而時習之，不亦說乎？「有朋」自遠方來，不亦樂乎？"),
                Block::Paragraph {
                    text: marked(
                        "人不知而不慍，不亦君子乎？Confucius said so.",
                        &[("君子", MarkKind::Strong)],
                    ),
                    role: Role::Body,
                },
            ]),
            Block::Paragraph { text: text("引文之後，接着說下去。"), role: Role::Continued },
            heading(2, "列表"),
            list(None, true, &["甲：其一", "乙：其二"]),
            list(Some(9), false, &["第九項，文字略長，以便看看轉行之後是否對齊，左邊應當齊整。", "第十項"]),
            Block::List {
                start: Some(1),
                counter: Counter::Auto,
                tight: true,
                items: vec![
                    Item {
                        task: None,
                        blocks: vec![paragraph("外層"), list(None, true, &["內層一", "內層二"])],
                    },
                    Item {
                        task: None,
                        blocks: vec![paragraph("又一項"), Block::Quote(vec![paragraph("項內引文。")])],
                    },
                ],
            },
            Block::List {
                start: None,
                counter: Counter::Auto,
                tight: true,
                items: [(true, "已辦"), (false, "未辦")]
                    .map(|(done, words)| Item { task: Some(done), blocks: vec![paragraph(words)] })
                    .into(),
            },
            heading(1, "第二章　圖表"),
            Block::Table {
                align: vec![Align::Start, Align::Center, Align::End],
                head: vec![text("朝代"), text("都城"), text("年數")],
                rows: vec![
                    vec![text("唐"), text("長安"), text("289")],
                    vec![marked("北宋", &[("北", MarkKind::Strong)]), text("汴京（開封）"), text("167")],
                    vec![text("不足一格")],
                    vec![text("兩宋並稱，合為一格"), Text::new(), text("319")],
                    vec![Text::new(), Text::new(), text("0")],
                ],
                merged: vec![Merge { row: 4, column: 0, rows: 2, columns: 2 }],
                caption: Some(text("表1　宋唐")),
            },
            Block::Figure {
                path: "小圖.png".into(),
                alt: "一方藍色".into(),
                caption: Some(text("圖1　一方藍色")),
                anchor: None,
                span: Span::new(SourceId(0), 0..0),
            },
            Block::Figure {
                path: "沒有.png".into(),
                alt: "此圖已佚".into(),
                caption: None,
                anchor: None,
                span: Span::new(SourceId(0), 0..0),
            },
            heading(3, "程式"),
            Block::Code {
                language: "rust".into(),
                text: text("fn main() {\n    println!(\"你好 <世界> & 'co'\");\n}"),
            },
            Block::Break,
            paragraph("（完）"),
            Block::Paragraph {
                text: text("作者周興嗣是梁朝散騎侍郎。"), role: Role::AuthorNote
            },
        ],
        endnotes: BTreeSet::new(),
        notes: vec![
            vec![paragraph("註一：見《千字文》。"), paragraph("註一的第二段。")],
            vec![Block::Paragraph {
                text: marked(
                    "註二，附連結。",
                    &[("連結", MarkKind::Link { url: "https://example.org/".into(), title: String::new() })],
                ),
                role: Role::Body,
            }],
            vec![paragraph("註三：沒有人引用它。")],
        ],
        ignored: Vec::new(),
        images: vec![Image {
            path: "小圖.png".into(),
            bytes: picture(),
            format: ImageFormat::Png,
            width: 240,
            height: 120,
        }],
    }
}

fn list(start: Option<u64>, tight: bool, items: &[&str]) -> Block {
    let items = items.iter().map(|words| Item { task: None, blocks: vec![paragraph(words)] }).collect();
    Block::List { start, counter: Counter::Auto, tight, items }
}

/// A document that is all traps: markup in every text, control characters, empty parts.
pub fn hostile() -> Document {
    let nasty = "a<b>&amp;\"'\u{1}\u{B}\u{7F}]]>\u{FFFE}<!--漢";
    Document {
        meta: Metadata {
            title: Some(text(nasty)),
            subtitle: Some(text("")),
            authors: vec![text(nasty), text("")],
            date: Some("2025-13-45".into()),
            identifier: Some("urn:x:<&\">".into()),
            description: Some(text(nasty)),
            ..Metadata::default()
        },
        blocks: vec![
            heading(6, nasty),
            heading(1, ""),
            heading(3, nasty),
            paragraph(nasty),
            paragraph(""),
            Block::Quote(vec![]),
            Block::List { start: None, counter: Counter::Auto, tight: true, items: vec![] },
            Block::List {
                start: Some(0),
                counter: Counter::Auto,
                tight: false,
                items: vec![Item::default()],
            },
            Block::Code { language: nasty.into(), text: text(nasty) },
            Block::Table { align: vec![], head: vec![], rows: vec![], merged: vec![], caption: None },
            Block::Table {
                align: vec![],
                head: vec![text(nasty)],
                rows: vec![vec![], vec![text(nasty), text(nasty)]],
                merged: vec![],
                caption: None,
            },
            Block::Figure {
                path: nasty.into(),
                alt: nasty.into(),
                caption: None,
                anchor: None,
                span: Span::new(SourceId(0), 0..0),
            },
        ],
        notes: vec![vec![], vec![heading(1, nasty)]],
        endnotes: BTreeSet::new(),
        ignored: Vec::new(),
        images: vec![],
    }
}

/// A book of several chapters, long enough to be split.
pub fn book() -> Document {
    let one = article();
    let mut document = Document { meta: one.meta, ..Document::default() };
    document.blocks.push(paragraph("卷首語。"));
    for chapter in 1..=12 {
        document.blocks.push(heading(1, &format!("第{chapter}章")));
        for block in &one.blocks {
            document.blocks.push(block.clone());
        }
    }
    document
}
