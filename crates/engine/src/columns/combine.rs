//! Which lines combine with which, as far as that is known before any applicant is: clauses and funds tie measures into knots, and of a knot only the lines that clauses may
//! change beside each other enter the money pipeline (`awards::pipeline`).

use la_arena::ArenaMap;
use meed_facts::record::AwardRecord;
use meed_facts::schema::EntityId;
use meed_rules::program::{Combine, CombineForm, CombineId, MeasureId, Member, NodeId, Program};

use super::plan::Constant;
use crate::awards::amount::{self, Amount};
use crate::awards::clauses::empty;
use crate::awards::judge::amount_of;
use crate::awards::pipeline::Clause;

/// The Program's clauses and funds, for one kind of applicant.
#[derive(Debug)]
pub(super) struct Clauses {
    pub knots: Vec<Knot>,
    of: ArenaMap<MeasureId, Place>,
}

/// A measure among others.
#[derive(Debug)]
pub(super) struct Place {
    /// Its knot.
    pub knot: usize,
    /// Its bit there.
    pub bit: u64,
    /// Whether no clause, fund or value that is paid once ties its lines to others, be there which there may.
    pub untied: bool,
    /// Whether a fund pays it.
    pub rationed: bool,
    /// Up to which amount no clause changes a line that is its applicant's only one, without earlier awards.
    pub free: i128,
}

/// Measures that clauses and funds tie together, directly or through others. Sets of them are bits.
#[derive(Debug)]
pub(super) struct Knot {
    /// In the order of decision.
    pub measures: Vec<MeasureId>,
    /// In the Program's order.
    pub ties: Vec<Tie>,
    /// What each fund covers.
    pub funds: Vec<u64>,
}

/// A clause.
#[derive(Debug)]
pub(super) struct Tie {
    pub id: CombineId,
    /// Without seats.
    pub clause: Clause,
    pub members: u64,
    /// Whether it asks facts for nothing: no keys, and limits that are the same for all.
    pub is_fixed: bool,
    /// Whether it counts other public money, that of lines that are refused too.
    pub counts: bool,
    is_ceiling: bool,
    /// A ceiling's amount, where it is one for all.
    limit: Option<i128>,
}

/// What is known of an applicant's earlier awards.
#[derive(Clone, Copy, Debug)]
pub(super) struct Past<'b> {
    pub awards: &'b [AwardRecord],
    pub complete: bool,
}

impl Place {
    /// Whether nothing changes a line of at most so much, which is its applicant's only one.
    pub fn is_free(&self, most: i128, past: Past<'_>) -> bool {
        past.complete && past.awards.is_empty() && most <= self.free
    }
}

impl Past<'_> {
    /// Whether none of the measures was awarded before.
    pub fn is_silent(&self, names: impl Fn(&str) -> bool) -> bool {
        self.complete && !self.awards.iter().any(|award| names(&award.measure))
    }
}

impl Clauses {
    pub fn new(program: &Program, entity: EntityId, constant: impl Fn(NodeId) -> Option<Constant>) -> Self {
        let own = |member: &&Member| member.entity == entity;
        let of_clause = |combine: &Combine| {
            let members = combine.members.iter().filter(own);
            members.map(|member| member.measure).collect::<Vec<_>>()
        };
        let mut ties: Vec<Vec<MeasureId>> = program.combines.iter().map(|(_, combine)| of_clause(combine)).collect();
        ties.extend(program.funds.iter().map(|fund| fund.covers.clone()));
        let mut of: ArenaMap<MeasureId, Place> = ArenaMap::default();
        let mut knots = Vec::new();
        for measures in tied(&program.order, &ties) {
            for (position, measure) in (0_u32..).zip(&measures) {
                // In a knot of more measures than bits all are taken together.
                let bit = if measures.len() > 64 {
                    u64::MAX
                } else {
                    1_u64.wrapping_shl(position)
                };
                let rationed = program.funds.iter().any(|fund| fund.covers.contains(measure));
                let knot = knots.len();
                let free = i128::MAX;
                let mut once = program.measures[*measure]
                    .rules
                    .iter()
                    .filter_map(|rules| rules.once.as_ref());
                let untied = once.all(|once| once.per.is_none()) && !ties.iter().any(|tie| tie.contains(measure));
                let place = Place {
                    knot,
                    bit,
                    untied,
                    rationed,
                    free,
                };
                of.insert(*measure, place);
            }
            let bits = |all: &[MeasureId]| {
                let inside = all.iter().filter(|measure| measures.contains(measure));
                inside
                    .filter_map(|measure| of.get(*measure))
                    .fold(0, |bits, place| bits | place.bit)
            };
            let ties = program
                .combines
                .iter()
                .filter(|(_, combine)| bits(&of_clause(combine)) != 0);
            let ties = ties.map(|(id, combine)| Tie::new(program, entity, (id, bits(&of_clause(combine))), &constant));
            let ties: Vec<Tie> = ties.collect();
            let funds = program
                .funds
                .iter()
                .map(|fund| bits(&fund.covers))
                .filter(|bits| *bits != 0);
            let funds = funds.collect();
            for measure in &measures {
                if let Some(place) = of.get_mut(*measure) {
                    let limits = ties.iter().filter(|tie| tie.is_ceiling && tie.members & place.bit != 0);
                    place.free = limits.map(|tie| tie.limit.unwrap_or(0)).min().unwrap_or(i128::MAX);
                }
            }
            knots.push(Knot { measures, ties, funds });
        }
        Self { knots, of }
    }

