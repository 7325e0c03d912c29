//! Tags in, a tree out, each node with its place in the source. Malformed HTML is mended the way browsers mend it where
//! that matters to running text: ends that are left out, tags that cross, words between the cells of a table.

use std::{borrow::Cow, convert::Infallible, ops::Range};

use html5gum::{
    Span as Stretch, Tokenizer,
    emitters::callback::{CallbackEmitter, CallbackEvent},
};

use crate::read::html::names;

/// A node, by its place in the tree.
pub(in crate::read) type Id = u32;

/// Elements inside one another; what is deeper is put into the deepest. Pages that people wrote stay below 60.
const DEEPEST: usize = 120;

/// A parsed file.
pub(in crate::read) struct Tree {
    nodes: Vec<Node>,
    elements: Vec<Element>,
    /// Where elements were too deep for the first time.
    pub(in crate::read) too_deep: Option<Range<usize>>,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) enum Kind {
    /// An element, by its place among the elements.
    Element(u32),
    /// Text with character references.
    Text,
    /// Text without: the inside of a script or a style.
    Raw,
    /// A comment.
    Comment,
}

struct Node {
    kind: Kind,
    parent: Id,
    first: Id,
    last: Id,
    before: Id,
    next: Id,
    start: u32,
    end: u32,
}

/// The name and attributes of an element, as its start tag has them.
pub(in crate::read) struct Element {
    /// Lower case.
    pub(in crate::read) name: Cow<'static, str>,
    /// In the order of the tag; names are lower case, values are decoded.
    attributes: Vec<(Cow<'static, str>, Box<str>, Range<usize>)>,
    /// The start tag.
    pub(in crate::read) tag: Range<usize>,
}

/// No node: the root is nobody's child.
const NONE: Id = 0;

impl Tree {
    /// Parses the stretch of a text; `xml` when it says that it is XHTML, where tags end themselves.
    pub(in crate::read) fn parse(text: &str, range: Range<usize>, xml: bool) -> Self {
        // The tokenizer counts characters of the text that it was given, without the returns.
        let body = &text[range.clone()];
        let body: Cow<str> = if body.contains('\r') { body.replace('\r', " ").into() } else { body.into() };
        let mut builder = Builder::new(&body, range, xml);
        let mut tag: Option<Element> = None;
        let emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Stretch<usize>| {
            builder.event(event, span.start..span.end, &mut tag);
            None::<Infallible>
        });
        let mut tokenizer = Tokenizer::new_with_emitter(body.as_ref(), {
            let mut emitter = emitter;
            emitter.naively_switch_states(!xml);
            emitter
        });
        let done: Result<(), Infallible> = tokenizer.by_ref().try_for_each(|event| event.map(|_| ()));
        let Ok(()) = done;
        drop(tokenizer);
        builder.finish()
    }

    /// The root, which is no element.
    pub(in crate::read) const ROOT: Id = 0;

    /// How many nodes there are, numbered from the root on; an element has a lower number than what is in it.
    pub(in crate::read) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// What a node is.
    pub(in crate::read) fn kind(&self, id: Id) -> Kind {
        self.nodes[id as usize].kind
    }

    /// The element of a node, if it is one.
    pub(in crate::read) fn element(&self, id: Id) -> Option<&Element> {
        match self.kind(id) {
            Kind::Element(index) if id != Self::ROOT => Some(&self.elements[index as usize]),
            _ => None,
        }
    }

    /// The name of an element; empty for other nodes.
    pub(in crate::read) fn name(&self, id: Id) -> &str {
        self.element(id).map_or("", |e| &e.name)
    }

