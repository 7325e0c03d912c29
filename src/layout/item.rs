//! A paragraph of text in, clusters and the boundaries between them out.
//!
//! Our class table decides wherever Han or a Chinese mark is touched; UAX 14 decides inside
//! Western runs only: alone it would start lines with `·` and split `60km/h`.

use std::{cell::RefCell, ops::Range, sync::Arc};

use crate::{
    counter,
    document::{Counter, NoteNumber},
    edition::Region,
    font::{
        casting::{Set, stands_in},
        shape::{Shaper, Shapers, half_width, narrow},
        store::{FaceId, Family, FontError, Style, Use},
    },
    layout::{
        EM,
        class::{Class, Composition},
        quotes::classes,
        ruby::{self, Reading},
        style::{Ink, ParagraphStyle},
        vertical::{self, Setting},
        western::{closing, cuts, opening, opportunity},
    },
    source::Span,
    template::{EmphasisStyle, NoteMark},
    text::{MarkKind, OBJECT, Text},
};

/// Set where no face has a character.
const GETA: char = '〓';

/// How far justification may widen a Han–Latin gap before it opens all gaps, 1/1024 em: a third of
/// an em, the stricter of the two values that checklist 19 allows, because wide gaps beside
/// numbers are what the eye sees first.
const MAX_LATIN_GAP: i32 = 341;

/// Tiers of shrinking, in CLReq's order (checklist 18).
pub const SHRINK_TIERS: usize = 7;

/// From the baseline to the middle of the em box, 1/1024 em: it reaches from -0.12 to 0.88 em.
pub const MIDDLE: i32 = 389;

/// From the baseline to the middle of Western letters, half the height of a capital, 1/1024 em.
const WESTERN_MIDDLE: i32 = 366;

/// Size and rise of superior figures and note marks, 1/1024 em.
const SUPERIOR: (i32, i32) = (640, 380);

/// A line beside the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideLine {
    /// Straight: a proper name.
    Name,
    /// Wavy: the title of a work.
    Title,
}

/// How a stretch of a paragraph looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Face.
    pub style: Style,
    /// Ink.
    pub ink: Ink,
    /// Size relative to the paragraph's em, in 1/1024.
    pub scale: i32,
    /// Shift upwards (in vertical lines to the right), 1/1024 em.
    pub rise: i32,
    /// Target of the link that it belongs to.
    pub link: Option<String>,
    /// The note that its mark points to.
    pub note: Option<usize>,
    /// Whether a line goes through it.
    pub strike: bool,
    /// The line beside it, with the number of the mark that it belongs to: two names that touch have two.
    pub side: Option<(SideLine, u32)>,
    /// Whether its Han carry emphasis dots.
    pub dots: bool,
    /// Whether Han lean by a forged slant: never, but where checklist 29 is left out for comparison.
    pub slanted: bool,
}

/// A glyph of a cluster.
///
/// In a horizontal line `x` counts along the line and `y` upwards from the baseline. In a vertical
/// line `x` counts down the line and `y` to the right of its axis; a turned glyph is drawn a quarter
/// turn clockwise around that origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClusterGlyph {
    /// The face.
    pub face: FaceId,
    /// Glyph id.
    pub id: u32,
    /// Offset from the cluster's origin along the line, 1/1024 em.
    pub x: i32,
    /// Offset across the line, 1/1024 em.
    pub y: i32,
    /// Byte range of the paragraph's text that it stands for.
    pub start: u32,
    /// End of that range.
    pub end: u32,
}

/// The smallest thing that a line is made of: no break and no change of width inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Byte range in the text.
    pub range: Range<u32>,
    /// Class.
    pub class: Class,
    /// Whether its glyphs lie on their side in a vertical line.
    pub turned: bool,
    /// Index in `Paragraph::looks`.
    pub look: u16,
    /// Its glyphs; `Paragraph::glyphs_of` tells them.
    pub glyphs: Glyphs,
    /// Natural advance, 1/1024 em.
    pub advance: i32,
}

/// Where the glyphs of a cluster are: most clusters of any text are one Han character whose glyph fills its cell, and
/// a book keeps hundreds of thousands of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// First of them in `Paragraph::glyphs`, or `FULL`.
    start: u32,
    /// End of them, or the id of the one that fills the cell.
    end: u32,
}

impl Glyphs {
    /// No paragraph has as many glyphs.
    const FULL: u32 = u32::MAX;

    /// One glyph of the first face of its look's Han.
    fn full(id: u32) -> Self {
        Self { start: Self::FULL, end: id }
    }

    /// Glyphs of `Paragraph::glyphs`.
    fn some(range: Range<usize>) -> Self {
        Self { start: range.start as u32, end: range.end as u32 }
    }
}

impl Cluster {
    /// Its characters.
    pub(crate) fn text<'a>(&self, paragraph: &'a Paragraph) -> &'a str {
        &paragraph.text[self.range.start as usize..self.range.end as usize]
    }
}

/// A hyphen: face, glyph, advance in 1/1024 em.
pub type Hyphen = (FaceId, u32, i32);

/// Whether a line may end at a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// No.
    None,
    /// Yes.
    Free,
    /// With a visible hyphen.
    Hyphen,
    /// Only if nothing else helps: inside a number or word that is wider than the line.
    Emergency,
    /// Always.
    Forced,
}

/// What lies between a cluster and the next; lengths in 1/1024 em.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boundary {
    /// Whether a line may end here.
    pub breaks: Break,
    /// Width added between the two cells when they stand on one line (negative where marks close up).
    pub natural: i32,
    /// How much each tier may take away.
    pub shrink: [i32; SHRINK_TIERS],
    /// How much a word space may grow (first tier) and a Han–Latin gap (second).
    pub stretch: [i32; 2],
    /// Whether the third tier may open a gap here.
    pub open: bool,
}

thread_local! {
    /// Memory for the boundaries of the next paragraph: they are only needed until its lines are made.
    static BOUNDARIES: RefCell<Vec<Boundary>> = const { RefCell::new(Vec::new()) };
}

