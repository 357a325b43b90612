//! `unresolved`: the text does not say how awards combine. Lines stay as they are and bear the clause; together they are between the highest and the sum.

use super::Pipeline;
use super::clause::Clause;
use crate::awards::bundle::{Outcome, Paid, Shown};
use crate::awards::certainty::Certainty;
use crate::awards::claim::Mark;
use crate::awards::key::Pool;

/// Applies the clause to lines that may share a key.
pub fn apply(pipeline: &mut Pipeline<'_>, clause: &Clause, pool: &Pool) -> Option<Outcome> {
    let lines = pool.lines();
    if pipeline.uncontested(&lines) {
        return None;
    }
    let paid: Vec<usize> = lines
        .iter()
        .copied()
        .filter(|line| !pipeline.amount(*line).is_zero())
        .collect();
    let together = pipeline.sum(&lines);
    for line in &paid {
        if let Some(claim) = pipeline.claims.get_mut(*line) {
            claim.made_only_if(Certainty::Maybe);
            if let Some(id) = clause.id {
                claim.mark(Mark::Unresolved(id));
            }
        }
    }
    pipeline.bundles.show(paid, Shown::Unresolved);
    Some(Outcome {
        total: together.down_to_zero(),
        paid: Paid::Any,
    })
}
