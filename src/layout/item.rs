//! A paragraph of text in, clusters and the boundaries between them out.
//!
//! Our class table decides wherever Han or a Chinese mark is touched; UAX 14 decides inside
//! Western runs only: alone it would start lines with `·` and split `60km/h`.

use std::{cell::RefCell, collections::BTreeMap, ops::Range, rc::Rc};

use icu_segmenter::{LineSegmenter, options::LineBreakOptions};

use crate::{
    font::{
        shape::{Shapers, half_width},
        store::{FaceId, Family, FontError, Style},
    },
    layout::{
        EM,
        class::{Class, Composition},
        quotes::classes,
        style::{Ink, ParagraphStyle},
    },
    text::{MarkKind, OBJECT, Text},
};

/// Set where no face has a character.
const GETA: char = '〓';

/// How far justification may widen a Han–Latin gap before it opens all gaps, 1/1024 em: a third of
/// an em, the stricter of the two values that checklist 19 allows, because wide gaps beside
/// numbers are what the eye sees first.
const MAX_LATIN_GAP: i32 = 341;

/// Tiers of shrinking, in CLReq's order (checklist 18).
pub const SHRINK_TIERS: usize = 7;

/// How a stretch of a paragraph looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Face.
    pub style: Style,
    /// Ink.
    pub ink: Ink,
    /// Size relative to the paragraph's em, in 1/1024.
    pub scale: i32,
    /// Shift upwards, 1/1024 em.
    pub rise: i32,
    /// Target of the link that it belongs to.
    pub link: Option<String>,
    /// The note that its mark points to.
    pub note: Option<usize>,
    /// Whether a line goes through it.
    pub strike: bool,
}

/// A glyph of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClusterGlyph {
    /// The face.
    pub face: FaceId,
    /// Glyph id.
    pub id: u32,
    /// Offset from the cluster's origin along the line, 1/1024 em.
    pub x: i32,
    /// Offset upwards, 1/1024 em.
    pub y: i32,
    /// Byte range of the paragraph's text that it stands for.
    pub start: u32,
    /// End of that range.
    pub end: u32,
}

/// The smallest thing that a line is made of: no break and no change of width inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Byte range in the text.
    pub range: Range<u32>,
    /// Class.
    pub class: Class,
    /// Index in `Paragraph::looks`.
    pub look: u16,
    /// Range in `Paragraph::glyphs`.
    pub glyphs: Range<u32>,
    /// Natural advance, 1/1024 em.
    pub advance: i32,
    /// For a cluster that a line may end after with a hyphen: the hyphen's glyph and advance.
    pub hyphen: Option<(FaceId, u32, i32)>,
}

/// Whether a line may end at a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// No.
    None,
    /// Yes.
    Free,
    /// With a visible hyphen.
    Hyphen,
    /// Only if nothing else helps: inside a number or word that is wider than the line.
    Emergency,
    /// Always.
    Forced,
}

/// What lies between a cluster and the next; lengths in 1/1024 em.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boundary {
    /// Whether a line may end here.
    pub breaks: Break,
    /// Width added between the two cells when they stand on one line (negative where marks close up).
    pub natural: i32,
    /// How much each tier may take away.
    pub shrink: [i32; SHRINK_TIERS],
    /// How much a word space may grow (first tier) and a Han–Latin gap (second).
    pub stretch: [i32; 2],
    /// Whether the third tier may open a gap here.
    pub open: bool,
}

/// A paragraph ready to be broken into lines.
#[derive(Clone, Debug, Default)]
pub struct Paragraph {
    /// The text.
    pub text: String,
    /// Clusters, in order.
    pub clusters: Vec<Cluster>,
    /// `boundaries[i]` lies after `clusters[i]`; the last one is the end.
    pub boundaries: Vec<Boundary>,
    /// Glyphs of all clusters.
    pub glyphs: Vec<ClusterGlyph>,
    /// Looks of all clusters.
    pub looks: Vec<Look>,
    /// Characters that no face has: byte offset and character.
    pub missing: Vec<(usize, char)>,
}

