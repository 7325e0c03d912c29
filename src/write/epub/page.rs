//! The XHTML files of an EPUB: cover page, title block, text, notes.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    counter,
    document::{
        Align, Block, Cell, Counter, Definition, Document, IndexKind, Item, Merge, NotePlace, Role, cells,
    },
    edition::Script,
    index::{self, Index, Locator},
    report::Report,
    source::{SourceId, Span},
    text::{MarkKind, Text},
    write::{
        epub::{Book, COVER, Chapter, Entry, Medium, VERTICAL, breaks, image_path, inline},
        words,
        xml::Xml,
    },
};

/// The notes of a book and where they were referred to.
pub(in crate::write) struct Notes {
    /// How often each note was referred to.
    seen: BTreeMap<usize, usize>,
    /// The file of the first reference to each.
    first: BTreeMap<usize, String>,
    /// The file that each stands in, once it is referred to.
    homes: BTreeMap<usize, String>,
    pending: Vec<usize>,
    total: usize,
    /// The file that is written.
    path: String,
    /// Where words stand that an index lists: which index, under which words, and the address.
    entries: BTreeMap<(IndexKind, String), Vec<String>>,
    /// How many of them there are.
    count: usize,
}

impl Notes {
    pub(in crate::write) fn new(total: usize) -> Self {
        Self {
            seen: BTreeMap::new(),
            first: BTreeMap::new(),
            homes: BTreeMap::new(),
            pending: Vec::new(),
            total,
            path: String::new(),
            entries: BTreeMap::new(),
            count: 0,
        }
    }

    /// The words of a text that an index lists, or that are marked for one. The first of each in a text gets an
    /// identifier: a paragraph is a place.
    pub(super) fn indexed<'t>(&mut self, book: &Book, text: &'t Text) -> Vec<inline::Indexed<'t>> {
        let mut out: Vec<inline::Indexed> = Vec::new();
        let marked = text.marks().iter().filter_map(|mark| match &mark.kind {
            MarkKind::Index(term) => Some((mark.range.clone(), term.as_str())),
            _ => None,
        });
        out.extend(marked.map(|(range, term)| inline::Indexed { range, id: None, term: Some(term) }));
        let mut told = BTreeSet::new();
        for (mark, kind, words) in index::listed(book.document, text) {
            if !told.insert((kind, words.clone())) {
                continue;
            }
            self.count += 1;
            let id = format!("entry-{}", self.count);
            self.entries.entry((kind, words)).or_default().push([&self.path, "#", &id].concat());
            match out.iter_mut().find(|one| one.range == mark.range && one.id.is_none()) {
                Some(one) => one.id = Some(id),
                None => out.push(inline::Indexed { range: mark.range.clone(), id: Some(id), term: None }),
            }
        }
        out.sort_by_key(|one| (one.range.start, std::cmp::Reverse(one.range.end)));
        out
    }

    /// The indexes of a book whose text is written.
    pub(in crate::write) fn indexes(&self, book: &Book) -> Vec<Index> {
        index::of(book.document, book.edition, |kind, words| {
            let targets = self.entries.get(&(kind, words.to_owned()));
            let places = (1..).zip(targets.into_iter().flatten());
            places
                .map(|(number, target): (usize, _)| Locator {
                    label: number.to_string(),
                    target: target.clone(),
                })
                .collect()
        })
    }

    /// Takes up a note of those asked for that nothing refers to, if there is one left.
    fn unseen(&mut self, asked: impl Fn(usize) -> bool) -> bool {
        let left = (0..self.total).find(|&index| asked(index) && !self.seen.contains_key(&index));
        if let Some(index) = left {
            self.seen.insert(index, 0);
            self.pending.push(index);
        }
        left.is_some()
    }

    /// Records a reference: the address of the note and the id of the reference.
    pub(in crate::write) fn refer(&mut self, book: &Book, index: usize) -> (String, String) {
        if !self.seen.contains_key(&index) {
            self.pending.push(index);
            self.first.insert(index, self.path.clone());
            let home = book.notes_path.filter(|_| book.is_apart(index)).unwrap_or(&self.path);
            self.homes.insert(index, home.to_owned());
        }
        let count = self.seen.entry(index).or_insert(0);
        *count += 1;
        let number = (index + 1).to_string();
        let id = if *count == 1 { format!("ref-{number}") } else { format!("ref-{number}-{count}") };
        let home = self.homes.get(&index).filter(|home| **home != self.path).map_or("", String::as_str);
        ([home, "#note-", &number].concat(), id)
    }
}

