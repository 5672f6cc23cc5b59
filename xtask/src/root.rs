//! Where the workspace lies.

use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn workspace() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// A file could not be read, written or understood.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// The operating system refused.
    #[error("{path}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The contents are not what they should be.
    #[error("{path} is malformed")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What the parser said.
        #[source]
        source: Box<dyn std::error::Error>,
    },
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String, FileError> {
    std::fs::read_to_string(path).map_err(|source| FileError::Io {
        path: path.into(),
        source,
    })
}

/// The files below `folder` whose name ends in `.extension`, in order; none if there is no folder.
pub(crate) fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, FileError> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        if !folder.is_dir() {
            continue;
        }
        let io = |source| FileError::Io {
            path: folder.clone(),
            source,
        };
        for entry in std::fs::read_dir(&folder).map_err(io)? {
            let path = entry.map_err(io)?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
/// Writes a file and the folders above it.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), FileError> {
    let io = |source| FileError::Io {
        path: path.into(),
        source,
    };
    path.parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .map_err(io)?;
    std::fs::write(path, text).map_err(io)
}

/// Removes a file.
pub(crate) fn remove(path: &Path) -> Result<(), FileError> {
    std::fs::remove_file(path).map_err(|source| FileError::Io {
        path: path.into(),
        source,
    })
}
