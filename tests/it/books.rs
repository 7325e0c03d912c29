//! Books of several files: their order, their places, what is refused.

use std::{fs, path::Path};

use crate::{cli::Desk, support};

/// A desk with a book: a list, chapters of several kinds, a picture.
fn desk() -> Desk {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("book/下/圖")).expect("a folder");
    desk.put("book/book.toml", LIST)
        .put("book/序.txt", "序\n\n這是一篇短序，說明本書的緣起。\n")
        .put("book/第十回.md", "# 第十回\n\n上合組職的會議在北京舉行。[^1]\n\n參看[前回](第九回.md)與[](下/一.html#top)。\n\n[^1]: 見乙書。\n")
        .put("book/第九回.md", "# 第九回\n\n上合組織的會議，上合組織的代表，上合組織的成員。[^1]\n\n[^1]: 見甲書。\n")
        .put("book/下/一.html", "<html><body><h1 id=\"top\">下編之一</h1><p>請師傅來按裝冷氣。</p><img src=\"圖/a.png\" alt=\"方\"></body></html>")
        .put("book/下/圖/a.png", fs::read(support::root().join("tests/read/square.png")).expect("a picture"));
    desk
}

const LIST: &str = "title = \"兩編集\"\nauthor = \"某甲\"\nlanguage = \"zh-Hant-TW\"\n\
                    chapters = [\"序.txt\"]\n\
                    [[part]]\ntitle = \"上編\"\nchapters = [\"第*.md\"]\n\
                    [[part]]\ntitle = \"下編\"\nchapters = [\"下\"]\n";

