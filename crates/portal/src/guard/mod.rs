//! What stands between the network and the pages.
//!
//! | module | idea |
//! |---|---|
//! | [`address`] | from where a request comes |
//! | [`limits`] | how many requests come from there |
//! | [`token`] | that a form was filled in on a page of ours |
//! | [`cookie`] | what a browser holds, and how it is told to hold it |
//! | [`headers`] | what browsers may do with our answers |
//! | [`drain`] | that an answer arrives, though nobody read all that was sent |

pub mod address;
pub mod cookie;
pub mod drain;
pub mod headers;
pub mod limits;
pub mod token;

/// No request's body is longer, an upload's neither.
pub const LONGEST: usize = 16 << 20;
/// Nor is one of somebody who has not signed in longer than this.
pub const LONGEST_OF_VISITORS: usize = 1 << 20;
