//! Pages in, a tagged PDF out: PDF/A-2a and PDF/UA-1 by default, or PDF/A-1b.

mod about;
mod face;
mod file;
mod picture;
mod profile;
mod sheet;
mod tags;

use std::{borrow::Cow, collections::BTreeMap};

use pdf_writer::{Filter, Finish, Name, Rect, Ref, types::TabOrder};
use rayon::prelude::*;

use crate::{
    document::Document,
    edition::Edition,
    font::store::{FaceId, FontStore},
    kit::Kit,
    layout::{
        EM,
        blocks::{Options, lay_out, notes::note_place},
        item::{Cluster, MIDDLE, Paragraph},
        page::{Element, Page as LaidOut, Pages, SideMark, TextLine, in_brackets},
        ruby::Placed,
        style::Ink,
    },
    report::Report,
    text::OBJECT,
    write::{WriteError, packer::Packer},
};

use about::{Area, Goal};
use face::Face;
use file::File;
use sheet::{Frame, Piece, Set, Sheet, Step};
use tags::Tags;

/// How much trouble is taken to pack a page: the usual 6 takes twice the time and wins a fortieth.
const PACKING: i32 = 1;
/// Pages that are drawn before they are packed, side by side.
const BATCH: usize = 64;

/// The standard that a PDF is made to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standard {
    /// PDF/A-2a and PDF/UA-1: for archives and for readers with assistive technology.
    #[default]
    A2aUa1,
    /// PDF/A-1b, the oldest archival level, without structure.
    A1b,
}

/// Sets a document and writes it as PDF.
///
/// # Errors
/// When a face cannot be opened or the library refuses the file.
pub fn write(
    kit: &Kit,
    edition: &Edition,
    document: &Document,
    standard: Standard,
    report: &mut Report,
) -> Result<Vec<u8>, WriteError> {
    let pages = lay_out(kit, edition, document, Options::default(), report)?;
    draw(&kit.fonts, edition, document, &pages, standard)
}

/// Writes pages that are already laid out.
///
/// # Errors
/// When a face cannot be opened or the library refuses the file.
pub fn draw(
    fonts: &FontStore,
    edition: &Edition,
    document: &Document,
    pages: &Pages,
    standard: Standard,
) -> Result<Vec<u8>, WriteError> {
    let mut file = File::new(pages.pages.len());
    if standard == Standard::A1b {
        file.chunk.set_version(1, 4);
    }
    let tree = file.id();
    let mut writer = Writer {
        fonts,
        pages,
        document,
        tagged: standard == Standard::A2aUa1,
        faces: Vec::new(),
        numbers: BTreeMap::new(),
        pictures: BTreeMap::new(),
        sheets: pages.pages.iter().map(|_| file.id()).collect(),
        tags: Tags::new(pages.nodes.len()),
        file,
    };
    for (batch, drawn) in pages.pages.chunks(BATCH).enumerate() {
        let mut sheets = Vec::with_capacity(drawn.len());
        for (k, page) in drawn.iter().enumerate() {
            sheets.push(writer.page(batch * BATCH + k, page)?);
        }
        let packer = || Packer::new(PACKING);
        let packed: Vec<Vec<u8>> =
            sheets.par_iter().map_init(packer, |packer, (sheet, _)| packer.zlib(&sheet.out)).collect();
        for (k, ((sheet, areas), packed)) in sheets.iter().zip(&packed).enumerate() {
            writer.close(batch * BATCH + k, tree, sheet, areas, packed);
        }
    }
    writer.finish(edition, standard, tree)
}

struct Writer<'a> {
    fonts: &'a FontStore,
    pages: &'a Pages,
    document: &'a Document,
    /// Whether the content is part of a structure.
    tagged: bool,
    file: File,
    /// The pages.
    sheets: Vec<Ref>,
    faces: Vec<(Face, FaceId, Ref)>,
    /// Where each face stands in `faces`.
    numbers: BTreeMap<FaceId, u16>,
    /// The pictures that are used.
    pictures: BTreeMap<usize, Ref>,
    tags: Tags,
}

