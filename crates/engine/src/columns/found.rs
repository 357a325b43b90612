//! The lines of a batch by applicant, before they are combined.

use std::rc::Rc;
use std::sync::Arc;

use meed_facts::batch::Bits;
use meed_rules::program::{MeasureId, NodeId};

use super::combine::Place;
use super::lines::Lines;
use super::outcome::LineOutcome;
use super::pay::Paid;
use super::run::{ROOT, Run};
use super::tables::TableId;
use super::vector::{bit, set_bit};
use crate::awards::certainty::Certainty;
use crate::awards::unique::{self, Uniques};
use crate::awards::verdict::Verdict;

/// An applicant's line that is or may be paid.
#[derive(Debug)]
pub(super) struct Found<'b> {
    /// Which of its measure's lists of lines it is in, and its row there.
    pub at: (usize, usize),
    pub line: LineOutcome,
    /// Its measure among others.
    pub place: &'b Place,
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
    pub fn of(found: &Found<'_>, position: usize) -> Self {
        Self {
            measure: found.line.measure,
            key: found.line.key.clone(),
            at: found.at,
            found: Some(position),
        }
    }
}

/// A measure's lines for one list of children or for applicants themselves, that wait for their applicant's turn.
struct Queue<'p, 'b> {
    measure: MeasureId,
    place: &'b Place,
    lists: Rc<Vec<Lines<'p>>>,
    list: usize,
    table: TableId,
    next: usize,
    unique: std::vec::IntoIter<Vec<Option<Arc<str>>>>,
}

/// Lines that are or may be paid, by measure in the order of decision.
pub(super) struct Waiting<'p, 'b> {
    measures: Vec<Vec<Queue<'p, 'b>>>,
}

impl<'b> Queue<'_, 'b> {
    fn lines(&self) -> &[(u32, Verdict, Paid)] {
        self.lists.get(self.list).map_or(&[], |lines| &lines.paid)
    }

    /// The next line, if it is that applicant's.
    fn next(&mut self, run: &Run<'_, '_>, applicant: usize) -> Option<Found<'b>> {
        let (row, verdict, paid) = *self.lines().get(self.next)?;
        let row = row as usize;
        if run.row_of(self.table, row, ROOT) != applicant {
            return None;
        }
        self.next = self.next.saturating_add(1);
        Some(Found {
            at: (self.list, row),
            line: LineOutcome {
                measure: self.measure,
                key: run.key(self.table, row, paid.key),
                unlisted: run.is_rest(self.table, row),
                verdict,
                gross: paid.gross,
                own: paid.amount,
                combined: paid.amount,
                due: paid.amount,
                unique: self.unique.next().unwrap_or_default(),
                contested: false,
            },
            place: self.place,
            once: paid.once,
            made: paid.made,
        })
    }
}

impl Found<'_> {
    /// In which order a measure's lines for one applicant stand: those without key last.
    fn by_key(&self) -> (bool, &Option<Arc<str>>) {
        (self.line.key.is_none(), &self.line.key)
    }
}

impl<'b> Waiting<'_, 'b> {
    fn queues(&self) -> impl Iterator<Item = &Queue<'_, 'b>> {
        self.measures.iter().flatten()
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.queues().map(|queue| queue.lines().len()).sum()
    }

    /// The applicants of lines, of those whose measure is in such a place.
    pub fn applicants(&self, run: &Run<'_, '_>, is_asked: impl Fn(&Place) -> bool) -> Bits {
        let mut applicants = Bits::none(run.rows(ROOT));
        for queue in self.queues().filter(|queue| is_asked(queue.place)) {
            let rows = queue.lines().iter().map(|(row, ..)| *row as usize);
            rows.for_each(|row| applicants.set(run.row_of(queue.table, row, ROOT), true));
        }
        applicants
    }

    /// An applicant's lines, in the order of decision, then by key. All applicants take their turns, by row.
    pub fn take(&mut self, run: &Run<'_, '_>, applicant: usize, found: &mut Vec<Found<'b>>) {
        found.clear();
        for queues in &mut self.measures {
            let start = found.len();
            for queue in &mut *queues {
                while let Some(line) = queue.next(run, applicant) {
                    found.push(line);
                }
            }
            // Lines for applicants themselves have no keys.
            if let Some(own @ [_, _, ..]) = found.get_mut(start..) {
                own.sort_by(|one, other| one.by_key().cmp(&other.by_key()));
            }
        }
    }
}

impl<'p, 'b> Run<'p, 'b> {
    /// The lines that are or may be paid.
    pub fn lines_waiting(&mut self) -> Waiting<'p, 'b> {
        let order = self.plan.program.order.iter();
        Waiting {
            measures: order.filter_map(|measure| self.queues(*measure)).collect(),
        }
    }

    /// The lines of a measure, in a queue for each of its lists that has some.
    fn queues(&mut self, measure: MeasureId) -> Option<Vec<Queue<'p, 'b>>> {
        let place = self.plan.clauses.place(measure)?;
        let lists = self.lines(measure);
        let mut queues = Vec::new();
        for (list, lines) in lists.iter().enumerate() {
            let Some(table) = lines.table.filter(|_| !lines.paid.is_empty()) else {
                continue;
            };
            queues.push(Queue {
                measure,
                place,
                lists: Rc::clone(&lists),
                list,
                table,
                next: 0,
                unique: self.uniques(measure, table, &lines.paid).into_iter(),
            });
        }
        (!queues.is_empty()).then_some(queues)
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
    pub fn all_lines(&self, measure: MeasureId, row: usize, found: &[Found<'_>]) -> Vec<Entrant> {
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
