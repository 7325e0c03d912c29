//! The body of a DOCX: title block, blocks, notes, and the page in one place.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    counter,
    document::{Align, Block, Cell, Counter, Definition, Item, Merge, Role, cells},
    edition::Script,
    font::casting::Casting,
    links,
    report::Report,
    template::Direction,
    text::{MarkKind, Text},
    write::{
        docx::{
            Book, NoteKind, contents, index,
            inline::Story,
            parts::{List, NAMESPACES, Relations},
            styles::{self, twips},
        },
        runs::Voice,
        words,
        xml::Xml,
    },
};

/// The body and the notes, with what other parts must know of them.
pub(super) struct Main {
    pub document: Vec<u8>,
    pub document_relations: Relations,
    /// A part a kind of notes.
    pub notes: Vec<Notes>,
    /// The lists, in order.
    pub lists: Vec<List>,
}

/// The part of a kind of notes.
pub(super) struct Notes {
    pub kind: &'static NoteKind,
    pub part: Vec<u8>,
    pub relations: Relations,
}

struct Writer<'a, 'b> {
    story: Story<'a, 'b>,
    report: &'b mut Report,
    lists: Vec<List>,
    quotes: usize,
    /// The hang of each list around what is written, em.
    hangs: Vec<f32>,
    /// The paragraph style of words in notes.
    plain: &'static str,
    table: bool,
    /// How many headings of the contents were written, where there are contents.
    headings: Option<usize>,
    /// How many captions of each kind were counted.
    captions: BTreeMap<String, u64>,
}

/// A paragraph's own properties besides its style.
#[derive(Clone, Copy, Default)]
struct Own {
    keep_next: bool,
    /// List instance and level.
    list: Option<(usize, usize)>,
    /// Left indent, em.
    left: Option<f32>,
    /// How far the first line hangs out of it, em.
    hanging: Option<f32>,
    flush: bool,
    align: Option<&'static str>,
    /// Whether something stands between the lines, which must not push them apart.
    between: bool,
}

pub(super) fn write<'a>(book: &'a Book<'a>, casting: &mut Casting<'a>, report: &mut Report) -> Main {
    let notes = book.document.notes.len();
    let mut writer = Writer {
        story: Story {
            xml: Xml::new(),
            book,
            casting: &mut *casting,
            relations: Relations::default(),
            references: Some(vec![0; notes]),
            ids: 0,
            open: Vec::new(),
            size: 1.0,
        },
        report: &mut *report,
        lists: Vec::new(),
        quotes: 0,
        hangs: Vec::new(),
        plain: "BodyText",
        table: false,
        headings: None,
        captions: BTreeMap::new(),
    };
    for (kind, target) in [
        ("styles", "styles.xml"),
        ("settings", "settings.xml"),
        ("numbering", "numbering.xml"),
        ("fontTable", "fontTable.xml"),
        ("theme", "theme/theme1.xml"),
    ] {
        writer.story.relations.add(kind, target, false);
    }
    for kind in book.note_kinds() {
        writer.story.relations.add(kind.plural, &format!("{}.xml", kind.plural), false);
    }
    writer.story.xml.line().open("w:document", &NAMESPACES).open("w:body", &[]).line();
    writer.title();
    contents::write(&mut writer.story, &book.document.blocks, book.page.contents);
    writer.headings = Some(0);
    // Notes of a chapter stand at the end of its section. A house's document has one section.
    let apart = book.chapters && book.kit.template.reference.is_none();
    let whole = 0..book.document.blocks.len();
    let chapters = if apart { book.document.chapters() } else { vec![whole] };
    let last = chapters.len().saturating_sub(1);
    for (at, chapter) in chapters.into_iter().enumerate() {
        writer.blocks(&book.document.blocks[chapter]);
        if at < last {
            writer.section_end(at == 0);
        }
    }
    writer.loose_notes();
    index::write(&mut writer.story);
    section(&mut writer.story, book, last == 0, last > 0);
    let Writer { story, mut lists, .. } = writer;
    let Story { xml, relations: document_relations, mut ids, references, .. } = story;
    let document = xml.finish();

    let mut notes = Vec::new();
    for kind in book.note_kinds() {
        let mut writer = Writer {
            story: Story {
                xml: Xml::new(),
                book,
                casting: &mut *casting,
                relations: Relations::default(),
                references: None,
                ids,
                open: Vec::new(),
                size: 1.0,
            },
            report: &mut *report,
            lists,
            quotes: 0,
            hangs: Vec::new(),
            plain: kind.text_style,
            table: false,
            headings: None,
            captions: BTreeMap::new(),
        };
        writer.notes(kind, references.as_deref().unwrap_or_default());
        let Writer { story, lists: more, .. } = writer;
        (lists, ids) = (more, story.ids);
        notes.push(Notes { kind, part: story.xml.finish(), relations: story.relations });
    }
    Main { document, document_relations, notes, lists }
}

