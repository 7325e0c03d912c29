//! What a page says of itself: `<title>`, `<meta>`, `lang`, and the block of title, authors and date at its head.

use std::ops::Range;

use crate::{
    document::Metadata,
    read::{
        front,
        html::{
            File, Reader,
            linked::Linked,
            names,
            notes::words,
            run::decoded,
            tree::{Id, Kind, Tree},
        },
    },
    report::{Diagnostic, Report, Severity},
    source::{Source, Span},
    text::{MarkKind, Text},
};

/// Names of metadata in pages, the better one first.
const NAMES: &[(&str, &[&str])] = &[
    ("author", &["author", "dc.creator", "dcterms.creator", "citation_author", "article:author"]),
    (
        "date",
        &[
            "dcterms.date",
            "dc.date",
            "dcterms.issued",
            "date",
            "article:published_time",
            "pubdate",
            "publishdate",
            "citation_publication_date",
            "citation_date",
        ],
    ),
    ("description", &["description", "dcterms.description", "dc.description", "og:description"]),
    ("publisher", &["dcterms.publisher", "dc.publisher", "publisher", "og:site_name"]),
    ("rights", &["dcterms.rights", "dc.rights", "copyright", "rights"]),
    ("source", &["dcterms.source", "dc.source"]),
    ("identifier", &["dcterms.identifier", "dc.identifier", "citation_isbn", "citation_doi"]),
    ("series", &["dcterms.ispartof"]),
    ("series-index", &["series-index"]),
    ("kind", &["dcterms.type"]),
];

/// Reads language and `<meta>`, and then what the page says of its text in JSON-LD.
pub(super) fn read(
    source: &Source,
    tree: &Tree,
    linked: Option<&Linked>,
    meta: &mut Metadata,
    report: &mut Report,
) {
    let root = tree.descendants(Tree::ROOT).find(|&id| matches!(tree.name(id), "html" | "body"));
    let body = tree.descendants(Tree::ROOT).find(|&id| tree.name(id) == "body");
    meta.language = (root.into_iter().chain(body))
        .find_map(|id| tree.attribute(id, "lang").or(tree.attribute(id, "xml:lang")))
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned);
    let all: Vec<(String, String, Range<usize>)> = (tree.descendants(Tree::ROOT))
        .filter(|&id| tree.name(id) == "meta")
        .filter_map(|id| {
            let name = tree.attribute(id, "name").or(tree.attribute(id, "property"))?;
            let (content, range) = tree.value(id, "content")?;
            (!content.is_empty()).then(|| (name.to_ascii_lowercase(), content.to_owned(), range))
        })
        .collect();
    for (key, names) in NAMES {
        for name in *names {
            let found: Vec<_> = all.iter().filter(|(n, ..)| n == name).collect();
            let mut any = false;
            for (_, content, range) in found {
                any |= set(source, key, name, content, range.clone(), meta, report);
            }
            if any {
                break;
            }
        }
    }
    // What nothing else says.
    let Some(linked) = linked else { return };
    let known = (!meta.authors.is_empty(), meta.date.is_some(), meta.publisher.is_some());
    for &(key, ref value) in &linked.values {
        let told = match key {
            "author" => known.0,
            "date" => known.1,
            _ => known.2,
        };
        if !told {
            set(source, key, "application/ld+json", value, linked.range.clone(), meta, report);
        }
    }
}

/// Sets one key; gives back whether the value was of use.
fn set(
    source: &Source,
    key: &'static str,
    name: &str,
    content: &str,
    range: Range<usize>,
    meta: &mut Metadata,
    report: &mut Report,
) -> bool {
    let whole = Span::new(source.id, range.clone());
    if key != "identifier" && key != "source" && content.contains("://") {
        return false;
    }
    let value = if key == "date" {
        let day = content.split(['T', ' ']).next().unwrap_or_default();
        match front::iso_date(content).or_else(|| front::iso_date(day)) {
            Some(date) => date,
            None if day.len() <= 7
                && day.len() >= 4
                && day.bytes().all(|b| b.is_ascii_digit() || b == b'-') =>
            {
                day.to_owned()
            }
            None => return false,
        }
    } else {
        content.to_owned()
    };
    let parts: Vec<&str> = if key == "author" {
        value.split(['、', '，', '；', ';']).collect()
    } else {
        vec![value.as_str()]
    };
    for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
        let text = match source.text[range.clone()].find(part) {
            Some(at) => Text::verbatim(part, source.id, range.start + at),
            None => Text::made(part, whole),
        };
        let message = format!("`{part}` was taken as the {key} from `{name}`");
        let finding = Diagnostic::new("html-metadata", Severity::Note, text.span(0..part.len()), message);
        report.push(finding.hint(format!("override it with `--meta {key}=…`")));
        front::set(meta, key, text);
    }
    true
}

