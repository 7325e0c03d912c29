//! Rule `halfwidth-bracket`: half-width brackets around Chinese words.

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{View, is_chinese_mark, is_han, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// Half-width brackets around Chinese words.
pub const HALFWIDTH_BRACKET: Rule = Rule {
    name: "halfwidth-bracket",
    stage: Stage::Normalize,
    summary: "half-width brackets stand around Chinese words",
    doc: Doc {
        finds: "Pairs of ( ) after Han or a Chinese mark, or at the head of a text, with Han characters between them.",
        why: "They are too small and too low for Han characters, and a line may begin or end with them.",
        examples: &[("同比增長(見下表)", "同比增長（見下表）")],
        unsure: "Brackets without Han between them stay, so that (852) and f(x) do, and so does a bracket without a partner.",
    },
    check: Check::Text(&['('..=')'], |context, text| edits(context.place, text)),
};

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    let mut open: Vec<usize> = Vec::new();
    let mut out = Vec::new();
    for i in 0..view.len() {
        match view.get(i) {
            Some('(') => open.push(i),
            Some(')') => {
                let Some(start) = open.pop() else { continue };
                let chinese = |c: char| is_han(c) || is_chinese_mark(c) || c == '\n';
                let before = (0..start).rev().filter_map(|k| view.get(k)).find(|c| !is_space(*c));
                let han = (start + 1..i).filter_map(|k| view.get(k)).any(is_han);
                if han && before.is_none_or(chinese) {
                    out.push(Edit::sure(view.bytes(start..start + 1), "（"));
                    out.push(Edit::sure(view.bytes(i..i + 1), "）"));
                }
            }
            _ => {}
        }
    }
    out.sort_by_key(|edit| edit.range.start);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::tests::check;

    #[test]
    fn faults_are_mended() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("核對過了(2025年全年)。", "核對過了（2025年全年）。"),
                ("(一)總則", "（一）總則"),
                ("「好」(笑)", "「好」（笑）"),
                ("甲(乙(丙)丁)", "甲（乙（丙）丁）"),
            ],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("電話(852)2345", "電話(852)2345"),
                ("函數f(x)", "函數f(x)"),
                ("f(甲)", "f(甲)"),
                ("笑:)好", "笑:)好"),
                ("甲(乙", "甲(乙"),
                ("上合(SCO)", "上合(SCO)"),
                ("核對過了（好）", "核對過了（好）"),
            ],
        );
    }
}
