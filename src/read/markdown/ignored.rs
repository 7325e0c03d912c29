//! Comments to the proofreader in Markdown, each with the block that it stands in or before.

use comrak::{Node, nodes::NodeValue};

use crate::{
    read::{
        comments::{self, Comment},
        markdown::places::{Places, Shift},
    },
    report::Report,
};

/// The comments below a node, in order.
pub(super) fn comments<'a>(root: Node<'a>, places: &Places, report: &mut Report) -> Vec<Comment> {
    let mut out = Vec::new();
    for node in root.descendants() {
        let place = node.data().sourcepos;
        let (mut found, block) = match &node.data().value {
            NodeValue::HtmlBlock(html) if html.literal.contains("hanpress") => {
                let range = places.block(place);
                let found = comments::find(&places.text[range.clone()], places.id, range.start, report);
                let next =
                    std::iter::successors(node.next_sibling(), |n| n.next_sibling()).find(|n| !is_comment(n));
                (found, next.map(|n| places.block(n.data().sourcepos)))
            }
            NodeValue::HtmlInline(html) if html.contains("hanpress") => {
                let inside = node.ancestors().skip(1).find(|n| n.data().value.block());
                let block = inside.map(|n| places.block(n.data().sourcepos));
                let start = places.range(place, &Shift::None).map(|r| r.start);
                let start = start.or(block.as_ref().map(|b| b.start)).unwrap_or_default();
                (comments::find(html, places.id, start, report), block)
            }
            _ => continue,
        };
        found.iter_mut().for_each(|comment| comment.block = block.clone());
        out.extend(found);
    }
    out.sort_by_key(|comment| comment.range.start);
    out
}

fn is_comment(node: &Node) -> bool {
    match &node.data().value {
        NodeValue::HtmlBlock(html) => {
            let literal = html.literal.trim();
            literal.starts_with("<!--") && literal.ends_with("-->")
        }
        _ => false,
    }
}
