//! Cases of where a line may break: items 1 to 12.

use hanpress::{
    layout::{class::Kinsoku, lines::Breaker},
    source::SourceId,
    text::{MarkKind, Text},
};

use crate::clreq::{
    harness::{ALL, BOTH, CN, assert_near, cases},
    seen::{At, Line, Seen},
};

/// Marks that may not start a line.
const NO_START: &str = "，。、；：！？”’」』）》】～—·／–";

/// Marks that may not end a line.
const NO_END: &str = "“‘「『（《〈【〔";

/// Lines of this at measure 8 end with a space.
const SPACED: &str = "一二三四五 one two 六七八九十 three four 甲乙丙丁 five six 戊己庚辛";

/// Line by line, these would make a ladder of hyphens.
const LONG_WORDS: &str = "讨论international的人与其representation以及characterization和那些understanding，则\
                          有communication并且administration的人有responsibility或者professional之environmental也，\
                          又有internationalization在characterization之中administration及representation均在此列";

fn starts_with_no(seen: &Seen, forbidden: &str) {
    for line in seen.texts().iter().skip(1) {
        let first = line.chars().next().expect("a line has text");
        assert!(!forbidden.contains(first), "`{first}` starts a line: {}", seen.joined());
    }
}

fn ends_with_no(seen: &Seen, forbidden: &str) {
    for line in seen.texts() {
        let last = line.chars().next_back().expect("a line has text");
        assert!(!forbidden.contains(last), "`{last}` ends a line: {}", seen.joined());
    }
}

/// Every line of a text that has a part of `whole` has all of it.
fn keeps(seen: &Seen, whole: &str) {
    assert!(seen.texts().iter().any(|l| l.contains(whole)), "`{whole}` is parted: {}", seen.joined());
}

fn noted(mark: MarkKind, string: &str, range: std::ops::Range<usize>) -> Text {
    let mut text = Text::verbatim(string, SourceId(0), 0);
    text.mark(range, mark);
    text
}

/// Whether a line ends with a hyphen that was not typed.
fn hyphenated(line: &Line) -> bool {
    line.clusters.last().is_some_and(|c| c.text.trim_matches('\u{AD}').is_empty() && c.ink.is_some())
}

fn wide_number(at: At, off: bool) {
    let mut setting = at.text("共有12345678901234567890个", 8);
    if off {
        setting.leave_out(5);
    }
    let pressed = setting.press();
    for seen in &pressed.seen {
        let digits = |l: &&String| l.chars().any(|c| c.is_ascii_digit());
        assert_eq!(seen.texts().iter().filter(digits).count(), 2, "broken once: {}", seen.joined());
    }
    assert_eq!(pressed.reported("broken-word"), 1, "it is reported");
}

