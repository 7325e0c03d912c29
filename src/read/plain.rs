//! Plain text, which is how manuscripts come: paragraphs, headings, title, date and authors are
//! guessed from the lines, and every guess is reported with its place.

use std::ops::Range;

mod columns;
mod flow;
mod mail;
mod web;

use flow::{Flow, Line, Part, begins_item, ends_sentence};

use crate::{
    document::{Block, Document, Role},
    links,
    read::{
        Headings, ReadOptions, comments, front, letter,
        short::{self, Writing},
        urls::mark_urls,
    },
    report::{Diagnostic, Report, Severity},
    source::{Source, Span},
    text::Text,
};

/// Longest heading or title, characters.
const LONGEST_HEADING: usize = 30;
const LONGEST_TITLE: usize = 60;

/// Longest line of words behind a number on a line of its own, characters.
const LONGEST_NUMBERED: usize = 18;

/// From this indent on, in columns, a short line at the end of a text stands at the end edge.
const TO_THE_END: usize = 20;

/// Reads plain text.
pub fn read(source: &Source, options: &ReadOptions, report: &mut Report) -> Document {
    let mut document = Document::default();
    let body = front::read(source, &mut document.meta, report);
    let body = mail::read(source, body, &mut document, report);
    let mut flow = Flow::new(source, options.markup, report);
    let mut parts = flow.read(body);
    let mut comments = flow.comments;
    for comment in &mut comments {
        comment.block = parts.iter().filter_map(place).find(|span| span.start >= comment.range.end);
    }
    comments::ignore(comments, source.id, source.text.len(), &mut document, report);
    head(source, &mut parts, &mut document, report);
    if options.markup {
        let meta = &mut document.meta;
        let titles = meta.title.iter_mut().chain(&mut meta.subtitle);
        words(&mut parts)
            .into_iter()
            .chain(titles)
            .for_each(|text| short::report(text, Writing::Typed, report));
    }
    document.blocks = blocks(source, parts, options.headings, &mut document, report);
    if letter::is_one(&document.meta, options) {
        letter::guess(&mut document.blocks, report);
    }
    document
}

/// Where a part stands in the manuscript.
fn place(part: &Part) -> Option<Range<usize>> {
    let of = |text: &Text| text.span(0..text.as_str().len()).range();
    match part {
        Part::Paragraph(line) => Some(of(&line.text)),
        Part::Quote(parts) => {
            let (first, last) = (parts.iter().find_map(place)?, parts.iter().rev().find_map(place)?);
            Some(first.start..last.end)
        }
        Part::Table(Block::Table { head, rows, .. }) => {
            let mut cells = head.iter().chain(rows.iter().flatten()).filter(|text| !text.is_empty()).map(of);
            let first = cells.next()?;
            Some(first.start..cells.next_back().map_or(first.end, |last| last.end))
        }
        Part::Table(_) | Part::Break => None,
    }
}

/// The texts of parts.
fn words(parts: &mut [Part]) -> Vec<&mut Text> {
    let mut out = Vec::new();
    for part in parts {
        match part {
            Part::Paragraph(line) => out.push(&mut line.text),
            Part::Quote(parts) => out.extend(words(parts)),
            Part::Table(Block::Table { head, rows, .. }) => {
                out.extend(head.iter_mut().chain(rows.iter_mut().flatten()))
            }
            Part::Table(_) | Part::Break => {}
        }
    }
    out
}

