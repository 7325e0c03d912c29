//! Rule `doubled-word`: a word that stands twice in a row and means it once.

use std::ops::RangeInclusive;

use crate::{
    document::Place,
    edit::{Confidence, Edit},
    normalize::class::{View, is_han},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// A word stands twice in a row.
pub const DOUBLED_WORD: Rule = Rule {
    name: "doubled-word",
    stage: Stage::Fix,
    summary: "a word stands twice in a row",
    doc: Doc {
        finds: "Words that no grammar doubles (我們我們, 因為因為, 進行進行), and 的的, 了了, 是是, 在在 where no word or phrase accounts for both.",
        why: "It is what a cut sentence or a slip of the key leaves behind, and the eye skips it.",
        examples: &[
            ("這是他們的的責任。", "這是他們的責任。"),
            ("因為因為下雨，比賽改期。", "因為下雨，比賽改期。"),
        ],
        unsure: "Doubling is grammar in Chinese: 看看, 天天, 人人, 的的確確, 是是非非, 不了了之, 在在顯示, 目的的, 現在在 stay, and so do stammered words before a pause. What is found is only likely.",
    },
    check: Check::Text(TRIGGERS, |context, text| edits(context.place, text)),
};

/// The first characters of [`WORDS`] and the [`PARTICLES`].
const TRIGGERS: &[RangeInclusive<char>] = &[
    '了'..='了',
    '他'..='他',
    '以'..='以',
    '但'..='但',
    '你'..='你',
    '因'..='因',
    '在'..='在',
    '她'..='她',
    '如'..='如',
    '它'..='它',
    '對'..='對',
    '对'..='对',
    '已'..='已',
    '我'..='我',
    '所'..='所',
    '是'..='是',
    '根'..='根',
    '的'..='的',
    '由'..='由',
    '而'..='而',
    '並'..='並',
    '并'..='并',
    '其'..='其',
    '或'..='或',
    '雖'..='雖',
    '虽'..='虽',
    '進'..='進',
    '进'..='进',
    '關'..='關',
    '关'..='关',
    '通'..='通',
];

/// Words that do not double, each with what makes the second one another word (進行|進行曲).
const WORDS: &[(&str, &str)] = &[
    ("我們", ""),
    ("我们", ""),
    ("你們", ""),
    ("你们", ""),
    ("他們", ""),
    ("他们", ""),
    ("她們", ""),
    ("她们", ""),
    ("它們", ""),
    ("它们", ""),
    ("因為", ""),
    ("因为", ""),
    ("所以", "然"),
    ("但是", ""),
    ("如果", ""),
    ("雖然", ""),
    ("虽然", ""),
    ("並且", ""),
    ("并且", ""),
    ("而且", ""),
    ("以及", "時时格物至"),
    ("或者", ""),
    ("已經", ""),
    ("已经", ""),
    ("進行", "曲"),
    ("进行", "曲"),
    ("通過", "率"),
    ("通过", "率"),
    ("根據", "地"),
    ("根据", "地"),
    ("對於", ""),
    ("对于", ""),
    ("關於", ""),
    ("关于", ""),
    ("由於", ""),
    ("由于", ""),
    ("其中", ""),
];

/// Single characters, with the characters before the pair and after it that account for both.
const PARTICLES: &[(char, &str, &str)] = &[
    ('的', "目標标靶矢打中有眾众端鵠鹄破搭坐的", "確确士喀款的"),
    ('了', "不得為为明罷罢算可未心完終终結结小時时末了受甚", "之分然了解事結结卻却斷断賬账無无悟如願愿債债"),
    ('是', "但可就還还於于總总若要只凡硬老倒都不即正又或便也越自皆竟像是", "否非是"),
    (
        '在',
        "現现正存實实所潛潜內内外自好還还旨處处意何仍曾健不即無无志重而在",
        "顯显說说需都皆表證证反處处意線线場场職职位在下",
    ),
];

fn edits(place: Place, text: &Text) -> Vec<Edit> {
    if matches!(place, Place::Meta) {
        return Vec::new();
    }
    let view = View::new(text);
    let mut found = Vec::new();
    for at in 0..view.len().saturating_sub(1) {
        let length = particle(&view, at).or_else(|| word(text.as_str(), &view, at));
        if let Some(length) = length {
            let range = view.bytes(at..at + 2 * length);
            let once = &text.as_str()[view.bytes(at..at + length)];
            let edit = Edit::new(range, once, Confidence::Likely);
            found.push(edit.because(format!("`{once}` stands twice in a row")));
        }
    }
    found
}

/// The length of a particle that is doubled here, always 1.
fn particle(view: &View, at: usize) -> Option<usize> {
    let c = view.get(at)?;
    if view.get(at + 1) != Some(c) {
        return None;
    }
    let (_, before, after) = PARTICLES.iter().find(|(own, ..)| *own == c)?;
    // A pair at the edge of a clause may be an answer (是是), a name or a quoted word.
    let inside = |c: Option<char>, innocent: &str| c.is_some_and(|c| is_han(c) && !innocent.contains(c));
    let innocent = !inside(view.before(at), before) || !inside(view.get(at + 2), after);
    (!innocent && !is_verse(view, at)).then_some(1)
}

/// Whether a clause is of four, five or seven characters and so is one beside it: in verse 的的 is bright and 了了 clear.
fn is_verse(view: &View, at: usize) -> bool {
    let han = |i: usize| view.get(i).is_some_and(is_han);
    let start = (0..=at).rev().take_while(|i| han(*i)).last().unwrap_or(at);
    let end = (at..view.len()).take_while(|i| han(*i)).last().map_or(at, |i| i + 1);
    let before = (0..start.saturating_sub(1)).rev().take_while(|i| han(*i)).count();
    let after = (end + 1..view.len()).take_while(|i| han(*i)).count();
    let length = end - start;
    // A line of verse may also be a paragraph of its own.
    let alone = start == 0 && end + 1 >= view.len();
    matches!(length, 4 | 5 | 7) && (alone || before == length || after == length)
}

/// The length of a word that is doubled here.
fn word(string: &str, view: &View, at: usize) -> Option<usize> {
    // All words have two characters.
    if view.get(at) != view.get(at + 2) || view.get(at + 1) != view.get(at + 3) {
        return None;
    }
    let rest = &string[view.bytes(at..at).start..];
    let (word, other) = WORDS.iter().find(|(word, _)| rest.starts_with(word))?;
    let again = rest[word.len()..].strip_prefix(word)?;
    let length = word.chars().count();
    let after = again.chars().next();
    let stammered = after.is_none_or(|c| !is_han(c) || other.contains(c) || again.starts_with(word));
    let whole = (at..at + 2 * length).all(|i| view.get(i).is_some_and(is_han));
    (whole && !stammered && !view.before(at).is_some_and(|c| matches!(c, '…' | '—'))).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn mended(string: &str) -> String {
        let mut text = Text::verbatim(string, SourceId(0), 0);
        let found = edits(Place::Paragraph, &text);
        text.apply("doubled-word", found, |_| true);
        text.as_str().to_owned()
    }

    #[test]
    fn doubled_words_become_one() {
        for (before, after) in [
            ("這是他們的的責任", "這是他們的責任"),
            ("他昨天买了了三本书", "他昨天买了三本书"),
            ("這件事是是他做的", "這件事是他做的"),
            ("會議在在北京舉行", "會議在北京舉行"),
            ("因為因為下雨，改期", "因為下雨，改期"),
            ("根据根据有关规定办理", "根据有关规定办理"),
        ] {
            assert_eq!(mended(before), after);
        }
    }

    #[test]
    fn reduplication_stays() {
        for string in [
            "的的確確如此",
            "目的的不同",
            "坐的的士",
            "不了了之",
            "小時了了，大未必佳",
            "受不了了就走",
            "是是非非說不清",
            "但是是誰做的",
            "問題是是否同意",
            "在在顯示他的用心",
            "他現在在家",
            "存在在那裡",
            "看看天天人人莉莉",
            "進行進行曲的排練",
            "在根據根據地的經驗",
            "我們我們，都是一樣",
            "因為因為因為",
            "是是，我知道",
            "不甚了了如常",
            "有了了解才能動手",
            "草草扔了了事",
            "輕鷗的的飛難沒，紅葉紛紛晚更稠。",
            "西來的的意",
        ] {
            assert_eq!(mended(string), string);
        }
    }

    #[test]
    fn every_word_has_its_trigger() {
        let first = WORDS.iter().filter_map(|(word, _)| word.chars().next());
        for c in first.chain(PARTICLES.iter().map(|p| p.0)) {
            assert!(TRIGGERS.iter().any(|range| range.contains(&c)), "{c}");
        }
        assert!(WORDS.iter().all(|(word, _)| word.chars().count() == 2));
    }
}
