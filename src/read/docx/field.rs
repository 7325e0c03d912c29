//! Fields: what a document has made by its own program, such as a table of contents or a number that counts captions.

use std::ops::Range;

use crate::document::IndexKind;

/// The fields that are open, the outer first.
#[derive(Default)]
pub(super) struct Fields {
    open: Vec<Field>,
}

/// A field that is open.
#[derive(Debug)]
pub(super) struct Field {
    /// What it does, as the document says it.
    pub instruction: String,
    /// Whether its result has begun.
    pub result: bool,
    /// Where it begins in the source.
    pub at: Range<usize>,
    pub kind: Kind,
}

/// What becomes of a field's result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// It stays, as text.
    #[default]
    Keep,
    /// It goes: editions make their own.
    Contents,
    /// It stays, and leads somewhere.
    Link(String),
    /// It is the number of a note, which is referred to again, by the name of its bookmark.
    Note(String),
    /// It is a number that counts captions.
    Counts,
    /// It repeats what stands at a bookmark, or says its page.
    Refers {
        /// The target, `#` first.
        url: String,
        /// Whether it is the page.
        page: bool,
    },
}

impl Fields {
    /// A field begins.
    pub(super) fn begin(&mut self, at: Range<usize>) {
        let field = Field { instruction: String::new(), result: false, at, kind: Kind::Keep };
        self.open.push(field);
    }

    /// What the innermost field does.
    pub(super) fn instruction(&self) -> &str {
        self.open.last().map_or("", |field| &field.instruction)
    }

    /// Words of an instruction.
    pub(super) fn instruct(&mut self, words: &str) {
        if let Some(field) = self.open.last_mut().filter(|f| !f.result) {
            field.instruction.push_str(words);
        }
    }

    /// The result of the innermost field begins; gives what kind of field it is.
    pub(super) fn separate(&mut self) -> Option<&Kind> {
        let field = self.open.last_mut()?;
        field.result = true;
        field.kind = kind(&field.instruction);
        Some(&field.kind)
    }

    /// The innermost field ends.
    pub(super) fn end(&mut self) -> Option<Field> {
        self.open.pop()
    }

    /// Whether words are no text here: those of an instruction, or of a result that goes.
    pub(super) fn hides(&self) -> bool {
        let gone = |kind: &Kind| matches!(kind, Kind::Contents | Kind::Note(_));
        self.open.iter().any(|field| !field.result || gone(&field.kind))
    }

    /// Whether the words are those of a table of contents.
    pub(super) fn in_contents(&self) -> bool {
        self.open.iter().any(|field| field.kind == Kind::Contents)
    }

    /// What the innermost field refers to whose result is words of another place.
    pub(super) fn refers(&self) -> Option<(&str, bool)> {
        self.open.iter().rev().find_map(|field| match &field.kind {
            Kind::Refers { url, page } => Some((url.as_str(), *page)),
            _ => None,
        })
    }

    /// Where the innermost field leads that leads somewhere.
    pub(super) fn link(&self) -> Option<&str> {
        self.open.iter().rev().find_map(|field| match &field.kind {
            Kind::Link(url) => Some(url.as_str()),
            _ => None,
        })
    }
}

/// What an instruction makes.
pub(super) fn kind(instruction: &str) -> Kind {
    let words = words(instruction);
    let name = words.first().map(|w| w.to_uppercase()).unwrap_or_default();
    match name.as_str() {
        "TOC" | "INDEX" | "TOA" => Kind::Contents,
        "SEQ" => Kind::Counts,
        "NOTEREF" | "FTNREF" => words.get(1).map_or(Kind::Keep, |name| Kind::Note(name.clone())),
        "REF" | "PAGEREF" => {
            let Some(bookmark) = words.get(1).filter(|word| !word.starts_with('\\')) else {
                return Kind::Keep;
            };
            let url = ["#", bookmark].concat();
            // These ask for a number, or for above and below, and not for the words.
            let other = words.iter().any(|w| matches!(w.as_str(), "\\r" | "\\n" | "\\w" | "\\p"));
            if other { Kind::Link(url) } else { Kind::Refers { url, page: name == "PAGEREF" } }
        }
        "HYPERLINK" => {
            // `\l` names a place: in the target, or without one in the document itself.
            let place = words.iter().position(|w| w == "\\l").and_then(|at| words.get(at + 1));
            let target = words.get(1).filter(|w| !w.starts_with('\\'));
            match (target, place) {
                (Some(target), Some(place)) => Kind::Link(format!("{target}#{place}")),
                (Some(target), None) => Kind::Link(target.clone()),
                (None, Some(place)) => Kind::Link(format!("#{place}")),
                (None, None) => Kind::Keep,
            }
        }
        _ => Kind::Keep,
    }
}

