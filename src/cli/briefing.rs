//! What the proofreader is told about a manuscript: flags first, then the settings file, then the file of decisions.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result, anyhow};
use hanpress::{
    brief::{self, Brief},
    decisions::{self, Decision, Verdicts},
    edit::Confidence,
    edition::Edition,
    localize::house::House,
    pipeline::settable,
    report::{Diagnostic, Report, Severity},
    settings::{self, Fix, Settings},
    source::{Source, Span},
    tagger::{Files, Tagger},
};

use crate::cli::{
    args::{Briefing, FixLevel, Level},
    job,
};

/// The files that lie beside manuscripts, each read once.
pub(crate) struct Desk<'a> {
    flags: &'a Briefing,
    fix: Option<FixLevel>,
    level: Option<Level>,
    protected: Vec<String>,
    terms: Vec<Term>,
    tagger: Option<Arc<Tagger>>,
    settings: RefCell<BTreeMap<PathBuf, Arc<Settings>>>,
    ledgers: RefCell<BTreeMap<PathBuf, Arc<Ledger>>>,
}

/// A file of decisions, which need not be there yet.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Where it is, or would be written.
    pub(crate) path: PathBuf,
    /// What it says.
    pub(crate) decisions: Vec<Decision>,
}

/// What the proofreader is told about one manuscript, before its text is known.
pub(crate) struct Told {
    brief: Brief,
    /// The least sure findings to show, if anybody says.
    pub(crate) level: Option<Confidence>,
    /// The file of decisions.
    pub(crate) ledger: Arc<Ledger>,
    /// The manuscript as that file names it.
    pub(crate) file: String,
    terms: Vec<Term>,
}

/// A word of the house, what it becomes, the editions it is for (none: all), and the file that says so.
#[derive(Clone)]
struct Term {
    word: String,
    new: String,
    editions: Vec<String>,
    file: PathBuf,
}

/// The terms of a list; those that name no edition are for `editions`.
fn terms(path: &Path, editions: &[&str]) -> Result<Vec<Term>> {
    let text = read(path)?;
    let lines = settings::terms(&text).map_err(|line| {
        anyhow!("{}:{line}: a line is a word, what it becomes, and editions, parted by tabs", path.display())
    })?;
    let term = |(word, new, named): (&str, &str, &str)| {
        let named: Vec<&str> = named.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if let Some(wrong) = named.iter().find(|name| Edition::parse(name).is_none()) {
            return Err(anyhow!("{}: unknown edition `{wrong}`", path.display()));
        }
        let editions = if named.is_empty() { editions } else { &named };
        let editions = editions.iter().map(|name| (*name).to_owned()).collect();
        Ok(Term { word: word.to_owned(), new: new.to_owned(), editions, file: path.to_owned() })
    };
    lines.into_iter().map(term).collect()
}

/// The model of a folder.
fn tagger(folder: &Path) -> Result<Arc<Tagger>> {
    let model = Files::open(folder).and_then(|files| Tagger::new(&files));
    model.map(Arc::new).with_context(|| format!("cannot use the model `{}`", folder.display()))
}

impl<'a> Desk<'a> {
    /// Reads what the flags name.
    ///
    /// # Errors
    /// When a list of protected words or the model cannot be read.
    pub(crate) fn new(flags: &'a Briefing, fix: Option<FixLevel>, level: Option<Level>) -> Result<Self> {
        let mut protected = Vec::new();
        for path in &flags.protect {
            protected.extend(brief::listed(&read(path)?).map(str::to_owned));
        }
        let mut listed = Vec::new();
        for path in &flags.terms {
            listed.extend(terms(path, &[])?);
        }
        let terms = listed;
        let tagger = flags.model.as_deref().map(tagger).transpose()?;
        let (settings, ledgers) = (RefCell::default(), RefCell::default());
        Ok(Self { flags, fix, level, protected, terms, tagger, settings, ledgers })
    }

