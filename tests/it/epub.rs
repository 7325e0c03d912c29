//! EPUBs of other makers and of none: order, notes across files, titles from the contents, and hostile packages.

use std::io::{Cursor, Write as _};

use hanpress::{
    document::{Block, Document},
    read::{self, ReadOptions},
    report::Report,
    source::{Source, SourceId},
};

use crate::read::check;

const CONTAINER: &str = "<?xml version='1.0'?><container version='1.0' \
    xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles><rootfile full-path='OPS/book.opf' \
    media-type='application/oebps-package+xml'/></rootfiles></container>";

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part");
        zip.write_all(bytes).expect("bytes");
    }
    zip.finish().expect("a package").into_inner()
}

/// A package document with these files of the text in its spine.
fn opf(metadata: &str, files: &[&str], more: &str) -> String {
    let items: String = (files.iter().enumerate())
        .map(|(i, f)| format!("<item id='f{i}' href='{f}' media-type='application/xhtml+xml'/>"))
        .collect();
    let spine: String = (0..files.len()).map(|i| format!("<itemref idref='f{i}'/>")).collect();
    format!(
        "<?xml version='1.0'?><package xmlns='http://www.idpf.org/2007/opf' version='2.0' unique-identifier='id'>\
         <metadata xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:opf='http://www.idpf.org/2007/opf'>{metadata}\
         </metadata><manifest>{items}{more}</manifest><spine toc='ncx'>{spine}</spine></package>"
    )
}

fn page(body: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml' \
         xmlns:epub='http://www.idpf.org/2007/ops'><head><title/></head><body>{body}</body></html>"
    )
}

fn open(parts: &[(&str, &[u8])]) -> Result<(Source, Report), String> {
    let mut report = Report::default();
    let mut bytes = zipped(parts);
    let source =
        read::open(SourceId(0), "書.epub", &mut bytes, None, &mut report).map_err(|e| e.to_string())?;
    Ok((source, report))
}

fn read(parts: &[(&str, &[u8])]) -> (Document, Report, Source) {
    let (source, mut report) = open(parts).expect("a package");
    let reader = read::reader(&source);
    assert_eq!(reader.name, "epub");
    let document = (reader.read)(&source, &ReadOptions::default(), &mut report);
    check(&document, &report, &source);
    (document, report, source)
}

fn words(blocks: &[Block]) -> String {
    let document = Document { blocks: blocks.to_vec(), ..Document::default() };
    document.texts().iter().map(|(_, t)| t.as_str().to_owned()).collect::<Vec<_>>().join("|")
}

