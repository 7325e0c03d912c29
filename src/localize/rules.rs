//! What the localizer's rules say of themselves. The localizer runs them itself, in this order.

use super::config::Config;
use crate::rule::{Check, Doc, Rule, Stage};

const fn rule(name: &'static str, summary: &'static str, doc: Doc) -> Rule {
    Rule { name, stage: Stage::Localize, summary, doc, check: Check::Reported }
}

/// The rules of localization, in the order in which they run.
pub const RULES: &[Rule] = &[
    rule(
        MIXED_SCRIPT,
        "Traditional and Simplified characters in one text",
        Doc {
            finds: "Text in which characters that only one script uses stand beside those of the other.",
            why: "Each paragraph is converted from the script that most of it is written in; the characters of \
                  the other script may be misprints, quotations or names.",
            examples: &[],
            unsure: "Always: nothing is changed; the counts are reported. Characters that both scripts use count \
                     for neither.",
        },
    ),
    rule(
        COMPATIBILITY_IDEOGRAPH,
        "a compatibility ideograph instead of the character it stands for",
        Doc {
            finds: "Characters of the blocks U+F900 and U+2F800, which repeat characters of the main blocks.",
            why: "They look the same, but neither search nor conversion knows them.",
            examples: &[("\u{F9DD}", "利")],
            unsure: "Never: each stands for exactly one character.",
        },
    ),
    rule(
        SCRIPT_S2T,
        "Simplified characters in a Traditional edition",
        Doc {
            finds: "Simplified text, by the phrases and characters of OpenCC and our repairs of them.",
            why: "Readers in Hong Kong and Taiwan read Traditional characters.",
            examples: &[("理发与发展", "理髮與發展"), ("皇后说以后", "皇后說以後")],
            unsure: "A character with several Traditional forms that no phrase decides is converted to the most \
                     common one and reported as doubtful with the others. Code, addresses and protected text stay.",
        },
    ),
    rule(
        NAME_RECURRENCE,
        "a name or term with a character of its own at one place and another elsewhere",
        Doc {
            finds: "Guesses between the same characters as other places of the document that are certain and agree, and \
                    family names (余, 范, 钟) of a name that a title follows somewhere.",
            why: "One person is one name, and one term is one word.",
            examples: &[],
            unsure: "Where the other places disagree, or are guesses themselves, the guess stands and is doubtful.",
        },
    ),
    rule(
        SCRIPT_T2S,
        "Traditional characters in a Simplified edition",
        Doc {
            finds: "Traditional text, by the phrases and characters of OpenCC.",
            why: "Readers on the mainland read Simplified characters.",
            examples: &[("組織的發展", "组织的发展"), ("乾坤與乾燥", "乾坤与干燥")],
            unsure: "Where no phrase decides between several Simplified forms. Characters whose Simplified form few \
                     fonts have stay as they are.",
        },
    ),
    rule(
        REGION_WORDS_TW,
        "mainland words in a Taiwan edition",
        Doc {
            finds: "Words for which Taiwan has its own, by OpenCC's list.",
            why: "軟件 is understood in Taiwan, but reads as foreign.",
            examples: &[("軟件", "軟體"), ("鼠標", "滑鼠")],
            unsure: "Words that are regional in one trade only (運行, 項目, 全局) stay. Runs on Simplified sources \
                     only, unless asked for.",
        },
    ),
    rule(
        REGION_WORDS_HK,
        "words of the mainland or Taiwan in a Hong Kong edition",
        Doc {
            finds: "Names and words for which Hong Kong has its own, by OpenCC's short list and by our own of 790 words \
                    with their reasons.",
            why: "出租車 is understood in Hong Kong, but reads as foreign, and foreign names are transcribed after \
                  Cantonese.",
            examples: &[("出租車", "的士"), ("義大利", "意大利")],
            unsure: "A word that has another meaning too (信息, 視頻, 土豆) is only suggested. Words inside longer ones \
                     (軟體動物), names and titles stay. Runs on Simplified sources only, unless asked for.",
        },
    ),
    rule(
        REGION_WORDS_CN,
        "regional words in a mainland edition",
        Doc {
            finds: "Words of Taiwan for which the mainland has its own, by OpenCC's list.",
            why: "軟體 is understood on the mainland, but reads as foreign.",
            examples: &[("軟體", "软件")],
            unsure: "Many words of the list are regional in computing only; runs only when asked for.",
        },
    ),
    rule(
        REGION_CHARACTERS_TW,
        "forms of characters that Taiwan does not use",
        Doc {
            finds: "Characters for which Taiwan's standard has another form.",
            why: "Readers and schools in Taiwan expect their own standard.",
            examples: &[("裏面", "裡面"), ("喫飯", "吃飯")],
            unsure: "平台 stays: Taiwan prints it more often than 平臺.",
        },
    ),
    rule(
        REGION_CHARACTERS_HK,
        "forms of characters that Hong Kong does not use",
        Doc {
            finds: "Characters for which Hong Kong's list of graphemes has another form.",
            why: "Readers and schools in Hong Kong expect their own forms.",
            examples: &[("裡面", "裏面"), ("喫飯", "吃飯")],
            unsure: "Traditional text keeps its 說, 衛, 敘 and others that Hong Kong prints in both forms.",
        },
    ),
    rule(
        REGION_CHARACTERS_CN,
        "forms of characters and spellings of words that the mainland does not use",
        Doc {
            finds: "Forms of Taiwan or Hong Kong (看著) whose plain Traditional form (看着) decides the Simplified one, and \
                    spellings that the mainland's list of 2001 (GF 1001) put aside (部份, 身分, 報導).",
            why: "Without this step 看著 would stay 看著 in a mainland edition, and 部份 would be read as a slip.",
            examples: &[("看著", "看着"), ("部份身分", "部分身份")],
            unsure: "Forms change only where the text has those of Taiwan. Spellings cut out of other words stay \
                     (全部份額); words that the mainland knows but uses less (透過, 毋須) stay.",
        },
    ),
    rule(
        EDITION_WORD,
        "a word that the house writes in its own way in this edition",
        Doc {
            finds: "Words that `keep` and `force` of `[edition.NAME]` in `hanpress.toml`, or the list of `--terms`, name.",
            why: "Names and terms of the house are right as the house has them, whatever the dictionaries say.",
            examples: &[],
            unsure: "Never: the longest word of the list wins over every other rule of the edition.",
        },
    ),
    rule(
        ROUND_TRIP,
        "words that are not the same after an edition was converted back",
        Doc {
            finds: "Stretches that differ when an edition is converted back to how the manuscript is written; only when \
                    asked for: `hanpress check --edition NAME --round-trip`.",
            why: "What does not come back was changed by more than the script: a word of the region, a guess, or two \
                  characters that one stands for.",
            examples: &[],
            unsure: "A difference is no fault in itself: of 伙伴 and 夥伴 both are right.",
        },
    ),
    rule(
        QUOTES_REGION,
        "quotation marks of another region",
        Doc {
            finds: "Pairs of quotation marks around Chinese: “” and ‘’ in Taiwan and Hong Kong, 「」 and 『』 on the \
                    mainland.",
            why: "Each region has its own marks (GB/T 15834 for the mainland), and its own outer and inner ones.",
            examples: &[("「上海精神」", "“上海精神”"), ("他说：“这是‘新’路。”", "他說：「這是『新』路。」")],
            unsure: "A mark without a partner stays and is reported. Quotations of Latin text, apostrophes and signs \
                     for feet and inches stay.",
        },
    ),
    rule(
        VERTICAL_NUMERALS,
        "Arabic digits in dates, times, ages and ordinals",
        Doc {
            finds: "Whole numbers directly before 年, 月, 日, 時, 分, 秒, 歲, and after 第 before 屆, 號, 期, 章, 節, 回. Runs \
                    only when asked for: `--numerals han`, or `numerals = \"han\"` in the template.",
            why: "In vertical lines a year in digits lies on its side; Chinese numerals stand upright (GB/T 15835 has \
                  them for vertical text). Years are written digit by digit, all other numbers in words.",
            examples: &[("2026年3月12日", "二〇二六年三月十二日"), ("10時30分", "十時三十分")],
            unsure: "Years have four digits; a round one stays unless a month follows, for it may be a count. Decimals, \
                     ranges with one unit (3至5月), numbers beside Latin letters, in names, titles, tables, code and \
                     addresses stay. Numbers in a row change together or not at all.",
        },
    ),
];

