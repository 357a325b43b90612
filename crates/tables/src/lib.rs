//! Populations as files: Parquet, Arrow, JSON lines, folders of CSV files and workbooks in; all but workbooks out; tables of results out.
//!
//! One row is one applicant, and the columns have the names that a file of facts uses (`docs/populations.md` describes them). What a reader accepts is what
//! [`meed_facts::json`] accepts, since both ask [`meed_facts::check`].
//!
//! | module | idea |
//! |---|---|
//! | [`columns`] | the names of columns and what they mean |
//! | [`read`] | a path to batches, and the rows that are wrong |
//! | [`mod@write`] | batches to a folder of parts |
//! | [`results`] | tables of results to numbered parts |
//! | [`folder`] | which CSV files or sheets there are, and their columns |
//!
//! Columns are copied as they are: `decode` builds nothing for a row that Arrow holds as a column, and `encode` is the way back.

mod cell;
pub mod columns;
mod decode;
mod encode;
mod fault;
pub mod folder;
mod layout;
pub mod read;
pub mod results;
pub mod write;

pub use fault::{Reject, TablesError};
pub use layout::Layout;
