//! All flags: what was typed. `job` turns it into what it means.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// A press for Chinese text: proofread PDF, EPUB and DOCX editions from one manuscript.
#[derive(Debug, Parser)]
#[command(name = "hanpress", version, about, max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Exit status: 0 done, 1 findings (`check`, `convert --strict`; `fix --write` with corrections left), 2 trouble."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make the editions of one or more manuscripts.
    Convert(Box<Convert>),
    /// Proofread only: print findings, write nothing. Exit status 1 if there are any.
    Check(Box<Check>),
    /// Mend the manuscript itself: show the corrections as a diff, or write them into the file.
    Fix(Box<Fix>),
    /// Remember what was decided about findings: accepted ones are made, rejected ones are not shown again.
    Decide(Box<Decide>),
    /// Learn the house's words for editions from its own finished documents: prints a table for `--terms`.
    Learn(Box<Learn>),
    /// Explain a rule: what it finds, why, before and after, when it is unsure. Without a name, list all.
    Explain {
        /// Name of a rule, as reports give it.
        rule: Option<String>,
    },
    /// List the fonts: what each is for, its licence and where it comes from.
    Fonts {
        #[command(flatten)]
        fonts: FaceArgs,
    },
    /// List the editions that can be made.
    Editions,
    /// List the templates.
    Templates,
    /// Print a completion script for a shell.
    #[command(hide = true)]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// What is read, and how.
#[derive(Debug, ClapArgs)]
pub(crate) struct Reading {
    /// Manuscripts (plain text, Markdown, HTML, EPUB, DOCX), or a book.toml that lists the files of a book; `-` is
    /// standard input. `check`, `fix`, `decide` and `learn` also take folders.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Make one book of the inputs: each file is a chapter, a folder stands for its files in the order of their names.
    #[arg(long)]
    pub(crate) book: bool,
    /// Encoding of the manuscripts, instead of finding it: utf-8, big5, gb18030, utf-16le …
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<String>,
    /// Format of the manuscripts, instead of going by the file name.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) from: Option<From>,
    /// Whether short paragraphs of plain text may be headings.
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    pub(crate) headings: HeadingMode,
    /// Understand the short forms of readings and side lines in plain text, such as {漢字|ㄏㄢˋ|ㄗˋ} and [賈寶玉]{.name}.
    #[arg(long)]
    pub(crate) markup: bool,
    /// Read all of a saved web page, and not its article alone.
    #[arg(long)]
    pub(crate) whole: bool,
    /// What becomes of the tracked changes of a document of Word.
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    pub(crate) tracked: Tracked,
    /// Metadata that overrides the manuscript's: title, subtitle, author (repeatable), date, language …
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) meta: Vec<String>,
    /// Largest manuscript to read, MiB.
    #[arg(long, default_value_t = 64, value_name = "MIB")]
    pub(crate) max_size: u64,
}

/// Where notes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum NotePlace {
    /// At the foot of their page.
    Foot,
    /// At the end of their chapter.
    Chapter,
    /// At the end of the text.
    End,
}

/// What an index lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum IndexKind {
    /// Proper names: `[賈寶玉]{.name}`.
    Names,
    /// Titles of works: `[紅樓夢]{.title}`.
    Titles,
    /// Words that are marked for it: `[活字]{.index}`.
    Terms,
    /// Nothing: there is no index, whatever the manuscript says.
    None,
}

/// Formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum From {
    /// Plain text.
    Plain,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
    /// EPUB.
    Epub,
    /// Word.
    Docx,
}

/// What becomes of tracked changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tracked {
    /// What was inserted stays, what was deleted goes.
    #[default]
    Accepted,
    /// What was inserted goes, what was deleted stays.
    Refused,
}

/// How headings are found in plain text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum HeadingMode {
    /// Short paragraphs without a final mark.
    #[default]
    Guess,
    /// There are none.
    None,
}

/// What the proofreader is told besides the manuscript.
#[derive(Debug, ClapArgs)]
pub(crate) struct Briefing {
    /// A list of words that no correction may touch: a word or phrase a line, `#` comments (repeatable).
    #[arg(long, value_name = "FILE")]
    pub(crate) protect: Vec<PathBuf>,
    /// A list of terms for editions: a word, a tab and what it becomes (nothing: it stays), and, after another tab, the
    /// editions it is for (repeatable).
    #[arg(long, value_name = "FILE")]
    pub(crate) terms: Vec<PathBuf>,
    /// Settings file, instead of the nearest `hanpress.toml` from the manuscript's folder upwards.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Use no settings file.
    #[arg(long)]
    pub(crate) no_config: bool,
    /// File of decisions, instead of the nearest `hanpress.decisions` from the manuscript's folder upwards.
    #[arg(long, value_name = "FILE", conflicts_with = "no_decisions")]
    pub(crate) decisions: Option<PathBuf>,
    /// Do as if nothing had been decided yet.
    #[arg(long)]
    pub(crate) no_decisions: bool,
    /// Folder of a BERT-class character tagger (config.json, vocab.txt, model.safetensors) that weighs the findings and
    /// adds doubtful ones; for programs that were built with the feature `neural`.
    #[arg(long, value_name = "DIR")]
    pub(crate) model: Option<PathBuf>,
}

