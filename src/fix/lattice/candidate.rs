//! What a run of characters might have been meant to say: words that one confusable character, or one word of the
//! same sound, would put into it.

use std::{cell::RefCell, collections::BTreeMap, ops::Range};

use super::{
    crossings::Crossings,
    features::{self, Features},
    forms,
    graph::{DEEP, Graph},
    lexicon::{self, Node, Why, Word},
};

/// The longest word that a candidate may complete.
const LONGEST: usize = DEEP + 1;
/// Gains (log10) below these are no candidates: of one character, of a word of the same sound, of a word of one
/// character. (Of what was right and likely enough to be shown, one in 200 gained less.)
const LEAST: [f32; 3] = [1.2, 1.2, 1.5];
/// The same of a word of grammar for another.
const LEAST_OF_GRAMMAR: f32 = 0.8;
/// The same of a term, which the document speaks for: below this none was ever likely enough to be shown.
const LEAST_OF_TERM: f32 = -2.0;
/// A word of so many characters is what it is: where one that is known was written, half of what else might have been
/// meant was not.
const SETTLED: usize = 3;

/// What a candidate changes, which decides how its features are weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One character that is a word by itself.
    Function,
    /// One character of a word of two.
    Pair,
    /// One character of a word of three.
    Triple,
    /// One character of a longer word, mostly an idiom.
    Idiom,
    /// Several characters: a word of the same sound.
    Swap,
    /// One character of a term that the document repeats.
    Term,
}

/// All kinds, in the order of the model.
pub const KINDS: [Kind; 6] = [Kind::Function, Kind::Pair, Kind::Triple, Kind::Idiom, Kind::Swap, Kind::Term];

/// A word that might be meant.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// First character of the word in the run.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
    /// The word, as it is scored.
    pub word: Vec<u16>,
    /// The places that it changes, and the characters it puts there.
    pub changes: Vec<(usize, u16)>,
    /// Why the first changed character is taken for the new one.
    pub why: Why,
    /// What the whole run gains (log10).
    pub gain: f32,
    /// What it changes.
    pub kind: Kind,
    /// Whether it is a choice of grammar or style.
    pub style: bool,
    /// What the model weighs.
    pub features: Features,
}

thread_local! {
    /// Each thread keeps its finder: what it remembers serves document after document.
    static FINDER: RefCell<Finder> = RefCell::default();
}

/// Finds candidates in run after run.
#[derive(Default)]
pub struct Finder {
    pub(super) graph: Graph,
    crossings: Crossings,
    found: BTreeMap<Vec<(usize, u16)>, Candidate>,
}

impl Finder {
    /// Works with the finder of this thread.
    pub fn with<T>(work: impl FnOnce(&mut Self) -> T) -> T {
        FINDER.with_borrow_mut(work)
    }

    /// The candidates of a run, as its characters are scored; `also` has a second reading of some, or U+0000.
    pub fn candidates(&mut self, run: &[u16], also: &[u16]) -> Vec<Candidate> {
        self.graph.fill(run, also);
        self.search(run, 0..run.len())
    }

    /// The candidates of the run of the graph that change one of some places, and their rivals there.
    fn search(&mut self, run: &[u16], places: Range<usize>) -> Vec<Candidate> {
        if run.len() < 2 {
            return Vec::new();
        }
        self.found.clear();
        let tokens = self.tokens(run.len());
        // A word of the same sound begins up to three characters before a place.
        for at in places.start.saturating_sub(3)..places.end {
            let (start, end) = tokens[at];
            let token = self.graph.path[..]
                .binary_search_by_key(&start, |e| self.graph.edges[*e as usize].start)
                .expect("every character lies on the best way");
            let (left, right) = self.paired(token);
            let paired = left && right;
            if end - start >= SETTLED {
                continue;
            }
            if at < places.start {
                // Only words of the same sound.
            } else if end - start == 1 {
                if !paired {
                    self.replace(run, at);
                    self.single(run, at);
                }
                self.function(run, at);
            } else if !paired {
                self.replace(run, at);
            }
            if start == at && !paired {
                for length in 2..=4 {
                    let last = at + length - 1;
                    if (places.start..run.len()).contains(&last) && tokens[last].1 == last + 1 {
                        self.swap(run, at, length);
                    }
                }
            }
        }
        let mut all: Vec<Candidate> = std::mem::take(&mut self.found).into_values().collect();
        features::fill(&self.graph, &tokens, run, &mut all);
        all
    }