/// The page: size, margins, running head and foot, direction, grid. Of several sections the `first` has head and foot,
/// which the others go on with; `more` says that there are several, which follow each other on the page.
fn section(story: &mut Story, book: &Book, first: bool, more: bool) {
    let page = book.page;
    let vertical = page.direction == Direction::Vertical;
    let along = f32::from(page.measure) * page.size;
    let across = f32::from(page.lines) * page.pitch * page.size;
    let (wide, high) = if vertical { (across, along) } else { (along, across) };
    let side = twips(((page.width - wide) / 2.0).max(0.0));
    let bottom = (page.height - page.top - high).max(36.0);
    let xml = &mut story.xml;
    xml.open("w:sectPr", &[]);
    if first {
        for (element, kind, target) in [
            ("w:headerReference", "default", "header1.xml"),
            ("w:footerReference", "default", "footer1.xml"),
            ("w:footerReference", "first", "footer2.xml"),
        ] {
            let relation = if element == "w:headerReference" { "header" } else { "footer" };
            let id = story.relations.add(relation, target, false);
            xml.empty(element, &[("w:type", kind), ("r:id", &id)]);
        }
    }
    if book.note_kinds().iter().any(|kind| kind.one == "endnote") {
        // Programs look for it here, whatever the settings say.
        xml.open("w:endnotePr", &[]).empty("w:numFmt", &[("w:val", book.endnote_numbers())]).close();
    }
    if more {
        xml.empty("w:type", &[("w:val", if first { "nextPage" } else { "continuous" })]);
    }
    let (width, height) = (twips(page.width), twips(page.height));
    let mut size = vec![("w:w", width.as_str()), ("w:h", height.as_str())];
    if page.width > page.height {
        size.push(("w:orient", "landscape"));
    }
    xml.empty("w:pgSz", &size);
    xml.empty(
        "w:pgMar",
        &[
            ("w:top", &twips(page.top)),
            ("w:right", &side),
            ("w:bottom", &twips(bottom)),
            ("w:left", &side),
            ("w:header", &twips(page.top / 2.0)),
            ("w:footer", &twips(bottom / 2.0)),
            ("w:gutter", "0"),
        ],
    );
    if first {
        xml.empty("w:titlePg", &[]);
    }
    if vertical {
        xml.empty("w:textDirection", &[("w:val", "tbRl")]);
    }
    // A character of the grid is an em of the body: nothing is added to any.
    let pitch = twips(page.pitch * page.size);
    xml.empty("w:docGrid", &[("w:type", "linesAndChars"), ("w:linePitch", &pitch), ("w:charSpace", "0")]);
    xml.close();
}

/// What a caption counts, and where its number stands: `圖1`, `表 2`, but not `圖2-1`.
fn numbered(caption: &str) -> Option<(&'static str, Range<usize>)> {
    let label =
        ["圖", "图", "表", "照片", "Figure", "Table"].into_iter().find(|label| caption.starts_with(label))?;
    let rest = &caption[label.len()..];
    let gap = rest.len() - rest.trim_start_matches([' ', '\u{3000}']).len();
    let digits = rest[gap..].bytes().take_while(u8::is_ascii_digit).count();
    let after = rest[gap + digits..].chars().next();
    let more = after.is_some_and(|c| matches!(c, '-' | '–' | '－' | '.' | '．' | '、' | '~' | '～'));
    let start = label.len() + gap;
    (digits > 0 && digits < 5 && !more).then_some((label, start..start + digits))
}

