//! Rule `inconsistent-word`: a string that the document writes once, against a habit of its own.

use std::collections::HashMap;

use crate::{
    document::{Document, Place},
    edit::{Confidence, Edit},
    fix::hanzi::{self, Likeness},
    kit::Kit,
    normalize::class::is_han,
    rule::{Check, Doc, Rule, Stage},
};

/// A word that differs by one confusable character from one that the document uses again and again.
pub const INCONSISTENT_WORD: Rule = Rule {
    name: "inconsistent-word",
    stage: Stage::Fix,
    summary: "a word differs by one similar character from the form used in the rest of the document",
    doc: Doc {
        finds: "Four characters in a row that occur once, while the same four with one other character, of the same sound or a shared part, occur three times or more.",
        why: "Names and terms that a document repeats are in no dictionary; the document itself is the best witness of how they are written.",
        examples: &[("上合組職（一次；上合組織十五次）", "上合組織")],
        unsure: "Sure only if the two characters share both a syllable and the part that gives the sound, outside quotations. Numerals, function words (的得地, 他她它, 在再), antonyms (買賣) and variants (裏裡) are never touched; neither is a form whose neighbors recur.",
    },
    check: Check::Document(check),
};

/// How many characters must agree, the wrong one included.
const WINDOW: usize = 4;
/// How often the other form must occur.
const SUPPORT: usize = 3;
/// Characters that grammar or counting puts in place of each other, or that begin a new word anywhere.
const NEVER: &str = "一二三四五六七八九十百千萬万億亿兩两零〇的得地底他她它牠祂妳你您那哪做作在再是有及至已以於于與与而之了和為为不也則则就到由因向被把將将對对從从自其此這这个個們们人者或並并又所可會会能要上下左右東西南北前後后內内外大小多少男女年月日時时次第每各某";
/// Pairs that sound and look alike and mean the opposite, or that are both right in the same place.
const PAIRS: &[&str] =
    &["買賣", "买卖", "授受", "請情", "清青", "期其", "事市", "城成", "姓性", "攻功", "政正", "制製", "員圓"];

/// A stretch of Han characters between marks, Latin or locked text.
struct Run {
    text: usize,
    start: usize,
    chars: Vec<char>,
    /// Inside quotation marks or a book title.
    quoted: bool,
    place: Place,
}

type Gram = [char; WINDOW];

fn check(_: &Kit, document: &Document) -> Vec<(usize, Edit)> {
    let runs = runs(document);
    let mut grams = HashMap::<Gram, usize>::new();
    let mut pairs = HashMap::<(char, char), usize>::new();
    for run in &runs {
        run.chars.windows(WINDOW).for_each(|w| *grams.entry(gram(w)).or_default() += 1);
        run.chars.windows(2).for_each(|w| *pairs.entry((w[0], w[1])).or_default() += 1);
    }
    // Frequent strings by what is left when one character is taken out.
    let mut holes = HashMap::<(usize, Gram), Vec<(char, usize)>>::new();
    for (gram, &count) in grams.iter().filter(|(_, count)| **count >= SUPPORT) {
        for hole in 0..WINDOW {
            holes.entry((hole, without(*gram, hole))).or_default().push((gram[hole], count));
        }
    }
    let mut found = Vec::new();
    for run in &runs {
        for at in 0..run.chars.len() {
            found.extend(judge(run, at, &grams, &pairs, &holes, document).map(|edit| (run.text, edit)));
        }
    }
    found
}