/// Glyphs of one face, look and orientation that stand in a row.
struct Run<'a> {
    face: FaceId,
    look: u16,
    /// Whether they lie on their side.
    turned: bool,
    text: Cow<'a, str>,
    /// `x` along the line, `y` across it.
    glyphs: Vec<Set>,
    end: i32,
    /// Whether `text` is the paragraph's, so that more glyphs of it may join.
    joins: bool,
    /// What is read out for it; filled where the line tells.
    spoken: String,
    /// The readings that follow it.
    readings: Vec<(usize, &'a [Placed])>,
}

impl Writer<'_> {
    /// The number of a face in the file.
    fn face(&mut self, id: FaceId) -> Result<u16, WriteError> {
        if let Some(&number) = self.numbers.get(&id) {
            return Ok(number);
        }
        let number = self.faces.len() as u16;
        let face = Face::new(number, self.fonts.data(id)?).map_err(|reason| self.refused(id, &reason))?;
        self.faces.push((face, id, self.file.id()));
        self.numbers.insert(id, number);
        Ok(number)
    }

    fn refused(&self, id: FaceId, reason: &str) -> WriteError {
        let name = &self.fonts.info(id).name;
        WriteError::Format { format: "PDF", reason: format!("font `{name}` cannot be used: {reason}") }
    }

    /// Draws a page.
    fn page(&mut self, index: usize, page: &LaidOut) -> Result<(Sheet, Vec<(Ref, Area)>), WriteError> {
        let mut sheet = Sheet::new(self.pages.height, self.tagged);
        let mut areas: Vec<Area> = Vec::new();
        for element in &page.elements {
            match element {
                Element::Text(line) => self.line(index, &mut sheet, line, &mut areas)?,
                Element::Image { image, x, y, width, height, node } => {
                    let number = sheet.number();
                    sheet.open(&Piece::Content(number, None));
                    sheet.picture(*image, *x, *y, *width, *height);
                    sheet.close();
                    self.tags.content(self.pages, *node, (index, number));
                    let file = &mut self.file;
                    self.pictures.entry(*image).or_insert_with(|| file.id());
                }
                Element::Rule { x, y, width, height, ink } => {
                    sheet.open(&Piece::Ornament);
                    sheet.rule(*x, *y, *width, *height, *ink);
                    sheet.close();
                }
            }
        }
        sheet.end();
        Ok((sheet, areas.into_iter().map(|area| (self.file.id(), area)).collect()))
    }

    /// Writes a page that is drawn and packed.
    fn close(&mut self, index: usize, tree: Ref, sheet: &Sheet, areas: &[(Ref, Area)], packed: &[u8]) {
        for (id, area) in areas {
            let key = self.tagged.then(|| self.tags.area(self.pages, area.link, index, *id));
            about::area(&mut self.file, *id, area, self.pages, &self.sheets, key);
        }
        let contents = self.file.id();
        self.file.chunk.stream(contents, packed).filter(Filter::FlateDecode);
        let mut page = self.file.chunk.page(self.sheets[index]);
        page.parent(tree).contents(contents);
        let mut resources = page.resources();
        let mut fonts = resources.fonts();
        for &font in &sheet.fonts {
            fonts.pair(Name(format!("F{font}").as_bytes()), self.faces[font as usize].2);
        }
        fonts.finish();
        if !sheet.pictures.is_empty() {
            let mut pictures = resources.x_objects();
            for picture in &sheet.pictures {
                pictures.pair(Name(format!("I{picture}").as_bytes()), self.pictures[picture]);
            }
        }
        resources.finish();
        if !areas.is_empty() {
            page.annotations(areas.iter().map(|(id, _)| *id));
        }
        if self.tagged {
            page.struct_parents(index as i32).tab_order(TabOrder::StructureOrder);
        }
    }

    /// Writes what the pages share.
    fn finish(mut self, edition: &Edition, standard: Standard, tree: Ref) -> Result<Vec<u8>, WriteError> {
        let archive = standard == Standard::A1b;
        for (face, id, font) in &self.faces {
            face.write(&mut self.file, *font, archive).map_err(|reason| self.refused(*id, &reason))?;
        }
        for (&index, &id) in &self.pictures {
            let image = &self.document.images[index];
            picture::write(&mut self.file, id, image, archive).map_err(|reason| WriteError::Format {
                format: "PDF",
                reason: format!("picture `{}`: {reason}", image.path),
            })?;
        }
        let mut pages = self.file.chunk.pages(tree);
        pages.kids(self.sheets.iter().copied()).count(self.sheets.len() as i32);
        pages.media_box(Rect::new(0.0, 0.0, self.pages.width, self.pages.height));
        pages.finish();
        let tags =
            self.tagged.then(|| self.tags.write(&mut self.file, self.pages, &self.sheets, edition.tag()));
        let parts = about::Parts { pages: tree, sheets: &self.sheets, tags };
        about::write(&mut self.file, edition, self.document, self.pages, standard, &parts);
        Ok(self.file.chunk.finish())
    }

    /// Draws a line: its runs, each link in a sequence of its own, readings right after their base.
    fn line(
        &mut self,
        page: usize,
        sheet: &mut Sheet,
        line: &TextLine,
        areas: &mut Vec<Area>,
    ) -> Result<(), WriteError> {
        let pages = self.pages;
        let paragraph = &pages.paragraphs[line.paragraph];
        let runs = runs(pages, paragraph, line);
        // The mark of a note at the end leads there.
        let note = |run: &Run| paragraph.looks[run.look as usize].note.map(note_place);
        let goal = |run: &Run| match (&paragraph.looks[run.look as usize].link, line.goto) {
            (Some(url), _) => match url.strip_prefix('#') {
                Some(name) if pages.places.contains_key(name) => Some(Goal::Place(name.to_owned())),
                Some(_) => None,
                None => Some(Goal::Url(url.clone())),
            },
            (None, _) if note(run).is_some_and(|name| self.pages.places.contains_key(&name)) => {
                note(run).map(Goal::Place)
            }
            (None, Some(entry)) => Some(Goal::Entry(entry)),
            (None, None) => None,
        };
        // Stretches of one goal; readings are drawn right after their base.
        let mut first = 0;
        while first < runs.len() {
            let target = goal(&runs[first]);
            let mut end = first + 1;
            while end < runs.len() && goal(&runs[end]) == target {
                end += 1;
            }
            self.stretch(page, sheet, line, &runs[first..end], target, areas)?;
            first = end;
        }
        decorate(sheet, line, paragraph, &runs);
        Ok(())
    }

    /// A stretch of a line that is one piece of content. The glyphs of a vertical line are set one by
    /// one, so the piece says what it reads as, or extractors would make lines across the columns; with
    /// readings between the glyphs it says where in the text they belong.
    fn stretch(
        &mut self,
        page: usize,
        sheet: &mut Sheet,
        line: &TextLine,
        runs: &[Run],
        target: Option<Goal>,
        areas: &mut Vec<Area>,
    ) -> Result<(), WriteError> {
        let paragraph = &self.pages.paragraphs[line.paragraph];
        let mut drawn = runs.iter().filter(|run| !run.glyphs.is_empty()).peekable();
        let (Some(first), Some(last)) = (drawn.peek().copied(), runs.last()) else { return Ok(()) };
        let tells = line.vertical || runs.iter().any(|r| !r.readings.is_empty());
        let mut spoken = String::new();
        for run in runs.iter().filter(|_| tells) {
            spoken.push_str(&run.spoken);
            for &(reading, _) in &run.readings {
                spoken.push_str(&in_brackets(&paragraph.readings[reading].text));
            }
        }
        match line.node {
            Some(node) => {
                let number = sheet.number();
                sheet.open(&Piece::Content(number, tells.then_some(&*spoken)));
                match target {
                    Some(goal) => {
                        let link = self.tags.link(self.pages, node, (page, number));
                        areas.push(Area { link, bounds: cell(line, first.glyphs[0].x, last.end), goal });
                    }
                    None => self.tags.content(self.pages, node, (page, number)),
                }
            }
            None => sheet.open(&Piece::Head),
        }
        if first.turned {
            self.anchor(sheet, line, first.glyphs[0].x, first.face)?;
        }
        while let Some(run) = drawn.next() {
            self.run(sheet, line, run, paragraph)?;
            for &(reading, placed) in &run.readings {
                self.reading(sheet, line, &paragraph.readings[reading].text, placed)?;
            }
            if (run.turned || !run.readings.is_empty()) && drawn.peek().is_none() {
                self.anchor(sheet, line, run.end, run.face)?;
            }
        }
        if line.vertical {
            sheet.close_column();
        } else {
            sheet.close();
        }
        Ok(())
    }

    /// An upright space at a place of a vertical line. Extractors take the place of a piece from its first
    /// and last glyph; those of a turned run stand in a frame of their own and would send the column astray.
    fn anchor(&mut self, sheet: &mut Sheet, line: &TextLine, at: i32, id: FaceId) -> Result<(), WriteError> {
        let Some(space) = crate::font::outline::glyph(&self.fonts.data(id)?, ' ') else { return Ok(()) };
        let frame = frame(line, line.size, false, false);
        let (x, y) = if line.vertical { (-EM / 2, -at) } else { (at, 0) };
        let face = usize::from(self.face(id)?);
        let glyph = Set { id: space, x, y, text: 0..1 };
        sheet.set(&mut self.faces[face].0, Ink::Text, &frame, " ", &[glyph]);
        Ok(())
    }

    /// The glyphs of a run.
    fn run(
        &mut self,
        sheet: &mut Sheet,
        line: &TextLine,
        run: &Run,
        paragraph: &Paragraph,
    ) -> Result<(), WriteError> {
        let look = &paragraph.looks[run.look as usize];
        let face = usize::from(self.face(run.face)?);
        if let Some(lost) = run.glyphs.iter().find(|g| g.id == 0) {
            let words = run.text.get(lost.text.start as usize..lost.text.end as usize).unwrap_or_default();
            return Err(self.refused(run.face, &format!("it has no glyph for `{words}`")));
        }
        let frame = frame(line, line.size * look.scale as f32 / EM as f32, run.turned, look.slanted);
        let face = &mut self.faces[face].0;
        if run.turned || !line.vertical {
            sheet.set(face, look.ink, &frame, &run.text, &run.glyphs);
        } else {
            // Down the line: its axes are across it and up.
            let glyphs: Vec<Set> = run.glyphs.iter().map(|g| Set { x: g.y, y: -g.x, ..g.clone() }).collect();
            sheet.set(face, look.ink, &frame, &run.text, &glyphs);
        }
        Ok(())
    }

    /// The glyphs of a reading beside its base.
    fn reading(
        &mut self,
        sheet: &mut Sheet,
        line: &TextLine,
        text: &str,
        placed: &[Placed],
    ) -> Result<(), WriteError> {
        for group in placed.chunk_by(|a, b| a.glyph.face == b.glyph.face && a.glyph.size == b.glyph.size) {
            let face = usize::from(self.face(group[0].glyph.face)?);
            let turned = group[0].turned;
            let glyphs: Vec<Set> = group
                .iter()
                .map(|p| {
                    let (x, y) = if line.vertical && !turned { (p.y, -p.x) } else { (p.x, p.y) };
                    Set { id: p.glyph.id, x, y, text: p.glyph.start..p.glyph.end }
                })
                .collect();
            let frame = frame(line, line.size * group[0].glyph.size as f32 / EM as f32, turned, false);
            sheet.set(&mut self.faces[face].0, Ink::Text, &frame, text, &glyphs);
        }
        Ok(())
    }
}

