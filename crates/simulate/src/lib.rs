//! What rules do to many: populations to run them over.
//!
//! | module | idea |
//! |---|---|
//! | [`population`] | synthetic registers, drawn from a model that a package keeps beside its vocabulary |
//! | [`reform`] | the rules as they are and as they might be, over one population |
//! | `round` | what is decided among all applicants: funds, unique values |
//! | [`run`] | a package's rules over a population in files: tables of results, totals |

pub mod population;
pub mod reform;
pub mod run;

mod digest;
mod round;

pub use round::{FundTotals, Sums};
