//! Cases of paragraphs, headings, lists, pages: items 47 to 57.

use hanpress::{
    document::{Block, Counter, Document, Role},
    layout::lines::Breaker,
    source::SourceId,
    template::{Head, NotePlace, Opening},
    text::Text,
};

use crate::{
    clreq::{
        harness::{ALL, BOTH, Setting, assert_near, cases},
        seen::{At, Line, Seen},
    },
    support,
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
            vec![at.markdown(&format!("| 題頭 | 丙 |\n| --- | --- |\n{rows}"), 30).with(|p| p.lines = if at.vertical { 6 } else { 10 })]
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
}
