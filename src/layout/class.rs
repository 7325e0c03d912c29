//! What a character is to a typesetter, and which classes may meet at a line edge.

use std::sync::OnceLock;

use icu_properties::{CodePointMapData, props::EastAsianWidth};

use crate::{
    edition::Region,
    template::{Direction, EmphasisStyle, Hang, Marks, PageStyle},
};

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
    /// ？！ and the like set together in fewer cells (checklist 23).
    ExclaimPair,
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

/// Every class, in the order of their numbers.
const CLASSES: [Class; 23] = [
    Class::Han,
    Class::Open,
    Class::Close,
    Class::Comma,
    Class::Colon,
    Class::Stop,
    Class::Exclaim,
    Class::ExclaimPair,
    Class::Interpunct,
    Class::Dash,
    Class::Ellipsis,
    Class::Connector,
    Class::Solidus,
    Class::Prefix,
    Class::Suffix,
    Class::Western,
    Class::Space,
    Class::TypedGap,
    Class::IdeographicSpace,
    Class::NoteMark,
    Class::ZeroWidth,
    Class::LineBreak,
    Class::Object,
];

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

/// A set of checklist numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Items(u64);

impl Items {
    /// No number.
    pub const NONE: Self = Self(0);

    /// The set with one number more, 1 to 63.
    pub const fn with(self, item: u8) -> Self {
        Self(self.0 | 1 << item)
    }

    /// Whether a number is in the set.
    pub const fn has(self, item: u8) -> bool {
        self.0 & 1 << item != 0
    }
}

/// How lines are composed in a region and direction; see the table of defaults in `docs/ARCHITECTURE.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Composition {
    /// The region: glyph positions, quotes.
    pub region: Region,
    /// Which way lines run.
    pub direction: Direction,
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
    /// Width style of marks (checklist 17).
    pub marks: Marks,
    /// Hanging punctuation (checklist 22).
    pub hang: Hang,
    /// The longest number that is set upright in one cell of a vertical line, digits (checklist 36).
    pub combine: u8,
    /// Emphasis on Han (checklist 29).
    pub emphasis: EmphasisStyle,
    /// Whether Han characters stand on the grid (checklist 31).
    pub grid: bool,
    /// Checklist items that are not heeded: for comparison, and for the negative controls of tests.
    pub off: Items,
}

impl Composition {
    /// The defaults of a region in horizontal setting.
    pub fn of(region: Region) -> Self {
        let mainland = region == Region::Cn;
        Self {
            region,
            direction: Direction::Horizontal,
            kinsoku: if mainland { Kinsoku::Gb } else { Kinsoku::Basic },
            close_up: true,
            trim_start: region != Region::Tw,
            trim_end: mainland,
            interpunct: if mainland { 512 } else { 1024 },
            gap: 256,
            marks: Marks::Full,
            hang: Hang::Auto,
            combine: 2,
            emphasis: EmphasisStyle::Kai,
            grid: false,
            off: Items::NONE,
        }
    }

    /// The defaults of a region with the choices of a page style.
    pub fn on(region: Region, page: &PageStyle) -> Self {
        Self {
            direction: page.direction,
            marks: page.marks,
            hang: page.hang,
            combine: page.combine,
            emphasis: page.emphasis,
            grid: page.grid,
            ..Self::of(region)
        }
    }

    /// Whether lines run from top to bottom.
    pub fn vertical(&self) -> bool {
        self.direction == Direction::Vertical
    }

    /// Whether a checklist item is heeded.
    pub fn heeds(&self, item: u8) -> bool {
        !self.off.has(item)
    }

    /// The blank before and after the ink of a full-width mark that may be taken away, 1/1024 em.
    ///
    /// Centred marks have a quarter em on both sides, marks in the corner half an em after them;
    /// ？！ of Taiwan and Hong Kong are fixed, and so are ：；？！ in vertical lines (checklist 13, 18).
    pub fn blanks(&self, class: Class) -> (i32, i32) {
        let centred = self.region != Region::Cn;
        match class {
            Class::Open => (512, 0),
            Class::Close => (0, 512),
            Class::Colon | Class::Exclaim if self.vertical() => (0, 0),
            Class::Comma | Class::Colon | Class::Stop if centred => (256, 256),
            Class::Exclaim if centred => (0, 0),
            Class::Comma | Class::Colon | Class::Stop | Class::Exclaim => (0, 512),
            Class::Interpunct => ((self.interpunct - 512).max(0) / 2, (self.interpunct - 512).max(0) / 2),
            _ => (0, 0),
        }
    }

    /// The blank before and after a mark that its width style takes away inside a line (checklist 17).
    pub fn styled(&self, class: Class) -> (i32, i32) {
        let half = match self.marks {
            Marks::Full => false,
            Marks::Kaiming => !matches!(class, Class::Stop | Class::Exclaim),
            Marks::Half => true,
        };
        let mark = matches!(
            class,
            Class::Open | Class::Close | Class::Comma | Class::Colon | Class::Stop | Class::Exclaim
        );
        if half && mark && self.heeds(17) { self.blanks(class) } else { (0, 0) }
    }

    /// How much two marks that meet give up, 1/1024 em (checklist 14).
    pub fn closing_up(&self, first: Class, second: Class) -> i32 {
        if !self.close_up || self.off.has(14) || !pairs().of(self.region, first, second).meet {
            return 0;
        }
        512.min(self.blanks(first).1 + self.blanks(second).0)
    }

