//! Front matter: the YAML between two `---` lines at the head of a manuscript.

use saphyr::{LoadableYamlNode, MarkedYaml, YamlData};

use crate::{
    document::{IndexKind, Metadata, NotePlace},
    report::{Diagnostic, Report, Severity},
    source::{Source, Span},
    text::Text,
};

/// Keys of front matter and of `--meta`, with their other names.
const KEYS: &[(&str, &[&str])] = &[
    ("title", &["標題", "标题", "題目", "题目", "書名", "书名", "篇名"]),
    ("subtitle", &["副題", "副标题", "副標題"]),
    ("author", &["authors", "creator", "作者"]),
    ("date", &["日期"]),
    ("language", &["lang", "語言", "语言"]),
    ("source", &["來源", "来源"]),
    ("rights", &["license", "licence", "版權", "版权"]),
    ("publisher", &["出版"]),
    ("description", &["abstract", "summary", "摘要", "提要", "簡介", "简介", "內容簡介", "内容简介"]),
    ("identifier", &["isbn", "id"]),
    ("series", &["collection", "叢書", "丛书"]),
    ("series-index", &["series_index", "volume", "冊", "册"]),
    ("cover", &["cover-image", "封面"]),
    ("kind", &["類型", "类型"]),
    ("notes", &["註釋", "注释", "附註", "附注"]),
    ("index", &["索引"]),
];

/// The name of a key, whichever way it is written.
pub fn key(name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase();
    KEYS.iter().find(|(key, others)| *key == name || others.contains(&name.as_str())).map(|(key, _)| *key)
}

/// The names of all keys.
pub fn keys() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|(key, _)| *key)
}

/// Reads the front matter of a source; gives back where the body starts.
pub fn read(source: &Source, meta: &mut Metadata, report: &mut Report) -> usize {
    let text = &*source.text;
    let Some(after) = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n")) else { return 0 };
    let start = text.len() - after.len();
    let mut at = start;
    let mut end = None;
    for line in after.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            end = Some((at, at + line.len()));
            break;
        }
        at += line.len();
    }
    let Some((stop, body)) = end else { return 0 };
    let wrong = |report: &mut Report, span: Span, message: String| {
        report.push(Diagnostic::new("front-matter", Severity::Warning, span, message));
    };
    let whole = Span::new(source.id, start..stop);
    let nodes = match MarkedYaml::load_from_str(&text[start..stop]) {
        Ok(nodes) => nodes,
        Err(error) => {
            wrong(report, whole, format!("front matter cannot be read: {error}"));
            return body;
        }
    };
    let map = match nodes.first() {
        Some(MarkedYaml { data: YamlData::Mapping(map), .. }) => map,
        // Words between two rules are no front matter: they belong to the text.
        Some(node) if scalar(node).is_some() || matches!(node.data, YamlData::Sequence(_)) => return 0,
        _ => return body,
    };
    for (name, value) in map {
        let Some(label) = scalar(name) else { continue };
        let place = find(text, start..stop, &label).map_or(whole, |r| Span::new(source.id, r));
        let Some(key) = key(&label) else {
            wrong(report, place, format!("unknown key `{label}` in the front matter"));
            continue;
        };
        let values: Vec<String> = match &value.data {
            YamlData::Sequence(items) => items.iter().filter_map(scalar).collect(),
            _ => scalar(value).into_iter().collect(),
        };
        if values.is_empty() {
            wrong(report, place, format!("`{label}` has no text"));
        }
        let from = place.end as usize;
        if key == "author" {
            meta.authors.clear();
        }
        for value in values {
            if key == "kind" && !is_letter(&value) {
                wrong(report, place, format!("unknown kind `{value}`; known is `letter`"));
            }
            if key == "notes" && NotePlace::parse(&value).is_none() {
                wrong(
                    report,
                    place,
                    format!("unknown place of notes `{value}`; known are `foot`, `chapter`, `end`"),
                );
            }
            if key == "index"
                && let Some(word) = index_words(&value).find(|word| IndexKind::parse(word).is_none())
            {
                wrong(report, place, format!("unknown index `{word}`; known are `names`, `titles`, `terms`"));
            }
            let text = match find(text, from..stop, &value) {
                Some(range) => Text::verbatim(value, source.id, range.start),
                None => Text::made(value, place),
            };
            set(meta, key, text);
        }
    }
    body
}

/// Whether a value of `kind` says that the manuscript is a letter.
pub fn is_letter(kind: &str) -> bool {
    matches!(kind.trim().to_lowercase().as_str(), "letter" | "書信" | "书信" | "信")
}

/// The words of a value of `index`; `none` is no index.
pub fn index_words(value: &str) -> impl Iterator<Item = &str> {
    value.split([',', '，', '、', ' ']).filter(|word| !word.is_empty() && *word != "none")
}

