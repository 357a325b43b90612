//! One award line on its way through the money pipeline.

use std::sync::Arc;

use meed_facts::ratio::Ratio;
use meed_rules::program::{CombineId, MeasureId};

use super::amount::Amount;
use super::certainty::Certainty;

/// Which step of the pipeline, in their one order (`semantics.md` §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StepKind {
    /// The formula's amount.
    Gross,
    /// The least that is paid.
    Floor,
    /// The most that is paid for the line.
    Cap,
    /// Rounding, once.
    Rounded,
    /// The period asked about is none of the series, or a `while` that failed ended it.
    Period,
    /// Awarded before for the same period.
    Awarded,
    /// Awarded before.
    Once,
    /// Another award of a `highest of` group is higher, or part was received before.
    HighestOf,
    /// Another award of an `exclusive` group stands.
    Exclusive,
    /// A higher rung of a ladder is reached, or lower ones were paid before.
    TopUp,
    /// Several lines exceed a ceiling together.
    Ceiling,
    /// The text does not say how this combines with others.
    Unresolved,
    /// A fund pays in a round.
    Fund,
}

/// How one step changed an amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub kind: StepKind,
    /// The amount before.
    pub before: Amount,
    /// The amount after.
    pub after: Amount,
    /// The clause that did it.
    pub clause: Option<CombineId>,
    /// The line that bears the amount instead, by measure and key.
    pub instead: Option<(MeasureId, Option<Arc<str>>)>,
    /// What was received before, where that was taken off.
    pub received: Option<Amount>,
    /// The fund that pays, by its position in the Program.
    pub fund: Option<usize>,
    /// The amount after, in main units, where it is known and may be no whole number of smallest units yet.
    pub exact: Option<Ratio>,
}

impl Step {
    /// A step that gives an amount to begin with.
    pub fn first(kind: StepKind, amount: Amount) -> Self {
        Self {
            kind,
            before: amount,
            after: amount,
            clause: None,
            instead: None,
            received: None,
            fund: None,
            exact: None,
        }
    }
}

/// What a person has to know about a line besides its amount.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    /// The text does not say how this clause combines these awards, or how it cuts them.
    Unresolved(CombineId),
    /// Only one of the group is paid; the applicant chooses.
    Alternative(CombineId),
}

/// One award line on its way through the pipeline.
#[derive(Clone, Debug)]
pub struct Claim {
    /// For which measure.
    pub measure: MeasureId,
    /// The line's key, where it is for a child whose key is known.
    pub key: Option<Arc<str>>,
    /// What is due.
    pub amount: Amount,
    /// Whether the award is made on the day: eligible, above nothing, and not excluded.
    pub made: Certainty,
    /// Each step that changed the amount.
    pub steps: Vec<Step>,
    /// What a person has to know.
    pub marks: Vec<Mark>,
    /// Whether earlier awards that are not known could change the amount.
    pub needs_awards: bool,
    /// Exclusive groups in which a choice has still to be made.
    pub needs_choice: Vec<CombineId>,
    /// Whether nobody asks for steps.
    silent: bool,
}

impl Claim {
    /// A line with its amount before combination. `made` tells whether its conditions hold.
    pub fn new(measure: MeasureId, key: Option<Arc<str>>, amount: Amount, made: Certainty) -> Self {
        Self {
            measure,
            key,
            amount,
            made,
            steps: Vec::new(),
            marks: Vec::new(),
            needs_awards: false,
            needs_choice: Vec::new(),
            silent: false,
        }
    }

    /// The same without keeping steps.
    #[must_use]
    pub fn silent(self) -> Self {
        Self { silent: true, ..self }
    }

    /// Sets the amount and keeps the step, where it changes anything.
    pub fn change(&mut self, after: Amount, step: impl FnOnce(Step) -> Step) {
        if after == self.amount {
            return;
        }
        if !self.silent {
            let plain = Step {
                before: self.amount,
                ..Step::first(StepKind::Gross, after)
            };
            self.steps.push(step(plain));
        }
        self.amount = after;
        if after.is_zero() {
            self.made = Certainty::No;
        }
    }

    /// What is certain about the award shrinks to this.
    pub fn made_only_if(&mut self, condition: Certainty) {
        self.made = self.made.and(condition);
    }

    /// Adds a mark once.
    pub fn mark(&mut self, mark: Mark) {
        if !self.marks.contains(&mark) {
            self.marks.push(mark);
        }
    }
}
