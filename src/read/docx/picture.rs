//! Pictures, shapes and text boxes, in the form of DrawingML and of VML.

use crate::{
    document::Block,
    read::{
        docx::{
            Reader,
            inline::Line,
            parts::Target,
            story::{Piece, Story},
            words_of,
        },
        xml::{Element, Space},
    },
    report::Severity,
    text::MarkKind,
};

/// Text boxes that stand in one another; deeper ones are left out.
const BOXES: usize = 4;

/// Of the ways in which something is written for programs old and new, the one to read.
pub(super) fn chosen<'e, 'a>(alternatives: &'e Element<'a>) -> Option<&'e Element<'a>> {
    let mut all = alternatives.elements().filter(|e| e.space == Space::Mc);
    let something = |e: &&Element| relation(e).is_some() || !words_of(e).trim().is_empty();
    let choices: Vec<&Element> = all.by_ref().collect();
    choices.iter().copied().find(something).or_else(|| choices.first().copied())
}

/// The relation of the picture in an element: its id, and whether the picture is only linked.
pub(super) fn relation(element: &Element) -> Option<(String, bool)> {
    let picture = element.find(&|e| {
        (e.space == Space::A && e.name == "blip" || e.space == Space::V && e.name == "imagedata")
            && (e.attribute("embed").or_else(|| e.attribute("link")).or_else(|| e.attribute("id"))).is_some()
    })?;
    if picture.space == Space::V {
        return Some((picture.attribute("id")?, false));
    }
    let embedded = picture.attribute("embed").filter(|id| !id.is_empty());
    embedded.map(|id| (id, false)).or_else(|| Some((picture.attribute("link")?, true)))
}

/// What is said of a picture for those who do not see it.
fn alternative(element: &Element) -> String {
    let named = element.find(&|e| {
        e.space == Space::Wp && e.name == "docPr" && e.attribute("descr").is_some_and(|d| !d.is_empty())
            || e.space == Space::V && e.attribute("alt").is_some_and(|a| !a.is_empty())
    });
    let words = named.and_then(|e| e.attribute("descr").or_else(|| e.attribute("alt"))).unwrap_or_default();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Reader<'_> {
    /// A drawing, an old picture or an object of another program in a run.
    pub(super) fn picture(&mut self, story: &mut Story, line: &mut Line, element: &Element) {
        let span = self.span(element.at.clone());
        if story.fields.hides() {
            return;
        }
        let boxes: Vec<&Element> = boxes(element);
        for inner in &boxes {
            self.text_box(story, line, inner);
        }
        if let Some((id, linked)) = relation(element) {
            let alt = alternative(element);
            match story.relations.target(&id).cloned() {
                Some(Target::Part(path)) => {
                    if element.is("object") {
                        self.tally.count(
                            "objects",
                            "an object of another program is carried as its picture",
                            span,
                        );
                    }
                    self.object(story, line, MarkKind::Image { path, alt }, span);
                }
                Some(Target::External(url)) => {
                    let message = format!("the picture `{url}` is not in the package and is not fetched");
                    self.say("unread-picture", Severity::Error, span, message);
                    self.words(line, &alt, element);
                }
                None => {
                    let missing = if linked { "linked" } else { "embedded" };
                    let message = format!("a picture is said to be {missing}, but is not in the package");
                    self.say("unread-picture", Severity::Error, span, message);
                    self.words(line, &alt, element);
                }
            }
            return;
        }
        if element
            .find(&|e| e.space == Space::V && e.attribute("hr").is_some_and(|hr| hr == "t" || hr == "true"))
            .is_some()
        {
            line.rule = true;
            return;
        }
        if !boxes.is_empty() {
            return;
        }
        let part = |name: &str| {
            element.find(&|e| e.name == name).and_then(|e| e.attribute("id").or_else(|| e.attribute("dm")))
        };
        if let Some(id) = part("chart") {
            self.drawn(story, line, "chart", &id, element);
        } else if let Some(id) = part("relIds") {
            self.drawn(story, line, "diagram", &id, element);
        } else {
            // Letters of WordArt are words.
            let art = element
                .find(&|e| e.space == Space::V && e.name == "textpath")
                .and_then(|e| e.attribute("string"));
            if let Some(words) = art.filter(|words| !words.trim().is_empty()) {
                let message = format!("words that are drawn are carried as text: {words}");
                self.say("unread-element", Severity::Note, span, message);
                self.words(line, &words, element);
            } else {
                self.tally.count("shapes", "a shape without words is left out", span);
            }
        }
    }

    /// Words that stand for something that cannot be carried.
    fn words(&mut self, line: &mut Line, words: &str, element: &Element) {
        line.text.push(words, self.span(element.at.clone()), false);
    }

    /// A chart or diagram, whose words are in a part of its own.
    fn drawn(&mut self, story: &Story, line: &mut Line, what: &str, id: &str, element: &Element) {
        let span = self.span(element.at.clone());
        let alt = alternative(element);
        let words = story.relations.part(id).and_then(|part| self.source.part(part)).map(|(text, start)| {
            let mut parser = crate::read::xml::Parser::new(text, start);
            let mut out: Vec<String> = Vec::new();
            parser.each_text(&mut |space, name, words| {
                if space == Space::A && name == "t" || what == "chart" && name == "v" {
                    out.push(words.trim().to_owned());
                }
            });
            out.retain(|w| !w.is_empty());
            out.join(", ")
        });
        let words = words.unwrap_or_default();
        let message = match words.is_empty() {
            true => format!("a {what} is left out; make it a picture in the document"),
            false => format!("a {what} is left out; make it a picture in the document; its words: {words}"),
        };
        self.say("unread-element", Severity::Error, span, message);
        self.words(line, &alt, element);
    }

    fn text_box(&mut self, story: &mut Story, line: &mut Line, inner: &Element) {
        let span = self.span(inner.at.clone());
        if words_of(inner).trim().is_empty() && relation(inner).is_none() {
            return;
        }
        if story.boxes >= BOXES {
            self.say(
                "unread-element",
                Severity::Error,
                span,
                format!("a text box is left out: {}", words_of(inner)),
            );
            return;
        }
        self.say(
            "unread-element",
            Severity::Note,
            span,
            "a text box stands behind its paragraph, as a quotation",
        );
        let mut own = Story::new(&story.part, story.relations.clone(), false);
        own.boxes = story.boxes + 1;
        inner.elements().for_each(|block| self.block(&mut own, block));
        let blocks = self.finish(own);
        if !blocks.is_empty() {
            line.beside.push(Piece::Block(Block::Quote(blocks)));
        }
    }
}

/// The contents of the text boxes in an element, the outer ones only.
fn boxes<'e, 'a>(element: &'e Element<'a>) -> Vec<&'e Element<'a>> {
    let mut out = Vec::new();
    for child in element.elements() {
        if child.is("txbxContent") {
            out.push(child);
        } else if child.space == Space::Mc && child.name == "AlternateContent" {
            out.extend(chosen(child).map(boxes).unwrap_or_default());
        } else {
            out.extend(boxes(child));
        }
    }
    out
}
