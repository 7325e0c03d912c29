//! Links within a document: places by their names, links that lead to them, and words that are made from what they
//! refer to. A document as it was read in; the same document, in which every link leads somewhere, out.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{Block, Document, Place, each, each_mut},
    package::unescaped,
    report::{Diagnostic, Report, Severity},
    text::{Mark, MarkKind, OBJECT, Text},
};

/// Settles where links lead: a name that is there twice is the first one's; a link that names a heading by its words, as
/// `#第一章` does, gets a place there; a link to nothing is reported, and its words stay. Then fills in references.
pub fn settle(document: &mut Document, report: &mut Report) {
    once(document, report);
    let names = names(document);
    let slugs = slugs(document);
    let mut missing: BTreeMap<usize, String> = BTreeMap::new();
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for url in links(document) {
        let name = url[1..].to_owned();
        let plain = unescaped(&name);
        if let Some(known) = [&name, &plain].into_iter().find(|name| names.contains(*name)) {
            found.insert(url, known.clone());
        } else if let Some((at, given)) = slugs.get(&slug(&plain)) {
            let name = given.clone().unwrap_or_else(|| slug(&plain));
            missing.insert(*at, name.clone());
            found.insert(url, name);
        }
    }
    for (at, (_, text)) in document.texts_mut().into_iter().enumerate() {
        if let Some(name) = missing.get(&at).filter(|_| text.anchor().is_none()) {
            text.mark_around(0..text.as_str().len(), MarkKind::Anchor(name.clone()));
        }
        lead(text, &found, report);
    }
    keep(document);
    fill(document);
}

/// A reference that reads otherwise than the press would write it is a link: its words are somebody's own.
fn keep(document: &mut Document) {
    let made = words(document);
    let bare = |words: &str| words.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    for (_, text) in document.texts_mut() {
        let own: Vec<Mark> = references(text)
            .filter(|(mark, url, page)| {
                let words = &text.as_str()[mark.range.clone()];
                let same = made.get(&url[1..]).is_some_and(|made| bare(made) == bare(words));
                !page && !words.contains(OBJECT) && !same
            })
            .map(|(mark, ..)| mark.clone())
            .collect();
        for mark in own {
            if let MarkKind::Reference { url, .. } = &mark.kind {
                text.unmark(|other| *other == mark);
                text.mark(mark.range, MarkKind::Link { url: url.clone(), title: String::new() });
            }
        }
    }
}

/// Writes the words of every reference anew: after the texts that they are made from have changed.
pub fn fill(document: &mut Document) {
    if !document.texts().iter().any(|(_, text)| references(text).next().is_some()) {
        return;
    }
    let words = words(document);
    fill_with(document, |url, _| words.get(&url[1..]).cloned());
}

/// Writes the words that are given for the target of a reference, and whether it asks for the page; gives back whether
/// any are other than before.
pub(crate) fn fill_with(document: &mut Document, words: impl Fn(&str, bool) -> Option<String>) -> bool {
    let mut changed = false;
    for (_, text) in document.texts_mut() {
        let mut new = Vec::new();
        for (mark, url, page) in references(text) {
            let words = words(url, page).filter(|words| *words != text.as_str()[mark.range.clone()]);
            new.extend(words.map(|words| (mark.range.clone(), words)));
        }
        changed |= !new.is_empty();
        text.rewrite(new);
    }
    changed
}

/// Takes away the places that no link leads to: those that programs make by the hundred.
pub fn prune(document: &mut Document) {
    prune_but(document, &BTreeSet::new());
}

/// The same, but for those of these names.
pub(crate) fn prune_but(document: &mut Document, kept: &BTreeSet<&str>) {
    let mut wanted: BTreeSet<String> =
        links(document).iter().flat_map(|url| [url[1..].to_owned(), unescaped(&url[1..])]).collect();
    wanted.extend(kept.iter().map(|name| (*name).to_owned()));
    for (_, text) in document.texts_mut() {
        text.unmark(|mark| matches!(&mark.kind, MarkKind::Anchor(name) if !wanted.contains(name)));
    }
    figures(document, |anchor| {
        if anchor.as_ref().is_some_and(|name| !wanted.contains(name)) {
            *anchor = None;
        }
    });
}

