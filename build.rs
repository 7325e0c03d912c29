//! Compiles the OpenCC dictionaries of `seeds/opencc` and the word lists of `seeds/lattice` to lookup tables, which
//! the program embeds and reads in place. A build script, because parsing megabytes of text at every start would cost
//! a short article more than all the rest, and because tables of several megabytes have no place in the repository.
//! The list of wrong words gets its forms of every script and region here as well.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

#[path = "src/localize/compile.rs"]
mod compile;
#[path = "src/localize/contexts/format.rs"]
mod context_format;
#[path = "src/localize/contexts/compile.rs"]
mod contexts;
#[path = "src/fix/lattice/format.rs"]
mod format;
#[path = "src/fix/lattice/compile.rs"]
mod lattice;
#[path = "src/localize/recipes.rs"]
mod recipes;
#[path = "src/fix/word_forms.rs"]
mod word_forms;

fn main() {
    println!("cargo::rerun-if-changed=seeds/opencc");
    println!("cargo::rerun-if-changed=seeds/tables/repairs.tsv");
    println!("cargo::rerun-if-changed=seeds/tables/wrong-words.tsv");
    println!("cargo::rerun-if-changed=src/fix/word_forms.rs");
    println!("cargo::rerun-if-changed=src/localize/compile.rs");
    println!("cargo::rerun-if-changed=src/localize/contexts");
    println!("cargo::rerun-if-changed=src/localize/recipes.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    for recipe in recipes::RECIPES {
        let texts: Vec<(String, u8)> = (recipe.dictionaries.iter())
            .map(|&(name, rank)| (read(&format!("seeds/opencc/{name}.txt")), rank))
            .collect();
        write(&out, recipe.name, &texts);
    }
    let repairs = read("seeds/tables/repairs.tsv");
    for step in recipes::REPAIRS {
        write(&out, &format!("repairs_{step}"), &[(compile::repairs_of(step, &repairs), 0)]);
    }
    let path = out.join("contexts.table");
    let contexts = contexts::compile(&read("seeds/tables/contexts.tsv"));
    fs::write(&path, contexts).unwrap_or_else(|e| panic!("cannot write `{}`: {e}", path.display()));
    let path = out.join("wrong-words.tsv");
    fs::write(&path, wrong_words()).unwrap_or_else(|e| panic!("cannot write `{}`: {e}", path.display()));
    write_lattice(&out);
    let path = out.join("hanzi-keys.index");
    fs::write(&path, hanzi_index()).unwrap_or_else(|e| panic!("cannot write `{}`: {e}", path.display()));
}

/// Where the line of each character from U+3400 to U+9FFF starts in the table of sounds and shapes (u32, little-endian);
/// all bits set for none.
fn hanzi_index() -> Vec<u8> {
    let table = read("seeds/tables/hanzi-keys.tsv");
    let mut index = vec![u32::MAX; 0xA000 - 0x3400];
    let mut start = 0;
    for line in table.split_inclusive('\n') {
        let at = line.chars().next().and_then(|c| (c as usize).checked_sub(0x3400));
        if let Some(slot) = at.and_then(|at| index.get_mut(at)) {
            *slot = u32::try_from(start).expect("the table is small");
        }
        start += line.len();
    }
    index.into_iter().flat_map(u32::to_le_bytes).collect()
}

/// The list of wrong words in every form.
fn wrong_words() -> String {
    let mapping = |names: &[&str]| {
        let texts: Vec<String> = names.iter().map(|name| read(&format!("seeds/opencc/{name}.txt"))).collect();
        word_forms::Mapping::of(&texts)
    };
    let forms = word_forms::Forms {
        simplified: mapping(&["TSPhrases", "TSCharacters"]),
        common: mapping(&["TWVariantsRev", "HKVariantsRev"]),
        regions: vec![mapping(&["TWVariants"]), mapping(&["HKVariants"])],
    };
    forms.expand(&read("seeds/tables/wrong-words.tsv"))
}

/// The tables of the proofreader.
fn write_lattice(out: &Path) {
    for path in ["seeds/lattice", "seeds/tables", "src/fix/lattice/compile.rs", "src/fix/lattice/format.rs"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let modeled = env::var_os("CARGO_FEATURE_BIGRAMS").is_some();
    let bigrams = modeled.then(|| unpack("seeds/lattice/bigrams.zst"));
    let words = String::from_utf8(unpack("seeds/lattice/words.zst")).expect("the word list is UTF-8");
    let tables = lattice::compile(&lattice::Sources {
        words: &words,
        bigrams: bigrams.as_deref(),
        confusions: &unpack("seeds/lattice/confusions.zst"),
        keys: &read("seeds/tables/hanzi-keys.tsv"),
        simplified: &read("seeds/opencc/TSCharacters.txt"),
        regional: &["TWPhrases", "HKPhrases"].map(|name| read(&format!("seeds/opencc/{name}.txt"))),
        forms: &read("seeds/tables/scoring-forms.tsv"),
    });
    for (name, bytes) in tables {
        let path = out.join(format!("lattice.{name}"));
        fs::write(&path, bytes).unwrap_or_else(|e| panic!("cannot write `{}`: {e}", path.display()));
    }
}

fn unpack(path: &str) -> Vec<u8> {
    let file = fs::File::open(path).unwrap_or_else(|e| panic!("cannot read `{path}`: {e}"));
    zstd::decode_all(file).unwrap_or_else(|e| panic!("cannot unpack `{path}`: {e}"))
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("cannot read `{path}`: {e}"))
}

fn write(out: &Path, name: &str, texts: &[(String, u8)]) {
    let compiled = compile::compile(texts);
    for (extension, bytes) in [("table", &compiled.table[..]), ("words", compiled.words.as_bytes())] {
        let path = out.join(name).with_extension(extension);
        fs::write(&path, bytes).unwrap_or_else(|e| panic!("cannot write `{}`: {e}", path.display()));
    }
}