    /// What the table says of a pair.
    pub(crate) fn pair(&self, first: Class, second: Class) -> &'static Pair {
        pairs().of(self.region, first, second)
    }

    /// Whether the table lets a line end between two classes.
    pub fn may_break(&self, first: Class, second: Class) -> bool {
        let Pair { level, item, .. } = pairs().of(self.region, first, second);
        level.is_none_or(|level| self.off.has(*item) || self.kinsoku < level)
    }

    /// Whether a class may not stand at a line start.
    pub fn no_start(&self, class: Class) -> bool {
        !self.may_break(Class::Han, class)
    }

    /// Whether a class may not stand at a line end.
    pub fn no_end(&self, class: Class) -> bool {
        !self.may_break(class, Class::Han)
    }

    /// Whether a mark of a class may hang outside the measure (checklist 22): pauses and stops in
    /// the corner of their cell; centred ones in vertical lines only.
    pub fn may_hang(&self, class: Class, measure: i32) -> bool {
        let on = match self.hang {
            Hang::Off => false,
            Hang::Auto => self.region == Region::Cn && measure < 14 * 1024,
            Hang::On | Hang::Force => true,
        };
        let placed = self.region == Region::Cn || self.vertical();
        on && placed && self.heeds(22) && matches!(class, Class::Comma | Class::Stop)
    }
}

/// What happens between two classes in a region.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pair {
    /// The level from which a break is forbidden; `None` where it is free.
    pub level: Option<Kinsoku>,
    /// The checklist item that forbids the break.
    pub item: u8,
    /// Whether the pair gives up half an em.
    pub meet: bool,
    /// Whether a Han–Latin gap may belong there.
    pub gap: bool,
    /// Whether justification may open it.
    pub open: bool,
}

/// The table of class pairs, `seeds/tables/class-pairs.tsv`.
const PAIRS: &str = include_str!("../../seeds/tables/class-pairs.tsv");

struct Pairs(Vec<Pair>);

impl Pairs {
    fn of(&self, region: Region, first: Class, second: Class) -> &Pair {
        &self.0[(region as usize * CLASSES.len() + first as usize) * CLASSES.len() + second as usize]
    }
}

fn pairs() -> &'static Pairs {
    static TABLE: OnceLock<Pairs> = OnceLock::new();
    TABLE.get_or_init(|| parse(PAIRS).expect("the table is tested"))
}

/// Reads the table; on failure says which line is wrong and why.
fn parse(table: &str) -> Result<Pairs, String> {
    let mut pairs = vec![Pair::default(); 3 * CLASSES.len() * CLASSES.len()];
    let classes = |field: &str| -> Result<Vec<Class>, String> {
        if field == "*" {
            return Ok(CLASSES.to_vec());
        }
        field
            .split('|')
            .map(|name| {
                let known = CLASSES.iter().copied().find(|c| format!("{c:?}") == name);
                known.ok_or_else(|| format!("`{name}` is no class"))
            })
            .collect()
    };
    for line in table.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [property, before, after, mainland, taiwan, hong_kong, item, reason] = fields[..] else {
            return Err(format!("eight fields, not {}: {line}", fields.len()));
        };
        let item = item.parse().map_err(|_| format!("no checklist number: {line}"))?;
        if reason.is_empty() {
            return Err(format!("no reason: {line}"));
        }
        for first in classes(before)? {
            for second in classes(after)? {
                for (region, value) in [(Region::Cn, mainland), (Region::Tw, taiwan), (Region::Hk, hong_kong)]
                {
                    let at = (region as usize * CLASSES.len() + first as usize) * CLASSES.len();
                    let pair = &mut pairs[at + second as usize];
                    match (property, value) {
                        ("break", "free") => pair.level = None,
                        ("break", "none") => (pair.level, pair.item) = (Some(Kinsoku::None), item),
                        // Of two rules that forbid a break the one that starts at the lower level stays.
                        ("break", "basic" | "gb" | "strict") => {
                            let level = match value {
                                "basic" => Kinsoku::Basic,
                                "gb" => Kinsoku::Gb,
                                _ => Kinsoku::Strict,
                            };
                            if pair.level.is_none_or(|known| level <= known) {
                                (pair.level, pair.item) = (Some(level), item);
                            }
                        }
                        ("meet", "half" | "-") => pair.meet = value == "half",
                        ("gap", "quarter" | "-") => pair.gap = value == "quarter",
                        ("open", "yes" | "no") => pair.open = value == "yes",
                        _ => return Err(format!("`{property}` cannot be `{value}`: {line}")),
                    }
                }
            }
        }
    }
    Ok(Pairs(pairs))
}

/// The class of a character that is Chinese by itself; `None` for Western characters and for
/// those that only the context can tell (“ ” ‘ ’ — … · – /).
pub fn chinese(c: char) -> Option<Class> {
    // Most of any text.
    if ('\u{4E00}'..='\u{9FFF}').contains(&c) {
        return Some(Class::Han);
    }
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
    matches!(
        CodePointMapData::<EastAsianWidth>::new().get(c),
        EastAsianWidth::Wide | EastAsianWidth::Fullwidth
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_every_class_in_order() {
        for (i, class) in CLASSES.iter().enumerate() {
            assert_eq!(*class as usize, i, "{class:?}");
        }
    }

    #[test]
    fn the_table_is_whole_and_a_wrong_line_is_named() {
        parse(PAIRS).expect("the table of pairs");
        for (line, wrong) in [
            ("break\tHan\tHan\tfree\tfree\tfree\t1", "eight fields"),
            ("break\tHahn\tHan\tfree\tfree\tfree\t1\tx", "no class"),
            ("break\tHan\tHan\tfree\tfree\tmaybe\t1\tx", "cannot be"),
            ("break\tHan\tHan\tfree\tfree\tfree\tone\tx", "no checklist number"),
            ("break\tHan\tHan\tfree\tfree\tfree\t1\t", "no reason"),
        ] {
            assert!(parse(line).err().is_some_and(|e| e.contains(wrong)), "{line}");
        }
    }

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
