//! The lines of a batch by applicant, before they are combined.

use std::rc::Rc;
use std::sync::Arc;

use meed_facts::batch::Bits;
use meed_rules::program::{MeasureId, NodeId};

use super::combine::{Past, Place};
use super::kept::Plain;
use super::lines::Lines;
use super::outcome::LineOutcome;
use super::payments::{Payment, Payments};
use super::run::{ROOT, Run};
use super::tables::TableId;
use super::vector::{bit, set_bit};
use crate::awards::certainty::Certainty;
use crate::awards::unique::{self, Uniques};

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
    unique: Vec<Vec<Option<Arc<str>>>>,
}

/// Lines that are or may be paid, by measure in the order of decision.
pub(super) struct Waiting<'p, 'b> {
    queues: Vec<Queue<'p, 'b>>,
}

/// The lines that are left of each queue.
pub(super) struct Turns<'w, 'p, 'b> {
    turns: Vec<Turn<'w, 'p, 'b>>,
    /// The applicant of each queue's next line; nobody at its end.
    heads: Vec<u32>,
}

struct Turn<'w, 'p, 'b> {
    queue: &'w Queue<'p, 'b>,
    paid: &'w Payments,
    left: std::slice::Iter<'w, Payment>,
    unique: std::slice::Iter<'w, Vec<Option<Arc<str>>>>,
    plain: Plainness,
}

/// Of which lines of a queue nothing is to be said but amounts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plainness {
    None,
    /// Of those that stand for children that are not listed, an applicant's last ones.
    Unlisted,
    All,
}

/// An applicant's lines in its turn.
#[derive(Default)]
pub(super) struct Taken<'b> {
    /// Those that others may change, in the order of decision, then by key.
    pub found: Vec<Found<'b>>,
    /// The others, each with how many of `found` come before it.
    pub plain: Vec<(usize, Plain)>,
}

/// Nobody is next.
const NOBODY: u32 = u32::MAX;

/// Applicants with lines.
pub(super) struct Crowd {
    pub applicants: Bits,
    /// Those with more than one.
    pub several: Bits,
}

impl Queue<'_, '_> {
    fn paid(&self) -> Option<&Payments> {
        self.lists.get(self.list).map(|lines| &lines.paid)
    }

    fn lines(&self) -> &[Payment] {
        self.paid().map_or(&[], Payments::lines)
    }
}

impl<'w, 'p, 'b> Turn<'w, 'p, 'b> {
    fn of(queue: &'w Queue<'p, 'b>, run: &Run<'_, '_>) -> Option<Self> {
        let paid = queue.paid()?;
        let parent = run.table(queue.table).parent.as_ref().map(|(parent, _)| *parent);
        let plain = match parent {
            _ if !queue.unique.is_empty() || queue.place.rationed || queue.lists.len() > 1 => Plainness::None,
            None => Plainness::All,
            Some(ROOT) => Plainness::Unlisted,
            Some(_) => Plainness::None,
        };
        Some(Self {
            queue,
            paid,
            left: paid.lines().iter(),
            unique: queue.unique.iter(),
            plain,
        })
    }

    /// The applicant of the next line.
    fn head(&self, run: &Run<'_, '_>) -> u32 {
        let Some(line) = self.left.as_slice().first() else {
            return NOBODY;
        };
        if self.queue.table == ROOT {
            return line.row;
        }
        u32::try_from(run.row_of(self.queue.table, line.row(), ROOT)).unwrap_or(NOBODY)
    }

    /// The next line.
    fn take(&mut self, run: &Run<'_, '_>) -> Option<Found<'b>> {
        let payment = self.left.next()?;
        let (row, verdict, paid) = (payment.row(), payment.verdict, self.paid.paid(payment));
        Some(Found {
            at: (self.queue.list, row),
            line: LineOutcome {
                measure: self.queue.measure,
                key: run.key(self.queue.table, row, paid.key),
                unlisted: run.is_rest(self.queue.table, row),
                verdict,
                gross: paid.gross,
                own: paid.amount,
                combined: paid.amount,
                due: paid.amount,
                unique: self.unique.next().cloned().unwrap_or_default(),
                contested: false,
            },
            place: self.queue.place,
            once: paid.once,
            made: paid.made,
        })
    }

    /// The next line, where no other matters, be there which there may, and no earlier award.
    fn take_untied(&mut self, run: &Run<'_, '_>, past: Past<'_>) -> Option<Plain> {
        if self.plain == Plainness::None || !self.queue.place.untied || !past.awards.is_empty() {
            return None;
        }
        let payment = self.left.as_slice().first()?;
        let brief = payment.brief()?;
        let unlisted = self.plain == Plainness::Unlisted;
        if unlisted && !run.is_rest(self.queue.table, payment.row()) {
            return None;
        }
        self.left.next();
        let is_open = self.paid.once().is_some() && !past.complete;
        Some(Plain {
            measure: self.queue.measure,
            verdict: payment.verdict,
            unlisted,
            amounts: if is_open { brief.down_to_zero() } else { brief },
        })
    }

    /// The next line, which is its applicant's only one, where nothing changes it.
    fn take_free(&mut self, past: Past<'_>) -> Option<Plain> {
        let payment = self.left.as_slice().first()?;
        let brief = payment.brief()?;
        if self.plain != Plainness::All || !self.queue.place.is_free(brief.most()?.into(), past) {
            return None;
        }
        self.left.next();
        Some(Plain {
            measure: self.queue.measure,
            verdict: payment.verdict,
            unlisted: false,
            amounts: brief,
        })
    }
}

