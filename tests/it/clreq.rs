//! Cases of the typesetting checklist, by number, each with a negative control: with the rule
//! switched off the case comes out differently. The items follow CLReq, W3C.

use hanpress::{
    edition::{Edition, Region, Script},
    font::{
        outline::{Segment, outline},
        shape::Shapers,
        store::{Family, FontStore, Style},
    },
    layout::{
        EM,
        adjust::{Line, adjust},
        blocks::{Options, lay_out},
        class::{Class, Composition, Kinsoku},
        item::{Break, Paragraph, paragraph},
        lines::{Breaker, Measure, break_lines},
        page::{Element, NodeKind, Pages},
        style::ParagraphStyle,
    },
    read::{ReadOptions, plain},
    report::Report,
    source::{Source, SourceId},
    text::{MarkKind, Text},
};
use proptest::prelude::*;

use crate::support;

/// A paragraph set at a measure.
struct Setting {
    paragraph: Paragraph,
    lines: Vec<Line>,
}

impl Setting {
    fn texts(&self) -> Vec<&str> {
        self.lines.iter().map(|l| self.text(l)).collect()
    }

    fn text(&self, line: &Line) -> &str {
        let clusters = &self.paragraph.clusters[line.start..line.end];
        &self.paragraph.text
            [clusters[0].range.start as usize..clusters[clusters.len() - 1].range.end as usize]
    }

    fn joined(&self) -> String {
        self.texts().join("|")
    }

    /// Where a character of a line stands, em.
    fn x(&self, line: usize, wanted: &str) -> f64 {
        let line = &self.lines[line];
        let at = (line.start..line.end)
            .find(|&i| {
                let range = &self.paragraph.clusters[i].range;
                &self.paragraph.text[range.start as usize..range.end as usize] == wanted
            })
            .unwrap_or_else(|| panic!("`{wanted}` is on the line"));
        f64::from(line.x[at - line.start]) / f64::from(EM)
    }

    fn width(&self, line: usize) -> f64 {
        f64::from(self.lines[line].width) / f64::from(EM)
    }
}

struct Setter {
    store: FontStore,
}

impl Setter {
    fn new() -> Self {
        Self { store: support::fonts() }
    }

    fn text(&self, composition: Composition, breaker: Breaker, text: &Text, ems: f64) -> Setting {
        let shapers = Shapers::new(&self.store);
        let measure = (ems * f64::from(EM)).round() as i32;
        let style = ParagraphStyle::new(Family::Serif, 12.0);
        let paragraph = paragraph(&shapers, &composition, &style, measure, text).expect("fonts");
        let ends = break_lines(&composition, &paragraph, Measure { first: measure, rest: measure }, breaker);
        let mut start = 0;
        let lines = ends
            .iter()
            .map(|&end| {
                let boundary = paragraph.boundaries[end - 1].breaks;
                let line = adjust(
                    &composition,
                    &paragraph,
                    start,
                    end,
                    measure,
                    boundary != Break::Forced,
                    boundary == Break::Hyphen,
                );
                start = end;
                line
            })
            .collect();
        Setting { paragraph, lines }
    }

    fn set(&self, composition: Composition, text: &str, ems: f64) -> Setting {
        self.text(composition, Breaker::Total, &Text::verbatim(text, SourceId(0), 0), ems)
    }

