//! Paragraphs with what is known of them in, blocks out: lists, quotations, code and verse put together, captions
//! given to their tables and pictures, title and authors taken off the head.

use crate::{
    document::{Block, Counter, Definition, Item, Role},
    links,
    read::{
        docx::{
            Reader, looks,
            numbering::LabelKind,
            properties,
            story::{Paragraph, Piece, Story},
            styles::Use,
        },
        urls::mark_urls,
    },
    text::{MarkKind, OBJECT, Text},
};

/// How much less than its list a paragraph may be indented that goes on with an item, twips.
const SLACK: i32 = 120;

/// A list that is open.
struct Open {
    level: usize,
    /// The instance in the document.
    list: String,
    start: Option<u64>,
    counter: Counter,
    /// The number of its next item.
    next: u64,
    /// Left indent of its words, twips.
    left: i32,
    items: Vec<Item>,
    /// In a list of definitions, whose items are meanings: left indent of its terms, twips.
    term: i32,
    /// Each term, and how many meanings stand before it.
    terms: Vec<(Text, usize)>,
}

/// Blocks in the making.
#[derive(Default)]
struct Build {
    blocks: Vec<Block>,
    lists: Vec<Open>,
    /// A caption that waits for its table or picture.
    caption: Option<Paragraph>,
}

impl Reader<'_> {
    /// The blocks of a story.
    pub(super) fn finish(&mut self, mut story: Story) -> Vec<Block> {
        if story.body {
            looks::guess(self, &mut story.pieces);
        }
        let mut build = Build::default();
        let mut pieces = story.pieces.into_iter().peekable();
        while let Some(piece) = pieces.next() {
            let paragraph = match piece {
                Piece::Paragraph(paragraph) => *paragraph,
                Piece::Block(block) => {
                    build.block(block);
                    continue;
                }
            };
            let paragraph = match self.front(&story.body, &build, paragraph) {
                Some(paragraph) => paragraph,
                None => continue,
            };
            let mut more = |wanted: fn(Use) -> bool| match pieces.peek() {
                Some(Piece::Paragraph(next)) if wanted(next.usage) => match pieces.next() {
                    Some(Piece::Paragraph(next)) => Some(*next),
                    _ => None,
                },
                _ => None,
            };
            let usage = match paragraph.usage {
                Use::Body if paragraph.counted && is_caption(paragraph.text.as_str()) => Use::Caption,
                usage => usage,
            };
            match usage {
                Use::Code => {
                    let mut text = paragraph.text.clone();
                    while let Some(next) = more(|usage| usage == Use::Code) {
                        let at =
                            crate::source::Span { start: next.span.start, end: next.span.start, ..next.span };
                        text.push("\n", at, false);
                        text.push_text(&next.text);
                    }
                    // All of it is code, and nothing of it looks otherwise.
                    text.unmark(|mark| matches!(mark.kind, MarkKind::Code | MarkKind::Strong));
                    build.inside(paragraph.left, Block::Code { language: String::new(), text });
                }
                Use::Verse | Use::VerseEnd => {
                    let mut stanzas = vec![paragraph.text.clone()];
                    let mut ended = paragraph.usage == Use::VerseEnd;
                    while let Some(next) = more(|usage| matches!(usage, Use::Verse | Use::VerseEnd)) {
                        match stanzas.last_mut().filter(|_| !ended) {
                            Some(stanza) => {
                                let at = crate::source::Span { end: next.span.start, ..next.span };
                                stanza.push("\n", at, false);
                                stanza.push_text(&next.text);
                            }
                            None => stanzas.push(next.text.clone()),
                        }
                        ended = next.usage == Use::VerseEnd;
                    }
                    stanzas.retain(|stanza| !stanza.as_str().trim().is_empty());
                    build.block(Block::Verse(stanzas));
                }
                Use::Quote => {
                    let mut own = Story::new(&story.part, story.relations.clone(), false);
                    let body = |paragraph: Paragraph| {
                        let (usage, quoted) = match paragraph.quoted {
                            0 | 1 => (Use::Body, 1),
                            more => (Use::Quote, more - 1),
                        };
                        Piece::Paragraph(Box::new(Paragraph { usage, quoted, ..paragraph }))
                    };
                    let left = paragraph.left;
                    own.pieces.push(body(paragraph));
                    while let Some(next) = more(|usage| usage == Use::Quote) {
                        own.pieces.push(body(next));
                    }
                    let blocks = self.finish(own);
                    if !blocks.is_empty() {
                        build.quote(left, Block::Quote(blocks));
                    }
                }
                Use::Caption => {
                    build.settle();
                    build.caption = Some(paragraph);
                    // One below a picture is that picture's.
                    build.below();
                }
                _ => build.paragraph(paragraph),
            }
        }
        build.settle();
        build.close(0);
        let mut blocks = build.blocks;
        if let Some(title) = self.meta.title.as_ref().filter(|_| story.body) {
            properties::once(&mut blocks, title);
        }
        blocks
    }

    /// Takes title, authors and date off the head of a body.
    fn front(&mut self, body: &bool, build: &Build, paragraph: Paragraph) -> Option<Paragraph> {
        let head = *body && build.blocks.is_empty() && build.lists.is_empty();
        let words = paragraph.text.as_str().trim().to_owned();
        if !head || words.is_empty() {
            return Some(paragraph);
        }
        match paragraph.usage {
            Use::Title => match &mut self.meta.title {
                None => self.meta.title = Some(paragraph.text),
                Some(title) => {
                    let at = crate::source::Span { end: paragraph.span.start, ..paragraph.span };
                    title.push("\n", at, false);
                    title.push_text(&paragraph.text);
                }
            },
            Use::Subtitle if self.meta.subtitle.is_none() => self.meta.subtitle = Some(paragraph.text),
            Use::Author => {
                let mut start = 0;
                for name in paragraph.text.as_str().split(['\u{3000}', '\n', '、', ';', '；']) {
                    let blank = name.len() - name.trim_start().len();
                    if !name.trim().is_empty() {
                        let from = start + blank;
                        self.meta.authors.push(paragraph.text.slice(from..from + name.trim().len()));
                    }
                    start += name.len();
                    start += paragraph.text.as_str()[start..].chars().next().map_or(0, char::len_utf8);
                }
            }
            Use::Source if self.meta.source.is_none() => self.meta.source = Some(paragraph.text),
            Use::Date if self.meta.date.is_none() => match properties::date(&words) {
                Some(date) => self.meta.date = Some(date),
                None => return Some(paragraph),
            },
            _ => return Some(paragraph),
        }
        None
    }
}

