//! What an editor has beside the findings: formats, protected words, settings, decisions, the manuscript written back.

use std::fs;

use serde_json::Value;

use crate::cli::Desk;

/// Four slips: two certain ones, a likely one, and one against the habit of the text.
const TEXT: &str = "他迫不急待地打開了信。\n\n師傅說明天再來按裝冷氣。\n\n街上穿流不息，甘敗下風的是他們。\n";

fn json(desk: &Desk, args: &[&str]) -> Value {
    let run = desk.run(&[&["check"], args, &["--format", "json"]].concat());
    serde_json::from_str(&run.out()).unwrap_or_else(|e| panic!("{e}: {}", run.err()))
}

/// `before → after` of the corrections that are made or rejected.
fn words(desk: &Desk, args: &[&str]) -> Vec<String> {
    let run = desk.run(&[&["check", "a.txt"], args].concat());
    run.out().lines().filter_map(|l| l.split_once("]: ")).map(|(_, found)| found.to_owned()).collect()
}

#[test]
fn findings_in_every_format() {
    let desk = Desk::new();
    desk.put("a.txt", TEXT);
    desk.run(&["check", "a.txt"]).ends(1, "4 findings");
    desk.run(&["check", "a.txt", "--level", "sure"]).ends(1, "3 findings; 1 less sure");
    desk.run(&["check", "a.txt", "-o", "out.txt"]).ends(1, "4 findings");
    let text = fs::read_to_string(desk.path("out.txt")).expect("made");
    assert!(text.contains("迫不急待 → 迫不及待") && !text.contains('\u{1b}'), "{text}");

    let sarif: Value =
        serde_json::from_str(&desk.run(&["check", "a.txt", "--format", "sarif"]).ends(1, "").out())
            .expect("JSON");
    let run = &sarif["runs"][0];
    assert_eq!((&sarif["version"], &run["columnKind"]), (&"2.1.0".into(), &"unicodeCodePoints".into()));
    let result = &run["results"][1];
    let region = &result["locations"][0]["physicalLocation"]["region"];
    let (start, length) = (
        region["byteOffset"].as_u64().expect("n") as usize,
        region["byteLength"].as_u64().expect("n") as usize,
    );
    assert_eq!(&TEXT[start..start + length], "按裝");
    assert_eq!(
        (&region["startLine"], &region["startColumn"], &region["endColumn"]),
        (&3.into(), &8.into(), &10.into())
    );
    assert_eq!(
        result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"],
        "安裝"
    );
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().expect("n") as usize];
    assert!(rule["id"] == "wrong-word" && rule["help"]["text"].as_str().is_some_and(|h| !h.is_empty()));

    let github = desk.run(&["check", "a.txt", "--format", "github"]).ends(1, "").out();
    let line =
        "::warning file=a.txt,line=3,endLine=3,col=8,endColumn=10,title=wrong-word::按裝 → 安裝 (likely)";
    assert!(github.contains(line), "{github}");
    let html = desk.run(&["check", "a.txt", "--format", "html"]).ends(1, "").out();
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("<html lang=\"zh-Hant\">"), "{html}");
    desk.run(&["check", "a.txt", "--html", "a.html"]).ends(1, "按裝 → 安裝");
    assert_eq!(fs::read_to_string(desk.path("a.html")).expect("made"), html, "the same bytes");
    for flag in ["-o", "--html"] {
        desk.run(&["check", "a.txt", flag, "./a.txt"]).ends(2, "`./a.txt` is a manuscript");
    }
    assert_eq!(fs::read_to_string(desk.path("a.txt")).expect("there"), TEXT);
}

