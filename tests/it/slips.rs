//! The proofreader's judgment: slips that only neighbors and document give away, and text that it leaves alone.

use std::time::Instant;

use hanpress::{
    document::Document,
    edit::{Change, Confidence},
    fix,
    text::MarkKind,
};

use crate::fix::{document, kit};

fn findings(document: &mut Document, least: Option<Confidence>) -> Vec<Change> {
    fix::run(fix::RULES, kit(), document, least)
}

/// What `fix` makes of a text.
fn mended(manuscript: &str) -> String {
    let mut document = document(manuscript);
    findings(&mut document, Some(Confidence::Sure));
    document.texts().iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n")
}

/// What `check` shows of a text, surest first.
fn shown(manuscript: &str) -> Vec<Change> {
    let mut found = findings(&mut document(manuscript), None);
    found.retain(fix::is_shown);
    found.sort_by_key(|change| std::cmp::Reverse(change.confidence));
    found
}

#[test]
#[cfg(feature = "bigrams")]
fn certain_slips_are_mended_in_the_script_and_forms_of_the_text() {
    for (name, before, after) in [
        (
            "taiwan",
            "如果對設定密碼沒肴特定想法，請儘量用密碼產生器。",
            "如果對設定密碼沒有特定想法，請儘量用密碼產生器。",
        ),
        (
            "same-sound-and-part",
            "政府決定成立專責委員會，加強社區組職的工作。",
            "政府決定成立專責委員會，加強社區組織的工作。",
        ),
        (
            "simplified",
            "各市县人民政府，省政府各委员会、各直属机枸。",
            "各市县人民政府，省政府各委员会、各直属机构。",
        ),
        (
            "hong-kong-forms",
            "我在街市裏面等着，心裏十分懊腦，希望事情能順利解絕。",
            "我在街市裏面等着，心裏十分懊惱，希望事情能順利解決。",
        ),
    ] {
        assert_eq!(mended(before), after, "{name}");
    }
}

#[test]
#[cfg(feature = "bigrams")]
fn a_finding_says_its_evidence() {
    let found = shown("政府決定成立專責委員會，加強社區組職的工作。");
    let [finding] = &found[..] else { panic!("one finding: {found:#?}") };
    assert_eq!(
        (finding.rule, finding.before.as_str(), finding.after.as_str()),
        ("misspelled-word", "組職", "組織")
    );
    assert_eq!(finding.message, "職→織: same syllable zhi, shared part 戠; 組織 is a word, 組職 is not");
}

#[test]
#[cfg(feature = "bigrams")]
fn the_document_is_a_witness_for_and_against() {
    let habit = "特困職工可以領證。特困職工也可以申請補助。每個特困職工都有一份。";
    let slip = "凡持有特困織工優惠證的職工可以減免。";
    assert_eq!(mended(&format!("{habit}\n{slip}")), format!("{habit}\n{}", slip.replace("織工", "職工")));
    // What recurs is no slip.
    let twice = "加強社區組職的工作。完成社區組職的評估。";
    assert_eq!(mended(twice), twice);
}

#[test]
#[cfg(feature = "bigrams")]
fn numbers_and_words_of_the_writer_s_own_are_not_suggested_away() {
    let line = "正弦值，亦即角度的數值。";
    assert!(!shown(line).is_empty(), "the case shows nothing");
    let chapters = format!("{}第乙章寫得很好，第丁章也好。", "第一章。".repeat(5));
    for string in ["十時以後每半小時一班", &line.repeat(3), &chapters] {
        assert_eq!(shown(string), [], "{string}");
    }
}

/// Text that nobody may change by itself.
const INNOCENT: &[(&str, &str)] = &[
    (
        "classical",
        "環滁皆山也。其西南諸峰，林壑尤美，望之蔚然而深秀者，瑯琊也。山行六七里，漸聞水聲潺潺，而瀉出於兩峰之間者，釀泉也。",
    ),
    ("classical-simplified", "太史公曰：余述历黄帝以来至太初而讫，百三十篇。"),
    (
        "cantonese",
        "佢哋琴日去咗邊度食嘢呀？我唔知喎，你問下阿媽啦。今晚食咩餸好呢？不如去街市買啲餸返嚟煮啦，慳返啲錢。",
    ),
    ("verse", "大江東去，浪淘盡，千古風流人物。故壘西邊，人道是，三國周郎赤壁。"),
    ("verse-tang", "逐獸長廊靜，呼鷹御苑空。王孫莫諫獵，賤妾解當熊。"),
    ("code", "let 变量 = 函数(参数1, 参数2); if (變數 == 空值) return 錯誤;"),
    ("names", "王曉明、李建國、陳美玲、林志穎、張惠妹、黃國倫、周杰倫、蔡依林、杜宜谨、林美美。"),
    ("foreign-names", "阿卜杜勒·拉赫曼、塞普勒斯、聖馬利諾、科尼塞克、拉斯韋加斯、戴維·卡麥隆。"),
    (
        "japanese",
        "日本国憲法は、日本国民の総意に基づき制定された。国会は、国権の最高機関であつて、国の唯一の立法機関である。",
    ),
    ("korean", "大韓民國은 民主共和國이다。主權은 國民에게 있고，모든 權力은 國民으로부터 나온다。"),
    ("scanned", "囗囗省人民政府关于印发囗囗的通知，本报讯（记者 王 明）昨 日，市 政府 召开 会 议。"),
    ("quoted", "他在信裏寫「檢查檔案系織的完整性」，老師圈了出來。"),
    ("title", "新書《檔案系織的完整性》下月出版。"),
    ("variants", "身份證與身分證、計劃與計畫、佈告與布告、台灣與臺灣、裡面與裏面、歸根結柢、綫索衆多。"),
    ("grammar", "他高興的跳起來，她在也不想做作業了，那裡有它的份。"),
    ("numerals", "二零二五年三月十二日，一千两百三十四元五角六分，第二十三届三中全会。"),
];

#[test]
fn hard_text_is_left_alone() {
    for (name, string) in INNOCENT {
        assert_eq!(mended(string), *string, "{name}");
    }
}

#[test]
#[cfg(feature = "bigrams")]
fn protected_text_is_left_alone() {
    let string = "檢查檔案系織的完整性。";
    let mut document = document(string);
    document.texts_mut()[0].1.mark("檢查".len().."檢查檔案系織".len(), MarkKind::Protected);
    assert_eq!(findings(&mut document, Some(Confidence::Sure)), []);
}

#[test]
fn one_place_has_one_finding() {
    let found = findings(&mut document(crate::fix::MANUSCRIPT), None);
    let mut spans: Vec<_> = found.iter().map(|change| change.span.range()).collect();
    spans.sort_by_key(|range| (range.start, range.end));
    assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{spans:?}");
}

#[test]
fn time_grows_with_length_and_no_faster() {
    // Without a mark: one run, which only a cut keeps short.
    let page = "各地区各部门要认真贯彻执行这项政策并且把落实情况及时报告给上级机关".repeat(40);
    let time = |pages: usize| {
        let manuscript = page.repeat(pages);
        let started = Instant::now();
        assert_eq!(mended(&manuscript), manuscript);
        started.elapsed().as_secs_f64()
    };
    time(1);
    let (short, long) = (time(8), time(64));
    assert!(long < 24.0 * short + 0.5, "{short} s for 8 pages, {long} s for 64");
}
