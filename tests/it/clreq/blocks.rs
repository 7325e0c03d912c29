//! Cases of paragraphs, headings, lists, pages: items 47 to 57.

use hanpress::{
    document::{Align, Block, Counter, Document, Image, ImageFormat, NotePlace, Place, Role},
    edit::Confidence,
    fix,
    layout::{lines::Breaker, page::Element},
    normalize,
    source::{SourceId, Span},
    template::{Folio, Head, NoteMark, Opening, Template},
    text::Text,
};

use crate::{
    clreq::{
        harness::{ALL, BOTH, Setting, V, assert_near, cases},
        seen::{At, Cluster, Line, Seen},
    },
    glyphs::{self, ShapeKind},
    support,
    write::sample,
};

/// Paragraphs, each of one character so many times.
fn paragraphs(at: At, parts: &[(&str, usize)], measure: u16, rows: u16) -> Setting {
    let blocks = parts.iter().map(|(c, n)| Block::Paragraph {
        text: Text::verbatim(c.repeat(*n), SourceId(0), 0),
        role: Role::Body,
    });
    let document = Document { blocks: blocks.collect(), ..Document::default() };
    at.document(document, measure).with(|p| p.lines = rows)
}

/// The lines of a page.
fn page(seen: &Seen, page: usize) -> Vec<&Line> {
    seen.lines.iter().filter(|l| l.page == page).collect()
}

/// A line's place on the grid: 0 for the first line of a page, whole for lines on the grid.
fn row(seen: &Seen, line: &Line) -> f64 {
    line.block() / seen.pitch - 0.5
}

/// The manuscript, as the plain reader takes it.
fn manuscript(at: At) -> Setting {
    at.plain(&support::manuscript(), 36).with(|p| (p.indent, p.lines) = (2.0, 33))
}

fn headed(at: At) -> Vec<Setting> {
    (1..9)
        .map(|n| {
            let body = "正文甲乙丙丁戊己庚辛壬癸".repeat(n);
            let text =
                format!("{body}\n\n# 一級題\n\n{body}\n\n## 二級題\n\n{body}\n\n### 三級題\n\n{body}\n");
            at.markdown(&text, 12).with(|p| p.lines = 10)
        })
        .collect()
}

fn list(at: At, start: u64, counter: Counter, items: usize) -> Setting {
    let item = |i: usize| hanpress::document::Item {
        task: None,
        blocks: vec![Block::Paragraph {
            text: Text::verbatim(["甲文", "乙文", "丙文"][i % 3], SourceId(0), 0),
            role: Role::Body,
        }],
    };
    let list =
        Block::List { start: Some(start), counter, tight: true, items: (0..items).map(item).collect() };
    at.document(Document { blocks: vec![list], ..Document::default() }, 20)
}

/// The page for official documents, in either direction.
fn official(at: At, setting: Setting) -> Setting {
    let direction = setting.page.direction;
    let template = Template::bundled("official").expect("a bundled template");
    let page = template.page.turned(direction);
    Setting { page, at, ..setting }
}

/// Type of 三號, 28 characters by 22 lines, in 156 × 225 mm.
fn sizes(at: At, off: bool) {
    let text = "甲".repeat(28 * 22);
    let mut setting = official(at, at.text(&text, 28)).with(|p| p.indent = 0.0);
    if off {
        // What type of 16 pt would take.
        setting.page.size = 16.0;
    }
    let pressed = setting.press();
    let mm = |pt: f64| pt * 25.4 / 72.0;
    let pdf = glyphs::read(&pressed.pdf);
    let type_size = pdf.sheets[0].glyphs[0].size;
    assert_near(type_size, 15.75, "三號");
    let first = pressed.pages.pages[0].elements.iter().find_map(|e| match e {
        Element::Text(line) => Some(f64::from(line.size)),
        _ => None,
    });
    assert_near(first.expect("a line"), 15.75, "三號");
    for seen in &pressed.seen {
        assert_near(seen.pitch * type_size, 29.0, "the pitch, pt");
        let lines = page(seen, 0);
        let (along, across) = (lines[0].end() * type_size, seen.pitch * f64::from(seen.rows) * type_size);
        let (width, height) = if at.vertical { (across, along) } else { (along, across) };
        // In vertical lines as many whole characters and lines as the area holds.
        let room = if at.vertical { 11.0 } else { 1.0 };
        assert!(mm(width) < 156.5 && mm(width) > 156.0 - room, "{} mm", mm(width));
        assert!(mm(height) < 225.5 && mm(height) > 225.0 - room, "{} mm", mm(height));
    }
}

