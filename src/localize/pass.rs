//! One pass of a table over a text: the text with every match replaced, and a record of what was replaced.

use super::{
    config::Walls,
    description::{end_of_sequence, is_operator},
    table::{Entry, Found, Table, decode},
};

/// A step of a conversion: OpenCC's table, and our repairs, which win over it unless they are shorter.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    pub(crate) table: Table,
    pub(crate) repairs: Option<Table>,
}

impl Step {
    #[inline]
    fn find(&self, bytes: &[u8], lead: (u32, usize), limit: usize) -> Option<(Found, &Table)> {
        let found = self.table.find(bytes, lead, limit).map(|found| (found, &self.table));
        let Some(repairs) = self.repairs.as_ref().filter(|repairs| repairs.may_start(lead.0)) else {
            return found;
        };
        let repair = repairs.find(bytes, lead, limit).map(|found| (found, repairs));
        match (found, repair) {
            (Some(found), Some(repair)) if repair.0.end < found.0.end => Some(found),
            (found, repair) => repair.or(found),
        }
    }
}

/// Told about every match. `()` wants to know nothing and costs nothing.
pub(crate) trait Witness {
    /// The key at `start..end` of the input was decided by `entry`, whose value may equal the key.
    fn see(&mut self, start: usize, end: usize, entry: Entry);
}

impl Witness for () {
    #[inline]
    fn see(&mut self, _: usize, _: usize, _: Entry) {}
}

/// Places that no match may cross, as byte offsets in order.
pub(crate) type Offsets = Vec<usize>;

/// Converts `text` and appends to `out`. Matches stay between `walls`. Gives the walls as they stand in the output;
/// with [`Walls::FirstStep`] those are the ends of the matches of rank 0.
pub(crate) fn pass(
    step: &Step,
    text: &str,
    walls: &[usize],
    wanted: Walls,
    out: &mut String,
    witness: &mut impl Witness,
) -> Offsets {
    let bytes = text.as_bytes();
    let build = matches!(wanted, Walls::FirstStep);
    let mut walls_out = Offsets::new();
    let mut ahead = walls.iter().copied().peekable();
    // Everything before `kept` is in `out` already.
    let (mut at, mut kept) = (0, 0);
    let mut limit = 0;
    while at < bytes.len() {
        while limit <= at {
            if let Some(wall) = ahead.next_if(|&wall| wall <= at) {
                walls_out.push(out.len() + wall - kept);
            } else {
                limit = ahead.peek().map_or(bytes.len(), |&wall| wall.min(bytes.len()));
            }
        }
        let (c, next) = decode(bytes, at);
        let Some((found, table)) = step.find(bytes, (c, next), limit) else {
            at = if is_operator(c) { end_of_sequence(bytes, at, limit).unwrap_or(next) } else { next };
            continue;
        };
        let entry = table.entry(found);
        let wall = build && found.rank == 0;
        if wall {
            walls_out.push(out.len() + at - kept);
        }
        witness.see(at, found.end, entry);
        if !entry.same {
            out.push_str(&text[kept..at]);
            out.push_str(entry.value);
            kept = found.end;
        }
        at = found.end;
        if wall {
            walls_out.push(out.len() + at - kept);
        }
    }
    out.push_str(&text[kept..]);
    walls_out
}

/// The walls that the matches of a table make in a text.
pub(crate) fn walls_of(table: &Table, text: &str) -> Offsets {
    let bytes = text.as_bytes();
    let mut walls = Offsets::new();
    let mut at = 0;
    while at < bytes.len() {
        let (c, next) = decode(bytes, at);
        if let Some(found) = table.find(bytes, (c, next), bytes.len()) {
            walls.extend([at, found.end]);
            at = found.end;
        } else {
            at = if is_operator(c) { end_of_sequence(bytes, at, bytes.len()).unwrap_or(next) } else { next };
        }
    }
    walls
}