struct Page<'a, 'b> {
    xml: Xml,
    book: &'a Book<'a>,
    notes: &'b mut Notes,
    entries: &'b mut Vec<Entry>,
    report: &'b mut Report,
    path: &'a str,
    shift: u8,
    headings: usize,
    in_note: bool,
    /// Lists around the one that is written.
    lists: usize,
}

/// An XHTML document up to the open body.
pub(in crate::write) fn start(book: &Book, title: &str, body: &[(&str, &str)]) -> Xml {
    let mut xml = Xml::with_doctype("html");
    let tag = book.edition.tag();
    xml.line().open(
        "html",
        &[
            ("xmlns", "http://www.w3.org/1999/xhtml"),
            ("xmlns:epub", "http://www.idpf.org/2007/ops"),
            ("lang", tag),
            ("xml:lang", tag),
        ],
    );
    xml.line().open("head", &[]).line().leaf("title", &[], title).line();
    let cover = body.contains(&("class", "cover"));
    let turned = (book.is_vertical() && !cover).then_some(VERTICAL);
    for sheet in ["style/book.css"].into_iter().chain(turned).chain(["style/faces.css"]) {
        xml.empty("link", &[("rel", "stylesheet"), ("type", "text/css"), ("href", sheet)]).line();
    }
    xml.close().line().open("body", body).line();
    xml
}

/// The cover page: the cover picture, with what stands on it as its alternative text.
pub(in crate::write) fn cover(book: &Book) -> Vec<u8> {
    let mut xml = start(book, &book.title, &[("class", "cover"), ("epub:type", "cover")]);
    let mut alt = vec![book.title.clone()];
    alt.extend(book.document.meta.subtitle.iter().chain(&book.document.meta.authors).map(words::line));
    let alt = alt.join("\u{3000}");
    xml.open("div", &[("class", "cover")]);
    let own = book.document.cover().map(|i| image_path(i, &book.document.images[i]));
    let src = own.as_deref().unwrap_or(COVER);
    xml.empty("img", &[("src", src), ("alt", &alt), ("role", "doc-cover")]);
    xml.finish()
}

/// Writes one file of the text with the notes that it refers to.
pub(in crate::write) fn write(
    book: &Book,
    chapter: &Chapter,
    notes: &mut Notes,
    last: bool,
    entries: &mut Vec<Entry>,
    report: &mut Report,
) -> Vec<u8> {
    let titled = chapter.titled && book.document.printed_title().is_some();
    let split = book.chapters.len() > 1;
    let kind = if split && chapter.titled { "frontmatter" } else { "bodymatter" };
    let body: &[_] = &[("class", "two-readings"), ("epub:type", kind)];
    let body = if has_two_readings(book.document) { body } else { &body[1..] };
    let xml = start(book, &chapter.title, body);
    let mut page = Page::new(xml, book, &chapter.path, notes, entries, report);
    page.shift = u8::from(titled);
    if chapter.titled {
        page.title();
    }
    page.blocks(chapter.blocks);
    page.notes(last && book.notes_path.is_none(), |index| !book.is_apart(index));
    page.xml.finish()
}

/// The file of the notes of a book that has them at its end.
pub(in crate::write) fn end_notes(
    book: &Book,
    path: &str,
    notes: &mut Notes,
    entries: &mut Vec<Entry>,
    report: &mut Report,
) -> Vec<u8> {
    let body: &[_] = &[("class", "two-readings"), ("epub:type", "backmatter")];
    let body = if has_two_readings(book.document) { body } else { &body[1..] };
    let xml = start(book, book.words.notes, body);
    let mut page = Page::new(xml, book, path, notes, entries, report);
    page.notes(true, |index| book.is_apart(index));
    // What they alone refer to stands with them.
    page.notes(true, |index| !book.is_apart(index));
    page.entries.push(Entry { level: 1, label: book.words.notes.to_owned(), href: path.to_owned() });
    page.xml.finish()
}

