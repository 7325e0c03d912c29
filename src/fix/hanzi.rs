//! Sound, shape and variants of a character: which two are easily taken for each other, and why.

use crate::{document::Document, edition::Script};

/// The table, sorted by character and read in place.
const TABLE: &str = include_str!("../../seeds/tables/hanzi-keys.tsv");

/// What the table says of a character. Lists are parted by commas, sets of characters are strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hanzi {
    /// Mandarin syllables without tone.
    pub mandarin: &'static str,
    /// Cantonese syllables without tone (Jyutping).
    pub cantonese: &'static str,
    /// Cangjie code.
    pub cangjie: &'static str,
    /// Four-corner code.
    pub corners: &'static str,
    /// The parts that give the sound.
    pub parts: &'static str,
    /// Other forms of the same character.
    pub variants: &'static str,
    /// The script that it belongs to, if to one only.
    pub script: Option<Script>,
}

/// Why two characters are taken for each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Likeness {
    /// Mandarin syllables that both can have.
    pub mandarin: Vec<&'static str>,
    /// Cantonese syllables that both can have.
    pub cantonese: Vec<&'static str>,
    /// A part that gives the sound of both.
    pub part: Option<char>,
    /// Whether the two look alike as a whole.
    pub looks: bool,
}

/// Where the lines of the common characters start: four bytes for each from `FIRST` on.
const INDEX: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/hanzi-keys.index"));
const FIRST: usize = 0x3400;

/// The entry of a character.
pub fn look_up(c: char) -> Option<Hanzi> {
    if let Some(start) = (c as usize).checked_sub(FIRST).and_then(|at| INDEX.as_chunks::<4>().0.get(at)) {
        let line = TABLE.get(u32::from_le_bytes(*start) as usize..)?;
        return parse(line.split('\n').next().unwrap_or_default());
    }
    search(c)
}

/// The entry of a character by halving the table.
fn search(c: char) -> Option<Hanzi> {
    let mut buffer = [0; 4];
    let key = c.encode_utf8(&mut buffer).as_bytes();
    let bytes = TABLE.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = (low + high) / 2;
        let start = bytes[..middle].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1).max(low);
        let end = bytes[middle..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |i| middle + i);
        let line = &TABLE[start..end];
        let field = line.split('\t').next().unwrap_or_default().as_bytes();
        // Header lines start with `#`, which sorts before every Han character.
        match field.cmp(key) {
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
            std::cmp::Ordering::Equal => return parse(line),
        }
    }
    None
}

fn parse(line: &'static str) -> Option<Hanzi> {
    let mut fields = line.split('\t').skip(1).map(|f| if f == "-" { "" } else { f });
    let mut next = || fields.next();
    Some(Hanzi {
        mandarin: next()?,
        cantonese: next()?,
        cangjie: next()?,
        corners: next()?,
        parts: next()?,
        variants: next()?,
        script: match next()? {
            "t" => Some(Script::Traditional),
            "s" => Some(Script::Simplified),
            _ => None,
        },
    })
}

/// Whether two characters are forms of one (裏 裡 里, 復 複 of 复): choosing between them is no matter of spelling.
pub fn are_variants(a: char, b: char) -> bool {
    let (Some(x), Some(y)) = (look_up(a), look_up(b)) else {
        return false;
    };
    x.variants.contains(b) || y.variants.contains(a) || x.variants.chars().any(|v| y.variants.contains(v))
}

/// What two different characters have in common; `None` if nothing that leads to slips.
pub fn likeness(a: char, b: char) -> Option<Likeness> {
    let (x, y) = (look_up(a)?, look_up(b)?);
    let likeness = Likeness {
        mandarin: common(x.mandarin, y.mandarin),
        cantonese: common(x.cantonese, y.cantonese),
        part: x.parts.chars().find(|part| y.parts.contains(*part)),
        looks: look_alike(x, y),
    };
    (likeness != Likeness::default()).then_some(likeness)
}