/// See its rule.
pub(crate) const MIXED_SCRIPT: &str = "mixed-script";
/// See its rule.
pub(crate) const COMPATIBILITY_IDEOGRAPH: &str = "compatibility-ideograph";
/// See its rule.
pub(crate) const SCRIPT_S2T: &str = "script-s2t";
/// See its rule.
pub(crate) const SCRIPT_T2S: &str = "script-t2s";
/// See its rule.
pub(crate) const REGION_WORDS_TW: &str = "region-words-tw";
/// See its rule.
pub(crate) const REGION_WORDS_HK: &str = "region-words-hk";
/// See its rule.
pub(crate) const REGION_WORDS_CN: &str = "region-words-cn";
/// See its rule.
pub(crate) const REGION_CHARACTERS_TW: &str = "region-characters-tw";
/// See its rule.
pub(crate) const REGION_CHARACTERS_HK: &str = "region-characters-hk";
/// See its rule.
pub(crate) const REGION_CHARACTERS_CN: &str = "region-characters-cn";
/// See its rule.
pub(crate) const NAME_RECURRENCE: &str = "name-recurrence";
/// See its rule.
pub(crate) const EDITION_WORD: &str = "edition-word";
/// See its rule.
pub(crate) const ROUND_TRIP: &str = "round-trip";
/// See its rule.
pub(crate) const QUOTES_REGION: &str = "quotes-region";
/// See its rule.
pub const VERTICAL_NUMERALS: &str = "vertical-numerals";

