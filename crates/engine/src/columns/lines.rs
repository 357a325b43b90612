//! Award lines: verdicts by whole words of conditions, amounts for the lines that may be paid (`awards::judge`).

use std::rc::Rc;
use std::sync::Arc;

use meed_facts::batch::rows_of;
use meed_facts::date::Date;
use meed_facts::schema::FactId;
use meed_facts::value::{Scalar, Stated};
use meed_rules::program::{MeasureId, MeasureRules, NodeId, ScopeId, ScopeKind};
use rustc_hash::FxHashMap;

use super::brief::Brief;
use super::fraction::Fraction;
use super::kernels::Formula;
use super::pay::{self, Paid};
use super::payments::Payments;
use super::range::{End, Range};
use super::run::{ROOT, Run};
use super::series::Asked;
use super::tables::{Binding, TableId};
use super::vector::{One, bit, set_bit};
use crate::awards::amount::Amount;
use crate::awards::certainty::Certainty;
use crate::awards::judge::{Between, Candidate, Choice, Day};
use crate::awards::verdict::{Verdict, Why};

/// The lines of a measure that are for the same list of children, or for the applicants themselves.
#[derive(Debug)]
pub(super) struct Lines<'p> {
    /// A row for each line; `None` where the measure has no rules for these applicants, so that all are refused.
    pub table: Option<TableId>,
    /// The versions that lines may fall under.
    pub versions: Vec<Version<'p>>,
    /// The lines that are or may be paid.
    pub paid: Payments,
}

/// A version of a measure.
#[derive(Debug)]
pub(super) struct Version<'p> {
    pub rules: &'p MeasureRules,
    /// The lines under this version.
    pub table: TableId,
    /// Their first periods, where it pays over time.
    pub first: Option<TableId>,
    /// Those that may fall under it.
    pub rows: Vec<u64>,
}

/// The versions that rows may fall under.
struct Picked {
    /// The rows of each.
    rows: Vec<Vec<u64>>,
    /// Rows of which no version is in force, and those of which perhaps none is.
    out: Vec<u64>,
    maybe_out: Vec<u64>,
    /// Rows that may begin before the first version that is known.
    text_missing: Vec<u64>,
}

/// Lines judged under one version.
struct Judged {
    eligible: Vec<u64>,
    undetermined: Vec<u64>,
    not_applicable: Vec<u64>,
    /// Those that are not refused and what they are paid, by ascending row.
    paid: Payments,
}

/// Rows by what conditions come to.
pub(super) struct Verdicts {
    pub eligible: Vec<u64>,
    pub refused: Vec<u64>,
    pub not_applicable: Vec<u64>,
    pub undetermined: Vec<u64>,
}

impl Lines<'_> {
    fn nobody() -> Self {
        Self {
            table: None,
            versions: Vec::new(),
            paid: Payments::none(None),
        }
    }

    /// Adds a line, where it is not refused.
    fn put(&mut self, row: usize, verdict: Verdict, paid: Paid, rest: bool) {
        if matches!(verdict, Verdict::NotEligible(_)) {
            return;
        }
        if rest {
            self.paid.push(row, Verdict::Undetermined, paid.of_any_number());
        } else {
            self.paid.push(row, verdict, paid);
        }
    }
}

