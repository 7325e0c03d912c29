//! Which face plays which character: texts with their styles in, faces with the characters
//! that each must have out. Looks at coverage only; no face is unpacked for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    edition::Region,
    font::{
        store::{FaceId, Family, FontError, FontStore, Style, Use},
        subset::{self, Refusal},
    },
    report::{Diagnostic, Report, Severity},
    source::{SourceId, Span},
};

/// Whether a character is set as Chinese or as Western text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Set {
    /// With the Chinese faces first.
    Chinese,
    /// With the Latin faces first.
    Western,
}

/// What a character is played by: the first face that has it, and the one that should have it if that is another.
#[derive(Clone, Copy)]
struct Part {
    face: Option<FaceId>,
    own: Option<FaceId>,
}

/// The faces of one document in one edition, by the characters that they play.
pub struct Casting<'a> {
    store: &'a FontStore,
    region: Region,
    chains: BTreeMap<(Style, Set), Vec<FaceId>>,
    known: BTreeMap<(Style, Set, char), Part>,
    faces: BTreeMap<FaceId, BTreeSet<char>>,
    styles: BTreeMap<(Style, Set), BTreeSet<FaceId>>,
    missing: BTreeMap<char, (Span, usize)>,
    substitutes: Substitutes,
    refused: BTreeMap<FaceId, Refusal>,
}

impl<'a> Casting<'a> {
    /// An empty casting. Faces of the user that cannot be embedded are left out of it.
    ///
    /// # Errors
    /// When a face of the user cannot be opened.
    pub fn new(store: &'a FontStore, region: Region) -> Result<Self, FontError> {
        let mut refused = BTreeMap::new();
        let users: Vec<_> = store.faces().filter(|(_, f)| f.usage == Use::Any).map(|(id, _)| id).collect();
        for id in users {
            if let Err(refusal) = subset::check(&store.data(id)?) {
                refused.insert(id, refusal);
            }
        }
        Ok(Self {
            store,
            region,
            chains: BTreeMap::new(),
            known: BTreeMap::new(),
            faces: BTreeMap::new(),
            styles: BTreeMap::new(),
            missing: BTreeMap::new(),
            substitutes: Substitutes::default(),
            refused,
        })
    }

    /// Casts the characters of a string; `span` says where a byte range of it comes from.
    pub fn add(&mut self, string: &str, style: Style, set: Set, span: impl Fn(usize, usize) -> Span) {
        for (at, c) in string.char_indices() {
            if invisible(c) {
                continue;
            }
            let Part { face, own } = self.part(c, style, set);
            match face {
                Some(id) => {
                    if let Some(own) = own {
                        self.substitutes.add(c, own, id, || span(at, at + c.len_utf8()));
                    }
                    self.faces.entry(id).or_default().insert(c);
                    self.styles.entry((style, set)).or_default().insert(id);
                }
                None => {
                    self.missing.entry(c).or_insert_with(|| (span(at, at + c.len_utf8()), 0)).1 += 1;
                }
            }
        }
    }

    /// The first face that has the character, or `None` if none has.
    pub fn face(&mut self, c: char, style: Style, set: Set) -> Option<FaceId> {
        self.part(c, style, set).face
    }

    fn part(&mut self, c: char, style: Style, set: Set) -> Part {
        if let Some(known) = self.known.get(&(style, set, c)) {
            return *known;
        }
        // Marks of the Kai faces sit the mainland way and lack vertical forms: take the body's.
        let chosen = if style.family == Family::Kai && set == Set::Chinese && mark(c) {
            Style { family: Family::Serif, ..style }
        } else {
            style
        };
        let (store, region, refused) = (self.store, self.region, &self.refused);
        let chain = self.chains.entry((chosen, set)).or_insert_with(|| {
            let mut chain = match set {
                Set::Chinese => store.chinese(region, chosen),
                Set::Western => store.western(chosen),
            };
            if set == Set::Western {
                chain.extend(
                    store
                        .chinese(region, chosen)
                        .into_iter()
                        .filter(|id| !chain.contains(id))
                        .collect::<Vec<_>>(),
                );
            }
            chain.retain(|id| !refused.contains_key(id));
            chain
        });
        let face = chain.iter().copied().find(|&id| store.has(id, c));
        let own = face.and_then(|face| stands_in(store, chain, set, c, face));
        self.known.insert((style, set, c), Part { face, own });
        Part { face, own }
    }

