//! An EPUB in, a document out: the files of the spine in their order, each read as HTML, notes across files, metadata
//! of the package document, and titles from the contents where the text itself has none.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use crate::{
    document::{Block, Document, Role},
    package::target,
    read::{
        ReadOptions, front, heads,
        html::{
            File, assemble,
            notes::words,
            parse, same_words,
            tree::{Id, Tree},
        },
        letter,
    },
    report::{Diagnostic, Report, Severity},
    source::{Source, Span},
    text::Text,
};

/// Headings in the contents that are deeper are not looked at.
const DEEPEST: usize = 6;

/// What a cover says that this program drew.
const DRAWN: &[u8] = b"Software\0hanpress";

/// A file that the package document lists.
struct Item {
    path: String,
    media_type: String,
    properties: String,
    /// Where the package document lists it.
    span: Span,
}

/// A line of the contents.
struct Entry {
    path: String,
    /// Where in the file it leads.
    fragment: String,
    level: u8,
    label: Text,
}

/// The package document and what it is made of.
struct Opf<'a> {
    source: &'a Source,
    path: String,
    tree: Tree,
}

/// Reads an EPUB.
pub fn read(source: &Source, options: &ReadOptions, report: &mut Report) -> Document {
    let mut document = Document::default();
    let Some(opf) = Opf::find(source) else {
        let message = "the package document is missing: there is no order of the files to go by";
        damaged(report, Severity::Error, Span::new(source.id, 0..0), message.to_owned());
        return document;
    };
    opf.metadata(&mut document, report);
    let items = opf.items(report);
    document.meta.cover = opf.cover(&items);
    let spine = opf.spine(&items, report);
    let mut files = Vec::new();
    for &index in &spine {
        files.extend(open(source, &items[index], report));
    }
    let shown = files.len();
    // Notes may stand in files that are not in the spine.
    for (index, item) in items.iter().enumerate().filter(|(i, _)| !spine.contains(i)) {
        let text = item.media_type.contains("html") && !item.properties.contains("nav");
        if text && source.part(&item.path).is_some() {
            files.extend(open(source, &items[index], report));
        }
    }
    let starts = assemble(source, &mut files, shown, options, &mut document, report);
    if let Some(entries) = opf.contents(&items) {
        titles(&files[..shown], &starts, &entries, &mut document, report);
    }
    heads::title(&mut document, options, report);
    if letter::is_one(&document.meta, options) {
        letter::guess(&mut document.blocks, report);
    }
    document
}

fn damaged(report: &mut Report, severity: Severity, span: Span, message: String) {
    report.push(Diagnostic::new("damaged-package", severity, span, message));
}

fn unread(report: &mut Report, span: Span, message: String) {
    report.push(Diagnostic::new("unread-epub", Severity::Note, span, message));
}

/// Parses a file of the spine.
fn open(source: &Source, item: &Item, report: &mut Report) -> Option<File> {
    let Some((text, start)) = source.part(&item.path) else {
        let message = format!("`{}` is not in the package; what it says is missing", item.path);
        damaged(report, Severity::Error, item.span, message);
        return None;
    };
    if !item.media_type.contains("html") {
        let message = format!("`{}` is of the kind `{}`, which is not read", item.path, item.media_type);
        damaged(report, Severity::Warning, item.span, message);
        return None;
    }
    Some(parse(source, item.path.clone(), start..start + text.len(), true, report))
}

