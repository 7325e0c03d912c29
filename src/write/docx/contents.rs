//! The table of contents of a DOCX: a field with its entries filled in, each of which leads to its heading and has a field
//! for its page. What that shows is the page of the layout, until the program that opens the file counts its own.

use crate::{
    document::Block,
    text::{OBJECT, Text},
    write::{docx::inline::Story, runs::Voice},
};

/// The name of the bookmark at a heading.
pub(super) fn bookmark(number: usize) -> String {
    format!("_Toc{number:08}")
}

/// Whether a block is listed in contents of a depth.
pub(super) fn is_listed(block: &Block, depth: u8) -> bool {
    matches!(block, Block::Heading { level, text } if *level <= depth && !text.as_str().trim().is_empty())
}

/// The headings that are listed in contents of a depth, with their levels.
pub(super) fn listed(blocks: &[Block], depth: u8) -> impl Iterator<Item = (u8, &Text)> {
    blocks.iter().filter(move |block| is_listed(block, depth)).filter_map(|block| match block {
        Block::Heading { level, text } => Some((*level, text)),
        _ => None,
    })
}

/// Writes the contents of a document, if it has headings to list; `start` opens a paragraph of a style.
pub(super) fn write(story: &mut Story, blocks: &[Block], depth: u8) {
    let listed: Vec<(u8, &Text)> = listed(blocks, depth).collect();
    if listed.is_empty() {
        return;
    }
    let label = story.book.words.contents;
    story.xml.open("w:sdt", &[]).open("w:sdtPr", &[]).open("w:docPartObj", &[]);
    story.xml.empty("w:docPartGallery", &[("w:val", "Table of Contents")]);
    story.xml.empty("w:docPartUnique", &[]).close().close().open("w:sdtContent", &[]);
    open(story, "TOCHeading");
    story.words(label, Voice::Heading);
    story.xml.close().line();
    let last = listed.len() - 1;
    let mut folios = story.book.paged.headings.iter();
    for (at, (level, text)) in listed.into_iter().enumerate() {
        open(story, ["TOC1", "TOC2", "TOC3", "TOC4", "TOC5", "TOC6"][usize::from(level.clamp(1, 6) - 1)]);
        if at == 0 {
            begin(story, &format!(" TOC \\o \"1-{depth}\" \\h \\z \\u "));
        }
        story.xml.open("w:hyperlink", &[("w:anchor", &bookmark(at + 1)), ("w:history", "1")]);
        let words: String = text.as_str().chars().filter(|c| *c != OBJECT).collect();
        let words = words.replace('\n', "\u{3000}");
        story.words(&words, Voice::Body);
        let known = folios.clone().position(|(heading, _)| squeezed(heading).eq(squeezed(&words)));
        if let Some((_, label)) = known.and_then(|known| folios.nth(known)) {
            story.words("\t", Voice::Body);
            begin(story, &format!(" PAGEREF {} \\h ", bookmark(at + 1)));
            story.words(label, Voice::Body);
            mark(story, "end");
        }
        story.xml.close();
        if at == last {
            mark(story, "end");
        }
        story.xml.close().line();
    }
    story.xml.close().close().line();
}

/// The words of a heading, however it is broken.
fn squeezed(words: &str) -> impl Iterator<Item = char> + '_ {
    words.chars().filter(|c| !c.is_whitespace() && *c != OBJECT)
}

pub(super) fn open(story: &mut Story, style: &str) {
    story.size = super::styles::size(style);
    story.xml.open("w:p", &[]).open("w:pPr", &[]);
    story.xml.empty("w:pStyle", &[("w:val", style)]).close();
}

/// Begins a field whose result follows.
pub(super) fn begin(story: &mut Story, instruction: &str) {
    begin_as(story, instruction, false);
}

/// Begins a field; the result of a `stale` one is made anew when the file is opened.
pub(super) fn begin_as(story: &mut Story, instruction: &str, stale: bool) {
    let mut attributes = vec![("w:fldCharType", "begin")];
    attributes.extend(stale.then_some(("w:dirty", "true")));
    story.xml.open("w:r", &[]).empty("w:fldChar", &attributes).close();
    story.xml.open("w:r", &[]);
    story.xml.leaf("w:instrText", &[("xml:space", "preserve")], instruction).close();
    mark(story, "separate");
}

/// One of the marks of a field: where it begins, where its result begins, where it ends.
pub(super) fn mark(story: &mut Story, kind: &str) {
    story.xml.open("w:r", &[]).empty("w:fldChar", &[("w:fldCharType", kind)]).close();
}
