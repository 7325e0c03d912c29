//! A page for the editor, in one file that needs no network: the manuscript with its findings in place, to be gone
//! through with the keyboard; what is decided is exported as a file of decisions. `templates/report/` has its looks.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    decisions::{self, context, core},
    edit::Change,
    present::{Finding, Proof, hex, is_remark, rule},
    report::confidence_word,
};

const STYLE: &str = include_str!("../../templates/report/report.css");
const SCRIPT: &str = include_str!("../../templates/report/report.js");
const WORDS: &str = include_str!("../../templates/report/words.tsv");

/// The languages of the page, as `words.tsv` has them, and their own names.
const LANGUAGES: [(&str, &str); 3] = [("en", "English"), ("zh-Hant", "繁體中文"), ("zh-Hans", "简体中文")];

/// What the keys of the page do; the words are in `words.tsv`.
const KEYS: [(&str, &str); 10] = [
    ("j n", "key-next"),
    ("k p", "key-previous"),
    ("o", "key-open"),
    ("a", "key-accept"),
    ("r", "key-reject"),
    ("1 … 9", "key-rival"),
    ("u", "key-undo"),
    ("c", "key-comment"),
    ("e", "key-export"),
    ("?", "key-help"),
];

/// The page about some manuscripts; with `all`, notes and safe repairs are on it, too.
pub fn page(proofs: &[Proof], all: bool) -> String {
    let language = proofs.first().map_or("en", |p| page_language(&p.language));
    let words = words();
    let say = |key: &str| escape(words[language].get(key).map_or(key, |word| word));
    let mut findings = Vec::new();
    let mut text = String::new();
    for proof in proofs {
        let first = findings.len();
        let found = proof.findings(all);
        text.push_str(&format!(
            "<section class=\"manuscript\" lang=\"{}\"><h2>{}</h2>\n",
            proof.language,
            escape(&proof.source.name)
        ));
        manuscript(&mut text, proof, &found, first);
        text.push_str("</section>\n");
        findings.extend(found.iter().map(|finding| described(proof, *finding)));
    }
    let data = data(proofs, &findings, &words);
    let title = match proofs {
        [proof] => proof.source.name.replace(is_odd, "\u{FFFD}"),
        _ => format!("{} × {}", say("manuscript"), proofs.len()),
    };
    let policy = format!(
        "default-src 'none'; img-src data:; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    );
    let t = |tag: &str, key: &str| format!("<{tag} data-t=\"{key}\">{}</{tag}>", say(key));
    let tones: String = ["sure", "likely", "doubtful", "look"]
        .into_iter()
        .filter_map(|tone| {
            let count = findings.iter().filter(|f| f["tone"] == tone).count();
            (count > 0 || tone == "sure").then(|| {
                format!(
                    "<label><input type=\"checkbox\" value=\"{tone}\" checked><span class=\"name {tone}\" data-t=\"{tone}\">{}</span> {count}</label>",
                    say(tone)
                )
            })
        })
        .collect();
    let rules: BTreeSet<&str> = findings.iter().filter_map(|f| f["rule"].as_str()).collect();
    let rules: String =
        rules.iter().map(|rule| format!("<option value=\"{rule}\">{rule}</option>")).collect();
    let statuses: String = ["open", "accepted", "rejected"]
        .into_iter()
        .map(|key| {
            let value = key.trim_end_matches("ed");
            format!("<option value=\"{value}\" data-t=\"{key}\">{}</option>", say(key))
        })
        .collect();
    let languages: String = LANGUAGES
        .iter()
        .map(|(tag, name)| {
            let selected = if *tag == language { " selected" } else { "" };
            format!("<option value=\"{tag}\" lang=\"{tag}\"{selected}>{name}</option>")
        })
        .collect();
    let keys: String = KEYS
        .iter()
        .map(|(keys, key)| {
            let keys: String = keys
                .split(' ')
                .map(|k| if k == "…" { " … ".into() } else { format!("<kbd>{k}</kbd> ") })
                .collect();
            format!("<dt>{keys}</dt>{}", t("dd", key))
        })
        .collect();
    let button = |id: &str, class: &str, key: &str| {
        format!(
            "<button type=\"button\" id=\"{id}\" class=\"{class}\" data-t=\"{key}\">{}</button>",
            say(key)
        )
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"hanpress {version}\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<title>{title} · {heading}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#text\" data-t=\"skip\">{skip}</a>\n\
         <header>\n<div class=\"row\"><h1>{h1}<small>{title}</small></h1>\
         <p id=\"progress\"><progress id=\"bar\" data-label=\"title\" aria-label=\"{heading}\" value=\"0\" max=\"1\"></progress><span id=\"count\"></span></p>\
         <div class=\"push\"><select id=\"ui\" data-label=\"language\" aria-label=\"{in_language}\">{languages}</select>\
         <button type=\"button\" id=\"ask\" data-label=\"help\" aria-label=\"{help}\">?</button>{export}</div></div>\n\
         <div class=\"row filters\"><fieldset id=\"tones\">{legend}{tones}</fieldset>\
         <label>{by_rule}<select id=\"rule\"><option value=\"\" data-t=\"status-all\">{every}</option>{rules}</select></label>\
         <label>{by_status}<select id=\"status\"><option value=\"\" data-t=\"status-all\">{every}</option>{statuses}</select></label></div>\n\
         </header>\n<noscript><p class=\"note\">{without}</p></noscript>\n\
         <div class=\"desk\">\n<main id=\"text\" tabindex=\"-1\" data-label=\"manuscript\" aria-label=\"{manuscript}\">\n{text}</main>\n\
         <aside data-label=\"list\" aria-label=\"{list}\"><div id=\"card\"></div>\
         <div class=\"walk\">{previous}{next}</div><ol id=\"list\"></ol><p id=\"none\" class=\"note\" hidden></p></aside>\n</div>\n\
         <div id=\"said\" class=\"skip\" role=\"status\" aria-live=\"polite\"></div>\n\
         <dialog id=\"help\" aria-labelledby=\"help-title\"><h2 id=\"help-title\" data-t=\"help\">{help}</h2><dl>{keys}</dl>{after}{close}</dialog>\n\
         <script type=\"application/json\" id=\"data\">{data}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        version = env!("CARGO_PKG_VERSION"),
        title = escape(&title),
        heading = say("title"),
        h1 = t("span", "title"),
        skip = say("skip"),
        in_language = say("language"),
        help = say("help"),
        export = button("export", "primary", "export"),
        legend = t("legend", "filter-tones"),
        by_rule = t("span", "filter-rule"),
        by_status = t("span", "filter-status"),
        every = say("status-all"),
        without = say("without-script"),
        manuscript = say("manuscript"),
        list = say("list"),
        previous = button("previous", "", "previous"),
        next = button("next", "", "next"),
        after = t("p", "help-after"),
        close = button("close", "", "close"),
    )
}

/// The language of the page for a document's.
fn page_language(document: &str) -> &'static str {
    if document.starts_with("zh-Hans") { "zh-Hans" } else { "zh-Hant" }
}

