//! What stands in a paragraph, as running text with its marks: runs, links, fields, notes, readings, pictures.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    document::IndexKind,
    read::{
        docx::{
            Reader, Tracked,
            field::{self, Entry, Equation, Kind},
            math,
            parts::Target,
            picture,
            story::{Piece, Story},
            styles::Face,
            symbol, words_of,
        },
        foreign,
        xml::{Element, Letters, Space},
    },
    report::Severity,
    source::Span,
    text::{Mark, MarkKind, OBJECT, Text},
};

/// A paragraph's running text in the making.
#[derive(Default)]
pub(super) struct Line {
    pub text: Text,
    /// How each stretch looks, in order.
    looks: Vec<(Range<usize>, Look)>,
    /// Targets of links.
    links: Vec<Link>,
    /// Bookmarks that are open, by their ids: name and start.
    bookmarks: BTreeMap<String, (String, usize)>,
    /// Places that have ended: bookmarks.
    places: Vec<(Range<usize>, String)>,
    /// Words that a field repeats from another place.
    refers: Vec<(Range<usize>, String, bool)>,
    /// Marks for an index: where they stand.
    indexed: Vec<(usize, field::Entry)>,
    /// Other marks.
    marks: Vec<(Range<usize>, MarkKind)>,
    /// Whether a number that counts captions is in it.
    pub counted: bool,
    /// What stands beside the paragraph: text boxes, tables in them.
    pub beside: Vec<Piece>,
    /// Whether there is a line drawn across the page.
    pub rule: bool,
    /// Characters by their size, half points.
    sizes: BTreeMap<u32, usize>,
    /// Characters in all, and bold ones.
    letters: usize,
    bold: usize,
    /// Whether words that follow the mark of a note are the mark itself.
    custom: bool,
    /// How many lines beside the text were parted: those that touch are two.
    parted: usize,
}

/// Where a link leads, and its title.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Link {
    url: String,
    title: String,
}

/// How a stretch looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Look {
    strong: bool,
    emphasis: bool,
    strike: bool,
    code: bool,
    math: Option<bool>,
    superscript: bool,
    subscript: bool,
    name: bool,
    title: bool,
    dots: bool,
    combine: Option<String>,
    language: Option<String>,
    link: Option<usize>,
    /// Lines beside the text with the same number may be one.
    parted: usize,
}

/// What is true of a run because of what stands around it.
#[derive(Clone, Default)]
pub(super) struct Around {
    /// What the style of the paragraph says of characters.
    face: Face,
    /// Whether the style is that of a heading or the like, whose weight is its own.
    heavy: bool,
    link: Option<Link>,
    /// Whether the words were deleted, and stay because changes are refused.
    kept: bool,
    /// Whether the text is a reading or its base, which has no marks of its own.
    bare: bool,
}

impl Around {
    /// What is true of the runs of a paragraph; the weight of a `heavy` style is its own.
    pub(super) fn paragraph(face: Face, heavy: bool) -> Self {
        Self { face, heavy, ..Self::default() }
    }
}

impl Line {
    /// Size of most characters, half points.
    pub(super) fn size(&self) -> Option<u32> {
        self.sizes.iter().max_by_key(|(_, count)| **count).map(|(size, _)| *size)
    }

    /// Whether all characters are bold.
    pub(super) fn is_bold(&self) -> bool {
        self.letters > 0 && self.bold == self.letters
    }

