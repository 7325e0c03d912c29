//! A document in, its texts with the voice of each out, and from these the faces that an edition needs.

use crate::{
    document::{Block, Document},
    edition::Edition,
    font::casting::{Casting, Set},
    font::store::{FontError, FontStore},
    source::{SourceId, Span},
    text::Text,
    write::runs::{Kind, Look, Voice, runs},
};

/// Casts all texts of a document, and `labels` of our own making.
///
/// # Errors
/// When a face of the user cannot be opened.
pub(crate) fn cast<'a>(
    store: &'a FontStore,
    edition: &Edition,
    document: &Document,
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
        for run in runs(text) {
            if let Kind::Words(words) = run.kind {
                let start = run.range.start;
                casting.add(words, voice.style(run.look, run.set), run.set, |a, b| {
                    text.span(start + a..start + b)
                });
            }
        }
    }
    for (voice, label) in labels {
        let text = Text::made(*label, Span::new(SourceId(0), 0..0));
        for run in runs(&text) {
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

fn collect<'a>(blocks: &'a [Block], voice: Voice, out: &mut Vec<(Voice, &'a Text)>) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } => out.push((Voice::Heading, text)),
            Block::Paragraph { text, .. } => out.push((voice, text)),
            Block::Quote(blocks) => collect(blocks, Voice::Quote, out),
            Block::List { items, .. } => items.iter().for_each(|item| collect(&item.blocks, voice, out)),
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
