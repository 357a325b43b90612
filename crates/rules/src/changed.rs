//! What differs between two Programs of one vocabulary: the measures and funds of which it is not certain that they come out the same for everybody.
//!
//! Rules are compared as graphs. Names, labels and places do not count, nor in which document a rule stands. What is the same graph is the same for every record, however little
//! is known of it. The reverse does not hold: rules that are written otherwise count as changed even if they always agree.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use la_arena::{ArenaMap, RawIdx};

use crate::program::{
    Assessed, Cell, Combine, CombineForm, Cut, Fund, Measure, MeasureId, MeasureRules, Member, NOWHERE, NodeId, Op,
    Program, Rename, Scope, ScopeId, Split, TableId, TableRule, Type, WhenShort,
};

/// What may come out otherwise, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Measures, before funds: their own rules, those of what they ask about, and of what they share a clause with.
    pub measures: BTreeSet<Arc<str>>,
    /// Funds whose amounts or rules differ.
    pub funds: BTreeSet<Arc<str>>,
}

impl Changed {
    /// Compares. On another day, or with other working days, everything may come out otherwise.
    pub fn between(before: &Program, after: &Program) -> Self {
        let mut meanings = Meanings::default();
        let [old, new] = [before, after].map(|program| Rules::of(program, &mut meanings));
        let other_days = before.date != after.date || before.calendar != after.calendar;
        let mut measures = differing(&old.measures, &new.measures, other_days);
        let clauses = differing(&old.clauses, &new.clauses, other_days);
        let ties: Vec<&Tie> = old.ties.iter().chain(&new.ties).collect();
        for tie in &ties {
            if tie.clause.as_ref().is_some_and(|name| clauses.contains(name)) {
                measures.extend(tie.measures.iter().cloned());
            }
        }
        let mut known = 0;
        while known < measures.len() {
            known = measures.len();
            for tie in &ties {
                if tie.measures.union(&tie.asks).any(|name| measures.contains(name)) {
                    measures.extend(tie.measures.iter().cloned());
                }
            }
        }
        Self {
            measures,
            funds: differing(&old.funds, &new.funds, other_days),
        }
    }
}

/// The names under which not the same stands on both sides.
fn differing<T: PartialEq>(old: &BTreeMap<Arc<str>, T>, new: &BTreeMap<Arc<str>, T>, all: bool) -> BTreeSet<Arc<str>> {
    let names = old.keys().chain(new.keys());
    names
        .filter(|name| all || old.get(*name) != new.get(*name))
        .cloned()
        .collect()
}

/// A Program's rules by name, with ids that mean the same in every Program.
struct Rules {
    measures: BTreeMap<Arc<str>, Versions>,
    clauses: BTreeMap<Arc<str>, Clause>,
    funds: BTreeMap<Arc<str>, Terms>,
    ties: Vec<Tie>,
}

/// Measures that may change with each other, and with those that they ask about.
struct Tie {
    measures: BTreeSet<Arc<str>>,
    asks: BTreeSet<Arc<str>>,
    clause: Option<Arc<str>>,
}

/// A measure's former names, by which earlier awards are known, and its versions.
type Versions = (Vec<Arc<str>>, Vec<MeasureRules>);
/// A fund: amounts by year, what it covers, and what happens when it is short.
type Terms = (Vec<(i16, NodeId)>, Vec<MeasureId>, WhenShort);
/// A combination clause: what it does, to whom, whether within one year, whether somebody judges, and after which others.
type Clause = (CombineForm, Vec<Same>, bool, bool, BTreeSet<Arc<str>>);
/// A member: what is the same for lines taken together, the limit, and what else counts.
type Same = (MeasureId, Vec<NodeId>, Option<NodeId>, Option<NodeId>);
/// A table: what its keys are, what becomes of rows that match, and the rows.
type Rows = (Vec<Type>, Vec<bool>, TableRule, Vec<(Vec<Cell>, bool, Vec<NodeId>)>);

