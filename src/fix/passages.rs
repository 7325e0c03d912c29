//! A document's Han characters in one row: what the rules about words read.

use std::ops::Range;

use crate::{document::Place, normalize::class::is_han, text::Text};

/// How many characters a chapter has at most.
const CHAPTER: usize = 10_000;

/// The Han characters of a document, stretch after stretch, with U+0000 between.
#[derive(Default)]
pub struct Passages {
    /// All characters.
    pub chars: Vec<char>,
    /// The stretches.
    pub runs: Vec<Run>,
}

/// A stretch of Han characters between marks, Latin or locked text.
pub struct Run {
    /// The text it is in.
    pub text: usize,
    /// Its byte offset in the text.
    pub start: usize,
    /// Its place in `Passages::chars`.
    pub chars: Range<usize>,
    /// Inside quotation marks or a book title.
    pub quoted: bool,
    /// Where the text stands.
    pub place: Place,
}

impl Passages {
    /// The passages of all texts but code.
    pub fn of(texts: &[(Place, &Text)]) -> Self {
        let mut passages = Self::default();
        for (index, (place, text)) in texts.iter().enumerate().filter(|(_, (p, _))| *p != Place::Code) {
            let mut depth = 0usize;
            for open in text.open_ranges() {
                let mut inside = false;
                for (offset, c) in text.as_str()[open.clone()].char_indices() {
                    if is_han(c) {
                        if !inside {
                            let at = passages.chars.len();
                            let (start, quoted) = (open.start + offset, depth > 0);
                            passages.runs.push(Run {
                                text: index,
                                start,
                                chars: at..at,
                                quoted,
                                place: *place,
                            });
                            inside = true;
                        }
                        passages.chars.push(c);
                        continue;
                    }
                    passages.close(inside);
                    inside = false;
                    match c {
                        '「' | '『' | '“' | '‘' | '《' | '〈' => depth += 1,
                        '」' | '』' | '”' | '’' | '》' | '〉' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                }
                passages.close(inside);
            }
        }
        passages
    }

    /// The runs in stretches of like length that are no longer than a chapter: what a text says of its own words is asked
    /// there. In a long text every string of characters recurs somewhere, and is no evidence any more.
    pub fn chapters(&self) -> Vec<Range<usize>> {
        let count = self.chars.len().div_ceil(CHAPTER).max(1);
        let edge = |number: usize| {
            self.runs.partition_point(|run| run.chars.start < self.chars.len() * number / count)
        };
        (0..count).map(|number| edge(number)..edge(number + 1)).filter(|runs| !runs.is_empty()).collect()
    }

    fn close(&mut self, open: bool) {
        if open && let Some(run) = self.runs.last_mut() {
            run.chars.end = self.chars.len();
            self.chars.push('\0');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn chapters_have_every_run_once() {
        for (words, chapters) in [(0, 0), (1, 1), (1500, 1), (4500, 3)] {
            let text = Text::verbatim("人民的生活，".repeat(words), SourceId(0), 0);
            let passages = Passages::of(&[(Place::Paragraph, &text)]);
            let found = passages.chapters();
            assert_eq!(found.len(), chapters, "{words} words");
            assert!(found.iter().cloned().flatten().eq(0..passages.runs.len()), "{words} words");
        }
    }
}