    /// The text with all marks.
    pub(super) fn finish(&mut self) -> Text {
        let mut text = std::mem::take(&mut self.text);
        let looks = std::mem::take(&mut self.looks);
        let mut over = |has: &dyn Fn(&Look) -> bool,
                        kind: &dyn Fn(&Look) -> MarkKind,
                        same: &dyn Fn(&Look, &Look) -> bool| {
            let mut open: Option<(Range<usize>, &Look)> = None;
            for (range, look) in &looks {
                match &mut open {
                    Some((so_far, first)) if has(look) && so_far.end == range.start && same(first, look) => {
                        so_far.end = range.end;
                    }
                    _ => {
                        if let Some((range, look)) = open.take() {
                            text.mark(range, kind(look));
                        }
                        open = has(look).then(|| (range.clone(), look));
                    }
                }
            }
            if let Some((range, look)) = open {
                text.mark(range, kind(look));
            }
        };
        let any = |_: &Look, _: &Look| true;
        let links = &self.links;
        let target = |l: &Look| {
            let link = l.link.and_then(|at| links.get(at)).cloned();
            link.unwrap_or(Link { url: String::new(), title: String::new() })
        };
        over(
            &|l| l.link.is_some(),
            &|l| {
                let Link { url, title } = target(l);
                MarkKind::Link { url, title }
            },
            &|a, b| a.link == b.link,
        );
        over(&|l| l.strong, &|_| MarkKind::Strong, &any);
        over(&|l| l.emphasis, &|_| MarkKind::Emphasis, &any);
        over(&|l| l.strike, &|_| MarkKind::Strike, &any);
        over(&|l| l.code, &|_| MarkKind::Code, &any);
        over(&|l| l.math.is_some(), &|l| MarkKind::Math { display: l.math == Some(true) }, &|a, b| {
            a.math == b.math
        });
        over(&|l| l.superscript, &|_| MarkKind::Superscript, &any);
        over(&|l| l.subscript, &|_| MarkKind::Subscript, &any);
        let together = |a: &Look, b: &Look| a.parted == b.parted;
        over(&|l| l.name, &|_| MarkKind::Name, &together);
        over(&|l| l.title, &|_| MarkKind::Title, &together);
        over(&|l| l.dots, &|_| MarkKind::Dots, &any);
        over(&|l| l.combine.is_some(), &|_| MarkKind::Combine, &|a, b| a.combine == b.combine);
        let language = |l: &Look| MarkKind::Language(l.language.clone().unwrap_or_default());
        over(&|l| l.language.is_some(), &language, &|a, b| a.language == b.language);
        // An address that leads to itself is an address.
        let itself = |text: &Text, mark: &Mark| match &mark.kind {
            MarkKind::Link { url, title } => {
                let words = &text.as_str()[mark.range.clone()];
                title.is_empty() && url.strip_prefix("mailto:").unwrap_or(url) == words
            }
            _ => false,
        };
        let addresses: Vec<Range<usize>> =
            text.marks().iter().filter(|mark| itself(&text, mark)).map(|mark| mark.range.clone()).collect();
        text.unmark(|mark| matches!(mark.kind, MarkKind::Link { .. }) && addresses.contains(&mark.range));
        addresses.into_iter().for_each(|range| text.mark(range, MarkKind::Url));
        for (range, kind) in std::mem::take(&mut self.marks) {
            text.mark(range, kind);
        }
        self.refer(&mut text);
        self.index(&mut text);
        // One that goes on beyond the paragraph, or stands between two letters, is the paragraph's.
        let end = text.as_str().len();
        let open = std::mem::take(&mut self.bookmarks).into_values().map(|(name, start)| (start..end, name));
        for (range, name) in std::mem::take(&mut self.places).into_iter().chain(open) {
            let range = if range.is_empty() { 0..end } else { range };
            text.mark_around(range, MarkKind::Anchor(name));
        }
        text
    }

    /// Marks the words that an index lists. What a mark is about stands in its bookmark, or right before or behind it;
    /// else it is the last character before it.
    fn index(&mut self, text: &mut Text) {
        for (at, Entry { words, kind, bookmark }) in std::mem::take(&mut self.indexed) {
            let string = text.as_str();
            let marked = |range: &Range<usize>| text.marks().iter().any(|m| m.range == *range && is(kind, m));
            let named =
                text.marks().iter().find(|m| m.range.end == at && is(kind, m)).map(|m| m.range.clone());
            let booked = self.places.iter().find(|(_, name)| Some(name) == bookmark.as_ref());
            let before = string[..at].ends_with(&words).then(|| at - words.len()..at);
            let behind = || string[at..].starts_with(&words).then(|| at..at + words.len());
            let letter = |c: &(usize, char)| c.1.is_alphanumeric();
            let last = || {
                let found = string[..at].char_indices().rev().find(letter);
                let found =
                    found.or_else(|| string[at..].char_indices().find(letter).map(|(n, c)| (at + n, c)));
                found.map(|(at, c)| at..at + c.len_utf8())
            };
            let range = (booked.map(|(range, _)| range.clone()).filter(|range| !range.is_empty()))
                .or(named)
                .or(before.filter(|range| !range.is_empty()))
                .or_else(behind)
                .or_else(last);
            let Some(range) = range.filter(|range| !range.is_empty()) else { continue };
            let own = string[range.clone()] == words;
            if !(own && marked(&range)) {
                text.mark(range, MarkKind::Index(if own { String::new() } else { words }));
            }
        }
    }

