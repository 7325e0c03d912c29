//! Running text to XHTML: runs in, nested elements out.

use std::ops::Range;

use crate::{
    font::casting::{Set, shared},
    layout::ruby::is_zhuyin,
    report::{Diagnostic, Report, Severity},
    text::{Mark, MarkKind, Text},
    write::{
        epub::{Book, Medium, breaks, data, image_path, page::Notes},
        runs::{Kind, Line, Run, styled_runs},
        xml::Xml,
    },
};

#[derive(Clone, Debug, PartialEq)]
enum Element<'a> {
    Link(String, String, usize, &'static str),
    /// Words of another language, from here on.
    Language(&'a str, usize),
    /// Protected words, from here on.
    Keep(usize),
    /// A place that links lead to: its identifier, and where it starts.
    Anchor(&'a str, usize),
    /// Words that an index lists.
    Indexed(Indexed<'a>),
    Name(Line),
    Title(Line),
    Dots(Line),
    /// A base and its reading, written behind it where it ends; the last number tells readings apart.
    Ruby {
        reading: &'a str,
        end: usize,
        second: bool,
        index: usize,
    },
    Strong,
    Emphasis,
    Strike,
    Superscript,
    Subscript,
    Code,
    /// The source of a formula, and whether it stands in lines of its own.
    Math(bool),
    /// Upright in one cell of a vertical line.
    Combine {
        start: usize,
        /// Whether the writer marked it, and not the press.
        marked: bool,
    },
    /// Western words inside emphasis: italic, where Han is Kai.
    Italic,
    /// Western words with marks that Chinese shares: from the Latin face.
    Latin,
}

/// Words that an index lists, or would list.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Indexed<'a> {
    /// Where they stand in the text.
    pub(super) range: Range<usize>,
    /// The identifier by which the index leads to them.
    pub(super) id: Option<String>,
    /// For words that are marked for it: under which words it lists them, if not under their own.
    pub(super) term: Option<&'a str>,
}

/// Writes a text into the open element.
pub(in crate::write) fn write(
    xml: &mut Xml,
    book: &Book,
    text: &Text,
    notes: &mut Notes,
    report: &mut Report,
) {
    let mut open: Vec<Element> = Vec::new();
    let indexed = notes.indexed(book, text);
    let mut pages = book.breaks.of(text).iter().peekable();
    for run in styled_runs(text, book.page) {
        let wanted = elements(&run, text, book, &indexed);
        let same = open.iter().zip(&wanted).take_while(|(a, b)| a == b).count();
        open.drain(same..).rev().for_each(|element| end(xml, &element, run.range.start));
        // No mark of a page stands between a base and its reading.
        let is_ruby = |elements: &[Element]| elements.iter().any(|e| matches!(e, Element::Ruby { .. }));
        if !is_ruby(&open) {
            while let Some((_, label)) = pages.next_if(|(at, _)| *at <= run.range.start) {
                breaks::mark(xml, label);
            }
        }
        for element in &wanted[same..] {
            match element {
                // One that was closed for another element goes on without the identifier.
                Element::Indexed(words) if words.range.start < run.range.start => {
                    self::indexed(xml, &Indexed { id: None, ..words.clone() });
                }
                _ => start(xml, element),
            }
        }
        open = wanted;
        match run.kind {
            Kind::Words(words) => {
                let mut at = 0;
                while let Some((page, label)) =
                    pages.next_if(|(page, _)| !is_ruby(&open) && run.range.contains(page))
                {
                    // A run's words are those of the text, but for what is written otherwise.
                    let to = words.floor_char_boundary(page - run.range.start);
                    xml.text(&words[at..to.max(at)]);
                    breaks::mark(xml, label);
                    at = to.max(at);
                }
                xml.text(&words[at..]);
            }
            Kind::Break => {
                xml.empty("br", &[]);
            }
            Kind::Note(index) => {
                let (href, id) = notes.refer(book, index);
                let kind = [("epub:type", "noteref")];
                let kind = if book.medium == Medium::Epub { &kind[..] } else { &[] };
                let all =
                    [&[("class", "noteref"), ("role", "doc-noteref"), ("id", &id), ("href", &href)], kind]
                        .concat();
                xml.open("a", &all);
                xml.text(&book.note_mark(index)).close();
            }
            Kind::Image { path, alt } => match book.document.images.iter().position(|i| i.path == path) {
                Some(i) => {
                    picture(xml, book, i, alt, &[("class", "inline")]);
                }
                None => {
                    xml.leaf("span", &[("class", "missing")], alt);
                }
            },
        }
        if let Some((url, ..)) = run.link
            && target(url, book).is_none()
        {
            let message = format!("the link target `{url}` is not carried into the {}", book.medium.name());
            let span = text.span(run.range.clone());
            if !report.diagnostics.iter().any(|d| d.message == message) {
                report.push(
                    Diagnostic::new("local-link", Severity::Note, span, message)
                        .hint("it can link to web and mail addresses"),
                );
            }
        }
    }
    open.into_iter().rev().for_each(|element| end(xml, &element, text.as_str().len()));
    pages.for_each(|(_, label)| breaks::mark(xml, label));
}

/// Closes an element at a place in the text; a base ends with its reading.
fn end(xml: &mut Xml, element: &Element, at: usize) {
    if let Element::Ruby { reading, end, .. } = element
        && *end <= at
    {
        xml.leaf("rt", &[], reading);
    }
    xml.close();
}

fn elements<'a>(run: &Run<'a>, text: &Text, book: &'a Book, indexed: &[Indexed<'a>]) -> Vec<Element<'a>> {
    let mut out = Vec::new();
    let look = run.look;
    let western = run.set == Set::Western && matches!(run.kind, Kind::Words(_));
    for (name, range) in &run.anchors {
        if let Some(place) = book.places.get(*name) {
            out.push((Element::Anchor(&place.id, range.start), range.clone()));
        }
    }
    let covers = |words: &&Indexed| words.range.start <= run.range.start && run.range.end <= words.range.end;
    for words in indexed.iter().filter(covers) {
        out.push((Element::Indexed(words.clone()), words.range.clone()));
    }
    if let Some((url, title, range)) = &run.link
        && let Some(url) = target(url, book)
        && !matches!(run.kind, Kind::Note(_))
    {
        let class = match run.reference {
            None => "",
            Some(false) => "ref",
            Some(true) => "ref page",
        };
        out.push((Element::Link(url, (*title).to_owned(), range.start, class), range.clone()));
    }
    for (kind, element) in [
        (
            run.language.map(|(_, start)| start),
            run.language.map(|(tag, start)| Element::Language(tag, start)),
        ),
        (look.keep, look.keep.map(Element::Keep)),
    ] {
        let mark = |m: &&Mark| {
            matches!(m.kind, MarkKind::Language(_) | MarkKind::Protected)
                && Some(m.range.start) == kind
                && m.range.contains(&run.range.start)
        };
        let range = text.marks().iter().find(mark).map(|m| m.range.clone());
        out.extend(element.zip(range));
    }
    for (line, element) in [
        (look.name, Element::Name as fn(Line) -> Element<'a>),
        (look.title, Element::Title),
        (look.dots, Element::Dots),
    ] {
        out.extend(line.map(|line| (element(line), line.start..line.end)));
    }
    // What holds a base as a whole stands around it, what ends within it stands inside.
    let base = run.readings.first().map(|r| r.base.clone()).unwrap_or(run.range.clone());
    let (outer, inner): (Vec<_>, Vec<_>) =
        out.into_iter().partition(|(_, range)| range.start <= base.start && base.end <= range.end);
    let mut out: Vec<Element> = outer.into_iter().map(|(element, _)| element).collect();
    for (i, reading) in run.readings.iter().enumerate() {
        let second = i + 1 < run.readings.len();
        out.push(Element::Ruby {
            reading: reading.reading,
            end: reading.base.end,
            second,
            index: reading.index,
        });
    }
    out.extend(inner.into_iter().map(|(element, _)| element));
    for (on, element) in [
        (look.strong, Element::Strong),
        (look.emphasis, Element::Emphasis),
        (look.strike, Element::Strike),
        (look.superscript, Element::Superscript),
        (look.subscript, Element::Subscript),
        (look.code, look.math.map_or(Element::Code, Element::Math)),
    ] {
        if on {
            out.push(element);
        }
    }
    if let Some(start) = look.combine {
        let marked =
            text.marks().iter().any(|m| m.kind == MarkKind::Combine && m.range.contains(&run.range.start));
        out.push(Element::Combine { start, marked });
    }
    if look.emphasis && western && !look.code {
        out.push(Element::Italic);
    }
    if let Kind::Words(words) = run.kind
        && western
        && !look.code
        && !look.emphasis
        && words.chars().any(shared)
    {
        out.push(Element::Latin);
    }
    out
}

