//! Payments: accounts, instructions that are never sent twice, batches under two keys, and what the bank says.
//!
//! | module | idea |
//! |---|---|
//! | [`accounts`] | versions of payees' accounts, each waiting before money goes there |
//! | [`batches`] | building, the two keys, the way out, the way back of returned money |
//! | [`sending`] | who carries a file to the bank, and what is written before and after |
//! | [`transport`] | a folder, or a simulated bank |
//! | [`inbound`] | what the bank says: answers, statements, and what disagrees with our book |
//! | [`reconcile`] | a day of the bank's book against ours |
//! | [`restore`] | after a backup: nothing leaves before the bank's book has been compared |

pub mod accounts;
mod answers;
pub mod batches;
mod booked;
mod building;
mod differences;
mod dissolving;
mod entries;
mod file;
mod guard;
pub mod inbound;
mod keys;
mod moves;
mod recheck;
pub mod reconcile;
mod record;
pub mod restore;
mod returns;
mod row;
pub mod sending;
mod settling;
mod statements;
mod surplus;
mod together;
pub mod transport;

pub use booked::in_our_book;
pub use dissolving::dissolve_held;
pub use record::{Account, Batch, BatchRow, Difference, Entry, Instruction, Restoration, Restored, Statement};
pub use surplus::{count_once, must_not_be_refundable};
