//! Numbers in words and signs: a counter and a number in, the label of a list item or a folio out.
//!
//! Separators are those of GB/T 15834 (一、 （一） 1. （1） ①), styles those of CSS Counter Styles and of
//! "Ready-made Counter Styles" (checklist 55).

use serde::Deserialize;

use crate::document::{Counter, NoteNumber};

/// How the numbers of running text are written in an edition (checklist 37).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Numerals {
    /// As the writer has them.
    #[default]
    Keep,
    /// Dates, times, ages and ordinals in Chinese numerals: 二〇二六年三月十二日.
    Han,
}

/// 甲乙丙丁 …: the ten heavenly stems.
const STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
/// 子丑寅卯 …: the twelve earthly branches.
const BRANCHES: [char; 12] = ['子', '丑', '寅', '卯', '辰', '巳', '午', '未', '申', '酉', '戌', '亥'];

/// The characters of a way to count: digits, 十 百 千, and a name for each group of four digits.
struct Signs {
    digits: [char; 10],
    units: [char; 3],
    groups: [&'static str; 5],
    /// Whether 一十 at the head of a number is 十.
    short_ten: bool,
}

const TRADITIONAL: Signs = Signs {
    digits: ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
    units: ['十', '百', '千'],
    groups: ["", "萬", "億", "兆", "京"],
    short_ten: true,
};

// 萬億 stands for 10¹² on the mainland, where 兆 is used for 10⁶.
const SIMPLIFIED: Signs = Signs { groups: ["", "万", "亿", "万亿", "亿亿"], ..TRADITIONAL };

const TRADITIONAL_FORMAL: Signs = Signs {
    digits: ['零', '壹', '貳', '參', '肆', '伍', '陸', '柒', '捌', '玖'],
    units: ['拾', '佰', '仟'],
    short_ten: false,
    ..TRADITIONAL
};

const SIMPLIFIED_FORMAL: Signs = Signs {
    digits: ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'],
    units: ['拾', '佰', '仟'],
    short_ten: false,
    ..SIMPLIFIED
};

/// The whole label of item `number` with its separator, in Traditional or Simplified characters.
///
/// A number beyond what a counter has signs for is written by the nearest one that has them: stems and
/// branches as `11.`, circled numbers above 50 (and 0) as `（51）`.
pub fn label(counter: Counter, number: u64, traditional: bool) -> String {
    let signs =
        |signs: &[char]| number.checked_sub(1).and_then(|n| signs.get(usize::try_from(n).ok()?)).copied();
    match counter {
        Counter::Auto | Counter::Decimal => format!("{number}."),
        Counter::DecimalParen => format!("（{number}）"),
        Counter::Chinese => in_words(number, traditional) + "、",
        Counter::ChineseParen => format!("（{}）", in_words(number, traditional)),
        Counter::ChineseFormal => spelled(number, numerals(traditional, true)) + "、",
        Counter::HeavenlyStem => signs(&STEMS).map_or_else(|| format!("{number}."), |c| format!("{c}、")),
        Counter::EarthlyBranch => signs(&BRANCHES).map_or_else(|| format!("{number}."), |c| format!("{c}、")),
        Counter::Circled => circled(number).map_or_else(|| format!("（{number}）"), String::from),
    }
}

/// The number of a note without brackets: `1`, and `一` of one at the end where others stand at the foot.
pub fn note(note: NoteNumber, traditional: bool) -> String {
    match note.at_end {
        true => in_words(note.number as u64, traditional),
        false => note.number.to_string(),
    }
}

/// The hang of a list whose labels stand at the start edge: the widest of `count` labels, rounded up to whole em,
/// and at least 2. Han and full-width marks are an em wide, digits and `.` half of one.
pub fn width(counter: Counter, start: u64, count: usize, traditional: bool) -> usize {
    // Of a long list the last thousand labels are as wide as any.
    let first = count.saturating_sub(1_000) as u64;
    let widths = (first..count as u64).map(|n| {
        let label = label(counter, start.saturating_add(n), traditional);
        label.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>().div_ceil(2)
    });
    widths.max().unwrap_or(0).max(2)
}

/// A number digit by digit, as years and folios of vertical books are written: 一〇三.
pub fn by_place(number: u64) -> String {
    let digit = |d: u8| if d == b'0' { '〇' } else { TRADITIONAL.digits[usize::from(d - b'0')] };
    number.to_string().bytes().map(digit).collect()
}

/// A number in a circle: ⓪ to ㊿.
pub fn circled(number: u64) -> Option<char> {
    let n = u32::try_from(number).ok()?;
    match n {
        1..=20 => char::from_u32(0x2460 + n - 1),
        21..=35 => char::from_u32(0x3251 + n - 21),
        36..=50 => char::from_u32(0x32B1 + n - 36),
        _ => None,
    }
}

fn numerals(traditional: bool, formal: bool) -> &'static Signs {
    match (traditional, formal) {
        (true, false) => &TRADITIONAL,
        (false, false) => &SIMPLIFIED,
        (true, true) => &TRADITIONAL_FORMAL,
        (false, true) => &SIMPLIFIED_FORMAL,
    }
}

