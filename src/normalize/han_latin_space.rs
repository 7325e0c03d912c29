//! Rule `han-latin-space`: a space is typed between Han and Latin.

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{SPACES, View, is_chinese_mark, is_han, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// A space is typed between Han and Latin.
pub const HAN_LATIN_SPACE: Rule = Rule {
    name: "han-latin-space",
    stage: Stage::Normalize,
    summary: "a space is typed between Han and Latin",
    doc: Doc {
        finds: "A space between a Han character or Chinese mark and a Latin letter or digit.",
        why: "The gap is the layout\u{2019}s work: typed spaces add to it, stretch with the line and differ from writer to writer.",
        examples: &[("自 2001 年起", "自2001年起"), ("使用 Rust 編寫", "使用Rust編寫")],
        unsure: "A space after the number of a section, figure or table parts number and words and stays (圖 1 流程), and so does one after a tag (#香港, @name).",
    },
    check: Check::Text(SPACES, |context, text| edits(context.place, text)),
};

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    let chinese = |c: char| is_han(c) || is_chinese_mark(c);
    let latin = |c: char| c.is_ascii_alphanumeric();
    view.stretches(is_space)
        .into_iter()
        .filter(|s| {
            let (Some(before), Some(after)) = (view.before(s.start), view.get(s.end)) else {
                return false;
            };
            (chinese(before) && latin(after))
                || (latin(before) && chinese(after) && !is_label(&view, s.start))
        })
        .map(|s| Edit::sure(view.bytes(s), ""))
        .collect()
}

/// Whether the Latin word that ends before `end` is a number that stands for itself (`1 緒論`, `圖 1 流程`,
/// `A 附錄`) or a tag.
fn is_label(view: &View, end: usize) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let start = (0..end).rev().take_while(|&i| view.get(i).is_some_and(part)).last().unwrap_or(end);
    if view.before(start).is_some_and(|c| matches!(c, '#' | '@')) {
        return true;
    }
    let number = (start..end).any(|i| view.get(i).is_some_and(|c| c.is_ascii_digit())) || end - start == 1;
    let lead = (0..start).rev().find(|&i| !view.get(i).is_some_and(is_space));
    let labeled =
        lead.is_some_and(|i| view.get(i).is_some_and(|c| "圖图表式例".contains(c)) && view.starts_line(i));
    number && (view.starts_line(start) || labeled)
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
                ("自 2001 年起", "自2001年起"),
                ("使用 Rust 編寫，比 C 快", "使用Rust編寫，比C快"),
                ("他說， OK", "他說，OK"),
            ],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("1 緒論", "1 緒論"),
                ("圖1 流程", "圖1 流程"),
                ("#香港 旅遊", "#香港 旅遊"),
                ("謝謝 #abc 的你", "謝謝 #abc 的你"),
                ("Hong Kong", "Hong Kong"),
                ("張　三", "張　三"),
                ("3.2 方法", "3.2 方法"),
            ],
        );
    }
}
