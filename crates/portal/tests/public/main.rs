//! The public pages over a small office, as a browser without scripts and without an account sees them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what cannot be set up fails its test"
)]

mod check;
mod figures;
mod notices;
mod policies;
mod support;
