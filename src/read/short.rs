//! Short forms in running text: `{漢字|ㄏㄢˋ|ㄗˋ}` for readings, `[賈寶玉]{.name}` for what Pandoc calls a span.
//! A text in, the same text with marks instead of the signs out. What is not understood stays as it is written.

use std::ops::Range;

use memchr::memchr;

use crate::{
    read::foreign,
    report::{Diagnostic, Report, Severity},
    source::Span,
    text::{MarkKind, OBJECT, Text},
};

/// The classes of a span, and the mark that each puts.
const CLASSES: &[(&str, MarkKind)] = &[
    ("name", MarkKind::Name),
    ("title", MarkKind::Title),
    ("dots", MarkKind::Dots),
    ("combine", MarkKind::Combine),
    ("keep", MarkKind::Protected),
    ("index", INDEXED),
];

/// The mark of words that an index lists as they are.
const INDEXED: MarkKind = MarkKind::Index(String::new());

/// What the names of places begin with to which pandoc-crossref refers.
const KINDS: [&str; 7] = ["fig", "tbl", "tab", "sec", "eq", "eqn", "lst"];

/// The attributes of a span; what stands in quotation marks is one word.
fn attributes(string: &str) -> Vec<&str> {
    let mut quoted = false;
    string
        .split(|c: char| {
            quoted ^= c == '"';
            c.is_whitespace() && !quoted
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// The mark of an attribute `lang=…`: a language that is Chinese needs none.
fn language(word: &str) -> Option<Option<MarkKind>> {
    let tag = word.strip_prefix("lang=")?.trim_matches('"');
    foreign::is_tag(tag).then(|| foreign::is_foreign(tag).then(|| MarkKind::Language(tag.to_owned())))
}

/// How the text is written: which signs protect others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing<'a> {
    /// A parser has taken the backslashes away; these offsets are of characters that stood behind one.
    Parsed(&'a [usize]),
    /// As it was typed: a backslash protects the sign behind it, and `^12^` is tate-chu-yoko.
    Typed,
}

/// A brace that waits for its end.
struct Brace {
    at: usize,
    bars: Vec<usize>,
    /// Whether a reading holds readings of its own, which no reading can.
    spoiled: bool,
}

/// Longest form in braces, bytes: what is longer is something else.
const LONGEST: usize = 1000;

/// One text in the making. Offsets are those of the text as it came.
struct Scan<'t> {
    text: &'t Text,
    /// Bytes that are signs and no words.
    gone: Vec<bool>,
    marks: Vec<(Range<usize>, MarkKind)>,
    /// What stands in the place of stretches: the objects of references, and what parts them.
    made: Vec<(Range<usize>, String)>,
    findings: Vec<(Span, String)>,
}

/// Reads the short forms of a text and reports what was not understood.
pub(super) fn report(text: &mut Text, writing: Writing, report: &mut Report) {
    for (span, message) in read(text, writing) {
        report.push(Diagnostic::new("unread-markup", Severity::Warning, span, message));
    }
}

/// Puts the marks of all short forms of a text and takes their signs away. Gives what was not understood.
fn read(text: &mut Text, writing: Writing) -> Vec<(Span, String)> {
    let string = text.as_str();
    let signs: &[u8] = if writing == Writing::Typed { b"{^\\" } else { b"{" };
    if !signs.iter().any(|sign| memchr(*sign, string.as_bytes()).is_some()) && !string.contains("[@") {
        return Vec::new();
    }
    let gone = vec![false; string.len()];
    let mut scan = Scan { text, gone, marks: Vec::new(), made: Vec::new(), findings: Vec::new() };
    let signs = scan.signs(writing);
    scan.run(&signs);
    let Scan { gone, marks, made, findings, .. } = scan;
    for (range, kind) in marks {
        // What is resolved later stands around what was resolved before.
        text.mark_around(range, kind);
    }
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, _) in gone.iter().enumerate().filter(|(_, gone)| **gone) {
        match ranges.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            _ => ranges.push(at..at + 1),
        }
    }
    let mut edits: Vec<(Range<usize>, String)> =
        ranges.into_iter().map(|range| (range, String::new())).chain(made).collect();
    edits.sort_by_key(|(range, _)| range.start);
    text.rewrite(edits);
    findings
}

