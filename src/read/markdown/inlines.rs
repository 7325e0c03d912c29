//! The inside of a paragraph: nodes of the parser in, one text with marks out.

use std::{collections::BTreeMap, ops::Range};

use comrak::{
    Node,
    arena_tree::NodeEdge,
    nodes::{NodeLink, NodeValue},
};

use crate::{
    read::{
        join::joint,
        markdown::{
            Reader,
            html::{self, Tag},
            math,
            places::Shift,
        },
        ruby::Rubies,
        short::{self, Writing},
        urls::mark_urls,
    },
    report::{Diagnostic, Severity},
    text::{MarkKind, OBJECT, Text},
};

/// One text in the making.
struct Run {
    text: Text,
    shift: Shift,
    /// The source of the whole leaf, for what cannot be told closer.
    leaf: Range<usize>,
    /// A line end that waits for the text after it.
    line_end: Option<Range<usize>>,
    /// Where characters stand that the writer protected by a backslash.
    escaped: Vec<usize>,
    /// Links in HTML that are open: where their words start, and where they lead.
    links: Vec<(usize, Option<String>)>,
    /// Open ruby, by the address of the node that it is in.
    rubies: Rubies<usize>,
}

impl<'a> Reader<'a, '_> {
    /// The text of a paragraph, a heading or a cell.
    pub(super) fn inlines(&mut self, leaf: Node<'a>) -> Text {
        let range = self.places.block(leaf.data().sourcepos);
        let shift = self.shift(leaf);
        let mut run = Run {
            text: Text::new(),
            shift,
            leaf: range,
            line_end: None,
            escaped: Vec::new(),
            links: Vec::new(),
            rubies: Rubies::new(),
        };
        let mut open: Vec<usize> = Vec::new();
        let mut skip: Option<Node<'a>> = None;
        for edge in leaf.traverse().skip(1) {
            match edge {
                NodeEdge::Start(node) if skip.is_none() => {
                    open.push(run.text.as_str().len());
                    if self.start(&mut run, node) {
                        skip = Some(node);
                    }
                }
                NodeEdge::End(node) if skip.is_none_or(|s| s.same_node(node)) && !node.same_node(leaf) => {
                    skip = None;
                    let from = open.pop().expect("every end has its start");
                    self.end(&mut run, node, from);
                }
                _ => {}
            }
        }
        for span in run.rubies.finish(&mut run.text) {
            let message = "`<ruby>` has no end; its readings are set in brackets".to_owned();
            self.report.push(Diagnostic::new("raw-html", Severity::Warning, span, message));
        }
        short::report(&mut run.text, Writing::Parsed(&run.escaped), self.report);
        mark_urls(&mut run.text);
        // An empty element with a name is the place of the whole text, or of the next one.
        if !run.text.as_str().trim().is_empty() {
            for name in self.waiting.drain(..) {
                run.text.mark_around(0..run.text.as_str().len(), MarkKind::Anchor(name));
            }
        }
        run.text
    }

    /// How the places of a leaf are to be read.
    fn shift(&self, leaf: Node<'a>) -> Shift {
        let place = leaf.data().sourcepos;
        if matches!(leaf.data().value, NodeValue::TableCell) {
            return self.places.range(place, &Shift::None).map_or(Shift::None, |r| Shift::Cell(r.start));
        }
        let last = leaf.last_child().map_or(place.end.line, |n| n.data().sourcepos.end.line);
        if !matches!(leaf.data().value, NodeValue::Paragraph) || last >= place.end.line {
            return Shift::None;
        }
        let down = place.end.line - last;
        let mut columns: BTreeMap<usize, isize> = BTreeMap::new();
        let mut tried: BTreeMap<usize, Vec<(usize, String)>> = BTreeMap::new();
        for node in leaf.descendants() {
            if let NodeValue::Text(text) = &node.data().value {
                let start = node.data().sourcepos.start;
                tried.entry(start.line).or_default().push((start.column, text.to_string()));
            }
        }
        for (line, texts) in tried {
            let source = &self.places.text[self.places.line(line + down)];
            let fits = |by: isize| {
                texts.iter().all(|(column, text)| {
                    let at = column.saturating_add_signed(by).wrapping_sub(1);
                    source.get(at..).is_some_and(|s| s.starts_with(text.as_str()))
                })
            };
            if let Some(by) = (0..64).flat_map(|n| [n, -n]).find(|&by| fits(by)) {
                columns.insert(line, by);
            }
        }
        Shift::Lines(down, columns)
    }

    fn range(&self, run: &Run, node: Node<'a>) -> Range<usize> {
        self.places.range(node.data().sourcepos, &run.shift).unwrap_or(run.leaf.clone())
    }

    /// Appends text after a waiting line end.
    fn push(&self, run: &mut Run, range: Range<usize>, literal: &str) {
        if let Some(line_end) = run.line_end.take()
            && !run.text.as_str().ends_with('\n')
        {
            run.text.push(joint(run.text.as_str(), literal), self.places.span(line_end), false);
        }
        self.places.align(&mut run.text, range, literal);
    }

    /// Opens a node; gives back whether its children are done with.
    fn start(&mut self, run: &mut Run, node: Node<'a>) -> bool {
        let range = self.range(run, node);
        match &node.data().value {
            NodeValue::Text(literal) => {
                let literal = &*math::shown(literal);
                let signs = self.signs(run, node, literal);
                let range = (range.start + signs).min(range.end)..range.end;
                let literal = &literal[signs..];
                if literal.is_empty() {
                    return false;
                }
                self.push(run, range, literal);
                if node.parent().is_some_and(|p| matches!(p.data().value, NodeValue::Escaped)) {
                    run.escaped.push(run.text.as_str().len() - literal.len());
                }
            }
            NodeValue::SoftBreak if self.keep_lines => run.text.push("\n", self.places.span(range), false),
            NodeValue::SoftBreak => run.line_end = Some(range),
            NodeValue::LineBreak => {
                run.line_end = None;
                run.text.push("\n", self.places.span(range), false);
            }
            NodeValue::Code(code) => {
                let from = run.text.as_str().len();
                let slice = &self.places.text[range.clone()];
                let ticks = slice.bytes().take_while(|b| *b == b'`').count();
                let inner = slice.trim_matches('`');
                let at = range.start + ticks;
                let literal = math::shown(&code.literal);
                let exact = inner.find(&*literal).map(|n| at + n..at + n + literal.len());
                self.push(
                    run,
                    exact.unwrap_or(at.min(range.end)..(at + inner.len()).min(range.end)),
                    &literal,
                );
                // A space that joins lines stands before the code.
                let from = if run.text.as_str().len() - from > code.literal.len() { from + 1 } else { from };
                run.text.mark(from..run.text.as_str().len(), MarkKind::Code);
            }
            NodeValue::Math(formula) => {
                let from = run.text.as_str().len();
                let literal = formula.literal.trim_matches(['\n', '\r']);
                let source = &self.places.text[range.clone()];
                let exact = source.find(literal).map(|n| range.start + n..range.start + n + literal.len());
                self.push(run, exact.unwrap_or(range), literal);
                // A space that joins lines stands before the formula.
                let from = run.text.as_str().len().saturating_sub(literal.len()).max(from);
                let kind = MarkKind::Math { display: formula.display_math };
                run.text.mark(from..run.text.as_str().len(), kind);
            }
            NodeValue::HtmlInline(source) => self.html_inline(run, node, range, source),
            NodeValue::Image(link) => {
                let alt = self.alt(node);
                if !link.title.is_empty() {
                    let message =
                        format!("the title `{}` of a picture inside a line is not used", link.title);
                    self.say("unread-markup", Severity::Warning, range.clone(), message);
                }
                self.object(run, range, MarkKind::Image { path: link.url.clone(), alt });
                return true;
            }
            NodeValue::Link(link) if self.is_no_link(link, &range) => {
                let slice = self.places.text[range.clone()].to_owned();
                self.push(run, range, &slice);
                return true;
            }
            NodeValue::FootnoteReference(reference) => {
                match self.note(&reference.name) {
                    Some(index) => self.object(run, range, MarkKind::Note(index)),
                    None => {
                        let slice = self.places.text[range.clone()].to_owned();
                        self.push(run, range, &slice);
                    }
                }
                return true;
            }
            NodeValue::Subscript | NodeValue::Superscript
                if !self.is_script(run, node, &range) && !self.combines(run, node, &range) =>
            {
                let end = range.end.min(range.start + 1);
                let sign = if matches!(node.data().value, NodeValue::Subscript) { "~" } else { "^" };
                self.push(run, range.start..end, sign);
            }
            _ => {}
        }
        false
    }

    fn end(&mut self, run: &mut Run, node: Node<'a>, from: usize) {
        let range = self.range(run, node);
        // A space that joins lines stands before what is marked.
        let inner = run.text.as_str().get(from..).unwrap_or_default();
        let joint =
            if inner.trim().is_empty() { 0 } else { inner.len() - inner.trim_start_matches(' ').len() };
        let marked = from + joint..run.text.as_str().len();
        let kind = match &node.data().value {
            NodeValue::Strong => MarkKind::Strong,
            NodeValue::Emph => MarkKind::Emphasis,
            NodeValue::Strikethrough => MarkKind::Strike,
            NodeValue::Superscript if self.combines(run, node, &range) => MarkKind::Combine,
            NodeValue::Subscript | NodeValue::Superscript => {
                let sub = matches!(node.data().value, NodeValue::Subscript);
                if !self.is_script(run, node, &range) {
                    let start = range.end.saturating_sub(1).max(range.start);
                    self.push(run, start..range.end, if sub { "~" } else { "^" });
                    return;
                }
                if sub { MarkKind::Subscript } else { MarkKind::Superscript }
            }
            NodeValue::Link(link) if self.is_no_link(link, &range) => return,
            NodeValue::Link(link) => return self.link(run, link, range, marked),
            _ => return,
        };
        // `****甲****` is strong once.
        let same = |n: Node<'a>| {
            std::mem::discriminant(&n.data().value) == std::mem::discriminant(&node.data().value)
        };
        if !node.parent().is_some_and(same) {
            run.text.mark(marked, kind);
        }
    }

    fn link(&mut self, run: &mut Run, link: &NodeLink, range: Range<usize>, marked: Range<usize>) {
        let slice = &self.places.text[range.clone()];
        if slice.starts_with('<') {
            run.text.mark(marked, MarkKind::Url);
        } else if marked.is_empty() && self.is_place(&link.url) {
            // A link without words to a place of the document says what stands there.
            let kind = MarkKind::Reference { url: link.url.clone(), page: false };
            self.push(run, range, OBJECT.encode_utf8(&mut [0; 4]));
            let end = run.text.as_str().len();
            run.text.mark(end - OBJECT.len_utf8()..end, kind);
        } else if marked.is_empty() {
            // A link without words shows its target.
            let at = slice.find(link.url.as_str()).map(|n| range.start + n..range.start + n + link.url.len());
            self.push(run, at.unwrap_or(range), &link.url);
            run.text.mark(marked.start..run.text.as_str().len(), MarkKind::Url);
        } else {
            run.text.mark(marked, MarkKind::Link { url: link.url.clone(), title: link.title.clone() });
        }
    }

    /// Reads the attributes right behind a picture or a reference: `![…](…){#name}`, `[](#name){.page}`. Gives back
    /// their length in the text that they begin.
    fn signs(&mut self, run: &mut Run, node: Node<'a>, literal: &str) -> usize {
        if let Some((name, length)) = name_of_picture(node) {
            let end = run.text.as_str().len();
            let start = end - OBJECT.len_utf8();
            run.text.mark_around(start..end, MarkKind::Anchor(name));
            return length;
        }
        let end = run.text.as_str().len();
        let last = run.text.marks().last().filter(|mark| mark.range.end == end);
        if run.line_end.is_some()
            || !literal.starts_with(PAGE)
            || !matches!(last.map(|mark| &mark.kind), Some(MarkKind::Reference { .. }))
        {
            return 0;
        }
        if let Some(MarkKind::Reference { page, .. }) = run.text.kinds_mut().last() {
            *page = true;
        }
        PAGE.len()
    }

    fn object(&self, run: &mut Run, range: Range<usize>, kind: MarkKind) {
        run.line_end = None;
        let from = run.text.as_str().len();
        run.text.push(OBJECT.encode_utf8(&mut [0; 4]), self.places.span(range), false);
        run.text.mark(from..run.text.as_str().len(), kind);
    }

    fn html_inline(&mut self, run: &mut Run, node: Node<'a>, range: Range<usize>, source: &str) {
        let span = self.places.span(range.clone());
        match html::tag(source) {
            Tag::Silent | Tag::End => {}
            Tag::LineBreak => {
                run.line_end = None;
                run.text.push("\n", span, false);
            }
            Tag::Ruby(part) => {
                let parent = node.parent().map_or(0, |p| std::ptr::from_ref(p).addr());
                let outcome = run.rubies.tag(&mut run.text, part, parent, span);
                for gone in outcome.removed.iter().rev() {
                    run.escaped.retain(|at| !gone.contains(at));
                    run.escaped.iter_mut().filter(|at| **at >= gone.end).for_each(|at| *at -= gone.len());
                }
                if let Some((span, reason)) = outcome.finding {
                    let message = format!("`{source}`: {reason}; the words are kept");
                    self.report.push(Diagnostic::new("raw-html", Severity::Warning, span, message));
                }
            }
            Tag::Link { url, name } => {
                self.waiting.extend(name);
                if !source.starts_with("<span") {
                    run.links.push((run.text.as_str().len(), url));
                }
            }
            Tag::LinkEnd => {
                if let Some((start, Some(url))) = run.links.pop() {
                    run.text
                        .mark(start..run.text.as_str().len(), MarkKind::Link { url, title: String::new() });
                }
            }
            Tag::Picture { path, alt } => self.object(run, range, MarkKind::Image { path, alt }),
            Tag::Block | Tag::Start => {
                if !source.starts_with("</") {
                    let message = format!("the tag `{source}` is not understood; the text inside is kept");
                    self.say("raw-html", Severity::Warning, range, message);
                }
            }
        }
    }

    /// Whether the target of a link without words is a place: of the document, or of another file of its book.
    fn is_place(&self, url: &str) -> bool {
        let Some((path, name)) = url.split_once('#') else { return false };
        !name.is_empty() && (path.is_empty() || self.chapter && !path.contains(':') && path.contains('.'))
    }

    /// Whether `[1]` refers to a note written by hand as `[1]: 見《論語》`.
    fn is_no_link(&self, link: &NodeLink, range: &Range<usize>) -> bool {
        self.places.text[range.clone()].ends_with(']') && !is_address(&link.url)
    }

    /// Whether `~…~` or `^…^` is a script as in `H~2~O`, and no range as in `3~5日，8~9日`.
    fn is_script(&self, run: &Run, node: Node<'a>, range: &Range<usize>) -> bool {
        let Some(inner) = node.first_child().filter(|c| c.next_sibling().is_none()) else { return false };
        let NodeValue::Text(inner) = &inner.data().value else { return false };
        let sub = matches!(node.data().value, NodeValue::Subscript);
        let before = self.places.text[run.leaf.start.min(range.start)..range.start].chars().next_back();
        let held = before
            .is_some_and(|c| if sub { c.is_ascii_alphabetic() || c == ')' } else { c.is_alphanumeric() });
        held && inner.chars().count() <= 12
            && inner.chars().any(char::is_alphanumeric)
            && inner.chars().all(|c| "+-−()[]".contains(c) || (c.is_alphanumeric() && (c.is_ascii() || !sub)))
    }

    /// Whether `^12^` is tate-chu-yoko, as in `在^12^月`.
    fn combines(&self, run: &Run, node: Node<'a>, range: &Range<usize>) -> bool {
        let Some(inner) = node.first_child().filter(|c| c.next_sibling().is_none()) else { return false };
        let (NodeValue::Text(inner), NodeValue::Superscript) = (&inner.data().value, &node.data().value)
        else {
            return false;
        };
        let before = self.places.text[run.leaf.start.min(range.start)..range.start].chars().next_back();
        short::combines(inner, before, self.places.text[range.end..].chars().next())
    }

    /// The words of a picture's alternative text.
    pub(super) fn alt(&self, image: Node<'a>) -> String {
        let mut alt = String::new();
        for node in image.descendants() {
            match &node.data().value {
                NodeValue::Text(text) => alt.push_str(text),
                NodeValue::Code(code) => alt.push_str(&code.literal),
                NodeValue::SoftBreak | NodeValue::LineBreak => alt.push(' '),
                _ => {}
            }
        }
        alt
    }
}

/// What asks for the page of a reference.
const PAGE: &str = "{.page}";

/// The name in `{#name}` at the head of a text that stands right behind a picture, and the length of the whole.
pub(super) fn name_of_picture(node: Node) -> Option<(String, usize)> {
    let data = node.data();
    let NodeValue::Text(literal) = &data.value else { return None };
    let picture = |n: Node| matches!(n.data().value, NodeValue::Image(_));
    node.previous_sibling().filter(|n| picture(n))?;
    let inner = literal.strip_prefix("{#")?;
    let name = &inner[..inner.find('}')?];
    let fits = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '{');
    fits.then(|| (name.to_owned(), name.len() + 3))
}

/// Whether the target of a link definition can be an address.
pub(super) fn is_address(target: &str) -> bool {
    target.contains(['/', '.', '#', '@']) || target.is_ascii()
}
