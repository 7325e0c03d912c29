//! Rule `mixed-variants`: one document writes a character or word in two ways.

use std::{collections::HashMap, sync::LazyLock};

use crate::{
    document::{Document, Place},
    edit::Edit,
    edition::Script,
    fix::{hanzi, pairset::PairSet},
    kit::Kit,
    rule::{Check, Doc, Rule, Stage},
    text::{MarkKind, Text},
};

/// A document writes a character or word in two ways.
pub const MIXED_VARIANTS: Rule = Rule {
    name: "mixed-variants",
    stage: Stage::Fix,
    summary: "a character or word is written in two ways in one document",
    doc: Doc {
        finds: "Variants of one character or word that stand side by side in a document: 裏 and 裡, 台 and 臺, 着 and 著 (the particle), 計畫 and 計劃, 身分 and 身份.",
        why: "Each is right by itself; a publisher settles on one. Who searches for one does not find the other.",
        examples: &[("這裡、那裡，還有屋裏", "這裡、那裡，還有屋裡")],
        unsure: "It is never a typo and never applied: it is said once a document and pair, at the rarer form, with the counts. Titles in 《》, names and protected text are not counted. A name may have a form of its own.",
    },
    check: Check::Document(check),
};

/// Which forms are variants of each other.
const TABLE: &str = include_str!("../../seeds/tables/mixed-variants.tsv");

/// A line of the table.
struct Row {
    script: Option<Script>,
    forms: Vec<&'static str>,
    guards: Vec<&'static str>,
}

struct Variants {
    rows: Vec<Row>,
    /// Row and form by first character.
    starts: HashMap<char, Vec<(usize, usize)>>,
    /// The first characters, each twice: asked before the map is.
    first: PairSet,
}

static VARIANTS: LazyLock<Variants> = LazyLock::new(|| {
    let rows: Vec<Row> = TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect();
    let mut starts = HashMap::<char, Vec<(usize, usize)>>::new();
    for (number, row) in rows.iter().enumerate() {
        for (i, form) in row.forms.iter().enumerate() {
            starts.entry(form.chars().next().expect("no form is empty")).or_default().push((number, i));
        }
    }
    let first = PairSet::of(starts.keys().map(|c| (*c, *c)));
    Variants { rows, starts, first }
});

fn row(line: &'static str) -> Option<Row> {
    let mut fields = line.split('\t');
    let script = match fields.next()? {
        "t" => Some(Script::Traditional),
        "s" => Some(Script::Simplified),
        _ => None,
    };
    let list = |field: &'static str| field.split(',').filter(|word| *word != "-").collect();
    Some(Row { script, forms: list(fields.next()?), guards: list(fields.next()?) })
}

/// How often a form stands in a document, and where first: text and byte.
#[derive(Clone, Copy, Default)]
struct Count {
    times: usize,
    first: (usize, usize),
}

/// How often the usual form must stand in a document to be its usual one.
const LEAST: usize = 3;

fn check(_: &Kit, document: &Document) -> Vec<(usize, Edit)> {
    mixed(document)
}

fn mixed(document: &Document) -> Vec<(usize, Edit)> {
    let variants = &*VARIANTS;
    let script = hanzi::script(document);
    let mut counts: Vec<Vec<Count>> =
        variants.rows.iter().map(|row| vec![Count::default(); row.forms.len()]).collect();
    for (index, (place, text)) in document.texts().into_iter().enumerate() {
        if place != Place::Code {
            count(variants, text, index, &mut counts);
        }
    }
    let mut found = Vec::new();
    for (row, counts) in variants.rows.iter().zip(&counts) {
        let applies = row.script.is_none_or(|own| own == script);
        let Some(most) = (0..counts.len()).max_by_key(|i| (counts[*i].times, std::cmp::Reverse(*i))) else {
            continue;
        };
        for (i, rarer) in counts.iter().enumerate() {
            if i == most || !applies || rarer.times == 0 || counts[most].times < LEAST {
                continue;
            }
            let (text, at) = rarer.first;
            let (form, usual) = (row.forms[i], row.forms[most]);
            let mut edit = Edit::remark(at..at + form.len(), form);
            edit.rivals.push(usual.to_owned());
            let times = |count: &Count| match count.times {
                1 => "once".to_owned(),
                times => format!("{times} times"),
            };
            found.push((
                text,
                edit.because(format!(
                    "this document has `{usual}` {}, `{form}` {}",
                    times(&counts[most]),
                    times(rarer)
                )),
            ));
        }
    }
    found.sort_by_key(|(text, edit)| (*text, edit.range.start));
    found
}

