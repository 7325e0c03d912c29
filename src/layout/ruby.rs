//! Readings beside characters: pinyin and Jyutping over (right of) the line, zhuyin beside each
//! character with its tone where CLReq puts it, glosses over a group (checklist 40–42, 46).

use std::ops::Range;

use crate::{
    font::{
        shape::Shapers,
        store::{FaceId, Family, FontError, Style},
    },
    layout::{
        EM,
        class::{Class, Composition},
        item::{Break, MIDDLE, Paragraph},
        style::ParagraphStyle,
    },
    text::{MarkKind, Text},
};

/// Size of romanized readings and glosses, 1/1024 em of the base (CLReq: half).
const SIZE: i32 = EM / 2;
/// Size of a zhuyin symbol, 1/1024 em of the base (CLReq: 0.3 em).
const SYMBOL: i32 = 307;
/// Width of the zone that zhuyin takes beside its character (CLReq: half an em).
const ZONE: i32 = EM / 2;
/// Height of the cell of the light tone (CLReq, figures: 1/15 em).
const LIGHT: i32 = EM / 15;
/// Least distance of two readings (CLReq: a quarter em of the base).
const APART: i32 = EM / 4;
/// Between the em box and the em box of a reading.
const CLEAR: i32 = 51;

/// Where a reading stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Over the line; in vertical lines to its right.
    Over,
    /// Under the line; in vertical lines to its left.
    Under,
    /// To the right of the character in both directions.
    Beside,
}

/// A glyph of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadingGlyph {
    /// The face.
    pub face: FaceId,
    /// Glyph id.
    pub id: u32,
    /// Size, 1/1024 em of the base.
    pub size: i32,
    /// Over and under: along the line from the reading's start. Beside: to the right of the cell's
    /// right edge. 1/1024 em of the base.
    pub x: i32,
    /// Over and under: upwards from the reading's own baseline. Beside: down from the cell's top.
    pub y: i32,
    /// Byte range of the reading that it stands for.
    pub start: u32,
    /// End of that range.
    pub end: u32,
}

/// A reading and the clusters that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The base: indices in `Paragraph::clusters`, never broken over lines.
    pub clusters: Range<usize>,
    /// Where it stands.
    pub side: Side,
    /// The words.
    pub text: String,
    /// Its length along the line, 1/1024 em of the base.
    pub width: i32,
    /// Its glyphs.
    pub glyphs: Vec<ReadingGlyph>,
}

/// A glyph of a reading in its place on a line; lengths in 1/1024 em of the line, as in
/// [`crate::layout::item::ClusterGlyph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The glyph.
    pub glyph: ReadingGlyph,
    /// Along the line, from its start edge.
    pub x: i32,
    /// Across the line: up from the baseline, or to the right of the axis of a vertical line.
    pub y: i32,
    /// Whether it lies on its side.
    pub turned: bool,
}

/// Whether a reading is in zhuyin (bopomofo), which stands at the right of its character.
pub fn is_zhuyin(reading: &str) -> bool {
    reading.chars().any(symbol)
}

fn symbol(c: char) -> bool {
    matches!(c, '\u{3105}'..='\u{312F}' | '\u{31A0}'..='\u{31BF}') && !entering(c)
}

/// The entering tones of Taiwanese: small letters at the lower right.
fn entering(c: char) -> bool {
    matches!(c, '\u{31B4}'..='\u{31B7}')
}

fn tone(c: char) -> bool {
    matches!(c, 'ˊ' | 'ˇ' | 'ˋ' | '\u{02EA}' | '\u{02EB}') || entering(c)
}

