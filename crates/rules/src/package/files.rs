//! Reading a package's folder.

use std::io;
use std::path::{Path, PathBuf};

use meed_syntax::diagnostic::Message;

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
    #[error("{path}: {reason}", path = path.display(), reason = reason.en)]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: Message,
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
    /// The file or folder.
    pub fn path(&self) -> &Path {
        match self {
            OpenError::Unreadable { path, .. } | OpenError::NotAPackage { path, .. } => path,
        }
    }

    /// What is wrong with it, in both languages.
    pub fn words(&self) -> Message {
        match self {
            OpenError::Unreadable { reason, .. } => reason.clone(),
            OpenError::NotAPackage { file, .. } => Message::new(
                format!("this is not a package, it has no {file}; name the folder that holds one"),
                format!("这不是规则包，其中没有 {file}；请指明含有该文件的文件夹"),
            ),
        }
    }

    pub(super) fn no_manifest(root: &Path, file: &str) -> Self {
        OpenError::NotAPackage {
            path: root.to_owned(),
            file: file.to_owned(),
        }
    }

    fn unreadable(path: &Path, en: impl Into<String>, zh: impl Into<String>) -> Self {
        OpenError::Unreadable {
            path: path.to_owned(),
            reason: Message::new(en, zh),
        }
    }

    /// What the system says.
    fn system(path: &Path, error: &io::Error) -> Self {
        let zh = match error.kind() {
            io::ErrorKind::NotFound => "文件或文件夹不存在".to_owned(),
            io::ErrorKind::PermissionDenied => "没有访问权限".to_owned(),
            _ => error.to_string(),
        };
        OpenError::unreadable(path, error.to_string(), zh)
    }
}

/// Reads `meed.toml`, `meed.lock`, `briefing.toml`, `population.toml`, `*.md` and `*.csv` below `root`. Hidden folders and links are left out.
pub(super) fn read(root: &Path) -> Result<Files, OpenError> {
    let mut files = Files::new();
    let mut folders = vec![(root.to_owned(), String::new(), 0_usize)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| OpenError::system(&folder, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| OpenError::system(&folder, &error))?;
            let path = entry.path();
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                return Err(OpenError::unreadable(
                    &path,
                    "the name is not UTF-8; rename it",
                    "文件名不是 UTF-8 编码，请改名",
                ));
            };
            let kind = entry.file_type().map_err(|error| OpenError::system(&path, &error))?;
            let inside = format!("{prefix}{name}");
            if kind.is_dir() && !name.starts_with('.') {
                if depth >= MOST_DEPTH {
                    return Err(OpenError::unreadable(
                        &path,
                        format!("folders nest deeper than {MOST_DEPTH}"),
                        format!("文件夹嵌套超过 {MOST_DEPTH} 层"),
                    ));
                }
                folders.push((path, format!("{inside}/"), depth.saturating_add(1)));
            } else if kind.is_file() && is_part(&inside) {
                if files.len() >= MOST_FILES {
                    return Err(OpenError::unreadable(
                        root,
                        format!("a package has at most {MOST_FILES} files"),
                        format!("一个规则包最多 {MOST_FILES} 个文件"),
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
    let named = matches!(inside, "meed.toml" | "meed.lock" | super::FIGURES | super::POPULATION);
    named || lower.ends_with(".md") || lower.ends_with(".csv")
}

fn read_text(path: &Path) -> Result<String, OpenError> {
    let size = std::fs::metadata(path)
        .map_err(|error| OpenError::system(path, &error))?
        .len();
    if size > MOST_BYTES {
        return Err(OpenError::unreadable(
            path,
            format!("the file has {size} bytes, at most {MOST_BYTES} are read; split it"),
            format!("文件有 {size} 字节，最多读取 {MOST_BYTES} 字节，请拆分"),
        ));
    }
    let bytes = std::fs::read(path).map_err(|error| OpenError::system(path, &error))?;
    text_of(bytes).map_err(|why| OpenError::unreadable(path, why.en, why.zh))
}

/// The text of a file's bytes, or at which line and column it is no text.
///
/// # Errors
/// Bytes that are not UTF-8.
pub fn text_of(bytes: Vec<u8>) -> Result<String, Message> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error
            .as_bytes()
            .get(..error.utf8_error().valid_up_to())
            .unwrap_or_default();
        let before = String::from_utf8_lossy(valid);
        let line = before.matches('\n').count().saturating_add(1);
        let column = before
            .chars()
            .rev()
            .take_while(|c| *c != '\n')
            .count()
            .saturating_add(1);
        Message::new(
            format!("line {line}, column {column}: the text is not UTF-8; save it as UTF-8"),
            format!("第 {line} 行第 {column} 列：文本不是 UTF-8 编码，请另存为 UTF-8"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_told_by_line_and_column() {
        let why = text_of("一\n二三\u{0}".bytes().chain([0xff, b'x']).collect()).unwrap_err();
        assert!(why.en.starts_with("line 2, column 4: "), "{}", why.en);
        assert!(text_of("一".into()).is_ok());
    }
}
