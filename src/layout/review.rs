//! The layout report: what is less than perfect on the pages, each with page, line and place.

use crate::{
    document::Document,
    layout::page::{Element, Pages},
    report::{Diagnostic, Report, Severity},
    rule::{Check, Doc, Rule, Stage},
    source::{SourceId, Span},
    text::Text,
};

/// How many of the loosest lines are named.
const LOOSEST: usize = 10;

const fn rule(name: &'static str, summary: &'static str, doc: Doc) -> Rule {
    Rule { name, stage: Stage::Layout, summary, doc, check: Check::Reported }
}

/// What layout reports.
pub const RULES: &[Rule] = &[
    Rule {
        name: "missing-glyph",
        stage: Stage::Font,
        summary: "no face has a character",
        doc: Doc {
            finds: "A character that neither the bundled faces nor the ones given with `--font` have.",
            why: "It would be an empty box in print. Where it stands, 〓 is set; copied text still has the character, unless it is a private one.",
            examples: &[],
            unsure: "Never. `--strict` makes it a failure; `--font FILE` gives a face that has it.",
        },
        check: Check::Reported,
    },
    Rule {
        name: "substitute-face",
        stage: Stage::Font,
        summary: "a letter is set in another face than its neighbours",
        doc: Doc {
            finds: "A Han character or letter that the face of its text lacks and that another face plays.",
            why: "Its strokes or its regional form may differ from those beside it (checklist 58).",
            examples: &[],
            unsure: "It is a note. Marks and symbols are not counted: faces are made for them.",
        },
        check: Check::Reported,
    },
    Rule {
        name: "font-not-embedded",
        stage: Stage::Font,
        summary: "a font cannot be embedded in EPUB and DOCX",
        doc: Doc {
            finds: "A font given with `--font` that is no TrueType font or whose licence bits forbid embedding.",
            why: "Word processors and e-readers ignore such a font, and readers would see another one.",
            examples: &[],
            unsure: "Never. The bundled faces can all be embedded.",
        },
        check: Check::Reported,
    },
    rule(
        "overfull-line",
        "a line is wider than its measure",
        Doc {
            finds: "A line that could not be broken anywhere, such as a long code or address in a narrow column.",
            why: "It sticks out into the margin.",
            examples: &[],
            unsure: "Never.",
        },
    ),
    rule(
        "short-line",
        "a line was left short rather than torn apart",
        Doc {
            finds: "A justified line whose gaps would have to open by more than half an em.",
            why: "A line that is torn apart reads worse than a short one (checklist 19).",
            examples: &[],
            unsure: "It is a note, not a fault.",
        },
    ),
    rule(
        "loose-line",
        "one of the loosest lines of the document",
        Doc {
            finds: "The ten lines whose gaps had to open most, if they open by more than 1/20 em.",
            why: "A word more or less in such a paragraph makes the grey of the page even.",
            examples: &[],
            unsure: "It is a note.",
        },
    ),
    rule(
        "broken-word",
        "a word or number that is wider than its line was broken",
        Doc {
            finds: "A number, code or address that no line can hold and that was broken at any place.",
            why: "Numbers stay whole with their signs (checklist 5); here there was no other way.",
            examples: &[],
            unsure: "Never.",
        },
    ),
    rule(
        "lone-character",
        "the last line of a paragraph holds a single character",
        Doc {
            finds: "孤字: a last line of one character that could be neither squeezed in nor joined by another.",
            why: "It looks lost on the page (checklist 48).",
            examples: &[],
            unsure: "It is a note.",
        },
    ),
    rule(
        "hyphen-run",
        "more than two lines in a row end with a hyphen",
        Doc {
            finds: "The third and further lines in a row that end with a hyphen.",
            why: "A ladder of hyphens catches the eye (checklist 10).",
            examples: &[],
            unsure: "It is a note.",
        },
    ),
    rule(
        "narrow-line-gap",
        "the gap between lines is too narrow for readings or marks",
        Doc {
            finds: "A paragraph with readings, dots or side lines where the template's pitch leaves no room for them.",
            why: "They would touch the next line; the paragraph takes whole lines more instead (checklist 39).",
            examples: &[],
            unsure: "It is a note.",
        },
    ),
    rule(
        "split-note",
        "a note goes on at the foot of the next page",
        Doc {
            finds: "A note that is longer than a third of the page and was split.",
            why: "The reader has to turn the page for its end (checklist 53).",
            examples: &[],
            unsure: "It is a note.",
        },
    ),
    rule(
        "oversized-block",
        "a picture or table row does not fit its page",
        Doc {
            finds: "A table wider than the page, a row taller than it, or a picture that had to be made smaller than it asks for.",
            why: "Everything is set, but not as one would wish.",
            examples: &[],
            unsure: "It is a note.",
        },
    ),
];

/// Reports the faults of the pages.
pub(super) fn review(pages: &Pages, document: &Document, split: &[usize], report: &mut Report) {
    // (amount, page, line, span) of loose lines.
    let mut loose: Vec<(f32, usize, usize, Span)> = Vec::new();
    for (number, page) in pages.pages.iter().enumerate() {
        let mut count = 0;
        for element in &page.elements {
            let Element::Text(line) = element else { continue };
            if line.node.is_none() {
                continue;
            }
            count += 1;
            for fault in &line.faults {
                if fault.rule == "loose-line" {
                    loose.push((fault.amount, number + 1, count, fault.span));
                    continue;
                }
                let (severity, words) = match fault.rule {
                    "overfull-line" => (
                        Severity::Warning,
                        format!("a line is {:.2} em wider than its measure", fault.amount),
                    ),
                    "short-line" => (
                        Severity::Note,
                        format!("a line is left {:.2} em short rather than torn apart", fault.amount),
                    ),
                    "broken-word" => (Severity::Note, "a word that no line can hold is broken".to_owned()),
                    "lone-character" => (Severity::Note, "a last line holds a single character".to_owned()),
                    _ => (Severity::Note, format!("{:.0} lines in a row end with a hyphen", fault.amount)),
                };
                let message = format!("{words} (page {}, line {count})", number + 1);
                report.push(Diagnostic::new(fault.rule, severity, fault.span, message));
            }
        }
    }
    loose.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for (amount, page, line, span) in loose.into_iter().take(LOOSEST) {
        let message = format!("gaps open by {amount:.2} em (page {page}, line {line})");
        report.push(Diagnostic::new("loose-line", Severity::Note, span, message));
    }
    for &note in split {
        let text = document.notes.get(note).and_then(|blocks| first_text(blocks));
        let span = text.map_or(Span::new(SourceId(0), 0..0), |t| t.span(0..t.as_str().len()));
        let label = pages.notes.get(note).map_or("", String::as_str);
        let message = format!("note {label} goes on at the foot of the next page");
        report.push(Diagnostic::new("split-note", Severity::Note, span, message));
    }
}

fn first_text(blocks: &[crate::document::Block]) -> Option<&Text> {
    blocks.iter().find_map(|block| match block {
        crate::document::Block::Paragraph { text, .. } | crate::document::Block::Heading { text, .. } => {
            Some(text)
        }
        _ => None,
    })
}
