//! The sixty requirements, each with the parts that cases must show. The numbers are the ones that
//! the program's comments call checklist numbers; the requirements follow CLReq, GB/T 15834 and the
//! 《重訂標點符號手冊》.

use hanpress::edition::Region;

use crate::clreq::{
    harness::{ALL, BOTH, CN, H, HK, TRADITIONAL, TW, V},
    seen::At,
};

/// A requirement.
pub struct Item {
    /// Its number, which never changes.
    pub number: u8,
    /// What it is about.
    pub title: &'static str,
    /// Whether only specialists need it.
    pub special: bool,
    /// Directions in which it makes sense; `true` is vertical.
    pub directions: &'static [bool],
    /// Regions in which it makes sense.
    pub regions: &'static [Region],
    /// What it asks for.
    pub parts: &'static [Part],
}

/// Something that a requirement asks for.
pub struct Part {
    /// What cases call it.
    pub key: &'static str,
    /// What it says.
    pub says: &'static str,
    regions: &'static [Region],
    directions: &'static [bool],
}

impl Part {
    /// Only in these regions.
    const fn of(self, regions: &'static [Region]) -> Self {
        Self { regions, ..self }
    }

    /// Only in these directions.
    const fn only(self, directions: &'static [bool]) -> Self {
        Self { directions, ..self }
    }

    /// Whether it applies in a cell.
    pub fn applies(&self, at: At) -> bool {
        self.regions.contains(&at.region) && self.directions.contains(&at.vertical)
    }
}

impl Item {
    const fn special(self) -> Self {
        Self { special: true, ..self }
    }

    const fn only(self, directions: &'static [bool]) -> Self {
        Self { directions, ..self }
    }

    const fn of(self, regions: &'static [Region]) -> Self {
        Self { regions, ..self }
    }

    /// Whether it applies in a cell.
    pub fn applies(&self, at: At) -> bool {
        self.regions.contains(&at.region)
            && self.directions.contains(&at.vertical)
            && self.parts.iter().any(|p| p.applies(at))
    }
}

const fn item(number: u8, title: &'static str, parts: &'static [Part]) -> Item {
    Item { number, title, special: false, directions: BOTH, regions: ALL, parts }
}

const fn part(key: &'static str, says: &'static str) -> Part {
    Part { key, says, regions: ALL, directions: BOTH }
}

