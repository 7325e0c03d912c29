//! Compiles the OpenCC dictionaries of `seeds/opencc` to lookup tables, which the program embeds and reads in
//! place. A build script, because parsing 1.2 MB of text at every start would cost a short article more than its
//! whole conversion, and because tables of a megabyte have no place in the repository. The list of wrong words gets
//! its forms of every script and region here as well.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

#[path = "src/localize/compile.rs"]
mod compile;
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
    let path = out.join("wrong-words.tsv");
    fs::write(&path, wrong_words()).unwrap_or_else(|e| panic!("cannot write `{}`: {e}", path.display()));
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
