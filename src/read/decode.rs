//! Bytes in, decoded text out: UTF-8, UTF-16, Big5-HKSCS and GB18030, told apart over the whole file.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use crate::{
    package::{PackageError, PartError},
    report::{Diagnostic, Report, Severity},
    source::{Source, SourceId, Span},
};

/// Why bytes are no manuscript.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DecodeError {
    /// Nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// No text.
    #[error("this is no text: byte {at} is 0x{byte:02X}")]
    Binary {
        /// Offset of the first byte that no text has.
        at: usize,
        /// The byte.
        byte: u8,
    },
    /// UTF-8 with damage.
    #[error("broken UTF-8 at line {line}, column {column}: byte 0x{byte:02X} at offset {at}")]
    Broken {
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// Byte offset in the file.
        at: usize,
        /// The byte.
        byte: u8,
    },
    /// No such encoding.
    #[error("unknown encoding `{0}`")]
    Unknown(String),
    /// A kind of document that is not read.
    #[error("this is {what}")]
    Foreign {
        /// What it is.
        what: &'static str,
        /// What to do about it.
        hint: &'static str,
    },
    /// No package that can be read.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A part of a package without which there is nothing to read.
    #[error("`{part}` {error}")]
    Part {
        /// Its name.
        part: String,
        /// Why it cannot be read.
        error: PartError,
    },
}

impl DecodeError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Empty => None,
            Self::Binary { .. } => {
                Some("hanpress reads text, Markdown and DOCX; export the document as one of these")
            }
            Self::Broken { .. } => Some(
                "repair the file, or read it anyway with `--encoding utf-8`: each broken place is then reported",
            ),
            Self::Foreign { hint, .. } => Some(hint),
            Self::Package(PackageError::Damaged(_)) => {
                Some("the file may not be whole; get it again, or open and save it in its own program")
            }
            Self::Part { error: PartError::Encrypted, .. } => {
                Some("take the password or the copy protection off first")
            }
            Self::Package(_) | Self::Part { .. } => None,
            Self::Unknown(_) => Some("known are utf-8, utf-16le, utf-16be, big5 (with HKSCS), gbk, gb18030"),
        }
    }
}

/// Decodes a manuscript. With `encoding`, damage is replaced by U+FFFD and reported; without it,
/// the encoding is found from a byte order mark, valid UTF-8, or statistics over the whole file.
///
/// # Errors
/// When there is no text, or the encoding cannot be told.
pub fn decode(
    id: SourceId,
    name: &str,
    bytes: &[u8],
    encoding: Option<&str>,
    report: &mut Report,
) -> Result<Source, DecodeError> {
    if let Some(error) = foreign(bytes) {
        return Err(error);
    }
    let (encoding, bom, guessed) = match (encoding, Encoding::for_bom(bytes)) {
        (Some(label), bom) => {
            let encoding = Encoding::for_label(label.as_bytes())
                .ok_or_else(|| DecodeError::Unknown(label.to_owned()))?;
            (encoding, bom.filter(|b| b.0 == encoding).map_or(0, |b| b.1), true)
        }
        (None, Some((encoding, length))) => (encoding, length, false),
        (None, None) => (detect(bytes)?, 0, false),
    };
    let body = &bytes[bom..];
    if !guessed && encoding != UTF_16LE && encoding != UTF_16BE {
        binary(body)?;
    }
    let (text, damaged) = encoding.decode_without_bom_handling(body);
    if damaged && !guessed && encoding == UTF_8 {
        return Err(broken(body, bom));
    }
    let damage: Vec<usize> =
        if damaged { text.match_indices('\u{FFFD}').map(|(i, _)| i).collect() } else { Vec::new() };
    if text.trim().is_empty() {
        return Err(DecodeError::Empty);
    }
    // Line ends of old Macintosh files: a line feed is as long, so that every place stays true.
    let text =
        if text.contains('\r') && !text.contains('\n') { text.replace('\r', "\n").into() } else { text };
    let source = Source::decoded(id, name.to_owned(), text.into(), encoding, bom, damage);
    if encoding != UTF_8 && bom == 0 && !guessed {
        report.push(
            Diagnostic::new(
                "guessed-encoding",
                Severity::Note,
                Span::new(id, 0..0),
                format!("read as {}", encoding.name()),
            )
            .hint("if the text looks wrong, say `--encoding NAME`"),
        );
    }
    for &at in &source.damage {
        report.push(Diagnostic::new(
            "guessed-encoding",
            Severity::Error,
            Span::new(id, at..at + 3),
            format!("bytes that are no {} became U+FFFD", encoding.name()),
        ));
    }
    Ok(source)
}