/// Whether a text has readings or dots.
fn is_annotated(text: &Text) -> bool {
    text.marks().iter().any(|m| matches!(m.kind, MarkKind::Ruby(_) | MarkKind::Dots))
}

impl Writer<'_, '_> {
    fn title(&mut self) {
        let meta = &self.story.book.document.meta;
        for (style, text) in
            [("Title", self.story.book.document.printed_title()), ("Subtitle", meta.subtitle.as_ref())]
        {
            if let Some(text) = text {
                self.paragraph(style, Voice::Heading, Own::default(), text);
            }
        }
        if !meta.authors.is_empty() {
            self.start("Author", Own::default());
            for (i, author) in meta.authors.iter().enumerate() {
                if i > 0 {
                    self.story.words("\u{3000}", Voice::Body);
                }
                self.story.text(author, Voice::Body);
            }
            self.end();
        }
        if let Some(source) = &meta.source {
            self.paragraph("WorkSource", Voice::Body, Own::default(), source);
        }
        if let Some(date) = words::printed_date(meta, self.story.book.page.dates()) {
            self.start("Date", Own::default());
            self.story.words(&date, Voice::Body);
            self.end();
        }
    }

    fn start(&mut self, style: &str, own: Own) {
        self.table = false;
        self.story.size = styles::size(style);
        let em = self.story.book.page.size;
        let xml = &mut self.story.xml;
        xml.open("w:p", &[]).open("w:pPr", &[]);
        xml.empty("w:pStyle", &[("w:val", style)]);
        if own.keep_next {
            xml.empty("w:keepNext", &[]);
        }
        if let Some((list, level)) = own.list {
            xml.open("w:numPr", &[]);
            xml.empty("w:ilvl", &[("w:val", &level.to_string())]);
            xml.empty("w:numId", &[("w:val", &list.to_string())]).close();
        }
        if own.between {
            let page = self.story.book.page;
            let pitch = if styles::on_grid(style) {
                page.pitch * page.size
            } else {
                styles::size(style) * page.size * 2.0
            };
            // Lines of exactly the grid's pitch need no grid, which would give annotated ones twice the pitch.
            xml.empty("w:snapToGrid", &[("w:val", "0")]);
            xml.empty("w:spacing", &[("w:line", &twips(pitch)), ("w:lineRule", "exact")]);
        }
        if own.left.is_some() || own.flush {
            let left = twips(own.left.unwrap_or_default() * em);
            let hanging = twips(own.hanging.unwrap_or_default() * em);
            let mut attributes = Vec::new();
            if own.left.is_some() {
                attributes.push(("w:left", left.as_str()));
            }
            if own.hanging.is_some() {
                attributes.extend([("w:firstLineChars", "0"), ("w:hanging", hanging.as_str())]);
            } else if own.flush {
                attributes.extend([("w:firstLineChars", "0"), ("w:firstLine", "0")]);
            }
            xml.empty("w:ind", &attributes);
        }
        if let Some(align) = own.align {
            xml.empty("w:jc", &[("w:val", align)]);
        }
        xml.close();
    }

    fn end(&mut self) {
        self.story.xml.close().line();
    }

