//! Payments: accounts, instructions that are never sent twice, batches under two keys, and what the bank says.

mod record;

pub use record::{Account, Batch, BatchRow, Difference, Entry, Instruction, Statement};
