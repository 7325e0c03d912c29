//! Title, table of contents and colophon.

use super::{
    Align, Element, Family, FontError, Foot, Frame, Ink, NodeKind, Opening, ParagraphStyle, Setter, Slab,
    Text, date_in_words, one_line, paginate,
};
use crate::layout::page::{Page, SideMark};

impl Setter<'_> {
    /// The title with subtitle, authors and date: over the text, or on a page of its own.
    pub(super) fn title(&mut self) -> Result<(), FontError> {
        let document = self.document;
        let meta = &document.meta;
        let size = self.page.size;
        let frame = Frame { left: 0.0, right: 0.0, node: 0 };
        let mut sets = Vec::new();
        let mut entry = None;
        if let Some(title) = document.printed_title() {
            let (look, large) = (&self.page.title, size * self.page.title.scale);
            let words = one_line(title.as_str());
            let node = self.pages.node(NodeKind::Heading(1, words.clone()), 0);
            let mut style = ParagraphStyle::new(look.family, large).align(Align::Center).ink(Ink::Accent);
            style.style.bold = look.bold;
            style.phrase = true;
            let set = self.set(title, &style, frame, Some(node))?;
            sets.push((set, large * 1.5));
            entry = Some((1, words, node));
        }
        if let Some(subtitle) = &meta.subtitle {
            let node = self.pages.node(NodeKind::Paragraph, 0);
            let style = ParagraphStyle::new(Family::Sans, size * 1.2).align(Align::Center).ink(Ink::Faint);
            let set = self.set(subtitle, &style, frame, Some(node))?;
            sets.push((set, size * 1.2 * 1.7));
        }
        let mut by = Text::new();
        for (i, author) in meta.authors.iter().enumerate() {
            if i > 0 {
                by.push("\u{3000}", author.span(0..0), false);
            }
            by.push_text(author);
        }
        if !by.is_empty() {
            let node = self.pages.node(NodeKind::Paragraph, 0);
            let style = ParagraphStyle::new(Family::Kai, size * 1.1).align(Align::Center);
            let set = self.set(&by, &style, frame, Some(node))?;
            sets.push((set, size * 1.1 * 1.9));
        }
        // The date of a book stands in its colophon.
        if let Some(date) = meta.date.as_ref().filter(|_| !(self.page.title_page && self.page.colophon)) {
            let node = self.pages.node(NodeKind::Paragraph, 0);
            let style = ParagraphStyle::new(Family::Serif, size * 0.85).align(Align::Center).ink(Ink::Faint);
            let set =
                self.set(&Self::made(date_in_words(date, self.page.dates())), &style, frame, Some(node))?;
            sets.push((set, size * 0.85 * 1.8));
        }
        if sets.is_empty() {
            return Ok(());
        }
        let mut slab = self.block_of_lines(sets, 1.6, 0.35);
        slab.height = (slab.height / self.pitch() - 0.01).ceil() * self.pitch();
        slab.keep = true;
        slab.entry = entry;
        if self.page.title_page {
            // A third down the page, or across it in a vertical book.
            let lines = f32::from(self.page.lines);
            let drop = ((lines - slab.height / self.pitch()) * 0.3).max(0.0).floor() * self.pitch();
            slab.elements = slab.elements.into_iter().map(|e| super::shifted(e, drop)).collect();
            slab.height += drop;
            slab.keep = false;
            if let Some(publisher) = &meta.publisher {
                // The publisher at the foot, or at the left end.
                let node = self.pages.node(NodeKind::Paragraph, 0);
                let style = ParagraphStyle::new(self.page.body, size).align(Align::Center);
                let set = self.set(publisher, &style, frame, Some(node))?;
                let pitch = self.pitch();
                let start = (lines - set.lines.len() as f32) * pitch;
                if start >= slab.height {
                    for (k, mut line) in set.lines.into_iter().enumerate() {
                        line.y = start + k as f32 * pitch + Self::middle(line.vertical, pitch, line.size);
                        slab.elements.push(Element::Text(Box::new(line)));
                    }
                    slab.height = lines * pitch - 1.0;
                }
            }
        }
        self.slabs.push(slab);
        Ok(())
    }

    /// The front matter before the pages of the text: title page and contents, counted apart.
    pub(super) fn front(&mut self, title: Vec<Slab>, edges: bool) -> Result<(), FontError> {
        let facing = self.page.facing();
        let body = std::mem::take(&mut self.pages.pages);
        let body_outline = std::mem::take(&mut self.pages.outline);
        let foot = Foot { notes: Vec::new(), gap: 0.0, rule: None };
        if !title.is_empty() {
            paginate(title, &[], &foot, self.page, edges, &mut self.pages);
            if facing {
                // The back of the title page stays blank.
                self.pages.pages.push(Page::default());
            }
        }
        if self.page.contents > 0 && body_outline.iter().any(|e| self.listed(e.level)) {
            let slabs = self.contents(&body_outline)?;
            paginate(slabs, &[], &foot, self.page, edges, &mut self.pages);
        }
        for page in &mut self.pages.pages {
            page.front = true;
        }
        // The text starts on an odd page.
        if facing && self.pages.pages.len() % 2 == 1 {
            self.pages.pages.push(Page { front: true, ..Page::default() });
        }
        let before = self.pages.pages.len();
        self.pages.pages.extend(body);
        let shift = self.pages.outline.len();
        for mut entry in body_outline {
            entry.page += before;
            self.pages.outline.push(entry);
        }
        // Lines of the contents count entries of the text only.
        for page in &mut self.pages.pages[..before] {
            for element in &mut page.elements {
                if let Element::Text(line) = element
                    && let Some(goto) = &mut line.goto
                {
                    *goto += shift;
                }
            }
        }
        let mut counts = (0, 0);
        for page in &mut self.pages.pages {
            let count = if page.front { &mut counts.0 } else { &mut counts.1 };
            *count += 1;
            page.label = if page.front { roman(*count) } else { count.to_string() };
        }
        Ok(())
    }

    /// Whether headings of an outline level are listed in the contents.
    fn listed(&self, level: u8) -> bool {
        let base = u8::from(self.document.meta.title.is_some());
        level > base && level <= base + self.page.contents
    }

    /// The table of contents: a line an entry, the page at the end of the line, dots between.
    fn contents(&mut self, outline: &[crate::layout::page::Entry]) -> Result<Vec<Slab>, FontError> {
        let kept = std::mem::take(&mut self.slabs);
        let node = self.pages.node(NodeKind::Contents, 0);
        let size = self.page.size;
        let words = if self.traditional() { "目\u{3000}錄" } else { "目\u{3000}录" };
        let heading = self.pages.node(NodeKind::Paragraph, 0);
        // As the headings of chapters stand: in vertical books at the line start.
        let look = self.heading_style(1);
        let align = if look.center { Align::Center } else { Align::Start };
        let style = ParagraphStyle::new(Family::Sans, size * 1.3).bold().align(align);
        let frame = Frame { left: look.indent, right: 0.0, node: 0 };
        let set = self.set(&Self::made(words), &style, frame, Some(heading))?;
        let mut slab = self.block_of_lines(vec![(set, size * 2.0)], 1.0, 0.5);
        slab.keep = true;
        slab.opening = if self.page.facing() { Opening::Recto } else { Opening::Page };
        self.slabs.push(slab);
        let base = u8::from(self.document.meta.title.is_some()) + 1;
        for (k, entry) in outline.iter().enumerate() {
            if !self.listed(entry.level) {
                continue;
            }
            let depth = f32::from(entry.level - base);
            let item = self.pages.node(NodeKind::ContentsEntry, node);
            let family = if depth == 0.0 { Family::Sans } else { self.page.body };
            let style = ParagraphStyle::new(family, size).align(Align::Start);
            let frame = Frame { left: depth, right: 4.0, node: item };
            let mut set = self.set(&Self::made(entry.text.clone()), &style, frame, Some(item))?;
            let number = self.folio_words(entry.page + 1);
            let plain = ParagraphStyle::new(self.page.body, size);
            let full = Frame { left: 0.0, right: 0.0, node: item };
            let page = self.set(&Self::made(number), &plain.align(Align::End), full, Some(item))?;
            let unit = size / 1024.0;
            let last = set.lines.last().expect("an entry has a line");
            // Two dots an em, on a raster that all entries share; drawn, so that copied text has none.
            let from = ((last.x + last.line.width as f32 * unit) / size + 0.5).ceil() as i32;
            let to = page.lines.first().map_or(0.0, |l| l.x / size - 0.5).floor() as i32;
            let axis = if last.vertical { 0 } else { crate::layout::item::MIDDLE };
            let origin = (last.x / unit) as i32;
            let dots = (2 * from..2 * to).map(|k| SideMark::Leader { x: k * 512 + 256 - origin, y: axis });
            let dots: Vec<SideMark> = dots.collect();
            set.lines.last_mut().expect("an entry has a line").marks.extend(dots);
            for line in &mut set.lines {
                line.goto = Some(k);
            }
            let first = self.slabs.len();
            let count = set.lines.len();
            self.stack(set, self.pitch());
            for slab in &mut self.slabs[first..first + count - 1] {
                slab.keep = true;
            }
            let pitch = self.pitch();
            let slab = self.slabs.last_mut().expect("just stacked");
            for mut line in page.lines {
                line.y = Self::middle(line.vertical, pitch, line.size);
                line.goto = Some(k);
                slab.elements.push(Element::Text(Box::new(line)));
            }
        }
        Ok(std::mem::replace(&mut self.slabs, kept))
    }

    /// The colophon (版權頁): what is known of the book, on the last page.
    pub(super) fn colophon(&mut self) -> Result<(), FontError> {
        if !self.page.colophon {
            return Ok(());
        }
        let document = self.document;
        let meta = &document.meta;
        let traditional = self.traditional();
        let label = |t: &'static str, s: &'static str| if traditional { t } else { s };
        let mut rows: Vec<(&str, Text)> = Vec::new();
        for (name, text) in
            [(label("書　名", "书　名"), &meta.title), (label("副　題", "副　题"), &meta.subtitle)]
        {
            rows.extend(text.iter().map(|t| (name, t.clone())));
        }
        rows.extend(meta.authors.iter().map(|a| (label("作　者", "作　者"), a.clone())));
        rows.extend(meta.publisher.iter().map(|t| (label("出　版", "出　版"), t.clone())));
        if let Some(date) = &meta.date {
            rows.push((label("日　期", "日　期"), Self::made(date_in_words(date, self.page.dates()))));
        }
        rows.extend(meta.identifier.iter().map(|t| (label("書　號", "书　号"), Self::made(t.clone()))));
        rows.extend(meta.source.iter().map(|t| (label("來　源", "来　源"), t.clone())));
        rows.extend(meta.rights.iter().map(|t| (label("版　權", "版　权"), t.clone())));
        if rows.is_empty() {
            return Ok(());
        }
        let size = self.page.size * 0.9;
        let pitch = self.pitch() * 0.9;
        let first = self.slabs.len();
        for (name, text) in rows {
            let node = self.pages.node(NodeKind::Paragraph, 0);
            let style = ParagraphStyle::new(self.page.body, size).align(Align::Start);
            let mut row = Self::made(format!("{name}\u{3000}"));
            row.push_text(&text);
            let hanging = ParagraphStyle { first_indent: -4 * 1024, ..style };
            let frame = Frame { left: 6.0, right: 2.0, node };
            let set = self.set(&row, &hanging, frame, Some(node))?;
            self.stack(set, pitch);
        }
        let height: f32 = self.slabs[first..].iter().map(|s| s.height).sum();
        // At the end of a page of its own.
        let area = self.pitch() * f32::from(self.page.lines);
        let drop = ((area - height - 2.0) / self.pitch()).max(0.0).floor() * self.pitch();
        for slab in &mut self.slabs[first..] {
            slab.keep = true;
        }
        if let Some(slab) = self.slabs.get_mut(first) {
            slab.elements =
                std::mem::take(&mut slab.elements).into_iter().map(|e| super::shifted(e, drop)).collect();
            slab.height += drop;
            slab.opening = Opening::Page;
        }
        if let Some(slab) = self.slabs.last_mut() {
            slab.keep = false;
        }
        Ok(())
    }
}

/// A small Roman numeral, for the pages of the front matter.
fn roman(mut n: usize) -> String {
    let mut out = String::new();
    for (value, sign) in
        [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]
    {
        while n >= value {
            out.push_str(sign);
            n -= value;
        }
    }
    out
}
