//! What is not Chinese prose of the manuscript's script: other languages, quotations that are marked, code, addresses,
//! formulas, and text that is in the script of the edition already.

use hanpress::{
    brief::Brief,
    document::{Block, Document},
    edit::{Change, Confidence},
    edition::{Edition, Region, Script},
    localize,
    pipeline::{localized, prepare},
    read::{self, ReadOptions},
    report::Report,
    source::SourceId,
    text::MarkKind,
    write,
};

use crate::support;

/// A manuscript, read and proofread.
fn prepared(name: &str, bytes: &[u8]) -> (Document, Report) {
    let kit = support::kit();
    let mut report = Report::default();
    let source = read::open(SourceId(0), name, &mut bytes.to_vec(), None, &mut report).expect("a manuscript");
    let brief = Brief::making(Some(Confidence::Sure));
    let document =
        prepare(&kit, &source, read::reader(&source), &ReadOptions::default(), &brief, &mut report);
    (document, report)
}

/// All words of an edition of a document, and what changed.
fn edition(document: &Document, name: &str) -> (String, Vec<Change>) {
    let edition = Edition::parse(name).expect("an edition");
    let (document, report) = localized(document, &edition, localize::Options::default());
    let mut words: Vec<&str> = document.texts().iter().map(|(_, text)| text.as_str()).collect();
    for block in &document.blocks {
        if let Block::Figure { path, .. } = block {
            words.push(path);
        }
    }
    let mut all = words.join("\n");
    for (_, text) in document.texts() {
        for mark in text.marks() {
            match &mark.kind {
                MarkKind::Link { url, title } => all += &format!("\n{url} {title}"),
                MarkKind::Image { path, .. } => all += &format!("\n{path}"),
                _ => {}
            }
        }
    }
    (all, report.changes)
}

#[test]
fn what_is_not_chinese_prose_stays() {
    // (name of the manuscript, its text, edition, what the edition has)
    for (name, text, to, expected) in [
        // Japanese and Korean.
        (
            "a.txt",
            "他說：「日本国民は、正当に選挙された」，然後離開這個國家。",
            "cn",
            "“日本国民は、正当に選挙された”，然后离开这个国家",
        ),
        ("a.txt", "他說：「学会に発表した」，就離開了。", "hk", "「学会に発表した」"),
        (
            "a.md",
            "憲法第一條：大韓民國은 民主共和國이다。這是韓國。",
            "cn",
            "大韓民國은 民主共和國이다。这是韩国",
        ),
        // A loan word does not make its sentence Japanese, nor does a lone の.
        ("a.txt", "我們買了カメラ，吃了鮮の味。", "cn", "我们买了カメラ，吃了鲜の味"),
        // What the manuscript marks.
        ("a.md", "他去[東京都庁]{lang=ja}參觀。", "cn", "他去東京都庁参观"),
        ("a.md", "引文[這是原文的「說法」]{.keep}如此說。", "cn", "引文這是原文的「說法」如此说"),
        ("a.md", "引文[这是原文]{.keep}如此。說來話長。", "hk", "引文这是原文如此。說來話長"),
        (
            "a.html",
            "<p>他去<span lang=\"ja\">東京都庁</span>參觀，<i lang=en>the \"word\"</i>。</p>",
            "cn",
            "他去東京都庁参观，the \"word\"。",
        ),
        (
            "a.html",
            "<p>這是</p><blockquote lang=ja><p>国会議員</p><ul><li>対外関係</li></ul></blockquote><p>這樣說</p>",
            "hk",
            "国会議員\n対外関係\n這樣說",
        ),
        (
            "a.html",
            "<p>說<span translate=no>鳳凰號</span>與<b class=keep>龍號</b>。</p>",
            "cn",
            "说鳳凰號与龍號。",
        ),
        // A page whose tag is that of a keyboard is Chinese all the same.
        (
            "a.html",
            "<div lang=ja><p>電話番號與地址</p><p>這個說法很好</p></div>",
            "cn",
            "电话番号与地址\n这个说法很好",
        ),
        ("a.html", "<p lang=en>這個說法很好</p>", "cn", "这个说法很好"),
        // A sentence in the other script is converted from what it is.
        (
            "a.txt",
            "他說：「这个问题说来话长」，就離開了這個國家。",
            "hk",
            "他說：「這個問題説來話長」，就離開了這個國家。",
        ),
        ("a.txt", "这里引用：“這個問題說來話長。”说完了，就离开了这个国家。", "cn", "“这个问题说来话长。”"),
        (
            "a.txt",
            "這是繁體字寫的一段話。\n\n这是简体字写的一段话，皇后在后面。",
            "tw",
            "這是簡體字寫的一段話，皇后在後面。",
        ),
        // Code, formulas, addresses, attributes, file names.
        (
            "a.md",
            "用`发票.printf(\"后\")`说，见 https://例子.中国/发票?a=后 和 <mailto:发@后.cn>。",
            "tw",
            "用发票.printf(\"后\")說，見 https://例子.中国/发票?a=后 和 mailto:发@后.cn。",
        ),
        (
            "a.md",
            "看[发票](https://a.b/发票.html \"发票\")和![发](图/发票.png)。",
            "tw",
            "https://a.b/发票.html",
        ),
        ("a.md", "说\n\n```\n发票 = 后面 # 说明\n```\n", "tw", "发票 = 后面 # 说明"),
        ("a.md", "说\n\n![发票](图片/发票.png \"发票\")\n", "tw", "图片/发票.png"),
        (
            "a.html",
            "<p>说<code>发票</code>与<a href=\"https://a.b/发\" title=\"说\">发票</a>，<math alttext=\"后\"><mi>后</mi></math>。</p>",
            "hk",
            "説发票與發票，后。",
        ),
    ] {
        let (document, _) = prepared(name, text.as_bytes());
        let (all, _) = edition(&document, to);
        assert!(all.contains(expected), "{text} → {to}:\n{all}\nexpected: {expected}");
    }
}

