//! The layout core on the manuscript.

use hanpress::{
    edition::{Edition, Region, Script},
    layout::blocks::{Options, lay_out},
    read::{ReadOptions, plain},
    report::Report,
    source::{Source, SourceId},
    write::pdf::{Standard, draw},
};

use crate::support;

#[test]
fn the_manuscript_becomes_pages() {
    let kit = support::kit();
    let source = Source::new(SourceId(0), "shanghai-spirit.txt", support::manuscript());
    let mut report = Report::default();
    let document = plain::read(&source, &ReadOptions::default(), &mut report);
    let edition = Edition::source(Script::Traditional, Region::Tw);
    let pages = lay_out(&kit, &edition, &document, Options::default(), &mut report).expect("fonts");
    assert!(pages.pages.len() >= 3);
    let pdf = draw(&kit.fonts, &edition, &document, &pages, Standard::A2aUa1).expect("a PDF");
    assert!(pdf.starts_with(b"%PDF-1.7"));
    if let Some(path) = std::env::var_os("KEEP_PDF") {
        std::fs::write(path, &pdf).expect("writable");
    }
    let again = draw(&kit.fonts, &edition, &document, &pages, Standard::A2aUa1).expect("a PDF");
    assert!(pdf == again, "two runs give the same bytes");
}
