//! Pages as plain data, and where a piece of the flow stands on its sheet.

use std::collections::BTreeMap;

use crate::{
    index::Index,
    layout::{adjust::Line, item::Paragraph, ruby::Placed, style::Ink},
    source::Span,
    template::{Direction, PageStyle},
};

/// Pages as plain data; lengths in pt, origin at the top left, y downwards.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// Page width.
    pub width: f32,
    /// Page height.
    pub height: f32,
    /// Which way lines run.
    pub direction: Direction,
    /// Whether readers are told that the book is bound at the right, so that its pages turn from left to right.
    pub right_bound: bool,
    /// The pages.
    pub pages: Vec<Page>,
    /// The paragraphs that the lines belong to.
    pub paragraphs: Vec<Paragraph>,
    /// The structure: each node names its parent, the first one is the document.
    pub nodes: Vec<Node>,
    /// Headings for the outline, in order.
    pub outline: Vec<Entry>,
    /// The mark of every note, as the page shows it.
    pub notes: Vec<String>,
    /// Where links within the document lead, by the names of the places.
    pub places: BTreeMap<String, Spot>,
    /// The indexes that are printed, with their pages.
    pub indexes: Vec<Index>,
}

/// A place on a page that links lead to.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Page index.
    pub page: usize,
    /// Height on the page of the top of the place.
    pub y: f32,
    /// The number of the page, as its folio writes it.
    pub folio: String,
    /// What stands there, for people who do not see the page.
    pub words: String,
}

/// A page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// What stands on it, in reading order.
    pub elements: Vec<Element>,
    /// How its folio is written; empty on a page that has none.
    pub label: String,
    /// Whether it belongs to the front matter, whose pages are counted apart.
    pub front: bool,
}

/// Something on a page.
#[derive(Clone, Debug)]
pub enum Element {
    /// A line of text.
    Text(Box<TextLine>),
    /// A picture.
    Image {
        /// Index in `Document::images`.
        image: usize,
        /// Left edge.
        x: f32,
        /// Top edge.
        y: f32,
        /// Width.
        width: f32,
        /// Height.
        height: f32,
        /// Structure node.
        node: usize,
    },
    /// A filled rule, no part of the text.
    Rule {
        /// Left edge.
        x: f32,
        /// Top edge.
        y: f32,
        /// Width.
        width: f32,
        /// Height.
        height: f32,
        /// Ink.
        ink: Ink,
    },
}

/// A mark beside the text that is drawn, not set; lengths in 1/1024 em of the line, `x` along the
/// line, `y` upwards from the baseline or to the right of the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideMark {
    /// An emphasis dot.
    Dot {
        /// Centre.
        x: i32,
        /// Centre.
        y: i32,
    },
    /// A dot of the leaders of a table of contents.
    Leader {
        /// Centre.
        x: i32,
        /// Centre.
        y: i32,
    },
    /// A straight line: a proper name.
    Line {
        /// Start.
        from: i32,
        /// End.
        to: i32,
        /// Middle of the stroke.
        y: i32,
    },
    /// A wavy line: the title of a work.
    Wave {
        /// Start.
        from: i32,
        /// End.
        to: i32,
        /// Middle of the wave.
        y: i32,
    },
}

/// What is less than perfect in a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Name of the rule that reports it.
    pub rule: &'static str,
    /// How much, em; for a loose line the widest gap.
    pub amount: f32,
    /// The line in the manuscript.
    pub span: Span,
}

/// A line of text on a page.
#[derive(Clone, Debug)]
pub struct TextLine {
    /// Left end of the line; of a vertical line its axis.
    pub x: f32,
    /// Baseline; of a vertical line its top.
    pub y: f32,
    /// Whether the line runs from top to bottom.
    pub vertical: bool,
    /// Size of an em.
    pub size: f32,
    /// Index in `Pages::paragraphs`.
    pub paragraph: usize,
    /// Its clusters and their places.
    pub line: Line,
    /// Structure node; `None` for running heads and folios.
    pub node: Option<usize>,
    /// Readings beside the line: index in the paragraph's readings, placed glyphs.
    pub readings: Vec<(usize, Vec<Placed>)>,
    /// Dots and side lines.
    pub marks: Vec<SideMark>,
    /// What is less than perfect in it.
    pub faults: Vec<Fault>,
    /// The entry of the outline that it leads to: a line of the contents.
    pub goto: Option<usize>,
}

/// What a node of the structure is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// The document.
    Document,
    /// A heading of a level, with its words.
    Heading(u8, String),
    /// A paragraph.
    Paragraph,
    /// A quotation.
    Quote,
    /// A list; whether it is numbered.
    List(bool),
    /// Terms with their definitions.
    Definitions,
    /// An item of a list.
    Item,
    /// The mark or number of an item.
    Label,
    /// The text of an item.
    Body,
    /// Code.
    Code,
    /// A table.
    Table,
    /// A row.
    Row,
    /// A header cell, and how many rows and columns it takes.
    HeaderCell(u16, u16),
    /// A cell, and how many rows and columns it takes.
    Cell(u16, u16),
    /// A picture with its alternative text.
    Figure(String),
    /// A caption.
    Caption,
    /// A note.
    Note,
    /// The table of contents.
    Contents,
    /// An entry of the table of contents.
    ContentsEntry,
}

/// A node of the structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Index of its parent; the document is its own.
    pub parent: usize,
}

/// An entry of the outline.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Level, from 1.
    pub level: u8,
    /// Words, on one line.
    pub text: String,
    /// Page index.
    pub page: usize,
    /// Height on the page.
    pub y: f32,
    /// Structure node of the heading.
    pub node: usize,
}

