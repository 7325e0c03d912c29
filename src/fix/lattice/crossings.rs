//! Where what a character is taken for meets what words have there: the same few pairs of characters come again and
//! again, so that what was found for one is kept.

use std::ops::Range;

use super::{
    forms,
    lexicon::{self, Confused, Node, Why},
};

/// How common a word of one character must be (log10) to be meant by another that is no word of grammar.
const COMMON: f32 = -4.2;
/// Questions that are kept, a power of two.
const KEPT: usize = 1 << 17;
/// How many bits tell where the answers to a question begin.
const FROM_BITS: u32 = 18;
/// The same for how many there are.
const COUNT_BITS: u32 = 8;
/// Answers that are kept; when there are more, all are forgotten.
const ANSWERS: usize = 1 << FROM_BITS;
/// A node with fewer children than this is met with a character child by child.
const FEW: usize = 8;

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

/// Kinds of questions, each with what it is asked of besides a character.
#[derive(Clone, Copy)]
enum Kind {
    Firsts = 1,
    Seconds,
    Functions,
    Singles,
    Alike,
}

/// Answers to the questions that were asked lately.
pub struct Crossings {
    /// Each question (35 bits), where its answers begin and how many there are; 0 for a free place.
    asked: Vec<u64>,
    /// The answers that are kept, and behind them those to the last question if it is not.
    answers: Vec<Crossing>,
    alike: Vec<Alike>,
    /// How many of the answers are kept.
    kept: (usize, usize),
    confused: Confused,
}

impl Default for Crossings {
    fn default() -> Self {
        Self {
            asked: vec![0; KEPT],
            answers: Vec::new(),
            alike: Vec::new(),
            kept: (0, 0),
            confused: Confused::default(),
        }
    }
}

impl Crossings {
    /// An answer by its number, which is good until the next question.
    pub fn get(&self, number: usize) -> Crossing {
        self.answers[number]
    }

    /// What a first character may be meant for, before a second one.
    pub fn firsts(&mut self, c: u16, second: u16) -> Range<usize> {
        self.ask(Kind::Firsts, second, c, |kept| {
            kept.confused.turn(c);
            let answers = &mut kept.answers;
            kept.confused.firsts(second, |other, why, node| answers.extend(Crossing::new(other, why, node)));
        })
    }

    /// What a second character may be meant for with which words go on from the node of the first.
    pub fn seconds(&mut self, node: Node, c: u16) -> Range<usize> {
        // The nodes of first characters have the first numbers.
        self.ask(Kind::Seconds, node.number() as u16, c, |kept| kept.cross(node, c))
    }

    /// The same of a later character: few words go on so far from the root that it is worth keeping.
    pub fn later(&mut self, node: Node, c: u16) -> Range<usize> {
        self.forget();
        let from = self.answers.len();
        if lexicon::labels(node).len() < FEW {
            let all = lexicon::seconds(node, c);
            self.answers.extend(all.filter_map(|(other, why, node)| Crossing::new(other, why, node)));
        } else {
            self.cross(node, c);
        }
        from..self.answers.len()
    }

    fn cross(&mut self, node: Node, c: u16) {
        self.confused.turn(c);
        let answers = &mut self.answers;
        self.confused.seconds(node, |other, why, node| answers.extend(Crossing::new(other, why, node)));
    }

    /// Words of grammar that a character may be meant for.
    pub fn functions(&mut self, c: u16) -> Range<usize> {
        let crossing = |other| {
            let why = lexicon::confusion(c, other).unwrap_or(Why(0));
            Crossing::new(other, why, lexicon::step(Node::ROOT, other)?)
        };
        self.ask(Kind::Functions, 0, c, |kept| {
            kept.answers.extend(forms::style_of(c).filter_map(crossing));
        })
    }

    /// Other common words of one character that a character of the same sound may be meant for.
    pub fn singles(&mut self, c: u16) -> Range<usize> {
        let alike = |(other, why): &(u16, Why)| why.sound() == 1.0 && !forms::is_style(c, *other);
        let crossing = |(other, why)| {
            let node = lexicon::step(Node::ROOT, other)?;
            let common = lexicon::word(node).is_some_and(|word| lexicon::single(word) >= COMMON);
            common.then(|| Crossing::new(other, why, node)).flatten()
        };
        self.ask(Kind::Singles, 0, c, |kept| {
            kept.answers.extend(lexicon::confusions(c).filter(alike).filter_map(crossing));
        })
    }

    /// Other words of two to four characters that sound like a stretch and differ from it in three at most.
    pub fn alike(&mut self, stretch: &[u16]) -> Range<usize> {
        if stretch.iter().any(|c| lexicon::syllable(*c) == 0) {
            return 0..0;
        }
        let answer = |alike: &mut Vec<Alike>| {
            alike.extend(lexicon::homophones(stretch).filter_map(|chars| {
                let length = chars.iter().position(|c| *c == 0).unwrap_or(4);
                let differ = chars.iter().zip(stretch).filter(|(a, b)| a != b).count();
                let node = lexicon::walk(&chars[..length])?;
                let peak = lexicon::peaks(node).0;
                (length == stretch.len() && (1..=3).contains(&differ)).then_some(Alike { chars, node, peak })
            }));
        };
        if let [first, second] = stretch {
            return self.ask(Kind::Alike, *first, *second, |kept| answer(&mut kept.alike));
        }
        // Hardly any longer stretch sounds like another word, or recurs.
        self.forget();
        let from = self.alike.len();
        answer(&mut self.alike);
        from..self.alike.len()
    }

    /// A word of the last answer to that.
    pub fn word(&self, number: usize) -> Alike {
        self.alike[number]
    }

    /// Forgets the answers to the last question if they are not kept.
    fn forget(&mut self) {
        self.answers.truncate(self.kept.0);
        self.alike.truncate(self.kept.1);
    }

    /// The answers to a question of a kind about a character, from memory if it was asked lately.
    fn ask(&mut self, kind: Kind, about: u16, c: u16, answer: impl FnOnce(&mut Self)) -> Range<usize> {
        let question = (kind as u64) << 32 | u64::from(about) << 16 | u64::from(c);
        let at = (question.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize & (KEPT - 1);
        let known = self.asked[at];
        if known >> (FROM_BITS + COUNT_BITS) == question {
            let from = (known >> COUNT_BITS) as usize & (ANSWERS - 1);
            return from..from + (known as usize & ((1 << COUNT_BITS) - 1));
        }
        self.forget();
        if self.answers.len().max(self.alike.len()) >= ANSWERS {
            self.answers.clear();
            self.alike.clear();
            self.asked.fill(0);
        }
        let from = [self.answers.len(), self.alike.len()];
        answer(self);
        let to = [self.answers.len(), self.alike.len()];
        let row = usize::from(matches!(kind, Kind::Alike));
        let (from, to) = (from[row], to[row]);
        if to - from < 1 << COUNT_BITS {
            self.asked[at] =
                question << (FROM_BITS + COUNT_BITS) | (from as u64) << COUNT_BITS | (to - from) as u64;
            self.kept = (self.answers.len(), self.alike.len());
        }
        from..to
    }
}
