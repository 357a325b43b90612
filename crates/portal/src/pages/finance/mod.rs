//! What those see who keep the budget and turn the keys.
//!
//! | module | idea |
//! |---|---|
//! | [`balance`] | a line with its accounts, and the equation that they add up to |
//! | [`lines`], [`mod@line`] | budget lines, and one with holders, postings and acts |
//! | [`batches`], [`batch`] | batches for the bank, and one with its rows and keys |
//! | [`bank`] | a day of the bank's book against ours, and what the two do not agree on |
//! | [`receivables`] | what is asked back |
//! | [`pledges`] | what is promised on later years |
//! | [`year`] | the end of a year as a list that can be taken up again |

pub mod balance;
pub mod bank;
pub mod batch;
pub mod batches;
pub mod line;
pub mod lines;
pub mod pledges;
pub mod receivables;
pub mod year;

use crate::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    let all = [
        lines::routes(),
        line::routes(),
        batches::routes(),
        batch::routes(),
        bank::routes(),
        receivables::routes(),
        pledges::routes(),
        year::routes(),
    ];
    all.into_iter().flatten().collect()
}
