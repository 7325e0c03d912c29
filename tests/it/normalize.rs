//! The normalizer on whole texts: it does what is right, no more, and once.

use hanpress::{
    document::{Document, Place},
    edit::{Change, Confidence},
    fix, normalize,
    report::describe,
    rule::{Check, Context},
    source::SourceId,
    text::{MarkKind, Text},
};
use proptest::prelude::*;

use crate::fix::{MANUSCRIPT, document, kit};

fn normalized(document: &mut Document) -> Vec<Change> {
    fix::run(normalize::RULES, kit(), document, Some(Confidence::Sure))
}

#[test]
fn the_manuscript_changes_only_where_it_should() {
    let mut document = document(MANUSCRIPT);
    let made: Vec<String> =
        normalized(&mut document).iter().map(|c| format!("{} {}", c.rule, describe(c))).collect();
    assert_eq!(
        made,
        ["typed-indent ␣ → ∅", "heading-space ␣ → □", "heading-space ␣ → □", "han-latin-space ␣ → ∅"]
    );
}

#[test]
fn locked_text_stays() {
    // (text, the locked part, kind, expected)
    for (string, locked, kind, expected) in [
        ("用 a,b ,甲,乙", "a,b ,甲", MarkKind::Code, "用a,b ,甲，乙"),
        ("見 http://甲.乙:丙 ,好", "http://甲.乙:丙", MarkKind::Url, "見http://甲.乙:丙 ,好"),
        ("式 ｘ＋１ 是", "ｘ＋１", MarkKind::Math { display: false }, "式 ｘ＋１ 是"),
    ] {
        let mut document = document(string);
        let at = string.find(locked).expect("the locked part is in the text");
        document.texts_mut()[0].1.mark(at..at + locked.len(), kind);
        normalized(&mut document);
        let texts = document.texts();
        assert!(texts[0].1.as_str().contains(locked), "{expected}");
    }
}

#[test]
fn rules_have_names_of_their_own_and_examples() {
    let rules: Vec<_> = normalize::RULES.iter().chain(fix::RULES).collect();
    for (i, rule) in rules.iter().enumerate() {
        assert!(rules[..i].iter().all(|other| other.name != rule.name), "{}", rule.name);
        assert!(!rule.doc.examples.is_empty() && !rule.summary.ends_with('.'), "{}", rule.name);
    }
}

proptest! {
    #![proptest_config(crate::support::cases(400))]

    #[test]
    fn normalizing_comes_to_rest(
        lines in prop::collection::vec("[甲乙一。，、：「」（）,.:;!?…⋯‥·・‧—─\\-－ 　\u{200B}\u{FEFF}⼈１Ａa1#\"\u{A0}]{0,24}", 1..4)
    ) {
        let mut document = document(&lines.join("\n"));
        normalized(&mut document);
        let settled = document.clone();
        let again = normalized(&mut document);
        prop_assert!(again.iter().all(|c| !c.applied), "{:?} then {:?}", settled, again);
    }

    /// A rule is not shown a text without the characters it names, so there it must find nothing.
    #[test]
    fn no_case_is_without_the_characters_of_its_rule(
        line in "[甲乙一。，、：「」（）,.:;!?…⋯‥·・‧—─\\-－ 　\u{200B}\u{FEFF}⼈\u{F90A}\u{E81E}１Ａa1#\u{A0}]{0,24}"
    ) {
        for rule in normalize::RULES {
            let Check::Text(shown, check) = rule.check else { continue };
            let bare: String = line.chars().filter(|c| !shown.iter().any(|range| range.contains(c))).collect();
            let text = Text::verbatim(bare.as_str(), SourceId(0), 0);
            for place in [Place::Heading, Place::Paragraph] {
                let found = check(&Context { kit: kit(), place }, &text);
                prop_assert!(found.is_empty(), "{} in {}: {:?}", rule.name, bare, found);
            }
        }
    }
}
