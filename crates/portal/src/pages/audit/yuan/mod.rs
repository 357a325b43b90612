//! One yuan: found by whatever is known of it, and followed from the bank's line to the clause and back.
//!
//! | module | idea |
//! |---|---|
//! | [`find`] | by bank reference, instruction, batch, instalment, award, case, measure, applicant or amount |
//! | [`chain`] | all that a payment hangs on, read at once |
//! | [`steps`] | the chain as a page, in both directions |

pub mod chain;
pub mod find;
pub mod steps;

use crate::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    [find::routes(), steps::routes()].into_iter().flatten().collect()
}
