//! Cases of what the files carry: items 58 to 60.

use hanpress::{
    edition::{Edition, Region},
    report::Report,
    template::Direction,
    write::{
        docx, epub,
        pdf::{Standard, draw},
    },
};

use crate::{
    clreq::{
        harness::{ALL, BOTH, Setting, V, cases},
        seen::At,
    },
    glyphs, support,
};

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{AD}').collect()
}

fn tagged(at: At, off: bool) {
    let setting = at.markdown("# 題目\n\n正文。\n\n- 甲\n- 乙\n", 20);
    let pressed = setting.press();
    let edition = Edition::source(setting.script, at.region);
    let standard = if off { Standard::A1b } else { Standard::A2aUa1 };
    let kit = support::kit();
    let bytes = draw(&kit.fonts, &edition, &setting.document, &pressed.pages, standard).expect("a PDF");
    let pdf = glyphs::read(&bytes);
    assert_eq!(pdf.language.as_deref(), Some(edition.tag()));
    assert_eq!(pdf.outline, [(1, "題目".to_owned())]);
    for role in ["H1", "P", "L", "LI", "Lbl", "LBody"] {
        assert!(pdf.roles.iter().any(|r| r == role), "{role} in {:?}", pdf.roles);
    }
}

fn missing(at: At, off: bool) {
    let text = if off { "甲乙丙" } else { "甲\u{10FFFD}乙\u{E000}丙" };
    let pressed = at.text(text, 20).press();
    let listed = pressed.report.diagnostics.iter().filter(|d| d.rule == "missing-glyph").count();
    assert_eq!(listed, 2, "{:?}", pressed.report.diagnostics);
    assert!(!at.vertical || pressed.seen.iter().all(|s| !s.lines.is_empty()));
}

fn fallback(at: At, off: bool) {
    // Each region's face lacks one of these, which another region's has.
    let text = if off { "甲乙丙，丁。" } else { "甲𠮷𬭳乙，𠻺𠱁。" };
    let setting = at.text(text, 20);
    let edition = Edition::source(setting.script, at.region);
    let listed = |report: &Report| {
        let found = report.diagnostics.iter().filter(|d| d.rule == "substitute-face");
        found.map(|d| (d.message.clone(), d.span)).collect::<Vec<_>>()
    };
    let pressed = setting.press();
    let mut packed = Report::default();
    epub::write(&support::kit(), &edition, &setting.document, &mut packed).expect("EPUB");
    let found = listed(&pressed.report);
    assert_eq!(found, listed(&packed), "every format has the same faces");
    assert!(!found.is_empty(), "{:?}", pressed.report.diagnostics);
}

