//! The structure of a PDF: which content belongs to which element (ISO 32000-1, clause 14.7).

use pdf_writer::{
    Finish, Ref, Str, TextStr,
    types::{ListNumbering, StructRole, TableHeaderScope, WritingMode},
};

use super::file::File;
use crate::layout::page::{NodeKind, Pages};

/// Content of a page: the page's index, and its number there.
pub(super) type Content = (usize, u32);

/// A child in the structure: another node, content, or a link with its content.
#[derive(Clone, Copy)]
enum Child {
    Node(usize),
    Content(Content),
    Link(usize),
}

/// A link: its content, and where it can be clicked.
#[derive(Default)]
struct Link {
    parent: usize,
    content: Vec<Content>,
    areas: Vec<(usize, Ref)>,
}

/// The structure as it grows while pages are drawn.
pub(super) struct Tags {
    children: Vec<Vec<Child>>,
    attached: Vec<bool>,
    links: Vec<Link>,
    areas: i32,
}

impl Tags {
    /// Nothing yet, of so many nodes.
    pub(super) fn new(nodes: usize) -> Self {
        Self { children: vec![Vec::new(); nodes], attached: vec![false; nodes], links: Vec::new(), areas: 0 }
    }

    /// Content of a node.
    pub(super) fn content(&mut self, pages: &Pages, node: usize, content: Content) {
        self.attach(pages, node);
        self.children[node].push(Child::Content(content));
    }

    /// Content of a node that is a link; gives the link.
    pub(super) fn link(&mut self, pages: &Pages, node: usize, content: Content) -> usize {
        self.attach(pages, node);
        self.links.push(Link { parent: node, content: vec![content], areas: Vec::new() });
        self.children[node].push(Child::Link(self.links.len() - 1));
        self.links.len() - 1
    }

    /// Where a link can be clicked; gives its key among the parents, of which the pages have the first.
    pub(super) fn area(&mut self, pages: &Pages, link: usize, page: usize, annotation: Ref) -> i32 {
        self.links[link].areas.push((page, annotation));
        self.areas += 1;
        pages.pages.len() as i32 + self.areas - 1
    }

    /// Hangs a node under its parent when its first content comes, so that the order is the reading order.
    fn attach(&mut self, pages: &Pages, node: usize) {
        let mut node = node;
        while node != 0 && !self.attached[node] {
            self.attached[node] = true;
            let parent = pages.nodes[node].parent;
            self.children[parent].push(Child::Node(node));
            node = parent;
        }
    }

    /// Writes the structure; gives its root.
    pub(super) fn write(&self, file: &mut File, pages: &Pages, sheets: &[Ref], language: &str) -> Ref {
        let root = file.id();
        let mut used = self.attached.clone();
        if let Some(document) = used.first_mut() {
            *document = true;
        }
        let ids: Vec<Option<Ref>> = used.iter().map(|used| used.then(|| file.id())).collect();
        let links: Vec<Ref> = self.links.iter().map(|_| file.id()).collect();
        // Who each piece of content belongs to, page by page.
        let mut owners: Vec<Vec<Option<Ref>>> = vec![Vec::new(); sheets.len()];
        let mut own = |(page, number): Content, id: Ref| {
            let of = &mut owners[page];
            of.resize(of.len().max(number as usize + 1), None);
            of[number as usize] = Some(id);
        };
        let mut notes: Vec<(String, Ref)> = Vec::new();
        for (node, id) in ids.iter().enumerate() {
            let &Some(id) = id else { continue };
            let kind = &pages.nodes[node].kind;
            let mut out = file.chunk.struct_element(id);
            out.kind(role(kind));
            if node == 0 {
                out.parent(root).lang(TextStr(language));
            } else if let Some(parent) = ids[pages.nodes[node].parent] {
                out.parent(parent);
            }
            match kind {
                NodeKind::Heading(_, words) => {
                    out.title(TextStr(words));
                }
                NodeKind::Figure(alt) => {
                    out.alt(TextStr(if alt.is_empty() { "—" } else { alt }));
                }
                NodeKind::Note => {
                    // PDF/UA-1, 7.9: every note has an id of its own.
                    let name = format!("note-{:06}", notes.len() + 1);
                    out.id(Str(name.as_bytes()));
                    notes.push((name, id));
                }
                _ => {}
            }
            attributes(&mut out, kind, pages.vertical() && node != 0);
            let children = &self.children[node];
            let of_page = children.iter().find_map(|c| match c {
                Child::Content((page, _)) => Some(*page),
                _ => None,
            });
            if let Some(page) = of_page {
                out.page(sheets[page]);
            }
            let mut list = out.children();
            for child in children {
                match *child {
                    Child::Node(child) => {
                        if let Some(child) = ids[child] {
                            list.struct_element(child);
                        }
                    }
                    Child::Link(link) => {
                        list.struct_element(links[link]);
                    }
                    Child::Content(content) => {
                        own(content, id);
                        let number = content.1 as i32;
                        match Some(content.0) == of_page {
                            true => list.marked_content_id(number).finish(),
                            false => {
                                let mut marked = list.marked_content_ref();
                                marked.page(sheets[content.0]).marked_content_id(number);
                            }
                        };
                    }
                }
            }
        }
        let mut clicked: Vec<Ref> = vec![root; self.areas as usize];
        let mut next = 0;
        for (link, &id) in self.links.iter().zip(&links) {
            let mut out = file.chunk.struct_element(id);
            out.kind(StructRole::Link);
            if let Some(parent) = ids[link.parent] {
                out.parent(parent);
            }
            if pages.vertical() {
                out.attributes().push().layout().writing_mode(WritingMode::TtbRtl);
            }
            let of_page = link.content.first().map(|c| c.0);
            if let Some(page) = of_page {
                out.page(sheets[page]);
            }
            let mut list = out.children();
            for &content in &link.content {
                own(content, id);
                list.marked_content_id(content.1 as i32);
            }
            for &(page, annotation) in &link.areas {
                list.object_ref().page(sheets[page]).object(annotation);
                clicked[next] = id;
                next += 1;
            }
        }
        let lists: Vec<Ref> = owners
            .iter()
            .map(|owners| {
                let id = file.id();
                let mut list = file.chunk.indirect(id).array();
                for owner in owners {
                    list.item(owner.unwrap_or(root));
                }
                list.finish();
                id
            })
            .collect();
        let mut tree = file.chunk.indirect(root).start::<pdf_writer::writers::StructTreeRoot>();
        if let Some(&Some(document)) = ids.first() {
            tree.child(document);
        }
        let mut parents = tree.parent_tree();
        let mut keys = parents.nums();
        for (key, &list) in lists.iter().chain(&clicked).enumerate() {
            keys.insert(key as i32, list);
        }
        keys.finish();
        parents.finish();
        tree.parent_tree_next_key((lists.len() + clicked.len()) as i32);
        if !notes.is_empty() {
            let mut names = tree.id_tree();
            let mut names = names.names();
            for (name, id) in &notes {
                names.insert(Str(name.as_bytes()), *id);
            }
        }
        root
    }
}

