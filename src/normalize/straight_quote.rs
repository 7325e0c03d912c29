//! Rule `straight-quote`: straight quotation marks around Chinese words.

use crate::{
    document::{Document, Place},
    edit::Edit,
    edition::Script,
    kit::Kit,
    localize::script::{Detector, Evidence},
    normalize::class::{View, is_han, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// Straight quotation marks around Chinese words.
pub const STRAIGHT_QUOTE: Rule = Rule {
    name: "straight-quote",
    stage: Stage::Normalize,
    summary: "straight quotation marks stand around Chinese words",
    doc: Doc {
        finds: "Pairs of `\"` with Han characters between them.",
        why: "Typewriter marks look the same on both sides, and an edition of another region cannot change them into its own.",
        examples: &[("他說\"好的\"。", "他說“好的”。"), ("這叫\"團結\"、「和諧」", "這叫「團結」、「和諧」")],
        unsure: "They become 「」 in Traditional text and where the manuscript writes 「」, else “”; inside 「」 they become 『』. An odd number of them in a paragraph, inches (5\"), spaces inside a pair and pairs without Han stay.",
    },
    check: Check::Document(check),
};

fn check(_: &Kit, document: &Document) -> Vec<(usize, Edit)> {
    edits(document)
}

fn edits(document: &Document) -> Vec<(usize, Edit)> {
    let texts = document.texts();
    let found: Vec<(usize, Vec<Pair>)> = texts
        .iter()
        .enumerate()
        .filter(|(_, (place, text))| *place != Place::Code && text.as_str().contains('"'))
        .map(|(index, (_, text))| (index, pairs(text)))
        .filter(|(_, pairs)| !pairs.is_empty())
        .collect();
    if found.is_empty() {
        return Vec::new();
    }
    let corners = corners(&texts.iter().map(|(_, text)| *text).collect::<Vec<_>>());
    let marks = |inside: bool| match (corners, inside) {
        (true, false) => ["「", "」"],
        (true, true) => ["『", "』"],
        (false, false) => ["“", "”"],
        (false, true) => ["‘", "’"],
    };
    let of_text = |(index, pairs): (usize, Vec<Pair>)| {
        pairs.into_iter().flat_map(move |pair| {
            let [open, close] = marks(pair.inside);
            [(pair.open, open), (pair.close, close)].map(|(at, new)| (index, Edit::sure(at..at + 1, new)))
        })
    };
    found.into_iter().flat_map(of_text).collect()
}

/// Whether the document writes 「」: it has them, or it has no curly ones and is Traditional.
fn corners(texts: &[&Text]) -> bool {
    let has = |c: char| texts.iter().any(|text| text.as_str().contains(c));
    if has('「') || has('“') {
        return has('「');
    }
    let detector = Detector::default();
    let mut evidence = Evidence::default();
    texts.iter().for_each(|text| evidence += detector.evidence(text.as_str()));
    evidence.script() == Some(Script::Traditional)
}

/// Two straight marks that answer each other: their bytes, and whether they stand inside a quotation.
struct Pair {
    open: usize,
    close: usize,
    inside: bool,
}

fn pairs(text: &Text) -> Vec<Pair> {
    let view = View::new(text);
    let marks: Vec<usize> = (0..view.len()).filter(|&i| view.get(i) == Some('"')).collect();
    if !marks.len().is_multiple_of(2) {
        return Vec::new();
    }
    let blank = |c: Option<char>| c.is_none_or(|c| is_space(c) || c == '\u{3000}' || c == '\n');
    let mut out = Vec::new();
    let mut depth = 0usize;
    let mut from = 0;
    for pair in marks.chunks_exact(2) {
        let (open, close) = (pair[0], pair[1]);
        let digit = view.before(open).is_some_and(|c| c.is_ascii_digit());
        // One that is an inch, or a pair with its back to its words, puts all pairs of the text in doubt.
        if digit || close == open + 1 || blank(view.get(open + 1)) || blank(view.before(close)) {
            return Vec::new();
        }
        for i in from..open {
            match view.get(i) {
                Some('「' | '“') => depth += 1,
                Some('」' | '”') => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        from = open;
        let mut within = (open + 1..close).filter_map(|i| view.get(i));
        let han = within.clone().any(is_han);
        let nested = within.any(|c| matches!(c, '「' | '」' | '“' | '”'));
        if han && !nested {
            out.push(Pair {
                open: view.bytes(open..close).start,
                close: view.bytes(open..close).end,
                inside: depth > 0,
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Block, Role},
        source::SourceId,
    };

    fn mended(text: &str) -> String {
        let text = Text::verbatim(text, SourceId(0), 0);
        let mut document =
            Document { blocks: vec![Block::Paragraph { text, role: Role::Body }], ..Document::default() };
        for _ in 0..2 {
            let edits: Vec<Edit> = edits(&document).into_iter().map(|(_, edit)| edit).collect();
            if let Block::Paragraph { text, .. } = &mut document.blocks[0] {
                text.apply("case", edits, |_| true);
            }
        }
        document.texts()[0].1.as_str().to_owned()
    }

    #[test]
    fn faults_are_mended() {
        for (before, after) in [
            ("文中\"上合組織\"一詞有誤", "文中「上合組織」一詞有誤"),
            ("他说\"好的\"，又说\"不行\"。", "他说“好的”，又说“不行”。"),
            ("他說：「這叫\"團結\"。」", "他說：「這叫『團結』。」"),
            ("他说：“这叫\"团结\"。”", "他说：“这叫‘团结’。”"),
        ] {
            assert_eq!(mended(before), after);
        }
    }

    #[test]
    fn good_text_stays() {
        for text in [
            "一台15\"顯示器和一台27\"顯示器",
            "他說\"好的。",
            "他說 \" 好的 \" 。",
            "a \"quoted\" word 在中文裡",
            "空的\"\"",
            "「\"甲「乙」丙\"」",
        ] {
            assert_eq!(mended(text), text);
        }
    }
}