impl Rules {
    fn of(program: &Program, meanings: &mut Meanings) -> Self {
        let mut reading = Reading {
            program,
            meanings,
            nodes: ArenaMap::default(),
        };
        // Operands first: no chain of nodes is followed deeper than a step.
        for (id, _) in program.nodes.iter() {
            reading.node(id);
        }
        let name = |measure: MeasureId| program.measures[measure].named.name.clone();
        let mut rules = Self {
            measures: BTreeMap::new(),
            clauses: BTreeMap::new(),
            funds: BTreeMap::new(),
            ties: Vec::new(),
        };
        for (_, measure) in program.measures.iter() {
            let own = (measure.named.formerly.clone(), reading.rules(measure));
            rules.measures.insert(measure.named.name.clone(), own);
            rules.ties.push(Tie {
                measures: [measure.named.name.clone()].into(),
                asks: asked(program, measure.rules.iter().flat_map(nodes)),
                clause: None,
            });
        }
        for (_, combine) in program.combines.iter() {
            let nodes = combine.members.iter().flat_map(|member| {
                let own = member.keys.iter().chain(&member.limit).chain(&member.counting);
                own.copied()
            });
            rules.ties.push(Tie {
                measures: combine.members.iter().map(|member| name(member.measure)).collect(),
                asks: asked(program, nodes),
                clause: Some(combine.named.name.clone()),
            });
            rules
                .clauses
                .insert(combine.named.name.clone(), reading.clause(combine));
        }
        for fund in &program.funds {
            rules.funds.insert(fund.named.name.clone(), reading.fund(fund));
        }
        rules
    }
}

/// The nodes that decide what a version of a measure comes to.
fn nodes(rules: &MeasureRules) -> Vec<NodeId> {
    let mut found = Vec::new();
    each_node(&mut rules.clone(), &mut |node| found.push(*node));
    found
}

fn each_node(rules: &mut MeasureRules, visit: &mut dyn FnMut(&mut NodeId)) {
    let pay = &mut rules.pay;
    let own = [&mut rules.anchor, &mut rules.when, &mut rules.while_];
    let paid = [&mut pay.amount, &mut pay.floor, &mut pay.cap];
    own.into_iter().chain(paid).flatten().for_each(&mut *visit);
    rules.unique.iter_mut().for_each(&mut *visit);
    rules.series.iter_mut().for_each(|series| visit(&mut series.start));
    rules
        .once
        .iter_mut()
        .flat_map(|once| &mut once.per)
        .for_each(&mut *visit);
    match &mut rules.split {
        Some(Split::Equal { start, .. }) => start.iter_mut().for_each(visit),
        Some(Split::Shares(shares)) => shares.iter_mut().for_each(|(_, node)| visit(node)),
        None => {}
    }
}

/// The measures that nodes ask about, directly or through others.
fn asked(program: &Program, nodes: impl IntoIterator<Item = NodeId>) -> BTreeSet<Arc<str>> {
    let mut open: Vec<NodeId> = nodes.into_iter().collect();
    let (mut seen, mut found) = (HashSet::new(), BTreeSet::new());
    while let Some(next) = open.pop() {
        if seen.insert(next) {
            if let Op::Gets(measure) = program.nodes[next].op {
                found.insert(program.measures[measure].named.name.clone());
            }
            program.reads(next, &mut |node| open.push(node));
        }
    }
    found
}

/// Ids that mean the same in every Program: equal nodes have one, and different ones never.
#[derive(Default)]
struct Meanings {
    nodes: HashMap<(Op, Type, ScopeId), NodeId>,
    scopes: HashMap<Scope, ScopeId>,
    tables: Vec<Rows>,
    measures: HashMap<Arc<str>, MeasureId>,
}

/// One Program's ids told in those of all.
struct Reading<'r> {
    program: &'r Program,
    meanings: &'r mut Meanings,
    nodes: ArenaMap<NodeId, NodeId>,
}

fn raw(position: usize) -> RawIdx {
    RawIdx::from_u32(u32::try_from(position).unwrap_or(u32::MAX))
}

