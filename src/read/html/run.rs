//! A paragraph in the making: pieces of HTML text in, one text with marks out, white space as a browser shows it.

use std::{convert::Infallible, ops::Range};

use html5gum::{
    Span as Stretch, Tokenizer,
    emitters::callback::{CallbackEmitter, CallbackEvent},
};

use crate::{
    read::{
        html::tree::Id,
        join::joint,
        ruby::{Rubies, Tag},
    },
    source::{SourceId, Span},
    text::{MarkKind, OBJECT, Text},
};

/// The longest name of a character reference, bytes.
const LONGEST_REFERENCE: usize = 40;

/// A text in the making.
pub(super) struct Run {
    id: SourceId,
    text: Text,
    /// White space that waits for the words after it.
    space: Option<(Range<usize>, Space)>,
    /// Marks that are open: where they began.
    open: Vec<(MarkKind, usize)>,
    rubies: Rubies<Id>,
}

/// What white space is, the stronger later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Space {
    /// One space.
    Typed,
    /// Several, or a tab.
    Several,
    /// A line end, perhaps with spaces.
    LineEnd,
}

/// What a stretch of HTML text says.
enum Part {
    /// What it is.
    Words(Range<usize>),
    /// What a character reference stands for.
    Reference(Range<usize>, String),
}

impl Run {
    pub(super) fn new(id: SourceId) -> Self {
        Self { id, text: Text::new(), space: None, open: Vec::new(), rubies: Rubies::new() }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.id, range)
    }

    /// Appends a stretch of the source; white space counts as one space, or as nothing between Han.
    pub(super) fn words(&mut self, source: &str, range: Range<usize>, raw: bool) {
        for part in parts(source, range, raw) {
            match part {
                Part::Reference(range, made) if made.bytes().all(|b| b.is_ascii_whitespace()) => {
                    self.wait(range, Space::Several);
                }
                Part::Reference(range, made) => {
                    self.push(&made, range, false);
                }
                Part::Words(range) => {
                    let mut at = range.start;
                    while at < range.end {
                        let rest = &source[at..range.end];
                        let space =
                            rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_whitespace()).len();
                        if space > 0 {
                            let kind = match &rest[..space] {
                                " " => Space::Typed,
                                blank if blank.contains(['\n', '\r']) => Space::LineEnd,
                                _ => Space::Several,
                            };
                            self.wait(at..at + space, kind);
                            at += space;
                            continue;
                        }
                        let words = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
                        self.push(&source[at..at + words], at..at + words, true);
                        at += words;
                    }
                }
            }
        }
    }

    fn wait(&mut self, range: Range<usize>, kind: Space) {
        self.space = Some(match self.space.take() {
            Some((before, other)) => {
                (before.start..range.end.max(before.end), kind.max(other).max(Space::Several))
            }
            None => (range, kind),
        });
    }

    /// Appends words after the space that waits.
    pub(super) fn push(&mut self, words: &str, range: Range<usize>, verbatim: bool) {
        if let Some((space, kind)) = self.space.take()
            && !self.text.is_empty()
            && !self.text.as_str().ends_with('\n')
        {
            // What stands before a picture or the mark of a note decides for what stands after it.
            let before = self.text.as_str().trim_end_matches([OBJECT, ' ']);
            let between = if kind == Space::LineEnd { joint(before, words) } else { " " };
            self.text.push(between, self.span(space), kind == Space::Typed);
        }
        self.text.push(words, self.span(range), verbatim);
    }

    /// Ends the line.
    pub(super) fn line_break(&mut self, range: Range<usize>) {
        self.space = None;
        self.text.push("\n", self.span(range), false);
    }

    /// Puts a picture or the mark of a note.
    pub(super) fn object(&mut self, range: Range<usize>, kind: MarkKind) {
        // A picture stands among words as a word does.
        let word = matches!(kind, MarkKind::Image { .. }) && joint(self.text.as_str(), "a") == " ";
        if let (Some((_, space)), true) = (&mut self.space, word) {
            *space = Space::Several;
        }
        self.push(OBJECT.encode_utf8(&mut [0; 4]), range, false);
        let end = self.text.as_str().len();
        self.text.mark(end - OBJECT.len_utf8()..end, kind);
    }

    /// Opens a mark; one inside another of its kind says nothing new. Gives back whether it was opened.
    pub(super) fn open(&mut self, kind: MarkKind) -> bool {
        if self.open.iter().any(|(k, _)| *k == kind) {
            return false;
        }
        self.open.push((kind, self.text.as_str().len()));
        true
    }

    /// Closes the mark that was opened last. Its range is given back, empty if there are no words.
    pub(super) fn close(&mut self) -> Range<usize> {
        let Some((kind, from)) = self.open.pop() else { return 0..0 };
        let range = self.inner(from);
        self.put(range.clone(), kind);
        range
    }

    /// What was written since a place, without white space around it.
    fn inner(&self, from: usize) -> Range<usize> {
        let inner = self.text.as_str().get(from..).unwrap_or_default();
        if inner.trim_matches([' ', '\n']).is_empty() {
            return from..from;
        }
        let start = from + inner.len() - inner.trim_start_matches([' ', '\n']).len();
        start..from + inner.trim_end_matches([' ', '\n']).len()
    }

    fn put(&mut self, range: Range<usize>, kind: MarkKind) {
        let string = &self.text.as_str()[range.clone()];
        match kind {
            // A raised note mark is a note mark.
            MarkKind::Superscript | MarkKind::Subscript if string.chars().all(|c| c == OBJECT) => {}
            MarkKind::Link { url, title } => {
                let bare = string == url || url.strip_prefix("mailto:") == Some(string);
                let kind = if bare { MarkKind::Url } else { MarkKind::Link { url, title } };
                self.text.mark_around(range, kind);
            }
            kind => self.text.mark_around(range, kind),
        }
    }

    /// Follows a tag of ruby in the element `ruby`; gives back what is wrong, and where.
    pub(super) fn ruby(&mut self, tag: Tag, ruby: Id, range: Range<usize>) -> Option<(Span, &'static str)> {
        // A space stands before the ruby, not in its base.
        if tag == Tag::Ruby(true)
            && let Some((space, Space::Typed | Space::Several)) = self.space.clone()
        {
            self.push("", space, false);
        }
        self.space = None;
        let span = self.span(range);
        self.rubies.tag(&mut self.text, tag, ruby, span).finding
    }

    /// Ends the paragraph: its texts, more than one where empty lines stood in it. Marks that are open go on in the
    /// next one. Gives back where ruby had no end.
    pub(super) fn take(&mut self) -> (Vec<Text>, Vec<Span>) {
        self.space = None;
        let left = self.rubies.finish(&mut self.text);
        for at in (0..self.open.len()).rev() {
            let (kind, from) = self.open[at].clone();
            let range = self.inner(from);
            self.put(range, kind);
            self.open[at].1 = 0;
        }
        (split(std::mem::take(&mut self.text)), left)
    }
}

