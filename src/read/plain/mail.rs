//! The head of a mail before a manuscript: its subject, sender and date are metadata, and none of it is text.

use std::ops::Range;

use crate::{
    document::Document,
    read::front,
    report::{Diagnostic, Report, Severity},
    source::{Source, Span},
    text::Text,
};

/// Names of the fields, in lower case.
const FIELDS: &[(&str, &[&str])] = &[
    ("subject", &["subject", "主旨", "主題", "主题", "標題", "标题"]),
    ("from", &["from", "寄件者", "寄件人", "發件人", "发件人"]),
    (
        "date",
        &["date", "sent", "日期", "傳送日期", "發送日期", "发送时间", "發送時間", "寄件日期", "时间", "時間"],
    ),
    ("to", &["to", "收件者", "收件人"]),
    (
        "other",
        &[
            "cc",
            "bcc",
            "reply-to",
            "副本",
            "密件副本",
            "抄送",
            "密送",
            "回覆",
            "message-id",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "x-mailer",
            "importance",
            "重要性",
            "附件",
            "attachments",
        ],
    ),
];

/// Words before a subject that say how the mail came.
const PREFIXES: &[&str] =
    &["re", "fw", "fwd", "回覆", "回复", "答复", "答覆", "轉寄", "轉發", "转发", "轉寄郵件"];

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads the head of a mail that starts at `body`; gives back where the text begins.
pub(super) fn read(source: &Source, body: usize, document: &mut Document, report: &mut Report) -> usize {
    let text = &*source.text;
    let mut fields: Vec<(&str, Range<usize>)> = Vec::new();
    let (mut at, mut start, mut end) = (body, body, body);
    for line in text[body..].split_inclusive('\n') {
        let content = line.trim_end();
        let range = at..at + content.len();
        at += line.len();
        if content.is_empty() || (fields.is_empty() && forwarded(content)) {
            if fields.is_empty() {
                start = at;
                continue;
            }
            break;
        }
        if let Some((name, offset)) = field(content) {
            fields.push((name, range.start + offset..range.end));
        } else if line.starts_with([' ', '\t']) && !fields.is_empty() {
            // A long field goes on in lines that are indented.
            fields.last_mut().expect("not empty").1.end = range.end;
        } else {
            break;
        }
        end = at;
    }
    let has = |name: &str| fields.iter().any(|(field, _)| *field == name);
    let is_head =
        (has("from") && (has("to") || has("subject") || has("date"))) || (has("subject") && has("to"));
    if !is_head {
        return body;
    }
    let mut left = Vec::new();
    for (name, range) in fields {
        let value = &text[range.clone()];
        let words = |range: Range<usize>| Text::verbatim(&text[range.clone()], source.id, range.start);
        let meta = &mut document.meta;
        let taken = match name {
            "subject" => {
                let range = bare(text, range);
                let known = !range.is_empty() && !text[range.clone()].contains("=?");
                if known && meta.title.is_none() {
                    meta.title = Some(words(range));
                }
                known
            }
            "from" => match sender(text, range) {
                Some(range) => {
                    if meta.authors.is_empty() {
                        meta.authors.push(words(range));
                    }
                    true
                }
                None => false,
            },
            "date" => match date(value) {
                Some(date) => {
                    meta.date.get_or_insert(date);
                    true
                }
                None => false,
            },
            _ => false,
        };
        if !taken {
            left.push(value.split('\n').next().unwrap_or_default().trim().to_owned());
        }
    }
    let mut message = "the head of a mail is no text: subject, sender and date are metadata".to_owned();
    if !left.is_empty() {
        message.push_str(&format!("; left out: {}", left.join(", ")));
    }
    let span = Span::new(source.id, start..end);
    report
        .push(Diagnostic::new("mail-head", Severity::Note, span, message).hint("override it with `--meta`"));
    end
}

/// The field that a line is, and where its value begins.
fn field(line: &str) -> Option<(&'static str, usize)> {
    let (label, rest) = line.split_once([':', '：'])?;
    let name = label.trim_matches(['*', ' ', '\u{3000}']).to_lowercase();
    let known = FIELDS.iter().find(|(_, names)| names.contains(&name.as_str()))?.0;
    Some((known, line.len() - rest.trim_start().len()))
}

/// `---------- Forwarded message ---------` and the like.
fn forwarded(line: &str) -> bool {
    let words = line.trim_matches(['-', ' ', '_']).to_lowercase();
    let known = [
        "forwarded message",
        "original message",
        "轉寄的郵件",
        "轉寄郵件",
        "原始郵件",
        "原始邮件",
        "转发邮件",
    ];
    line.starts_with("--") && known.iter().any(|k| words.contains(k))
}

/// A subject without `Re:`, `Fwd:`, `回覆：` before it.
fn bare(text: &str, range: Range<usize>) -> Range<usize> {
    let mut range = range;
    while let Some((label, rest)) = text[range.clone()].split_once([':', '：']) {
        if !PREFIXES.contains(&label.trim().to_lowercase().as_str()) {
            break;
        }
        range.start = range.end - rest.trim_start().len();
    }
    range
}

/// The name of a sender, without the address.
fn sender(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let value = &text[range.clone()];
    let name = value.split(['<', '[', '(']).next().unwrap_or_default();
    let trimmed = name.trim_matches(['"', '\'', ' ', '\t', '“', '”']);
    if trimmed.is_empty() || trimmed.contains('@') || trimmed.contains("=?") {
        return None;
    }
    let start = range.start + name.find(trimmed)?;
    Some(start..start + trimmed.len())
}

/// An ISO date of the date of a mail: `Mon, 23 Nov 2026 09:12:00 +0800`, or a date as Chinese text writes it.
fn date(value: &str) -> Option<String> {
    if let Some((date, _)) = front::leading_date(value.trim()) {
        return Some(date);
    }
    let words: Vec<String> =
        (value.split([' ', ',', '\t']).filter(|w| !w.is_empty()).map(str::to_lowercase)).collect();
    let month = |word: &str| MONTHS.iter().position(|month| word.starts_with(month)).map(|m| m + 1);
    let number = |word: &String| word.parse::<u32>().ok();
    words.windows(3).find_map(|three| {
        let (day, name, year) = match (number(&three[0]), number(&three[1])) {
            (Some(day), None) => (day, &three[1], number(&three[2])?),
            (None, Some(day)) => (day, &three[0], number(&three[2])?),
            _ => return None,
        };
        let month = month(name)?;
        ((1..=31).contains(&day) && (1900..=2999).contains(&year))
            .then(|| format!("{year}-{month:02}-{day:02}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_mails() {
        for (value, expected) in [
            ("Mon, 23 Nov 2026 09:12:00 +0800", Some("2026-11-23")),
            ("Monday, November 23, 2026 9:12 AM", Some("2026-11-23")),
            ("2026年11月23日 週一 09:12", Some("2026-11-23")),
            ("yesterday", None),
        ] {
            assert_eq!(date(value).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn subjects_without_the_way_they_came() {
        for (value, expected) in
            [("Re: Fwd: 稿件", "稿件"), ("回覆：轉寄：稿件", "稿件"), ("稿件：第二版", "稿件：第二版")]
        {
            assert_eq!(&value[bare(value, 0..value.len())], expected);
        }
    }
}
