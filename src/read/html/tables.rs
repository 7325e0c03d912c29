//! Tables of HTML: rows and cells in, a table out; a table that only arranges the page is read as what stands in it.

use crate::{
    document::{Align, Block, Merge},
    read::html::{
        Flow, Reader, names,
        tree::{Id, Tree},
    },
    text::Text,
};

/// Columns that cells of several columns may make; more is a slip or a trap.
const WIDEST: usize = 200;
/// Rows that a cell may claim.
const TALLEST: usize = 1_000;
/// Cells that empty places may add to a table.
const EMPTY: usize = 100_000;

/// A row as it is read.
struct Row {
    cells: Vec<Text>,
    /// Whether it stands in `<thead>`.
    head: bool,
    /// Whether all its cells are `<th>`.
    heads: bool,
}

impl Reader<'_> {
    pub(super) fn table(&mut self, id: Id, flow: &mut Flow) {
        self.end(flow);
        let tree = self.tree();
        if let Some(code) = listing(tree, id) {
            return self.node(code, flow);
        }
        if arranges(tree, id) {
            self.count("tables that only arrange the page are read as running text", id);
            for cell in cells_below(tree, id) {
                let blocks = self.flow(cell);
                flow.blocks.extend(blocks);
            }
            return;
        }
        let caption = tree.children(id).find(|&c| tree.name(c) == "caption");
        for stray in strays(tree, id, caption) {
            self.node(stray, flow);
        }
        self.end(flow);
        let caption = caption.map(|c| self.text(c)).filter(|t| !t.is_empty());
        let mut align = Vec::new();
        let mut merged = Vec::new();
        let mut rows = self.rows(id, &mut align, &mut merged);
        let head = match rows.first() {
            Some(row) if row.head || row.heads && rows.len() > 1 => rows.remove(0).cells,
            _ => Vec::new(),
        };
        if rows.iter().any(|row| row.head) {
            self.count("a second row of heads of a table is set as a common row", id);
        }
        let mut rows: Vec<Vec<Text>> = rows.into_iter().map(|row| row.cells).collect();
        let width = rows.iter().chain([&head]).map(Vec::len).max().unwrap_or_default();
        if width == 0 {
            flow.blocks.extend(caption.map(|text| Block::Paragraph { text, role: Default::default() }));
            return;
        }
        let mut head = head;
        let some = !head.is_empty();
        for row in rows.iter_mut().chain(some.then_some(&mut head)) {
            row.resize_with(width, Text::new);
        }
        align.resize(width, Align::Auto);
        merged.sort_unstable();
        flow.blocks.push(Block::Table { align, head, rows, merged, caption });
    }

    /// The rows of a table, with an empty cell where one above or before it reaches.
    fn rows(&mut self, id: Id, align: &mut Vec<Align>, merged: &mut Vec<Merge>) -> Vec<Row> {
        let tree = self.tree();
        let mut out: Vec<Row> = Vec::new();
        // How many rows each column is still taken from above.
        let mut taken: Vec<usize> = Vec::new();
        let mut empty = 0;
        let mut late = Vec::new();
        for (part, row) in rows_below(tree, id) {
            let (mut cells, mut heads, mut merges) = (Vec::new(), true, Vec::new());
            for cell in row {
                empty += fill(&mut cells, &mut taken);
                let number =
                    |name| tree.attribute(cell, name).and_then(|v| v.parse::<usize>().ok()).unwrap_or(1);
                // Beyond the widest table no cell reaches anywhere: a trap would grow by each row.
                let room = WIDEST.saturating_sub(cells.len());
                let wide = number("colspan").clamp(1, room.max(1));
                let tall = if room == 0 { 1 } else { number("rowspan").clamp(1, TALLEST) };
                heads &= tree.name(cell) == "th";
                if align.len() <= cells.len() {
                    align.resize(cells.len(), Align::Auto);
                    align.push(aligned(tree, cell));
                }
                if tree
                    .descendants(cell)
                    .skip(1)
                    .any(|n| matches!(tree.name(n), "ul" | "ol" | "pre" | "table" | "blockquote"))
                {
                    self.count("lists, code and tables in a cell are set as its lines", cell);
                }
                let from = cells.len();
                if wide > 1 || tall > 1 {
                    merges.push(Merge { row: out.len(), column: from, rows: tall, columns: wide });
                }
                cells.push(self.text(cell));
                for _ in 1..wide.min(EMPTY.saturating_sub(empty).max(1)) {
                    cells.push(Text::new());
                    empty += 1;
                }
                if tall > 1 && empty < EMPTY {
                    taken.resize(taken.len().max(cells.len()), 0);
                    taken[from..cells.len()].fill(tall - 1);
                }
            }
            empty += fill(&mut cells, &mut taken);
            if cells.iter().all(Text::is_empty) && cells.len() <= 1 {
                continue;
            }
            let row = Row { head: part == "thead", heads: heads && !cells.is_empty(), cells };
            if part == "tfoot" {
                late.push((row, merges));
            } else {
                out.push(row);
                merged.extend(merges);
            }
        }
        for (row, merges) in late {
            merged.extend(merges.into_iter().map(|merge| Merge { row: out.len(), ..merge }));
            out.push(row);
        }
        out
    }
}

