//! The command line of Meed.
fn main() {}