/// How sure a finding must be to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// Certain.
    Sure,
    /// Likely, or certain.
    Likely,
    /// All.
    Doubtful,
}

/// Which corrections are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FixLevel {
    /// Those that are certain.
    Sure,
    /// Those that are likely, too.
    Likely,
    /// None: report only.
    None,
    /// None, and do not look for any: for text that was proofread before, and in haste.
    Off,
}

/// Where faces come from.
#[derive(Debug, ClapArgs)]
pub(crate) struct FaceArgs {
    /// A font to use before the bundled ones: a file, or the name of a bundled or installed one (repeatable).
    #[arg(long = "font", value_name = "FILE|NAME")]
    pub(crate) font: Vec<String>,
    /// Let installed fonts stand in for characters that no bundled face has. The outputs then depend on the machine.
    #[arg(long)]
    pub(crate) system_fonts: bool,
    /// Do not keep unpacked faces on disk.
    #[arg(long)]
    pub(crate) no_cache: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Convert {
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Formats to make: pdf, epub, docx, html, md (Markdown), txt (plain text).
    #[arg(long, value_delimiter = ',', default_value = "pdf,epub,docx", value_name = "FORMATS")]
    pub(crate) to: Vec<String>,
    /// Editions to make: source (as written), hk, tw, cn, or a tag such as zh-Hant-HK.
    #[arg(long, value_delimiter = ',', default_value = "source", value_name = "EDITIONS")]
    pub(crate) edition: Vec<String>,
    /// Template: one of `hanpress templates`, or a TOML file of your own; `handout` for a manuscript and `book` for a book
    /// of several files, unless its list names one.
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) template: Option<String>,
    /// Which way lines run, instead of the template's.
    #[arg(long, value_enum, value_name = "WAY")]
    pub(crate) direction: Option<Direction>,
    /// How dates, times, ages and ordinals are written, instead of the template's way.
    #[arg(long, value_enum, value_name = "HOW")]
    pub(crate) numerals: Option<Numerals>,
    /// Where notes stand, instead of where the manuscript or the template has them.
    #[arg(long, value_enum, value_name = "WHERE")]
    pub(crate) notes: Option<NotePlace>,
    /// Indexes at the end, instead of those that the manuscript asks for (several with commas).
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    pub(crate) index: Vec<IndexKind>,
    /// Whether words of another region become those of the edition (軟體 and 軟件, 出租車 and 的士).
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) words: Words,
    /// Convert the whole text of each input as OpenCC does with this configuration (s2twp, t2s …), byte for byte, and write
    /// it as .txt: no proofreading, no repairs, no editions.
    #[arg(long, value_name = "CONFIG", conflicts_with_all = ["edition", "to", "emit", "report", "words", "terms"])]
    pub(crate) opencc_compat: Option<String>,
    /// Corrections to make, besides those that were accepted; `sure` unless `hanpress.toml` says otherwise.
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) fix: Option<FixLevel>,
    #[command(flatten)]
    pub(crate) briefing: Briefing,
    /// Output file, for one input, edition and format; `-` is standard output.
    #[arg(short = 'o', long, value_name = "FILE", conflicts_with = "out_dir")]
    pub(crate) output: Option<PathBuf>,
    /// Folder for the outputs, instead of beside the inputs.
    #[arg(short = 'O', long = "out-dir", value_name = "DIR")]
    pub(crate) out_dir: Option<PathBuf>,
    /// Write a report of all findings and changes; the file name's extension says how: json or txt.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Treat warnings and missing glyphs as failure: write nothing for that input, exit status 1.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Standard of the PDF.
    #[arg(long, value_enum, default_value_t, value_name = "STANDARD")]
    pub(crate) pdf_standard: PdfStandard,
    /// Which fonts go into a DOCX: the characters of the text, whole faces for further editing, or none.
    #[arg(long, value_enum, default_value_t, value_name = "WHICH")]
    pub(crate) embed_fonts: EmbedFonts,
    /// A document of Word whose styles, theme, page, running heads and fonts the DOCX has instead of the template's.
    #[arg(long, value_name = "FILE.docx")]
    pub(crate) reference_doc: Option<PathBuf>,
    /// How lines are broken; `greedy` is there for comparison.
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    pub(crate) line_breaker: LineBreaker,
    /// Print an inner stage instead of writing files: the tree, the changes, the lines or text of the pages, the parts of a package.
    #[arg(long, value_enum, value_name = "STAGE")]
    pub(crate) emit: Option<Emit>,
    /// Threads; the outputs are the same with any number.
    #[arg(short, long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Say nothing but errors.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) fonts: FaceArgs,
}

