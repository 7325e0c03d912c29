//! How a paragraph looks: face, size, indents, alignment, in pt and em.

use crate::font::store::{Family, Style};

/// The ink that text is drawn in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// Black.
    #[default]
    Text,
    /// The house colour of titles and headings.
    Accent,
    /// Grey of running heads, folios, dates.
    Faint,
    /// Links.
    Link,
}

/// How lines stand in their measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Justified, last line natural.
    #[default]
    Justify,
    /// At the start edge, ragged.
    Start,
    /// Centred, lines balanced.
    Center,
    /// At the end edge.
    End,
}

/// The look of a paragraph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParagraphStyle {
    /// Face.
    pub style: Style,
    /// Size of an em, pt.
    pub size: f32,
    /// Ink.
    pub ink: Ink,
    /// Alignment.
    pub align: Align,
    /// Indent of the first line, 1/1024 em.
    pub first_indent: i32,
    /// Extra space between characters of a title, 1/1024 em.
    pub tracking: i32,
    /// Whether lines break by phrase: a title (checklist 51).
    pub phrase: bool,
}

impl ParagraphStyle {
    /// Justified text of a family and size without an indent.
    pub const fn new(family: Family, size: f32) -> Self {
        Self {
            style: Style::new(family),
            size,
            ink: Ink::Text,
            align: Align::Justify,
            first_indent: 0,
            tracking: 0,
            phrase: false,
        }
    }

    /// The same in a heavier weight.
    pub const fn bold(mut self) -> Self {
        self.style.bold = true;
        self
    }

    /// The same with another alignment.
    pub const fn align(mut self, align: Align) -> Self {
        self.align = align;
        self
    }

    /// The same in another ink.
    pub const fn ink(mut self, ink: Ink) -> Self {
        self.ink = ink;
        self
    }

    /// The same with an indent of the first line, em.
    pub const fn indent(mut self, ems: i32) -> Self {
        self.first_indent = ems * 1024;
        self
    }
}
