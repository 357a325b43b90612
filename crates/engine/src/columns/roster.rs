//! An applicant's lines as clauses read them, from the values of columns.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use meed_facts::batch::Batch;
use meed_facts::schema::EntityId;
use meed_rules::program::{MeasureId, MeasureRules, NodeId, Program};

use super::combine::Knot;
use super::found::{Entrant, Waiting};
use super::lines::{Lines, Version};
use super::payments::Payment;
use super::run::{Operand, ROOT, Run};
use super::tables::TableId;
use super::vector::{bit, set_bit};
use crate::awards::judge::Running;
use crate::awards::key::Key;
use crate::awards::roster::Roster;
use crate::value::Value;

/// Lines of one applicant, each measure's side by side.
pub(super) struct Entrants<'r, 'p, 'b> {
    pub run: &'r Run<'p, 'b>,
    pub batch: &'r Batch,
    /// Whose.
    pub row: usize,
    pub all: &'r [Entrant],
}

impl<'r, 'p> Entrants<'r, 'p, '_> {
    fn lines(&self, line: usize) -> Option<(&'r Lines<'p>, usize)> {
        let entrant = self.all.get(line)?;
        let (list, at) = entrant.at;
        Some((self.run.judged.get(&entrant.measure)?.get(list)?, at))
    }

    /// The versions that a line may fall under, and its row.
    fn fitting(&self, line: usize) -> impl Iterator<Item = (&'r Version<'p>, usize)> + use<'r, 'p> {
        let lines = self.lines(line).into_iter();
        let versions = lines.flat_map(|(lines, at)| lines.versions.iter().map(move |version| (version, at)));
        versions.filter(|(version, at)| bit(&version.rows, *at))
    }
}

impl<'p> Roster<'p> for Entrants<'_, 'p, '_> {
    type Place = (TableId, usize);

    fn program(&self) -> &'p Program {
        self.run.plan.program
    }

    fn entity(&self) -> EntityId {
        self.run.plan.entity
    }

    fn chosen(&self) -> Option<&BTreeMap<Arc<str>, Arc<str>>> {
        self.batch.chosen.get(&u32::try_from(self.row).ok()?)
    }

    fn lines_of(&self, measure: MeasureId) -> Range<usize> {
        let own = |entrant: &Entrant| entrant.measure == measure;
        let Some(start) = self.all.iter().position(own) else {
            return 0..0;
        };
        let count = self.all.iter().skip(start).take_while(|entrant| own(entrant)).count();
        start..start.saturating_add(count)
    }

    fn may_be_paid(&self, line: usize) -> bool {
        self.all.get(line).is_some_and(|entrant| entrant.found.is_some())
    }

    fn is_rest(&self, line: usize) -> bool {
        let table = self.lines(line).and_then(|(lines, at)| Some((lines.table?, at)));
        table.is_some_and(|(table, at)| self.run.is_rest(table, at))
    }

    fn own_key(&self, line: usize) -> Option<Key> {
        let key = self.all.get(line)?.key.clone();
        let table = self.lines(line)?.0.table?;
        Some(if table == ROOT {
            Key::Applicant
        } else {
            key.map_or(Key::Unknown, Key::Known)
        })
    }

    fn versions(&self, line: usize) -> impl Iterator<Item = &'p MeasureRules> {
        self.fitting(line).map(|(version, _)| version.rules)
    }

    fn running(&self, line: usize) -> Vec<Running> {
        let over_time = |(version, at): (&Version<'p>, usize)| {
            let series = version.rules.series.as_ref()?;
            let periods = version.first.and_then(|first| self.run.periods.get(&first));
            let first = periods.and_then(|periods| periods.get(at)).map(|(from, _)| *from);
            Some(Running::new(first.unwrap_or_default(), series, self.program().date))
        };
        self.fitting(line).filter_map(over_time).collect()
    }

    fn value(&self, node: NodeId, line: usize) -> Cow<'_, Value> {
        let (table, at) = self
            .fitting(line)
            .next()
            .map_or((ROOT, self.row), |(version, at)| (version.table, at));
        match self.run.operand(node, table) {
            Operand::Constant(constant) => Cow::Borrowed(&constant.value),
            operand => Cow::Owned(operand.value(at, &self.program().nodes[node].ty)),
        }
    }

    fn place(&self, node: NodeId, line: usize) -> (TableId, usize) {
        let Some((version, at)) = self.fitting(line).next() else {
            return (ROOT, self.row);
        };
        let scope = self.program().nodes[node].scope;
        let home = self.run.found(scope, version.table).unwrap_or(version.table);
        (home, self.run.row_of(version.table, at, home))
    }
}

