//! The layout core on the manuscript.

use hanpress::{
    edition::{Edition, Region, Script},
    layout::{
        blocks::{Options, lay_out},
        page::{Element, Pages},
    },
    read::{ReadOptions, markdown, plain},
    report::Report,
    source::{Source, SourceId},
    template::Template,
    write::pdf::{Standard, draw},
};

use crate::support;

#[test]
fn the_manuscript_becomes_pages() {
    let kit = support::kit();
    let source = Source::new(SourceId(0), "shanghai-spirit.txt", support::manuscript());
    let mut report = Report::default();
    let document = plain::read(&source, &ReadOptions::default(), &mut report);
    let edition = Edition::source(Script::Traditional, Region::Tw);
    let pages = lay_out(&kit, &edition, &document, Options::default(), &mut report).expect("fonts");
    assert!(pages.pages.len() >= 3);
    let pdf = draw(&kit.fonts, &edition, &document, &pages, Standard::A2aUa1).expect("a PDF");
    assert!(pdf.starts_with(b"%PDF-1.7"));
    if let Some(path) = std::env::var_os("KEEP_PDF") {
        std::fs::write(path, &pdf).expect("writable");
    }
    let again = draw(&kit.fonts, &edition, &document, &pages, Standard::A2aUa1).expect("a PDF");
    assert!(pdf == again, "two runs give the same bytes");
}

/// Pages of a template.
fn pages(template: &str, text: &str) -> Pages {
    let mut kit = support::kit();
    kit.template = Template::bundled(template).expect("bundled");
    let source = Source::new(SourceId(0), "a.md", text.to_owned());
    let mut report = Report::default();
    let document = markdown::read(&source, &ReadOptions::default(), &mut report);
    let edition = Edition::source(Script::Simplified, Region::Cn);
    lay_out(&kit, &edition, &document, Options::default(), &mut report).expect("fonts")
}

/// Where the first line that starts with some words begins and ends, em from the type area's left edge.
fn place(pages: &Pages, left: f32, words: &str) -> (f32, f32) {
    let lines = pages.pages.iter().flat_map(|p| &p.elements).filter_map(|e| match e {
        Element::Text(line) if line.node.is_some() => Some(line),
        _ => None,
    });
    let starts = |paragraph: usize, at: usize| {
        let paragraph = &pages.paragraphs[paragraph];
        paragraph.text[paragraph.clusters[at].range.start as usize..].starts_with(words)
    };
    let line = lines.into_iter().find(|l| starts(l.paragraph, l.line.start));
    let line = line.unwrap_or_else(|| panic!("{words}"));
    let from = (line.x - left) / line.size;
    (from, from + line.line.width as f32 / 1024.0)
}

#[test]
fn official_signatures_stand_as_the_standard_has_them() {
    let left = 28.0 * 72.0 / 25.4;
    for (name, date) in [("青溪县图书馆", "2026年3月16日"), ("青溪县人民政府办公室", "2026年3月16日")]
    {
        let pages = pages("official", &format!("正文。\n\n::: signature\n{name}\n\n{date}\n:::\n"));
        let (names, dates) = (place(&pages, left, name), place(&pages, left, "2026"));
        assert!((dates.0 - names.0 - 2.0).abs() < 0.01, "{name}: the date begins two em behind");
        // The longer of the two leaves two em at the end.
        let longer = if dates.1 - dates.0 > names.1 - names.0 { dates.1 } else { names.1 };
        assert!((longer - 26.0).abs() < 0.01, "{name}: {longer}");
    }
}

#[test]
fn what_follows_a_list_or_table_is_a_paragraph_of_its_own_unless_the_sentence_goes_on() {
    let left = 28.0 * 72.0 / 25.4;
    for (list, indent) in [("- 甲；\n- 乙。", 2.0), ("- 甲\n- 乙", 0.0), ("- 「甲。」", 2.0), ("- 甲，", 0.0)]
    {
        let pages = pages("official", &format!("有二：\n\n{list}\n\n续文在此。\n"));
        assert!((place(&pages, left, "续文").0 - indent).abs() < 0.01, "{list}");
    }
    for (before, indent) in [("见下表：", 2.0), ("资料来源", 2.0), ("由此，", 0.0)] {
        let pages =
            pages("official", &format!("{before}\n\n| 甲 | 乙 |\n| -- | -- |\n| 丙 | 丁 |\n\n续文在此。\n"));
        assert!((place(&pages, left, "续文").0 - indent).abs() < 0.01, "{before}");
    }
}

#[test]
fn a_run_in_heading_with_a_stop_needs_no_blank() {
    for (heading, joined) in [("1.登记。", "1.登记。正文"), ("1.登记", "1.登记\u{3000}正文")] {
        let pages = pages(
            "official",
            &format!("---\ntitle: 通知\n---\n\n# 一、甲\n\n## （一）乙\n\n### {heading}\n\n正文。\n"),
        );
        assert!(pages.text().contains(joined), "{}", pages.text());
    }
}
