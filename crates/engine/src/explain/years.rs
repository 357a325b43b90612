//! Years as instances of a scope: the `count` years that end with one, from a founding on.

use meed_facts::ratio::Ratio;
use meed_facts::value::{Bound, Scalar};
use meed_rules::program::{NodeId, ScopeId, Type};

use super::Evaluator;
use super::frame::{Frame, Instance, Instances};
use crate::value::{Causes, Value};

/// The most years that a scope binds one by one.
const MOST_YEARS: i128 = 400;

/// The most years by which a last year that is not known may vary while years are still bound one by one.
const WIDEST: i128 = 24;

impl Evaluator<'_> {
    pub(super) fn bind_years(
        &self,
        scope: ScopeId,
        parent: Frame,
        (count, to, since): (u32, NodeId, Option<NodeId>),
    ) -> Instances {
        let to = self.value(to, parent);
        let since = since.map(|since| self.value(since, parent));
        let mut causes = to.causes().clone();
        if let Some(since) = since {
            causes.merge(since.causes());
        }
        let Some((first, last)) = whole_ends(to) else {
            return self.unknown_years(scope, parent, causes);
        };
        let count = i128::from(count).min(MOST_YEARS);
        let earliest = first.saturating_sub(count).saturating_add(1);
        let surely_from = last.saturating_sub(count).saturating_add(1);
        let is_ordinary = !to.may_be_undefined() && !to.may_be_inapplicable();
        let item = |year: i128| {
            let begun = since.map_or(Begun::Yes, |since| begun(since, year));
            let inside = is_ordinary && year >= surely_from && year <= first;
            (begun != Begun::No).then(|| Instance {
                frame: self.bind_year(scope, parent, Value::number(Ratio::from_int(year))),
                certain: inside && begun == Begun::Yes,
            })
        };
        Instances {
            items: (earliest..=last).filter_map(item).collect(),
            rest: None,
            causes,
        }
    }

    fn unknown_years(&self, scope: ScopeId, parent: Frame, causes: Causes) -> Instances {
        let any = Value::unknown(&Type::Year, &self.program.schema, causes.clone());
        Instances {
            items: Vec::new(),
            rest: Some(self.bind_year(scope, parent, any)),
            causes,
        }
    }
}

/// The first and the last year that a value may be, where they are not far apart.
fn whole_ends(year: &Value) -> Option<(i128, i128)> {
    let whole = |bound: Option<Bound>, round: fn(&Ratio) -> Ratio| match bound?.value {
        Scalar::Number(year) => round(&year).to_i128(),
        _ => None,
    };
    let (low, high) = year.bounds();
    let (first, last) = (whole(low, Ratio::ceil)?, whole(high, Ratio::floor)?);
    (last.saturating_sub(first) <= WIDEST).then_some((first, last))
}

/// Whether a year is not before the year of a date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begun {
    Yes,
    Perhaps,
    No,
}

fn begun(since: &Value, year: i128) -> Begun {
    if since.is_inapplicable() {
        return Begun::Yes;
    }
    let year_of = |bound: Option<Bound>| match bound?.value {
        Scalar::Date(date) => Some(i128::from(date.year())),
        _ => None,
    };
    let (low, high) = since.bounds();
    let open = since.may_be_undefined() || since.may_be_inapplicable();
    match (year_of(low), year_of(high)) {
        (_, Some(latest)) if latest <= year && !since.may_be_undefined() => Begun::Yes,
        (Some(earliest), _) if earliest > year && !open => Begun::No,
        _ => Begun::Perhaps,
    }
}
