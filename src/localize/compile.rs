//! Dictionaries in, one lookup table out: a double-array trie over characters, laid out so that the program reads
//! it in place. Runs in the build script; `table.rs` describes the layout and reads it.

use std::collections::{BTreeMap, BinaryHeap, HashMap};

use crate::recipes::{END, FIRST, pair};

/// A compiled table: the numbers, and the text that they point into.
pub struct Compiled {
    pub table: Vec<u8>,
    pub words: String,
}

struct Entry {
    codes: Vec<u16>,
    words: u32,
    first: u16,
    all: u16,
    dictionary: u8,
    rank: u8,
    flags: u8,
}

/// Compiles the texts of the dictionaries (in the order of the recipe, with their ranks).
pub fn compile(texts: &[(String, u8)]) -> Compiled {
    let mut facts: BTreeMap<&str, (u8, u8, &str)> = BTreeMap::new();
    for (number, (text, rank)) in texts.iter().enumerate() {
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (key, values) = line.split_once('\t').unwrap_or((line, line));
            let fact = (*rank, number as u8, if values.is_empty() { key } else { values });
            let known = facts.entry(key).or_insert(fact);
            if fact.0 < known.0 {
                *known = fact;
            }
        }
    }
    let codes = number_characters(facts.keys().copied());
    let mut words = String::new();
    let mut pool: HashMap<&str, u32> = HashMap::new();
    let mut entries: Vec<Entry> = facts
        .iter()
        .map(|(key, &(rank, dictionary, values))| {
            let at = *pool.entry(values).or_insert_with(|| {
                words.push_str(values);
                (words.len() - values.len()) as u32
            });
            let first = values.split(' ').next().unwrap_or(values);
            let same = u8::from(first == *key);
            let single = u8::from(key.chars().nth(1).is_none());
            let alone = |c: char| facts.get(&*String::from(c)).and_then(|fact| fact.2.chars().next());
            let rare = |(c, new): (char, char)| alone(c).is_some_and(|own| own != new);
            let rare = u8::from(single == 0 && key.chars().zip(first.chars()).any(rare));
            Entry {
                codes: key.chars().map(|c| codes[&c]).collect(),
                words: at,
                first: first.len() as u16,
                all: values.len() as u16,
                dictionary,
                rank,
                flags: same | single << 1 | rare << 2,
            }
        })
        .collect();
    entries.sort_by(|a, b| a.codes.cmp(&b.codes));
    let slots = place(&entries);
    Compiled { table: lay_out(&codes, &slots, &entries), words }
}

/// Numbers the characters by how often the keys use them, from 1: common ones stay close together.
fn number_characters<'a>(keys: impl Iterator<Item = &'a str>) -> BTreeMap<char, u16> {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    for c in keys.flat_map(str::chars) {
        *counts.entry(c).or_default() += 1;
    }
    let mut order: Vec<(char, u32)> = counts.into_iter().collect();
    order.sort_by_key(|&(c, n)| (std::cmp::Reverse(n), c));
    order.into_iter().zip(1..).map(|((c, _), code)| (c, code)).collect()
}

#[derive(Clone, Copy)]
struct Slot {
    base: u32,
    check: u32,
    entry: u32,
}

const FREE: Slot = Slot { base: 0, check: u32::MAX, entry: 0 };

/// Places the trie of the sorted entries in a double array; wide nodes first, so that narrow ones fill the gaps.
fn place(entries: &[Entry]) -> Vec<Slot> {
    let mut slots = vec![FREE];
    let mut heap = BinaryHeap::new();
    let mut first_free = 1;
    // Where the search for a node of so many children ended last: what lies before is too crowded for the next.
    let mut crowded: BTreeMap<usize, usize> = BTreeMap::new();
    let root = children(entries, 0, entries.len(), 0);
    heap.push((usize::MAX, 0_u32, root));
    while let Some((_, node, kids)) = heap.pop() {
        let start = crowded.get(&kids.len()).copied().unwrap_or(0).max(first_free);
        let base = if node == 0 { 0 } else { find_base(&slots, &kids, start) };
        if kids.len() > 1 && node != 0 {
            crowded.insert(kids.len(), base as usize + kids[0].0 as usize);
        }
        slots[node as usize].base |= base;
        for (code, mut start, end, depth) in kids {
            let slot = base as usize + code as usize;
            if slots.len() <= slot {
                slots.resize(slot + 1, FREE);
            }
            slots[slot].check = node;
            if entries[start].codes.len() == depth {
                let entry = &entries[start];
                slots[slot].base = 1 << 31 | u32::from(entry.rank) << 28;
                slots[slot].entry = start as u32;
                start += 1;
            }
            if start < end {
                let kids = children(entries, start, end, depth);
                heap.push((kids.len(), slot as u32, kids));
            }
        }
        while first_free < slots.len() && slots[first_free].check != u32::MAX {
            first_free += 1;
        }
    }
    slots
}

/// A child: its character code, its entries (start, end), and how many characters lead to it.
type Kid = (u16, usize, usize, usize);

