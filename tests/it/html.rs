//! HTML: the article of saved pages, notes of all makers, and what malformed and hostile pages come to.

use hanpress::{
    document::{Block, Document},
    read::{ReadOptions, html},
    report::Report,
    source::{Source, SourceId},
    text::MarkKind,
};
use proptest::prelude::*;

use crate::read::check;

fn read(text: &str) -> (Document, Report) {
    read_with(text, false)
}

fn read_with(text: &str, whole: bool) -> (Document, Report) {
    let source = Source::new(SourceId(0), "a.html", text);
    let mut report = Report::default();
    let document = html::read(&source, &ReadOptions { whole, ..ReadOptions::default() }, &mut report);
    check(&document, &report, &source);
    (document, report)
}

fn words(blocks: &[Block]) -> String {
    let document = Document { blocks: blocks.to_vec(), ..Document::default() };
    document.texts().iter().map(|(_, t)| t.as_str().to_owned()).collect::<Vec<_>>().join("|")
}

#[test]
fn notes_of_all_makers() {
    // Each has two notes, of which the first says 甲 and the second 乙, and the text 文文.
    for (maker, page) in [
        (
            "Pandoc",
            "<p>文<a href='#fn1' class='footnote-ref' id='fnref1' role='doc-noteref'><sup>1</sup></a>文<a href='#fn2' \
             class='footnote-ref' id='fnref2'><sup>2</sup></a></p><section class='footnotes' role='doc-endnotes'><hr />\
             <ol><li id='fn1'><p>甲<a href='#fnref1' class='footnote-back' role='doc-backlink'>↩︎</a></p></li>\
             <li id='fn2'><p>乙<a href='#fnref2' class='footnote-back'>↩︎</a></p></li></ol></section>",
        ),
        (
            "GitHub",
            "<p>文<sup><a href='#user-content-fn-1' id='user-content-fnref-1' data-footnote-ref>1</a></sup>文<sup>\
             <a href='#user-content-fn-x' id='user-content-fnref-x' data-footnote-ref>2</a></sup></p>\
             <section data-footnotes class='footnotes'><h2>Footnotes</h2><ol><li id='user-content-fn-1'><p>甲 \
             <a href='#user-content-fnref-1' data-footnote-backref>↩</a></p></li><li id='user-content-fn-x'><p>乙 \
             <a href='#user-content-fnref-x' data-footnote-backref>↩</a></p></li></ol></section>",
        ),
        (
            "Wikipedia",
            "<p>文<sup id='cite_ref-1' class='reference'><a href='#cite_note-1'>[1]</a></sup>文<sup id='cite_ref-2' \
             class='reference'><a href='#cite_note-2'>[2]</a></sup></p><ol class='references'><li id='cite_note-1'>\
             <span class='mw-cite-backlink'><b><a href='#cite_ref-1'>^</a></b></span> <span class='reference-text'>甲\
             </span></li><li id='cite_note-2'><span class='mw-cite-backlink'><a href='#cite_ref-2'>^</a></span> 乙</li></ol>",
        ),
        (
            "docutils",
            "<p>文<a class='footnote-reference brackets' href='#id3' id='id1'>1</a>文<a class='footnote-reference' \
             href='#id4' id='id2'>2</a></p><aside class='footnote brackets' id='id3'><span class='label'>\
             <span class='fn-bracket'>[</span><a href='#id1'>1</a><span class='fn-bracket'>]</span></span><p>甲</p></aside>\
             <dl class='footnote'><dt class='label' id='id4'><span class='brackets'><a href='#id2'>2</a></span></dt>\
             <dd><p>乙</p></dd></dl>",
        ),
        (
            "EPUB 3",
            "<p>文<a epub:type='noteref' href='#a'>①</a>文<a epub:type='noteref' href='#b'>②</a></p>\
             <aside epub:type='footnote' id='a'><p>甲</p></aside><aside epub:type='footnote' id='b'><p>乙</p></aside>",
        ),
        (
            "older EPUB",
            "<p>文<sup><a id='r1' href='#m1'>[1]</a></sup>文<sup>[<a id='r2' href='#m2'>2</a>]</sup></p>\
             <p><a id='m1' href='#r1'>[1]</a> 甲</p><p><a id='m2' href='#r2'>[2]</a>乙</p>",
        ),
        (
            "by hand",
            "<p>文<a name='t1'></a><a href='#f1'>註一</a>文<a href='#f2' id='t2'>註二</a></p><hr>\
             <div id='f1'>註一：甲 <a href='#t1'>↑</a></div><div id='f2'>【註二】乙<a href='#t2'>↑</a></div>",
        ),
    ] {
        let (document, _) = read(page);
        let notes: Vec<String> = document.notes.iter().map(|n| words(n)).collect();
        assert_eq!(notes, ["甲", "乙"], "{maker}: {document:?}");
        let text: String = words(&document.blocks).chars().filter(|c| *c != '\u{fffc}').collect();
        assert_eq!(text, "文文", "{maker}");
        let marks: Vec<MarkKind> = document.texts()[0].1.marks().iter().map(|m| m.kind.clone()).collect();
        assert_eq!(marks, [MarkKind::Note(0), MarkKind::Note(1)], "{maker}");
    }
}