fn long_note(at: At) -> Setting {
    let body = "正文甲乙丙丁戊己庚辛".repeat(20);
    let note = format!("註解開頭{}末尾", "子丑寅卯辰巳午未申酉戌亥".repeat(15));
    at.markdown(&format!("開頭[^a]。{body}\n\n[^a]: {note}。\n"), 12).with(|p| p.lines = 10)
}

/// Two notes on different pages.
fn two_notes(at: At, mark: NoteMark, measure: u16) -> Setting {
    let body = "正文甲乙丙丁戊己庚辛".repeat(20);
    let text = format!("開頭[^a]。{body}\n\n末段[^b]。\n\n[^a]: 前註。\n\n[^b]: 後註。\n");
    at.markdown(&text, measure).with(|p| (p.lines, p.notes.mark) = (10, mark))
}

/// Where on the sheet a glyph stands that is set horizontally in either direction, and how long its
/// cell is: from the left, in em.
fn across(seen: &Seen, cluster: &Cluster) -> f64 {
    if seen.at.vertical { -cluster.block } else { cluster.inline }
}

/// Where on the sheet something stands: from the top, in em.
fn down(at: At, cluster: &Cluster) -> f64 {
    if at.vertical { cluster.inline } else { cluster.block }
}

fn captioned(off: bool) -> Document {
    let text = |s: &str| Text::verbatim(s, SourceId(0), 0);
    let caption = |s: &str| (!off).then(|| text(s));
    let table = Block::Table {
        align: vec![Align::Auto],
        head: vec![text("題頭")],
        rows: vec![vec![text("格子")]],
        merged: vec![],
        caption: caption("表一"),
    };
    let figure = Block::Figure {
        path: "圖.png".into(),
        alt: "一方藍色".into(),
        caption: caption("插畫"),
        anchor: None,
        span: Span::new(SourceId(0), 0..0),
    };
    let (bytes, width, height) = (sample::picture(), 240, 120);
    let image = Image { path: "圖.png".into(), bytes, format: ImageFormat::Png, width, height };
    Document { blocks: vec![table, figure], images: vec![image], ..Document::default() }
}

/// Captions stand above tables and below figures; without captions there is nothing to see.
fn captions(at: At, off: bool) {
    let setting = at.document(captioned(off), 30);
    let pressed = setting.press();
    let pdf = glyphs::read(&pressed.pdf);
    let picture = pdf.sheets[0].shapes.iter().find(|s| s.kind == ShapeKind::Image).expect("a picture");
    let bottom = (picture.bounds[3] - 50.0) / 10.0;
    let drawn = pressed.pages.pages[0].elements.iter().find_map(|e| match e {
        Element::Image { y, height, .. } => Some(f64::from(y + height)),
        _ => None,
    });
    assert_near((drawn.expect("a picture") - 50.0) / 10.0, bottom, "the picture");
    for seen in &pressed.seen {
        let at = |text: &str| down(seen.at, seen.find(text).1);
        assert!(at("表") < at("題"), "above the table");
        assert!(at("插") > bottom, "below the picture: {} {bottom}", at("插"));
    }
}

/// Captions lose their stop before they are set; without the rule it is there.
fn caption_end(at: At, off: bool) {
    let mut document = captioned(false);
    for (place, text) in document.texts_mut() {
        if place == Place::Caption {
            *text = Text::made(format!("{}。", text.as_str()), Span::new(SourceId(0), 0..0));
        }
    }
    let rules = if off { &[][..] } else { normalize::RULES };
    fix::run(rules, &support::kit(), &mut document, Some(Confidence::Sure));
    let pressed = at.document(document, 30).press();
    for seen in &pressed.seen {
        let text = seen.texts().concat();
        assert!(text.contains('表') && !text.contains('。'), "{text}");
    }
}

