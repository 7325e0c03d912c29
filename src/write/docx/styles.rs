//! The styles of a DOCX: what each kind of paragraph and run looks like, by the page style.

use crate::{
    edition::Region,
    font::casting::Casting,
    write::{
        docx::{Book, families, parts::NAMESPACES},
        runs::Voice,
        xml::Xml,
    },
};

/// A paragraph style.
struct Paragraph {
    id: &'static str,
    name: &'static str,
    based: &'static str,
    next: &'static str,
    voice: Voice,
    /// Size relative to the body.
    size: f32,
    bold: bool,
    /// Space before and after, in lines of the grid.
    space: (f32, f32),
    /// Left indent, hanging indent, first-line indent, em of the body.
    indent: (i32, i32, i32),
    align: &'static str,
    keep: bool,
    /// Whether the lines stand on the page's grid.
    grid: bool,
    level: Option<u8>,
}

const PLAIN: Paragraph = Paragraph {
    id: "",
    name: "",
    based: "Normal",
    next: "",
    voice: Voice::Body,
    size: 1.0,
    bold: false,
    space: (0.0, 0.0),
    indent: (0, 0, 0),
    align: "both",
    keep: false,
    grid: true,
    level: None,
};

const HEADING: Paragraph =
    Paragraph { voice: Voice::Heading, bold: true, keep: true, next: "BodyText", align: "left", ..PLAIN };

