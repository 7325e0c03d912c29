//! What a person decided about earlier findings: a text file with one decision a line, in any order, fit for version
//! control. A decision names words and their surroundings, no line numbers, so that it survives edits elsewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use memchr::memmem;

use crate::{
    edit::{Change, Verdict},
    source::{Source, Span},
};

/// Characters of context on each side; less at the edge of a line.
pub const CONTEXT: usize = 8;

/// Name of the file that is looked for in the folder of a manuscript and the folders above it.
pub const FILE_NAME: &str = "hanpress.decisions";

/// The first lines of the file.
pub const HEADER: &str = "# hanpress decisions: a finding a line, in any order; tabs part the columns\n\
                      # verdict\tfile\trule\tbefore\tafter\tleft\tright\tcomment\n";

/// One decision: a line of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decision {
    /// The manuscript, relative to the folder of the file, with `/`.
    pub file: String,
    /// The words as the manuscript has them.
    pub before: String,
    /// The words that were proposed, or the rival that was chosen.
    pub after: String,
    /// What stands before them in the line.
    pub left: String,
    /// What stands after them.
    pub right: String,
    /// The rule that found it: for people, and for counting.
    pub rule: String,
    /// What was decided.
    pub verdict: Verdict,
    /// A remark, such as the reason; may be empty.
    pub comment: String,
}

/// Why a file of decisions cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {message}")]
pub struct DecisionError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl Decision {
    /// The decision about a change of a source; `file` as the file of decisions is to name it.
    pub fn new(source: &Source, file: &str, change: &Change, verdict: Verdict) -> Self {
        let (left, right) = context(source.words(), source.in_words(change.span.range()));
        Self {
            file: file.to_owned(),
            before: source.words_under(change.span).to_owned(),
            after: change.after.clone(),
            left,
            right,
            rule: change.rule.to_owned(),
            verdict,
            comment: String::new(),
        }
    }

    /// What is decided about: decisions that agree in this are about the same thing.
    fn subject(&self) -> (&str, &str, &str, &str, &str) {
        (&self.file, &self.before, &self.after, &self.left, &self.right)
    }

    /// Its line in the file, without the line end.
    pub fn line(&self) -> String {
        let verdict = match self.verdict {
            Verdict::Accept => "accept",
            Verdict::Reject => "reject",
        };
        let columns =
            [&self.file, &self.rule, &self.before, &self.after, &self.left, &self.right, &self.comment];
        columns.iter().fold(verdict.to_owned(), |line, column| line + "\t" + &escape(column))
    }
}

/// The words around a range of a text: at most `CONTEXT` characters on each side, of its own line.
pub fn context(text: &str, range: Range<usize>) -> (String, String) {
    let line = |c: &char| !matches!(c, '\n' | '\r');
    let left: Vec<char> = text[..range.start].chars().rev().take_while(line).take(CONTEXT).collect();
    let right = text[range.end..].chars().take_while(line).take(CONTEXT).collect();
    (left.into_iter().rev().collect(), right)
}

/// Reads a file of decisions: lines in any order, `#` comments and blank lines apart. A line that is there twice
/// counts once.
///
/// # Errors
/// At the first line that is no decision, or at the marks that an unfinished merge leaves.
pub fn parse(text: &str) -> Result<Vec<Decision>, DecisionError> {
    let mut out = BTreeSet::new();
    for (number, line) in text.lines().enumerate() {
        let wrong = |message: String| Err(DecisionError { line: number + 1, message });
        let line = line.trim_end_matches('\r').trim_start_matches('\u{FEFF}');
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark)) {
            return wrong(
                "this is the mark of a merge; keep the lines of both sides and delete the marks".into(),
            );
        }
        let columns: Vec<&str> = line.split('\t').collect();
        let [verdict, file, rule, before, after, left, right, rest @ ..] = &columns[..] else {
            return wrong(format!("{} columns instead of 8, parted by tabs", columns.len()));
        };
        if rest.len() > 1 {
            return wrong(format!("{} columns instead of 8, parted by tabs", columns.len()));
        }
        let verdict = match *verdict {
            "accept" => Verdict::Accept,
            "reject" => Verdict::Reject,
            other => return wrong(format!("`{other}` is no verdict; it is `accept` or `reject`")),
        };
        let mut plain = [file, rule, before, after, left, right, rest.first().unwrap_or(&"")]
            .map(|column| unescape(column));
        if let Some(column) = plain.iter().position(Option::is_none) {
            return wrong(format!(
                "column {} has a `\\` that is not `\\\\`, `\\t`, `\\n` or `\\r`",
                column + 2
            ));
        }
        let mut take = |column: usize| plain[column].take().unwrap_or_default();
        out.insert(Decision {
            file: take(0),
            rule: take(1),
            before: take(2),
            after: take(3),
            left: take(4),
            right: take(5),
            comment: take(6),
            verdict,
        });
    }
    Ok(out.into_iter().collect())
}

