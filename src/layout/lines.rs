//! Clusters and boundaries in, line breaks out: dynamic programming over the whole paragraph
//! (checklist 3, 20, 21, 48), or line by line for comparison.

use std::cell::RefCell;

use crate::layout::{
    EM,
    adjust::{End, MAX_GAP, line_end, start_trim},
    class::{Class, Composition},
    item::{Break, Paragraph, SHRINK_TIERS},
};
use crate::template::Hang;

/// How breaks are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Breaker {
    /// The best breaks for the paragraph as a whole.
    #[default]
    Total,
    /// The first line as full as it can be, then the next.
    Greedy,
}

/// Lengths of the lines, 1/1024 em.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Length of the first line, indent already taken off.
    pub first: i32,
    /// Length of the others.
    pub rest: i32,
}

impl Measure {
    fn at(&self, start: usize) -> i32 {
        if start == 0 { self.first } else { self.rest }
    }
}

/// Sums up to a cluster, that give the width and the elasticity of any stretch at once.
#[derive(Clone, Copy, Default)]
struct Sum {
    width: i64,
    shrink: i64,
    stretch: i64,
    gaps: i32,
    han: i32,
}

fn sums(composition: &Composition, paragraph: &Paragraph, sums: &mut Vec<Sum>) {
    sums.clear();
    sums.reserve(paragraph.clusters.len() + 1);
    let mut sum = Sum::default();
    sums.push(sum);
    let push_in = composition.heeds(3);
    for (cluster, boundary) in paragraph.clusters.iter().zip(&paragraph.boundaries) {
        sum.width += i64::from(cluster.advance + boundary.natural);
        if push_in {
            sum.shrink += i64::from(boundary.shrink.iter().sum::<i32>());
        }
        sum.stretch += i64::from(boundary.stretch[0] + boundary.stretch[1]);
        sum.gaps += i32::from(boundary.open);
        sum.han += match cluster.class {
            Class::Han => 1,
            Class::Western => 2,
            _ => 0,
        };
        sums.push(sum);
    }
}

/// Memory that breaking takes for one paragraph after the other: a book has tens of thousands.
#[derive(Default)]
struct Scratch {
    sums: Vec<Sum>,
    places: Vec<usize>,
    starts: Vec<Start>,
    /// The price so far by place and state.
    best: Vec<i64>,
    /// The place and state before.
    back: Vec<(u32, u8)>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Clusters of a paragraph that is long enough to give its memory back.
const LONG: usize = 1 << 16;

/// What the start of a line takes off the sums of its end.
#[derive(Clone, Copy)]
struct Start {
    /// Number of clusters before it.
    at: usize,
    /// Width before it, with what its first mark gives up.
    width: i64,
    shrink: i64,
    stretch: i64,
    gaps: i32,
    han: i32,
}

/// The sums of a line's end, whatever its start.
struct Ending {
    width: i64,
    shrink: i64,
    stretch: i64,
    gaps: i32,
    han: i32,
    /// What its last mark may give up.
    give: End,
    /// The price of ending a line there.
    price: i64,
    /// Whether the paragraph, or what stands before a hard break, ends there.
    last: bool,
}

/// A line as breaking sees it: natural width and what it can give or take, 1/1024 em.
struct Fit {
    natural: i64,
    shrink: i64,
    stretch: i64,
    gaps: i64,
}

struct Breaking<'a> {
    composition: &'a Composition,
    paragraph: &'a Paragraph,
    sums: Vec<Sum>,
    measure: Measure,
}

/// The ends of the lines: each a number of clusters from the start; the last is the whole paragraph.
pub fn break_lines(
    composition: &Composition,
    paragraph: &Paragraph,
    measure: Measure,
    breaker: Breaker,
) -> Vec<usize> {
    let n = paragraph.clusters.len();
    if n == 0 {
        return Vec::new();
    }
    let mut scratch = SCRATCH.take();
    let mut all = std::mem::take(&mut scratch.sums);
    sums(composition, paragraph, &mut all);
    let breaking = Breaking { composition, paragraph, sums: all, measure };
    let mut ends = Vec::new();
    let mut start = 0;
    // Forced breaks part the problem.
    for end in (1..=n).filter(|&i| i == n || paragraph.boundaries[i - 1].breaks == Break::Forced) {
        match breaker {
            Breaker::Total => {
                let hyphens = paragraph.boundaries[start..end].iter().any(|b| b.breaks == Break::Hyphen);
                match hyphens {
                    false => breaking.total::<2>(start, end, &mut scratch, &mut ends),
                    true => breaking.total::<6>(start, end, &mut scratch, &mut ends),
                }
            }
            Breaker::Greedy => breaking.greedy(start, end, &mut ends),
        }
        start = end;
    }
    if n < LONG {
        scratch.sums = breaking.sums;
        SCRATCH.set(scratch);
    }
    ends
}

