//! The table of conformance, `docs/clreq.md`: made by running all cases.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    sync::atomic::{AtomicUsize, Ordering},
};

use hanpress::edition::Region;

use crate::{
    clreq::{
        CASES,
        harness::{ALL, BOTH, Case},
        items::{ITEMS, Item, Part},
        seen::At,
    },
    support,
};

/// The cells of the table, left to right.
fn cells() -> impl Iterator<Item = At> {
    ALL.iter().flat_map(|&region: &Region| BOTH.iter().map(move |&vertical| At { region, vertical }))
}

fn cases() -> impl Iterator<Item = &'static Case> {
    CASES.iter().flat_map(|cases| cases.iter())
}

/// Whether a part of an item is shown in a cell: by a case that passes there, and none that does not.
fn shown(item: &Item, part: &Part, at: At) -> bool {
    let mut cases = cases()
        .filter(|c| c.item == item.number && c.part.split(' ').any(|key| key == part.key))
        .filter(|c| c.cells().any(|cell| cell == at))
        .peekable();
    cases.peek().is_some() && cases.all(|c| c.outcome(at).is_ok())
}

fn word(item: &Item, at: At) -> &'static str {
    if !item.applies(at) {
        return "–";
    }
    let parts: Vec<&Part> = item.parts.iter().filter(|p| p.applies(at)).collect();
    match parts.iter().filter(|p| shown(item, p, at)).count() {
        0 => "not",
        n if n == parts.len() => "passed",
        _ => "partly",
    }
}

fn table() -> String {
    let mut out = String::from(
        "# Conformance\n\n\
         What hanpress does of the requirements of Chinese typesetting, for the mainland (CN), Taiwan (TW) and Hong\n\
         Kong (HK), in horizontal (H) and vertical (V) lines. The requirements follow\n\
         [CLReq](https://www.w3.org/TR/clreq/), GB/T 15834 and the 《重訂標點符號手冊》; their numbers are the \"checklist\n\
         numbers\" of the source.\n\n\
         This file is made by the tests (`UPDATE=1 cargo test --test it clreq`) from what they find. A case sets a text\n\
         and looks at it twice: at the places that layout gave, and at the glyphs read back from the PDF. Then the rule\n\
         is switched off, and the case must fail both times; cases of what a file carries besides its pages (structure,\n\
         language, settings) look at the file. **passed**: every part of the requirement has such a case\n\
         in that region and direction, and it passes; **partly**: some parts have; **not**: none has; **–**: it does\n\
         not apply. What is not shown by a case counts as not done, even where it may be. Items marked ◇ are for\n\
         specialists.\n\n\
         | | requirement | CN H | CN V | TW H | TW V | HK H | HK V |\n\
         | --: | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for item in ITEMS {
        let special = if item.special { " ◇" } else { "" };
        let words: Vec<&str> = cells().map(|at| word(item, at)).collect();
        writeln!(out, "| {} | {}{special} | {} |", item.number, item.title, words.join(" | ")).expect("text");
    }
    out.push_str("\n## Parts and their cases\n\nOpen cells are in brackets.\n");
    for item in ITEMS {
        write!(out, "\n**{}. {}**\n\n", item.number, item.title).expect("text");
        for part in item.parts {
            let applies = |at: &At| item.applies(*at) && part.applies(*at);
            let open: Vec<String> = cells()
                .filter(applies)
                .filter(|&at| !shown(item, part, at))
                .map(|at| at.to_string())
                .collect();
            let all = cells().filter(applies).count();
            let names: Vec<String> = cases()
                .filter(|c| c.item == item.number && c.part.split(' ').any(|key| key == part.key))
                .map(|c| format!("`{}`", c.name))
                .collect();
            let open = match open.len() {
                0 => String::new(),
                n if n == all => " (open)".to_owned(),
                _ => format!(" (open: {})", open.join(", ")),
            };
            let names = if names.is_empty() { "no case".to_owned() } else { names.join(", ") };
            writeln!(out, "- {}: {names}{open}", part.says).expect("text");
        }
    }
    out
}

#[test]
fn the_table_of_conformance_is_up_to_date() {
    // Every case is run in every cell, by as many threads as there are processors.
    let work: Vec<(&'static Case, At)> = cases().flat_map(|c| c.cells().map(move |at| (c, at))).collect();
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((case, at)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let _ = case.outcome(*at);
                }
            });
        }
    });
    let (path, made) = (support::root().join("docs/clreq.md"), table());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &made).expect("writable");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "docs/clreq.md is stale: `UPDATE=1 cargo test --test it clreq` and read the diff");
}

#[test]
fn items_parts_and_cases_are_in_order() {
    for (i, item) in ITEMS.iter().enumerate() {
        assert_eq!(usize::from(item.number), i + 1);
        let keys: BTreeSet<&str> = item.parts.iter().map(|p| p.key).collect();
        assert_eq!(keys.len(), item.parts.len(), "item {}: a part is there twice", item.number);
    }
    assert_eq!(ITEMS.len(), 60);
    let mut names = BTreeSet::new();
    for case in cases() {
        assert!(names.insert(case.name), "`{}` is there twice", case.name);
        assert!(
            case.name.starts_with(&format!("clreq_{:02}_", case.item))
                || case.name.contains(&format!("_{:02}_", case.item))
        );
        let item = &ITEMS[usize::from(case.item) - 1];
        for key in case.part.split(' ') {
            let part = item.parts.iter().find(|p| p.key == key);
            let part =
                part.unwrap_or_else(|| panic!("`{}`: item {} has no part `{key}`", case.name, case.item));
            assert!(
                case.cells().all(|at| item.applies(at) && part.applies(at)),
                "`{}` runs where `{key}` does not apply",
                case.name
            );
        }
    }
}