/// Shapes the readings of a text and hangs them on their clusters.
pub(super) fn attach(
    shapers: &Shapers,
    composition: &Composition,
    base: &ParagraphStyle,
    text: &Text,
    out: &mut Paragraph,
) -> Result<(), FontError> {
    for (index, mark) in text.marks().iter().enumerate() {
        let MarkKind::Ruby(words) = &mark.kind else { continue };
        let from = out.clusters.partition_point(|c| c.range.end as usize <= mark.range.start);
        let to = out.clusters.partition_point(|c| (c.range.start as usize) < mark.range.end);
        if from >= to || words.is_empty() || composition.off.has(42) {
            continue;
        }
        // Of two readings the outer, which comes first, goes to the other side (checklist 42).
        let inner = text.marks()[index + 1..]
            .iter()
            .take_while(|m| m.range.start == mark.range.start)
            .any(|m| m.range == mark.range && matches!(m.kind, MarkKind::Ruby(_)));
        let beside = has_zhuyin(text, &mark.range);
        let side = match () {
            () if is_zhuyin(words) => Side::Beside,
            () if inner || beside => Side::Under,
            () => Side::Over,
        };
        let mut reading =
            Reading { clusters: from..to, side, text: words.clone(), width: 0, glyphs: Vec::new() };
        match side {
            Side::Beside => {
                zhuyin(shapers, composition, base, &mut reading, &mut out.missing, mark.range.start)?
            }
            Side::Over | Side::Under => {
                line(shapers, composition, base, &mut reading, &mut out.missing, mark.range.start)?;
            }
        }
        out.readings.push(reading);
    }
    Ok(())
}

fn has_zhuyin(text: &Text, range: &Range<usize>) -> bool {
    text.marks()
        .iter()
        .any(|m| m.range == *range && matches!(&m.kind, MarkKind::Ruby(words) if is_zhuyin(words)))
}

/// A reading in a row: romanized in sans, a gloss in Han in the face of the text.
fn line(
    shapers: &Shapers,
    composition: &Composition,
    base: &ParagraphStyle,
    reading: &mut Reading,
    missing: &mut Vec<(usize, char)>,
    at: usize,
) -> Result<(), FontError> {
    let mut x = 0;
    let words = reading.text.clone();
    let mut from = 0;
    while from < words.len() {
        let c = words[from..].chars().next().expect("not at the end");
        let chinese = crate::layout::class::chinese(c).is_some();
        let style = if chinese { base.style } else { Style::new(Family::Sans) };
        let chain = shapers.chain(composition.region, chinese, style);
        let store = shapers.store();
        let face = chain.iter().copied().find(|&id| store.has(id, c));
        let end = if chinese {
            from + c.len_utf8()
        } else {
            let same = |d: char| {
                crate::layout::class::chinese(d).is_none()
                    && (d == ' ' || face.is_some_and(|f| store.has(f, d)))
            };
            words[from..]
                .char_indices()
                .skip(1)
                .find(|(_, d)| !same(*d))
                .map_or(words.len(), |(k, _)| from + k)
        };
        let Some(face) = face else {
            if !c.is_whitespace() {
                missing.push((at, c));
            }
            from += c.len_utf8();
            continue;
        };
        let shaper = shapers.get(face)?;
        let mut push = |id: u32, dx: i32, dy: i32, start: usize, end: usize, x: i32| {
            let (start, end) = (start as u32, end as u32);
            let glyph = ReadingGlyph { face, id, size: SIZE, x: x + dx, y: dy, start, end };
            reading.glyphs.push(glyph);
        };
        if chinese {
            push(shaper.direct(c).0, 0, 0, from, end, x);
            x += SIZE;
        } else {
            let shaped = shaper.western(&words[from..end], &[]);
            for (k, g) in shaped.iter().enumerate() {
                let next = shaped.get(k + 1).map_or(end, |n| from + n.cluster as usize);
                push(g.id, g.x / 2, g.y / 2, from + g.cluster as usize, next, x);
                x += g.advance / 2;
            }
        }
        from = end;
    }
    reading.width = x;
    Ok(())
}

