//! What an applicant's lines come to together. Lines that nothing changes beside others stay as they are; those of each part of a knot take their way through the money pipeline
//! (`awards::pipeline`), as the explaining evaluator's do. What parts come to is kept for applicants whose lines are alike.

use std::collections::BTreeSet;
use std::rc::Rc;

use la_arena::ArenaMap;
use meed_facts::batch::Batch;
use meed_rules::program::{CombineId, MeasureId};
use rustc_hash::FxHashMap;

use super::combine::{Knot, Past, Tie};
use super::found::{Entrant, Found};
use super::roster::Entrants;
use super::run::Run;
use crate::awards::amount::Amount;
use crate::awards::certainty::Certainty;
use crate::awards::claim::Claim;
use crate::awards::clauses::Seating;
use crate::awards::combined::{Course, Sums};
use crate::awards::history::History;
use crate::awards::key::Key;
use crate::awards::pipeline::{Clause, Pipeline};
use crate::awards::verdict::Verdict;

/// The ways of a batch's lines.
pub(super) struct Courses<'r, 'p, 'b> {
    run: &'r Run<'p, 'b>,
    batch: &'r Batch,
    /// Clauses, seated anew for each applicant.
    clauses: ArenaMap<CombineId, Clause>,
    /// What lines that were alike came to.
    known: FxHashMap<Vec<i128>, Rc<Ends>>,
    alike: Vec<i128>,
}

/// What lines come to.
struct Ends {
    /// Each, where it may be paid: by itself, before funds, and in the end; and whether a person has still to say what of it is paid.
    lines: Vec<([Amount; 3], bool)>,
    sums: Sums,
}

/// Lines that are looked at together.
struct Part<'t> {
    knot: usize,
    measures: u64,
    ties: Vec<&'t Tie>,
    /// Measures of which earlier awards or lines of one value matter.
    contested: u64,
}

impl<'r, 'p, 'b> Courses<'r, 'p, 'b> {
    pub fn new(run: &'r Run<'p, 'b>, batch: &'r Batch) -> Self {
        let ties = run.plan.clauses.knots.iter().flat_map(|knot| &knot.ties);
        Self {
            run,
            batch,
            clauses: ties.map(|tie| (tie.id, tie.clause.clone())).collect(),
            known: FxHashMap::default(),
            alike: Vec::new(),
        }
    }