    /// The value of an attribute, white space around it taken off.
    pub(in crate::read) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        self.value(id, name).map(|(value, _)| value)
    }

    /// The same with the place of the value in the source.
    pub(in crate::read) fn value(&self, id: Id, name: &str) -> Option<(&str, Range<usize>)> {
        let (_, value, range) = self.element(id)?.attributes.iter().find(|a| a.0 == name)?;
        Some((value.trim(), range.clone()))
    }

    /// Whether an attribute has a word among its words.
    pub(in crate::read) fn has(&self, id: Id, attribute: &str, word: &str) -> bool {
        self.attribute(id, attribute).is_some_and(|v| v.split_ascii_whitespace().any(|w| w == word))
    }

    /// Where a node stands, tags included.
    pub(in crate::read) fn range(&self, id: Id) -> Range<usize> {
        let node = &self.nodes[id as usize];
        node.start as usize..node.end as usize
    }

    /// The element that a node stands in; the root's is the root.
    pub(in crate::read) fn parent(&self, id: Id) -> Id {
        self.nodes[id as usize].parent
    }

    /// The nodes in an element.
    pub(in crate::read) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        let first = self.nodes[id as usize].first;
        std::iter::successors((first != NONE).then_some(first), |&id| self.next(id))
    }

    /// The node after a node in the same element.
    pub(in crate::read) fn next(&self, id: Id) -> Option<Id> {
        let next = self.nodes[id as usize].next;
        (next != NONE).then_some(next)
    }

    /// A node and all below it, in the order of the text.
    pub(in crate::read) fn descendants(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(Some(id), move |&at| self.after(at, id, true))
    }

    /// The next node in the order of the text that is below `top`; without `inside`, not below `at`.
    pub(in crate::read) fn after(&self, at: Id, top: Id, inside: bool) -> Option<Id> {
        let node = &self.nodes[at as usize];
        if inside && node.first != NONE {
            return Some(node.first);
        }
        let mut at = at;
        while at != top {
            if let Some(next) = self.next(at) {
                return Some(next);
            }
            at = self.parent(at);
        }
        None
    }

    /// The elements around a node, from the nearest out.
    pub(in crate::read) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> {
        let up = |id: Id| if id == Self::ROOT { None } else { Some(self.parent(id)) };
        std::iter::successors(up(id), move |&id| up(id)).filter(|&id| id != Self::ROOT)
    }
}

/// A tree in the making.
struct Builder<'b> {
    body: &'b str,
    tree: Tree,
    base: usize,
    xml: bool,
    open: Vec<Id>,
    /// Looks (`<b>`) that ended without an end tag and go on in the next paragraph; `None` where a cell began.
    looks: Vec<Option<u32>>,
    /// Elements that were too deep and wait for their end tags.
    beyond: usize,
}

impl<'b> Builder<'b> {
    fn new(body: &'b str, range: Range<usize>, xml: bool) -> Self {
        let root = Element { name: Cow::Borrowed(""), attributes: Vec::new(), tag: range.start..range.start };
        let node = Node {
            kind: Kind::Element(0),
            parent: NONE,
            first: NONE,
            last: NONE,
            before: NONE,
            next: NONE,
            start: range.start as u32,
            end: range.end as u32,
        };
        Self {
            body,
            tree: Tree { nodes: vec![node], elements: vec![root], too_deep: None },
            base: range.start,
            xml,
            open: vec![Tree::ROOT],
            looks: Vec::new(),
            beyond: 0,
        }
    }