/// A paragraph ready to be broken into lines.
#[derive(Clone, Debug, Default)]
pub struct Paragraph {
    /// The text.
    pub text: String,
    /// Where it stands in the manuscript; nowhere if it is empty.
    pub place: Option<Span>,
    /// Clusters, in order.
    pub clusters: Vec<Cluster>,
    /// `boundaries[i]` lies after `clusters[i]`; the last one is the end.
    pub boundaries: Vec<Boundary>,
    /// Glyphs of the clusters, but for those that fill their cells.
    pub glyphs: Vec<ClusterGlyph>,
    /// The face of the glyphs that fill their cells, by look.
    pub full: Vec<FaceId>,
    /// Whether its lines run from top to bottom.
    pub vertical: bool,
    /// The clusters that a line may end after with a hyphen, in order, and that hyphen.
    pub hyphens: Vec<(u32, Hyphen)>,
    /// Looks of all clusters.
    pub looks: Vec<Look>,
    /// Readings beside clusters, in the order of their first cluster.
    pub readings: Vec<Reading>,
    /// How far the readings of each cluster reach before and after its cell, 1/1024 em; empty without readings.
    pub reach: Vec<(i32, i32)>,
    /// Characters that no face has: byte offset and character.
    pub missing: Vec<(usize, char)>,
    /// Letters that a face plays which is not their own: byte offset, character, own face, the other.
    pub substitutes: Vec<(usize, char, FaceId, FaceId)>,
}

impl Paragraph {
    /// The glyphs of a cluster of this paragraph.
    #[inline]
    pub fn glyphs_of(&self, cluster: &Cluster) -> impl ExactSizeIterator<Item = ClusterGlyph> + Clone {
        let Glyphs { start, end } = cluster.glyphs;
        let count = if start == Glyphs::FULL { 1 } else { (end - start) as usize };
        (0..count).map(move |k| {
            if start != Glyphs::FULL {
                return self.glyphs[start as usize + k];
            }
            let Look { scale, rise, .. } = self.looks[cluster.look as usize];
            let (x, y) = in_cell(scale, scale, scale, rise, self.vertical);
            let Range { start, end } = cluster.range;
            ClusterGlyph { face: self.full[cluster.look as usize], id: cluster.glyphs.end, x, y, start, end }
        })
    }

    /// Forgets the boundaries, once the lines are made.
    pub(crate) fn settle(&mut self) {
        let mut boundaries = std::mem::take(&mut self.boundaries);
        // What one very long paragraph took is given back.
        if boundaries.capacity() <= 1 << 16 {
            boundaries.clear();
            BOUNDARIES.set(boundaries);
        }
    }

    /// Size of a cluster relative to the paragraph's em, 1/1024.
    pub fn scale(&self, cluster: usize) -> i32 {
        self.looks[self.clusters[cluster].look as usize].scale
    }

    /// Puts another glyph in the place of the first one of a cluster; all of them are as wide.
    pub(crate) fn replace(&mut self, cluster: usize, id: u32) {
        let glyphs = &mut self.clusters[cluster].glyphs;
        match glyphs.start {
            Glyphs::FULL => glyphs.end = id,
            at => self.glyphs[at as usize].id = id,
        }
    }

    /// The hyphen of a cluster that a line may end after with one.
    pub fn hyphen(&self, cluster: usize) -> Option<Hyphen> {
        let found = self.hyphens.binary_search_by_key(&(cluster as u32), |h| h.0).ok()?;
        Some(self.hyphens[found].1)
    }
}

/// How the marks of a paragraph's notes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marking<'a> {
    /// The form.
    pub mark: NoteMark,
    /// Whether the text is Traditional: 註 or 注.
    pub traditional: bool,
    /// Whether all marks are ① until the page of each is known.
    pub uniform: bool,
    /// The number of each note; one beyond them has that of its place.
    pub numbers: &'a [NoteNumber],
}

impl Marking<'_> {
    /// The words of the mark of a note, by its index. Endnotes beside footnotes have another form.
    pub fn of(self, index: usize) -> String {
        match self.numbers.get(index) {
            None => self.label(index + 1),
            Some(NoteNumber { number, at_end: false }) => self.label(*number),
            Some(NoteNumber { number, at_end: true }) => {
                let mark = if self.mark == NoteMark::Word { NoteMark::Bracket } else { NoteMark::Word };
                Self { mark, ..self }.label(*number)
            }
        }
    }

    /// The words of a note's mark; `number` counts from 1.
    pub fn label(self, number: usize) -> String {
        match self.mark {
            NoteMark::Circled if self.uniform => "①".to_owned(),
            NoteMark::Circled => {
                counter::circled(number as u64).map_or_else(|| format!("[{number}]"), String::from)
            }
            NoteMark::Bracket => format!("[{number}]"),
            NoteMark::Word => {
                let word = if self.traditional { '註' } else { '注' };
                let label = counter::label(Counter::Chinese, number as u64, self.traditional);
                format!("{word}{}", label.trim_end_matches('、'))
            }
        }
    }
}

/// Turns a text into clusters and boundaries.
///
/// # Errors
/// When a face cannot be opened.
pub fn paragraph(
    shapers: &Shapers,
    composition: &Composition,
    base: &ParagraphStyle,
    measure: i32,
    text: &Text,
) -> Result<Paragraph, FontError> {
    marked_paragraph(shapers, composition, base, measure, text, Marking::default())
}