/// Turns a text into clusters and boundaries.
///
/// # Errors
/// When a face cannot be opened.
pub fn paragraph(
    shapers: &Shapers,
    composition: &Composition,
    base: &ParagraphStyle,
    measure: i32,
    text: &Text,
) -> Result<Paragraph, FontError> {
    let mut builder = Builder {
        shapers,
        composition,
        measure,
        chains: RefCell::default(),
        out: Paragraph { text: text.as_str().to_owned(), ..Paragraph::default() },
    };
    let chars: Vec<(usize, char)> = text.as_str().char_indices().collect();
    let classes = classes(&chars.iter().map(|c| c.1).collect::<Vec<_>>());
    let runs = looks(base, text, &mut builder.out.looks);
    for (range, look) in runs {
        let from = chars.partition_point(|c| c.0 < range.start);
        let to = chars.partition_point(|c| c.0 < range.end);
        let code = builder.out.looks[look as usize].style.family == Family::Mono;
        let mut i = from;
        while i < to {
            // Code is set as Western text throughout, but for Han inside it.
            let western = |k: usize| match classes[k] {
                None => chars[k].1 != '\n' && chars[k].1 != OBJECT && chars[k].1 != '\u{200B}',
                Some(class) => code && class != Class::Han,
            };
            if western(i) {
                let end = (i..to).find(|&k| !western(k)).unwrap_or(to);
                let stop = chars.get(end).map_or(text.as_str().len(), |c| c.0);
                builder.western(chars[i].0..stop, look)?;
                i = end;
            } else {
                let class = classes[i];
                let pair = matches!(class, Some(Class::Dash | Class::Ellipsis));
                let n = if pair && i + 1 < to && chars[i + 1].1 == chars[i].1 && classes[i + 1] == class {
                    2
                } else {
                    1
                };
                // A variation selector or voicing mark belongs to its character.
                let n = n + chars[i + n..to].iter().take_while(|c| selector(c.1)).count();
                let stop = chars.get(i + n).map_or(text.as_str().len(), |c| c.0);
                builder.chinese(chars[i].0..stop, class, look)?;
                i += n;
            }
        }
    }
    builder.boundaries(base.tracking);
    Ok(builder.out)
}

/// Faces to try for Chinese (`true`) or Western text of a style, best first.
type Chains = BTreeMap<(bool, Style), Rc<[FaceId]>>;

struct Builder<'a> {
    shapers: &'a Shapers<'a>,
    composition: &'a Composition,
    measure: i32,
    chains: RefCell<Chains>,
    out: Paragraph,
}

