//! What must be kept up after an award, and what is recovered otherwise: from the day on which the condition first failed, whenever one looks.

use meed_facts::date::{Date, Months, full_months_between};
use meed_facts::ratio::Ratio;
use meed_facts::record::AwardRecord;
use meed_facts::value::Scalar;
use meed_rules::program::{Obligation, Program, Recover};

use super::amount::Amount;
use super::certainty::Certainty;
use super::clauses::names;
use super::decision::Decided;
use super::history::History;
use super::judge::{Between, DraftKind, day_bounds};
use super::turning;
use super::verdict::{Verdict, Why};
use crate::explain::{Evaluator, Frame, Instalment};
use crate::value::Value;

/// An obligation of one line on the determination's date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Whether the condition has held since the first day.
    pub holds: Certainty,
    /// The first day.
    pub from: Option<Date>,
    /// The day after the last.
    pub until: Option<Date>,
    /// What is recovered; `None` where nothing is.
    pub recover: Option<Amount>,
    /// The day that decided, as a frame of the condition.
    pub frame: Frame,
}

/// What was awarded to a line.
#[derive(Clone, Copy, Debug)]
pub struct Awarded {
    /// How much.
    pub amount: Amount,
    /// The days between which it was: the determination's, where nothing was awarded before.
    pub on: Between,
}

impl Awarded {
    /// What a line was awarded before, or is now; nothing where it is not eligible and no award is named.
    pub fn of(program: &Program, line: Decided<'_, '_>, history: &History) -> Option<Self> {
        let Decided { draft, due, .. } = line;
        let names = names(&program.measures[draft.measure].named);
        let is_own = |award: &AwardRecord| match (&award.key, &draft.key) {
            _ if !names.contains(&award.measure) => Certainty::No,
            (Some(key), Some(own)) => Certainty::known(key == own),
            (_, None) if draft.kind == DraftKind::Applicant => Certainty::Yes,
            _ => Certainty::Maybe,
        };
        let first = history.first(is_own);
        if matches!(draft.verdict, Verdict::NotEligible(_)) && first.is_none() {
            return None;
        }
        let before = history.received(None, is_own);
        Some(Self {
            amount: match before.awarded {
                Certainty::Yes => before.amount,
                Certainty::Maybe => before.amount.hull(due),
                Certainty::No => due,
            },
            on: first.unwrap_or((Some(program.date), Some(program.date))),
        })
    }
}

/// An obligation as it stands on the date.
pub fn kept(evaluator: &Evaluator<'_>, obligation: &Obligation, line: Frame, awarded: Awarded) -> Kept {
    let between = match obligation.from {
        Some(node) => day_bounds(evaluator.value(node, line)),
        None => awarded.on,
    };
    let from = between.0.filter(|_| between.0 == between.1);
    let until = from.and_then(|from| from.plus_months(obligation.duration));
    let course = match from {
        Some(from) => Course::from(evaluator, obligation, line, from),
        None => Course::from_between(evaluator, obligation, line, between),
    };
    let recover = obligation.recover.filter(|_| course.holds != Certainty::Yes);
    let recover = recover.map(|recover| match recover {
        Recover::InFull => awarded.amount,
        Recover::InProportion => {
            let after = |served: Months| in_proportion(awarded.amount, served, obligation.duration);
            Amount::between(after(course.most).low(), after(course.least).high())
        }
    });
    Kept {
        holds: course.holds,
        from,
        until,
        recover: recover.map(|recover| match course.holds {
            Certainty::Maybe => recover.down_to_zero(),
            _ => recover,
        }),
        frame: course.frame,
    }
}

/// How a condition fared from the first day on.
struct Course {
    holds: Certainty,
    /// Whole months for which it held at least, and at most.
    least: Months,
    most: Months,
    frame: Frame,
}

impl Course {
    /// On one day, of which nothing else is known.
    fn on(evaluator: &Evaluator<'_>, obligation: &Obligation, line: Frame, day: Date) -> Self {
        let (holds, frame) = judged(evaluator, obligation, line, day);
        Self {
            holds,
            least: Months(0),
            most: obligation.duration,
            frame,
        }
    }

