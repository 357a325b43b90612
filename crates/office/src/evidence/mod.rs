//! Evidence: decisions made again, and all that belongs to a case in one folder that can be checked without the office.

mod check;
mod pack;
mod replay;

pub use check::{Finding, check};
pub use pack::pack;
pub use replay::{Replayed, replay, replay_one};

/// What stands in an evidence folder.
mod names {
    /// Every other file with its hash.
    pub const MANIFEST: &str = "manifest.json";
    /// The rows of the case and of all that followed from it, by table.
    pub const ROWS: &str = "rows.json";
    /// Headers of the log, from the first entry that wrote one of the rows to the end.
    pub const CHAIN: &str = "log/chain.jsonl";
    /// The entries that wrote one of the rows, in full.
    pub const ENTRIES: &str = "log/entries.jsonl";
}