/// The words of the page, by language and key.
fn words() -> BTreeMap<&'static str, BTreeMap<&'static str, &'static str>> {
    let mut out: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let key = columns.next().unwrap_or_default();
        for ((language, _), word) in LANGUAGES.iter().zip(columns) {
            out.entry(*language).or_default().insert(key, word);
        }
    }
    out
}

/// The lines of a manuscript, a paragraph each, with its findings marked. `first` is the number of the first finding.
fn manuscript(out: &mut String, proof: &Proof, found: &[Finding], first: usize) {
    let source = &proof.source;
    let text = source.words();
    // Where marks begin or end; between two such places the same findings hold.
    let mut ends: BTreeSet<usize> = BTreeSet::new();
    let spans: Vec<std::ops::Range<usize>> =
        found.iter().map(|f| source.in_words(f.span().range())).collect();
    for span in &spans {
        ends.extend([span.start, span.end]);
    }
    let mut cuts = ends.into_iter().peekable();
    // Findings in the order of their start, and those of them that are not behind us yet.
    let mut coming = found.iter().enumerate().peekable();
    let mut open: Vec<(usize, &Finding)> = Vec::new();
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let words = line.trim_end_matches(['\n', '\r']);
        let end = at + words.len();
        let shown = !words.trim().is_empty() || coming.peek().is_some_and(|(n, _)| spans[*n].start <= end);
        if shown {
            out.push_str(&format!("<p data-n=\"{}\">", number + 1));
        }
        let mut from = at;
        while from <= end {
            while let Some(item) = coming.next_if(|(n, _)| spans[*n].start <= from) {
                open.push(item);
            }
            // A place between two characters is a mark of its own.
            let points: Vec<_> = open.iter().filter(|(n, _)| spans[*n].is_empty()).copied().collect();
            if shown && !points.is_empty() {
                mark(out, proof, "", &points, first, true);
            }
            open.retain(|(n, _)| spans[*n].end > from);
            while cuts.next_if(|&cut| cut <= from).is_some() {}
            if from == end {
                break;
            }
            let to = cuts.peek().map_or(end, |&cut| cut.min(end));
            if shown {
                match open.is_empty() {
                    true => out.push_str(&escape(&text[from..to])),
                    false => {
                        let last = open.iter().any(|(n, _)| spans[*n].end <= to);
                        mark(out, proof, &text[from..to], &open, first, last);
                    }
                }
            }
            from = to;
        }
        if shown {
            out.push_str("</p>\n");
        }
        at += line.len();
    }
}