/// The file of an index.
pub(in crate::write) fn index(
    book: &Book,
    path: &str,
    index: &Index,
    notes: &mut Notes,
    entries: &mut Vec<Entry>,
    report: &mut Report,
) -> Vec<u8> {
    let title = index::title(index.kind, book.edition);
    let xml = start(book, title, &[("epub:type", "backmatter")]);
    let mut page = Page::new(xml, book, path, notes, entries, report);
    page.index(index);
    page.xml.finish()
}

/// A text in one piece, as a page in HTML has it: what stands at its head, the rest, and the entries of its contents.
pub(in crate::write) fn whole(book: &Book, report: &mut Report) -> (Vec<u8>, Vec<u8>, Vec<Entry>) {
    let (mut notes, mut entries) = (Notes::new(book.document.notes.len()), Vec::new());
    let mut page = Page::new(Xml::page_fragment(), book, "", &mut notes, &mut entries, report);
    page.title();
    let head = std::mem::replace(&mut page.xml, Xml::page_fragment()).finish();
    page.shift = u8::from(book.document.printed_title().is_some());
    page.blocks(&book.document.blocks);
    page.notes(true, |_| true);
    for index in page.notes.indexes(book) {
        page.index(&index);
    }
    let body = page.xml.finish();
    (head, body, entries)
}

/// Whether any character has two readings.
pub(in crate::write) fn has_two_readings(document: &Document) -> bool {
    document.texts().into_iter().any(|(_, text)| {
        let mut end = 0;
        text.marks().iter().filter(|m| matches!(m.kind, MarkKind::Ruby(_))).any(|mark| {
            let again = mark.range.start < end;
            end = end.max(mark.range.end);
            again
        })
    })
}

impl<'a, 'b> Page<'a, 'b> {
    fn new(
        xml: Xml,
        book: &'a Book<'a>,
        path: &'a str,
        notes: &'b mut Notes,
        entries: &'b mut Vec<Entry>,
        report: &'b mut Report,
    ) -> Self {
        path.clone_into(&mut notes.path);
        Self { xml, book, notes, entries, report, path, shift: 0, headings: 0, in_note: false, lists: 0 }
    }

    fn title(&mut self) {
        let meta = &self.book.document.meta;
        let date = words::printed_date(meta, self.book.page.dates());
        let title = self.book.document.printed_title();
        if title.is_none() && meta.subtitle.is_none() && meta.authors.is_empty() && date.is_none() {
            return;
        }
        self.xml.open("header", &[("class", "title-block")]).line();
        if let Some(title) = title {
            self.entries.push(Entry {
                level: 1,
                label: self.book.title.clone(),
                href: format!("{}#title", self.path),
            });
            self.xml.open("h1", &[("class", "title"), ("id", "title")]);
            self.text(title);
            self.xml.close().line();
        }
        if let Some(subtitle) = &meta.subtitle {
            self.paragraph("subtitle", subtitle);
        }
        if !meta.authors.is_empty() {
            self.xml.open("p", &[("class", "authors")]);
            for (i, author) in meta.authors.iter().enumerate() {
                if i > 0 {
                    self.xml.text("\u{3000}");
                }
                self.xml.open("span", &[("class", "author")]);
                self.text(author);
                self.xml.close();
            }
            self.xml.close().line();
        }
        if let Some(source) = &meta.source {
            self.paragraph("source", source);
        }
        if let Some(date) = date {
            self.paragraph("date", &Text::made(date, Span::new(SourceId(0), 0..0)));
        }
        self.xml.close().line();
    }

