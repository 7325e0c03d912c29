//! Pictures of a DOCX, as they stand in a run.

use crate::{
    document::Image,
    write::{docx::Book, xml::Xml},
};

/// EMU in a point.
const POINT: f32 = 12_700.0;
/// EMU in a pixel of 1/96 inch.
const PIXEL: f32 = 9_525.0;

/// Writes a drawing into the open run; `height` limits an inline picture to a line, pt.
pub(super) fn write(
    xml: &mut Xml,
    book: &Book,
    image: &Image,
    alt: &str,
    relation: &str,
    id: usize,
    height: Option<f32>,
) {
    let page = book.page;
    let measure = f32::from(page.measure) * page.size * POINT;
    let tall = height.unwrap_or(f32::from(page.lines) * page.pitch * page.size * 0.8) * POINT;
    let (width, full) = (image.width.max(1) as f32 * PIXEL, image.height.max(1) as f32 * PIXEL);
    let scale = (measure / width).min(tall / full).min(1.0);
    let cx = ((width * scale) as u64).max(1).to_string();
    let cy = ((full * scale) as u64).max(1).to_string();
    let id = id.to_string();
    let name = ["Picture ", &id].concat();
    let main = "http://schemas.openxmlformats.org/drawingml/2006/main";
    let picture = "http://schemas.openxmlformats.org/drawingml/2006/picture";
    xml.open("w:drawing", &[]);
    xml.open(
        "wp:inline",
        &[
            ("xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
            ("distT", "0"),
            ("distB", "0"),
            ("distL", "0"),
            ("distR", "0"),
        ],
    );
    xml.empty("wp:extent", &[("cx", &cx), ("cy", &cy)]);
    xml.empty("wp:docPr", &[("id", &id), ("name", &name), ("descr", alt)]);
    xml.open("a:graphic", &[("xmlns:a", main)]).open("a:graphicData", &[("uri", picture)]);
    xml.open("pic:pic", &[("xmlns:pic", picture)]).open("pic:nvPicPr", &[]);
    xml.empty("pic:cNvPr", &[("id", &id), ("name", &name), ("descr", alt)])
        .empty("pic:cNvPicPr", &[])
        .close();
    xml.open("pic:blipFill", &[]).empty("a:blip", &[("r:embed", relation)]);
    xml.open("a:stretch", &[]).empty("a:fillRect", &[]).close().close();
    xml.open("pic:spPr", &[]).open("a:xfrm", &[]);
    xml.empty("a:off", &[("x", "0"), ("y", "0")]).empty("a:ext", &[("cx", &cx), ("cy", &cy)]).close();
    xml.open("a:prstGeom", &[("prst", "rect")]).empty("a:avLst", &[]).close().close();
    xml.close().close().close().close().close();
}
