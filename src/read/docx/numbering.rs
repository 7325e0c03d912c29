//! Numbering definitions: which list a paragraph is in, and what stands before its words.

use std::collections::BTreeMap;

use crate::{
    counter::{circled, in_words, label},
    document::Counter,
    read::xml::{Element, Node, Parser, Space},
    report::{Diagnostic, Report, Severity},
    source::{Source, Span},
};

/// Levels of a list.
const LEVELS: usize = 9;

/// One level of a definition.
#[derive(Clone, Debug)]
struct Level {
    format: String,
    /// What stands before the words, `%1` for the number of the first level.
    text: String,
    start: u64,
    /// Whether the numbers of all levels are in Arabic digits.
    legal: bool,
    /// Level after which numbers begin anew; `Some(0)` for never.
    restart: Option<usize>,
    /// What stands between label and words.
    suffix: &'static str,
    left: Option<i32>,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            format: "decimal".into(),
            text: String::new(),
            start: 1,
            legal: false,
            restart: None,
            suffix: " ",
            left: None,
        }
    }
}

/// An instance of a definition, with levels of its own.
#[derive(Clone, Debug, Default)]
struct Instance {
    definition: String,
    starts: BTreeMap<usize, u64>,
    levels: BTreeMap<usize, Level>,
}

/// All definitions, and how far each has counted.
#[derive(Default)]
pub(super) struct Numbering {
    definitions: BTreeMap<String, Vec<Level>>,
    /// Definitions that are those of a numbering style, by the style.
    styled: BTreeMap<String, String>,
    links: BTreeMap<String, String>,
    instances: BTreeMap<String, Instance>,
    counts: BTreeMap<String, [Option<u64>; LEVELS]>,
    seen: BTreeMap<String, [bool; LEVELS]>,
}

/// What stands before a paragraph in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// The instance.
    pub list: String,
    /// Level, from 0.
    pub level: usize,
    /// How it is told.
    pub kind: LabelKind,
    /// Left indent of the words, twips.
    pub left: Option<i32>,
}

/// How a paragraph in a list is told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LabelKind {
    /// By a bullet.
    Bullet,
    /// By a number; `lost` is the label where a document cannot have it so.
    Number { counter: Counter, number: u64, lost: Option<String> },
    /// By words such as 第一條, which are text.
    Words(String),
    /// By nothing: it goes on with the item before it.
    Nothing,
}

impl Numbering {
    /// Reads the part of the definitions; a document may have none.
    pub(super) fn read(source: &Source, part: &str, report: &mut Report) -> Self {
        let mut numbering = Self::default();
        let Some((text, start)) = source.part(part) else { return numbering };
        let mut parser = Parser::new(text, start);
        if parser.enter(Space::W, "numbering") {
            while let Some(node) = parser.next() {
                let Node::Element(element) = node else { continue };
                if element.is("abstractNum") {
                    numbering.define(&element);
                } else if element.is("num") {
                    numbering.instance(&element);
                }
            }
        }
        if let Some((at, message)) = parser.trouble {
            let message = format!("`{part}` is damaged: {message}; lists behind it are unknown");
            let span = Span::new(source.id, at..at);
            report.push(Diagnostic::new("damaged-package", Severity::Error, span, message));
        }
        numbering
    }

    fn define(&mut self, element: &Element) {
        let Some(id) = element.attribute("abstractNumId") else { return };
        let mut levels = vec![Level::default(); LEVELS];
        for level in element.elements().filter(|e| e.is("lvl")) {
            let at: Option<usize> = level.attribute("ilvl").and_then(|l| l.parse().ok());
            if let Some(slot) = at.and_then(|at| levels.get_mut(at)) {
                *slot = Level::read(level);
            }
        }
        if let Some(style) = element.child_value("styleLink") {
            self.styled.insert(style, id.clone());
        }
        if let Some(style) = element.child_value("numStyleLink") {
            self.links.insert(id.clone(), style);
        }
        self.definitions.insert(id, levels);
    }

    fn instance(&mut self, element: &Element) {
        let (Some(id), Some(definition)) = (element.attribute("numId"), element.child_value("abstractNumId"))
        else {
            return;
        };
        let mut instance = Instance { definition, ..Instance::default() };
        for own in element.elements().filter(|e| e.is("lvlOverride")) {
            let Some(at) = own.attribute("ilvl").and_then(|l| l.parse().ok()).filter(|at| *at < LEVELS)
            else {
                continue;
            };
            if let Some(start) = own.child_value("startOverride").and_then(|s| s.parse().ok()) {
                instance.starts.insert(at, start);
            }
            if let Some(level) = own.child("lvl") {
                instance.levels.insert(at, Level::read(level));
            }
        }
        self.instances.insert(id, instance);
    }

