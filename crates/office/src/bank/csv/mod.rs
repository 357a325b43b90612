//! Files of comma-separated values, for banks without ISO 20022: UTF-8, a header row, and a last row that tells a file cut short.

pub(super) mod answers;
mod cell;
pub(super) mod orders;
pub(super) mod statement;
mod table;
