//! What officers see: what is to be done, cases, rounds, lists.
//!
//! | module | idea |
//! |---|---|
//! | [`work`] | what waits for somebody |
//! | [`cases`] | cases, found and listed |
//! | [`case`] | one case: what it is about, why, its money, what was done, what can be done |
//! | `judged` | what people have to judge in it |
//! | `money` | its decisions, award and instalments, with what can be done with them |
//! | [`deeds`] | what was done with a case |
//! | [`rounds`] | rounds, and the board of one |
//! | [`lists`] | public lists, their versions and what is said against them |
//! | [`after`] | what is to be done after decisions: appeals, recoveries, obligations, reviews of titles |
//! | [`holds`] | what stands still, and where nobody may act |
//! | [`subject`] | an applicant's file |
//! | [`stating`] | one fact, stated or corrected |
//! | [`services`] | requests for services |
//! | `together` | the same act for several cases |
//! | [`reviews`] | reviews: one's own, and how far those of each case are |

pub mod after;
pub mod case;
pub mod cases;
pub mod deeds;
pub mod holds;
mod judged;
pub mod lists;
mod money;
pub mod reviews;
pub mod rounds;
pub mod services;
pub mod stating;
pub mod subject;
mod together;
pub mod work;

use crate::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    let all = [
        work::routes(),
        cases::routes(),
        case::routes(),
        together::routes(),
        reviews::routes(),
        rounds::routes(),
        lists::routes(),
        after::routes(),
        holds::routes(),
        stating::routes(),
        subject::routes(),
        services::routes(),
    ];
    all.into_iter().flatten().collect()
}
