//! One expectation against what came out.

use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::ratio::Ratio;
use meed_facts::value::Scalar;
use meed_rules::cases::{Expectation, Expected, ExpectedPart, Target, Value as Wanted, Verdict as WantedVerdict};
use meed_rules::diagnostic::Message;
use meed_rules::phrases::Phrase;
use meed_rules::program::{MeasureId, NodeId};

use super::words::{self, both, phrase, same};
use super::{Difference, Run};
use crate::awards::verdict::{Verdict, Why};
use crate::result::{AmountKind, AwardLine, MarkLine, MissingLine, Payable, Reason, ServiceLine};
use crate::value::{CauseKind, Value};

/// Where an expectation does not come out.
pub(super) fn differences(run: &Run<'_>, expectation: &Expectation) -> Vec<Difference> {
    let expected = &expectation.expected;
    let mut check = Check {
        run,
        target: same(""),
        expectation,
        differences: Vec::new(),
    };
    match &expectation.target {
        Target::Measure(measure, key) => check.measure(*measure, key.as_ref(), expected),
        Target::Service(name, key) => check.service(name, key.as_ref(), expected),
        Target::Value(node) => {
            check.target = words::source(run.evaluator.program(), *node);
            if let Some(wanted) = &expected.value {
                check.value(*node, wanted);
            }
        }
        Target::Total => {
            check.target = phrase(Phrase::Total);
            if let Some(wanted) = &expected.value {
                let unresolved = run.determination.lines.iter().any(is_unresolved);
                check.amount(None, run.determination.total, wanted, unresolved);
            }
        }
    }
    check.differences
}

struct Check<'r, 'a> {
    run: &'r Run<'a>,
    target: Message,
    expectation: &'r Expectation,
    differences: Vec<Difference>,
}

impl Check<'_, '_> {
    fn differs(&mut self, expected: Message, found: Message) {
        self.differences.push(Difference {
            span: self.expectation.span,
            target: self.target.clone(),
            expected,
            found,
        });
    }

    fn reasons(&mut self, reasons: &[Reason], expected: &Expected, found: impl Fn() -> Message) {
        for path in &expected.because {
            if !reasons.iter().any(|reason| has_run(&reason.path, path)) {
                let wanted = both(&phrase(Phrase::Because), &same(&path.join(".")));
                self.differs(wanted, found());
            }
        }
    }

    fn lacking(&mut self, missing: &[MissingLine], expected: &Expected) {
        for path in &expected.missing {
            if !missing.iter().any(|gap| has_run(&segments(&gap.name), path)) {
                let wanted = both(&phrase(Phrase::Missing), &same(&path.join(".")));
                self.differs(wanted, words::lacking(missing));
            }
        }
    }

    fn measure(&mut self, measure: MeasureId, key: Option<&Arc<str>>, expected: &Expected) {
        let program = self.run.evaluator.program();
        let name = &program.measures[measure].named.name;
        self.target = same(&key.map_or_else(|| name.to_string(), |key| format!("{name}[\"{key}\"]")));
        let lines: Vec<&AwardLine> = self
            .run
            .determination
            .lines
            .iter()
            .filter(|line| line.measure == measure)
            .collect();
        let named: Vec<&AwardLine> = match key {
            Some(key) => lines
                .iter()
                .copied()
                .filter(|line| line.key.as_ref() == Some(key))
                .collect(),
            None => lines.iter().copied().filter(|line| !line.unlisted).collect(),
        };
        let line = match (named.as_slice(), lines.as_slice()) {
            ([line], _) => *line,
            ([], [line]) if key.is_none() => *line,
            _ => {
                let keys: Vec<&str> = lines.iter().filter_map(|line| line.key.as_deref()).collect();
                let found = Message::new(
                    format!("{} lines with the keys {}", lines.len(), keys.join(", ")),
                    format!("{} 行，键为 {}", lines.len(), keys.join("、")),
                );
                return self.differs(Message::new("one line", "一行"), found);
            }
        };
        self.line(line, expected);
    }

