//! A manuscript as a tree: metadata, blocks of running text, notes and pictures.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    source::Span,
    text::{MarkKind, Text},
};

/// A document: what reading makes and every later stage passes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Title, authors, date and the like.
    pub meta: Metadata,
    /// The body, in order.
    pub blocks: Vec<Block>,
    /// Notes, in order of their number; `MarkKind::Note(i)` points here.
    pub notes: Vec<Vec<Block>>,
    /// Notes that stand at the end of the text where the others stand at the foot of their page, by their index.
    pub endnotes: BTreeSet<usize>,
    /// Pictures by the path that the manuscript names, filled in by the caller that may read files.
    pub images: Vec<Image>,
    /// Stretches of the manuscript that its writer took from the proofreader, in any order.
    pub ignored: Vec<Ignored>,
}

/// A stretch of the manuscript in which rules about words are silent (`<!-- hanpress-ignore -->`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The stretch.
    pub span: Span,
    /// Where the manuscript says so.
    pub comment: Span,
    /// The rules that are silent; none named means all of them.
    pub rules: Vec<String>,
}

/// What is known of the document as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The title; a couplet has a hard line break.
    pub title: Option<Text>,
    /// What the editions are called where there is no title: the name of the manuscript's file. It is on no page.
    pub name: Option<String>,
    /// The subtitle.
    pub subtitle: Option<Text>,
    /// Authors, in order.
    pub authors: Vec<Text>,
    /// ISO 8601 date: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub date: Option<String>,
    /// BCP 47 tag that the manuscript claims.
    pub language: Option<String>,
    /// Where the text came from.
    pub source: Option<Text>,
    /// Licence or rights statement.
    pub rights: Option<Text>,
    /// Publisher.
    pub publisher: Option<Text>,
    /// One-paragraph description.
    pub description: Option<Text>,
    /// Unique identifier (ISBN, URN) if the manuscript gives one.
    pub identifier: Option<String>,
    /// The series that the book belongs to.
    pub series: Option<Text>,
    /// Its number in the series, such as `3` or `2.5`.
    pub series_index: Option<String>,
    /// The picture on its cover: a path as the manuscript names it.
    pub cover: Option<String>,
    /// What kind of writing the manuscript says it is; `letter` has parts of its own.
    pub kind: Option<String>,
    /// Where notes stand, if the manuscript says so and not the template.
    pub notes: Option<NotePlace>,
    /// The indexes at its end, in order.
    pub index: Vec<IndexKind>,
}

/// What an index lists: the words that the manuscript marks so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IndexKind {
    /// Proper names (`MarkKind::Name`).
    Names,
    /// Titles of works (`MarkKind::Title`).
    Titles,
    /// Words that are marked for an index (`MarkKind::Index`).
    Terms,
}

impl IndexKind {
    /// The names of all kinds, as front matter and the command line have them.
    pub const NAMES: [(&'static str, Self); 3] =
        [("names", Self::Names), ("titles", Self::Titles), ("terms", Self::Terms)];

    /// The kind of a name.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, kind)| *kind == self).map_or("terms", |(name, _)| name)
    }
}

/// Where notes stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotePlace {
    /// At the foot of the page that has their mark; in vertical setting at its left end.
    #[default]
    Foot,
    /// Together at the end of each chapter.
    Chapter,
    /// Together at the end.
    End,
}

impl NotePlace {
    /// The names of all places, as front matter, templates and the command line have them.
    pub const NAMES: [(&'static str, Self); 3] =
        [("foot", Self::Foot), ("chapter", Self::Chapter), ("end", Self::End)];

    /// The place of a name.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, place)| *place)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, place)| *place == self).map_or("foot", |(name, _)| name)
    }
}

/// What a note is called, among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoteNumber {
    /// Counted from 1.
    pub number: usize,
    /// Whether it stands at the end where others stand at the foot: it has a Chinese number.
    pub at_end: bool,
}

