//! The styles of a document: what each says a paragraph or run is, by its own name or that of a style it is based on.

use std::collections::BTreeMap;

use crate::{
    read::xml::{Element, Node, Parser, Space},
    report::{Diagnostic, Report, Severity},
    source::{Source, Span},
};

/// The largest size that Word has, half points; what is larger is a slip of a program.
const LARGEST: u32 = 3276;
/// The widest indent that Word has, twips.
const WIDEST: i32 = 31_680;

/// Names of styles by what they are for. Word keeps the English names in the file whatever language it speaks; other
/// programs write the names of theirs. Compared without case and spaces.
const NAMES: &[(&str, Use)] = &[
    ("title", Use::Title),
    ("標題", Use::Title),
    ("标题", Use::Title),
    ("文件標題", Use::Title),
    ("subtitle", Use::Subtitle),
    ("副標題", Use::Subtitle),
    ("副标题", Use::Subtitle),
    ("author", Use::Author),
    ("作者", Use::Author),
    ("worksource", Use::Source),
    ("date", Use::Date),
    ("日期", Use::Date),
    ("quote", Use::Quote),
    ("intensequote", Use::Quote),
    ("blocktext", Use::Quote),
    ("blockquote", Use::Quote),
    ("quotations", Use::Quote),
    ("引文", Use::Quote),
    ("引用", Use::Quote),
    ("鮮明引文", Use::Quote),
    ("明显引用", Use::Quote),
    ("caption", Use::Caption),
    ("imagecaption", Use::Caption),
    ("tablecaption", Use::Caption),
    ("標號", Use::Caption),
    ("题注", Use::Caption),
    ("題注", Use::Caption),
    ("sourcecode", Use::Code),
    ("htmlpreformatted", Use::Code),
    ("preformattedtext", Use::Code),
    ("code", Use::Code),
    ("macrotext", Use::Code),
    ("html預設格式", Use::Code),
    ("html预设格式", Use::Code),
    ("definitionterm", Use::Term),
    ("definition", Use::Meaning),
    ("verse", Use::Verse),
    ("verseend", Use::VerseEnd),
    ("sectionbreak", Use::Break),
    ("salutation", Use::Salutation),
    ("closing", Use::Closing),
    ("signature", Use::Signature),
    ("authornote", Use::AuthorNote),
    ("bodytextcontinued", Use::Continued),
    ("listparagraph", Use::List),
    ("列出段落", Use::List),
    ("列表段落", Use::List),
    ("清單段落", Use::List),
    ("listcontinue", Use::List),
    ("tocheading", Use::Contents),
    ("目錄標題", Use::Contents),
    ("目录标题", Use::Contents),
    ("notesheading", Use::Contents),
];

/// What a paragraph style is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Use {
    /// Running text.
    #[default]
    Body,
    Title,
    Subtitle,
    Author,
    /// Where the text came from.
    Source,
    Date,
    /// A heading of a level, from 1.
    Heading(u8),
    Quote,
    Caption,
    Code,
    Verse,
    /// The last line of a stanza.
    VerseEnd,
    /// A term that is defined.
    Term,
    /// The first paragraph of what a term means.
    Meaning,
    Break,
    Salutation,
    Closing,
    Signature,
    AuthorNote,
    Continued,
    /// A paragraph in a list.
    List,
    /// A line of a table of contents, or its heading.
    Contents,
}

/// How characters look; what is `None` is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Face {
    pub bold: Option<bool>,
    pub italic: Option<bool>,
    pub strike: Option<bool>,
    pub hidden: Option<bool>,
    pub underline: Option<String>,
    pub dots: Option<bool>,
    /// `superscript`, `subscript` or `baseline`.
    pub align: Option<String>,
    /// Half points.
    pub size: Option<u32>,
    /// The family for letters, which tells symbols.
    pub family: Option<String>,
    pub code: bool,
    /// The source of a formula, and whether it stands in lines of its own.
    pub math: Option<bool>,
    pub emphasis: bool,
    pub strong: bool,
    /// Whether characters have colors of their own behind them.
    pub highlight: bool,
    /// Which stretches share a cell of a vertical line.
    pub combine: Option<String>,
    /// The language of characters that both Chinese and it write.
    pub language: Option<String>,
}

/// What a style says.
#[derive(Clone, Debug, Default)]
pub(super) struct Style {
    based: Option<String>,
    paragraph: bool,
    usage: Option<Use>,
    pub face: Face,
    pub align: Option<String>,
    /// Numbering instance and level.
    pub numbered: (Option<String>, Option<usize>),
    /// Left indent, twips.
    pub left: Option<i32>,
}

