//! The body of a DOCX: title block, blocks, notes, and the page in one place.

use crate::{
    document::{Align, Block, Item, Role},
    font::casting::Casting,
    report::Report,
    text::Text,
    write::{
        docx::{
            Book,
            inline::Story,
            parts::{NAMESPACES, Relations},
            styles::twips,
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
    pub footnotes: Vec<u8>,
    pub footnote_relations: Relations,
    /// First number and level of each list, in order.
    pub lists: Vec<(Option<u64>, usize)>,
}

struct Writer<'a, 'b> {
    story: Story<'a, 'b>,
    report: &'b mut Report,
    lists: Vec<(Option<u64>, usize)>,
    quotes: usize,
    levels: usize,
    /// The paragraph style of words in notes.
    plain: &'static str,
    table: bool,
}

/// A paragraph's own properties besides its style.
#[derive(Clone, Copy, Default)]
struct Own {
    keep_next: bool,
    /// List instance and level.
    list: Option<(usize, usize)>,
    /// Left indent, em.
    left: Option<f32>,
    flush: bool,
    align: Option<&'static str>,
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
        },
        report: &mut *report,
        lists: Vec::new(),
        quotes: 0,
        levels: 0,
        plain: "BodyText",
        table: false,
    };
    for (kind, target) in [
        ("styles", "styles.xml"),
        ("settings", "settings.xml"),
        ("numbering", "numbering.xml"),
        ("footnotes", "footnotes.xml"),
        ("fontTable", "fontTable.xml"),
        ("theme", "theme/theme1.xml"),
    ] {
        writer.story.relations.add(kind, target, false);
    }
    writer.story.xml.line().open("w:document", &NAMESPACES).open("w:body", &[]).line();
    writer.title();
    writer.blocks(&book.document.blocks);
    writer.loose_notes();
    section(&mut writer.story, book);
    let Writer { story, mut lists, .. } = writer;
    let (document, document_relations, ids) = (story.xml.finish(), story.relations, story.ids);

    let mut writer = Writer {
        story: Story {
            xml: Xml::new(),
            book,
            casting,
            relations: Relations::default(),
            references: None,
            ids,
        },
        report,
        lists: std::mem::take(&mut lists),
        quotes: 0,
        levels: 0,
        plain: "FootnoteText",
        table: false,
    };
    writer.footnotes();
    let Writer { story, lists, .. } = writer;
    Main {
        document,
        document_relations,
        footnotes: story.xml.finish(),
        footnote_relations: story.relations,
        lists,
    }
}

/// The page: size, margins, running head and foot, grid. Vertical text would turn here.
fn section(story: &mut Story, book: &Book) {
    let page = book.page;
    let header = story.relations.add("header", "header1.xml", false);
    let footer = story.relations.add("footer", "footer1.xml", false);
    let first = story.relations.add("footer", "footer2.xml", false);
    let side = twips((page.width - f32::from(page.measure) * page.size) / 2.0);
    let bottom = (page.height - page.top - f32::from(page.lines) * page.pitch * page.size).max(36.0);
    let xml = &mut story.xml;
    xml.open("w:sectPr", &[]);
    xml.empty("w:headerReference", &[("w:type", "default"), ("r:id", &header)]);
    xml.empty("w:footerReference", &[("w:type", "default"), ("r:id", &footer)]);
    xml.empty("w:footerReference", &[("w:type", "first"), ("r:id", &first)]);
    xml.empty("w:pgSz", &[("w:w", &twips(page.width)), ("w:h", &twips(page.height))]);
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
    xml.empty("w:titlePg", &[]);
    xml.empty("w:docGrid", &[("w:type", "lines"), ("w:linePitch", &twips(page.pitch * page.size))]);
    xml.close();
}

