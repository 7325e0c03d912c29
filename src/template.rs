//! What a designer may change: page style (TOML) and style sheets, read from `templates/`.

use serde::{Deserialize, Deserializer, de};

use crate::{
    counter::Numerals,
    document::{Counter, NotePlace},
    font::store::Family,
    package::Package,
};

/// A template: the page style and the style sheet of the reflowable editions.
#[derive(Clone, Debug)]
pub struct Template {
    /// Name, e.g. `handout`.
    pub name: String,
    /// The page.
    pub page: PageStyle,
    /// Style sheet of the EPUB.
    pub epub_css: String,
    /// What a vertical EPUB adds to it.
    pub epub_vertical_css: String,
    /// What a page in HTML has besides the style sheet of the EPUB.
    pub html_css: String,
    /// A document of Word whose styles, page, heads and feet a DOCX has instead.
    pub reference: Option<Package>,
}

/// Which way lines run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From left to right, lines from top to bottom.
    #[default]
    Horizontal,
    /// From top to bottom, lines and pages from right to left (CLReq, Writing modes; checklist 32).
    Vertical,
}

/// The page style of a template. Lengths are pt unless a name says em; the TOML accepts pt, mm, cm,
/// in, Q (a quarter of a millimetre) and the 號 names of sizes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageStyle {
    /// What it is for, one line.
    pub summary: String,
    /// Page width, pt.
    #[serde(deserialize_with = "length")]
    pub width: f32,
    /// Page height, pt.
    #[serde(deserialize_with = "length")]
    pub height: f32,
    /// Which way lines run.
    #[serde(default)]
    pub direction: Direction,
    /// Body size, pt (one em).
    #[serde(deserialize_with = "length")]
    pub size: f32,
    /// Distance between line axes, em.
    pub pitch: f32,
    /// Line length, em: a whole number (字數).
    pub measure: u16,
    /// Lines on a page (行數).
    pub lines: u16,
    /// From the top edge of the page to the type area, pt. In vertical setting lines start there.
    #[serde(deserialize_with = "length")]
    pub top: f32,
    /// From the binding edge to the type area, pt; without it the type area is centred. Facing pages
    /// are mirrored.
    #[serde(default, deserialize_with = "maybe_length")]
    pub inner: Option<f32>,
    /// First-line indent, em.
    pub indent: f32,
    /// The letter form of running text.
    #[serde(default = "serif")]
    pub body: Family,
    /// Where the running head stands.
    #[serde(default)]
    pub head: Head,
    /// Where the folio stands and how it is written.
    #[serde(default)]
    pub folio: Folio,
    /// Whether a chapter (heading of level 1) starts a new page.
    #[serde(default)]
    pub chapter: Opening,
    /// Whether the title stands on a page of its own.
    #[serde(default)]
    pub title_page: bool,
    /// Depth of the table of contents: how many levels of headings it lists; 0 for none.
    #[serde(default)]
    pub contents: u8,
    /// Whether a colophon (版權頁) with the metadata ends the book.
    #[serde(default)]
    pub colophon: bool,
    /// How the title of the document looks.
    #[serde(default)]
    pub title: TitleStyle,
    /// Headings by level, the first for level 1; deeper levels look like the last.
    #[serde(default)]
    pub heading: Vec<HeadingStyle>,
    /// How notes look.
    #[serde(default)]
    pub notes: NoteStyle,
    /// How the numbers of lists are written, by depth; deeper lists begin again.
    #[serde(default)]
    pub counters: Vec<Counter>,
    /// How dates, times, ages and ordinals are written, in every format (checklist 37).
    #[serde(default)]
    pub numerals: Numerals,
    /// Where the signature and date of a letter or an official document stand (checklist 56).
    #[serde(default)]
    pub signature: Signature,
    /// How emphasis looks on Han (checklist 29, 44).
    #[serde(default)]
    pub emphasis: EmphasisStyle,
    /// How wide marks are inside a line (checklist 17).
    #[serde(default)]
    pub marks: Marks,
    /// Whether a mark may hang outside the measure (checklist 22).
    #[serde(default)]
    pub hang: Hang,
    /// The longest number that is set upright in one cell of a vertical line, digits (checklist 36).
    #[serde(default = "two")]
    pub combine: u8,
    /// Whether every Han character stands on the grid of the page (checklist 31).
    #[serde(default)]
    pub grid: bool,
}

