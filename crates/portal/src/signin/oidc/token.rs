//! What the provider says about somebody, verified: who says it, to whom, about which sign-in, and when (OpenID Connect Core 1.0, 3.1.3.7).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use meed_office::time::Instant;
use openidconnect::core::{CoreIdToken, CoreJwsSigningAlgorithm as Algorithm};
use openidconnect::{
    AuthenticationContextClass, AuthorizationCode, ClaimsVerificationError, Nonce, PkceCodeVerifier,
    SignatureVerificationError, TokenResponse,
};

use super::provider::{Client, told};
use super::{LEEWAY, OidcError, Provider};

/// Signatures with a key that the provider alone has. One made with the portal's own secret is none.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// What was asked, to which the token must be the answer.
pub(super) struct Asked {
    pub nonce: Nonce,
    /// They must have proved who they are since then, with two factors.
    pub two_factors_since: Option<Instant>,
}

impl Provider {
    /// Exchanges a code, and what proves that it is used by who asked, for a token, and returns the provider's name for whom the token is about.
    pub(super) fn subject(
        &self,
        (code, verifier): (AuthorizationCode, PkceCodeVerifier),
        asked: &Asked,
        now: Instant,
    ) -> Result<String, OidcError> {
        let client = self.client(false)?;
        let request = client
            .exchange_code(code)
            .map_err(|error| OidcError::Provider(told(&error)))?
            .set_pkce_verifier(verifier);
        let response = request
            .request(&|request| self.call(request))
            .map_err(|error| OidcError::Token(told(&error)))?;
        let token = response
            .id_token()
            .ok_or_else(|| OidcError::Token("it sent no identity".to_owned()))?;
        let classes = &self.settings.second_factor;
        let mut verified = verify(&client, token, asked, classes, now);
        if matches!(&verified, Err(error) if unknown_key(error)) {
            // It signs with a new key.
            let client = self.client(true)?;
            verified = verify(&client, token, asked, classes, now);
        }
        verified.map_err(|error| OidcError::Token(told(&error)))
    }
}

fn verify(
    client: &Client,
    token: &CoreIdToken,
    asked: &Asked,
    second_factor: &[AuthenticationContextClass],
    now: Instant,
) -> Result<String, ClaimsVerificationError> {
    let earliest = moved(now, -LEEWAY);
    let latest = moved(now, LEEWAY);
    let since = asked.two_factors_since.map(|since| moved(since, -LEEWAY));
    let classes = since.map(|_| second_factor.to_vec());
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(ALGORITHMS)
        // It has expired when it has by the slower of the two clocks.
        .set_time_fn(move || earliest.into())
        .set_issue_time_verifier_fn(move |at| {
            let at = SystemTime::from(at);
            (at <= latest)
                .then_some(())
                .ok_or_else(|| "issued in the future".to_owned())
        })
        .set_auth_time_verifier_fn(move |at| match (since, at.map(SystemTime::from)) {
            (None, _) => Ok(()),
            (Some(_), None) => Err("it does not say when they proved who they are".to_owned()),
            (Some(since), Some(at)) if since <= at && at <= latest => Ok(()),
            (Some(_), Some(_)) => Err("they proved who they are some other time".to_owned()),
        })
        .set_auth_context_verifier_fn(move |said| match (&classes, said) {
            (None, _) => Ok(()),
            (Some(_), None) => Err("it does not say how they proved who they are".to_owned()),
            (Some(classes), Some(said)) if classes.contains(said) => Ok(()),
            (Some(_), Some(said)) => Err(format!(
                "they proved who they are by `{}`, which is no second factor here",
                **said
            )),
        });
    let claims = token.claims(&verifier, &asked.nonce)?;
    Ok(claims.subject().to_string())
}

fn unknown_key(error: &ClaimsVerificationError) -> bool {
    matches!(
        error,
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)
    )
}

fn moved(at: Instant, seconds: i64) -> SystemTime {
    let moved = at.milliseconds().saturating_add(seconds.saturating_mul(1000));
    let since = Duration::from_millis(u64::try_from(moved).unwrap_or(0));
    UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH)
}