    fn cn(&self, text: &str, ems: f64) -> Setting {
        self.set(Composition::of(Region::Cn), text, ems)
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.01
}

const REGIONS: [Region; 3] = [Region::Cn, Region::Tw, Region::Hk];

#[test]
fn clreq_01_no_comma_at_a_line_start() {
    let setter = Setter::new();
    for region in REGIONS {
        let composition = Composition::of(region);
        for line in setter.set(composition, "一二三四五，六", 5.0).texts() {
            assert!(!line.starts_with('，'), "{region:?}: {line}");
        }
        let free = Composition { kinsoku: Kinsoku::None, trim_end: false, ..composition };
        assert_eq!(setter.set(free, "一二三四五，六七八九", 5.0).joined(), "一二三四五|，六七八九");
    }
}

#[test]
fn clreq_02_no_opening_mark_at_a_line_end() {
    let setter = Setter::new();
    for region in REGIONS {
        let composition = Composition::of(region);
        let lines = setter.set(composition, "一二三四《五六七》八", 5.0);
        assert!(lines.texts().iter().all(|l| !l.ends_with('《')), "{}", lines.joined());
        let free = Composition { kinsoku: Kinsoku::None, trim_start: false, trim_end: false, ..composition };
        assert_eq!(setter.set(free, "一二三四《五六七八九", 5.0).texts()[0], "一二三四《");
    }
    assert_eq!(setter.cn("不论男/女都行", 3.0).joined(), "不论|男/女|都行");
}

#[test]
fn clreq_03_push_in_first_then_push_out() {
    let setter = Setter::new();
    let pushed_in = setter.cn("一，二，三，四五六七。八九十", 10.0);
    assert!(pushed_in.texts()[0].ends_with('。'), "{}", pushed_in.joined());
    let greedy = setter.text(
        Composition { trim_end: false, ..Composition::of(Region::Tw) },
        Breaker::Greedy,
        &Text::verbatim("一二三四五六七八九十。甲乙丙", SourceId(0), 0),
        10.0,
    );
    // Half of the stop may go (a quarter em on each side), which is not enough: ten goes down.
    assert_eq!(greedy.joined(), "一二三四五六七八九|十。甲乙丙");
}

#[test]
fn clreq_04_dash_and_ellipsis_are_one_unit() {
    let setter = Setter::new();
    for region in REGIONS {
        for measure in 2..=12 {
            let set = setter.set(Composition::of(region), "他走了——再见……", f64::from(measure));
            for line in set.texts() {
                for half in ["—", "…"] {
                    assert_eq!(line.matches(half).count() % 2, 0, "{line} at {measure}");
                }
            }
        }
        let set = setter.set(Composition::of(region), "他——她", 20.0);
        assert!(near(set.x(0, "她") - set.x(0, "——"), 2.0));
    }
}

#[test]
fn clreq_05_numbers_stay_whole_with_their_signs() {
    let setter = Setter::new();
    for measure in 4..=12 {
        let set = setter.cn("共有1,280.50元占12.5%约38℃", f64::from(measure));
        for whole in ["1,280.50", "12.5%", "38℃"] {
            assert!(set.texts().iter().any(|l| l.contains(whole)), "{whole} at {measure}: {}", set.joined());
        }
    }
    for text in ["从1990–2000年", "时速60km/h以上"] {
        let whole = text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let set = setter.cn(text, 6.0);
        assert!(set.texts().iter().any(|l| l.contains(whole)), "{}", set.joined());
    }
}

#[test]
fn clreq_06_note_marks_stay_with_their_word() {
    let setter = Setter::new();
    let mut text = Text::verbatim("一二三四五\u{FFFC}六七八", SourceId(0), 0);
    text.mark(15..18, MarkKind::Note(0));
    let set = setter.text(Composition::of(Region::Cn), Breaker::Total, &text, 5.0);
    assert!(set.texts().iter().all(|l| !l.starts_with('\u{FFFC}')), "{}", set.joined());
    // Without the mark the placeholder is any object, and may start a line.
    assert_eq!(set.paragraph.clusters[5].class, Class::NoteMark);
}

#[test]
fn clreq_07_interpunct_line_start_and_width() {
    let setter = Setter::new();
    let text = "列夫·尼古拉耶维奇·托尔斯泰";
    for region in REGIONS {
        let composition = Composition::of(region);
        for measure in 2..=8 {
            let set = setter.set(composition, text, f64::from(measure));
            assert!(set.texts().iter().all(|l| !l.starts_with('·')), "{} at {measure}", set.joined());
        }
        let set = setter.set(composition, text, 40.0);
        let width = if region == Region::Cn { 0.5 } else { 1.0 };
        assert!(near(set.x(0, "尼") - set.x(0, "·"), width));
        let free = Composition { kinsoku: Kinsoku::None, ..composition };
        assert!(!free.no_start(Class::Interpunct));
    }
}

#[test]
fn clreq_09_quotes_by_context() {
    let setter = Setter::new();
    let set = setter.cn("他说：“你好。”然后走了", 4.0);
    assert!(set.texts().iter().all(|l| !l.ends_with('“') && !l.starts_with('”')), "{}", set.joined());
    let mixed = setter.cn("He said “yes” 他说“好”", 40.0);
    let class = |s: &str| {
        let at = mixed.paragraph.text.find(s).expect("there") as u32;
        mixed.paragraph.clusters.iter().find(|c| c.range.contains(&at)).expect("there").class
    };
    assert_eq!((class("“yes"), class("“好")), (Class::Western, Class::Open));
}

#[test]
fn clreq_11_mandatory_and_forbidden_breaks() {
    let setter = Setter::new();
    assert_eq!(setter.cn("一二\n三四五六", 5.0).joined(), "一二\n|三四五六");
    let glued = setter.cn("一二三四\u{2060}五六七", 4.0);
    assert!(glued.texts().iter().all(|l| !l.starts_with(['\u{2060}', '五'])), "{}", glued.joined());
    assert!(setter.cn("一二三四五六七", 4.0).texts()[1].starts_with('五'), "control: without U+2060");
}

#[test]
fn clreq_12_spaces_at_a_line_edge_have_no_width() {
    let setter = Setter::new();
    let set = setter.cn("one two three four five six seven eight", 6.0);
    for (i, line) in set.lines.iter().enumerate().take(set.lines.len() - 1) {
        assert!(!set.text(line).starts_with(' '));
        assert!(
            set.text(line).ends_with(' ') || line.hyphen,
            "the space stays in the text: {}",
            set.joined()
        );
        assert!(set.width(i) <= 6.001);
    }
}

#[test]
fn clreq_14_marks_that_meet_close_up() {
    let setter = Setter::new();
    for (text, cn, tw) in [
        ("一》（二", 1.5, 1.5),
        ("一。」二", 1.5, 2.0),
        ("一，「二", 1.5, 1.5),
        ("一）。二", 1.5, 1.5),
        ("一（《二", 1.5, 1.5),
        ("一）。」二", 2.0, 2.5),
    ] {
        for (region, sum) in [(Region::Cn, cn), (Region::Tw, tw), (Region::Hk, tw)] {
            let composition = Composition::of(region);
            let set = setter.set(composition, text, 30.0);
            assert!(near(set.x(0, "二") - 1.0, sum), "{text} {region:?}: {}", set.x(0, "二"));
            let off = setter.set(Composition { close_up: false, ..composition }, text, 30.0);
            assert!(off.x(0, "二") > set.x(0, "二") || near(sum, 2.0), "control");
        }
    }
}

#[test]
fn clreq_15_opening_mark_at_a_line_start_loses_its_blank() {
    let setter = Setter::new();
    for region in REGIONS {
        let composition = Composition::of(region);
        let set = setter.set(composition, "「好人好事", 20.0);
        let kept = region == Region::Tw;
        assert!(near(set.x(0, "好"), if kept { 1.0 } else { 0.5 }), "{region:?}");
        let off = setter.set(Composition { trim_start: false, ..composition }, "「好人好事", 20.0);
        assert!(near(off.x(0, "好"), 1.0), "control");
    }
}

#[test]
fn clreq_16_a_mark_at_a_line_end_is_half_width_on_the_mainland() {
    let setter = Setter::new();
    let set = setter.cn("一二三四五六七八九，甲乙丙丁", 9.5);
    assert_eq!(set.texts()[0], "一二三四五六七八九，");
    assert!(near(set.width(0), 9.5) && near(set.x(0, "九"), 8.0), "solid: {}", set.x(0, "九"));
    let off = Composition { trim_end: false, ..Composition::of(Region::Cn) };
    let off = setter.set(off, "一二三四五六七八九，甲乙丙丁", 10.0);
    assert!(near(off.width(0), 10.0), "control");
}

#[test]
fn clreq_18_blanks_shrink_in_order() {
    let setter = Setter::new();
    // One word space and one comma; a twentieth of an em too long: only the word space gives.
    let text = "甲乙丙，one two丁戊己庚";
    let loose = setter.cn(text, 40.0);
    let natural = loose.width(0);
    let tight = setter.cn(text, natural - 0.01);
    if tight.lines.len() == 1 {
        assert!(near(tight.x(0, "，") + 1.0, loose.x(0, "，") + 1.0));
        assert!(near(tight.x(0, "one"), loose.x(0, "one")), "the comma keeps its blank");
        assert!(tight.x(0, "two") < loose.x(0, "two"), "the word space gives");
    } else {
        panic!("the line could shrink: {}", tight.joined());
    }
}

#[test]
fn clreq_19_gaps_open_equally() {
    let setter = Setter::new();
    let mut text = Text::verbatim("一二三四五六七八九", SourceId(0), 0);
    text.push("甲乙丙丁戊己庚辛壬癸", hanpress::source::Span::new(SourceId(0), 27..57), true);
    let composition = Composition::of(Region::Cn);
    let shapers = Shapers::new(&setter.store);
    let style = ParagraphStyle::new(Family::Serif, 12.0);
    let built = paragraph(&shapers, &composition, &style, 10 * EM, &text).expect("fonts");
    let line = adjust(&composition, &built, 0, 9, 10 * EM, true, false);
    for pair in line.x.windows(2) {
        assert_eq!(pair[1] - pair[0], EM + 128, "each of eight gaps takes an eighth of an em");
    }
    assert_eq!(line.width, 10 * EM);
    let solid = adjust(&composition, &built, 0, 9, 10 * EM, false, false);
    assert_eq!(solid.width, 9 * EM, "control: not justified");
}

#[test]
fn clreq_20_every_line_but_the_last_is_exact() {
    let setter = Setter::new();
    for region in REGIONS {
        for text in support::manuscript().lines().filter(|l| l.chars().count() > 60) {
            for measure in [18.0, 28.0, 36.0] {
                let set = setter.set(Composition::of(region), text, measure);
                let n = set.lines.len();
                for i in 0..n - 1 {
                    assert!(
                        (set.width(i) - measure).abs() < 0.005,
                        "{region:?} {measure}: {}",
                        set.texts()[i]
                    );
                }
                assert!(set.width(n - 1) <= measure + 0.005);
            }
        }
    }
}

#[test]
fn clreq_21_breaks_are_even_over_the_paragraph() {
    let setter = Setter::new();
    let composition = Composition::of(Region::Tw);
    let visible = |breaker| {
        let (mut worst, mut loose) = (0, 0);
        for text in support::manuscript().lines().filter(|l| l.chars().count() > 60) {
            for measure in [12.0, 20.0, 28.0, 38.0] {
                let text = Text::verbatim(text, SourceId(0), 0);
                let set = setter.text(composition, breaker, &text, measure);
                for line in &set.lines[..set.lines.len() - 1] {
                    let opened: i32 = line.changes.iter().filter(|c| c.0 == 19).map(|c| c.1).sum();
                    let gap = opened / (line.end - line.start).max(2) as i32;
                    worst = worst.max(gap);
                    loose += i32::from(gap > 51);
                }
            }
        }
        (worst, loose)
    };
    let (total, greedy) = (visible(Breaker::Total), visible(Breaker::Greedy));
    assert!(total.0 <= greedy.0 && total.1 <= greedy.1, "total {total:?}, greedy {greedy:?}");
}

#[test]
fn clreq_26_27_han_latin_gap_is_the_same_typed_or_not() {
    let setter = Setter::new();
    let plain = setter.cn("用iPhone拍", 40.0);
    let typed = setter.cn("用 iPhone 拍", 40.0);
    assert!(near(plain.x(0, "iPhone"), 1.25), "a quarter em: {}", plain.x(0, "iPhone"));
    assert!(near(plain.width(0), typed.width(0)), "{} {}", plain.width(0), typed.width(0));
    let inside = setter.cn("（iPhone）", 40.0);
    assert!(near(inside.x(0, "iPhone"), 0.5), "none beside a mark");
    assert!(near(setter.cn("iPhone拍", 40.0).x(0, "iPhone"), 0.0), "none at a line edge");
    let off = setter.set(Composition { gap: 0, ..Composition::of(Region::Cn) }, "用iPhone拍", 40.0);
    assert!(near(off.x(0, "iPhone"), 1.0), "control");
}

#[test]
fn clreq_28_29_two_fonts_and_no_false_bold_or_slant() {
    let setter = Setter::new();
    let name = |set: &Setting, what: &str| {
        let at = set.paragraph.text.find(what).expect("there") as u32;
        let glyph = set.paragraph.glyphs.iter().find(|g| g.start <= at && at < g.end).expect("a glyph");
        setter.store.info(glyph.face).name.clone()
    };
    let mut text = Text::verbatim("用iPhone拍，重點與強調", SourceId(0), 0);
    let at = |s: &str| text.as_str().find(s).expect("there");
    let (strong, emphasis) = (at("重"), at("強"));
    text.mark(strong..strong + 6, MarkKind::Strong);
    text.mark(emphasis..emphasis + 6, MarkKind::Emphasis);
    let set = setter.text(Composition::of(Region::Tw), Breaker::Total, &text, 40.0);
    assert_eq!(name(&set, "用"), "noto-serif-tc-400");
    assert_eq!(name(&set, "iPhone"), "noto-serif-400");
    assert_eq!(name(&set, "，"), "noto-serif-tc-400");
    assert_eq!(name(&set, "重"), "noto-serif-tc-700");
    assert_eq!(name(&set, "強"), "tw-kai-big5-400");
}

#[test]
fn clreq_48_a_last_line_holds_two_characters() {
    let setter = Setter::new();
    let text = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸他。";
    let set = setter.cn(text, 10.0);
    let last = set.texts().pop().expect("lines").to_owned();
    assert!(last.chars().filter(|c| *c != '。').count() >= 2 || set.lines.len() == 2, "{}", set.joined());
    let greedy = Text::verbatim(text, SourceId(0), 0);
    let greedy = setter.text(Composition::of(Region::Cn), Breaker::Greedy, &greedy, 10.0);
    assert_eq!(greedy.texts().pop(), Some("他。"), "control");
}

/// The ink box of a character in the regional Song face: left, bottom, right, top, em.
fn ink(setter: &Setter, region: Region, c: char) -> [f32; 4] {
    let face = setter.store.chinese(region, Style::new(Family::Serif))[0];
    let data = setter.store.data(face).expect("a face");
    let (segments, _) = outline(&data, c, 1.0).expect("a glyph");
    let mut b = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
    for segment in segments {
        let (x, y) = match segment {
            Segment::Move(x, y) | Segment::Line(x, y) => (x, y),
            Segment::Quad(_, _, x, y) | Segment::Cubic(_, _, _, _, x, y) => (x, y),
            Segment::Close => continue,
        };
        b = [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)];
    }
    b
}

