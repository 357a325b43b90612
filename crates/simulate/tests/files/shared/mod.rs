//! What several tests need.

pub mod folder;
pub mod tiny;