    /// Counts a paragraph of a list, and gives its label; `None` if the list is not defined, or is that of no list.
    pub(super) fn count(&mut self, list: &str, level: usize) -> Option<Label> {
        if list == "0" {
            return None;
        }
        let instance = self.instances.get(list)?.clone();
        // A definition may be that of a style, which has it from another.
        let linked = self.links.get(&instance.definition).and_then(|style| self.styled.get(style));
        let definition = linked.unwrap_or(&instance.definition).clone();
        let mut levels = self.definitions.get(&definition)?.clone();
        for (at, own) in &instance.levels {
            levels[*at] = own.clone();
        }
        let own = levels[level].clone();
        let counts = self.counts.entry(definition).or_default();
        let seen = self.seen.entry(list.to_owned()).or_default();
        // A list that starts anew does so at its first item of the level.
        if !std::mem::replace(&mut seen[level], true)
            && let Some(start) = instance.starts.get(&level)
        {
            counts[level] = start.checked_sub(1);
            if *start == 0 {
                counts[level] = None;
            }
        }
        let start = instance.starts.get(&level).copied().unwrap_or(own.start);
        let number = counts[level].map_or(start, |n| n.saturating_add(1));
        counts[level] = Some(number);
        for deeper in level + 1..LEVELS {
            if levels[deeper].restart.is_none_or(|after| after > level) {
                counts[deeper] = None;
            }
        }
        let kind = own.label(level, number, counts, &levels);
        Some(Label { list: list.to_owned(), level, kind, left: own.left })
    }
}

impl Level {
    fn read(element: &Element) -> Self {
        let usual = Self::default();
        let number = |name: &str| element.child_value(name).and_then(|v| v.parse::<u64>().ok());
        let format = element.find(&|e| e.is("numFmt")).and_then(Element::value);
        Self {
            format: format.unwrap_or(usual.format),
            text: element.child_value("lvlText").unwrap_or_default(),
            start: number("start").unwrap_or(1),
            legal: element.child("isLgl").is_some_and(Element::is_on),
            restart: number("lvlRestart").map(|n| n as usize),
            suffix: match element.child_value("suff").as_deref() {
                Some("nothing") => "",
                _ => " ",
            },
            left: element.child("pPr").and_then(super::styles::left),
        }
    }

    fn label(
        &self,
        level: usize,
        number: u64,
        counts: &[Option<u64>; LEVELS],
        levels: &[Level],
    ) -> LabelKind {
        if self.format == "bullet" {
            return if self.text.trim().is_empty() { LabelKind::Nothing } else { LabelKind::Bullet };
        }
        let own = format!("%{}", level + 1);
        if self.format == "none" || self.text.trim().is_empty() || !self.text.contains('%') {
            return match self.text.trim() {
                "" => LabelKind::Nothing,
                text => LabelKind::Words([text, self.suffix].concat()),
            };
        }
        let label = || {
            let mut out = self.text.clone();
            for (at, other) in levels.iter().enumerate() {
                let format = if self.legal { "decimal" } else { other.format.as_str() };
                let number = if at == level { number } else { counts[at].unwrap_or(other.start) };
                out = out.replace(&format!("%{}", at + 1), &written(format, number));
            }
            out
        };
        let around = self.text.split_once(&own);
        match around.and_then(|(before, after)| counter(&self.format, before.trim(), after.trim())) {
            Some((counter, same)) => LabelKind::Number { counter, number, lost: (!same).then(label) },
            None => LabelKind::Words([label().as_str(), self.suffix].concat()),
        }
    }
}

/// The counter of a format with what stands before and after the number, and whether it is written just so.
fn counter(format: &str, before: &str, after: &str) -> Option<(Counter, bool)> {
    let paren = matches!((before, after), ("(" | "（", ")" | "）"));
    let plain = before.is_empty() && matches!(after, "" | "." | "．" | "、" | ")" | "）");
    if !paren && !plain {
        return None;
    }
    Some(match format {
        "decimal" | "decimalFullWidth" | "decimalHalfWidth" | "decimalZero" | "decimalFullWidth2"
            if paren =>
        {
            (Counter::DecimalParen, true)
        }
        "decimal" | "decimalFullWidth" | "decimalHalfWidth" | "decimalZero" | "decimalFullWidth2" => {
            (Counter::Decimal, matches!(after, "." | "．"))
        }
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "ideographDigital"
        | "taiwaneseDigital"
        | "japaneseCounting"
        | "japaneseDigitalTenThousand" => {
            if paren {
                (Counter::ChineseParen, true)
            } else {
                (Counter::Chinese, after == "、")
            }
        }
        "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal" if !paren => {
            (Counter::ChineseFormal, after == "、")
        }
        "ideographTraditional" if !paren => (Counter::HeavenlyStem, after == "、"),
        "ideographZodiac" if !paren => (Counter::EarthlyBranch, after == "、"),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" | "ideographEnclosedCircle" if !paren => {
            (Counter::Circled, after.is_empty())
        }
        "lowerLetter" | "upperLetter" | "lowerRoman" | "upperRoman" => (Counter::Decimal, false),
        _ => return None,
    })
}

