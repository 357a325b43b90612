//! What is wrong with rows and with whole files, and where.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use meed_facts::check::Complaint;

/// Something that makes a row unreadable. All that is wrong with a row is reported, and nothing of it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The file.
    pub file: Arc<Path>,
    /// The line in a file of text, else the row, from 1.
    pub line: u64,
    /// The column, with the position in a list where it stands in one: `hires[2].salary_paid_2023`.
    pub column: String,
    /// What is wrong.
    pub reason: String,
    /// The likely fix; empty where there is none to propose.
    pub help: String,
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file.display(), self.line)?;
        if !self.column.is_empty() {
            write!(f, "{}: ", self.column)?;
        }
        f.write_str(&self.reason)?;
        if self.help.is_empty() {
            return Ok(());
        }
        write!(f, " (help: {})", self.help)
    }
}

/// Why a population cannot be read or written at all.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// The file system refuses.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// The file is not what its ending says, or is damaged.
    #[error("{}: {message}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// Columns that the vocabulary does not know or that cannot hold what they should.
    #[error("{}: {}", .path.display(), lines(.complaints))]
    Columns {
        /// The file.
        path: PathBuf,
        /// What is wrong, all at once.
        complaints: Vec<Complaint>,
    },
    /// The folder or its files do not make a population.
    #[error("{}: {}{}", .path.display(), .complaint.message, help(&.complaint.help))]
    Layout {
        /// The folder or file.
        path: PathBuf,
        /// What is wrong.
        complaint: Complaint,
    },
    /// A row is wrong and the reading is strict.
    #[error("{0}")]
    Rejected(Reject),
}

impl TablesError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn damaged<E: fmt::Display>(path: &Path) -> impl FnOnce(E) -> Self {
        let path = path.to_path_buf();
        move |error| Self::Damaged {
            path,
            message: error.to_string(),
        }
    }

    pub(crate) fn layout(path: &Path, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Layout {
            path: path.to_path_buf(),
            complaint: Complaint::new(message, help),
        }
    }
}

fn help(help: &str) -> String {
    if help.is_empty() {
        String::new()
    } else {
        format!(" (help: {help})")
    }
}

fn lines(complaints: &[Complaint]) -> String {
    let lines: Vec<String> = complaints
        .iter()
        .map(|complaint| format!("{}{}", complaint.message, help(&complaint.help)))
        .collect();
    lines.join("; ")
}