    /// What the proofreader is told about an input.
    ///
    /// # Errors
    /// When settings or decisions cannot be read, with file, line and column.
    pub(crate) fn tell(&self, input: &Path) -> Result<Told> {
        let folder = folder(input);
        let config = match &self.flags.config {
            Some(path) => Some(path.clone()),
            None if self.flags.no_config => None,
            None => upwards(&folder, settings::FILE_NAME),
        };
        let mut brief = Brief::making(Some(Confidence::Sure));
        brief.tagger.clone_from(&self.tagger);
        let mut level = None;
        let mut listed = self.terms.clone();
        self.protected.iter().for_each(|word| brief.protected.add(word, ""));
        if let Some(path) = &config {
            let settings = self.settings(path)?;
            let check = &settings.check;
            brief.make = match check.fix {
                None | Some(Fix::Sure) => Some(Confidence::Sure),
                Some(Fix::Likely) => Some(Confidence::Likely),
                Some(Fix::None) => None,
            };
            level = check.level.map(Confidence::from);
            brief.levels = check.rules().map(|(rule, level)| (rule.to_owned(), level)).collect();
            check.words().for_each(|(wrong, right)| brief.house.add(wrong, right));
            check.protect.iter().for_each(|word| brief.protected.add(word, ""));
            let beside = path.parent().unwrap_or(Path::new(""));
            for name in &check.protect_files {
                let text = read(&beside.join(name)).with_context(|| path.display().to_string())?;
                brief::listed(&text).for_each(|word| brief.protected.add(word, ""));
            }
            for (edition, words) in settings.editions() {
                listed.extend(words.pairs().map(|(word, new)| Term {
                    word: word.to_owned(),
                    new: new.to_owned(),
                    editions: vec![edition.to_owned()],
                    file: path.clone(),
                }));
                for name in &words.files {
                    listed.extend(terms(&beside.join(name), &[edition])?);
                }
            }
        }
        if let Some(fix) = self.fix {
            brief.make = job::least(fix);
            brief.off = fix == FixLevel::Off;
        }
        level = self.level.map(job::confidence).or(level);
        let home = match &self.flags.decisions {
            Some(path) => path.clone(),
            None => upwards(&folder, decisions::FILE_NAME).unwrap_or_else(|| {
                beside(config.as_deref().and_then(Path::parent).unwrap_or(&folder), decisions::FILE_NAME)
            }),
        };
        let file = if input == Path::new("-") { "-".to_owned() } else { relative(input, &home) };
        Ok(Told { brief, level, ledger: self.ledger(home)?, file, terms: listed })
    }

    fn settings(&self, path: &Path) -> Result<Arc<Settings>> {
        if let Some(known) = self.settings.borrow().get(path) {
            return Ok(known.clone());
        }
        let settings = Settings::parse(&read(path)?, &settable()).map_err(|error| {
            let unknown = error.unknown.as_ref();
            let unknown = unknown.map(|(word, known)| {
                format!(" `{word}`{}", job::suggest(word, known.iter().map(String::as_str)))
            });
            anyhow!(
                "{}:{}:{}: {error}{}",
                path.display(),
                error.line,
                error.column,
                unknown.unwrap_or_default()
            )
        })?;
        let settings = Arc::new(settings);
        self.settings.borrow_mut().insert(path.to_owned(), settings.clone());
        Ok(settings)
    }

    fn ledger(&self, path: PathBuf) -> Result<Arc<Ledger>> {
        if let Some(known) = self.ledgers.borrow().get(&path) {
            return Ok(known.clone());
        }
        let there = path.is_file() && !self.flags.no_decisions;
        let decisions = if there { parsed(&path)? } else { Vec::new() };
        let ledger = Arc::new(Ledger { path: path.clone(), decisions });
        self.ledgers.borrow_mut().insert(path, ledger.clone());
        Ok(ledger)
    }
}

