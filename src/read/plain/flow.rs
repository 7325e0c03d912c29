//! The lines of plain text in, its parts out: paragraphs, quotations of a mail, tables, breaks.

use std::ops::Range;

use super::{columns, web};
use crate::{
    document::Block,
    read::{
        comments::{self, Comment},
        join::joint,
    },
    report::{Diagnostic, Report, Severity},
    source::{Source, Span},
    text::Text,
};

/// How deep quotations may stand in each other; a `>` further down is text.
const DEEPEST: usize = 8;

/// The narrowest line, in columns, that may have been wrapped by hand.
const WRAPPED: usize = 20;

/// Verse has shorter lines than this, in columns: where lines are longer, one that ends with a comma goes on.
const LONG: usize = 40;

/// A part of the text.
pub(super) enum Part {
    /// A paragraph.
    Paragraph(Line),
    /// What a mail quotes.
    Quote(Vec<Part>),
    /// A table.
    Table(Block),
    /// A line of strokes or stars.
    Break,
}

/// A paragraph with what its lines show.
#[derive(Default)]
pub(super) struct Line {
    /// The words.
    pub(super) text: Text,
    /// Whether a line of strokes stands right under it.
    pub(super) underlined: bool,
    /// Columns that its first line is indented by.
    pub(super) indent: usize,
}

/// What reading the lines needs.
pub(super) struct Flow<'a> {
    /// The manuscript.
    pub(super) source: &'a Source,
    /// Whether comments to the proofreader are markup.
    pub(super) markup: bool,
    /// Those that were found.
    pub(super) comments: Vec<Comment>,
    /// Findings.
    pub(super) report: &'a mut Report,
    said: bool,
}

impl<'a> Flow<'a> {
    /// Nothing is read yet.
    pub(super) fn new(source: &'a Source, markup: bool, report: &'a mut Report) -> Self {
        Self { source, markup, comments: Vec::new(), report, said: false }
    }

    /// The parts of the text from a place on.
    pub(super) fn read(&mut self, body: usize) -> Vec<Part> {
        let mut at = body;
        let mut lines = Vec::new();
        for line in self.source.text[body..].split_inclusive('\n') {
            lines.push(at..at + line.trim_end().len());
            at += line.len();
        }
        self.parts(&lines, 0)
    }

