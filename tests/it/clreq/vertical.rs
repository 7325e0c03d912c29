//! Cases of vertical lines: items 32 to 38.

use hanpress::{
    counter::Numerals,
    edition::Edition,
    layout::page::Element,
    localize,
    pipeline::localized,
    template::{Folio, Head, PageStyle},
};

use crate::{
    clreq::{
        harness::{ALL, CN, TRADITIONAL, V, assert_near, cases},
        seen::{At, Seen},
    },
    glyphs,
};

/// Whether a text stands upright.
fn upright(seen: &Seen, text: &str) -> bool {
    seen.find(text).1.upright
}

/// How wide (across the line) and how long (along it) the ink of a text is.
fn extent(seen: &Seen, text: &str) -> (f64, f64) {
    let [start, end, top, bottom] = seen.ink(text);
    (bottom - top, end - start)
}

fn progression(at: At, off: bool) {
    let at = At { vertical: at.vertical && !off, ..at };
    let pressed = at.text("一二三四五六七八", 4).press();
    let pdf = glyphs::read(&pressed.pdf);
    let at = |text: &str| pdf.sheets[0].glyphs.iter().find(|g| g.text == text).expect("a glyph");
    assert_near((at("二").y - at("一").y) / 10.0, 1.0, "characters go down");
    assert_near(at("二").x, at("一").x, "characters go down");
    assert_near((at("一").x - at("五").x) / 10.0, 1.75, "lines go left");
}

fn pages(at: At, off: bool) {
    let at = At { vertical: at.vertical && !off, ..at };
    // Facing pages are bound at one side: only there the file must say which.
    let setting = at.text("一二三四五六七八", 4).with(|p| p.inner = Some(60.0));
    let pdf = glyphs::read(&setting.press().pdf);
    assert_eq!(pdf.direction.as_deref(), Some("R2L"));
}

/// Numbers become Han numerals where the page wants it, each as a change with its place.
fn numerals(at: At, off: bool) {
    let mut setting = at.text("公历1976年3月26日，约3.5小时", 40);
    let (edition, han) = (Edition::source(setting.script, at.region), !off);
    let options = localize::Options {
        numerals: if han { Numerals::Han } else { Numerals::Keep },
        ..localize::Options::default()
    };
    let (document, report) = localized(&setting.document, &edition, options);
    setting.document = document.into_owned();
    for seen in &setting.press().seen {
        assert_eq!(seen.joined(), "公历一九七六年三月二十六日，约3.5小时");
    }
    let changed: Vec<&str> = report.changes.iter().map(|c| c.before.as_str()).collect();
    assert_eq!(changed, ["1976", "3", "26"]);
}

/// Where the first line of each page has its axis: from the inner margin of an odd page, which is
/// its right one, and at the left of an even page as far in as the type area is wide.
fn margins(at: At, off: bool) {
    let at = At { vertical: at.vertical && !off, ..at };
    let setting = at.text("一二三四五六七八", 4).with(|p| (p.inner, p.lines) = (Some(60.0), 1));
    let pressed = setting.press();
    let axes = [1000.0 - 60.0 - 8.75, 60.0 + 8.75];
    let pdf = glyphs::read(&pressed.pdf);
    for ((sheet, page), axis) in pdf.sheets.iter().zip(&pressed.pages.pages).zip(axes) {
        assert!(
            (sheet.glyphs[0].x + 5.0 - axis).abs() < 0.1,
            "{} in the file, not {axis}",
            sheet.glyphs[0].x
        );
        let line =
            page.elements.iter().find_map(|e| if let Element::Text(line) = e { Some(line) } else { None });
        assert_near(f64::from(line.expect("a line").x), axis, "the axis");
    }
}

/// Whether two characters stand beside each other on the sheet.
fn beside(seen: &Seen, first: &str, second: &str) {
    let furniture = seen.furniture.iter().flat_map(|l| &l.clusters);
    let all: Vec<_> = seen.lines.iter().flat_map(|l| &l.clusters).chain(furniture).collect();
    let find = |text: &str| *all.iter().find(|c| c.text == text).unwrap_or_else(|| panic!("{text}"));
    let (a, b) = (find(first), find(second));
    assert!(a.upright && b.upright, "{first}{second} are upright");
    assert_near(a.inline, b.inline, "on one level");
    assert_near(a.block - b.block, a.size, "from left to right");
}