impl Builder<'_> {
    /// The faces to try for a style, Chinese or Western, best first.
    fn chain(&self, chinese: bool, style: Style) -> Rc<[FaceId]> {
        let store = self.shapers.store();
        let chain = || match chinese {
            true => store.chinese(self.composition.region, style).into(),
            false => {
                // Code takes the fixed-width Latin of the Hei face; other text its Latin companion first.
                let (latin, han) = (store.western(style), store.chinese(self.composition.region, style));
                let (mut chain, then) =
                    if style.family == Family::Mono { (han, latin) } else { (latin, han) };
                chain.extend(then.into_iter().filter(|id| !chain.contains(id)).collect::<Vec<_>>());
                chain.into()
            }
        };
        self.chains.borrow_mut().entry((chinese, style)).or_insert_with(chain).clone()
    }

    fn face(&self, chain: &[FaceId], c: char) -> Option<FaceId> {
        chain.iter().copied().find(|&id| self.shapers.store().has(id, c))
    }

    fn push(
        &mut self,
        range: Range<usize>,
        class: Class,
        look: u16,
        glyphs: Vec<ClusterGlyph>,
        advance: i32,
    ) {
        let start = self.out.glyphs.len() as u32;
        self.out.glyphs.extend(glyphs);
        self.out.clusters.push(Cluster {
            range: range.start as u32..range.end as u32,
            class,
            look,
            glyphs: start..self.out.glyphs.len() as u32,
            advance,
            hyphen: None,
        });
    }

    /// One Han character, Chinese mark, placeholder or break.
    fn chinese(&mut self, range: Range<usize>, class: Option<Class>, look: u16) -> Result<(), FontError> {
        let region = self.composition.region;
        let text = self.out.text[range.clone()].to_owned();
        let c = text.chars().next().expect("a cluster has a character");
        let Look { style, scale, rise, ref note, .. } = self.out.looks[look as usize];
        if c == '\n' {
            self.push(range, Class::LineBreak, look, Vec::new(), 0);
            return Ok(());
        }
        if c == '\u{200B}' {
            self.push(range, Class::ZeroWidth, look, Vec::new(), 0);
            return Ok(());
        }
        if c == OBJECT {
            if let Some(note) = *note {
                return self.note(range, note, look);
            }
            self.push(range, Class::Object, look, Vec::new(), 0);
            return Ok(());
        }
        let class = class.unwrap_or(Class::Han);
        let cells = match class {
            Class::Dash | Class::Ellipsis => text.chars().count() as i32 * if c == '⸺' { 2 } else { 1 },
            _ => 1,
        };
        let advance = match class {
            Class::Interpunct => self.composition.interpunct,
            _ => cells * EM,
        } * scale
            / EM;
        // Kai faces have mainland marks, or none: all marks come from the regional Song.
        let role = match style.family {
            Family::Kai if class != Class::Han => Style { family: Family::Serif, ..style },
            _ => style,
        };
        let chain = self.chain(true, role);
        let place = |id, x, y, start: usize, end: usize, face| ClusterGlyph {
            face,
            id,
            x,
            y: y + rise,
            start: start as u32,
            end: end as u32,
        };
        let drawn = match c {
            // U+00B7 is a third of an em in Noto Serif: the interpunct is drawn with the katakana dot.
            '·' | '•' | '‧' => '・',
            '⋯' => '…',
            c => c,
        };
        let Some(face) = self.face(&chain, drawn).or_else(|| self.face(&chain, c)) else {
            // The printers' geta mark stands for a missing sort; copied text still has the character.
            self.out.missing.push((range.start, c));
            let face = self.face(&chain, GETA).unwrap_or(chain[0]);
            let (id, _) = self.shapers.get(face)?.direct(GETA);
            let glyph = place(id, 0, 0, range.start, range.end, face);
            self.push(range, class, look, vec![glyph], advance);
            return Ok(());
        };
        let shaper = self.shapers.get(face)?;
        let glyphs = if class == Class::Dash && text.chars().count() == 2 {
            let shaped = shaper.chinese(&text, region);
            let total: i32 = shaped.iter().map(|g| g.advance).sum::<i32>().max(1);
            let mut x = (advance - total * scale / EM) / 2;
            let n = shaped.len();
            shaped
                .iter()
                .enumerate()
                .map(|(k, g)| {
                    let start = range.start + g.cluster as usize;
                    let end = shaped.get(k + 1).map_or(range.end, |next| range.start + next.cluster as usize);
                    let at = place(
                        g.id,
                        x + g.x * scale / EM,
                        g.y,
                        start,
                        if k + 1 == n { range.end } else { end },
                        face,
                    );
                    x += g.advance * scale / EM;
                    at
                })
                .collect()
        } else {
            let mut glyphs = Vec::new();
            let mut at = range.start;
            for (k, c) in text.chars().enumerate() {
                let wanted = if self.shapers.store().has(face, drawn) { drawn } else { c };
                let (id, width) = shaper.direct(wanted);
                let cell = advance / text.chars().count() as i32;
                let x = k as i32 * cell + (cell - width * scale / EM) / 2;
                glyphs.push(place(id, x, 0, at, at + c.len_utf8(), face));
                at += c.len_utf8();
            }
            glyphs
        };
        self.push(range, class, look, glyphs, advance);
        Ok(())
    }

    /// The number of a note, raised, in place of its placeholder.
    fn note(&mut self, range: Range<usize>, note: usize, look: u16) -> Result<(), FontError> {
        let style = Style::new(Family::Serif);
        let label = format!("[{}]", note + 1);
        let face = self.shapers.store().western(style)[0];
        let shaped = self.shapers.get(face)?.western(&label, &[]);
        let scale = 640;
        let mut x = 0;
        let mut glyphs = Vec::new();
        for g in &shaped {
            glyphs.push(ClusterGlyph {
                face,
                id: g.id,
                x,
                y: 380,
                start: range.start as u32,
                end: range.end as u32,
            });
            x += g.advance * scale / EM;
        }
        self.out.looks[look as usize].scale = scale;
        self.push(range, Class::NoteMark, look, glyphs, x);
        Ok(())
    }

    /// A run of Western text: shaped face by face, cut at UAX 14 opportunities and at spaces.
    fn western(&mut self, range: Range<usize>, look: u16) -> Result<(), FontError> {
        let Look { style, scale, rise, .. } = self.out.looks[look as usize];
        let text = self.out.text[range.clone()].to_owned();
        let mono = style.family == Family::Mono;
        let chain = self.chain(false, style);
        // (start, end, glyph, advance) of every glyph of the run.
        let mut glyphs: Vec<(usize, usize, ClusterGlyph, i32)> = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let c = text[at..].chars().next().expect("inside the run");
            let Some(face) = self.face(&chain, c) else {
                // A tab or control character has no ink; anything else is set as a geta mark.
                if !(c.is_whitespace() || c.is_control() || selector(c) || c == '\u{AD}' || c == '\u{2060}') {
                    self.out.missing.push((range.start + at, c));
                    let face = self.face(&chain, GETA).unwrap_or(chain[0]);
                    let (id, _) = self.shapers.get(face)?.direct(GETA);
                    let (start, end) = ((range.start + at) as u32, (range.start + at + c.len_utf8()) as u32);
                    glyphs.push((
                        at,
                        at + c.len_utf8(),
                        ClusterGlyph { face, id, x: 0, y: rise, start, end },
                        scale,
                    ));
                }
                at += c.len_utf8();
                continue;
            };
            let end = text[at..]
                .char_indices()
                .find(|(_, d)| {
                    self.face(&chain, *d) != Some(face) && !(*d == ' ' || ('\u{300}'..='\u{36F}').contains(d))
                })
                .map_or(text.len(), |(k, _)| at + k);
            let shaper = self.shapers.get(face)?;
            let features = half_width();
            let wide = mono && self.shapers.store().info(face).usage != crate::font::store::Use::Latin;
            let shaped = shaper.western(&text[at..end], if wide { &features } else { &[] });
            for (k, g) in shaped.iter().enumerate() {
                let start = at + g.cluster as usize;
                let stop = shaped[k + 1..]
                    .iter()
                    .map(|n| at + n.cluster as usize)
                    .find(|&n| n > start)
                    .unwrap_or(end);
                let glyph = ClusterGlyph {
                    face,
                    id: g.id,
                    x: g.x * scale / EM,
                    y: g.y * scale / EM + rise,
                    start: (range.start + start) as u32,
                    end: (range.start + stop) as u32,
                };
                glyphs.push((start, stop, glyph, g.advance * scale / EM));
            }
            at = end;
        }
        let cuts = cuts(&text, mono);
        let mut from = 0;
        for cut in cuts {
            let (end, hyphen) = (cut.at, cut.hyphen);
            let part: Vec<_> = glyphs.iter().filter(|g| from <= g.0 && g.0 < end).copied().collect();
            let space = text[from..end].chars().all(|c| c == ' ');
            let class = if space {
                Class::Space
            } else if scale < EM {
                Class::NoteMark
            } else {
                Class::Western
            };
            self.western_part(range.start + from..range.start + end, class, look, &part);
            if hyphen {
                let face = self.face(&chain, '-').unwrap_or(chain[0]);
                let (id, advance) = self.shapers.get(face)?.direct('-');
                let last = self.out.clusters.last_mut().expect("just pushed");
                last.hyphen = Some((face, id, advance * scale / EM));
            }
            from = end;
        }
        Ok(())
    }

    /// Pushes a part of a Western run; one that is wider than the measure is cut glyph by glyph.
    fn western_part(
        &mut self,
        range: Range<usize>,
        class: Class,
        look: u16,
        part: &[(usize, usize, ClusterGlyph, i32)],
    ) {
        let total: i32 = part.iter().map(|g| g.3).sum();
        if total > self.measure && part.len() > 1 && class == Class::Western {
            let mut from = range.start;
            for (k, g) in part.iter().enumerate() {
                let end = part.get(k + 1).map_or(range.end, |n| n.2.start as usize);
                if end > from {
                    self.push(from..end, class, look, vec![g.2], g.3);
                    from = end;
                }
            }
            return;
        }
        let mut x = 0;
        let glyphs = part
            .iter()
            .map(|g| {
                let glyph = ClusterGlyph { x: x + g.2.x, ..g.2 };
                x += g.3;
                glyph
            })
            .collect();
        self.push(range, class, look, glyphs, total);
    }

    fn boundaries(&mut self, tracking: i32) {
        let n = self.out.clusters.len();
        for i in 1..n.saturating_sub(1) {
            let around = (self.out.clusters[i - 1].class, self.out.clusters[i + 1].class);
            let gap = matches!(around, (Class::Han, Class::Western) | (Class::Western, Class::Han));
            if gap && self.out.clusters[i].class == Class::Space {
                self.out.clusters[i].class = Class::TypedGap;
                self.out.clusters[i].advance = self.composition.gap;
            }
        }
        let mut out = Vec::with_capacity(n);
        for i in 0..n {
            out.push(match self.out.clusters.get(i + 1) {
                Some(next) => self.boundary(&self.out.clusters[i], next, tracking),
                None => Boundary {
                    breaks: Break::Forced,
                    natural: 0,
                    shrink: [0; SHRINK_TIERS],
                    stretch: [0; 2],
                    open: false,
                },
            });
        }
        self.out.boundaries = out;
    }

    fn boundary(&self, a: &Cluster, b: &Cluster, tracking: i32) -> Boundary {
        let composition = self.composition;
        let text = &self.out.text;
        let last = text[a.range.start as usize..a.range.end as usize].chars().next_back().unwrap_or(' ');
        let first = text[b.range.start as usize..b.range.end as usize].chars().next().unwrap_or(' ');
        let taken = composition.closing_up(a.class, b.class);
        let mut shrink = [0; SHRINK_TIERS];
        let mut stretch = [0; 2];
        let mut natural = -taken;
        // What blank is left after closing up may shrink further, by class (checklist 18).
        let (after, before) = (composition.blanks(a.class).1, composition.blanks(b.class).0);
        let from_after = taken.min(after);
        for (class, blank) in [(a.class, after - from_after), (b.class, before - (taken - from_after))] {
            let tier = match class {
                Class::Interpunct => 2,
                Class::Open | Class::Close => 3,
                Class::Comma | Class::Colon => 4,
                Class::Stop => 6,
                _ => continue,
            };
            shrink[tier] += blank;
        }
        let letter = |c: char| c.is_alphanumeric();
        let latin_edge = (a.class == Class::Han && b.class == Class::Western && letter(first))
            || (a.class == Class::Western && letter(last) && b.class == Class::Han);
        if latin_edge {
            natural += composition.gap;
            shrink[5] += composition.gap / 2;
            stretch[1] += (MAX_LATIN_GAP - composition.gap).max(0);
        }
        if a.class == Class::TypedGap {
            shrink[5] += composition.gap / 2;
            stretch[1] += (MAX_LATIN_GAP - composition.gap).max(0);
        }
        if a.class == Class::Space {
            shrink[1] += (a.advance - 256).max(0);
            stretch[0] += (512 - a.advance).max(0);
        }
        let fixed = |c: &Cluster| matches!(c.class, Class::Connector | Class::Solidus);
        let inside_western = a.class == Class::Western
            && b.class == Class::Western
            && !matches!(self.breaks(a, b, last, first), Break::Free);
        let open = !(fixed(a)
            || fixed(b)
            || inside_western
            || b.class == Class::NoteMark
            || matches!(a.class, Class::Space | Class::ZeroWidth | Class::Prefix)
            || matches!(
                b.class,
                Class::Space | Class::TypedGap | Class::ZeroWidth | Class::Suffix | Class::LineBreak
            ));
        if open && tracking > 0 {
            natural += tracking;
        }
        Boundary { breaks: self.breaks(a, b, last, first), natural, shrink, stretch, open }
    }

    fn breaks(&self, a: &Cluster, b: &Cluster, last: char, first: char) -> Break {
        use Class::{Han, LineBreak, NoteMark, Prefix, Space, Suffix, TypedGap, Western, ZeroWidth};
        let composition = self.composition;
        let glue = |c: char| matches!(c, '\u{A0}' | '\u{202F}' | '\u{2060}' | '\u{FEFF}');
        if a.class == LineBreak {
            return Break::Forced;
        }
        if glue(last) || glue(first) || matches!(b.class, LineBreak | Space | TypedGap) {
            return Break::None;
        }
        if composition.no_end(a.class) || composition.no_start(b.class) {
            return Break::None;
        }
        let number = |c: char| c.is_ascii_digit();
        match (a.class, b.class) {
            (Space | TypedGap | ZeroWidth, _) | (_, ZeroWidth) => Break::Free,
            (Western, Western) if a.hyphen.is_some() => Break::Hyphen,
            // Pieces of one run: cut where UAX 14 allows, or only because the run is too wide.
            (Western, Western) if a.range.end == b.range.start => {
                if opportunity(&self.out.text, a.range.end as usize) { Break::Free } else { Break::Emergency }
            }
            (Prefix, Western) if number(first) => Break::None,
            (Western, Suffix) if number(last) => Break::None,
            (Western, NoteMark) => Break::None,
            (_, Western) if closing(first) => Break::None,
            (Western, _) if opening(last) => Break::None,
            (Han, Western) | (Western, Han) => Break::Free,
            _ => Break::Free,
        }
    }
}

