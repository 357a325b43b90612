//! Who it is: sessions, local accounts with a second factor, tokens of programs, and a provider of identities.
//!
//! The time of everything here is the machine's, even where a demonstration sets the office's clock by hand: a session that stands still
//! never ends, and a second factor needs the hour.
//!
//! | module | idea |
//! |---|---|
//! | [`seal`] | second factors in the database, for nobody to read |
//! | [`secret`] | randomness, and comparing what must not be guessed |
//! | [`session`] | who is signed in, in which browser, until when |
//! | [`password`] | local accounts: a password and a second factor |
//! | [`bearer`] | tokens, by which programs come in somebody's name |
//! | [`attempts`] | how often a name may be tried |
//! | [`back`] | where somebody goes afterwards |
//! | [`oidc`] | sign-in at a provider of identities |

pub mod attempts;
pub mod back;
pub mod bearer;
pub mod oidc;
pub mod password;
pub mod seal;
pub mod secret;
pub mod session;

pub use session::{Session, Way};