    /// How probable the best way through the last run is (log10).
    pub fn score(&self) -> f32 {
        self.graph.total
    }

    /// A term whose place is known, as a candidate: a character at one place of it would be another. Also the candidate
    /// that makes the same change without knowing of the term. `None` where the neighbors speak against it.
    pub fn term(
        &mut self,
        run: &[u16],
        also: &[u16],
        range: Range<usize>,
        change: (usize, u16),
    ) -> Option<(Candidate, Option<Candidate>)> {
        let (at, new) = change;
        let mut changed = run.to_vec();
        changed[at] = new;
        let better = self.graph.read(&changed, also);
        let gain = better - self.graph.read(run, also);
        if gain < LEAST_OF_TERM {
            return None;
        }
        self.graph.finish(run.len());
        let own = self.search(run, at..at + 1).into_iter().find(|own| own.changes[..] == [change]);
        let tokens = self.tokens(run.len());
        let why = lexicon::confusion(run[at], new).unwrap_or(Why(0));
        let candidate = Candidate {
            start: range.start,
            end: range.end,
            word: changed[range].to_vec(),
            changes: vec![change],
            why,
            gain,
            kind: Kind::Term,
            style: false,
            features: Features::default(),
        };
        let mut all = [candidate];
        features::fill(&self.graph, &tokens, run, &mut all);
        let [candidate] = all;
        Some((candidate, own))
    }

    /// Whether a token of the best way goes with the one before it, and with the one behind it.
    fn paired(&self, token: usize) -> (bool, bool) {
        let paired = |i: usize| self.graph.path.get(i).map(|e| self.graph.edges[*e as usize].paired);
        let (left, right) = (if token == 0 { None } else { paired(token) }, paired(token + 1));
        // At the end of a run the other neighbor decides.
        (left.or(right).unwrap_or(false), right.or(left).unwrap_or(false))
    }

    /// The word of the best way over each character.
    fn tokens(&self, n: usize) -> Vec<(usize, usize)> {
        let mut tokens = Vec::with_capacity(n);
        for e in &self.graph.path {
            let edge = &self.graph.edges[*e as usize];
            tokens.extend((edge.start..edge.end).map(|_| (edge.start, edge.end)));
        }
        tokens
    }

    /// Words with another character at a place.
    fn replace(&mut self, run: &[u16], at: usize) {
        if at + 1 < run.len() {
            let others = self.crossings.firsts(run[at], run[at + 1]);
            self.complete(run, at, at, others, at + 2);
        }
        for start in at.saturating_sub(DEEP)..at {
            let node = self.graph.ways[start][at - start - 1];
            // The best word that goes on from here must be enough, wherever it ends.
            let enough = || lexicon::peaks(node).1 + self.graph.far(at) >= self.graph.needed(start, LEAST[0]);
            if node != Node::ROOT && enough() {
                let others = if at - start == 1 {
                    self.crossings.seconds(node, run[at])
                } else {
                    self.crossings.later(node, run[at])
                };
                self.complete(run, start, at, others, at + 1);
            }
        }
    }

    /// All words that begin at `start`, have one of other characters at a place and go on from before `next`.
    fn complete(&mut self, run: &[u16], start: usize, at: usize, others: Range<usize>, next: usize) {
        let needed = self.graph.needed(start, LEAST[0]);
        for other in others {
            let crossing = self.crossings.get(other);
            let (mut node, mut end, mut peaks) = (crossing.node(), next, crossing.peaks());
            loop {
                if peaks.0 + self.graph.most(end) >= needed {
                    self.consider(run, start, end, node, &[(at, crossing.other)], crossing.why, LEAST[0]);
                }
                if end == run.len() || end - start == LONGEST || peaks.1 + self.graph.far(end) < needed {
                    break;
                }
                let Some(longer) = lexicon::step(node, run[end]) else { break };
                (node, end, peaks) = (longer, end + 1, lexicon::peaks(longer));
            }
        }
    }

