//! The packed faces of `fonts/`, in the binary only: in the library they would swell every test binary.

use std::borrow::Cow;

/// The bytes of a file below `fonts/`.
#[cfg(feature = "embed-fonts")]
pub(crate) fn packed(name: &str) -> Option<Cow<'static, [u8]>> {
    FACES.iter().find(|face| face.0 == name).map(|face| Cow::Borrowed(face.1))
}

/// Without embedded faces they are read from the folder that `HANPRESS_FONTS` names, or `fonts`
/// beside the program.
#[cfg(not(feature = "embed-fonts"))]
pub(crate) fn packed(name: &str) -> Option<Cow<'static, [u8]>> {
    let dir = std::env::var_os("HANPRESS_FONTS")
        .map(std::path::PathBuf::from)
        .or_else(|| Some(std::env::current_exe().ok()?.parent()?.join("fonts")))?;
    std::fs::read(dir.join(name)).ok().map(Cow::Owned)
}

#[cfg(feature = "embed-fonts")]
macro_rules! faces {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../fonts/", $name)).as_slice())),*]
    };
}

#[cfg(feature = "embed-fonts")]
const FACES: &[(&str, &[u8])] = faces![
    "noto-serif-tc-400.ttf.zst",
    "noto-serif-hk-400.ttf.zst",
    "noto-serif-sc-400.ttf.zst",
    "noto-serif-tc-700.ttf.zst",
    "noto-serif-hk-700.ttf.zst",
    "noto-serif-sc-700.ttf.zst",
    "noto-serif-400.ttf.zst",
    "noto-serif-400i.ttf.zst",
    "noto-serif-700.ttf.zst",
    "noto-serif-700i.ttf.zst",
    "noto-sans-tc-400.ttf.zst",
    "noto-sans-hk-400.ttf.zst",
    "noto-sans-sc-400.ttf.zst",
    "noto-sans-tc-700.ttf.zst",
    "noto-sans-hk-700.ttf.zst",
    "noto-sans-sc-700.ttf.zst",
    "noto-sans-400.ttf.zst",
    "noto-sans-400i.ttf.zst",
    "noto-sans-700.ttf.zst",
    "noto-sans-700i.ttf.zst",
    "noto-emoji-400.ttf.zst",
    "noto-sans-symbols2-400.ttf.zst",
    "noto-sans-mono-400.ttf.zst",
    "noto-sans-mono-700.ttf.zst",
    "lxgw-wenkai-400.ttf.zst",
    "tw-kai-big5-400.ttf.zst",
];