/// The characters of a base that can each have a reading: no spaces, no Chinese marks; a variation selector or
/// a combining mark belongs to what stands before it.
pub(super) fn units(string: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for (at, c) in string[range.clone()].char_indices() {
        let (from, to) = (range.start + at, range.start + at + c.len_utf8());
        let bound =
            matches!(c, '\u{0300}'..='\u{036F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
        match out.last_mut() {
            Some(last) if bound && last.end == from => last.end = to,
            _ if c.is_whitespace() || !(c.is_alphanumeric() || is_wide(c)) || is_mark(c) => {}
            _ => out.push(from..to),
        }
    }
    out
}

/// The marks of one group of readings over its base; `None` where they do not fit.
pub(super) fn readings(
    string: &str,
    base: Range<usize>,
    units: &[Range<usize>],
    readings: &[String],
) -> Option<Vec<(Range<usize>, MarkKind)>> {
    if base.is_empty() || readings.iter().all(String::is_empty) {
        return None;
    }
    if readings.iter().any(|r| r.contains(['\n', crate::text::OBJECT])) || string[base.clone()].contains('\n')
    {
        return None;
    }
    let pairs: Vec<(Range<usize>, &String)> = match readings {
        [one] => vec![(base, one)],
        many if many.len() == units.len() => units.iter().cloned().zip(many).collect(),
        _ => return None,
    };
    let told = pairs.into_iter().filter(|(_, reading)| !reading.is_empty());
    Some(told.map(|(range, reading)| (range, MarkKind::Ruby(reading.clone()))).collect())
}

fn is_wide(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(2)
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}'
        | '\u{FF3B}'..='\u{FF3D}' | '\u{FF5B}'..='\u{FF5E}')
}

