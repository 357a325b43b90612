//! The engine: what a package's rules make of an applicant's facts.

pub mod awards;