/// A picture of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The path as the manuscript names it.
    pub path: String,
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// What kind of picture it is.
    pub format: ImageFormat,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Why bytes are no picture that every edition can carry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// Another format, or none.
    #[error("it is neither PNG nor JPEG")]
    Kind,
    /// Its bytes are not what its format says.
    #[error("the {0} is damaged")]
    Damaged(&'static str),
    /// It would take too much memory.
    #[error("the PNG is too large")]
    Large,
    /// Its colors are those of a printing press.
    #[error("the JPEG is CMYK; save it as RGB")]
    Cmyk,
}

impl Image {
    /// A whole PNG or JPEG that every format can carry, measured.
    ///
    /// # Errors
    /// When the bytes are no such picture.
    pub fn read(path: String, bytes: Vec<u8>) -> Result<Self, ImageError> {
        let (format, width, height) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            let damaged = |_| ImageError::Damaged("PNG");
            let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().map_err(damaged)?;
            let (width, height) = (reader.info().width, reader.info().height);
            let size = reader.output_buffer_size().filter(|&n| n <= 1 << 30).ok_or(ImageError::Large)?;
            reader.next_frame(&mut vec![0; size]).map_err(damaged)?;
            (ImageFormat::Png, width, height)
        } else if bytes.starts_with(&[0xFF, 0xD8]) {
            let damaged = ImageError::Damaged("JPEG");
            let (width, height, components) = jpeg_head(&bytes).ok_or(damaged.clone())?;
            if width == 0 || height == 0 || !bytes.trim_ascii_end().ends_with(&[0xFF, 0xD9]) {
                return Err(damaged);
            }
            if components == 4 {
                return Err(ImageError::Cmyk);
            }
            (ImageFormat::Jpeg, width, height)
        } else {
            return Err(ImageError::Kind);
        };
        Ok(Self { path, bytes, format, width, height })
    }
}

impl Image {
    /// How many components each point of a JPEG has: 1 of gray, 3 of color. `None` for a PNG.
    pub fn components(&self) -> Option<u8> {
        jpeg_head(&self.bytes).filter(|_| self.format == ImageFormat::Jpeg).map(|head| head.2)
    }

    /// What the format is called in packages and pages.
    pub fn media_type(&self) -> &'static str {
        match self.format {
            ImageFormat::Png => "image/png",
            ImageFormat::Jpeg => "image/jpeg",
        }
    }
}

/// Width, height and number of components from the frame header of a JPEG.
fn jpeg_head(bytes: &[u8]) -> Option<(u32, u32, u8)> {
    let be = |at: usize| Some(u32::from(*bytes.get(at)?) << 8 | u32::from(*bytes.get(at + 1)?));
    let mut at = 2;
    while *bytes.get(at)? == 0xFF {
        let marker = *bytes.get(at + 1)?;
        if matches!(marker, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF) {
            return Some((be(at + 7)?, be(at + 5)?, *bytes.get(at + 9)?));
        }
        at += 2 + if (0xD0..=0xD9).contains(&marker) { 0 } else { be(at + 2)? as usize };
    }
    None
}

/// Picture formats that every edition can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageFormat {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
}

/// What a paragraph is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Running text.
    #[default]
    Body,
    /// A note on the authors at the end.
    AuthorNote,
    /// A paragraph that goes on after a formula, figure or list: no indent.
    Continued,
    /// The salutation of a letter: flush at the start edge.
    Salutation,
    /// The closing words of a letter that stand flush at the start edge, such as 敬禮.
    Closing,
    /// The signature or date of a letter: two em in from the end edge.
    Signature,
}

/// How the numbers of a list are written (CSS Counter Styles; checklist 55).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counter {
    /// As the template has it for the depth of the list.
    #[default]
    Auto,
    /// `1.`
    Decimal,
    /// `（1）`
    DecimalParen,
    /// `一、`
    Chinese,
    /// `（一）`
    ChineseParen,
    /// `壹、`
    ChineseFormal,
    /// `甲、`
    HeavenlyStem,
    /// `子、`
    EarthlyBranch,
    /// `①`
    Circled,
}