    fn line(&self, range: &Range<usize>) -> &'a str {
        &self.source.text[range.clone()]
    }

    /// The parts of some lines, without their line ends.
    fn parts(&mut self, lines: &[Range<usize>], depth: usize) -> Vec<Part> {
        let mut out = Vec::new();
        let mut group: Vec<Range<usize>> = Vec::new();
        let mut k = 0;
        while k < lines.len() {
            let range = &lines[k];
            let line = self.line(range);
            k += 1;
            if line.trim().is_empty() {
                self.close(&mut group, &mut out);
            } else if self.markup && comments::is_line(line) {
                self.close(&mut group, &mut out);
                self.comments.extend(comments::find(line, self.source.id, range.start, self.report));
            } else if depth < DEEPEST && quoted(line).is_some() {
                self.close(&mut group, &mut out);
                let inner: Vec<Range<usize>> = lines[k - 1..]
                    .iter()
                    .map_while(|range| quoted(self.line(range)).map(|cut| range.start + cut..range.end))
                    .collect();
                k += inner.len() - 1;
                self.quote(&inner, depth, &mut out);
            } else if strokes(line) {
                let under = group.len() == 1;
                self.close(&mut group, &mut out);
                match out.last_mut() {
                    Some(Part::Paragraph(line)) if under => line.underlined = true,
                    Some(Part::Break) | None => {}
                    _ => out.push(Part::Break),
                }
            } else {
                if !self.markup && !self.said && comments::is_line(line) {
                    comments::is_text(self.source.id, range.clone(), self.report);
                    self.said = true;
                }
                group.push(range.clone());
            }
        }
        self.close(&mut group, &mut out);
        while matches!(out.last(), Some(Part::Break)) {
            out.pop();
        }
        out
    }

    /// What a mail quotes, if there are words in it.
    fn quote(&mut self, lines: &[Range<usize>], depth: usize, out: &mut Vec<Part>) {
        let inner = self.parts(lines, depth + 1);
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        if inner.is_empty() {
            return;
        }
        if depth == 0 {
            let message = format!("{} lines that begin with `>` were taken as a quotation", lines.len());
            let span = Span::new(self.source.id, first.start..last.end);
            self.report.push(Diagnostic::new("guessed-quote", Severity::Note, span, message));
        }
        out.push(Part::Quote(inner));
    }

    /// Parts a group of lines without a blank one between into tables and paragraphs.
    fn close(&mut self, group: &mut Vec<Range<usize>>, out: &mut Vec<Part>) {
        let group = std::mem::take(group);
        let lines: Vec<&str> = group.iter().map(|range| self.line(range)).collect();
        let mut from = 0;
        for found in columns::find(&lines) {
            self.paragraphs(&group[from..found.lines.start], out);
            from = found.lines.end;
            let span = Span::new(self.source.id, group[found.lines.start].start..group[from - 1].end);
            let (rows, columns) = (found.lines.len(), found.cells[0].len());
            let message = format!("{rows} lines were taken as a table of {columns} columns");
            self.report.push(Diagnostic::new("guessed-table", Severity::Note, span, message));
            let starts: Vec<usize> = group[found.lines.clone()].iter().map(|range| range.start).collect();
            out.push(Part::Table(found.table(&lines, &starts, self.source.id)));
        }
        self.paragraphs(&group[from..], out);
    }

    /// Parts lines into paragraphs by indents and line ends, and joins those that were wrapped by hand.
    fn paragraphs(&mut self, group: &[Range<usize>], out: &mut Vec<Part>) {
        if group.is_empty() {
            return;
        }
        let lines: Vec<&str> = group.iter().map(|range| self.line(range)).collect();
        // One line alone is a paragraph, however wide it is.
        let widths: Vec<usize> =
            if lines.len() > 1 { lines.iter().map(|line| width(line)).collect() } else { Vec::new() };
        let widest = widths.iter().copied().max().unwrap_or(0);
        // Lines that were wrapped break sentences somewhere; where each full line ends one, they are paragraphs.
        let breaks = |k: usize| widths[k] + 4 >= widest && !ends_sentence(lines[k]);
        let wrapped = widest >= WRAPPED && (0..widths.len().saturating_sub(1)).any(breaks);
        let mut paragraph = Line::default();
        let mut joined = 0;
        // Whether the line before is in the middle of a sentence, whatever its width.
        let mut open = false;
        for (k, range) in group.iter().enumerate() {
            let line = lines[k];
            let mut goes_on = false;
            if k > 0 {
                let full = widths[k - 1] + 4 >= widest;
                let ended = ends_sentence(lines[k - 1]) && widths[k - 1] + 2 < widest;
                let before = lines[k - 1];
                let after_all = ends_sentence(before) || before.ends_with(['：', ':', '；', ';']) || !full;
                let listed = begins_item(line) && (after_all || begins_item(paragraph.text.as_str()));
                let apart = [before, line]
                    .into_iter()
                    .any(|l| set_out(l) || web::is_furniture(l) || web::is_fields(l));
                let begins = indent(line) >= 2 || listed || apart;
                goes_on = !begins && ((wrapped && full && !ended) || open);
            }
            if goes_on {
                join(self.source, &mut paragraph.text, range);
                joined += 1;
            } else {
                if k > 0 {
                    out.push(Part::Paragraph(std::mem::take(&mut paragraph)));
                }
                paragraph.text = Text::verbatim(line, self.source.id, range.start);
                paragraph.indent = indent(line);
            }
            // A line ends a sentence, or a name, a heading, a line of verse; not so after a comma, nor where the
            // line before went on, nor after an indent, as long as the line is not a short one.
            let inside = goes_on || (indent(line) >= 2 && indent(line) <= 4);
            let least = if goes_on { WRAPPED } else { widest / 2 };
            open = widest >= LONG
                && widths[k] >= least
                && !ends_sentence(line)
                && !line.ends_with(['：', ':'])
                && (inside || line.ends_with(['，', '、', '；', ',', ';']));
        }
        if joined > 0 {
            let message = format!("{joined} line ends inside a paragraph were taken away");
            super::note(
                self.report,
                "hard-wrap",
                &paragraph.text,
                message,
                "part paragraphs by a blank line",
            );
        }
        out.push(Part::Paragraph(paragraph));
    }
}

/// How many bytes of a quoted line are the mark of the quotation.
fn quoted(line: &str) -> Option<usize> {
    let body = line.trim_start_matches(' ');
    let indent = line.len() - body.len();
    let rest = body.strip_prefix('>').filter(|_| indent <= 3)?;
    Some(indent + 1 + usize::from(rest.starts_with(' ')))
}

/// Whether a line is only strokes or stars: `-----`, `＊　＊　＊`, and `--`, which parts a mail from its signature.
fn strokes(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let Some(first) = marks.next() else { return false };
    let same = line.chars().filter(|c| *c == first).count();
    matches!(
        first,
        '-' | '=' | '*' | '_' | '~' | '＊' | '—' | '─' | '━' | '＝' | '－' | '＿' | '※' | '◆' | '◇'
    ) && marks.all(|c| c == first)
        && (same >= 3 || line.trim() == "--")
}