/// Characters that only change the one before them.
fn selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{3099}' | '\u{309A}' | '\u{200D}')
}

/// Western characters that may not start a line after Chinese text.
fn closing(c: char) -> bool {
    matches!(
        c,
        ')' | ']'
            | '}'
            | ','
            | '.'
            | ';'
            | ':'
            | '!'
            | '?'
            | '%'
            | '‰'
            | '°'
            | '℃'
            | '℉'
            | '′'
            | '″'
            | '’'
            | '”'
            | '/'
            | '-'
            | '–'
    )
}

/// Western characters that may not end a line before Chinese text.
fn opening(c: char) -> bool {
    matches!(
        c,
        '(' | '[' | '{' | '$' | '€' | '£' | '¥' | '#' | '±' | '+' | '−' | '‘' | '“' | '/' | '@' | '\\'
    )
}

/// A place where a Western run is cut into clusters.
struct Cut {
    at: usize,
    hyphen: bool,
}

/// Where a Western run is cut: at UAX 14 opportunities, before and after spaces, at hyphenation points.
fn cuts(text: &str, code: bool) -> Vec<Cut> {
    let mut at: Vec<(usize, bool)> = Vec::new();
    for (i, _) in text.match_indices(' ') {
        at.push((i, false));
        at.push((i + 1, false));
    }
    let segmenter = LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());
    at.extend(segmenter.segment_str(text).filter(|&i| opportunity(text, i)).map(|i| (i, false)));
    if !code {
        let mut start = 0;
        for word in text.split(|c: char| !c.is_ascii_alphabetic()) {
            start = text[start..].find(word).map_or(start, |k| start + k);
            // Acronyms and short words stay whole; so do words beside digits (checklist 10).
            let around = |i: Option<char>| i.is_some_and(|c| c.is_ascii_digit() || "/+-_.@".contains(c));
            let plain = !around(text[..start].chars().next_back())
                && !around(text[start + word.len()..].chars().next());
            if (6..=45).contains(&word.len()) && plain && word[1..].bytes().all(|b| b.is_ascii_lowercase()) {
                let mut k = start;
                for syllable in hypher::hyphenate_bounded(word, hypher::Lang::English, 2, 3) {
                    k += syllable.len();
                    if k < start + word.len() {
                        at.push((k, true));
                    }
                }
            }
            start += word.len();
        }
    }
    at.push((text.len(), false));
    at.sort_by_key(|&(i, hyphen)| (i, hyphen));
    at.dedup_by_key(|c| c.0);
    at.into_iter().filter(|&(i, _)| i > 0).map(|(at, hyphen)| Cut { at, hyphen }).collect()
}