#[test]
fn clreq_13_marks_sit_where_the_region_has_them() {
    let setter = Setter::new();
    for c in ['。', '，', '、'] {
        for region in REGIONS {
            let [left, bottom, right, top] = ink(&setter, region, c);
            // The em box reaches from -0.12 to 0.88.
            let (x, y) = ((left + right) / 2.0, (bottom + top) / 2.0 + 0.12);
            if region == Region::Cn {
                assert!(x < 0.35 && y < 0.35, "{c} {x} {y}");
            } else {
                assert!((x - 0.5).abs() < 0.05 && (y - 0.5).abs() < 0.05, "{c} {region:?} {x} {y}");
            }
        }
    }
}

#[test]
fn clreq_24_the_dash_is_one_stroke_of_two_em() {
    let setter = Setter::new();
    for region in REGIONS {
        let set = setter.set(Composition::of(region), "他——她……", 20.0);
        let dash = set.paragraph.clusters.iter().find(|c| c.class == Class::Dash).expect("a dash");
        assert_eq!(dash.advance, 2 * EM);
        let glyphs = &set.paragraph.glyphs[dash.glyphs.start as usize..dash.glyphs.end as usize];
        // One glyph for both, or two that meet; without the language of the face and full-width
        // forms they would measure 1.69 em and part.
        let places: Vec<i32> = glyphs.iter().map(|g| g.x).collect();
        assert!(places == [0] || places == [0, EM], "{region:?}: {places:?}");
        let alone = setter.set(Composition::of(region), "他—她", 20.0);
        assert!(alone.paragraph.clusters.iter().all(|c| c.class != Class::Dash), "control");
        let dots = set.paragraph.clusters.iter().find(|c| c.class == Class::Ellipsis).expect("dots");
        let [left, bottom, right, top] = ink(&setter, region, '…');
        assert_eq!(dots.advance, 2 * EM);
        assert!(
            ((left + right) / 2.0 - 0.5).abs() < 0.05 && ((bottom + top) / 2.0 + 0.12 - 0.5).abs() < 0.05
        );
    }
}