/// The text of the file: sorted by its lines, each once, so that two people's files merge line by line.
pub fn write(decisions: &[Decision]) -> String {
    let lines: BTreeSet<String> = decisions.iter().map(Decision::line).collect();
    lines.iter().fold(HEADER.to_owned(), |text, line| text + line + "\n")
}

/// Puts a decision in the place of earlier ones about the same thing.
pub fn decide(decisions: &mut Vec<Decision>, decision: Decision) {
    forget(decisions, &decision);
    decisions.push(decision);
}

/// Takes out every decision about the same thing; gives back whether there was one.
pub fn forget(decisions: &mut Vec<Decision>, decision: &Decision) -> bool {
    let before = decisions.len();
    decisions.retain(|d| d.subject() != decision.subject());
    decisions.len() < before
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next()? {
                '\\' => '\\',
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            c => c,
        });
    }
    Some(out)
}

/// What is to be seen of a decision in the manuscript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// Its words are there.
    Words,
    /// It was accepted, and what it puts in their place is there.
    Done,
    /// Neither.
    Nothing,
}

/// The decisions that concern one manuscript, found in its text.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    /// By the bytes of the words that a change replaces, without what stands on both sides: what is put there, and the decision.
    by_place: BTreeMap<(u32, u32), Vec<(String, usize)>>,
    /// The decisions, as the file has them.
    decisions: Vec<Decision>,
    /// What is to be seen of each decision.
    seen: Vec<Seen>,
    /// Whether each decision is contradicted by another.
    contradicted: Vec<bool>,
}

impl Verdicts {
    /// Looks for the words of each decision that names the manuscript `file`.
    ///
    /// A decision fits where its words stand in the same surroundings; if they stand nowhere so, where one side is
    /// the same, for mending a neighbor changes the other. What is both accepted and rejected is not decided.
    pub fn find(decisions: &[Decision], source: &Source, file: &str) -> Self {
        let decisions: Vec<Decision> = decisions.iter().filter(|d| d.file == file).cloned().collect();
        let mut verdicts = Self { contradicted: vec![false; decisions.len()], ..Self::default() };
        for (number, decision) in decisions.iter().enumerate() {
            let places = places(source.words(), decision, &decision.before);
            let done = || {
                decision.verdict == Verdict::Accept
                    && !self::places(source.words(), decision, &decision.after).is_empty()
            };
            verdicts.seen.push(match places.is_empty() {
                false => Seen::Words,
                true if done() => Seen::Done,
                true => Seen::Nothing,
            });
            for place in places {
                let (core, after) = core(&decision.before, place, &decision.after);
                verdicts.by_place.entry(core).or_default().push((after, number));
            }
        }
        for known in verdicts.by_place.values_mut() {
            let contradicted: Vec<usize> = known
                .iter()
                .filter(|(after, number)| {
                    let other = |(a, n): &(String, usize)| {
                        a == after && decisions[*n].verdict != decisions[*number].verdict
                    };
                    known.iter().any(other)
                })
                .map(|(_, number)| *number)
                .collect();
            contradicted.iter().for_each(|&number| verdicts.contradicted[number] = true);
            known.retain(|(_, number)| !contradicted.contains(number));
        }
        verdicts.decisions = decisions;
        verdicts
    }

    /// What was decided about putting `after` in the place of a span of the source.
    pub fn about(&self, source: &Source, span: Span, after: &str) -> Option<Verdict> {
        self.decision(source, span, after).map(|decision| decision.verdict)
    }

