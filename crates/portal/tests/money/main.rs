//! The screens of those who handle money, of auditors, and of officers, over a small office that has paid rewards.

#![expect(clippy::unwrap_used, reason = "what cannot be set up fails its test")]

mod audit;
#[path = "../../../office/tests/office/support/code.rs"]
mod code;
#[path = "../support/database.rs"]
mod database;
mod finance;
#[path = "../../../office/tests/office/support/given.rs"]
mod given;
mod officers;
mod support;
