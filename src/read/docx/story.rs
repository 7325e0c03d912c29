//! What is read of a body or a note before it becomes blocks: paragraphs with what their styles say of them.

use crate::{
    document::Block,
    read::docx::{field::Fields, numbering::Label, parts::Relations, styles::Use},
    source::Span,
    text::Text,
};

/// A body, a note or a text box that is being read.
pub(super) struct Story {
    /// The part that it stands in.
    pub part: String,
    pub relations: Relations,
    /// Fields that are open: they may begin in one paragraph and end in another.
    pub fields: Fields,
    /// Whether this is the body: title and authors stand there only.
    pub body: bool,
    pub pieces: Vec<Piece>,
    /// Whether the mark at the end of the last paragraph was deleted, so that the next one goes on with it.
    pub joined: bool,
    /// How many text boxes stand around it.
    pub boxes: usize,
}

/// A paragraph, or what is already a block.
pub(super) enum Piece {
    Paragraph(Box<Paragraph>),
    Block(Block),
}

/// A paragraph as it was read.
#[derive(Clone, Debug)]
pub(super) struct Paragraph {
    pub text: Text,
    pub usage: Use,
    /// Its place in the source, tags and all.
    pub span: Span,
    pub label: Option<Label>,
    /// Left indent, twips.
    pub left: i32,
    /// How many quotations stand in one another around a quotation's paragraph.
    pub quoted: usize,
    pub looks: Looks,
    /// Whether a number that counts captions is in it.
    pub counted: bool,
    /// Whether it has nothing but a line below or above it.
    pub ruled: bool,
}

/// How a paragraph looks, where its style says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Looks {
    /// Whether all of it is bold.
    pub bold: bool,
    pub centered: bool,
    pub right: bool,
    /// Whether the paragraph itself, and not its style, says that it stands at the left.
    pub left: bool,
    /// Size of most of its characters, half points.
    pub size: u32,
    /// Whether it stands in running text: no style of its own but that of all paragraphs.
    pub plain: bool,
}

impl Paragraph {
    /// An empty paragraph.
    pub(super) fn new(span: Span) -> Self {
        Self {
            text: Text::new(),
            usage: Use::Body,
            span,
            label: None,
            left: 0,
            quoted: 1,
            looks: Looks::default(),
            counted: false,
            ruled: false,
        }
    }
}

impl Story {
    /// A story that has nothing yet.
    pub(super) fn new(part: &str, relations: Relations, body: bool) -> Self {
        Self {
            part: part.to_owned(),
            relations,
            fields: Fields::default(),
            body,
            pieces: Vec::new(),
            joined: false,
            boxes: 0,
        }
    }

    /// Adds a paragraph, or goes on with the last one if the mark between them was deleted.
    pub(super) fn add(&mut self, paragraph: Paragraph) {
        if std::mem::take(&mut self.joined)
            && let Some(Piece::Paragraph(last)) = self.pieces.last_mut()
        {
            last.text.push_text(&paragraph.text);
            last.span = last.span.join(paragraph.span);
            return;
        }
        self.pieces.push(Piece::Paragraph(Box::new(paragraph)));
    }
}