/// Zhuyin: symbols from top to bottom, the tone to the right of the last one with half of it above
/// that symbol's top, the light tone over the first symbol, entering tones at the lower right.
fn zhuyin(
    shapers: &Shapers,
    composition: &Composition,
    base: &ParagraphStyle,
    reading: &mut Reading,
    missing: &mut Vec<(usize, char)>,
    at: usize,
) -> Result<(), FontError> {
    let words = reading.text.clone();
    let symbols: Vec<(usize, char)> = words.char_indices().filter(|c| symbol(c.1)).collect();
    let light = words.contains('˙');
    // Hei: strokes of a Song face grow too thin at this size.
    let style = Style { family: Family::Sans, ..base.style };
    let chain = shapers.chain(composition.region, true, style);
    let latin = shapers.chain(composition.region, false, Style::new(Family::Sans));
    let height = symbols.len() as i32 * SYMBOL + if light { LIGHT } else { 0 };
    let top = (EM - height) / 2;
    let first = top + if light { LIGHT } else { 0 };
    let last = first + (symbols.len() as i32 - 1).max(0) * SYMBOL;
    let mut place = |c: char, start: usize, chain: &[FaceId], size: i32, middle: (i32, i32)| {
        let Some(face) = chain.iter().chain(latin.iter()).copied().find(|&id| shapers.store().has(id, c))
        else {
            missing.push((at, c));
            return Ok(());
        };
        let shaper = shapers.get(face)?;
        let (id, width) = shaper.direct(c);
        // The middle of the ink (of a symbol: of its em box) on the middle of the place.
        let (mx, my) = match shaper.ink(id) {
            Some(ink) if !symbol(c) => ((ink[0] + ink[2]) / 2, (ink[1] + ink[3]) / 2),
            _ => (width / 2, MIDDLE),
        };
        let (x, y) = (middle.0 - mx * size / EM, middle.1 + my * size / EM);
        let (start, end) = (start as u32, (start + c.len_utf8()) as u32);
        reading.glyphs.push(ReadingGlyph { face, id, size, x, y, start, end });
        Ok::<(), FontError>(())
    };
    // Without checklist 41 all signs stand in one column before the character.
    let mut row = 0;
    for (start, c) in words.char_indices() {
        if composition.off.has(41) {
            place(c, start, &chain, SYMBOL, (-EM - ZONE / 2, row * SYMBOL + SYMBOL / 2))?;
            row += 1;
        } else if symbol(c) {
            let k = symbols.iter().position(|s| s.0 == start).unwrap_or(0) as i32;
            place(c, start, &chain, SYMBOL, (SYMBOL / 2, first + k * SYMBOL + SYMBOL / 2))?;
        } else if c == '˙' {
            place(c, start, &chain, SYMBOL, (SYMBOL / 2, top + LIGHT / 2 - LIGHT / 4))?;
        } else if tone(c) {
            let down = if entering(c) { last + SYMBOL * 5 / 6 } else { last };
            place(c, start, &chain, SYMBOL * 5 / 4, (SYMBOL + (ZONE - SYMBOL) / 2, down))?;
        }
    }
    reading.width = ZONE;
    Ok(())
}