/// Opens the element of indexed words.
fn indexed<'x>(xml: &'x mut Xml, words: &Indexed) -> &'x mut Xml {
    let mut attributes = Vec::new();
    attributes.extend(words.term.map(|_| ("class", "indexed")));
    attributes.extend(words.id.as_deref().map(|id| ("id", id)));
    attributes.extend(words.term.filter(|term| !term.is_empty()).map(|term| ("data-entry", term)));
    xml.open("span", &attributes)
}

fn start(xml: &mut Xml, element: &Element) {
    match element {
        Element::Indexed(words) => indexed(xml, words),
        Element::Link(url, _, _, class) if !class.is_empty() => {
            xml.open("a", &[("class", class), ("href", url)])
        }
        Element::Link(url, title, ..) if title.is_empty() => xml.open("a", &[("href", url)]),
        Element::Link(url, title, ..) => xml.open("a", &[("href", url), ("title", title)]),
        Element::Anchor(id, _) => xml.open("span", &[("id", id)]),
        Element::Language(tag, _) => xml.open("span", &[("lang", tag), ("xml:lang", tag)]),
        Element::Keep(_) => xml.open("span", &[("class", "keep"), ("translate", "no")]),
        Element::Name(line) => xml.open("u", &[("class", if line.beside { "name beside" } else { "name" })]),
        Element::Title(line) => {
            xml.open("cite", &[("class", if line.beside { "title beside" } else { "title" })])
        }
        Element::Dots(_) => xml.open("em", &[("class", "dots")]),
        Element::Ruby { second: true, .. } => xml.open("ruby", &[("class", "second")]),
        Element::Ruby { reading, .. } if is_zhuyin(reading) => xml.open("ruby", &[("class", "zhuyin")]),
        Element::Ruby { .. } => xml.open("ruby", &[]),
        Element::Combine { marked, .. } => {
            xml.open("span", &[("class", if *marked { "combine" } else { "combine auto" })])
        }
        Element::Strong => xml.open("strong", &[]),
        Element::Emphasis => xml.open("em", &[]),
        Element::Strike => xml.open("del", &[]),
        Element::Superscript => xml.open("sup", &[]),
        Element::Subscript => xml.open("sub", &[]),
        Element::Code => xml.open("code", &[]),
        Element::Math(false) => xml.open("code", &[("class", "math")]),
        Element::Math(true) => xml.open("code", &[("class", "math display")]),
        Element::Italic => xml.open("i", &[]),
        Element::Latin => xml.open("span", &[("class", "latin")]),
    };
}

