//! HTML in Markdown: line breaks, readings, links, places and pictures are understood, and of other tags the text
//! between them is kept.

use crate::{
    document::{Block, Role},
    read::{
        join::joint,
        markdown::places::{Lines, Places, entity},
        ruby::{self, Rubies},
    },
    source::Span,
    text::{MarkKind, OBJECT, Text},
};

/// What a tag does to the text around it.
pub(super) enum Tag {
    /// A comment or declaration: nothing.
    Silent,
    /// `<br>`.
    LineBreak,
    /// It parts paragraphs.
    Block,
    /// A tag of ruby.
    Ruby(ruby::Tag),
    /// `<a>`, or `<span id>`: where it leads, and the name of the place that it is.
    Link {
        /// Where it leads.
        url: Option<String>,
        /// The place that it is.
        name: Option<String>,
    },
    /// `</a>`.
    LinkEnd,
    /// `<img>`.
    Picture {
        /// Its path.
        path: String,
        /// What stands in for it.
        alt: String,
    },
    /// Any other start tag.
    Start,
    /// Any other end tag.
    End,
}

const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// What a tag is, from its source.
pub(super) fn tag(source: &str) -> Tag {
    let inner = source.trim_start_matches('<');
    if inner.starts_with(['!', '?']) {
        return Tag::Silent;
    }
    let closing = inner.starts_with('/');
    let name: String =
        inner.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
    match name.to_ascii_lowercase().as_str() {
        "br" => Tag::LineBreak,
        name if ruby::Tag::of(name, !closing).is_some() => {
            ruby::Tag::of(name, !closing).map_or(Tag::Silent, Tag::Ruby)
        }
        name if BLOCKS.contains(&name) => Tag::Block,
        "a" if closing => Tag::LinkEnd,
        "a" => {
            let name = attribute(source, "id").or_else(|| attribute(source, "name"));
            Tag::Link { url: attribute(source, "href"), name }
        }
        "span" if !closing && attribute(source, "id").is_some() => {
            Tag::Link { url: None, name: attribute(source, "id") }
        }
        "img" => match attribute(source, "src") {
            Some(path) => Tag::Picture { path, alt: attribute(source, "alt").unwrap_or_default() },
            None => Tag::Start,
        },
        _ if closing => Tag::End,
        _ => Tag::Start,
    }
}

/// The value of an attribute of a tag; an empty one is none.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag.trim_start_matches('<').trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end =
            rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len());
        if end == 0 {
            return None;
        }
        let (known, after) = rest.split_at(end);
        let Some(value) = after.trim_start().strip_prefix('=') else {
            rest = after;
            continue;
        };
        let value = value.trim_start();
        let (value, after) = match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            Some(quote) => value[1..].split_once(quote)?,
            None => {
                value.split_at(value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len()))
            }
        };
        if known.eq_ignore_ascii_case(name) {
            return Some(decoded(value)).filter(|value| !value.trim().is_empty());
        }
        rest = after;
    }
}

/// A value without character references.
fn decoded(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        match entity(&rest[at..]) {
            Some((length, made)) => {
                out.push_str(&made);
                rest = &rest[at + length..];
            }
            None => {
                out.push('&');
                rest = &rest[at + 1..];
            }
        }
    }
    out + rest
}

