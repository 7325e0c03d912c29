//! The tail of an article in a saved page: a list of other articles under a heading that says so, and who edited the page.

use crate::read::html::{
    names,
    notes::words,
    tree::{Id, Kind, Tree},
};

/// What lists of other articles are called. 延伸閱讀 and 參考 are not among them: writers end their texts so.
const LISTS: &[&str] = &[
    "相關閱讀",
    "相关阅读",
    "相關新聞",
    "相关新闻",
    "相關文章",
    "相关文章",
    "推薦閱讀",
    "推荐阅读",
    "推薦文章",
    "推荐文章",
    "猜你喜歡",
    "猜你喜欢",
    "猜您喜歡",
    "猜您喜欢",
    "熱門新聞",
    "热门新闻",
    "熱門文章",
    "热门文章",
    "更多新聞",
    "更多新闻",
];

/// What the line of a page's editor begins with.
const EDITORS: &[&str] = &["責任編輯", "责任编辑", "責編", "责编"];

/// The longest line of an editor, characters.
const LONGEST: usize = 40;

/// Where the tail begins: the heading of a list of other articles behind which the element has links alone. Gives back
/// the elements of the tail.
pub(super) fn list(source: &str, tree: &Tree, root: Id, out: impl Fn(Id) -> bool) -> Vec<Id> {
    let is_head = |&id: &Id| {
        names::is_block(tree.name(id)) && {
            let words = words(source, tree, id);
            LISTS.contains(&words.trim_matches(|c: char| !c.is_alphanumeric()))
        }
    };
    // The innermost element of these words; the last of several.
    let inside = |id: Id| std::iter::once(id).chain(tree.ancestors(id)).any(&out);
    let Some(head) = tree.descendants(root).filter(is_head).filter(|&id| !inside(id)).last() else {
        return Vec::new();
    };
    let (mut tail, mut linked, mut bare) = (vec![head], 0, 0);
    let mut at = head;
    while at != root {
        let mut next = tree.next(at);
        while let Some(id) = next {
            for node in
                std::iter::once(id).chain(tree.descendants(id)).filter(|&n| tree.kind(n) == Kind::Text)
            {
                let count = source[tree.range(node)].chars().filter(|c| c.is_alphabetic()).count();
                let hidden = |&a: &Id| matches!(tree.name(a), "script" | "style" | "template") || out(a);
                if out(id) || tree.ancestors(node).any(|a| hidden(&a)) {
                    continue;
                }
                match tree.ancestors(node).any(|a| tree.name(a) == "a") {
                    true => linked += count,
                    false => bare += count,
                }
            }
            if tree.element(id).is_some() && !out(id) {
                tail.push(id);
            }
            next = tree.next(id);
        }
        at = tree.parent(at);
    }
    if linked > 0 && bare == 0 { tail } else { Vec::new() }
}

/// The lines that say who edited the page.
pub(super) fn editors(source: &str, tree: &Tree, root: Id, out: impl Fn(Id) -> bool) -> Vec<(Id, String)> {
    let leaf = |id: Id| {
        names::is_block(tree.name(id))
            && !tree.descendants(id).any(|n| n != id && names::is_block(tree.name(n)))
    };
    let all = tree.descendants(root).filter(|&id| leaf(id));
    all.filter_map(|id| {
        let words = words(source, tree, id);
        let line = words.trim_start_matches(['（', '(', '【', '[', ' ']);
        let is_one = EDITORS.iter().any(|start| line.starts_with(start)) && words.chars().count() <= LONGEST;
        let inside = || std::iter::once(id).chain(tree.ancestors(id)).any(&out);
        (is_one && !inside()).then_some((id, words))
    })
    .collect()
}