impl Likeness {
    /// Whether the two share a syllable.
    pub fn sounds(&self) -> bool {
        !self.mandarin.is_empty() || !self.cantonese.is_empty()
    }

    /// The likeness in words: ``same sound (Mandarin zhi, Cantonese zik), shared part 戠``.
    pub fn describe(&self) -> String {
        let mut sound = Vec::new();
        for (language, syllables) in [("Mandarin", &self.mandarin), ("Cantonese", &self.cantonese)] {
            if !syllables.is_empty() {
                sound.push(format!("{language} {}", syllables.join("/")));
            }
        }
        let mut out = Vec::new();
        if !sound.is_empty() {
            out.push(format!("same sound ({})", sound.join(", ")));
        }
        match self.part {
            Some(part) => out.push(format!("shared part {part}")),
            None if self.looks => out.push("similar shape".to_owned()),
            None => {}
        }
        out.join(", ")
    }
}

impl Likeness {
    /// The same, shorter: ``same syllable zhi, shared part 戠``.
    pub fn evidence(&self) -> String {
        let sound = match (&self.mandarin[..], &self.cantonese[..]) {
            ([first, ..], _) => Some(format!("same syllable {first}")),
            ([], [first, ..]) => Some(format!("same Cantonese syllable {first}")),
            ([], []) => None,
        };
        let shape = match self.part {
            Some(part) => Some(format!("shared part {part}")),
            None => self.looks.then(|| "similar shape".to_owned()),
        };
        sound.into_iter().chain(shape).collect::<Vec<_>>().join(", ")
    }
}

fn common(a: &'static str, b: &str) -> Vec<&'static str> {
    a.split(',').filter(|s| !s.is_empty() && b.split(',').any(|t| t == *s)).collect()
}

/// Cangjie codes of three letters or more that differ in one, or equal four-corner codes.
fn look_alike(a: Hanzi, b: Hanzi) -> bool {
    let (x, y) = (a.cangjie.as_bytes(), b.cangjie.as_bytes());
    let near = x.len() == y.len() && x.len() >= 3 && x.iter().zip(y).filter(|(p, q)| p != q).count() <= 1;
    near || (!a.corners.is_empty() && a.corners == b.corners)
}

/// The script that most characters of a document belong to; Traditional if none does.
pub fn script(document: &Document) -> Script {
    let mut balance = 0i32;
    for c in document
        .texts()
        .iter()
        .flat_map(|(_, text)| text.as_str().chars())
        .filter(|c| *c >= '\u{3400}')
        .take(4000)
    {
        balance += match look_up(c).and_then(|h| h.script) {
            Some(Script::Traditional) => 1,
            Some(Script::Simplified) => -1,
            None => 0,
        };
    }
    if balance < 0 { Script::Simplified } else { Script::Traditional }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found() {
        for line in TABLE.lines().filter(|l| !l.starts_with('#')) {
            let c = line.chars().next().expect("no empty line");
            assert_eq!(look_up(c), parse(line), "{c}");
        }
        assert_eq!((look_up('a'), look_up('！'), look_up('\u{10FFFF}')), (None, None, None));
    }

    #[test]
    fn likeness_names_its_reasons() {
        for (a, b, expected) in [
            ('職', '織', "same sound (Mandarin zhi, Cantonese zik), shared part 戠"),
            ('清', '請', "same sound (Mandarin qing, Cantonese cing), shared part 青"),
            ('職', '一', ""),
        ] {
            assert_eq!(likeness(a, b).map_or(String::new(), |l| l.describe()), expected, "{a} {b}");
        }
    }

    #[test]
    fn variants_are_told_from_other_characters() {
        for (a, b, expected) in
            [('裏', '裡', true), ('復', '複', true), ('織', '织', true), ('職', '織', false)]
        {
            assert_eq!(are_variants(a, b), expected, "{a} {b}");
        }
    }
}
