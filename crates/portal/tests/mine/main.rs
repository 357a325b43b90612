//! The pages of applicants, over the whole web, on a small office.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what cannot be set up fails its test"
)]

#[path = "../../../office/tests/office/support/code.rs"]
mod code;
#[path = "../support/database.rs"]
mod database;
mod duties;
mod form;
#[path = "../../../office/tests/office/support/given.rs"]
mod given;
mod office;
mod pages;
#[path = "../support/town.rs"]
mod town;
