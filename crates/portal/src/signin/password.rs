//! Local accounts, for demonstrations and small offices: a password (argon2id) and a second factor (TOTP, RFC 6238).
//!
//! An account is made on the command line and nowhere else; there is none before that, and no password that anybody knows beforehand.

use std::sync::OnceLock;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use meed_office::people::Person;
use meed_office::record;
use meed_office::store::{Cell, Connection, StoreError};
use meed_office::time::Instant;
use meed_office::tx::{insert, select};
use totp_rs::{Builder, Secret, Totp};

use super::seal::Key;
use super::{attempts, secret, session};
use crate::store::transaction;

/// A password has at least so many characters
const SHORTEST: usize = 12;
/// and at most so many bytes: hashing is work.
const LONGEST: usize = 256;

record! {
    /// A local account.
    pub struct Credential in "portal_credential" by person {
        /// Whose.
        person: String,
        /// The password's hash, with its parameters and its salt (PHC string).
        hash: String,
        /// The second factor's secret, sealed for the person.
        secret: String,
        /// The last step of the second factor that was used.
        step: i64,
    }
}

/// Why an account cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Nobody has that id.
    #[error("`{0}` is nobody here; enter them first: meed office people enter")]
    Nobody(String),
    /// The password is too short, too long, or the person's id.
    #[error("a password has {SHORTEST} characters or more, {LONGEST} bytes or fewer, and is not the person's id")]
    Password,
    /// The second factor's library refuses the names.
    #[error("the second factor cannot be made: {0}")]
    Factor(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives somebody a password and a new second factor, signs them out everywhere, and returns the second factor's `otpauth` address, which is
/// shown once. `office` is the name under which their app keeps it.
///
/// # Errors
/// [`AccountError`].
pub fn set(
    connection: &mut Connection,
    key: &Key,
    person: &str,
    password: &str,
    office: &str,
) -> Result<String, AccountError> {
    if select::<Person>(connection, "id = $1", &[person.into()])?.is_empty() {
        return Err(AccountError::Nobody(person.to_owned()));
    }
    if password.chars().count() < SHORTEST || password.len() > LONGEST || password == person {
        return Err(AccountError::Password);
    }
    let bytes: [u8; 20] = secret::bytes()?;
    let made = Builder::new()
        .with_secret(Secret::new_stack(bytes))
        .with_issuer(Some(office))
        .with_account_name(person)
        .build();
    let factor = made.map_err(|error| AccountError::Factor(error.to_string()))?;
    let url = factor
        .to_url()
        .map_err(|error| AccountError::Factor(error.to_string()))?;
    let credential = Credential {
        person: person.to_owned(),
        hash: hashed(password)?,
        secret: key.seal(person, &bytes)?,
        step: 0,
    };
    transaction(connection, |connection| {
        connection.run("DELETE FROM portal_credential WHERE person = $1", &[person.into()])?;
        insert(connection, &credential)?;
        attempts::succeeded(connection, person)?;
        session::sign_out_everywhere(connection, person).map(drop)
    })?;
    Ok(url)
}

/// Whether a name, a password and a code belong together. The answer, and the work for it, are the same for a name that nobody has, a name
/// that is closed after failures, a wrong password and a wrong code.
///
/// # Errors
/// Where the database fails.
pub fn check(
    connection: &mut Connection,
    key: Option<&Key>,
    person: &str,
    password: &str,
    code: &str,
    now: Instant,
) -> Result<bool, StoreError> {
    let open = attempts::begin(connection, person, now)?;
    let credential = of(connection, person)?;
    // Made by whoever comes first, with or without an account.
    let decoy = decoy()?;
    let hash = credential.as_ref().map_or(decoy.as_str(), |known| &known.hash);
    let right = password.len() <= LONGEST && verified(hash, password);
    match credential {
        Some(credential) if open && right => spend(connection, key, &credential, code, now),
        _ => Ok(false),
    }
}

/// Whether a code is the second factor of somebody who is signed in.
///
/// # Errors
/// Where the database fails.
pub fn check_code(
    connection: &mut Connection,
    key: Option<&Key>,
    person: &str,
    code: &str,
    now: Instant,
) -> Result<bool, StoreError> {
    let open = attempts::begin(connection, person, now)?;
    match of(connection, person)? {
        Some(credential) if open => spend(connection, key, &credential, code, now),
        _ => Ok(false),
    }
}

/// Whether somebody has a local account.
///
/// # Errors
/// Where the database fails.
pub fn has_account(connection: &mut Connection, person: &str) -> Result<bool, StoreError> {
    Ok(of(connection, person)?.is_some())
}

/// That the key opens every second factor there is.
///
/// # Errors
/// [`StoreError::Unreadable`] for the first that it does not.
pub fn must_open(connection: &mut Connection, key: Option<&Key>) -> Result<(), StoreError> {
    for credential in select::<Credential>(connection, "1 = 1 ORDER BY person", &[])? {
        factor(key, &credential)?;
    }
    Ok(())
}

/// Takes a code, which is then worth nothing, nor is an earlier one.
fn spend(
    connection: &mut Connection,
    key: Option<&Key>,
    credential: &Credential,
    code: &str,
    now: Instant,
) -> Result<bool, StoreError> {
    let seconds = u64::try_from(now.milliseconds().div_euclid(1000)).unwrap_or(0);
    let step = factor(key, credential)?.check(code.trim(), seconds);
    let Some(step) = step.and_then(|step| i64::try_from(step).ok()) else {
        return Ok(false);
    };
    // Two requests with one code: the database lets one of them through.
    let sql = "UPDATE portal_credential SET step = $1 WHERE person = $2 AND step < $1";
    let spent = connection.run(sql, &[Cell::Int(step), Cell::from(&credential.person)])? == 1;
    if spent {
        attempts::succeeded(connection, &credential.person)?;
    }
    Ok(spent)
}

fn of(connection: &mut Connection, person: &str) -> Result<Option<Credential>, StoreError> {
    Ok(select(connection, "person = $1", &[person.into()])?.pop())
}

fn factor(key: Option<&Key>, credential: &Credential) -> Result<Totp, StoreError> {
    let person = &credential.person;
    let unreadable = || {
        StoreError::Unreadable(format!(
            "the second factor of {person} was sealed with a key that is not here"
        ))
    };
    let secret = key
        .and_then(|key| key.open(person, &credential.secret))
        .ok_or_else(unreadable)?;
    let secret = Secret::new(secret.into_boxed_slice());
    Builder::new().with_secret(secret).build().map_err(|_| unreadable())
}

fn hashed(password: &str) -> Result<String, StoreError> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    let hash = hash.map_err(|error| StoreError::Failed(format!("a password cannot be hashed: {error}")))?;
    Ok(hash.to_string())
}

fn verified(hash: &str, password: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A hash of what nobody knows, to be verified where there is no account.
fn decoy() -> Result<String, StoreError> {
    static DECOY: OnceLock<String> = OnceLock::new();
    if let Some(made) = DECOY.get() {
        return Ok(made.clone());
    }
    let made = hashed(&secret::random()?)?;
    Ok(DECOY.get_or_init(|| made).clone())
}