const STYLES: [Paragraph; 42] = [
    Paragraph { id: "BodyText", name: "Body Text", indent: (0, 0, 2), ..PLAIN },
    Paragraph {
        id: "BodyTextContinued",
        name: "Body Text Continued",
        based: "BodyText",
        next: "BodyText",
        ..PLAIN
    },
    Paragraph {
        id: "Title",
        name: "Title",
        grid: false,
        size: 1.67,
        space: (1.0, 0.5),
        align: "center",
        ..HEADING
    },
    Paragraph { id: "Subtitle", name: "Subtitle", size: 1.25, space: (0.0, 0.5), align: "center", ..HEADING },
    Paragraph { id: "Author", name: "Author", space: (0.5, 0.0), align: "center", next: "BodyText", ..PLAIN },
    Paragraph { id: "WorkSource", name: "Work Source", align: "center", next: "BodyText", ..PLAIN },
    Paragraph {
        id: "Date",
        name: "Date",
        size: 0.875,
        space: (0.0, 1.0),
        align: "center",
        next: "BodyText",
        ..PLAIN
    },
    Paragraph {
        id: "Heading1",
        name: "heading 1",
        size: 1.5,
        space: (1.0, 0.5),
        align: "center",
        level: Some(0),
        ..HEADING
    },
    Paragraph {
        id: "Heading2",
        name: "heading 2",
        size: 1.25,
        space: (0.5, 0.25),
        level: Some(1),
        ..HEADING
    },
    Paragraph {
        id: "Heading3",
        name: "heading 3",
        size: 1.125,
        space: (0.5, 0.0),
        level: Some(2),
        ..HEADING
    },
    Paragraph { id: "Heading4", name: "heading 4", space: (0.5, 0.0), level: Some(3), ..HEADING },
    Paragraph { id: "Heading5", name: "heading 5", space: (0.5, 0.0), level: Some(4), ..HEADING },
    Paragraph { id: "Heading6", name: "heading 6", space: (0.5, 0.0), level: Some(5), ..HEADING },
    Paragraph { id: "Quote", name: "Quote", voice: Voice::Quote, indent: (2, 0, 2), ..PLAIN },
    Paragraph { id: "ListParagraph", name: "List Paragraph", indent: (2, 0, 0), ..PLAIN },
    Paragraph {
        id: "DefinitionTerm",
        name: "Definition Term",
        voice: Voice::Head,
        bold: true,
        next: "Definition",
        align: "left",
        keep: true,
        ..PLAIN
    },
    Paragraph { id: "Definition", name: "Definition", indent: (2, 0, 0), ..PLAIN },
    Paragraph {
        id: "SourceCode",
        name: "Source Code",
        voice: Voice::Code,
        size: 0.83,
        space: (0.25, 0.25),
        indent: (1, 0, 0),
        align: "left",
        grid: false,
        ..PLAIN
    },
    Paragraph { id: "TableText", name: "Table Text", size: 0.875, align: "left", grid: false, ..PLAIN },
    Paragraph {
        id: "TableHead",
        name: "Table Head",
        voice: Voice::Head,
        bold: true,
        size: 0.875,
        align: "left",
        keep: true,
        grid: false,
        ..PLAIN
    },
    Paragraph { id: "Figure", name: "Figure", space: (0.5, 0.0), align: "center", grid: false, ..PLAIN },
    Paragraph { id: "Caption", name: "caption", size: 0.875, space: (0.25, 0.5), align: "center", ..PLAIN },
    Paragraph { id: "SectionBreak", name: "Section Break", align: "center", next: "BodyText", ..PLAIN },
    // A verse line is a paragraph, so that what turns over is indented; the last one of a stanza has space after it.
    Paragraph { id: "Verse", name: "Verse", indent: (3, 1, 0), align: "left", keep: true, ..PLAIN },
    Paragraph {
        id: "VerseEnd",
        name: "Verse End",
        based: "Verse",
        space: (0.0, 0.5),
        indent: (3, 1, 0),
        align: "left",
        ..PLAIN
    },
    Paragraph {
        id: "Salutation",
        name: "Salutation",
        space: (0.5, 0.0),
        next: "BodyText",
        align: "left",
        keep: true,
        ..PLAIN
    },
    Paragraph { id: "Closing", name: "Closing", next: "Signature", align: "left", keep: true, ..PLAIN },
    Paragraph { id: "Signature", name: "Signature", align: "right", ..PLAIN },
    Paragraph {
        id: "TOCHeading",
        name: "TOC Heading",
        size: 1.25,
        space: (1.0, 0.5),
        align: "center",
        ..HEADING
    },
    Paragraph { id: "TOC1", name: "toc 1", align: "left", ..PLAIN },
    Paragraph { id: "TOC2", name: "toc 2", indent: (1, 0, 0), align: "left", ..PLAIN },
    Paragraph { id: "TOC3", name: "toc 3", indent: (2, 0, 0), align: "left", ..PLAIN },
    Paragraph { id: "TOC4", name: "toc 4", indent: (3, 0, 0), align: "left", ..PLAIN },
    Paragraph { id: "TOC5", name: "toc 5", indent: (4, 0, 0), align: "left", ..PLAIN },
    Paragraph { id: "TOC6", name: "toc 6", indent: (5, 0, 0), align: "left", ..PLAIN },
    Paragraph {
        id: "IndexHeading",
        name: "index heading",
        voice: Voice::Heading,
        bold: true,
        size: 0.875,
        space: (0.5, 0.0),
        align: "left",
        next: "Index1",
        keep: true,
        grid: false,
        ..PLAIN
    },
    Paragraph {
        id: "Index1",
        name: "index 1",
        size: 0.875,
        indent: (3, 2, 0),
        align: "left",
        grid: false,
        ..PLAIN
    },
    Paragraph { id: "FootnoteText", name: "footnote text", size: 0.75, grid: false, ..PLAIN },
    Paragraph { id: "EndnoteText", name: "endnote text", size: 0.75, grid: false, ..PLAIN },
    Paragraph { id: "AuthorNote", name: "Author Note", size: 0.875, space: (1.0, 0.0), ..PLAIN },
    Paragraph { id: "Header", name: "header", size: 0.75, align: "center", grid: false, ..PLAIN },
    Paragraph { id: "Footer", name: "footer", size: 0.75, align: "center", grid: false, ..PLAIN },
];

pub(super) fn write(book: &Book, casting: &Casting) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.line().open("w:styles", &NAMESPACES).line();
    defaults(&mut xml, book, casting);
    xml.open("w:style", &[("w:type", "paragraph"), ("w:default", "1"), ("w:styleId", "Normal")]);
    value(&mut xml, "w:name", "Normal");
    xml.empty("w:qFormat", &[]).open("w:pPr", &[]);
    // Said again here: not every application takes it from the defaults.
    lines(&mut xml, book);
    xml.close().close().line();
    xml.open(
        "w:style",
        &[("w:type", "character"), ("w:default", "1"), ("w:styleId", "DefaultParagraphFont")],
    );
    value(&mut xml, "w:name", "Default Paragraph Font");
    value(&mut xml, "w:uiPriority", "1");
    xml.empty("w:semiHidden", &[]).close().line();
    tables(&mut xml, book);
    xml.open("w:style", &[("w:type", "numbering"), ("w:default", "1"), ("w:styleId", "NoList")]);
    value(&mut xml, "w:name", "No List");
    xml.empty("w:semiHidden", &[]).close().line();
    for style in &STYLES {
        paragraph(&mut xml, book, casting, style);
    }
    characters(&mut xml, book, casting);
    xml.finish()
}

