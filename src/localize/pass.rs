//! One pass of a table over a text: the text with every match replaced, and a record of what was replaced.

use std::ops::Range;

use super::{
    borders,
    config::Walls,
    contexts,
    convert::Grade,
    description::{end_of_sequence, is_operator},
    table::{Entry, Found, Table, decode},
};

/// A step of a conversion: OpenCC's table, and our repairs, which win over it unless they are shorter.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    pub(crate) table: Table,
    pub(crate) repairs: Option<Table>,
    /// Whether contexts have a say in what the table chooses.
    pub(crate) contexts: bool,
    /// Whether a phrase of the table must be no piece of other words.
    pub(crate) words: bool,
    /// Whether a repair must be no piece of other words.
    pub(crate) guarded: bool,
}

/// Longer phrases (in bytes) are no accident of two words that meet.
const SHORT: usize = 9;

/// What became of a character that could have become several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Which character of the key it is.
    pub(crate) number: usize,
    /// What it becomes.
    pub(crate) new: char,
    /// What the table alone would have made of it, if contexts know better.
    pub(crate) instead_of: Option<char>,
    /// At how many places the context was seen that decided.
    pub(crate) seen: u16,
    /// Why somebody should look, if so.
    pub(crate) grade: Option<Grade>,
}

impl Step {
    /// Whether anything may match at a character.
    #[inline(always)]
    fn may_start(&self, c: u32) -> bool {
        self.table.may_start(c) || self.repairs.as_ref().is_some_and(|it| it.may_start(c))
    }

    #[inline]
    fn find(&self, bytes: &[u8], lead: (u32, usize), limit: usize) -> Option<(Found, &Table)> {
        let found = self.table.find(bytes, lead, limit).map(|found| (found, &self.table));
        let Some(repairs) = &self.repairs else { return found };
        let repair = repairs.find(bytes, lead, limit).map(|found| (found, repairs));
        match (found, repair) {
            (Some(found), Some(repair)) if repair.0.end < found.0.end => Some(found),
            (found, repair) => repair.or(found),
        }
    }
}

/// Told about every match. `()` wants to know nothing and costs nothing.
pub(crate) trait Witness {
    /// Whether it wants to know what is doubtful.
    const GRADES: bool;

    /// The key at `start..end` of the input was decided by `entry`, whose value may equal the key, but for the
    /// characters in `choices`.
    fn see(&mut self, start: usize, end: usize, entry: Entry, choices: &[Choice]);
}

impl Witness for () {
    const GRADES: bool = false;

    #[inline]
    fn see(&mut self, _: usize, _: usize, _: Entry, _: &[Choice]) {}
}

/// Places that no match may cross, as byte offsets in order.
pub(crate) type Offsets = Vec<usize>;