/// The blocks of the parts of a text, headings and captions told apart.
fn blocks(
    source: &Source,
    parts: Vec<Part>,
    mode: Headings,
    document: &mut Document,
    report: &mut Report,
) -> Vec<Block> {
    let heading = headings(&parts, mode);
    let several = parts.len() > 1;
    let ending = ending(&parts);
    let mut out = Vec::new();
    let mut parts = parts.into_iter().zip(heading).enumerate().peekable();
    while let Some((k, (part, heading))) = parts.next() {
        let Line { mut text, indent, .. } = match part {
            Part::Paragraph(line) => line,
            Part::Quote(inner) => {
                let mut inner = blocks(source, inner, Headings::None, document, report);
                inner.iter_mut().for_each(plain_role);
                out.push(Block::Quote(inner));
                continue;
            }
            Part::Table(mut table) => {
                urls_of(&mut table);
                out.push(table);
                continue;
            }
            Part::Break => {
                out.push(Block::Break);
                continue;
            }
        };
        if let Some((_, (Part::Table(Block::Table { caption, .. }), _))) = parts.peek_mut()
            && links::label(text.as_str().trim()).is_some()
            && text.as_str().chars().count() <= LONGEST_TITLE
        {
            *caption = Some(trimmed(&text));
            continue;
        }
        if heading {
            let two = |part: &(usize, (Part, bool))| matches!(part, (_, (Part::Paragraph(_), true)));
            if let Some((_, (Part::Paragraph(next), _))) = parts.next_if(two) {
                let end = text.span(0..text.as_str().len()).end as usize;
                let start = next.text.span(0..next.text.as_str().len()).start as usize;
                text.push("\n", Span::new(source.id, end..start.max(end)), false);
                text.push_text(&next.text);
            }
            let message = format!("`{}` was taken as a heading", text.as_str().replace('\n', " / "));
            note(report, "guessed-heading", &text, message, "`--headings none` switches this off");
            out.push(Block::Heading { level: 1, text });
            continue;
        }
        mark_urls(&mut text);
        let last = several && parts.peek().is_none();
        let signed = matches!(out.last(), Some(Block::Paragraph { role: Role::Signature, .. }));
        let role = if last && author_note(&text, document, report) {
            Role::AuthorNote
        } else if k >= ending
            && (indent >= TO_THE_END || (signed && is_date(text.as_str())))
            && text.as_str().trim().chars().count() <= LONGEST_HEADING
        {
            let message = format!("`{}` was taken as a signature", text.as_str().trim());
            note(report, "guessed-signature", &text, message, "indent it by less than ten characters");
            Role::Signature
        } else {
            Role::Body
        };
        out.push(Block::Paragraph { text, role });
    }
    out
}

/// Where the last paragraphs of a text begin, those that may sign it: none after them is running text.
fn ending(parts: &[Part]) -> usize {
    let running = |part: &Part| match part {
        Part::Paragraph(line) => line.text.as_str().trim().chars().count() > LONGEST_HEADING,
        Part::Break => false,
        _ => true,
    };
    parts.iter().rposition(running).map_or(0, |k| k + 1)
}

/// Whether a line is a date and no more: `2026年11月23日`, `二零二六年十一月二十三日`.
fn is_date(line: &str) -> bool {
    let line = line.trim();
    let part = |c: char| c.is_ascii_digit() || "〇○零一二三四五六七八九十廿卅年月日民國公元 ".contains(c);
    let named = line.contains('年') && line.contains('月') && line.ends_with('日') && line.chars().all(part);
    named || front::iso_date(line).is_some()
}

/// In a quotation nothing signs the text.
fn plain_role(block: &mut Block) {
    if let Block::Paragraph { role: role @ Role::AuthorNote, .. } = block {
        *role = Role::Body;
    }
}

fn urls_of(table: &mut Block) {
    if let Block::Table { head, rows, .. } = table {
        head.iter_mut().chain(rows.iter_mut().flatten()).for_each(mark_urls);
    }
}

fn trimmed(text: &Text) -> Text {
    let string = text.as_str();
    let from = string.len() - string.trim_start().len();
    text.slice(from..string.trim_end().len())
}

fn note(report: &mut Report, rule: &'static str, text: &Text, message: String, hint: &str) {
    let span = text.span(0..text.as_str().len());
    report.push(Diagnostic::new(rule, Severity::Note, span, message).hint(hint));
}

