//! The screens of those who handle money, of auditors, and of officers, over a small office that has paid rewards.

#![expect(clippy::unwrap_used, reason = "what cannot be set up fails its test")]

mod audit;
mod finance;
mod officers;
mod support;
