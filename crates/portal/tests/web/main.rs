//! The web as it is served: who comes where, what programs are told, and what nobody sees.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what cannot be set up fails its test"
)]

mod api;
mod crawl;
mod letters;
mod support;
mod workbench;
