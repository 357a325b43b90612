//! Awards: from conditions and formulas to what is due.
//!
//! | module | idea |
//! |---|---|
//! | [`determine`] | the front door: a Program and a record give a determination |
//! | [`decision`] | what was decided, before anybody asks why |
//! | `board` | measures in the order in which they ask about each other |
//! | [`judge`] | one measure: lines, versions, periods, verdicts, the amount of a line |
//! | [`pipeline`] | what combines lines: occurrence, groups, ladders, ceilings, funds |
//! | [`combined`], `clauses`, `roster`, `beside` | lines beside each other: the Program's clauses seated with lines and taken through the pipeline; what leaves one open there |
//! | [`payers`], [`obligations`], `turning`, `unique` | who pays which part; what must be kept up; what nobody else may have |
//! | `lines`, [`services`] | the parts of the result |
//! | `reasons`, `missing`, `unneeded`, `reading` | what decided, what could still change it, what was given in vain, and how values are named |
//! | [`amount`], [`certainty`], [`bundle`], [`key`], [`history`], [`claim`], [`verdict`] | the values of all these |

pub mod amount;
mod beside;
mod board;
pub mod bundle;
pub mod certainty;
pub mod claim;
pub(crate) mod clauses;
pub mod combined;
pub mod decision;
pub mod determine;
pub mod history;
pub mod judge;
pub mod key;
mod lines;
pub mod missing;
pub mod obligations;
pub mod payers;
pub mod pipeline;
pub mod reading;
mod reasons;
pub(crate) mod roster;
pub mod services;
mod turning;
pub(crate) mod unique;
mod unneeded;
pub mod verdict;

pub(crate) use board::rivals;
