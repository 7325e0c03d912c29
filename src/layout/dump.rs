//! Pages as text: every line with its place, width and what was done to it.

use std::fmt::Write as _;

use crate::layout::{
    EM,
    page::{Element, Pages},
};

/// One line of output for each line of text: page, baseline, left end and width (pt, em), the
/// checklist items that changed it, the text.
pub fn lines(pages: &Pages) -> String {
    let mut out = String::new();
    for (number, page) in pages.pages.iter().enumerate() {
        for element in &page.elements {
            let Element::Text(line) = element else { continue };
            let paragraph = &pages.paragraphs[line.paragraph];
            let clusters = &paragraph.clusters[line.line.start..line.line.end];
            let (Some(first), Some(last)) = (clusters.first(), clusters.last()) else { continue };
            let text = &paragraph.text[first.range.start as usize..last.range.end as usize];
            let changes: Vec<String> =
                line.line.changes.iter().map(|(item, by)| format!("{item}:{by:+}")).collect();
            let _ = writeln!(
                out,
                "{} {:.1} {:.1} {:.3}em [{}] {}",
                number + 1,
                line.y,
                line.x,
                f64::from(line.line.width) / f64::from(EM),
                changes.join(" "),
                text.trim_end_matches('\n'),
            );
        }
    }
    out
}