    fn service(&mut self, name: &Arc<str>, key: Option<&Arc<str>>, expected: &Expected) {
        self.target = same(&key.map_or_else(|| name.to_string(), |key| format!("{name}[\"{key}\"]")));
        let services = self.run.determination.services.iter();
        let lines: Vec<&ServiceLine> = services
            .filter(|line| line.name == *name && (key.is_none() || line.key.as_ref() == key))
            .collect();
        let [line] = lines.as_slice() else {
            let found = Message::new(format!("{} lines", lines.len()), format!("{} 行", lines.len()));
            return self.differs(Message::new("one line", "一行"), found);
        };
        if !verdict_fits(line.verdict, expected) {
            let wanted = words::wanted_verdict(expected);
            return self.differs(wanted, words::service(line));
        }
        self.reasons(&line.reasons, expected, || words::service(line));
        self.lacking(&line.missing, expected);
    }

    fn line(&mut self, line: &AwardLine, expected: &Expected) {
        if !verdict_fits(line.verdict, expected) {
            let wanted = words::wanted_verdict(expected);
            return self.differs(wanted, words::verdict(line));
        }
        self.reasons(&line.reasons, expected, || words::because(&line.reasons));
        self.lacking(&line.missing, expected);
        let unresolved = is_unresolved(line);
        if let Some(wanted) = &expected.value {
            self.amount(None, line.own, wanted, unresolved);
        }
        if let Some(wanted) = &expected.due {
            self.amount(Some(Phrase::Due), line.amount, wanted, unresolved);
        }
        if let Some(wanted) = &expected.total {
            self.amount(Some(Phrase::Total), line.over_time, wanted, unresolved);
        }
        let instalments = line.instalments.iter().map(|one| Part {
            payer: None,
            amount: one.amount,
            on: one.due,
        });
        self.parts(Phrase::InInstalments, instalments.collect(), &expected.instalments);
        let payers = line.payers.iter().map(|one| Part {
            payer: Some(&one.agency),
            amount: one.amount,
            on: one.on,
        });
        self.parts(Phrase::Shared, payers.collect(), &expected.payers);
    }

    /// The parts of an award, all of them and in their order.
    fn parts(&mut self, which: Phrase, found: Vec<Part<'_>>, wanted: &[ExpectedPart]) {
        if wanted.is_empty() {
            return;
        }
        let fits = |(found, wanted): (&Part<'_>, &ExpectedPart)| {
            self.amount_fits(found.amount, &wanted.amount, false)
                && (wanted.on.is_none() || wanted.on == found.on)
                && wanted.payer.as_ref() == found.payer
        };
        if found.len() == wanted.len() && found.iter().zip(wanted).all(fits) {
            return;
        }
        let wanted = wanted.iter().map(|part| {
            let amount = words::wanted(self.run, &part.amount);
            words::part(part.payer.as_ref(), amount, part.on)
        });
        let wanted = words::parts(which, wanted.collect());
        let found = found
            .iter()
            .map(|part| words::part(part.payer, words::payable(part.amount), part.on));
        let found = words::parts(which, found.collect());
        self.differs(wanted, found);
    }

    fn amount_fits(&self, found: Payable, wanted: &Wanted, unresolved: bool) -> bool {
        let number = |node: NodeId| self.number(node);
        let low = Some(found.low.to_ratio());
        let high = found.high.map(|high| high.to_ratio());
        let exact = found.kind == AmountKind::Exact;
        match wanted {
            Wanted::Is(node) => exact && low == number(*node),
            Wanted::UpTo(node) => !exact && found.low.is_zero() && high.is_some() && high == number(*node),
            Wanted::Between(a, b) => !exact && low == number(*a) && high.is_some() && high == number(*b),
            Wanted::Unknown => !exact,
            Wanted::Unresolved => unresolved,
            Wanted::Undefined | Wanted::NotApplicable => false,
        }
    }

