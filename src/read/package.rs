//! A package's bytes in, a source out: the text of its text parts, decoded, one after another.

use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8};

use crate::{
    package::{Kind, Package, PartError},
    read::decode::DecodeError,
    report::{Diagnostic, Report, Severity},
    source::{Part, Source, SourceId, Span},
};

/// Bytes that all text parts of a package may have together.
const TEXT: usize = 192 << 20;

/// What the names of parts end in whose text is read.
const EXTENSIONS: [&str; 10] = ["xml", "rels", "opf", "ncx", "xhtml", "html", "htm", "css", "svg", "smil"];

/// Opens a package and decodes its text parts, those of the main text first. What is wrong with a part is reported.
///
/// # Errors
/// When it is no package of a known kind, or its text is too large.
pub(crate) fn open(
    id: SourceId,
    name: &str,
    bytes: Vec<u8>,
    report: &mut Report,
) -> Result<Source, DecodeError> {
    let package = Package::open(bytes)?;
    let kind = package.kind()?;
    if kind == Kind::Epub && is_protected(&package) {
        return Err(DecodeError::Foreign {
            what: "a book with copy protection (DRM)",
            hint: "only its seller's programs can open it; ask for a copy without protection",
        });
    }
    let mut names: Vec<&str> = package.names().filter(|name| is_text(name)).collect();
    // The place of what is said of the whole is the first part.
    names.sort_by_key(|name| (rank(kind, name), *name));
    let (mut text, mut parts, mut damage, mut found) = (String::new(), Vec::new(), Vec::new(), Vec::new());
    // One piece of memory from the start: a text that grows takes twice as much on the way.
    let claimed = names.iter().filter_map(|name| package.size(name)).fold(0, u64::saturating_add);
    text.reserve_exact((claimed as usize).saturating_add(names.len()).min(TEXT));
    for (part, complaint) in &package.complaints {
        found.push((text.len(), Severity::Warning, format!("`{part}` {complaint}")));
    }
    for name in names {
        let bytes = match package.bytes(name) {
            Ok(bytes) => bytes,
            // Half a text is not better than none, and a trap is no text.
            Err(error @ (PartError::Bomb | PartError::Encrypted)) => {
                return Err(DecodeError::Part { part: name.to_owned(), error });
            }
            Err(error) => {
                found.push((
                    text.len(),
                    Severity::Error,
                    format!("`{name}` {error}; what it says is missing"),
                ));
                continue;
            }
        };
        if text.len() + bytes.len() > TEXT {
            return Err(DecodeError::Part { part: name.to_owned(), error: PartError::Large });
        }
        let (encoding, bom) = declared(&bytes);
        let (decoded, damaged) = encoding.decode_without_bom_handling(&bytes[bom..]);
        let start = text.len();
        match mended(&decoded) {
            Some((decoded, at)) => {
                let message = "a tag ends in `/ >`, which is no XML; it was read as `/>`".to_owned();
                found.push((start + at, Severity::Warning, message));
                text.push_str(&decoded);
            }
            None => text.push_str(&decoded),
        }
        if damaged {
            damage.extend(decoded.match_indices('\u{FFFD}').map(|(at, _)| start + at));
        }
        parts.push(Part { name: name.to_owned(), range: start..text.len(), encoding, bom });
        text.push('\n');
    }
    for (at, severity, message) in found {
        let at = at.min(text.len());
        report.push(Diagnostic::new("damaged-package", severity, Span::new(id, at..at), message));
    }
    for &at in &damage {
        let message = "bytes that are not of the encoding that the part names became U+FFFD";
        report.push(Diagnostic::new("damaged-package", Severity::Error, Span::new(id, at..at + 3), message));
    }
    Ok(Source::packed(id, name.to_owned(), package, Arc::from(text), parts, damage))
}