/// A mark for an index: the words under which it lists what stands here, the index, and the bookmark around what it is
/// about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub words: String,
    pub kind: IndexKind,
    pub bookmark: Option<String>,
}

/// The mark that an instruction is. Entries below others are one: `甲:乙` is 甲：乙.
pub(super) fn entry(instruction: &str) -> Option<Entry> {
    let words = words(instruction);
    let (name, entry) = (words.first()?, words.get(1)?);
    if !name.eq_ignore_ascii_case("XE") || entry.starts_with('\\') {
        return None;
    }
    let parted = entry.replace("\\:", "\u{1}").replace(':', "：").replace('\u{1}', ":");
    let bookmark = switch(&words, "\\r").map(str::to_owned);
    Some(Entry { words: parted.trim().to_owned(), kind: index_of(&words), bookmark })
}

/// The index that an instruction makes.
pub(super) fn index(instruction: &str) -> Option<IndexKind> {
    let words = words(instruction);
    words.first()?.eq_ignore_ascii_case("INDEX").then(|| index_of(&words))
}

/// The index that the words of an instruction are about: ours have names, and any other is one of terms.
fn index_of(words: &[String]) -> IndexKind {
    switch(words, "\\f").and_then(IndexKind::parse).unwrap_or(IndexKind::Terms)
}

/// What stands behind a switch.
fn switch<'w>(words: &'w [String], name: &str) -> Option<&'w str> {
    let at = words.iter().position(|word| word.eq_ignore_ascii_case(name))?;
    words.get(at + 1).map(String::as_str)
}

/// The words of an instruction; what stands in quotation marks is one.
fn words(instruction: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = instruction.trim_start();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let end = quoted.match_indices('"').map(|(at, _)| at).find(|&at| !escaped(quoted, at));
                end.map_or((quoted, ""), |end| (&quoted[..end], &quoted[end + 1..]))
            }
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        out.push(word.replace("\\\"", "\"").replace("\\\\", "\\"));
        rest = after.trim_start();
    }
    out
}

/// Whether an odd number of backslashes stands before a place.
fn escaped(string: &str, at: usize) -> bool {
    string[..at].bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1
}

/// What an equation field shows, which has no result: `\o\ad(\s\up 9(ㄏㄢˋ),漢)` is a reading over its base, as older
/// programs write it; of anything else the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Equation {
    /// A base and its reading.
    Reading { base: String, reading: String },
    /// Words only.
    Words(String),
}

/// What an instruction that begins with `EQ` shows.
pub(super) fn equation(instruction: &str) -> Option<Equation> {
    let rest = instruction.trim_start();
    let body = rest.get(..2).filter(|name| name.eq_ignore_ascii_case("EQ")).map(|_| &rest[2..])?;
    let groups = arguments(body);
    let raised = |group: &str| group.contains("\\up") || group.contains("\\do");
    if body.contains("\\o") {
        let parts: Vec<String> = groups.first().map_or(Vec::new(), |inner| split(inner));
        if let [first, second] = &parts[..]
            && raised(first) != raised(second)
        {
            let (reading, base) = if raised(first) { (first, second) } else { (second, first) };
            let reading = arguments(reading).pop().unwrap_or_default();
            return Some(Equation::Reading { base: base.trim().to_owned(), reading });
        }
        // A character in a circle or square is that character.
        let signs = ["○", "〇", "□", "△", "◇"];
        if let [_, inner] = parts.iter().map(|p| p.trim()).collect::<Vec<_>>()[..]
            && parts.first().is_some_and(|p| signs.contains(&p.trim()))
        {
            return Some(Equation::Words(inner.to_owned()));
        }
    }
    let words: Vec<String> = groups.iter().flat_map(|group| split(group)).map(|part| bare(&part)).collect();
    Some(Equation::Words(words.join(" ").trim().to_owned()))
}