/// Above this price a line is only taken when no other is possible.
const HOPELESS: i64 = 1_000_000_000;

/// The price of a break where there should be none; a third hyphen in a row costs ten times as much.
const DEAR: i64 = 200_000;

/// What is as dear as this has a torn line or a break where there should be none.
const FAULT: i64 = 100_000;

/// A paragraph that costs less has no visibly loose line: so it is with most at a measure of twenty em and more.
const EVEN: i64 = 2_000;

/// How far a line may fall short of its measure while a fuller one is possible, 1/1024 em.
const SHORT: i32 = 3 * EM;

impl Breaking<'_> {
    /// What a line that starts before a cluster has behind it.
    fn start(&self, at: usize) -> Start {
        let from = &self.sums[at];
        Start {
            at,
            width: from.width + i64::from(start_trim(self.composition, self.paragraph, at)),
            shrink: from.shrink,
            stretch: from.stretch,
            gaps: from.gaps,
            han: from.han,
        }
    }

    /// What a line that ends after `end` clusters has; it starts at `start` or thereafter.
    fn ending(&self, start: usize, end: usize, last: bool) -> Ending {
        let (to, before) = (&self.sums[end], &self.sums[end - 1]);
        let boundary = &self.paragraph.boundaries[end - 1];
        let give = line_end(self.composition, self.paragraph, start, end, self.measure.at(start));
        let (hyphen, price) = match boundary.breaks {
            Break::Hyphen => (self.paragraph.hyphen(end - 1).map_or(0, |h| h.2), 1_200),
            Break::Emergency => (0, DEAR),
            Break::Free | Break::Forced | Break::None => (0, 0),
        };
        Ending {
            width: to.width - i64::from(boundary.natural + give.trim - hyphen),
            shrink: before.shrink + i64::from(give.elastic),
            stretch: before.stretch,
            gaps: before.gaps,
            han: to.han,
            give,
            price,
            last,
        }
    }

    /// What a line measures.
    fn fit(&self, from: &Start, to: &Ending) -> Fit {
        let mut fit = Fit {
            natural: to.width - from.width,
            shrink: to.shrink - from.shrink,
            stretch: to.stretch - from.stretch,
            gaps: i64::from(to.gaps - from.gaps),
        };
        // A mark hangs only where the line would not hold it (checklist 22).
        let End { elastic, hang, .. } = to.give;
        if hang > 0 {
            let forced = self.composition.hang == Hang::Force;
            if forced || fit.natural - fit.shrink > i64::from(self.measure.at(from.at)) {
                fit.natural -= i64::from(hang);
                fit.shrink -= i64::from(elastic);
            }
        }
        fit
    }

    /// The price of a line that is shorter than its measure by `short`; whether it is visibly loose. Last lines
    /// may be short for nothing.
    fn price(&self, from: &Start, to: &Ending, fit: &Fit, short: i64) -> (i64, bool) {
        let mut price = to.price;
        // A last line holds at least two characters (checklist 48).
        if to.last && from.at > 0 && to.han - from.han < 2 && self.composition.heeds(48) {
            price += 9_000;
        }
        if short < 0 {
            if -short > fit.shrink {
                return (price + HOPELESS - short * 1000, false);
            }
            // Shrinking is cheap within its capacity, dearer towards the end of it.
            let share = -short * 100 / fit.shrink.max(1);
            return (price + 5 + share * share / 250, false);
        }
        if to.last || short == 0 {
            return (price, false);
        }
        let rest = (short - fit.stretch).max(0);
        let gap = if rest == 0 { short * 40 / fit.stretch.max(1) } else { rest / fit.gaps.max(1) };
        let stretch = match gap {
            ..=10 => 0,
            11..=51 => (gap - 10) * (gap - 10) / 4,
            // Visibly loose: each such line costs, and more the wider it gapes (checklist 21).
            52.. => 2_000 + (gap - 51) * 24,
        };
        let torn =
            if gap > i64::from(MAX_GAP) || (fit.gaps == 0 && rest > 0) { 100_000 + rest * 100 } else { 0 };
        (price + stretch + torn, gap > 51)
    }

    /// Best breaks by dynamic programming. A state remembers whether its last line was visibly loose and,
    /// where there are hyphens (`N` is 6, not 2), how many lines in a row end with one.
    ///
    /// First only ways are followed that cost next to nothing, then all of nearly full lines, from the few places
    /// where such lines end; where that leads nowhere, or costs as much as a fault, all lines from all places. As no
    /// price is below nothing, a way that is found below a limit is the best of all.
    fn total<const N: usize>(&self, from: usize, to: usize, scratch: &mut Scratch, ends: &mut Vec<usize>) {
        if self.solve::<N>(from, to, Some(EVEN), scratch) >= EVEN
            && self.solve::<N>(from, to, Some(FAULT), scratch) >= FAULT
        {
            self.solve::<N>(from, to, None, scratch);
        }
        let Scratch { places, best, back, .. } = scratch;
        let mut k = places.len() - 1;
        let mut state = (0..N).min_by_key(|&state| best[k * N + state]).unwrap_or(0);
        let first = ends.len();
        while k > 0 {
            ends.push(places[k]);
            let (place, before) = back[k * N + state];
            (k, state) = (place as usize, usize::from(before));
        }
        ends[first..].reverse();
    }

    /// Finds the best way to each place where a line may end, and gives back the price of the one to the end.
    /// Below a limit of price no line but the last is more than three em short or wider than it can shrink, and the
    /// end may not be reached.
    fn solve<const N: usize>(
        &self,
        from: usize,
        to: usize,
        limit: Option<i64>,
        scratch: &mut Scratch,
    ) -> i64 {
        let (whole, limit) = (limit.is_none(), limit.unwrap_or(i64::MAX));
        let Scratch { places, starts, best, back, .. } = scratch;
        places.clear();
        starts.clear();
        best.clear();
        back.clear();
        // `N` prices and ways back for each place; those of the start first.
        places.push(from);
        starts.push(self.start(from));
        best.extend([i64::MAX; N]);
        best[0] = 0;
        back.extend([(0, 0); N]);
        let mut low = 0;
        let mut reached = i64::MAX;
        for end in from + 1..=to {
            let last = end == to;
            if !last {
                if self.paragraph.boundaries[end - 1].breaks == Break::None {
                    continue;
                }
                // What trimming, closing up and a hyphen change is less than the two em of grace.
                let length = self.sums[end].width - starts[low].width;
                if !whole && length + i64::from(SHORT + 2 * EM) < i64::from(self.measure.at(places[low])) {
                    continue;
                }
            }
            // The same for all lines that end here, but for one of spaces only.
            let ending = self.ending(places[low], end, last);
            let hyphen = self.paragraph.boundaries[end - 1].breaks == Break::Hyphen;
            while low + 1 < places.len() {
                let fit = self.fit(&starts[low], &ending);
                if fit.natural - fit.shrink <= i64::from(self.measure.at(places[low])) {
                    break;
                }
                low += 1;
            }
            let (mut sums, mut from, mut near) = ([i64::MAX; N], [(0_u32, 0_u8); N], whole);
            for (p, start) in starts.iter().enumerate().skip(low) {
                let fit = self.fit(start, &ending);
                let short = i64::from(self.measure.at(start.at)) - fit.natural;
                if !last && short > i64::from(SHORT) && (!whole || sums != [i64::MAX; N]) {
                    near = true;
                    break;
                }
                if !whole && -short > fit.shrink {
                    continue;
                }
                near = true;
                let (price, loose) = self.price(start, &ending, &fit, short);
                for (state, &before) in best[p * N..(p + 1) * N].iter().enumerate() {
                    if before == i64::MAX {
                        continue;
                    }
                    let hyphens = state / 2;
                    // Two visibly loose lines in a row cost more than the two alone.
                    let mut sum = before + price + if loose && state % 2 == 1 { 1_500 } else { 0 };
                    // A third hyphen in a row is dearer than any other fault (checklist 10).
                    if hyphen && hyphens == 2 {
                        sum += 10 * DEAR;
                    }
                    let hyphens = if hyphen { (hyphens + 1).min(2) } else { 0 };
                    let after = (usize::from(loose) + 2 * hyphens).min(N - 1);
                    if sum < sums[after].min(limit) {
                        sums[after] = sum;
                        from[after] = (p as u32, state as u8);
                    }
                }
            }
            // From no place on does a line hold what stands there: nothing leads farther.
            if !near {
                return i64::MAX;
            }
            if last {
                reached = *sums.iter().min().expect("there are states");
            } else if !whole && sums == [i64::MAX; N] {
                continue;
            }
            places.push(end);
            if !last {
                starts.push(self.start(end));
            }
            best.extend(sums);
            back.extend(from);
        }
        reached
    }

    /// The longest line that fits, then the next: push in first, then push out (checklist 3).
    fn greedy(&self, from: usize, to: usize, ends: &mut Vec<usize>) {
        let mut start = from;
        while start < to {
            let mut end = None;
            for k in start + 1..=to {
                if k < to && matches!(self.paragraph.boundaries[k - 1].breaks, Break::None) {
                    continue;
                }
                let fit = self.fit(&self.start(start), &self.ending(start, k, k == to));
                let over = fit.natural - i64::from(self.measure.at(start));
                if over <= 0 || over <= fit.shrink {
                    end = Some(k);
                } else if end.is_some() {
                    break;
                } else {
                    end = Some(k);
                    break;
                }
            }
            start = end.unwrap_or(to);
            ends.push(start);
        }
    }
}

const _: () = assert!(SHRINK_TIERS == 7);
