//! All instalments of a series: which are due, which fall away, which are not known yet.

use meed_facts::date::Date;
use meed_rules::program::{MeasureRules, Series};

use super::pay;
use super::periods::Timing;
use super::version::of_period;
use crate::awards::amount::{self, Amount};
use crate::awards::certainty::Certainty;
use crate::awards::verdict::{Verdict, Why};
use crate::explain::{Evaluator, Frame};
use crate::value::Causes;

/// The most instalments that are shown.
const MOST: u32 = 1200;

/// One instalment of a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// Its number, from 1.
    pub number: u32,
    /// The first day of its period, where it is known.
    pub from: Option<Date>,
    /// The day after its last, where it is known.
    pub until: Option<Date>,
    /// The day on which it is paid, where it is known.
    pub due: Option<Date>,
    /// Whether its conditions hold.
    pub verdict: Verdict,
    /// What is due, before combination.
    pub amount: Amount,
    /// Whether it is the one asked about.
    pub asked: Certainty,
    /// The frame of nodes that read its period.
    pub frame: Frame,
}

/// The first instalments of a series, in order: so many, or all where there are fewer.
pub fn instalments(
    evaluator: &Evaluator<'_>,
    rules: &MeasureRules,
    (series, timing): (&Series, &Timing),
    entry: Verdict,
    first: u32,
) -> Vec<Instalment> {
    let mut ended = Certainty::No;
    let mut all = Vec::new();
    for number in 1..=first.min(series.count).min(MOST) {
        let index = i32::try_from(number).unwrap_or(i32::MAX).saturating_sub(1);
        let asked = timing.start.is_some() && timing.asked.index == Some(index);
        let period = timing.nth(evaluator, series, rules_frame(timing, evaluator), index);
        let mut verdict = of_period(evaluator, rules, &period, entry);
        let repealed = series.ends_running
            && matches!((period.extent.from.0, rules.in_force.until), (Some(from), Some(until)) if from >= until);
        if repealed {
            verdict = Verdict::NotEligible(Why::NotInForce);
        }
        let paid = || pay::amount(evaluator, &rules.pay, period.frame);
        let holds = verdict.certainty().and(ended.negated());
        let (from, until) = match timing.start {
            Some(_) => (period.extent.from.0, period.extent.until.0),
            None => (None, None),
        };
        all.push(Instalment {
            number,
            from,
            until,
            due: period.due.map(|due| paid_on(series, due)),
            verdict: match (ended, verdict) {
                (Certainty::No, verdict) | (_, verdict @ Verdict::NotEligible(_)) => verdict,
                (Certainty::Yes, _) => Verdict::NotEligible(Why::Conditions),
                (Certainty::Maybe, _) => Verdict::Undetermined,
            },
            amount: match holds {
                Certainty::Yes => paid(),
                Certainty::Maybe => paid().down_to_zero(),
                Certainty::No => Amount::ZERO,
            },
            asked: match timing.start {
                Some(_) => Certainty::known(asked),
                None => Certainty::Maybe,
            },
            frame: period.frame,
        });
        if series.ends_on_failure {
            ended = ended.or(verdict.certainty().negated());
        }
    }
    all
}

fn rules_frame(timing: &Timing, evaluator: &Evaluator<'_>) -> Frame {
    evaluator.parent_of(timing.first.frame).unwrap_or(timing.first.frame)
}

/// What all instalments come to.
pub fn over_time(instalments: &[Instalment]) -> Amount {
    amount::sum(instalments.iter().map(|instalment| instalment.amount))
}

/// The instalments whose failure would have ended the series before the period asked about.
pub fn earlier(
    evaluator: &Evaluator<'_>,
    rules: &MeasureRules,
    (series, timing): (&Series, &Timing),
    entry: Verdict,
) -> Vec<Instalment> {
    let ends = series.ends_on_failure && timing.within.possible();
    let before = timing.asked.index.filter(|_| ends);
    let before = before.and_then(|index| u32::try_from(index).ok()).unwrap_or(0);
    instalments(evaluator, rules, (series, timing), entry, before)
}

/// Whether the period asked about is one of the series, and the series has not ended `earlier`.
pub fn stands(earlier: &[Instalment], timing: &Timing) -> Certainty {
    let holds = earlier.iter().map(|one| one.verdict.certainty());
    holds.fold(timing.within, Certainty::and)
}

/// Why it is not known whether it stands: the series' start, and what would have ended it.
pub fn causes(evaluator: &Evaluator<'_>, rules: &MeasureRules, timing: &Timing, earlier: &[Instalment]) -> Causes {
    let open = earlier.iter().filter(|one| one.verdict == Verdict::Undetermined);
    let conditions = open.filter_map(|one| Some(evaluator.value(rules.while_?, one.frame)));
    conditions.fold(timing.causes.clone(), |all, condition| all.union(condition.causes()))
}

/// The first payment window on or after the day on which an instalment is due; the day itself where there are none.
fn paid_on(series: &Series, due: Date) -> Date {
    let windows = |year: i16| {
        series
            .windows
            .iter()
            .filter_map(move |(month, day)| Date::new(year, *month, *day))
    };
    windows(due.year())
        .chain(windows(due.year().saturating_add(1)))
        .filter(|window| *window >= due)
        .min()
        .unwrap_or(due)
}
