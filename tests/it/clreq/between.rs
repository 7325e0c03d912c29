//! Cases of what stands between the lines: items 39 to 46.

use hanpress::{
    source::SourceId,
    text::{MarkKind, Text},
};

use crate::clreq::{
    harness::{ALL, BOTH, H, HK, Setting, TW, assert_near, cases},
    seen::{At, Seen},
};

/// A paragraph in which words have marks.
fn marked(at: At, string: &str, marks: &[(&str, MarkKind)], measure: u16) -> Setting {
    let mut text = Text::verbatim(string, SourceId(0), 0);
    let mut from = 0;
    for (word, kind) in marks {
        let start = from + string[from..].find(word).expect("there");
        text.mark(start..start + word.len(), kind.clone());
        from = start + word.len();
    }
    at.marked(text, measure)
}

fn ruby(reading: &str) -> MarkKind {
    MarkKind::Ruby(reading.into())
}

/// Axes of the lines of body size, one for each line.
fn axes(seen: &Seen) -> Vec<f64> {
    let han = |l: &crate::clreq::seen::Line| {
        l.clusters.iter().find(|c| c.size > 0.9 && c.text.chars().any(|c| c > '\u{4E00}')).map(|c| c.block)
    };
    let mut axes: Vec<f64> = seen.lines.iter().filter_map(han).collect();
    axes.dedup_by(|a, b| (*a - *b).abs() < 0.01);
    axes
}

/// Straight lines beside the text, in order.
fn straight(seen: &Seen) -> Vec<[f64; 4]> {
    let mut rules: Vec<_> = seen.rules.iter().filter(|r| !r.curved).map(|r| r.area).collect();
    rules.sort_by(|a, b| a[0].total_cmp(&b[0]));
    rules
}

/// Lines with readings and half an em between them take two lines a line.
fn narrow(at: At, off: bool) {
    let text = "一二三四五六七八九十甲乙丙丁戊己";
    let mut setting = marked(at, text, &[("六", ruby("liù"))], 4).with(|p| p.pitch = 1.5);
    if off {
        setting.leave_out(39);
    }
    let pressed = setting.press();
    assert_eq!(pressed.reported("narrow-line-gap"), 1);
    for seen in &pressed.seen {
        let axes = axes(seen);
        assert_near(axes[1] - axes[0], 2.0 * seen.pitch, "whole lines of the grid");
    }
}