/// The same text with tags such as `<w:i/ >`, which some programs write, as XML has them, and where the first stands; no
/// byte moves. `None` where there are none.
fn mended(text: &str) -> Option<(String, usize)> {
    let odd = |blank: &str| text.contains(&["/", blank].concat());
    if ![" >", "\t>", "\n>", "\r"].into_iter().any(odd) {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    let mut first = None;
    let mut at = 0;
    while let Some(open) = text[at..].find('<').map(|found| at + found) {
        let rest = &text[open..];
        let end = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")]
            .iter()
            .find(|(start, _)| rest.starts_with(start));
        if let Some((_, end)) = end {
            at = open + rest.find(end).map_or(rest.len(), |found| found + end.len());
            continue;
        }
        let mut quote = None;
        let close = rest.bytes().position(|byte| {
            match (quote, byte) {
                (None, b'>') => return true,
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(mark), byte) if mark == byte => quote = None,
                _ => {}
            }
            false
        });
        let Some(close) = close.map(|found| open + found) else { break };
        let inner = text[open + 1..close].trim_end_matches([' ', '\t', '\n', '\r']);
        if inner.ends_with('/') && inner.len() > 1 && open + 1 + inner.len() < close {
            bytes[open + inner.len()] = b' ';
            bytes[close - 1] = b'/';
            first.get_or_insert(open);
        }
        at = close + 1;
    }
    Some((String::from_utf8(bytes).ok()?, first?))
}

/// Whether parts of a book are encrypted otherwise than its faces may be.
fn is_protected(package: &Package) -> bool {
    let bytes = package.bytes("META-INF/encryption.xml").unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let method = text.split("EncryptionMethod").skip(1).filter_map(|rest| {
        let value = rest.split('>').next()?.split("Algorithm").nth(1)?;
        value.split(['"', '\'']).nth(1)
    });
    let faces = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];
    let mut others = method.filter(|method| !faces.contains(method));
    others.next().is_some()
}

/// Whether a part is read as text, by its name.
fn is_text(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or(String::new(), |(_, e)| e.to_ascii_lowercase());
    EXTENSIONS.contains(&extension.as_str())
}

/// The main text comes first, what only programs read last.
fn rank(kind: Kind, name: &str) -> u8 {
    match kind {
        Kind::Docx if name.eq_ignore_ascii_case("word/document.xml") => 0,
        Kind::Docx if name.starts_with("word/") && !name.ends_with(".rels") => 1,
        Kind::Epub if name.ends_with(".opf") => 0,
        Kind::Epub if name.ends_with("html") || name.ends_with(".htm") => 1,
        Kind::Docx | Kind::Epub => 2,
    }
}

