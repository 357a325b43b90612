//! Award lines: verdicts by whole words of conditions, amounts for the lines that may be paid (`awards::judge`).

use std::rc::Rc;
use std::sync::Arc;

use meed_facts::batch::rows_of;
use meed_facts::schema::FactId;
use meed_facts::value::{Scalar, Stated};
use meed_rules::program::{MeasureId, MeasureRules, NodeId, ScopeId, ScopeKind};

use super::pay::{self, Paid};
use super::range::Range;
use super::run::{ROOT, Run};
use super::tables::{Binding, TableId};
use super::vector::{bit, set_bit};
use crate::awards::amount::Amount;
use crate::awards::certainty::Certainty;
use crate::awards::judge::{Bounds, due_of};
use crate::awards::verdict::{Verdict, Why};

/// The lines of a measure that are for the same list of children, or for the applicants themselves.
#[derive(Debug)]
pub(super) struct Lines<'p> {
    /// A row for each line; `None` where the measure has no rules for these applicants: all are refused for this reason.
    pub place: Result<TableId, Why>,
    /// A version's rules for each line that may be paid.
    pub paid: Vec<(u32, Paid<'p>)>,
    not_in_force: Vec<u64>,
    not_applicable: Vec<u64>,
    eligible: Vec<u64>,
    undetermined: Vec<u64>,
}

/// Rows by what conditions come to.
struct Verdicts {
    eligible: Vec<u64>,
    refused: Vec<u64>,
    not_applicable: Vec<u64>,
    undetermined: Vec<u64>,
}

impl Lines<'_> {
    fn refused(why: Why) -> Self {
        Self {
            place: Err(why),
            paid: Vec::new(),
            not_in_force: Vec::new(),
            not_applicable: Vec::new(),
            eligible: Vec::new(),
            undetermined: Vec::new(),
        }
    }

    /// The verdict on a line.
    pub fn verdict(&self, row: usize) -> Verdict {
        if let Err(why) = self.place {
            return Verdict::NotEligible(why);
        }
        if bit(&self.eligible, row) {
            Verdict::Eligible
        } else if bit(&self.undetermined, row) {
            Verdict::Undetermined
        } else if bit(&self.not_in_force, row) {
            Verdict::NotEligible(Why::NotInForce)
        } else if bit(&self.not_applicable, row) {
            Verdict::NotEligible(Why::NotApplicable)
        } else {
            Verdict::NotEligible(Why::Conditions)
        }
    }
}