    /// What is known of an applicant's earlier awards.
    pub fn past(&self, row: usize) -> Past<'r> {
        let all = &self.batch.awards;
        let own = || all.items.get(all.span(row)).unwrap_or_default();
        Past {
            awards: if all.items.is_empty() { &[] } else { own() },
            complete: all.complete.get(row),
        }
    }

    /// Brings an applicant's lines to what is due: what those that are eligible come to together, and all.
    pub fn take(&mut self, row: usize, past: Past<'_>, found: &mut [Found<'_>]) -> Sums {
        if let [only] = found
            && only.is_free(past)
        {
            only.alone(past);
            return only.sums();
        }
        let mut sums = Sums::NOTHING;
        for line in 0..found.len() {
            if let Some(own) = found.get_mut(line).filter(|own| own.is_untied(past)) {
                own.alone(past);
                sums = sums.plus(own.sums());
                continue;
            }
            let knots = || found.iter().map(|found| found.place.knot);
            let knot = knots().nth(line).unwrap_or_default();
            // Once for each knot, when its first line comes.
            if !knots().take(line).any(|earlier| earlier == knot) {
                sums = sums.plus(self.take_knot(row, knot, found, past));
            }
        }
        sums
    }

    fn take_knot(&mut self, row: usize, position: usize, found: &mut [Found<'_>], past: Past<'_>) -> Sums {
        let plan = self.run.plan;
        let Some(knot) = plan.clauses.knots.get(position) else {
            return Sums::NOTHING;
        };
        let contested = self.contested(position, found, past);
        let of = |found: &Found<'_>, bits: u64| found.place.knot == position && found.place.bit & bits != 0;
        let active = |tie: &&Tie| {
            let own = found.iter().filter(|found| of(found, tie.members));
            tie.is_active(past, own.map(|found| found.line.due))
        };
        let ties: Vec<&Tie> = knot.ties.iter().filter(active).collect();
        let parts = knot.parts(contested, &ties);
        let mut sums = Sums::NOTHING;
        let plain = |found: &&mut Found<'_>| of(found, u64::MAX) && parts.iter().all(|part| !of(found, *part));
        for found in found.iter_mut().filter(plain) {
            found.alone(past);
            sums = sums.plus(found.sums());
        }
        for measures in parts {
            let inside = |tie: &&&Tie| tie.members & measures != 0;
            let part = Part {
                knot: position,
                measures,
                ties: ties.iter().filter(inside).copied().collect(),
                contested: contested & measures,
            };
            sums = sums.plus(self.take_part(row, knot, &part, found, past));
        }
        sums
    }

    /// The measures that were awarded before, or that pay one line of several with one value.
    fn contested(&self, knot: usize, found: &[Found<'_>], past: Past<'_>) -> u64 {
        let own = || {
            found
                .iter()
                .filter(|found| found.place.knot == knot && !found.line.due.is_zero())
        };
        let is_contested = |one: &Found<'_>| {
            let Some(per_value) = one.once else { return false };
            let same = |other: &&Found<'_>| other.place.bit == one.place.bit;
            past.awards
                .iter()
                .any(|award| self.concerns(one.line.measure, &award.measure))
                || per_value && own().filter(same).nth(1).is_some()
        };
        let contested = own().filter(|found| is_contested(found));
        contested.fold(0, |bits, found| bits | found.place.bit)
    }

    /// Whether an award of that name is one of a measure, or counts as one.
    fn concerns(&self, measure: MeasureId, name: &str) -> bool {
        let measure = &self.run.plan.program.measures[measure];
        let counting = measure.rules.iter().filter_map(|rules| rules.once.as_ref());
        measure.named.is_called(name)
            || counting
                .flat_map(|once| &once.counting)
                .any(|counted| &**counted == name)
    }

    fn take_part(&mut self, row: usize, knot: &Knot, part: &Part<'_>, found: &mut [Found<'_>], past: Past<'_>) -> Sums {
        let lines: Vec<usize> = (0..)
            .zip(found.iter())
            .filter(|(_, found)| found.place.knot == part.knot && found.place.bit & part.measures != 0)
            .map(|(line, _)| line)
            .collect();
        let chose = u32::try_from(row).is_ok_and(|row| self.batch.chosen.contains_key(&row));
        let is_alike = past.awards.is_empty() && part.contested == 0 && !chose;
        let ends = if is_alike && part.ties.iter().all(|tie| !tie.counts) {
            self.note(part, &lines, found, past);
            if part.ties.iter().any(|tie| !tie.is_fixed) {
                self.note_seats(row, part, &lines, found);
            }
            match self.known.get(&self.alike) {
                Some(ends) => Rc::clone(ends),
                None => {
                    let ends = Rc::new(self.run_part(row, knot, part, &lines, found, past));
                    self.known.insert(self.alike.clone(), Rc::clone(&ends));
                    ends
                }
            }
        } else {
            Rc::new(self.run_part(row, knot, part, &lines, found, past))
        };
        for (line, ([own, combined, due], contested)) in lines.iter().zip(&ends.lines) {
            if let Some(found) = found.get_mut(*line) {
                (found.line.own, found.line.combined, found.line.due) = (*own, *combined, *due);
                found.line.contested = *contested;
            }
        }
        ends.sums
    }

    /// An applicant's lines as clauses read them.
    fn roster<'a>(&self, row: usize, all: &'a [Entrant]) -> Entrants<'a, 'p, 'b>
    where
        'r: 'a,
    {
        let (run, batch): (&'r _, &'r _) = (self.run, self.batch);
        Entrants { run, batch, row, all }
    }

    /// Notes where clauses that ask facts for something seat lines. Of keys it matters which are the same, and their order.
    fn note_seats(&mut self, row: usize, part: &Part<'_>, lines: &[usize], found: &[Found<'_>]) {
        let all = entrants(lines, found);
        let roster = self.roster(row, &all);
        let mut seating = Seating::new(&roster);
        for tie in part.ties.iter().filter(|tie| !tie.is_fixed) {
            let Some(clause) = self.clauses.get_mut(tie.id) else {
                continue;
            };
            seating.fill(clause);
            let seats = || clause.seats.iter();
            self.alike.push(i128::from(tie.id.into_raw().into_u32()));
            for seat in seats() {
                let before: BTreeSet<&Key> = seats().map(|other| &other.key).filter(|key| **key < seat.key).collect();
                let kind = match seat.key {
                    Key::Applicant => 0,
                    Key::Known(_) => 1,
                    Key::Unknown => 2,
                };
                let limit = seat.limit.at_most;
                self.alike.extend([
                    seat.line as i128,
                    seat.rank as i128,
                    before.len() as i128,
                    kind,
                    limit.map_or(-1, Amount::low),
                    limit.and_then(Amount::high).unwrap_or(-1),
                    seat.limit.loose.into(),
                ]);
            }
        }
    }

    /// Notes all that decides what lines come to, where no keys and earlier awards do.
    fn note(&mut self, part: &Part<'_>, lines: &[usize], found: &[Found<'_>], past: Past<'_>) {
        let alike = &mut self.alike;
        alike.clear();
        alike.extend([part.knot as i128, part.measures.into(), past.complete.into()]);
        let own = || lines.iter().filter_map(|line| found.get(*line));
        for one in own() {
            // Keys decide between equal lines, by their order alone.
            let key = &one.line.key;
            let before = own().filter(|other| key.is_some() && other.line.key < *key).count();
            let flags = [
                one.line.verdict == Verdict::Eligible,
                one.once.is_some(),
                key.is_some(),
                one.made == Certainty::Maybe,
                one.made == Certainty::Yes,
            ];
            let flags = flags.iter().fold(before, |bits, flag| bits << 1 | usize::from(*flag));
            alike.extend([
                one.line.measure.into_raw().into_u32().into(),
                flags as i128,
                one.line.due.low(),
                one.line.due.high().unwrap_or(-1),
            ]);
        }
    }

    fn run_part(
        &mut self,
        row: usize,
        knot: &Knot,
        part: &Part<'_>,
        lines: &[usize],
        found: &[Found<'_>],
        past: Past<'_>,
    ) -> Ends {
        let all: Vec<Entrant> = if past.awards.is_empty() && part.ties.iter().all(|tie| !tie.counts) {
            entrants(lines, found)
        } else {
            let inside = knot.measures.iter().filter(|measure| {
                let place = self.run.plan.clauses.place(**measure);
                place.is_some_and(|place| place.bit & part.measures != 0)
            });
            inside
                .flat_map(|measure| self.run.all_lines(*measure, row, found))
                .collect()
        };
        let roster = self.roster(row, &all);
        let mut seating = Seating::new(&roster);
        for tie in &part.ties {
            if let Some(clause) = self.clauses.get_mut(tie.id) {
                seating.fill(clause);
            }
        }
        let clauses: Vec<&Clause> = part.ties.iter().filter_map(|tie| self.clauses.get(tie.id)).collect();
        let silent = past.complete && part.contested == 0;
        let measures = knot.measures.iter().filter(|_| !silent);
        let occurrences: Vec<_> = measures.filter_map(|measure| seating.occurrence(*measure)).collect();
        let history = History::listed(past.awards, past.complete).until(self.run.plan.program.date);
        let of = |entrant: &Entrant| found.get(entrant.found?);
        let claim = |entrant: &Entrant| {
            let (amount, made) =
                of(entrant).map_or((Amount::ZERO, Certainty::No), |found| (found.line.due, found.made));
            Claim::new(entrant.measure, entrant.key.clone(), amount, made).silent()
        };
        let claims = || all.iter().map(claim).collect();
        let pipeline = Pipeline::run(claims, &history, &occurrences, &clauses);
        let course = Course::of(pipeline, &roster, |line| {
            let found = all.get(line).and_then(of);
            found.is_some_and(|found| found.line.verdict == Verdict::Eligible)
        });
        let amounts = course
            .pipeline
            .own
            .iter()
            .zip(&course.before_rationing)
            .zip(&course.due)
            .zip(&course.pipeline.claims);
        let mut ends: Vec<(usize, [Amount; 3], bool)> = all
            .iter()
            .zip(amounts)
            .filter_map(|(entrant, (((own, combined), due), claim))| {
                Some((entrant.found?, [*own, *combined, *due], !claim.marks.is_empty()))
            })
            .collect();
        ends.sort_unstable_by_key(|(line, ..)| *line);
        Ends {
            lines: ends
                .into_iter()
                .map(|(_, amounts, contested)| (amounts, contested))
                .collect(),
            sums: course.after,
        }
    }
}

