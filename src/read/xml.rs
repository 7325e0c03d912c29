//! The text of an XML part in, its elements out: a tree at a time, each with its place, so that a part of any length is
//! read in little memory. Nothing outside of the part is ever looked at, and a document type is refused.

use std::{borrow::Cow, ops::Range};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

/// Elements below this depth are not built: no document is so deep, and a tree must not overrun the stack.
const DEPTH: usize = 120;

/// The vocabularies that are told apart; both the namespaces of ECMA-376 and of ISO/IEC 29500 Strict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// WordprocessingML.
    W,
    /// Relationships, as attributes name them.
    R,
    /// DrawingML.
    A,
    /// DrawingML in a text document: where a picture stands.
    Wp,
    /// Text boxes and shapes of Word.
    Wps,
    /// VML.
    V,
    /// Office's additions to VML.
    O,
    /// Formulas.
    M,
    /// Markup compatibility.
    Mc,
    /// Dublin Core.
    Dc,
    /// Properties of a package.
    Cp,
    /// Word 2010.
    W14,
    /// Anything else.
    Other,
}

fn space(uri: &str) -> Space {
    let office = uri
        .strip_prefix("http://schemas.openxmlformats.org/")
        .or_else(|| uri.strip_prefix("http://purl.oclc.org/ooxml/"));
    match (office, uri) {
        (Some("wordprocessingml/2006/main" | "wordprocessingml/main"), _) => Space::W,
        (Some("officeDocument/2006/relationships" | "officeDocument/relationships"), _) => Space::R,
        (Some("drawingml/2006/main" | "drawingml/main"), _) => Space::A,
        (Some("drawingml/2006/wordprocessingDrawing" | "drawingml/wordprocessingDrawing"), _) => Space::Wp,
        (Some("officeDocument/2006/math" | "officeDocument/math"), _) => Space::M,
        (Some("markup-compatibility/2006"), _) => Space::Mc,
        (Some("package/2006/metadata/core-properties"), _) => Space::Cp,
        (_, "http://schemas.microsoft.com/office/word/2010/wordprocessingShape") => Space::Wps,
        (_, "http://schemas.microsoft.com/office/word/2010/wordml") => Space::W14,
        (_, "urn:schemas-microsoft-com:vml") => Space::V,
        (_, "urn:schemas-microsoft-com:office:office") => Space::O,
        (_, "http://purl.org/dc/elements/1.1/" | "http://purl.org/dc/terms/") => Space::Dc,
        _ => Space::Other,
    }
}

/// An element with what is in it.
#[derive(Clone, Debug)]
pub(super) struct Element<'a> {
    /// Its vocabulary.
    pub space: Space,
    /// Its name without prefix.
    pub name: String,
    start: BytesStart<'a>,
    /// Where it stands in the source, from its tag to its end.
    pub at: Range<usize>,
    /// What is in it.
    pub children: Vec<Node<'a>>,
}

/// What stands in an element.
#[derive(Clone, Debug)]
pub(super) enum Node<'a> {
    /// An element.
    Element(Element<'a>),
    /// Characters.
    Text(Letters<'a>),
}

/// Characters between tags.
#[derive(Clone, Debug)]
pub(super) struct Letters<'a> {
    /// The characters, references resolved.
    pub text: Cow<'a, str>,
    /// Where they stand in the source.
    pub at: Range<usize>,
    /// Whether they stand there letter for letter.
    pub verbatim: bool,
}

