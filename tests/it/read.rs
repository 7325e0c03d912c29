//! Readers: cases in `tests/read`, each with a golden tree beside it, and properties over random text.
//! `UPDATE=1` rewrites the trees; read the diff.

use std::fmt::Write as _;

use hanpress::{
    document::{Block, Counter, Document, Role},
    read::{Headings, READERS, ReadOptions, decode::decode, reader},
    report::Report,
    source::{Source, SourceId},
    text::Text,
};
use proptest::prelude::*;

use crate::support::{manuscript, root};

/// The tree of a document: kinds, byte spans, texts, marks; what is verbatim needs no word, `~` marks the rest.
fn dump(document: &Document, report: &Report, source: &Source) -> String {
    let mut out = String::new();
    let meta = &document.meta;
    for (key, text) in [("title", &meta.title), ("subtitle", &meta.subtitle), ("source", &meta.source)] {
        text.iter().for_each(|t| line(&mut out, 0, key, t));
    }
    meta.authors.iter().for_each(|t| line(&mut out, 0, "author", t));
    meta.date.iter().for_each(|d| writeln!(out, "date {d}").unwrap());
    blocks(&mut out, 0, &document.blocks);
    for (i, note) in document.notes.iter().enumerate() {
        writeln!(out, "note {i}").unwrap();
        blocks(&mut out, 1, note);
    }
    for d in &report.diagnostics {
        let place = source.place(d.span.start as usize);
        writeln!(out, "{} {}:{} {}", d.rule, place.line, place.column, d.message).unwrap();
    }
    out
}

fn line(out: &mut String, depth: usize, kind: &str, text: &Text) {
    let span = text.span(0..text.as_str().len());
    writeln!(out, "{}{kind} {}..{} {:?}", "  ".repeat(depth), span.start, span.end, text.as_str()).unwrap();
    for mark in text.marks() {
        let (covered, pad) = (&text.as_str()[mark.range.clone()], "  ".repeat(depth + 1));
        writeln!(out, "{pad}{:?} {covered:?}", mark.kind).unwrap();
    }
    for (range, piece) in text.piece_ranges().filter(|(_, p)| !p.verbatim) {
        let pad = "  ".repeat(depth + 1);
        writeln!(out, "{pad}~ {:?} {}..{}", &text.as_str()[range], piece.span.start, piece.span.end).unwrap();
    }
}

fn blocks(out: &mut String, depth: usize, all: &[Block]) {
    let pad = "  ".repeat(depth);
    for block in all {
        match block {
            Block::Heading { level, text } => line(out, depth, &format!("heading{level}"), text),
            Block::Paragraph { text, role: Role::Body } => line(out, depth, "paragraph", text),
            Block::Paragraph { text, role } => line(out, depth, &format!("{role:?}"), text),
            Block::Quote(inner) => {
                writeln!(out, "{pad}quote").unwrap();
                blocks(out, depth + 1, inner);
            }
            Block::Verse(stanzas) => stanzas.iter().for_each(|t| line(out, depth, "verse", t)),
            Block::List { start, counter, tight, items } => {
                let counter = if *counter == Counter::Auto { String::new() } else { format!(" {counter:?}") };
                writeln!(out, "{pad}list {start:?}{counter} tight={tight}").unwrap();
                for item in items {
                    writeln!(out, "{pad}- {:?}", item.task).unwrap();
                    blocks(out, depth + 1, &item.blocks);
                }
            }
            Block::Definitions(all) => {
                for one in all {
                    line(out, depth, "term", &one.term);
                    for meaning in &one.meanings {
                        writeln!(out, "{pad}: meaning").unwrap();
                        blocks(out, depth + 1, meaning);
                    }
                }
            }
            Block::Code { language, text } => line(out, depth, &format!("code {language:?}"), text),
            Block::Table { align, head, rows, merged, caption } => {
                writeln!(out, "{pad}table {align:?}").unwrap();
                for m in merged {
                    writeln!(out, "{pad}  merged {}:{} {}×{}", m.row, m.column, m.rows, m.columns).unwrap();
                }
                caption.iter().for_each(|t| line(out, depth + 1, "caption", t));
                head.iter().for_each(|cell| line(out, depth + 1, "head", cell));
                for row in rows {
                    writeln!(out, "{pad}  row").unwrap();
                    row.iter().for_each(|cell| line(out, depth + 2, "cell", cell));
                }
            }
            Block::Figure { path, alt, caption, span, .. } => {
                writeln!(out, "{pad}figure {path:?} {alt:?} {}..{}", span.start, span.end).unwrap();
                caption.iter().for_each(|t| line(out, depth + 1, "caption", t));
            }
            Block::Break => writeln!(out, "{pad}break").unwrap(),
        }
    }
}

