//! Compiles the OpenCC dictionaries of `seeds/opencc` to lookup tables, which the program embeds and reads in
//! place. A build script, because parsing 1.2 MB of text at every start would cost a short article more than its
//! whole conversion, and because tables of a megabyte have no place in the repository.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

#[path = "src/localize/compile.rs"]
mod compile;
#[path = "src/localize/recipes.rs"]
mod recipes;

fn main() {
    println!("cargo::rerun-if-changed=seeds/opencc");
    println!("cargo::rerun-if-changed=seeds/tables/repairs.tsv");
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