/// The best case against the character at `at`, if there is one.
fn judge(
    run: &Run,
    at: usize,
    grams: &HashMap<Gram, usize>,
    pairs: &HashMap<(char, char), usize>,
    holes: &HashMap<(usize, Gram), Vec<(char, usize)>>,
    document: &Document,
) -> Option<Edit> {
    let written = run.chars[at];
    let recurs = |l: usize| run.chars.get(l..l + 2).is_some_and(|w| pairs[&(w[0], w[1])] > 1);
    // A neighbor that recurs is a word of its own.
    if (at > 0 && recurs(at - 1)) || recurs(at) {
        return None;
    }
    let mut best: Option<(usize, usize, char, Likeness)> = None;
    for start in at.saturating_sub(WINDOW - 1)..=at {
        let Some(window) = run.chars.get(start..start + WINDOW) else {
            continue;
        };
        let hole = at - start;
        if grams[&gram(window)] > 1 {
            return None;
        }
        for &(other, count) in holes.get(&(hole, without(gram(window), hole))).into_iter().flatten() {
            let stronger = best.as_ref().is_none_or(|(_, most, c, _)| (count, *c) > (*most, other));
            if let Some(likeness) = candidate(written, other).filter(|_| stronger) {
                best = Some((start, count, other, likeness));
            }
        }
    }
    let (start, count, other, likeness) = best?;
    let certain = likeness.sounds() && likeness.part.is_some() && !run.quoted && run.place != Place::Meta;
    let confidence = if certain { Confidence::Sure } else { Confidence::Doubtful };
    let window: String = run.chars[start..start + WINDOW].iter().collect();
    let right: String = (start..start + WINDOW).map(|i| if i == at { other } else { run.chars[i] }).collect();
    let offset = |index: usize| run.start + run.chars[..index].iter().map(|c| c.len_utf8()).sum::<usize>();
    let message = format!(
        "{written} for {other}: {}; `{right}` occurs {count} times in this document, `{window}` once",
        likeness.describe(),
    );
    // The whole word reads better in a report, but an edit may not pull a mark's edge over it.
    let text = document.texts()[run.text].1;
    let whole = offset(start)..offset(start + WINDOW);
    let inside = |edge: usize| whole.start < edge && edge < whole.end;
    let crossed = text.marks().iter().any(|m| inside(m.range.start) || inside(m.range.end));
    let edit = if crossed {
        Edit::new(offset(at)..offset(at + 1), other, confidence)
    } else {
        Edit::new(whole, right, confidence)
    };
    Some(edit.because(message))
}

/// What makes the two characters likely to be confused; `None` if they are not, or must never be judged.
fn candidate(written: char, other: char) -> Option<Likeness> {
    let never = |c: char| NEVER.contains(c);
    let pair = PAIRS.iter().any(|pair| pair.contains(written) && pair.contains(other));
    if written == other || never(written) || never(other) || pair || hanzi::are_variants(written, other) {
        return None;
    }
    hanzi::likeness(written, other).filter(|l| l.part.is_some() || (l.sounds() && l.looks))
}

fn gram(window: &[char]) -> Gram {
    window.try_into().expect("windows have the length of a gram")
}

fn without(mut gram: Gram, hole: usize) -> Gram {
    gram[hole] = '\0';
    gram
}

fn runs(document: &Document) -> Vec<Run> {
    let mut runs = Vec::new();
    for (index, (place, text)) in
        document.texts().into_iter().enumerate().filter(|(_, (p, _))| *p != Place::Code)
    {
        let mut depth = 0usize;
        for open in text.open_ranges() {
            let mut current: Option<Run> = None;
            for (offset, c) in text.as_str()[open.clone()].char_indices() {
                if is_han(c) {
                    current
                        .get_or_insert_with(|| Run {
                            text: index,
                            start: open.start + offset,
                            chars: Vec::new(),
                            quoted: depth > 0,
                            place,
                        })
                        .chars
                        .push(c);
                    continue;
                }
                runs.extend(current.take());
                match c {
                    '「' | '『' | '“' | '‘' | '《' | '〈' => depth += 1,
                    '」' | '』' | '”' | '’' | '》' | '〉' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            runs.extend(current);
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (written, other, whether the pair can be judged at all)
    const PAIRED: &[(char, char, bool)] = &[
        ('職', '織', true),
        ('買', '賣', false),
        ('裏', '裡', false),
        ('的', '得', false),
        ('一', '二', false),
        ('復', '複', false),
        ('他', '她', false),
        ('職', '人', false),
    ];

    #[test]
    fn only_confusable_pairs_are_judged() {
        for (written, other, expected) in PAIRED {
            assert_eq!(candidate(*written, *other).is_some(), *expected, "{written} {other}");
        }
    }
}
