//! Clusters and boundaries in, line breaks out: dynamic programming over the whole paragraph
//! (checklist 3, 20, 21, 48), or line by line for comparison.

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

fn sums(composition: &Composition, paragraph: &Paragraph) -> Vec<Sum> {
    let mut sums = Vec::with_capacity(paragraph.clusters.len() + 1);
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
    sums
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
    let breaking = Breaking { composition, paragraph, sums: sums(composition, paragraph), measure };
    let mut ends = Vec::new();
    let mut start = 0;
    // Forced breaks part the problem.
    for end in (1..=n).filter(|&i| i == n || paragraph.boundaries[i - 1].breaks == Break::Forced) {
        match breaker {
            Breaker::Total => breaking.total(start, end, &mut ends),
            Breaker::Greedy => breaking.greedy(start, end, &mut ends),
        }
        start = end;
    }
    ends
}

/// Above this price a line is only taken when no other is possible.
const HOPELESS: i64 = 1_000_000_000;

/// The price of a break where there should be none, and of a third hyphen in a row.
const DEAR: i64 = 200_000;

/// What breaking remembers of the lines so far: loose or not, times no, one, two or more hyphens.
const STATES: usize = 6;

impl Breaking<'_> {
    /// What a line of clusters `start..end` measures; `give` is what its end may give up.
    fn fit(&self, start: usize, end: usize, give: End) -> Fit {
        let last = end - 1;
        let (from, to, before) = (&self.sums[start], &self.sums[end], &self.sums[last]);
        let boundary = &self.paragraph.boundaries[last];
        let measure = self.measure.at(start);
        let End { trim, elastic, hang } = give;
        let hyphen = match boundary.breaks {
            Break::Hyphen => self.paragraph.clusters[last].hyphen.map_or(0, |h| h.2),
            _ => 0,
        };
        let natural = to.width
            - from.width
            - i64::from(boundary.natural + trim - hyphen)
            - i64::from(start_trim(self.composition, self.paragraph, start));
        let shrink = before.shrink - from.shrink + i64::from(elastic);
        let mut fit = Fit {
            natural,
            shrink,
            stretch: before.stretch - from.stretch,
            gaps: i64::from(before.gaps - from.gaps),
        };
        // A mark hangs only where the line would not hold it (checklist 22).
        let forced = self.composition.hang == Hang::Force;
        if hang > 0 && (forced || natural - shrink > i64::from(measure)) {
            fit.natural -= i64::from(hang);
            fit.shrink -= i64::from(elastic);
        }
        fit
    }

    /// What the end of a line may give up.
    fn give(&self, start: usize, end: usize) -> End {
        line_end(self.composition, self.paragraph, start, end, self.measure.at(start))
    }

    /// The price of a line; whether it is visibly loose. `last` lines may be short for nothing.
    fn price(&self, start: usize, end: usize, fit: &Fit, last: bool) -> (i64, bool) {
        let short = i64::from(self.measure.at(start)) - fit.natural;
        let mut price = match self.paragraph.boundaries[end - 1].breaks {
            Break::Hyphen => 900,
            Break::Emergency => DEAR,
            Break::Free | Break::Forced | Break::None => 0,
        };
        if last {
            let han = self.sums[end].han - self.sums[start].han;
            // A last line holds at least two characters (checklist 48).
            if start > 0 && han < 2 && self.composition.heeds(48) {
                price += 6_000;
            }
        }
        if short < 0 {
            if -short > fit.shrink {
                return (price + HOPELESS - short * 1000, false);
            }
            // Shrinking is cheap within its capacity, dearer towards the end of it.
            let share = -short * 100 / fit.shrink.max(1);
            return (price + 5 + share * share / 250, false);
        }
        if last || short == 0 {
            return (price, false);
        }
        let rest = (short - fit.stretch).max(0);
        let gap = if rest == 0 { short * 40 / fit.stretch.max(1) } else { rest / fit.gaps.max(1) };
        let stretch = match gap {
            ..=10 => 0,
            11..=51 => (gap - 10) * (gap - 10) / 8,
            // Visibly loose: each such line costs, and more the wider it gapes (checklist 21).
            52.. => 705 + (gap - 51) * 12,
        };
        let torn =
            if gap > i64::from(MAX_GAP) || (fit.gaps == 0 && rest > 0) { 100_000 + rest * 100 } else { 0 };
        (price + stretch + torn, gap > 51)
    }

    /// Best breaks by dynamic programming; a state remembers whether its last line was visibly loose,
    /// and how many lines in a row end with a hyphen.
    fn total(&self, from: usize, to: usize, ends: &mut Vec<usize>) {
        let places: Vec<usize> = std::iter::once(from)
            .chain((from + 1..to).filter(|&i| self.paragraph.boundaries[i - 1].breaks != Break::None))
            .chain([to])
            .collect();
        // best[place][state] = (price, previous place, previous state)
        let mut best = vec![[(i64::MAX, 0usize, 0usize); STATES]; places.len()];
        best[0][0].0 = 0;
        let mut low = 0;
        for k in 1..places.len() {
            let end = places[k];
            let last = end == to;
            // The same for all lines that end here, but for one of spaces only.
            let give = self.give(places[low], end);
            while low + 1 < k {
                let fit = self.fit(places[low], end, give);
                if fit.natural - fit.shrink <= i64::from(self.measure.at(places[low])) {
                    break;
                }
                low += 1;
            }
            let mut found = false;
            for p in low..k {
                let fit = self.fit(places[p], end, give);
                let short = i64::from(self.measure.at(places[p])) - fit.natural;
                if found && !last && short > 3 * i64::from(EM) {
                    break;
                }
                let (price, loose) = self.price(places[p], end, &fit, last);
                let hyphen = self.paragraph.boundaries[end - 1].breaks == Break::Hyphen;
                for state in 0..STATES {
                    let before = best[p][state].0;
                    if before == i64::MAX {
                        continue;
                    }
                    let hyphens = state / 2;
                    // Two visibly loose lines in a row cost more than the two alone.
                    let mut sum = before + price + if loose && state % 2 == 1 { 400 } else { 0 };
                    // A third hyphen in a row is as dear as a break at any place (checklist 10).
                    if hyphen && hyphens == 2 {
                        sum += DEAR;
                    }
                    let hyphens = if hyphen { (hyphens + 1).min(2) } else { 0 };
                    let slot = &mut best[k][usize::from(loose) + 2 * hyphens];
                    if sum < slot.0 {
                        *slot = (sum, p, state);
                        found = true;
                    }
                }
            }
        }
        let mut k = places.len() - 1;
        let mut state = (0..STATES).min_by_key(|&state| best[k][state].0).unwrap_or(0);
        let first = ends.len();
        while k > 0 {
            ends.push(places[k]);
            (k, state) = (best[k][state].1, best[k][state].2);
        }
        ends[first..].reverse();
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
                let fit = self.fit(start, k, self.give(start, k));
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
