//! What people read and are asked: gaps, questions and words over the package of the repository and a small one.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "a test may overflow: that fails it")]

mod gap;
mod package;
mod questions;
mod words;
