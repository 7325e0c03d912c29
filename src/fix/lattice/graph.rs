//! A run of Han characters as a graph of words: every way to cut it up, each word with the best score of what comes
//! before it and of what follows.

use std::{cell::Cell, ops::Range};

use super::lexicon::{self, Facts, Node, Word};

/// How far a way may fall behind the best one up to the same place (log10) before it is given up.
const BEAM: f32 = 5.0;
/// The same for the neighbors of a word that is not there.
const NARROW: f32 = 4.0;
/// How much likelier a word must be after another one than alone (log10) for the two to go together.
const USUAL: f32 = 0.7;
/// Pairs of words that are remembered, a power of two: the same few come again and again.
const REMEMBERED: usize = 1 << 17;
/// The longest word.
pub const LONGEST: usize = 8;
/// How many characters of a word a way into the lexicon tells at most.
pub const DEEP: usize = 5;

/// A word at its place.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The word.
    pub word: Word,
    /// What is known of it.
    facts: Facts,
    /// Score of the best way from the beginning through this word.
    pub before: f32,
    /// Score of the best way from behind this word to the end.
    pub behind: f32,
    /// The word before it on that way.
    from: u32,
    /// Whether that word and this one go together.
    pub paired: bool,
}

/// Pairs that were looked up: both words and what the lexicon says, in one number; 0 for a free place.
struct Memory(Vec<Cell<u64>>);

impl Default for Memory {
    fn default() -> Self {
        Self(vec![Cell::new(0); REMEMBERED])
    }
}

/// How the answer is kept, beside 24 bits for each word: in tenths, or as none.
const NO_PAIR: u64 = 255;

impl Memory {
    /// [`Facts::pair`] of the first word, from memory if it was asked for lately.
    #[inline]
    fn pair(&self, first: (Word, &Facts), second: (Word, &Facts)) -> Option<f32> {
        if !first.1.leads || !second.1.follows {
            return None;
        }
        let (a, b) = (first.0.0, second.0.0);
        let hash = a.wrapping_mul(0x9E37_79B1) ^ b.wrapping_mul(0x85EB_CA6B);
        let cell = &self.0[hash as usize >> 7 & (REMEMBERED - 1)];
        // Numbers of words have 24 bits and that of a word which leads is not the highest, so that no key is 0.
        let key = u64::from(a + 1) << 40 | u64::from(b) << 16;
        let known = cell.get();
        if known & !0xFFFF == key {
            let tenths = known & 0xFF;
            return (tenths != NO_PAIR).then(|| tenths as f32 / -10.0);
        }
        let found = first.1.pair(second.0);
        cell.set(key | found.map_or(NO_PAIR, |p| (p * -10.0).round() as u64));
        found
    }
}

/// The graph of a run; one is used again for run after run.
#[derive(Default)]
pub struct Graph {
    memory: Memory,
    /// All words, in the order of their first character.
    pub edges: Vec<Edge>,
    /// Where the edges that start at a character begin.
    starts: Vec<u32>,
    /// The nodes of the lexicon that one, two and more characters from each place on lead to; the root for none.
    pub ways: Vec<[Node; DEEP]>,
    /// The edges by their last character.
    ends: Vec<Vec<u32>>,
    /// Neighbors on some way, and the score of the second after the first.
    pairs: Vec<(u32, u32, f32)>,
    /// The best score of a way that ends before each place, and of what follows the first word after it.
    peaks: Vec<(f32, f32)>,
    /// The most that what follows each place can score, whatever word stands before it.
    most: Vec<f32>,
    /// The same for the next places behind each, in which a word may end that goes on there.
    far: Vec<f32>,
    /// Score of the best way.
    pub total: f32,
    /// The words of the best way.
    pub path: Vec<u32>,
    /// The longest known word over each character.
    pub cover: Vec<u8>,
}

impl Graph {
    /// Fills the graph for a run; `also` has a second reading of some characters, or U+0000.
    pub fn fill(&mut self, run: &[u16], also: &[u16]) {
        self.read(run, also);
        self.finish(run.len());
    }

