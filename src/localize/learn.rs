//! What a house's finished documents say about its editions: the documents in, out the words that an edition would write in
//! another way than the house does, or would have to guess. Each finished text is simplified and converted back; where
//! the two differ, or the converter doubts, the document knows better.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    borders,
    config::{Config, table},
    convert::{Converter, Extras},
    hong_kong,
    script::Detector,
    table::decode,
};
use crate::{
    document::{Document, Place},
    edit::Confidence,
    edition::{Edition, Region, Script},
    source::Span,
    text::Text,
};

/// Places that make a habit; fewer are thin evidence.
pub const ENOUGH: usize = 3;
/// One place in so many may be written in another way.
const SLIPS: usize = 20;
/// Characters of a word that no list knows.
const LONGEST: usize = 6;

/// What the documents say of one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The word as the edition would write it.
    pub word: String,
    /// The word as the house writes it most often.
    pub house: String,
    /// At how many places.
    pub count: usize,
    /// How else the house writes it, and how often.
    pub others: Vec<(String, usize)>,
    /// The first place: the number of the document, and where in it.
    pub place: (usize, Span),
    /// What stands there.
    pub example: String,
}

impl Lesson {
    /// Whether there are enough places, and next to none against them.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        let against: usize = self.others.iter().map(|(_, count)| count).sum();
        self.count >= ENOUGH && against * SLIPS <= self.count
    }
}

/// A stretch of a finished text, with what an edition would make of it, character by character.
struct Sample<'a> {
    document: usize,
    text: &'a Text,
    /// Byte offset in the text.
    start: usize,
    finished: Vec<char>,
    made: Vec<char>,
    /// The other script.
    plain: Vec<char>,
    /// Whether the converter had to guess.
    doubtful: Vec<bool>,
}

/// A place: the number of a sample, and of a character in it.
type At = (usize, usize);

/// Finished documents, as far as they were read.
pub struct Learner<'a> {
    edition: Edition,
    samples: Vec<Sample<'a>>,
    detector: Detector,
    /// Words that the lists of the region would exchange, and for what.
    regional: BTreeMap<String, String>,
}

impl<'a> Learner<'a> {
    /// Nothing is known yet about an edition.
    #[must_use]
    pub fn new(edition: &Edition) -> Self {
        let (edition, detector) = (edition.clone(), Detector::default());
        Self { edition, samples: Vec::new(), detector, regional: BTreeMap::new() }
    }

    /// How many Han characters were read.
    #[must_use]
    pub fn size(&self) -> usize {
        self.samples.iter().map(|it| it.finished.iter().filter(|c| borders::is_han(**c)).count()).sum()
    }

