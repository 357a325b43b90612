//! A limit to the work for one applicant, counted in steps, so that it is the same on every machine.

use thiserror::Error;

use super::{At, Evaluator};
use crate::value::Value;

/// The most steps for one applicant: values of nodes, each in one binding, and bindings of children.
pub const MOST_STEPS: u64 = 2_000_000;

/// More steps would be needed than one applicant is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "this takes more than {MOST_STEPS} steps: conditions on lists inside lists grow with the product of the lists' lengths; ask about one list in the other only \
     where the text does, or state shorter lists"
)]
pub struct TooMuchWork;

impl Evaluator<'_> {
    /// Whether everything that was asked was computed. Beyond the limit values are unknown, which is true of them, but says nothing.
    ///
    /// # Errors
    /// The limit was reached: facts or rules must become smaller.
    pub fn within_limit(&self) -> Result<(), TooMuchWork> {
        if self.steps.get() < MOST_STEPS {
            Ok(())
        } else {
            Err(TooMuchWork)
        }
    }

    /// Takes one step, if there is one left.
    pub(super) fn step(&self) -> bool {
        let steps = self.steps.get();
        let is_left = steps < MOST_STEPS;
        if is_left {
            self.steps.set(steps.saturating_add(1));
        }
        is_left
    }

    /// What is said of a node without looking at it.
    pub(super) fn not_computed(&self, at: At) -> Value {
        let causes = at.undefined();
        let any = self.unknown(at, causes.clone());
        any.hull(&Value::undefined(causes)).hull(&Value::inapplicable())
    }
}
