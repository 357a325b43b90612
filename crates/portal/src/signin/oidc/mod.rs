//! Sign-in at a provider of identities: OpenID Connect Core 1.0, authorization code with PKCE (RFC 7636), state and nonce.
//!
//! | module | idea |
//! |---|---|
//! | [`settings`] | which provider, and as whom the portal is known there |
//! | [`provider`] | what the provider publishes about itself: addresses and keys |
//! | [`login`] | a sign-in that is at the provider, and the answer to it, which comes once |
//! | [`token`] | what the provider says about somebody, verified |
//! | [`identity`] | whom it means |

pub mod identity;
pub mod login;
pub mod provider;
pub mod settings;
pub mod token;

use meed_office::store::StoreError;

pub use login::{Answer, Arrived};
pub use provider::Provider;
pub use settings::Settings;

/// Clocks of provider and portal may be so far apart, in seconds.
pub const LEEWAY: i64 = 60;

/// Why somebody is not signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The provider cannot be reached, or says what is no OpenID Connect; it may be tried again.
    #[error("the provider of identities does not answer as it should: {0}")]
    Provider(String),
    /// The provider did not sign them in.
    #[error("the provider of identities says: {0}")]
    Denied(String),
    /// The answer belongs to no sign-in that was begun in this browser, or came before, or came too late.
    #[error("the sign-in was not begun here, or it has ended")]
    NotBegun,
    /// What the provider says about them does not hold.
    #[error("what the provider says is not accepted: {0}")]
    Token(String),
    /// The provider knows them, the portal does not.
    #[error("nobody here is {subject} of {issuer}")]
    Nobody {
        /// The provider.
        issuer: String,
        /// Its name for them, which an administrator binds to a person.
        subject: String,
    },
    /// Who came back is not who was to give the second factor.
    #[error("another person came back than the one who is signed in")]
    Another,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
