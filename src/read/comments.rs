//! Comments by which a manuscript takes a part of itself from the rules about words: `<!-- hanpress-ignore -->`.

use std::ops::Range;

use crate::{
    document::{Document, Ignored},
    report::{Diagnostic, Report, Severity},
    source::{SourceId, Span},
};

/// What a comment asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// The block that it stands in or before.
    Block,
    /// All from here on.
    Start,
    /// No further than here.
    End,
}

/// A comment to the proofreader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comment {
    /// Where it stands in the source.
    pub(super) range: Range<usize>,
    reach: Reach,
    rules: Vec<String>,
    /// The block that it stands in or before, if there is one.
    pub(super) block: Option<Range<usize>>,
}

/// The comments to the proofreader in a stretch of HTML that starts at `at` of the source. What begins like one and
/// is none is reported.
pub(super) fn find(html: &str, id: SourceId, at: usize, report: &mut Report) -> Vec<Comment> {
    let mut out = Vec::new();
    for (start, _) in html.match_indices("<!--") {
        let Some(length) = html[start..].find("-->") else { continue };
        let words = html[start + 4..start + length].trim();
        let Some(name) = words.split([' ', '\t', '\n', '\r']).next().filter(|w| w.starts_with("hanpress"))
        else {
            continue;
        };
        let range = at + start..at + start + length + 3;
        let reach = match name {
            "hanpress-ignore" => Reach::Block,
            "hanpress-ignore-start" => Reach::Start,
            "hanpress-ignore-end" => Reach::End,
            _ => {
                let message = format!("the comment `{name}` is not understood");
                let hint = "known are hanpress-ignore, hanpress-ignore-start and hanpress-ignore-end";
                say(report, id, range, message, hint);
                continue;
            }
        };
        let rules = words[name.len()..].split([',', ' ', '\t', '\n', '\r']).filter(|r| !r.is_empty());
        out.push(Comment { range, reach, rules: rules.map(str::to_owned).collect(), block: None });
    }
    out
}

/// A line of plain text that is such a comment and nothing else.
pub(super) fn is_line(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("<!--") && line.ends_with("-->") && line[4..].trim_start().starts_with("hanpress-ignore")
}

fn say(report: &mut Report, id: SourceId, range: Range<usize>, message: String, hint: &str) {
    let finding = Diagnostic::new("ignore-comment", Severity::Warning, Span::new(id, range), message);
    report.push(finding.hint(hint));
}

/// Reports a comment of a plain text that is read as its words.
pub(super) fn is_text(id: SourceId, range: Range<usize>, report: &mut Report) {
    let message = "a comment in plain text is text, and is printed".to_owned();
    say(report, id, range, message, "`--markup` makes it a comment");
}

/// Notes in the document what its comments, in order, take from the rules; `end` is where the source ends.
pub(super) fn ignore(
    comments: Vec<Comment>,
    id: SourceId,
    end: usize,
    document: &mut Document,
    report: &mut Report,
) {
    let mut open: Vec<Comment> = Vec::new();
    for comment in comments {
        match comment.reach {
            Reach::Block => match comment.block {
                Some(block) => document.ignored.push(Ignored {
                    span: Span::new(id, block),
                    comment: Span::new(id, comment.range),
                    rules: comment.rules,
                }),
                None => {
                    let message = "nothing stands after this comment".to_owned();
                    say(
                        report,
                        id,
                        comment.range,
                        message,
                        "put it before the block that is to be left alone",
                    );
                }
            },
            Reach::Start => open.push(comment),
            Reach::End => match open.pop() {
                Some(start) => document.ignored.push(Ignored {
                    span: Span::new(id, start.range.end..comment.range.start),
                    comment: Span::new(id, start.range),
                    rules: start.rules,
                }),
                None => {
                    let message = "there is no `hanpress-ignore-start` before this comment".to_owned();
                    say(report, id, comment.range, message, "delete it, or say where the part begins");
                }
            },
        }
    }
    for start in open {
        let message =
            "there is no `hanpress-ignore-end`; all to the end of the text is left alone".to_owned();
        say(report, id, start.range.clone(), message, "say where the part ends");
        document.ignored.push(Ignored {
            span: Span::new(id, start.range.end..end),
            comment: Span::new(id, start.range),
            rules: start.rules,
        });
    }
}