/// The encoding of a part and the bytes of its byte order mark: by that mark, by its XML declaration, or UTF-8.
fn declared(bytes: &[u8]) -> (&'static Encoding, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return (encoding, length);
    }
    match bytes {
        [b'<', 0, ..] => return (encoding_rs::UTF_16LE, 0),
        [0, b'<', ..] => return (encoding_rs::UTF_16BE, 0),
        _ => {}
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let label = head.strip_prefix("<?xml").and_then(|rest| {
        let rest = rest.split("?>").next()?.split("encoding").nth(1)?.trim_start().strip_prefix('=')?;
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split(quote).next()
    });
    let known = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    // A part that can be read so far is not of sixteen bits, whatever it says.
    let narrow = known.filter(|&e| e != encoding_rs::UTF_16LE && e != encoding_rs::UTF_16BE);
    (narrow.unwrap_or(UTF_8), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
        use std::io::Write as _;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part");
            zip.write_all(bytes).expect("bytes");
        }
        zip.finish().expect("a package").into_inner()
    }

    #[test]
    fn encodings_are_declared() {
        for (bytes, name) in [
            (&b"<?xml version='1.0' encoding='gb2312'?><a/>"[..], "GBK"),
            (b"<?xml version=\"1.0\" encoding = \"Big5\"?>", "Big5"),
            (b"\xEF\xBB\xBF<a/>", "UTF-8"),
            (b"\xFF\xFE<\0a\0", "UTF-16LE"),
            (b"<\0a\0", "UTF-16LE"),
            (b"<a encoding='gbk'/>", "UTF-8"),
            (b"<?xml version='1.0' encoding='utf-16'?>", "UTF-8"),
            (b"", "UTF-8"),
        ] {
            assert_eq!(declared(bytes).0.name(), name, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn tags_that_end_in_a_slash_and_a_blank_are_read() {
        for (text, expected) in [
            ("<w:p><w:i/ ><w:b /\n></w:p>", Some("<w:p><w:i /><w:b  /></w:p>")),
            ("<a b=\"/ >\"/>", None),
            ("<a>甲/ >乙</a>", None),
            ("<!-- <i/ > --><![CDATA[<i/ >]]><a/>", None),
            ("<a/ >甲</a>", Some("<a />甲</a>")),
            ("<a/ ", None),
            ("</ >", None),
        ] {
            assert_eq!(mended(text).map(|(text, _)| text).as_deref(), expected, "{text}");
        }
        let mut report = Report::default();
        let bytes = zipped(&[("word/document.xml", "<w:p><w:r><w:i/ ><w:t>甲</w:t></w:r></w:p>".as_bytes())]);
        let source = open(SourceId(0), "a.docx", bytes, &mut report).expect("a source");
        assert_eq!(source.place(source.text.find("<w:i").expect("it")).line, 1);
        let told: Vec<&str> = report.diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(told, ["a tag ends in `/ >`, which is no XML; it was read as `/>`"]);
    }

    #[test]
    fn spans_point_into_parts() {
        let gbk = encoding_rs::GBK.encode("<?xml version='1.0' encoding='gbk'?>\n<t>上合組職</t>").0;
        let bytes = zipped(&[
            ("docProps/core.xml", b"<title/>"),
            ("word/footnotes.xml", &gbk),
            ("word/document.xml", "\u{FEFF}<w:p><w:t>一</w:t></w:p><w:p><w:t>乙甲</w:t></w:p>".as_bytes()),
            ("word/media/image1.png", b"\x89PNG"),
        ]);
        let mut report = Report::default();
        let source = open(SourceId(0), "書.docx", bytes, &mut report).expect("a source");
        assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
        let names: Vec<&str> = source.parts.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["word/document.xml", "word/footnotes.xml", "docProps/core.xml"]);
        for (words, file, line, column, bytes) in [
            ("甲", "書.docx!word/document.xml", 2, 2, 41..44),
            ("組職", "書.docx!word/footnotes.xml", 1, 3, 44..48),
            ("<title", "書.docx!docProps/core.xml", 1, 1, 0..6),
        ] {
            let at = source.text.find(words).expect("the words");
            let span = Span::new(SourceId(0), at..at + words.len());
            let place = source.place(at);
            assert_eq!((source.file_at(at).as_ref(), place.line, place.column), (file, line, column));
            assert_eq!(source.original(span), bytes, "{words}");
        }
        assert_eq!(source.media("word/media/image1.png").as_deref(), Ok(&b"\x89PNG"[..]));
        let (text, start) = source.part("WORD/footnotes.xml").expect("a part");
        assert_eq!(&source.text[start..start + text.len()], text);
    }

    #[test]
    fn what_is_wrong_with_a_part_is_told() {
        let mut report = Report::default();
        let bytes = zipped(&[("word/document.xml", b"<a>\xFF\xFE\x80</a>"), ("../x.xml", b"<b/>")]);
        let source = open(SourceId(0), "a.docx", bytes, &mut report).expect("a source");
        let told: Vec<&str> = report.diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(told[0], "`../x.xml` leads out of the package");
        assert!(told[1].contains("U+FFFD") && told.len() == 4, "{told:?}");
        assert!(report.diagnostics.iter().all(|d| d.span.range().end <= source.text.len()));
    }
}