/// Whether UAX 14's opportunity at a byte offset may be used (checklist 5 and 10): not inside a
/// number or a range, not after a single solidus of a unit, in a URL after `/ ? & =` only.
fn opportunity(text: &str, at: usize) -> bool {
    if at == 0 || at >= text.len() || !text.is_char_boundary(at) {
        return at >= text.len();
    }
    let before = text[..at].chars().next_back().expect("not at the start");
    let after = text[at..].chars().next().expect("not at the end");
    let word_start = text[..at].rfind(char::is_whitespace).map_or(0, |i| i + 1);
    let word_end = text[at..].find(char::is_whitespace).map_or(text.len(), |i| at + i);
    let word = &text[word_start..word_end];
    let url = word.contains("://") || word.starts_with("www.");
    match before {
        ' ' | '\t' => true,
        '/' | '?' | '&' | '=' if url => after != '/',
        _ if url => false,
        '/' => word.matches('/').count() > 1 && word.len() > 20,
        '-' | '–' | '—' => !after.is_ascii_digit() && before != '–' && word.len() > 8,
        '.' | ',' | ':' => false,
        '\u{AD}' => true,
        c if c.is_ascii() => false,
        _ => {
            let segmenter = LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());
            segmenter.segment_str(word).any(|i| word_start + i == at)
        }
    }
}