/// The paragraphs of an HTML block: its text between the tags, entities decoded, ruby understood.
pub(super) fn paragraphs(
    places: &Places,
    literal: &str,
    first: usize,
    whole: std::ops::Range<usize>,
) -> Vec<Text> {
    let lines = Lines::new(places, literal, first, whole.clone());
    let mut out = Vec::new();
    let mut text = Text::new();
    let mut rubies = Rubies::new();
    let mut line_end: Option<Span> = None;
    let place = |at: std::ops::Range<usize>| {
        let mut probe = Text::new();
        lines.push(&mut probe, at);
        probe.span(0..probe.as_str().len())
    };
    let mut at = 0;
    while at < literal.len() {
        let rest = &literal[at..];
        let known = rest.starts_with('<').then(|| markup(rest)).flatten();
        if let Some(length) = known {
            let span = || place(at..at + length);
            match tag(&rest[..length]) {
                Tag::LineBreak => text.push("\n", span(), false),
                Tag::Block => {
                    rubies.finish(&mut text);
                    out.push(std::mem::take(&mut text));
                    line_end = None;
                }
                Tag::Silent | Tag::Start | Tag::End | Tag::Link { .. } | Tag::LinkEnd => {}
                Tag::Picture { path, alt } => {
                    let from = text.as_str().len();
                    text.push(OBJECT.encode_utf8(&mut [0; 4]), span(), false);
                    text.mark(from..text.as_str().len(), MarkKind::Image { path, alt });
                }
                Tag::Ruby(part) => {
                    rubies.tag(&mut text, part, (), span());
                }
            }
            at += length;
            continue;
        }
        if let Some((length, made)) = rest.starts_with('&').then(|| entity(rest)).flatten() {
            text.push(&made, place(at..at + length), false);
            at += length;
            continue;
        }
        let first = rest.chars().next().map_or(1, char::len_utf8);
        if rest.starts_with(['\n', '\r']) {
            line_end = Some(place(at..at + 1));
            at += 1;
            continue;
        }
        let end = rest[first..].find(['<', '&', '\n', '\r']).map_or(rest.len(), |n| n + first);
        let piece = &rest[..end];
        let lead = if line_end.is_some() || text.is_empty() {
            piece.len() - piece.trim_start_matches([' ', '\t']).len()
        } else {
            0
        };
        if let Some(span) = line_end.take()
            && !text.as_str().ends_with('\n')
        {
            text.push(joint(text.as_str(), &piece[lead..]), span, false);
        }
        lines.push(&mut text, at + lead..at + end);
        at += end;
    }
    rubies.finish(&mut text);
    out.push(text);
    out.retain(|t| !t.as_str().trim().is_empty());
    out
}

/// The names of the places in an HTML block.
pub(super) fn names(literal: &str) -> Vec<String> {
    let tags =
        literal.match_indices('<').filter_map(|(at, _)| Some(&literal[at..at + markup(&literal[at..])?]));
    tags.filter_map(|source| match tag(source) {
        Tag::Link { name, .. } => name,
        _ => None,
    })
    .collect()
}

/// Whether an HTML block is one picture, which needs no finding.
pub(super) fn is_picture(literal: &str) -> bool {
    let literal = literal.trim();
    matches!(markup(literal), Some(length) if length == literal.len())
        && matches!(tag(literal), Tag::Picture { .. })
}

/// What the text of an HTML block is: a picture alone is a figure.
pub(super) fn block(text: Text) -> Block {
    let only = text.as_str().trim().chars().eq([OBJECT]);
    let picture = text.marks().iter().find_map(|mark| match &mark.kind {
        MarkKind::Image { path, alt } if only => {
            Some((path.clone(), alt.clone(), text.span(mark.range.clone())))
        }
        _ => None,
    });
    match picture {
        Some((path, alt, span)) => Block::Figure { path, alt, caption: None, anchor: None, span },
        None => Block::Paragraph { text, role: Role::Body },
    }
}

/// The length of the tag, comment or element without text at the start of a string.
fn markup(rest: &str) -> Option<usize> {
    if rest.starts_with("<!--") {
        return Some(rest.find("-->").map_or(rest.len(), |n| n + 3));
    }
    for name in ["script", "style"] {
        if rest.get(1..1 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
            let end = format!("</{name}>");
            let found = rest.char_indices().find(|&(i, _)| {
                rest.as_bytes().get(i..i + end.len()).is_some_and(|b| b.eq_ignore_ascii_case(end.as_bytes()))
            });
            return Some(found.map_or(rest.len(), |(i, _)| i + end.len()));
        }
    }
    let next = rest[1..].chars().next()?;
    let open = next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?');
    let end = 1 + rest[1..].find(['<', '>'])?;
    (open && rest[end..].starts_with('>')).then_some(end + 1)
}
