//! Stretches that are not Chinese: Japanese by its kana, Korean by its Hangul, and what the manuscript marks as another
//! language. A document in, the same with `MarkKind::Language` over them out, and a note on each that was guessed.
//! No rule touches them, and they stay as they are in every edition.

use std::ops::Range;

use encoding_rs::{EUC_KR, Encoding, SHIFT_JIS};

use crate::{
    document::{Document, Place},
    report::{Diagnostic, Report, Severity},
    text::{MarkKind, OBJECT, Text},
};

/// A language that writes Han characters beside letters of its own.
struct Language {
    tag: &'static str,
    name: &'static str,
    letters: &'static str,
    is_letter: fn(char) -> bool,
    /// The encoding of its standard character set: what it lacks, ordinary text of the language does not write.
    set: &'static Encoding,
    /// Whether a clause with so many letters of its own and so many Han characters is of the language as a whole.
    is_whole: fn(&str, usize, usize) -> bool,
}

const LANGUAGES: [Language; 2] = [
    Language {
        tag: "ja",
        name: "Japanese",
        letters: "kana",
        is_letter: is_kana,
        set: SHIFT_JIS,
        is_whole: is_japanese,
    },
    Language {
        tag: "ko",
        name: "Korean",
        letters: "Hangul",
        is_letter: is_hangul,
        set: EUC_KR,
        is_whole: is_korean,
    },
];

/// Characters that every Chinese sentence may have, and that no Japanese or Korean one has, though their sets do.
const CHINESE: &str = "這很沒嗎吧啊麼它你她妳們";

/// Han characters in a row that stand beside a foreign stretch, parted from it by marks only, and may belong to it.
const BESIDE: usize = 8;

