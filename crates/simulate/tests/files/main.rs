//! Populations in files: rules run over them, funds shared out, reforms compared.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "a test may overflow: that fails it")]

mod certainty;
mod digits;
mod months;
mod reform;
mod rounds;
mod run;
mod shared;