/// The names of all places, in the order of the texts and then of the figures.
pub(crate) fn all(document: &Document) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    for (_, text) in document.texts() {
        out.extend(anchors(text).map(|(_, name)| name));
    }
    for blocks in std::iter::once(&document.blocks).chain(&document.notes) {
        each(blocks, &mut |block| {
            if let Block::Figure { anchor: Some(name), .. } = block {
                out.push(name);
            }
        });
    }
    out
}

/// The places in a text, with their names.
pub(crate) fn anchors(text: &Text) -> impl Iterator<Item = (&Mark, &str)> {
    text.marks().iter().filter_map(|mark| match &mark.kind {
        MarkKind::Anchor(name) => Some((mark, name.as_str())),
        _ => None,
    })
}

/// The references in a text: mark, target, and whether the page is asked for.
pub(crate) fn references(text: &Text) -> impl Iterator<Item = (&Mark, &str, bool)> {
    text.marks().iter().filter_map(|mark| match &mark.kind {
        MarkKind::Reference { url, page } => Some((mark, url.as_str(), *page)),
        _ => None,
    })
}

/// Whether any reference asks for a page.
pub(crate) fn asks_for_pages(document: &Document) -> bool {
    document.texts().iter().any(|(_, text)| references(text).any(|(_, _, page)| page))
}

/// The label at the head of a caption, with its number: `圖1`, `表 2-1`, `圖一`; bytes of it.
pub(crate) fn label(caption: &str) -> Option<&str> {
    let label = ["圖", "图", "表", "照片", "Figure", "Table"].into_iter().find(|l| caption.starts_with(l))?;
    let rest = &caption[label.len()..];
    let gap = rest.len() - rest.trim_start_matches([' ', '\u{3000}']).len();
    let number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十百〇".contains(c);
    let joint = |c: char| matches!(c, '-' | '–' | '－' | '.' | '．');
    let count = rest[gap..].find(|c| !number(c) && !joint(c)).unwrap_or(rest.len() - gap);
    let digits = rest[gap..gap + count].trim_end_matches(joint);
    let after = rest[gap + count..].chars().next();
    // `表一下` and `圖書` are no labels.
    let parted = after.is_none_or(|c| !c.is_alphanumeric());
    (digits.starts_with(number) && parted).then(|| &caption[..label.len() + gap + digits.len()])
}

/// The name by which GitHub and others know a heading: lower case, spaces as hyphens, no other signs.
pub fn slug(words: &str) -> String {
    let kept = words.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Of places of one name the first counts.
fn once(document: &mut Document, report: &mut Report) {
    let mut seen = BTreeSet::new();
    let mut say = |name: &str, span| {
        let message = format!("two places are called `{name}`; links lead to the first");
        report.push(Diagnostic::new("dangling-link", Severity::Warning, span, message));
    };
    for (_, text) in document.texts_mut() {
        let again: Vec<Mark> = anchors(text)
            .filter(|(_, name)| !seen.insert((*name).to_owned()))
            .map(|(m, _)| m.clone())
            .collect();
        for mark in again {
            if let MarkKind::Anchor(name) = &mark.kind {
                say(name, text.span(mark.range.clone()));
            }
            text.unmark(|other| *other == mark);
        }
    }
    for blocks in std::iter::once(&mut document.blocks).chain(&mut document.notes) {
        each_mut(blocks, &mut |block| {
            if let Block::Figure { anchor, span, .. } = block
                && let Some(name) = anchor.take_if(|name| !seen.insert(name.clone()))
            {
                say(&name, *span);
            }
        });
    }
}

fn figures(document: &mut Document, mut edit: impl FnMut(&mut Option<String>)) {
    for blocks in std::iter::once(&mut document.blocks).chain(&mut document.notes) {
        each_mut(blocks, &mut |block| {
            if let Block::Figure { anchor, .. } = block {
                edit(anchor);
            }
        });
    }
}

fn names(document: &Document) -> BTreeSet<String> {
    all(document).into_iter().map(str::to_owned).collect()
}

/// The targets of all links and references within the document, `#` first.
fn links(document: &Document) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (_, text) in document.texts() {
        for mark in text.marks() {
            if let MarkKind::Link { url, .. } | MarkKind::Reference { url, .. } = &mark.kind
                && url.starts_with('#')
            {
                out.insert(url.clone());
            }
        }
    }
    out
}

