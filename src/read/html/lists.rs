//! Lists of HTML: bulleted, numbered, of tasks, and of definitions.

use crate::{
    document::{Block, Counter, Definition, Item},
    read::html::{
        Flow, Reader,
        tree::{Id, Kind},
    },
};

/// Counters by the classes of our own editions and by what CSS calls them.
const COUNTERS: &[(&str, Counter)] = &[
    ("decimal-paren", Counter::DecimalParen),
    ("chinese-paren", Counter::ChineseParen),
    ("chinese-paren-simplified", Counter::ChineseParen),
    ("chinese-formal", Counter::ChineseFormal),
    ("chinese-formal-simplified", Counter::ChineseFormal),
    ("trad-chinese-formal", Counter::ChineseFormal),
    ("simp-chinese-formal", Counter::ChineseFormal),
    ("cjk-ideographic", Counter::Chinese),
    ("chinese", Counter::Chinese),
    ("chinese-simplified", Counter::Chinese),
    ("trad-chinese-informal", Counter::Chinese),
    ("simp-chinese-informal", Counter::Chinese),
    ("heavenly-stem", Counter::HeavenlyStem),
    ("cjk-heavenly-stem", Counter::HeavenlyStem),
    ("earthly-branch", Counter::EarthlyBranch),
    ("cjk-earthly-branch", Counter::EarthlyBranch),
    ("circled", Counter::Circled),
];