cases! {
    clreq_47_first_lines_are_indented {
        item: 47, part: "indent", regions: ALL, directions: BOTH,
        set: |at| vec![manuscript(at)],
        off: |s| s.page.indent = 0.0,
        check: |seen| {
            for text in support::manuscript().lines().filter(|l| l.chars().count() > 60 && !l.starts_with("作者")) {
                let line = seen.lines.iter().find(|l| l.clusters.len() > 9 && text.starts_with(l.text().trim_end()));
                let line = line.unwrap_or_else(|| panic!("{text}"));
                let trim = if line.text().starts_with('「') && !seen.at.tw() { 0.5 } else { 0.0 };
                assert_near(line.clusters[0].inline, 2.0 - trim, &line.text());
            }
        },
    }
    clreq_47_headings_have_no_indent {
        item: 47, part: "heading", regions: ALL, directions: BOTH,
        set: |at| vec![at.markdown("開頭。\n\n# 大題\n\n## 題目\n\n正文甲乙丙。\n", 20).with(|p| p.indent = 2.0)],
        off: |s| s.page.indent = 0.0,
        check: |seen| {
            assert_near(seen.inline("題目"), 0.0, "the heading");
            assert_near(seen.inline("正"), 2.0, "the text");
        },
    }
    clreq_47_a_paragraph_that_goes_on_has_no_indent {
        item: 47, part: "continued", regions: ALL, directions: BOTH,
        set: |at| vec![at.markdown("正文。\n\n- 甲\n- 乙\n\n續文。\n", 20).with(|p| p.indent = 2.0)],
        off: |s| s.leave_out(47),
        check: |seen| {
            assert_near(seen.inline("正"), 2.0, "a paragraph");
            assert_near(seen.inline("續"), 0.0, "one that goes on after a list");
        },
    }
    clreq_47_one_em_in_narrow_columns {
        item: 47, part: "narrow", regions: ALL, directions: BOTH,
        set: |at| [13, 14].map(|m| at.text("甲乙丙丁戊己庚辛壬癸子丑寅卯辰", m).with(|p| p.indent = 2.0)).to_vec(),
        off: |s| s.leave_out(47),
        check: |seen| {
            let indent = if seen.measure < 13.5 { 1.0 } else { 2.0 };
            assert_near(seen.inline("甲"), indent, "the first line");
        },
    }
    clreq_48_a_last_line_holds_two_characters {
        item: 48, part: "two", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("一二三四五六七八九十甲乙丙丁戊己庚辛壬癸他。", 10)],
        off: |s| s.breaker = Breaker::Greedy,
        check: |seen| {
            let last = seen.texts().pop().expect("lines");
            let han = last.chars().filter(|c| *c != '。').count();
            assert!(han >= 2, "{}", seen.joined());
        },
    }
    clreq_49_no_single_line_at_a_page_edge {
        item: 49, part: "head foot", regions: ALL, directions: BOTH,
        set: |at| vec![
            paragraphs(at, &[("甲", 60), ("乙", 30)], 10, 5),
            paragraphs(at, &[("甲", 40), ("乙", 30)], 10, 5),
        ],
        off: |s| s.leave_out(49),
        check: |seen| {
            for number in 0..seen.pages {
                let lines = page(seen, number);
                for paragraph in ["甲", "乙"] {
                    let n = lines.iter().filter(|l| l.text().contains(paragraph)).count();
                    assert_ne!(n, 1, "a single line of {paragraph} on page {}: {}", number + 1, seen.joined());
                }
            }
        },
    }
    clreq_49_the_last_page_has_two_lines {
        item: 49, part: "short", regions: ALL, directions: BOTH,
        set: |at| vec![paragraphs(at, &[("甲", 5); 7], 10, 6)],
        off: |s| s.leave_out(49),
        check: |seen| {
            assert_eq!(seen.pages, 2);
            assert!(page(seen, 1).len() >= 2, "{} lines", page(seen, 1).len());
        },
    }
    clreq_50_so_many_characters_so_many_lines {
        item: 50, part: "area", regions: ALL, directions: BOTH,
        set: |at| vec![paragraphs(at, &[("甲", 170)], 10, 6)],
        off: |s| s.page.lines = 9,
        check: |seen| {
            assert_eq!(seen.pages, 3);
            assert_eq!(page(seen, 0).len(), 6);
            assert!(page(seen, 0).iter().all(|l| l.clusters.len() == 10));
            assert_near(page(seen, 0)[5].end(), 10.0, "the line");
            assert_near(row(seen, page(seen, 0)[0]), 0.0, "the first line");
            assert_near(row(seen, page(seen, 0)[5]), 5.0, "the last line");
        },
    }
    clreq_50_51_body_lines_stand_on_the_grid {
        item: 50, part: "grid", regions: ALL, directions: BOTH,
        set: headed,
        off: |s| s.leave_out(51),
        check: |seen| {
            for line in seen.lines.iter().filter(|l| l.text().contains('文')) {
                assert_near(row(seen, line), row(seen, line).round(), &line.text());
            }
        },
    }
    clreq_50_sizes_by_their_names {
        item: 50, part: "sizes", regions: ALL, directions: BOTH,
        own: sizes,
    }
    clreq_51_the_body_goes_on_on_the_grid {
        item: 51, part: "grid", regions: ALL, directions: BOTH,
        set: |at| vec![manuscript(at)],
        off: |s| s.leave_out(51),
        check: |seen| {
            let manuscript = support::manuscript();
            let body = seen.lines.iter().filter(|l| l.clusters.len() > 30 && l.clusters[5].size == 1.0);
            for line in body.filter(|l| manuscript.contains(l.text().trim_end())) {
                assert_near(row(seen, line), row(seen, line).round(), &line.text());
            }
        },
    }
    clreq_51_a_heading_is_never_last_on_its_page {
        item: 51, part: "keep", regions: ALL, directions: BOTH,
        set: headed,
        off: |s| s.leave_out(51),
        check: |seen| {
            for number in 0..seen.pages {
                let last = page(seen, number).last().map(|l| l.text()).unwrap_or_default();
                assert!(!last.contains('題'), "page {}: {last}", number + 1);
            }
        },
    }
    clreq_51_large_headings_are_centered {
        item: 51, part: "center", regions: ALL, directions: BOTH,
        set: headed,
        off: |s| s.page.heading[0].center = false,
        check: |seen| {
            let (line, first) = seen.find("一級");
            let end = seen.measure - seen.lines[line].end();
            assert_near(first.inline, end, "as much room on both sides");
        },
    }
    clreq_51_long_titles_break_by_phrase_and_balanced {
        item: 51, part: "phrases", regions: ALL, directions: BOTH,
        set: |at| (18..=23).map(|m| at.markdown("開頭。\n\n# 中國現代文學的發展和它在二十世紀的影響\n\n正文。\n", m)).collect(),
        off: |s| s.leave_out(51),
        check: |seen| {
            let title: Vec<String> =
                seen.lines.iter().filter(|l| l.clusters[0].size > 1.2).map(Line::text).collect();
            assert_eq!(title.len(), 2, "{}", seen.joined());
            let (first, second) = (title[0].chars().count(), title[1].chars().count());
            assert!(first.abs_diff(second) <= 3, "balanced: {title:?}");
            assert!(!title[1].starts_with('的') && !title[0].ends_with(['和', '在']), "by phrase: {title:?}");
        },
    }
    clreq_52_chapters_start_on_a_recto {
        item: 52, part: "recto", regions: ALL, directions: BOTH,
        set: |at| vec![at.markdown("# 第一章\n\n正文。\n\n# 第二章\n\n正文。\n", 20).with(|p| p.chapter = Opening::Recto)],
        off: |s| s.page.chapter = Opening::Flow,
        check: |seen| {
            let page = |text| seen.lines[seen.find(text).0].page;
            assert_eq!((page("第一") % 2, page("第二") % 2), (0, 0));
            assert_eq!(page("第二") - page("第一"), 2);
        },
    }
    clreq_52_blank_pages_have_no_folio_and_no_head {
        item: 52, part: "blank", regions: ALL, directions: BOTH,
        set: |at| {
            let text = "---\ntitle: 書名在此\n---\n\n# 第一章\n\n正文。\n\n# 第二章\n\n正文。\n";
            vec![at.markdown(text, 20).with(|p| {
                (p.chapter, p.folio, p.head) = (Opening::Recto, Folio::Center, Head::Title);
            })]
        },
        off: |s| s.leave_out(52),
        check: |seen| {
            let blank: Vec<usize> = (0..seen.pages).filter(|&n| page(seen, n).is_empty()).collect();
            assert_eq!(blank, [1, 3], "blank pages: {}", seen.joined());
            for number in 0..seen.pages {
                let none = !seen.furniture.iter().any(|l| l.page == number);
                assert_eq!(none, blank.contains(&number), "page {}", number + 1);
            }
        },
    }
    clreq_52_run_in_headings {
        item: 52, part: "run-in", regions: ALL, directions: BOTH,
        set: |at| vec![at.markdown("正文。\n\n### 小題\n\n接着的文字。\n", 20).with(|p| p.heading.iter_mut().for_each(|h| h.run_in = true))],
        off: |s| s.page.heading.iter_mut().for_each(|h| h.run_in = false),
        check: |seen| {
            assert_eq!(seen.find("小題").0, seen.find("接着").0, "one line");
            assert_near(seen.between("題", "接"), 2.0, "an em after it");
        },
    }
    clreq_53_a_note_at_the_foot_of_its_page {
        item: 53, part: "foot small", regions: ALL, directions: BOTH,
        set: |at| {
            let body = "正文甲乙丙丁戊己庚辛".repeat(12);
            let text = format!("開頭[^a]。{body}\n\n{body}\n\n[^a]: 註解的文字。\n");
            vec![at.markdown(&text, 12).with(|p| p.lines = 10)]
        },
        off: |s| s.page.notes.place = NotePlace::End,
        check: |seen| {
            let ((mark, _), (note, first)) = (seen.find("開頭"), seen.find("註解"));
            assert_eq!(seen.lines[mark].page, seen.lines[note].page, "the same page");
            assert!(first.size < 0.95, "smaller: {}", first.size);
            let foot = f64::from(seen.rows) * seen.pitch;
            assert!(first.block > foot - 2.0 * seen.pitch, "at the foot: {} of {foot}", first.block);
            let above = seen.rules.iter().filter(|r| r.page == seen.lines[note].page);
            assert!(above.into_iter().any(|r| r.area[3] < first.block && r.area[3] > first.block - 2.5), "a rule");
        },
    }
    clreq_53_a_long_note_goes_on_on_the_next_page {
        item: 53, part: "long", regions: ALL, directions: BOTH,
        set: |at| vec![long_note(at)],
        off: |s| s.page.notes.place = NotePlace::End,
        check: |seen| {
            let page = |text| seen.lines[seen.find(text).0].page;
            assert_eq!(page("註解開"), page("開頭"), "it starts on the page of its mark");
            assert!(page("末尾") > page("開頭"), "it ends on a later one");
            let foot = f64::from(seen.rows) * seen.pitch;
            for number in page("開頭")..=page("末尾") {
                let small = seen.lines.iter().filter(|l| l.page == number && l.clusters[0].size < 0.95);
                let last = small.map(Line::block).fold(0.0, f64::max);
                assert!(last > foot - 2.0 * seen.pitch, "at the foot of page {}: {last} of {foot}", number + 1);
            }
        },
    }
    clreq_53_marks_in_the_style_of_the_house {
        item: 53, part: "marks", regions: ALL, directions: BOTH,
        set: |at| vec![
            two_notes(at, NoteMark::Circled, 12),
            two_notes(at, NoteMark::Bracket, 13),
            two_notes(at, NoteMark::Word, 14),
        ],
        off: |s| s.page.notes.mark = match s.page.notes.mark {
            NoteMark::Circled => NoteMark::Bracket,
            _ => NoteMark::Circled,
        },
        check: |seen| {
            let text = seen.joined();
            let count = |mark: &str| text.matches(mark).count();
            // Each stands once in the text and once at its note.
            match seen.measure as u16 {
                12 => assert_eq!((count("①"), count("②")), (4, 0), "counted by the page: {text}"),
                13 => assert_eq!((count("[1]"), count("[2]")), (2, 2), "{text}"),
                _ => {
                    let word = if seen.at.cn() { "注" } else { "註" };
                    let marks = (count(&format!("{word}一")), count(&format!("{word}二")));
                    assert_eq!(marks, (2, 2), "{text}");
                }
            }
        },
    }
    clreq_54_titles_on_facing_pages {
        item: 54, part: "facing", regions: ALL, directions: BOTH,
        set: |at| {
            let body = "正文甲乙丙丁戊己庚辛".repeat(60);
            let text = format!("---\ntitle: 書名在此\n---\n\n# 章名在此\n\n{body}\n");
            vec![at.markdown(&text, 12).with(|p| (p.lines, p.head) = (10, Head::Facing))]
        },
        off: |s| s.page.head = Head::Title,
        check: |seen| {
            assert!(seen.pages > 4);
            for number in 0..seen.pages {
                let text: String = seen.furniture.iter().filter(|l| l.page == number).map(Line::text).collect();
                let words = match number {
                    0 => "",
                    n if n % 2 == 1 => "書名在此",
                    _ => "章名在此",
                };
                assert_eq!(text, words, "page {}", number + 1);
            }
        },
    }
    clreq_54_folios_and_running_heads {
        item: 54, part: "folio head", regions: ALL, directions: BOTH,
        set: |at| {
            let body = "正文甲乙丙丁戊己庚辛".repeat(12);
            let text = format!("---\ntitle: 書名在此\n---\n\n{body}\n\n{body}\n\n{body}\n");
            vec![at.markdown(&text, 12).with(|p| {
                p.lines = 10;
                p.head = Head::Title;
                p.folio = hanpress::template::Folio::Center;
            })]
        },
        off: |s| s.page.head = Head::None,
        check: |seen| {
            assert!(seen.pages > 2);
            for number in 0..seen.pages {
                // On the sheet of a vertical page they are horizontal, and seen across the lines.
                let text: String = seen.furniture.iter().filter(|l| l.page == number).map(Line::text).collect();
                assert!(text.contains(&(number + 1).to_string()), "{text}");
                assert_eq!(text.contains("書名在此"), number > 0, "{text}");
            }
        },
    }
    clreq_54_no_folio_on_request {
        item: 54, part: "folio", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("正文", 12)],
        off: |s| s.page.folio = hanpress::template::Folio::Center,
        check: |seen| assert!(seen.furniture.is_empty(), "{:?}", seen.furniture),
    }
    clreq_55_texts_of_a_list_start_at_one_place {
        item: 55, part: "hang", regions: ALL, directions: BOTH,
        set: |at| vec![list(at, 9, Counter::Decimal, 3), list(at, 99, Counter::Decimal, 3)],
        off: |s| s.leave_out(55),
        check: |seen| {
            let starts = ["甲文", "乙文", "丙文"].map(|t| seen.inline(t));
            for start in starts {
                assert_near(start, starts[0], "one place");
                assert_near(start, start.round(), "a whole number of em");
            }
            for (label, text) in [("1", "丙文"), ("0", "乙文")] {
                assert!(seen.inline(label) < seen.inline(text), "{label}");
            }
            let label = seen.lines.iter().filter(|l| l.text().contains('.') && !l.text().contains('文'));
            assert!(label.into_iter().all(|l| l.end() <= starts[0] + 0.005), "labels keep off the text");
        },
    }
    clreq_55_chinese_counters {
        item: 55, part: "counters", regions: ALL, directions: BOTH,
        set: |at| vec![
            list(at, 9, Counter::Chinese, 3),
            list(at, 9, Counter::ChineseParen, 3),
            list(at, 9, Counter::HeavenlyStem, 2),
            list(at, 9, Counter::Circled, 3),
        ],
        off: |s| {
            if let Block::List { counter, .. } = &mut s.document.blocks[0] {
                *counter = Counter::Decimal;
            }
        },
        check: |seen| {
            let text = seen.joined();
            let labels = [["九、", "十、"], ["（九）", "（十）"], ["壬、", "癸、"], ["⑨", "⑩"]];
            assert!(labels.iter().any(|l| l.iter().all(|l| text.contains(l))), "{text}");
        },
    }
    clreq_55_numbers_stand_upright_in_vertical_lists {
        item: 55, part: "upright", regions: ALL, directions: V,
        set: |at| vec![list(at, 9, Counter::Decimal, 3), list(at, 9, Counter::Auto, 3)],
        // As Western text, on its side.
        off: |s| {
            s.page.combine = 0;
            s.leave_out(36);
        },
        check: |seen| {
            let numbers = ["9", "10", "11", "九", "十", "十一"];
            let found: Vec<&str> = numbers.into_iter().filter(|n| seen.joined().contains(n)).collect();
            assert_eq!(found.len(), 3, "{}", seen.joined());
            assert!(found.iter().all(|n| seen.find(n).1.upright), "{found:?}");
        },
    }
    clreq_56_verse_is_never_spread {
        item: 56, part: "verse", regions: ALL, directions: BOTH,
        set: |at| {
            let verse = Block::Verse(vec![Text::verbatim("一二三四五六七八九十。甲乙丙丁\n戊己庚辛", SourceId(0), 0)]);
            vec![at.document(Document { blocks: vec![verse], ..Document::default() }, 10)]
        },
        off: |s| {
            let Block::Verse(stanzas) = &s.document.blocks[0] else { return };
            s.document.blocks[0] = Block::Paragraph { text: stanzas[0].clone(), role: Role::Body };
        },
        check: |seen| assert_near(seen.between("一", "九"), 8.0, "not spread"),
    }
    clreq_56_turn_overs_are_indented_and_verse_is_centered {
        item: 56, part: "turned-over", regions: ALL, directions: BOTH,
        set: |at| {
            let verse = |text: &str, measure| {
                let verse = Block::Verse(vec![Text::verbatim(text, SourceId(0), 0)]);
                at.document(Document { blocks: vec![verse], ..Document::default() }, measure)
            };
            vec![verse("一二三四五六七八九十甲乙丙丁", 10), verse("一二三四五六\n甲乙丙丁", 20)]
        },
        off: |s| {
            let Block::Verse(stanzas) = &s.document.blocks[0] else { return };
            s.document.blocks[0] = Block::Paragraph { text: stanzas[0].clone(), role: Role::Body };
        },
        check: |seen| {
            let starts: Vec<f64> = seen.lines.iter().map(|l| l.clusters[0].inline).collect();
            if seen.measure > 15.0 {
                assert_eq!(starts.len(), 2);
                starts.iter().for_each(|&start| assert_near(start, 7.0, "centered on the longest line"));
            } else {
                assert_near(starts[0], 0.0, "the line");
                assert_near(starts[1], 2.0, "what turns over");
            }
        },
    }
    clreq_56_official_documents_have_their_levels_faces_folios {
        item: 56, part: "official", regions: ALL, directions: BOTH,
        set: |at| {
            let text = "開頭。\n\n# 一級\n\n## 二級\n\n### 三級\n\n正文。\n\n1. 甲文\n   1. 乙文\n2. 丙文\n";
            vec![official(at, at.markdown(text, 28))]
        },
        off: |s| {
            s.page.heading.clear();
            s.page.counters.clear();
            s.page.folio = Folio::Center;
        },
        check: |seen| {
            let face = |s| seen.find(s).1.face.as_str();
            assert!(face("一級").contains("Sans") && !face("一級").contains("Bold"), "{}", face("一級"));
            assert!(face("二級").contains("Kai"), "{}", face("二級"));
            assert!(face("三級").contains("Serif") && !face("三級").contains("Bold"), "{}", face("三級"));
            assert_eq!(seen.find("三級").0, seen.find("正").0, "the text goes on in its line");
            for level in ["一級", "二級", "三級"] {
                assert_near(seen.inline(level), 2.0, level);
            }
            for label in ["一、", "（一）", "二、"] {
                assert!(seen.joined().contains(label), "{label}: {}", seen.joined());
            }
            let folio: String = seen.furniture.iter().map(Line::text).collect();
            assert_eq!(folio, "— 1 —");
        },
    }
    clreq_56_letters_have_their_places {
        item: 56, part: "letter", regions: ALL, directions: BOTH,
        set: |at| {
            let part = |s: &str, role| Block::Paragraph { text: Text::verbatim(s, SourceId(0), 0), role };
            let blocks = vec![
                part("某某先生：", Role::Salutation),
                part("来信收到。", Role::Body),
                part("此致", Role::Body),
                part("敬禮", Role::Closing),
                part("某某", Role::Signature),
            ];
            let document = Document { blocks, ..Document::default() };
            vec![at.document(document, 20).with(|p| p.indent = 2.0)]
        },
        off: |s| {
            for block in &mut s.document.blocks {
                if let Block::Paragraph { role, .. } = block {
                    *role = Role::Body;
                }
            }
        },
        check: |seen| {
            assert_near(seen.inline("某某先生"), 0.0, "the salutation");
            assert_near(seen.inline("此致"), 2.0, "the text");
            assert_near(seen.inline("敬"), 0.0, "the closing");
            assert_near(seen.lines.last().expect("lines").end(), 18.0, "the signature, two em from the end");
        },
    }
    clreq_57_cells_obey_the_rules_of_lines {
        item: 57, part: "cells", regions: ALL, directions: BOTH,
        set: |at| vec![at.markdown("| 甲》（乙 | 丙 |\n| --- | --- |\n| 丁》（戊 | 己 |\n", 30)],
        off: |s| s.composition.close_up = false,
        check: |seen| {
            // Tables of vertical pages stand horizontally on the sheet.
            let apart = |a, b| {
                let (a, b) = (seen.find(a).1, seen.find(b).1);
                ((b.inline - a.inline).abs() + (b.block - a.block).abs()) / a.size
            };
            assert_near(apart("丁", "戊"), 2.5, "marks that meet in a cell");
            assert_near(apart("甲", "乙"), 2.5, "marks that meet in a header");
        },
    }
    clreq_57_the_header_comes_again {
        item: 57, part: "header", regions: ALL, directions: BOTH,
        set: |at| {
            let rows = "| 一 | 二 |\n".repeat(20);
            vec![at.markdown(&format!("| 題頭 | 丙 |\n| --- | --- |\n{rows}"), 30).with(|p| {
                // A vertical page that holds one box of the table.
                p.lines = if at.vertical { 5 } else { 10 };
            })]
        },
        off: |s| s.leave_out(57),
        check: |seen| {
            for number in 0..seen.pages {
                // A head that comes again is furniture: it stands in the text once.
                let again = seen.furniture.iter().filter(|l| l.page == number);
                let text: String = page(seen, number).into_iter().chain(again).map(|l| l.text()).collect();
                assert!(text.contains("題頭"), "page {}: {text}", number + 1);
            }
        },
    }
    clreq_57_numbers_align_on_the_decimal_point {
        item: 57, part: "decimal", regions: ALL, directions: BOTH,
        set: |at| vec![at.markdown("| 甲 | 數 |\n| --- | --- |\n| 一 | 1.5 |\n| 二 | 12.25 |\n| 三 | 100 |\n", 30)],
        off: |s| {
            for block in &mut s.document.blocks {
                if let Block::Table { align, .. } = block {
                    *align = vec![Align::Start; 2];
                }
            }
        },
        check: |seen| {
            let at = |text: &str| across(seen, seen.find(text).1);
            let unit = at("00") - at("100");
            assert_near(at(".5"), at(".25"), "the points");
            assert!((at("100") + 3.0 * unit - at(".5")).abs() < 0.15, "where the point would be: {}", at("100"));
            assert_near(at("2.25"), at("1.5"), "the digits before them");
        },
    }
    clreq_57_captions_above_tables_and_below_figures {
        item: 57, part: "captions", regions: ALL, directions: BOTH,
        own: captions,
    }
    clreq_57_captions_have_no_mark_at_their_end {
        item: 57, part: "caption-end", regions: ALL, directions: BOTH,
        own: caption_end,
    }
}
