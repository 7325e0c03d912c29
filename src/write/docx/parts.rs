//! The small parts of a DOCX: types, relations, properties, numbering, header and footer.

use crate::{
    document::Counter,
    edition::Script,
    text::Text,
    write::{
        docx::{Book, styles::twips},
        words,
        xml::Xml,
    },
};

/// The namespaces of every word-processing part.
pub(super) const NAMESPACES: [(&str, &str); 2] =
    [("xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"), ("xmlns:r", RELATION)];

const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/";

/// The relations of one part; equal targets share one.
#[derive(Default)]
pub(super) struct Relations {
    list: Vec<(String, String, bool)>,
}

impl Relations {
    /// The id of a relation to a target; `external` for a web address.
    pub(super) fn add(&mut self, kind: &str, target: &str, external: bool) -> String {
        let new = (kind.to_owned(), target.to_owned(), external);
        let at = self.list.iter().position(|r| *r == new).unwrap_or_else(|| {
            self.list.push(new);
            self.list.len() - 1
        });
        format!("rId{}", at + 1)
    }

    /// Whether a target is among them.
    pub(super) fn has(&self, target: &str) -> bool {
        self.list.iter().any(|(_, known, _)| known == target)
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let mut xml = Xml::new();
        let namespace = [PACKAGE, "relationships"].concat();
        xml.line().open("Relationships", &[("xmlns", &namespace)]);
        for (i, (kind, target, external)) in self.list.iter().enumerate() {
            let id = format!("rId{}", i + 1);
            let kind = if kind.contains("://") { kind.clone() } else { [RELATION, "/", kind].concat() };
            let mut attributes = vec![("Id", id.as_str()), ("Type", &kind), ("Target", target)];
            if *external {
                attributes.push(("TargetMode", "External"));
            }
            xml.empty("Relationship", &attributes);
        }
        xml.finish()
    }
}

pub(super) fn content_types(notes: &[&str]) -> Vec<u8> {
    let mut xml = Xml::new();
    let namespace = [PACKAGE, "content-types"].concat();
    xml.line().open("Types", &[("xmlns", &namespace)]);
    for (extension, kind) in [
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
        ("png", "image/png"),
        ("jpeg", "image/jpeg"),
        ("odttf", "application/vnd.openxmlformats-officedocument.obfuscatedFont"),
    ] {
        xml.empty("Default", &[("Extension", extension), ("ContentType", kind)]);
    }
    for (part, kind) in [
        ("/word/document.xml", "wordprocessingml.document.main"),
        ("/word/styles.xml", "wordprocessingml.styles"),
        ("/word/settings.xml", "wordprocessingml.settings"),
        ("/word/numbering.xml", "wordprocessingml.numbering"),
        ("/word/fontTable.xml", "wordprocessingml.fontTable"),
        ("/word/header1.xml", "wordprocessingml.header"),
        ("/word/footer1.xml", "wordprocessingml.footer"),
        ("/word/footer2.xml", "wordprocessingml.footer"),
        ("/word/theme/theme1.xml", "theme"),
        ("/docProps/app.xml", "extended-properties"),
    ] {
        let kind = ["application/vnd.openxmlformats-officedocument.", kind, "+xml"].concat();
        xml.empty("Override", &[("PartName", part), ("ContentType", &kind)]);
    }
    for kind in notes {
        let part = format!("/word/{kind}.xml");
        let kind = format!("application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml");
        xml.empty("Override", &[("PartName", &part), ("ContentType", &kind)]);
    }
    let core = "application/vnd.openxmlformats-package.core-properties+xml";
    xml.empty("Override", &[("PartName", "/docProps/core.xml"), ("ContentType", core)]);
    xml.finish()
}

pub(super) fn package_relations() -> Vec<u8> {
    let mut relations = Relations::default();
    relations.add("officeDocument", "word/document.xml", false);
    let core = [PACKAGE, "relationships/metadata/core-properties"].concat();
    relations.add(&core, "docProps/core.xml", false);
    relations.add("extended-properties", "docProps/app.xml", false);
    relations.finish()
}

