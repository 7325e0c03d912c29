//! Localize: a document and an edition in, the document of that edition out, with a report of every character that
//! changed. Script first, then words and forms of the region, then quotation marks.
//!
//! The converter reproduces OpenCC 1.4.2 ([`convert::Converter`]); the choices on top of it are made here: which
//! configuration a text needs, what its guesses are worth, what stays as the writer has it.

mod borders;
mod compose;
pub mod config;
mod contexts;
pub mod convert;
pub mod decided;
mod description;
mod hong_kong;
pub mod house;
pub mod learn;
mod numerals;
mod pass;
mod quotes;
mod recipes;
mod recurrence;
pub mod round_trip;
pub mod rules;
mod runs;
pub mod script;
mod table;

use std::{collections::BTreeMap, ops::Range};

use crate::{
    counter::Numerals,
    document::{Block, Document, Place, each_mut},
    edit::{Confidence, Edit},
    edition::{Edition, Region, Script},
    report::{Diagnostic, Report, Severity},
    text::{MarkKind, Text},
};
use convert::{Converter, Extras, Grade, Replacement};
use decided::Decided;
use house::House;
use runs::Run;
use script::{Detector, Evidence, configuration};

/// What the user may ask of a localization.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Whether regional words are converted; by default on for Simplified text and off for Traditional.
    pub words: Option<bool>,
    /// The script of the manuscript, if it shall not be found out.
    pub script: Option<Script>,
    /// How numbers are written; in the edition `source` too.
    pub numerals: Numerals,
    /// Words of the house for this edition, which win over everything else.
    pub house: Option<&'a House>,
    /// What a person decided about earlier choices.
    pub decided: Option<Decided<'a>>,
}

/// Turns a document into that of an edition and reports what it did. In the edition `source` only numbers change, and
/// only if that is asked for.
#[must_use]
pub fn localize(document: &mut Document, edition: &Edition, options: Options<'_>) -> Report {
    let mut report =
        if edition.localized { convert_document(document, edition, options) } else { Report::default() };
    if options.numerals == Numerals::Han {
        let traditional = edition.script == Script::Traditional;
        for (place, text) in document.texts_mut() {
            if matches!(place, Place::Title | Place::Heading | Place::Paragraph) {
                let edits = numerals::numerals(text, traditional);
                report.changes.extend(text.apply(rules::VERTICAL_NUMERALS, edits, |_| true));
            }
        }
    }
    report
}

