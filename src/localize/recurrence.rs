//! One name, one form: a converted document and the records of its changes in, guesses out that follow what stands at
//! other places of the document.
//!
//! A guess that stands between the same two characters as other places of the document, of which none is a guess and
//! all have the same form, takes that form. So does a family name (余 and not 餘) wherever the same name
//! stands that a title follows somewhere (余朗教授). Places are looked at twice, and only what stands around guesses is
//! kept, so that time and memory stay linear in the text.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
};

use super::{
    TWIN,
    borders::is_han,
    config::table,
    decided::Decided,
    rules::{NAME_RECURRENCE, SCRIPT_S2T},
    table::{Table, decode},
};
use crate::{
    document::Document,
    edit::{Change, Confidence, Edit, Verdict},
    report::Report,
    text::Text,
};

/// At so many places at least a form must be certain.
const PLACES: usize = 2;
/// Guesses beyond this many are left as they are.
const LIMIT: usize = 100_000;

/// Family names that have a form of their own, Simplified and Traditional. 于 is the preposition 於 too often.
const FAMILIES: [(char, char); 6] =
    [('余', '余'), ('朴', '朴'), ('涂', '涂'), ('范', '范'), ('郁', '郁'), ('钟', '鍾')];

/// What stands behind a name.
const TITLES: [&str; 36] = [
    "先生", "小姐", "女士", "太太", "夫人", "教授", "博士", "醫生", "醫師", "老師", "同學", "同志", "經理",
    "主任", "處長", "局長", "部長", "校長", "院長", "市長", "縣長", "省長", "總統", "主席", "議員", "律師",
    "法官", "記者", "導演", "將軍", "師傅", "阿姨", "叔叔", "伯伯", "爺爺", "奶奶",
];

/// Characters of numbers and measures, which no given name starts with.
const COUNTED: &str =
    "一二三四五六七八九十百千萬億兩幾數多名位個人年月日天歲元塊里次種項家間所件條張本下上地生額";

/// A character between its neighbors: where it stands among the three, its Simplified form, the others.
type Window = (usize, char, [char; 2]);

/// The forms that are no guesses in a window at all its places, with their number.
type Tally = BTreeMap<char, usize>;

/// A guess: its record, its text, its place in the text.
struct Guess {
    record: usize,
    text: usize,
    range: Range<usize>,
    /// What the manuscript has.
    simplified: char,
    /// Whether no phrase decided.
    open: bool,
}

/// Makes the guesses of a document agree with its other places. `records` has for each text of the document its changes in
/// the report.
pub(super) fn settle(
    document: &mut Document,
    records: &[Range<usize>],
    decided: Option<Decided<'_>>,
    report: &mut Report,
) {
    let mut texts: Vec<&mut Text> = document.texts_mut().into_iter().map(|(_, text)| text).collect();
    let guesses = guesses(&texts, records, &report.changes);
    if guesses.is_empty() || guesses.len() > LIMIT {
        return;
    }
    let tallies = tallies(&texts, &guesses);
    let names = names(&texts, &guesses);
    let mut edits: BTreeMap<usize, Vec<Edit>> = BTreeMap::new();
    for guess in &guesses {
        let string = texts[guess.text].as_str();
        let Some((new, why)) = name_at(string, guess, &names).or_else(|| agreed(string, guess, &tallies))
        else {
            continue;
        };
        let change = &mut report.changes[guess.record];
        let verdict = decided.and_then(|decided| decided.about(change.span, new.encode_utf8(&mut [0; 4])));
        if verdict == Some(Verdict::Reject) {
            continue;
        }
        edits.entry(guess.text).or_default().push(Edit::sure(guess.range.clone(), new));
        revise(change, new, why);
    }
    for (text, edits) in edits {
        let _ = texts[text].apply(NAME_RECURRENCE, edits, |_| true);
    }
}

/// Makes the record of a guess that of a change that is none. What stays as it is in the manuscript remains a remark.
fn revise(change: &mut Change, new: char, why: String) {
    let old = std::mem::replace(&mut change.after, new.to_string());
    change.rivals.retain(|rival| *rival != change.after);
    change.rivals.insert(0, old);
    change.rule = NAME_RECURRENCE;
    change.message = why;
    change.applied = change.before != change.after;
    if change.applied {
        change.confidence = Confidence::Likely;
    }
}

