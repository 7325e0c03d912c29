//! Numbers for vertical lines: a text in, edits to Chinese numerals out (2026年 to 二〇二六年; checklist 37).
//!
//! Only what cannot be anything else: whole numbers directly before a unit of time, an age or an ordinal's noun.
//! Dates and times that stand in a row (10時30分) change together or not at all.

use std::ops::Range;

use crate::{
    counter::{by_place, in_words},
    edit::Edit,
    text::{MarkKind, Text},
};

/// A number with its unit; `end` is behind the unit.
struct Link<'a> {
    digits: &'a str,
    start: usize,
    end: usize,
    unit: char,
}

/// The edits of a text that write its numbers in Chinese numerals, of the script that is asked for.
pub(crate) fn numerals(text: &Text, traditional: bool) -> Vec<Edit> {
    let string = text.as_str();
    let mut edits = Vec::new();
    if !string.bytes().any(|b| b.is_ascii_digit()) {
        return edits;
    }
    let open = text.open_ranges();
    let titles = titles(string);
    let mut at = 0;
    while let Some(start) = string[at..].find(|c: char| c.is_ascii_digit()).map(|k| at + k) {
        let chain = chain(string, start);
        at = chain.last().map_or_else(|| start + digits(&string[start..]).len(), |link| link.end);
        let range = start..at;
        let closed = !open.iter().any(|o| o.start <= range.start && range.end <= o.end);
        if chain.is_empty() || closed || titles.iter().any(|t| meet(t, &range)) || is_settled(text, &range) {
            continue;
        }
        if let Some(made) = written(string, &chain, traditional) {
            edits.extend(
                chain
                    .iter()
                    .zip(made)
                    .map(|(link, new)| Edit::sure(link.start..link.start + link.digits.len(), new)),
            );
        }
    }
    edits
}

/// The digits that a string starts with.
fn digits(string: &str) -> &str {
    &string[..string.bytes().take_while(u8::is_ascii_digit).count()]
}

/// Numbers with units that follow each other directly; empty when the last one has no unit.
fn chain(string: &str, start: usize) -> Vec<Link<'_>> {
    let mut links = Vec::new();
    let mut at = start;
    loop {
        let number = digits(&string[at..]);
        if number.is_empty() {
            return links;
        }
        let after = at + number.len();
        match string[after..].chars().next().filter(|c| UNITS.contains(*c)) {
            Some(unit) => {
                let end = after + unit.len_utf8();
                links.push(Link { digits: number, start: at, end, unit });
                at = end;
            }
            None => return Vec::new(),
        }
    }
}

/// What a number may stand before.
const UNITS: &str = "年月日時时分秒歲岁屆届號号期章節节回";

/// Every number of a chain in words; `None` if one of them may be something else.
fn written(string: &str, chain: &[Link], traditional: bool) -> Option<Vec<String>> {
    let mut before = string[..chain.first()?.start].chars().rev();
    let (previous, earlier) = (before.next(), before.next());
    let next = string[chain.last()?.end..].chars().next();
    let free = match previous {
        None | Some('\n') => true,
        // Of `3至5月` and `10、12日` only the last number has its unit.
        Some(c) if RANGES.contains(c) => !earlier.is_some_and(|e| e.is_ascii_digit() || e == '.'),
        Some(c) if DASHES.contains(c) => earlier.is_some_and(is_han),
        Some(c) if NUMERALS.contains(c) => false,
        Some(c) => is_han(c) || "，。；：！？（「『【“‘…\u{3000}".contains(c),
    };
    if !free || next.is_some_and(|c| c.is_ascii_alphanumeric() || "%％.".contains(c)) {
        return None;
    }
    let mut words = Vec::with_capacity(chain.len());
    for (k, link) in chain.iter().enumerate() {
        let ordinal = k == 0 && previous == Some('第');
        let former = k.checked_sub(1).map(|k| chain[k].unit);
        let following = chain.get(k + 1).map_or(next, |l| l.digits.chars().next());
        words.push(one(link, ordinal, former, following, traditional)?);
    }
    Some(words)
}

/// Characters that join the numbers of a range or an enumeration.
const RANGES: &str = "至到或、和與与及";
/// Dashes, which join whole dates (3月–5月) or bare numbers.
const DASHES: &str = "—–-－～~";
/// A number that is partly in words already.
const NUMERALS: &str = "〇零一二三四五六七八九十百千萬万億亿數数幾几";