#[test]
fn annotations_escape_what_would_end_them() {
    let desk = Desk::new();
    desk.put("a,b:c%d.txt", TEXT);
    let out = desk.run(&["check", "a,b:c%d.txt", "--format", "github"]).ends(1, "").out();
    assert!(out.contains("file=a%2Cb%3Ac%25d.txt,line=1"), "{out}");
    let out = desk.run(&["check", "a,b:c%d.txt", "--format", "sarif"]).ends(1, "").out();
    assert!(out.contains("\"a%2Cb%3Ac%25d.txt\""), "{out}");
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_checked() {
    let desk = Desk::new();
    desk.put("a.txt", TEXT).put("empty.txt", "");
    for format in ["human", "json", "sarif", "github", "html"] {
        let args = ["check", "absent.txt", "empty.txt", "a.txt", "--format", format];
        desk.run(&args).ends(2, "迫不急待").ends(2, "cannot read `absent.txt`").ends(2, "the file is empty");
    }
    let out = desk.run(&["check", "absent.txt", "a.txt", "--format", "sarif"]).out();
    assert!(out.contains("\"executionSuccessful\": false"), "{out}");
}

#[test]
fn folders_are_walked_in_order() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("m/二")).expect("a folder");
    fs::create_dir_all(desk.path("m/.git")).expect("a folder");
    fs::create_dir_all(desk.path("none")).expect("a folder");
    desk.put("m/b.txt", TEXT).put("m/a.md", TEXT).put("m/二/c.TXT", TEXT).put("m/d.doc", TEXT);
    desk.put("m/.git/e.txt", TEXT).put("m/draft.txt", TEXT).put("m/.gitignore", "draft.txt\n");
    let value = json(&desk, &["m"]);
    let files: Vec<&str> =
        value["documents"].as_array().expect("documents").iter().filter_map(|d| d["file"].as_str()).collect();
    assert_eq!(files, ["m/a.md", "m/b.txt", "m/二/c.TXT"]);
    desk.run(&["check", "none"]).ends(2, "there is no manuscript in `none`");
}

#[test]
fn protected_words_are_left_alone() {
    let desk = Desk::new();
    desk.put("a.txt", TEXT).put("names.txt", "# 廣告\n再來按裝冷氣\n穿流不息 # 書名\n");
    assert_eq!(
        words(&desk, &["--protect", "names.txt"]),
        ["迫不急待 → 迫不及待 (sure)", "甘敗下風 → 甘拜下風 (sure)"]
    );
    desk.run(&["fix", "a.txt", "--protect", "names.txt", "--fix", "likely", "--write"])
        .ends(0, "2 corrections made");
    let text = fs::read_to_string(desk.path("a.txt")).expect("text");
    assert!(text.contains("穿流不息") && text.contains("按裝"), "{text}");
    desk.run(&["check", "a.txt", "--protect", "absent.txt"]).ends(2, "cannot read `absent.txt`");
}

#[test]
fn comments_protect_their_block() {
    let desk = Desk::new();
    let slip = "他迫不急待地打開了信。";
    // (manuscript, findings)
    for (text, findings) in [
        (format!("<!-- hanpress-ignore -->\n{slip}\n\n{slip}\n"), 1),
        (format!("<!-- hanpress-ignore -->\n\n- {slip}\n- {slip}\n\n{slip}\n"), 1),
        (format!("{slip}<!-- hanpress-ignore -->\n\n{slip}\n"), 1),
        (format!("<!-- hanpress-ignore inconsistent-word -->\n{slip}\n"), 1),
        (format!("<!-- hanpress-ignore inconsistent-word, wrong-word -->\n{slip}\n"), 0),
        (
            format!(
                "<!-- hanpress-ignore-start -->\n\n{slip}\n\n{slip}\n\n<!-- hanpress-ignore-end -->\n\n{slip}\n"
            ),
            1,
        ),
        (format!("> <!-- hanpress-ignore -->\n> {slip}\n\n{slip}\n"), 1),
        (format!("`<!-- hanpress-ignore -->`{slip}\n"), 1),
        // What is wrong with the comment counts.
        (format!("{slip}\n\n<!-- hanpress-ignore -->\n"), 2),
        (format!("<!-- hanpress-ignore-start -->\n\n{slip}\n\n{slip}\n"), 1),
        (format!("{slip}\n\n<!-- hanpress-ignore-end -->\n"), 2),
        (format!("<!-- hanpress-ignore wrong-wrod -->\n{slip}\n"), 2),
        (format!("<!-- hanpress-ingore -->\n{slip}\n"), 2),
        (format!("<!-- 別的註解 -->\n{slip}\n"), 1),
    ] {
        desk.put("a.md", &text);
        let run = desk.run(&["check", "a.md"]);
        let says = format!("{findings} finding{}", if findings == 1 { "" } else { "s" });
        assert!(run.err().contains(&says), "{text}{}{}", run.out(), run.err());
    }
    let text = format!("題目在此\n\n<!-- hanpress-ignore -->\n{slip}\n\n{slip}\n");
    desk.put("a.txt", text);
    desk.run(&["check", "a.txt", "--markup"]).ends(1, "1 finding");
    desk.run(&["convert", "a.txt", "--markup", "--emit", "text"]).ends(0, "迫不急待地");
    assert!(!desk.run(&["convert", "a.txt", "--markup", "--emit", "text"]).out().contains("hanpress"));
    desk.run(&["check", "a.txt"]).ends(1, "3 findings").ends(1, "a comment in plain text is text");
}

