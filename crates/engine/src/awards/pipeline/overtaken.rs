//! A ceiling that cuts a group's winner below a loser: the text does not say which is paid then, so both outcomes stay open.
//!
//! What the steps between the group and the ceiling made of the winner was made in vain then; so all steps run again, with the group's outcome open.

use std::collections::BTreeMap;

use meed_rules::program::CombineId;

use super::Pipeline;
use super::ceiling::Ceiling;
use super::clause::Clause;
use super::cut;
use super::highest::Contest;
use crate::awards::amount::Amount;
use crate::awards::certainty::{self, Certainty};

/// Which lines of which step have an open outcome, and the ceiling that certainly opened it.
#[derive(Clone, Debug, Default)]
pub struct Opened(BTreeMap<(usize, usize), Option<CombineId>>);

impl Opened {
    /// Whether a line's outcome is open in a step.
    pub fn has(&self, step: usize, line: usize) -> bool {
        self.0.contains_key(&(step, line))
    }

    /// The ceiling that certainly opened it.
    pub fn by(&self, step: usize, line: usize) -> Option<CombineId> {
        self.0.get(&(step, line)).copied().flatten()
    }

    /// Opens it; whether that is news.
    fn open(&mut self, step: usize, line: usize, by: Option<CombineId>) -> bool {
        let news = !self.has(step, line) || by.is_some() && self.by(step, line).is_none();
        if news {
            self.0.insert((step, line), by);
        }
        news
    }
}

/// Looks for groups in which the ceilings may put a loser above the winner, before they cut.
pub fn look(pipeline: &mut Pipeline<'_>, clause: &Clause, ceilings: &[Ceiling]) {
    let mut contests = std::mem::take(&mut pipeline.contests);
    for contest in &mut contests {
        let ranks = ranks(pipeline, clause, contest, ceilings);
        for rank in ranks.iter().filter(|rank| rank.open.possible()) {
            let by = clause.id.filter(|_| rank.open.certain());
            pipeline.again |= pipeline.opened.open(contest.step, rank.line, by);
        }
        contest.alone = ranks.iter().map(|rank| rank.after).collect();
    }
    pipeline.contests = contests;
}

/// What the ceilings make of a line of a contest.
struct Rank {
    line: usize,
    /// What it would be alone, after the cut.
    after: Amount,
    /// Whether it may be cut.
    cut: bool,
    /// Whether its outcome is open now.
    open: Certainty,
}

fn ranks(pipeline: &Pipeline<'_>, clause: &Clause, contest: &Contest, ceilings: &[Ceiling]) -> Vec<Rank> {
    let rank = |(line, alone): (&usize, &Amount)| {
        let over = ceilings
            .iter()
            .find_map(|ceiling| Some((ceiling, ceiling.room(*line)?)));
        let after = over
            .as_ref()
            .map_or(*alone, |(_, room)| cut::share(pipeline, clause, room, *line, *alone));
        // A line that is not known may be cut although its interval stays the same.
        let cut = over.is_some_and(|(ceiling, _)| ceiling.reached && (after != *alone || after.value().is_none()));
        Rank {
            line: *line,
            after,
            cut,
            open: Certainty::No,
        }
    };
    let mut ranks: Vec<Rank> = contest.lines.iter().zip(&contest.alone).map(rank).collect();
    if !cut::keeps_order(pipeline, clause, ceilings, &contest.lines) {
        let open: Vec<Certainty> = ranks.iter().map(|own| own.opened(pipeline, &ranks)).collect();
        for (rank, open) in ranks.iter_mut().zip(open) {
            rank.open = open;
        }
    }
    ranks
}

impl Rank {
    /// Whether this line may change places with another: one of them may be paid and is cut, and the other may now be higher.
    fn opened(&self, pipeline: &Pipeline<'_>, all: &[Self]) -> Certainty {
        let others = all.iter().filter(|other| other.line != self.line);
        let pairs = others.flat_map(|other| [(self, other), (other, self)]);
        certainty::any(pairs.map(|(winner, loser)| winner.falls_below(pipeline, loser)))
    }

    fn falls_below(&self, pipeline: &Pipeline<'_>, loser: &Self) -> Certainty {
        let possible = loser.after.high().is_none_or(|high| high > self.after.low());
        if !self.cut || pipeline.amount(self.line).is_zero() || loser.after.is_zero() || !possible {
            return Certainty::No;
        }
        let certain = self.after.high().is_some_and(|high| loser.after.low() > high);
        Certainty::known(certain).or(Certainty::Maybe)
    }
}