/// Where a running head stands (checklist 54).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Head {
    /// There is none.
    #[default]
    None,
    /// The title, on all pages but the first.
    Title,
    /// The title of the book on even pages, of the chapter on odd ones, none where a chapter opens.
    Facing,
}

/// Where the folio stands (checklist 54).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Folio {
    /// Centred at the foot.
    #[default]
    Center,
    /// At the outer foot.
    Outer,
    /// GB/T 9704: `— 1 —` at the outer foot, an em in.
    Official,
    /// Down the fore-edge in Chinese numerals by place, for vertical books: 一〇三.
    ForeEdge,
    /// There is none.
    None,
}

/// Where a chapter starts (checklist 52).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opening {
    /// Where the text before it ends.
    #[default]
    Flow,
    /// On a new page.
    Page,
    /// On a new recto: an odd page.
    Recto,
}

/// How the title of the document looks: centred, over the text or on its own page (checklist 51).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TitleStyle {
    /// Size, relative to the body.
    pub scale: f32,
    /// The letter form.
    pub family: Family,
    /// Whether it is heavy.
    pub bold: bool,
}

impl Default for TitleStyle {
    fn default() -> Self {
        Self { scale: 1.85, family: Family::Serif, bold: true }
    }
}

/// Where a signature and its date stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signature {
    /// At the end edge, two em in.
    #[default]
    Edge,
    /// GB/T 9704, 7.3.5.2 (without a seal): a blank line before it; the name two em in from the right, the date
    /// two em farther right than the name begins; a longer date stands two em in and the name moves with it.
    Official,
}

/// How a heading looks: it takes whole lines (占行, checklist 51).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadingStyle {
    /// Size, relative to the body.
    pub scale: f32,
    /// Lines of the grid that a heading of one line takes.
    pub lines: u8,
    /// The letter form.
    #[serde(default = "sans")]
    pub family: Family,
    /// Whether it is heavy.
    #[serde(default = "yes")]
    pub bold: bool,
    /// Whether it is centred; otherwise it stands at the line start.
    #[serde(default)]
    pub center: bool,
    /// Indent from the line start, em of the body.
    #[serde(default)]
    pub indent: f32,
    /// Whether the text goes on in the same line, an em after it (checklist 52).
    #[serde(default)]
    pub run_in: bool,
}

/// How notes look (checklist 53).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NoteStyle {
    /// Where they stand.
    pub place: NotePlace,
    /// How their marks are written.
    pub mark: NoteMark,
    /// Size, relative to the body.
    pub scale: f32,
}

impl Default for NoteStyle {
    fn default() -> Self {
        Self { place: NotePlace::Foot, mark: NoteMark::Circled, scale: 0.8 }
    }
}

/// How the marks of notes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteMark {
    /// ① …, counted by the page.
    #[default]
    Circled,
    /// `[1]` …, counted through the document.
    Bracket,
    /// 註一 …, counted through the document.
    Word,
}

/// How emphasis looks on Han.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmphasisStyle {
    /// Kai.
    #[default]
    Kai,
    /// Dots.
    Dots,
}

/// Width styles of marks (CLReq, Punctuation width adjustment).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Marks {
    /// 全角: full width.
    #[default]
    Full,
    /// 開明: 。？！ full width, all others half inside the line.
    Kaiming,
    /// 半角: all half width.
    Half,
}

/// Hanging punctuation (CLReq, Hanging punctuation at line end).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hang {
    /// Off; where the region allows it, on for lines under 14 characters.
    #[default]
    Auto,
    /// Never.
    Off,
    /// A pause or stop that would otherwise start a line.
    On,
    /// Every pause or stop that ends a line.
    Force,
}

fn serif() -> Family {
    Family::Serif
}

fn sans() -> Family {
    Family::Sans
}

fn yes() -> bool {
    true
}

fn two() -> u8 {
    2
}

/// Sizes with a name, pt (GB/T 9704 and the trade: 三號 is 15.75 pt).
const NAMED_SIZES: &[(&str, f32)] = &[
    ("初號", 42.0),
    ("小初", 36.0),
    ("一號", 26.25),
    ("小一", 24.0),
    ("二號", 21.0),
    ("小二", 18.0),
    ("三號", 15.75),
    ("小三", 15.0),
    ("四號", 14.0),
    ("小四", 12.0),
    ("五號", 10.5),
    ("小五", 9.0),
    ("六號", 7.5),
    ("小六", 6.5),
    ("七號", 5.5),
    ("八號", 5.0),
];

