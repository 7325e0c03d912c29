//! Scores the proofreader: `cargo bench --bench proofread -- [--show [CONFIDENCE]] [--missed] [--train OUT] [--part N/M] FILE...`
//!
//! A file has a line a sentence, `id<TAB>source<TAB>target`, or, if its name ends in `.jsonl`, a line a document,
//! `{"id": …, "src": …, "tgt": …}`; source and target need not be of equal length. Prints, for each confidence and all
//! that are surer, precision, recall and F of the changed characters and of whole sentences, how many sentences
//! without a slip were changed, and how many false changes there are in 10,000 characters; also the recall on slips in
//! terms that recur: those of which the target has a string of three characters around the place three times or more.
//!
//! `--show` prints the changes that the target does not have, `--missed` the slips that are not sure (`*`: in a term
//! that recurs), `--train` writes every candidate with its features and
//! whether it is right, `--part N/M` takes only lines whose id falls into that part by a hash (`--part -N/M`: all others).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    time::Instant,
};

use hanpress::{
    document::{Block, Document, Role},
    edit::Confidence,
    fix::{self, certainty, lattice, passages, slips},
    font::store::FontStore,
    kit::Kit,
    source::SourceId,
    tables::Tables,
    template::Template,
    text::Text,
};
use serde_json::Value;

/// A sentence or a document as it is and as it should be.
struct Case {
    id: String,
    source: String,
    target: String,
}

/// Changed characters: where in the source, counted in characters, and what belongs there.
type Edits = BTreeMap<usize, String>;

#[derive(Default)]
struct Score {
    given: usize,
    right: usize,
    wanted: usize,
    cases: usize,
    clean: usize,
    clean_changed: usize,
    faulty: usize,
    changed: usize,
    repaired: usize,
    chars: usize,
    recurring: usize,
    recurring_right: usize,
}

fn main() {
    let mut files = Vec::new();
    let (mut show, mut missed, mut train, mut part) = (None, false, None, None);
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench").peekable();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--show" => {
                let level = args.next_if(|a| ["sure", "likely", "doubtful"].contains(&a.as_str()));
                show = Some(level.unwrap_or_else(|| "sure".to_owned()));
            }
            "--missed" => missed = true,
            "--train" => train = Some((args.next().expect("--train needs a file"), String::new())),
            "--part" => part = Some(args.next().expect("--part needs N/M")),
            _ => files.push(arg),
        }
    }
    let kit = Kit {
        fonts: FontStore::bundled(Box::new(|_| None), None).expect("the bundled manifest is well-formed"),
        tables: Tables::bundled(),
        template: Template::bundled("handout").expect("the template is bundled"),
    };
    for file in files {
        let cases: Vec<Case> =
            read(&file).into_iter().filter(|case| takes(part.as_deref(), &case.id)).collect();
        let started = Instant::now();
        let mut scores: [Score; 3] = Default::default();
        for case in &cases {
            let wanted = differences(&case.source, &case.target);
            let found = findings(&kit, &case.source);
            let recurring = recurring(case, &wanted);
            for (score, least) in scores.iter_mut().zip(LEVELS) {
                let given =
                    found.iter().filter(|(_, (c, _))| *c >= least).map(|(at, (_, new))| (*at, new.clone()));
                score.add(case, &wanted, &given.collect(), &recurring);
            }
            if let Some(show) = &show {
                let least =
                    LEVELS[["sure", "likely", "doubtful"].iter().position(|l| l == show).unwrap_or(0)];
                print_false(case, &wanted, &found, least);
            }
            if missed {
                print_missed(case, &wanted, &found, &recurring);
            }
            if let Some((_, out)) = &mut train {
                dump(case, out);
            }
        }
        let seconds = started.elapsed().as_secs_f64();
        report(&file, &scores, seconds);
    }
    if let Some((path, out)) = train {
        let names: Vec<_> = certainty::EVIDENCE.into_iter().chain(lattice::NAMES).collect();
        let head = format!("# id\tkind\tright\tchance\tfirst\tlast\topen\t{}\n", names.join("\t"));
        fs::write(path, head + &out).expect("the file for training can be written");
    }
}

