//! Quotation marks of a region: a text in, edits out that turn pairs of “” ‘’ 「」 『』 into the marks of the edition,
//! level by level. A pair changes as a whole or not at all.

use std::ops::Range;

use crate::{
    edition::Region,
    edit::Edit,
    text::{OBJECT, Text},
};

/// Outer opening and closing, inner opening and closing.
fn convention(region: Region) -> [char; 4] {
    match region {
        Region::Cn => ['“', '”', '‘', '’'],
        Region::Tw | Region::Hk => ['「', '」', '『', '』'],
    }
}

fn closing(open: char) -> Option<char> {
    match open {
        '“' => Some('”'),
        '‘' => Some('’'),
        '「' => Some('」'),
        '『' => Some('』'),
        _ => None,
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』')
}

/// Han characters, Chinese marks and full-width forms; not the quotation marks that Latin text shares.
pub(crate) fn is_chinese(c: char) -> bool {
    matches!(u32::from(c), 0x3000..=0x30FF | 0x3100..=0x312F | 0x3400..=0x9FFF | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F | 0xFF01..=0xFF60 | 0x2_0000..=0x3_FFFF)
}

/// A quotation: byte offsets of its two marks, and how deep it lies among the quotations of its text.
struct Pair {
    open: usize,
    close: usize,
    mark: char,
    /// The pair directly around it.
    parent: Option<usize>,
}

/// The edits that give a text the quotation marks of a region, and the places of marks without a partner.
pub(crate) fn localize_quotes(text: &Text, region: Region) -> (Vec<Edit>, Vec<Range<usize>>) {
    let string = text.as_str();
    if !string.contains(is_mark) {
        return (Vec::new(), Vec::new());
    }
    let (mut pairs, lonely) = pair_up(text);
    pairs.sort_by_key(|pair| pair.open);
    link(&mut pairs);
    let own = convention(region);
    let chinese: Vec<bool> = pairs.iter().map(|pair| is_in_chinese(string, pair)).collect();
    // A nest whose marks are all the region's own is left as it is: 『』 may well stand outside.
    let mut foreign = vec![false; pairs.len()];
    for i in 0..pairs.len() {
        if chinese[i] && !own.contains(&pairs[i].mark) {
            foreign[root(&pairs, i)] = true;
        }
    }
    let mut levels = vec![0_usize; pairs.len()];
    let mut edits = Vec::new();
    for i in 0..pairs.len() {
        let pair = &pairs[i];
        levels[i] = pair.parent.map_or(0, |parent| levels[parent] + usize::from(chinese[parent]));
        if !chinese[i] || !foreign[root(&pairs, i)] {
            continue;
        }
        let (open, close) = if levels[i] % 2 == 0 { (own[0], own[1]) } else { (own[2], own[3]) };
        if open != pair.mark {
            // All eight marks take three bytes in UTF-8.
            edits.push(Edit::sure(pair.open..pair.open + 3, open));
            edits.push(Edit::sure(pair.close..pair.close + 3, close));
        }
    }
    edits.sort_by_key(|edit| edit.range.start);
    let lonely = lonely.into_iter().filter(|&at| touches_chinese(string, at)).map(|at| at..at + 3).collect();
    (edits, lonely)
}

/// Pairs the marks of a text outside locked stretches, and lists those without a partner.
fn pair_up(text: &Text) -> (Vec<Pair>, Vec<usize>) {
    let string = text.as_str();
    let mut open: Vec<(usize, char)> = Vec::new();
    let (mut pairs, mut lonely) = (Vec::new(), Vec::new());
    for range in text.open_ranges() {
        for (i, c) in string[range.clone()].char_indices().filter(|(_, c)| is_mark(*c)) {
            let at = range.start + i;
            if closing(c).is_some() {
                open.push((at, c));
            } else if let Some(depth) = open.iter().rposition(|&(_, mark)| closing(mark) == Some(c)) {
                if c == '’' && is_apostrophe(string, at) {
                    continue;
                }
                lonely.extend(open.drain(depth + 1..).map(|(at, _)| at));
                let (start, mark) = open.remove(depth);
                pairs.push(Pair { open: start, close: at, mark, parent: None });
            } else if c != '’' || !is_apostrophe(string, at) {
                lonely.push(at);
            }
        }
    }
    lonely.extend(open.into_iter().map(|(at, _)| at));
    lonely.sort_unstable();
    (pairs, lonely)
}

/// A ’ after a Latin letter or digit and before anything but Chinese or the end: it’s, the ’90s, 5’10.
fn is_apostrophe(string: &str, at: usize) -> bool {
    let before = string[..at].chars().next_back();
    let after = string[at + 3..].chars().next();
    before.is_some_and(|c| c.is_alphanumeric() && !is_chinese(c)) && after.is_some_and(|c| c.is_ascii_alphanumeric())
        || before.is_none_or(char::is_whitespace) && after.is_some_and(|c| c.is_ascii_digit())
}

/// Finds the pair around each pair; pairs are in order of their opening mark and never cross.
fn link(pairs: &mut [Pair]) {
    let mut around: Vec<usize> = Vec::new();
    for i in 0..pairs.len() {
        while around.last().is_some_and(|&outer| pairs[outer].close < pairs[i].open) {
            around.pop();
        }
        pairs[i].parent = around.last().copied();
        around.push(i);
    }
}

fn root(pairs: &[Pair], mut i: usize) -> usize {
    while let Some(parent) = pairs[i].parent {
        i = parent;
    }
    i
}

/// Whether a quotation is Chinese by what it quotes, or by both its neighbors.
fn is_in_chinese(string: &str, pair: &Pair) -> bool {
    let inside = &string[pair.open + 3..pair.close];
    let chinese = |c: Option<char>| c.is_some_and(|c| is_chinese(c) && !is_mark(c));
    inside.chars().any(|c| chinese(Some(c)))
        || chinese(string[..pair.open].chars().next_back()) && chinese(string[pair.close + 3..].chars().next())
}

/// Whether a lonely mark stands next to Chinese, so that somebody should look at it.
fn touches_chinese(string: &str, at: usize) -> bool {
    let near = |c: Option<char>| c.is_some_and(|c| is_chinese(c) && c != OBJECT);
    near(string[..at].chars().next_back()) || near(string[at + 3..].chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn localized(input: &str, region: Region) -> (String, usize) {
        let mut text = Text::verbatim(input, SourceId(0), 0);
        let (edits, lonely) = localize_quotes(&text, region);
        text.apply("quotes-region", edits, |_| true);
        (text.as_str().to_owned(), lonely.len())
    }

    #[test]
    fn pairs_change_or_stay() {
        use Region::{Cn, Hk, Tw};
        // (region, before, after, marks without a partner)
        for (region, before, after, lonely) in [
            (Cn, "「上海精神」作為", "“上海精神”作為", 0),
            (Cn, "他說：「這是『新』路。」", "他說：“這是‘新’路。”", 0),
            (Cn, "『書名』", "“書名”", 0),
            (Cn, "「甲「乙」丙」", "“甲‘乙’丙”", 0),
            (Cn, "「甲『乙「丙」』」", "“甲‘乙“丙”’”", 0),
            (Hk, "他說：“這是‘新’路。”", "他說：「這是『新』路。」", 0),
            (Tw, "“甲「乙」丙”", "「甲『乙』丙」", 0),
            (Tw, "『書名』與「話」", "『書名』與「話」", 0),
            (Tw, "所謂“AI”時代", "所謂「AI」時代", 0),
            (Tw, "He said “hello” to me", "He said “hello” to me", 0),
            (Tw, "“Let’s go,” she said", "“Let’s go,” she said", 0),
            (Tw, "他說“Don’t worry”。", "他說「Don’t worry」。", 0),
            (Tw, "‘It’s 新’", "「It’s 新」", 0),
            (Tw, "身高5’10”，", "身高5’10”，", 1),
            (Cn, "未完的「引文", "未完的「引文", 1),
            (Cn, "多餘的」和「甲」", "多餘的」和“甲”", 1),
            (Tw, "“甲‘乙”丙", "「甲‘乙」丙", 1),
            (Tw, "“”", "“”", 0),
            (Tw, "rock ’n’ roll", "rock ’n’ roll", 0),
        ] {
            assert_eq!(localized(before, region), (after.to_owned(), lonely), "{before}");
        }
    }
}