    /// Marks the words of fields that refer to other places. What stands around a page, 第 and 頁, belongs to it.
    fn refer(&mut self, text: &mut Text) {
        let mut all: Vec<(Range<usize>, String, bool)> = Vec::new();
        for (range, url, page) in std::mem::take(&mut self.refers) {
            match all.last_mut() {
                Some((last, other, _)) if last.end == range.start && *other == url => last.end = range.end,
                _ => all.push((range, url, page)),
            }
        }
        for (mut range, url, page) in all {
            let string = text.as_str();
            let (before, after) = (string[..range.start].trim_end(), string[range.end..].trim_start());
            let unit = ["頁", "页"].into_iter().find(|unit| after.starts_with(unit));
            let mut kind = MarkKind::Reference { url: url.clone(), page };
            match unit.filter(|_| before.ends_with('第')) {
                Some(unit) if page => {
                    range = before.len() - "第".len()..string.len() - after.len() + unit.len();
                }
                // A page that is said in another way is said as it stands.
                _ if page => kind = MarkKind::Link { url, title: String::new() },
                _ => {}
            }
            // Nothing in it looks otherwise than the rest, and a link in it leads to the same place.
            text.unmark(|mark| {
                range.start <= mark.range.start
                    && mark.range.end <= range.end
                    && matches!(mark.kind, MarkKind::Link { .. })
            });
            text.mark_around(range, kind);
        }
    }
}

/// Whether a mark is what an index lists by itself.
fn is(kind: IndexKind, mark: &Mark) -> bool {
    match kind {
        IndexKind::Names => mark.kind == MarkKind::Name,
        IndexKind::Titles => mark.kind == MarkKind::Title,
        IndexKind::Terms => false,
    }
}

impl<'a> Reader<'a> {
    /// Reads what stands in a paragraph, a link or another element of running text.
    pub(super) fn inline(&mut self, story: &mut Story, line: &mut Line, element: &Element, around: &Around) {
        for child in element.elements() {
            match child.space {
                Space::W => self.word(story, line, child, around),
                Space::M => self.formula(line, child),
                Space::Mc if child.name == "AlternateContent" => {
                    if let Some(chosen) = picture::chosen(child) {
                        self.inline(story, line, chosen, around);
                    }
                }
                _ => self.unknown(story, line, child, around),
            }
        }
    }

    fn word(&mut self, story: &mut Story, line: &mut Line, child: &Element, around: &Around) {
        match child.name.as_str() {
            "r" => self.run(story, line, child, around),
            "hyperlink" => {
                let link = self.hyperlink(story, child);
                let around = Around { link: link.or_else(|| around.link.clone()), ..around.clone() };
                self.inline(story, line, child, &around);
            }
            "ins" | "moveTo" | "del" | "moveFrom" => self.changed(story, line, child, around),
            "fldSimple" => {
                let instruction = child.attribute("instr").unwrap_or_default();
                story.fields.begin(child.at.clone());
                story.fields.instruct(&instruction);
                self.field_result(story, line);
                self.inline(story, line, child, around);
                self.field_end(story, line);
            }
            "sdt" => {
                let properties = child.child("sdtPr");
                if properties.is_some_and(|p| p.child("showingPlcHdr").is_some_and(Element::is_on)) {
                    self.placeholder(child);
                } else if let Some(content) = child.child("sdtContent") {
                    self.inline(story, line, content, around);
                }
            }
            "smartTag" | "customXml" | "bdo" | "dir" | "sdtContent" | "rubyBase" | "rt" => {
                self.inline(story, line, child, around);
            }
            "bookmarkStart" => {
                if let (Some(id), Some(name)) = (child.attribute("id"), child.attribute("name")) {
                    line.bookmarks.insert(id.clone(), (name.clone(), line.text.as_str().len()));
                    self.bookmarks.insert(id, name);
                }
            }
            "bookmarkEnd" => {
                let id = child.attribute("id").unwrap_or_default();
                self.bookmarks.remove(&id);
                if let Some((name, start)) = line.bookmarks.remove(&id) {
                    line.places.push((start..line.text.as_str().len(), name));
                }
            }
            "commentRangeStart" | "commentRangeEnd" => self.remark(child),
            "p" | "tbl" => {
                // A paragraph in a paragraph is no document, but its words are words.
                self.inline(story, line, child, around);
            }
            "subDoc" => {
                let message = "another document is linked here; it is not read";
                self.say("unread-element", Severity::Error, self.span(child.at.clone()), message);
            }
            "pPr"
            | "rPr"
            | "sdtPr"
            | "sdtEndPr"
            | "smartTagPr"
            | "customXmlPr"
            | "proofErr"
            | "permStart"
            | "permEnd"
            | "moveFromRangeStart"
            | "moveFromRangeEnd"
            | "moveToRangeStart"
            | "moveToRangeEnd"
            | "customXmlInsRangeStart"
            | "customXmlInsRangeEnd"
            | "customXmlDelRangeStart"
            | "customXmlDelRangeEnd"
            | "customXmlMoveFromRangeStart"
            | "customXmlMoveFromRangeEnd"
            | "customXmlMoveToRangeStart"
            | "customXmlMoveToRangeEnd" => {}
            _ => self.unknown(story, line, child, around),
        }
    }

