//! The web as it is served: who comes where, what programs are told, and what nobody sees.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what cannot be set up fails its test"
)]

mod api;
#[path = "../../../office/tests/office/support/code.rs"]
mod code;
mod crawl;
#[path = "../support/database.rs"]
mod database;
#[path = "../../../office/tests/office/support/given.rs"]
mod given;
mod letters;
mod nobody;
mod plain;
mod privacy;
mod public;
mod reviews;
mod sheets;
mod support;
mod together;
mod tokens;
#[path = "../support/town.rs"]
mod town;
mod workbench;