impl Reader<'_> {
    /// A list with its items; what stands between items belongs to the item above.
    pub(super) fn list(&mut self, id: Id, flow: &mut Flow) {
        let tree = self.tree();
        let mut items: Vec<Item> = Vec::new();
        let mut first = None;
        let mut loose = false;
        for child in tree.children(id) {
            if tree.name(child) == "li" {
                let at = (self.file, child);
                if self.notes.notes.contains_key(&at) || self.files[self.file].left_out.contains(&child) {
                    continue;
                }
                let value = tree.attribute(child, "value").and_then(|v| v.parse::<u64>().ok());
                match (value, items.is_empty()) {
                    (Some(value), true) => first = Some(value),
                    (Some(value), false) if first.unwrap_or(1) + items.len() as u64 != value => {
                        self.count("numbers of lists that do not go up by one are not kept", child);
                    }
                    _ => {}
                }
                loose |= tree.children(child).any(|c| tree.name(c) == "p");
                items.push(self.item(id, child));
                continue;
            }
            let stray = match tree.kind(child) {
                Kind::Comment => continue,
                Kind::Text | Kind::Raw if self.source.text[tree.range(child)].trim().is_empty() => continue,
                _ => {
                    let mut inner = self.open_flow();
                    self.node(child, &mut inner);
                    self.end(&mut inner);
                    inner.blocks
                }
            };
            match items.last_mut() {
                Some(item) => item.blocks.extend(stray),
                None if stray.is_empty() => {}
                None => items.push(Item { task: None, blocks: stray }),
            }
        }
        if items.is_empty() {
            return;
        }
        let class = |word: &str| tree.has(id, "class", word);
        let ordered = tree.name(id) == "ol";
        let start = tree.attribute(id, "start").and_then(|v| v.parse::<u64>().ok());
        if tree.attribute(id, "reversed").is_some() {
            self.count("lists that count down are set counting up", id);
        }
        if ordered && matches!(tree.attribute(id, "type"), Some("a" | "A" | "i" | "I")) {
            self.count("letters and Roman numbers of lists are set as numbers", id);
        }
        let tight = if class("tight") || class("loose") { class("tight") } else { !loose };
        flow.blocks.push(Block::List {
            start: ordered.then_some(start.or(first).unwrap_or(1)),
            counter: if ordered { self.counter(id) } else { Counter::Auto },
            tight,
            items,
        });
    }

    fn counter(&self, id: Id) -> Counter {
        let tree = self.tree();
        let style = tree.attribute(id, "style").unwrap_or_default();
        let style = style.split(';').filter_map(|rule| rule.split_once(':'));
        let named =
            style.filter(|(key, _)| key.trim().starts_with("list-style")).map(|(_, value)| value.trim());
        let class = tree.attribute(id, "class").unwrap_or_default().split_ascii_whitespace();
        let mut words = named.chain(class);
        let known = |word: &str| COUNTERS.iter().find(|(name, _)| *name == word).map(|(_, counter)| *counter);
        words.find_map(known).unwrap_or_default()
    }

    fn item(&mut self, list: Id, id: Id) -> Item {
        let tree = self.tree();
        let input = |&n: &Id| {
            tree.name(n) == "input"
                && tree.attribute(n, "type").is_some_and(|t| t.eq_ignore_ascii_case("checkbox"))
        };
        let own = |&n: &Id| tree.ancestors(n).find(|&a| tree.name(a) == "li") == Some(id);
        let check = tree.descendants(id).take(12).filter(own).find(input);
        let mut task = check.map(|n| tree.attribute(n, "checked").is_some());
        let mut blocks = self.flow(id);
        if let Some(Block::Paragraph { text, .. }) = blocks.first_mut()
            && tree.has(list, "class", "tasks")
        {
            let done = [("☑", true), ("☐", false)].iter().find(|(sign, _)| text.as_str().starts_with(sign));
            if let Some((sign, done)) = done {
                task = Some(*done);
                let rest = text.as_str()[sign.len()..].trim_start().len();
                *text = text.slice(text.as_str().len() - rest..text.as_str().len());
            }
        }
        blocks.retain(|b| !matches!(b, Block::Paragraph { text, .. } if text.is_empty()));
        Item { task, blocks }
    }

    /// Terms and what they mean; several terms of one meaning are lines of one.
    pub(super) fn definitions(&mut self, id: Id, flow: &mut Flow) {
        let mut all: Vec<Definition> = Vec::new();
        self.define(id, &mut all);
        all.retain(|one| !one.term.is_empty() || !one.meanings.is_empty());
        // A list without any meaning is one of lines.
        if all.iter().all(|one| one.meanings.is_empty()) {
            let role = Default::default();
            flow.blocks.extend(all.into_iter().map(|one| Block::Paragraph { text: one.term, role }));
        } else {
            flow.blocks.push(Block::Definitions(all));
        }
    }

    fn define(&mut self, id: Id, all: &mut Vec<Definition>) {
        let tree = self.tree();
        for child in tree.children(id) {
            let at = (self.file, child);
            match (tree.kind(child), tree.name(child)) {
                (Kind::Comment, _) => {}
                (Kind::Text | Kind::Raw, _) if self.source.text[tree.range(child)].trim().is_empty() => {}
                (_, "div") => self.define(child, all),
                _ if self.notes.labels.contains(&at) || self.is_out(child) => {}
                (_, "dt") => {
                    let term = self.text(child);
                    let waits = all.last_mut().filter(|one| one.meanings.is_empty() && !one.term.is_empty());
                    match waits {
                        Some(one) if !term.is_empty() => {
                            let place = term.span(0..0);
                            one.term.push("\n", place, false);
                            one.term.push_text(&term);
                        }
                        Some(_) => {}
                        None => all.push(Definition { term, meanings: Vec::new() }),
                    }
                }
                _ => {
                    let mut inner = Flow {
                        blocks: Vec::new(),
                        run: super::Run::new(self.source.id),
                        role: Default::default(),
                    };
                    match tree.name(child) {
                        "dd" => inner.blocks = self.flow(child),
                        _ => self.node(child, &mut inner),
                    }
                    self.end(&mut inner);
                    let blocks = inner.blocks;
                    if all.is_empty() {
                        all.push(Definition::default());
                    }
                    if let Some(one) = all.last_mut().filter(|_| !blocks.is_empty()) {
                        one.meanings.push(blocks);
                    }
                }
            }
        }
    }
}