    /// Remembers where the words of a comment begin and end.
    pub(super) fn remark(&mut self, element: &Element) {
        let Some(id) = element.attribute("id") else { return };
        let place = self.remarked.entry(id).or_insert((element.at.end, element.at.end));
        if element.name == "commentRangeEnd" {
            place.1 = element.at.start.max(place.0);
        }
    }

    /// What nobody knows: its words are kept, and it is reported if it has any.
    fn unknown(&mut self, story: &mut Story, line: &mut Line, element: &Element, around: &Around) {
        if words_of(element).trim().is_empty() && picture::relation(element).is_none() {
            return;
        }
        let message = format!("`{}` is not understood; its words are kept", element.name);
        self.say("unread-element", Severity::Warning, self.span(element.at.clone()), message);
        self.inline(story, line, element, around);
    }

    /// Text that asks to be written over.
    pub(super) fn placeholder(&mut self, element: &Element) {
        let words = words_of(element);
        if !words.trim().is_empty() {
            let message = format!("the field that asks for `{}` is not filled in", words.trim());
            self.say("unread-element", Severity::Warning, self.span(element.at.clone()), message);
        }
    }

    fn hyperlink(&mut self, story: &Story, element: &Element) -> Option<Link> {
        let target = element.attribute("id").and_then(|id| story.relations.target(&id).cloned());
        let place = element.attribute("anchor").or_else(|| element.attribute("docLocation"));
        let url = match (target, place) {
            (Some(Target::External(url)), Some(place)) if !url.contains('#') => format!("{url}#{place}"),
            (Some(Target::External(url)), _) => url,
            (_, Some(place)) => format!("#{place}"),
            _ => return None,
        };
        Some(Link { url, title: element.attribute("tooltip").unwrap_or_default() })
    }

    /// Words that were inserted, deleted or moved while changes were tracked.
    fn changed(&mut self, story: &mut Story, line: &mut Line, element: &Element, around: &Around) {
        let inserted = matches!(element.name.as_str(), "ins" | "moveTo");
        let stays = inserted == (self.options.tracked == Tracked::Accepted);
        let words = words_of(element);
        if !words.trim().is_empty() && !story.fields.hides() {
            self.tell_change(element, &words, inserted);
        }
        if stays {
            self.inline(story, line, element, &Around { kept: !inserted, ..around.clone() });
        } else {
            // Fields and comments in what goes must still begin and end.
            self.gone(story, element);
        }
    }

    /// Reports a tracked change.
    pub(super) fn tell_change(&mut self, element: &Element, words: &str, inserted: bool) {
        let what = match element.name.as_str() {
            "moveTo" => "moved here",
            "moveFrom" => "moved away",
            _ if inserted => "inserted",
            _ => "deleted",
        };
        let who = element.attribute("author").filter(|a| !a.is_empty()).map(|a| format!(" by {a}"));
        let done = if self.options.tracked == Tracked::Accepted { "accepted" } else { "refused" };
        let words = words.replace('\n', " ");
        let message = format!("`{words}` was {what}{}; {done}", who.unwrap_or_default());
        self.say("tracked-change", Severity::Note, self.span(element.at.clone()), message);
        self.changes += 1;
    }

