//! Plain text, which is how manuscripts come: paragraphs, headings, title, date and authors are
//! guessed from the lines, and every guess is reported with its place.

use std::ops::Range;

use crate::{
    document::{Block, Document, Role},
    read::{
        Headings, ReadOptions,
        comments::{self, Comment},
        front,
        join::joint,
        letter,
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

/// Reads plain text.
pub fn read(source: &Source, options: &ReadOptions, report: &mut Report) -> Document {
    let mut document = Document::default();
    let body = front::read(source, &mut document.meta, report);
    let mut comments = Vec::new();
    let mut paragraphs = paragraphs(source, body, options.markup, &mut comments, report);
    for comment in &mut comments {
        let spans = paragraphs.iter().map(|text| text.span(0..text.as_str().len()).range());
        comment.block = spans.into_iter().find(|span| span.start >= comment.range.end);
    }
    comments::ignore(comments, source.id, source.text.len(), &mut document, report);
    head(source, &mut paragraphs, &mut document, report);
    let heading = headings(&paragraphs, options.headings);
    if options.markup {
        let meta = &mut document.meta;
        for text in paragraphs.iter_mut().chain(&mut meta.title).chain(&mut meta.subtitle) {
            short::report(text, Writing::Typed, report);
        }
    }
    let several = paragraphs.len() > 1;
    let mut paragraphs = paragraphs.into_iter().zip(heading).peekable();
    while let Some((mut text, heading)) = paragraphs.next() {
        if heading {
            if let Some((next, _)) = paragraphs.next_if(|(_, heading)| *heading) {
                let end = text.span(0..text.as_str().len()).end as usize;
                let start = next.span(0..next.as_str().len()).start as usize;
                text.push("\n", Span::new(source.id, end..start.max(end)), false);
                text.push_text(&next);
            }
            let message = format!("`{}` was taken as a heading", text.as_str().replace('\n', " / "));
            note(report, "guessed-heading", &text, message, "`--headings none` switches this off");
            document.blocks.push(Block::Heading { level: 1, text });
            continue;
        }
        mark_urls(&mut text);
        let last = several && paragraphs.peek().is_none();
        let role =
            if last && author_note(&text, &mut document, report) { Role::AuthorNote } else { Role::Body };
        document.blocks.push(Block::Paragraph { text, role });
    }
    if letter::is_one(&document.meta, options) {
        letter::guess(&mut document.blocks, report);
    }
    document
}

fn note(report: &mut Report, rule: &'static str, text: &Text, message: String, hint: &str) {
    let span = text.span(0..text.as_str().len());
    report.push(Diagnostic::new(rule, Severity::Note, span, message).hint(hint));
}

/// The lines of the body as paragraphs: parted by blank lines, indents and line ends, hard-wrapped lines joined.
/// Comments to the proofreader part paragraphs where the text has markup; elsewhere the first is reported as text.
fn paragraphs(
    source: &Source,
    body: usize,
    markup: bool,
    found: &mut Vec<Comment>,
    report: &mut Report,
) -> Vec<Text> {
    let text = &source.text[body..];
    let mut groups: Vec<Vec<Range<usize>>> = vec![Vec::new()];
    let mut at = body;
    let mut said = false;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if content.trim().is_empty() {
            groups.push(Vec::new());
        } else if markup && comments::is_line(content) {
            groups.push(Vec::new());
            found.extend(comments::find(content, source.id, at, report));
        } else {
            if !markup && !said && comments::is_line(content) {
                comments::is_text(source.id, at..at + content.len(), report);
                said = true;
            }
            groups.last_mut().expect("never empty").push(at..at + content.trim_end().len());
        }
        at += line.len();
    }
    let mut out = Vec::new();
    for group in groups.into_iter().filter(|g| !g.is_empty()) {
        let slice = |r: &Range<usize>| &source.text[r.clone()];
        // One line alone is a paragraph, however wide it is.
        let widths: Vec<usize> =
            if group.len() > 1 { group.iter().map(|r| width(slice(r))).collect() } else { Vec::new() };
        let widest = widths.iter().copied().max().unwrap_or(0);
        // Lines that were wrapped break sentences somewhere; where each full line ends one, they are paragraphs.
        let breaks = |k: usize| widths[k] + 4 >= widest && !ends_sentence(slice(&group[k]));
        let wrapped = widest >= 20 && (0..widths.len().saturating_sub(1)).any(breaks);
        let mut paragraph = Text::new();
        let mut joined = 0;
        for (k, range) in group.iter().enumerate() {
            let line = slice(range);
            if k > 0 {
                let before = slice(&group[k - 1]);
                let full = widths[k - 1] + 4 >= widest;
                let indented =
                    line.starts_with('\u{3000}') || line.starts_with("  ") || line.starts_with('\t');
                let ended = ends_sentence(before) && widths[k - 1] + 2 < widest;
                if wrapped && full && !indented && !ended {
                    join(source, &mut paragraph, range);
                    joined += 1;
                    continue;
                }
                out.push(std::mem::take(&mut paragraph));
            }
            paragraph = Text::verbatim(line, source.id, range.start);
        }
        if joined > 0 {
            let message = format!("{joined} line ends inside a paragraph were taken away");
            note(report, "hard-wrap", &paragraph, message, "part paragraphs by a blank line");
        }
        out.push(paragraph);
    }
    out
}

/// Adds a line to a paragraph: nothing between Han, one space between Latin words.
fn join(source: &Source, paragraph: &mut Text, range: &Range<usize>) {
    let line = &source.text[range.clone()];
    let trimmed = line.trim_start();
    let start = range.end - trimmed.len();
    // Lines come in the order of the source, so the last piece ends last.
    let end = paragraph.pieces().last().map_or(start, |piece| piece.span.end as usize);
    paragraph.push(joint(paragraph.as_str(), trimmed), Span::new(source.id, end..start), false);
    paragraph.push(trimmed, Span::new(source.id, start..range.end), true);
}

/// Width in columns of a terminal: two for Han.
fn width(line: &str) -> usize {
    let plain = line.chars().try_fold(0, |sum, c| Some(sum + plain_width(c)?));
    plain.unwrap_or_else(|| unicode_width::UnicodeWidthStr::width(line))
}

/// The width of a character that is as wide alone as beside others of its kind; nearly every line has no others.
fn plain_width(c: char) -> Option<usize> {
    match c {
        ' '..='~' | '·' | '—' | '‘' | '’' | '“' | '”' | '…' => Some(1),
        '\u{3000}'..='\u{3020}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF60}' => Some(2),
        _ => None,
    }
}

fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end_matches(['」', '』', '”', '’', '）', ')', '"', '\'']);
    line.ends_with(['。', '！', '？', '…', '.', '!', '?'])
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
    one_line
        && han >= 2
        && !greets(string)
        && string.chars().count() <= longest
        && !string.ends_with(marks)
        && !ends_sentence(string)
        && !string.contains('。')
        && !string.starts_with(['•', '-', '*', '·', '（', '(', '—', '「', '“', '《'])
}

