//! What stands beside a finished line: readings, emphasis dots, name and title lines (checklist 39–44).

use crate::layout::{
    EM,
    adjust::Line,
    class::{Class, Composition},
    item::{MIDDLE, Paragraph, SideLine},
    page::SideMark,
    ruby::{self, Placed},
};

/// From the middle of the em box to the middle of a side line (half the box and a little air).
const LINE: i32 = EM / 2 + EM / 10;
/// To the middle of emphasis dots.
const DOT: i32 = EM / 2 + EM / 6;
/// To the middle of dots that stand outside a side line.
const OUTER_DOT: i32 = EM / 2 + EM * 3 / 10;
/// What each of two lines that touch gives up at the join (CLReq: 1/16 to 1/8 em).
const PART: i32 = EM * 3 / 32;

/// The readings of a line in their places, by their index in the paragraph.
pub(super) fn readings(
    composition: &Composition,
    paragraph: &Paragraph,
    line: &Line,
) -> Vec<(usize, Vec<Placed>)> {
    let first = paragraph.readings.partition_point(|r| r.clusters.start < line.start);
    paragraph.readings[first..]
        .iter()
        .enumerate()
        .take_while(|(_, r)| r.clusters.start < line.end)
        .filter(|(_, r)| r.clusters.end <= line.end)
        .map(|(k, r)| (first + k, ruby::place(composition, paragraph, r, line.start, &line.x)))
        .collect()
}

/// Dots and side lines of a line.
///
/// Dots stand under each Han of a horizontal line, to its right in a vertical one; lines under or to
/// the left. Marks, spaces, digits and Latin carry no dot (checklist 44); a line is as long as the cells of
/// its words, and two that touch are parted (checklist 43).
pub(super) fn marks(composition: &Composition, paragraph: &Paragraph, line: &Line) -> Vec<SideMark> {
    let vertical = composition.vertical();
    let axis = if vertical { 0 } else { MIDDLE };
    let mut out = Vec::new();
    // The open side line: kind, number of its mark, start, end, whether another one touched it.
    let mut open: Option<(SideLine, u32, i32, i32, bool)> = None;
    let close = |open: &mut Option<(SideLine, u32, i32, i32, bool)>, next: bool, out: &mut Vec<SideMark>| {
        let Some((kind, _, from, to, touched)) = open.take() else { return };
        let parted = |by: bool| if by && composition.heeds(43) { PART } else { 0 };
        let longer = if composition.heeds(43) { 0 } else { EM / 2 };
        let (from, to, y) = (from + parted(touched), to - parted(next) + longer, axis - LINE);
        out.push(match kind {
            SideLine::Name => SideMark::Line { from, to, y },
            SideLine::Title => SideMark::Wave { from, to, y },
        });
    };
    for (k, cluster) in paragraph.clusters[line.start..line.end].iter().enumerate() {
        let look = &paragraph.looks[cluster.look as usize];
        let (from, to) = (line.x[k], line.x[k] + cluster.advance);
        match (look.side, &mut open) {
            (Some((_, mark)), Some((_, known, _, end, _))) if mark == *known => *end = to,
            (Some((kind, mark)), _) => {
                let touched = open.is_some();
                close(&mut open, true, &mut out);
                open = Some((kind, mark, from, to, touched));
            }
            (None, Some(_)) => close(&mut open, false, &mut out),
            (None, None) => {}
        }
        let text = cluster.text(paragraph);
        let han = cluster.class == Class::Han && text.chars().all(|c| !c.is_ascii());
        let dotted = han || (composition.off.has(44) && !text.trim().is_empty());
        if look.dots && dotted {
            let far = if look.side.is_some() && !vertical { OUTER_DOT } else { DOT };
            let y = if vertical { far } else { axis - far };
            out.push(SideMark::Dot { x: from + cluster.advance.min(look.scale) / 2, y });
        }
    }
    close(&mut open, false, &mut out);
    out
}