/// The surest first; a score is of a level and all before it.
const LEVELS: [Confidence; 3] = [Confidence::Sure, Confidence::Likely, Confidence::Doubtful];

fn read(file: &str) -> Vec<Case> {
    let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("cannot read `{file}`: {e}"));
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    if file.ends_with(".jsonl") {
        lines
            .map(|line| {
                let value: Value = serde_json::from_str(line).expect("a line is a JSON object");
                let field = |name: &str| match &value[name] {
                    Value::String(string) => string.clone(),
                    other => other.to_string(),
                };
                Case { id: field("id"), source: field("src"), target: field("tgt") }
            })
            .collect()
    } else {
        lines
            .filter_map(|line| {
                let mut fields = line.split('\t').map(str::to_owned);
                let (id, source) = (fields.next()?, fields.next()?);
                Some(Case { id, target: fields.next().unwrap_or_else(|| source.clone()), source })
            })
            .collect()
    }
}

/// Whether a part of the lines has an id.
fn takes(part: Option<&str>, id: &str) -> bool {
    let Some(part) = part else { return true };
    let (others, part) = part.strip_prefix('-').map_or((false, part), |rest| (true, rest));
    let (n, m) = part.split_once('/').expect("a part is N/M");
    let (n, m): (u64, u64) = (n.parse().expect("N is a number"), m.parse().expect("M is a number"));
    let hash =
        id.bytes().fold(0xCBF2_9CE4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3));
    ((hash >> 20) % m == n) != others
}

/// What the proofreader finds: by character, the confidence and the new text.
fn findings(kit: &Kit, source: &str) -> BTreeMap<usize, (Confidence, String)> {
    let mut at = 0;
    let mut blocks = Vec::new();
    for line in source.split_inclusive('\n') {
        let text = Text::verbatim(line.trim_end_matches('\n'), SourceId(0), at);
        at += line.len();
        blocks.push(Block::Paragraph { text, role: Role::Body });
    }
    let mut document = Document { blocks, ..Document::default() };
    let mut found: BTreeMap<usize, (Confidence, String)> = BTreeMap::new();
    let mut places: BTreeMap<usize, usize> =
        source.char_indices().enumerate().map(|(i, (b, _))| (b, i)).collect();
    places.insert(source.len(), source.chars().count());
    for change in fix::run(fix::RULES, kit, &mut document, None) {
        let start = places[&change.span.range().start];
        for (at, new) in differences(&change.before, &change.after) {
            let entry = found.entry(start + at).or_insert((change.confidence, new.clone()));
            if entry.0 < change.confidence {
                *entry = (change.confidence, new);
            }
        }
    }
    found
}

/// The characters of a string that another has otherwise, by a shortest edit script.
fn differences(source: &str, target: &str) -> Edits {
    let (a, b): (Vec<char>, Vec<char>) = (source.chars().collect(), target.chars().collect());
    if a.len() == b.len() {
        return (0..a.len()).filter(|i| a[*i] != b[*i]).map(|i| (i, b[i].to_string())).collect();
    }
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let width = y.len() + 1;
    let mut cost = vec![0u32; (x.len() + 1) * width];
    for i in (0..=x.len()).rev() {
        for j in (0..=y.len()).rev() {
            cost[i * width + j] = match (i == x.len(), j == y.len()) {
                (true, _) => (y.len() - j) as u32,
                (_, true) => (x.len() - i) as u32,
                _ if x[i] == y[j] => cost[(i + 1) * width + j + 1],
                _ => {
                    1 + cost[(i + 1) * width + j + 1]
                        .min(cost[(i + 1) * width + j])
                        .min(cost[i * width + j + 1])
                }
            };
        }
    }
    let mut edits = Edits::new();
    let (mut i, mut j) = (0, 0);
    while i < x.len() || j < y.len() {
        let here = cost[i * width + j];
        if i < x.len() && j < y.len() && x[i] == y[j] && here == cost[(i + 1) * width + j + 1] {
            (i, j) = (i + 1, j + 1);
        } else if i < x.len() && j < y.len() && here == 1 + cost[(i + 1) * width + j + 1] {
            edits.insert(head + i, y[j].to_string());
            (i, j) = (i + 1, j + 1);
        } else if i < x.len() && here == 1 + cost[(i + 1) * width + j] {
            edits.insert(head + i, String::new());
            i += 1;
        } else {
            edits.entry(head + i).or_default().push(y[j]);
            j += 1;
        }
    }
    edits
}