/// The headings by their words, each with its place among the texts and the name that it has.
fn slugs(document: &Document) -> BTreeMap<String, (usize, Option<String>)> {
    let mut out = BTreeMap::new();
    for (at, (place, text)) in document.texts().into_iter().enumerate() {
        if !matches!(place, Place::Heading | Place::Title) || text.is_empty() {
            continue;
        }
        let name = slug(&spoken(text));
        let given = text.anchor().map(str::to_owned);
        // The second of two equal headings is `name-1`.
        let free = (1..).map(|n| format!("{name}-{n}"));
        let free = std::iter::once(name.clone()).chain(free).find(|name| !out.contains_key(name));
        out.insert(free.expect("numbers do not end"), (at, given));
    }
    out
}

/// Makes the links of a text lead to the names that were found; what leads to nothing is told.
fn lead(text: &mut Text, found: &BTreeMap<String, String>, report: &mut Report) {
    let mut words = Vec::new();
    let mut gone = Vec::new();
    for mark in text.marks() {
        let (MarkKind::Link { url, .. } | MarkKind::Reference { url, .. }) = &mark.kind else { continue };
        if !url.starts_with('#') || found.contains_key(url) {
            continue;
        }
        let message =
            format!("nothing in the document is called `{}`; the words of the link stay", &url[1..]);
        report.push(Diagnostic::new(
            "dangling-link",
            Severity::Warning,
            text.span(mark.range.clone()),
            message,
        ));
        if matches!(mark.kind, MarkKind::Reference { .. })
            && text.as_str()[mark.range.clone()].contains(OBJECT)
        {
            words.push((mark.range.clone(), url.clone()));
        }
        gone.push(mark.clone());
    }
    text.unmark(|mark| gone.contains(mark));
    text.rewrite(words);
    for kind in text.kinds_mut() {
        if let MarkKind::Link { url, .. } | MarkKind::Reference { url, .. } = kind
            && let Some(name) = found.get(url)
        {
            *url = ["#", name].concat();
        }
    }
}

/// What a reference to each place says: the label of a caption, else the words that stand there.
pub(crate) fn words(document: &Document) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let caption = |text: &Text| {
        let words = spoken(text);
        label(&words).map_or(words.clone(), str::to_owned)
    };
    for (place, text) in document.texts() {
        for (mark, name) in anchors(text) {
            let words = match place {
                Place::Caption => caption(text),
                _ => spoken(&text.slice(mark.range.clone())),
            };
            out.insert(name.to_owned(), if words.is_empty() { name.to_owned() } else { words });
        }
    }
    for blocks in std::iter::once(&document.blocks).chain(&document.notes) {
        each(blocks, &mut |block| {
            if let Block::Figure { anchor: Some(name), alt, caption: words, .. } = block {
                let words = words.as_ref().map_or(alt.clone(), caption);
                out.insert(name.clone(), if words.is_empty() { name.clone() } else { words });
            }
        });
    }
    out
}

