//! `exclusive`: one of several measures. An earlier award of one, or the applicant's choice, excludes the others; until then all are alternatives.

use meed_rules::program::MeasureId;

use super::Pipeline;
use super::clause::Clause;
use crate::awards::amount::{self, Amount};
use crate::awards::bundle::BundleKind;
use crate::awards::certainty::{self, Certainty};
use crate::awards::claim::{Mark, Step, StepKind};
use crate::awards::key::Pool;

/// Applies the clause to lines that may share a key.
pub fn apply(pipeline: &mut Pipeline<'_>, clause: &Clause, pool: &Pool, first: Option<MeasureId>) {
    let lines = pool.lines();
    let rulings: Vec<Ruling> = lines
        .iter()
        .map(|line| Ruling::of(pipeline, clause, pool, *line, first))
        .collect();
    for ruling in &rulings {
        ruling.settle(pipeline, clause);
    }
    let undecided = rulings.iter().any(|ruling| ruling.alternative);
    let total = match first {
        Some(first) => total_before_others(pipeline, pool, first),
        None => total_of_alternatives(pipeline, pool),
    };
    let kind = match (undecided, pool.is_certain()) {
        (true, true) => BundleKind::Alternatives,
        (true, false) => BundleKind::Open,
        (false, _) => BundleKind::Together,
    };
    pipeline.bundles.add_paid(lines, total, kind);
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
    fn of(pipeline: &Pipeline<'_>, clause: &Clause, pool: &Pool, line: usize, first: Option<MeasureId>) -> Self {
        let Some(own) = pipeline.claims.get(line).map(|claim| claim.measure) else {
            return Self {
                line,
                excluded: Certainty::No,
                alternative: false,
                needs_awards: false,
                by: None,
            };
        };
        let excluder = |measure: MeasureId| measure != own && first.is_none_or(|first| first == measure);
        let earlier = clause.received(&pipeline.claims, pipeline.history, pool.class_of(line), excluder);
        let rivals = rivals(pipeline, pool, line, own);
        let (now, by) = match (first, clause.chosen) {
            (Some(first), _) if first != own => (made(&rivals, first), Some(first)),
            (None, Some(chosen)) if chosen != own => (made(&rivals, chosen), Some(chosen)),
            _ => (Certainty::No, None),
        };
        let excluded = now.or(earlier.awarded);
        let open = first.is_none() && clause.chosen.is_none() && !excluded.certain();
        let alternative = open && rivals.iter().any(|(_, made)| made.possible());
        Self {
            line,
            excluded,
            alternative,
            needs_awards: earlier.open && !now.certain(),
            by: by.filter(|_| now.possible()),
        }
    }

    fn settle(&self, pipeline: &mut Pipeline<'_>, clause: &Clause) {
        let Some(claim) = pipeline.claims.get_mut(self.line) else {
            return;
        };
        if claim.amount.is_zero() {
            return;
        }
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

/// Lines of other measures that share or may share the key, with whether each is made as far as this line is concerned.
fn rivals(pipeline: &Pipeline<'_>, pool: &Pool, line: usize, own: MeasureId) -> Vec<(MeasureId, Certainty)> {
    let class = pool.class_of(line);
    let certain = |other: &usize| Certainty::known(class.contains(other)).or(Certainty::Maybe);
    pool.lines()
        .iter()
        .filter_map(|other| Some((other, pipeline.claims.get(*other)?)))
        .filter(|(_, claim)| claim.measure != own)
        .map(|(other, claim)| (claim.measure, claim.made.and(certain(other))))
        .collect()
}

fn made(rivals: &[(MeasureId, Certainty)], measure: MeasureId) -> Certainty {
    certainty::any(rivals.iter().filter(|rival| rival.0 == measure).map(|rival| rival.1))
}

/// One measure of each class is paid: the highest counts.
fn total_of_alternatives(pipeline: &Pipeline<'_>, pool: &Pool) -> Amount {
    let low = by_measure(pipeline, &pool.lines())
        .iter()
        .map(|amount| amount.low())
        .max();
    let of = |class: &Vec<usize>| amount::highest(by_measure(pipeline, class));
    let high = amount::sum(pool.classes.iter().map(of)).high();
    Amount::between(low.unwrap_or(0), high)
}

/// Where the first measure may still fall away, either it or the others are paid.
fn total_before_others(pipeline: &Pipeline<'_>, pool: &Pool, first: MeasureId) -> Amount {
    let is_first = |line: &&usize| pipeline.claims.get(**line).is_some_and(|claim| claim.measure == first);
    let of = |lines: &[usize]| {
        let (before, after): (Vec<&usize>, Vec<&usize>) = lines.iter().partition(is_first);
        let sum = |lines: Vec<&usize>| pipeline.sum(&lines.into_iter().copied().collect::<Vec<_>>());
        sum(before).greater(sum(after))
    };
    let low = pipeline.sum(&pool.lines()).low();
    let high = amount::sum(pool.classes.iter().map(|class| of(class))).high();
    Amount::between(low, high)
}

fn by_measure(pipeline: &Pipeline<'_>, lines: &[usize]) -> Vec<Amount> {
    let mut measures: Vec<(MeasureId, Vec<usize>)> = Vec::new();
    for line in lines {
        let Some(claim) = pipeline.claims.get(*line) else {
            continue;
        };
        match measures.iter_mut().find(|(measure, _)| *measure == claim.measure) {
            Some((_, own)) => own.push(*line),
            None => measures.push((claim.measure, vec![*line])),
        }
    }
    measures.into_iter().map(|(_, own)| pipeline.sum(&own)).collect()
}