    fn gone(&mut self, story: &mut Story, element: &Element) {
        for child in element.elements() {
            match child.name.as_str() {
                "fldChar" => match child.attribute("fldCharType").as_deref() {
                    Some("begin") => story.fields.begin(child.at.clone()),
                    Some("separate") => {
                        story.fields.separate();
                    }
                    _ => {
                        story.fields.end();
                    }
                },
                "instrText" | "delInstrText" => {
                    child.letters().for_each(|letters| story.fields.instruct(&letters.text));
                }
                _ => self.gone(story, child),
            }
        }
    }

    fn run(&mut self, story: &mut Story, line: &mut Line, element: &Element, around: &Around) {
        let own = element.child("rPr").map(|properties| self.properties(properties));
        let mut face = match &own {
            Some((face, style)) => face.clone().over(&self.styles.face(style.as_deref())),
            None => Face::default(),
        };
        // A heading is bold because it is one.
        if around.heavy {
            face.size = face.size.or(around.face.size);
        } else {
            face = face.over(&around.face);
        }
        if face.hidden == Some(true) && !story.fields.hides() {
            let words = words_of(element);
            if !words.trim().is_empty() {
                let message = format!("`{words}` is hidden and left out");
                self.say("hidden-text", Severity::Warning, self.span(element.at.clone()), message);
            }
            self.gone(story, element);
            return;
        }
        self.run_content(story, line, element, around, &face);
    }

    /// What a run says of its looks, and its style.
    fn properties(&mut self, properties: &Element) -> (Face, Option<String>) {
        let before = properties.child("rPrChange").filter(|_| self.options.tracked == Tracked::Refused);
        let properties = before.and_then(|change| change.child("rPr")).unwrap_or(properties);
        (Face::read(properties), properties.child_value("rStyle"))
    }

    fn run_content(
        &mut self,
        story: &mut Story,
        line: &mut Line,
        element: &Element,
        around: &Around,
        face: &Face,
    ) {
        for child in element.elements() {
            let span = self.span(child.at.clone());
            if child.space == Space::Mc && child.name == "AlternateContent" {
                if let Some(chosen) = picture::chosen(child) {
                    self.run_content(story, line, chosen, around, face);
                }
                continue;
            }
            if child.space != Space::W {
                self.unknown(story, line, child, around);
                continue;
            }
            match child.name.as_str() {
                "t" => self.letters(story, line, child, around, face),
                "delText" if around.kept => self.letters(story, line, child, around, face),
                "tab" | "ptab" => self.push(story, line, "\t", span, false, around, face),
                "br" | "cr" => match child.attribute("type").as_deref() {
                    Some("page" | "column") => {
                        self.tally.count("page-breaks", "a page or column break is left out", span);
                    }
                    _ => self.push(story, line, "\n", span, false, around, face),
                },
                "noBreakHyphen" => self.push(story, line, "\u{2011}", span, false, around, face),
                "softHyphen" => self.push(story, line, "\u{AD}", span, false, around, face),
                "sym" => self.symbol(story, line, child, around, face),
                "fldChar" => self.field(story, line, child),
                "instrText" | "delInstrText" => {
                    child.letters().for_each(|letters| story.fields.instruct(&letters.text));
                }
                "footnoteReference" => self.note_mark(story, line, "footnote", child),
                "endnoteReference" => self.note_mark(story, line, "endnote", child),
                "commentReference" => self.comment(child),
                "ruby" => self.ruby(story, line, child, around),
                "drawing" | "pict" | "object" => self.picture(story, line, child),
                "rPr"
                | "footnoteRef"
                | "endnoteRef"
                | "annotationRef"
                | "lastRenderedPageBreak"
                | "separator"
                | "continuationSeparator"
                | "delText" => {}
                "pgNum" | "dayShort" | "dayLong" | "monthShort" | "monthLong" | "yearShort" | "yearLong" => {
                    self.tally.count(
                        "page-numbers",
                        "a number or date that the program fills in is left out",
                        span,
                    );
                }
                "contentPart" => {
                    self.say("unread-element", Severity::Warning, span, "handwriting is left out");
                }
                _ => self.unknown(story, line, child, around),
            }
        }
    }