/// Spans lie in the source on character boundaries; verbatim pieces are the source's text.
pub(crate) fn check(document: &Document, report: &Report, source: &Source) {
    for (_, text) in document.texts() {
        for (range, piece) in text.piece_ranges() {
            let slice = source.text.get(piece.span.range()).expect("a span of the source");
            assert!(
                !piece.verbatim || slice == &text.as_str()[range.clone()],
                "{slice:?} {:?}",
                &text.as_str()[range]
            );
        }
        for mark in text.marks() {
            assert!(!mark.range.is_empty() && text.as_str().get(mark.range.clone()).is_some());
        }
    }
    for d in &report.diagnostics {
        assert!(source.text.get(d.span.range()).is_some(), "{d:?}");
    }
}

fn run(name: &str, bytes: &[u8], options: &ReadOptions) -> String {
    let mut report = Report::default();
    let source = decode(SourceId(0), name, bytes, None, &mut report).expect("a manuscript");
    let document = (reader(&source).read)(&source, options, &mut report);
    check(&document, &report, &source);
    dump(&document, &report, &source)
}

fn golden(name: &str, got: &str) {
    let path = root().join("tests/read").join(name).with_extension("tree");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, got).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(got, expected, "{name}: UPDATE=1 accepts this");
}

#[test]
fn cases() {
    let mut names: Vec<_> =
        std::fs::read_dir(root().join("tests/read")).unwrap().map(|e| e.unwrap().path()).collect();
    names.retain(|p| p.extension().is_some_and(|e| ["txt", "md", "html"].iter().any(|known| e == *known)));
    names.sort();
    for path in names {
        let name = path.file_name().unwrap().to_str().unwrap();
        golden(name, &run(name, &std::fs::read(&path).unwrap(), &ReadOptions::default()));
    }
    golden(
        "shanghai-spirit.txt",
        &run("shanghai-spirit.txt", manuscript().as_bytes(), &ReadOptions::default()),
    );
}

#[test]
fn the_encoding_and_line_ends_change_nothing_but_spans() {
    let text = manuscript();
    let words = |tree: String| -> Vec<String> {
        let words = tree.lines().filter(|l| !l.contains("guessed-encoding"));
        words
            .map(|l| l.split_whitespace().filter(|w| !w.contains("..")).collect::<Vec<_>>().join(" "))
            .collect()
    };
    let expected = words(run("a.txt", text.as_bytes(), &ReadOptions::default()));
    let big5 = encoding_rs::BIG5.encode(&text).0;
    assert_eq!(words(run("a.txt", &big5, &ReadOptions::default())), expected);
    assert_eq!(words(run("a.txt", text.replace('\n', "\r\n").as_bytes(), &ReadOptions::default())), expected);
}

#[test]
fn without_headings() {
    let options = ReadOptions { headings: Headings::None, ..ReadOptions::default() };
    let tree = run("a.txt", manuscript().as_bytes(), &options);
    assert!(!tree.contains("heading") && tree.contains("\"民心相通 累積成為信任資本\""));
}

#[test]
fn short_forms_work_in_plain_text_when_asked() {
    let text = "{紅|ㄏㄨㄥˊ}樓夢裡的人\n\n[賈寶玉]{.name}讀過[西廂記]{.title}，年方^14^歲。\\{甲|乙\\}\n";
    let plain = run("a.txt", text.as_bytes(), &ReadOptions::default());
    assert!(plain.contains("{紅|ㄏㄨㄥˊ}") && plain.contains("[賈寶玉]{.name}"), "{plain}");
    let marked = run("a.txt", text.as_bytes(), &ReadOptions { markup: true, ..ReadOptions::default() });
    for wanted in
        ["Ruby(\"ㄏㄨㄥˊ\") \"紅\"", "Name \"賈寶玉\"", "Title \"西廂記\"", "Combine \"14\"", "{甲|乙}"]
    {
        assert!(marked.contains(wanted), "{wanted}: {marked}");
    }
}