    /// The decision about it.
    pub fn decision(&self, source: &Source, span: Span, after: &str) -> Option<&Decision> {
        if self.by_place.is_empty() {
            return None;
        }
        let (core, after) = core(source.words_under(span), source.in_words(span.range()), after);
        self.by_place.get(&core)?.iter().find(|known| known.0 == after).map(|known| &self.decisions[known.1])
    }

    /// The number of decisions.
    pub fn len(&self) -> usize {
        self.decisions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.decisions.is_empty()
    }

    /// The decisions whose words are not in the manuscript any more.
    pub fn stale(&self) -> impl Iterator<Item = &Decision> {
        self.seen(Seen::Nothing)
    }

    /// The accepted decisions that are written into the manuscript.
    pub fn settled(&self) -> impl Iterator<Item = &Decision> {
        self.seen(Seen::Done)
    }

    fn seen(&self, what: Seen) -> impl Iterator<Item = &Decision> {
        self.decisions
            .iter()
            .zip(&self.seen)
            .filter(move |(_, seen)| **seen == what)
            .map(|(decision, _)| decision)
    }

    /// The subjects that are both accepted and rejected, each once, by its acceptance.
    pub fn contradictions(&self) -> impl Iterator<Item = &Decision> {
        let both = self.decisions.iter().zip(&self.contradicted);
        both.filter(|(d, wrong)| **wrong && d.verdict == Verdict::Accept).map(|(decision, _)| decision)
    }
}

/// Where words stand in the surroundings of a decision.
fn places(text: &str, decision: &Decision, words: &str) -> Vec<Range<usize>> {
    let (left, right) = (&decision.left, &decision.right);
    let find = |left: &str, right: &str, sides: [bool; 2]| -> Vec<Range<usize>> {
        let phrase = format!("{left}{words}{right}");
        let starts = memmem::find_iter(text.as_bytes(), &phrase).map(|at| at + left.len());
        let ranges = starts.map(|start| start..start + words.len());
        let same = |range: &Range<usize>| {
            let around = context(text, range.clone());
            (!sides[0] || around.0 == decision.left) && (!sides[1] || around.1 == decision.right)
        };
        ranges.filter(same).collect()
    };
    let exact = find(left, right, [true, true]);
    if !exact.is_empty() || words.is_empty() {
        return exact;
    }
    // One character is no surroundings, though it be at the edge of a line.
    let telling = |side: &str| side.chars().nth(1).is_some();
    let mut out = if telling(left) { find(left, "", [true, false]) } else { Vec::new() };
    if telling(right) {
        out.extend(find("", right, [false, true]));
    }
    out.sort_by_key(|place| place.start);
    out.dedup();
    out
}