/// Counts the forms in a text outside titles, names and locked stretches.
fn count(variants: &Variants, text: &Text, index: usize, counts: &mut [Vec<Count>]) {
    let string = text.as_str();
    let is_name = |kind: &MarkKind| matches!(kind, MarkKind::Name | MarkKind::Title);
    let mut names = text.marks().iter().filter(|mark| is_name(&mark.kind)).map(|mark| &mark.range).peekable();
    for open in text.open_ranges() {
        let part = &string[open.clone()];
        let mut depth = 0_usize;
        for (at, c) in part.char_indices() {
            match c {
                '《' | '〈' => depth += 1,
                '》' | '〉' => depth = depth.saturating_sub(1),
                _ => {}
            }
            while names.next_if(|name| name.end <= open.start + at).is_some() {}
            let named = names.peek().is_some_and(|name| name.start <= open.start + at);
            if depth > 0 || named || !variants.first.may_have(c, c) {
                continue;
            }
            for &(row, form) in variants.starts.get(&c).into_iter().flatten() {
                let own = &variants.rows[row];
                let word = own.forms[form];
                if !part[at..].starts_with(word) || is_guarded(part, at, word, &own.guards) {
                    continue;
                }
                let count = &mut counts[row][form];
                if count.times == 0 {
                    count.first = (index, open.start + at);
                }
                count.times += 1;
            }
        }
    }
}

/// Whether a longer, innocent string covers the word at `at`.
fn is_guarded(part: &str, at: usize, word: &str, guards: &[&str]) -> bool {
    guards.iter().any(|guard| {
        guard.match_indices(word).any(|(inside, _)| {
            at.checked_sub(inside).and_then(|start| part.get(start..)).is_some_and(|s| s.starts_with(guard))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Block, Role},
        source::SourceId,
    };

    /// What is found in a document of one paragraph, with the reasons.
    fn found(string: &str) -> Vec<String> {
        let text = Text::verbatim(string, SourceId(0), 0);
        let document =
            Document { blocks: vec![Block::Paragraph { text, role: Role::Body }], ..Document::default() };
        mixed(&document).into_iter().map(|(_, edit)| edit.message).collect()
    }

    #[test]
    fn the_rarer_form_is_said_once() {
        for (string, expected) in [
            ("這裡那裡和哪裡，還有屋裏", "this document has `裡` 3 times, `裏` once"),
            ("臺灣、臺北、臺中，台南與台東", "this document has `臺` 3 times, `台` 2 times"),
            ("看着說着走着，聽著", "this document has `着` 3 times, `著` once"),
            ("新計劃是計劃中的計劃，不是計畫", "this document has `計劃` 3 times, `計畫` once"),
            ("这个部分、那个部分、各部分与部份", "this document has `部分` 3 times, `部份` once"),
        ] {
            assert_eq!(found(string), [expected], "{string}");
        }
    }

    #[test]
    fn one_form_and_innocent_words_stay() {
        for string in [
            "這裡那裡和哪裡",
            "看着說着走着，他的著作很著名",
            "臺灣、臺北、臺中，見《台灣文學》",
            "這裡那裡，屋裏",
            "看着说着走着，他的著作",
            "這是為了讓單身分子高興，身份、身份、身份",
        ] {
            assert_eq!(found(string), Vec::<String>::new(), "{string}");
        }
    }

    #[test]
    fn the_table_is_tidy() {
        let lines: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.is_sorted_by(|a, b| a < b));
        assert_eq!(lines.iter().filter_map(|line| row(line)).count(), lines.len());
        for row in &VARIANTS.rows {
            assert!(
                row.forms.len() >= 2 && row.guards.iter().all(|g| row.forms.iter().any(|f| g.contains(f)))
            );
        }
    }
}
