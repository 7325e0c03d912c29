//! The few words that an edition needs and the manuscript does not have, and metadata as plain strings.

use sha2::{Digest, Sha256};

use crate::{
    counter::Numerals,
    document::{Document, Metadata},
    edition::{Edition, Script},
    layout::blocks::date_in_words,
    report::{Diagnostic, Severity},
    source::Span,
    text::{OBJECT, Text},
};

/// Names of the parts of a book.
pub(crate) struct Words {
    pub contents: &'static str,
    pub cover: &'static str,
    pub notes: &'static str,
    pub body: &'static str,
    pub untitled: &'static str,
    pub back: &'static str,
    pub pages: &'static str,
    /// How a book can be read that is made here, for people who choose one by it.
    pub access: &'static str,
    /// That all pictures have words in their place.
    pub described: &'static str,
    /// That some have none.
    pub undescribed: &'static str,
    /// That the pages of the PDF are marked.
    pub paged: &'static str,
}

/// The words for an edition.
pub(crate) fn words(edition: &Edition) -> Words {
    match edition.script {
        Script::Traditional => Words {
            contents: "目錄",
            cover: "封面",
            notes: "註釋",
            body: "正文",
            untitled: "無題",
            back: "返回正文",
            pages: "頁碼",
            access: "有目錄、標題層級與連續的閱讀順序；文字可放大，字體、顏色與行距可改。",
            described: "圖片都有替代文字。",
            undescribed: "部分圖片沒有替代文字。",
            paged: "標有PDF版的頁碼。",
        },
        Script::Simplified => Words {
            contents: "目录",
            cover: "封面",
            notes: "注释",
            body: "正文",
            untitled: "无题",
            back: "返回正文",
            pages: "页码",
            access: "有目录、标题层级与连续的阅读顺序；文字可放大，字体、颜色与行距可改。",
            described: "图片都有替代文字。",
            undescribed: "部分图片没有替代文字。",
            paged: "标有PDF版的页码。",
        },
    }
}

/// A text as one line of plain text: hard breaks become an ideographic space, objects are left out.
pub(crate) fn line(text: &Text) -> String {
    let string: String = text.as_str().chars().filter(|&c| c != OBJECT).collect();
    super::xml::clean(&string.split('\n').map(str::trim).collect::<Vec<_>>().join("\u{3000}"))
        .trim()
        .to_owned()
}

/// The title as one line, else the document's name, or the word for a text without either.
pub(crate) fn title(meta: &Metadata, edition: &Edition) -> String {
    let title = meta.title.as_ref().map(line).filter(|t| !t.is_empty());
    title.or_else(|| meta.name.clone()).unwrap_or_else(|| words(edition).untitled.to_owned())
}

/// That date in words, as a page style writes numbers.
pub(crate) fn printed_date(meta: &Metadata, numerals: Numerals) -> Option<String> {
    date(meta).map(|date| date_in_words(date, numerals))
}

/// The date if it is one that the formats can carry: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`.
pub(crate) fn date(meta: &Metadata) -> Option<&str> {
    let date = meta.date.as_deref()?;
    let parts: Vec<&str> = date.split('-').collect();
    let fits = |part: &str, len: usize, max: u32| {
        part.len() == len
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.parse().is_ok_and(|n| (1..=max).contains(&n))
    };
    let good = match parts[..] {
        [y] => fits(y, 4, 9999),
        [y, m] => fits(y, 4, 9999) && fits(m, 2, 12),
        [y, m, d] => {
            fits(y, 4, 9999) && fits(m, 2, 12) && {
                let (y, m): (u32, u32) = (y.parse().unwrap_or(1), m.parse().unwrap_or(1));
                let leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
                fits(
                    d,
                    2,
                    match m {
                        2 if leap => 29,
                        2 => 28,
                        4 | 6 | 9 | 11 => 30,
                        _ => 31,
                    },
                )
            }
        }
        _ => false,
    };
    good.then_some(date)
}

/// The moment that packages name as their last change: the date of the manuscript, never the clock.
pub(crate) fn moment(meta: &Metadata) -> String {
    let date = date(meta).unwrap_or("1980");
    let rest = match date.len() {
        4 => "-01-01",
        7 => "-01",
        _ => "",
    };
    [date, rest, "T00:00:00Z"].concat()
}

/// A UUID (version 8) from everything that a reader sees: equal content, equal identifier.
pub(crate) fn uuid(document: &Document, edition: &Edition) -> String {
    let mut hash = Sha256::new();
    hash.update(edition.tag());
    for (_, text) in document.texts() {
        hash.update((text.as_str().len() as u64).to_le_bytes());
        hash.update(text.as_str());
    }
    for image in &document.images {
        hash.update(&image.bytes);
    }
    uuid_of(&hash.finalize())
}

/// A UUID (version 8) from the first bytes of a hash.
pub(crate) fn uuid_of(hash: &[u8]) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = bytes[6] & 0x0F | 0x80;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex =
        |range: std::ops::Range<usize>| bytes[range].iter().map(|b| format!("{b:02x}")).collect::<String>();
    [hex(0..4), hex(4..6), hex(6..8), hex(8..10), hex(10..16)].join("-")
}

/// The finding about a picture that the document names and does not have.
pub(crate) fn missing_image(path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        "missing-image",
        Severity::Error,
        span,
        format!("the picture `{path}` is not there; its alternative text stands in its place"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_dates_are_written() {
        for (given, kept, moment_of) in [
            ("2025-09-01", true, "2025-09-01T00:00:00Z"),
            ("2025-09", true, "2025-09-01T00:00:00Z"),
            ("2024-02-29", true, "2024-02-29T00:00:00Z"),
            ("2025", true, "2025-01-01T00:00:00Z"),
            ("2025-02-29", false, "1980-01-01T00:00:00Z"),
            ("九月一日", false, "1980-01-01T00:00:00Z"),
            ("2025-9-1", false, "1980-01-01T00:00:00Z"),
        ] {
            let meta = Metadata { date: Some(given.into()), ..Metadata::default() };
            assert_eq!((date(&meta).is_some(), moment(&meta).as_str()), (kept, moment_of), "{given}");
        }
    }
}
