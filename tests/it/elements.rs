//! The table of elements, `docs/elements.md`: each is written in every format and read again.

use std::fmt::Write as _;

use hanpress::{
    document::{Document, Place},
    edition::{Edition, Region, Script},
    layout::blocks,
    report::Report,
    text::{MarkKind, OBJECT, Text},
};

use crate::{
    round_trip::{as_docx, difference, difference_by, docx_difference, dressed},
    support,
};

/// An element, in Markdown, and what of it a format has no place for.
pub(crate) struct Element {
    name: &'static str,
    pub(crate) case: &'static str,
    /// Formats and reasons, parted by `|`.
    lost: &'static [(&'static str, &'static str)],
}

const fn element(
    name: &'static str,
    case: &'static str,
    lost: &'static [(&'static str, &'static str)],
) -> Element {
    Element { name, case, lost }
}

const NAMES: (&str, &str) = ("DOCX", "a package names its pictures itself");
const UPRIGHT: (&str, &str) = ("DOCX", "only vertical documents have it");
const NESTED: (&str, &str) = ("DOCX", "a note in a note stands at the end of the text, with its number");
const COUNTED: (&str, &str) =
    ("DOCX", "whether items stand apart, and what number the template gives them, is written out");

pub(crate) const ELEMENTS: &[Element] = &[
    element(
        "title, subtitle, authors, date",
        "---\ntitle: 題\nsubtitle: 副題\nauthor: [甲, 乙]\ndate: 2025-09-01\n---\n\n正文",
        &[],
    ),
    element("headings", "# 章\n\n## 節\n\n### 目\n\n# 二\n\n正文", &[]),
    element("paragraphs, line breaks", "第一行\\\n第二行\n\n第二段。", &[]),
    element("emphasis, strong", "正文*強調*與**重點**，***兩者***。", &[]),
    element("deletions, superscript, subscript", "~~刪去~~，H~2~O 與 x^2^。", &[]),
    element("links, addresses", "[書](https://a.b/c \"題\")、<https://a.b/d>。", &[]),
    element(
        "links within the document",
        "# 緒論 {#甲}\n\n[那裏]{#乙}與[緒論](#甲)、[彼處](#乙)、[圖](#f)。\n\n![替](圖.png){#f}\n\n## 第 二 節\n\n見[下](#第-二-節)。",
        &[NAMES],
    ),
    element(
        "cross references",
        "# 緒論 {#甲}\n\n見[](#甲)、[](#f)與[](#t)，[](#甲){.page}。\n\n![替](圖.png \"圖1　全景\"){#f}\n\n: 表1　人口 {#t}\n\n| 甲 |\n| --- |\n| 乙 |",
        &[NAMES],
    ),
    element("formulas, as their source", "設 $x^2_1$ 與\n\n$$\n\\frac{a}{b} = \\text{速度}\n$$\n\n後", &[]),
    element("code in a line", "用`let x`寫。", &[]),
    element(
        "blocks of code",
        "```rust\nfn main() {}\n```\n\n正文",
        &[("DOCX", "there is no place for the language")],
    ),
    element("readings", "{漢|ㄏㄢˋ}{字|ㄗˋ}、{北京|Běijīng}。", &[]),
    element(
        "two readings of one word",
        "{{國|ㄍㄨㄛˊ}|guó}。",
        &[("DOCX", "the second stands in brackets after the word")],
    ),
    element("names, titles, dots", "[賈寶玉]{.name}讀[紅樓夢]{.title}，[要緊]{.dots}。", &[]),
    element("tate-chu-yoko that is marked", "在[12]{.combine}月。", &[UPRIGHT]),
    element("words in Japanese or Korean", "[東京都庁]{lang=ja}與[大韓民國]{lang=ko}。", &[]),
    element(
        "words in other languages",
        "[mot]{lang=fr}。",
        &[("DOCX", "programs write the language of the keyboard there, so it is not believed")],
    ),
    element(
        "words that stay",
        "[简体引文]{.keep}。",
        &[("DOCX", "it knows no such sign; the words are kept")],
    ),
    element("bulleted lists", "- 甲\n- 乙\n  - 丙\n\n正文", &[]),
    element("numbered lists", "3. 三\n4. 四\n\n正文", &[COUNTED]),
    element("Chinese numbers", "::: list-chinese\n1. 甲\n2. 乙\n:::\n\n正文", &[]),
    element("task lists", "- [x] 成\n- [ ] 未\n\n正文", &[]),
    element(
        "definition lists",
        "詞甲\n: 義一\n\n詞*乙*\n: 義二\n: 義三\n\n    第二段\n\n    - 列\n    - 表\n\n正文",
        &[],
    ),
    element("quotations", "> 引文\n>\n> > 引中引\n\n正文", &[]),
    element("verse", "| 床前明月光，\n| 疑是地上霜。\n|\n| 舉頭望明月，\n| 低頭思故鄉。\n\n正文", &[]),
    element(
        "letters",
        "::: salutation\n怡君：\n:::\n\n此致\n\n::: closing\n敬禮\n:::\n\n::: signature\n育慈\n:::",
        &[],
    ),
    element(
        "tables with captions",
        ": 表的題名\n\n| 甲 | 乙 |\n| :- | -: |\n| 一 | 二 |\n| 三 | 四 |\n\n正文",
        &[],
    ),
    element("notes", "正文[^a]，再[^b]，又[^a]。\n\n[^a]: 註一。\n\n    第二段\n\n[^b]: 註二。", &[]),
    element(
        "notes at the end of the text",
        "---\nnotes: end\n---\n\n正文[^a]，再[^b]，又[^a]。\n\n[^a]: 註一。\n\n    第二段\n\n[^b]: 註二。",
        &[],
    ),
    element(
        "notes at the end of chapters",
        "---\nnotes: chapter\n---\n\n# 起\n\n正文[^a]。\n\n# 承\n\n正文[^b]，又[^a]。\n\n[^a]: 註一。\n\n[^b]: 註二。",
        &[],
    ),
    element(
        "footnotes beside endnotes",
        "正文[^a]，再[^end:b]，又[^c]與[^end:b]。\n\n[^a]: 註一。\n\n[^end:b]: 註二。\n\n    第二段\n\n[^c]: 註三。",
        &[],
    ),
    element(
        "index of names",
        "---\nindex: names\n---\n\n[賈寶玉]{.name}見[林黛玉]{.name}，[寶玉]{.name entry=賈寶玉}不語。",
        &[],
    ),
    element("index of titles", "---\nindex: titles\n---\n\n讀[紅樓夢]{.title}與[西廂記]{.title}。", &[]),
    element(
        "index of terms",
        "---\nindex: terms\n---\n\n用[活字]{.index}排印，其[術]{.index entry=印刷術}始於宋。",
        &[],
    ),
    element(
        "words marked for an index that is not asked for",
        "用[活字]{.index}排印，其[術]{.index entry=印刷術}始於宋。",
        &[],
    ),
    element("notes in notes", "正文[^a]。\n\n[^a]: 註一[^b]。\n\n[^b]: 註二。", &[NESTED]),
    element("figures with captions", "前\n\n![替代文字](圖.png \"圖一\")\n\n後", &[NAMES]),
    element("pictures in a line", "行內![小圖](小.png)圖。", &[NAMES]),
    element("breaks between sections", "前\n\n* * *\n\n後", &[]),
];

