//! From the lines of an applicant to what is due, where combining is plain: one line a group, groups of known amounts, ceilings that are not reached.
//!
//! Everything else is the money pipeline's (`awards::pipeline`): the applicant goes to the explaining evaluator.

use la_arena::ArenaMap;
use meed_facts::money::Currency;
use meed_facts::schema::EntityId;
use meed_rules::program::{Combine, CombineForm, CombineId, MeasureId, Program};

use super::plan::Constant;
use crate::awards::amount::{self, Amount};
use crate::awards::judge::amount_of;
use crate::awards::verdict::Verdict;

/// The Program's clauses as far as they are plain.
#[derive(Debug)]
pub(super) struct Clauses {
    all: ArenaMap<CombineId, Clause>,
    of: ArenaMap<MeasureId, Vec<CombineId>>,
    rationed: ArenaMap<MeasureId, ()>,
}

#[derive(Debug)]
struct Clause {
    form: CombineForm,
    /// Members in the clause's order.
    members: Vec<MeasureId>,
    /// Whether all lines of an applicant belong together for certain.
    per_applicant: bool,
    /// A ceiling's amount, where it is one for all.
    limit: Option<i128>,
}

/// A line on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub measure: MeasureId,
    pub verdict: Verdict,
    /// Whether it is paid once, and for each value of something.
    pub once: Option<bool>,
    /// What is due so far.
    pub amount: Amount,
    /// After occurrence.
    pub own: Amount,
    /// After groups and ceilings.
    pub combined: Amount,
}

/// What is known of an applicant's earlier awards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Past {
    /// There are none.
    None,
    /// There are some, or perhaps.
    Some,
    /// Nothing is known.
    Unknown,
}

impl Clauses {
    pub fn new(
        program: &Program,
        entity: EntityId,
        constant: impl Fn(meed_rules::program::NodeId) -> Option<Constant>,
    ) -> Self {
        let mut clauses = Self {
            all: ArenaMap::default(),
            of: ArenaMap::default(),
            rationed: ArenaMap::default(),
        };
        for (id, combine) in program.combines.iter() {
            let clause = Clause::new(combine, entity, program.package.currency, &constant);
            for member in &clause.members {
                clauses.of.entry(*member).or_default().push(id);
            }
            clauses.all.insert(id, clause);
        }
        for measure in program.funds.iter().flat_map(|fund| &fund.covers) {
            clauses.rationed.insert(*measure, ());
        }
        clauses
    }

    /// Brings an applicant's lines to what is due. Whether that was plain.
    pub fn combine(&self, lines: &mut [Line], past: Past) -> bool {
        if !once(lines, past) {
            return false;
        }
        lines.iter_mut().for_each(|line| line.own = line.amount);
        let concerned = lines.iter().any(|line| self.of.contains_idx(line.measure));
        if concerned {
            if past != Past::None {
                return false;
            }
            for (_, clause) in self.all.iter() {
                if !clause.apply(lines) {
                    return false;
                }
            }
        }
        for line in lines {
            line.combined = line.amount;
            if self.rationed.contains_idx(line.measure) {
                line.amount = line.amount.down_to_zero();
            }
        }
        true
    }
}

/// Takes out what was awarded before.
fn once(lines: &mut [Line], past: Past) -> bool {
    for at in 0..lines.len() {
        let Some(line) = lines.get(at).copied() else { continue };
        let Some(per_value) = line.once else { continue };
        let shares = |other: &Line| other.measure == line.measure && !other.amount.is_zero();
        if past == Past::Some || (per_value && lines.iter().filter(|other| shares(other)).count() > 1) {
            return false;
        }
        if past == Past::Unknown {
            lines
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|line| line.amount = line.amount.down_to_zero());
        }
    }
    true
}

impl Clause {
    fn new(
        combine: &Combine,
        entity: EntityId,
        currency: Currency,
        constant: impl Fn(meed_rules::program::NodeId) -> Option<Constant>,
    ) -> Self {
        let own = || combine.members.iter().filter(|member| member.entity == entity);
        let limit = |member: &meed_rules::program::Member| {
            let constant = constant(member.limit?)?;
            let known = member.counting.is_none() && constant.value.is_known();
            known.then(|| amount_of(&constant.value, currency).value()).flatten()
        };
        let mut limits: Vec<Option<i128>> = own().map(limit).collect();
        limits.dedup();
        Self {
            form: combine.form.clone(),
            members: own().map(|member| member.measure).collect(),
            per_applicant: combine.judged_by.is_none() && own().all(|member| member.keys.is_empty()),
            limit: match limits.as_slice() {
                [limit] => *limit,
                _ => None,
            },
        }
    }

    /// Applies the clause to an applicant's lines. Whether that is plain.
    fn apply(&self, lines: &mut [Line]) -> bool {
        let paid: Vec<usize> = (0..lines.len())
            .filter(|at| {
                lines
                    .get(*at)
                    .is_some_and(|line| !line.amount.is_zero() && self.members.contains(&line.measure))
            })
            .collect();
        if let CombineForm::AtMost(_) = self.form {
            return paid.is_empty() || self.fits(lines, &paid);
        }
        match paid.len() {
            0 | 1 => true,
            _ => self.form == CombineForm::HighestOf && self.per_applicant && self.keep_highest(lines, &paid),
        }
    }

    /// Whether a ceiling is certainly not reached.
    fn fits(&self, lines: &[Line], paid: &[usize]) -> bool {
        let together = amount::sum(paid.iter().filter_map(|at| lines.get(*at)).map(|line| line.amount));
        matches!((self.limit, together.high()), (Some(limit), Some(high)) if high <= limit)
    }

    /// Of known amounts only the highest is paid; of equal ones that of the measure named first.
    fn keep_highest(&self, lines: &mut [Line], paid: &[usize]) -> bool {
        let mut best: Option<(i128, usize, usize)> = None;
        for at in paid {
            let Some(line) = lines.get(*at) else { return false };
            let (Some(amount), Verdict::Eligible) = (line.amount.value(), line.verdict) else {
                return false;
            };
            let rank = self
                .members
                .iter()
                .position(|member| *member == line.measure)
                .unwrap_or(usize::MAX);
            match best {
                // Lines of one measure are told apart by their keys.
                Some((highest, other, _)) if highest == amount && other == rank => return false,
                Some((highest, other, _)) if highest > amount || (highest == amount && other < rank) => {}
                _ => best = Some((amount, rank, *at)),
            }
        }
        for at in paid {
            if best.is_some_and(|(.., winner)| winner != *at) {
                lines
                    .iter_mut()
                    .skip(*at)
                    .take(1)
                    .for_each(|line| line.amount = Amount::ZERO);
            }
        }
        true
    }
}
