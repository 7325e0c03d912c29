//! The colours that a PDF means: a profile of sRGB (ICC.1:1998-09, version 2, as PDF/A-1 wants it).

/// Red, green, blue and white of sRGB (IEC 61966-2-1), adapted to D50, in 1/65536.
const RED: [u32; 3] = [0x6FA2, 0x38F5, 0x0390];
const GREEN: [u32; 3] = [0x6299, 0xB785, 0x18DA];
const BLUE: [u32; 3] = [0x24A0, 0x0F84, 0xB6CF];
const WHITE: [u32; 3] = [0xF6D6, 0x1_0000, 0xD32D];

/// Entries of the tone curve.
const CURVE: u32 = 256;

/// The profile.
pub(super) fn srgb() -> Vec<u8> {
    let curve = curve();
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", description("sRGB")),
        (b"cprt", text("No rights are claimed.")),
        (b"wtpt", point(WHITE)),
        (b"rXYZ", point(RED)),
        (b"gXYZ", point(GREEN)),
        (b"bXYZ", point(BLUE)),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];
    let mut table = Vec::new();
    let mut data: Vec<u8> = Vec::new();
    let start = 128 + 4 + 12 * tags.len() as u32;
    let mut last: Option<(u32, &[u8])> = None;
    word(&mut table, tags.len() as u32);
    for (name, bytes) in &tags {
        // The three curves are one.
        let at = match last {
            Some((at, before)) if before == bytes => at,
            _ => {
                let at = start + data.len() as u32;
                data.extend(bytes);
                data.resize(data.len().next_multiple_of(4), 0);
                at
            }
        };
        last = Some((at, bytes));
        table.extend(*name);
        word(&mut table, at);
        word(&mut table, bytes.len() as u32);
    }
    let mut out = Vec::with_capacity(start as usize + data.len());
    word(&mut out, start + data.len() as u32);
    out.extend([0; 4]);
    word(&mut out, 0x0210_0000);
    out.extend(b"mntrRGB XYZ ");
    // Of a date: the first of the century's.
    for number in [2000u16, 1, 1, 0, 0, 0] {
        out.extend(number.to_be_bytes());
    }
    out.extend(b"acsp");
    out.extend([0; 28]);
    // Profiles meet in a space whose white is D50 too.
    for number in WHITE {
        word(&mut out, number);
    }
    out.resize(128, 0);
    out.extend(table);
    out.extend(data);
    out
}

fn word(out: &mut Vec<u8>, value: u32) {
    out.extend(value.to_be_bytes());
}

fn description(name: &str) -> Vec<u8> {
    let mut out = b"desc\0\0\0\0".to_vec();
    word(&mut out, name.len() as u32 + 1);
    out.extend(name.as_bytes());
    // The end of the name, no Unicode, no Macintosh form.
    out.extend([0; 1 + 8 + 3 + 67]);
    out
}

fn text(words: &str) -> Vec<u8> {
    let mut out = b"text\0\0\0\0".to_vec();
    out.extend(words.as_bytes());
    out.push(0);
    out
}

fn point(xyz: [u32; 3]) -> Vec<u8> {
    let mut out = b"XYZ \0\0\0\0".to_vec();
    for value in xyz {
        word(&mut out, value);
    }
    out
}

fn curve() -> Vec<u8> {
    let mut out = b"curv\0\0\0\0".to_vec();
    word(&mut out, CURVE);
    for step in 0..CURVE {
        let value = f64::from(step) / f64::from(CURVE - 1);
        let light = if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
        out.extend(((light * 65_535.0).round() as u16).to_be_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::srgb;

    #[test]
    fn profile_is_whole() {
        let profile = srgb();
        assert_eq!(profile.len() as u32, u32::from_be_bytes(profile[..4].try_into().unwrap()));
        assert_eq!(&profile[36..40], b"acsp");
        // Every tag lies inside, at a multiple of four.
        for tag in profile[132..132 + 9 * 12].chunks(12) {
            let number = |at: usize| u32::from_be_bytes(tag[at..at + 4].try_into().unwrap()) as usize;
            assert!(number(4) % 4 == 0 && number(4) + number(8) <= profile.len());
        }
        // Red, green and blue make the white.
        for axis in 0..3 {
            let sum = super::RED[axis] + super::GREEN[axis] + super::BLUE[axis];
            assert!(sum.abs_diff(super::WHITE[axis]) <= 16, "axis {axis}: {sum:X}");
        }
    }
}