impl<'a> Element<'a> {
    /// Whether it is an element of WordprocessingML of a name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.space == Space::W && self.name == name
    }

    /// The value of an attribute, whatever its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut all = self.start.attributes();
        let all = all.with_checks(false).filter_map(Result::ok);
        let found = all.into_iter().find(|a| a.key.local_name().as_ref() == name)?;
        Some(
            found
                .normalized_value(quick_xml::XmlVersion::Explicit1_0)
                .map_or_else(|_| found.value.to_string(), Cow::into_owned),
        )
    }

    /// The value of `w:val`.
    pub(super) fn value(&self) -> Option<String> {
        self.attribute("val")
    }

    /// Whether a property is on: `<w:b/>`, and not `<w:b w:val="0"/>`.
    pub(super) fn is_on(&self) -> bool {
        !matches!(self.value().as_deref(), Some("0" | "false" | "off" | "none"))
    }

    /// The elements in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first child of a name in WordprocessingML.
    pub(super) fn child(&self, name: &str) -> Option<&Element<'a>> {
        self.elements().find(|e| e.is(name))
    }

    /// The value of a child's `w:val`.
    pub(super) fn child_value(&self, name: &str) -> Option<String> {
        self.child(name)?.value()
    }

    /// The first element below it, at any depth, for which something holds.
    pub(super) fn find(&self, wanted: &dyn Fn(&Element) -> bool) -> Option<&Element<'a>> {
        self.elements().find_map(|e| if wanted(e) { Some(e) } else { e.find(wanted) })
    }

    /// The characters directly in it.
    pub(super) fn letters(&self) -> impl Iterator<Item = &Letters<'a>> {
        self.children.iter().filter_map(|node| match node {
            Node::Text(letters) => Some(letters),
            Node::Element(_) => None,
        })
    }
}

/// Reads a part from its beginning to its end.
pub(super) struct Parser<'a> {
    reader: Reader<&'a [u8]>,
    /// Where the part starts in the source.
    base: usize,
    /// Prefixes with their vocabulary and the depth at which they were declared.
    prefixes: Vec<(usize, String, Space)>,
    depth: usize,
    /// What is wrong with the part, with its place.
    pub trouble: Option<(usize, String)>,
    /// Characters from below the depth that is built.
    pub deep: Vec<Letters<'a>>,
    ended: bool,
}

impl<'a> Parser<'a> {
    /// A parser for a part that starts at `base` of the source.
    pub(super) fn new(text: &'a str, base: usize) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().allow_dangling_amp = true;
        let prefixes = vec![(0, "xml".to_owned(), Space::Other)];
        Self { reader, base, prefixes, depth: 0, trouble: None, deep: Vec::new(), ended: false }
    }

    /// Goes to the first element of a name, and into it.
    pub(super) fn enter(&mut self, wanted: Space, name: &str) -> bool {
        while let Some((event, _)) = self.event() {
            match event {
                Event::Start(start) => {
                    self.declare(&start);
                    self.depth += 1;
                    if self.called(&start) == (wanted, name) {
                        return true;
                    }
                }
                Event::Empty(_) | Event::End(_) => self.close_if_end(&event),
                _ => {}
            }
        }
        false
    }

    fn close_if_end(&mut self, event: &Event) {
        if matches!(event, Event::End(_)) {
            self.close();
        }
    }

    /// The next element or stretch of characters of the element that was entered; `None` at its end.
    pub(super) fn next(&mut self) -> Option<Node<'a>> {
        let mut open: Vec<Element<'a>> = Vec::new();
        // Elements that are open but not built.
        let mut deeper = 0_usize;
        loop {
            let Some((event, at)) = self.event() else {
                // What was open when the part broke off is still something.
                let mut whole = open.pop()?;
                while let Some(mut parent) = open.pop() {
                    parent.at.end = whole.at.end.max(parent.at.end);
                    parent.children.push(Node::Element(whole));
                    whole = parent;
                }
                return Some(Node::Element(whole));
            };
            let node = match event {
                Event::Start(start) => {
                    self.declare(&start);
                    self.depth += 1;
                    if deeper > 0 || open.len() >= DEPTH {
                        deeper += 1;
                    } else {
                        open.push(self.element(start, at));
                    }
                    continue;
                }
                Event::Empty(start) => {
                    self.declare(&start);
                    let element = self.element(start, at);
                    self.undeclare(self.depth + 1);
                    if deeper > 0 {
                        continue;
                    }
                    Node::Element(element)
                }
                Event::End(_) => {
                    self.close();
                    if deeper > 0 {
                        deeper -= 1;
                        continue;
                    }
                    let mut element = open.pop()?;
                    element.at.end = at.end;
                    Node::Element(element)
                }
                Event::Text(text) => Node::Text(Letters { text: text.into_inner(), at, verbatim: true }),
                Event::CData(text) => {
                    // `<![CDATA[` is nine bytes long, `]]>` three.
                    let at = at.start + 9..at.end.saturating_sub(3).max(at.start + 9);
                    Node::Text(Letters { text: text.into_inner(), at, verbatim: true })
                }
                Event::GeneralRef(name) => {
                    let known = name.resolve_char_ref().ok().flatten();
                    let known = known.map(String::from).or_else(|| {
                        let named = match &*name.clone().into_inner() {
                            "amp" => "&",
                            "lt" => "<",
                            "gt" => ">",
                            "quot" => "\"",
                            "apos" => "'",
                            _ => return None,
                        };
                        Some(named.to_owned())
                    });
                    match known {
                        Some(text) => Node::Text(Letters { text: Cow::Owned(text), at, verbatim: false }),
                        None => {
                            // Only a document type could say what it stands for, and that is refused.
                            let text = format!("&{};", name.into_inner());
                            Node::Text(Letters { text: Cow::Owned(text), at, verbatim: false })
                        }
                    }
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {
                    continue;
                }
            };
            match (node, open.last_mut()) {
                (Node::Text(letters), Some(_)) if deeper > 0 => self.deep.push(letters),
                (node, Some(parent)) => parent.children.push(node),
                (node, None) => return Some(node),
            }
        }
    }

