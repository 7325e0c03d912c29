//! The proofreader on whole documents: what it mends, what it leaves, and that it comes to rest.

use std::{collections::BTreeSet, sync::LazyLock};

use hanpress::{
    document::{Block, Document, Role},
    edit::{Change, Confidence},
    fix,
    font::store::FontStore,
    kit::Kit,
    localize::{
        config::Config,
        convert::{Converter, Extras},
    },
    normalize,
    source::SourceId,
    tables::Tables,
    template::Template,
    text::{MarkKind, Text},
};
use proptest::prelude::*;

/// A manuscript with one slip.
pub(crate) const MANUSCRIPT: &str = include_str!("../../seeds/texts/shanghai-spirit.txt");
const WRONG_WORDS: &str = include_str!("../../seeds/tables/wrong-words.tsv");

/// A kit without font files, shared by all tests.
pub(crate) fn kit() -> &'static Kit {
    static KIT: LazyLock<Kit> = LazyLock::new(|| Kit {
        fonts: FontStore::bundled(Box::new(|_| None), None).expect("the bundled manifest is well-formed"),
        tables: Tables::bundled(),
        template: Template::bundled("handout").expect("the template is bundled"),
    });
    &KIT
}

/// A document with a paragraph a line; lines without an end mark are headings.
pub(crate) fn document(manuscript: &str) -> Document {
    let mut at = 0;
    let mut blocks = Vec::new();
    for line in manuscript.split_inclusive('\n') {
        let words = line.trim_end_matches('\n');
        let text = Text::verbatim(words, SourceId(0), at);
        at += line.len();
        if words.is_empty() {
            continue;
        }
        blocks.push(if words.contains(['。', '，', '；']) {
            Block::Paragraph { text, role: Role::Body }
        } else {
            Block::Heading { level: 2, text }
        });
    }
    Document { blocks, ..Document::default() }
}

fn changes(document: &mut Document) -> Vec<Change> {
    let mut changes = fix::run(fix::RULES, kit(), document, Some(Confidence::Sure));
    changes.retain(fix::is_shown);
    changes
}

#[test]
fn the_manuscript_has_exactly_one_slip() {
    let mut document = document(MANUSCRIPT);
    let changes = changes(&mut document);
    let made: Vec<_> = changes.iter().filter(|c| c.applied).collect();
    let [change] = &made[..] else { panic!("one change, not {changes:#?}") };
    assert!(changes.len() <= 2, "one suggestion at most: {changes:#?}");
    let right = MANUSCRIPT.matches("上合組織").count();
    assert_eq!(
        (change.rule, change.confidence, change.applied),
        ("inconsistent-word", Confidence::Sure, true)
    );
    assert_eq!((change.before.as_str(), change.after.as_str()), ("上合組職", "上合組織"));
    assert_eq!(&MANUSCRIPT[change.span.range()], "上合組職");
    assert_eq!(
        change.message,
        format!(
            "職 for 織: same sound (Mandarin zhi, Cantonese zik), shared part 戠; \
             `上合組織` occurs {right} times in this document, `上合組職` once"
        )
    );
    assert!(self::changes(&mut document).iter().all(|c| !c.applied));
}

#[test]
fn consistency_is_judged_with_care() {
    let habit = "上合組織成立。上合組織發展。上合組織壯大。";
    // (text, what is made of it)
    for (name, string, expected) in [
        ("slip", "為上合組職提供支撐。", "為上合組織提供支撐。"),
        ("twice-is-a-habit", "為上合組職提供，以上合組職之名。", "為上合組職提供，以上合組職之名。"),
        ("quoted", "他寫「為上合組職提供支撐」。", "他寫「為上合組職提供支撐」。"),
        ("title", "見《上合組職》。", "見《上合組職》。"),
        ("other-word", "上合組別不同。", "上合組別不同。"),
        ("neighbor-recurs", "上合組職員與小組職員。", "上合組職員與小組職員。"),
    ] {
        let mut document = document(&format!("{habit}\n{string}"));
        changes(&mut document);
        assert_eq!(document.texts()[1].1.as_str(), expected, "{name}");
    }
}

#[test]
fn two_occurrences_are_no_support() {
    let mut document = document("上合組織成立。上合組織發展。\n為上合組職提供支撐。");
    assert!(changes(&mut document).iter().all(|change| change.rule != "inconsistent-word"));
}

/// What the rules find in a document with a paragraph a line, whether they may make it or not.
fn findings(string: &str) -> Vec<(&'static str, Confidence, String, String)> {
    let changes = fix::run(fix::RULES, kit(), &mut document(string), None);
    changes.into_iter().map(|c| (c.rule, c.confidence, c.before, c.after)).collect()
}

