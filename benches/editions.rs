//! Scores editions: `cargo bench --bench editions -- score|damage|round|speed [--show] FILE...`
//!
//! `score`: files of text written in Traditional characters, a paragraph a line, such as `seeds/scripts/traditional-text.py`
//! holds back. Each paragraph is simplified by OpenCC's table of characters, many to one, and converted back; counted
//! are the characters that one Simplified character stands for several of, and how many of them come back as another,
//! with OpenCC's dictionaries alone (the same bytes as C++ OpenCC, see `.ci/oracle`) and with contexts and repairs.
//! Forms that are a matter of region or taste (台 臺, 着 著) count as one. Also: how many Han characters are flagged as
//! doubtful, and how many of the remaining errors are among them.
//!
//! `damage`: the same files into the editions `hk` and `tw` as a manuscript would; counted are the characters that come
//! out as another character, forms aside, in 10,000.
//!
//! `round`: the files to Simplified and back; counted are the paragraphs that differ.
//!
//! `names`: the files, simplified, to Taiwan's edition, a hundred paragraphs as one document; counted are the guesses that
//! follow other places of their document (`name-recurrence`), how many that mends and how many it breaks.
//!
//! `speed`: megabytes a second of processor time, the best of five rounds, and the first result; with the feature
//! `oracle` beside C++ OpenCC in the same rounds (`HANPRESS_OPENCC_CONFIGS` says where it is).
//!
//! `--show` prints what is wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    time::Instant,
};

use hanpress::{
    document::{Block, Document, Role},
    edition::{Edition, Script},
    localize::{
        Options,
        config::Config,
        convert::{Converter, Extras},
        localize,
    },
    source::SourceId,
    text::Text,
};

/// Forms of one character that are both printed.
const SAME: [(char, char); 10] = [
    ('著', '着'),
    ('台', '臺'),
    ('秘', '祕'),
    ('托', '託'),
    ('佈', '布'),
    ('占', '佔'),
    ('夥', '伙'),
    ('纔', '才'),
    ('僱', '雇'),
    ('唸', '念'),
];

/// Paragraphs of a file that are measured, in characters.
const LIMIT: usize = 1_000_000;

fn main() {
    let mut words = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let command = words.next().unwrap_or_default();
    let (flags, files): (Vec<String>, Vec<String>) = words.partition(|word| word.starts_with("--"));
    let show = flags.iter().any(|flag| flag == "--show");
    let forms = Forms::read();
    match command.as_str() {
        "score" => files.iter().for_each(|file| score(&forms, file, show)),
        "damage" => files.iter().for_each(|file| damage(&forms, file, show)),
        "round" => files.iter().for_each(|file| round(&forms, file, show)),
        "names" => files.iter().for_each(|file| names(&forms, file, show)),
        "speed" => files.iter().for_each(|file| speed(&forms, file)),
        _ => println!("say what to do: score, damage, round, names or speed, and name files"),
    }
}

/// Which characters are forms of which, by OpenCC's tables.
struct Forms {
    common: BTreeMap<char, char>,
    simplified: BTreeMap<char, char>,
    /// The Traditional characters of each Simplified one that has several.
    several: BTreeMap<char, BTreeSet<char>>,
}

impl Forms {
    fn read() -> Self {
        let mut common = BTreeMap::new();
        for name in ["TWVariantsRev", "HKVariantsRev"] {
            common.extend(rows(name).into_iter().map(|(key, values)| (key, values[0])));
        }
        common.extend(SAME);
        let plain = |c: &char| (*c as u32) < 0x10000;
        let rows_ts = rows("TSCharacters").into_iter().filter(|(_, values)| plain(&values[0]));
        let simplified = rows_ts.map(|(key, values)| (key, values[0])).collect();
        let mut several = BTreeMap::new();
        for (key, values) in rows("STCharacters") {
            let values: BTreeSet<char> =
                values.into_iter().filter(plain).map(|c| *common.get(&c).unwrap_or(&c)).collect();
            if values.len() > 1 {
                several.insert(key, values);
            }
        }
        Self { common, simplified, several }
    }

    fn common(&self, text: &str) -> Vec<char> {
        text.chars().map(|c| *self.common.get(&c).unwrap_or(&c)).collect()
    }

    fn simplify(&self, text: &str) -> String {
        text.chars().map(|c| *self.simplified.get(&c).unwrap_or(&c)).collect()
    }
}

/// A table of characters of OpenCC.
fn rows(name: &str) -> Vec<(char, Vec<char>)> {
    let path = format!("{}/seeds/opencc/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("the dictionaries are in the repository");
    let mut out = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((key, values)) = line.split_once('\t') else { continue };
        let single = |s: &str| s.chars().next().filter(|_| s.chars().nth(1).is_none());
        let values: Vec<char> = values.split(' ').filter_map(single).collect();
        if let (Some(key), false) = (single(key), values.is_empty()) {
            out.push((key, values));
        }
    }
    out
}

