//! Cases: what the examples beside the rules expect, held against what comes out.

mod expected;

use std::sync::Arc;

use meed_rules::cases::{Case, Expectation, Target, Verdict as Wanted};
use meed_rules::diagnostic::{Message, Span};
use meed_rules::program::Program;

use crate::awards::claim::StepKind;
use crate::awards::determine;
use crate::awards::verdict::{Verdict, Why};
use crate::explain::{Evaluator, Layout};
use crate::result::{AwardLine, Determination, Payable, ReasonKind};

/// What a case came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What the case shows.
    pub title: Arc<str>,
    /// Where it stands.
    pub span: Span,
    /// What did not come out as expected; empty where all did.
    pub failures: Vec<Failure>,
}

/// One thing that did not come out as expected.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The expectation.
    pub span: Span,
    /// What was expected and what came out.
    pub message: Message,
}

/// Runs a case on the Program of its date.
pub fn run(program: &Program, layout: &Layout, case: &Case) -> Outcome {
    let evaluator = Evaluator::with_layout(program, layout, &case.record);
    let determination = determine::of(&evaluator, &case.record);
    let mut failures = Vec::new();
    for expectation in &case.expectations {
        if let Err(message) = hold(&evaluator, &determination, expectation) {
            failures.push(Failure {
                span: expectation.span,
                message,
            });
        }
    }
    Outcome {
        title: case.title.clone(),
        span: case.span,
        failures,
    }
}

fn hold(evaluator: &Evaluator<'_>, determination: &Determination, expectation: &Expectation) -> Result<(), Message> {
    let wanted = &expectation.expected;
    match &expectation.target {
        Target::Total => expected::amount(evaluator, wanted.value.as_ref(), determination.total, &[]),
        Target::Value(node) => expected::value(evaluator, wanted.value.as_ref(), *node),
        Target::Measure(measure, key) => {
            let lines: Vec<&AwardLine> = determination
                .lines
                .iter()
                .filter(|line| {
                    line.measure == *measure && key.as_ref().is_none_or(|key| line.key.as_ref() == Some(key))
                })
                .collect();
            match (lines.as_slice(), key) {
                ([line], _) => line_holds(evaluator, expectation, line),
                ([], Some(key)) => Err(Message::new(
                    format!("there is no line with the key «{key}»"),
                    format!("没有键为“{key}”的行"),
                )),
                ([], None) => Err(Message::new("the measure has no line", "该措施没有结果行")),
                (several, _) => {
                    let keys: Vec<&str> = several.iter().filter_map(|line| line.key.as_deref()).collect();
                    let keys = keys.join(", ");
                    Err(Message::new(
                        format!("the measure has several lines ({keys}); say which: `[\"{keys}\"]`"),
                        format!("该措施有多行（{keys}），请指明哪一行"),
                    ))
                }
            }
        }
    }
}

fn line_holds(evaluator: &Evaluator<'_>, expectation: &Expectation, line: &AwardLine) -> Result<(), Message> {
    let wanted = &expectation.expected;
    let same = match (wanted.verdict, line.verdict) {
        (None, _)
        | (Some(Wanted::Eligible), Verdict::Eligible)
        | (Some(Wanted::Undetermined), Verdict::Undetermined) => true,
        (Some(Wanted::NotEligible), Verdict::NotEligible(why)) => {
            (!wanted.not_in_force || why == Why::NotInForce) && (!wanted.not_applicable || why == Why::NotApplicable)
        }
        _ => false,
    };
    if !same {
        let found = describe(line);
        let name = wanted.verdict.map_or("", |verdict| match verdict {
            Wanted::Eligible => "eligible",
            Wanted::NotEligible => "not eligible",
            Wanted::Undetermined => "undetermined",
        });
        return Err(Message::new(
            format!("expected {name}, found {found}"),
            format!("预期 {name}，实际为 {found}"),
        ));
    }
    reasons(expectation, line)?;
    let amount = if wanted.due.is_some() {
        gross_of(line)
    } else {
        line.before_rationing
    };
    expected::amount(evaluator, wanted.value.as_ref(), amount, &line.marks)?;
    expected::amount(evaluator, wanted.due.as_ref(), line.amount, &line.marks)
}

/// The amount before earlier awards and other lines have changed it.
fn gross_of(line: &AwardLine) -> Payable {
    let own = |kind| {
        matches!(
            kind,
            StepKind::Gross | StepKind::Floor | StepKind::Cap | StepKind::Rounded
        )
    };
    line.steps
        .iter()
        .rev()
        .find(|step| own(step.kind))
        .map_or(line.amount, |step| step.after)
}

fn reasons(expectation: &Expectation, line: &AwardLine) -> Result<(), Message> {
    for path in &expectation.expected.because {
        let failing = line.reasons.iter().filter(|reason| reason.kind == ReasonKind::Fails);
        if !failing
            .clone()
            .any(|reason| reason.path.windows(path.len()).any(|part| part == path))
        {
            let found: Vec<String> = failing.map(|reason| reason.path.join(".")).collect();
            let (path, found) = (path.join("."), found.join(", "));
            return Err(Message::new(
                format!("expected `{path}` among the reasons, found: {found}"),
                format!("理由中应有“{path}”，实际为：{found}"),
            ));
        }
    }
    for path in &expectation.expected.missing {
        let has = |name: &str| {
            let parts: Vec<&str> = name.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
            path.iter().all(|segment| parts.contains(&&**segment))
        };
        if !line.missing.iter().any(|missing| has(&missing.name)) {
            let found: Vec<&str> = line.missing.iter().map(|missing| missing.name.as_str()).collect();
            let (path, found) = (path.join("."), found.join(", "));
            return Err(Message::new(
                format!("expected `{path}` to be missing, missing are: {found}"),
                format!("缺失项中应有“{path}”，实际为：{found}"),
            ));
        }
    }
    Ok(())
}

fn describe(line: &AwardLine) -> String {
    let paths = |kind: ReasonKind| -> Vec<String> {
        line.reasons
            .iter()
            .filter(|reason| reason.kind == kind)
            .map(|reason| reason.path.join("."))
            .collect()
    };
    match line.verdict {
        Verdict::Eligible => format!("eligible {}", expected::shown(line.amount)),
        Verdict::NotEligible(Why::Conditions) => {
            format!("not eligible because {}", paths(ReasonKind::Fails).join(", "))
        }
        Verdict::NotEligible(Why::NotInForce) => "not eligible, not in force".to_owned(),
        Verdict::NotEligible(_) => "not eligible, not applicable".to_owned(),
        Verdict::Undetermined => {
            let missing: Vec<&str> = line.missing.iter().map(|missing| missing.name.as_str()).collect();
            format!("undetermined, missing {}", missing.join(", "))
        }
    }
}
