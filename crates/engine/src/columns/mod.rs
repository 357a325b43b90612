//! Populations: the same rules for many applicants at once, column by column.
//!
//! A [`Plan`] is a Program compiled for one kind of applicant; it determines a batch of applicants at a time. Values are computed node by node for all rows that
//! still matter: conditions as planes of bits, numbers as whole multiples of a power of ten, what is not known as ranges beside them. There is no floating point. The meaning is
//! the definition's ([`crate::explain`]), and so is every result: an applicant for whom a number would not fit, or for whom an operation has no form here, goes
//! to the explaining evaluator.
//!
//! | module | idea |
//! |---|---|
//! | `plan` | what does not depend on an applicant |
//! | `tables`, `children` | the instances of a scope, a row each |
//! | `vector`, `plane`, `single` | what a node may be in each row, and in one |
//! | `lanes` | sixty-four rows at a time |
//! | `direct` | columns that are read where they are |
//! | `fraction`, `range` | exact numbers that fit registers, and ranges of them |
//! | `run` | values, computed when they are asked for |
//! | `kernels` | what each operation does with rows |
//! | `lines`, `series`, `pay`, `payments`, `brief` | verdicts and amounts of award lines |
//! | `found` | the lines by applicant |
//! | `combine` | which of them combine, before any applicant is known |
//! | `roster`, `course` | an applicant's lines seated and taken through the money pipeline |
//! | [`outcome`], `kept`, `values` | the results |

mod brief;
mod children;
mod combine;
mod course;
mod direct;
mod found;
mod fraction;
mod kept;
mod kernels;
mod lanes;
mod lines;
pub mod outcome;
mod pay;
mod payments;
mod plan;
mod plane;
mod range;
mod roster;
mod run;
mod series;
mod single;
mod tables;
mod values;
mod vector;

pub use kept::{LineOutcomes, LineView};
pub use outcome::{Due, LineOutcome, Outcome};
pub use plan::Plan;
pub use values::NodeValues;