    /// Tells of all characters of the part, with the element that they stand in.
    pub(super) fn each_text(&mut self, tell: &mut dyn FnMut(Space, &str, &str)) {
        let mut open: Vec<(Space, String)> = Vec::new();
        while let Some((event, _)) = self.event() {
            match event {
                Event::Start(start) => {
                    self.declare(&start);
                    self.depth += 1;
                    let (space, name) = self.called(&start);
                    open.push((space, name.to_owned()));
                }
                Event::End(_) => {
                    self.close();
                    open.pop();
                }
                Event::Text(text) => {
                    if let Some((space, name)) = open.last() {
                        tell(*space, name, &text.into_inner());
                    }
                }
                _ => {}
            }
        }
    }

    /// The next event with its place; `None` at the end of the part or where it is broken.
    fn event(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        if self.ended {
            return None;
        }
        let start = self.base + self.reader.buffer_position() as usize;
        let event = self.reader.read_event();
        let end = self.base + self.reader.buffer_position() as usize;
        let trouble = match event {
            Ok(Event::DocType(_)) => "it has a document type, which no part of a package may have".to_owned(),
            Ok(Event::Eof) if self.depth > 0 => "it ends in the middle".to_owned(),
            Ok(Event::Eof) => {
                self.ended = true;
                return None;
            }
            Ok(event) => return Some((event, start..end)),
            Err(error) => error.to_string(),
        };
        self.ended = true;
        self.trouble = Some((start, trouble));
        None
    }

    fn element(&self, start: BytesStart<'a>, at: Range<usize>) -> Element<'a> {
        let (space, name) = self.called(&start);
        let name = name.to_owned();
        Element { space, name, start, at, children: Vec::new() }
    }

    fn called<'s>(&self, start: &'s BytesStart) -> (Space, &'s str) {
        let name = start.name().0;
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let known = self.prefixes.iter().rev().find(|p| p.1 == prefix);
        (known.map_or(Space::Other, |p| p.2), local)
    }

    fn declare(&mut self, start: &BytesStart) {
        if !start.attributes_raw().contains("xmlns") {
            return;
        }
        let mut all = start.attributes();
        for attribute in all.with_checks(false).filter_map(Result::ok) {
            let key = attribute.key.0;
            if let Some(prefix) = key.strip_prefix("xmlns:").or((key == "xmlns").then_some("")) {
                self.prefixes.push((self.depth + 1, prefix.to_owned(), space(&attribute.value)));
            }
        }
    }

    fn undeclare(&mut self, depth: usize) {
        while self.prefixes.last().is_some_and(|p| p.0 >= depth) {
            self.prefixes.pop();
        }
    }

