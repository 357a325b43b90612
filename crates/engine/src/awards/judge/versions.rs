//! Which version of a measure a line falls under: the one whose span holds its anchor; several where the anchor is not known.

use meed_facts::value::Scalar;
use meed_rules::program::{MeasureId, MeasureRules, NodeId};

use super::choice::{Candidate, Choice, Day};
use super::periods::Between;
use super::version::Judged;
use super::{Besides, Draft, DraftKind, Place};
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
    /// Whether the line may begin where no version is in force, or after the determination's date.
    out_of_force: Certainty,
    /// Whether the anchor may lie before the first version that the package knows.
    text_missing: Certainty,
    /// Why the anchor is not known.
    causes: Causes,
}

/// Picks the versions that a line may fall under.
fn pick<'p>(evaluator: &Evaluator<'p>, mut lines: Vec<(&'p MeasureRules, Frame)>) -> Picked<'p> {
    let mut causes = Causes::NONE;
    let mut last: Option<((NodeId, Frame), Day)> = None;
    let mut day = |node: NodeId, frame: Frame| match last {
        // Most versions have the same anchor.
        Some((place, day)) if place == (node, frame) => day,
        _ => {
            let value = evaluator.value(node, frame);
            causes.merge(value.causes());
            let day = day_of(value);
            last = Some(((node, frame), day));
            day
        }
    };
    let candidates: Vec<Candidate> = lines
        .iter()
        .map(|(rules, frame)| Candidate {
            span: rules.in_force,
            anchor: rules.anchor.map(|anchor| day(anchor, *frame)),
            start: rules.series.as_ref().map(|series| day(series.start, *frame)),
        })
        .collect();
    let choice = Choice::of(&candidates, evaluator.program().date);
    let anchor = lines.iter().find_map(|(rules, _)| rules.anchor);
    if let (true, Some(anchor)) = (choice.text_missing.certain(), anchor) {
        causes.merge(&Causes::at(CauseKind::TextMissing, anchor));
    }
    let mut fits = choice.fits.iter();
    lines.retain(|_| fits.next().is_some_and(|fits| fits.possible()));
    Picked {
        versions: lines,
        causes: if choice.is_certain() { Causes::NONE } else { causes },
        out_of_force: choice.out_of_force,
        text_missing: choice.text_missing,
    }
}

fn day_of(value: &Value) -> Day {
    match value.set() {
        None => Day::Never,
        Some(_) => Day::Between(day_bounds(value)),
    }
}

/// The first and last day that a date may be.
pub fn day_bounds(value: &Value) -> Between {
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

/// The line at a place, under the versions that its anchor picks.
pub fn falling<'p>(
    evaluator: &Evaluator<'p>,
    measure: MeasureId,
    place: &Place,
    candidates: Vec<(&'p MeasureRules, Frame)>,
) -> Draft<'p> {
    let picked = pick(evaluator, candidates);
    let versions = picked.versions.iter();
    let judged = versions
        .map(|(rules, frame)| Judged::of(evaluator, rules, *frame))
        .collect();
    together(measure, place, judged, &picked)
}

/// One line from the versions it may fall under.
fn together<'p>(measure: MeasureId, place: &Place, mut judged: Vec<Judged<'p>>, picked: &Picked<'p>) -> Draft<'p> {
    if picked.out_of_force.certain() {
        return Draft {
            key: place.key.clone(),
            ..Draft::refused(measure, DraftKind::OutOfForce(None), Why::NotInForce)
        };
    }
    let mut causes = picked.causes.clone();
    let (mut verdict, mut amount): (Option<Verdict>, Option<Amount>) = (None, None);
    for version in &judged {
        verdict = Some(verdict.map_or(version.verdict, |verdict| verdict.hull(version.verdict)));
        amount = Some(amount.map_or(version.amount, |amount| amount.hull(version.amount)));
        causes.merge(&version.causes);
    }
    let mut made = judged
        .iter()
        .map(|version| version.made)
        .reduce(Certainty::hull)
        .unwrap_or(Certainty::Maybe);
    let mut verdict = verdict.unwrap_or(Verdict::Undetermined);
    let mut amount = amount.unwrap_or(Amount::UNKNOWN);
    let mut besides = Besides::Nothing;
    if picked.out_of_force.possible() {
        verdict = verdict.hull(Verdict::NotEligible(Why::NotInForce));
        amount = amount.hull(Amount::ZERO);
        besides = Besides::OutOfForce;
        made = made.hull(Certainty::No);
    }
    if picked.text_missing.possible() {
        verdict = Verdict::Undetermined;
        amount = Amount::UNKNOWN;
        besides = Besides::Unwritten;
        made = Certainty::Maybe;
    }
    let known = matches!(verdict, Verdict::NotEligible(_)) || amount.value().is_some() && verdict == Verdict::Eligible;
    let steps = match judged.as_mut_slice() {
        [only] if !picked.text_missing.possible() => std::mem::take(&mut only.steps),
        _ => vec![Step::first(StepKind::Gross, amount)],
    };
    Draft {
        measure,
        key: place.key.clone(),
        kind: place.kind,
        verdict,
        amount,
        besides,
        steps,
        assessed: judged.iter().any(|version| version.assessed),
        made,
        causes: if known { Causes::NONE } else { causes },
        versions: judged.into_iter().map(|judged| judged.version).collect(),
    }
}

/// The line for children that are not listed: there may be none, and any number.
pub fn for_the_rest<'p>(mut draft: Draft<'p>, causes: &Causes) -> Draft<'p> {
    if draft.verdict.certainty() == Certainty::No {
        return draft;
    }
    draft.verdict = Verdict::Undetermined;
    draft.amount = any_number_of(draft.amount);
    draft.made = certainty::any([draft.made]).and(Certainty::Maybe);
    draft.steps = vec![Step::first(StepKind::Gross, draft.amount)];
    // What the children that are not listed would have to be asked is not known before they are.
    draft.causes = causes.clone();
    draft
}

/// What any number of lines with such an amount may come to.
pub fn any_number_of(amount: Amount) -> Amount {
    if amount.is_zero() { amount } else { Amount::UNKNOWN }
}