/// Marks a stretch of the manuscript for the findings about it. Where one ends, its correction stands above it.
fn mark(out: &mut String, proof: &Proof, part: &str, found: &[(usize, &Finding)], first: usize, last: bool) {
    let numbers: Vec<String> = found.iter().map(|(number, _)| (first + number).to_string()).collect();
    // The surest one gives the mark its look.
    let tone = found.iter().map(|(_, f)| tone(f)).max_by_key(|tone| TONES.iter().position(|t| t == tone));
    out.push_str(&format!(
        "<mark class=\"f {}\" data-f=\"{}\" role=\"button\" tabindex=\"-1\">",
        tone.unwrap_or_default(),
        numbers.join(" ")
    ));
    let alone = match found {
        [(number, Finding::Change(change))] if last && (!is_remark(change) || !change.rivals.is_empty()) => {
            Some((number, change))
        }
        _ => None,
    };
    match alone {
        // The whole of it is here: only what changes is struck and written above.
        Some((number, change)) if proof.source.words_under(change.span) == part => {
            let (range, new) = core(part, 0..part.len(), &change.after);
            let new = match (is_remark(change), new.is_empty()) {
                // Room for the rival that may be chosen.
                (true, _) => String::new(),
                (false, true) => "∅".to_owned(),
                (false, false) => new,
            };
            let (from, to) = (range.0 as usize, range.1 as usize);
            out.push_str(&escape(&part[..from]));
            let old = if from == to { "‸".to_owned() } else { escape(&part[from..to]) };
            out.push_str(&format!(
                "<ruby><del>{old}</del><rt><ins data-i=\"{}\">{}</ins></rt></ruby>",
                first + number,
                escape(&new)
            ));
            out.push_str(&escape(&part[to..]));
        }
        _ => {
            let above: String = found
                .iter()
                .filter_map(|(number, finding)| match finding {
                    Finding::Change(change) if last && !is_remark(change) => {
                        let new = if change.after.is_empty() { "∅" } else { &change.after };
                        Some(format!("<ins data-i=\"{}\">{}</ins> ", first + number, escape(new)))
                    }
                    _ => None,
                })
                .collect();
            let old = if part.is_empty() { "‸".to_owned() } else { escape(part) };
            match above.is_empty() {
                true => out.push_str(&format!("<del>{old}</del>")),
                false => out.push_str(&format!("<ruby><del>{old}</del><rt>{}</rt></ruby>", above.trim_end())),
            }
        }
    }
    out.push_str("</mark>");
}

/// What a finding looks like, the least sure first.
const TONES: [&str; 4] = ["look", "doubtful", "likely", "sure"];

fn tone(finding: &Finding) -> &'static str {
    match finding {
        Finding::Change(change) => confidence_word(change.confidence),
        Finding::Look(_) => "look",
    }
}