    /// The faces that are used, with their characters.
    pub fn faces(&self) -> &BTreeMap<FaceId, BTreeSet<char>> {
        &self.faces
    }

    /// The family names used for a style, in the order in which they are to be tried.
    pub fn families(&self, style: Style, set: Set) -> Vec<&str> {
        let other = if set == Set::Chinese { Set::Western } else { Set::Chinese };
        let mut names = Vec::new();
        for set in [set, other] {
            let Some(used) = self.styles.get(&(style, set)) else { continue };
            // Kai first, then the body faces that lend their marks.
            let lent = Style { family: Family::Serif, ..style };
            for key in [(style, set), (lent, set)] {
                for id in self.chains.get(&key).into_iter().flatten().filter(|id| used.contains(id)) {
                    let name = subset::family(self.store.info(*id));
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
        }
        names
    }

    /// Says which characters no face has, and which faces were refused. Call it once, at the end.
    pub fn tell(&self, report: &mut Report) {
        for (id, refusal) in &self.refused {
            let info = self.store.info(*id);
            report.push(
                Diagnostic::new(
                    "font-not-embedded",
                    Severity::Warning,
                    Span::new(SourceId(0), 0..0),
                    format!("font `{}` is not embedded: {refusal}", info.title),
                )
                .hint("give a TrueType font, or leave the choice to the bundled faces"),
            );
        }
        for (c, (span, count)) in &self.missing {
            report.push(missing(*c, *span, *count));
        }
        self.substitutes.tell(self.store, report);
    }
}

/// The letters that another face than their own plays, each with its first place and how often it comes.
#[derive(Debug, Default)]
pub struct Substitutes(BTreeMap<(char, FaceId, FaceId), (Span, usize)>);

impl Substitutes {
    /// Notes that a face stands in for the one that the character should have; `span` says where.
    pub fn add(&mut self, c: char, own: FaceId, other: FaceId, span: impl FnOnce() -> Span) {
        self.0.entry((c, own, other)).or_insert_with(|| (span(), 0)).1 += 1;
    }

    /// Reports them.
    pub fn tell(&self, store: &FontStore, report: &mut Report) {
        for (&(c, own, other), &(span, count)) in &self.0 {
            let (own, other) = (&store.info(own).title, &store.info(other).title);
            let message = format!(
                "`{c}` (U+{:04X}) is set in {other}, for {own} lacks it{}",
                u32::from(c),
                times(count)
            );
            report.push(Diagnostic::new("substitute-face", Severity::Note, span, message));
        }
    }
}

/// The face of a chain that should play a letter, if `found` is another: the first that has the script's plainest
/// letter, for a face of the user's may be meant for the other script. Marks and symbols have no face of their own.
pub fn stands_in(store: &FontStore, chain: &[FaceId], set: Set, c: char, found: FaceId) -> Option<FaceId> {
    if chain.first() == Some(&found) || !c.is_alphabetic() {
        return None;
    }
    let plainest = if set == Set::Chinese { '一' } else { 'a' };
    chain.iter().copied().find(|&id| store.has(id, plainest)).filter(|&own| own != found)
}

/// The finding for a character that no face has, with its first place.
pub fn missing(c: char, span: Span, count: usize) -> Diagnostic {
    let message = format!("no face has `{c}` (U+{:04X}){}", u32::from(c), times(count));
    Diagnostic::new("missing-glyph", Severity::Error, span, message)
        .hint("give a font that has it with `--font FILE`")
}

fn times(count: usize) -> String {
    if count == 1 { String::new() } else { format!(", {count} times") }
}

/// Whether a character needs no glyph: spaces that a reader makes itself, joiners, selectors.
pub fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFC}'
        )
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a character is a Chinese mark or a mark that Chinese shares with Western text.
pub fn mark(c: char) -> bool {
    matches!(c,
        '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{303D}' | '\u{30FB}'
        | '\u{FE10}'..='\u{FE1F}' | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}')
        || shared(c)
}

/// Whether a mark belongs to Chinese and to Western text alike, so that its neighbours decide.
pub fn shared(c: char) -> bool {
    matches!(c, '\u{00B7}' | '\u{2010}'..='\u{201F}' | '\u{2025}'..='\u{2027}' | '\u{2030}'..='\u{2037}' | '\u{2E3A}' | '\u{2E3B}')
}
