//! Files to and from banks: what is written is read back, and what is wrong is refused.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "a test may overflow: that fails it")]

mod answers;
mod cases;
mod constraints;
mod files;
mod refusals;
mod round_trips;
mod simulator;
