//! Rule `unpaired-mark`: a quotation mark or bracket whose partner is missing.

use std::ops::Range;

use crate::{
    document::{Document, Place},
    edit::Edit,
    kit::Kit,
    normalize::class::{View, is_han, is_numeral},
    rule::{Check, Doc, Rule, Stage},
};

/// A quotation mark or bracket whose partner is missing.
pub const UNPAIRED_MARK: Rule = Rule {
    name: "unpaired-mark",
    stage: Stage::Fix,
    summary: "a quotation mark or bracket has no partner",
    doc: Doc {
        finds: "Quotation marks, brackets and marks of book titles that open and never close, close and never opened, or cross another pair.",
        why: "A reader cannot tell where the quotation or the title ends, and an edition with other quotation marks cannot pair them.",
        examples: &[("他說：「我來了。然後坐下。", "他說：「我來了。」然後坐下。")],
        unsure: "Where the missing mark belongs only the writer knows: the finding is never applied. A quotation or remark may run over several paragraphs, and may open again at each. The bracket of a label (1）, a), 甲）), apostrophes, smileys and marks without Chinese beside them are left alone.",
    },
    check: Check::Document(check),
};

/// The pairs; full-width and half-width round brackets may answer each other.
const PAIRS: [(char, char); 10] = [
    ('「', '」'),
    ('『', '』'),
    ('“', '”'),
    ('‘', '’'),
    ('（', '）'),
    ('(', ')'),
    ('《', '》'),
    ('〈', '〉'),
    ('【', '】'),
    ('〔', '〕'),
];

/// How many paragraphs a quotation or remark may run over.
const REACH: usize = 12;

/// A mark that its own text does not pair.
#[derive(Clone, Debug)]
struct Lonely {
    /// Index of the text in the document, and of the last one that opened with the mark again.
    text: usize,
    last: usize,
    /// Index of the character in the text, and its bytes.
    at: usize,
    bytes: Range<usize>,
    kind: usize,
    opens: bool,
    /// Whether it is the first character of its paragraph.
    first: bool,
}

fn check(_: &Kit, document: &Document) -> Vec<(usize, Edit)> {
    unpaired(document)
}

fn unpaired(document: &Document) -> Vec<(usize, Edit)> {
    let texts = document.texts();
    // Openings of earlier paragraphs that may close in a later one.
    let mut waiting: Vec<Lonely> = Vec::new();
    let mut found = Vec::new();
    for (index, (place, text)) in texts.iter().enumerate() {
        let runs_on = *place == Place::Paragraph;
        if *place == Place::Code || !text.as_str().contains(|c| kind(c).is_some()) {
            continue;
        }
        let far = |open: &Lonely| index - open.last > REACH;
        found.extend(waiting.extract_if(.., |open| far(open)));
        let lonely = lonely(&View::new(text), index);
        // The last paragraph of a quotation that opens again at each one is whole by itself.
        let opened = text.as_str().trim_start().chars().next().and_then(kind);
        if opened.is_some() && !lonely.iter().any(|mark| mark.first) {
            waiting.retain(|open| Some(open.kind) != opened);
        }
        for (i, mark) in lonely.iter().enumerate() {
            let last = waiting.iter().rposition(|open| open.kind == mark.kind);
            // Of several openings the last one is what the next paragraph may close.
            let is_last = !lonely[i + 1..].iter().take(8).any(|later| later.kind == mark.kind && later.opens);
            match (mark.opens, last) {
                _ if !runs_on => found.push(mark.clone()),
                // A quotation that goes on opens again at each paragraph.
                (true, Some(last)) if mark.first && waiting[last].last < index => waiting[last].last = index,
                (true, _) if is_last => waiting.push(mark.clone()),
                (false, Some(last)) => _ = waiting.remove(last),
                _ => found.push(mark.clone()),
            }
        }
    }
    found.extend(waiting);
    found.sort_by_key(|mark| (mark.text, mark.at));
    found.into_iter().map(|mark| (mark.text, remark(&mark))).collect()
}

fn remark(mark: &Lonely) -> Edit {
    let (open, close) = PAIRS[mark.kind];
    let (own, other) = if mark.opens { (open, close) } else { (close, open) };
    Edit::remark(mark.bytes.clone(), own.to_string()).because(format!("no `{other}` answers it"))
}

fn kind(c: char) -> Option<usize> {
    PAIRS.iter().position(|(open, close)| *open == c || *close == c)
}

/// Whether two kinds answer each other.
fn agree(a: usize, b: usize) -> bool {
    let round = |kind: usize| matches!(PAIRS[kind].0, '（' | '(');
    a == b || round(a) && round(b)
}