/// A number as a format writes it.
fn written(format: &str, number: u64) -> String {
    // What is called Chinese is Simplified, what is called Taiwanese or ideographic Traditional.
    let traditional = !format.starts_with("chinese");
    let counted =
        |counter: Counter| label(counter, number, traditional).trim_end_matches(['、', '.']).to_owned();
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseCounting"
        | "ideographDigital"
        | "taiwaneseDigital" => in_words(number, traditional),
        "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal" => {
            counted(Counter::ChineseFormal)
        }
        "ideographTraditional" => counted(Counter::HeavenlyStem),
        "ideographZodiac" => counted(Counter::EarthlyBranch),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" | "ideographEnclosedCircle" => {
            circled(number).map_or_else(|| number.to_string(), String::from)
        }
        "decimalZero" => format!("{number:02}"),
        "lowerLetter" => letters(number, b'a'),
        "upperLetter" => letters(number, b'A'),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        _ => number.to_string(),
    }
}

/// a, b … z, aa, bb: as word processors count.
fn letters(number: u64, first: u8) -> String {
    let Some(n) = number.checked_sub(1).filter(|n| *n < 26 * 20) else { return number.to_string() };
    String::from(char::from(first + (n % 26) as u8)).repeat((n / 26 + 1) as usize)
}

fn roman(number: u64) -> String {
    const SIGNS: [(u64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number >= 4000 {
        return number.to_string();
    }
    let mut left = number;
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while left >= value {
            out.push_str(sign);
            left -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The labels of a list whose levels are given as format and text, at the levels given.
    fn labels(levels: &[(&str, &str)], items: &[usize]) -> Vec<LabelKind> {
        let list = levels.iter().map(|(format, text)| Level {
            format: (*format).into(),
            text: (*text).into(),
            ..Level::default()
        });
        let mut list: Vec<Level> = list.collect();
        list.resize(LEVELS, Level::default());
        let mut numbering = Numbering::default();
        numbering.definitions.insert("1".into(), list);
        numbering.instances.insert("7".into(), Instance { definition: "1".into(), ..Instance::default() });
        items.iter().map(|&level| numbering.count("7", level).expect("a label").kind).collect()
    }

    fn number(counter: Counter, number: u64, lost: Option<&str>) -> LabelKind {
        LabelKind::Number { counter, number, lost: lost.map(str::to_owned) }
    }

    #[test]
    fn formats_become_counters_or_words() {
        let words = |text: &str| LabelKind::Words(text.into());
        for (format, text, expected) in [
            ("decimal", "%1.", number(Counter::Decimal, 1, None)),
            ("decimal", "（%1）", number(Counter::DecimalParen, 1, None)),
            ("decimal", "%1)", number(Counter::Decimal, 1, Some("1)"))),
            ("chineseCountingThousand", "%1、", number(Counter::Chinese, 1, None)),
            ("taiwaneseCountingThousand", "(%1)", number(Counter::ChineseParen, 1, None)),
            ("ideographTraditional", "%1、", number(Counter::HeavenlyStem, 1, None)),
            ("decimalEnclosedCircleChinese", "%1", number(Counter::Circled, 1, None)),
            ("ideographLegalTraditional", "%1、", number(Counter::ChineseFormal, 1, None)),
            ("lowerLetter", "%1.", number(Counter::Decimal, 1, Some("a."))),
            ("chineseCounting", "第%1條", words("第一條 ")),
            ("decimal", "第 %1 章", words("第 1 章 ")),
            ("bullet", "\u{F0B7}", LabelKind::Bullet),
            ("bullet", " ", LabelKind::Nothing),
            ("none", "", LabelKind::Nothing),
            ("decimal", "注：", words("注： ")),
        ] {
            assert_eq!(labels(&[(format, text)], &[0]), [expected], "{format} {text}");
        }
    }

    #[test]
    fn levels_count_on_their_own() {
        let kinds = labels(&[("decimal", "%1."), ("decimal", "%1.%2")], &[0, 1, 1, 0, 1]);
        let told: Vec<String> = kinds
            .iter()
            .map(|kind| match kind {
                LabelKind::Number { number, .. } => number.to_string(),
                LabelKind::Words(words) => words.clone(),
                LabelKind::Bullet | LabelKind::Nothing => String::new(),
            })
            .collect();
        assert_eq!(told, ["1", "1.1 ", "1.2 ", "2", "2.1 "]);
    }

    #[test]
    fn letters_and_roman_numbers() {
        assert_eq!([1, 26, 27, 53].map(|n| letters(n, b'a')), ["a", "z", "aa", "aaa"]);
        assert_eq!([1, 4, 1999, 0].map(roman), ["I", "IV", "MCMXCIX", "0"]);
    }
}