/// Appends a stretch of the source as it stands there, character references decoded.
pub(super) fn verbatim(text: &mut Text, id: SourceId, source: &str, range: Range<usize>, raw: bool) {
    for part in parts(source, range, raw) {
        match part {
            Part::Reference(range, made) => text.push(&made, Span::new(id, range), false),
            Part::Words(range) => {
                let mut at = range.start;
                for line in source[range.clone()].split_inclusive("\r\n") {
                    let words = line.strip_suffix("\r\n").unwrap_or(line);
                    text.push(words, Span::new(id, at..at + words.len()), true);
                    if words.len() < line.len() {
                        text.push("\n", Span::new(id, at + words.len()..at + line.len()), false);
                    }
                    at += line.len();
                }
            }
        }
    }
}

/// The value of a text or an attribute, character references decoded.
pub(super) fn decoded(source: &str, range: Range<usize>) -> String {
    let part = |part| match part {
        Part::Words(range) => source[range].to_owned(),
        Part::Reference(_, made) => made,
    };
    parts(source, range, false).into_iter().map(part).collect()
}

/// A stretch cut at its character references.
fn parts(source: &str, range: Range<usize>, raw: bool) -> Vec<Part> {
    let slice = &source[range.clone()];
    if raw || !slice.contains('&') {
        return vec![Part::Words(range)];
    }
    let mut out = Vec::new();
    let mut done = range.start;
    for (at, _) in slice.match_indices('&') {
        let at = range.start + at;
        if at < done {
            continue;
        }
        if let Some((length, made)) = reference(&source[at..range.end]) {
            if done < at {
                out.push(Part::Words(done..at));
            }
            out.push(Part::Reference(at..at + length, made));
            done = at + length;
        }
    }
    if done < range.end {
        out.push(Part::Words(done..range.end));
    }
    out
}

/// The character reference at the start of a string: its length and what it stands for.
fn reference(string: &str) -> Option<(usize, String)> {
    let inner = string[1..].bytes().take(LONGEST_REFERENCE);
    let length = 1 + inner.take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
    let length = length + usize::from(string[length..].starts_with(';'));
    let slice = &string[..length];
    // The tokenizer knows the names; ask it.
    let mut made = String::new();
    let emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Stretch<()>| {
        if let CallbackEvent::String { value } = event {
            made.push_str(&String::from_utf8_lossy(value));
        }
        None::<Infallible>
    });
    let Ok(()) = Tokenizer::new_with_emitter(slice, emitter).finish();
    if made == slice {
        return None;
    }
    // Names without a semicolon end where they end: `&copy2026`.
    let first = made.chars().next().map_or(0, char::len_utf8);
    let same = slice.bytes().rev().zip(made.bytes().rev()).take_while(|(a, b)| a == b).count();
    let tail = same.min(made.len() - first).min(slice.len() - 2);
    made.truncate(made.len() - tail);
    Some((slice.len() - tail, made))
}

