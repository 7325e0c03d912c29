//! How a case is run: its texts are set and drawn by the program itself, its assertion looks at what
//! layout placed and at what the PDF shows, and with the rule switched off it must fail at both.

use std::{
    cell::Cell,
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, Once, OnceLock},
};

use hanpress::{
    document::{Block, Document, Role},
    edition::{Edition, Region, Script},
    kit::Kit,
    layout::{
        blocks::{Options, lay_out},
        class::{Composition, Kinsoku},
        lines::Breaker,
        page::Pages,
    },
    read::{ReadOptions, markdown, plain},
    report::Report,
    source::{Source, SourceId},
    template::{Direction, PageStyle, Template},
    text::Text,
    write::pdf::{Standard, draw},
};

use crate::{
    clreq::seen::{At, Seen},
    glyphs, support,
};

/// The three regions.
pub const ALL: &[Region] = &[Region::Cn, Region::Tw, Region::Hk];
/// The mainland alone.
pub const CN: &[Region] = &[Region::Cn];
/// Taiwan and Hong Kong.
pub const TRADITIONAL: &[Region] = &[Region::Tw, Region::Hk];
/// Taiwan alone.
pub const TW: &[Region] = &[Region::Tw];
/// Hong Kong alone.
pub const HK: &[Region] = &[Region::Hk];

/// Horizontal setting.
pub const H: &[bool] = &[false];
/// Vertical setting.
pub const V: &[bool] = &[true];
/// Both.
pub const BOTH: &[bool] = &[false, true];

/// A case of one requirement.
pub struct Case {
    /// Number of the item in `items::ITEMS`.
    pub item: u8,
    /// Which of the item's parts it shows, by key.
    pub part: &'static str,
    /// Name of the case and of its test.
    pub name: &'static str,
    /// Regions that it is run for.
    pub regions: &'static [Region],
    /// Directions that it is run for; `true` is vertical.
    pub directions: &'static [bool],
    /// Where the requirement is known not to be met yet: there the case must not pass.
    pub not: fn(At) -> bool,
    /// What is run.
    pub body: Body,
}

/// What a case runs.
pub enum Body {
    /// Texts to set, an assertion on what is seen of each, and what switches the rule off.
    Set {
        /// The texts.
        set: fn(At) -> Vec<Setting>,
        /// The assertion; it panics where it does not hold.
        check: fn(&Seen),
        /// Changes a setting so that the rule does not act.
        off: fn(&mut Setting),
    },
    /// Anything else that panics where it does not hold; with `true` the rule is switched off.
    Own(fn(At, bool)),
}

/// Met everywhere.
pub fn nowhere(_: At) -> bool {
    false
}

/// Not met at all, or layout cannot leave the rule out, so that there is no control.
#[allow(dead_code, reason = "for the next case that does not pass yet")]
pub fn everywhere(_: At) -> bool {
    true
}

/// Whether a cell is among some: `CN H, HK V`.
#[allow(dead_code, reason = "for the next case that does not pass yet")]
pub fn among(at: At, cells: &str) -> bool {
    cells.split(", ").any(|cell| cell == at.to_string())
}

/// Defines cases: the table `CASES` and a test for each.
macro_rules! cases {
    ($($name:ident { item: $item:expr, part: $part:expr, regions: $regions:expr, directions: $directions:expr,
        $(not: $not:expr,)? $(set: $set:expr, off: $off:expr, check: $check:expr,)? $(own: $own:expr,)? })*) => {
        /// The cases of this module.
        pub const CASES: &[crate::clreq::harness::Case] = &[$(crate::clreq::harness::Case {
            item: $item,
            part: $part,
            name: stringify!($name),
            regions: $regions,
            directions: $directions,
            not: cases!(@not $($not)?),
            body: cases!(@body $($set, $off, $check)? $($own)?),
        }),*];
        $(#[test]
        fn $name() {
            crate::clreq::harness::test(CASES, stringify!($name));
        })*
    };
    (@not) => { crate::clreq::harness::nowhere };
    (@not $not:expr) => { $not };
    (@body $set:expr, $off:expr, $check:expr) => {
        crate::clreq::harness::Body::Set { set: $set, off: $off, check: $check }
    };
    (@body $own:expr) => { crate::clreq::harness::Body::Own($own) };
}
pub(crate) use cases;

/// A text to set, and how.
#[derive(Clone)]
pub struct Setting {
    /// Region and direction.
    pub at: At,
    /// Script of the edition.
    pub script: Script,
    /// The page.
    pub page: PageStyle,
    /// The text.
    pub document: Document,
    /// How lines are composed.
    pub composition: Composition,
    /// How lines are broken.
    pub breaker: Breaker,
}