impl<'p> Run<'p, '_> {
    /// The lines of a measure for all applicants. Computed once.
    pub fn lines(&mut self, measure: MeasureId) -> Rc<Vec<Lines<'p>>> {
        if let Some(lines) = self.judged.get(&measure) {
            return Rc::clone(lines);
        }
        let lines = Rc::new(self.judge(measure));
        self.judged.insert(measure, Rc::clone(&lines));
        lines
    }

    fn judge(&mut self, id: MeasureId) -> Vec<Lines<'p>> {
        let program = self.plan.program;
        let measure = &program.measures[id];
        if !measure.entities.contains(&self.plan.entity) {
            return vec![Lines::refused(Why::NotApplicable)];
        }
        let own = measure.rules.iter().filter(|rules| rules.entity == self.plan.entity);
        let mut lists: Vec<(Option<FactId>, Vec<&'p MeasureRules>)> = Vec::new();
        for version in own {
            let list = match program.scopes[version.line.scope].kind {
                ScopeKind::Children { list, .. } => Some(list),
                _ => None,
            };
            match lists.iter_mut().find(|(known, _)| *known == list) {
                Some((_, versions)) => versions.push(version),
                None => lists.push((list, vec![version])),
            }
        }
        if lists.is_empty() {
            return vec![Lines::refused(Why::NotInForce)];
        }
        lists
            .into_iter()
            .map(|(_, versions)| self.judge_list(&versions))
            .collect()
    }

    /// The text of a line's key, where it is known.
    pub fn key(&self, table: TableId, row: usize, key: Option<FactId>) -> Option<Arc<str>> {
        let table = self.table(table);
        let column = table.batch?.facts.get(key?)?;
        match column.stated(table.records.of(row))? {
            Stated::Value(Scalar::Text(text)) => Some(text),
            Stated::Value(Scalar::Number(number)) => Some(number.to_string().into()),
            _ => None,
        }
    }

    /// The table of a line's scope.
    fn line_table(&mut self, scope: ScopeId) -> TableId {
        let program = self.plan.program;
        match (&program.scopes[scope].kind, program.scopes[scope].parent) {
            (ScopeKind::Children { .. }, Some(parent)) => {
                let parent = self.line_table(parent);
                self.children(scope, parent)
            }
            _ => ROOT,
        }
    }

    fn judge_list(&mut self, versions: &[&'p MeasureRules]) -> Lines<'p> {
        let tables: Vec<TableId> = versions
            .iter()
            .map(|version| self.line_table(version.line.scope))
            .collect();
        let table = tables.first().copied().unwrap_or(ROOT);
        let empty = vec![0; self.rows(table).div_ceil(64)];
        let mut lines = Lines {
            place: Ok(table),
            paid: Vec::new(),
            not_in_force: empty.clone(),
            not_applicable: empty.clone(),
            eligible: empty.clone(),
            undetermined: empty,
        };
        let mut open = self.all(table);
        let mut picked = Vec::new();
        for (version, table) in versions.iter().zip(&tables) {
            picked.push(self.pick(version, *table, &mut open));
        }
        // No version's time holds the anchor. Where it lies before the first, the text at hand is silent.
        for row in rows_of(open.iter().copied()) {
            if self.is_before_all(versions, &tables, row) {
                self.escape(table, row);
            } else {
                set_bit(&mut lines.not_in_force, row, true);
            }
        }
        for ((version, table), rows) in versions.iter().zip(tables).zip(picked) {
            self.judge_version(version, table, &rows, &mut lines);
        }
        lines.paid.sort_unstable_by_key(|(row, _)| *row);
        lines
    }

    /// The rows that fall under a version; they are taken out of those that are open. An anchor that is not known goes to the explaining evaluator.
    fn pick(&mut self, version: &MeasureRules, table: TableId, open: &mut [u64]) -> Vec<u64> {
        let Some(anchor) = version.anchor else {
            let rows = open.to_vec();
            open.fill(0);
            return rows;
        };
        self.need(anchor, table, open);
        let span = super::kernels::range_of_days(version.in_force);
        let mut rows = vec![0; open.len()];
        let mut unknown = vec![0; open.len()];
        let days = self.operand(anchor, table);
        for row in rows_of(open.iter().copied()) {
            match days.number(row).only().filter(|day| day.as_one().is_some()) {
                Some(day) => set_bit(&mut rows, row, day.within(&span).is_some()),
                None => set_bit(&mut unknown, row, true),
            }
        }
        for (open, taken) in open.iter_mut().zip(rows.iter().zip(&unknown)) {
            *open &= !(taken.0 | taken.1);
        }
        self.escape_all(table, &unknown);
        rows
    }

    fn is_before_all(&self, versions: &[&MeasureRules], tables: &[TableId], row: usize) -> bool {
        let first = versions.iter().map(|version| version.in_force.from).min().flatten();
        let anchored = versions
            .iter()
            .zip(tables)
            .find_map(|(version, table)| Some((version.anchor?, *table)));
        let (Some(first), Some((anchor, table))) = (first, anchored) else {
            return false;
        };
        let day = self
            .operand(anchor, table)
            .number(row)
            .only()
            .and_then(|day| day.as_one());
        day.is_some_and(|day| day.floor() < first.days_since_epoch().into())
    }

    fn judge_version(&mut self, rules: &'p MeasureRules, table: TableId, rows: &[u64], lines: &mut Lines<'p>) {
        let scope_of = |node: Option<NodeId>| node.map(|node| self.plan.program.nodes[node].scope);
        let series = rules.series.as_ref();
        // Conditions of entering that read no period need no period.
        let early = series.is_none_or(|series| scope_of(rules.when) != Some(series.scope));
        let mut open = rows.to_vec();
        let mut entering = early.then(|| self.verdicts(rules.when, table, rows));
        if let Some(entering) = &entering {
            keep(&mut open, entering);
        }
        let staying_table = match series {
            Some(series) => {
                let within = self.bind_periods(rules, table, &open);
                let asked = self.bind(series.scope, table, Binding::Asked);
                if series.ends_on_failure {
                    let possible: Vec<u64> = pack(&within, |within| within.possible());
                    let rows: Vec<u64> = open
                        .iter()
                        .zip(possible)
                        .map(|(open, possible)| open & possible)
                        .collect();
                    self.escape_all(table, &rows);
                }
                Some((asked, within))
            }
            None => None,
        };
        if entering.is_none() {
            let first = series.map_or(table, |series| self.bind(series.scope, table, Binding::First));
            let verdicts = self.verdicts(rules.when, first, rows);
            keep(&mut open, &verdicts);
            entering = Some(verdicts);
        }
        let stay_in = staying_table.as_ref().map_or(table, |(asked, _)| *asked);
        let staying = self.verdicts(rules.while_, stay_in, &open);
        if let Some(entering) = entering {
            lines.settle(&entering, &staying);
        }
        let mut paid = rows.to_vec();
        for (index, paid) in paid.iter_mut().enumerate() {
            let of = |words: &[u64]| words.get(index).copied().unwrap_or(0);
            *paid &= of(&lines.eligible) | of(&lines.undetermined);
        }
        self.pay(
            rules,
            (table, stay_in),
            &paid,
            staying_table.map(|(_, within)| within),
            lines,
        );
    }

    /// What a condition comes to in some rows.
    fn verdicts(&mut self, condition: Option<NodeId>, table: TableId, rows: &[u64]) -> Verdicts {
        let none = vec![0; rows.len()];
        let mut verdicts = Verdicts {
            eligible: rows.to_vec(),
            refused: none.clone(),
            not_applicable: none.clone(),
            undetermined: none,
        };
        let Some(condition) = condition else { return verdicts };
        self.need(condition, table, rows);
        let operand = self.operand(condition, table);
        let all = verdicts.eligible.iter_mut().zip(&mut verdicts.refused);
        let all = all.zip(verdicts.not_applicable.iter_mut().zip(&mut verdicts.undetermined));
        for (index, (((eligible, refused), (not_applicable, undetermined)), rows)) in all.zip(rows).enumerate() {
            let [yes, no, undefined, inapplicable] = operand.truth_words(index);
            *eligible = yes & !no & !undefined & !inapplicable & rows;
            *refused = no & !yes & !undefined & rows;
            *not_applicable = inapplicable & !yes & !no & !undefined & rows;
            *undetermined = rows & !(*eligible | *refused | *not_applicable);
        }
        verdicts
    }

    /// Binds the first period and the one asked about for some lines; whether that is a period of the series.
    fn bind_periods(&mut self, rules: &MeasureRules, table: TableId, rows: &[u64]) -> Vec<Certainty> {
        let Some(series) = &rules.series else { return Vec::new() };
        let program = self.plan.program;
        self.need(series.start, table, rows);
        let count = self.rows(table);
        let nothing = ((None, None), (None, None));
        let (mut first, mut asked) = (vec![nothing; count], vec![nothing; count]);
        let mut within = vec![Certainty::No; count];
        let ty = &program.nodes[series.start].ty;
        let start = self.operand(series.start, table);
        for row in rows_of(rows.iter().copied()) {
            let bounds = Bounds::of(&start.value(row, ty), rules, series, program.date);
            let put = |periods: &mut Vec<_>, from| {
                periods
                    .iter_mut()
                    .skip(row)
                    .take(1)
                    .for_each(|place| *place = (from, due_of(series, from)))
            };
            put(&mut first, bounds.first);
            put(&mut asked, bounds.asked);
            within
                .iter_mut()
                .skip(row)
                .take(1)
                .for_each(|place| *place = bounds.within);
        }
        for (binding, periods) in [(Binding::First, first), (Binding::Asked, asked)] {
            let table = self.bind(series.scope, table, binding);
            self.periods.insert(table, periods);
        }
        within
    }

    fn pay(
        &mut self,
        rules: &'p MeasureRules,
        (table, staying): (TableId, TableId),
        rows: &[u64],
        within: Option<Vec<Certainty>>,
        lines: &mut Lines<'p>,
    ) {
        for node in [rules.pay.amount, rules.pay.floor, rules.pay.cap].into_iter().flatten() {
            self.need(node, staying, rows);
        }
        let mut unfit = Vec::new();
        for row in rows_of(rows.iter().copied()) {
            let read = |node: NodeId| self.operand(node, staying).number(row);
            let Some(mut paid) = pay::of(rules, self.plan.program.package.currency, read) else {
                unfit.push(row);
                continue;
            };
            let certain = bit(&lines.eligible, row);
            paid.made = paid.made.and(if certain { Certainty::Yes } else { Certainty::Maybe });
            if !certain {
                paid.amount = paid.amount.down_to_zero();
            }
            match within.as_ref().and_then(|within| within.get(row)) {
                Some(Certainty::Maybe) => {
                    paid.amount = paid.amount.down_to_zero();
                    paid.made = paid.made.and(Certainty::Maybe);
                }
                Some(Certainty::No) => {
                    paid.amount = Amount::ZERO;
                    paid.made = Certainty::No;
                }
                _ => {}
            }
            if self.is_rest(table, row) {
                set_bit(&mut lines.eligible, row, false);
                set_bit(&mut lines.undetermined, row, true);
                paid = paid.of_any_number();
            }
            lines.paid.push((u32::try_from(row).unwrap_or(u32::MAX), paid));
        }
        unfit.into_iter().for_each(|row| self.escape(table, row));
    }
}

impl Lines<'_> {
    /// The verdicts of entering and staying: conditions of staying that do not apply are left out.
    fn settle(&mut self, entering: &Verdicts, staying: &Verdicts) {
        let word = |words: &[u64], index: usize| words.get(index).copied().unwrap_or(0);
        for index in 0..self.eligible.len() {
            let of = |words: &[u64]| word(words, index);
            let stays = of(&staying.eligible) | of(&staying.not_applicable);
            let enters = of(&entering.eligible) | of(&entering.undetermined);
            let eligible = of(&entering.eligible) & stays;
            let undetermined = enters & !of(&staying.refused) & !eligible;
            let add =
                |words: &mut Vec<u64>, rows: u64| words.iter_mut().skip(index).take(1).for_each(|word| *word |= rows);
            add(&mut self.eligible, eligible);
            add(&mut self.undetermined, undetermined);
            add(&mut self.not_applicable, of(&entering.not_applicable));
        }
    }
}

/// Takes out rows that are refused.
fn keep(open: &mut [u64], verdicts: &Verdicts) {
    let refused = verdicts.refused.iter().zip(&verdicts.not_applicable);
    for (open, (refused, not_applicable)) in open.iter_mut().zip(refused) {
        *open &= !(refused | not_applicable);
    }
}

fn pack<T>(items: &[T], holds: impl Fn(&T) -> bool) -> Vec<u64> {
    let mut words = vec![0; items.len().div_ceil(64)];
    for (row, item) in items.iter().enumerate() {
        set_bit(&mut words, row, holds(item));
    }
    words
}

/// The days between which something lies.
pub(super) fn days_between((low, high): crate::awards::judge::Between) -> Range {
    let end = |day: Option<meed_facts::date::Date>| {
        let days = day?.days_since_epoch();
        Some(super::range::End::closed(super::fraction::Fraction::whole(days.into())))
    };
    Range {
        low: end(low),
        high: end(high),
    }
}
