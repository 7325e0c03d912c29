//! A string that remembers where it came from: running text as one string, with
//! pieces that tie it to the source and marks that say what its stretches are.

use std::ops::Range;

use crate::{
    edit::{Change, Confidence, Edit},
    source::{SourceId, Span},
};

/// Stands for an inline object (an image, a note mark) in the string of a `Text`.
pub const OBJECT: char = '\u{FFFC}';

/// A stretch of a text and the source span that it stands for. Pieces tile the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Byte offset in the text where the piece ends (it starts where the one before ends).
    pub end: usize,
    /// The original bytes.
    pub span: Span,
    /// Whether the text of the piece is the source text of its span, letter for letter.
    pub verbatim: bool,
}

/// What a stretch of text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Strong importance (`**…**`): a real heavier weight.
    Strong,
    /// Emphasis (`*…*`): Kai or dots on Han, italic on Latin.
    Emphasis,
    /// Struck out.
    Strike,
    /// Inline code: locked.
    Code,
    /// A link: the target is no text and cannot be edited.
    Link {
        /// Target as it was written.
        url: String,
        /// Optional title.
        title: String,
    },
    /// A bare URL or address in running text: locked.
    Url,
    /// Formula source: locked.
    Math {
        /// Whether it stands in lines of its own.
        display: bool,
    },
    /// Text that the writer protected from every rule: locked.
    Protected,
    /// Words of a language that is not Chinese, by its BCP 47 tag: locked.
    Language(String),
    /// An inline image: one placeholder character, locked.
    Image {
        /// Where the picture is, as written.
        path: String,
        /// Alternative text.
        alt: String,
    },
    /// A note mark: one placeholder character, locked; the note is `Document::notes[index]`.
    Note(usize),
    /// Superscript.
    Superscript,
    /// Subscript.
    Subscript,
    /// A reading beside the characters (ruby): pinyin, Jyutping, zhuyin or a gloss. The mark's range is
    /// the base; a word read character by character has one mark a character. Two marks over one character
    /// are two readings of it, of which the inner one (the later of the two) stands nearer.
    Ruby(String),
    /// A proper name: a straight line beside the text (CLReq, Proper noun marks; checklist 43).
    Name,
    /// The title of a work: a wavy line beside the text (CLReq, Book title marks; checklist 43).
    Title,
    /// Emphasis dots (CLReq, Emphasis dots; checklist 44).
    Dots,
    /// Tate-chu-yoko: set side by side in one upright cell of a vertical line (checklist 36).
    Combine,
    /// A place that links of the document may lead to, by its name.
    Anchor(String),
    /// Words that an index lists, and under which words it does so; under their own where these are none. Over a name
    /// or a title that an index lists it says how that has it.
    Index(String),
    /// Words that the press makes from what they refer to (`links::fill`): locked.
    Reference {
        /// The place, as the target of a link: `#name`.
        url: String,
        /// Whether the page is asked for and not the label or the heading.
        page: bool,
    },
}

impl MarkKind {
    /// Whether no edit may touch text under the mark.
    pub fn locked(&self) -> bool {
        matches!(
            self,
            Self::Code
                | Self::Url
                | Self::Math { .. }
                | Self::Protected
                | Self::Language(_)
                | Self::Image { .. }
                | Self::Note(_)
                | Self::Reference { .. }
        )
    }
}

/// A mark over a range of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Byte range in the text, never empty.
    pub range: Range<usize>,
    /// What it says of the range.
    pub kind: MarkKind,
}

/// Running text: one string, the pieces that tile it, and the marks over it.
///
/// A hard line break is U+000A; an inline object is U+FFFC under its mark.
/// Invariants (tested over long random edit chains): pieces tile the string without
/// gaps; verbatim pieces equal the source; locked marks keep their text; marks are
/// never empty and lie on character boundaries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    string: String,
    pieces: Vec<Piece>,
    marks: Vec<Mark>,
}

