//! Running text in, stretches of one look and one script out, as EPUB and DOCX want them.

use std::ops::Range;

use crate::{
    combine,
    font::{
        casting::{Set, invisible, shared},
        store::{Family, Style},
    },
    layout::ruby::is_zhuyin,
    template::{EmphasisStyle, PageStyle},
    text::{Mark, MarkKind, OBJECT, Text},
};

/// A stretch of text.
#[derive(Clone, Debug)]
pub(crate) struct Run<'a> {
    /// Byte range in the text.
    pub range: Range<usize>,
    /// What stands there.
    pub kind: Kind<'a>,
    /// How it is to look.
    pub look: Look,
    /// Target and title of the link that it belongs to, with the link's own range.
    pub link: Option<(&'a str, &'a str, Range<usize>)>,
    /// Whether the words of that link are made from what it leads to, and are the page.
    pub reference: Option<bool>,
    /// Names of the places that it belongs to, with their own ranges.
    pub anchors: Vec<(&'a str, Range<usize>)>,
    /// The readings beside it, the outer first.
    pub readings: Vec<Reading<'a>>,
    /// The language of its words where it is not Chinese, and where they start.
    pub language: Option<(&'a str, usize)>,
    /// Whether it is set as Chinese or as Western text.
    pub set: Set,
}

/// What stands in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind<'a> {
    /// Words.
    Words(&'a str),
    /// A hard line break.
    Break,
    /// The mark of a note.
    Note(usize),
    /// An inline picture.
    Image {
        /// Path as the manuscript names it.
        path: &'a str,
        /// Alternative text.
        alt: &'a str,
    },
}

/// How a run is to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    pub strong: bool,
    pub emphasis: bool,
    pub strike: bool,
    pub code: bool,
    /// A formula, which looks as code does, and whether it stands in lines of its own.
    pub math: Option<bool>,
    pub superscript: bool,
    pub subscript: bool,
    /// A straight line beside the text.
    pub name: Option<Line>,
    /// A wavy line beside the text.
    pub title: Option<Line>,
    /// Emphasis dots.
    pub dots: Option<Line>,
    /// Upright in one cell of a vertical line; the stretch that shares it starts here.
    pub combine: Option<usize>,
    /// Protected by the writer; the stretch starts here.
    pub keep: Option<usize>,
}

/// A line beside the text, or a row of dots: which it is, and whether it touches the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Where its mark starts.
    pub start: usize,
    /// Where its mark ends.
    pub end: usize,
    /// Whether another line ends there: the two must not look like one.
    pub beside: bool,
}

/// A reading beside a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading<'a> {
    /// The characters that are read.
    pub base: Range<usize>,
    /// How they are read.
    pub reading: &'a str,
    /// The mark's place among the marks of the text.
    pub index: usize,
}

/// The stretches of a string, such as a reading or a label, and the set of each. The tone marks of zhuyin are
/// Chinese like its letters.
pub(crate) fn by_set(string: &str) -> Vec<(&str, Set)> {
    if is_zhuyin(string) {
        return vec![(string, Set::Chinese)];
    }
    let mut out: Vec<(&str, Set)> = Vec::new();
    let mut start = 0;
    let sets = sets(string);
    for ((at, _), pair) in string.char_indices().skip(1).zip(sets.windows(2)) {
        if pair[0] != pair[1] {
            out.push((&string[start..at], pair[0]));
            start = at;
        }
    }
    out.extend(sets.last().map(|set| (&string[start..], *set)));
    out
}

/// What a paragraph is, as far as its faces are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// Running text, captions, notes, table cells: Song.
    Body,
    /// Cells of a table's head: Song, heavy.
    Head,
    /// Titles and headings: Hei, heavy.
    Heading,
    /// Quotations: Kai.
    Quote,
    /// Code: fixed width.
    Code,
}

impl Voice {
    /// The style of a look within this voice.
    pub(crate) fn style(self, look: Look, set: Set) -> Style {
        let (family, bold) = match self {
            Self::Body => (Family::Serif, false),
            Self::Head => (Family::Serif, true),
            Self::Heading => (Family::Sans, true),
            Self::Quote => (Family::Kai, false),
            Self::Code => (Family::Mono, false),
        };
        let bold = bold || look.strong;
        if look.code {
            return Style { family: Family::Mono, bold, italic: false };
        }
        let leans = look.emphasis && family != Family::Mono;
        match set {
            // A heavy Kai does not exist; emphasis inside headings keeps their Hei.
            Set::Chinese if leans && !bold => Style { family: Family::Kai, bold, italic: false },
            Set::Chinese => Style { family, bold, italic: false },
            Set::Western => Style { family, bold, italic: leans },
        }
    }
}

