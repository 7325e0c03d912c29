//! Divisions (`::: verse`), line blocks (`| 床前明月光`) and captions of tables: what Pandoc's Markdown has for them.

use comrak::{
    Node,
    nodes::{NodeValue, Sourcepos},
};

use crate::{
    document::{Block, Counter, Role},
    read::markdown::Reader,
    report::Severity,
    text::Text,
};

/// What the class of a division says of its blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Verse,
    Role(Role),
    List(Counter),
}

const CLASSES: &[(&str, Class)] = &[
    ("verse", Class::Verse),
    ("salutation", Class::Role(Role::Salutation)),
    ("closing", Class::Role(Role::Closing)),
    ("signature", Class::Role(Role::Signature)),
    ("right", Class::Role(Role::Signature)),
    ("list-decimal", Class::List(Counter::Decimal)),
    ("list-decimal-paren", Class::List(Counter::DecimalParen)),
    ("list-chinese", Class::List(Counter::Chinese)),
    ("list-chinese-paren", Class::List(Counter::ChineseParen)),
    ("list-chinese-formal", Class::List(Counter::ChineseFormal)),
    ("list-heavenly-stem", Class::List(Counter::HeavenlyStem)),
    ("list-earthly-branch", Class::List(Counter::EarthlyBranch)),
    ("list-circled", Class::List(Counter::Circled)),
];

/// Longest caption that is recognized by its number, characters.
const LONGEST_CAPTION: usize = 60;

impl<'a> Reader<'a, '_> {
    /// A division: its blocks, changed by what its classes say. `info` is what stands behind the colons.
    pub(super) fn division(&mut self, node: Node<'a>, info: &str, depth: usize, out: &mut Vec<Block>) {
        let range = self.places.block(node.data().sourcepos);
        let head = range.start..self.places.line(node.data().sourcepos.start.line).end.max(range.start);
        let bare = info.strip_prefix('{').and_then(|i| i.strip_suffix('}')).unwrap_or(info);
        let mut classes = Vec::new();
        for word in bare.split_whitespace() {
            match CLASSES.iter().find(|(name, _)| *name == word.strip_prefix('.').unwrap_or(word)) {
                Some((_, class)) => classes.push(*class),
                None => {
                    let message = format!("`{word}` is no division that is known; its contents are kept");
                    self.say("unread-markup", Severity::Warning, head.clone(), message);
                }
            }
        }
        if bare.trim().is_empty() {
            let message = "a division without a name; its contents are kept".to_owned();
            self.say("unread-markup", Severity::Warning, head, message);
        }
        let before = self.keep_lines;
        self.keep_lines |= classes.iter().any(|c| !matches!(c, Class::List(_)));
        let mut blocks = self.blocks(node, depth + 1);
        self.keep_lines = before;
        for class in classes {
            blocks = match class {
                Class::Verse => verse(blocks),
                Class::Role(wanted) => {
                    for block in &mut blocks {
                        if let Block::Paragraph { role, .. } = block {
                            *role = wanted;
                        }
                    }
                    blocks
                }
                Class::List(wanted) => {
                    for block in &mut blocks {
                        if let Block::List { counter, start: Some(_), .. } = block {
                            *counter = wanted;
                        }
                    }
                    blocks
                }
            };
        }
        out.extend(blocks);
    }

    /// Whether every line of a paragraph begins with a bar and a space.
    pub(super) fn is_line_block(&self, place: Sourcepos) -> bool {
        let first = self.places.block(place).start;
        (place.start.line..=place.end.line).all(|line| {
            let range = self.places.line(line);
            let line = &self.places.text[range.start.max(first.min(range.end))..range.end];
            let inner = line.trim_start_matches([' ', '\t', '>']);
            inner.strip_prefix('|').is_some_and(|rest| {
                rest.chars().next().is_none_or(char::is_whitespace) && !rest.trim_end().ends_with('|')
            })
        })
    }

    /// A line block: one more stanza where another stands directly above.
    pub(super) fn line_block(&mut self, node: Node<'a>, out: &mut Vec<Block>) {
        let before = std::mem::replace(&mut self.keep_lines, true);
        let mut text = self.inlines(node);
        self.keep_lines = before;
        let string = text.as_str();
        let starts = std::iter::once(0).chain(string.match_indices('\n').map(|(at, _)| at + 1));
        let bars: Vec<_> = starts
            .filter(|&at| string[at..].starts_with('|'))
            .map(|at| at..at + 1 + usize::from(string[at + 1..].starts_with([' ', '\t'])))
            .collect();
        text.remove(bars);
        let stanzas = stanzas(&text);
        let follows = node.previous_sibling().is_some_and(|n| {
            matches!(n.data().value, NodeValue::Paragraph) && self.is_line_block(n.data().sourcepos)
        });
        match out.last_mut() {
            Some(Block::Verse(above)) if follows => above.extend(stanzas),
            _ if stanzas.is_empty() => {}
            _ => out.push(Block::Verse(stanzas)),
        }
    }
}

