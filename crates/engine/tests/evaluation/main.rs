//! What Programs mean for records, complete and incomplete.

mod build;
mod choices;
mod dates;
mod faults;
mod history;
mod lists;
mod numbers;
mod properties;
mod random;
mod stated;
mod tables;
