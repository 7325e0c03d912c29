//! Rule `wrong-word`: words that a list knows to be written with a wrong character.

use std::{collections::HashMap, sync::LazyLock};

use crate::{
    document::{Document, Place},
    edit::{Confidence, Edit},
    edition::Script,
    fix::{charset::CharSet, hanzi},
    kit::Kit,
    rule::{Check, Doc, Rule, Stage},
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
        unsure: "A word of two characters is only likely, for the two may meet across a word border (武松馳援). Longer words in which the same characters are innocent are listed and left alone, and so are variants (計畫, 身份, 佈置). A wrong word alone in quotation marks, or beside its right form, is talked about rather than used: it is only reported.",
    },
    check: Check::Document(check),
};

const TABLE: &str = include_str!("../../seeds/tables/wrong-words.tsv");

/// A line of the list.
#[derive(Debug)]
struct Row {
    wrong: &'static str,
    right: &'static str,
    regions: &'static str,
    guards: &'static str,
    reason: &'static str,
}

/// The list.
struct List {
    /// By first character, longer words first.
    words: HashMap<char, Vec<Row>>,
    /// The first characters.
    first: CharSet,
    /// The characters that may follow them.
    second: CharSet,
}

static LIST: LazyLock<List> = LazyLock::new(|| {
    let mut words = HashMap::<char, Vec<Row>>::new();
    for row in TABLE.lines().filter_map(row) {
        let first = row.wrong.chars().next().expect("a wrong word is not empty");
        words.entry(first).or_default().push(row);
    }
    words.values_mut().for_each(|rows| rows.sort_by_key(|row| std::cmp::Reverse(row.wrong.len())));
    let first = CharSet::of(words.keys().copied());
    let second = words.values().flatten().filter_map(|row| row.wrong.chars().nth(1));
    let second = CharSet::of(second);
    List { words, first, second }
});

fn row(line: &'static str) -> Option<Row> {
    let mut fields = line.split('\t');
    let mut next = || fields.next();
    (!line.starts_with('#')).then(|| {
        Some(Row { wrong: next()?, right: next()?, regions: next()?, guards: next()?, reason: next()? })
    })?
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
        let mut free = open.start;
        for (offset, c) in string[open.clone()].char_indices() {
            let at = open.start + offset;
            let follows = || string[at + c.len_utf8()..open.end].chars().next();
            if at < free || !list.first.may_have(c) || !follows().is_some_and(|c| list.second.may_have(c)) {
                continue;
            }
            let rows = list.words.get(&c).map_or(&[][..], Vec::as_slice);
            let hit = rows.iter().find(|row| {
                string[at..open.end].starts_with(row.wrong)
                    && row.applies(script)
                    && !row.is_guarded(string, at)
            });
            if let Some(row) = hit {
                let range = at..at + row.wrong.len();
                free = range.end;
                // Two characters may meet across the border of two words (武松|馳援): never certain.
                let confidence = match row.wrong.chars().count() {
                    _ if is_mentioned(string, row, at) => Confidence::Doubtful,
                    ..=2 => Confidence::Likely,
                    _ => Confidence::Sure,
                };
                found.push(Edit::new(range, row.right, confidence).because(row.reason));
            }
        }
    }
    found
}

impl Row {
    fn applies(&self, script: Script) -> bool {
        self.regions == "all"
            || self.regions.split(',').any(|region| (region == "cn") == (script == Script::Simplified))
    }

    /// Whether a longer, innocent string covers the word at `at`.
    fn is_guarded(&self, string: &str, at: usize) -> bool {
        self.guards.split(',').any(|guard| {
            guard.match_indices(self.wrong).any(|(inside, _)| {
                at.checked_sub(inside)
                    .and_then(|start| string.get(start..))
                    .is_some_and(|s| s.starts_with(guard))
            })
        })
    }
}

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
        for (script, before, after) in [
            (Script::Traditional, "他迫不急待地打開", "他迫不及待地打開"),
            (Script::Traditional, "按裝冷氣機", "安裝冷氣機"),
            (Script::Traditional, "關係很曖味", "關係很曖昧"),
            (Script::Simplified, "安静又暖昧", "安静又暧昧"),
            (Script::Traditional, "氣氛暖昧", "氣氛曖昧"),
            (Script::Simplified, "甘败下风", "甘拜下风"),
        ] {
            assert_eq!(made(before, script, Confidence::Likely), after);
            // Two characters may meet across a word border: alone they are never certain.
            let sure =
                if after.contains("迫不及待") || after.contains("甘拜") { after } else { before };
            assert_eq!(fixed(before, script), sure);
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
        ] {
            assert_eq!(fixed(string, Script::Traditional), string);
        }
    }

    #[test]
    fn no_right_form_is_wrong_elsewhere() {
        for row in TABLE.lines().filter_map(row) {
            for script in [Script::Traditional, Script::Simplified] {
                if row.applies(script) {
                    assert_eq!(fixed(row.right, script), row.right, "{row:?}");
                }
            }
        }
    }
}