/// Sets a key of the metadata; authors and indexes are added.
pub fn set(meta: &mut Metadata, key: &str, text: Text) {
    let string = text.as_str().trim().to_owned();
    match key {
        "title" => meta.title = Some(text),
        "subtitle" => meta.subtitle = Some(text),
        "author" => meta.authors.push(text),
        "date" => meta.date = Some(iso_date(&string).unwrap_or(string)),
        "language" => meta.language = Some(string),
        "source" => meta.source = Some(text),
        "rights" => meta.rights = Some(text),
        "publisher" => meta.publisher = Some(text),
        "description" => meta.description = Some(text),
        "identifier" => meta.identifier = Some(string),
        "series" => meta.series = Some(text),
        "series-index" => meta.series_index = Some(string),
        "cover" => meta.cover = Some(string).filter(|path| !path.is_empty()),
        "kind" => meta.kind = Some(string),
        "notes" => meta.notes = NotePlace::parse(&string),
        "index" => {
            for kind in index_words(&string).filter_map(IndexKind::parse) {
                if !meta.index.contains(&kind) {
                    meta.index.push(kind);
                }
            }
        }
        _ => {}
    }
}

/// An ISO date of a Chinese or numeric date that exists: `2025年9月1日`, `2025/9/1`, `2025-09-01`.
pub fn iso_date(string: &str) -> Option<String> {
    let (date, rest) = leading_date(string.trim())?;
    rest.trim().is_empty().then_some(date)
}

/// The ISO date that a string starts with, and what follows it.
pub fn leading_date(string: &str) -> Option<(String, &str)> {
    let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
    let take = |s: &'_ str, most: usize| -> Option<(u32, usize)> {
        let n = digits(s);
        (1..=most).contains(&n).then(|| s[..n].parse().ok()).flatten().map(|v| (v, n))
    };
    let (year, n) = take(string, 4).filter(|&(y, n)| n == 4 && (1000..=2999).contains(&y))?;
    let rest = &string[n..];
    let separator = ["-", "/", ".", "年"].into_iter().find(|s| rest.starts_with(s))?;
    let rest = &rest[separator.len()..];
    let (month, n) = take(rest, 2).filter(|m| (1..=12).contains(&m.0))?;
    let rest = &rest[n..];
    let rest = rest.strip_prefix(if separator == "年" { "月" } else { separator })?;
    let (day, n) = take(rest, 2).filter(|d| (1..=31).contains(&d.0))?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let mut rest = &rest[n..];
    if separator == "年" {
        rest = rest.strip_prefix('日')?;
    }
    (day <= longest).then(|| (format!("{year:04}-{month:02}-{day:02}"), rest))
}

fn scalar(node: &MarkedYaml) -> Option<String> {
    match &node.data {
        YamlData::Representation(text, ..) => Some(text.to_string()),
        YamlData::Value(value) => match value {
            saphyr::Scalar::Null => None,
            saphyr::Scalar::Boolean(b) => Some(b.to_string()),
            saphyr::Scalar::Integer(i) => Some(i.to_string()),
            saphyr::Scalar::FloatingPoint(f) => Some(f.to_string()),
            saphyr::Scalar::String(s) => Some(s.to_string()),
        },
        _ => None,
    }
}

fn find(text: &str, range: std::ops::Range<usize>, what: &str) -> Option<std::ops::Range<usize>> {
    let at = range.start + text.get(range)?.find(what)?;
    Some(at..at + what.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn dates_that_exist() {
        for (text, date) in [
            ("2025-09-01", Some("2025-09-01")),
            ("2025年9月1日", Some("2025-09-01")),
            ("2024/2/29", Some("2024-02-29")),
            ("2025/2/29", None),
            ("2025-13-01", None),
            ("25-1-1", None),
        ] {
            assert_eq!(iso_date(text).as_deref(), date, "{text}");
        }
    }

    #[test]
    fn words_between_two_rules_are_no_front_matter() {
        for (text, body) in [
            ("---\n甲\n---\n乙", "---\n甲\n---\n乙"),
            ("---\n- 甲\n---\n乙", "---\n- 甲\n---\n乙"),
            ("---\n---\n乙", "乙"),
            ("---\n# 註\n---\n乙", "乙"),
            ("---\ntitle: 甲\n---\n乙", "乙"),
        ] {
            let source = Source::new(SourceId(0), "a.md", text);
            let at = read(&source, &mut Metadata::default(), &mut Report::default());
            assert_eq!(&text[at..], body);
        }
    }

    #[test]
    fn keys_are_read_with_their_places() {
        let text = "---\ntitle: 第三種可能\nauthor: [閻小駿, 李拉]\ndate: 2025-09-01\ntittle: x\n---\n正文";
        let source = Source::new(SourceId(0), "a.md", text);
        let (mut meta, mut report) = (Metadata::default(), Report::default());
        let body = read(&source, &mut meta, &mut report);
        assert_eq!(&text[body..], "正文");
        let title = meta.title.expect("a title");
        assert_eq!(source.slice(title.span(0..title.as_str().len())), "第三種可能");
        assert_eq!(meta.authors.iter().map(Text::as_str).collect::<Vec<_>>(), ["閻小駿", "李拉"]);
        assert_eq!(meta.date.as_deref(), Some("2025-09-01"));
        assert_eq!(report.diagnostics.len(), 1);
    }
}
