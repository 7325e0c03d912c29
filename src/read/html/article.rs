//! The article of a saved page: what is navigation, advertisement, comments or the frame of the site is left out, and
//! each such part is reported with its place and its size.

use std::collections::BTreeSet;

use crate::{
    read::html::{
        blocks::is_hidden,
        names, tail,
        tree::{Id, Kind, Tree},
    },
    report::{Diagnostic, Report, Severity},
    source::{Source, Span},
};

/// Words in classes and names of elements that are hardly ever part of an article.
const NAMES: &[&str] = &[
    "ad",
    "ads",
    "advert",
    "advertisement",
    "banner",
    "breadcrumb",
    "breadcrumbs",
    "comment",
    "comments",
    "cookie",
    "cookies",
    "copyright",
    "disqus",
    "footer",
    "login",
    "menu",
    "menubar",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "pager",
    "pagination",
    "promo",
    "ranking",
    "recommend",
    "recommended",
    "related",
    "search",
    "share",
    "sharing",
    "sidebar",
    "sitemap",
    "skip",
    "social",
    "subscribe",
    "toc",
    "toolbar",
    "topbar",
];

/// Words in classes and names of elements that stand apart but belong to the text.
const OWN: &[&str] = &[
    "admonition",
    "footnote",
    "footnotes",
    "endnotes",
    "note",
    "notes",
    "references",
    "pullquote",
    "reflist",
    "verse",
];

/// Characters below which an article is none.
const LEAST: usize = 200;

/// How much stands in an element, without white space.
#[derive(Clone, Copy, Default)]
struct Size {
    characters: usize,
    /// Of these, in links.
    linked: usize,
    links: usize,
    /// Ends of sentences outside of links.
    sentences: usize,
    pictures: usize,
}

struct Page<'a> {
    tree: &'a Tree,
    sizes: Vec<Size>,
    out: BTreeSet<Id>,
}

/// The elements that are no part of the article.
pub(super) fn leave_out(source: &Source, tree: &Tree, report: &mut Report) -> BTreeSet<Id> {
    let mut page = Page { tree, sizes: sizes(source, tree), out: BTreeSet::new() };
    let body = tree.descendants(Tree::ROOT).find(|&id| tree.name(id) == "body").unwrap_or(Tree::ROOT);
    let total = page.sizes[body as usize].characters;
    let root = page.article(body);
    page.around(body, root);
    page.within(root, root == body);
    let text = page.size(root).characters - page.size(root).linked.min(page.size(root).characters);
    if text >= LEAST {
        let tail = tail::list(&source.text, tree, root, |id| page.out.contains(&id));
        page.out.extend(tail);
    }
    let left: usize = page.out.iter().map(|&id| page.sizes[id as usize].characters).sum();
    if total.saturating_sub(left) <= LEAST.min(total / 5) {
        // Nothing would be left: then it is no frame but the text.
        return BTreeSet::new();
    }
    page.out.retain(|&id| {
        let size = page.sizes[id as usize];
        size.characters + size.pictures > 0
    });
    let out = |id: Id| page.out.contains(&id);
    for (id, words) in tail::editors(&source.text, tree, root, out) {
        let message = format!("`{words}` is a line of the site, perhaps, and is kept");
        let span = Span::new(source.id, tree.range(id));
        report.push(Diagnostic::new("boilerplate", Severity::Note, span, message));
    }
    for &id in &page.out {
        let Some(element) = tree.element(id) else { continue };
        let size = page.sizes[id as usize];
        let tag = &source.text[element.tag.clone()];
        let tag: String = tag.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
        let mut what = vec![format!("{} characters", size.characters)];
        for (count, name) in [(size.links, "links"), (size.pictures, "pictures")] {
            if count > 0 {
                what.push(format!("{count} {name}"));
            }
        }
        let message = format!("`{tag}` is no part of the article and is left out: {}", what.join(", "));
        let span = Span::new(source.id, tree.range(id));
        report
            .push(Diagnostic::new("boilerplate", Severity::Note, span, message).hint("`--whole` keeps all"));
    }
    page.out
}

/// The size of every element.
fn sizes(source: &Source, tree: &Tree) -> Vec<Size> {
    let mut sizes = vec![Size::default(); tree.len()];
    let silent = |id: Id| matches!(tree.name(id), "script" | "style" | "template" | "noscript" | "head");
    for id in (1..tree.len() as Id).rev() {
        let own = &mut sizes[id as usize];
        match tree.kind(id) {
            Kind::Text => {
                let text = &source.text[tree.range(id)];
                own.characters = text.chars().filter(|c| !c.is_whitespace()).count();
                own.sentences =
                    text.matches(['。', '！', '？', '；', '!', '?']).count() + text.matches(". ").count();
            }
            Kind::Element(_) if silent(id) => *own = Size::default(),
            Kind::Element(_) if is_hidden(tree.attribute(id, "hidden"), tree.attribute(id, "style")) => {
                *own = Size::default();
            }
            Kind::Element(_) if tree.name(id) == "img" => own.pictures = 1,
            Kind::Element(_) if tree.name(id) == "a" && tree.attribute(id, "href").is_some() => {
                own.linked = own.characters;
                own.links = 1;
                own.sentences = 0;
            }
            _ => {}
        }
        let own = sizes[id as usize];
        let above = &mut sizes[tree.parent(id) as usize];
        above.characters += own.characters;
        above.linked += own.linked;
        above.links += own.links;
        above.sentences += own.sentences;
        above.pictures += own.pictures;
    }
    sizes
}

