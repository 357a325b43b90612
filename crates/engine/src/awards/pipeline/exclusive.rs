//! `exclusive`: one of several measures. An earlier award of one, or the applicant's choice, excludes the others; until then all are alternatives.

use std::collections::BTreeMap;

use meed_rules::program::MeasureId;

use super::Pipeline;
use super::clause::Clause;
use crate::awards::amount::{self, Amount};
use crate::awards::bundle::{Outcome, Paid, Shown};
use crate::awards::certainty::{self, Certainty};
use crate::awards::claim::{Mark, Step, StepKind};
use crate::awards::history::Received;
use crate::awards::key::Pool;

/// Applies the clause to lines that may share a key.
pub fn apply(pipeline: &mut Pipeline<'_>, clause: &Clause, pool: &Pool, first: Option<MeasureId>) -> Option<Outcome> {
    let lines = pool.lines();
    let candidates: Vec<Candidate> = lines
        .iter()
        .filter_map(|line| Candidate::of(pipeline, clause, pool, *line, first))
        .collect();
    let rulings: Vec<Ruling> = candidates
        .iter()
        .map(|candidate| Ruling::of(clause, pool, candidate, &candidates, first))
        .collect();
    if rulings.iter().all(Ruling::changes_nothing) {
        return None;
    }
    for ruling in &rulings {
        ruling.settle(pipeline, clause);
    }
    let outcome = match first {
        Some(first) => Outcome {
            total: before_others(pipeline, pool, first),
            paid: Paid::Any,
        },
        None => Outcome {
            total: one_measure(pipeline, pool),
            paid: Paid::OneMeasure,
        },
    };
    let alternatives = rulings.iter().filter(|ruling| ruling.alternative);
    let alternatives: Vec<usize> = alternatives.map(|ruling| ruling.line).collect();
    pipeline.bundles.show(alternatives, Shown::Alternative);
    Some(outcome)
}

/// One line before the clause.
struct Candidate {
    line: usize,
    measure: MeasureId,
    /// What other measures were awarded before.
    earlier: Received,
    /// Whether it is made, as far as earlier awards let it be.
    made: Certainty,
}

impl Candidate {
    fn of(
        pipeline: &Pipeline<'_>,
        clause: &Clause,
        pool: &Pool,
        line: usize,
        first: Option<MeasureId>,
    ) -> Option<Self> {
        let claim = pipeline.claims.get(line).filter(|claim| !claim.amount.is_zero())?;
        let excluder = |measure: MeasureId| measure != claim.measure && first.is_none_or(|first| first == measure);
        let earlier = clause.received(&pipeline.claims, pipeline.history, pool.class_of(line), excluder);
        Some(Self {
            line,
            measure: claim.measure,
            earlier,
            made: claim.made.and(earlier.awarded.negated()),
        })
    }
}

/// What the clause says of one line.
struct Ruling {
    line: usize,
    /// Whether another measure excludes it.
    excluded: Certainty,
    /// Whether it is one of several among which a choice is open.
    alternative: bool,
    needs_awards: bool,
    by: Option<MeasureId>,
}

impl Ruling {
    fn of(clause: &Clause, pool: &Pool, own: &Candidate, all: &[Candidate], first: Option<MeasureId>) -> Self {
        // Whether a line of another measure is made for this line's key.
        let class = pool.class_of(own.line);
        let rival = |other: &Candidate| {
            let same = Certainty::known(class.contains(&other.line)).or(Certainty::Maybe);
            other.made.and(same)
        };
        let rivals = || all.iter().filter(|other| other.measure != own.measure);
        let before = first.or(clause.chosen).filter(|before| *before != own.measure);
        let of_before = rivals().filter(|other| Some(other.measure) == before);
        let now = certainty::any(of_before.map(rival));
        let excluded = now.or(own.earlier.awarded);
        // A choice of what is not made leaves the others as they were.
        let open = first.is_none() && clause.chosen != Some(own.measure) && !excluded.certain();
        Self {
            line: own.line,
            excluded,
            alternative: open && rivals().any(|other| rival(other).possible()),
            needs_awards: own.earlier.open && !now.certain(),
            by: before.filter(|_| now.possible()),
        }
    }

    fn changes_nothing(&self) -> bool {
        !self.alternative && self.excluded == Certainty::No
    }

    fn settle(&self, pipeline: &mut Pipeline<'_>, clause: &Clause) {
        let Some(claim) = pipeline.claims.get_mut(self.line) else {
            return;
        };
        claim.needs_awards |= self.needs_awards;
        claim.made_only_if(self.excluded.negated());
        if self.alternative {
            claim.made_only_if(Certainty::Maybe);
            if let Some(id) = clause.id {
                claim.mark(Mark::Alternative(id));
                claim.needs_choice.push(id);
            }
        }
        let after = match self.excluded {
            Certainty::No => claim.amount,
            Certainty::Maybe => claim.amount.down_to_zero(),
            Certainty::Yes => Amount::ZERO,
        };
        let instead = self.by.map(|measure| (measure, None));
        claim.change(after, |step| Step {
            kind: StepKind::Exclusive,
            clause: clause.id,
            instead,
            ..step
        });
    }
}

/// One measure of each class is paid: the highest counts.
fn one_measure(pipeline: &Pipeline<'_>, pool: &Pool) -> Amount {
    let low = by_measure(pipeline, &pool.lines())
        .iter()
        .map(|amount| amount.low())
        .max();
    let of = |class: &Vec<usize>| amount::highest(by_measure(pipeline, class));
    let high = amount::sum(pool.classes.iter().map(of)).high();
    Amount::between(low.unwrap_or(0), high)
}

/// Where the first measure may still fall away, either it or the others are paid.
fn before_others(pipeline: &Pipeline<'_>, pool: &Pool, first: MeasureId) -> Amount {
    let is_first = |line: &&usize| pipeline.claims.get(**line).is_some_and(|claim| claim.measure == first);
    let sum = |lines: Vec<&usize>| amount::sum(lines.into_iter().map(|line| pipeline.paid(*line)));
    let of = |class: &Vec<usize>| {
        let (before, after): (Vec<&usize>, Vec<&usize>) = class.iter().partition(is_first);
        sum(before).greater(sum(after))
    };
    let low = sum(pool.lines().iter().collect()).low();
    let high = amount::sum(pool.classes.iter().map(of)).high();
    Amount::between(low, high)
}

/// What the lines of each measure come to.
fn by_measure(pipeline: &Pipeline<'_>, lines: &[usize]) -> Vec<Amount> {
    let mut measures: BTreeMap<MeasureId, Amount> = BTreeMap::new();
    for line in lines {
        if let Some(claim) = pipeline.claims.get(*line) {
            let sum = measures.entry(claim.measure).or_insert(Amount::ZERO);
            *sum = sum.plus(pipeline.paid(*line));
        }
    }
    measures.into_values().collect()
}
