//! The drawn shape of a character, for pictures that hanpress makes itself.

use skrifa::{
    FontRef, MetadataProvider,
    instance::{LocationRef, Size},
    outline::{DrawSettings, OutlinePen},
};

/// A stroke of an outline; y counts upwards from the baseline, in the unit of the size asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Segment {
    /// Starts a contour.
    Move(f32, f32),
    /// A straight line.
    Line(f32, f32),
    /// A curve with one control point, then its end.
    Quad(f32, f32, f32, f32),
    /// A curve with two control points, then its end.
    Cubic(f32, f32, f32, f32, f32, f32),
    /// Closes the contour.
    Close,
}

/// The glyph of a character; `None` where the face lacks it.
pub fn glyph(face: &[u8], c: char) -> Option<u32> {
    let font = FontRef::new(face).or_else(|_| FontRef::from_index(face, 0)).ok()?;
    font.charmap().map(c).map(|id| id.to_u32())
}

/// The outline of a character at a size, and its advance; `None` where the face lacks it.
pub fn outline(face: &[u8], c: char, size: f32) -> Option<(Vec<Segment>, f32)> {
    let font = FontRef::new(face).or_else(|_| FontRef::from_index(face, 0)).ok()?;
    let glyph = font.charmap().map(c)?;
    let mut pen = Pen(Vec::new());
    if let Some(shape) = font.outline_glyphs().get(glyph) {
        let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
        shape.draw(settings, &mut pen).ok()?;
    }
    let advance =
        font.glyph_metrics(Size::new(size), LocationRef::default()).advance_width(glyph).unwrap_or(size);
    Some((pen.0, advance))
}

struct Pen(Vec<Segment>);

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.push(Segment::Move(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.push(Segment::Line(x, y));
    }

    fn quad_to(&mut self, a: f32, b: f32, x: f32, y: f32) {
        self.0.push(Segment::Quad(a, b, x, y));
    }

    fn curve_to(&mut self, a: f32, b: f32, c: f32, d: f32, x: f32, y: f32) {
        self.0.push(Segment::Cubic(a, b, c, d, x, y));
    }

    fn close(&mut self) {
        self.0.push(Segment::Close);
    }
}
