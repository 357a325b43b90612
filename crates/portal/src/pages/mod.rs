//! The screens.
//!
//! | module | for whom |
//! |---|---|
//! | [`acting`] | whoever gives commands |
//! | [`assets`] | style sheet, script and pictures, embedded |
//! | [`home`] | the first page |
//! | [`office`] | officers |

pub mod acting;
pub mod assets;
pub mod home;
pub mod office;

use crate::routes::Route;

/// Every page's addresses.
pub fn routes() -> Vec<Route> {
    [acting::routes(), assets::routes(), home::routes(), office::routes()]
        .into_iter()
        .flatten()
        .collect()
}
