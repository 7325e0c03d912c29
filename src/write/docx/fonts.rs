//! The font table of a DOCX and the embedded, obfuscated subsets (ECMA-376 part 4, 2.8.1).

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::{
    edition::{Edition, Region},
    font::{
        casting::Casting,
        store::{FaceId, FaceInfo, Family, FontStore, Use},
        subset,
    },
    write::{
        WriteError,
        docx::{Embed, parts::Relations},
        words,
        xml::Xml,
    },
};

/// The font table, its relations and the font files.
pub(super) struct Fonts {
    pub table: Vec<u8>,
    pub relations: Relations,
    pub files: Vec<(String, Vec<u8>)>,
}

/// Slots of a family in the order of the schema.
const SLOTS: [&str; 4] = ["w:embedRegular", "w:embedBold", "w:embedItalic", "w:embedBoldItalic"];

pub(super) fn write(
    store: &FontStore,
    edition: &Edition,
    casting: &Casting,
    embed: Embed,
) -> Result<Fonts, WriteError> {
    let mut families: BTreeMap<&str, [Option<FaceId>; 4]> = BTreeMap::new();
    for &id in casting.faces().keys() {
        let info = store.info(id);
        let slot = usize::from(info.weight >= 600) + 2 * usize::from(info.italic);
        families.entry(subset::family(info)).or_default()[slot].get_or_insert(id);
    }
    let mut xml = Xml::new();
    xml.line().open("w:fonts", &super::parts::NAMESPACES);
    let mut relations = Relations::default();
    let mut files = Vec::new();
    for (family, slots) in families {
        let Some(first) = slots.iter().flatten().next() else { continue };
        let info = store.info(*first);
        xml.line().open("w:font", &[("w:name", family)]);
        xml.empty("w:altName", &[("w:val", usual(info, edition))]);
        xml.empty("w:charset", &[("w:val", charset(info, edition))]);
        let kind = match info.family {
            Family::Serif => "roman",
            Family::Sans => "swiss",
            Family::Kai => "script",
            Family::Mono => "modern",
            Family::Symbols => "auto",
        };
        xml.empty("w:family", &[("w:val", kind)]);
        xml.empty("w:pitch", &[("w:val", if info.family == Family::Mono { "fixed" } else { "variable" })]);
        for (slot, id) in SLOTS.iter().zip(slots) {
            let Some(id) = id.filter(|_| embed != Embed::None) else { continue };
            let info = store.info(id);
            let all = || ('\0'..=char::MAX).filter(|&c| store.has(id, c)).collect::<BTreeSet<char>>();
            let chars = if embed == Embed::Full { &all() } else { &casting.faces()[&id] };
            let mut bytes = subset::subset(&store.data(id)?, info, chars).map_err(|e| {
                WriteError::Format { format: "DOCX", reason: format!("font `{}`: {e}", info.title) }
            })?;
            let key = obfuscate(&mut bytes);
            // Plain names: Word calls a file damaged whose part names hold spaces.
            let path = format!("fonts/font{}.odttf", files.len() + 1);
            let relation = relations.add("font", &path, false);
            let mut attributes = vec![("r:id", relation.as_str()), ("w:fontKey", &key)];
            if embed == Embed::Subset {
                attributes.push(("w:subsetted", "1"));
            }
            xml.empty(slot, &attributes);
            files.push((path, bytes));
        }
        xml.close();
    }
    Ok(Fonts { table: xml.finish(), relations, files })
}

/// Hides the first 32 bytes of a font behind a key made from its content; gives the key.
fn obfuscate(bytes: &mut [u8]) -> String {
    let id = words::uuid_of(&Sha256::digest(&*bytes)).to_ascii_uppercase();
    let hex: Vec<u8> = id.bytes().filter(|b| *b != b'-').collect();
    let key: Vec<u8> = hex
        .chunks(2)
        .map(|pair| {
            pair.iter().fold(0, |n, &digit| n << 4 | char::from(digit).to_digit(16).unwrap_or(0) as u8)
        })
        .rev()
        .collect();
    for (byte, key) in bytes.iter_mut().take(32).zip(key.iter().cycle()) {
        *byte ^= key;
    }
    ["{", &id, "}"].concat()
}

/// The font of a usual system that is nearest.
fn usual(info: &FaceInfo, edition: &Edition) -> &'static str {
    let mainland = edition.region == Region::Cn;
    match (info.usage, info.family) {
        (Use::Latin, Family::Sans) => "Arial",
        (Use::Latin, Family::Mono) => "Consolas",
        (Use::Latin, _) => "Times New Roman",
        (Use::Symbols, _) | (_, Family::Symbols) => "Segoe UI Symbol",
        (Use::Cn, Family::Sans) => "Microsoft YaHei",
        (_, Family::Sans) => "Microsoft JhengHei",
        (_, Family::Kai) if mainland => "KaiTi",
        (_, Family::Kai) => "DFKai-SB",
        (Use::Cn, _) => "SimSun",
        (_, Family::Mono) => "MingLiU",
        (_, Family::Serif) => "PMingLiU",
    }
}

fn charset(info: &FaceInfo, edition: &Edition) -> &'static str {
    match info.usage {
        Use::Latin | Use::Symbols => "00",
        Use::Cn => "86",
        Use::Tw | Use::Hk => "88",
        Use::Any if edition.region == Region::Cn => "86",
        Use::Any => "88",
    }
}
