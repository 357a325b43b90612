//! The parts that pages are made of. Every word comes from [`crate::words`], every number is set the same way.

mod chart;
mod frame;
mod parts;
mod table;

pub use chart::{Bar, bars};
pub use frame::{NAVIGATION, fault, frame};
pub use parts::{amount, count, day, moment, pairs, section, state, yuan};
pub use table::Table;
