//! Contexts of ambiguous characters in, a hash table out. Runs in the build script; `format.rs` describes the layout.

use crate::context_format::{BITS, END, FIRST, SHAPES, SLOT, beside, bit, hash};

/// Compiles `seeds/tables/contexts.tsv`.
pub fn compile(text: &str) -> Vec<u8> {
    let rows: Vec<Row> =
        text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(row).collect();
    let slots = (rows.len() * 2).next_power_of_two();
    let mut bits = vec![0_u8; BITS / 8];
    let mut known = vec![0_u8; (END - FIRST) as usize / 8];
    let mut table = vec![0_u8; slots * SLOT];
    let mut sides = [vec![0_u8; BITS / 8], vec![0_u8; BITS / 8]];
    for Row { hash, choice, seen, share, c, sides: neighbors } in rows {
        for (side, neighbor) in sides.iter_mut().zip(neighbors) {
            if let Some(neighbor) = neighbor {
                side[beside(c, neighbor) / 8] |= 1 << (beside(c, neighbor) % 8);
            }
        }
        bits[bit(hash) / 8] |= 1 << (bit(hash) % 8);
        let own = (u32::from(c) - FIRST) as usize;
        known[own / 8] |= 1 << (own % 8);
        let mut at = (hash >> 8) as usize & (slots - 1);
        while table[at * SLOT..][..6] != [0; 6] {
            at = (at + 1) & (slots - 1);
        }
        let slot = &mut table[at * SLOT..][..SLOT];
        slot[..6].copy_from_slice(&hash.to_le_bytes()[..6]);
        slot[6..8].copy_from_slice(&(u32::from(choice) as u16).to_le_bytes());
        slot[8..10].copy_from_slice(&seen.to_le_bytes());
        slot[10..12].copy_from_slice(&share.to_le_bytes());
    }
    let mut out = (slots as u32).to_le_bytes().to_vec();
    out.extend(bits);
    out.extend(sides.concat());
    out.extend(known);
    out.extend(table);
    out
}

/// A line: the hash of its context, the choice, how often it was seen, its share in thousandths, the character and what
/// stands before and behind it.
struct Row {
    hash: u64,
    choice: char,
    seen: u16,
    share: u16,
    c: char,
    sides: [Option<char>; 2],
}

fn row(line: &str) -> Row {
    let fields: Vec<&str> = line.split('\t').collect();
    let number = |i: usize| fields[i].parse::<u32>().unwrap_or_else(|_| panic!("no number: {line}"));
    let chars: Vec<char> = fields[0].chars().collect();
    let before = number(1) as usize;
    let shape = (before, chars.len() - before - 1);
    let shape = SHAPES.iter().position(|it| *it == shape).unwrap_or_else(|| panic!("no such shape: {line}"));
    let neighbors = chars.iter().enumerate().filter(|(i, _)| *i != before).map(|(_, c)| *c);
    let hash = hash(shape, chars[before], neighbors);
    let (seen, other) = (number(3), number(4));
    // A few unseen cases to the contrary: three places say less than three hundred.
    let share = seen * 10_000 / ((seen + other) * 10 + 3);
    let choice = fields[2].chars().next().unwrap_or_else(|| panic!("no choice: {line}"));
    let sides = [before.checked_sub(1), Some(before + 1)].map(|at| at.and_then(|at| chars.get(at)).copied());
    Row { hash, choice, seen: seen.min(65_535) as u16, share: share as u16, c: chars[before], sides }
}