/// A length in pt: a number (pt), a number with a unit (`12pt`, `210mm`, `16Q`), or a 號 name in either script.
pub fn parse_length(value: &str) -> Option<f32> {
    let value = value.trim();
    let name = value.replace('号', "號");
    if let Some((_, size)) = NAMED_SIZES.iter().find(|(n, _)| *n == name) {
        return Some(*size);
    }
    let split = value.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(value.len());
    let number: f32 = value[..split].parse().ok()?;
    let unit = match value[split..].trim() {
        "" | "pt" => 1.0,
        "mm" => 72.0 / 25.4,
        "cm" => 720.0 / 25.4,
        "in" => 72.0,
        "Q" | "q" | "級" | "级" => 18.0 / 25.4,
        _ => return None,
    };
    Some(number * unit)
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a length is written 12, 12pt, 210mm, 16Q or 五號")]
enum Length {
    Number(f32),
    Words(String),
}

fn length<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    match Length::deserialize(from)? {
        Length::Number(pt) => Ok(pt),
        Length::Words(words) => parse_length(&words).ok_or_else(|| {
            de::Error::custom(format!(
                "`{words}` is no length; write 12pt, 210mm, 16Q or a size such as 五號"
            ))
        }),
    }
}

fn maybe_length<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f32>, D::Error> {
    length(from).map(Some)
}

impl PageStyle {
    /// Whether odd and even pages differ, so that the text starts on an odd one.
    pub fn facing(&self) -> bool {
        self.inner.is_some() || self.head == Head::Facing
    }

    /// How dates of the metadata are written: in vertical lines always in Chinese numerals.
    pub fn dates(&self) -> Numerals {
        if self.direction == Direction::Vertical { Numerals::Han } else { self.numerals }
    }

    /// How the numbers of a list at a depth (0 for the outermost) are written; never [`Counter::Auto`].
    pub fn counter(&self, asked: Counter, depth: usize) -> Counter {
        let own = self.counters.get(depth.checked_rem(self.counters.len()).unwrap_or(0));
        match (asked, own) {
            (Counter::Auto, Some(Counter::Auto) | None) => Counter::Decimal,
            (Counter::Auto, Some(own)) => *own,
            (asked, _) => asked,
        }
    }

    /// The longest number that stands upright in one cell, digits: none in horizontal lines.
    pub fn combined_digits(&self) -> u8 {
        if self.direction == Direction::Vertical { self.combine } else { 0 }
    }

    /// Whether the page can be set at all; otherwise the key that is to blame, and why.
    fn check(&self) -> Result<(), Wrong> {
        let wrong = |key, message: String| Err(Wrong { key, table: 0, message });
        let more = |key, table, value: f32| {
            let message = format!("`{key}` must be more than 0, and is {value}");
            if value.is_finite() && value > 0.0 { Ok(()) } else { Err(Wrong { key, table, message }) }
        };
        let least = |key, table, value: f32| {
            let message = format!("`{key}` must not be negative, and is {value}");
            if value.is_finite() && value >= 0.0 { Ok(()) } else { Err(Wrong { key, table, message }) }
        };
        more("width", 0, self.width)?;
        more("height", 0, self.height)?;
        more("size", 0, self.size)?;
        more("title.scale", 0, self.title.scale)?;
        more("notes.scale", 0, self.notes.scale)?;
        least("top", 0, self.top)?;
        least("inner", 0, self.inner.unwrap_or(0.0))?;
        least("indent", 0, self.indent)?;
        for (k, heading) in self.heading.iter().enumerate() {
            more("heading.scale", k, heading.scale)?;
            least("heading.indent", k, heading.indent)?;
        }
        if !(self.pitch.is_finite() && self.pitch >= 1.0) {
            return wrong(
                "pitch",
                format!("`pitch` is {}: lines closer than 1 em stand on each other", self.pitch),
            );
        }
        for (key, value) in [("measure", self.measure), ("lines", self.lines)] {
            if value == 0 {
                return wrong(key, format!("`{key}` must be at least 1"));
            }
        }
        let most = f32::from(self.measure);
        if self.indent >= most {
            return wrong(
                "indent",
                format!("`indent` of {} em leaves nothing of a line of {most}", self.indent),
            );
        }
        if self.combine > 4 {
            return wrong("combine", format!("`combine` is {}: a cell holds at most 4 digits", self.combine));
        }
        let along = most * self.size;
        let across = f32::from(self.lines) * self.pitch * self.size;
        let (wide, high) = match self.direction {
            Direction::Horizontal => (along, across),
            Direction::Vertical => (across, along),
        };
        let mm = |pt: f32| format!("{:.1} mm", pt * 25.4 / 72.0);
        // Half a point: lengths in mm and Q are rounded.
        if wide + self.inner.unwrap_or(0.0) > self.width + 0.5 {
            let need = mm(wide + self.inner.unwrap_or(0.0));
            return wrong(
                "width",
                format!(
                    "the type area and its inner margin need {need}, the page is {} wide",
                    mm(self.width)
                ),
            );
        }
        if high + self.top > self.height + 0.5 {
            let need = mm(high + self.top);
            return wrong(
                "height",
                format!("the type area and `top` need {need}, the page is {} high", mm(self.height)),
            );
        }
        Ok(())
    }

