//! Which version of a measure a line falls under: the one whose span holds its anchor; several where the anchor is not known.

use meed_facts::date::{Date, Span};
use meed_facts::value::Scalar;
use meed_rules::program::{MeasureId, MeasureRules};

use super::version::Judged;
use super::{Draft, DraftKind, Place};
use crate::awards::amount::Amount;
use crate::awards::certainty::{self, Certainty};
use crate::awards::claim::{Step, StepKind};
use crate::awards::verdict::{Verdict, Why};
use crate::explain::{Evaluator, Frame};
use crate::value::{CauseKind, Causes, Limit, Set, Value};

/// The versions a line may fall under.
struct Picked<'p> {
    /// Versions and the frames of the line's nodes.
    versions: Vec<(&'p MeasureRules, Frame)>,
    /// Whether the anchor may lie where no version is in force.
    out_of_force: Certainty,
    /// Whether the anchor lies before the first version that the package knows.
    text_missing: bool,
    /// Why the anchor is not known.
    causes: Causes,
}

/// Picks the versions that a line may fall under.
fn pick<'p>(evaluator: &Evaluator<'p>, candidates: impl Iterator<Item = (&'p MeasureRules, Frame)>) -> Picked<'p> {
    let mut picked = Picked {
        versions: Vec::new(),
        out_of_force: Certainty::No,
        text_missing: false,
        causes: Causes::NONE,
    };
    let mut possible = Vec::new();
    let mut spans = Vec::new();
    let mut anchor: Option<(Option<Date>, Option<Date>)> = None;
    let mut before_first = None;
    for (rules, frame) in candidates {
        let Some(node) = rules.anchor else {
            picked.versions.push((rules, frame));
            continue;
        };
        let value = evaluator.value(node, frame);
        let (low, high) = day_bounds(value);
        spans.push(rules.in_force);
        anchor = Some((low, high));
        before_first = Some(node);
        picked.causes.merge(value.causes());
        match inside(rules.in_force, low, high) {
            Certainty::Yes => picked.versions.push((rules, frame)),
            Certainty::Maybe => possible.push((rules, frame)),
            Certainty::No => {}
        }
    }
    if !picked.versions.is_empty() {
        picked.causes = Causes::NONE;
        return picked;
    }
    picked.versions = possible;
    let (low, high) = anchor.unwrap_or((None, None));
    let first = spans.iter().map(|span| span.from).min().flatten();
    if picked.versions.is_empty() {
        picked.text_missing = matches!((first, high), (Some(first), Some(high)) if high < first);
        picked.out_of_force = Certainty::known(!picked.text_missing);
        if let (true, Some(node)) = (picked.text_missing, before_first) {
            picked.causes.merge(&Causes::at(CauseKind::TextMissing, node));
        }
    } else if leaves_gap(spans, low, high) {
        picked.out_of_force = Certainty::Maybe;
    }
    picked
}

/// The first and last day that a date may be.
pub fn day_bounds(value: &Value) -> (Option<Date>, Option<Date>) {
    let day = |limit: Option<Limit<'_>>| match *limit?.value {
        Scalar::Date(day) => Some(day),
        _ => None,
    };
    if value.may_be_undefined() || value.may_be_inapplicable() {
        return (None, None);
    }
    let set = value.set();
    (day(set.and_then(Set::least)), day(set.and_then(Set::greatest)))
}

/// Whether a date between two days lies in a span.
pub(crate) fn inside(span: Span, low: Option<Date>, high: Option<Date>) -> Certainty {
    let starts_before =
        |day: Option<Date>, end: Option<Date>| matches!((day, end), (Some(day), Some(end)) if day >= end);
    if starts_before(low, span.until) || matches!((high, span.from), (Some(high), Some(from)) if high < from) {
        return Certainty::No;
    }
    let after_start = span.from.is_none_or(|from| low.is_some_and(|low| low >= from));
    let before_end = span.until.is_none_or(|until| high.is_some_and(|high| high < until));
    if after_start && before_end {
        Certainty::Yes
    } else {
        Certainty::Maybe
    }
}

