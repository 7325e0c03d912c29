//! Pictures in a PDF: a JPEG as it is, a PNG as it is where PDF can read it, else its pixels.

use pdf_writer::{Filter, Name, Ref, types::Predictor};

use super::file::{File, deflated};
use crate::document::{Image, ImageFormat};

/// Writes a picture. `flat` for files that may not have transparency: it then stands on white.
///
/// # Errors
/// When it cannot be read, with the reason.
pub(super) fn write(file: &mut File, id: Ref, image: &Image, flat: bool) -> Result<(), String> {
    match image.format {
        ImageFormat::Jpeg => {
            let gray = image.components().ok_or("its head cannot be read")? == 1;
            let mut out = file.chunk.image_xobject(id, &image.bytes);
            out.filter(Filter::DctDecode);
            describe(&mut out, image, 8);
            out.color_space_name(space(gray));
            Ok(())
        }
        ImageFormat::Png => png(file, id, image, flat),
    }
}

fn describe(out: &mut pdf_writer::writers::ImageXObject, image: &Image, bits: i32) {
    out.width(image.width as i32).height(image.height as i32).bits_per_component(bits);
}

fn space(gray: bool) -> Name<'static> {
    Name(if gray { b"DeviceGray" } else { b"DeviceRGB" })
}

fn png(file: &mut File, id: Ref, image: &Image, flat: bool) -> Result<(), String> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(&image.bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|e| e.to_string())?;
    let info = reader.info();
    let plain = !info.interlaced && info.trns.is_none() && info.bit_depth != png::BitDepth::Sixteen;
    let bits = info.bit_depth as i32;
    let kind = match info.color_type {
        png::ColorType::Grayscale => Some((1, None)),
        png::ColorType::Rgb => Some((3, None)),
        png::ColorType::Indexed => Some((1, info.palette.clone())),
        png::ColorType::GrayscaleAlpha | png::ColorType::Rgba => None,
    };
    // What PNG packs, PDF unpacks: nothing is changed.
    if let (true, Some((colors, palette))) = (plain, kind)
        && let Some(packed) = packed_pixels(&image.bytes)
    {
        let mut out = file.chunk.image_xobject(id, &packed);
        out.filter(Filter::FlateDecode);
        out.decode_parms()
            .predictor(Predictor::PngOptimum)
            .colors(colors)
            .bits_per_component(bits)
            .columns(image.width as i32);
        describe(&mut out, image, bits);
        match palette {
            Some(palette) => {
                let last = (palette.len() / 3).clamp(1, 1 << bits) - 1;
                let colors = palette.get(..3 * (last + 1)).ok_or("its palette is cut off")?;
                out.color_space().indexed(space(false), last as i32, colors);
            }
            None => {
                out.color_space_name(space(colors == 1));
            }
        }
        return Ok(());
    }
    let size = reader.output_buffer_size().ok_or("it is too large")?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(|e| e.to_string())?;
    pixels.truncate(frame.buffer_size());
    let (gray, opaque) = match frame.color_type {
        png::ColorType::Grayscale => (true, true),
        png::ColorType::GrayscaleAlpha => (true, false),
        png::ColorType::Rgb => (false, true),
        png::ColorType::Rgba => (false, false),
        png::ColorType::Indexed => return Err("its colours are not known".to_owned()),
    };
    let mut alpha = Vec::new();
    if !opaque {
        let step = if gray { 2 } else { 4 };
        alpha = pixels.chunks_exact(step).map(|p| p[step - 1]).collect();
        let colors = pixels.chunks_exact(step).flat_map(|p| {
            let (color, seen) = p.split_at(step - 1);
            let seen = u16::from(seen[0]);
            color.iter().map(move |&c| match flat {
                true => ((u16::from(c) * seen + 255 * (255 - seen) + 127) / 255) as u8,
                false => c,
            })
        });
        pixels = colors.collect();
    }
    let masked = !flat && alpha.iter().any(|&a| a < 255);
    let mask = file.id();
    let packed = deflated(&pixels);
    let mut out = file.chunk.image_xobject(id, &packed);
    out.filter(Filter::FlateDecode);
    describe(&mut out, image, 8);
    out.color_space_name(space(gray));
    if masked {
        out.s_mask(mask);
    }
    drop(out);
    if masked {
        let packed = deflated(&alpha);
        let mut out = file.chunk.image_xobject(mask, &packed);
        out.filter(Filter::FlateDecode);
        describe(&mut out, image, 8);
        out.color_space_name(space(true));
    }
    Ok(())
}

/// The packed pixels of a PNG: what its `IDAT` chunks hold.
fn packed_pixels(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes(head[..4].try_into().ok()?) as usize;
        match &head[4..] {
            b"IDAT" => out.extend(bytes.get(at + 8..at + 8 + length)?),
            b"IEND" => break,
            _ => {}
        }
        at += 12 + length;
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use png::{BitDepth, ColorType};

    use super::{File, Image, packed_pixels, write};

    /// A picture of four by two points.
    fn picture(color: ColorType, depth: BitDepth) -> Image {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 4, 2);
        encoder.set_color(color);
        encoder.set_depth(depth);
        if color == ColorType::Indexed {
            encoder.set_palette(vec![255, 0, 0, 0, 128, 0, 0, 0, 64]);
        }
        let row = (4 * color.samples() * depth as usize).div_ceil(8);
        let pixels: Vec<u8> = match color {
            ColorType::Indexed => vec![0; 2 * row],
            _ => (0..2 * row).map(|k| (k * 29 % 251) as u8).collect(),
        };
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&pixels).unwrap();
        writer.finish().unwrap();
        Image::read("a.png".into(), bytes).unwrap()
    }

    fn written(image: &Image, flat: bool) -> Vec<u8> {
        let mut file = File::new(0);
        let id = file.id();
        write(&mut file, id, image, flat).unwrap();
        file.chunk.as_bytes().to_vec()
    }

    fn has(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn packed_pixels_are_not_touched() {
        for (color, depth) in [
            (ColorType::Grayscale, BitDepth::One),
            (ColorType::Grayscale, BitDepth::Eight),
            (ColorType::Rgb, BitDepth::Eight),
            (ColorType::Indexed, BitDepth::Two),
        ] {
            let image = picture(color, depth);
            let packed = packed_pixels(&image.bytes).unwrap();
            let file = written(&image, false);
            assert!(has(&file, &packed), "{color:?} {depth:?}");
            assert_eq!(has(&file, b"/Indexed"), color == ColorType::Indexed, "{color:?}");
        }
        // What PDF has no words for is unpacked.
        let deep = picture(ColorType::Rgb, BitDepth::Sixteen);
        assert!(!has(&written(&deep, false), &packed_pixels(&deep.bytes).unwrap()));
    }

    #[test]
    fn transparency_is_a_mask_or_stands_on_white() {
        for color in [ColorType::Rgba, ColorType::GrayscaleAlpha] {
            let image = picture(color, BitDepth::Eight);
            assert!(has(&written(&image, false), b"/SMask"), "{color:?}");
            assert!(!has(&written(&image, true), b"/SMask"), "{color:?}");
        }
    }
}
