//! A TrueType face and a set of characters in, a small face of the same design out, for EPUB and DOCX.

use std::collections::{BTreeMap, BTreeSet};

use skera::{Plan, SubsetFlags, subset_font};
use skrifa::{
    FontRef, GlyphId, MetadataProvider, Tag,
    raw::{TableProvider, collections::IntSet, types::NameId},
};
use write_fonts::{
    FontBuilder,
    tables::{
        cmap::Cmap,
        name::{Name, NameRecord},
    },
};

use crate::font::store::{FaceInfo, Use};

/// Characters of Chinese text that are drawn with the glyph of another, because the face's own
/// glyph is cut for Latin text: the dash is 0.89 em wide, the interpunct 0.33 em. Word
/// processors and older readers do not switch on the features that would mend it. The light
/// horizontal of the box drawings has the dash's weight and fills its em, so that two of them
/// make one stroke; for vertical text, U+2015 is the one with a vertical form.
const DRAWN_AS: [(char, char); 2] = [('\u{2014}', '\u{2500}'), ('\u{00B7}', '\u{30FB}')];

/// Why a font cannot go into an EPUB or DOCX.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The font is damaged or no font.
    #[error("it cannot be read: {0}")]
    Damaged(String),
    /// Outlines are not TrueType.
    #[error("its outlines are not TrueType (`glyf`); word processors embed no others")]
    Outlines,
    /// The licence bits of the font forbid it.
    #[error("its licence bits (OS/2 fsType {0}) do not allow embedding in an editable document")]
    Licence(u16),
}

/// Whether a font may be embedded in EPUB and DOCX: TrueType outlines, and licence bits
/// that say installable (0) or editable (8).
///
/// # Errors
/// With the reason to show to the user.
pub fn check(data: &[u8]) -> Result<(), Refusal> {
    let font = open(data)?;
    if font.glyf().is_err() || font.loca(None).is_err() {
        return Err(Refusal::Outlines);
    }
    // Fonts without the table state no restriction.
    match font.os2().map(|os2| os2.fs_type() & 0x030F) {
        Ok(0 | 8) | Err(_) => Ok(()),
        Ok(bits) => Err(Refusal::Licence(bits)),
    }
}

/// The family name that a subset of a face carries. A face with a reserved font name must not
/// pass its name on to a changed copy (OFL-1.1, section 3).
pub fn family(info: &FaceInfo) -> &str {
    if info.title.contains("LXGW") { "HP Kai" } else { &info.title }
}

/// The subset of a face for a set of characters. It keeps the character map, metrics of both
/// directions, vertical forms, kerning and marks of Latin, the copyright and the licence text;
/// the same input gives the same bytes.
///
/// # Errors
/// When the font may not or cannot be subset, see [`check`].
pub fn subset(data: &[u8], info: &FaceInfo, chars: &BTreeSet<char>) -> Result<Vec<u8>, Refusal> {
    check(data)?;
    let font = open(data)?;
    let glyphs = drawn(&font, info, chars);

    let plan = Plan::new(
        &glyphs.values().copied().collect(),
        &chars.iter().map(|&c| u32::from(c)).collect(),
        &font,
        SubsetFlags::default(),
        // The table of characters is made below.
        &[b"cmap", b"GDEF", b"JSTF", b"DSIG", b"BASE", b"STAT", b"LTSH", b"VDMX", b"hdmx", b"kern", b"meta"]
            .into_iter()
            .filter(|&tag| tag != b"GDEF" || info.usage != Use::Latin)
            .map(Tag::new)
            .collect::<IntSet<Tag>>(),
        &IntSet::<Tag>::all(),
        &features(info.usage).iter().map(|&tag| Tag::new(tag)).collect(),
        &[0, 1, 2, 3, 4, 5, 6, 13, 14].into_iter().map(NameId::new).collect(),
        &[0x0409].into_iter().collect::<IntSet<u16>>(),
    );
    let damaged = |reason: String| Refusal::Damaged(reason);
    let small = subset_font(&font, &plan).map_err(|e| damaged(e.to_string()))?;

    let renumbered: BTreeMap<GlyphId, GlyphId> = plan.old_to_new_glyph_mapping().collect();
    let mappings = glyphs.iter().filter_map(|(&c, old)| Some((c, *renumbered.get(old)?)));
    let cmap = Cmap::from_mappings(mappings).map_err(|e| damaged(e.to_string()))?;
    let small = FontRef::new(&small).map_err(|e| damaged(e.to_string()))?;
    let mut builder = FontBuilder::new();
    builder.add_table(&cmap).map_err(|e| damaged(e.to_string()))?;
    if family(info) != info.title {
        builder.add_table(&renamed(&small, info)).map_err(|e| damaged(e.to_string()))?;
    }
    builder.copy_missing_tables(small);
    Ok(builder.build())
}

fn open(data: &[u8]) -> Result<FontRef<'_>, Refusal> {
    FontRef::new(data).or_else(|_| FontRef::from_index(data, 0)).map_err(|e| Refusal::Damaged(e.to_string()))
}

/// The glyph of each character that the face has.
fn drawn(font: &FontRef, info: &FaceInfo, chars: &BTreeSet<char>) -> BTreeMap<char, GlyphId> {
    let charmap = font.charmap();
    let chinese = matches!(info.usage, Use::Tw | Use::Hk | Use::Cn);
    let glyph = |c: char| {
        let other = DRAWN_AS.iter().find(|(from, _)| chinese && *from == c).map(|&(_, to)| to);
        other.and_then(|c| charmap.map(c)).or_else(|| charmap.map(c)).filter(|g| g.to_u32() != 0)
    };
    chars.iter().filter_map(|&c| Some((c, glyph(c)?))).collect()
}

/// The features worth their bytes. Chinese needs vertical forms only: regional forms are
/// settled by the choice of the face, and squeezing of marks by the reader.
fn features(usage: Use) -> &'static [&'static [u8; 4]] {
    match usage {
        Use::Latin => &[b"kern", b"mark", b"mkmk", b"ccmp", b"liga", b"locl"],
        Use::Tw | Use::Hk | Use::Cn => &[b"vert", b"vrt2"],
        Use::Symbols => &[],
        Use::Any => &[b"vert", b"vrt2", b"kern", b"mark", b"mkmk", b"ccmp"],
    }
}

/// The name table of a face with its family renamed; copyright and licence stay as they are.
fn renamed(font: &FontRef, info: &FaceInfo) -> Name {
    let new = family(info);
    let Ok(name) = font.name() else { return Name::default() };
    let records = name.name_record().iter().filter_map(|record| {
        let old: String = record.string(name.string_data()).ok()?.chars().collect();
        let id = record.name_id();
        let value = match id.to_u16() {
            1 | 4 => new.to_owned(),
            3 => [new, " subset of ", &info.sha256[..info.sha256.len().min(16)]].concat(),
            6 => new.replace(' ', ""),
            _ => old,
        };
        Some(NameRecord::new(
            record.platform_id(),
            record.encoding_id(),
            record.language_id(),
            id,
            value.into(),
        ))
    });
    let mut records: Vec<NameRecord> = records.collect();
    records.sort();
    Name::new(records)
}
