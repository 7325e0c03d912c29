//! Editions as a user meets them: words of the house, OpenCC's own output, and one text in every format.

use std::{fs, io::Read as _};

use crate::{cli::Desk, glyphs};

/// The Han characters of a text, in order.
fn han(text: &str) -> String {
    text.chars().filter(|c| ('\u{3400}'..'\u{A000}').contains(c)).collect()
}

/// All parts of a package whose name ends so, without their tags.
fn package(bytes: &[u8], ending: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
    let mut all = String::new();
    for i in 0..zip.len() {
        let mut part = zip.by_index(i).expect("a part");
        if part.name().expect("a name").ends_with(ending) {
            part.read_to_string(&mut all).expect("text");
        }
    }
    all
}

fn untagged(xml: &str) -> String {
    let mut out = String::new();
    for piece in xml.split('<') {
        out.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    out
}

#[test]
fn every_output_of_an_edition_carries_its_text_and_language() {
    let desk = Desk::new();
    desk.put("a.md", "# 这里的发明\n\n少数组织被发明者说：“里程碑‘后’面的软件。”\n\n- 头发与发展\n\n| 出租车 | 皇后 |\n|---|---|\n| 台湾 | 面包 |\n");
    let run = ["convert", "--to", "pdf,epub,docx,md,txt", "--edition", "hk,tw,cn,zh-Hant-CN", "a.md"];
    desk.run(&run).ends(0, "");
    for tag in ["zh-Hant-HK", "zh-Hant-TW", "zh-Hans-CN", "zh-Hant-CN"] {
        let file = |extension: &str| fs::read(desk.path(&format!("a.{tag}.{extension}"))).expect("an output");
        let text = han(&String::from_utf8(file("txt")).expect("text"));
        assert!(text.len() > 100, "{tag}: {text}");
        assert_eq!(han(&String::from_utf8(file("md")).expect("text")), text, "{tag}: Markdown");
        let docx = package(&file("docx"), "document.xml");
        assert!(han(&untagged(&docx)).contains(&text), "{tag}: DOCX {}", han(&untagged(&docx)));
        assert!(
            package(&file("docx"), "styles.xml").contains(&format!("w:eastAsia=\"{}\"", word_tag(tag))),
            "{tag}"
        );
        let epub = package(&file("epub"), ".xhtml");
        assert!(han(&untagged(&epub)).contains(&text), "{tag}: EPUB {}", han(&untagged(&epub)));
        assert!(epub.contains(&format!("lang=\"{tag}\"")), "{tag}");
        let pdf = glyphs::read(&file("pdf"));
        let drawn: String =
            pdf.sheets.iter().flat_map(|sheet| &sheet.glyphs).map(|glyph| glyph.text.as_str()).collect();
        assert!(han(&drawn).contains(&text), "{tag}: PDF {}", han(&drawn));
        assert_eq!(pdf.language.as_deref(), Some(tag));
    }
}

/// How Word names a language.
fn word_tag(tag: &str) -> &str {
    match tag {
        "zh-Hant-HK" => "zh-HK",
        "zh-Hant-TW" => "zh-TW",
        _ => "zh-CN",
    }
}

#[test]
fn words_of_the_house_win_in_their_edition() {
    let desk = Desk::new();
    desk.put("a.txt", "软件园的出租车与《软件》。里根坐出租车。");
    desk.put("terms.tsv", "# list\n里根\t列根\thk\n");
    desk.put(
        "hanpress.toml",
        "[edition.hk]\nkeep = [\"出租車\"]\nforce = { \"軟件園\" = \"科學園\" }\n[edition.tw]\nkeep = [\"軟件\"]\n",
    );
    let text = |edition: &str| {
        let args =
            ["convert", "--to", "txt", "--edition", edition, "--terms", "terms.tsv", "-o", "-", "a.txt"];
        desk.run(&args).ends(0, "").out()
    };
    assert!(text("hk").contains("科學園的出租車與《軟件》。列根坐出租車。"), "{}", text("hk"));
    assert!(text("tw").contains("軟件園的計程車與《軟件》。里根坐計程車。"), "{}", text("tw"));
    for (settings, says) in [
        (
            "[edition.hk]\nkeep = [\"甲\"]\nforce = { \"甲\" = \"乙\" }\n",
            "`甲` is to become both `甲` and `乙`",
        ),
        ("[edition.hk]\nforce = { \"甲\" = \"乙\", \"乙\" = \"甲\" }\n", "goes round in a circle"),
        ("[edition.kh]\nkeep = []\n", "did you mean `hk`?"),
    ] {
        desk.put("hanpress.toml", settings);
        desk.run(&["convert", "--to", "txt", "--edition", "hk", "-o", "-", "a.txt"]).ends(2, says);
    }
    desk.put("hanpress.toml", "");
    desk.put("terms.tsv", "甲\t乙\tmars\n");
    desk.run(&["convert", "--to", "txt", "--edition", "hk", "--terms", "terms.tsv", "-o", "-", "a.txt"])
        .ends(2, "unknown edition `mars`");
}

#[test]
fn opencc_compat_is_opencc() {
    let desk = Desk::new();
    desk.put("a.txt", "少数组织“被发明”\r\n\r\n  这里…\n").put("b.txt", "头发");
    let run = |config: &str| desk.run(&["convert", "--opencc-compat", config, "-o", "-", "a.txt"]);
    // Its mistakes, its line ends, its spaces.
    assert_eq!(run("s2twp").ends(0, "").out(), "少陣列織“被髮明”\r\n\r\n  這裡…\n");
    run("s2twpp").ends(2, "did you mean `s2twp`?");
    desk.run(&["convert", "--opencc-compat", "s2t", "a.txt", "b.txt"]).ends(0, "");
    assert_eq!(fs::read_to_string(desk.path("b.s2t.txt")).expect("an output"), "頭髮");
    desk.run(&["convert", "--opencc-compat", "s2t", "--edition", "hk", "a.txt"])
        .ends(2, "cannot be used with");
}

#[test]
fn check_lists_what_an_edition_had_to_guess() {
    let desk = Desk::new();
    desk.put("a.txt", "这发。我们养了一只猫。");
    let args = ["check", "--edition", "hk", "--level", "sure", "a.txt"];
    let shown = desk.run(&args).ends(1, "guess[script-s2t]: 发 → 發 (doubtful)");
    assert!(
        shown.out().contains("in zh-Hant-HK: no phrase decides between `發` and `髮`"),
        "{}",
        shown.out()
    );
    assert!(!shown.out().contains("隻"), "{}", shown.out());
    let json = desk.run(&["check", "--edition", "hk,tw", "--format", "json", "a.txt"]).out();
    assert_eq!(json.matches("no phrase decides between").count(), 2, "{json}");
    desk.run(&["check", "a.txt"]).ends(0, "");
    desk.run(&["check", "--edition", "mars", "a.txt"]).ends(2, "unknown edition `mars`");
}

/// Bad input: defined, and in time that grows with its length.
#[test]
fn odd_input_comes_through() {
    let desk = Desk::new();
    // Private use, a description sequence, variation selectors, compatibility ideographs, unassigned planes.
    let odd = "这\u{E000}头发⿰氵发，葛\u{E0100}与\u{F9DD}\u{2F80A}\u{50000}。";
    desk.put("a.txt", odd);
    let out = desk.run(&["convert", "--to", "txt", "--edition", "hk", "-o", "-", "a.txt"]).ends(0, "").out();
    assert!(out.contains("這\u{E000}頭髮⿰氵发，葛\u{E0100}與利"), "{out}");
    assert!(out.contains('\u{50000}'), "{out}");
    for edition in ["tw", "cn", "zh-Hant-CN"] {
        let out =
            desk.run(&["convert", "--to", "txt", "--edition", edition, "-o", "-", "a.txt"]).ends(0, "").out();
        assert!(
            out.contains("⿰氵发，葛\u{E0100}") && out.contains("利\u{50000}") | out.contains("\u{50000}"),
            "{out}"
        );
        assert!(out.contains('\u{E000}'), "{out}");
    }
    let check = desk.run(&["check", "--edition", "hk,cn", "--round-trip", "--all", "a.txt"]);
    assert!(check.status() < 2, "{}", check.err());
    desk.run(&["learn", "--edition", "tw", "a.txt"]).ends(0, "0 words learned");
    desk.put("long.txt", "这里的头发与发展，".repeat(40_000));
    desk.run(&["convert", "--opencc-compat", "s2twp", "-o", "long.out", "long.txt"]).ends(0, "");
    assert_eq!(
        fs::read_to_string(desk.path("long.out")).expect("an output").matches("頭髮與發展").count(),
        40_000
    );
    // The same as an edition: one paragraph of a megabyte, all of it converted and reported.
    let args =
        ["convert", "--to", "txt", "--edition", "tw", "--report", "long.json", "-o", "long.out", "long.txt"];
    desk.run(&args).ends(0, "");
    assert_eq!(
        fs::read_to_string(desk.path("long.out")).expect("an output").matches("頭髮與發展").count(),
        40_000
    );
}

#[test]
fn a_house_is_learned_from_its_finished_documents() {
    let desk = Desk::new();
    fs::create_dir(desk.path("done")).expect("a folder");
    let text = "他說在台灣走到山裡面，看羣山與出租車。\n\n于念慈說了，老師于念慈也說。\n\n書記于念慈來了，房裡面有人。\n\n一次談話。\n";
    desk.put("done/a.txt", text);
    desk.put("done/b.md", format!("# 說明\n\n{text}\n`説`，<https://a.b/説>\n"));
    desk.put(
        "done/c.html",
        format!("<html lang=zh-Hant-HK><title>說明</title><p>{}</p>", text.replace('\n', "<p>")),
    );
    desk.run(&["learn", "done", "--edition", "hk", "-o", "house.tsv"]).ends(0, "");
    let table = fs::read_to_string(desk.path("house.tsv")).expect("a table");
    let lines: Vec<&str> = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert_eq!(
        lines,
        [
            "於念慈\t于念慈\tzh-Hant-HK",
            "裏面\t裡面\tzh-Hant-HK",
            "説\t說\tzh-Hant-HK",
            "出租車\t出租車\tzh-Hant-HK",
        ]
    );
    assert!(table.contains("# 6 places; done/a.txt:1:9 …他說在台灣走到山裡面，看羣山與出租車…"), "{table}");
    // The same documents give the same table, and the table does what it says.
    desk.run(&["learn", "done", "--edition", "hk", "-o", "again.tsv"]).ends(0, "");
    assert_eq!(fs::read_to_string(desk.path("again.tsv")).expect("a table"), table);
    desk.put("new.txt", "她说于念慈坐出租车进山里面，公里数不说。");
    desk.put("old.txt", "她說在山裡面，于念慈坐出租車。");
    for (name, expected) in [
        ("new.txt", "她說于念慈坐出租車進山裡面，公里數不說。"),
        ("old.txt", "她說在山裡面，于念慈坐出租車。"),
    ] {
        let args = ["convert", name, "--edition", "hk", "--to", "txt", "--terms", "house.tsv", "-o", "-"];
        let out = desk.run(&args);
        assert!(out.out().contains(expected), "{name}: {}", out.out());
    }
    desk.run(&["learn", "done", "--edition", "xx"]).ends(2, "unknown edition `xx`");
}

#[test]
fn what_was_decided_about_guesses_holds() {
    let desk = Desk::new();
    desk.put("a.txt", "他说这发很好。\n\n那发不好，坐出租车。\n");
    let text =
        |edition: &str| desk.run(&["convert", "--to", "txt", "--edition", edition, "-o", "-", "a.txt"]).out();
    assert!(text("hk").contains("這發很好") && text("hk").contains("坐的士"), "{}", text("hk"));
    let count = || desk.run(&["check", "--edition", "hk", "a.txt"]).err();
    assert!(count().contains("2 findings"), "{}", count());
    // Refused: the next choice stands. Accepted: it is a guess no more.
    desk.run(&["decide", "--edition", "hk", "--reject", "1", "--accept", "3", "a.txt"])
        .ends(0, "2 decisions");
    assert!(text("hk").contains("這髮很好") && text("hk").contains("那發不好"), "{}", text("hk"));
    // What was decided about a place holds in every edition that would choose the same there.
    assert!(text("tw").contains("這髮很好"), "{}", text("tw"));
    assert!(count().contains("0 findings; 1 rejected earlier"), "{}", count());
    desk.run(&["decide", "--edition", "hk", "--undo", "all", "a.txt"]).ends(0, "open");
    assert!(text("hk").contains("這發很好"), "{}", text("hk"));
    assert!(count().contains("2 findings"), "{}", count());
    // A word of the region is refused by a line of the file.
    let line = "reject\ta.txt\tregion-words-hk\t出租车\t的士\t那发不好，坐\t。\t\n";
    desk.put("hanpress.decisions", line);
    assert!(text("hk").contains("坐出租車"), "{}", text("hk"));
}

#[test]
fn an_edition_is_converted_back() {
    let desk = Desk::new();
    desk.put("a.txt", "头发与发展。\n\n他坐出租车。\n");
    let run = desk.run(&["check", "--edition", "hk,tw", "--round-trip", "a.txt"]).ends(1, "");
    let told = "`出租车` is `的士` in zh-Hant-HK and comes back as `的士`";
    assert!(run.out().contains(told) && run.out().contains("a.txt:3:3"), "{}", run.out());
    assert!(
        run.err().contains("zh-Hant-HK and back: 3 of 10 Han characters differ (30.00 %)"),
        "{}",
        run.err()
    );
    let json = desk.run(&["check", "--edition", "hk", "--round-trip", "--format", "json", "a.txt"]).out();
    assert!(json.contains("\"rule\": \"round-trip\"") && json.contains("(30.00 %)"), "{json}");
    desk.put("b.txt", "头发与发展。");
    desk.run(&["check", "--edition", "tw", "--round-trip", "b.txt"]).ends(0, "zh-Hant-TW and back: 0 of 5");
    desk.run(&["check", "--round-trip", "b.txt"]).ends(2, "--edition");
}