/// Documents of other programs, by their first bytes, with what to do about them.
fn foreign(bytes: &[u8]) -> Option<DecodeError> {
    let (what, hint) = if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        // An encrypted document is kept in the format of old documents.
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        match bytes.windows(name.len()).any(|part| part == name) {
            true => ("a document with a password", "open it in Word and save it without the password"),
            false => {
                ("a document of Word 2003 or older", "open it in Word or LibreOffice and save it as .docx")
            }
        }
    } else if bytes.starts_with(b"%PDF-") {
        ("a PDF, which has lost its paragraphs", "give the document that it was made from")
    } else if bytes.starts_with(b"{\\rtf") {
        ("a document in RTF", "open it in Word or LibreOffice and save it as .docx")
    } else {
        return None;
    };
    Some(DecodeError::Foreign { what, hint })
}

fn detect(bytes: &[u8]) -> Result<&'static Encoding, DecodeError> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    // UTF-16 without a mark: every other byte of ASCII and line ends is NUL.
    let nul = |odd: usize| bytes.iter().skip(odd).step_by(2).take(2000).filter(|&&b| b == 0).count();
    let (even, odd) = (nul(0), nul(1));
    if bytes.len() >= 4 && (even + odd) > 0 && even.abs_diff(odd) * 10 > (even + odd) * 9 {
        let encoding = if odd > even { UTF_16LE } else { UTF_16BE };
        let (text, damaged) = encoding.decode_without_bom_handling(bytes);
        if !damaged && !text.contains(['\0', '\u{FFFD}']) {
            return Ok(encoding);
        }
    }
    let valid = Encoding::utf8_valid_up_to(bytes);
    if valid == bytes.len() {
        return Ok(UTF_8);
    }
    binary(bytes)?;
    if let Some(encoding) = declared(bytes) {
        return Ok(encoding);
    }
    // Mostly good UTF-8 with a few broken places is broken UTF-8, not another encoding: text in
    // those is hardly ever valid as UTF-8 for more than a character.
    let lossy = String::from_utf8_lossy(bytes);
    let bad = lossy.chars().filter(|&c| c == '\u{FFFD}').count();
    let good = lossy.chars().filter(|c| !c.is_ascii()).count() - bad;
    if valid > 0 && good >= 2 * bad {
        return Ok(UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let clean = |encoding: &'static Encoding| !encoding.decode_without_bom_handling(bytes).1;
    if [BIG5, GBK, GB18030].contains(&guess) && clean(if guess == GBK { GB18030 } else { guess }) {
        return Ok(if guess == GBK { GB18030 } else { guess });
    }
    [BIG5, GB18030].into_iter().find(|&e| clean(e)).map_or(Ok(UTF_8), Ok)
}

/// The encoding that a page in HTML names in its head; where it names UTF-8 and is not, it is to be found out.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let head = head.trim_start();
    if !head.starts_with('<') {
        return None;
    }
    let named = |key: &str| {
        let rest = head.split(key).nth(1)?.trim_start().strip_prefix('=')?;
        let rest = rest.trim_start_matches([' ', '"', '\'']);
        rest.split(['"', '\'', ' ', '>', '/', ';', '?']).next()
    };
    let label =
        named("charset").or_else(|| head.starts_with("<?xml").then(|| named("encoding")).flatten())?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    let wide = [UTF_8, UTF_16LE, UTF_16BE].contains(&encoding);
    (!wide).then_some(if encoding == GBK { GB18030 } else { encoding })
}

/// A NUL or a run of control characters is found in no text.
fn binary(bytes: &[u8]) -> Result<(), DecodeError> {
    match bytes.iter().position(|&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A | 0x1B)) {
        Some(at) => Err(DecodeError::Binary { at, byte: bytes[at] }),
        None => Ok(()),
    }
}