/// The frame of a line for glyphs of a size in pt.
fn frame(line: &TextLine, size: f32, turned: bool, slanted: bool) -> Frame {
    Frame { x: line.x, y: line.y, em: line.size, size, turned, slanted }
}

/// Strikes, emphasis dots and side lines: drawn, no part of the text.
fn decorate(sheet: &mut Sheet, line: &TextLine, paragraph: &Paragraph, runs: &[Run]) {
    let struck = |run: &&Run| paragraph.looks[run.look as usize].strike && !run.glyphs.is_empty();
    if line.marks.is_empty() && !runs.iter().any(|r| struck(&r)) {
        return;
    }
    sheet.open(&Piece::Ornament);
    let unit = line.size / EM as f32;
    let thin = line.size * 0.045;
    // A point of the line on the sheet.
    let at = |x: i32, y: i32| {
        let (x, y) = (x as f32 * unit, y as f32 * unit);
        if line.vertical { (line.x + y, line.y + x) } else { (line.x + x, line.y - y) }
    };
    for mark in &line.marks {
        match *mark {
            SideMark::Line { from, to, y } => {
                sheet.stroke(thin, &[Step::Move(at(from, y)), Step::Line(at(to, y))]);
            }
            SideMark::Wave { from, to, y } => sheet.stroke(thin, &wave(from, to, y, at)),
            SideMark::Dot { .. } | SideMark::Leader { .. } => {}
        }
    }
    for mark in &line.marks {
        let (x, y, radius) = match *mark {
            SideMark::Dot { x, y } => (x, y, 0.08),
            SideMark::Leader { x, y } => (x, y, 0.035),
            SideMark::Line { .. } | SideMark::Wave { .. } => continue,
        };
        let (x, y) = at(x, y);
        sheet.shape(Ink::Text, &dot(x, y, line.size * radius));
    }
    for run in runs.iter().filter(struck) {
        let middle = if line.vertical { 0 } else { MIDDLE };
        let ((x0, y0), (x1, y1)) = (at(run.glyphs[0].x, middle), at(run.end, middle));
        let (w, h) = ((x1 - x0).abs().max(thin), (y1 - y0).abs().max(thin));
        sheet.rule(x0.min(x1), y0.min(y1), w, h, paragraph.looks[run.look as usize].ink);
    }
    sheet.close();
}

