//! Tables: a caption above, open sides, heads that come again on the next page, numbers on their point
//! (checklist 57); horizontal on the sheet in vertical books (checklist 38).

use super::{
    Align, ColumnAlign, EM, Element, Family, FontError, Frame, Ink, NodeKind, ParagraphStyle, Setter, Slab,
    Text, move_by,
};
use crate::{
    document::{Cell, Merge, cells},
    layout::page::TextLine,
    report::{Diagnostic, Severity},
    source::{SourceId, Span},
};

/// Blank at both sides of a cell, em of its text.
const INSET: f32 = 0.6;

/// The columns of a table; lengths in pt.
struct Columns {
    left: f32,
    widths: Vec<f32>,
    align: Vec<Align>,
    /// For columns of numbers the longest part before the point and from it on, digits.
    tails: Vec<Option<(f32, f32)>>,
    size: f32,
}

impl Setter<'_> {
    pub(super) fn table(
        &mut self,
        align: &[ColumnAlign],
        head: &[Text],
        rows: &[Vec<Text>],
        merged: &[Merge],
        caption: Option<&Text>,
        frame: Frame,
    ) -> Result<(), FontError> {
        let count = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(0);
        if count == 0 {
            return Ok(());
        }
        let top = usize::from(!head.is_empty());
        let grid = cells(merged, rows.len() + top, count, top > 0);
        let node = self.pages.node(NodeKind::Table, frame.node);
        let vertical = self.composition.vertical();
        let across = self.pitch() * f32::from(self.page.lines);
        let total = if vertical { across } else { self.width(frame) };
        let columns = self.columns(align, head, rows, &grid, total, frame);
        let mut captions = Vec::new();
        if let Some(caption) = caption {
            captions.push(self.caption(caption, &columns, node, false)?);
        }
        let mut head_rows = Vec::new();
        if !head.is_empty() {
            head_rows.push(self.row(head, &grid[0], true, &columns, node)?.0);
        }
        // The same once more for the pages after the first, as no part of the text.
        let mut again = Vec::new();
        if let Some(caption) = caption {
            again.push(self.caption(caption, &columns, node, true)?);
        }
        if !head.is_empty() {
            again.push(artifact(head_rows[0].clone()));
        }
        if self.composition.off.has(57) {
            again.clear();
        }
        let mut body = Vec::new();
        // What cells that go on below still need: the row after their last one, and how much, pt.
        let mut owed: Vec<(usize, f32)> = Vec::new();
        for (number, (row, places)) in rows.iter().zip(&grid[top..]).enumerate() {
            let (mut slab, tall) = self.row(row, places, false, &columns, node)?;
            owed.extend(tall.into_iter().map(|(rows, height)| (number + rows, height)));
            for (end, height) in &mut owed {
                if *end == number + 1 {
                    slab.height = slab.height.max(*height);
                }
                *height -= slab.height;
            }
            owed.retain(|(end, _)| *end > number + 1);
            // A cell of several rows stands on one page.
            slab.keep = !owed.is_empty();
            body.push(slab);
        }
        let rule = |y: f32, height: f32| {
            let width = columns.widths.iter().sum();
            Element::Rule { x: columns.left, y, width, height, ink: Ink::Text }
        };
        // Strokes: heavy over and under, fine under the head.
        for heads in [&mut head_rows, &mut again] {
            if let Some(row) = heads.last_mut().filter(|_| !head.is_empty()) {
                row.elements.push(rule(0.0, 1.0));
                row.elements.push(rule(row.height - 0.5, 0.5));
            }
        }
        if let Some(row) = body.first_mut().filter(|_| head.is_empty()) {
            row.elements.push(rule(0.0, 1.0));
        }
        if let Some(row) = body.last_mut().or(head_rows.last_mut()) {
            row.elements.push(rule(row.height - 1.0, 1.0));
        }
        let first: Vec<Slab> = captions.into_iter().chain(head_rows).collect();
        if vertical {
            let again = if self.composition.heeds(57) { again } else { Vec::new() };
            self.boxes(first, again, body, &columns, frame);
            return Ok(());
        }
        self.space(0.5);
        let kept = first.len();
        for (k, mut slab) in first.into_iter().enumerate() {
            slab.keep = k + 1 < kept || !body.is_empty();
            self.slabs.push(slab);
        }
        let repeated = (!again.is_empty()).then(|| {
            self.heads.push(stacked(again));
            self.heads.len() - 1
        });
        for (k, mut slab) in body.into_iter().enumerate() {
            slab.head = repeated.filter(|_| k > 0);
            self.slabs.push(slab);
        }
        self.space(0.5);
        Ok(())
    }

    /// Widths: narrow columns get what they want, wide ones share what is left.
    fn columns(
        &mut self,
        align: &[ColumnAlign],
        head: &[Text],
        rows: &[Vec<Text>],
        grid: &[Vec<Cell>],
        total: f32,
        frame: Frame,
    ) -> Columns {
        let count = grid.first().map_or(0, Vec::len);
        let size = self.page.size * 0.9;
        let wide = |t: &Text| {
            let lines = t.as_str().split('\n');
            let line = |l: &str| l.chars().map(|c| if c.is_ascii() { 0.58 } else { 1.0 }).sum::<f32>();
            lines.map(line).fold(0.0, f32::max)
        };
        let column = |k: usize| rows.iter().filter_map(move |row| row.get(k)).chain(head.get(k));
        let top = usize::from(!head.is_empty());
        let cell = |row: usize, k: usize| if row < top { head.get(k) } else { rows[row - top].get(k) };
        let padding = 2.0 * INSET + 0.4;
        let mut natural: Vec<f32> = (0..count)
            .map(|k| {
                let single = |row: &usize| matches!(grid[*row][k], Cell::Own { columns: 1, .. });
                let texts = (0..grid.len()).filter(single).filter_map(|row| cell(row, k));
                (texts.map(wide).fold(2.0, f32::max) + padding) * size
            })
            .collect();
        // What a cell over several columns lacks, these share.
        for (row, places) in grid.iter().enumerate() {
            for (k, place) in places.iter().enumerate() {
                if let (Cell::Own { columns: along @ 2.., .. }, Some(text)) = (*place, cell(row, k)) {
                    let own: f32 = natural[k..k + along].iter().sum();
                    let more = ((wide(text) + padding) * size - own).max(0.0) / along as f32;
                    natural[k..k + along].iter_mut().for_each(|width| *width += more);
                }
            }
        }
        let mut widths = share(&natural, total);
        let least = size * 1.9;
        if widths.iter().any(|&w| w < least) {
            // More columns than the measure holds: all as wide, smaller cells.
            widths = vec![total / count as f32; count];
            let span = column(0).next().map_or(Span::new(SourceId(0), 0..0), |t| t.span(0..t.as_str().len()));
            let message = format!("{count} columns are more than the measure holds well");
            self.report.push(Diagnostic::new("oversized-block", Severity::Note, span, message));
        }
        let size = size.min(widths.iter().copied().fold(size * 2.0, f32::min) / 1.4).max(2.0);
        let number = |t: &Text| {
            let s = t.as_str().trim_matches([' ', '%', '％', '-', '−', '+', '¥', '￥', '$']);
            !s.is_empty() && s.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
        };
        let mut aligns = Vec::new();
        let mut tails = Vec::new();
        for k in 0..count {
            let numbers = rows.iter().filter_map(|r| r.get(k)).filter(|t| !t.is_empty());
            let all = rows.len() > 1 && numbers.clone().count() > 1 && numbers.clone().all(number);
            let own = align.get(k).copied().unwrap_or_default();
            let decimal = all && matches!(own, ColumnAlign::Auto | ColumnAlign::End);
            let tail = numbers.map(parts).reduce(|a, b| (a.0.max(b.0), a.1.max(b.1))).filter(|_| decimal);
            aligns.push(match own {
                _ if decimal => Align::End,
                ColumnAlign::Auto | ColumnAlign::Start => Align::Start,
                ColumnAlign::Center => Align::Center,
                ColumnAlign::End => Align::End,
            });
            tails.push(tail);
        }
        let sum: f32 = widths.iter().sum();
        let start = if self.composition.vertical() { 0.0 } else { frame.left * self.page.size };
        let left = start + if self.composition.vertical() { 0.0 } else { (total - sum) / 2.0 };
        Columns { left, widths, align: aligns, tails, size }
    }

    /// The caption over the table; on later pages followed by （續）.
    fn caption(
        &mut self,
        words: &Text,
        columns: &Columns,
        node: usize,
        again: bool,
    ) -> Result<Slab, FontError> {
        let size = self.page.size * 0.85;
        let style = ParagraphStyle::new(Family::Sans, size).align(Align::Center);
        let text = if again {
            let sign = if self.traditional() { "（續）" } else { "（续）" };
            Self::made(format!("{}{sign}", words.as_str()))
        } else {
            words.clone()
        };
        let node = (!again).then(|| self.pages.node(NodeKind::Caption, node));
        let width = columns.widths.iter().sum::<f32>().max(size * 8.0);
        let flat = self.flat;
        let set = self.compose(&flat, &text, &style, width, node)?;
        let pitch = size * 1.5;
        let mut slab = Slab { height: set.lines.len() as f32 * pitch + size * 0.3, ..Slab::default() };
        for (k, mut line) in set.lines.into_iter().enumerate() {
            line.x += columns.left;
            line.y = k as f32 * pitch + Self::middle(false, pitch, size);
            slab.elements.push(Element::Text(Box::new(line)));
        }
        Ok(slab)
    }

    /// A row, and what its cells of several rows need: how many rows, and their height in pt.
    fn row(
        &mut self,
        row: &[Text],
        places: &[Cell],
        header: bool,
        columns: &Columns,
        node: usize,
    ) -> Result<(Slab, Vec<(usize, f32)>), FontError> {
        let row_node = self.pages.node(NodeKind::Row, node);
        let size = columns.size;
        let (pad, pitch) = (3.0, size * 1.5);
        let mut slab = Slab { height: pad * 2.0 + pitch, ..Slab::default() };
        let mut x = columns.left;
        let flat = self.flat;
        let mut tall = Vec::new();
        for (k, cell) in row.iter().enumerate().take(columns.widths.len()) {
            let (down, along) = match places[k] {
                Cell::Own { rows, columns } => (rows, columns),
                Cell::Covered { .. } => {
                    x += columns.widths[k];
                    continue;
                }
            };
            let reach = [down, along].map(|cells| u16::try_from(cells).unwrap_or(u16::MAX));
            let kind = if header {
                NodeKind::HeaderCell(reach[0], reach[1])
            } else {
                NodeKind::Cell(reach[0], reach[1])
            };
            let cell_node = self.pages.node(kind, row_node);
            let family = if header { Family::Sans } else { self.page.body };
            let tail = columns.tails[k].filter(|_| along == 1);
            let centred = header && tail.is_some() || along > 1 && columns.align[k] == Align::End;
            let align = if centred { Align::Center } else { columns.align[k] };
            let mut style = ParagraphStyle::new(family, size).align(align);
            style.style.bold = header;
            let inset = size * INSET;
            let width = (columns.widths[k..k + along].iter().sum::<f32>() - 2.0 * inset).max(size);
            let mut height = pad * 2.0 + pitch;
            let set = self.compose(&flat, cell, &style, width, Some(cell_node))?;
            for (n, mut line) in set.lines.into_iter().enumerate() {
                line.x += x + inset;
                if let (Some((whole, tail)), false) = (tail, header) {
                    // Numbers stand on their point: what follows it reaches as far as the longest.
                    let (_, own) = parts(cell);
                    let digit = self.digit(&line);
                    // The numbers as a whole stand under the middle of their head.
                    let free = (width - (whole + tail) * digit).max(0.0);
                    line.x -= (tail - own) * digit + free / 2.0;
                }
                line.y = pad + n as f32 * pitch + Self::middle(false, pitch, size);
                height = pad * 2.0 + (n + 1) as f32 * pitch;
                slab.elements.push(Element::Text(Box::new(line)));
            }
            if down > 1 {
                tall.push((down, height));
            } else {
                slab.height = slab.height.max(height);
            }
            x += columns.widths[k];
        }
        Ok((slab, tall))
    }

    /// Width of a digit of a line of numbers, pt.
    fn digit(&self, line: &TextLine) -> f32 {
        let paragraph = &self.pages.paragraphs[line.paragraph];
        let digits = |c: &&crate::layout::item::Cluster| {
            let text = c.text(paragraph);
            text.bytes().any(|b| b.is_ascii_digit())
        };
        let cluster = paragraph.clusters.iter().find(digits);
        cluster.map_or(0.0, |c| {
            let mut glyphs = paragraph.glyphs_of(c);
            let step = match (glyphs.next(), glyphs.next()) {
                (Some(a), Some(b)) => b.x - a.x,
                _ => c.advance,
            };
            step as f32 * line.size / EM as f32
        })
    }

    /// In vertical books: rows stacked into boxes as high as the measure, one after another.
    fn boxes(
        &mut self,
        first: Vec<Slab>,
        again: Vec<Slab>,
        body: Vec<Slab>,
        columns: &Columns,
        frame: Frame,
    ) {
        let most = self.width(frame);
        let width: f32 = columns.widths.iter().sum();
        let height = ((width + self.pitch() * 0.5) / self.pitch()).ceil() * self.pitch();
        let mut open = stacked(first);
        let mut fresh = true;
        for row in body {
            if open.height + row.height > most && !fresh {
                let full = std::mem::replace(&mut open, stacked(again.clone()));
                self.push_box(full, width, height, most, frame);
            }
            fresh = false;
            let y = open.height;
            open.height += row.height;
            open.elements.extend(row.elements.into_iter().map(|e| super::shifted(e, y)));
        }
        self.push_box(open, width, height, most, frame);
    }

    fn push_box(&mut self, open: Slab, width: f32, height: f32, most: f32, frame: Frame) {
        let dx = (height - width) / 2.0;
        let dy = ((most - open.height) / 2.0).max(0.0) + frame.left * self.page.size;
        let elements = open.elements.into_iter().map(|mut e| {
            move_by(&mut e, dx, dy);
            e
        });
        self.slabs.push(Slab { height, elements: elements.collect(), flat: true, ..Slab::default() });
    }
}