impl Build {
    /// A block that belongs to no list.
    fn block(&mut self, mut block: Block) {
        self.close(0);
        match &mut block {
            Block::Table { caption: caption @ None, .. } => {
                *caption = self.caption.take().map(|p| whole(p.text))
            }
            Block::Figure { caption: caption @ None, anchor, .. } => {
                (*caption, *anchor) = captioned(self.caption.take(), anchor.take());
            }
            _ => {}
        }
        self.settle();
        self.blocks.push(block);
    }

    /// A block in the item of a list that is indented as far as it, if there is one.
    fn inside(&mut self, left: i32, block: Block) {
        self.settle();
        let fits = self.lists.iter().rposition(|open| left > 0 && left + SLACK >= open.left);
        match fits {
            Some(at) => {
                self.close(at + 1);
                match self.lists.last_mut().and_then(|open| open.items.last_mut()) {
                    Some(item) => item.blocks.push(block),
                    None => self.blocks.push(block),
                }
            }
            None => self.block(block),
        }
    }

    /// A quotation: one in a list only where it is indented further than the list's own words.
    fn quote(&mut self, left: i32, block: Block) {
        let deeper = self.lists.last().is_some_and(|open| left > open.left + SLACK);
        if deeper { self.inside(left, block) } else { self.block(block) }
    }

    /// A caption that found nothing is a paragraph.
    fn settle(&mut self) {
        if let Some(paragraph) = self.caption.take() {
            self.close(0);
            let text = paragraph.text;
            if !text.as_str().trim().is_empty() {
                self.blocks.push(Block::Paragraph { text, role: Role::Continued });
            }
        }
    }

    /// Gives a caption that waits to the picture above it.
    fn below(&mut self) {
        if let Some(Block::Figure { caption: caption @ None, anchor, .. }) = self.blocks.last_mut() {
            (*caption, *anchor) = captioned(self.caption.take(), anchor.take());
        }
    }