cases! {
    clreq_37_numbers_become_han_numerals_on_request {
        item: 37, part: "han", regions: ALL, directions: V,
        own: numerals,
    }
    clreq_32_characters_go_down_and_lines_go_left {
        item: 32, part: "lines", regions: ALL, directions: V,
        own: progression,
    }
    clreq_32_pages_go_left {
        item: 32, part: "pages", regions: ALL, directions: V,
        own: pages,
    }
    clreq_32_the_inner_margin_is_right_on_odd_pages {
        item: 32, part: "margins", regions: ALL, directions: V,
        own: margins,
    }
    clreq_33_colons_and_question_marks_stay_upright {
        item: 33, part: "upright", regions: ALL, directions: V,
        set: |at| ["：", "；", "！", "？"].map(|m| at.text(&format!("一{m}二"), 20)).to_vec(),
        off: |s| s.leave_out(33),
        check: |seen| {
            assert!(seen.lines[0].clusters.iter().all(|c| c.upright), "{}", seen.joined());
            assert_near(seen.between("一", "二"), 2.0, "a full cell");
        },
    }
    clreq_33_brackets_and_dashes_run_down {
        item: 33, part: "turned copy", regions: ALL, directions: V,
        set: |at| vec![at.text("一（二）《三》——四……五～六", 40)],
        off: |s| s.leave_out(33),
        check: |seen| {
            assert_eq!(seen.joined(), "一（二）《三》——四……五～六");
            for mark in ["（", "）", "《", "》"] {
                let (wide, long) = extent(seen, mark);
                assert!(wide > long, "{mark} lies across the line: {wide} {long}");
            }
            let (wide, long) = extent(seen, "—");
            assert!(long > wide, "the dash runs down: {wide} {long}");
            let [start, ..] = seen.ink("（");
            assert!(start - seen.inline("一") > 1.5, "the opening bracket clings to what follows: {start}");
        },
    }
    clreq_34_curly_quotes_become_corners {
        item: 34, part: "corner", regions: CN, directions: V,
        set: |at| vec![at.text("他说“好的”吧‘是’", 40)],
        off: |s| s.leave_out(34),
        check: |seen| {
            assert_eq!(seen.joined(), "他说“好的”吧‘是’");
            for mark in ["“", "”", "‘", "’"] {
                let (wide, long) = extent(seen, mark);
                assert!(wide > 0.25 && long > 0.2, "{mark} is a corner: {wide} {long}");
                assert!(upright(seen, mark), "{mark}");
            }
        },
    }
    clreq_34_corner_brackets_take_their_vertical_form {
        item: 34, part: "corner", regions: TRADITIONAL, directions: V,
        set: |at| vec![at.text("他說「好的」吧『是』", 40)],
        off: |s| s.leave_out(34),
        check: |seen| {
            assert_eq!(seen.joined(), "他說「好的」吧『是』");
            let [start, _, top, _] = seen.ink("「");
            let (_, say) = seen.find("說");
            assert!(start > say.inline + 1.3, "its ink is at the end of its cell: {start}");
            assert!(top > say.block - 0.5, "in the cell: {top}");
        },
    }
    clreq_34_quotes_around_western_text_stay_curly {
        item: 34, part: "western", regions: ALL, directions: V,
        set: |at| vec![at.text("他说 He said “yes” to me 了", 40)],
        off: |s| s.leave_out(34),
        check: |seen| assert!(!upright(seen, "“") && !upright(seen, "yes"), "{}", seen.joined()),
    }
    clreq_35_short_acronyms_stand_upright {
        item: 35, part: "upright", regions: ALL, directions: V,
        set: |at| vec![at.text("加入WTO和A座", 40)],
        off: |s| s.leave_out(35),
        check: |seen| {
            for letter in ["W", "T", "O", "A"] {
                assert!(upright(seen, letter), "{letter}");
            }
            assert_near(seen.between("入", "和"), 4.0, "a cell each");
        },
    }
    clreq_35_words_are_turned {
        item: 35, part: "turned axis", regions: ALL, directions: V,
        set: |at| vec![at.text("使用internet技术", 40)],
        off: |s| s.leave_out(35),
        check: |seen| {
            assert!(!upright(seen, "internet"));
            assert_near(seen.between("用", "internet"), 1.25, "a gap before");
            assert!((seen.find("internet").1.block - seen.find("用").1.block).abs() < 0.08, "on the axis");
        },
    }
    clreq_36_short_numbers_stand_in_one_cell {
        item: 36, part: "cell", regions: ALL, directions: V,
        set: |at| vec![at.text("公历12月25日", 40)],
        off: |s| s.page.combine = 0,
        check: |seen| {
            assert_near(seen.between("历", "月"), 2.0, "one cell");
            assert!(upright(seen, "12") && upright(seen, "25"), "upright");
            assert_near(seen.inline("2月"), seen.inline("12"), "side by side");
        },
    }
    clreq_36_long_numbers_and_decimals_are_turned {
        item: 36, part: "whole", regions: ALL, directions: V,
        set: |at| vec![at.text("公历2026年，约3.14个，12个", 40)],
        off: |s| s.leave_out(36),
        check: |seen| {
            assert!(!upright(seen, "2026") && !upright(seen, "3.14"), "turned");
            assert!(upright(seen, "12个"), "one cell");
        },
    }
    clreq_38_figures_tables_and_folios_stand_on_the_sheet {
        item: 38, part: "sheet", regions: ALL, directions: V,
        set: |at| {
            let body = "文".repeat(50);
            let text = format!(
                "---\ntitle: 書名\n---\n\n{body}\n\n表1　須知\n\n| 題頭 | 丙 |\n| --- | --- |\n| 丁戊 | 己 |\n\n\
                 ![插畫](none.png)\n\n{body}\n"
            );
            let sheet = |p: &mut PageStyle| {
                (p.lines, p.head, p.folio) = (10, Head::Title, Folio::Outer);
                p.measure = 12;
            };
            vec![at.markdown(&text, 12).with(sheet)]
        },
        off: |s| s.leave_out(38),
        check: |seen| {
            beside(seen, "題", "頭");
            beside(seen, "丁", "戊");
            beside(seen, "須", "知");
            beside(seen, "插", "畫");
            assert!(seen.pages > 1 && seen.furniture.len() > 1, "heads and folios");
            let head: Vec<_> = seen.furniture.iter().flat_map(|l| &l.clusters).collect();
            assert!(head.iter().all(|c| c.upright), "{head:?}");
            let level = |text: &str| head.iter().find(|c| c.text == text).expect("the head").inline;
            assert_near(level("書"), level("名"), "the head");
        },
    }
}