/// The marks of a text that nothing in it answers.
fn lonely(view: &View, text: usize) -> Vec<Lonely> {
    let mut open: Vec<Lonely> = Vec::new();
    // How many of each kind are open: a mark that nothing waits for need not look through them all.
    let mut counts = [0_usize; PAIRS.len()];
    let mut out = Vec::new();
    let first = (0..view.len()).find(|i| view.get(*i).is_some_and(|c| !c.is_whitespace()));
    for at in 0..view.len() {
        let Some(c) = view.get(at) else { continue };
        let Some(kind) = kind(c) else { continue };
        let opens = PAIRS[kind].0 == c;
        let mark = Lonely {
            text,
            last: text,
            at,
            bytes: view.bytes(at..at + 1),
            kind,
            opens,
            first: first == Some(at),
        };
        let awaited = (0..PAIRS.len()).any(|other| agree(other, kind) && counts[other] > 0);
        if is_no_mark(view, at, c, awaited) {
            continue;
        }
        if opens {
            counts[kind] += 1;
            open.push(mark);
        } else if awaited {
            while let Some(last) = open.pop() {
                counts[last.kind] -= 1;
                if agree(last.kind, kind) {
                    break;
                }
                out.push(last);
            }
        } else if !is_label(view, at, c) {
            out.push(mark);
        }
    }
    out.extend(open);
    out.retain(|mark| touches_chinese(view, mark.at));
    out.sort_by_key(|mark| mark.at);
    out
}

/// An apostrophe, the sign of feet and inches, or part of a smiley; `awaited` if an opening mark waits for it.
fn is_no_mark(view: &View, at: usize, c: char, awaited: bool) -> bool {
    let before = view.before(at);
    let after = view.get(at + 1);
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || matches!(c, '０'..='９'));
    match c {
        '’' => (latin(before) && (latin(after) || !awaited)) || (digit(after) && !awaited),
        '‘' => digit(after),
        '”' => before.is_some_and(|c| c.is_ascii_digit()) && !awaited,
        '(' | ')' | '（' | '）' => {
            !awaited && before.is_some_and(|c| matches!(c, ':' | ';' | '：' | '；' | '-' | '^' | ')' | '）'))
        }
        _ => false,
    }
}

/// The bracket after a label: a short number or a letter that stands at the start, or after a space or mark.
fn is_label(view: &View, at: usize, c: char) -> bool {
    if !matches!(c, '）' | ')') {
        return false;
    }
    let is_sign = |c: char| {
        c.is_ascii_alphanumeric()
            || is_numeral(c)
            || "甲乙丙丁戊己庚辛壬癸子丑寅卯".contains(c)
            || matches!(c, '０'..='９' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' | '①'..='⑳')
    };
    let length = (1..=at).take_while(|back| view.get(at - back).is_some_and(is_sign)).count();
    let parted = view.before(at - length).is_none_or(|c| !is_han(c) && !c.is_alphanumeric());
    (1..=4).contains(&length) && parted
}

fn touches_chinese(view: &View, at: usize) -> bool {
    let chinese = |c: Option<char>| {
        c.is_some_and(|c| is_han(c) || matches!(c, '\u{3001}'..='\u{301F}' | '\u{FF01}'..='\u{FF5E}'))
    };
    chinese(view.before(at)) || chinese(view.get(at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Block, Role},
        source::SourceId,
        text::Text,
    };

    /// The marks found in a document with a paragraph a line, each with the number of its line.
    fn found(lines: &str) -> Vec<(usize, String)> {
        let paragraph =
            |line: &str| Block::Paragraph { text: Text::verbatim(line, SourceId(0), 0), role: Role::Body };
        let document = Document { blocks: lines.split('\n').map(paragraph).collect(), ..Document::default() };
        unpaired(&document).into_iter().map(|(line, edit)| (line, edit.new)).collect()
    }

    #[test]
    fn lonely_marks_are_found() {
        for (lines, expected) in [
            ("他說：「我來了。然後坐下。", &[(0, "「")][..]),
            ("他說：我來了。」然後坐下。", &[(0, "」")]),
            ("讀《紅樓夢的人", &[(0, "《")]),
            ("他说：“我来了。然后坐下", &[(0, "“")]),
            ("「甲『乙」丙", &[(0, "『")]),
            ("見附表（第二頁。", &[(0, "（")]),
            ("「一。\n二。\n三」。四」", &[(2, "」")]),
            ("「一「二。\n三」", &[(0, "「")]),
            ("他說：「一。\n「二。\n三", &[(0, "「")]),
        ] {
            let expected: Vec<(usize, String)> =
                expected.iter().map(|(i, c)| (*i, (*c).to_owned())).collect();
            assert_eq!(found(lines), expected, "{lines}");
        }
    }

    #[test]
    fn paired_marks_and_what_is_none_stay() {
        for lines in [
            "他說：「我來了。」然後坐下。",
            "「甲『乙』丙」",
            "見附表(第二頁）",
            "1）甲；2）乙；a)丙",
            "一）總則",
            "他說：「第一段。\n「第二段。\n「第三段。」",
            "他說：「第一段。\n第二段。\n第三段。」",
            "6’2”高的人，it’s好的",
            "很好:)",
            "下次再來：））",
            "欣賞了’９８新年音樂會",
            "撥“400”或“110”電話",
            "‘1’和‘2’",
            "f(x) = [0, 1)",
            "「甲」《乙》〈丙〉【丁】〔戊〕“己”‘庚’",
        ] {
            assert_eq!(found(lines), [], "{lines}");
        }
    }

    #[test]
    fn many_marks_take_linear_time() {
        let opening = "《甲".repeat(50_000);
        assert_eq!(found(&format!("{opening}{}", "」".repeat(50_000))).len(), 100_000);
    }
}
