//! Elements and text in, well-formed XML out: names and nesting are kept by the writer,
//! everything else is escaped.

use std::borrow::Cow;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

/// An XML document in the making. Elements are closed in the order in which they were opened.
pub(crate) struct Xml {
    writer: Writer<Vec<u8>>,
    open: Vec<&'static str>,
    /// Whether this is HTML, where an element without content has no slash.
    html: bool,
}

impl Xml {
    /// A document that begins with the XML declaration.
    pub(crate) fn new() -> Self {
        let mut xml = Self::fragment();
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml
    }

    /// A document whose text begins with a document type.
    pub(crate) fn with_doctype(doctype: &str) -> Self {
        let mut xml = Self::new();
        xml.event(Event::DocType(BytesText::from_escaped(doctype)));
        xml
    }

    /// A document in HTML, which has no declaration.
    pub(crate) fn page() -> Self {
        let mut xml = Self::page_fragment();
        xml.event(Event::DocType(BytesText::from_escaped("html")));
        xml
    }

    /// Elements that are put into a document in HTML later.
    pub(crate) fn page_fragment() -> Self {
        Self { html: true, ..Self::fragment() }
    }

    fn fragment() -> Self {
        Self { writer: Writer::new(Vec::new()), open: Vec::new(), html: false }
    }

    /// Opens an element.
    pub(crate) fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> &mut Self {
        self.event(Event::Start(start(name, attributes)));
        self.open.push(name);
        self
    }

    /// Closes the element that was opened last.
    pub(crate) fn close(&mut self) -> &mut Self {
        let name = self.open.pop().expect("an element is open");
        self.event(Event::End(BytesEnd::new(name)));
        self
    }

    /// An element without content.
    pub(crate) fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> &mut Self {
        let start = start(name, attributes);
        self.event(if self.html { Event::Start(start) } else { Event::Empty(start) });
        self
    }

    /// An element that holds only text.
    pub(crate) fn leaf(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &str) -> &mut Self {
        self.open(name, attributes).text(text).close()
    }

    /// Text.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        let allowed = clean(text);
        self.event(Event::Text(BytesText::new(&allowed)));
        self
    }

    /// What was made before, as it is: a fragment, or a style sheet without `<`.
    pub(crate) fn raw(&mut self, made: &[u8]) -> &mut Self {
        self.writer.get_mut().extend_from_slice(made);
        self
    }

    /// A line end between elements, for people who open the file.
    pub(crate) fn line(&mut self) -> &mut Self {
        self.event(Event::Text(BytesText::from_escaped("\n")));
        self
    }

    /// The bytes, with every open element closed.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        self.writer.into_inner()
    }

    fn event(&mut self, event: Event) {
        self.writer.write_event(event).expect("writing to memory does not fail");
    }
}

fn start<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        let value = clean(value);
        start.push_attribute((*key, &*value));
    }
    start
}

/// Text without the characters that XML 1.0 cannot hold: controls and two noncharacters.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(unfit) { text.chars().filter(|&c| !unfit(c)).collect() } else { text.into() }
}

/// Whether XML 1.0 cannot hold a character.
pub(crate) fn unfit(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}
