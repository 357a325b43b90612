//! The engine: what a package's rules make of an applicant's facts.
//!
//! | module | idea |
//! |---|---|
//! | [`value`] | what a value may still be: sets, undefined, not applicable, and why it is not known |
//! | [`explain`] | the evaluator: the value of each node of a Program for one applicant; what it has computed is the trace |
//! | [`awards`] | from values to lines and amounts: the money pipeline in its one order |
//! | [`named`] | the value of anything that has a name |
//! | [`columns`] | the same for populations: many applicants at once, column by column |
//! | [`cases`] | the examples beside the rules, run |
//! | [`gap`] | which conditions would have to turn, and how far which fact would have to move |
//! | [`questions`] | what to ask next, and answers put into a record |
//! | [`words`] | conditions, values and determinations as text and HTML |
//! | [`result`] | what a determination says: plain data and JSON |
//! | [`round`] | what a fund leaves to each of many claims |

pub mod awards;
pub mod cases;
pub mod columns;
pub mod explain;
pub mod gap;
pub mod named;
pub mod questions;
pub mod result;
pub mod round;
pub mod value;
pub mod words;