    fn amount(&mut self, which: Option<Phrase>, found: Payable, wanted: &Wanted, unresolved: bool) {
        if !self.amount_fits(found, wanted, unresolved) {
            let (wanted, found) = (words::wanted(self.run, wanted), words::payable(found));
            let say = |what: Message| which.map_or_else(|| what.clone(), |which| both(&phrase(which), &what));
            self.differs(say(wanted), say(found));
        }
    }

    fn value(&mut self, node: NodeId, wanted: &Wanted) {
        let found = self.known(node);
        let is_end = |end: Option<meed_facts::value::Bound>, node: NodeId| {
            end.is_some_and(|end| self.known(node).as_known() == Some(&end.value))
        };
        let fits = match wanted {
            Wanted::Is(node) => found.as_known().is_some() && found.as_known() == self.known(*node).as_known(),
            Wanted::UpTo(most) => is_end(found.bounds().1, *most),
            Wanted::Between(low, high) => is_end(found.bounds().0, *low) && is_end(found.bounds().1, *high),
            Wanted::Unknown => !found.is_known() && !found.is_undefined(),
            Wanted::Undefined => found.is_undefined(),
            Wanted::NotApplicable => found.is_inapplicable(),
            Wanted::Unresolved => found.causes().iter().any(|cause| cause.kind == CauseKind::Conflict),
        };
        if !fits {
            let found = words::value(self.run.evaluator.program(), node, found);
            self.differs(words::wanted(self.run, wanted), found);
        }
    }

    fn known(&self, node: NodeId) -> &Value {
        let evaluator = &self.run.evaluator;
        evaluator.value(node, evaluator.root())
    }

    fn number(&self, node: NodeId) -> Option<Ratio> {
        match self.known(node).as_known() {
            Some(Scalar::Number(number)) => Some(number.clone()),
            _ => None,
        }
    }
}

/// An instalment, or a payer's part.
struct Part<'l> {
    payer: Option<&'l Arc<str>>,
    amount: Payable,
    on: Option<Date>,
}

fn verdict_fits(found: Verdict, expected: &Expected) -> bool {
    match (expected.verdict, found) {
        (None, _)
        | (Some(WantedVerdict::Eligible), Verdict::Eligible)
        | (Some(WantedVerdict::Undetermined), Verdict::Undetermined) => true,
        (Some(WantedVerdict::NotEligible), Verdict::NotEligible(why)) => {
            (!expected.not_in_force || why == Why::NotInForce)
                && (!expected.not_applicable || why == Why::NotApplicable)
        }
        _ => false,
    }
}

fn is_unresolved(line: &AwardLine) -> bool {
    line.marks.iter().any(|mark| matches!(mark, MarkLine::Unresolved(..)))
}

/// Whether `part` stands in `whole` without a gap.
fn has_run(whole: &[Arc<str>], part: &[Arc<str>]) -> bool {
    !part.is_empty() && whole.windows(part.len()).any(|window| window == part)
}

/// The names in `hires[h1].salary_paid(2023)`: `hires`, `salary_paid`, `2023`.
fn segments(name: &str) -> Vec<Arc<str>> {
    let mut segments = Vec::new();
    for part in name.split('.') {
        let (bare, period) = part.split_once('(').unwrap_or((part, ""));
        segments.extend(bare.split('[').next().map(Arc::from));
        if !period.is_empty() {
            segments.push(period.trim_end_matches(')').into());
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_fact_is_named_by_any_run_of_its_path() {
        let path = |text: &str| -> Vec<Arc<str>> { text.split('.').map(Arc::from).collect() };
        let whole = segments("hires[h.1].salary_paid(2023)");
        assert!(has_run(
            &segments("hires[h1].salary_paid(2023)"),
            &path("hires.salary_paid")
        ));
        assert!(has_run(&whole, &path("salary_paid.2023")));
        assert!(!has_run(&whole, &path("salary")));
        assert!(!has_run(&whole, &[]));
    }
}
