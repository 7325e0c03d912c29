//! Characters in, glyphs out: a direct table for Han and Chinese marks, harfrust for everything else.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use harfrust::{
    Buffer, Direction, Feature, Font, Language, Script, ShapeOptions, ShapePlan, ShapePlanKey, ShaperFont,
    Tag,
};
use skrifa::{FontRef, GlyphId, MetadataProvider, instance::LocationRef, instance::Size};

use crate::{
    edition::Region,
    font::store::{FaceId, Family, FontData, FontError, FontStore, Style},
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
    /// Plans of shaping that were made already: a plan costs more than what it shapes.
    plans: Mutex<Vec<Arc<ShapePlan>>>,
    /// Short runs of Western text that were shaped already: a book has the same numbers and names again and again.
    words: Mutex<HashMap<Box<str>, Arc<[Glyph]>>>,
    upright: Direct,
    vertical: Direct,
}

/// A table from code points to glyph and advance that threads fill as they need it: a page of 256
/// entries each, 0 where nothing is known yet.
struct Direct(Vec<OnceLock<Box<[AtomicU64; 256]>>>);

impl Direct {
    fn new() -> Self {
        Self((0..0x1100).map(|_| OnceLock::new()).collect())
    }

    /// The entry of a character, made by `make` when it is asked for first.
    fn get(&self, c: char, make: impl FnOnce() -> (u32, i32)) -> (u32, i32) {
        let page = self.0[c as usize >> 8].get_or_init(|| Box::new([const { AtomicU64::new(0) }; 256]));
        let slot = &page[c as usize & 255];
        let known = slot.load(Ordering::Relaxed);
        if known != 0 {
            return ((known >> 32) as u32 - 1, known as u32 as i32);
        }
        let (id, advance) = make();
        slot.store((u64::from(id) + 1) << 32 | u64::from(advance as u32), Ordering::Relaxed);
        (id, advance)
    }
}

/// What faces to try for Chinese (`true`) or Western text of a style in a region.
type Chain = (Region, bool, Style);

/// Opened faces of a run, shared between threads.
pub struct Shapers<'a> {
    store: &'a FontStore,
    open: Vec<OnceLock<Arc<Shaper>>>,
    chains: Mutex<BTreeMap<Chain, Arc<[FaceId]>>>,
}

impl<'a> Shapers<'a> {
    /// No face is opened yet.
    pub fn new(store: &'a FontStore) -> Self {
        Self { store, open: store.faces().map(|_| OnceLock::new()).collect(), chains: Mutex::default() }
    }

    /// The faces to try for Chinese or Western text of a style in a region, best first.
    pub fn chain(&self, region: Region, chinese: bool, style: Style) -> Arc<[FaceId]> {
        let make = || {
            let han = self.store.chinese(region, style);
            if chinese {
                return han.into();
            }
            // Code takes the fixed-width Latin of the Hei face; other text its Latin companion first.
            let latin = self.store.western(style);
            let (mut chain, then) = if style.family == Family::Mono { (han, latin) } else { (latin, han) };
            chain.extend(then.into_iter().filter(|id| !chain.contains(id)).collect::<Vec<_>>());
            chain.into()
        };
        let mut chains = self.chains.lock().expect("no code panics while it holds the chains");
        chains.entry((region, chinese, style)).or_insert_with(make).clone()
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

/// Bytes of the longest run that is remembered, and how many runs of a face are.
const REMEMBERED: (usize, usize) = (24, 4096);

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
        Ok(Self {
            data,
            units,
            font,
            plans: Mutex::default(),
            words: Mutex::default(),
            upright: Direct::new(),
            vertical: Direct::new(),
        })
    }

    /// The glyph and advance (1/1024 em) of one Han character or Chinese mark; glyph 0 if there is none.
    pub fn direct(&self, c: char) -> (u32, i32) {
        self.upright.get(c, || {
            let font = FontRef::from_index(&self.data, 0).expect("checked when the face was opened");
            let id = font.charmap().map(c).unwrap_or_default();
            let advance = font
                .glyph_metrics(Size::unscaled(), LocationRef::default())
                .advance_width(id)
                .unwrap_or_default();
            (id.to_u32(), self.em(advance as i32))
        })
    }

