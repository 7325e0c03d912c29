//! What is different in vertical lines: which characters stand upright in a cell of their own, which
//! lie on their side, which take another form (CLReq, Writing modes; UAX 50; checklist 33–36).

use crate::{
    edition::Region,
    font::shape::Shaper,
    layout::class::{Class, Composition},
};

/// How a character of a vertical line is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Setting {
    /// With the flow: Han and marks upright, Western text on its side.
    #[default]
    Flow,
    /// It begins a group of this many characters that stand side by side in one upright cell.
    Cell(usize),
}

/// How each character of a paragraph is set; `marked` says whether a byte lies under a mark for tate-chu-yoko.
///
/// A whole number of few digits takes one cell (checklist 36), single letters and short acronyms a cell
/// a letter (checklist 35): all or nothing of them, and only where Chinese or nothing stands on both sides.
pub(super) fn settings(
    composition: &Composition,
    chars: &[(usize, char)],
    classes: &[Option<Class>],
    marked: impl Fn(usize) -> bool,
) -> Vec<Setting> {
    let mut out = vec![Setting::Flow; chars.len()];
    let western = |i: usize| classes[i].is_none() && !chars[i].1.is_whitespace();
    let mut i = 0;
    while i < chars.len() {
        if composition.heeds(36) && marked(chars[i].0) {
            let run = chars[i..].iter().take_while(|c| marked(c.0)).count();
            out[i] = Setting::Cell(run);
            i += run;
            continue;
        }
        if !western(i) {
            i += 1;
            continue;
        }
        let end = (i..chars.len()).find(|&k| !western(k) || marked(chars[k].0)).unwrap_or(chars.len());
        let token = &chars[i..end];
        let all = |test: fn(&char) -> bool| token.iter().all(|c| test(&c.1));
        let apart = chinese_beside(chars, classes, i, false) && chinese_beside(chars, classes, end - 1, true);
        let (letters, numbers) = (apart && composition.heeds(35), apart && composition.heeds(36));
        if numbers && token.len() <= usize::from(composition.combine.min(4)) && all(char::is_ascii_digit) {
            out[i] = Setting::Cell(token.len());
        } else if numbers && token.len() == 2 && all(|c| matches!(c, '!' | '?')) {
            out[i] = Setting::Cell(2);
        } else if letters
            && (token.len() <= 3 && all(char::is_ascii_uppercase)
                || token.len() == 1 && all(|c| c.is_alphanumeric()))
        {
            out[i..end].fill(Setting::Cell(1));
        }
        i = end;
    }
    out
}

/// Whether past any spaces before (or after) a place there is Chinese text or nothing.
fn chinese_beside(chars: &[(usize, char)], classes: &[Option<Class>], at: usize, after: bool) -> bool {
    let mut i = at;
    loop {
        i = match if after { i.checked_add(1) } else { i.checked_sub(1) } {
            Some(i) if i < chars.len() => i,
            _ => return true,
        };
        if classes[i].is_some() || chars[i].1 == '\n' || chars[i].1 == crate::text::OBJECT {
            return true;
        }
        if !chars[i].1.is_whitespace() {
            return false;
        }
    }
}

/// The character that is drawn for another: in vertical lines curly quotes take corner forms (checklist 34).
pub(super) fn drawn(composition: &Composition, class: Class, c: char) -> char {
    if !composition.vertical() || composition.off.has(34) || !matches!(class, Class::Open | Class::Close) {
        return c;
    }
    let mainland = composition.region == Region::Cn;
    match c {
        '“' => if mainland { '『' } else { '「' },
        '”' => if mainland { '』' } else { '」' },
        '‘' => if mainland { '「' } else { '『' },
        '’' => if mainland { '」' } else { '』' },
        c => c,
    }
}

/// Whether a Chinese mark lies on its side: strokes and dots always, brackets if the face has no
/// vertical form of them; ：；！？ never, whatever UAX 50 says (checklist 33).
pub(super) fn lies(composition: &Composition, class: Class, c: char, shaper: &Shaper) -> bool {
    match class {
        Class::Dash | Class::Ellipsis | Class::Connector => true,
        Class::Open | Class::Close => {
            shaper.direct_vertical(c, composition.region).0 == shaper.direct(c).0
        }
        Class::Colon => composition.off.has(33),
        _ => false,
    }
}
