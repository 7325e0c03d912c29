//! Quotation marks of a region: a text in, edits out that turn pairs of “” ‘’ 「」 『』 into the marks of the edition,
//! level by level. A pair changes as a whole or not at all.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    edit::Edit,
    edition::Region,
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

/// The mark that opens a text, white space aside.
pub(crate) fn opening_of(text: &Text) -> Option<char> {
    text.as_str().trim_start().chars().next().filter(|c| closing(*c).is_some())
}

/// The edits that give a text the quotation marks of a region, and the places of marks without a partner.
///
/// `continued` says that the next text opens with the same mark as this one: a quotation of several paragraphs has an
/// opening mark at each, and a closing one at the last only.
pub(crate) fn localize_quotes(
    text: &Text,
    region: Region,
    continued: bool,
) -> (Vec<Edit>, Vec<Range<usize>>) {
    let string = text.as_str();
    if !string.contains(is_mark) {
        return (Vec::new(), Vec::new());
    }
    let (mut pairs, mut lonely) = pair_up(text);
    pairs.sort_by_key(|pair| pair.open);
    link(&mut pairs);
    let own = convention(region);
    let hanzi: Vec<usize> =
        string.char_indices().filter(|(_, c)| is_chinese(*c) && !is_mark(*c)).map(|(at, _)| at).collect();
    let chinese: Vec<bool> = pairs.iter().map(|pair| is_in_chinese(string, pair, &hanzi)).collect();
    // A nest whose marks are all the region's own is left as it is: 『』 may well stand outside.
    let mut foreign = vec![false; pairs.len()];
    let mut roots: Vec<usize> = Vec::with_capacity(pairs.len());
    for (i, pair) in pairs.iter().enumerate() {
        roots.push(pair.parent.map_or(i, |parent| roots[parent]));
        foreign[roots[i]] |= chinese[i] && !own.contains(&pair.mark);
    }
    let mut levels = vec![0_usize; pairs.len()];
    let mut edits = Vec::new();
    let start = string.len() - string.trim_start().len();
    let open_to_next =
        continued && lonely.first() == Some(&start) && string[start + 3..].contains(is_chinese);
    if open_to_next {
        lonely.remove(0);
        edits.push(Edit::sure(start..start + 3, own[0]));
    }
    for i in 0..pairs.len() {
        let pair = &pairs[i];
        levels[i] = pair.parent.map_or(usize::from(open_to_next), |it| levels[it] + usize::from(chinese[it]));
        if !chinese[i] || !(foreign[roots[i]] || open_to_next) {
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
    // How many of each kind are open: a closing mark that nothing waits for need not look through them all.
    let mut waiting: BTreeMap<char, usize> = BTreeMap::new();
    let (mut pairs, mut lonely) = (Vec::new(), Vec::new());
    for range in text.open_ranges() {
        for (i, c) in string[range.clone()].char_indices().filter(|(_, c)| is_mark(*c)) {
            let at = range.start + i;
            if c == '’' && is_apostrophe(string, at) {
                continue;
            }
            if let Some(end) = closing(c) {
                open.push((at, c));
                *waiting.entry(end).or_default() += 1;
                continue;
            }
            if waiting.get(&c).is_none_or(|count| *count == 0) {
                lonely.push(at);
                continue;
            }
            while let Some((start, mark)) = open.pop() {
                if let Some(end) = closing(mark) {
                    waiting.entry(end).and_modify(|count| *count -= 1);
                    if end == c {
                        pairs.push(Pair { open: start, close: at, mark, parent: None });
                        break;
                    }
                }
                lonely.push(start);
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
    before.is_some_and(|c| c.is_alphanumeric() && !is_chinese(c))
        && after.is_some_and(|c| c.is_ascii_alphanumeric())
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

/// Whether a quotation is Chinese by what it quotes, or by both its neighbors; `hanzi` are the places of Chinese.
fn is_in_chinese(string: &str, pair: &Pair, hanzi: &[usize]) -> bool {
    let near = |c: Option<char>| c.is_some_and(|c| is_chinese(c) && !is_mark(c));
    hanzi.get(hanzi.partition_point(|at| *at < pair.open)).is_some_and(|at| *at < pair.close)
        || near(string[..pair.open].chars().next_back()) && near(string[pair.close + 3..].chars().next())
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
        let (edits, lonely) = localize_quotes(&text, region, false);
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
    #[test]
    fn a_quotation_of_several_paragraphs() {
        for (before, after) in
            [("“第一段‘甲’。", "「第一段『甲』。"), ("“第一段「乙」。", "「第一段『乙』。")]
        {
            let mut text = Text::verbatim(before, SourceId(0), 0);
            let (edits, lonely) = localize_quotes(&text, Region::Tw, true);
            text.apply("quotes-region", edits, |_| true);
            assert_eq!((text.as_str(), lonely.len()), (after, 0));
        }
    }
}
