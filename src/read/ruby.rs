//! HTML `<ruby>`: tags in, readings as marks out. Readings stand in brackets behind their base until the end tag
//! shows that the ruby is well formed; one that is not stays so, and is reported.

use std::ops::Range;

use crate::{
    read::short,
    source::Span,
    text::{MarkKind, Text},
};

/// A tag of ruby; `true` for a start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// `<ruby>`.
    Ruby(bool),
    /// A base (`<rb>`).
    Base(bool),
    /// A reading (`<rt>`).
    Reading(bool),
    /// A row of readings (`<rtc>`).
    Container(bool),
    /// Text that only stands in for ruby (`<rp>`).
    Stand(bool),
}

impl Tag {
    /// The tag of a name, lower case.
    pub(super) fn of(name: &str, start: bool) -> Option<Self> {
        Some(match name {
            "ruby" => Self::Ruby(start),
            "rb" => Self::Base(start),
            "rt" => Self::Reading(start),
            "rtc" => Self::Container(start),
            "rp" => Self::Stand(start),
            _ => return None,
        })
    }
}

/// The ruby elements that are open, `N` being where in the tree each began.
pub(super) struct Rubies<N> {
    open: Vec<Frame<N>>,
}

struct Frame<N> {
    parent: N,
    start: usize,
    span: Span,
    parts: Vec<Part>,
    /// Where the reading that is open begins, its bracket included.
    reading: Option<usize>,
    /// Where the `<rp>` that is open begins.
    stand: Option<usize>,
}

enum Part {
    /// `<rb>` starts here.
    Base(usize),
    /// A reading, brackets included.
    Reading(Range<usize>),
    /// What stands in for the look of ruby (`<rp>`).
    Stand(Range<usize>),
    /// `<rtc>` starts here.
    Container(usize),
}

/// A base in parts, and the readings of each row over it.
#[derive(Default)]
struct Group {
    bases: Vec<Range<usize>>,
    rows: Vec<Vec<String>>,
}

const OPENING: &str = "（";
const CLOSING: &str = "）";

impl<N: PartialEq> Rubies<N> {
    pub(super) fn new() -> Self {
        Self { open: Vec::new() }
    }

    /// Follows a tag of ruby. Gives the ranges that were taken out of the text, and a finding if the tag
    /// ends something that is not well formed.
    pub(super) fn tag(&mut self, text: &mut Text, tag: Tag, parent: N, span: Span) -> Outcome {
        let at = text.as_str().len();
        if tag == Tag::Ruby(true) {
            self.open.push(Frame { parent, start: at, span, parts: Vec::new(), reading: None, stand: None });
            return Outcome::default();
        }
        let Some(frame) = self.open.last_mut() else {
            if let Tag::Reading(open) = tag {
                text.push(if open { OPENING } else { CLOSING }, span, false);
            }
            return Outcome { removed: Vec::new(), finding: Some((span, "it stands outside `<ruby>`")) };
        };
        frame.close(text, span);
        let at = text.as_str().len();
        match tag {
            Tag::Reading(true) => {
                text.push(OPENING, span, false);
                frame.reading = Some(at);
            }
            Tag::Stand(true) => frame.stand = Some(at),
            Tag::Base(true) => frame.parts.push(Part::Base(at)),
            Tag::Container(true) => {
                // Text right in `<rtc>` is one reading.
                frame.parts.push(Part::Container(at));
                text.push(OPENING, span, false);
                frame.reading = Some(at);
            }
            Tag::Ruby(false) => {
                let frame = self.open.pop().expect("it is there");
                // A reading cannot hold readings of its own.
                let inside = self.open.last().is_some_and(|outer| outer.reading.or(outer.stand).is_some());
                let groups = (frame.parent == parent && !inside).then(|| frame.groups(text)).flatten();
                let Some(marks) = groups.and_then(|groups| marks(text, &groups)) else {
                    return Outcome {
                        removed: Vec::new(),
                        finding: Some((frame.span, "readings and bases do not fit")),
                    };
                };
                for (range, kind) in marks {
                    text.mark_around(range, kind);
                }
                let removed: Vec<Range<usize>> = (frame.parts.into_iter())
                    .filter_map(|part| match part {
                        Part::Reading(range) | Part::Stand(range) => Some(range),
                        Part::Base(_) | Part::Container(_) => None,
                    })
                    .collect();
                text.remove(removed.iter().cloned());
                return Outcome { removed, finding: None };
            }
            _ => {}
        }
        Outcome::default()
    }

