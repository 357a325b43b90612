//! A sign-in that is at the provider, and the answer to it, which comes once.

use std::time::Duration;

use meed_office::record;
use meed_office::store::{Cell, Connection, Record, StoreError};
use meed_office::time::Instant;
use meed_office::tx::insert;
use openidconnect::core::{CoreAuthPrompt, CoreResponseType};
use openidconnect::{AuthenticationFlow, AuthorizationCode, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier};
use serde::Deserialize;

use super::{OidcError, Provider, identity, token};
use crate::signin::secret::same;
use crate::signin::{Session, Way, back};

/// So long somebody may be at the provider, in milliseconds.
const WAITS: i64 = 10 * 60_000;

record! {
    /// A sign-in that is at the provider.
    pub struct Login in "portal_login" by state {
        /// What the answer must carry.
        state: String,
        /// The browser in which it was begun.
        session: String,
        /// What the token must carry.
        nonce: String,
        /// What proves that the answer is used by who asked (PKCE).
        verifier: String,
        /// Who is to give a second factor; `None` where somebody signs in.
        person: Option<String>,
        /// Where they go then.
        target: String,
        /// When it was begun.
        made_at: Instant,
    }
}

/// What the provider sends back with the browser.
#[derive(Clone, Default, Deserialize)]
pub struct Answer {
    /// Which sign-in it answers.
    pub state: Option<String>,
    /// What is exchanged for a token.
    pub code: Option<String>,
    /// Who says it (RFC 9207).
    pub iss: Option<String>,
    /// Why nobody is signed in.
    pub error: Option<String>,
}

/// Somebody who came back and is signed in.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Their session.
    pub session: Session,
    /// Where they go.
    pub target: String,
}

impl Provider {
    /// The address at the provider to which a browser goes to sign in, or, where somebody is signed in, to prove again that it is they.
    ///
    /// # Errors
    /// Where the provider or the database fails.
    pub fn begin(
        &self,
        connection: &mut Connection,
        session: &Session,
        target: Option<&str>,
        now: Instant,
    ) -> Result<String, OidcError> {
        let client = self.client(false)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .set_pkce_challenge(challenge);
        if session.person().is_some() {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO);
            for class in &self.settings.second_factor {
                request = request.add_auth_context_value(class.clone());
            }
        }
        let (address, state, nonce) = request.url();
        sweep(connection, now)?;
        let login = Login {
            state: state.into_secret(),
            session: session.id(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
            person: session.person().map(str::to_owned),
            target: back::page(target),
            made_at: now,
        };
        insert(connection, &login)?;
        Ok(address.into())
    }

    /// Signs in who comes back from the provider, or notes that they proved again who they are.
    ///
    /// # Errors
    /// [`OidcError`]: nobody is signed in who was not before.
    pub fn finish(
        &self,
        connection: &mut Connection,
        session: &Session,
        answer: &Answer,
        device: &str,
        now: Instant,
    ) -> Result<Arrived, OidcError> {
        let login = take(connection, session, answer, now)?;
        if let Some(error) = &answer.error {
            return Err(OidcError::Denied(error.clone()));
        }
        let issuer = self.settings.issuer.as_str();
        if answer.iss.as_ref().is_some_and(|said| said != issuer) {
            return Err(OidcError::Token("another provider answered".to_owned()));
        }
        let code = answer.code.clone().ok_or(OidcError::NotBegun)?;
        let asked = token::Asked {
            nonce: Nonce::new(login.nonce),
            two_factors_since: login.person.as_ref().map(|_| login.made_at),
        };
        let code = (AuthorizationCode::new(code), PkceCodeVerifier::new(login.verifier));
        let subject = self.subject(code, &asked, now)?;
        let person = identity::person(connection, issuer, &subject)?.ok_or_else(|| OidcError::Nobody {
            issuer: issuer.to_owned(),
            subject,
        })?;
        let session = match login.person {
            None => session.sign_in(connection, &person, Way::Oidc, false, device, now)?,
            Some(expected) if expected == person => session.step_up(connection, now)?,
            Some(_) => return Err(OidcError::Another),
        };
        Ok(Arrived {
            session,
            target: login.target,
        })
    }
}

/// Takes out the sign-in to which an answer belongs: whoever comes second finds none.
fn take(connection: &mut Connection, session: &Session, answer: &Answer, now: Instant) -> Result<Login, OidcError> {
    let state = answer.state.as_deref().ok_or(OidcError::NotBegun)?;
    let columns = Login::COLUMNS.join(", ");
    let sql = format!("DELETE FROM portal_login WHERE state = $1 RETURNING {columns}");
    let taken = connection.rows(&sql, &[state.into()])?;
    let login = Login::from_cells(taken.first().ok_or(OidcError::NotBegun)?)?;
    let passed = now.milliseconds().saturating_sub(login.made_at.milliseconds());
    let here = same(&login.session, &session.id()) && login.person.as_deref() == session.person();
    if !here || passed >= WAITS {
        return Err(OidcError::NotBegun);
    }
    Ok(login)
}

/// Forgets the sign-ins that nobody came back from.
///
/// # Errors
/// Where the database fails.
pub fn sweep(connection: &mut Connection, now: Instant) -> Result<u64, StoreError> {
    let before = now.milliseconds().saturating_sub(WAITS);
    connection.run("DELETE FROM portal_login WHERE made_at <= $1", &[Cell::Int(before)])
}
