//! What is different in vertical lines: which characters stand upright in a cell of their own, which
//! lie on their side, which take another form (CLReq, Writing modes; UAX 50; checklist 33–36).

use crate::{
    combine::stretches,
    edition::Region,
    font::shape::Shaper,
    layout::class::{Class, Composition},
    text::Text,
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

/// How each character of a paragraph is set.
///
/// Whole numbers of few digits and marked stretches take one cell (checklist 36), single letters and short
/// acronyms a cell a letter (checklist 35): all or nothing of them, and only where Chinese or nothing
/// stands on both sides.
pub(super) fn settings(
    composition: &Composition,
    text: &Text,
    chars: &[(usize, char)],
    classes: &[Option<Class>],
) -> Vec<Setting> {
    let mut out = vec![Setting::Flow; chars.len()];
    if composition.heeds(36) {
        for range in stretches(text, composition.combine.min(4)) {
            let from = chars.partition_point(|c| c.0 < range.start);
            let to = chars.partition_point(|c| c.0 < range.end);
            out[from] = Setting::Cell(to - from);
        }
    }
    // Without checklist 35 just the other Western text stands upright.
    let wanted = composition.heeds(35);
    let western = |i: usize| classes[i].is_none() && !chars[i].1.is_whitespace();
    let mut i = 0;
    while i < chars.len() {
        if let Setting::Cell(n) = out[i] {
            i += n;
            continue;
        }
        if !western(i) {
            i += 1;
            continue;
        }
        let end = (i..chars.len()).find(|&k| !western(k) || out[k] != Setting::Flow).unwrap_or(chars.len());
        let token = &chars[i..end];
        let capitals = token.len() <= 3 && token.iter().all(|c| c.1.is_ascii_uppercase());
        let letter = token.len() == 1 && token[0].1.is_alphabetic();
        let apart =
            || chinese_beside(chars, classes, i, false) && chinese_beside(chars, classes, end - 1, true);
        if ((capitals || letter) && apart()) == wanted {
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
        '“' => {
            if mainland {
                '『'
            } else {
                '「'
            }
        }
        '”' => {
            if mainland {
                '』'
            } else {
                '」'
            }
        }
        '‘' => {
            if mainland {
                '「'
            } else {
                '『'
            }
        }
        '’' => {
            if mainland {
                '」'
            } else {
                '』'
            }
        }
        c => c,
    }
}

/// Whether a class takes the face's vertical forms.
pub(super) fn has_form(composition: &Composition, class: Class) -> bool {
    match class {
        Class::Open | Class::Close => composition.heeds(33) && composition.heeds(34),
        _ => composition.heeds(13),
    }
}

/// Whether a Chinese mark lies on its side: strokes and dots always, brackets if the face has no
/// vertical form of them; ：；！？ never, whatever UAX 50 says (checklist 33).
pub(super) fn lies(composition: &Composition, class: Class, c: char, shaper: &Shaper) -> bool {
    match class {
        Class::Dash | Class::Ellipsis | Class::Connector => true,
        Class::Open | Class::Close if composition.off.has(33) || composition.off.has(34) => false,
        Class::Open | Class::Close => shaper.direct_vertical(c, composition.region).0 == shaper.direct(c).0,
        Class::Colon => composition.off.has(33),
        _ => false,
    }
}
