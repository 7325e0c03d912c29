//! The converter: a text through all tables of a configuration, as a new string or as layers of replacements.

use std::{borrow::Cow, ops::Range};

use memchr::memchr2_iter;

use super::{
    compose::compose,
    config::{Config, Walls, repairs, table},
    pass::{Choice, Offsets, Step, Witness, pass, walls_of},
    table::{Entry, Table, decode},
};

/// A ready converter. Making one costs nothing worth saving: the tables are read in place.
#[derive(Clone, Copy)]
pub struct Converter {
    config: Config,
    normalize: Step,
    before: Option<Table>,
    walls: Walls,
    first: Step,
    second: Option<Step>,
}

/// What a converter may do beyond OpenCC's common tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// Allow results that few fonts can show (OpenCC: tofu risk).
    pub rare: bool,
    /// Correct what the dictionaries are known to get wrong in prose (`seeds/tables/repairs.tsv`).
    pub repairs: bool,
    /// Let contexts choose among the forms of a character (`seeds/tables/contexts.tsv`).
    pub contexts: bool,
}

impl Extras {
    /// OpenCC's common tables and nothing else.
    pub const NONE: Extras = Extras { rare: false, repairs: false, contexts: false };
    /// All that makes better text.
    pub const BEST: Extras = Extras { rare: false, repairs: true, contexts: true };
}

/// Why a choice between several characters is doubtful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// A character by itself: neither a phrase nor a context decides.
    Bare,
    /// A phrase decides that another phrase crosses.
    Crossed,
    /// A phrase that has several values itself.
    Several,
    /// A context overruled the dictionary, but it is known from few places.
    Narrow,
    /// A phrase decides, but text written in Traditional characters often has another one there.
    Disputed,
    /// Whatever decides, both are printed, or one is often written for the other.
    Twin,
}

/// One stretch of text that a dictionary decided, cut down to the characters that it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Bytes of the layer's input.
    pub range: Range<usize>,
    /// What stands there in the layer's output; mostly a piece of a table.
    pub new: Cow<'static, str>,
    /// The OpenCC dictionary that decided.
    pub dictionary: &'static str,
    /// The other candidates of that dictionary, if it had several.
    pub rivals: Vec<&'static str>,
    /// Why the choice is doubtful, if it is.
    pub grade: Option<Grade>,
    /// At how many places a context was seen that overruled the dictionary; 0 for none.
    pub seen: u16,
}

/// What one table did to a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// What kind of table it was.
    pub kind: LayerKind,
    /// In order of place, never overlapping.
    pub replacements: Vec<Replacement>,
    /// The text after this layer.
    pub text: String,
}

/// The steps of a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LayerKind {
    /// Compatibility ideographs to the characters they stand for.
    Normalize,
    /// The configuration's first table.
    First,
    /// The configuration's second table.
    Second,
}

impl Converter {
    /// A converter for a configuration.
    #[must_use]
    pub fn new(config: Config, extras: Extras) -> Converter {
        let plan = config.plan();
        let open = |name| table(if extras.rare && name == "ts" { "ts_rare" } else { name });
        let step = |name| {
            // What a writer of Traditional text chose is kept (`t2hk`), never repaired.
            let step = match (plan.name, name) {
                ("t2hk" | "tw2hk", "hk") => "t2hk",
                ("s2hkp", "hkp") => "hk",
                ("tw2sp", "twp_rev") => "twp_rev",
                (plan, name) if plan.starts_with('s') || matches!(name, "twp" | "ts") => name,
                _ => "",
            };
            Step {
                table: open(name),
                repairs: if extras.repairs { repairs(step) } else { None },
                contexts: extras.contexts && name == "st",
                words: extras.contexts && matches!(name, "twp" | "hkp"),
                guarded: extras.contexts && matches!(step, "st" | "ts"),
            }
        };
        Converter {
            config,
            normalize: Step {
                table: table("normalize"),
                repairs: None,
                contexts: false,
                words: false,
                guarded: false,
            },
            before: if let Walls::Before(name) = plan.walls { Some(open(name)) } else { None },
            walls: plan.walls,
            first: step(plan.first),
            second: plan.second.map(step),
        }
    }

    /// Which configuration it is.
    #[must_use]
    pub fn config(&self) -> Config {
        self.config
    }

    /// The converted text.
    #[must_use]
    pub fn convert(&self, text: &str) -> String {
        let normal = self.normalized(text, &mut ());
        let text = normal.as_deref().unwrap_or(text);
        let mut out = String::with_capacity(text.len() + text.len() / 16);
        let walls = self.first_pass(text, &mut out, &mut ());
        let Some(second) = &self.second else { return out };
        let mut last = String::with_capacity(out.len() + out.len() / 16);
        pass(second, &out, &walls, Walls::None, &mut last, &mut ());
        last
    }

