//! What a package means: documents → names, types, versions → [`program::Program`].
//!
//! | module | idea |
//! |---|---|
//! | [`package`] | a package as files |
//! | `names` | every rule under its name, with its place and time |
//! | `vocabulary` | entities, facts, titles as a schema |
//! | `lower` | from trees to the Program of a date |
//! | [`check`] | what is wrong with a package at any time |
//! | [`cases`] | examples beside the rules |
//! | [`asked`] | values that somebody asks for |
//! | [`lock`] | text and rule stay together |
//! | [`show`] | what a package holds |
//! | `coverage` | decision tables: overlaps and gaps |
//! | `analysis` | what is certainly wrong with conditions, amounts and exceptions |
//! | [`changed`] | what another Program certainly leaves as it is
//! | [`program`] | the typed graph that evaluators read |

mod analysis;
pub mod asked;
mod bands;
pub mod cases;
pub mod changed;
mod check;
mod coverage;
pub mod lock;
mod lower;
mod names;
pub mod near;
pub mod package;
mod place;
pub mod program;
pub mod show;
mod vocabulary;

pub use check::{Checked, check};
pub use meed_syntax::{diagnostic, format, phrases};
pub use package::Package;
