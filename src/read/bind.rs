//! The chapters of a book in, each a document of its own file, one document out: headings in one order of levels, notes
//! numbered through, pictures by their place in the folder of the book.

mod roads;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{Block, Document, Metadata, Role, each, each_mut},
    links,
    read::{bind::roads::Roads, front, heads, html::same_words},
    report::{Diagnostic, Report, Severity},
    source::{SourceId, Span},
    text::{MarkKind, Text},
};

/// A file of a book, read as a manuscript with `ReadOptions::chapter`.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// Its source.
    pub source: SourceId,
    /// What it was read as, with its pictures.
    pub document: Document,
    /// Its path in the folder of the book, by which links of other chapters lead to it.
    pub path: String,
    /// Whether its places are its writer's own; those that a program made go where no link leads to them.
    pub written: bool,
    /// What its pictures are relative to, as a path in the folder of the book; empty for that folder itself.
    pub folder: String,
    /// How much lower its headings are.
    pub depth: u8,
}

/// What a book is bound of.
#[derive(Clone, Debug)]
pub enum Leaf {
    /// The title of a part.
    Part(Text),
    /// A chapter.
    Chapter(Box<Chapter>),
}

/// Binds a book. What chapters say of themselves is the book's where it says nothing and they all agree; names of
/// authors stand under the heading of their chapter; the rest is reported.
pub fn bind(meta: Metadata, mut leaves: Vec<Leaf>, report: &mut Report) -> Document {
    let mut book = Document { meta, ..Document::default() };
    agreed(&mut book.meta, &leaves);
    let mut roads = Roads::find(&mut leaves);
    for leaf in leaves {
        match leaf {
            Leaf::Part(text) => book.blocks.push(Block::Heading { level: 1, text }),
            Leaf::Chapter(chapter) => add(&mut book, *chapter, &mut roads, report),
        }
    }
    roads.settle(&mut book);
    let levels = book.blocks.iter().filter_map(|block| match block {
        Block::Heading { level, .. } => Some(*level),
        _ => None,
    });
    let by = levels.min().unwrap_or(1) - 1;
    heads::shift(&mut book.blocks, by);
    book.notes.iter_mut().for_each(|note| heads::shift(note, by));
    book
}

/// Fills what the book does not say of itself with what all its chapters say alike.
fn agreed(meta: &mut Metadata, leaves: &[Leaf]) {
    let chapters: Vec<&Metadata> = leaves
        .iter()
        .filter_map(|leaf| match leaf {
            Leaf::Chapter(chapter) => Some(&chapter.document.meta),
            Leaf::Part(_) => None,
        })
        .collect();
    let Some((first, rest)) = chapters.split_first() else { return };
    let words = |texts: &[Text]| texts.iter().map(|text| text.as_str().to_owned()).collect::<Vec<_>>();
    if meta.authors.is_empty() && rest.iter().all(|m| words(&m.authors) == words(&first.authors)) {
        meta.authors.clone_from(&first.authors);
    }
    for (key, field) in STRINGS {
        if let (None, Some(said)) = (field(meta), field(first))
            && rest.iter().all(|m| field(m) == Some(said))
        {
            front::set(meta, key, Text::made(said, Span::new(SourceId(0), 0..0)));
        }
    }
    for (key, field) in TEXTS {
        if let (None, Some(said)) = (field(meta), field(first))
            && rest.iter().all(|m| field(m).is_some_and(|text| text.as_str() == said.as_str()))
        {
            front::set(meta, key, said.clone());
        }
    }
    // A language is no less the book's for a chapter that is silent.
    let mut tags = chapters.iter().filter_map(|m| m.language.as_ref());
    if let (None, Some(tag)) = (&meta.language, tags.next())
        && tags.all(|other| other == tag)
    {
        meta.language = Some(tag.clone());
    }
}

