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

/// A word that sounds like a stretch.
#[derive(Clone, Copy)]
pub struct Alike {
    /// Its characters; U+0000 follows the last one.
    pub chars: [u16; 4],
    /// The node of the lexicon that they lead to.
    pub node: Node,
    /// The most that it can score.
    pub peak: f32,
}

/// Answers to the questions that were asked lately.
pub struct Crossings {
    /// Each question with where its answers begin and end; none is 0.
    asked: Vec<(u64, u32, u32)>,
    answers: Vec<Crossing>,
    alike: Vec<Alike>,
}

impl Default for Crossings {
    fn default() -> Self {
        Self { asked: vec![(0, 0, 0); KEPT], answers: Vec::new(), alike: Vec::new() }
    }
}

impl Crossings {
    /// An answer by its number, which is good until the next question.
    pub fn get(&self, number: usize) -> Crossing {
        self.answers[number]
    }

    /// What a first character may be meant for, before a second one.
    pub fn firsts(&mut self, c: u16, second: u16) -> Range<usize> {
        let all = lexicon::firsts(c, second);
        self.cross(
            u64::from(c) << 16 | u64::from(second),
            all.filter_map(|(other, why, node)| Crossing::new(other, why, node)),
        )
    }

    /// What a character may be meant for with which words go on from a node below the root.
    pub fn seconds(&mut self, node: Node, c: u16) -> Range<usize> {
        let all = lexicon::seconds(node, c);
        self.cross(
            1 << 40 | u64::from(node.number()) << 16 | u64::from(c),
            all.filter_map(|(other, why, node)| Crossing::new(other, why, node)),
        )
    }

    /// Words of grammar that a character may be meant for.
    pub fn functions(&mut self, c: u16) -> Range<usize> {
        let crossing = |other| {
            let why = lexicon::confusion(c, other).unwrap_or(Why(0));
            Crossing::new(other, why, lexicon::step(Node::ROOT, other)?)
        };
        self.cross(2 << 40 | u64::from(c), forms::style_of(c).filter_map(crossing))
    }

    /// Other common words of one character that a character of the same sound may be meant for.
    pub fn singles(&mut self, c: u16) -> Range<usize> {
        let alike = |(other, why): &(u16, Why)| why.sound() == 1.0 && !forms::is_style(c, *other);
        let crossing = |(other, why)| {
            let node = lexicon::step(Node::ROOT, other)?;
            let common = lexicon::word(node).is_some_and(|word| lexicon::single(word) >= COMMON);
            common.then(|| Crossing::new(other, why, node)).flatten()
        };
        self.cross(3 << 40 | u64::from(c), lexicon::confusions(c).filter(alike).filter_map(crossing))
    }

    /// Other words of two to four characters that sound like a stretch and differ from it in three at most.
    pub fn alike(&mut self, stretch: &[u16]) -> Range<usize> {
        if stretch.iter().any(|c| lexicon::syllable(*c) == 0) {
            return 0..0;
        }
        let chars = stretch.iter().fold(0, |key, c| key << 16 | u64::from(*c));
        // Characters that have a sound are numbered too high for three or four of them to look like another question.
        let question = if stretch.len() == 2 { 4 << 40 | chars } else { chars };
        self.ask(question, |kept| {
            let from = kept.alike.len();
            kept.alike.extend(lexicon::homophones(stretch).filter_map(|chars| {
                let length = chars.iter().position(|c| *c == 0).unwrap_or(4);
                let differ = chars.iter().zip(stretch).filter(|(a, b)| a != b).count();
                let node = lexicon::walk(&chars[..length])?;
                let peak = lexicon::peaks(node).0;
                (length == stretch.len() && (1..=3).contains(&differ)).then_some(Alike { chars, node, peak })
            }));
            from..kept.alike.len()
        })
    }

    /// A word of the last answer to that.
    pub fn word(&self, number: usize) -> Alike {
        self.alike[number]
    }

    fn cross(&mut self, question: u64, answers: impl Iterator<Item = Crossing>) -> Range<usize> {
        self.ask(question, |kept| {
            let from = kept.answers.len();
            kept.answers.extend(answers);
            from..kept.answers.len()
        })
    }

    fn ask(&mut self, question: u64, answer: impl FnOnce(&mut Self) -> Range<usize>) -> Range<usize> {
        let at = (question.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48) as usize & (KEPT - 1);
        let (known, from, to) = self.asked[at];
        if known == question {
            return from as usize..to as usize;
        }
        if self.answers.len().max(self.alike.len()) > ANSWERS {
            self.answers.clear();
            self.alike.clear();
            self.asked.fill((0, 0, 0));
        }
        let answers = answer(self);
        self.asked[at] = (question, answers.start as u32, answers.end as u32);
        answers
    }
}
