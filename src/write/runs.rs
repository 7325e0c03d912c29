//! Running text in, stretches of one look and one script out, as EPUB and DOCX want them.

use std::ops::Range;

use crate::{
    font::{
        casting::{Set, invisible, shared},
        store::{Family, Style},
    },
    text::{MarkKind, OBJECT, Text},
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
    pub superscript: bool,
    pub subscript: bool,
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

/// The runs of a text, in order; they tile it.
pub(crate) fn runs(text: &Text) -> Vec<Run<'_>> {
    let string = text.as_str();
    let sets = sets(string);
    let mut cuts: Vec<usize> = text.marks().iter().flat_map(|m| [m.range.start, m.range.end]).collect();
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
        out.push(run(text, range.clone(), sets[index]));
        index += string[range].chars().count();
    }
    out
}

fn run<'a>(text: &'a Text, range: Range<usize>, set: Set) -> Run<'a> {
    let part = &text.as_str()[range.clone()];
    let mut run = Run { range, kind: Kind::Words(part), look: Look::default(), link: None, set };
    if part == "\n" {
        run.kind = Kind::Break;
    }
    let covers = |m: &&crate::text::Mark| m.range.start <= run.range.start && run.range.end <= m.range.end;
    for mark in text.marks().iter().filter(covers) {
        match &mark.kind {
            MarkKind::Strong => run.look.strong = true,
            MarkKind::Emphasis => run.look.emphasis = true,
            MarkKind::Strike => run.look.strike = true,
            MarkKind::Code | MarkKind::Math => run.look.code = true,
            MarkKind::Link { url, title } => run.link = Some((url, title, mark.range.clone())),
            MarkKind::Url => {
                if run.link.is_none() && (part.starts_with("http://") || part.starts_with("https://")) {
                    run.link = Some((&text.as_str()[mark.range.clone()], "", mark.range.clone()));
                }
            }
            // Readings and side lines: see the writers.
            MarkKind::Protected
            | MarkKind::Ruby(_)
            | MarkKind::Name
            | MarkKind::Title
            | MarkKind::Dots
            | MarkKind::Combine => {}
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
    fn runs_tile_the_text() {
        let mut text = Text::verbatim("甲**b乙\n丙c", SourceId(0), 0);
        text.mark(3..9, MarkKind::Strong);
        let runs = runs(&text);
        let joined: String = runs.iter().map(|r| &text.as_str()[r.range.clone()]).collect();
        assert_eq!(joined, text.as_str());
        assert!(runs.iter().filter(|r| r.look.strong).all(|r| r.range.start >= 3 && r.range.end <= 9));
    }
}
