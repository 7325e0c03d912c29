//! A document in, its texts with the voice of each out, and from these the faces that an edition needs.

use std::collections::BTreeSet;

use crate::{
    counter,
    document::{Block, Counter, Document},
    edition::{Edition, Script},
    font::casting::{Casting, Set},
    font::store::{FontError, FontStore},
    index,
    source::{SourceId, Span},
    template::PageStyle,
    text::{MarkKind, Text},
    write::runs::{Kind, Look, Voice, by_set, runs, styled_runs},
};

/// Casts all texts of a document, its readings, the numbers of its lists, and `labels` of our own making.
///
/// # Errors
/// When a face of the user cannot be opened.
pub(crate) fn cast<'a>(
    store: &'a FontStore,
    edition: &Edition,
    document: &Document,
    page: &PageStyle,
    labels: &[(Voice, &str)],
) -> Result<Casting<'a>, FontError> {
    let mut casting = Casting::new(store, edition.region)?;
    let meta = &document.meta;
    let mut texts: Vec<(Voice, &Text)> = Vec::new();
    texts.extend(meta.title.iter().chain(&meta.subtitle).map(|t| (Voice::Heading, t)));
    texts.extend(meta.authors.iter().chain(&meta.source).map(|t| (Voice::Body, t)));
    for blocks in std::iter::once(&document.blocks).chain(&document.notes) {
        collect(blocks, Voice::Body, &mut texts);
    }
    for (voice, text) in texts {
        for run in styled_runs(text, page) {
            if let Kind::Words(words) = run.kind {
                let start = run.range.start;
                casting.add(words, voice.style(run.look, run.set), run.set, |a, b| {
                    text.span(start + a..start + b)
                });
            }
        }
    }
    for (_, text) in document.texts() {
        for mark in text.marks() {
            let MarkKind::Ruby(reading) = &mark.kind else { continue };
            for (words, set) in by_set(reading) {
                // A reading has no place of its own: it is found at the characters that it stands beside.
                let style = Voice::Body.style(Look::default(), set);
                casting.add(words, style, set, |_, _| text.span(mark.range.clone()));
            }
        }
    }
    for label in list_labels(&document.blocks, document, page, edition) {
        for (words, set) in by_set(&label) {
            let span = Span::new(SourceId(0), 0..0);
            casting.add(words, Voice::Body.style(Look::default(), set), set, |_, _| span);
        }
    }
    for (voice, label) in labels {
        let text = Text::made(*label, Span::new(SourceId(0), 0..0));
        for run in runs(&text, 0) {
            let style = voice.style(Look::default(), run.set);
            casting.add(&label[run.range.clone()], style, run.set, |_, _| Span::new(SourceId(0), 0..0));
        }
    }
    // Alternative text stands in for a picture that is not there.
    for block in &document.blocks {
        if let Block::Figure { alt, span, path, .. } = block
            && !document.images.iter().any(|i| i.path == *path)
        {
            casting.add(alt, Voice::Body.style(Look::default(), Set::Chinese), Set::Chinese, |_, _| *span);
        }
    }
    Ok(casting)
}

/// What the indexes of a document print besides its words.
pub(crate) fn indexed(document: &Document, edition: &Edition) -> Vec<(Voice, String)> {
    let mut out = Vec::new();
    for index in index::of(document, edition, |_, _| Vec::new()) {
        let title = index::title(index.kind, edition);
        out.extend([(Voice::Heading, title.to_owned()), (Voice::Body, title.to_owned())]);
        out.push((Voice::Body, "0123456789, –、至一二三四五六七八九〇".to_owned()));
        for group in index.groups {
            out.push((Voice::Heading, group.label));
            out.extend(group.entries.into_iter().map(|entry| (Voice::Body, entry.words)));
        }
    }
    out
}

/// The numbers of all lists that are not written in plain digits.
fn list_labels(
    blocks: &[Block],
    document: &Document,
    page: &PageStyle,
    edition: &Edition,
) -> BTreeSet<String> {
    fn walk(blocks: &[Block], depth: usize, each: &mut impl FnMut(Counter, u64, usize, usize)) {
        for block in blocks {
            match block {
                Block::List { start, counter, items, .. } => {
                    if let Some(start) = start {
                        each(*counter, *start, items.len(), depth);
                    }
                    items.iter().for_each(|item| walk(&item.blocks, depth + 1, each));
                }
                // A meaning is indented as the item of a list is.
                Block::Definitions(_) => {
                    block.inner().into_iter().for_each(|blocks| walk(blocks, depth, each));
                }
                Block::Quote(blocks) => walk(blocks, depth, each),
                _ => {}
            }
        }
    }
    let mut out = BTreeSet::new();
    for blocks in std::iter::once(blocks).chain(document.notes.iter().map(Vec::as_slice)) {
        walk(blocks, 0, &mut |asked, start, count, depth| {
            let written = page.counter(asked, depth);
            if written != Counter::Decimal {
                let traditional = edition.script == Script::Traditional;
                let numbers = (0..count as u64).map(|n| start.saturating_add(n));
                out.extend(numbers.map(|n| counter::label(written, n, traditional)));
            }
        });
    }
    out
}

fn collect<'a>(blocks: &'a [Block], voice: Voice, out: &mut Vec<(Voice, &'a Text)>) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } => out.push((Voice::Heading, text)),
            Block::Paragraph { text, .. } => out.push((voice, text)),
            Block::Quote(blocks) => collect(blocks, Voice::Quote, out),
            Block::List { items, .. } => items.iter().for_each(|item| collect(&item.blocks, voice, out)),
            Block::Definitions(all) => {
                for one in all {
                    out.push((Voice::Head, &one.term));
                    one.meanings.iter().for_each(|blocks| collect(blocks, voice, out));
                }
            }
            Block::Code { text, .. } => out.push((Voice::Code, text)),
            Block::Verse(stanzas) => out.extend(stanzas.iter().map(|t| (voice, t))),
            Block::Table { head, rows, caption, .. } => {
                out.extend(caption.iter().map(|t| (Voice::Body, t)));
                out.extend(head.iter().map(|t| (Voice::Head, t)));
                out.extend(rows.iter().flatten().map(|t| (Voice::Body, t)));
            }
            Block::Figure { caption, .. } => out.extend(caption.iter().map(|t| (Voice::Body, t))),
            Block::Break => {}
        }
    }
}

/// The characters of the numbers of notes, where some of them are Chinese.
pub(super) fn note_numbers(document: &Document) -> &'static str {
    if document.endnotes.is_empty() { "" } else { "零一二三四五六七八九十百千" }
}