impl Page<'_> {
    fn size(&self, id: Id) -> Size {
        self.sizes[id as usize]
    }

    /// The element that says it is the article, or the body.
    fn article(&self, body: Id) -> Id {
        let tree = self.tree;
        let total = self.size(body).characters;
        let enough = |id: &Id| {
            let size = self.size(*id).characters;
            size >= LEAST.max(total / 20) || size * 2 >= total
        };
        let body_of = |id: Id| tree.has(id, "itemprop", "articleBody");
        let main = |id: Id| tree.name(id) == "main" || tree.attribute(id, "role") == Some("main");
        let article = |id: Id| {
            tree.name(id) == "article" && !tree.ancestors(id).any(|above| tree.name(above) == "article")
        };
        let kinds: [&dyn Fn(Id) -> bool; 3] = [&article, &main, &body_of];
        let mut root = body;
        for kind in kinds {
            let found: Vec<Id> =
                tree.descendants(root).filter(|&id| id != root && kind(id)).take(2).collect();
            if let [one] = found.as_slice()
                && enough(one)
            {
                root = *one;
            }
        }
        root
    }

    /// Leaves out what stands around the article, but its heading.
    fn around(&mut self, body: Id, root: Id) {
        let tree = self.tree;
        let heads = |id: Id| tree.descendants(id).filter(|&n| tree.name(n) == "h1").take(2).count();
        let wanted = heads(root) == 0 && heads(body) == 1;
        let mut at = root;
        while at != body {
            let parent = tree.parent(at);
            for child in tree.children(parent).filter(|&c| c != at) {
                if tree.element(child).is_none() || wanted && heads(child) > 0 {
                    continue;
                }
                self.out.insert(child);
            }
            at = parent;
        }
    }

    /// Leaves out what within the article is none of it.
    fn within(&mut self, root: Id, whole: bool) {
        let tree = self.tree;
        let text = self.size(root).characters - self.size(root).linked.min(self.size(root).characters);
        let mut next = tree.after(root, root, true);
        while let Some(id) = next {
            let out = tree.element(id).is_some() && self.is_frame(id, root, whole, text);
            if out {
                self.out.insert(id);
            }
            next = tree.after(id, root, !out);
        }
    }

    fn is_frame(&self, id: Id, root: Id, whole: bool, text: usize) -> bool {
        let tree = self.tree;
        let size = self.size(id);
        let name = tree.name(id);
        if !names::is_block(name) || matches!(name, "body" | "html" | "main") {
            return false;
        }
        let words = words(tree, id);
        let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        let frames = says(NAMES)
            || words
                .iter()
                .any(|word| word.starts_with("nav") || word.ends_with("nav") || word.ends_with("sidebar"));
        let role = tree.attribute(id, "role").unwrap_or_default();
        let own = says(OWN)
            || role.starts_with("doc-")
            || role == "note"
            || tree.attribute(id, "epub:type").is_some()
            || tree.descendants(id).any(|n| tree.name(n) == "h1" || tree.has(n, "class", "footnotes"));
        if own {
            return false;
        }
        if name == "nav" || matches!(role, "navigation" | "banner" | "contentinfo" | "search") {
            return true;
        }
        // The frame of a page stands right in its body; in an article, header and footer are its own.
        let inside =
            |n: Id| matches!(tree.name(n), "article" | "section" | "blockquote" | "figure" | "li" | "td");
        let outer = whole && !tree.ancestors(id).take_while(|&a| a != root).any(inside);
        let dense = size.linked * 5 >= size.characters * 2;
        if matches!(name, "footer" | "header" | "aside") || role == "complementary" {
            return outer || dense && size.links > 1;
        }
        if frames {
            let long = says(&["comment", "comments", "disqus"]) && text > size.characters + LEAST;
            return dense || long || size.characters < LEAST / 2 && size.sentences < 2;
        }
        // A block of short links without a sentence, in a page that has sentences.
        whole
            && matches!(name, "div" | "ul" | "ol" | "dl" | "section" | "center" | "table" | "form")
            && size.links >= 5
            && size.linked * 4 >= size.characters * 3
            && size.linked <= size.links * 16
            && size.sentences == 0
            && text >= 2 * LEAST
    }
}

/// The words in the class and the name of an element: `post-Nav_bar` is post, nav and bar.
fn words(tree: &Tree, id: Id) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for value in ["class", "id"].iter().filter_map(|name| tree.attribute(id, name)) {
        let mut lower = false;
        out.push(String::new());
        for c in value.chars() {
            if !c.is_alphanumeric() || lower && c.is_uppercase() {
                out.push(String::new());
            }
            lower = c.is_lowercase();
            if let (true, Some(last)) = (c.is_alphanumeric(), out.last_mut()) {
                last.extend(c.to_lowercase());
            }
        }
    }
    out.retain(|word| !word.is_empty());
    out
}
