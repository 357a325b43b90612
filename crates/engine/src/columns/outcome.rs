//! What a batch comes to: an entry for each line that is or may be paid.

use std::sync::Arc;

use meed_facts::batch::{Batch, Bits};
use meed_facts::record::Record;
use meed_rules::program::{MeasureId, NodeId};

use super::course::Courses;
use super::found::{Crowd, Taken};
use super::kept::{KeptLines, LineOutcomes, Plain};
use super::plan::Plan;
use super::run::{ROOT, Run};
use super::values::NodeValues;
use crate::awards::amount::Amount;
use crate::awards::combined::Sums;
use crate::awards::decision::Awards;
use crate::awards::verdict::Verdict;
use crate::explain::Evaluator;

/// What a batch's applicants are due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How many applicants.
    pub rows: usize,
    /// Those who are or may be paid, by row.
    payees: Vec<Payee>,
    /// What lines come to together, of payees with others than one plain line.
    sums: Vec<Sums>,
    /// By applicant.
    lines: KeptLines,
    /// The applicants whom the explaining evaluator determined.
    pub explained: Bits,
}

/// An applicant with lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Payee {
    row: u32,
    /// Where the lines end.
    end: u32,
    /// Position of what they come to; `None` where that is what one plain line comes to.
    sums: Option<u32>,
}

/// What one applicant is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due<'o> {
    /// Lines that are eligible or undetermined.
    pub lines: LineOutcomes<'o>,
    /// What those that are eligible come to together.
    pub total: Amount,
    /// What all come to together.
    pub possible: Amount,
}

/// One award line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineOutcome {
    /// The measure.
    pub measure: MeasureId,
    /// The child's key, where the line is for one and it is known.
    pub key: Option<Arc<str>>,
    /// Whether it stands for children that are not listed.
    pub unlisted: bool,
    /// What the conditions come to.
    pub verdict: Verdict,
    /// What the formula gives with floor, cap and rounding.
    pub gross: Amount,
    /// What is left of it after earlier awards of what is paid once.
    pub own: Amount,
    /// What groups, ladders and ceilings leave of that.
    pub combined: Amount,
    /// What is due: up to that, where a fund is shared out among applicants.
    pub due: Amount,
    /// What must be its alone among all applicants' lines; `None` what is not known.
    pub unique: Vec<Option<Arc<str>>>,
    /// Whether a person has still to say what of it is paid beside the applicant's other lines.
    pub contested: bool,
}

impl Due<'_> {
    const NOTHING: Self = Self {
        lines: LineOutcomes::NONE,
        total: Amount::ZERO,
        possible: Amount::ZERO,
    };
}

