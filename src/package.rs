//! A zip package as it came: bytes in, its parts by name out, each within bounds. Nothing is ever unpacked to a disk.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    io::{Cursor, Read as _},
    sync::Arc,
};

use zip::ZipArchive;

/// Parts that a package may have: a book of a thousand pictures has two thousand.
const PARTS: usize = 20_000;
/// Bytes that one part may have when it is unpacked.
const PART: u64 = 256 << 20;
/// Bytes of a part below which it does not matter how well it is packed.
const SMALL: u64 = 16 << 20;
/// How many times smaller than itself a part may be packed: XML is at most a hundred times smaller, a bomb a thousand.
const RATIO: u64 = 250;

/// What kind of document a package is, by its parts and not by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A document of Word and others: Office Open XML, WordprocessingML.
    Docx,
    /// An electronic book.
    Epub,
}

/// Why bytes are no package that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// The list of parts is missing or wrong: most often a file that is not whole.
    #[error("the package is damaged: {0}")]
    Damaged(String),
    /// More parts than any document has.
    #[error("the package has {0} parts; {PARTS} is the limit")]
    Parts(usize),
    /// A package of another kind.
    #[error("this is {0}")]
    Other(&'static str),
}

/// Why a part cannot be read. The message names no part: who asks knows it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartError {
    /// There is none of this name.
    #[error("is not in the package")]
    Missing,
    /// It needs a password.
    #[error("is encrypted")]
    Encrypted,
    /// It is larger than a part may be.
    #[error("is larger than {} MiB", PART >> 20)]
    Large,
    /// It is packed so well that it must be a trap.
    #[error("is more than {RATIO} times as large as it is packed, as no document is")]
    Bomb,
    /// Its bytes are not what the package says.
    #[error("is damaged: {0}")]
    Damaged(String),
}

/// A package in memory, packed. Copies share the bytes.
#[derive(Clone)]
pub struct Package {
    archive: ZipArchive<Cursor<Shared>>,
    /// Index in the archive by name; `/` between folders.
    names: BTreeMap<String, usize>,
    /// The same in lower case: names of parts that differ in case alone are one.
    folded: BTreeMap<String, usize>,
    /// What is wrong with the list of parts, by the name of the part.
    pub complaints: Vec<(String, &'static str)>,
}

#[derive(Clone)]
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Package {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_list().entries(self.names.keys()).finish()
    }
}

impl Package {
    /// Whether bytes begin as a package does.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
    }

    /// Reads the list of parts. What a name says that no part may be called is left out and complained of.
    ///
    /// # Errors
    /// When there is no such list, or it is too long.
    pub fn open(bytes: Vec<u8>) -> Result<Self, PackageError> {
        let shared = Shared(Arc::new(bytes));
        let archive = ZipArchive::new(Cursor::new(shared.clone())).map_err(damaged)?;
        if archive.len() > PARTS {
            return Err(PackageError::Parts(archive.len()));
        }
        let mut complaints = twice(&shared.0, &archive);
        let (mut names, mut folded) = (BTreeMap::new(), BTreeMap::new());
        for index in 0..archive.len() {
            let raw = String::from_utf8_lossy(archive.by_index_data(index).map_err(damaged)?.name_raw())
                .into_owned();
            let name = raw.replace('\\', "/");
            if name.ends_with('/') {
                continue;
            }
            if let Some(complaint) = unsafe_name(&name) {
                complaints.push((raw, complaint));
                continue;
            }
            if folded.insert(name.to_lowercase(), index).is_some() {
                complaints
                    .push((name.clone(), "has the name of another part but for the case of its letters"));
            }
            names.insert(name, index);
        }
        Ok(Self { archive, names, folded, complaints })
    }

    /// What kind of document this is.
    ///
    /// # Errors
    /// When it is none that can be read, with what it is instead.
    pub fn kind(&self) -> Result<Kind, PackageError> {
        let has = |name: &str| self.names.contains_key(name);
        let below = |folder: &str| self.names.keys().any(|n| n.starts_with(folder));
        let mimetype = self.bytes("mimetype").ok().map(|b| String::from_utf8_lossy(&b).trim().to_owned());
        if mimetype.as_deref() == Some("application/epub+zip")
            || has("META-INF/container.xml") && !has("content.xml")
        {
            return Ok(Kind::Epub);
        }
        // The folder is called `word` by custom alone: what the package says of itself counts.
        let types = self.bytes("[Content_Types].xml").unwrap_or_default();
        if has("word/document.xml") || String::from_utf8_lossy(&types).contains("wordprocessingml") {
            return Ok(Kind::Docx);
        }
        Err(PackageError::Other(if mimetype.as_deref().is_some_and(|m| m.contains("opendocument")) {
            "a document of LibreOffice (OpenDocument); save it as .docx"
        } else if below("xl/") {
            "a workbook of Excel; copy its tables into a document"
        } else if below("ppt/") {
            "a presentation of PowerPoint; copy its text into a document"
        } else {
            "a zip archive, and neither DOCX nor EPUB; unpack it and give the manuscripts in it"
        }))
    }

    /// The names of the parts, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// Whether there is a part of a name.
    pub fn has(&self, name: &str) -> bool {
        self.index(name).is_some()
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.names.get(name).or_else(|| self.folded.get(&name.to_lowercase())).copied()
    }

    /// The size of a part when it is unpacked, as the package claims it.
    pub fn size(&self, name: &str) -> Option<u64> {
        self.archive.by_index_data(self.index(name)?).ok().map(|part| part.size())
    }

    /// The bytes of a part.
    ///
    /// # Errors
    /// When there is no such part, or it is too large, encrypted or damaged.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, PartError> {
        let index = self.index(name).ok_or(PartError::Missing)?;
        let mut archive = self.archive.clone();
        let damaged = |e: zip::result::ZipError| PartError::Damaged(e.to_string());
        if archive.by_index_data(index).map_err(damaged)?.encrypted() {
            return Err(PartError::Encrypted);
        }
        let part = archive.by_index(index).map_err(damaged)?;
        let (packed, claimed) = (part.compressed_size(), part.size());
        // What the list says is a claim: the bytes are counted as they come.
        let most = PART.min(SMALL.max(packed.saturating_mul(RATIO)));
        let too_large = if most < PART { PartError::Bomb } else { PartError::Large };
        if claimed > most {
            return Err(too_large);
        }
        let mut bytes = Vec::with_capacity(claimed as usize + 1);
        part.take(most + 1).read_to_end(&mut bytes).map_err(|e| PartError::Damaged(e.to_string()))?;
        if bytes.len() as u64 > most { Err(too_large) } else { Ok(bytes) }
    }
}

