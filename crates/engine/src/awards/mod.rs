//! Awards: from conditions and formulas to what is due.

pub mod amount;
pub mod bundle;
pub mod certainty;
pub mod claim;
pub mod history;
pub mod key;
pub mod pipeline;