impl Outcome {
    /// Lines that are eligible or undetermined, by applicant; of all others the verdict is `not_eligible`.
    pub fn lines(&self) -> LineOutcomes<'_> {
        self.lines.all()
    }

    /// Who is or may be paid, by row; all others are due nothing.
    pub fn payees(&self) -> impl Iterator<Item = (usize, Due<'_>)> {
        let mut start = 0;
        self.payees.iter().map(move |payee| {
            let end = payee.end as usize;
            let lines = self.lines.some(start..end);
            let known = payee.sums.and_then(|at| self.sums.get(at as usize).copied());
            let sums = known.or_else(|| lines.sums()).unwrap_or(Sums::NOTHING);
            let due = Due {
                lines,
                total: sums.eligible,
                possible: sums.all,
            };
            start = end;
            (payee.row as usize, due)
        })
    }

    /// What each applicant is due, row by row.
    pub fn each(&self) -> impl Iterator<Item = Due<'_>> {
        let mut payees = self.payees().peekable();
        (0..self.rows).map(move |row| {
            let own = payees.next_if(|(payee, _)| *payee == row);
            own.map_or(Due::NOTHING, |(_, due)| due)
        })
    }

    // `sums` are those of the lines that were found.
    fn put(&mut self, row: usize, taken: &mut Taken<'_>, sums: Sums) {
        let start = self.lines.len();
        let (mut sums, mut before) = (sums, 0_usize);
        let mut found = taken.found.drain(..).map(|found| found.line);
        for (position, plain) in taken.plain.drain(..) {
            let next = found.by_ref().take(position.saturating_sub(before));
            next.for_each(|line| self.lines.push(line));
            before = position;
            sums = sums.plus(plain.sums());
            self.lines.push_plain(plain);
        }
        found.for_each(|line| self.lines.push(line));
        self.end_with(row, start, sums);
    }

    fn put_plain(&mut self, row: usize, line: Plain) {
        self.lines.push_plain(line);
        self.end(row, None);
    }

    // `sums` are what all lines after `start` come to.
    fn end_with(&mut self, row: usize, start: usize, sums: Sums) {
        let own = self.lines.some(start..self.lines.len()).sums();
        let at = (own != Some(sums)).then(|| whole(self.sums.len()));
        self.sums.extend(at.map(|_| sums));
        self.end(row, at);
    }

    fn end(&mut self, row: usize, sums: Option<u32>) {
        self.payees.push(Payee {
            row: whole(row),
            end: whole(self.lines.len()),
            sums,
        });
    }

    fn put_explained(&mut self, plan: &Plan<'_>, batch: &Batch, row: usize) {
        if let Some(record) = batch.record(row) {
            let (lines, (eligible, all)) = plan.explain(&record);
            let start = self.lines.len();
            lines.into_iter().for_each(|line| self.lines.push(line));
            self.end_with(row, start, Sums { eligible, all });
        }
    }
}

fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Plan<'_> {
    /// Determines all applicants of a batch, which must be of the plan's entity.
    pub fn determine(&self, batch: &Batch) -> Outcome {
        self.determine_with(batch, &[]).0
    }

    /// The same, and what some of the applicants' own nodes are, without causes: for each node a value for each row.
    pub fn determine_with(&self, batch: &Batch, nodes: &[NodeId]) -> (Outcome, Vec<NodeValues>) {
        let mut run = Run::new(self, batch);
        let all = run.all(ROOT);
        nodes.iter().for_each(|node| run.need(*node, ROOT, &all));
        let outcome = self.outcome(&mut run, batch);
        let values = self.values_of(&run, batch, nodes);
        (outcome, values)
    }

    fn outcome(&self, run: &mut Run<'_, '_>, batch: &Batch) -> Outcome {
        let waiting = run.lines_waiting();
        run.need_seats(batch, &waiting);
        let run = &*run;
        let Crowd {
            applicants: mut paid,
            several,
        } = waiting.crowd(run);
        let mut outcome = Outcome {
            rows: batch.rows,
            payees: Vec::with_capacity(paid.count()),
            sums: Vec::new(),
            lines: KeptLines::with_room(waiting.count()),
            explained: run.escaped.clone(),
        };
        run.escaped.rows().for_each(|row| paid.set(row, true));
        let mut courses = Courses::new(run, batch);
        let mut turns = waiting.turns(run);
        // One applicant's at a time: a batch's together would leave the cache before they are combined.
        let mut taken = Taken::default();
        for row in paid.rows() {
            let past = courses.past(row);
            if !several.get(row)
                && !run.escaped.get(row)
                && let Some(line) = turns.take_plain(run, row, past)
            {
                outcome.put_plain(row, line);
                continue;
            }
            turns.take(run, row, past, &mut taken);
            if run.escaped.get(row) {
                outcome.put_explained(self, batch, row);
            } else {
                let sums = courses.take(row, past, &mut taken.found);
                outcome.put(row, &mut taken, sums);
            }
        }
        outcome
    }

    /// The same by the explaining evaluator, for one applicant.
    pub fn explain(&self, record: &Record) -> (Vec<LineOutcome>, (Amount, Amount)) {
        let evaluator = Evaluator::with_layout(self.program, &self.layout, record);
        Awards::of(&evaluator, record).outcomes(&evaluator)
    }
}