/// A piece of the flow that is not broken over pages. Its elements stand in the coordinates of the
/// flow: `x` along the lines from the start of the measure, `y` across them from the slab's start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slab {
    /// Extent across the lines, pt.
    pub height: f32,
    /// Elements.
    pub elements: Vec<Element>,
    /// Whether the next slab must stand on the same page.
    pub keep: bool,
    /// Whether that is only for the sake of single lines at a page edge (checklist 49).
    pub soft: bool,
    /// Whether it is blank and vanishes at the edges of a page.
    pub blank: bool,
    /// How much of its height is blank before the text and is dropped at the start of a page.
    pub trim: f32,
    /// Outline entry: level, words, structure node.
    pub entry: Option<(u8, String, usize)>,
    /// Whether it starts a new page, and which.
    pub opening: crate::template::Opening,
    /// In vertical books: whether its elements are a picture or table that is set horizontally. They
    /// then count from the left top corner of the box, whose width is the slab's height.
    pub flat: bool,
    /// Index of the head that is repeated when a page starts with this slab (checklist 57).
    pub head: Option<usize>,
    /// Notes whose mark stands in it.
    pub notes: Vec<usize>,
}

/// Where the type area of a page stands on the sheet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area {
    direction: Direction,
    /// Left edge, pt.
    pub left: f32,
    /// Top edge, pt.
    pub top: f32,
    /// Width, pt.
    pub width: f32,
    /// Height, pt.
    pub height: f32,
}

impl Area {
    /// The type area of a page; `recto` for odd pages.
    pub(crate) fn of(page: &PageStyle, recto: bool) -> Self {
        let (along, across) =
            (f32::from(page.measure) * page.size, f32::from(page.lines) * page.pitch * page.size);
        let (width, height) = match page.direction {
            Direction::Horizontal => (along, across),
            Direction::Vertical => (across, along),
        };
        // A horizontal book is bound at the left of its odd pages, a vertical one at their right.
        let bound_left = recto == (page.direction == Direction::Horizontal);
        let left = match page.inner {
            Some(inner) if bound_left => inner,
            Some(inner) => page.width - inner - width,
            None => (page.width - width) / 2.0,
        };
        Self { direction: page.direction, left, top: page.top, width, height }
    }

    /// An element of a slab that starts at `offset` across the lines, on the sheet.
    pub(crate) fn place(&self, element: Element, slab_height: f32, flat: bool, offset: f32) -> Element {
        let mut element = element;
        match (self.direction, flat) {
            (Direction::Horizontal, _) => move_by(&mut element, self.left, self.top + offset),
            (Direction::Vertical, true) => {
                move_by(&mut element, self.left + self.width - offset - slab_height, self.top);
            }
            (Direction::Vertical, false) => {
                let right = self.left + self.width - offset;
                match &mut element {
                    Element::Text(line) => (line.x, line.y) = (right - line.y, self.top + line.x),
                    Element::Image { x, y, width, .. } => (*x, *y) = (right - *y - *width, self.top + *x),
                    Element::Rule { x, y, width, height, .. } => {
                        (*x, *y) = (right - *y - *height, self.top + *x);
                        std::mem::swap(width, height);
                    }
                }
            }
        }
        element
    }
}

pub(crate) fn move_by(element: &mut Element, dx: f32, dy: f32) {
    match element {
        Element::Text(line) => (line.x, line.y) = (line.x + dx, line.y + dy),
        Element::Image { x, y, .. } | Element::Rule { x, y, .. } => (*x, *y) = (*x + dx, *y + dy),
    }
}

/// The same element farther across the lines.
pub(crate) fn shifted(mut element: Element, by: f32) -> Element {
    move_by(&mut element, 0.0, by);
    element
}

impl Pages {
    /// Adds a node to the structure.
    pub(crate) fn node(&mut self, kind: NodeKind, parent: usize) -> usize {
        self.nodes.push(Node { kind, parent });
        self.nodes.len() - 1
    }

    /// Adds the paragraphs, and gives back where they start.
    pub(crate) fn add(&mut self, paragraph: Paragraph) -> usize {
        self.paragraphs.push(paragraph);
        self.paragraphs.len() - 1
    }

    /// The text of the pages in reading order, a line of output for each line of the page, without
    /// running heads and folios: what a reader who copies the pages should get.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for page in &self.pages {
            for element in &page.elements {
                if let Element::Text(line) = element
                    && line.node.is_some()
                {
                    let paragraph = &self.paragraphs[line.paragraph];
                    let clusters = &paragraph.clusters[line.line.start..line.line.end];
                    for (k, cluster) in clusters.iter().enumerate() {
                        let text = cluster.text(paragraph);
                        match paragraph.looks[cluster.look as usize].note {
                            Some(note) if text == "\u{FFFC}" => out.push_str(&self.notes[note]),
                            _ => out.push_str(text),
                        }
                        let at = line.line.start + k + 1;
                        for reading in line.readings.iter().map(|r| &paragraph.readings[r.0]) {
                            if reading.clusters.end == at {
                                out.push_str(&in_brackets(&reading.text));
                            }
                        }
                    }
                    out.push('\n');
                }
            }
        }
        out
    }

    /// Whether any line runs from top to bottom.
    pub fn vertical(&self) -> bool {
        self.direction == Direction::Vertical
    }

    /// How many glyphs of each face the pages use, by face index: the fonts that an output must carry.
    pub fn faces(&self) -> BTreeMap<u16, usize> {
        let mut faces = BTreeMap::new();
        for glyph in self.paragraphs.iter().flat_map(|p| p.clusters.iter().flat_map(|c| p.glyphs_of(c))) {
            *faces.entry(glyph.face.0).or_default() += 1;
        }
        faces
    }
}

/// A reading as it is copied: after its base, in brackets (checklist 58).
pub fn in_brackets(reading: &str) -> String {
    format!("（{reading}）")
}
