//! The converter against C++ OpenCC: manuscripts, classical prose and random text, byte for byte, in all
//! configurations. Needs the feature `oracle` and what `.ci/oracle` sets up.

use hanpress::localize::{
    config::Config,
    convert::{Converter, Extras},
};
use opencc_rust::OpenCC;

const CLASSICAL: &str = "\
學而時習之，不亦說乎？有朋自遠方來，不亦樂乎？人不知而不慍，不亦君子乎？
北冥有魚，其名為鯤。鯤之大，不知其幾千里也。化而為鳥，其名為鵬。鵬之背，不知其幾千里也。
却说那女娲氏炼石补天之时，于大荒山无稽崖炼成高经十二丈、方经二十四丈顽石三万六千五百零一块。
后来，不知过了几世几劫，因有个空空道人访道求仙，忽从这大荒山无稽崖青埂峰下经过。
話說天下大勢，分久必合，合久必分：周末七國分爭，并入於秦；及秦滅之後，楚漢分爭，又并入於漢。
";

/// Small, fixed and good enough: xorshift.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

/// Keys and values of all dictionaries.
fn words() -> Vec<String> {
    let mut words = Vec::new();
    for entry in std::fs::read_dir(format!("{}/seeds/opencc", env!("CARGO_MANIFEST_DIR"))).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let text = std::fs::read_to_string(path).unwrap();
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            words.extend(lines.flat_map(|line| line.split(['\t', ' '])).map(str::to_owned));
        }
    }
    words.sort();
    words.dedup();
    words.retain(|word| !word.is_empty());
    words
}

fn random(lines: usize) -> String {
    let words = words();
    let characters: Vec<char> = words.iter().flat_map(|word| word.chars()).collect();
    let odd: Vec<char> = ('\u{2FF0}'..='\u{2FFF}')
        .chain("aB1 ，。「」“”\u{FE00}\u{E0100}\u{E000}\u{F900}𠀀".chars())
        .collect();
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut out = String::new();
    for _ in 0..lines {
        let kind = dice.roll(10);
        for _ in 0..=dice.roll(24) {
            match (kind, dice.roll(4)) {
                (0..3, _) | (7.., 1) => out.push(characters[dice.roll(characters.len())]),
                (7.., 0) => out.push(odd[dice.roll(odd.len())]),
                _ => out.push_str(&words[dice.roll(words.len())]),
            }
        }
        out.push('\n');
    }
    out
}

#[test]
fn the_converter_is_opencc() {
    let configs = std::env::var("HANPRESS_OPENCC_CONFIGS").expect(".ci/oracle says where OpenCC is");
    let lines = std::env::var("HANPRESS_ORACLE_LINES").map_or(20_000, |lines| lines.parse().unwrap());
    let mut text = CLASSICAL.to_owned();
    let folder = format!("{}/seeds/texts", env!("CARGO_MANIFEST_DIR"));
    for entry in std::fs::read_dir(folder).unwrap() {
        text.push_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default());
    }
    let simplified = Converter::new(Config::T2s, Extras::default()).convert(&text);
    text.push_str(&simplified);
    text.push_str(&random(lines));
    for config in Config::ALL {
        let original = OpenCC::new(format!("{configs}/{}.json", config.name())).unwrap();
        let expected = original.convert(&text).unwrap();
        // The library takes the dictionaries of rare characters along.
        let ours = Converter::new(config, Extras { rare: true, ..Extras::NONE }).convert(&text);
        let lines = text.lines().zip(expected.lines()).zip(ours.lines());
        let different: Vec<_> = lines.filter(|((_, expected), ours)| expected != ours).take(3).collect();
        assert!(expected == ours, "{}: {different:#?}", config.name());
        println!("{}: {} bytes, no difference", config.name(), text.len());
    }
}
