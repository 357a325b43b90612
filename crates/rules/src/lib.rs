//! What a package means: documents → names, types, versions → [`program::Program`].

pub mod program;
