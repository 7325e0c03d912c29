//! Slips that neighbors and document give away: the candidates of every run of Han characters, weighed with what the
//! rest of the document says, as edits of the rules that name them.

use std::ops::Range;

use rayon::prelude::*;

use crate::{
    document::{Document, Place},
    edit::{Confidence, Edit},
    fix::{
        certainty::Evidence,
        forms::Forms,
        lattice::{self, Candidate, Finder, Kind, lexicon},
        misspelled_word,
        passages::Passages,
        readings::{Readings, Suspect},
        recurrence::Recurrence,
        terms::{self, Term},
    },
    kit::Kit,
    rule::Memory,
    text::Text,
};

/// Chances below this are not even doubtful.
pub const LEAST: f32 = 0.2;
/// Chances from which an editor should see a suggestion: of a word, of a word of grammar for another, of any other
/// word of one character.
const LIKELY: [f32; 3] = [0.45, 0.6, 0.8];
/// How certain a slip must be, by what makes it likely: where its neighbors alone speak for it, and where the document
/// does too. Set on text that neither model was trained on (`docs/proofreading.md`).
const SURE: &[(Likeness, f32, f32)] = &[
    (Likeness::SoundAndShape, 0.94, 0.45),
    (Likeness::Sound, 0.94, 0.45),
    (Likeness::Shape, 0.94, 0.45),
    (Likeness::Covered, 0.97, 0.8),
    (Likeness::Swap, 0.965, 0.8),
    (Likeness::Term, 1.0, 0.3),
];
/// The same where only the word itself recurs, without a neighbor.
const WORD_SUPPORTED: f32 = 0.7;
/// In text that is farther from everyday prose neighbors alone are not enough.
const FAR: f32 = 2.9;
/// Occurrences of the corrected string that support it.
const SUPPORT: u32 = 3;
/// Without word pairs the chances are no measure: only the document makes sure.
const PAIRED: bool = cfg!(feature = "bigrams");
/// How many neighbors on each side are looked at to weigh a term.
const NEAR: usize = 12;
/// How many characters around a slip tell what kind of text it is in.
const AROUND: usize = 120;
/// Verse, Classical Chinese, dialect, lists of names: the model of everyday prose is no judge of these.
/// (Everyday prose lies between 1.7 and 2.7, verse above 3.3.)
pub const STRANGE: f32 = 3.1;
/// Longer runs are cut, so that memory stays small and time linear.
const LONGEST: usize = 400;

/// A candidate at its place in the document.
pub struct Slip {
    /// The run.
    pub run: usize,
    /// What might be meant.
    pub candidate: Candidate,
    /// The chance of it.
    pub chance: f32,
    /// The changed characters, by their place in `Passages::chars`, as the document would write them.
    pub changes: Vec<(usize, char)>,
    /// Whether there is more than one way to write them.
    pub guessed: bool,
    /// Other words that might be meant, best first.
    pub rivals: Vec<String>,
    /// What the document says.
    pub recurrence: Recurrence,
    /// How far from everyday prose the text around it is.
    pub strangeness: f32,
    /// How often a term stands in the document, if the slip is one character of it.
    pub times: u32,
}

/// The edits of a document, each with the index of its text.
pub fn check(_: &Kit, document: &Document, memory: &mut Memory) -> Vec<(usize, Edit)> {
    let texts = document.texts();
    let passages = Passages::of(&texts);
    let readings: &mut Readings = memory.kept();
    let slips = find(&passages, readings);
    let edits = slips
        .iter()
        .map(|slip| {
            let run = &passages.runs[slip.run];
            (run.text, passages.edit(slip, texts[run.text].1))
        })
        .collect();
    readings.keep(passages.chars);
    edits
}

