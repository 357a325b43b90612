//! What must be kept up after an award, and what is recovered otherwise: from the day on which the condition first failed, whenever one looks.

use std::collections::BTreeMap;

use meed_facts::date::{Date, Days, Months, full_months_between};
use meed_facts::ratio::Ratio;
use meed_facts::record::AwardRecord;
use meed_facts::value::Scalar;
use meed_rules::program::{Obligation, Program, Recover};

use super::amount::Amount;
use super::certainty::Certainty;
use super::clauses::names;
use super::decision::Decided;
use super::history::History;
use super::judge::DraftKind;
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
    /// On which day, where that is known.
    pub on: Option<Date>,
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
        if matches!(draft.verdict, Verdict::NotEligible(_)) && !history.names(is_own) {
            return None;
        }
        let before = history.received(None, is_own);
        Some(Self {
            amount: match before.awarded {
                Certainty::Yes => before.amount,
                Certainty::Maybe => before.amount.hull(due),
                Certainty::No => due,
            },
            on: history.first(is_own),
        })
    }
}

/// An obligation as it stands on the date.
pub fn kept(evaluator: &Evaluator<'_>, obligation: &Obligation, line: Frame, awarded: Awarded) -> Kept {
    let today = evaluator.program().date;
    let from = match obligation.from {
        Some(node) => evaluator.value(node, line).as_date(),
        None => Some(awarded.on.unwrap_or(today)),
    };
    let until = from.and_then(|from| from.plus_months(obligation.duration));
    let course = match (from, until) {
        (Some(from), Some(until)) if from <= today => {
            let last = until.plus_days(Days(-1)).map_or(today, |last| last.min(today));
            Course::between(evaluator, obligation, line, (from, last))
        }
        // What has not begun cannot have failed.
        (Some(from), _) => Course {
            holds: Certainty::Yes,
            ..Course::on(evaluator, obligation, line, from)
        },
        (None, _) => Course::on(evaluator, obligation, line, today),
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

    /// On every day on which it may turn, on the first of each whole month and on the last. Where it fails on the first, the facts do not tell since when: they state what is so now.
    fn between(evaluator: &Evaluator<'_>, obligation: &Obligation, line: Frame, (from, last): (Date, Date)) -> Self {
        let served = full_months_between(from, last);
        let mut days = BTreeMap::from([(from, 0)]);
        if evaluator.program().nodes[obligation.keep].scope == obligation.scope {
            let firsts = (0..=served.0).filter_map(|month| Some((from.plus_months(Months(month))?, month)));
            days.extend(firsts);
            for day in turning::days(evaluator, obligation, line, (from, last)) {
                days.entry(day).or_insert_with(|| full_months_between(from, day).0);
            }
        }
        days.entry(last).or_insert(served.0);
        let mut course = Self {
            most: served,
            ..Self::on(evaluator, obligation, line, from)
        };
        let known_at_first = course.holds.certain();
        for (day, month) in days {
            let (holds, frame) = judged(evaluator, obligation, line, day);
            course.holds = course.holds.and(holds);
            if !holds.certain() {
                course.frame = frame;
            }
            if !holds.possible() {
                break;
            }
            if known_at_first {
                course.most = Months(month);
            }
            if course.holds.certain() {
                course.least = Months(month);
            }
        }
        if course.holds == Certainty::Maybe {
            course.most = served;
        }
        course
    }
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
