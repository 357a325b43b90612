//! Files of ISO 20022: `pain.001.001.09` out, `pain.002.001.10`, `camt.053.001.08` and `camt.054.001.08` in, and the other way round for the bank's side.

pub(super) mod camt053;
pub(super) mod camt053_write;
pub(super) mod camt054;
mod entries;
pub(super) mod pain001;
pub(super) mod pain002;
mod reader;
pub mod schema;
mod sums;
pub(super) mod validate;
pub(super) mod xml;
