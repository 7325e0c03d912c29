//! The objects of a PDF: ids, streams, what is packed.

use flate2::{Compress, Compression, FlushCompress};
use pdf_writer::{Filter, Pdf, Ref};

/// A file that is being written.
pub(super) struct File {
    /// Its objects.
    pub(super) chunk: Pdf,
    next: i32,
}

impl File {
    /// An empty file.
    pub(super) fn new() -> Self {
        Self { chunk: Pdf::with_capacity(1 << 16), next: 0 }
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
    Packer::new(Compression::new(6)).pack(bytes)
}

/// Packs one stream after the other without taking new memory for each.
pub(super) struct Packer(Compress);

impl Packer {
    /// A packer that takes so much trouble.
    pub(super) fn new(level: Compression) -> Self {
        Self(Compress::new(level, true))
    }

    /// Bytes in the form of zlib.
    pub(super) fn pack(&mut self, bytes: &[u8]) -> Vec<u8> {
        let packer = &mut self.0;
        packer.reset();
        let mut out = Vec::with_capacity(bytes.len() / 2 + 64);
        loop {
            let read = packer.total_in() as usize;
            // It writes into memory, with room left, so that it can only say what it still wants.
            let state = packer.compress_vec(&bytes[read..], &mut out, FlushCompress::Finish);
            if matches!(state, Ok(flate2::Status::StreamEnd)) {
                return out;
            }
            out.reserve(out.capacity() / 2 + 64);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{Packer, deflated};

    #[test]
    fn packed_bytes_come_back() {
        let mut packer = Packer::new(flate2::Compression::new(2));
        let noise: Vec<u8> = (0..100_000u32).map(|k| (k.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for bytes in [&b""[..], b"hanpress", &noise, &[0; 70_000]] {
            for packed in [deflated(bytes), packer.pack(bytes)] {
                let mut out = Vec::new();
                flate2::read::ZlibDecoder::new(&packed[..]).read_to_end(&mut out).unwrap();
                assert_eq!(out, bytes);
            }
        }
    }
}