/// Whether a paragraph could be a heading: one short line, Han in it, no mark at its end.
fn short(text: &Text, longest: usize) -> bool {
    let string = text.as_str().trim();
    if string.len() > longest * 4 {
        return false;
    }
    let one_line = text.pieces().len() == 1;
    let han = string.chars().filter(|c| ('\u{3400}'..='\u{9FFF}').contains(c)).count();
    let marks = ['。', '！', '？', '…', '；', '：', '，', '、', '—', '.', '!', '?', ';', ':', ','];
    let inner = ['。', '；', ';', '@'];
    one_line
        && han >= 2
        && !greets(string)
        && string.chars().count() <= longest
        && !string.ends_with(marks)
        && !ends_sentence(string)
        && !string.contains(inner)
        && links::label(string).is_none()
        && (begins_item(string) || !string.starts_with(['（', '(']))
        && !string.starts_with(['•', '-', '*', '·', '—', '「', '“', '《'])
}

/// Which parts are headings.
fn headings(parts: &[Part], mode: Headings) -> Vec<bool> {
    let n = parts.len();
    let mut found = vec![false; n];
    if mode == Headings::None {
        return found;
    }
    let paragraph = |k: usize| match &parts[k] {
        Part::Paragraph(line) => Some(line),
        _ => None,
    };
    let able: Vec<bool> = (0..n)
        .map(|k| {
            paragraph(k).is_some_and(|line| line.indent < TO_THE_END && short(&line.text, LONGEST_HEADING))
        })
        .collect();
    // `01` on a line of its own and a short line, ？ or ！ at its end or not.
    let mut numbered = false;
    for k in 0..n.saturating_sub(2) {
        let line = |k: usize| paragraph(k).map(|line| line.text.as_str().trim());
        let number = line(k).is_some_and(|s| s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit()));
        let words =
            line(k + 1).filter(|s| !s.contains(['。', '，']) && s.chars().count() <= LONGEST_NUMBERED);
        let text = line(k + 2).is_some_and(|s| s.chars().count() > LONGEST_NUMBERED);
        if number
            && (text || numbered)
            && words.is_some_and(|s| s.chars().any(|c| ('\u{3400}'..='\u{9FFF}').contains(&c)))
        {
            numbered = true;
            found[k..k + 2].fill(true);
        }
    }
    let underlined = |k: usize| able[k] && paragraph(k).is_some_and(|line| line.underlined);
    (0..n).for_each(|k| found[k] |= underlined(k));
    // Where most paragraphs look like headings it is verse or a list.
    if able.iter().filter(|a| **a).count() * 2 > n {
        return found;
    }
    let mut i = 0;
    while i < n {
        let run = able[i..].iter().take_while(|a| **a).count();
        // A heading stands before running text; three short lines in a row are something else.
        let before = |part: &Part| matches!(part, Part::Paragraph(_) | Part::Table(_) | Part::Quote(_));
        let item = |k: usize| paragraph(k).is_some_and(|line| begins_item(line.text.as_str()));
        let list = run == 2 && item(i) && item(i + 1);
        if (1..=2).contains(&run) && !list && parts.get(i + run).is_some_and(before) {
            found[i..i + run].fill(true);
        }
        i += run.max(1);
    }
    found
}

/// Takes date, title and authors off the head of the text.
fn head(source: &Source, parts: &mut Vec<Part>, document: &mut Document, report: &mut Report) {
    let lead = parts.iter().take_while(|part| matches!(part, Part::Paragraph(_))).count();
    let rest = parts.split_off(lead);
    let mut lines: Vec<Line> = Vec::with_capacity(lead);
    for part in parts.drain(..) {
        if let Part::Paragraph(line) = part {
            lines.push(line);
        }
    }
    let mut paragraphs: Vec<Text> = lines.iter_mut().map(|line| std::mem::take(&mut line.text)).collect();
    let before = paragraphs.len();
    let more = !rest.is_empty();
    title(source, &mut paragraphs, more, document, report);
    lines.drain(..before - paragraphs.len());
    for (line, text) in lines.iter_mut().zip(paragraphs) {
        line.text = text;
    }
    parts.extend(lines.into_iter().map(Part::Paragraph));
    parts.extend(rest);
}

