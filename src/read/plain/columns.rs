//! Lines in columns: what is parted by tabs, or set out with rows of spaces, is a table.

use std::ops::Range;

use super::flow::begins_item;
use crate::{
    document::{Align, Block},
    source::SourceId,
    text::Text,
};

/// The longest cell of a table that is set out with spaces, characters.
const LONGEST: usize = 24;

/// The longest cell of a table of two columns, characters: what is longer is talk after a speaker's name.
const LONGEST_OF_TWO: usize = 40;

/// Rows of cells among the lines of a group.
pub(super) struct Found {
    /// The lines.
    pub(super) lines: Range<usize>,
    /// By line: the bytes of its cells.
    pub(super) cells: Vec<Vec<Range<usize>>>,
}

/// What parts the cells of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parted {
    Tabs,
    Spaces,
}

/// The tables among the lines of a group, in order.
pub(super) fn find(lines: &[&str]) -> Vec<Found> {
    let rows: Vec<Option<(Parted, Vec<Range<usize>>)>> = lines.iter().map(|line| cells(line)).collect();
    let mut out = Vec::new();
    let mut from = 0;
    while from < lines.len() {
        let Some((parted, first)) = &rows[from] else {
            from += 1;
            continue;
        };
        let same = |row: &&Option<(Parted, Vec<Range<usize>>)>| {
            row.as_ref().is_some_and(|(by, cells)| by == parted && cells.len() == first.len())
        };
        let to = from + rows[from..].iter().take_while(same).count();
        let cells: Vec<_> = rows[from..to].iter().flatten().map(|(_, cells)| cells.clone()).collect();
        let found = Found { lines: from..to, cells };
        if found.is_table(lines, *parted) {
            out.push(found);
        }
        from = to;
    }
    out
}

/// The cells of a line that may be a row.
fn cells(line: &str) -> Option<(Parted, Vec<Range<usize>>)> {
    let start = line.len() - line.trim_start().len();
    let body = &line[start..];
    let part = |cell: &str, at: usize| {
        let lead = cell.len() - cell.trim_start().len();
        at + lead..at + lead + cell.trim().len()
    };
    if body.contains('\t') {
        let mut at = start;
        let mut out = Vec::new();
        for cell in body.split('\t') {
            out.push(part(cell, at));
            at += cell.len() + 1;
        }
        return Some((Parted::Tabs, out));
    }
    let mut out = Vec::new();
    let mut at = start;
    for cell in body.split("  ") {
        if !cell.trim().is_empty() {
            out.push(part(cell, at));
        }
        at += cell.len() + 2;
    }
    (out.len() >= 3).then_some((Parted::Spaces, out))
}

impl Found {
    fn is_table(&self, lines: &[&str], parted: Parted) -> bool {
        let words = |k: usize, cell: &Range<usize>| lines[self.lines.start + k][cell.clone()].to_owned();
        let rows: Vec<Vec<String>> = (self.cells.iter().enumerate())
            .map(|(k, cells)| cells.iter().map(|cell| words(k, cell)).collect())
            .collect();
        let short = |most: usize| {
            rows.iter().flatten().all(|cell| cell.chars().count() <= most && !cell.contains('。'))
        };
        // The numbers of a list are often parted from its items by a tab.
        let list = rows.iter().all(|row| begins_item(&format!("{} 甲", row[0])) || row[0].is_empty());
        match (parted, self.cells[0].len()) {
            (Parted::Tabs, 2) => rows.len() >= 2 && !list && short(LONGEST_OF_TWO),
            (Parted::Tabs, 3..) => rows.len() >= 2,
            (Parted::Spaces, _) => rows.len() >= 2 && short(LONGEST),
            _ => false,
        }
    }

    /// The table: its first row is a head if no cell of it is a number and none is empty; columns of numbers are
    /// set at the end edge. `starts` are the places of the lines in the source.
    pub(super) fn table(&self, lines: &[&str], starts: &[usize], id: SourceId) -> Block {
        let text = |k: usize, cell: &Range<usize>| {
            let words = &lines[self.lines.start + k][cell.clone()];
            Text::verbatim(words, id, starts[k] + cell.start)
        };
        let mut rows: Vec<Vec<Text>> = (self.cells.iter().enumerate())
            .map(|(k, cells)| cells.iter().map(|cell| text(k, cell)).collect())
            .collect();
        let headed = rows[0].iter().all(|cell| !cell.as_str().is_empty() && !is_number(cell.as_str()));
        let head = if headed { rows.remove(0) } else { Vec::new() };
        let columns = self.cells[0].len();
        let numbers = |column: usize| {
            let mut cells =
                rows.iter().map(|row| row[column].as_str()).filter(|cell| !cell.is_empty()).peekable();
            cells.peek().is_some() && cells.all(is_number)
        };
        let align = (0..columns).map(|k| if numbers(k) { Align::End } else { Align::Auto }).collect();
        Block::Table { align, head, rows, merged: Vec::new(), caption: None }
    }
}

/// Whether a cell is a number, with its sign, points, unit of percent or currency.
fn is_number(cell: &str) -> bool {
    let marks = "+-−.,%％‰$￥¥€£ ()";
    cell.chars().any(|c| c.is_ascii_digit()) && cell.chars().all(|c| c.is_ascii_digit() || marks.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, usize, usize)> {
        let lines: Vec<&str> = text.lines().collect();
        find(&lines).iter().map(|f| (f.lines.start, f.lines.end, f.cells[0].len())).collect()
    }

    #[test]
    fn rows_are_parted_by_tabs_or_by_rows_of_spaces() {
        assert_eq!(found("國家\t年份\t人口\n中國\t2001\t14.1\n印度\t\t14.3"), [(0, 3, 3)]);
        assert_eq!(found("說明文字\n國家    年份    人口\n中國    2001    14.1\n後面的文字"), [(1, 3, 3)]);
        assert_eq!(found("姓名\t成績\n陳大文\t90"), [(0, 2, 2)]);
    }

    #[test]
    fn lists_talk_and_verse_are_no_tables() {
        for text in [
            "1.\t第一項\n2.\t第二項",
            "記者：\t請問您怎樣看這件事？聽說最近有很多不同的意見，我們的讀者都很想知道您的看法是什麼。\n教授：\t我想這要從頭說起。",
            "\t第一段\n\t第二段",
            "結廬在人境    而無車馬喧\n問君何能爾    心遠地自偏",
            "陳大文      謹上",
            "國家    年份    人口",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn numbers_have_signs_and_units() {
        for (cell, is) in
            [("2001", true), ("-3.5 %", true), ("$1,200", true), ("14億", false), ("", false), ("-", false)]
        {
            assert_eq!(is_number(cell), is, "{cell}");
        }
    }
}
