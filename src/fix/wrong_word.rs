//! Rule `wrong-word`: words that a list knows to be written with a wrong character.

use std::{collections::HashMap, sync::LazyLock};

use crate::{
    document::{Document, Place},
    edit::{Confidence, Edit},
    edition::Script,
    fix::{hanzi, pairset::PairSet},
    kit::Kit,
    rule::{Check, Doc, Rule, Stage},
    tables::guarded,
    text::Text,
};

/// Words with a wrong character (別字) from a curated list.
pub const WRONG_WORD: Rule = Rule {
    name: "wrong-word",
    stage: Stage::Fix,
    summary: "a word is written with a wrong character (別字)",
    doc: Doc {
        finds: "Words and idioms that a curated list gives as misspelled, in Traditional and Simplified characters.",
        why: "A wrong character of the same sound or a similar shape slips through any input method, and readers hold it against the writer.",
        examples: &[
            ("他迫不急待地打開了信。", "他迫不及待地打開了信。"),
            ("请穿流不息的车辆让路。", "请川流不息的车辆让路。"),
        ],
        unsure: "A word of two characters is only likely, for the two may meet across a word border (武松馳援), unless the list knows that these two never do. Longer words in which the same characters are innocent are listed and left alone, and so are variants (計畫, 身份, 佈置). A wrong word alone in quotation marks, or beside its right form, is talked about rather than used: it is only reported.",
    },
    check: Check::Document(check),
};

/// The list in every form, made by the build script from `seeds/tables/wrong-words.tsv`.
const TABLE: &str = include_str!(concat!(env!("OUT_DIR"), "/wrong-words.tsv"));

/// A line of the list.
#[derive(Debug)]
struct Row {
    wrong: &'static str,
    right: &'static str,
    /// The script of the documents in which it holds, if not in all.
    script: Option<Script>,
    confidence: Confidence,
    guards: &'static str,
    reason: &'static str,
}

/// The list.
struct List {
    /// By first two characters, longer words first.
    words: HashMap<(char, char), Vec<Row>>,
    /// The first two characters of all words.
    pairs: PairSet,
}

static LIST: LazyLock<List> = LazyLock::new(|| {
    let mut words = HashMap::<(char, char), Vec<Row>>::new();
    for row in TABLE.lines().filter_map(row) {
        words.entry(start(row.wrong)).or_default().push(row);
    }
    words.values_mut().for_each(|rows| rows.sort_by_key(|row| std::cmp::Reverse(row.wrong.len())));
    let pairs = PairSet::of(words.keys().copied());
    List { words, pairs }
});

fn start(word: &str) -> (char, char) {
    let mut chars = word.chars();
    chars.next().zip(chars.next()).expect("a wrong word has two characters or more")
}

fn row(line: &'static str) -> Option<Row> {
    let mut fields = line.split('\t');
    let (wrong, right) = (fields.next()?, fields.next()?);
    let script = match fields.next()? {
        "t" => Some(Script::Traditional),
        "s" => Some(Script::Simplified),
        _ => None,
    };
    // Two characters may meet across the border of two words (武松|馳援): as a rule they are not certain.
    let confidence = match (fields.next()?, wrong.chars().count()) {
        ("sure", _) => Confidence::Sure,
        ("likely", _) | (_, ..=2) => Confidence::Likely,
        _ => Confidence::Sure,
    };
    Some(Row { wrong, right, script, confidence, guards: fields.next()?, reason: fields.next()? })
}

fn check(_: &Kit, document: &Document) -> Vec<(usize, Edit)> {
    let script = hanzi::script(document);
    let mut found = Vec::new();
    for (index, (place, text)) in document.texts().into_iter().enumerate() {
        if place != Place::Code {
            found.extend(edits(script, text).into_iter().map(|edit| (index, edit)));
        }
    }
    found
}

/// The wrong words of one text.
fn edits(script: Script, text: &Text) -> Vec<Edit> {
    let string = text.as_str();
    let list = &*LIST;
    let mut found = Vec::new();
    for open in text.open_ranges() {
        let part = &string[open.clone()];
        let mut free = 0;
        let mut before = None;
        for (next, c) in part.char_indices() {
            let Some((at, first)) = before.replace((next, c)) else { continue };
            if at < free || !list.pairs.may_have(first, c) {
                continue;
            }
            let rows = list.words.get(&(first, c)).map_or(&[][..], Vec::as_slice);
            let script = || script_near(part, at).unwrap_or(script);
            let hit = rows.iter().find(|row| {
                part[at..].starts_with(row.wrong)
                    && row.applies(script)
                    && !guarded(part, at, row.wrong, row.guards)
            });
            if let Some(row) = hit {
                free = at + row.wrong.len();
                let mentioned = is_mentioned(string, row, open.start + at);
                let confidence = if mentioned { Confidence::Doubtful } else { row.confidence };
                let range = open.start + at..open.start + free;
                found.push(Edit::new(range, row.right, confidence).because(row.reason));
            }
        }
    }
    found
}

impl Row {
    fn applies(&self, script: impl FnOnce() -> Script) -> bool {
        self.script.is_none_or(|own| own == script())
    }
}

