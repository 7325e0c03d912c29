//! Notes at the foot of their page, or together at the end (checklist 53).

use super::{
    Align, Begin, Block, EM, Element, Face, FontError, Foot, Frame, Ink, NodeKind, NoteMark, NotePlace,
    ParagraphStyle, Setter, Slab,
};
use crate::{counter::circled, layout::item::Paragraph, text::MarkKind};

/// The name of the place of a note; no manuscript can write it.
pub(crate) fn note_place(index: usize) -> String {
    format!("\u{1}note {index}")
}

/// The name of the place of the first mark of a note.
pub(super) fn mark_place(index: usize) -> String {
    format!("\u{1}mark {index}")
}

impl Setter<'_> {
    /// Distance of the lines of notes, pt: on a grid of their own, with room for a side line between them.
    pub(super) fn note_pitch(&self) -> f32 {
        self.page.size * self.page.notes.scale * self.page.pitch.min(1.65)
    }

    /// Whether notes are counted by the page: circled marks, each note referred to once.
    pub(super) fn notes_by_page(&self) -> bool {
        let mut seen = vec![0; self.document.notes.len()];
        for (_, text) in self.document.texts() {
            for mark in text.marks() {
                if let MarkKind::Note(note) = mark.kind
                    && let Some(count) = seen.get_mut(note)
                {
                    *count += 1;
                }
            }
        }
        self.note_place() == NotePlace::Foot
            && self.page.notes.mark == NoteMark::Circled
            && (0..seen.len()).all(|index| seen[index] == 1 || !self.at_foot(index))
    }

    /// The slabs of every note, for the foot of the pages.
    pub(super) fn foot(&mut self) -> Result<Foot, FontError> {
        let size = self.page.size;
        let gap = self.pitch() * 0.6;
        let rule = Element::Rule { x: 0.0, y: gap * 0.5, width: size * 9.0, height: 0.5, ink: Ink::Text };
        let mut foot = Foot { notes: Vec::new(), gap, rule: Some(rule) };
        if self.note_place() != NotePlace::Foot || self.composition.off.has(53) {
            return Ok(foot);
        }
        for index in 0..self.document.notes.len() {
            if !self.at_foot(index) {
                foot.notes.push(Vec::new());
                continue;
            }
            let kept = std::mem::take(&mut self.slabs);
            self.note(index)?;
            let mut slabs = std::mem::replace(&mut self.slabs, kept);
            slabs.retain(|s| !s.blank);
            foot.notes.push(slabs);
        }
        Ok(foot)
    }

    /// Whether a note stands at the foot of its page.
    pub(super) fn at_foot(&self, index: usize) -> bool {
        self.note_place() == NotePlace::Foot && !self.marking.numbers.get(index).is_some_and(|n| n.at_end)
    }

    /// Where notes stand: as the manuscript says, or the template.
    pub(super) fn note_place(&self) -> NotePlace {
        self.document.meta.notes.unwrap_or(self.page.notes.place)
    }

    /// The text chapter by chapter, each with its notes at its end. Those that no text refers to end the last one.
    pub(super) fn chapters(&mut self) -> Result<(), FontError> {
        let document = self.document;
        let frame = Frame { left: 0.0, right: 0.0, node: 0 };
        let mut left: Vec<usize> = (0..document.notes.len()).collect();
        let chapters = document.chapters();
        for (k, range) in chapters.iter().enumerate() {
            let blocks = &document.blocks[range.clone()];
            self.blocks(blocks, frame, Face::Body)?;
            self.flush_run_in()?;
            let mut notes = document.notes_of(blocks);
            notes.retain(|index| left.contains(index));
            left.retain(|index| !notes.contains(index));
            if k + 1 == chapters.len() {
                notes.append(&mut left);
            }
            let level = match blocks.first() {
                Some(Block::Heading { level, .. }) => level.saturating_add(1),
                _ => 2,
            };
            self.end_notes(notes, level)?;
        }
        Ok(())
    }

    /// Notes together under a heading of a level.
    pub(super) fn end_notes(&mut self, notes: Vec<usize>, level: u8) -> Result<(), FontError> {
        if notes.is_empty() {
            return Ok(());
        }
        let words = if self.traditional() { "註釋" } else { "注释" };
        self.heading(level, &Self::made(words), Frame { left: 0.0, right: 0.0, node: 0 })?;
        self.flush_run_in()?;
        notes.into_iter().try_for_each(|index| self.note(index))
    }

    /// A note with the hanging indent of its mark.
    fn note(&mut self, index: usize) -> Result<(), FontError> {
        let document = self.document;
        let node = self.pages.node(NodeKind::Note, 0);
        let label_node = self.pages.node(NodeKind::Paragraph, node);
        let size = self.page.size * self.page.notes.scale;
        let style = ParagraphStyle::new(self.page.body, size).align(Align::Start);
        let mut words = Self::made(self.pages.notes[index].clone());
        if !self.at_foot(index) {
            // The mark leads to the note, and its label back.
            let back = MarkKind::Reference { url: ["#", &mark_place(index)].concat(), page: false };
            words.mark(0..words.as_str().len(), back);
            self.places.push((Begin::Text(self.pages.paragraphs.len(), 0), note_place(index)));
        }
        let frame = Frame { left: 0.0, right: 0.0, node };
        let label = self.set(&words, &style, frame, Some(label_node))?;
        let paragraph = label.lines[0].paragraph;
        self.labels.push((paragraph, index));
        let width = label.lines[0].line.width as f32 * size / EM as f32;
        // The text hangs by whole em of the note.
        let hang = (width / size + 0.4).ceil() * self.page.notes.scale;
        let first = self.slabs.len();
        self.blocks(&document.notes[index], Frame { left: hang, right: 0.0, node }, Face::Small)?;
        let pitch = self.note_pitch();
        self.label(label, first, pitch);
        Ok(())
    }

    /// Says of every slab which notes have their mark in it.
    pub(super) fn anchor(&self, slabs: &mut [Slab]) {
        if self.document.notes.is_empty() {
            return;
        }
        let anchors =
            |slab: &Slab| -> Vec<usize> { slab.elements.iter().flat_map(|e| self.notes_of(e)).collect() };
        let mut seen = vec![false; self.document.notes.len()];
        for slab in slabs {
            slab.notes = anchors(slab);
            slab.notes.retain(|&n| !std::mem::replace(&mut seen[n], true));
        }
    }

    fn notes_of(&self, element: &Element) -> Vec<usize> {
        let Element::Text(line) = element else { return Vec::new() };
        let paragraph = &self.pages.paragraphs[line.paragraph];
        if paragraph.looks.iter().all(|l| l.note.is_none()) {
            return Vec::new();
        }
        paragraph.clusters[line.line.start..line.line.end]
            .iter()
            .filter_map(|c| paragraph.looks[c.look as usize].note)
            .filter(|&n| n < self.document.notes.len())
            .collect()
    }

    /// Counts the notes by the page and writes the numbers into their marks.
    pub(super) fn number_notes(&mut self) -> Result<(), FontError> {
        if !self.by_page {
            return Ok(());
        }
        let mut marks: Vec<(usize, usize)> = Vec::new();
        for page in &self.pages.pages {
            let mut count = 0;
            for element in &page.elements {
                for note in self.notes_of(element).into_iter().filter(|&note| self.at_foot(note)) {
                    count += 1;
                    marks.push((note, count));
                }
            }
        }
        self.marking.uniform = false;
        let numbers: std::collections::BTreeMap<usize, usize> = marks.iter().copied().collect();
        for index in 0..self.pages.paragraphs.len() {
            if self.pages.paragraphs[index].looks.iter().all(|l| l.note.is_none()) {
                continue;
            }
            let mut paragraph = std::mem::take(&mut self.pages.paragraphs[index]);
            for k in 0..paragraph.clusters.len() {
                let look = paragraph.clusters[k].look as usize;
                if let Some(number) = paragraph.looks[look].note.and_then(|n| numbers.get(&n).copied()) {
                    self.renumber(&mut paragraph, k, number)?;
                }
            }
            self.pages.paragraphs[index] = paragraph;
        }
        for (paragraph, note) in std::mem::take(&mut self.labels) {
            let Some(&number) = numbers.get(&note) else { continue };
            let mut text = std::mem::take(&mut self.pages.paragraphs[paragraph]);
            self.renumber(&mut text, 0, number)?;
            if let Some(c) = circled(number as u64) {
                text.text = c.to_string();
            }
            self.pages.paragraphs[paragraph] = text;
        }
        for (note, number) in numbers {
            self.pages.notes[note] = self.marking.label(number);
        }
        Ok(())
    }

    /// Another circled number in the cell of a cluster; all of them are as wide.
    fn renumber(&self, paragraph: &mut Paragraph, cluster: usize, number: usize) -> Result<(), FontError> {
        let Some(c) = circled(number as u64) else { return Ok(()) };
        let glyph = paragraph.clusters.get(cluster).and_then(|it| paragraph.glyphs_of(it).next());
        let Some(face) = glyph.map(|glyph| glyph.face) else { return Ok(()) };
        if self.shapers.store().has(face, c) {
            paragraph.replace(cluster, self.shapers.get(face)?.direct(c).0);
        }
        Ok(())
    }
}