/// A number in words: 一百零一, 二十, 十二.
pub fn in_words(number: u64, traditional: bool) -> String {
    spelled(number, numerals(traditional, false))
}

fn spelled(number: u64, numerals: &Signs) -> String {
    if number == 0 {
        return numerals.digits[0].into();
    }
    let mut out = String::new();
    // Whether a zero waits to be said before the next digit.
    let mut gap = false;
    for group in (0..numerals.groups.len()).rev() {
        let four = number / 10_u64.pow(4 * group as u32) % 10_000;
        if four == 0 {
            gap |= !out.is_empty();
            continue;
        }
        for place in (0..4).rev() {
            let digit = (four / 10_u64.pow(place) % 10) as usize;
            if digit == 0 {
                gap |= !out.is_empty();
                continue;
            }
            if std::mem::take(&mut gap) {
                out.push(numerals.digits[0]);
            }
            if !(numerals.short_ten && digit == 1 && place == 1 && out.is_empty()) {
                out.push(numerals.digits[digit]);
            }
            if let Some(unit) = place.checked_sub(1).and_then(|p| numerals.units.get(p as usize)) {
                out.push(*unit);
            }
        }
        out.push_str(numerals.groups[group]);
        // A zero at the end of a group is said only if the next group does not begin with one.
        gap = false;
        let next = group.checked_sub(1).map_or(0, |g| number / 10_u64.pow(4 * g as u32) % 10_000);
        gap |= next < 1_000;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        use Counter::*;
        for (counter, number, traditional, simplified) in [
            (Auto, 3, "3.", "3."),
            (Decimal, 1, "1.", "1."),
            (DecimalParen, 12, "（12）", "（12）"),
            (Chinese, 0, "零、", "零、"),
            (Chinese, 1, "一、", "一、"),
            (Chinese, 10, "十、", "十、"),
            (Chinese, 12, "十二、", "十二、"),
            (Chinese, 20, "二十、", "二十、"),
            (Chinese, 101, "一百零一、", "一百零一、"),
            (Chinese, 110, "一百一十、", "一百一十、"),
            (Chinese, 1_001, "一千零一、", "一千零一、"),
            (Chinese, 2_025, "二千零二十五、", "二千零二十五、"),
            (Chinese, 10_000, "一萬、", "一万、"),
            (Chinese, 10_010, "一萬零一十、", "一万零一十、"),
            (Chinese, 100_000, "十萬、", "十万、"),
            (Chinese, 120_304, "十二萬零三百零四、", "十二万零三百零四、"),
            (Chinese, 100_000_001, "一億零一、", "一亿零一、"),
            (ChineseParen, 21, "（二十一）", "（二十一）"),
            (ChineseFormal, 12, "壹拾貳、", "壹拾贰、"),
            (ChineseFormal, 10_306, "壹萬零參佰零陸、", "壹万零叁佰零陆、"),
            (HeavenlyStem, 1, "甲、", "甲、"),
            (HeavenlyStem, 10, "癸、", "癸、"),
            (HeavenlyStem, 11, "11.", "11."),
            (EarthlyBranch, 12, "亥、", "亥、"),
            (EarthlyBranch, 0, "0.", "0."),
            (Circled, 1, "①", "①"),
            (Circled, 20, "⑳", "⑳"),
            (Circled, 21, "㉑", "㉑"),
            (Circled, 36, "㊱", "㊱"),
            (Circled, 50, "㊿", "㊿"),
            (Circled, 51, "（51）", "（51）"),
            (Circled, 0, "（0）", "（0）"),
        ] {
            assert_eq!(label(counter, number, true), traditional, "{counter:?} {number}");
            assert_eq!(label(counter, number, false), simplified, "{counter:?} {number}");
        }
    }

    #[test]
    fn hangs_are_whole_em() {
        for (counter, start, count, em) in [
            (Counter::Decimal, 1, 9, 2),
            (Counter::Decimal, 9, 3, 2),
            (Counter::Decimal, 99, 2, 2),
            (Counter::Decimal, 999, 2, 3),
            (Counter::Chinese, 1, 10, 2),
            (Counter::Chinese, 1, 11, 3),
            (Counter::ChineseParen, 1, 3, 3),
            (Counter::Circled, 1, 3, 2),
            (Counter::Circled, 0, 0, 2),
        ] {
            assert_eq!(width(counter, start, count, true), em, "{counter:?} {start} {count}");
        }
    }

    #[test]
    fn numbers_digit_by_digit() {
        for (number, words) in [(0, "〇"), (7, "七"), (103, "一〇三"), (2025, "二〇二五")] {
            assert_eq!(by_place(number), words);
        }
    }

    #[test]
    fn the_largest_number_has_a_label() {
        assert!(label(Counter::Chinese, u64::MAX, true).starts_with("一千八百四十四京"));
        assert!(!label(Counter::Chinese, u64::MAX, false).is_empty());
    }
}