    /// The same page with lines that run the other way: as many whole characters and lines as the
    /// type area holds.
    pub fn turned(mut self, direction: Direction) -> Self {
        if self.direction == direction {
            return self;
        }
        let along = f32::from(self.measure) * self.size;
        let across = f32::from(self.lines) * self.pitch * self.size;
        self.direction = direction;
        self.measure = (across / self.size + 0.01) as u16;
        self.lines = (along / (self.size * self.pitch) + 0.01) as u16;
        self
    }
}

/// What is wrong with a template, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// Line of the TOML, from 1; 0 where no line is to blame.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// A key that there is none of, and the keys that there are.
    pub unknown: Option<(String, Vec<String>)>,
}

impl TemplateError {
    fn of_toml(page: &str, error: &toml::de::Error) -> Self {
        // A missing key is nowhere.
        let span = error.span().filter(|_| !error.message().starts_with("missing field"));
        let line = span.as_ref().map_or(0, |span| page[..span.start.min(page.len())].lines().count().max(1));
        // A span that starts a line is on that line, not on the one before.
        let starts = span.as_ref().is_some_and(|s| s.start > 0 && page[..s.start].ends_with('\n'));
        let message = error.message().replace('\n', "; ");
        let unknown = message.strip_prefix("unknown field `").map(|rest| {
            let mut quoted = rest.split('`');
            let word = quoted.next().unwrap_or_default().to_owned();
            (word, quoted.skip(1).step_by(2).map(str::to_owned).collect())
        });
        Self { line: line + usize::from(starts), message, unknown }
    }

    /// What is wrong with the value of a key.
    fn of_key(page: &str, wrong: &Wrong) -> Self {
        let (table, name) = wrong.key.split_once('.').unwrap_or(("", wrong.key));
        let mut inside = table.is_empty();
        let mut before = wrong.table;
        let found = page.lines().position(|line| {
            let line = line.trim();
            if line.starts_with('[') {
                inside = line.trim_matches(['[', ']']) == table && before == 0;
                before = before.saturating_sub(usize::from(line.trim_matches(['[', ']']) == table));
            }
            inside && line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='))
        });
        Self { line: found.map_or(0, |k| k + 1), message: wrong.message.clone(), unknown: None }
    }
}

/// A value that no page can have.
struct Wrong {
    /// `key` or `table.key`.
    key: &'static str,
    /// Which table of that name, from 0.
    table: usize,
    /// Why not.
    message: String,
}

impl Template {
    /// The template of a name; `None` if there is none.
    pub fn bundled(name: &str) -> Option<Self> {
        let (_, page) = BUNDLED.iter().find(|(n, _)| *n == name)?;
        Some(Self::new(name, page).expect("bundled templates are tested"))
    }

    /// A template from the TOML of its page style.
    ///
    /// # Errors
    /// When the TOML is wrong or the page impossible, with the place.
    pub fn new(name: &str, page: &str) -> Result<Self, TemplateError> {
        let style: PageStyle = toml::from_str(page).map_err(|error| TemplateError::of_toml(page, &error))?;
        style.check().map_err(|wrong| TemplateError::of_key(page, &wrong))?;
        Ok(Self {
            name: name.to_owned(),
            page: style,
            epub_css: include_str!("../templates/epub.css").to_owned(),
            epub_vertical_css: include_str!("../templates/epub-vertical.css").to_owned(),
            html_css: include_str!("../templates/html.css").to_owned(),
            reference: None,
        })
    }

    /// The names of the bundled templates.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUNDLED.iter().map(|(name, _)| *name)
    }
}

