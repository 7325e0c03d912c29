//! The proofreader: a document in, its wrong words mended or reported. Also runs the rules of every other stage.

pub mod certainty;
mod charset;
pub mod doubled_word;
mod forms;
pub mod hanzi;
pub mod house_word;
pub mod impossible_date;
pub mod inconsistent_word;
pub mod lattice;
pub mod misspelled_word;
pub mod mixed_variants;
mod mixing;
pub mod opinion;
mod pairset;
pub mod passages;
mod readings;
mod recurrence;
pub mod slips;
mod terms;
pub mod unpaired_mark;
pub mod wrong_word;

use std::{cmp::Reverse, collections::BTreeMap};

use crate::{
    brief::{Brief, is_ignored},
    document::{Document, Place},
    edit::{Change, Confidence, Edit, Verdict},
    kit::Kit,
    rule::{Check, Context, Memory, Rule, Stage},
    source::{Source, SourceId},
    text::{Mark, MarkKind, Text},
};

/// The rules about words, in the order in which they run. What the house asks for comes first, then the evidence of the
/// document itself: it says more than a list can. What neighbors say comes after the list.
pub const RULES: &[Rule] = &[
    house_word::HOUSE_WORD,
    inconsistent_word::INCONSISTENT_WORD,
    wrong_word::WRONG_WORD,
    misspelled_word::MISSPELLED_WORD,
    misspelled_word::MISSPELLED_IDIOM,
    misspelled_word::HOMOPHONE_WORD,
    misspelled_word::MISUSED_CHARACTER,
    doubled_word::DOUBLED_WORD,
    impossible_date::IMPOSSIBLE_DATE,
    unpaired_mark::UNPAIRED_MARK,
    mixed_variants::MIXED_VARIANTS,
    opinion::UNLIKELY_CHARACTER,
];

/// Whether a finding is shown where nobody says how sure findings must be: the rules that weigh chances propose much
/// that only a thorough reader wants to see.
pub fn is_shown(change: &Change) -> bool {
    change.confidence > Confidence::Doubtful || !misspelled_word::RULES.contains(&change.rule)
}

/// Mended text can be evidence for another edit; no real text needs as many rounds as this.
const ROUNDS: usize = 16;

/// Runs rules over a document, one after another, until they find nothing more to do.
///
/// Edits at least as sure as `least` are made, the others only recorded; `None` makes none.
pub fn run(rules: &[Rule], kit: &Kit, document: &mut Document, least: Option<Confidence>) -> Vec<Change> {
    proofread(rules, kit, document, &Brief::making(least), &[])
}