#[test]
fn links_that_are_no_notes_stay_words() {
    for page in [
        "<p>見<a href='#s2'>第二節</a>。</p><h2 id='s2'>二</h2><p>乙</p>",
        "<p id='y'>從<a href='#p'>1</a>起。</p><p id='p'>第一段。</p>",
        "<p><a id='top' href='#end'>[1]</a>甲</p><p id='end'>乙</p>",
        "<p>見<a href='other.html#fn1'>[1]</a></p>",
    ] {
        let (document, _) = read(page);
        assert!(document.notes.is_empty(), "{page}: {document:?}");
    }
}

#[test]
fn nothing_is_left_out_without_a_word() {
    let page = include_str!("../read/page-saved.html");
    let (article, report) = read(page);
    let (whole, _) = read_with(page, true);
    let kept = words(&whole.blocks);
    for word in ["要聞", "分享到微博", "老街改造", "熱門", "版權所有"] {
        assert!(kept.contains(word), "{kept}");
        assert!(!words(&article.blocks).contains(word));
        let told =
            report.diagnostics.iter().any(|d| d.rule == "boilerplate" && page[d.span.range()].contains(word));
        assert!(told, "{word}");
    }
}

#[test]
fn what_pages_say_of_themselves_for_search_engines_is_metadata() {
    let page = |head: &str| format!("<html><head>{head}</head><body><p>正文一句。</p></body></html>");
    let said = "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"老街改造\",\
        \"author\":{\"name\":\"王小明\"},\"datePublished\":\"2024-05-01T08:00:00+08:00\"}</script>";
    for (head, title, author, date) in [
        (
            format!("<title>老街改造 - 某報</title>{said}"),
            Some("老街改造"),
            Some("王小明"),
            Some("2024-05-01"),
        ),
        // What is said in so many words comes first; a headline of something else is none.
        (
            format!("<title>另一篇</title><meta name=author content=李四>{said}"),
            Some("另一篇"),
            Some("李四"),
            Some("2024-05-01"),
        ),
        ("<title>老街改造 - 某報</title>".to_owned(), Some("老街改造 - 某報"), None, None),
    ] {
        let (document, _) = read(&page(&head));
        let meta = &document.meta;
        assert_eq!(meta.title.as_ref().map(|t| t.as_str()), title, "{head}");
        assert_eq!(meta.authors.first().map(|t| t.as_str()), author, "{head}");
        assert_eq!(meta.date.as_deref(), date, "{head}");
    }
}

