//! What officers see: what is to be done, cases, rounds, lists.
//!
//! | module | idea |
//! |---|---|
//! | [`work`] | what waits for somebody |
//! | [`cases`] | cases, found and listed |
//! | [`case`] | one case: what it is about, why, its money, what was done, what can be done |

pub mod case;
pub mod cases;
pub mod work;

use crate::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    [work::routes(), cases::routes(), case::routes()]
        .into_iter()
        .flatten()
        .collect()
}
