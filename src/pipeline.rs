//! The whole machine on one page: the rules in their order, the formats, and the way from bytes to editions.
//!
//! bytes → [`crate::source::Source`] → [`prepare`] → [`Document`] → [`localized`] → a writer of [`FORMATS`] → bytes.

use std::borrow::Cow;

use crate::{
    brief::Brief,
    counter::Numerals,
    document::{Block, Document},
    edit::Confidence,
    edition::{Edition, Region, Script},
    fix,
    kit::Kit,
    layout::{self, blocks, lines::Breaker, review},
    links,
    localize::{
        self,
        script::{Detector, Evidence},
    },
    normalize,
    read::{self, ReadOptions, Reader},
    report::{Diagnostic, Report, Severity},
    rule::{Rule, Stage},
    source::Source,
    write::{self, WriteError},
};

/// Every rule, by stage, in the order in which they run.
pub const RULES: &[&[Rule]] =
    &[read::RULES, normalize::RULES, fix::RULES, localize::rules::RULES, review::RULES, write::RULES];

/// The rule of a name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().flat_map(|rules| rules.iter()).find(|rule| rule.name == name)
}

/// What a writer may be told.
#[derive(Clone, Copy, Debug, Default)]
pub struct WriteOptions {
    /// Standard of the PDF.
    pub pdf: write::pdf::Standard,
    /// How lines are broken.
    pub breaker: Breaker,
    /// Which fonts go into a DOCX.
    pub fonts: write::docx::Embed,
    /// Whether an EPUB tells where the pages of the PDF begin.
    pub paged: bool,
}

/// Makes the bytes of a file from the document of an edition.
pub type Writer = fn(&Kit, &Edition, &Document, WriteOptions, &mut Report) -> Result<Vec<u8>, WriteError>;

/// A format that editions are written in.
pub struct Format {
    /// What `--to` calls it.
    pub name: &'static str,
    /// File extension.
    pub extension: &'static str,
    /// Makes the bytes of a file.
    pub write: Writer,
}

/// Every format, in the order of `--to`'s default.
pub const FORMATS: &[Format] = &[
    Format {
        name: "pdf",
        extension: "pdf",
        write: |kit, edition, document, options, report| {
            write::without_cover(document, "PDF", report);
            let layout = blocks::Options { breaker: options.breaker, ..blocks::Options::default() };
            let pages = blocks::lay_out(kit, edition, document, layout, report)?;
            write::pdf::draw(&kit.fonts, edition, document, &pages, options.pdf)
        },
    },
    Format {
        name: "epub",
        extension: "epub",
        write: |kit, edition, document, options, report| {
            let mut starts = Vec::new();
            if options.paged {
                // The PDF reports what its pages lack.
                let layout = blocks::Options { breaker: options.breaker, ..blocks::Options::default() };
                let pages = blocks::lay_out(kit, edition, document, layout, &mut Report::default())?;
                starts = layout::starts::starts(&pages, document);
            }
            write::epub::write_with(kit, edition, document, &starts, report)
        },
    },
    Format {
        name: "docx",
        extension: "docx",
        write: |kit, edition, document, options, report| {
            write::without_cover(document, "DOCX", report);
            let mut paged = write::docx::Paged::default();
            let listed = |block: &Block| matches!(block, Block::Heading { level, .. } if *level <= kit.template.page.contents);
            let asks = document.blocks.iter().any(listed)
                || links::asks_for_pages(document)
                || !document.meta.index.is_empty();
            // A house's page is not ours: its numbers come with the first update.
            if asks && kit.template.reference.is_none() {
                let layout = blocks::Options { breaker: options.breaker, ..blocks::Options::default() };
                let pages = blocks::lay_out(kit, edition, document, layout, &mut Report::default())?;
                let folio =
                    |entry: &layout::page::Entry| (entry.text.clone(), pages.pages[entry.page].label.clone());
                paged.headings = pages.outline.iter().map(folio).collect();
                paged.places =
                    pages.places.iter().map(|(name, spot)| (name.clone(), spot.folio.clone())).collect();
                paged.indexes = pages.indexes;
            }
            write::docx::write_paged(kit, edition, document, options.fonts, &paged, report)
        },
    },
    Format {
        name: "html",
        extension: "html",
        write: |kit, edition, document, _, report| {
            write::without_cover(document, "HTML", report);
            write::html::write(kit, edition, document, report)
        },
    },
    Format {
        name: "md",
        extension: "md",
        write: |_, edition, document, _, report| Ok(write::markdown::write(edition, document, report)),
    },
    Format {
        name: "txt",
        extension: "txt",
        write: |_, edition, document, _, _| Ok(write::text::write(edition, document)),
    },
];