    /// From a day on: what has not begun cannot have failed. Where it fails on the first day, the facts do not tell since when: they state what is so now.
    fn from(evaluator: &Evaluator<'_>, obligation: &Obligation, line: Frame, from: Date) -> Self {
        let at_first = Self::on(evaluator, obligation, line, from);
        let Some(last) = last_judged(evaluator, obligation, Some(from)).filter(|last| from <= *last) else {
            return Self {
                holds: Certainty::Yes,
                ..at_first
            };
        };
        let mut course = Self {
            most: full_months_between(from, last),
            ..at_first
        };
        let known_at_first = course.holds.certain();
        let turns = turning::days(evaluator, obligation, line, (from, last));
        for day in turns.unwrap_or_else(|| turning::every_day((from, last))) {
            let served = full_months_between(from, day);
            if course.holds.certain() {
                course.least = served;
            }
            let (holds, frame) = judged(evaluator, obligation, line, day);
            course.holds = course.holds.and(holds);
            if !holds.certain() {
                course.frame = frame;
            }
            if !holds.possible() {
                if known_at_first {
                    course.most = served;
                }
                break;
            }
        }
        course
    }

    /// From a day that lies between two. What holds on all days that may be its days is kept; what fails on one that is a day of it whenever it began is not, nor what
    /// fails on all where it has begun.
    fn from_between(evaluator: &Evaluator<'_>, obligation: &Obligation, line: Frame, (low, high): Between) -> Self {
        let today = evaluator.program().date;
        let mut course = Self {
            holds: Certainty::Maybe,
            ..Self::on(evaluator, obligation, line, today)
        };
        let last = |from| last_judged(evaluator, obligation, from).unwrap_or(today);
        let span = (low.or_else(|| Date::new(1, 1, 1)).unwrap_or(today), last(high));
        let turns = turning::days(evaluator, obligation, line, span);
        let Some(mut days) = turns.or_else(|| low.map(|_| turning::every_day(span))) else {
            return course;
        };
        let sure = high.zip(low).map(|(high, low)| high..=last(Some(low)));
        let begun = high.is_some_and(|high| high <= today);
        days.extend(sure.iter().flat_map(|sure| [*sure.start(), *sure.end()]));
        days.retain(|day| (span.0..=span.1).contains(day));
        let (mut kept, mut failed) = (true, begun);
        for day in days {
            let (holds, frame) = judged(evaluator, obligation, line, day);
            let certainly_its_day = sure.as_ref().is_some_and(|sure| sure.contains(&day));
            if !holds.certain() {
                (kept, course.frame) = (false, frame);
            }
            if !holds.possible() && certainly_its_day {
                failed = true;
                break;
            }
            failed &= !holds.possible();
        }
        course.holds = match (kept, failed) {
            (true, _) => Certainty::Yes,
            (false, true) => Certainty::No,
            (false, false) => Certainty::Maybe,
        };
        course
    }
}

/// The last day of an obligation that begins then, or the determination's date where that comes first.
fn last_judged(evaluator: &Evaluator<'_>, obligation: &Obligation, from: Option<Date>) -> Option<Date> {
    let until = from?.plus_months(obligation.duration)?;
    Some(until.yesterday()?.min(evaluator.program().date))
}

fn judged(evaluator: &Evaluator<'_>, obligation: &Obligation, line: Frame, day: Date) -> (Certainty, Frame) {
    let day = Value::known(Scalar::Date(day));
    let instalment = Instalment {
        number: 0,
        from: day.clone(),
        due: day,
    };
    let frame = evaluator.instalment(obligation.scope, line, instalment);
    let holds = match Verdict::of(evaluator.value(obligation.keep, frame)) {
        Verdict::NotEligible(Why::NotApplicable) => Certainty::Yes,
        verdict => verdict.certainty(),
    };
    (holds, frame)
}

/// Amount × months not served / months owed, rounded down to whole smallest units.
pub fn in_proportion(amount: Amount, served: Months, owed: Months) -> Amount {
    let left = owed.0.saturating_sub(served.0.max(0)).max(0);
    let Some(share) = Ratio::new(left.into(), owed.0.into()) else {
        return Amount::ZERO;
    };
    let part = |minor: i128| {
        let part = Ratio::from_int(minor).checked_mul(&share)?;
        part.floor().to_i128()
    };
    Amount::between(part(amount.low()).unwrap_or(0), amount.high().and_then(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_of_36_months_leave_two_thirds() {
        let owed = in_proportion(Amount::exact(1_000_000), Months(12), Months(36));
        assert_eq!(owed, Amount::exact(666_666));
    }

    #[test]
    fn who_has_served_all_owes_nothing() {
        assert_eq!(in_proportion(Amount::exact(500), Months(40), Months(36)), Amount::ZERO);
    }
}
