//! Whom a provider means by a subject: an administrator says so, and nobody is guessed by a name or an address.

use meed_office::people::Person;
use meed_office::record;
use meed_office::store::{Cell, Connection, StoreError};
use meed_office::tx::{insert, select};

use crate::signin::password::AccountError;
use crate::signin::session::sign_out_everywhere;
use crate::store::transaction;

record! {
    /// That a provider's subject is a person here.
    pub struct Identity in "portal_identity" by issuer, subject {
        /// The provider.
        issuer: String,
        /// Its name for them.
        subject: String,
        /// Who they are here.
        person: String,
    }
}

/// Who a subject is here.
///
/// # Errors
/// Where the database fails.
pub fn person(connection: &mut Connection, issuer: &str, subject: &str) -> Result<Option<String>, StoreError> {
    let found = select::<Identity>(
        connection,
        "issuer = $1 AND subject = $2",
        &[issuer.into(), subject.into()],
    )?;
    Ok(found.into_iter().next().map(|identity| identity.person))
}

/// Binds a subject to a person. Whoever it was before is signed out.
///
/// # Errors
/// Where there is no such person, or the database fails.
pub fn bind(connection: &mut Connection, issuer: &str, subject: &str, person: &str) -> Result<(), AccountError> {
    if select::<Person>(connection, "id = $1", &[person.into()])?.is_empty() {
        return Err(AccountError::Nobody(person.to_owned()));
    }
    unbind(connection, issuer, subject)?;
    let identity = Identity {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        person: person.to_owned(),
    };
    Ok(insert(connection, &identity)?)
}

/// Takes a subject away from whom it was bound to, and signs them out; `false` where it was bound to nobody.
///
/// # Errors
/// Where the database fails.
pub fn unbind(connection: &mut Connection, issuer: &str, subject: &str) -> Result<bool, StoreError> {
    transaction(connection, |connection| {
        let Some(bound) = person(connection, issuer, subject)? else {
            return Ok(false);
        };
        sign_out_everywhere(connection, &bound)?;
        let sql = "DELETE FROM portal_identity WHERE issuer = $1 AND subject = $2";
        connection.run(sql, &[Cell::from(issuer), Cell::from(subject)])?;
        Ok(true)
    })
}

/// The subjects that are bound to a person.
///
/// # Errors
/// Where the database fails.
pub fn of_person(connection: &mut Connection, person: &str) -> Result<Vec<Identity>, StoreError> {
    select(connection, "person = $1 ORDER BY issuer, subject", &[person.into()])
}
