//! What Programs mean for records, complete and incomplete.

#![expect(clippy::arithmetic_side_effects, reason = "a test may overflow: that fails it")]

#[cfg(test)]
mod build;
#[cfg(test)]
mod choices;
#[cfg(test)]
mod columns;
#[cfg(test)]
mod dates;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod history;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod random;
#[cfg(test)]
mod records;
#[cfg(test)]
mod stated;
#[cfg(test)]
mod tables;
