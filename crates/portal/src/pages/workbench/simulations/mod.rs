//! Simulations: a population, the rules as they are, and reforms of them.
//!
//! | module | idea |
//! |---|---|
//! | `ask` | the form, and those that are kept |
//! | `asked` | what a form asks for |
//! | `order` | what is asked for, made |
//! | `people` | over whom |
//! | [`desk`] | one at a time, a few waiting, the last ones kept |
//! | `found` | what is kept of one |
//! | `show`, `figures` | what one found, as tables and charts |
//! | `fetch` | its report and its tables |
//! | `programs` | all of it for programs |

mod ask;
mod asked;
pub mod desk;
mod fetch;
mod figures;
mod found;
mod order;
mod people;
mod programs;
mod show;

use std::sync::Arc;

pub use self::programs::FIELDS;

use self::desk::Simulated;
use crate::access::simulates_register;
use crate::app::Portal;
use crate::fault::Fault;
use crate::routes::Route;
use crate::visit::Visit;

pub(super) fn routes() -> Vec<Route> {
    let all = [ask::routes(), show::routes(), fetch::routes(), programs::routes()];
    all.into_iter().flatten().collect()
}

/// Whether a visitor may see a simulation: one over the register tells of its applicants, by number.
fn shown_to(visit: &Visit, simulated: &Simulated) -> bool {
    !simulated.about.register || simulates_register(&visit.viewer)
}

/// A simulation that is kept, if the visitor may see it.
fn kept(portal: &Portal, visit: &Visit, id: &str) -> Result<Arc<Simulated>, Fault> {
    let found = id.parse().ok().and_then(|id| portal.workbench().desk.get(id));
    found.filter(|one| shown_to(visit, one)).ok_or(Fault::Absent)
}