/// Converts `text` and appends to `out`. Matches stay between `walls`. Gives the walls as they stand in the output;
/// with [`Walls::FirstStep`] those are the ends of the matches of rank 0.
pub(crate) fn pass<W: Witness>(
    step: &Step,
    text: &str,
    walls: &[usize],
    wanted: Walls,
    out: &mut String,
    witness: &mut W,
) -> Offsets {
    let bytes = text.as_bytes();
    let build = matches!(wanted, Walls::FirstStep);
    let mut walls_out = Offsets::new();
    let mut ahead = walls.iter().copied().peekable();
    // Everything before `kept` is in `out` already.
    let (mut at, mut kept) = (0, 0);
    let mut limit = 0;
    let mut choices: Vec<Choice> = Vec::new();
    // The phrase that words part in, by a narrow margin, and its value.
    let mut narrow: Option<(Range<usize>, &'static str)> = None;
    while at < bytes.len() {
        let (c, next) = decode(bytes, at);
        // Walls are looked at again where something may match.
        if !step.may_start(c) && !is_operator(c) {
            at = next;
            continue;
        }
        while limit <= at {
            if let Some(wall) = ahead.next_if(|&wall| wall <= at) {
                walls_out.push(out.len() + wall - kept);
            } else {
                limit = ahead.peek().map_or(bytes.len(), |&wall| wall.min(bytes.len()));
            }
        }
        let mut hit = step.find(bytes, (c, next), limit);
        let mut limit_here = limit;
        while let Some((found, table)) = hit {
            if !std::ptr::eq(table, &raw const step.table) {
                let short = found.end > next && found.end - at <= SHORT;
                if !step.guarded || !short || !borders::is_cut(text, at..found.end) {
                    break;
                }
                hit = step.table.find(bytes, (c, next), limit_here).map(|found| (found, &step.table));
            } else if (step.words || step.contexts)
                && found.rank == 0
                && found.end > next
                && let Some((border, is_narrow)) = border(step, text, at, found, limit)
            {
                if W::GRADES && is_narrow {
                    narrow = Some((at..found.end, step.table.entry(found).value));
                }
                limit_here = border;
                hit = step.find(bytes, (c, next), limit_here);
            } else {
                break;
            }
        }
        let Some((found, table)) = hit else {
            at = if is_operator(c) { end_of_sequence(bytes, at, limit).unwrap_or(next) } else { next };
            continue;
        };
        let entry = table.entry(found);
        let wall = build && found.rank == 0;
        if wall {
            walls_out.push(out.len() + at - kept);
        }
        choices.clear();
        if step.contexts
            && (!entry.single || contexts::is_ambiguous(c))
            && std::ptr::eq(table, &raw const step.table)
        {
            choose(step, text, (at, limit), (found, &entry), W::GRADES, &mut choices);
            if W::GRADES
                && let Some((phrase, value)) = &narrow
                && at < phrase.end
            {
                doubt_crossing(text, at, (phrase.clone(), value), &mut choices);
            }
        } else if W::GRADES && step.contexts {
            doubt(&text[at..found.end], entry.value, &mut choices);
        }
        witness.see(at, found.end, entry, &choices);
        if choices.iter().any(|choice| choice.instead_of.is_some()) {
            push_short(out, &text[kept..at]);
            push_chosen(out, entry.value, &choices);
            kept = found.end;
        } else if !entry.same {
            push_short(out, &text[kept..at]);
            push_short(out, entry.value);
            kept = found.end;
        }
        at = found.end;
        if wall {
            walls_out.push(out.len() + at - kept);
        }
    }
    walls_out.extend(ahead.map(|wall| out.len() + wall - kept));
    out.push_str(&text[kept..]);
    walls_out
}

/// Appends what is mostly a few characters: they are cheaper one by one than a call.
#[inline]
fn push_short(out: &mut String, part: &str) {
    if part.len() <= 9 {
        part.chars().for_each(|c| out.push(c));
    } else {
        out.push_str(part);
    }
}

/// Appends a value with the characters that contexts put into it.
fn push_chosen(out: &mut String, value: &str, choices: &[Choice]) {
    for (number, c) in value.chars().enumerate() {
        let choice = choices.iter().find(|choice| choice.number == number);
        out.push(choice.map_or(c, |choice| choice.new));
    }
}

/// Lets contexts judge the characters of a match that have several Traditional forms. A phrase that no other one
/// crosses gives way only to a context that is no smaller than it.
fn choose(
    step: &Step,
    text: &str,
    (start, limit): (usize, usize),
    (found, entry): (Found, &Entry),
    grades: bool,
    choices: &mut Vec<Choice>,
) {
    let key = &text[start..found.end];
    if !entry.single
        && (!key.chars().any(|c| contexts::is_ambiguous(c.into()))
            || key.chars().count() != entry.value.chars().count())
    {
        return;
    }
    let mut crossed = None;
    // Where words part rather at the end of the phrase, the other one is no phrase here.
    let mut is_crossed = || {
        let crossing = || {
            crossing(&step.table, text.as_bytes(), (start, found.end), limit)
                .is_some_and(|it| !borders::parts_at(text, start..it.end, found.end, it.start))
        };
        *crossed.get_or_insert_with(crossing)
    };
    let several = entry.candidates.len() > entry.value.len();
    let length = key.chars().count();
    for (number, ((offset, c), old)) in key.char_indices().zip(entry.value.chars()).enumerate() {
        if !contexts::is_ambiguous(c.into()) {
            continue;
        }
        let rest = length - number - 1;
        // Only a phrase that another one crosses gives way to a context that is smaller than it.
        let covers = |(l, r): (usize, usize)| l >= number && r >= rest;
        let evidence = match contexts::evidence(text, start + offset, |_| true) {
            Some(it) if !entry.single && !covers(it.shape) && !is_crossed() => {
                contexts::evidence(text, start + offset, covers)
            }
            evidence => evidence,
        };
        let choice = match evidence {
            Some(it) if it.choice != old => Choice {
                number,
                new: it.choice,
                instead_of: Some(old),
                seen: it.seen,
                grade: if it.seen < contexts::NARROW { Some(Grade::Narrow) } else { twin(c, it.choice) },
            },
            _ if !grades => continue,
            Some(it) => {
                let name = (c == '于' && entry.single && stands_alone(text, start..found.end))
                    .then_some(Grade::Twin);
                Choice {
                    number,
                    new: old,
                    instead_of: None,
                    seen: it.seen,
                    grade: name.or_else(|| twin(c, old)),
                }
            }
            None => {
                let grade = if entry.single && several {
                    (!contexts::has_rare_rivals(c, old)).then_some(Grade::Bare)
                } else if !entry.single && is_crossed() {
                    Some(Grade::Crossed)
                } else if several {
                    Some(Grade::Several)
                } else {
                    contexts::is_disputed(c, old).then_some(Grade::Disputed).or_else(|| twin(c, old))
                };
                Choice { number, new: old, instead_of: None, seen: 0, grade }
            }
        };
        choices.push(choice);
    }
}

/// Whether a character and one or two Han characters behind it stand between marks, as a name does in a list (、于居洋、).
fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let is_han = |c: &char| borders::is_han(*c);
    let given = text[range.end..].chars().take(3).take_while(is_han).count();
    matches!(given, 1 | 2)
        && !text[..range.start].chars().next_back().is_some_and(|c| is_han(&c) || c.is_numeric())
}

