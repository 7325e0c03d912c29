//! Faces by name and by role: unpacked when first used, kept in a checked cache, falling back by region.

use std::{
    borrow::Cow,
    io::{Read, Write},
    ops::Deref,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use rayon::prelude::*;
use serde::Deserialize;
use skrifa::FontRef;

use crate::{edition::Region, font::coverage::Coverage};

/// The manifest of the bundled faces.
pub const MANIFEST: &str = include_str!("../../fonts/fonts.toml");
/// Which characters each bundled face has; made from the faces by `tests/it/fonts.rs`.
const COVERAGE: &[u8] = include_bytes!("../../fonts/coverage.bin");

/// What goes wrong with a font.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The file of a bundled face is not there or is damaged.
    #[error("bundled face `{name}` cannot be unpacked: {reason}")]
    Unpack {
        /// Face name.
        name: String,
        /// What was wrong.
        reason: String,
    },
    /// The manifest is wrong.
    #[error("font manifest: {0}")]
    Manifest(String),
    /// A font file of the user cannot be used.
    #[error("cannot use font `{path}`: {reason}")]
    File {
        /// The path as typed.
        path: String,
        /// What was wrong.
        reason: String,
    },
    /// No face of that name.
    #[error("unknown font `{0}`")]
    Unknown(String),
}

/// The letter form of a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// 宋 Song (Ming), and Latin serif: body text.
    Serif,
    /// 黑 Hei, and Latin sans: headings.
    Sans,
    /// 楷 Kai: emphasis, quotations.
    Kai,
    /// Fixed width: code.
    Mono,
    /// Symbols and pictographs.
    Symbols,
}

/// A style of text that a face is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Style {
    /// Letter form.
    pub family: Family,
    /// Whether a heavier weight is wanted.
    pub bold: bool,
    /// Whether Latin is to be italic.
    pub italic: bool,
}

impl Style {
    /// An upright regular style of a family.
    pub const fn new(family: Family) -> Self {
        Self { family, bold: false, italic: false }
    }
}

/// Which texts a face is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Use {
    /// Han and Chinese marks as Taiwan draws them.
    Tw,
    /// Han and Chinese marks as Hong Kong draws them.
    Hk,
    /// Han and Chinese marks as the mainland draws them.
    Cn,
    /// Latin, Greek, Cyrillic.
    Latin,
    /// Symbols of all kinds.
    Symbols,
    /// Everything: a face that the user gave.
    Any,
}

/// A line of the manifest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaceInfo {
    /// Name, e.g. `noto-serif-tc-400`.
    pub name: String,
    /// Family name to show and to write into documents, e.g. `Noto Serif TC`.
    pub title: String,
    /// Letter form.
    pub family: Family,
    /// Weight, 400 or 700.
    pub weight: u16,
    /// Whether it is an italic.
    #[serde(default)]
    pub italic: bool,
    /// Which texts it is for.
    #[serde(rename = "use")]
    pub usage: Use,
    /// Packed file below `fonts/`; empty for a face that the user gave.
    pub file: String,
    /// Face that the packed file is a difference to.
    #[serde(default)]
    pub base: Option<String>,
    /// Length of the font, bytes.
    pub bytes: usize,
    /// SHA-256 of the font, hex.
    pub sha256: String,
    /// SPDX expression or name of the licence.
    pub licence: String,
    /// File below `fonts/licenses`.
    pub licence_file: String,
    /// Registry package and version.
    pub package: String,
    /// Path inside the package, or of the user's file.
    pub path: String,
    /// Index of the face in a collection.
    #[serde(default)]
    pub index: u32,
}

#[derive(Deserialize)]
struct Manifest {
    face: Vec<FaceInfo>,
}

/// Index of a face in its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(pub u16);

/// The bytes of a font: owned, static or mapped.
#[derive(Debug)]
pub enum FontData {
    /// In memory.
    Owned(Cow<'static, [u8]>),
    /// Mapped from the cache or from the user's file.
    Mapped(memmap2::Mmap),
}

impl Deref for FontData {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            Self::Mapped(map) => map,
        }
    }
}