fn damaged(error: zip::result::ZipError) -> PackageError {
    PackageError::Damaged(error.to_string())
}

/// Why a part may not be called so: its name would lead out of the package, or nowhere.
fn unsafe_name(name: &str) -> Option<&'static str> {
    let drive = name.as_bytes().get(1) == Some(&b':');
    if name.is_empty() || name.contains('\0') {
        Some("is no name of a part")
    } else if name.starts_with('/') || drive {
        Some("is an absolute path")
    } else if name.split('/').any(|folder| folder == "..") {
        Some("leads out of the package")
    } else {
        None
    }
}

/// The names that the list of parts has twice; which of them a program reads is chance.
fn twice(bytes: &[u8], archive: &ZipArchive<Cursor<Shared>>) -> Vec<(String, &'static str)> {
    if !archive.has_duplicate_names() {
        return Vec::new();
    }
    let number = |at: usize| bytes.get(at..at + 2).map_or(0, |b| usize::from(b[0]) | usize::from(b[1]) << 8);
    let (mut seen, mut out) = (BTreeSet::new(), BTreeMap::new());
    let mut at = archive.central_directory_start() as usize;
    while bytes.get(at..at + 4) == Some(b"PK\x01\x02") {
        let length = number(at + 28);
        let name = bytes.get(at + 46..at + 46 + length).unwrap_or_default();
        if !seen.insert(name) {
            out.insert(String::from_utf8_lossy(name).into_owned(), "is there twice; one of them is read");
        }
        at += 46 + length + number(at + 30) + number(at + 32);
    }
    out.into_iter().collect()
}

/// The name of the part that a reference in another part leads to: relative to the folder of that part, or to the
/// package if it begins with `/`; escapes such as `%20` are read, what follows `#` or `?` is left out.
///
/// `None` for a reference to something outside: another scheme, or more `..` than there are folders.
pub fn target(part: &str, reference: &str) -> Option<String> {
    let reference = reference.split(['#', '?']).next().unwrap_or_default().replace('\\', "/");
    if reference.split('/').next().is_some_and(|first| first.contains(':')) || reference.starts_with("//") {
        return None;
    }
    let folder = if reference.starts_with('/') { "" } else { part.rsplit_once('/').map_or("", |(f, _)| f) };
    let mut out: Vec<String> = Vec::new();
    for step in folder.split('/').map(str::to_owned).chain(reference.split('/').map(unescaped)) {
        match step.as_str() {
            "" | "." => {}
            ".." => {
                out.pop()?;
            }
            _ => out.push(step),
        }
    }
    Some(out.join("/"))
}