/// The words of a text in one line, without objects.
fn spoken(text: &Text) -> String {
    text.as_str().replace('\n', "\u{3000}").replace(OBJECT, "").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        read::{ReadOptions, markdown},
        source::{Source, SourceId},
    };

    /// The texts of a document after its links are settled, targets in brackets, and how much was reported.
    fn check(cases: &[(&str, &str, usize)]) {
        for (markdown, expected, findings) in cases {
            let source = Source::new(SourceId(0), "a.md", *markdown);
            let mut report = Report::default();
            let mut document = markdown::read(&source, &ReadOptions::default(), &mut report);
            assert!(report.diagnostics.is_empty(), "{markdown}: {:?}", report.diagnostics);
            settle(&mut document, &mut report);
            let mut out = Vec::new();
            for (_, text) in document.texts() {
                let mut words = text.as_str().to_owned();
                for mark in text.marks() {
                    match &mark.kind {
                        MarkKind::Link { url, .. } => words += &format!(" →{url}"),
                        MarkKind::Reference { url, page } => {
                            words += &format!(" {}{url}", if *page { "p." } else { "=" });
                        }
                        MarkKind::Anchor(name) => words += &format!(" @{name}"),
                        _ => {}
                    }
                }
                out.push(words);
            }
            assert_eq!(out.join("|"), *expected, "{markdown}");
            assert_eq!(report.diagnostics.len(), *findings, "{markdown}: {:?}", report.diagnostics);
        }
    }

    #[test]
    fn links_lead_somewhere_or_are_told() {
        check(&[
            ("# 章 {#a}\n\n# 二\n\n見[那裏](#a)。", "章 @a|二|見那裏。 →#a", 0),
            ("# 第 一 章\n\n# 二\n\n[甲](#第-一-章)", "第 一 章 @第-一-章|二|甲 →#第-一-章", 0),
            ("# 章\n\n# 章\n\n[甲](#章-1)", "章|章 @章-1|甲 →#章-1", 0),
            ("# 二 {#b}\n\n# 三\n\n[甲](#二)", "二 @b|三|甲 →#b", 0),
            ("# A b\n\n# 二\n\n[甲](#a-b)[乙](#A-b)", "A b @a-b|二|甲乙 →#a-b →#a-b", 0),
            ("# %\n\n# 二\n\n[甲](#%E4%BA%8C)", "%|二 @二|甲 →#二", 0),
            ("前[甲]{#p}後\n\n[乙](#p)", "前甲後 @p|乙 →#p", 0),
            ("[甲](#無)乙", "甲乙", 1),
            ("[](#無)乙", "#無乙", 1),
            ("[甲]{#p}[乙]{#p}", "甲乙 @p", 1),
            ("[甲](b.md#p)", "甲 →b.md#p", 0),
            ("<a id=\"p\"></a>甲\n\n[乙](#p)", "甲 @p|乙 →#p", 0),
            ("# 章\n\n<a name=\"p\"></a>\n\n# 二\n\n[乙](#p)", "章|二 @p|乙 →#p", 0),
            ("甲<a href=\"#p&amp;q\">乙</a>丙[丁]{#p&q}", "甲乙丙丁 →#p&q @p&q", 0),
        ]);
    }

    #[test]
    fn references_say_what_they_refer_to() {
        check(&[
            ("# 緒論 {#a}\n\n# 二\n\n見[](#a)。", "緒論 @a|二|見緒論。 =#a", 0),
            ("見[](#f)。\n\n![替](a.png \"圖 1　地圖\"){#f}", "見圖 1。 =#f|圖 1　地圖", 0),
            ("見[](#f)。\n\n![替](a.png){#f}", "見替。 =#f", 0),
            ("見[@fig:1]。\n\n![替](a.png \"圖 1　地圖\"){#fig:1}", "見圖 1。 =#fig:1|圖 1　地圖", 0),
            ("見[@fig:2]。", "見#fig:2。", 1),
            (
                "見[](#t){.page}。\n\n: 表2　人口 {#t}\n\n| 甲 |\n| - |\n| 乙 |",
                "見表2。 p.#t|表2　人口 @t|甲|乙",
                0,
            ),
            ("見[](#t)。\n\n: 人口 {#t}\n\n| 甲 |\n| - |\n| 乙 |", "見人口。 =#t|人口 @t|甲|乙", 0),
        ]);
    }

    #[test]
    fn labels_of_captions() {
        for (caption, expected) in [
            ("圖1　地圖", Some("圖1")),
            ("表 2-1　人口", Some("表 2-1")),
            ("圖一　全景", Some("圖一")),
            ("圖3.", Some("圖3")),
            ("Figure 2: a", Some("Figure 2")),
            ("圖書館", None),
            ("表一下態度", None),
            ("圖", None),
            ("表3所示", None),
        ] {
            assert_eq!(label(caption), expected, "{caption}");
        }
    }

    #[test]
    fn references_follow_what_they_are_made_from() {
        let source = Source::new(SourceId(0), "a.md", "# 緒侖 {#a}\n\n# 二\n\n見[](#a)。");
        let mut document = markdown::read(&source, &ReadOptions::default(), &mut Report::default());
        settle(&mut document, &mut Report::default());
        for (place, text) in document.texts_mut() {
            if place == Place::Heading && text.as_str() == "緒侖" {
                text.rewrite(vec![(3..6, "論".to_owned())]);
            }
        }
        fill(&mut document);
        assert_eq!(document.texts().last().map(|(_, t)| t.as_str()), Some("見緒論。"));
    }
}
