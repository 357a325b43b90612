//! Stories from a match to a paid yuan, each on both databases.

pub mod design_centres;
mod rationed_round;
