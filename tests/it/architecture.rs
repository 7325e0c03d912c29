//! Who may name whom: the layers of the house, held without a workspace.

use std::{collections::BTreeSet, fs, path::Path};

use crate::support;

/// Each module of the library and what it may name besides itself. Nouns know nouns; a verb knows
/// the nouns and what stands before it in the pipeline; only `pipeline` knows all.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("package", &[]),
    ("source", &["package"]),
    ("edit", &["source"]),
    ("text", &["edit", "source"]),
    ("document", &["source", "text"]),
    ("links", &["document", "package", "report", "text"]),
    ("index", &["counter", "document", "edition", "text"]),
    ("decisions", &["edit", "source"]),
    ("brief", &["decisions", "document", "edit", "source", "tagger"]),
    ("settings", &["brief", "edit"]),
    ("edition", &[]),
    ("report", &["edit", "source"]),
    ("counter", &["document"]),
    ("combine", &["text"]),
    ("tables", &[]),
    ("tagger", &[]),
    ("template", &["counter", "document", "font", "package"]),
    ("font", &["edition", "document", "text", "report", "source", "kit"]),
    ("kit", &["font", "tables", "template"]),
    ("rule", &["brief", "document", "edit", "kit", "text"]),
    ("read", &["counter", "document", "links", "package", "report", "rule", "source", "text"]),
    ("normalize", &["document", "edit", "edition", "rule", "source", "text", "kit", "fix", "localize"]),
    (
        "fix",
        &[
            "brief",
            "document",
            "edit",
            "edition",
            "kit",
            "localize",
            "rule",
            "source",
            "text",
            "tables",
            "tagger",
            "normalize",
        ],
    ),
    (
        "localize",
        &[
            "counter",
            "decisions",
            "document",
            "edit",
            "edition",
            "fix",
            "report",
            "rule",
            "source",
            "tables",
            "text",
        ],
    ),
    (
        "layout",
        &[
            "combine", "counter", "document", "edition", "font", "index", "kit", "links", "report", "rule",
            "source", "template", "text",
        ],
    ),
    (
        "write",
        &[
            "combine", "counter", "document", "edition", "font", "index", "kit", "layout", "links",
            "package", "report", "source", "template", "text", "rule",
        ],
    ),
    (
        "pipeline",
        &[
            "brief",
            "counter",
            "document",
            "edit",
            "edition",
            "fix",
            "kit",
            "layout",
            "links",
            "localize",
            "normalize",
            "read",
            "report",
            "rule",
            "source",
            "write",
        ],
    ),
    ("present", &["decisions", "edit", "fix", "pipeline", "report", "rule", "source"]),
];

/// Foreign crates that one place alone may name.
const SEAMS: &[(&str, &[&str])] = &[
    ("pdf_writer", &["write/pdf"]),
    ("xmp_writer", &["write/pdf"]),
    ("subsetter", &["write/pdf"]),
    ("libdeflater", &["write/packer.rs"]),
    ("harfrust", &["font"]),
    ("skera", &["font"]),
    ("skrifa", &["font"]),
    ("zstd", &["font/store.rs"]),
    ("mimalloc", &["main.rs"]),
    ("fontdb", &["font/store.rs"]),
    ("write_fonts", &["font"]),
    ("comrak", &["read"]),
    ("html5gum", &["read/html"]),
    ("ttf2woff2", &["write/html.rs"]),
    ("memchr", &["decisions.rs", "localize/convert.rs", "read/short.rs"]),
    ("ignore", &["cli/job.rs"]),
    ("globset", &["cli/work.rs"]),
    ("saphyr", &["read/front.rs"]),
    ("chardetng", &["read/decode.rs"]),
    ("quick_xml", &["write", "read/xml.rs"]),
    ("zip", &["package.rs", "write/package.rs", "cli/dump.rs"]),
    ("icu_segmenter", &["layout"]),
    ("hypher", &["layout"]),
    ("clap", &["cli", "main.rs", "cli.rs"]),
    ("candle_core", &["tagger"]),
    ("candle_nn", &["tagger"]),
    ("candle_transformers", &["tagger"]),
    ("anyhow", &["cli", "main.rs", "cli.rs"]),
];

fn files(dir: &Path, out: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> =
        fs::read_dir(dir).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let name = path
                .strip_prefix(support::root().join("src"))
                .expect("below src")
                .to_string_lossy()
                .into_owned();
            // Tests inside a module may build what they need.
            let text = fs::read_to_string(&path).expect("text");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            out.push((name, code));
        }
    }
}

/// The modules that `use crate::{…}` lists and `crate::…` paths name.
fn named(code: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for part in code.split("crate::").skip(1) {
        if let Some(list) = part.strip_prefix('{') {
            let mut depth = 1;
            let mut word = String::new();
            let mut fresh = true;
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 1 && (c.is_alphanumeric() || c == '_') && fresh {
                    word.push(c);
                } else {
                    if !word.is_empty() {
                        out.insert(std::mem::take(&mut word));
                        fresh = false;
                    }
                    if depth == 1 && c == ',' {
                        fresh = true;
                    }
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            out.insert(part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    out
}

#[test]
fn modules_name_only_what_stands_below_them() {
    let mut sources = Vec::new();
    files(&support::root().join("src"), &mut sources);
    let known: BTreeSet<&str> = MAY_NAME.iter().map(|m| m.0).collect();
    let mut wrong = Vec::new();
    for (file, code) in &sources {
        let module = file.split(['/', '.']).next().expect("a name");
        if ["main", "lib", "cli", "faces"].contains(&module) {
            continue;
        }
        let Some((_, allowed)) = MAY_NAME.iter().find(|m| m.0 == module) else {
            wrong.push(format!("{file}: module `{module}` is in no layer"));
            continue;
        };
        for name in named(code) {
            if known.contains(name.as_str()) && name != module && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{file} names `{name}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn foreign_crates_stay_behind_their_seams() {
    let mut sources = Vec::new();
    files(&support::root().join("src"), &mut sources);
    for (krate, places) in SEAMS {
        for (file, code) in &sources {
            let names = code.contains(&format!("use {krate}::")) || code.contains(&format!(" {krate}::"));
            let inside = places
                .iter()
                .any(|p| file == p || file.starts_with(&format!("{p}/")) || file == &format!("{p}.rs"));
            assert!(!names || inside, "{file} names `{krate}`");
        }
    }
}

#[test]
fn every_finding_names_a_rule_that_can_be_explained() {
    let mut sources = Vec::new();
    files(&support::root().join("src"), &mut sources);
    for (file, code) in &sources {
        for part in code.split("Diagnostic::new(").skip(1) {
            if let Some(name) = part.trim_start().strip_prefix('"').and_then(|p| p.split('"').next()) {
                assert!(hanpress::pipeline::rule(name).is_some(), "{file}: no rule `{name}`");
            }
        }
    }
}

#[test]
fn every_rule_has_a_name_of_its_own_and_explains_itself() {
    use hanpress::pipeline::RULES;
    let mut names = BTreeSet::new();
    for rule in RULES.iter().flat_map(|r| r.iter()) {
        assert!(names.insert(rule.name), "`{}` is there twice", rule.name);
        assert!(
            rule.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{}",
            rule.name
        );
        for (part, text) in [("finds", rule.doc.finds), ("why", rule.doc.why), ("unsure", rule.doc.unsure)] {
            assert!(!text.is_empty(), "`{}` does not say `{part}`", rule.name);
        }
    }
}