/// A block of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading; its lines are parted by hard breaks.
    Heading {
        /// 1 (chapter) to 6.
        level: u8,
        /// The words.
        text: Text,
    },
    /// A paragraph.
    Paragraph {
        /// The words.
        text: Text,
        /// What it is for.
        role: Role,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// A list.
    List {
        /// First number, or `None` for a bulleted list.
        start: Option<u64>,
        /// How its numbers are written.
        counter: Counter,
        /// Whether items are set without space between them.
        tight: bool,
        /// The items.
        items: Vec<Item>,
    },
    /// Terms with their definitions.
    Definitions(Vec<Definition>),
    /// Code or other verbatim text: the whole text is locked.
    Code {
        /// Language named at the fence; may be empty.
        language: String,
        /// The lines.
        text: Text,
    },
    /// A table.
    Table {
        /// One alignment a column.
        align: Vec<Align>,
        /// Header cells; may be empty.
        head: Vec<Text>,
        /// Rows of cells.
        rows: Vec<Vec<Text>>,
        /// Cells that reach over others, in the order of their places.
        merged: Vec<Merge>,
        /// Caption, set above the table (CY/T 170; checklist 57).
        caption: Option<Text>,
    },
    /// Verse: a text a stanza, its lines parted by hard breaks; lines are never justified (checklist 56).
    Verse(Vec<Text>),
    /// A picture on its own with an optional caption.
    Figure {
        /// Path as the manuscript names it.
        path: String,
        /// Alternative text.
        alt: String,
        /// Caption.
        caption: Option<Text>,
        /// The name by which links lead to it.
        anchor: Option<String>,
        /// Where the picture is named.
        span: Span,
    },
    /// A break between sections.
    Break,
}

/// An item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// For a task list: whether it is done.
    pub task: Option<bool>,
    /// The item's blocks.
    pub blocks: Vec<Block>,
}

/// A term with what it means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definition {
    /// The term; several of one meaning are parted by hard breaks.
    pub term: Text,
    /// Its meanings, each of blocks.
    pub meanings: Vec<Vec<Block>>,
}

/// A cell that reaches over its neighbors to the end and below, whose own texts are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merge {
    /// Its row; the head is row 0 where there is one.
    pub row: usize,
    /// Its column.
    pub column: usize,
    /// How many rows it takes, 1 or more.
    pub rows: usize,
    /// How many columns it takes, 1 or more.
    pub columns: usize,
}

/// What stands at a place of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A cell of so many rows and columns.
    Own {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// A part of the cell that starts so many rows above and so many columns before.
    Covered {
        /// Rows above.
        above: usize,
        /// Columns before.
        before: usize,
    },
}

/// What stands at each place of a table of so many rows (the head included) and columns. A merge that reaches out of
/// the table is cut, one that meets an earlier one is left out, and none reaches from the head into the body.
pub fn cells(merged: &[Merge], rows: usize, columns: usize, head: bool) -> Vec<Vec<Cell>> {
    let mut grid = vec![vec![Cell::Own { rows: 1, columns: 1 }; columns]; rows];
    for merge in merged.iter().filter(|m| m.row < rows && m.column < columns) {
        let last = if head && merge.row == 0 { 1 } else { rows };
        let down = merge.row..merge.row.saturating_add(merge.rows.max(1)).min(last);
        let along = merge.column..merge.column.saturating_add(merge.columns.max(1)).min(columns);
        let free = Cell::Own { rows: 1, columns: 1 };
        if down.clone().any(|row| grid[row][along.clone()].iter().any(|cell| *cell != free)) {
            continue;
        }
        for row in down.clone() {
            for column in along.clone() {
                grid[row][column] = Cell::Covered { above: row - down.start, before: column - along.start };
            }
        }
        grid[down.start][along.start] = Cell::Own { rows: down.len(), columns: along.len() };
    }
    grid
}