/// The same by a brief: what it protects, ignores or does not want is not even recorded, and what a person decided is
/// done. Decisions are about words of the `sources`. No rule looks again at what has not changed since it looked.
pub fn proofread(
    rules: &[Rule],
    kit: &Kit,
    document: &mut Document,
    brief: &Brief,
    sources: &[Source],
) -> Vec<Change> {
    let triggers = Triggers::of(rules);
    let mut known: Vec<Known> = document
        .texts()
        .iter()
        .map(|(_, text)| Known { rules: triggers.of_text(text), changed: 0 })
        .collect();
    let desk = Desk { kit, brief, sources };
    let mut looks: Vec<Look> = rules.iter().map(|_| Look::default()).collect();
    let mut made = Vec::new();
    // Numbers the looks of all rules, from 1.
    let mut now = 0;
    for _ in 0..ROUNDS {
        let before = made.len();
        for (number, (rule, look)) in rules.iter().zip(&mut looks).enumerate() {
            // One search serves several rules; it is needed as long as one of them runs.
            let served = |name: &&str| rule.name == misspelled_word::MISSPELLED_WORD.name && brief.runs(name);
            if !brief.runs(rule.name) && !misspelled_word::RULES.iter().any(served) {
                continue;
            }
            now += 1;
            let found = look.find(rule, number, &desk, document, &known);
            look.last = now;
            if found.is_empty() {
                continue;
            }
            let mut texts = document.texts_mut();
            for (index, edits) in found {
                let text = &mut *texts[index].1;
                let (applied, left): (Vec<_>, Vec<_>) =
                    desk.apply(rule, text, edits).into_iter().partition(|change| change.applied);
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
    if rules.iter().any(|rule| rule.stage == Stage::Fix) { one_a_place(rules, made) } else { made }
}

/// One place, one finding: of several that are not made the surest stays, or else that of the first rule; none stays
/// where something was made.
fn one_a_place(rules: &[Rule], changes: Vec<Change>) -> Vec<Change> {
    let rank = |change: &Change| rules.iter().position(|rule| rule.name == change.rule);
    let mut order: Vec<usize> = (0..changes.len()).collect();
    order.sort_by_key(|i| (!changes[*i].applied, Reverse(changes[*i].confidence), rank(&changes[*i]), *i));
    // The ends of the places that are taken, by source and start; places that are made may touch each other.
    let mut taken = BTreeMap::<(SourceId, usize), usize>::new();
    let mut kept = vec![false; changes.len()];
    for i in order {
        let (source, range) = (changes[i].span.source, changes[i].span.range());
        let before = taken.range(..(source, range.end.max(range.start + 1))).next_back();
        let free = before.is_none_or(|((other, _), end)| *other != source || *end <= range.start);
        // A remark takes no place from a correction.
        if changes[i].before == changes[i].after {
            kept[i] = true;
        } else if changes[i].applied || free {
            kept[i] = true;
            let end = taken.entry((source, range.start)).or_default();
            *end = range.end.max(*end);
        }
    }
    changes.into_iter().zip(kept).filter_map(|(change, kept)| kept.then_some(change)).collect()
}

/// What lies beside the manuscript.
struct Desk<'a> {
    kit: &'a Kit,
    brief: &'a Brief,
    sources: &'a [Source],
}

impl Desk<'_> {
    /// What a person decided about an edit of a text. A rival that was chosen takes the place of the proposal.
    fn verdict(&self, text: &Text, edit: &mut Edit) -> Option<Verdict> {
        if self.brief.verdicts.is_empty() {
            return None;
        }
        let span = text.span(edit.range.clone());
        let verdicts = self.brief.verdicts.get(&span.source).filter(|verdicts| !verdicts.is_empty())?;
        let source = self.sources.iter().find(|source| source.id == span.source)?;
        let about = |new: &str| verdicts.about(source, span, new);
        if let Some(verdict) = about(&edit.new) {
            return Some(verdict);
        }
        let chosen = edit.rivals.iter().position(|rival| about(rival) == Some(Verdict::Accept))?;
        let rival = edit.rivals.remove(chosen);
        edit.rivals.insert(0, std::mem::replace(&mut edit.new, rival));
        Some(Verdict::Accept)
    }

    /// Whether the brief wants an edit of a text: nothing that it protects, that the manuscript takes from the rule, or
    /// that is not sure enough for the rule's level.
    fn wants(&self, rule: &Rule, document: &Document, text: &Text, edit: &Edit) -> bool {
        let name = name(rule, edit);
        self.brief.wants(name, edit.confidence)
            && (rule.stage != Stage::Fix
                || !self.brief.protected.touch(text.as_str(), edit.range.clone())
                    && (document.ignored.is_empty()
                        || !is_ignored(&document.ignored, name, text.span(edit.range.clone()))))
    }

    /// Makes or records the edits of a rule, each by its confidence or by what a person decided about it.
    fn apply(&self, rule: &Rule, text: &mut Text, mut edits: Vec<Edit>) -> Vec<Change> {
        let mut decided = Vec::new();
        if rule.stage == Stage::Fix {
            for edit in &mut edits {
                // What changes nothing can only be refused.
                let remark = text.as_str()[edit.range.clone()] == edit.new;
                if let Some(verdict) = self.verdict(text, edit).filter(|v| !remark || *v == Verdict::Reject) {
                    decided.push((
                        edit.range.clone(),
                        edit.new.clone(),
                        text.span(edit.range.clone()),
                        verdict,
                    ));
                }
            }
        }
        let verdict = |edit: &Edit| {
            decided
                .iter()
                .find(|(range, new, ..)| *range == edit.range && *new == edit.new)
                .map(|known| known.3)
        };
        let make = |edit: &Edit| self.brief.makes(name(rule, edit), edit.confidence, verdict(edit));
        let mut changes = text.apply(rule.name, edits, make);
        for change in &mut changes {
            let known = decided.iter().find(|(_, new, span, _)| *span == change.span && *new == change.after);
            change.verdict = known.map(|known| known.3);
        }
        changes
    }
}

/// The rule that an edit is reported and set under.
fn name(rule: &Rule, edit: &Edit) -> &'static str {
    edit.rule.unwrap_or(rule.name)
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
    /// What it keeps.
    memory: Memory,
}

impl Look {
    /// What the rule proposes, by index of the text, where something changed since its last look; verbatim text is
    /// not shown to it. What the brief does not want is left out.
    fn find(
        &mut self,
        rule: &Rule,
        number: usize,
        desk: &Desk,
        document: &Document,
        known: &[Known],
    ) -> Vec<(usize, Vec<Edit>)> {
        let mut found = self.proposed(rule, number, desk, document, known);
        if found.is_empty() {
            return found;
        }
        let texts = document.texts();
        for (index, edits) in &mut found {
            let text = texts[*index].1;
            if rule.stage == Stage::Fix {
                if let Some(tagger) = &desk.brief.tagger
                    && rule.name != opinion::UNLIKELY_CHARACTER.name
                {
                    opinion::weigh(tagger, rule.name, text, edits);
                }
                edits.iter_mut().for_each(|edit| spare(text, edit));
            }
            edits.retain(|edit| desk.wants(rule, document, text, edit));
        }
        found
    }

    /// The same before names, titles and readings are spared.
    fn proposed(
        &mut self,
        rule: &Rule,
        number: usize,
        desk: &Desk,
        document: &Document,
        known: &[Known],
    ) -> Vec<(usize, Vec<Edit>)> {
        let kit = desk.kit;
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
            Check::Document(_) | Check::Search(_) if !known.iter().any(fresh) => Vec::new(),
            Check::Document(check) => self.by_text(check(kit, document)),
            Check::Search(check) => {
                let found = check(kit, document, &mut self.memory);
                self.by_text(found)
            }
            Check::Brief(check) if desk.brief.asks() => {
                let mut found = Vec::new();
                for (index, (place, text)) in document.texts().into_iter().enumerate() {
                    if place != Place::Code && fresh(&known[index]) {
                        self.left.remove(&index);
                        found.push((index, check(desk.brief, text)));
                    }
                }
                found.retain(|(_, edits)| !edits.is_empty());
                found
            }
            Check::Brief(_) | Check::Reported => Vec::new(),
        }
    }

    /// What a look at the whole document found takes the place of all that was found before.
    fn by_text(&mut self, found: Vec<(usize, Edit)>) -> Vec<(usize, Vec<Edit>)> {
        self.left.clear();
        let mut by_text = BTreeMap::<usize, Vec<Edit>>::new();
        for (index, edit) in found {
            by_text.entry(index).or_default().push(edit);
        }
        by_text.into_iter().collect()
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