/// The runs of a text as a page style has them: what vertical lines combine, and how emphasis looks on Han.
pub(crate) fn styled_runs<'a>(text: &'a Text, page: &PageStyle) -> Vec<Run<'a>> {
    let mut runs = runs(text, page.combined_digits());
    if page.emphasis == EmphasisStyle::Dots {
        for run in &mut runs {
            // Western words stay italic: dots are for Han (checklist 29).
            if run.look.emphasis && run.set == Set::Chinese && !run.look.code {
                let emphasis = |m: &&Mark| m.kind == MarkKind::Emphasis && m.range.contains(&run.range.start);
                let range = text.marks().iter().find(emphasis).map_or(run.range.clone(), |m| m.range.clone());
                run.look.emphasis = false;
                run.look.dots =
                    run.look.dots.or(Some(Line { start: range.start, end: range.end, beside: false }));
            }
        }
    }
    runs
}

/// The runs of a text, in order; they tile it. Whole numbers of at most `digits` digits, and what the writer marked,
/// are combined in one cell.
pub(crate) fn runs(text: &Text, digits: u8) -> Vec<Run<'_>> {
    let string = text.as_str();
    let sets = sets(string);
    let mut cuts: Vec<usize> = text.marks().iter().flat_map(|m| [m.range.start, m.range.end]).collect();
    let upright = combine::stretches(text, digits);
    cuts.extend(upright.iter().flat_map(|r| [r.start, r.end]));
    cuts.extend([0, string.len()]);
    for ((at, c), pair) in string.char_indices().zip(sets.windows(2).map(|w| w[0] != w[1]).chain([false])) {
        if c == '\n' || c == OBJECT {
            cuts.extend([at, at + c.len_utf8()]);
        } else if pair {
            cuts.push(at + c.len_utf8());
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut index = 0;
    let mut out = Vec::with_capacity(cuts.len());
    for pair in cuts.windows(2) {
        let range = pair[0]..pair[1];
        let mut run = run(text, range.clone(), sets[index]);
        let shared = upright.partition_point(|r| r.end <= range.start);
        run.look.combine = upright.get(shared).filter(|r| r.start <= range.start).map(|r| r.start);
        out.push(run);
        index += string[range].chars().count();
    }
    out
}

fn run<'a>(text: &'a Text, range: Range<usize>, set: Set) -> Run<'a> {
    let part = &text.as_str()[range.clone()];
    let mut run = Run {
        range,
        kind: Kind::Words(part),
        look: Look::default(),
        link: None,
        reference: None,
        anchors: Vec::new(),
        readings: Vec::new(),
        language: None,
        set,
    };
    if part == "\n" {
        run.kind = Kind::Break;
    }
    let covers = |m: &crate::text::Mark| m.range.start <= run.range.start && run.range.end <= m.range.end;
    let lines = |m: &crate::text::Mark| matches!(m.kind, MarkKind::Name | MarkKind::Title);
    let line = |range: &Range<usize>| {
        let (start, end) = (range.start, range.end);
        let beside = start > 0 && text.marks().iter().any(|m| lines(m) && m.range.end == start);
        Some(Line { start, end, beside })
    };
    for (index, mark) in text.marks().iter().enumerate().filter(|(_, m)| covers(m)) {
        match &mark.kind {
            MarkKind::Strong => run.look.strong = true,
            MarkKind::Emphasis => run.look.emphasis = true,
            MarkKind::Strike => run.look.strike = true,
            MarkKind::Code => run.look.code = true,
            MarkKind::Math { display } => (run.look.code, run.look.math) = (true, Some(*display)),
            MarkKind::Link { url, title } => run.link = Some((url, title, mark.range.clone())),
            MarkKind::Reference { url, page } => {
                run.link = Some((url, "", mark.range.clone()));
                run.reference = Some(*page);
            }
            MarkKind::Anchor(name) => run.anchors.push((name, mark.range.clone())),
            MarkKind::Url => {
                if run.link.is_none() && (part.starts_with("http://") || part.starts_with("https://")) {
                    run.link = Some((&text.as_str()[mark.range.clone()], "", mark.range.clone()));
                }
            }
            MarkKind::Ruby(reading) => {
                run.readings.push(Reading { base: mark.range.clone(), reading, index });
            }
            MarkKind::Name => run.look.name = line(&mark.range),
            MarkKind::Title => run.look.title = line(&mark.range),
            MarkKind::Dots => run.look.dots = line(&mark.range),
            // Combined stretches are found for the whole text.
            MarkKind::Combine => {}
            // Indexed words look as others do.
            MarkKind::Index(_) => {}
            MarkKind::Protected => run.look.keep = Some(mark.range.start),
            MarkKind::Language(tag) => run.language = Some((tag, mark.range.start)),
            MarkKind::Image { path, alt } => run.kind = Kind::Image { path, alt },
            MarkKind::Note(index) => run.kind = Kind::Note(*index),
            MarkKind::Superscript => run.look.superscript = true,
            MarkKind::Subscript => run.look.subscript = true,
        }
    }
    run
}