/// Whether a Simplified character is a family name with a form of its own.
fn is_family(c: &str) -> bool {
    FAMILIES.iter().any(|(simplified, _)| c.starts_with(*simplified))
}

/// Whether a choice is a guess where it stands. One between two printed forms is none.
fn is_open(change: &Change) -> bool {
    change.confidence == Confidence::Doubtful && !change.message.starts_with(TWIN)
}

/// The guesses of a document, single characters that nobody decided about; of family names what phrases decided, too.
fn guesses(texts: &[&mut Text], records: &[Range<usize>], changes: &[Change]) -> Vec<Guess> {
    let mut out = Vec::new();
    for (number, (text, records)) in texts.iter().zip(records).enumerate() {
        let single = |string: &str| string.chars().count() == 1;
        let is_guess = |change: &Change| {
            change.rule == SCRIPT_S2T
                && (is_open(change) || is_family(&change.before) && change.before != change.after)
                && change.verdict.is_none()
                && single(&change.before)
                && single(&change.after)
        };
        let mut own: Vec<usize> = records.clone().filter(|record| is_guess(&changes[*record])).collect();
        if own.is_empty() {
            continue;
        }
        let key = |record: &usize| (changes[*record].span.source.0, changes[*record].span.start);
        own.sort_by_key(key);
        for (range, piece) in text.piece_ranges() {
            let first = own.partition_point(|it| key(it) < (piece.span.source.0, piece.span.start));
            let last = own.partition_point(|it| key(it) < (piece.span.source.0, piece.span.end));
            for &record in &own[first..last] {
                let (change, span) = (&changes[record], changes[record].span);
                let inside = span.range().start - piece.span.range().start;
                let start = if piece.verbatim { range.start + inside } else { range.start };
                let place = start..start + change.after.len();
                if text.as_str().get(place.clone()) == Some(change.after.as_str()) {
                    let simplified = change.before.chars().next().unwrap_or_default();
                    let open = is_open(change);
                    out.push(Guess { record, text: number, range: place, simplified, open });
                }
            }
        }
    }
    out
}

/// The Simplified character that each form of a guessed one stands for.
fn forms(guesses: &[Guess]) -> HashMap<char, char> {
    let [table, tw, hk] = ["st", "tw", "hk"].map(table);
    let alone = |table: &Table, c: char| {
        let mut buffer = [0; 4];
        let bytes = c.encode_utf8(&mut buffer).as_bytes();
        table.find(bytes, decode(bytes, 0), bytes.len()).map(|found| table.entry(found).candidates)
    };
    let simplified: BTreeSet<char> = guesses.iter().map(|guess| guess.simplified).collect();
    let mut out = HashMap::new();
    for c in simplified {
        for form in alone(&table, c).unwrap_or_default().chars().filter(|form| *form != ' ') {
            let regional = [&tw, &hk].into_iter().filter_map(|table| alone(table, form)?.chars().next());
            for form in regional.chain([form]) {
                out.insert(form, c);
            }
        }
    }
    out
}

/// The windows of the character at a place, of Han alone.
fn windows(string: &str, at: usize, plain: char) -> impl Iterator<Item = Window> {
    let han = |c: Option<char>| c.filter(|c| is_han(*c));
    let mut left = string[..at].chars().rev();
    let mut right = string[at..].chars().skip(1);
    let before = han(left.next());
    let further = before.and_then(|_| han(left.next()));
    let behind = han(right.next());
    let beyond = behind.and_then(|_| han(right.next()));
    let three = [(0, behind, beyond), (1, before, behind), (2, further, before)];
    three.into_iter().filter_map(move |(place, a, b)| Some((place, plain, [a?, b?])))
}

