//! The pages of applicants, over the whole web, on a small office.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what cannot be set up fails its test"
)]

mod duties;
mod form;
mod office;
mod pages;
