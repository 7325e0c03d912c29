//! What a PDF says of itself: title, dates, standard, outline, page labels.

use pdf_writer::{
    Date, Finish, Name, Ref, Str, TextStr,
    types::{Direction, NumberingStyle, OutputIntentSubtype},
};
use sha2::{Digest, Sha256};
use xmp_writer::{DateTime, LangId, Timezone, XmpWriter};

use super::{Standard, file::File, profile};
use crate::{
    document::Document,
    edition::Edition,
    layout::{
        blocks::one_line,
        page::{Entry, Pages},
    },
};

/// Name and version of the program.
const PRODUCER: &str = concat!("hanpress ", env!("CARGO_PKG_VERSION"));

/// The parts that the catalog names.
pub(super) struct Parts<'a> {
    /// The tree of pages.
    pub(super) pages: Ref,
    /// Each page.
    pub(super) sheets: &'a [Ref],
    /// The structure.
    pub(super) tags: Option<Ref>,
}

/// Writes the catalog and what it names beside the pages.
pub(super) fn write(
    file: &mut File,
    edition: &Edition,
    document: &Document,
    pages: &Pages,
    standard: Standard,
    parts: &Parts,
) {
    let meta = &document.meta;
    let name = || meta.name.clone().unwrap_or_else(|| "Untitled".to_owned());
    let title = meta.title.as_ref().map_or_else(name, |t| one_line(t.as_str()));
    let authors: Vec<&str> = meta.authors.iter().map(|a| a.as_str()).filter(|a| !a.is_empty()).collect();
    let joined = authors.join(", ");
    let description = meta.description.as_ref().map(|d| d.as_str()).filter(|d| !d.is_empty());
    // PDF/A wants a date; a manuscript without one gets the first of the epoch, never the clock's.
    let mut date = meta.date.as_deref().unwrap_or_default().splitn(3, '-');
    let year = date.next().and_then(|y| y.parse().ok()).unwrap_or(1970);
    let mut part = |most: u8| {
        date.next().and_then(|s| s.parse().ok()).filter(|part| (1..=most).contains(part)).unwrap_or(1)
    };
    let (month, day) = (part(12), part(31));

    let info = file.id();
    let mut about = file.chunk.document_info(info);
    about.title(TextStr(&title));
    if !joined.is_empty() {
        about.author(TextStr(&joined));
    }
    if let Some(description) = description {
        about.subject(TextStr(description));
    }
    let stamp = Date::new(year)
        .month(month)
        .day(day)
        .hour(0)
        .minute(0)
        .second(0)
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    about.creator(TextStr("hanpress")).producer(TextStr(PRODUCER));
    about.creation_date(stamp).modified_date(stamp);
    about.finish();

    let archive = standard == Standard::A1b;
    let mut xmp = XmpWriter::new();
    xmp.title([(None::<LangId>, &*title)]).language([LangId(edition.tag())]).format("application/pdf");
    // PDF/A-1 wants the same words here as among the older entries, in one piece.
    match (joined.is_empty(), archive) {
        (true, _) => {}
        (false, true) => {
            xmp.creator([&*joined]);
        }
        (false, false) => {
            xmp.creator(authors.iter().copied());
        }
    }
    if let Some(description) = description {
        xmp.description([(None::<LangId>, description)]);
    }
    let moment = DateTime {
        year,
        month: Some(month),
        day: Some(day),
        hour: Some(0),
        minute: Some(0),
        second: Some(0),
        timezone: Some(Timezone::Utc),
    };
    xmp.creator_tool("hanpress").producer(PRODUCER).create_date(moment).modify_date(moment);
    if archive {
        xmp.pdfa_part(1).pdfa_conformance("B");
    } else {
        let mut schemas = xmp.extension_schemas();
        schemas.pdfua_id().properties().describe_all(xmp_writer::pdfa::PdfUAIdDescriptionMode::UA1);
        schemas.finish();
        xmp.pdfa_part(2).pdfa_conformance("A").pdfua_part(1);
    }
    let xmp = xmp.finish(None);
    let metadata = file.id();
    file.chunk.metadata(metadata, xmp.as_bytes());

    let colors = file.id();
    let packed = super::file::deflated(&profile::srgb());
    file.chunk.icc_profile(colors, &packed).n(3).filter(pdf_writer::Filter::FlateDecode);

    let labels = labels(file, pages);
    let outline = (!pages.outline.is_empty()).then(|| outline(file, pages, parts.sheets));
    let id = file.id();
    let mut catalog = file.chunk.catalog(id);
    catalog.pages(parts.pages).metadata(metadata).lang(TextStr(edition.tag()));
    if let Some(outline) = outline {
        catalog.outlines(outline);
    }
    if let Some(tags) = parts.tags {
        catalog.mark_info().marked(true).suspects(false);
        catalog.pair(Name(b"StructTreeRoot"), tags);
    }
    let mut tree = catalog.page_labels();
    let mut numbers = tree.nums();
    for (page, label) in labels {
        numbers.insert(page, label);
    }
    numbers.finish();
    tree.finish();
    let mut view = catalog.viewer_preferences();
    view.display_doc_title(true);
    if pages.right_bound {
        view.direction(Direction::R2L);
    }
    view.finish();
    catalog
        .output_intents()
        .push()
        .subtype(OutputIntentSubtype::PDFA)
        .output_condition_identifier(TextStr("sRGB"))
        .info(TextStr("sRGB IEC61966-2.1"))
        .dest_output_profile(colors);
    catalog.finish();

    // The same words in the same edition are the same file.
    let mut hash = Sha256::new();
    hash.update(edition.tag());
    for (_, text) in document.texts() {
        hash.update(b"\n");
        hash.update(text.as_str());
    }
    let same = hash.finalize()[..16].to_vec();
    file.chunk.set_file_id((same.clone(), same));
}