    /// A word of one character in place of another.
    fn function(&mut self, run: &[u16], at: usize) {
        if forms::is_grammar(run[at]) {
            let others = self.crossings.functions(run[at]);
            self.exchange(run, at, others, LEAST_OF_GRAMMAR);
        }
    }

    /// A common word of one character that sounds like another.
    fn single(&mut self, run: &[u16], at: usize) {
        let others = self.crossings.singles(run[at]);
        self.exchange(run, at, others, LEAST[2]);
    }

    /// Words of one character in place of another.
    fn exchange(&mut self, run: &[u16], at: usize, others: Range<usize>, least: f32) {
        let needed = self.graph.needed(at, least);
        for other in others {
            let crossing = self.crossings.get(other);
            if crossing.peaks().0 + self.graph.most(at + 1) >= needed {
                let change = [(at, crossing.other)];
                self.consider(run, at, at + 1, crossing.node(), &change, crossing.why, least);
            }
        }
    }

    /// Words that sound like a stretch and differ in more than one character.
    fn swap(&mut self, run: &[u16], start: usize, length: usize) {
        let old = &run[start..start + length];
        let most = self.graph.most(start + length);
        let needed = LEAST.map(|least| self.graph.needed(start, least));
        for number in self.crossings.alike(old) {
            let word = self.crossings.word(number);
            let differ = (0..length).filter(|i| word.chars[*i] != old[*i]);
            let several = usize::from(differ.clone().count() > 1);
            if word.peak + most < needed[several] {
                continue;
            }
            let changes: Vec<(usize, u16)> = differ.map(|i| (start + i, word.chars[i])).collect();
            let whys = changes.iter().filter_map(|(i, c)| lexicon::confusion(run[*i], *c));
            let why = whys.min_by(|a, b| a.shape().total_cmp(&b.shape())).unwrap_or(Why(0));
            self.consider(run, start, start + length, word.node, &changes, why, LEAST[several]);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what a candidate is, and no more")]
    fn consider(
        &mut self,
        run: &[u16],
        start: usize,
        end: usize,
        node: Node,
        changes: &[(usize, u16)],
        why: Why,
        least: f32,
    ) {
        let Some(word) = lexicon::word(node).filter(|word| !lexicon::is_voucher(*word)) else { return };
        let barred =
            |(at, c): &(usize, u16)| forms::are_variants(run[*at], *c) || forms::are_apart(run[*at], *c);
        if changes.iter().any(barred) {
            return;
        }
        // A long word that is one as written is a variant at most (歸根結柢 and 歸根結底).
        if end - start > 2 && lexicon::word_of(&run[start..end]).is_some() {
            return;
        }
        let Some((gain, left, right)) = self.graph.gain(start, end, word, least) else { return };
        if gain < least || self.found.get(changes).is_some_and(|known| known.gain >= gain) {
            return;
        }
        let kind = match (changes.len(), end - start) {
            (2.., _) => Kind::Swap,
            (_, 1) => Kind::Function,
            (_, 2) => Kind::Pair,
            (_, 3) => Kind::Triple,
            _ => Kind::Idiom,
        };
        let mut chars = run[start..end].to_vec();
        changes.iter().for_each(|(at, c)| chars[at - start] = *c);
        let style = changes.iter().any(|(at, c)| forms::is_style(run[*at], *c));
        let mut features = Features::default();
        features.pairs(word, left, right);
        let changes = changes.to_vec();
        let candidate = Candidate { start, end, word: chars, changes, why, gain, kind, style, features };
        self.found.insert(candidate.changes.clone(), candidate);
    }
}

impl Candidate {
    /// The first place that it changes, in its run.
    pub fn first(&self) -> usize {
        self.changes[0].0
    }

    /// The last place that it changes, in its run.
    pub fn last(&self) -> usize {
        self.changes[self.changes.len() - 1].0
    }

    /// The word that the change makes or completes, as the lexicon numbers it.
    pub fn number(&self) -> Option<Word> {
        lexicon::word_of(&self.word)
    }
}