#[test]
fn an_explanation_under_the_pointer_is_told() {
    let (document, report) = read("<p>用<abbr title='將字串變為資料'>解析</abbr>一詞，<abbr>甲</abbr>。");
    assert_eq!(words(&document.blocks).trim(), "用解析一詞，甲。");
    let told: Vec<&str> = report.diagnostics.iter().map(|d| d.message.as_str()).collect();
    assert!(told.contains(&"`解析` is explained as `將字串變為資料`, which is not kept"), "{told:?}");
}

#[test]
fn the_tail_of_an_article_is_left_out_where_it_is_links_alone() {
    let text = "<p>正文的一句話，說的是街上的事情。</p>".repeat(20);
    let links = "<ul><li><a href='1'>別的新聞</a></li><li><a href='2'>又一則</a> 2024-05-01</li></ul>";
    for (page, left) in [
        (format!("<article>{text}<h3>相關閱讀：</h3>{links}</article>"), true),
        (format!("<article>{text}<div><p>相关阅读</p></div>{links}</article>"), true),
        // With words of its own it is text, and so is what writers end with.
        (format!("<article>{text}<h3>相關閱讀：</h3>{links}<p>後記：寫於城南。</p></article>"), false),
        (format!("<article>{text}<h3>延伸閱讀</h3>{links}</article>"), false),
        (format!("<article>{text}<p>相關閱讀的習慣要養成。</p>{links}</article>"), false),
    ] {
        let (document, report) = read(&page);
        let kept = words(&document.blocks);
        assert_eq!(kept.contains("別的新聞"), !left, "{kept}");
        assert_eq!(report.diagnostics.iter().any(|d| d.rule == "boilerplate"), left, "{kept}");
        assert!(kept.contains("街上的事情"));
    }
    let (document, report) = read(&format!("<article>{text}<p>（責任編輯：王小明）</p></article>"));
    assert!(words(&document.blocks).contains("王小明"));
    assert!(report.diagnostics.iter().any(|d| d.message.starts_with("`（責任編輯：王小明）`")));
}

#[test]
fn a_page_without_a_frame_is_read_whole() {
    for page in [
        "<body><div class='related'>這一段寫的是有關的事情。第一句。第二句。</div><p>正文一句。</p></body>",
        "<body><header><h1>題</h1><p>引言。</p></header><p>正文。</p><article><p>短。</p></article></body>",
        "<ul><li><a href='1.html'>第一章</a><li><a href='2.html'>第二章</a></ul>",
        "<nav><a href='a'>只有</a><a href='b'>目錄</a></nav>",
    ] {
        let (_, report) = read(page);
        assert!(
            !report.diagnostics.iter().any(|d| d.rule == "boilerplate"),
            "{page} {:?}",
            report.diagnostics
        );
    }
}

#[test]
fn hostile_pages_are_read_in_time() {
    let many = |part: &str, n: usize| part.repeat(n);
    for page in [
        many("<div>", 10_000) + "深",
        many("<blockquote>", 10_000) + "深",
        many("<ul><li>", 10_000) + "深",
        many("<table><tr><td>", 10_000) + "深",
        many("<b>", 20_000) + "深",
        many("<b><p>", 10_000) + "深",
        many("<a href=x>", 20_000) + "深",
        many("<table>深", 10_000),
        "<table>".to_owned() + &many("深<tr>", 20_000),
        many("<ruby>深<rt>", 10_000),
        many("<p>深<sup><a href='#n1'>1</a></sup>", 5_000) + "<p id=n1>註",
        many("<a href='#x'>[1]</a>", 5_000) + &many("<p id=x>深", 5_000),
        "<table><tr><td colspan=99999999 rowspan=99999999>深".to_owned()
            + &many("<tr><td rowspan=65000 colspan=1000>淺", 3_000),
        many("&amp;", 50_000) + "深",
        many("<!--", 20_000) + "深--><p>深",
        many("<svg>", 5_000) + "</svg><p>深" + &many("<math>", 5_000),
        "<!DOCTYPE html [<!ENTITY a \"深\"><!ENTITY b \"&a;&a;&a;\">]><p>深&b;&b;".to_owned(),
        many("<p class=a id=b style='font-weight:bold'>深</i></b></div>", 20_000),
        many("<li>", 20_000) + "深",
        many("</p></br>", 20_000) + "深",
        "<q>".repeat(5_000) + "深",
        "<p>".to_owned() + &many("深 <i>", 20_000) + &many("</b>", 20_000),
    ] {
        let started = std::time::Instant::now();
        let (document, _) = read(&page);
        let head: String = page.chars().take(30).collect();
        assert!(format!("{document:?}").contains('深'), "{head}");
        assert!(started.elapsed().as_secs() < 20, "{head} {:?}", started.elapsed());
    }
}