fn children(entries: &[Entry], start: usize, end: usize, depth: usize) -> Vec<Kid> {
    let mut kids: Vec<Kid> = Vec::new();
    for (i, entry) in entries.iter().enumerate().take(end).skip(start) {
        let code = entry.codes[depth];
        match kids.last_mut() {
            Some(kid) if kid.0 == code => kid.2 = i + 1,
            _ => kids.push((code, i, i + 1, depth + 1)),
        }
    }
    kids
}

/// The lowest base at which every child falls on a free slot.
fn find_base(slots: &[Slot], kids: &[Kid], first_free: usize) -> u32 {
    let lead = kids[0].0 as usize;
    let is_free = |slot: usize| slots.get(slot).is_none_or(|s| s.check == u32::MAX);
    let mut slot = first_free.max(lead + 1);
    while !(is_free(slot) && kids.iter().skip(1).all(|kid| is_free(slot - lead + kid.0 as usize))) {
        slot += 1;
    }
    (slot - lead) as u32
}

/// Writes the sections that `table.rs` reads.
fn lay_out(codes: &BTreeMap<char, u16>, slots: &[Slot], entries: &[Entry]) -> Vec<u8> {
    let mut index = vec![0_u16; 0x1100];
    let mut pages: Vec<u16> = vec![0; 256];
    for (&c, &code) in codes {
        let (high, low) = (c as usize >> 8, c as usize & 255);
        if index[high] == 0 {
            index[high] = (pages.len() / 256) as u16;
            pages.resize(pages.len() + 256, 0);
        }
        pages[usize::from(index[high]) * 256 + low] = code;
    }
    let mut out = Vec::new();
    let chars: BTreeMap<u16, char> = codes.iter().map(|(c, code)| (*code, *c)).collect();
    let (heads, pairs) = heads(&chars, entries);
    let size = pairs.len() * 8;
    for count in [pages.len(), slots.len(), entries.len(), codes.len() + 1, size.trailing_zeros() as usize] {
        out.extend((count as u32).to_le_bytes());
    }
    let mut ascii = 0_u128;
    let mut starts = vec![0_u8; (END - FIRST) as usize / 8];
    for c in entries.iter().map(|entry| u32::from(chars[&entry.codes[0]])) {
        match c {
            0..128 => ascii |= 1 << c,
            FIRST..END => starts[(c - FIRST) as usize / 8] |= 1 << ((c - FIRST) % 8),
            _ => {}
        }
    }
    out.extend(ascii.to_le_bytes());
    out.extend(starts);
    out.extend(index.iter().chain(&pages).flat_map(|code| code.to_le_bytes()));
    out.extend(heads);
    out.extend(pairs);
    out.extend(slots.iter().flat_map(|s| (u64::from(s.check) << 32 | u64::from(s.base)).to_le_bytes()));
    out.extend(slots.iter().flat_map(|s| s.entry.to_le_bytes()));
    for e in entries {
        out.extend(e.words.to_le_bytes());
        out.extend(e.first.to_le_bytes());
        out.extend(e.all.to_le_bytes());
        out.extend([e.dictionary, e.rank, e.flags, 0]);
    }
    out
}

/// For each character code what keys begin with it, and the set of the first two characters of keys.
fn heads(chars: &BTreeMap<u16, char>, entries: &[Entry]) -> (Vec<u8>, Vec<u8>) {
    let codes = chars.len();
    let mut heads = vec![u32::MAX; codes + 1];
    let mut flags = vec![0_u32; codes + 1];
    let mut firsts: Vec<&[u16]> = entries.iter().filter_map(|entry| entry.codes.get(..2)).collect();
    firsts.dedup();
    // One bit in eight or more stays clear; a large set would not stay in the cache.
    let size = (firsts.len() * 8).next_power_of_two().clamp(1 << 9, 1 << 19).trailing_zeros();
    let mut pairs = vec![0_u8; (1 << size) / 8];
    for (number, entry) in entries.iter().enumerate() {
        let first = usize::from(entry.codes[0]);
        match entry.codes.get(1) {
            None => {
                heads[first] = number as u32;
                flags[first] |= u32::from(entry.rank) << 8;
            }
            Some(&second) => {
                flags[first] |= 1;
                let bit = pair(u32::from(chars[&entry.codes[0]]), u32::from(chars[&second]), size);
                pairs[bit / 8] |= 1 << (bit % 8);
            }
        }
    }
    (
        heads.iter().zip(flags).flat_map(|(head, flags)| [*head, flags]).flat_map(u32::to_le_bytes).collect(),
        pairs,
    )
}

/// The lines of the repairs of one step, as a dictionary.
pub fn repairs_of(step: &str, repairs: &str) -> String {
    let mut dictionary = String::new();
    for line in repairs.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        if columns.next() == Some(step) {
            let (key, value) = (columns.next().unwrap_or(""), columns.next().unwrap_or(""));
            dictionary.extend([key, "\t", value, "\n"]);
        }
    }
    dictionary
}
