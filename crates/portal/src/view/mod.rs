//! The parts that pages are made of. Every word comes from [`crate::words`], every number is set the same way.

mod act;
mod chart;
mod columns;
mod explained;
mod frame;
mod parts;
mod reasons;
mod table;

pub use act::{Offer, SETTLED, field_name, name as act_name, split_lines};
pub use chart::{Bar, Compared, Length, Stack, bars, compared, stacks};
pub use columns::columns;
pub use explained::{anchor, block, blocks, clause, entries, sign};
pub use frame::{NAVIGATION, csrf, encoded, fault, frame};
pub use parts::{
    amount, breached, count, day, grouped, leads, moment, pairs, role_name, section, state, yuan, yuan_text,
};
pub use reasons::{in_words, reason};
pub use table::Table;