/// What a format makes of an element: all of it, all but what it has no place for, or less.
#[derive(Debug, PartialEq)]
enum Kept {
    All,
    But(String),
    Lost(String),
}

/// The formats, left to right.
const FORMATS: [&str; 5] = ["Markdown", "HTML", "EPUB", "DOCX", "PDF"];

fn kept(format: &str, document: &Document) -> Kept {
    let lost = |difference: Option<String>| difference.map_or(Kept::All, Kept::Lost);
    match format {
        "Markdown" => lost(difference(document)),
        "HTML" => lost(difference_by("html", document)),
        "EPUB" => lost(difference_by("epub", document)),
        "DOCX" => {
            let kit = support::kit();
            match docx_difference(&kit, document, |lines| lines) {
                None => Kept::All,
                Some(strict) => {
                    docx_difference(&kit, document, as_docx).map_or(Kept::But(strict), Kept::Lost)
                }
            }
        }
        _ => lost(unset(document)),
    }
}

/// A text of the document that does not stand on its pages whole.
fn unset(document: &Document) -> Option<String> {
    let edition = Edition::source(Script::Traditional, Region::Tw);
    let mut report = Report::default();
    let pages = blocks::lay_out(&support::kit(), &edition, document, blocks::Options::default(), &mut report)
        .expect("pages");
    let letters = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let set: String = pages.paragraphs.iter().map(|p| letters(&p.text)).collect();
    // A letter has no printed title but its own.
    let printed = document.printed_title().is_some();
    let texts = (document.texts().into_iter())
        .filter(|(place, _)| *place != Place::Meta && (printed || *place != Place::Title));
    // Of a reference to a page the pages have the number.
    let told = |text: &Text| {
        let mut words = text.as_str().to_owned();
        for mark in
            text.marks().iter().rev().filter(|m| matches!(m.kind, MarkKind::Reference { page: true, .. }))
        {
            words.replace_range(mark.range.clone(), "\n");
        }
        words
    };
    texts
        .flat_map(|(_, text)| told(text).split([OBJECT, '\n']).map(letters).collect::<Vec<_>>())
        .find(|words| !set.contains(words.as_str()))
}

