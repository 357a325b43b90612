//! What rules do to many: populations to run them over.
//!
//! | module | idea |
//! |---|---|
//! | [`population`] | synthetic registers, drawn from a model that a package keeps beside its vocabulary |

pub mod population;
