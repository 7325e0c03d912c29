//! What holds for any text: random ones and the manuscript.

use hanpress::{
    edition::{Edition, Region},
    layout::{
        EM,
        class::Class,
        page::{Element, Pages, TextLine},
    },
    report::Report,
    write::pdf::{Standard, draw},
};
use proptest::prelude::{Just, Strategy, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

use crate::{
    clreq::{
        harness::{ALL, Setting, near},
        seen::{At, Seen},
    },
    support,
};

fn horizontal(region: Region) -> At {
    At { region, vertical: false }
}

/// Lines of the text, in order.
fn lines(pages: &Pages) -> Vec<&TextLine> {
    let elements = pages.pages.iter().flat_map(|p| &p.elements);
    elements
        .filter_map(|e| if let Element::Text(line) = e { Some(&**line) } else { None })
        .filter(|l| l.node.is_some())
        .collect()
}

/// What is wrong with the lines of a paragraph, if anything is.
fn unlawful(setting: &Setting, pages: &Pages, report: &Report) -> Option<String> {
    let mut said = String::new();
    let overfull = report.diagnostics.iter().any(|d| d.rule == "overfull-line");
    let short = report.diagnostics.iter().any(|d| d.rule == "short-line");
    let measure = i32::from(setting.page.measure) * EM;
    let lines = lines(pages);
    for (k, line) in lines.iter().enumerate() {
        let paragraph = &pages.paragraphs[line.paragraph];
        let set = &line.line;
        let clusters = &paragraph.clusters[set.start..set.end];
        let text = &paragraph.text
            [clusters[0].range.start as usize..clusters[clusters.len() - 1].range.end as usize];
        said.push_str(text);
        if k > 0 && setting.composition.no_start(clusters[0].class) {
            return Some(format!("forbidden at a line start: {text}"));
        }
        let before = set.start.checked_sub(1).map(|i| paragraph.clusters[i].class);
        if let Some(before) = before.filter(|&c| c != Class::Western && c != Class::LineBreak)
            && !setting.composition.may_break(before, clusters[0].class)
        {
            return Some(format!("no break is allowed before {text}"));
        }
        if k + 1 < lines.len() && setting.composition.no_end(clusters[clusters.len() - 1].class) {
            return Some(format!("forbidden at a line end: {text}"));
        }
        if set.width > measure && !overfull {
            return Some(format!("wider than the measure, and not reported: {text}"));
        }
        let forced = set.end == paragraph.clusters.len() || text.ends_with('\n');
        if set.width < measure && !forced && !short {
            return Some(format!("not filled, and not reported: {text}"));
        }
        // Ink never runs backwards: a cell may start before the last one only by its own blank.
        for (i, pair) in set.x.windows(2).enumerate() {
            let blank = setting.composition.blanks(clusters[i + 1].class).0;
            if pair[0] > pair[1] + blank {
                return Some(format!("{:?} on {text}", set.x));
            }
        }
    }
    let whole: String = pages.paragraphs.iter().take(1).map(|p| p.text.as_str()).collect();
    (said != whole).then(|| format!("{said} is not {whole}"))
}

/// Where the two views of a text differ, if they do.
fn differ(layout: &Seen, pdf: &Seen) -> Option<String> {
    let glyphs = |seen: &Seen| {
        let lines = seen.lines.iter().chain(&seen.furniture);
        lines.flat_map(|l| l.clusters.iter().map(move |c| (l.page, c.clone()))).collect::<Vec<_>>()
    };
    let (a, b) = (glyphs(layout), glyphs(pdf));
    for ((page, x), (other, y)) in a.iter().zip(&b) {
        let place = near(x.inline, y.inline) && near(x.block, y.block) && near(x.size, y.size);
        if !place || page != other || x.text != y.text || x.face != y.face || x.upright != y.upright {
            return Some(format!("page {page}: {x:?}\nin the file on {other}: {y:?}"));
        }
    }
    (a.len() != b.len()).then(|| format!("{} glyphs, {} in the file", a.len(), b.len()))
}

/// Runs of what Chinese text is made of.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[一二三國語]{1,4}",
        2 => "[，。、：；？！]",
        1 => "「[甲乙]{1,3}」",
        1 => "（[a-z]{1,4}）",
        1 => "《[丙丁]》",
        1 => "“[戊己]{1,2}”",
        1 => Just("——".to_owned()),
        1 => Just("……".to_owned()),
        1 => Just("·".to_owned()),
        1 => "[a-zA-Z]{1,9}",
        1 => " [a-z]{1,5} ",
        1 => "[0-9]{1,4}%?",
    ];
    prop::collection::vec(part, 1..40).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(crate::support::cases(300))]

    #[test]
    fn random_text_keeps_every_line_lawful(
        text in text(),
        measure in 4u16..30,
        region in prop::sample::select(ALL.to_vec()),
    ) {
        let setting = horizontal(region).text(&text, measure);
        let (pages, report) = setting.lay_out();
        let wrong = unlawful(&setting, &pages, &report);
        prop_assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
    }
}

proptest! {
    #![proptest_config(crate::support::cases(24))]

    #[test]
    fn random_text_stands_in_the_file_where_layout_put_it(
        text in text(),
        measure in 6u16..30,
        region in prop::sample::select(ALL.to_vec()),
    ) {
        let [layout, pdf] = horizontal(region).text(&text, measure).press().seen;
        prop_assert_eq!(differ(&layout, &pdf), None);
    }
}

#[test]
fn the_manuscript_keeps_every_line_lawful() {
    for &region in ALL {
        for text in support::manuscript().lines().filter(|l| l.chars().count() > 60) {
            for measure in [12, 20, 28, 36] {
                let setting = horizontal(region).text(text, measure);
                let (pages, report) = setting.lay_out();
                assert_eq!(unlawful(&setting, &pages, &report), None, "{region:?} at {measure}");
            }
        }
    }
}

#[test]
fn the_manuscript_stands_in_the_file_where_layout_put_it() {
    for &region in ALL {
        let setting = horizontal(region).plain(&support::manuscript(), 36);
        let [layout, pdf] = setting.press().seen;
        assert_eq!(differ(&layout, &pdf), None, "{region:?}");
        let glyphs: usize = pdf.lines.iter().map(|l| l.clusters.len()).sum();
        assert!(glyphs > 2000, "{glyphs} glyphs");
        assert_eq!(pdf.texts(), layout.texts(), "{region:?}: the lines");
        assert_eq!(pdf.rules.len(), layout.rules.len());
        // Another page is seen as another page.
        let [other, _] = setting.clone().with(|p| p.indent = 2.0).press().seen;
        assert!(differ(&other, &pdf).is_some(), "control");
    }
}

#[test]
fn the_bytes_are_equal_with_any_number_of_threads() {
    let setting = horizontal(Region::Tw).plain(&support::manuscript(), 36);
    let edition = Edition::source(setting.script, setting.at.region);
    let bytes = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let (pages, _) = setting.lay_out();
            let kit = support::kit();
            draw(&kit.fonts, &edition, &setting.document, &pages, Standard::A2aUa1).expect("a PDF")
        })
    };
    assert!(bytes(1) == bytes(5));
}
