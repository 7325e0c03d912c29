//! Bytes packed by libdeflate: streams of a PDF, the picture of a cover, parts of an archive.

use libdeflater::{CompressionLvl, Compressor};

/// Packs one piece of bytes after the other.
pub(super) struct Packer(Compressor);

impl Packer {
    /// A packer that takes so much trouble, from 1 to 12.
    pub(super) fn new(level: i32) -> Self {
        Self(Compressor::new(CompressionLvl::new(level).unwrap_or_default()))
    }

    /// Bytes in the form of zlib.
    pub(super) fn zlib(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![0; self.0.zlib_compress_bound(bytes.len())];
        let length = self.0.zlib_compress(bytes, &mut out).expect("there is room for the worst case");
        out.truncate(length);
        out
    }

    /// Appends bytes as they deflate, without head and sum; gives back how many they became.
    pub(super) fn deflate(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> usize {
        let start = out.len();
        out.resize(start + self.0.deflate_compress_bound(bytes.len()), 0);
        let length =
            self.0.deflate_compress(bytes, &mut out[start..]).expect("there is room for the worst case");
        out.truncate(start + length);
        length
    }
}

/// The sum that archives keep of a part (CRC-32).
pub(super) fn sum(bytes: &[u8]) -> u32 {
    libdeflater::crc32(bytes)
}

#[cfg(test)]
mod tests {
    use super::Packer;

    #[test]
    fn packed_bytes_come_back() {
        let noise: Vec<u8> = (0..100_000u32).map(|k| (k.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for level in [1, 6] {
            let mut packer = Packer::new(level);
            for bytes in [&b""[..], b"hanpress", &noise, &[0; 70_000]] {
                let mut out = vec![0; bytes.len()];
                libdeflater::Decompressor::new().zlib_decompress(&packer.zlib(bytes), &mut out).unwrap();
                assert_eq!(out, bytes);
                let mut packed = b"head".to_vec();
                let length = packer.deflate(bytes, &mut packed);
                assert_eq!((&packed[..4], packed.len()), (&b"head"[..], 4 + length));
                let mut out = vec![0; bytes.len()];
                libdeflater::Decompressor::new().deflate_decompress(&packed[4..], &mut out).unwrap();
                assert_eq!(out, bytes);
            }
        }
    }
}
