//! Parts in, a zip archive out (PKWARE APPNOTE 6.3): parts in the given order, one fixed date, so that equal
//! parts are equal bytes.
//!
//! The crate that reads archives packs twice as long and takes no part that is packed already, so what it takes to
//! write one stands here: a header before each part, a directory at the end.

use crate::write::packer::{Packer, sum};

/// How much trouble is taken with a part, of 12: fonts deflate hardly better above it.
const LEVEL: i32 = 4;

/// The first of January 1980, midnight: the first date that the format knows.
const DATE: u16 = 1 << 5 | 1;
/// Version of the format that can hold folders and deflated parts.
const VERSION: u16 = 20;
/// Made by that version on a system whose files have modes.
const MADE_BY: u16 = 3 << 8 | VERSION;
/// A plain file that everybody may read.
const MODE: u32 = 0o100_644 << 16;
/// Names are UTF-8.
const UTF_8: u16 = 1 << 11;

/// An ordered list of parts.
#[derive(Default)]
pub(crate) struct Package {
    parts: Vec<Part>,
}

struct Part {
    path: String,
    bytes: Vec<u8>,
    /// Whether it is worth compressing.
    pack: bool,
}

/// What both headers of a part say of it.
struct Entry {
    path: String,
    deflated: bool,
    crc: u32,
    packed: u32,
    size: u32,
    offset: u32,
}

impl Entry {
    /// Version, flags, method, date, sum, sizes and the length of the name.
    fn facts(&self, out: &mut Vec<u8>) -> Result<(), String> {
        let flags = if self.path.is_ascii() { 0 } else { UTF_8 };
        let name =
            u16::try_from(self.path.len()).map_err(|_| format!("the name `{}` is too long", self.path))?;
        [VERSION, flags, if self.deflated { 8 } else { 0 }, 0, DATE]
            .iter()
            .for_each(|word| out.extend(word.to_le_bytes()));
        [self.crc, self.packed, self.size].iter().for_each(|long| out.extend(long.to_le_bytes()));
        out.extend(name.to_le_bytes());
        Ok(())
    }
}

/// A length or place in an archive.
fn long(value: usize) -> Result<u32, String> {
    u32::try_from(value).map_err(|_| "it would be larger than 4 GB".to_owned())
}

impl Package {
    /// Adds a part that is worth compressing.
    pub(crate) fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.parts.push(Part { path: path.into(), bytes: bytes.into(), pack: true });
    }

    /// Adds a part as it is: the EPUB's `mimetype`, pictures that are compressed already.
    pub(crate) fn store(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.parts.push(Part { path: path.into(), bytes: bytes.into(), pack: false });
    }

    /// The archive.
    ///
    /// # Errors
    /// When it would be larger than the plain format holds: 4 GB, or 65,535 parts.
    pub(crate) fn finish(self) -> Result<Vec<u8>, String> {
        let mut packer = Packer::new(LEVEL);
        let mut out = Vec::new();
        let mut entries: Vec<Entry> = Vec::with_capacity(self.parts.len());
        for Part { path, bytes, pack } in self.parts {
            let (size, crc, offset) = (long(bytes.len())?, sum(&bytes), long(out.len())?);
            let mut entry = Entry { path, deflated: false, crc, packed: size, size, offset };
            // The header is written when it is known how small the part became.
            let body = out.len() + 30 + entry.path.len();
            out.resize(body, 0);
            if pack {
                let length = packer.deflate(&bytes, &mut out);
                // What does not become smaller stays as it is.
                entry.deflated = length < bytes.len();
                entry.packed = if entry.deflated { long(length)? } else { size };
            }
            if !entry.deflated {
                out.truncate(body);
                out.extend(&bytes);
            }
            let mut head = b"PK\x03\x04".to_vec();
            entry.facts(&mut head)?;
            head.extend([0; 2]);
            head.extend(entry.path.bytes());
            out[offset as usize..body].copy_from_slice(&head);
            entries.push(entry);
        }
        let start = long(out.len())?;
        for entry in &entries {
            out.extend(b"PK\x01\x02");
            out.extend(MADE_BY.to_le_bytes());
            entry.facts(&mut out)?;
            // No extra field, no comment, the first disk, no attributes of the format's own.
            out.extend([0; 8]);
            out.extend(MODE.to_le_bytes());
            out.extend(entry.offset.to_le_bytes());
            out.extend(entry.path.bytes());
        }
        let count =
            u16::try_from(entries.len()).map_err(|_| "it would have more than 65,535 parts".to_owned())?;
        let length = long(out.len())? - start;
        out.extend(b"PK\x05\x06");
        out.extend([0; 4]);
        [count, count].iter().for_each(|word| out.extend(word.to_le_bytes()));
        [length, start].iter().for_each(|long| out.extend(long.to_le_bytes()));
        out.extend([0; 2]);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::Package;

    #[test]
    fn parts_come_back_as_they_were() {
        let noise: Vec<u8> = (0..50_000_u32).map(|k| (k.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let parts: [(&str, Vec<u8>, bool); 6] = [
            ("mimetype", b"application/epub+zip".to_vec(), false),
            ("empty", Vec::new(), true),
            ("text", "上合組織".repeat(5000).into(), true),
            ("noise", noise.clone(), true),
            ("圖/一.png", noise, false),
            ("last", b"x".to_vec(), true),
        ];
        let mut package = Package::default();
        for (path, bytes, pack) in parts.clone() {
            if pack { package.add(path, bytes) } else { package.store(path, bytes) }
        }
        let mut archive = zip::ZipArchive::new(Cursor::new(package.finish().unwrap())).unwrap();
        assert_eq!(archive.len(), parts.len());
        for (index, (path, bytes, _)) in parts.iter().enumerate() {
            let mut part = archive.by_index(index).unwrap();
            let mut read = Vec::new();
            // The crate compares the sum as it reads.
            part.read_to_end(&mut read).unwrap();
            let name = part.name().unwrap().into_owned();
            assert_eq!((&*name, &read, part.unix_mode()), (*path, bytes, Some(0o100_644)));
            assert!(part.compressed_size() <= part.size());
        }
        assert_eq!(Package::default().finish().unwrap().len(), 22);
    }
}