    fn paragraph(&mut self, paragraph: Paragraph) {
        let Paragraph { mut text, usage, label, left, ruled, .. } = paragraph;
        let words = text.as_str().trim();
        // The first block of a meaning may be no paragraph, which then is empty.
        if label.is_none() && usage == Use::Meaning && self.means(left) {
            mark_urls(&mut text);
            if let Some(item) = self.lists.last_mut().and_then(|open| open.items.last_mut())
                && !text.as_str().trim().is_empty()
            {
                item.blocks.push(Block::Paragraph { text, role: Role::Body });
            }
            return;
        }
        if words.is_empty() {
            if ruled || usage == Use::Break || usage == Use::Caption && text.as_str() == "\u{3000}" {
                self.block(Block::Break);
            }
            return;
        }
        if label.is_none() && usage == Use::Break || is_break(words) && label.is_none() && usage == Use::Body
        {
            self.block(Block::Break);
            return;
        }
        if let (Some(block), None) = (figure(&text), &label) {
            if self.lists.is_empty() || left <= 0 {
                self.block(block);
            } else {
                self.inside(left, block);
            }
            return;
        }
        mark_urls(&mut text);
        let role = match usage {
            Use::Heading(level) => {
                self.block(Block::Heading { level: level.min(6), text: whole(text) });
                return;
            }
            Use::Title => {
                self.block(Block::Heading { level: 1, text: whole(text) });
                return;
            }
            Use::Salutation => Role::Salutation,
            Use::Closing => Role::Closing,
            Use::Signature => Role::Signature,
            Use::AuthorNote => Role::AuthorNote,
            Use::Continued => Role::Continued,
            _ => Role::Body,
        };
        if label.is_none() && usage == Use::Term {
            return self.term(whole(text), left);
        }
        let Some(label) = label else {
            let block = Block::Paragraph { text, role };
            match usage {
                Use::Body | Use::List | Use::Continued => self.inside(left, block),
                _ => self.block(block),
            }
            return;
        };
        self.settle();
        let (start, counter) = match label.kind {
            LabelKind::Bullet => (None, Counter::Auto),
            LabelKind::Number { counter, number, .. } => (Some(number), counter),
            LabelKind::Words(_) | LabelKind::Nothing => {
                let level = self.lists.iter().rposition(|open| open.level <= label.level);
                let left = level.map_or(left, |at| self.lists[at].left.max(1));
                self.inside(left, Block::Paragraph { text, role });
                return;
            }
        };
        let mut item =
            Item { task: task(&mut text), blocks: vec![Block::Paragraph { text, role: Role::Body }] };
        while self.lists.last().is_some_and(|open| open.level > label.level) {
            self.close(self.lists.len() - 1);
        }
        if let Some(open) = self.lists.last_mut().filter(|open| open.level == label.level) {
            let goes_on = match start {
                None => open.start.is_none() && open.list == label.list,
                Some(number) => open.start.is_some() && open.counter == counter && open.next == number,
            };
            if goes_on {
                open.next += 1;
                open.items.push(item);
                return;
            }
            self.close(self.lists.len() - 1);
        }
        item.blocks.shrink_to_fit();
        let next = start.map_or(0, |number| number.saturating_add(1));
        let list = label.list;
        let items = vec![item];
        self.lists.push(Open {
            level: label.level,
            list,
            start,
            counter,
            next,
            left,
            items,
            term: 0,
            terms: Vec::new(),
        });
    }

    /// A term begins at an indent: in the list of definitions that is open there, or in a new one.
    fn term(&mut self, text: Text, left: i32) {
        self.settle();
        let same = |open: &Open| !open.terms.is_empty() && (open.term - left).abs() <= SLACK;
        if let Some(at) = self.lists.iter().rposition(same) {
            self.close(at + 1);
            let open = &mut self.lists[at];
            open.terms.push((text, open.items.len()));
            return;
        }
        let inside = self.lists.iter().take_while(|open| open.left <= left + SLACK).count();
        self.close(if left > SLACK { inside } else { 0 });
        self.lists.push(Open {
            level: self.lists.last().map_or(0, |open| open.level + 1),
            list: String::new(),
            start: None,
            counter: Counter::Auto,
            next: 0,
            left,
            items: Vec::new(),
            term: left,
            terms: vec![(text, 0)],
        });
    }

    /// Begins a meaning of the term that is open, if there is one, at its indent.
    fn means(&mut self, left: i32) -> bool {
        let fits = |open: &Open| {
            let known = !open.items.is_empty();
            !open.terms.is_empty()
                && open.term <= left + SLACK
                && (!known || (open.left - left).abs() <= SLACK)
        };
        let Some(at) = self.lists.iter().rposition(fits) else { return false };
        self.settle();
        self.close(at + 1);
        // A caption that found nothing has closed everything.
        let Some(open) = self.lists.get_mut(at) else { return false };
        open.left = left;
        open.items.push(Item::default());
        true
    }