/// Whether a word is a language tag.
pub(super) fn is_tag(word: &str) -> bool {
    let mut parts = word.split('-');
    parts
        .next()
        .is_some_and(|first| (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether a tag is that of a language other than Chinese.
pub(super) fn is_foreign(tag: &str) -> bool {
    let first = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    is_tag(tag)
        && !["zh", "cmn", "yue", "wuu", "nan", "hak", "gan", "hsn", "cdo", "lzh", "und", "mul", "zxx"]
            .contains(&first.as_str())
}

/// Whether words can be of the language that a page or a document of Word says they are. Programs write a language
/// that nobody chose: Chinese characters are only believed to be Japanese or Korean, and only where nothing tells that
/// they are not.
pub(super) fn is_believed(tag: &str, words: &str) -> bool {
    if !is_foreign(tag) {
        return false;
    }
    let first = tag.split('-').next().unwrap_or_default();
    let language = LANGUAGES.iter().find(|language| first.eq_ignore_ascii_case(language.tag));
    match language {
        Some(language) => words.chars().filter(|c| is_han(*c)).all(|c| fits(language, c)),
        None => !words.chars().any(is_han),
    }
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}'
        | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9D}')
}

/// A third of the characters are kana. Katakana may be a loan word in Chinese (我買了カメラ), one の is decoration.
fn is_japanese(words: &str, own: usize, han: usize) -> bool {
    let hiragana = || words.chars().filter(|c| matches!(c, '\u{3041}'..='\u{3096}'));
    own * 2 >= han && (hiragana().any(|c| c != 'の') || hiragana().count() > 1)
}

/// A third of the characters are Hangul, or a short word in Han characters has its particle (大韓民國은).
fn is_korean(words: &str, own: usize, han: usize) -> bool {
    let particle = words.ends_with(is_hangul) && !words.starts_with(is_hangul);
    own >= 2 && own * 2 >= han || (1..=3).contains(&own) && han > 0 && han <= BESIDE && particle
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{AC00}'..='\u{D7A3}')
}

fn is_han(c: char) -> bool {
    matches!(c, '々' | '〆' | '〇' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// Whether ordinary text of a language may have a Han character.
fn fits(language: &Language, c: char) -> bool {
    !CHINESE.contains(c) && !language.set.encode(c.encode_utf8(&mut [0; 4])).2
}

/// Marks what is not Chinese in all texts of a document but code.
pub(super) fn mark(document: &mut Document, report: &mut Report) {
    disbelieve(document);
    for (place, text) in document.texts_mut() {
        if matches!(place, Place::Code | Place::Meta) || !maybe_foreign(text.as_str()) {
            continue;
        }
        for language in &LANGUAGES {
            if text.as_str().chars().any(language.is_letter) {
                mark_language(text, language, report);
            }
        }
    }
}

/// Whether any two bytes are as the letters of both languages begin in UTF-8. All are looked at, without a branch:
/// hardly any text has one, and so they are compared many at a time.
fn maybe_foreign(string: &str) -> bool {
    let bytes = string.as_bytes();
    let begins = |(&a, &b): (&u8, &u8)| {
        (a == 0xE1) & (0x84..=0x87).contains(&b)
            | (a == 0xE3) & (0x81..=0x87).contains(&b)
            | (0xEA..=0xED).contains(&a)
            | (a == 0xEF) & (0xBD..=0xBE).contains(&b)
    };
    bytes.iter().zip(bytes.get(1..).unwrap_or_default()).fold(false, |any, pair| any | begins(pair))
}

fn mark_language(text: &mut Text, language: &Language, report: &mut Report) {
    for range in stretches(text.as_str(), language) {
        if text.is_locked(range.clone()) {
            continue;
        }
        let words = &text.as_str()[range.clone()];
        let own = words.chars().filter(|c| (language.is_letter)(*c)).count();
        let han = words.chars().filter(|c| is_han(*c)).count();
        let message = format!(
            "{}, and stays as it is: {own} {} beside {han} Han characters",
            language.name, language.letters
        );
        report.push(Diagnostic::new("foreign-words", Severity::Note, text.span(range.clone()), message));
        text.mark_around(range, MarkKind::Language(language.tag.to_owned()));
    }
}

/// Takes marks of languages away that most Han characters of the document have, and no letter tells: the language is
/// that of somebody's keyboard.
fn disbelieve(document: &mut Document) {
    let han = |string: &str| string.chars().filter(|c| is_han(*c)).count();
    let under: usize = document
        .texts()
        .iter()
        .flat_map(|(_, text)| text.marks().iter().map(|mark| (mark, text.as_str())))
        .filter(|(mark, _)| matches!(mark.kind, MarkKind::Language(_)))
        .map(|(mark, string)| han(&string[mark.range.clone()]))
        .sum();
    let all = || document.texts().iter().map(|(_, text)| han(text.as_str())).sum::<usize>();
    if under == 0 || under * 2 <= all() {
        return;
    }
    for (_, text) in document.texts_mut() {
        let string = text.as_str().to_owned();
        let told = |c: char| LANGUAGES.iter().any(|language| (language.is_letter)(c));
        text.unmark(|m| {
            matches!(m.kind, MarkKind::Language(_))
                && string[m.range.clone()].chars().any(is_han)
                && !string[m.range.clone()].chars().any(told)
        });
    }
}

/// A stretch of letters and Han characters without anything between.
struct Clause {
    range: Range<usize>,
    /// Letters of the language.
    own: usize,
    han: usize,
    /// Whether the language may write all of its Han characters.
    fits: bool,
    foreign: bool,
}

/// Where a language is written in a text: clauses that are of it as a whole, and sentences and quotations
/// that consist of such clauses for the most part. Its letters in other clauses need no mark: no rule knows them.
fn stretches(string: &str, language: &Language) -> Vec<Range<usize>> {
    let mut clauses = clauses(string, language);
    for clause in &mut clauses {
        let words = &string[clause.range.clone()];
        clause.foreign = clause.fits && clause.own > 0 && (language.is_whole)(words, clause.own, clause.han);
    }
    join(string, &mut clauses);
    let mut out: Vec<Range<usize>> = Vec::new();
    for clause in clauses.iter().filter(|clause| clause.foreign) {
        match out.last_mut() {
            Some(last) if is_between(&string[last.end..clause.range.start]) => last.end = clause.range.end,
            _ => out.push(clause.range.clone()),
        }
    }
    out
}

fn clauses(string: &str, language: &Language) -> Vec<Clause> {
    let mut out: Vec<Clause> = Vec::new();
    let mut open = false;
    for (at, c) in string.char_indices() {
        let letter = (language.is_letter)(c);
        if !letter && !is_han(c) {
            open = false;
            continue;
        }
        if !open {
            out.push(Clause { range: at..at, own: 0, han: 0, fits: true, foreign: false });
            open = true;
        }
        if let Some(clause) = out.last_mut() {
            clause.range.end = at + c.len_utf8();
            clause.own += usize::from(letter);
            clause.han += usize::from(!letter);
            clause.fits &= letter || fits(language, c);
        }
    }
    out
}

/// Lets clauses follow the others of their sentence or quotation, and those that only marks part from a foreign one.
fn join(string: &str, clauses: &mut [Clause]) {
    let mut start = 0;
    for end in 1..=clauses.len() {
        let ends = |a: &Clause, b: &Clause| string[a.range.end..b.range.start].contains(parts_sentences);
        if end < clauses.len() && !ends(&clauses[end - 1], &clauses[end]) {
            continue;
        }
        let sentence = &mut clauses[start..end];
        start = end;
        let size = |clause: &Clause| clause.own + clause.han;
        let foreign: usize = sentence.iter().filter(|it| it.foreign).map(size).sum();
        let others: usize = sentence.iter().filter(|it| !it.foreign).map(size).sum();
        if foreign >= others * 2 && sentence.iter().all(|it| it.fits) {
            sentence.iter_mut().for_each(|it| it.foreign |= foreign > 0);
        }
    }
    for at in 0..clauses.len() {
        let clause = &clauses[at];
        if clause.foreign || !clause.fits || clause.own + clause.han > BESIDE {
            continue;
        }
        let near = |a: usize, b: usize| {
            clauses.get(a).zip(clauses.get(b)).is_some_and(|(a, b)| {
                (a.foreign || b.foreign) && is_between(&string[a.range.end..b.range.start])
            })
        };
        let (before, behind) = (at > 0 && near(at - 1, at), near(at, at + 1));
        clauses[at].foreign = before && behind || clauses[at].own > 0 && (before || behind);
    }
}

/// What parts sentences and quotations.
fn parts_sentences(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '\n' | OBJECT) || is_bracket(c)
}

fn is_bracket(c: char) -> bool {
    matches!(
        c,
        '「' | '」'
            | '『'
            | '』'
            | '《'
            | '》'
            | '〈'
            | '〉'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '（'
            | '）'
            | '('
            | ')'
            | '【'
            | '】'
            | '['
            | ']'
            | '"'
    )
}

/// Whether two foreign clauses are one stretch with what stands between them.
fn is_between(string: &str) -> bool {
    string.chars().count() <= BESIDE && !string.chars().any(|c| is_han(c) || c == '\n' || c == OBJECT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_and_korean_are_told_from_chinese() {
        // (text, the stretches that are not Chinese)
        for (string, expected) in [
            ("他說：「これは日本語です。」然後離開。", &["これは日本語です"][..]),
            (
                "憲法前文：「日本国民は、正当に選挙された国会における代表者を通じて行動し、決意した。」",
                &["日本国民は、正当に選挙された国会における代表者を通じて行動し、決意した"],
            ),
            ("宮崎駿的《千と千尋の神隠し》很好看", &["千と千尋の神隠し"]),
            ("「彼は『そうだ』と言った」", &["彼は『そうだ』と言った"]),
            ("對方用「そう、発言は一九四六年、東京で」回答", &["そう、発言は一九四六年、東京で"]),
            ("大韓民國은 民主共和國이다。這是憲法第一條。", &["大韓民國은 民主共和國이다"]),
            ("韓國人說 안녕하세요 就是你好", &["안녕하세요"]),
            ("我去東京タワー參觀了很久的時間", &[]),
            // One letter is decoration; kana inside Chinese leaves the Chinese around it alone.
            ("首爾的은행是銀行，我買了カメラ和ラジオ", &[]),
            ("大賣の店", &[]),
            ("我最愛吃優の良品的零食", &[]),
            ("這是ア、イ兩組", &[]),
            ("電影的主題曲很好聽", &[]),
            ("", &[]),
        ] {
            let mut found: Vec<&str> = Vec::new();
            for language in &LANGUAGES {
                found.extend(stretches(string, language).into_iter().map(|range| &string[range]));
            }
            assert_eq!(found, expected, "{string}");
        }
    }

    #[test]
    fn tags_are_believed_where_the_words_allow_it() {
        for (tag, words, believed) in [
            ("ja", "東京都庁", true),
            ("ja-JP", "东京都厅", false),
            ("ja", "這是中文", false),
            ("ko", "大韓民國", true),
            ("en", "word", true),
            ("en-US", "中文 word", false),
            ("zh-Hant", "中文", false),
            ("yue", "中文", false),
            ("", "word", false),
            ("x", "word", false),
        ] {
            assert_eq!(is_believed(tag, words), believed, "{tag} {words}");
        }
    }
}