    pub fn place(&self, measure: MeasureId) -> Option<&Place> {
        self.of.get(measure)
    }
}

/// Measures that are tied together, in their order; also those that nothing ties.
fn tied(order: &[MeasureId], ties: &[Vec<MeasureId>]) -> Vec<Vec<MeasureId>> {
    let mut knots: Vec<Vec<MeasureId>> = order.iter().map(|measure| vec![*measure]).collect();
    for tie in ties {
        let (together, mut apart): (Vec<_>, Vec<_>) = knots
            .into_iter()
            .partition(|knot| knot.iter().any(|measure| tie.contains(measure)));
        if !together.is_empty() {
            apart.push(together.concat());
        }
        knots = apart;
    }
    for knot in &mut knots {
        knot.sort_by_key(|measure| order.iter().position(|other| other == measure));
    }
    knots
}

impl Knot {
    /// The measures that clauses may change beside each other: sets of those that have to be looked at together.
    pub fn parts(&self, contested: u64, active: &[&Tie]) -> Vec<u64> {
        let mut parts = Vec::new();
        let join = |parts: &mut Vec<u64>, mut bits: u64| {
            parts.retain(|part| {
                let meets = part & bits != 0;
                bits |= if meets { *part } else { 0 };
                !meets
            });
            parts.push(bits);
        };
        let ties = active.iter().map(|tie| tie.members);
        for bits in ties.chain((contested != 0).then_some(contested)) {
            join(&mut parts, bits);
        }
        if !parts.is_empty() {
            self.funds.iter().for_each(|bits| join(&mut parts, *bits));
        }
        parts
    }
}

impl Tie {
    fn new(
        program: &Program,
        entity: EntityId,
        (id, members): (CombineId, u64),
        constant: impl Fn(NodeId) -> Option<Constant>,
    ) -> Self {
        let combine = &program.combines[id];
        let own = || combine.members.iter().filter(|member| member.entity == entity);
        let is_ceiling = matches!(combine.form, CombineForm::AtMost(_));
        let limit = |member: &Member| {
            let constant = constant(member.limit?)?;
            let known = constant
                .value
                .is_known()
                .then(|| amount_of(&constant.value, program.package.currency));
            known.and_then(Amount::value)
        };
        let limits: Option<Vec<i128>> = own().map(limit).collect();
        let counts = is_ceiling && own().any(|member| member.counting.is_some());
        Self {
            id,
            clause: empty(program, id),
            members,
            is_fixed: own().all(|member| member.keys.is_empty()) && !counts && (!is_ceiling || limits.is_some()),
            counts,
            is_ceiling,
            limit: limits.filter(|_| !counts).and_then(|limits| limits.into_iter().min()),
        }
    }

    /// Whether the clause may change anything of these amounts: a single award is not beaten, a limit above all awards is not reached.
    pub fn is_active(&self, past: Past<'_>, amounts: impl Iterator<Item = Amount>) -> bool {
        let mut amounts = amounts.filter(|amount| !amount.is_zero()).peekable();
        if amounts.peek().is_none() {
            return false;
        }
        let members = &self.clause.members;
        if !past.is_silent(|name| members.iter().any(|(_, known)| &**known == name)) {
            return true;
        }
        if !self.is_ceiling {
            return amounts.nth(1).is_some();
        }
        let most = amount::sum(amounts).high();
        !matches!((self.limit, most), (Some(limit), Some(most)) if most <= limit)
    }
}
