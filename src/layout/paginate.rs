//! Slabs in, full pages out: page breaks by dynamic programming over a chapter, with the notes of a
//! page at its foot (checklist 49, 51–53).
//!
//! A page break costs what it leaves blank; a single line at an edge is forbidden, a nearly empty last
//! page dear, and two facing pages should end on the same line. Line gaps are never stretched.

use crate::{
    layout::page::{Area, Element, Entry, Page, Pages, Slab, shifted},
    template::{Opening, PageStyle},
};

/// Rounding of floats must not push a line off a full page, pt.
const SLACK: f32 = 0.02;
/// Price of breaking where a keep forbids it, when nothing else is possible.
const BROKEN_KEEP: f64 = 1e7;

/// The notes of a flow and how they stand at the foot.
pub(crate) struct Foot {
    /// Slabs of every note, by its index; empty if notes stand elsewhere.
    pub notes: Vec<Vec<Slab>>,
    /// Space over the first note, with the rule in it, pt.
    pub gap: f32,
    /// The rule over the notes.
    pub rule: Option<Element>,
}

/// Slabs of notes that stand on a page: note, first, end.
type Placed = Vec<(usize, usize, usize)>;

/// Slabs of notes that wait for the next page: index of the note and its first slab that is left.
type Carry = Vec<(usize, usize)>;

/// What a page holds: slabs of the flow, and slabs of notes as (note, first, end).
struct Content {
    from: usize,
    to: usize,
    notes: Placed,
}

/// The best way to end a page before a slab.
struct State {
    cost: f64,
    /// Slab that its last page starts with.
    from: usize,
    /// What the last page leaves blank, pt.
    blank: f32,
    carry: Carry,
    notes: Placed,
    /// Whether the last page is an odd one.
    recto: bool,
}

struct Paginator<'a> {
    slabs: &'a [Slab],
    heads: &'a [Slab],
    foot: &'a Foot,
    capacity: f32,
    pitch: f32,
    /// Whether single lines at page edges are avoided.
    edges: bool,
}

/// Stacks slabs into pages, after those that are there already. Gives back the notes that were split.
pub(crate) fn paginate(
    mut slabs: Vec<Slab>,
    heads: &[Slab],
    foot: &Foot,
    page: &PageStyle,
    edges: bool,
    pages: &mut Pages,
) -> Vec<usize> {
    let pitch = page.size * page.pitch;
    let capacity = pitch * f32::from(page.lines);
    if slabs.iter().any(|slab| slab.height > capacity + SLACK) {
        slabs = slabs.into_iter().flat_map(|slab| split(slab, capacity)).collect();
    }
    // What stands in the slabs goes on the pages as it is.
    let mut elements: Vec<Vec<Element>> = slabs.iter_mut().map(|s| std::mem::take(&mut s.elements)).collect();
    let mut split_notes = Vec::new();
    let mut start = 0;
    let mut carry = Carry::new();
    // A slab that opens a page parts the problem.
    for end in 1..=slabs.len() {
        if end < slabs.len() && slabs[end].opening == Opening::Flow {
            continue;
        }
        if slabs[start].opening == Opening::Recto && !pages.pages.len().is_multiple_of(2) {
            pages.pages.push(Page::default());
        }
        let paginator = Paginator { slabs: &slabs[start..end], heads, foot, capacity, pitch, edges };
        let last = end == slabs.len();
        let (contents, rest) =
            paginator.solve(std::mem::take(&mut carry), pages.pages.len().is_multiple_of(2), last);
        carry = rest;
        for content in contents {
            split_notes.extend(content.notes.iter().filter(|n| n.1 > 0).map(|n| n.0));
            paginator.build(&content, &mut elements[start..end], page, pages);
        }
        start = end;
    }
    // Notes that are longer than all pages before go on after the text.
    while !carry.is_empty() {
        let paginator = Paginator { slabs: &[], heads, foot, capacity, pitch, edges };
        let (notes, rest) = paginator.fit(&carry, &[], capacity, true).unwrap_or_else(|| {
            // Not even a line of the note fits: it is set all the same.
            let (note, first) = carry[0];
            let mut rest = carry[1..].to_vec();
            if first + 1 < foot.notes[note].len() {
                rest.insert(0, (note, first + 1));
            }
            (vec![(note, first, first + 1)], rest)
        });
        split_notes.extend(notes.iter().filter(|n| n.1 > 0).map(|n| n.0));
        paginator.build(&Content { from: 0, to: 0, notes }, &mut [], page, pages);
        carry = rest;
    }
    split_notes.sort_unstable();
    split_notes.dedup();
    split_notes
}