cases! {
    clreq_01_no_mark_starts_a_line {
        item: 1, part: "marks", regions: ALL, directions: BOTH,
        set: |at| NO_START.chars().map(|m| at.text(&format!("一二三四五{m}六七八九"), 5)).collect(),
        off: |s| s.unforbid(),
        check: |seen| starts_with_no(seen, NO_START),
    }
    clreq_01_strict_keeps_dashes_off_a_line_start {
        item: 1, part: "strict", regions: ALL, directions: BOTH,
        set: |at| ["——", "……"].map(|m| {
            let mut setting = at.text(&format!("一二三四五{m}六七八"), 5);
            setting.composition.kinsoku = Kinsoku::Strict;
            setting
        }).to_vec(),
        off: |s| s.composition.kinsoku = Kinsoku::Basic,
        check: |seen| starts_with_no(seen, "—…"),
    }
    clreq_01_none_forbids_nothing {
        item: 1, part: "none", regions: ALL, directions: BOTH,
        set: |at| {
            let mut setting = at.text("一二三四五，六七八九", 5);
            setting.unforbid();
            vec![setting]
        },
        off: |s| s.composition.kinsoku = Kinsoku::Basic,
        check: |seen| assert_eq!(seen.joined(), "一二三四五|，六七八九"),
    }
    clreq_02_no_opening_mark_ends_a_line {
        item: 2, part: "opening", regions: ALL, directions: BOTH,
        set: |at| NO_END.chars().map(|m| at.text(&format!("一二三四{m}五六七八九"), 5)).collect(),
        off: |s| s.unforbid(),
        check: |seen| ends_with_no(seen, NO_END),
    }
    clreq_02_signs_stay_before_their_number {
        item: 2, part: "prefix", regions: ALL, directions: BOTH,
        set: |at| {
            let texts = ["￥", "＃", "№"].map(|m| at.texts(&format!("一二三四{m}5000元七八九十"), 4..=8));
            texts.concat()
        },
        off: |s| s.leave_out(2),
        check: |seen| ends_with_no(seen, "￥＃№"),
    }
    clreq_02_no_solidus_ends_a_line {
        item: 2, part: "solidus", regions: CN, directions: BOTH,
        set: |at| vec![at.text("不论男/女都行", 3), at.text("不论男/女都行了", 4)],
        off: |s| s.composition.kinsoku = Kinsoku::Basic,
        check: |seen| {
            starts_with_no(seen, "/");
            ends_with_no(seen, "/");
        },
    }
    clreq_03_push_in_first {
        item: 3, part: "in", regions: CN, directions: BOTH,
        set: |at| vec![at.text("一，二，三，四五六七。八九十", 10)],
        off: |s| s.unforbid(),
        check: |seen| {
            assert!(seen.texts()[0].ends_with('。'), "{}", seen.joined());
            assert!(seen.between("一", "二") < 1.95, "the comma gives: {}", seen.between("一", "二"));
            assert_near(seen.between("四", "七"), 3.0, "Han stay solid");
        },
    }
    clreq_03_push_in_with_full_width_line_ends {
        item: 3, part: "in", regions: crate::clreq::harness::TRADITIONAL, directions: BOTH,
        set: |at| vec![at.text("一，二，三，四五六七。八九十", 10)],
        off: |s| s.unforbid(),
        check: |seen| {
            assert!(seen.texts()[0].ends_with('。'), "{}", seen.joined());
            assert!(seen.between("一", "二") < 1.8, "the comma gives: {}", seen.between("一", "二"));
            assert_near(seen.between("四", "七"), 3.0, "Han stay solid");
        },
    }
    clreq_03_then_push_out {
        item: 3, part: "out", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("一二三四五六七八九十。甲乙丙丁戊己庚", 10)],
        off: |s| s.unforbid(),
        check: |seen| {
            assert_eq!(seen.texts()[0], "一二三四五六七八九");
            assert!(seen.texts()[1].starts_with("十。"), "{}", seen.joined());
        },
    }
    clreq_04_dash_and_ellipsis_are_one_unit {
        item: 4, part: "whole", regions: ALL, directions: BOTH,
        set: |at| at.texts("他走了——再见……吧", 3..=12),
        off: |s| s.leave_out(4),
        check: |seen| {
            for line in seen.texts() {
                for half in ["—", "…"] {
                    assert_eq!(line.matches(half).count() % 2, 0, "{}", seen.joined());
                }
            }
            if seen.measure == 12.0 {
                assert_near(seen.between("了", "再"), 3.0, "the dash");
                assert_near(seen.between("见", "吧"), 3.0, "the ellipsis");
            }
        },
    }
    clreq_04_two_ellipses_are_four_em {
        item: 4, part: "double", regions: ALL, directions: BOTH,
        set: |at| at.texts("他走了…………吧，再见", 4..=20),
        off: |s| s.leave_out(4),
        check: |seen| {
            for line in seen.texts() {
                assert_eq!(line.matches('…').count() % 2, 0, "{}", seen.joined());
            }
            if seen.measure == 20.0 {
                assert_near(seen.between("了", "吧"), 5.0, "two ellipses");
            }
        },
    }
    clreq_05_numbers_stay_whole_with_their_signs {
        item: 5, part: "number signs", regions: ALL, directions: BOTH,
        set: |at| at.texts("共有1,280.50元占12.5%约38℃或±5", 4..=12),
        off: |s| s.leave_out(5),
        check: |seen| ["1,280.50", "12.5%", "38℃", "±5"].iter().for_each(|whole| keeps(seen, whole)),
    }
    clreq_05_ranges_stay_whole {
        item: 5, part: "range", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("从1990–2000年", 6), at.text("见图3-1。时速60km/h以上", 6)],
        off: |s| s.leave_out(5),
        check: |seen| {
            for whole in ["1990–2000", "3-1", "60km/h"] {
                if seen.lines.iter().any(|l| l.text().contains(&whole[..2])) {
                    keeps(seen, whole);
                }
            }
        },
    }
    clreq_05_wide_numbers_are_broken_once_and_reported {
        item: 5, part: "wide", regions: ALL, directions: BOTH,
        own: wide_number,
    }
    clreq_06_note_marks_stay_with_their_word {
        item: 6, part: "note", regions: ALL, directions: BOTH,
        set: |at| {
            let mut setting = at.marked(noted(MarkKind::Note(0), "一二三四五\u{FFFC}六七八", 15..18), 5);
            setting.document.notes.push(Vec::new());
            vec![setting]
        },
        off: |s| {
            s.leave_out(6);
            s.unforbid();
        },
        check: |seen| {
            let (mark, before) = (seen.find("①"), seen.find("五"));
            assert_eq!(mark.0, before.0, "{}", seen.joined());
        },
    }
    clreq_06_raised_text_stays_with_its_word {
        item: 6, part: "raised", regions: ALL, directions: BOTH,
        set: |at| vec![at.marked(noted(MarkKind::Superscript, "一二三四五[注]六七八", 15..20), 5)],
        // What is not raised is a bracket like any other.
        off: |s| s.unmark(),
        check: |seen| starts_with_no(seen, "["),
    }
    clreq_07_interpunct_starts_no_line {
        item: 7, part: "start", regions: ALL, directions: BOTH,
        set: |at| at.texts("列夫·尼古拉耶维奇·托尔斯泰", 2..=8),
        off: |s| s.unforbid(),
        check: |seen| starts_with_no(seen, "·"),
    }
    clreq_07_interpunct_width {
        item: 7, part: "width", regions: ALL, directions: BOTH,
        set: |at| ["·", "‧", "・"].map(|dot| at.text(&format!("列夫{dot}托尔斯泰"), 40)).to_vec(),
        // The third of an em that the font has.
        off: |s| s.composition.interpunct = 341,
        check: |seen| {
            let width = if seen.at.cn() { 0.5 } else { 1.0 };
            assert_near(seen.between("夫", "托"), 1.0 + width, "the interpunct");
        },
    }
    clreq_07_interpunct_stays_in_the_middle {
        item: 7, part: "even", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("列夫·托尔斯泰——全集是一部书", 8)],
        off: |s| s.leave_out(7),
        check: |seen| {
            let ink = seen.lines[0].find("·").map(|i| seen.lines[0].clusters[i].ink.expect("a dot"));
            let ink = ink.expect("the dot is on the first line");
            let middle = (seen.inline("夫") + 1.0 + seen.inline("托")) / 2.0;
            assert!(((ink[0] + ink[1]) / 2.0 - middle).abs() < 0.03, "{ink:?}, middle {middle}");
            assert!(seen.between("托", "尔") > 1.01, "the line is stretched");
        },
    }
    clreq_08_runs_of_closing_marks_stay_together {
        item: 8, part: "together", regions: ALL, directions: BOTH,
        set: |at| at.texts("他说：『你好。』」然后走了", 4..=8),
        off: |s| s.unforbid(),
        check: |seen| starts_with_no(seen, "。』」："),
    }
    clreq_08_three_closing_marks_take_two_em {
        item: 8, part: "narrow", regions: CN, directions: BOTH,
        set: |at| vec![at.text("他说：『你好。』」然后走了", 30)],
        off: |s| s.composition.close_up = false,
        check: |seen| assert_near(seen.between("好", "然") - 1.0, 2.0, "。』」"),
    }
    clreq_09_quotes_find_their_side {
        item: 9, part: "side", regions: ALL, directions: BOTH,
        set: |at| at.texts("他说：“你好。”然后走了‘好的’吧", 4..=8),
        off: |s| s.unforbid(),
        check: |seen| {
            ends_with_no(seen, "“‘");
            starts_with_no(seen, "”’");
        },
    }
    clreq_09_quotes_by_context {
        item: 9, part: "context apostrophe", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("He said “yes” and don’t 他说“好”吧", 40)],
        off: |s| s.leave_out(9),
        check: |seen| {
            assert!(seen.between("“yes", "yes”") < 0.6, "proportional in Western text");
            assert!(seen.between("’t", "t 他") < 0.5, "an apostrophe");
            assert_near(seen.between("说“", "好”"), 2.0, "a full cell in Chinese text");
            assert_near(seen.between("好”", "吧"), 2.0, "a full cell in Chinese text");
            assert_eq!(seen.find("“好").1.face, seen.find("他").1.face);
            assert_eq!(seen.find("“yes").1.face, seen.find("yes").1.face);
        },
    }
    clreq_10_words_break_at_syllables {
        item: 10, part: "hyphen", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("使用internationalization技术", 8)],
        off: |s| s.leave_out(10),
        check: |seen| {
            let first = &seen.lines[0];
            let head = first.text();
            let head = head.trim_end_matches('\u{AD}').strip_prefix("使用").expect("Han");
            let hyphen = first.clusters.last().expect("a hyphen");
            assert!(hyphen.text.trim_end_matches('\u{AD}').is_empty() && hyphen.ink.is_some(), "a hyphen");
            let points = ["in", "inter", "interna", "internation", "internationalization"];
            assert!(points.iter().any(|p| head.starts_with(p)), "{head}");
            assert_near(first.end(), 8.0, "the hyphen belongs to the measure");
        },
    }
    clreq_10_words_with_digits_and_signs_stay_whole {
        item: 10, part: "whole", regions: ALL, directions: BOTH,
        set: |at| at.texts("请用iPhone15看C++和A/B的UNESCO", 6..=12),
        off: |s| s.leave_out(10),
        check: |seen| ["iPhone15", "C++", "A/B", "UNESCO"].iter().for_each(|whole| keeps(seen, whole)),
    }
    clreq_10_addresses_break_without_hyphen {
        item: 10, part: "address", regions: ALL, directions: BOTH,
        set: |at| at.texts("见https://example.org/books/chinese?page=12&line=3。", 12..=16),
        off: |s| s.leave_out(10),
        check: |seen| {
            for pair in seen.texts().windows(2) {
                let good = pair[0].ends_with(['/', '?', '&', '=', '见']) || pair[1].starts_with('.');
                assert!(good, "{}", seen.joined());
            }
        },
    }
    clreq_10_no_more_than_two_hyphens_in_a_row {
        item: 10, part: "ladder", regions: ALL, directions: BOTH,
        set: |at| at.texts(LONG_WORDS, 15..=24),
        off: |s| s.breaker = Breaker::Greedy,
        check: |seen| {
            let ends: Vec<bool> = seen.lines.iter().map(hyphenated).collect();
            assert!(ends.contains(&true), "words are broken: {}", seen.joined());
            assert!(!ends.windows(3).any(|w| w == [true; 3]), "a ladder: {}", seen.joined());
        },
    }
    clreq_11_a_line_separator_ends_the_line {
        item: 11, part: "forced", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("一二\n三四五六", 5)],
        off: |s| s.retype("\n", ""),
        check: |seen| {
            assert_eq!(seen.joined(), "一二|三四五六");
            assert_near(seen.between("一", "二"), 1.0, "it is not spread");
        },
    }
    clreq_11_zero_width_space_allows_a_break {
        item: 11, part: "zero", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("一二三XYZ\u{200B}ABC五六", 6)],
        off: |s| s.retype("\u{200B}", ""),
        check: |seen| {
            assert_eq!(seen.find("三").0, seen.find("X").0, "{}", seen.joined());
            assert_ne!(seen.find("X").0, seen.find("A").0, "{}", seen.joined());
        },
    }
    clreq_11_word_joiner_forbids_a_break {
        item: 11, part: "glue", regions: ALL, directions: BOTH,
        set: |at| ["\u{2060}", "\u{A0}", "\u{202F}"].map(|g| at.text(&format!("一二三四{g}五六七"), 4)).to_vec(),
        off: |s| ["\u{2060}", "\u{A0}", "\u{202F}"].iter().for_each(|g| s.retype(g, "")),
        check: |seen| assert_eq!(seen.find("四").0, seen.find("五").0, "{}", seen.joined()),
    }
    clreq_11_ideographic_space_starts_no_line {
        item: 11, part: "wide-space", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("一二三四\u{3000}五六七八", 4)],
        off: |s| s.leave_out(11),
        check: |seen| {
            let start = seen.find("五").1.inline;
            assert_near(start, 0.0, "五 starts its line");
        },
    }
    clreq_12_spaces_at_a_line_edge_have_no_width {
        item: 12, part: "edge", regions: ALL, directions: BOTH,
        set: |at| vec![at.text(SPACED, 8)],
        off: |s| s.leave_out(12),
        check: |seen| {
            assert_eq!(seen.texts().concat(), SPACED, "they stay in the text");
            assert!(seen.texts().iter().any(|l| l.ends_with(' ')), "{}", seen.joined());
            for line in &seen.lines[..seen.lines.len() - 1] {
                assert!(!line.text().starts_with(' '), "{}", seen.joined());
                assert_near(line.end(), 8.0, &line.text());
            }
        },
    }
}
