//! Running text to runs of a DOCX: styles, faces, links, note marks, inline pictures.

use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::{
    document::{Block, each},
    font::casting::{Casting, Set, shared},
    layout::ruby::is_zhuyin,
    template::Direction,
    text::Text,
    write::{
        docx::{
            Book, contents, drawing, families, family_of, index, media, parts::Relations, styles::half_points,
        },
        runs::{Kind, Look, Reading, Run, Voice, by_set, styled_runs},
        xml::Xml,
    },
};

/// A part whose paragraphs are being written: the body or the notes.
pub(super) struct Story<'a, 'b> {
    pub xml: Xml,
    pub book: &'a Book<'a>,
    pub casting: &'b mut Casting<'a>,
    pub relations: Relations,
    /// How often each note was referred to; in the notes themselves none may be.
    pub references: Option<Vec<usize>>,
    /// Ids of pictures, bookmarks and combined stretches.
    pub ids: usize,
    /// Bookmarks that are open: where they end, and their ids.
    pub open: Vec<(usize, String)>,
    /// Size of the paragraph, relative to the body.
    pub size: f32,
}

/// The properties of a run, in the order of the schema.
#[derive(Default)]
struct Properties<'a> {
    style: &'a str,
    /// A family, and whether it is for Chinese text.
    family: Option<(&'a str, bool)>,
    hint: bool,
    look: Look,
    italic: bool,
    /// Half points, where it is not the paragraph's.
    size: Option<&'a str>,
    /// The cell of a vertical line that the run shares.
    cell: Option<&'a str>,
    /// The language of its words, where it is not Chinese.
    language: Option<&'a str>,
}

/// Words that are drawn in one family.
struct Piece {
    range: Range<usize>,
    /// `None` where no face has them.
    family: Option<String>,
    /// Whether they are marks that Chinese and Western text share.
    mark: bool,
    set: Set,
    /// Whether they may stand in one run with their neighbors.
    joins: bool,
}

impl Story<'_, '_> {
    /// Writes a text into the open paragraph.
    pub(super) fn text(&mut self, text: &Text, voice: Voice) {
        let mut link = None;
        let mut indexed = index::marks(self.book.document, text);
        let all = styled_runs(text, self.book.page);
        let mut at = 0;
        while let Some(run) = all.get(at) {
            for (name, range) in run.anchors.iter().filter(|(_, range)| range.start == run.range.start) {
                let id = self.bookmark(name);
                self.open.push((range.end, id));
            }
            for one in indexed.iter_mut().filter(|one| one.range.start == run.range.start) {
                self.begin_entry(one);
            }
            if let Some(page) = run.reference {
                if link.take().is_some() {
                    self.xml.close();
                }
                let count = all[at..].iter().take_while(|r| r.link == run.link).count();
                self.reference(&all[at..at + count], page, voice);
                at += count;
                self.end_bookmarks(all[at - 1].range.end);
                self.end_entries(&mut indexed, all[at - 1].range.end);
                continue;
            }
            let wanted = run.link.as_ref().map(|(url, title, range)| (*url, *title, range.start));
            if link != wanted {
                if link.is_some() {
                    self.xml.close();
                }
                if let Some((url, title, _)) = wanted {
                    self.link(url, title);
                }
                link = wanted;
            }
            if [run.look.name, run.look.title]
                .into_iter()
                .flatten()
                .any(|l| l.beside && l.start == run.range.start)
            {
                self.part_lines();
            }
            let Some(nearest) = run.readings.last() else {
                let count = 1 + self.alike(&all[at..], &indexed);
                match count {
                    1 => self.run(run, voice),
                    _ => self.pieces(&all[at..at + count], voice),
                }
                at += count;
                self.end_bookmarks(all[at - 1].range.end);
                self.end_entries(&mut indexed, all[at - 1].range.end);
                continue;
            };
            // A base may be of several runs; the format has one reading a base, and no objects in it.
            let count = all[at..].iter().take_while(|r| r.readings.last() == Some(nearest)).count();
            let base = &all[at..at + count];
            let whole = base.last().is_some_and(|r| r.range.end == nearest.base.end);
            let beside = whole && base.iter().all(|r| matches!(r.kind, Kind::Words(_)));
            if beside {
                self.ruby(nearest, base, voice);
            } else {
                base.iter().for_each(|run| self.run(run, voice));
            }
            self.bracketed(base, beside.then_some(nearest.index));
            at += count;
            self.end_bookmarks(all[at - 1].range.end);
            self.end_entries(&mut indexed, all[at - 1].range.end);
        }
        if link.is_some() {
            self.xml.close();
        }
    }