impl Paginator<'_> {
    /// The notes that a page with `room` left for them holds: all that wait, then those of its text.
    /// A note is split only if it is long (or `any` may be). `None` if they cannot stand there.
    fn fit(
        &self,
        carry: &[(usize, usize)],
        notes: &[usize],
        room: f32,
        any: bool,
    ) -> Option<(Placed, Carry)> {
        let waiting: Vec<(usize, usize)> =
            carry.iter().copied().chain(notes.iter().map(|&n| (n, 0))).collect();
        let (mut out, mut rest) = (Vec::new(), Carry::new());
        let mut room = room - self.foot.gap;
        for (k, &(note, first)) in waiting.iter().enumerate() {
            let slabs = &self.foot.notes[note];
            let left: f32 = slabs[first..].iter().map(|s| s.height).sum();
            if !rest.is_empty() {
                rest.push((note, first));
                continue;
            }
            if left <= room + SLACK {
                room -= left;
                out.push((note, first, slabs.len()));
                continue;
            }
            let whole: f32 = slabs.iter().map(|s| s.height).sum();
            // A note is split only if it is longer than a third of the page (checklist 53); what waits
            // from the page before may wait on.
            let long = whole > self.capacity / 3.0 || first > 0 || any || k + 1 < carry.len();
            if !long {
                return None;
            }
            let mut end = first;
            while end < slabs.len() && slabs[end].height <= room + SLACK {
                room -= slabs[end].height;
                end += 1;
            }
            let least = if any || first > 0 { 1 } else { 2 };
            if end - first < least.min(slabs.len() - first) && (first == 0 || out.is_empty()) {
                return None;
            }
            if end > first {
                out.push((note, first, end));
            }
            rest.push((note, end));
        }
        Some((out, rest))
    }

    /// Page breaks of a chapter: what each page holds, and what waits after the last.
    fn solve(&self, carry: Carry, recto: bool, last: bool) -> (Vec<Content>, Carry) {
        let n = self.slabs.len();
        let mut best: Vec<Option<State>> = (0..=n).map(|_| None).collect();
        best[0] = Some(State { cost: 0.0, from: 0, blank: 0.0, carry, notes: Vec::new(), recto: !recto });
        let mut found = Vec::new();
        for from in 0..n {
            let Some(state) = &best[from] else { continue };
            let (cost, before, odd) = (state.cost, state.blank, !state.recto);
            let carry = state.carry.clone();
            let mut forced = false;
            self.pages_from(from, &carry, false, &mut found);
            if found.is_empty() {
                forced = true;
                self.pages_from(from, &carry, true, &mut found);
            }
            for (to, blank, notes, rest) in found.drain(..) {
                let lines = f64::from(blank / self.pitch);
                let ends = to == n;
                let mut price = if ends {
                    let used = f64::from((self.capacity - blank) / self.pitch);
                    // A last page of a line or two looks lost (checklist 49); at the very end even more.
                    let few = if used < 2.5 && self.edges {
                        3000.0
                    } else if used < 5.0 {
                        60.0
                    } else {
                        0.0
                    };
                    if last || from > 0 { few } else { 0.0 }
                } else {
                    // Every blank line costs, many of them more.
                    lines * lines * 10.0
                };
                // Facing pages end on the same line.
                if !ends && !odd && from > 0 {
                    price += f64::from((blank - before).abs() / self.pitch) * 4.0;
                }
                if forced {
                    price += BROKEN_KEEP;
                }
                if !rest.is_empty() {
                    price += 500.0;
                }
                let sum = cost + price;
                if best[to].as_ref().is_none_or(|s| sum < s.cost) {
                    best[to] = Some(State { cost: sum, from, blank, carry: rest, notes, recto: odd });
                }
            }
        }
        let mut contents = Vec::new();
        let mut to = n;
        let mut rest = Carry::new();
        while to > 0 {
            let state = best[to].take().expect("every slab ends some page");
            if to == n {
                rest = state.carry;
            }
            contents.push(Content { from: state.from, to, notes: state.notes });
            to = state.from;
        }
        contents.reverse();
        (contents, rest)
    }

    /// Every page that may start with a slab: where it ends, what it leaves blank, its notes, what waits.
    fn pages_from(
        &self,
        from: usize,
        carry: &[(usize, usize)],
        forced: bool,
        out: &mut Vec<(usize, f32, Placed, Carry)>,
    ) {
        let n = self.slabs.len();
        let mut used = self.slabs[from].head.map_or(0.0, |h| self.heads[h].height);
        let mut blank_tail = 0.0;
        let mut notes: Vec<usize> = Vec::new();
        let mut text = false;
        for to in from + 1..=n {
            let slab = &self.slabs[to - 1];
            if slab.blank {
                // Blank slabs vanish at both edges of a page.
                if text {
                    blank_tail += slab.height;
                }
            } else {
                used += blank_tail + slab.height - if text { 0.0 } else { slab.trim };
                blank_tail = 0.0;
                text = true;
            }
            notes.extend(slab.notes.iter().filter(|&&n| !self.foot.notes.get(n).is_none_or(Vec::is_empty)));
            if used > self.capacity + SLACK && to > from + 1 {
                break;
            }
            let held = slab.keep && (self.edges || !slab.soft) && to < n;
            if held && !forced {
                continue;
            }
            let feet = !(carry.is_empty() && notes.is_empty());
            let (placed, rest, area) = if feet {
                let room = self.capacity - used;
                let any = forced && to == from + 1;
                let Some((placed, rest)) = self.fit(carry, &notes, room, any) else {
                    if to == from + 1 && forced {
                        // A slab as tall as the page: all notes wait.
                        let waiting = carry.iter().copied().chain(notes.iter().map(|&n| (n, 0))).collect();
                        out.push((to, (self.capacity - used).max(0.0), Vec::new(), waiting));
                    }
                    continue;
                };
                let area: f32 = placed
                    .iter()
                    .flat_map(|&(note, a, b)| &self.foot.notes[note][a..b])
                    .map(|s| s.height)
                    .sum::<f32>()
                    + if placed.is_empty() { 0.0 } else { self.foot.gap };
                (placed, rest, area)
            } else {
                (Vec::new(), Carry::new(), 0.0)
            };
            out.push((to, (self.capacity - used - area).max(0.0), placed, rest));
        }
    }

    /// Puts the slabs of a page on their sheet; `flow` are the elements of all slabs.
    fn build(&self, content: &Content, flow: &mut [Vec<Element>], style: &PageStyle, pages: &mut Pages) {
        let index = pages.pages.len();
        let area = Area::of(style, index.is_multiple_of(2));
        let mut page = Page::default();
        let mut y = 0.0;
        let slabs = &self.slabs[content.from..content.to];
        let end = slabs.iter().rposition(|s| !s.blank).map_or(0, |k| k + 1);
        let mut text = false;
        if let Some(head) = slabs.first().and_then(|s| s.head).map(|h| &self.heads[h]) {
            for element in &head.elements {
                page.elements.push(area.place(element.clone(), head.height, head.flat, y));
            }
            y += head.height;
        }
        for (slab, elements) in slabs[..end].iter().zip(&mut flow[content.from..]) {
            if slab.blank && !text {
                continue;
            }
            let trim = if text { 0.0 } else { slab.trim };
            text = true;
            if let Some((level, words, node)) = &slab.entry {
                let at = match style.direction {
                    crate::template::Direction::Horizontal => area.top + y,
                    crate::template::Direction::Vertical => area.top,
                };
                pages.outline.push(Entry {
                    level: *level,
                    text: words.clone(),
                    page: index,
                    y: at,
                    node: *node,
                });
            }
            for element in elements.drain(..) {
                page.elements.push(area.place(element, slab.height, slab.flat, y - trim));
            }
            y += slab.height - trim;
        }
        if !content.notes.is_empty() {
            let notes: Vec<&Slab> =
                content.notes.iter().flat_map(|&(note, a, b)| &self.foot.notes[note][a..b]).collect();
            // At the foot of the page, whatever stands above.
            let mut y = self.capacity - notes.iter().map(|s| s.height).sum::<f32>();
            if let Some(rule) = &self.foot.rule {
                page.elements.push(area.place(rule.clone(), self.foot.gap, false, y - self.foot.gap));
            }
            for slab in notes {
                for element in &slab.elements {
                    page.elements.push(area.place(element.clone(), slab.height, slab.flat, y));
                }
                y += slab.height;
            }
        }
        pages.pages.push(page);
    }
}

