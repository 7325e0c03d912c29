//! Cases of Chinese with Latin and numbers: items 26 to 31.

use hanpress::{
    edition::Region,
    source::SourceId,
    text::{MarkKind, Text},
};

use crate::clreq::{
    harness::{ALL, BOTH, assert_near, cases},
    seen::Seen,
};

/// How much room is between a cluster and the next.
fn room(seen: &Seen, before: &str, after: &str) -> f64 {
    let first = seen.find(before).1;
    seen.inline(after) - first.inline - first.advance
}

/// `用重點與強調`, one word strong, one emphasized, with Latin in both.
fn emphasized() -> Text {
    let mut text = Text::verbatim("用iPhone拍，重點Ab與強調Cd。", SourceId(0), 0);
    let at = |s: &str| text.as_str().find(s).expect("there");
    let (strong, and, emphasis, end) = (at("重"), at("與"), at("強"), at("。"));
    text.mark(strong..and, MarkKind::Strong);
    text.mark(emphasis..end, MarkKind::Emphasis);
    text
}

cases! {
    clreq_26_a_quarter_em_between_han_and_latin {
        item: 26, part: "gap copy", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("用iPhone拍2026次", 40)],
        off: |s| s.composition.gap = 0,
        check: |seen| {
            assert_near(seen.inline("i"), 1.25, "before a letter");
            assert_near(room(seen, "e拍", "拍"), 0.25, "after a letter");
            assert_near(seen.between("拍", "2"), 1.25, "before a digit");
            assert_near(room(seen, "6次", "次"), 0.25, "after a digit");
            assert_eq!(seen.joined(), "用iPhone拍2026次", "no space is there");
        },
    }
    clreq_26_no_gap_beside_marks_and_edges {
        item: 26, part: "none", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("用（iPhone）拍", 40), at.text("iPhone拍", 40)],
        off: |s| s.leave_out(26),
        check: |seen| {
            if seen.joined().starts_with('用') {
                assert_near(seen.inline("i"), 2.0, "none in brackets");
                assert_near(room(seen, "e", "）"), 0.0, "none in brackets");
            } else {
                assert_near(seen.inline("i"), 0.0, "none at a line edge");
            }
            assert_near(room(seen, if seen.joined().starts_with('用') { "）" } else { "e拍" }, "拍"),
                if seen.joined().starts_with('用') { 0.0 } else { 0.25 }, "after it");
        },
    }
    clreq_26_a_gap_at_inline_code {
        item: 26, part: "inline", regions: ALL, directions: BOTH,
        set: |at| {
            let mut text = Text::verbatim("用code拍", SourceId(0), 0);
            text.mark(3..7, MarkKind::Code);
            vec![at.marked(text, 40)]
        },
        off: |s| s.composition.gap = 0,
        check: |seen| {
            assert_near(seen.inline("code"), 1.25, "before it");
            assert_near(room(seen, "e拍", "拍"), 0.25, "after it");
        },
    }
    clreq_27_typed_spaces_become_the_gap {
        item: 27, part: "typed", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("用 iPhone 拍", 40)],
        off: |s| s.composition.gap = 0,
        check: |seen| {
            assert_near(seen.inline("i"), 1.25, "before the word");
            let e = seen.find("e").1;
            assert_near(seen.inline("拍") - e.inline - e.advance, 0.25, "after the word");
        },
    }
    clreq_27_spaces_in_code_stay {
        item: 27, part: "code", regions: ALL, directions: BOTH,
        set: |at| {
            let mut text = Text::verbatim("用 a b 拍", SourceId(0), 0);
            text.mark(4..7, MarkKind::Code);
            vec![at.marked(text, 40)]
        },
        // In running text a word space is about a quarter of an em.
        off: |s| s.unmark(),
        check: |seen| assert!(seen.between("a", "b") > 0.9, "{}", seen.between("a", "b")),
    }
    clreq_28_two_faces_in_one_line {
        item: 28, part: "faces marks", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("用iPhone拍，“好”——……吧", 40)],
        off: |s| s.leave_out(28),
        check: |seen| {
            let face = |s| seen.find(s).1.face.as_str();
            let han = face("用").to_owned();
            let region = match seen.at.region { Region::Cn => "SC", Region::Tw => "TC", Region::Hk => "HK" };
            assert!(han.starts_with(&format!("NotoSerif{region}")), "{han}");
            assert!(face("i").starts_with("NotoSerif-"), "{}", face("i"));
            for mark in ["，", "“", "”", "——", "……"] {
                assert_eq!(face(mark), han, "{mark}");
            }
            let off = (seen.find("i").1.block - seen.find("用").1.block).abs();
            assert!(off < if seen.at.vertical { 0.05 } else { 0.01 }, "one baseline: {off}");
        },
    }
    clreq_29_emphasis_and_strong_have_faces_of_their_own {
        item: 29, part: "emphasis strong", regions: ALL, directions: BOTH,
        set: |at| vec![at.marked(emphasized(), 40)],
        off: |s| s.unmark(),
        check: |seen| {
            let face = |s| seen.find(s).1.face.as_str();
            assert!(face("重").contains("Bold") && face("Ab").contains("Bold"), "{} {}", face("重"), face("Ab"));
            assert!(face("強").contains("Kai"), "{}", face("強"));
            assert!(face("Cd").contains("Italic"), "{}", face("Cd"));
            assert_eq!(face("，"), face("用"));
        },
    }
    clreq_29_no_glyph_is_forged {
        item: 29, part: "forged", regions: ALL, directions: BOTH,
        set: |at| vec![at.marked(emphasized(), 40)],
        off: |s| s.leave_out(29),
        check: |seen| assert!(seen.lines.iter().flat_map(|l| &l.clusters).all(|c| !c.forged)),
    }
    clreq_30_numerals_stay_as_written {
        item: 30, part: "kept", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("二〇二六年12月有30天，一百零一人", 30)],
        off: |s| s.retype("12", "十二"),
        check: |seen| assert_eq!(seen.joined(), "二〇二六年12月有30天，一百零一人"),
    }
    clreq_30_groups_of_digits_stay_together {
        item: 30, part: "groups", regions: ALL, directions: BOTH,
        set: |at| ["1,234,567", "1\u{2009}234\u{2009}567", "1\u{202F}234\u{202F}567"]
            .into_iter().flat_map(|n| at.texts(&format!("人口共{n}人"), 6..=9)).collect(),
        off: |s| s.leave_out(30),
        check: |seen| {
            let digits = |l: &String| l.chars().any(|c| c.is_ascii_digit());
            assert_eq!(seen.texts().iter().filter(|l| digits(l)).count(), 1, "{}", seen.joined());
        },
    }
    clreq_31_han_stand_on_the_grid {
        item: 31, part: "grid", regions: ALL, directions: BOTH,
        set: |at| vec![at.text("用iPhone拍照片和X光片", 20).with(|p| p.grid = true)],
        off: |s| s.page.grid = false,
        check: |seen| {
            for cluster in seen.lines.iter().flat_map(|l| &l.clusters) {
                if cluster.text.chars().any(|c| c > '\u{4E00}') {
                    assert_near(cluster.inline, cluster.inline.round(), &cluster.text);
                }
            }
        },
    }
}