impl Writer<'_, '_> {
    fn title(&mut self) {
        let meta = &self.story.book.document.meta;
        for (style, text) in [("Title", &meta.title), ("Subtitle", &meta.subtitle)] {
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
            self.paragraph("Author", Voice::Body, Own::default(), source);
        }
        if let Some(date) = words::date(meta) {
            self.start("Date", Own::default());
            self.story.words(&crate::layout::blocks::date_in_words(date), Voice::Body);
            self.end();
        }
    }

    fn start(&mut self, style: &str, own: Own) {
        self.table = false;
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
        if own.left.is_some() || own.flush {
            let left = twips(own.left.unwrap_or_default() * em);
            let mut attributes = Vec::new();
            if own.left.is_some() {
                attributes.push(("w:left", left.as_str()));
            }
            if own.flush {
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
        self.start(style, own);
        self.story.text(text, voice);
        self.end();
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    /// Style, voice and indent of running text where the writer stands.
    fn running(&self) -> (&'static str, Voice, Own) {
        let depth = (self.quotes + self.levels) as f32 * 2.0;
        match (self.quotes, self.levels) {
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
                self.paragraph(style, Voice::Heading, Own::default(), text);
            }
            Block::Paragraph { text, role } => {
                let (style, voice, own) = self.running();
                let style = match role {
                    Role::AuthorNote if style == "BodyText" => "AuthorNote",
                    Role::Continued if style == "BodyText" => "BodyTextContinued",
                    Role::Salutation | Role::Closing if style == "BodyText" => "BodyTextContinued",
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
                for stanza in stanzas {
                    self.paragraph("BodyTextContinued", Voice::Body, Own::default(), stanza);
                }
            }
            Block::List { start, items, .. } => self.list(*start, items),
            Block::Code { text, .. } => self.code(text),
            Block::Table { align, head, rows, caption } => {
                if let Some(caption) = caption {
                    self.paragraph(
                        "Caption",
                        Voice::Body,
                        Own { keep_next: true, ..Own::default() },
                        caption,
                    );
                }
                self.table(align, head, rows);
            }
            Block::Figure { path, alt, caption, span } => {
                let images = &self.story.book.document.images;
                self.start("Figure", Own { keep_next: caption.is_some(), ..Own::default() });
                match images.iter().position(|i| i.path == *path) {
                    Some(at) => self.story.picture(at, alt, None),
                    None => {
                        self.report.push(words::missing_image(path, *span));
                        self.story.words(alt, Voice::Body);
                    }
                }
                self.end();
                if let Some(caption) = caption {
                    self.paragraph("Caption", Voice::Body, Own::default(), caption);
                }
            }
            Block::Break => {
                self.start("Caption", Own::default());
                self.story.words("\u{3000}", Voice::Body);
                self.end();
            }
        }
    }

    fn list(&mut self, start: Option<u64>, items: &[Item]) {
        // The format has nine levels.
        let level = self.levels.min(8);
        self.lists.push((start, level));
        let list = self.lists.len();
        self.levels += 1;
        for item in items {
            let mut blocks = item.blocks.as_slice();
            let voice = if self.quotes > 0 { Voice::Quote } else { Voice::Body };
            let style = if self.quotes > 0 { "Quote" } else { "ListParagraph" };
            let left = (self.quotes > 0).then_some((self.quotes + self.levels) as f32 * 2.0);
            self.start(
                style,
                Own { list: Some((list, level)), left, flush: left.is_some(), ..Own::default() },
            );
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
        self.levels -= 1;
    }

    fn code(&mut self, text: &Text) {
        let depth = (self.quotes + self.levels) as f32 * 2.0;
        let left = (depth > 0.0).then_some(depth + 1.0);
        self.paragraph("SourceCode", Voice::Code, Own { left, ..Own::default() }, text);
    }

    fn table(&mut self, align: &[Align], head: &[Text], rows: &[Vec<Text>]) {
        if self.table {
            // Two tables in a row would grow together.
            self.start("TableText", Own::default());
            self.end();
        }
        let columns = rows.iter().map(Vec::len).chain([head.len(), 1]).max().unwrap_or(1);
        let page = self.story.book.page;
        let width = twips(f32::from(page.measure) * page.size / columns as f32);
        let xml = &mut self.story.xml;
        xml.open("w:tbl", &[]).open("w:tblPr", &[]);
        xml.empty("w:tblStyle", &[("w:val", "TableGrid")]);
        xml.empty("w:tblW", &[("w:w", "0"), ("w:type", "auto")]);
        xml.empty("w:jc", &[("w:val", "center")]);
        xml.empty("w:tblLook", &[("w:val", "0020"), ("w:firstRow", "1")]);
        xml.close().open("w:tblGrid", &[]);
        for _ in 0..columns {
            xml.empty("w:gridCol", &[("w:w", &width)]);
        }
        xml.close().line();
        if !head.is_empty() {
            self.row(align, head, columns, &width, true);
        }
        for row in rows {
            self.row(align, row, columns, &width, false);
        }
        if head.is_empty() && rows.is_empty() {
            self.row(align, &[], columns, &width, false);
        }
        self.story.xml.close().line();
        self.table = true;
    }

    fn row(&mut self, align: &[Align], cells: &[Text], columns: usize, width: &str, head: bool) {
        let xml = &mut self.story.xml;
        xml.open("w:tr", &[]).open("w:trPr", &[]).empty("w:cantSplit", &[]);
        if head {
            xml.empty("w:tblHeader", &[]);
        }
        xml.close();
        for column in 0..columns {
            self.story.xml.open("w:tc", &[]).open("w:tcPr", &[]);
            self.story.xml.empty("w:tcW", &[("w:w", width), ("w:type", "dxa")]).close();
            let align = match align.get(column) {
                None | Some(Align::Auto) => None,
                Some(Align::Start) => Some("left"),
                Some(Align::Center) => Some("center"),
                Some(Align::End) => Some("right"),
            };
            let (style, voice) = if head { ("TableHead", Voice::Head) } else { ("TableText", Voice::Body) };
            self.start(style, Own { align, ..Own::default() });
            if let Some(text) = cells.get(column) {
                self.story.text(text, voice);
            }
            self.end();
            self.story.xml.close();
        }
        self.story.xml.close().line();
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
            self.story.words(&format!("[{}] ", index + 1), Voice::Body);
            if let [Block::Paragraph { text, .. }, rest @ ..] = blocks {
                self.story.text(text, Voice::Body);
                blocks = rest;
            }
            self.end();
            self.blocks(blocks);
            self.plain = "BodyText";
        }
    }

    fn footnotes(&mut self) {
        let book = self.story.book;
        self.story.xml.line().open("w:footnotes", &NAMESPACES).line();
        for (id, kind, mark) in
            [("-1", "separator", "w:separator"), ("0", "continuationSeparator", "w:continuationSeparator")]
        {
            self.story.xml.open("w:footnote", &[("w:type", kind), ("w:id", id)]);
            self.start("FootnoteText", Own::default());
            self.story.xml.open("w:r", &[]).empty(mark, &[]).close();
            self.end();
            self.story.xml.close().line();
        }
        for (index, note) in book.document.notes.iter().enumerate() {
            let mut blocks = note.as_slice();
            self.story.xml.open("w:footnote", &[("w:id", &(index + 1).to_string())]);
            self.start("FootnoteText", Own::default());
            self.story.xml.open("w:r", &[]).open("w:rPr", &[]);
            self.story.xml.empty("w:rStyle", &[("w:val", "FootnoteReference")]).close();
            self.story.xml.empty("w:footnoteRef", &[]).close();
            self.story.words(" ", Voice::Body);
            if let [Block::Paragraph { text, .. }, rest @ ..] = blocks {
                self.story.text(text, Voice::Body);
                blocks = rest;
            }
            self.end();
            self.blocks(blocks);
            if self.table {
                self.start("FootnoteText", Own::default());
                self.end();
            }
            self.story.xml.close().line();
        }
    }
}