/// Puts an empty cell where one above reaches; gives back how many.
fn fill(cells: &mut Vec<Text>, taken: &mut [usize]) -> usize {
    let from = cells.len();
    while taken.get(cells.len()).is_some_and(|&n| n > 0) {
        taken[cells.len()] -= 1;
        cells.push(Text::new());
    }
    cells.len() - from
}

/// The rows of a table, each with its part (`thead`) and its cells, without those of tables in its cells. Cells that
/// stand in no row make one.
fn rows_below(tree: &Tree, id: Id) -> Vec<(&str, Vec<Id>)> {
    let mut out: Vec<(&str, Vec<Id>)> = Vec::new();
    let is_cell = |&n: &Id| matches!(tree.name(n), "td" | "th");
    let (mut part, mut bare) = ("", false);
    let mut next = tree.after(id, id, true);
    while let Some(node) = next {
        let name = tree.name(node);
        match name {
            "thead" | "tbody" | "tfoot" => (part, bare) = (name, false),
            "tr" => {
                let within = tree.name(tree.parent(node));
                let within = if within == "table" { "" } else { within };
                out.push((within, tree.children(node).filter(is_cell).collect()));
                bare = false;
            }
            "td" | "th" => match out.last_mut() {
                Some((_, cells)) if bare => cells.push(node),
                _ => {
                    out.push((if tree.parent(node) == id { "" } else { part }, vec![node]));
                    bare = true;
                }
            },
            _ => {}
        }
        next = tree.after(node, id, matches!(name, "thead" | "tbody" | "tfoot"));
    }
    out
}

fn cells_below(tree: &Tree, id: Id) -> Vec<Id> {
    let caption = tree.children(id).filter(|&c| tree.name(c) == "caption");
    caption.chain(rows_below(tree, id).into_iter().flat_map(|(_, cells)| cells)).collect()
}

/// What stands in a table and in no cell of it, as it may in XHTML.
fn strays(tree: &Tree, id: Id, caption: Option<Id>) -> Vec<Id> {
    let mut out = Vec::new();
    let mut next = tree.after(id, id, true);
    while let Some(node) = next {
        let name = tree.name(node);
        let part = names::ROWS.contains(&name) && name != "table";
        let known = matches!(name, "td" | "th" | "col" | "colgroup") || Some(node) == caption;
        if !part && !known {
            out.push(node);
        }
        next = tree.after(node, id, part);
    }
    out
}

/// Whether a table only arranges the page: it says so, it has one cell, or cells with headings and tables.
fn arranges(tree: &Tree, id: Id) -> bool {
    // Manuals of programs have their warnings in tables, with a sign at the side.
    let warns = ["note", "warning", "caution", "tip", "important", "admonition"];
    let parent = tree.parent(id);
    if matches!(tree.attribute(id, "role"), Some("presentation" | "none"))
        || tree.name(parent) == "div" && warns.iter().any(|word| tree.has(parent, "class", word))
    {
        return true;
    }
    let own = |n: Id| tree.ancestors(n).find(|&a| tree.name(a) == "table") == Some(id);
    let mut below = tree.descendants(id).skip(1);
    if below.any(|n| matches!(tree.name(n), "th" | "caption" | "thead") && own(n)) {
        return false;
    }
    let cells = cells_below(tree, id);
    let whole =
        |n: Id| matches!(tree.name(n), "table" | "article" | "main") || names::is_heading(tree.name(n));
    cells.len() == 1
        || cells.iter().any(|&cell| {
            let mut paragraphs = 0;
            tree.descendants(cell).skip(1).any(|n| {
                paragraphs += usize::from(tree.name(n) == "p");
                whole(n) || paragraphs > 3
            })
        })
}

/// The code of a table that only puts numbers beside its lines.
fn listing(tree: &Tree, id: Id) -> Option<Id> {
    let named = ["highlighttable", "rouge-table", "codehilitetable", "hljs-ln"];
    named.iter().any(|class| tree.has(id, "class", class)).then_some(())?;
    let code =
        tree.descendants(id).find(|&n| tree.has(n, "class", "code") || tree.has(n, "class", "rouge-code"))?;
    tree.descendants(code).find(|&n| tree.name(n) == "pre")
}

/// How the column of a cell is aligned.
fn aligned(tree: &Tree, cell: Id) -> Align {
    let style = tree.attribute(cell, "style").unwrap_or_default().to_ascii_lowercase();
    let style = style.split(';').filter_map(|rule| rule.split_once(':'));
    let style = style
        .filter(|(key, _)| key.trim() == "text-align")
        .map(|(_, value)| value.trim().to_owned())
        .next_back();
    let value = style.or_else(|| tree.attribute(cell, "align").map(str::to_ascii_lowercase));
    let class = |word: &str| tree.has(cell, "class", word);
    match value.as_deref() {
        Some("left" | "start") => Align::Start,
        Some("center") => Align::Center,
        Some("right" | "end") => Align::End,
        _ if class("start") => Align::Start,
        _ if class("center") => Align::Center,
        _ if class("end") => Align::End,
        _ => Align::Auto,
    }
}
