//! Which characters a face has, as sorted ranges that are read without opening the face.

use std::collections::BTreeMap;

use skrifa::{FontRef, MetadataProvider};

/// Sorted, disjoint ranges of code points (first, last).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    ranges: Vec<(u32, u32)>,
}

impl Coverage {
    /// The characters that a font maps to a glyph.
    pub fn of(font: &FontRef) -> Self {
        let mut points: Vec<u32> =
            font.charmap().mappings().filter(|(_, g)| g.to_u32() != 0).map(|(c, _)| c).collect();
        points.sort_unstable();
        points.dedup();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for point in points {
            match ranges.last_mut() {
                Some(last) if last.1 + 1 == point => last.1 = point,
                _ => ranges.push((point, point)),
            }
        }
        Self { ranges }
    }

    /// Whether the face has a glyph for a character.
    pub fn has(&self, c: char) -> bool {
        let c = c as u32;
        let i = self.ranges.partition_point(|r| r.1 < c);
        self.ranges.get(i).is_some_and(|r| r.0 <= c)
    }

    /// A bit for each of the first 65,536 code points.
    pub fn common(&self) -> Box<[u64; 1024]> {
        let mut bits = Box::new([0; 1024]);
        for &(first, last) in self.ranges.iter().take_while(|r| r.0 <= 0xFFFF) {
            for c in first..=last.min(0xFFFF) {
                bits[c as usize >> 6] |= 1 << (c & 63);
            }
        }
        bits
    }

    /// The number of characters.
    pub fn len(&self) -> usize {
        self.ranges.iter().map(|r| (r.1 - r.0 + 1) as usize).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Writes the table of all faces: per face name length, name, number of ranges, then
    /// gap and length of each range as LEB128 numbers.
    pub fn write_all(faces: &BTreeMap<String, Coverage>) -> Vec<u8> {
        let mut out = Vec::new();
        for (name, coverage) in faces {
            number(&mut out, name.len() as u32);
            out.extend(name.bytes());
            number(&mut out, coverage.ranges.len() as u32);
            let mut at = 0;
            for (first, last) in &coverage.ranges {
                number(&mut out, first - at);
                number(&mut out, last - first);
                at = last + 1;
            }
        }
        out
    }

    /// Reads what `write_all` wrote; what is cut short is left out.
    pub fn read_all(mut bytes: &[u8]) -> BTreeMap<String, Coverage> {
        let mut faces = BTreeMap::new();
        while !bytes.is_empty() {
            let Some((name, coverage)) = read_face(&mut bytes) else { break };
            faces.insert(name, coverage);
        }
        faces
    }
}

fn read_face(bytes: &mut &[u8]) -> Option<(String, Coverage)> {
    let len = take(bytes)? as usize;
    let name = String::from_utf8(bytes.get(..len)?.to_vec()).ok()?;
    *bytes = &bytes[len..];
    let count = take(bytes)?;
    let mut ranges = Vec::with_capacity(count as usize);
    let mut at = 0;
    for _ in 0..count {
        let first = at + take(bytes)?;
        let last = first + take(bytes)?;
        ranges.push((first, last));
        at = last + 1;
    }
    Some((name, Coverage { ranges }))
}

fn number(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u32::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
