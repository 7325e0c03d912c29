//! Bytes in, a document out. Reading never fails on content: what it guesses or cannot use it reports.

pub mod bind;
pub mod book;
mod comments;
pub mod decode;
pub mod docx;
pub mod epub;
mod foreign;
pub mod front;
mod heads;
pub mod html;
mod join;
mod letter;
pub mod markdown;
pub mod order;
mod package;
pub mod plain;
mod ruby;
mod short;
pub mod urls;
mod xml;

use crate::{
    document::Document,
    package::{Kind, Package},
    read::decode::{DecodeError, decode},
    report::{Diagnostic, Report, Severity},
    rule::{Check, Doc, Rule, Stage},
    source::{Source, SourceId, Span},
    text::{MarkKind, Text},
};

/// What the user wants of reading.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Whether plain text may have headings.
    pub headings: Headings,
    /// Metadata that overrides what the manuscript says.
    pub meta: Vec<(String, String)>,
    /// Whether the short forms of readings and side lines work in plain text (`docs/markup.md`).
    pub markup: bool,
    /// Whether the manuscript is a letter, as front matter may say too.
    pub letter: bool,
    /// Whether all of a saved web page is read, and not its article alone.
    pub whole: bool,
    /// What becomes of tracked changes.
    pub tracked: docx::Tracked,
    /// Whether the manuscript is a chapter of a book: its headings keep their levels, and the first is no title.
    pub chapter: bool,
}

/// How headings are found in plain text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Headings {
    /// Short paragraphs without a final mark are headings.
    #[default]
    Guess,
    /// There are none.
    None,
}

/// Puts the metadata that the user gave in the place of what was read.
pub fn override_meta(document: &mut Document, options: &ReadOptions) {
    if options.meta.iter().any(|(key, _)| key == "author") {
        document.meta.authors.clear();
    }
    if options.meta.iter().any(|(key, _)| key == "index") {
        document.meta.index.clear();
    }
    // One place for all of them.
    if options.meta.iter().any(|(key, _)| key == "notes") {
        document.endnotes.clear();
    }
    for (key, value) in &options.meta {
        let made = Text::made(value.clone(), Span::new(SourceId(0), 0..0));
        front::set(&mut document.meta, key, made);
    }
}

/// Marks what is not Chinese in a document that was read, and reports what was guessed.
pub fn mark_foreign(document: &mut Document, report: &mut Report) {
    foreign::mark(document, report);
}

/// Reports every formula: its source is printed, for it cannot be set.
pub fn formulas(document: &Document, report: &mut Report) {
    for (_, text) in document.texts() {
        for mark in text.marks().iter().filter(|mark| matches!(mark.kind, MarkKind::Math { .. })) {
            let source = text.as_str()[mark.range.clone()].replace('\n', " ");
            let message = format!("the formula `{source}` is printed as its source");
            report.push(Diagnostic::new(
                "math-not-set",
                Severity::Warning,
                text.span(mark.range.clone()),
                message,
            ));
        }
    }
}

/// A reader of a kind of manuscript.
pub struct Reader {
    /// Name, e.g. `markdown`.
    pub name: &'static str,
    /// File extensions, lower case.
    pub extensions: &'static [&'static str],
    /// The kind of package that it reads, whatever the file is called; `None` if it reads a plain file.
    pub package: Option<Kind>,
    /// Reads; never fails on content.
    pub read: fn(&Source, &ReadOptions, &mut Report) -> Document,
}

/// All readers; the first one reads what has no known extension.
pub const READERS: &[Reader] = &[
    Reader { name: "plain", extensions: &["txt", "text"], package: None, read: plain::read },
    Reader { name: "markdown", extensions: &["md", "markdown", "mkd"], package: None, read: markdown::read },
    Reader { name: "html", extensions: &["html", "htm", "xhtml", "xht"], package: None, read: html::read },
    Reader {
        name: "docx",
        extensions: &["docx", "docm", "dotx"],
        package: Some(Kind::Docx),
        read: docx::read,
    },
    Reader { name: "epub", extensions: &["epub"], package: Some(Kind::Epub), read: epub::read },
];