    /// How many runs behind the first differ from it in their script alone, with nothing that begins or ends between them.
    fn alike(&self, runs: &[Run], indexed: &[index::Marked]) -> usize {
        let Some((first, rest)) = runs.split_first() else { return 0 };
        let plain = |run: &Run| words_of(run).is_some() && run.readings.is_empty() && run.reference.is_none();
        let cut = |at: usize| {
            self.open.iter().any(|(end, _)| *end == at)
                || indexed.iter().any(|one| one.range.start == at || one.range.end == at)
        };
        let alike = |run: &&Run| {
            plain(run)
                && (run.look, run.language) == (first.look, first.language)
                && (&run.link, &run.anchors) == (&first.link, &first.anchors)
                && !cut(run.range.start)
        };
        if !plain(first) || first.look.combine.is_some() {
            return 0;
        }
        rest.iter().take_while(alike).count()
    }

    /// Begins a bookmark where links may lead; gives back its id.
    pub(super) fn bookmark(&mut self, name: &str) -> String {
        self.ids += 1;
        let id = self.ids.to_string();
        self.xml.empty("w:bookmarkStart", &[("w:id", &id), ("w:name", &bookmark_name(name))]);
        id
    }

    /// Ends the bookmarks that end at a place of the text or before it.
    pub(super) fn end_bookmarks(&mut self, at: usize) {
        let (ended, open): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.open).into_iter().partition(|(end, _)| *end <= at);
        self.open = open;
        for (_, id) in ended {
            self.xml.empty("w:bookmarkEnd", &[("w:id", &id)]);
        }
    }

    /// A field that says the words or the page of the place that it refers to.
    fn reference(&mut self, runs: &[Run], page: bool, voice: Voice) {
        let name = runs[0].link.as_ref().map_or("", |(url, ..)| url.trim_start_matches('#'));
        let place = name;
        let words = runs.iter().filter_map(|run| match run.kind {
            Kind::Words(words) => Some(words),
            _ => None,
        });
        let words: String = words.collect();
        // What stands at a picture without a caption has no words that a program could fill in.
        if !page && self.is_bare_figure(name) {
            self.link(&["#", name].concat(), "");
            self.words(&words, voice);
            self.xml.close();
            return;
        }
        if page {
            self.words("第", voice);
        }
        let name = bookmark_name(name);
        let instruction = if page { format!(" PAGEREF {name} \\h ") } else { format!(" REF {name} \\h ") };
        // Without pages of our own Word says them when it opens the file.
        let folio = self.book.paged.places.get(place);
        contents::begin_as(self, &instruction, page && folio.is_none());
        self.words(if page { folio.map_or("1", String::as_str) } else { &words }, voice);
        contents::mark(self, "end");
        if page {
            let traditional = self.book.edition.script == crate::edition::Script::Traditional;
            self.words(if traditional { "頁" } else { "页" }, voice);
        }
    }

    /// Whether a place is a picture that has no caption.
    fn is_bare_figure(&self, name: &str) -> bool {
        let document = self.book.document;
        let mut bare = false;
        for blocks in std::iter::once(&document.blocks).chain(&document.notes) {
            each(blocks, &mut |block| {
                bare |=
                    matches!(block, Block::Figure { anchor: Some(own), caption: None, .. } if own == name);
            });
        }
        bare
    }

    /// A base with its reading beside it (ECMA-376 part 1, 17.3.3.25).
    fn ruby(&mut self, reading: &Reading, base: &[Run], voice: Voice) {
        let zhuyin = is_zhuyin(reading.reading);
        let size = self.book.page.size * self.size;
        // Zhuyin stands at the right, a symbol above the other, at 0.3 em.
        let (align, scale, lang) = if zhuyin {
            ("rightVertical", 0.33, "zh-TW")
        } else {
            ("center", 0.5, self.book.edition.short_tag())
        };
        let small = half_points(size * scale);
        self.xml.open("w:r", &[]).open("w:ruby", &[]).open("w:rubyPr", &[]);
        for (name, value) in [
            ("w:rubyAlign", align),
            ("w:hps", &small),
            ("w:hpsRaise", &half_points(size * 0.9)),
            ("w:hpsBaseText", &half_points(size)),
            ("w:lid", lang),
        ] {
            self.xml.empty(name, &[("w:val", value)]);
        }
        self.xml.close().open("w:rt", &[]);
        for (words, set) in by_set(reading.reading) {
            let families: Vec<_> = words
                .chars()
                .filter_map(|c| family_of(self.book, self.casting, c, Voice::Body, Look::default(), set))
                .collect();
            let chinese = set == Set::Chinese;
            self.xml.open("w:r", &[]);
            let family = families.first().map(|f| (f.as_str(), chinese));
            self.properties(
                &Properties { family, hint: chinese, size: Some(&small), ..Properties::default() },
                true,
            );
            self.xml.leaf("w:t", &[("xml:space", "preserve")], words).close();
        }
        self.xml.close().open("w:rubyBase", &[]);
        base.iter().for_each(|run| self.run(run, voice));
        self.xml.close().close().close();
    }

    /// Readings that the format has no place for, in brackets behind the runs that they end in; all but one that
    /// stands `beside` them.
    fn bracketed(&mut self, base: &[Run], beside: Option<usize>) {
        let (Some(first), Some(last)) = (base.first(), base.last()) else { return };
        let mut told: Vec<usize> = beside.into_iter().collect();
        for reading in base.iter().flat_map(|run| run.readings.iter().rev()) {
            let ends = first.range.start < reading.base.end && reading.base.end <= last.range.end;
            if ends && !told.contains(&reading.index) {
                told.push(reading.index);
                self.words(&["（", reading.reading, "）"].concat(), Voice::Body);
            }
        }
    }

    /// A thin space without a line, between two lines that would look like one.
    fn part_lines(&mut self) {
        let size = half_points(self.book.page.size * self.size * 0.4);
        self.xml.open("w:r", &[]);
        self.properties(&Properties { size: Some(&size), ..Properties::default() }, false);
        self.xml.leaf("w:t", &[("xml:space", "preserve")], " ").close();
    }

    /// Writes plain words of our own into the open paragraph.
    pub(super) fn words(&mut self, words: &str, voice: Voice) {
        let span = crate::source::Span::new(crate::source::SourceId(0), 0..0);
        self.text(&Text::made(words, span), voice);
    }

    fn link(&mut self, url: &str, title: &str) {
        if let Some(name) = url.strip_prefix('#') {
            let name = bookmark_name(name);
            let mut attributes = vec![("w:anchor", name.as_str()), ("w:history", "1")];
            if !title.is_empty() {
                attributes.push(("w:tooltip", title));
            }
            self.xml.open("w:hyperlink", &attributes);
            return;
        }
        let id = self.relations.add("hyperlink", &address(url), true);
        let mut attributes = vec![("r:id", id.as_str()), ("w:history", "1")];
        if !title.is_empty() {
            attributes.push(("w:tooltip", title));
        }
        self.xml.open("w:hyperlink", &attributes);
    }

    fn run(&mut self, run: &Run, voice: Voice) {
        match run.kind {
            Kind::Words(_) => self.pieces(std::slice::from_ref(run), voice),
            Kind::Break => {
                self.xml.open("w:r", &[]);
                // The lines of a formula are one formula.
                if let Some(style) = formula(run) {
                    self.properties(&Properties { style, ..Properties::default() }, false);
                }
                self.xml.empty("w:br", &[]).close();
            }
            Kind::Note(index) => self.note(index),
            Kind::Image { path, alt } => {
                let images = &self.book.document.images;
                match images.iter().position(|i| i.path == path) {
                    Some(at) => self.picture(at, alt, Some(self.book.page.size * 1.2)),
                    None => self.words(alt, voice),
                }
            }
        }
    }

    /// Words of runs that differ in their script alone, in stretches of one family. Chinese words and what is ASCII among
    /// them are one stretch: its style names a face for each, and no program takes one for the other.
    fn pieces(&mut self, runs: &[Run], voice: Voice) {
        let Some(first) = runs.first() else { return };
        let usual = families(self.book, self.casting, voice);
        let style = style(first, voice);
        let words: String = runs.iter().filter_map(words_of).collect();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut at = 0;
        for run in runs {
            let fresh = pieces.len();
            for c in words_of(run).unwrap_or_default().chars() {
                // A tab is drawn in no face.
                let family =
                    (c != '\t').then(|| family_of(self.book, self.casting, c, voice, run.look, run.set));
                let (family, mark, end) = (family.flatten(), shared(c), at + c.len_utf8());
                match pieces[fresh..].last_mut() {
                    // What no face has, and what needs none, goes with what stands before it.
                    Some(piece) if family.is_none() || piece.family == family && piece.mark == mark => {
                        piece.range.end = end;
                    }
                    _ => pieces.push(Piece { range: at..end, family, mark, set: run.set, joins: false }),
                }
                at = end;
            }
        }
        for piece in &mut pieces {
            let family = if piece.set == Set::Chinese { &usual.0 } else { &usual.1 };
            piece.joins = style.is_empty()
                && !first.look.emphasis
                && !piece.mark
                && piece.family.as_ref().is_none_or(|known| known == family)
                && (piece.set == Set::Chinese || words[piece.range.clone()].is_ascii())
                // Leaders are drawn in the face of their run.
                && !words[piece.range.clone()].contains('\t');
        }
        pieces.dedup_by(|piece, before| {
            let joined = piece.joins && before.joins;
            if joined {
                before.range.end = piece.range.end;
                if piece.set == Set::Chinese {
                    (before.set, before.family) = (Set::Chinese, piece.family.take());
                }
            }
            joined
        });
        for piece in pieces {
            self.piece(first, style, &usual, &words[piece.range.clone()], piece);
        }
    }

    fn piece(&mut self, run: &Run, style: &str, usual: &(String, String), words: &str, piece: Piece) {
        let Piece { family, mark, set, .. } = piece;
        let usual = if set == Set::Chinese { &usual.0 } else { &usual.1 };
        let special = mark || !style.is_empty() || family.as_ref().is_some_and(|f| f != usual);
        let cell = self.cell(run);
        let properties = Properties {
            style,
            family: family.as_deref().filter(|_| special).map(|f| (f, set == Set::Chinese)),
            hint: set == Set::Chinese,
            look: run.look,
            italic: run.look.emphasis && set == Set::Western && !run.look.code,
            size: None,
            cell: cell.as_deref(),
            language: run.language.map(|(tag, _)| tag),
        };
        self.xml.open("w:r", &[]);
        // Marks that both scripts use, and faces that stand in, are named for both: applications differ
        // in what they take a character for.
        let all = mark || family.as_ref().is_some_and(|f| f != usual) && properties.style.is_empty();
        self.properties(&properties, all);
        for (i, part) in words.split('\t').enumerate() {
            if i > 0 {
                self.xml.empty("w:tab", &[]);
            }
            if !part.is_empty() {
                self.xml.leaf("w:t", &[("xml:space", "preserve")], part);
            }
        }
        self.xml.close();
    }

    /// The cell that a combined run of a vertical line shares with those of its stretch.
    fn cell(&mut self, run: &Run) -> Option<String> {
        let start = run.look.combine.filter(|_| self.book.page.direction == Direction::Vertical)?;
        if start == run.range.start {
            self.ids += 1;
        }
        Some(self.ids.to_string())
    }

    fn properties(&mut self, p: &Properties, all: bool) {
        let look = p.look;
        let told = p.family.is_some() || p.size.is_some() || p.cell.is_some() || p.language.is_some();
        let plain = Look { combine: None, keep: None, ..look } == Look::default();
        if p.style.is_empty() && !told && !p.hint && !p.italic && plain {
            return;
        }
        let xml = &mut self.xml;
        xml.open("w:rPr", &[]);
        if !p.style.is_empty() {
            xml.empty("w:rStyle", &[("w:val", p.style)]);
        }
        let mut fonts = Vec::new();
        if p.hint {
            fonts.push(("w:hint", "eastAsia"));
        }
        if let Some((family, chinese)) = p.family {
            if !chinese || all {
                fonts.extend([("w:ascii", family), ("w:hAnsi", family)]);
            }
            if chinese || all {
                fonts.push(("w:eastAsia", family));
            }
            if all {
                fonts.push(("w:cs", family));
            }
        }
        if !fonts.is_empty() {
            xml.empty("w:rFonts", &fonts);
        }
        if look.strong {
            xml.empty("w:b", &[]).empty("w:bCs", &[]);
        }
        if p.italic {
            xml.empty("w:i", &[]).empty("w:iCs", &[]);
        }
        if look.strike {
            xml.empty("w:strike", &[]);
        }
        if let Some(size) = p.size {
            xml.empty("w:sz", &[("w:val", size)]).empty("w:szCs", &[("w:val", size)]);
        }
        if look.name.is_some() || look.title.is_some() {
            xml.empty("w:u", &[("w:val", if look.title.is_some() { "wave" } else { "single" })]);
        }
        if look.superscript || look.subscript {
            let value = if look.superscript { "superscript" } else { "subscript" };
            xml.empty("w:vertAlign", &[("w:val", value)]);
        }
        if look.dots.is_some() {
            // Below the characters; in vertical lines at their right.
            let vertical = self.book.page.direction == Direction::Vertical;
            xml.empty("w:em", &[("w:val", if vertical { "dot" } else { "underDot" })]);
        }
        if let Some(tag) = p.language {
            let eastern = ["ja", "ko"].iter().any(|it| tag == *it || tag.starts_with(&format!("{it}-")));
            xml.empty("w:lang", &[(if eastern { "w:eastAsia" } else { "w:val" }, tag)]);
        }
        if let Some(cell) = p.cell {
            xml.empty("w:eastAsianLayout", &[("w:id", cell), ("w:vert", "1"), ("w:vertCompress", "1")]);
        }
        xml.close();
    }

    /// The first reference to a note carries it; later ones repeat its number.
    fn note(&mut self, index: usize) {
        let (number, shown) = ((index + 1).to_string(), self.book.note_number(index));
        let kind = self.book.kind(index);
        let ([.., name, _], style) = (kind.elements, kind.mark_style);
        let bookmark = ["_Note", &number].concat();
        let count = self.references.as_mut().and_then(|r| r.get_mut(index)).map(|count| {
            *count += 1;
            *count
        });
        let Some(count) = count else {
            self.words(&["[", &shown, "]"].concat(), Voice::Body);
            return;
        };
        if count == 1 {
            self.ids += 1;
            let id = self.ids.to_string();
            self.xml.empty("w:bookmarkStart", &[("w:id", &id), ("w:name", &bookmark)]);
            self.xml.open("w:r", &[]).open("w:rPr", &[]);
            self.xml.empty("w:rStyle", &[("w:val", style)]).close();
            self.xml.empty(name, &[("w:id", &number)]).close();
            self.xml.empty("w:bookmarkEnd", &[("w:id", &id)]);
        } else {
            let instruction = [" NOTEREF ", &bookmark, " \\h "].concat();
            self.xml.open("w:fldSimple", &[("w:instr", &instruction)]);
            self.xml.open("w:r", &[]).open("w:rPr", &[]);
            self.xml.empty("w:rStyle", &[("w:val", style)]).close();
            self.xml.leaf("w:t", &[], &shown).close().close();
        }
    }

    /// A picture in a run of its own.
    pub(super) fn picture(&mut self, at: usize, alt: &str, height: Option<f32>) {
        let image = &self.book.document.images[at];
        let relation = self.relations.add("image", &media(at, image.format), false);
        self.ids += 1;
        self.xml.open("w:r", &[]);
        drawing::write(&mut self.xml, self.book, image, alt, &relation, self.ids, height);
        self.xml.close();
    }
}

