//! OpenCC's 16 configurations and three of ours: which tables a text passes through, in which order, and where the walls stand that
//! no match may cross.

use super::{
    recipes::{self, RECIPES},
    table::Table,
};

/// One of OpenCC's configurations. `s` is Simplified, `t` OpenCC's own Traditional, `tw`, `hk` and `jp` the forms of
/// Taiwan, Hong Kong and Japan; a final `p` converts regional words as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are OpenCC's, explained above")]
pub enum Config {
    Hk2s,
    Hk2sp,
    Hk2t,
    Jp2t,
    S2hk,
    S2hkp,
    S2t,
    S2tw,
    S2twp,
    T2hk,
    T2jp,
    T2s,
    T2tw,
    Tw2s,
    Tw2sp,
    Tw2t,
    /// Not OpenCC's: forms of Taiwan to those of Hong Kong, through OpenCC's own Traditional.
    Tw2hk,
    /// Not OpenCC's: forms of Hong Kong to those of Taiwan, through OpenCC's own Traditional.
    Hk2tw,
    /// Not OpenCC's: Traditional to the forms and words of Taiwan.
    T2twp,
}

/// Where the walls of a configuration come from.
#[derive(Clone, Copy)]
pub(crate) enum Walls {
    /// The text is one piece.
    None,
    /// The matches of the first step's best rank are pieces of their own: the step does both jobs in one pass.
    FirstStep,
    /// The matches of this table are pieces of their own.
    Before(&'static str),
}

/// A configuration as data.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) name: &'static str,
    pub(crate) walls: Walls,
    pub(crate) first: &'static str,
    pub(crate) second: Option<&'static str>,
}

const fn plan(name: &'static str, walls: Walls, first: &'static str, second: Option<&'static str>) -> Plan {
    Plan { name, walls, first, second }
}

/// In the order of [`Config`].
const PLANS: [Plan; 19] = [
    plan("hk2s", Walls::Before("ts_phrases"), "hk_rev", Some("ts")),
    plan("hk2sp", Walls::Before("ts_phrases"), "hkp_rev", Some("ts")),
    plan("hk2t", Walls::None, "hk_rev", None),
    plan("jp2t", Walls::None, "jp_rev", None),
    plan("s2hk", Walls::FirstStep, "st", Some("hk")),
    plan("s2hkp", Walls::FirstStep, "st", Some("hkp")),
    plan("s2t", Walls::None, "st", None),
    plan("s2tw", Walls::FirstStep, "st", Some("tw")),
    plan("s2twp", Walls::FirstStep, "st", Some("twp")),
    plan("t2hk", Walls::None, "hk", None),
    plan("t2jp", Walls::None, "jp", None),
    plan("t2s", Walls::None, "ts", None),
    plan("t2tw", Walls::None, "tw", None),
    plan("tw2s", Walls::Before("ts_phrases"), "tw_rev", Some("ts")),
    plan("tw2sp", Walls::Before("ts_phrases"), "twp_rev", Some("ts")),
    plan("tw2t", Walls::None, "tw_rev", None),
    plan("tw2hk", Walls::None, "tw_rev", Some("hk")),
    plan("hk2tw", Walls::None, "hk_rev", Some("tw")),
    plan("t2twp", Walls::None, "twp", None),
];

impl Config {
    /// OpenCC's, by name.
    pub const ALL: [Config; 16] = [
        Config::Hk2s,
        Config::Hk2sp,
        Config::Hk2t,
        Config::Jp2t,
        Config::S2hk,
        Config::S2hkp,
        Config::S2t,
        Config::S2tw,
        Config::S2twp,
        Config::T2hk,
        Config::T2jp,
        Config::T2s,
        Config::T2tw,
        Config::Tw2s,
        Config::Tw2sp,
        Config::Tw2t,
    ];

    /// The name OpenCC uses, such as `s2twp`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.plan().name
    }

    pub(crate) fn plan(self) -> Plan {
        PLANS[self as usize]
    }
}

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$((
            include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".table")),
            include_str!(concat!(env!("OUT_DIR"), "/", $name, ".words")),
        )),*]
    };
}

/// The sections of a table, and the words that they point into.
type Embedded = (&'static [u8], &'static str);

