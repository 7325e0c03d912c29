//! Running text to runs of a DOCX: styles, faces, links, note marks, inline pictures.

use crate::{
    font::casting::{Casting, Set, shared},
    text::Text,
    write::{
        docx::{Book, drawing, families, family_of, media, parts::Relations},
        runs::{Kind, Look, Run, Voice, runs},
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
    /// Ids of pictures and bookmarks.
    pub ids: usize,
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
}

impl Story<'_, '_> {
    /// Writes a text into the open paragraph.
    pub(super) fn text(&mut self, text: &Text, voice: Voice) {
        let mut link = None;
        for run in runs(text) {
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
            self.run(&run, voice);
        }
        if link.is_some() {
            self.xml.close();
        }
    }

    /// Writes plain words of our own into the open paragraph.
    pub(super) fn words(&mut self, words: &str, voice: Voice) {
        let span = crate::source::Span::new(crate::source::SourceId(0), 0..0);
        self.text(&Text::made(words, span), voice);
    }

    fn link(&mut self, url: &str, title: &str) {
        let id = self.relations.add("hyperlink", &address(url), true);
        let mut attributes = vec![("r:id", id.as_str()), ("w:history", "1")];
        if !title.is_empty() {
            attributes.push(("w:tooltip", title));
        }
        self.xml.open("w:hyperlink", &attributes);
    }

    fn run(&mut self, run: &Run, voice: Voice) {
        match run.kind {
            Kind::Words(words) => self.pieces(run, words, voice),
            Kind::Break => {
                self.xml.open("w:r", &[]).empty("w:br", &[]).close();
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

    /// Words in stretches of one family.
    fn pieces(&mut self, run: &Run, words: &str, voice: Voice) {
        let mut start = 0;
        let mut current: Option<(Option<String>, bool)> = None;
        for (at, c) in words.char_indices() {
            let family = family_of(self.book, self.casting, c, voice, run.look, run.set);
            let mark = shared(c);
            match &mut current {
                // What no face has, and what needs none, goes with what stands before it.
                Some(_) if family.is_none() => {}
                Some((known, marks)) if *known == family && *marks == mark => {}
                Some((known, marks)) => {
                    let (family_before, mark_before) = (known.take(), *marks);
                    self.piece(run, &words[start..at], voice, family_before, mark_before);
                    start = at;
                    current = Some((family, mark));
                }
                None => current = Some((family, mark)),
            }
        }
        let (family, mark) = current.unwrap_or_default();
        self.piece(run, &words[start..], voice, family, mark);
    }

    fn piece(&mut self, run: &Run, words: &str, voice: Voice, family: Option<String>, mark: bool) {
        let (chinese, western) = families(self.book, self.casting, voice);
        let emphasis = run.look.emphasis && !run.look.strong && matches!(voice, Voice::Body | Voice::Quote);
        let style = if run.link.is_some() {
            "Hyperlink"
        } else if run.look.code {
            "VerbatimChar"
        } else if emphasis {
            "Emphasis"
        } else if run.look.strong {
            "Strong"
        } else {
            ""
        };
        let usual = if run.set == Set::Chinese { chinese } else { western };
        let special = mark || !style.is_empty() || family.as_ref().is_some_and(|f| *f != usual);
        let properties = Properties {
            style,
            family: family.as_deref().filter(|_| special).map(|f| (f, run.set == Set::Chinese)),
            hint: run.set == Set::Chinese,
            look: run.look,
            italic: run.look.emphasis && run.set == Set::Western && !run.look.code,
        };
        self.xml.open("w:r", &[]);
        // Marks that both scripts use, and faces that stand in, are named for both: applications differ
        // in what they take a character for.
        let all = mark || family.as_ref().is_some_and(|f| *f != usual) && properties.style.is_empty();
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

    fn properties(&mut self, p: &Properties, all: bool) {
        let look = p.look;
        if p.style.is_empty() && p.family.is_none() && !p.hint && look == Look::default() {
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
        if look.superscript || look.subscript {
            let value = if look.superscript { "superscript" } else { "subscript" };
            xml.empty("w:vertAlign", &[("w:val", value)]);
        }
        xml.close();
    }

    /// The first reference to a note carries it; later ones repeat its number.
    fn note(&mut self, index: usize) {
        let number = (index + 1).to_string();
        let bookmark = ["_Note", &number].concat();
        let count = self.references.as_mut().and_then(|r| r.get_mut(index)).map(|count| {
            *count += 1;
            *count
        });
        let Some(count) = count else {
            self.words(&["[", &number, "]"].concat(), Voice::Body);
            return;
        };
        if count == 1 {
            self.ids += 1;
            let id = self.ids.to_string();
            self.xml.empty("w:bookmarkStart", &[("w:id", &id), ("w:name", &bookmark)]);
            self.xml.open("w:r", &[]).open("w:rPr", &[]);
            self.xml.empty("w:rStyle", &[("w:val", "FootnoteReference")]).close();
            self.xml.empty("w:footnoteReference", &[("w:id", &number)]).close();
            self.xml.empty("w:bookmarkEnd", &[("w:id", &id)]);
        } else {
            let instruction = [" NOTEREF ", &bookmark, " \\h "].concat();
            self.xml.open("w:fldSimple", &[("w:instr", &instruction)]);
            self.xml.open("w:r", &[]).open("w:rPr", &[]);
            self.xml.empty("w:rStyle", &[("w:val", "FootnoteReference")]).close();
            self.xml.leaf("w:t", &[], &number).close().close();
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
