//! Sheets of an office as PDF, in both languages: what is said on them, and that other programs take them for what they say they are.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what cannot be set up fails its test"
)]

#[path = "../../../office/tests/office/support/code.rs"]
mod code;
#[path = "../../../portal/tests/support/database.rs"]
mod database;
mod fonts;
#[path = "../../../office/tests/office/support/given.rs"]
mod given;
mod printed;
mod read;
mod sheets;
#[expect(dead_code, reason = "the portal's tests ask for more")]
#[path = "../../../portal/tests/web/support/mod.rs"]
mod support;
mod texts;
#[path = "../../../portal/tests/support/town.rs"]
mod town;
