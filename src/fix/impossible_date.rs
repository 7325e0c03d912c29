//! Rule `impossible-date`: days that no calendar has, and days of the week that do not fit their date.

use std::ops::{Range, RangeInclusive};

use crate::{
    edit::{Confidence, Edit},
    normalize::class::View,
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// A date or time that cannot be.
pub const IMPOSSIBLE_DATE: Rule = Rule {
    name: "impossible-date",
    stage: Stage::Fix,
    summary: "a date or time cannot be, or its day of the week is another",
    doc: Doc {
        finds: "Days that their month does not have (2月30日), months after the twelfth, hours after the 24th and minutes after the 59th of a time of day, and days of the week that do not fit a full date, of the Gregorian calendar or of the Republic (民國), in digits and in Han numerals.",
        why: "Readers come on the wrong day.",
        examples: &[("2025年9月1日（星期二）", "2025年9月1日（星期一）")],
        unsure: "Whether the date or the day of the week is wrong only the writer knows: the finding is never applied. Dates of the lunar calendar, of years before 1912 and of Japanese eras are left alone, and days in Han numerals without a year, for they may be lunar.",
    },
    check: Check::Text(TRIGGERS, |_, text| edits(text)),
};

const TRIGGERS: &[RangeInclusive<char>] =
    &['日'..='日', '號'..='號', '号'..='号', '時'..='時', '时'..='时', '月'..='月'];

const WEEK: [char; 7] = ['日', '一', '二', '三', '四', '五', '六'];

/// A number as it is written: where it stands, its value, and whether in Han numerals.
struct Number {
    range: Range<usize>,
    value: u32,
    han: bool,
}

fn edits(text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    let mut found = Vec::new();
    for at in 0..view.len() {
        match view.get(at) {
            Some('月') => found.extend(day(&view, at)),
            Some('時' | '时') => found.extend(hour(&view, at)),
            _ => {}
        }
    }
    let own = |range: &Range<usize>| text.as_str()[range.clone()].to_owned();
    found
        .into_iter()
        .map(|(range, right, message)| {
            let range = view.bytes(range);
            let edit = match right {
                Some(right) => Edit::new(range, right, Confidence::Doubtful),
                None => Edit::remark(range.clone(), own(&range)),
            };
            edit.because(message)
        })
        .collect()
}

/// A finding: characters, what they should be if that is known, why.
type Finding = (Range<usize>, Option<String>, String);

/// The date around the 月 at `at`.
fn day(view: &View, at: usize) -> Option<Finding> {
    let month = number_before(view, at)?;
    let day = number_after(view, at + 1)?;
    let end = day.range.end;
    if !matches!(view.get(end), Some('日' | '號' | '号')) {
        return None;
    }
    let year = (view.before(month.range.start) == Some('年')).then(|| year(view, month.range.start - 1));
    // A year that is there but not understood: an era, a reign, a range.
    let year = match year {
        Some(None) => return None,
        Some(year) => year,
        None => None,
    };
    let start = year.as_ref().map_or(month.range.start, |year| year.range.start);
    if is_other_calendar(view, start)
        || is_part_of_more(view, start)
        || (year.is_none() && (month.han || day.han))
    {
        return None;
    }
    if year.as_ref().is_some_and(|year| year.value < 1912) {
        return None;
    }
    let range = start..end + 1;
    if month.value == 0 || month.value > 12 {
        let message = format!("there is no month {}", month.value);
        return year.is_some().then_some((range, None, message));
    }
    let days = days(year.as_ref().map(|year| year.value), month.value);
    if day.value == 0 || day.value > days {
        let message = match &year {
            Some(year) => format!("month {} of {} has {days} days", month.value, year.value),
            None => format!("month {} has {days} days at most", month.value),
        };
        return Some((range, None, message));
    }
    let (place, said) = weekday_after(view, end + 1)?;
    let right = weekday(year?.value, month.value, day.value);
    let wrong = said != right;
    wrong.then(|| {
        let name = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"][right];
        (place..place + 1, Some(WEEK[right].to_string()), format!("that day is a {name}"))
    })
}

/// The year whose 年 stands at `at`, in the Gregorian calendar.
fn year(view: &View, at: usize) -> Option<Number> {
    let mut year = number_before(view, at)?;
    let mut before = year.range.start;
    if view.before(before).is_some_and(char::is_whitespace) {
        before -= 1;
    }
    let era = |first: char, second: char| {
        before >= 2 && view.get(before - 2) == Some(first) && view.get(before - 1) == Some(second)
    };
    if era('民', '國') || era('民', '国') {
        year.value += 1911;
        year.range.start = before - 2;
        return Some(year);
    }
    (1583..=2999).contains(&year.value).then_some(year)
}

/// Whether the words before a date say that it is counted otherwise.
fn is_other_calendar(view: &View, start: usize) -> bool {
    let before: String = (start.saturating_sub(8)..start).filter_map(|i| view.get(i)).collect();
    [
        "農曆", "农历", "陰曆", "阴历", "舊曆", "旧历", "夏曆", "夏历", "藏曆", "藏历", "閏", "闰", "回曆",
        "回历", "傣", "佛曆", "佛历", "古曆", "古历", "令和", "平成", "昭和", "大正", "明治",
    ]
    .iter()
    .any(|word| before.contains(word))
}

/// Whether the number at `start` goes on to the left: a range, a version, a count.
fn is_part_of_more(view: &View, start: usize) -> bool {
    view.before(start).is_some_and(|c| {
        c.is_alphanumeric() && c.is_ascii()
            || matches!(c, '.' | '-' | '/' | ':' | '~' | '–' | '—' | '～' | '第' | '年' | '每' | '個' | '个')
    })
}

/// The days of a month; of a year that is not known, as many as it can have.
fn days(year: Option<u32>, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_none_or(|y| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The day of the week, from 0 for Sunday (Zeller's congruence).
fn weekday(year: u32, month: u32, day: u32) -> usize {
    let (year, month) = if month < 3 { (year - 1, month + 12) } else { (year, month) };
    let sum = day + 13 * (month + 1) / 5 + year + year / 4 - year / 100 + year / 400;
    ((sum + 6) % 7) as usize
}

/// The day of the week that is said right after a date: where its character stands, and which it is.
fn weekday_after(view: &View, mut at: usize) -> Option<(usize, usize)> {
    while view
        .get(at)
        .is_some_and(|c| c.is_whitespace() || matches!(c, '（' | '(' | '，' | ',' | '、' | '〔'))
    {
        at += 1;
    }
    let word = match (view.get(at)?, view.get(at + 1)?) {
        ('星', '期') | ('禮' | '礼', '拜') => 2,
        ('週' | '周', _) => 1,
        _ => return None,
    };
    let said = match view.get(at + word)? {
        '天' => 0,
        c => WEEK.iter().position(|day| *day == c)?,
    };
    // 星期一二三, 周一至周五, 周日報: more than one day, or another word.
    let next = view.get(at + word + 1);
    let alone = !next.is_some_and(|c| WEEK.contains(&c) || "至到或和與与及、報报刊".contains(c));
    alone.then_some((at + word, said))
}

/// The time of day around the 時 at `at`: only where words before it say that it is one.
fn hour(view: &View, at: usize) -> Option<Finding> {
    let hour = number_before(view, at)?;
    let before: String =
        (hour.range.start.saturating_sub(2)..hour.range.start).filter_map(|i| view.get(i)).collect();
    let parts = ["上午", "下午", "中午", "凌晨", "清晨", "早上", "晚上", "傍晚", "午夜", "深夜"];
    let is_time = parts.contains(&before.as_str()) || before.ends_with(['日', '號', '号', '晚', '早']);
    if !is_time || hour.han {
        return None;
    }
    if hour.value > 24 {
        return Some((hour.range.start..at + 1, None, format!("a day has no hour {}", hour.value)));
    }
    let minute = number_after(view, at + 1).filter(|minute| view.get(minute.range.end) == Some('分'))?;
    let message = format!("an hour has no minute {}", minute.value);
    (minute.value > 59).then_some((minute.range.start..minute.range.end + 1, None, message))
}

/// The number that ends before `end`, a space aside.
fn number_before(view: &View, end: usize) -> Option<Number> {
    let end = if view.before(end) == Some(' ') { end - 1 } else { end };
    let mut start = end;
    while view.before(start).is_some_and(|c| digit(c).is_some()) {
        start -= 1;
    }
    number(view, start..end)
}

/// The number that starts at `start`, a space aside.
fn number_after(view: &View, start: usize) -> Option<Number> {
    let start = if view.get(start) == Some(' ') { start + 1 } else { start };
    let mut end = start;
    while view.get(end).is_some_and(|c| digit(c).is_some()) {
        end += 1;
    }
    number(view, start..end)
}

/// The value of a digit or Han numeral; 10 for 十, 20 for 廿, 30 for 卅.
fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        '０'..='９' => Some(c as u32 - '０' as u32),
        '〇' | '○' | '零' => Some(0),
        '十' => Some(10),
        '廿' => Some(20),
        '卅' => Some(30),
        _ => "一二三四五六七八九".chars().position(|d| d == c).map(|i| i as u32 + 1),
    }
}

/// The value of a number of up to four places, digit by digit (二〇二五) or in words (三十一).
fn number(view: &View, range: Range<usize>) -> Option<Number> {
    let chars: Vec<char> = range.clone().filter_map(|i| view.get(i)).collect();
    let digits: Vec<u32> = chars.iter().filter_map(|c| digit(*c)).collect();
    if digits.is_empty() || digits.len() > 4 {
        return None;
    }
    let in_words = digits.iter().any(|d| *d >= 10);
    let value = if in_words {
        match digits[..] {
            [tens @ (10 | 20 | 30)] => tens,
            [tens @ (10 | 20 | 30), ones] if ones < 10 => tens + ones,
            [tens, 10] if tens < 10 => tens * 10,
            [tens, 10, ones] if tens < 10 && ones < 10 => tens * 10 + ones,
            _ => return None,
        }
    } else {
        digits.iter().fold(0, |value, d| value * 10 + d)
    };
    let han = !chars.iter().any(|c| c.is_ascii_digit() || matches!(c, '０'..='９'));
    Some(Number { range, value, han })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    /// What is found, as `where→what, why`.
    fn found(string: &str) -> Vec<String> {
        let text = Text::verbatim(string, SourceId(0), 0);
        let show = |e: Edit| format!("{}→{} {}", &string[e.range.clone()], e.new, e.message);
        edits(&text).into_iter().map(show).collect()
    }

    #[test]
    fn what_cannot_be_is_found() {
        for (string, expected) in [
            ("2月30日出發", "2月30日→2月30日 month 2 has 29 days at most"),
            ("2025年2月29日", "2025年2月29日→2025年2月29日 month 2 of 2025 has 28 days"),
            ("二〇二五年十三月一日", "二〇二五年十三月一日→二〇二五年十三月一日 there is no month 13"),
            ("民國114年4月31日", "民國114年4月31日→民國114年4月31日 month 4 of 2025 has 30 days"),
            ("2025年9月1日（星期二）", "二→一 that day is a Monday"),
            ("2025年9月1日，周日举行", "日→一 that day is a Monday"),
            ("民國一百一十四年", ""),
            ("民國114年9月1日禮拜三", "三→一 that day is a Monday"),
            ("９月31日", "９月31日→９月31日 month 9 has 30 days at most"),
            ("二〇二四年二月二十九日星期五", "五→四 that day is a Thursday"),
            ("5月1日25時", "25時→25時 a day has no hour 25"),
            ("上午8时75分", "75分→75分 an hour has no minute 75"),
        ] {
            let expected: Vec<&str> = Some(expected).filter(|e| !e.is_empty()).into_iter().collect();
            assert_eq!(found(string), expected, "{string}");
        }
    }

    #[test]
    fn dates_that_can_be_stay() {
        for string in [
            "2024年2月29日",
            "2025年9月1日（星期一）",
            "2025年9月1日周一至周五",
            "2025年9月2日周日報",
            "農曆二月三十日",
            "农历2025年2月30日",
            "二月三十日",
            "令和7年2月30日",
            "1644年2月30日",
            "第13月31日",
            "1-2月31日",
            "24時",
            "下午15時30分",
            "共25時",
            "3時75秒",
            "25小時",
            "12月31日星期五",
        ] {
            assert_eq!(found(string), Vec::<String>::new(), "{string}");
        }
    }

    #[test]
    fn weekdays_are_right() {
        for (year, month, day, expected) in [
            (2000, 1, 1, 6),
            (2025, 9, 1, 1),
            (1912, 1, 1, 1),
            (2024, 2, 29, 4),
            (1949, 10, 1, 6),
            (2100, 3, 1, 1),
        ] {
            assert_eq!(weekday(year, month, day), expected, "{year}-{month}-{day}");
        }
    }
}
