//! Stories from a match to a paid yuan, each on both databases.

mod corrected;
pub mod design_centres;
mod hiring;
mod rationed_round;
mod year_end;