/// The runs of a line: neighbours of one face, look and orientation; a reading ends a run.
fn runs<'a>(pages: &'a Pages, paragraph: &'a Paragraph, line: &'a TextLine) -> Vec<Run<'a>> {
    let mut runs: Vec<Run> = Vec::new();
    let set = &line.line;
    let mut readings = line.readings.iter().peekable();
    for (k, cluster) in paragraph.clusters[set.start..set.end].iter().enumerate() {
        let x = set.x[k];
        let end = set.x.get(k + 1).copied().unwrap_or(x + cluster.advance);
        let own = other_words(pages, paragraph, cluster, x, end);
        if let Some(run) = own {
            runs.push(run);
        } else {
            let turned = line.vertical && cluster.turned;
            for glyph in paragraph.glyphs_of(cluster) {
                let placed = Set { id: glyph.id, x: x + glyph.x, y: glyph.y, text: glyph.start..glyph.end };
                match runs.last_mut() {
                    Some(run)
                        if run.joins
                            && run.face == glyph.face
                            && run.look == cluster.look
                            && run.turned == turned =>
                    {
                        run.glyphs.push(placed);
                        run.end = end;
                    }
                    _ => {
                        let mut glyphs = Vec::with_capacity(set.end - set.start - k);
                        glyphs.push(placed);
                        runs.push(Run {
                            face: glyph.face,
                            look: cluster.look,
                            turned,
                            text: (&*paragraph.text).into(),
                            glyphs,
                            end,
                            joins: true,
                            spoken: String::new(),
                            readings: Vec::new(),
                        });
                    }
                }
            }
            if let (true, Some(run)) = (line.vertical || !line.readings.is_empty(), runs.last_mut()) {
                run.spoken.push_str(cluster.text(paragraph));
            }
        }
        let last = k + 1 == set.end - set.start;
        if let (true, true, Some((face, id, advance))) = (last, set.hyphen, paragraph.hyphen(set.end - 1)) {
            let x = x + cluster.advance;
            let y = paragraph.glyphs_of(cluster).next().map_or(0, |g| g.y);
            runs.push(Run {
                face,
                look: cluster.look,
                turned: line.vertical,
                text: "\u{AD}".into(),
                glyphs: vec![Set { id, x, y, text: 0..2 }],
                end: x + advance,
                joins: false,
                spoken: String::new(),
                readings: Vec::new(),
            });
        }
        let at = set.start + k + 1;
        while let Some((index, placed)) = readings.next_if(|r| paragraph.readings[r.0].clusters.end <= at) {
            if let Some(run) = runs.last_mut() {
                run.joins = false;
                run.readings.push((*index, placed));
            }
        }
    }
    runs
}