/// Cuts a text into stretches of one look and says what each looks like.
fn looks(base: &ParagraphStyle, text: &Text, looks: &mut Vec<Look>) -> Vec<(Range<usize>, u16)> {
    let mut edges: Vec<usize> = text.marks().iter().flat_map(|m| [m.range.start, m.range.end]).collect();
    edges.extend([0, text.as_str().len()]);
    edges.sort_unstable();
    edges.dedup();
    let plain =
        Look { style: base.style, ink: base.ink, scale: EM, rise: 0, link: None, note: None, strike: false };
    let mut runs = Vec::new();
    for pair in edges.windows(2) {
        let mut look = plain.clone();
        for mark in text.marks() {
            if mark.range.start > pair[0] || mark.range.end < pair[1] {
                continue;
            }
            match &mark.kind {
                MarkKind::Strong => look.style.bold = true,
                MarkKind::Emphasis => {
                    look.style.family = Family::Kai;
                    look.style.italic = true;
                }
                MarkKind::Strike => look.strike = true,
                MarkKind::Code | MarkKind::Math => look.style.family = Family::Mono,
                MarkKind::Link { url, .. } => {
                    look.link = Some(url.clone());
                    look.ink = Ink::Link;
                }
                MarkKind::Url => {
                    look.link = Some(text.as_str()[mark.range.clone()].to_owned());
                    look.ink = Ink::Link;
                }
                MarkKind::Note(i) => look.note = Some(*i),
                MarkKind::Superscript => (look.scale, look.rise) = (640, 380),
                MarkKind::Subscript => (look.scale, look.rise) = (640, -160),
                MarkKind::Image { .. }
                | MarkKind::Protected
                | MarkKind::Ruby(_)
                | MarkKind::Name
                | MarkKind::Title
                | MarkKind::Dots
                | MarkKind::Combine => {}
            }
        }
        looks.push(look);
        runs.push((pair[0]..pair[1], looks.len() as u16 - 1));
    }
    runs
}
