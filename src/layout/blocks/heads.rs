//! Running heads and folios (checklist 54).

use super::{
    Align, Area, Composition, Element, Family, FontError, Ink, ParagraphStyle, Setter, Text, TextLine,
    one_line,
};
use crate::{
    counter::by_place,
    template::{Direction, Folio, Head},
};

impl Setter<'_> {
    /// Running heads and folios of all pages. Blank pages carry none.
    pub(super) fn heads(&mut self) -> Result<(), FontError> {
        if self.composition.off.has(54) {
            return Ok(());
        }
        let title = self.document.meta.title.as_ref().map(|t| one_line(t.as_str()));
        // The chapter that each page is in, and whether one opens on it.
        let top = u8::from(self.document.meta.title.is_some()) + 1;
        let mut chapter: Option<String> = None;
        let mut entries = self.pages.outline.clone().into_iter().peekable();
        for i in 0..self.pages.pages.len() {
            let mut opens = false;
            while let Some(entry) = entries.next_if(|e| e.page <= i) {
                if entry.level <= top {
                    opens = true;
                    chapter = (entry.level == top).then_some(entry.text).or(chapter);
                }
            }
            let page = &self.pages.pages[i];
            let blank = page.elements.is_empty() && self.composition.heeds(52);
            if blank || (page.front && self.page.title_page && i == 0) {
                continue;
            }
            let first = i == 0;
            let recto = i.is_multiple_of(2);
            // The colophon stands alone.
            let colophon = self.page.colophon && i + 1 == self.pages.pages.len();
            let words = match self.page.head {
                _ if colophon => None,
                Head::None => None,
                Head::Title => title.clone().filter(|_| !first),
                _ if page.front || opens => None,
                Head::Facing => {
                    if recto {
                        chapter.clone()
                    } else {
                        title.clone()
                    }
                }
            };
            let (label, page_front) = (page.label.clone(), page.front);
            // In vertical books the text begins with 一: the pages before it are not numbered.
            if !(page_front && self.page.folio == Folio::ForeEdge) {
                self.folio(i, recto, &label)?;
            }
            if let Some(words) = words {
                self.running_head(i, recto, &words)?;
            }
        }
        Ok(())
    }

    /// A page number as the folio and the contents write it.
    pub(super) fn folio_words(&self, number: usize) -> String {
        match self.page.folio {
            Folio::ForeEdge => by_place(number as u64),
            _ => number.to_string(),
        }
    }

    fn folio(&mut self, index: usize, recto: bool, label: &str) -> Result<(), FontError> {
        let size = self.page.size * 0.75;
        let area = Area::of(self.page, recto);
        let style = ParagraphStyle::new(Family::Serif, size).ink(Ink::Faint);
        // A horizontal book opens from the left: its odd pages have their outer edge at the right.
        let outer_right = recto == (self.page.direction == Direction::Horizontal);
        let foot = area.top + area.height + self.page.size * 2.6;
        let flat = self.flat;
        let (words, style, y) = match self.page.folio {
            Folio::None => return Ok(()),
            Folio::Center => (label.to_owned(), style.align(Align::Center), foot),
            Folio::Outer => {
                (label.to_owned(), style.align(if outer_right { Align::End } else { Align::Start }), foot)
            }
            Folio::Official => {
                // GB/T 9704: 4號, between two strokes, an em in from the outer edge, 7 mm below the text.
                let style = ParagraphStyle::new(Family::Serif, 14.0);
                let style = style.align(if outer_right { Align::End } else { Align::Start });
                (format!("— {label} —"), style, area.top + area.height + 7.0 * 72.0 / 25.4 + 14.0)
            }
            Folio::ForeEdge => {
                let digits = label.parse::<u64>().map_or_else(|_| label.to_owned(), by_place);
                let vertical = Composition { direction: Direction::Vertical, ..self.composition };
                let set = self.compose(&vertical, &Self::made(digits), &style, area.height, None)?;
                let x = if outer_right {
                    area.left + area.width + self.page.size * 1.6
                } else {
                    area.left - self.page.size * 1.6
                };
                for mut line in set.lines.into_iter().take(1) {
                    let length = line.line.width as f32 * size / 1024.0;
                    (line.x, line.y) = (x, area.top + area.height - length);
                    self.pages.pages[index].elements.push(Element::Text(Box::new(line)));
                }
                return Ok(());
            }
        };
        let set = self.compose(&flat, &Self::made(words), &style, area.width, None)?;
        let inset = if self.page.folio == Folio::Official { style.size } else { 0.0 };
        for mut line in set.lines.into_iter().take(1) {
            line.x += area.left + if outer_right { -inset } else { inset };
            line.y = y;
            self.pages.pages[index].elements.push(Element::Text(Box::new(line)));
        }
        Ok(())
    }

    fn running_head(&mut self, index: usize, recto: bool, words: &str) -> Result<(), FontError> {
        let size = self.page.size * 0.75;
        let area = Area::of(self.page, recto);
        let style = ParagraphStyle::new(Family::Serif, size).ink(Ink::Faint);
        let outer_right = recto == (self.page.direction == Direction::Horizontal);
        let align = match self.page.head {
            Head::Title => Align::End,
            _ if outer_right => Align::End,
            _ => Align::Start,
        };
        let flat = self.flat;
        let text = shortened(words, (area.width / size) as usize);
        let set = self.compose(&flat, &text, &style.align(align), area.width, None)?;
        let above = self.page.size * if self.page.direction == Direction::Vertical { 1.6 } else { 2.0 };
        let place = |mut line: TextLine| {
            line.x += area.left;
            line.y = area.top - above;
            Element::Text(Box::new(line))
        };
        self.pages.pages[index].elements.extend(set.lines.into_iter().take(1).map(place));
        if self.page.direction == Direction::Horizontal {
            let (x, width, y) = (area.left, area.width, area.top - self.page.size * 1.5);
            self.pages.pages[index].elements.push(Element::Rule {
                x,
                y,
                width,
                height: 0.4,
                ink: Ink::Faint,
            });
        }
        Ok(())
    }
}

/// A title that fits one line of `most` em.
fn shortened(words: &str, most: usize) -> Text {
    let wide: usize = words.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    if wide <= most * 2 {
        return Setter::made(words);
    }
    let kept: String = words.chars().take(most.saturating_sub(2).max(1)).collect();
    Setter::made(format!("{kept}……"))
}
