//! What the tests share: paths, the bundled fonts, a kit.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use hanpress::{font::store::FontStore, kit::Kit, tables::Tables, template::Template};

/// The root of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The manuscript that the main job runs on.
pub fn manuscript() -> String {
    std::fs::read_to_string(root().join("seeds/texts/shanghai-spirit.txt"))
        .expect("the manuscript is in the project")
}

/// The bundled fonts, read from `fonts/`; unpacked faces are kept below the target folder.
pub fn fonts() -> FontStore {
    let dir = root().join("fonts");
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faces");
    FontStore::bundled(Box::new(move |name| std::fs::read(dir.join(name)).ok().map(Cow::Owned)), Some(cache))
        .expect("the manifest is right")
}

/// A kit with everything bundled.
pub fn kit() -> Kit {
    Kit {
        fonts: fonts(),
        tables: Tables::bundled(),
        template: Template::bundled("handout").expect("the default template"),
    }
}

/// Random cases that are the same on every run, so that a green run stays green; `HANPRESS_SEED=N`
/// looks at others.
pub fn cases(cases: u32) -> proptest::prelude::ProptestConfig {
    let seed = std::env::var("HANPRESS_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_251_122);
    proptest::prelude::ProptestConfig {
        cases,
        rng_seed: proptest::test_runner::RngSeed::Fixed(seed),
        failure_persistence: None,
        ..Default::default()
    }
}
