//! Document settings of a DOCX: fonts, line-break marks of the region, compression of marks.

use crate::{
    document::NotePlace,
    edition::Region,
    write::{
        docx::{Book, Embed, parts::NAMESPACES},
        xml::Xml,
    },
};

/// Marks that may not end a line, in addition to what the application knows.
const OPENING: &str = "([{·‘“〈《「『【〔〖（．［｛￡￥";
/// Marks that may not begin a line.
const CLOSING: &str = "!),.:;?]}¨·ˇˉ―‖’”…∶、。〃々〉》」』】〕〗！＂＇），．：；？］｀｜｝～￠";

pub(super) fn write(book: &Book, embed: Embed) -> Vec<u8> {
    let edition = book.edition;
    let lang = edition.short_tag();
    // Marks at the corner of their cell close up where two meet; centred ones keep their cell.
    let spacing = match edition.region {
        Region::Cn => "compressPunctuation",
        Region::Tw | Region::Hk => "doNotCompress",
    };
    let mut xml = Xml::new();
    xml.line().open("w:settings", &NAMESPACES).line();
    xml.empty("w:zoom", &[("w:percent", "100")]);
    if embed != Embed::None {
        xml.empty("w:embedTrueTypeFonts", &[]);
    }
    if embed == Embed::Subset {
        xml.empty("w:saveSubsetFonts", &[]);
    }
    xml.empty("w:defaultTabStop", &[("w:val", "480")]);
    xml.empty("w:characterSpacingControl", &[("w:val", spacing)]);
    xml.empty("w:noLineBreaksAfter", &[("w:lang", lang), ("w:val", OPENING)]);
    xml.empty("w:noLineBreaksBefore", &[("w:lang", lang), ("w:val", CLOSING)]);
    for kind in book.note_kinds() {
        let [_, one, .., properties] = kind.elements;
        xml.open(properties, &[]);
        if kind.one == "endnote" {
            let at = if book.place == NotePlace::Chapter { "sectEnd" } else { "docEnd" };
            xml.empty("w:pos", &[("w:val", at)]).empty("w:numFmt", &[("w:val", book.endnote_numbers())]);
        }
        xml.empty(one, &[("w:id", "-1")]);
        xml.empty(one, &[("w:id", "0")]).close();
    }
    xml.open("w:compat", &[]);
    // A hard break ends its line where it stands; the line is not drawn out.
    xml.empty("w:doNotExpandShiftReturn", &[]);
    xml.empty(
        "w:compatSetting",
        &[
            ("w:name", "compatibilityMode"),
            ("w:uri", "http://schemas.microsoft.com/office/word"),
            ("w:val", "15"),
        ],
    );
    xml.close();
    xml.empty("w:themeFontLang", &[("w:val", "en-US"), ("w:eastAsia", lang)]);
    xml.empty(
        "w:clrSchemeMapping",
        &[
            ("w:bg1", "light1"),
            ("w:t1", "dark1"),
            ("w:bg2", "light2"),
            ("w:t2", "dark2"),
            ("w:accent1", "accent1"),
            ("w:accent2", "accent2"),
            ("w:accent3", "accent3"),
            ("w:accent4", "accent4"),
            ("w:accent5", "accent5"),
            ("w:accent6", "accent6"),
            ("w:hyperlink", "hyperlink"),
            ("w:followedHyperlink", "followedHyperlink"),
        ],
    );
    xml.empty("w:decimalSymbol", &[("w:val", ".")]);
    xml.empty("w:listSeparator", &[("w:val", ",")]);
    xml.finish()
}