fn convert_document(document: &mut Document, edition: &Edition, options: Options<'_>) -> Report {
    let mut report = Report::default();
    let detector = Detector::default();
    let whole = evidence(document, &detector);
    let majority = options.script.or(whole.script()).unwrap_or(edition.script);
    if whole.is_mixed() && options.script.is_none() {
        report_mixture(document, whole, &detector, &mut report);
    }
    let converter = |script: Script, place: Place| {
        let words = options.words.unwrap_or(script == Script::Simplified) && place != Place::Meta;
        configuration(edition, script, whole, words).map(|config| Converter::new(config, Extras::BEST))
    };
    // Nearly every character of the other script is a change: a list that grew by doubling would be copied again and
    // again, and be twice as large.
    if majority != edition.script {
        report.changes.reserve(if majority == Script::Simplified {
            whole.simplified
        } else {
            whole.traditional
        });
    }
    let openings: Vec<(Place, Option<char>)> =
        document.texts().iter().map(|(place, text)| (*place, quotes::opening_of(text))).collect();
    let mut records = Vec::with_capacity(openings.len());
    for (i, (place, text)) in document.texts_mut().into_iter().enumerate() {
        records.push(report.changes.len()..report.changes.len());
        if place == Place::Code || text.is_empty() {
            continue;
        }
        let script = options.script.or(evidence_of(text, &detector).script()).unwrap_or(majority);
        let mut stretches = Vec::new();
        for open in text.open_ranges() {
            let runs = match options.script {
                None => runs::runs(text.as_str(), open, script, &detector),
                Some(script) => vec![Run { range: open, script, told: None }],
            };
            report_runs(text, &runs, &mut report);
            stretches.extend(runs.into_iter().map(|run| (run.range, converter(run.script, place))));
        }
        let so_far = report.changes.len();
        convert_text(text, &stretches, options, &mut report);
        if edition.region == Region::Hk && edition.script == Script::Traditional && place != Place::Meta {
            hong_kong_words(text, options, majority, &mut report);
        }
        let continued = openings[i].1.is_some() && openings.get(i + 1) == Some(&openings[i]);
        let (edits, lonely) = quotes::localize_quotes(text, edition.region, continued);
        for range in lonely {
            let message = format!("the quotation mark `{}` has no partner", &text.as_str()[range.clone()]);
            let finding = Diagnostic::new(rules::QUOTES_REGION, Severity::Warning, text.span(range), message);
            report.push(finding.hint("it stays as it is; add the missing mark to the manuscript"));
        }
        report.changes.extend(text.apply(rules::QUOTES_REGION, edits, |_| true));
        if let Some(decided) = options.decided {
            decided.mark(&mut report.changes[so_far..]);
        }
        records[i] = so_far..report.changes.len();
    }
    recurrence::settle(document, &records, options.decided, &mut report);
    let convert = |words: &mut String| {
        let script = options.script.or(detector.evidence(words).script()).unwrap_or(majority);
        if let Some(converter) = converter(script, Place::Caption) {
            *words = converter.convert(words);
        }
    };
    for_each_alt(&mut document.blocks, &mut |alt| convert(alt));
    for (_, text) in document.texts_mut() {
        for kind in text.kinds_mut() {
            if let MarkKind::Index(words) = kind {
                convert(words);
            }
        }
    }
    report
}

/// Converts the open stretches of a text between the words of the house; no match crosses them or locked text. A place
/// that several tables changed is one change: the forms in between are OpenCC's own and nobody's text.
fn convert_text(
    text: &mut Text,
    stretches: &[(Range<usize>, Option<Converter>)],
    options: Options<'_>,
    report: &mut Report,
) {
    let mut edits: BTreeMap<&'static str, Vec<Edit>> = BTreeMap::new();
    let mut remarks = Vec::new();
    for range in text.open_ranges() {
        let settled = options.house.map_or_else(Vec::new, |house| house.find(text.as_str(), range.clone()));
        let mut start = range.start;
        for (place, new) in
            settled.into_iter().map(Some).chain([None]).map(|it| it.unwrap_or((range.end..range.end, "")))
        {
            for (stretch, converter) in stretches {
                let part = start.max(stretch.start)..place.start.min(stretch.end);
                if let Some(converter) = converter.as_ref().filter(|_| !part.is_empty()) {
                    convert_stretch(text, converter, part, &mut edits, &mut remarks);
                }
            }
            start = place.end;
            if !place.is_empty() && text.as_str()[place.clone()] != *new {
                edits.entry(rules::EDITION_WORD).or_default().push(Edit::sure(place, new));
            }
        }
    }
    if let Some(decided) = options.decided {
        report.changes.extend(decided.follow(text, rules::SCRIPT_S2T, &mut remarks));
        for (rule, edits) in &mut edits {
            report.changes.extend(decided.follow(text, rule, edits));
        }
        let own = |edit: &Edit| text.as_str()[edit.range.clone()] == edit.new;
        let refused = remarks.extract_if(.., |edit| !own(edit));
        let list = edits.entry(rules::SCRIPT_S2T).or_default();
        list.extend(refused);
        list.sort_by_key(|edit| edit.range.start);
    }
    // A character that stays as it is may be a guess, too.
    report.changes.extend(text.apply(rules::SCRIPT_S2T, remarks, |_| false));
    apply_by_rule(text, edits, report);
}