fn fragments() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "甲",
        "乙丙",
        "「丁」",
        "，",
        "。",
        " ",
        "\n",
        "\r\n",
        "\t",
        "a",
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<ul>",
        "<ol start=3>",
        "<li>",
        "</li>",
        "</ul>",
        "<table>",
        "<tr>",
        "<td colspan=2>",
        "<th>",
        "</td>",
        "</tr>",
        "</table>",
        "<caption>",
        "<h1>",
        "<h2>",
        "</h1>",
        "<pre>",
        "</pre>",
        "<code>",
        "</code>",
        "<ruby>",
        "<rb>",
        "<rt>",
        "<rp>",
        "<rtc>",
        "</rt>",
        "</ruby>",
        "<a href='#n'>[1]</a>",
        "<a href='http://a.b'>",
        "</a>",
        "<li id=n>",
        "<p id=n><a href='#r'>[1]</a>",
        "<img src=a.png alt=圖>",
        "<figure>",
        "<figcaption>",
        "</figure>",
        "<br>",
        "<hr>",
        "<blockquote>",
        "</blockquote>",
        "<dl>",
        "<dt>",
        "<dd>",
        "<q>",
        "</q>",
        "<sup>",
        "</sup>",
        "<u>",
        "</u>",
        "&amp;",
        "&#x4e2d;",
        "&nope;",
        "&lt",
        "<!-- ",
        "-->",
        "<!-- hanpress-ignore -->",
        "<script>",
        "</script>",
        "<svg>",
        "</svg>",
        "<title>",
        "</title>",
        "<![CDATA[",
        "]]>",
        "<",
        ">",
        "&",
        "<x-y z='",
        "'",
        "\"",
        "<?xml version='1.0'?>",
        "<!DOCTYPE html>",
        "</",
        "<head>",
        "<body lang=zh>",
        "</body>",
        "\0",
        "<nav>",
        "</nav>",
        "<article>",
        "</article>",
        "<span style='font-weight:bold'>",
        "</span>",
        "<br/>",
        "<p/>",
        "<textarea>",
        "<style>",
        "<meta name=author content='甲、乙'>",
        "<div class='verse'>",
        "<math alttext='x'>",
        "<header class=title-block>",
        "<p class=author>",
        "<summary>",
        "\u{3000}\u{3000}",
        "é",
        "𠀀",
    ]);
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(crate::support::cases(3000))]

    #[test]
    fn random_pages_keep_the_invariants(page in fragments()) {
        read(&page);
    }

    #[test]
    fn no_hanzi_of_a_page_is_lost(page in fragments()) {
        // What is no text: comments, scripts, attributes, heads, drawings.
        let out = ["<!--", "<![", "<script", "<style", "<title", "<head", "<meta", "<x-y", "<svg", "<textarea", "<math", "<?", "<img"];
        let page = page.replace("</", "").replace('<', " <").replace("< ", "");
        let page = out.iter().fold(page, |page, part| page.replace(part, ""));
        let (document, _) = read_with(&page, true);
        let hanzi = |s: &str| s.chars().filter(|c| "甲乙丙丁".contains(*c)).count();
        prop_assert!(hanzi(&format!("{document:?}")) >= hanzi(&page), "{page:?} {:?}", document);
    }
}
