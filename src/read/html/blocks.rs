//! Blocks of HTML: elements that stand on their own in, blocks of the document out.

use crate::{
    document::{Block, Role},
    links,
    read::{
        html::{
            Flow, Reader, math, names,
            run::{Run, verbatim},
            tree::{Id, Kind},
        },
        short::{self, Writing},
        urls::mark_urls,
    },
    report::{Diagnostic, Severity},
    text::{MarkKind, OBJECT, Text},
};

/// Quotations and lists inside one another; what is deeper is set at this depth.
pub(super) const DEEPEST: usize = 24;

/// Elements that carry nothing that could be printed.
const SILENT: &[&str] = &[
    "area", "base", "button", "datalist", "head", "iframe", "input", "link", "map", "meta", "noembed",
    "noframe", "noscript", "optgroup", "option", "param", "script", "select", "source", "style", "template",
    "textarea", "title", "track",
];

/// Elements of which only what they say in words can be kept.
const FOREIGN: &[&str] = &["applet", "audio", "canvas", "embed", "object", "video"];

impl Reader<'_> {
    /// The blocks below an element, outside of any paragraph.
    pub(super) fn flow(&mut self, id: Id) -> Vec<Block> {
        self.place(id);
        let mut flow = self.open_flow();
        self.children(id, &mut flow);
        self.end(&mut flow);
        flow.blocks
    }

    /// An empty flow. What is true of the element around is true of the blocks in it.
    pub(super) fn open_flow(&self) -> Flow {
        let mut flow = Flow { blocks: Vec::new(), run: Run::new(self.source.id), role: Role::Body };
        if let Some(kind) = &self.tongue {
            flow.run.open(kind.clone());
        }
        flow
    }

    /// The blocks of an element that is itself left out of the flow, such as a note.
    pub(super) fn inside(&mut self, id: Id) -> Vec<Block> {
        self.flow(id)
    }

    /// Takes up the name of an element that links lead to: the next text has it.
    fn place(&mut self, id: Id) {
        let name = self.anchors.remove(&(self.file, id));
        self.waiting.extend(name);
    }

    pub(super) fn children(&mut self, id: Id, flow: &mut Flow) {
        let tree = self.tree();
        for child in tree.children(id) {
            self.node(child, flow);
        }
    }

    /// Whether a node is read elsewhere or not at all.
    pub(super) fn is_out(&mut self, id: Id) -> bool {
        let at = (self.file, id);
        let tree = self.tree();
        if self.files[self.file].left_out.contains(&id) || self.told.contains(&at) {
            return true;
        }
        if self.notes.notes.contains_key(&at)
            || self.notes.backs.contains(&at)
            || self.notes.labels.contains(&at)
        {
            return true;
        }
        // The heading and the line over notes go with them.
        let above = self.notes.holders.contains(&(self.file, tree.parent(id)));
        above && (tree.name(id) == "hr" || names::is_heading(tree.name(id)))
    }

    pub(super) fn node(&mut self, id: Id, flow: &mut Flow) {
        let tree = self.tree();
        match tree.kind(id) {
            Kind::Text => return flow.run.words(&self.source.text, tree.range(id), false),
            Kind::Raw => return flow.run.words(&self.source.text, tree.range(id), true),
            Kind::Comment => return,
            Kind::Element(_) => {}
        }
        if self.is_out(id) || is_hidden(tree.attribute(id, "hidden"), tree.attribute(id, "style")) {
            return;
        }
        match self.tongue(id) {
            Some(kind) => {
                let outer = self.tongue.replace(kind.clone());
                let opened = flow.run.open(kind);
                self.element(id, flow);
                if opened {
                    self.close_mark(flow);
                }
                self.tongue = outer;
            }
            None => self.element(id, flow),
        }
    }

    fn element(&mut self, id: Id, flow: &mut Flow) {
        let tree = self.tree();
        let name = tree.name(id);
        if self.anchors.contains_key(&(self.file, id)) {
            if names::is_block(name) || matches!(name, "table" | "figure" | "pre" | "hr") {
                self.end(flow);
                self.place(id);
            } else {
                return self.inline_place(id, flow);
            }
        }
        match name {
            name if SILENT.contains(&name) => {}
            "p" | "address" => self.paragraph(id, flow),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(id, flow),
            "blockquote" => self.nested(id, flow, |reader, flow| {
                let inner = reader.flow(id);
                if !inner.is_empty() {
                    flow.blocks.push(Block::Quote(inner));
                }
            }),
            "ul" | "ol" | "menu" | "dir" => self.nested(id, flow, |reader, flow| reader.list(id, flow)),
            "dl" => self.nested(id, flow, |reader, flow| reader.definitions(id, flow)),
            "pre" | "listing" | "xmp" | "plaintext" => self.code(id, flow),
            "table" => self.table(id, flow),
            "figure" => self.figure(id, flow),
            "hr" => {
                self.end(flow);
                flow.blocks.push(Block::Break);
            }
            "svg" => self.drawing(id, flow),
            "math" => self.formula(id, flow),
            name if FOREIGN.contains(&name) => {
                self.say(id, format!("`<{name}>` cannot be printed; words in it are kept"));
                self.apart(id, flow);
            }
            "summary" => {
                self.end(flow);
                flow.run.open(MarkKind::Strong);
                self.children(id, flow);
                self.close_mark(flow);
                self.end(flow);
            }
            _ if tree.has(id, "class", "verse")
                || tree.has(id, "class", "poem")
                || tree.has(id, "class", "poetry") =>
            {
                self.verse(id, flow);
            }
            name if names::is_block(name) => self.apart(id, flow),
            _ => self.inline(id, flow),
        }
    }

    /// An element within a paragraph that links lead to. One without words is the place of the whole paragraph.
    fn inline_place(&mut self, id: Id, flow: &mut Flow) {
        let Some(name) = self.anchors.remove(&(self.file, id)) else { return };
        let blocks = flow.blocks.len();
        let opened = flow.run.open(MarkKind::Anchor(name.clone()));
        self.node(id, flow);
        let empty = opened && flow.run.close().is_empty();
        if !opened || empty && flow.blocks.len() == blocks {
            self.waiting.push(name);
        }
    }

    /// An element that begins and ends a paragraph, and no more.
    fn apart(&mut self, id: Id, flow: &mut Flow) {
        self.end(flow);
        self.children(id, flow);
        self.end(flow);
    }

    /// A quotation or a list.
    fn nested(&mut self, id: Id, flow: &mut Flow, read: impl FnOnce(&mut Self, &mut Flow)) {
        if self.depth >= DEEPEST {
            self.count("quotations or lists more than 24 deep are set at that depth", id);
            return self.apart(id, flow);
        }
        self.end(flow);
        self.depth += 1;
        read(self, flow);
        self.depth -= 1;
    }

    fn paragraph(&mut self, id: Id, flow: &mut Flow) {
        self.end(flow);
        flow.role = role(self.tree().attribute(id, "class").unwrap_or_default());
        self.children(id, flow);
        self.end(flow);
    }

    /// Ends the open paragraph.
    pub(super) fn end(&mut self, flow: &mut Flow) {
        let role = std::mem::take(&mut flow.role);
        for text in self.texts(&mut flow.run) {
            match self.lonely(&text) {
                Some(figures) => flow.blocks.extend(figures),
                None => flow.blocks.push(Block::Paragraph { text, role }),
            }
        }
    }

    /// The texts of a run, finished.
    fn texts(&mut self, run: &mut Run) -> Vec<Text> {
        let (mut texts, left) = run.take();
        for span in left {
            let message = "`<ruby>` has no end; its readings are set in brackets".to_owned();
            self.report.push(Diagnostic::new("unread-html", Severity::Warning, span, message));
        }
        if let Some(text) = texts.first_mut() {
            for name in self.waiting.drain(..) {
                text.mark_around(0..text.as_str().len(), MarkKind::Anchor(name));
            }
        }
        for text in &mut texts {
            math::formulas(text);
            if self.options.markup {
                short::report(text, Writing::Typed, self.report);
            }
            mark_urls(text);
        }
        texts
    }

    /// Pictures that stand alone in their paragraph.
    fn lonely(&self, text: &Text) -> Option<Vec<Block>> {
        let mut out = Vec::new();
        if text.as_str().chars().any(|c| c != OBJECT && !c.is_whitespace()) {
            return None;
        }
        let mut names = links::anchors(text).map(|(_, name)| name.to_owned());
        for mark in text.marks() {
            match &mark.kind {
                MarkKind::Image { path, alt } => out.push(Block::Figure {
                    path: path.clone(),
                    alt: alt.clone(),
                    caption: None,
                    anchor: names.next(),
                    span: text.span(mark.range.clone()),
                }),
                MarkKind::Note(_) => return None,
                _ => {}
            }
        }
        (!out.is_empty()).then_some(out)
    }

    /// All words of an element as one text: a heading, a caption, a cell. Paragraphs in it are lines.
    pub(super) fn text(&mut self, id: Id) -> Text {
        let blocks = self.flow(id);
        let mut out = Text::new();
        let span = self.span(self.tree().range(id));
        self.join(&blocks, span.range(), &mut out);
        out
    }

    /// Blocks as lines of one text, where a text is all that can be.
    fn join(&mut self, blocks: &[Block], place: std::ops::Range<usize>, out: &mut Text) {
        let line = |out: &mut Text, text: &Text, reader: &Self| {
            if !out.is_empty() {
                out.push("\n", reader.span(place.start..place.start), false);
            }
            out.push_text(text);
        };
        for block in blocks {
            match block {
                Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::Code { text, .. } => {
                    line(out, text, self);
                }
                Block::Verse(stanzas) => stanzas.iter().for_each(|text| line(out, text, self)),
                Block::Quote(blocks) => self.join(blocks, place.clone(), out),
                Block::List { items, .. } => {
                    items.iter().for_each(|item| self.join(&item.blocks, place.clone(), out));
                }
                Block::Definitions(all) => {
                    for one in all {
                        line(out, &one.term, self);
                        one.meanings.iter().for_each(|blocks| self.join(blocks, place.clone(), out));
                    }
                }
                Block::Table { head, rows, caption, .. } => {
                    caption
                        .iter()
                        .chain(head)
                        .chain(rows.iter().flatten())
                        .for_each(|text| line(out, text, self));
                }
                Block::Figure { path, alt, caption, anchor, span } => {
                    let mut text = Text::made(OBJECT.to_string(), *span);
                    let kind = MarkKind::Image { path: path.clone(), alt: alt.clone() };
                    text.mark(0..OBJECT.len_utf8(), kind);
                    if let Some(name) = anchor {
                        text.mark_around(0..OBJECT.len_utf8(), MarkKind::Anchor(name.clone()));
                    }
                    line(out, &text, self);
                    caption.iter().for_each(|text| line(out, text, self));
                }
                Block::Break => {}
            }
        }
    }

    fn heading(&mut self, id: Id, flow: &mut Flow) {
        self.end(flow);
        let tree = self.tree();
        let level = tree.name(id).as_bytes()[1] - b'0';
        // The levels of our own editions are in their classes, for a title stands over them.
        let own = tree.attribute(id, "class").and_then(|class| {
            class.split_ascii_whitespace().find_map(|c| c.strip_prefix("level-")?.parse().ok())
        });
        let level = own.filter(|level| (1..=6).contains(level)).unwrap_or(level);
        let text = self.text(id);
        if !text.is_empty() {
            flow.blocks.push(Block::Heading { level, text });
        }
    }

    fn code(&mut self, id: Id, flow: &mut Flow) {
        self.end(flow);
        let tree = self.tree();
        let mut text = Text::new();
        for node in tree.descendants(id) {
            match tree.kind(node) {
                Kind::Text | Kind::Raw => {
                    let raw = tree.kind(node) == Kind::Raw;
                    verbatim(&mut text, self.source.id, &self.source.text, tree.range(node), raw);
                }
                Kind::Element(_) if tree.name(node) == "br" => {
                    text.push("\n", self.span(tree.range(node)), false)
                }
                Kind::Element(_) if tree.name(node) == "img" => {
                    self.say(node, "a picture in code is not kept".to_owned());
                }
                _ => {}
            }
        }
        // The line end right after the start tag is none, and so is the one before the end tag.
        let string = text.as_str();
        let start = usize::from(string.starts_with('\n'));
        let end = string.trim_end_matches([' ', '\t']);
        let end = end.strip_suffix('\n').unwrap_or(string).len().max(start);
        if string[start..end].trim().is_empty() {
            return;
        }
        let text = text.slice(start..end);
        let named = tree.descendants(id).take(3).chain([tree.parent(id)]);
        let language =
            named.filter_map(|n| tree.attribute(n, "class")).find_map(language).unwrap_or_default();
        flow.blocks.push(Block::Code { language: language.to_owned(), text });
    }

    /// Verse: paragraphs are stanzas, and what is named a line is a line.
    fn verse(&mut self, id: Id, flow: &mut Flow) {
        self.end(flow);
        let tree = self.tree();
        let is_stanza =
            |n: Id| ["stanza", "linegroup", "verse-group"].iter().any(|c| tree.has(n, "class", c));
        let stanzas: Vec<Id> = tree.descendants(id).filter(|&n| is_stanza(n)).collect();
        let mut out = Vec::new();
        let mut rest = Vec::new();
        if stanzas.is_empty() {
            for block in self.flow(id) {
                match block {
                    Block::Paragraph { text, .. } => out.push(text),
                    other => rest.push(other),
                }
            }
        } else {
            for stanza in stanzas {
                let text = self.text(stanza);
                if !text.is_empty() {
                    out.push(text);
                }
            }
        }
        if !out.is_empty() {
            flow.blocks.push(Block::Verse(out));
        }
        flow.blocks.extend(rest);
    }

    /// A figure: a picture with its caption, or anything else with a paragraph for a caption.
    fn figure(&mut self, id: Id, flow: &mut Flow) {
        self.end(flow);
        let tree = self.tree();
        let caption = tree.descendants(id).find(|&n| tree.name(n) == "figcaption");
        let waiting = std::mem::take(&mut self.waiting);
        let mut words = caption.map(|c| self.text(c)).filter(|text| !text.is_empty());
        self.waiting.splice(0..0, waiting);
        if let Some(caption) = caption {
            self.told.insert((self.file, caption));
        }
        let first = caption.is_some_and(|c| {
            !tree.range(c).is_empty() && tree.children(id).find(|&n| tree.element(n).is_some()) == Some(c)
        });
        let mut blocks = self.flow(id);
        let takes = blocks.iter_mut().find_map(|block| match block {
            Block::Figure { caption: slot @ None, .. } | Block::Table { caption: slot @ None, .. } => {
                Some(slot)
            }
            _ => None,
        });
        if let Some(slot) = takes {
            *slot = words.take();
        }
        if let Some(text) = words {
            let at = if first { 0 } else { blocks.len() };
            blocks.insert(at, Block::Paragraph { text, role: Role::Continued });
        }
        flow.blocks.extend(blocks);
    }
}