/// A text without white space at its ends, cut where empty lines stand, or where a line begins with the two
/// full-width spaces that indent a paragraph.
fn split(text: Text) -> Vec<Text> {
    let string = text.as_str();
    let mut cuts = vec![0];
    for (at, _) in string.match_indices('\n') {
        let rest = &string[at + 1..];
        if rest.starts_with('\n') || rest.starts_with("\u{3000}\u{3000}") {
            cuts.push(at);
        }
    }
    cuts.push(string.len());
    let blank = [' ', '\n', '\t'];
    let trimmed = |pair: &[usize]| {
        let part = &string[pair[0]..pair[1]];
        let start = pair[0] + part.len() - part.trim_start_matches(blank).len();
        let range = start..start.max(pair[0] + part.trim_end_matches(blank).len());
        (!string[range.clone()].trim_matches(['\u{3000}', '\u{a0}', ' ', '\n']).is_empty()).then_some(range)
    };
    let ranges: Vec<_> = cuts.windows(2).filter_map(trimmed).collect();
    if let [range] = ranges.as_slice()
        && *range == (0..string.len())
    {
        return vec![text];
    }
    ranges.into_iter().map(|range| text.slice(range)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Vec<Text> {
        let mut run = Run::new(SourceId(0));
        run.words(source, 0..source.len(), false);
        run.take().0
    }

    #[test]
    fn white_space_is_what_a_browser_shows() {
        for (source, expected) in [
            ("  甲\n   乙  ", "甲乙"),
            ("one\n two   three", "one two three"),
            ("甲 乙", "甲 乙"),
            ("甲\n，one\ttwo", "甲，one two"),
            ("甲&nbsp;乙", "甲\u{a0}乙"),
            ("甲&#10; 乙", "甲 乙"),
        ] {
            assert_eq!(read(source)[0].as_str(), expected, "{source:?}");
        }
    }

    #[test]
    fn a_picture_is_a_word_and_a_note_is_none() {
        let picture = || MarkKind::Image { path: "a.png".into(), alt: String::new() };
        for (before, kind, after, expected) in [
            ("its icon\n", picture(), "\nin the box", "its icon \u{fffc} in the box"),
            ("圖示\n", picture(), "\n在框裡", "圖示\u{fffc}在框裡"),
            ("a word\n", MarkKind::Note(0), "\nthen", "a word\u{fffc} then"),
            ("一句。\n", MarkKind::Note(0), "\n又一句", "一句。\u{fffc}又一句"),
        ] {
            let source = [before, after].concat();
            let mut run = Run::new(SourceId(0));
            run.words(&source, 0..before.len(), false);
            run.object(before.len()..before.len(), kind);
            run.words(&source, before.len()..source.len(), false);
            assert_eq!(run.take().0[0].as_str(), expected);
        }
    }

    #[test]
    fn character_references_keep_their_places() {
        // (source, text, what the third character stands for)
        for (source, expected, third) in [
            ("甲&amp;乙", "甲&乙", "乙"),
            ("&lt;甲&gt;", "<甲>", "&gt;"),
            ("甲&#x4e2d;&#25991;", "甲中文", "&#25991;"),
            ("&copy2026", "©2026", "0"),
            ("甲乙&semi;丙", "甲乙;丙", "&semi;"),
            ("a&b;c&d", "a&b;c&d", "b"),
            ("甲乙&amp;amp;", "甲乙&amp;", "&amp;"),
            ("甲乙&notit;", "甲乙¬it;", "&not"),
        ] {
            let texts = read(source);
            assert_eq!(texts[0].as_str(), expected, "{source}");
            let (at, c) = expected.char_indices().nth(2).expect("three characters");
            let span = texts[0].span(at..at + c.len_utf8());
            assert_eq!(&source[span.range()], third, "{source}");
        }
    }

    #[test]
    fn empty_lines_part_paragraphs() {
        for (source, expected) in [
            ("甲\n乙", &["甲\n乙"][..]),
            ("甲\n\n乙\n", &["甲", "乙"]),
            ("\u{3000}\u{3000}甲\n\u{3000}\u{3000}乙", &["\u{3000}\u{3000}甲", "\u{3000}\u{3000}乙"]),
            ("\n \u{a0}\n", &[]),
        ] {
            let texts = split(Text::verbatim(source, SourceId(0), 0));
            assert_eq!(texts.iter().map(Text::as_str).collect::<Vec<_>>(), expected, "{source:?}");
        }
    }
}