/// The script of the words around a place, if they tell: a document may quote the other script.
fn script_near(string: &str, at: usize) -> Option<Script> {
    let (before, after) = string.split_at(at);
    let near = before.chars().rev().take(REACH).chain(after.chars().take(REACH));
    let balance: i32 = near
        .filter_map(|c| hanzi::look_up(c)?.script)
        .map(|script| if script == Script::Traditional { 1 } else { -1 })
        .sum();
    match balance {
        2.. => Some(Script::Traditional),
        ..=-2 => Some(Script::Simplified),
        _ => None,
    }
}

/// How many characters around a place tell its script.
const REACH: usize = 24;

/// Whether the word is spoken of, not used: alone in quotation marks, or with its right form close by.
fn is_mentioned(string: &str, row: &Row, at: usize) -> bool {
    let (before, after) = (&string[..at], &string[at + row.wrong.len()..]);
    let quoted = before.ends_with(['「', '『', '“', '‘', '《', '〈', '"'])
        && after.starts_with(['」', '』', '”', '’', '》', '〉', '"']);
    let near = |part: &str| part.contains(row.right);
    quoted
        || near(&before.chars().rev().take(16).collect::<Vec<_>>().into_iter().rev().collect::<String>())
        || near(&after.chars().take(16).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn fixed(string: &str, script: Script) -> String {
        made(string, script, Confidence::Sure)
    }

    fn made(string: &str, script: Script, least: Confidence) -> String {
        let mut text = Text::verbatim(string, SourceId(0), 0);
        let edits = edits(script, &text);
        text.apply("wrong-word", edits, |e| e.confidence >= least);
        text.as_str().to_owned()
    }

    #[test]
    fn wrong_words_are_mended_in_their_script() {
        for (script, before, after, sure) in [
            (Script::Traditional, "他迫不急待地打開", "他迫不及待地打開", true),
            (Script::Traditional, "按裝冷氣機", "安裝冷氣機", false),
            (Script::Traditional, "關係很曖味", "關係很曖昧", true),
            (Script::Simplified, "安静又暖昧", "安静又暧昧", true),
            (Script::Traditional, "氣氛暖昧", "氣氛曖昧", true),
            (Script::Simplified, "甘败下风", "甘拜下风", true),
            (Script::Simplified, "遭到遣责", "遭到谴责", true),
            (Script::Traditional, "為虎作猖", "為虎作倀", true),
            (Script::Traditional, "爲虎作猖", "爲虎作倀", true),
            (Script::Simplified, "为虎作猖", "为虎作伥", true),
            (Script::Traditional, "複辟與康複", "復辟與康復", false),
            (Script::Simplified, "请把布署报告", "请把部署报告", false),
        ] {
            assert_eq!(made(before, script, Confidence::Likely), after);
            assert_eq!(fixed(before, script), if sure { after } else { before });
        }
    }

    #[test]
    fn innocent_strings_stay() {
        for string in [
            "請按裝置上的按鈕",
            "山脈博物館",
            "計畫與計劃",
            "身份和身分",
            "歸根結柢",
            "兩國外交部署期已到",
            "「按裝」應作「安裝」",
            "『迫不急待』是別字",
            "渡假與度假",
            "他派遣責任編輯",
            "裏面和裡面",
            "進一步署名",
            "不能自已",
            "群組識別碼",
            "地震憾事",
            "三國時侯景之亂",
        ] {
            assert_eq!(fixed(string, Script::Traditional), string);
        }
        for string in ["进一步署名", "不能自已", "用户组识别码", "来自已签名的请求", "坚强捍卫主权"]
        {
            assert_eq!(made(string, Script::Simplified, Confidence::Likely), string);
        }
    }

    /// Each pair that both scripts have is there in both, and a word is there once a script.
    #[test]
    fn forms_follow_from_one_line() {
        let rows: Vec<Row> = TABLE.lines().filter_map(row).collect();
        let right = |wrong: &str, script| {
            let mut found = rows.iter().filter(|row| row.wrong == wrong && row.applies(|| script));
            let right = found.next().map(|row| row.right);
            assert!(found.next().is_none(), "{wrong} is there twice");
            right
        };
        for row in &rows {
            right(row.wrong, Script::Traditional);
            right(row.wrong, Script::Simplified);
        }
        for (wrong, traditional, simplified) in [
            ("一愁莫展", "一籌莫展", "一筹莫展"),
            ("三箴其口", "三緘其口", "三缄其口"),
            ("暖昧", "曖昧", "暧昧"),
        ] {
            assert_eq!(right(wrong, Script::Traditional), Some(traditional));
            assert_eq!(right(wrong, Script::Simplified), Some(simplified));
        }
        assert_eq!(right("眾口爍金", Script::Traditional), Some("眾口鑠金"));
        assert_eq!(right("衆口爍金", Script::Traditional), Some("衆口鑠金"));
        assert_eq!(right("众口烁金", Script::Simplified), Some("众口铄金"));
        assert_eq!(right("公裡", Script::Simplified), None);
    }

    #[test]
    fn no_right_form_is_wrong_elsewhere() {
        for row in TABLE.lines().filter_map(row) {
            for script in [Script::Traditional, Script::Simplified] {
                if row.applies(|| script) {
                    assert_eq!(fixed(row.right, script), row.right, "{row:?}");
                }
            }
        }
    }
}
