//! Lists with Chinese and Western counters (checklist 55), figures.

use super::{
    Align, EM, Element, Face, Family, FontError, Frame, NodeKind, ParagraphStyle, Setter, Slab, Text,
};
use crate::{
    document::{Block, Counter, Item},
    report::{Diagnostic, Severity},
    source::Span,
};

impl Setter<'_> {
    /// How the numbers of a list are written: as it says itself, else as the template has it for its
    /// depth, else Western; upright Chinese numbers in vertical books.
    fn counter(&self, own: Counter) -> Counter {
        let counters = &self.page.counters;
        match own {
            Counter::Auto if counters.is_empty() && self.composition.vertical() => Counter::Chinese,
            own => self.page.counter(own, self.depth - 1),
        }
    }

    pub(super) fn list(
        &mut self,
        start: Option<u64>,
        counter: Counter,
        items: &[Item],
        frame: Frame,
        face: Face,
    ) -> Result<(), FontError> {
        self.depth += 1;
        let node = self.pages.node(NodeKind::List(start.is_some()), frame.node);
        let small = if face == Face::Small { self.page.notes.scale } else { 1.0 };
        let size = self.page.size * small;
        let style = ParagraphStyle::new(self.page.body, size).align(Align::Start);
        let pitch = if face == Face::Small { self.note_pitch() } else { self.pitch() };
        let counter = self.counter(counter);
        let bullet = start.is_none();
        // Labels first: the widest, rounded up to whole em, is the hanging indent of all.
        let mut labels = Vec::new();
        let mut widest = 0.0_f32;
        for (i, item) in items.iter().enumerate() {
            let words = match (start, item.task) {
                (_, Some(true)) => "☑".to_owned(),
                (_, Some(false)) => "☐".to_owned(),
                (Some(n), None) => {
                    let label = crate::counter::label(counter, n + i as u64, self.traditional());
                    // A full stop would lay the number of a vertical list on its side.
                    match label.strip_suffix('.') {
                        Some(number) if self.composition.vertical() => format!("{number}、"),
                        _ => label,
                    }
                }
                (None, None) => "•".to_owned(),
            };
            let entry = self.pages.node(NodeKind::Item, node);
            let mark = self.pages.node(NodeKind::Label, entry);
            let left = frame.left + if bullet { 0.5 } else { 0.0 };
            let hang = Frame { left, right: 0.0_f32.min(frame.right), node: entry };
            let set = self.set(&Self::made(words), &style, hang, Some(mark))?;
            for line in &set.lines {
                // A label that ends with a mark keeps its whole cell here.
                widest = widest
                    .max(line.x - frame.left * self.page.size + line.line.width as f32 * size / EM as f32);
            }
            labels.push((entry, set));
        }
        let least = if bullet { 2.0 } else { 1.0 };
        let gap =
            if matches!(counter, Counter::Decimal | Counter::Circled) && !bullet { 0.3 * size } else { 0.0 };
        let hang = (((widest + gap) / self.page.size - 0.01).ceil()).clamp(least, 12.0);
        for (item, (entry, label)) in items.iter().zip(labels) {
            let body = self.pages.node(NodeKind::Body, entry);
            let own = label.lines.first().map_or(0.0, |l| l.line.width as f32 / EM as f32);
            let hang = if self.composition.heeds(55) { hang } else { own };
            let inner = Frame { left: self.inset(frame, hang), right: frame.right, node: body };
            let first = self.slabs.len();
            for (k, block) in item.blocks.iter().enumerate() {
                self.block(block, inner, face, k == 0 || matches!(block, Block::Paragraph { .. }))?;
            }
            self.label(label, first, pitch);
        }
        self.depth -= 1;
        Ok(())
    }

    /// Puts the label of an item or note on the first line of its slabs, which start at `first`. A block that
    /// begins with blank leaves it that line; one without any gets a line for it.
    pub(super) fn label(&mut self, label: super::Set, first: usize, pitch: f32) {
        let at = self.slabs[first..].iter().position(|s| !s.blank).map(|k| first + k);
        let at = at.unwrap_or_else(|| {
            self.slabs.push(Slab { height: pitch, ..Slab::default() });
            self.slabs.len() - 1
        });
        for mut line in label.lines {
            line.y = Self::middle(line.vertical, pitch, line.size);
            self.slabs[at].elements.insert(0, Element::Text(Box::new(line)));
        }
    }

    /// A picture with its caption below; horizontal on the sheet in vertical books too (checklist 38).
    pub(super) fn figure(
        &mut self,
        path: &str,
        alt: &str,
        caption: Option<&Text>,
        frame: Frame,
        span: Span,
    ) -> Result<(), FontError> {
        let node = self.pages.node(NodeKind::Figure(alt.to_owned()), frame.node);
        let found = self.document.images.iter().position(|i| i.path == path);
        let vertical = self.composition.vertical();
        let (across, along) = (self.pitch() * f32::from(self.page.lines), self.width(frame));
        // What a picture may take at most: the measure by three fifths of the page.
        let (most, tall) = if vertical { (across * 0.7, along * 0.9) } else { (along, across * 0.6) };
        let mut elements = Vec::new();
        let (mut y, mut wide) = (0.0, 0.0_f32);
        if let Some(index) = found {
            let image = &self.document.images[index];
            // At 150 dots an inch, but never larger than its room.
            let (w, h) = (image.width as f32 * 72.0 / 150.0, image.height as f32 * 72.0 / 150.0);
            let scale = (most / w).min(1.0).min(tall / h);
            if scale < 0.25 {
                let message = format!("the picture `{path}` is set at {:.0} % of its size", scale * 100.0);
                self.report.push(Diagnostic::new("oversized-block", Severity::Note, span, message));
            }
            let (width, height) = ((w * scale).max(1.0), (h * scale).max(1.0));
            let x = if vertical { 0.0 } else { frame.left * self.page.size + (along - width) / 2.0 };
            elements.push(Element::Image { image: index, x, y, width, height, node });
            (y, wide) = (height, width);
        }
        let words = caption.cloned().or_else(|| {
            // A picture that is not there leaves its alternative text.
            (found.is_none() && !alt.is_empty()).then(|| Text::made(alt, span))
        });
        if let Some(words) = &words {
            let under = self.pages.node(NodeKind::Caption, node);
            let size = self.page.size * 0.85;
            let style = ParagraphStyle::new(Family::Sans, size).align(Align::Center);
            let flat = self.flat;
            let width = if vertical { wide.max(self.page.size * 8.0).min(most) } else { along };
            let set = self.compose(&flat, words, &style, width, Some(under))?;
            y += size * 0.4;
            for mut line in set.lines {
                line.x += if vertical { 0.0 } else { frame.left * self.page.size };
                line.y = y + Self::middle(false, size * 1.5, size);
                y += size * 1.5;
                elements.push(Element::Text(Box::new(line)));
            }
            wide = wide.max(width);
        }
        if elements.is_empty() {
            return Ok(());
        }
        let extent = if vertical { wide } else { y };
        // Whole lines of the grid, half a line free at least.
        let height = ((extent + self.pitch() * 0.5) / self.pitch()).ceil() * self.pitch();
        let (dx, dy) = match vertical {
            true => ((height - extent) / 2.0, ((along - y) / 2.0).max(0.0) + frame.left * self.page.size),
            false => (0.0, (height - extent) / 2.0),
        };
        let elements = elements.into_iter().map(|mut e| {
            super::move_by(&mut e, dx, dy);
            e
        });
        self.slabs.push(Slab { height, elements: elements.collect(), flat: vertical, ..Slab::default() });
        Ok(())
    }
}
