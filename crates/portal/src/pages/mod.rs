//! The screens.
//!
//! | module | for whom |
//! |---|---|
//! | [`acting`] | whoever gives commands |
//! | [`assets`] | style sheet, script and pictures, embedded |
//! | [`finance`] | those who keep the budget and turn the keys |
//! | [`home`] | the first page |
//! | [`office`] | officers |

pub mod acting;
pub mod assets;
pub mod finance;
pub mod home;
pub mod office;

use crate::routes::Route;

/// Every page's addresses.
pub fn routes() -> Vec<Route> {
    let all = [
        acting::routes(),
        assets::routes(),
        finance::routes(),
        home::routes(),
        office::routes(),
    ];
    all.into_iter().flatten().collect()
}