impl Found<'_> {
    /// In which order a measure's lines for one applicant stand: those without key last.
    fn by_key(&self) -> (bool, &Option<Arc<str>>) {
        (self.line.key.is_none(), &self.line.key)
    }
}

impl<'p, 'b> Waiting<'p, 'b> {
    /// For applicants to take their lines, by row.
    pub fn turns(&self, run: &Run<'_, '_>) -> Turns<'_, 'p, 'b> {
        let turns: Vec<Turn<'_, 'p, 'b>> = self.queues.iter().filter_map(|queue| Turn::of(queue, run)).collect();
        Turns {
            heads: turns.iter().map(|turn| turn.head(run)).collect(),
            turns,
        }
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.queues.iter().map(|queue| queue.lines().len()).sum()
    }

    /// The applicants of lines, of those whose measure is in such a place.
    pub fn applicants(&self, run: &Run<'_, '_>, is_asked: impl Fn(&Place) -> bool) -> Bits {
        let mut applicants = Bits::none(run.rows(ROOT));
        for queue in self.queues.iter().filter(|queue| is_asked(queue.place)) {
            let rows = queue.lines().iter().map(Payment::row);
            rows.for_each(|row| applicants.set(run.row_of(queue.table, row, ROOT), true));
        }
        applicants
    }

    /// The applicants of all lines.
    pub fn crowd(&self, run: &Run<'_, '_>) -> Crowd {
        let rows = run.rows(ROOT);
        let none = vec![0; rows.div_ceil(64)];
        let (mut applicants, mut several, mut own) = (none.clone(), none.clone(), none);
        for queue in &self.queues {
            own.fill(0);
            for line in queue.lines() {
                let root = run.row_of(queue.table, line.row(), ROOT);
                // Applicants themselves have a line at most.
                if queue.table != ROOT && bit(&own, root) {
                    set_bit(&mut several, root, true);
                }
                set_bit(&mut own, root, true);
            }
            for ((applicants, several), own) in applicants.iter_mut().zip(&mut several).zip(&own) {
                *several |= *applicants & own;
                *applicants |= own;
            }
        }
        let [applicants, several] = [applicants, several].map(|words| Bits::of_words(words, rows));
        Crowd { applicants, several }
    }
}

impl<'b> Turns<'_, '_, 'b> {
    /// An applicant's lines. All applicants take their turns, by row.
    pub fn take(&mut self, run: &Run<'_, '_>, applicant: usize, past: Past<'_>, taken: &mut Taken<'b>) {
        let Taken { found, plain } = taken;
        found.clear();
        plain.clear();
        let (mut start, mut measure) = (0, None);
        for (turn, head) in self.turns.iter_mut().zip(&mut self.heads) {
            if *head as usize != applicant {
                continue;
            }
            if measure.replace(turn.queue.measure) != Some(turn.queue.measure) {
                sort_by_key(found.get_mut(start..));
                start = found.len();
            }
            while *head as usize == applicant {
                match turn.take_untied(run, past) {
                    Some(line) => plain.push((found.len(), line)),
                    None => found.extend(turn.take(run)),
                }
                *head = turn.head(run);
            }
        }
        sort_by_key(found.get_mut(start..));
    }

    /// The only line of an applicant in its turn, if it stays as it is. Without one everything waits as before.
    pub fn take_plain(&mut self, run: &Run<'_, '_>, applicant: usize, past: Past<'_>) -> Option<Plain> {
        let at = self.heads.iter().position(|head| *head as usize == applicant)?;
        let (turn, head) = (self.turns.get_mut(at)?, self.heads.get_mut(at)?);
        let plain = turn.take_untied(run, past).or_else(|| turn.take_free(past))?;
        *head = turn.head(run);
        Some(plain)
    }
}

/// Lines of one measure. Those for applicants themselves have no keys.
fn sort_by_key(lines: Option<&mut [Found<'_>]>) {
    if let Some(own @ [_, _, ..]) = lines {
        own.sort_by(|one, other| one.by_key().cmp(&other.by_key()));
    }
}

impl<'p, 'b> Run<'p, 'b> {
    /// The lines that are or may be paid.
    pub fn lines_waiting(&mut self) -> Waiting<'p, 'b> {
        let order = self.plan.program.order.iter();
        Waiting {
            queues: order.filter_map(|measure| self.queues(*measure)).flatten().collect(),
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
                unique: self.uniques(measure, table, lines.paid.lines()),
            });
        }
        Some(queues)
    }

    /// What must be unique of each line; nothing where the measure asks for nothing.
    fn uniques(&mut self, measure: MeasureId, table: TableId, paid: &[Payment]) -> Vec<Vec<Option<Arc<str>>>> {
        let program = self.plan.program;
        let nodes = match Uniques::of(&program.measures[measure], self.plan.entity) {
            Uniques::Known([]) | Uniques::Unknown(0) => return Vec::new(),
            Uniques::Known(nodes) => nodes,
            Uniques::Unknown(count) => return vec![vec![None; count]; paid.len()],
        };
        let mut rows = vec![0; self.all(table).len()];
        paid.iter().for_each(|line| set_bit(&mut rows, line.row(), true));
        nodes.iter().for_each(|node| self.need(*node, table, &rows));
        let value = |row: usize, node: &NodeId| {
            let value = self.operand(*node, table).value(row, &program.nodes[*node].ty);
            unique::key(&value)
        };
        let of_line = |line: &Payment| nodes.iter().map(|node| value(line.row(), node)).collect();
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
