//! The screens.
//!
//! | module | for whom |
//! |---|---|
//! | [`acting`] | whoever gives commands |
//! | [`assets`] | style sheet, script and pictures, embedded |
//! | [`audit`] | auditors |
//! | [`finance`] | those who keep the budget and turn the keys |
//! | `cited` | a case as other pages name it |
//! | [`demo`] | the clock of a demonstration |
//! | [`home`] | the first page |
//! | [`letters`] | letters, for whom they are for |
//! | [`mine`] | enterprises, talents, and whoever speaks for them |
//! | [`office`] | officers |
//! | [`people`] | administrators |
//! | `recoveries` | a recovery, for officers and finance |
//! | [`public`] | anybody |
//! | [`signin`], [`account`], [`tokens`] | who it is, where they are signed in, and by what their programs come |
//! | [`workbench`] | drafters and analysts |

pub mod account;
pub mod acting;
pub mod assets;
pub mod audit;
mod cited;
pub mod demo;
pub mod finance;
pub mod home;
pub mod letters;
pub mod mine;
pub mod office;
pub mod people;
pub mod public;
mod recoveries;
pub mod signin;
pub mod tokens;
pub mod workbench;

use crate::routes::Route;

/// Every page's addresses.
pub fn routes() -> Vec<Route> {
    let all = [
        account::routes(),
        acting::routes(),
        assets::routes(),
        audit::routes(),
        finance::routes(),
        demo::routes(),
        home::routes(),
        letters::routes(),
        mine::routes(),
        office::routes(),
        people::routes(),
        public::routes(),
        signin::routes(),
        tokens::routes(),
        workbench::routes(),
    ];
    all.into_iter().flatten().collect()
}
