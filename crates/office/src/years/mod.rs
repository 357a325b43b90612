//! Years: what becomes of a line's money when its year ends, and how the pledges of a new year get theirs.
//!
//! Each item is one command, so that a year's end that was interrupted goes on where it stopped; [`next`] says what is left to do.

mod acts;
mod carry;
mod end;
mod open;
mod order;

pub use acts::Act;
pub use order::{Step, next, run};