impl Picked {
    fn out_of_force(&self, row: usize) -> Certainty {
        if bit(&self.out, row) {
            Certainty::Yes
        } else {
            Certainty::known(bit(&self.maybe_out, row)).and(Certainty::Maybe)
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
            return vec![Lines::nobody()];
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
            return vec![Lines::nobody()];
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
        let mut lines = Lines {
            table: Some(table),
            versions: Vec::new(),
            paid: Payments::none(None),
        };
        if let [only] = versions
            && only.anchor.is_none()
        {
            let all = self.all(table);
            lines.paid = self.judge_version(only, table, &all).paid;
            lines.versions.push(self.version(only, table, all));
            if let Some(rest) = &self.table(table).rest {
                let unlisted = |row: usize| bit(rest, row);
                lines
                    .paid
                    .change(unlisted, |paid| (Verdict::Undetermined, paid.of_any_number()));
            }
            return lines;
        }
        let picked = self.pick(versions, &tables);
        let judged: Vec<Judged> = versions
            .iter()
            .zip(&tables)
            .zip(&picked.rows)
            .map(|((version, table), rows)| self.judge_version(version, *table, rows))
            .collect();
        let mut paid: Vec<_> = judged
            .iter()
            .map(|judged| judged.paid.lines().iter().peekable())
            .collect();
        for row in 0..self.rows(table) {
            let mut together = Together::default();
            for ((judged, paid), rows) in judged.iter().zip(&mut paid).zip(&picked.rows) {
                if bit(rows, row) {
                    let paid = paid.next_if(|paid| paid.row() == row);
                    together.add(judged.verdict(row), paid.map(|paid| judged.paid.paid(paid)));
                }
            }
            let rules = versions.first().map(|version| &version.line);
            let (verdict, paid) = together.finish(
                (picked.out_of_force(row), bit(&picked.text_missing, row)),
                rules.and_then(|line| line.key),
            );
            lines.put(row, verdict, paid, self.is_rest(table, row));
        }
        for ((version, table), rows) in versions.iter().zip(&tables).zip(picked.rows) {
            lines.versions.push(self.version(version, *table, rows));
        }
        lines
    }

    fn version(&mut self, rules: &'p MeasureRules, table: TableId, rows: Vec<u64>) -> Version<'p> {
        let series = rules.series.as_ref();
        Version {
            rules,
            table,
            first: series.map(|series| self.bind(series.scope, table, Binding::First)),
            rows,
        }
    }

    /// The versions that each row may fall under.
    fn pick(&mut self, versions: &[&MeasureRules], tables: &[TableId]) -> Picked {
        let table = tables.first().copied().unwrap_or(ROOT);
        let all = self.all(table);
        let none = vec![0; all.len()];
        let mut picked = Picked {
            rows: vec![none.clone(); versions.len()],
            out: none.clone(),
            maybe_out: none.clone(),
            text_missing: none,
        };
        let start_of = |version: &MeasureRules| version.series.as_ref().map(|series| series.start);
        // Versions are mostly anchored at the same fact.
        let mut days: Vec<(NodeId, TableId)> = Vec::new();
        for (version, table) in versions.iter().zip(tables) {
            for day in version.anchor.into_iter().chain(start_of(version)) {
                self.need(day, *table, &all);
                if !days.contains(&(day, *table)) {
                    days.push((day, *table));
                }
            }
        }
        let place =
            |node: Option<NodeId>, table: TableId| days.iter().position(|day| Some(day.0) == node && day.1 == table);
        let places: Vec<_> = (versions.iter().zip(tables))
            .map(|(version, table)| [version.anchor, start_of(version)].map(|node| place(node, *table)))
            .collect();
        let operands: Vec<_> = days.iter().map(|(day, table)| self.operand(*day, *table)).collect();
        let choose = |days: &[Day]| {
            let candidates = versions.iter().zip(&places).map(|(version, places)| {
                let [anchor, start] = places.map(|place| days.get(place?).copied());
                Candidate {
                    span: version.in_force,
                    anchor,
                    start,
                }
            });
            Choice::of(&candidates.collect::<Vec<_>>(), self.plan.program.date)
        };
        // Days decide alone, and many rows share them.
        let mut known: FxHashMap<Vec<Day>, Choice> = FxHashMap::default();
        let mut read: Vec<Day> = Vec::new();
        for row in 0..self.rows(table) {
            read.clear();
            read.extend(operands.iter().map(|operand| day_of(operand.number(row))));
            if !known.contains_key(read.as_slice()) {
                known.insert(read.clone(), choose(&read));
            }
            let Some(choice) = known.get(read.as_slice()) else {
                continue;
            };
            for (rows, fits) in picked.rows.iter_mut().zip(&choice.fits) {
                set_bit(rows, row, fits.possible());
            }
            set_bit(&mut picked.out, row, choice.out_of_force.certain());
            set_bit(&mut picked.maybe_out, row, choice.out_of_force == Certainty::Maybe);
            set_bit(&mut picked.text_missing, row, choice.text_missing.possible());
        }
        picked
    }

    fn judge_version(&mut self, rules: &'p MeasureRules, table: TableId, rows: &[u64]) -> Judged {
        let scope_of = |node: Option<NodeId>| node.map(|node| self.plan.program.nodes[node].scope);
        let mut judged = Judged::new(rules, rows.len());
        if rows.iter().all(|rows| *rows == 0) {
            return judged;
        }
        let series = rules.series.as_ref();
        // Conditions of entering that read no period need no period.
        let early = series.is_none_or(|series| scope_of(rules.when) != Some(series.scope));
        let mut open = rows.to_vec();
        let mut entering = early.then(|| self.verdicts(rules.when, table, rows));
        if let Some(entering) = &entering {
            keep(&mut open, entering);
        }
        let mut asked = None;
        let mut staying_in = table;
        if let Some(series) = series {
            let mut periods = self.bind_periods(rules, series, table, &open);
            staying_in = self.bind(series.scope, table, Binding::Asked);
            if entering.is_none() {
                let first = self.bind(series.scope, table, Binding::First);
                let verdicts = self.verdicts(rules.when, first, rows);
                keep(&mut open, &verdicts);
                entering = Some(verdicts);
            }
            self.judge_earlier(rules, table, &open, &mut periods);
            asked = Some(periods);
        }
        let staying = self.verdicts(rules.while_, staying_in, &open);
        if let Some(entering) = entering {
            judged.settle(&entering, &staying);
        }
        self.pay(rules, (table, staying_in), asked, &mut judged);
        judged
    }

    /// What a condition comes to in some rows.
    pub fn verdicts(&mut self, condition: Option<NodeId>, table: TableId, rows: &[u64]) -> Verdicts {
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

    fn pay(
        &mut self,
        rules: &'p MeasureRules,
        (table, staying): (TableId, TableId),
        asked: Option<Vec<Asked>>,
        judged: &mut Judged,
    ) {
        let rows: Vec<u64> = judged
            .eligible
            .iter()
            .zip(&judged.undetermined)
            .map(|(a, b)| a | b)
            .collect();
        for node in [rules.pay.amount, rules.pay.floor, rules.pay.cap].into_iter().flatten() {
            self.need(node, staying, &rows);
        }
        let currency = self.plan.program.package.currency;
        let operand = |node: NodeId| self.operand(node, staying);
        let formula = Formula::of(&rules.pay, currency, operand);
        let mut unfit = Vec::new();
        let count: u32 = rows.iter().map(|word| word.count_ones()).sum();
        judged.paid.reserve(count as usize);
        let exact = |index: usize| formula.as_ref().map_or(0, |formula| formula.exact(index));
        let exact: Vec<u64> = (0..rows.len()).map(exact).collect();
        let certain = (judged.eligible.iter()).map(|rows| if asked.is_none() { *rows } else { 0 });
        let plain: Vec<u64> = exact.iter().zip(certain).map(|(exact, rows)| exact & rows).collect();
        for row in rows_of(rows.iter().copied()) {
            if let (Some(formula), true) = (&formula, bit(&plain, row)) {
                let brief = Brief::known(formula.at(row));
                judged.paid.push_brief(row, Verdict::Eligible, brief);
                continue;
            }
            let known = formula.as_ref().filter(|_| bit(&exact, row));
            let known = known.map(|formula| Brief::known(formula.at(row)));
            if let (Some(brief), None) = (known, &asked) {
                judged.paid.push_brief(row, Verdict::Undetermined, brief.down_to_zero());
                continue;
            }
            let paid = match known {
                Some(brief) => Some(Paid::at_length(Paid::like(rules), brief)),
                None => pay::of(rules, currency, |node| operand(node).number(row)),
            };
            let Some(mut paid) = paid else {
                unfit.push(row);
                continue;
            };
            if !bit(&judged.eligible, row) {
                paid.only_if(Certainty::Maybe);
            }
            if let Some(asked) = asked.as_ref().and_then(|asked| asked.get(row)) {
                paid.only_if(asked.stands);
            }
            judged.paid.push(row, judged.verdict(row), paid);
        }
        unfit.into_iter().for_each(|row| self.escape(table, row));
    }
}

impl Judged {
    fn new(rules: &MeasureRules, words: usize) -> Self {
        Self {
            eligible: vec![0; words],
            undetermined: vec![0; words],
            not_applicable: vec![0; words],
            paid: Payments::none(Some(rules)),
        }
    }

    fn verdict(&self, row: usize) -> Verdict {
        if bit(&self.eligible, row) {
            Verdict::Eligible
        } else if bit(&self.undetermined, row) {
            Verdict::Undetermined
        } else if bit(&self.not_applicable, row) {
            Verdict::NotEligible(Why::NotApplicable)
        } else {
            Verdict::NotEligible(Why::Conditions)
        }
    }

    /// The verdicts of entering and staying: conditions of staying that do not apply are left out.
    fn settle(&mut self, entering: &Verdicts, staying: &Verdicts) {
        let stays = staying
            .eligible
            .iter()
            .zip(&staying.not_applicable)
            .zip(&staying.refused);
        let enters = entering.eligible.iter().zip(&entering.undetermined);
        let own = self.eligible.iter_mut().zip(&mut self.undetermined);
        for ((own, enters), ((eligible, not_applicable), refused)) in own.zip(enters).zip(stays) {
            *own.0 = enters.0 & (eligible | not_applicable);
            *own.1 = (enters.0 | enters.1) & !refused & !*own.0;
        }
        self.not_applicable.clone_from(&entering.not_applicable);
    }
}

/// One line from the versions it may fall under (`awards::judge::versions`).
#[derive(Default)]
struct Together {
    verdict: Option<Verdict>,
    paid: Option<Paid>,
    count: usize,
}

impl Together {
    fn add(&mut self, verdict: Verdict, paid: Option<Paid>) {
        let paid = paid.unwrap_or(Paid::NOTHING);
        self.verdict = Some(self.verdict.map_or(verdict, |own| own.hull(verdict)));
        self.paid = Some(self.paid.map_or(paid, |own| own.hull(paid)));
        self.count = self.count.saturating_add(1);
    }

    fn finish(self, (out_of_force, text_missing): (Certainty, bool), key: Option<FactId>) -> (Verdict, Paid) {
        if out_of_force.certain() {
            return (Verdict::NotEligible(Why::NotInForce), Paid::NOTHING);
        }
        let unknown = Paid { key, ..Paid::UNKNOWN };
        if text_missing {
            return (Verdict::Undetermined, unknown);
        }
        let mut verdict = self.verdict.unwrap_or(Verdict::Undetermined);
        let mut paid = self.paid.unwrap_or(unknown);
        if self.count > 1 {
            paid.gross = paid.amount;
        }
        if out_of_force.possible() {
            verdict = verdict.hull(Verdict::NotEligible(Why::NotInForce));
            paid.amount = paid.amount.hull(Amount::ZERO);
            paid.made = paid.made.hull(Certainty::No);
        }
        (verdict, Paid { key, ..paid })
    }
}

/// Takes out rows that are refused.
fn keep(open: &mut [u64], verdicts: &Verdicts) {
    let refused = verdicts.refused.iter().zip(&verdicts.not_applicable);
    for (open, (refused, not_applicable)) in open.iter_mut().zip(refused) {
        *open &= !(refused | not_applicable);
    }
}

/// When a date is; nothing is known of one that may be none.
fn day_of(date: One<Range>) -> Day {
    let day = |end: Option<End>| Date::from_days_since_epoch(i32::try_from(end?.value.floor()).ok()?);
    match date.set {
        None => Day::Never,
        Some(range) if !date.undefined && !date.inapplicable => Day::Between((day(range.low), day(range.high))),
        Some(_) => Day::Between((None, None)),
    }
}

/// The days between which something lies.
pub(super) fn days_between((low, high): Between) -> Range {
    let end = |day: Option<Date>| Some(End::closed(Fraction::whole(day?.days_since_epoch().into())));
    Range {
        low: end(low),
        high: end(high),
    }
}