/// Makes room for the readings: bases spread where readings would touch, groups are not broken
/// (checklist 40), zhuyin takes its zone in horizontal lines (checklist 41).
pub(super) fn spread(composition: &Composition, out: &mut Paragraph) {
    if out.readings.is_empty() {
        return;
    }
    for reading in &out.readings {
        let whole = reading.side == Side::Beside || composition.heeds(40);
        for i in reading.clusters.start..reading.clusters.end - 1 {
            if whole && out.boundaries[i].breaks != Break::Forced {
                out.boundaries[i].breaks = Break::None;
            }
        }
        if reading.side == Side::Beside && !composition.vertical() {
            out.clusters[reading.clusters.end - 1].advance += ZONE;
        }
    }
    if composition.off.has(40) {
        return;
    }
    out.reach = vec![(0, 0); out.clusters.len()];
    for side in [Side::Over, Side::Under] {
        // The end of the reading before: its last cluster and how far it reaches past that cluster's cell.
        let mut before: Option<(usize, i32)> = None;
        for k in 0..out.readings.len() {
            let reading = &out.readings[k];
            if reading.side != side {
                continue;
            }
            let Range { start, end } = reading.clusters.clone();
            let base = out.clusters[start..end].iter().map(|c| c.advance).sum::<i32>()
                + out.boundaries[start..end - 1].iter().map(|b| b.natural).sum::<i32>();
            let excess = reading.width - base;
            if excess > 0 && end - start > 1 {
                // A group opens between its characters, with half a share at both ends.
                let share = excess / (end - start) as i32;
                for boundary in &mut out.boundaries[start..end - 1] {
                    boundary.natural += share;
                }
            }
            let reach = if excess > 0 {
                if end - start > 1 { excess / (end - start) as i32 / 2 } else { excess / 2 }
            } else {
                excess / 2
            };
            if reach > 0 {
                out.reach[start].0 = out.reach[start].0.max(reach);
                out.reach[end - 1].1 = out.reach[end - 1].1.max(reach);
            }
            match before {
                // Neighbours that both have readings keep them apart.
                Some((last, over)) if last + 1 == start => {
                    let need = over + reach + APART;
                    out.boundaries[last].natural += need.max(0);
                }
                Some((last, over)) => {
                    overhang(out, last, last + 1, over);
                    if start > 0 {
                        overhang(out, start - 1, start - 1, reach);
                    }
                }
                None if start > 0 => overhang(out, start - 1, start - 1, reach),
                None => {}
            }
            before = Some((end - 1, reach));
        }
        if let Some((last, over)) = before
            && last + 1 < out.clusters.len()
        {
            overhang(out, last, last + 1, over);
        }
    }
}

/// A reading may reach a quarter em over a neighbour that has none; what is more pushes it away.
fn overhang(out: &mut Paragraph, boundary: usize, neighbour: usize, reach: i32) {
    let free = match out.clusters[neighbour].class {
        Class::Western | Class::LineBreak | Class::Object => 0,
        _ => APART,
    };
    out.boundaries[boundary].natural += (reach - free).max(0);
}

/// Puts a reading in its place on a line; `x` are the origins of the line's clusters from `start`.
pub(crate) fn place(
    composition: &Composition,
    paragraph: &Paragraph,
    reading: &Reading,
    start: usize,
    x: &[i32],
) -> Vec<Placed> {
    let first = reading.clusters.start - start;
    let last = reading.clusters.end - 1 - start;
    let zone = if reading.side == Side::Beside && !composition.vertical() { ZONE } else { 0 };
    let right = x[last] + paragraph.clusters[reading.clusters.end - 1].advance - zone;
    let top_of_cell = EM - (EM / 2 - MIDDLE);
    if reading.side == Side::Beside {
        return reading
            .glyphs
            .iter()
            .map(|&glyph| {
                if composition.vertical() {
                    // The cell's top is the line's `x`, its right edge half an em right of the axis.
                    let base = x[last] + glyph.y;
                    Placed { glyph, x: base, y: EM / 2 + glyph.x, turned: false }
                } else {
                    Placed { glyph, x: right + glyph.x, y: top_of_cell - glyph.y, turned: false }
                }
            })
            .collect();
    }
    let left = x[first];
    // Centred on its base; at a line edge the base has made room for it.
    let aside = if composition.heeds(40) { (right - left - reading.width) / 2 } else { 0 };
    let at = left + aside;
    let half = EM / 2 + CLEAR;
    let turned = composition.vertical();
    // The middle of the row, counted from the middle of the line's em box.
    let middle = match reading.side {
        Side::Under => -(half + SIZE / 2),
        _ => half + SIZE / 2,
    };
    let axis = if turned { 0 } else { MIDDLE };
    reading
        .glyphs
        .iter()
        .map(|&glyph| {
            let baseline = axis + middle - MIDDLE * SIZE / EM;
            Placed { glyph, x: at + glyph.x, y: baseline + glyph.y, turned }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zhuyin_is_known_by_its_symbols() {
        for (reading, is) in [("ㄏㄢˋ", true), ("˙ㄇㄚ", true), ("hàn", false), ("hon3", false), ("ˋ", false)]
        {
            assert_eq!(is_zhuyin(reading), is, "{reading}");
        }
    }
}