/// The reader of a source: by what a package holds, or else by the name of the file.
pub fn reader(source: &Source) -> &'static Reader {
    let kind = source.kind();
    let extension = source.name.rsplit_once('.').map_or(String::new(), |(_, e)| e.to_ascii_lowercase());
    let by_kind = READERS.iter().find(|r| kind.is_some() && r.package == kind);
    let by_name =
        || READERS.iter().find(|r| r.package.is_none() && r.extensions.contains(&extension.as_str()));
    by_kind.or_else(by_name).unwrap_or(&READERS[0])
}

/// The source that the bytes of a file are: a package, which takes them, or decoded text.
///
/// # Errors
/// When there is no text, or the encoding cannot be told.
pub fn open(
    id: SourceId,
    name: &str,
    bytes: &mut Vec<u8>,
    encoding: Option<&str>,
    report: &mut Report,
) -> Result<Source, DecodeError> {
    if Package::is_one(bytes) {
        return package::open(id, name, std::mem::take(bytes), report);
    }
    decode(id, name, bytes, encoding, report)
}

/// What reading reports.
pub const RULES: &[Rule] = &[
    reported(
        "guessed-encoding",
        "the encoding was found by looking at the bytes",
        "A manuscript that is not UTF-8 and does not name its encoding.",
        "A wrong guess turns the whole text into other characters; check the first lines.",
        "Big5 (with the Hong Kong supplement), GB18030 and UTF-16 are told apart over the whole file. Say `--encoding NAME` to decide yourself.",
    ),
    reported(
        "damaged-package",
        "a part of a package is missing or damaged",
        "A part that cannot be unpacked or decoded, or whose name is there twice, is absolute or leads out of the package.",
        "What the part says is not in the editions.",
        "The other parts are read. Nothing is ever written outside of the folder of the outputs, whatever a part is called.",
    ),
    reported(
        "unread-picture",
        "a picture of a package cannot be used",
        "A picture that is neither PNG nor JPEG (EMF, WMF, GIF, TIFF, SVG), damaged, or not in the package.",
        "Its alternative text stands in its place.",
        "Pictures are carried as they are: none is recompressed or drawn anew.",
    ),
    reported(
        "guessed-title",
        "the first line was taken as the title",
        "A short first line without a final mark; a date or a label such as `標題：` before it is taken off.",
        "The title stands on the cover, in the running head and in the metadata.",
        "A first line that ends like a sentence stays a paragraph. Where there is no title none is printed, and the \
         editions are called after the file. Override it with `--meta title=…` or front matter.",
    ),
    reported(
        "guessed-date",
        "a date at the head of the text was taken as its date",
        "A date in the first line, with or without `date`, `日期` before it.",
        "The date stands under the title and in the metadata.",
        "Only dates with a year of four digits, a month and a day that exist. Override it with `--meta date=…`.",
    ),
    reported(
        "guessed-authors",
        "names were taken from the line or note on the authors",
        "`作者：甲、乙` at the head, or a closing paragraph such as `作者甲是…，乙是…`.",
        "The names stand under the title and in the metadata.",
        "Only names of two to four Han characters right after 作者 or a comma and before 是. Override it with `--meta author=…`.",
    ),
    reported(
        "guessed-heading",
        "a short paragraph without a final mark was taken as a heading",
        "A paragraph of one line, at most 30 characters, without 。！？：；， at its end, before running text; two in a row are one heading of two lines. So is a short line with a line of strokes under it, and `01` with the line below.",
        "Headings make the outline, the table of contents and the look of the page.",
        "Three or more in a row may be verse, an address or a list: they stay paragraphs, and so do captions (圖1 …). `--headings none` switches the guess off.",
    ),
    reported(
        "hard-wrap",
        "lines that were wrapped by hand were joined",
        "Lines of one paragraph that end near the same column without a final mark, and long lines that end with a comma.",
        "A line end inside a paragraph would become a gap or a broken line in print.",
        "Uneven short lines (verse, addresses) and items of a list are kept apart. Between Han nothing is inserted, between Latin words one space.",
    ),
    reported(
        "mail-head",
        "the head of a mail was taken off",
        "Lines such as `From:`, `Subject:`, `寄件者：`, `主旨：` at the head of plain text, also after `Forwarded message`.",
        "Subject, sender and date are the title, the author and the date, and not the first paragraphs.",
        "Only with a sender and another field, or a subject and a receiver. The message says what is left out.",
    ),
    reported(
        "guessed-quote",
        "lines that begin with `>` were taken as a quotation",
        "Lines of plain text with `>` before them, as mails quote what they answer.",
        "The signs are no text, and a quotation is set apart.",
        "`>>` is a quotation in a quotation.",
    ),
    reported(
        "guessed-table",
        "lines in columns were taken as a table",
        "Two lines or more with as many cells, parted by tabs; or three cells or more, short, parted by two spaces or more.",
        "Rows that are joined to a paragraph cannot be read.",
        "Numbered lists, talk after the names of speakers and verse in two columns are none. `表一 …` before a table is its caption.",
    ),
    reported(
        "guessed-signature",
        "a short line far to the right was taken as a signature or date",
        "A short last paragraph of plain text that is indented by ten characters or more, and a date under it.",
        "It stands at the end edge in print, however wide the page.",
        "Nothing that running text follows is one.",
    ),
    reported(
        "foreign-words",
        "words that are not Chinese were found by their letters",
        "Japanese, where at least a third of the characters of a clause are kana, hiragana among them, and Korean likewise \
         by its Hangul, with the sentence or quotation around it.",
        "They stay as they are: no rule looks for anything in them, and no edition converts them.",
        "A loan word in katakana (我買了カメラ) and a lone の make no clause Japanese. Words without kana or Hangul look \
         Chinese: say `lang=\"ja\"` in HTML, `[東京都庁]{lang=ja}` in Markdown, or `[…]{.keep}` for anything.",
    ),
    reported(
        "guessed-letter",
        "a paragraph was taken as a part of a letter",
        "In a letter: a first paragraph that ends in `：`, the word after 此致 or 祝 such as 敬禮, short last lines with name and date.",
        "A salutation and the closing word stand flush, signature and date at the end edge.",
        "Only in letters: `kind: letter` in the front matter, or the template `letter`. Longer last paragraphs stay running text.",
    ),
    reported(
        "chapter-metadata",
        "something that a chapter says of itself has no place in its book",
        "Date, language, source, rights and the like in the front matter of a chapter, where the book or another chapter \
         says otherwise; a title that is not the chapter's heading.",
        "It would be lost without a word.",
        "Where the book is silent and all its chapters agree, it is the book's. Authors stand under the heading of their \
         chapter.",
    ),
    reported(
        "front-matter",
        "something in the front matter is not understood",
        "A key that hanpress does not know, or a value of the wrong kind.",
        "A misspelt key would be lost without a word.",
        "The rest of the front matter is used.",
    ),
    reported(
        "raw-html",
        "HTML in Markdown is not understood",
        "A tag other than `<br>`, `<a>`, `<img>` and those of `<ruby>`, or a block of HTML.",
        "What the tag means is lost; the text inside is kept. Comments are dropped without a word.",
        "The readings of a `<ruby>` that is not well formed are set in brackets after their base.",
    ),
    reported(
        "unread-html",
        "something in HTML is read in another way than it may be meant, or not at all",
        "Cells over several columns, drawings, formulas, languages of single words, lists that \
         count down, `<ruby>` that is not well formed, entities that the document declares.",
        "The edition may look otherwise than the page.",
        "No text is lost but the words in drawings, which the message repeats. What occurs often is told once, with its \
         first place.",
    ),
    reported(
        "unread-epub",
        "something in the package document of an EPUB has no place in hanpress",
        "Translators, illustrators and other contributors, further titles, pages that go from right to left.",
        "It would be lost without a word.",
        "The contents and the cover page are made anew and are not told.",
    ),
    reported(
        "boilerplate",
        "a part of a saved web page is no part of the article",
        "Navigation, the frame of the site, comments, advertisements, blocks of links: by what their elements say of \
         themselves, by their place around `<article>` or `<main>`, and by how much of them is links. In plain text: the \
         way to a page (首頁 > 新聞 > 國際) and lines of buttons (分享到, 字號) at the head.",
        "Nobody wants the menu of a site in a book.",
        "Each part is told with its place and size. `--whole` keeps all; so it is where nothing would be left.",
    ),
    reported(
        "html-metadata",
        "title, author, date and the like were taken from the head of a page",
        "`<meta>` with the names that pages, libraries and social networks use.",
        "They stand on the cover, under the title and in the metadata.",
        "Values that are addresses are left out. Override them with `--meta KEY=…`.",
    ),
    reported(
        "ignore-comment",
        "a comment to the proofreader is not understood",
        "`<!-- hanpress-ignore -->` with nothing after it, `-start` without `-end`, an unknown name or rule; in plain \
         text, a comment that is printed.",
        "Words that were to be left alone may be changed, or more may be left alone than was meant.",
        "`<!-- hanpress-ignore RULE,RULE -->` is about these rules only; without a name it is about all rules about words.",
    ),
    reported(
        "stale-decision",
        "a decision on an earlier finding fits nothing any more",
        "A line of `hanpress.decisions` whose words are no longer in the manuscript in those surroundings, or two lines of which one accepts what the other rejects.",
        "What was decided once would be forgotten without a word.",
        "Decisions that were accepted and are written into the manuscript are settled, not stale. `hanpress decide --tidy` takes stale ones out.",
    ),
    reported(
        "tracked-change",
        "a change in a document of Word was neither accepted nor refused by a person",
        "Words that were inserted, deleted or moved while Word tracked changes.",
        "What nobody decided would be printed in one way or the other.",
        "They are accepted; `--tracked refused` takes the text as it was before them. Changes of looks follow the same \
         way and are not reported.",
    ),
    reported(
        "comment",
        "somebody wrote a remark beside the text",
        "A comment of Word, with its writer and its words.",
        "Editions carry no remarks, and what is asked in one may still be open.",
        "The place is that of the words that the remark is about.",
    ),
    reported(
        "hidden-text",
        "words of a document are hidden",
        "Words that Word shows and prints only when asked to.",
        "They may be a remark, or something that was to be printed.",
        "They are left out; the message has them.",
    ),
    reported(
        "unread-element",
        "something in a package has no place in the editions",
        "Text boxes, charts, diagrams, objects of other programs, formulas, running heads, sections, cells that span \
         others, fields, signs of unknown fonts.",
        "The page looks otherwise than in the program that the document was made with.",
        "Words are kept wherever they are text: the message says what became of them. What is met often is reported \
         once, with its first place and how often.",
    ),
    reported(
        "math-not-set",
        "a formula is printed as its source",
        "`$…$` and `$$…$$` in Markdown, MathML and `\\\\(…\\\\)` in HTML, equations of Word.",
        "hanpress cannot set formulas: what a reader sees is what its writer typed.",
        "The source is kept letter for letter, in every edition. A picture of the formula can stand in its place.",
    ),
    reported(
        "dangling-link",
        "a link leads to no place of the document, or two places have one name",
        "`[甲](#乙)` where nothing has the name 乙 and no heading reads so; `{#乙}` at two places.",
        "A reader who follows the link comes to nothing, or to the wrong place.",
        "The words of the link stay, without the link. A link without words shows the name.",
    ),
    reported(
        "unused-note",
        "nothing refers to a note",
        "A footnote `[^a]: …` without `[^a]` in the text, or a second one of the same name.",
        "The mark in the text may have been lost or misspelt.",
        "The words of the note stand at the end of the text.",
    ),
    reported(
        "unread-markup",
        "Markdown that hanpress reads in another way than it may be meant, or does not use",
        "Attributes of a heading, the title of a picture inside a line, Chinese text that four spaces make into code, \
         a link definition whose target is no address, classes of spans and divisions that hanpress does not know, \
         readings that do not fit their characters, \
         table cells beyond the last column, lists or quotations that are very deep.",
        "The page may look otherwise than the writer thinks.",
        "No text is lost.",
    ),
];

const fn reported(
    name: &'static str,
    summary: &'static str,
    finds: &'static str,
    why: &'static str,
    unsure: &'static str,
) -> Rule {
    Rule {
        name,
        stage: Stage::Read,
        summary,
        doc: Doc { finds, why, examples: &[], unsure },
        check: Check::Reported,
    }
}
