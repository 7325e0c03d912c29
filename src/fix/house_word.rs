//! Rule `house-word`: words that the house writes in another way, by its own list.

use crate::{
    brief::Brief,
    edit::Edit,
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// Words of the house's own list.
pub const HOUSE_WORD: Rule = Rule {
    name: "house-word",
    stage: Stage::Fix,
    summary: "the house writes this word in another way",
    doc: Doc {
        finds: "Words that `[check.words]` in `hanpress.toml` lists, with the form that it gives.",
        why: "A house, a newspaper or a series has spellings of its own that no general list can know.",
        examples: &[("請用智能電話掃描。", "請用智能手機掃描。")],
        unsure: "The list is taken at its word: every occurrence is certain, the longest word first. Protect a longer \
                 word in which the same characters are right, such as 智能電話亭.",
    },
    check: Check::Brief(check),
};

fn check(brief: &Brief, text: &Text) -> Vec<Edit> {
    let found = brief.house.find(text.as_str());
    found.into_iter().map(|(range, right)| Edit::sure(range, right).because("the house's own list")).collect()
}