impl Text {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Text that is a verbatim stretch of a source.
    pub fn verbatim(string: impl Into<String>, source: SourceId, start: usize) -> Self {
        let string = string.into();
        let span = Span::new(source, start..start + string.len());
        Self::of(string, span, true)
    }

    /// Text of our own making that stands for `span` of the source.
    pub fn made(string: impl Into<String>, span: Span) -> Self {
        Self::of(string.into(), span, false)
    }

    fn of(string: String, span: Span, verbatim: bool) -> Self {
        let pieces =
            if string.is_empty() { Vec::new() } else { vec![Piece { end: string.len(), span, verbatim }] };
        Self { string, pieces, marks: Vec::new() }
    }

    /// The running text.
    pub fn as_str(&self) -> &str {
        &self.string
    }

    /// The pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The marks, in order of their start; of two with one start the outer is first.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The paths of the pictures in it, to rename.
    pub fn images_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.marks.iter_mut().filter_map(|mark| match &mut mark.kind {
            MarkKind::Image { path, .. } => Some(path),
            _ => None,
        })
    }

    /// The numbers of the notes that it refers to, to renumber.
    pub fn notes_mut(&mut self) -> impl Iterator<Item = &mut usize> {
        self.marks.iter_mut().filter_map(|mark| match &mut mark.kind {
            MarkKind::Note(number) => Some(number),
            _ => None,
        })
    }

    /// What each mark says, to say it otherwise.
    pub(crate) fn kinds_mut(&mut self) -> impl Iterator<Item = &mut MarkKind> {
        self.marks.iter_mut().map(|mark| &mut mark.kind)
    }

    /// The name of the place that the whole text is, if links may lead to it.
    pub fn anchor(&self) -> Option<&str> {
        self.marks.iter().find_map(|mark| match &mark.kind {
            MarkKind::Anchor(name) if mark.range == (0..self.string.len()) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Writes words of our own making in the place of disjoint ranges, in order, whether these are locked or not.
    pub(crate) fn rewrite(&mut self, words: Vec<(Range<usize>, String)>) {
        let edits: Vec<Edit> = words.into_iter().map(|(range, new)| Edit::sure(range, new)).collect();
        if !edits.is_empty() {
            self.rebuild(&edits);
        }
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.string.is_empty()
    }

    /// Appends text that stands for `span`; `verbatim` when it is the source's own text.
    pub fn push(&mut self, string: &str, span: Span, verbatim: bool) {
        if string.is_empty() {
            return;
        }
        debug_assert!(!verbatim || string.len() == span.range().len());
        self.string.push_str(string);
        let end = self.string.len();
        if let Some(last) = self.pieces.last_mut()
            && verbatim
            && last.verbatim
            && last.span.source == span.source
            && last.span.end == span.start
        {
            last.span.end = span.end;
            last.end = end;
            return;
        }
        self.pieces.push(Piece { end, span, verbatim });
    }

    /// Appends another text with its pieces and marks.
    pub fn push_text(&mut self, other: &Text) {
        let base = self.string.len();
        let mut start = 0;
        for piece in &other.pieces {
            self.push(&other.string[start..piece.end], piece.span, piece.verbatim);
            start = piece.end;
        }
        for mark in &other.marks {
            self.mark(base + mark.range.start..base + mark.range.end, mark.kind.clone());
        }
    }

    /// Puts a mark over a range; an empty range is ignored.
    pub fn mark(&mut self, range: Range<usize>, kind: MarkKind) {
        if range.is_empty() {
            return;
        }
        debug_assert!(self.string.is_char_boundary(range.start) && self.string.is_char_boundary(range.end));
        let at = self.marks.partition_point(|m| {
            (m.range.start, std::cmp::Reverse(m.range.end)) <= (range.start, std::cmp::Reverse(range.end))
        });
        self.marks.insert(at, Mark { range, kind });
    }

    /// Puts a mark around what is there: of several marks on one range it is the outermost.
    pub fn mark_around(&mut self, range: Range<usize>, kind: MarkKind) {
        if range.is_empty() {
            return;
        }
        let at = self.marks.partition_point(|m| {
            (m.range.start, std::cmp::Reverse(m.range.end)) < (range.start, std::cmp::Reverse(range.end))
        });
        self.marks.insert(at, Mark { range, kind });
    }

    /// Takes disjoint ranges, in order, out of the text: signs of markup that are no words. A mark over nothing
    /// else goes with them.
    pub fn remove(&mut self, ranges: impl IntoIterator<Item = Range<usize>>) {
        let edits: Vec<Edit> =
            ranges.into_iter().filter(|r| !r.is_empty()).map(|r| Edit::sure(r, "")).collect();
        if !edits.is_empty() {
            self.rebuild(&edits);
        }
    }

    /// Takes the marks away for which something holds.
    pub fn unmark(&mut self, gone: impl Fn(&Mark) -> bool) {
        self.marks.retain(|mark| !gone(mark));
    }

    /// A part of the text with its pieces and marks, as a text of its own.
    pub fn slice(&self, range: Range<usize>) -> Text {
        let mut part = Text::new();
        let mut start = 0;
        for piece in &self.pieces {
            let (from, to) = (start.max(range.start), piece.end.min(range.end));
            if from < to {
                let span = if piece.verbatim { self.narrow(piece, start, from..to) } else { piece.span };
                part.push(&self.string[from..to], span, piece.verbatim);
            }
            start = piece.end;
        }
        for mark in &self.marks {
            let (from, to) = (mark.range.start.max(range.start), mark.range.end.min(range.end));
            if from < to {
                part.mark(from - range.start..to - range.start, mark.kind.clone());
            }
        }
        part
    }

    /// The source span that a range of the text stands for: exact in verbatim text,
    /// the whole original span of each rewritten piece that it touches.
    pub fn span(&self, range: Range<usize>) -> Span {
        if self.pieces.is_empty() {
            return Span::new(SourceId(0), 0..0);
        }
        let first = self.piece_at(range.start);
        let last = self.pieces.partition_point(|p| p.end < range.end).min(self.pieces.len() - 1).max(first);
        let start_of = |i: usize| if i == 0 { 0 } else { self.pieces[i - 1].end };
        (first..=last)
            .map(|i| {
                let (from, to) = (start_of(i).max(range.start), self.pieces[i].end.min(range.end));
                let piece = &self.pieces[i];
                if piece.verbatim { self.narrow(piece, start_of(i), from..to.max(from)) } else { piece.span }
            })
            .reduce(Span::join)
            .expect("`first..=last` is not empty")
    }

    /// Whether any byte of the range (or, for an insertion, its place) lies under a locked mark.
    pub fn is_locked(&self, range: Range<usize>) -> bool {
        meets(&self.locked_ranges(), &range)
    }

    /// The stretches under locked marks, in order; marks that overlap make one, marks that touch do not, for an
    /// insertion may stand between them.
    fn locked_ranges(&self) -> Vec<Range<usize>> {
        let mut locked: Vec<Range<usize>> = Vec::new();
        for mark in self.marks.iter().filter(|m| m.kind.locked()) {
            match locked.last_mut() {
                Some(last) if mark.range.start < last.end => last.end = last.end.max(mark.range.end),
                _ => locked.push(mark.range.clone()),
            }
        }
        locked
    }

    /// The stretches that lie under no locked mark, in order; rules look for their cases in these.
    pub fn open_ranges(&self) -> Vec<Range<usize>> {
        let mut open = Vec::new();
        let mut at = 0;
        for mark in self.marks.iter().filter(|m| m.kind.locked()) {
            if mark.range.start > at {
                open.push(at..mark.range.start);
            }
            at = at.max(mark.range.end);
        }
        if at < self.string.len() {
            open.push(at..self.string.len());
        }
        open
    }

    /// The pieces, each with its byte range in the text.
    pub fn piece_ranges(&self) -> impl Iterator<Item = (Range<usize>, &Piece)> {
        let mut start = 0;
        self.pieces.iter().map(move |piece| {
            let range = start..piece.end;
            start = piece.end;
            (range, piece)
        })
    }

    /// Makes or only records the edits of one rule.
    ///
    /// `make` decides by confidence which edits are made; the others are recorded with
    /// `applied: false`. Edits are taken in order of their range; one that overlaps
    /// an earlier one, touches a locked mark or changes nothing is dropped, but a remark, which is only
    /// recorded.
    pub fn apply(
        &mut self,
        rule: &'static str,
        mut edits: Vec<Edit>,
        make: impl Fn(&Edit) -> bool,
    ) -> Vec<Change> {
        if edits.is_empty() {
            return Vec::new();
        }
        edits.sort_by_key(|e| (e.range.end, e.range.start));
        let locked = self.locked_ranges();
        edits.retain(|e| {
            e.range.start <= e.range.end
                && e.range.end <= self.string.len()
                && self.string.is_char_boundary(e.range.start)
                && self.string.is_char_boundary(e.range.end)
                && (self.string[e.range.clone()] != e.new || e.confidence == Confidence::Doubtful && !make(e))
                && !meets(&locked, &e.range)
        });
        let mut changes = Vec::with_capacity(edits.len());
        let mut made: Vec<Edit> = Vec::new();
        let mut free = 0;
        for mut edit in edits {
            let applied = make(&edit);
            if applied && edit.range.start < free {
                continue;
            }
            changes.push(Change {
                rule: edit.rule.unwrap_or(rule),
                span: self.span(edit.range.clone()),
                before: self.string[edit.range.clone()].to_owned(),
                // What is made is written first, and moved here after that.
                after: if applied { String::new() } else { std::mem::take(&mut edit.new) },
                rivals: std::mem::take(&mut edit.rivals),
                confidence: edit.confidence,
                applied,
                message: std::mem::take(&mut edit.message),
                verdict: None,
            });
            if applied {
                free = edit.range.end;
                made.push(edit);
            }
        }
        if !made.is_empty() {
            self.rebuild(&made);
        }
        for (change, edit) in changes.iter_mut().filter(|change| change.applied).zip(made) {
            change.after = edit.new;
        }
        changes
    }

    /// Makes disjoint edits, in order, in one pass over string, pieces and marks.
    fn rebuild(&mut self, edits: &[Edit]) {
        let old = std::mem::take(self);
        let mut at = 0;
        // Where each edit's replacement lies in the new string.
        let mut placed = Vec::with_capacity(edits.len());
        for edit in edits {
            self.copy(&old, at..edit.range.start);
            let start = self.string.len();
            self.push(&edit.new, old.span(edit.range.clone()), false);
            placed.push(start..self.string.len());
            at = edit.range.end;
        }
        self.copy(&old, at..old.string.len());
        // Where each reading was, and where it is.
        let mut readings: Vec<(Range<usize>, Range<usize>)> = Vec::new();
        for mark in old.marks {
            let start = moved(&old.string, edits, &placed, mark.range.start, true);
            let end = moved(&old.string, edits, &placed, mark.range.end, false);
            let range = start..end.max(start);
            if let MarkKind::Ruby(reading) = &mark.kind {
                let rewritten =
                    placed.binary_search_by_key(&start, |p| p.start).is_ok_and(|i| placed[i] == range);
                let neighbor =
                    |(was, is): &(Range<usize>, Range<usize>)| was.end <= mark.range.start && *is == range;
                let joined = rewritten && readings.iter().rev().take(16).any(neighbor);
                readings.push((mark.range.clone(), range.clone()));
                if joined && self.join_reading(&range, reading) {
                    continue;
                }
            }
            self.mark(range, mark.kind);
        }
    }

    /// Readings of neighbors whose characters were rewritten as one are one reading of the whole: adds `more` to
    /// the last that covers the range.
    fn join_reading(&mut self, range: &Range<usize>, more: &str) -> bool {
        let last =
            self.marks.iter_mut().rev().find(|m| m.range == *range && matches!(m.kind, MarkKind::Ruby(_)));
        match last.map(|m| &mut m.kind) {
            Some(MarkKind::Ruby(reading)) => {
                reading.push(' ');
                reading.push_str(more);
                true
            }
            _ => false,
        }
    }

    /// Appends a range of another text, pieces only.
    fn copy(&mut self, from: &Text, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let mut i = from.piece_at(range.start);
        let mut at = range.start;
        while at < range.end {
            let piece = &from.pieces[i];
            let start = if i == 0 { 0 } else { from.pieces[i - 1].end };
            let end = piece.end.min(range.end);
            let span = if piece.verbatim { from.narrow(piece, start, at..end) } else { piece.span };
            self.push(&from.string[at..end], span, piece.verbatim);
            at = end;
            i += 1;
        }
    }

    fn piece_at(&self, offset: usize) -> usize {
        self.pieces.partition_point(|p| p.end <= offset).min(self.pieces.len() - 1)
    }

    fn narrow(&self, piece: &Piece, start: usize, part: Range<usize>) -> Span {
        let base = piece.span.start as usize;
        Span::new(piece.span.source, base + part.start - start..base + part.end - start)
    }
}

/// Whether a range shares a byte with one of `locked`, or an empty one lies inside it.
fn meets(locked: &[Range<usize>], range: &Range<usize>) -> bool {
    let next = locked.get(locked.partition_point(|l| l.end <= range.start));
    next.is_some_and(|l| l.start < range.end && (l.start < range.start || !range.is_empty()))
}

/// Where an offset lands after edits. `start` says that it is the start of a mark: an insertion on a mark's edge
/// falls outside; a replacement that straddles an edge is taken in, unless it has as many characters as what it
/// replaces, which then stand for each other.
fn moved(old: &str, edits: &[Edit], placed: &[Range<usize>], offset: usize, start: bool) -> usize {
    // The first edit that ends after the offset, or at it where that matters.
    let i = edits.partition_point(|e| if start { e.range.end <= offset } else { e.range.end < offset });
    if let Some(edit) = edits.get(i) {
        let inside = edit.range.start < offset && offset < edit.range.end;
        if inside {
            let count = |s: &str| s.chars().count();
            if count(&old[edit.range.clone()]) == count(&edit.new) {
                let before = count(&old[edit.range.start..offset]);
                return placed[i].start
                    + edit.new.char_indices().nth(before).map_or(edit.new.len(), |(at, _)| at);
            }
            return if start { placed[i].start } else { placed[i].end };
        }
        if !start && edit.range.end == offset && !edit.range.is_empty() {
            return placed[i].end;
        }
    }
    match i.checked_sub(1) {
        Some(j) => placed[j].end + offset - edits[j].range.end,
        None => offset,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Confidence;

    fn text(string: &str) -> Text {
        Text::verbatim(string, SourceId(0), 100)
    }

    #[test]
    fn a_chain_of_edits_points_at_the_original() {
        let mut text = text("這一理念，為上合組職提供");
        let at = text.as_str().find("職").unwrap();
        let first = text.apply("wrong", vec![Edit::sure(at..at + 3, "織")], |_| true);
        assert_eq!(first[0].span, Span::new(SourceId(0), 100 + at..100 + at + 3));
        let at = text.as_str().find("組織").unwrap();
        let second = text.apply("script", vec![Edit::sure(at..at + 6, "组织")], |_| true);
        assert_eq!(second[0].span, Span::new(SourceId(0), 100 + at..100 + at + 6));
        assert_eq!(text.as_str(), "這一理念，為上合组织提供");
    }

    #[test]
    fn marks_follow_their_words() {
        // (text, marked range, edit, what the mark covers afterwards)
        for (string, mark, edit, covered) in [
            ("甲乙丙", 3..6, Edit::sure(0..3, "子丑"), "乙"),
            ("甲乙丙", 3..6, Edit::sure(3..6, "子丑"), "子丑"),
            ("甲乙丙", 3..6, Edit::sure(3..3, "，"), "乙"),
            ("甲乙丙", 3..6, Edit::sure(6..6, "，"), "乙"),
            ("甲乙丙", 0..6, Edit::sure(3..3, "，"), "甲，乙"),
            ("甲乙丙", 3..6, Edit::sure(0..6, "子"), "子"),
            ("甲乙丙", 0..9, Edit::sure(3..6, ""), "甲丙"),
            ("甲乙丙", 3..6, Edit::sure(0..9, "子丑寅"), "丑"),
        ] {
            let mut text = text(string);
            text.mark(mark, MarkKind::Strong);
            text.apply("r", vec![edit.clone()], |_| true);
            let range = text.marks()[0].range.clone();
            assert_eq!(&text.as_str()[range], covered, "{edit:?}");
        }
    }

    #[test]
    fn readings_stay_with_their_characters() {
        // (what replaces 漢語, readings afterwards)
        for (new, expected) in [
            ("汉语", vec![("汉", "hàn"), ("语", "yǔ")]),
            ("中國話", vec![("中國話", "hàn yǔ")]),
            ("", vec![]),
        ] {
            let mut text = text("學漢語吧");
            text.mark(3..6, MarkKind::Ruby("hàn".into()));
            text.mark(6..9, MarkKind::Ruby("yǔ".into()));
            text.apply("r", vec![Edit::sure(3..9, new)], |_| true);
            let got: Vec<(&str, &str)> = (text.marks().iter())
                .filter_map(|m| match &m.kind {
                    MarkKind::Ruby(reading) => Some((&text.as_str()[m.range.clone()], reading.as_str())),
                    _ => None,
                })
                .collect();
            assert_eq!(got, expected, "{new}");
        }
    }

    #[test]
    fn two_readings_of_one_character_stay_two() {
        let mut text = text("國");
        text.mark(0..3, MarkKind::Ruby("guó".into()));
        text.mark(0..3, MarkKind::Ruby("ㄍㄨㄛˊ".into()));
        text.apply("r", vec![Edit::sure(0..3, "国")], |_| true);
        assert_eq!(text.marks().len(), 2);
    }

    #[test]
    fn signs_go_and_marks_stay() {
        let mut text = text("a[甲乙]b");
        text.mark(2..8, MarkKind::Name);
        text.mark(1..2, MarkKind::Strong);
        text.remove([1..2, 8..9]);
        assert_eq!(text.as_str(), "a甲乙b");
        assert_eq!(text.marks().len(), 1);
        assert_eq!(text.marks()[0].range, 1..7);
        assert!(text.pieces().iter().all(|p| p.verbatim));
    }

    #[test]
    fn locked_and_overlapping_edits_are_dropped() {
        let mut text = text("看a,b吧");
        text.mark(3..6, MarkKind::Code);
        let changes = text.apply(
            "r",
            vec![Edit::sure(4..5, "，"), Edit::sure(0..3, "讀"), Edit::sure(0..3, "閱")],
            |_| true,
        );
        assert_eq!(text.as_str(), "讀a,b吧");
        assert_eq!(changes.len(), 1);
    }

    #[test]
    fn locked_text_and_what_stands_between_it() {
        let mut text = text("甲乙丙丁戊己");
        for range in [3..9, 6..12, 12..15] {
            text.mark(range, MarkKind::Code);
        }
        for (range, locked) in [
            (0..3, false),
            (0..4, true),
            (3..3, false),
            (6..6, true),
            (9..9, true),
            (12..12, false),
            (12..15, true),
            (15..18, false),
            (15..15, false),
        ] {
            assert_eq!(text.is_locked(range.clone()), locked, "{range:?}");
        }
    }

    #[test]
    fn an_edit_that_is_not_made_is_recorded() {
        let mut text = text("復蘇");
        let edit = Edit::new(0..3, "複", Confidence::Doubtful);
        let changes = text.apply("r", vec![edit], |e| e.confidence == Confidence::Sure);
        assert_eq!((text.as_str(), changes[0].applied), ("復蘇", false));
    }
}