/// The same with a form for the marks of notes.
pub(crate) fn marked_paragraph(
    shapers: &Shapers,
    composition: &Composition,
    base: &ParagraphStyle,
    measure: i32,
    text: &Text,
    marking: Marking<'_>,
) -> Result<Paragraph, FontError> {
    let string = text.as_str();
    let mut builder = Builder {
        shapers,
        composition,
        measure,
        marking,
        chains: Vec::new(),
        faces: Vec::new(),
        body: None,
        glue: false,
        out: Paragraph {
            text: string.to_owned(),
            vertical: composition.vertical(),
            place: (!string.is_empty()).then(|| text.span(0..string.len())),
            ..Paragraph::default()
        },
    };
    let count = string.chars().count();
    builder.out.clusters.reserve(count);
    let mut chars: Vec<(usize, char)> = Vec::with_capacity(count);
    for (i, c) in string.char_indices() {
        builder.glue |= is_glue(c);
        chars.push((i, c));
    }
    let mut classes = classes(&chars);
    if composition.off.has(9) {
        for (class, (_, c)) in classes.iter_mut().zip(&chars) {
            if matches!(c, '“' | '”' | '‘' | '’') {
                *class = None;
            }
        }
    }
    if composition.off.has(34) && composition.vertical() {
        for (class, (_, c)) in classes.iter_mut().zip(&chars) {
            match c {
                '“' | '‘' => *class = Some(Class::Open),
                '”' | '’' => *class = Some(Class::Close),
                _ => {}
            }
        }
    }
    let runs = looks(base, composition, text, &mut builder.out.looks);
    let upright = if composition.vertical() {
        vertical::settings(composition, text, &chars, &classes)
    } else {
        Vec::new()
    };
    let setting = |k: usize| upright.get(k).copied().unwrap_or_default();
    for (range, look) in runs {
        let from = chars.partition_point(|c| c.0 < range.start);
        let to = chars.partition_point(|c| c.0 < range.end);
        let code = builder.out.looks[look as usize].style.family == Family::Mono;
        let end_of = |k: usize| chars.get(k).map_or(string.len(), |c| c.0);
        let plain = |k: usize| {
            classes[k] == Some(Class::Han)
                && chars[k].1 != OBJECT
                && chars.get(k + 1).is_none_or(|c| !selector(c.1))
                && !matches!(setting(k), Setting::Cell(_))
        };
        let mut i = from;
        while i < to {
            // Most of any text.
            let han = builder.han(&chars[i..to], |k| plain(i + k), look)?;
            if han > 0 {
                i += han;
                continue;
            }
            if let Setting::Cell(n) = setting(i) {
                let n = n.min(to - i);
                builder.cell(chars[i].0..end_of(i + n), look)?;
                i += n;
                continue;
            }
            // Code is set as Western text throughout, but for Han inside it.
            let western = |k: usize| match classes[k] {
                _ if matches!(setting(k), Setting::Cell(_)) => false,
                None => chars[k].1 != '\n' && chars[k].1 != OBJECT && chars[k].1 != '\u{200B}',
                Some(class) => code && class != Class::Han,
            };
            if western(i) {
                let end = (i..to).find(|&k| !western(k)).unwrap_or(to);
                builder.western(chars[i].0..end_of(end), look)?;
                i = end;
                continue;
            }
            let class = classes[i];
            let pair = matches!(class, Some(Class::Dash | Class::Ellipsis)) && composition.heeds(4);
            let same = i + 1 < to && chars[i + 1].1 == chars[i].1 && classes[i + 1] == class;
            let mut n = if pair && same { 2 } else { 1 };
            let together = composition.region == Region::Cn || composition.vertical();
            if class == Some(Class::Exclaim) && composition.heeds(23) == together {
                let run = (i..to).take_while(|&k| classes[k] == Some(Class::Exclaim)).count();
                if (2..=3).contains(&run) {
                    builder.exclaims(chars[i].0..end_of(i + run), run, look)?;
                    i += run;
                    continue;
                }
            }
            // A variation selector or voicing mark belongs to its character.
            n += chars[i + n..to].iter().take_while(|c| selector(c.1)).count();
            builder.chinese(chars[i].0..end_of(i + n), class, look)?;
            i += n;
        }
    }
    ruby::attach(shapers, composition, base, text, &mut builder.out)?;
    builder.boundaries(base.tracking);
    Ok(builder.out)
}

struct Builder<'a> {
    shapers: &'a Shapers<'a>,
    composition: &'a Composition,
    measure: i32,
    marking: Marking<'a>,
    /// The chains of faces that this paragraph has asked for.
    chains: Vec<(bool, Style, Arc<[FaceId]>)>,
    faces: Vec<(FaceId, Arc<Shaper>)>,
    /// The look that was asked for last, with the first face of its Han.
    body: Option<(u16, FaceId, Arc<Shaper>)>,
    /// Whether any character of the paragraph may forbid a break by itself.
    glue: bool,
    out: Paragraph,
}