#[test]
fn ruby_of_html() {
    // (HTML, text, marks)
    for (html, text, marks) in [
        (
            "<ruby>漢<rt>ㄏㄢˋ</rt>字<rt>ㄗˋ</rt></ruby>",
            "漢字",
            &["Ruby(\"ㄏㄢˋ\") \"漢\"", "Ruby(\"ㄗˋ\") \"字\""][..],
        ),
        ("<ruby>漢<rt>ㄏㄢˋ字<rt>ㄗˋ</ruby>好", "漢好", &["Ruby(\"ㄗˋ\") \"漢\""]),
        ("<ruby><rb>漢<rb>字<rt>a<rt>b</ruby>", "漢字", &["Ruby(\"a\") \"漢\"", "Ruby(\"b\") \"字\""]),
        ("<ruby>漢字<rt>a<rt>b</ruby>", "漢字", &["Ruby(\"a\") \"漢\"", "Ruby(\"b\") \"字\""]),
        (
            "<ruby><rb>漢<rb>字<rt>a<rt>b<rtc>c</ruby>",
            "漢字",
            &["Ruby(\"c\") \"漢字\"", "Ruby(\"a\") \"漢\""],
        ),
        (
            "<ruby><ruby>漢<rt>a</rt></ruby><rt>b</rt></ruby>",
            "漢",
            &["Ruby(\"b\") \"漢\"\n  Ruby(\"a\") \"漢\""],
        ),
        ("甲<ruby>漢<rp>(</rp><rt>a", "甲漢(（a）", &["raw-html"]),
        ("甲<rt>乙</rt>", "甲（乙）", &["raw-html"]),
        ("<ruby>漢字<rt>a<rt>b<rt>c</ruby>", "漢字（a）（b）（c）", &["raw-html"]),
        ("<ruby>漢<rt>{好|x}</rt></ruby>", "漢", &["Ruby(\"{好|x}\") \"漢\""]),
    ] {
        let tree = run("a.md", html.as_bytes(), &ReadOptions::default());
        assert!(tree.contains(&format!("{text:?}")), "{html}: {tree}");
        assert!(marks.iter().all(|m| tree.contains(m)), "{html}: {tree}");
    }
}

#[test]
fn chinese_marks_do_not_break_emphasis() {
    for (text, strong) in [
        ("**重點**，好", "重點"),
        ("含**「重點」**內容", "「重點」"),
        ("他說**「好」。**然後", "「好」。"),
        ("這是**「甲」與“乙”**的", "「甲」與“乙”"),
    ] {
        let tree = run("a.md", text.as_bytes(), &ReadOptions::default());
        assert!(tree.contains(&format!("Strong {strong:?}")), "{tree}");
    }
}

#[test]
fn deep_and_long_text_is_read_in_time() {
    let many = |part: &str, n: usize| part.repeat(n);
    let cases = [
        many(">", 10_000) + "深",
        many("> ", 10_000) + "深",
        many("[", 10_000) + "深",
        many("- ", 10_000) + "深",
        many("![深", 3_000) + &many("](u)", 3_000),
        many("*深 **淺 ", 2_000) + &many("淺** 深*", 2_000),
        many("甲乙丙丁。", 333_000),
        many("a@", 500_000),
        many("@", 500_000),
        many("http://a.b 甲", 20_000),
        many("{漢|", 10_000) + "深" + &many("}", 10_000),
        many("[", 5_000) + "深" + &many("]{.name}", 5_000),
        many("<ruby>漢<rt>", 3_000) + "深",
        many("<ruby>", 2_000) + "深<rt>甲" + &many("</ruby>", 2_000),
        many("::: verse\n", 5_000) + "深",
        many("<b>甲", 20_000),
        "<div>\n".to_owned() + &many("<a<p>甲\n", 20_000),
        many("&amp;甲", 20_000),
        many("|甲", 5_000) + "\n" + &many("|-", 5_000) + "\n",
        many("[^1]", 20_000) + "深\n\n[^1]: 註",
    ];
    for text in cases {
        let source = Source::new(SourceId(0), "s", text);
        let started = std::time::Instant::now();
        for reader in READERS {
            let mut report = Report::default();
            let document = (reader.read)(&source, &ReadOptions::default(), &mut report);
            check(&document, &report, &source);
        }
        let head: String = source.text.chars().take(12).collect();
        assert!(started.elapsed().as_secs() < 20, "{head} {:?}", started.elapsed());
        assert!(!source.text.contains('深') || reader_keeps(&source), "{head}");
    }
}

