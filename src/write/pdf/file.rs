//! The objects of a PDF: ids, streams, what is packed.

use pdf_writer::{Filter, Pdf, Ref};

use crate::write::packer::Packer;

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
    Packer::new(6).zlib(bytes)
}