/// Which way lines run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Direction {
    /// From left to right, lines from top to bottom.
    Horizontal,
    /// From top to bottom, lines and pages from right to left.
    Vertical,
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Numerals {
    /// As in the manuscript.
    Keep,
    /// In Chinese numerals: 二〇二六年三月十二日.
    Han,
}

/// When regional words are converted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Words {
    /// Where the script changes from Simplified to Traditional.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never: characters and marks only.
    Off,
}

/// PDF standards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum PdfStandard {
    /// PDF/A-2a and PDF/UA-1.
    #[default]
    #[value(name = "a-2a+ua-1")]
    A2aUa1,
    /// PDF/A-1b, without structure.
    #[value(name = "a-1b")]
    A1b,
}

/// Fonts in a DOCX.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum EmbedFonts {
    /// The characters of the text.
    #[default]
    Subset,
    /// Every character of each face: some ten megabytes a face.
    Full,
    /// None.
    None,
}

/// Line breakers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LineBreaker {
    /// Best for the paragraph as a whole.
    #[default]
    Total,
    /// Line by line.
    Greedy,
}

/// Inner stages that can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Emit {
    /// The document with spans.
    Tree,
    /// Every change with its rule.
    Changes,
    /// The lines of the pages.
    Lines,
    /// The text of the pages, as a reader who copies it should get it.
    Text,
    /// The parts of the packages, with their sizes.
    Package,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) briefing: Briefing,
    /// How to print.
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    pub(crate) format: ReportFormat,
    /// Print into a file instead of standard output.
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Also write an HTML report: the manuscript with its findings, to be gone through in a browser.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// The least sure findings to show and count.
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) level: Option<Level>,
    /// Also list what these editions had to guess: hk, tw, cn, or a tag such as zh-Hant-HK.
    #[arg(long, value_delimiter = ',', value_name = "EDITIONS")]
    pub(crate) edition: Vec<String>,
    /// Also convert these editions back, and list what differs from the manuscript.
    #[arg(long, requires = "edition")]
    pub(crate) round_trip: bool,
    /// Also print guesses about structure and safe repairs of marks and spaces.
    #[arg(long)]
    pub(crate) all: bool,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people.
    #[default]
    Human,
    /// For machines; described by `docs/report.schema.json`.
    Json,
    /// SARIF 2.1.0, for code hosts and editors.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// A page for a browser, in one file.
    Html,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Learn {
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// The edition that the documents are of, instead of finding it: hk, tw, cn, or a tag such as zh-Hant-HK.
    #[arg(long, value_name = "EDITION")]
    pub(crate) edition: Option<String>,
    /// Print into a file instead of standard output.
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Decide {
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) briefing: Briefing,
    /// Findings that are right: LINE, LINE:COLUMN, the words themselves, or `all` (repeatable).
    #[arg(long, value_name = "PLACE")]
    pub(crate) accept: Vec<String>,
    /// Findings that are wrong (repeatable).
    #[arg(long, value_name = "PLACE")]
    pub(crate) reject: Vec<String>,
    /// Findings that are open again (repeatable).
    #[arg(long, value_name = "PLACE")]
    pub(crate) undo: Vec<String>,
    /// Also decide about what these editions had to guess: hk, tw, cn, or a tag such as zh-Hant-HK.
    #[arg(long, value_delimiter = ',', value_name = "EDITIONS")]
    pub(crate) edition: Vec<String>,
    /// Show each open finding and ask.
    #[arg(long)]
    pub(crate) ask: bool,
    /// Only findings of this rule.
    #[arg(long, value_name = "NAME")]
    pub(crate) rule: Option<String>,
    /// Only findings at least this sure.
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) level: Option<Level>,
    /// A remark to keep with the decisions, such as the reason.
    #[arg(long, value_name = "TEXT")]
    pub(crate) comment: Option<String>,
    /// Add the decisions of another file, such as the one that an HTML report exports (repeatable).
    #[arg(long, value_name = "FILE")]
    pub(crate) import: Vec<PathBuf>,
    /// Take out decisions that are settled or fit nothing any more.
    #[arg(long)]
    pub(crate) tidy: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Fix {
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Corrections to make, besides those that were accepted; `sure` unless `hanpress.toml` says otherwise.
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) fix: Option<FixLevel>,
    #[command(flatten)]
    pub(crate) briefing: Briefing,
    /// Print the corrections as a unified diff (the default).
    #[arg(long, conflicts_with = "write")]
    pub(crate) diff: bool,
    /// Write the corrections into the files, in their own encoding and with their own line ends.
    #[arg(long)]
    pub(crate) write: bool,
}