    /// Reads a finished document. What is in the other script, and what does not come back in as many characters, says
    /// nothing.
    pub fn read(&mut self, number: usize, document: &'a Document) {
        let (back, forth) = match (self.edition.script, self.edition.region) {
            (Script::Simplified, _) => (Config::S2t, Config::T2s),
            (Script::Traditional, Region::Hk) => (Config::Hk2s, Config::S2hk),
            (Script::Traditional, Region::Tw) => (Config::Tw2s, Config::S2tw),
            (Script::Traditional, Region::Cn) => (Config::T2s, Config::S2t),
        };
        let [back, forth] = [back, forth].map(|config| Converter::new(config, Extras::BEST));
        for (_, text) in document.texts().into_iter().filter(|(p, _)| !matches!(p, Place::Code | Place::Meta))
        {
            for open in text.open_ranges() {
                let string = &text.as_str()[open.clone()];
                if self.detector.evidence(string).script().is_some_and(|it| it != self.edition.script) {
                    continue;
                }
                self.words(text, string);
                let plain = back.convert(string);
                let (made, doubtful) = made(&forth, &plain);
                let mut finished: Vec<char> = string.chars().collect();
                let plain: Vec<char> = plain.chars().collect();
                if plain.len() == finished.len() && made.len() == finished.len() {
                    // A compatibility ideograph is the character that it stands for.
                    for (c, made) in finished.iter_mut().zip(&made) {
                        if matches!(c, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}') {
                            *c = *made;
                        }
                    }
                    let start = open.start;
                    self.samples.push(Sample {
                        document: number,
                        text,
                        start,
                        finished,
                        made,
                        plain,
                        doubtful,
                    });
                }
            }
        }
    }

    /// Notes the words that the region's lists would exchange.
    fn words(&mut self, text: &Text, string: &str) {
        if self.edition.script == Script::Simplified {
            return;
        }
        match self.edition.region {
            Region::Hk => {
                for edit in hong_kong::words(text, hong_kong::Whose::Mainland) {
                    if edit.confidence == Confidence::Sure {
                        let word = text.as_str()[edit.range.clone()].to_owned();
                        self.regional.insert(word, edit.new);
                    }
                }
            }
            Region::Tw => {
                let converter = Converter::new(Config::T2twp, Extras::BEST);
                for it in converter.replacements(string) {
                    if it.dictionary == "TWPhrases" {
                        let word = borders::word_at(string, it.range.start);
                        let word = &string[word.start..word.end.max(it.range.end)];
                        let new = converter.convert(word);
                        if new != word {
                            self.regional.insert(word.to_owned(), new);
                        }
                    }
                }
            }
            Region::Cn => {}
        }
    }

    /// What the documents say, in the order of the words: what is clear, and what is not.
    #[must_use]
    pub fn lessons(&self) -> Vec<Lesson> {
        let (singles, terms) = self.candidates();
        let mut lessons = self.tally(&singles);
        let known: Vec<Lesson> = lessons.iter().filter(|it| it.is_clear()).cloned().collect();
        let mut words = self.tally(&terms);
        words.sort_by_key(|it| it.word.chars().count());
        for word in words {
            // What the shorter ones say already needs no line of its own.
            let mut told = word.word.clone();
            for it in known.iter().chain(lessons.iter().filter(|it| it.is_clear())) {
                told = told.replace(&it.word, &it.house);
            }
            if told != word.house || told == word.word && !covered(&lessons, &word) {
                lessons.push(word);
            }
        }
        lessons.extend(self.exchanged());
        lessons.sort_by(|a, b| (&a.word, &a.house).cmp(&(&b.word, &b.house)));
        lessons.dedup_by(|a, b| a.word == b.word);
        lessons
    }

    /// Words, in the other script, around the places that tell something: characters that mean the same wherever they
    /// stand, and words.
    fn candidates(&self) -> (BTreeSet<Vec<char>>, BTreeSet<Vec<char>>) {
        let (mut singles, mut words) = (BTreeSet::new(), BTreeSet::new());
        let mut lone: BTreeMap<char, Vec<At>> = BTreeMap::new();
        for (number, sample) in self.samples.iter().enumerate() {
            let string: String = sample.finished.iter().collect();
            let mut offset = 0;
            for (at, c) in sample.finished.iter().enumerate() {
                let here = offset;
                offset += c.len_utf8();
                if *c == sample.made[at] && !sample.doubtful[at] {
                    continue;
                }
                let own = sample.plain[at];
                if *c != sample.made[at] && self.edition.script == Script::Traditional && !is_ambiguous(own) {
                    singles.insert(vec![own]);
                    continue;
                }
                let word = borders::word_at(&string, here);
                let before = string[word.start..here].chars().count();
                let length = string[word].chars().count();
                if length > 1 {
                    words.insert(sample.plain[at - before..at - before + length].to_vec());
                } else if *c != sample.made[at] {
                    lone.entry(own).or_default().push((number, at));
                }
            }
        }
        for places in lone.values() {
            words.extend(self.grown(places));
        }
        (singles, words)
    }

    /// Words around places where no list knows one, such as names: what stands there again and again.
    fn grown(&self, places: &[At]) -> Vec<Vec<char>> {
        let plain = |(sample, at): At, by: isize| {
            let at = at.checked_add_signed(by)?;
            self.samples[sample].plain.get(at).copied().filter(|c| borders::is_han(*c))
        };
        let mut out = Vec::new();
        for side in [1_isize, -1] {
            let mut groups: BTreeMap<char, Vec<At>> = BTreeMap::new();
            for &place in places {
                if let Some(c) = plain(place, side) {
                    groups.entry(c).or_default().push(place);
                }
            }
            for group in groups.values().filter(|group| group.len() >= ENOUGH) {
                let (mut from, mut to) = (side.min(0), side.max(0));
                let all = |by: isize| {
                    let first = plain(group[0], by)?;
                    group.iter().all(|place| plain(*place, by) == Some(first)).then_some(first)
                };
                while to - from < LONGEST as isize && all(to + 1).is_some() {
                    to += 1;
                }
                while to - from < LONGEST as isize && all(from - 1).is_some() {
                    from -= 1;
                }
                // Two characters may meet by chance, and what is always longer is a phrase that is said again.
                if (2..LONGEST as isize).contains(&(to - from)) {
                    out.push((from..=to).filter_map(|by| plain(group[0], by)).collect());
                }
            }
        }
        out
    }

    /// Counts how words of the other script are written, wherever they stand.
    fn tally(&self, words: &BTreeSet<Vec<char>>) -> Vec<Lesson> {
        let mut by_first: HashMap<char, Vec<&Vec<char>>> = HashMap::new();
        for word in words {
            by_first.entry(word[0]).or_default().push(word);
        }
        // Of each word: its forms with their counts and first places, what the edition makes of it, and whether that
        // was wrong or a guess anywhere.
        #[derive(Default)]
        struct Count {
            forms: BTreeMap<String, (usize, Option<At>)>,
            made: BTreeMap<String, usize>,
            told: bool,
            /// What stands on each side everywhere; nothing once it differs, or no Han stands there.
            beside: [Option<char>; 2],
        }
        let mut counts: BTreeMap<&Vec<char>, Count> = BTreeMap::new();
        for (number, sample) in self.samples.iter().enumerate() {
            for (at, c) in sample.plain.iter().enumerate() {
                for word in by_first.get(c).map_or(&[][..], Vec::as_slice) {
                    if !sample.plain[at..].starts_with(word) {
                        continue;
                    }
                    let range = at..at + word.len();
                    let count = counts.entry(word).or_default();
                    let around = [at.checked_sub(1), Some(range.end)];
                    let around = around.map(|at| {
                        let c = at.and_then(|at| sample.plain.get(at)).copied();
                        c.filter(|c| borders::is_han(*c))
                    });
                    for (beside, c) in count.beside.iter_mut().zip(around) {
                        *beside = if count.forms.is_empty() { c } else { beside.filter(|it| Some(*it) == c) };
                    }
                    let form = count.forms.entry(sample.finished[range.clone()].iter().collect());
                    let form = form.or_insert((0, Some((number, at))));
                    form.0 += 1;
                    *count.made.entry(sample.made[range.clone()].iter().collect()).or_default() += 1;
                    count.told |=
                        range.clone().any(|i| sample.doubtful[i] || sample.finished[i] != sample.made[i]);
                }
            }
        }
        let lesson = |(plain, count): (&Vec<char>, Count)| {
            let (house, (times, place)) = count.forms.iter().max_by_key(|(_, (n, _))| *n)?;
            let others = count.forms.iter().filter(|(form, _)| *form != house);
            let others: Vec<(String, usize)> = others.map(|(form, (n, _))| (form.clone(), *n)).collect();
            let made = count.made.iter().filter(|(made, _)| *made != house).max_by_key(|(_, n)| **n);
            let word = match made {
                _ if self.edition.script == Script::Simplified => plain.iter().collect(),
                Some((made, _)) => made.clone(),
                None => house.clone(),
            };
            let place = (*place)?;
            let (house, count) = (house.clone(), *times);
            let (at, example) = self.example(place, plain.len());
            Some(Lesson { word, house, count, others, place: at, example })
        };
        // What always stands beside the same character is a piece of a word (日繫 of 日繫屬).
        let whole = |word: &[char], count: &Count| word.len() == 1 || count.beside == [None, None];
        let counts = counts.into_iter().filter(|(word, count)| count.told && whole(word, count));
        counts.filter_map(lesson).collect()
    }

    /// Words of another region that the house uses itself.
    fn exchanged(&self) -> Vec<Lesson> {
        let all: Vec<String> = self.samples.iter().map(|it| it.finished.iter().collect()).collect();
        let lesson = |(word, new): (&String, &String)| {
            let count = |word: &str| all.iter().map(|it| it.matches(word).count()).sum::<usize>();
            let number = all.iter().position(|it| it.contains(word.as_str()))?;
            let at = all[number][..all[number].find(word.as_str())?].chars().count();
            let (place, example) = self.example((number, at), word.chars().count());
            let others = Some((new.clone(), count(new))).filter(|(_, count)| *count > 0);
            let (others, count) = (others.into_iter().collect(), count(word));
            Some(Lesson { word: word.clone(), house: word.clone(), count, others, place, example })
        };
        self.regional.iter().filter_map(lesson).collect()
    }

    /// A place in its document, and the words around it.
    fn example(&self, (sample, at): At, length: usize) -> ((usize, Span), String) {
        let sample = &self.samples[sample];
        let bytes = |chars: &[char]| chars.iter().map(|c| c.len_utf8()).sum::<usize>();
        let start = sample.start + bytes(&sample.finished[..at]);
        let end = start + bytes(&sample.finished[at..at + length]);
        let (from, to) = (at.saturating_sub(8), (at + length + 8).min(sample.finished.len()));
        let example: String = sample.finished[from..to].iter().filter(|c| !c.is_control()).collect();
        ((sample.document, sample.text.span(start..end)), example)
    }
}