    fn event(&mut self, event: CallbackEvent<'_>, span: Range<usize>, tag: &mut Option<Element>) {
        let span = self.base + span.start..self.base + span.end;
        let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match event {
            CallbackEvent::OpenStartTag { name } => {
                *tag = Some(Element { name: names::known(name), attributes: Vec::new(), tag: span });
            }
            CallbackEvent::AttributeName { name } => {
                if let Some(tag) = tag {
                    let name = names::attribute(name);
                    // Of two attributes with one name the first counts; the other keeps its place by an empty name.
                    let again = tag.attributes.iter().any(|a| a.0 == name);
                    let name = if again { Cow::Borrowed("") } else { name };
                    tag.attributes.push((name, "".into(), span.end..span.end));
                }
            }
            CallbackEvent::AttributeValue { value } => {
                if let Some(last) = tag.as_mut().and_then(|t| t.attributes.last_mut()) {
                    (last.1, last.2) = (string(value).into(), span);
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                if let Some(mut tag) = tag.take() {
                    tag.tag.end = span.end;
                    tag.attributes.retain(|a| !a.0.is_empty());
                    self.start(tag, self_closing);
                }
            }
            CallbackEvent::EndTag { name } => {
                *tag = None;
                self.end(&string(name), span);
            }
            CallbackEvent::String { value } => self.text(value, span),
            CallbackEvent::Comment { value } => {
                // XHTML's way to write text with signs; where it ends the tokenizer knows as little as browsers do.
                if !value.starts_with(b"[CDATA[") {
                    self.append(Kind::Comment, span);
                    return;
                }
                let start = span.start + "<![CDATA[".len();
                let inner = &self.body[start - self.base..span.end - self.base];
                let inner = inner.strip_suffix('>').unwrap_or(inner);
                let length = inner.strip_suffix("]]").unwrap_or(inner).len();
                self.append(Kind::Raw, start..start + length);
            }
            CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
    }

    fn top(&self) -> Id {
        *self.open.last().expect("the root stays open")
    }

    fn top_name(&self) -> &str {
        self.tree.name(self.top())
    }

    fn append(&mut self, kind: Kind, range: Range<usize>) -> Id {
        self.append_to(self.top(), kind, range)
    }

    fn append_to(&mut self, parent: Id, kind: Kind, range: Range<usize>) -> Id {
        let before = self.tree.nodes[parent as usize].last;
        self.insert(parent, before, NONE, kind, range)
    }

    /// Puts a node before an element instead of into it: what stands between the cells of a table.
    fn insert_before(&mut self, table: Id, kind: Kind, range: Range<usize>) -> Id {
        let Node { parent, before, .. } = self.tree.nodes[table as usize];
        self.insert(parent, before, table, kind, range)
    }

    fn insert(&mut self, parent: Id, before: Id, next: Id, kind: Kind, range: Range<usize>) -> Id {
        let id = self.tree.nodes.len() as Id;
        let (start, end) = (range.start as u32, range.end as u32);
        self.tree.nodes.push(Node { kind, parent, first: NONE, last: NONE, before, next, start, end });
        match before {
            NONE => self.tree.nodes[parent as usize].first = id,
            before => self.tree.nodes[before as usize].next = id,
        }
        match next {
            NONE => self.tree.nodes[parent as usize].last = id,
            next => self.tree.nodes[next as usize].before = id,
        }
        id
    }

    fn text(&mut self, value: &[u8], range: Range<usize>) {
        let blank = value.iter().all(u8::is_ascii_whitespace);
        let raw = !self.xml && names::RAW.contains(&self.top_name());
        if !self.xml && !blank {
            if self.top_name() == "head" {
                self.pop_to(self.open.len() - 1, range.start);
            }
            if !raw {
                self.reopen(range.start);
            }
        }
        let kind = if raw { Kind::Raw } else { Kind::Text };
        match self.table().filter(|_| !blank) {
            Some(table) => self.insert_before(table, kind, range),
            None => self.append(kind, range),
        };
    }

    /// The table whose rows are open, when it is about to take what is no part of a table.
    fn table(&self) -> Option<Id> {
        let inside = !self.xml && names::ROWS.contains(&self.top_name());
        let table = || self.open.iter().rev().find(|&&id| self.tree.name(id) == "table").copied();
        inside.then(table).flatten()
    }

    fn start(&mut self, tag: Element, self_closing: bool) {
        let name = tag.name.clone();
        let name = name.as_ref();
        let range = tag.tag.clone();
        let drawing = self.open.iter().position(|&id| matches!(self.tree.name(id), "svg" | "math"));
        let foreign = drawing.is_some() && (self.xml || !names::CLOSE_P.contains(&name));
        if let Some(index) = drawing.filter(|_| !foreign) {
            // A paragraph ends a drawing that was left open.
            self.pop_to(index, range.start);
            self.beyond = 0;
        }
        if !self.xml && !foreign {
            if matches!(name, "html" | "head" | "body") && self.merge(&tag) {
                return;
            }
            if self.top_name() == "head" && !names::HEAD.contains(&name) {
                self.pop_to(self.open.len() - 1, range.start);
            }
            // Parts of a table outside of a table are nothing.
            let part = names::TABLE_PARTS.contains(&name)
                && !matches!(name, "table" | "script" | "style" | "template");
            if part && !self.open.iter().any(|&id| self.tree.name(id) == "table") {
                return;
            }
            if name == "table"
                && let Some(table) = self.table()
                && let Some(index) = self.open.iter().position(|&id| id == table)
            {
                self.pop_to(index, range.start);
            }
            self.implied_ends(name, range.start);
            if !names::is_block(name) && !names::HEAD.contains(&name) {
                self.reopen(range.start);
            }
        }
        let index = self.tree.elements.len() as u32;
        self.tree.elements.push(tag);
        let kind = Kind::Element(index);
        let between = self.table().filter(|_| !names::TABLE_PARTS.contains(&name) && !foreign);
        let id = match between {
            Some(table) => self.insert_before(table, kind, range.clone()),
            None => self.append(kind, range.clone()),
        };
        let closed = names::VOID.contains(&name) || self_closing && (self.xml || foreign);
        if closed {
            return;
        }
        if self.open.len() > DEEPEST {
            self.beyond += 1;
            self.tree.too_deep.get_or_insert(range);
            return;
        }
        if names::CELLS.contains(&name) {
            self.looks.push(None);
        }
        self.open.push(id);
    }

    /// A second `<html>` or `<body>` is the first one; its attributes count where they are new.
    fn merge(&mut self, tag: &Element) -> bool {
        let same =
            (1..self.tree.nodes.len() as Id).take(64).find(|&id| self.tree.name(id) == tag.name.as_ref());
        let Some(Kind::Element(index)) = same.map(|id| self.tree.kind(id)) else { return false };
        let element = &mut self.tree.elements[index as usize];
        for attribute in &tag.attributes {
            if !element.attributes.iter().any(|a| a.0 == attribute.0) {
                element.attributes.push(attribute.clone());
            }
        }
        true
    }

    /// Closes what a start tag ends without saying so.
    fn implied_ends(&mut self, name: &str, at: usize) {
        if names::CLOSE_P.contains(&name) {
            self.close(&["p"], names::SCOPE, at);
        }
        match name {
            "li" => self.close(&["li"], &["ul", "ol", "menu", "dir", "table", "td", "th"], at),
            "dt" | "dd" => self.close(&["dt", "dd"], &["dl", "table", "td", "th"], at),
            "tr" => self.close_inside(&["tbody", "thead", "tfoot", "table"], at),
            "td" | "th" => self.close_inside(&["tr", "tbody", "thead", "tfoot", "table"], at),
            "tbody" | "thead" | "tfoot" | "caption" | "colgroup" => self.close_inside(&["table"], at),
            "option" | "optgroup" => self.close(&["option"], &["select"], at),
            "rt" | "rp" => self.close(&["rb", "rt", "rp"], &["ruby", "rtc"], at),
            "rb" | "rtc" => self.close(&["rb", "rt", "rp", "rtc"], &["ruby"], at),
            "a" => self.close(&["a"], names::SCOPE, at),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if names::is_heading(self.top_name()) => {
                self.pop_to(self.open.len() - 1, at);
            }
            _ => {}
        }
    }

    /// Closes the innermost of `names` unless a boundary stands around it.
    fn close(&mut self, names: &[&str], boundaries: &[&str], at: usize) {
        for index in (1..self.open.len()).rev() {
            let name = self.tree.name(self.open[index]);
            if names.contains(&name) {
                return self.pop_to(index, at);
            }
            if boundaries.contains(&name) {
                return;
            }
        }
    }

    /// Closes all inside the innermost of `names`.
    fn close_inside(&mut self, names: &[&str], at: usize) {
        let found = self.open.iter().rposition(|&id| names.contains(&self.tree.name(id)));
        if let Some(index) = found {
            self.pop_to(index + 1, at);
        }
    }

    /// Closes elements until `length` are open; looks among them go on later.
    fn pop_to(&mut self, length: usize, at: usize) {
        let mut kept = Vec::new();
        while self.open.len() > length.max(1) {
            let id = self.open.pop().expect("more than the root is open");
            let node = &mut self.tree.nodes[id as usize];
            node.end = node.end.max(at as u32);
            let Kind::Element(index) = node.kind else { continue };
            let name = &self.tree.elements[index as usize].name;
            if names::LOOKS.contains(&name.as_ref()) {
                kept.push(Some(index));
            } else if names::CELLS.contains(&name.as_ref()) {
                kept.clear();
                let cell = self.looks.iter().rposition(Option::is_none).unwrap_or(0);
                self.looks.truncate(cell);
            }
        }
        if !self.xml {
            self.looks.extend(kept.into_iter().rev());
            // A page with a thousand open tags is not bold a thousand times.
            let cell = self.looks.iter().rposition(Option::is_none).map_or(0, |i| i + 1);
            if self.looks.len() > cell + 12 {
                self.looks.drain(cell..self.looks.len() - 12);
            }
        }
    }

    /// Opens again what ended without an end tag.
    fn reopen(&mut self, at: usize) {
        let cell = self.looks.iter().rposition(Option::is_none).map_or(0, |i| i + 1);
        if self.looks.len() == cell || self.table().is_some() {
            return;
        }
        for index in self.looks.split_off(cell).into_iter().flatten() {
            if self.open.len() > DEEPEST {
                return;
            }
            let id = self.append(Kind::Element(index), at..at);
            self.open.push(id);
        }
    }

    fn end(&mut self, name: &str, range: Range<usize>) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        if !self.xml && matches!(name, "html" | "body") {
            return;
        }
        if !self.xml && name == "br" {
            let tag = Element { name: Cow::Borrowed("br"), attributes: Vec::new(), tag: range };
            return self.start(tag, false);
        }
        let heading = names::is_heading(name);
        let part = names::TABLE_PARTS.contains(&name);
        for index in (1..self.open.len()).rev() {
            let id = self.open[index];
            let open = self.tree.name(id);
            if open == name || heading && names::is_heading(open) {
                self.pop_to(index + 1, range.start);
                self.open.pop();
                self.tree.nodes[id as usize].end = range.end as u32;
                if names::CELLS.contains(&name) {
                    let cell = self.looks.iter().rposition(Option::is_none).unwrap_or(0);
                    self.looks.truncate(cell);
                }
                return;
            }
            if !self.xml && (open == "table" || !part && names::CELLS.contains(&open)) {
                break;
            }
        }
        // The end of a look that goes on.
        let same =
            |index: &Option<u32>| index.is_some_and(|i| self.tree.elements[i as usize].name.as_ref() == name);
        if let Some(at) = self.looks.iter().rposition(same) {
            self.looks.remove(at);
        }
    }

    fn finish(mut self) -> Tree {
        let end = self.tree.nodes[0].end as usize;
        self.looks.clear();
        self.pop_to(1, end);
        self.tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(tree: &Tree, id: Id, text: &str) -> String {
        let inner: String = tree.children(id).map(|c| outline(tree, c, text)).collect();
        match tree.kind(id) {
            Kind::Text | Kind::Raw => text[tree.range(id)].to_owned(),
            Kind::Comment => "!".to_owned(),
            Kind::Element(_) if id == Tree::ROOT => inner,
            Kind::Element(_) => format!("{}({inner})", tree.name(id)),
        }
    }

    #[test]
    fn malformed_html_is_mended_as_browsers_do() {
        // (source, whether it is XHTML, tree)
        for (html, xml, expected) in [
            ("<p>甲<p>乙", false, "p(甲)p(乙)"),
            ("<ul><li>甲<li>乙<ul><li>丙</ul><li>丁</ul>", false, "ul(li(甲)li(乙ul(li(丙)))li(丁))"),
            ("<p>甲<b>乙<p>丙</b>丁", false, "p(甲b(乙))p(b(丙)丁)"),
            ("<b>甲<i>乙</b>丙</i>丁", false, "b(甲i(乙))i(丙)丁"),
            ("<table><tr><td>甲<td>乙<tr><th>丙</table>丁", false, "table(tr(td(甲)td(乙))tr(th(丙)))丁"),
            ("<table>外<tr><td><b>甲</table>丁", false, "外table(tr(td(b(甲))))丁"),
            ("甲<table>乙<p>丙<tr><td>丁", false, "甲乙p(丙)table(tr(td(丁)))"),
            ("<ruby>漢<rt>han<rp>)<rb>字<rt>zi</ruby>", false, "ruby(漢rt(han)rp())rb(字)rt(zi))"),
            ("<a href=x>甲<a href=y>乙</a>", false, "a(甲)a(乙)"),
            ("<h1>甲</h2>乙", false, "h1(甲)乙"),
            (
                "<title>甲<b></title><script>if (a<b) {}</script>乙",
                false,
                "title(甲<b>)script(if (a<b) {})乙",
            ),
            ("<div><td>甲</div>乙", false, "div(甲)乙"),
            ("甲</p>乙</div>丙</x>", false, "甲乙丙"),
            ("<!-- 甲 -->乙<!-->丙", false, "!乙!丙"),
            ("<svg><path/><text>甲</text></svg>乙", false, "svg(path()text(甲))乙"),
            ("<a id='x'/>甲<script src='y'/>乙<p/>丙", true, "a()甲script()乙p()丙"),
            ("<p>甲<br>乙<img src=x>丙<hr>丁</p>", false, "p(甲br()乙img()丙)hr()丁"),
        ] {
            let tree = Tree::parse(html, 0..html.len(), xml);
            assert_eq!(outline(&tree, Tree::ROOT, html), expected, "{html}");
        }
    }

    #[test]
    fn places_are_those_of_the_source() {
        let html = "甲\r\n<p class='一' id=x>乙&amp;丙</p>\r\n<!--丁--><i>戊";
        let tree = Tree::parse(html, 0..html.len(), false);
        let found: Vec<(&str, &str)> =
            tree.descendants(Tree::ROOT).skip(1).map(|id| (tree.name(id), &html[tree.range(id)])).collect();
        let expected = [
            ("", "甲\r\n"),
            ("p", "<p class='一' id=x>乙&amp;丙</p>"),
            ("", "乙&amp;丙"),
            ("", "\r\n"),
            ("", "<!--丁-->"),
            ("i", "<i>戊"),
            ("", "戊"),
        ];
        assert_eq!(found, expected);
        let (value, place) = tree.value(2, "class").expect("a class");
        assert_eq!((value, &html[place]), ("一", "一"));
    }

    #[test]
    fn depth_is_bounded_and_no_word_is_lost() {
        let html = "<div>".repeat(10_000) + "深" + &"</div>".repeat(10_000) + "<p>後";
        let tree = Tree::parse(&html, 0..html.len(), false);
        let deepest = tree.descendants(Tree::ROOT).map(|id| tree.ancestors(id).count()).max();
        assert!(deepest <= Some(DEEPEST + 1), "{deepest:?}");
        assert!(outline(&tree, Tree::ROOT, &html).contains('深'));
        assert!(tree.too_deep.is_some());
    }
}