/// All styles.
#[derive(Default)]
pub(super) struct Styles {
    by_id: BTreeMap<String, Style>,
    /// The paragraph style of paragraphs that name none.
    usual: Option<String>,
    /// Size of characters that nobody gives one, half points.
    pub size: u32,
}

impl Styles {
    /// Reads the part of the styles; a document may have none.
    pub(super) fn read(source: &Source, part: &str, report: &mut Report) -> Self {
        let mut styles = Self { size: 20, ..Self::default() };
        let Some((text, start)) = source.part(part) else { return styles };
        let mut parser = Parser::new(text, start);
        if parser.enter(Space::W, "styles") {
            while let Some(node) = parser.next() {
                let Node::Element(element) = node else { continue };
                if element.is("docDefaults") {
                    let face = element.find(&|e| e.is("rPr")).map(Face::read).unwrap_or_default();
                    styles.size = face.size.unwrap_or(styles.size);
                } else if element.is("style") {
                    styles.add(&element);
                }
            }
        }
        if let Some((at, message)) = parser.trouble {
            let message = format!("`{part}` is damaged: {message}; styles behind it are unknown");
            let span = Span::new(source.id, at..at);
            report.push(Diagnostic::new("damaged-package", Severity::Error, span, message));
        }
        styles
    }

    fn add(&mut self, element: &Element) {
        let Some(id) = element.attribute("styleId") else { return };
        let kind = element.attribute("type").unwrap_or_else(|| "paragraph".into());
        let name = element.child_value("name").unwrap_or_else(|| id.clone());
        let mut style = Style {
            based: element.child_value("basedOn"),
            paragraph: kind == "paragraph",
            ..Style::default()
        };
        if let Some(face) = element.child("rPr") {
            style.face = Face::read(face);
        }
        let plain = plain(&name);
        if let Some(properties) = element.child("pPr") {
            style.align = properties.child_value("jc");
            style.numbered = numbered(properties);
            style.left = left(properties);
            style.usage = outline(properties).map(Use::Heading);
        }
        match kind.as_str() {
            "paragraph" => style.usage = usage(&plain).or(style.usage),
            "character" => {
                style.face.math = match plain.as_str() {
                    "mathsource" => Some(false),
                    "mathdisplay" => Some(true),
                    _ => style.face.math,
                };
                style.face.code |= [
                    "verbatimchar",
                    "htmlcode",
                    "htmlkeyboard",
                    "htmlsample",
                    "htmltypewriter",
                    "inlinecode",
                    "sourcetext",
                ]
                .contains(&plain.as_str());
                style.face.emphasis |=
                    ["emphasis", "強調斜體", "强调", "強調", "subtleemphasis"].contains(&plain.as_str());
                style.face.strong |= ["strong", "粗體", "要点"].contains(&plain.as_str());
            }
            _ => {}
        }
        if style.paragraph
            && element.attribute("default").is_some_and(|d| d == "1" || d == "true" || d == "on")
        {
            self.usual = Some(id.clone());
        }
        self.by_id.insert(id, style);
    }

    /// A style and those it is based on, nearest first. One that is based on itself ends the chain.
    fn chain<'s>(&'s self, id: Option<&'s str>) -> impl Iterator<Item = &'s Style> {
        let mut next = id;
        let mut left = 20;
        std::iter::from_fn(move || {
            let style = self.by_id.get(next?)?;
            next = style.based.as_deref().filter(|_| left > 0);
            left -= 1;
            Some(style)
        })
    }

    /// The id of the style of a paragraph that names one or none.
    pub(super) fn paragraph<'s>(&'s self, id: Option<&'s str>) -> Option<&'s str> {
        id.filter(|id| self.by_id.contains_key(*id)).or(self.usual.as_deref())
    }

    /// What a paragraph style is for.
    pub(super) fn usage(&self, id: Option<&str>) -> Use {
        self.chain(id).find_map(|style| style.usage).unwrap_or_default()
    }

    /// What the styles in a chain say of characters, the nearest first to count.
    pub(super) fn face(&self, id: Option<&str>) -> Face {
        self.chain(id).fold(Face::default(), |face, style| face.over(&style.face))
    }

    /// How a paragraph style is aligned.
    pub(super) fn align(&self, id: Option<&str>) -> Option<String> {
        self.chain(id).find_map(|style| style.align.clone())
    }

    /// The left indent of a paragraph style, twips.
    pub(super) fn left(&self, id: Option<&str>) -> Option<i32> {
        self.chain(id).find_map(|style| style.left)
    }

    /// The numbering of a paragraph style.
    pub(super) fn numbered(&self, id: Option<&str>) -> (Option<String>, Option<usize>) {
        self.chain(id).fold((None, None), |(list, level), style| {
            (list.or(style.numbered.0.clone()), level.or(style.numbered.1))
        })
    }
}