cases! {
    clreq_39_readings_do_not_move_the_lines {
        item: 39, part: "pitch", regions: ALL, directions: BOTH,
        set: |at| vec![marked(at, "一二三四五六七八九十甲乙丙丁戊己", &[("六", ruby("liù")), ("己", MarkKind::Dots)], 4)],
        off: |s| s.unmark(),
        check: |seen| {
            assert!(seen.find("liù").1.size < 0.7, "the reading is there");
            let axes = axes(seen);
            assert_eq!(axes.len(), 4);
            for pair in axes.windows(2) {
                assert_near(pair[1] - pair[0], seen.pitch, "the pitch");
            }
        },
    }
    clreq_39_a_gap_too_narrow_is_reported {
        item: 39, part: "warn", regions: ALL, directions: BOTH,
        own: narrow,
    }
    clreq_40_pinyin_above_its_base {
        item: 40, part: "place", regions: ALL, directions: H,
        set: |at| vec![marked(at, "甲乙装丙丁", &[("装", ruby("zhuāng"))], 20)],
        off: |s| s.leave_out(40),
        check: |seen| {
            let (reading, base) = (seen.find("zhuāng").1, seen.find("装").1);
            assert_near(reading.size, 0.5, "half size");
            assert!(reading.block < base.block - 0.5, "above the base");
            let line = seen.readings.iter().find(|l| l.text().contains("zhu")).expect("the reading");
            let (first, last) = (line.find("z").expect("z"), line.find("g").expect("g"));
            let (start, end) = (line.clusters[first].inline, line.clusters[last].inline + line.clusters[last].advance);
            assert!(((start + end) / 2.0 - (base.inline + 0.5)).abs() < 0.02, "centered: {start} {end}");
        },
    }
    clreq_40_readings_keep_apart {
        item: 40, part: "apart", regions: ALL, directions: H,
        set: |at| vec![marked(at, "装双壮", &[("装", ruby("zhuāng")), ("双", ruby("shuāng")), ("壮", ruby("zhuàng"))], 20)],
        off: |s| s.leave_out(40),
        check: |seen| {
            let end = |text: &str| {
                let line = seen.readings.iter().find(|l| l.text().contains(text)).expect("a reading");
                let last = line.find(text).expect("there") + text.chars().count() - 1;
                line.clusters[last].inline + line.clusters[last].advance
            };
            assert!(seen.inline("shuāng") - end("zhuāng") > 0.12, "a quarter of the reading's em");
            assert!(seen.inline("zhuàng") - end("shuāng") > 0.12, "a quarter of the reading's em");
        },
    }
    clreq_40_a_group_is_not_broken {
        item: 40, part: "groups", regions: ALL, directions: H,
        set: |at| (3..=6).map(|m| marked(at, "甲乙北京丙丁戊己", &[("北京", ruby("Beijing"))], m)).collect(),
        off: |s| s.leave_out(40),
        check: |seen| {
            assert_eq!(seen.find("北").0, seen.find("京").0, "{}", seen.joined());
            assert!(seen.readings.iter().any(|r| r.text() == "Beijing"), "one reading");
        },
    }
    clreq_41_zhuyin_at_the_right_of_its_base {
        item: 41, part: "place", regions: TW, directions: BOTH,
        set: |at| vec![marked(at, "甲中乙", &[("中", ruby("ㄓㄨㄥ"))], 20)],
        off: |s| s.leave_out(41),
        check: |seen| {
            let base = seen.find("中").1;
            let inks = ["ㄓ", "ㄨ", "ㄥ"].map(|s| seen.ink(s));
            // Right of the base: further along a horizontal line, back towards the first line in a vertical one.
            let right = |ink: &[f64; 4]| if seen.at.vertical { base.block - ink[2] } else { ink[0] - base.inline };
            assert!(inks.iter().all(|ink| right(ink) > if seen.at.vertical { 0.5 } else { 0.95 }), "{inks:?}");
            let down = |ink: &[f64; 4]| if seen.at.vertical { ink[0] } else { ink[2] };
            assert!(down(&inks[0]) < down(&inks[1]) && down(&inks[1]) < down(&inks[2]), "{inks:?}");
        },
    }
    clreq_41_tones_stand_beside_the_symbols {
        item: 41, part: "tones", regions: TW, directions: BOTH,
        set: |at| vec![marked(at, "甲漢嗎乙", &[("漢", ruby("ㄏㄢˋ")), ("嗎", ruby("˙ㄇㄚ"))], 20)],
        off: |s| s.leave_out(41),
        check: |seen| {
            let right = |ink: [f64; 4]| if seen.at.vertical { -ink[2] } else { ink[1] };
            let down = |ink: [f64; 4]| if seen.at.vertical { ink[0] } else { ink[2] };
            assert!(right(seen.ink("ˋ")) > right(seen.ink("ㄢ")), "the tone is beyond the symbols");
            assert!(down(seen.ink("˙")) < down(seen.ink("ㄇ")), "the light tone is on top");
        },
    }
    clreq_41_zhuyin_starts_no_line {
        item: 41, part: "start", regions: TW, directions: BOTH,
        set: |at| (3..=6).map(|m| marked(at, "甲乙丙中丁戊", &[("丙", ruby("ㄅㄧㄥˇ")), ("中", ruby("ㄓㄨㄥ"))], m)).collect(),
        off: |s| s.leave_out(41),
        check: |seen| {
            let (base, reading) = (seen.find("中").1, seen.find("ㄓ").1);
            assert!((base.block - reading.block).abs() < 1.0, "beside its base");
            if seen.at.vertical {
                assert!(reading.block < base.block, "to the right of its column: {}", reading.block);
            } else {
                assert!(reading.inline > 0.4, "not at a line start: {}", reading.inline);
            }
        },
    }
    clreq_41_the_zone_is_half_an_em_with_a_tone_or_without {
        item: 41, part: "zone", regions: TW, directions: BOTH,
        set: |at| vec![marked(at, "甲中乙漢丙", &[("中", ruby("ㄓㄨㄥ")), ("漢", ruby("ㄏㄢˋ"))], 20)],
        off: |s| s.leave_out(41),
        check: |seen| {
            // In vertical lines the zone lies in the gap beside the column.
            let cell = if seen.at.vertical { 1.0 } else { 1.5 };
            assert_near(seen.between("中", "乙"), cell, "without a tone");
            assert_near(seen.between("漢", "丙"), cell, "with a tone");
            for (sign, base) in [("ㄓ", "中"), ("ㄏ", "漢"), ("ˋ", "漢")] {
                let (ink, base) = (seen.ink(sign), seen.find(base).1);
                let [from, to] = match seen.at.vertical {
                    true => [base.block - 0.5 - ink[3], base.block - 0.5 - ink[2]],
                    false => [ink[0] - base.inline - 1.0, ink[1] - base.inline - 1.0],
                };
                assert!(from > -0.01 && to < 0.51, "{sign} stands in the zone: {from} to {to}");
            }
        },
    }
    clreq_42_jyutping_syllable_by_syllable {
        item: 42, part: "place", regions: HK, directions: BOTH,
        set: |at| vec![marked(at, "甲粵語乙", &[("粵", ruby("jyut6")), ("語", ruby("jyu5"))], 20)],
        off: |s| s.leave_out(42),
        check: |seen| {
            let (reading, base) = (seen.find("jyut6").1, seen.find("粵").1);
            assert!(reading.size < 0.6 && reading.block < base.block - 0.4, "beside its base");
            assert!(seen.readings.iter().any(|r| r.text() == "jyu5"), "the tone digit stays");
        },
    }
    clreq_46_a_gloss_stands_over_its_group {
        item: 46, part: "place", regions: ALL, directions: BOTH,
        set: |at| vec![marked(at, "登上東京鐵塔看夜景", &[("東京鐵塔", ruby("Tokyo"))], 20)],
        off: |s| s.leave_out(40),
        check: |seen| {
            let gloss = seen.readings.iter().find(|r| r.text() == "Tokyo").expect("the gloss");
            let (first, last) = (&gloss.clusters[0], &gloss.clusters[4]);
            let middle = (first.inline + last.inline + last.advance) / 2.0;
            let base = (seen.inline("東京") + seen.inline("塔") + 1.0) / 2.0;
            assert!((middle - base).abs() < 0.05, "centered: {middle} over {base}");
            assert!(first.size < 0.6, "half size");
        },
    }
    clreq_43_names_have_a_line_as_long_as_their_cells {
        item: 43, part: "line", regions: ALL, directions: BOTH,
        set: |at| vec![marked(at, "有賈寶玉在", &[("賈寶玉", MarkKind::Name)], 20)],
        off: |s| s.leave_out(43),
        check: |seen| {
            let rules = straight(seen);
            assert_eq!(rules.len(), 1, "{rules:?}");
            let [start, end, top, _] = rules[0];
            assert!((start - 1.0).abs() < 0.13 && (end - 4.0).abs() < 0.13, "{start} {end}");
            assert!(top > seen.find("賈").1.block + 0.4, "under the text, or left of it: {top}");
        },
    }
    clreq_43_names_that_touch_are_parted {
        item: 43, part: "parted", regions: ALL, directions: BOTH,
        set: |at| vec![marked(at, "有賈寶玉林黛玉在", &[("賈寶玉", MarkKind::Name), ("林黛玉", MarkKind::Name)], 20)],
        off: |s| s.leave_out(43),
        check: |seen| {
            let rules = straight(seen);
            assert_eq!(rules.len(), 2, "{rules:?}");
            let gap = rules[1][0] - rules[0][1];
            assert!((0.12..=0.26).contains(&gap), "{gap}");
        },
    }
    clreq_44_a_dot_on_the_middle_of_each_han {
        item: 44, part: "dots none", regions: ALL, directions: BOTH,
        set: |at| vec![marked(at, "甲重點，A乙", &[("重點，A", MarkKind::Dots)], 20)],
        off: |s| s.leave_out(44),
        check: |seen| {
            // Dots are filled circles, or glyphs that read as nothing.
            let glyphs = seen.lines.iter().flat_map(|l| &l.clusters).filter(|c| c.text.is_empty());
            let mut dots: Vec<[f64; 4]> = glyphs.filter_map(|c| c.ink).collect();
            dots.extend(seen.rules.iter().filter(|r| r.curved).map(|r| r.area));
            dots.sort_by(|a, b| a[0].total_cmp(&b[0]));
            assert_eq!(dots.len(), 2, "{dots:?}");
            for (dot, han) in dots.iter().zip(["重", "點"]) {
                let base = seen.find(han).1;
                assert!(((dot[0] + dot[1]) / 2.0 - (base.inline + 0.5)).abs() < 0.03, "{han}: {dot:?}");
                let below = if seen.at.vertical { dot[3] < base.block - 0.4 } else { dot[2] > base.block + 0.4 };
                assert!(below, "{han}: {dot:?}");
            }
        },
    }
}