fn role(kind: &NodeKind) -> StructRole {
    match kind {
        NodeKind::Document => StructRole::Document,
        NodeKind::Heading(level, _) => match level {
            0 | 1 => StructRole::H1,
            2 => StructRole::H2,
            3 => StructRole::H3,
            4 => StructRole::H4,
            5 => StructRole::H5,
            _ => StructRole::H6,
        },
        NodeKind::Paragraph | NodeKind::Code => StructRole::P,
        NodeKind::Quote => StructRole::BlockQuote,
        NodeKind::List(_) | NodeKind::Definitions => StructRole::L,
        NodeKind::Item => StructRole::LI,
        NodeKind::Label => StructRole::Lbl,
        NodeKind::Body => StructRole::LBody,
        NodeKind::Table => StructRole::Table,
        NodeKind::Row => StructRole::TR,
        NodeKind::HeaderCell(..) => StructRole::TH,
        NodeKind::Cell(..) => StructRole::TD,
        NodeKind::Figure(_) => StructRole::Figure,
        NodeKind::Caption => StructRole::Caption,
        NodeKind::Note => StructRole::Note,
        NodeKind::Contents => StructRole::TOC,
        NodeKind::ContentsEntry => StructRole::TOCI,
    }
}

/// What the kind of an element says beside its role.
fn attributes(out: &mut pdf_writer::writers::StructElement, kind: &NodeKind, vertical: bool) {
    let (rows, columns) = match *kind {
        NodeKind::HeaderCell(rows, columns) | NodeKind::Cell(rows, columns) => (rows, columns),
        _ => (1, 1),
    };
    let header = matches!(kind, NodeKind::HeaderCell(..));
    let list = match kind {
        NodeKind::List(true) => Some(ListNumbering::Decimal),
        NodeKind::List(false) => Some(ListNumbering::Disc),
        NodeKind::Definitions => Some(ListNumbering::None),
        _ => None,
    };
    if !vertical && !header && list.is_none() && rows < 2 && columns < 2 {
        return;
    }
    let mut attributes = out.attributes();
    if vertical {
        attributes.push().layout().writing_mode(WritingMode::TtbRtl);
    }
    if let Some(list) = list {
        attributes.push().list().list_numbering(list);
    }
    if header || rows > 1 || columns > 1 {
        let mut table = attributes.push().table();
        if header {
            table.scope(TableHeaderScope::Column);
        }
        if rows > 1 {
            table.row_span(rows.into());
        }
        if columns > 1 {
            table.col_span(columns.into());
        }
    }
}