/// One number in words. `ordinal`: whether 第 stands before it; `former`: the unit before it; `next`: what follows.
fn one(
    link: &Link,
    ordinal: bool,
    former: Option<char>,
    next: Option<char>,
    traditional: bool,
) -> Option<String> {
    let number: u64 = link.digits.parse().ok().filter(|_| link.digits.len() <= 4)?;
    let padded = link.digits.len() > 1 && link.digits.starts_with('0');
    let followed = |by: &str| next.is_some_and(|c| by.contains(c));
    let words = || in_words(number, traditional);
    let within = |range: std::ops::RangeInclusive<u64>| range.contains(&number).then(words);
    match link.unit {
        '年' => {
            // A round number may be a count of years, unless a month follows.
            let date = !number.is_multiple_of(100) || next.is_some_and(|c| c.is_ascii_digit());
            ((1000..3000).contains(&number) && !padded && date && !ordinal).then(|| by_place(number))
        }
        '月' => within(1..=12),
        '日' if followed("本圓圆元幣币語语文式") => None,
        '日' => within(1..=31),
        '時' | '时' if followed("速代空期區区") => None,
        '時' | '时' => within(0..=24).filter(|_| !padded || number > 0),
        '分' if followed("之米貝贝") => None,
        // 10時05分 is read with its zero.
        '分' | '秒' if padded => {
            (former.is_some() && number > 0 && link.digits.len() == 2).then(|| format!("零{}", words()))
        }
        '分' | '秒' => within(0..=99),
        '歲' | '岁' if !padded => within(0..=150),
        '號' | '号' if former == Some('月') => within(1..=31),
        '屆' | '届' | '號' | '号' | '期' | '章' | '節' | '节' | '回' if ordinal && !padded => {
            within(1..=999)
        }
        _ => None,
    }
}

/// The stretches between 《 and 》 or 〈 and 〉: titles of works stay as they are printed.
fn titles(string: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut opened = Vec::new();
    for (at, c) in string.char_indices() {
        match c {
            '《' | '〈' => opened.push(at),
            '》' | '〉' => out.extend(opened.pop().filter(|_| opened.is_empty()).map(|from| from..at)),
            _ => {}
        }
    }
    out
}

/// Whether a range touches a name, a title, a reading, a raised number, or what the writer combined in one cell.
fn is_settled(text: &Text, range: &Range<usize>) -> bool {
    let settles = |kind: &MarkKind| {
        matches!(
            kind,
            MarkKind::Name
                | MarkKind::Title
                | MarkKind::Ruby(_)
                | MarkKind::Combine
                | MarkKind::Superscript
                | MarkKind::Subscript
        )
    };
    text.marks().iter().any(|m| settles(&m.kind) && meet(&m.range, range))
}

fn meet(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn han(string: &str, traditional: bool) -> String {
        let mut text = Text::verbatim(string, SourceId(0), 0);
        let edits = numerals(&text, traditional);
        text.apply("vertical-numerals", edits, |_| true);
        text.as_str().to_owned()
    }

    #[test]
    fn dates_times_ages_and_ordinals() {
        for (before, after) in [
            ("2026年", "二〇二六年"),
            ("1976年3月26日，", "一九七六年三月二十六日，"),
            ("到2000年1月為止", "到二〇〇〇年一月為止"),
            ("12日", "十二日"),
            ("3月", "三月"),
            ("2026年03月05日", "二〇二六年三月五日"),
            ("上午10時30分開會", "上午十時三十分開會"),
            ("10時05分", "十時零五分"),
            ("0時", "零時"),
            ("享年80歲", "享年八十歲"),
            ("105歲", "一百零五歲"),
            ("第12屆", "第十二屆"),
            ("第120回", "第一百二十回"),
            ("第3章第5節", "第三章第五節"),
            ("12月5號", "十二月五號"),
            ("1041年至1048年", "一〇四一年至一〇四八年"),
            ("3月–5月", "三月–五月"),
            ("（5月）", "（五月）"),
        ] {
            assert_eq!(han(before, true), after);
        }
        assert_eq!(han("2026年3月5日8时，第12届，20岁", false), "二〇二六年三月五日八时，第十二届，二十岁");
    }

    #[test]
    fn what_may_be_something_else_stays() {
        for stays in [
            "3.5秒",
            "1,200年",
            "5%的12人",
            "3個月",
            "做了30年",
            "98年3月",
            "2000年的歷史",
            "3000年",
            "13月",
            "32日",
            "25時",
            "3分之1",
            "100日圓",
            "10日元",
            "5時代",
            "3至5月",
            "10、12日",
            "A3月",
            "v2026年",
            "3月B",
            "12月25",
            "5號房",
            "第0回",
            "第007號",
            "3期",
            "一百20日",
            "《2001年太空漫遊》",
            "2026-03-12",
            "12024年",
            "２０２６年",
        ] {
            assert_eq!(han(stays, true), stays);
        }
    }

    #[test]
    fn names_code_and_marked_numbers_stay() {
        for kind in [
            MarkKind::Code,
            MarkKind::Url,
            MarkKind::Protected,
            MarkKind::Name,
            MarkKind::Title,
            MarkKind::Combine,
            MarkKind::Ruby("sān".into()),
        ] {
            let mut text = Text::verbatim("於3月", SourceId(0), 0);
            text.mark(3..7, kind.clone());
            assert_eq!(numerals(&text, true), [], "{kind:?}");
            let mut text = Text::verbatim("於3月與5月", SourceId(0), 0);
            text.mark(3..7, kind);
            assert_eq!(numerals(&text, true).len(), 1);
        }
    }

    #[test]
    fn a_change_can_be_taken_back() {
        let mut text = Text::verbatim("生於1976年3月26日。", SourceId(0), 0);
        let edits = numerals(&text, true);
        for change in text.apply("vertical-numerals", edits, |_| true) {
            assert_eq!(change.before, "生於1976年3月26日。"[change.span.range()]);
        }
    }
}
