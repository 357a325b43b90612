//! One version of a measure for one line: conditions, the period asked about, the amount. All other periods are found when somebody asks for them.

use meed_rules::program::MeasureRules;

use super::pay::{self, Paid};
use super::periods::{Period, Timing};
use super::series::{self, Instalment};
use crate::awards::amount::Amount;
use crate::awards::certainty::Certainty;
use crate::awards::claim::{Step, StepKind};
use crate::awards::verdict::{Verdict, Why};
use crate::explain::{Evaluator, Frame};
use crate::value::{Causes, Value};

/// A version that a line falls under, or may fall under.
#[derive(Clone, Debug)]
pub struct Version<'p> {
    /// Its rules.
    pub rules: &'p MeasureRules,
    /// The frame of the line's nodes.
    pub frame: Frame,
    /// The frame in which conditions of entering are judged: the first period of a series.
    pub entering: Frame,
    /// The frame in which conditions of staying and the amount are judged: the period asked about.
    pub staying: Frame,
    /// The first period and the one asked about, where it pays over time.
    pub timing: Option<Box<Timing>>,
}

impl Version<'_> {
    /// All periods of a series.
    pub fn instalments(&self, evaluator: &Evaluator<'_>) -> Vec<Instalment> {
        let (Some(timing), Some(series)) = (&self.timing, &self.rules.series) else {
            return Vec::new();
        };
        let enter = self.rules.when.map(|node| evaluator.value(node, self.entering));
        series::instalments(evaluator, self.rules, (series, timing), verdict_of(enter), series.count)
    }
}

/// What a line comes to under one version.
#[derive(Clone, Debug)]
pub struct Judged<'p> {
    /// The version.
    pub version: Version<'p>,
    /// What the conditions come to.
    pub verdict: Verdict,
    /// What is due in the period asked about.
    pub amount: Amount,
    /// The steps that led to the amount.
    pub steps: Vec<Step>,
    /// Whether an officer sets the amount.
    pub assessed: bool,
    /// Whether an award above nothing is made.
    pub made: Certainty,
    /// Why verdict or amount are not known.
    pub causes: Causes,
}

impl<'p> Judged<'p> {
    /// Judges a line under a version.
    pub fn of(evaluator: &Evaluator<'p>, rules: &'p MeasureRules, frame: Frame) -> Self {
        let timing = rules
            .series
            .as_ref()
            .map(|series| Timing::of(evaluator, rules, series, frame));
        let (entering, staying) = timing
            .as_ref()
            .map_or((frame, frame), |timing| (timing.first.frame, timing.asked.frame));
        let enter = rules.when.map(|node| evaluator.value(node, entering));
        let stay = rules.while_.map(|node| evaluator.value(node, staying));
        let entry = verdict_of(enter);
        let verdict = entry.and_staying(verdict_of(stay));
        let mut judged = Self {
            version: Version {
                rules,
                frame,
                entering,
                staying,
                timing: None,
            },
            verdict,
            amount: Amount::ZERO,
            steps: Vec::new(),
            assessed: rules.pay.assessed.is_some(),
            made: Certainty::No,
            causes: Causes::NONE,
        };
        if !matches!(verdict, Verdict::NotEligible(_)) {
            let paid = pay::of(evaluator, &rules.pay, staying);
            judged.pay(paid);
            for condition in enter.into_iter().chain(stay) {
                judged.causes.merge(condition.causes());
            }
        }
        if let (Some(timing), Some(series)) = (timing, &rules.series) {
            let earlier = series::earlier(evaluator, rules, (series, &timing), entry);
            let stands = series::stands(&earlier, &timing);
            let causes = series::causes(evaluator, rules, &timing, &earlier);
            judged.limit_to(stands, &causes);
            judged.version.timing = Some(Box::new(timing));
        }
        judged
    }

    fn pay(&mut self, paid: Paid) {
        self.steps = paid.steps;
        self.causes.merge(&paid.causes);
        self.made = self.verdict.certainty().and(paid.made);
        self.amount = match self.verdict {
            Verdict::Undetermined => paid.amount.down_to_zero(),
            _ => paid.amount,
        };
    }

    /// Nothing is due where the period asked about is none of the series.
    fn limit_to(&mut self, stands: Certainty, causes: &Causes) {
        let after = match stands {
            Certainty::Yes => return,
            Certainty::Maybe => self.amount.down_to_zero(),
            Certainty::No => Amount::ZERO,
        };
        self.made = self.made.and(stands);
        if !matches!(self.verdict, Verdict::NotEligible(_)) {
            self.causes.merge(causes);
        }
        if after != self.amount {
            self.steps.push(Step {
                before: self.amount,
                ..Step::first(StepKind::Period, after)
            });
            self.amount = after;
        }
    }
}

/// The verdict that a condition gives; one that is not there holds.
fn verdict_of(condition: Option<&Value>) -> Verdict {
    condition.map_or(Verdict::Eligible, Verdict::of)
}

/// The verdict on one period of a series.
pub fn of_period(evaluator: &Evaluator<'_>, rules: &MeasureRules, period: &Period, entry: Verdict) -> Verdict {
    let stay = verdict_of(rules.while_.map(|node| evaluator.value(node, period.frame)));
    match entry {
        Verdict::NotEligible(why) => Verdict::NotEligible(why),
        _ if stay == Verdict::NotEligible(Why::NotApplicable) => entry,
        _ => entry.and_staying(stay),
    }
}
