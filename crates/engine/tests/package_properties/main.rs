//! What must hold of whole packages and cannot be said by a case: what does not check, and that order, names, strangers, languages and later amendments change
//! nothing. On tiny packages built from texts, and on `policies/harbin`.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "a test may overflow: that fails it")]

mod amendments;
mod every_word;
mod expectations;
mod gaps;
mod harbin;
mod money;
mod open;
mod order_and_names;
mod packages;
mod refused;
mod stated;
mod work;