/// Metadata by its key, as front matter has it.
type Field<T> = (&'static str, fn(&Metadata) -> Option<&T>);

/// The metadata that are texts, but for titles and authors.
const TEXTS: [Field<Text>; 5] = [
    ("source", |m| m.source.as_ref()),
    ("rights", |m| m.rights.as_ref()),
    ("publisher", |m| m.publisher.as_ref()),
    ("description", |m| m.description.as_ref()),
    ("series", |m| m.series.as_ref()),
];

/// The metadata that are no texts, but for the language.
const STRINGS: [Field<str>; 2] =
    [("date", |m| m.date.as_deref()), ("identifier", |m| m.identifier.as_deref())];

fn add(book: &mut Document, chapter: Chapter, roads: &mut Roads, report: &mut Report) {
    let Chapter { source, mut document, path, written, folder, depth } = chapter;
    if !folder.is_empty() {
        document.rename_paths(|path| inside(&folder, path));
    }
    head(source, &book.meta, &mut document, report);
    deepen(&mut document.blocks, depth);
    document.notes.iter_mut().for_each(|note| deepen(note, depth));
    let found = roads.places(&path, &mut document);
    if !written {
        links::prune_but(&mut document, &found.iter().map(|(_, name)| name.as_str()).collect());
    }
    let new = rename_places(book, &mut document);
    roads.arrive(&path, found, &new);
    let before = book.notes.len();
    for (_, text) in document.texts_mut() {
        text.notes_mut().for_each(|note| *note += before);
    }
    book.blocks.append(&mut document.blocks);
    book.endnotes.extend(document.endnotes.iter().map(|index| index + before));
    book.notes.append(&mut document.notes);
    book.ignored.append(&mut document.ignored);
    for image in document.images {
        if book.images.iter().all(|known| known.path != image.path) {
            book.images.push(image);
        }
    }
}

/// Makes a chapter's title its first heading, over all others; its subtitle and authors go with it, and what else it
/// says of itself is reported where the book says otherwise.
fn head(source: SourceId, book: &Metadata, document: &mut Document, report: &mut Report) {
    let nowhere = Span::new(source, 0..0);
    let note = |report: &mut Report, span: Span, message: String| {
        let finding = Diagnostic::new("chapter-metadata", Severity::Note, span, message);
        report.push(finding.hint("say it in the file of the book, or in the text of the chapter"));
    };
    let meta = std::mem::take(&mut document.meta);
    if let Some(title) = &meta.title {
        let tops = document.blocks.iter().filter(|b| matches!(b, Block::Heading { level: 1, .. })).count();
        match document.blocks.first() {
            Some(Block::Heading { level, text }) if same_words(text, title) => {
                let by = level - 1;
                heads::shift(&mut document.blocks, by);
            }
            Some(Block::Heading { level: 1, .. }) if tops == 1 => {
                let message = format!("the title `{}` gives way to the heading", title.as_str());
                note(report, title.span(0..title.as_str().len()), message);
            }
            _ => {
                deepen(&mut document.blocks, u8::from(tops > 0));
                document.blocks.insert(0, Block::Heading { level: 1, text: title.clone() });
            }
        }
    }
    let headed = matches!(document.blocks.first(), Some(Block::Heading { .. }));
    if let Some(subtitle) = &meta.subtitle {
        match document.blocks.first_mut() {
            Some(Block::Heading { text, .. }) => {
                let start = subtitle.span(0..0);
                text.push("\n", start, false);
                text.push_text(subtitle);
            }
            _ => document.blocks.insert(0, Block::Heading { level: 1, text: subtitle.clone() }),
        }
    }
    let same = |a: &[Text], b: &[Text]| a.iter().map(Text::as_str).eq(b.iter().map(Text::as_str));
    if !meta.authors.is_empty() && !same(&meta.authors, &book.authors) {
        let mut text = Text::new();
        for author in &meta.authors {
            if !text.is_empty() {
                text.push("、", author.span(0..0), false);
            }
            text.push_text(author);
        }
        let byline = Block::Paragraph { text, role: Role::Continued };
        document.blocks.insert(usize::from(headed), byline);
    }
    let language: Field<str> = ("language", |m| m.language.as_deref());
    let own: [Field<str>; 3] =
        [language, ("series-index", |m| m.series_index.as_deref()), ("cover", |m| m.cover.as_deref())];
    for (key, field) in STRINGS.into_iter().chain(own) {
        if let Some(own) = field(&meta).filter(|own| Some(*own) != field(book)) {
            note(report, nowhere, format!("the {key} `{own}` of a chapter is not kept"));
        }
    }
    for (key, field) in TEXTS {
        let Some(own) = field(&meta) else { continue };
        if field(book).is_none_or(|books| books.as_str() != own.as_str()) {
            let message = format!("the {key} `{}` of a chapter is not kept", own.as_str());
            note(report, own.span(0..own.as_str().len()), message);
        }
    }
}

/// Gives the places of a chapter whose names the book has already other names, and its links to them likewise.
fn rename_places(book: &Document, chapter: &mut Document) -> BTreeMap<String, String> {
    let taken = places(book);
    let own = places(chapter);
    let clashing = own.intersection(&taken);
    let new: BTreeMap<String, String> = clashing
        .map(|name| {
            let free = |new: &String| !taken.contains(new) && !own.contains(new);
            let new = (2..).map(|number| format!("{name}-{number}")).find(free);
            (name.clone(), new.expect("there are more numbers than names"))
        })
        .collect();
    if new.is_empty() {
        return new;
    }
    for (_, text) in chapter.texts_mut() {
        for kind in text.kinds_mut() {
            match kind {
                MarkKind::Anchor(name) => rename(name, &new),
                MarkKind::Link { url, .. } | MarkKind::Reference { url, .. } => {
                    if let Some(new) = url.strip_prefix('#').and_then(|name| new.get(name)) {
                        *url = format!("#{new}");
                    }
                }
                _ => {}
            }
        }
    }
    for blocks in std::iter::once(&mut chapter.blocks).chain(&mut chapter.notes) {
        each_mut(blocks, &mut |block| {
            if let Block::Figure { anchor: Some(name), .. } = block {
                rename(name, &new);
            }
        });
    }
    new
}

fn rename(name: &mut String, new: &BTreeMap<String, String>) {
    if let Some(new) = new.get(name) {
        name.clone_from(new);
    }
}

/// The names of the places of a document that links may lead to.
fn places(document: &Document) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (_, text) in document.texts() {
        out.extend(text.marks().iter().filter_map(|mark| match &mark.kind {
            MarkKind::Anchor(name) => Some(name.clone()),
            _ => None,
        }));
    }
    for blocks in std::iter::once(&document.blocks).chain(&document.notes) {
        each(blocks, &mut |block| {
            if let Block::Figure { anchor: Some(name), .. } = block {
                out.insert(name.clone());
            }
        });
    }
    out
}

