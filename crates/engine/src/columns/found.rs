//! The lines of a batch by applicant, before they are combined.

use std::sync::Arc;

use meed_rules::program::{MeasureId, NodeId};

use super::combine::Place;
use super::outcome::LineOutcome;
use super::pay::Paid;
use super::run::{ROOT, Run};
use super::tables::TableId;
use super::vector::{bit, set_bit};
use crate::awards::certainty::Certainty;
use crate::awards::unique::{self, Uniques};
use crate::awards::verdict::Verdict;

/// A line that is or may be paid.
#[derive(Debug)]
pub(super) struct Found {
    /// Whose.
    pub row: usize,
    /// Which of its measure's lists of lines it is in, and its row there.
    pub at: (usize, usize),
    pub line: LineOutcome,
    /// Its measure among others.
    pub place: Place,
    /// Whether it is paid once, and then for each value of something.
    pub once: Option<bool>,
    /// Whether an award above nothing is made.
    pub made: Certainty,
}

/// A line of one applicant, be it refused.
#[derive(Debug)]
pub(super) struct Entrant {
    pub measure: MeasureId,
    pub key: Option<Arc<str>>,
    pub at: (usize, usize),
    /// Its position among the applicant's lines that may be paid.
    pub found: Option<usize>,
}

impl Entrant {
    /// A line that may be paid, by its position among the applicant's.
    pub fn of(found: &Found, position: usize) -> Self {
        Self {
            measure: found.line.measure,
            key: found.line.key.clone(),
            at: found.at,
            found: Some(position),
        }
    }
}

impl Run<'_, '_> {
    /// The lines that are or may be paid, by applicant, then in the order of decision, then by key.
    pub fn lines_found(&mut self) -> Vec<Found> {
        let measures = &self.plan.program.order;
        let mut by_measure: Vec<_> = measures
            .iter()
            .map(|measure| self.lines_of(*measure).into_iter())
            .collect();
        let mut all = Vec::with_capacity(by_measure.iter().map(ExactSizeIterator::len).sum());
        for row in 0..self.rows(ROOT) {
            for lines in &mut by_measure {
                while lines.as_slice().first().is_some_and(|found| found.row == row) {
                    all.extend(lines.next());
                }
            }
        }
        all
    }

    /// Those of a measure, by applicant, then by key.
    fn lines_of(&mut self, measure: MeasureId) -> Vec<Found> {
        let mut all = Vec::new();
        let Some(place) = self.plan.clauses.place(measure) else {
            return all;
        };
        let lists = self.lines(measure);
        for (list, lines) in lists.iter().enumerate() {
            let Some(table) = lines.table else { continue };
            all.reserve(lines.paid.len());
            let mut unique = self.uniques(measure, table, &lines.paid).into_iter();
            for (row, verdict, paid) in &lines.paid {
                let row = *row as usize;
                all.push(Found {
                    row: self.row_of(table, row, ROOT),
                    at: (list, row),
                    line: LineOutcome {
                        measure,
                        key: self.key(table, row, paid.key),
                        unlisted: self.is_rest(table, row),
                        verdict: *verdict,
                        gross: paid.gross,
                        own: paid.amount,
                        combined: paid.amount,
                        due: paid.amount,
                        unique: unique.next().unwrap_or_default(),
                        contested: false,
                    },
                    place,
                    once: paid.once,
                    made: paid.made,
                });
            }
        }
        // Lines for applicants themselves stand in their order already.
        if lists.len() > 1 || lists.iter().any(|lines| lines.table != Some(ROOT)) {
            all.sort_by_cached_key(|found: &Found| (found.row, found.line.key.is_none(), found.line.key.clone()));
        }
        all
    }

    /// What must be unique of each line; nothing where the measure asks for nothing.
    fn uniques(
        &mut self,
        measure: MeasureId,
        table: TableId,
        paid: &[(u32, Verdict, Paid)],
    ) -> Vec<Vec<Option<Arc<str>>>> {
        let program = self.plan.program;
        let nodes = match Uniques::of(&program.measures[measure], self.plan.entity) {
            Uniques::Known([]) | Uniques::Unknown(0) => return Vec::new(),
            Uniques::Known(nodes) => nodes,
            Uniques::Unknown(count) => return vec![vec![None; count]; paid.len()],
        };
        let mut rows = vec![0; self.all(table).len()];
        paid.iter()
            .for_each(|(row, ..)| set_bit(&mut rows, *row as usize, true));
        nodes.iter().for_each(|node| self.need(*node, table, &rows));
        let value = |row: u32, node: &NodeId| {
            let value = self.operand(*node, table).value(row as usize, &program.nodes[*node].ty);
            unique::key(&value)
        };
        let of_line = |(row, ..): &(u32, Verdict, Paid)| nodes.iter().map(|node| value(*row, node)).collect();
        paid.iter().map(of_line).collect()
    }

    /// The lines of a measure for an applicant, those that are refused under some version too, in the order of `found`, which are those that may be paid.
    pub fn all_lines(&self, measure: MeasureId, row: usize, found: &[Found]) -> Vec<Entrant> {
        let mut all = Vec::new();
        let Some(lists) = self.judged.get(&measure) else {
            return all;
        };
        for (list, lines) in lists.iter().enumerate() {
            let Some(table) = lines.table else { continue };
            for at in self.rows_under(table, row) {
                let place = (list, at);
                let position = found
                    .iter()
                    .position(|one| one.line.measure == measure && one.at == place);
                if position.is_none() && !lines.versions.iter().any(|version| bit(&version.rows, at)) {
                    continue;
                }
                let key = lines.versions.first().and_then(|version| version.rules.line.key);
                all.push(Entrant {
                    measure,
                    key: self.key(table, at, key),
                    at: place,
                    found: position,
                });
            }
        }
        all.sort_by(|a, b| (a.key.is_none(), &a.key).cmp(&(b.key.is_none(), &b.key)));
        all
    }

    /// The rows of a table that belong to an applicant.
    pub fn rows_under(&self, table: TableId, row: usize) -> std::ops::Range<usize> {
        let root = |at: usize| self.row_of(table, at, ROOT);
        first_row(self.rows(table), |at| root(at) >= row)..first_row(self.rows(table), |at| root(at) > row)
    }
}

/// The first row for which something holds that holds for all after it.
fn first_row(rows: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, rows);
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle.saturating_add(1);
        }
    }
    low
}