fn lines(file: &str) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("cannot read `{file}`: {e}"));
    let mut total = 0;
    let all = text.lines().take_while(|line| {
        total += line.chars().count();
        total < LIMIT
    });
    all.map(str::to_owned).collect()
}

fn is_han(c: &char) -> bool {
    ('\u{3400}'..'\u{A000}').contains(c)
}

fn around(chars: &[char], at: usize) -> String {
    chars[at.saturating_sub(6)..(at + 7).min(chars.len())].iter().collect()
}

fn score(forms: &Forms, file: &str, show: bool) {
    let opencc = Converter::new(Config::S2tw, Extras::NONE);
    let ours = Converter::new(Config::S2tw, Extras::BEST);
    let (mut han, mut places, mut theirs_wrong, mut wrong, mut flagged, mut caught) = (0, 0, 0, 0, 0, 0);
    let (mut mended, mut broken) = (0, 0);
    let mut grades = BTreeMap::new();
    for line in lines(file) {
        let gold = forms.common(&line);
        let simplified = forms.simplify(&line);
        let theirs = forms.common(&opencc.convert(&simplified));
        let converted = forms.common(&ours.convert(&simplified));
        let chars: Vec<char> = simplified.chars().collect();
        if [theirs.len(), converted.len(), chars.len()] != [gold.len(); 3] {
            continue;
        }
        let mut doubts = BTreeMap::new();
        for it in ours.replacements(&simplified).into_iter().filter(|it| it.grade.is_some()) {
            let at = simplified[..it.range.start].chars().count();
            doubts.extend((at..at + simplified[it.range].chars().count()).map(|i| (i, it.grade)));
        }
        han += chars.iter().filter(|c| is_han(c)).count();
        flagged += doubts.len();
        for (at, c) in chars.iter().enumerate() {
            if forms.several.get(c).is_none_or(|several| !several.contains(&gold[at])) {
                continue;
            }
            let entry: &mut (usize, usize) =
                grades.entry(format!("{:?}", doubts.get(&at).copied().flatten())).or_default();
            places += 1;
            entry.1 += 1;
            theirs_wrong += usize::from(theirs[at] != gold[at]);
            mended += usize::from(theirs[at] != gold[at] && converted[at] == gold[at]);
            broken += usize::from(theirs[at] == gold[at] && converted[at] != gold[at]);
            if converted[at] != gold[at] {
                wrong += 1;
                entry.0 += 1;
                caught += usize::from(doubts.contains_key(&at));
                if show {
                    let (theirs, doubt) = (theirs[at], doubts.get(&at));
                    println!(
                        "{}\t{c} {} wanted {}, OpenCC {theirs} {doubt:?}",
                        around(&chars, at),
                        converted[at],
                        gold[at]
                    );
                }
            }
        }
    }
    let part = |a: usize, b: usize| 100.0 * a as f64 / b.max(1) as f64;
    println!(
        "{file}: {han} Han, {places} one-to-many; wrong: OpenCC {theirs_wrong} ({:.2} %), hanpress {wrong} ({:.2} %), \
         mended {mended}, broken {broken}; flagged {:.2} % of Han, among them {:.0} % of the errors; (errors, places) {grades:?}",
        part(theirs_wrong, places),
        part(wrong, places),
        part(flagged, han),
        part(caught, wrong),
    );
}

/// A line as an edition has it.
fn edition(line: &str, name: &str) -> String {
    let text = Text::verbatim(line, SourceId(0), 0);
    let blocks = vec![Block::Paragraph { text, role: Role::Body }];
    let mut document = Document { blocks, ..Document::default() };
    let _ = localize(&mut document, &Edition::parse(name).expect("an edition"), Options::default());
    document.texts()[0].1.as_str().to_owned()
}

fn damage(forms: &Forms, file: &str, show: bool) {
    for name in ["hk", "tw"] {
        let (mut han, mut changed) = (0, 0);
        for line in lines(file) {
            let (before, after) = (forms.common(&line), forms.common(&edition(&line, name)));
            han += before.iter().filter(|c| is_han(c)).count();
            if before.len() != after.len() {
                changed += before.len().abs_diff(after.len());
                if show {
                    println!("{line}\n  {}", after.iter().collect::<String>());
                }
                continue;
            }
            for at in (0..before.len()).filter(|at| before[*at] != after[*at] && is_han(&before[*at])) {
                changed += 1;
                if show {
                    println!("{}\t{} {}", around(&before, at), before[at], after[at]);
                }
            }
        }
        println!(
            "{file} to {name}: {changed} of {han} Han changed, {:.2} in 10,000",
            1e4 * changed as f64 / han as f64
        );
    }
}