/// All slips that are at least doubtful, in reading order; no two touch.
pub fn find(passages: &Passages, readings: &mut Readings) -> Vec<Slip> {
    let pieces = pieces(passages);
    let read = readings.read(passages, &pieces);
    let scores: Vec<f32> = read.iter().map(|reading| reading.score).collect();
    let mut slips: Vec<Slip> = Vec::new();
    for ((run, range), reading) in pieces.iter().zip(&read) {
        slips.extend(reading.suspects.iter().map(|suspect| Slip::suspected(*run, range.start, suspect)));
    }
    drop(read);
    let terms = terms::find(passages);
    let terms: Vec<Slip> = terms
        .par_iter()
        .filter_map(|term| Finder::with(|finder| passages.term(finder, term)))
        .filter(|slip| slip.chance >= LEAST)
        .collect();
    if slips.is_empty() && terms.is_empty() {
        return slips;
    }
    let forms = Forms::of(&passages.chars);
    for slip in &mut slips {
        slip.rewrite(&forms);
    }
    merge(&mut slips, terms);
    // Words of grammar are told apart by their neighbors or not at all.
    slips.retain(|slip| PAIRED || slip.candidate.kind != Kind::Function);
    slips.retain(|slip| slip.changes.iter().any(|(at, c)| passages.chars[*at] != *c));
    place(&mut slips, &pieces, &scores);
    slips.retain(|slip| slip.strangeness <= STRANGE);
    Recurrence::fill(passages, &mut slips);
    slips
}

/// How far from everyday prose the text around a piece is: minus log10 of its probability for each character.
fn strangeness(pieces: &[(usize, Range<usize>)], scores: &[f32], piece: usize) -> f32 {
    let (mut first, mut last) = (piece, piece);
    let (mut score, mut length) = (scores[piece], pieces[piece].1.len());
    let mut forward = false;
    while length < AROUND && (first > 0 || last + 1 < pieces.len()) {
        forward = (!forward || first == 0) && last + 1 < pieces.len();
        let next = if forward { last + 1 } else { first - 1 };
        (first, last) = (first.min(next), last.max(next));
        score += scores[next];
        length += pieces[next].1.len();
    }
    -score / length as f32
}

/// Puts terms among the slips; of two that touch the likelier stays.
fn merge(slips: &mut Vec<Slip>, terms: Vec<Slip>) {
    slips.extend(terms);
    slips.sort_by_key(|slip| slip.changes[0].0);
    let mut kept: Vec<Slip> = Vec::with_capacity(slips.len());
    for slip in slips.drain(..) {
        match kept.last_mut() {
            Some(last) if slip.changes[0].0 <= last.changes[last.changes.len() - 1].0 => {
                if slip.chance > last.chance {
                    *last = slip;
                }
            }
            _ => kept.push(slip),
        }
    }
    *slips = kept;
}

/// Every candidate of a document, however unlikely, with what the document would write and says of it: what models are
/// trained on.
pub fn weigh(passages: &Passages) -> Vec<Slip> {
    let forms = Forms::of(&passages.chars);
    let mut finder = Finder::default();
    let (pieces, mut slips, mut scores) = (pieces(passages), Vec::new(), Vec::new());
    for (number, range) in &pieces {
        for candidate in passages.candidates(&mut finder, range.clone()) {
            let chance = lattice::model::chance(&candidate);
            let mut slip = Slip::of(*number, range.start, chance, candidate);
            slip.rewrite(&forms);
            slips.push(slip);
        }
        scores.push(finder.score());
    }
    slips.extend(terms::find(passages).iter().filter_map(|term| passages.term(&mut finder, term)));
    slips.sort_by_key(|slip| slip.changes[0].0);
    place(&mut slips, &pieces, &scores);
    Recurrence::fill(passages, &mut slips);
    slips
}

/// Notes what kind of text each slip stands in.
fn place(slips: &mut [Slip], pieces: &[(usize, Range<usize>)], scores: &[f32]) {
    for slip in slips {
        let piece = pieces.partition_point(|(_, range)| range.start <= slip.changes[0].0) - 1;
        slip.strangeness = strangeness(pieces, scores, piece);
    }
}

/// The runs in pieces that are short enough, each with the number of its run.
fn pieces(passages: &Passages) -> Vec<(usize, Range<usize>)> {
    let mut pieces = Vec::with_capacity(passages.runs.len());
    for (number, run) in passages.runs.iter().enumerate() {
        pieces.extend(cut(&run.chars).map(|range| (number, range)));
    }
    pieces
}

