//! Headings and a title that only look like it: short paragraphs in large or heavy letters, in a document whose styles
//! say of no paragraph that it is a heading. Every guess is reported.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    read::{
        Headings,
        docx::{
            Reader,
            story::{Paragraph, Piece},
            styles::Use,
        },
    },
    report::{Diagnostic, Severity},
    text::{MarkKind, OBJECT},
};

/// Longest heading, characters.
const LONGEST: usize = 30;
/// Marks that end no heading.
const ENDS: [char; 14] = ['。', '！', '？', '…', '；', '：', '，', '、', '.', '!', '?', ';', ':', ','];

/// Gives headings and a title their places among the paragraphs of a body.
pub(super) fn guess(reader: &mut Reader, pieces: &mut [Piece]) {
    let size = |piece: &Piece| match piece {
        Piece::Paragraph(paragraph) => paragraph.looks.size,
        Piece::Block(_) => 0,
    };
    let is =
        |wanted: fn(Use) -> bool| pieces.iter().any(|p| matches!(p, Piece::Paragraph(p) if wanted(p.usage)));
    let (headed, titled) = (is(|usage| matches!(usage, Use::Heading(_))), is(|usage| usage == Use::Title));
    if reader.options.headings == Headings::None || headed {
        return;
    }
    let Some(body) = body_size(pieces) else { return };
    let mut able: Vec<usize> = Vec::new();
    let mut running = 0;
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Paragraph(paragraph) = piece else { continue };
        let filled = !paragraph.text.as_str().trim().is_empty();
        running += usize::from(filled && paragraph.looks.plain);
        // A heading stands before something.
        if at + 1 < pieces.len() && is_able(paragraph, body) {
            able.push(at);
        }
    }
    if able.len() * 2 > running {
        return;
    }
    let filled = |piece: &Piece| !matches!(piece, Piece::Paragraph(p) if p.text.as_str().trim().is_empty());
    let first = pieces.iter().position(filled);
    let largest = able.iter().map(|&at| size(&pieces[at])).max();
    if let Some(at) = first.filter(|at| able.contains(at))
        && let Piece::Paragraph(paragraph) = &mut pieces[at]
        && paragraph.looks.centered
        && Some(paragraph.looks.size) == largest
        && !titled
    {
        paragraph.usage = Use::Title;
        unmark(paragraph);
        tell(reader, "guessed-title", paragraph, "the title", "give one with `--meta title=…`");
        able.retain(|&other| other != at);
    }
    let sizes: BTreeSet<u32> = able.iter().map(|&at| size(&pieces[at])).collect();
    for at in able {
        let Piece::Paragraph(paragraph) = &mut pieces[at] else { continue };
        let larger = sizes.iter().filter(|size| **size > paragraph.looks.size).count();
        paragraph.usage = Use::Heading((larger + 1).min(3) as u8);
        unmark(paragraph);
        tell(reader, "guessed-heading", paragraph, "a heading", "`--headings none` switches this off");
    }
}

/// What is a heading is heavy because it is one.
fn unmark(paragraph: &mut Paragraph) {
    let all = 0..paragraph.text.as_str().len();
    paragraph.text.unmark(|mark| mark.kind == MarkKind::Strong && mark.range == all);
}

fn tell(reader: &mut Reader, rule: &'static str, paragraph: &Paragraph, what: &str, hint: &str) {
    let words = paragraph.text.as_str().replace('\n', " / ");
    let span = paragraph.text.span(0..paragraph.text.as_str().len());
    let message = format!("`{words}` was taken as {what}, by its looks");
    reader.report.push(Diagnostic::new(rule, Severity::Note, span, message).hint(hint));
}

/// The size of most running text, half points; `None` where there is none.
fn body_size(pieces: &[Piece]) -> Option<u32> {
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    for piece in pieces {
        if let Piece::Paragraph(paragraph) = piece
            && paragraph.text.as_str().chars().count() > LONGEST
        {
            *sizes.entry(paragraph.looks.size).or_default() += paragraph.text.as_str().len();
        }
    }
    sizes.into_iter().max_by_key(|(_, count)| *count).map(|(size, _)| size)
}

/// Whether a paragraph could be a heading: short, without a mark at its end, and larger or heavier than the rest.
fn is_able(paragraph: &Paragraph, body: u32) -> bool {
    let words = paragraph.text.as_str().trim();
    let looks = paragraph.looks;
    let large = looks.size * 20 >= body * 23;
    looks.plain
        && paragraph.label.is_none()
        && (2..=LONGEST).contains(&words.chars().count())
        && words.chars().any(char::is_alphabetic)
        && !words.contains(OBJECT)
        && !words.ends_with(ENDS)
        && !words.contains('。')
        && (large || looks.bold)
}