/// The parts of a package as one text.
fn parts(package: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(package)).expect("a package");
    (0..zip.len())
        .map(|i| {
            let mut file = zip.by_index(i).expect("a part");
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut bytes).expect("a part");
            (file.name().expect("a name").into_owned(), String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

fn sample(at: At) -> Setting {
    at.markdown("# 題目\n\n正文甲乙丙，用iPhone拍。\n", 20).with(|p| p.indent = 2.0)
}

/// What the package of another region says instead is the control.
fn region(at: At, off: bool) -> (Setting, Edition) {
    let other = if at.cn() { Region::Hk } else { Region::Cn };
    let setting = sample(if off { At { region: other, ..at } } else { at });
    let edition = Edition::source(setting.script, setting.at.region);
    (setting, edition)
}

fn epub_region(at: At, off: bool) {
    let (setting, edition) = region(at, off);
    let bytes =
        epub::write(&support::kit(), &edition, &setting.document, &mut Report::default()).expect("EPUB");
    let pages: Vec<String> =
        parts(&bytes).into_iter().filter(|p| p.0.ends_with(".xhtml")).map(|p| p.1).collect();
    let own = Edition::source(sample(at).script, at.region);
    assert!(!pages.is_empty() && pages.iter().all(|p| p.contains(&format!("lang=\"{}\"", own.tag()))));
    assert!(pages.iter().all(|p| !p.contains('\u{3000}')), "no spaces for indents");
}

fn docx_properties(at: At, off: bool) {
    let (setting, edition) = region(at, off);
    let bytes =
        docx::write(&support::kit(), &edition, &setting.document, &mut Report::default()).expect("DOCX");
    let all: String = parts(&bytes).into_iter().filter(|p| p.0.ends_with(".xml")).map(|p| p.1).collect();
    assert!(all.contains("w:firstLineChars=\"200\""), "the indent is a property");
    assert!(all.contains("w:kinsoku") || all.contains("w:noLineBreaksBefore"), "prohibition");
    let own = Edition::source(sample(at).script, at.region);
    assert!(all.contains(&format!("w:eastAsia=\"{}\"", own.short_tag())), "the language of the region");
}

/// The XML of a package in a direction, with readings, dots and a note, or without.
fn carried(at: At, kind: &str, direction: Direction, plain: bool) -> String {
    let text = "# 題目\n\n正文{漢|hàn}字，[要點]{.dots}在此[^a]，用iPhone拍。\n\n[^a]: 註解。\n";
    let setting = at.markdown(if plain { "# 題目\n\n正文漢字。\n" } else { text }, 20);
    let edition = Edition::source(setting.script, at.region);
    let mut kit = support::kit();
    kit.template.page = kit.template.page.turned(direction);
    if plain {
        kit.template.epub_css.clear();
    }
    let write = if kind == "epub" { epub::write } else { docx::write };
    let bytes = write(&kit, &edition, &setting.document, &mut Report::default()).expect("a package");
    parts(&bytes).into_iter().filter(|p| !p.0.ends_with("ttf")).map(|p| p.1).collect()
}

/// The direction of the cell.
fn direction(at: At) -> Direction {
    if at.vertical { Direction::Vertical } else { Direction::Horizontal }
}

fn has_all(all: &str, wanted: &[&str]) {
    for words in wanted {
        assert!(all.contains(words), "`{words}`");
    }
}

fn epub_marks(at: At, off: bool) {
    let all = carried(at, "epub", direction(at), off);
    has_all(
        &all,
        &[
            "<ruby>漢<rt>hàn</rt></ruby>",
            "<em class=\"dots\">要點</em>",
            "text-emphasis: filled dot",
            "text-spacing-trim: normal",
            "text-autospace: normal",
            "hanging-punctuation: allow-end",
        ],
    );
}

fn epub_direction(at: At, off: bool) {
    let all = carried(at, "epub", if off { Direction::Horizontal } else { direction(at) }, false);
    has_all(
        &all,
        &[
            "page-progression-direction=\"rtl\"",
            "writing-mode: vertical-rl",
            "text-orientation: mixed",
            "style/vertical.css",
        ],
    );
}

fn docx_grid(at: At, off: bool) {
    let all = carried(at, "docx", direction(at), off);
    has_all(
        &all,
        &[
            "<w:docGrid w:type=\"linesAndChars\" w:linePitch=",
            "<w:ruby><w:rubyPr>",
            if at.vertical { "<w:em w:val=\"dot\"/>" } else { "<w:em w:val=\"underDot\"/>" },
            "<w:footnoteReference w:id=\"1\"/>",
            "<w:footnote w:id=\"1\">",
        ],
    );
}

fn docx_direction(at: At, off: bool) {
    let all = carried(at, "docx", if off { Direction::Horizontal } else { direction(at) }, false);
    has_all(&all, &["<w:textDirection w:val=\"tbRl\"/>"]);
}

cases! {
    clreq_58_the_text_of_the_file_is_the_text_of_the_manuscript {
        item: 58, part: "copy", regions: ALL, directions: BOTH,
        set: |at| vec![
            at.plain(&support::manuscript(), 36).with(|p| p.lines = 33),
            at.markdown("用iPhone拍——“好”……列夫·托尔斯泰internationalization，1/2。", 9),
        ],
        // The assertion sees it when a character is lost.
        off: |s| {
            for (_, text) in s.document.texts_mut() {
                *text = text.slice(0..text.as_str().char_indices().last().map_or(0, |c| c.0));
            }
        },
        check: |seen| {
            let found = plain(&seen.texts().concat());
            if seen.measure == 9.0 {
                assert_eq!(found, "用iPhone拍——“好”……列夫·托尔斯泰internationalization，1/2。");
            } else {
                for line in support::manuscript().lines().skip(1) {
                    assert!(found.contains(&plain(line)), "{line}");
                }
            }
        },
    }
    clreq_58_the_file_has_language_structure_and_outline {
        item: 58, part: "tagged", regions: ALL, directions: BOTH,
        own: tagged,
    }
    clreq_58_missing_characters_are_listed {
        item: 58, part: "missing", regions: ALL, directions: BOTH,
        own: missing,
    }
    clreq_58_faces_that_stand_in_are_listed {
        item: 58, part: "fallback", regions: ALL, directions: BOTH,
        own: fallback,
    }
    clreq_59_epub_has_the_language_of_the_region {
        item: 59, part: "region indent", regions: ALL, directions: BOTH,
        own: epub_region,
    }
    clreq_59_epub_has_readings_dots_spacing_and_hanging {
        item: 59, part: "marks", regions: ALL, directions: BOTH,
        own: epub_marks,
    }
    clreq_59_epub_has_the_writing_direction {
        item: 59, part: "direction", regions: ALL, directions: V,
        own: epub_direction,
    }
    clreq_60_docx_has_the_grid_readings_dots_and_notes {
        item: 60, part: "grid", regions: ALL, directions: BOTH,
        own: docx_grid,
    }
    clreq_60_docx_has_the_writing_direction {
        item: 60, part: "direction", regions: ALL, directions: V,
        own: docx_direction,
    }
    clreq_60_docx_has_properties {
        item: 60, part: "properties", regions: ALL, directions: BOTH,
        own: docx_properties,
    }
}