    /// Scores the best way through a run, and no more than that.
    pub fn read(&mut self, run: &[u16], also: &[u16]) -> f32 {
        let n = run.len();
        self.edges.clear();
        self.starts.clear();
        self.ways.clear();
        self.pairs.clear();
        self.path.clear();
        self.cover.clear();
        self.cover.resize(n, 1);
        self.ends.iter_mut().for_each(Vec::clear);
        self.ends.resize_with(n + 1, Vec::new);
        for start in 0..n {
            self.starts.push(self.edges.len() as u32);
            self.ways.push([Node::ROOT; DEEP]);
            let known = self.edges.len();
            self.extend(run, also, start, start, Node::ROOT, true);
            if !self.edges[known..].iter().any(|e| e.end == start + 1) {
                self.push(start, start + 1, Word::NONE);
            }
            self.score(start, known);
        }
        self.starts.push(self.edges.len() as u32);
        self.total = self.ending(n).map(|e| e.before).fold(f32::NEG_INFINITY, f32::max);
        self.total
    }

    /// Adds the words that go on from a node; `plain` if no second reading led there.
    fn extend(&mut self, run: &[u16], also: &[u16], start: usize, from: usize, node: Node, plain: bool) {
        let mut nodes = [node; LONGEST + 1];
        let mut at = from;
        while at < run.len() && at - start < LONGEST {
            let Some(next) = lexicon::step(nodes[at - from], run[at]) else { break };
            if plain && at - start < DEEP {
                self.ways[start][at - start] = next;
            }
            at += 1;
            nodes[at - from] = next;
            self.reach(start, at, next);
        }
        for at in (from..=at).rev().filter(|at| *at < run.len() && *at - start < LONGEST) {
            if also[at] != 0
                && let Some(next) = lexicon::step(nodes[at - from], also[at])
            {
                self.reach(start, at + 1, next);
                self.extend(run, also, start, at + 1, next, false);
            }
        }
    }

    /// Adds the word that ends at a node, if one does.
    fn reach(&mut self, start: usize, end: usize, node: Node) {
        let Some(word) = lexicon::word(node) else { return };
        let length = end - start;
        if length > 1 {
            for cover in &mut self.cover[start..end] {
                *cover = (*cover).max(length as u8);
            }
        }
        if !lexicon::is_voucher(word) {
            self.push(start, end, word);
        }
    }

    fn push(&mut self, start: usize, end: usize, word: Word) {
        let low = f32::NEG_INFINITY;
        let facts = Facts::of(word);
        self.edges.push(Edge {
            start,
            end,
            word,
            facts,
            before: low,
            behind: low,
            from: u32::MAX,
            paired: false,
        });
    }

    /// Scores the edges that start at a place, which are those from `first` on.
    fn score(&mut self, start: usize, first: usize) {
        let mut best = f32::NEG_INFINITY;
        for &p in &self.ends[start] {
            best = best.max(self.edges[p as usize].before);
        }
        for number in first..self.edges.len() {
            let (word, facts) = (self.edges[number].word, self.edges[number].facts);
            let single = facts.single;
            let mut winner = (f32::NEG_INFINITY, u32::MAX, false);
            if start == 0 {
                winner.0 = single;
            }
            for &p in &self.ends[start] {
                let previous = &self.edges[p as usize];
                if previous.before < best - BEAM {
                    continue;
                }
                let found = self.memory.pair((previous.word, &previous.facts), (word, &facts));
                let score = found.unwrap_or(previous.facts.backoff + single);
                self.pairs.push((p, number as u32, score));
                if previous.before + score > winner.0 {
                    winner = (previous.before + score, p, found.is_some_and(|pair| pair >= single + USUAL));
                }
            }
            let edge = &mut self.edges[number];
            (edge.before, edge.from, edge.paired) = winner;
            let end = edge.end;
            self.ends[end].push(number as u32);
        }
    }

    /// Scores what follows each edge of a run that was read, and finds the best way.
    pub fn finish(&mut self, n: usize) {
        for &e in &self.ends[n] {
            self.edges[e as usize].behind = 0.0;
        }
        for &(p, e, score) in self.pairs.iter().rev() {
            let behind = self.edges[e as usize].behind + score;
            let edge = &mut self.edges[p as usize];
            edge.behind = edge.behind.max(behind);
        }
        let last = self.ends[n].iter().copied();
        let last =
            last.max_by(|a, b| self.edges[*a as usize].before.total_cmp(&self.edges[*b as usize].before));
        let mut at = last.expect("every character is an edge at least");
        loop {
            self.path.push(at);
            at = self.edges[at as usize].from;
            if at == u32::MAX {
                break;
            }
        }
        self.path.reverse();
        self.peaks.clear();
        self.most.clear();
        for at in 0..=n {
            let before = self.ending(at).map(|e| e.before).fold(f32::NEG_INFINITY, f32::max);
            let behind = if at == n { &[] } else { self.starting(at) };
            let behind = behind.iter().map(|e| e.behind).fold(f32::NEG_INFINITY, f32::max);
            self.peaks.push((if at == 0 { 0.0 } else { before }, if at == n { 0.0 } else { behind }));
            let most = if at == n { &[] } else { self.starting(at) };
            let most = most.iter().map(|e| e.behind + e.facts.ceiling).fold(f32::NEG_INFINITY, f32::max);
            self.most.push(if at == n { 0.0 } else { most });
        }
        self.far.clear();
        let behind = |at: usize| &self.most[at + 1..(at + 1 + LONGEST).min(n + 1)];
        self.far.extend((0..n).map(|at| behind(at).iter().copied().fold(f32::NEG_INFINITY, f32::max)));
    }

