//! Where what a character is taken for meets what words have there: the same few pairs of characters come again and
//! again, so that what was found for one is kept.

use std::ops::Range;

use super::{
    forms,
    lexicon::{self, Node, Why},
};

/// How common a word of one character must be (log10) to be meant by another that is no word of grammar.
const COMMON: f32 = -4.2;
/// Questions that are kept, a power of two.
const KEPT: usize = 1 << 16;
/// Answers that are kept; when there are more, all are forgotten.
const ANSWERS: usize = 1 << 18;

/// Another character at a place of a word, and where the word goes on from there.
#[derive(Clone, Copy)]
pub struct Crossing {
    /// The character that may be meant.
    pub other: u16,
    /// Why it may be.
    pub why: Why,
    /// What the word that ends with it scores, and what longer ones do (`lexicon::peaks`).
    peaks: [u8; 2],
    node: [u8; 3],
}

impl Crossing {
    /// `None` where no word of the lattice ends or goes on.
    fn new(other: u16, why: Why, node: Node) -> Option<Self> {
        let peaks = node.peaks();
        let [a, b, c, _] = node.number().to_le_bytes();
        (peaks != Node::NO_PEAKS).then_some(Self { other, why, peaks, node: [a, b, c] })
    }

    /// The node of the lexicon after the character.
    pub fn node(self) -> Node {
        let [a, b, c] = self.node;
        Node::numbered(u32::from_le_bytes([a, b, c, 0]))
    }

    /// `lexicon::peaks` of that node.
    pub fn peaks(self) -> (f32, f32) {
        lexicon::scores(self.peaks)
    }
}

/// Answers to the questions that were asked lately.
pub struct Crossings {
    /// Each question with where its answers begin and end.
    asked: Vec<(u64, u32, u32)>,
    answers: Vec<Crossing>,
}

impl Default for Crossings {
    fn default() -> Self {
        Self { asked: vec![(u64::MAX, 0, 0); KEPT], answers: Vec::new() }
    }
}

impl Crossings {
    /// An answer by its number, which is good until the next question.
    pub fn get(&self, number: usize) -> Crossing {
        self.answers[number]
    }

    /// What a first character may be meant for, before a second one.
    pub fn firsts(&mut self, c: u16, second: u16) -> Range<usize> {
        self.ask(u64::from(c) << 16 | u64::from(second), |answers| {
            answers
                .extend(lexicon::firsts(c, second).filter_map(|(o, why, node)| Crossing::new(o, why, node)));
        })
    }

    /// What a character may be meant for with which words go on from a node below the root.
    pub fn seconds(&mut self, node: Node, c: u16) -> Range<usize> {
        self.ask(1 << 40 | u64::from(node.number()) << 16 | u64::from(c), |answers| {
            answers
                .extend(lexicon::seconds(node, c).filter_map(|(o, why, node)| Crossing::new(o, why, node)));
        })
    }

    /// Words of grammar that a character may be meant for.
    pub fn functions(&mut self, c: u16) -> Range<usize> {
        self.ask(2 << 40 | u64::from(c), |answers| {
            answers.extend(forms::style_of(c).filter_map(|other| {
                let why = lexicon::confusion(c, other).unwrap_or(Why(0));
                Crossing::new(other, why, lexicon::step(Node::ROOT, other)?)
            }));
        })
    }

    /// Other common words of one character that a character of the same sound may be meant for.
    pub fn singles(&mut self, c: u16) -> Range<usize> {
        self.ask(3 << 40 | u64::from(c), |answers| {
            let alike = |(other, why): &(u16, Why)| why.sound() == 1.0 && !forms::is_style(c, *other);
            answers.extend(lexicon::confusions(c).filter(alike).filter_map(|(other, why)| {
                let node = lexicon::step(Node::ROOT, other)?;
                let common = lexicon::word(node).is_some_and(|word| lexicon::single(word) >= COMMON);
                common.then(|| Crossing::new(other, why, node)).flatten()
            }));
        })
    }

    fn ask(&mut self, question: u64, answer: impl FnOnce(&mut Vec<Crossing>)) -> Range<usize> {
        let at = (question.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48) as usize & (KEPT - 1);
        let (known, from, to) = self.asked[at];
        if known == question {
            return from as usize..to as usize;
        }
        if self.answers.len() > ANSWERS {
            self.answers.clear();
            self.asked.fill((u64::MAX, 0, 0));
        }
        let from = self.answers.len();
        answer(&mut self.answers);
        self.asked[at] = (question, from as u32, self.answers.len() as u32);
        from..self.answers.len()
    }
}