impl Builder<'_> {
    /// The faces to try for a style, Chinese or Western, best first.
    fn chain(&mut self, chinese: bool, style: Style) -> Arc<[FaceId]> {
        if let Some((_, _, chain)) = self.chains.iter().find(|c| c.0 == chinese && c.1 == style) {
            return chain.clone();
        }
        // Control of checklist 13: marks of another region.
        let region = match (self.composition.off.has(13), self.composition.region) {
            (false, region) => region,
            // Vertical lines show it by the form for horizontal ones.
            (true, region) if self.composition.vertical() && region == Region::Cn => region,
            (true, Region::Cn) => Region::Tw,
            (true, _) => Region::Cn,
        };
        let chain = self.shapers.chain(region, chinese || self.composition.off.has(28), style);
        self.chains.push((chinese, style, chain.clone()));
        chain
    }

    /// The first face of a chain that has a character, opened.
    fn face(&mut self, chain: &[FaceId], c: char) -> Result<Option<(FaceId, Arc<Shaper>)>, FontError> {
        match chain.iter().copied().find(|&id| self.shapers.store().has(id, c)) {
            Some(id) => Ok(Some((id, self.open(id)?))),
            None => Ok(None),
        }
    }

    /// Notes that a letter is not set in its own face.
    fn stands_in(&mut self, chain: &[FaceId], set: Set, at: usize, c: char, face: FaceId) {
        if let Some(own) = stands_in(self.shapers.store(), chain, set, c, face) {
            self.out.substitutes.push((at, c, own, face));
        }
    }

    fn open(&mut self, id: FaceId) -> Result<Arc<Shaper>, FontError> {
        if let Some((_, shaper)) = self.faces.iter().find(|f| f.0 == id) {
            return Ok(shaper.clone());
        }
        let shaper = self.shapers.get(id)?;
        self.faces.push((id, shaper.clone()));
        Ok(shaper)
    }

    /// Closes a cluster whose glyphs were pushed since `glyphs`.
    fn push(&mut self, range: Range<usize>, class: Class, look: u16, glyphs: usize, advance: i32) {
        self.out.clusters.push(Cluster {
            range: range.start as u32..range.end as u32,
            class,
            turned: false,
            look,
            glyphs: Glyphs::some(glyphs..self.out.glyphs.len()),
            advance,
        });
    }

    /// Puts an upright glyph of a width in the middle of a cell that starts at `x`.
    #[allow(clippy::too_many_arguments)]
    fn upright(
        &mut self,
        face: FaceId,
        (id, width): (u32, i32),
        x: i32,
        cell: i32,
        look: u16,
        range: Range<usize>,
    ) {
        let Look { scale, rise, .. } = self.out.looks[look as usize];
        let (along, y) = in_cell(width * scale / EM, cell, scale, rise, self.composition.vertical());
        let (start, end) = (range.start as u32, range.end as u32);
        self.out.glyphs.push(ClusterGlyph { face, id, x: x + along, y, start, end });
    }

    /// The advance of a class, in its paragraph's em.
    fn advance(&self, class: Class, c: char, chars: i32) -> i32 {
        let (heeds, mainland) = (self.composition.heeds(25), self.composition.region == Region::Cn);
        match class {
            Class::Dash | Class::Ellipsis => chars * EM * if c == '⸺' { 2 } else { 1 },
            Class::Interpunct => self.composition.interpunct,
            Class::Connector if (c == '–') == heeds => EM / 2,
            Class::Solidus if mainland == heeds => EM / 2,
            _ => EM,
        }
    }

    /// Han characters, as many as are plain ones that the first face of their look has: most of any text.
    /// Gives back how many.
    fn han(
        &mut self,
        chars: &[(usize, char)],
        plain: impl Fn(usize) -> bool,
        look: u16,
    ) -> Result<usize, FontError> {
        if !plain(0) {
            return Ok(0);
        }
        if self.body.as_ref().is_none_or(|b| b.0 != look) {
            let chain = self.chain(true, self.out.looks[look as usize].style);
            self.body = Some((look, chain[0], self.open(chain[0])?));
            let looks = self.out.looks.len();
            self.out.full.resize(looks, FaceId(0));
            self.out.full[look as usize] = chain[0];
        }
        let Some((_, face, shaper)) = &self.body else { return Ok(0) };
        let Look { scale, rise, .. } = self.out.looks[look as usize];
        let (face, vertical, store) = (*face, self.composition.vertical(), self.shapers.store());
        let mut count = 0;
        for &(start, c) in chars {
            if !plain(count) || !store.has(face, c) {
                break;
            }
            let (id, width) = match vertical {
                true => shaper.direct_vertical(c, self.composition.region),
                false => shaper.direct(c),
            };
            let (start, end) = (start as u32, (start + c.len_utf8()) as u32);
            let glyphs = if width == EM {
                Glyphs::full(id)
            } else {
                let (x, y) = in_cell(width * scale / EM, scale, scale, rise, vertical);
                self.out.glyphs.push(ClusterGlyph { face, id, x, y, start, end });
                Glyphs::some(self.out.glyphs.len() - 1..self.out.glyphs.len())
            };
            self.out.clusters.push(Cluster {
                range: start..end,
                class: Class::Han,
                turned: false,
                look,
                glyphs,
                advance: scale,
            });
            count += 1;
        }
        Ok(count)
    }

    /// One Han character, Chinese mark, placeholder or break.
    fn chinese(&mut self, range: Range<usize>, class: Option<Class>, look: u16) -> Result<(), FontError> {
        let (region, turning) = (self.composition.region, self.composition.vertical());
        let mut buffer = [0u8; 16];
        let held;
        let text: &str = match self.out.text.get(range.clone()) {
            Some(text) if text.len() <= 16 => {
                buffer[..text.len()].copy_from_slice(text.as_bytes());
                std::str::from_utf8(&buffer[..text.len()]).expect("copied from text")
            }
            _ => {
                held = self.out.text[range.clone()].to_owned();
                &held
            }
        };
        let c = text.chars().next().expect("a cluster has a character");
        let glyphs = self.out.glyphs.len();
        let Look { style, scale, ref note, .. } = self.out.looks[look as usize];
        if c == '\n' {
            self.push(range, Class::LineBreak, look, glyphs, 0);
            return Ok(());
        }
        if c == '\u{200B}' {
            self.push(range, Class::ZeroWidth, look, glyphs, 0);
            return Ok(());
        }
        if c == OBJECT {
            if let Some(note) = *note {
                return self.note(range, note, look);
            }
            self.push(range, Class::Object, look, glyphs, 0);
            return Ok(());
        }
        let class = class.unwrap_or(Class::Han);
        let count = text.chars().filter(|c| !selector(*c)).count().max(1) as i32;
        let advance = self.advance(class, c, count) * scale / EM;
        // Kai faces have mainland marks, or none: all marks come from the regional Song.
        let role = match style.family {
            Family::Kai if class != Class::Han => Style { family: Family::Serif, ..style },
            _ => style,
        };
        let chain = self.chain(class != Class::Ellipsis || self.composition.heeds(24), role);
        let drawn = match c {
            // U+00B7 is a third of an em in Noto Serif: the interpunct is drawn with the katakana dot.
            '·' | '•' | '‧' if class == Class::Interpunct => '・',
            '⋯' => '…',
            c => vertical::drawn(self.composition, class, c),
        };
        let drawn = if self.shapers.store().has(chain[0], drawn) { drawn } else { c };
        let Some((face, shaper)) = self.face(&chain, drawn)? else {
            // The printers' geta mark stands for a missing sort; copied text still has the character.
            self.out.missing.push((range.start, c));
            let (face, shaper) = self.geta(&chain)?;
            self.upright(face, shaper.direct(GETA), 0, advance, look, range.clone());
            self.push(range, class, look, glyphs, advance);
            return Ok(());
        };
        self.stands_in(&chain, Set::Chinese, range.start, drawn, face);
        let lies = turning && vertical::lies(self.composition, class, drawn, &shaper);
        if class == Class::Dash && count == 2 && self.composition.heeds(24) {
            let shaped = shaper.chinese(text, region);
            let total: i32 = shaped.iter().map(|g| g.advance).sum::<i32>().max(1);
            let mut x = (advance - total * scale / EM) / 2;
            for (k, g) in shaped.iter().enumerate() {
                let start = range.start + g.cluster as usize;
                let end = shaped.get(k + 1).map_or(range.end, |next| range.start + next.cluster as usize);
                self.glyph(face, g.id, x + g.x * scale / EM, g.y * scale / EM, look, start..end, MIDDLE);
                x += g.advance * scale / EM;
            }
        } else {
            let (mut at, cell) = (range.start, advance / count);
            for (k, c) in text.chars().filter(|c| !selector(*c)).enumerate() {
                let c = if c == text.chars().next().unwrap_or(c) { drawn } else { c };
                let last = k as i32 + 1 == count;
                let stop = if last {
                    range.end
                } else {
                    at + self.out.text[at..].chars().next().map_or(1, char::len_utf8)
                };
                let x = k as i32 * cell;
                if turning && !lies && vertical::has_form(self.composition, class) {
                    self.upright(face, shaper.direct_vertical(c, region), x, cell, look, at..stop);
                } else if lies {
                    let (id, width) = shaper.direct(c);
                    self.glyph(face, id, x + (cell - width * scale / EM) / 2, 0, look, at..stop, MIDDLE);
                } else {
                    self.upright(face, shaper.direct(c), x, cell, look, at..stop);
                }
                at = stop;
            }
        }
        self.push(range, class, look, glyphs, advance);
        self.out.clusters.last_mut().expect("just pushed").turned = lies || (turning && class == Class::Dash);
        Ok(())
    }

    /// The face that has the geta mark.
    fn geta(&mut self, chain: &[FaceId]) -> Result<(FaceId, Arc<Shaper>), FontError> {
        match self.face(chain, GETA)? {
            Some(found) => Ok(found),
            None => Ok((chain[0], self.open(chain[0])?)),
        }
    }

    /// Pushes a glyph that stands on the baseline; in a vertical line it lies on its side with its
    /// `middle` on the line's axis.
    #[allow(clippy::too_many_arguments)]
    fn glyph(&mut self, face: FaceId, id: u32, x: i32, y: i32, look: u16, range: Range<usize>, middle: i32) {
        let Look { scale, rise, .. } = self.out.looks[look as usize];
        let y = if self.composition.vertical() { y + rise - middle * scale / EM } else { y + rise };
        let (start, end) = (range.start as u32, range.end as u32);
        self.out.glyphs.push(ClusterGlyph { face, id, x, y, start, end });
    }

    /// ？！ that stand together (checklist 23): in the mainland two in one em and three in two, in
    /// vertical lines in one upright cell.
    fn exclaims(&mut self, range: Range<usize>, run: usize, look: u16) -> Result<(), FontError> {
        let vertical = self.composition.vertical();
        let Look { style, scale, rise, .. } = self.out.looks[look as usize];
        let chain = self.chain(true, style);
        let (total, glyphs) = (if run == 3 && !vertical { 2 * EM } else { EM }, self.out.glyphs.len());
        let step = (if vertical { EM } else { total }) / run as i32 * scale / EM;
        let chars: Vec<(usize, char)> = self.out.text[range.clone()].char_indices().collect();
        for (k, (at, c)) in chars.iter().enumerate() {
            let Some((face, shaper)) = self.face(&chain, *c)? else { continue };
            let (id, width) = shaper.direct(*c);
            let at = range.start + at..range.start + at + c.len_utf8();
            // The ink of the mark in the middle of its share of the cell.
            let ink = shaper.ink(id).map_or(width / 2, |b| (b[0] + b[2]) / 2) * scale / EM;
            let middle = k as i32 * step + step / 2;
            let (x, y) = if vertical {
                ((total / 2 + MIDDLE) * scale / EM, rise + middle - EM * scale / EM / 2 - ink)
            } else {
                (middle - ink, rise)
            };
            let (start, end) = (at.start as u32, at.end as u32);
            self.out.glyphs.push(ClusterGlyph { face, id, x, y, start, end });
        }
        self.push(range, Class::ExclaimPair, look, glyphs, total * scale / EM);
        Ok(())
    }

    /// Some characters side by side in one upright cell of a vertical line (checklist 35, 36).
    fn cell(&mut self, range: Range<usize>, look: u16) -> Result<(), FontError> {
        let text = self.out.text[range.clone()].to_owned();
        let count = text.chars().count();
        let Look { style, scale, rise, .. } = self.out.looks[look as usize];
        let glyphs = self.out.glyphs.len();
        // A number is set in the narrow digits of the Chinese face, a letter in its own face.
        let chain = self.chain(count > 1, style);
        let first = text.chars().next().unwrap_or(' ');
        let (face, shaper) = match self.face(&chain, first)? {
            Some(found) => found,
            None => {
                self.out.missing.push((range.start, first));
                self.geta(&chain)?
            }
        };
        let features = narrow(count);
        let shaped = shaper.western(&text, if count > 1 { &features } else { &[] });
        let width: i32 = shaped.iter().map(|g| g.advance).sum();
        // What is still wider than the cell is set smaller.
        let fit = if width > EM { EM * 1000 / width } else { 1000 };
        let look = if fit < 1000 {
            let look = Look { scale: scale * fit / 1000, ..self.out.looks[look as usize].clone() };
            self.out.looks.push(look);
            self.out.looks.len() as u16 - 1
        } else {
            look
        };
        let size = scale * fit / 1000;
        let mut over = rise - width * size / EM / 2;
        let middle = if count > 1 { MIDDLE } else { WESTERN_MIDDLE };
        for (k, g) in shaped.iter().enumerate() {
            let start = range.start + g.cluster as usize;
            let end = shaped.get(k + 1).map_or(range.end, |n| range.start + n.cluster as usize);
            self.out.glyphs.push(ClusterGlyph {
                face,
                id: g.id,
                x: EM * scale / EM / 2 + middle * size / EM,
                y: over + g.x * size / EM,
                start: start as u32,
                end: end.max(start) as u32,
            });
            over += g.advance * size / EM;
        }
        self.push(range, Class::Han, look, glyphs, scale);
        Ok(())
    }

    /// The number of a note, raised, in place of its placeholder.
    fn note(&mut self, range: Range<usize>, note: usize, look: u16) -> Result<(), FontError> {
        let label = self.marking.of(note);
        let (scale, rise) = SUPERIOR;
        self.out.looks[look as usize].scale = scale;
        self.out.looks[look as usize].rise = if self.composition.vertical() { EM / 4 } else { rise };
        let glyphs = self.out.glyphs.len();
        let class = if self.composition.heeds(6) { Class::NoteMark } else { Class::Han };
        if label.starts_with('[') {
            let chain = self.chain(false, Style::new(Family::Serif));
            let shaper = self.open(chain[0])?;
            let mut x = 0;
            for g in shaper.western(&label, &[]).iter() {
                self.glyph(chain[0], g.id, x, 0, look, range.clone(), WESTERN_MIDDLE);
                x += g.advance * scale / EM;
            }
            self.push(range, class, look, glyphs, x);
            self.out.clusters.last_mut().expect("just pushed").turned = self.composition.vertical();
            return Ok(());
        }
        let chain = self.chain(true, Style::new(Family::Serif));
        let mut x = 0;
        for c in label.chars() {
            let (face, shaper) = match self.face(&chain, c)? {
                Some(found) => found,
                None => self.geta(&chain)?,
            };
            self.upright(face, shaper.direct(c), x, scale, look, range.clone());
            x += scale;
        }
        self.push(range, class, look, glyphs, x);
        Ok(())
    }

    /// A run of Western text: shaped face by face, cut at UAX 14 opportunities and at spaces.
    fn western(&mut self, range: Range<usize>, look: u16) -> Result<(), FontError> {
        let Look { style, scale, .. } = self.out.looks[look as usize];
        let text = self.out.text[range.clone()].to_owned();
        let mono = style.family == Family::Mono;
        let chain = self.chain(false, style);
        // Every glyph of the run in the order of the text: where it starts, face, shaped glyph, end.
        let mut glyphs: Vec<Piece> = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let c = text[at..].chars().next().expect("inside the run");
            let Some((face, shaper)) = self.face(&chain, c)? else {
                // A tab or control character has no ink; anything else is set as a geta mark.
                if !(c.is_whitespace() || c.is_control() || selector(c) || c == '\u{AD}' || c == '\u{2060}') {
                    self.out.missing.push((range.start + at, c));
                    let (face, shaper) = self.geta(&chain)?;
                    let end = at + c.len_utf8();
                    glyphs.push(Piece {
                        start: at,
                        end,
                        face,
                        id: shaper.direct(GETA).0,
                        x: 0,
                        y: 0,
                        advance: scale,
                    });
                }
                at += c.len_utf8();
                continue;
            };
            let store = self.shapers.store();
            let own = |d: char| chain.iter().copied().find(|&id| store.has(id, d)) == Some(face);
            let end = text[at..]
                .char_indices()
                .find(|(_, d)| !(own(*d) || *d == ' ' || ('\u{300}'..='\u{36F}').contains(d)))
                .map_or(text.len(), |(k, _)| at + k);
            let features = half_width();
            let wide = mono && store.info(face).usage != Use::Latin;
            let shaped = shaper.western(&text[at..end], if wide { &features } else { &[] });
            let first = glyphs.len();
            for g in shaped.iter() {
                glyphs.push(Piece {
                    start: at + g.cluster as usize,
                    end,
                    face,
                    id: g.id,
                    x: g.x * scale / EM,
                    y: g.y * scale / EM,
                    advance: g.advance * scale / EM,
                });
            }
            // Glyphs of scripts that run from right to left come last letter first.
            glyphs[first..].sort_by_key(|g| g.start);
            for k in (first..glyphs.len().saturating_sub(1)).rev() {
                let (this, next) = (glyphs[k].start, glyphs[k + 1].start);
                glyphs[k].end = if next > this { next } else { glyphs[k + 1].end };
            }
            at = end;
        }
        let mut rest = &glyphs[..];
        let mut from = 0;
        for cut in cuts(&text, mono, self.composition) {
            let count = rest.partition_point(|g| g.start < cut.at);
            let (part, after) = rest.split_at(count);
            rest = after;
            let space = text[from..cut.at].chars().all(|c| c == ' ');
            let class = if space {
                Class::Space
            } else if scale < EM && self.composition.heeds(6) {
                Class::NoteMark
            } else {
                Class::Western
            };
            self.western_part(range.start, from..cut.at, class, look, part);
            if cut.hyphen
                && let Some((face, shaper)) = self.face(&chain, '-')?
            {
                let (id, advance) = shaper.direct('-');
                let last = self.out.clusters.len() as u32 - 1;
                self.out.hyphens.push((last, (face, id, advance * scale / EM)));
            }
            from = cut.at;
        }
        Ok(())
    }

    /// Pushes a part of a Western run that starts at `base`; one that is wider than the measure is
    /// cut glyph by glyph.
    fn western_part(&mut self, base: usize, range: Range<usize>, class: Class, look: u16, part: &[Piece]) {
        let total: i32 = part.iter().map(|g| g.advance).sum();
        let single = total > self.measure && part.len() > 1 && class == Class::Western;
        let (mut from, mut x, mut glyphs) = (range.start, 0, self.out.glyphs.len());
        for (k, g) in part.iter().enumerate() {
            self.glyph(g.face, g.id, x + g.x, g.y, look, base + g.start..base + g.end, WESTERN_MIDDLE);
            x += g.advance;
            let end = part.get(k + 1).map_or(range.end, |n| n.start);
            if single && end > from {
                self.western_cluster(base + from..base + end, class, look, glyphs, x);
                (from, x, glyphs) = (end, 0, self.out.glyphs.len());
            }
        }
        if from < range.end {
            self.western_cluster(base + from..base + range.end, class, look, glyphs, x);
        }
    }

    fn western_cluster(&mut self, range: Range<usize>, class: Class, look: u16, glyphs: usize, advance: i32) {
        self.push(range, class, look, glyphs, advance);
        self.out.clusters.last_mut().expect("just pushed").turned = self.composition.vertical();
    }

    fn boundaries(&mut self, tracking: i32) {
        let n = self.out.clusters.len();
        for i in 1..n.saturating_sub(1) {
            let around = (self.out.clusters[i - 1].class, self.out.clusters[i + 1].class);
            let gap = matches!(around, (Class::Han, Class::Western) | (Class::Western, Class::Han));
            if gap && self.out.clusters[i].class == Class::Space && self.composition.heeds(27) {
                self.out.clusters[i].class = Class::TypedGap;
                self.out.clusters[i].advance = self.composition.gap;
            }
        }
        let mut out = BOUNDARIES.take();
        out.reserve(n);
        for i in 0..n {
            out.push(match self.out.clusters.get(i + 1) {
                Some(next) => self.boundary(i, &self.out.clusters[i], next, tracking),
                None => Boundary {
                    breaks: Break::Forced,
                    natural: 0,
                    shrink: [0; SHRINK_TIERS],
                    stretch: [0; 2],
                    open: false,
                },
            });
        }
        self.out.boundaries = out;
        ruby::spread(self.composition, &mut self.out);
        if self.composition.grid && self.composition.heeds(31) {
            self.square();
        }
    }

    /// Western text takes whole cells: the gaps at both its sides grow until it does, so that Han stay on
    /// the grid of the page (checklist 31).
    fn square(&mut self) {
        let western = |c: &Cluster| matches!(c.class, Class::Western | Class::Space | Class::NoteMark);
        let n = self.out.clusters.len();
        let mut i = 0;
        while i < n {
            if !western(&self.out.clusters[i]) {
                i += 1;
                continue;
            }
            let end = (i..n).find(|&k| !western(&self.out.clusters[k])).unwrap_or(n);
            let inside: i32 = self.out.clusters[i..end].iter().map(|c| c.advance).sum::<i32>()
                + self.out.boundaries[i..end - 1].iter().map(|b| b.natural).sum::<i32>();
            let gaps = i32::from(i > 0) + i32::from(end < n);
            let sides: i32 = if i > 0 { self.out.boundaries[i - 1].natural } else { 0 }
                + if end < n { self.out.boundaries[end - 1].natural } else { 0 };
            let missing = (EM - (inside + sides) % EM) % EM;
            if gaps > 0 {
                if end < n {
                    self.out.boundaries[end - 1].natural += missing / gaps;
                }
                if i > 0 {
                    self.out.boundaries[i - 1].natural += missing - if end < n { missing / gaps } else { 0 };
                }
            }
            i = end;
        }
    }

    fn boundary(&self, i: usize, a: &Cluster, b: &Cluster, tracking: i32) -> Boundary {
        let composition = self.composition;
        if (a.class, b.class) == (Class::Han, Class::Han) && tracking == 0 && !a.turned && !b.turned {
            let (shrink, stretch) = ([0; SHRINK_TIERS], [0; 2]);
            let breaks = if self.glued(a, b) { Break::None } else { Break::Free };
            return Boundary { breaks, natural: 0, shrink, stretch, open: true };
        }
        let pair = composition.pair(a.class, b.class);
        let last = a.text(&self.out).chars().next_back().unwrap_or(' ');
        let first = b.text(&self.out).chars().next().unwrap_or(' ');
        let (after, before) = (composition.blanks(a.class).1, composition.blanks(b.class).0);
        let meets = composition.closing_up(a.class, b.class);
        let (styled_after, styled_before) = (composition.styled(a.class).1, composition.styled(b.class).0);
        let from_after = meets.min(after).max(styled_after);
        let from_before = (meets - meets.min(after)).max(styled_before);
        let mut shrink = [0; SHRINK_TIERS];
        let mut stretch = [0; 2];
        let mut natural = -(from_after + from_before);
        // What blank is left after closing up may shrink further, by class (checklist 18).
        for (class, blank) in [(a.class, after - from_after), (b.class, before - from_before)] {
            let tier = match class {
                Class::Interpunct => 2,
                Class::Open | Class::Close => 3,
                Class::Comma | Class::Colon => 4,
                Class::Stop | Class::Exclaim => 6,
                _ => continue,
            };
            shrink[tier] += blank;
        }
        let letter = |c: char| c.is_alphanumeric();
        let latin_edge = pair.gap
            && composition.heeds(26)
            && if a.class == Class::Western { letter(last) } else { letter(first) };
        // Turned text keeps its distance from upright cells, a cell that stands upright does not.
        if latin_edge {
            natural += composition.gap;
        }
        if latin_edge || a.class == Class::TypedGap {
            shrink[5] += composition.gap / 2;
            stretch[1] += (MAX_LATIN_GAP - composition.gap).max(0);
        }
        if a.class == Class::Space {
            shrink[1] += (a.advance - 256).max(0);
            stretch[0] += (512 - a.advance).max(0);
        }
        let breaks = self.breaks(i, a, b, last, first);
        // An address or a compound is not spaced out, even where it may be broken.
        let inside_western = a.class == Class::Western && b.class == Class::Western;
        let aside = composition.off.has(7) && a.class == Class::Interpunct;
        let open = (pair.open || composition.off.has(19)) && !inside_western && !aside;
        if open && tracking > 0 {
            natural += tracking;
        }
        Boundary { breaks, natural, shrink, stretch, open }
    }

    /// Whether a character of the boundary forbids a break by itself (checklist 11).
    fn glued(&self, a: &Cluster, b: &Cluster) -> bool {
        if !self.glue {
            return false;
        }
        let text = &self.out.text;
        let last = text[..a.range.end as usize].chars().next_back().unwrap_or(' ');
        let first = text[b.range.start as usize..].chars().next().unwrap_or(' ');
        (is_glue(last) || is_glue(first)) && self.composition.heeds(11)
    }

    fn breaks(&self, i: usize, a: &Cluster, b: &Cluster, last: char, first: char) -> Break {
        use Class::{LineBreak, NoteMark, Prefix, Space, Suffix, TypedGap, Western};
        if a.class == LineBreak {
            return Break::Forced;
        }
        if self.glued(a, b) {
            return Break::None;
        }
        // Inside Western text UAX 14 decides, and only hyphens are ours.
        if (a.class, b.class) == (Western, Western) && a.range.end == b.range.start {
            return match opportunity(&self.out.text, a.range.end as usize, self.composition) {
                _ if self.out.hyphen(i).is_some() => Break::Hyphen,
                true => Break::Free,
                false => Break::Emergency,
            };
        }
        if !self.composition.may_break(a.class, b.class) {
            return Break::None;
        }
        let off = self.composition.off;
        if matches!(a.class, Space | TypedGap) || off.has(5) || (off.has(2) && a.class == Prefix) {
            return Break::Free;
        }
        match (a.class, b.class) {
            (Prefix, Western) if first.is_ascii_digit() => Break::None,
            (Western, Suffix) if last.is_ascii_digit() => Break::None,
            (Western, NoteMark) => Break::None,
            (_, Western) if closing(first) && self.composition.heeds(1) => Break::None,
            (Western, _) if opening(last) && self.composition.heeds(2) => Break::None,
            _ => Break::Free,
        }
    }
}