fn defaults(xml: &mut Xml, book: &Book, casting: &Casting) {
    let size = half_points(book.page.size);
    xml.open("w:docDefaults", &[]).open("w:rPrDefault", &[]).open("w:rPr", &[]);
    fonts(xml, book, casting, Voice::Body);
    value(xml, "w:kern", "2");
    value(xml, "w:sz", &size);
    value(xml, "w:szCs", &size);
    xml.empty("w:lang", &[("w:val", "en-US"), ("w:eastAsia", book.edition.short_tag()), ("w:bidi", "ar-SA")]);
    xml.close().close().open("w:pPrDefault", &[]).open("w:pPr", &[]);
    lines(xml, book);
    xml.empty("w:spacing", &[("w:before", "0"), ("w:after", "0"), ("w:line", "240"), ("w:lineRule", "auto")]);
    value(xml, "w:jc", "both");
    xml.close().close().close().line();
}

/// How lines end and what stands between scripts.
fn lines(xml: &mut Xml, book: &Book) {
    xml.empty("w:widowControl", &[]);
    xml.empty("w:kinsoku", &[]);
    // Marks hang into the margin on the mainland only.
    let hang = if book.edition.region == Region::Cn { "1" } else { "0" };
    value(xml, "w:overflowPunct", hang);
    xml.empty("w:autoSpaceDE", &[]);
    xml.empty("w:autoSpaceDN", &[]);
}

fn paragraph(xml: &mut Xml, book: &Book, casting: &Casting, style: &Paragraph) {
    xml.open("w:style", &[("w:type", "paragraph"), ("w:styleId", style.id)]);
    value(xml, "w:name", style.name);
    value(xml, "w:basedOn", style.based);
    if !style.next.is_empty() {
        value(xml, "w:next", style.next);
    }
    xml.empty("w:qFormat", &[]);
    xml.open("w:pPr", &[]);
    if style.keep {
        xml.empty("w:keepNext", &[]);
        xml.empty("w:keepLines", &[]);
    } else if style.id == "VerseEnd" {
        value(xml, "w:keepNext", "0");
    }
    if style.id == "AuthorNote" {
        xml.open("w:pBdr", &[]);
        xml.empty("w:top", &[("w:val", "single"), ("w:sz", "4"), ("w:space", "6"), ("w:color", "auto")])
            .close();
    }
    if style.id.starts_with("TOC") && style.id != "TOCHeading" {
        // The number of the page stands at the end of the line.
        let end = twips(f32::from(book.page.measure) * book.page.size);
        xml.open("w:tabs", &[]);
        xml.empty("w:tab", &[("w:val", "right"), ("w:leader", "dot"), ("w:pos", &end)]).close();
    }
    if !style.grid {
        value(xml, "w:snapToGrid", "0");
    }
    let line = book.page.size * book.page.pitch;
    let before = twips(style.space.0 * line);
    let after = twips(style.space.1 * line);
    let own = twips(style.size * book.page.size * 1.5);
    let mut spacing = vec![("w:before", before.as_str()), ("w:after", after.as_str())];
    if !style.grid && style.id != "Figure" {
        spacing.extend([("w:line", own.as_str()), ("w:lineRule", "exact")]);
    }
    xml.empty("w:spacing", &spacing);
    let em = book.page.size;
    let (left, hanging, first) = style.indent;
    if style.id == "Signature" {
        xml.empty("w:ind", &[("w:right", &twips(2.0 * em))]);
    } else if hanging > 0 {
        let (left, hanging) = (twips(left as f32 * em), twips(hanging as f32 * em));
        xml.empty("w:ind", &[("w:left", &left), ("w:hanging", &hanging)]);
    } else if (left, first) != (0, 0) || style.id == "BodyTextContinued" {
        let left_em = twips(left as f32 * em);
        let first_em = twips(first as f32 * em * book.page.indent / 2.0);
        let chars = ((first as f32 * book.page.indent / 2.0 * 100.0) as i32).to_string();
        xml.empty("w:ind", &[("w:left", &left_em), ("w:firstLineChars", &chars), ("w:firstLine", &first_em)]);
    }
    value(xml, "w:jc", style.align);
    if let Some(level) = style.level {
        value(xml, "w:outlineLvl", &level.to_string());
    }
    xml.close().open("w:rPr", &[]);
    if style.voice != Voice::Body {
        fonts(xml, book, casting, style.voice);
    }
    if style.bold {
        xml.empty("w:b", &[]).empty("w:bCs", &[]);
    }
    if style.size != 1.0 {
        let size = half_points(style.size * book.page.size);
        value(xml, "w:sz", &size);
        value(xml, "w:szCs", &size);
    }
    xml.close().close().line();
}

