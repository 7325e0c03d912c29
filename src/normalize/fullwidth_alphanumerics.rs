//! Rule `fullwidth-alphanumerics`: Latin letters or digits are typed full-width.

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::View,
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// Latin letters or digits are typed full-width.
pub const FULLWIDTH_ALPHANUMERICS: Rule = Rule {
    name: "fullwidth-alphanumerics",
    stage: Stage::Normalize,
    summary: "Latin letters or digits are typed full-width",
    doc: Doc {
        finds: "Full-width letters and digits (Ａ, １).",
        why: "They are spaced out like Han, cannot be searched for and are read out letter by letter.",
        examples: &[("２００１年", "2001年")],
        unsure: "Marks are left alone, but for a point or dash inside a number. A template for vertical setting chooses its own digits.",
    },
    check: Check::Text(&['０'..='９', 'Ａ'..='Ｚ', 'ａ'..='ｚ'], |context, text| {
        edits(context.place, text)
    }),
};

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    // A point between full-width digits is part of the number, and so is the dash of a telephone number.
    let digit = |c: Option<char>| c.is_some_and(|c| matches!(c, '０'..='９'));
    let point = |i: usize| view.get(i) == Some('．') && digit(view.before(i)) && digit(view.get(i + 1));
    // A number with ， or ： inside would be left half and half: it stays as it is.
    let mark = |c: Option<char>| matches!(c, Some('，' | '：'));
    let joined = |s: &std::ops::Range<usize>| {
        (mark(view.before(s.start))
            && s.start >= 2
            && digit(view.get(s.start - 2))
            && digit(view.get(s.start)))
            || (mark(view.get(s.end)) && digit(view.get(s.end + 1)) && digit(view.before(s.end)))
    };
    let dash = |i: usize| view.get(i) == Some('－') && digit(view.before(i)) && digit(view.get(i + 1));
    let points = (0..view.len()).filter(|&i| point(i) || dash(i)).map(|i| i..i + 1);
    view.stretches(|c| matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ'))
        .into_iter()
        .filter(|s| !joined(s))
        .chain(points)
        .map(|s| {
            let new: String =
                s.clone().filter_map(|i| char::from_u32(view.get(i)? as u32 - 0xFEE0)).collect();
            Edit::sure(view.bytes(s), new)
        })
        .collect()
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
            &[("２００１年", "2001年"), ("０．７４公斤", "0.74公斤"), ("Ａ股和ｉＰｈｏｎｅ", "A股和iPhone")],
        );
    }

    #[test]
    fn good_text_stays() {
        check(edits, Place::Paragraph, &[("2001年，（甲）", "2001年，（甲）"), ("①", "①")]);
    }
}