/// Whether a clear lesson about a part of a word stands already, with nothing new in the rest.
fn covered(lessons: &[Lesson], word: &Lesson) -> bool {
    lessons.iter().any(|it| it.is_clear() && word.word.contains(&it.word) && word.house.contains(&it.house))
}

/// What a converter makes of a text, and where it had to guess, character by character.
fn made(converter: &Converter, plain: &str) -> (Vec<char>, Vec<bool>) {
    let (mut made, mut doubtful) = (Vec::new(), Vec::new());
    let mut at = 0;
    let mut push = |part: &str, doubt: bool| {
        made.extend(part.chars());
        doubtful.resize(made.len(), doubt);
    };
    for it in converter.replacements(plain) {
        push(&plain[at..it.range.start], false);
        push(&it.new, it.grade.is_some());
        at = it.range.end;
    }
    push(&plain[at..], false);
    (made, doubtful)
}

/// Whether a Simplified character stands for several Traditional ones.
fn is_ambiguous(c: char) -> bool {
    let table = table("st");
    let own = String::from(c);
    let found = table.find(own.as_bytes(), decode(own.as_bytes(), 0), own.len());
    found.is_some_and(|found| table.entry(found).candidates.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Block, Role},
        source::SourceId,
    };

    /// What documents of these paragraphs say, as `word→house count-against`, the clear ones first marked by `!`.
    fn check(edition: &str, paragraphs: &[(&str, usize)], expected: &[&str]) {
        let mut document = Document::default();
        for (paragraph, times) in paragraphs {
            for _ in 0..*times {
                let text = Text::verbatim(*paragraph, SourceId(0), 0);
                document.blocks.push(Block::Paragraph { text, role: Role::Body });
            }
        }
        let mut learner = Learner::new(&Edition::parse(edition).expect("an edition"));
        learner.read(0, &document);
        let told: Vec<String> = (learner.lessons().iter())
            .map(|it| {
                let clear = if it.is_clear() { "!" } else { "" };
                let against: usize = it.others.iter().map(|(_, n)| n).sum();
                format!("{clear}{}→{} {}-{against}", it.word, it.house, it.count)
            })
            .collect();
        assert_eq!(told, expected, "{edition} {paragraphs:?}");
    }

    #[test]
    fn habits_are_found() {
        // Forms of characters that mean the same everywhere.
        check("hk", &[("他說羣山很高", 4)], &["!説→說 4-0"]);
        // A character of several meanings is learned by its words.
        check(
            "tw",
            &[("我在台灣。山裏面", 3), ("台灣人走到房裏面", 2)],
            &["!臺灣→台灣 5-0", "!裡面→裏面 5-0"],
        );
        // A piece of a longer word is none, whatever other words look like it (日系).
        check("tw", &[("該案去年間繫屬於本院", 4)], &[]);
        // Once is no habit, and both ways is none.
        check("hk", &[("他說了", 1)], &["説→說 1-0"]);
        check("hk", &[("他說了", 4), ("他説了", 3)], &["説→說 4-3"]);
        // A slip in many does not matter.
        check("hk", &[("他說了", 40), ("他説了", 1)], &["!説→說 40-1"]);
        // Words of another region that the house uses itself.
        check("hk", &[("他坐出租車", 3)], &["!出租車→出租車 3-0"]);
        check("tw", &[("他用軟件", 3)], &["!軟件→軟件 3-0"]);
        // What the edition would write by itself needs no line.
        check("hk", &[("羣山與組織的發展", 5)], &[]);
        check("tw", &[("群山與組織的發展", 5)], &[]);
    }

    #[test]
    fn names_are_found_by_what_stands_beside_them() {
        check("tw", &[("昨天于念慈說了", 3), ("老師于念慈也來", 3)], &["!於念慈→于念慈 6-0"]);
    }
}
