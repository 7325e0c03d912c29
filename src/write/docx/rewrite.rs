//! XML of a part in, the same XML with some elements changed out: everything else stays byte for byte.

use std::ops::Range;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

/// What becomes of an element.
pub(super) enum Act {
    /// It stays.
    Keep,
    /// It goes, with all that is in it.
    Drop,
    /// Its attributes become these; what is in it stays.
    Set(Vec<(String, String)>),
    /// It becomes this XML, with all that is in it.
    Replace(String),
}

/// An element that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// From its tag to its end.
    pub range: Range<usize>,
    /// Its name with prefix.
    pub name: String,
    /// Its attributes, as they are written.
    pub attributes: Vec<(String, String)>,
    /// The depth, from 0 for the root.
    pub depth: usize,
}

impl Found {
    /// The value of an attribute, as it is written.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        value(&self.attributes, name)
    }
}

/// The value of one of some attributes.
pub(super) fn value<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn attributes(start: &BytesStart) -> Vec<(String, String)> {
    let text = |part: &str| part.to_owned();
    start.attributes().with_checks(false).flatten().map(|a| (text(a.key.as_ref()), text(&a.value))).collect()
}

/// Every element of a part, in the order of their tags.
///
/// # Errors
/// When this is no XML.
pub(super) fn elements(xml: &str) -> Result<Vec<Found>, String> {
    let mut reader = Reader::from_str(xml);
    let mut out: Vec<Found> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    loop {
        let at = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|e| e.to_string())?;
        let end = reader.buffer_position() as usize;
        match event {
            Event::Start(start) | Event::Empty(start) => {
                let name = start.name().as_ref().to_owned();
                let empty = xml.as_bytes()[..end].ends_with(b"/>");
                let found = Found { range: at..end, name, attributes: attributes(&start), depth: open.len() };
                if !empty {
                    open.push(out.len());
                }
                out.push(found);
            }
            Event::End(_) => {
                if let Some(last) = open.pop() {
                    out[last].range.end = end;
                }
            }
            Event::DocType(_) => return Err("it has a document type".to_owned()),
            Event::Eof if open.is_empty() && !out.is_empty() => return Ok(out),
            Event::Eof => return Err("it is not whole".to_owned()),
            _ => {}
        }
    }
}

/// Changes elements of a part by their name and attributes.
///
/// # Errors
/// When this is no XML.
pub(super) fn rewrite(xml: &str, mut act: impl FnMut(&Found) -> Act) -> Result<String, String> {
    let mut out = String::with_capacity(xml.len());
    let mut at = 0;
    for found in elements(xml)? {
        if found.range.start < at {
            continue;
        }
        let new = match act(&found) {
            Act::Keep => continue,
            Act::Drop => String::new(),
            Act::Replace(new) => new,
            Act::Set(attributes) => {
                let tag = &xml[found.range.clone()];
                let tag = &tag[..closing(tag)];
                let mut new = format!("<{}", found.name);
                for (key, value) in attributes {
                    new.push_str(&format!(" {key}=\"{}\"", value.replace('"', "&quot;")));
                }
                new.push_str(if tag.ends_with("/>") { "/>" } else { ">" });
                out.push_str(&xml[at..found.range.start]);
                out.push_str(&new);
                at = found.range.start + tag.len();
                continue;
            }
        };
        out.push_str(&xml[at..found.range.start]);
        out.push_str(&new);
        at = found.range.end;
    }
    out.push_str(&xml[at..]);
    Ok(out)
}

/// Bytes of the tag that a string begins with.
fn closing(tag: &str) -> usize {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    tag.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_changes() {
        let xml = "<?xml version=\"1.0\"?>\n<a x='1'><b y=\"&lt;\">一<c/></b><!-- b --><b y=\">\"/> </a>";
        let same = rewrite(xml, |_| Act::Keep).expect("XML");
        assert_eq!(same, xml);
        let changed = rewrite(xml, |found| match (found.name.as_str(), found.attribute("y")) {
            ("b", Some(">")) => Act::Drop,
            ("b", _) => Act::Set(vec![("z".into(), "2".into())]),
            ("c", _) => Act::Replace("<d>二</d>".into()),
            _ => Act::Keep,
        });
        assert_eq!(
            changed.expect("XML"),
            "<?xml version=\"1.0\"?>\n<a x='1'><b z=\"2\">一<d>二</d></b><!-- b --> </a>"
        );
        for odd in ["", "<a>", "<!DOCTYPE a><a/>", "<a></b></a>"] {
            assert!(rewrite(odd, |_| Act::Keep).is_err(), "{odd}");
        }
    }
}