/// Makes headings lower; the sixth level is the lowest.
fn deepen(blocks: &mut [Block], by: u8) {
    for block in blocks {
        match block {
            Block::Heading { level, .. } => *level = level.saturating_add(by).min(6),
            block => block.inner_mut().into_iter().for_each(|blocks| deepen(blocks, by)),
        }
    }
}

/// A path as seen from the folder of the book: `..` leads up as far as there are folders. Addresses and absolute paths
/// stay.
fn inside(folder: &str, path: &str) -> String {
    if path.contains("://") || path.starts_with(['/', '\\']) {
        return path.to_owned();
    }
    let mut out: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(path.split('/')) {
        match step {
            "" | "." => {}
            ".." if out.last().is_some_and(|last| *last != "..") => {
                out.pop();
            }
            _ => out.push(step),
        }
    }
    out.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        read::{ReadOptions, reader},
        source::Source,
    };

    /// The headings and first words of a book of chapters: name, text, depth.
    fn bound(meta: Metadata, chapters: &[(&str, &str, u8)]) -> (Vec<String>, Document, Report) {
        let mut report = Report::default();
        let options = ReadOptions { chapter: true, ..ReadOptions::default() };
        let leaves = chapters.iter().enumerate().map(|(i, (name, text, depth))| {
            let id = SourceId(i as u16);
            let source = Source::new(id, *name, *text);
            let document = (reader(&source).read)(&source, &options, &mut Report::default());
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            let path = (*name).to_owned();
            let written = name.ends_with("md");
            Leaf::Chapter(Box::new(Chapter { source: id, document, path, written, folder, depth: *depth }))
        });
        let document = bind(meta, leaves.collect(), &mut report);
        let lines = document.blocks.iter().map(|block| match block {
            Block::Heading { level, text } => format!("{level} {}", text.as_str().replace('\n', "/")),
            Block::Paragraph { text, .. } => text.as_str().to_owned(),
            other => format!("{other:?}"),
        });
        (lines.collect(), document, report)
    }

    #[test]
    fn headings_of_chapters_are_in_one_order() {
        for (chapters, expected) in [
            (
                &[("a.md", "# 一\n\n## 甲\n\n文\n", 0), ("b.md", "# 二\n\n文\n", 0)][..],
                &["1 一", "2 甲", "文", "1 二", "文"][..],
            ),
            // Levels mean the same in all files.
            (&[("a.md", "# 上\n", 0), ("b.md", "## 一\n\n文\n", 0)], &["1 上", "2 一", "文"]),
            (&[("a.md", "## 一\n\n文\n", 0), ("b.md", "### 甲\n\n文\n", 0)], &["1 一", "文", "2 甲", "文"]),
            // A chapter of a part is lower.
            (&[("a.md", "# 序\n", 0), ("b.md", "# 一\n\n## 甲\n", 1)], &["1 序", "2 一", "3 甲"]),
            // A title is a heading above those of its chapter.
            (&[("a.md", "---\ntitle: 一\n---\n## 甲\n\n文\n", 0)], &["1 一", "2 甲", "文"]),
            (
                &[("a.md", "---\ntitle: 一\nsubtitle: 小\n---\n# 甲\n\n# 乙\n", 0)],
                &["1 一/小", "2 甲", "2 乙"],
            ),
            (&[("a.md", "---\ntitle: 一\n---\n# 一\n\n## 甲\n", 0)], &["1 一", "2 甲"]),
            (&[("a.md", "---\ntitle: 一\n---\n## 一\n\n### 甲\n", 0)], &["1 一", "2 甲"]),
            (&[("a.md", "---\ntitle: 別名\n---\n# 一\n\n## 甲\n", 0)], &["1 一", "2 甲"]),
            (&[("a.md", "文一\n", 0), ("b.md", "文二\n", 0)], &["文一", "文二"]),
        ] {
            assert_eq!(bound(Metadata::default(), chapters).0, expected, "{chapters:?}");
        }
    }

    #[test]
    fn notes_of_one_name_do_not_meet() {
        let text = "# 題\n\n甲[^a]乙[^b]\n\n[^a]: 一\n\n[^b]: 二\n";
        let (_, document, _) = bound(Metadata::default(), &[("a.md", text, 0), ("b.md", text, 0)]);
        assert_eq!(document.notes.len(), 4);
        let numbers: Vec<usize> = (document.texts().iter())
            .flat_map(|(_, text)| text.marks())
            .filter_map(|mark| match mark.kind {
                crate::text::MarkKind::Note(number) => Some(number),
                _ => None,
            })
            .collect();
        assert_eq!(numbers, [0, 1, 2, 3]);
    }

    #[test]
    fn places_of_one_name_do_not_meet() {
        let text = "# 題\n\n[甲]{#a}，見[此](#a)。\n";
        let (_, document, _) = bound(Metadata::default(), &[("a.md", text, 0), ("b.md", text, 0)]);
        let mut said = Vec::new();
        for (_, text) in document.texts() {
            said.extend(text.marks().iter().filter_map(|mark| match &mark.kind {
                MarkKind::Anchor(name) => Some(name.clone()),
                MarkKind::Link { url, .. } => Some(url.clone()),
                _ => None,
            }));
        }
        assert_eq!(said, ["a", "#a", "a-2", "#a-2"]);
    }

    #[test]
    fn links_from_chapter_to_chapter_lead_there() {
        let one = "# 一\n\n見[乙](b.md#p)、[頭](b.md)、[題](b.md#註)、[自](#註)、[外](c.md#p)、[](b.md#p)、[](無.md#p)。\n\n## 註\n";
        let two = "# 二\n\n[處]{#p}，回[甲](./a.md#註)、[又](../a.md)。\n\n## 註\n";
        let three = "文[此](上/b.md)、[彼](%E4%B8%8A/b.md#p)\n";
        for (chapters, expected) in [
            (
                &[("a.md", one, 0), ("b.md", two, 0)][..],
                "乙→#p 頭→#b 題→#註-2 自→#註 外→c.md#p \u{FFFC}=#p 無.md#p 註@註 二@b 處@p 甲→#註 又→../a.md 註@註-2",
            ),
            (&[("c.md", three, 0), ("上/b.md", two, 0)], "此→#b 彼→#p 二@b 處@p 甲→./a.md#註 又→../a.md"),
            (
                &[("c.md", "甲[乙](c.md)丙\n", 0), ("上/c.md", "丁[戊](c.md)\n", 0)],
                "甲乙丙@c 乙→#c 丁戊@c-2 戊→#c-2",
            ),
        ] {
            let (_, document, _) = bound(Metadata::default(), chapters);
            let mut said = Vec::new();
            for (_, text) in document.texts() {
                for mark in text.marks() {
                    let words = &text.as_str()[mark.range.clone()];
                    said.extend(match &mark.kind {
                        MarkKind::Anchor(name) => Some(format!("{words}@{name}")),
                        MarkKind::Link { url, .. } => Some(format!("{words}→{url}")),
                        MarkKind::Reference { url, .. } => Some(format!("{words}={url}")),
                        MarkKind::Url => Some(words.to_owned()),
                        _ => None,
                    });
                }
            }
            assert_eq!(said.join(" "), expected, "{chapters:?}");
        }
    }

    #[test]
    fn pictures_are_found_from_the_folder_of_the_book() {
        let text = "# 題\n\n![](圖/a.png)\n\n甲![](../b.png)乙![](https://example.org/c.png)\n";
        let (_, mut document, _) = bound(Metadata::default(), &[("上/a.md", text, 0)]);
        let mut paths = Vec::new();
        document.rename_paths(|path| path.to_owned());
        for block in &document.blocks {
            if let Block::Figure { path, .. } = block {
                paths.push(path.clone());
            }
        }
        for (_, text) in document.texts_mut() {
            paths.extend(text.images_mut().map(|path| path.clone()));
        }
        assert_eq!(paths, ["上/圖/a.png", "b.png", "https://example.org/c.png"]);
        for (folder, path, expected) in [
            ("", "a.png", "a.png"),
            ("a/b", "../../../c.png", "../c.png"),
            ("a", "/c.png", "/c.png"),
            ("a.docx", "word/media/b.png", "a.docx/word/media/b.png"),
        ] {
            assert_eq!(inside(folder, path), expected);
        }
    }

    #[test]
    fn what_chapters_say_of_themselves_is_kept_or_told() {
        let chapter = |title: &str, author: &str, date: &str| {
            format!("---\ntitle: {title}\nauthor: {author}\ndate: {date}\nlanguage: zh-Hant-HK\n---\n文\n")
        };
        let (a, b) = (chapter("一", "甲", "2024-01-01"), chapter("二", "乙", "2025-01-01"));
        let (lines, document, report) = bound(Metadata::default(), &[("a.md", &a, 0), ("b.md", &b, 0)]);
        assert_eq!(lines, ["1 一", "甲", "文", "1 二", "乙", "文"]);
        assert_eq!(document.meta.language.as_deref(), Some("zh-Hant-HK"));
        let told: Vec<&str> = report.diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(
            told,
            [
                "the date `2024-01-01` of a chapter is not kept",
                "the date `2025-01-01` of a chapter is not kept"
            ]
        );
        assert_eq!(report.diagnostics[1].span.source, SourceId(1));
        let b = chapter("二", "甲", "2024-01-01");
        let (lines, document, report) = bound(Metadata::default(), &[("a.md", &a, 0), ("b.md", &b, 0)]);
        assert_eq!(lines, ["1 一", "文", "1 二", "文"]);
        assert_eq!(document.meta.authors[0].as_str(), "甲");
        assert_eq!(document.meta.date.as_deref(), Some("2024-01-01"));
        assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
    }
}