#[test]
fn an_older_book_is_read_in_the_order_of_its_spine() {
    let opf = opf(
        "<dc:title>小書</dc:title><dc:creator opf:role='aut'>甲乙</dc:creator><dc:creator opf:role='trl'>丙丁</dc:creator>\
         <dc:language>zh-TW</dc:language><dc:date>2019-03-04T00:00:00+00:00</dc:date><dc:identifier id='x'>y</dc:identifier>\
         <dc:identifier id='id'>isbn:978</dc:identifier><dc:description>&lt;p&gt;提要&lt;/p&gt;</dc:description>",
        &["b.xhtml", "a.xhtml", "notes.xhtml"],
        "<item id='ncx' href='toc.ncx' media-type='application/x-dtbncx+xml'/>",
    );
    let ncx = "<?xml version='1.0'?><ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'><navMap>\
        <navPoint><navLabel><text>第一章　起</text></navLabel><content src='b.xhtml'/></navPoint>\
        <navPoint><navLabel><text>第二章</text></navLabel><content src='a.xhtml'/></navPoint></navMap></ncx>";
    let b = page(
        "<p>第一章 起</p><p>正文<a id='r1' href='notes.xhtml#n1'><sup>[1]</sup></a>。<img src='圖.png' alt='圖'/></p>",
    );
    let a = page("<p>第二章的正文。</p><p>再註<sup><a id='r2' href='notes.xhtml#n2'>2</a></sup>。</p>");
    let notes = page(
        "<p id='n1'><a href='b.xhtml#r1'>[1]</a> 註甲。</p><p id='n2'><a href='a.xhtml#r2'>[2]</a>註乙。</p>",
    );
    let (document, report, source) = read(&[
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("OPS/book.opf", opf.as_bytes()),
        ("OPS/toc.ncx", ncx.as_bytes()),
        ("OPS/a.xhtml", a.as_bytes()),
        ("OPS/b.xhtml", b.as_bytes()),
        ("OPS/notes.xhtml", notes.as_bytes()),
        ("OPS/圖.png", b"\x89PNG"),
    ]);
    assert_eq!(
        words(&document.blocks),
        "第一章 起|正文\u{fffc}。\u{fffc}|第二章|第二章的正文。|再註\u{fffc}。"
    );
    let heads = document.blocks.iter().filter(|b| matches!(b, Block::Heading { level: 1, .. })).count();
    assert_eq!(heads, 2);
    assert_eq!(document.notes.iter().map(|n| words(n)).collect::<Vec<_>>(), ["註甲。", "註乙。"]);
    let meta = &document.meta;
    assert_eq!(meta.title.as_ref().map(|t| t.as_str()), Some("小書"));
    assert_eq!(meta.authors.iter().map(|a| a.as_str()).collect::<Vec<_>>(), ["甲乙"]);
    assert_eq!(meta.date.as_deref(), Some("2019-03-04"));
    assert_eq!(meta.identifier.as_deref(), Some("isbn:978"));
    assert_eq!(meta.description.as_ref().map(|t| t.as_str()), Some("提要"));
    assert!(format!("{document:?}").contains("OPS/圖.png"));
    assert!(report.diagnostics.iter().any(|d| d.rule == "unread-epub" && d.message.contains("丙丁")));
    let note = document.notes[1][0].clone();
    let Block::Paragraph { text, .. } = note else { panic!("a paragraph") };
    assert_eq!(source.file_at(text.span(0..3).start as usize), "書.epub!OPS/notes.xhtml");
}

#[test]
fn title_pages_of_other_makers_become_metadata() {
    let block = "<h1 class='title'>題</h1><p class='subtitle'>副題</p><p class='author'>甲</p><p class='author'>乙</p>\
        <p class='date'>2025-10-01</p>";
    for title in [block.to_owned(), format!("<section epub:type='titlepage'>{block}</section>")] {
        let package = opf("<dc:title>題</dc:title><dc:creator>甲</dc:creator>", &["t.xhtml", "a.xhtml"], "");
        let (title, text) = (
            page(&title),
            page(
                "<h1>章</h1><p>文<a href='#fn1' id='r1'><sup>1</sup></a></p>\
            <ol class='footnotes'><li id='fn1'><p><a href='#r1'>1</a>. 註。</p></li></ol>",
            ),
        );
        let (document, ..) = read(&[
            ("META-INF/container.xml", CONTAINER.as_bytes()),
            ("OPS/book.opf", package.as_bytes()),
            ("OPS/t.xhtml", title.as_bytes()),
            ("OPS/a.xhtml", text.as_bytes()),
        ]);
        assert_eq!(words(&document.blocks), "章|文\u{fffc}");
        assert_eq!(words(&document.notes[0]), "註。");
        let meta = &document.meta;
        assert_eq!(meta.subtitle.as_ref().map(|t| t.as_str()), Some("副題"));
        assert_eq!(meta.authors.iter().map(|a| a.as_str()).collect::<Vec<_>>(), ["甲", "乙"]);
        assert_eq!(meta.date.as_deref(), Some("2025-10-01"));
    }
}