    fn paragraph(&mut self, style: &str, voice: Voice, own: Own, text: &Text) {
        self.start(style, Own { between: is_annotated(text), ..own });
        self.story.text(text, voice);
        self.end();
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    /// How far quotations and lists indent what is written, em.
    fn depth(&self) -> f32 {
        self.quotes as f32 * 2.0 + self.hangs.iter().sum::<f32>()
    }

    /// Style, voice and indent of running text where the writer stands.
    fn running(&self) -> (&'static str, Voice, Own) {
        let depth = self.depth();
        match (self.quotes, self.hangs.len()) {
            (0, 0) => (self.plain, Voice::Body, Own::default()),
            (0, _) => ("ListParagraph", Voice::Body, Own { left: Some(depth), ..Own::default() }),
            (1, 0) => ("Quote", Voice::Quote, Own::default()),
            _ => ("Quote", Voice::Quote, Own { left: Some(depth), ..Own::default() }),
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => {
                const STYLES: [&str; 6] =
                    ["Heading1", "Heading2", "Heading3", "Heading4", "Heading5", "Heading6"];
                let style = STYLES[usize::from(level.clamp(&1, &6) - 1)];
                let depth = self.story.book.page.contents;
                // Headings in quotations and notes are not listed.
                let listed = self.quotes == 0 && self.hangs.is_empty() && contents::is_listed(block, depth);
                self.start(style, Own { between: is_annotated(text), ..Own::default() });
                let mark = self.headings.as_mut().filter(|_| listed).map(|count| {
                    *count += 1;
                    contents::bookmark(*count)
                });
                if let Some(name) = &mark {
                    self.story.ids += 1;
                    let id = self.story.ids.to_string();
                    self.story.xml.empty("w:bookmarkStart", &[("w:id", &id), ("w:name", name)]);
                    self.story.text(text, Voice::Heading);
                    self.story.xml.empty("w:bookmarkEnd", &[("w:id", &id)]);
                } else {
                    self.story.text(text, Voice::Heading);
                }
                self.end();
            }
            Block::Paragraph { text, role } => {
                let (style, voice, own) = self.running();
                let style = match role {
                    Role::AuthorNote if style == "BodyText" => "AuthorNote",
                    Role::Continued if style == "BodyText" => "BodyTextContinued",
                    Role::Salutation if style == "BodyText" => "Salutation",
                    Role::Closing if style == "BodyText" => "Closing",
                    Role::Signature if style == "BodyText" => "Signature",
                    _ => style,
                };
                self.paragraph(style, voice, own, text);
            }
            Block::Quote(blocks) => {
                self.quotes += 1;
                self.blocks(blocks);
                self.quotes -= 1;
            }
            Block::Verse(stanzas) => {
                self.verse(stanzas);
            }
            Block::List { start, counter, items, .. } => self.list(*start, *counter, items),
            Block::Definitions(all) => self.definitions(all),
            Block::Code { text, .. } => self.code(text),
            Block::Table { align, head, rows, merged, caption } => {
                if let Some(caption) = caption {
                    self.caption(Own { keep_next: true, ..Own::default() }, caption, None);
                }
                self.table(align, head, rows, merged);
            }
            Block::Figure { path, alt, caption, anchor, span } => {
                let images = &self.story.book.document.images;
                self.start("Figure", Own { keep_next: caption.is_some(), ..Own::default() });
                let mark =
                    anchor.as_ref().filter(|_| caption.is_none()).map(|name| self.story.bookmark(name));
                match images.iter().position(|i| i.path == *path) {
                    Some(at) => self.story.picture(at, alt, None),
                    None => {
                        self.report.push(words::missing_image(path, *span));
                        self.story.words(alt, Voice::Body);
                    }
                }
                if let Some(id) = mark {
                    self.story.xml.empty("w:bookmarkEnd", &[("w:id", &id)]);
                }
                self.end();
                if let Some(caption) = caption {
                    self.caption(Own::default(), caption, anchor.as_deref());
                }
            }
            Block::Break => {
                self.start("SectionBreak", Own::default());
                self.story.words("\u{3000}", Voice::Body);
                self.end();
            }
        }
    }

    /// A caption. The number that its writer gave it is a field that counts, where it is the next of its kind: what
    /// somebody puts in before it is then counted in. The place is its label, which a field that refers to it repeats.
    fn caption(&mut self, own: Own, text: &Text, name: Option<&str>) {
        self.start("Caption", Own { between: is_annotated(text), ..own });
        let names: Vec<String> =
            links::anchors(text).map(|(_, name)| name).chain(name).map(str::to_owned).collect();
        let mut text = text.clone();
        text.unmark(|mark| matches!(mark.kind, MarkKind::Anchor(_)));
        let ids: Vec<String> = names.iter().map(|name| self.story.bookmark(name)).collect();
        let end = links::label(text.as_str()).map_or(text.as_str().len(), str::len);
        self.story.open.extend(ids.into_iter().map(|id| (end, id)));
        let numbered = numbered(text.as_str()).filter(|(label, digits)| {
            let count = self.captions.entry((*label).to_owned()).or_default();
            *count += 1;
            text.as_str()[digits.clone()].parse() == Ok(*count)
        });
        match numbered {
            Some((label, digits)) => {
                let instruction = [" SEQ ", label, " \\* ARABIC "].concat();
                let open = std::mem::take(&mut self.story.open);
                self.story.text(&text.slice(0..digits.start), Voice::Body);
                contents::begin(&mut self.story, &instruction);
                self.story.text(&text.slice(digits.clone()), Voice::Body);
                contents::mark(&mut self.story, "end");
                self.story.open = open;
                self.story.end_bookmarks(end);
                self.story.text(&text.slice(digits.end..text.as_str().len()), Voice::Body);
            }
            None => {
                let open = std::mem::take(&mut self.story.open);
                self.story.text(&text.slice(0..end), Voice::Body);
                self.story.open = open;
                self.story.end_bookmarks(end);
                self.story.text(&text.slice(end..text.as_str().len()), Voice::Body);
            }
        }
        self.end();
    }

    /// Verse in the middle of the page by its longest line.
    fn verse(&mut self, stanzas: &[Text]) {
        let em = |line: &str| line.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum::<f32>();
        let longest = stanzas.iter().flat_map(|s| s.as_str().split('\n')).map(em).fold(0.0, f32::max);
        let measure = f32::from(self.story.book.page.measure);
        let left = ((measure - longest) / 2.0).floor().max(self.depth() + 2.0) + 1.0;
        let own = Own { left: Some(left), hanging: Some(1.0), ..Own::default() };
        let voice = if self.quotes > 0 { Voice::Quote } else { Voice::Body };
        for stanza in stanzas {
            let mut at = 0;
            for line in stanza.as_str().split('\n') {
                let end = at + line.len();
                let style = if end == stanza.as_str().len() { "VerseEnd" } else { "Verse" };
                self.paragraph(style, voice, own, &stanza.slice(at..end));
                at = end + 1;
            }
        }
    }

    fn list(&mut self, start: Option<u64>, counter: Counter, items: &[Item]) {
        // The format has nine levels.
        let level = self.hangs.len().min(8);
        let book = self.story.book;
        let counter = book.page.counter(counter, self.hangs.len());
        let traditional = book.edition.script == Script::Traditional;
        let hang = start.map_or(2, |first| counter::width(counter, first, items.len(), traditional)) as f32;
        self.lists.push(List { start, level, counter });
        let list = self.lists.len();
        self.hangs.push(hang);
        // The numbering's own indents, said again where they are others.
        let usual = self.quotes == 0 && self.hangs.iter().all(|h| *h == 2.0) && self.hangs.len() == level + 1;
        let own = Own { list: Some((list, level)), ..Own::default() };
        let own = if usual { own } else { Own { left: Some(self.depth()), hanging: Some(hang), ..own } };
        for item in items {
            let mut blocks = item.blocks.as_slice();
            let voice = if self.quotes > 0 { Voice::Quote } else { Voice::Body };
            let between = matches!(blocks, [Block::Paragraph { text, .. }, ..] if is_annotated(text));
            self.start(if self.quotes > 0 { "Quote" } else { "ListParagraph" }, Own { between, ..own });
            if let Some(done) = item.task {
                self.story.words(if done { "☑\u{3000}" } else { "☐\u{3000}" }, Voice::Body);
            }
            if let [Block::Paragraph { text, .. }, rest @ ..] = blocks {
                self.story.text(text, voice);
                blocks = rest;
            }
            self.end();
            self.blocks(blocks);
        }
        self.hangs.pop();
    }

    /// Terms and what they mean, two em in; what follows the first paragraph of a meaning stands as in a list.
    fn definitions(&mut self, all: &[Definition]) {
        let left = |depth: f32, usual: f32| (depth != usual).then_some(depth);
        for one in all {
            let own = Own { left: left(self.depth(), 0.0), ..Own::default() };
            if !one.term.is_empty() {
                self.paragraph("DefinitionTerm", Voice::Head, own, &one.term);
            }
            self.hangs.push(2.0);
            for meaning in &one.meanings {
                let mut blocks = meaning.as_slice();
                let empty = Text::new();
                let text = match blocks {
                    [Block::Paragraph { text, role: Role::Body }, rest @ ..] => {
                        blocks = rest;
                        text
                    }
                    _ => &empty,
                };
                let own = Own { left: left(self.depth(), 2.0), ..Own::default() };
                self.paragraph("Definition", Voice::Body, own, text);
                self.blocks(blocks);
            }
            self.hangs.pop();
        }
    }

    fn code(&mut self, text: &Text) {
        let depth = self.depth();
        let left = (depth > 0.0).then_some(depth + 1.0);
        self.paragraph("SourceCode", Voice::Code, Own { left, ..Own::default() }, text);
    }

    fn table(&mut self, align: &[Align], head: &[Text], rows: &[Vec<Text>], merged: &[Merge]) {
        if self.table {
            // Two tables in a row would grow together.
            self.start("TableText", Own::default());
            self.end();
        }
        let columns = rows.iter().map(Vec::len).chain([head.len(), 1]).max().unwrap_or(1);
        let page = self.story.book.page;
        // Of a column, pt.
        let width = f32::from(page.measure) * page.size / columns as f32;
        let xml = &mut self.story.xml;
        xml.open("w:tbl", &[]).open("w:tblPr", &[]);
        xml.empty("w:tblStyle", &[("w:val", "TableGrid")]);
        xml.empty("w:tblW", &[("w:w", "0"), ("w:type", "auto")]);
        xml.empty("w:jc", &[("w:val", "center")]);
        xml.empty("w:tblLook", &[("w:val", "0020"), ("w:firstRow", "1")]);
        xml.close().open("w:tblGrid", &[]);
        for _ in 0..columns {
            xml.empty("w:gridCol", &[("w:w", &twips(width))]);
        }
        xml.close().line();
        let top = usize::from(!head.is_empty());
        let grid = cells(merged, rows.len() + top, columns, top > 0);
        if !head.is_empty() {
            self.row(align, head, &grid[0], width, true);
        }
        for (row, places) in rows.iter().zip(&grid[top..]) {
            self.row(align, row, places, width, false);
        }
        if head.is_empty() && rows.is_empty() {
            self.row(align, &[], &[Cell::Own { rows: 1, columns: 1 }], width, false);
        }
        self.story.xml.close().line();
        self.table = true;
    }

    fn row(&mut self, align: &[Align], cells: &[Text], places: &[Cell], width: f32, head: bool) {
        let xml = &mut self.story.xml;
        let page = self.story.book.page;
        xml.open("w:tr", &[]).open("w:trPr", &[]).empty("w:cantSplit", &[]);
        if page.direction == Direction::Vertical {
            // LibreOffice finds no height of its own for a row that stands upright.
            let height = twips(page.size * 1.75);
            xml.empty("w:trHeight", &[("w:val", &height), ("w:hRule", "atLeast")]);
        }
        if head {
            xml.empty("w:tblHeader", &[]);
        }
        xml.close();
        for (column, place) in places.iter().enumerate() {
            // Only the first cell of a row speaks for the columns that a cell reaches over.
            let (along, merge) = match *place {
                Cell::Own { rows, columns } => (columns, (rows > 1).then_some("restart")),
                Cell::Covered { above: 0, .. } | Cell::Covered { before: 1.., .. } => continue,
                Cell::Covered { .. } => {
                    let beside = |p: &&Cell| matches!(p, Cell::Covered { before: 1.., .. });
                    (1 + places[column + 1..].iter().take_while(beside).count(), Some("continue"))
                }
            };
            self.story.xml.open("w:tc", &[]).open("w:tcPr", &[]);
            let whole = twips(width * along as f32);
            self.story.xml.empty("w:tcW", &[("w:w", &whole), ("w:type", "dxa")]);
            if along > 1 {
                self.story.xml.empty("w:gridSpan", &[("w:val", &along.to_string())]);
            }
            if let Some(merge) = merge {
                self.story.xml.empty("w:vMerge", &[("w:val", merge)]);
            }
            self.story.xml.close();
            let align = match align.get(column) {
                None | Some(Align::Auto) => None,
                Some(Align::Start) => Some("left"),
                Some(Align::Center) => Some("center"),
                Some(Align::End) => Some("right"),
            };
            let (style, voice) = if head { ("TableHead", Voice::Head) } else { ("TableText", Voice::Body) };
            let between = cells.get(column).is_some_and(is_annotated);
            self.start(style, Own { align, between, ..Own::default() });
            if let Some(text) = cells.get(column) {
                self.story.text(text, voice);
            }
            self.end();
            self.story.xml.close();
        }
        self.story.xml.close().line();
    }

    /// Ends a section with a paragraph that takes no room.
    fn section_end(&mut self, first: bool) {
        let xml = &mut self.story.xml;
        xml.open("w:p", &[]).open("w:pPr", &[]);
        xml.empty("w:pStyle", &[("w:val", "BodyText")]);
        xml.empty("w:snapToGrid", &[("w:val", "0")]);
        xml.empty("w:spacing", &[("w:line", "20"), ("w:lineRule", "exact")]);
        let book = self.story.book;
        section(&mut self.story, book, first, true);
        self.story.xml.close();
        self.end();
        self.table = false;
    }

    /// Notes that nothing refers to stand at the end: nothing of the manuscript is lost.
    fn loose_notes(&mut self) {
        let referred = self.story.references.take().unwrap_or_default();
        let loose: Vec<usize> = (0..referred.len()).filter(|&i| referred[i] == 0).collect();
        self.story.references = Some(referred);
        if loose.is_empty() {
            return;
        }
        let book = self.story.book;
        self.start("Heading2", Own::default());
        self.story.words(book.words.notes, Voice::Heading);
        self.end();
        for index in loose {
            self.plain = "FootnoteText";
            let mut blocks = book.document.notes[index].as_slice();
            self.start("FootnoteText", Own::default());
            self.story.words(&format!("[{}] ", book.note_number(index)), Voice::Body);
            if let [Block::Paragraph { text, .. }, rest @ ..] = blocks {
                self.story.text(text, Voice::Body);
                blocks = rest;
            }
            self.end();
            self.blocks(blocks);
            self.plain = "BodyText";
        }
    }

    /// The part of the notes of a kind: of those that the text refers to so many times.
    fn notes(&mut self, kind: &NoteKind, referred: &[usize]) {
        let book = self.story.book;
        let [all, one, mark, ..] = kind.elements;
        let (style, reference) = (kind.text_style, kind.mark_style);
        self.story.xml.line().open(all, &NAMESPACES).line();
        for (id, kind, mark) in
            [("-1", "separator", "w:separator"), ("0", "continuationSeparator", "w:continuationSeparator")]
        {
            self.story.xml.open(one, &[("w:type", kind), ("w:id", id)]);
            self.start(style, Own::default());
            self.story.xml.open("w:r", &[]).empty(mark, &[]).close();
            self.end();
            self.story.xml.close().line();
        }
        let named = |index: &usize| {
            referred.get(*index).is_some_and(|&count| count > 0) && book.kind(*index).one == kind.one
        };
        for (index, note) in book.document.notes.iter().enumerate().filter(|(index, _)| named(index)) {
            let mut blocks = note.as_slice();
            self.story.xml.open(one, &[("w:id", &(index + 1).to_string())]);
            self.start(style, Own::default());
            self.story.xml.open("w:r", &[]).open("w:rPr", &[]);
            self.story.xml.empty("w:rStyle", &[("w:val", reference)]).close();
            self.story.xml.empty(mark, &[]).close();
            self.story.words(" ", Voice::Body);
            if let [Block::Paragraph { text, .. }, rest @ ..] = blocks {
                self.story.text(text, Voice::Body);
                blocks = rest;
            }
            self.end();
            self.blocks(blocks);
            if self.table {
                self.start(style, Own::default());
                self.end();
            }
            self.story.xml.close().line();
        }
    }
}
