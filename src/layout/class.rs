//! What a character is to a typesetter, and which classes may meet at a line edge.

use icu_properties::{CodePointMapData, props::EastAsianWidth};

use crate::edition::Region;

/// Classes of CLReq, as far as line composition tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Han and everything that is set like it: kana, bopomofo, circled numbers, full-width letters.
    Han,
    /// Opening quotes, brackets, title marks.
    Open,
    /// Closing quotes, brackets, title marks.
    Close,
    /// 、，
    Comma,
    /// ；：
    Colon,
    /// 。．
    Stop,
    /// ？！
    Exclaim,
    /// · between Han.
    Interpunct,
    /// ——
    Dash,
    /// ……
    Ellipsis,
    /// ～ – — single.
    Connector,
    /// ／ between Han.
    Solidus,
    /// ￥ ＃ № before a number.
    Prefix,
    /// ％ ‰ after a number.
    Suffix,
    /// A piece of Western text.
    Western,
    /// A word space.
    Space,
    /// A space typed between Han and Latin: it is set as the gap that belongs there (checklist 27).
    TypedGap,
    /// U+3000.
    IdeographicSpace,
    /// A note mark, superscript or subscript.
    NoteMark,
    /// U+200B and the like: no width, a break.
    ZeroWidth,
    /// A hard line break.
    LineBreak,
    /// An inline picture.
    Object,
}

/// How strictly line starts are kept clear (CLReq, Prohibition rules; checklist 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kinsoku {
    /// Nothing is forbidden.
    None,
    /// Marks, closing brackets, connectors, interpuncts, solidus.
    #[default]
    Basic,
    /// And the solidus at no line end (GB/T 15834 5.1.9).
    Gb,
    /// And —— …… at no line start.
    Strict,
}

/// How lines are composed in a region; see the table of defaults in `docs/ARCHITECTURE.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Composition {
    /// The region: glyph positions, quotes.
    pub region: Region,
    /// Prohibition level.
    pub kinsoku: Kinsoku,
    /// Whether two marks that meet close up (checklist 14).
    pub close_up: bool,
    /// Whether an opening bracket at a line start loses its leading half em (checklist 15).
    pub trim_start: bool,
    /// Whether a full-width mark at a line end always takes half an em (checklist 16).
    pub trim_end: bool,
    /// Width of the interpunct, 1/1024 em (checklist 7).
    pub interpunct: i32,
    /// Han–Latin gap, 1/1024 em (checklist 26).
    pub gap: i32,
}

impl Composition {
    /// The defaults of a region.
    pub fn of(region: Region) -> Self {
        let mainland = region == Region::Cn;
        Self {
            region,
            kinsoku: if mainland { Kinsoku::Gb } else { Kinsoku::Basic },
            close_up: true,
            trim_start: region != Region::Tw,
            trim_end: mainland,
            interpunct: if mainland { 512 } else { 1024 },
            gap: 256,
        }
    }

    /// The blank before and after the ink of a full-width mark that may be taken away, 1/1024 em.
    ///
    /// Centred marks have a quarter em on both sides, marks in the corner half an em after them;
    /// ？！ of Taiwan and Hong Kong are fixed (checklist 13, 18).
    pub fn blanks(&self, class: Class) -> (i32, i32) {
        let centred = self.region != Region::Cn;
        match class {
            Class::Open => (512, 0),
            Class::Close => (0, 512),
            Class::Comma | Class::Colon | Class::Stop if centred => (256, 256),
            Class::Exclaim if centred => (0, 0),
            Class::Comma | Class::Colon | Class::Stop | Class::Exclaim => (0, 512),
            Class::Interpunct => ((self.interpunct - 512).max(0) / 2, (self.interpunct - 512).max(0) / 2),
            _ => (0, 0),
        }
    }

    /// How much two marks that meet give up, 1/1024 em (checklist 14).
    pub fn closing_up(&self, first: Class, second: Class) -> i32 {
        use Class::{Close, Colon, Comma, Exclaim, Open, Stop};
        let pause = |c| matches!(c, Comma | Colon | Stop | Exclaim);
        let (after, before) = (self.blanks(first).1, self.blanks(second).0);
        let meet = match (first, second) {
            (Close | Open, Open) | (Close, Close) => true,
            (first, Open) if pause(first) => true,
            (Close, second) if pause(second) => true,
            // A centred stop has only a quarter em before a closing bracket: it keeps it.
            (first, Close) if pause(first) => self.region == Region::Cn,
            (first, second) if pause(first) && pause(second) => self.region == Region::Cn,
            _ => false,
        };
        if self.close_up && meet { 512.min(after + before) } else { 0 }
    }