/// A run in pieces that are short enough.
fn cut(run: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<> {
    let run = run.clone();
    run.clone().step_by(LONGEST).map(move |start| start..(start + LONGEST).min(run.end))
}

impl Passages {
    /// The candidates of a piece of a run, as the lattice has them.
    pub fn candidates(&self, finder: &mut Finder, range: Range<usize>) -> Vec<Candidate> {
        let chars = &self.chars[range];
        let run: Vec<u16> = chars.iter().map(|c| lexicon::fold(*c)).collect();
        let also: Vec<u16> = chars.iter().map(|c| lattice::also(*c)).collect();
        finder.candidates(&run, &also)
    }

    /// A place where a term may be meant, weighed with what its neighbors alone say; `None` if they speak against it.
    fn term(&self, finder: &mut Finder, term: &Term) -> Option<Slip> {
        let run = &self.runs[term.run].chars;
        let near = run.start.max(term.at.saturating_sub(NEAR))..run.end.min(term.at + NEAR + 1);
        let change = (term.at - near.start, lexicon::fold(term.new));
        let folded: Vec<u16> = self.chars[near.clone()].iter().map(|c| lexicon::fold(*c)).collect();
        let also: Vec<u16> = self.chars[near.clone()].iter().map(|c| lattice::also(*c)).collect();
        let start = term.start - near.start;
        let (mut candidate, own) = finder.term(&folded, &also, start..start + terms::LENGTH, change)?;
        let own = own.as_ref().map_or(0.0, lattice::model::chance);
        candidate.features.term(term.times, term.strings, own);
        let chance = lattice::model::chance(&candidate);
        let slip = Slip::of(term.run, near.start, chance, candidate);
        Some(Slip { changes: vec![(term.at, term.new)], times: term.times, ..slip })
    }

    /// The edit of a slip: the whole word, unless that would pull a mark's edge over it.
    fn edit(&self, slip: &Slip, text: &Text) -> Edit {
        let run = &self.runs[slip.run];
        let offset = |at: usize| {
            run.start + self.chars[run.chars.start..at].iter().map(|c| c.len_utf8()).sum::<usize>()
        };
        let (first, last) = (slip.changes[0].0, slip.changes[slip.changes.len() - 1].0);
        let crossed = |range: &Range<usize>| {
            let (start, end) = (offset(range.start), offset(range.end));
            text.marks().iter().any(|m| [m.range.start, m.range.end].iter().any(|e| start < *e && *e < end))
        };
        let whole = slip.candidate.start..slip.candidate.end;
        let range = if crossed(&whole) { first..last + 1 } else { whole };
        let new = self.corrected(slip, range.clone());
        let confidence = slip.confidence(self);
        let mut edit = Edit::new(offset(range.start)..offset(range.end), new, confidence);
        edit.rule = Some(misspelled_word::rule_of(slip.candidate.kind));
        edit.rivals.clone_from(&slip.rivals);
        edit.message = misspelled_word::message(self, slip);
        edit
    }

    /// Whether a character stands beside its like: names and cries do that (林美美, 芒芒).
    fn is_doubled(&self, at: usize) -> bool {
        let like = |other: Option<usize>| other.and_then(|i| self.chars.get(i)) == Some(&self.chars[at]);
        like(at.checked_sub(1)) || like(Some(at + 1))
    }

    /// A stretch with the changes of a slip.
    pub fn corrected(&self, slip: &Slip, range: Range<usize>) -> String {
        range
            .map(|i| slip.changes.iter().find(|(at, _)| *at == i).map_or(self.chars[i], |(_, c)| *c))
            .collect()
    }
}

impl Slip {
    /// A suspect of the piece of a run that starts at `base`.
    fn suspected(run: usize, base: usize, suspect: &Suspect) -> Self {
        let slip = Self::of(run, base, suspect.chance, suspect.candidate.clone());
        Self { rivals: suspect.rivals.clone(), ..slip }
    }

    /// A candidate of the piece of a run that starts at `base`.
    fn of(run: usize, base: usize, chance: f32, mut candidate: Candidate) -> Self {
        let decoded = |c: u16| char::from_u32(c.into()).unwrap_or('\u{FFFD}');
        let changes = candidate.changes.iter().map(|(at, c)| (base + at, decoded(*c))).collect();
        candidate.start += base;
        candidate.end += base;
        let recurrence = Recurrence::default();
        Self {
            run,
            candidate,
            chance,
            changes,
            guessed: false,
            rivals: Vec::new(),
            recurrence,
            times: 0,
            strangeness: 0.0,
        }
    }

    /// Writes the changes as the document would.
    fn rewrite(&mut self, forms: &Forms) {
        let base = self.candidate.start;
        let written = forms.write(&String::from_utf16_lossy(&self.candidate.word));
        for (at, c) in &mut self.changes {
            if let Some((form, guessed)) = written.get(*at - base) {
                *c = *form;
                self.guessed |= guessed;
            }
        }
        let write = |rival: &String| forms.write(rival).into_iter().map(|(c, _)| c).collect();
        self.rivals = self.rivals.iter().map(write).collect();
    }

    /// What the written and the meant characters have in common.
    pub fn likeness(&self) -> Likeness {
        let why = self.candidate.why;
        match (self.candidate.kind, why.sound() > 0.0, why.part() || why.shape() >= 0.6) {
            (Kind::Swap, ..) => Likeness::Swap,
            (Kind::Term, ..) => Likeness::Term,
            _ if self.candidate.features.is_covered() => Likeness::Covered,
            (_, true, true) => Likeness::SoundAndShape,
            (_, true, false) => Likeness::Sound,
            (_, false, _) => Likeness::Shape,
        }
    }

    /// Whether no evidence is enough: what is a matter of style, stands in a quotation, is a name, recurs as written.
    pub fn is_barred(&self, passages: &Passages) -> bool {
        let run = &passages.runs[self.run];
        self.candidate.style
            || self.candidate.kind == Kind::Function
            || run.quoted
            || run.place == Place::Meta
            || self.recurrence.vetoed
            || self.candidate.features.is_name_like()
            || self.changes.iter().any(|(at, _)| passages.is_doubled(*at))
    }

    /// Whether what its neighbors say, or they and the document, is enough to make the change.
    fn is_certain(&self) -> bool {
        let (likeness, seen) = (self.likeness(), &self.recurrence);
        let lines = SURE.iter().find(|(of, ..)| *of == likeness);
        let (alone, supported) = lines.map_or((1.0, 1.0), |(_, alone, supported)| (*alone, *supported));
        let near = PAIRED && self.strangeness <= FAR && !self.guessed;
        let mut least = if near { alone } else { f32::INFINITY };
        if seen.support >= SUPPORT {
            least = least.min(supported);
        } else if seen.word >= SUPPORT && supported < WORD_SUPPORTED && likeness != Likeness::Term {
            least = least.min(WORD_SUPPORTED);
        }
        Evidence::of(self).certainty() >= least
    }

    /// How sure the evidence makes us.
    fn confidence(&self, passages: &Passages) -> Confidence {
        let least = match (self.candidate.kind, self.candidate.style) {
            (Kind::Function, true) => LIKELY[1],
            (Kind::Function, false) => LIKELY[2],
            _ => LIKELY[0],
        };
        // A number is what it is: 十時 is no slip for a word that sounds alike.
        let number = |c: char| "二兩两三四五六七八九十百千萬万億亿".contains(c);
        // So is a letter of the Chinese alphabet that counts: 第乙章 is no slip for 第一章.
        let stem = |c: char| "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥".contains(c);
        let counts = self.changes.iter().any(|&(at, to)| {
            let before = at.checked_sub(1).map(|at| passages.chars[at]);
            let counted = before == Some('第') || to == '一' || number(to);
            number(passages.chars[at]) || stem(passages.chars[at]) && counted
        });
        if counts {
            Confidence::Doubtful
        } else if !self.is_barred(passages) && self.is_certain() {
            Confidence::Sure
        } else if self.chance >= least && !self.recurrence.vetoed {
            Confidence::Likely
        } else {
            Confidence::Doubtful
        }
    }
}

/// What the written and the meant characters have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// Sound and shape.
    SoundAndShape,
    /// Sound alone.
    Sound,
    /// Shape alone.
    Shape,
    /// Either, but the written character makes a word with its neighbors.
    Covered,
    /// Several characters, by sound.
    Swap,
    /// Whatever it is, a term of the document speaks for it.
    Term,
}