    /// Closes the lists from the one at `keep` on; each goes into the last item of the one around it.
    fn close(&mut self, keep: usize) {
        while self.lists.len() > keep {
            let Some(open) = self.lists.pop() else { return };
            if !open.terms.is_empty() {
                let block = defined(open);
                match self.lists.last_mut().and_then(|outer| outer.items.last_mut()) {
                    Some(item) => item.blocks.push(block),
                    None => self.blocks.push(block),
                }
                continue;
            }
            let tight = open.items.iter().all(|item| {
                let paragraphs = item.blocks.iter().filter(|b| !matches!(b, Block::List { .. })).count();
                paragraphs <= 1
            });
            let block = Block::List { start: open.start, counter: open.counter, tight, items: open.items };
            match self.lists.last_mut().and_then(|outer| outer.items.last_mut()) {
                Some(item) => item.blocks.push(block),
                None => self.blocks.push(block),
            }
        }
    }
}

/// A list of definitions.
fn defined(open: Open) -> Block {
    let starts: Vec<usize> = open.terms.iter().map(|(_, start)| *start).collect();
    let ends = starts.iter().skip(1).copied().chain([open.items.len()]);
    let mut items = open.items.into_iter();
    let counts: Vec<usize> = starts.iter().zip(ends).map(|(start, end)| end - start).collect();
    let all = open.terms.into_iter().zip(counts).map(|((term, _), count)| Definition {
        term,
        meanings: items.by_ref().take(count).map(|item| item.blocks).collect(),
    });
    Block::Definitions(all.collect())
}

/// A text of which a part is a place, as that place: a heading, a caption.
fn whole(mut text: Text) -> Text {
    let names: Vec<String> = links::anchors(&text).map(|(_, name)| name.to_owned()).collect();
    text.unmark(|mark| matches!(mark.kind, MarkKind::Anchor(_)));
    for name in names {
        text.mark_around(0..text.as_str().len(), MarkKind::Anchor(name));
    }
    text
}

/// The caption of a figure, and the name of the figure, which may stand at the caption.
fn captioned(caption: Option<Paragraph>, name: Option<String>) -> (Option<Text>, Option<String>) {
    let Some(mut text) = caption.map(|paragraph| paragraph.text) else { return (None, name) };
    let name = name.or_else(|| links::anchors(&text).next().map(|(_, name)| name.to_owned()));
    text.unmark(|mark| matches!(&mark.kind, MarkKind::Anchor(other) if name.as_ref() == Some(other)));
    (Some(text), name)
}

/// The picture that is all that a paragraph has.
fn figure(text: &Text) -> Option<Block> {
    if text.as_str().trim().chars().ne([OBJECT]) {
        return None;
    }
    text.marks().iter().find_map(|mark| match &mark.kind {
        MarkKind::Image { path, alt } => {
            let span = text.span(mark.range.clone());
            let anchor = links::anchors(text).next().map(|(_, name)| name.to_owned());
            Some(Block::Figure { path: path.clone(), alt: alt.clone(), caption: None, anchor, span })
        }
        _ => None,
    })
}

/// Whether words with a number that counts begin as a caption does.
fn is_caption(words: &str) -> bool {
    let words = words.trim_start().to_lowercase();
    ["圖", "图", "表", "figure", "fig.", "table", "照片"].iter().any(|label| words.starts_with(label))
}

/// Whether words are only signs that part sections.
fn is_break(words: &str) -> bool {
    let sign = |c: char| matches!(c, '*' | '＊' | '※' | '◇' | '◆' | '☆' | '★' | '＃' | '⁂');
    let signs = words.chars().filter(|c| sign(*c)).count();
    (signs >= 3 || words == "⁂") && words.chars().all(|c| sign(c) || c.is_whitespace())
}

/// Takes the box of a task off the head of an item; gives whether it is ticked.
fn task(text: &mut Text) -> Option<bool> {
    let mut chars = text.as_str().chars();
    let done = match chars.next()? {
        '☐' | '□' => false,
        '☑' | '☒' => true,
        _ => return None,
    };
    let gap = chars.next().filter(|c| c.is_whitespace())?;
    let length = text.as_str().chars().next().map_or(0, char::len_utf8) + gap.len_utf8();
    text.remove(std::iter::once(0..length));
    Some(done)
}