fn reader_keeps(source: &Source) -> bool {
    let document = (READERS[1].read)(source, &ReadOptions::default(), &mut Report::default());
    format!("{document:?}").contains('深')
}

fn fragments() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "甲",
        "乙丙",
        "「丁」",
        "，",
        "。",
        "*",
        "**",
        "_",
        "~",
        "~~",
        "^",
        "`",
        "``",
        "[",
        "]",
        "(",
        ")",
        "![",
        "](u \"題\")",
        "[^1]",
        "\n\n[^1]: 註",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "> ",
        "- ",
        "1. ",
        "- [x] ",
        "# ",
        "\n===\n",
        "\n---\n",
        "| ",
        "\\|",
        "\n|甲|乙|\n|-|:-:|\n",
        "    ",
        "\t",
        "\n```rust\n",
        "\n~~~\n",
        "<b>",
        "</b>",
        "<br>",
        "<ruby>",
        "<rb>",
        "<rt>",
        "<rp>",
        "<rtc>",
        "</rt>",
        "</ruby>",
        "{漢字|",
        "{",
        "}",
        "|ㄏㄢˋ",
        "]{.name}",
        "]{.x .dots}",
        "^12^",
        "\n::: verse\n",
        "\n:::: {.list-chinese}\n1. 甲\n",
        "\n:::\n",
        "\n\n| 床前\n| 明月\n",
        "\n: 題名\n",
        "\n\n表1　題名\n\n",
        "<!-- ",
        "-->",
        "\n<div>\n",
        "<ruby>漢<rt>han</rt></ruby>",
        "&amp;",
        "&#x4e2d;",
        "&nope;",
        "\\",
        "\\*",
        "{#id .c}",
        "http://a.b/",
        "a@b.c",
        "  \n",
        "[r]",
        "\n[r]: http://x\n",
        "[甲]: 乙丙\n",
        "\u{3000}",
        "abc ",
        "é",
        "𠀀",
        "---\n",
        "title: 題\n",
        "標題：",
        "作者：甲乙",
        "作者甲乙是丙。",
        "2025-09-01 ",
        "\0",
        "\u{FEFF}",
    ]);
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(crate::support::cases(1500))]

    #[test]
    fn random_markdown_keeps_the_invariants(text in fragments()) {
        let source = Source::new(SourceId(0), "s", text);
        for reader in READERS {
            let mut report = Report::default();
            let document = (reader.read)(&source, &ReadOptions::default(), &mut report);
            check(&document, &report, &source);
        }
    }

    #[test]
    fn no_hanzi_is_lost(text in fragments()) {
        // Comments go, and so do names of notes, attributes, addresses and titles of links.
        let text = text.replace("<!-- ", "").replace(['[', '{'], "");
        let text = text.trim_start_matches('-');
        let source = Source::new(SourceId(0), "s", text);
        let document = (READERS[1].read)(&source, &ReadOptions::default(), &mut Report::default());
        let hanzi = |s: &str| s.chars().filter(|c| "甲乙丙丁漢".contains(*c)).count();
        let kept = hanzi(&format!("{document:?}"));
        prop_assert!(kept >= hanzi(&source.text), "{:?} {:?}", source.text, document.blocks);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200), encoding in 0_usize..4) {
        let encoding = [None, Some("utf-8"), Some("big5"), Some("gb18030")][encoding];
        if let Ok(source) = decode(SourceId(0), "s", &bytes, encoding, &mut Report::default()) {
            for reader in READERS {
                let mut report = Report::default();
                let document = (reader.read)(&source, &ReadOptions::default(), &mut report);
                check(&document, &report, &source);
            }
        }
    }
}

#[test]
fn places_that_point_into_a_character_do_not_stop_the_reader() {
    for text in ["^\\|甲^\n|甲|乙|\n|-|:-:|\n", "^\\|甲^| 甲\n|甲|乙|\n|-|:-:|\n"] {
        let source = Source::new(SourceId(0), "a.md", text);
        let document =
            hanpress::read::markdown::read(&source, &ReadOptions::default(), &mut Report::default());
        let all: String = document.texts().into_iter().map(|(_, t)| t.as_str()).collect();
        assert!(all.contains('甲') && all.contains('乙'), "{all}");
    }
}
