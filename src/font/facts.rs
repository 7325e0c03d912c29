//! What a PDF says of a font beside its outlines: names, heights, widths.

use skrifa::{
    FontRef, MetadataProvider,
    instance::{LocationRef, Size},
    raw::TableProvider,
    string::StringId,
};

/// How a font draws its glyphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlines {
    /// TrueType (`glyf`).
    TrueType,
    /// PostScript (`CFF `).
    PostScript,
    /// PostScript of variable fonts (`CFF2`).
    Variable,
}

/// Facts about a font; lengths in 1/1000 em, the unit of PDF.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// PostScript name; made of the characters that a name in PDF may have as they stand.
    pub name: String,
    /// How it draws.
    pub outlines: Outlines,
    /// Above the baseline.
    pub ascent: f32,
    /// Below the baseline, negative.
    pub descent: f32,
    /// Height of Latin capitals.
    pub cap_height: f32,
    /// Left, bottom, right and top of the box that holds every glyph.
    pub bounds: [f32; 4],
    /// Degrees counter-clockwise from upright.
    pub italic_angle: f32,
    /// Weight, 100 to 900.
    pub weight: f32,
    /// Whether all advances are equal.
    pub monospaced: bool,
    /// Whether its licence bits forbid embedding (OS/2 `fsType` 2).
    pub restricted: bool,
}

impl Facts {
    /// Those of a font; `None` if it is damaged or draws no outlines.
    pub fn of(data: &[u8]) -> Option<Self> {
        let font = open(data)?;
        let outlines = if font.glyf().is_ok() {
            Outlines::TrueType
        } else if font.cff().is_ok() {
            Outlines::PostScript
        } else if font.cff2().is_ok() {
            Outlines::Variable
        } else {
            return None;
        };
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        let unit = 1000.0 / f32::from(metrics.units_per_em.max(1));
        let bounds = metrics.bounds.unwrap_or_default();
        // Those of the em box (OS/2 `sTypo…`): by the taller ones of line heights, extractors would join lines.
        let (ascent, descent) = font.os2().map_or((metrics.ascent, metrics.descent), |os2| {
            (f32::from(os2.s_typo_ascender()), f32::from(os2.s_typo_descender()))
        });
        let name: String = font
            .localized_strings(StringId::POSTSCRIPT_NAME)
            .english_or_first()
            .map(|name| name.chars().filter(|&c| c.is_ascii_alphanumeric() || "-_.+".contains(c)).collect())
            .unwrap_or_default();
        Some(Self {
            name: if name.is_empty() { "Face".to_owned() } else { name },
            outlines,
            ascent: ascent * unit,
            descent: descent * unit,
            cap_height: metrics.cap_height.unwrap_or(ascent) * unit,
            bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(|v| v * unit),
            italic_angle: metrics.italic_angle,
            weight: font.attributes().weight.value(),
            monospaced: metrics.is_monospace,
            restricted: font.os2().is_ok_and(|os2| os2.fs_type() & 0xF == 2),
        })
    }
}

/// The advances of glyphs, 1/1000 em; 0 for a glyph that the font lacks.
pub fn advances(data: &[u8], glyphs: impl Iterator<Item = u32>) -> Vec<f32> {
    let Some(font) = open(data) else { return glyphs.map(|_| 0.0).collect() };
    let metrics = font.glyph_metrics(Size::new(1000.0), LocationRef::default());
    glyphs.map(|id| metrics.advance_width(id.into()).unwrap_or_default()).collect()
}

fn open(data: &[u8]) -> Option<FontRef<'_>> {
    FontRef::new(data).or_else(|_| FontRef::from_index(data, 0)).ok()
}