/// A name as names are compared.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a name says that a paragraph style is for.
fn usage(plain: &str) -> Option<Use> {
    let numbered = |heads: &[&str]| {
        let rest = heads.iter().find_map(|head| plain.strip_prefix(head))?;
        rest.parse::<u8>().ok().filter(|level| (1..=9).contains(level))
    };
    if let Some(level) = numbered(&["heading", "標題", "标题", "見出し", "überschrift", "titre"]) {
        return Some(Use::Heading(level));
    }
    if numbered(&["toc", "目錄", "目录"]).is_some() || plain == "tableoffigures" {
        return Some(Use::Contents);
    }
    NAMES.iter().find(|(name, _)| *name == plain).map(|(_, usage)| *usage)
}

/// The heading level, from 1, that the properties of a paragraph name.
pub(super) fn outline(properties: &Element) -> Option<u8> {
    let level: u8 = properties.child_value("outlineLvl")?.parse().ok()?;
    (level < 9).then_some(level + 1)
}

/// The numbering instance and level that the properties of a paragraph name.
pub(super) fn numbered(properties: &Element) -> (Option<String>, Option<usize>) {
    let Some(numbered) = properties.child("numPr") else { return (None, None) };
    let level = numbered.child_value("ilvl").and_then(|level| level.parse().ok());
    (numbered.child_value("numId"), level.map(|level: usize| level.min(8)))
}

/// The left indent of the properties of a paragraph, twips.
pub(super) fn left(properties: &Element) -> Option<i32> {
    let indent = properties.child("ind")?;
    let left: i32 = indent.attribute("left").or_else(|| indent.attribute("start"))?.parse().ok()?;
    Some(left.clamp(-WIDEST, WIDEST))
}

impl Face {
    /// What `w:rPr` says.
    pub(super) fn read(properties: &Element) -> Self {
        let mut face = Self::default();
        for property in properties.elements().filter(|p| p.space == Space::W) {
            let on = Some(property.is_on());
            match property.name.as_str() {
                "b" => face.bold = on,
                "i" => face.italic = on,
                "strike" | "dstrike" => face.strike = Some(property.is_on() || face.strike == Some(true)),
                "vanish" => face.hidden = on,
                "u" => face.underline = Some(property.value().unwrap_or_else(|| "single".into())),
                "em" => face.dots = on,
                "vertAlign" => face.align = property.value(),
                "sz" => {
                    let size = property.value().and_then(|v| v.parse().ok());
                    face.size = size.map(|size: u32| size.min(LARGEST));
                }
                "rFonts" => {
                    face.family = property.attribute("ascii").or_else(|| property.attribute("hAnsi"));
                }
                "lang" => face.language = property.attribute("eastAsia"),
                "highlight" | "shd" => {
                    let fill = property.attribute("fill").or_else(|| property.value());
                    face.highlight =
                        !matches!(fill.as_deref(), None | Some("auto" | "none" | "clear" | "FFFFFF"));
                }
                "eastAsianLayout" if property.attribute("vert").is_some_and(|v| v != "0" && v != "false") => {
                    face.combine = Some(property.attribute("id").unwrap_or_default());
                }
                _ => {}
            }
        }
        face
    }

    /// This, and where it says nothing, the other.
    pub(super) fn over(self, other: &Self) -> Self {
        Self {
            bold: self.bold.or(other.bold),
            italic: self.italic.or(other.italic),
            strike: self.strike.or(other.strike),
            hidden: self.hidden.or(other.hidden),
            underline: self.underline.or_else(|| other.underline.clone()),
            dots: self.dots.or(other.dots),
            align: self.align.or_else(|| other.align.clone()),
            size: self.size.or(other.size),
            family: self.family.or_else(|| other.family.clone()),
            code: self.code || other.code,
            math: self.math.or(other.math),
            emphasis: self.emphasis || other.emphasis,
            strong: self.strong || other.strong,
            highlight: self.highlight || other.highlight,
            combine: self.combine.or_else(|| other.combine.clone()),
            language: self.language.or_else(|| other.language.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_styles_are_for() {
        for (name, expected) in [
            ("heading 1", Some(Use::Heading(1))),
            ("Heading 6", Some(Use::Heading(6))),
            ("標題 2", Some(Use::Heading(2))),
            ("标题 3", Some(Use::Heading(3))),
            ("标题", Some(Use::Title)),
            ("Title", Some(Use::Title)),
            ("toc 1", Some(Use::Contents)),
            ("Body Text", None),
            ("heading", None),
            ("heading 10", None),
            ("標題文字", None),
            ("List Paragraph", Some(Use::List)),
        ] {
            assert_eq!(usage(&plain(name)), expected, "{name}");
        }
    }
}