fn convert_stretch(
    text: &Text,
    converter: &Converter,
    range: Range<usize>,
    edits: &mut BTreeMap<&'static str, Vec<Edit>>,
    remarks: &mut Vec<Edit>,
) {
    for replacement in converter.replacements(&text.as_str()[range.clone()]) {
        // A rare form beyond the basic plane is in few fonts: the character the writer has stays.
        let astral = |s: &str| s.chars().any(|c| c > '\u{FFFF}');
        if astral(&replacement.new) && !astral(&text.as_str()[range.clone()][replacement.range.clone()]) {
            continue;
        }
        let rule = rules::of_dictionary(replacement.dictionary, converter.config());
        // A name stays the name that it is, and another word would not be read as the reading says.
        let place = range.start + replacement.range.start..range.start + replacement.range.end;
        if rules::about_words(rule) && is_settled(text, &place) {
            continue;
        }
        let stays = text.as_str()[place] == replacement.new;
        let list = if stays { &mut *remarks } else { edits.entry(rule).or_default() };
        list.push(edit(replacement, range.start));
    }
}

/// Puts Hong Kong's words in the place of others. Traditional text is left alone unless `words` asks for it.
fn hong_kong_words(text: &mut Text, options: Options<'_>, script: Script, report: &mut Report) {
    let whose = match script {
        Script::Simplified => hong_kong::Whose::Mainland,
        Script::Traditional => hong_kong::Whose::Any,
    };
    if options.words.unwrap_or(script == Script::Simplified) {
        let mut edits = hong_kong::words(text, whose);
        let whole = 0..text.as_str().len();
        let house = options.house.map_or_else(Vec::new, |house| house.made(text.as_str(), whole));
        let is_house =
            |range: &Range<usize>| house.iter().any(|it| it.start < range.end && range.start < it.end);
        edits.retain(|edit| !is_settled(text, &edit.range) && !is_house(&edit.range));
        if let Some(decided) = options.decided {
            report.changes.extend(decided.follow(text, rules::REGION_WORDS_HK, &mut edits));
        }
        report
            .changes
            .extend(text.apply(rules::REGION_WORDS_HK, edits, |e| e.confidence == Confidence::Sure));
    }
}

/// Whether a range touches a name, the title of a work or a character with a reading.
fn is_settled(text: &Text, range: &Range<usize>) -> bool {
    text.marks().iter().any(|m| {
        matches!(m.kind, MarkKind::Name | MarkKind::Title | MarkKind::Ruby(_))
            && m.range.start < range.end
            && range.start < m.range.end
    })
}

/// How the message begins about a choice that is certain where it stands, but could be the other one's.
const TWIN: &str = "both are printed, or one is often written for the other:";

/// The edit of a replacement. A guess is made, but marked as doubtful, with its rivals.
fn edit(replacement: Replacement, base: usize) -> Edit {
    let range = base + replacement.range.start..base + replacement.range.end;
    let all = if replacement.grade.is_some() { candidates(&replacement) } else { String::new() };
    let Replacement { new, rivals, grade, seen, .. } = replacement;
    let (confidence, message) = match grade {
        Some(Grade::Bare) => (Confidence::Doubtful, format!("no phrase decides between {all}")),
        Some(Grade::Crossed) => {
            (Confidence::Doubtful, format!("two phrases cross here: one of {all}, by where the words part"))
        }
        Some(Grade::Several) => (Confidence::Doubtful, format!("the phrase is written with {all}")),
        Some(Grade::Narrow) => (
            Confidence::Doubtful,
            format!("`{new}` as in {seen} such places; the dictionary alone would have `{}`", first(&rivals)),
        ),
        Some(Grade::Disputed) => {
            (Confidence::Doubtful, format!("a phrase decides, but others often have another of {all}"))
        }
        Some(Grade::Twin) => (Confidence::Doubtful, format!("{TWIN} {all}")),
        None if seen > 0 => (
            Confidence::Likely,
            format!("`{new}` as in {seen} such places; the dictionary alone would have `{}`", first(&rivals)),
        ),
        None if rivals.is_empty() => (Confidence::Sure, String::new()),
        None => (Confidence::Likely, String::new()),
    };
    let rivals = rivals.into_iter().map(str::to_owned).collect();
    Edit { rivals, ..Edit::new(range, new, confidence).because(message) }
}