#[test]
fn settings_are_found_above_the_manuscript() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("m")).expect("a folder");
    desk.put("m/a.txt", format!("{TEXT}\n請用智能電話掃描。\n"));
    desk.put("m/names.txt", "穿流不息\n");
    desk.put(
        "hanpress.toml",
        "[check]\nprotect = [\"甘敗下風\"]\nprotect-files = [\"m/names.txt\"]\n\
         [check.words]\n\"智能電話\" = \"智能手機\"\n[check.rules]\nwrong-word = \"report\"\n",
    );
    desk.run(&["check", "m/a.txt"])
        .ends(1, "3 findings")
        .ends(1, "correct[house-word]: 智能電話 → 智能手機 (sure)");
    desk.run(&["check", "m/a.txt", "--no-config"]).ends(1, "4 findings");
    desk.run(&["fix", "m/a.txt"]).ends(0, "1 correction to make").ends(0, "+請用智能手機掃描。");
    let off = "wrong-word = \"off\"\nmisspelled-idiom = \"off\"\n";
    desk.put("other.toml", format!("[check]\nlevel = \"sure\"\n[check.rules]\n{off}"));
    desk.run(&["check", "m/a.txt", "--config", "other.toml"]).ends(0, "0 findings");
    desk.put("fix.toml", "[check]\nfix = \"likely\"\n");
    desk.run(&["fix", "m/a.txt", "--config", "fix.toml"]).ends(0, "4 corrections to make");
    desk.run(&["fix", "m/a.txt", "--config", "fix.toml", "--fix", "none"]).ends(0, "0 corrections to make");
    desk.run(&["convert", "m/a.txt", "--emit", "text"]).ends(0, "智能手機").ends(0, "迫不急待");
}

#[test]
fn mistakes_in_settings_are_told_with_their_place() {
    let desk = Desk::new();
    desk.put("a.txt", TEXT);
    for (text, says) in [
        ("[check]\nprotcet = []\n", "hanpress.toml:2:1: unknown key `protcet`; did you mean `protect`?"),
        ("[check]\nlevel = \"sur\"\n", "hanpress.toml:2:9: unknown value `sur`; did you mean `sure`?"),
        (
            "[check.rules]\nwrong-wrod = \"off\"\n",
            "hanpress.toml:2:1: unknown rule `wrong-wrod`; did you mean `wrong-word`?",
        ),
        (
            "[check.words]\n\"甲\" = \"甲乙\"\n",
            "hanpress.toml:2:1: the right form `甲乙` contains the wrong word `甲`",
        ),
        ("[check]\nprotect-files = [\"x.txt\"]\n", "cannot read `x.txt`"),
    ] {
        desk.put("hanpress.toml", text);
        for command in ["check", "fix", "convert", "decide"] {
            desk.run(&[command, "a.txt"]).ends(2, says);
        }
    }
    assert_eq!(desk.names(), ["a.txt", "article.txt", "hanpress.toml"], "nothing is written");
}