/// A replacement without what it leaves as it is: the bytes that change, and what they become. 組職 → 組織 and
/// 職 → 織 are one. Where nothing changes, the whole is told.
pub fn core(before: &str, place: Range<usize>, after: &str) -> ((u32, u32), String) {
    if before == after {
        return ((place.start as u32, place.end as u32), after.to_owned());
    }
    let head: usize =
        before.chars().zip(after.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old, new) = (&before[head..], &after[head..]);
    let tail: usize =
        old.chars().rev().zip(new.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let start = place.start + head;
    ((start as u32, (place.end - tail).max(start) as u32), new[..new.len() - tail].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn decision(verdict: Verdict, before: &str, after: &str, left: &str, right: &str) -> Decision {
        let own = str::to_owned;
        Decision {
            verdict,
            file: own("a.txt"),
            rule: own("wrong-word"),
            before: own(before),
            after: own(after),
            left: own(left),
            right: own(right),
            comment: String::new(),
        }
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let mut odd = decision(Verdict::Reject, "甲\t乙", "丙\\", "\n", "");
        odd.comment = "作者的\r寫法".into();
        let decisions = vec![odd, decision(Verdict::Accept, "按裝", "安裝", "請", "冷氣。")];
        let text = write(&decisions);
        let mut expected = decisions;
        expected.sort();
        assert_eq!(parse(&text).expect("decisions"), expected);
        // Order, repetition and line ends do not matter.
        let mut lines: Vec<&str> = text.lines().collect();
        lines.reverse();
        let other = format!("{}\r\n{}\r\n", lines.join("\r\n"), lines.join("\r\n"));
        assert_eq!(parse(&other).expect("decisions"), expected);
        assert_eq!(write(&expected), text);
    }

    #[test]
    fn what_is_no_decision_is_told_with_its_line() {
        for (text, line, says) in [
            ("# a\n<<<<<<< HEAD\n", 2, "mark of a merge"),
            ("accept\ta\n", 1, "2 columns instead of 8"),
            ("maybe\ta\tb\tc\td\te\tf\t\n", 1, "`maybe` is no verdict"),
            ("\naccept\ta\tb\tc\\x\td\te\tf\t\n", 2, "column 4 has a `\\`"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.line == line && error.message.contains(says), "{error}");
        }
    }

    #[test]
    fn words_are_found_again() {
        let old = "請師傅來按裝冷氣，明天再按裝電燈。";
        let at = old.find("按裝").expect("there");
        let (left, right) = context(old, at..at + 6);
        let decision = decision(Verdict::Reject, "按裝", "安裝", &left, &right);
        // (text, how often the decision fits)
        for (text, fits) in [
            (old.to_owned(), 1),
            (format!("新的一段。\n{old}"), 1),
            ("請師傅來按裝暖氣，明天再按裝電燈。".to_owned(), 1),
            ("想請師傅來按裝冷氣，明天再按裝電燈。".to_owned(), 1),
            ("他來按裝。".to_owned(), 0),
            ("請師傅來安裝冷氣，明天再按裝電燈。".to_owned(), 0),
            (format!("{old}\n{old}"), 2),
        ] {
            let source = Source::new(SourceId(0), "a.txt", text.as_str());
            let verdicts = Verdicts::find(std::slice::from_ref(&decision), &source, "a.txt");
            let fitting = text
                .match_indices("按裝")
                .filter(|(at, word)| {
                    let span = Span::new(SourceId(0), *at..at + word.len());
                    verdicts.about(&source, span, "安裝") == Some(Verdict::Reject)
                })
                .count();
            assert_eq!((fitting, verdicts.stale().count()), (fits, usize::from(fits == 0)), "{text}");
        }
    }

    #[test]
    fn the_same_change_of_a_longer_word_is_the_same_decision() {
        let source = Source::new(SourceId(0), "a.txt", "為上合組職持續");
        let decision = decision(Verdict::Accept, "上合組職", "上合組織", "為", "持續");
        let verdicts = Verdicts::find(&[decision], &source, "a.txt");
        let span = |range| Span::new(SourceId(0), range);
        assert_eq!(verdicts.about(&source, span(12..15), "織"), Some(Verdict::Accept));
        assert_eq!(verdicts.about(&source, span(9..15), "組織"), Some(Verdict::Accept));
        assert_eq!(verdicts.about(&source, span(9..15), "組只"), None);
        let other = Verdicts::find(&verdicts.decisions, &source, "b.txt");
        assert!(other.is_empty());
    }

    #[test]
    fn what_was_accepted_and_is_written_is_not_stale() {
        let source = Source::new(SourceId(0), "a.txt", "為上合組織持續");
        for (verdict, stale) in [(Verdict::Accept, 0), (Verdict::Reject, 1)] {
            let decision = decision(verdict, "組職", "組織", "為上合", "持續");
            assert_eq!(Verdicts::find(&[decision], &source, "a.txt").stale().count(), stale);
        }
    }

    #[test]
    fn the_core_of_a_change_is_what_changes() {
        for (before, after, core) in [
            ("上合組職", "上合組織", ((9, 12), "織")),
            ("甲乙", "甲乙丙", ((6, 6), "丙")),
            ("甲甲", "甲", ((3, 6), "")),
            ("「甲", "「甲", ((0, 6), "「甲")),
            ("", "甲", ((0, 0), "甲")),
        ] {
            assert_eq!(super::core(before, 0..before.len(), after), (core.0, core.1.to_owned()), "{before}");
        }
    }

    #[test]
    fn what_is_accepted_and_rejected_is_not_decided() {
        let source = Source::new(SourceId(0), "a.txt", "請按裝冷氣");
        let both = [Verdict::Accept, Verdict::Reject].map(|v| decision(v, "按裝", "安裝", "請", "冷氣"));
        let verdicts = Verdicts::find(&both, &source, "a.txt");
        assert_eq!(verdicts.about(&source, Span::new(SourceId(0), 3..9), "安裝"), None);
        assert_eq!(verdicts.contradictions().count(), 1);
    }
}