/// A picture of the document: a file of the EPUB, or within the page, which then remembers its name.
pub(in crate::write) fn picture(xml: &mut Xml, book: &Book, index: usize, alt: &str, class: &[(&str, &str)]) {
    let image = &book.document.images[index];
    let src = match book.medium {
        Medium::Epub => image_path(index, image),
        Medium::Page => data(image.media_type(), &image.bytes),
    };
    let named = [("data-src", image.path.as_str())];
    let named = if book.medium == Medium::Page { &named[..] } else { &[] };
    xml.empty("img", &[class, &[("src", &src), ("alt", alt)], named].concat());
}

/// A link target as an edition may carry it: a place of the document, or an address.
fn target(url: &str, book: &Book) -> Option<String> {
    match url.strip_prefix('#') {
        Some(name) => book.places.get(name).map(|place| [&place.path, "#", &place.id].concat()),
        None => address(url, book.medium),
    }
}

/// A web or mail address with unfit characters encoded; in a page also a file beside it.
fn address(url: &str, medium: Medium) -> Option<String> {
    let lower = url.to_ascii_lowercase();
    let rest = ["http://", "https://", "mailto:", "tel:"].iter().find_map(|s| lower.strip_prefix(s));
    let beside = medium == Medium::Page
        && !url.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'))
        && !url.starts_with(['#', '/', '\\']);
    if rest.is_none() && !beside {
        return None;
    }
    if let Some(rest) = rest {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let fits = |c: char| c.is_alphanumeric() || "-._~:@!$&'()*+,;=[]%".contains(c);
        if host.is_empty() || !host.chars().all(fits) {
            return None;
        }
    }
    let mut out = String::new();
    let bytes = url.as_bytes();
    for (at, c) in url.char_indices() {
        let hex = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_hexdigit);
        if c == '%' && !(hex(at + 1) && hex(at + 2)) || c.is_control() || " <>\"{}|\\^`[]".contains(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_targets() {
        for (url, expected) in [
            ("https://a.b/c d?x=1&y=<2>", Some("https://a.b/c%20d?x=1&y=%3C2%3E")),
            ("https://zh.wikipedia.org/wiki/漢字", Some("https://zh.wikipedia.org/wiki/漢字")),
            ("https://a.b/100%", Some("https://a.b/100%25")),
            ("mailto:a@b.c", Some("mailto:a@b.c")),
            ("chapter2.md", None),
            ("javascript:alert(1)", None),
            ("https://", None),
            ("#here", None),
        ] {
            assert_eq!(address(url, Medium::Epub).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn a_page_may_link_to_what_stands_beside_it() {
        for (url, expected) in [
            ("chapter2.html#a", Some("chapter2.html#a")),
            ("javascript:alert(1)", None),
            ("//a.b", None),
            ("#x", None),
        ] {
            assert_eq!(address(url, Medium::Page).as_deref(), expected, "{url}");
        }
    }
}
