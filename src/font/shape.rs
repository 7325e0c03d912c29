//! Characters in, glyphs out: a direct table for Han and Chinese marks, harfrust for everything else.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock},
};

use harfrust::{Buffer, Direction, Feature, Font, Language, Script, ShapeOptions, ShaperFont, Tag};
use skrifa::{FontRef, MetadataProvider, instance::LocationRef, instance::Size};

use crate::{
    edition::Region,
    font::store::{FaceId, FontData, FontError, FontStore},
};

/// A glyph of a shaped run; lengths in 1/1024 em.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyph {
    /// Glyph id in the face.
    pub id: u32,
    /// Byte offset, in the shaped string, of the cluster that it belongs to.
    pub cluster: u32,
    /// Advance along the line.
    pub advance: i32,
    /// Offset along the line.
    pub x: i32,
    /// Offset upwards.
    pub y: i32,
}

/// An opened face.
pub struct Shaper {
    data: Arc<FontData>,
    units: i32,
    font: Font,
    direct: Mutex<HashMap<char, (u32, i32)>>,
}

/// Opened faces of a run, shared between threads.
pub struct Shapers<'a> {
    store: &'a FontStore,
    open: Vec<OnceLock<Arc<Shaper>>>,
}

impl<'a> Shapers<'a> {
    /// No face is opened yet.
    pub fn new(store: &'a FontStore) -> Self {
        Self { store, open: store.faces().map(|_| OnceLock::new()).collect() }
    }

    /// The store behind.
    pub fn store(&self) -> &'a FontStore {
        self.store
    }

    /// The opened face.
    ///
    /// # Errors
    /// When the face cannot be unpacked or is no font.
    pub fn get(&self, id: FaceId) -> Result<Arc<Shaper>, FontError> {
        let slot = &self.open[id.0 as usize];
        if let Some(shaper) = slot.get() {
            return Ok(shaper.clone());
        }
        let shaper = Arc::new(Shaper::new(self.store.data(id)?, &self.store.info(id).name)?);
        Ok(slot.get_or_init(|| shaper).clone())
    }
}

struct Bytes(Arc<FontData>);

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Shaper {
    fn new(data: Arc<FontData>, name: &str) -> Result<Self, FontError> {
        let broken = || FontError::Unpack { name: name.to_owned(), reason: "it is no font".into() };
        let units = i32::from(
            FontRef::from_index(&data, 0)
                .map_err(|_| broken())?
                .metrics(Size::unscaled(), LocationRef::default())
                .units_per_em,
        );
        let blob: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(Bytes(data.clone()));
        let font = Font::new(blob, 0).ok_or_else(broken)?;
        Ok(Self { data, units, font, direct: Mutex::new(HashMap::new()) })
    }

    /// The glyph and advance (1/1024 em) of one Han character or Chinese mark; glyph 0 if there is none.
    pub fn direct(&self, c: char) -> (u32, i32) {
        let mut table = self.direct.lock().expect("no code panics while it holds the table");
        *table.entry(c).or_insert_with(|| {
            let font = FontRef::from_index(&self.data, 0).expect("checked when the face was opened");
            let id = font.charmap().map(c).unwrap_or_default();
            let advance = font
                .glyph_metrics(Size::unscaled(), LocationRef::default())
                .advance_width(id)
                .unwrap_or_default();
            (id.to_u32(), self.em(advance as i32))
        })
    }

    /// Shapes Chinese marks that need the font's own rules (the two-em dash), with full-width forms.
    pub fn chinese(&self, text: &str, region: Region) -> Vec<Glyph> {
        let language = match region {
            Region::Tw => "zh-TW",
            Region::Hk => "zh-HK",
            Region::Cn => "zh-CN",
        };
        self.shape(text, Script::HAN, language, &[Feature::new(Tag::new(b"fwid"), 1, ..)])
    }

    /// Shapes a run of Latin, Greek, Cyrillic, digits and their marks.
    pub fn western(&self, text: &str, features: &[Feature]) -> Vec<Glyph> {
        self.shape(text, Script::LATIN, "en", features)
    }

    fn shape(&self, text: &str, script: Script, language: &str, features: &[Feature]) -> Vec<Glyph> {
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(Some(script));
        buffer.set_language(Language::new(language));
        let font = ShaperFont::new(&self.font);
        if harfrust::shape(&font, &mut buffer, ShapeOptions::new().features(features)).is_err() {
            return Vec::new();
        }
        buffer
            .glyph_infos()
            .iter()
            .zip(buffer.glyph_positions())
            .map(|(info, at)| Glyph {
                id: info.glyph_id,
                cluster: info.cluster,
                advance: self.em(at.x_advance),
                x: self.em(at.x_offset),
                y: self.em(at.y_offset),
            })
            .collect()
    }

    /// Font units to 1/1024 em, rounded to the nearest.
    fn em(&self, units: i32) -> i32 {
        (units * 1024 + self.units.signum() * self.units / 2).div_euclid(self.units)
    }
}

/// The features that make ASCII of a Chinese Hei face a fixed-width Latin of half an em.
pub fn half_width() -> [Feature; 1] {
    [Feature::new(Tag::new(b"hwid"), 1, ..)]
}
