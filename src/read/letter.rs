//! Letters: the paragraphs of a document in, the same with salutation, closing and signature told apart.
//! Every guess is reported.

use crate::{
    document::{Block, Metadata, Role},
    read::{ReadOptions, front},
    report::{Diagnostic, Report, Severity},
    text::Text,
};

/// Longest salutation, and longest line of a signature, characters.
const LONGEST_SALUTATION: usize = 40;
const LONGEST_SIGNATURE: usize = 20;
/// Most lines that sign a letter: office, name, date, place.
const SIGNATURE_LINES: usize = 4;

/// Words before the closing word of a letter, in both scripts.
const LEADS: &[&str] = &[
    "此致", "敬祝", "祝", "恭祝", "謹祝", "谨祝", "順祝", "顺祝", "順頌", "顺颂", "即頌", "即颂", "敬頌",
    "敬颂", "並頌", "并颂", "敬請", "敬请", "順請", "顺请", "即請", "即请", "恭請", "恭请", "專此", "专此",
    "耑此", "謹此", "谨此", "祝你", "祝您", "並祝", "并祝",
];

/// Whether a manuscript is a letter: the caller, the command line or the front matter says so.
pub(super) fn is_one(meta: &Metadata, options: &ReadOptions) -> bool {
    options.letter
        || options.meta.iter().any(|(key, value)| key == "kind" && front::is_letter(value))
        || meta.kind.as_deref().is_some_and(front::is_letter)
}

/// Finds the parts of a letter among paragraphs of running text.
pub(super) fn guess(blocks: &mut [Block], report: &mut Report) {
    let mut paragraphs: Vec<(&mut Text, &mut Role)> = (blocks.iter_mut())
        .filter_map(|block| match block {
            Block::Paragraph { text, role } => Some((text, role)),
            _ => None,
        })
        .collect();
    let count = |text: &Text| text.as_str().trim().chars().count();
    let take = |text: &Text, role: &mut Role, is: Role, name: &str, report: &mut Report| {
        if *role != Role::Body {
            return;
        }
        *role = is;
        let string = text.as_str();
        let message =
            format!("`{}` was taken as the {name} of the letter", string.trim().replace('\n', " / "));
        let span = text.span(0..string.len());
        let finding = Diagnostic::new("guessed-letter", Severity::Note, span, message);
        report.push(finding.hint("leave out `kind: letter` to switch this off"));
    };
    if let Some((text, role)) = paragraphs.first_mut()
        && text.as_str().trim_end().ends_with(['：', ':'])
        && count(text) <= LONGEST_SALUTATION
    {
        take(text, role, Role::Salutation, "salutation", report);
    }
    // The last word that 此致 or 祝 leads to.
    let closing = (1..paragraphs.len()).rev().find(|&i| {
        let lead = paragraphs[i - 1].0.as_str().trim().trim_end_matches(['，', '：', ':', ',']);
        let last = lead.rsplit(['。', '，', '！', '\n', '\u{3000}', ' ']).next().unwrap_or_default();
        LEADS.contains(&last) && count(paragraphs[i].0) <= 8
    });
    if let Some(i) = closing {
        let (text, role) = &mut paragraphs[i];
        take(text, role, Role::Closing, "closing", report);
    }
    let first = closing.map_or(1, |i| i + 1);
    let signs = |(text, role): &(&mut Text, &mut Role)| {
        let string = text.as_str().trim();
        **role == Role::Body
            && count(text) <= LONGEST_SIGNATURE
            && !string.is_empty()
            && !string.ends_with(['。', '！', '？', '：', '，', '；', '…', '」', '”'])
            && !LEADS.contains(&string)
    };
    let lines = paragraphs.get(first..).map_or(0, |rest| rest.iter().rev().take_while(|p| signs(p)).count());
    if lines <= SIGNATURE_LINES {
        let from = paragraphs.len() - lines;
        for (text, role) in &mut paragraphs[from..] {
            take(text, role, Role::Signature, "signature", report);
        }
    }
}
