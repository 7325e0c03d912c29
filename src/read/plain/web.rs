//! What a page on the web has around an article, where it was copied with the text: the way to the page, the line of
//! date, source and author, the buttons.

use std::ops::Range;

use crate::{
    read::front,
    report::{Diagnostic, Report, Severity},
    source::SourceId,
    text::Text,
};

/// The longest name of a section, and the longest line of buttons, characters.
const LONGEST_NAME: usize = 12;
const LONGEST_BUTTONS: usize = 40;

/// Words that begin a line of buttons.
const BUTTONS: &[&str] = &[
    "分享到",
    "分享至",
    "分享:",
    "分享：",
    "字號",
    "字号",
    "字體:",
    "字体:",
    "字體：",
    "字体：",
    "列印",
    "打印本頁",
    "打印本页",
    "收藏本文",
    "掃一掃",
    "扫一扫",
    "用微信",
    "微信掃碼",
    "微信扫码",
    "瀏覽次數",
    "浏览次数",
    "點擊數",
    "点击数",
    "點擊上方",
    "点击上方",
    "點擊藍字",
    "点击蓝字",
];

/// Names of the one who wrote the article, besides those of any manuscript.
const WRITERS: &[&str] = &["記者", "记者", "撰文", "編譯", "编译"];

/// Whether a line is the way from the front page of a site to an article: `首頁 > 新聞 > 國際`.
pub(super) fn is_trail(line: &str) -> bool {
    let line = line.trim();
    [" > ", " » ", " › ", "＞", " >> "].into_iter().any(|sign| {
        let names: Vec<&str> = line.split(sign).map(str::trim).collect();
        names.len() >= 3 && names.iter().all(|name| (1..=LONGEST_NAME).contains(&name.chars().count()))
    })
}

/// Whether a line is made of buttons and counters.
pub(super) fn is_furniture(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() <= LONGEST_BUTTONS
        && !line.contains('。')
        && BUTTONS.iter().any(|words| line.starts_with(words))
}

/// Says that a line is not in the editions.
pub(super) fn leave_out(text: &Text, report: &mut Report) {
    let string = text.as_str();
    let message = format!("`{}` belongs to a page on the web, and was left out", string.trim());
    let span = text.span(0..string.len());
    let finding = Diagnostic::new("boilerplate", Severity::Note, span, message);
    report.push(finding.hint("put it behind the first paragraph to keep it"));
}

/// Date, source and author that stand on one line: `2025-09-01 10:23　來源：環球時報　作者：李拉`. Nothing if
/// any part of the line is something else, or there is only one.
pub(super) fn fields(text: &Text) -> Option<Vec<(&'static str, Text)>> {
    let string = text.as_str();
    let parts = parts(string);
    let mut out = Vec::new();
    let mut clock = false;
    for range in &parts {
        let part = &string[range.clone()];
        let date = front::leading_date(part);
        if let Some((_, rest)) = date.filter(|(_, rest)| rest.trim().is_empty() || is_time(rest.trim())) {
            clock |= !rest.trim().is_empty();
            out.push(("date", text.slice(range.start..range.end - rest.len())));
        } else if is_time(part) {
            clock = true;
        } else {
            let (label, value) = part.split_once(['：', ':'])?;
            let label = label.trim();
            let key = super::key(label).or(WRITERS.contains(&label).then_some("author"))?;
            let value = value.trim();
            if !matches!(key, "author" | "source" | "date") || value.is_empty() {
                return None;
            }
            let end = range.end - (part.len() - part.trim_end().len());
            out.push((key, text.slice(end - value.len()..end)));
        }
    }
    (out.len() >= 2 || (out.len() == 1 && clock)).then_some(out)
}

/// Whether a line is such fields.
pub(super) fn is_fields(line: &str) -> bool {
    let gap = line.contains("  ") || line.contains(['\u{3000}', '\t', '|', '｜']);
    gap && line.len() <= 300 && fields(&Text::verbatim(line, SourceId(0), 0)).is_some()
}

/// The parts of a line between wide gaps and strokes.
fn parts(line: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let push = |range: Range<usize>, out: &mut Vec<Range<usize>>| {
        let words = &line[range.clone()];
        let lead = words.len() - words.trim_start().len();
        if !words.trim().is_empty() {
            out.push(range.start + lead..range.start + lead + words.trim().len());
        }
    };
    while at < line.len() {
        let rest = &line[at..];
        let gap = ["  ", "\u{3000}", "\t", "|", "｜"].into_iter().find(|gap| rest.starts_with(gap));
        if let Some(gap) = gap {
            push(start..at, &mut out);
            at += gap.len();
            start = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    push(start..line.len(), &mut out);
    out
}

/// `10:23` or `10:23:05`.
fn is_time(part: &str) -> bool {
    let numbers: Vec<&str> = part.split([':', '：']).collect();
    (2..=3).contains(&numbers.len())
        && numbers.iter().all(|n| (1..=2).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_page_and_its_buttons_are_no_text() {
        for (line, trail, furniture) in [
            ("首頁 > 新聞 > 國際", true, false),
            ("首頁 » 文化", false, false),
            ("甲 > 乙 > 丙的長度超過了一個欄目名稱應有的字數", false, false),
            ("分享到: 微信 微博 QQ", false, true),
            ("字號：大 中 小", false, true),
            ("點擊上方藍字關注我們👆", false, true),
            ("分享到的經驗很寶貴。", false, false),
            ("上海精神的當代價值", false, false),
        ] {
            assert_eq!((is_trail(line), is_furniture(line)), (trail, furniture), "{line}");
        }
    }

    #[test]
    fn a_line_of_fields_is_all_fields() {
        let found = |line: &str| {
            let text = Text::verbatim(line, SourceId(0), 0);
            let fields = fields(&text)?;
            Some(
                fields
                    .iter()
                    .map(|(key, value)| format!("{key}={}", value.as_str()))
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        };
        for (line, expected) in [
            (
                "2025-09-01 10:23    來源:環球時報    作者:李拉",
                Some("date=2025-09-01 source=環球時報 author=李拉"),
            ),
            ("記者：張三｜2025年9月1日", Some("author=張三 date=2025年9月1日")),
            ("2025-09-01 10:23", Some("date=2025-09-01")),
            ("2025-09-01", None),
            ("來源：環球時報", None),
            ("2025-09-01  會議在北京舉行", None),
        ] {
            assert_eq!(found(line).as_deref(), expected, "{line}");
        }
    }
}
