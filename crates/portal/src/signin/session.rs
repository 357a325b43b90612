//! Sessions: who is signed in, in which browser, until when.
//!
//! A browser holds 256 random bits; the database holds their SHA-256. Whoever is not signed in is a visitor and has no row, so that nobody
//! fills a table by asking for pages. Every form's token is derived from the browser's bits, for visitors too: who cannot read the cookie
//! cannot make one, and there is no key to keep and nothing to look up. The bits are new after every sign-in, step-up and sign-out.

use std::fmt;

use meed_office::log::sha256;
use meed_office::record;
use meed_office::store::{Cell, Connection, Field, StoreError};
use meed_office::time::Instant;
use meed_office::tx::{insert, select};

use super::secret::{is_random, random, same};
use crate::store::transaction;

const MINUTE: i64 = 60_000;
/// After so long without a request a session has ended,
const IDLE: i64 = 30 * MINUTE;
/// and after so long whatever happened: a working day.
const WHOLE: i64 = 12 * 60 * MINUTE;
/// A second factor is fresh for so long.
const FRESH: i64 = 5 * MINUTE;
/// That a session is used is written no oftener.
const TOUCH: i64 = MINUTE;
/// So much of what a browser says about itself is kept.
const DEVICE: usize = 200;

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// With a password and a second factor, here.
    Password,
    /// At a provider of identities.
    Oidc,
    /// By a click, in a demonstration.
    Demo,
}

impl Way {
    /// Its name, as it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Oidc => "oidc",
            Self::Demo => "demo",
        }
    }
}

impl Field for Way {
    fn to_cell(&self) -> Cell {
        self.name().into()
    }

    fn from_cell(cell: &Cell) -> Result<Self, StoreError> {
        let name = String::from_cell(cell)?;
        let found = [Self::Password, Self::Oidc, Self::Demo]
            .into_iter()
            .find(|way| way.name() == name);
        found.ok_or_else(|| StoreError::Unreadable(format!("`{name}` is no way to sign in")))
    }
}

record! {
    /// That somebody is signed in.
    pub struct SignedIn in "portal_session" by id {
        /// SHA-256 of what the browser holds.
        id: String,
        /// Who.
        person: String,
        /// How.
        way: Way,
        /// What the browser says it is.
        device: String,
        /// Since when.
        made_at: Instant,
        /// When it was last used, to the minute.
        seen_at: Instant,
        /// When a second factor was last given.
        factor_at: Option<Instant>,
    }
}

impl SignedIn {
    fn ended(&self, now: Instant) -> bool {
        passed(self.seen_at, now) >= IDLE || passed(self.made_at, now) >= WHOLE
    }
}

/// The session that a request belongs to.
#[derive(Clone, PartialEq)]
pub struct Session {
    token: String,
    signed_in: Option<SignedIn>,
}

/// What the browser holds is shown to nobody.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Session").field(&self.signed_in).finish()
    }
}

impl Session {
    /// A visitor who was not here before.
    ///
    /// # Errors
    /// Where the machine has no randomness.
    pub fn visitor() -> Result<Self, StoreError> {
        Ok(Self {
            token: random()?,
            signed_in: None,
        })
    }