fn first<'a>(rivals: &[&'a str]) -> &'a str {
    rivals.first().copied().unwrap_or_default()
}

fn candidates(replacement: &Replacement) -> String {
    let all = std::iter::once(replacement.new.as_ref()).chain(replacement.rivals.iter().copied());
    all.map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" and ")
}

/// Applies edits under the names of their rules. They were all made for the same string, so what one rule's edits
/// add or remove moves the edits of the next.
fn apply_by_rule(text: &mut Text, edits: BTreeMap<&'static str, Vec<Edit>>, report: &mut Report) {
    // Places before which the string has grown or shrunk so far, in coordinates of the first string.
    let mut growth: Vec<(usize, isize)> = Vec::new();
    for (rule, mut edits) in edits {
        let own: Vec<(usize, isize)> = (edits.iter())
            .map(|edit| (edit.range.end, edit.new.len().cast_signed() - edit.range.len().cast_signed()))
            .filter(|(_, by)| *by != 0)
            .collect();
        if !growth.is_empty() {
            growth.sort_unstable();
            let mut ahead = growth.iter().peekable();
            let mut moved = 0_isize;
            for edit in &mut edits {
                while let Some((_, by)) = ahead.next_if(|(end, _)| *end <= edit.range.start) {
                    moved += by;
                }
                let at = |offset: usize| offset.saturating_add_signed(moved);
                edit.range = at(edit.range.start)..at(edit.range.end);
            }
        }
        growth.extend(own);
        report.changes.extend(text.apply(rule, edits, |_| true));
    }
}

/// The evidence in all texts of a document, code aside.
fn evidence(document: &Document, detector: &Detector) -> Evidence {
    let mut whole = Evidence::default();
    for (_, text) in document.texts().into_iter().filter(|(place, _)| *place != Place::Code) {
        whole += evidence_of(text, detector);
    }
    whole
}

/// The evidence in what may change of a text.
fn evidence_of(text: &Text, detector: &Detector) -> Evidence {
    let open = text.open_ranges().into_iter();
    open.fold(Evidence::default(), |sum, range| sum + detector.evidence(&text.as_str()[range]))
}

/// Reports stretches that are not in the script of their text.
fn report_runs(text: &Text, runs: &[Run], report: &mut Report) {
    for run in runs {
        let Some(told) = run.told else { continue };
        let (name, count) = match run.script {
            Script::Simplified => ("Simplified", told.simplified),
            Script::Traditional => ("Traditional", told.traditional),
        };
        let message = format!("{name} by {count} of its characters, in a paragraph that is not");
        let finding =
            Diagnostic::new(rules::MIXED_SCRIPT, Severity::Note, text.span(run.range.clone()), message);
        report.push(finding.hint("it is converted from its own script; mark it to keep it"));
    }
}

/// Reports a document in two scripts, at the first text that has the rarer one.
fn report_mixture(document: &Document, whole: Evidence, detector: &Detector, report: &mut Report) {
    let rarer =
        |e: Evidence| if whole.simplified <= whole.traditional { e.simplified } else { e.traditional };
    let texts = document.texts();
    let first = texts
        .iter()
        .find(|(place, text)| *place != Place::Code && rarer(detector.evidence(text.as_str())) > 0);
    let Some((_, text)) = first else { return };
    let message = format!(
        "{} Traditional and {} Simplified characters in one document",
        whole.traditional, whole.simplified
    );
    let finding =
        Diagnostic::new(rules::MIXED_SCRIPT, Severity::Note, text.span(0..text.as_str().len()), message);
    report.push(finding.hint("each paragraph is converted from the script that most of it is written in"));
}

/// Alternative texts of figures, which are plain strings.
fn for_each_alt(blocks: &mut [Block], change: &mut impl FnMut(&mut String)) {
    each_mut(blocks, &mut |block| {
        if let Block::Figure { alt, .. } = block {
            change(alt);
        }
    });
}