/// The name of an element without its prefix.
fn local(tree: &Tree, id: Id) -> &str {
    let name = tree.name(id);
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

impl<'a> Opf<'a> {
    fn find(source: &'a Source) -> Option<Self> {
        let named = source.part("META-INF/container.xml").and_then(|(text, start)| {
            let tree = Tree::parse(&source.text, start..start + text.len(), true);
            let rootfile = tree.descendants(Tree::ROOT).find(|&id| local(&tree, id) == "rootfile")?;
            target("", tree.attribute(rootfile, "full-path")?)
        });
        let is_opf = |name: &&str| name.to_ascii_lowercase().ends_with(".opf");
        let any = || source.parts.iter().map(|p| p.name.as_str()).find(is_opf).map(str::to_owned);
        let path = named.filter(|path| source.part(path).is_some()).or_else(any)?;
        let (text, start) = source.part(&path)?;
        let tree = Tree::parse(&source.text, start..start + text.len(), true);
        Some(Self { source, path, tree })
    }

    fn span(&self, id: Id) -> Span {
        Span::new(self.source.id, self.tree.element(id).map_or(self.tree.range(id), |e| e.tag.clone()))
    }

    fn all(&self, name: &str) -> Vec<Id> {
        self.tree.descendants(Tree::ROOT).filter(|&id| local(&self.tree, id) == name).collect()
    }

    /// The words of an element, with their place.
    fn text(&self, tree: &Tree, id: Id) -> Option<Text> {
        let words = words(&self.source.text, tree, id);
        let range: Range<usize> = tree.range(id);
        let found = self.source.text[range.clone()].rfind(words.as_str());
        (!words.is_empty()).then(|| match found {
            Some(at) => Text::verbatim(words, self.source.id, range.start + at),
            None => Text::made(words, Span::new(self.source.id, range)),
        })
    }

    /// What the package says of an element in `<meta refines="#id" property="…">`.
    fn refined(&self, id: Id, property: &str) -> Option<String> {
        let name = self.tree.attribute(id, "id")?;
        let meta = self.all("meta").into_iter().find(|&meta| {
            let refines = self.tree.attribute(meta, "refines").and_then(|r| r.strip_prefix('#'));
            refines == Some(name) && self.tree.attribute(meta, "property") == Some(property)
        })?;
        Some(words(&self.source.text, &self.tree, meta))
    }

    fn metadata(&self, document: &mut Document, report: &mut Report) {
        let meta = &mut document.meta;
        let tree = &self.tree;
        for id in self.all("title") {
            let Some(text) = self.text(tree, id) else { continue };
            match self.refined(id, "title-type").as_deref() {
                Some("subtitle") => meta.subtitle = Some(text),
                None | Some("main") if meta.title.is_none() => meta.title = Some(text),
                _ => {
                    unread(
                        report,
                        self.span(id),
                        format!("a further title is not kept: `{}`", text.as_str()),
                    );
                }
            }
        }
        for id in self.all("creator").into_iter().chain(self.all("contributor")) {
            let Some(text) = self.text(tree, id) else { continue };
            let role = tree.attribute(id, "opf:role").map(str::to_owned).or_else(|| self.refined(id, "role"));
            let creator = local(tree, id) == "creator";
            match role.as_deref() {
                None | Some("aut") if creator => meta.authors.push(text),
                role => {
                    let role = role.unwrap_or("contributor");
                    unread(report, self.span(id), format!("`{}` ({role}) is not kept", text.as_str()));
                }
            }
        }
        let unique = tree.descendants(Tree::ROOT).find_map(|id| tree.attribute(id, "unique-identifier"));
        for (name, key) in [
            ("language", "language"),
            ("date", "date"),
            ("publisher", "publisher"),
            ("rights", "rights"),
            ("description", "description"),
            ("source", "source"),
            ("identifier", "identifier"),
        ] {
            let found = self.all(name);
            let main = found.iter().find(|&&id| name == "identifier" && tree.attribute(id, "id") == unique);
            let Some(id) = main.or(found.first()).copied() else { continue };
            let Some(text) = self.text(tree, id) else { continue };
            let made = text.as_str().starts_with("urn:uuid:");
            let day = text.as_str().split('T').next().unwrap_or_default();
            match key {
                // A number that a program drew names no book, and a year of a program that knew none no date.
                "identifier" if made => {}
                "date" if day.starts_with('0') => {}
                "description" if text.as_str().contains("</") => {
                    front::set(meta, key, Text::made(without_tags(text.as_str()), self.span(id)));
                }
                "date" => front::set(meta, key, Text::made(day, self.span(id))),
                _ => front::set(meta, key, text),
            }
        }
        self.series(document, report);
        let spine = self.all("spine");
        let direction = spine.first().and_then(|&id| tree.attribute(id, "page-progression-direction"));
        if let (Some("rtl"), Some(&id)) = (direction, spine.first()) {
            let message = "the pages of this book go from right to left".to_owned();
            let finding = Diagnostic::new("unread-epub", Severity::Note, self.span(id), message);
            report.push(finding.hint("`--direction vertical` makes a vertical edition again"));
        }
    }

    /// The series that the book belongs to; other collections have no place.
    fn series(&self, document: &mut Document, report: &mut Report) {
        let tree = &self.tree;
        let named = |name: &str| {
            let named = |id: &Id| tree.attribute(*id, "name") == Some(name);
            let meta = self.all("meta").into_iter().find(named)?;
            let (content, range) = tree.value(meta, "content")?;
            Some(match self.source.text[range.clone()].find(content) {
                Some(at) => Text::verbatim(content, self.source.id, range.start + at),
                None => Text::made(content, Span::new(self.source.id, range)),
            })
        };
        let collections = self.all("meta").into_iter();
        for id in collections.filter(|id| tree.attribute(*id, "property") == Some("belongs-to-collection")) {
            let Some(text) = self.text(tree, id) else { continue };
            if document.meta.series.is_none()
                && self.refined(id, "collection-type").is_none_or(|kind| kind == "series")
            {
                document.meta.series_index = self.refined(id, "group-position");
                document.meta.series = Some(text);
            } else {
                unread(
                    report,
                    self.span(id),
                    format!("a further collection is not kept: `{}`", text.as_str()),
                );
            }
        }
        if document.meta.series.is_none() {
            document.meta.series = named("calibre:series");
            document.meta.series_index = document
                .meta
                .series
                .as_ref()
                .and_then(|_| named("calibre:series_index"))
                .map(|index| index.as_str().to_owned());
        }
    }

    /// The picture on the cover, unless this program drew it: then the edition draws its own.
    fn cover(&self, items: &[Item]) -> Option<String> {
        let named = (self.all("meta").into_iter())
            .find(|&id| self.tree.attribute(id, "name") == Some("cover"))
            .and_then(|id| self.tree.attribute(id, "content"));
        let spans: Vec<Span> = (self.all("item").into_iter())
            .filter(|&id| named.is_some() && self.tree.attribute(id, "id") == named)
            .map(|id| self.span(id))
            .collect();
        let item = (items.iter().find(|item| item.properties.split(' ').any(|p| p == "cover-image")))
            .or_else(|| items.iter().find(|item| spans.contains(&item.span)))
            .filter(|item| item.media_type.starts_with("image/"))?;
        let drawn = self
            .source
            .media(&item.path)
            .is_ok_and(|bytes| bytes.windows(DRAWN.len()).any(|part| part == DRAWN));
        (!drawn).then(|| item.path.clone())
    }

    /// The files that the package document lists.
    fn items(&self, report: &mut Report) -> Vec<Item> {
        let mut out: Vec<Item> = Vec::new();
        for id in self.all("item") {
            let attribute = |name| self.tree.attribute(id, name).unwrap_or_default();
            let href = attribute("href");
            match target(&self.path, href) {
                Some(path) => out.push(Item {
                    path,
                    media_type: attribute("media-type").to_ascii_lowercase(),
                    properties: attribute("properties").to_owned(),
                    span: self.span(id),
                }),
                None => {
                    let message = format!("`{href}` leads out of the package and is not read");
                    damaged(report, Severity::Warning, self.span(id), message);
                }
            }
        }
        out
    }

    /// The files of the text in their order: without the contents and the cover, which are made anew.
    fn spine(&self, items: &[Item], report: &mut Report) -> Vec<usize> {
        let names: BTreeMap<&str, Span> = (self.all("item").into_iter())
            .filter_map(|id| Some((self.tree.attribute(id, "id")?, self.span(id))))
            .collect();
        let covers: BTreeSet<String> = (self.all("reference").into_iter())
            .filter(|&id| matches!(self.tree.attribute(id, "type"), Some("cover" | "toc")))
            .filter_map(|id| target(&self.path, self.tree.attribute(id, "href")?))
            .collect();
        let mut out = Vec::new();
        for id in self.all("itemref") {
            let name = self.tree.attribute(id, "idref").unwrap_or_default();
            let found = names.get(name).and_then(|span| items.iter().position(|item| item.span == *span));
            let Some(index) = found else {
                damaged(
                    report,
                    Severity::Warning,
                    self.span(id),
                    format!("the package has no file `{name}`"),
                );
                continue;
            };
            let item = &items[index];
            let made_anew = item.properties.split(' ').any(|p| p == "nav")
                || covers.contains(&item.path) && self.is_made(item)
                || self.is_cover(item);
            let again = out.iter().any(|&i: &usize| items[i].path == item.path);
            if !made_anew && !again {
                out.push(index);
            }
        }
        if out.is_empty() {
            let texts =
                |i: &usize| items[*i].media_type.contains("html") && !items[*i].properties.contains("nav");
            out = (0..items.len()).filter(texts).collect();
            let message = "there is no order of the files; they are read as the package document lists them";
            let at = self.all("spine").first().map_or(Span::new(self.source.id, 0..0), |&id| self.span(id));
            damaged(report, Severity::Warning, at, message.to_owned());
        }
        out
    }

    /// Whether a file is nothing but a picture, or nothing but links.
    fn is_made(&self, item: &Item) -> bool {
        let Some((text, start)) = self.source.part(&item.path) else { return false };
        let tree = Tree::parse(&self.source.text, start..start + text.len(), true);
        let Some(body) = tree.descendants(Tree::ROOT).find(|&id| tree.name(id) == "body") else {
            return false;
        };
        let paragraphs = tree.descendants(body).filter(|&id| matches!(tree.name(id), "p" | "li")).count();
        let links = tree.descendants(body).filter(|&id| tree.name(id) == "a").count();
        words(&self.source.text, &tree, body).is_empty() || links > 1 && links * 10 >= paragraphs * 9
    }

    /// Whether a file says that it is the cover, and has no words.
    fn is_cover(&self, item: &Item) -> bool {
        let Some((text, start)) = self.source.part(&item.path) else { return false };
        if text.len() > 20_000 {
            return false;
        }
        let tree = Tree::parse(&self.source.text, start..start + text.len(), true);
        let Some(body) = tree.descendants(Tree::ROOT).find(|&id| tree.name(id) == "body") else {
            return false;
        };
        let says = tree
            .descendants(body)
            .any(|id| tree.has(id, "epub:type", "cover") || tree.has(id, "role", "doc-cover"));
        says && words(&self.source.text, &tree, body).is_empty()
    }

    /// The contents: `nav`, or the NCX of older books.
    fn contents(&self, items: &[Item]) -> Option<Vec<Entry>> {
        let nav = items.iter().find(|item| item.properties.split(' ').any(|p| p == "nav"));
        let ncx = items.iter().find(|item| item.media_type == "application/x-dtbncx+xml");
        let (item, old) = nav.map(|item| (item, false)).or(ncx.map(|item| (item, true)))?;
        let (text, start) = self.source.part(&item.path)?;
        let tree = Tree::parse(&self.source.text, start..start + text.len(), true);
        let root = if old {
            Tree::ROOT
        } else {
            tree.descendants(Tree::ROOT)
                .find(|&id| tree.name(id) == "nav" && tree.has(id, "epub:type", "toc"))?
        };
        let mut out = Vec::new();
        for id in tree.descendants(root) {
            let (href, label) = match local(&tree, id) {
                "a" if !old => (tree.attribute(id, "href"), Some(id)),
                "navpoint" if old => {
                    let below = |name: &str| tree.children(id).find(|&c| local(&tree, c) == name);
                    (below("content").and_then(|c| tree.attribute(c, "src")), below("navlabel"))
                }
                _ => continue,
            };
            let (Some(href), Some(label)) = (href, label) else { continue };
            let (Some(path), Some(label)) = (target(&item.path, href), self.text(&tree, label)) else {
                continue;
            };
            let around = tree.ancestors(id).filter(|&a| matches!(local(&tree, a), "ol" | "navpoint")).count();
            let level = (around + usize::from(old)).clamp(1, DEEPEST) as u8;
            let fragment = href.split_once('#').map_or(String::new(), |(_, f)| f.to_owned());
            out.push(Entry { path, fragment, level, label });
        }
        Some(out)
    }
}

/// Gives files without a heading the title that they have in the contents: a first paragraph of the same words becomes
/// the heading, else the title stands before the text.
fn titles(files: &[File], starts: &[usize], entries: &[Entry], document: &mut Document, report: &mut Report) {
    // From the end, so that what is put in moves nothing that is still to be looked at.
    for (index, file) in files.iter().enumerate().rev() {
        let end = starts.get(index + 1).copied().unwrap_or(document.blocks.len());
        let range = starts[index]..end.min(document.blocks.len());
        let Some(entry) = entries.iter().find(|entry| entry.path == file.path) else { continue };
        let blocks = &document.blocks[range.clone()];
        let titled = blocks.iter().any(|b| matches!(b, Block::Heading { .. }));
        let own = document.meta.title.as_ref().is_some_and(|t| same_words(t, &entry.label));
        if titled || blocks.is_empty() || own || !entry.fragment.is_empty() && files.len() == 1 {
            continue;
        }
        let level = entry.level;
        let first = blocks.iter().take(3).position(
            |b| matches!(b, Block::Paragraph { text, role: Role::Body } if same_words(text, &entry.label)),
        );
        match first {
            Some(at) => {
                if let Block::Paragraph { text, .. } = &mut document.blocks[range.start + at] {
                    let text = std::mem::take(text);
                    document.blocks[range.start + at] = Block::Heading { level, text };
                }
            }
            None => document.blocks.insert(range.start, Block::Heading { level, text: entry.label.clone() }),
        }
        let span = entry.label.span(0..entry.label.as_str().len());
        let message = format!("`{}` was taken as a heading from the contents", entry.label.as_str());
        report.push(Diagnostic::new("guessed-heading", Severity::Note, span, message));
    }
}

/// The words of a description that a library wrote in HTML.
fn without_tags(html: &str) -> String {
    let tree = Tree::parse(html, 0..html.len(), false);
    words(html, &tree, Tree::ROOT)
}
