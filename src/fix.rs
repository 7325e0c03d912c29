//! The proofreader: a document in, its wrong words mended or reported. Also runs the rules of every other stage.

mod charset;
pub mod doubled_word;
pub mod hanzi;
pub mod impossible_date;
pub mod inconsistent_word;
pub mod mixed_variants;
mod pairset;
pub mod unpaired_mark;
pub mod wrong_word;

use std::collections::BTreeMap;

use crate::{
    document::{Document, Place},
    edit::{Change, Confidence, Edit},
    kit::Kit,
    rule::{Check, Context, Rule, Stage},
    text::{Mark, MarkKind, Text},
};

/// The rules about words, in the order in which they run. The evidence of the document itself
/// comes first: it says more than a list can.
pub const RULES: &[Rule] = &[
    inconsistent_word::INCONSISTENT_WORD,
    wrong_word::WRONG_WORD,
    doubled_word::DOUBLED_WORD,
    impossible_date::IMPOSSIBLE_DATE,
    unpaired_mark::UNPAIRED_MARK,
    mixed_variants::MIXED_VARIANTS,
];

/// Mended text can be evidence for another edit; no real text needs as many rounds as this.
const ROUNDS: usize = 16;

/// Runs rules over a document, one after another, until they find nothing more to do.
///
/// Edits at least as sure as `least` are made, the others only recorded; `None` makes none. No rule looks again at
/// what has not changed since it looked.
pub fn run(rules: &[Rule], kit: &Kit, document: &mut Document, least: Option<Confidence>) -> Vec<Change> {
    let make = |edit: &Edit| least.is_some_and(|least| edit.confidence >= least);
    let triggers = Triggers::of(rules);
    let mut known: Vec<Known> = document
        .texts()
        .iter()
        .map(|(_, text)| Known { rules: triggers.of_text(text), changed: 0 })
        .collect();
    let mut looks: Vec<Look> = rules.iter().map(|_| Look::default()).collect();
    let mut made = Vec::new();
    // Numbers the looks of all rules, from 1.
    let mut now = 0;
    for _ in 0..ROUNDS {
        let before = made.len();
        for (number, (rule, look)) in rules.iter().zip(&mut looks).enumerate() {
            now += 1;
            let found = look.find(rule, number, kit, document, &known);
            look.last = now;
            if found.is_empty() {
                continue;
            }
            let mut texts = document.texts_mut();
            for (index, edits) in found {
                let text = &mut *texts[index].1;
                let (applied, left): (Vec<_>, Vec<_>) =
                    text.apply(rule.name, edits, make).into_iter().partition(|change| change.applied);
                if !applied.is_empty() {
                    known[index] = Known { rules: triggers.of_text(text), changed: now };
                    made.extend(applied);
                }
                look.left.insert(index, left);
            }
        }
        if made.len() == before {
            made.extend(looks.into_iter().flat_map(|look| look.left.into_values().flatten()));
            break;
        }
    }
    made
}

/// What is known of a text.
struct Known {
    /// A bit for each rule that may find its case in it.
    rules: u64,
    /// The look that changed it last, or 0.
    changed: usize,
}

/// What a rule has seen.
#[derive(Default)]
struct Look {
    /// The number of its last look, or 0.
    last: usize,
    /// What it proposed but may not make, by text.
    left: BTreeMap<usize, Vec<Change>>,
}

impl Look {
    /// What the rule proposes, by index of the text, where something changed since its last look; verbatim text is
    /// not shown to it.
    fn find(
        &mut self,
        rule: &Rule,
        number: usize,
        kit: &Kit,
        document: &Document,
        known: &[Known],
    ) -> Vec<(usize, Vec<Edit>)> {
        let mut found = self.proposed(rule, number, kit, document, known);
        if rule.stage == Stage::Fix && !found.is_empty() {
            let texts = document.texts();
            for (index, edits) in &mut found {
                edits.iter_mut().for_each(|edit| spare(texts[*index].1, edit));
            }
        }
        found
    }

    /// The same before names, titles and readings are spared.
    fn proposed(
        &mut self,
        rule: &Rule,
        number: usize,
        kit: &Kit,
        document: &Document,
        known: &[Known],
    ) -> Vec<(usize, Vec<Edit>)> {
        let fresh = |text: &Known| self.last == 0 || text.changed >= self.last;
        match rule.check {
            Check::Text(_, check) => {
                let mut found = Vec::new();
                for (index, (place, text)) in document.texts().into_iter().enumerate() {
                    if place == Place::Code || !fresh(&known[index]) {
                        continue;
                    }
                    self.left.remove(&index);
                    if known[index].rules & bit(number) != 0 {
                        found.push((index, check(&Context { kit, place }, text)));
                    }
                }
                found.retain(|(_, edits)| !edits.is_empty());
                found
            }
            Check::Document(check) if known.iter().any(fresh) => {
                self.left.clear();
                let mut by_text = BTreeMap::<usize, Vec<Edit>>::new();
                for (index, edit) in check(kit, document) {
                    by_text.entry(index).or_default().push(edit);
                }
                by_text.into_iter().collect()
            }
            Check::Document(_) | Check::Reported => Vec::new(),
        }
    }
}

/// Which rules a character concerns: a set of rules for each character, in pages of 256.
struct Triggers {
    pages: Vec<u8>,
    sets: Vec<[u64; 256]>,
}

impl Triggers {
    fn of(rules: &[Rule]) -> Self {
        let mut triggers = Self { pages: vec![0; 0x1100], sets: vec![[0; 256]] };
        for (number, rule) in rules.iter().enumerate() {
            let Check::Text(ranges, _) = rule.check else { continue };
            for c in ranges.iter().flat_map(|range| range.clone()) {
                let page = &mut triggers.pages[c as usize >> 8];
                if *page == 0 {
                    *page =
                        u8::try_from(triggers.sets.len()).expect("rules look for few kinds of characters");
                    triggers.sets.push([0; 256]);
                }
                triggers.sets[usize::from(*page)][c as usize & 255] |= bit(number);
            }
        }
        triggers
    }

    /// The rules that the characters of a text concern.
    fn of_text(&self, text: &Text) -> u64 {
        text.as_str()
            .chars()
            .fold(0, |rules, c| rules | self.sets[usize::from(self.pages[c as usize >> 8])][c as usize & 255])
    }
}

/// The bit of a rule; should there ever be more than 64, two share one and are shown more texts than they need.
fn bit(number: usize) -> u64 {
    1 << (number % 64)
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
