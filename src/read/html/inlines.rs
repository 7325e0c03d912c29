//! Elements within a paragraph: marks, links, notes, pictures, readings.

use crate::{
    read::{
        foreign,
        html::{
            Flow, Reader, names,
            notes::{self, Link},
            tree::{Id, Kind},
        },
        ruby::Tag,
    },
    report::{Diagnostic, Severity},
    text::MarkKind,
};

impl Reader<'_> {
    pub(super) fn inline(&mut self, id: Id, flow: &mut Flow) {
        let tree = self.tree();
        let range = tree.range(id);
        let name = tree.name(id);
        let class = |word: &str| tree.has(id, "class", word);
        match name {
            "br" => return flow.run.line_break(range),
            "img" | "image" => return self.picture(id, flow),
            "wbr" | "picture" => return self.children(id, flow),
            "q" => return self.quoted(id, flow),
            "a" => return self.link(id, flow),
            "ruby" | "rb" | "rt" | "rtc" | "rp" => return self.ruby(id, flow),
            "span" if class("math") && self.delimited(id, flow) => return,
            "sup" if self.is_reference(id) => {
                // `<sup>[<a href="#n1">1</a>]</sup>`: the brackets belong to the sign.
                let links: Vec<Id> = tree
                    .descendants(id)
                    .filter(|&n| self.notes.references.contains_key(&(self.file, n)))
                    .collect();
                links.into_iter().for_each(|link| self.node(link, flow));
                return;
            }
            _ => {}
        }
        if ["headerlink", "anchor-link", "heading-anchor", "mw-editsection", "header-anchor", "linenumbers"]
            .iter()
            .any(|word| class(word))
        {
            return;
        }
        let mut marks = Vec::new();
        match name {
            "strong" | "b" => marks.push(MarkKind::Strong),
            "em" if class("dots") => marks.push(MarkKind::Dots),
            "cite" if class("title") => marks.push(MarkKind::Title),
            "em" | "i" | "cite" | "dfn" | "var" => marks.push(MarkKind::Emphasis),
            // HTML has `<u>` for the line beside a proper name in Chinese text.
            "u" if class("name") || self.is_name(id) => marks.push(MarkKind::Name),
            "u" => self.count("lines under words that are no names are not kept", id),
            "s" | "del" | "strike" => marks.push(MarkKind::Strike),
            "sub" => marks.push(MarkKind::Subscript),
            "sup" => marks.push(MarkKind::Superscript),
            "code" if class("math") => marks.push(MarkKind::Math { display: class("display") }),
            "code" | "kbd" | "samp" | "tt" => marks.push(MarkKind::Code),
            "mark" => self.count("the color behind words is not kept", id),
            "span" if class("indexed") => {
                let entry = tree.attribute(id, "data-entry").unwrap_or_default();
                marks.push(MarkKind::Index(entry.to_owned()));
            }
            _ if class("combine") && !class("auto") => marks.push(MarkKind::Combine),
            _ => {}
        }
        marks.extend(styled(tree.attribute(id, "style").unwrap_or_default()));
        if matches!(tree.name(id), "abbr" | "acronym" | "dfn") {
            self.explanation(id);
        }
        self.direction(id);
        let opened = marks.into_iter().filter(|kind| flow.run.open(kind.clone())).count();
        self.children(id, flow);
        for _ in 0..opened {
            self.close_mark(flow);
        }
    }

    pub(super) fn close_mark(&self, flow: &mut Flow) {
        flow.run.close();
    }

    /// The mark of an element whose words are of another language, or are to stay as they are.
    pub(super) fn tongue(&self, id: Id) -> Option<MarkKind> {
        let tree = self.tree();
        // Whole pages say `notranslate` only because they are in one language already.
        let word = !names::is_block(tree.name(id));
        let told = |name| tree.attribute(id, name).is_some_and(|value| value.eq_ignore_ascii_case("no"));
        if word && (told("translate") || tree.has(id, "class", "keep")) {
            return Some(MarkKind::Protected);
        }
        let tag = tree.attribute(id, "lang").or(tree.attribute(id, "xml:lang")).filter(|t| !t.is_empty())?;
        let words = notes::words(&self.source.text, tree, id);
        foreign::is_believed(tag, &words).then(|| MarkKind::Language(tag.to_owned()))
    }

    /// What a page shows of a word only under the pointer is said in the report.
    fn explanation(&mut self, id: Id) {
        let tree = self.tree();
        let Some((title, range)) = tree.value(id, "title").filter(|(title, _)| !title.is_empty()) else {
            return;
        };
        let word = notes::words(&self.source.text, tree, id);
        let message = format!("`{word}` is explained as `{title}`, which is not kept");
        let span = self.span(range);
        self.report.push(Diagnostic::new("unread-html", Severity::Note, span, message));
    }

    /// A direction of its own is not kept.
    fn direction(&mut self, id: Id) {
        let tree = self.tree();
        if tree.attribute(id, "dir").is_some_and(|dir| dir.eq_ignore_ascii_case("rtl")) {
            self.count("words from right to left are set from left to right", id);
        }
    }

    /// Whether an element holds references to notes and nothing else but brackets.
    fn is_reference(&self, id: Id) -> bool {
        let tree = self.tree();
        let mut any = false;
        let mut skip: Option<Id> = None;
        for node in tree.descendants(id) {
            if skip.is_some_and(|s| tree.ancestors(node).any(|a| a == s)) {
                continue;
            }
            if self.notes.references.contains_key(&(self.file, node)) {
                (any, skip) = (true, Some(node));
            } else if tree.kind(node) == Kind::Text
                && self.source.text[tree.range(node)].contains(|c: char| c.is_alphanumeric())
            {
                return false;
            }
        }
        any
    }

    fn is_name(&self, id: Id) -> bool {
        let words = notes::words(&self.source.text, self.tree(), id);
        words.contains(|c: char| ('\u{3400}'..='\u{9fff}').contains(&c) || c >= '\u{20000}')
            && words.chars().count() <= 20
    }

    fn quoted(&mut self, id: Id, flow: &mut Flow) {
        let marks = [[("「", "」"), ("『", "』")], [("“", "”"), ("‘", "’")]];
        let (open, close) = marks[usize::from(self.simplified)][self.quotes % 2];
        let range = self.tree().range(id);
        flow.run.push(open, range.start..range.start, false);
        self.quotes += 1;
        self.children(id, flow);
        self.quotes -= 1;
        flow.run.push(close, range.end..range.end, false);
    }

    fn link(&mut self, id: Id, flow: &mut Flow) {
        let tree = self.tree();
        let range = tree.range(id);
        let class = |word: &str| tree.has(id, "class", word);
        if ["headerlink", "anchor-link", "heading-anchor", "header-anchor", "anchorjs-link", "viewcode-link"]
            .iter()
            .any(|word| class(word))
        {
            return;
        }
        if let Some(&note) = self.notes.references.get(&(self.file, id)) {
            let index = self.note(note);
            return flow.run.object(range, MarkKind::Note(index));
        }
        let Some(href) = tree.attribute(id, "href") else { return self.children(id, flow) };
        let words = notes::words(&self.source.text, tree, id);
        if href.starts_with('#') && matches!(words.as_str(), "#" | "¶" | "§" | "🔗") {
            return;
        }
        let lower = href.to_ascii_lowercase();
        if href.is_empty() || lower.starts_with("javascript:") || lower.starts_with("data:") {
            return self.children(id, flow);
        }
        if self.targets.find(self.files, self.file, href) != Link::Away || href.starts_with('#') {
            let goal = self.goal(self.file, href, self.files.len());
            let url = match goal.and_then(|at| self.names.get(&at)) {
                Some(name) => ["#", name].concat(),
                // What leads to nothing is told when all is read.
                None if href.len() > 1 && href.starts_with('#') && href != "#top" => href.to_owned(),
                None => {
                    self.count("links to the page itself keep their words only", id);
                    return self.children(id, flow);
                }
            };
            let kind = match class("ref") {
                true => MarkKind::Reference { url, page: class("page") },
                false => {
                    MarkKind::Link { url, title: tree.attribute(id, "title").unwrap_or_default().to_owned() }
                }
            };
            let opened = flow.run.open(kind);
            self.children(id, flow);
            if opened {
                flow.run.close();
            }
            return;
        }
        if !self.files[self.file].path.is_empty() && !href.contains(':') {
            self.count("links to other files of the package keep their words only", id);
            return self.children(id, flow);
        }
        let title = tree.attribute(id, "title").unwrap_or_default();
        let title = if title == words { "" } else { title };
        let kind = MarkKind::Link { url: href.to_owned(), title: title.to_owned() };
        let opened = flow.run.open(kind);
        self.children(id, flow);
        if opened {
            flow.run.close();
        }
    }

    fn ruby(&mut self, id: Id, flow: &mut Flow) {
        let tree = self.tree();
        let Some(element) = tree.element(id) else { return };
        let is_ruby = |n: &Id| tree.name(*n) == "ruby";
        let ruby = if is_ruby(&id) { id } else { tree.ancestors(id).find(is_ruby).unwrap_or(id) };
        let (start, end) = (element.tag.clone(), tree.range(id).end..tree.range(id).end);
        for (begins, range) in [(true, start), (false, end)] {
            let Some(tag) = Tag::of(tree.name(id), begins) else { return };
            if let Some((span, reason)) = flow.run.ruby(tag, ruby, range) {
                let message = format!("`<{}>`: {reason}; the words are kept", tree.name(id));
                self.report.push(Diagnostic::new("unread-html", Severity::Warning, span, message));
            }
            if begins {
                self.children(id, flow);
            }
        }
    }

    /// A formula as Pandoc writes it: its source between `\\(` and `\\)`, or `\\[` and `\\]`. Gives back whether it is one.
    fn delimited(&mut self, id: Id, flow: &mut Flow) -> bool {
        let tree = self.tree();
        let words = notes::words(&self.source.text, tree, id);
        let inner = |open, close| words.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        let (tex, display) = match (inner("\\(", "\\)"), inner("\\[", "\\]")) {
            (Some(tex), _) => (tex, false),
            (_, Some(tex)) => (tex, true),
            _ => return false,
        };
        flow.run.open(MarkKind::Math { display });
        flow.run.push(tex.trim(), tree.range(id), false);
        flow.run.close();
        true
    }

    /// A formula: its source, if the page has it, else its words.
    pub(super) fn formula(&mut self, id: Id, flow: &mut Flow) {
        let tree = self.tree();
        let range = tree.range(id);
        let annotated = tree.descendants(id).find(|&n| {
            tree.name(n) == "annotation" && tree.attribute(n, "encoding").is_some_and(|e| e.contains("tex"))
        });
        let tex = match (annotated, tree.attribute(id, "alttext")) {
            (Some(annotation), _) => notes::words(&self.source.text, tree, annotation),
            (None, alt) => alt.unwrap_or_default().to_owned(),
        };
        if tex.is_empty() {
            return self.children(id, flow);
        }
        let display = tree.attribute(id, "display") == Some("block");
        flow.run.open(MarkKind::Math { display });
        flow.run.push(&tex, range, false);
        flow.run.close();
    }
}

/// The marks that a style sheet of the element asks for.
fn styled(style: &str) -> Vec<MarkKind> {
    let mut out = Vec::new();
    for (key, value) in style.split(';').filter_map(|rule| rule.split_once(':')) {
        let (key, value) = (key.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase());
        match (key.as_str(), value.as_str()) {
            ("font-weight", "bold" | "bolder" | "600" | "700" | "800" | "900") => out.push(MarkKind::Strong),
            ("font-style", "italic" | "oblique") => out.push(MarkKind::Emphasis),
            ("text-decoration" | "text-decoration-line", "line-through") => out.push(MarkKind::Strike),
            ("vertical-align", "super") => out.push(MarkKind::Superscript),
            ("vertical-align", "sub") => out.push(MarkKind::Subscript),
            ("text-combine-upright" | "-webkit-text-combine", "all" | "horizontal") => {
                out.push(MarkKind::Combine)
            }
            ("text-emphasis" | "text-emphasis-style" | "-webkit-text-emphasis", value) if value != "none" => {
                out.push(MarkKind::Dots);
            }
            _ => {}
        }
    }
    out
}