    /// The identifier of a text that is a place as a whole, and the text without that mark: its element has it.
    fn placed<'t>(&self, text: &'t Text) -> (Option<String>, Cow<'t, Text>) {
        let place = text.anchor().and_then(|name| Some((name, self.book.places.get(name)?)));
        let Some((name, place)) = place else { return (None, Cow::Borrowed(text)) };
        let mut rest = text.clone();
        rest.unmark(|mark| matches!(&mark.kind, MarkKind::Anchor(other) if other == name));
        (Some(place.id.clone()), Cow::Owned(rest))
    }

    fn text(&mut self, text: &Text) {
        inline::write(&mut self.xml, self.book, text, self.notes, self.report);
    }

    fn paragraph(&mut self, class: &str, text: &Text) {
        let (id, text) = self.placed(text);
        let mut attributes = Vec::new();
        attributes.extend(Some(("class", class)).filter(|_| !class.is_empty()));
        attributes.extend(id.as_deref().map(|id| ("id", id)));
        self.xml.open("p", &attributes);
        self.text(&text);
        self.xml.close().line();
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Paragraph { text, role } => self.paragraph(
                match role {
                    Role::Body => "",
                    Role::AuthorNote => "author-note",
                    Role::Continued => "continued",
                    Role::Salutation => "salutation",
                    Role::Closing => "closing",
                    Role::Signature => "signature",
                },
                text,
            ),
            Block::Quote(blocks) => {
                self.xml.open("blockquote", &[]).line();
                self.blocks(blocks);
                self.xml.close().line();
            }
            Block::Verse(stanzas) => {
                self.xml.open("div", &[("class", "verse")]).line();
                for stanza in stanzas {
                    self.stanza(stanza);
                }
                self.xml.close().line();
            }
            Block::List { start, counter, tight, items } => self.list(*start, *counter, *tight, items),
            Block::Definitions(all) => self.definitions(all),
            Block::Code { language, text } => {
                let name = language.split_whitespace().next().unwrap_or_default();
                let class = ["language-", name].concat();
                let class = [("class", class.as_str())];
                self.xml.open("pre", &[]).open("code", if name.is_empty() { &[] } else { &class });
                let mut at = 0;
                for (start, label) in self.book.breaks.of(text) {
                    self.xml.text(&text.as_str()[at..*start]);
                    breaks::mark(&mut self.xml, label);
                    at = *start;
                }
                self.xml.text(&text.as_str()[at..]).text("\n").close().close().line();
            }
            Block::Table { align, head, rows, merged, caption } => {
                self.table(align, head, rows, merged, caption.as_ref());
            }
            Block::Figure { path, alt, caption, anchor, span } => {
                self.figure(path, alt, caption.as_ref(), anchor.as_deref(), *span);
            }
            Block::Break => {
                self.xml.empty("hr", &[]).line();
            }
        }
    }

    fn heading(&mut self, level: u8, text: &Text) {
        const NAMES: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
        self.headings += 1;
        let (id, text) = self.placed(text);
        let id = id.unwrap_or_else(|| format!("heading-{}", self.headings));
        let name = NAMES[usize::from((level.max(1) - 1 + self.shift).min(5))];
        let class = format!("level-{}", level.clamp(1, 6));
        let label = words::line(&text);
        if !label.is_empty() && !self.in_note {
            self.entries.push(Entry { level, label, href: format!("{}#{id}", self.path) });
        }
        self.xml.open(name, &[("class", &class), ("id", &id)]);
        self.text(&text);
        self.xml.close().line();
    }

    /// A stanza: its lines are paragraphs, so that what turns over is indented.
    fn stanza(&mut self, stanza: &Text) {
        self.xml.open("div", &[("class", "stanza")]).line();
        let mut at = 0;
        let mut pages = self.book.breaks.of(stanza).iter().peekable();
        for line in stanza.as_str().split('\n') {
            self.xml.open("p", &[("class", "line")]);
            while let Some((_, label)) = pages.next_if(|(start, _)| *start <= at) {
                breaks::mark(&mut self.xml, label);
            }
            self.text(&stanza.slice(at..at + line.len()));
            self.xml.close().line();
            at += line.len() + 1;
        }
        self.xml.close().line();
    }

    fn list(&mut self, start: Option<u64>, counter: Counter, tight: bool, items: &[Item]) {
        let first = start.unwrap_or(1).to_string();
        let tasks = items.iter().any(|i| i.task.is_some());
        let mut class = match (tasks, tight) {
            (true, true) => "tasks tight",
            (true, false) => "tasks loose",
            (false, true) => "tight",
            (false, false) => "loose",
        }
        .to_owned();
        if let Some(start) = start {
            self.numbering(&mut class, self.book.page.counter(counter, self.lists), start, items.len());
        }
        match start {
            None => self.xml.open("ul", &[("class", &class)]),
            Some(1) => self.xml.open("ol", &[("class", &class)]),
            Some(_) => self.xml.open("ol", &[("class", &class), ("start", &first)]),
        };
        self.lists += 1;
        self.xml.line();
        for item in items {
            self.xml.open("li", &[]);
            let mut blocks = item.blocks.as_slice();
            if let Some(done) = item.task {
                self.xml.text(if done { "☑ " } else { "☐ " });
            }
            // A tight item's words stand in the item itself.
            if (tight || tasks)
                && let [Block::Paragraph { text, .. }, rest @ ..] = blocks
            {
                self.text(text);
                blocks = rest;
            }
            self.blocks(blocks);
            self.xml.close().line();
        }
        self.lists -= 1;
        self.xml.close().line();
    }

    fn definitions(&mut self, all: &[Definition]) {
        self.xml.open("dl", &[]).line();
        for one in all {
            if !one.term.is_empty() || one.meanings.is_empty() {
                let (id, term) = self.placed(&one.term);
                self.xml.open("dt", id.as_deref().map(|id| ("id", id)).as_slice());
                self.text(&term);
                self.xml.close().line();
            }
            for meaning in &one.meanings {
                self.xml.open("dd", &[]);
                match meaning.as_slice() {
                    [Block::Paragraph { text, role: Role::Body }] => self.text(text),
                    blocks => {
                        self.xml.line();
                        self.blocks(blocks);
                    }
                }
                self.xml.close().line();
            }
        }
        self.xml.close().line();
    }

    /// Adds the classes that write the numbers of a list and make room for the widest.
    fn numbering(&self, class: &mut String, counter: Counter, start: u64, count: usize) {
        let traditional = self.book.edition.script == Script::Traditional;
        let name = match (counter, traditional) {
            (Counter::Auto | Counter::Decimal, _) => "decimal",
            (Counter::DecimalParen, _) => "decimal-paren",
            (Counter::Chinese, true) => "chinese",
            (Counter::Chinese, false) => "chinese-simplified",
            (Counter::ChineseParen, true) => "chinese-paren",
            (Counter::ChineseParen, false) => "chinese-paren-simplified",
            (Counter::ChineseFormal, true) => "chinese-formal",
            (Counter::ChineseFormal, false) => "chinese-formal-simplified",
            (Counter::HeavenlyStem, _) => "heavenly-stem",
            (Counter::EarthlyBranch, _) => "earthly-branch",
            (Counter::Circled, _) => "circled",
        };
        let wide = counter::width(counter, start, count, traditional);
        for word in [name.to_owned(), if wide > 2 { format!("hang-{}", wide.min(8)) } else { String::new() }]
        {
            if !word.is_empty() {
                class.push(' ');
                class.push_str(&word);
            }
        }
    }

    fn table(
        &mut self,
        align: &[Align],
        head: &[Text],
        rows: &[Vec<Text>],
        merged: &[Merge],
        caption: Option<&Text>,
    ) {
        let columns = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(0);
        let top = usize::from(!head.is_empty());
        let grid = cells(merged, rows.len() + top, columns, top > 0);
        self.xml.open("div", &[("class", "table")]).open("table", &[]).line();
        if let Some(caption) = caption {
            let (id, caption) = self.placed(caption);
            self.xml.open("caption", id.as_deref().map(|id| ("id", id)).as_slice());
            self.text(&caption);
            self.xml.close().line();
        }
        if !head.is_empty() {
            self.xml.open("thead", &[]);
            self.row("th", align, head, &grid[0]);
            self.xml.close().line();
        }
        if !rows.is_empty() {
            self.xml.open("tbody", &[]).line();
            for (row, places) in rows.iter().zip(&grid[top..]) {
                self.row("td", align, row, places);
            }
            self.xml.close().line();
        }
        if head.is_empty() && rows.is_empty() {
            self.xml.open("tbody", &[]).open("tr", &[]).open("td", &[]).close().close().close();
        }
        self.xml.close().close().line();
    }

    fn row(&mut self, cell: &'static str, align: &[Align], cells: &[Text], places: &[Cell]) {
        self.xml.open("tr", &[]);
        for (i, text) in cells.iter().enumerate() {
            let (down, along) = match places[i] {
                Cell::Own { rows, columns } => (rows, columns),
                // A text that stands where another cell reaches is never lost.
                Cell::Covered { .. } if text.is_empty() => continue,
                Cell::Covered { .. } => (1, 1),
            };
            let (down, along) = (down.to_string(), along.to_string());
            let class = match align.get(i) {
                None | Some(Align::Auto) => "",
                Some(Align::Start) => "start",
                Some(Align::Center) => "center",
                Some(Align::End) => "end",
            };
            let mut attributes = Vec::new();
            if !class.is_empty() {
                attributes.push(("class", class));
            }
            if cell == "th" {
                attributes.push(("scope", if along == "1" { "col" } else { "colgroup" }));
            }
            if down != "1" {
                attributes.push(("rowspan", &down));
            }
            if along != "1" {
                attributes.push(("colspan", &along));
            }
            self.xml.open(cell, &attributes);
            self.text(text);
            self.xml.close();
        }
        if cells.is_empty() {
            self.xml.open(cell, &[]).close();
        }
        self.xml.close().line();
    }

    fn figure(&mut self, path: &str, alt: &str, caption: Option<&Text>, anchor: Option<&str>, span: Span) {
        let id = anchor.and_then(|name| self.book.places.get(name)).map(|place| ("id", place.id.as_str()));
        self.xml.open("figure", id.as_slice()).line();
        match self.book.document.images.iter().position(|i| i.path == path) {
            Some(i) => {
                inline::picture(&mut self.xml, self.book, i, alt, &[]);
                self.xml.line();
            }
            None => {
                self.report.push(words::missing_image(path, span));
                self.xml.leaf("p", &[("class", "missing")], alt).line();
            }
        }
        if let Some(caption) = caption {
            self.xml.open("figcaption", &[]);
            self.text(caption);
            self.xml.close().line();
        }
        self.xml.close().line();
    }

    /// An index: its entries, each with the places of its words.
    fn index(&mut self, index: &Index) {
        let epub = self.book.medium == Medium::Epub;
        let typed = |kind: &'static str| epub.then_some(("epub:type", kind));
        let with = |kind: &'static str, rest: &[(&'static str, &'static str)]| {
            rest.iter().copied().chain(typed(kind)).collect::<Vec<_>>()
        };
        let (title, name) = (index::title(index.kind, self.book.edition), index.kind.name());
        let class = ["index ", name].concat();
        let id = ["index-of-", name].concat();
        let mut section = vec![("class", class.as_str()), ("role", "doc-index"), ("id", &id)];
        section.extend(typed("index"));
        self.entries.push(Entry { level: 1, label: title.to_owned(), href: format!("{}#{id}", self.path) });
        self.xml.open("section", &section).line();
        let (one, two) = if epub { ("h1", "h2") } else { ("h2", "h3") };
        self.xml.leaf(one, &[("class", "level-1")], title).line();
        for group in &index.groups {
            self.xml.open("section", &with("index-group", &[("class", "group")])).line();
            self.xml.leaf(two, &[("class", "group")], &group.label).line();
            self.xml.open("ul", &with("index-entry-list", &[])).line();
            for entry in &group.entries {
                self.xml.open("li", &with("index-entry", &[]));
                self.xml.leaf("span", &with("index-term", &[("class", "term")]), &entry.words);
                for (number, place) in entry.places.iter().enumerate() {
                    self.xml.text(match number {
                        0 => "\u{3000}",
                        _ if self.book.is_vertical() => "、",
                        _ => ", ",
                    });
                    let mut link = vec![("href", place.target.as_str())];
                    link.extend(typed("index-locator"));
                    self.xml.leaf("a", &link, &place.label);
                }
                self.xml.close().line();
            }
            self.xml.close().close().line();
        }
        self.xml.close().line();
    }

    /// Those of the notes asked for that this file refers to; in the last file also those that nothing refers to.
    /// Endnotes stand behind the others.
    fn notes(&mut self, last: bool, asked: impl Fn(usize) -> bool) {
        let at_end = |book: &Book, index: usize| book.numbers.get(index).is_some_and(|note| note.at_end);
        let book = self.book;
        if (0..book.numbers.len()).any(|index| at_end(book, index)) {
            self.notes_of_kind(false, false, |index| asked(index) && !at_end(book, index));
            self.notes_of_kind(false, true, |index| asked(index) && at_end(book, index));
        }
        // Endnotes may refer to further footnotes.
        self.notes_of_kind(last, false, asked);
    }

    fn notes_of_kind(&mut self, last: bool, at_end: bool, asked: impl Fn(usize) -> bool) {
        let waits = self.notes.pending.iter().any(|&index| asked(index));
        if !(waits || last && self.notes.unseen(&asked)) {
            return;
        }
        self.in_note = true;
        let epub = self.book.medium == Medium::Epub;
        let kind = match self.book.note_place {
            _ if !epub => ("role", "doc-endnotes"),
            NotePlace::End => ("epub:type", "endnotes"),
            NotePlace::Foot if at_end => ("epub:type", "endnotes"),
            NotePlace::Foot | NotePlace::Chapter => ("epub:type", "footnotes"),
        };
        let class = match self.book.document.meta.notes {
            None => "notes",
            Some(NotePlace::Foot) => "notes foot",
            Some(NotePlace::Chapter) => "notes chapter",
            Some(NotePlace::End) => "notes end",
        };
        self.xml.open("section", &[("class", class), kind]).line();
        let apart = self.book.notes_path == Some(self.path);
        self.xml.leaf(if apart { "h1" } else { "h2" }, &[("class", "notes")], self.book.words.notes).line();
        let mut at = 0;
        // A note may refer to a further note, so that only after the last of them it is known which are left.
        while at < self.notes.pending.len() || last && self.notes.unseen(&asked) {
            let index = self.notes.pending[at];
            if !asked(index) {
                at += 1;
                continue;
            }
            self.notes.pending.remove(at);
            let number = (index + 1).to_string();
            let id = ["note-", &number].concat();
            let at_end = self.book.numbers.get(index).is_some_and(|note| note.at_end);
            // In a page the notes stand together at the end, where a note is no aside.
            let class = if at_end { "note endnote" } else { "note" };
            if epub {
                let all =
                    [("class", class), ("epub:type", "footnote"), ("role", "doc-footnote"), ("id", &id)];
                self.xml.open("aside", &all);
            } else {
                self.xml.open("div", &[("class", class), ("id", &id)]);
            }
            let mut blocks = self.book.document.notes.get(index).map_or(&[][..], Vec::as_slice);
            self.xml.open("p", &[]);
            let referred = self.notes.seen.get(&index).is_some_and(|&n| n > 0);
            let mark = self.book.note_mark(index);
            if referred {
                let file = self.notes.first.get(&index).filter(|file| *file != self.path);
                let file = file.map_or("", String::as_str);
                let back = [file, "#ref-", &number].concat();
                let label = self.book.words.back;
                self.xml.open(
                    "a",
                    &[("class", "back"), ("role", "doc-backlink"), ("href", &back), ("title", label)],
                );
                self.xml.text(&mark).close();
            } else {
                self.xml.leaf("span", &[("class", "back")], &mark);
            }
            self.xml.text(" ");
            if let [Block::Paragraph { text, .. }, rest @ ..] = blocks {
                self.text(text);
                blocks = rest;
            }
            self.xml.close();
            self.blocks(blocks);
            self.xml.close().line();
        }
        self.xml.close().line();
        self.in_note = false;
    }
}