/// The pages of the manuscript in a region.
fn pages(region: Region) -> Pages {
    let kit = support::kit();
    let source = Source::new(SourceId(0), "article.txt", support::manuscript());
    let mut report = Report::default();
    let document = plain::read(&source, &ReadOptions::default(), &mut report);
    let script = if region == Region::Cn { Script::Simplified } else { Script::Traditional };
    lay_out(&kit, &Edition::source(script, region), &document, Options::default(), &mut report)
        .expect("fonts")
}

/// Body lines of a page: baseline, left end (pt), text.
fn body(pages: &Pages) -> Vec<(usize, f32, f32, String)> {
    let mut out = Vec::new();
    for (number, page) in pages.pages.iter().enumerate() {
        for element in &page.elements {
            if let Element::Text(line) = element
                && line.node.is_some_and(|n| pages.nodes[n].kind == NodeKind::Paragraph)
                && line.size == 12.0
            {
                let paragraph = &pages.paragraphs[line.paragraph];
                let first = &paragraph.clusters[line.line.start];
                let last = &paragraph.clusters[line.line.end - 1];
                let text = &paragraph.text[first.range.start as usize..last.range.end as usize];
                let x = line.x + line.line.x[0] as f32 * 12.0 / EM as f32;
                out.push((number, line.y, x, text.to_owned()));
            }
        }
    }
    out
}