/// Marks the characters of a repair whose other form is printed too.
fn doubt(key: &str, value: &str, choices: &mut Vec<Choice>) {
    if key.chars().count() != value.chars().count() {
        return;
    }
    for (number, (c, new)) in key.chars().zip(value.chars()).enumerate() {
        if let Some(grade) = twin(c, new) {
            choices.push(Choice { number, new, instead_of: None, seen: 0, grade: Some(grade) });
        }
    }
}

/// Marks the characters that a phrase, which words part in by a narrow margin only, would have otherwise.
fn doubt_crossing(text: &str, at: usize, (phrase, value): (Range<usize>, &str), choices: &mut [Choice]) {
    let before = text[phrase.start..at].chars().count();
    for choice in choices.iter_mut().filter(|choice| choice.grade.is_none()) {
        let rival = value.chars().nth(before + choice.number);
        if rival.is_some_and(|rival| rival != choice.new) {
            choice.grade = Some(Grade::Crossed);
        }
    }
}

fn twin(c: char, choice: char) -> Option<Grade> {
    contexts::has_twin(c, choice).then_some(Grade::Twin)
}

/// The phrase that begins inside a match and ends behind it, if there is one.
fn crossing(table: &Table, bytes: &[u8], (start, end): (usize, usize), limit: usize) -> Option<Range<usize>> {
    let mut at = decode(bytes, start).1;
    while at < end {
        let lead = decode(bytes, at);
        if let Some(found) = table.find(bytes, lead, limit)
            && found.rank == 0
            && found.end > end
        {
            return Some(at..found.end);
        }
        at = lead.1;
    }
    None
}

/// Where a match must end because words part there: where a phrase begins that crosses it, before the last character of
/// a phrase that is cut out of words, or, for words of a region, after the first character of what is no word here. And
/// whether the words part there by a narrow margin only.
fn border(step: &Step, text: &str, at: usize, found: Found, limit: usize) -> Option<(usize, bool)> {
    if step.words && borders::is_cut(text, at..found.end) {
        return Some((decode(text.as_bytes(), at).1, false));
    }
    let key = &text[at..found.end];
    if !step.contexts || !key.chars().any(|c| contexts::is_ambiguous(c.into())) {
        return None;
    }
    // 干 by itself tells less than a phrase that is cut, and a long phrase is no accident.
    let may_be_cut = key.len() <= SHORT && !key.starts_with('干');
    if may_be_cut && step.table.entry(found).rare && borders::is_cut(text, at..found.end) {
        // A shorter phrase may be none that is cut.
        return key.char_indices().next_back().map(|(last, _)| (at + last, false));
    }
    let other = crossing(&step.table, text.as_bytes(), (at, found.end), limit)?;
    let margin = borders::margin(text, at..other.end, other.start, found.end);
    (margin > borders::MARGIN).then_some((other.start, margin < borders::CLEAR))
}

/// The walls that the matches of a table make in a text.
pub(crate) fn walls_of(table: &Table, text: &str) -> Offsets {
    let bytes = text.as_bytes();
    let mut walls = Offsets::new();
    let mut at = 0;
    while at < bytes.len() {
        let (c, next) = decode(bytes, at);
        if let Some(found) = table.find(bytes, (c, next), bytes.len()) {
            walls.extend([at, found.end]);
            at = found.end;
        } else {
            at = if is_operator(c) { end_of_sequence(bytes, at, bytes.len()).unwrap_or(next) } else { next };
        }
    }
    walls
}
