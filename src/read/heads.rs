//! The headings of a document: which is the title, and that the outermost are of level 1. Lines on authors and date
//! under the title, and the note on the authors at the end, become metadata.

use crate::{
    document::{Block, Document, Role},
    read::{ReadOptions, plain},
    report::{Diagnostic, Report, Severity},
    text::MarkKind,
};

/// The only heading of level 1, at the head of the text, is the title; the outermost headings get level 1. The headings
/// of a chapter are left to the book.
pub(super) fn title(document: &mut Document, options: &ReadOptions, report: &mut Report) {
    if options.chapter {
        return;
    }
    let levels = |blocks: &[Block], level: u8| {
        blocks.iter().filter(|b| matches!(b, Block::Heading { level: l, .. } if *l == level)).count()
    };
    if levels(&document.blocks, 1) == 1
        && let Some(Block::Heading { level: 1, text }) = document.blocks.first()
        && !text.is_empty()
        && !text.marks().iter().any(|m| matches!(m.kind, MarkKind::Note(_) | MarkKind::Image { .. }))
        && document.meta.title.as_ref().is_none_or(|t| t.as_str() == text.as_str())
    {
        let text = text.clone();
        document.blocks.remove(0);
        if document.meta.title.is_none() {
            let span = text.span(0..text.as_str().len());
            let message = format!("`{}` was taken as the title", text.as_str().replace('\n', " / "));
            let diagnostic = Diagnostic::new("guessed-title", Severity::Note, span, message);
            report.push(diagnostic.hint("override it with `--meta title=…`"));
            document.meta.title = Some(text);
        }
    }
    if let Some(title) = &document.meta.title
        && levels(&document.blocks, 1) > 1
        && let [Block::Heading { level: 1, text }, after, ..] = document.blocks.as_slice()
        && text.as_str() == title.as_str()
    {
        let span = text.span(0..text.as_str().len());
        // With nothing under it, it is the title again; a first chapter may be called as its book is.
        if matches!(after, Block::Heading { level: 1, .. }) && text.marks().is_empty() {
            document.blocks.remove(0);
        } else {
            let message = format!("`{}` is the title and the first of several headings", text.as_str());
            let finding = Diagnostic::new("guessed-title", Severity::Note, span, message);
            report.push(finding.hint("it is printed twice; take one of them away unless both are meant"));
        }
    }
    let lowest = document.blocks.iter().filter_map(|b| match b {
        Block::Heading { level, .. } => Some(*level),
        _ => None,
    });
    let by = lowest.min().unwrap_or(1) - 1;
    shift(&mut document.blocks, by);
    document.notes.iter_mut().for_each(|note| shift(note, by));
    if document.meta.title.is_some() {
        while let Some(Block::Paragraph { text, .. }) = document.blocks.first()
            && text.marks().is_empty()
            && let Some((key, value)) = plain::label(text)
            && plain::byline(key, &value)
        {
            plain::set_labelled(key, value, document, report);
            document.blocks.remove(0);
        }
    }
    if document.blocks.len() > 1
        && let Some(Block::Paragraph { text, role }) = document.blocks.last()
        && *role == Role::Body
        && text.marks().is_empty()
    {
        let text = text.clone();
        if plain::author_note(&text, document, report)
            && let Some(Block::Paragraph { role, .. }) = document.blocks.last_mut()
        {
            *role = Role::AuthorNote;
        }
    }
}

/// Makes headings higher.
pub(super) fn shift(blocks: &mut [Block], by: u8) {
    for block in blocks {
        match block {
            Block::Heading { level, .. } => *level = level.saturating_sub(by).max(1),
            block => block.inner_mut().into_iter().for_each(|blocks| shift(blocks, by)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        read::markdown,
        source::{Source, SourceId},
    };

    #[test]
    fn a_title_is_printed_once() {
        for (text, headings, told) in [
            ("---\ntitle: 題\n---\n\n# 題\n\n# 一\n\n文\n\n# 二\n", vec!["一", "二"], false),
            ("---\ntitle: 題\n---\n\n# 題\n\n文\n", vec![], false),
            // A first chapter may be called as its book is.
            ("---\ntitle: 題\n---\n\n# 題\n\n文\n\n# 二\n", vec!["題", "二"], true),
            ("---\ntitle: 題\n---\n\n# 題\n\n## 甲\n\n# 二\n", vec!["題", "甲", "二"], true),
            ("---\ntitle: 題\n---\n\n# 一\n\n# 題\n", vec!["一", "題"], false),
            ("# 題\n\n# 一\n\n文\n", vec!["題", "一"], false),
        ] {
            let mut report = Report::default();
            let source = Source::new(SourceId(0), "a.md", text);
            let document = markdown::read(&source, &ReadOptions::default(), &mut report);
            let found: Vec<&str> = (document.blocks.iter())
                .filter_map(|block| match block {
                    Block::Heading { text, .. } => Some(text.as_str()),
                    _ => None,
                })
                .collect();
            assert_eq!(found, headings, "{text}");
            assert_eq!(report.diagnostics.iter().any(|d| d.rule == "guessed-title"), told, "{text}");
        }
    }
}