/// Characters that belong to no term.
const GRAMMAR: &str = "的地得了是在和與与及有不也這这那我你您他她它們们並并就都而以為为之其或";

/// The places of a text of which the target has a string of three characters around them three times or more.
fn recurring(case: &Case, wanted: &Edits) -> BTreeSet<usize> {
    let target: Vec<char> = case.target.chars().collect();
    if target.len() != case.source.chars().count() {
        return BTreeSet::new();
    }
    let mut counts: BTreeMap<&[char], usize> = BTreeMap::new();
    target.windows(3).for_each(|string| *counts.entry(string).or_default() += 1);
    let strings = |at: usize| at.saturating_sub(2)..=at.min(target.len().saturating_sub(3));
    let recurs = |at: &usize| {
        !GRAMMAR.contains(target[*at])
            && strings(*at).any(|i| counts.get(&target[i..i + 3]).is_some_and(|n| *n >= 3))
    };
    wanted.keys().copied().filter(recurs).collect()
}

impl Score {
    fn add(&mut self, case: &Case, wanted: &Edits, given: &Edits, recurring: &BTreeSet<usize>) {
        self.recurring += recurring.len();
        self.recurring_right += recurring.iter().filter(|at| given.get(at) == wanted.get(at)).count();
        self.cases += 1;
        self.chars += case.source.chars().count();
        self.wanted += wanted.len();
        self.given += given.len();
        self.right += given.iter().filter(|(at, new)| wanted.get(at) == Some(new)).count();
        self.changed += usize::from(!given.is_empty());
        if wanted.is_empty() {
            self.clean += 1;
            self.clean_changed += usize::from(!given.is_empty());
        } else {
            self.faulty += 1;
            self.repaired += usize::from(given == wanted);
        }
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn f(precision: f64, recall: f64) -> f64 {
    if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
}

fn report(file: &str, scores: &[Score; 3], seconds: f64) {
    let name = file.rsplit('/').next().unwrap_or(file);
    let all = &scores[0];
    println!(
        "{name}: {} texts ({} without a slip), {} characters, {} slips; {seconds:.1} s",
        all.cases, all.clean, all.chars, all.wanted
    );
    println!(
        "  level      edits  right   P     R     F   | sentences P     R     F   | FPR   | false in 10,000"
    );
    for (score, level) in scores.iter().zip(["sure", "likely", "doubtful"]) {
        let (p, r) = (ratio(score.right, score.given), ratio(score.right, score.wanted));
        let (sp, sr) = (ratio(score.repaired, score.changed), ratio(score.repaired, score.faulty));
        println!(
            "  {level:<9} {:>6} {:>6} {:>5.3} {:>5.3} {:>5.3} | {:>15.3} {:>5.3} {:>5.3} | {:>5.3} | {:>15.2} | {}/{}",
            score.given,
            score.right,
            p,
            r,
            f(p, r),
            sp,
            sr,
            f(sp, sr),
            ratio(score.clean_changed, score.clean),
            ratio((score.given - score.right) * 10_000, score.chars),
            score.recurring_right,
            score.recurring,
        );
    }
}

fn print_false(
    case: &Case,
    wanted: &Edits,
    found: &BTreeMap<usize, (Confidence, String)>,
    least: Confidence,
) {
    let chars: Vec<char> = case.source.chars().collect();
    for (at, (confidence, new)) in
        found.iter().filter(|(at, (c, new))| *c >= least && wanted.get(at) != Some(new))
    {
        let context = |range: std::ops::Range<usize>| chars[range].iter().collect::<String>();
        let (before, after) =
            (context(at.saturating_sub(12)..*at), context(at + 1..(at + 13).min(chars.len())));
        let should = wanted.get(at).map_or(String::new(), |w| format!(" (should be {w})"));
        let line =
            format!("{before}[{}→{new}]{after}", chars.get(*at).copied().unwrap_or('∅')).replace('\n', "⏎");
        println!("  {confidence:?} {}: {line}{should}", case.id);
    }
}

fn print_missed(
    case: &Case,
    wanted: &Edits,
    found: &BTreeMap<usize, (Confidence, String)>,
    recurring: &BTreeSet<usize>,
) {
    let chars: Vec<char> = case.source.chars().collect();
    for (at, new) in wanted {
        let level = match found.get(at) {
            Some((Confidence::Sure, found)) if found == new => continue,
            Some((confidence, found)) if found == new => format!("{confidence:?}"),
            Some((_, found)) => format!("taken for {found}"),
            None => "not found".to_owned(),
        };
        let context = |range: std::ops::Range<usize>| chars[range].iter().collect::<String>();
        let (before, after) = (
            context(at.saturating_sub(12).min(chars.len())..(*at).min(chars.len())),
            context((at + 1).min(chars.len())..(at + 13).min(chars.len())),
        );
        let star = if recurring.contains(at) { "*" } else { "" };
        let old = chars.get(*at).copied().unwrap_or('∅');
        println!("  missed{star} {}: {}[{old}→{new}]{} ({level})", case.id, before, after);
    }
}

/// Every candidate of a case with its features and whether it is right.
fn dump(case: &Case, out: &mut String) {
    let wanted = differences(&case.source, &case.target);
    let lines: Vec<Text> = {
        let mut at = 0;
        let text = |line: &str| {
            let text = Text::verbatim(line.trim_end_matches('\n'), SourceId(0), at);
            at += line.len();
            text
        };
        case.source.split_inclusive('\n').map(text).collect()
    };
    let places: BTreeMap<usize, usize> =
        case.source.char_indices().enumerate().map(|(i, (b, _))| (b, i)).collect();
    let texts: Vec<_> = lines.iter().map(|text| (hanpress::document::Place::Paragraph, text)).collect();
    let passages = passages::Passages::of(&texts);
    // Where each run starts, in characters of the source.
    let starts: Vec<usize> = (passages.runs.iter())
        .map(|run| places[&(lines[run.text].span(0..0).range().start + run.start)])
        .collect();
    let mut seen = BTreeSet::new();
    for slip in slips::weigh(&passages) {
        let place = |at: usize| starts[slip.run] + at - passages.runs[slip.run].chars.start;
        let right = slip.changes.iter().all(|(at, new)| {
            passages.chars[*at] == *new || wanted.get(&place(*at)).is_some_and(|w| w.chars().eq([*new]))
        });
        let (first, last) = (place(slip.changes[0].0), place(slip.changes[slip.changes.len() - 1].0));
        if !seen.insert((first, slip.candidate.kind, slip.changes.clone())) {
            continue;
        }
        let chance = lattice::model::chance(&slip.candidate);
        let _ = write!(
            out,
            "{}\t{}\t{}\t{chance:.4}\t{first}\t{last}",
            case.id,
            slip.candidate.kind as usize,
            u8::from(right)
        );
        let open = !slip.is_barred(&passages) && !slip.guessed && slip.strangeness <= slips::STRANGE;
        let _ = write!(out, "\t{}", u8::from(open && slip.chance >= slips::LEAST));
        for (_, number) in certainty::Evidence::of(&slip).named() {
            let _ = write!(out, "\t{number:.4}");
        }
        out.push('\n');
    }
}
