//! Values, checked identifiers and records: what is known about applicants.
//!
//! This crate knows no policy. [`schema::Schema`] is the vocabulary that a package declares, [`record::Record`] is
//! what somebody stated in its terms, and the rest are the exact values both are made of.
//!
//! | module | idea |
//! |---|---|
//! | [`ratio`] | exact rationals of any size, fast while they are small |
//! | [`money`] | whole amounts of a currency's smallest unit, and how to split them without losing one |
//! | [`date`] | calendar dates, `Months` and `Days`, half-open spans, periods |
//! | [`calendar`] | working days by dated holiday notices |
//! | [`label`] | texts in several languages |
//! | [`message`] | what Meed itself says, in both languages |
//! | [`identifier`] | GB 32100, GB 11643, GB/T 2260, GB/T 4754 |
//! | [`value`] | one known value, and what may be stated in its place |
//! | [`schema`] | entities, facts, enumerations, titles |
//! | [`record`] | an applicant's stated facts |
//! | [`batch`] | many records, column by column |
//! | [`check`] | what the vocabulary allows to be stated, whatever file states it |
//! | [`json`] | reading records exactly, with places; canonical JSON out |

pub mod batch;
pub mod calendar;
pub mod check;
pub mod date;
pub mod identifier;
pub mod json;
pub mod label;
pub mod message;
pub mod money;
pub mod ratio;
pub mod record;
pub mod schema;
pub mod value;