/// What stands in the outermost brackets of a string, one after another.
fn arguments(text: &str) -> Vec<String> {
    let (mut out, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => {
                if depth == 0 {
                    start = at + 1;
                }
                depth += 1;
            }
            ')' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    out.push(text[start..at].to_owned());
                }
            }
            _ => {}
        }
    }
    out
}

/// The parts of a list of arguments.
fn split(text: &str) -> Vec<String> {
    let (mut out, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' | ';' if depth == 0 => {
                out.push(text[start..at].to_owned());
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(text[start..].to_owned());
    out
}

/// Words without switches such as `\f`.
fn bare(text: &str) -> String {
    let inner = arguments(text);
    if !inner.is_empty() {
        return inner.iter().flat_map(|i| split(i)).map(|part| bare(&part)).collect::<Vec<_>>().join("/");
    }
    text.split_whitespace().filter(|word| !word.starts_with('\\')).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_say_what_becomes_of_the_result() {
        let link = |url: &str| Kind::Link(url.into());
        for (instruction, expected) in [
            (" TOC \\o \"1-3\" \\h ", Kind::Contents),
            ("toc", Kind::Contents),
            (" SEQ 圖 \\* ARABIC ", Kind::Counts),
            (" NOTEREF _Ref1 \\h ", Kind::Note("_Ref1".into())),
            (" HYPERLINK \"https://example.org/a b\" ", link("https://example.org/a b")),
            (" HYPERLINK \\l \"_Toc1\" ", link("#_Toc1")),
            (" HYPERLINK \"a.html\" \\l \"b\" \\t \"_blank\"", link("a.html#b")),
            (" PAGE ", Kind::Keep),
            (" REF fig-1 \\h ", Kind::Refers { url: "#fig-1".into(), page: false }),
            (" PAGEREF _Ref12 ", Kind::Refers { url: "#_Ref12".into(), page: true }),
            (" REF _Ref1 \\r \\h ", link("#_Ref1")),
            (" REF ", Kind::Keep),
            ("", Kind::Keep),
        ] {
            assert_eq!(kind(instruction), expected, "{instruction}");
        }
    }

    #[test]
    fn entries_of_an_index() {
        for (instruction, words, kind, bookmark) in [
            (" XE \"活字\" ", "活字", IndexKind::Terms, None),
            (r#" XE "寶玉" \f "names" "#, "寶玉", IndexKind::Names, None),
            (r#" XE "甲:乙" \f other"#, "甲：乙", IndexKind::Terms, None),
            (r#" xe "a\:b \"c\"" \r _Index3 "#, "a:b \"c\"", IndexKind::Terms, Some("_Index3")),
        ] {
            let expected = Entry { words: words.into(), kind, bookmark: bookmark.map(str::to_owned) };
            assert_eq!(entry(instruction), Some(expected), "{instruction}");
        }
        for instruction in ["", " XE ", r" XE \b ", " TC \"甲\" "] {
            assert_eq!(entry(instruction), None, "{instruction}");
        }
        assert_eq!(index(r#" INDEX \f "titles" \c "1""#), Some(IndexKind::Titles));
        assert_eq!(index(" TOC "), None);
    }

    #[test]
    fn equations_show_readings_and_words() {
        let reading = |base: &str, reading: &str| {
            Some(Equation::Reading { base: base.into(), reading: reading.into() })
        };
        let words = |words: &str| Some(Equation::Words(words.into()));
        for (instruction, expected) in [
            (r#" EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(hàn),漢) "#, reading("漢", "hàn")),
            (r" EQ \o\ac(○,印) ", words("印")),
            (r" EQ \f(1,2) ", words("1 2")),
            (r" EQ \x(甲) ", words("甲")),
            (" PAGE ", None),
            ("E", None),
        ] {
            assert_eq!(equation(instruction), expected, "{instruction}");
        }
    }

    #[test]
    fn fields_may_stand_in_one_another() {
        let mut fields = Fields::default();
        fields.begin(0..0);
        fields.instruct(" TOC ");
        assert!(fields.hides() && !fields.in_contents());
        fields.separate();
        fields.begin(1..1);
        fields.instruct(" HYPERLINK \"a\" ");
        fields.separate();
        assert!(fields.hides() && fields.in_contents());
        assert_eq!(fields.link(), Some("a"));
        fields.end();
        fields.end();
        assert!(!fields.hides() && fields.end().is_none());
    }
}