#[test]
fn small_faults_are_said_and_never_made_by_themselves() {
    use Confidence::{Doubtful, Likely, Sure};
    // (text, rule, confidence, before, after)
    for (string, rule, confidence, before, after) in [
        ("會議在2025年9月1日（星期二）舉行。", "impossible-date", Doubtful, "二", "一"),
        ("会议在2025年9月1日（星期二）举行。", "impossible-date", Doubtful, "二", "一"),
        ("報名到2月30日為止。", "impossible-date", Doubtful, "2月30日", "2月30日"),
        (
            "民国一一四年四月三十一日。",
            "impossible-date",
            Doubtful,
            "民国一一四年四月三十一日",
            "民国一一四年四月三十一日",
        ),
        ("他說：「我來了，然後坐下。", "unpaired-mark", Doubtful, "「", "「"),
        ("他说：“我来了，然后坐下。", "unpaired-mark", Doubtful, "“", "“"),
        ("這是他們的的責任，不能推給別人。", "doubled-word", Likely, "的的", "的"),
        ("根据根据有关规定，立即办理。", "doubled-word", Likely, "根据根据", "根据"),
        ("這裡、那裡和哪裡，還有屋裏。", "mixed-variants", Doubtful, "裏", "裏"),
        ("这个部分、那个部分和各部分，还有部份。", "mixed-variants", Doubtful, "部份", "部份"),
        ("政府編緝了一本書，大家都讀。", "wrong-word", Sure, "編緝", "編輯"),
        ("政府编缉了一本书，大家都读。", "wrong-word", Sure, "编缉", "编辑"),
    ] {
        assert_eq!(findings(string), [(rule, confidence, before.into(), after.into())], "{string}");
        let mut document = document(string);
        changes(&mut document);
        let expected = if confidence == Sure { string.replace(before, after) } else { string.to_owned() };
        assert_eq!(document.texts()[0].1.as_str(), expected, "{string}");
    }
}

#[test]
fn good_text_of_every_kind_stays_silent() {
    for (name, string) in [
        ("classical", "學而時習之，不亦說乎？有朋自遠方來，不亦樂乎？人不知而不慍，不亦君子乎？"),
        ("classical-verse", "輕鷗的的飛難沒，紅葉紛紛晚更稠。"),
        ("odes", "魚在在藻，有頒其首。王在在鎬，豈樂飲酒。"),
        ("cantonese", "佢話佢哋喺嗰度食咗飯，唔知係咪真嘅。"),
        ("japanese", "東京は日本の首都です。令和七年二月三十日、在在を見る。"),
        ("code", "a[i] = (b + c) * 2，f(x) = [0, 1)。"),
        ("names", "陳莉莉、周三、李日月、王了了，皆與會。"),
        ("labels", "1）甲；2）乙；（3）丙，a)丁。"),
        ("dialogue", "「你來了？」「來了。」他說：「『道』可道，非常道。」"),
        ("dates", "2025年9月1日（星期一）至2026年2月28日（週六），農曆二月三十日。"),
    ] {
        assert_eq!(findings(string), [], "{name}");
    }
}

#[test]
fn a_mark_keeps_its_words() {
    let mut document = document("上合組織成立。上合組織發展。上合組織壯大。\n為上合組職提供支撐。");
    let at = "為上合".len();
    document.texts_mut()[1].1.mark(at..at + 6, MarkKind::Strong);
    changes(&mut document);
    let texts = document.texts();
    assert_eq!(&texts[1].1.as_str()[texts[1].1.marks()[0].range.clone()], "組織");
}

#[test]
fn the_list_of_wrong_words_is_tidy() {
    let rows: Vec<Vec<&str>> =
        WRONG_WORDS.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').collect()).collect();
    let converter = Converter::new(Config::T2s, Extras::NONE);
    let mut pairs = BTreeSet::new();
    let rights: BTreeSet<&str> = rows.iter().map(|r| r[1]).collect();
    for row in &rows {
        let [wrong, right, regions, level, guards, reason] = row[..] else { panic!("six columns: {row:?}") };
        assert!(wrong.chars().count() >= 2 && wrong != right && !reason.is_empty(), "{row:?}");
        assert_eq!(wrong.chars().count(), right.chars().count(), "{row:?}");
        assert!(["all", "hk,tw", "cn"].contains(&regions), "{row:?}");
        assert!(["-", "sure", "likely"].contains(&level), "{row:?}");
        let simple = converter.convert(wrong);
        let holds = |guard: &str| (guard.contains(wrong) || guard.contains(&simple)) && guard != wrong;
        assert!(guards == "-" || guards.split(',').all(holds), "{row:?}");
        assert!(guards.split(',').is_sorted(), "{row:?}");
        assert!(!rights.contains(wrong), "right elsewhere: {row:?}");
        assert!(!right.contains(wrong), "mended for ever: {row:?}");
        // A pair written twice, once in each script, counts once.
        if regions == "all" {
            assert!(pairs.insert((simple, converter.convert(right))), "there in two forms: {row:?}");
        }
    }
    assert!(rows.is_sorted_by(|a, b| (a[0], a[2]) < (b[0], b[2])), "sorted by word and region, each once");
    assert!(pairs.len() >= 2000, "{} pairs", pairs.len());
}

proptest! {
    #![proptest_config(crate::support::cases(200))]

    #[test]
    fn fixing_comes_to_rest(lines in prop::collection::vec("(上合組織|上合組職|迫不急待|按裝|，|。|甲乙|a ){1,12}", 1..8)) {
        let mut document = document(&lines.join("\n"));
        for rules in [normalize::RULES, fix::RULES] {
            fix::run(rules, kit(), &mut document, Some(Confidence::Sure));
        }
        let settled = document.clone();
        for rules in [normalize::RULES, fix::RULES] {
            fix::run(rules, kit(), &mut document, Some(Confidence::Sure));
        }
        prop_assert_eq!(settled, document);
    }
}
