//! Rule `caption-end`: a caption ends with a full stop, comma or semicolon.

use crate::{
    document::Place,
    edit::Edit,
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// The marks that no caption ends with.
const MARKS: &[std::ops::RangeInclusive<char>] =
    &['。'..='。', '．'..='．', '，'..='，', '、'..='、', '；'..='；', '：'..='：'];

/// A caption ends with a full stop, comma or semicolon.
pub const CAPTION_END: Rule = Rule {
    name: "caption-end",
    stage: Stage::Normalize,
    summary: "a caption ends with a full stop or comma",
    doc: Doc {
        finds: "A single 。．，、；： at the end of the caption of a table or figure.",
        why: "A caption is a title, and titles end without a mark (checklist 57).",
        examples: &[("表1-2　各季產量。", "表1-2　各季產量")],
        unsure: "A caption that has more than one sentence is prose and keeps its stop, and so do ？！…… and brackets.",
    },
    check: Check::Text(MARKS, |context, text| edits(context.place, text)),
};

fn edits(place: Place, text: &Text) -> Vec<Edit> {
    let string = text.as_str();
    let is_mark = |c: char| MARKS.iter().any(|range| range.contains(&c));
    let is_stop = |c: char| matches!(c, '。' | '．' | '？' | '！' | '?' | '!');
    let Some((at, last)) = string.trim_end().char_indices().next_back() else { return Vec::new() };
    let before = &string[..at];
    if place != Place::Caption
        || !is_mark(last)
        || before.is_empty()
        || before.ends_with(is_mark)
        || before.contains(is_stop)
        || !text.open_ranges().iter().any(|open| open.contains(&at))
    {
        return Vec::new();
    }
    vec![Edit::sure(at..at + last.len_utf8(), "")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::tests::check;

    #[test]
    fn faults_are_mended() {
        check(
            edits,
            Place::Caption,
            &[
                ("表1-2　各季產量。", "表1-2　各季產量"),
                ("圖3　上海合作組織總部；", "圖3　上海合作組織總部"),
                ("总部大楼（北京）。", "总部大楼（北京）"),
            ],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Caption,
            &[
                ("表1-2　各季產量", "表1-2　各季產量"),
                ("這是誰的椅子？", "這是誰的椅子？"),
                ("左為甲。右為乙。", "左為甲。右為乙。"),
                ("誰來？他。", "誰來？他。"),
                ("未完……", "未完……"),
                ("。", "。"),
                ("Fig. 1.", "Fig. 1."),
            ],
        );
        check(edits, Place::Paragraph, &[("各季產量。", "各季產量。")]);
    }
}
