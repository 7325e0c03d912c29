//! There and back: an edition of a document, converted back to how the manuscript is written. Out comes what differs, each
//! with its place, and how much that is.

use std::ops::Range;

use super::{Options, borders, localize, rules};
use crate::{
    document::Document,
    edition::{Edition, Script},
    report::{Diagnostic, Report, Severity},
    source::{SourceId, Span},
    text::Text,
};

/// What does not come back when `made`, an edition of `document`, is converted to `own`, the edition that the
/// document is as it was written. Words of the region are converted back where a list has them.
#[must_use]
pub fn round_trip(document: &Document, made: &Document, edition: &Edition, own: &Edition) -> Report {
    let mut back = made.clone();
    let own = Edition { localized: true, ..own.clone() };
    let words = Some(own.script == Script::Simplified);
    let options = Options { script: Some(edition.script), words, ..Options::default() };
    // What the way back has to say is nobody's concern.
    let _ = localize(&mut back, &own, options);
    let mut report = Report::default();
    let (mut han, mut lost) = (0, 0);
    let count = |words: &str| words.chars().filter(|c| borders::is_han(*c)).count();
    let (before, made, back) = (document.texts(), made.texts(), back.texts());
    for (((_, before), (_, made)), (_, back)) in before.iter().zip(&made).zip(&back) {
        han += count(before.as_str());
        for difference in differences(before, made, back) {
            lost += count(&difference.before).max(1);
            let Difference { span, before, made, back } = difference;
            let message = format!("`{before}` is `{made}` in {} and comes back as `{back}`", edition.tag());
            report.push(Diagnostic::new(rules::ROUND_TRIP, Severity::Warning, span, message));
        }
    }
    let share = if han == 0 { 0.0 } else { lost as f64 * 100.0 / han as f64 };
    let message = format!("{} and back: {lost} of {han} Han characters differ ({share:.2} %)", edition.tag());
    let first = before.iter().find(|(_, text)| !text.is_empty());
    let place = first.map_or(Span::new(SourceId(0), 0..0), |(_, text)| text.span(0..0));
    report.diagnostics.insert(0, Diagnostic::new(rules::ROUND_TRIP, Severity::Note, place, message));
    report
}

/// Words that do not come back.
struct Difference {
    span: Span,
    before: String,
    made: String,
    back: String,
}

/// Where a text that was converted twice differs from what it was, by the stretches of the source that were rewritten.
fn differences(before: &Text, made: &Text, back: &Text) -> Vec<Difference> {
    let mut out: Vec<Difference> = Vec::new();
    if before.as_str() == back.as_str() {
        return out;
    }
    let mut stretches: Vec<(Span, Range<usize>)> = Vec::new();
    for (range, piece) in back.piece_ranges().filter(|(_, piece)| !piece.verbatim) {
        match stretches.last_mut() {
            Some((span, so_far))
                if so_far.end == range.start && (*span == piece.span || meet(*span, piece.span)) =>
            {
                *span = span.join(piece.span);
                so_far.end = range.end;
            }
            _ => stretches.push((piece.span, range)),
        }
    }
    let (mut before, mut made) = (Words::of(before), Words::of(made));
    for (span, range) in stretches {
        let (was, back) = (before.under(span), &back.as_str()[range]);
        if was != back {
            let (before, back) = (was, back.to_owned());
            out.push(Difference { span, before, made: made.under(span), back });
        }
    }
    out
}

/// Whether two spans share a byte.
fn meet(a: Span, b: Span) -> bool {
    a.source == b.source && a.start < b.end && b.start < a.end
}

/// The words of a text by the spans that they stand for, asked for in their order.
struct Words<'a> {
    text: &'a Text,
    pieces: Vec<(Range<usize>, Span, bool)>,
    at: usize,
}

impl<'a> Words<'a> {
    fn of(text: &'a Text) -> Self {
        let pieces = text.piece_ranges().map(|(range, piece)| (range, piece.span, piece.verbatim)).collect();
        Self { text, pieces, at: 0 }
    }

    fn under(&mut self, span: Span) -> String {
        let mut out = String::new();
        while self
            .pieces
            .get(self.at)
            .is_some_and(|(_, own, _)| own.source == span.source && own.end <= span.start)
        {
            self.at += 1;
        }
        for (range, own, verbatim) in &self.pieces[self.at..] {
            if !meet(*own, span) {
                break;
            }
            let part = if *verbatim {
                let offset = |at: u32| range.start + (at - own.start) as usize;
                offset(span.start.max(own.start))..offset(span.end.min(own.end))
            } else {
                range.clone()
            };
            out.push_str(&self.text.as_str()[part]);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Block, Role},
        edition::Region,
    };

    #[test]
    fn what_does_not_come_back_is_told() {
        // (manuscript, script, edition, what differs, the figure)
        for (string, script, to, expected, figure) in [
            (
                "头发与发展，皇后在后面。",
                Script::Simplified,
                "hk",
                &[][..],
                "0 of 10 Han characters differ (0.00 %)",
            ),
            (
                "他坐出租车。",
                Script::Simplified,
                "hk",
                &["`出租车` is `的士` in zh-Hant-HK and comes back as `的士`"],
                "3 of 5 Han characters differ (60.00 %)",
            ),
            (
                "一隻伙伴在裡面。",
                Script::Traditional,
                "cn",
                &["`伙` is `伙` in zh-Hans-CN and comes back as `夥`"],
                "1 of 7 Han characters differ (14.29 %)",
            ),
            ("", Script::Simplified, "tw", &[], "0 of 0 Han characters differ (0.00 %)"),
        ] {
            let text = Text::verbatim(string, SourceId(0), 7);
            let document =
                Document { blocks: vec![Block::Paragraph { text, role: Role::Body }], ..Document::default() };
            let edition = Edition::parse(to).expect("an edition");
            let mut made = document.clone();
            let _ = localize(&mut made, &edition, Options::default());
            let own =
                Edition::source(script, if script == Script::Simplified { Region::Cn } else { Region::Tw });
            let report = round_trip(&document, &made, &edition, &own);
            let told: Vec<&str> = report.diagnostics[1..].iter().map(|d| d.message.as_str()).collect();
            assert_eq!(told, expected, "{string}");
            assert!(report.diagnostics[0].message.ends_with(figure), "{}", report.diagnostics[0].message);
            if let Some(first) = report.diagnostics.get(1) {
                let range = first.span.range();
                assert!(expected[0].starts_with(&format!("`{}`", &string[range.start - 7..range.end - 7])));
            }
        }
    }
}