#[test]
fn decisions_are_remembered() {
    let desk = Desk::new();
    desk.put("a.txt", TEXT);
    desk.run(&["decide", "a.txt"]).ends(0, "open   a.txt:3:8: 按裝 → 安裝 (wrong-word, likely)");
    desk.run(&["decide", "a.txt", "--accept", "3:8", "--reject", "穿流不息", "--comment", "原文如此"])
        .ends(0, "hanpress.decisions: 2 decisions");
    let file = fs::read_to_string(desk.path("hanpress.decisions")).expect("made");
    assert!(
        file.contains("reject\ta.txt\twrong-word\t穿流不息\t川流不息\t街上\t，甘敗下風的是他\t原文如此\n"),
        "{file}"
    );
    desk.run(&["check", "a.txt"])
        .ends(1, "3 findings; 1 rejected earlier")
        .ends(1, "accepted[wrong-word]: 按裝 → 安裝");
    desk.run(&["check", "a.txt", "--no-decisions"]).ends(1, "4 findings");
    let sarif = desk.run(&["check", "a.txt", "--format", "sarif"]).out();
    assert_eq!(sarif.matches("suppressions").count(), 1);
    assert!(!desk.run(&["check", "a.txt", "--format", "github"]).out().contains("穿流不息 →"));
    // An accepted one is made though it is only likely; a rejected one is not, though it is certain.
    let text = desk.run(&["convert", "a.txt", "--emit", "text"]).ends(0, "安裝冷氣").out();
    assert!(text.contains("穿流不息"), "{text}");
    let other = desk.run(&["convert", "a.txt", "--emit", "text", "--fix", "none"]).out();
    assert!(other.contains("按裝冷氣"), "{other}");
    desk.run(&["fix", "a.txt", "--write"]).ends(0, "3 corrections made");
    let text = fs::read_to_string(desk.path("a.txt")).expect("text");
    assert!(text.contains("安裝冷氣") && text.contains("穿流不息，甘拜下風"), "{text}");
    // The neighbor was mended, and the decision still fits; the accepted one is settled.
    desk.run(&["check", "a.txt"]).ends(0, "0 findings; 1 rejected earlier");
    desk.run(&["decide", "a.txt", "--tidy"]).ends(0, "hanpress.decisions: 1 decision");
    desk.put("a.txt", "什麼都沒有了。\n");
    desk.run(&["check", "a.txt"]).ends(0, "1 decision fits nothing any more");
    desk.run(&["check", "a.txt", "--all"]).ends(0, "note[stale-decision]");
    desk.run(&["decide", "a.txt", "--tidy"]).ends(0, "0 decisions");
}

#[test]
fn decisions_of_two_people_merge() {
    let desk = Desk::new();
    desk.put("a.txt", TEXT);
    desk.run(&["decide", "a.txt", "--decisions", "one", "--reject", "按裝"]).ends(0, "one: 1 decision");
    desk.run(&["decide", "a.txt", "--decisions", "two", "--accept", "按裝", "--reject", "1"])
        .ends(0, "two: 2");
    let read = |name: &str| fs::read_to_string(desk.path(name)).expect("made");
    desk.put("hanpress.decisions", format!("{}{}{}", read("two"), read("one"), read("two")));
    desk.run(&["check", "a.txt"])
        .ends(1, "is both accepted and rejected, and so neither")
        .ends(1, "4 findings; 1 rejected earlier");
    desk.run(&["fix", "a.txt"]).ends(0, "2 corrections to make").ends(0, "is both accepted and rejected");
    desk.put("hanpress.decisions", format!("<<<<<<< a\n{}=======\n{}>>>>>>> b\n", read("one"), read("two")));
    desk.run(&["check", "a.txt"]).ends(2, "hanpress.decisions:1: this is the mark of a merge");
    desk.put("hanpress.decisions", "accept\ta.txt\n");
    desk.run(&["fix", "a.txt", "--write"]).ends(2, "hanpress.decisions:1: 2 columns instead of 8");
    assert_eq!(read("a.txt"), TEXT);
}