/// The same of the paragraphs at the head; `more` says that other parts follow them.
fn title(
    source: &Source,
    paragraphs: &mut Vec<Text>,
    more: bool,
    document: &mut Document,
    report: &mut Report,
) {
    for _ in 0..4 {
        let Some(first) = paragraphs.first() else { return };
        if web::is_trail(first.as_str()) {
            web::leave_out(first, report);
            paragraphs.remove(0);
            continue;
        }
        if of_the_web(first, document, report) {
            paragraphs.remove(0);
            continue;
        }
        let string = first.as_str();
        let offset = string.len() - string.trim_start().len();
        let body = string.trim();
        if let Some((key, value)) = label(first) {
            set_labelled(key, value, document, report);
            paragraphs.remove(0);
            continue;
        }
        let labelled = ["date", "Date", "DATE", "日期"].into_iter().find_map(|l| body.strip_prefix(l));
        let dated = labelled.unwrap_or(body).trim_start_matches([':', '：', ' ', '\u{3000}']);
        if let Some((date, rest)) = front::leading_date(dated) {
            let rest = rest.trim_start();
            let sentence =
                labelled.is_none() && !rest.is_empty() && (ends_sentence(rest) || !dated_title(dated, rest));
            if sentence {
                break;
            }
            let from = offset + body.len() - dated.len();
            let until = offset + body.len() - rest.len();
            let span = first.span(from..from + dated[..dated.len() - rest.len()].trim_end().len());
            if document.meta.date.is_none() {
                let message = format!("{date} was taken as the date");
                let diagnostic = Diagnostic::new("guessed-date", Severity::Note, span, message);
                report.push(diagnostic.hint("override it with `--meta date=…`"));
                document.meta.date = Some(date);
            }
            if rest.is_empty() {
                paragraphs.remove(0);
            } else {
                paragraphs[0] = first.slice(until..offset + body.len());
            }
            continue;
        }
        break;
    }
    let Some(first) = paragraphs.first() else { return };
    let plain = Text::verbatim(first.as_str(), source.id, 0);
    let alone = match paragraphs.get(1) {
        Some(second) => !short(second, LONGEST_HEADING) || paragraphs.len() > 2 || more,
        None => more,
    };
    if document.meta.title.is_none() && alone && title_like(&plain) {
        let title = paragraphs.remove(0);
        let trimmed = title.as_str().trim_start().len();
        let title = title.slice(title.as_str().len() - trimmed..title.as_str().len());
        let message = format!("`{}` was taken as the title", title.as_str());
        note(report, "guessed-title", &title, message, "override it with `--meta title=…`");
        document.meta.title = Some(title);
    }
    // Under a title only what can be nothing else: `來源：` may begin a sentence.
    while document.meta.title.is_some()
        && let Some(first) = paragraphs.first()
    {
        if !of_the_web(first, document, report) {
            let Some((key, value)) = label(first).filter(|(key, value)| byline(key, value)) else { break };
            set_labelled(key, value, document, report);
        }
        paragraphs.remove(0);
    }
}

/// Takes a line of buttons, or of date, source and author, off a text that was copied out of a page.
fn of_the_web(line: &Text, document: &mut Document, report: &mut Report) -> bool {
    if web::is_furniture(line.as_str()) {
        web::leave_out(line, report);
        return true;
    }
    let Some(fields) = web::fields(line) else { return false };
    fields.into_iter().for_each(|(key, value)| set_labelled(key, value, document, report));
    true
}

/// Whether a labelled value is names or a date for certain.
pub(super) fn byline(key: &str, value: &Text) -> bool {
    let string = value.as_str();
    match key {
        "author" => string.chars().count() <= LONGEST_HEADING && !ends_sentence(string),
        "date" => front::iso_date(string).is_some(),
        _ => false,
    }
}

/// What a label means: the keys of front matter, and 文.
fn key(label: &str) -> Option<&'static str> {
    front::key(label).or((label.trim() == "文").then_some("author"))
}

/// `作者：甲、乙` and the like: the key and what is said of it.
pub(super) fn label(text: &Text) -> Option<(&'static str, Text)> {
    let end = text.as_str().trim_end().len();
    let (label, value) = text.as_str()[..end].split_once(['：', ':'])?;
    let key = key(label)?;
    let value = value.trim_start();
    (!value.is_empty()).then(|| (key, text.slice(end - value.len()..end)))
}