    fn close(&mut self) {
        self.undeclare(self.depth);
        self.depth = self.depth.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const W: &str = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'";

    fn words(node: &Node, out: &mut String) {
        match node {
            Node::Text(letters) => out.push_str(&letters.text),
            Node::Element(element) => element.children.iter().for_each(|n| words(n, out)),
        }
    }

    fn all(text: &str) -> (String, Option<String>) {
        let mut parser = Parser::new(text, 0);
        let mut out = String::new();
        if parser.enter(Space::W, "body") {
            while let Some(node) = parser.next() {
                words(&node, &mut out);
                out.push('|');
            }
        }
        parser.deep.iter().for_each(|l| out.push_str(&l.text));
        (out, parser.trouble.map(|t| t.1))
    }

    #[test]
    fn elements_come_one_after_another() {
        for (inner, expected) in [
            ("<w:p>甲<w:r/>乙</w:p><w:p/>", "甲乙||"),
            ("<w:p>&lt;&#x7532;&amp;&#20057;&nbsp;<![CDATA[<丙>]]></w:p>", "<甲&乙&nbsp;<丙>|"),
            ("甲<!-- no --><?pi?>乙", "甲|乙|"),
        ] {
            let text = format!("<?xml version='1.0'?><w:document {W}><w:body>{inner}</w:body></w:document>");
            assert_eq!(all(&text), (expected.to_owned(), None));
        }
    }

    #[test]
    fn places_are_those_of_the_source() {
        let text = format!("<w:body {W}><w:p>甲&amp;<![CDATA[乙]]></w:p></w:body>");
        let mut parser = Parser::new(&text, 0);
        assert!(parser.enter(Space::W, "body"));
        let Some(Node::Element(p)) = parser.next() else { panic!("a paragraph") };
        assert_eq!(&text[p.at.clone()], "<w:p>甲&amp;<![CDATA[乙]]></w:p>");
        let places: Vec<&str> = p.letters().map(|l| &text[l.at.clone()]).collect();
        assert_eq!(places, ["甲", "&amp;", "乙"]);
    }

    #[test]
    fn prefixes_are_names_for_vocabularies() {
        let text = "<x:body xmlns:x='http://purl.oclc.org/ooxml/wordprocessingml/main' xmlns='urn:schemas-microsoft-com:vml'>\
                    <x:p x:val='1' y='&amp;'/><shape><x:p xmlns:x='urn:other'/><x:p/></shape></x:body>";
        let mut parser = Parser::new(text, 0);
        assert!(parser.enter(Space::W, "body"));
        let Some(Node::Element(p)) = parser.next() else { panic!("a paragraph") };
        assert!(p.is("p"));
        assert_eq!((p.value().as_deref(), p.attribute("y").as_deref()), (Some("1"), Some("&")));
        let Some(Node::Element(shape)) = parser.next() else { panic!("a shape") };
        let spaces: Vec<Space> = shape.elements().map(|e| e.space).collect();
        assert_eq!((shape.space, spaces), (Space::V, vec![Space::Other, Space::W]));
    }

    #[test]
    fn what_is_broken_is_told_and_the_rest_kept() {
        for (inner, expected, says) in [
            ("<w:p>甲<w:r>乙", "甲乙|", "in the middle"),
            ("<w:p>甲</w:r></w:p>", "甲|", "expected"),
            ("<w:p>甲</w:p><w:p", "甲|", ""),
        ] {
            let (words, trouble) = all(&format!("<w:body {W}>{inner}"));
            assert_eq!(words, expected, "{inner}");
            assert!(trouble.as_deref().unwrap_or("none").contains(says), "{inner}: {trouble:?}");
        }
        let bomb = format!("<!DOCTYPE a [<!ENTITY b 'bbbb'>]><w:body {W}>&b;</w:body>");
        let (words, trouble) = all(&bomb);
        assert_eq!((words.as_str(), trouble.is_some_and(|t| t.contains("document type"))), ("", true));
    }

    #[test]
    fn ten_thousand_levels_do_not_overrun_the_stack() {
        for n in [10_000, 100_000] {
            let text = format!("<w:body {W}>{}甲{}乙</w:body>", "<w:p>".repeat(n), "</w:p>".repeat(n));
            assert_eq!(all(&text), ("|乙|甲".to_owned(), None));
        }
    }
}