/// Parts a slab that is taller than a page between its lines, so that nothing leaves the page.
fn split(slab: Slab, height: f32) -> Vec<Slab> {
    if slab.height <= height + SLACK || slab.blank {
        return vec![slab];
    }
    let y_of = |e: &Element| match e {
        Element::Text(line) => line.y,
        Element::Image { y, .. } | Element::Rule { y, .. } => *y,
    };
    let (head, opening, flat) = (slab.head, slab.opening, slab.flat);
    let mut notes = slab.notes;
    let mut elements = slab.elements;
    elements.sort_by(|a, b| y_of(a).total_cmp(&y_of(b)));
    let mut out: Vec<Slab> = Vec::new();
    let mut start = 0.0;
    let mut entry = slab.entry;
    for element in elements {
        let y = y_of(&element);
        // Room for the line's depth below its baseline.
        if out.is_empty() || y - start > height - 8.0 {
            start = if out.is_empty() { 0.0 } else { y - 20.0 };
            let first = out.is_empty();
            out.push(Slab {
                entry: entry.take(),
                notes: std::mem::take(&mut notes),
                opening: if first { opening } else { Opening::Flow },
                head,
                flat,
                ..Slab::default()
            });
        }
        let part = out.last_mut().expect("just pushed");
        part.height = part.height.max(y - start + 8.0).min(height);
        part.elements.push(shifted(element, -start));
    }
    out
}
