//! Running text to one line of Markdown: marks to signs, and signs that are words behind a backslash.

use std::{collections::BTreeSet, ops::Range};

use crate::text::{Mark, MarkKind, OBJECT, Text};

/// Where the text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// At the start of a line, where a sign may start a block.
    Line,
    /// In a heading: one line.
    Heading,
    /// In a cell of a table: one line without bars.
    Cell,
    /// Behind the bar of a line of verse.
    Verse,
    /// In the front matter, which knows the short forms only.
    Typed,
}

/// A text in one line; hard breaks are a backslash at the end of a line, or `<br>` where there is one line only.
pub(super) fn inline(text: &Text, spot: Spot, endnotes: &BTreeSet<usize>) -> String {
    let string = text.as_str();
    let mut marks: Vec<&Mark> = text.marks().iter().collect();
    // The outer first. Code and objects hold nothing, readings hold readings only: of two the later is the inner one.
    let holds = |kind: &MarkKind| matches!(kind, MarkKind::Protected | MarkKind::Language(_));
    let rank = |mark: &Mark| {
        (u8::from(matches!(mark.kind, MarkKind::Ruby(_))), mark.kind.locked() && !holds(&mark.kind))
    };
    marks.sort_by_key(|mark| (mark.range.start, std::cmp::Reverse(mark.range.end), rank(mark)));
    let mut out = String::new();
    let marks_formula = marks.iter().any(|mark| matches!(mark.kind, MarkKind::Math { .. }));
    Writer { string, spot, marks_formula, endnotes }.range(0..string.len(), &marks, &mut out);
    let formula =
        |mark: &Mark| mark.range == (0..string.len()) && mark.kind == MarkKind::Math { display: true };
    match spot {
        Spot::Line if text.marks().iter().any(formula) => out,
        Spot::Line => shield(out),
        Spot::Heading if out.trim_end().ends_with('#') => {
            let at = out.trim_end().len() - 1;
            out.insert(at, '\\');
            out
        }
        Spot::Heading | Spot::Cell | Spot::Verse | Spot::Typed => out,
    }
}

/// The mark of a note, by which its text is found: notes that stand at the end beside others say so.
pub(super) fn note_mark(index: usize, endnotes: &BTreeSet<usize>) -> String {
    let kind = if endnotes.contains(&index) { "end:" } else { "" };
    format!("[^{kind}{}]", index + 1)
}

/// The lines of a text, parted at its hard breaks.
pub(super) fn lines(text: &Text) -> Vec<Text> {
    let mut at = 0;
    (text.as_str().split('\n'))
        .map(|line| {
            let range = at..at + line.len();
            at = range.end + 1;
            text.slice(range)
        })
        .collect()
}

/// Words of a picture, its alternative text or its title, in one line and without marks.
pub(super) fn words(string: &str) -> String {
    escape(&string.replace('\n', " "), Spot::Heading)
}

/// The target of a link or picture.
pub(super) fn target(url: &str) -> String {
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '<' | '>' | '\\');
    if url.is_empty() || url.contains(odd) {
        let inner: String = url.chars().filter(|c| *c != '\n').collect();
        return format!("<{}>", inner.replace('\\', "\\\\").replace('<', "\\<").replace('>', "\\>"));
    }
    url.to_owned()
}

/// Puts a backslash before what would start a block.
fn shield(line: String) -> String {
    let mut out = String::new();
    for (number, line) in line.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &line[digits..];
        if digits > 0 && digits < 10 && rest.starts_with(['.', ')']) {
            out += &line[..digits];
            out.push('\\');
            out += rest;
            continue;
        }
        // A tilde of the text has its backslash already; only a fence made of two marks needs one.
        let starts = line.starts_with(['#', '>', '+', '-', '=', '|', ':'])
            || line.starts_with("~~~")
            || line.starts_with("Table:")
            || line.starts_with("    ")
            || line.starts_with('\t');
        if starts && line.starts_with("Table:") {
            out += "Table\\:";
            out += &line["Table:".len()..];
        } else if starts && line.starts_with([' ', '\t']) {
            out += "&#32;";
            out += line;
        } else if starts {
            out.push('\\');
            out += line;
        } else {
            out += line;
        }
    }
    out
}