impl AsRef<[u8]> for FontData {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

struct Face {
    info: FaceInfo,
    coverage: Coverage,
    /// The same for the characters that most text is made of, a bit each, made when it is asked for first.
    common: OnceLock<Box<[u64; 1024]>>,
    data: OnceLock<Result<std::sync::Arc<FontData>, String>>,
}

/// Where packed faces come from: gives the bytes of a file below `fonts/`.
pub type Files = Box<dyn Fn(&str) -> Option<Cow<'static, [u8]>> + Send + Sync>;

/// All faces of a run.
pub struct FontStore {
    faces: Vec<Face>,
    files: Files,
    cache: Option<PathBuf>,
    first: Vec<FaceId>,
    last: Vec<FaceId>,
}

impl FontStore {
    /// A store of the bundled faces. `files` gives their packed bytes; `cache` is a folder
    /// for unpacked faces, or `None` to unpack into memory each time.
    ///
    /// # Errors
    /// When the manifest or the coverage table is damaged.
    pub fn bundled(files: Files, cache: Option<PathBuf>) -> Result<Self, FontError> {
        let manifest: Manifest = toml::from_str(MANIFEST).map_err(|e| FontError::Manifest(e.to_string()))?;
        let mut coverage = Coverage::read_all(COVERAGE);
        let faces = manifest
            .face
            .into_iter()
            .map(|info| {
                let coverage = coverage.remove(&info.name).unwrap_or_default();
                Face { info, coverage, common: OnceLock::new(), data: OnceLock::new() }
            })
            .collect();
        Ok(Self { faces, files, cache, first: Vec::new(), last: Vec::new() })
    }

    /// Adds a font file of the user, to be tried before all others.
    ///
    /// # Errors
    /// When the file cannot be read or is no font.
    pub fn add_file(&mut self, path: &Path) -> Result<FaceId, FontError> {
        let fail = |reason: String| FontError::File { path: path.display().to_string(), reason };
        let bytes = std::fs::read(path).map_err(|e| fail(e.to_string()))?;
        let id = self.add(&bytes, 0, path).map_err(fail)?;
        self.first.push(id);
        Ok(id)
    }

    /// Adds the installed faces of a family, to be tried before all others.
    ///
    /// # Errors
    /// When no such family is installed.
    pub fn add_installed(&mut self, family: &str) -> Result<(), FontError> {
        let wanted = family.to_lowercase();
        let named = |f: &fontdb::FaceInfo| f.families.iter().any(|(name, _)| name.to_lowercase() == wanted);
        let found = self.installed(named);
        if found.is_empty() {
            return Err(FontError::Unknown(family.to_owned()));
        }
        self.first.extend(found);
        Ok(())
    }

    /// Lets every installed face stand in, after all others, for characters that they lack.
    pub fn add_system(&mut self) {
        self.last = self.installed(|_| true);
    }

    /// Adds the installed faces that a test picks, in the order of their files.
    fn installed(&mut self, wanted: impl Fn(&fontdb::FaceInfo) -> bool) -> Vec<FaceId> {
        let mut database = fontdb::Database::new();
        database.load_system_fonts();
        let mut picked: Vec<(PathBuf, u32, fontdb::ID)> = database
            .faces()
            .filter(|f| wanted(f))
            .filter_map(|f| match &f.source {
                fontdb::Source::File(path) | fontdb::Source::SharedFile(path, _) => {
                    Some((path.clone(), f.index, f.id))
                }
                fontdb::Source::Binary(_) => None,
            })
            .collect();
        picked.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        picked
            .into_iter()
            .filter_map(|(path, index, id)| {
                database.with_face_data(id, |bytes, _| self.add(bytes, index, &path).ok()).flatten()
            })
            .collect()
    }

    /// Adds a face of a file; its bytes are read again when it is used.
    fn add(&mut self, bytes: &[u8], index: u32, path: &Path) -> Result<FaceId, String> {
        let font = open(bytes, index).map_err(|e| e.to_string())?;
        let (title, weight, italic) = super::describe(&font);
        let info = FaceInfo {
            name: path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned()),
            title,
            family: Family::Serif,
            weight,
            italic,
            usage: Use::Any,
            file: String::new(),
            base: None,
            bytes: bytes.len(),
            sha256: String::new(),
            licence: String::new(),
            licence_file: String::new(),
            package: String::new(),
            path: path.display().to_string(),
            index,
        };
        let id = FaceId(u16::try_from(self.faces.len()).map_err(|_| "there are too many faces")?);
        let coverage = Coverage::of(&font);
        self.faces.push(Face { info, coverage, common: OnceLock::new(), data: OnceLock::new() });
        Ok(id)
    }

    /// Puts a bundled face before all others, by its name or its title.
    ///
    /// # Errors
    /// When there is no such face.
    pub fn prefer(&mut self, name: &str) -> Result<(), FontError> {
        let wanted = name.to_ascii_lowercase().replace(' ', "-");
        let matches =
            |f: &Face| f.info.name == wanted || f.info.title.to_ascii_lowercase().replace(' ', "-") == wanted;
        let found: Vec<_> =
            (0..self.faces.len()).filter(|&i| matches(&self.faces[i])).map(|i| FaceId(i as u16)).collect();
        if found.is_empty() {
            return Err(FontError::Unknown(name.to_owned()));
        }
        self.first.extend(found);
        Ok(())
    }

