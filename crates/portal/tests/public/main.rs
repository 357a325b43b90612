//! The public pages over a small office, as a browser without scripts and without an account sees them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what cannot be set up fails its test"
)]

mod check;
#[path = "../../../office/tests/office/support/code.rs"]
mod code;
#[path = "../support/database.rs"]
mod database;
mod figures;
#[path = "../../../office/tests/office/support/given.rs"]
mod given;
mod notices;
mod policies;
mod support;
#[path = "../support/town.rs"]
mod town;