/// For each character whether it is set as Chinese or Western text. Marks that both use take
/// the side on which both their neighbours stand, and Chinese where these differ.
fn sets(string: &str) -> Vec<Set> {
    let chars: Vec<char> = string.chars().collect();
    let own: Vec<Option<Set>> = chars.iter().map(|&c| own(c)).collect();
    let mut before = vec![None; chars.len()];
    let mut last = None;
    for i in 0..chars.len() {
        before[i] = last;
        last = if chars[i] == '\n' { None } else { own[i].or(last) };
    }
    let mut out = vec![Set::Chinese; chars.len()];
    let mut next = None;
    for i in (0..chars.len()).rev() {
        // A pair of dashes or of ellipses is a Chinese mark.
        let doubled = |j: Option<&char>| j == Some(&chars[i]) && matches!(chars[i], '\u{2014}' | '\u{2026}');
        let pair = doubled(chars.get(i + 1)) || i > 0 && doubled(chars.get(i - 1));
        out[i] = own[i].unwrap_or(match (before[i], next) {
            (Some(a), Some(b)) if a == b => a,
            (Some(a), None) | (None, Some(a)) => a,
            _ => Set::Chinese,
        });
        if pair && own[i].is_none() {
            out[i] = Set::Chinese;
        } else if chars[i] == ' ' {
            out[i] = Set::Western;
        }
        next = if chars[i] == '\n' { None } else { own[i].or(next) };
    }
    // What has no width of its own goes with what it follows.
    for i in 1..chars.len() {
        if invisible(chars[i]) || matches!(chars[i], '\u{0300}'..='\u{036F}') {
            out[i] = out[i - 1];
        }
    }
    out
}

/// The set of a character by itself; `None` for a space and for marks that both use.
fn own(c: char) -> Option<Set> {
    if c == ' ' || c == '\n' || c == OBJECT || shared(c) || invisible(c) {
        return None;
    }
    let chinese = matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{2100}'..='\u{2BFF}' | '\u{2E80}'..='\u{A4CF}' | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}' | '\u{E000}'..='\u{FAFF}' | '\u{FE10}'..='\u{FE1F}' | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{1AFF0}'..='\u{1B16F}' | '\u{1F000}'..='\u{1FAFF}' | '\u{20000}'..='\u{3FFFF}');
    Some(if chinese { Set::Chinese } else { Set::Western })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn marks_follow_their_neighbours() {
        // C: set as Chinese, w: as Western.
        for (string, expected) in [
            ("他說“hi”。", "CCCwwCC"),
            ("don’t", "wwwww"),
            ("在2001–2003年", "CwwwwwwwwwC"),
            ("「ABC」——DEF", "CwwwCCCwww"),
            ("a “b” c", "wwwwwww"),
            ("阿·甲", "CCC"),
            ("A——B", "wCCw"),
        ] {
            let got: String =
                sets(string).iter().map(|s| if *s == Set::Chinese { 'C' } else { 'w' }).collect();
            assert_eq!(got, expected, "{string}");
        }
    }

    #[test]
    fn readings_in_their_sets() {
        for (reading, expected) in [
            ("ㄏㄢˋ", vec![("ㄏㄢˋ", Set::Chinese)]),
            ("hàn", vec![("hàn", Set::Western)]),
            ("Tokyo 塔", vec![("Tokyo ", Set::Western), ("塔", Set::Chinese)]),
            ("", vec![]),
        ] {
            assert_eq!(by_set(reading), expected, "{reading}");
        }
    }

    #[test]
    fn numbers_are_combined_in_vertical_lines_only() {
        let text = Text::verbatim("5月12日", SourceId(0), 0);
        let combined = |digits| runs(&text, digits).iter().filter(|r| r.look.combine.is_some()).count();
        assert_eq!((combined(0), combined(2)), (0, 2));
    }

    #[test]
    fn runs_tile_the_text() {
        let mut text = Text::verbatim("甲**b乙\n丙c", SourceId(0), 0);
        text.mark(3..9, MarkKind::Strong);
        let runs = runs(&text, 0);
        let joined: String = runs.iter().map(|r| &text.as_str()[r.range.clone()]).collect();
        assert_eq!(joined, text.as_str());
        assert!(runs.iter().filter(|r| r.look.strong).all(|r| r.range.start >= 3 && r.range.end <= 9));
    }
}
