//! Word lists in, tables out: what the proofreader looks up in every sentence, laid out so that the program reads it
//! in place. Runs in the build script; `format.rs` describes what it writes.

use std::collections::{BTreeMap, BTreeSet};

use crate::format::{END, FIRST, NEVER, NOWHERE, SOUND_BITS, VOUCHER, WORD_BITS, sound_key, spread};

/// Characters that are used less often, by jieba's count, are not what somebody meant.
const RARE: u64 = 150;

/// What the tables are made from, unpacked.
pub struct Sources<'a> {
    /// `seeds/lattice/words.zst`.
    pub words: &'a str,
    /// `seeds/lattice/bigrams.zst`, with the feature `bigrams`.
    pub bigrams: Option<&'a [u8]>,
    /// `seeds/lattice/confusions.zst`.
    pub confusions: &'a [u8],
    /// `seeds/tables/hanzi-keys.tsv`.
    pub keys: &'a str,
    /// OpenCC's `TSCharacters.txt`.
    pub simplified: &'a str,
    /// Words of Hong Kong and Taiwan: OpenCC's `TWPhrases.txt` and others, in Traditional characters.
    pub regional: &'a [String],
    /// `seeds/tables/scoring-forms.tsv`.
    pub forms: &'a str,
}

/// The tables, each with its name.
pub type Tables = Vec<(&'static str, Vec<u8>)>;

struct Word {
    chars: Vec<u16>,
    probability: u16,
    backoff: u16,
}

/// Compiles all tables.
pub fn compile(sources: &Sources) -> Tables {
    let fold = fold_table(sources);
    let (words, rows) = words(sources, &fold);
    let mut facts = Vec::new();
    let mut bigrams = Vec::new();
    // How probable each word is after the word that it goes with best, tenths.
    let mut best = vec![NEVER; words.len()];
    for &(second, probability) in rows.iter().flatten() {
        let best = &mut best[second as usize];
        *best = probability.min(*best);
    }
    for (number, word) in words.iter().enumerate() {
        facts.extend(word.probability.to_le_bytes());
        facts.extend(word.backoff.to_le_bytes());
        facts.extend(&((bigrams.len() / 3) as u32).to_le_bytes()[..3]);
        facts.push(best[number]);
        let mut row: Vec<(u32, u8)> =
            rows.get(number).into_iter().flatten().map(|(second, p)| (spread(*second), *p)).collect();
        row.sort_unstable();
        for (second, probability) in row {
            let entry = second | u32::from(probability) << WORD_BITS;
            bigrams.extend(&entry.to_le_bytes()[..3]);
        }
    }
    facts.extend([0; 4]);
    facts.extend(((bigrams.len() / 3) as u32).to_le_bytes());
    assert!(bigrams.len() / 3 < 1 << 24, "a row starts at a number of 24 bits");
    let (index, confusions) = confusions(sources.confusions, &usage(sources.words));
    let syllables = syllables(sources.keys);
    let trie = trie(&words);
    let peaks = peaks(&trie, &words, &best);
    let [first_index, firsts] = firsts(&trie.starts);
    let (homophone_index, homophones) = homophones(&words, &syllables);
    vec![
        ("fold", fold.iter().flat_map(|c| c.to_le_bytes()).collect()),
        ("roots", trie.roots),
        ("labels", trie.labels),
        ("children", trie.children),
        ("ends", trie.ends),
        ("peaks", peaks),
        ("first_index", first_index),
        ("firsts", firsts),
        ("words", facts),
        ("bigrams", bigrams),
        ("confusion_index", index),
        ("confusions", confusions),
        ("homophone_index", homophone_index),
        ("homophones", homophones),
        ("syllables", syllables.iter().flat_map(|s| s.to_le_bytes()).collect()),
    ]
}

/// The form of each character that is scored, from `FIRST` to `END`; U+0000 for none.
fn fold_table(sources: &Sources) -> Vec<u16> {
    let mut table: Vec<u16> = (FIRST..END).collect();
    let mut set = |from: &str, to: &str| {
        if let (Some(from), Some(to)) = (single(from), single(to)) {
            table[usize::from(from - FIRST)] = to;
        }
    };
    for line in data(sources.simplified) {
        let (from, to) = line.split_once('\t').unwrap_or((line, line));
        set(from, to.split(' ').next().unwrap_or(to));
    }
    for line in data(sources.forms).filter(|line| line.starts_with("form\t")) {
        let mut fields = line.split('\t').skip(1);
        if let (Some(from), Some(to)) = (fields.next(), fields.next()) {
            set(from, to);
        }
    }
    table
}

fn data(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The only character of a string, if it has a place in tables by character.
fn single(string: &str) -> Option<u16> {
    let mut chars = string.chars();
    let c = u16::try_from(u32::from(chars.next()?)).ok()?;
    (chars.next().is_none() && (FIRST..END).contains(&c)).then_some(c)
}

fn folded(word: &str, fold: &[u16]) -> Option<Vec<u16>> {
    word.chars()
        .map(|c| {
            let c = u16::try_from(u32::from(c)).ok()?;
            Some(if (FIRST..END).contains(&c) { fold[usize::from(c - FIRST)] } else { c })
        })
        .collect()
}

fn exact(word: &str) -> Option<Vec<u16>> {
    word.chars().map(|c| u16::try_from(u32::from(c)).ok()).collect()
}

type Rows = Vec<Vec<(u32, u8)>>;

/// All words, those with bigrams first, and the bigrams that start with each of these.
fn words(sources: &Sources, fold: &[u16]) -> (Vec<Word>, Rows) {
    let mut counts: BTreeMap<Vec<u16>, u64> = BTreeMap::new();
    for line in data(sources.words) {
        let (word, count) = line.split_once('\t').unwrap_or((line, "1"));
        if let Some(word) = exact(word) {
            counts.insert(word, count.parse().unwrap_or(1));
        }
    }
    let total = (counts.values().sum::<u64>() as f64).log10();
    let (mut words, rows) = sources.bigrams.map(parse_bigrams).unwrap_or_default();
    let known: BTreeSet<Vec<u16>> = words.iter().map(|word| word.chars.clone()).collect();
    let modeled = !known.is_empty();
    let cost = |count: u64, more: f64| ((total - (count as f64).log10() + more) * 4096.0) as u16;
    for (chars, count) in counts.iter().filter(|(chars, _)| !known.contains(*chars)) {
        let probability = match (modeled, chars.len()) {
            // The counts of the two sources differ; words that the larger one lacks are rarer than they seem.
            (true, 3..) if *count >= 2 => cost(*count, 1.0),
            (false, 1) | (false, 2..) if *count >= 3 => cost(*count, 0.0),
            (_, 1) => continue,
            _ => VOUCHER,
        };
        words.push(Word { chars: chars.clone(), probability, backoff: 0 });
    }
    let mut extra: BTreeSet<Vec<u16>> = BTreeSet::new();
    for text in sources.regional {
        for line in data(text) {
            for word in line.split(['\t', ' ']).filter_map(|word| folded(word, fold)) {
                if word.len() >= 2 && !known.contains(&word) && !counts.contains_key(&word) {
                    extra.insert(word);
                }
            }
        }
    }
    for line in data(sources.forms).filter(|line| line.starts_with("word\t")) {
        let word = line.split('\t').nth(1).and_then(|word| folded(word, fold));
        extra.extend(word.filter(|word| !known.contains(word) && !counts.contains_key(word)));
    }
    words.extend(extra.into_iter().map(|chars| Word {
        chars,
        probability: (6.3 * 4096.0) as u16,
        backoff: 0,
    }));
    (words, rows)
}

fn parse_bigrams(bytes: &[u8]) -> (Vec<Word>, Rows) {
    let count = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
    let mut at = 4;
    let mut words: Vec<Word> = Vec::with_capacity(count);
    for _ in 0..count {
        let length = bytes[at..].iter().position(|b| *b == b'\n').expect("a word ends with its line");
        let word = std::str::from_utf8(&bytes[at..at + length]).expect("words are UTF-8");
        let chars = exact(word).expect("words lie in the basic plane");
        words.push(Word { chars, probability: 0, backoff: 0 });
        at += length + 1;
    }
    for field in 0..2 {
        for word in &mut words {
            let number = u16::from_le_bytes([bytes[at], bytes[at + 1]]);
            *(if field == 0 { &mut word.probability } else { &mut word.backoff }) = number;
            at += 2;
        }
    }
    let mut varint = || {
        let (mut number, mut shift) = (0u32, 0);
        loop {
            let byte = bytes[at];
            at += 1;
            number |= u32::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                return number;
            }
        }
    };
    let lengths: Vec<u32> = (0..count).map(|_| varint()).collect();
    let mut rows: Rows = Vec::with_capacity(count);
    for length in lengths {
        let mut last = 0;
        rows.push(
            (0..length)
                .map(|_| {
                    last += varint();
                    (last, 0)
                })
                .collect(),
        );
    }
    for (entry, probability) in rows.iter_mut().flatten().zip(&bytes[at..]) {
        entry.1 = *probability;
    }
    (words, rows)
}

/// The words as a trie whose nodes are numbered by depth, so that the children of a node are neighbors.
struct Trie {
    /// The node of each first character; `NOWHERE` for none.
    roots: Vec<u8>,
    /// The last character of each node.
    labels: Vec<u8>,
    /// The first child of each node.
    children: Vec<u8>,
    /// The word that ends at each node; `NOWHERE` for none.
    ends: Vec<u8>,
    /// The two characters that words begin with, and the node after them.
    starts: Vec<(u16, u16, u32)>,
}

fn trie(words: &[Word]) -> Trie {
    let mut order: Vec<usize> = (0..words.len()).collect();
    order.sort_by(|a, b| words[*a].chars.cmp(&words[*b].chars));
    let chars = |i: usize| &words[order[i]].chars[..];
    let mut trie = Trie {
        roots: Vec::new(),
        labels: Vec::new(),
        children: Vec::new(),
        ends: Vec::new(),
        starts: Vec::new(),
    };
    let mut roots = vec![NOWHERE; usize::from(END - FIRST)];
    // The stretches of words, in order, that share a prefix: those of one depth, then of the next.
    let mut level = vec![(0, words.len())];
    let (mut depth, mut number) = (0, 0u32);
    while !level.is_empty() {
        let mut below = Vec::new();
        for (from, to) in level {
            if depth > 0 {
                trie.children.extend(&(number + below.len() as u32).to_le_bytes()[..3]);
            }
            let mut at = from + usize::from(depth > 0 && chars(from).len() == depth);
            while at < to {
                let label = chars(at)[depth];
                let end = at + (at..to).take_while(|i| chars(*i)[depth] == label).count();
                let node = number + below.len() as u32;
                trie.labels.extend(label.to_le_bytes());
                let word = if chars(at).len() == depth + 1 { order[at] as u32 } else { NOWHERE };
                trie.ends.extend(&word.to_le_bytes()[..3]);
                match depth {
                    0 if (FIRST..END).contains(&label) => roots[usize::from(label - FIRST)] = node,
                    1 => trie.starts.push((chars(at)[0], label, node)),
                    _ => {}
                }
                below.push((at, end));
                at = end;
            }
        }
        number += below.len() as u32;
        (level, depth) = (below, depth + 1);
    }
    trie.children.extend(&number.to_le_bytes()[..3]);
    trie.roots = roots.iter().flat_map(|node| node.to_le_bytes()[..3].to_vec()).collect();
    trie
}

/// What each word and the longer words that begin with it cost at least, in tenths; two bytes a node.
fn peaks(trie: &Trie, words: &[Word], best: &[u8]) -> Vec<u8> {
    let number = |table: &[u8], at: usize| {
        u32::from_le_bytes([table[3 * at], table[3 * at + 1], table[3 * at + 2], 0])
    };
    let nodes = trie.labels.len() / 2;
    let mut peaks = vec![[NEVER; 2]; nodes];
    // Children have higher numbers than their parents.
    for node in (0..nodes).rev() {
        let word = number(&trie.ends, node);
        if let Some(known) = words.get(word as usize).filter(|known| known.probability != VOUCHER) {
            let alone = (f32::from(known.probability) / 409.6).floor().min(250.0) as u8;
            peaks[node][0] = alone.min(best[word as usize]);
        }
        let children = number(&trie.children, node)..number(&trie.children, node + 1);
        peaks[node][1] =
            children.map(|c| peaks[c as usize].into_iter().min().unwrap_or(NEVER)).min().unwrap_or(NEVER);
    }
    peaks.into_iter().flatten().collect()
}

/// For each second character where the first ones before it start, and those, sorted, with the node after both.
fn firsts(starts: &[(u16, u16, u32)]) -> [Vec<u8>; 2] {
    let mut rows: BTreeMap<u16, Vec<(u16, u32)>> = BTreeMap::new();
    starts.iter().for_each(|(first, second, node)| rows.entry(*second).or_default().push((*first, *node)));
    let (mut index, mut out) = (Vec::new(), Vec::new());
    for c in FIRST..=END {
        index.extend(((out.len() / 5) as u32).to_le_bytes());
        for (other, node) in rows.remove(&c).unwrap_or_default() {
            out.extend(other.to_le_bytes());
            out.extend(&node.to_le_bytes()[..3]);
        }
    }
    [index, out]
}

/// How often each character is used.
fn usage(words: &str) -> BTreeMap<u16, u64> {
    let mut usage = BTreeMap::new();
    for line in data(words) {
        let (word, count) = line.split_once('\t').unwrap_or((line, "1"));
        for c in exact(word).into_iter().flatten() {
            *usage.entry(c).or_default() += count.parse().unwrap_or(1);
        }
    }
    usage
}

/// Where the confusions of each character start, and the confusions: the other character and why. Nobody means a
/// character that is hardly ever used.
fn confusions(bytes: &[u8], usage: &BTreeMap<u16, u64>) -> (Vec<u8>, Vec<u8>) {
    let mut rows: BTreeMap<u16, Vec<(u16, u8)>> = BTreeMap::new();
    for entry in bytes.chunks_exact(5) {
        let (a, b) = (u16::from_le_bytes([entry[0], entry[1]]), u16::from_le_bytes([entry[2], entry[3]]));
        for (written, meant) in [(a, b), (b, a)] {
            if usage.get(&meant).is_some_and(|count| *count >= RARE) {
                rows.entry(written).or_default().push((meant, entry[4]));
            }
        }
    }
    let (mut index, mut out) = (Vec::new(), Vec::new());
    for c in FIRST..=END {
        index.extend(((out.len() / 3) as u32).to_le_bytes());
        for (other, why) in rows.remove(&c).into_iter().flatten() {
            out.extend(other.to_le_bytes());
            out.push(why);
        }
    }
    (index, out)
}

/// The number of the commonest Mandarin syllable of each character; 0 for none.
fn syllables(keys: &str) -> Vec<u16> {
    let mut numbers: BTreeMap<&str, u16> = BTreeMap::new();
    let mut table = vec![0; usize::from(END - FIRST)];
    for line in data(keys) {
        let mut fields = line.split('\t');
        let c = fields.next().and_then(single);
        let first = fields.next().and_then(|f| f.split(',').next()).filter(|f| *f != "-");
        if let (Some(c), Some(first)) = (c, first) {
            let number = numbers.len() as u16 + 1;
            table[usize::from(c - FIRST)] = *numbers.entry(first).or_insert(number);
        }
    }
    table
}

/// Words of two to four characters by their sound: the key, then four characters, U+0000 after the last.
fn homophones(words: &[Word], syllables: &[u16]) -> (Vec<u8>, Vec<u8>) {
    let mut entries = Vec::new();
    for word in words.iter().filter(|w| (2..=4).contains(&w.chars.len()) && w.probability < 7 * 4096) {
        let mut sounds = word.chars.iter().map(|c| match *c {
            c @ FIRST..END => syllables[usize::from(c - FIRST)],
            _ => 0,
        });
        if sounds.clone().any(|s| s == 0) {
            continue;
        }
        let key = sound_key(&mut sounds);
        let mut chars = [0u16; 4];
        chars[..word.chars.len()].copy_from_slice(&word.chars);
        entries.push((key, chars));
    }
    entries.sort_unstable();
    let starts = (0..=1u32 << SOUND_BITS)
        .map(|bucket| entries.partition_point(|(key, _)| key >> (32 - SOUND_BITS) < bucket) as u32);
    let index = starts.flat_map(u32::to_le_bytes).collect();
    let entries = entries
        .iter()
        .flat_map(|(key, chars)| {
            key.to_le_bytes()
                .into_iter()
                .chain(chars.iter().flat_map(|c| c.to_le_bytes()))
                .collect::<Vec<_>>()
        })
        .collect();
    (index, entries)
}