/// OpenCC's tables, in the order of `recipes::RECIPES`.
const TABLES: &[Embedded] = embedded![
    "normalize",
    "st",
    "ts_phrases",
    "ts",
    "ts_rare",
    "tw",
    "twp",
    "tw_rev",
    "twp_rev",
    "hk",
    "hkp",
    "hk_rev",
    "hkp_rev",
    "jp",
    "jp_rev",
];

/// Our repairs, in the order of `recipes::REPAIRS`.
const REPAIRS: &[Embedded] = embedded![
    "repairs_st",
    "repairs_tw",
    "repairs_twp",
    "repairs_hk",
    "repairs_t2hk",
    "repairs_ts",
    "repairs_twp_rev",
];

/// Opens a compiled OpenCC table.
pub(crate) fn table(name: &str) -> Table {
    let at = RECIPES.iter().position(|recipe| recipe.name == name).expect("plans name compiled tables only");
    Table::open(TABLES[at].0, TABLES[at].1, RECIPES[at].dictionaries)
}

/// Opens the repairs of a step, if there are any for it.
pub(crate) fn repairs(step: &str) -> Option<Table> {
    let at = recipes::REPAIRS.iter().position(|it| *it == step)?;
    let dictionary: &[(&str, u8)] = match step {
        "tw" => &[("repairs_tw", 0)],
        "twp" => &[("repairs_twp", 0)],
        "hk" => &[("repairs_hk", 0)],
        "t2hk" => &[("repairs_t2hk", 0)],
        "ts" => &[("repairs_ts", 0)],
        "twp_rev" => &[("repairs_twp_rev", 0)],
        _ => &[("repairs_st", 0)],
    };
    Some(Table::open(REPAIRS[at].0, REPAIRS[at].1, dictionary))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::localize::recipes::Recipe;

    /// Dictionaries with their rank, as a configuration file has them; nested groups of `union` share a rank.
    fn ranks(dict: &Value, rank: u8, out: &mut Vec<(String, u8)>) {
        if dict["type"] == "group" {
            let union = dict["match_policy"] == "union";
            for (i, member) in (0..).zip(dict["dicts"].as_array().unwrap()) {
                ranks(member, if union { rank } else { rank + i }, out);
            }
        } else if dict.get("may_output_tofu").is_none() {
            out.push((dict["file"].as_str().unwrap().trim_end_matches(".ocd2").to_owned(), rank));
        }
    }

    /// The tables are those of the configuration files, and the plans are theirs.
    #[test]
    fn plans_are_what_the_configuration_files_say() {
        let recipe = |name: &str| -> Vec<(String, u8)> {
            let Recipe { dictionaries, .. } = RECIPES.iter().find(|recipe| recipe.name == name).unwrap();
            // Ranks only order: the rare table leaves a gap where the files mark it.
            dictionaries.iter().map(|&(name, rank)| (name.to_owned(), rank)).collect()
        };
        let file = |dict: &Value| {
            let mut out = Vec::new();
            ranks(dict, 0, &mut out);
            let mut seen: Vec<u8> = out.iter().map(|it| it.1).collect();
            seen.dedup();
            out.iter_mut().for_each(|it| it.1 = seen.iter().position(|rank| *rank == it.1).unwrap() as u8);
            out
        };
        for config in Config::ALL {
            let plan = config.plan();
            let path = format!("{}/seeds/opencc/{}.json", env!("CARGO_MANIFEST_DIR"), plan.name);
            let json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            let chain = json["conversion_chain"].as_array().unwrap();
            assert_eq!(recipe(plan.first), file(&chain[0]["dict"]), "{}", plan.name);
            assert_eq!(
                plan.second.map(recipe),
                chain.get(1).map(|step| file(&step["dict"])),
                "{}",
                plan.name
            );
            let walls = json.get("segmentation").map(|it| file(&it["dict"]));
            let ours = match plan.walls {
                Walls::None => None,
                Walls::FirstStep => Some(recipe(plan.first).into_iter().filter(|it| it.1 == 0).collect()),
                Walls::Before(name) => Some(recipe(name)),
            };
            assert_eq!(ours, walls, "{}", plan.name);
        }
    }
}
