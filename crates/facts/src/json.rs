//! Facts as JSON: reading records exactly, with the place of every mistake; the format's JSON Schema; canonical JSON
//! and digests.
//!
//! A number is taken from its text, never through a float. All mistakes of a file are reported at once.

mod canonical;
mod check;
mod grammar;
mod read;
mod schema;
mod text;
mod write;

use std::fmt;

pub use canonical::{canonical, digest, digest_of};
pub use check::check_dates;
pub use read::{read, read_on};
pub use schema::schema_json;
pub use write::write;

use crate::check::Complaint;
use crate::label::Lang;

/// One mistake in a file of facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactError {
    /// Line of the place, from 1; 0 where the record does not come from a text.
    pub line: usize,
    /// Column of the place in characters, from 1; 0 where the record does not come from a text.
    pub column: usize,
    /// Where in the facts: `enterprise.revenue.2022`, `enterprise.hires[0].salary`.
    pub path: String,
    /// What is wrong, and the likely fix.
    pub complaint: Complaint,
}

impl FactError {
    /// Place, what is wrong and the likely fix, in one language.
    pub fn text(&self, lang: Lang) -> String {
        let mut text = String::new();
        if self.line > 0 {
            text.push_str(&format!("{}:{}: ", self.line, self.column));
        }
        text + &self.without_line(lang)
    }

    /// [`Self::text`] for a reader who does not have the file: where in the facts, what is wrong, the likely fix.
    pub fn without_line(&self, lang: Lang) -> String {
        let told = self.complaint.text(lang);
        match (self.path.is_empty(), lang) {
            (true, _) => told,
            (false, Lang::En) => format!("{}: {told}", self.path),
            (false, Lang::Zh) => format!("{}：{told}", self.path),
        }
    }
}

impl fmt::Display for FactError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for FactError {}
