//! The steps that combine lines: groups, ladders, ceilings, funds; one file each.
//!
//! They know nothing of programs and facts: lines come with their amounts and keys, clauses with their members. Every step takes intervals and gives intervals
//! that hold every outcome, so that knowing more only shrinks them.

mod ceiling;
mod clause;
mod cut;
mod exclusive;
mod fund;
mod highest;
mod ladder;
mod once;
mod overtaken;
mod unresolved;

use super::amount::Amount;
use super::bundle::Bundles;
use super::claim::Claim;
use super::history::History;
use super::key::Pool;

pub use clause::{Clause, Form, Limit, Seat};
pub use once::Occurrence;

/// All lines of a determination, and what the steps so far know of them.
#[derive(Clone, Debug)]
pub struct Pipeline<'a> {
    /// The lines.
    pub claims: Vec<Claim>,
    /// What is known of lines together.
    pub bundles: Bundles,
    history: &'a History,
    contests: Vec<highest::Contest>,
}

impl<'a> Pipeline<'a> {
    /// Lines with their amounts before combination.
    pub fn new(claims: Vec<Claim>, history: &'a History) -> Self {
        Self {
            claims,
            bundles: Bundles::default(),
            history,
            contests: Vec::new(),
        }
    }

    /// Applies one clause. Clauses come in the Program's order: groups, ladders, then ceilings, the narrower key first.
    pub fn apply(&mut self, clause: &Clause) {
        self.bundles.begin();
        if let Form::AtMost(_) = clause.form {
            return ceiling::apply(self, clause);
        }
        for pool in clause.pools() {
            match clause.form {
                Form::HighestOf => self.grouped(&pool, |this| highest::apply(this, clause, &pool)),
                Form::Exclusive { first } => self.grouped(&pool, |this| exclusive::apply(this, clause, &pool, first)),
                Form::TopUp => self.grouped(&pool, |this| ladder::apply(this, clause, &pool)),
                Form::Unresolved => unresolved::apply(self, clause, &pool),
                Form::AtMost(_) => {}
            }
        }
    }

    /// Applies a step that makes a bundle of its own; what was known before of lines that it changes is taken back first.
    fn grouped(&mut self, pool: &Pool, step: impl FnOnce(&mut Self)) {
        let lines = pool.lines();
        let before: Vec<Amount> = lines.iter().map(|line| self.amount(*line)).collect();
        step(self);
        let changed: Vec<usize> = lines
            .iter()
            .zip(before)
            // A line that is not known may have changed although its interval did not.
            .filter(|(line, before)| self.amount(**line) != *before || before.value().is_none())
            .map(|(line, _)| *line)
            .collect();
        self.bundles.weaken(&self.claims, &changed);
        for contest in &mut self.contests {
            if contest.step != self.bundles.step() {
                contest.weaken(&changed);
            }
        }
    }

    /// What all lines come to together.
    pub fn total(&self) -> Amount {
        let lines: Vec<usize> = (0..self.claims.len()).collect();
        self.bundles.sum(&self.claims, &lines)
    }

    /// What some lines come to together.
    pub fn total_of(&self, lines: &[usize]) -> Amount {
        self.bundles.sum(&self.claims, lines)
    }

    fn amount(&self, line: usize) -> Amount {
        self.claims.get(line).map_or(Amount::ZERO, |claim| claim.amount)
    }

    fn sum(&self, lines: &[usize]) -> Amount {
        self.bundles.sum(&self.claims, lines)
    }
}