/// What a paragraph is for, by the classes that our own editions have.
fn role(class: &str) -> Role {
    class
        .split_ascii_whitespace()
        .find_map(|word| match word {
            "author-note" => Some(Role::AuthorNote),
            "continued" => Some(Role::Continued),
            "salutation" => Some(Role::Salutation),
            "closing" => Some(Role::Closing),
            "signature" => Some(Role::Signature),
            _ => None,
        })
        .unwrap_or_default()
}

/// The language of code in the classes of HTML, Pandoc, GitHub and Sphinx.
fn language(class: &str) -> Option<&str> {
    let mut words = class.split_ascii_whitespace();
    words.find_map(|word| {
        ["language-", "lang-", "highlight-source-", "highlight-", "brush:"]
            .iter()
            .find_map(|start| word.strip_prefix(start))
            .or_else(|| class.starts_with("sourceCode ").then(|| class.trim_start_matches("sourceCode ")))
            .filter(|l| !l.is_empty() && !["plaintext", "none", "default", "notranslate"].contains(l))
    })
}

/// Whether an element is there for nobody's eyes.
pub(super) fn is_hidden(hidden: Option<&str>, style: Option<&str>) -> bool {
    hidden.is_some_and(|h| h != "until-found")
        || style.is_some_and(|style| {
            let style: String = style.to_ascii_lowercase().split_ascii_whitespace().collect();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
}