/// Reads a manuscript and mends it by a brief: every guess, repair and correction is in the report.
pub fn prepare(
    kit: &Kit,
    source: &Source,
    reader: &Reader,
    options: &ReadOptions,
    brief: &Brief,
    report: &mut Report,
) -> Document {
    let document = (reader.read)(source, options, report);
    proofread(kit, std::slice::from_ref(source), document, options, brief, report)
}

/// Mends what was read of one manuscript, or bound of the chapters of a book.
pub fn proofread(
    kit: &Kit,
    sources: &[Source],
    mut document: Document,
    options: &ReadOptions,
    brief: &Brief,
    report: &mut Report,
) -> Document {
    read::override_meta(&mut document, options);
    read::mark_foreign(&mut document, report);
    links::settle(&mut document, report);
    read::formulas(&document, report);
    ignored_rules(&document, report);
    let repair = Brief { make: Some(Confidence::Sure), levels: brief.levels.clone(), ..Brief::default() };
    report.changes.extend(fix::proofread(normalize::RULES, kit, &mut document, &repair, &[]));
    if !brief.off {
        report.changes.extend(fix::proofread(fix::RULES, kit, &mut document, brief, sources));
    }
    links::fill(&mut document);
    document
}

/// A comment in the manuscript that names a rule which is none would be silent in vain.
fn ignored_rules(document: &Document, report: &mut Report) {
    let mut said = None;
    for ignored in &document.ignored {
        for name in ignored.rules.iter().filter(|name| rule(name).is_none_or(|r| r.stage != Stage::Fix)) {
            if said.replace((ignored.comment, name)) != Some((ignored.comment, name)) {
                let message = format!("`{name}` is no rule about words");
                let finding = Diagnostic::new("ignore-comment", Severity::Warning, ignored.comment, message);
                report.push(finding.hint("`hanpress explain` lists the rules"));
            }
        }
    }
}

/// The names of the rules that settings may switch off: those that change the manuscript's text.
pub fn settable() -> Vec<&'static str> {
    [fix::RULES, normalize::RULES].iter().flat_map(|rules| rules.iter()).map(|rule| rule.name).collect()
}

/// The edition that a document makes as written: its script by the characters of the text, its
/// region by what the manuscript claims or else by the forms that only one region writes.
pub fn source_edition(document: &Document) -> Edition {
    if let Some(claimed) = document.meta.language.as_deref().and_then(Edition::parse) {
        return Edition { name: "source".into(), localized: false, ..claimed };
    }
    let detector = Detector::default();
    let mut evidence = Evidence::default();
    for (_, text) in document.texts() {
        text.open_ranges().into_iter().for_each(|it| evidence += detector.evidence(&text.as_str()[it]));
    }
    match evidence.script() {
        Some(Script::Simplified) => Edition::source(Script::Simplified, Region::Cn),
        Some(Script::Traditional) | None => {
            let region = if evidence.hong_kong > evidence.taiwan { Region::Hk } else { Region::Tw };
            Edition::source(Script::Traditional, region)
        }
    }
}

/// The document of an edition, and what localizing it changed; an edition as written needs no copy.
pub fn localized<'a>(
    document: &'a Document,
    edition: &Edition,
    options: localize::Options<'_>,
) -> (Cow<'a, Document>, Report) {
    if !edition.localized && options.numerals == Numerals::Keep {
        return (Cow::Borrowed(document), Report::default());
    }
    let mut document = document.clone();
    let report = localize::localize(&mut document, edition, options);
    links::fill(&mut document);
    (Cow::Owned(document), report)
}
