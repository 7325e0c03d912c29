//! A font in a PDF: the glyphs that the pages use, under codes of their own, and what each reads as.

use std::sync::Arc;

use pdf_writer::{
    Finish, Name, Rect, Ref, Str,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use super::file::{File, deflated};
use crate::font::{
    facts::{Facts, Outlines, advances},
    store::FontData,
};

const SYSTEM: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// What a glyph reads as where it is copied.
#[derive(Clone, Debug, PartialEq)]
enum Reads {
    /// Not known yet.
    Open,
    /// A character.
    As(char),
    /// Several.
    Words(Box<str>),
}

/// A font of a file.
pub(super) struct Face {
    /// Its number in the file; pages call it `F` and this number.
    pub(super) number: u16,
    data: Arc<FontData>,
    facts: Facts,
    /// The code of each glyph of the font, 0 if it has none yet.
    codes: Vec<u16>,
    /// By code: the glyph.
    glyphs: Vec<u16>,
    /// By code: what it reads as.
    reads: Vec<Reads>,
    /// By code: advance, 1/1000 em.
    widths: Vec<f32>,
}

impl Face {
    /// A font of which nothing is used yet.
    ///
    /// # Errors
    /// When it is damaged, draws no outlines or may not be embedded; the words say which.
    pub(super) fn new(number: u16, data: Arc<FontData>) -> Result<Self, String> {
        let facts = Facts::of(&data).ok_or("it cannot be read, or it draws no outlines")?;
        if facts.restricted {
            return Err("its licence bits (OS/2 fsType 2) do not allow embedding".to_owned());
        }
        let widths = advances(&data, std::iter::once(0));
        Ok(Self { number, data, facts, codes: Vec::new(), glyphs: vec![0], reads: vec![Reads::Open], widths })
    }

    /// The code of a glyph and its advance, 1/1000 em.
    #[inline]
    pub(super) fn code(&mut self, glyph: u32) -> (u16, f32) {
        match self.codes.get(glyph as usize) {
            Some(&code) if code > 0 => (code, self.widths[code as usize]),
            _ => self.first(glyph),
        }
    }

    #[cold]
    fn first(&mut self, glyph: u32) -> (u16, f32) {
        let at = glyph as usize;
        if self.codes.len() <= at {
            self.codes.resize((at + 1).next_power_of_two(), 0);
        }
        let code = self.glyphs.len() as u16;
        self.codes[at] = code;
        self.glyphs.push(glyph as u16);
        self.reads.push(Reads::Open);
        self.widths.extend(advances(&self.data, std::iter::once(glyph)));
        (code, self.widths[code as usize])
    }

    /// Whether a code reads as these words; the first words that it stands for are kept.
    #[inline]
    pub(super) fn reads(&mut self, code: u16, words: &str) -> bool {
        let known = &mut self.reads[code as usize];
        let mut chars = words.chars();
        let (first, more) = (chars.next(), !chars.as_str().is_empty());
        match (&*known, first) {
            (Reads::As(c), Some(first)) => *c == first && !more,
            (Reads::Words(known), _) => **known == *words,
            (_, None) => false,
            (Reads::Open, Some(first)) => {
                *known = if more { Reads::Words(words.into()) } else { Reads::As(first) };
                true
            }
        }
    }

    /// Writes the font: what is used of it, the widths, and what its codes read as.
    ///
    /// # Errors
    /// When the font cannot be cut.
    pub(super) fn write(&self, file: &mut File, id: Ref, cid_set: bool) -> Result<(), String> {
        let mut mapper = GlyphRemapper::new();
        for &glyph in &self.glyphs[1..] {
            mapper.remap(glyph);
        }
        let cut = match self.facts.outlines {
            Outlines::Variable => subsetter::subset_with_variations(&self.data, 0, &[], &mapper),
            _ => subsetter::subset(&self.data, 0, &mapper),
        };
        let cut = cut.map_err(|e| e.to_string())?;
        let postscript = self.facts.outlines == Outlines::PostScript;
        let program = match postscript {
            true => table(&cut, b"CFF ").ok_or("its outlines are lost")?,
            false => &cut,
        };
        let name = format!("{}+{}", self.tag(), self.facts.name);
        let ids = [(); 5].map(|()| file.id());
        let [descendant, descriptor, meaning, set, stream] = ids;

        let encoding = Name(b"Identity-H");
        let whole = if postscript { format!("{name}-Identity-H") } else { name.clone() };
        file.chunk
            .type0_font(id)
            .base_font(Name(whole.as_bytes()))
            .encoding_predefined(encoding)
            .descendant_font(descendant)
            .to_unicode(meaning);

        let mut font = file.chunk.cid_font(descendant);
        font.subtype(if postscript { CidFontType::Type0 } else { CidFontType::Type2 });
        font.base_font(Name(name.as_bytes())).system_info(SYSTEM).font_descriptor(descriptor);
        font.default_width(0.0);
        if !postscript {
            font.cid_to_gid_map_predefined(Name(b"Identity"));
        }
        let mut widths = font.widths();
        let mut first = 0u16;
        for same in self.widths.chunk_by(|a, b| a == b) {
            let last = first + (same.len() - 1) as u16;
            if same[0] != 0.0 {
                widths.same(first, last, same[0]);
            }
            first = last.wrapping_add(1);
        }
        widths.finish();
        font.finish();

        let facts = &self.facts;
        let mut flags = FontFlags::SYMBOLIC;
        flags.set(FontFlags::SERIF, facts.name.contains("Serif"));
        flags.set(FontFlags::FIXED_PITCH, facts.monospaced);
        flags.set(FontFlags::ITALIC, facts.italic_angle != 0.0);
        let [left, bottom, right, top] = facts.bounds;
        let mut described = file.chunk.font_descriptor(descriptor);
        described
            .name(Name(name.as_bytes()))
            .flags(flags)
            .bbox(Rect::new(left, bottom, right, top))
            .italic_angle(facts.italic_angle)
            .ascent(facts.ascent)
            .descent(facts.descent)
            .cap_height(facts.cap_height)
            // The usual guess from the weight: a font does not say how thick its stems are.
            .stem_v(10.0 + 0.244 * (facts.weight - 50.0));
        if cid_set {
            described.cid_set(set);
        }
        match postscript {
            true => described.font_file3(stream),
            false => described.font_file2(stream),
        };
        described.finish();

        let meaning_bytes = self.meaning();
        file.stream(meaning, &meaning_bytes);
        if cid_set {
            // PDF/A-1: a bit for each code, of which none is left out.
            let codes = self.glyphs.len();
            let mut bits = vec![0xFF; codes.div_ceil(8)];
            if let (Some(last), used @ 1..) = (bits.last_mut(), codes % 8) {
                *last = !(0xFF >> used);
            }
            file.stream(set, &bits);
        }
        let packed = deflated(program);
        let mut out = file.chunk.stream(stream, &packed);
        out.filter(pdf_writer::Filter::FlateDecode);
        match postscript {
            true => out.pair(Name(b"Subtype"), Name(b"CIDFontType0C")),
            false => out.pair(Name(b"Length1"), program.len() as i32),
        };
        Ok(())
    }

    /// The table that says what each code reads as.
    fn meaning(&self) -> Vec<u8> {
        let mut table = UnicodeCmap::new(Name(b"Custom"), SYSTEM);
        for (code, reads) in self.reads.iter().enumerate().skip(1) {
            match reads {
                Reads::As(c) => table.pair(code as u16, *c),
                Reads::Words(words) => table.pair_with_multiple(code as u16, words.chars()),
                // Only ever part of a group that says what it reads as: nothing that shows.
                Reads::Open => table.pair(code as u16, '\u{200B}'),
            }
        }
        table.finish().into_vec()
    }

    /// Six letters that tell the subsets of a font apart.
    fn tag(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.facts.name.as_bytes());
        for glyph in &self.glyphs {
            hash.update(glyph.to_be_bytes());
        }
        hash.finalize()[..6].iter().map(|b| char::from(b'A' + b % 26)).collect()
    }
}

/// A table of a font.
fn table<'a>(font: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    let number = |at: usize| Some(u32::from_be_bytes(font.get(at..at + 4)?.try_into().ok()?) as usize);
    let count = u16::from_be_bytes(font.get(4..6)?.try_into().ok()?) as usize;
    (0..count).map(|k| 12 + 16 * k).find(|&at| font.get(at..at + 4) == Some(tag)).and_then(|at| {
        let start = number(at + 8)?;
        font.get(start..start + number(at + 12)?)
    })
}
