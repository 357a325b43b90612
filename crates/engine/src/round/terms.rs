//! A fund's own terms: how much there is, what happens when that is short, and what decides who comes first.

use meed_facts::record::Record;
use meed_facts::schema::{EntityId, FactId};
use meed_rules::program::{APPLIED_AT, Fund, NodeId, Program, WhenShort};

use super::Rule;
use crate::awards::amount::Amount;
use crate::awards::judge::amount_of;
use crate::explain::Evaluator;
use crate::value::Value;

/// What a fund has in the year of the Program's date, and its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The calendar year.
    pub year: i16,
    /// How much there is. Anything, where no amount is stated for the year; without limit where a fund states only how many awards it makes.
    pub available: Amount,
    /// What happens when that is short.
    pub rule: Rule,
}

/// What ranks the claims of one kind of applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ranking {
    /// Nothing.
    None,
    /// A node's value, the higher first.
    Higher(NodeId),
    /// A date among the applicant's facts, the earlier first.
    Earlier(FactId),
    /// The vocabulary has nothing that could, so no rank is known.
    Unknown,
}

impl Terms {
    /// The terms of a fund of this Program.
    pub fn of(program: &Program, fund: &Fund) -> Self {
        let year = program.date.year();
        let entity = fund
            .covers
            .first()
            .and_then(|measure| program.measures[*measure].entities.first());
        let value = |node: NodeId| -> Option<Value> {
            let record = Record::new(*entity?);
            let evaluator = Evaluator::new(program, &record);
            Some(evaluator.value(node, evaluator.root()).clone())
        };
        let amount =
            |node: NodeId| value(node).map_or(Amount::UNKNOWN, |value| amount_of(&value, program.package.currency));
        let of_year = fund.years.iter().find(|(of, _)| *of == year);
        let rule = match &fund.when_short {
            WhenShort::Unsaid => Rule::Unsaid,
            WhenShort::ProRata => Rule::ProRata,
            WhenShort::ByPriority(_) | WhenShort::FirstCome => Rule::InOrder,
            WhenShort::Quota(node) => value(*node).map_or(Rule::Quota(0, u64::MAX), |value| quota(&value)),
        };
        let counts_only = fund.years.is_empty() && matches!(rule, Rule::Quota(..));
        Self {
            year,
            available: match of_year {
                Some((_, node)) => amount(*node),
                None if counts_only => Amount::between(i128::MAX, None),
                None => Amount::UNKNOWN,
            },
            rule,
        }
    }
}

/// What ranks the claims of applicants of a kind on a fund.
pub fn ranking(program: &Program, fund: &Fund, entity: EntityId) -> Ranking {
    match &fund.when_short {
        WhenShort::ByPriority(nodes) => {
            let own = nodes.iter().find(|(of, _)| *of == entity);
            own.map_or(Ranking::Unknown, |(_, node)| Ranking::Higher(*node))
        }
        WhenShort::FirstCome => {
            let facts = &program.schema.entities[entity].facts;
            let applied = facts
                .iter()
                .find(|fact| program.schema.facts[**fact].named.is_called(APPLIED_AT));
            applied.map_or(Ranking::Unknown, |fact| Ranking::Earlier(*fact))
        }
        WhenShort::Unsaid | WhenShort::ProRata | WhenShort::Quota(_) => Ranking::None,
    }
}

/// Whole awards, at least and at most.
fn quota(value: &Value) -> Rule {
    let whole = |bound: Option<meed_facts::value::Bound>| {
        let meed_facts::value::Scalar::Number(number) = bound?.value else {
            return None;
        };
        u64::try_from(number.floor().to_i128()?).ok()
    };
    let (least, most) = value.bounds();
    Rule::Quota(whole(least).unwrap_or(0), whole(most).unwrap_or(u64::MAX))
}