/// A cluster that does not read as the text has it: the mark of a note, a private character.
#[inline]
fn other_words<'a>(
    pages: &Pages,
    paragraph: &Paragraph,
    cluster: &Cluster,
    x: i32,
    end: i32,
) -> Option<Run<'a>> {
    // Most clusters are one character of three bytes below U+E000, and nothing of the kind.
    let first = paragraph.text.as_bytes().get(cluster.range.start as usize);
    if cluster.range.len() == 3 && matches!(first, Some(0xE1..0xEE)) {
        return None;
    }
    let text = cluster.text(paragraph);
    match paragraph.looks[cluster.look as usize].note {
        Some(note) if text.contains(OBJECT) => {
            Some(words_run(paragraph, cluster, x, pages.notes[note].clone()))
        }
        _ if text.bytes().any(|b| b == 0 || b >= 0xEE) && text.contains(unmappable) => {
            Some(geta_run(paragraph, cluster, x, end))
        }
        _ => None,
    }
}

/// Characters that PDF/A does not let a glyph stand for: private ones and those that are none. In UTF-8 the
/// first byte of each is 0 or from 0xEE.
fn unmappable(c: char) -> bool {
    let code = c as u32;
    matches!(code, 0 | 0xFEFF | 0xE000..=0xF8FF | 0xF0000..) || code & 0xFFFE == 0xFFFE
}