/// What stands in the windows of guesses, wherever they are in the document.
fn tallies(texts: &[&mut Text], guesses: &[Guess]) -> HashMap<Window, Tally> {
    let mut tallies: HashMap<Window, Tally> = HashMap::new();
    for guess in guesses {
        let around = windows(texts[guess.text].as_str(), guess.range.start, guess.simplified);
        tallies.extend(around.map(|window| (window, Tally::default())));
    }
    let forms = forms(guesses);
    let mut guesses = guesses.iter().peekable();
    for (number, text) in texts.iter().enumerate() {
        let string = text.as_str();
        for (at, c) in string.char_indices().filter(|(_, c)| is_han(*c)) {
            if guesses.next_if(|guess| (guess.text, guess.range.start) == (number, at)).is_some() {
                continue;
            }
            let Some(&own) = forms.get(&c) else { continue };
            for window in windows(string, at, own) {
                if let Some(tally) = tallies.get_mut(&window) {
                    *tally.entry(c).or_default() += 1;
                }
            }
        }
    }
    tallies
}

/// The form that all other places of a guess agree on, if it is another one.
fn agreed(string: &str, guess: &Guess, tallies: &HashMap<Window, Tally>) -> Option<(char, String)> {
    let own = string[guess.range.clone()].chars().next().filter(|_| guess.open || begins(string, guess))?;
    let mut forms: BTreeMap<char, usize> = BTreeMap::new();
    let around = windows(string, guess.range.start, guess.simplified);
    for window in around.filter(|(place, ..)| guess.open || *place == 0) {
        for (form, count) in tallies.get(&window)? {
            let most = forms.entry(*form).or_default();
            *most = (*most).max(*count);
        }
    }
    let (&new, &count) = forms.iter().next().filter(|_| forms.len() == 1)?;
    (new != own && count >= PLACES)
        .then(|| (new, format!("`{new}` at {count} places of this document where the same stands beside it")))
}

/// Names that a title follows somewhere, with what stands there.
fn names(texts: &[&mut Text], guesses: &[Guess]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for guess in guesses {
        let string = texts[guess.text].as_str();
        if !begins(string, guess) {
            continue;
        }
        for (name, rest) in given(string, guess) {
            if let Some(title) = TITLES.iter().find(|title| rest.starts_with(*title)) {
                out.entry(name.clone()).or_insert_with(|| format!("{name}{title}"));
            }
        }
    }
    out
}

/// Whether a name may begin at a guess, by what stands before it.
fn begins(string: &str, guess: &Guess) -> bool {
    let before = string[..guess.range.start].chars().next_back();
    before.is_none_or(|c| !c.is_numeric() && (!is_han(c) || "和與及對向跟請由姓".contains(c)))
}

/// Names that may begin with a guess, family name in its own form, and what stands behind them.
fn given<'a>(string: &'a str, guess: &Guess) -> Vec<(String, &'a str)> {
    let Some((_, family)) = FAMILIES.iter().find(|(simplified, _)| *simplified == guess.simplified) else {
        return Vec::new();
    };
    let rest = &string[guess.range.end..];
    let mut chars = rest.char_indices().take_while(|(_, c)| is_han(*c)).take(2);
    let mut out = Vec::new();
    let mut name = String::from(*family);
    if let Some((_, first)) = chars.next().filter(|(_, c)| !COUNTED.contains(*c)) {
        name.push(first);
        out.push((name.clone(), &rest[first.len_utf8()..]));
        if let Some((at, second)) = chars.next() {
            name.push(second);
            out.push((name, &rest[at + second.len_utf8()..]));
        }
    }
    out
}

/// The form of a family name, if a known name stands at a guess.
fn name_at(string: &str, guess: &Guess, names: &BTreeMap<String, String>) -> Option<(char, String)> {
    let own = string[guess.range.clone()].chars().next()?;
    let titled = |rest: &str| TITLES.iter().any(|title| rest.starts_with(title));
    let known = |(name, rest): (String, &str)| {
        let (name, whole) = names.get_key_value(&name)?;
        (guess.open || begins(string, guess) || titled(rest)).then_some((name, whole))
    };
    let (name, whole) = given(string, guess).into_iter().rev().find_map(known)?;
    let family = name.chars().next().filter(|family| *family != own)?;
    Some((family, format!("`{name}` is a name: `{whole}` stands in this document")))
}