impl Rename for Reading<'_> {
    fn node(&mut self, id: NodeId) -> NodeId {
        if let Some(known) = self.nodes.get(id) {
            return *known;
        }
        let node = &self.program.nodes[id];
        let mut op = node.op.clone();
        op.rename(self);
        let scope = self.scope(node.scope);
        let next = NodeId::from_raw(raw(self.meanings.nodes.len()));
        let same = *self.meanings.nodes.entry((op, node.ty.clone(), scope)).or_insert(next);
        self.nodes.insert(id, same);
        same
    }

    fn scope(&mut self, id: ScopeId) -> ScopeId {
        let mut scope = self.program.scopes[id].clone();
        scope.parent = scope.parent.map(|parent| self.scope(parent));
        scope.kind.rename(self);
        let next = ScopeId::from_raw(raw(self.meanings.scopes.len()));
        *self.meanings.scopes.entry(scope).or_insert(next)
    }

    fn table(&mut self, id: TableId) -> TableId {
        let table = &self.program.tables[id];
        let rows = table.rows.iter().map(|row| {
            let outcomes = row.outcomes.iter().map(|outcome| self.node(*outcome)).collect();
            (row.cells.clone(), row.otherwise, outcomes)
        });
        let rows = rows.collect();
        let rule = match &table.rule {
            TableRule::SumOfMatches(Some(limit)) => TableRule::SumOfMatches(Some(self.node(*limit))),
            rule => rule.clone(),
        };
        let keys = table.keys.iter().map(|(_, ty)| ty.clone()).collect();
        let own: Rows = (keys, table.counts.clone(), rule, rows);
        let tables = &mut self.meanings.tables;
        let known = tables.iter().position(|known| *known == own);
        TableId::from_raw(raw(known.unwrap_or_else(|| {
            tables.push(own);
            tables.len().saturating_sub(1)
        })))
    }

    fn measure(&mut self, id: MeasureId) -> MeasureId {
        let next = MeasureId::from_raw(raw(self.meanings.measures.len()));
        let name = self.program.measures[id].named.name.clone();
        *self.meanings.measures.entry(name).or_insert(next)
    }
}

impl Reading<'_> {
    /// A measure's versions, without what changes neither whether nor how much is paid.
    fn rules(&mut self, measure: &Measure) -> Vec<MeasureRules> {
        let mut versions = measure.rules.clone();
        for rules in &mut versions {
            each_node(rules, &mut |node| self.own(node));
            rules.line.scope = self.scope(rules.line.scope);
            if let Some(series) = &mut rules.series {
                series.scope = self.scope(series.scope);
            }
            rules.pay.assessed = rules.pay.assessed.take().map(|_| Assessed { by: None });
            (rules.origin, rules.pay.origin) = (NOWHERE, NOWHERE);
            (rules.payee, rules.lead, rules.no_application) = (None, None, false);
            (rules.with, rules.obligations, rules.payers) = (Vec::new(), Vec::new(), Vec::new());
        }
        versions
    }

    fn clause(&mut self, combine: &Combine) -> Clause {
        let form = match &combine.form {
            CombineForm::AtMost(Cut::Order(order)) => {
                let order = order.iter().map(|measure| self.measure(*measure));
                CombineForm::AtMost(Cut::Order(order.collect()))
            }
            form => form.clone(),
        };
        let member = |member: &Member| {
            let keys = member.keys.iter().map(|key| self.node(*key)).collect();
            let [limit, counting] = [member.limit, member.counting].map(|node| node.map(|node| self.node(node)));
            (self.measure(member.measure), keys, limit, counting)
        };
        let members = combine.members.iter().map(member).collect();
        let after = combine
            .after
            .iter()
            .map(|id| self.program.combines[*id].named.name.clone());
        let (per_year, is_judged) = (combine.per_year, combine.judged_by.is_some());
        (form, members, per_year, is_judged, after.collect())
    }

    fn fund(&mut self, fund: &Fund) -> Terms {
        let years = fund.years.iter().map(|(year, amount)| (*year, self.node(*amount)));
        let years = years.collect();
        let mut when_short = fund.when_short.clone();
        when_short.rename(self);
        (
            years,
            fund.covers.iter().map(|measure| self.measure(*measure)).collect(),
            when_short,
        )
    }
}