/// A private character is drawn, and copied, as the printers' geta mark.
fn geta_run<'a>(paragraph: &Paragraph, cluster: &Cluster, x: i32, end: i32) -> Run<'a> {
    let mut run = words_run(paragraph, cluster, x, "〓".into());
    run.glyphs.truncate(1);
    if let Some(glyph) = run.glyphs.first_mut() {
        glyph.text = 0.."〓".len() as u32;
    }
    run.end = end;
    run
}

/// A cluster that reads as other words than the text has there: the mark of a note.
fn words_run<'a>(paragraph: &Paragraph, cluster: &Cluster, x: i32, words: String) -> Run<'a> {
    let glyphs = paragraph.glyphs_of(cluster);
    let starts: Vec<u32> = words.char_indices().map(|c| c.0 as u32).collect();
    let (n, whole) = (glyphs.len(), words.len() as u32);
    let at = |k: usize| if k == n { whole } else { starts.get(k).copied().unwrap_or(whole) };
    let placed = glyphs
        .clone()
        .enumerate()
        .map(|(k, g)| Set { id: g.id, x: x + g.x, y: g.y, text: at(k)..at(k + 1) })
        .collect();
    Run {
        face: glyphs.clone().next().map_or(FaceId(0), |g| g.face),
        look: cluster.look,
        turned: cluster.turned,
        text: words.clone().into(),
        glyphs: placed,
        end: x + cluster.advance,
        joins: false,
        spoken: words,
        readings: Vec::new(),
    }
}

/// The box of a stretch of a line, as high as its em box: left, top, right, bottom in pt.
fn cell(line: &TextLine, from: i32, to: i32) -> [f32; 4] {
    let unit = line.size / EM as f32;
    let (from, to) = (from as f32 * unit, to as f32 * unit);
    if line.vertical {
        let half = line.size / 2.0;
        [line.x - half, line.y + from, line.x + half, line.y + to]
    } else {
        let (up, down) = (line.size * 0.88, line.size * 0.12);
        [line.x + from, line.y - up, line.x + to, line.y + down]
    }
}

/// A wave of whole periods between two places of a line.
fn wave(from: i32, to: i32, y: i32, at: impl Fn(i32, i32) -> (f32, f32)) -> Vec<Step> {
    let (period, height) = (EM * 3 / 8, EM / 12);
    let count = ((to - from) / period).max(1);
    let mut path = vec![Step::Move(at(from, y))];
    for k in 0..2 * count {
        let step = |part: i32| from + (to - from) * (2 * k + part) / (4 * count);
        let lift = if k % 2 == 0 { height } else { -height };
        path.push(Step::Quad(at(step(1), y + 2 * lift), at(step(2), y)));
    }
    path
}

/// A dot.
fn dot(x: f32, y: f32, r: f32) -> [Step; 5] {
    // Distance of the control points of a quarter circle.
    let c = r * 0.552_285;
    [
        Step::Move((x + r, y)),
        Step::Cubic((x + r, y + c), (x + c, y + r), (x, y + r)),
        Step::Cubic((x - c, y + r), (x - r, y + c), (x - r, y)),
        Step::Cubic((x - r, y - c), (x - c, y - r), (x, y - r)),
        Step::Cubic((x + c, y - r), (x + r, y - c), (x + r, y)),
    ]
}
