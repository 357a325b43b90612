//! Cases: offers and applications, their examination and their decisions.

mod acts;
mod decide;
mod examine;
mod judge;
mod open;
mod propose;
mod record;
pub(crate) mod timers;
mod waiting;

pub use acts::Act;
pub use decide::{decide, has_reason, last, took_effect};
pub(crate) use examine::readmit;
pub use judge::{Judgement, judge, judge_on, judge_paid, judgement};
pub use open::{About, open};
pub(crate) use open::{must_be_only, policy_of};
pub(crate) use propose::{not_eligible, propose_case, strike, undo, within};
pub use record::{Case, Decision, Queue, Standstill};
pub use waiting::wait;
pub(crate) use waiting::{before_it, is_next, not_first, queue};