#[test]
fn decisions_name_their_manuscript() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("m")).expect("a folder");
    desk.put("m/a.txt", TEXT).put("m/b.txt", TEXT).put("hanpress.toml", "");
    desk.run(&["decide", "m/a.txt", "--reject", "all"]).ends(0, "4 decisions");
    let file = fs::read_to_string(desk.path("hanpress.decisions")).expect("beside the settings");
    assert_eq!(file.matches("reject\tm/a.txt\t").count(), 4, "{file}");
    desk.run(&["check", "m/a.txt"]).ends(0, "0 findings; 4 rejected earlier");
    desk.run(&["check", "m/b.txt"]).ends(1, "4 findings").ends(1, "");
    desk.run(&["decide", "m/a.txt", "--undo", "1"]).ends(0, "3 decisions");
    desk.run(&["decide", "m/a.txt", "--accept", "77"]).ends(2, "no finding is at `77`");
    desk.run(&["decide", "m", "--accept", "3:8"]).ends(2, "a line is a place in one manuscript");
    desk.run(&["decide", "m", "--accept", "按裝"]).ends(0, "4 decisions");
}

#[test]
fn findings_are_asked_about_one_by_one() {
    let desk = Desk::new();
    desk.put("a.txt", TEXT);
    // (answers, verdicts of the four findings)
    for (typed, expected) in [
        ("a\nr\ns\na\n", "accept reject open accept"),
        ("a\nu\nr\nq\n", "reject open open open"),
        ("x\n7\nr\n", "reject open open open"),
        ("", "open open open open"),
    ] {
        let _ = fs::remove_file(desk.path("hanpress.decisions"));
        desk.answer(&["decide", "a.txt", "--ask"], typed).ends(0, "[1/4] a accept");
        let out = desk.run(&["decide", "a.txt"]).ends(0, "").out();
        let verdicts: Vec<&str> = out.lines().filter_map(|l| l.split_whitespace().next()).collect();
        assert_eq!(verdicts.join(" "), expected, "{typed}");
    }
    desk.answer(&["decide", "a.txt", "--ask"], "a\na\na\na\n").ends(0, "4 decisions");
    assert!(!desk.answer(&["decide", "a.txt", "--ask"], "").out().contains("accept, r"), "nothing is open");
    desk.answer(&["decide", "-", "--ask"], TEXT).ends(2, "cannot have the answers");
}

