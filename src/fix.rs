//! The proofreader: a document in, its wrong words mended or reported. Also runs the rules of every other stage.

pub mod hanzi;
pub mod inconsistent_word;
pub mod wrong_word;

use crate::{
    document::{Document, Place},
    edit::{Change, Confidence, Edit},
    kit::Kit,
    rule::{Check, Context, Rule, Stage},
    text::{Mark, MarkKind, Text},
};

/// The rules about words, in the order in which they run. The evidence of the document itself
/// comes first: it says more than a list can.
pub const RULES: &[Rule] = &[inconsistent_word::INCONSISTENT_WORD, wrong_word::WRONG_WORD];

/// Mended text can be evidence for another edit; no real text needs as many rounds as this.
const ROUNDS: usize = 16;

/// Runs rules over a document, one after another, until they find nothing more to do.
///
/// Edits at least as sure as `least` are made, the others only recorded; `None` makes none.
pub fn run(rules: &[Rule], kit: &Kit, document: &mut Document, least: Option<Confidence>) -> Vec<Change> {
    let mut made = Vec::new();
    for _ in 0..ROUNDS {
        let (applied, left): (Vec<_>, Vec<_>) =
            round(rules, kit, document, least).into_iter().partition(|change| change.applied);
        let done = applied.is_empty();
        made.extend(applied);
        if done {
            made.extend(left);
            break;
        }
    }
    made
}

/// Runs each rule once.
fn round(rules: &[Rule], kit: &Kit, document: &mut Document, least: Option<Confidence>) -> Vec<Change> {
    let mut changes = Vec::new();
    for rule in rules {
        for (index, edits) in find(rule, kit, document) {
            let mut texts = document.texts_mut();
            let make = |edit: &Edit| least.is_some_and(|least| edit.confidence >= least);
            changes.extend(texts[index].1.apply(rule.name, edits, make));
        }
    }
    changes
}

/// What a rule proposes, by index of the text; verbatim text is not shown to it.
fn find(rule: &Rule, kit: &Kit, document: &Document) -> Vec<(usize, Vec<Edit>)> {
    let mut found: Vec<(usize, Vec<Edit>)> = match rule.check {
        Check::Text(check) => document
            .texts()
            .into_iter()
            .enumerate()
            .filter(|(_, (place, _))| *place != Place::Code)
            .map(|(index, (place, text))| (index, check(&Context { kit, place }, text)))
            .collect(),
        Check::Document(check) => {
            let mut by_text = std::collections::BTreeMap::<usize, Vec<Edit>>::new();
            for (index, edit) in check(kit, document) {
                by_text.entry(index).or_default().push(edit);
            }
            by_text.into_iter().collect()
        }
        Check::Reported => Vec::new(),
    };
    if rule.stage == Stage::Fix {
        let texts = document.texts();
        for (index, edits) in &mut found {
            edits.iter_mut().for_each(|edit| spare(texts[*index].1, edit));
        }
    }
    found.retain(|(_, edits)| !edits.is_empty());
    found
}

/// Names and titles are written as their owners write them, and a reading vouches for its character: what a rule
/// about words finds there is only reported.
fn spare(text: &Text, edit: &mut Edit) {
    let settled = |kind: &MarkKind| matches!(kind, MarkKind::Name | MarkKind::Title | MarkKind::Ruby(_));
    let touched = |m: &&Mark| m.range.start < edit.range.end && edit.range.start < m.range.end;
    if text.marks().iter().filter(touched).any(|m| settled(&m.kind)) {
        edit.confidence = Confidence::Doubtful;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn names_titles_and_readings_are_spared() {
        for (kind, expected) in [
            (MarkKind::Name, Confidence::Doubtful),
            (MarkKind::Title, Confidence::Doubtful),
            (MarkKind::Ruby("zhí".into()), Confidence::Doubtful),
            (MarkKind::Strong, Confidence::Sure),
        ] {
            let mut text = Text::verbatim("上合組職", SourceId(0), 0);
            text.mark(6..12, kind);
            let mut edit = Edit::sure(9..12, "織");
            spare(&text, &mut edit);
            assert_eq!(edit.confidence, expected, "{:?}", text.marks());
        }
    }
}