/// How a table column is aligned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// As the table's style has it.
    #[default]
    Auto,
    /// At the start edge.
    Start,
    /// Centred.
    Center,
    /// At the end edge.
    End,
}

/// Where in a document a text stands; rules ask it before they judge a space or a full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Title, subtitle.
    Title,
    /// Authors, source, rights and other metadata.
    Meta,
    /// A heading.
    Heading,
    /// Running text.
    Paragraph,
    /// A table cell.
    Cell,
    /// A caption.
    Caption,
    /// Verbatim text.
    Code,
}

impl Document {
    /// The title, where one is printed. A letter has none unless the manuscript gives it one: the name of its file is
    /// for shelves and searches only.
    pub fn printed_title(&self) -> Option<&Text> {
        let letter = self.meta.kind.as_deref() == Some("letter")
            || matches!(self.blocks.first(), Some(Block::Paragraph { role: Role::Salutation, .. }));
        let own = |title: &&Text| title.pieces().iter().any(|p| !p.span.range().is_empty());
        self.meta.title.as_ref().filter(|title| !letter || own(title))
    }

    /// The picture on the cover, if it is there.
    pub fn cover(&self) -> Option<usize> {
        let path = self.meta.cover.as_ref()?;
        self.images.iter().position(|image| image.path == *path)
    }

    /// The parts of the text for which notes may be gathered: where each chapter begins and ends among the blocks, a
    /// chapter being what stands under a heading of the highest level.
    pub fn chapters(&self) -> Vec<std::ops::Range<usize>> {
        let level = |block: &Block| match block {
            Block::Heading { level, .. } => Some(*level),
            _ => None,
        };
        let top = self.blocks.iter().filter_map(level).min();
        let begins = |&at: &usize| at == 0 || top.is_some() && level(&self.blocks[at]) == top;
        let starts: Vec<usize> = (0..self.blocks.len()).filter(begins).collect();
        let ends = starts.iter().skip(1).copied().chain([self.blocks.len()]);
        starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
    }

    /// The number of each note where notes stand at a place: where that is the foot, endnotes are counted apart.
    pub fn note_numbers(&self, place: NotePlace) -> Vec<NoteNumber> {
        let (mut foot, mut end) = (0, 0);
        let number = |index| {
            let at_end = place == NotePlace::Foot && self.endnotes.contains(&index);
            let count = if at_end { &mut end } else { &mut foot };
            *count += 1;
            NoteNumber { number: *count, at_end }
        };
        (0..self.notes.len()).map(number).collect()
    }

    /// The notes in the order in which blocks refer to them first, with those that other notes refer to.
    pub fn notes_of(&self, blocks: &[Block]) -> Vec<usize> {
        let mut out: Vec<usize> = Vec::new();
        let mut at = 0;
        let mut waiting = Some(blocks);
        while let Some(blocks) = waiting {
            let mut texts = Vec::new();
            collect(blocks, &mut texts);
            for mark in texts.iter().flat_map(|(_, text)| text.marks()) {
                if let MarkKind::Note(index) = mark.kind
                    && index < self.notes.len()
                    && !out.contains(&index)
                {
                    out.push(index);
                }
            }
            waiting = out.get(at).map(|&index| self.notes[index].as_slice());
            at += 1;
        }
        out
    }

    /// Every text of the document in reading order (metadata, blocks, notes), with its place.
    pub fn texts(&self) -> Vec<(Place, &Text)> {
        let mut out = Vec::new();
        let meta = &self.meta;
        out.extend(meta.title.iter().chain(&meta.subtitle).map(|t| (Place::Title, t)));
        out.extend(
            meta.authors
                .iter()
                .chain(&meta.source)
                .chain(&meta.rights)
                .chain(&meta.publisher)
                .chain(&meta.description)
                .chain(&meta.series)
                .map(|t| (Place::Meta, t)),
        );
        for blocks in std::iter::once(&self.blocks).chain(&self.notes) {
            collect(blocks, &mut out);
        }
        out
    }