    /// The characters of `w:t`. Spaces at its ends count only where the document says so.
    fn letters(
        &mut self,
        story: &mut Story,
        line: &mut Line,
        element: &Element,
        around: &Around,
        face: &Face,
    ) {
        if std::mem::take(&mut line.custom) {
            // The mark of a note that its writer chose; notes are numbered.
            return;
        }
        let preserved = element.attribute("space").as_deref() == Some("preserve");
        let last = element.letters().count().saturating_sub(1);
        for (at, letters) in element.letters().enumerate() {
            let Letters { text, at: place, verbatim } = letters;
            let (mut from, mut to) = (0, text.len());
            if !preserved && *verbatim {
                let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
                from = if at == 0 { text.len() - text.trim_start_matches(blank).len() } else { 0 };
                to = if at == last { text.trim_end_matches(blank).len().max(from) } else { to };
            }
            let mut start = from;
            // Line ends and tabs in the file are spaces of the text.
            let breaks = text[from..to].char_indices().filter(|(_, c)| matches!(c, '\n' | '\r' | '\t'));
            let breaks: Vec<usize> = breaks.map(|(at, _)| from + at).collect();
            for stop in breaks.into_iter().chain([to]) {
                let span = |range: Range<usize>| match verbatim {
                    true => self.span(place.start + range.start..place.start + range.end),
                    false => self.span(place.clone()),
                };
                let (words, gap) = (span(start..stop), span(stop..(stop + 1).min(text.len())));
                self.characters(story, line, &text[start..stop], words, *verbatim, around, face);
                if stop < to {
                    self.push(story, line, " ", gap, false, around, face);
                }
                start = stop + 1;
            }
        }
    }

    /// Characters, of which those of fonts of signs are changed to what they show.
    #[expect(clippy::too_many_arguments)]
    fn characters(
        &mut self,
        story: &Story,
        line: &mut Line,
        words: &str,
        span: Span,
        verbatim: bool,
        around: &Around,
        face: &Face,
    ) {
        let family = face.family.as_deref().filter(|family| symbol::is_symbols(family));
        let raised = |c: char| ('\u{F000}'..='\u{F0FF}').contains(&c);
        let Some(family) = family.filter(|_| words.chars().any(raised)) else {
            self.push(story, line, words, span, verbatim, around, face);
            return;
        };
        for (at, c) in words.char_indices() {
            let place = if verbatim {
                self.span(span.start as usize + at..span.start as usize + at + c.len_utf8())
            } else {
                span
            };
            match symbol::shown(family, u32::from(c)).filter(|_| raised(c)) {
                Some(shown) => self.push(story, line, &shown.to_string(), place, false, around, face),
                None => self.push(story, line, &c.to_string(), place, verbatim, around, face),
            }
        }
    }

    fn symbol(&mut self, story: &Story, line: &mut Line, element: &Element, around: &Around, face: &Face) {
        let span = self.span(element.at.clone());
        let family = element.attribute("font").unwrap_or_default();
        let code =
            element.attribute("char").and_then(|c| u32::from_str_radix(&c, 16).ok()).unwrap_or_default();
        let known = symbol::shown(&family, code);
        // In a font of letters the code is that of the character itself.
        let plain = || char::from_u32(code).filter(|c| !c.is_control() && !symbol::is_symbols(&family));
        if known.or_else(plain).is_none() {
            let message = format!("character {code:04X} of the font {family} is not known");
            self.say("unread-element", Severity::Warning, span, message);
        }
        let shown = known.or_else(|| char::from_u32(code).filter(|c| !c.is_control())).unwrap_or('\u{FFFD}');
        self.push(story, line, &shown.to_string(), span, false, around, face);
    }