/// The bundled templates by name; the first is the default.
const BUNDLED: &[(&str, &str)] = &[
    ("handout", include_str!("../templates/handout.toml")),
    ("handout-large", include_str!("../templates/handout-large.toml")),
    ("book", include_str!("../templates/book.toml")),
    ("book-vertical", include_str!("../templates/book-vertical.toml")),
    ("official", include_str!("../templates/official.toml")),
    ("letter", include_str!("../templates/letter.toml")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        for (words, pt) in [
            ("12", 12.0),
            ("12pt", 12.0),
            ("210mm", 595.276),
            ("1in", 72.0),
            ("16Q", 11.339),
            ("三號", 15.75),
            ("小四", 12.0),
            ("五号", 10.5),
        ] {
            assert!((parse_length(words).expect("a length") - pt).abs() < 0.001, "{words}");
        }
        assert_eq!(parse_length("wide"), None);
        assert_eq!(parse_length("12px"), None);
    }

    /// The smallest page, with other lines put in or instead.
    fn page(lines: &[&str]) -> String {
        let mut page: Vec<&str> =
            "summary = \"s\"|width = 300|height = 400|size = 10|pitch = 1.5|measure = 20|lines = 20|top = 30|indent = 2"
                .split('|')
                .collect();
        for line in lines.iter().take_while(|l| !l.starts_with('[')) {
            let key = line.split('=').next().unwrap();
            page.retain(|l| l.split('=').next() != Some(key));
        }
        page.extend(lines);
        page.join("\n")
    }

    #[test]
    fn what_a_page_may_be() {
        for lines in [
            &[][..],
            &["numerals = \"han\"", "signature = \"official\""],
            &["width = 200"],
            &["size = \"小五\"", "[title]", "scale = 1.5"],
            &["direction = \"vertical\"", "lines = 19"],
            &["inner = \"35mm\""],
        ] {
            assert!(Template::new("t", &page(lines)).is_ok(), "{lines:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (lines, line, message) in [
            (&["measure = 0"][..], 9, "`measure` must be at least 1"),
            (&["lines = 0"], 9, "`lines` must be at least 1"),
            (&["size = 0"], 9, "`size` must be more than 0, and is 0"),
            (&["size = -3"], 9, "`size` must be more than 0, and is -3"),
            (&["width = nan"], 9, "`width` must be more than 0, and is NaN"),
            (&["top = -1"], 9, "`top` must not be negative, and is -1"),
            (&["pitch = 0.5"], 9, "`pitch` is 0.5: lines closer than 1 em stand on each other"),
            (&["indent = 20"], 9, "`indent` of 20 em leaves nothing of a line of 20"),
            (&["combine = 9"], 10, "`combine` is 9: a cell holds at most 4 digits"),
            (
                &["width = 199"],
                9,
                "the type area and its inner margin need 70.6 mm, the page is 70.2 mm wide",
            ),
            (&["height = 329"], 9, "the type area and `top` need 116.4 mm, the page is 116.1 mm high"),
            (&["[title]", "scale = 0"], 11, "`title.scale` must be more than 0, and is 0"),
            (
                &["[[heading]]", "scale = 1", "lines = 2", "[[heading]]", "scale = -1", "lines = 1"],
                14,
                "heading.scale",
            ),
            (&["width = \"wide\""], 9, "`wide` is no length"),
            (&["width = true"], 9, "a length is written"),
            (&["colour = 1"], 10, "unknown field `colour`"),
            (&["[notes]", "marks = 1"], 11, "unknown field `marks`"),
            (&["head = \"top\""], 10, "unknown variant `top`"),
            (&["size == 3"], 9, ""),
        ] {
            let error = Template::new("t", &page(lines)).expect_err(message);
            assert!(error.message.contains(message), "{lines:?}: {error:?}");
            assert!(line == 0 || error.line == line, "{lines:?}: {error:?}");
        }
        let error = Template::new("t", &page(&["colour = 1"])).expect_err("an unknown key");
        let (word, known) = error.unknown.expect("the keys");
        assert!(word == "colour" && known.iter().any(|k| k == "combine"), "{known:?}");
    }

    #[test]
    fn the_bundled_templates_fit_their_page() {
        for name in Template::names() {
            let page = Template::bundled(name).expect("bundled").page;
            let along = f32::from(page.measure) * page.size;
            let across = f32::from(page.lines) * page.pitch * page.size;
            let (wide, high) = match page.direction {
                Direction::Horizontal => (along, across),
                Direction::Vertical => (across, along),
            };
            assert!(wide + page.inner.unwrap_or(0.0) < page.width - 20.0, "{name}: {wide}");
            assert!(high + page.top < page.height - 20.0, "{name}: {high}");
        }
    }
}