#[test]
fn the_table_is_what_the_formats_do() {
    let mut table = String::from(
        "# Elements\n\n\
         What becomes of each element of a document. The test writes it as Markdown, HTML, EPUB and DOCX, reads the file\n\
         again and compares, marks, structure and all; for PDF it looks for every word on the pages. This file is made by\n\
         the test (`UPDATE=1 cargo test --test it elements`). Plain text keeps the words alone.\n\n",
    );
    let _ = writeln!(table, "| element | {} |", FORMATS.join(" | "));
    let _ = writeln!(table, "| --- |{}", " --- |".repeat(FORMATS.len()));
    let mut notes: Vec<&str> = Vec::new();
    let mut wrong = Vec::new();
    for Element { name, case, lost } in ELEMENTS {
        let document = dressed(case);
        let mut cells = Vec::new();
        for format in FORMATS {
            let reason = lost.iter().find(|(of, _)| *of == format).map(|(_, reason)| *reason);
            let found = kept(format, &document);
            let cell = match (&found, reason) {
                (Kept::All, None) => "yes".to_owned(),
                (Kept::But(_), Some(reason)) | (Kept::Lost(_), Some(reason)) => {
                    let number = notes.iter().position(|note| *note == reason).unwrap_or_else(|| {
                        notes.push(reason);
                        notes.len() - 1
                    });
                    format!(
                        "{} ({})",
                        if matches!(found, Kept::But(_)) { "yes" } else { "partly" },
                        number + 1
                    )
                }
                (Kept::All, Some(_)) => {
                    wrong.push(format!("{name} in {format}: a reason, and nothing is lost"));
                    continue;
                }
                (Kept::But(what) | Kept::Lost(what), None) => {
                    wrong.push(format!("{name} in {format}: {what}"));
                    continue;
                }
            };
            cells.push(cell);
        }
        let _ = writeln!(table, "| {name} | {} |", cells.join(" | "));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    table.push('\n');
    for (number, note) in notes.iter().enumerate() {
        let _ = writeln!(table, "{}. {note}.", number + 1);
    }
    table.push_str(
        "\nCells of tables that reach over others come from HTML and DOCX and go to PDF, HTML, EPUB and DOCX; Markdown has no\n\
         sign for them and says so. A reference to a page (`[](#name){.page}`) is its number in PDF and DOCX; formats without\n\
         pages say the label or the heading instead. Formulas are printed as their source, which is\n\
         reported. What an index prints is made anew by each format that has pages or links. A document with footnotes and\n\
         endnotes has two rows of numbers, the endnotes in Chinese; plain text and pages in HTML have both at the end.\n\
         \n\
         Real documents, each converted to Markdown, HTML, EPUB, DOCX, plain text and PDF, and the Han characters of the results\n\
         counted by other readers (pandoc, Beautiful Soup, python-docx, pdftotext) against those of the original:\n\
         \n\
         | kind | documents | lost |\n\
         | --- | --- | --- |\n\
         | EPUB | debmake-doc 1.17 of Debian, in Traditional and Simplified Chinese | 0 of 73,000 |\n\
         | HTML (`--whole`) | chapters of debmake-doc 1.17, debian-reference 2.100, debian-faq 11.1, maint-guide 1.2.53 and debian-handbook 11 of Debian: 35 pages | 0 of 131,000 |\n\
         | plain text | the same manuals but the last, whole: 5 files | 0 of 242,000 |\n\
         | Markdown | the Chinese manual of FastAPI 0.110.0 on PyPI, without its pictures, which are on the network: 84 files | 0 of 90,400; 430 in `<abbr title>`, each reported |\n\
         | DOCX | fixtures of mammoth 1.13.0 on npm, in English: notes of both kinds, tables, lists, comments, text boxes, Strict | 0 letters |\n",
    );
    let path = support::root().join("docs/elements.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &table).expect("the table can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == table,
        "docs/elements.md is stale: `UPDATE=1 cargo test --test it elements` and read the diff"
    );
}