    /// Adds characters with their looks.
    #[expect(clippy::too_many_arguments)]
    fn push(
        &mut self,
        story: &Story,
        line: &mut Line,
        words: &str,
        span: Span,
        verbatim: bool,
        around: &Around,
        face: &Face,
    ) {
        if words.is_empty() || story.fields.hides() {
            if story.fields.in_contents() {
                self.contents(span);
            }
            return;
        }
        // A small space only parts two lines beside the text that would look like one.
        let small = face.size.is_some_and(|size| size * 2 <= self.styles.size);
        let after = line.looks.last().is_some_and(|(_, look)| look.name || look.title);
        if matches!(words, " " | "\u{2009}") && small && after && face.underline.is_none() {
            line.parted += 1;
            return;
        }
        let start = line.text.as_str().len();
        line.text.push(words, span, verbatim);
        let count = words.chars().filter(|c| c.is_alphanumeric()).count();
        line.letters += count;
        line.bold += if face.bold == Some(true) || face.strong { count } else { 0 };
        let size = face.size.unwrap_or(self.styles.size);
        *line.sizes.entry(size).or_default() += count;
        if around.bare {
            return;
        }
        let field = story.fields.link().map(|url| Link { url: url.to_owned(), title: String::new() });
        let link = field.or_else(|| around.link.clone());
        let link = link.and_then(|link| self.link(line, link));
        let look = Look { parted: line.parted, ..self.look(face, around, link, words, span) };
        let range = start..line.text.as_str().len();
        if let Some((url, page)) = story.fields.refers() {
            line.refers.push((range.clone(), url.to_owned(), page));
        }
        line.looks.push((range, look));
    }

    /// The number of a link's target among those of the line; places in the document itself have none.
    fn link(&mut self, line: &mut Line, link: Link) -> Option<usize> {
        Some(line.links.iter().position(|known| *known == link).unwrap_or_else(|| {
            line.links.push(link);
            line.links.len() - 1
        }))
    }

    fn look(&mut self, face: &Face, around: &Around, link: Option<usize>, words: &str, span: Span) -> Look {
        let underlined = face.underline.as_deref().filter(|u| *u != "none" && link.is_none());
        let wavy = underlined.is_some_and(|u| u.to_lowercase().contains("wav"));
        let blank = words.trim().is_empty();
        if underlined.is_some() && !wavy && !blank {
            self.tally.count(
                "underlines",
                "underlined words are marked as proper names, which have the same line",
                span,
            );
        }
        if face.highlight && !blank {
            self.tally.count("highlights", "the color behind words is not carried", span);
        }
        let style = !around.heavy || face.strong;
        Look {
            strong: style && (face.bold == Some(true) || face.strong && face.bold != Some(false)),
            emphasis: face.italic == Some(true) || face.emphasis,
            strike: face.strike == Some(true),
            code: face.code && face.math.is_none(),
            math: face.math,
            superscript: face.align.as_deref() == Some("superscript"),
            subscript: face.align.as_deref() == Some("subscript"),
            name: underlined.is_some() && !wavy,
            title: wavy,
            dots: face.dots == Some(true),
            combine: face.combine.clone(),
            language: face.language.clone().filter(|tag| foreign::is_believed(tag, words)),
            link,
            parted: 0,
        }
    }

    /// Adds an object that stands in the line.
    pub(super) fn object(&mut self, story: &Story, line: &mut Line, kind: MarkKind, span: Span) {
        if story.fields.hides() {
            return;
        }
        let start = line.text.as_str().len();
        line.text.push(OBJECT.encode_utf8(&mut [0; 4]), span, false);
        line.marks.push((start..line.text.as_str().len(), kind));
    }

    fn note_mark(&mut self, story: &mut Story, line: &mut Line, kind: &'static str, element: &Element) {
        let span = self.span(element.at.clone());
        let Some(id) = element.attribute("id") else { return };
        let Some(number) = self.note(kind, &id) else {
            self.say(
                "unread-element",
                Severity::Error,
                span,
                format!("the {kind} that is referred to here is missing"),
            );
            return;
        };
        for name in self.bookmarks.values() {
            self.marked_notes.entry(name.clone()).or_insert(number);
        }
        line.custom = element.attribute("customMarkFollows").is_some_and(|v| v != "0" && v != "false");
        if !story.body {
            self.tally.count("notes-in-notes", "a note in a note is a note of the text", span);
        }
        self.object(story, line, MarkKind::Note(number), span);
    }

    fn comment(&mut self, element: &Element) {
        let Some(id) = element.attribute("id") else { return };
        let Some(comment) = self.comments.remove(&id) else { return };
        let (start, end) = self.remarked.remove(&id).unwrap_or((element.at.start, element.at.end));
        let who = if comment.author.is_empty() { String::new() } else { format!(" of {}", comment.author) };
        let words = comment.words.replace('\n', " / ");
        let message = format!("a remark{who} is not carried: {words}");
        self.say("comment", Severity::Warning, self.span(start..end.max(start)), message);
    }