/// The stanzas of a text: parted by empty lines.
fn stanzas(text: &Text) -> Vec<Text> {
    let mut out = Vec::new();
    let (mut start, mut end) = (None, 0);
    let mut at = 0;
    for line in text.as_str().split_inclusive('\n').chain(["\n"]) {
        if line.trim().is_empty() {
            out.extend(start.take().map(|from| text.slice(from..end)));
        } else {
            start.get_or_insert(at);
            end = at + line.trim_end().len();
        }
        at += line.len();
    }
    out
}

/// Paragraphs that follow one another as the stanzas of one verse.
fn verse(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut open = false;
    for block in blocks {
        let next = match block {
            Block::Paragraph { text, role: Role::Body } => stanzas(&text),
            Block::Verse(stanzas) => stanzas,
            other => {
                open = false;
                out.push(other);
                continue;
            }
        };
        match out.last_mut() {
            Some(Block::Verse(stanzas)) if open => stanzas.extend(next),
            _ => out.push(Block::Verse(next)),
        }
        open = true;
    }
    out
}

/// Gives each table the caption that stands directly below or above it.
pub(super) fn captions(blocks: &mut Vec<Block>) {
    let mut at = 0;
    while at < blocks.len() {
        if !matches!(blocks[at], Block::Table { caption: None, .. }) {
            at += 1;
            continue;
        }
        let below = blocks.get(at + 1).and_then(body).and_then(labelled).map(|text| (at + 1, text));
        let above = || {
            let text = body(blocks.get(at.checked_sub(1)?)?)?;
            Some((at - 1, labelled(text).or_else(|| numbered(text))?))
        };
        if let Some((index, text)) = below.or_else(above) {
            if let Block::Table { caption, .. } = &mut blocks[at] {
                *caption = Some(text);
            }
            blocks.remove(index);
            at -= usize::from(index < at);
        }
        at += 1;
    }
}

fn body(block: &Block) -> Option<&Text> {
    match block {
        Block::Paragraph { text, role: Role::Body } => Some(text),
        _ => None,
    }
}

/// The caption in `: 題名` or `Table: 題名`.
pub(super) fn labelled(text: &Text) -> Option<Text> {
    let string = text.as_str();
    let rest = ["Table:", "table:", "："]
        .iter()
        .find_map(|label| string.strip_prefix(label))
        .or_else(|| string.strip_prefix(':').filter(|rest| rest.starts_with(char::is_whitespace)))?
        .trim_start();
    (!rest.is_empty()).then(|| text.slice(string.len() - rest.len()..string.len()))
}

/// A caption that begins with its number: `表1　題名`, `表1-2　題名`. `表1所示` begins a sentence.
fn numbered(text: &Text) -> Option<Text> {
    let string = text.as_str();
    let rest = string.strip_prefix('表')?.trim_start_matches(' ');
    let number = |c: char| {
        c.is_ascii_digit()
            || "一二三四五六七八九十百〇零".contains(c)
            || matches!(c, '-' | '–' | '—' | '.' | '．' | '·')
    };
    let after = rest.trim_start_matches(number);
    let parted = after.starts_with([' ', '\u{3000}', '\u{2003}', '：', ':']);
    let words = after.trim_start_matches([' ', '\u{3000}', '\u{2003}', '：', ':']);
    let one = !string.contains('\n') && string.chars().count() <= LONGEST_CAPTION;
    let fits = rest.len() > after.len()
        && parted
        && one
        && !words.is_empty()
        && !words.ends_with(['。', '：', '；', '，']);
    fits.then(|| text.clone())
}