/// Which paragraphs are headings.
fn headings(paragraphs: &[Text], mode: Headings) -> Vec<bool> {
    let n = paragraphs.len();
    let mut found = vec![false; n];
    if mode == Headings::None {
        return found;
    }
    let able: Vec<bool> = paragraphs.iter().map(|p| short(p, LONGEST_HEADING)).collect();
    // Where most paragraphs look like headings it is verse or a list.
    if able.iter().filter(|a| **a).count() * 2 > n {
        return found;
    }
    let mut i = 0;
    while i < n {
        let run = able[i..].iter().take_while(|a| **a).count();
        // A heading stands before running text; three short lines in a row are something else.
        if (1..=2).contains(&run) && i + run < n {
            found[i..i + run].fill(true);
        }
        i += run.max(1);
    }
    found
}

/// Takes date, title and authors off the head of the text.
fn head(source: &Source, paragraphs: &mut Vec<Text>, document: &mut Document, report: &mut Report) {
    for _ in 0..4 {
        let Some(first) = paragraphs.first() else { return };
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
    let alone = paragraphs.len() > 1
        && (paragraphs[1].as_str().chars().count() > LONGEST_HEADING
            || !short(&paragraphs[1], LONGEST_HEADING)
            || paragraphs.len() > 2);
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
        && let Some((key, value)) = paragraphs.first().and_then(label)
        && byline(key, &value)
    {
        set_labelled(key, value, document, report);
        paragraphs.remove(0);
    }
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

/// `作者：甲、乙` and the like: the key and what is said of it.
pub(super) fn label(text: &Text) -> Option<(&'static str, Text)> {
    let end = text.as_str().trim_end().len();
    let (label, value) = text.as_str()[..end].split_once(['：', ':'])?;
    let key = front::key(label).or((label.trim() == "文").then_some("author"))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_characters_are_as_wide_as_the_table_says() {
        let plain: String = ('\0'..=char::MAX).filter(|c| plain_width(*c).is_some()).collect();
        for c in plain.chars() {
            let mut buffer = [0; 4];
            let alone = unicode_width::UnicodeWidthStr::width(&*c.encode_utf8(&mut buffer));
            assert_eq!(plain_width(c), Some(alone), "{c}");
        }
        assert_eq!(width(&plain), unicode_width::UnicodeWidthStr::width(&*plain));
    }
}
