//! Collecting everything that a choice may result in.

use super::{Causes, Set, Value};

/// The outcomes collected so far.
#[derive(Clone, Debug, Default)]
pub struct Hull {
    set: Option<Set>,
    undefined: bool,
    inapplicable: bool,
    causes: Causes,
}

impl Hull {
    /// Adds the outcomes of a value and their causes.
    pub fn add(&mut self, value: &Value) {
        if let Some(set) = &value.set {
            self.add_set(set);
        }
        self.undefined |= value.undefined;
        self.inapplicable |= value.inapplicable;
        self.causes.merge(&value.causes);
    }

    /// Adds ordinary values.
    pub fn add_set(&mut self, set: &Set) {
        self.set = Some(match self.set.take() {
            Some(mine) => mine.hull(set),
            None => set.clone(),
        });
    }

    /// Adds that it may be undefined, and why.
    pub fn add_undefined(&mut self, causes: &Causes) {
        self.undefined = true;
        self.causes.merge(causes);
    }

    /// Adds that it may not apply.
    pub fn add_inapplicable(&mut self) {
        self.inapplicable = true;
    }

    /// Adds reasons.
    pub fn because(&mut self, causes: &Causes) {
        self.causes.merge(causes);
    }

    /// The value; where nothing was added, undefined for that reason.
    pub fn finish(mut self, otherwise: impl FnOnce() -> Causes) -> Value {
        if self.set.is_none() && !self.undefined && !self.inapplicable {
            self.causes.merge(&otherwise());
        }
        Value::new(self.set, self.undefined, self.inapplicable, self.causes)
    }
}