    /// The same for a vertical line: the face's vertical form (`vert`), or the upright one if it has none.
    pub fn direct_vertical(&self, c: char, region: Region) -> (u32, i32) {
        self.vertical.get(c, || {
            let features = [Feature::new(Tag::new(b"vert"), 1, ..)];
            match self.shape(c.encode_utf8(&mut [0; 4]), Script::HAN, language(region), &features)[..] {
                [glyph] => (glyph.id, glyph.advance),
                _ => self.direct(c),
            }
        })
    }

    /// The ink box of a glyph, 1/1024 em: left, bottom, right, top; y counts up from the baseline.
    pub fn ink(&self, id: u32) -> Option<[i32; 4]> {
        let font = FontRef::from_index(&self.data, 0).ok()?;
        let bounds = font.glyph_metrics(Size::unscaled(), LocationRef::default()).bounds(GlyphId::new(id))?;
        Some([bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(|v| self.em(v as i32)))
    }

    /// Shapes Chinese marks that need the font's own rules (the two-em dash), with full-width forms.
    pub fn chinese(&self, text: &str, region: Region) -> Vec<Glyph> {
        self.shape(text, Script::HAN, language(region), &[Feature::new(Tag::new(b"fwid"), 1, ..)])
    }

    /// Shapes a run of Latin, Greek, Cyrillic, digits and their marks.
    pub fn western(&self, text: &str, features: &[Feature]) -> Arc<[Glyph]> {
        let shape = || Arc::from(self.shape(text, Script::LATIN, "en", features));
        if text.len() > REMEMBERED.0 || !features.is_empty() {
            return shape();
        }
        let known = || self.words.lock().expect("no code panics while it holds the words");
        if let Some(glyphs) = known().get(text) {
            return glyphs.clone();
        }
        let glyphs = shape();
        let mut words = known();
        if words.len() < REMEMBERED.1 {
            words.insert(text.into(), glyphs.clone());
        }
        glyphs
    }

    fn shape(&self, text: &str, script: Script, language: &str, features: &[Feature]) -> Vec<Glyph> {
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(Some(script));
        let language = Language::new(language);
        let plan = self.plan(script, language.as_ref(), features);
        buffer.set_language(language);
        let font = ShaperFont::new(&self.font);
        let options = ShapeOptions::new().plan(Some(&plan)).features(features);
        if harfrust::shape(&font, &mut buffer, options).is_err() {
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

    /// The plan of shaping a script in a language with some features.
    fn plan(&self, script: Script, language: Option<&Language>, features: &[Feature]) -> Arc<ShapePlan> {
        let key = ShapePlanKey::new(&self.font, Some(script), Direction::LeftToRight)
            .language(language)
            .features(features);
        let mut plans = self.plans.lock().expect("no code panics while it holds the plans");
        if let Some(plan) = plans.iter().find(|plan| key.matches(plan)) {
            return plan.clone();
        }
        let plan = ShapePlan::new(&self.font, Direction::LeftToRight, Some(script), language, features);
        let plan = Arc::new(plan);
        plans.push(plan.clone());
        plan
    }

    /// Font units to 1/1024 em, rounded to the nearest.
    fn em(&self, units: i32) -> i32 {
        (units * 1024 + self.units.signum() * self.units / 2).div_euclid(self.units)
    }
}

fn language(region: Region) -> &'static str {
    match region {
        Region::Tw => "zh-TW",
        Region::Hk => "zh-HK",
        Region::Cn => "zh-CN",
    }
}

/// The features that set a number of some digits in one cell (checklist 36): half, third and quarter widths.
pub fn narrow(digits: usize) -> [Feature; 1] {
    let tag = match digits {
        0..=2 => b"hwid",
        3 => b"twid",
        _ => b"qwid",
    };
    [Feature::new(Tag::new(tag), 1, ..)]
}

/// The features that make ASCII of a Chinese Hei face a fixed-width Latin of half an em.
pub fn half_width() -> [Feature; 1] {
    [Feature::new(Tag::new(b"hwid"), 1, ..)]
}