/// The headings of a Markdown file.
fn headings(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.starts_with('#'));
    lines.map(|line| line.split(" {#").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_book_is_one_document_of_its_files() {
    let desk = desk();
    desk.run(&["convert", "book/book.toml", "--to", "md,epub,pdf,docx", "-O", "dist"])
        .ends(0, "book/第十回.md:3:1");
    let text = fs::read_to_string(desk.path("dist/book.md")).expect("written");
    assert_eq!(headings(&text), ["# 序", "# 上編", "## 第九回", "## 第十回", "# 下編", "## 下編之一"]);
    for words in [
        "title: \"兩編集\"",
        "見甲書",
        "見乙書",
        "上合組織的會議在北京舉行",
        "](book.pictures/1.png)",
        "[前回](#第九回)與[](#top)",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert!(desk.path("dist/book.pictures/1.png").is_file());
    // The same book twice is the same bytes, at any number of threads.
    desk.run(&["convert", "book/book.toml", "--to", "epub,pdf", "-O", "again", "-j", "1"]).ends(0, "");
    for name in ["book.epub", "book.pdf"] {
        let read = |dir: &str| fs::read(desk.path(dir).join(name)).expect("written");
        assert!(read("dist") == read("again"), "{name}");
    }
}

#[test]
fn findings_have_the_place_in_their_chapter() {
    let desk = desk();
    let run = desk.run(&["check", "book/book.toml"]).ends(1, "book/第十回.md:3:1");
    assert!(run.out().contains("按裝 → 安裝") && run.out().contains("book/下/一.html:1:"), "{}", run.out());
    // Chapter by chapter, no other chapter is a witness.
    assert!(!desk.run(&["check", "book/第十回.md"]).out().contains("上合組織"));
    let json = desk.run(&["check", "book/book.toml", "--format", "json"]).ends(1, "").out();
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let documents = value["documents"].as_array().expect("documents");
    let files: Vec<&str> = documents.iter().filter_map(|d| d["file"].as_str()).collect();
    assert_eq!(
        files,
        ["book/book.toml", "book/序.txt", "book/第九回.md", "book/第十回.md", "book/下/一.html"]
    );
    let change = &documents[3]["report"]["changes"][0];
    assert_eq!((&change["place"]["line"], &change["place"]["column"]), (&3.into(), &1.into()), "{change}");
    let start = change["place"]["start"].as_u64().expect("a byte") as usize;
    let text = fs::read_to_string(desk.path("book/第十回.md")).expect("there");
    assert!(text[start..].starts_with("上合組職"));
    for format in ["sarif", "github", "html"] {
        desk.run(&["check", "book/book.toml", "--format", format])
            .ends(1, if format == "sarif" { "%E5%9B%9E.md" } else { "第十回.md" });
    }
}

#[test]
fn corrections_go_into_the_chapters() {
    let desk = desk();
    desk.run(&["fix", "book/book.toml", "--diff"]).ends(0, "+上合組織的會議在北京舉行");
    desk.run(&["fix", "book/book.toml", "--write"]).ends(0, "book/第十回.md: 1 correction made");
    let read = |name: &str| fs::read_to_string(desk.path("book").join(name)).expect("there");
    assert_eq!(
        read("第十回.md"),
        "# 第十回\n\n上合組織的會議在北京舉行。[^1]\n\n參看[前回](第九回.md)與[](下/一.html#top)。\n\n[^1]: 見乙書。\n"
    );
    assert_eq!(read("book.toml"), LIST);
    assert!(read("第九回.md").starts_with("# 第九回\n\n上合組織的會議，"));
}

#[test]
fn decisions_about_a_chapter_hold_in_its_book() {
    let desk = desk();
    desk.run(&["decide", "book/book.toml", "--reject", "上合組職"]).ends(0, "1 decision");
    let decisions = fs::read_to_string(desk.path("book/hanpress.decisions")).expect("written");
    assert!(decisions.contains("reject\t第十回.md\t"), "{decisions}");
    let run = desk.run(&["check", "book/book.toml"]).ends(1, "1 rejected earlier");
    assert!(!run.out().contains("上合組職"), "{}", run.out());
}

#[test]
fn files_and_folders_are_a_book_when_asked() {
    let desk = desk();
    let outputs = |args: &[&str]| {
        desk.run(&[&["convert", "--to", "md", "-q"][..], args].concat()).ends(0, "");
    };
    // A folder with a list is the book of that list.
    for args in [&["book", "-O", "dist"][..], &["book", "--book", "-O", "dist2"]] {
        outputs(args);
        let text = fs::read_to_string(desk.path(args[args.len() - 1]).join("book.md")).expect("written");
        assert_eq!(headings(&text)[..3], ["# 序", "# 上編", "## 第九回"]);
    }
    fs::rename(desk.path("book/book.toml"), desk.path("book/ours.toml")).expect("renamed");
    outputs(&["book", "--book", "-O", "dist"]);
    let text = fs::read_to_string(desk.path("dist/book.md")).expect("written");
    // The folders and files go by their names.
    assert_eq!(headings(&text), ["# 下編之一", "# 序", "# 第九回", "# 第十回"]);
    outputs(&["book/第十回.md", "book/第九回.md", "--book", "-o", "two.md"]);
    let text = fs::read_to_string(desk.path("two.md")).expect("written");
    assert_eq!(headings(&text), ["# 第十回", "# 第九回"], "as they were typed");
    outputs(&["book", "--book"]);
    assert!(desk.path("book.md").is_file() && !desk.path("book/book.md").is_file());
    desk.run(&["convert", "book/第十回.md", "book/第九回.md", "--book"]).ends(2, "say where the book");
    desk.run(&["convert", "book/第十回.md", "book/第十回.md", "--book", "-O", "x"]).ends(2, "there twice");
    desk.run(&["convert", "book"]).ends(2, "make one book of them with `--book`");
}

#[test]
fn what_the_book_became_is_no_chapter_of_it() {
    let desk = desk();
    desk.put("book/book.toml", "chapters = [\"*.md\"]\n");
    for _ in 0..2 {
        desk.run(&["convert", "book/book.toml", "--to", "md", "--edition", "source"]).ends(0, "");
        let text = fs::read_to_string(desk.path("book/book.md")).expect("written");
        assert_eq!(headings(&text), ["# 第九回", "# 第十回"]);
    }
}

#[test]
fn what_is_wrong_with_a_book_is_told_with_its_place() {
    let desk = desk();
    let outside = desk.path("outside.md");
    fs::write(&outside, "# 外\n\n外面的字。\n").expect("writable");
    for (list, says) in [
        (
            "chapters = [\n  \"序.txt\",\n  \"第一回.md\",\n]",
            "book/book.toml:3:3: there is no chapter `book/第一回.md`",
        ),
        ("chapters = [\"x/*.md\"]", "book/book.toml:1:13: no file is called like `x/*.md`"),
        ("chapters = [\"../outside.md\"]", "book/book.toml:1:13: `../outside.md` leads out of the folder"),
        ("chapters = [\"序.txt\", \"序.txt\"]", "book/book.toml:1:22: the chapter `序.txt` is there twice"),
        ("chaptors = [\"序.txt\"]", "book/book.toml:1:1: unknown key `chaptors`; did you mean `chapters`?"),
        ("chapters = [\"序.txt\"", "book/book.toml:1:"),
        ("title = \"空\"", "names no files"),
        ("chapters = [\"下/圖/a.png\"]", "this is no text"),
        ("chapters = [\"[\"]", "is no pattern"),
        ("chapters = [\"序.txt\"]\ntemplate = \"boook\"", "did you mean `book`?"),
    ] {
        desk.put("book/book.toml", list);
        desk.run(&["convert", "book/book.toml", "--to", "md", "-O", "none"]).ends(2, says);
        assert!(!desk.path("none/book.md").exists(), "a book is whole or absent: {list}");
    }
}

#[test]
fn a_book_has_the_template_of_its_list() {
    let desk = desk();
    let lines = |args: &[&str]| {
        desk.run(&[&["convert", "book/book.toml", "--emit", "lines"][..], args].concat()).ends(0, "").out()
    };
    let usual = lines(&[]);
    assert_eq!(usual, lines(&["--template", "book"]));
    assert_ne!(usual, lines(&["--template", "handout"]));
    desk.put("book/book.toml", format!("template = \"ours.toml\"\n{LIST}"));
    let bundled =
        fs::read_to_string(support::root().join("templates/book-vertical.toml")).expect("a template");
    desk.put("book/ours.toml", bundled);
    let own = lines(&[]);
    assert!(own != usual && own == lines(&["--template", "book-vertical"]));
    assert_eq!(usual, lines(&["--template", "book"]));
    assert!(Path::new(&desk.path("book/ours.toml")).is_file());
}
