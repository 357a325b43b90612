//! Earlier awards, awards made now, and choices among exclusive measures.

use meed_facts::date::Date;
use meed_facts::ratio::Ratio;
use meed_facts::record::{AwardRecord, AwardState};
use meed_facts::value::Scalar;
use meed_rules::program::{MeasureId, NodeId, Op, Program};

use super::{At, Evaluator};
use crate::value::numbers::{End, Numbers};
use crate::value::{CauseKind, CausePlace, Causes, Value};

impl Evaluator<'_> {
    pub(super) fn history(&self, at: At) -> Value {
        match &self.program.nodes[at.node].op {
            Op::Gets(measure) => match self.awards.get(*measure).and_then(|cell| cell.get()) {
                Some(gets) => gets.clone(),
                None => self.unknown(at, Causes::one(CauseKind::Missing, CausePlace::Gets(*measure))),
            },
            Op::Received { measure, year } => self.received(at, *measure, *year),
            Op::Chosen { group, measure } => {
                let named = &self.program.measures[*measure].named;
                let record = self.record_of(self.root());
                match record.and_then(|record| record.chosen.get(group)) {
                    Some(chosen) => Value::bool(named.is_called(chosen)),
                    None => {
                        let place = CausePlace::Chosen(group.clone());
                        self.unknown(at, Causes::one(CauseKind::Missing, place))
                    }
                }
            }
            _ => Value::undefined(at.undefined()),
        }
    }

    fn received(&self, at: At, measure: MeasureId, year: Option<NodeId>) -> Value {
        let year = year.map(|year| self.value(year, at.frame));
        let awards = self.record_of(self.root()).and_then(|record| record.awards.as_ref());
        let awards = awards.map(|awards| (awards.items.as_slice(), awards.complete));
        received(self.program, at.node, measure, awards, year)
    }
}

/// Money that an applicant received for a measure, in a year where one is given: approved and paid awards less what was taken back. Awards come with whether they are
/// all; nothing is known without them.
pub(crate) fn received(
    program: &Program,
    node: NodeId,
    measure: MeasureId,
    awards: Option<(&[AwardRecord], bool)>,
    year: Option<&Value>,
) -> Value {
    let causes = Causes::one(CauseKind::Missing, CausePlace::Awards(measure));
    let causes = year.map_or(causes.clone(), |year| causes.union(year.causes()));
    let not_negative = || Numbers {
        low: Some(End::closed(Ratio::ZERO)),
        high: None,
    };
    let mut total = Numbers::one(Ratio::ZERO);
    if !awards.is_some_and(|(_, complete)| complete) {
        total = not_negative();
    }
    let named = &program.measures[measure].named;
    for award in awards.map_or(&[][..], |(awards, _)| awards) {
        if !named.is_called(&award.measure) || !counts(award) {
            continue;
        }
        let amount = match net(award) {
            Some(amount) => Numbers::one(amount),
            None => not_negative(),
        };
        match year.map_or(Some(true), |year| falls_in(award.on, year)) {
            Some(false) => {}
            Some(true) => total = total.add(&amount),
            None => total = total.add(&amount.hull(&Numbers::one(Ratio::ZERO))),
        }
    }
    let outcome = total.outcome(&program.nodes[node].ty);
    Value::new(
        outcome.set,
        outcome.undefined || year.is_some_and(Value::may_be_undefined),
        year.is_some_and(Value::may_be_inapplicable),
        causes,
    )
}

fn counts(award: &AwardRecord) -> bool {
    matches!(award.state, AwardState::Approved | AwardState::Paid)
}

/// What is left of an award, where that is known.
fn net(award: &AwardRecord) -> Option<Ratio> {
    let amount = award.amount?;
    match award.recovered {
        Some(recovered) => amount.checked_sub(recovered).map(|net| net.to_ratio()),
        None => Some(amount.to_ratio()),
    }
}

/// Whether a day falls in a year, where that is known.
fn falls_in(on: Option<Date>, year: &Value) -> Option<bool> {
    let set = year.set()?;
    let its_year = Scalar::Number(Ratio::from(i32::from(on?.year())));
    if !set.contains(&its_year) {
        return Some(false);
    }
    set.as_one().map(|_| true)
}
