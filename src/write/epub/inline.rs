//! Running text to XHTML: runs in, nested elements out.

use crate::{
    font::casting::{Set, shared},
    report::{Diagnostic, Report, Severity},
    text::Text,
    write::{
        epub::{Book, image_path, page::Notes},
        runs::{Kind, Run, runs},
        xml::Xml,
    },
};

#[derive(Clone, Debug, PartialEq)]
enum Element {
    Link(String, String, usize),
    Strong,
    Emphasis,
    Strike,
    Superscript,
    Subscript,
    Code,
    /// Western words inside emphasis: italic, where Han is Kai.
    Italic,
    /// Western words with marks that Chinese shares: from the Latin face.
    Latin,
}

/// Writes a text into the open element.
pub(super) fn write(xml: &mut Xml, book: &Book, text: &Text, notes: &mut Notes, report: &mut Report) {
    let mut open: Vec<Element> = Vec::new();
    for run in runs(text) {
        let wanted = elements(&run);
        let same = open.iter().zip(&wanted).take_while(|(a, b)| a == b).count();
        for _ in same..open.len() {
            xml.close();
        }
        for element in &wanted[same..] {
            start(xml, element);
        }
        open = wanted;
        match run.kind {
            Kind::Words(words) => {
                xml.text(words);
            }
            Kind::Break => {
                xml.empty("br", &[]);
            }
            Kind::Note(index) => {
                let (number, id) = notes.refer(index);
                let href = ["#note-", &number].concat();
                xml.open(
                    "a",
                    &[
                        ("class", "noteref"),
                        ("epub:type", "noteref"),
                        ("role", "doc-noteref"),
                        ("id", &id),
                        ("href", &href),
                    ],
                );
                xml.text("[").text(&number).text("]").close();
            }
            Kind::Image { path, alt } => match book.document.images.iter().position(|i| i.path == path) {
                Some(i) => {
                    let src = image_path(i, &book.document.images[i]);
                    xml.empty("img", &[("class", "inline"), ("src", &src), ("alt", alt)]);
                }
                None => {
                    xml.leaf("span", &[("class", "missing")], alt);
                }
            },
        }
        if let Some((url, ..)) = run.link
            && target(url).is_none()
        {
            let message = format!("the link target `{url}` is not carried into the EPUB");
            let span = text.span(run.range.clone());
            if !report.diagnostics.iter().any(|d| d.message == message) {
                report.push(
                    Diagnostic::new("local-link", Severity::Note, span, message)
                        .hint("an EPUB can link to web and mail addresses"),
                );
            }
        }
    }
    for _ in open {
        xml.close();
    }
}

fn elements(run: &Run) -> Vec<Element> {
    let mut out = Vec::new();
    let look = run.look;
    let western = run.set == Set::Western && matches!(run.kind, Kind::Words(_));
    if let Some((url, title, range)) = &run.link
        && let Some(url) = target(url)
        && !matches!(run.kind, Kind::Note(_))
    {
        out.push(Element::Link(url, (*title).to_owned(), range.start));
    }
    for (on, element) in [
        (look.strong, Element::Strong),
        (look.emphasis, Element::Emphasis),
        (look.strike, Element::Strike),
        (look.superscript, Element::Superscript),
        (look.subscript, Element::Subscript),
        (look.code, Element::Code),
        (look.emphasis && western && !look.code, Element::Italic),
    ] {
        if on {
            out.push(element);
        }
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

fn start(xml: &mut Xml, element: &Element) {
    match element {
        Element::Link(url, title, _) if title.is_empty() => xml.open("a", &[("href", url)]),
        Element::Link(url, title, _) => xml.open("a", &[("href", url), ("title", title)]),
        Element::Strong => xml.open("strong", &[]),
        Element::Emphasis => xml.open("em", &[]),
        Element::Strike => xml.open("del", &[]),
        Element::Superscript => xml.open("sup", &[]),
        Element::Subscript => xml.open("sub", &[]),
        Element::Code => xml.open("code", &[]),
        Element::Italic => xml.open("i", &[]),
        Element::Latin => xml.open("span", &[("class", "latin")]),
    };
}

/// A link target as an EPUB may carry it: a web or mail address with unfit characters encoded.
fn target(url: &str) -> Option<String> {
    let lower = url.to_ascii_lowercase();
    let rest = ["http://", "https://", "mailto:", "tel:"].iter().find_map(|s| lower.strip_prefix(s))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let fits = |c: char| c.is_alphanumeric() || "-._~:@!$&'()*+,;=[]%".contains(c);
    if host.is_empty() || !host.chars().all(fits) {
        return None;
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
            assert_eq!(target(url).as_deref(), expected, "{url}");
        }
    }
}