fn round(forms: &Forms, file: &str, show: bool) {
    for (name, there, back) in [
        ("tw", Config::Tw2s, Config::S2tw),
        ("tw with words", Config::Tw2sp, Config::S2twp),
        ("hk", Config::Hk2s, Config::S2hk),
    ] {
        let [there, back] = [there, back].map(|config| Converter::new(config, Extras::BEST));
        let (mut all, mut differ) = (0, 0);
        for line in lines(file) {
            let home = back.convert(&there.convert(&line));
            all += 1;
            if forms.common(&home) != forms.common(&line) {
                differ += 1;
                if show {
                    println!("{line}\n  {home}");
                }
            }
        }
        println!("{file} to cn and back to {name}: {differ} of {all} paragraphs differ");
    }
}

fn names(forms: &Forms, file: &str, show: bool) {
    let (mut all, mut mended, mut broken) = (0, 0, 0);
    let edition = Edition::parse("tw").expect("an edition");
    for lines in lines(file).chunks(100) {
        let simplified: Vec<String> = lines.iter().map(|line| forms.simplify(line)).collect();
        let block = |(number, line): (u16, &String)| Block::Paragraph {
            text: Text::verbatim(line.as_str(), SourceId(number), 0),
            role: Role::Body,
        };
        let blocks = (0..).zip(&simplified).map(block).collect();
        let mut document = Document { blocks, ..Document::default() };
        let options = Options { words: Some(false), script: Some(Script::Simplified), ..Options::default() };
        let report = localize(&mut document, &edition, options);
        for change in report.changes.iter().filter(|change| change.rule == "name-recurrence") {
            let number = usize::from(change.span.source.0);
            let (gold, line) = (forms.common(&lines[number]), &simplified[number]);
            if gold.len() != line.chars().count() {
                continue;
            }
            let wanted = gold[line[..change.span.range().start].chars().count()];
            let is_wanted = |form: &String| forms.common(form) == [wanted];
            let (before, after) = (change.rivals.first().is_some_and(is_wanted), is_wanted(&change.after));
            all += 1;
            mended += usize::from(after && !before);
            broken += usize::from(before && !after);
            if show {
                let word = if before { "broken" } else { "mended" };
                println!("{word} {}: {} {}", line, change.after, change.message);
            }
        }
    }
    println!("{file}: {all} guesses follow other places, {mended} mended, {broken} broken");
}

/// Nanoseconds that this thread has run.
fn clock() -> u64 {
    let ran = fs::read_to_string("/proc/thread-self/schedstat").ok();
    ran.and_then(|text| text.split(' ').next()?.parse().ok()).unwrap_or_else(|| {
        static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        START.get_or_init(Instant::now).elapsed().as_nanos() as u64
    })
}

/// Runs something and gives its result and how long it took, in seconds.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = clock();
    let result = work();
    (result, (clock() - start) as f64 / 1e9)
}

fn speed(forms: &Forms, file: &str) {
    let traditional = lines(file).join("\n");
    let simplified = forms.simplify(&traditional);
    for config in
        [Config::T2s, Config::Tw2s, Config::Tw2sp, Config::S2t, Config::S2tw, Config::S2twp, Config::S2hk]
    {
        let text = if config.name().starts_with('s') { &simplified } else { &traditional };
        let mut best: BTreeMap<&str, f64> = BTreeMap::new();
        let mut keep = |name: &'static str, seconds: f64| {
            let best = best.entry(name).or_insert(f64::MAX);
            *best = best.min(seconds);
        };
        let mut sizes = BTreeSet::new();
        for _ in 0..5 {
            let start = clock();
            let converter = Converter::new(config, Extras::NONE);
            sizes.insert(converter.convert("发展与头发，這裡為什麼").len());
            keep("first result", (clock() - start) as f64 / 1e9);
            let (out, took) = timed(|| converter.convert(text));
            keep("compat", took);
            let (best_out, took) = timed(|| Converter::new(config, Extras::BEST).convert(text));
            keep("best", took);
            let (spans, took) = timed(|| Converter::new(config, Extras::BEST).replacements(text));
            keep("best with spans", took);
            sizes.extend([out.len(), best_out.len(), spans.len()]);
            #[cfg(feature = "oracle")]
            if let Ok(configs) = std::env::var("HANPRESS_OPENCC_CONFIGS") {
                let start = clock();
                let original =
                    opencc_rust::OpenCC::new(format!("{configs}/{}.json", config.name())).expect("OpenCC");
                sizes.insert(original.convert("发展与头发，這裡為什麼").expect("OpenCC").len());
                keep("C++ first result", (clock() - start) as f64 / 1e9);
                let (out, took) = timed(|| original.convert(text).expect("OpenCC"));
                keep("C++ OpenCC", took);
                sizes.insert(out.len());
            }
        }
        let shown: Vec<String> = (best.iter())
            .map(|(name, took)| {
                if name.contains("first") {
                    format!("{name} {:.2} ms", took * 1e3)
                } else {
                    format!("{name} {:.1} MB/s", text.len() as f64 / 1e6 / took)
                }
            })
            .collect();
        println!("{}: {}", config.name(), shown.join(", "));
        std::hint::black_box(sizes);
    }
}
