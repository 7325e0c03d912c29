//! The bundled faces: the manifest tells the truth, the coverage table is fresh.

use std::{borrow::Cow, collections::BTreeMap, path::Path};

use hanpress::font::{
    coverage::Coverage,
    store::{Family, FontStore, Style, Use},
};
use sha2::{Digest, Sha256};

use crate::support;

#[test]
fn the_manifest_is_true_and_the_coverage_table_fresh() {
    let store = support::fonts();
    let mut coverage = BTreeMap::new();
    for (id, info) in store.faces() {
        let data = store.data(id).unwrap_or_else(|e| panic!("{e}"));
        let hash: String = Sha256::digest(&data[..]).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hash, info.sha256, "{}", info.name);
        let licence = support::root().join("fonts/licenses").join(&info.licence_file);
        assert!(licence.is_file(), "{}: licence text {}", info.name, licence.display());
        let font = skrifa::FontRef::new(&data).expect("a font");
        coverage.insert(info.name.clone(), Coverage::of(&font));
    }
    let path = support::root().join("fonts/coverage.bin");
    let fresh = Coverage::write_all(&coverage);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &fresh).expect("writable");
    }
    assert!(
        std::fs::read(&path).is_ok_and(|old| old == fresh),
        "coverage.bin is stale: run the tests with UPDATE=1"
    );
    assert_eq!(Coverage::read_all(&fresh), coverage);
}

#[test]
fn every_region_has_its_own_face_first() {
    use hanpress::edition::Region;
    let store = support::fonts();
    for (region, family, name) in [
        (Region::Tw, Family::Serif, "noto-serif-tc-400"),
        (Region::Hk, Family::Serif, "noto-serif-hk-400"),
        (Region::Cn, Family::Serif, "noto-serif-sc-400"),
        (Region::Tw, Family::Kai, "tw-kai-big5-400"),
        (Region::Hk, Family::Kai, "lxgw-wenkai-400"),
        (Region::Cn, Family::Kai, "lxgw-wenkai-400"),
    ] {
        let first = store.chinese(region, Style::new(family))[0];
        assert_eq!(store.info(first).name, name);
        assert!(store.has(first, '國') && !store.has(first, '\u{10FFFF}'));
    }
    assert!(store.faces().any(|(_, f)| f.usage == Use::Symbols));
}

#[test]
fn a_damaged_face_is_an_error_not_a_panic() {
    let store =
        FontStore::bundled(Box::new(|_| Some(Cow::Borrowed(b"no zstd frame"))), None).expect("manifest");
    let (id, _) = store.faces().next().expect("faces");
    assert!(store.data(id).is_err());
    assert!(FontStore::bundled(Box::new(|_| None), None).expect("manifest").data(id).is_err());
    assert!(Path::new("fonts").is_relative());
}
