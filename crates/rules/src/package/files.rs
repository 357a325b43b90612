//! Reading a package's folder.

use std::io;
use std::path::{Path, PathBuf};

use super::Files;

/// A package has at most so many files.
const MOST_FILES: usize = 10_000;
/// A file has at most so many bytes.
const MOST_BYTES: u64 = 4 << 20;
/// Folders nest at most so deep.
const MOST_DEPTH: usize = 32;

/// A package that cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file or folder cannot be read.
    #[error("{path}: {reason}", path = path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// There is no `meed.toml`.
    #[error("{path}: this is not a package, it has no {file}; name the folder that holds one", path = path.display())]
    NotAPackage {
        /// The folder.
        path: PathBuf,
        /// What is missing.
        file: String,
    },
}

impl OpenError {
    pub(super) fn no_manifest(root: &Path, file: &str) -> Self {
        OpenError::NotAPackage {
            path: root.to_owned(),
            file: file.to_owned(),
        }
    }

    fn unreadable(path: &Path, reason: impl ToString) -> Self {
        OpenError::Unreadable {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }
}

/// Reads `meed.toml`, `meed.lock`, `*.md` and `*.csv` below `root`. Hidden folders and links are left out.
pub(super) fn read(root: &Path) -> Result<Files, OpenError> {
    let mut files = Files::new();
    let mut folders = vec![(root.to_owned(), String::new(), 0_usize)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| OpenError::unreadable(&folder, error))?;
        for entry in entries {
            let entry = entry.map_err(|error| OpenError::unreadable(&folder, error))?;
            let path = entry.path();
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                return Err(OpenError::unreadable(&path, "the name is not UTF-8; rename it"));
            };
            let kind = entry.file_type().map_err(|error| OpenError::unreadable(&path, error))?;
            let inside = format!("{prefix}{name}");
            if kind.is_dir() && !name.starts_with('.') {
                if depth >= MOST_DEPTH {
                    return Err(OpenError::unreadable(
                        &path,
                        format!("folders nest deeper than {MOST_DEPTH}"),
                    ));
                }
                folders.push((path, format!("{inside}/"), depth.saturating_add(1)));
            } else if kind.is_file() && is_part(&inside) {
                if files.len() >= MOST_FILES {
                    return Err(OpenError::unreadable(
                        root,
                        format!("a package has at most {MOST_FILES} files"),
                    ));
                }
                files.insert(inside, read_text(&path)?);
            }
        }
    }
    Ok(files)
}

fn is_part(inside: &str) -> bool {
    let lower = inside.to_ascii_lowercase();
    inside == "meed.toml" || inside == "meed.lock" || lower.ends_with(".md") || lower.ends_with(".csv")
}

fn read_text(path: &Path) -> Result<String, OpenError> {
    let size = std::fs::metadata(path)
        .map_err(|error| OpenError::unreadable(path, error))?
        .len();
    if size > MOST_BYTES {
        return Err(OpenError::unreadable(
            path,
            format!("the file has {size} bytes, at most {MOST_BYTES} are read; split it"),
        ));
    }
    std::fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => OpenError::unreadable(path, "the file is not UTF-8; save it as UTF-8"),
        _ => OpenError::unreadable(path, error),
    })
}