/// A number before its point and from it on, digits; a point is about half as wide as a digit.
fn parts(number: &Text) -> (f32, f32) {
    let words = number.as_str();
    match words.find('.') {
        Some(at) => (at as f32, (words.len() - at) as f32 - 0.54),
        None => (words.len() as f32, 0.0),
    }
}

/// One slab of several, one under the other.
fn stacked(slabs: Vec<Slab>) -> Slab {
    let mut out = Slab::default();
    for slab in slabs {
        let y = out.height;
        out.height += slab.height;
        out.elements.extend(slab.elements.into_iter().map(|e| super::shifted(e, y)));
    }
    out
}

/// The same lines as no part of the text: they stand in the structure already.
fn artifact(mut slab: Slab) -> Slab {
    for element in &mut slab.elements {
        if let Element::Text(line) = element {
            line.node = None;
        }
    }
    slab
}

/// Shares a width among columns: narrow ones get what they want, wide ones what is left, equally.
fn share(natural: &[f32], total: f32) -> Vec<f32> {
    let mut order: Vec<usize> = (0..natural.len()).collect();
    order.sort_by(|&a, &b| natural[a].total_cmp(&natural[b]));
    let mut widths = vec![0.0; natural.len()];
    let mut left = total;
    for (done, &i) in order.iter().enumerate() {
        widths[i] = natural[i].min(left / (natural.len() - done) as f32);
        left -= widths[i];
    }
    widths
}
