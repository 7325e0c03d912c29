//! The program as a user meets it: outputs, messages, exit codes, bad input.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::support;

/// A folder for one case, with the manuscript in it.
pub(crate) struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("article.txt"), support::manuscript()).expect("writable");
        Self { dir }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path(name), bytes).expect("writable");
        self
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faces");
        let output = Command::new(env!("CARGO_BIN_EXE_hanpress"))
            .args(args)
            .current_dir(self.dir.path())
            .env("HANPRESS_CACHE", cache)
            .output()
            .expect("the program starts");
        Run(output)
    }

    /// Runs with something typed on standard input.
    pub(crate) fn answer(&self, args: &[&str], typed: &str) -> Run {
        self.put("typed", typed);
        let typed = fs::File::open(self.path("typed")).expect("written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_hanpress"));
        let command = command.args(args).current_dir(self.dir.path()).stdin(typed);
        Run(command.output().expect("the program starts"))
    }

    /// Names in the folder, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.dir.path())
            .expect("a folder")
            .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

/// What a command did.
pub(crate) struct Run(Output);

impl Run {
    pub(crate) fn status(&self) -> i32 {
        self.0.status.code().expect("the program ends by itself")
    }

    pub(crate) fn out(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    pub(crate) fn err(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    /// Checks status and that the messages contain a text.
    pub(crate) fn ends(self, status: i32, says: &str) -> Self {
        let all = self.out() + &self.err();
        assert_eq!(self.status(), status, "{all}");
        assert!(all.contains(says), "no `{says}` in:\n{all}");
        assert!(!all.contains("panicked"), "{all}");
        self
    }
}

#[test]
fn twelve_files_in_one_run_the_same_at_any_jobs() {
    let desk = Desk::new();
    let args = ["convert", "article.txt", "--edition", "source,hk,tw,cn", "--to", "pdf,epub,docx"];
    desk.run(&[&args[..], &["-O", "one", "--jobs", "1"]].concat()).ends(0, "上合組職 → 上合組織");
    desk.run(&[&args[..], &["-O", "two", "--jobs", "2", "--no-cache"]].concat()).ends(0, "");
    let names: Vec<String> = ["article", "article.zh-Hant-HK", "article.zh-Hant-TW", "article.zh-Hans-CN"]
        .iter()
        .flat_map(|stem| ["pdf", "epub", "docx"].map(|e| format!("{stem}.{e}")))
        .collect();
    assert_eq!(fs::read_dir(desk.path("one")).expect("made").count(), 12);
    for name in names {
        let read = |dir: &str| fs::read(desk.path(dir).join(&name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        let bytes = read("one");
        assert!(bytes == read("two"), "{name} differs between --jobs 1 and --jobs 2");
        assert!(bytes.starts_with(if name.ends_with("pdf") { b"%PDF" } else { b"PK\x03\x04" }));
    }
}

#[test]
fn check_lists_the_typo_with_place_and_reason() {
    let desk = Desk::new();
    let run = desk.run(&["check", "article.txt"]).ends(1, "上合組職 → 上合組織");
    for part in ["article.txt:5:90", "^^^^^^^^", "occurs 15 times", "1 finding"] {
        assert!((run.out() + &run.err()).contains(part), "{part}");
    }
    assert_eq!(desk.names(), ["article.txt"], "check writes nothing");
    let json = desk.run(&["check", "article.txt", "--format", "json"]).ends(1, "").out();
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let changes = value["documents"][0]["report"]["changes"].as_array().expect("changes");
    let typo = changes.iter().find(|c| c["rule"] == "inconsistent-word").expect("the typo");
    let (start, end) =
        (typo["place"]["start"].as_u64().expect("n"), typo["place"]["end"].as_u64().expect("n"));
    assert_eq!(&support::manuscript()[start as usize..end as usize], "上合組職");
    desk.put("good.txt", "今天天氣很好。\n\n我們去散步了。\n")
        .run(&["check", "good.txt"])
        .ends(0, "0 findings");
}

#[test]
fn fix_mends_the_manuscript_itself() {
    let desk = Desk::new();
    let run = desk.run(&["fix", "article.txt"]).ends(0, "+2001年6月15日");
    assert!(run.out().contains("-2001年6月15日") && run.out().contains("@@ -2,7 +2,7 @@"), "{}", run.out());
    assert_eq!(fs::read_to_string(desk.path("article.txt")).expect("text"), support::manuscript());
    desk.run(&["fix", "article.txt", "--write"]).ends(0, "1 correction made");
    let mended = support::manuscript().replace("上合組職", "上合組織");
    assert_eq!(fs::read_to_string(desk.path("article.txt")).expect("text"), mended);
    desk.run(&["check", "article.txt"]).ends(0, "0 findings");
    // A Big5 file with Windows line ends stays one.
    let text = "上合組織與上合組織。上合組織的上合組織，為上合組職持續。\r\n上合組織好。\r\n";
    let (big5, _, _) = encoding_rs::BIG5.encode(text);
    desk.put("big5.txt", &big5).run(&["fix", "big5.txt", "--write"]).ends(0, "1 correction made");
    let (expected, _, _) = encoding_rs::BIG5
        .encode("上合組織與上合組織。上合組織的上合組織，為上合組織持續。\r\n上合組織好。\r\n");
    assert!(fs::read(desk.path("big5.txt")).expect("bytes") == *expected);
}

#[test]
fn corrections_can_be_refused() {
    let desk = Desk::new();
    let lines = |args: &[&str]| {
        desk.run(&[&["convert", "article.txt", "--to", "pdf", "--emit", "lines"], args].concat()).out()
    };
    assert!(lines(&["--fix", "none"]).contains("上合組職"));
    assert!(!lines(&[]).contains("上合組職"));
    // With `none` they are told, with `off` they are not even looked for.
    let told = |how| desk.run(&["convert", "article.txt", "--to", "txt", "--fix", how, "-o", "-"]).err();
    assert!(told("none").contains("inconsistent-word") && !told("off").contains("inconsistent-word"));
}

#[test]
fn lines_are_printed_as_they_are_broken() {
    let desk = Desk::new();
    desk.put("one.md", format!("開頭。\n\n{}他。\n", "字".repeat(34)));
    let lines = |breaker: &str| {
        desk.run(&["convert", "one.md", "--emit", "lines", "--line-breaker", breaker]).ends(0, "").out()
    };
    assert!(lines("greedy").contains("] 他。"), "{}", lines("greedy"));
    assert!(!lines("total").contains("] 他。"), "{}", lines("total"));
}

#[test]
fn guesses_can_be_overridden() {
    let desk = Desk::new();
    let tree = |args: &[&str]| {
        desk.run(&[&["convert", "article.txt", "--emit", "tree"], args].concat()).ends(0, "").out()
    };
    let plain = tree(&[]);
    for part in
        ["title 17..62", "date 2025-09-01", "\"閻小駿\"", "\"李拉\"", "heading 1", "paragraph AuthorNote"]
    {
        assert!(plain.contains(part), "{part} in {plain}");
    }
    let other = tree(&["--meta", "title=另一個標題", "--meta", "author=某人", "--headings", "none"]);
    assert!(other.contains("另一個標題") && other.contains("某人") && !other.contains("heading"), "{other}");
    assert!(!other.contains("author 0..0 \"李拉\""));
}

#[test]
fn bad_input_is_told_and_the_rest_goes_on() {
    let desk = Desk::new();
    desk.put("empty.txt", "")
        .put("binary.txt", b"\x7fELF\x02\x01\x01\0\0\0")
        .put("broken.txt", b"\xe4\xb8\x80\xe4\xba\n\xe4\xb8\x80\n");
    desk.put("picture.md", "# 題目\n\n![圖](missing.png)\n\n正文在此。\n")
        .put("fake.md", "![圖](article.txt)\n");
    fs::create_dir(desk.path("folder")).expect("a folder");
    for (input, says) in [
        ("empty.txt", "the file is empty"),
        ("binary.txt", "this is no text"),
        ("broken.txt", "broken UTF-8 at line 1, column 2"),
        ("folder", "is a directory"),
        ("absent.txt", "cannot read `absent.txt`"),
        ("picture.md", "picture.md:3:1: cannot read picture `missing.png`"),
        ("fake.md", "it is neither PNG nor JPEG"),
    ] {
        let before = desk.names();
        desk.run(&["convert", input, "--to", "epub"]).ends(2, says);
        assert_eq!(desk.names(), before, "{input}: nothing is written");
        desk.run(&["convert", input, "article.txt", "--to", "epub", "-O", "out"]).ends(2, says);
        assert!(desk.path("out/article.epub").is_file(), "the other input is converted");
        fs::remove_dir_all(desk.path("out")).expect("there");
    }
    // Asked for, broken UTF-8 is read with each damaged place reported.
    desk.run(&["convert", "broken.txt", "--encoding", "utf-8", "--to", "epub"]).ends(0, "became U+FFFD");
}

#[test]
fn a_text_of_200_megabytes_is_refused_at_once() {
    let desk = Desk::new();
    let file = fs::File::create(desk.path("huge.txt")).expect("writable");
    file.set_len(200 << 20).expect("sparse");
    desk.run(&["convert", "huge.txt"]).ends(2, "larger than 64 MiB; raise the limit with `--max-size`");
}

#[test]
fn wrong_flags_are_told_with_a_suggestion() {
    let desk = Desk::new();
    for (args, says) in [
        (&["convert", "article.txt", "--to", "pfd"][..], "did you mean `pdf`?"),
        (&["convert", "article.txt", "--edition", "hkk"], "did you mean `hk`?"),
        (&["convert", "article.txt", "--template", "handuot"], "did you mean `handout`?"),
        (&["convert", "article.txt", "--font", "No Such Face"], "unknown font `No Such Face`"),
        (&["convert", "article.txt", "--font", "article.txt"], "cannot use font `article.txt`"),
        (&["convert", "article.txt", "--fix", "all"], "invalid value 'all'"),
        (&["convert", "article.txt", "--encoding", "klingon"], "unknown encoding `klingon`"),
        (&["convert", "article.txt", "--meta", "tilte=x"], "did you mean `title`?"),
        (&["convert", "article.txt", "--meta", "date=tomorrow"], "is no date"),
        (&["convert", "article.txt", "-o", "x.pdf"], "`-o` is for one input, one edition and one format"),
        (&["convert", "article.txt", "--report", "x.xyz"], "cannot tell the report's format"),
        (&["explain", "no-such-rule"], "unknown rule"),
    ] {
        desk.run(args).ends(2, says);
    }
    assert_eq!(desk.names(), ["article.txt"]);
}

#[test]
fn an_output_folder_that_cannot_be_written_is_told() {
    let desk = Desk::new();
    desk.put("file", "x");
    desk.run(&["convert", "article.txt", "--to", "epub", "-O", "file"])
        .ends(2, "cannot make the folder `file`");
    desk.run(&["convert", "article.txt", "--to", "epub", "-o", "no/such/folder/a.epub"])
        .ends(2, "cannot write");
    assert_eq!(desk.names(), ["article.txt", "file"]);
}

#[test]
fn one_output_can_go_to_standard_output() {
    let desk = Desk::new();
    let run = desk.run(&["convert", "article.txt", "--to", "epub", "-o", "-", "-q"]);
    assert!(run.status() == 0 && run.0.stdout.starts_with(b"PK\x03\x04"));
    assert_eq!(desk.names(), ["article.txt"]);
}

#[test]
fn no_output_takes_the_place_of_a_manuscript() {
    let desk = Desk::new();
    desk.put("a.md", "# 題\n\n正文,有半形逗號。\n");
    desk.run(&["convert", "a.md", "--to", "md,txt"]).ends(2, "`a.md` is a manuscript and stays as it is");
    desk.run(&["convert", "a.md", "--to", "txt", "-o", "./a.md"]).ends(2, "it would be replaced");
    assert_eq!(std::fs::read_to_string(desk.path("a.md")).expect("a text"), "# 題\n\n正文,有半形逗號。\n");
    assert_eq!(
        std::fs::read_to_string(desk.path("a.txt")).expect("a text"),
        "題\n\n正文，有半形逗號。\n",
        "the other output is there"
    );
    desk.run(&["convert", "a.md", "--to", "md", "-O", "out"]).ends(0, "");
    assert!(
        std::fs::read_to_string(desk.path("out/a.md")).expect("a text").ends_with("正文，有半形逗號。\n")
    );
}

#[test]
fn markdown_has_its_pictures_beside_it() {
    let desk = Desk::new();
    let png = fs::read(support::root().join("tests/read/square.png")).expect("a picture");
    desk.put("square.png", &png);
    desk.put("a.md", "# 題\n\n正文![小](square.png)在此。\n\n![方](square.png \"圖一\")\n");
    desk.run(&["convert", "a.md", "--to", "md,docx", "-O", "out"]).ends(0, "");
    desk.run(&["convert", "out/a.docx", "--to", "md", "--edition", "hk,cn", "-O", "back"]).ends(0, "");
    desk.run(&["convert", "a.md", "--to", "md", "--edition", "cn", "-o", "b.md"]).ends(0, "");
    let text = |path: &str| fs::read_to_string(desk.path(path)).expect("a text");
    for (file, named, picture) in [
        ("out/a.md", "](a.pictures/1.png", "out/a.pictures/1.png"),
        ("back/a.zh-Hans-CN.md", "](a.pictures/1.png", "back/a.pictures/1.png"),
        ("b.md", "](square.png", "square.png"),
    ] {
        assert_eq!(text(file).matches(named).count(), 2, "{file}: {}", text(file));
        assert_eq!(fs::read(desk.path(picture)).expect("a picture"), png, "{picture}");
    }
}

#[test]
fn a_missing_glyph_is_reported_and_fails_when_strict() {
    let desk = Desk::new();
    desk.put("rare.txt", "這是一個沒有的字\u{10FFFD}在此，還有正文一些。\n");
    let says = "no face has `\u{10FFFD}` (U+10FFFD)";
    desk.run(&["convert", "rare.txt", "--to", "pdf,epub", "--strict"]).ends(1, says);
    assert_eq!(desk.names(), ["article.txt", "rare.txt"], "strict writes nothing");
    let run = desk.run(&["convert", "rare.txt", "--to", "pdf,epub"]).ends(0, says);
    assert!(run.err().contains("rare.txt:1:9"), "{}", run.err());
    assert_eq!(run.err().matches(says).count(), 1, "once, not once a format: {}", run.err());
}

#[test]
fn the_report_file_says_everything() {
    let desk = Desk::new();
    desk.run(&["convert", "article.txt", "--to", "epub", "--edition", "cn", "--report", "r.json"])
        .ends(0, "");
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(desk.path("r.json")).expect("made")).expect("JSON");
    let edition = &json["documents"][0]["editions"][0];
    assert_eq!(edition["language"], "zh-Hans-CN");
    assert!(edition["report"]["changes"].as_array().expect("changes").len() > 100);
    desk.run(&["convert", "article.txt", "--to", "epub", "--report", "r.txt"]).ends(0, "");
    let text = fs::read_to_string(desk.path("r.txt")).expect("made");
    assert!(text.contains("guessed-title") && text.contains("heading-space"), "{text}");
}

#[test]
fn lists_and_explanations() {
    let desk = Desk::new();
    desk.run(&["explain", "inconsistent-word"]).ends(0, "Unsure");
    desk.run(&["explain"]).ends(0, "guessed-heading");
    desk.run(&["fonts"]).ends(0, "noto-serif-hk-400");
    desk.run(&["editions"]).ends(0, "zh-Hant-HK");
    desk.run(&["templates"]).ends(0, "book-vertical");
}

#[test]
fn plain_text_has_markup_when_asked() {
    let desk = Desk::new();
    desk.put(
        "a.txt",
        "[賈寶玉]{.name}讀{紅|ㄏㄨㄥˊ}樓夢，讀到天亮也不肯睡。\n\n{甲乙丙|a|b}也在這裡，一個字都不少。\n",
    );
    let plain = desk.run(&["convert", "a.txt", "--emit", "text"]).ends(0, "");
    assert!(plain.out().contains("[賈寶玉]{.name}"), "{}", plain.out());
    let marked = desk.run(&["convert", "a.txt", "--markup", "--emit", "tree"]);
    let out = marked.out();
    assert!(!out.contains("{.name}") && out.contains("{甲乙丙|a|b}"), "{out}");
    desk.run(&["check", "a.txt", "--markup"]).ends(1, "2 readings for 3 characters");
}

#[test]
fn words_that_meet_across_a_border_are_never_certain() {
    let desk = Desk::new();
    let text = "武松馳援已到。\n\n他抗旱見成效，曾經曆法改革。\n\n方便麵積壓在倉庫。\n\n一隻幼雉飛過，他跟縱橫家學習。\n\n\
                各派譴責暴行，取消譴責也罷。\n\n他懶惰落後，山洪迅速退去。\n";
    desk.put("a.txt", text).run(&["fix", "a.txt", "--write"]).ends(0, "0 corrections made");
    assert_eq!(fs::read_to_string(desk.path("a.txt")).expect("text"), text);
}

#[test]
fn full_width_numbers_are_changed_whole_or_not_at_all() {
    let desk = Desk::new();
    desk.put("a.txt", "花了１，２００元，在１２：３０到。第１０屆。\n");
    let tree = desk.run(&["convert", "a.txt", "--emit", "tree"]).ends(0, "").out();
    assert!(tree.contains("花了１，２００元，在１２：３０到。第10屆。"), "{tree}");
}

#[test]
fn long_things_stay_on_the_page() {
    let desk = Desk::new();
    let heading = format!("## {}\n\n正文在此。\n", "二級標題很長，".repeat(300));
    let row = format!("# 題\n\n|名|說明|\n|-|-|\n|短|{}末|\n\n正文。\n", "很長的格子內容，".repeat(600));
    let word = format!("一個長詞：{}。\n", "a".repeat(4000));
    let deep: String = (0..22).map(|i| format!("{}- 第{i}層\n", "  ".repeat(i))).collect();
    for (name, text) in [("heading.md", heading), ("row.md", row), ("word.md", word), ("deep.md", deep)] {
        desk.put(name, text);
        let run = desk.run(&["convert", name, "--to", "pdf", "--emit", "lines"]).ends(0, "");
        for line in run.out().lines().filter(|l| !l.starts_with("==")) {
            let mut fields = line.split(' ').skip(1);
            let (y, x): (f32, f32) = (
                fields.next().expect("y").parse().expect("n"),
                fields.next().expect("x").parse().expect("n"),
            );
            assert!((20.0..830.0).contains(&y) && (0.0..560.0).contains(&x), "{name}: {line}");
        }
        desk.run(&["convert", name, "--to", "pdf"]).ends(0, "KB");
    }
}

#[test]
fn a_variation_selector_stays_with_its_character() {
    let desk = Desk::new();
    desk.put("a.txt", "葛\u{E0100}城的葛氏在此居住了很多年。\n")
        .run(&["convert", "a.txt", "--strict"])
        .ends(0, "KB");
}

#[test]
fn damaged_pictures_are_told() {
    let desk = Desk::new();
    let png = fs::read(support::root().join("tests/read/square.png")).expect("a picture");
    desk.put("cut.png", &png[..png.len() / 2])
        .put("cut.jpg", b"\xFF\xD8\xFF\xC0\0\x11\x08\0\x10\0\x10\x03\x01\x22\0");
    for (name, says) in [("cut.png", "the PNG is damaged"), ("cut.jpg", "the JPEG is damaged")] {
        desk.put("a.md", format!("正文。\n\n![圖]({name})\n"));
        desk.run(&["convert", "a.md", "--to", "epub"]).ends(2, says);
    }
}

#[test]
fn a_wrong_template_is_told_with_its_line() {
    let desk = Desk::new();
    let page = "summary = \"s\"\nwidth = 300\nheight = 400\nsize = 10\npitch = 1.5\nmeasure = 20\nlines = 20\n\
                top = 30\nindent = 2\n";
    for (more, says) in [
        ("folo = \"none\"", "my.toml:10: unknown key `folo`; did you mean `folio`?"),
        ("[notes]\nsize = 3", "my.toml:11: unknown key `size`; known are place, mark, scale"),
        ("head = \"top\"", "my.toml:10: unknown variant `top`"),
        ("inner = \"60mm\"", "my.toml:2: the type area and its inner margin need 130.6 mm"),
    ] {
        desk.put("my.toml", format!("{page}{more}\n"));
        desk.run(&["convert", "article.txt", "--template", "my.toml"]).ends(2, says);
    }
    desk.put("my.toml", page);
    desk.run(&["convert", "article.txt", "--template", "my.toml", "--to", "pdf"]).ends(0, "article.pdf");
}

#[test]
fn numerals_by_template_and_flag() {
    let desk = Desk::new();
    desk.put("a.md", "# 題\n\n生於1976年3月26日，做了30年校對，每天讀3.5小時。\n");
    for (args, says) in [
        (&["--numerals", "han"][..], "生於一九七六年三月二十六日，做了30年"),
        (&["--numerals", "keep"], "生於1976年3月26日"),
        (&[], "生於1976年3月26日"),
    ] {
        let run = desk.run(&[&["convert", "a.md", "--emit", "text"], args].concat()).ends(0, "");
        assert!(run.out().contains(says), "{}", run.out());
    }
    let epub = &["convert", "a.md", "--to", "epub", "--numerals", "han", "--report", "r.txt"];
    desk.run(epub).ends(0, "zh-Hant-TW: 3 numbers in Chinese numerals");
    let report = fs::read_to_string(desk.path("r.txt")).expect("made");
    assert!(report.contains("vertical-numerals"), "{report}");
    desk.run(&["explain", "vertical-numerals"]).ends(0, "二〇二六年三月十二日");
}

#[test]
fn a_letter_is_not_headed_with_the_name_of_its_file() {
    let desk = Desk::new();
    let text = "明哲先生：\n\n天氣乍暖還寒，請多保重。\n\n此致\n\n敬禮\n\n曉棠\n";
    desk.put("reply.md", text);
    desk.put("titled.md", format!("---\ntitle: 給明哲\nkind: letter\n---\n\n{text}"));
    let letter = |name| desk.run(&["convert", name, "--template", "letter", "--emit", "text"]).ends(0, "");
    assert!(letter("reply.md").out().starts_with("明哲先生："));
    assert!(letter("titled.md").out().starts_with("給明哲"), "a title that the manuscript has");
    // PDF, EPUB and DOCX need a title for searches all the same.
    desk.run(&["convert", "reply.md", "--template", "letter"]).ends(0, "reply.docx");
}
