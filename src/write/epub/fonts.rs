//! The faces of an EPUB: subsets, and the style sheet that says which text uses which.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rayon::prelude::*;

use crate::{
    font::{
        casting::{Casting, Set},
        store::{FaceId, FontStore},
        subset,
    },
    write::{
        WriteError,
        runs::{Look, Voice},
    },
};

/// Path and bytes of each subset.
pub(in crate::write) fn subsets(
    store: &FontStore,
    casting: &Casting,
) -> Result<Vec<(String, Vec<u8>)>, WriteError> {
    let faces: Vec<_> = casting.faces().iter().collect();
    faces
        .par_iter()
        .map(|&(&id, chars)| {
            let info = store.info(id);
            let bytes = subset::subset(&store.data(id)?, info, chars).map_err(|e| WriteError::Format {
                format: "EPUB",
                reason: format!("font `{}`: {e}", info.title),
            })?;
            Ok((path(store, id), bytes))
        })
        .collect()
}

/// Where the subset of a face lies. The user's file names do not matter here.
fn path(store: &FontStore, id: FaceId) -> String {
    let info = store.info(id);
    let plain = info.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if info.file.is_empty() || !plain {
        format!("fonts/face-{}.ttf", id.0)
    } else {
        format!("fonts/{}.ttf", info.name)
    }
}

/// The style sheet. A subset holds only the characters that its face plays, so that the order
/// of families decides: Chinese faces first, and Latin words fall to the Latin face behind. `address` says where the
/// subset of a number and a path is found.
pub(in crate::write) fn css(
    store: &FontStore,
    casting: &Casting,
    address: impl Fn(usize, &str) -> String,
) -> String {
    let mut css = String::from("/* Which text is set in which face. */\n");
    for (index, &id) in casting.faces().keys().enumerate() {
        let info = store.info(id);
        let style = if info.italic { "italic" } else { "normal" };
        let weight = if info.weight >= 600 { "bold" } else { "normal" };
        let family = quoted(subset::family(info));
        let address = address(index, &path(store, id));
        let _ = writeln!(
            css,
            "@font-face {{ font-family: {family}; font-weight: {weight}; font-style: {style}; src: url(\"{address}\"); }}"
        );
    }
    let plain = Look::default();
    let strong = Look { strong: true, ..plain };
    let emphasis = Look { emphasis: true, ..plain };
    let chinese = Set::Chinese;
    for (selector, voice, look, set, last) in [
        ("body", Voice::Body, plain, chinese, "serif"),
        ("blockquote", Voice::Quote, plain, chinese, "serif"),
        ("em", Voice::Body, emphasis, chinese, "serif"),
        ("strong, th, dt", Voice::Body, strong, chinese, "serif"),
        ("blockquote strong", Voice::Quote, strong, chinese, "serif"),
        ("h1, h2, h3, h4, h5, h6, .subtitle", Voice::Heading, plain, chinese, "sans-serif"),
        ("pre, code", Voice::Code, plain, chinese, "monospace"),
        ("i", Voice::Body, emphasis, Set::Western, "serif"),
        (".latin", Voice::Body, plain, Set::Western, "serif"),
        ("strong .latin, strong i", Voice::Body, strong, Set::Western, "serif"),
        (
            "h1 .latin, h2 .latin, h3 .latin, h4 .latin, h5 .latin, h6 .latin",
            Voice::Heading,
            plain,
            Set::Western,
            "sans-serif",
        ),
    ] {
        let mut seen = BTreeSet::new();
        let mut families: Vec<String> = Vec::new();
        for name in casting.families(voice.style(look, set), set) {
            if seen.insert(name) {
                families.push(quoted(name));
            }
        }
        if !families.is_empty() {
            families.push(last.to_owned());
            let _ = writeln!(css, "{selector} {{ font-family: {}; }}", families.join(", "));
        }
    }
    css.push_str("strong em, em strong, th em, dt em, h1 em, h2 em, h3 em, h4 em, h5 em, h6 em, h1 strong, h2 strong, h3 strong, h4 strong, h5 strong, h6 strong { font-family: inherit; }\n");
    css
}

fn quoted(name: &str) -> String {
    let mut out = String::from("\"");
    out.extend(name.chars().filter(|c| !matches!(c, '"' | '\\' | '\n' | '<' | '>')));
    out.push('"');
    out
}