/// Lines that may be paid, by their positions, as those that enter the pipeline.
fn entrants(lines: &[usize], found: &[Found<'_>]) -> Vec<Entrant> {
    let entrant = |line: &usize| Some(Entrant::of(found.get(*line)?, *line));
    lines.iter().filter_map(entrant).collect()
}

impl Found<'_> {
    /// Whether nothing changes the line, which is its applicant's only one.
    fn is_free(&self, past: Past<'_>) -> bool {
        self.line.due.high().is_some_and(|most| self.place.is_free(most, past))
    }

    /// Whether no other line matters, be there which there may, and no earlier award.
    fn is_untied(&self, past: Past<'_>) -> bool {
        self.place.untied && past.awards.is_empty()
    }

    /// What is due where no other line matters and no earlier award is known to be one of this measure.
    fn alone(&mut self, past: Past<'_>) {
        if self.once.is_some() && !past.complete {
            self.line.own = self.line.own.down_to_zero();
        }
        self.line.combined = self.line.own;
        self.line.due = if self.place.rationed {
            self.line.own.down_to_zero()
        } else {
            self.line.own
        };
    }

    fn sums(&self) -> Sums {
        let is_eligible = self.line.verdict == Verdict::Eligible;
        Sums {
            eligible: if is_eligible { self.line.due } else { Amount::ZERO },
            all: self.line.due,
        }
    }
}