impl Scan<'_> {
    /// The signs of the text that mean something: not protected, not in code or in an address.
    fn signs(&mut self, writing: Writing) -> Vec<(usize, char)> {
        let string = self.text.as_str();
        let mut out = Vec::new();
        let mut protected = usize::MAX;
        let mut locked: Vec<Range<usize>> =
            (self.text.marks().iter()).filter(|m| m.kind.locked()).map(|m| m.range.clone()).collect();
        locked.sort_by_key(|r| r.end);
        let mut pieces = self.text.piece_ranges().peekable();
        for (at, c) in
            string.char_indices().filter(|(_, c)| matches!(c, '{' | '|' | '}' | '[' | ']' | '\\' | '^'))
        {
            while pieces.next_if(|(range, _)| range.end <= at).is_some() {}
            let Some((_, piece)) = pieces.peek() else { break };
            // A bar in a table is written `\|`.
            let own = piece.verbatim || c == '|' && piece.span.range().len() == 2;
            let next = locked.partition_point(|l| l.end <= at);
            if !own || at == protected || locked.get(next).is_some_and(|l| l.start <= at) {
                continue;
            }
            match writing {
                Writing::Parsed(offsets) if offsets.binary_search(&at).is_ok() || matches!(c, '\\' | '^') => {
                }
                Writing::Typed if c == '\\' => {
                    if string[at + 1..].starts_with(['{', '|', '}', '[', ']', '\\', '^']) {
                        protected = at + 1;
                        self.gone[at] = true;
                    }
                }
                _ => out.push((at, c)),
            }
        }
        out
    }

    fn run(&mut self, signs: &[(usize, char)]) {
        let mut braces: Vec<Brace> = Vec::new();
        let mut brackets: Vec<usize> = Vec::new();
        let mut caret: Option<usize> = None;
        let mut free = 0;
        for &(at, c) in signs {
            if at < free {
                continue;
            }
            match c {
                '{' => braces.push(Brace { at, bars: Vec::new(), spoiled: false }),
                '|' => braces.iter_mut().rev().take(1).for_each(|b| b.bars.push(at)),
                '}' => {
                    if let Some(brace) = braces.pop() {
                        brackets.truncate(brackets.partition_point(|&b| b < brace.at));
                        let holds = self.ruby(&brace, at) || brace.spoiled;
                        if let Some(outer) = braces.last_mut() {
                            outer.spoiled |= holds && !outer.bars.is_empty();
                        }
                    }
                }
                '[' => brackets.push(at),
                ']' => {
                    let Some(open) = brackets.pop() else { continue };
                    let next = signs.partition_point(|s| s.0 <= at);
                    let braced = signs.get(next).is_some_and(|&(next, c)| next == at + 1 && c == '{');
                    if let Some(end) = braced.then(|| self.span(open, at)).flatten() {
                        braces.truncate(braces.partition_point(|b| b.at < open));
                        free = end;
                    } else if !braced {
                        self.refers(open, at);
                    }
                }
                '^' => caret = self.caret(caret, at),
                _ => {}
            }
        }
    }

    /// What is left of a range when signs are taken out.
    fn left(&self, range: Range<usize>) -> String {
        let string = &self.text.as_str()[range.clone()];
        let kept = string.char_indices().filter(|(at, _)| !self.gone[range.start + at]);
        kept.map(|(_, c)| c).collect::<String>().trim().to_owned()
    }

    /// `{base|reading|…}`; gives whether it is one.
    fn ruby(&mut self, brace: &Brace, close: usize) -> bool {
        let Some(&bar) = brace.bars.first() else { return false };
        let string = self.text.as_str();
        // `{x | x > 0}` is mathematics.
        if close - brace.at > LONGEST || !string[brace.at..close].chars().any(is_wide) {
            return false;
        }
        let ends = brace.bars[1..].iter().copied().chain([close]);
        let told: Vec<String> =
            brace.bars.iter().zip(ends).map(|(from, to)| self.left(from + 1..to)).collect();
        // Signs at the edges of the base, of forms within, are no part of it.
        let (mut from, mut to) = (brace.at + 1, bar);
        while from < to && self.gone[from] {
            from += 1;
        }
        while to > from && self.gone[to - 1] {
            to -= 1;
        }
        let mut units = units(string, from..to);
        units.retain(|u| !self.gone[u.start]);
        match readings(string, from..to, &units, &told).filter(|_| !brace.spoiled) {
            Some(marks) => {
                self.marks.extend(marks);
                self.gone[brace.at] = true;
                self.gone[bar..=close].fill(true);
                true
            }
            None => {
                let message = match told.as_slice() {
                    _ if brace.spoiled => "a reading inside a reading; it stays as it is written".to_owned(),
                    [one] if one.is_empty() => "a reading is empty; it stays as it is written".to_owned(),
                    _ => format!(
                        "{} readings for {} characters; they stay as written",
                        told.len(),
                        units.len()
                    ),
                };
                self.findings.push((self.text.span(brace.at..close + 1), message));
                false
            }
        }
    }

    /// `[words]{.class …}`; gives where the attributes end.
    fn span(&mut self, open: usize, close: usize) -> Option<usize> {
        let string = self.text.as_str();
        let rest = &string[close + 2..];
        let length = rest.find(['}', '{', '\n']).filter(|&n| rest[n..].starts_with('}'))?;
        let words = attributes(&rest[..length]);
        let attribute = |w: &&str| w.len() > 1 && (w.starts_with(['.', '#']) || w.contains('='));
        if words.is_empty() || !words.iter().all(attribute) || self.left(open + 1..close).is_empty() {
            return None;
        }
        let end = close + 2 + length + 1;
        for word in words {
            if let Some(name) = word.strip_prefix('#') {
                self.marks.push((open + 1..close, MarkKind::Anchor(name.to_owned())));
                continue;
            }
            if let Some(entry) = word.strip_prefix("entry=") {
                let entry = entry.trim_matches('"').trim().to_owned();
                // `.index` beside it says nothing more.
                self.marks.retain(|(range, kind)| *range != (open + 1..close) || *kind != INDEXED);
                self.marks.push((open + 1..close, MarkKind::Index(entry)));
                continue;
            }
            let indexed = |kind: &MarkKind| matches!(kind, MarkKind::Index(_));
            if word == ".index"
                && self.marks.iter().any(|(range, k)| *range == (open + 1..close) && indexed(k))
            {
                continue;
            }
            let class = CLASSES.iter().find(|(class, _)| word.strip_prefix('.') == Some(class));
            match class.map(|(_, kind)| Some(kind.clone())).or_else(|| language(word)) {
                Some(kind) => self.marks.extend(kind.map(|kind| (open + 1..close, kind))),
                None => {
                    let message = format!("`{word}` is not understood; the words are kept");
                    self.findings.push((self.text.span(close + 1..end), message));
                }
            }
        }
        self.gone[open] = true;
        self.gone[close..end].fill(true);
        Some(end)
    }

    /// `[@fig:1]`, `[@fig:1; @tbl:2]`: references as pandoc-crossref has them, to figures, tables and the like.
    fn refers(&mut self, open: usize, close: usize) {
        let string = &self.text.as_str()[open + 1..close];
        let mut at = open + 1;
        let mut names = Vec::new();
        for part in string.split(';') {
            let name = part.trim().strip_prefix('@').unwrap_or_default();
            let (kind, rest) = name.split_once(':').unwrap_or_default();
            if !KINDS.contains(&kind) || rest.is_empty() || name.contains([' ', '[', '{', '@', '\n']) {
                return;
            }
            names.push((at..at + part.len(), ["#", name].concat()));
            at += part.len() + 1;
        }
        (self.gone[open], self.gone[close]) = (true, true);
        let last = names.len() - 1;
        for (number, (range, url)) in names.into_iter().enumerate() {
            if number < last {
                self.made.push((range.end..range.end + 1, "、".to_owned()));
            }
            self.made.push((range.clone(), OBJECT.to_string()));
            self.marks.push((range, MarkKind::Reference { url, page: false }));
        }
    }

    /// `^12^` as it was typed: gives the caret that waits for its partner.
    fn caret(&mut self, open: Option<usize>, at: usize) -> Option<usize> {
        let string = self.text.as_str();
        let Some(open) = open else { return Some(at) };
        let (before, after) = (string[..open].chars().next_back(), string[at + 1..].chars().next());
        if !combines(&string[open + 1..at], before, after) {
            return Some(at);
        }
        self.marks.push((open + 1..at, MarkKind::Combine));
        self.gone[open] = true;
        self.gone[at] = true;
        None
    }
}