/// The page of the cases: type of 10 pt, no indent, no running head, room for any measure.
const PAGE: &str = r#"
summary = "the page of the cases"
width = 1000
height = 1000
size = 10
pitch = 1.75
measure = 40
lines = 40
top = 50
indent = 0
folio = "none"
hang = "off"

[[heading]]
scale = 1.3
lines = 3
center = true

[[heading]]
scale = 1.15
lines = 2

[[heading]]
scale = 1.0
lines = 2
"#;

impl At {
    /// A document at a measure of so many em.
    pub fn document(self, document: Document, measure: u16) -> Setting {
        let mut page = Template::new("case", PAGE).expect("a page").page;
        page.measure = measure;
        page.direction = if self.vertical { Direction::Vertical } else { Direction::Horizontal };
        let script = if self.cn() { Script::Simplified } else { Script::Traditional };
        let composition = Composition::of(self.region);
        Setting { at: self, script, page, document, composition, breaker: Breaker::Total }
    }

    /// One paragraph with its marks.
    pub fn marked(self, text: Text, measure: u16) -> Setting {
        let block = Block::Paragraph { text, role: Role::Body };
        self.document(Document { blocks: vec![block], ..Document::default() }, measure)
    }

    /// One paragraph, letter for letter.
    pub fn text(self, text: &str, measure: u16) -> Setting {
        self.marked(Text::verbatim(text, SourceId(0), 0), measure)
    }

    /// One paragraph at each of some measures.
    pub fn texts(self, text: &str, measures: impl IntoIterator<Item = u16>) -> Vec<Setting> {
        measures.into_iter().map(|measure| self.text(text, measure)).collect()
    }

    /// A Markdown manuscript.
    pub fn markdown(self, text: &str, measure: u16) -> Setting {
        let source = Source::new(SourceId(0), "case.md", text.to_owned());
        self.document(markdown::read(&source, &ReadOptions::default(), &mut Report::default()), measure)
    }

    /// A plain manuscript.
    pub fn plain(self, text: &str, measure: u16) -> Setting {
        let source = Source::new(SourceId(0), "case.txt", text.to_owned());
        self.document(plain::read(&source, &ReadOptions::default(), &mut Report::default()), measure)
    }
}

/// A setting after the press: layout's data, the file, and what was reported.
pub struct Pressed {
    /// Layout's data.
    pub pages: Pages,
    /// The file.
    pub pdf: Vec<u8>,
    /// What was found.
    pub report: Report,
    /// What is seen of both.
    pub seen: [Seen; 2],
}

impl Pressed {
    /// How often something was reported.
    pub fn reported(&self, rule: &str) -> usize {
        self.report.diagnostics.iter().filter(|d| d.rule == rule).count()
    }
}

/// Kits are lent: opening the faces is dear.
static KITS: Mutex<Vec<Kit>> = Mutex::new(Vec::new());

impl Setting {
    /// Changes the page.
    pub fn with(mut self, change: impl FnOnce(&mut PageStyle)) -> Self {
        change(&mut self.page);
        self
    }

    /// Switches a requirement off.
    pub fn leave_out(&mut self, item: u8) {
        self.composition.off = self.composition.off.with(item);
    }

    /// Switches all prohibitions off, and the trimming that would make room for them.
    pub fn unforbid(&mut self) {
        self.composition.kinsoku = Kinsoku::None;
        self.composition.trim_start = false;
        self.composition.trim_end = false;
    }

    /// Takes all marks off the paragraphs.
    pub fn unmark(&mut self) {
        self.rewrite(|text| Text::verbatim(text.as_str(), SourceId(0), 0));
    }

    /// Writes something else in plain paragraphs.
    pub fn retype(&mut self, from: &str, to: &str) {
        self.rewrite(|text| Text::verbatim(text.as_str().replace(from, to), SourceId(0), 0));
    }

    fn rewrite(&mut self, new: impl Fn(&Text) -> Text) {
        for block in &mut self.document.blocks {
            if let Block::Paragraph { text, .. } = block {
                *text = new(text);
            }
        }
    }

    /// Lays the text out.
    pub fn lay_out(&self) -> (Pages, Report) {
        self.lent(|kit| self.lay_out_with(kit))
    }

    /// Lays the text out and draws it.
    pub fn press(&self) -> Pressed {
        self.lent(|kit| {
            let (pages, report) = self.lay_out_with(kit);
            let edition = Edition::source(self.script, self.at.region);
            let pdf = draw(&kit.fonts, &edition, &self.document, &pages, Standard::A2aUa1).expect("a PDF");
            let seen = [
                Seen::of_layout(self.at, &self.page, &pages, &kit.fonts),
                Seen::of_pdf(self.at, &self.page, &glyphs::read(&pdf)),
            ];
            Pressed { pages, pdf, report, seen }
        })
    }

