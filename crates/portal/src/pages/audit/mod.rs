//! What auditors see: everything, in both directions, and proof that it is as it was.
//!
//! | module | idea |
//! |---|---|
//! | [`yuan`] | one yuan, from the bank's line to the clause and back |
//! | [`late`] | which decisions would be others by what is known today |
//! | [`log`] | the log, and holding the database against it |
//! | [`evidence`] | decisions made again, and a case's evidence to take away |

pub mod evidence;
pub mod late;
pub mod log;
pub mod yuan;

use crate::access::Audience;
use crate::routes::Route;
use meed_office::people::Role;

/// For whom these pages are.
pub(super) const AUDITORS: Audience = Audience::Roles(&[Role::Auditor]);

pub(super) fn routes() -> Vec<Route> {
    [yuan::routes(), late::routes(), log::routes(), evidence::routes()]
        .into_iter()
        .flatten()
        .collect()
}