    /// A reading beside its base.
    fn ruby(&mut self, story: &mut Story, line: &mut Line, element: &Element, around: &Around) {
        let bare = Around { bare: true, ..around.clone() };
        let mut reading = Line::default();
        if let Some(rt) = element.child("rt") {
            self.inline(story, &mut reading, rt, &bare);
        }
        let start = line.text.as_str().len();
        if let Some(base) = element.child("rubyBase") {
            self.inline(story, line, base, around);
        }
        let range = start..line.text.as_str().len();
        let words = reading.text.as_str().trim().to_owned();
        if range.is_empty() || line.text.as_str()[range.clone()].contains(['\n', OBJECT]) {
            if !words.is_empty() {
                let span = self.span(element.at.clone());
                self.push(story, line, &format!("（{words}）"), span, false, around, &Face::default());
            }
        } else if !words.is_empty() {
            line.marks.push((range, MarkKind::Ruby(words)));
        }
    }

    fn formula(&mut self, line: &mut Line, element: &Element) {
        let words = math::source(element);
        if words.is_empty() {
            return;
        }
        let start = line.text.as_str().len();
        line.text.push(&words, self.span(element.at.clone()), false);
        let display = element.name == "oMathPara";
        line.marks.push((start..line.text.as_str().len(), MarkKind::Math { display }));
    }

    fn field(&mut self, story: &mut Story, line: &mut Line, element: &Element) {
        match element.attribute("fldCharType").as_deref() {
            Some("begin") => story.fields.begin(element.at.clone()),
            Some("separate") => self.field_result(story, line),
            _ => self.field_end(story, line),
        }
    }

    fn field_result(&mut self, story: &mut Story, line: &mut Line) {
        if let Some(kind) = field::index(story.fields.instruction()) {
            self.indexes(kind);
        }
        match story.fields.separate() {
            Some(Kind::Counts) => line.counted = true,
            Some(Kind::Note(name)) => {
                // The number of a note that is referred to again is its mark.
                let number = self.marked_notes.get(name).copied();
                let span = self.span(0..0);
                let start = line.text.as_str().len();
                if let Some(number) = number {
                    line.text.push(OBJECT.encode_utf8(&mut [0; 4]), span, false);
                    line.marks.push((start..line.text.as_str().len(), MarkKind::Note(number)));
                }
            }
            _ => {}
        }
    }

    fn field_end(&mut self, story: &mut Story, line: &mut Line) {
        let Some(field) = story.fields.end() else { return };
        let span = self.span(field.at.clone());
        if let Some(entry) = field::entry(&field.instruction).filter(|entry| !entry.words.is_empty()) {
            if !story.fields.hides() {
                line.indexed.push((line.text.as_str().len(), entry));
            }
            return;
        }
        match field::equation(&field.instruction) {
            Some(Equation::Reading { base, reading }) if !story.fields.hides() => {
                let start = line.text.as_str().len();
                line.text.push(&base, span, false);
                line.marks.push((start..line.text.as_str().len(), MarkKind::Ruby(reading)));
            }
            Some(Equation::Words(words)) if !field.result && !story.fields.hides() => {
                let message = format!("an equation field is carried as its words: {words}");
                self.say("unread-element", Severity::Warning, span, message);
                line.text.push(&words, span, false);
            }
            Some(_) => {}
            None if !field.result => {
                let name = field.instruction.split_whitespace().next().unwrap_or_default().to_uppercase();
                // These are never to be seen: entries of an index or of contents.
                if ["XE", "TC", "RD", "TA", "PRIVATE", "SET", "ASK", "ADVANCE"].contains(&name.as_str()) {
                    self.tally.count("hidden-fields", "a mark for an index or contents is not carried", span);
                } else if !name.is_empty() && !story.fields.hides() {
                    self.tally.count("empty-fields", "a field that has no result is left out", span);
                }
            }
            None => {}
        }
    }

    /// An index, which is made anew.
    pub(super) fn indexes(&mut self, kind: IndexKind) {
        if !self.meta.index.contains(&kind) {
            self.meta.index.push(kind);
        }
    }

    /// Words of a table of contents, which is left out.
    pub(super) fn contents(&mut self, span: Span) {
        if !std::mem::replace(&mut self.said_contents, true) {
            let message = "the table of contents is left out; editions make their own";
            self.say("unread-element", Severity::Note, span, message);
        }
    }
}