    /// What a word that starts at a place must score at least, if the text behind it could score no more than the whole
    /// does, for the best way through it to gain as much.
    pub fn needed(&self, start: usize, least: f32) -> f32 {
        self.total + least - self.peaks[start].0
    }

    /// The most that what follows a place can score, whatever word stands before it.
    pub fn most(&self, end: usize) -> f32 {
        self.most[end]
    }

    /// The same for a word that goes on at a place and ends somewhere behind it.
    pub fn far(&self, at: usize) -> f32 {
        self.far[at]
    }

    /// The word of the best way that starts at a character.
    pub fn token(&self, start: usize) -> Option<&Edge> {
        let at = self.path.binary_search_by_key(&start, |e| self.edges[*e as usize].start).ok()?;
        Some(&self.edges[self.path[at] as usize])
    }

    /// The probability of each character of a stretch (log10), by the words of the best way that it touches.
    pub fn stretch(&self, stretch: Range<usize>) -> f32 {
        let edge = |at: usize| &self.edges[self.path[at] as usize];
        let from = self.path.partition_point(|e| self.edges[*e as usize].end <= stretch.start);
        let to = self.path.partition_point(|e| self.edges[*e as usize].start < stretch.end) - 1;
        let before = if from == 0 { 0.0 } else { edge(from - 1).before };
        (edge(to).before - before) / (edge(to).end - edge(from).start) as f32
    }

    /// The edges that start at a character.
    pub fn starting(&self, at: usize) -> &[Edge] {
        &self.edges[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// The edges that end before a character.
    pub fn ending(&self, at: usize) -> impl Iterator<Item = &Edge> {
        self.ends[at].iter().map(|e| &self.edges[*e as usize])
    }

    /// How much better the best way is with a word put between two places (log10): its gain over the best way as
    /// written. Also how much likelier the word is after its neighbor than alone, and the next one after the word,
    /// if the model has these pairs. `None` if the gain is less than `least`.
    pub fn gain(
        &self,
        start: usize,
        end: usize,
        word: Word,
        least: f32,
    ) -> Option<(f32, Option<f32>, Option<f32>)> {
        let n = self.starts.len() - 1;
        let facts = Facts::of(word);
        let single = facts.single;
        let (mut left, mut left_lift) = (if start == 0 { single } else { f32::NEG_INFINITY }, None);
        let best = self.peaks[start].0;
        // What cannot be enough, even if the two words go together as well as the second can with any, is not looked up.
        let needed = self.total + least - self.most[end];
        for edge in self.ending(start).filter(|e| e.before >= best - NARROW) {
            let most = edge.before + facts.ceiling;
            if most < needed || most <= left {
                continue;
            }
            let found = self.memory.pair((edge.word, &edge.facts), (word, &facts));
            let score = edge.before + found.unwrap_or(edge.facts.backoff + single);
            if score > left {
                (left, left_lift) = (score, found.map(|pair| pair - single));
            }
        }
        if left < needed {
            return None;
        }
        let (mut right, mut right_lift) = (if end == n { 0.0 } else { f32::NEG_INFINITY }, None);
        if end < n {
            let best = self.peaks[end].1;
            let needed = self.total + least - left;
            for edge in self.starting(end).iter().filter(|e| e.behind >= best - NARROW) {
                let most = edge.behind + edge.facts.ceiling;
                if most < needed || most <= right {
                    continue;
                }
                let (found, alone) =
                    (self.memory.pair((word, &facts), (edge.word, &edge.facts)), edge.facts.single);
                let score = edge.behind + found.unwrap_or(facts.backoff + alone);
                if score > right {
                    (right, right_lift) = (score, found.map(|pair| pair - alone));
                }
            }
        }
        let gain = left + right - self.total;
        (gain >= least).then_some((gain, left_lift, right_lift))
    }
}