    /// The conversion as replacements in `text` itself, however many layers a place went through. What a later
    /// layer gave back as it was is none.
    #[must_use]
    pub fn replacements(&self, text: &str) -> Vec<Replacement> {
        let mut layers = self.layers(text).into_iter().map(|layer| layer.replacements);
        let Some(first) = layers.next() else { return Vec::new() };
        let Some(second) = layers.next() else { return first };
        let all = layers.fold(compose(first, second), compose);
        let mut net = Vec::with_capacity(all.len());
        for it in all {
            let (old, start) = (&text[it.range.clone()], it.range.start);
            // Most are one character for another; what stays as it is can be a guess, too.
            if old == it.new {
                net.extend(it.grade.is_some().then_some(it));
                continue;
            }
            if old.len() == 3 && it.new.len() == 3 {
                net.push(it);
                continue;
            }
            let mut parts = changes(old, &it.new);
            if parts.len() == 1 && parts[0].old.len() == old.len() {
                net.push(it);
                continue;
            }
            for Part { old, new, .. } in
                parts.drain(..).filter(|part| !(part.old.is_empty() && part.new.is_empty()))
            {
                let range = start + old.start..start + old.end;
                let new = match &it.new {
                    Cow::Borrowed(whole) => Cow::Borrowed(&whole[new]),
                    Cow::Owned(whole) => Cow::Owned(whole[new].to_owned()),
                };
                net.push(Replacement { range, new, ..it.clone() });
            }
        }
        net
    }

    /// The conversion layer by layer; each layer's ranges are places in the text of the layer before.
    #[must_use]
    pub fn layers(&self, text: &str) -> Vec<Layer> {
        let mut layers = Vec::new();
        let mut notes = Notes::of(text);
        if let Some(normal) = self.normalized(text, &mut notes) {
            layers.push(Layer { kind: LayerKind::Normalize, replacements: notes.list, text: normal });
        }
        let input = layers.last().map_or(text, |layer| &layer.text);
        let (mut notes, mut out) = (Notes::of(input), String::with_capacity(input.len()));
        let walls = self.first_pass(input, &mut out, &mut notes);
        let replacements = notes.list;
        layers.push(Layer { kind: LayerKind::First, replacements, text: out });
        if let Some(second) = &self.second {
            let input = layers.last().map_or(text, |layer| &layer.text);
            let (mut notes, mut out) = (Notes::of(input), String::with_capacity(input.len()));
            pass(second, input, &walls, Walls::None, &mut out, &mut notes);
            let replacements = notes.list;
            layers.push(Layer { kind: LayerKind::Second, replacements, text: out });
        }
        layers
    }

    fn first_pass(&self, text: &str, out: &mut String, witness: &mut impl Witness) -> Offsets {
        let walls = self.before.as_ref().map_or_else(Vec::new, |before| walls_of(before, text));
        pass(&self.first, text, &walls, self.walls, out, witness)
    }

    /// The text without compatibility ideographs, or `None` if it has none.
    fn normalized(&self, text: &str, witness: &mut impl Witness) -> Option<String> {
        // All of them start with EF A4..AB or F0 AF in UTF-8.
        let bytes = text.as_bytes();
        let compatibility =
            |at: &usize| matches!(bytes.get(*at..at + 2), Some([0xEF, 0xA4..=0xAB] | [0xF0, 0xAF]));
        memchr2_iter(0xEF, 0xF0, bytes).find(compatibility)?;
        let mut out = String::with_capacity(text.len());
        pass(&self.normalize, text, &[], Walls::None, &mut out, witness);
        Some(out)
    }
}

/// Collects replacements.
struct Notes<'a> {
    text: &'a str,
    list: Vec<Replacement>,
}

impl Notes<'_> {
    fn of(text: &str) -> Notes<'_> {
        // About one character in three changes; a list that grew by doubling would be copied again and again.
        Notes { text, list: Vec::with_capacity(text.len() / 8) }
    }
}

