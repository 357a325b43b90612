//! What is wrong with rows and with whole files, and where.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use meed_facts::check::Complaint;
use meed_facts::label::Lang;
use meed_facts::message::Message;

/// Something that makes a row unreadable. All that is wrong with a row is reported, and nothing of it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The file.
    pub file: Arc<Path>,
    /// The line in a file of text, else the row, from 1.
    pub line: u64,
    /// The column, with the position in a list where it stands in one: `hires[2].salary_paid_2023`.
    pub column: String,
    /// What is wrong, and the likely fix.
    pub complaint: Complaint,
}

impl Reject {
    /// Place, what is wrong and the likely fix, in one language.
    pub fn text(&self, lang: Lang) -> String {
        let told = self.complaint.text(lang);
        let place = format!("{}:{}: ", self.file.display(), self.line);
        match (self.column.is_empty(), lang) {
            (true, _) => place + &told,
            (false, Lang::En) => format!("{place}{}: {told}", self.column),
            (false, Lang::Zh) => format!("{place}{}：{told}", self.column),
        }
    }
}

/// Why a population cannot be read or written at all.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.text(Lang::En))]
pub enum TablesError {
    /// The file system refuses.
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// The file is not what its ending says, or is damaged.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// Columns that the vocabulary does not know or that cannot hold what they should.
    Columns {
        /// The file.
        path: PathBuf,
        /// What is wrong, all at once.
        complaints: Vec<Complaint>,
    },
    /// The folder or its files do not make a population.
    Layout {
        /// The folder or file.
        path: PathBuf,
        /// What is wrong.
        complaint: Box<Complaint>,
    },
    /// A row is wrong, and the reading is strict or the rows after it cannot be told apart.
    Rejected(Box<Reject>),
    /// A decimal of a table of results has more digits than its column.
    TooLong,
}

impl TablesError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn damaged<E: std::fmt::Display>(path: &Path) -> impl FnOnce(E) -> Self {
        let path = path.to_path_buf();
        move |error| Self::Damaged {
            path,
            message: error.to_string(),
        }
    }

    pub(crate) fn layout(path: &Path, message: impl Into<Message>, help: impl Into<Message>) -> Self {
        Self::Layout {
            path: path.to_path_buf(),
            complaint: Box::new(Complaint::new(message, help)),
        }
    }

    /// Place, what is wrong and the likely fix, in both languages; of damage, what the library says in the one that it has.
    pub fn words(&self) -> Message {
        Message::new(self.text(Lang::En), self.text(Lang::Zh))
    }

    fn text(&self, lang: Lang) -> String {
        let (path, told) = match self {
            Self::Rejected(reject) => return reject.text(lang),
            Self::TooLong if lang == Lang::Zh => return "有金额的位数超出其列".to_owned(),
            Self::TooLong => return "an amount has more digits than its column".to_owned(),
            Self::Io { path, source } => (path, source.to_string()),
            Self::Damaged { path, message } if lang == Lang::Zh => {
                (path, format!("文件损坏，或内容与扩展名不符：{message}"))
            }
            Self::Damaged { path, message } => (path, message.clone()),
            Self::Columns { path, complaints } => {
                let told: Vec<String> = complaints.iter().map(|complaint| complaint.text(lang)).collect();
                let between = if lang == Lang::Zh { "；" } else { "; " };
                (path, told.join(between))
            }
            Self::Layout { path, complaint } => (path, complaint.text(lang)),
        };
        format!("{}: {told}", path.display())
    }
}