#[test]
fn what_is_wrong_with_a_package_is_told() {
    let text = page(
        "<p>正文。</p><script>alert(1)</script><img src='../../etc/passwd' alt='外'/><img src='http://a.b/c.png' alt='遠'/>",
    );
    let package = opf(
        "<dc:title>書</dc:title>",
        &["a.xhtml", "missing.xhtml", "../../out.xhtml", "a.xhtml"],
        "<item id='svg' href='a.svg' media-type='image/svg+xml'/>",
    );
    let package = package.replace("</spine>", "<itemref idref='nobody'/><itemref idref='svg'/></spine>");
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let (document, report, _) = read(&[
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("OPS/book.opf", package.as_bytes()),
        ("OPS/a.xhtml", text.as_bytes()),
        ("OPS/a.svg", svg.as_bytes()),
    ]);
    assert_eq!(words(&document.blocks), "正文。");
    let told = |words: &str| report.diagnostics.iter().any(|d| d.message.contains(words));
    for part in ["missing.xhtml", "out.xhtml", "nobody", "a.svg"] {
        assert!(told(part), "{part}: {:?}", report.diagnostics);
    }
    assert!(!format!("{:?}", document.blocks).contains("alert"));
}

#[test]
fn protected_and_damaged_books_are_refused() {
    let encryption = "<encryption><EncryptedData><EncryptionMethod \
        Algorithm='http://www.w3.org/2001/04/xmlenc#aes128-cbc'/></EncryptedData></encryption>";
    let package = opf("<dc:title>書</dc:title>", &["a.xhtml"], "");
    let text = page("<p>正文</p>");
    let parts: Vec<(&str, &[u8])> = vec![
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("OPS/book.opf", package.as_bytes()),
        ("OPS/a.xhtml", text.as_bytes()),
    ];
    let with = |name, bytes| [&parts[..], &[(name, bytes)]].concat();
    let refused = open(&with("META-INF/encryption.xml", encryption.as_bytes())).map(|_| ());
    assert!(refused.is_err_and(|e| e.contains("copy protection")));
    let faces = encryption
        .replace("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "http://www.idpf.org/2008/embedding");
    assert_eq!(words(&read(&with("META-INF/encryption.xml", faces.as_bytes())).0.blocks), "正文");
    let zeros = vec![b' '; 40 << 20];
    assert!(open(&with("OPS/bomb.xhtml", &zeros)).is_err());
    // Half a file is no book, and any byte may be wrong.
    let whole = zipped(&parts);
    for end in (0..whole.len()).step_by(7) {
        let mut half = whole[..end].to_vec();
        assert!(read::open(SourceId(0), "a.epub", &mut half, None, &mut Report::default()).is_err(), "{end}");
    }
}

#[test]
fn mutated_books_keep_the_invariants() {
    let package = opf("<dc:title>書</dc:title>", &["a.xhtml", "b.xhtml"], "");
    let a = page(
        "<h1>甲</h1><p>乙<a epub:type='noteref' href='b.xhtml#n'>1</a></p><table><tr><td rowspan='2'>丙</td></tr></table>",
    );
    let b = page(
        "<aside epub:type='footnote' id='n'><p>丁<ruby>戊<rt>wù</rt></ruby></p></aside><ul><li>己</li></ul>",
    );
    // A generator of its own, so that each run is the same.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for _ in 0..600 {
        let mut parts = [
            CONTAINER.as_bytes().to_vec(),
            package.clone().into_bytes(),
            a.clone().into_bytes(),
            b.clone().into_bytes(),
        ];
        for _ in 0..1 + random(6) {
            let part = &mut parts[random(4)];
            let at = random(part.len().max(1));
            match random(4) {
                0 => part.truncate(at),
                1 => part.insert(at.min(part.len()), b"<>&\"'/=\0 x"[random(10)]),
                2 if at < part.len() => part[at] = random(256) as u8,
                _ => {
                    let end = (at + random(40)).min(part.len());
                    part.drain(at.min(end)..end);
                }
            }
        }
        let named = ["META-INF/container.xml", "OPS/book.opf", "OPS/a.xhtml", "OPS/b.xhtml"];
        let parts: Vec<(&str, &[u8])> = named.into_iter().zip(parts.iter().map(Vec::as_slice)).collect();
        let Ok((source, mut report)) = open(&parts) else { continue };
        let document = (read::reader(&source).read)(&source, &ReadOptions::default(), &mut report);
        check(&document, &report, &source);
    }
}
