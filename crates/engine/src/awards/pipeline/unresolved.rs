//! `unresolved`: the text does not say how awards combine. Lines stay as they are and bear the clause; together they are between the highest and the sum.

use super::Pipeline;
use super::clause::Clause;
use crate::awards::amount::{self, Amount};
use crate::awards::bundle::BundleKind;
use crate::awards::claim::Mark;
use crate::awards::key::Pool;

/// Applies the clause to lines that may share a key.
pub fn apply(pipeline: &mut Pipeline<'_>, clause: &Clause, pool: &Pool) {
    let lines = pool.lines();
    let paid: Vec<usize> = lines
        .iter()
        .copied()
        .filter(|line| !pipeline.amount(*line).is_zero())
        .collect();
    if paid.len() < 2 {
        return;
    }
    for line in &paid {
        if let (Some(claim), Some(id)) = (pipeline.claims.get_mut(*line), clause.id) {
            claim.mark(Mark::Unresolved(id));
        }
    }
    let highest = amount::highest(paid.iter().map(|line| pipeline.amount(*line)));
    let together = pipeline.sum(&lines);
    let total = Amount::between(highest.low().min(together.low()), together.high());
    pipeline.bundles.add(lines, total, BundleKind::Open);
}