#[test]
fn clreq_47_the_first_line_is_indented_by_two_em() {
    for region in REGIONS {
        let pages = pages(region);
        let left = (595.276 - 36.0 * 12.0) / 2.0;
        let lines = body(&pages);
        for text in support::manuscript().lines().filter(|l| l.chars().count() > 60 && !l.starts_with("作者"))
        {
            let first = lines.iter().find(|l| text.starts_with(&l.3)).unwrap_or_else(|| panic!("{text}"));
            let trimmed = if first.3.starts_with('「') && region != Region::Tw { 6.0 } else { 0.0 };
            assert!((first.2 - (left + 24.0 - trimmed)).abs() < 0.05, "{} at {}", first.3, first.2);
        }
    }
}

#[test]
fn clreq_50_51_body_lines_stand_on_the_grid_after_every_heading() {
    for region in REGIONS {
        let pages = pages(region);
        let (pitch, top) = (21.0_f32, 79.0_f32);
        for (number, y, _, text) in body(&pages) {
            let steps = (y - top - (pitch / 2.0 + 0.38 * 12.0)) / pitch;
            assert!((steps - steps.round()).abs() < 0.01, "page {} {text}: {steps}", number + 1);
        }
        // A heading is never the last on its page.
        for page in &pages.pages {
            let last = page.elements.iter().rev().find_map(|e| match e {
                Element::Text(line) => line.node,
                _ => None,
            });
            let kind = last.map(|n| &pages.nodes[n].kind);
            assert!(!matches!(kind, Some(NodeKind::Heading(..))), "{region:?}");
        }
    }
}

