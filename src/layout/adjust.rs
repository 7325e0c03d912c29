//! A line's clusters in, exact positions out: blanks shrink and gaps open tier by tier in
//! CLReq's order (checklist 15, 16, 18, 19), with integers, so that every line is exact.

use serde::Serialize;

use crate::{
    layout::{
        EM,
        class::{Class, Composition},
        item::{Boundary, Paragraph, SHRINK_TIERS},
    },
    template::Hang,
};

/// The widest gap that justification may open, 1/1024 em; beyond it a line is left short.
pub const MAX_GAP: i32 = 512;

/// A line: which clusters, where each stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// First cluster.
    pub start: usize,
    /// One past the last cluster.
    pub end: usize,
    /// Origin of every cluster, 1/1024 em from the line's start edge.
    pub x: Vec<i32>,
    /// Where the line's last cell ends, 1/1024 em.
    pub width: i32,
    /// The widest gap that justification opened between two characters, 1/1024 em.
    pub gap: i32,
    /// Whether the line ends with a visible hyphen.
    pub hyphen: bool,
    /// What was done to the line: checklist number and amount, 1/1024 em.
    pub changes: Vec<(u8, i32)>,
}

/// How much an opening bracket gives up at the start of a line (checklist 15).
pub fn start_trim(composition: &Composition, paragraph: &Paragraph, start: usize) -> i32 {
    // A reading that reaches farther than its base stands flush with the line edge (checklist 40).
    if let Some((before, _)) = paragraph.reach.get(start).filter(|r| r.0 > 0) {
        return -before;
    }
    let opens = paragraph.clusters[start].class == Class::Open;
    if opens && composition.trim_start && composition.heeds(15) {
        let blank = composition.blanks(Class::Open).0;
        blank * paragraph.scale(start) / EM
    } else {
        0
    }
}

/// What the end of a line may give up, 1/1024 em.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// Always (checklist 12, 16).
    pub trim: i32,
    /// If the line needs it (checklist 18).
    pub elastic: i32,
    /// By hanging the last mark outside the measure, besides `trim` (checklist 22).
    pub hang: i32,
}

/// What the end of a line of clusters `start..end` may give up.
pub fn line_end(
    composition: &Composition,
    paragraph: &Paragraph,
    start: usize,
    end: usize,
    measure: i32,
) -> End {
    let mut trim = 0;
    let mut last = end - 1;
    // Spaces at a line end have no width.
    let blank = |class| match class {
        Class::Space | Class::TypedGap | Class::LineBreak | Class::ZeroWidth => composition.heeds(12),
        Class::IdeographicSpace => composition.heeds(11),
        _ => false,
    };
    while last > start && blank(paragraph.clusters[last].class) {
        trim += paragraph.clusters[last].advance + paragraph.boundaries[last - 1].natural;
        last -= 1;
    }
    if let Some((_, after)) = paragraph.reach.get(last).filter(|r| r.1 > 0) {
        trim -= after;
    }
    let cluster = &paragraph.clusters[last];
    let mark =
        matches!(cluster.class, Class::Close | Class::Comma | Class::Colon | Class::Stop | Class::Exclaim);
    if !mark {
        return End { trim, ..End::default() };
    }
    let blank = composition.blanks(cluster.class).1 * paragraph.scale(last) / EM;
    let always = composition.trim_end && composition.heeds(16);
    let (cut, elastic) = match () {
        () if always => (blank, 0),
        () if composition.heeds(3) => (0, blank),
        () => (0, 0),
    };
    // One mark only, and none that touches another mark.
    let alone = last > start && !is_mark(paragraph.clusters[last - 1].class);
    let hang = if alone && composition.may_hang(cluster.class, measure) { cluster.advance - cut } else { 0 };
    End { trim: trim + cut, elastic, hang }
}

fn is_mark(class: Class) -> bool {
    matches!(
        class,
        Class::Open
            | Class::Close
            | Class::Comma
            | Class::Colon
            | Class::Stop
            | Class::Exclaim
            | Class::ExclaimPair
            | Class::Dash
            | Class::Ellipsis
    )
}