#[test]
fn other_languages_are_not_proofread() {
    let slip = |text: &str| {
        let (_, report) = prepared("a.txt", text.as_bytes());
        report.changes.iter().filter(|c| c.before.contains('按')).count()
    };
    assert_eq!(slip("他說：「請按裝冷氣」，然後離開。"), 1);
    assert_eq!(slip("他說：「冷氣を按裝してください」，然後離開。"), 0);
}

#[test]
fn what_was_found_is_told() {
    let (_, report) = prepared("a.txt", "他說：「これは日本語です」，然後離開。".as_bytes());
    let told: Vec<&str> = (report.diagnostics.iter())
        .filter(|d| d.rule == "foreign-words")
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(told, ["Japanese, and stays as it is: 5 kana beside 3 Han characters"]);
    let (document, _) = prepared("a.txt", "他說：「这个问题说来话长」，就離開了這個國家。".as_bytes());
    let edition = Edition::parse("hk").expect("an edition");
    let (_, report) = localized(&document, &edition, localize::Options::default());
    let told = report.diagnostics.iter().find(|d| d.message.starts_with("Traditional by 5 of"));
    assert!(told.is_some(), "{:?}", report.diagnostics);
}

/// Rules whose changes keep every character what it is.
const FORMS: [&str; 4] =
    ["region-characters-hk", "region-characters-tw", "quotes-region", "compatibility-ideograph"];

#[test]
fn traditional_text_takes_the_forms_of_the_region_only() {
    let mut manuscripts: Vec<(String, Vec<u8>)> =
        vec![("shanghai-spirit.txt".into(), support::manuscript().into_bytes())];
    let folder = std::fs::read_dir(support::root().join("tests/read")).expect("a folder");
    for file in folder.map(|file| file.expect("a file").path()) {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        // Two manuscripts are Simplified.
        let readable = [".txt", ".md", ".html"].iter().any(|end| name.ends_with(end));
        if readable && !name.starts_with("simplified") {
            manuscripts.push((name, std::fs::read(&file).expect("a manuscript")));
        }
    }
    // The same manuscript as every kind that can be read.
    let (document, _) = prepared(&manuscripts[0].0, &manuscripts[0].1);
    let own = Edition::source(Script::Traditional, Region::Hk);
    let (kit, mut report) = (support::kit(), Report::default());
    let made = |bytes: Result<Vec<u8>, write::WriteError>| bytes.expect("it is written");
    manuscripts.push(("a.docx".into(), made(write::docx::write(&kit, &own, &document, &mut report))));
    manuscripts.push(("a.epub".into(), made(write::epub::write(&kit, &own, &document, &mut report))));
    manuscripts.push(("a.html".into(), made(write::html::write(&kit, &own, &document, &mut report))));
    manuscripts.push(("a.md".into(), write::markdown::write(&own, &document, &mut report)));
    let mut count = 0;
    for (name, bytes) in &manuscripts {
        let (document, _) = prepared(name, bytes);
        let whole: String = document.texts().iter().map(|(_, text)| text.as_str()).collect();
        if whole.chars().filter(|c| "这们说国会时为学来过个对".contains(*c)).count() > 2 {
            continue;
        }
        count += 1;
        for to in ["hk", "tw"] {
            for change in edition(&document, to).1.iter().filter(|change| change.applied) {
                assert!(FORMS.contains(&change.rule), "{name} → {to}: {change:?}");
                let length = |string: &str| string.chars().count();
                assert_eq!(length(&change.before), length(&change.after), "{name} → {to}: {change:?}");
            }
        }
    }
    assert!(count > 20, "{count} of {}", manuscripts.len());
}
