//! Cases: offers and applications, their examination and their decisions.

mod record;

pub use record::{Case, Decision, Review, Round, Standstill};