    /// The session of what a browser sent; a new visitor's where it sent nothing, or a session that has ended.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn of(connection: &mut Connection, cookie: Option<&str>, now: Instant) -> Result<Self, StoreError> {
        let Some(token) = cookie.filter(|token| is_random(token)) else {
            return Self::visitor();
        };
        let id = id(token);
        let mut found = select::<SignedIn>(connection, "id = $1", &[Cell::from(&id)])?;
        let Some(mut signed_in) = found.pop() else {
            return Ok(Self {
                token: token.to_owned(),
                signed_in: None,
            });
        };
        if signed_in.ended(now) {
            end(connection, &id)?;
            return Self::visitor();
        }
        if passed(signed_in.seen_at, now) >= TOUCH {
            let sql = "UPDATE portal_session SET seen_at = $1 WHERE id = $2";
            connection.run(sql, &[Cell::from(&now), Cell::from(&id)])?;
            signed_in.seen_at = now;
        }
        Ok(Self {
            token: token.to_owned(),
            signed_in: Some(signed_in),
        })
    }

    /// What the browser is given to hold.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The name of what the browser holds, which may be known.
    pub fn id(&self) -> String {
        id(&self.token)
    }

    /// What is known of who is signed in; `None` for a visitor.
    pub fn signed_in(&self) -> Option<&SignedIn> {
        self.signed_in.as_ref()
    }

    /// Who is signed in.
    pub fn person(&self) -> Option<&str> {
        self.signed_in.as_ref().map(|signed_in| signed_in.person.as_str())
    }

    /// What every form of this browser carries.
    pub fn csrf(&self) -> String {
        sha256(format!("form of {}", self.token).as_bytes())
    }

    /// Whether what a form carried is this browser's.
    pub fn accepts(&self, carried: &str) -> bool {
        same(carried, &self.csrf())
    }

    /// Whether a second factor was given within five minutes.
    pub fn stepped_up(&self, now: Instant) -> bool {
        let given = self.signed_in.as_ref().and_then(|signed_in| signed_in.factor_at);
        given.is_some_and(|at| (0..FRESH).contains(&passed(at, now)))
    }

    /// Signs somebody in, in this browser; `factor` where they gave a second factor for it. What the browser held is worth nothing afterwards.
    ///
    /// # Errors
    /// Where the database fails, or nobody has that id.
    pub fn sign_in(
        &self,
        connection: &mut Connection,
        person: &str,
        way: Way,
        factor: bool,
        device: &str,
        now: Instant,
    ) -> Result<Self, StoreError> {
        self.become_another(
            connection,
            SignedIn {
                id: String::new(),
                person: person.to_owned(),
                way,
                device: device.chars().filter(|c| !c.is_control()).take(DEVICE).collect(),
                made_at: now,
                seen_at: now,
                factor_at: factor.then_some(now),
            },
        )
    }

    /// Notes that who is signed in has given a second factor. It does not make the session last longer.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn step_up(&self, connection: &mut Connection, now: Instant) -> Result<Self, StoreError> {
        let Some(signed_in) = self.signed_in.clone() else {
            return Self::visitor();
        };
        self.become_another(
            connection,
            SignedIn {
                seen_at: now,
                factor_at: Some(now),
                ..signed_in
            },
        )
    }

    /// Signs out; a visitor remains.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn sign_out(&self, connection: &mut Connection) -> Result<Self, StoreError> {
        end(connection, &self.id())?;
        Self::visitor()
    }

    fn become_another(&self, connection: &mut Connection, signed_in: SignedIn) -> Result<Self, StoreError> {
        let token = random()?;
        let signed_in = SignedIn {
            id: id(&token),
            ..signed_in
        };
        transaction(connection, |connection| {
            let ended = end(connection, &self.id())?;
            // Somebody may have ended it on another page a moment ago; then nothing becomes of it.
            if self.signed_in.is_some() && ended == 0 {
                return Err(StoreError::Busy("the session has ended".to_owned()));
            }
            insert(connection, &signed_in)
        })?;
        Ok(Self {
            token,
            signed_in: Some(signed_in),
        })
    }
}

/// The sessions that somebody has, the last used first.
///
/// # Errors
/// Where the database fails.
pub fn of_person(connection: &mut Connection, person: &str, now: Instant) -> Result<Vec<SignedIn>, StoreError> {
    let mut found = select::<SignedIn>(connection, "person = $1 ORDER BY seen_at DESC, id", &[person.into()])?;
    found.retain(|signed_in| !signed_in.ended(now));
    Ok(found)
}

/// Signs somebody out everywhere, and tells in how many browsers they were signed in.
///
/// # Errors
/// Where the database fails.
pub fn sign_out_everywhere(connection: &mut Connection, person: &str) -> Result<u64, StoreError> {
    connection.run("DELETE FROM portal_session WHERE person = $1", &[person.into()])
}

/// Forgets the sessions that have ended.
///
/// # Errors
/// Where the database fails.
pub fn sweep(connection: &mut Connection, now: Instant) -> Result<u64, StoreError> {
    let before = |span: i64| Cell::Int(now.milliseconds().saturating_sub(span));
    let sql = "DELETE FROM portal_session WHERE seen_at <= $1 OR made_at <= $2";
    connection.run(sql, &[before(IDLE), before(WHOLE)])
}

fn end(connection: &mut Connection, id: &str) -> Result<u64, StoreError> {
    connection.run("DELETE FROM portal_session WHERE id = $1", &[id.into()])
}

fn id(token: &str) -> String {
    sha256(token.as_bytes())
}

fn passed(then: Instant, now: Instant) -> i64 {
    now.milliseconds().saturating_sub(then.milliseconds())
}
