//! Earlier awards, awards made now, and choices among exclusive measures.

use meed_facts::date::Date;
use meed_facts::ratio::Ratio;
use meed_facts::record::AwardRecord;
use meed_facts::value::Scalar;
use meed_rules::program::{MeasureId, NodeId, Op, Program};

use super::{At, Evaluator};
use crate::awards::certainty::Certainty;
use crate::awards::history::{Received, up_to};
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
    let named = &program.measures[measure].named;
    let (items, complete) = awards.unwrap_or_default();
    let counted = items.iter().map(|award| {
        let in_year = year.map_or(Certainty::Yes, |year| falls_in(award.on, year));
        let own = Certainty::known(named.is_called(&award.measure));
        (award, own.and(in_year).and(up_to(award, program.date)))
    });
    let received = Received::of(counted, complete).amount;
    let units = program.package.currency.units();
    let main = |minor: i128| Ratio::new(minor, units).map(End::closed);
    let amount = Numbers {
        low: main(received.low()),
        high: received.high().and_then(main),
    };
    let outcome = amount.outcome(&program.nodes[node].ty);
    let causes = Causes::one(CauseKind::Missing, CausePlace::Awards(measure));
    Value::new(
        outcome.set,
        outcome.undefined || year.is_some_and(Value::may_be_undefined),
        year.is_some_and(Value::may_be_inapplicable),
        year.map_or(causes.clone(), |year| causes.union(year.causes())),
    )
}

/// Whether a day falls in a year.
fn falls_in(on: Option<Date>, year: &Value) -> Certainty {
    let (Some(set), Some(on)) = (year.set(), on) else {
        return Certainty::Maybe;
    };
    if !set.contains(&Scalar::Number(Ratio::from(i32::from(on.year())))) {
        return Certainty::No;
    }
    Certainty::known(set.as_one().is_some()).or(Certainty::Maybe)
}