    /// Every face with its id.
    pub fn faces(&self) -> impl Iterator<Item = (FaceId, &FaceInfo)> {
        self.faces.iter().enumerate().map(|(i, f)| (FaceId(i as u16), &f.info))
    }

    /// What the manifest says of a face.
    pub fn info(&self, id: FaceId) -> &FaceInfo {
        &self.faces[id.0 as usize].info
    }

    /// Whether a face has a glyph for a character; needs no unpacking.
    pub fn has(&self, id: FaceId, c: char) -> bool {
        let face = &self.faces[id.0 as usize];
        let Ok(c) = u16::try_from(c as u32) else { return face.coverage.has(c) };
        let common = face.common.get_or_init(|| face.coverage.common());
        common[usize::from(c >> 6)] & 1 << (c & 63) != 0
    }

    /// The faces to try for Chinese text of a style in a region, best first.
    ///
    /// Order: the user's faces, the role's face of the region, the same style of the other
    /// regions, then other bundled styles and symbols.
    pub fn chinese(&self, region: Region, style: Style) -> Vec<FaceId> {
        let regions = match region {
            Region::Tw => [Use::Tw, Use::Hk, Use::Cn],
            Region::Hk => [Use::Hk, Use::Tw, Use::Cn],
            Region::Cn => [Use::Cn, Use::Tw, Use::Hk],
        };
        let mut chain = self.users(style);
        let mut add = |family: Family, weight: u16, usages: &[Use]| {
            for usage in usages {
                for (id, info) in self.faces() {
                    let fits = info.family == family && info.weight == weight && !info.italic;
                    if fits && info.usage == *usage && !chain.contains(&id) {
                        chain.push(id);
                    }
                }
            }
        };
        let weight = if style.bold { 700 } else { 400 };
        match style.family {
            // Kai has no bold: bold inside Kai becomes Hei, never a smeared Kai.
            Family::Kai if style.bold => add(Family::Sans, 700, &regions),
            // Hong Kong's Kai follows the mainland's face: Taiwan's lacks Cantonese characters.
            Family::Kai if region == Region::Hk => add(Family::Kai, 400, &[Use::Hk, Use::Cn, Use::Tw]),
            Family::Kai => add(Family::Kai, 400, &regions),
            Family::Sans | Family::Mono => add(Family::Sans, weight, &regions),
            Family::Serif | Family::Symbols => add(Family::Serif, weight, &regions),
        }
        add(Family::Serif, weight, &regions);
        add(Family::Serif, 400, &regions);
        add(Family::Sans, 400, &regions);
        add(Family::Kai, 400, &regions);
        chain.extend(self.western(style).into_iter().filter(|id| !chain.contains(id)).collect::<Vec<_>>());
        chain
    }

    /// The faces to try for Latin, Greek and Cyrillic text of a style, best first, without Chinese faces.
    pub fn western(&self, style: Style) -> Vec<FaceId> {
        let mut chain = self.users(style);
        let weight = if style.bold { 700 } else { 400 };
        let family = match style.family {
            Family::Kai | Family::Symbols => Family::Serif,
            family => family,
        };
        let mut add = |family: Family, weight: u16, italic: bool, usage: Use| {
            for (id, info) in self.faces() {
                let fits = info.family == family && info.weight == weight && info.italic == italic;
                if fits && info.usage == usage && !chain.contains(&id) {
                    chain.push(id);
                }
            }
        };
        add(family, weight, style.italic && family != Family::Mono, Use::Latin);
        add(family, weight, false, Use::Latin);
        for family in [Family::Serif, Family::Sans, Family::Mono] {
            add(family, 400, false, Use::Latin);
        }
        add(Family::Symbols, 400, false, Use::Symbols);
        // A face of the user's in another weight still comes before a missing glyph.
        chain.extend(
            self.first.iter().chain(&self.last).filter(|id| !chain.contains(id)).copied().collect::<Vec<_>>(),
        );
        chain
    }

    /// The user's faces that fit a style: a regular one does not take the place of a bold heading.
    fn users(&self, style: Style) -> Vec<FaceId> {
        let fits = |id: &FaceId| {
            let info = self.info(*id);
            (info.weight >= 600) == style.bold && (!info.italic || style.italic)
        };
        let mut users: Vec<_> = self.first.iter().copied().filter(fits).collect();
        users.sort_by_key(|&id| self.info(id).italic != style.italic);
        users
    }