impl Told {
    /// The words of the house for an edition.
    ///
    /// # Errors
    /// When two lines contradict each other, with their files.
    pub(crate) fn house(&self, edition: &Edition) -> Result<Option<House>> {
        let is_for = |name: &String| Edition::parse(name).is_some_and(|it| it.tag() == edition.tag());
        let terms: Vec<&Term> = (self.terms.iter())
            .filter(|it| it.editions.is_empty() || it.editions.iter().any(is_for))
            .collect();
        if terms.is_empty() {
            return Ok(None);
        }
        let pairs = terms.iter().map(|term| (term.word.as_str(), term.new.as_str()));
        House::new(pairs).map(Some).map_err(|conflict| {
            let mut files: Vec<String> = terms.iter().map(|term| term.file.display().to_string()).collect();
            files.sort();
            files.dedup();
            anyhow!("{}: words of the edition `{}`: {conflict}", files.join(", "), edition.tag())
        })
    }

    /// The brief for the text of the manuscript. Decisions that fit nothing are reported.
    pub(crate) fn brief(&self, source: &Source, report: &mut Report) -> Brief {
        let verdicts = BTreeMap::from([(source.id, self.verdicts(source, report))]);
        Brief { verdicts, ..self.brief.clone() }
    }

    /// What was decided about a source. Decisions that fit nothing are reported.
    pub(crate) fn verdicts(&self, source: &Source, report: &mut Report) -> Verdicts {
        let verdicts = Verdicts::find(&self.ledger.decisions, source, &self.file);
        let nowhere = Span::new(source.id, 0..0);
        for decision in verdicts.stale() {
            let message = format!("the decision about `{}` fits nothing any more", words(decision));
            let hint = "`hanpress decide FILE --tidy` takes it out";
            report.push(Diagnostic::new("stale-decision", Severity::Note, nowhere, message).hint(hint));
        }
        for decision in verdicts.contradictions() {
            let message = format!("`{}` is both accepted and rejected, and so neither", words(decision));
            let hint = format!("keep one of the lines in `{}`", self.ledger.path.display());
            report.push(Diagnostic::new("stale-decision", Severity::Warning, nowhere, message).hint(hint));
        }
        verdicts
    }
}

fn words(decision: &Decision) -> String {
    format!("{}{}{} → {}", decision.left, decision.before, decision.right, decision.after)
}

/// Reads a file of decisions.
///
/// # Errors
/// With file and line of what is no decision.
pub(crate) fn parsed(path: &Path) -> Result<Vec<Decision>> {
    decisions::parse(&read(path)?).map_err(|e| anyhow!("{}:{}: {}", path.display(), e.line, e.message))
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// The folder of an input; standard input belongs to the current one.
fn folder(input: &Path) -> PathBuf {
    let parent = input.parent().filter(|p| !p.as_os_str().is_empty() && input != Path::new("-"));
    parent.map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// A file of a folder, as people would type it.
fn beside(folder: &Path, name: &str) -> PathBuf {
    if folder == Path::new(".") { PathBuf::from(name) } else { folder.join(name) }
}

/// The nearest file of a name, from a folder upwards.
fn upwards(folder: &Path, name: &str) -> Option<PathBuf> {
    let here = beside(folder, name);
    if here.is_file() {
        return Some(here);
    }
    let folder = std::path::absolute(folder.canonicalize().ok()?).ok()?;
    folder.ancestors().skip(1).map(|above| above.join(name)).find(|path| path.is_file())
}

/// How a file of decisions names a manuscript: the way from its own folder, with `/`.
fn relative(input: &Path, home: &Path) -> String {
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_default();
    let (folder, input) = (real(&folder(home)), real(input));
    let parts = |path: &Path| -> Vec<String> {
        let name = |c: Component| c.as_os_str().to_string_lossy().into_owned();
        path.components().map(name).collect()
    };
    let (from, to) = (parts(&folder), parts(&input));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    up.chain(to[shared..].iter().cloned()).collect::<Vec<_>>().join("/")
}