/// Places the clusters of a line. `justify` fills the measure exactly where the line can.
pub fn adjust(
    composition: &Composition,
    paragraph: &Paragraph,
    start: usize,
    end: usize,
    measure: i32,
    justify: bool,
    hyphen: bool,
) -> Line {
    let trim = start_trim(composition, paragraph, start);
    let End { trim: mut cut, mut elastic, hang } = line_end(composition, paragraph, start, end, measure);
    let mut changes = Vec::new();
    if trim > 0 {
        changes.push((15, -trim));
    }
    let gaps = &paragraph.boundaries[start..end - 1];
    let hyphen_width = if hyphen { paragraph.hyphen(end - 1).map_or(0, |h| h.2) } else { 0 };
    let mut natural: i32 = paragraph.clusters[start..end].iter().map(|c| c.advance).sum::<i32>()
        + gaps.iter().map(|b| b.natural).sum::<i32>()
        - trim
        - cut
        + hyphen_width;
    let shrinkable: i32 = gaps.iter().flat_map(|b| b.shrink).sum::<i32>() + elastic;
    let forced = composition.hang == Hang::Force;
    if hang > 0 && (forced || natural - shrinkable > measure) {
        changes.push((22, -hang));
        (natural, cut, elastic) = (natural - hang, cut + hang, 0);
    }
    // What justification adds to each gap; left empty where it has nothing to do.
    let mut delta = Vec::new();
    let (mut end_shrink, mut gap) = (0, 0);
    let mut need = measure - natural;
    if need < 0 {
        end_shrink = elastic.min(-need);
        need += end_shrink;
        if end_shrink > 0 {
            changes.push((16, -end_shrink));
        }
        // Without checklist 18 all tiers shrink alike.
        let tiers = if composition.heeds(18) { SHRINK_TIERS } else { 2 };
        for tier in 1..tiers {
            let all = !composition.heeds(18);
            let capacity = |b: &Boundary| if all { b.shrink.iter().sum() } else { b.shrink[tier] };
            let (sum, _) = spread(gaps.iter().map(capacity), -need, -1, &mut delta);
            need += sum;
            if sum > 0 {
                changes.push((18, -sum));
            }
            if need >= 0 {
                break;
            }
        }
    } else if need > 0 && justify {
        // Without checklist 19 all gaps open alike.
        for tier in 0..if composition.heeds(19) { 2 } else { 0 } {
            need -= spread(gaps.iter().map(|b| b.stretch[tier]), need, 1, &mut delta).0;
        }
        let most = if composition.heeds(19) { MAX_GAP } else { measure };
        let (sum, widest) = spread(gaps.iter().map(|b| if b.open { most } else { 0 }), need, 1, &mut delta);
        gap = widest;
        need -= sum;
        changes.push((19, measure - natural - need));
    }
    let mut x = Vec::with_capacity(end - start);
    let mut at = -trim;
    let mut deltas = delta.iter();
    for (cluster, boundary) in paragraph.clusters[start..end].iter().zip(&paragraph.boundaries[start..end]) {
        x.push(at);
        at += cluster.advance + boundary.natural + deltas.next().copied().unwrap_or(0);
    }
    at -= paragraph.boundaries[end - 1].natural;
    Line { start, end, x, width: at - cut - end_shrink + hyphen_width, gap, hyphen, changes }
}

/// Spreads an amount equally over places of limited capacity, in rounds; what does not divide goes to the first
/// ones. Each share is added to `delta`, or taken from it, as `sign` says. Gives back the sum and the largest share.
fn spread(
    capacity: impl ExactSizeIterator<Item = i32> + Clone,
    amount: i32,
    sign: i32,
    delta: &mut Vec<i32>,
) -> (i32, i32) {
    let (mut total, mut open) = (0_i64, 0_i32);
    for capacity in capacity.clone().filter(|&c| c > 0) {
        total += i64::from(capacity);
        open += 1;
    }
    let mut left = amount.max(0).min(total.min(i64::from(i32::MAX)) as i32);
    if left == 0 {
        return (0, 0);
    }
    delta.resize(capacity.len(), 0);
    // Every place that is still open has been given `level`; in the last round the first `more` get one more.
    let (sum, mut level, mut more) = (left, 0, 0);
    while left > 0 && open > 0 {
        let share = left / open;
        if share == 0 {
            more = left;
            break;
        }
        let (mut given, mut still) = (0, 0);
        for capacity in capacity.clone().filter(|&c| c > level) {
            given += share.min(capacity - level);
            still += i32::from(capacity > level + share);
        }
        left -= given;
        level += share;
        open = still;
    }
    let mut widest = 0;
    for (delta, capacity) in delta.iter_mut().zip(capacity) {
        let mut share = capacity.clamp(0, level);
        if capacity > level && more > 0 {
            share += 1;
            more -= 1;
        }
        *delta += sign * share;
        widest = widest.max(share);
    }
    (sum, widest)
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn spread_is_equal_and_exact() {
        for (capacity, amount, given) in [
            (vec![10, 10, 10], 9, vec![3, 3, 3]),
            (vec![10, 10, 10], 10, vec![4, 3, 3]),
            (vec![2, 10, 0], 9, vec![2, 7, 0]),
            (vec![2, 2], 9, vec![2, 2]),
            (vec![], 5, vec![]),
        ] {
            let mut delta = Vec::new();
            let (sum, widest) = spread(capacity.iter().copied(), amount, 1, &mut delta);
            delta.resize(capacity.len(), 0);
            assert_eq!(delta, given);
            assert_eq!((sum, widest), (given.iter().sum(), given.iter().copied().max().unwrap_or(0)));
        }
    }
}
