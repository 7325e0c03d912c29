//! Slabs in, pages out: blocks stacked on the line grid, kept together where they must be.

use std::collections::BTreeMap;

use crate::layout::{adjust::Line, item::Paragraph, style::Ink};

/// Pages as plain data; lengths in pt, origin at the top left, y downwards.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// Page width.
    pub width: f32,
    /// Page height.
    pub height: f32,
    /// The pages.
    pub pages: Vec<Page>,
    /// The paragraphs that the lines belong to.
    pub paragraphs: Vec<Paragraph>,
    /// The structure: each node names its parent, the first one is the document.
    pub nodes: Vec<Node>,
    /// Headings for the outline, in order.
    pub outline: Vec<Entry>,
}

/// A page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// What stands on it, in reading order.
    pub elements: Vec<Element>,
}

/// Something on a page.
#[derive(Clone, Debug)]
pub enum Element {
    /// A line of text.
    Text(TextLine),
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

/// A line of text on a page.
#[derive(Clone, Debug)]
pub struct TextLine {
    /// Left end of the line.
    pub x: f32,
    /// Baseline.
    pub y: f32,
    /// Size of an em.
    pub size: f32,
    /// Index in `Pages::paragraphs`.
    pub paragraph: usize,
    /// Its clusters and their places.
    pub line: Line,
    /// Structure node; `None` for running heads and folios.
    pub node: Option<usize>,
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
    /// A header cell.
    HeaderCell,
    /// A cell.
    Cell,
    /// A picture with its alternative text.
    Figure(String),
    /// A caption.
    Caption,
    /// A note.
    Note,
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
}

/// A piece of the flow that is not broken over pages; its elements stand relative to its top left.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slab {
    /// Height.
    pub height: f32,
    /// Elements; y counts from the slab's top, x from the page's left edge.
    pub elements: Vec<Element>,
    /// Whether the next slab must stand on the same page.
    pub keep: bool,
    /// Whether it is blank and vanishes at the top of a page.
    pub blank: bool,
    /// How much of its height is blank above the text and is dropped at the top of a page.
    pub trim: f32,
    /// Outline entry: level and words.
    pub entry: Option<(u8, String)>,
}

/// Stacks slabs into pages of a height, starting at `top`.
pub(crate) fn paginate(slabs: Vec<Slab>, top: f32, height: f32, pages: &mut Pages) {
    // Rounding of floats must not push a line off a full page.
    let slack = 0.01;
    let slabs: Vec<Slab> = slabs.into_iter().flat_map(|slab| split(slab, height)).collect();
    let mut page = Page::default();
    let mut y = 0.0;
    let mut i = 0;
    while i < slabs.len() {
        // A group is what must stay on one page: a slab with all that it is kept with.
        let mut end = i + 1;
        while end < slabs.len() && (slabs[end - 1].keep || (slabs[end - 1].blank && end - 1 > i)) {
            end += 1;
        }
        let needed: f32 = slabs[i..end].iter().map(|s| s.height).sum();
        let fits = y + needed <= height + slack;
        // A group taller than a page goes line by line.
        let end = if fits || needed <= height + slack { end } else { i + 1 };
        let needed: f32 = slabs[i..end].iter().map(|s| s.height).sum();
        if y + needed > height + slack && y > 0.0 {
            pages.pages.push(std::mem::take(&mut page));
            y = 0.0;
        }
        for slab in &slabs[i..end] {
            if slab.blank && y == 0.0 {
                continue;
            }
            if let Some((level, text)) = &slab.entry {
                pages.outline.push(Entry {
                    level: *level,
                    text: text.clone(),
                    page: pages.pages.len(),
                    y: top + y,
                });
            }
            let trim = if y == 0.0 { slab.trim } else { 0.0 };
            for element in &slab.elements {
                page.elements.push(shifted(element.clone(), top + y - trim));
            }
            y += slab.height - trim;
        }
        i = end;
    }
    if !page.elements.is_empty() || pages.pages.is_empty() {
        pages.pages.push(page);
    }
}

/// Parts a slab that is taller than a page between its lines, so that nothing leaves the page.
fn split(slab: Slab, height: f32) -> Vec<Slab> {
    if slab.height <= height || slab.blank {
        return vec![slab];
    }
    let y_of = |e: &Element| match e {
        Element::Text(line) => line.y,
        Element::Image { y, .. } | Element::Rule { y, .. } => *y,
    };
    let mut elements = slab.elements;
    elements.sort_by(|a, b| y_of(a).total_cmp(&y_of(b)));
    let mut out: Vec<Slab> = Vec::new();
    let mut start = 0.0;
    let mut entry = slab.entry;
    for element in elements {
        let y = y_of(&element);
        // Room for the line's depth below its baseline.
        if out.is_empty() || y - start > height - 6.0 {
            start = if out.is_empty() { 0.0 } else { y - 18.0 };
            out.push(Slab { entry: entry.take(), ..Slab::default() });
        }
        let part = out.last_mut().expect("just pushed");
        part.height = part.height.max(y - start + 6.0);
        part.elements.push(shifted(element, -start));
    }
    out
}

fn shifted(mut element: Element, by: f32) -> Element {
    match &mut element {
        Element::Text(line) => line.y += by,
        Element::Image { y, .. } | Element::Rule { y, .. } => *y += by,
    }
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
                    if let (Some(first), Some(last)) = (clusters.first(), clusters.last()) {
                        out.push_str(&paragraph.text[first.range.start as usize..last.range.end as usize]);
                    }
                    out.push('\n');
                }
            }
        }
        out
    }

    /// How many glyphs of each face the pages use, by face index: the fonts that an output must carry.
    pub fn faces(&self) -> BTreeMap<u16, usize> {
        let mut faces = BTreeMap::new();
        for glyph in self.paragraphs.iter().flat_map(|p| &p.glyphs) {
            *faces.entry(glyph.face.0).or_default() += 1;
        }
        faces
    }
}