/// Whether a line, inside a paragraph, begins something else.
fn ends_paragraph(line: &str) -> bool {
    let rest = line.trim_start_matches(' ');
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let marks = rest.trim_end();
    marks.is_empty()
        || rest.starts_with(['#', '>', '|', ':', '<', '\t'])
        || rest.starts_with("~~~")
        || rest.starts_with("```")
        || ["- ", "+ ", "* ", "-\t", "+\t", "*\t"].iter().any(|label| rest.starts_with(label))
        || ['-', '=', '*', '_', '+'].iter().any(|sign| marks.chars().all(|c| c == *sign))
        || digits.len() < rest.len() && digits.starts_with(['.', ')'])
}

/// Puts a backslash before every sign that Markdown or the short forms would take for one.
fn escape(string: &str, spot: Spot) -> String {
    let mut out = String::with_capacity(string.len());
    for (at, c) in string.char_indices() {
        let next = string[at + c.len_utf8()..].chars().next();
        let sign = match c {
            '\\' => next.is_none_or(|c| c.is_ascii_punctuation() || c == '\n'),
            '$' => next.is_some_and(|c| !c.is_whitespace()),
            '`' | '*' | '_' | '[' | ']' | '{' | '}' | '~' | '^' => true,
            '<' => next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
            '&' => next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '#'),
            '!' => next == Some('['),
            '|' => spot == Spot::Cell,
            _ => false,
        };
        // The front matter is not Markdown: it knows the short forms only.
        let sign = if spot == Spot::Typed { matches!(c, '{' | '}' | '[' | '^' | '\\') } else { sign };
        match c {
            '\n' => match spot {
                Spot::Line => out += "\\\n",
                Spot::Heading | Spot::Cell => out += "<br>",
                Spot::Verse | Spot::Typed => out.push('\n'),
            },
            c => {
                if sign {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
    out
}

/// The end of a span that an index lists, under the words that are given for it.
fn indexed(entry: &str) -> String {
    let words = entry.replace(['"', '{', '}', '\n'], "");
    if words.is_empty() { "]{.index}".to_owned() } else { format!("]{{.index entry=\"{words}\"}}") }
}

struct Writer<'a> {
    string: &'a str,
    spot: Spot,
    /// Whether there is a formula in the text.
    marks_formula: bool,
    endnotes: &'a BTreeSet<usize>,
}

impl Writer<'_> {
    /// Words with a backslash before every sign. A dollar that is the only one of its text is money.
    fn escape(&self, words: &str) -> String {
        let out = escape(words, self.spot);
        let formula = self.marks_formula;
        if !formula && self.string.matches('$').count() == 1 { out.replace("\\$", "$") } else { out }
    }

    /// Writes a range with the marks inside it, of which the outer ones come first.
    fn range(&self, range: Range<usize>, marks: &[&Mark], out: &mut String) {
        let mut at = range.start;
        let mut rest = marks;
        while let Some((mark, others)) = rest.split_first() {
            let inside = mark.range.start.max(at)..mark.range.end.min(range.end);
            if inside.is_empty() {
                rest = others;
                continue;
            }
            *out += &self.escape(&self.string[at..inside.start]);
            let (within, after): (Vec<&Mark>, Vec<&Mark>) =
                others.iter().partition(|other| other.range.start < inside.end);
            self.mark(mark, inside.clone(), &within, out);
            at = inside.end;
            // A mark that goes on behind this one is written in two parts.
            let mut going_on: Vec<&Mark> =
                within.into_iter().filter(|other| other.range.end > inside.end).collect();
            going_on.extend(after);
            self.range(at..range.end, &going_on, out);
            return;
        }
        *out += &self.escape(&self.string[at..range.end]);
    }

    /// A formula between dollars; one that dollars alone would not show has backticks besides.
    fn formula(&self, words: &str, display: bool, range: Range<usize>) -> String {
        let words = if self.spot == Spot::Cell { words.replace('|', "\\|") } else { words.to_owned() };
        if display && self.spot == Spot::Line && !words.contains('$') {
            // A line that would begin a block ends the formula.
            let lines = range == (0..self.string.len()) && !words.lines().any(ends_paragraph);
            return match lines {
                true => format!("$$\n{words}\n$$"),
                false => format!("$${}$$", words.replace('\n', " ")),
            };
        }
        let words = words.replace('\n', " ");
        let (before, after) =
            (self.string[..range.start].chars().next_back(), self.string[range.end..].chars().next());
        let beside = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '$');
        let wide = |c: char| unicode_width::UnicodeWidthChar::width(c) == Some(2);
        let plain = !words.contains('$')
            && words.trim() == words
            && !beside(before)
            && !beside(after)
            && (!words.contains(wide) || words.contains('\\'));
        match (plain, display) {
            (true, false) => format!("${words}$"),
            (true, true) => format!("$${words}$$"),
            (false, _) => format!("$`{words}`$"),
        }
    }

    fn mark(&self, mark: &Mark, range: Range<usize>, within: &[&Mark], out: &mut String) {
        let words = &self.string[range.clone()];
        let mut around = |open: &str, close: &str| {
            // A sign beside a space is none: the space stands outside.
            let head = words.len() - words.trim_start().len();
            let tail = words.trim_end().len();
            if tail <= head {
                return self.range(range.clone(), within, out);
            }
            *out += &words[..head];
            *out += open;
            self.range(range.start + head..range.start + tail, within, out);
            *out += close;
            *out += &words[tail..];
        };
        match &mark.kind {
            MarkKind::Strong => around("**", "**"),
            MarkKind::Emphasis => around("*", "*"),
            MarkKind::Strike => around("~~", "~~"),
            MarkKind::Superscript => around("^", "^"),
            MarkKind::Subscript => around("~", "~"),
            MarkKind::Name => around("[", "]{.name}"),
            MarkKind::Title => around("[", "]{.title}"),
            MarkKind::Dots => around("[", "]{.dots}"),
            MarkKind::Combine => around("[", "]{.combine}"),
            MarkKind::Index(entry) => {
                around("[", &indexed(entry));
            }
            MarkKind::Anchor(name) if words.chars().eq([OBJECT]) => {
                around("", &format!("{{#{name}}}"));
            }
            MarkKind::Anchor(name) => around("[", &format!("]{{#{name}}}")),
            MarkKind::Reference { url, page } => {
                *out += &format!("[]({}){}", target(url), if *page { "{.page}" } else { "" });
            }
            MarkKind::Ruby(reading) => {
                let bar = if self.spot == Spot::Cell { "\\|" } else { "|" };
                around("{", &format!("{bar}{}}}", escape(reading, Spot::Cell)));
            }
            MarkKind::Link { url, title } => {
                let title = if title.is_empty() {
                    String::new()
                } else {
                    format!(" \"{}\"", title.replace('\\', "\\\\").replace('"', "\\\""))
                };
                around("[", &format!("]({}{title})", target(url)));
            }
            MarkKind::Math { display } => *out += &self.formula(words, *display, range),
            MarkKind::Code => {
                let run = words.split(|c| c != '`').map(str::len).max().unwrap_or(0);
                let ticks = "`".repeat(run + 1);
                let pad = if words.starts_with('`') || words.ends_with('`') { " " } else { "" };
                let words =
                    if self.spot == Spot::Cell { words.replace('|', "\\|") } else { words.to_owned() };
                *out += &[&ticks, pad, &words.replace('\n', " "), pad, &ticks].concat();
            }
            MarkKind::Url if words.contains("://") => *out += &["<", words, ">"].concat(),
            MarkKind::Url => *out += &self.escape(words),
            MarkKind::Protected => around("[", "]{.keep}"),
            MarkKind::Language(tag) => around("[", &format!("]{{lang={tag}}}")),
            MarkKind::Image { path, alt } => {
                *out += &format!("![{}]({})", self::words(alt), target(path));
            }
            MarkKind::Note(index) => *out += &note_mark(*index, self.endnotes),
        }
        debug_assert!(
            !matches!(mark.kind, MarkKind::Image { .. } | MarkKind::Note(_)) || words.contains(OBJECT)
        );
    }
}
