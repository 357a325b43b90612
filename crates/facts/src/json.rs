//! Facts as JSON: reading records exactly, with the place of every mistake; the format's JSON Schema; canonical JSON
//! and digests.
//!
//! A number is taken from its text, never through a float. All mistakes of a file are reported at once.

mod canonical;
mod check;
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

/// One mistake in a file of facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactError {
    /// Line of the place, from 1; 0 where the record does not come from a text.
    pub line: usize,
    /// Column of the place in characters, from 1; 0 where the record does not come from a text.
    pub column: usize,
    /// Where in the facts: `enterprise.revenue.2022`, `enterprise.hires[0].salary`.
    pub path: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The likely fix; empty where there is none to propose.
    pub help: String,
}

impl fmt::Display for FactError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "{}:{}: ", self.line, self.column)?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if self.help.is_empty() {
            Ok(())
        } else {
            write!(f, " (help: {})", self.help)
        }
    }
}

impl std::error::Error for FactError {}