    /// The text ends: elements that are still open stay in brackets. Gives their places.
    pub(super) fn finish(&mut self, text: &mut Text) -> Vec<Span> {
        let mut left = Vec::new();
        for mut frame in std::mem::take(&mut self.open) {
            let span = frame.span;
            frame.close(text, Span::new(span.source, span.end as usize..span.end as usize));
            left.push(span);
        }
        left
    }
}

/// What following a tag came to.
#[derive(Default)]
pub(super) struct Outcome {
    /// Ranges that are gone from the text.
    pub(super) removed: Vec<Range<usize>>,
    /// What is wrong, and where.
    pub(super) finding: Option<(Span, &'static str)>,
}

impl<N> Frame<N> {
    /// Ends the reading or the `<rp>` that is open.
    fn close(&mut self, text: &mut Text, span: Span) {
        if let Some(start) = self.stand.take() {
            self.parts.push(Part::Stand(start..text.as_str().len()));
        }
        if let Some(start) = self.reading.take() {
            let row = matches!(self.parts.last(), Some(Part::Container(at)) if *at == start);
            if row && text.as_str()[start + OPENING.len()..].trim().is_empty() {
                text.remove(Some(start..text.as_str().len()));
                return;
            }
            text.push(CLOSING, span, false);
            self.parts.push(Part::Reading(start..text.as_str().len()));
        }
    }

    /// The element as bases and their readings, `None` if it has none.
    fn groups(&self, text: &Text) -> Option<Vec<Group>> {
        let string = text.as_str();
        let mut groups = vec![Group::default()];
        let mut at = self.start;
        let ends = self.parts.iter().map(Some).chain([None]);
        for part in ends {
            let (until, next) = match part {
                Some(Part::Base(at) | Part::Container(at)) => (*at, *at),
                Some(Part::Reading(range) | Part::Stand(range)) => (range.start, range.end),
                None => (string.len(), string.len()),
            };
            let base = string.get(at..until)?;
            let lead = base.len() - base.trim_start().len();
            if !base.trim().is_empty() {
                if groups.last().is_some_and(|g| !g.rows.is_empty()) {
                    groups.push(Group::default());
                }
                let from = at + lead;
                groups.last_mut()?.bases.push(from..from + base.trim().len());
            }
            let group = groups.last_mut()?;
            match part {
                // Brackets go; words would be lost.
                Some(Part::Stand(range)) if string.get(range.clone())?.contains(char::is_alphanumeric) => {
                    return None;
                }
                Some(Part::Container(_)) => group.rows.push(Vec::new()),
                Some(Part::Reading(range)) => {
                    let reading = string.get(range.start + OPENING.len()..range.end - CLOSING.len())?.trim();
                    if group.rows.is_empty() {
                        group.rows.push(Vec::new());
                    }
                    group.rows.last_mut()?.push(reading.to_owned());
                }
                _ => {}
            }
            at = next;
        }
        groups.iter().any(|g| !g.rows.is_empty()).then_some(groups)
    }
}

/// The marks of all groups, the nearest readings first; `None` if one does not fit.
fn marks(text: &Text, groups: &[Group]) -> Option<Vec<(Range<usize>, MarkKind)>> {
    let string = text.as_str();
    let mut out = Vec::new();
    for Group { bases, rows } in groups {
        for row in rows.iter().filter(|row| !row.is_empty()) {
            let whole = bases.first()?.start..bases.last()?.end;
            let units =
                if bases.len() == row.len() { bases.clone() } else { short::units(string, whole.clone()) };
            match row.as_slice() {
                // Several readings over one character, one above the other.
                [_, _, ..] if units.len() == 1 => {
                    for reading in row {
                        out.extend(short::readings(
                            string,
                            whole.clone(),
                            &units,
                            std::slice::from_ref(reading),
                        )?);
                    }
                }
                _ => out.extend(short::readings(string, whole, &units, row)?),
            }
        }
    }
    (!out.is_empty()).then_some(out)
}