/// `docProps/core.xml`: what the file manager and the library show.
pub(super) fn core(book: &Book) -> Vec<u8> {
    let meta = &book.document.meta;
    let mut xml = Xml::new();
    let namespace = [PACKAGE, "metadata/core-properties"].concat();
    xml.line().open(
        "cp:coreProperties",
        &[
            ("xmlns:cp", &namespace),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
            ("xmlns:dcterms", "http://purl.org/dc/terms/"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ],
    );
    xml.leaf("dc:title", &[], &book.title);
    let line = |text: &Option<Text>| text.as_ref().map(words::line).filter(|t| !t.is_empty());
    if let Some(subtitle) = line(&meta.subtitle) {
        xml.leaf("dc:subject", &[], &subtitle);
    }
    let authors: Vec<String> = meta.authors.iter().map(words::line).filter(|a| !a.is_empty()).collect();
    if !authors.is_empty() {
        xml.leaf("dc:creator", &[], &authors.join("; "));
    }
    // The format has no places of its own for source, rights and series.
    let about: Vec<String> =
        [&meta.description, &meta.source, &meta.rights, &meta.series].into_iter().filter_map(line).collect();
    if !about.is_empty() {
        xml.leaf("dc:description", &[], &about.join("\n"));
    }
    xml.leaf("dc:language", &[], book.edition.tag());
    let identifier = meta.identifier.clone().filter(|i| !i.trim().is_empty());
    let identifier =
        identifier.unwrap_or_else(|| ["urn:uuid:", &words::uuid(book.document, book.edition)].concat());
    xml.leaf("dc:identifier", &[], &identifier);
    if words::date(meta).is_some() {
        let moment = words::moment(meta);
        for name in ["dcterms:created", "dcterms:modified"] {
            xml.leaf(name, &[("xsi:type", "dcterms:W3CDTF")], &moment);
        }
    }
    xml.finish()
}

/// `docProps/app.xml`.
pub(super) fn app(book: &Book) -> Vec<u8> {
    let mut xml = Xml::new();
    let namespace = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
    xml.line().open("Properties", &[("xmlns", namespace)]);
    xml.leaf("Application", &[], "hanpress");
    if let Some(publisher) = book.document.meta.publisher.as_ref().map(words::line).filter(|p| !p.is_empty())
    {
        xml.leaf("Company", &[], &publisher);
    }
    xml.finish()
}

/// A list: its first number, if it has numbers, its level, and how it counts.
#[derive(Clone, Copy)]
pub(super) struct List {
    pub start: Option<u64>,
    pub level: usize,
    pub counter: Counter,
}

/// How the format calls a counter, with what stands before and after the number.
fn format(counter: Counter, script: Script) -> (&'static str, &'static str, &'static str) {
    let traditional = script == Script::Traditional;
    let counting = if traditional { "taiwaneseCountingThousand" } else { "chineseCountingThousand" };
    match counter {
        Counter::Auto | Counter::Decimal => ("decimal", "", "."),
        Counter::DecimalParen => ("decimal", "（", "）"),
        Counter::Chinese => (counting, "", "、"),
        Counter::ChineseParen => (counting, "（", "）"),
        Counter::ChineseFormal if traditional => ("ideographLegalTraditional", "", "、"),
        Counter::ChineseFormal => ("chineseLegalSimplified", "", "、"),
        Counter::HeavenlyStem => ("ideographTraditional", "", "、"),
        Counter::EarthlyBranch => ("ideographZodiac", "", "、"),
        Counter::Circled => ("decimalEnclosedCircle", "", ""),
    }
}

/// `numbering.xml`: bullets, one definition a way to count, and one instance a list so that each counts on its own.
pub(super) fn numbering(book: &Book, lists: &[List]) -> Vec<u8> {
    let em = book.page.size;
    let mut xml = Xml::new();
    xml.line().open("w:numbering", &NAMESPACES).line();
    let mut ways = vec![None, Some(Counter::Decimal)];
    for list in lists {
        let way = list.start.map(|_| list.counter);
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    for (id, way) in ways.iter().enumerate() {
        let (name, before, after) = way.map_or(("bullet", "•", ""), |c| format(c, book.edition.script));
        xml.open("w:abstractNum", &[("w:abstractNumId", &id.to_string())]);
        xml.empty("w:multiLevelType", &[("w:val", "multilevel")]);
        for level in 0..9 {
            let label =
                if way.is_some() { format!("{before}%{}{after}", level + 1) } else { before.to_owned() };
            let left = twips(em * (level as f32 + 1.0) * 2.0);
            xml.open("w:lvl", &[("w:ilvl", &level.to_string())]);
            xml.empty("w:start", &[("w:val", "1")]);
            xml.empty("w:numFmt", &[("w:val", name)]);
            // The words follow a full-width mark at once.
            if ["、", "）"].contains(&after) {
                xml.empty("w:suff", &[("w:val", "nothing")]);
            }
            xml.empty("w:lvlText", &[("w:val", &label)]);
            xml.empty("w:lvlJc", &[("w:val", "left")]);
            xml.open("w:pPr", &[]);
            xml.empty("w:ind", &[("w:left", &left), ("w:hanging", &twips(em * 2.0))]).close();
            if ["、", "）"].contains(&after) || *way == Some(Counter::Circled) {
                xml.open("w:rPr", &[]).empty("w:rFonts", &[("w:hint", "eastAsia")]).close();
            }
            xml.close();
        }
        xml.close().line();
    }
    for (i, list) in lists.iter().enumerate() {
        let way = list.start.map(|_| list.counter);
        let id = ways.iter().position(|w| *w == way).unwrap_or_default();
        xml.open("w:num", &[("w:numId", &(i + 1).to_string())]);
        xml.empty("w:abstractNumId", &[("w:val", &id.to_string())]);
        if let Some(start) = list.start {
            xml.open("w:lvlOverride", &[("w:ilvl", &list.level.to_string())]);
            // The format counts to 2^31.
            xml.empty("w:startOverride", &[("w:val", &start.min(2_147_483_647).to_string())]).close();
        }
        xml.close().line();
    }
    xml.finish()
}

/// The running head: the title.
pub(super) fn header(book: &Book) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.line().open("w:hdr", &NAMESPACES).open("w:p", &[]).open("w:pPr", &[]);
    xml.empty("w:pStyle", &[("w:val", "Header")]).close();
    if book.page.head != crate::template::Head::None && book.document.meta.title.is_some() {
        xml.open("w:r", &[]).open("w:rPr", &[]).empty("w:rFonts", &[("w:hint", "eastAsia")]).close();
        xml.leaf("w:t", &[("xml:space", "preserve")], &book.title).close();
    }
    xml.finish()
}

/// The foot: the page number.
pub(super) fn footer() -> Vec<u8> {
    let mut xml = Xml::new();
    xml.line().open("w:ftr", &NAMESPACES).open("w:p", &[]).open("w:pPr", &[]);
    xml.empty("w:pStyle", &[("w:val", "Footer")]).close();
    xml.open("w:fldSimple", &[("w:instr", " PAGE ")]).open("w:r", &[]).leaf("w:t", &[], "1");
    xml.finish()
}
