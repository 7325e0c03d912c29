//! What the rest of a document says of a slip: how often the corrected string stands in it, and whether the string as
//! written recurs.

use super::{lattice::Kind, mixing::Map, passages::Passages, slips::Slip};

/// What recurs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recurrence {
    /// How often the corrected string stands in the document with some of its neighbors, if the string as written
    /// does only once.
    pub support: u32,
    /// The corrected string that was counted.
    pub string: String,
    /// How often the corrected word alone stands in the document, if the word as written does only once.
    pub word: u32,
    /// The string as written recurs with its neighbors: it is no slip, or a habit.
    pub vetoed: bool,
}

/// How often a word must stand in the document to be no slip for one that sounds alike.
const HABIT: u32 = 3;

/// Neighbors to the left and to the right that go into a string.
const CONTEXTS: [(usize, usize); 7] = [(2, 0), (1, 1), (0, 2), (3, 0), (2, 1), (1, 2), (0, 3)];

impl Recurrence {
    /// Looks up all slips, in reading order. What is written is counted in the whole document, what would support a
    /// correction in its chapter.
    pub fn fill(passages: &Passages, slips: &mut [Slip]) {
        let mut written = Tally::default();
        for slip in slips.iter() {
            asked(passages, slip).iter().for_each(|(strings, _)| written.ask(&strings[0]));
            written.ask(&words(passages, slip)[0]);
        }
        written.count(&passages.chars);
        let mut left = slips;
        for runs in passages.chapters() {
            let (here, rest) = left.split_at_mut(left.partition_point(|slip| slip.run < runs.end));
            left = rest;
            let mut corrected = Tally::default();
            for slip in here.iter() {
                asked(passages, slip)
                    .iter()
                    .filter_map(|(strings, _)| strings.get(1))
                    .for_each(|s| corrected.ask(s));
                corrected.ask(&words(passages, slip)[1]);
            }
            let [first, last] = [runs.start, runs.end - 1].map(|run| &passages.runs[run].chars);
            corrected.count(&passages.chars[first.start..last.end]);
            for slip in here {
                slip.recurrence = Self::of(passages, slip, &written, &corrected);
            }
        }
    }

    fn of(passages: &Passages, slip: &Slip, written: &Tally, corrected: &Tally) -> Self {
        let mut found = Self::default();
        let (mut one, mut both) = (0, 0);
        for (strings, (left, right)) in asked(passages, slip) {
            let as_written = written.get(&strings[0]);
            match left + right {
                1 => one = one.max(as_written),
                2 => both = both.max(as_written),
                _ => {}
            }
            if let Some(right) = strings.get(1) {
                let count = corrected.get(right);
                if as_written <= 1 && count > found.support {
                    found.support = count;
                    found.string = right.iter().collect();
                }
            }
        }
        let [old, new] = words(passages, slip);
        if old.len() > 1 && written.get(&old) <= 1 {
            found.word = corrected.get(&new);
        }
        // A word that sounds like another and stands here again and again is the writer's own.
        let habit = slip.candidate.kind == Kind::Swap && old.len() > 1 && written.get(&old) >= HABIT;
        found.vetoed = both >= 2 || one >= 4 || habit;
        found
    }
}

/// The word of a slip as written, and corrected.
fn words(passages: &Passages, slip: &Slip) -> [Vec<char>; 2] {
    let range = slip.candidate.start..slip.candidate.end;
    [passages.chars[range.clone()].to_vec(), passages.corrected(slip, range).chars().collect()]
}

/// Strings to be counted, and how many neighbors to the left and to the right they have.
type Asked = (Vec<Vec<char>>, (usize, usize));

/// The strings of a slip with each of its contexts: as written, and corrected where that can be support.
fn asked(passages: &Passages, slip: &Slip) -> Vec<Asked> {
    let run = &passages.runs[slip.run].chars;
    let (first, last) = (slip.changes[0].0, slip.changes[slip.changes.len() - 1].0 + 1);
    let mut out = Vec::new();
    for (left, right) in [(1, 0), (0, 1)].into_iter().chain(CONTEXTS) {
        if first < run.start + left || last + right > run.end {
            continue;
        }
        let range = first - left..last + right;
        let written = passages.chars[range.clone()].to_vec();
        let mut strings = vec![written];
        if left + right >= 2 {
            strings.push(passages.corrected(slip, range).chars().collect());
        }
        out.push((strings, (left, right)));
    }
    out
}

/// Counts the strings that are asked for.
#[derive(Default)]
struct Tally {
    /// By length: the hash of each string and its count.
    counts: Vec<Map<u64, u32>>,
    /// Hashes of strings that may be asked for, and of the first two characters of strings, a bit each.
    filters: [Vec<u64>; 2],
}

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
const FILTER: usize = 1 << 14;

fn add(hash: u64, c: char) -> u64 {
    hash.wrapping_mul(FACTOR).wrapping_add(u64::from(c) + 1)
}

fn hash(string: &[char]) -> u64 {
    string.iter().fold(0, |h, c| add(h, *c))
}

fn bit(hash: u64) -> (usize, u64) {
    let mixed = (hash ^ hash >> 32).wrapping_mul(FACTOR);
    ((mixed >> 44) as usize % FILTER, 1 << (mixed >> 38 & 63))
}

fn has(filter: &[u64], hash: u64) -> bool {
    let (word, bit) = bit(hash);
    filter[word] & bit != 0
}

impl Tally {
    /// Asks for a string of two characters or more; shorter ones are not counted.
    fn ask(&mut self, string: &[char]) {
        let Some(head) = string.get(..2) else { return };
        if self.counts.len() <= string.len() {
            self.counts.resize_with(string.len() + 1, Map::default);
        }
        for (filter, hash) in self.filters.iter_mut().zip([hash(string), hash(head)]) {
            filter.resize(FILTER, 0);
            let (word, bit) = bit(hash);
            filter[word] |= bit;
        }
        self.counts[string.len()].insert(hash(string), 0);
    }

    fn get(&self, string: &[char]) -> u32 {
        self.counts.get(string.len()).and_then(|counts| counts.get(&hash(string))).copied().unwrap_or(0)
    }

    fn count(&mut self, chars: &[char]) {
        let [strings, heads] = &self.filters;
        if heads.is_empty() {
            return;
        }
        for (at, pair) in chars.windows(2).enumerate() {
            let mut rolling = hash(pair);
            if !has(heads, rolling) {
                continue;
            }
            let longer = chars[at + 2..].iter().map(Some).chain([None]);
            for (counts, next) in self.counts[2..].iter_mut().zip(longer) {
                if has(strings, rolling)
                    && let Some(count) = counts.get_mut(&rolling)
                {
                    *count += 1;
                }
                let Some(next) = next else { break };
                rolling = add(rolling, *next);
            }
        }
    }
}