    fn lay_out_with(&self, kit: &Kit) -> (Pages, Report) {
        let edition = Edition::source(self.script, self.at.region);
        // What the page says counts, though the case may have changed it late.
        let on = Composition::on(self.at.region, &self.page);
        let composition = Composition {
            direction: on.direction,
            marks: on.marks,
            hang: on.hang,
            combine: on.combine,
            emphasis: on.emphasis,
            grid: on.grid,
            ..self.composition
        };
        let options = Options { breaker: self.breaker, composition: Some(composition) };
        let mut report = Report::default();
        (lay_out(kit, &edition, &self.document, options, &mut report).expect("fonts"), report)
    }

    fn lent<T>(&self, work: impl FnOnce(&Kit) -> T) -> T {
        let lent = KITS.lock().expect("no kit is held while a case fails").pop();
        let mut kit = lent.unwrap_or_else(support::kit);
        kit.template.page = self.page.clone();
        let done = work(&kit);
        KITS.lock().expect("no kit is held while a case fails").push(kit);
        done
    }
}

/// What came of a case in a cell: nothing, or why it does not pass.
pub type Outcome = Result<(), String>;

type Outcomes = HashMap<(&'static str, At), Arc<OnceLock<Outcome>>>;

/// Outcomes are kept: the table of conformance asks for all of them again.
static OUTCOMES: OnceLock<Mutex<Outcomes>> = OnceLock::new();

impl Case {
    /// The cells that it is run in.
    pub fn cells(&self) -> impl Iterator<Item = At> + '_ {
        let at = |&region| self.directions.iter().map(move |&vertical| At { region, vertical });
        self.regions.iter().flat_map(at)
    }

    /// Runs it in a cell, or remembers what came of it.
    pub fn outcome(&'static self, at: At) -> Outcome {
        let slot = {
            let mut outcomes = OUTCOMES.get_or_init(Mutex::default).lock().expect("no case holds it");
            outcomes.entry((self.name, at)).or_default().clone()
        };
        slot.get_or_init(|| self.run(at)).clone()
    }

    fn run(&self, at: At) -> Outcome {
        match self.body {
            Body::Own(own) => {
                quietly(|| own(at, false)).map_err(|why| format!("{at}: {why}"))?;
                match quietly(|| own(at, true)) {
                    Ok(()) => Err(format!("{at}: the case passes with the rule switched off")),
                    Err(_) => Ok(()),
                }
            }
            Body::Set { set, check, off } => {
                let settings = quietly(|| set(at)).map_err(|why| format!("{at}: {why}"))?;
                let press = |setting: &Setting| quietly(|| setting.press());
                for setting in &settings {
                    let pressed = press(setting).map_err(|why| format!("{at}: not set: {why}"))?;
                    for seen in &pressed.seen {
                        quietly(|| check(seen)).map_err(|why| {
                            format!("{at}, {:?}, measure {}: {why}", seen.level, seen.measure)
                        })?;
                    }
                }
                let mut failed = [false; 2];
                for setting in &settings {
                    let mut setting = setting.clone();
                    off(&mut setting);
                    let pressed = press(&setting).map_err(|why| format!("{at}: control not set: {why}"))?;
                    for (failed, seen) in failed.iter_mut().zip(&pressed.seen) {
                        *failed |= quietly(|| check(seen)).is_err();
                    }
                    if failed == [true; 2] {
                        return Ok(());
                    }
                }
                Err(format!(
                    "{at}: with the rule switched off it passes; failed at [layout, PDF]: {failed:?}"
                ))
            }
        }
    }
}

thread_local! {
    /// Whether a panic of this thread is expected and says nothing.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs something that may panic and gives back what it said.
fn quietly<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                loud(panic);
            }
        }));
    });
    let before = QUIET.replace(true);
    let done = catch_unwind(AssertUnwindSafe(run));
    QUIET.set(before);
    done.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic").to_owned()
    })
}

/// The test of a case: it passes wherever it is not marked as not met, and only there.
pub fn test(cases: &'static [Case], name: &str) {
    let case = cases.iter().find(|c| c.name == name).expect("the macro made both");
    if std::env::var_os("WHY").is_some() {
        for at in case.cells().filter(|at| (case.not)(*at)) {
            eprintln!("WHY {name} {:?}", case.outcome(at));
        }
    }
    let wrong: Vec<String> = case
        .cells()
        .filter_map(|at| match (case.outcome(at), (case.not)(at)) {
            (Err(why), false) => Some(why),
            (Ok(()), true) => Some(format!("{at}: passes now: take it out of `not`")),
            _ => None,
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether two lengths are equal within a hundredth of an em.
pub fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.01
}

/// Asserts that two lengths are equal within a hundredth of an em.
#[track_caller]
pub fn assert_near(a: f64, b: f64, what: &str) {
    assert!(near(a, b), "{what}: {a:.3}, not {b:.3}");
}