fn characters(xml: &mut Xml, book: &Book, casting: &Casting) {
    for (id, name) in [
        ("Strong", "Strong"),
        ("Emphasis", "Emphasis"),
        ("VerbatimChar", "Verbatim Char"),
        ("MathSource", "Math Source"),
        ("MathDisplay", "Math Display"),
        ("Hyperlink", "Hyperlink"),
        ("FootnoteReference", "footnote reference"),
        ("EndnoteReference", "endnote reference"),
    ] {
        xml.open("w:style", &[("w:type", "character"), ("w:styleId", id)]);
        value(xml, "w:name", name);
        value(xml, "w:basedOn", "DefaultParagraphFont");
        xml.empty("w:qFormat", &[]).open("w:rPr", &[]);
        match id {
            "Strong" => {
                xml.empty("w:b", &[]).empty("w:bCs", &[]);
            }
            // Han is emphasized by Kai, never slanted.
            "Emphasis" => {
                let (kai, _) = families(book, casting, Voice::Quote);
                xml.empty("w:rFonts", &[("w:eastAsia", &kai)]);
            }
            "VerbatimChar" | "MathSource" | "MathDisplay" => fonts(xml, book, casting, Voice::Code),
            "Hyperlink" => {
                value(xml, "w:color", "1F4E79");
            }
            _ => {
                value(xml, "w:vertAlign", "superscript");
            }
        }
        xml.close().close().line();
    }
}

fn tables(xml: &mut Xml, book: &Book) {
    let margins = |xml: &mut Xml, side: &str| {
        xml.open("w:tblCellMar", &[]);
        for (name, width) in [("w:top", "0"), ("w:left", side), ("w:bottom", "0"), ("w:right", side)] {
            xml.empty(name, &[("w:w", width), ("w:type", "dxa")]);
        }
        xml.close();
    };
    xml.open("w:style", &[("w:type", "table"), ("w:default", "1"), ("w:styleId", "TableNormal")]);
    value(xml, "w:name", "Normal Table");
    value(xml, "w:uiPriority", "99");
    xml.empty("w:semiHidden", &[]).open("w:tblPr", &[]);
    xml.empty("w:tblInd", &[("w:w", "0"), ("w:type", "dxa")]);
    margins(xml, "108");
    xml.close().close().line();
    xml.open("w:style", &[("w:type", "table"), ("w:styleId", "TableGrid")]);
    value(xml, "w:name", "Table Grid");
    value(xml, "w:basedOn", "TableNormal");
    xml.open("w:tblPr", &[]).open("w:tblBorders", &[]);
    // Lines above, below and between rows, none at the sides.
    for (name, size) in [("w:top", "12"), ("w:bottom", "12"), ("w:insideH", "4")] {
        xml.empty(name, &[("w:val", "single"), ("w:sz", size), ("w:space", "0"), ("w:color", "auto")]);
    }
    xml.close();
    margins(xml, &twips(book.page.size / 2.0));
    xml.close().close().line();
}

/// `w:rFonts` of a voice.
pub(super) fn fonts(xml: &mut Xml, book: &Book, casting: &Casting, voice: Voice) {
    let (chinese, western) = families(book, casting, voice);
    xml.empty(
        "w:rFonts",
        &[("w:ascii", &western), ("w:hAnsi", &western), ("w:eastAsia", &chinese), ("w:cs", &western)],
    );
}

fn value(xml: &mut Xml, name: &'static str, value: &str) {
    xml.empty(name, &[("w:val", value)]);
}

/// Points as twentieths, for lengths.
pub(super) fn twips(points: f32) -> String {
    ((points * 20.0).round() as i32).to_string()
}

/// The size of a paragraph style relative to the body.
pub(super) fn size(id: &str) -> f32 {
    STYLES.iter().find(|s| s.id == id).map_or(1.0, |s| s.size)
}

/// Whether a paragraph style is of the body's size and stands on the page's grid.
pub(super) fn on_grid(id: &str) -> bool {
    STYLES.iter().any(|s| s.id == id && s.grid && s.size == 1.0)
}

/// Points as halves, for sizes.
pub(super) fn half_points(points: f32) -> String {
    ((points * 2.0).round() as i32).to_string()
}