/// All requirements, in order.
pub const ITEMS: &[Item] = &[
    item(
        1,
        "what may not start a line",
        &[
            part(
                "marks",
                "pauses, stops, closing marks, connectors, interpuncts and the solidus start no line",
            ),
            part("strict", "the strict level keeps —— and …… off a line start too"),
            part("none", "without prohibition any mark may start a line"),
        ],
    ),
    item(
        2,
        "what may not end a line",
        &[
            part("opening", "opening quotes, brackets and title marks end no line"),
            part("prefix", "currency and number signs stay before their number"),
            part("solidus", "the solidus ends no line").of(CN),
        ],
    ),
    item(
        3,
        "push in first, then push out",
        &[
            part("in", "a forbidden mark joins the line above where blanks can shrink for it"),
            part("out", "where they cannot, the last character goes down with it"),
        ],
    ),
    item(
        4,
        "—— and …… are one unit",
        &[
            part("whole", "two em wide, no break and no gap inside"),
            part("double", "two ellipses in a row measure four em; longer runs break between whole pairs"),
        ],
    ),
    item(
        5,
        "numbers stay whole with their signs",
        &[
            part("number", "no break inside a number with its points, commas and colons"),
            part("signs", "nor between it and % ‰ ° ℃, or the currency and plus before it"),
            part("range", "nor inside a range"),
            part("wide", "a number wider than the line is broken once, and reported"),
        ],
    ),
    item(
        6,
        "note marks stay with their word",
        &[
            part("note", "the mark of a note starts no line"),
            part("raised", "nor do superscripts and subscripts"),
        ],
    ),
    item(
        7,
        "interpunct",
        &[
            part("start", "it starts no line"),
            part("width", "half an em on the mainland, one em elsewhere, whatever the font has"),
            part("even", "it stays in the middle when a line is stretched"),
        ],
    ),
    item(
        8,
        "runs of closing marks",
        &[
            part("together", "they stay together"),
            part("narrow", "closed up, three of them take two em").of(CN),
        ],
    ),
    item(
        9,
        "curly quotes find their side",
        &[
            part("side", "opening and closing by pairing; lines break around them accordingly"),
            part("context", "full width in Chinese text, proportional in Western text"),
            part("apostrophe", "between letters it is an apostrophe"),
        ],
    ),
    item(
        10,
        "Latin words and addresses",
        &[
            part("hyphen", "a word breaks at a hyphenation point, with a hyphen inside the measure"),
            part("whole", "words with digits or signs stay whole"),
            part("address", "addresses break after / ? & =, without a hyphen"),
            part("ladder", "no third hyphen in a row, unless a line would be torn apart for it"),
        ],
    ),
    item(
        11,
        "mandatory and soft breaks",
        &[
            part("forced", "a line separator ends the line, which is not spread"),
            part("zero", "U+200B allows a break, U+00AD one with a hyphen"),
            part("glue", "U+00A0, U+202F and U+2060 forbid one"),
            part("wide-space", "U+3000 does not start a continued line"),
        ],
    ),
    item(12, "spaces at a line edge", &[part("edge", "they have no width and stay in the text")]),
    item(
        13,
        "where marks sit in their cell",
        &[
            part("pauses", "、，。 in the corner on the mainland, centred elsewhere"),
            part("others", "；： likewise, ？！ on the axis"),
        ],
    ),
    item(
        14,
        "two marks that meet",
        &[
            part("pairs", "the pair gives up half an em of the blank between"),
            part("three", "three marks together"),
            part("except", "not at a dash, nor at a centred stop before a closing mark"),
            part("spans", "across bold, links and colors too"),
            part("styles", "on request wider, with full cells, or tighter, with half width"),
        ],
    ),
    item(
        15,
        "opening marks at a line start",
        &[
            part("start", "the leading half em goes (Taiwan keeps it)"),
            part("indent", "after an indent likewise"),
        ],
    ),
    item(
        16,
        "marks at a line end",
        &[
            part("end", "always half an em on the mainland, a full cell elsewhere"),
            part("last", "in the last line of a paragraph too").of(CN),
        ],
    ),
    item(
        17,
        "width styles",
        &[
            part("full", "all full width"),
            part("kaiming", "stops full, other marks half width"),
            part("half", "all half width"),
            part("line-end", "half width at line ends only"),
        ],
    ),
    item(
        18,
        "order of shrinking",
        &[
            part(
                "order",
                "the line end, word spaces, interpuncts, brackets, pauses, gaps, stops: tier by tier",
            ),
            part("fixed", "never Han, letters, dashes"),
        ],
    ),
    item(
        19,
        "order of stretching",
        &[
            part("words", "word spaces first, then Han–Latin gaps"),
            part("equal", "then all gaps equally"),
            part("fixed", "not beside connectors and the solidus"),
            part("cap", "no gap beyond half an em: the line stays short"),
            part("report", "a line left short or torn wide is reported"),
        ],
    ),
    item(
        20,
        "justified lines, natural last line",
        &[
            part("exact", "every line but the last ends at the measure"),
            part("last", "the last line is solid"),
        ],
    ),
    item(
        21,
        "even over the paragraph",
        &[
            part("worst", "the worst gap is no wider than line by line"),
            part("count", "nor are there more visibly loose lines"),
            part("row", "no two loose lines in a row where one is enough"),
        ],
    ),
    item(
        22,
        "hanging punctuation",
        &[
            part("on", "on request a pause or stop hangs outside the measure").of(CN),
            part("on-vertical", "in vertical lines also elsewhere").of(TRADITIONAL).only(V),
            part("touch", "never one that touches another mark").of(CN),
            part("touch-vertical", "nor in vertical lines elsewhere").of(TRADITIONAL).only(V),
            part("centered", "never in horizontal lines there, where marks stand in the middle")
                .of(TRADITIONAL)
                .only(H),
            part("force", "on request every pause or stop that ends a line hangs").of(CN),
        ],
    ),
    item(
        23,
        "？！ together",
        &[
            part("cell", "one em together on the mainland, one em each elsewhere (vertical: one cell)"),
            part("whole", "they are not parted"),
        ],
    ),
    item(
        24,
        "how dash and ellipsis look",
        &[
            part("dash", "one unbroken stroke of two em on the axis"),
            part("dots", "six dots, centered, whichever code point came"),
        ],
    ),
    item(
        25,
        "connectors and solidus",
        &[
            part("em", "— and ～ take one em, centered"),
            part("half", "– takes half an em; so does the solidus on the mainland"),
        ],
    ),
    item(
        26,
        "gap between Han and Latin",
        &[
            part("gap", "a quarter em between Han and a letter or digit"),
            part("none", "none at a line edge, beside a Chinese mark, in brackets"),
            part("copy", "it is no character: copied text has none"),
            part("inline", "at inline code too"),
        ],
    ),
    item(
        27,
        "typed spaces become that gap",
        &[
            part("typed", "a space typed between Han and Latin sets as the gap"),
            part("code", "spaces in code stay"),
        ],
    ),
    item(
        28,
        "two fonts in one line",
        &[
            part("faces", "letters and digits from the Latin face, on one baseline"),
            part("marks", "marks that both scripts use come from the Chinese face in Chinese text"),
        ],
    ),
    item(
        29,
        "no forged italic or bold",
        &[
            part("emphasis", "emphasis is Kai on Han, italic on Latin"),
            part("strong", "strong is a real heavier weight"),
            part("forged", "no glyph is slanted or smeared"),
        ],
    ),
    item(
        30,
        "numbers in running text",
        &[
            part("kept", "numerals stay as the author wrote them"),
            part("groups", "groups of digits stay together"),
        ],
    ),
    item(31, "every character on the grid", &[part("grid", "Latin takes whole cells, Han stay on the grid")])
        .special(),
    item(
        32,
        "vertical progression",
        &[
            part("lines", "characters go down, lines go left"),
            part("pages", "pages go left; the file says so"),
            part("margins", "the inner margin is right on odd pages"),
        ],
    )
    .only(V),
    item(
        33,
        "orientation",
        &[
            part("upright", "：；！？ stay upright"),
            part("turned", "brackets and dashes take their vertical form or turn"),
            part("copy", "copied text has the characters as written"),
        ],
    )
    .only(V),
    item(
        34,
        "quotes in vertical lines",
        &[
            part("corner", "corner forms; on the mainland curly quotes become corners"),
            part("western", "quotes around Western text stay curly"),
        ],
    )
    .only(V),
    item(
        35,
        "Latin in vertical lines",
        &[
            part("upright", "single letters and short acronyms stand upright, a cell each"),
            part("turned", "words are turned, with gaps"),
            part("axis", "turned text sits on the axis of the line"),
        ],
    )
    .only(V),
    item(
        36,
        "numbers upright in one cell",
        &[
            part("cell", "short numbers stand side by side in one cell"),
            part("whole", "all of a number or nothing, no decimals"),
        ],
    )
    .only(V),
    item(
        37,
        "numerals for vertical text",
        &[part("han", "on request numbers become Han numerals, and it is reported")],
    )
    .only(V),
    item(
        38,
        "tables, captions, folios in vertical books",
        &[part("sheet", "figures, tables and folios stand horizontally on the sheet")],
    )
    .only(V),
    item(
        39,
        "the line pitch never moves",
        &[
            part("pitch", "marks and readings between the lines leave the pitch alone"),
            part("warn", "a gap too narrow for them is reported"),
        ],
    ),
    item(
        40,
        "pinyin and other romanized readings",
        &[
            part("place", "half size, above the base, centered"),
            part("apart", "neighbors keep a quarter em"),
            part("groups", "a word may be read as a group; lines break between characters, not inside one"),
        ],
    )
    .only(H),
    item(
        41,
        "zhuyin",
        &[
            part("place", "at the right of each base, stacked"),
            part("tones", "tone marks at the side, the light tone on top"),
            part("start", "it never starts a line without its base"),
            part("zone", "half an em wide, with a tone or without"),
        ],
    )
    .of(TW),
    item(42, "Jyutping and double readings", &[part("place", "syllable by syllable with its tone digit")])
        .special()
        .of(HK),
    item(
        43,
        "proper names and titles",
        &[
            part("line", "a straight or wavy line as long as the cells"),
            part("parted", "two that touch give way at the join"),
        ],
    ),
    item(
        44,
        "emphasis dots",
        &[part("dots", "one dot on the middle of each Han"), part("none", "none on marks, spaces, Latin")],
    ),
    item(45, "notes in double rows", &[part("rows", "two rows of half size in the line")]).special(),
    item(
        46,
        "bilingual annotations",
        &[part("place", "over the group, the shorter side spread or centered")],
    )
    .special(),
    item(
        47,
        "first-line indent",
        &[
            part("indent", "two em"),
            part("heading", "none for headings"),
            part("continued", "none for a paragraph that goes on after a list or figure"),
            part("narrow", "one em in narrow columns"),
        ],
    ),
    item(
        48,
        "single character in a last line",
        &[part("two", "a last line has at least two Han characters")],
    ),
    item(
        49,
        "single line at a page edge",
        &[
            part("head", "a page does not begin with the last line of a paragraph"),
            part("foot", "nor end with the first"),
            part("short", "the last page of a chapter has two lines or more"),
        ],
    ),
    item(
        50,
        "pages by characters and lines",
        &[
            part("area", "so many characters a line, so many lines a page"),
            part("grid", "body lines stand on the grid"),
            part("sizes", "sizes by their names, as official documents want them"),
        ],
    ),
    item(
        51,
        "headings take whole lines",
        &[
            part("grid", "the body goes on on the grid"),
            part("keep", "a heading is never last on its page"),
            part("center", "large headings are centered"),
            part("phrases", "long titles break by phrase, and balanced"),
        ],
    ),
    item(
        52,
        "run-in headings, new pages",
        &[
            part("recto", "chapters start on a new page or recto on request"),
            part("run-in", "a run-in heading is followed by an em and the text"),
            part("blank", "blank pages have no folio and no head"),
        ],
    ),
    item(
        53,
        "footnotes",
        &[
            part("foot", "at the foot of the page that has the mark"),
            part("small", "smaller, under a short rule"),
            part("long", "a long one goes on on the next page"),
            part("marks", "marks count by the page, in the style of the house"),
        ],
    ),
    item(
        54,
        "running heads and folios",
        &[
            part("folio", "a folio on every page"),
            part("head", "a running head on all pages but the first"),
            part("facing", "book title and chapter title on facing pages"),
        ],
    ),
    item(
        55,
        "numbering and lists",
        &[
            part("hang", "all texts of a list start at one place, a whole number of em"),
            part("counters", "Chinese counters with their own separators"),
            part("upright", "numbers stand upright").only(V),
        ],
    ),
    item(
        56,
        "verse, letters, official documents",
        &[
            part("verse", "lines of verse are never spread"),
            part("turned-over", "turn-overs are indented, the block is centered"),
            part("letter", "salutation, closing and signature have their places"),
            part("official", "official documents have their levels, fonts and folios"),
        ],
    ),
    item(
        57,
        "tables",
        &[
            part("cells", "cells obey the rules of lines"),
            part("header", "the header comes again on the next page"),
            part("decimal", "numbers align on the decimal point"),
            part("captions", "captions stand above tables and below figures"),
            part("caption-end", "captions have no mark at their end"),
        ],
    ),
    item(
        58,
        "the text survives",
        &[
            part("copy", "the text of the file is the text of the manuscript"),
            part("tagged", "with language, structure and outline"),
            part("missing", "missing characters are listed"),
            part("fallback", "faces that stand in are listed"),
        ],
    ),
    item(
        59,
        "EPUB carries the same choices",
        &[
            part("region", "language and break rules of the region"),
            part("indent", "indents by style, not by spaces"),
            part("marks", "readings, dots, spacing and hanging by style"),
            part("direction", "writing direction").only(V),
        ],
    ),
    item(
        60,
        "DOCX carries the same choices",
        &[
            part("properties", "break rules, gaps and indents as properties, not as spaces"),
            part("grid", "the grid of characters and lines; readings, dots and notes as such"),
            part("direction", "writing direction").only(V),
        ],
    ),
];
