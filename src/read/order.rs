//! The order of the files of a book by their names: numbers by what they count, whether in digits or in Chinese
//! numerals, and 上, 中, 下 as volumes go.

use std::cmp::Ordering;

/// A piece of a name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    /// A number.
    Number(u64),
    /// Any other character: what orders it, and itself.
    Other(u32, char),
}

/// How two names compare: `第九章.md` comes before `第十章.md`, and `2.md` before `10.md`. Names that count alike
/// compare by their characters.
pub fn natural(a: &str, b: &str) -> Ordering {
    pieces(a).cmp(&pieces(b)).then_with(|| a.cmp(b))
}

fn pieces(name: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut chars = name.chars().peekable();
    while let Some(&c) = chars.peek() {
        let mut run = Vec::new();
        let kind = numeral(c).map(|n| n.kind);
        while let Some(n) = chars.peek().and_then(|&c| numeral(c)).filter(|n| Some(n.kind) == kind) {
            run.push(n.value);
            chars.next();
        }
        if run.is_empty() {
            chars.next();
            // 中 stands between 上 and 下, which are neighbors in Unicode.
            let rank = |c: char| u32::from(c) * 2;
            out.push(Piece::Other(if c == '中' { rank('上') + 1 } else { rank(c) }, c));
        } else {
            out.push(Piece::Number(number(&run)));
        }
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digits,
    Chinese,
}

#[derive(Clone, Copy)]
struct Numeral {
    kind: Kind,
    value: u64,
}

fn numeral(c: char) -> Option<Numeral> {
    let digits =
        |zero: char| Numeral { kind: Kind::Digits, value: u64::from(u32::from(c) - u32::from(zero)) };
    let chinese = |value| Some(Numeral { kind: Kind::Chinese, value });
    match c {
        '0'..='9' => Some(digits('0')),
        '０'..='９' => Some(digits('０')),
        '〇' | '零' => chinese(0),
        '一' => chinese(1),
        '二' => chinese(2),
        '三' => chinese(3),
        '四' => chinese(4),
        '五' => chinese(5),
        '六' => chinese(6),
        '七' => chinese(7),
        '八' => chinese(8),
        '九' => chinese(9),
        '十' => chinese(10),
        '百' => chinese(100),
        '千' => chinese(1000),
        _ => None,
    }
}

/// The number of a run of numerals: 10, 100 and 1000 multiply what stands before them.
fn number(run: &[u64]) -> u64 {
    let (mut sum, mut digits) = (0u64, None::<u64>);
    for &value in run {
        if value >= 10 {
            sum = sum.saturating_add(digits.take().unwrap_or(1).saturating_mul(value));
        } else {
            digits = Some(digits.unwrap_or(0).saturating_mul(10).saturating_add(value));
        }
    }
    sum.saturating_add(digits.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ordered_as_people_count() {
        for names in [
            &["1.md", "2.md", "10.md"][..],
            &[
                "第一回.md",
                "第二回.md",
                "第三回.md",
                "第九回.md",
                "第十回.md",
                "第十一回.md",
                "第二十回.md",
                "第一百零二回.md",
            ],
            &["一九四九.txt", "二〇二六.txt"],
            &["卷上.md", "卷中.md", "卷下.md"],
            &["01-序.md", "02a.md", "02b.md", "３.md"],
            &["一個人.md", "a.md", "b.md", "中.md"],
            &["1.md", "01.md", "001.md"],
            &["99999999999999999999999999.md", "a.md"],
        ] {
            let mut sorted: Vec<&str> = names.to_vec();
            sorted.reverse();
            sorted.sort_by(|a, b| natural(a, b));
            if names[0] == "1.md" && names[1] == "01.md" {
                assert_eq!(
                    sorted,
                    ["001.md", "01.md", "1.md"],
                    "names that count alike go by their characters"
                );
            } else {
                assert_eq!(sorted, names);
            }
        }
    }
}
