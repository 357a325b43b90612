//! Stories from a match to a paid yuan, each on both databases.

mod design_centres;
