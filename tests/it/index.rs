//! Indexes: the pages that they print, and where their links lead.

use std::{collections::BTreeMap, fmt::Write as _, io::Read as _};

use hanpress::{
    document::{Document, IndexKind},
    edition::Edition,
    layout::{
        blocks,
        page::{Element, Pages},
    },
    report::Report,
    template::Template,
    write,
};

use crate::{round_trip::dressed, support};

/// A book of twelve chapters in which 甲子 stands in each, 乙丑 in two that are far apart, 丙寅 in five in a row.
fn book() -> Document {
    let filler = "天地玄黃，宇宙洪荒；日月盈昃，辰宿列張。".repeat(60);
    let mut text = String::from("---\ntitle: 書\nindex: names, terms\n---\n");
    for chapter in 1..=12 {
        let mut names = "[甲子]{.name}".to_owned();
        if [2, 9].contains(&chapter) {
            names += "、[乙丑]{.name}";
        }
        if (4..=8).contains(&chapter) {
            names += "、[寅]{.name entry=丙寅}";
        }
        let _ = write!(text, "\n# 章{chapter}\n\n{names}。{filler}\n\n{filler}\n");
    }
    dressed(&text)
}

fn laid_out(document: &Document, template: &str) -> Pages {
    let mut kit = support::kit();
    kit.template = Template::bundled(template).expect("bundled");
    let edition = Edition::parse("tw").expect("known");
    blocks::lay_out(&kit, &edition, document, blocks::Options::default(), &mut Report::default())
        .expect("pages")
}

/// The labels of the pages of the text on which words stand, by looking for them.
fn seen(pages: &Pages, words: &str) -> Vec<String> {
    let has = |element: &Element| match element {
        Element::Text(line) => {
            let paragraph = &pages.paragraphs[line.paragraph];
            let clusters = &paragraph.clusters[line.line.start..line.line.end];
            let (Some(first), Some(last)) = (clusters.first(), clusters.last()) else { return false };
            let text = &paragraph.text[first.range.start as usize..last.range.end as usize];
            text.contains("天地") && text.contains(words)
        }
        _ => false,
    };
    let found = pages.pages.iter().filter(|page| page.elements.iter().any(has));
    found.map(|page| page.label.clone()).collect()
}

#[test]
fn an_index_has_the_pages_that_its_words_stand_on() {
    let document = book();
    for template in ["book", "handout", "letter"] {
        let pages = laid_out(&document, template);
        let names = pages.indexes.iter().find(|index| index.kind == IndexKind::Names).expect("one of names");
        let printed: BTreeMap<&str, String> = (names.groups.iter().flat_map(|group| &group.entries))
            .map(|entry| {
                let labels: Vec<&str> = entry.places.iter().map(|place| place.label.as_str()).collect();
                (entry.words.as_str(), labels.join(", "))
            })
            .collect();
        assert_eq!(printed.keys().copied().collect::<Vec<_>>(), ["丙寅", "乙丑", "甲子"]);
        for (entry, words) in [("乙丑", "乙丑"), ("甲子", "甲子"), ("丙寅", "寅")] {
            // Pages in a row are one stretch from the third on.
            let mut expected = String::new();
            let numbers: Vec<u32> =
                seen(&pages, words).iter().map(|l| l.parse().expect("a number")).collect();
            let mut at = 0;
            while at < numbers.len() {
                let run = numbers[at..].windows(2).take_while(|pair| pair[0] + 1 == pair[1]).count() + 1;
                let comma = if at > 0 { ", " } else { "" };
                if run > 2 {
                    let _ = write!(expected, "{comma}{}–{}", numbers[at], numbers[at + run - 1]);
                    at += run;
                } else {
                    let _ = write!(expected, "{comma}{}", numbers[at]);
                    at += 1;
                }
            }
            assert!(!expected.is_empty());
            assert_eq!(printed[entry], expected, "{entry} in {template}");
        }
        // What it prints stands on its pages, and each page leads to its words.
        for entry in names.groups.iter().flat_map(|group| &group.entries) {
            let line = format!("{}\u{3000}{}", entry.words, printed[entry.words.as_str()]);
            assert!(pages.paragraphs.iter().any(|p| p.text == line), "{line} in {template}");
            for place in &entry.places {
                let spot = &pages.places[&place.target];
                assert!(place.label.starts_with(&pages.pages[spot.page].label), "{line}");
            }
        }
        assert!(pages.outline.iter().any(|entry| entry.text == "人名索引"));
        // There are no words for an index of terms.
        assert!(pages.outline.iter().all(|entry| entry.text != "索引"));
    }
}

#[test]
fn vertical_indexes_have_chinese_numbers() {
    let pages = laid_out(&book(), "book-vertical");
    let lines: Vec<&str> = pages.paragraphs.iter().map(|p| p.text.as_str()).collect();
    let line = lines.iter().find(|text| text.starts_with("乙丑\u{3000}")).expect("an entry");
    let numbers: Vec<&str> = line["乙丑\u{3000}".len()..].split('、').collect();
    assert_eq!(numbers.len(), 2, "{line}");
    assert!(numbers.iter().all(|n| n.chars().all(|c| "〇一二三四五六七八九".contains(c))), "{line}");
}

#[test]
fn links_of_an_index_lead_to_its_words() {
    let edition = Edition::parse("tw").expect("known");
    let bytes =
        write::epub::write(&support::kit(), &edition, &book(), &mut Report::default()).expect("an EPUB");
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
    let mut part = |name: &str| {
        let mut text = String::new();
        package.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
        text
    };
    let index = part("EPUB/index-names.xhtml");
    let links: Vec<(&str, &str)> = index
        .split("<a href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next()?.split_once('#'))
        .collect();
    assert_eq!(links.len(), 12 + 2 + 5);
    for (file, id) in links {
        let text = part(&["EPUB/", file].concat());
        assert_eq!(text.matches(&format!("id=\"{id}\"")).count(), 1, "{id} in {file}");
    }
    assert!(part("EPUB/nav.xhtml").contains("人名索引"));
}

#[test]
fn docx_has_the_pages_of_the_layout_in_its_fields() {
    let document = book();
    let edition = Edition::parse("tw").expect("known");
    let kit = support::kit();
    let format = hanpress::pipeline::FORMATS.iter().find(|f| f.name == "docx").expect("a format");
    let bytes =
        (format.write)(&kit, &edition, &document, Default::default(), &mut Report::default()).expect("DOCX");
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
    let mut xml = String::new();
    package.by_name("word/document.xml").expect("the text").read_to_string(&mut xml).expect("text");
    assert_eq!(xml.matches("XE &quot;甲子&quot; \\f &quot;names&quot; </w:instrText>").count(), 12);
    assert_eq!(xml.matches("XE &quot;丙寅&quot; \\f &quot;names&quot; \\r _Index").count(), 5);
    assert_eq!(xml.matches("> INDEX \\f &quot;names&quot; ").count(), 1);
    let seen = seen(&laid_out(&document, "handout"), "乙丑").join(", ");
    let plain: String = xml.split('<').filter_map(|tag| tag.split_once('>')).map(|(_, text)| text).collect();
    assert!(plain.contains(&format!("乙丑\u{3000}{seen}")), "{seen}");
}