/// What the page knows of a finding.
fn described(proof: &Proof, finding: Finding) -> Value {
    let source = &proof.source;
    let span = finding.span();
    let at = source.place(span.start as usize);
    let mut out = json!({
        "rule": finding.rule(), "tone": tone(&finding), "line": at.line, "column": at.column,
        "lang": proof.language, "verdict": finding.verdict(), "comment": "",
    });
    match finding {
        Finding::Look(diagnostic) => {
            out["kind"] = "look".into();
            out["message"] = diagnostic.message.clone().into();
            out["hint"] = diagnostic.hint.clone().into();
            out["chosen"] = "".into();
        }
        Finding::Change(change) => {
            let (left, right) = context(source.words(), source.in_words(span.range()));
            let known = decided(proof, change);
            // All lines that a new decision here takes the place of.
            let same = |d: &&decisions::Decision| {
                d.file == proof.file
                    && d.before == source.words_under(span)
                    && (&d.left, &d.right) == (&left, &right)
                    && (d.after == change.after || change.rivals.contains(&d.after))
            };
            let lines: BTreeSet<String> =
                proof.decisions.iter().filter(same).chain(known).map(decisions::Decision::line).collect();
            // A rival that was chosen stands in the place of the proposal; here the choice is open again.
            out["kind"] = "change".into();
            out["remark"] = is_remark(change).into();
            out["before"] = change.before.clone().into();
            out["after"] = change.after.clone().into();
            out["chosen"] = change.after.clone().into();
            out["core"] = core(&change.before, 0..change.before.len(), &change.after).1.into();
            out["rivals"] = change.rivals.clone().into();
            out["message"] = change.message.clone().into();
            out["file"] = proof.file.clone().into();
            out["slice"] = source.words_under(span).into();
            out["left"] = left.into();
            out["right"] = right.into();
            out["comment"] = known.map_or("", |d| d.comment.as_str()).into();
            out["lines"] = lines.into_iter().collect::<Vec<_>>().into();
        }
    }
    out
}

fn decided<'a>(proof: &'a Proof, change: &Change) -> Option<&'a decisions::Decision> {
    proof.verdicts.decision(&proof.source, change.span, &change.after)
}

/// The data of the page as JSON that cannot end its element.
fn data(
    proofs: &[Proof],
    findings: &[Value],
    words: &BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>,
) -> String {
    let names: BTreeSet<&str> = findings.iter().filter_map(|f| f["rule"].as_str()).collect();
    let rules: Map<String, Value> = names
        .into_iter()
        .filter_map(rule)
        .map(|rule| {
            let doc = &rule.doc;
            let told =
                json!({ "summary": rule.summary, "finds": doc.finds, "why": doc.why, "unsure": doc.unsure });
            (rule.name.to_owned(), told)
        })
        .collect();
    let known: BTreeSet<String> =
        proofs.iter().flat_map(|p| &p.decisions).map(decisions::Decision::line).collect();
    // Decisions are kept under a name that only the same manuscripts with the same findings have.
    let mut hash = Sha256::new();
    proofs.iter().for_each(|proof| hash.update(proof.source.text.as_bytes()));
    findings.iter().for_each(|finding| hash.update(finding.to_string().as_bytes()));
    let data = json!({
        "key": hex(&hash.finalize()[..12]), "words": words, "rules": rules, "known": known,
        "header": decisions::HEADER, "findings": findings,
    });
    data.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// Text for an element or attribute. What would reorder or hide the text around it is shown as its number.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            c if is_odd(c) => out.push_str(&format!("<span class=\"cp\">U+{:04X}</span>", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Controls, among them those of direction, and marks that are not to be seen.
fn is_odd(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// The digest by which the page's policy knows its own style and script.
fn digest(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let hash = Sha256::digest(text.as_bytes());
    let mut out = "sha256-".to_owned();
    for part in hash.chunks(3) {
        let bits =
            part.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - part.len()));
        for letter in 0..4 {
            let index = (bits >> (18 - 6 * letter)) as usize & 63;
            out.push(if letter <= part.len() { char::from(LETTERS[index]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_base64() {
        assert_eq!(digest(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn words_are_tidy() {
        let rows: Vec<Vec<&str>> =
            WORDS.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').collect()).collect();
        assert!(
            rows.iter().all(|row| row.len() == 4 && row.iter().all(|cell| !cell.is_empty())),
            "four columns"
        );
        assert!(rows.is_sorted_by(|a, b| a[0] < b[0]), "sorted by key, each once");
    }

    #[test]
    fn nothing_of_a_manuscript_is_markup() {
        assert_eq!(escape("</p>&\"\u{202E}"), "&lt;/p&gt;&amp;&quot;<span class=\"cp\">U+202E</span>");
    }
}
