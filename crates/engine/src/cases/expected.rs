//! One expected value against the one that came out.

use meed_facts::money::Money;
use meed_facts::value::Scalar;
use meed_rules::cases::Value as Wanted;
use meed_rules::diagnostic::Message;
use meed_rules::program::NodeId;

use crate::explain::Evaluator;
use crate::result::{AmountKind, MarkLine, Payable};
use crate::value::Value;

/// Holds an amount against what is expected of it.
pub(super) fn amount(
    evaluator: &Evaluator<'_>,
    wanted: Option<&Wanted>,
    found: Payable,
    marks: &[MarkLine],
) -> Result<(), Message> {
    let Some(wanted) = wanted else { return Ok(()) };
    let number = |node: NodeId| constant(evaluator, node).as_number().cloned();
    let is = |money: Money, node: NodeId| number(node).is_some_and(|value| money.to_ratio() == value);
    let same = match wanted {
        Wanted::Is(node) => found.exact().is_some_and(|money| is(money, *node)),
        Wanted::UpTo(node) => found.kind == AmountKind::UpTo && found.high.is_some_and(|high| is(high, *node)),
        Wanted::Between(low, high) => is(found.low, *low) && found.high.is_some_and(|found| is(found, *high)),
        Wanted::Unknown | Wanted::Undefined => found.kind != AmountKind::Exact,
        Wanted::NotApplicable => false,
        Wanted::Unresolved => marks.iter().any(|mark| matches!(mark, MarkLine::Unresolved(..))),
    };
    if same {
        Ok(())
    } else {
        Err(differs(&told(evaluator, wanted), &shown(found)))
    }
}

/// Holds a value against what is expected of it.
pub(super) fn value(evaluator: &Evaluator<'_>, wanted: Option<&Wanted>, node: NodeId) -> Result<(), Message> {
    let Some(wanted) = wanted else { return Ok(()) };
    let found = constant(evaluator, node);
    let bound = |node: &NodeId| constant(evaluator, *node).as_known().cloned();
    let same = match wanted {
        Wanted::Is(expected) => found.is_known() && constant(evaluator, *expected).as_known() == found.as_known(),
        Wanted::Between(low, high) => {
            let (from, to) = found.bounds();
            from.map(|bound| bound.value) == bound(low) && to.map(|bound| bound.value) == bound(high)
        }
        Wanted::UpTo(high) => found.bounds().1.map(|bound| bound.value) == bound(high),
        Wanted::Unknown | Wanted::Unresolved => !found.is_known() && !found.is_undefined() && !found.is_inapplicable(),
        Wanted::Undefined => found.is_undefined(),
        Wanted::NotApplicable => found.is_inapplicable(),
    };
    if same {
        Ok(())
    } else {
        Err(differs(&told(evaluator, wanted), &words(&found)))
    }
}

fn constant<'e>(evaluator: &'e Evaluator<'_>, node: NodeId) -> &'e Value {
    evaluator.value(node, evaluator.root())
}

fn differs(expected: &str, found: &str) -> Message {
    Message::new(
        format!("expected {expected}, found {found}"),
        format!("预期 {expected}，实际为 {found}"),
    )
}

fn told(evaluator: &Evaluator<'_>, wanted: &Wanted) -> String {
    let of = |node: &NodeId| words(constant(evaluator, *node));
    match wanted {
        Wanted::Is(node) => of(node),
        Wanted::UpTo(node) => format!("up to {}", of(node)),
        Wanted::Between(low, high) => format!("between {} and {}", of(low), of(high)),
        Wanted::Unknown => "unknown".to_owned(),
        Wanted::Undefined => "undefined".to_owned(),
        Wanted::NotApplicable => "not applicable".to_owned(),
        Wanted::Unresolved => "unresolved".to_owned(),
    }
}

/// An amount in a few words.
pub(super) fn shown(found: Payable) -> String {
    let high = found
        .high
        .map_or_else(|| "any amount".to_owned(), |high| high.to_decimal());
    match found.kind {
        AmountKind::Exact => found.low.to_decimal(),
        AmountKind::UpTo => format!("up to {high}"),
        AmountKind::Between => format!("between {} and {high}", found.low.to_decimal()),
    }
}

fn words(value: &Value) -> String {
    if let Some(known) = value.as_known() {
        return scalar(known);
    }
    if value.is_undefined() {
        return "undefined".to_owned();
    }
    if value.is_inapplicable() {
        return "not applicable".to_owned();
    }
    let (low, high) = value.bounds();
    match (low, high) {
        (Some(low), Some(high)) => format!("unknown, between {} and {}", scalar(&low.value), scalar(&high.value)),
        (Some(low), None) => format!("unknown, at least {}", scalar(&low.value)),
        (None, Some(high)) => format!("unknown, at most {}", scalar(&high.value)),
        (None, None) => "unknown".to_owned(),
    }
}

fn scalar(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Bool(truth) => truth.to_string(),
        Scalar::Number(value) => value.to_string(),
        Scalar::Date(date) => date.to_string(),
        Scalar::Months(months) => format!("{months} months"),
        Scalar::Days(days) => format!("{days} days"),
        Scalar::Text(text) => format!("\"{text}\""),
        Scalar::Member(position) => format!("member {position}"),
    }
}