/// The style of the source of a formula.
fn formula(run: &Run) -> Option<&'static str> {
    run.look.math.map(|display| if display { "MathDisplay" } else { "MathSource" })
}

/// The longest name that Word gives a bookmark, characters.
const LONGEST_NAME: usize = 40;

/// The name of a place as the name of a bookmark: without spaces, starting with a letter, and short.
pub(super) fn bookmark_name(name: &str) -> String {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let starts = name.starts_with(|c: char| c.is_alphabetic());
    if starts && name.chars().all(fits) && name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    let hash: String = Sha256::digest(name).iter().take(8).map(|b| format!("{b:02x}")).collect();
    ["place-", &hash].concat()
}

/// A link target as a relation may carry it: characters that no address holds are encoded.
fn address(url: &str) -> String {
    let mut out = String::new();
    for c in url.chars() {
        if c.is_control() || c == '\u{FFFE}' || c == '\u{FFFF}' || " <>\"{}|\\^`[]".contains(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    if out.is_empty() { "about:blank".into() } else { out }
}

/// The words of a run that has no object.
fn words_of<'a>(run: &Run<'a>) -> Option<&'a str> {
    match run.kind {
        Kind::Words(words) => Some(words),
        _ => None,
    }
}

/// The character style of a run, empty for plain words.
fn style(run: &Run, voice: Voice) -> &'static str {
    // What is strong and emphasized is heavy in the face of what is strong.
    let emphasis = run.look.emphasis && matches!(voice, Voice::Body | Voice::Quote | Voice::Head);
    if run.link.is_some() {
        "Hyperlink"
    } else if let Some(style) = formula(run) {
        style
    } else if run.look.code {
        "VerbatimChar"
    } else if emphasis {
        "Emphasis"
    } else if run.look.strong {
        "Strong"
    } else {
        ""
    }
}
