//! Tokens: by what a program comes in somebody's name, `Authorization: Bearer …`.
//!
//! A person makes one under a name, for reading alone or for commands too, until a day. It is shown once; the database holds its SHA-256. It lets
//! nobody do more than its person may on that day, and never what asks for a second factor.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use meed_office::log::sha256;
use meed_office::record;
use meed_office::store::{Cell, Connection, Field, StoreError};
use meed_office::time::Instant;
use meed_office::tx::{insert, select};

use super::secret::{is_random, random};
use crate::store::transaction;

/// What every token begins with, so that it is found where it should not lie.
const PREFIX: &str = "meed_";
/// That a token is used is written no oftener.
const TOUCH: i64 = 60_000;
/// So many tokens somebody has at once.
pub const MOST: usize = 20;
/// So many characters a name has.
pub const LONGEST_NAME: usize = 80;
/// A token lasts so many days.
pub const LONGEST_LIFE: i64 = 366;

/// What a program may do by a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Read.
    Read,
    /// Read, and give commands that need no second factor.
    Command,
}

impl Scope {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Read, Self::Command];

    /// Its name, as it is stored and sent.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Command => "command",
        }
    }

    /// The scope of a name.
    pub fn called(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

impl Field for Scope {
    fn to_cell(&self) -> Cell {
        self.name().into()
    }

    fn from_cell(cell: &Cell) -> Result<Self, StoreError> {
        let name = String::from_cell(cell)?;
        Self::called(&name).ok_or_else(|| StoreError::Unreadable(format!("`{name}` is no token's scope")))
    }
}

record! {
    /// A token.
    pub struct Bearer in "portal_token" by id {
        /// SHA-256 of what the program holds.
        id: String,
        /// In whose name.
        person: String,
        /// What it is called.
        name: String,
        /// For what.
        scope: Scope,
        /// Since when.
        made_at: Instant,
        /// Until when.
        expires_at: Instant,
        /// When it was last used, to the minute.
        used_at: Option<Instant>,
    }
}

/// Why no token was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It has no name, or a long one.
    Name,
    /// There is one of this name.
    Exists,
    /// It would end in the past, or too late.
    Life,
    /// There are too many.
    Many,
}

/// What a program showed.
pub fn shown(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl Bearer {
    /// The token that a program showed, if it is one and has not ended.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn of(connection: &mut Connection, shown: &str, now: Instant) -> Result<Option<Self>, StoreError> {
        if !shown.strip_prefix(PREFIX).is_some_and(is_random) {
            return Ok(None);
        }
        let id = sha256(shown.as_bytes());
        let found = select::<Self>(
            connection,
            "id = $1 AND expires_at > $2",
            &[Cell::from(&id), Cell::from(&now)],
        )?
        .pop();
        let touched = |bearer: &Self| bearer.used_at.map_or(i64::MAX, |at| passed(at, now)) < TOUCH;
        if found.as_ref().is_some_and(|bearer| !touched(bearer)) {
            let sql = "UPDATE portal_token SET used_at = $1 WHERE id = $2";
            connection.run(sql, &[Cell::from(&now), Cell::from(&id)])?;
        }
        Ok(found)
    }

    /// Makes a token for somebody, and returns what the program is to show: nobody learns it again.
    ///
    /// # Errors
    /// Where the database fails, or nobody has that id.
    pub fn make(
        connection: &mut Connection,
        person: &str,
        name: &str,
        scope: Scope,
        expires_at: Instant,
        now: Instant,
    ) -> Result<Result<String, Refused>, StoreError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Ok(Err(Refused::Name));
        }
        if !(1..=LONGEST_LIFE.saturating_mul(86_400_000)).contains(&passed(now, expires_at)) {
            return Ok(Err(Refused::Life));
        }
        let token = format!("{PREFIX}{}", random()?);
        let made = Self {
            id: sha256(token.as_bytes()),
            person: person.to_owned(),
            name: name.to_owned(),
            scope,
            made_at: now,
            expires_at,
            used_at: None,
        };
        transaction(connection, |connection| {
            let there = of_person(connection, person, now)?;
            if there.len() >= MOST {
                return Ok(Err(Refused::Many));
            }
            if there.iter().any(|one| one.name == made.name) {
                return Ok(Err(Refused::Exists));
            }
            // One of this name may have ended.
            connection.run(
                "DELETE FROM portal_token WHERE person = $1 AND name = $2",
                &[person.into(), name.into()],
            )?;
            insert(connection, &made)?;
            Ok(Ok(token))
        })
    }
}

/// The tokens that somebody has, the newest first.
///
/// # Errors
/// Where the database fails.
pub fn of_person(connection: &mut Connection, person: &str, now: Instant) -> Result<Vec<Bearer>, StoreError> {
    let condition = "person = $1 AND expires_at > $2 ORDER BY made_at DESC, id";
    select::<Bearer>(connection, condition, &[person.into(), Cell::from(&now)])
}

/// Takes a token of somebody's away, and tells whether it was there.
///
/// # Errors
/// Where the database fails.
pub fn revoke(connection: &mut Connection, person: &str, id: &str) -> Result<bool, StoreError> {
    let sql = "DELETE FROM portal_token WHERE person = $1 AND id = $2";
    Ok(connection.run(sql, &[person.into(), id.into()])? > 0)
}

/// Forgets the tokens that have ended.
///
/// # Errors
/// Where the database fails.
pub fn sweep(connection: &mut Connection, now: Instant) -> Result<u64, StoreError> {
    connection.run("DELETE FROM portal_token WHERE expires_at <= $1", &[Cell::from(&now)])
}

fn passed(then: Instant, now: Instant) -> i64 {
    now.milliseconds().saturating_sub(then.milliseconds())
}