    /// Gives every picture another path, wherever it is named; pictures without a file keep theirs.
    pub fn rename_images(&mut self, name: impl Fn(usize, &Image) -> String) {
        let names: BTreeMap<String, String> =
            self.images.iter().enumerate().map(|(i, image)| (image.path.clone(), name(i, image))).collect();
        self.rename_paths(|path| names.get(path).map_or_else(|| path.to_owned(), String::clone));
    }

    /// Gives every picture, with a file or without, the path that `name` makes of its own.
    pub fn rename_paths(&mut self, name: impl Fn(&str) -> String) {
        let rename = |path: &mut String| *path = name(path);
        self.meta.cover.iter_mut().for_each(rename);
        self.texts_mut().into_iter().for_each(|(_, text)| text.images_mut().for_each(rename));
        for blocks in std::iter::once(&mut self.blocks).chain(&mut self.notes) {
            each_mut(blocks, &mut |block| {
                if let Block::Figure { path, .. } = block {
                    rename(path);
                }
            });
        }
        self.images.iter_mut().for_each(|image| rename(&mut image.path));
    }

    /// The same texts in the same order, to edit.
    pub fn texts_mut(&mut self) -> Vec<(Place, &mut Text)> {
        let mut out = Vec::new();
        let meta = &mut self.meta;
        out.extend(meta.title.iter_mut().chain(&mut meta.subtitle).map(|t| (Place::Title, t)));
        out.extend(
            meta.authors
                .iter_mut()
                .chain(&mut meta.source)
                .chain(&mut meta.rights)
                .chain(&mut meta.publisher)
                .chain(&mut meta.description)
                .chain(&mut meta.series)
                .map(|t| (Place::Meta, t)),
        );
        for blocks in std::iter::once(&mut self.blocks).chain(&mut self.notes) {
            collect_mut(blocks, &mut out);
        }
        out
    }
}

impl Block {
    /// The blocks that stand inside it, in order: those of a quotation, of each item, of each meaning.
    pub fn inner(&self) -> Vec<&[Block]> {
        match self {
            Self::Quote(blocks) => vec![blocks],
            Self::List { items, .. } => items.iter().map(|item| item.blocks.as_slice()).collect(),
            Self::Definitions(all) => all.iter().flat_map(|one| &one.meanings).map(Vec::as_slice).collect(),
            _ => Vec::new(),
        }
    }

    /// The same blocks, to edit.
    pub fn inner_mut(&mut self) -> Vec<&mut Vec<Block>> {
        match self {
            Self::Quote(blocks) => vec![blocks],
            Self::List { items, .. } => items.iter_mut().map(|item| &mut item.blocks).collect(),
            Self::Definitions(all) => all.iter_mut().flat_map(|one| &mut one.meanings).collect(),
            _ => Vec::new(),
        }
    }
}

/// Every block and every block inside another, in order.
pub fn each<'a>(blocks: &'a [Block], look: &mut impl FnMut(&'a Block)) {
    for block in blocks {
        look(block);
        block.inner().into_iter().for_each(|blocks| each(blocks, look));
    }
}

/// The same blocks in the same order, to edit.
pub fn each_mut(blocks: &mut [Block], edit: &mut impl FnMut(&mut Block)) {
    for block in blocks {
        edit(block);
        block.inner_mut().into_iter().for_each(|blocks| each_mut(blocks, edit));
    }
}

