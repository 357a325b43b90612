//! Sign-in on both databases, and at a provider of identities that behaves and one that does not.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "what cannot be set up fails its test"
)]

mod oidc;
mod passwords;
mod schema;
mod sessions;
mod support;
mod tokens;
mod web;