/// Whether `^…^` between two characters is tate-chu-yoko and no superscript: a short number or marks, after Han or
/// a Chinese mark, or at the head of a line before Han.
pub(super) fn combines(inner: &str, before: Option<char>, after: Option<char>) -> bool {
    let short = (1..=4).contains(&inner.len());
    let plain = inner.bytes().all(|b| b.is_ascii_digit()) || inner.bytes().all(|b| matches!(b, b'!' | b'?'));
    let head = before.is_none_or(|c| c == '\n') && after.is_some_and(is_wide);
    short && plain && (before.is_some_and(is_wide) || head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    /// The text without signs, its marks as `kind:words`, and how much was not understood.
    fn check(writing: Writing, cases: &[(&str, &str, &[&str], usize)]) {
        for (string, plain, marks, findings) in cases {
            let mut text = Text::verbatim(*string, SourceId(0), 0);
            let found = read(&mut text, writing);
            assert_eq!(text.as_str(), *plain, "{string}");
            let got: Vec<String> = (text.marks().iter())
                .map(|m| format!("{:?}:{}", m.kind, &text.as_str()[m.range.clone()]))
                .collect();
            assert_eq!(got, *marks, "{string}");
            assert_eq!(found.len(), *findings, "{string}: {found:?}");
        }
    }

    #[test]
    fn short_forms() {
        check(
            Writing::Parsed(&[]),
            &[
                ("學{漢字|ㄏㄢˋ|ㄗˋ}。", "學漢字。", &["Ruby(\"ㄏㄢˋ\"):漢", "Ruby(\"ㄗˋ\"):字"], 0),
                ("{北京|Běijīng}", "北京", &["Ruby(\"Běijīng\"):北京"], 0),
                ("{東京塔| Tokyo Tower }", "東京塔", &["Ruby(\"Tokyo Tower\"):東京塔"], 0),
                ("{甲、乙|a|b}", "甲、乙", &["Ruby(\"a\"):甲", "Ruby(\"b\"):乙"], 0),
                ("{甲乙丙|a||c}", "甲乙丙", &["Ruby(\"a\"):甲", "Ruby(\"c\"):丙"], 0),
                ("{{漢|ㄏㄢˋ}|hàn}", "漢", &["Ruby(\"hàn\"):漢", "Ruby(\"ㄏㄢˋ\"):漢"], 0),
                ("{甲乙丙|a|b}", "{甲乙丙|a|b}", &[], 1),
                ("{甲|}", "{甲|}", &[], 1),
                ("{甲|{乙|丙}}", "{甲|乙}", &["Ruby(\"丙\"):乙"], 1),
                ("{x | x > 0}", "{x | x > 0}", &[], 0),
                ("{甲}[乙](丙)|", "{甲}[乙](丙)|", &[], 0),
                ("[賈寶玉]{.name}[林黛玉]{.name}", "賈寶玉林黛玉", &["Name:賈寶玉", "Name:林黛玉"], 0),
                (
                    "[{紅|ㄏㄨㄥˊ}樓]{.title .dots}",
                    "紅樓",
                    &["Dots:紅樓", "Title:紅樓", "Ruby(\"ㄏㄨㄥˊ\"):紅"],
                    0,
                ),
                ("{[甲]{.name}乙|a|b}", "甲乙", &["Ruby(\"a\"):甲", "Name:甲", "Ruby(\"b\"):乙"], 0),
                ("[甲]{.index}[乙]{.index entry=丙}", "甲乙", &["Index(\"\"):甲", "Index(\"丙\"):乙"], 0),
                ("[甲]{.name entry=\"丙 丁\" .index}", "甲", &["Index(\"丙 丁\"):甲", "Name:甲"], 0),
                ("見[@fig:1]。", "見\u{FFFC}。", &["Reference { url: \"#fig:1\", page: false }:\u{FFFC}"], 0),
                (
                    "[@fig:a; @tbl:二]",
                    "\u{FFFC}、\u{FFFC}",
                    &[
                        "Reference { url: \"#fig:a\", page: false }:\u{FFFC}",
                        "Reference { url: \"#tbl:二\", page: false }:\u{FFFC}",
                    ],
                    0,
                ),
                ("[@smith2004][@fig:][@fig:1 甲]", "[@smith2004][@fig:][@fig:1 甲]", &[], 0),
                ("[甲]{.other}", "甲", &[], 1),
                ("[甲]{other}[]{.name}", "[甲]{other}[]{.name}", &[], 0),
                ("[甲{乙]{.name}|丙}", "甲{乙|丙}", &["Name:甲{乙"], 0),
            ],
        );
    }

    #[test]
    fn as_typed() {
        check(
            Writing::Typed,
            &[
                (r"\{甲|乙\}與C:\\", r"{甲|乙}與C:\", &[], 0),
                ("在^12^月", "在12月", &["Combine:12"], 0),
                ("x^2^與10^6^", "x^2^與10^6^", &[], 0),
                (r"路徑C:\甲", r"路徑C:\甲", &[], 0),
            ],
        );
    }

    #[test]
    fn protected_signs_stay() {
        check(Writing::Parsed(&[0]), &[("{甲|乙}", "{甲|乙}", &[], 0)]);
    }

    #[test]
    fn a_base_keeps_its_place() {
        let mut text = Text::verbatim("{漢字|hànzì}好", SourceId(0), 10);
        read(&mut text, Writing::Typed);
        assert_eq!(text.span(0..6), Span::new(SourceId(0), 11..17));
        assert!(text.pieces().iter().all(|p| p.verbatim));
    }
}
