//! Two layers of replacements in, one out, whose places are those of the first layer's input.

use std::borrow::Cow;

use super::convert::Replacement;

/// Composes replacements of a text with replacements of the result. Where they touch the same characters, one
/// replacement covers both; it carries the dictionary that says most, and is a guess if any part was.
pub(crate) fn compose(first: Vec<Replacement>, second: Vec<Replacement>) -> Vec<Replacement> {
    let mut out: Vec<Replacement> = Vec::with_capacity(first.len() + second.len());
    let mut first = first.into_iter().peekable();
    let mut second = second.into_iter().peekable();
    // How far a place after the replacements taken so far lies behind in the middle text.
    let mut shift = 0_isize;
    loop {
        // The next group: replacements whose stretches of the middle text overlap.
        let middle = |r: &Replacement, shift: isize| {
            let start = r.range.start.saturating_add_signed(shift);
            start..start + r.new.len()
        };
        let lead_first = match (first.peek(), second.peek()) {
            (None, None) => return out,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => middle(a, shift).start <= b.range.start,
        };
        // Most replacements meet no other.
        if lead_first {
            let end = first.peek().map_or(0, |a| middle(a, shift).end);
            if second.peek().is_none_or(|b| end <= b.range.start) {
                let Some(replacement) = first.next() else { return out };
                shift += replacement.new.len().cast_signed() - replacement.range.len().cast_signed();
                out.push(replacement);
                continue;
            }
        }
        let mut group = Group::default();
        if lead_first {
            let Some(replacement) = first.next() else { return out };
            group.take_first(replacement, &mut shift);
        } else {
            let Some(replacement) = second.next() else { return out };
            group.take_second(replacement, shift);
        }
        loop {
            if let Some(a) = first.next_if(|a| middle(a, shift).start < group.middle_end) {
                group.take_first(a, &mut shift);
            } else if let Some(b) = second.next_if(|b| b.range.start < group.middle_end) {
                group.take_second(b, shift);
            } else {
                break;
            }
        }
        out.extend(group.finish());
    }
}

/// Replacements that meet, collected in the coordinates of the middle text.
#[derive(Default)]
struct Group {
    /// Start in the middle text, and how far the input lies from it there.
    start: Option<(usize, isize)>,
    middle_end: usize,
    /// How far the input lies behind the middle text after the group.
    after: isize,
    firsts: Vec<(std::ops::Range<usize>, Replacement)>,
    seconds: Vec<Replacement>,
}

impl Group {
    fn take_first(&mut self, replacement: Replacement, shift: &mut isize) {
        let start = replacement.range.start.saturating_add_signed(*shift);
        let end = start + replacement.new.len();
        self.start.get_or_insert((start, *shift));
        *shift += replacement.new.len().cast_signed() - replacement.range.len().cast_signed();
        self.after = *shift;
        self.middle_end = self.middle_end.max(end);
        self.firsts.push((start..end, replacement));
    }

    fn take_second(&mut self, replacement: Replacement, shift: isize) {
        self.start.get_or_insert((replacement.range.start, shift));
        if self.firsts.is_empty() {
            self.after = shift;
        }
        self.middle_end = self.middle_end.max(replacement.range.end);
        self.seconds.push(replacement);
    }

    /// The group as one replacement of the input. What of the middle text no second replacement covers is either
    /// new text of a first one or, between them, text of the input that only a second one touches, so it is built
    /// from the parts; a group of one is that one.
    fn finish(self) -> Option<Replacement> {
        let (start, before) = self.start?;
        let range = start.saturating_add_signed(-before)..self.middle_end.saturating_add_signed(-self.after);
        if self.seconds.is_empty() {
            return self.firsts.into_iter().next().map(|(_, first)| first);
        }
        let mut new = String::new();
        let mut at = start;
        for second in &self.seconds {
            push_middle(&mut new, &self.firsts, at..second.range.start);
            new.push_str(&second.new);
            at = second.range.end;
        }
        push_middle(&mut new, &self.firsts, at..self.middle_end);
        let parts = || self.firsts.iter().map(|(_, first)| first).chain(&self.seconds);
        let grade = parts().find_map(|it| it.grade);
        let seen = parts().map(|it| it.seen).max().unwrap_or(0);
        let dictionary = parts().max_by_key(|it| weight(it.dictionary))?.dictionary;
        // Rivals of a part are rivals of the whole only if the part is the whole.
        let mut rivals: Vec<&str> =
            if self.firsts.len() + self.seconds.len() == 1 || self.firsts.len() == 1 && grade.is_some() {
                parts().flat_map(|it| &it.rivals).copied().collect()
            } else {
                Vec::new()
            };
        // Where a region prefers what was a rival, the first choice becomes one.
        if let [(_, Replacement { new: Cow::Borrowed(first), .. })] = self.firsts[..]
            && rivals.contains(&&*new)
        {
            rivals.push(first);
        }
        rivals.retain(|rival| *rival != new);
        Some(Replacement { range, new: new.into(), dictionary, rivals, grade, seen })
    }
}

/// Which of the dictionaries that met at a place says best what happened: regional words, then the script.
fn weight(dictionary: &str) -> u8 {
    match dictionary {
        "TWPhrases" | "TWPhrasesRev" | "HKPhrases" | "HKPhrasesRev" | "repairs_twp" => 2,
        "repairs_st" | "repairs_ts" => 1,
        name if name.starts_with("ST") || name.starts_with("TS") => 1,
        _ => 0,
    }
}

/// Appends the part of the middle text that first replacements made within a range.
fn push_middle(
    out: &mut String,
    firsts: &[(std::ops::Range<usize>, Replacement)],
    range: std::ops::Range<usize>,
) {
    for (place, first) in firsts {
        let (from, to) = (range.start.max(place.start), range.end.min(place.end));
        if from < to {
            out.push_str(&first.new[from - place.start..to - place.start]);
        }
    }
}
