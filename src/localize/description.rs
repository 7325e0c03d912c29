//! Ideographic description sequences (⿰氵工): a formula that draws a character which has no code point. Converting
//! a part of it would draw another character, so a complete one is passed over whole, as OpenCC does.

use super::table::decode;

const DEPTH: usize = 16;
const CHARACTERS: usize = 64;

/// True if a sequence may start with this character.
#[inline]
pub(crate) fn is_operator(c: u32) -> bool {
    (0x2FF0..=0x2FFF).contains(&c)
}

/// Where the complete sequence that starts at `at` ends, if there is one.
pub(crate) fn end_of_sequence(bytes: &[u8], at: usize, limit: usize) -> Option<usize> {
    let mut left = CHARACTERS;
    operand(bytes, at, limit, DEPTH, &mut left)
}

fn operand(bytes: &[u8], at: usize, limit: usize, depth: usize, left: &mut usize) -> Option<usize> {
    if at >= limit || depth == 0 || *left == 0 {
        return None;
    }
    *left -= 1;
    let (c, mut next) = decode(bytes, at);
    let operands = match c {
        0x2FF2 | 0x2FF3 => 3,
        0x2FFE | 0x2FFF => 1,
        0x2FF0..=0x2FFD => 2,
        _ => 0,
    };
    for _ in 0..operands {
        next = operand(bytes, next, limit, depth - 1, left)?;
    }
    Some(next)
}
