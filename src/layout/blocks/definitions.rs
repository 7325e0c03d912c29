//! Terms with their definitions: a heavy term, and under it, two em in, what it means.

use super::{Align, Block, Face, Family, FontError, Frame, NodeKind, ParagraphStyle, Setter};
use crate::document::Definition;

impl Setter<'_> {
    pub(super) fn definitions(
        &mut self,
        all: &[Definition],
        frame: Frame,
        face: Face,
    ) -> Result<(), FontError> {
        let list = self.pages.node(NodeKind::Definitions, frame.node);
        let small = face == Face::Small;
        let size = self.page.size * if small { self.page.notes.scale } else { 1.0 };
        let pitch = if small { self.note_pitch() } else { self.pitch() };
        let family = if face == Face::Quote { Family::Kai } else { self.page.body };
        for one in all {
            let entry = self.pages.node(NodeKind::Item, list);
            if !one.term.is_empty() {
                let label = self.pages.node(NodeKind::Label, entry);
                let style = ParagraphStyle::new(family, size).bold().align(Align::Start);
                let set = self.set(&one.term, &style, Frame { node: entry, ..frame }, Some(label))?;
                let first = self.slabs.len();
                self.stack(set, pitch);
                // A term stays with the first line of what it means.
                let kept = if one.meanings.is_empty() { 0 } else { self.slabs.len() - first };
                for slab in &mut self.slabs[first..first + kept] {
                    (slab.keep, slab.soft) = (true, false);
                }
            }
            for meaning in &one.meanings {
                let body = self.pages.node(NodeKind::Body, entry);
                let inner = Frame { left: self.inset(frame, 2.0), right: frame.right, node: body };
                for (k, block) in meaning.iter().enumerate() {
                    self.block(block, inner, face, k == 0 || matches!(block, Block::Paragraph { .. }))?;
                }
            }
        }
        Ok(())
    }
}