/// Every text of blocks in reading order, with its place.
pub(crate) fn collect<'a>(blocks: &'a [Block], out: &mut Vec<(Place, &'a Text)>) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } => out.push((Place::Heading, text)),
            Block::Paragraph { text, .. } => out.push((Place::Paragraph, text)),
            Block::Quote(blocks) => collect(blocks, out),
            Block::List { items, .. } => items.iter().for_each(|item| collect(&item.blocks, out)),
            Block::Definitions(all) => {
                for one in all {
                    out.push((Place::Paragraph, &one.term));
                    one.meanings.iter().for_each(|blocks| collect(blocks, out));
                }
            }
            Block::Code { text, .. } => out.push((Place::Code, text)),
            Block::Table { head, rows, caption, .. } => {
                out.extend(caption.iter().map(|t| (Place::Caption, t)));
                out.extend(head.iter().chain(rows.iter().flatten()).map(|t| (Place::Cell, t)));
            }
            Block::Verse(stanzas) => out.extend(stanzas.iter().map(|t| (Place::Paragraph, t))),
            Block::Figure { caption, .. } => out.extend(caption.iter().map(|t| (Place::Caption, t))),
            Block::Break => {}
        }
    }
}

/// The same texts in the same order, to edit.
pub(crate) fn collect_mut<'a>(blocks: &'a mut [Block], out: &mut Vec<(Place, &'a mut Text)>) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } => out.push((Place::Heading, text)),
            Block::Paragraph { text, .. } => out.push((Place::Paragraph, text)),
            Block::Quote(blocks) => collect_mut(blocks, out),
            Block::List { items, .. } => items.iter_mut().for_each(|item| collect_mut(&mut item.blocks, out)),
            Block::Definitions(all) => {
                for one in all {
                    out.push((Place::Paragraph, &mut one.term));
                    one.meanings.iter_mut().for_each(|blocks| collect_mut(blocks, out));
                }
            }
            Block::Code { text, .. } => out.push((Place::Code, text)),
            Block::Table { head, rows, caption, .. } => {
                out.extend(caption.iter_mut().map(|t| (Place::Caption, t)));
                out.extend(head.iter_mut().chain(rows.iter_mut().flatten()).map(|t| (Place::Cell, t)));
            }
            Block::Verse(stanzas) => out.extend(stanzas.iter_mut().map(|t| (Place::Paragraph, t))),
            Block::Figure { caption, .. } => out.extend(caption.iter_mut().map(|t| (Place::Caption, t))),
            Block::Break => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merge(row: usize, column: usize, rows: usize, columns: usize) -> Merge {
        Merge { row, column, rows, columns }
    }

    /// A sign for each place: its size, or `<` and `^` for where its cell lies.
    fn drawn(merged: &[Merge], rows: usize, columns: usize, head: bool) -> String {
        let sign = |cell: &Cell| match *cell {
            Cell::Own { rows: 1, columns: 1 } => "··".to_owned(),
            Cell::Own { rows, columns } => format!("{rows}{columns}"),
            Cell::Covered { above: 0, .. } => "<<".to_owned(),
            Cell::Covered { before: 0, .. } => "^^".to_owned(),
            Cell::Covered { .. } => "<^".to_owned(),
        };
        let rows = cells(merged, rows, columns, head);
        let rows: Vec<String> =
            rows.iter().map(|row| row.iter().map(sign).collect::<Vec<_>>().join(" ")).collect();
        rows.join(" / ")
    }

    #[test]
    fn merged_cells_lie_inside_the_table_and_apart() {
        for (merged, head, expected) in [
            (vec![], false, "·· ·· ·· / ·· ·· ··"),
            (vec![merge(0, 0, 2, 2)], false, "22 << ·· / ^^ <^ ··"),
            (vec![merge(0, 1, 9, 9)], false, "·· 22 << / ·· ^^ <^"),
            (vec![merge(0, 0, 2, 1)], true, "·· ·· ·· / ·· ·· ··"),
            (vec![merge(0, 0, 2, 2)], true, "12 << ·· / ·· ·· ··"),
            (vec![merge(0, 0, 1, 2), merge(0, 1, 2, 1)], false, "12 << ·· / ·· ·· ··"),
            (vec![merge(7, 7, 1, 2), merge(1, 2, usize::MAX, usize::MAX)], false, "·· ·· ·· / ·· ·· ··"),
        ] {
            assert_eq!(drawn(&merged, 2, 3, head), expected, "{merged:?}");
        }
    }
}
