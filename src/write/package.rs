//! Parts in, a zip archive out: parts in the given order, one fixed date, so that equal
//! parts are equal bytes.

use std::io::{Cursor, Write};

use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

/// Deflate level of zip parts: fonts deflate hardly better above it, and take twice as long.
const LEVEL: i64 = 4;

/// An ordered list of parts.
#[derive(Default)]
pub(crate) struct Package {
    parts: Vec<Part>,
}

struct Part {
    path: String,
    bytes: Vec<u8>,
    method: CompressionMethod,
}

impl Package {
    /// Adds a part that is worth compressing.
    pub(crate) fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.push(path.into(), bytes.into(), CompressionMethod::Deflated);
    }

    /// Adds a part as it is: the EPUB's `mimetype`, pictures that are compressed already.
    pub(crate) fn store(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.push(path.into(), bytes.into(), CompressionMethod::Stored);
    }

    fn push(&mut self, path: String, bytes: Vec<u8>, method: CompressionMethod) {
        self.parts.push(Part { path, bytes, method });
    }

    /// The archive.
    pub(crate) fn finish(self) -> Result<Vec<u8>, String> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for part in self.parts {
            let options = SimpleFileOptions::default()
                .last_modified_time(DateTime::default())
                .unix_permissions(0o644)
                .compression_level((part.method == CompressionMethod::Deflated).then_some(LEVEL))
                .compression_method(part.method);
            zip.start_file(part.path, options).map_err(|e| e.to_string())?;
            zip.write_all(&part.bytes).map_err(|e| e.to_string())?;
        }
        Ok(zip.finish().map_err(|e| e.to_string())?.into_inner())
    }
}