/// How pages are counted, each time that it changes: the index of the page, its label.
fn labels(file: &mut File, pages: &Pages) -> Vec<(i32, Ref)> {
    let mut counts = (0, 0);
    let mut last = None;
    let mut out = Vec::new();
    for (index, page) in pages.pages.iter().enumerate() {
        let count = if page.front { &mut counts.0 } else { &mut counts.1 };
        *count += 1;
        if last.replace(page.front) != Some(page.front) {
            let id = file.id();
            let style = if page.front { NumberingStyle::LowerRoman } else { NumberingStyle::Arabic };
            let mut label = file.chunk.indirect(id).start::<pdf_writer::writers::PageLabel>();
            label.style(style).offset(*count);
            label.finish();
            out.push((index as i32, id));
        }
    }
    out
}

/// The place on its page that an entry of the outline leads to: page, height in pt from the bottom.
pub(super) fn destination(pages: &Pages, entry: &Entry) -> (usize, f32) {
    (entry.page, pages.height - (entry.y - 12.0).max(0.0))
}

fn outline(file: &mut File, pages: &Pages, sheets: &[Ref]) -> Ref {
    let root = file.id();
    let ids: Vec<Ref> = pages.outline.iter().map(|_| file.id()).collect();
    // The entry under which each stands: the nearest before it with a smaller level.
    let mut open: Vec<usize> = Vec::new();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); ids.len() + 1];
    let mut parents = Vec::with_capacity(ids.len());
    for (k, entry) in pages.outline.iter().enumerate() {
        while open.last().is_some_and(|&o| pages.outline[o].level >= entry.level) {
            open.pop();
        }
        let parent = open.last().map_or(0, |&o| o + 1);
        children[parent].push(k);
        parents.push(parent);
        open.push(k);
    }
    // How many stand below each, all of them open.
    let mut below = vec![0; ids.len() + 1];
    for k in (0..ids.len()).rev() {
        below[parents[k]] += below[k + 1] + 1;
    }
    let at = |slot: usize| if slot == 0 { root } else { ids[slot - 1] };
    for (k, entry) in pages.outline.iter().enumerate() {
        let mut item = file.chunk.outline_item(ids[k]);
        item.title(TextStr(&entry.text)).parent(at(parents[k]));
        let siblings = &children[parents[k]];
        // Siblings are in order.
        let place = siblings.partition_point(|&s| s < k);
        if place > 0 {
            item.prev(ids[siblings[place - 1]]);
        }
        if let Some(&next) = siblings.get(place + 1) {
            item.next(ids[next]);
        }
        if let (Some(&first), Some(&last)) = (children[k + 1].first(), children[k + 1].last()) {
            item.first(ids[first]).last(ids[last]).count(below[k + 1]);
        }
        let (page, height) = destination(pages, entry);
        item.dest().page(sheets[page]).xyz(0.0, height, None);
    }
    let mut out = file.chunk.outline(root);
    if let (Some(&first), Some(&last)) = (children[0].first(), children[0].last()) {
        out.first(ids[first]).last(ids[last]).count(below[0]);
    }
    root
}

/// A URI in ASCII, as PDF wants it.
pub(super) fn percent_encode(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Writes a place where the page can be clicked.
pub(super) fn area(file: &mut File, id: Ref, area: &Area, pages: &Pages, sheets: &[Ref], key: Option<i32>) {
    let mut out = file.chunk.annotation(id);
    out.subtype(pdf_writer::types::AnnotationType::Link);
    let [left, top, right, bottom] = area.bounds;
    out.rect(pdf_writer::Rect::new(left, pages.height - bottom, right, pages.height - top));
    out.border(0.0, 0.0, 0.0, None).flags(pdf_writer::types::AnnotationFlags::PRINT);
    if let Some(key) = key {
        out.struct_parent(key);
    }
    let (words, (page, height)) = match &area.goal {
        Goal::Url(url) => {
            out.contents(TextStr(url));
            let url = percent_encode(url);
            out.action().action_type(pdf_writer::types::ActionType::Uri).uri(Str(url.as_bytes()));
            return;
        }
        Goal::Entry(entry) => {
            let entry = &pages.outline[*entry];
            (&entry.text, destination(pages, entry))
        }
        Goal::Place(name) => {
            let spot = &pages.places[name];
            (&spot.words, (spot.page, pages.height - spot.y))
        }
    };
    out.contents(TextStr(words));
    out.insert(Name(b"Dest"))
        .start::<pdf_writer::writers::Destination>()
        .page(sheets[page])
        .xyz(0.0, height, None);
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Goal {
    /// Out of the document.
    Url(String),
    /// An entry of the outline.
    Entry(usize),
    /// A place of the text, by its name.
    Place(String),
}

/// A stretch of a link on its page.
pub(super) struct Area {
    /// The link.
    pub(super) link: usize,
    /// Left, top, right, bottom, pt from the top left of the page.
    pub(super) bounds: [f32; 4],
    /// Where it leads.
    pub(super) goal: Goal,
}