#[test]
fn a_manuscript_keeps_its_encoding() {
    let desk = Desk::new();
    let text = "他迫不急待地打開。\r\n\r\n街上穿流不息。\r\n";
    let mended = "他迫不及待地打開。\r\n\r\n街上川流不息。\r\n";
    let utf16 = |text: &str| -> Vec<u8> {
        [&[0xFF, 0xFE][..], &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat()
    };
    let utf8 = |text: &str| [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let big5 = |text: &str| encoding_rs::BIG5.encode(text).0.into_owned();
    let gb = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let mac = |text: &str| text.replace("\r\n", "\r").into_bytes();
    type Encode<'a> = &'a dyn Fn(&str) -> Vec<u8>;
    for (name, encode) in
        [("utf-16", &utf16 as Encode), ("utf-8", &utf8), ("big5", &big5), ("gb18030", &gb), ("mac", &mac)]
    {
        // A Hong Kong character in Big5, an astral one elsewhere.
        let (head, tail) = if name == "big5" { ("嘅", "啲") } else { ("𠮷", "嘅") };
        let whole = |text: &str| encode(&format!("{head}人說：{text}{tail}"));
        desk.put("a.txt", whole(text));
        let encoding: &[&str] = match name {
            "big5" | "gb18030" => &["--encoding", name],
            _ => &[],
        };
        desk.run(&[&["fix", "a.txt", "--write"], encoding].concat()).ends(0, "2 corrections made");
        assert!(fs::read(desk.path("a.txt")).expect("bytes") == whole(mended), "{name}");
    }
}

#[test]
fn what_the_encoding_lacks_is_not_written() {
    let desk = Desk::new();
    desk.put("hanpress.toml", "[check.words]\n\"吉野屋\" = \"𠮷野家\"\n\"迫不急待\" = \"迫不及待\"\n");
    let text = "他迫不急待地去吉野屋。\n";
    desk.put("a.txt", encoding_rs::BIG5.encode(text).0);
    desk.run(&["fix", "a.txt", "--write"])
        .ends(1, "left: a.txt:1:8: 吉野屋 → 𠮷野家: Big5 has no such character")
        .ends(1, "1 correction made");
    assert!(
        fs::read(desk.path("a.txt")).expect("bytes")
            == *encoding_rs::BIG5.encode("他迫不及待地去吉野屋。\n").0
    );
}

#[test]
fn what_markup_splits_is_left_to_a_person() {
    let desk = Desk::new();
    desk.put("a.md", "# 題\n\n他迫不**急待**地打開，穿流不息。\n");
    desk.run(&["fix", "a.md", "--write"])
        .ends(1, "left: a.md:3:2: 迫不急待 → 迫不及待")
        .ends(1, "1 correction made");
    assert_eq!(
        fs::read_to_string(desk.path("a.md")).expect("text"),
        "# 題\n\n他迫不**急待**地打開，川流不息。\n"
    );
}

#[test]
#[cfg(unix)]
fn a_link_and_its_file_stay_what_they_are() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.put("real.txt", TEXT);
    fs::set_permissions(desk.path("real.txt"), fs::Permissions::from_mode(0o640)).expect("allowed");
    std::os::unix::fs::symlink("real.txt", desk.path("link.txt")).expect("a link");
    desk.run(&["fix", "link.txt", "--write"]).ends(0, "3 corrections made");
    assert!(desk.path("link.txt").is_symlink());
    let mode = fs::metadata(desk.path("real.txt")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert!(fs::read_to_string(desk.path("real.txt")).expect("text").contains("迫不及待"));
    fs::set_permissions(desk.path("real.txt"), fs::Permissions::from_mode(0o440)).expect("allowed");
    desk.put("slip.txt", TEXT);
    fs::copy(desk.path("slip.txt"), desk.path("locked.txt")).expect("copied");
    fs::set_permissions(desk.path("locked.txt"), fs::Permissions::from_mode(0o440)).expect("allowed");
    desk.run(&["fix", "locked.txt", "--write"]).ends(2, "`locked.txt` may not be written");
}

#[test]
fn a_diff_is_one_that_patch_understands() {
    let desk = Desk::new();
    desk.put("a.txt", "他迫不急待地打開。\r\n街上穿流不息。");
    let diff = desk.run(&["fix", "a.txt", "--diff"]).ends(0, "2 corrections to make").out();
    assert_eq!(
        diff,
        "--- a.txt\n+++ a.txt\n@@ -1,2 +1,2 @@\n-他迫不急待地打開。\r\n-街上穿流不息。\n\\ No newline at end of file\n\
         +他迫不及待地打開。\r\n+街上川流不息。\n\\ No newline at end of file\n"
    );
}

#[test]
fn a_page_is_safe_whatever_the_text() {
    let desk = Desk::new();
    desk.put(
        "a.txt",
        "迫不急待</script><script>alert(1)</script>\u{202E}<!--\n\n按裝\"'<img src=x>，再來。\n",
    );
    let html = desk.run(&["check", "a.txt", "--format", "html"]).ends(1, "").out();
    assert!(
        !html.contains("<script>alert") && !html.contains("<img") && !html.contains('\u{202E}'),
        "{html}"
    );
    assert_eq!(html.matches("</script>").count(), 2, "the page's own");
    assert!(html.contains("U+202E"));
    assert_eq!(html.matches("class=\"f ").count(), 2);
}