/// A glyph of a Western run; lengths in 1/1024 em of the paragraph, places in bytes of the run.
struct Piece {
    start: usize,
    end: usize,
    face: FaceId,
    id: u32,
    x: i32,
    y: i32,
    advance: i32,
}

/// Where an upright glyph of a width stands in the middle of a cell, along the line and across it.
fn in_cell(width: i32, cell: i32, scale: i32, rise: i32, vertical: bool) -> (i32, i32) {
    if vertical { (cell / 2 + MIDDLE * scale / EM, rise - width / 2) } else { ((cell - width) / 2, rise) }
}

/// Characters that forbid a break on both sides.
fn is_glue(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{202F}' | '\u{2060}' | '\u{FEFF}')
}

/// Characters that only change the one before them.
fn selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{3099}' | '\u{309A}' | '\u{200D}')
}

/// Cuts a text into stretches of one look and says what each looks like.
fn looks(
    base: &ParagraphStyle,
    composition: &Composition,
    text: &Text,
    looks: &mut Vec<Look>,
) -> Vec<(Range<usize>, u16)> {
    let plain = Look {
        style: base.style,
        ink: base.ink,
        scale: EM,
        rise: 0,
        link: None,
        note: None,
        strike: false,
        side: None,
        dots: false,
        slanted: false,
    };
    let marks = text.marks();
    if marks.is_empty() {
        looks.push(plain);
        return vec![(0..text.as_str().len(), 0)];
    }
    let mut edges: Vec<usize> = marks.iter().flat_map(|m| [m.range.start, m.range.end]).collect();
    edges.extend([0, text.as_str().len()]);
    edges.sort_unstable();
    edges.dedup();
    let mut runs: Vec<(Range<usize>, u16)> = Vec::new();
    // Marks that cover the stretch; marks come in the order of their start.
    let mut open: Vec<usize> = Vec::new();
    let mut next = 0;
    for pair in edges.windows(2) {
        open.retain(|&m| marks[m].range.end > pair[0]);
        while next < marks.len() && marks[next].range.start <= pair[0] {
            open.push(next);
            next += 1;
        }
        let mut look = plain.clone();
        for &m in &open {
            match &marks[m].kind {
                MarkKind::Strong => look.style.bold = true,
                MarkKind::Emphasis => {
                    look.style.italic = true;
                    match composition.emphasis {
                        _ if composition.off.has(29) => look.slanted = true,
                        EmphasisStyle::Dots => look.dots = true,
                        EmphasisStyle::Kai => look.style.family = Family::Kai,
                    }
                }
                MarkKind::Strike => look.strike = true,
                MarkKind::Code | MarkKind::Math { .. } => look.style.family = Family::Mono,
                MarkKind::Link { url, .. } => {
                    look.link = Some(url.clone());
                    look.ink = Ink::Link;
                }
                MarkKind::Url => {
                    look.link = Some(text.as_str()[marks[m].range.clone()].to_owned());
                    look.ink = Ink::Link;
                }
                MarkKind::Note(i) => look.note = Some(*i),
                MarkKind::Superscript => (look.scale, look.rise) = SUPERIOR,
                MarkKind::Subscript => (look.scale, look.rise) = (SUPERIOR.0, -160),
                MarkKind::Name => look.side = Some((SideLine::Name, m as u32)),
                MarkKind::Title => look.side = Some((SideLine::Title, m as u32)),
                MarkKind::Dots => look.dots = true,
                // What the press says itself stands in the ink of the text.
                MarkKind::Reference { url, .. } => look.link = Some(url.clone()),
                MarkKind::Image { .. }
                | MarkKind::Protected
                | MarkKind::Language(_)
                | MarkKind::Ruby(_)
                | MarkKind::Combine
                | MarkKind::Index(_)
                | MarkKind::Anchor(_) => {}
            }
        }
        match runs.last_mut() {
            Some((range, last)) if looks[*last as usize] == look => range.end = pair[1],
            _ => {
                // A paragraph of more looks than can be numbered keeps the last.
                if looks.len() < usize::from(u16::MAX) {
                    looks.push(look);
                }
                runs.push((pair[0]..pair[1], looks.len() as u16 - 1));
            }
        }
    }
    runs
}
