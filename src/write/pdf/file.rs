//! The objects of a PDF: ids, streams, what is packed.

use libdeflater::{CompressionLvl, Compressor};
use pdf_writer::{Filter, Pdf, Ref};

/// A file that is being written.
pub(super) struct File {
    /// Its objects.
    pub(super) chunk: Pdf,
    next: i32,
}

impl File {
    /// An empty file, with room for so many pages.
    pub(super) fn new(pages: usize) -> Self {
        Self { chunk: Pdf::with_capacity((1 << 16) + pages * 4096), next: 0 }
    }

    /// A new id.
    pub(super) fn id(&mut self) -> Ref {
        self.next += 1;
        Ref::new(self.next)
    }

    /// Writes a stream, packed.
    pub(super) fn stream(&mut self, id: Ref, bytes: &[u8]) {
        let packed = deflated(bytes);
        self.chunk.stream(id, &packed).filter(Filter::FlateDecode);
    }
}

/// Bytes in the form of zlib, as small as is worth its time.
pub(super) fn deflated(bytes: &[u8]) -> Vec<u8> {
    Packer::new(6).pack(bytes)
}

/// Packs one stream after the other.
pub(super) struct Packer(Compressor);

impl Packer {
    /// A packer that takes so much trouble, from 1 to 12.
    pub(super) fn new(level: i32) -> Self {
        Self(Compressor::new(CompressionLvl::new(level).unwrap_or_default()))
    }

    /// Bytes in the form of zlib.
    pub(super) fn pack(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![0; self.0.zlib_compress_bound(bytes.len())];
        let length = self.0.zlib_compress(bytes, &mut out).expect("there is room for the worst case");
        out.truncate(length);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Packer, deflated};

    #[test]
    fn packed_bytes_come_back() {
        let mut packer = Packer::new(1);
        let noise: Vec<u8> = (0..100_000u32).map(|k| (k.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for bytes in [&b""[..], b"hanpress", &noise, &[0; 70_000]] {
            for packed in [deflated(bytes), packer.pack(bytes)] {
                let mut out = vec![0; bytes.len()];
                libdeflater::Decompressor::new().zlib_decompress(&packed, &mut out).unwrap();
                assert_eq!(out, bytes);
            }
        }
    }
}
