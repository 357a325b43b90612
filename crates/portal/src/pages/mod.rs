//! The screens.
//!
//! | module | for whom |
//! |---|---|
//! | [`assets`] | style sheet, script and pictures, embedded |
//! | [`home`] | the first page |

pub mod assets;
pub mod home;

use crate::routes::Route;

/// Every page's addresses.
pub fn routes() -> Vec<Route> {
    [assets::routes(), home::routes()].into_iter().flatten().collect()
}