impl Witness for Notes<'_> {
    const GRADES: bool = true;

    fn see(&mut self, start: usize, end: usize, entry: Entry, choices: &[Choice]) {
        let several = entry.candidates.len() > entry.value.len();
        let old = &self.text[start..end];
        let told = |choice: &&Choice| choice.grade.is_some() || choice.instead_of.is_some();
        if choices.iter().any(|choice| told(&choice)) {
            // Characters in doubt stand alone, what lies between them is as usual.
            let values = entry.value.char_indices();
            for (number, ((at, c), (from, new))) in old.char_indices().zip(values).enumerate() {
                let range = start + at..start + at + c.len_utf8();
                let value = &entry.value[from..from + new.len_utf8()];
                match choices.iter().filter(told).find(|choice| choice.number == number) {
                    Some(choice) => {
                        let mut it = replacement(&entry, range.clone(), value, (number, number + 1));
                        if choice.instead_of.is_some() {
                            it.new = Cow::Owned(choice.new.to_string());
                            it.rivals.retain(|rival| *rival != it.new);
                            it.rivals.insert(0, value);
                            it.seen = choice.seen;
                        }
                        if it.rivals.is_empty() {
                            it.rivals = rivals_of(&self.text[range], &it.new);
                        }
                        it.rivals.dedup();
                        it.grade = choice.grade;
                        self.list.push(it);
                    }
                    None if c == new => {}
                    None => self.list.push(replacement(&entry, range, value, (number, number + 1))),
                }
            }
            return;
        }
        if entry.same {
            return;
        }
        // Where contexts had no say (to Simplified), a bare character with several values is a guess.
        let guess = |mut it: Replacement| {
            if several && entry.single && choices.is_empty() && !it.rivals.is_empty() {
                it.grade = Some(Grade::Bare);
            }
            it
        };
        if entry.single {
            self.list.push(guess(replacement(&entry, start..end, entry.value, (0, 0))));
            return;
        }
        for change in changes(old, entry.value) {
            let span = start + change.old.start..start + change.old.end;
            self.list.push(replacement(&entry, span, &entry.value[change.new.clone()], change.characters));
        }
    }
}

/// The other Traditional characters of a Simplified one.
fn rivals_of(c: &str, new: &str) -> Vec<&'static str> {
    let table = table("st");
    let found = table.find(c.as_bytes(), decode(c.as_bytes(), 0), c.len());
    let candidates = found.map_or("", |found| table.entry(found).candidates);
    candidates.split(' ').filter(|it| *it != new && it.len() <= 3).collect()
}

/// Builds a replacement; `characters` are the places within the value, for cutting the rivals likewise.
fn replacement(
    entry: &Entry,
    range: Range<usize>,
    new: &'static str,
    characters: (usize, usize),
) -> Replacement {
    let mut rivals: Vec<&'static str> = Vec::new();
    if entry.candidates.len() > entry.value.len() {
        let length = entry.value.chars().count();
        for mut rival in entry.candidates.split(' ').skip(1) {
            // A rival outside the common planes is one that few fonts and no readers know.
            if rival.chars().any(|c| c > '\u{FFFF}') {
                continue;
            }
            if characters.1 > 0 && rival.chars().count() == length {
                let byte = |number: usize| rival.char_indices().nth(number).map_or(rival.len(), |(at, _)| at);
                rival = &rival[byte(characters.0)..byte(characters.1)];
            }
            if rival != new && !rivals.contains(&rival) {
                rivals.push(rival);
            }
        }
    }
    let new = Cow::Borrowed(new);
    Replacement { range, new, dictionary: entry.dictionary, rivals, grade: None, seen: 0 }
}

/// A changed part of a match: bytes of the key, bytes of the value, and its characters (0, 0 if they do not
/// correspond one to one).
struct Part {
    old: Range<usize>,
    new: Range<usize>,
    characters: (usize, usize),
}

/// The parts of a match that change. Equal numbers of characters correspond one by one; otherwise only an equal
/// beginning and end are cut away.
fn changes(old: &str, new: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    if old.chars().count() == new.chars().count() {
        let (mut a, mut b) = (0, 0);
        for (i, (x, y)) in old.chars().zip(new.chars()).enumerate() {
            let (a_end, b_end) = (a + x.len_utf8(), b + y.len_utf8());
            if x != y {
                match parts.last_mut() {
                    Some(part) if part.old.end == a => {
                        (part.old.end, part.new.end, part.characters.1) = (a_end, b_end, i + 1);
                    }
                    _ => parts.push(Part { old: a..a_end, new: b..b_end, characters: (i, i + 1) }),
                }
            }
            (a, b) = (a_end, b_end);
        }
        return parts;
    }
    let same = |(x, y): &(char, char)| x == y;
    let head: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let tails = (old[head..].chars().rev()).zip(new[head..].chars().rev());
    let tail: usize = tails.take_while(same).map(|(c, _)| c.len_utf8()).sum();
    parts.push(Part { old: head..old.len() - tail, new: head..new.len() - tail, characters: (0, 0) });
    parts
}
