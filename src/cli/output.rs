//! Where outputs go: standard output, or a file that is whole or absent.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

/// Where an output goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// Standard output.
    Stdout,
    /// A file; what was there is replaced.
    File(PathBuf),
}

impl Target {
    /// What a flag names: `-` is standard output.
    pub(crate) fn of(path: &Path) -> Self {
        if path == Path::new("-") { Self::Stdout } else { Self::File(path.to_owned()) }
    }
}

/// Writes a file under a temporary name beside its place and renames it, so that it is whole or absent.
pub(crate) fn write(target: &Target, bytes: &[u8]) -> Result<()> {
    let path = match target {
        Target::Stdout => {
            let mut out = std::io::stdout().lock();
            return out
                .write_all(bytes)
                .and_then(|()| out.flush())
                .context("cannot write to standard output");
        }
        Target::File(path) => path,
    };
    let dir = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let attempt = || -> std::io::Result<()> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".hanpress-");
        #[cfg(unix)]
        {
            // As any other program would make it: the user's umask decides.
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let mut file = builder.tempfile_in(dir)?;
        file.write_all(bytes)?;
        file.persist(path)?;
        Ok(())
    };
    attempt().with_context(|| format!("cannot write `{}`", path.display()))
}