    /// Unpacks faces side by side that will be wanted soon; what cannot be unpacked is told when it is used.
    pub fn warm(&self, faces: &[FaceId]) {
        faces.par_iter().for_each(|&id| {
            let _ = self.data(id);
        });
    }

    /// The bytes of a face, unpacked and checked on first use.
    ///
    /// # Errors
    /// When the packed file is not there or damaged.
    pub fn data(&self, id: FaceId) -> Result<std::sync::Arc<FontData>, FontError> {
        let face = &self.faces[id.0 as usize];
        face.data
            .get_or_init(|| self.load(face).map(std::sync::Arc::new))
            .clone()
            .map_err(|reason| FontError::Unpack { name: face.info.name.clone(), reason })
    }

    fn load(&self, face: &Face) -> Result<FontData, String> {
        if face.info.file.is_empty() {
            return from_disk(&face.info).map(|bytes| FontData::Owned(Cow::Owned(bytes)));
        }
        let cached = self.cache.as_ref().map(|dir| dir.join(format!("{}.ttf", face.info.sha256)));
        if let Some(map) = cached.as_deref().and_then(|path| open_cached(path, face.info.bytes)) {
            return Ok(FontData::Mapped(map));
        }
        let packed =
            (self.files)(&face.info.file).ok_or_else(|| format!("`{}` is not there", face.info.file))?;
        let base = match &face.info.base {
            Some(name) => {
                let id = (0..self.faces.len())
                    .find(|&i| self.faces[i].info.name == *name)
                    .ok_or_else(|| format!("base `{name}` is not in the manifest"))?;
                Some(self.data(FaceId(id as u16)).map_err(|e| e.to_string())?)
            }
            None => None,
        };
        let raw =
            unpack(&packed, base.as_deref().map(|b| &**b), face.info.bytes).map_err(|e| e.to_string())?;
        if let Some(path) = cached {
            // The cache is only a convenience: where it cannot be written, the face stays in memory.
            let _ = keep(&path, &raw);
        }
        Ok(FontData::Owned(Cow::Owned(raw)))
    }
}

/// Unpacks a zstd frame, as a difference to `base` where there is one; zstd's own checksum is verified.
pub fn unpack(packed: &[u8], base: Option<&[u8]>, bytes: usize) -> std::io::Result<Vec<u8>> {
    let mut raw = Vec::with_capacity(bytes);
    match base {
        None => raw = zstd::bulk::decompress(packed, bytes)?,
        Some(base) => {
            let mut decoder = zstd::stream::read::Decoder::with_ref_prefix(packed, base)?;
            decoder.window_log_max(27)?;
            decoder.take(bytes as u64 + 1).read_to_end(&mut raw)?;
        }
    }
    if raw.len() != bytes {
        return Err(std::io::Error::other(format!("{} bytes instead of {bytes}", raw.len())));
    }
    Ok(raw)
}

#[allow(unsafe_code)]
fn open_cached(path: &Path, bytes: usize) -> Option<memmap2::Mmap> {
    let file = std::fs::File::open(path).ok()?;
    if file.metadata().ok()?.len() != bytes as u64 {
        return None;
    }
    // SAFETY: cache files are written under a temporary name and renamed, never changed in place.
    unsafe { memmap2::Mmap::map(&file) }.ok()
}

fn keep(path: &Path, raw: &[u8]) -> std::io::Result<()> {
    let dir = path.parent().ok_or_else(|| std::io::Error::other("no folder"))?;
    std::fs::create_dir_all(dir)?;
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(raw)?;
    file.persist(path)?;
    Ok(())
}

/// Opens a face of a font file or collection.
fn open(bytes: &[u8], index: u32) -> Result<FontRef<'_>, skrifa::raw::ReadError> {
    FontRef::from_index(bytes, index)
}

/// Reads a face of the user's; one of a collection is taken out of it, so that every face in use
/// is a font of its own.
fn from_disk(info: &FaceInfo) -> Result<Vec<u8>, String> {
    let bytes = std::fs::read(&info.path).map_err(|e| format!("`{}`: {e}", info.path))?;
    if !bytes.starts_with(b"ttcf") {
        return Ok(bytes);
    }
    let font = open(&bytes, info.index).map_err(|e| e.to_string())?;
    let mut builder = write_fonts::FontBuilder::new();
    for record in font.table_directory().table_records() {
        if let Some(table) = font.table_data(record.tag()) {
            builder.add_raw(record.tag(), table.as_bytes().to_vec());
        }
    }
    Ok(builder.build())
}
