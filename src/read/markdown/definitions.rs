//! Terms with their definitions: `詞` and in the next line, or behind an empty one, `: 義`.

use comrak::{Node, nodes::NodeValue};

use super::Reader;
use crate::{
    document::{Block, Definition},
    text::Text,
};

impl<'a> Reader<'a, '_> {
    /// A list of definitions. One behind an empty line that stands right above a table is the caption of that table.
    pub(super) fn defined(&mut self, node: Node<'a>, depth: usize, out: &mut Vec<Block>) {
        let mut all: Vec<Definition> = Vec::new();
        for item in node.children() {
            if is_caption(item) {
                if !all.is_empty() {
                    out.push(Block::Definitions(std::mem::take(&mut all)));
                }
                for part in item.children() {
                    let mut blocks = self.blocks(part, depth + 1);
                    if let (NodeValue::DescriptionDetails, [Block::Paragraph { text, .. }]) =
                        (&part.data().value, blocks.as_mut_slice())
                    {
                        let mut label = Text::made(": ", text.span(0..0));
                        label.push_text(text);
                        *text = label;
                    }
                    out.extend(blocks);
                }
                continue;
            }
            let mut one = Definition::default();
            for part in item.children() {
                match &part.data().value {
                    NodeValue::DescriptionTerm => {
                        for line in part.children() {
                            let words = self.inlines(line);
                            one.term.push_text(&words);
                        }
                    }
                    _ => one.meanings.push(self.blocks(part, depth + 1)),
                }
            }
            match all.last_mut().filter(|_| one.term.is_empty()) {
                // The parser takes a further meaning for a further item.
                Some(before) => before.meanings.append(&mut one.meanings),
                None => all.push(one),
            }
        }
        if !all.is_empty() {
            out.push(Block::Definitions(all));
        }
    }
}

/// Whether an item is a paragraph and the caption of the table that follows.
fn is_caption<'a>(item: Node<'a>) -> bool {
    let tight = matches!(&item.data().value, NodeValue::DescriptionItem(item) if item.tight);
    let table = |n: Node<'a>| matches!(n.data().value, NodeValue::Table(_));
    let above = item.next_sibling().is_none()
        && item.parent().and_then(|list| list.next_sibling()).is_some_and(table);
    let details = |n: &Node<'a>| matches!(n.data().value, NodeValue::DescriptionDetails);
    let mut all = item.children().filter(details);
    let (Some(one), None) = (all.next(), all.next()) else { return false };
    let line = |n: Node<'a>| matches!(n.data().value, NodeValue::Paragraph) && n.next_sibling().is_none();
    !tight && above && one.first_child().is_some_and(line)
}
