//! From a Markdown document to a lossless tree of its rules, and what is wrong with it.

pub mod diagnostic;
