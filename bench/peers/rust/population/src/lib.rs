//! What the runners written in Rust share: the population's columns ([`Population`]), what a program makes of them ([`Outcome`]), and how it is measured
//! ([`Task`]).

mod cells;
mod columns;
mod outcome;
mod task;

pub use cells::{Level, Role, date};
pub use columns::{Enterprises, Hires, Population};
pub use outcome::Outcome;
pub use task::{Measure, Task};