/// Whether a line begins like an item of a list: `1.`, `（二）`, `三、`, `a)`, `•`.
pub(super) fn begins_item(line: &str) -> bool {
    let line = line.trim_start();
    let mut chars = line.chars();
    let Some(first) = chars.next() else { return false };
    if matches!(first, '•' | '●' | '○' | '◆' | '■' | '□' | '▲' | '◎' | '➢' | '★' | '☆')
    {
        return true;
    }
    if matches!(first, '-' | '*' | '·') {
        return chars.next() == Some(' ');
    }
    let (body, bracket) = match first {
        '(' | '（' => (chars.as_str(), true),
        _ => (line, false),
    };
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let han: usize =
        body.chars().take_while(|c| "〇零一二三四五六七八九十百".contains(*c)).map(char::len_utf8).sum();
    let letter = usize::from(body.starts_with(|c: char| c.is_ascii_alphabetic()));
    let number = match (digits, han, letter) {
        (1..=3, _, _) => digits,
        (0, 1.., _) => han,
        (0, 0, 1) => 1,
        _ => return false,
    };
    let mut after = body[number..].chars();
    match (after.next(), bracket) {
        (Some(')' | '）'), true) => true,
        (Some('、' | '．'), false) => letter == 0,
        (Some('.'), false) => han == 0 && after.next().is_some_and(|c| !c.is_ascii_digit()),
        (Some(')' | '）'), false) => true,
        _ => false,
    }
}

/// Whether a line has a wide gap inside, as verse in two halves has.
fn set_out(line: &str) -> bool {
    let line = line.trim();
    width(line) < LONG && (line.contains("   ") || line.contains('\u{3000}'))
}

/// Adds a line to a paragraph: nothing between Han, one space between Latin words.
fn join(source: &Source, paragraph: &mut Text, range: &Range<usize>) {
    let line = &source.text[range.clone()];
    let trimmed = line.trim_start();
    let start = range.end - trimmed.len();
    // Lines come in the order of the source, so the last piece ends last.
    let end = paragraph.pieces().last().map_or(start, |piece| piece.span.end as usize);
    paragraph.push(joint(paragraph.as_str(), trimmed), Span::new(source.id, end..start), false);
    paragraph.push(trimmed, Span::new(source.id, start..range.end), true);
}

/// Columns of white space before a line; a tab is as good as an indent of two em.
fn indent(line: &str) -> usize {
    let blanks = line.chars().take_while(|c| c.is_whitespace());
    blanks.map(|c| if c == '\t' { 4 } else { width(c.encode_utf8(&mut [0; 4])) }).sum()
}

/// Width in columns of a terminal: two for Han.
fn width(line: &str) -> usize {
    let plain = line.chars().try_fold(0, |sum, c| Some(sum + plain_width(c)?));
    plain.unwrap_or_else(|| unicode_width::UnicodeWidthStr::width(line))
}

/// The width of a character that is as wide alone as beside others of its kind; nearly every line has no others.
fn plain_width(c: char) -> Option<usize> {
    match c {
        ' '..='~' | '·' | '—' | '‘' | '’' | '“' | '”' | '…' => Some(1),
        '\u{3000}'..='\u{3020}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF60}' => Some(2),
        _ => None,
    }
}

/// Whether a line ends a sentence, closing marks aside.
pub(super) fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end_matches(['」', '』', '”', '’', '）', ')', '"', '\'']);
    line.ends_with(['。', '！', '？', '…', '.', '!', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_characters_are_as_wide_as_the_table_says() {
        let plain: String = ('\0'..=char::MAX).filter(|c| plain_width(*c).is_some()).collect();
        for c in plain.chars() {
            let mut buffer = [0; 4];
            let alone = unicode_width::UnicodeWidthStr::width(&*c.encode_utf8(&mut buffer));
            assert_eq!(plain_width(c), Some(alone), "{c}");
        }
        assert_eq!(width(&plain), unicode_width::UnicodeWidthStr::width(&*plain));
    }

    #[test]
    fn items_begin_with_a_number_or_a_bullet() {
        for line in ["1. 甲", "12、甲", "（二）甲", "(3) 甲", "三、甲", "a) 甲", "• 甲", "- 甲", "1.\t甲"]
        {
            assert!(begins_item(line), "{line}");
        }
        for line in
            ["1.5萬元", "2025年", "三人行", "一九九七年", "A股", "-5度", "甲、乙", "（見下）", "百年、千年"]
        {
            assert!(!begins_item(line), "{line}");
        }
    }

    #[test]
    fn strokes_and_stars_part_the_text() {
        for line in ["---", "=====", "* * *", "＊　＊　＊", "———————", "--", "－－－－－"]
        {
            assert!(strokes(line), "{line}");
        }
        for line in ["-", "——", "- 甲", "...", "1", "-=-", "**"] {
            assert!(!strokes(line), "{line}");
        }
    }
}
