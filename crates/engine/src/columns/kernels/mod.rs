//! What each operation does with rows: the definition's operators (`explain`) on columns. One file for each of the definition's.

mod aggregate;
mod arithmetic;
mod choice;
mod dates;
mod facts;
mod formula;
mod fused;
mod growth;
mod history;
mod lift;
mod logic;
mod order;
mod race;
mod table;
mod titles;
mod whole;

pub(super) use facts::period;
pub(super) use formula::Formula;
pub(super) use fused::Fused;