/// Whether a date between the two may lie after the first version's start and yet in none of the spans.
pub(crate) fn leaves_gap(mut spans: Vec<Span>, low: Option<Date>, high: Option<Date>) -> bool {
    spans.sort_unstable();
    let mut covered: Option<Date> = low.max(spans.first().and_then(|span| span.from));
    for span in spans {
        let Some(from) = covered else {
            // Nothing bounds the date from below, and the first version is open there.
            covered = span.until;
            if covered.is_none() {
                return false;
            }
            continue;
        };
        if span.from.is_some_and(|start| start > from) {
            return high.is_none_or(|high| high >= from);
        }
        match span.until {
            None => return false,
            Some(until) => covered = Some(until.max(from)),
        }
    }
    high.is_none_or(|high| covered.is_none_or(|covered| high >= covered))
}

/// The line at a place, under the versions that its anchor picks.
pub fn falling<'p>(
    evaluator: &Evaluator<'p>,
    measure: MeasureId,
    place: &Place,
    candidates: impl Iterator<Item = (&'p MeasureRules, Frame)>,
) -> Draft<'p> {
    let picked = pick(evaluator, candidates);
    let versions = picked.versions.iter();
    let judged = versions
        .map(|(rules, frame)| Judged::of(evaluator, rules, *frame))
        .collect();
    together(measure, place, judged, &picked)
}

/// One line from the versions it may fall under.
fn together<'p>(measure: MeasureId, place: &Place, mut versions: Vec<Judged<'p>>, picked: &Picked<'p>) -> Draft<'p> {
    if picked.out_of_force.certain() {
        return Draft {
            key: place.key.clone(),
            ..Draft::refused(measure, DraftKind::OutOfForce(None), Why::NotInForce)
        };
    }
    let mut causes = picked.causes.clone();
    let (mut verdict, mut amount, mut over_time): (Option<Verdict>, Option<Amount>, Option<Amount>) =
        (None, None, None);
    for version in &versions {
        verdict = Some(verdict.map_or(version.verdict, |verdict| verdict.hull(version.verdict)));
        amount = Some(amount.map_or(version.amount, |amount| amount.hull(version.amount)));
        over_time = Some(over_time.map_or(version.over_time, |amount| amount.hull(version.over_time)));
        causes.merge(&version.causes);
    }
    let mut made = versions
        .iter()
        .map(|version| version.made)
        .reduce(Certainty::hull)
        .unwrap_or(Certainty::Maybe);
    let mut verdict = verdict.unwrap_or(Verdict::Undetermined);
    let mut amount = amount.unwrap_or(Amount::UNKNOWN);
    let mut over_time = over_time.unwrap_or(Amount::UNKNOWN);
    if picked.out_of_force.possible() {
        verdict = verdict.hull(Verdict::NotEligible(Why::NotInForce));
        amount = amount.hull(Amount::ZERO);
        over_time = over_time.hull(Amount::ZERO);
        made = made.hull(Certainty::No);
    }
    let known = matches!(verdict, Verdict::NotEligible(_)) || amount.value().is_some() && verdict == Verdict::Eligible;
    let steps = match versions.as_mut_slice() {
        [only] => std::mem::take(&mut only.steps),
        _ => vec![Step::first(StepKind::Gross, amount)],
    };
    Draft {
        measure,
        key: place.key.clone(),
        kind: place.kind,
        verdict,
        amount,
        over_time,
        steps,
        assessed: versions.iter().any(|version| version.assessed),
        made,
        causes: if known { Causes::NONE } else { causes },
        versions,
    }
}

/// The line for children that are not listed: there may be none, and any number.
pub fn for_the_rest<'p>(mut draft: Draft<'p>, causes: &Causes) -> Draft<'p> {
    if draft.verdict.certainty() == Certainty::No {
        return draft;
    }
    draft.verdict = Verdict::Undetermined;
    let any_number = |amount: Amount| if amount.is_zero() { amount } else { Amount::UNKNOWN };
    draft.amount = any_number(draft.amount);
    draft.over_time = any_number(draft.over_time);
    draft.made = certainty::any([draft.made]).and(Certainty::Maybe);
    draft.steps = vec![Step::first(StepKind::Gross, draft.amount)];
    // What the children that are not listed would have to be asked is not known before they are.
    draft.causes = causes.clone();
    draft
}