impl<'p> Run<'p, '_> {
    /// Makes sure that what clauses read of lines is there: of those that may be paid, and of refused ones where they tell what earlier awards were for, or what other
    /// public money counts.
    pub fn need_seats(&mut self, batch: &Batch, waiting: &Waiting<'_, '_>) {
        let plan = self.plan;
        for (position, knot) in plan.clauses.knots.iter().enumerate() {
            let asking: Vec<(MeasureId, Vec<NodeId>)> = knot
                .measures
                .iter()
                .map(|measure| (*measure, self.asked(knot, *measure)))
                .filter(|(_, nodes)| !nodes.is_empty())
                .collect();
            if asking.is_empty() {
                continue;
            }
            let applicants = waiting.applicants(self, |place| place.knot == position);
            let counts = knot.ties.iter().any(|tie| tie.counts);
            for (measure, nodes) in asking {
                for lines in self.lines(measure).iter() {
                    let refused_too = |root: usize| counts || !batch.awards.span(root).is_empty();
                    self.need_of(lines, &nodes, |root| applicants.get(root).then(|| refused_too(root)));
                }
            }
        }
    }

    /// What clauses ask of a measure's lines.
    fn asked(&self, knot: &Knot, measure: MeasureId) -> Vec<NodeId> {
        let program = self.plan.program;
        let entity = self.plan.entity;
        let members = knot.ties.iter().flat_map(|tie| &program.combines[tie.id].members);
        let of_members = members
            .filter(|member| member.measure == measure && member.entity == entity)
            .flat_map(|member| member.keys.iter().copied().chain(member.limit).chain(member.counting));
        let rules = program.measures[measure].rules.iter();
        let of_rules = rules
            .filter(|rules| rules.entity == entity)
            .filter_map(|rules| rules.once.as_ref()?.per);
        let asked = of_members.chain(of_rules);
        asked.filter(|node| self.plan.constant(*node).is_none()).collect()
    }

    /// Needs nodes for lines, each under the first version that it may fall under. `wants` says of applicants whether refused lines matter too.
    fn need_of(&mut self, lines: &Lines<'p>, nodes: &[NodeId], wants: impl Fn(usize) -> Option<bool>) {
        let Some(table) = lines.table else { return };
        let mut wanted = self.none(table);
        for at in 0..self.rows(table) {
            if wants(self.row_of(table, at, ROOT)) == Some(true) {
                set_bit(&mut wanted, at, true);
            }
        }
        for at in lines.paid.lines().iter().map(Payment::row) {
            if wants(self.row_of(table, at, ROOT)).is_some() {
                set_bit(&mut wanted, at, true);
            }
        }
        for version in &lines.versions {
            let rows: Vec<u64> = wanted
                .iter()
                .zip(&version.rows)
                .map(|(wanted, rows)| wanted & rows)
                .collect();
            if rows.iter().any(|word| *word != 0) {
                nodes.iter().for_each(|node| self.need(*node, version.table, &rows));
            }
            wanted.iter_mut().zip(&rows).for_each(|(wanted, rows)| *wanted &= !rows);
        }
    }

    fn none(&self, table: TableId) -> Vec<u64> {
        vec![0; self.rows(table).div_ceil(64)]
    }
}