/// Names a document after its headline in JSON-LD or its `<title>`, unless an only `<h1>` tells its name.
pub(super) fn title(
    source: &Source,
    file: &File,
    linked: Option<&Linked>,
    meta: &mut Metadata,
    report: &mut Report,
) {
    let tree = &file.tree;
    let out = |id: Id| std::iter::once(id).chain(tree.ancestors(id)).any(|a| file.left_out.contains(&a));
    let heads: Vec<Id> =
        tree.descendants(Tree::ROOT).filter(|&id| tree.name(id) == "h1" && !out(id)).take(2).collect();
    if let [_] = heads.as_slice() {
        return;
    }
    let element = tree
        .descendants(Tree::ROOT)
        .find(|&id| tree.name(id) == "title" && !tree.ancestors(id).any(|a| tree.name(a) == "svg"));
    let og = tree.descendants(Tree::ROOT).find_map(|id| {
        let named = tree.name(id) == "meta" && tree.attribute(id, "property") == Some("og:title");
        named.then(|| tree.value(id, "content")).flatten()
    });
    // Titles have the name of the site, too, which a headline has not.
    let titles =
        [element.map(|id| words(&source.text, tree, id)), og.as_ref().map(|(og, _)| (*og).to_owned())];
    let headline = linked
        .and_then(|linked| Some((linked.headline.as_deref()?, linked.range.clone())))
        .filter(|(headline, _)| titles.iter().flatten().any(|title| title.starts_with(headline)));
    let text = match (headline, og, element) {
        (Some((headline, range)), ..) => place(source, headline, range),
        (_, Some((content, range)), _) if !content.is_empty() => place(source, content, range),
        (.., Some(id)) => {
            let range = tree.children(id).next().map_or(0..0, |child| tree.range(child));
            let name = words(&source.text, tree, id);
            place(source, &name, range)
        }
        _ => return,
    };
    let name = text.as_str().to_owned();
    if !name.is_empty() {
        let message = format!("`{name}` was taken as the title");
        let finding = Diagnostic::new("guessed-title", Severity::Note, text.span(0..name.len()), message);
        report.push(finding.hint("override it with `--meta title=…`"));
        meta.title = Some(text);
    }
}

fn place(source: &Source, words: &str, range: Range<usize>) -> Text {
    match source.text[range.clone()].find(words) {
        Some(at) => Text::verbatim(words, source.id, range.start + at),
        None => Text::made(words, Span::new(source.id, range)),
    }
}

impl Reader<'_> {
    /// Takes title, subtitle, authors and date from the block at the head of a page, as our own editions and Pandoc
    /// have it, or else the title from the only `<h1>`.
    pub(super) fn title_block(&mut self) {
        let tree = self.tree();
        // A title page of a book is a file of its own, with a `.title` and nothing of another name.
        let parts = ["title", "subtitle", "author", "authors", "source", "date"];
        let alone = |id: Id| {
            let mut inner = tree.children(id).filter(|&c| tree.element(c).is_some()).peekable();
            tree.name(id) == "body"
                && inner.peek().is_some_and(|&c| tree.has(c, "class", "title"))
                && inner.all(|c| parts.iter().any(|part| tree.has(c, "class", part)))
        };
        let named = |id: Id| {
            tree.has(id, "class", "title-block")
                || tree.has(id, "epub:type", "titlepage")
                || tree.attribute(id, "id") == Some("title-block-header")
                || alone(id)
        };
        let Some(block) = tree.descendants(Tree::ROOT).find(|&id| named(id)) else { return self.only_head() };
        let mut authors = Vec::new();
        for id in tree.descendants(block).skip(1) {
            let at = (self.file, id);
            let class = |word: &str| tree.has(id, "class", word);
            let word = ["title", "subtitle", "author", "source", "date"].into_iter().find(|word| class(word));
            let Some(key) = word.filter(|_| tree.element(id).is_some()) else { continue };
            let text = self.text(id);
            if text.is_empty() {
                continue;
            }
            if key == "date" {
                // What is no date of numbers stays a paragraph, unless the page says elsewhere which day it is.
                match front::iso_date(text.as_str()) {
                    Some(_) => front::set(&mut self.document.meta, key, text),
                    None if self.document.meta.date.is_some() => {}
                    None => continue,
                }
            } else if key == "author" {
                authors.push(text);
            } else {
                front::set(&mut self.document.meta, key, text);
            }
            self.told.insert(at);
        }
        if !authors.is_empty() {
            self.document.meta.authors = authors;
        }
        // What stands between authors is no text.
        for id in tree.descendants(block).filter(|&id| tree.has(id, "class", "authors")) {
            self.told.insert((self.file, id));
        }
    }

    /// A page with one `<h1>` is called so, if it stands near the head.
    fn only_head(&mut self) {
        if self.files.len() > 1 || self.document.meta.title.is_some() {
            return;
        }
        let tree = self.tree();
        let file = &self.files[self.file];
        let out = |id: Id| std::iter::once(id).chain(tree.ancestors(id)).any(|a| file.left_out.contains(&a));
        let heads: Vec<Id> =
            tree.descendants(Tree::ROOT).filter(|&id| tree.name(id) == "h1" && !out(id)).take(2).collect();
        let [head] = heads.as_slice() else { return };
        let before = |id: &Id| {
            tree.kind(*id) == Kind::Text
                && !out(*id)
                && !tree.ancestors(*id).any(|a| matches!(tree.name(a), "head" | "script" | "style"))
        };
        let start = tree.range(*head).start;
        let above: usize = (tree.descendants(Tree::ROOT).filter(before))
            .take_while(|&id| tree.range(id).start < start)
            .map(|id| decoded(&self.source.text, tree.range(id)).trim().chars().count())
            .sum();
        let text = self.text(*head);
        let plain =
            !text.marks().iter().any(|m| matches!(m.kind, MarkKind::Note(_) | MarkKind::Image { .. }));
        if above > 200 || text.is_empty() || !plain || !names::is_heading(tree.name(*head)) {
            return;
        }
        let message = format!("`{}` was taken as the title", text.as_str().replace('\n', " / "));
        let finding =
            Diagnostic::new("guessed-title", Severity::Note, text.span(0..text.as_str().len()), message);
        self.report.push(finding.hint("override it with `--meta title=…`"));
        self.told.insert((self.file, *head));
        self.document.meta.title = Some(text);
    }
}