/// A reference with its escapes such as `%20` read.
pub fn unescaped(step: &str) -> String {
    let mut out = Vec::with_capacity(step.len());
    let mut rest = step.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = (byte == b'%').then(|| after.get(..2)).flatten().and_then(|h| std::str::from_utf8(h).ok());
        match hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = &after[2..];
            }
            None => {
                out.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| step.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part");
            zip.write_all(bytes).expect("bytes");
        }
        zip.finish().expect("a package").into_inner()
    }

    #[test]
    fn references_stay_inside() {
        for (part, reference, expected) in [
            ("word/document.xml", "media/image1.png", Some("word/media/image1.png")),
            ("word/document.xml", "/word/media/a%20b.png", Some("word/media/a b.png")),
            ("word/document.xml", "../customXml/item1.xml", Some("customXml/item1.xml")),
            ("OEBPS/text/一.xhtml", "../%E4%B8%80.png#a?b", Some("OEBPS/一.png")),
            ("OEBPS/a.xhtml", "b%zz.png", Some("OEBPS/b%zz.png")),
            ("word/document.xml", "../../etc/passwd", None),
            ("word/document.xml", "file:///etc/passwd", None),
            ("word/document.xml", "https://example.org/a.png", None),
            ("word/document.xml", "//example.org/a.png", None),
            ("word/document.xml", "c:\\a.png", None),
        ] {
            assert_eq!(target(part, reference).as_deref(), expected, "{reference} in {part}");
        }
    }

    #[test]
    fn names_that_lead_out_are_left_out() {
        let bytes = zipped(&[
            ("word/document.xml", b"<a/>"),
            ("../../etc/passwd", b"x"),
            ("/etc/passwd", b"x"),
            ("word\\media\\a.png", b"y"),
            ("C:/a", b"x"),
        ]);
        let package = Package::open(bytes).expect("a package");
        assert_eq!(package.names().collect::<Vec<_>>(), ["word/document.xml", "word/media/a.png"]);
        assert_eq!(package.complaints.len(), 3, "{:?}", package.complaints);
        assert_eq!(package.bytes("WORD/Document.xml").as_deref(), Ok(&b"<a/>"[..]));
        assert_eq!(package.bytes("word/other.xml"), Err(PartError::Missing));
        assert_eq!(package.kind(), Ok(Kind::Docx));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let zeros = vec![0; (SMALL + 1) as usize];
        let package =
            Package::open(zipped(&[("word/document.xml", &zeros), ("a", &zeros[..100])])).expect("a package");
        assert_eq!(package.bytes("word/document.xml"), Err(PartError::Bomb));
        assert_eq!(package.bytes("a").map(|b| b.len()), Ok(100));
        // The list may lie about the size: the bytes are counted all the same.
        let mut bytes = zipped(&[("word/document.xml", &zeros)]);
        let size = (zeros.len() as u32).to_le_bytes();
        while let Some(at) = bytes.windows(4).position(|w| w == size) {
            bytes[at..at + 4].copy_from_slice(&100u32.to_le_bytes());
        }
        let read = Package::open(bytes).expect("a package").bytes("word/document.xml");
        assert!(matches!(read, Err(PartError::Bomb | PartError::Damaged(_))), "{:?}", read.map(|b| b.len()));
    }

    #[test]
    fn what_is_not_whole_is_no_package() {
        let bytes = zipped(&[("word/document.xml", &b"<a/>"[..])]);
        for end in 0..bytes.len() {
            match Package::open(bytes[..end].to_vec()) {
                Err(PackageError::Damaged(_)) => {}
                other => panic!("{end}: {other:?}"),
            }
        }
        for at in 0..bytes.len() {
            let mut odd = bytes.clone();
            odd[at] ^= 0xFF;
            // Any damage: an error or another text, but no panic.
            let _ = Package::open(odd).map(|p| p.bytes("word/document.xml"));
        }
    }

    #[test]
    fn a_name_that_is_there_twice_is_told() {
        let mut bytes = zipped(&[("word/a.xml", &b"1"[..]), ("word/b.xml", &b"2"[..])]);
        while let Some(at) = bytes.windows(10).position(|w| w == b"word/b.xml") {
            bytes[at + 5] = b'a';
        }
        let package = Package::open(bytes).expect("a package");
        assert_eq!(package.complaints, [("word/a.xml".to_owned(), "is there twice; one of them is read")]);
    }

    #[test]
    fn other_packages_are_told_apart() {
        let kind = |parts: &[(&str, &[u8])]| Package::open(zipped(parts)).expect("a package").kind();
        assert_eq!(kind(&[("mimetype", b"application/epub+zip")]), Ok(Kind::Epub));
        assert_eq!(kind(&[("META-INF/container.xml", b"<container/>")]), Ok(Kind::Epub));
        let odd = b"<Types><Override ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
        assert_eq!(kind(&[("[Content_Types].xml", odd), ("doc/main.xml", b"")]), Ok(Kind::Docx));
        for (parts, says) in [
            (&[("xl/workbook.xml", &b""[..])][..], "workbook"),
            (&[("ppt/presentation.xml", b"")], "presentation"),
            (
                &[
                    ("mimetype", b"application/vnd.oasis.opendocument.text"),
                    ("META-INF/container.xml", b""),
                    ("content.xml", b""),
                ],
                "OpenDocument",
            ),
            (&[("a.txt", b"")], "zip archive"),
        ] {
            let error = kind(parts).expect_err(says).to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