/// The salutation of a letter.
fn greets(string: &str) -> bool {
    ["親愛的", "亲爱的", "尊敬的", "敬愛的", "敬爱的", "敬啟者", "敬启者"]
        .iter()
        .any(|g| string.starts_with(g))
}

/// A title may begin with a quotation or a bracket, and end with ？ or ！; 序 and 跋 are titles of one character.
fn title_like(text: &Text) -> bool {
    let string = text.as_str().trim();
    let count = string.chars().count();
    let han = string.chars().filter(|c| ('\u{3400}'..='\u{9FFF}').contains(c)).count();
    (han >= 2 || matches!(string, "序" | "跋"))
        && !greets(string)
        && count <= LONGEST_TITLE
        && !string.contains('。')
        && !string.ends_with(['，', '、', '；', '：', '。', '…', ',', ';', ':', '.'])
}

/// Whether what follows a bare date is set off from it as a title is.
fn dated_title(dated: &str, rest: &str) -> bool {
    let date = &dated[..dated.len() - rest.len()];
    date.ends_with([' ', '\u{3000}', '\t'])
}

pub(super) fn set_labelled(key: &'static str, value: Text, document: &mut Document, report: &mut Report) {
    if key == "author" {
        let string = value.as_str().to_owned();
        let mut at = 0;
        for name in string.split(['、', '，', ',', '/', '／']) {
            let start = at + (name.len() - name.trim_start().len());
            if !name.trim().is_empty() {
                document.meta.authors.push(value.slice(start..start + name.trim().len()));
            }
            at += name.len();
            at += string[at..].chars().next().map_or(0, char::len_utf8);
        }
        let message = format!("`{string}` was taken as the authors");
        note(report, "guessed-authors", &value, message, "override it with `--meta author=…`");
        return;
    }
    let rule = match key {
        "title" => "guessed-title",
        "date" => "guessed-date",
        _ => "front-matter",
    };
    note(
        report,
        rule,
        &value,
        format!("`{}` was taken as the {key}", value.as_str()),
        "override it with `--meta`",
    );
    front::set(&mut document.meta, key, value);
}

/// Recognizes a closing note on the authors and takes the names from it: `作者甲是…，乙是…`.
pub(super) fn author_note(text: &Text, document: &mut Document, report: &mut Report) -> bool {
    let string = text.as_str();
    let body = string.trim_start_matches(['（', '(', '\u{3000}', ' ']);
    let Some(rest) = body.strip_prefix("作者") else { return false };
    let rest =
        rest.trim_start_matches(['：', ':', '簡', '简', '介', '分', '別', '别', '為', '为', '係', '系', ' ']);
    let mut at = string.len() - rest.len();
    let mut names: Vec<Range<usize>> = Vec::new();
    for clause in string[at..].split_inclusive(['，', '；', '。', ',', ';']) {
        if let Some((who, _)) = clause.split_once(['是', '為', '为']) {
            let mut start = at;
            let parts: Vec<&str> = who.split(['、', '和', '與', '与', '及']).collect();
            let named = parts.iter().all(|name| {
                let n = name.trim().chars().count();
                (2..=4).contains(&n) && name.trim().chars().all(|c| ('\u{3400}'..='\u{9FFF}').contains(&c))
            });
            for name in parts {
                if named {
                    let lead = name.len() - name.trim_start().len();
                    names.push(start + lead..start + lead + name.trim().len());
                }
                start += name.len();
                start += string[start..].chars().next().map_or(0, char::len_utf8);
            }
        }
        at += clause.len();
    }
    if names.is_empty() {
        return false;
    }
    if document.meta.authors.is_empty() {
        for range in names {
            let name = text.slice(range);
            let message = format!("`{}` was taken as an author", name.as_str());
            note(report, "guessed-authors", &name, message, "override it with `--meta author=…`");
            document.meta.authors.push(name);
        }
    }
    true
}