#[test]
fn clreq_54_folios_on_all_pages_and_running_heads_after_the_first() {
    let pages = pages(Region::Hk);
    for (number, page) in pages.pages.iter().enumerate() {
        let artifacts: Vec<&str> = page
            .elements
            .iter()
            .filter_map(|e| match e {
                Element::Text(line) if line.node.is_none() => Some(&*pages.paragraphs[line.paragraph].text),
                _ => None,
            })
            .collect();
        assert!(artifacts.contains(&(number + 1).to_string().as_str()));
        assert_eq!(artifacts.contains(&"當下國際社會亟需「第三種可能」"), number > 0);
    }
}

#[test]
fn clreq_58_the_text_of_the_pages_is_the_text_of_the_manuscript() {
    let plain = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let set = plain(&pages(Region::Hk).text());
    let manuscript = support::manuscript();
    for line in manuscript.lines().skip(1) {
        assert!(set.contains(&plain(line)), "{line}");
    }
}

proptest! {
    #![proptest_config(crate::support::cases(300))]

    #[test]
    fn random_text_keeps_every_line_lawful(
        text in "([一二三國語]{1,4}|[，。、：；？！]|「[甲乙]{1,3}」|（[a-z]{1,4}）|——|……|[a-zA-Z]{1,9}| [a-z]{1,5} |[0-9]{1,4}%?|《[丙丁]》|·){1,40}",
        measure in 4u8..30,
        region in prop::sample::select(REGIONS.to_vec()),
    ) {
        let setter = Setter::new();
        let composition = Composition::of(region);
        let set = setter.set(composition, &text, f64::from(measure));
        // Text in is text out.
        prop_assert_eq!(set.texts().concat(), text.clone());
        for (k, line) in set.lines.iter().enumerate() {
            let clusters = &set.paragraph.clusters[line.start..line.end];
            if k > 0 {
                let boundary = set.paragraph.boundaries[line.start - 1].breaks;
                prop_assert!(boundary != Break::None, "{}", set.joined());
                prop_assert!(!composition.no_start(clusters[0].class), "{}", set.joined());
            }
            // Ink never runs backwards: a cell may start before the last one only by its own blank.
            for (i, pair) in line.x.windows(2).enumerate() {
                let blank = composition.blanks(clusters[i + 1].class).0;
                prop_assert!(pair[0] <= pair[1] + blank, "{:?} on {}", line.x, set.text(line));
            }
        }
    }
}