fn broken(bytes: &[u8], bom: usize) -> DecodeError {
    let at = std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), str::len);
    let before = std::str::from_utf8(&bytes[..at]).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    DecodeError::Broken { line, column, at: at + bom, byte: bytes.get(at).copied().unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRADITIONAL: &str =
        "當全球化進入深水區，地緣政治角力強勢回潮，兩種範式同時遭遇難題。上海合作組織正式成立。\n";
    const SIMPLIFIED: &str =
        "当全球化进入深水区，地缘政治角力强势回潮，两种范式同时遭遇难题。上海合作组织正式成立。\n";

    fn read(bytes: &[u8], encoding: Option<&str>) -> Result<Source, DecodeError> {
        decode(SourceId(0), "t", bytes, encoding, &mut Report::default())
    }

    #[test]
    fn encodings_are_told_apart() {
        let big5 = BIG5.encode(TRADITIONAL).0;
        let gb = GB18030.encode(SIMPLIFIED).0;
        let wide = |s: &str, little: bool| -> Vec<u8> {
            s.encode_utf16().flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
        };
        for (bytes, encoding, text) in [
            (TRADITIONAL.as_bytes().to_vec(), UTF_8, TRADITIONAL),
            ([b"\xEF\xBB\xBF", TRADITIONAL.as_bytes()].concat(), UTF_8, TRADITIONAL),
            (big5.to_vec(), BIG5, TRADITIONAL),
            (gb.to_vec(), GB18030, SIMPLIFIED),
            ([&b"\xFF\xFE"[..], &wide(TRADITIONAL, true)].concat(), UTF_16LE, TRADITIONAL),
            (
                wide("date 2025 當下國際社會 and so on\n", true),
                UTF_16LE,
                "date 2025 當下國際社會 and so on\n",
            ),
            (
                wide("date 2025 當下國際社會 and so on\n", false),
                UTF_16BE,
                "date 2025 當下國際社會 and so on\n",
            ),
        ] {
            let source = read(&bytes, None).expect("text");
            assert_eq!((source.encoding, &*source.text), (encoding, text));
        }
    }

    #[test]
    fn pages_name_their_encoding() {
        for (head, encoding) in [
            ("<html><meta charset=big5><p>", BIG5),
            ("<meta http-equiv='Content-Type' content='text/html; charset=GB2312'>", GB18030),
            ("<?xml version='1.0' encoding=\"gbk\"?><html>", GB18030),
            // What is no page, or says what cannot be, is found out.
            ("見 <meta charset=gbk>", BIG5),
            ("<meta charset=utf-8><p>", BIG5),
        ] {
            let bytes = encoding.encode(&[head, TRADITIONAL].concat()).0.into_owned();
            assert_eq!(read(&bytes, None).expect("text").encoding, encoding, "{head}");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(read(b"", None).unwrap_err(), DecodeError::Empty);
        assert_eq!(read(b" \n\n", None).unwrap_err(), DecodeError::Empty);
        assert_eq!(read(b"PK\x03\x04\0\0", None).unwrap_err(), DecodeError::Binary { at: 2, byte: 3 });
        for (bytes, says) in [
            (&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"[..], "Word 2003"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", "password"),
            (b"%PDF-1.7\n", "a PDF"),
            (b"{\\rtf1\\ansi", "RTF"),
        ] {
            let error = read(bytes, None).unwrap_err();
            assert!(error.to_string().contains(says) && error.hint().is_some(), "{error}");
        }
        assert_eq!(read(b"a", Some("klingon")).unwrap_err(), DecodeError::Unknown("klingon".into()));
        let mut bytes = "一\n二三".as_bytes().to_vec();
        bytes.insert(7, 0xFF);
        let expected = DecodeError::Broken { line: 2, column: 2, at: 7, byte: 0xFF };
        assert_eq!(read(&bytes, None).unwrap_err(), expected);
        let source = read(&bytes, Some("utf-8")).expect("read anyway");
        assert_eq!((&*source.text, source.damage.as_slice()), ("一\n二\u{FFFD}三", &[7][..]));
    }
}