    /// Whether a class may not stand at a line start.
    pub fn no_start(&self, class: Class) -> bool {
        use Class::{
            Close, Colon, Comma, Connector, Dash, Ellipsis, Exclaim, Interpunct, NoteMark, Solidus, Stop,
            Suffix,
        };
        match class {
            NoteMark | Suffix => true,
            Comma | Colon | Stop | Exclaim | Close | Connector | Interpunct | Solidus => {
                self.kinsoku >= Kinsoku::Basic
            }
            Dash | Ellipsis => self.kinsoku >= Kinsoku::Strict,
            _ => false,
        }
    }

    /// Whether a class may not stand at a line end.
    pub fn no_end(&self, class: Class) -> bool {
        match class {
            Class::Prefix => true,
            Class::Open => self.kinsoku >= Kinsoku::Basic,
            Class::Solidus => self.kinsoku >= Kinsoku::Gb,
            _ => false,
        }
    }
}

/// The class of a character that is Chinese by itself; `None` for Western characters and for
/// those that only the context can tell (“ ” ‘ ’ — … · – /).
pub fn chinese(c: char) -> Option<Class> {
    Some(match c {
        '（' | '［' | '｛' | '〈' | '《' | '「' | '『' | '【' | '〔' | '〖' | '〝' | '｢' => {
            Class::Open
        }
        '）' | '］' | '｝' | '〉' | '》' | '」' | '』' | '】' | '〕' | '〗' | '〞' | '〟' | '｣' => {
            Class::Close
        }
        '、' | '，' | '､' => Class::Comma,
        '；' | '：' => Class::Colon,
        '。' | '．' | '｡' => Class::Stop,
        '？' | '！' => Class::Exclaim,
        '・' | '‧' => Class::Interpunct,
        '⸺' => Class::Dash,
        '⋯' => Class::Ellipsis,
        '～' | '〜' | '－' => Class::Connector,
        '／' => Class::Solidus,
        '￥' | '＄' | '￡' | '＃' | '№' => Class::Prefix,
        '％' => Class::Suffix,
        '\u{3000}' => Class::IdeographicSpace,
        '①'..='⓿' => Class::Han,
        c if wide(c) => Class::Han,
        _ => return None,
    })
}

/// Whether a character is Chinese only beside Chinese text.
pub fn ambiguous(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·' | '•' | '–' | '/')
}

fn wide(c: char) -> bool {
    if (c as u32) < 0x1100 {
        return false;
    }
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
        || matches!(
            CodePointMapData::<EastAsianWidth>::new().get(c),
            EastAsianWidth::Wide | EastAsianWidth::Fullwidth
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clreq_14_pairs_close_up_by_region() {
        // (first, second, CN, TW, HK): what two cells of 1 em measure together, in em / 100.
        let class = |c| match c {
            '“' => Class::Open,
            '”' => Class::Close,
            c => chinese(c).expect("a Chinese mark"),
        };
        for (first, second, cn, tw, hk) in [
            ('》', '（', 150, 150, 150),
            ('：', '“', 150, 150, 150),
            ('。', '”', 150, 200, 200),
            ('）', '。', 150, 150, 150),
            ('（', '《', 150, 150, 150),
            ('。', '」', 150, 200, 200),
            ('，', '「', 150, 150, 150),
            ('」', '（', 150, 150, 150),
            ('，', '一', 200, 200, 200),
        ] {
            for (region, sum) in [(Region::Cn, cn), (Region::Tw, tw), (Region::Hk, hk)] {
                let composition = Composition::of(region);
                let taken = composition.closing_up(class(first), class(second));
                assert_eq!(2048 - taken, sum * 1024 / 100, "{first}{second} in {region:?}");
                let off = Composition { close_up: false, ..composition };
                assert_eq!(off.closing_up(class(first), class(second)), 0);
            }
        }
    }
}