/// Whether a rule replaces words by other words, and not characters by their other forms.
pub(crate) fn about_words(rule: &str) -> bool {
    [REGION_WORDS_TW, REGION_WORDS_HK, REGION_WORDS_CN].contains(&rule)
}

/// The rule that a replacement belongs to, by the dictionary that decided it and the configuration it served.
pub(crate) fn of_dictionary(dictionary: &str, config: Config) -> &'static str {
    match (dictionary, config) {
        (_, Config::Tw2hk) => return REGION_CHARACTERS_HK,
        (_, Config::Hk2tw) => return REGION_CHARACTERS_TW,
        _ => {}
    }
    match dictionary {
        "CJK_Compatibility_Ideographs" => COMPATIBILITY_IDEOGRAPH,
        "TSPhrases" | "TSCharacters" | "TSCharactersExt" => SCRIPT_T2S,
        "TWPhrases" | "repairs_twp" => REGION_WORDS_TW,
        "HKPhrases" => REGION_WORDS_HK,
        "TWPhrasesRev" | "HKPhrasesRev" | "repairs_twp_rev" => REGION_WORDS_CN,
        "TWVariants" | "TWVariantsPhrases" | "repairs_tw" => REGION_CHARACTERS_TW,
        "HKVariants" | "HKVariantsPhrases" | "repairs_hk" | "repairs_t2hk" => REGION_CHARACTERS_HK,
        "repairs_ts"
        | "TWVariantsRev"
        | "TWVariantsRevPhrases"
        | "HKVariantsRev"
        | "HKVariantsRevPhrases" => REGION_CHARACTERS_CN,
        _ => SCRIPT_S2T,
    }
}
